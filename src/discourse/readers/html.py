"""HTML pages: the visible text with its paragraphs, and a block for every stretch the markup sets apart.

Nothing visible is thrown away. Boilerplate extractors decide what an article is and drop the rest; where they err, a
quotation is lost and no one is told. Here menus, share bars, related links and footers stay in the text as blocks of
kind `furniture`, which later steps do not count. Scripts, styles and comments are not text and are left out.

lxml's parser calls a target instead of building a tree: libxml2 limits the depth of a tree (250 nested elements are
enough to lose an article), not of the calls, and time and memory stay linear.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from lxml import etree

from discourse.readers import nexis
from discourse.readers.decode import decode
from discourse.readers.disk import Source, sha256
from discourse.readers.records import Block, Document, Reason, SkipError

_NO_TEXT_FROM = 1_000
"""Bytes from which a page without any text is skipped instead of kept as an empty document."""

_LEFT_OUT = frozenset("script style template noscript iframe object svg canvas audio video head datalist".split())
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big button cite code data del dfn em font i ins kbd label mark meter nobr output q "
    "ruby rb rp rt s samp small span strike strong sub sup time tt u var wbr".split()
)
_CELLS = frozenset(("td", "th"))
_FURNITURE = frozenset("nav footer aside button select menu dialog textarea".split())
_FURNITURE_ROLES = frozenset("navigation banner contentinfo complementary search dialog menu menubar toolbar".split())
_FURNITURE_NAMES = re.compile(
    r"(?:(?:site|page|post|entry|article|main|global|top|sd|jp|widget|block|js)[-_]?)?"
    r"(?:share|sharing|sharedaddy|social|related|relatedposts|newsletter|promo|cookies?|consent|menu|nav|navbar|"
    r"navigation|sidebar|breadcrumbs?|footer|adverts?|advertisement|sponsored|comments?|commentlist|respond|subscribe|"
    r"signup|popular|most-read|mostread|trending|recommended|pagination|pager|toolbar|skip-link|disqus_thread)"
    r"(?:[-_](?:bar|box|buttons?|links?|list|icons?|tools?|area|section|container|wrapper|content|posts?|articles?|"
    r"stories|widget|form|menu|block|banner|nav|navigation|media|this|enabled|\d+))*",
    re.IGNORECASE,
)
_UNNAMED = frozenset("html body main article".split())
"""Elements whose class says nothing: themes put `has-sidebar` on the body and categories on the article."""

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_SPACE = re.compile("[ \t\n\r\f]+")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BREAK, _CELL = "\0b", "\0c"
"""Stand for <br> and for the gap between two cells until the paragraph is made: parsers let no NUL into a text."""

_DECLARED = re.compile(
    rb"""<(?:meta[^>]{0,300}?charset|\?xml[^>]{0,300}?encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""", re.I
)
_META = {
    "title": ("og:title", "twitter:title", "dc.title", "citation_title"),
    "author": ("author", "article:author", "dc.creator", "byl", "parsely-author", "sailthru.author"),
    "date": (
        "article:published_time",
        "date",
        "pubdate",
        "dc.date",
        "dc.date.issued",
        "publish-date",
        "parsely-pub-date",
    ),
    "outlet": ("og:site_name", "application-name", "dc.publisher", "publisher"),
    "url": ("og:url",),
    "language": ("og:locale",),
}
_SAME = {name: column for column, names in _META.items() for name in names}


def read(source: Source, encoding: str | None = None) -> Iterator[Document]:
    """Yield the one document of an HTML page, or the articles of a Nexis export."""
    data = source.read()
    found = _DECLARED.search(data[:4096])
    text, used = decode(data, encoding=encoding, declared=found[1].decode("ascii") if found else None)
    page = extract(text)
    if nexis.is_export(page.text):
        yield from (replace(article, encoding=used) for article in nexis.articles(page.text))
        return
    if not page.text and len(data) > _NO_TEXT_FROM:
        raise SkipError(Reason.NO_TEXT, f"{len(data)} bytes of markup and no text")
    yield Document(page.text, page.metadata, page.blocks, sha256=sha256(data), encoding=used)


class Page(NamedTuple):
    """Text of a page, its blocks (disjoint, in text order) and what the page says of itself."""

    text: str
    blocks: list[Block]
    metadata: dict[str, Any]


def extract(markup: str, *, breaks: bool = False) -> Page:
    """Text, blocks and metadata of HTML.

    Parameters
    ----------
    markup : a page or a piece of one.
    breaks : whether a blank line ends a paragraph and a line end breaks the line, as in WordPress posts.
    """
    target = _Target(breaks)
    parser = etree.HTMLParser(target=target, huge_tree=True, encoding="utf-8")
    if markup.strip():
        parser.feed(markup.encode("utf-8", "surrogatepass"))
        parser.close()
    return target.page()


class _Context(NamedTuple):
    """What the text at this place is: kind and level, the element that made it so, whether only its class says so."""

    kind: str = "paragraph"
    level: int = 0
    owner: int = 0
    named: bool = False


class _Open(NamedTuple):
    tag: str
    context: _Context
    left_out: bool
    kept_space: bool


class _Leaf(NamedTuple):
    text: str
    context: _Context
    links: int
    linked: int


class _Target:
    """What lxml's parser calls: gathers paragraphs with the context they stand in."""

    def __init__(self, breaks: bool) -> None:
        self.breaks = breaks
        self.stack = [_Open("", _Context(), False, False)]
        self.leaves: list[_Leaf] = []
        self.run: list[str] = []
        self.links = self.linked = self.in_link = 0
        self.elements = 0
        self.article = 0
        self.caught: list[str] | None = None
        self.metadata: dict[str, str] = {}
        self.title: list[str] = []
        self.json: list[str] = []

    # -- the parser's calls ------------------------------------------------------------------------------------------

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.elements += 1
        self._metadata(tag, attributes)
        if tag in _VOID:
            self._void(tag)
            return
        top = self.stack[-1]
        if tag not in _INLINE and tag not in _CELLS:
            self._flush()
        elif tag == "q":
            self.run.append("“")
        if tag == "a" and not top.left_out:
            self.in_link += 1
            self.links += 1
        if tag in ("article", "main"):
            self.article += 1
        context = self._context(tag, attributes, top.context)
        self.stack.append(_Open(tag, context, top.left_out or tag in _LEFT_OUT, top.kept_space or tag == "pre"))

    def end(self, tag: str) -> None:
        if tag in _VOID or len(self.stack) == 1:
            return
        if tag == "q":
            self.run.append("”")
        elif tag in _CELLS:
            self._cell()
        elif tag not in _INLINE:
            self._flush()
        if tag == "a":
            self.in_link = max(0, self.in_link - 1)
        if tag in ("article", "main"):
            self.article = max(0, self.article - 1)
        if tag in ("title", "script"):
            self.caught = None
        self.stack.pop()

    def data(self, data: str) -> None:
        top = self.stack[-1]
        if self.caught is not None:
            self.caught.append(data)
        if top.left_out:
            return
        if self.in_link:
            self.linked += len(data.strip())
        if top.kept_space:
            self.run.append(data.replace("\r\n", "\n").replace("\n", _BREAK))
        elif self.breaks and "\n" in data:
            self._broken(data)
        else:
            self.run.append(data)

    def comment(self, data: str) -> None:
        """Comments are no text."""

    def close(self) -> None:
        self._flush()

    # -- paragraphs --------------------------------------------------------------------------------------------------

    def _void(self, tag: str) -> None:
        if tag == "hr":
            self._flush()
        elif tag == "br" and not self.stack[-1].left_out:
            if not "".join(self.run[-2:]).rstrip(" \t\n\r\f").endswith(_BREAK):
                self.run.append(_BREAK)
            else:
                self._flush()

    def _cell(self) -> None:
        if self.run and not self.stack[-1].left_out:
            self.run.append(_CELL)

    def _broken(self, data: str) -> None:
        parts = re.split(r"\n[ \t\r]*\n\s*", data)
        for part in parts[:-1]:
            self.run.append(part.replace("\n", _BREAK))
            self._flush()
        self.run.append(parts[-1].replace("\n", _BREAK))

    def _flush(self) -> None:
        if not self.run:
            self.links = self.linked = 0
            return
        top = self.stack[-1]
        joined = "".join(self.run)
        if not top.kept_space:
            joined = re.sub(r" ?(\x00[bc]) ?", r"\1", _SPACE.sub(" ", joined))
        text = joined.replace(_BREAK, "\n").replace(_CELL, "\t").strip()
        if text and text not in ("“", "”", "“”"):
            self.leaves.append(_Leaf(text, top.context, self.links, self.linked))
        self.run = []
        self.links, self.linked = self.in_link, 0

    # -- what the element is -----------------------------------------------------------------------------------------

    def _context(self, tag: str, attributes: Mapping[str, str], outer: _Context) -> _Context:
        if outer.kind == "furniture":
            return outer
        if tag == "blockquote":
            level = outer.level + 1 if outer.kind == "blockquote" else 1
            return _Context("blockquote", level, self.elements)
        if outer.kind == "blockquote":
            return _Context() if tag == "footer" else outer
        sure = self._furniture(tag, attributes)
        if sure or self._furniture_name(tag, attributes):
            return _Context("furniture", 0, self.elements, not sure)
        if tag in _HEADINGS:
            return _Context("heading", _HEADINGS[tag], self.elements)
        if tag in ("li", "dt", "dd"):
            return _Context("list_item", outer.level + 1 if outer.kind == "list_item" else 1, self.elements)
        if tag in ("figcaption", "caption"):
            return _Context("caption", 0, self.elements)
        return outer

    def _furniture(self, tag: str, attributes: Mapping[str, str]) -> bool:
        if tag in _FURNITURE or (tag == "header" and not self.article):
            return True
        if attributes.get("role", "").strip().lower() in _FURNITURE_ROLES and tag not in _UNNAMED:
            return True
        return "hidden" in attributes or bool(_HIDDEN.search(attributes.get("style", "")))

    def _furniture_name(self, tag: str, attributes: Mapping[str, str]) -> bool:
        if tag in _UNNAMED or tag in _INLINE:
            return False
        names = f"{attributes.get('class', '')} {attributes.get('id', '')}".split()
        return any(len(name) < 60 and _FURNITURE_NAMES.fullmatch(name) for name in names)

    # -- what the page says of itself ----------------------------------------------------------------------------------

    def _metadata(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "meta":
            name = (attributes.get("property") or attributes.get("name") or "").strip().lower()
            column = _SAME.get(name)
            if column and attributes.get("content", "").strip():
                self.metadata.setdefault(column, _tidy(attributes["content"]))
        elif tag == "html" and attributes.get("lang"):
            self.metadata.setdefault("language", attributes["lang"].strip())
        elif tag == "link" and attributes.get("rel", "").lower() == "canonical" and attributes.get("href"):
            self.metadata["url"] = attributes["href"].strip()
        elif tag == "time" and attributes.get("datetime") and self.article:
            self.metadata.setdefault("date", attributes["datetime"].strip())
        elif tag == "title" and not self.title and self.stack[-1].tag in ("head", "html", ""):
            self.caught = self.title
        elif tag == "script" and attributes.get("type", "").lower() == "application/ld+json":
            self.json.append("")
            self.caught = self.json

    def page(self) -> Page:
        """The paragraphs as one text, blank lines between, and their blocks."""
        self._linked_data()
        title = _tidy("".join(self.title))
        if title:
            self.metadata.setdefault("title", title)
        leaves = _named_too_much(_menus([_linked(leaf) for leaf in self.leaves]))
        blocks: list[Block] = []
        at, last = 0, -1
        for leaf in leaves:
            context = leaf.context
            block = Block(at, at + len(leaf.text), context.kind, context.level)
            if context.owner == last and context.kind in ("blockquote", "list_item", "furniture") and context.owner:
                block = block._replace(start=blocks.pop().start)
            blocks.append(block)
            at, last = at + len(leaf.text) + 2, context.owner
        text = "\n\n".join(leaf.text for leaf in leaves)
        blocks = _titled(text, blocks, title)
        headline = next((text[b.start : b.end] for b in blocks if b.kind == "title"), "")
        if headline and self.metadata.get("title", title) == title:  # a window title has the site's name added
            self.metadata["title"] = _tidy(headline)
        return Page(text, blocks, dict(self.metadata))

    def _linked_data(self) -> None:
        for part in _objects("".join(self.json)):
            kind = str(part.get("@type", ""))
            if "Article" not in kind and "Posting" not in kind:
                continue
            for column, key in (
                ("title", "headline"),
                ("date", "datePublished"),
                ("author", "author"),
                ("outlet", "publisher"),
            ):
                value = _name(part.get(key))
                if value:
                    self.metadata.setdefault(column, value)


def _linked(leaf: _Leaf) -> _Leaf:
    """A paragraph that is mostly links, two or more of them, is a menu or a list of other stories."""
    if leaf.context.kind == "paragraph" and leaf.links > 1 and leaf.linked > 0.6 * len(leaf.text):
        return leaf._replace(context=_Context("furniture", 0, 0))
    return leaf


def _menus(leaves: list[_Leaf]) -> list[_Leaf]:
    """List items side by side that are links of up to three words are a menu, whatever element holds them."""
    short = [
        leaf.context.kind == "list_item" and leaf.linked >= 0.9 * len(leaf.text) and len(leaf.text.split()) <= 3
        for leaf in leaves
    ]
    near = [*short, False]
    return [
        leaf._replace(context=_Context("furniture", 0, 0)) if short[at] and (near[at - 1] or near[at + 1]) else leaf
        for at, leaf in enumerate(leaves)
    ]


def _named_too_much(leaves: list[_Leaf]) -> list[_Leaf]:
    """An element that holds most of the page is no furniture, whatever its class: themes name containers so."""
    sizes: dict[int, int] = {}
    for leaf in leaves:
        if leaf.context.named:
            sizes[leaf.context.owner] = sizes.get(leaf.context.owner, 0) + len(leaf.text)
    whole = sum(len(leaf.text) for leaf in leaves)
    plain = {owner for owner, size in sizes.items() if 2 * size > whole}
    return [leaf._replace(context=_Context()) if leaf.context.owner in plain else leaf for leaf in leaves]


def _titled(text: str, blocks: list[Block], title: str) -> list[Block]:
    """The heading that says most of what the page's title says is the title, else the first of level 1."""
    headings = [(at, _tidy(text[b.start : b.end])) for at, b in enumerate(blocks) if b.kind == "heading"]
    within = [(len(said), -at) for at, said in headings if said and said.casefold() in title.casefold()]
    first = [at for at, _ in headings if blocks[at].level == 1]
    chosen = -max(within)[1] if within else (first[0] if first else None)
    return [block._replace(kind="title") if at == chosen else block for at, block in enumerate(blocks)]


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """Every object of the JSON values that stand one after another in `text`, until one is faulty."""
    decoder, at = json.JSONDecoder(), 0
    while at < len(text):
        begin = re.compile(r"\s*").match(text, at)
        try:
            value, at = decoder.raw_decode(text, begin.end() if begin else at)
        except (ValueError, RecursionError):
            return
        waiting = [value]
        while waiting:
            part = waiting.pop(0)
            if isinstance(part, list):
                waiting += part
            elif isinstance(part, dict):
                yield part
                waiting += [part["@graph"]] if "@graph" in part else []


def _name(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(filter(None, (_name(part) for part in value)))
    if isinstance(value, dict):
        value = value.get("name")
    return _tidy(value) if isinstance(value, str) else ""


def _tidy(text: str) -> str:
    return " ".join(text.split())
