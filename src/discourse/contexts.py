"""Context tests: what stands around a word decides whether it is a cue.

"May" is a hedge before a verb and a month after "in"; "about" loosens a number and otherwise names a topic. A lexicon
row says in its column `tests` what must hold, in a small language that a reader of the table can follow:

    next: that of            the next word is one of these
    not prev: @det @poss     the word before is neither a determiner nor a possessive
    after: @adj or end       past adverbs, the next word is an adjective, or the sentence ends there
    question                 a named test, a function of this module

Conditions joined by | must all hold. Places: `prev` and `next` (neighbours), `prev2` and `next2` (second neighbours),
`before` and `after` (neighbours, adverbs passed over), `left` and `right` (any of six tokens), `sentence` (any token
of it), `itself` (the first token of the cue). `@name` is a word class of this module: a closed list, a suffix or
a shape. There is no tagger here: classes are guesses, good enough because each test asks one narrow question.

All tests are evaluated on the hits only, by gathering word codes at shifted positions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from discourse.errors import LexiconError
from discourse.lexicon import NUMBER_WORDS, Hits, load
from discourse.sentences import INITIAL, NUMBER, PUNCT, QUOTE_OPEN, QUOTE_STRAIGHT, TITLE, UPPER, Tokens

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


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
_FUNCTION = ("det", "poss", "pronoun", "be", "have", "do", "modal", "not", "prep", "conj", "wh", "adv")
_FLAGS = {name: 1 << bit for bit, name in enumerate(("ing", "ed", "ly", "plural", "adj", "noun", "people", "num"))}
_SHAPES = ("capital", "punct", "mark", "digit", "quote", "edge", "word", "lower")
_UNIONS: dict[str, tuple[str, ...]] = {
    "aux": ("be", "have", "do", "modal"),
    "adverb": ("adv", "ly"),
    "adjective": ("adj",),
    "number": ("num", "digit"),
    "nominal": ("det", "poss", "pronoun", "num", "digit", "capital"),
}
PLACES = ("prev", "next", "prev2", "next2", "before", "after", "left", "right", "sentence", "itself")
_REACH = 6
_MONEY = frozenset("$£€¥")


@dataclass(frozen=True)
class Condition:
    """One condition of a row: any of its alternatives (negated, place or named test, words) must hold."""

    text: str
    alternatives: tuple[tuple[bool, str, frozenset[str]], ...]


def parse(tests: str, where: str) -> tuple[Condition, ...]:
    """The conditions of a `tests` cell.

    Raises
    ------
    LexiconError
        Naming the row (`where`), the condition, and the names that are allowed.
    """
    return tuple(_condition(part.strip(), where) for part in tests.split("|") if part.strip())


def _condition(text: str, where: str) -> Condition:
    return Condition(text, tuple(_alternative(part.strip(), where) for part in text.split(" or ")))


def _alternative(text: str, where: str) -> tuple[bool, str, frozenset[str]]:
    negated = text.startswith("not ")
    name, colon, words = (text[4:] if negated else text).partition(":")
    name, given = name.strip(), frozenset(words.lower().split())
    if colon and name in PLACES and given:
        for word in given:
            if word.startswith("@") and word[1:] not in WORD_CLASSES:
                raise LexiconError(f"{where}: no word class {word!r}; classes are {', '.join(sorted(WORD_CLASSES))}")
        return negated, name, given
    if not colon and name in NAMED:
        return negated, name, frozenset()
    raise LexiconError(
        f"{where}: cannot read the test {text!r}; write 'next: words' with a place of {', '.join(PLACES)}, "
        f"or one of {', '.join(sorted(NAMED))}"
    )


@cache
def _suffixed(word: str) -> int:
    """Suffix classes of a word, as bits; function words have none."""
    flags = _FLAGS["num"] if word in NUMBER_WORDS else 0
    if word in _FUNCTION_WORDS:
        return flags
    if word in CLASSES["irregular"] or (word.endswith("ed") and len(word) > 3 and word not in CLASSES["not_ed"]):
        flags |= _FLAGS["ed"]
    if len(word) > 3:
        flags |= _FLAGS["ing"] if word.endswith("ing") and len(word) > 4 else 0
        flags |= _FLAGS["ly"] if word.endswith("ly") and word not in CLASSES["not_ly"] else 0
        flags |= _FLAGS["plural"] if word[-1] == "s" and word[-2] not in "su'i" else 0
        for name, endings in _SUFFIXES.items():
            flags |= _FLAGS[name] if len(word) > 4 and word.endswith(endings) else 0
    return flags & ~_FLAGS["adj"] if word in CLASSES["not_adj"] or word.endswith("ment") else flags


class Around:
    """The surroundings of hits: word codes, suffix bits and shapes of all tokens, gathered at shifted positions.

    A position outside the sentence of the hit is -1, the sentinel at the end of every array: it is `@edge` and
    nothing else.
    """

    def __init__(self, tokens: Tokens, words: Iterable[str] = ()) -> None:
        self.tokens = tokens
        self._known = {word: code for code, word in enumerate(sorted({*_LISTED, *words}), start=1)}
        self._code = _ended(tokens.lookup(self._known), 0)
        self._function = np.zeros(len(self._known) + 1, dtype=bool)
        self._function[[self._known[word] for word in _FUNCTION_WORDS]] = True
        self._flags = _ended(tokens.map(_suffixed), 0)
        self._shape = _ended(tokens.shape.astype(np.int32), -1)
        self._sent = _ended(tokens.sent, -1)
        self._tables: dict[frozenset[str], tuple[Mask, int, list[str]]] = {}

    def step(self, at: Ints, by: int, sent: Ints) -> Ints:
        """Positions `by` tokens further in the same sentence, else -1."""
        to = at + by
        outside = (at < 0) | (to < 0) | (to >= len(self.tokens))
        to = np.where(outside, -1, to)
        return np.where(self._sent[to] == sent, to, -1)

    def sent(self, hits: Hits) -> Ints:
        return self._sent[hits.first].astype(np.int64)

    def is_in(self, at: Ints, *names: str) -> Mask:
        """Membership of the tokens at these positions in words and @classes."""
        table, flags, shapes = self._compiled(frozenset(names))
        inside = table[self._code[at]]
        if flags:
            inside |= (self._flags[at] & flags) != 0
        for name in shapes:
            inside |= self._shaped(name, at)
        return np.asarray(inside, dtype=bool)

    def _compiled(self, names: frozenset[str]) -> tuple[Mask, int, list[str]]:
        if names not in self._tables:
            words, flags, shapes = _resolve(names)
            table = np.zeros(len(self._known) + 1, dtype=bool)
            table[[self._known[word] for word in words if word in self._known]] = True
            self._tables[names] = table, flags, shapes
        return self._tables[names]

    def _shaped(self, name: str, at: Ints) -> Mask:
        shape = self._shape[at]
        if name == "edge":
            return at < 0
        if name == "capital":
            return np.isin(shape, (TITLE, UPPER, INITIAL)) & ~self._function[self._code[at]]
        if name == "digit":
            return shape == NUMBER
        if name == "quote":
            return (shape >= QUOTE_OPEN) & (shape <= QUOTE_STRAIGHT)
        punct = (shape >= PUNCT) & (shape <= QUOTE_STRAIGHT)
        return punct if name == "punct" else (shape >= 0) & ~punct

    def place(self, hits: Hits, name: str) -> Ints:
        """Positions a place names: one column a hit, or six for `left` and `right`."""
        sent = self.sent(hits)
        first, last = hits.first, hits.last - 1
        if name == "itself":
            return first
        if name in ("prev", "before", "prev2"):
            at = self.step(first, -1 if name != "prev2" else -2, sent)
            return self.skip(at, -1, sent) if name == "before" else at
        if name in ("next", "after", "next2"):
            at = self.step(last, 1 if name != "next2" else 2, sent)
            return self.skip(at, 1, sent) if name == "after" else at
        sign, base = (-1, first) if name == "left" else (1, last)
        return np.stack([self.step(base, sign * by, sent) for by in range(1, _REACH + 1)], axis=1)

    def skip(self, at: Ints, by: int, sent: Ints, *names: str) -> Ints:
        """Pass over up to four tokens that are adverbs (or of `names`)."""
        for _ in range(4):
            move = self.is_in(at, *(names or ("@adverb",))) & (at >= 0)
            if not move.any():
                break
            at = np.where(move, self.step(at, by, sent), at)
        return at

    def in_sentence(self, hits: Hits, names: frozenset[str]) -> Mask:
        """Does any token of the hit's sentence belong to `names`?"""
        n_sent = int(self._sent.max(initial=0)) + 1
        there = np.zeros(n_sent, dtype=bool)
        there[self._sent[:-1][self.is_in(np.arange(len(self.tokens)), *names)]] = True
        return there[self.sent(hits)]

    def holds(self, condition: Condition, hits: Hits) -> Mask:
        """For each hit: does the condition hold?"""
        out = np.zeros(len(hits), dtype=bool)
        for negated, name, words in condition.alternatives:
            if name in NAMED:
                here = NAMED[name](self, hits)
            elif name == "sentence":
                here = self.in_sentence(hits, words)
            else:
                here = self.is_in(self.place(hits, name), *words)
                here = here.any(axis=1) if here.ndim == 2 else here
            out |= ~here if negated else here
        return out


