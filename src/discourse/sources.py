"""attributions -> sources: who each source is, on whose behalf it speaks, and how much the reader is told.

Every attribution gets one row. `phrases` reads each source phrase on its own; here the phrases of a document are
linked to referents: names first, then descriptions, then pronouns, each to the nearest compatible antecedent. A wrong
link is worse than a missed one, since it lends one person's standing to another.

News prose puts the label of a person at one mention and says the surname ever after, so affiliation and gender are
read from the fullest mention anywhere in the document, whether that mention is a source or not.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from discourse import tables
from discourse.anonymity import closeness, stated
from discourse.phrases import ARTICLES, INDEFINITE, OPACITY, STOP, Reader, Reading, gazetteer, singular, words_of
from discourse.sentences import Tokens

NEAR = 700
"""Characters within which a pronoun looks for its antecedent: about its own sentence and the two before."""
FAR = 5_000
"""Characters within which a definite description does: about an article of the usual length."""
_RECENT = 200
"""Referents of a document that a short form is compared with: more than any article has, few enough for a book."""
_NAMED = ("named_person", "named_role", "named_organisation")
_UNNAMED = ("anonymous_individual", "anonymous_group", "named_role")

Row = tuple[object, ...]


@dataclass
class Referent:
    """One source within a document, growing as it is mentioned again."""

    number: int
    reading: Reading
    text: str
    names: set[str] = field(default_factory=set)
    heads: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    gender: str = ""


class _Said(NamedTuple):
    """The parts of an attribution a link is made from."""

    doc_id: str
    attribution_id: str
    parent_id: str | None
    source: str | None
    speech: str
    source_start: int
    source_end: int
    cue_start: int
    content_start: int
    content_end: int
    rule: str

    @property
    def at(self) -> int:
        return next((spot for spot in (self.source_start, self.cue_start, self.content_start) if spot >= 0), 0)


def sources(
    documents: pd.DataFrame,
    tokens: Tokens,
    sentences: pd.DataFrame,
    attributions: pd.DataFrame,
    spans: pd.DataFrame,
    heads: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Type the source of every attribution and link the sources of a document to referents.

    One row per attribution, in their order: attribution_id, doc_id, source_id (the referent within the document; null
    where the text leaves the source out), name (its fullest name or description), head, identification (codebook C2),
    affiliation (codebook C3), number ("one", a number, "plural", "1 of N"), anonymity_terms, anonymity_reason,
    closeness, rule (what decided).

    Parameters
    ----------
    documents : text, and author where known.
    tokens, sentences, spans : the batch so far; the texts are read from `tokens.page`.
    attributions : the contract's attributions.
    heads : further source heads (head or entry, affiliation or category, identification), as in a corpus.toml.
    """
    read = Reader(gazetteer(heads))
    page = tokens.page
    columns = [attributions[name].tolist() for name in _Said._fields]
    by_doc: dict[str, list[_Said]] = {}
    for record in zip(*columns, strict=True):
        by_doc.setdefault(record[0], []).append(_Said(*record))
    authors, opens = _authors(documents), _passage_starts(sentences)
    made: dict[object, Row] = {}
    for doc_id, said in by_doc.items():
        number = page.ordinal[doc_id]
        text = page.text[int(page.doc_start[number]) : int(page.doc_end[number])]
        for row in _Linker(doc_id, text, read, authors.get(doc_id, ""), opens.get(doc_id, [])).link(said):
            made[row[0]] = row
    rows = [made[key] for key in attributions["attribution_id"].tolist()]
    names = tables.TABLES["sources"].names
    return tables.frame("sources", dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else None)


def _passage_starts(sentences: pd.DataFrame) -> dict[str, list[int]]:
    """Where the passages of each document begin, read off their first sentences."""
    first = sentences.drop_duplicates("passage_id")
    found: dict[str, list[int]] = {}
    for doc_id, start in zip(first["doc_id"].tolist(), first["start"].tolist(), strict=True):
        found.setdefault(doc_id, []).append(start)
    return found


def _authors(documents: pd.DataFrame) -> dict[str, str]:
    if "author" not in documents:
        return {}
    pairs = zip(documents["doc_id"].tolist(), documents["author"].tolist(), strict=True)
    cleaned = ((doc_id, re.sub(r"^[Bb][Yy]\s+", "", name.strip())) for doc_id, name in pairs if isinstance(name, str))
    return {doc_id: name for doc_id, name in cleaned if name and name != "None"}


