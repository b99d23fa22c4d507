"""Word documents: the paragraphs in order, those of tables among them, then notes; a block for each by its style.

The parts are streamed, not built into a tree: a Word file of 1.4 MB can hold 600 MB of XML, which costs a tree 2 GB.
Deleted text of tracked changes is left out and inserted text kept: the document as its author would print it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from discourse.readers import markup, nexis
from discourse.readers.archive import Archive
from discourse.readers.disk import Source, sha256
from discourse.readers.records import Block, Document, Reason, Skip, SkipError

_MAX_PART = 32 * 2**20
"""Bytes of one part. A book of 600 pages has about 10 MB; this much takes some seconds."""
_NO_TEXT_FROM = 1_000
_WORD = re.compile(r"\S*(?:wordprocessingml|markup-compatibility)\S* ")
_INDENTED = 360
"""Twentieths of a point. A paragraph indented this far on both sides is a displayed quotation, styled or not."""
_HIDDEN = ("del", "moveFrom", "Fallback")
"""Deleted and moved text, and the second copy of a text box that is kept for old programs."""
_PROPERTIES_OF_PARAGRAPHS = ("pStyle", "numPr", "ilvl", "ind")
_CHARACTERS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}
_PROPERTIES = {"dc:title": "title", "dc:creator": "author", "dcterms:created": "created"}
_STYLES = (
    (re.compile(r"title"), "title"),
    (re.compile(r"(?:heading \d|subtitle)"), "heading"),
    (re.compile(r"(?:intense )?quote|block text|quotations?"), "blockquote"),
    (re.compile(r"list.*"), "list_item"),
    (re.compile(r"caption"), "caption"),
)


def read(source: Source) -> Iterator[Document | Skip]:
    """Yield the one document of a .docx file, or the articles of a Nexis export."""
    data = source.read()
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise SkipError(Reason.ENCRYPTED, "it is an old .doc file or has a password")
    archive = Archive(data)
    metadata, paragraphs = _metadata(archive), _paragraphs(archive)
    text, blocks = _joined(paragraphs)
    if nexis.is_export(text):
        yield from nexis.articles(text)
        return
    if not text and len(data) > _NO_TEXT_FROM and _pictures(archive):
        raise SkipError(Reason.NO_TEXT, "it holds pictures and no text")
    yield Document(text, metadata, blocks, sha256=sha256(data))


class Paragraph(NamedTuple):
    text: str
    kind: str
    level: int


def _paragraphs(archive: Archive) -> list[Paragraph]:
    main = next((m for m in archive.members if re.fullmatch(r"word/document\d*\.xml", m.filename)), None)
    if main is None:
        raise SkipError(Reason.DAMAGED, "it holds no word/document.xml: it is no Word document")
    styles = _style_kinds(archive)
    found = _part(archive, main.filename, styles)
    for name in ("word/footnotes.xml", "word/endnotes.xml"):
        found += _part(archive, name, styles)
    running = [m.filename for m in archive.members if re.fullmatch(r"word/(?:header|footer)\d*\.xml", m.filename)]
    furniture = [p.text for name in sorted(running) for p in _part(archive, name, styles)]
    return found + [Paragraph(text, "furniture", 0) for text in dict.fromkeys(furniture)]


def _part(archive: Archive, name: str, styles: dict[str, tuple[str, int]]) -> list[Paragraph]:
    member = archive.find(name)
    if member is None:
        return []
    target = _Body(styles)
    try:
        markup.parse_all(archive.read(member, _MAX_PART), target, namespaces=True)
    except SkipError as error:
        where = f"{name}, {error.locator}" if error.locator and error.locator != name else name
        raise SkipError(error.reason, error.detail, where, error.advice) from None
    return target.paragraphs


@dataclass
class _Open:
    """A paragraph being read."""

    text: list[str] = field(default_factory=list)
    kind: str = "paragraph"
    level: int = 0

    def become(self, kind: str, level: int) -> None:
        if self.kind in ("paragraph", kind):
            self.kind, self.level = kind, level

    def close(self) -> Paragraph:
        return Paragraph("".join(self.text).strip(), self.kind, self.level)


class _Body:
    """Gathers paragraphs from the calls of the XML parser; a paragraph may stand in another (text boxes)."""

    def __init__(self, styles: dict[str, tuple[str, int]]) -> None:
        self.styles = styles
        self.paragraphs: list[Paragraph] = []
        self.open: list[_Open] = []
        self.hidden = 0
        self.taking = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = _local(tag)
        if name in _HIDDEN:
            self.hidden += 1
        elif name == "p":
            self.open.append(_Open())
        elif self.open:
            self._inside(name, attributes)

    def _inside(self, name: str, given: dict[str, str]) -> None:
        paragraph = self.open[-1]
        if name == "t":
            self.taking = not self.hidden
        elif name in _CHARACTERS:
            if not self.hidden:
                paragraph.text.append(_CHARACTERS[name])
        elif name in _PROPERTIES_OF_PARAGRAPHS:
            self._property(name, paragraph, {_local(key): value for key, value in given.items()})

    def _property(self, name: str, paragraph: _Open, attributes: dict[str, str]) -> None:
        if name == "pStyle":
            paragraph.become(*self.styles.get(attributes.get("val", ""), ("paragraph", 0)))
        elif name == "numPr":
            paragraph.become("list_item", 1)
        elif name == "ilvl" and paragraph.kind == "list_item":
            paragraph.level = 1 + _whole(attributes.get("val"))
        elif name == "ind":
            left = attributes.get("left") or attributes.get("start")
            right = attributes.get("right") or attributes.get("end")
            if min(_whole(left), _whole(right)) >= _INDENTED:
                paragraph.become("blockquote", 1)

    def end(self, tag: str) -> None:
        name = _local(tag)
        if name in _HIDDEN:
            self.hidden -= 1
        elif name == "t":
            self.taking = False
        elif name == "p" and self.open:
            paragraph = self.open.pop().close()
            if paragraph.text and not self.hidden:
                self.paragraphs.append(paragraph)

    def data(self, data: str) -> None:
        if self.taking and self.open:
            self.open[-1].text.append(data)


@lru_cache(maxsize=1_000)
def _local(tag: str) -> str:
    """The name of a WordprocessingML element or attribute; other vocabularies keep their address, and match nothing."""
    return _WORD.sub("", tag)


def _whole(value: str | None) -> int:
    return int(value) if value is not None and re.fullmatch(r"-?\d{1,9}", value) else 0


class _Styles:
    """Style id -> kind and level, by the style's name, which Word keeps in English in every language."""

    def __init__(self) -> None:
        self.kinds: dict[str, tuple[str, int]] = {}
        self._open = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name, given = _local(tag), {_local(key): value for key, value in attributes.items()}
        if name == "style":
            self._open = given.get("styleId", "")
        elif name == "name" and self._open:
            said = given.get("val", "").lower()
            kind = next((kind for pattern, kind in _STYLES if pattern.fullmatch(said)), None)
            if kind:
                self.kinds[self._open] = (kind, int(said[-1]) if said[-1:].isdigit() else 1)

    def end(self, tag: str) -> None:
        if _local(tag) == "style":
            self._open = ""

    def data(self, data: str) -> None:
        """Styles hold no text."""