def _ended(values: npt.NDArray[np.int32], sentinel: int) -> npt.NDArray[np.int32]:
    return np.concatenate((values, np.array([sentinel], dtype=np.int32)))


def _resolve(names: frozenset[str]) -> tuple[set[str], int, list[str]]:
    """Listed words, suffix bits and shapes that a set of words and @classes stands for."""
    words, flags, shapes = set(), 0, []
    todo = list(names)
    while todo:
        name = todo.pop()
        if not name.startswith("@"):
            words.add(name)
            continue
        name = name[1:]
        todo += [f"@{part}" for part in _UNIONS.get(name, ())]
        words |= CLASSES.get(name, frozenset())
        flags |= _FLAGS.get(name, 0)
        shapes += [name] if name in _SHAPES else []
    return words, flags, shapes


Named = Callable[[Around, Hits], Mask]
NAMED: dict[str, Named] = {}


def _named(function: Named) -> Named:
    NAMED[function.__name__] = function
    return function


@_named
def capital_inside(around: Around, hits: Hits) -> Mask:
    """The cue has a capital though it does not begin its sentence, and its neighbour is not shouting too: a name."""
    inside = around.place(hits, "prev") >= 0
    opening = around.is_in(around.place(hits, "prev"), "@quote", ":")
    return around.is_in(hits.first, "@capital") & inside & ~opening & ~_shouted(around, hits)


