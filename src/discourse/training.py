"""Feature codes and gold labels -> weights of the tagger's chain (development only).

Minibatch gradient descent (Adam: Kingma & Ba 2015) on the log-likelihood of a linear-chain conditional random field,
with features left out at random (Hinton et al. 2012; for CRFs Wang et al. 2013) and the weights averaged over the
second half of the run (Polyak & Juditsky 1992). Seeded: a run on one machine can be repeated to the bit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from discourse.tagger import Chains

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

_NEVER = np.float32(-30)
"""Score of a step that may not be taken, while fitting: e^-30 is nothing beside any other path."""
_WARM_UP = 20
_FIRST, _SECOND = 0.9, 0.999
"""Adam's decay rates of the gradient and of its square, as its authors set them."""


@dataclass(frozen=True)
class Settings:
    """How one model is fitted.

    `dropout`: share of features left out of each step; `l2`: weight of the squared weights against the whole sample;
    `rate`: size of the first steps, falling to 0 over `epochs`; `batch`: tokens a step.
    """

    dropout: float = 0.5
    l2: float = 1.0
    rate: float = 0.01
    epochs: int = 6
    batch: int = 8000
    seed: int = 0


@dataclass(frozen=True)
class Matrix:
    """Features of tokens as rows of weights: `rows[token, feature]` (0: seen too seldom), and what each row stands for.

    `codes`: feature -> (its codes that have a row, ascending; their rows).
    """

    rows: npt.NDArray[np.int32]
    codes: Mapping[str, tuple[Ints, Ints]]
    size: int

    @classmethod
    def of(cls, columns: Mapping[str, Ints], least: int) -> Matrix:
        """Give a row to every code that is seen `least` times."""
        size, rows, known = 1, [], {}
        for name, codes in columns.items():
            distinct, place, count = np.unique(codes, return_inverse=True, return_counts=True)
            often = count >= least
            row = np.where(often, size - 1 + np.cumsum(often), 0)
            size += int(often.sum())
            known[name] = (
                distinct[often].astype(np.int64),
                row[often].astype(np.int64),
            )
            rows.append(row[place].astype(np.int32))
        return cls(np.stack(rows, axis=1), known, size)


