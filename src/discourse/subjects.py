"""Who does it: the subject of a cue that got no source, where its clause names one ("X stepped back, saying that …").

No parser. A noun phrase is read from its first word on, up to a word that can stand in none; it is a subject where a
finite verb seems to follow. Of 188 sources given so in PolNeAR's training texts to cues whose source its coders name,
149 lay on the coders' own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import numpy.typing as npt

from discourse import sentences as st
from discourse.cues import reporting_cues
from discourse.lexicon import IRREGULAR_PARTICIPLES, inflect
from discourse.links import CONTENT, CUE, SOURCE, Found, Links, has
from discourse.rules import innermost
from discourse.sentences import Tokens

Mask = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Span = tuple[int, int]

_REACH = 80
"""Tokens of a sentence that are looked at on each side of a cue."""
_PRONOUNS = frozenset("i he she we they who".split())
_BE = frozenset("is are was were am be been being 's 're 'm".split())
_VERBS = _BE | frozenset(
    "has have had having do does did will would shall should may might must can could 've 'd 'll ca wo".split()
)
_NOT_IN_PHRASE = _VERBS | frozenset(
    "in on at for with from to into about against over under by as before after during than since until while when "
    "where because if whether though although amid among despite without within through between per like via upon "
    "toward towards and or but nor yet so that which whose whom what how why who not n't it there this these those "
    "nobody nothing".split()
)
_ADVERBS = frozenset(
    "also first then later now again still even just only recently once soon never ever always already instead "
    "meanwhile however simply".split()
)
_DETERMINERS = frozenset(
    "the a an that his her their its our my your some many most several all both each every no another other".split()
)
_TIMES = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april june july august september "
    "october november december today yesterday tonight day days week weeks month months year years hour hours minute "
    "minutes time moment morning afternoon evening night".split()
)
_SET_OFF = frozenset({",", "(", "who", "which", "--", "—", "–"})
_PREPOSITIONS = frozenset(
    "in on at for with from to into about against over under by of between per like via upon toward towards during "
    "without within through despite among amid than - --".split()
)
_OPENING = frozenset("after before while by in besides without despite since upon on for instead of with".split())
_PASTS = IRREGULAR_PARTICIPLES | frozenset(
    "went came took gave saw ran began became spoke wrote knew grew drew fell rose threw flew drove".split()
)
_PASSIVE_BE = frozenset("is are was were be been being".split())
_SEEMS = frozenset("seem seems seemed seeming appear appears appeared".split())
_ADJECTIVES = frozenset("worried determined assured agreed feared".split())
"""Participles of reporting verbs that say what their subject thinks."""
_OTHERS = frozenset("known pressed nominated interviewed favored favoured approved elected".split())
_JOINS = frozenset("and but or then".split())
_DASHES = frozenset({"-", "--", "—", "–"})
_LEAST = 0.15
"""Confidence an attribution needs to be given a source: below, six in seven are not as a coder would mark them."""


@dataclass(frozen=True)
class Stretch:
    """The words of a stretch of one sentence: lower-cased, with shapes, and the token the first one is."""

    word: list[str]
    shape: list[int]
    free: list[bool]
    base: int

    @classmethod
    def of(cls, tokens: Tokens, low: int, high: int) -> Stretch:
        """The tokens low, …, high - 1, all of them free to be read."""
        words = [tokens.vocabulary[code] for code in tokens.word[low:high].tolist()]
        return cls(words, tokens.shape[low:high].tolist(), [True] * len(words), low)

    def until(self, end: int) -> Stretch:
        """The words before token `end`."""
        n = end - self.base
        return Stretch(self.word[:n], self.shape[:n], self.free[:n], self.base)

    def spoken(self, i: int) -> bool:
        return self.shape[i] < st.PUNCT or self.shape[i] >= st.OTHER

    def named(self, i: int) -> bool:
        return self.shape[i] in st.CAPITALISED

    def light(self, i: int) -> bool:
        return self.word[i] in _ADVERBS or self.word[i].endswith("ly")

    def phrase(self, i: int) -> int:
        """End of the noun phrase that begins at i; i where none does."""
        if self.word[i] in _PRONOUNS:
            return i + 1
        if self.word[i].endswith(("ing", "ly")) and not self.named(i):
            return i
        end, name = i, False
        while end < min(i + 12, len(self.word)) and self.free[end]:
            word = self.word[end]
            if (word == "'s" and end > i and self._owned(end)) or (word == "of" and end > i):
                name = False
            elif word == "." and end > i and self.shape[end - 1] in (st.TITLE, st.INITIAL):
                pass
            elif not self.spoken(end) or word in _NOT_IN_PHRASE or word in _ADVERBS:
                break
            elif self.named(end) and (end > i or word not in _DETERMINERS):
                name = True
            elif name or (end > i and (word in _PASTS or word.endswith(("ed", "ing")))):
                break
            end += 1
        while end > i and (self.word[end - 1] in ("of", "'s", ".") or self.word[end - 1] in _DETERMINERS):
            end -= 1
        return i if self.word[end - 1] in _TIMES else end

    def _owned(self, i: int) -> bool:
        """Is the 's at i a possessive, with a noun after it?"""
        after = i + 1
        return (
            after < len(self.word)
            and self.spoken(after)
            and self.word[after] not in _NOT_IN_PHRASE | _DETERMINERS | _ADVERBS
            and not self.word[after].endswith(("ed", "ing"))
        )

    def acts(self, begin: int, end: int) -> bool:
        """Does a finite verb seem to follow the phrase, and no preposition to govern it?"""
        if begin and (self.word[begin - 1] in _PREPOSITIONS or self.shape[begin - 1] == st.OTHER):
            return False
        i = end
        while i < len(self.word) and self.light(i):
            i += 1
        if i == len(self.word) or not self.spoken(i):
            return False
        word = self.word[i]
        plain = word not in _NOT_IN_PHRASE | _DETERMINERS and not word.endswith("ing")
        return word in _VERBS or (self.shape[i] == st.LOWER and plain)

    def apposed(self, least: int = 2) -> Span | None:
        """The phrase that opens the sentence, if it is set off by a mark or has a clause of its own."""
        begin = next((i for i in range(min(2, len(self.word))) if not self.light(i) and self.word[i] not in _JOINS), 0)
        end = self.phrase(begin)
        set_off = end < len(self.word) and self.word[end] in _SET_OFF
        return (begin, end) if end - begin >= least and set_off else None

    def subjects(self, first: int, last: int) -> Iterator[Span]:
        """Subjects that begin in first, …, last - 1."""
        at = first
        while at < last:
            end = self.phrase(at) if self.free[at] else at
            if end > at and self.acts(at, end):
                yield at, end
            at = max(end, at + 1)

    def main(self, last: int) -> Span | None:
        """The subject of the main clause: the first one, after a comma where the sentence opens with another clause."""
        apposed = self.apposed()
        if apposed:
            return apposed
        opens = self.word[0] in _NOT_IN_PHRASE | _OPENING and self.word[0] not in _VERBS
        comma = self.word.index(",") + 1 if opens and "," in self.word[:last] else 0
        return next(self.subjects(comma, last), None) or next(self.subjects(0, last), None)

    def adjacent(self, verb: int) -> Span | None:
        """The phrase that ends where the verb begins, with no preposition to govern it."""
        begin = next((i for i in range(max(verb - 10, 0), verb) if self.phrase(i) == verb), verb)
        governed = begin and self.word[begin - 1] in _PREPOSITIONS
        return None if begin == verb or governed else (begin, verb)

    def absolute(self, cue: int) -> Span | None:
        """The subject of "with the dockers saying …"."""
        begin = next((i + 1 for i in range(cue - 2, max(cue - 9, -1), -1) if self.word[i] == "with"), cue)
        return (begin, cue) if begin < cue and self.phrase(begin) == cue else None