def _shouted(around: Around, hits: Hits) -> Mask:
    """Both neighbours are capitalised as well: a headline or capitals throughout."""
    sides = [around.is_in(around.place(hits, side), "@capital", "@punct", "@edge") for side in ("prev", "next")]
    return sides[0] & sides[1]


@_named
def clause_start(around: Around, hits: Hits) -> Mask:
    """The cue opens its sentence, or follows punctuation or a conjunction."""
    return around.is_in(around.place(hits, "prev"), "@edge", "@punct", "@conj")


@_named
def question(around: Around, hits: Hits) -> Mask:
    """The cue's sentence holds a question mark."""
    return around.in_sentence(hits, frozenset({"?", "??", "???"}))


@_named
def inverted(around: Around, hits: Hits) -> Mask:
    """An auxiliary before its subject, as in a question or a wish."""
    opens = around.is_in(around.place(hits, "prev"), "@edge", "@punct", "@wh", "@and", "@conj")
    return opens & around.is_in(around.place(hits, "next"), "@subject", "@article", "@poss", "this", "these", "anyone")


@_named
def noun(around: Around, hits: Hits) -> Mask:
    """The cue is a noun: after a determiner, possessive, preposition, number or adjective, or before "of"."""
    prev, sent = around.place(hits, "prev"), around.sent(hits)
    prev2 = around.step(prev, -1, sent)
    described = around.is_in(prev, "@adj") & ~around.is_in(prev2, "@be", "@copula", "@subject")
    after_prep = around.is_in(prev, "@prep") & ~around.is_in(prev, "to", "as", "like", "than")
    # "that sounds", "this suggests", "one wonders": a singular pronoun before a form in -s or -ed
    pronoun = around.is_in(prev, "this", "that", "one", "each", "all", "which") & around.is_in(
        hits.first, "@plural", "@ed"
    )
    led = around.is_in(prev, "@det", "@poss", "@number", "more", "much", "little", "own") & ~pronoun
    return led | after_prep | described | around.is_in(around.place(hits, "next"), "of")


@_named
def verb(around: Around, hits: Hits) -> Mask:
    """The cue is no noun by its neighbours."""
    return ~noun(around, hits)


def _subject(around: Around, hits: Hits) -> Ints:
    """The token taken for the subject's last word: left of the cue past auxiliaries, adverbs and negation."""
    sent = around.sent(hits)
    at = around.skip(around.step(hits.first, -1, sent), -1, sent, "@adverb", "@aux", "@not", "to", "been")
    relative = around.is_in(at, "that", "which", "who")
    return np.where(relative & ~around.is_in(at, "who"), around.step(at, -1, sent), at)


