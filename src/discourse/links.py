"""Labels of tokens -> attributions: which source and which contents belong to which cue.

The tagger's labels say on which side of its cue a source or content stands; with that, the nearest cue on that side
is the right one for 99.4 % of the contents of PolNeAR's training texts. A cue without a source of its own shares the
one before it where the clauses are coordinated ("said … and added", "said …, adding"): 9 in 10 such cues do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from discourse.features import KIND, Frame, changes
from discourse.sentences import Tokens

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

SOURCE, CUE, CONTENT = 0, 1, 2
DEEPEST = 3
"""Layers of attributions: one in another's content in another's."""
_LETTERS = {"S": SOURCE, "C": CUE, "K": CONTENT}
_JOINING = frozenset({"and", "or", "but", "yet", "by", "while", ",", "--", "—", "–", ";", "before", "after", "then"})
_RELATIVE = frozenset({"who", "which"})
_LEANING = frozenset({"further", "also", "then", "later", "now", "again", "still", "even"})
"""Adverbs that belong to the cue after them, not to the source before them."""


@dataclass(frozen=True)
class Segments:
    """Labelled stretches of tokens: `role`, `later` (stands after its cue), first and last token (exclusive)."""

    role: Ints
    later: Mask
    first: Ints
    last: Ints

    def __len__(self) -> int:
        return len(self.role)

    def take(self, keep: Mask | Ints) -> Segments:
        return Segments(self.role[keep], self.later[keep], self.first[keep], self.last[keep])


@dataclass(frozen=True)
class Links:
    """Spans of attributions, ordered by attribution: `owner` (number of the attribution), role, first, last."""

    owner: Ints
    role: Ints
    first: Ints
    last: Ints

    def __len__(self) -> int:
        return len(self.owner)

    def take(self, keep: Mask | Ints) -> Links:
        return Links(self.owner[keep], self.role[keep], self.first[keep], self.last[keep])


def has(links: Links, role: int, n: int) -> Mask:
    """Which of `n` attributions have a span of `role`."""
    return np.asarray(np.bincount(links.owner[links.role == role], minlength=n) > 0)


def segments(labels: npt.NDArray[np.int8], names: tuple[str, ...], par: npt.NDArray[np.int32]) -> Segments:
    """Stretches of one label; a stretch begins at a B label, a change of label or a paragraph."""
    kind = np.array([(_LETTERS[n[1]] * 2 + (n[2:] == ">") if n != "O" else -1) for n in names], dtype=np.int64)
    begin = np.array([name[0] == "B" for name in names])
    code = kind[labels]
    inside = code >= 0
    new = inside & (begin[labels] | changes(code) | changes(par))
    first = np.flatnonzero(new)
    edge = np.append(np.flatnonzero(new | (~inside & changes(code))), len(labels))
    last = edge[np.searchsorted(edge, first, side="right")] if len(first) else first
    return Segments(code[first] // 2, code[first] % 2 == 1, first, last)


def link(found: Segments, frame: Frame) -> Links:
    """Give every source and content to its cue; what finds no cue in its paragraph is left out."""
    found = mend(found, frame)
    cue = found.take(found.role == CUE)
    n = len(cue)
    numbers = np.arange(n, dtype=np.int64)
    content = found.take(found.role == CONTENT)
    owner = _nearest(content, cue, frame)
    kept = owner >= 0
    source, mine = _sources(found, cue, frame)
    owners = np.concatenate((mine, numbers, owner[kept]))
    roles = np.concatenate((np.full(len(mine), SOURCE), np.full(n, CUE), np.full(int(kept.sum()), CONTENT)))
    first = np.concatenate((source.first, cue.first, content.first[kept]))
    last = np.concatenate((source.last, cue.last, content.last[kept]))
    order = np.lexsort((first, roles, owners))
    return Links(owners[order], roles[order], first[order], last[order])


def mend(found: Segments, frame: Frame) -> Segments:
    """Put right what a chain of neighbours cannot see.

    "who in 2010" -> "who": a relative pronoun is a source by itself. "The mayor further | said": the adverb goes to the
    cue. "according to the log," -> "the log": a comma ends a source only where it closes an apposition. "reopens: the
    mayor" -> "the mayor": no noun phrase runs over a colon.
    """
    tokens, first, last = frame.tokens, found.first.copy(), found.last.copy()
    source = found.role == SOURCE
    relative = source & tokens.isin(_RELATIVE)[first]
    last[relative] = first[relative] + 1
    tail = last - 1
    comma = tokens.isin(frozenset({","}))
    commas = np.concatenate(([0], np.cumsum(comma)))
    trailing = source & comma[tail] & (commas[last] - commas[first] == 1) & (last - first > 1)
    last[trailing] -= 1
    colon = np.maximum.accumulate(np.where(tokens.isin(frozenset({":"})), np.arange(len(tokens)), -1))
    after = colon[last - 1] + 1
    first = np.where(source & (after > first) & (after < last), after, first)
    leaning = source & tokens.isin(_LEANING)[tail] & (last - first > 1)
    meets = np.append((found.role[1:] == CUE) & (found.first[1:] == found.last[:-1]), False) if len(found) else leaning
    leaning &= meets
    last[leaning] -= 1
    moved = np.flatnonzero(leaning) + 1
    first[moved] -= 1
    return Segments(found.role, found.later, first, last)


def _nearest(parts: Segments, cue: Segments, frame: Frame) -> Ints:
    """Number of the cue each part belongs to: the nearest on its own side, else on the other; -1 without one."""
    if not len(cue) or not len(parts):
        return np.full(len(parts), -1, dtype=np.int64)
    par = frame.par.number
    right = np.searchsorted(cue.first, parts.first)
    left = right - 1
    at = par[parts.first]
    right_ok = (right < len(cue)) & (par[cue.first[np.minimum(right, len(cue) - 1)]] == at)
    left_ok = (left >= 0) & (par[cue.first[np.maximum(left, 0)]] == at)
    right, left = np.where(right_ok, right, -1), np.where(left_ok, left, -1)
    mine, other = np.where(parts.later, left, right), np.where(parts.later, right, left)
    return np.where(mine >= 0, mine, other)


def _sources(found: Segments, cue: Segments, frame: Frame) -> tuple[Segments, Ints]:
    """The source of each cue that has one, and the cue's number."""
    source = found.take(found.role == SOURCE)
    owner = _nearest(source, cue, frame)
    chosen = np.full(len(cue), -1, dtype=np.int64)
    numbers = np.arange(len(source), dtype=np.int64)
    # nearest first: later sources are written farthest first, earlier ones in text order
    after, ahead = (owner >= 0) & source.later, (owner >= 0) & ~source.later
    chosen[owner[after][::-1]] = numbers[after][::-1]
    chosen[owner[ahead]] = numbers[ahead]
    source, chosen = _relatives(chosen, source, cue, frame)
    shared = _shared(chosen, cue, frame)
    has = shared >= 0
    return source.take(shared[has]), np.flatnonzero(has).astype(np.int64)