def agents(tokens: Tokens, found: Found) -> Found:
    """Who is asked, told or described says nothing: a passive loses the subject as source, and gets its agent.

    The coders of PolNeAR leave the source of such rows empty, or name the phrase after "by"; nor is the subject of
    "seems" the one to whom it seems.
    """
    links = found.links
    cue = links.take(links.role == CUE)
    passive = np.zeros(len(found), dtype=bool)
    passive[cue.owner] = _passives(tokens, cue)
    if not passive.any():
        return found
    first = np.full(len(found), len(tokens), dtype=np.int64)
    first[cue.owner] = cue.first
    subject = (links.role == SOURCE) & passive[links.owner] & (links.first < first[links.owner])
    kept = links.take(~subject)
    passive[kept.owner[kept.role == SOURCE]] = False
    rows = []
    for row in np.flatnonzero(passive[cue.owner]).tolist():
        who = _agent(tokens, int(cue.last[row]))
        rows += [(int(cue.owner[row]), SOURCE, *who)] if who else []
    return replace(found, links=_with(kept, rows) if rows else kept)


def _adverbial(word: str) -> bool:
    return word in _ADVERBS or word.endswith("ly")


def _participial(word: str) -> bool:
    return word.endswith("ed") or word in IRREGULAR_PARTICIPLES


def _passives(tokens: Tokens, cue: Links) -> Mask:
    """Cues with a form of be and right after it, adverbs apart, a participle that takes an object; bare "seems"."""
    participle = tokens.isin(_passive_participles()) | _by_follows(tokens)
    adverb = tokens.map(_adverbial) > 0
    be = tokens.isin(_PASSIVE_BE)
    after = np.append(participle[1:] | (adverb[1:] & np.append(participle[2:], False)), False)
    count = np.concatenate(([0], np.cumsum(be & after)))
    return np.asarray((count[cue.last - 1] > count[cue.first]) | tokens.isin(_SEEMS)[cue.last - 1])


def _by_follows(tokens: Tokens) -> Mask:
    """Participles with "by" right after them."""
    by = tokens.isin(frozenset({"by"}))
    ending = tokens.map(_participial) > 0
    return np.asarray(ending & np.append(by[1:], False))


