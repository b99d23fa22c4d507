"""Where in a text an outlet's name may stand: forms of names, web addresses, call signs, names that look like one.

Nothing is decided here. A spot is a run of tokens and what kind of look it has; `outlets` reads the spots.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from discourse import sentences as st
from discourse.gazetteer import HEADS, Gazetteer, domain_row
from discourse.sentences import Tokens, Words

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

DOMAIN, STATION, SHAPED, CALLED = -1, -2, -3, -4
"""Kinds of spots that are no pattern of the gazetteer."""
JOINT, HOST, WEB, SIGN, HEAD, TV, FUNCTION, SLASH, AT_SIGN, JOINS, QUOTED, PRINT, NEWS, DATED = (
    1 << n for n in range(14)
)
"""Marks of words: what makes a spot of them, or keeps them out of one."""

_CAPITAL = (st.TITLE, st.UPPER, st.MIXED, st.INITIAL)
_CALL_SIGN = re.compile(r"[wk][a-z]{2,3}(?:-(?:tv|fm|am|dt|ld|cd|lp))?$")
_NO_CALL_SIGN = frozenset("wwii kids wins wars with what when keep wake wait knew kept king kkk".split())
_PIECES = ("start", "end", "doc", "par", "sent", "word", "shape", "n_words", "space", "quote")
_CLASSES: dict[int, frozenset[str]] = {
    HEAD: HEADS | frozenset("radio television agency broadcasting zeitung gazeta press weekly".split()),
    TV: frozenset({"tv", "fm", "am"}),
    FUNCTION: st.STARTERS | frozenset("of by at into about against between through up down over off".split()),
    SLASH: frozenset({"/", "//"}),
    AT_SIGN: frozenset({"@"}),
    QUOTED: frozenset({">"}),
    PRINT: frozenset("newspaper daily weekly tabloid broadsheet magazine".split()),
    NEWS: frozenset("agency site".split()),
    DATED: frozenset(
        "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
        "september october november december jan feb mar apr jun jul aug sep sept oct nov dec".split()
    ),
    JOINS: frozenset({",", "and", "or", "the", "&", "/", "-", "\N{EN DASH}"}),
}
_FIXED = {
    word: sum(mark for mark, others in _CLASSES.items() if word in others)
    for words in _CLASSES.values()
    for word in words
}


class Spots(NamedTuple):
    """Spots in text order, longest first: tokens first, …, last - 1, and the pattern or kind."""

    first: Ints
    last: Ints
    code: Ints


@dataclass(frozen=True)
class Marked:
    """Tokens with the marks of their words."""

    tokens: Tokens
    marks: npt.NDArray[np.int32]

    def having(self, mark: int) -> Mask:
        """True for tokens that bear the mark."""
        return np.asarray((self.marks & mark) != 0, dtype=bool)


def marked(tokens: Tokens, known: Gazetteer) -> Marked:
    """The tokens with names joined by a hyphen taken apart ("Post-ABC" in "Washington Post-ABC News poll")."""
    distinct = _marks(tokens.vocabulary, known)
    marks = distinct[tokens.word]
    at = np.flatnonzero(((marks & JOINT) != 0) & np.isin(tokens.shape, _CAPITAL))
    if not len(at):
        return Marked(tokens, marks)
    cut = _cut(tokens, at)
    added = _marks(cut.vocabulary[len(tokens.vocabulary) :], known)
    return Marked(cut, np.concatenate((distinct, added))[cut.word])


def _marks(vocabulary: list[str], known: Gazetteer) -> npt.NDArray[np.int32]:
    """Marks of each word."""
    return np.fromiter((_mark(word, known) for word in vocabulary), dtype=np.int32, count=len(vocabulary))


def _mark(word: str, known: Gazetteer) -> int:
    mark = _FIXED.get(word, 0)
    if word[0] in "wk" and len(word) <= 7 and word not in _NO_CALL_SIGN and _CALL_SIGN.match(word):
        return mark | SIGN
    if "-" in word and word not in known.hyphened:
        parts = word.split("-")
        if parts[-1] in HEADS:
            mark |= HEAD
        elif parts[-1] in known.begins or any(part in known.ends for part in parts[:-1]):
            mark |= JOINT
    if "." in word and domain_row(word, known.domains) >= 0:
        mark |= HOST | WEB * word.startswith(("www.", "pic."))
    return mark


def _cut(tokens: Tokens, at: Ints) -> Tokens:
    parts = [[part for part in re.split("(-)", tokens.surface(spot, spot + 1)) if part] for spot in at.tolist()]
    counts = np.ones(len(tokens), dtype=np.int64)
    counts[at] = [len(pieces) for pieces in parts]
    origin = np.repeat(np.arange(len(tokens)), counts)
    arrays = {name: getattr(tokens, name)[origin] for name in _PIECES}
    codes = dict(tokens.vocabulary.codes)
    heads = np.cumsum(counts) - counts
    for spot, pieces in zip(at.tolist(), parts, strict=True):
        offset = int(tokens.start[spot])
        for place, piece in enumerate(pieces, start=int(heads[spot])):
            arrays["start"][place], arrays["end"][place] = offset, offset + len(piece)
            arrays["word"][place] = codes.setdefault(piece.lower(), len(codes))
            arrays["shape"][place] = _shape(piece)
            arrays["space"][place] &= offset == int(tokens.start[spot])
            offset += len(piece)
    return replace(tokens, vocabulary=Words(codes), **arrays)


def _shape(piece: str) -> int:
    if not piece[0].isalnum():
        return st.PUNCT
    if piece.isupper():
        return st.UPPER if len(piece) > 1 else st.INITIAL
    if not piece[0].isupper():
        return st.LOWER
    return st.TITLE if piece[1:].islower() else st.MIXED


def spots(text: Marked, known: Gazetteer) -> Spots:
    """Every place where a name or descriptor may stand, overlapping ones too."""
    tokens = text.tokens
    hits = known.matcher.find(tokens)
    capital = np.isin(tokens.shape, (*_CAPITAL, st.ALNUM, st.NUMBER))
    hits = hits.take(capital[hits.first] | ~known.needs_capital[hits.pattern])
    parts = [(hits.first, hits.last, hits.pattern), _domains(text), _call_signs(text), _shaped(text), _called(text)]
    first, last, code = (np.concatenate(arrays).astype(np.int64) for arrays in zip(*parts, strict=True))
    order = np.lexsort((-code, -last, first))
    return Spots(first[order], last[order], code[order])


def _kind(first: Ints, last: Ints, code: int) -> tuple[Ints, Ints, Ints]:
    return first, last, np.full(len(first), code, dtype=np.int64)


def _domains(text: Marked) -> tuple[Ints, Ints, Ints]:
    """Host names of outlets, but not those of e-mail addresses."""
    at = np.flatnonzero(text.having(HOST))
    mail = (at > 0) & text.having(AT_SIGN)[np.maximum(at - 1, 0)] & ~text.tokens.space[at]
    return _kind(at[~mail], at[~mail] + 1, DOMAIN)


def _call_signs(text: Marked) -> tuple[Ints, Ints, Ints]:
    """Stations by call sign, the word TV, FM or AM taken along: WHDH-TV, WHDH TV, WHDH."""
    shape = text.tokens.shape
    at = np.flatnonzero(text.having(SIGN) & (shape == st.UPPER))
    after = np.minimum(at + 1, max(len(shape) - 1, 0))
    longer = text.having(TV)[after] & (after > at) & (shape[after] == st.UPPER)
    full = longer | (text.tokens.end[at] - text.tokens.start[at] >= 4)
    return _kind(at[full], (at + 1 + longer)[full], STATION)


def _shaped(text: Marked) -> tuple[Ints, Ints, Ints]:
    """Runs of capitalised words that end like an outlet's name: Kettle Falls Gazette, Aldmoor Radio."""
    tokens = text.tokens
    capital = np.isin(tokens.shape, _CAPITAL) & ~text.having(FUNCTION)
    head = (text.having(HEAD) & np.isin(tokens.shape, (st.TITLE, st.MIXED))) | (
        text.having(TV) & (tokens.shape == st.UPPER)
    )
    at = np.flatnonzero(head)
    first = at.copy()
    for _ in range(4):
        before = np.maximum(first - 1, 0)
        inside = (first > 0) & (tokens.sent[before] == tokens.sent[at]) & tokens.space[first]
        first = first - (inside & capital[before])
    some = first < at
    return _kind(first[some], at[some] + 1, SHAPED)


def _called(text: Marked) -> tuple[Ints, Ints, Ints]:
    """Capitalised names right after the word that says what they are: "the newspaper Vedra", "news agency Azur"."""
    tokens, shape = text.tokens, text.tokens.shape
    n = len(tokens)
    if n < 2:
        none = np.zeros(0, dtype=np.int64)
        return none, none, none
    capital = np.isin(shape, _CAPITAL) & ~text.having(FUNCTION | DATED)
    kind = np.flatnonzero((text.having(PRINT | NEWS)) & (shape == st.LOWER))
    news = tokens.isin(frozenset({"news"}))[np.maximum(kind - 1, 0)]
    kind = kind[text.having(PRINT)[kind] | news]
    first = kind + 1
    last = first.copy()
    for _ in range(4):
        at = np.minimum(last, n - 1)
        last = last + ((last < n) & capital[at] & (tokens.sent[at] == tokens.sent[kind]) & tokens.space[at])
    some = last > first
    return _kind(first[some], last[some], CALLED)
