"""What every format reader yields: a `Document` or a `Skip`, exactly one for each input unit, and why it is skipped.

An input unit is a file that holds one document, or a row, line, post or article of a file that holds several.
`Reason` is the one list of reason codes; `REASONS` tells what each means and what mends it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple


class Block(NamedTuple):
    """A stretch of text that the file's own markup sets apart; `start`, `end` are offsets into the document's text."""

    start: int
    end: int
    kind: str
    level: int


BLOCK_KINDS = ("title", "heading", "paragraph", "blockquote", "list_item", "caption", "furniture")


class Reason(StrEnum):
    """Why a file, row or post is in `skipped` and not in `documents`."""

    ARCHIVE_BOMB = "archive_bomb"
    BAD_CSV = "bad_csv"
    BAD_JSON = "bad_json"
    BAD_XML = "bad_xml"
    CHANGED = "changed"
    DAMAGED = "damaged"
    ENCODING = "encoding"
    ENCODING_MIXED = "encoding_mixed"
    ENCODING_UNKNOWN = "encoding_unknown"
    ENCRYPTED = "encrypted"
    LONE_SURROGATE = "lone_surrogate"
    MISSING = "missing"
    NESTED_ARCHIVE = "nested_archive"
    NO_TEXT = "no_text"
    NO_TEXT_COLUMN = "no_text_column"
    NOT_A_FILE = "not_a_file"
    NOT_A_POST = "not_a_post"
    NOT_TEXT = "not_text"
    OUTSIDE = "outside"
    RAGGED_ROW = "ragged_row"
    TEXT_MISSING = "text_missing"
    TOO_LARGE = "too_large"
    TRUNCATED = "truncated"
    UNREADABLE = "unreadable"
    UNSUPPORTED_FORMAT = "unsupported_format"
    XML_ENTITY = "xml_entity"


REASONS: Mapping[Reason, tuple[str, str]] = {
    Reason.ARCHIVE_BOMB: (
        "a compressed file unpacks to far more than its size",
        "If you trust {file}, unpack it yourself and read the folder.",
    ),
    Reason.BAD_CSV: (
        "quotation marks in a table do not pair",
        'In {file}, at {place}: double the quotation marks inside the cell ("") and close the cell with one.',
    ),
    Reason.BAD_JSON: ("a line is not one JSON object", "In {file}, correct {place}: one JSON object a line."),
    Reason.BAD_XML: ("the XML is not well formed", "Export {file} again, or mend the XML at {place}."),
    Reason.CHANGED: ("the file changed while it was read", "Read {file} again when nothing writes to it."),
    Reason.DAMAGED: ("the file's container is broken or cut short", "Copy or download {file} again."),
    Reason.ENCODING: (
        "the bytes do not fit the encoding that was asked for",
        "Read {file} with another encoding=, or save it as UTF-8.",
    ),
    Reason.ENCODING_MIXED: (
        "the file holds UTF-8 and something else",
        "Open {file} in an editor, mend the characters at {place} and save it as UTF-8; or force encoding='cp1252'.",
    ),
    Reason.ENCODING_UNKNOWN: (
        "the bytes are not UTF-8, and nothing says what they are",
        "Pass encoding= for {file}, or save it as UTF-8.",
    ),
    Reason.ENCRYPTED: ("a password is needed", "Save {file} without a password."),
    Reason.LONE_SURROGATE: (
        "half of a character pair, which no file can store",
        "In {file}, at {place}: replace the character (U+FFFD marks a lost one).",
    ),
    Reason.MISSING: ("corpus.toml names a file that is not there", "Add {file}, or take its entry out of corpus.toml."),
    Reason.NESTED_ARCHIVE: ("an archive within an archive", "Unpack {file} and read the folder."),
    Reason.NO_TEXT: (
        "the file is not empty and yet no text was found in it",
        "Open {file}: if it shows text, save that as .txt or .html.",
    ),
    Reason.NO_TEXT_COLUMN: (
        "a table without the text column",
        "Read {file} by itself with text_column= naming one of its columns.",
    ),
    Reason.NOT_A_FILE: ("a pipe, device or socket", "Take {file} out of the folder or copy its content to a file."),
    Reason.NOT_A_POST: (
        "an entry of an export that is no published post",
        "Nothing, if {place} of {file} should stay out; otherwise publish it and export again.",
    ),
    Reason.NOT_TEXT: ("the value or file is not text", "In {file}, at {place}: give text, or take it out."),
    Reason.OUTSIDE: (
        "a link or name that leads out of the corpus folder",
        "Copy what {file} points to into the folder.",
    ),
    Reason.RAGGED_ROW: (
        "a row has more or fewer cells than the header",
        "In {file}, correct {place}: quote cells that hold the separator.",
    ),
    Reason.TEXT_MISSING: ("the text cell is null", "Fill in the text at {place} of {file}, or drop the row."),
    Reason.TOO_LARGE: (
        "the file is larger than one document may be",
        "Split {file}: one file a document, a table into parts (.jsonl and .parquet are read row by row).",
    ),
    Reason.TRUNCATED: (
        "the file ends in the middle of a character",
        "Copy or download {file} again; it was cut short.",
    ),
    Reason.UNREADABLE: ("the system refused to read the file", "Check the permissions of {file}, then read again."),
    Reason.UNSUPPORTED_FORMAT: (
        "no reader for this kind of file",
        "Save {file} as .txt, .md, .html, .docx, .csv, .jsonl or .parquet.",
    ),
    Reason.XML_ENTITY: (
        "the XML declares a document type or entities, which may expand without end or fetch files",
        "Remove the <!DOCTYPE …> of {file} if you trust it.",
    ),
}


@dataclass(frozen=True, slots=True)
class Document:
    """One document as its format reader found it, before ids, dates and hashes are settled.

    `doc_id` is None where the file says none; `number` is its place in a file of several documents; `content` are the
    bytes of a file that is one document (else the text's own UTF-8 is hashed).
    """

    text: str
    metadata: Mapping[str, Any] = field(default_factory=dict)
    blocks: Sequence[Block] = ()
    doc_id: str | None = None
    number: int | None = None
    sha256: str | None = None
    encoding: str | None = None
    notes: tuple[str, ...] = ()
    path: str | None = None
    format: str | None = None
    base: str = "document"
    place: str | None = None


class Skip(NamedTuple):
    """One input unit that could not be read: a row of the `skipped` table."""

    path: str
    locator: str | None
    reason: Reason
    detail: str
    mend: str


class SkipError(Exception):
    """Raised inside a format reader to skip the unit at `locator` (the whole file where None)."""

    def __init__(self, reason: Reason, detail: str, locator: str | None = None, advice: str = "") -> None:
        super().__init__(detail)
        self.reason, self.detail, self.locator, self.advice = reason, detail, locator, advice


def skip(path: str, error: SkipError) -> Skip:
    """The row for `error` in the file `path`."""
    mend = REASONS[error.reason][1].format(file=shown(path), place=error.locator or "the place named")
    return Skip(path, error.locator, error.reason, error.detail, " ".join(filter(None, (error.advice, mend))))


def shown(name: str) -> str:
    """A file's name for a message: control, format and surrogate characters by code point."""
    return "".join(
        f"[U+{ord(c):04X}]" if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") else c for c in name
    )


def listing(names: Iterable[object], limit: int = 12) -> str:
    """Names for a message, in order, at most `limit` of them."""
    every = [shown(str(name)) for name in names]
    more = f" and {len(every) - limit} more" if len(every) > limit else ""
    return ", ".join(every[:limit]) + more