def _agent(tokens: Tokens, at: int) -> Span | None:
    """The phrase after "by", where that stands at a cue's end."""
    here = Stretch.of(tokens, at - 1, at + 14)
    by = here.word.index("by") if "by" in here.word[:2] else -1
    if by < 0 or by + 1 == len(here.word):
        return None
    end = here.phrase(by + 1)
    return (at + by, at - 1 + end) if end > by + 1 else None


@cache
def _passive_participles() -> frozenset[str]:
    rows = reporting_cues()
    forms = [form for entry in rows["entry"][rows["pos"] == "VERB"] for form in inflect(entry)]
    return frozenset(f for f in forms if f.endswith("ed") or f in IRREGULAR_PARTICIPLES) - _ADJECTIVES | _OTHERS


def subjects(tokens: Tokens, found: Found) -> Found:
    """Give active cues without a source the subject of their clause."""
    links = found.links
    sourced = has(links, SOURCE, len(found))
    bare = links.take((links.role == CUE) & ~sourced[links.owner])
    bare = bare.take(_may_share(tokens, bare) & (found.confidence[bare.owner] >= _LEAST))
    content_of = innermost(tokens, found, CONTENT) if len(bare) else bare.first
    rows = []
    for owner, first, last in zip(bare.owner.tolist(), bare.first.tolist(), bare.last.tolist(), strict=True):
        who = _subject(tokens, content_of, owner, first, last)
        rows += [(owner, SOURCE, *who)] if who else []
    return replace(found, links=_with(links, rows)) if rows else found


def _may_share(tokens: Tokens, cue: Links) -> Mask:
    """Cues with a participle in them, or a comma, conjunction or adverb before them: `_subject` reads no others."""
    participle = np.concatenate(([0], np.cumsum(tokens.map(_is_ing))))
    joining = tokens.isin(_JOINS | {","}) | (tokens.map(_adverbial) > 0)
    before = (cue.first > 0) & joining[np.maximum(cue.first - 1, 0)]
    return np.asarray(before | (participle[cue.last] > participle[cue.first]))


def _is_ing(word: str) -> bool:
    return word.endswith("ing")


def _subject(tokens: Tokens, content_of: Ints, owner: int, first: int, last: int) -> Span | None:
    """The subject of the cue first, …, last - 1."""
    here = around(tokens, first, content_of)
    cue, end = first - here.base, last - here.base
    before = cue - 1
    while before > 0 and here.light(before):
        before -= 1
    verb = next((word for word in here.word[cue:end] if word not in _ADVERBS | _VERBS and not word.endswith("ly")), "")
    joined = here.word[before] if before >= 0 else ""
    if joined in _BE or (_BE & set(here.word[cue : end - 1]) and not verb.endswith("ing")):
        return None  # a passive: what stands before it is no speaker
    if verb.endswith("ing") and (before < 0 or (before <= 1 and joined in _OPENING)):
        mine = np.flatnonzero(content_of[here.base : here.base + len(here.word)] == owner)
        found = next(here.subjects(max(end, int(mine[-1]) + 1 if len(mine) else end), len(here.word)), None)
    elif verb.endswith("ing"):
        found = here.absolute(cue) or here.main(cue)
    elif joined in _JOINS:
        near = list(here.subjects(0, cue))
        found = near[-1] if near and here.word[before - 1] != "," else here.main(cue)
    elif joined == ",":
        found = here.apposed(1)
    else:
        return None
    return (found[0] + here.base, found[1] + here.base) if found else None


def around(tokens: Tokens, at: int, content_of: Ints | None = None) -> Stretch:
    """The sentence around a token, as far as _REACH; a dateline and marks at its head are left out.

    `content_of`: what is in another content than the token is not free to be read.
    """
    low = max(int(np.searchsorted(tokens.sent, tokens.sent[at])), at - _REACH)
    low = max(low, int(np.searchsorted(tokens.par, tokens.par[at])))
    high = min(int(np.searchsorted(tokens.sent, tokens.sent[at], side="right")), at + _REACH)
    low = next((i for i in range(low, at) if tokens.shape[i] < st.PUNCT or tokens.shape[i] >= st.OTHER), at)
    if tokens.shape[low] == st.UPPER:
        head = tokens.word[low : min(low + 14, at)].tolist()
        low += next((i + 1 for i, code in enumerate(head) if tokens.vocabulary[code] in _DASHES), 0)
    here = Stretch.of(tokens, low, high)
    return here if content_of is None else replace(here, free=(content_of[low:high] == content_of[at]).tolist())


def _with(links: Links, rows: list[tuple[int, int, int, int]]) -> Links:
    """Further spans, in the order of their attributions."""
    more = np.array(rows, dtype=np.int64).T
    names = ("owner", "role", "first", "last")
    both = Links(*(np.concatenate((getattr(links, name), more[i])) for i, name in enumerate(names)))
    return both.take(np.lexsort((both.first, both.role, both.owner)))
