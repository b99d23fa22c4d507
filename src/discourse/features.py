"""Tokens -> the features the attribution tagger reads, as integer arrays over a whole batch.

Closed vocabulary: a token is seen as one of the listed words (function words, punctuation, reporting cues, nouns for
people, bodies, documents and times) or as a suffix class and a shape, so that fitted parameters hold no names and no
topics. The other features say where a token stands: in its sentence, clause, quotation and paragraph, and how far and
of what kind the nearest possible cues are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from discourse import sentences as st
from discourse.sentences import Tokens

Ints = npt.NDArray[Any]
"""Indices are 64-bit integers, codes 32-bit ones."""
Mask = npt.NDArray[np.bool_]

SUFFIXES = tuple(
    "ing ed ly tion sion ment ness ity ance ence ors ers or er ists ist ism ive ous ful al ic able ible ate ize ise "
    "ians ian ans an ship en es s".split()
)
"""The longest counts; a word must be at least three letters longer than its suffix."""
_SUFFIX_CODES = {end: code + 1 for code, end in enumerate(SUFFIXES)}

KINDS = tuple(
    "other . , : ; ? ! ( ) - -- \" ' punct abbr. det pron who that to neg aux be have prep of by as according and "
    "sub ly adv day time month num verb verbs verbed verbing cuenoun docnoun evnoun person org title hearsay attadj "
    "ing ed s name".split()
)
"""Coarse classes of tokens, for features of two and three neighbours."""
KIND = {kind: code for code, kind in enumerate(KINDS)}

_VERBAL = [KIND[kind] for kind in ("be", "have", "aux", "verbs", "verbed", "ed")]

_NOMINAL = [
    KIND[kind]
    for kind in ("other det month num cuenoun docnoun evnoun person org title attadj s name abbr. - day time").split()
]

OFFSETS = tuple(range(-4, 5))
RATES = 6
"""Bins of how often a listed word is (part of) a cue in the training texts."""
_STRONG = 3


@dataclass(frozen=True)
class Vocabulary:
    """The words the tagger knows: one row a word, then one row a suffix class, then one for anything else.

    `kind`: code of KINDS; `verb`, `noun`: lexicon class and form (0: none); `suffix`: 1 + index into SUFFIXES;
    `rate`: bin of the share of its tokens that are cues; `fine`: a class of its own for each function word and mark,
    the coarse kind for all others.
    """

    words: list[str]
    kind: Ints
    verb: Ints
    noun: Ints
    suffix: Ints
    rate: Ints
    fine: Ints

    def rows(self, tokens: Tokens) -> Ints:
        """Row of each token."""
        index = {word: row for row, word in enumerate(self.words)}
        base = len(self.words)
        return tokens.map(lambda word: index[word] if word in index else base + suffix(word)).astype(np.int64)

    def __len__(self) -> int:
        return len(self.kind)


def suffix(word: str) -> int:
    """1 + index of the word's suffix, 0 without one, len(SUFFIXES) + 1 for a number, + 2 for other symbols."""
    if not word[:1].isalpha():
        return len(SUFFIXES) + (1 if word[:1].isdigit() else 2)
    for size in (4, 3, 2, 1):
        code = _SUFFIX_CODES.get(word[-size:])
        if code and len(word) > size + 2:
            return code
    return 0


N_SUFFIXES = len(SUFFIXES) + 3


def unlisted_kinds() -> list[int]:
    """Coarse class of each suffix row."""
    kinds = [KIND["other"]]
    for end in SUFFIXES:
        kinds.append(KIND[end if end in ("ing", "ed", "ly") else "s" if end in ("s", "es") else "other"])
    return [*kinds, KIND["num"], KIND["punct"]]


@dataclass(frozen=True)
class Groups:
    """Runs of equal values: for each token its run's first and last token and number; the first tokens of all runs."""

    first: Ints
    last: Ints
    number: Ints
    heads: Ints

    @property
    def count(self) -> int:
        return int(self.number[-1]) + 1 if len(self.number) else 0

    def highest(self, values: Ints) -> Ints:
        """The highest value in each run, per run."""
        return np.maximum.reduceat(values, self.heads)


