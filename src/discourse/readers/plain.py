"""Plain text: the whole file is one document, its text the file as decoded; a Nexis export is its articles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from discourse.readers import nexis
from discourse.readers.decode import decode
from discourse.readers.disk import Source, sha256
from discourse.readers.records import Document


def read(source: Source, encoding: str | None = None) -> Iterator[Document]:
    """Yield the one document of a .txt file, or the articles of a Nexis export."""
    data = source.read()
    text, used = decode(data, encoding=encoding)
    if nexis.is_export(text):
        yield from (replace(article, encoding=used) for article in nexis.articles(text))
        return
    digest = sha256(data)
    del data  # a generator keeps its names while the caller works
    yield Document(text, sha256=digest, encoding=used)
