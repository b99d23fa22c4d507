"""Clauses that report: set off by commas, after a colon in a headline, of a wish; where the tagger erred.

The training texts mark one attribution a token, the outer one; where the inner one has the stronger cue the tagger
takes that. A clause between marks ("…, the agency reported on Sunday.", "According to the log, …") can be read by
itself: the rest of the sentence is its content, and what was found there is nested in it. Of 27 found so in MPQA's
training texts 26 lay on a cue of its coders; both outer and nested attributions become more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import numpy.typing as npt

from discourse import sentences as st
from discourse.features import Groups, changes, groups
from discourse.lexicon import inflect, load
from discourse.links import CONTENT, CUE, SOURCE, Found, Links
from discourse.rules import Row, add, covered, innermost
from discourse.sentences import Tokens
from discourse.subjects import Stretch, around

Mask = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Span = tuple[int, int]

_SURE = 0.8
_LONGEST = 16
"""Tokens a reporting clause may have."""
_QUOTATION = 300
"""Tokens a quotation may have."""
_AROUND = 100
"""Tokens of a sentence that are looked at on either side: sentences without an end cost no more than others."""
_LEAST = 3
"""Tokens before a mark that can be a content."""
_VERBS = (
    "say tell report add announce state note explain argue warn claim believe reveal stress recall maintain insist "
    "contend observe predict suggest write conclude acknowledge concede declare emphasize assert estimate confirm"
).split()
"""Verbs that stand alone in such a clause."""
_FORMS = frozenset(form for verb in _VERBS for form in inflect(verb) if not form.endswith("ing")) - frozenset(
    "states report reports claims notes estimates".split()
)
_ADJUNCT = frozenset(
    "on in at to during after this last late early yesterday today monday tuesday wednesday thursday friday saturday "
    "sunday earlier later through via by from here".split()
)
"""First words of what may follow the verb: when, where and to whom it was said."""
_NO_SPEAKERS = frozenset("who which you i me him them little much this that it".split())


_WISHES = frozenset(
    "want wants wanted hope hopes hoped plans planned intend intends intended aims wish wishes wished".split()
)
_NOUNS = frozenset("hope hopes plans aims wish wishes".split())
_FINITE = frozenset("is are was were has have had will would".split())
"""After a noun ("merger plans to …") the verb of the sentence is still to come."""
_WISHED = 0.6
"""About the share of those that are outside all found attributions in PolNeAR's dev texts that its coders mark."""
_STOPS = frozenset({",", ";", ":", "--", "—", "–", "("})
_HEADLINE, _SPEAKER = 24, 4
"""Tokens a headline and its speaker may have."""
_SECTIONS = frozenset(
    "analysis article editorial essay feature interview map photo video caption obituary review list one many city "
    "country figure data bill law order case".split()
)
"""Heads that before a colon name the kind of text, a place or a topic."""


@dataclass(frozen=True)
class _Clause:
    """Source, cue and contents of a reporting clause, and the stretch it takes: all of it but the marks around it."""

    source: Span
    cue: Span
    contents: list[Span]
    stretch: Span


def clauses(tokens: Tokens, found: Found) -> Found:
    """Add reporting clauses in which the tagger found no cue; other attributions of the sentence go inside them."""
    cue_of = innermost(tokens, found, CUE)
    open_ = _beneath(tokens, found)[cue_of] | (cue_of < 0)
    chosen = {int(tokens.sent[clause.cue[0]]): clause for clause in _clauses(tokens, open_)}
    if not chosen:
        return found
    mistaken = np.ones(len(found), dtype=bool)
    mistaken[[owner for one in chosen.values() for owner in cue_of[slice(*one.stretch)].tolist() if owner >= 0]] = False
    found = found.keep(mistaken)
    low = np.full(int(tokens.sent[-1]) + 1, -1, dtype=np.int64)
    high, number = low.copy(), low.copy()
    for i, (sent, clause) in enumerate(chosen.items()):
        (low[sent], high[sent]), number[sent] = clause.stretch, len(found) + i
    holder = _holders(tokens, found, chosen)
    cue = found.links.take(found.links.role == CUE)
    place = tokens.sent[cue.first]
    inner = (number[place] >= 0) & (found.parent[cue.owner] == holder[place])
    parent = found.parent.copy()
    parent[cue.owner[inner]] = number[place[inner]]
    found = replace(found, links=_cut(tokens, found.links, low, high), parent=parent)
    return add(
        found,
        [([one.source], [one.cue], one.contents, int(holder[sent]), _SURE, "clause") for sent, one in chosen.items()],
    )