def groups(new: Mask) -> Groups:
    """Runs that begin where `new` is True."""
    number = np.cumsum(new) - 1
    heads = np.flatnonzero(new)
    tails = np.append(heads[1:], len(new)) - 1
    return Groups(heads[number], tails[number], number.astype(np.int64), heads)


def changes(values: npt.NDArray[np.generic]) -> Mask:
    """True where a value differs from the one before, and at 0."""
    new = np.ones(len(values), dtype=bool)
    new[1:] = values[1:] != values[:-1]
    return new


def before(mask: Mask, first: Ints) -> Ints:
    """Index of the last True before each token, at or after `first`; -1 where there is none."""
    at = np.append(-1, np.flatnonzero(mask))[np.cumsum(mask) - mask]
    return np.where(at >= first, at, -1)


def after(mask: Mask, last: Ints) -> Ints:
    """Index of the first True after each token, at or before `last`; -1 where there is none."""
    at = np.append(np.flatnonzero(mask), len(mask))[np.cumsum(mask)]
    return np.where(at <= last, at, -1)


_NEAR = np.array([1, 2, 3, 4, 6, 9, 14, 22])
_FAR = np.array([0, 1, 2, 4, 8, 16, 32])
_PLACE = np.array([0, 1, 2, 3, 4, 6, 9, 14, 22, 40])


def _bin(distance: Ints, edges: Ints) -> Ints:
    """Bin of a distance: looked up, for distances are small."""
    top = int(edges[-1]) + 1
    table = np.searchsorted(edges, np.arange(top + 1)).astype(np.int32)
    return np.asarray(table[np.clip(distance, 0, top)])


def among(kind: Ints, codes: Sequence[int]) -> Mask:
    """True where a coarse class is one of `codes`."""
    table = np.zeros(len(KINDS), dtype=bool)
    table[list(codes)] = True
    return table[kind]


def pack(*parts: tuple[Ints, int]) -> Ints:
    """One code from several: each part is (codes, number of codes); 32 bits, for memory is what features cost."""
    code = parts[0][0].astype(np.int32, copy=False)
    for values, size in parts[1:]:
        code = code * np.int32(size) + values.astype(np.int32, copy=False)
    return code


_CAPITAL = np.zeros(256, dtype=bool)
_CAPITAL[list(st.CAPITALISED)] = True


