"""Reporting cues -> how the attribution is made: form of speech, mode, stance and response (codebook B2, B3, B5).

The lexicon is data/reporting_cues.csv: `pattern` is what `lexicon.Matcher` looks for, `but_not` the false friends that
undo it (several are separated by " # ").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from discourse import lexicon
from discourse.lexicon import Hits, Matcher
from discourse.links import CONTENT, CUE, Found, Links, has, part, ranges
from discourse.sentences import LOWER, PUNCT, QUOTE_OPEN, QUOTE_STRAIGHT, Tokens, is_word

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_NOMINATIVE = frozenset("i you he she it we they there who".split())
_FINITE = frozenset(
    "is are was were am 's 're 'm has have had 've do does did 'll will would 'd shall should can could may might "
    "must ca wo ai let".split()
)
_CLAUSAL = frozenset("that to if whether how why what when where who which because not".split())
_ACTS = frozenset("criticism approval denial naming directive commissive noun non_response document lead_in".split())
_TOPICAL = frozenset(
    "talk about|discuss|address|speak|mention|quote|cite|publish|brief|question|react|describe".split("|")
)
"""Cues whose object names the act or its topic; the others take a proposition, also a shortened one."""
_POS_ORDER = {"MWE": 0, "VERB": 1, "X": 2, "PUNCT": 2, "ADP": 3, "NOUN": 4}


@dataclass(frozen=True)
class Description:
    """One value an attribution: the contract's speech, mode, stance, response, rule."""

    speech: list[str]
    mode: list[str]
    stance: list[str]
    response: list[str]
    rule: list[str]

    @classmethod
    def join(cls, pieces: Sequence[Description]) -> Description:
        """The values of several pieces, end to end."""
        return cls(*([value for piece in pieces for value in getattr(piece, field.name)] for field in fields(cls)))


@cache
def reporting_cues() -> pd.DataFrame:
    """One row per reporting cue: entry, pos, category (codebook B3), stance, mode, response, pattern, but_not, …"""
    return lexicon.load("reporting_cues", required=("entry", "pos", "category", "stance", "mode", "pattern", "example"))


@dataclass(frozen=True)
class _Patterns:
    """Cue patterns with the row of each, false friends with the row each undoes."""

    cues: Matcher
    rows: Ints
    friends: Matcher
    undone: Ints


_SPOKEN = frozenset("neutral belief directive denial criticism".split())
_DESPITE_FRIENDS = frozenset("say tell think feel know ask demand reject deny voice threaten hope fear request".split())
"""Verbs that are cues often enough in spite of their false friends."""


def _chosen(which: str) -> Ints:
    """Rows of the lexicon that are looked for."""
    rows = reporting_cues()
    if which == "all":
        return np.arange(len(rows))
    if which == "silent":
        return np.flatnonzero((rows["category"] == "non_response") & (rows["response"] != "none"))
    sure = (rows["pos"] == "VERB") & rows["category"].isin(_SPOKEN)
    return np.flatnonzero(sure & ((rows["but_not"] == "") | rows["entry"].isin(_DESPITE_FRIENDS)))


@cache
def _patterns(which: str) -> _Patterns:
    rows, chosen = reporting_cues(), _chosen(which)
    undone = [(i, friend) for i in chosen.tolist() for friend in rows["but_not"].iloc[i].split(" # ") if friend]
    return _Patterns(
        Matcher(rows["pattern"].iloc[chosen].tolist()),
        chosen.astype(np.int64),
        Matcher([friend for _, friend in undone]),
        np.array([i for i, _ in undone], dtype=np.int64),
    )


def cue_hits(tokens: Tokens, which: str = "all") -> Hits:
    """Every place an entry matches, false friends left out; `pattern` is the row of the entry in `reporting_cues`.

    `which`: "all", "silent" for reports that nothing was said, "spoken" for verbs of saying and thinking.
    """
    patterns = _patterns(which)
    hits, against = patterns.cues.find(tokens), patterns.friends.find(tokens)
    hits = Hits(hits.first, hits.last, patterns.rows[hits.pattern])
    if not len(against) or not len(hits):
        return hits
    bad = np.zeros(len(hits), dtype=bool)
    entry = patterns.undone[against.pattern]
    for first, last, row in zip(against.first.tolist(), against.last.tolist(), entry.tolist(), strict=True):
        low, high = np.searchsorted(hits.first, (first - 12, last))
        near = slice(int(low), int(high))
        bad[near] |= (hits.pattern[near] == row) & (hits.last[near] > first)
    return hits.take(~bad)


