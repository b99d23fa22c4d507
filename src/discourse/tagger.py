"""Linear-chain conditional random field: feature codes -> labels and their probabilities, as arrays over a batch.

Emission scores are sums of gathered weight rows, in fixed point: sixteen 16-bit numbers a row are read and added twice
as fast as eleven floats, and a sum does not depend on its order. The chain is run for all sequences at once, longest
first, one position a step (Lafferty, McCallum & Pereira 2001).
No linguistics here: `features` says what the codes mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from discourse.features import OFFSETS, Vocabulary

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
Weights = npt.NDArray[np.int16]

FORBIDDEN = np.float32(-1e4)
"""Score of a step that may not be taken: below any sum of weights, and finite, so that sums stay numbers."""
_CHUNK = 1 << 17
"""Tokens scored at once: each large table is read through the cache once a chunk."""
_WIDTH = 16
"""Numbers in a row of weights, of which the first are the labels'."""
_BLOCK = 1 << 12
_THIN = 200
"""Chains of which fewer are run at once are cheaper to run with few calls than with few sums."""
_PARAMETERS = ("kind", "verb", "noun", "suffix", "rate", "fine")


@dataclass(frozen=True)
class Model:
    """A fitted chain.

    `transitions[i, j]`: score of label j after label i; `window[k, row]`: scores of a word of that row standing
    OFFSETS[k] tokens away; `tables`: feature name -> (sorted codes, score rows); both hold weights times `scale`, so
    that no sum of them leaves 16 bits. `bias` is taken off the score of the first label, "outside"; `calibration`:
    weights that turn the evidence for an attribution into the chance that it is right (`attributions`).
    """

    labels: tuple[str, ...]
    transitions: Floats
    window: Weights
    tables: Mapping[str, tuple[Ints, Weights]]
    scale: float
    vocabulary: Vocabulary
    bias: float = 0.0
    calibration: Floats = field(default_factory=lambda: np.zeros(0, dtype=np.float32))

    @cached_property
    def _index(self) -> dict[str, tuple[npt.NDArray[np.uint16], Weights]]:
        """Feature name -> (code -> row, rows); row 0 is zero, for codes never seen in fitting."""
        out = {}
        for name, (codes, rows) in self.tables.items():
            place = np.zeros(int(codes[-1]) + 2, dtype=np.uint16)
            place[codes] = np.arange(1, len(codes) + 1)
            out[name] = (
                place,
                np.concatenate((np.zeros((1, _WIDTH), dtype=np.int16), rows)),
            )
        return out

    def emissions(self, row: Ints, paragraph: Ints, columns: Mapping[str, Ints]) -> Weights:
        """Score of every label at every token, times `scale`: one row a token, the labels' columns first.

        Parameters
        ----------
        row : vocabulary row of each token.
        paragraph : number of each token's paragraph; windows end at its edges.
        columns : feature codes, one array a feature; features the model does not know are left out.
        """
        n, far = len(row), self.window.shape[1] - 1
        windows = [(_away(row, paragraph, offset, far), self.window[k]) for k, offset in enumerate(OFFSETS)]
        known = [(columns[name], *index) for name, index in self._index.items() if name in columns]
        out = np.zeros((n, _WIDTH), dtype=np.int16)
        buffer = np.empty((min(n, _CHUNK), _WIDTH), dtype=np.int16)
        spots = np.empty(len(buffer), dtype=np.uint16)
        for first in range(0, n, _CHUNK):
            part = slice(first, min(first + _CHUNK, n))
            total, size = out[part], part.stop - first
            for codes, rows in windows:
                total += np.take(rows, codes[part], axis=0, out=buffer[:size], mode="clip")
            for codes, place, rows in known:
                at = np.take(place, codes[part], out=spots[:size], mode="clip")
                total += np.take(rows, at, axis=0, out=buffer[:size], mode="clip")
        return out


