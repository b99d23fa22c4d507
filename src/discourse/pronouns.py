"""Pronouns and sources left out -> referents, each to the nearest compatible antecedent.

The antecedent of "he" need not be a source itself: whoever is named shortly before may be, outside what is attributed
to somebody else.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from functools import cached_property
from operator import itemgetter

from discourse.descriptions import Descriptions
from discourse.nominals import ARTICLES, INDEFINITE, OPENERS, POSSESSIVES, STOP, Reading, name_words
from discourse.referents import AT, NEAR, RECENT, Referent, Referents, Said
from discourse.sides import Sides

_FIRST = itemgetter(0)
_OPENING_NAME = re.compile(r"(?:M(?:rs?|s)\. )?(?:(?:[A-Z][\w’'\-]+|[A-Z]\.) ){0,4}[A-Z][\w\-]+(?=(?:[’']s)?[ ,])")
_NOBODY = STOP | ARTICLES | INDEFINITE
_SUBJECT = re.compile(r" (?:is|was|has|had|who|said|says|will|would|also|told|wrote|writes)\b|, ")
_FULL_NAME = re.compile(r"([A-Z](?<!\w.)[a-z]+) (?:[A-Z]\. )?[A-Z][\w’'\-]+")
_APPOSED = re.compile(r"(?:(?<=[a-z], )|(?<=[a-z] ))(?:[A-Z][\w’'\-]+ ){1,2}[A-Z][\w’'\-]+(?=, who )")
_PEOPLE = re.compile(r"(?:[\w’'\-]+ ){0,4}?(?:[A-Za-z][a-z\-]+s|[Pp]eople|(?:[a-z]|Wo|M)men|[Pp]olice)(?= )")
_NO_SUBJECT = STOP | POSSESSIVES | OPENERS


class Pronouns:
    """Links the pronouns of one document, and the sources it leaves out, to its referents.

    `order` has its attributions in the order of the text, `passages` where its passages begin.
    """

    def __init__(
        self,
        order: list[Said],
        referents: Referents,
        sides: Sides,
        descriptions: Descriptions,
        author: str,
        passages: list[int],
    ) -> None:
        self.order, self.referents, self.sides, self.descriptions = order, referents, sides, descriptions
        self.page, self.text, self.read = referents.page, referents.page.text, referents.read
        self.author, self.passages = author, passages
        self.opened: dict[int, tuple[int, str, Reading] | None] = {}

    @cached_property
    def contents(self) -> list[tuple[int, int]]:
        """What is attributed to anybody, contents that overlap made one."""
        return _united((one.content_start, one.content_end) for one in self.order)

    @cached_property
    def by_id(self) -> dict[str, Said]:
        return {one.attribution_id: one for one in self.order}

    def by_reference(self, one: Said) -> None:
        """Settle whom a pronoun, or a source left out, refers to."""
        if one.source is None:
            self.referents.settle(one, self._continued(one))
            return
        reading = one.reading
        kind = reading.title
        referent: Referent | None = None
        if kind in ("m", "f"):
            referent = self._he_or_she(one, kind)
        elif kind in ("plural", "thing"):
            referent = self.they_or_it(one, kind)
        elif kind in ("first", "first_plural"):
            referent = self._speaker(one, kind)
        elif kind == "relative":
            referent = self.relative(one)
        if referent is not None:
            one.linked = f"{reading.rule}>{referent.reading.rule}"
        self.referents.settle(one, referent)

    def _he_or_she(self, one: Said, gender: str) -> Referent | None:
        at = one.source_start
        found = [self._person_before(one, gender), self._person_seen(one, gender), self._person_named(one, gender)]
        fits = [pair for pair in found if pair is not None and at - pair[0] <= NEAR]
        referent = max(fits, key=_FIRST)[1] if fits else self._person_mentioned(one, gender)
        if referent is None:
            return None
        referent.gender = referent.gender or gender
        return referent

    def _person_before(self, one: Said, gender: str) -> tuple[int, Referent] | None:
        """The last person spoken for; one without a name only within the paragraph."""
        line = self.page.line_start(one.source_start)
        for offset, referent in self.referents.spoken.before(one.source_start, NEAR):
            if one.content_start <= offset < one.content_end or not _is_person(referent):
                continue
            if referent.gender in ("", gender) and (referent.reading.form == "name" or offset > line):
                return offset, referent
        return None

    def _person_seen(self, one: Said, gender: str) -> tuple[int, Referent] | None:
        """The only person known from elsewhere who is named in the two sentences before, outside anybody's content."""
        last: dict[str, int] = {}
        for at, surname in self._surnames(one.source_start - NEAR // 3, one.source_start):
            last.setdefault(surname, at)
        seen = [
            (at, other)
            for surname, at in last.items()
            if not self._attributed(at)
            for other in self._bearers(surname, gender)
            if other.reading.form == "name"
        ]
        return seen[0] if len(seen) == 1 else None

    def _surnames(self, low: int, high: int) -> list[tuple[int, str]]:
        """Surnames met so far between two offsets, the last first."""
        words = self.page.words(low, high)
        return [(at, word) for at, word in words if word in self.referents.by_name and self.text[at].isupper()]

    def _bearers(self, surname: str, gender: str) -> list[Referent]:
        """Referents of a surname that may be of a gender."""
        return [one for one in self.referents.by_name.get(surname, ())[-RECENT:] if one.gender in ("", gender)]

    def _attributed(self, offset: int) -> bool:
        """Whether an offset lies in somebody's content."""
        at = bisect_left(self.contents, (offset + 1, 0))
        return at > 0 and offset < self.contents[at - 1][1]

    def _person_named(self, one: Said, gender: str) -> tuple[int, Referent] | None:
        """The person who opens a sentence shortly before a pronoun, though nothing is attributed to them there."""
        for start in reversed(self.page.openings(one.source_start - NEAR // 2, one.source_start)):
            if start not in self.opened:
                self.opened[start] = self._opener(start)
            found = self.opened[start]
            if found is None or one.content_start <= start < one.content_end:
                continue
            surname, reading = found[1:]
            if reading.gender not in ("", gender):
                continue
            known = self._bearers(surname, gender)
            if known:
                return start, known[-1]
            sure = reading.gender == gender or _SUBJECT.match(self.text, start + found[0])
            if len(name_words(reading.name)) > 1 and sure:
                return start, self._met(reading)
        return None

    def _met(self, reading: Reading) -> Referent:
        """A person nothing has been attributed to so far."""
        referent = self.referents.person(reading, reading.name)
        self.sides.fullest(referent)
        return referent

    def _person_mentioned(self, one: Said, gender: str) -> Referent | None:
        """Where no better antecedent stands: the last full name of that gender, else the only person named."""
        low = max(0, one.source_start - NEAR // 2)
        for match in reversed(list(_FULL_NAME.finditer(self.text, low, one.source_start))):
            reading = self.read(match[0])
            if self.read.known.given.get(match[1].casefold()) == gender and reading.form == "name":
                return self._met(reading)
        near = {surname for _, surname in self._surnames(low, one.source_start)}
        fits = {other for surname in near for other in self._bearers(surname, gender)}
        if fits:
            return fits.pop() if len(fits) == 1 else None
        return self._only_apposed(low, one.source_start)

    def _only_apposed(self, low: int, high: int) -> Referent | None:
        """The one person between two offsets whom an office or a who-clause beside the name shows to be one."""
        met = [self.read(match[0]) for match in _APPOSED.finditer(self.text, low, high)]
        people = {reading.name: reading for reading in met if reading.form == "name"}
        return self._met(people.popitem()[1]) if len(people) == 1 else None

    def _opener(self, start: int) -> tuple[int, str, Reading] | None:
        """The name of a person that opens a sentence: its length, the surname, the reading."""
        match = _OPENING_NAME.match(self.text, start)
        common = match is not None and match[0].casefold() in _NOBODY
        reading = self.read(match[0]) if match and not common else None
        names = name_words(reading.name) if reading else ()
        return (len(match[0]), names[-1], reading) if match and reading and reading.form == "name" and names else None

    def they_or_it(self, one: Said, kind: str) -> Referent | None:
        """The last group, or body, that spoke, else the one that opens a sentence shortly before."""
        if kind == "thing" and one.rule.startswith(("agentless", "expletive")):
            return None
        reach = min(NEAR, one.source_start - self._block_start(one))
        for offset, referent in self.referents.spoken.before(one.source_start, reach):
            form, plural = referent.reading.form, referent.reading.plural
            if one.content_start <= offset < one.content_end:
                continue
            if kind == "plural" and (plural or form in ("mass", "organisation")):
                return referent
            if kind == "thing" and form in ("organisation", "document") and not plural:
                return referent
        if kind == "thing":
            return self._body_opening(one, reach)
        return self._people_opening(one, reach) if one.reading.head != "those" else None

    def _people_opening(self, one: Said, reach: int) -> Referent | None:
        """The people who open a sentence shortly before "they", though nothing is attributed to them there."""
        low = one.source_start - min(reach, NEAR // 2)
        for start in reversed(self.page.openings(low, one.source_start)):
            match = _PEOPLE.match(self.text, start, one.source_start)
            if match is None or not _NO_SUBJECT.isdisjoint(match[0].casefold().split()):
                continue
            reading = self.read(match[0])
            if reading.plural and reading.form in ("person", "role", "mass"):
                return self.descriptions.described(reading, match[0], start)
        return None

    def _body_opening(self, one: Said, reach: int) -> Referent | None:
        """The body that opens a sentence shortly before "it", though nothing is attributed to it there."""
        low = one.source_start - min(reach, NEAR // 2)
        for start in reversed(self.page.openings(low, one.source_start)):
            match = _OPENING_NAME.match(self.text, start)
            reading = self.read(match[0]) if match else Reading()
            if match and reading.form == "organisation" and reading.name and reading.rule != "name:case":
                return self.referents.body(reading, match[0])
        return None

    def _block_start(self, one: Said) -> int:
        """Where the displayed quotation a source stands in begins (after a colon), else 0: "they" looks no further."""
        passage = bisect_left(self.passages, one.source_start + 1)
        start = self.passages[passage - 1] if passage else 0
        return start if self.text[max(0, start - 3) : start].rstrip().endswith(":") else 0

    def _speaker(self, one: Said, kind: str) -> Referent | None:
        """ "I" is whoever is speaking: the source of the attribution it stands in, else the author."""
        if isinstance(one.parent_id, str) and one.parent_id in self.by_id:
            parent = self.by_id[one.parent_id]
            if not parent.settled:
                parent.settled = True
                self.by_reference(parent)
            return parent.referent
        return self._author() if kind == "first" else None

    def _author(self) -> Referent:
        key = "\0author"
        if key not in self.referents.by_key:
            name = self.author or "author"
            known = re.escape(name)
            note = (
                re.search(rf"{known},? (?:is|was) (?:an?|the)? ?([^.\n]{{3,120}})", self.text) if self.author else None
            )
            label = self.read(note[1]).affiliation if note else "unspecified"
            label = "media" if label == "unspecified" else label
            reading = Reading("name", "author", name, label, "named_person", definite=True, rule="author")
            self.referents.by_key[key] = self.referents.new(reading, name)
        return self.referents.by_key[key]

    def relative(self, one: Said) -> Referent | None:
        """The noun phrase directly before "who" or "which"."""
        before = self.text[max(0, one.source_start - 120) : one.source_start].rstrip(" ,—–-\n")
        words = before[
            max(before.rfind(". "), before.rfind("\n"), before.rfind(", ") if not before.endswith(",") else -1) + 1 :
        ].split()
        size = _trailing_phrase(words)
        if not size:
            return None
        phrase = " ".join(words[-size:])
        reading = self.read(phrase)
        if reading.form in ("none", "pronoun"):
            return None
        if reading.form == "name" or (reading.form == "organisation" and reading.name):
            return self.referents.named(reading, phrase)
        return self.descriptions.described(reading, phrase, one.source_start - 1)

    def _continued(self, one: Said) -> Referent | None:
        """A quotation without a source of its own goes on for the last speaker; an agentless report has none."""
        if one.speech not in ("free_direct", "free_indirect") and "continu" not in one.rule:
            return None
        at = bisect_left(self.order, one.at, key=AT)
        for other in reversed(self.order[max(0, at - 50) : at]):
            if other.referent is not None and one.at - other.at <= 3 * NEAR:
                return other.referent
        return None


def _is_person(referent: Referent) -> bool:
    reading = referent.reading
    return reading.form in ("name", "role", "person") and not reading.plural and reading.rule != "author"


def _united(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans with those that overlap made one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(span for span in spans if span[0] >= 0):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _trailing_phrase(words: list[str]) -> int:
    """How many of the last words make a noun phrase: back to a determiner, or over a run of capitalised words."""
    if not words:
        return 0
    if words[-1][0].isupper():
        size = 1
        while size < len(words) and (words[-size - 1][0].isupper() or words[-size - 1] in ("of", "the", "de", "bin")):
            size += 1
        while size > 1 and words[-size][0].islower():
            size -= 1
        return size
    for size in range(1, min(6, len(words)) + 1):
        low = words[-size].casefold()
        if low in ARTICLES or low in INDEFINITE or low.isdigit():
            return size
        if low in STOP:
            return size - 1
    return 1
