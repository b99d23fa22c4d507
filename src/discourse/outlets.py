"""Tokens and gazetteer -> outlet mentions: which outlets a text names, and what each does where it is named.

Newspapers are called by everyday words (the Sun, Time, the Post), share them, and are cut short once they have been
named. So a mention is found in steps, each of which leaves its name in `rule`: a form of a name stands in the text;
it is written as a name is written, and is no part of a longer one; a form that is strong stands by itself, a short one
needs a cue beside it or the full name before it; a short form of several outlets is given to the one named in full
before, else to the document's own, else by a place beside it, else kept without a name and with its `candidates`.
A wrong outlet is the worse error (an edge in who-credits-whom that nobody drew); so in doubt the name is left open,
and an everyday word without a cue is no mention at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from discourse import gazetteer as gz
from discourse import sentences as st
from discourse import tables
from discourse.gazetteer import SHORT, STRONG, WEAK, Gazetteer, Sense
from discourse.passages import origins
from discourse.roles import (
    AT,
    BOUND,
    BY,
    CLOSE,
    COLON,
    COMMA,
    CONJ,
    DASH,
    FOR,
    FROM,
    IN,
    OF,
    ON,
    OPEN,
    PAPER,
    PIECE,
    POLL,
    POSS,
    QUALIFY,
    REPORT,
    SKIP,
    STAFF,
    STOP,
    TELL,
    THE,
    TO,
    WITH,
    Around,
    Bits,
    Setting,
    roles,
    word_classes,
)
from discourse.sentences import Tokens
from discourse.spots import (
    CALLED,
    DOMAIN,
    HOST,
    JOINS,
    QUOTED,
    SHAPED,
    SLASH,
    STATION,
    WEB,
    Marked,
    Spots,
    marked,
    spots,
)

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_SAID = {"magazine": "magazine", "agency": "agency", "site": "digital"}
"""Medium by the word that says what a name is, where it is not newspaper."""
_PRESS_WORDS = frozenset("broadcasting broadcast press agence associated presse".split())
_UNMISTAKABLE = frozenset(
    "tribune herald gazette chronicle courier dispatch examiner inquirer enquirer telegraph times intelligencer "
    "picayune advertiser".split()
)
"""Last words that make a capitalised name with an article a newspaper's without further signs."""
_PEOPLE = frozenset("republican independent democrat conservative scotsman yorker mexican hindu cctv".split())
"""Names of papers that are everyday adjectives or what people are called; those of countries' people are too."""


@dataclass
class _Named:
    """What a document has named so far: rows of the gazetteer, and others. `end`: the token after the last name."""

    own: int = -1
    rows: dict[int, None] = field(default_factory=dict)
    other: dict[str, str] = field(default_factory=dict)
    end: int = -1


@dataclass
class _Mentions:
    """Mentions in the making, as parallel lists: tokens first, …, last - 1; row of the gazetteer (-1: none)."""

    first: list[int] = field(default_factory=list)
    last: list[int] = field(default_factory=list)
    row: list[int] = field(default_factory=list)
    name: list[str | None] = field(default_factory=list)
    medium: list[str | None] = field(default_factory=list)
    generic: list[bool] = field(default_factory=list)
    candidates: list[str | None] = field(default_factory=list)
    rule: list[str] = field(default_factory=list)

    def add(self, span: tuple[int, int], reading: _Reading) -> None:
        self.first.append(span[0])
        self.last.append(span[1])
        for name in ("row", "name", "medium", "generic", "candidates", "rule"):
            getattr(self, name).append(getattr(reading, name))


class _Reading(NamedTuple):
    """How a mention was read."""

    rule: str
    row: int = -1
    name: str | None = None
    medium: str | None = None
    generic: bool = False
    candidates: str | None = None


def outlets(
    documents: pd.DataFrame,
    tokens: Tokens,
    sentences: pd.DataFrame,
    passages: pd.DataFrame,
    attributions: pd.DataFrame,
    gazetteer: pd.DataFrame | str | None = None,
    local: bool = False,
) -> pd.DataFrame:
    """Outlet mentions. One row per mention: the contract's columns; voice_id and attribution_id null until `voices`.

    Parameters
    ----------
    documents : the contract's documents; doc_id and text are read, and outlet and url where they are there.
    tokens, sentences, passages, attributions : of the same documents.
    gazetteer : rows like those of data/outlets.csv, put before the shipped ones (a corpus's own outlets); "local" for
        the shipped list and the long list of US local outlets; None for the shipped list.
    local : add the long list of US local outlets to whatever `gazetteer` gives.

    Raises
    ------
    LexiconError
        A row of the gazetteer cannot be used.
    """
    known = gz.compiled(gazetteer, local)
    text = marked(tokens, known)
    words = word_classes(text.tokens.vocabulary)
    found = _read(documents, text, words, known)
    return _table(documents, text, words, sentences, passages, attributions, known, found)


