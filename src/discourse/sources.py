"""attributions -> sources: who each source is, on whose behalf it speaks, and how much the reader is told.

Every attribution gets one row. `phrases` reads each source phrase on its own; here it is read as its document uses it,
and the phrases of a document are linked to referents: names first (`referents`), with what the document says of them
(`sides`), then `descriptions`, then `pronouns`, each to the nearest compatible antecedent.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from operator import attrgetter

import numpy as np
import pandas as pd

from discourse import tables
from discourse.anonymity import ANCHORS, closeness, settle_terms
from discourse.authors import authors
from discourse.descriptions import Descriptions
from discourse.mentions import Around, Index, Offsets, Text, judges
from discourse.nominals import Reading, gazetteer, name_words
from discourse.phrases import Reader
from discourse.pronouns import Pronouns
from discourse.referents import AT, NAMED, NEAR, NO_READING, Referent, Referents, Said
from discourse.sentences import Tokens
from discourse.sides import Sides

Row = tuple[object, ...]

_PARTS = (
    "doc_id", "attribution_id", "parent_id", "speech", "rule", "source_start", "cue_start", "content_start",
    "content_end",
)  # fmt: skip
_TOLD = (*NAMED, "unattributed")
_closeness = lru_cache(maxsize=50_000)(closeness)


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


def _said(attributions: pd.DataFrame) -> Iterator[Said]:
    """Attributions with the offset each is met at: of its source, else of its cue, else of its content."""
    columns = [attributions[name].tolist() for name in _PARTS]
    source, cue, content = (attributions[f"{part}_start"].to_numpy() for part in ("source", "cue", "content"))
    at = np.where(source >= 0, source, np.where(cue >= 0, cue, np.maximum(content, 0)))
    phrases = attributions["source"].astype(object).where(attributions["source"].notna(), None).tolist()
    return map(Said, *columns, phrases, at.tolist())


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
        self.author, self.passages = author, passages
        self.referents = Referents(text, read)
        self.sides = Sides(self.referents)
        self.descriptions = Descriptions(self.referents, self.sides)
        self.same: dict[str, tuple[list[Referent], Referent]] = {}
        self.seen: dict[str, Reading] = {}

    def link(self, said: list[Said]) -> list[Row]:
        """Rows of the document's attributions."""
        order = sorted(said, key=AT)
        self.pronouns = Pronouns(order, self.referents, self.sides, self.descriptions, self.author, self.passages)
        later = []
        for one in order:
            one.reading = self._reading(one)
            if not self._by_name(one):
                later.append(one)
        for referent in list(self.referents.all):
            self.sides.fullest(referent)
        for referent in self.referents.all:
            self.sides.speaks_for(referent)
        waiting = [one for one in later if not self._by_description(one)]
        for one in waiting:
            if not one.settled:
                self.pronouns.by_reference(one)
        settle_terms(order, self.page, self.anchors)
        self._number(order)
        return [_row(one) for one in said]

    def _reading(self, one: Said) -> Reading:
        """The phrase as this document uses it; a name is judged at its first mention."""
        if one.source is None:
            return NO_READING
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

    def _by_name(self, one: Said) -> bool:
        reading = one.reading
        if one.source is None or not (reading.form == "name" or (reading.form == "organisation" and reading.name)):
            return False
        known = self.same.get(one.source)
        if known is None or len(known[0]) > 1:
            referent = self.referents.named(reading, one.source)
            known = self.same[one.source] = (self.referents.by_name.get(_last(reading.name), []), referent)
        self.referents.settle(one, known[1])
        return True

    def _by_description(self, one: Said) -> bool:
        reading = one.reading
        if one.source is None or reading.form in ("pronoun", "name"):
            return False
        if reading.form == "none":
            one.settled = True
            return True
        referent = self.descriptions.described(self._drawn(one, reading), one.source, one.source_start)
        self.sides.speaks_for(referent)
        self.referents.settle(one, referent)
        return True

    def _drawn(self, one: Said, reading: Reading) -> Reading:
        """ "One of them", "each of whom" take the side of those they are drawn from."""
        part, _, whole = reading.rule.partition(">pronoun:")
        if not whole:
            return reading
        group = self.pronouns.relative(one) if whole in ("whom", "which") else self.pronouns.they_or_it(one, "plural")
        side = group.reading.affiliation if group is not None else "unspecified"
        return reading._replace(affiliation=side, rule=f"{part}>{group.reading.rule}") if group is not None else reading

    def _number(self, order: list[Said]) -> None:
        """Number the referents in the order of the text."""
        number = 0
        for one in order:
            if one.referent is not None and not one.referent.source_id:
                number += 1
                one.referent.source_id = f"{self.doc_id}#r{number:02d}"


def _row(one: Said) -> Row:
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
    if not stands and whole.form != "name" and told not in NAMED and own.identification not in _TOLD:
        told = own.identification
    return (
        referent.source_id, whole.name or referent.text, own.head or whole.head or None, told, whole.affiliation,
        whole.number if stands else own.number, *one.terms, near, (one.linked or own.rule) if pronoun else whole.rule,
    )  # fmt: skip


def _last(name: str) -> str:
    return (name_words(name) or (name.casefold(),))[-1]
