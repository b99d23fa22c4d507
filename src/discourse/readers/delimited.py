"""CSV and TSV: one document a row, every cell as the text it is.

The csv module reads them, since it changes nothing: ids such as 007, cells such as "None" or "NA", and NUL characters
stay. A row whose cells do not match the header is skipped with its line, never padded, cut or shifted.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from discourse.readers.columns import Columns, row_document
from discourse.readers.decode import decode
from discourse.readers.disk import Source
from discourse.readers.records import Document, Reason, Skip, SkipError, skip

_RECOVERIES = 1_000
"""Faulty rows after which the rest of a file is skipped as one: each costs a second look at the lines after it."""


def read(source: Source, columns: Columns, encoding: str | None = None) -> Iterator[Document | Skip]:
    """Yield a document or a skip for each row of a .csv or .tsv file."""
    text, used = decode(source.read(), encoding=encoding)
    separator = "\t" if source.suffix == ".tsv" else ","
    lines = text.split("\n")
    lines = [line + "\n" for line in lines[:-1]] + lines[-1:]
    rows = _rows(lines, separator)
    _, header = next(rows, (0, None))
    if header is None or isinstance(header, SkipError):
        raise SkipError(Reason.NO_TEXT_COLUMN, "it has no header line" if header is None else header.detail)
    chosen = columns.choose(header, f"{source.name} (separated by {'tabs' if separator == chr(9) else 'commas'})")
    for number, (line, row) in enumerate(rows, start=1):
        place = f"line {line}"
        try:
            if isinstance(row, SkipError):
                raise row
            if len(row) != len(header):
                raise SkipError(Reason.RAGGED_ROW, f"{len(row)} cells where the header has {len(header)}", place)
            yield row_document(row, chosen, number, place, used)
        except SkipError as error:
            yield skip(source.name, error)


def _rows(lines: list[str], separator: str) -> Iterator[tuple[int, Any]]:
    """(first line, cells or the fault) of each row; blank lines are no rows.

    After a fault reading goes on with the line after the row's first, since an open quotation mark swallows the rest.
    """
    done, faults = 0, 0
    while done < len(lines):
        reader = csv.reader(lines[done:], delimiter=separator, strict=True)
        begin = done
        try:
            with _long_cells():
                for row in reader:
                    line, done = done + 1, begin + reader.line_num
                    if row:
                        yield line, row
            return
        except csv.Error as error:
            faults += 1
            fault = str(error).replace("unexpected end of data", "a quotation mark opens and none closes")
            if faults > _RECOVERIES:
                yield done + 1, SkipError(Reason.BAD_CSV, f"more than {_RECOVERIES} faulty rows; the rest was left")
                return
            yield done + 1, SkipError(Reason.BAD_CSV, fault, f"line {done + 1}")
            done += 1


@contextmanager
def _long_cells() -> Iterator[None]:
    """The csv module refuses cells beyond 131,072 characters; an article may be longer."""
    before = csv.field_size_limit(sys.maxsize if sys.maxsize <= 2**31 - 1 else 2**31 - 1)
    try:
        yield
    finally:
        csv.field_size_limit(before)
