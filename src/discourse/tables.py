"""The table contract: every table's name, grain, columns, types and allowed values, in this one file.

Each step of the package makes its tables with `frame` and anyone can test one with `check`; the data dictionary
(`data_dictionary`) is generated from the same definitions. Offsets are pairs of integer columns into
`documents.text`, in Unicode code points, end-exclusive; -1 where a span is absent. An absent reference is null.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from discourse.errors import TableError

WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*(?:['’.\-‐‑](?:[^\W_]|[\u0300-\u036f])+)*")
"""A word: a maximal run of letters or digits (their accents included), joined by apostrophe, hyphen or point.

`n_words` counts these everywhere."""
INVISIBLE = (0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF)
"""Characters kept in the text and passed over in matching and counting."""
_INVISIBLE = dict.fromkeys(INVISIBLE)

PASSAGE_KINDS = (
    "title",
    "deck",
    "lead_in",
    "quoted_article",
    "commentary",
    "list_item",
    "update",
    "interjection",
    "bio",
    "promo",
)
VOICE_KINDS = ("author", "outlet", "source")
ROLES = ("source", "cue", "content")
SPEECH = ("direct", "free_direct", "indirect", "mixed", "free_indirect", "narrative_act", "non_response")
STANCE = ("neutral", "endorse", "distance", "oppose")
MODE = ("speech", "writing", "thought", "volition")
RESPONSE = (
    "none",
    "denied",
    "declined",
    "refused",
    "no_comment",
    "no_reply",
    "unanswered",
    "unreachable",
    "deflected",
)
IDENTIFICATION = (
    "named_person",
    "named_role",
    "named_organisation",
    "unnamed_document",
    "anonymous_individual",
    "anonymous_group",
    "unattributed",
)
"""In order of opacity: position in this tuple is the codebook's opacity 0-6."""
AFFILIATION = (
    "government_executive",
    "military",
    "intelligence",
    "law_enforcement",
    "legislature",
    "judiciary",
    "diplomat",
    "international_organisation",
    "business",
    "expert",
    "media",
    "document",
    "citizen",
    "activist_ngo",
    "party",
    "militant",
    "family",
    "other",
    "unspecified",
)
HEDGE_CATEGORIES = (
    "modal",
    "likelihood",
    "appearance",
    "belief",
    "hearsay",
    "precision",
    "condition",
    "open",
    "booster",
)
POLARITY = ("hedge", "booster")
HOLDER = ("voice", "source")
MEDIA = ("agency", "newspaper", "magazine", "broadcast", "digital", "blog", "podcast", "journal", "platform")
OUTLET_ROLES = (
    "origin",
    "claim_source",
    "corroboration",
    "actor",
    "employer",
    "furniture",
    "place",
    "hypothetical",
)


@dataclass(frozen=True)
class Column:
    """One column of the contract: its name, type (`str`, `int`, `float`, `bool`, `datetime`), meaning and values."""

    name: str
    dtype: str
    about: str
    values: tuple[str, ...] = ()
    nullable: bool = False


@dataclass(frozen=True)
class Table:
    """One table of the contract. `key` is the column whose values are unique in the whole corpus."""

    name: str
    grain: str
    columns: tuple[Column, ...]
    key: str | None = None

    def __getitem__(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]


def _text(name: str, about: str, *values: str, null: bool = False) -> Column:
    return Column(name, "str", about, values, null)


def _whole(name: str, about: str) -> Column:
    return Column(name, "int", about)


def _span(role: str = "", about: str = "the finding") -> tuple[Column, Column]:
    stem = f"{role}_" if role else ""
    absent = "; -1 where absent" if role else ""
    return (
        _whole(f"{stem}start", f"offset into documents.text where {about} begins{absent}"),
        _whole(f"{stem}end", f"offset just after {about}{absent}"),
    )


_DOC = _text("doc_id", "the document")
_SENTENCE = _text("sentence_id", "the sentence it stands in", null=True)
_VOICE = _text("voice_id", "the voice it stands in", null=True)
_CONFIDENCE = Column("confidence", "float", "0-1; below .5 is weak")