def _relatives(chosen: Ints, source: Segments, cue: Segments, frame: Frame) -> tuple[Segments, Ints]:
    """A relative pronoun right before a cue without a source is its source."""
    before = np.maximum(cue.first - 1, 0)
    bare = (chosen < 0) & frame.tokens.isin(_RELATIVE)[before] & (cue.first > frame.sent.first[cue.first])
    at = before[bare]
    out = chosen.copy()
    out[bare] = len(source) + np.arange(len(at))
    more = (np.full(len(at), SOURCE), np.zeros(len(at), dtype=bool), at, at + 1)
    old = (source.role, source.later, source.first, source.last)
    return Segments(*(np.concatenate(pair) for pair in zip(old, more, strict=True))), out


def _shared(chosen: Ints, cue: Segments, frame: Frame) -> Ints:
    """Let cues without a source share that of the cue before in the sentence, where the clauses are joined.

    A participle that opens the sentence ("Citing two dockers, the Courier said") shares that of the cue after it.
    """
    if len(cue) < 2:
        return chosen
    sent = frame.tokens.sent[cue.first]
    joining = frame.tokens.isin(_JOINING)
    forms = np.isin(frame.kind[cue.first], [KIND[kind] for kind in ("to", "ing", "verbing")])
    joined = joining[np.maximum(cue.first - 1, 0)] | forms
    take = (chosen < 0) & joined & np.append(False, sent[1:] == sent[:-1])
    at = np.maximum.accumulate(np.where(take, -1, np.arange(len(cue))))
    out = np.where(take, np.where(at >= 0, chosen[at], -1), chosen)
    opening = (out < 0) & forms & (cue.first == frame.sent.first[cue.first]) & np.append(sent[1:] == sent[:-1], False)
    return np.asarray(np.where(opening, np.append(out[1:], -1), out), dtype=np.int64)


