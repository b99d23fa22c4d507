"""Which column of a table is the text, which the id, which ride along; and a row made into a document."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from discourse import tables
from discourse.errors import ReadError
from discourse.readers.records import Document, Reason, SkipError, listing

CONTRACT = frozenset(column.name for column in tables.TABLES["documents"].columns)
COMPUTED = frozenset(
    {"doc_id", "text", "path", "format", "sha256", "duplicate_of", "n_words", "encoding", "date_raw", "note"}
)
"""Columns of the documents table that reading settles; an input column of such a name is kept as `{name}_given`."""


@dataclass(frozen=True)
class Chosen:
    """Positions in a row: of the text, of the id (None: there is none) and of each metadata column by its name."""

    text: int
    doc_id: int | None
    metadata: Mapping[str, int]


@dataclass(frozen=True)
class Columns:
    """What the caller said about columns; `strict` raises where a table lacks them, else its file is skipped."""

    text: str | None = None
    doc_id: str | None = None
    metadata: Sequence[str] | None = None
    strict: bool = True

    def choose(self, header: Sequence[str], table: str) -> Chosen:
        """Find the columns in `header`.

        Raises
        ------
        ReadError
            A column is not there or is there twice (`SkipError` when not `strict`).
        """
        text = self._find(header, self.text or "text", table, "text_column")
        wanted = self.doc_id or ("doc_id" if "doc_id" in header else None)
        doc_id = self._find(header, wanted, table, "doc_id_column") if wanted else None
        names = list(header) if self.metadata is None else list(self.metadata)
        places = [
            (name, at)
            for name, at in _numbered(header)
            if at not in (text, doc_id) and (self.metadata is None or header[at] in names)
        ]
        for name in self.metadata or ():
            self._find(header, name, table, "metadata_columns")
        return Chosen(text, doc_id, dict(_settled(places, header)))

    def only_text(self) -> Columns:
        return replace(self, doc_id=None, metadata=None)

    def present(self, row: Mapping[str, Any]) -> Columns:
        """The same choice for a row of which only the text column must be there."""
        doc_id = self.doc_id if self.doc_id in row else None
        metadata = None if self.metadata is None else [name for name in self.metadata if name in row]
        return Columns(self.text, doc_id, metadata, strict=False)

    def _find(self, header: Sequence[str], name: str, table: str, option: str) -> int:
        at = [place for place, given in enumerate(header) if given == name]
        if len(at) == 1:
            return at[0]
        close = difflib.get_close_matches(name, header, n=1, cutoff=0.6) or ["…"]
        message = f"has {'no' if not at else 'more than one'} column {name!r}; its columns are {listing(header)}"
        if not self.strict:
            raise SkipError(Reason.NO_TEXT_COLUMN, f"it {message}")
        value = f"[{close[0]!r}]" if option == "metadata_columns" else repr(close[0])
        raise ReadError(f"{table} {message}. Say which one to use: {option}={value}")


def _numbered(header: Sequence[str]) -> Iterator[tuple[str, int]]:
    """A name for every column: the second `tag` is `tag_2`, one without a name is `column_3`."""
    taken: set[str] = set()
    for at, given in enumerate(header):
        base = given or f"column_{at + 1}"
        name, count = base, 2
        while name in taken:
            name, count = f"{base}_{count}", count + 1
        taken.add(name)
        yield name, at


def _settled(places: Sequence[tuple[str, int]], header: Sequence[str]) -> Iterator[tuple[str, int]]:
    """`Title` is the contract's `title` where there is no `title`."""
    for name, at in places:
        lower = name.strip().lower()
        if lower in CONTRACT - COMPUTED and lower not in header:
            yield lower, at
        else:
            yield name, at


def row_document(row: Sequence[Any], chosen: Chosen, number: int, place: str, encoding: str | None = None) -> Document:
    """The document in one row.

    Raises
    ------
    SkipError
        The text cell is null or holds no text.
    """
    text = row[chosen.text]
    if is_null(text):
        raise SkipError(Reason.TEXT_MISSING, "the text is null", place)
    if not isinstance(text, str):
        raise SkipError(Reason.NOT_TEXT, f"the text is {type(text).__name__}, not text", place)
    metadata = {name: row[at] for name, at in chosen.metadata.items()}
    doc_id = None if chosen.doc_id is None else as_id(row[chosen.doc_id])
    notes = ("no doc_id given",) if chosen.doc_id is not None and doc_id is None else ()
    return Document(text, metadata, doc_id=doc_id, number=number, encoding=encoding, notes=notes, place=place)


def as_id(value: Any) -> str | None:
    """An id as text; None where the cell is null or blank."""
    if is_null(value):
        return None
    text = value if isinstance(value, str) else str(value)
    return text if text.strip() else None


def is_null(value: Any) -> bool:
    """None, NaN or NaT; the texts "None" and "NA" are texts."""
    return value is None or (not isinstance(value, str | list | dict | tuple) and bool(_differs(value)))


def _differs(value: Any) -> bool:
    try:
        return bool(value != value)  # NaN and NaT alone differ from themselves
    except (TypeError, ValueError):  # pd.NA and arrays have no truth value
        return type(value).__name__ == "NAType"


def cell(value: Any) -> Any:
    """A metadata value a column can hold: lists and mappings become JSON text."""
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, list | dict | tuple) else value
