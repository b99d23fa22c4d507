"""XML as a stream of calls, with nothing that can expand: a document type is refused before its first entity."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Protocol
from xml.parsers import expat

from discourse.readers.decode import decode
from discourse.readers.records import Reason, SkipError

_DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_.:-]+)""")
_FORBIDDEN = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters XML 1.0 forbids and WordPress exports all the same; each becomes U+FFFD, which reading remarks on."""
_PIECE = 1 << 16


class Target(Protocol):
    """What the parser calls."""

    def start(self, tag: str, attributes: dict[str, str]) -> None: ...
    def end(self, tag: str) -> None: ...
    def data(self, data: str) -> None: ...


def parse(data: bytes, target: Target, *, encoding: str | None = None, namespaces: bool = False) -> Iterator[None]:
    """Feed `data` to `target`; yields between pieces, so that a caller can take what is finished.

    Parameters
    ----------
    namespaces : whether tags are "uri local" instead of "prefix:local".

    Raises
    ------
    SkipError
        The XML declares a document type, or is not well formed.
    """
    found = _DECLARED.match(data[:400])
    text, _ = decode(data, encoding=encoding, declared=found[1].decode("ascii") if found else None)
    encoded = _FORBIDDEN.sub("\ufffd", text).lstrip("\ufeff \t\r\n").encode("utf-8", "surrogatepass")
    parser = expat.ParserCreate("utf-8", " " if namespaces else None)
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = target.start, target.end
    parser.CharacterDataHandler = target.data
    parser.StartDoctypeDeclHandler = _refuse
    try:
        for at in range(0, len(encoded), _PIECE):
            parser.Parse(encoded[at : at + _PIECE], False)
            yield
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        said = expat.ErrorString(error.code)
        raise SkipError(Reason.BAD_XML, f"{said} (column {error.offset})", f"line {error.lineno}") from None


def _refuse(*_: Any) -> None:
    raise SkipError(Reason.XML_ENTITY, "it declares a document type (<!DOCTYPE …>)")


def parse_all(data: bytes, target: Target, **options: Any) -> None:
    """`parse` to the end."""
    for _ in parse(data, target, **options):
        pass


class Texts:
    """A target that keeps the text of chosen elements: tag -> text of its first occurrence."""

    def __init__(self, wanted: Callable[[str], bool]) -> None:
        self.wanted, self.found, self._open = wanted, dict[str, str](), ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self.wanted(tag) and tag not in self.found:
            self._open = tag
            self.found[tag] = ""

    def end(self, tag: str) -> None:
        if tag == self._open:
            self._open = ""

    def data(self, data: str) -> None:
        if self._open:
            self.found[self._open] += data