def _away(row: Ints, paragraph: Ints, offset: int, far: int) -> Ints:
    """The row `offset` tokens on; `far` beyond the paragraph."""
    n = len(row)
    out = np.full(n, far, dtype=np.int64)
    if abs(offset) < n:
        ours = slice(max(0, -offset), n - max(0, offset))
        theirs = slice(max(0, offset), n - max(0, -offset))
        out[ours] = np.where(paragraph[ours] == paragraph[theirs], row[theirs], far)
    return out


def fixed(weights: Floats, scale: float) -> Weights:
    """Rows of weights in fixed point, as wide as `Model` reads them."""
    out = np.zeros((*weights.shape[:-1], _WIDTH), dtype=np.int16)
    out[..., : weights.shape[-1]] = np.rint(weights * scale)
    return out


def scale_of(parts: Iterable[Floats]) -> float:
    """The power of two by which weights can be multiplied so that no sum of one row a part leaves 16 bits."""
    highest = sum(np.abs(part).reshape(-1, part.shape[-1]).max(axis=0) for part in parts)
    return float(2 ** np.floor(np.log2(np.iinfo(np.int16).max / (np.max(highest) + 1))))


@dataclass(frozen=True)
class Chains:
    """Sequences in the order the chain is run: longest first, all their first tokens, all their second ones, …"""

    first: Ints
    length: Ints

    @classmethod
    def of(cls, first: Ints, length: Ints) -> Chains:
        """Sequences by first token and number of tokens, in any order."""
        order = np.argsort(-length, kind="stable")
        return cls(first[order], length[order])

    @cached_property
    def steps(self) -> list[tuple[int, int]]:
        """Begin and end, in `order`, of the tokens at each position."""
        longest = int(self.length[0]) if len(self.length) else 0
        active = np.searchsorted(-self.length, -np.arange(longest), side="left")
        ends = np.cumsum(active).tolist()
        return list(zip([0, *ends[:-1]], ends, strict=True)) if ends else []

    @cached_property
    def order(self) -> Ints:
        """Token at each place of the run."""
        parts = [self.first[: end - begin] + t for t, (begin, end) in enumerate(self.steps)]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Lattice:
    """Scores of the labels at every token of some chains, in the order they are run: one row a label."""

    scores: Floats
    chains: Chains

    @classmethod
    def of(cls, scores: npt.NDArray[Any], chains: Chains, labels: int, scale: float = 1.0) -> Lattice:
        """From one row a token, of which the first columns are the labels' scores times `scale`."""
        order, factor = chains.order, np.float32(1 / scale)
        out = np.empty((labels, len(order)), dtype=np.float32)
        for first in range(0, len(order), _BLOCK):  # a block's rows stay in the cache while they are turned
            rows = np.take(scores, order[first : first + _BLOCK], axis=0)
            np.multiply(rows[:, :labels].T, factor, out=out[:, first : first + _BLOCK])
        return cls(out, chains)

    def some(self, keep: npt.NDArray[np.bool_]) -> Lattice:
        """The chains where `keep` is True."""
        chains = self.chains
        place = [begin + np.flatnonzero(keep[: end - begin]) for begin, end in chains.steps]
        columns = np.concatenate(place) if place else np.zeros(0, dtype=np.int64)
        return Lattice(np.take(self.scores, columns, axis=1), Chains(chains.first[keep], chains.length[keep]))


