"""Markdown with front matter: metadata from the front matter, the text as it stands below it, blocks from its marks.

The text keeps its marks (`>`, `#`, `*`), so that offsets are offsets into what the author typed. markdown-it finds the
blocks; only its block rules run, since inline marks open no voice.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from discourse.readers.decode import decode
from discourse.readers.disk import Source, sha256
from discourse.readers.records import Block, Document

_FRONT = re.compile(r"(---|\+\+\+)[ \t]*(\r\n|\r|\n)(.*?)(?:\r\n|\r|\n)(?:\1|\.\.\.)[ \t]*(?:\r\n|\r|\n|\Z)", re.DOTALL)
_FRONT_MAX = 1 << 16
_LINE_END = re.compile(r"\r\n|\r|\n")
_MARKS = re.compile(r"[ \t]*(?:(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t]))[ \t]*)*(?:#{1,6}(?=[ \t])[ \t]*)?")
_LEAVES = ("paragraph_open", "heading_open", "fence", "code_block", "html_block")
_CONTAINERS = {"blockquote_open": "blockquote", "list_item_open": "list_item"}


def read(source: Source, encoding: str | None = None) -> Iterator[Document]:
    """Yield the one document of a .md file."""
    data = source.read()
    whole, used = decode(data, encoding=encoding)
    metadata, begin, notes = front_matter(whole)
    text = whole[begin:]
    blocks = find_blocks(text, metadata.get("title"))
    title = next((text[b.start : b.end] for b in blocks if b.kind == "title"), None)
    metadata = {**({"title": title} if title else {}), **metadata}
    yield Document(text, metadata, blocks, metadata.pop("doc_id", None), None, sha256(data), used, notes)


def front_matter(text: str) -> tuple[dict[str, Any], int, tuple[str, ...]]:
    """Metadata of YAML (`---`) or TOML (`+++`) front matter, where the text begins, and notes.

    Every YAML value is read as the text it is written as, so that `007` and `no` stay themselves; tags build nothing,
    and aliases, which can multiply without bound, are refused. Front matter that cannot be read stays in the text.
    """
    found = _FRONT.match(text[:_FRONT_MAX])
    if found is None:
        return {}, 0, ()
    try:
        read_as = tomllib.loads if found[1] == "+++" else _yaml
        values = read_as(found[3].replace("\r\n", "\n"))
    except (yaml.YAMLError, tomllib.TOMLDecodeError, RecursionError, ValueError):
        return {}, 0, ("front matter could not be read and is part of the text",)
    if not isinstance(values, Mapping):
        return {}, 0, ()
    return {str(key): _flat(value) for key, value in values.items()}, found.end(), ()


class _Text(yaml.BaseLoader):
    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not read")
        return super().compose_node(parent, index)


def _yaml(text: str) -> Any:
    return yaml.load(text, Loader=_Text)


def _flat(value: Any) -> Any:
    if isinstance(value, list) and all(isinstance(part, str | int | float) for part in value):
        return "; ".join(str(part) for part in value)
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    return value


class _Context(NamedTuple):
    kind: str
    level: int
    owner: int


def find_blocks(text: str, title: Any = None) -> list[Block]:
    """The blocks of Markdown `text`: disjoint, in text order; quotations and list items without their first mark.

    A block quote of several paragraphs is one block; a quote within it is another, one level deeper, and splits it.
    """
    tokens: list[Token] = []
    parser = MarkdownIt("commonmark")
    parser.block.parse(_LINE_END.sub("\n", text).replace("\0", "\ufffd"), parser, {}, tokens)
    starts = [0, *(found.end() for found in _LINE_END.finditer(text)), len(text)]
    blocks: list[Block] = []
    last = -1
    for token, context in _leaves(tokens):
        first, stop = token.map or (0, 0)
        block = _block(text, starts[first], starts[min(stop, len(starts) - 1)], context, token)
        if block is None:
            continue
        if context.owner == last and context.owner and block.kind == blocks[-1].kind:
            block = block._replace(start=blocks.pop().start)
        blocks.append(block)
        last = context.owner
    return _titled(text, blocks, title)


def _leaves(tokens: list[Token]) -> Iterator[tuple[Token, _Context]]:
    """Each block that holds text, with the innermost quote (else list item) it stands in."""
    stack: list[_Context] = []
    for number, token in enumerate(tokens, start=1):
        if token.type in _CONTAINERS:
            kind = _CONTAINERS[token.type]
            level = 1 + sum(c.kind == kind for c in stack)
            stack.append(_Context(kind, level, number))
        elif token.type.removesuffix("_close") + "_open" in _CONTAINERS and token.nesting == -1:
            stack.pop()
        elif token.type in _LEAVES:
            quotes = [c for c in stack if c.kind == "blockquote"]
            yield token, (quotes or stack or [_Context("paragraph", 0, 0)])[-1]


def _block(text: str, start: int, end: int, context: _Context, token: Token) -> Block | None:
    if token.type == "heading_open" and context.kind != "blockquote":
        context = _Context("heading", int(token.tag[1:]), 0)
        if token.markup in ("=", "-"):
            end = text.rfind(_last_line(text, start, end), start, end)
    marks = _MARKS.match(text, start, end)
    start = marks.end() if marks else start
    start = end - len(text[start:end].lstrip())
    trimmed = text[start:end].rstrip()
    if context.kind == "heading" and token.markup.startswith("#"):
        trimmed = re.sub(r"[ \t]+#+$", "", trimmed)
    return Block(start, start + len(trimmed), context.kind, context.level) if trimmed.strip("> \t\r\n") else None


def _last_line(text: str, start: int, end: int) -> str:
    return _LINE_END.split(text[start:end].rstrip())[-1]


def _titled(text: str, blocks: list[Block], title: Any) -> list[Block]:
    """The heading that opens the text, or says what the metadata's title says, is the title."""
    for at, block in enumerate(blocks):
        said = text[block.start : block.end]
        if block.kind == "heading" and ((at == 0 and block.level == 1) or said == title):
            return [*blocks[:at], block._replace(kind="title"), *blocks[at + 1 :]]
    return blocks
