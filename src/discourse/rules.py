"""Attributions that rules find: what the training texts leave unmarked or show too seldom to be learned.

Reports that somebody gave no answer (codebook B5), speakers of transcripts ("NAME:"), signatures after a quotation
and quotations that go on without a reporting clause of their own.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from discourse import sentences as st
from discourse.cues import cue_hits, entries, reporting_cues
from discourse.features import changes, groups
from discourse.lexicon import longest
from discourse.links import CONTENT, CUE, DEEPEST, SOURCE, Found, Links, has, part, ranges
from discourse.sentences import Tokens

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Span = tuple[int, int]
Row = tuple[list[Span], list[Span], list[Span], int, float, str]
"""Source, cue and content spans, parent, confidence, rule."""

_RULE_CONFIDENCE = 0.8
"""About the share of non-responses that were right among those read in PolNeAR's training texts."""
_CONTINUED = 0.6
"""Of 85 quotations without a cue in those texts 69 lay in a gold content, 54 of these with the gold's source."""
_MENTIONED = 0.55
"""Of 572 in MPQA's training texts 478 lay on a cue; of the sources found there 198 of 353 were right."""
_UNKNOWN = 0.4
"""Confidence a nested attribution needs whose cue no entry of the lexicon knows."""
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


def add(found: Found, rows: list[Row]) -> Found:
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
    links = links.take(np.argsort(depth, kind="stable")[np.count_nonzero(depth < least_depth) :])
    out[ranges(links.first, links.last)] = np.repeat(links.owner, links.last - links.first)  # the last one stands
    return out


def covered(tokens: Tokens, links: Links) -> Mask:
    """Tokens that are part of a span."""
    out = np.zeros(len(tokens), dtype=bool)
    out[ranges(links.first, links.last)] = True
    return out


class SourcesOf:
    """Source spans of an attribution, by its number."""

    def __init__(self, found: Found) -> None:
        links = found.links.take(found.links.role == SOURCE)
        self._links = links.take(np.argsort(links.owner, kind="stable"))
        self._bounds = np.searchsorted(self._links.owner, np.arange(len(found) + 1))

    def __getitem__(self, owner: int) -> list[Span]:
        mine = slice(self._bounds[owner], self._bounds[owner + 1])
        return list(zip(self._links.first[mine].tolist(), self._links.last[mine].tolist(), strict=True))


def first_spans(links: Links, role: int, n: int) -> tuple[Ints, Ints]:
    """First and last token (exclusive) of the first span of `role` of each of `n` attributions; 0, 0 without one."""
    some = links.take(links.role == role)
    first, last = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    first[some.owner[::-1]], last[some.owner[::-1]] = some.first[::-1], some.last[::-1]
    return first, last


def labels(tokens: Tokens, found: Found) -> Found:
    """Drop attributions to the label of a paragraph ("UPDATE: …"): nobody speaks there but the author."""
    label, colon = tokens.isin(_LABELS), tokens.isin(frozenset({":"}))
    plain = np.concatenate(([0], np.cumsum(~label)))
    links = found.links
    bare = np.bincount(links.owner[(links.role == CUE) & colon[links.first]], minlength=len(found)) > 0
    named = links.take(links.role == SOURCE)
    lone = np.zeros(len(found), dtype=bool)
    lone[named.owner[plain[named.last] == plain[named.first]]] = True
    return found.keep(~(bare & lone))


def non_responses(tokens: Tokens, found: Found) -> Found:
    """Reports that somebody was asked and gave nothing: the whole phrase is the cue, and there is no content."""
    hits = longest(cue_hits(tokens, "silent"))
    if not len(hits):
        return found
    cue_of, content_of = innermost(tokens, found, CUE), innermost(tokens, found, CONTENT)
    tributary = tokens.isin(_TRIBUTARIES)
    sent_to = set(cue_of[tributary].tolist())
    changed: dict[int, Span] = {}
    dropped: set[int] = set()
    new: list[Row] = []
    for first, last in zip(hits.first.tolist(), hits.last.tolist(), strict=True):
        owners = [int(owner) for owner in cue_of[first:last] if owner >= 0]
        around = int(content_of[first])
        begin = int(np.searchsorted(tokens.sent, tokens.sent[first]))
        if around >= 0 and around in sent_to:  # "Calls to the mill" was taken for a cue
            dropped.add(around)
            around = int(found.parent[around])
        dropped.update(cue_of[begin + np.flatnonzero(tributary[begin:first])].tolist())
        if owners:
            changed[owners[0]] = (first, last)
            dropped.update(owner for owner in owners[1:] if owner != owners[0])
        elif _told(tokens, first, last):
            source = _approached(tokens, first)
            new.append((source, [(first, last)], [], around, _RULE_CONFIDENCE, "non-response"))
    found = replace(found, links=_silenced(found.links, changed), parent=_lifted(found.parent, changed))
    found = add(found, new)
    keep = np.ones(len(found), dtype=bool)
    keep[[owner for owner in dropped if owner >= 0 and owner not in changed]] = False
    return found.keep(keep)