def wishes(tokens: Tokens, found: Found) -> Found:
    """Plain wishes and plans outside quotations and contents: "X wants to …", "who hope to …" (codebook B1)."""
    taken = covered(tokens, found.links)
    to = np.append(tokens.isin(frozenset({"to"}))[1:], False)
    at_wish = tokens.isin(_WISHES) & to & ~taken & (tokens.quote == 0)
    finite, whole = tokens.isin(_FINITE), _sentences(tokens)
    rows: list[Row] = []
    for at in np.flatnonzero(at_wish).tolist():
        begin, end = _sentence(tokens, whole, at)
        source = _wisher(tokens, begin, at)
        end = min(end, at + _AROUND)
        stop = next((i for i in range(at + 3, end) if tokens.vocabulary[tokens.word[i]] in _STOPS), end)
        noun = tokens.vocabulary[tokens.word[at]] in _NOUNS and finite[at + 2 : stop].any()
        if source and at + 2 < stop and not noun and not taken[source[0] : stop].any():
            rows.append(([source], [(at, at + 1)], [(at + 1, stop)], -1, _WISHED, "wish"))
    return add(found, rows)


def headlines(tokens: Tokens, found: Found) -> Found:
    """Headlines with a colon after or before a speaker: "Mayor: port is safe", "Port is safe: mayor" (codebook B4)."""
    cued = covered(tokens, found.links.take(found.links.role == CUE))
    rows: list[Row] = []
    heads = np.flatnonzero(changes(tokens.par))
    ends = np.append(heads[1:], len(tokens))
    first = changes(tokens.doc)[heads] & (ends - heads <= _HEADLINE)
    for head, end in zip(heads[first].tolist(), ends[first].tolist(), strict=True):
        if not cued[head:end].any():
            row = _headline(tokens, head, end)
            rows += [row] if row else []
    return add(found, rows)


def _headline(tokens: Tokens, head: int, end: int) -> Row | None:
    """Speaker, colon and content of a headline."""
    words = [tokens.vocabulary[code] for code in tokens.word[head:end].tolist()]
    begin = 1 if words[0] == "#" else 0
    if words.count(":") != 1 or words[-1] in (".", ":"):
        return None
    colon = words.index(":")
    heads = _speaking_heads()
    if 0 < colon - begin <= _SPEAKER and words[colon - 1] in heads and len(words) - colon > 2:
        source, content = (begin, colon), (colon + 1, len(words))
    elif 0 < len(words) - colon - 1 <= _SPEAKER and words[-1] in heads and colon - begin > 1:
        source, content = (colon + 1, len(words)), (begin, colon)
    else:
        return None
    spans = [[(head + first, head + last)] for first, last in (source, (colon, colon + 1), content)]
    return spans[0], spans[1], spans[2], -1, _WISHED, "headline"


@cache
def _speaking_heads() -> frozenset[str]:
    """Nouns for people, bodies and documents that speak, and their plurals."""
    rows = load("source_heads")
    single = rows[~rows["entry"].str.contains(" ") & ~rows["entry"].isin(_SECTIONS)]
    nouns = single["entry"].str.lower()
    return frozenset(nouns) | frozenset(nouns + "s")


def _wisher(tokens: Tokens, begin: int, at: int) -> Span | None:
    """The noun phrase or relative pronoun right before the verb."""
    here = around(tokens, at).until(at)
    verb = len(here.word)
    while verb > 0 and here.light(verb - 1):
        verb -= 1
    if verb > 0 and here.word[verb - 1] in ("who", "which"):
        return here.base + verb - 1, here.base + verb
    subject = here.adjacent(verb) if verb > begin - here.base else None
    plain = subject and here.word[subject[0]] not in ("i", "you", "we")
    return (here.base + subject[0], here.base + subject[1]) if subject and plain else None