_DOCUMENTS = Table(
    "documents",
    "document",
    (
        _DOC,
        _text("text", "the text as decoded or extracted from the file, never rewritten after reading"),
        _text("title", "headline, from metadata", null=True),
        _text("outlet", "publishing outlet, from metadata", null=True),
        _text("author", "author, from metadata", null=True),
        Column("date", "datetime", "date of publication", nullable=True),
        _text("url", "address", null=True),
        _text("language", "language, from metadata or the corpus", null=True),
        _text("genre", "genre, from metadata", null=True),
        _text("path", "file the document was read from", null=True),
        _text("format", "txt, md, html, csv, …", null=True),
        _text("sha256", "hash of the input bytes of the document", null=True),
        _text("duplicate_of", "doc_id of the document this one copies", null=True),
        _whole("n_words", "words in text"),
    ),
    "doc_id",
)
_SKIPPED = Table(
    "skipped",
    "file or row that could not be read",
    (
        _text("path", "file"),
        _text("locator", "line, row or member within the file", null=True),
        _text("reason", "reason code"),
        _text("detail", "what was found"),
        _text("mend", "what to do about it"),
    ),
)
_PASSAGES = Table(
    "passages",
    "stretch of text in one voice",
    (
        _DOC,
        _text("passage_id", "unique in the corpus"),
        *_span(about="the passage"),
        _text("kind", "codebook E1", *PASSAGE_KINDS),
        _VOICE,
        _CONFIDENCE,
        _text("alternative", "second-best reading of kind", null=True),
        _text("duplicate_of", "passage_id of the later complete copy", null=True),
        Column("counted", "bool", "false for promo, bio and duplicates"),
    ),
    "passage_id",
)
_VOICES = Table(
    "voices",
    "speaker in a document",
    (
        _DOC,
        _text("voice_id", "unique in the corpus"),
        _text("parent_id", "the voice this one is heard through", null=True),
        _whole("depth", "1 is the author"),
        _text("kind", "who speaks", *VOICE_KINDS),
        _text("name", "the speaker's name or description", null=True),
        _text("source_id", "for sources: the referent", null=True),
        _whole("n_words", "counted words whose innermost voice this is"),
        _text("chain", "names from the author inwards, joined by ' > '"),
    ),
    "voice_id",
)
_SENTENCES = Table(
    "sentences",
    "sentence",
    (
        _DOC,
        _text("passage_id", "the passage it stands in"),
        _text("sentence_id", "unique in the corpus"),
        *_span(about="the sentence"),
        _whole("n_words", "words in the sentence"),
        _VOICE,
    ),
    "sentence_id",
)
_ATTRIBUTIONS = Table(
    "attributions",
    "attribution",
    (
        _DOC,
        _SENTENCE,
        _text("attribution_id", "unique in the corpus"),
        _text("parent_id", "the attribution whose content holds this one", null=True),
        _text("voice_id", "who does the attributing", null=True),
        _text("content_voice_id", "the voice its content opens", null=True),
        _text("source", "source as in the text (hull)", null=True),
        _text("cue", "cue as in the text (hull)", null=True),
        _text("content", "content as in the text (hull)", null=True),
        *_span("source", "the source's hull"),
        *_span("cue", "the cue's hull"),
        *_span("content", "the content's hull"),
        _text("speech", "codebook B2", *SPEECH),
        _text("stance", "codebook B3: what the reporter's choice of cue does", *STANCE),
        _text("mode", "speech, writing, thought or volition", *MODE),
        _text("response", "none, denied, or a non-response of codebook B5", *RESPONSE),
        _CONFIDENCE,
        _text("rule", "the rule or model that made the row"),
    ),
    "attribution_id",
)
_SPANS = Table(
    "spans",
    "span of an attribution (an attribution may have several of a role)",
    (_text("attribution_id", "the attribution"), _DOC, _text("role", "what the span is", *ROLES), *_span()),
)
_SOURCES = Table(
    "sources",
    "attribution",
    (
        _text("attribution_id", "the attribution"),
        _DOC,
        _text("source_id", "the referent within the document", null=True),
        _text("name", "fullest name or description of the referent", null=True),
        _text("head", "head noun or phrase", null=True),
        _text("identification", "codebook C2", *IDENTIFICATION),
        _text("affiliation", "codebook C3", *AFFILIATION),
        _text("number", "one, a number, plural, or n of N", null=True),
        _text("anonymity_terms", "stated terms of anonymity as in the text", null=True),
        _text("anonymity_reason", "none, formula, substantive, self_interest", null=True),
        _text("closeness", "how the source is said to know, as in the text", null=True),
        _text("rule", "the rules that typed the source"),
    ),
    "attribution_id",
)
_HEDGES = Table(
    "hedges",
    "hedge or booster",
    (
        _DOC,
        _SENTENCE,
        _text("hedge_id", "unique in the corpus"),
        *_span(about="the cue"),
        _text("surface", "the cue as in the text"),
        _text("entry", "lexicon entry"),
        _text("category", "codebook A2", *HEDGE_CATEGORIES),
        _text("polarity", "category is booster exactly when polarity is", *POLARITY),
        Column(
            "strength",
            "float",
            "ordinal scale of caution (or of certainty, for boosters), 0-1, not a probability; null in hand coding",
            nullable=True,
        ),
        _text("holder", "whose commitment: the voice itself or a third party", *HOLDER),
        _text("dual", "attribution_id this cue is counted as elsewhere", null=True),
        *_span("scope", "what the cue hedges"),
        _VOICE,
        _text("attribution_id", "innermost attribution whose content holds the cue", null=True),
        _text("rule", "the test that let the cue through"),
    ),
    "hedge_id",
)
_OUTLETS = Table(
    "outlets",
    "outlet mention",
    (
        _DOC,
        _SENTENCE,
        _text("mention_id", "unique in the corpus"),
        *_span(about="the mention"),
        _text("surface", "the mention as in the text"),
        _text("outlet", "canonical name; null where none can be said", null=True),
        Column("generic", "bool", "a descriptor such as 'state television'"),
        Column("platform", "bool", "a platform such as Twitter"),
        _text("country", "country of the publisher, ISO 3166 alpha-2", null=True),
        _text("medium", "kind of outlet", *MEDIA, null=True),
        _text("role", "codebook D1", *OUTLET_ROLES),
        _VOICE,
        _text("attribution_id", "innermost attribution that holds the mention", null=True),
        _text("candidates", "canonical names it may stand for, joined by '; '", null=True),
        _text("rule", "how it was matched and how its role was set"),
    ),
    "mention_id",
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        _DOCUMENTS,
        _SKIPPED,
        _PASSAGES,
        _VOICES,
        _SENTENCES,
        _ATTRIBUTIONS,
        _SPANS,
        _SOURCES,
        _HEDGES,
        _OUTLETS,
    )
}