# --- which of them are mentions, and of whom ---


def _read(documents: pd.DataFrame, text: Marked, words: Bits, known: Gazetteer) -> _Mentions:
    at = spots(text, known)
    around = Around(text.tokens, at.first, at.last, words)
    reader = _Reader(text, known, at, around, _own_rows(documents, known))
    found = _Mentions()
    end = -1
    for i, (first, last) in enumerate(zip(reader.first, reader.last, strict=True)):
        if first < end:
            continue
        reading = reader.read(i)
        if reading is not None:
            found.add((first, last), reading)
            end = reader.named[reader.doc[i]].end = last
    return found


def _own_rows(documents: pd.DataFrame, known: Gazetteer) -> list[int]:
    """Row of each document's own outlet, from its name or its address, -1 where neither says."""
    n = len(documents)
    names = documents["outlet"].tolist() if "outlet" in documents else [None] * n
    urls = documents["url"].tolist() if "url" in documents else [None] * n
    rows = []
    for name, url in zip(names, urls, strict=True):
        row = known.names.get(gz.without_article(name).casefold(), -1) if isinstance(name, str) else -1
        if row < 0 and isinstance(name, str):
            row = known.names.get(gz.plain(name), -1)
        if row < 0 and isinstance(url, str):
            row = gz.domain_row(re.sub(r"^\w+://", "", url.lower()).split("/")[0], known.domains)
        rows.append(row)
    return rows


class _Bearers(NamedTuple):
    """Rows of the outlets a form may stand for: all, those it is a strong and a short form of; `weak`: one is weak."""

    rows: frozenset[int]
    strong: list[int]
    short: list[int]
    weak: bool


def _bearers(senses: Sequence[Sense]) -> _Bearers:
    return _Bearers(
        frozenset(sense.row for sense in senses),
        [sense.row for sense in senses if sense.strength == STRONG],
        [sense.row for sense in senses if sense.strength in (WEAK, SHORT)],
        any(sense.strength == WEAK for sense in senses),
    )


