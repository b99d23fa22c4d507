"""Parquet: one document a row, values with the types they have.

Checksums of pages are verified where the file has them: one flipped bit is otherwise a wrong cell without an error.
A row group that cannot be read is skipped and named; the others load.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from discourse.readers.columns import Columns, row_document
from discourse.readers.disk import Source
from discourse.readers.records import Document, Reason, Skip, SkipError, skip


def read(source: Source, columns: Columns) -> Iterator[Document | Skip]:
    """Yield a document or a skip for each row of a .parquet file."""
    with source.open() as handle:
        try:
            file = pq.ParquetFile(handle, page_checksum_verification=True)
        except (pa.ArrowException, OSError) as error:
            raise SkipError(Reason.DAMAGED, f"it is no Parquet file: {_said(error)}") from None
        chosen = columns.choose(file.schema_arrow.names, source.name)
        before = 0
        for group in range(file.num_row_groups):
            count = file.metadata.row_group(group).num_rows
            rows = f"rows {before + 1}-{before + count}"
            try:
                table = file.read_row_group(group)
                values = [column.to_pylist() for column in table.columns]
            except (pa.ArrowException, OSError, ValueError) as error:
                yield skip(source.name, SkipError(Reason.DAMAGED, f"{rows} cannot be read: {_said(error)}", rows))
                before += count
                continue
            for number, row in enumerate(zip(*values, strict=True), start=before + 1):
                place = f"row {number}"
                try:
                    yield row_document(row, chosen, number, place)
                except SkipError as error:
                    yield skip(source.name, error)
            before += count


def _said(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