_SELF = frozenset({"i", "we", "you"})


def _told(tokens: Tokens, first: int, last: int) -> bool:
    """Does the phrase report a silence? Not a quoted "no comment", nor "I would not say", nor a question unanswered."""
    words = tokens.vocabulary
    if tokens.quote[first] > 0 and last - first == 2:
        return False
    begin = max(first - 14, int(np.searchsorted(tokens.sent, tokens.sent[first], side="left")))
    before = [words[code] for code in tokens.word[begin:first].tolist()]
    said = {words[code] for code in tokens.word[first:last].tolist()}
    if said & {"unanswered", "unreturned", "returned", "answered"} and not _TRIBUTARIES & set(before):
        return False
    return not (before and before[-1] in _SELF)


def _lifted(parent: Ints, changed: dict[int, Span]) -> Ints:
    """What stood in a content that is gone stands in the next one out."""
    silent = np.zeros(len(parent) + 1, dtype=bool)
    silent[list(changed)] = True
    out = parent.copy()
    for _ in range(4):
        gone = (out >= 0) & silent[out]
        out = np.where(gone, parent[out], out)
    return out


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


_SEEKING = frozenset("seeking asking requesting".split())


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
            end = next((j for j in range(i + 1, len(said)) if said[j] in _SEEKING), len(said))
            return [] if to is None or to + 1 >= end else [(start + to + 1, start + end)]
    while start < last and (words[tokens.word[start]] in _LIGHT or words[tokens.word[start]] == ","):
        start += 1
    while last > start and words[tokens.word[last - 1]] == ",":
        last -= 1
    return [(start, last)] if start < last else []


_UNSAID = frozenset("will 'll wo not n't never".split())
_WISHES = frozenset("want wants wanted hope hopes hoped wish wishes wished plan plans planned intend intends".split())
_PROPOSITION = frozenset("that whether if how what why so to he she they it we i you there".split())
_UTTERANCES = frozenset(
    "remark remarks speech speeches statement statements announcement announcements message messages complaint "
    "complaints suggestion suggestions allegation allegations accusation accusations assertion assertions claims "
    "denial denials warnings testimony promise promises briefing briefings proposal proposals declaration declarations "
    "comments view views dialogue discussions".split()
)
"""Nouns that name something said, written or thought in nearly every use."""
_OWNED = frozenset(
    "report reports request requests demand demands call calls criticism question questions claim comment "
    "warning response answer letter interview concerns concern".split()
)
"""Nouns taken for something said only where the text says whose it is."""
_OWNERS = frozenset("his her their its our my your".split())
_TALK = frozenset("talk talked talking referred answered replied reported".split())
"""Verbs with false friends that a content holds nearly always in the sense of saying or thinking."""
_DETERMINERS = frozenset("the a an of in this any".split()) | _OWNERS | {"'s"}


def mentioned(tokens: Tokens, found: Found) -> Found:
    """Speech and thought that a content mentions without giving it a content of its own ("he rejected her remarks").

    Only inside contents: outside, PolNeAR's coders take such nouns for no attribution, MPQA's coders do.
    """
    content_of = innermost(tokens, found, CONTENT)
    open_ = (content_of >= 0) & ~covered(tokens, found.links.take(found.links.role != CONTENT))
    nouns = open_ & (tokens.isin(_UTTERANCES) | tokens.isin(_OWNED))
    sources = SourcesOf(found)
    rows: list[Row] = []
    for at in np.flatnonzero(nouns).tolist():
        source = _owner(tokens, at, content_of)
        if source or tokens.vocabulary[tokens.word[at]] in _UTTERANCES:
            rows.append((source, [(at, at + 1)], [], int(content_of[at]), _MENTIONED, "mentioned"))
    spoken = _spoken_of(tokens, open_)
    open_[[first for first, _ in spoken]] = False
    for first, last in spoken + _talked(tokens, open_):
        subject = _subject(tokens, first, content_of)
        source = sources[int(content_of[first])] if subject == [] else subject or []
        rows.append((source, [(first, last)], [], int(content_of[first]), _MENTIONED, "mentioned"))
    return add(found, rows)