class Frame:
    """What several feature families need: token classes, sentences, paragraphs, clauses, quotations."""

    def __init__(self, tokens: Tokens, vocabulary: Vocabulary, row: Ints | None = None) -> None:
        self.n = len(tokens)
        self.tokens = tokens
        self.row = vocabulary.rows(tokens) if row is None else row
        self.rate = vocabulary.rate.astype(np.int32)[self.row]
        self.verb = vocabulary.verb.astype(np.int32)[self.row]
        self.n_verb = int(vocabulary.verb.max()) + 1
        self.sent, self.par = groups(changes(tokens.sent)), groups(changes(tokens.par))
        self.doc = groups(changes(tokens.doc))
        self.shape = tokens.shape.astype(np.int32)
        self.kind = self._kinds(vocabulary)
        self.at = np.arange(self.n, dtype=np.int64)
        capital = _CAPITAL[tokens.shape] & (self.at > self.sent.first)
        self.base = self.kind * 2 + capital
        self.n_base = 2 * len(KINDS) + 1
        self.fine = vocabulary.fine.astype(np.int32)[self.row] * 2 + capital
        self.n_fine = 2 * (int(vocabulary.fine.max()) + 1) + 1
        self.n_row = len(vocabulary) + 1
        self.inside = tokens.quote > 0
        self.quotation = groups(changes(tokens.quote) | (self.inside & changes(tokens.par)) | changes(tokens.doc))
        self.opens = self.inside & (self.quotation.first == self.at) & self._marks()
        self.closes = self.inside & (self.quotation.last == self.at) & self._marks()
        self.clause = self._clauses()

    def _words(self) -> Mask:
        return st.is_word(self.shape)

    def _marks(self) -> Mask:
        return (self.shape >= st.QUOTE_OPEN) & (self.shape <= st.QUOTE_STRAIGHT)

    def _kinds(self, vocabulary: Vocabulary) -> Ints:
        kind = vocabulary.kind.astype(np.int32)[self.row]
        point = kind == KIND["."]
        later = np.append(point[1:] & False, False)
        later[:-1] = self._words()[1:]
        tight = point & ~self.tokens.space & (self.tokens.sent == np.append(self.tokens.sent[1:], -1)) & later
        kind = np.where(tight, KIND["abbr."], kind)
        return np.where(
            (kind == KIND["other"]) & self._words() & (self.shape != st.LOWER),
            KIND["name"],
            kind,
        )

    def _clauses(self) -> Groups:
        """Stretches between punctuation marks; a mark is a stretch of its own."""
        mark = among(self.kind, [KIND[k] for k in (",", ":", ";", "--", "(", ")", '"')])
        mark |= self.inside & self._marks() & ((self.quotation.first == self.at) | (self.quotation.last == self.at))
        return groups(changes(self.tokens.sent) | mark | np.append(True, mark[:-1]))

    def shift(self, values: Ints, offset: int, fill: int) -> Ints:
        """The value `offset` tokens on, `fill` beyond the paragraph."""
        if not offset:
            return values
        out = np.full(self.n, fill, dtype=values.dtype)
        if abs(offset) >= self.n:
            return out
        ours, theirs = (
            (slice(None, -offset), slice(offset, None)) if offset > 0 else (slice(-offset, None), slice(None, offset))
        )
        same = self.par.number[ours] == self.par.number[theirs]
        out[ours] = np.where(same, values[theirs], fill)
        return out


def features(frame: Frame) -> dict[str, Ints]:
    """Every feature but the word windows: name -> code of each token."""
    out: dict[str, Ints] = {}
    for family in (_neighbours, _places, _phrase, _quotes, _cues, _clause, _sentence):
        out.update(family(frame))
    return out


def _neighbours(f: Frame) -> dict[str, Ints]:
    """Runs of two and three tokens: coarse classes (b), function words one by one (d), listed words (w)."""
    m, w = f.n_base, f.n_fine
    b = {k: f.shift(f.base, k, m - 1) for k in range(-2, 3)}
    d = {k: f.shift(f.fine, k, w - 1) for k in (-1, 0, 1)}
    row = {k: f.shift(f.row, k, f.n_row - 1) for k in (-1, 0, 1)}
    return {
        "b-1,0,1": pack((b[-1], m), (b[0], m), (b[1], m)),
        "b-2,-1,0": pack((b[-2], m), (b[-1], m), (b[0], m)),
        "b0,1,2": pack((b[0], m), (b[1], m), (b[2], m)),
        "d-1,0": pack((d[-1], w), (d[0], w)),
        "d0,1": pack((d[0], w), (d[1], w)),
        "d-1,1": pack((d[-1], w), (d[1], w)),
        "w-1,d0": pack((row[-1], f.n_row), (d[0], w)),
        "w0,d-1": pack((row[0], f.n_row), (d[-1], w)),
        "w0,d1": pack((row[0], f.n_row), (d[1], w)),
        "w1,d0": pack((row[1], f.n_row), (d[0], w)),
    }


def _places(f: Frame) -> dict[str, Ints]:
    start, end = f.at - f.sent.first, f.sent.last - f.at
    opening, closing = f.at - f.par.first, f.par.last - f.at
    return {
        "sentence": pack((_bin(start, _PLACE), 11), (_bin(end, _PLACE), 11)),
        "paragraph": pack((_bin(opening, _PLACE), 11), (_bin(closing, _PLACE), 11)),
        "start,b0": pack((np.minimum(start, 3), 4), (f.base, f.n_base)),
        "end,b0": pack((np.minimum(end, 3), 4), (f.base, f.n_base)),
        "nth": np.minimum(f.tokens.sent - f.tokens.sent[f.par.first], 4),
    }


