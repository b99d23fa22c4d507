"""Attributions that rules find: what the training texts leave unmarked or show too seldom to be learned.

Reports that somebody gave no answer (codebook B5), speakers of transcripts ("NAME:"), signatures after a quotation
and quotations that go on without a reporting clause of their own.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from discourse import sentences as st
from discourse.cues import cue_hits, reporting_cues
from discourse.features import changes, groups
from discourse.lexicon import longest
from discourse.links import CONTENT, CUE, SOURCE, Found, Links
from discourse.sentences import Tokens

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Span = tuple[int, int]

_RULE_CONFIDENCE = 0.8
"""Share of the rules' rows that were right when 100 of them were read; see the model card."""
_CONTINUED = 0.6
_LABELS = frozenset(
    "update updates note notes photo photos video videos watch read related more exclusive breaking correction "
    "editor's warning subscribe advertisement caption image source sources q a poll opinion analysis tags".split()
)
"""Words before a colon at the head of a paragraph that are no speakers."""
_TRIBUTARIES = frozenset(
    "call calls message messages email emails e-mail e-mails request requests inquiries letter letters".split()
)
_NOT_SUBJECT = frozenset("and but or while although though because that which when as if , ; : -- — – ( ) .".split())
_LIGHT = frozenset(
    "also who has have had was were did does do is are be been immediately repeatedly not n't could would "
    "both either neither again later on and but so".split()
)


def add(found: Found, rows: list[tuple[list[Span], list[Span], list[Span], int, float, str]]) -> Found:
    """`found` with further attributions (source, cue, content spans, parent, confidence, rule) after its own."""
    if not rows:
        return found
    n = len(found)
    flat = [
        (n + i, role, first, last)
        for i, row in enumerate(rows)
        for role, spans in zip((SOURCE, CUE, CONTENT), row[:3], strict=True)
        for first, last in spans
    ]
    more = np.array(flat, dtype=np.int64).reshape(-1, 4).T
    old = found.links
    links = Links(
        *(np.concatenate((a, b)) for a, b in zip((old.owner, old.role, old.first, old.last), more, strict=True))
    )
    return Found(
        links,
        np.concatenate((found.parent, np.array([row[3] for row in rows], dtype=np.int64))),
        np.concatenate((found.confidence, np.array([row[4] for row in rows]))),
        [*found.rule, *(row[5] for row in rows)],
    )


def innermost(tokens: Tokens, found: Found, role: int, least_depth: int = 0) -> Ints:
    """Number of the deepest attribution of which a span of `role` holds each token, -1 where none does."""
    out = np.full(len(tokens), -1, dtype=np.int64)
    links = found.links.take(found.links.role == role)
    depth = found.depth()[links.owner]
    for row in np.argsort(depth, kind="stable").tolist():
        if depth[row] >= least_depth:
            out[links.first[row] : links.last[row]] = links.owner[row]
    return out


def non_responses(tokens: Tokens, found: Found) -> Found:
    """Reports that somebody was asked and gave nothing: the whole phrase is the cue, and there is no content."""
    rows = reporting_cues()
    wanted = ((rows["category"] == "non_response") & (rows["response"] != "none")).to_numpy()
    hits = cue_hits(tokens)
    hits = longest(hits.take(wanted[hits.pattern])) if len(hits) else hits
    if not len(hits):
        return found
    cue_of, content_of = innermost(tokens, found, CUE), innermost(tokens, found, CONTENT)
    links, changed = found.links, {}
    new = []
    for first, last in zip(hits.first.tolist(), hits.last.tolist(), strict=True):
        owners = cue_of[first:last]
        owner = int(owners.max())
        if owner >= 0:
            changed[owner] = (first, last)
        elif not (tokens.quote[first] > 0 and last - first == 2):
            source = _approached(tokens, first)
            new.append((source, [(first, last)], [], int(content_of[first]), _RULE_CONFIDENCE, "non-response"))
    return add(replace(found, links=_silenced(links, changed)), new)


def _silenced(links: Links, changed: dict[int, Span]) -> Links:
    """Give the attributions in `changed` their whole phrase as cue, and no content."""
    if not changed:
        return links
    mine = np.isin(links.owner, list(changed))
    links = links.take(~(mine & (links.role == CONTENT)))
    first, last = links.first.copy(), links.last.copy()
    for row in np.flatnonzero(np.isin(links.owner, list(changed)) & (links.role == CUE)).tolist():
        low, high = changed[int(links.owner[row])]
        first[row], last[row] = min(low, int(first[row])), max(high, int(last[row]))
    sources = links.role == SOURCE
    clash = np.zeros(len(links), dtype=bool)
    for row in np.flatnonzero(sources & np.isin(links.owner, list(changed))).tolist():
        low, high = changed[int(links.owner[row])]
        clash[row] = bool(first[row] < high and last[row] > low)
    return replace(links, first=first, last=last).take(~clash)