_DTYPES = {"str": "str", "int": "int64", "float": "float64", "bool": "bool", "datetime": "datetime64[us]"}


def frame(name: str, columns: Mapping[str, Any] | pd.DataFrame | None = None) -> pd.DataFrame:
    """A table of the contract from columns: ordered, typed, further columns kept after the contract's.

    Parameters
    ----------
    name : a table of the contract, e.g. "hedges".
    columns : mapping of column name to values (or a DataFrame); nullable columns may be left out.

    Raises
    ------
    TableError
        The name is unknown, or a column that may not be null is missing.
    """
    table = _table(name)
    data = pd.DataFrame(columns if columns is not None else {}).reset_index(drop=True)
    done: dict[str, Any] = {}
    for column in table.columns:
        if column.name in data:
            done[column.name] = _typed(data[column.name], column, name)
        elif column.nullable or not len(data):
            done[column.name] = pd.Series([None] * len(data), dtype=_DTYPES[column.dtype])
        else:
            raise TableError(f"{name}: column {column.name!r} is missing; give it ({column.about})")
    rest = {str(extra): data[extra] for extra in data.columns if extra not in done}
    return pd.DataFrame({**done, **rest})


def check(name: str, data: pd.DataFrame, texts: Mapping[str, str] | None = None) -> None:
    """Raise `TableError` naming table, column, row and mend where `data` breaks the contract.

    Parameters
    ----------
    name : a table of the contract.
    data : the table.
    texts : doc_id -> documents.text; with it, offsets are held against the text too.
    """
    table = _table(name)
    missing = [column for column in table.names if column not in data]
    if missing:
        raise TableError(f"{name}: column {missing[0]!r} is missing; make the table with tables.frame({name!r}, …)")
    for column in table.columns:
        _check_column(table, column, data[column.name])
    if table.key is not None and data[table.key].duplicated().any():
        row = data[table.key][data[table.key].duplicated()].iloc[0]
        raise TableError(f"{name}: {table.key} {row!r} is there twice; identifiers are unique in the whole corpus")
    if texts is not None:
        check_offsets(name, data, texts)


def check_offsets(name: str, data: pd.DataFrame, texts: Mapping[str, str]) -> None:
    """Raise `TableError` for the first row of which text[start:end] is not its surface, or lies outside the text."""
    surfaces = {"": "surface", "source": "source", "cue": "cue", "content": "content", "scope": None}
    for role, surface in surfaces.items():
        stem = f"{role}_" if role else ""
        if f"{stem}start" not in data or f"{stem}end" not in data:
            continue
        shown = data[surface].tolist() if surface and surface in data else [None] * len(data)
        rows = zip(
            data["doc_id"].tolist(), data[f"{stem}start"].tolist(), data[f"{stem}end"].tolist(), shown, strict=True
        )
        for row, (doc_id, start, end, said) in enumerate(rows):
            if start == -1 and end == -1 and role:
                continue
            text = texts[doc_id]
            if not 0 <= start < end <= len(text):
                raise TableError(f"{name}: row {row}: {stem}start {start}, {stem}end {end} lie outside {doc_id!r}")
            if isinstance(said, str) and text[start:end] != said:
                raise TableError(f"{name}: row {row}: {doc_id!r}[{start}:{end}] is {text[start:end]!r}, not {said!r}")