class _Reader:
    """Reads spots in text order; knows what each document has named before."""

    def __init__(self, text: Marked, known: Gazetteer, at: Spots, around: Around, own: Sequence[int]) -> None:
        self.tokens, self.known = text.tokens, known
        self.first, self.last, self.code = (values.tolist() for values in at)
        self.doc = text.tokens.doc[at.first].tolist() if len(at.first) else []
        self.named = [_Named(row) for row in own]
        self.countries = known.country
        self.own = known.own
        self.media = known.medium
        self.outlet = known.outlet
        self.listed = self._listed(around, text.having(JOINS))
        self.cue = around.cue.tolist()
        self.descriptors = list(
            known.descriptors[["entry", "ambiguity", "category"]].itertuples(index=False, name=None)
        )
        self.says = (around.says | around.accorded | around.near_is(1, TELL)).tolist()
        self.called = around.near_is(1, PAPER | POSS | QUALIFY).tolist()
        self.bracketed = around.paired_brackets.tolist()
        self.body = around.right_is(1, OF).tolist()
        self.on_air = (around.left_is(1, ON) & _upper(around)).tolist()
        self.article = around.article.tolist()
        joined = np.array(self.listed, dtype=bool) | (around.piece & around.article)
        self.bounded = (_bounded(around) & (~_hyphenated(around) | joined)).tolist()
        self.starts = _starts_sentence(around).tolist()
        self.press = around.reaches_press.tolist()
        self.printed = around.printed.tolist()
        self.station = (
            around.says | around.accorded | around.near_is(1, TELL | PAPER) | around.right_is(1, PAPER | STAFF)
        ).tolist()
        self.people = self._bearers(around)
        self.otherwise = self._otherwise(around)
        listed = around.first[np.array(self.code, dtype=np.int64) >= 0]
        self.begun = set(listed.tolist())
        self.cases: dict[tuple[int, str], _Bearers] = {}

    def _bearers(self, around: Around) -> set[tuple[int, str]]:
        """(document, word) of short forms that stand behind a first name or title somewhere in the document."""
        left = around.near_shape(1)
        behind = np.isin(left, (st.TITLE, st.INITIAL)) & ~around.article & ~around.left_first
        behind |= np.isin(around.near_shape(2), (st.INITIAL, st.TITLE)) & around.near_is(1, STOP) & ~around.article
        single = around.last - around.first == 1
        named = np.flatnonzero((behind & single) | (around.paired_brackets & single & _initials(around)))
        word = self.tokens.word
        return {(self.doc[i], self.tokens.vocabulary[word[self.first[i]]]) for i in named.tolist()}

    def _otherwise(self, around: Around) -> list[bool]:
        """The spot is an acronym that the document spells out as something that is no outlet."""
        other = set()
        for i in np.flatnonzero(around.paired_brackets & _upper(around)).tolist():
            if _spelt_out(around, i):
                other.add((self.doc[i], self.word(self.first[i])))
        words = [
            self.word(first) if first + 1 == last else "" for first, last in zip(self.first, self.last, strict=True)
        ]
        return [(doc, word) in other for doc, word in zip(self.doc, words, strict=True)]

    def _listed(self, around: Around, joins: Mask) -> list[bool]:
        """The spot stands in a list with a strong name: "HBN and Kettle Falls Gazette surveys"."""
        strong = np.append(self.known.strong, [False] * 3)[np.array(self.code, dtype=np.int64)]
        begins, ends = set(around.first[strong].tolist()), set(around.last[strong].tolist())
        return [
            _next(joins, last, 1) in begins or _next(joins, first - 1, -1) + 1 in ends
            for first, last in zip(self.first, self.last, strict=True)
        ]

    def read(self, i: int) -> _Reading | None:
        """How spot i is read; None where it is no mention."""
        code = self.code[i]
        if code >= self.known.first_generic:
            return self._generic(i, code - self.known.first_generic)
        if code == DOMAIN:
            return self._domain(i)
        if code == STATION:
            return self._station(i)
        if code == SHAPED:
            return self._shaped(i)
        if code == CALLED:
            return self._called(i)
        reading = self._written(i, code)
        if not reading.rows or self.otherwise[i]:
            return None
        return self._settle(i, reading.strong, "name") if reading.strong else self._short(i, reading)

    def word(self, token: int) -> str:
        return str(self.tokens.vocabulary[int(self.tokens.word[token])])

    def _written(self, i: int, code: int) -> _Bearers:
        """The outlets that bear the form as it is written in the text; worked out once a form and writing."""
        surface = self.tokens.surface(self.first[i], self.last[i])
        key = (code, surface)
        if key not in self.cases:
            senses = self.known.senses[code]
            fits = {written: _same_case(surface, written) for written in {sense.written for sense in senses}}
            self.cases[key] = _bearers([sense for sense in senses if fits[sense.written]])
        return self.cases[key]

    def _generic(self, i: int, row: int) -> _Reading | None:
        entry, ambiguity, medium = self.descriptors[row]
        if entry.startswith("the ") and not (self.article[i] and self.word(self.first[i] - 1) == "the"):
            return None
        if ambiguity != "low" and not self.says[i]:
            return None
        if self.first[i] == self.named[self.doc[i]].end:
            return None
        return _Reading(f"descriptor: {entry}", medium=medium or None, generic=True)

    def _domain(self, i: int) -> _Reading:
        word = self.word(self.first[i])
        return self._settle(i, [gz.domain_row(word, self.known.domains)], "domain")

    def _station(self, i: int) -> _Reading | None:
        surface = self.tokens.surface(self.first[i], self.last[i])
        named = self.named[self.doc[i]]
        full = "-" in surface or " " in surface
        if not full and (self.bracketed[i] or not self.bounded[i]):
            return None
        if not (full or self.station[i] or self.cue[i] or self.on_air[i] or surface in named.other):
            return None
        named.other[surface] = surface
        return _Reading("call sign", name=surface, medium="broadcast")

    def _shaped(self, i: int) -> _Reading | None:
        surface = " ".join(self.tokens.surface(self.first[i], self.last[i]).split())
        words = surface.split()
        head = words[-1].casefold()
        if not self.bounded[i] or self.body[i] or not (self.cue[i] or (self.article[i] and head in _UNMISTAKABLE)):
            return None
        if surface[1] == "-":
            return None
        if head == "agency" and words[-2].casefold() not in ("news", "press"):
            return None
        if any(gz.plain(" ".join(words[k:])) in self.known.names for k in range(len(words) - 1)):
            return None
        self.named[self.doc[i]].other[head] = surface
        medium = "newspaper" if head in gz.HEADS else "agency" if head == "agency" else "broadcast"
        return _Reading("shape of a name", name=surface, medium=medium)

    def _called(self, i: int) -> _Reading | None:
        """A name that is in no list, but is said to be an outlet's right before."""
        if self.first[i] in self.begun or not self.tokens.surface(self.first[i], self.last[i])[0].isupper():
            return None
        surface = " ".join(self.tokens.surface(self.first[i], self.last[i]).split())
        before = self.word(self.first[i] - 1)
        self.named[self.doc[i]].other[surface.split()[-1].casefold()] = surface
        return _Reading("said to be one", name=surface, medium=_SAID.get(before, "newspaper"))

    def _short(self, i: int, bearers: _Bearers) -> _Reading | None:
        named = self.named[self.doc[i]]
        before = [row for row in named.rows if row in bearers.rows]
        word = self.word(self.first[i])
        if not self.bounded[i]:
            return None
        if before and (self.cue[i] or self.article[i] or not self.starts[i]):
            return self._settle(i, before, "short form")
        if word in named.other and self.article[i]:
            return _Reading("short form: full name before", name=named.other[word], medium="newspaper")
        short, weak = bearers.short, bearers.weak
        if not short or (self.doc[i], word) in self.people:
            return None
        if named.own in short and self.article[i]:
            return self._settle(i, [named.own], "short form: the document's own outlet")
        if not (self.article[i] or self.called[i] or self.printed[i]):
            short = [row for row in short if not self.outlet[row].startswith("The ")]
        mine = [row for row in short if self.own[row]]
        if mine and self.article[i] and not self.starts[i]:
            return self._settle(i, mine, "short form of the corpus's own outlet")
        single = self.last[i] == self.first[i] + 1
        if single and (word in _PEOPLE or word in gz.place_words()):
            enough = self.press[i]
        elif (self.listed[i] or weak or (self.on_air[i] and any(self.media[row] == "broadcast" for row in short))) and (
            self.article[i] or not self.starts[i]
        ):
            enough = True
        else:
            enough = self.cue[i] and (not self.starts[i] or self.article[i] or self.press[i])
        return self._settle(i, short, "short form with cue") if enough and short else None

    def _settle(self, i: int, rows: list[int], rule: str) -> _Reading:
        """Give the mention to one of the outlets `rows`, or keep them as candidates."""
        row, how = self._choose(i, list(dict.fromkeys(rows)))
        if row < 0:
            names = "; ".join(dict.fromkeys(self.outlet[row] for row in rows))
            return _Reading(f"{rule}: open", candidates=names)
        self.named[self.doc[i]].rows[row] = None
        return _Reading(f"{rule}{how}", row, self.outlet[row], self.media[row] or None)

    def _choose(self, i: int, rows: list[int]) -> tuple[int, str]:
        named = self.named[self.doc[i]]
        code = self.code[i]
        alone = code < 0 or len(self._written(i, code).rows) == 1 or gz.place(self.outlet[rows[0]]) is None
        if len(rows) == 1 and (alone or self.own[rows[0]] or rows[0] in named.rows):
            return rows[0], ""
        before = [row for row in rows if row in named.rows]
        if len(before) == 1:
            return before[0], ": full name before"
        if named.own in rows:
            return named.own, ": the document's own outlet"
        own = self.countries[named.own] if named.own >= 0 else ""
        for how, codes in (("country of the document's outlet", {own} - {""}), ("place beside it", self._places(i))):
            here = [row for row in rows if self.countries[row] in codes]
            if len(here) == 1:
                return here[0], f": {how}"
        near = {self.countries[row] for row in named.rows}
        here = [row for row in rows if self.countries[row] in near]
        if len(here) == 1:
            return here[0], ": country of the outlets named before"
        whole = [row for row in rows if self.outlet[row] == f"The {self.tokens.surface(self.first[i], self.last[i])}"]
        if len(whole) == 1 and self.article[i]:
            return whole[0], ": name in full"
        same = {gz.plain(self.outlet[row]) for row in rows}
        bare = [row for row in rows if gz.place(self.outlet[row]) is None]
        if len(same) == 1 and len(bare) == 1:
            return bare[0], ": the best known of the name"
        return -1, ""

    def _places(self, i: int) -> set[str]:
        """Countries named, or whose people or cities are, up to six words before the mention or three after it."""
        first, last = max(self.first[i] - 6, 0), min(self.last[i] + 3, len(self.tokens))
        words = [
            self.word(at)
            for at in (*range(first, self.first[i]), *range(self.last[i], last))
            if self.tokens.sent[at] == self.tokens.sent[self.first[i]]
        ]
        known = gz.place_words()
        pairs = [f"{a} {b}" for a, b in pairwise(words)]
        return {known[word] for word in (*words, *pairs) if word in known}


