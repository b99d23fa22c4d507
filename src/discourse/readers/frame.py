"""A DataFrame: one document a row, every other column kept with its type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from discourse.errors import ReadError
from discourse.readers.columns import CONTRACT, Chosen, Columns, row_document
from discourse.readers.records import Document, Skip, SkipError, skip


def read(data: pd.DataFrame, columns: Columns) -> tuple[Iterator[Document | Skip], dict[str, Any]]:
    """A document or a skip for each row, and the type of each metadata column.

    Raises
    ------
    ReadError
        A column that was asked for is not there, or two columns share a name.
    """
    if data.index.name is not None and data.index.name == (columns.doc_id or "doc_id"):
        data = data.reset_index()
    header = [str(name) for name in data.columns]
    twice = [name for name in header if header.count(name) > 1]
    if twice:
        raise ReadError(f"the DataFrame has the column {twice[0]!r} twice; rename one of them")
    chosen = columns.choose(header, "the DataFrame")
    types = {name: data.dtypes.iloc[at] for name, at in chosen.metadata.items() if name not in CONTRACT}
    return _rows(data, chosen), types


def _rows(data: pd.DataFrame, chosen: Chosen) -> Iterator[Document | Skip]:
    values = [data[name].tolist() for name in data.columns]
    for number, row in enumerate(zip(*values, strict=True), start=1):
        try:
            yield row_document(row, chosen, number, f"row {number}")
        except SkipError as error:
            yield skip("DataFrame", error)