def reported(tokens: Tokens, found: Found) -> Found:
    """Drop nested rows that fail the entry test of codebook B1: nobody could be asked "did you say that?".

    Verbs of thought without a proposition; unsure cues that no entry of the lexicon knows and that wish for nothing;
    and what a speaker thinks or would say in the speaker's own words, which is a hedge of that voice (codebook A3,
    holder) and opens no other.
    """
    nested = found.parent >= 0
    if not nested.any():
        return found
    mode = np.append(reporting_cues()["mode"].to_numpy(dtype=object), "unknown")
    entry = entries(tokens, replace(found, links=found.links.take(nested[found.links.owner])))
    judged = nested & np.array([how != "clause" for how in found.rule], dtype=bool)
    judged &= has(found.links, CUE, len(found))
    return found.keep(~judged | _vouched(tokens, found, mode[entry]))


def _vouched(tokens: Tokens, found: Found, mode: npt.NDArray[np.object_]) -> Mask:
    """Is an attribution, were it nested, the report of something said, thought or wanted?"""
    n, end = len(found), len(tokens) - 1
    first, last = first_spans(found.links, CUE, n)
    near = np.maximum(first - 3, 0)

    def any_of(words: frozenset[str]) -> Mask:
        total = np.concatenate(([0], np.cumsum(tokens.isin(words))))
        return np.asarray(total[last] > total[near])

    source, behind = first_spans(found.links, SOURCE, n)
    content, _ = first_spans(found.links, CONTENT, n)
    shown = np.array([how.startswith("transcript") for how in found.rule], dtype=bool)
    quoted = (tokens.quote[np.minimum(first, end)] > 0) | shown[found.parent]
    own = tokens.isin(frozenset({"i", "we"}))[np.minimum(source, end)] & (behind - source == 1) & quoted
    spoken, unknown = mode == "speech", mode == "unknown"
    follows = tokens.isin(_PROPOSITION)[np.minimum(last, end)] & (last <= end)
    wish = (has(found.links, CONTENT, n) & tokens.isin(frozenset({"to"}))[content]) | any_of(_WISHES)
    unsure = unknown & (found.confidence < _UNKNOWN) & ~wish
    mentions = np.array([how == "mentioned" for how in found.rule], dtype=bool)
    reports = ~unsure & ~(own & (~spoken | any_of(_UNSAID)))
    return np.asarray(np.where(mentions, spoken | unknown | (follows & ~own), reports), dtype=bool)


def _spoken_of(tokens: Tokens, open_: Mask) -> list[Span]:
    """Verbs of saying and thinking at open places, not used as nouns."""
    place = np.flatnonzero(open_)
    if not len(place):
        return []
    piece = part(tokens, place, np.cumsum(np.diff(place, prepend=place[0] - 1) != 1))
    hits = longest(cue_hits(piece, "spoken"))
    spans = [
        (int(place[a]), int(place[b - 1]) + 1) for a, b in zip(hits.first.tolist(), hits.last.tolist(), strict=True)
    ]
    after = tokens.isin(_DETERMINERS)
    return [(first, last) for first, last in spans if first == 0 or not after[first - 1]]


def _talked(tokens: Tokens, open_: Mask) -> list[Span]:
    """Forms of verbs that name a talk or a reply and stand for no noun."""
    after = np.append(False, tokens.isin(_DETERMINERS)[:-1])
    return [(at, at + 1) for at in np.flatnonzero(open_ & tokens.isin(_TALK) & ~after).tolist()]


def _owner(tokens: Tokens, at: int, content_of: Ints) -> list[Span]:
    """Whose utterance the noun names: "his remarks", "the mayor's two remarks", "a report by the board"."""
    words = tokens.vocabulary
    for i in range(at - 1, max(at - 4, -1), -1):
        if content_of[i] < 0 or tokens.shape[i] == st.PUNCT:
            break
        word = words[tokens.word[i]]
        if word in _OWNERS:
            return [(i, i + 1)]
        if word == "'s":
            start = _phrase_start(tokens, i, content_of)
            return [(start, i)] if start < i else []
    if at + 2 < len(tokens) and words[tokens.word[at + 1]] in ("by", "from"):
        end = at + 2
        while end < min(at + 8, len(tokens)) and content_of[end] >= 0 and _nominal(tokens, end):
            end += 1
        return [(at + 2, end)] if end > at + 2 else []
    return []


