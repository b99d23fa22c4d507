"""attributions -> sources: who each source is, on whose behalf it speaks, and how much the reader is told.

Every attribution gets one row. `phrases` reads each source phrase on its own; here the phrases of a document are
linked to referents: names first, then descriptions, then pronouns, each to the nearest compatible antecedent. A wrong
link is worse than a missed one, since it lends one person's standing to another.

News prose puts the label of a person at one mention and says the surname ever after, so affiliation and gender are
read from the fullest mention anywhere in the document, whether that mention is a source or not.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import groupby
from operator import attrgetter, itemgetter

import numpy as np
import pandas as pd

from discourse import tables
from discourse.anonymity import ANCHORS, closeness, stated
from discourse.authors import authors
from discourse.mentions import (
    MOST,
    Around,
    Index,
    Offsets,
    Text,
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
from discourse.nominals import (
    ARTICLES,
    INDEFINITE,
    OPENERS,
    POSSESSIVES,
    STOP,
    SUFFIXES,
    Reading,
    gazetteer,
    name_words,
    singular,
    words_of,
)
from discourse.phrases import OPACITY, Reader
from discourse.sentences import Tokens

NEAR = 700
"""Characters within which a pronoun looks for its antecedent: about its own sentence and the two before."""
FAR = 5_000
"""Characters within which a definite description does: about an article of the usual length."""
_RECENT = 200
"""Referents of a document that a short form is compared with: more than any article has, few enough for a book."""
_NAMED = ("named_person", "named_role", "named_organisation")
_UNNAMED = ("anonymous_individual", "anonymous_group", "named_role")
_NO_READING = Reading()

Row = tuple[object, ...]


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
class _Said:
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
    reading: Reading = _NO_READING
    referent: Referent | None = None
    settled: bool = False
    linked: str = ""
    terms: tuple[str | None, str | None] = (None, None)


_PARTS = (
    "doc_id", "attribution_id", "parent_id", "speech", "rule", "source_start", "cue_start", "content_start",
    "content_end",
)  # fmt: skip
_AT = attrgetter("at")
_FIRST = itemgetter(0)


def sources(
    documents: pd.DataFrame,
    tokens: Tokens,
    sentences: pd.DataFrame,
    attributions: pd.DataFrame,
    spans: pd.DataFrame,
    heads: pd.DataFrame | None = None,
    outlets: pd.DataFrame | None = None,
    passages: pd.DataFrame | None = None,
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
    attributions : the contract's attributions, in text order.
    heads : further source heads (head or entry, affiliation or category, identification), as in a corpus.toml.
    outlets : further outlets (outlet, aliases), as in a corpus.toml: sources of that name are media.
    passages : the contract's passages; with them, an author without metadata is read off the byline or bio line.
    """
    batch = _Batch(documents, tokens, sentences, attributions, passages, Reader(gazetteer(heads, outlets)))
    documents_said = groupby(_said(attributions), key=attrgetter("doc_id"))
    rows = [row for doc_id, said in documents_said for row in batch.linker(doc_id).link(list(said))]
    keys = ("attribution_id", "doc_id")
    names = [name for name in tables.TABLES["sources"].names if name not in keys]
    columns: dict[str, object] = dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else {}
    return tables.frame("sources", columns | {name: attributions[name] for name in keys})


class _Batch:
    """What all documents of a batch are linked with: where its words, sentences and passages stand, and its authors."""

    def __init__(
        self,
        documents: pd.DataFrame,
        tokens: Tokens,
        sentences: pd.DataFrame,
        attributions: pd.DataFrame,
        passages: pd.DataFrame | None,
        read: Reader,
    ) -> None:
        alone = (name.lower() for name in set(attributions["source"].dropna().tolist()) if name.isalpha())
        self.tokens, self.read, self.index = tokens, read, Index(tokens, alone)
        self.anchors = Offsets(tokens, tokens.isin(ANCHORS))
        self.authors, self.passages = _authors(documents, passages), _passage_starts(sentences)

    def linker(self, doc_id: str) -> _Linker:
        """The linker of one document."""
        number = self.tokens.page.ordinal[doc_id]
        text, anchors = Text(self.tokens.page, self.index, number), self.anchors.of(number)
        return _Linker(doc_id, text, anchors, self.read, self.authors.get(doc_id, ""), self.passages.get(doc_id, []))