def _spelt_out(around: Around, i: int) -> bool:
    """Three or more capitalised words before the bracket, none of them a word of the press, spell the acronym out."""
    tokens, bits = around.tokens, around.bits
    at, capitals, press = int(around.first[i]) - 2, 0, False
    while at >= 0 and tokens.sent[at] == tokens.sent[around.first[i]] and capitals < 8:
        word = tokens.vocabulary[int(tokens.word[at])]
        if tokens.shape[at] in (st.TITLE, st.MIXED, st.UPPER):
            capitals += 1
            press |= bool(bits[at] & PAPER) or word in gz.HEADS or word in _PRESS_WORDS
        elif not bits[at] & (OF | FOR | CONJ | THE) or bits[at] & COMMA:
            break
        at -= 1
    return capitals >= 3 and not press


def _next(joins: Mask, at: int, step: int) -> int:
    """The first token from `at` on that does not join a list; -1 where none joins."""
    if not 0 <= at < len(joins) or not joins[at]:
        return -2
    while 0 <= at < len(joins) and joins[at]:
        at += step
    return at


def _upper(around: Around) -> Mask:
    return (
        np.asarray(around.tokens.shape[around.first] == st.UPPER, dtype=bool) if len(around.first) else around.article
    )


def _same_case(surface: str, written: str) -> bool:
    """The surface is written as a name is: capitals where the listed form has them, or capitals throughout."""
    if surface == written:
        return True
    given, listed = re.split(r"[\s’']+", surface), re.split(r"[\s’']+", written)
    if surface.isupper() and (len(listed) > 1 or len(written) > 4 or written.isupper()):
        return True
    if len(given) != len(listed):
        return True
    return all(_word_case(a, b) for a, b in zip(given, listed, strict=True))