def _subject(tokens: Tokens, first: int, content_of: Ints) -> list[Span] | None:
    """The noun phrase before a verb group; None before an infinitive or a passive, whose subject does not speak."""
    words, last = tokens.vocabulary, first
    while last > 0 and content_of[last - 1] >= 0 and words[tokens.word[last - 1]] in _AUXILIARY:
        last -= 1
    group = {words[code] for code in tokens.word[last:first].tolist()}
    if (last > 0 and words[tokens.word[last - 1]] == "to") or group & _BEING:
        return None
    start = _phrase_start(tokens, last, content_of)
    return [(start, last)] if start < last else []


_BEING = frozenset("be been being is are was were".split())
_AUXILIARY = _LIGHT | frozenset(
    "will would shall should may might can must 'd 'll 've had to do does did never".split()
)


def _nominal(tokens: Tokens, at: int) -> bool:
    word = tokens.vocabulary[tokens.word[at]]
    spoken = tokens.shape[at] < st.PUNCT or tokens.shape[at] >= st.OTHER
    return bool(spoken) and word not in _NOT_SUBJECT and word not in _AUXILIARY


def _phrase_start(tokens: Tokens, last: int, content_of: Ints) -> int:
    """First token of the noun phrase that ends at `last`: back over words to a mark, a verb group or a preposition."""
    start = last
    words = tokens.vocabulary
    while start > max(last - 7, 0) and content_of[start - 1] >= 0 and _nominal(tokens, start - 1):
        if words[tokens.word[start - 1]] in _PREPOSITIONS:
            break
        start -= 1
        if words[tokens.word[start]] in ("the", "a", "an", "i", "he", "she", "it", "we", "they", "you"):
            break
    return start


_PREPOSITIONS = frozenset(
    "in on at for with from to into about against over under by as before after during than said says to not".split()
)


def housed(tokens: Tokens, found: Found) -> Found:
    """A nested row stands in a content of its parent: the nearest one up that holds its cue, else it is no nested row.

    Speech that is only mentioned is told of inside contents alone; elsewhere it goes.
    """
    links, parent = found.links, found.parent.copy()
    cued = has(links, CUE, len(found))
    anchor = links.take((links.role == np.where(cued, CUE, CONTENT)[links.owner]) & (parent[links.owner] >= 0))
    content = links.take(links.role == CONTENT)
    size = len(tokens) + 1
    content = content.take(np.lexsort((content.first, content.owner)))
    begins = np.append(-1, content.owner * size + content.first)
    ends = np.maximum.accumulate(np.append(-1, content.owner * size + content.last))
    for _ in range(2 * DEEPEST):
        up = parent[anchor.owner]
        place = np.searchsorted(begins, up * size + anchor.first, side="right") - 1
        holds = ends[place] >= up * size + anchor.last
        outside = np.zeros(len(found), dtype=bool)
        outside[anchor.owner[(up >= 0) & ~holds]] = True
        parent = np.where(outside, found.parent[parent], parent)
    lost = np.array([how == "mentioned" for how in found.rule], dtype=bool) & (parent < 0)
    return replace(found, parent=parent).keep(~lost)