def _said(attributions: pd.DataFrame) -> Iterator[_Said]:
    """Attributions with the offset each is met at: of its source, else of its cue, else of its content."""
    columns = [attributions[name].tolist() for name in _PARTS]
    source, cue, content = (attributions[f"{part}_start"].to_numpy() for part in ("source", "cue", "content"))
    at = np.where(source >= 0, source, np.where(cue >= 0, cue, np.maximum(content, 0)))
    phrases = attributions["source"].astype(object).where(attributions["source"].notna(), None).tolist()
    return map(_Said, *columns, phrases, at.tolist())


def _passage_starts(sentences: pd.DataFrame) -> dict[str, list[int]]:
    """Where the passages of each document begin, read off their first sentences."""
    first = sentences.drop_duplicates("passage_id")
    found: dict[str, list[int]] = {}
    for doc_id, start in zip(first["doc_id"].tolist(), first["start"].tolist(), strict=True):
        found.setdefault(doc_id, []).append(start)
    return found


def _authors(documents: pd.DataFrame, passages: pd.DataFrame | None) -> dict[str, str]:
    known = authors(documents, tables.frame("passages") if passages is None else passages)
    return {doc_id: name for doc_id, name in zip(documents["doc_id"].tolist(), known, strict=True) if name != "author"}