def viterbi(lattice: Lattice, transitions: Floats) -> npt.NDArray[np.int8]:
    """The best path's label at every token, in text order; the chains hold every token.

    One row a label, for whole rows add faster than columns of eleven; labels that few others may come before stand
    last and are asked for those alone; no back pointers, for the label before is asked for on the best path alone.
    """
    allowed = (transitions > FORBIDDEN / 2).sum(axis=0)
    order = np.argsort(-allowed, kind="stable")
    steps = transitions[np.ix_(order, order)]
    wide = int((allowed == len(order)).sum())
    few = int(allowed[order[wide:]].max(initial=1))
    rare = np.argsort(-steps[:, wide:], axis=0, kind="stable")[:few]
    rare_steps = np.take_along_axis(steps[:, wide:], rare, axis=0)[:, :, None]
    best = lattice.scores[order]
    before = 0
    for begin, end in lattice.chains.steps[1:]:
        last = best[:, before : before + end - begin]
        if end - begin < _THIN:
            best[:, begin:end] += (last[:, None] + steps[:, :, None]).max(axis=0)
        else:
            come = last[0] + steps[0, :wide, None]
            for label in range(1, len(order)):
                np.maximum(come, last[label] + steps[label, :wide, None], out=come)
            best[:wide, begin:end] += come
            best[wide:, begin:end] += (last[rare] + rare_steps).max(axis=0, initial=-np.inf)
        before = begin
    out = np.empty(best.shape[1], dtype=np.int8)
    out[lattice.chains.order] = order[_trace(best, steps, lattice.chains)]
    return out


def _trace(best: Floats, transitions: Floats, chains: Chains) -> npt.NDArray[np.int8]:
    """Walk back from the best last label of each chain; of equal labels the first."""
    label = np.zeros(best.shape[1], dtype=np.int8)
    came = np.ascontiguousarray(transitions.T)
    following, known = 0, 0
    for begin, end in reversed(chains.steps):
        here = best[:, begin:end].T
        if known:
            label[begin : begin + known] = (here[:known] + came[label[following : following + known]]).argmax(axis=1)
        label[begin + known : end] = here[known:].argmax(axis=1)
        following, known = begin, end - begin
    return label


def marginals(lattice: Lattice, transitions: Floats) -> Floats:
    """Probability of every label at every place of the lattice (forward-backward, rescaled at each step)."""
    chains = lattice.chains
    weight = lattice.scores - lattice.scores.max(axis=0, initial=FORBIDDEN)
    np.exp(weight, out=weight)
    move = np.exp(transitions)
    ahead = np.empty_like(weight)
    before = 0
    for t, (begin, end) in enumerate(chains.steps):
        here = weight[:, begin:end]
        part = here if t == 0 else (move.T @ ahead[:, before : before + end - begin]) * here
        np.divide(part, part.sum(axis=0), out=ahead[:, begin:end])
        before = begin
    behind = np.ones_like(weight)
    for (begin, _), (after, last) in zip(chains.steps[-2::-1], chains.steps[:0:-1], strict=True):
        part = move @ (behind[:, after:last] * weight[:, after:last])
        np.divide(part, part.sum(axis=0), out=behind[:, begin : begin + last - after])
    ahead *= behind
    return np.asarray(ahead / ahead.sum(axis=0))


def save(model: Model, path: Path) -> None:
    """Write the parameters, arrays only."""
    words, used = model.vocabulary, len(model.labels)
    arrays: dict[str, npt.NDArray[np.generic]] = {
        "labels": np.array(model.labels),
        "transitions": model.transitions,
        "window": model.window[..., :used],
        "scale": np.array([model.scale]),
        "bias": np.array([model.bias]),
        "calibration": model.calibration,
        "words": np.array(words.words),
        **{f"word.{name}": getattr(words, name) for name in _PARAMETERS},
    }
    for name, (codes, rows) in model.tables.items():
        arrays[f"codes:{name}"] = codes.astype(np.int32)
        arrays[f"rows:{name}"] = rows[:, :used]
    with path.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)


def load(path: Path) -> Model:
    """Read the parameters written by `save`; nothing is unpickled."""
    with np.load(path, allow_pickle=False) as data:
        tables = {name[6:]: (data[name], fixed(data[f"rows:{name[6:]}"], 1)) for name in data if name[:6] == "codes:"}
        return Model(
            tuple(data["labels"].tolist()),
            data["transitions"],
            fixed(data["window"], 1),
            tables,
            float(data["scale"][0]),
            Vocabulary(data["words"].tolist(), *(data[f"word.{name}"] for name in _PARAMETERS)),
            float(data["bias"][0]),
            data["calibration"],
        )
