"""Who is spoken of in a document: its referents, what they are called, and where they speak.

A name goes to the referent that has it already, if neither another given name nor another gender stands against it; the
initials of a body, and the last words of its name, stand for the body. A wrong link is worse than a missed one, since
it lends one person's standing to another.
"""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from operator import attrgetter, itemgetter

from discourse.mentions import Text
from discourse.nominals import ARTICLES, INDEFINITE, OPACITY, STOP, Reading, name_words, singular, words_of
from discourse.phrases import Reader

NEAR = 700
"""Characters within which a pronoun looks for its antecedent: about its own sentence and the two before."""
FAR = 5_000
"""Characters within which a definite description does: about an article of the usual length."""
RECENT = 200
"""Referents of a document that a short form is compared with: more than any article has, few enough for a book."""
NAMED = ("named_person", "named_role", "named_organisation")
NO_READING = Reading()
AT = attrgetter("at")
_FIRST = itemgetter(0)
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
SHORT = {long: (short,) for short, longs in _ABBREVIATED.items() for long in longs[:1] if len(short) < 5}


@dataclass(eq=False, slots=True)
class Referent:
    """One source within a document, growing as it is mentioned again."""

    number: int
    reading: Reading
    text: str
    names: set[str] = field(default_factory=set)
    called: list[tuple[str, str]] = field(default_factory=list)
    nouns: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    gender: str = ""
    last: int = -1
    source_id: str = ""

    @property
    def heads(self) -> set[str]:
        """Nouns that may stand for the referent later, read off what it has been called when they are asked for."""
        while self.called:
            self.nouns.update(_role_heads(*self.called.pop()))
        return self.nouns


@dataclass(eq=False, slots=True)
class Said:
    """The parts of an attribution a link is made from, then what its source reads as and refers to."""

    doc_id: str
    attribution_id: str
    parent_id: str | None
    speech: str
    rule: str
    source_start: int
    cue_start: int
    content_start: int
    content_end: int
    source: str | None
    at: int
    reading: Reading = NO_READING
    referent: Referent | None = None
    settled: bool = False
    linked: str = ""
    terms: tuple[str | None, str | None] = (None, None)