def _style_kinds(archive: Archive) -> dict[str, tuple[str, int]]:
    member, target = archive.find("word/styles.xml"), _Styles()
    if member is not None:
        markup.parse_all(archive.read(member, _MAX_PART), target, namespaces=True)
    return target.kinds


def _metadata(archive: Archive) -> dict[str, str]:
    """Title, author and the day the file was made, from the document's properties; that day is not the text's date."""
    member = archive.find("docProps/core.xml")
    if member is None:
        return {}
    target = markup.Texts(lambda tag: tag in _PROPERTIES)
    markup.parse_all(archive.read(member, _MAX_PART), target)
    return {_PROPERTIES[tag]: text.strip() for tag, text in target.found.items() if text.strip()}


def _pictures(archive: Archive) -> bool:
    return any(member.filename.startswith("word/media/") for member in archive.members)


def _joined(paragraphs: list[Paragraph]) -> tuple[str, list[Block]]:
    blocks: list[Block] = []
    at = 0
    for text, kind, level in paragraphs:
        block = Block(at, at + len(text), kind, level)
        if kind == "blockquote" and blocks and blocks[-1].kind == kind:
            block = block._replace(start=blocks.pop().start)
        blocks.append(block)
        at += len(text) + 2
    return "\n\n".join(paragraph.text for paragraph in paragraphs), blocks
