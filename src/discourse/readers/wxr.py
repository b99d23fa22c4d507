"""WordPress exports (WXR) and RSS feeds: each published post or page is a document.

The blog's title becomes the outlet, the author's display name the author. Comments are other people's voices: they are
left out and counted in `n_comments`. Drafts, attachments and menu entries are skipped, each with its title.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from discourse.readers import html, markup
from discourse.readers.disk import Source
from discourse.readers.records import Document, Reason, Skip, SkipError, skip

_FIELDS = {
    "title": "title",
    "link": "url",
    "dc:creator": "author",
    "wp:post_date": "date",
    "pubDate": "published",
    "excerpt:encoded": "excerpt",
    "wp:post_id": "post_id",
    "wp:post_type": "post_type",
    "wp:status": "status",
    "wp:post_password": "password",
    "content:encoded": "content",
    "description": "description",
}
_POSTS = ("post", "page")


def read(source: Source, encoding: str | None = None) -> Iterator[Document | Skip]:
    """Yield a document or a skip for each item of an export."""
    target, number = _Export(), 0
    for _ in markup.parse(source.read(), target, encoding=encoding):
        while target.items:
            number += 1
            yield _unit(source, target, target.items.pop(0), number)
        if target.depth_seen and not target.is_feed:
            break
    if not target.is_feed:
        raise SkipError(Reason.UNSUPPORTED_FORMAT, "it is XML, but no WordPress export")


@dataclass
class _Item:
    fields: dict[str, str] = field(default_factory=dict)
    terms: dict[str, list[str]] = field(default_factory=dict)
    comments: int = 0


class _Export:
    """Gathers items from the calls of the XML parser; finished ones wait in `items`."""

    def __init__(self) -> None:
        self.items: list[_Item] = []
        self.channel: dict[str, str] = {}
        self.authors: dict[str, str] = {}
        self.is_feed = self.depth_seen = False
        self._path: list[str] = []
        self._text: list[str] = []
        self._item: _Item | None = None
        self._domain = ""
        self._login = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._path.append(tag)
        self._text = []
        self.depth_seen = True
        if len(self._path) == 1:
            self.is_feed = tag == "rss"
        elif tag == "item":
            self._item = _Item()
        elif tag == "category":
            self._domain = attributes.get("domain", "category")

    def data(self, data: str) -> None:
        self._text.append(data)

    def end(self, tag: str) -> None:
        parent = self._path[-2] if len(self._path) > 1 else ""
        text = "".join(self._text)
        self._path.pop()
        if self._item is not None:
            self._in_item(tag, parent, text, self._item)
        elif parent == "channel" and tag in ("title", "language", "link"):
            self.channel.setdefault(tag, text.strip())
        elif tag == "wp:author_login":
            self._login = text.strip()
        elif tag == "wp:author_display_name" and text.strip():
            self.authors[self._login] = text.strip()

    def _in_item(self, tag: str, parent: str, text: str, item: _Item) -> None:
        if tag == "item":
            self.items.append(item)
            self._item = None
        elif tag == "wp:comment":
            item.comments += 1
        elif parent == "item" and tag == "category":
            item.terms.setdefault(self._domain, []).append(text.strip())
        elif parent == "item" and tag in _FIELDS:
            item.fields.setdefault(_FIELDS[tag], text)


def _unit(source: Source, export: _Export, item: _Item, number: int) -> Document | Skip:
    given = {name: text.strip() for name, text in item.fields.items() if text.strip()}
    place = f"item {number}"
    kind, status = given.get("post_type", "post"), given.get("status", "publish")
    if kind not in _POSTS or status != "publish":
        what = kind if kind not in _POSTS else f"{status} {kind}"
        return skip(source.name, SkipError(Reason.NOT_A_POST, f"{what}: {given.get('title', 'no title')[:120]}", place))
    markup_ = item.fields.get("content") or item.fields.get("description") or ""
    page = html.extract(markup_, breaks=True)
    if not page.text and len(markup_) > 1_000:
        return skip(source.name, SkipError(Reason.NO_TEXT, f"{len(markup_)} characters of markup and no text", place))
    notes = ("needs a password on the web",) if given.get("password") else ()
    return Document(page.text, _metadata(export, item, given), page.blocks, number=number, notes=notes, place=place)


def _metadata(export: _Export, item: _Item, given: dict[str, str]) -> dict[str, Any]:
    author = given.get("author")
    metadata = {
        "title": given.get("title"),
        "outlet": export.channel.get("title"),
        "author": export.authors.get(author, author) if author else None,
        "date": _date(given),
        "url": given.get("url"),
        "language": export.channel.get("language"),
        "excerpt": given.get("excerpt"),
        "post_id": given.get("post_id"),
        "categories": "; ".join(item.terms.get("category", [])) or None,
        "tags": "; ".join(item.terms.get("post_tag", [])) or None,
        "n_comments": item.comments,
    }
    return {name: value for name, value in metadata.items() if value is not None}


def _date(given: dict[str, str]) -> str | None:
    written = given.get("date", "")
    return written if written and not written.startswith("0000") else given.get("published")
