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
    print(f"{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
