"""The chain against brute force, and the parameters on disk."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from discourse import features, fitting, tagger
from discourse.attributions import chains, model
from discourse.lexicon import data_path, tokenise

LABELS = 4


def paths(scores: np.ndarray, moves: np.ndarray) -> dict[tuple[int, ...], float]:
    """Score of every path through one sequence."""
    return {
        path: sum(float(scores[t, label]) for t, label in enumerate(path))
        + sum(float(moves[a, b]) for a, b in itertools.pairwise(path))
        for path in itertools.product(range(LABELS), repeat=len(scores))
    }


@given(some.lists(some.integers(1, 5), min_size=1, max_size=5), some.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_best_path_and_marginals_are_those_of_all_paths(lengths: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=(sum(lengths), LABELS)).astype(np.float32)
    moves = rng.normal(size=(LABELS, LABELS)).astype(np.float32)
    first = np.cumsum([0, *lengths[:-1]])
    lattice = tagger.Lattice.of(scores, tagger.Chains.of(first, np.array(lengths)), LABELS)
    best, chance = tagger.viterbi(lattice, moves), np.zeros_like(scores)
    chance[lattice.chains.order] = tagger.marginals(lattice, moves).T
    for begin, length in zip(first.tolist(), lengths, strict=True):
        part = slice(begin, begin + length)
        every = paths(scores[part], moves)
        assert tuple(best[part].tolist()) == max(every, key=lambda path: every[path])
        weight = np.zeros((length, LABELS))
        for path, score in every.items():
            weight[np.arange(length), path] += np.exp(score)
        np.testing.assert_allclose(chance[part], weight / weight.sum(axis=1, keepdims=True), atol=2e-4)


def test_nothing_to_label() -> None:
    empty = np.zeros((0, LABELS), dtype=np.float32)
    runs = tagger.Chains.of(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    moves = np.zeros((LABELS, LABELS), dtype=np.float32)
    lattice = tagger.Lattice.of(empty, runs, LABELS)
    assert len(tagger.viterbi(lattice, moves)) == tagger.marginals(lattice, moves).shape[1] == 0


@given(some.lists(some.integers(1, 6), min_size=1, max_size=8), some.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_some_chains_have_the_probabilities_they_have_among_all(lengths: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    scores = (rng.normal(size=(sum(lengths), LABELS + 3)) * 64).astype(np.int16)
    moves = rng.normal(size=(LABELS, LABELS)).astype(np.float32)
    runs = tagger.Chains.of(np.cumsum([0, *lengths[:-1]]), np.array(lengths))
    lattice = tagger.Lattice.of(scores, runs, LABELS, scale=64)
    part = lattice.some(rng.random(len(lengths)) < 0.5)
    whole = np.zeros((sum(lengths), LABELS))
    whole[lattice.chains.order] = tagger.marginals(lattice, moves).T
    np.testing.assert_allclose(tagger.marginals(part, moves).T, whole[part.chains.order], atol=1e-5)
    np.testing.assert_allclose(lattice.scores.T * 64, scores[lattice.chains.order, :LABELS], atol=1e-3)


def test_parameters_come_back_from_disk(tmp_path: Path) -> None:
    tagger.save(model(), tmp_path / "again.npz")
    again = tagger.load(tmp_path / "again.npz")
    assert again.labels == model().labels
    np.testing.assert_array_equal(again.window, model().window)
    assert all((again.tables[name][1] == rows).all() for name, (_, rows) in model().tables.items())
    tagger.save(again, tmp_path / "twice.npz")
    assert (tmp_path / "again.npz").read_bytes() == (tmp_path / "twice.npz").read_bytes()


def test_parameters_hold_no_pickle_and_no_open_vocabulary() -> None:
    with np.load(data_path("attribution.npz"), allow_pickle=False) as arrays:
        words = set(arrays["words"].tolist())
    verb, noun, kind = fitting._listed()
    assert words == set(verb) | set(noun) | set(kind)


def test_a_step_into_the_inside_of_another_label_is_forbidden() -> None:
    names = model().labels
    for one, two in itertools.product(range(len(names)), repeat=2):
        if names[two][0] == "I" and names[one][1:] != names[two][1:]:
            assert model().transitions[one, two] < -1000


def test_emissions_are_sums_of_the_rows_of_the_features() -> None:
    tokens = tokenise("The ferryman said the pier was closed. Nobody knew why.")
    frame = features.Frame(tokens, model().vocabulary)
    columns = features.features(frame)
    got = model().emissions(frame.row, frame.par.number, columns)
    for token in (0, 3, len(tokens) - 1):
        total = np.zeros(model().window.shape[-1])
        for k, offset in enumerate(features.OFFSETS):
            at = token + offset
            row = frame.row[at] if 0 <= at < len(tokens) else len(model().vocabulary)
            total += model().window[k, row]
        for name, (codes, rows) in model().tables.items():
            spot = np.flatnonzero(codes == columns[name][token])
            total += rows[spot[0]] if len(spot) else 0
        np.testing.assert_array_equal(got[token], total)


@pytest.mark.parametrize("n", [3, 400, 401, 2_000])
def test_long_paragraphs_are_cut_into_bounded_chains(n: int) -> None:
    frame = features.Frame(tokenise("word " * n), model().vocabulary)
    runs = chains(frame)
    assert runs.length.sum() == n
    assert runs.length.max() <= 400
    assert sorted(runs.order.tolist()) == list(range(n))


def test_known_endings() -> None:
    assert features.SUFFIXES[features.suffix("visitation") - 1] == "tion"
    assert features.suffix("cat") == 0
    assert features.suffix("1980s") == len(features.SUFFIXES) + 1
    assert features.suffix("§") == len(features.SUFFIXES) + 2


def test_many_chains_at_once_have_the_paths_of_few(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    lengths = rng.integers(2, 6, 3 * tagger._THIN)
    scores = rng.normal(size=(lengths.sum(), LABELS)).astype(np.float32)
    moves = rng.normal(size=(LABELS, LABELS)).astype(np.float32)
    moves[:2, 3] = tagger.FORBIDDEN
    lattice = tagger.Lattice.of(scores, tagger.Chains.of(np.cumsum([0, *lengths[:-1]]), lengths), LABELS)
    wide = tagger.viterbi(lattice, moves)
    monkeypatch.setattr(tagger, "_THIN", len(lengths) + 1)
    np.testing.assert_array_equal(wide, tagger.viterbi(lattice, moves))