class _Linker:
    """Links the sources of one document to referents."""

    def __init__(self, doc_id: str, text: str, read: Reader, author: str, passages: list[int]) -> None:
        self.doc_id, self.text, self.read, self.author, self.passages = doc_id, text, read, author, passages
        self.title_end = text.find("\n") if 0 < text.find("\n") < 250 else 0
        self.referents: list[Referent] = []
        self.of: dict[str, Referent | None] = {}
        self.readings: dict[str, Reading] = {}
        self.offsets: list[int] = []
        self.mentioned: list[Referent] = []
        self.by_name: dict[str, list[Referent]] = {}
        self.by_key: dict[str, Referent] = {}
        self.seen: dict[str, Reading] = {}
        self.by_start: dict[str, set[str]] = {}
        self.campaigns = [at for sign in _OWN_CAMPAIGN for at in _spots(text, sign)] if "campaign" in text else []

    def link(self, said: list[_Said]) -> list[Row]:
        """Rows of the document's attributions."""
        self.order = sorted(said, key=lambda one: one.at)
        self.said = {one.attribution_id: one for one in said}
        for one in self.order:
            self.readings[one.attribution_id] = self._reading(one)
        later = [one for one in self.order if not self._by_name(one)]
        for referent in list(self.referents):
            self._fullest(referent)
        for referent in self.referents:
            self._speaks_for(referent)
        waiting = [one for one in later if not self._by_description(one)]
        for one in waiting:
            if one.attribution_id not in self.of:
                self._by_reference(one)
        return self._rows(self._terms())

    def _reading(self, one: _Said) -> Reading:
        """The phrase as this document uses it; a name is judged at its first mention."""
        if not isinstance(one.source, str):
            return Reading()
        reading = self.read(one.source)
        if reading.rule == "name" and one.source.isalpha():
            if one.source not in self.seen:
                self.seen[one.source] = self._as_used(one, reading)
            return self.seen[one.source]
        return self._as_used(one, reading)

    def _as_used(self, one: _Said, reading: Reading) -> Reading:
        assert one.source is not None
        if reading.rule == "name" and one.source.isalpha() and self._opens_sentence(one.source_start):
            low = one.source.casefold()
            if f" {low} " in self.text or f" {low}," in self.text or f" {low}." in self.text:
                return self.read(low)
        if reading.rule == "name" and self._is_place(one.source):
            return reading._replace(
                form="organisation", affiliation="government_executive", identification="named_organisation",
                rule="place_for_government",
            )  # fmt: skip
        many = reading.rule == "name" and one.source.isalpha() and one.source.endswith("s")
        if many and _has_word(self.text, one.source[:-1]):
            return self.read(f"many {one.source}")
        if reading.rule == "name:acronym" and len(one.source) > 3 and f" {one.source.title()}" in self.text:
            return self.read(one.source.title())
        if reading.head == "that" and one.source_start > 1 and self.text[one.source_start - 2].isalnum():
            return reading._replace(title="relative")
        return reading

    def _is_place(self, name: str) -> bool:
        """A word the text uses as a place: it has a government or a people, or things happen in it and nobody else
        bears it as a surname."""
        if not name.isalpha() or f" {name}" not in self.text:
            return False
        text, spots = self.text, _word_starts(self.text, name)
        ends = [spot + len(name) for spot in spots]
        if any(_PEOPLE.match(text, end) for end in ends):
            return True
        whole = [spot for spot, end in zip(spots, ends, strict=True) if not _is_word(text[end : end + 1])]
        if any(_bears(text, spot) for spot in whole):
            return False
        if any(_OF_STATE.match(text, end) for end in ends):
            return True
        return any(_happens_in(text, spot) and text[spot + len(name) : spot + len(name) + 1] not in _APOSTROPHES
                   for spot in whole)  # fmt: skip

    def _opens_sentence(self, at: int) -> bool:
        before = self.text[max(0, at - 3) : at].rstrip(" ")
        return not before or before[-1] in '.?!\n”"'

    def _settle(self, one: _Said, referent: Referent | None) -> None:
        self.of[one.attribution_id] = referent
        if referent is not None and one.source_start >= 0:
            at = bisect_left(self.offsets, one.source_start)
            self.offsets.insert(at, one.source_start)
            self.mentioned.insert(at, referent)

    def _before(self, at: int, reach: int) -> Iterator[tuple[int, Referent]]:
        """Mentions before an offset, nearest first."""
        high, low = bisect_left(self.offsets, at), bisect_left(self.offsets, at - reach)
        for spot in range(high - 1, low - 1, -1):
            yield self.offsets[spot], self.mentioned[spot]

    def _nearest(self, at: int, fits: Callable[[Referent], bool], reach: int = FAR) -> Referent | None:
        return next((referent for _, referent in self._before(at, reach) if fits(referent)), None)

    def _new(self, reading: Reading, text: str) -> Referent:
        referent = Referent(len(self.referents) + 1, reading, text, gender=reading.gender)
        self.referents.append(referent)
        return referent

    def _grow(self, referent: Referent, reading: Reading, text: str) -> None:
        old = referent.reading
        if len(referent.text) < len(text) < 120:
            referent.text = text
        if old is reading:
            return
        referent.gender = referent.gender or reading.gender
        name = reading.name if len(reading.name) > len(old.name) else old.name
        affiliation, rule = old.affiliation, old.rule
        if affiliation == "unspecified" and reading.affiliation != "unspecified":
            affiliation, rule = reading.affiliation, reading.rule
        told = min(old.identification, reading.identification, key=OPACITY.__getitem__)
        principal = old.principal or reading.principal
        referent.reading = old._replace(
            name=name, affiliation=affiliation, identification=told, rule=rule, principal=principal
        )

    # names of persons and bodies

    def _by_name(self, one: _Said) -> bool:
        reading = self.readings[one.attribution_id]
        if not isinstance(one.source, str) or not (
            reading.form == "name" or (reading.form == "organisation" and reading.name)
        ):
            return False
        self._settle(one, self._named(reading, one.source))
        return True

    def _named(self, reading: Reading, text: str) -> Referent:
        return self._person(reading, text) if reading.form == "name" else self._body(reading, text)

    def _person(self, reading: Reading, text: str) -> Referent:
        names = name_words(reading.name) or (reading.name.casefold(),)
        fits = [one for one in self.by_name.get(names[-1], ()) if _compatible(one, reading, names)]
        if not fits and len(names) == 1:
            fits = [one for one in self.referents[-_RECENT:] if one.reading.form == "name" and names[0] in one.names]
        if fits:
            referent = fits[-1] if len(fits) == 1 else max(fits, key=lambda one: self._last(one))
            self._grow(referent, reading, text)
        else:
            referent = self._new(reading, text)
        referent.names.update(names)
        referent.heads.update(_role_heads(reading.name, text))
        self.by_start.setdefault(names[-1].capitalize()[:2], set()).add(names[-1])
        known = self.by_name.setdefault(names[-1], [])
        if referent not in known:
            known.append(referent)
        return referent

    def _last(self, referent: Referent) -> int:
        last_first = zip(reversed(self.offsets), reversed(self.mentioned), strict=True)
        return next((offset for offset, one in last_first if one is referent), -1)

    def _body(self, reading: Reading, text: str) -> Referent:
        key = self._body_key(reading, text)
        referent = self.by_key.get(key)
        if referent is None:
            bodies = (one for one in self.referents[-_RECENT:] if one.reading.form == "organisation")
            short = [one for one in bodies if _short_for(key, one)]
            referent = short[0] if len(short) == 1 else None
        if referent is None:
            referent = self._new(reading, text)
        else:
            self._grow(referent, reading, text)
        self.by_key[key] = referent
        referent.keys.add(key)
        referent.heads.update({reading.head.casefold(), singular(key.split()[-1]) if key else ""})
        return referent

    def _body_key(self, reading: Reading, text: str) -> str:
        name = reading.name.casefold().removesuffix("'s")
        if reading.rule == "place_for_government":
            return self.read.known.places.get(name, name)
        words = [word.casefold().removesuffix("'s") for word in words_of((reading.name or text).replace("’", "'"))]
        return " ".join(word for word in words if word not in ARTICLES and word[0].isalnum())

    # the fullest mention of a person in the document

    def _fullest(self, referent: Referent) -> None:
        reading = referent.reading
        names = [word for word in reading.name.split() if word.casefold().strip(".,") not in _SUFFIXES]
        surname = names[-1] if names else ""
        if reading.form != "name" or len(surname.strip(".")) < 2:
            return
        if any(self.text.endswith(surname, 0, spot) for spot in self.campaigns):
            self._candidate(referent)
        if referent.gender and len(names) > 1 and referent.reading.affiliation not in ("unspecified", "military"):
            return
        politics = 0
        for left, right in self._occurrences(surname):
            politics += bool(_ELECTION.search(left, max(0, len(left) - 60)) or _ELECTION.search(right, 0, 60))
            if not _other_given(left, referent):
                self._told_by_context(referent, left, right)
            phrase = self._label_before(left) + surname + self._label_after(right)
            found = self.read(phrase) if len(phrase) > len(surname) else reading
            if found.form != "name" or not _same_person(referent, found):
                continue
            referent.gender = referent.gender or found.gender
            office = referent.reading.affiliation == "military" and found.affiliation == "government_executive"
            blank = referent.reading.affiliation in ("unspecified", "citizen") and found.affiliation != "unspecified"
            if office or blank:
                self._label(referent, found.affiliation, f"fullest_mention>{found.rule}")
            if len(name_words(found.name)) > len(name_words(referent.reading.name)):
                referent.reading = referent.reading._replace(name=found.name)
                referent.names.update(name_words(found.name))
            if found.principal and not referent.reading.principal:
                referent.reading = referent.reading._replace(principal=found.principal)
            referent.heads.update(_role_heads(found.name, phrase))
        if politics >= 3 and referent.reading.affiliation == "unspecified":
            self._label(referent, "party", "election_context")

    def _told_by_context(self, referent: Referent, left: str, right: str) -> None:
        """What the words around a name say of its bearer: a campaign, a government, an office set off by a comma."""
        if _CAMPAIGN_AFTER.match(right) or _CAMPAIGN_BEFORE.search(left):
            self._candidate(referent)
        if referent.reading.affiliation not in ("unspecified", "citizen"):
            return
        if _GOVERNS.match(right):
            self._label(referent, "government_executive", "own_government")
        elif (set_off := _SET_OFF.search(left)) and (right.startswith(",") or len(set_off[0]) > 2):
            for spot in reversed([match.end() for match in _DETERMINER.finditer(left, 0, set_off.start())][-3:]):
                reading = self.read(f"the {left[spot : set_off.start()]}")
                if reading.form == "role" and reading.affiliation != "unspecified":
                    self._label(referent, reading.affiliation, f"office_before:{reading.head}")
                    referent.heads.update(_role_heads("", left[spot : set_off.start()]))
                    return

    def _occurrences(self, surname: str, most: int = 8) -> Iterator[tuple[str, str]]:
        """What stands before and after the surname at its first mentions."""
        text, at = self.text, self.text.find(surname)
        while at >= 0 and most:
            end = at + len(surname)
            if (at == 0 or not text[at - 1].isalnum()) and (end >= len(text) or not text[end].isalnum()):
                most -= 1
                if at >= self.title_end or not self.title_end:
                    yield _unwrapped(text[max(0, at - 90) : at]), _unwrapped(text[end : end + 130])
            at = text.find(surname, end)

    def _label_before(self, left: str) -> str:
        """Title words and given names directly before a surname, cut at anything that is neither."""
        known = self.read.known
        kept: list[str] = []
        for word in reversed(left.split(" ")[:-1] if left.endswith(" ") else left.split(" ")):
            bare = word.rstrip(".").casefold()
            if (
                not word
                or "\n" in word
                or bare in _OPENERS
                or word[-1] in ',;:!?”")—'
                or bare in STOP | ARTICLES | INDEFINITE
            ):
                break
            if (
                word.endswith(".")
                and len(bare) > 1
                and "." not in bare
                and not (bare in known.titles and len(bare) < 5)
            ):
                break
            labels = bare in known.sectors or bare in known.titles or singular(bare) in known.heads or bare in _LABELS
            if not (word[0].isupper() or labels) or len(kept) == 7:
                break
            kept.append(word)
        return "".join(word + " " for word in reversed(kept))

    def _label_after(self, right: str) -> str:
        match = _APPOSITION.match(right)
        return match[0].rstrip(" ,") if match else ""

    def _label(self, referent: Referent, affiliation: str, rule: str) -> None:
        referent.reading = referent.reading._replace(affiliation=affiliation, rule=rule)

    def _candidate(self, referent: Referent) -> None:
        """A campaign of one's own is party business (codebook C3 rule 11), but an office-holder keeps the office."""
        own = referent.reading
        courtesy = own.rule.endswith(("title:secretary", "title:secretary of state", "title:first lady"))
        if own.affiliation in ("unspecified", "business", "citizen", "family") or courtesy or own.former:
            self._label(referent, "party", "own_campaign")

    def _speaks_for(self, referent: Referent) -> None:
        """A spokesman or aide set beside somebody's name takes that person's side (codebook C3 rule 3)."""
        principal = referent.reading.principal
        if not principal or referent.reading.affiliation not in (
            "unspecified",
            "government_executive",
            "business",
            "expert",
        ):
            return
        head = referent.reading.head.split()[-1:] or [""]
        surname = (name_words(principal) or ("",))[-1]
        fits = [one for one in self.by_name.get(surname, ()) if one is not referent]
        if fits and head[0] in _FOLLOWERS:
            self._label(referent, fits[0].reading.affiliation, f"speaks_for:{principal}")

    # descriptions

    def _by_description(self, one: _Said) -> bool:
        reading = self.readings[one.attribution_id]
        if not isinstance(one.source, str) or reading.form in ("pronoun", "name"):
            return False
        if reading.form == "none":
            self.of[one.attribution_id] = None
            return True
        referent = self._described(reading, one.source, one.source_start)
        self._speaks_for(referent)
        self._settle(one, referent)
        return True

    def _described(self, reading: Reading, text: str, at: int) -> Referent:
        key = _description_key(text)
        head = reading.head.split()[-1].casefold() if reading.head else ""
        referent = self._antecedent(reading, key, head, at)
        if referent is not None:
            self._grow(referent, reading._replace(name=""), text)
        else:
            referent = self._new(self._inherits(reading, head, at), text)
        referent.heads.update(word.casefold() for word in reading.head.split())
        if reading.plural or reading.definite or reading.form in ("mass", "document", "organisation"):
            self.by_key[key] = referent
        referent.keys.add(key)
        return referent

    def _antecedent(self, reading: Reading, key: str, head: str, at: int) -> Referent | None:
        single = reading.form in ("person", "role") and not reading.plural
        if 0 <= at < self.title_end and single:
            return self._announced(head)
        if single and reading.definite:
            return self._nearest(at, lambda one: _answers(one, head, reading)) or self._titled(reading, head, at)
        if reading.definite:
            same = self.by_key.get(key)
            return same or self._nearest(at, lambda one: head in one.heads and one.reading.plural == reading.plural
                                         and one.reading.form in (reading.form, "organisation"))  # fmt: skip
        if (reading.plural and not reading.number.isdigit()) or reading.form in ("mass", "document"):
            return self.by_key.get(key)
        return None

    def _announced(self, head: str) -> Referent | None:
        """A headline describes whom the article goes on to name: "Lawmaker urges …"."""
        people = (one for one in self.mentioned if one.reading.form == "name" and head in one.heads)
        return next(people, None)

    def _titled(self, reading: Reading, head: str, at: int) -> Referent | None:
        """ "The president" after "President Obama" is Obama, though nothing was attributed to him before."""
        if reading.form != "role" or reading.principal or reading.former:
            return None
        titles = "|".join(title.title() for title in (head, *_SHORT.get(head, ())))
        found = list(re.finditer(rf"\b(?:{titles})\.? (?:[A-Z][\w.’'\-]+ ?){{1,3}}", self.text[max(0, at - FAR) : at]))
        if not found:
            return None
        phrase = found[-1][0].strip()
        person = self.read(phrase)
        return self._person(person, phrase) if person.form == "name" else None

    def _inherits(self, reading: Reading, head: str, at: int) -> Reading:
        """ "One of the officials" takes the side of the officials spoken of before (codebook C3 rule 8)."""
        drawn = reading.rule.startswith(("one_of", "some_of")) or reading.definite
        if drawn and reading.affiliation in ("unspecified", "government_executive"):
            blank = ("unspecified", reading.affiliation)
            group = self._nearest(
                at,
                lambda one: (
                    head in one.heads
                    and one.reading.plural
                    and one.reading.form in ("person", "mass")
                    and one.reading.affiliation not in blank
                ),
            )
            label = group.reading.affiliation if group is not None else self._labelled_before(head, at)
            if label not in ("unspecified", reading.affiliation):
                return reading._replace(affiliation=label, rule=f"inherited>{reading.rule}")
        if reading.head in _MOUTHPIECES and reading.identification == "anonymous_individual":
            body = self._nearest(at, lambda one: one.reading.form == "organisation", NEAR)
            if body is not None and body.reading.affiliation != "unspecified":
                return reading._replace(affiliation=body.reading.affiliation, rule=f"nearest_body>{reading.rule}")
        return reading

    def _labelled_before(self, head: str, at: int) -> str:
        """Affiliation of the last group of that name in the text before, whether it was a source or not."""
        spot = self.text.rfind(f" {head}s", max(0, at - FAR), at)
        if spot < 0 or not head:
            return "unspecified"
        return self.read(self._label_before(self.text[max(0, spot - 90) : spot + 1]) + head + "s").affiliation

    # pronouns and sources left out

    def _by_reference(self, one: _Said) -> None:
        if not isinstance(one.source, str):
            self._settle(one, self._continued(one))
            return
        reading = self.readings[one.attribution_id]
        kind = reading.title
        referent: Referent | None = None
        if kind in ("m", "f"):
            referent = self._he_or_she(one, kind)
        elif kind in ("plural", "thing"):
            referent = self._they_or_it(one, kind)
        elif kind in ("first", "first_plural"):
            referent = self._speaker(one, kind)
        elif kind == "relative":
            referent = self._relative(one)
        if referent is not None:
            rule = f"{reading.rule}>{referent.reading.rule}"
            self.readings[one.attribution_id] = reading._replace(rule=rule)
        self._settle(one, referent)

    def _he_or_she(self, one: _Said, gender: str) -> Referent | None:
        at = one.source_start
        found = [self._person_before(one, gender), self._person_seen(one, gender), self._person_named(one, gender)]
        fits = [pair for pair in found if pair is not None and at - pair[0] <= NEAR]
        if not fits:
            return None
        referent = max(fits, key=lambda pair: pair[0])[1]
        referent.gender = referent.gender or gender
        return referent

    def _person_before(self, one: _Said, gender: str) -> tuple[int, Referent] | None:
        """The last person spoken for; one without a name only within the paragraph."""
        line = self.text.rfind("\n", 0, one.source_start)
        for offset, referent in self._before(one.source_start, NEAR):
            if one.content_start <= offset < one.content_end or not _is_person(referent):
                continue
            if referent.gender in ("", gender) and (referent.reading.form == "name" or offset > line):
                return offset, referent
        return None

    def _person_seen(self, one: _Said, gender: str) -> tuple[int, Referent] | None:
        """The only person known from elsewhere who is named in the two sentences before, outside anybody's content."""
        low = max(0, one.source_start - NEAR // 3)
        seen: list[tuple[int, Referent]] = []
        for surname in self._surnames(self.text[low : one.source_start]):
            offset = self.text.rfind(surname.capitalize(), low, one.source_start)
            if offset < 0 or self._attributed(offset):
                continue
            fits = [
                other
                for other in self.by_name[surname]
                if other.gender in ("", gender) and other.reading.form == "name"
            ]
            seen.extend((offset, other) for other in fits)
        return seen[0] if len(seen) == 1 else None

    def _surnames(self, stretch: str) -> set[str]:
        """Surnames of which the first letters stand in a stretch of text."""
        pairs = {stretch[at : at + 2] for at in range(len(stretch))}
        return {name for start in self.by_start.keys() & {"", *pairs, *stretch} for name in self.by_start[start]}

    def _attributed(self, offset: int) -> bool:
        at = bisect_left(self.order, offset, key=lambda one: one.at)
        near = self.order[max(0, at - 20) : at + 20]
        return any(one.content_start <= offset < one.content_end for one in near)

    def _person_named(self, one: _Said, gender: str) -> tuple[int, Referent] | None:
        """The person who opens a sentence shortly before a pronoun, though nothing is attributed to them there."""
        low = max(0, one.source_start - NEAR // 2)
        stretch = self.text[low : one.source_start]
        for match in reversed(list(_OPENING_NAME.finditer(stretch))):
            offset = low + match.start(1)
            if one.content_start <= offset < one.content_end:
                continue
            reading = self.read(match[1])
            names = name_words(reading.name)
            if reading.form != "name" or not names or reading.gender not in ("", gender):
                continue
            known = [other for other in self.by_name.get(names[-1], ()) if other.gender in ("", gender)]
            if known:
                return offset, known[-1]
            if len(names) > 1 and reading.gender == gender:
                referent = self._person(reading, match[1])
                self._fullest(referent)
                return offset, referent
        return None

    def _they_or_it(self, one: _Said, kind: str) -> Referent | None:
        if kind == "thing" and one.rule.startswith(("agentless", "expletive")):
            return None
        for offset, referent in self._before(one.source_start, min(NEAR, one.source_start - self._block_start(one))):
            form, plural = referent.reading.form, referent.reading.plural
            if one.content_start <= offset < one.content_end:
                continue
            if kind == "plural" and (plural or form in ("mass", "organisation")):
                return referent
            if kind == "thing" and form in ("organisation", "document") and not plural:
                return referent
        return None

    def _block_start(self, one: _Said) -> int:
        """Where the displayed quotation a source stands in begins (after a colon), else 0: "they" looks no further."""
        passage = bisect_left(self.passages, one.source_start + 1)
        start = self.passages[passage - 1] if passage else 0
        return start if self.text[max(0, start - 3) : start].rstrip().endswith(":") else 0

    def _speaker(self, one: _Said, kind: str) -> Referent | None:
        """ "I" is whoever is speaking: the source of the attribution it stands in, else the author."""
        if isinstance(one.parent_id, str) and one.parent_id in self.said:
            parent = self.said[one.parent_id]
            if parent.attribution_id not in self.of:
                self.of[parent.attribution_id] = None
                self._by_reference(parent)
            return self.of[parent.attribution_id]
        return self._author() if kind == "first" else None

    def _author(self) -> Referent:
        key = "\0author"
        if key not in self.by_key:
            name = self.author or "author"
            known = re.escape(name)
            note = (
                re.search(rf"{known},? (?:is|was) (?:an?|the)? ?([^.\n]{{3,120}})", self.text) if self.author else None
            )
            label = self.read(note[1]).affiliation if note else "unspecified"
            label = "media" if label == "unspecified" else label
            reading = Reading("name", "author", name, label, "named_person", definite=True, rule="author")
            self.by_key[key] = self._new(reading, name)
        return self.by_key[key]

    def _relative(self, one: _Said) -> Referent | None:
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
            return self._named(reading, phrase)
        return self._described(reading, phrase, one.source_start - 1)

    def _continued(self, one: _Said) -> Referent | None:
        """A quotation without a source of its own goes on for the last speaker; an agentless report has none."""
        if one.speech not in ("free_direct", "free_indirect") and "continu" not in one.rule:
            return None
        at = bisect_left(self.order, one.at, key=lambda other: other.at)
        for other in reversed(self.order[max(0, at - 50) : at]):
            referent = self.of.get(other.attribution_id)
            if referent is not None and one.at - other.at <= 3 * NEAR:
                return referent
        return None

    # terms of anonymity

    def _terms(self) -> dict[str, tuple[str, str]]:
        """Terms and reason per attribution: stated in its sentence, or pointed back to by a later one."""
        found: dict[str, tuple[str, str]] = {}
        for terms in stated(self.text):
            for key in self._whose(terms.sentence_start, terms.start, terms.sentence_end):
                found.setdefault(key, (terms.wording, terms.reason))
        shared = {}
        for key, value in found.items():
            if (referent := self.of[key]) is not None:
                shared[referent.number] = value
        for one in self.order if shared else ():
            if (referent := self.of[one.attribution_id]) is not None and referent.number in shared:
                found.setdefault(one.attribution_id, shared[referent.number])
        return found

    def _whose(self, start: int, at: int, end: int) -> list[str]:
        """Attributions stated terms belong to: those of the nearest unnamed source of the sentence, else those before
        that its subject points back to ("The sources spoke on the condition …")."""
        unnamed = [one for one in self.order if one.source_start >= 0 and self._is_unnamed(one)]
        subject = self.text[start:at]
        here = [one for one in unnamed if start <= one.source_start < end]
        pointing = _POINTS_BACK.match(subject)
        if here and not (pointing and not any(one.cue_start < at for one in here)):
            before = [one for one in here if one.source_start <= at] or here
            return [max(before, key=lambda one: one.source_start).attribution_id]
        return self._pointed_back(unnamed, subject, start) if pointing else []

    def _pointed_back(self, unnamed: list[_Said], subject: str, start: int) -> list[str]:
        earlier = [one for one in unnamed if one.at < start]
        heads = {singular(word.strip(",.")) for word in subject.casefold().split()}
        same = [one for one in earlier if (self.readings[one.attribution_id].head.split() or [""])[-1] in heads]
        line = self.text.rfind("\n", 0, start)
        if same:
            return [one.attribution_id for one in same if one.at > line] or [same[-1].attribution_id]
        return [one.attribution_id for one in earlier[-1:] if start - one.at < 2 * NEAR]

    def _is_unnamed(self, one: _Said) -> bool:
        referent = self.of[one.attribution_id]
        reading = referent.reading if referent else self.readings[one.attribution_id]
        return reading.identification in _UNNAMED

    # rows

    def _rows(self, terms: dict[str, tuple[str, str]]) -> list[Row]:
        numbers: dict[int, str] = {}
        for one in self.order:
            referent = self.of[one.attribution_id]
            if referent is not None and referent.number not in numbers:
                numbers[referent.number] = f"{self.doc_id}#r{len(numbers) + 1:02d}"
        return [self._row(one, numbers, terms.get(one.attribution_id, (None, None))) for one in self.order]

    def _row(self, one: _Said, numbers: dict[int, str], terms: tuple[str | None, str | None]) -> Row:
        own, referent = self.readings[one.attribution_id], self.of[one.attribution_id]
        near = closeness(one.source) if isinstance(one.source, str) else None
        if referent is None:
            told = own if isinstance(one.source, str) else Reading(rule="no_source")
            known = told.identification != "unattributed"
            name, number = (one.source, told.number) if known else (None, None)
            return (one.attribution_id, self.doc_id, None, name, own.head or None, told.identification,
                    told.affiliation,
                    number, *terms, near, told.rule)  # fmt: skip
        whole = referent.reading
        stands = own.form == "pronoun" or not isinstance(one.source, str)
        told_by = whole.identification
        if not stands and whole.form != "name" and own.identification not in (*_NAMED, "unattributed"):
            told_by = whole.identification if whole.identification in _NAMED else own.identification
        return (
            one.attribution_id, self.doc_id, numbers[referent.number], whole.name or referent.text,
            own.head or whole.head or None, told_by, whole.affiliation, whole.number if stands else own.number,
            *terms, near, own.rule if own.form == "pronoun" else whole.rule,
        )  # fmt: skip


_SUFFIXES = frozenset("jr sr ii iii iv phd md".split())
_ABBREVIATED = {
    "gen": ("general",), "sen": ("senator", "lawmaker"), 
    "rep": ("representative", "congressman", "congresswoman", "lawmaker"),
    "gov": ("governor",), "prof": ("professor",), "dr": ("doctor", "physician"), 
    "col": ("colonel",), "lt": ("lieutenant",),
    "sgt": ("sergeant",), "maj": ("major",), "pres": ("president",), "capt": ("captain",), "adm": ("admiral",),
    "det": ("detective",), "amb": ("ambassador",), "rev": ("reverend", "pastor"), "senator": ("lawmaker",),
    "congressman": ("lawmaker",), "congresswoman": ("lawmaker",), "nominee": ("candidate",), "candidate": ("nominee",),
}  # fmt: skip
"""What a title lets a person be called afterwards."""
_SHORT = {long: (short,) for short, longs in _ABBREVIATED.items() for long in longs[:1] if len(short) < 5}
_LABELS = frozenset("presidential vice-presidential former retired press national foreign prime vice deputy senior top "
                    "chief general law legal first lady young conservative liberal famous".split())  # fmt: skip
_FOLLOWERS = frozenset("spokesman spokeswoman spokesperson aide adviser advisor manager strategist director surrogate "
                       "lawyer attorney staffer chief chairman secretary ally supporter campaign "
                       "official".split())  # fmt: skip
_OPENERS = frozenset(
    "so how why but and if when yet still then now like both even while because what once only".split()
)
_MOUTHPIECES = frozenset("spokesman spokeswoman spokesperson".split())
_OPENING_NAME = re.compile(
    r"(?:^|[.!?…]['”\"’)]* |\n)((?:(?:[A-Z][\w’'\-]+|[A-Z]\.) ){0,4}[A-Z][\w\-]+)(?=(?:[’']s)?[ ,])"
)
_APPOSITION = re.compile(
    r"(?:, (?:\d\d, )?| [—–] |-- )(?:an?|the|who|former|now|president|director|chair\w*|professor|executive|chief|head"
    r"|[A-Z][\w.]+['’]s \w+|[A-Za-z]+[- ]\w+ (?:surgeon|doctor|author|host)"
    r"|(?:[Dd]eputy |[Ss]enior |[Aa]ssistant |[Vv]ice[- ])?[A-Za-z]+ (?:at|of|for|with))\b"
    r"[^.;:()“”\"\n]{2,110}?(?=,|[.;:()“”\"\n]| said| told| [—–]|$)"
    r"|, \d\d(?=,)| \([RDI]-[A-Z][\w.]+\)|, [RDI]-[A-Z][\w.]+"
)
_OWN_CAMPAIGN = (" campaign", "'s campaign", "’s campaign", "'s presidential campaign", "’s presidential campaign")
_CAMPAIGN_AFTER = re.compile(
    r"(?:['’]s?)? (?:presidential |re-?election )?(?:campaign|candidacy|supporters?|running mate|rally|rallies"
    r"|surrogates?|presidential bid|ticket|nomination|voters?|fans|delegates?|backers?|camp|rivals?|primary)\b"
    r"|(?: has| had| is| was| who)?(?: been)? (?:running|campaigning|campaigned) |, who is running "
    r"| (?:won|wins|lost|leads|clinched|swept) (?:the |in )?[^.,]{0,30}(?:primary|primaries|caucus"
    r"|caucuses|nomination)\b"
)
_CAMPAIGN_BEFORE = re.compile(
    r"\b(?:vot(?:e|ed|ing) for|endors(?:e|ed|es|ing)|nominat(?:e|ed|es|ing)|elect(?:ing)?|candidates?|nominees?"
    r"|running against|opponents?,?|debate (?:with|between|against)|front-?runners?,?) (?:[A-Z][\w.]+ ){0,3}$"
)
_GOVERNS = re.compile(r"(?:['’]s?)? (?:[a-z]+ )?(?:government|administration|regime|presidency|cabinet)\b")
_SET_OFF = re.compile(r", (?:[A-Z][\w.'’\-]* ){0,3}$")
_DETERMINER = re.compile(r"\b(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Tt]heir) |['’]s ")
"""An office set off by a comma: "the president of Ardessa, Ruth …", "Ardessa's president, Ruth …"."""
_ELECTION = re.compile(
    r"\b(?:candidates?|primar(?:y|ies)|caucus(?:es)?|nominat\w+|nominee|delegates|front-?runner|White House bid"
    r"|debates?|running for|presidential (?:race|bid|campaign|election|hopeful)|polls?\b|\d+ percent)"
)
"""Words of an election close to a name: three such mentions, and no other label, make a politician of its bearer."""
_POINTS_BACK = re.compile(r"\W*(?:The|These|Those|Both|All|They|He|She|Each|Neither|None|Like)\b[^,]{0,60}$")


_STATE = "government|ministry|embassy|president|prime minister|army|navy|parliament|ambassador|ministers?|capital"
_EDGE = "In|The|And|But|For|From|To|At|If|When|While|As|Even|On|Both|Since|After|Before|With"
_PEOPLE = re.compile(r"n(?:s|ese)? [a-z]")
_OF_STATE = re.compile(rf"['’]s (?:\w+ )?(?:{_STATE})\b")
_BEARER = re.compile(rf"\b(?!(?:{_EDGE})\b)[A-Z][\w.]+\Z")
_APOSTROPHES = ("'", "’")
_WRAP = re.compile(r"(?<=[\w,.])[ \t]*\r?\n[ \t]*(?=\w)")


def _is_word(sign: str) -> bool:
    """Is it a character of a word, as regular expressions see it?"""
    return sign.isalnum() or sign == "_"


def _spots(text: str, sought: str) -> list[int]:
    """Every place a string stands at, overlapping ones too."""
    spots, at = [], text.find(sought)
    while at >= 0:
        spots.append(at)
        at = text.find(sought, at + 1)
    return spots


def _word_starts(text: str, name: str) -> list[int]:
    """Where words that begin with `name` begin: found as a string, which is faster than any expression."""
    return [at for at in _spots(text, name) if at == 0 or not _is_word(text[at - 1])]


def _has_word(text: str, word: str) -> bool:
    """Does the text hold the word?"""
    if not word:
        return False
    return any(not _is_word(text[at + len(word) : at + len(word) + 1]) for at in _word_starts(text, word))


def _bears(text: str, spot: int) -> bool:
    """Does a capitalised word that opens no sentence stand right before the name: "Ruth Ardessa"?"""
    if spot < 3 or text[spot - 1] != " ":
        return False
    return bool(_BEARER.search(text, text.rfind(" ", 0, spot - 1) + 1, spot - 1))


def _happens_in(text: str, spot: int) -> bool:
    return text.startswith("in ", spot - 3) and not _is_word(text[spot - 4 : spot - 3]) if spot > 2 else False


def _unwrapped(text: str) -> str:
    """Text with the line breaks of hard wrapping made spaces."""
    return _WRAP.sub(" ", text) if "\n" in text else text


def _other_given(left: str, referent: Referent) -> bool:
    """Whether the surname here follows a given name that is not the referent's."""
    before = left.split()[-1:] if left.endswith(" ") else []
    given = name_words(referent.reading.name)[:-1]
    return bool(before and given and before[0][0].isupper() and before[0].casefold() not in given)


@lru_cache(maxsize=50_000)
def name_words(name: str) -> tuple[str, ...]:
    """Lower-case words of a name, without titles of generation ("Jr.") and possessive."""
    words = (word.casefold().strip(".,").replace("’", "'").removesuffix("'s") for word in name.split())
    return tuple(word for word in words if word and word not in _SUFFIXES)


def _compatible(referent: Referent, reading: Reading, names: tuple[str, ...]) -> bool:
    if referent.gender and reading.gender and referent.gender != reading.gender:
        return False
    given = [name for name in names[:-1] if len(name) > 1]
    have = [name for name in name_words(referent.reading.name)[:-1] if len(name) > 1]
    if given and have and not set(given) & set(have):
        return given[0][:3] == have[0][:3]
    return True


def _same_person(referent: Referent, found: Reading) -> bool:
    names = name_words(found.name)
    return bool(names) and names[-1] in referent.names and _compatible(referent, found, names)


def _is_person(referent: Referent) -> bool:
    reading = referent.reading
    return reading.form in ("name", "role", "person") and not reading.plural and reading.rule != "author"


@lru_cache(maxsize=50_000)
def _role_heads(name: str, text: str) -> frozenset[str]:
    """Nouns that may stand for the person later: "the general", "the senator", "the nominee"."""
    found: set[str] = set()
    for word in text.casefold().replace("’", "'").split():
        bare = singular(word.strip(".,;()"))
        found.add(bare)
        found.update(_ABBREVIATED.get(bare, ()))
    return frozenset(found - set(name_words(name)) - ARTICLES - INDEFINITE - STOP)


def _answers(referent: Referent, head: str, reading: Reading) -> bool:
    """Whether a referent fits a definite description in the singular."""
    if (
        head not in referent.heads
        or referent.reading.plural
        or referent.reading.form in ("organisation", "document", "mass")
    ):
        return False
    return not (referent.gender and reading.gender and referent.gender != reading.gender)


def _description_key(text: str) -> str:
    words = [singular(word.strip(".,")) for word in text.casefold().replace("’", "'").split()]
    return " ".join(word for word in words if word not in ARTICLES)


def _initials(key: str) -> str:
    return "".join(word[0] for word in key.split() if word not in ("of", "for", "and", "the"))


def _short_for(key: str, body: Referent) -> bool:
    """Initials stand for a name, and its last words (two at least) do; "Justice" for its Department does not."""
    for known in body.keys:
        if len(key) > 1 and (key.replace(".", "") == _initials(known) or known.replace(".", "") == _initials(key)):
            return True
        longer, shorter = (known, key) if len(known) > len(key) else (key, known)
        if " " in shorter and longer.endswith(" " + shorter):
            return True
    return False


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