@dataclass(frozen=True)
class Found:
    """Attributions of a batch as arrays: spans with their owners, and for each owner parent, confidence and rule."""

    links: Links
    parent: Ints
    confidence: Floats
    rule: list[str]

    def __len__(self) -> int:
        return len(self.parent)

    def depth(self) -> Ints:
        """Layers above each attribution."""
        out, at = np.zeros(len(self), dtype=np.int64), self.parent
        for _ in range(2 * DEEPEST):
            out += at >= 0
            at = np.where(at >= 0, self.parent[at], -1)
        return out

    def keep(self, mask: Mask) -> Found:
        """The attributions where `mask` is True, numbered anew; children of dropped ones go to the grandparent."""
        number = np.where(mask, np.cumsum(mask) - 1, -1)
        parent = self.parent.copy()
        for _ in range(DEEPEST):
            orphan = (parent >= 0) & ~mask[parent]
            parent = np.where(orphan, self.parent[parent], parent)
        parent = np.where(parent >= 0, number[parent], -1)[mask]
        links = self.links.take(mask[self.links.owner])
        rules = [rule for rule, kept in zip(self.rule, mask.tolist(), strict=True) if kept]
        return Found(replace(links, owner=number[links.owner]), parent, self.confidence[mask], rules)


def stack(layers: Sequence[Found]) -> Found:
    """Layers of one piece, whose parents are numbered through all of them."""
    offsets = np.cumsum([0, *(len(layer) for layer in layers[:-1])])
    links = [
        replace(layer.links, owner=layer.links.owner + n) for layer, n in zip(layers, offsets.tolist(), strict=True)
    ]
    merged = Links(*(np.concatenate([getattr(one, f) for one in links]) for f in ("owner", "role", "first", "last")))
    parent = np.concatenate([layer.parent for layer in layers])
    confidence = np.concatenate([layer.confidence for layer in layers])
    return Found(merged, parent, confidence, [rule for layer in layers for rule in layer.rule])


def join(pieces: Sequence[Found]) -> Found:
    """Pieces of a batch, each with parents of its own."""
    offsets = np.cumsum([0, *(len(piece) for piece in pieces[:-1])]).tolist()
    apart = [
        replace(piece, parent=np.where(piece.parent >= 0, piece.parent + offset, -1))
        for piece, offset in zip(pieces, offsets, strict=True)
    ]
    return stack(apart)


def shifted(links: Links, by: int) -> Links:
    """The same spans, `by` tokens on."""
    return replace(links, first=links.first + by, last=links.last + by)


def cut(tokens: Tokens, first: int, last: int) -> Tokens:
    """The tokens first, …, last - 1, with the batch's vocabulary."""
    here = slice(first, last)
    names = ("start", "end", "doc", "par", "sent", "word", "shape", "n_words", "space", "quote")
    return tokens if last - first == len(tokens) else replace(tokens, **{n: getattr(tokens, n)[here] for n in names})


def part(tokens: Tokens, place: Ints, par: Ints, quote: npt.NDArray[np.int32] | None = None) -> Tokens:
    """Some of the tokens, each run of one `par` a paragraph of its own."""
    new = changes(par)
    return replace(
        tokens,
        start=tokens.start[place],
        end=tokens.end[place],
        doc=tokens.doc[place],
        par=(np.cumsum(new) - 1).astype(np.int32),
        sent=(np.cumsum(new | changes(tokens.sent[place])) - 1).astype(np.int32),
        word=tokens.word[place],
        shape=tokens.shape[place],
        n_words=tokens.n_words[place],
        space=tokens.space[place],
        quote=tokens.quote[place] if quote is None else quote,
    )


def ranges(first: Ints, last: Ints) -> Ints:
    """The numbers first, …, last - 1 of every pair, end to end."""
    size = last - first
    begins = np.repeat(np.cumsum(size) - size - first, size)
    return np.asarray(np.arange(int(size.sum())) - begins, dtype=np.int64)