class Referents:
    """The referents of one document."""

    def __init__(self, page: Text, read: Reader) -> None:
        self.page, self.read = page, read
        self.all: list[Referent] = []
        self.spoken = _Spoken()
        self.by_name: dict[str, list[Referent]] = {}
        self.by_key: dict[str, Referent] = {}

    def settle(self, one: Said, referent: Referent | None) -> None:
        """Link an attribution to its referent, or to nobody, for good."""
        one.referent, one.settled = referent, True
        if referent is not None and one.source_start >= 0:
            self.spoken.add(one.source_start, referent)
            if one.source_start > referent.last:
                referent.last = one.source_start

    def nearest(self, at: int, fits: Callable[[Referent], bool], reach: int = FAR) -> Referent | None:
        """The last referent that speaks before an offset and fits."""
        for _, referent in self.spoken.before(at, reach):
            if fits(referent):
                return referent
        return None

    def new(self, reading: Reading, text: str) -> Referent:
        """A referent not met before."""
        referent = Referent(len(self.all) + 1, reading, text, gender=reading.gender)
        self.all.append(referent)
        return referent

    def grow(self, referent: Referent, reading: Reading, text: str) -> None:
        """What a further mention adds: a longer name, a side where none was told, a clearer identification."""
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

    def named(self, reading: Reading, text: str) -> Referent:
        """The person or body of a name."""
        return self.person(reading, text) if reading.form == "name" else self.body(reading, text)

    def person(self, reading: Reading, text: str) -> Referent:
        """The person of a surname whom nothing speaks against, the one that spoke last first."""
        names = name_words(reading.name) or (reading.name.casefold(),)
        known = self.by_name.setdefault(names[-1], [])
        fits = [one for one in known[-RECENT:] if compatible(one, reading, names)]
        if not fits and len(names) == 1:
            fits = [one for one in self.all[-RECENT:] if one.reading.form == "name" and names[0] in one.names]
        if fits:
            referent = fits[-1] if len(fits) == 1 else max(fits, key=lambda one: one.last)
            self.grow(referent, reading, text)
        else:
            referent = self.new(reading, text)
        referent.names.update(names)
        referent.called.append((reading.name, text))
        if not fits or referent not in known[-RECENT:]:
            known.append(referent)
        return referent

    def body(self, reading: Reading, text: str) -> Referent:
        """The body of a name, of its initials or its last words."""
        key = self._body_key(reading, text)
        referent = self.by_key.get(key)
        if referent is None:
            bodies = (one for one in self.all[-RECENT:] if one.reading.form == "organisation")
            short = [one for one in bodies if _short_for(key, one)]
            referent = short[0] if len(short) == 1 else None
        if referent is None:
            referent = self.new(self._spelt_out(reading), text)
        else:
            self.grow(referent, reading, text)
        self.by_key[key] = referent
        referent.keys.add(key)
        referent.nouns.update({reading.head.casefold(), singular(key.split()[-1]) if key else ""})
        return referent

    def _spelt_out(self, reading: Reading) -> Reading:
        """An acronym takes the side of the name it stands for, where the text gives it."""
        short = reading.name.split()[-1:]
        if reading.affiliation != "unspecified" or not short or not short[0].isupper():
            return reading
        found = self.read(f"the {self.page.expansion(short[0])}")
        if found.form != "organisation" or found.affiliation == "unspecified":
            return reading
        return reading._replace(affiliation=found.affiliation, rule=f"acronym>{found.rule}")

    def _body_key(self, reading: Reading, text: str) -> str:
        name = reading.name.casefold().removesuffix("'s")
        if reading.rule == "place_for_government":
            return self.read.known.places.get(name, name)
        words = [word.casefold().removesuffix("'s") for word in words_of((reading.name or text).replace("’", "'"))]
        return " ".join(word for word in words if word not in ARTICLES and word[0].isalnum())


class _Spoken:
    """Referents by where they speak, in stretches of the text, so that adding one never moves all the others."""

    def __init__(self) -> None:
        self.stretches: defaultdict[int, list[tuple[int, Referent]]] = defaultdict(list)

    def add(self, at: int, referent: Referent) -> None:
        stretch = self.stretches[at // NEAR]
        if not stretch or stretch[-1][0] <= at:
            stretch.append((at, referent))
        else:
            insort(stretch, (at, referent), key=_FIRST)

    def before(self, at: int, reach: int) -> Iterator[tuple[int, Referent]]:
        """Who speaks before an offset, nearest first."""
        low = at - reach
        for stretch in range(at // NEAR, max(0, low) // NEAR - 1, -1):
            for pair in reversed(self.stretches.get(stretch, ())):
                if low <= pair[0] < at:
                    yield pair


def compatible(referent: Referent, reading: Reading, names: tuple[str, ...]) -> bool:
    """Does neither gender nor given name speak against one person?"""
    if referent.gender and reading.gender and referent.gender != reading.gender:
        return False
    given = [name for name in names[:-1] if len(name) > 1]
    have = [name for name in name_words(referent.reading.name)[:-1] if len(name) > 1]
    if given and have and not set(given) & set(have):
        return given[0][:3] == have[0][:3]
    return True


@lru_cache(maxsize=50_000)
def _role_heads(name: str, text: str) -> frozenset[str]:
    """Nouns that may stand for the person later: "the general", "the senator", "the nominee"."""
    found: set[str] = set()
    for word in text.casefold().replace("’", "'").split():
        bare = singular(word.strip(".,;()"))
        found.add(bare)
        found.update(_ABBREVIATED.get(bare, ()))
    return frozenset(found - set(name_words(name)) - ARTICLES - INDEFINITE - STOP)


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
