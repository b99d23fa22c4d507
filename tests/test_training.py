"""The fitting of the tagger's weights: the slope against the likelihood counted path by path, and repeatability."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from discourse import tagger, training

LABELS = 3
FORBIDDEN = np.zeros((LABELS, LABELS), dtype=bool)
FORBIDDEN[0, 2] = True
FIRST, LENGTH = np.array([0, 3, 4]), np.array([3, 1, 4])


def toy(seed: int = 0) -> tuple[training.Matrix, np.ndarray]:
    draw = np.random.default_rng(seed)
    columns = {name: draw.integers(0, 4, 8) for name in ("one", "two", "three")}
    return training.Matrix.of(columns, least=2), np.array([0, 1, 2, 1, 0, 0, 1, 2])


def loss(matrix: training.Matrix, labels: np.ndarray, weights: np.ndarray, moves: np.ndarray) -> float:
    """Mean negative log-likelihood of the toy sequences, every path counted."""
    scores = np.where((matrix.rows > 0)[:, :, None], weights[matrix.rows], 0).sum(axis=1)
    total = 0.0
    for first, length in zip(FIRST.tolist(), LENGTH.tolist(), strict=True):
        part, gold = scores[first : first + length], labels[first : first + length]

        def score(path: tuple[int, ...], part: np.ndarray = part) -> float:
            steps = sum(moves[pair] for pair in itertools.pairwise(path))
            return float(part[np.arange(len(path)), path].sum() + steps)

        every = [score(path) for path in itertools.product(range(LABELS), repeat=length)]
        total += float(np.logaddexp.reduce(every)) - score(tuple(gold.tolist()))
    return total / len(labels)


def test_the_slope_is_that_of_the_likelihood() -> None:
    matrix, labels = toy()
    draw = np.random.default_rng(1)
    weights = draw.normal(size=(matrix.size, LABELS)).astype(np.float32)
    moves = draw.normal(size=(LABELS, LABELS)).astype(np.float32)
    slope, steps = training._gradient(matrix, labels, FIRST, LENGTH, weights, moves, 0.0, draw)
    small = 1e-3
    for array, found in ((weights, slope[1:]), (moves, steps)):
        places = list(np.ndindex(*array.shape))[array.size - found.size :]
        for place, value in zip(places, found.ravel().tolist(), strict=True):
            ends = []
            for side in (small, -small):
                moved = array.astype(np.float64)
                moved[place] += side
                ends.append(loss(matrix, labels, *((moved, moves) if array is weights else (weights, moved))))
            assert value == pytest.approx((ends[0] - ends[1]) / (2 * small), abs=1e-4)


def test_a_rare_code_has_no_row_and_a_fit_learns_and_repeats() -> None:
    matrix = training.Matrix.of({"one": np.array([7, 7, 9, 4, 4])}, least=2)
    assert matrix.codes["one"][0].tolist() == [4, 7]
    assert (matrix.rows[2, 0], matrix.size) == (0, 3)
    matrix, labels = toy()
    settings = training.Settings(dropout=0.2, l2=0.0, rate=0.05, epochs=60, batch=4, seed=5)
    weights, moves = training.fit(matrix, labels, (FIRST, LENGTH), FORBIDDEN, settings)
    allowed = np.where(FORBIDDEN, -30, moves)
    still = np.where(FORBIDDEN, -30, np.zeros_like(moves))
    assert loss(matrix, labels, weights, allowed) < loss(matrix, labels, np.zeros_like(weights), still) / 2
    again = training.fit(matrix, labels, (FIRST, LENGTH), FORBIDDEN, settings)
    np.testing.assert_array_equal(again[0], weights)
    np.testing.assert_array_equal(again[1], moves)


def test_no_sum_of_rows_leaves_sixteen_bits() -> None:
    draw = np.random.default_rng(2)
    parts = [draw.normal(size=(5, LABELS)).astype(np.float32) * 3 for _ in range(40)]
    scale = tagger.scale_of(parts)
    worst = sum(np.abs(tagger.fixed(part, scale).astype(np.int64)).max(axis=0) for part in parts)
    assert worst.max() <= np.iinfo(np.int16).max < 4 * worst.max() + 4 * scale * 40
    np.testing.assert_allclose(tagger.fixed(parts[0], scale)[:, :LABELS] / scale, parts[0], atol=0.5 / scale)
