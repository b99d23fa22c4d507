"""Referents -> on whose behalf they speak, as the rest of the document tells it.

News prose puts the label of a person at one mention and says the surname ever after, so affiliation and gender are
read from the fullest mention anywhere in the document, whether that mention is a source or not. A spokesman speaks for
whom he is set beside, else for the body last spoken of.
"""

from __future__ import annotations

import re

from discourse.mentions import (
    MOST,
    Around,
    governs,
    in_an_election,
    judges,
    label_after,
    label_before,
    offices_before,
    other_given,
    predicates,
    runs_for_office,
)
from discourse.nominals import SUFFIXES, Reading, name_words
from discourse.referents import NEAR, RECENT, Referent, Referents, compatible

_FOLLOWERS = frozenset("spokesman spokeswoman spokesperson aide adviser advisor manager strategist director surrogate "
                       "lawyer attorney staffer chief chairman secretary ally supporter campaign "
                       "official".split())  # fmt: skip
_OPEN = ("unspecified", "military", "business", "citizen", "family")
"""Affiliations that a further mention may correct: a minister who was a general, a magnate with a campaign."""
MOUTHPIECES = frozenset("spokesman spokeswoman spokesperson".split())
_BODY_NAME = re.compile(r"[A-Z](?<!\w.)[\w’'\-]+(?: (?:of |for )?[A-Z][\w’'\-]+){1,3}")


