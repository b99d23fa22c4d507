"""Context tests: a small language for what stands around a word, evaluated on all hits at once.

"May" is a hedge before a verb and a month after "in"; "about" loosens a number and otherwise names a topic. A lexicon
row says in its column `tests` what must hold:

    next: that of            the next word is one of these
    not prev: @det @poss     the word before is neither a determiner nor a possessive
    after: @adj or end       past adverbs, the next word is an adjective, or another condition holds
    clause_start             a named test, a function of `readings`

Conditions joined by | must all hold. Places: `prev` and `next` (neighbours), `prev2` and `next2` (second neighbours),
`before` and `after` (neighbours, adverbs passed over), `left` and `right` (any of six tokens), `sentence` (any token
of it), `itself` (the first token of the cue). `@name` is a word class: a closed list of data/context_classes.csv, a
suffix, or a shape. There is no tagger here: classes are guesses, good enough since each test asks one narrow question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import numpy.typing as npt

from discourse.errors import LexiconError
from discourse.lexicon import NUMBER_WORDS, Hits, load
from discourse.sentences import ALNUM, INITIAL, NUMBER, PUNCT, QUOTE_OPEN, QUOTE_STRAIGHT, TITLE, UPPER, Tokens

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

PLACES = ("prev", "next", "prev2", "next2", "before", "after", "left", "right", "sentence", "itself")
WORDS_AROUND = "words around"
"""Name of every condition that looks for words and classes, of which a lexicon has hundreds."""
_LISTED = 4
"""Words of a list that a reason repeats."""
REACH = 6
"""Tokens that `left` and `right` see: a clause of news prose has about twelve."""


def _word_classes() -> dict[str, frozenset[str]]:
    table = load("context_classes", required=("entry", "words"))
    return {entry: frozenset(words.split()) for entry, words in zip(table["entry"], table["words"], strict=True)}


CLASSES = _word_classes()
"""Closed word classes, of data/context_classes.csv."""
_SUFFIXES: dict[str, tuple[str, ...]] = {
    "adj": ("able", "ible", "ful", "ous", "ive", "less", "ical", "ish", "ic", "al", "ary", "some"),
    "noun": ("tion", "sion", "ment", "ness", "ity", "ism", "ance", "ence", "ship", "hood", "ist", "ers", "ors", "cy"),
    "people": ("ists", "ians", "crats", "ist", "ian", "crat"),
}
_BITS = {name: 1 << bit for bit, name in enumerate(("ing", "ed", "ly", "plural", "adj", "noun", "people", "num"))}
_OUTSIDE = 255
"""Shape of the sentinel."""


def _shapes() -> dict[str, Mask]:
    """For each class of shapes, which shape codes belong to it; `capital` is `title` without function words."""
    punct = [*range(PUNCT, QUOTE_STRAIGHT + 1)]
    members = {
        "title": [TITLE, UPPER, INITIAL],
        "punct": punct,
        "quote": [*range(QUOTE_OPEN, QUOTE_STRAIGHT + 1)],
        "digit": [NUMBER, ALNUM],
        "word": [shape for shape in range(INITIAL + 1) if shape not in punct],
        "edge": [_OUTSIDE],
    }
    tables = {name: np.zeros(_OUTSIDE + 1, dtype=bool) for name in members}
    for name, codes in members.items():
        tables[name][codes] = True
    return tables | {"capital": tables["title"]}


_SHAPES = _shapes()
_UNIONS = {
    "aux": ("be", "have", "do", "modal"),
    "adverb": ("adv", "ly"),
    "number": ("num", "digit"),
}
_FUNCTION = ("det", "poss", "pronoun", "be", "have", "do", "modal", "not", "prep", "conj", "wh", "adv")
_FUNCTION_CLASSES = tuple(f"@{name}" for name in _FUNCTION)
_FUNCTION_WORDS = frozenset(word for name in _FUNCTION for word in CLASSES[name])
WORD_CLASSES = frozenset({*CLASSES, *_BITS, *_SHAPES, *_UNIONS})


class Around:
    """Word ids, suffix bits and shapes of all tokens, gathered at shifted positions.

    A position outside the sentence it started from is -1, the sentinel at the end of every array: it is `@edge` and
    nothing else.
    """

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        size = len(tokens.vocabulary)
        self._ids = tokens.vocabulary.codes
        self._bits = np.fromiter((_suffixed(word) for word in tokens.vocabulary), dtype=np.int32, count=size)
        self._word = _ended(tokens.word, size)
        self._shape = np.append(tokens.shape, np.uint8(_OUTSIDE))
        self._sent = _ended(tokens.sent, -1)
        self._tables: dict[tuple[str, ...], tuple[Mask, tuple[str, ...]]] = {}

    def step(self, at: Ints, by: int) -> Ints:
        """Positions `by` tokens further in the same sentence, else -1."""
        to = at + by
        to = np.where((at < 0) | (to < 0) | (to >= len(self.tokens)), -1, to)
        return np.where(self._sent[to] == self._sent[at], to, -1)

    def skip(self, at: Ints, by: int, *names: str) -> Ints:
        """Pass over up to four tokens of these words and classes."""
        for _ in range(4):
            move = self.is_in(at, *names)
            if not move.any():
                break
            at = np.where(move, self.step(at, by), at)
        return at

    def is_in(self, at: Ints, *names: str) -> Mask:
        """Membership of the tokens at these positions in words and @classes."""
        if names not in self._tables:
            self._tables[names] = self._compiled(names)
        table, shapes = self._tables[names]
        inside: Mask = table[self._word[at]]
        for name in shapes:
            inside = inside | self._shaped(name, at)
        return inside

    def _compiled(self, names: tuple[str, ...]) -> tuple[Mask, tuple[str, ...]]:
        """For each word of the vocabulary, is it one of `names`; and the classes among them that are shapes."""
        words, bits, shapes = _resolved(names)
        table = np.zeros(len(self._ids) + 1, dtype=bool)
        table[:-1] = (self._bits & bits) != 0
        table[[self._ids[word] for word in words if word in self._ids]] = True
        return table, shapes

    def _shaped(self, name: str, at: Ints) -> Mask:
        if name == "capital":
            return self._shaped("title", at) & ~self.is_in(at, *_FUNCTION_CLASSES)
        return _SHAPES[name][self._shape[at]]


@dataclass(frozen=True)
class Sites:
    """Hits and their surroundings: what the tests look at. One place a hit, or six for `left` and `right`."""

    around: Around
    hits: Hits

    def at(self, place: str) -> Ints:
        """Token positions of a place, -1 outside the sentence."""
        first, last, step = self.hits.first, self.hits.last - 1, self.around.step
        if place == "itself":
            return first
        if place == "before":
            return self.around.skip(step(first, -1), -1, "@adverb")
        if place == "after":
            return self.around.skip(step(last, 1), 1, "@adverb")
        if place in ("left", "right"):
            base, sign = (first, -1) if place == "left" else (last, 1)
            return np.stack([step(base, sign * by) for by in range(1, REACH + 1)], axis=1)
        by = 2 if place.endswith("2") else 1
        return step(first, -by) if place.startswith("prev") else step(last, by)

    def has(self, place: str, *names: str) -> Mask:
        """Is the token of this place (any of the six) one of these words and classes?"""
        if place == "sentence":
            return self._in_sentence(names)
        if place == "subject":
            return self.around.is_in(self.subject, *names)
        found = self.around.is_in(self.at(place), *names)
        return np.asarray(found.any(axis=1), dtype=bool) if found.ndim == 2 else found

    def found(self, place: str, *names: str) -> list[str]:
        """The nearest word of this place that is one of these words and classes; "" where none is."""
        tokens = self.around.tokens
        if place == "sentence":
            return [""] * len(self.hits)
        at = self.at(place)
        at = at[:, None] if at.ndim == 1 else at
        inside = self.around.is_in(at, *names)
        first = at[np.arange(len(at)), inside.argmax(axis=1)]
        there = inside.any(axis=1) & (first >= 0)
        words = tokens.word[np.where(there, first, 0)]
        return [
            tokens.vocabulary[word] if hit else "" for word, hit in zip(words.tolist(), there.tolist(), strict=True)
        ]

    def near(self, place: str, count: int, *names: str) -> Mask:
        """The same for the nearest `count` tokens of `left` or `right`."""
        return np.asarray(self.around.is_in(self.at(place)[:, :count], *names).any(axis=1), dtype=bool)

    @cached_property
    def subject(self) -> Ints:
        """The token taken for the subject's last word: left of the cue past auxiliaries, adverbs and negation; for
        "that" and "which" the word before them."""
        around = self.around
        at = around.skip(around.step(self.hits.first, -1), -1, "@adverb", "@aux", "@not", "to")
        return np.where(around.is_in(at, "that", "which"), around.step(at, -1), at)

    def _in_sentence(self, names: tuple[str, ...]) -> Mask:
        sent = self.around.tokens.sent
        there = np.zeros(int(sent.max(initial=0)) + 1, dtype=bool)
        there[sent[self.around.is_in(np.arange(len(sent)), *names)]] = True
        return there[sent[self.hits.first]]


Test = Callable[[Sites], Mask]


@dataclass(frozen=True)
class _Alternative:
    negated: bool
    place: str
    words: tuple[str, ...]
    test: Test | None

    @property
    def name(self) -> str:
        """A named test, or that words are looked for."""
        if not self.test:
            return WORDS_AROUND
        return ("not " if self.negated else "") + self.place.replace("_", " ")

    def reasons(self, sites: Sites) -> list[str]:
        """Why it does not hold: the test, the word that stands there, or the first of the words looked for."""
        if self.test:
            return [self.name] * len(sites.hits)
        looked_for = " ".join(self.words[:_LISTED]) + (" …" if len(self.words) > _LISTED else "")
        there = sites.found(self.place, *self.words) if self.negated else [""] * len(sites.hits)
        return [f"{'not ' * self.negated}{self.place}: {word or looked_for}" for word in there]


@dataclass(frozen=True)
class Condition:
    """One condition of a row, as written: one of its alternatives must hold."""

    text: str
    alternatives: tuple[_Alternative, ...]

    @property
    def name(self) -> str:
        """Short, to be read: "verb next or elided", "not noun or words around"."""
        return " or ".join(dict.fromkeys(one.name for one in self.alternatives))

    def reasons(self, sites: Sites) -> list[str]:
        """For hits where it does not hold, why: "not month", "not next: tank", "next: that of is was …"."""
        columns = [one.reasons(sites) for one in self.alternatives]
        return [" or ".join(parts) for parts in zip(*columns, strict=True)]

    def holds(self, sites: Sites) -> Mask:
        """For each hit: does the condition hold?"""
        out = np.zeros(len(sites.hits), dtype=bool)
        for one in self.alternatives:
            here = one.test(sites) if one.test else sites.has(one.place, *one.words)
            out |= ~here if one.negated else here
        return out


def parse(tests: str, named: Mapping[str, Test], where: str) -> tuple[Condition, ...]:
    """The conditions of a `tests` cell.

    Parameters
    ----------
    tests : the cell. named : the tests that may be called by name. where : the row, for messages.

    Raises
    ------
    LexiconError
        Naming the row, the condition, and the names that are allowed.
    """
    parts = [part.strip() for part in tests.split("|") if part.strip()]
    return tuple(
        Condition(part, tuple(_alternative(one.strip(), named, where) for one in part.split(" or "))) for part in parts
    )


def _alternative(text: str, named: Mapping[str, Test], where: str) -> _Alternative:
    negated = text.startswith("not ")
    name, colon, words = (text[4:] if negated else text).partition(":")
    name, given = name.strip(), tuple(words.lower().split())
    if colon and name in PLACES and given:
        for word in given:
            if word.startswith("@") and word[1:] not in WORD_CLASSES:
                raise LexiconError(f"{where}: no word class {word!r}; classes are {', '.join(sorted(WORD_CLASSES))}")
        return _Alternative(negated, name, given, None)
    if not colon and name in named:
        return _Alternative(negated, name, (), named[name])
    raise LexiconError(
        f"{where}: cannot read the test {text!r}; write 'next: words' with a place of {', '.join(PLACES)}, "
        f"or one of {', '.join(sorted(named))}"
    )


@cache
def _suffixed(word: str) -> int:
    """Suffix classes of a word, as bits; function words have none."""
    bits = _BITS["num"] if all(part in NUMBER_WORDS or part in CLASSES["fraction"] for part in word.split("-")) else 0
    if word in _FUNCTION_WORDS:
        return bits
    if word in CLASSES["irregular"] or (word.endswith("ed") and len(word) > 3 and word not in CLASSES["not_ed"]):
        bits |= _BITS["ed"]
    if len(word) > 3:
        bits |= _BITS["ing"] if word.endswith("ing") and len(word) > 4 else 0
        bits |= _BITS["ly"] if word.endswith("ly") and word not in CLASSES["not_ly"] else 0
        bits |= _BITS["plural"] if word[-1] == "s" and word[-2] not in "su'i" else 0
        for name, endings in _SUFFIXES.items():
            bits |= _BITS[name] if len(word) > 4 and word.endswith(endings) else 0
    return bits & ~_BITS["adj"] if word in CLASSES["not_adj"] or word.endswith("ment") else bits


def _resolved(names: Iterable[str]) -> tuple[set[str], int, tuple[str, ...]]:
    """Listed words, suffix bits and shapes that a set of words and @classes stands for."""
    words: set[str] = set()
    bits, shapes, todo = 0, [], list(names)
    while todo:
        name = todo.pop()
        if not name.startswith("@"):
            words.add(name)
            continue
        name = name[1:]
        todo += [f"@{part}" for part in _UNIONS.get(name, ())]
        words |= CLASSES.get(name, frozenset())
        bits |= _BITS.get(name, 0)
        shapes += [name] if name in _SHAPES else []
    return words, bits, tuple(shapes)


def _ended(values: npt.NDArray[np.int32], sentinel: int) -> npt.NDArray[np.int32]:
    return np.concatenate((values, np.array([sentinel], dtype=np.int32)))
