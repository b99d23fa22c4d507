"""Reads one source phrase: its head, its proper name, whom it speaks for, and how much it tells the reader.

"Two senior Pentagon officials familiar with the plan" is a plural, unnamed, military; "Adam Oll, a spokesman for the
port" is a named person who speaks for the port. A phrase is read on its own here, by `grammar` unless it is a plain
name, and its reading is kept; what the rest of a document adds (that "Oll" is the same man, that "the general" has been
named before) is for `sources`.
"""

from __future__ import annotations

import re

from discourse.grammar import read_text
from discourse.names import unlisted
from discourse.nominals import Gazetteer, Reading, gazetteer

KEPT = 100_000
"""Readings kept from batch to batch: some 50 MB, the source phrases of 30 MB of news."""


def read_phrase(phrase: str, known: Gazetteer | None = None) -> Reading:
    """Read one source phrase on its own: form, head, name, affiliation, identification, and the rule that decided."""
    known = known or gazetteer()
    if reading := _plain_name(phrase, known):
        return reading
    spaced = " ".join(phrase.replace("’", "'").replace("\u00a0", " ").replace("%", " percent").split())
    if "[" in spaced or "(" in spaced:
        spaced = _GLOSS.sub(" ", spaced).replace("[", "(").replace("]", ")")
    if "," in spaced:
        spaced = _THOUSANDS.sub("", spaced)
    if "-" in spaced:
        spaced = _THEN.sub(r"\1 ", spaced)
    return read_text(_PREFACE.sub("", spaced), known)


def _plain_name(phrase: str, known: Gazetteer) -> Reading | None:
    """A name of words that no list knows, alone or after one title, needs no further test: half of all sources."""
    title, _, name = phrase.partition(" ")
    if title.rstrip(".").casefold() in known.titles:
        if not unlisted(name, known):
            return None
        like = known.titled.get(title)
        if like is None:
            like = known.titled[title] = read_text(f"{title} {_ANYBODY}", known)
        return like._replace(name=name, gender=like.gender or _given(name, known)) if like.name == _ANYBODY else None
    if not unlisted(phrase, known):
        return None
    gender = _given(phrase, known)
    return Reading("name", "", phrase, identification="named_person", definite=True, gender=gender, rule="name")


_ANYBODY = "Zyx"
"""A name no list knows, to read a title with."""


def _given(name: str, known: Gazetteer) -> str:
    """Gender of the given name of a full name, where it has one."""
    first, _, surname = name.partition(" ")
    return known.given.get(first.casefold(), "").replace("any", "") if surname else ""


_PREFACE = re.compile(
    r"^(?:\(?\d{1,2}[.)] |[A-Z]{4,}(?:,? [A-Z]{2,})*(?:,? \w+\.? \d+|,? \d+ \w+)? (?:--|—|–|-) (?=[A-Z]))"
)
"""What opens a list item or a report and is no part of its first source: "2. ", "LOWICK, 8 May -- "."""
_GLOSS = re.compile(r"(?<=\w) (?:\([A-Z][A-Za-z.\-]{1,9}\)|\[[^\]]{1,80}\]) (?=\w)")
"""A short form or gloss in the middle of a source: "the Tides Council (TC) | chairman"."""
_THEN = re.compile(r"\b([Tt]hen|[Ee]x)-(?!wi|hus|boy|girl|part)")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")


class Reader:
    """Readings, one per distinct wording; those of the shipped lists are kept from batch to batch."""

    def __init__(self, known: Gazetteer) -> None:
        self.known = known
        self._kept = known.readings
        if len(self._kept) > KEPT:
            self._kept.clear()

    def __call__(self, phrase: str) -> Reading:
        found = self._kept.get(phrase)
        if found is None:
            found = self._kept[phrase] = read_phrase(phrase, self.known)
        return found