@_named
def human(around: Around, hits: Hits) -> Mask:
    """The subject is a person, a group of persons or a name; joined verbs look for one further left."""
    at = _subject(around, hits)
    direct = around.is_in(at, "@person", "@people", "who", "one") | around.is_in(at, "@capital")
    joined = around.is_in(at, "@and", ",", "@edge")
    further = around.is_in(around.place(hits, "left"), "@person", "@people", "who").any(axis=1)
    return direct & ~around.is_in(at, "@evidence") | (joined & further)


@_named
def first_person(around: Around, hits: Hits) -> Mask:
    """The subject is I or we."""
    return around.is_in(_subject(around, hits), "i", "we")


@_named
def addressed(around: Around, hits: Hits) -> Mask:
    """The subject is you, or the cue is an order."""
    return around.is_in(_subject(around, hits), "you", "@edge", ",", "and", "or", "@quote")


@_named
def number_next(around: Around, hits: Hits) -> Mask:
    """A number, an amount of money, or a phrase of quantity follows ("about a week", "about half")."""
    at = around.place(hits, "next")
    sent = around.sent(hits)
    then = around.step(at, 1, sent)
    money = around.is_in(at, *_MONEY, "us", "usd", "euro", "eur", "gbp", "c", "a") & around.is_in(
        then, "@number", *_MONEY
    )
    measure = around.is_in(at, "a", "an", "one") & around.is_in(then, "@measure")
    return around.is_in(at, "@number") | money | measure


@_named
def number_before(around: Around, hits: Hits) -> Mask:
    """A number stands among the three tokens before."""
    return around.is_in(around.place(hits, "left")[:, :3], "@number", "a", "an").any(axis=1)


@_named
def agentless(around: Around, hits: Hits) -> Mask:
    """No "by" phrase follows: the passive hides who says so."""
    return ~around.is_in(around.place(hits, "right")[:, :4], "by").any(axis=1)


@_named
def verb_next(around: Around, hits: Hits) -> Mask:
    """Past adverbs, what follows can be a verb: no punctuation, article, preposition, number or name of a month."""
    at = around.place(hits, "after")
    comma = around.is_in(at, ",", "—", "–", "-", "--", "(")
    other = around.is_in(at, "@punct", "@edge", "@article", "@poss", "@prep", "@number", "@month", "@conj")
    return comma | ~other


@_named
def past_ability(around: Around, hits: Hits) -> Mask:
    """Could of a person's past ability: "we could see", "as fast as he could", "so that she could"."""
    after, sent = around.place(hits, "after"), around.sent(hits)
    person = around.is_in(_subject(around, hits), "@person", "@people", "who", "anyone", "nobody", "everyone", "one")
    sensed = around.is_in(after, "@sense") & person
    passive = around.is_in(after, "be") & around.is_in(
        around.step(after, 1, sent), "heard", "seen", "felt", "smelled", "found", "reached"
    )
    relative = around.is_in(
        around.place(hits, "left")[:, :4],
        "what",
        "whatever",
        "everything",
        "as",
        "how",
        "where",
        "so",
        "all",
        "wish",
        "wished",
        "best",
        "only",
        "if",
        "when",
        "wherever",
        "whenever",
        "anything",
    )
    return sensed | passive | (relative.any(axis=1) & person)


@_named
def undirected(around: Around, hits: Hits) -> Mask:
    """A question in the voice's own words to nobody: outside quotation, no "you", not answered at once, no URL."""
    tokens = around.tokens
    spaced = np.concatenate((tokens.space[1:], [True]))
    after = _ended(np.asarray(tokens.shape, dtype=np.int32), -1)[np.minimum(hits.last, len(tokens))]
    inside_word = ~spaced[hits.last - 1] & (after >= 0) & ((after < PUNCT) | (after > QUOTE_STRAIGHT))
    quoted = tokens.quote[hits.first] > 0
    spoken_to = around.in_sentence(hits, frozenset({"you", "your", "yours", "yourself", "ya", "u"}))
    follows = np.where(hits.last < len(tokens), hits.last, -1)
    same_par = np.concatenate((tokens.par, [-1]))[follows] == tokens.par[hits.first]
    answered = (
        same_par
        & around.is_in(follows, "because", "to", "yes", "no", "nope", "yeah", "yep", "simple", "well", "he", "she")
        & around.is_in(follows, "because", "to", "yes", "no", "nope", "yeah", "yep", "simple")
    )
    return ~(inside_word | quoted | spoken_to | answered)