def spoken(tokens: Tokens, found: Found) -> Found:
    """Quotations before a plain "X said" that the tagger passed over, as it may where marks of the text do not pair."""
    taken = covered(tokens, found.links)
    mark = (tokens.shape >= st.QUOTE_OPEN) & (tokens.shape <= st.QUOTE_STRAIGHT)
    after = np.append(False, tokens.isin(frozenset({",", "?", "!"}))[:-1])
    rows: list[Row] = []
    for at in np.flatnonzero(mark & after & ~tokens.space & ~taken).tolist():
        begin = int(np.searchsorted(tokens.par, tokens.par[at]))
        end = int(np.searchsorted(tokens.par, tokens.par[at], side="right"))
        opens = range(at - 1, max(begin, at - _QUOTATION) - 1, -1)
        head = next((i for i in opens if mark[i] and (i == begin or tokens.space[i])), at)
        stops = (i for i in range(at + 1, min(end, at + _LONGEST)) if tokens.vocabulary[tokens.word[i]] in (".", ","))
        stretch = at + 1, next(stops, at + 1)
        if head < at - 2 and stretch[0] < stretch[1] and not taken[head : stretch[1]].any():
            row = _said(tokens, stretch)
            rows += [(*row, [(head, at + 1)], -1, _SURE, "quotation")] if row else []
    return add(found, rows)


def _said(tokens: Tokens, stretch: Span) -> tuple[list[Span], list[Span]] | None:
    """Speaker and verb of a stretch that holds nothing else but when and where."""
    low, high = stretch
    here = Stretch.of(tokens, low, high)
    words = here.word
    verb = next((i for i, word in enumerate(words) if word in _FORMS), -1)
    source = _speaker(here, verb) if verb >= 0 else None
    return ([(low + source[0], low + source[1])], [(low + verb, low + verb + 1)]) if source else None


def _beneath(tokens: Tokens, found: Found) -> Mask:
    """Attributions nested in one whose cue stands before them in the same sentence: they may really hold that one."""
    first = np.full(len(found) + 1, -1, dtype=np.int64)
    cue = found.links.take(found.links.role == CUE)
    first[cue.owner[::-1]] = cue.first[::-1]
    up = first[found.parent]
    out = (found.parent >= 0) & (up >= 0) & (first[:-1] > up)
    return np.asarray(np.append(out & (tokens.sent[first[:-1]] == tokens.sent[up]), False))


def _holders(tokens: Tokens, found: Found, chosen: dict[int, _Clause]) -> Ints:
    """For each sentence with a clause, the attribution whose content began before it and holds it, -1 without."""
    out = np.full(int(tokens.sent[-1]) + 1, -1, dtype=np.int64)
    content = found.links.take(found.links.role == CONTENT)
    first = np.full(len(found), len(tokens), dtype=np.int64)
    np.minimum.at(first, content.owner, content.first)
    inside = innermost(tokens, found, CONTENT)
    for sent, clause in chosen.items():
        owner = int(inside[clause.cue[0]])
        while owner >= 0 and tokens.sent[first[owner]] == sent:
            owner = int(found.parent[owner])
        out[sent] = owner
    return out


def _cut(tokens: Tokens, links: Links, low: Ints, high: Ints) -> Links:
    """Contents of the sentence keep off the clause's stretch; sources in it go."""
    sent = tokens.sent[links.first]
    low, high = low[sent], high[sent]
    touches = (low >= 0) & (links.first < high) & (links.last > low)
    first, last = links.first.copy(), links.last.copy()
    ahead, behind = touches & (first < low), touches & (first >= low)
    last[ahead] = np.minimum(last, low - 1)[ahead]
    first[behind] = np.maximum(first, high + 1)[behind]
    gone = touches & ((links.role == SOURCE) | (first >= last))
    return replace(links, first=first, last=last).take(~gone)