def _word_case(given: str, listed: str) -> bool:
    if not listed or not given:
        return True
    if listed.isupper() and len(listed) <= 5 and listed.isalpha() and len(listed) > 1:
        return given == listed
    return given[0].isupper() or not listed[0].isupper()


def _bounded(around: Around) -> Mask:
    """The form is no part of a longer name: no capitalised word joins it on either side."""
    capital = (st.TITLE, st.MIXED, st.UPPER, st.INITIAL)
    left = np.isin(around.near_shape(1), capital) & ~around.article & ~around.left_first
    left &= ~around.near_is(1, PAPER | STAFF | TELL | REPORT | SKIP | IN | ON | FROM | BY | OF | FOR | AT | WITH | TO)
    left &= ~(around.first_word & around.right_is(1, STAFF | PAPER | PIECE | POLL))
    right = np.isin(around.right_shape(1), capital) & ~around.right_is(1, SKIP | POSS | BOUND)
    short = np.isin(around.near_shape(2), (st.INITIAL, st.TITLE)) & around.near_is(1, STOP)
    left |= short & ~around.article
    return ~left & ~right & ~around.of_body & ~around.longer


def _hyphenated(around: Around) -> Mask:
    """It is one half of a word joined by a hyphen."""
    tokens, n = around.tokens, len(around.tokens)
    if not n:
        return np.zeros(len(around.first), dtype=bool)
    after = np.minimum(around.last, n - 1)
    right = around.right_is(1, DASH) & ~tokens.space[after]
    left = around.near_is(1, DASH) & ~tokens.space[around.first] & ~tokens.space[np.maximum(around.first - 1, 0)]
    return np.asarray(left | right, dtype=bool)