@_named
def generic_they(around: Around, hits: Hits) -> Mask:
    """No plural of persons stands among the sixty tokens before in the paragraph: "they" is anybody."""
    tokens = around.tokens
    found = np.zeros(len(hits), dtype=bool)
    for row, first in enumerate(hits.first.tolist()):
        back = np.arange(max(0, first - 60), first)
        back = back[tokens.par[back] == tokens.par[first]]
        found[row] = bool(
            (around.is_in(back, "@people") | around.is_in(back, "@capital") & around.is_in(back, "@plural")).any()
        )
    return ~found


@_named
def before_clause(around: Around, hits: Hits) -> Mask:
    """A clause or a noun phrase with a verb follows: "that", a pronoun, a determiner or a plain noun, no punctuation."""
    at = around.place(hits, "next")
    return around.is_in(
        at,
        "that",
        "@subject",
        "@det",
        "@poss",
        "@capital",
        "@number",
        "most",
        "many",
        "what",
        "how",
        "if",
        "when",
        "in",
    ) | (around.is_in(at, "@word") & ~around.is_in(at, "@prep", "@conj", "@object", "@wh", "@adverb", "@ing", "@modal"))


@_named
def negated(around: Around, hits: Hits) -> Mask:
    """A negation stands among the three tokens before."""
    left = around.place(hits, "left")[:, :3]
    return around.is_in(left, "@not", "nobody", "none", "few", "less", "neither", "far", "cannot").any(axis=1)


@_named
def predicative(around: Around, hits: Hits) -> Mask:
    """A copula stands before the cue, past adverbs and degree words."""
    sent = around.sent(hits)
    at = around.skip(around.step(hits.first, -1, sent), -1, sent, "@adverb", "@degree", "@not")
    return around.is_in(at, "@copula") | around.is_in(around.place(hits, "before"), "@copula")


@_named
def attributive(around: Around, hits: Hits) -> Mask:
    """A noun or an adjective can follow: no function word, punctuation or end."""
    at = around.place(hits, "next")
    closed = around.is_in(
        at, "@prep", "@conj", "@punct", "@edge", "@aux", "@det", "@pronoun", "@wh", "@adverb", "@poss"
    )
    return ~closed & ~around.is_in(around.place(hits, "itself"), "@edge")


@_named
def attributive_certain(around: Around, hits: Hits) -> Mask:
    """Certain before a plural or after "a": some that the voice does not name."""
    plural = around.is_in(around.place(hits, "next"), "@plural", "@people", "kinds", "amount")
    plural |= around.is_in(around.place(hits, "next2"), "@plural", "@people") & attributive(around, hits)
    one = around.is_in(around.place(hits, "prev"), "a") & attributive(around, hits)
    return (plural & ~predicative(around, hits)) | one


@_named
def expected_should(around: Around, hits: Hits) -> Mask:
    """Should of expectation, not of duty: "should be here by noon", "should be easy"."""
    near = around.is_in(
        around.place(hits, "right"), "by", "soon", "shortly", "here", "home", "ready", "able", "enough", "easy", "easier",
        "possible", "available", "interesting", "fun", "fine", "tomorrow",
    )  # fmt: skip
    return near.any(axis=1) & around.is_in(around.place(hits, "after"), "be", "have", "arrive", "see")


@_named
def inferred_state(around: Around, hits: Hits) -> Mask:
    """Must of inference: "must be exhausted", "there must be a reason"; a person who must be or do is under a duty."""
    after, sent = around.place(hits, "after"), around.sent(hits)
    then = around.skip(around.step(after, 1, sent), 1, sent)
    state = around.is_in(
        then, "tired", "exhausted", "hungry", "crazy", "mad", "insane", "joking", "kidding", "true", "nice", "hard",
        "difficult", "tough", "great", "lonely", "proud", "furious", "desperate", "because", "wrong", "mistaken", "nuts",
        "awful", "lovely", "dreaming", "some", "something", "somewhere", "someone", "frustrating", "terrified",
    )  # fmt: skip
    thing = around.is_in(_subject(around, hits), "it", "this", "that", "there") & around.is_in(then, "a", "an", "more")
    felt = around.is_in(after, "feel", "seem", "mean", "hate", "love") & around.is_in(
        _subject(around, hits), "he", "she", "they", "you", "it"
    )
    return (around.is_in(after, "be") & (state | thing)) | felt


