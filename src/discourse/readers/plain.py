"""Plain text: the whole file is one document, and its text is the file as decoded."""

from __future__ import annotations

from collections.abc import Iterator

from discourse.readers.decode import decode
from discourse.readers.disk import Source, sha256
from discourse.readers.records import Document


def read(source: Source, encoding: str | None = None) -> Iterator[Document]:
    """Yield the one document of a .txt file."""
    data = source.read()
    text, used = decode(data, encoding=encoding)
    yield Document(text, sha256=sha256(data), encoding=used)