class _Adam:
    """Steps of one array of weights."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.weights = np.zeros(shape, dtype=np.float32)
        self.mean = np.zeros(shape, dtype=np.float32)
        self._slope, self._square, self._steps, self._averaged = (
            *(np.zeros_like(self.mean) for _ in range(2)),
            0,
            0,
        )

    def step(self, gradient: Floats, rate: float) -> None:
        self._steps += 1
        self._slope += np.float32(1 - _FIRST) * (gradient - self._slope)
        self._square += np.float32(1 - _SECOND) * (gradient * gradient - self._square)
        size = np.float32(rate / (1 - _FIRST**self._steps))
        spread = np.sqrt(self._square / np.float32(1 - _SECOND**self._steps)) + np.float32(1e-8)
        self.weights -= size * self._slope / spread

    def average(self) -> None:
        """Take the weights as they are now into their mean."""
        self._averaged += 1
        self.mean += (self.weights - self.mean) / np.float32(self._averaged)


def fit(
    matrix: Matrix,
    labels: Ints,
    chains: tuple[Ints, Ints],
    forbidden: Mask,
    settings: Settings,
) -> tuple[Floats, Floats]:
    """Weights of the rows of `matrix`, one column a label, and of the steps from label to label.

    Parameters
    ----------
    labels : label of each token.
    chains : first token and number of tokens of each sequence.
    forbidden : `forbidden[i, j]` is True where label j may not follow label i.
    """
    n_labels = len(forbidden)
    emission, transition = _Adam((matrix.size, n_labels)), _Adam((n_labels, n_labels))
    draw = np.random.default_rng(settings.seed)
    batches = list(_batches(*chains, settings, draw))
    decay = np.float32(settings.l2 / len(labels))
    for number, (first, length) in enumerate(batches):
        moves = np.where(forbidden, _NEVER, transition.weights)
        slope, slope_moves = _gradient(
            matrix,
            labels,
            first,
            length,
            emission.weights,
            moves,
            settings.dropout,
            draw,
        )
        rate = settings.rate * (1 - number / len(batches)) * min(1.0, (number + 1) / _WARM_UP)
        emission.step(slope + decay * emission.weights, rate)
        transition.step(np.where(forbidden, np.float32(0), slope_moves), rate)
        emission.weights[0] = 0
        if 2 * number >= len(batches):
            emission.average()
            transition.average()
    return emission.mean, transition.mean


def _batches(first: Ints, length: Ints, settings: Settings, draw: np.random.Generator) -> Iterator[tuple[Ints, Ints]]:
    """First tokens and lengths of the sequences of each step, every sequence once an epoch."""
    for _ in range(settings.epochs):
        order = draw.permutation(len(first))
        total = np.cumsum(length[order])
        cuts = np.searchsorted(total, np.arange(settings.batch, total[-1], settings.batch))
        for group in np.split(order, cuts):
            if len(group):
                yield first[group], length[group]


def _gradient(
    matrix: Matrix,
    labels: Ints,
    first: Ints,
    length: Ints,
    weights: Floats,
    moves: Floats,
    dropout: float,
    draw: np.random.Generator,
) -> tuple[Floats, Floats]:
    """Slope of the mean negative log-likelihood of some sequences, in the weights and in the steps."""
    begins = np.cumsum(length) - length
    n = int(length.sum())
    token = np.arange(n) + np.repeat(first - begins, length)
    rows, gold = matrix.rows[token], labels[token]
    kept = (draw.random(rows.shape, dtype=np.float32) >= dropout) & (rows > 0)
    ends = np.arange(0, rows.size + 1, rows.shape[1])
    active = sparse.csr_matrix(
        (kept.ravel() * np.float32(1 / (1 - dropout)), rows.ravel(), ends),
        shape=(n, len(weights)),
    )
    chance, expected = _expectations(active @ weights, moves, Chains.of(begins, length))
    chance[np.arange(n), gold] -= 1
    follows = np.ones(n, dtype=bool)
    follows[begins] = False
    later = np.flatnonzero(follows)
    np.subtract.at(expected, (gold[later - 1], gold[later]), 1)
    slope: Floats = np.asarray(active.T @ chance, dtype=np.float32)
    slope /= np.float32(n)
    return slope, (expected / n).astype(np.float32)


def _expectations(scores: Floats, moves: Floats, chains: Chains) -> tuple[Floats, npt.NDArray[np.float64]]:
    """Probability of each label at each token, and expected number of steps from label to label (forward-backward)."""
    packed = scores[chains.order].astype(np.float64)
    weight = np.exp(packed - packed.max(axis=1, keepdims=True))
    move = np.exp(moves.astype(np.float64))
    ahead, behind = np.empty_like(weight), np.ones_like(weight)
    before = 0
    for t, (begin, end) in enumerate(chains.steps):
        part = weight[begin:end] if t == 0 else (ahead[before : before + end - begin] @ move) * weight[begin:end]
        np.divide(part, part.sum(axis=1, keepdims=True), out=ahead[begin:end])
        before = begin
    steps = np.zeros_like(move)
    for (begin, _), (after, last) in zip(chains.steps[-2::-1], chains.steps[:0:-1], strict=True):
        here = slice(begin, begin + last - after)
        come = behind[after:last] * weight[after:last]
        part = come @ move.T
        steps += ((ahead[here] / (ahead[here] * part).sum(axis=1, keepdims=True)).T @ come) * move
        np.divide(part, part.sum(axis=1, keepdims=True), out=behind[here])
    ahead *= behind
    ahead /= ahead.sum(axis=1, keepdims=True)
    chance = np.empty(scores.shape, dtype=np.float32)
    chance[chains.order] = ahead
    return chance, steps
