"""Nexis, Nexis Uni and Lexis+ exports: many articles in one text, told apart, with outlet, date and byline as metadata.

Two layouts are known. The older text export opens each article with "3 of 250 DOCUMENTS", the outlet and the date on
centred lines, and labels in capitals (BYLINE:, LENGTH:, BODY:). The newer one opens with headline, outlet and date,
has labels in small letters and closes each article with "End of Document". The document's text is the body as exported;
everything above and below it rides along: labels as columns, the lines before them as `nexis_header`.

The number of words Nexis states is held against the words found: a difference beyond a tenth is noted, since exports
that were cut short look complete.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from discourse import tables
from discourse.readers import dates
from discourse.readers.records import Document

_COUNTED = re.compile(r"^[ \t]*(?:Document )?\d+ of \d+(?: DOCUMENTS?)?[ \t]*\r?$", re.MULTILINE)
_OLD = re.compile(r"^[ \t]*\d+ of \d+ DOCUMENTS[ \t]*\r?$", re.MULTILINE)
_CLOSED = re.compile(r"^[ \t]*End of Document[ \t]*\r?(?:\n|\Z)", re.MULTILINE)
_LABELS = (
    "byline section length dateline headline highlight series graphic load-date language publication-type journal-code "
    "subject geographic organization person company industry correction correction-date document-type url type city "
    "state country"
).split()
_ANY = "|".join(form for label in _LABELS for form in (label.upper(), label.title(), label.title().replace("-", " ")))
_LABEL = re.compile(rf"^[ \t]*(?P<label>{_ANY})[ \t]*:[ \t]*(?P<value>.*)$", re.MULTILINE)
_BODY = re.compile(r"^[ \t]*(?:BODY|Body|TEXT|Text)[ \t]*:?[ \t]*\r?(?:\n|\Z)", re.MULTILINE)
_COPYRIGHT = re.compile(r"^[ \t]*(?:Copyright|©|\(c\)).*$", re.MULTILINE | re.IGNORECASE)
_AFTER = re.compile(
    r"^[ \t]*(?:LOAD-DATE|LANGUAGE|PUBLICATION-TYPE|JOURNAL-CODE|GRAPHIC|SUBJECT|DOCUMENT-TYPE|CORRECTION|"
    r"Load-Date|Language|Publication-Type|Journal Code|Graphic|Subject|Classification)\b[ \t]*:?.*$"
    r"|^[ \t]*(?:Copyright|©) ?\d{4}.*$|^[ \t]*Classification[ \t]*\r?$",
    re.MULTILINE,
)
_NAMES = {"headline": "title", "byline": "author", "length": "nexis_length", "type": "publication_type"}
TOLERANCE = 0.1


class _Lines(NamedTuple):
    """The lines above the labels, read by what they look like."""

    title: str | None
    outlet: str | None
    date: str | None


def is_export(text: str) -> bool:
    """Whether the text is an export: article marks, and a body label for at least one."""
    return bool((_OLD.search(text) or _CLOSED.search(text)) and _BODY.search(text))


def articles(text: str) -> Iterator[Document]:
    """Yield a document for each article of an export."""
    marks = list(_OLD.finditer(text))
    parts = _between(text, marks) if marks else _CLOSED.split(text)
    number = 0
    for part in parts:
        if part.strip():
            number += 1
            yield _article(part, number)


def _between(text: str, marks: list[re.Match[str]]) -> list[str]:
    stops = [mark.start() for mark in marks[1:]] + [len(text)]
    before = text[: marks[0].start()]
    inside = [text[mark.end() : stop] for mark, stop in zip(marks, stops, strict=True)]
    return [before, *inside] if _BODY.search(before) else inside


def _article(part: str, number: int) -> Document:
    body = _BODY.search(part)
    labels = list(_LABEL.finditer(part[: body.start()] if body else part))
    begin = body.end() if body else max((label.end() for label in labels), default=0)
    after = _trailer(part, begin)
    text = part[begin:after].strip()
    values = {_name(found["label"]): _folded(part, found) for found in [*labels, *_LABEL.finditer(part, after)]}
    above = part[: labels[0].start() if labels else (body.start() if body else 0)]
    lines = _header(above, old=bool(re.search(r"^[ \t]*(?:HEADLINE|LENGTH|BODY)[ \t]*:", part, re.MULTILINE)))
    metadata = {"title": lines.title, "outlet": lines.outlet, "date": lines.date, **values}
    metadata["author"] = re.sub(r"^by\s+", "", values.get("author", ""), flags=re.IGNORECASE) or None
    metadata["nexis_header"] = above.strip() or None
    notes = _length_note(values.get("nexis_length", ""), text)
    if not body:
        notes += ("no body label: the text begins after the last label",)
    return Document(text, metadata, number=number, notes=notes, place=f"article {number}")


def _trailer(part: str, begin: int) -> int:
    """Where the labels after the body begin: at the first of the closing labels that nothing but labels follow."""
    found = [mark.start() for mark in _AFTER.finditer(part, begin)]
    end = len(part)
    for at in reversed(found):
        between = part[at:end].strip().split("\n\n")
        if end != len(part) and sum(len(piece) for piece in between) > 2_000:
            break
        end = at
    return end


def _folded(part: str, found: re.Match[str]) -> str:
    """The label's value with the lines that continue it (up to a blank line)."""
    rest = part[found.end() :].split("\n\n", 1)[0].split("\r\n\r\n", 1)[0]
    more = [line.strip() for line in rest.split("\n")[1:]]
    more = more[
        : next((at for at, line in enumerate(more) if not line or _LABEL.match(line) or _BODY.match(line)), None)
    ]
    return " ".join([found["value"].strip(), *more]).strip()


def _name(label: str) -> str:
    name = label.lower().replace("-", "_").replace(" ", "_")
    return _NAMES.get(name, name)


def _header(above: str, old: bool) -> _Lines:
    pieces = re.split(r"\n[ \t\r]*\n", above) if old else above.splitlines()
    lines = [" ".join(piece.split()) for piece in pieces]
    lines = [line for line in lines if line and not _COPYRIGHT.match(line) and not _COUNTED.fullmatch(line)]
    dated = next((at for at, line in enumerate(lines) if at and _date(line)), None)
    if dated is None:
        return _Lines(None, None, None)
    if old:
        titles = [line for line in lines[dated + 1 :] if not re.search(r"\bedition\b", line, re.IGNORECASE)]
        return _Lines(titles[0] if titles else None, lines[dated - 1], _date(lines[dated]))
    return _Lines(lines[0] if dated > 1 else None, lines[dated - 1], _date(lines[dated]))


def _date(line: str) -> str | None:
    """The date in a line such as "January 28, 2004 Wednesday 10:15 AM GMT, Final Edition"."""
    found = re.match(
        r"(?:[A-Z][a-z]+day,? )?([A-Z][a-z]{2,8}\.? \d{1,2},? \d{4}|\d{1,2} [A-Z][a-z]{2,8} \d{4})\b", line
    )
    return found[1] if found and dates.parse(found[1]).value is not None else None


def _length_note(length: str, text: str) -> tuple[str, ...]:
    stated = re.match(r"(\d[\d,]*)", length)
    if stated is None:
        return ()
    said, found = int(stated[1].replace(",", "")), tables.count_words(text)
    if abs(said - found) <= max(TOLERANCE * said, 5):
        return ()
    return (f"Nexis states {said} words and {found} were found: the export may be cut short",)