@_named
def indicative_clause(around: Around, hits: Hits) -> Mask:
    """The that-clause tells how things are; with a bare verb ("that he go") it proposes."""
    right = around.place(hits, "right")
    bare = around.is_in(right, "@base")
    told = around.is_in(right, "@finite", "@modal", "@ed", "@be", "@have") & ~around.is_in(right, "@base")
    first_bare = np.where(bare.any(axis=1), bare.argmax(axis=1), _REACH)
    first_told = np.where(told.any(axis=1), told.argmax(axis=1), _REACH)
    return first_told <= first_bare


@_named
def projects_forward(around: Around, hits: Hits) -> Mask:
    """Project as a verb of forecasting."""
    next_ = around.place(hits, "next")
    complement = around.is_in(next_, "that", "@det", "to", "@number", "growth", "losses")
    forecast = around.is_in(hits.first, "projected", "projecting", "projects") & complement
    subject = around.is_in(around.place(hits, "before"), "@people", "@plural", "they", "we", "will", "@be")
    named = around.is_in(hits.first, "projected") & (attributive(around, hits) | subject)
    return ((forecast | (subject & complement)) & ~noun(around, hits)) | named


@_named
def expects_clause(around: Around, hits: Hits) -> Mask:
    """Expect with a clause or an object and infinitive; not "as expected", "what to expect", "expect guests"."""
    after, right = around.place(hits, "after"), around.place(hits, "right")
    clause = around.is_in(after, "to", "that") | around.is_in(right[:, 1:], "to", "will", "would").any(axis=1)
    clause &= ~around.is_in(after, "@punct", "@edge", "@prep", "@conj", "when") | around.is_in(after, "to")
    by_people = around.is_in(_subject(around, hits), "@people", "@plural", "they", "@capital") & ~around.is_in(
        after, "@punct", "@edge", "@prep", "@conj", "guests", "better"
    )
    odd = around.is_in(
        around.place(hits, "prev"), "as", "than", "to", "you", "n't", "not", "never", "what", "and", "be"
    )
    person = around.is_in(right[:, :3], "child", "baby", "guests", "company", "visitors").any(axis=1)
    return (clause | by_people) & ~odd & ~person


@_named
def considers_as(around: Around, hits: Hits) -> Mask:
    """Consider with an object and what it is taken for."""
    next_, right = around.place(hits, "next"), around.place(hits, "right")
    pronoun = around.is_in(next_, "@object", "it", "this") & ~around.is_in(
        right[:, 1], "@punct", "@edge", "@prep", "@and"
    )
    named = around.is_in(next_, "@det", "@poss", "@capital", "@plural") & around.is_in(right[:, 1:5], "a", "an").any(
        axis=1
    )
    to_be = (around.is_in(right[:, :-1], "to") & around.is_in(right[:, 1:], "be")).any(axis=1)
    return (pronoun | named | to_be) & ~around.is_in(around.place(hits, "prev"), "to", "@edge", "being")


@_named
def taken_as(around: Around, hits: Hits) -> Mask:
    """See, view … X as Y: what follows "as" describes; not "as soon as", "such as", "as he left"."""
    before_as = around.step(hits.last - 1, -1, around.sent(hits))
    comparison = around.is_in(
        before_as,
        "such",
        "well",
        "same",
        "known",
        "soon",
        "much",
        "just",
        "far",
        "long",
        "many",
        "and",
        "as",
        "as",
    )
    next_ = around.place(hits, "next")
    described = around.is_in(next_, "a", "an", "the", "@poss", "@adj", "@adjective", "@ing", "being", "one", "part")
    return described & ~comparison & ~around.is_in(next_, "long", "soon", "well", "far")


@_named
def asked_of_you(around: Around, hits: Hits) -> Mask:
    """A question put to somebody: "do you think"."""
    prev = around.place(hits, "prev")
    return around.is_in(prev, "you", "ya", "u") & around.is_in(
        around.place(hits, "prev2"), "do", "did", "would", "does", "what", "who", "d'"
    )


@_named
def adverb_inside(around: Around, hits: Hits) -> Mask:
    """The second word of the cue is an adverb or belongs to the cue itself ("is widely believed to")."""
    second = np.minimum(hits.first + 1, hits.last - 1)
    return around.is_in(
        second, "@ed", "@adverb", "@ly", "said", "thought", "understood", "being", "still"
    ) & ~around.is_in(second, "as", "been")