def transcripts(tokens: Tokens, found: Found) -> Found:
    """Speakers of transcripts and interviews: capitals (or a name that comes back) and a colon open the paragraph.

    Readers' questions too, where three or more paragraphs of a text are a name, a colon and a question.
    """
    heads = np.flatnonzero(changes(tokens.par))
    ends = np.append(heads[1:], len(tokens))
    colon = tokens.isin(frozenset({":"}))
    near = np.zeros(len(heads), dtype=bool)
    for step in range(1, 6):
        near |= colon[np.minimum(heads + step, ends - 1)]
    opens = tokens.shape[heads]
    near &= (opens != st.LOWER) & (opens != st.NUMBER)
    spoken: dict[tuple[int, str], list[tuple[int, int, int, bool]]] = {}
    for head, end in zip(heads[near].tolist(), ends[near].tolist(), strict=True):
        turn = _turn(tokens, colon, head, end)
        if turn:
            at, name, capitals = turn
            spoken.setdefault((int(tokens.doc[head]), name), []).append((head, at, end, capitals))
    turns_in: dict[int, int] = {}
    asked: dict[int, list[tuple[int, int, int]]] = {}
    for (doc, _), turns in spoken.items():
        turns_in[doc] = turns_in.get(doc, 0) + len(turns)
        asks = [turn[:3] for turn in turns if tokens.vocabulary[tokens.word[turn[2] - 1]] == "?"]
        asked.setdefault(doc, []).extend(asks)
    rows = [turn for turns in asked.values() if len(turns) >= 3 for turn in turns]
    for (doc, _), turns in spoken.items():
        if len(turns) >= 3 or (turns[0][3] and len(turns) >= 2) or (turns[0][3] and turns_in[doc] >= 3):
            rows += [turn[:3] for turn in turns]
    return _speakers(tokens, found, sorted(set(rows)))


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
    named = all(shape in st.CAPITALISED for shape in shapes)
    if not named or not shapes or any(word in _LABELS for word in words):
        return None
    return at, " ".join(words), capitals


def _speakers(tokens: Tokens, found: Found, turns: list[tuple[int, int, int]]) -> Found:
    """Add the turns no attribution has yet; attributions inside a turn become nested in it."""
    colon_cue = innermost(tokens, found, CUE)
    top = found.parent < 0
    rows, parent, how = [], found.parent.copy(), list(found.rule)
    cue = found.links.take((found.links.role == CUE) & top[found.links.owner])
    cue = cue.take(np.argsort(cue.first, kind="stable"))
    for head, at, end in turns:
        if colon_cue[at] >= 0:
            how[colon_cue[at]] = "transcript, model"
            continue
        begin = head + int(st.QUOTE_OPEN <= tokens.shape[head] <= st.QUOTE_STRAIGHT)
        rows.append(([(begin, at)], [(at, at + 1)], [(at + 1, _unpointed(tokens, at + 1, end))], -1, 0.9, "transcript"))
        inside = cue.take(np.arange(*np.searchsorted(cue.first, (at + 1, end))))
        parent[inside.owner[inside.last <= end]] = len(found) + len(rows) - 1
    return add(replace(found, parent=parent, rule=how), rows)


def _unpointed(tokens: Tokens, first: int, last: int) -> int:
    """`last` without the final full stop."""
    return last - 1 if last - 1 > first and tokens.vocabulary[tokens.word[last - 1]] == "." else last


def signatures(tokens: Tokens, found: Found) -> Found:
    """A quotation closed by a dash and a name at the end of the paragraph."""
    dash = tokens.isin(frozenset({"-", "--", "—", "–", "―"}))
    heads = np.flatnonzero(changes(tokens.par))
    ends = np.append(heads[1:], len(tokens))
    taken = covered(tokens, found.links.take(found.links.role == CUE))
    rows = []
    some = np.zeros(len(heads), dtype=bool)
    for step in range(2, 9):
        some |= dash[np.maximum(ends - step, 0)] & (ends - step > heads)
    for head, end in zip(heads[some].tolist(), ends[some].tolist(), strict=True):
        at = next(i for i in range(end - 2, head - 1, -1) if dash[i])
        named = tokens.shape[at + 1] in st.CAPITALISED
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
    sources = SourcesOf(found)
    rows: list[Row] = []
    speaker: dict[int, int] = {}
    for begin, end in quotes:
        par = int(tokens.par[begin])
        at = int(np.searchsorted(first, begin)) - 1
        before = int(owner[at]) if at >= 0 else -1
        near = before >= 0 and int(tokens.par[first[at]]) == par
        opens = begin == 0 or tokens.par[begin - 1] != par
        close = before >= 0 and tokens.par[first[at]] == par - 1 and tokens.doc[first[at]] == tokens.doc[begin]
        who = before if near or (opens and close) else speaker.get(par - 1, -1) if opens else speaker.get(par, -1)
        if who >= 0 and sources[who] and tokens.doc[sources[who][0][0]] == tokens.doc[begin]:
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
    word = st.is_word(tokens.shape)
    words = np.add.reduceat((word & inside).astype(np.int64), heads)
    ends = np.add.reduceat(tokens.isin(frozenset({".", ",", "?", "!"})).astype(np.int64), heads)
    good = whole & (words >= _SPOKEN_WORDS) & (ends > 0)
    return list(zip(heads[good].tolist(), (runs.last[heads[good]] + 1).tolist(), strict=True))