def _approached(tokens: Tokens, first: int) -> list[Span]:
    """The person or body that was asked: the subject before the phrase, or whom the calls and messages went to."""
    words, start = tokens.vocabulary, first
    limit = max(first - 16, int(np.searchsorted(tokens.sent, tokens.sent[first], side="left")))
    last = first
    while last > limit and words[tokens.word[last - 1]] in _LIGHT:
        last -= 1
    start = last
    apposed = last > limit and words[tokens.word[last - 1]] == ","
    while start > limit and (apposed or words[tokens.word[start - 1]] not in _NOT_SUBJECT):
        start -= 1
    said = [words[code] for code in tokens.word[start:last].tolist()]
    for i, word in enumerate(said):
        if word in _TRIBUTARIES:
            to = next((j for j in range(i + 1, len(said)) if said[j] in ("to", "for", "with", "from")), None)
            return [] if to is None or to + 1 == len(said) else [(start + to + 1, last)]
    while start < last and (words[tokens.word[start]] in _LIGHT or words[tokens.word[start]] == ","):
        start += 1
    while last > start and words[tokens.word[last - 1]] == ",":
        last -= 1
    return [(start, last)] if start < last else []


def transcripts(tokens: Tokens, found: Found) -> Found:
    """Speakers of transcripts and interviews: capitals (or a name that comes back) and a colon open the paragraph."""
    heads = np.flatnonzero(changes(tokens.par))
    ends = np.append(heads[1:], len(tokens))
    colon = tokens.isin(frozenset({":"}))
    near = np.zeros(len(heads), dtype=bool)
    for step in range(1, 6):
        near |= colon[np.minimum(heads + step, ends - 1)]
    spoken: dict[tuple[int, str], list[tuple[int, int, int, bool]]] = {}
    for head, end in zip(heads[near].tolist(), ends[near].tolist(), strict=True):
        turn = _turn(tokens, colon, head, end)
        if turn:
            at, name, capitals = turn
            spoken.setdefault((int(tokens.doc[head]), name), []).append((head, at, end, capitals))
    turns_in: dict[int, int] = {}
    for (doc, _), turns in spoken.items():
        turns_in[doc] = turns_in.get(doc, 0) + len(turns)
    rows = []
    for (doc, _), turns in spoken.items():
        if len(turns) >= 3 or (turns[0][3] and len(turns) >= 2) or (turns[0][3] and turns_in[doc] >= 4):
            rows += [turn[:3] for turn in turns]
    return _speakers(tokens, found, sorted(rows))


def _turn(tokens: Tokens, colon: Mask, head: int, end: int) -> tuple[int, str, bool] | None:
    """Place of the colon, the speaker's name and whether it is in capitals, where a paragraph opens with a speaker."""
    if st.QUOTE_OPEN <= tokens.shape[head] <= st.QUOTE_STRAIGHT:
        head += 1
    at = next((i for i in range(head + 1, min(head + 6, end)) if colon[i]), None)
    if at is None or end - at < 3:
        return None
    shapes = [int(shape) for shape in tokens.shape[head:at] if shape != st.PUNCT]
    words = [tokens.vocabulary[code] for code in tokens.word[head:at].tolist()]
    capitals = all(shape in (st.UPPER, st.INITIAL, st.NUMBER) for shape in shapes) and st.UPPER in shapes
    named = all(shape in (st.UPPER, st.TITLE, st.INITIAL, st.MIXED) for shape in shapes)
    if not named or not shapes or any(word in _LABELS for word in words):
        return None
    return at, " ".join(words), capitals


def _speakers(tokens: Tokens, found: Found, turns: list[tuple[int, int, int]]) -> Found:
    """Add the turns no attribution has yet; attributions inside a turn become nested in it."""
    colon_cue = innermost(tokens, found, CUE)
    top = found.parent < 0
    rows, parent = [], found.parent.copy()
    for head, at, end in turns:
        if colon_cue[at] >= 0:
            continue
        begin = head + int(st.QUOTE_OPEN <= tokens.shape[head] <= st.QUOTE_STRAIGHT)
        rows.append(([(begin, at)], [(at, at + 1)], [(at + 1, _unpointed(tokens, at + 1, end))], -1, 0.9, "transcript"))
        links = found.links
        inside = np.unique(links.owner[(links.first > at) & (links.last <= end) & (links.role == CUE)])
        parent[inside[top[inside]]] = len(found) + len(rows) - 1
    return add(replace(found, parent=parent), rows)