def _phrase(f: Frame) -> dict[str, Ints]:
    """The run of nominal words a token stands in (about a noun phrase), what surrounds it, and its last word."""
    nominal = among(f.kind, _NOMINAL)
    run = groups(changes(nominal) | changes(f.tokens.sent) | ~nominal)
    k = len(KINDS) + 1
    first, last = run.first, run.last
    lead = np.where(first > f.sent.first, f.kind[np.maximum(first - 1, 0)], k - 1)
    next_ = np.minimum(last + 1, f.n - 1)
    inside = last < f.sent.last
    follow = np.where(inside, f.kind[next_], k - 1)
    rate = np.where(inside, f.rate[next_], RATES)
    place = np.minimum(f.at - first, 1) * 2 + np.minimum(last - f.at, 1)
    return {
        "phrase": pack((lead, k), (follow, k), (rate, 7), (place, 4)),
        "phrase,head": pack((f.row[last], f.n_row), (place, 4)),
        "phrase,head,follow": pack((f.kind[last], k), (follow, k), (rate, 7), (place, 4)),
        "phrase,length": pack((_bin(last - first, _PLACE), 11), (f.kind[first], k), (place, 4)),
    }


def _quotes(f: Frame) -> dict[str, Ints]:
    """Where the token stands to the quotation around it, the last one before and the next one after."""
    q = f.inside.astype(np.int32)
    first, last = f.quotation.first, f.quotation.last
    closed, coming = before(f.closes, f.par.first), after(f.opens, f.par.last)
    gone = np.where(
        f.inside,
        _bin(f.at - first, _FAR),
        np.where(closed >= 0, 9 + _bin(f.at - closed, _NEAR), 8),
    )
    left = np.where(
        f.inside,
        _bin(last - f.at, _FAR),
        np.where(coming >= 0, 9 + _bin(coming - f.at, _NEAR), 8),
    )
    final = np.where(f.closes, f.shift(f.kind, -1, len(KINDS)), len(KINDS))
    ending = np.where(f.inside, final[last], np.where(closed >= 0, final[closed], len(KINDS) + 1))
    return {
        "quote": pack((q, 2), (gone, 18), (left, 18)),
        "quote,gone": pack((ending, len(KINDS) + 2), (gone, 18)),
        "quote,left": pack((ending, len(KINDS) + 2), (left, 18)),
    }


def _cues(f: Frame) -> dict[str, Ints]:
    """The nearest possible cues on either side within the sentence: likely ones, and sure ones (C)."""
    likely = _Near.of(f, f.rate >= _STRONG)
    sure = _Near.of(f, f.rate >= _STRONG + 1)
    return {
        **_words_between(f, likely),
        **_around_cues(f, likely),
        **_nearest_cues(f, "C", sure),
    }


@dataclass(frozen=True)
class _Near:
    """The nearest cue on either side of each token: its index (-1: none), the bin of its distance, its verb class."""

    cue: Mask
    left: Ints
    right: Ints
    to_left: Ints
    to_right: Ints
    verb_left: Ints
    verb_right: Ints

    @classmethod
    def of(cls, f: Frame, cue: Mask) -> _Near:
        left, right = before(cue, f.sent.first), after(cue, f.sent.last)
        return cls(
            cue,
            left,
            right,
            np.where(left >= 0, _bin(f.at - left, _NEAR), np.int32(9)),
            np.where(right >= 0, _bin(right - f.at, _NEAR), np.int32(9)),
            _at(f.verb, left, f.n_verb),
            _at(f.verb, right, f.n_verb),
        )


