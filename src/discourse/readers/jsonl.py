"""JSON Lines: one JSON object a line is one document. A faulty line costs that line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from discourse.readers.columns import Columns, row_document
from discourse.readers.decode import decode, wide_encoding
from discourse.readers.disk import MAX_DOCUMENT, Source
from discourse.readers.records import Document, Reason, Skip, SkipError, skip

_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")


def read(source: Source, columns: Columns, encoding: str | None = None) -> Iterator[Document | Skip]:
    """Yield a document or a skip for each line of a .jsonl file; blank lines are no documents.

    Raises
    ------
    ReadError
        The first object lacks the text column, or no object has a column that was asked for.
    """
    seen: set[str] = set()
    for number, (line, data) in enumerate(_lines(source, encoding), start=1):
        place = f"line {line}"
        try:
            row, used = _object(data, place, encoding)
            if not seen:
                columns.only_text().choose(list(row), source.name)
            seen.update(row)
            chosen = columns.present(row).choose(list(row), place)
            yield row_document(list(row.values()), chosen, number, place, used)
        except SkipError as error:
            if not seen and error.reason is Reason.NO_TEXT_COLUMN:
                raise
            yield skip(source.name, SkipError(error.reason, error.detail, error.locator or place, error.advice))
    if seen:
        columns.choose(list(seen), source.name)


def _lines(source: Source, encoding: str | None) -> Iterator[tuple[int, bytes]]:
    line = 0
    try:
        with source.open() as handle:
            head = handle.peek(4096)
            wide = head.startswith(_WIDE_MARKS) or wide_encoding(head) is not None
            if wide or (encoding or "").startswith(("utf-16", "utf-32")):
                text, _ = decode(source.read(), encoding=encoding)
                yield from _numbered(text.encode("utf-8").split(b"\n"))
                return
            while data := handle.readline(MAX_DOCUMENT + 1):
                line += 1
                if data.strip():
                    yield line, data
    except SkipError as error:
        place = f"after line {line}" if line else None
        raise SkipError(error.reason, error.detail, error.locator or place, error.advice) from None


def _numbered(lines: list[bytes]) -> Iterator[tuple[int, bytes]]:
    return ((number, line) for number, line in enumerate(lines, start=1) if line.strip())


def _object(data: bytes, place: str, encoding: str | None) -> tuple[dict[str, Any], str]:
    if len(data) > MAX_DOCUMENT:
        raise SkipError(Reason.TOO_LARGE, "the line is too long", place)
    try:
        text, used = decode(data, encoding=None if (encoding or "").startswith("utf") else encoding)
        row = json.loads(text, object_pairs_hook=_single)
    except SkipError as error:
        raise SkipError(error.reason, error.detail, place, error.advice) from None
    except RecursionError:
        raise SkipError(Reason.BAD_JSON, "brackets are nested too deeply", place) from None
    except ValueError as error:
        raise SkipError(Reason.BAD_JSON, str(error), place) from None
    if not isinstance(row, dict):
        raise SkipError(Reason.BAD_JSON, f"it is {type(row).__name__}, not an object", place)
    return row, used


def _single(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    row = dict(pairs)
    if len(row) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"the key {next(n for n in names if names.count(n) > 1)!r} is there twice")
    return row
