"""How often the 95 % interval of a rate holds the true rate: `python tests/coverage_of_intervals.py` (some minutes).

Documents are drawn as a corpus would be: lengths log-normal (median 400 words), a document's own rate log-normal around
the true one, its count Poisson. The spread of rates over documents (standard deviation of their logarithm) is .15 to
.42 in four annotated corpora (news, reviews, sixteen genres); .3 and .5 stand for them, 1.0 for a much less even one.
The figures stand in `discourse.intervals`, whose ENOUGH they set; tests/test_measures_intervals.py runs it briefly.
"""

from __future__ import annotations

import sys
import time

import numpy as np

from discourse import comparison
from discourse.intervals import rate_interval, ratio_interval, wilson

SIZES = (8, 20, 50, 200)
SPREADS = (0.3, 0.5, 1.0)
RATES = (0.012, 0.002)


def covered(documents: int, spread: float, rate: float, runs: int, draws: int, seed: int) -> tuple[float, float, float]:
    """Shares of runs in which rate_interval, ratio_interval alone and pooled Wilson hold the true rate."""
    rng = np.random.default_rng(seed)
    held = np.zeros(3)
    for run in range(runs):
        words = np.maximum(30, np.round(rng.lognormal(np.log(400), 0.6, documents)))
        own = rng.lognormal(np.log(rate) - spread**2 / 2, spread, documents)
        counts = rng.poisson(words * own)
        intervals = (
            rate_interval(counts, words, draws=draws, seed=run),
            ratio_interval(counts, words, draws=draws, seed=run),
            wilson(counts.sum(), words.sum()),
        )
        held += [low <= rate <= high for low, high in intervals]
    one, two, three = held / runs
    return float(one), float(two), float(three)


def compared(documents: int, spread: float, paired: bool, runs: int, draws: int, seed: int) -> tuple[float, float]:
    """Shares of runs in which the interval of the log ratio of two equal rates holds 0, and in which p < .05."""
    rng = np.random.default_rng(seed)
    held = rejected = 0
    for run in range(runs):
        words = np.maximum(30, np.round(rng.lognormal(np.log(400), 0.6, (documents, 2))))
        own = rng.lognormal(np.log(0.012) - spread**2 / 2, spread, (documents, 2))
        counts = rng.poisson(words * (own[:, :1] if paired else own)).astype(float)
        if not paired:
            one = np.eye(2)
            counts = np.concatenate((counts * one[0], counts * one[1]))
            words = np.concatenate((words * one[0], words * one[1]))
        pair = comparison.Pair(counts, words)
        low, high = comparison.interval(pair, 0.95, draws, run)
        held += low <= 0 <= high
        rejected += comparison.permutation(pair, draws, run) < 0.05
    return held / runs, rejected / runs


def main(runs: int = 2_000, draws: int = 1_000) -> None:
    """Print one line per size, spread and rate."""
    start = time.perf_counter()
    print(f"{runs:,} runs of {draws:,} draws; share of 95 % intervals that hold the true rate (standard error .005)")
    print("documents  spread  per 1,000  interval  bootstrap alone  pooled Wilson")
    for spread in SPREADS:
        for rate in RATES:
            for documents in SIZES:
                shares = covered(documents, spread, rate, runs, draws, seed=documents)
                print(
                    f"{documents:9d}  {spread:6.1f}  {1000 * rate:9.0f}  " + "  ".join(f"{s:8.3f}" for s in shares),
                    flush=True,
                )
    print("two groups  spread  same documents  interval of the log ratio  p < .05 (equal rates)")
    for documents in SIZES[:3]:
        for spread in SPREADS[:2]:
            for paired in (False, True):
                held, rejected = compared(documents, spread, paired, runs // 4, draws // 2, seed=documents)
                print(f"{documents:10d}  {spread:6.1f}  {paired!s:>14}  {held:8.3f}  {rejected:8.3f}", flush=True)
    print(f"{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