def _unpointed(tokens: Tokens, first: int, last: int) -> int:
    """`last` without the final full stop."""
    return last - 1 if last - 1 > first and tokens.vocabulary[tokens.word[last - 1]] == "." else last


def signatures(tokens: Tokens, found: Found) -> Found:
    """A quotation closed by a dash and a name at the end of the paragraph."""
    dash = tokens.isin(frozenset({"-", "--", "—", "–", "―"}))
    heads = np.flatnonzero(changes(tokens.par))
    ends = np.append(heads[1:], len(tokens))
    taken = innermost(tokens, found, CUE) >= 0
    rows = []
    some = np.zeros(len(heads), dtype=bool)
    for step in range(2, 9):
        some |= dash[np.maximum(ends - step, 0)] & (ends - step > heads)
    for head, end in zip(heads[some].tolist(), ends[some].tolist(), strict=True):
        at = next(i for i in range(end - 2, head - 1, -1) if dash[i])
        named = np.isin(tokens.shape[at + 1], (st.TITLE, st.UPPER, st.MIXED, st.INITIAL))
        closes = tokens.quote[at - 1] > 0 and tokens.quote[at] == 0
        final = tokens.vocabulary[tokens.word[end - 1]] not in ".?!"
        opens = int(np.searchsorted(tokens.par, tokens.par[head]))
        if named and closes and final and tokens.quote[opens] == tokens.quote[at - 1] and not taken[at]:
            rows.append(([(at + 1, end)], [(at, at + 1)], [(opens, at)], -1, 0.9, "signature"))
    return add(found, rows)


_SPOKEN_WORDS = 4
"""A quotation of fewer words, or without a mark that ends a clause, is taken for a scare quote or a title."""


def continued(tokens: Tokens, found: Found) -> Found:
    """Quotations without a reporting clause: they go on for the last speaker quoted in or just before the paragraph.

    The row's source is the span that named the speaker last, so that every row can be read by itself.
    """
    quotes = _spoken(tokens, found)
    if not quotes:
        return found
    links = found.links
    top = found.parent < 0
    content = links.take((links.role == CONTENT) & top[links.owner])
    said = content.take((tokens.quote[content.first] > 0) | (tokens.quote[content.last - 1] > 0))
    order = np.argsort(said.first, kind="stable")
    first, owner = said.first[order], said.owner[order]
    sources: dict[int, list[Span]] = {}
    for row in np.flatnonzero(links.role == SOURCE).tolist():
        sources.setdefault(int(links.owner[row]), []).append((int(links.first[row]), int(links.last[row])))
    rows = []
    speaker: dict[int, int] = {}
    for begin, end in quotes:
        par = int(tokens.par[begin])
        at = int(np.searchsorted(first, begin)) - 1
        before = int(owner[at]) if at >= 0 else -1
        near = before >= 0 and int(tokens.par[first[at]]) == par
        opens = begin == 0 or tokens.par[begin - 1] != par
        close = before >= 0 and tokens.par[first[at]] == par - 1 and tokens.doc[first[at]] == tokens.doc[begin]
        who = before if near or (opens and close) else speaker.get(par - 1, -1) if opens else speaker.get(par, -1)
        if who >= 0 and who in sources and tokens.doc[sources[who][0][0]] == tokens.doc[begin]:
            speaker[par] = who
            chance = _CONTINUED * float(found.confidence[who])
            rows.append((sources[who], [], [(begin, end)], -1, chance, "free direct"))
    return add(found, rows)


def _spoken(tokens: Tokens, found: Found) -> list[Span]:
    """Quotations no attribution touches, of some words and with the end of a clause in them."""
    if not len(found):
        return []
    taken = np.zeros(len(tokens) + 1, dtype=np.int64)
    np.add.at(taken, found.links.first, 1)
    np.add.at(taken, found.links.last, -1)
    free = np.cumsum(taken)[:-1] == 0
    inside = tokens.quote > 0
    runs = groups(changes(tokens.quote) | changes(tokens.par))
    heads = np.flatnonzero(runs.first == np.arange(len(tokens)))
    whole = np.minimum.reduceat(free & inside, heads)
    words = np.add.reduceat(((tokens.shape < st.PUNCT) & inside).astype(np.int64), heads)
    ends = np.add.reduceat(tokens.isin(frozenset({".", ",", "?", "!"})).astype(np.int64), heads)
    good = whole & (words >= _SPOKEN_WORDS) & (ends > 0)
    return list(zip(heads[good].tolist(), (runs.last[heads[good]] + 1).tolist(), strict=True))