class Sides:
    """On whose behalf the referents of one document speak."""

    def __init__(self, referents: Referents) -> None:
        self.referents, self.page, self.text, self.read = referents, referents.page, referents.page.text, referents.read
        self._sides: dict[str, str] = {}

    def fullest(self, referent: Referent) -> None:
        """Read the name, gender and side of a person from the mentions that tell most."""
        if referent.reading.form != "name":
            return
        names = [word for word in referent.reading.name.split() if word.casefold().strip(".,") not in SUFFIXES]
        surname = names[-1] if names else ""
        if len(surname.strip(".")) < 2:
            return
        if surname in self.page.campaigners:
            _candidate(referent)
        if referent.gender and len(names) > 1 and referent.reading.affiliation not in ("unspecified", "military"):
            return
        found: list[Around] = []
        for around in self.page.around(self.page.mentions(surname)[:MOST], len(surname)):
            found.append(around)
            if not other_given(around, referent.reading.name):
                self._told_by_context(referent, around)
            phrase = label_before(around.words, self.read.known) + surname + label_after(around.right)
            if len(phrase) > len(surname):
                self._told_by_label(referent, phrase)
            if referent.reading.affiliation == "unspecified":
                for predicate in predicates(around):
                    self._told_by_label(referent, surname + predicate)
            told = referent.gender and referent.reading.affiliation not in _OPEN and len(referent.names) > 1
            if told and len(found) > 3:
                return
        if referent.reading.affiliation == "unspecified" or "former>" in referent.reading.rule:
            self._told_further_on(referent, surname, found)

    def _told_further_on(self, referent: Referent, surname: str, found: list[Around]) -> None:
        """What the rest of the document says of a name that its first mentions leave unlabelled."""
        for around in self.page.titled(surname):
            self._told_by_label(referent, label_before(around.words, self.read.known) + surname)
        if referent.reading.affiliation == "unspecified" and surname in self.page.governors:
            _label(referent, "government_executive", "own_government")
        open_still = referent.reading.affiliation == "unspecified" or "former>" in referent.reading.rule
        if open_still and in_an_election(found):
            _label(referent, "party", "election_context")

    def _told_by_label(self, referent: Referent, phrase: str) -> None:
        """What the name says with the title before it and the apposition after it."""
        found = self.read(phrase)
        if found.form != "name" or not _same_person(referent, found):
            return
        referent.gender = referent.gender or found.gender
        own = referent.reading.affiliation
        office = own == "military" and found.affiliation == "government_executive"
        if office or (own in ("unspecified", "citizen") and found.affiliation != "unspecified"):
            _label(referent, found.affiliation, f"fullest_mention>{found.rule}")
        if len(name_words(found.name)) > len(name_words(referent.reading.name)):
            referent.reading = referent.reading._replace(name=found.name)
            referent.names.update(name_words(found.name))
        if found.principal and not referent.reading.principal:
            referent.reading = referent.reading._replace(principal=found.principal)
        referent.called.append((found.name, phrase))

    def _told_by_context(self, referent: Referent, around: Around) -> None:
        """What the words around a name say of its bearer: a campaign, a government, an office set off by a comma."""
        if runs_for_office(around):
            _candidate(referent)
        if referent.reading.affiliation not in ("unspecified", "citizen"):
            return
        for side, told in (("government_executive", governs), ("judiciary", judges)):
            if told(around):
                _label(referent, side, f"own_{side}")
                return
        for office in offices_before(around):
            reading = self.read(f"the {office}")
            if reading.form == "role" and reading.affiliation != "unspecified":
                _label(referent, reading.affiliation, f"office_before:{reading.head}")
                referent.called.append(("", office))
                return

    def speaks_for(self, referent: Referent) -> None:
        """A spokesman or aide set beside somebody's name takes that person's side (codebook C3 rule 3)."""
        reading = referent.reading
        principal = reading.principal
        if not principal:
            official = reading.form == "name" and reading.affiliation == "government_executive"
            if official and reading.rule.rpartition(":")[2] in MOUTHPIECES:
                referent.reading = self.mouthpiece(reading, max(0, referent.last))
            return
        if reading.affiliation not in ("unspecified", "government_executive", "business", "expert"):
            return
        head = reading.head.split()[-1:] or [""]
        surname = (name_words(principal) or ("",))[-1]
        if head[0] not in _FOLLOWERS:
            return
        fits = [one for one in self.referents.by_name.get(surname, ())[:RECENT] if one is not referent]
        side = fits[0].reading.affiliation if fits else self._side_of(principal)
        own = reading.affiliation in ("unspecified", "government_executive")
        if fits or (own and side not in ("unspecified", "expert", "citizen", "family")):
            _label(referent, side, f"speaks_for:{principal}")

    def _side_of(self, name: str) -> str:
        """On whose behalf a person speaks of whom the document says nothing as a source."""
        if name not in self._sides:
            reading = self.read(name)
            person = Referent(0, reading, name, names=set(name_words(reading.name)))
            asked = reading.form == "name" and reading.affiliation == "unspecified"
            if asked:
                self.fullest(person)
            self._sides[name] = person.reading.affiliation if asked else "unspecified"
        return self._sides[name]

    def mouthpiece(self, reading: Reading, at: int) -> Reading:
        """A spokesman of no body named beside him speaks for the body last spoken of."""
        body = self.referents.nearest(at, lambda one: one.reading.form == "organisation", NEAR)
        told = body.reading if body is not None else self._body_named(at)
        if told.affiliation == "unspecified":
            return reading
        return reading._replace(affiliation=told.affiliation, rule=f"nearest_body>{reading.rule}")

    def _body_named(self, at: int) -> Reading:
        """The last body named before an offset, whether anything is attributed to it or not."""
        for match in reversed(list(_BODY_NAME.finditer(self.text, max(0, at - NEAR // 2), at))):
            reading = self.read(f"the {match[0]}")
            if reading.rule == "name:body" or reading.identification == "named_organisation":
                return reading
        return Reading()


def _label(referent: Referent, affiliation: str, rule: str) -> None:
    referent.reading = referent.reading._replace(affiliation=affiliation, rule=rule)


def _candidate(referent: Referent) -> None:
    """A campaign of one's own is party business (codebook C3 rule 11), but an office-holder keeps the office."""
    own = referent.reading
    courtesy = own.rule.endswith(("title:secretary", "title:secretary of state", "title:first lady"))
    courtesy = courtesy or "former>" in own.rule
    if own.affiliation in ("unspecified", "business", "citizen", "family") or courtesy or own.former:
        _label(referent, "party", "own_campaign")


def _same_person(referent: Referent, found: Reading) -> bool:
    names = name_words(found.name)
    return bool(names) and names[-1] in referent.names and compatible(referent, found, names)
