"""Intervals and dispersion against published figures and a plain-Python bootstrap."""

from __future__ import annotations

import math
import random
import statistics

import numpy as np
import pytest

from coverage_of_intervals import covered
from discourse.intervals import ENOUGH, FEW_DRAWN, dispersion, rate_interval, ratio_interval, wilson


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_as_in_newcombe_1998_table_i(count: int, total: int, low: float, high: float) -> None:
    assert [float(x) for x in wilson(count, total)] == pytest.approx([low, high], abs=5e-5)


def test_no_finding_in_122_words_may_be_thirty_in_a_thousand() -> None:
    assert 1_000 * float(wilson(0, 122)[1]) == pytest.approx(30.5, abs=0.1)


def test_wilson_without_a_total_is_not_a_number() -> None:
    low, high = wilson([0, 3], [0, 2])
    assert np.isnan([low[0], high[0]]).all()
    assert high[1] == 1


def test_dispersion_as_in_gries_2008() -> None:
    """Five parts of 9, 10, 10, 10, 11 elements that hold the letter a 1 to 5 times: DP .18, normalised .2195."""
    assert dispersion([1, 2, 3, 4, 5], [9, 10, 10, 10, 11]) == pytest.approx(0.18 / (1 - 9 / 50))


def test_dispersion_is_zero_where_even_and_one_where_all_is_in_the_smallest_part() -> None:
    assert dispersion([2, 4, 6], [10, 20, 30]) == pytest.approx(0)
    assert dispersion([3, 0, 0], [10, 20, 30]) == pytest.approx(1)
    assert math.isnan(dispersion([3], [10]))
    assert math.isnan(dispersion([0, 0], [10, 20]))


def by_hand(counts: list[int], words: list[int], draws: int) -> tuple[float, float]:
    """The studentised bootstrap of a ratio, one sample at a time."""

    def ratio_and_error(pairs: list[tuple[int, int]]) -> tuple[float, float]:
        total = sum(n for _, n in pairs)
        ratio = sum(k for k, _ in pairs) / total
        residuals = [k - ratio * n for k, n in pairs]
        return ratio, math.sqrt(len(pairs) / (len(pairs) - 1) * sum(e * e for e in residuals)) / total

    rng = random.Random(7)
    pairs = list(zip(counts, words, strict=True))
    ratio, error = ratio_and_error(pairs)
    pivots = []
    for _ in range(draws):
        drawn, spread = ratio_and_error(rng.choices(pairs, k=len(pairs)))
        if spread > 0:
            pivots.append((drawn - ratio) / spread)
    cuts = statistics.quantiles(pivots, n=40, method="inclusive")
    return ratio - cuts[-1] * error, ratio - cuts[0] * error


def test_the_bootstrap_is_the_studentised_one() -> None:
    counts = [3, 0, 7, 2, 4, 9, 1, 5, 2, 6, 3, 8]
    words = [300, 150, 420, 260, 380, 510, 190, 400, 220, 350, 310, 640]
    ours = ratio_interval(counts, words, draws=20_000)
    assert ours == pytest.approx(by_hand(counts, words, 20_000), rel=0.04)


def test_few_documents_have_the_t_interval_of_cochrans_ratio_estimator() -> None:
    counts, words = np.array([3.0, 8.0, 4.0]), np.array([300.0, 500.0, 450.0])
    ratio = counts.sum() / words.sum()
    variance = (1 / 3) * ((counts - ratio * words) ** 2).sum() / 2 / words.mean() ** 2
    reach = 4.302653 * math.sqrt(variance)
    assert ratio_interval(counts, words) == pytest.approx((ratio - reach, ratio + reach), rel=1e-6)


def test_an_interval_is_never_narrower_than_wilson() -> None:
    same = rate_interval([2] * 20, [100] * 20)
    assert same == pytest.approx([float(x) for x in wilson(40, 2_000)])


def test_one_document_has_wilson_and_no_words_nothing() -> None:
    assert rate_interval([3], [100]) == pytest.approx([float(x) for x in wilson(3, 100)])
    assert all(math.isnan(x) for x in rate_interval([0], [0]))
    assert all(math.isnan(x) for x in rate_interval([], []))


def test_a_large_corpus_is_drawn_in_parts_and_the_parts_agree() -> None:
    rng = np.random.default_rng(0)
    words = rng.integers(100, 900, 30_000)
    counts = rng.poisson(words * 0.01)
    low, high = rate_interval(counts, words, draws=300)
    error = math.sqrt(((counts - counts.sum() / words.sum() * words) ** 2).sum()) / words.sum()
    assert high - low == pytest.approx(2 * 1.96 * error, rel=0.12)


def test_the_interval_covers_as_promised_where_tables_do_not_warn() -> None:
    """A short run of tests/coverage_of_intervals.py: standard error .011."""
    assert FEW_DRAWN < ENOUGH
    ours, _, pooled = covered(ENOUGH, spread=0.5, rate=0.012, runs=400, draws=400, seed=3)
    assert 0.92 <= ours <= 0.98
    assert pooled < 0.9, "words taken as independent cover far too little: the reason for drawing documents"