def _at(values: Ints, place: Ints, none: int) -> Ints:
    """The value at each place, `none` at -1."""
    return np.append(values, values.dtype.type(none))[place]


def _nearest_cues(f: Frame, name: str, near: _Near) -> dict[str, Ints]:
    """How far and of what kind the cues are, and how many."""
    none, cue = f.n_verb, near.cue
    count = np.cumsum(cue, dtype=np.int32)
    n_left = np.minimum(count - cue - (count - cue)[f.sent.first], 3)
    n_right = np.minimum(count[f.sent.last] - count, 3)
    return {
        f"{name},distance": pack((near.to_left, 10), (near.to_right, 10), (cue, 2)),
        f"{name},verbs": pack((near.verb_left, none + 1), (near.verb_right, none + 1)),
        f"{name},left": pack((near.verb_left, none + 1), (f.inside, 2), (near.to_left, 10)),
        f"{name},right": pack((near.verb_right, none + 1), (f.inside, 2), (near.to_right, 10)),
        f"{name},number": pack((n_left, 4), (n_right, 4), (f.inside, 2)),
    }


def _between(f: Frame, kinds: list[int], near: _Near, most: int) -> tuple[Ints, Ints]:
    """Tokens of some kinds between the token and the cues: 0 to `most` and more, `most` + 1 without a cue."""
    count = np.cumsum(among(f.kind, kinds), dtype=np.int32)
    since = np.where(near.left >= 0, np.minimum(count - count[near.left], most), np.int32(most + 1))
    return since, np.where(near.right >= 0, np.minimum(count[near.right] - count, most), np.int32(most + 1))


_MARKS = [KIND[kind] for kind in (",", ":", ";", "--", "(", ")", '"')]


def _words_between(f: Frame, near: _Near) -> dict[str, Ints]:
    """The token, or the cue's word, with the marks and verbs between them."""
    since, until = _between(f, _MARKS, near, 4)
    done, due = _between(f, _VERBAL, near, 3)
    none = f.n_row - 1
    return {
        "since,fine": pack((since, 6), (f.fine, f.n_fine)),
        "until,fine": pack((until, 6), (f.fine, f.n_fine)),
        "since,word": pack((since, 6), (_at(f.row, near.left, none), f.n_row), (f.inside, 2)),
        "until,word": pack((until, 6), (_at(f.row, near.right, none), f.n_row), (f.inside, 2)),
        "since,verbs": pack((since, 6), (done, 5), (near.to_left, 10)),
        "until,verbs": pack((until, 6), (due, 5), (near.to_right, 10)),
    }


def _around_cues(f: Frame, near: _Near) -> dict[str, Ints]:
    """The class of the cues and the word next to them, seen from the token."""
    v, w = f.n_verb + 1, f.n_fine
    following, previous = f.shift(f.fine, 1, w - 1), f.shift(f.fine, -1, w - 1)
    after_left, before_right = (
        _at(following, near.left, w - 1),
        _at(previous, near.right, w - 1),
    )
    before_left, after_right = (
        _at(previous, near.left, w - 1),
        _at(following, near.right, w - 1),
    )
    q = f.inside.astype(np.int32)
    return {
        "cue<,next": pack((near.verb_left, v), (after_left, w), (np.minimum(near.to_left, 3), 4)),
        "cue>,prev": pack((near.verb_right, v), (before_right, w), (np.minimum(near.to_right, 3), 4)),
        "cue<,prev": pack((near.verb_left, v), (before_left, w), (q, 2)),
        "cue>,next": pack((near.verb_right, v), (after_right, w), (q, 2)),
        "cue<,next,b0": pack((after_left, w), (f.base, f.n_base)),
        "cue>,prev,b0": pack((before_right, w), (f.base, f.n_base)),
        "cue<,cue>": pack((near.verb_left, v), (near.verb_right, v), (q, 2)),
    }