def _starts_sentence(around: Around) -> Mask:
    """Nothing but its place can be the reason for the capital: it opens a sentence, a quotation or a headline."""
    first, tokens = around.first, around.tokens
    if not len(first):
        return np.zeros(0, dtype=bool)
    before = np.maximum(first - 1, 0)
    new = (first == 0) | (tokens.sent[before] != tokens.sent[first])
    opened = np.isin(tokens.shape[before], (st.QUOTE_OPEN, st.QUOTE_STRAIGHT))
    return np.asarray(new | opened | around.near_is(1, DASH | COLON | CLOSE), dtype=bool)


def _initials(around: Around) -> Mask:
    """The words before the bracket begin with the letters of the acronym in it: "Palestinian Authority [PA]"."""
    tokens = around.tokens
    given = np.zeros(len(around.first), dtype=bool)
    for i in np.flatnonzero(around.paired_brackets).tolist():
        letters = tokens.vocabulary[tokens.word[around.first[i]]]
        start = int(around.first[i]) - 1 - len(letters)
        words = [tokens.vocabulary[code] for code in tokens.word[max(start, 0) : around.first[i] - 1].tolist()]
        given[i] = start >= 0 and letters == "".join(word[0] for word in words)
    return given


# --- the table ---


def _table(
    documents: pd.DataFrame,
    text: Marked,
    words: Bits,
    sentences: pd.DataFrame,
    passages: pd.DataFrame,
    attributions: pd.DataFrame,
    known: Gazetteer,
    found: _Mentions,
) -> pd.DataFrame:
    tokens = text.tokens
    first, last = np.array(found.first, dtype=np.int64), np.array(found.last, dtype=np.int64)
    row = np.array(found.row, dtype=np.int64)
    medium = np.array([value or "" for value in found.medium], dtype=object)
    generic = np.array(found.generic, dtype=bool)
    around = Around(tokens, first, last, words)
    role, why = roles(around, _setting(documents, text, passages, attributions, around, medium, generic))
    _share(text.having(JOINS), (around.bits & OPEN) != 0, around, role, why)
    doc = tokens.doc[first] if len(first) else first
    doc_ids = np.asarray(tokens.page.doc_id, dtype=object)[doc]
    base = tokens.page.doc_start[doc]
    start, end = (tokens.start[first], tokens.end[last - 1]) if len(first) else (first, last)
    country = known.country
    return tables.frame(
        "outlets",
        {
            "doc_id": doc_ids,
            "sentence_id": sentences["sentence_id"].to_numpy(dtype=object)[tokens.sent[first]] if len(first) else [],
            "mention_id": tables.ids(doc_ids, "m"),
            "start": start - base,
            "end": end - base,
            "surface": [tokens.page.text[a:b] for a, b in zip(start.tolist(), end.tolist(), strict=True)],
            "outlet": found.name,
            "generic": generic,
            "platform": medium == "platform",
            "country": [(country[r] or None) if r >= 0 else None for r in row.tolist()],
            "medium": [value or None for value in medium],
            "role": role,
            "voice_id": [None] * len(first),
            "attribution_id": [None] * len(first),
            "candidates": found.candidates,
            "rule": [f"{matched} | {because}" for matched, because in zip(found.rule, why, strict=True)],
        },
    )


def _share(
    joins: Mask, opens: Mask, around: Around, role: npt.NDArray[np.object_], why: npt.NDArray[np.object_]
) -> None:
    """Outlets named in one breath do one thing: those of a list without a role of their own take the list's.

    A name in brackets after a name ("Halvane Broadcasting Network (HBN)") does what the name does.
    """
    first, last, sent = around.first, around.last, around.tokens.sent
    group: list[int] = []
    for i in range(len(first) + 1):
        if group and i < len(first) and sent[first[i]] == sent[first[i - 1]]:
            if first[i] == last[i - 1] + 1 and opens[last[i - 1]]:
                role[i], why[i] = role[i - 1], f"in brackets: {why[i - 1]}"
            between = joins[last[i - 1] : first[i]]
            if 0 < len(between) <= 4 and between.all():
                group.append(i)
                continue
        told = [j for j in group if role[j] != "actor"]
        for j in group if told else []:
            if role[j] == "actor":
                role[j], why[j] = role[told[0]], f"in a list: {why[told[0]]}"
        group = [i]