def ids(doc_ids: Sequence[str] | npt.NDArray[Any] | pd.Series, letter: str, width: int = 4) -> list[str]:
    """Identifiers `{doc_id}#{letter}{n}`, n counting from 1 within each document in the order given."""
    seen: dict[str, int] = {}
    endings: list[str] = []
    out = []
    for doc_id in doc_ids:
        number = seen.get(doc_id, 0)
        seen[doc_id] = number + 1
        if number == len(endings):
            endings.append(f"#{letter}{number + 1:0{width}d}")
        out.append(doc_id + endings[number])
    return out


def count_words(text: str) -> int:
    """Words of a text, by the contract's definition of a word; invisible characters do not count.

    Counted on an array of character classes, ten times as fast as matching `WORD`: words are runs of letters or digits,
    less one for each joiner between two of them. Texts with characters beyond the table are matched.
    """
    total, begin = 0, 0
    while begin < len(text):
        end = text.find(" ", begin + _WINDOW)  # the arrays take ten bytes a character
        end = len(text) if end < 0 else end
        total += _count_window(text[begin:end])
        begin = end
    return total


def _count_window(text: str) -> int:
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    table = _word_classes()
    if not len(codes) or int(codes.max()) >= len(table):
        return len(WORD.findall(text.translate(_INVISIBLE)))
    classes = table[codes]
    if (classes == _MATCHED).any():
        return len(WORD.findall(text.translate(_INVISIBLE)))
    inside = classes == _INSIDE
    begun = int(inside[0]) + np.count_nonzero(inside[1:] & ~inside[:-1])
    joined = np.count_nonzero((classes[1:-1] == _JOINER) & inside[:-2] & inside[2:])
    return int(begun - joined)


_WINDOW = 1 << 20
_INSIDE, _JOINER, _MATCHED = 1, 2, 3


@cache
def _word_classes() -> npt.NDArray[np.uint8]:
    """The class of every character up to U+2FFF: letter or digit, joiner, or one that needs the pattern itself."""
    classes = np.array([_INSIDE if chr(code).isalnum() else 0 for code in range(0x3000)], dtype=np.uint8)
    classes[[ord(joiner) for joiner in "'’.-‐‑"]] = _JOINER
    classes[[*range(0x300, 0x370), *INVISIBLE[:-1]]] = _MATCHED
    return classes


def data_dictionary() -> pd.DataFrame:
    """One row per column of the contract: table, grain, column, type, null, values, about."""
    return pd.DataFrame(
        [
            {
                "table": table.name,
                "grain": f"one row per {table.grain}",
                "column": column.name,
                "type": _DTYPES[column.dtype],
                "null": column.nullable,
                "values": ", ".join(column.values),
                "about": column.about,
            }
            for table in TABLES.values()
            for column in table.columns
        ]
    )


def _table(name: str) -> Table:
    if name not in TABLES:
        raise TableError(f"no table {name!r}; the tables are {', '.join(TABLES)}")
    return TABLES[name]


def _typed(values: pd.Series, column: Column, table: str) -> pd.Series:
    try:
        if values.dtype == _DTYPES[column.dtype]:
            return values
        if column.dtype == "str":
            return values.astype(object).where(values.notna(), None).astype("str")
        return values.astype(_DTYPES[column.dtype])  # type: ignore[call-overload, no-any-return]
    except (TypeError, ValueError) as error:
        raise TableError(f"{table}: column {column.name!r} cannot be read as {column.dtype}: {error}") from error


def _check_column(table: Table, column: Column, values: pd.Series) -> None:
    kind, where = values.dtype, f"{table.name}: column {column.name!r}"
    fits = {
        "str": pd.api.types.is_string_dtype(kind),
        "int": pd.api.types.is_integer_dtype(kind),
        "float": pd.api.types.is_float_dtype(kind),
        "bool": pd.api.types.is_bool_dtype(kind),
        "datetime": pd.api.types.is_datetime64_any_dtype(kind),
    }[column.dtype]
    if not fits and not (column.nullable and values.isna().all()):
        raise TableError(f"{where} has type {kind}, not {_DTYPES[column.dtype]}; make it with tables.frame")
    if not column.nullable and values.isna().any():
        raise TableError(f"{where}, row {int(np.flatnonzero(values.isna())[0])} is null; this column may not be")
    if column.values:
        bad = values.notna() & ~values.isin(column.values)
        if bad.any():
            row = int(np.flatnonzero(bad)[0])
            raise TableError(f"{where}, row {row}: {values.iloc[row]!r} is not one of {', '.join(column.values)}")
    if column.name == "confidence" and not values.between(0, 1).all():
        raise TableError(f"{where} must lie between 0 and 1")
