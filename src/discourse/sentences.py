"""Passages -> sentences and token arrays.

Tokens are arrays, not objects: code points are classed by table look-up, token boundaries are where the class
changes, and each token's lower-cased form is hashed by prefix sums and interned to an integer once a batch. Words of a
lexicon are then looked up once per distinct word, never once per token.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from discourse import tables
from discourse.layout import Page

Ints = npt.NDArray[np.int64]
Small = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.uint32]

LOWER, TITLE, UPPER, MIXED, NUMBER, ALNUM, PUNCT, QUOTE_OPEN, QUOTE_CLOSE, QUOTE_STRAIGHT, OTHER, INITIAL = range(12)
"""Token shapes. TITLE: Word; UPPER: WORD; INITIAL: one capital; OTHER: letters without case."""
CAPITALISED = (TITLE, UPPER, MIXED, INITIAL)

_SPACE, _LOW, _UP, _LETTER, _DIGIT, _MARK, _JOIN, _COMMA, _RUN = range(9)
"""Character classes; those from _MARK on are punctuation, _JOIN joins words, _RUN and _JOIN repeat in one token."""
_APOSTROPHES = (0x27, 0x2019)
_HYPHENS = (0x2D, 0x2010, 0x2011)
_DROP: dict[int, str | None] = {**dict.fromkeys(tables.INVISIBLE), 0x2019: "'"}
_RUNS = tuple(ord(c) for c in ".-=*_~#!?'`")
"""Punctuation whose repetitions make one token ('' and `` are double quotation marks)."""

_OPENERS = {ord(c): QUOTE_OPEN for c in "“„«‟‹‘‚`"}
_CLOSERS = {ord(c): QUOTE_CLOSE for c in "”»›’"}
_STRAIGHT = {ord('"'): QUOTE_STRAIGHT, ord("'"): QUOTE_STRAIGHT}
_SINGLE = {"‘", "’", "'", "‚", "‹", "›"}
_DOUBLE_OPEN, _DOUBLE_CLOSE, _DOUBLE_STRAIGHT = {"“", "„", "«", "‟", "``"}, {"”", "»"}, {'"', "''"}

ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof gen sen rep gov lt col sgt capt maj cmdr adm brig cpl pvt rev hon st mt ft jan feb mar apr jun "
    "jul aug sept sep oct nov dec vs no nos vol pp ed eds fig figs cf al approx dept est messrs mssrs amb supt insp "
    "pres atty asst assn ave blvd rd viz e.g i.e".split()
)
"""A full stop after these ends no sentence when a capital follows."""
SOFT_ABBREVIATIONS = frozenset("jr sr inc co corp ltd llc plc bros etc u.s u.k u.n d.c p.m a.m m.p ph.d".split())
"""A full stop after these (or after any dotted abbreviation) ends a sentence when a sentence starter follows."""
STARTERS = frozenset(
    "the a an he she it they we i you this that these those there here his her its their our my your in on at but and "
    "or so if when while after before as for from with by to since although though because however meanwhile "
    "then now also what who how why where not no some many most all both each one two three says said according last "
    "still yet even until despite under over among during is are was were do does did has have had can could will "
    "would should may might must let asked".split()
)
"""Closed-class words that begin sentences and seldom continue a name."""
_CLOSING = frozenset(")]}")
_TERMINAL = frozenset(".?!…")


def is_word(shape: npt.NDArray[Any]) -> Mask:
    """Is a token of this shape a word or a number, no mark?"""
    return np.asarray((shape < PUNCT) | (shape >= OTHER), dtype=bool)


class Words(list[str]):
    """The distinct words of a batch; parts of it share them, and the numbers of the words are looked up once."""

    @cached_property
    def codes(self) -> dict[str, int]:
        """Number of each word."""
        return {word: code for code, word in enumerate(self)}

    @cached_property
    def _values(self) -> dict[Callable[[str], int], Small]:
        return {}

    def values(self, function: Callable[[str], int]) -> Small:
        """`function` of each word, kept for the other parts of the batch."""
        if function not in self._values:
            self._values[function] = np.fromiter(map(function, self), dtype=np.int32, count=len(self))
        return self._values[function]


@dataclass(frozen=True)
class Tokens:
    """The tokens of a batch as parallel arrays, in text order.

    `start`, `end`: offsets into `page.text`; `doc`: ordinal of the document; `par`: ordinal of the paragraph, cut at
    passage boundaries; `sent`: row of the sentences table; `word`: id into `vocabulary` (lower-cased forms, ’ as ');
    `shape`: one of the SHAPE codes; `n_words`: contract words that begin in the token ("3,000" counts two, the clitic
    of "it's" none); `space`: white space before it; `quote`: number of the quotation it stands in (marks included),
    0 outside; a quotation whose mark opens every paragraph and closes once is one quotation.
    """

    page: Page
    start: Ints
    end: Ints
    doc: Small
    par: Small
    sent: Small
    word: Small
    shape: npt.NDArray[np.uint8]
    n_words: npt.NDArray[np.int16]
    space: Mask
    quote: Small
    vocabulary: Words

    def __len__(self) -> int:
        return len(self.start)

    def lookup(self, values: Mapping[str, int], default: int = 0) -> Small:
        """Value of each token's word in `values`; one dictionary look-up per value."""
        distinct = np.full(len(self.vocabulary), default, dtype=np.int32)
        codes = self.vocabulary.codes
        for word in values.keys() & codes.keys():
            distinct[codes[word]] = values[word]
        return distinct[self.word]

    def map(self, function: Callable[[str], int]) -> Small:
        """`function` of each token's lower-cased word, called once per distinct word."""
        return self.vocabulary.values(function)[self.word]

    def isin(self, words: set[str] | frozenset[str]) -> Mask:
        """True where the token's lower-cased word is one of `words`."""
        distinct = np.zeros(len(self.vocabulary), dtype=bool)
        codes = self.vocabulary.codes
        distinct[[codes[word] for word in words if word in codes]] = True
        return distinct[self.word]

    def surface(self, first: int, last: int) -> str:
        """Text of the tokens first, …, last - 1."""
        return self.page.text[self.start[first] : self.end[last - 1]]

    def index(self, offsets: Ints) -> Ints:
        """Index of the first token that ends after each page offset (len(tokens) where there is none)."""
        return np.searchsorted(self.end, offsets, side="right").astype(np.int64)


def sentences(page: Page, passages: pd.DataFrame) -> tuple[Tokens, pd.DataFrame]:
    """Split a page into tokens and sentences; a sentence never crosses a paragraph or a passage.

    Parameters
    ----------
    page : the batch (`layout.layout`).
    passages : its passages (doc_id, passage_id, start, end, text order).

    Returns
    -------
    tokens : `Tokens`.
    sentences : one row per sentence (the contract's columns; voice_id null until `voices`).
    """
    codes, kept = _visible(page.codes)
    classes, lower = _classes(codes), _lower(codes)
    start, end, is_word = _boundaries(codes, classes, lower)
    n_words = _words_begun(classes, start, end)
    shape = _shapes(codes, classes, start, end, is_word)
    true_start, true_end = (start, end) if kept is None else (kept[start], kept[end - 1] + 1)
    word, vocabulary = _intern(page.text, lower, start, end, true_start, true_end)
    doc = page.document(true_start)
    space = np.concatenate(([True], end[:-1] < start[1:])) if len(start) else np.zeros(0, dtype=bool)
    passage, par = _units(page, passages, true_start)
    quote = _quotations(page.text, true_start, true_end, shape, par, doc, space)
    blank = np.zeros(len(start), dtype=np.int32)
    tokens = Tokens(page, true_start, true_end, doc, par, blank, word, shape, n_words, space, quote, vocabulary)
    new = _sentence_starts(tokens)
    tokens.sent[:] = np.cumsum(new) - 1
    return tokens, _frame(tokens, new, passage, passages)


def _frame(tokens: Tokens, new: Mask, passage: Small, passages: pd.DataFrame) -> pd.DataFrame:
    heads = np.flatnonzero(new)
    tails = np.concatenate((heads[1:], [len(new)])).astype(np.int64) - 1 if len(heads) else heads
    doc_ids = np.asarray(tokens.page.doc_id, dtype=object)[tokens.doc[heads]]
    base = tokens.page.doc_start[tokens.doc[heads]]
    n_words = np.add.reduceat(tokens.n_words.astype(np.int64), heads) if len(heads) else heads
    return tables.frame(
        "sentences",
        {
            "doc_id": doc_ids,
            "passage_id": passages["passage_id"].to_numpy(dtype=object)[passage[heads]],
            "sentence_id": tables.ids(doc_ids, "s"),
            "start": tokens.start[heads] - base,
            "end": tokens.end[tails] - base,
            "n_words": n_words,
        },
    )


def _visible(codes: Codes) -> tuple[Codes, Ints | None]:
    """The code points matching sees, and their positions (None: all of them)."""
    wide = np.flatnonzero(codes > 0x7F)
    hidden = wide[np.isin(codes[wide], np.array(tables.INVISIBLE, dtype=np.uint32))]
    if not len(hidden):
        return codes, None
    kept = np.delete(np.arange(len(codes)), hidden)
    return codes[kept], kept


@cache
def _bmp_classes() -> npt.NDArray[np.uint8]:
    return np.array([_char_class(chr(code)) for code in range(0x10000)], dtype=np.uint8)


def _char_class(char: str) -> int:
    kind = unicodedata.category(char)
    if kind in ("Ll", "Lu", "Lt"):
        return _LOW if kind == "Ll" else _UP
    if 0x300 <= ord(char) <= 0x36F:
        return _LETTER
    if char.isalnum():
        return _DIGIT if kind[0] == "N" else _LETTER
    if ord(char) in (*_APOSTROPHES, *_HYPHENS, 0x2E):
        return _JOIN
    if char == ",":
        return _COMMA
    return _SPACE if char.isspace() else _RUN if ord(char) in _RUNS else _MARK


@cache
def _bmp_lower() -> Codes:
    folded = (chr(code).lower() for code in range(0x10000))
    table = np.array([ord(low) if len(low) == 1 else code for code, low in enumerate(folded)], dtype=np.uint32)
    table[0x2019] = 0x27
    return table


def _classes(codes: Codes) -> npt.NDArray[np.uint8]:
    table = _bmp_classes()
    wide = codes > 0xFFFF
    if not wide.any():
        return table[codes]
    out = table[np.where(wide, 0x20, codes)]
    distinct, inverse = np.unique(codes[wide], return_inverse=True)
    out[wide] = np.array([_char_class(chr(code)) for code in distinct], dtype=np.uint8)[inverse]
    return out


def _lower(codes: Codes) -> Codes:
    table = _bmp_lower()
    wide = codes > 0xFFFF
    return np.where(wide, codes, table[np.where(wide, 0, codes)]) if wide.any() else table[codes]


def _alnum_and_joiners(classes: npt.NDArray[np.uint8]) -> tuple[Mask, Mask]:
    alnum = (classes >= _LOW) & (classes <= _DIGIT)
    joiner = np.zeros(len(classes), dtype=bool)
    at = np.flatnonzero(classes[1:-1] == _JOIN) + 1
    joiner[at[alnum[at - 1] & alnum[at + 1]]] = True
    return alnum, joiner


def _boundaries(codes: Codes, classes: npt.NDArray[np.uint8], lower: Codes) -> tuple[Ints, Ints, Mask]:
    """Start, end of every token, and whether it is a word."""
    alnum, joiner = _alnum_and_joiners(classes)
    comma = np.flatnonzero(classes[1:-1] == _COMMA) + 1
    inside = alnum | joiner
    inside[comma[(classes[comma - 1] == _DIGIT) & (classes[comma + 1] == _DIGIT)]] = True
    run = ((classes == _RUN) | (classes == _JOIN)) & np.concatenate(([False], codes[1:] == codes[:-1]))
    solid = inside | (classes >= _MARK)
    was_inside = np.concatenate(([False], inside[:-1]))
    was_mark = np.concatenate(([False], (solid & ~inside)[:-1]))
    begins = solid & ~((inside & was_inside) | (~inside & run & was_mark))
    begins[_clitics(lower, joiner, inside)] = True
    # a token ends where the next begins, or where white space follows
    stops = np.concatenate((~solid, [True])) | np.concatenate((begins, [True]))
    start = np.flatnonzero(begins)
    ends = np.flatnonzero(stops)
    end = ends[np.searchsorted(ends, start, side="right")] if len(start) else start
    end, keep = _dotted(codes, start, end, inside)
    return start[keep], end[keep], inside[start[keep]]


def _clitics(lower: Codes, joiner: Mask, inside: Mask) -> Ints:
    """Where the clitics of words begin: 's 'd 'm, 'll 're 've, n't at the end of a word."""
    at = np.flatnonzero(joiner & (lower == 0x27))
    if not len(at):
        return at
    padded = np.concatenate((lower, np.zeros(4, dtype=np.uint32)))
    more = np.concatenate((inside, np.zeros(4, dtype=bool)))
    one, two = padded[at + 1], padded[at + 2]
    ends_two, ends_three = ~more[at + 2], ~more[at + 3]
    short = np.isin(one, np.array([ord(c) for c in "sdm"], dtype=np.uint32)) & ends_two
    pairs = [(ord(a), ord(b)) for a, b in ("ll", "re", "ve")]
    long = np.logical_or.reduce([(one == a) & (two == b) for a, b in pairs]) & ends_three
    negative = (one == ord("t")) & ends_two & (lower[at - 1] == ord("n")) & np.where(at >= 2, inside[at - 2], False)
    return np.concatenate((at[short | long], at[negative] - 1))


def _dotted(codes: Codes, start: Ints, end: Ints, inside: Mask) -> tuple[Ints, Mask]:
    """Give dotted abbreviations (U.S.) their last point, and drop the token the point was."""
    keep = np.ones(len(start), dtype=bool)
    size = end - start
    spot = np.flatnonzero((size >= 3) & (size % 2 == 1) & (size <= 15) & inside[start] & (end < len(codes)))
    spot = spot[(codes[start[spot] + 1] == 0x2E) & (codes[end[spot]] == 0x2E)]
    out = end.copy()
    for token in spot.tolist():
        if token + 1 < len(start) and end[token + 1] == start[token + 1] + 1:
            letters = codes[start[token] : end[token]]
            if (letters[1::2] == 0x2E).all() and not (letters[::2] == 0x2E).any() and (letters[::2] > 0x39).all():
                out[token] += 1
                keep[token + 1] = False
    return out, keep


def _words_begun(classes: npt.NDArray[np.uint8], start: Ints, end: Ints) -> npt.NDArray[np.int16]:
    """Contract words that begin in each token: joined by apostrophe, hyphen or point, but not by a comma."""
    alnum, joiner = _alnum_and_joiners(classes)
    inside = alnum | joiner
    begins = inside & ~np.concatenate(([False], inside[:-1]))
    total = np.concatenate(([0], np.cumsum(begins, dtype=np.int64)))
    return (total[end] - total[start]).astype(np.int16)


def _shapes(
    codes: Codes, classes: npt.NDArray[np.uint8], start: Ints, end: Ints, is_word: Mask
) -> npt.NDArray[np.uint8]:
    def count(kind: int) -> Ints:
        total = np.concatenate(([0], np.cumsum(classes == kind)))
        return np.asarray(total[end] - total[start], dtype=np.int64)

    up, low, digits, letters = count(_UP), count(_LOW), count(_DIGIT), count(_LETTER)
    capital = (classes[start] == _UP) & (up == 1)
    shape = np.full(len(start), MIXED, dtype=np.uint8)
    shape[(up == 0) & (low == 0)] = OTHER
    shape[(up == 0) & (low > 0)] = LOWER
    shape[(up > 1) & (low == 0)] = UPPER
    shape[capital & (low > 0)] = TITLE
    shape[capital & (low == 0) & (letters == 0)] = INITIAL
    shape[digits > 0] = ALNUM
    shape[(digits > 0) & (up + low + letters == 0)] = NUMBER
    shape[~is_word] = PUNCT
    marks = codes[start]
    for table in (_OPENERS, _CLOSERS, _STRAIGHT):
        for code, kind in table.items():
            shape[(marks == code) & ~is_word] = kind
    return shape


_BASE = np.uint64(0x9E3779B97F4A7C15)
_BLOCK = 1 << 17
_INVERSE = np.uint64(pow(0x9E3779B97F4A7C15, -1, 1 << 64))


def _intern(text: str, lower: Codes, start: Ints, end: Ints, true_start: Ints, true_end: Ints) -> tuple[Small, Words]:
    """Word ids and the vocabulary: tokens are one word where the hashes of their lower-cased forms are equal.

    Hashes are of 64 bits: two words of a vocabulary of a million collide with a chance of one in 37 million.
    """
    if not len(start):
        return np.zeros(0, dtype=np.int32), Words()
    hashes = np.concatenate(list(_hashes(lower, start, end)))
    word, distinct = pd.factorize(hashes)
    first = np.zeros(len(distinct), dtype=np.int64)
    first[word[::-1]] = np.arange(len(word) - 1, -1, -1)
    slices = zip(true_start[first].tolist(), true_end[first].tolist(), strict=True)
    return word.astype(np.int32), Words(text[a:b].lower().translate(_DROP) for a, b in slices)


def _hashes(lower: Codes, start: Ints, end: Ints) -> Iterator[npt.NDArray[np.uint64]]:
    """sum(mix(c) * base**k) over each token's characters, from prefix sums modulo 2**64, in blocks that fit a cache."""
    heads = np.searchsorted(start, np.arange(0, len(lower), _BLOCK))
    bounds = np.unique(np.concatenate((heads, [len(start)]))).tolist()
    for first, last in pairwise([0, *bounds] if bounds[0] else bounds):
        base, stop = int(start[first]), int(end[last - 1])
        mixed = (lower[base:stop].astype(np.uint64) + np.uint64(1)) * np.uint64(0xD6E8FEB86659FD93)
        mixed ^= mixed >> np.uint64(32)
        powers = np.cumprod(np.full(stop - base, _BASE, dtype=np.uint64))
        total = np.concatenate((np.zeros(1, dtype=np.uint64), np.cumsum(mixed * powers)))
        inverse = np.cumprod(np.full(stop - base, _INVERSE, dtype=np.uint64))
        a, b = start[first:last] - base, end[first:last] - base
        yield (total[b] - total[a]) * inverse[a] + (b - a).astype(np.uint64)


def _units(page: Page, passages: pd.DataFrame, start: Ints) -> tuple[Small, Small]:
    """Row of the passage each token stands in, and the ordinal of its paragraph cut at passage boundaries."""
    begins = page.to_page(passages["doc_id"], passages["start"]) if len(passages) else np.zeros(0, dtype=np.int64)
    order = np.argsort(begins, kind="stable")
    place = np.maximum(np.searchsorted(begins[order], start, side="right") - 1, 0)
    passage = order[place].astype(np.int32) if len(order) else np.zeros(len(start), dtype=np.int32)
    paragraph = np.searchsorted(page.par_start, start, side="right") - 1
    new = (np.diff(paragraph, prepend=-1) != 0) | (np.diff(passage, prepend=-1) != 0)
    return passage, (np.cumsum(new) - 1).astype(np.int32)


def _quotations(
    text: str, start: Ints, end: Ints, shape: npt.NDArray[np.uint8], par: Small, doc: Small, space: Mask
) -> Small:
    """Number of the quotation each token stands in, 0 outside."""
    marks = np.flatnonzero((shape >= QUOTE_OPEN) & (shape <= QUOTE_STRAIGHT))
    delta = np.zeros(len(start) + 1, dtype=np.int64)
    if not len(marks):
        return delta[:-1].astype(np.int32)
    spaced_after = np.concatenate((space[1:], [True]))
    first_of_par = np.diff(par, prepend=-1) != 0
    last_of_par = np.concatenate((np.flatnonzero(first_of_par)[1:], [len(start)])) - 1
    number = np.zeros(len(start), dtype=np.int32)
    spans = _pair(
        [text[a:b] for a, b in zip(start[marks].tolist(), end[marks].tolist(), strict=True)],
        marks.tolist(),
        par[marks].tolist(),
        doc[marks].tolist(),
        space[marks].tolist(),
        spaced_after[marks].tolist(),
        first_of_par[marks].tolist(),
        last_of_par.tolist(),
    )
    for ordinal, first, last in spans:
        number[first : last + 1] = ordinal
    return number


def _pair(
    chars: list[str],
    token: list[int],
    par: list[int],
    doc: list[int],
    space: list[bool],
    spaced_after: list[bool],
    heads_par: list[bool],
    last_of_par: list[int],
) -> list[tuple[int, int, int]]:
    """Pair quotation marks; (number, first token, last token) of every stretch of a quotation in one paragraph.

    Double marks and guillemets pair within their paragraph; one left open runs to the paragraph's end, and into the
    next paragraph when that begins with an opening mark. Single marks pair only outside double ones and only when an
    opening mark (after a space, before a letter) and a closing one stand in the same paragraph.
    """
    spans: list[tuple[int, int, int]] = []
    number, opened, carried = 0, -1, False
    i = 0
    while i < len(chars):
        char, at = chars[i], token[i]
        if opened >= 0 and par[i] != par[opened]:
            spans.append((number, token[opened], last_of_par[par[opened]]))
            carried = par[i] == par[opened] + 1 and heads_par[i] and doc[i] == doc[opened] and char not in _SINGLE
            opened = -1
        if char in _SINGLE:
            close = _single(chars, par, space, spaced_after, i) if opened < 0 else -1
            if close > 0:
                number += 1
                spans.append((number, at, token[close]))
                i = close
        elif opened < 0:
            if char in _DOUBLE_OPEN or (char in _DOUBLE_STRAIGHT and (not spaced_after[i] or heads_par[i])):
                number += 0 if carried else 1
                opened, carried = i, False
        elif char in _DOUBLE_CLOSE or char in _DOUBLE_STRAIGHT or (char in "“„" and spaced_after[i]):
            spans.append((number, token[opened], at))
            opened = -1
        i += 1
    if opened >= 0:
        spans.append((number, token[opened], last_of_par[par[opened]]))
    return spans


def _single(chars: list[str], par: list[int], space: list[bool], spaced_after: list[bool], i: int) -> int:
    """The mark that closes a quotation opened by the single mark i, or -1."""
    if not (chars[i] in "‘‚‹" or (chars[i] == "'" and space[i])) or spaced_after[i]:
        return -1
    for j in range(i + 1, len(chars)):
        if par[j] != par[i] or chars[j] in "‘‚" or (chars[j] == "'" and space[j]):
            return -1
        if chars[j] in "’'›" and not space[j]:
            return j
    return -1


def _sentence_starts(tokens: Tokens) -> Mask:
    """True at the first token of every sentence."""
    n = len(tokens)
    if not n:
        return np.zeros(0, dtype=bool)
    new = np.diff(tokens.par, prepend=-1) != 0
    final = np.asarray(tokens.map(lambda word: word[0] in _TERMINAL), dtype=bool)
    point = tokens.isin(frozenset({"."}))
    dotted = np.asarray(tokens.map(lambda word: word[-1] == "." and len(word) > 3 and word[0].isalpha()), dtype=bool)
    stop = np.flatnonzero((final & (tokens.shape == PUNCT)) | dotted)
    after = _past_closers(tokens, stop + 1)
    inside = after < n
    stop, after = stop[inside], after[inside]
    capital = np.isin(tokens.shape, [TITLE, UPPER, MIXED, NUMBER, ALNUM, INITIAL, OTHER])
    opening = (
        np.isin(tokens.shape, [QUOTE_OPEN, QUOTE_STRAIGHT])
        | tokens.isin(frozenset("(["))
        | tokens.isin(frozenset("¿¡"))
    )
    begins = tokens.space[after] & (capital[after] | opening[after])
    before = np.maximum(stop - 1, 0)
    hard = tokens.isin(ABBREVIATIONS)[before] & ~tokens.space[stop]
    initial = (tokens.shape[before] == INITIAL) & (tokens.word[before] != _word_id(tokens, "i")) & ~tokens.space[stop]
    soft = (tokens.isin(SOFT_ABBREVIATIONS)[before] & point[stop] & ~tokens.space[stop]) | dotted[stop]
    starter = tokens.isin(STARTERS)[after] | opening[after]
    begins &= ~(point[stop] & (hard | initial)) & (~soft | starter | (after > stop + 1))
    new[after[begins]] = True
    return np.asarray(new, dtype=bool)


def _past_closers(tokens: Tokens, at: Ints) -> Ints:
    """Step over closing quotation marks and brackets set tight after a full stop."""
    n = len(tokens)
    closing = tokens.isin(_CLOSING) | (tokens.shape == QUOTE_CLOSE)
    straight = tokens.shape == QUOTE_STRAIGHT
    same = np.concatenate((tokens.quote[:-1] != tokens.quote[1:], [True]))
    closing |= straight & same & (tokens.quote > 0)
    closing &= ~tokens.space
    for _ in range(4):
        move = (at < n) & closing[np.minimum(at, n - 1)]
        at = at + move
    return at


def _word_id(tokens: Tokens, word: str) -> int:
    return tokens.vocabulary.codes.get(word, -1)