def _setting(
    documents: pd.DataFrame,
    text: Marked,
    passages: pd.DataFrame,
    attributions: pd.DataFrame,
    around: Around,
    medium: npt.NDArray[np.object_],
    generic: Mask,
) -> Setting:
    tokens, first, last = text.tokens, around.first, around.last
    n = len(tokens)
    if not len(first):
        none, no = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=bool)
        return Setting(medium, no, no, none, none, none, none, no, no, no, no, no, no, no)
    par_of = tokens.par
    heads = np.flatnonzero(np.diff(par_of, prepend=-1) != 0)
    tails = np.concatenate((heads[1:], [n]))
    par = np.searchsorted(heads, first, side="right") - 1
    doc_first = np.searchsorted(tokens.doc[heads], tokens.doc[first], side="left")
    doc_last = np.searchsorted(tokens.doc[heads], tokens.doc[first], side="right") - 1
    kind = _kinds(tokens, passages, heads)
    following = np.minimum(par + 1, len(heads) - 1)
    opens = np.isin(tokens.shape[heads[following]], (st.QUOTE_OPEN, st.QUOTE_STRAIGHT))
    opens |= text.having(QUOTED)[heads[following]]
    quoted = (following > par) & (following <= doc_last) & (opens | (kind[following] == "quoted_article"))
    handed = origins(documents, passages)
    return Setting(
        kind=kind[par],
        leads=_covered(tokens, handed, "lead_start", "lead_end")[first]
        | (quoted & _hands_over(around, tails[par] - 1)),
        precedes=_covered(tokens, handed, "before_start", "before_end")[first],
        before=first - heads[par] - around.article,
        after=tails[par] - last,
        head=par - doc_first,
        tail=doc_last - par,
        quoted_next=quoted,
        in_source=_in_sources(tokens, attributions)[first],
        shows=np.isin(medium, ("broadcast", "podcast", "platform")),
        platform=medium == "platform",
        agency=medium == "agency",
        address=_addresses(text, first, last),
        generic=generic,
    )


def _addresses(text: Marked, first: Ints, last: Ints) -> Mask:
    """The mention is part of a web address."""
    tokens, slash, host = text.tokens, text.having(SLASH), text.having(HOST)
    after = np.minimum(last, len(tokens) - 1)
    follows = slash[np.maximum(first - 1, 0)] & ~tokens.space[first] & slash[np.maximum(first - 2, 0)]
    path = slash[after] & ~tokens.space[after]
    return np.asarray(host[first] & (follows | path | text.having(WEB)[first]), dtype=bool)


def _hands_over(around: Around, final: Ints) -> Mask:
    """The mention stands in the last sentence of its paragraph, and that ends in a colon."""
    tokens = around.tokens
    colon = (around.bits[final] & COLON) != 0
    return np.asarray(colon & (tokens.sent[final] == tokens.sent[around.first]), dtype=bool)


def _kinds(tokens: Tokens, passages: pd.DataFrame, heads: Ints) -> npt.NDArray[np.object_]:
    """Kind of the passage each paragraph stands in."""
    if not len(passages):
        return np.full(len(heads), "commentary", dtype=object)
    begins = tokens.page.to_page(passages["doc_id"], passages["start"])
    order = np.argsort(begins, kind="stable")
    place = np.maximum(np.searchsorted(begins[order], tokens.start[heads], side="right") - 1, 0)
    return np.asarray(passages["kind"].to_numpy(dtype=object)[order[place]], dtype=object)


def _in_sources(tokens: Tokens, attributions: pd.DataFrame) -> Mask:
    """True where a token stands in the source of an attribution."""
    return _covered(tokens, attributions, "source_start", "source_end")


def _covered(tokens: Tokens, table: pd.DataFrame, begin: str, end: str) -> Mask:
    """True where a token lies in one of the spans `begin`, `end` of a table (those at -1 left out)."""
    given = table[table[begin] >= 0]
    depth = np.zeros(len(tokens) + 1, dtype=np.int64)
    if len(given):
        np.add.at(depth, tokens.index(tokens.page.to_page(given["doc_id"], given[begin])), 1)
        stop = tokens.index(tokens.page.to_page(given["doc_id"], given[end]) - 1) + 1
        np.add.at(depth, np.minimum(stop, len(tokens)), -1)
    return np.asarray(np.cumsum(depth)[:-1] > 0, dtype=bool)