@_named
def approximate(around: Around, hits: Hits) -> Mask:
    """A number or a quantity follows: "about 200", "around half", "about the same", "around noon"."""
    next_, next2 = around.place(hits, "next"), around.place(hits, "next2")
    same = around.is_in(next_, "the") & around.is_in(next2, "same", "size", "level", "length")
    loose = around.is_in(next_, "half", "every", "all", "twice", "noon", "midnight", "equal", "dawn", "dusk", "midday")
    every = around.is_in(next_, "all", "every", "everything") & ~around.is_in(around.place(hits, "prev"), "just")
    return (number_next(around, hits) | same | loose) & ~(every & ~around.is_in(next_, "half"))


@_named
def just_about(around: Around, hits: Hits) -> Mask:
    """ "Just about every": about as almost."""
    return around.is_in(around.place(hits, "prev"), "just") & around.is_in(
        around.place(hits, "next"), "@quantity", "@det", "@adj", "@adjective", "@ed"
    )


@_named
def beyond_amount(around: Around, hits: Hits) -> Mask:
    """Over as "more than": not a span of time ("over two years") and not a rival or a cause ("victory over 12 teams")."""
    over = around.is_in(hits.first, "over", "under")
    sent = around.sent(hits)
    then = around.step(hits.last - 1, 2, sent)
    further = around.step(hits.last - 1, 3, sent)
    span = around.is_in(then, "@time", "or", "to", "@month") | (
        around.is_in(then, "@number") & around.is_in(further, "@time")
    )
    lasting = around.is_in(around.place(hits, "prev"), "for", "just", "well", "lasted", "of", "little", "now", "'s")
    rival = around.is_in(
        around.place(hits, "prev"), "victory", "lead", "win", "advantage", "control", "dispute", "edge", "won", "out",
        "back", "all", "turned", "power", "take", "taken", "handed", "concerns", "fight", "debate", "points", "point",
    )  # fmt: skip
    return ~over | ((~span | lasting) & ~rival)


@_named
def embedded(around: Around, hits: Hits) -> Mask:
    """If or whether under a verb or adjective of asking, knowing or deciding: an indirect question."""
    prev, prev2 = around.place(hits, "prev"), around.place(hits, "prev2")
    told = around.is_in(prev, "@object", "@people", "@capital", "@plural", "you") & around.is_in(
        prev2, "ask", "asks", "asked", "asking", "tell", "tells", "told", "telling"
    )
    return around.is_in(prev, "@ask") | told


@_named
def conditional_if(around: Around, hits: Hits) -> Mask:
    """If of a condition: no indirect question, no "as if", no formula that supposes the opposite."""
    next_, right = around.place(hits, "next"), around.place(hits, "right")
    formula = around.is_in(next_, "this", "that", "it") & around.is_in(right[:, 1:5], "enough").any(axis=1)
    fixed = around.is_in(next_, "anything", "not", "only", "nothing", "ever", "memory", "you") & ~around.is_in(
        next_, "you", "only"
    )
    polite = around.is_in(next_, "you") & around.is_in(around.place(hits, "next2"), "will", "please", "like")
    return ~(formula | fixed | polite | embedded(around, hits) | around.is_in(around.place(hits, "prev"), "as"))


@_named
def indirect_question(around: Around, hits: Hits) -> Mask:
    """Whether (or if) of an open question; not "whether rich or poor", and not asked of somebody with "if"."""
    is_if = around.is_in(hits.first, "if")
    prev = around.place(hits, "prev")
    asked = around.is_in(prev, "@settled") | around.is_in(around.place(hits, "prev2"), "@settled", "tell", "told")
    loose = around.is_in(prev, "@edge", "@punct") & around.is_in(around.place(hits, "right"), "or").any(axis=1)
    return np.where(
        is_if, embedded(around, hits) & ~asked & around.is_in(prev, "@ask") & ~around.is_in(prev, "about"), ~loose
    )


@_named
def conditional_otherwise(around: Around, hits: Hits) -> Mask:
    """Otherwise as "if not": at the start of a clause, or beside "would"."""
    opens = around.is_in(around.place(hits, "prev"), "@edge", "@punct", "because", "or", "and", "since", "as")
    follows = around.is_in(around.place(hits, "next"), ",", "@subject", "@det", "@poss", "@capital", "there", "@plural")
    unreal = around.is_in(around.place(hits, "prev"), "would", "might", "could", "'d")
    return (opens & follows) | unreal