def entries(tokens: Tokens, found: Found) -> Ints:
    """Row of the lexicon entry of each attribution's cue: the longest that matches, verbs before nouns; -1 for none."""
    out = np.full(len(found), -1, dtype=np.int64)
    cue = found.links.take(found.links.role == CUE)
    if not len(cue):
        return out
    place = ranges(cue.first, cue.last)
    number = np.repeat(np.arange(len(cue)), cue.last - cue.first)
    hits = cue_hits(part(tokens, place, number))
    worst_first = np.lexsort((-hits.first, -_ranks()[hits.pattern], hits.last - hits.first))
    out[cue.owner[number[hits.first[worst_first]]]] = hits.pattern[worst_first]
    return out


@cache
def _ranks() -> Ints:
    """Order of the parts of speech of `reporting_cues`' rows."""
    return np.asarray(reporting_cues()["pos"].map(_POS_ORDER), dtype=np.int64)


def describe(tokens: Tokens, found: Found) -> Description:
    """Speech, mode, stance, response and rule of every attribution."""
    rows = reporting_cues()
    entry = entries(tokens, found)
    known = entry >= 0

    def column(name: str, default: str) -> npt.NDArray[np.object_]:
        return np.append(rows[name].to_numpy(dtype=object), default)[entry]

    def one_of(name: str, values: frozenset[str], default: str = "") -> Mask:
        return np.append(rows[name].isin(values).to_numpy(), default in values)[entry]

    category, response = column("category", ""), column("response", "none")
    facts = _contents(tokens, found.links, len(found))
    silent = (category == "non_response") & (response != "none") & ~facts.any
    response = np.where((category == "non_response") & ~silent, "none", response)
    response = np.where(facts.no_comment, "no_comment", response)
    cued = has(found.links, CUE, len(found))
    shown = np.array([how.startswith(("transcript", "signature")) for how in found.rule], dtype=bool)
    act = ~facts.any | ~facts.clause & (~known | one_of("category", _ACTS) | one_of("entry", _TOPICAL))
    speech = np.select(
        [silent, ~cued, facts.direct | shown, facts.quoted, act],
        ["non_response", "free_direct", "direct", "mixed", "narrative_act"],
        default="indirect",
    )
    mode = column("mode", "speech")
    open_ = one_of("mode", frozenset({"thought", "speech"}), "speech") & ((category == "belief") | ~known)
    mode = np.where(facts.infinitive & open_, "volition", mode)
    names = column("entry", "")
    rule = [f"{how}: {name}" if name else how for how, name in zip(found.rule, names.tolist(), strict=True)]
    return Description(speech.tolist(), mode.tolist(), column("stance", "neutral").tolist(), response.tolist(), rule)


@dataclass(frozen=True)
class _Facts:
    """What the contents of each attribution look like."""

    any: Mask
    direct: Mask
    quoted: Mask
    clause: Mask
    infinitive: Mask
    no_comment: Mask


def _contents(tokens: Tokens, links: Links, n: int) -> _Facts:
    content = links.take(links.role == CONTENT)

    def total(mask: Mask) -> Ints:
        running = np.concatenate(([0], np.cumsum(mask)))
        return np.bincount(content.owner, weights=running[content.last] - running[content.first], minlength=n).astype(
            np.int64
        )

    word = is_word(tokens.shape)
    inside = tokens.quote > 0
    words, quoted = total(word), total(word & inside)
    comment = total(tokens.isin(frozenset({"no"})) | tokens.isin(frozenset({"comment"})))
    head = np.full(n, -1, dtype=np.int64)
    head[content.owner[::-1]] = content.first[::-1]
    some = head >= 0
    first = np.minimum(head + (tokens.shape[head] > PUNCT), len(tokens) - 1)
    opens_clause, to = tokens.isin(_CLAUSAL), tokens.isin(frozenset({"to"}))
    present, place = np.unique(tokens.word, return_inverse=True)
    past = np.array([tokens.vocabulary[w].endswith("ed") for w in present.tolist()], dtype=bool)[place]
    finite = total(tokens.isin(_FINITE) | tokens.isin(_NOMINATIVE) | past)
    marks = total((tokens.shape >= QUOTE_OPEN) & (tokens.shape <= QUOTE_STRAIGHT))
    quoted = np.where(marks > 0, quoted, 0)  # a content inside a longer quotation is not itself quoted
    ends = total((tokens.shape == PUNCT) & inside & tokens.isin(frozenset({".", ",", "?", "!", "…", "..."})))
    whole = some & (quoted == words) & (words > 0)
    sentence = (tokens.shape[first] != LOWER) | (ends > 0)
    return _Facts(
        any=some,
        direct=whole & sentence,
        quoted=some & (quoted > 0),
        clause=some & (opens_clause[head] | (finite > 0)),
        infinitive=some & to[head],
        no_comment=some & (words == 2) & (comment == 2),
    )