def _clauses(tokens: Tokens, open_: Mask) -> Iterator[_Clause]:
    """Reporting clauses at open places."""
    verb, according = tokens.isin(_FORMS), tokens.isin(frozenset({"according"}))
    comma, whole = tokens.isin(frozenset({","})), _sentences(tokens)
    # a clause stands after a comma, or opens the sentence with "according"
    place = np.arange(len(tokens))
    opened = np.maximum.accumulate(np.where(comma | according, place, -1)) >= np.maximum(whole.first, place - _LONGEST)
    for at in np.flatnonzero((verb | according) & open_ & opened).tolist():
        begin, end = _sentence(tokens, whole, at)
        low = next((i for i in range(at - 1, max(at - _LONGEST, begin - 1), -1) if comma[i]), begin - 1)
        high = next((i for i in range(at + 1, min(at + _LONGEST, end)) if comma[i]), end)
        short = at - low < _LONGEST and high - at < _LONGEST
        if short and open_[low + 1 : high].all() and not _quoted(tokens, (low + 1, high), (begin, end)):
            clause = _read(tokens, at, (low + 1, high), (begin, end))
            if clause:
                yield clause


def _sentences(tokens: Tokens) -> Groups:
    """Stretches of one sentence and one paragraph."""
    return groups(changes(tokens.sent) | changes(tokens.par))


def _sentence(tokens: Tokens, whole: Groups, at: int) -> Span:
    """First and last word of the sentence, marks around it left out."""
    begin, end = int(whole.first[at]), int(whole.last[at]) + 1
    while begin < at and _is_mark(tokens, begin):
        begin += 1
    while end > at + 1 and _is_mark(tokens, end - 1) and tokens.vocabulary[tokens.word[end - 1]] in ".?!":
        end -= 1
    return begin, end


def _is_mark(tokens: Tokens, at: int) -> bool:
    return bool(st.PUNCT <= tokens.shape[at] < st.OTHER)


def _quoted(tokens: Tokens, stretch: Span, sentence: Span) -> bool:
    """Does the clause stand deeper in quotations than some of the sentence around it?"""
    begin, end = max(sentence[0], stretch[0] - _AROUND), min(sentence[1], stretch[1] + _AROUND)
    return bool(tokens.quote[slice(*stretch)].max() > tokens.quote[begin:end].min())


def _read(tokens: Tokens, at: int, stretch: Span, sentence: Span) -> _Clause | None:
    """The clause of a verb, or of "according to"."""
    low, high = stretch
    here = Stretch.of(tokens, low, high)
    words = here.word
    source = _according(here) if words[at - low] == "according" else _speaker(here, at - low)
    contents = [(sentence[0], low - 1), (high + 1, sentence[1])]
    contents = [(first, last) for first, last in contents if last > first]
    long = sum(last - first for first, last in contents) >= _LEAST
    opens = low == sentence[0]
    if source is None or not long or (opens and words[0] != "according"):
        return None
    cue = (at, at + 2) if words[at - low] == "according" else (at, at + 1)
    return _Clause((low + source[0], low + source[1]), cue, contents, stretch)


def _according(here: Stretch) -> Span | None:
    return (2, len(here.word)) if here.word[:2] == ["according", "to"] and len(here.word) > 2 else None


def _speaker(here: Stretch, verb: int) -> Span | None:
    """The noun phrase before the verb, or after it to the end; nothing else but when and where may stand there."""
    if verb == 0:
        return (1, len(here.word)) if len(here.word) > 1 and here.phrase(1) == len(here.word) else None
    end = here.phrase(0)
    after = end
    while after < verb and (here.light(after) or here.word[after] in ("has", "have", "had")):
        after += 1
    rest = here.word[verb + 1 :]
    plain = not rest or rest[0] in _ADJUNCT or (here.word[verb] in ("told", "tells") and "that" not in rest)
    return (0, end) if end and after == verb and plain and here.word[0] not in _NO_SPEAKERS else None