@_named
def would_be_case(around: Around, hits: Hits) -> Mask:
    """Would of an unreal or unrealised case: no wish, habit, refusal, or later event told as settled."""
    next_, after = around.place(hits, "next"), around.place(hits, "after")
    clitic = around.is_in(hits.first, "'d")
    had = clitic & around.is_in(
        next_, "@ed", "better", "rather", "been", "like", "prefer", "had", "gone", "come", "become"
    )
    had |= clitic & ~around.is_in(after, "@base", "@state", "be", "have", "@word") | (
        clitic & around.is_in(next_, "@ing")
    )
    wish = around.is_in(after, "like", "rather", "prefer", "love", "as", "-") | around.is_in(next_, "-", "@punct")
    later = around.is_in(
        next_, "later", "often", "always", "sometimes", "usually", "go", "eventually", "become"
    ) & around.is_in(around.place(hits, "next2"), "@base", "on", "@word", "@state", "be") & ~around.is_in(
        next_, "go", "become"
    ) | (around.is_in(next_, "go") & around.is_in(around.place(hits, "next2"), "on"))
    habit = (
        around.in_sentence(hits, frozenset({"every", "often", "whenever"}))
        & around.in_sentence(hits, frozenset({"used", "every"}))
        & ~around.in_sentence(hits, frozenset({"if", "plan", "proposal", "said", "says"}))
    )
    refusal = around.is_in(next_, "not", "n't") & around.is_in(
        around.place(hits, "next2"), "say", "comment", "discuss", "confirm", "elaborate", "give", "let", "allow", "identify",
        "speak", "talk", "answer", "release", "disclose", "provide", "specify",
    )  # fmt: skip
    put = around.is_in(after, "you") | (inverted(around, hits) & around.is_in(next_, "you"))
    return ~(had | wish | later | habit | refusal | put)


@_named
def irrealis_were(around: Around, hits: Hits) -> Mask:
    """Were to of an unreal case: with "if" before it, or "would" and the like in the sentence."""
    supposed = around.is_in(around.place(hits, "left"), "if", "unless", "suppose", "supposing").any(axis=1)
    return supposed | around.in_sentence(hits, frozenset({"would", "'d"}))


@_named
def inverted_condition(around: Around, hits: Hits) -> Mask:
    """Should, had or were before its subject at the start of a clause, in a sentence that asks nothing."""
    opens = around.is_in(around.place(hits, "prev"), "@edge", ",", ";", "—", "–", "--", "@quote", "and", "but", "that")
    second = np.minimum(hits.first + 1, hits.last - 1)
    subject = around.is_in(
        second, "@subject", "@det", "@poss", "@capital", "@plural", "this", "these", "anyone", "someone"
    )
    return opens & subject & ~question(around, hits)


@_named
def nobody_knows(around: Around, hits: Hits) -> Mask:
    """Who knows as a sentence of its own, not a relative clause."""
    return around.is_in(around.place(hits, "prev"), "@edge", "@punct", "and", "but", "because")


@_named
def of_degree(around: Around, hits: Hits) -> Mask:
    """Really as "very": before an adjective, an adverb or a verb that has degrees."""
    return around.is_in(
        around.place(hits, "next"), "@adj", "@adjective", "@ly", "@ed", "@punct", "@edge", "like", "liked", "likes", "love",
        "loved", "loves", "enjoy", "enjoyed", "hate", "hated", "want", "wanted", "wants", "need", "needed", "needs",
        "appreciate", "good", "well", "got", "a", "an", "@ing",
    )  # fmt: skip


@_named
def general_present(around: Around, hits: Hits) -> Mask:
    """Never in a generalisation: before a present or bare verb with a subject, or after will and can."""
    prev, next_ = around.place(hits, "prev"), around.place(hits, "next")
    present = ~around.is_in(next_, "@ed", "@ing", "@be", "@have", "@do", "@modal", "@punct", "@prep", "@det", "@past")
    subject = around.is_in(prev, "@word") & ~around.is_in(prev, "@have", "@be", "@do", "to", "@prep", "@conj", "@punct")
    return (present & subject) | around.is_in(prev, "will", "can", "'ll", "would", "'d")


WORD_CLASSES = frozenset({*CLASSES, *_FLAGS, *_SHAPES, *_UNIONS})
_FUNCTION_WORDS = frozenset(word for name in _FUNCTION for word in CLASSES[name])
_LISTED = frozenset(word for words in CLASSES.values() for word in words)