class _Linker:
    """Links the sources of one document to referents."""

    def __init__(
        self, doc_id: str, text: Text, anchors: list[int], read: Reader, author: str, passages: list[int]
    ) -> None:
        self.doc_id, self.page, self.text, self.anchors, self.read = doc_id, text, text.text, anchors, read
        self.author, self.passages, self.title_end = author, passages, text.title_end
        self.referents: list[Referent] = []
        self.spoken = _Spoken()
        self.by_name: dict[str, list[Referent]] = {}
        self.by_key: dict[str, Referent] = {}
        self.same: dict[str, tuple[list[Referent], Referent]] = {}
        self.seen: dict[str, Reading] = {}
        self.opened: dict[int, tuple[int, str, Reading] | None] = {}

    def link(self, said: list[_Said]) -> list[Row]:
        """Rows of the document's attributions."""
        self.order = sorted(said, key=_AT)
        later = []
        for one in self.order:
            one.reading = self._reading(one)
            if not self._by_name(one):
                later.append(one)
        for referent in list(self.referents):
            self._fullest(referent)
        for referent in self.referents:
            self._speaks_for(referent)
        waiting = [one for one in later if not self._by_description(one)]
        for one in waiting:
            if not one.settled:
                self._by_reference(one)
        self._terms()
        return self._rows(said)

    @cached_property
    def contents(self) -> list[tuple[int, int]]:
        """What is attributed to anybody, contents that overlap made one."""
        return _united((one.content_start, one.content_end) for one in self.order)

    @cached_property
    def by_id(self) -> dict[str, _Said]:
        return {one.attribution_id: one for one in self.order}

    def _reading(self, one: _Said) -> Reading:
        """The phrase as this document uses it; a name is judged at its first mention."""
        if one.source is None:
            return _NO_READING
        reading = self.seen.get(one.source)
        if reading is None:
            reading = self.seen[one.source] = self._as_used(one.source, one.source_start)
        if reading.head == "that" and one.source_start > 1 and self.text[one.source_start - 2].isalnum():
            return reading._replace(title="relative")
        return reading

    def _as_used(self, source: str, at: int) -> Reading:
        reading = self.read(source)
        if not source.isalpha():
            return reading
        if reading.rule == "name":
            low = source.lower()
            common = len(self.page.spots(low)) if self.page.opens_sentence(at) and low != source else 0
            if common and common >= len(self.page.spots(source)):
                return self.read(low)
            if self.page.is_place(source):
                return reading._replace(
                    form="organisation", affiliation="government_executive", identification="named_organisation",
                    rule="place_for_government",
                )  # fmt: skip
            many = source.endswith("s") and self.page.spots(source[:-1])
            if many and not self.page.is_borne(source):
                return self.read(f"many {source}")
        elif reading.rule == "name:acronym" and len(source) > 3 and self._is_spelt_large(source, at):
            return self.read(source.title())
        return reading

    def _is_spelt_large(self, source: str, at: int) -> bool:
        """Is a word in capitals a name: spelt as one elsewhere, or a judge's?"""
        after = self.text[at + len(source) : at + len(source) + NEAR // 10]
        return bool(self.page.spots(source.title())) or judges(Around("", after, []))

    def _settle(self, one: _Said, referent: Referent | None) -> None:
        one.referent, one.settled = referent, True
        if referent is not None and one.source_start >= 0:
            self.spoken.add(one.source_start, referent)
            if one.source_start > referent.last:
                referent.last = one.source_start

    def _nearest(self, at: int, fits: Callable[[Referent], bool], reach: int = FAR) -> Referent | None:
        for _, referent in self.spoken.before(at, reach):
            if fits(referent):
                return referent
        return None

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
        reading = one.reading
        if one.source is None or not (reading.form == "name" or (reading.form == "organisation" and reading.name)):
            return False
        known = self.same.get(one.source)
        if known is None or len(known[0]) > 1:
            referent = self._named(reading, one.source)
            known = self.same[one.source] = (self.by_name.get(_last(reading.name), []), referent)
        self._settle(one, known[1])
        return True

    def _named(self, reading: Reading, text: str) -> Referent:
        return self._person(reading, text) if reading.form == "name" else self._body(reading, text)

    def _person(self, reading: Reading, text: str) -> Referent:
        names = name_words(reading.name) or (reading.name.casefold(),)
        known = self.by_name.setdefault(names[-1], [])
        fits = [one for one in known[-_RECENT:] if _compatible(one, reading, names)]
        if not fits and len(names) == 1:
            fits = [one for one in self.referents[-_RECENT:] if one.reading.form == "name" and names[0] in one.names]
        if fits:
            referent = fits[-1] if len(fits) == 1 else max(fits, key=lambda one: one.last)
            self._grow(referent, reading, text)
        else:
            referent = self._new(reading, text)
        referent.names.update(names)
        referent.called.append((reading.name, text))
        if not fits or referent not in known[-_RECENT:]:
            known.append(referent)
        return referent

    def _body(self, reading: Reading, text: str) -> Referent:
        key = self._body_key(reading, text)
        referent = self.by_key.get(key)
        if referent is None:
            bodies = (one for one in self.referents[-_RECENT:] if one.reading.form == "organisation")
            short = [one for one in bodies if _short_for(key, one)]
            referent = short[0] if len(short) == 1 else None
        if referent is None:
            referent = self._new(self._spelt_out(reading), text)
        else:
            self._grow(referent, reading, text)
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

    # the fullest mention of a person in the document

    def _fullest(self, referent: Referent) -> None:
        if referent.reading.form != "name":
            return
        names = [word for word in referent.reading.name.split() if word.casefold().strip(".,") not in SUFFIXES]
        surname = names[-1] if names else ""
        if len(surname.strip(".")) < 2:
            return
        if surname in self.page.campaigners:
            self._candidate(referent)
        if referent.gender and len(names) > 1 and referent.reading.affiliation not in ("unspecified", "military"):
            return
        found: list[Around] = []
        spots = self.page.mentions(surname)
        for around in self.page.around(spots[:MOST], len(surname)):
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
            self._told_further_on(referent, surname, spots[MOST:], found)

    def _told_further_on(self, referent: Referent, surname: str, later: list[int], found: list[Around]) -> None:
        """What the rest of the document says of a name that its first mentions leave unlabelled."""
        for around in self.page.titled(later, len(surname)):
            self._told_by_label(referent, label_before(around.words, self.read.known) + surname)
        if referent.reading.affiliation == "unspecified" and surname in self.page.governors:
            self._label(referent, "government_executive", "own_government")
        open_still = referent.reading.affiliation == "unspecified" or "former>" in referent.reading.rule
        if open_still and in_an_election(found):
            self._label(referent, "party", "election_context")

    def _told_by_label(self, referent: Referent, phrase: str) -> None:
        """What the name says with the title before it and the apposition after it."""
        found = self.read(phrase)
        if found.form != "name" or not _same_person(referent, found):
            return
        referent.gender = referent.gender or found.gender
        own = referent.reading.affiliation
        office = own == "military" and found.affiliation == "government_executive"
        if office or (own in ("unspecified", "citizen") and found.affiliation != "unspecified"):
            self._label(referent, found.affiliation, f"fullest_mention>{found.rule}")
        if len(name_words(found.name)) > len(name_words(referent.reading.name)):
            referent.reading = referent.reading._replace(name=found.name)
            referent.names.update(name_words(found.name))
        if found.principal and not referent.reading.principal:
            referent.reading = referent.reading._replace(principal=found.principal)
        referent.called.append((found.name, phrase))

    def _told_by_context(self, referent: Referent, around: Around) -> None:
        """What the words around a name say of its bearer: a campaign, a government, an office set off by a comma."""
        if runs_for_office(around):
            self._candidate(referent)
        if referent.reading.affiliation not in ("unspecified", "citizen"):
            return
        for side, told in (("government_executive", governs), ("judiciary", judges)):
            if told(around):
                self._label(referent, side, f"own_{side}")
                return
        for office in offices_before(around):
            reading = self.read(f"the {office}")
            if reading.form == "role" and reading.affiliation != "unspecified":
                self._label(referent, reading.affiliation, f"office_before:{reading.head}")
                referent.called.append(("", office))
                return

    def _label(self, referent: Referent, affiliation: str, rule: str) -> None:
        referent.reading = referent.reading._replace(affiliation=affiliation, rule=rule)

    def _candidate(self, referent: Referent) -> None:
        """A campaign of one's own is party business (codebook C3 rule 11), but an office-holder keeps the office."""
        own = referent.reading
        courtesy = own.rule.endswith(("title:secretary", "title:secretary of state", "title:first lady"))
        courtesy = courtesy or "former>" in own.rule
        if own.affiliation in ("unspecified", "business", "citizen", "family") or courtesy or own.former:
            self._label(referent, "party", "own_campaign")

    def _speaks_for(self, referent: Referent) -> None:
        """A spokesman or aide set beside somebody's name takes that person's side (codebook C3 rule 3)."""
        reading = referent.reading
        principal = reading.principal
        if not principal:
            official = reading.form == "name" and reading.affiliation == "government_executive"
            if official and reading.rule.rpartition(":")[2] in _MOUTHPIECES:
                referent.reading = self._mouthpiece(reading, max(0, referent.last))
            return
        if reading.affiliation not in ("unspecified", "government_executive", "business", "expert"):
            return
        head = reading.head.split()[-1:] or [""]
        surname = (name_words(principal) or ("",))[-1]
        if head[0] not in _FOLLOWERS:
            return
        fits = [one for one in self.by_name.get(surname, ())[:_RECENT] if one is not referent]
        side = fits[0].reading.affiliation if fits else self._side_of(principal)
        own = reading.affiliation in ("unspecified", "government_executive")
        if fits or (own and side not in ("unspecified", "expert", "citizen", "family")):
            self._label(referent, side, f"speaks_for:{principal}")

    def _side_of(self, name: str) -> str:
        """On whose behalf a person speaks of whom the document says nothing as a source."""
        reading = self.read(name)
        if reading.form != "name" or reading.affiliation != "unspecified":
            return "unspecified"
        person = Referent(0, reading, name, names=set(name_words(reading.name)))
        self._fullest(person)
        return person.reading.affiliation

    # descriptions

    def _by_description(self, one: _Said) -> bool:
        reading = one.reading
        if one.source is None or reading.form in ("pronoun", "name"):
            return False
        if reading.form == "none":
            one.settled = True
            return True
        referent = self._described(self._drawn(one, reading), one.source, one.source_start)
        self._speaks_for(referent)
        self._settle(one, referent)
        return True

    def _drawn(self, one: _Said, reading: Reading) -> Reading:
        """ "One of them", "each of whom" take the side of those they are drawn from."""
        part, _, whole = reading.rule.partition(">pronoun:")
        if not whole:
            return reading
        group = self._relative(one) if whole in ("whom", "which") else self._they_or_it(one, "plural")
        side = group.reading.affiliation if group is not None else "unspecified"
        return reading._replace(affiliation=side, rule=f"{part}>{group.reading.rule}") if group is not None else reading

    def _described(self, reading: Reading, text: str, at: int) -> Referent:
        key = _description_key(text)
        head = reading.head.split()[-1].casefold() if reading.head else ""
        referent = self._antecedent(reading, key, head, at)
        if referent is not None:
            self._grow(referent, reading._replace(name="") if reading.name else reading, text)
        else:
            referent = self._new(self._inherits(reading, head, at), text)
        referent.nouns.update(reading.head.casefold().split())
        if reading.plural or reading.definite or reading.form in ("mass", "document", "organisation"):
            self.by_key[key] = referent
        referent.keys.add(key)
        return referent

    def _antecedent(self, reading: Reading, key: str, head: str, at: int) -> Referent | None:
        single = reading.form in ("person", "role") and not reading.plural
        if 0 <= at < self.title_end and single:
            return self._announced(head)
        if single and reading.definite:
            fits = _is_politician if reading.rule == "name:partisan" else lambda one: _answers(one, head, reading)
            return self._nearest(at, fits) or self._titled(reading, head, at)
        if reading.definite:
            same = self.by_key.get(key)
            return same or self._nearest(at, lambda one: head in one.heads and one.reading.plural == reading.plural
                                         and one.reading.form in (reading.form, "organisation"))  # fmt: skip
        if (reading.plural and not reading.number.isdigit()) or reading.form in ("mass", "document"):
            return self.by_key.get(key)
        return None

    def _announced(self, head: str) -> Referent | None:
        """A headline describes whom the article goes on to name: "Lawmaker urges …"."""
        people = (one for one in self.referents[:_RECENT] if one.reading.form == "name" and head in one.heads)
        return next(people, None)

    def _titled(self, reading: Reading, head: str, at: int) -> Referent | None:
        """ "The president" after "President Obama" is Obama, though nothing was attributed to him before."""
        if reading.form != "role" or reading.principal or reading.former:
            return None
        titles = [title.title() for title in (head, *_SHORT.get(head, ()))]
        before = self.text[max(0, at - FAR) : at]
        if not any(title in before for title in titles):
            return None
        found = list(re.finditer(rf"\b(?:{'|'.join(titles)})\.? (?:[A-Z][\w.’'\-]+ ?){{1,3}}", before))
        if not found:
            return None
        phrase = found[-1][0].strip()
        person = self.read(phrase)
        return self._person(person, phrase) if person.form == "name" else None

    def _inherits(self, reading: Reading, head: str, at: int) -> Reading:
        """ "One of the officials" takes the side of the officials spoken of before (codebook C3 rule 8)."""
        if reading.form in ("organisation", "document") and reading.definite:
            return self._issued(reading, head, at)
        bare = reading.rule == "head:official" and not reading.principal
        drawn = bare or reading.definite or reading.rule.startswith(("one_of", "some_of"))
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
            return self._mouthpiece(reading, at)
        if reading.head in _OF_A_BODY and reading.affiliation == "unspecified" and not reading.principal:
            return self._mouthpiece(reading, at)
        return reading

    def _mouthpiece(self, reading: Reading, at: int) -> Reading:
        """A spokesman of no body named beside him speaks for the body last spoken of."""
        body = self._nearest(at, lambda one: one.reading.form == "organisation", NEAR)
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
            issuer = self._nearest(at, lambda one: one.reading.identification in _NAMED, 2 * NEAR)
            if issuer is not None:
                side = issuer.reading.affiliation
                return reading._replace(
                    affiliation=side if side != "unspecified" else reading.affiliation,
                    identification=issuer.reading.identification, rule=f"issuer>{reading.rule}",
                )  # fmt: skip
        return reading

    def _last_group(self, reading: Reading, at: int) -> Reading:
        """ "The group" that no body is called by is the body, or the crowd, that last said something."""
        last = self._nearest(at, lambda one: one.reading.form == "organisation" or one.reading.plural, NEAR)
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

    # pronouns and sources left out

    def _by_reference(self, one: _Said) -> None:
        if one.source is None:
            self._settle(one, self._continued(one))
            return
        reading = one.reading
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
            one.linked = f"{reading.rule}>{referent.reading.rule}"
        self._settle(one, referent)

    def _he_or_she(self, one: _Said, gender: str) -> Referent | None:
        at = one.source_start
        found = [self._person_before(one, gender), self._person_seen(one, gender), self._person_named(one, gender)]
        fits = [pair for pair in found if pair is not None and at - pair[0] <= NEAR]
        referent = max(fits, key=_FIRST)[1] if fits else self._person_mentioned(one, gender)
        if referent is None:
            return None
        referent.gender = referent.gender or gender
        return referent

    def _person_before(self, one: _Said, gender: str) -> tuple[int, Referent] | None:
        """The last person spoken for; one without a name only within the paragraph."""
        line = self.page.line_start(one.source_start)
        for offset, referent in self.spoken.before(one.source_start, NEAR):
            if one.content_start <= offset < one.content_end or not _is_person(referent):
                continue
            if referent.gender in ("", gender) and (referent.reading.form == "name" or offset > line):
                return offset, referent
        return None

    def _person_seen(self, one: _Said, gender: str) -> tuple[int, Referent] | None:
        """The only person known from elsewhere who is named in the two sentences before, outside anybody's content."""
        last: dict[str, int] = {}
        for at, surname in self._surnames(one.source_start - NEAR // 3, one.source_start):
            last.setdefault(surname, at)
        seen = [
            (at, other)
            for surname, at in last.items()
            if not self._attributed(at)
            for other in self.by_name[surname][-_RECENT:]
            if other.gender in ("", gender) and other.reading.form == "name"
        ]
        return seen[0] if len(seen) == 1 else None

    def _surnames(self, low: int, high: int) -> list[tuple[int, str]]:
        """Surnames met so far between two offsets, the last first."""
        words = self.page.words(low, high)
        return [(at, word) for at, word in words if word in self.by_name and self.text[at].isupper()]

    def _attributed(self, offset: int) -> bool:
        """Whether an offset lies in somebody's content."""
        at = bisect_left(self.contents, (offset + 1, 0))
        return at > 0 and offset < self.contents[at - 1][1]

    def _person_named(self, one: _Said, gender: str) -> tuple[int, Referent] | None:
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
            known = [other for other in self.by_name.get(surname, ())[-_RECENT:] if other.gender in ("", gender)]
            if known:
                return start, known[-1]
            sure = reading.gender == gender or _SUBJECT.match(self.text, start + found[0])
            if len(name_words(reading.name)) > 1 and sure:
                return start, self._met(reading)
        return None

    def _met(self, reading: Reading) -> Referent:
        """A person nothing has been attributed to so far."""
        referent = self._person(reading, reading.name)
        self._fullest(referent)
        return referent

    def _person_mentioned(self, one: _Said, gender: str) -> Referent | None:
        """Where no better antecedent stands: the last full name of that gender, else the only person named."""
        low = max(0, one.source_start - NEAR // 2)
        for match in reversed(list(_FULL_NAME.finditer(self.text, low, one.source_start))):
            reading = self.read(match[0])
            if self.read.known.given.get(match[1].casefold()) == gender and reading.form == "name":
                return self._met(reading)
        near = {surname for _, surname in self._surnames(low, one.source_start)}
        fits = {other for surname in near for other in self.by_name[surname][-_RECENT:] if other.gender in ("", gender)}
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

    def _they_or_it(self, one: _Said, kind: str) -> Referent | None:
        if kind == "thing" and one.rule.startswith(("agentless", "expletive")):
            return None
        reach = min(NEAR, one.source_start - self._block_start(one))
        for offset, referent in self.spoken.before(one.source_start, reach):
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

    def _people_opening(self, one: _Said, reach: int) -> Referent | None:
        """The people who open a sentence shortly before "they", though nothing is attributed to them there."""
        low = one.source_start - min(reach, NEAR // 2)
        for start in reversed(self.page.openings(low, one.source_start)):
            match = _PEOPLE.match(self.text, start, one.source_start)
            if match is None or not _NO_SUBJECT.isdisjoint(match[0].casefold().split()):
                continue
            reading = self.read(match[0])
            if reading.plural and reading.form in ("person", "role", "mass"):
                return self._described(reading, match[0], start)
        return None

    def _body_opening(self, one: _Said, reach: int) -> Referent | None:
        """The body that opens a sentence shortly before "it", though nothing is attributed to it there."""
        low = one.source_start - min(reach, NEAR // 2)
        for start in reversed(self.page.openings(low, one.source_start)):
            match = _OPENING_NAME.match(self.text, start)
            reading = self.read(match[0]) if match else Reading()
            if match and reading.form == "organisation" and reading.name and reading.rule != "name:case":
                return self._body(reading, match[0])
        return None

    def _block_start(self, one: _Said) -> int:
        """Where the displayed quotation a source stands in begins (after a colon), else 0: "they" looks no further."""
        passage = bisect_left(self.passages, one.source_start + 1)
        start = self.passages[passage - 1] if passage else 0
        return start if self.text[max(0, start - 3) : start].rstrip().endswith(":") else 0

    def _speaker(self, one: _Said, kind: str) -> Referent | None:
        """ "I" is whoever is speaking: the source of the attribution it stands in, else the author."""
        if isinstance(one.parent_id, str) and one.parent_id in self.by_id:
            parent = self.by_id[one.parent_id]
            if not parent.settled:
                parent.settled = True
                self._by_reference(parent)
            return parent.referent
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
        at = bisect_left(self.order, one.at, key=_AT)
        for other in reversed(self.order[max(0, at - 50) : at]):
            if other.referent is not None and one.at - other.at <= 3 * NEAR:
                return other.referent
        return None

    # terms of anonymity

    def _terms(self) -> None:
        """Give attributions their terms and reason: stated in the sentence, or pointed back to by a later one."""
        self.unnamed = [one for one in self.order if one.source_start >= 0 and _is_unnamed(one)]
        if not self.unnamed:
            return
        shared: dict[int, tuple[str, str]] = {}
        found: dict[_Said, tuple[str, str]] = {}
        for terms in stated(self.text, self.anchors):
            for one in self._whose(terms.sentence_start, terms.start, terms.sentence_end):
                found.setdefault(one, (terms.wording, terms.reason))
        for one, told in found.items():
            if one.referent is not None:
                shared[one.referent.number] = told
        for one in self.order if found else ():
            same = shared.get(one.referent.number) if one.referent is not None else None
            one.terms = found.get(one, same) or one.terms

    def _whose(self, start: int, at: int, end: int) -> list[_Said]:
        """Attributions stated terms belong to: those of the nearest unnamed source of the sentence, else those before
        that its subject points back to ("The sources spoke on the condition …")."""
        low, high = (bisect_left(self.unnamed, spot, key=_AT) for spot in (start, end))
        subject, here = self.text[start:at], self.unnamed[low:high]
        pointing = _POINTS_BACK.match(subject)
        if here and not (pointing and not any(one.cue_start < at for one in here)):
            before = [one for one in here if one.source_start <= at] or here
            return [max(before, key=lambda one: one.source_start)]
        return self._pointed_back(subject, start) if pointing else []

    def _pointed_back(self, subject: str, start: int) -> list[_Said]:
        low, high = (bisect_left(self.unnamed, spot, key=_AT) for spot in (start - FAR, start))
        earlier = self.unnamed[low:high]
        heads = {singular(word.strip(",.")) for word in subject.casefold().split()}
        same = [one for one in earlier if (one.reading.head.split() or [""])[-1] in heads]
        line = self.page.line_start(start)
        if same:
            return [one for one in same if one.at > line] or [same[-1]]
        return [one for one in earlier[-1:] if start - one.at < 2 * NEAR]

    # rows

    def _rows(self, said: list[_Said]) -> list[Row]:
        """Rows in the order of the table; referents are numbered in the order of the text."""
        number = 0
        for one in self.order:
            if one.referent is not None and not one.referent.source_id:
                number += 1
                one.referent.source_id = f"{self.doc_id}#r{number:02d}"
        return [_row(one) for one in said]


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
_FOLLOWERS = frozenset("spokesman spokeswoman spokesperson aide adviser advisor manager strategist director surrogate "
                       "lawyer attorney staffer chief chairman secretary ally supporter campaign "
                       "official".split())  # fmt: skip
_OPEN = ("unspecified", "military", "business", "citizen", "family")
"""Affiliations that a further mention may correct: a minister who was a general, a magnate with a campaign."""
_UTTERANCES = frozenset("statement letter memo email e-mail communique declaration message fax telegram".split())
"""Documents somebody has just been said to issue, when they are definite."""
_MOUTHPIECES = frozenset("spokesman spokeswoman spokesperson".split())
_OF_A_BODY = frozenset(
    "member director deputy executive chairman chairwoman chairperson co-chair founder co-founder representative "
    "employee staffer".split()
) | {"executive director", "managing director", "staff member", "board member"}
"""Heads who are somebody's: without a body beside them, of the body last spoken of."""
_GROUPS = ("group", "organization", "organisation", "board")
"""What a body, or a crowd, is called again without its name."""
_OPENING_NAME = re.compile(r"(?:M(?:rs?|s)\. )?(?:(?:[A-Z][\w’'\-]+|[A-Z]\.) ){0,4}[A-Z][\w\-]+(?=(?:[’']s)?[ ,])")
_NOBODY = STOP | ARTICLES | INDEFINITE
_SUBJECT = re.compile(r" (?:is|was|has|had|who|said|says|will|would|also|told|wrote|writes)\b|, ")
_FULL_NAME = re.compile(r"([A-Z](?<!\w.)[a-z]+) (?:[A-Z]\. )?[A-Z][\w’'\-]+")
_APPOSED = re.compile(r"(?:(?<=[a-z], )|(?<=[a-z] ))(?:[A-Z][\w’'\-]+ ){1,2}[A-Z][\w’'\-]+(?=, who )")
_PEOPLE = re.compile(r"(?:[\w’'\-]+ ){0,4}?(?:[A-Za-z][a-z\-]+s|[Pp]eople|(?:[a-z]|Wo|M)men|[Pp]olice)(?= )")
_NO_SUBJECT = STOP | POSSESSIVES | OPENERS
_BODY_NAME = re.compile(r"[A-Z](?<!\w.)[\w’'\-]+(?: (?:of |for )?[A-Z][\w’'\-]+){1,3}")
_POINTS_BACK = re.compile(r"\W*(?:The|These|Those|Both|All|They|He|She|Each|Neither|None|Like)\b[^,]{0,60}$")


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


def _is_unnamed(one: _Said) -> bool:
    reading = one.reading if one.referent is None else one.referent.reading
    return reading.identification in _UNNAMED


def _row(one: _Said) -> Row:
    """The columns after the keys, in the table's order."""
    own, referent, source = one.reading, one.referent, one.source
    near = _closeness(source) if source is not None and " " in source else None
    if referent is None:
        rule = "no_source" if source is None else own.rule
        name, number = (source, own.number) if own.identification != "unattributed" else (None, None)
        return None, name, own.head or None, own.identification, own.affiliation, number, *one.terms, near, rule
    whole = referent.reading
    told, pronoun = whole.identification, own.form == "pronoun"
    stands = pronoun or source is None
    if not stands and whole.form != "name" and told not in _NAMED and own.identification not in _TOLD:
        told = own.identification
    return (
        referent.source_id, whole.name or referent.text, own.head or whole.head or None, told, whole.affiliation,
        whole.number if stands else own.number, *one.terms, near, (one.linked or own.rule) if pronoun else whole.rule,
    )  # fmt: skip


_closeness = lru_cache(maxsize=50_000)(closeness)
_TOLD = (*_NAMED, "unattributed")


def _united(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans with those that overlap made one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(span for span in spans if span[0] >= 0):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


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


def _last(name: str) -> str:
    return (name_words(name) or (name.casefold(),))[-1]


def _is_politician(referent: Referent) -> bool:
    """Whom "the Lowick Republican" may be: a person of a party, a legislature or a government."""
    sides = ("party", "legislature", "government_executive")
    return referent.reading.form == "name" and referent.reading.affiliation in sides


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


@lru_cache(maxsize=50_000)
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