def _clause(f: Frame) -> dict[str, Ints]:
    """The stretch between punctuation marks a token stands in, and its edges."""
    k = len(KINDS) + 1
    first, last = f.clause.first, f.clause.last
    left = np.where(first > f.sent.first, f.kind[np.maximum(first - 1, 0)], k - 1)
    right = np.where(last < f.sent.last, f.kind[np.minimum(last + 1, f.n - 1)], k - 1)
    here = f.clause.highest(f.rate)[f.clause.number]
    ahead = np.minimum(last + 2, f.doc.last)
    verbs = np.cumsum(among(f.kind, _VERBAL), dtype=np.int32)
    return {
        "clause": pack((left, k), (right, k), (here, 7)),
        "clause,word": pack((left, k), (f.row[first], f.n_row), (np.minimum(f.at - first, 1), 2)),
        "next,word": pack((right, k), (f.row[ahead], f.n_row), (np.minimum(last - f.at, 1), 2)),
        "clause,verbs": pack(
            (np.minimum(verbs - verbs[first], 3), 4),
            (np.minimum(verbs[last] - verbs, 3), 4),
            (left, k),
            (right, k),
        ),
    }


def _sentence(f: Frame) -> dict[str, Ints]:
    """A sketch of the sentence, of the one before and the one after: cues, quotations, a closing attribution."""
    s = f.sent
    cue, quoted = s.highest(f.rate), s.highest(f.inside.astype(np.int32))
    whole = f.inside[s.first] * 2 + f.inside[s.last]
    sketch = pack(
        (cue[s.number], 6),
        (quoted[s.number], 2),
        (whole, 4),
        ((s.last - s.first < 6).astype(np.int32), 2),
    )
    brief = cue * 2 + quoted
    previous = np.where(s.first > f.par.first, brief[np.maximum(s.number - 1, 0)], 12)
    following = np.where(s.last < f.par.last, brief[np.minimum(s.number + 1, s.count - 1)], 12)
    # the last stretch of the sentence: ", the mayor said ." or "according to the log ."
    tail = f.clause.first[np.maximum(s.last - 1, s.first)]
    top = f.clause.highest(f.rate)
    closing = pack(
        (top[f.clause.number[tail]], 7),
        (_bin(s.last - tail, _NEAR), 9),
        (f.kind[np.maximum(tail - 1, f.doc.first)], len(KINDS) + 1),
    )
    head = f.clause.last[s.first]
    opening = pack(
        (top[f.clause.number[s.first]], 7),
        (_bin(head - s.first, _NEAR), 9),
        (f.kind[np.minimum(head + 1, f.doc.last)], len(KINDS) + 1),
    )
    q = f.inside.astype(np.int32)
    return {
        "sketch": pack((sketch, 96), (previous, 13)),
        "sketch,next": pack((sketch, 96), (following, 13)),
        "closing": pack(
            (closing, 7 * 9 * (len(KINDS) + 1)),
            ((f.at >= tail).astype(np.int32), 2),
            (q, 2),
        ),
        "opening": pack(
            (opening, 7 * 9 * (len(KINDS) + 1)),
            ((f.at <= head).astype(np.int32), 2),
            (q, 2),
        ),
    }


def families(vocabulary: Vocabulary) -> dict[str, Ints]:
    """What the word windows see of a word: name -> code of each row of the vocabulary."""
    return {
        "word": np.arange(len(vocabulary)),
        "verb": vocabulary.verb,
        "noun": vocabulary.noun,
        "suffix": vocabulary.suffix,
        "rate": vocabulary.rate,
    }


def window_columns(frame: Frame, vocabulary: Vocabulary) -> Iterable[tuple[str, int, Ints]]:
    """The word windows as the fitting sees them: (family, offset, code); inference adds them up per word.

    The farthest words are seen as words alone: their classes add nothing.
    """
    end = len(vocabulary)
    for offset in OFFSETS:
        row = frame.shift(frame.row, offset, end)
        for family, codes in families(vocabulary).items():
            if family == "word" or abs(offset) < max(OFFSETS):
                yield family, offset, np.append(codes, -1)[row]
