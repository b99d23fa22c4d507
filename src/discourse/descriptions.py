"""Descriptions -> referents: "the senator", "officials of the ministry", "the statement".

A definite description goes to the nearest referent that may be called so; one that finds nobody is a referent of its
own, and may take its side from those spoken of before.
"""

from __future__ import annotations

import re
from functools import lru_cache

from discourse.mentions import label_before
from discourse.nominals import ARTICLES, OPACITY, Reading, singular
from discourse.referents import FAR, NAMED, NEAR, RECENT, SHORT, Referent, Referents
from discourse.sides import MOUTHPIECES, Sides

_UTTERANCES = frozenset("statement letter memo email e-mail communique declaration message fax telegram".split())
"""Documents somebody has just been said to issue, when they are definite."""
_OF_A_BODY = frozenset(
    "member director deputy executive chairman chairwoman chairperson co-chair founder co-founder representative "
    "employee staffer".split()
) | {"executive director", "managing director", "staff member", "board member"}
"""Heads who are somebody's: without a body beside them, of the body last spoken of."""
_GROUPS = ("group", "organization", "organisation", "board")
"""What a body, or a crowd, is called again without its name."""


class Descriptions:
    """Links the descriptions of one document to its referents."""

    def __init__(self, referents: Referents, sides: Sides) -> None:
        self.referents, self.sides = referents, sides
        self.page, self.text, self.read = referents.page, referents.page.text, referents.read

    def described(self, reading: Reading, text: str, at: int) -> Referent:
        """The referent of a description that stands at an offset."""
        key = _description_key(text)
        head = reading.head.split()[-1].casefold() if reading.head else ""
        referent = self._antecedent(reading, key, head, at)
        if referent is not None:
            self.referents.grow(referent, reading._replace(name="") if reading.name else reading, text)
        else:
            referent = self.referents.new(self._inherits(reading, head, at), text)
        referent.nouns.update(reading.head.casefold().split())
        if reading.plural or reading.definite or reading.form in ("mass", "document", "organisation"):
            self.referents.by_key[key] = referent
        referent.keys.add(key)
        return referent

    def _antecedent(self, reading: Reading, key: str, head: str, at: int) -> Referent | None:
        single = reading.form in ("person", "role") and not reading.plural
        if 0 <= at < self.page.title_end and single:
            return self._announced(head)
        if single and reading.definite:
            fits = _is_politician if reading.rule == "name:partisan" else lambda one: _answers(one, head, reading)
            return self.referents.nearest(at, fits) or self._titled(reading, head, at)
        if reading.definite:
            same = self.referents.by_key.get(key)
            forms = (reading.form, "organisation")
            return same or self.referents.nearest(at, lambda one: head in one.heads and one.reading.form in forms
                                                   and one.reading.plural == reading.plural)  # fmt: skip
        if (reading.plural and not reading.number.isdigit()) or reading.form in ("mass", "document"):
            return self.referents.by_key.get(key)
        return None

    def _announced(self, head: str) -> Referent | None:
        """A headline describes whom the article goes on to name: "Lawmaker urges …"."""
        people = (one for one in self.referents.all[:RECENT] if one.reading.form == "name" and head in one.heads)
        return next(people, None)

    def _titled(self, reading: Reading, head: str, at: int) -> Referent | None:
        """ "The president" after "President Obama" is Obama, though nothing was attributed to him before."""
        if reading.form != "role" or reading.principal or reading.former:
            return None
        titles = [title.title() for title in (head, *SHORT.get(head, ()))]
        before = self.text[max(0, at - FAR) : at]
        if not any(title in before for title in titles):
            return None
        found = list(re.finditer(rf"\b(?:{'|'.join(titles)})\.? (?:[A-Z][\w.’'\-]+ ?){{1,3}}", before))
        if not found:
            return None
        phrase = found[-1][0].strip()
        person = self.read(phrase)
        return self.referents.person(person, phrase) if person.form == "name" else None

    def _inherits(self, reading: Reading, head: str, at: int) -> Reading:
        """ "One of the officials" takes the side of the officials spoken of before (codebook C3 rule 8)."""
        if reading.form in ("organisation", "document") and reading.definite:
            return self._issued(reading, head, at)
        bare = reading.rule == "head:official" and not reading.principal
        drawn = bare or reading.definite or reading.rule.startswith(("one_of", "some_of"))
        if drawn and reading.affiliation in ("unspecified", "government_executive"):
            blank = ("unspecified", reading.affiliation)
            group = self.referents.nearest(
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
        if reading.head in MOUTHPIECES and reading.identification == "anonymous_individual":
            return self.sides.mouthpiece(reading, at)
        if reading.head in _OF_A_BODY and reading.affiliation == "unspecified" and not reading.principal:
            return self.sides.mouthpiece(reading, at)
        return reading

    def _issued(self, reading: Reading, head: str, at: int) -> Reading:
        """ "The ministry" is the one named before; "the statement" is that of whoever was last named as a source."""
        if reading.form == "organisation" and reading.identification == "anonymous_group":
            found = self.read(self.page.body_before(head, at, FAR)) if head else Reading()
            if found.form == "organisation" and found.affiliation != "unspecified":
                return reading._replace(
                    affiliation=found.affiliation,
                    identification="named_organisation",
                    rule=f"named_before>{found.rule}",
                )
            if reading.head in _GROUPS and not reading.plural:
                return self._last_group(reading, at)
        if reading.form == "document" and reading.head in _UTTERANCES and reading.rule.startswith("head:"):
            issuer = self.referents.nearest(at, lambda one: one.reading.identification in NAMED, 2 * NEAR)
            if issuer is not None:
                side = issuer.reading.affiliation
                return reading._replace(
                    affiliation=side if side != "unspecified" else reading.affiliation,
                    identification=issuer.reading.identification, rule=f"issuer>{reading.rule}",
                )  # fmt: skip
        return reading

    def _last_group(self, reading: Reading, at: int) -> Reading:
        """ "The group" that no body is called by is the body, or the crowd, that last said something."""
        last = self.referents.nearest(at, lambda one: one.reading.form == "organisation" or one.reading.plural, NEAR)
        if last is None or last.reading.affiliation == "unspecified" or last.reading.form == "name":
            return reading
        told = min(last.reading.identification, reading.identification, key=OPACITY.__getitem__)
        return reading._replace(
            affiliation=last.reading.affiliation, identification=told, rule=f"last_group>{reading.rule}"
        )

    def _labelled_before(self, head: str, at: int) -> str:
        """Affiliation of the last group of that name in the text before, whether it was a source or not."""
        spot = self.text.rfind(f" {head}s", max(0, at - FAR), at)
        if spot < 0 or not head:
            return "unspecified"
        return self.read(
            label_before(self.text[max(0, spot - 90) : spot].split(" "), self.read.known) + head + "s"
        ).affiliation


def _is_politician(referent: Referent) -> bool:
    """Whom "the Lowick Republican" may be: a person of a party, a legislature or a government."""
    sides = ("party", "legislature", "government_executive")
    return referent.reading.form == "name" and referent.reading.affiliation in sides


def _answers(referent: Referent, head: str, reading: Reading) -> bool:
    """Whether a referent fits a definite description in the singular."""
    if (
        head not in referent.heads
        or referent.reading.plural
        or referent.reading.form in ("organisation", "document", "mass")
    ):
        return False
    return not (referent.gender and reading.gender and referent.gender != reading.gender)


@lru_cache(maxsize=50_000)
def _description_key(text: str) -> str:
    words = [singular(word.strip(".,")) for word in text.casefold().replace("’", "'").split()]
    return " ".join(word for word in words if word not in ARTICLES)
