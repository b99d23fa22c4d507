"""The corpus as it was read, and how documents and skips become its tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from discourse import render, tables
from discourse.readers import dates, disk
from discourse.readers.columns import COMPUTED, CONTRACT, as_id, cell, is_null
from discourse.readers.decode import is_english
from discourse.readers.manifest import HEAD_COLUMNS, OUTLET_COLUMNS, rows
from discourse.readers.records import Block, Document, Skip, SkipError, skip

_SHOWN = 5
_LANGUAGE_WORDS, _LANGUAGE_CHARACTERS = 50, 4_000
_FLAGS = (
    ("control characters", re.compile("[\0-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f]")),
    ("characters that reorder text", re.compile("[\u202a-\u202e\u2066-\u2069]")),
    ("invisible characters", re.compile("[\u00ad\u200b\u2060\ufeff]")),
    ("replacement characters (U+FFFD): something was lost before reading", re.compile("\ufffd")),
)
_SURROGATE = re.compile("[\ud800-\udfff]")


def _blocks(columns: Mapping[str, Sequence[Any]] | None = None) -> pd.DataFrame:
    types = {"doc_id": "str", "start": "int64", "end": "int64", "kind": "str", "level": "int64"}
    data = columns or {}
    return pd.DataFrame({name: pd.Series(data.get(name, []), dtype=kind) for name, kind in types.items()})


@dataclass(frozen=True)
class Corpus:
    """What `read` returns. Every input unit is one row of `documents` or one row of `skipped`, never both or neither.

    Attributes
    ----------
    documents : one row per document; the contract's columns, then `encoding`, `date_raw` (the date as given, where
        `date` does not say all of it), `note` (what was remarkable), then all metadata.
    skipped : one row per file, row or post that could not be read, with the reason and what mends it.
    blocks : one row per stretch of text the markup sets apart (doc_id, start, end, kind, level): kind is title,
        heading, paragraph, blockquote, list_item, caption or furniture; level the depth of a heading, quote or list.
        Rows of a document are disjoint and in text order. Empty for formats without markup.
    outlets, source_heads : rows of the corpus' own lists from corpus.toml, empty where it has none.
    name, path, licence : what the corpus is called, where it was read from, and its licence where one is given.
    """

    documents: pd.DataFrame
    skipped: pd.DataFrame
    blocks: pd.DataFrame = field(default_factory=_blocks)
    outlets: pd.DataFrame = field(default_factory=lambda: rows([], OUTLET_COLUMNS))
    source_heads: pd.DataFrame = field(default_factory=lambda: rows([], HEAD_COLUMNS))
    name: str = "corpus"
    path: str | None = None
    licence: str | None = None

    def __len__(self) -> int:
        return len(self.documents)

    def __repr__(self) -> str:
        return f"Corpus {self.name!r}: {self._counts()}"

    def _counts(self) -> str:
        words = int(self.documents["n_words"].sum())
        return f"{len(self.documents):,} documents, {words:,} words, {len(self.skipped):,} skipped"

    def _repr_html_(self) -> str:
        columns = [
            name for name in ("doc_id", "title", "outlet", "date", "n_words") if not self.documents[name].isna().all()
        ]
        head = self.documents.head(_SHOWN)
        body = [[_short(value) for value in row] for row in head[columns].itertuples(index=False)]
        more = len(self.documents) - len(head)
        parts = [
            f"<p><b>{render.html(self.name)}</b>: {render.html(self._counts())}</p>",
            render.table(columns, body) if body else "",
            f"<p>and {more:,} more</p>" if more else "",
        ]
        if len(self.skipped):
            counts = self.skipped["reason"].value_counts().sort_index()
            listed = ", ".join(f"{reason} {count:,}" for reason, count in counts.items())
            parts.append(f"<p>Skipped (see <code>.skipped</code>): {render.html(listed)}</p>")
        return "<div>" + "".join(parts) + "</div>"


def _short(value: Any) -> str:
    if is_null(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d" if value == value.normalize() else "%Y-%m-%d %H:%M")
    return render.shorten(value, 80)


def assemble(
    units: Iterable[Document | Skip],
    *,
    dayfirst: bool | None = None,
    dtypes: Mapping[str, Any] | None = None,
    **about: Any,
) -> Corpus:
    """The corpus of `units`, in their order.

    Ids are made unique by rule: the second document called `a` becomes `a~2`, and its note says so. A document that
    no file can store (half of a character pair) is skipped here.
    """
    documents: list[dict[str, Any]] = []
    skipped: list[Skip] = []
    blocks: list[tuple[str, Block]] = []
    ledger = _Ledger(dayfirst)
    for unit in units:
        if isinstance(unit, Skip):
            skipped.append(unit)
            continue
        row = ledger.row(unit)
        if isinstance(row, Skip):
            skipped.append(row)
            continue
        documents.append(row)
        blocks += [(row["doc_id"], block) for block in unit.blocks]
    return Corpus(
        documents=_documents(documents, dtypes or {}),
        skipped=tables.frame("skipped", pd.DataFrame(skipped, columns=list(Skip._fields))),
        blocks=_blocks(
            {
                "doc_id": [doc_id for doc_id, _ in blocks],
                **{name: [getattr(block, name) for _, block in blocks] for name in Block._fields},
            }
        ),
        **about,
    )


class _Ledger:
    """What has to be known of the documents before: which ids are taken, and which text was seen under which."""

    def __init__(self, dayfirst: bool | None) -> None:
        self.dayfirst = dayfirst
        self.taken: dict[str, int] = {}
        self.texts: dict[str, str] = {}

    def row(self, unit: Document) -> dict[str, Any] | Skip:
        """The row of `unit` in the documents table."""
        try:
            digest = disk.sha256_text(unit.text)
        except SkipError as error:
            place = ", ".join(filter(None, (unit.place, error.locator)))
            return skip(unit.path or unit.base, SkipError(error.reason, error.detail, place))
        doc_id, notes = self._doc_id(unit)
        row = _metadata(unit)
        parsed = dates.parse(row.get("date"), self.dayfirst)
        notes = [*unit.notes, *notes, *([parsed.note] if parsed.note else []), *_remarks(unit.text)]
        first = self.texts.setdefault(digest, doc_id) if unit.text.strip() else doc_id
        return row | {
            "doc_id": doc_id,
            "text": unit.text,
            "date": parsed.value,
            "path": unit.path,
            "format": unit.format,
            "sha256": unit.sha256 or digest,
            "duplicate_of": first if first != doc_id else None,
            "n_words": tables.count_words(unit.text),
            "encoding": unit.encoding,
            "date_raw": parsed.raw,
            "note": "; ".join(notes) or None,
        }

    def _doc_id(self, unit: Document) -> tuple[str, list[str]]:
        wanted = unit.doc_id or unit.base + (f"-{unit.number:04d}" if unit.number is not None else "")
        storable = _storable(wanted)
        doc_id = storable
        while doc_id in self.taken:
            self.taken[storable] += 1
            doc_id = f"{storable}~{self.taken[storable]}"
        self.taken[doc_id] = 1
        return doc_id, [] if doc_id == wanted else [f"doc_id {wanted!r} was taken or cannot be stored"]


def _metadata(unit: Document) -> dict[str, Any]:
    named = ((f"{name}_given" if name in COMPUTED else name, value) for name, value in unit.metadata.items())
    row = {name: _storable(cell(value)) for name, value in named}
    return row | {name: as_id(row[name]) for name in CONTRACT - {"date"} if name in row}


def _storable(value: Any) -> Any:
    """Metadata with half of a character pair shown as its escape: no file could store it otherwise."""
    if isinstance(value, str) and _SURROGATE.search(value):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    return value


def _remarks(text: str) -> list[str]:
    if not text.strip():
        return ["no text" if not text else "white space only"]
    flags = _FLAGS[:1] if text.isascii() else _FLAGS
    remarks = [name for name, pattern in flags if pattern.search(text)]
    head = text[:_LANGUAGE_CHARACTERS]
    if len(head.split()) >= _LANGUAGE_WORDS and not is_english(head):
        remarks.append("does not look like English, which is all the lexicons know")
    return remarks


def _documents(rows: list[dict[str, Any]], dtypes: Mapping[str, Any]) -> pd.DataFrame:
    settled = [*tables.TABLES["documents"].names, "encoding", "date_raw", "note"]
    given = dict.fromkeys([*dtypes, *(name for row in rows for name in row)])
    names = [*settled, *(name for name in given if name not in settled)]
    columns = {name: _column([row.get(name) for row in rows], dtypes.get(name)) for name in names}
    for name in ("encoding", "date_raw", "note"):
        columns[name] = columns[name].astype("str")
    columns["date"] = pd.Series([row["date"] for row in rows], dtype="datetime64[us]")
    return tables.frame("documents", columns)


def _column(values: list[Any], dtype: Any) -> pd.Series:
    """A metadata column: of the type it came with, else text where every value is text, else mixed."""
    if dtype is None and all(value is None or isinstance(value, str) for value in values):
        dtype = "str"
    column: pd.Series = pd.Series(values, dtype=object if dtype is None else dtype)
    return column.infer_objects() if dtype is None else column
