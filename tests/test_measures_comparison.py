"""Comparison, keyness and log-odds against scipy, exact enumeration and the formulas written out once more."""

from __future__ import annotations

import itertools
import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from byhand import annotation
from discourse.errors import MeasureError
from discourse.keyness import log_likelihood
from discourse.measures import compare, frequencies, keyness, log_odds
from test_measures import corpus, row

QUICK: dict[str, Any] = {"draws": 300}
A, B = {"outlet": "A"}, {"outlet": "B"}


def two(counts_a: list[int], counts_b: list[int], size: int = 40) -> Any:
    counts = [*counts_a, *counts_b]
    return corpus(counts, [size] * len(counts), ["A"] * len(counts_a) + ["B"] * len(counts_b))


# compare


def test_counts_rates_and_ratio() -> None:
    found = row(compare(two([4, 2, 3], [1, 2, 0]), A, B, **QUICK))
    assert [found[f"{name}_{side}"] for side in "ab" for name in ("count", "words", "range", "docs")] == [
        9, 120, 3, 3, 3, 120, 2, 3,
    ]  # fmt: skip
    assert (found["rate_a"], found["ratio"], found["log_ratio"]) == pytest.approx((75.0, 3.0, math.log2(3)))
    assert found["low"] < found["log_ratio"] < found["high"]


def test_p_of_few_documents_is_that_of_every_way_to_divide_them() -> None:
    one, other = [5, 4, 6], [1, 2, 1, 3]
    every = [*one, *other]
    observed = sum(one) / 3 - sum(other) / 4
    ways = [sum(c) / 3 - (sum(every) - sum(c)) / 4 for c in itertools.combinations(every, 3)]
    above = sum(w >= observed - 1e-12 for w in ways) / len(ways)
    below = sum(w <= observed + 1e-12 for w in ways) / len(ways)
    assert row(compare(two(one, other), A, B, **QUICK))["p"] == pytest.approx(min(1, 2 * min(above, below)))


def test_two_voices_of_the_same_documents_are_exchanged_within_them() -> None:
    counts = [(3, 1), (2, 0), (4, 1), (1, 2)]
    made = annotation(*(
        {"doc_id": f"d{n}", "passages": [
            {"text": " ".join(["may"] * k + ["word"] * (10 - k)), "voice": voice, "hedges": [("may", "modal", 0.5)] * k}
            for k, voice in zip(pair, ("author", "The Tide"), strict=True)]}
        for n, pair in enumerate(counts)))  # fmt: skip
    found = row(compare(made, {"voice_kind": "author"}, {"voice_kind": "outlet"}, **QUICK))
    observed = sum(a - b for a, b in counts)
    ways = [
        sum(s * (a - b) for s, (a, b) in zip(signs, counts, strict=True))
        for signs in itertools.product((1, -1), repeat=4)
    ]
    above = sum(way >= observed for way in ways) / len(ways)
    assert found["p"] == pytest.approx(2 * above)


def test_holm_correction_of_a_family() -> None:
    rng = np.random.default_rng(2)
    made = two(rng.poisson(4, 12).tolist(), rng.poisson(2, 12).tolist())
    made.hedges["category"] = np.resize(["modal", "belief", "open"], len(made.hedges)).astype(object)
    made.hedges["category"] = made.hedges["category"].astype("str")
    found = compare(made, A, B, family="category", **QUICK)
    tested = found.dropna(subset=["p"]).sort_values("p")
    stepped = np.minimum(1, np.maximum.accumulate(tested["p"].to_numpy() * np.arange(len(tested), 0, -1)))
    assert tested["p_holm"].to_numpy() == pytest.approx(stepped)
    assert len(found) == 8


def test_the_interval_agrees_with_the_delta_method_for_many_documents() -> None:
    rng = np.random.default_rng(3)
    one, other = rng.poisson(6 * rng.lognormal(0, 0.4, 150)), rng.poisson(3 * rng.lognormal(0, 0.4, 150))
    found = row(compare(two(np.minimum(one, 40).tolist(), np.minimum(other, 40).tolist()), A, B, **QUICK))
    errors = [np.std(counts, ddof=1) / math.sqrt(len(counts)) / np.mean(counts) for counts in (one, other)]
    reach = 1.96 * math.hypot(*errors) / math.log(2)
    assert found["high"] - found["low"] == pytest.approx(2 * reach, rel=0.12)


def test_a_clear_difference_and_none_are_told_in_words() -> None:
    clear = compare(two([9, 8, 9, 10, 8, 9, 9, 8], [1, 2, 1, 1, 2, 1, 1, 2]), A, B, **QUICK)
    assert "A has 218.75 hedges per 1,000 words and B 34.38: 6.36 times as many" in clear.attrs["caption"]
    assert "settle" not in clear.attrs["caption"]
    none = compare(two([2, 1, 3], [2, 2, 1]), A, B, **QUICK)
    assert "these documents do not settle which has more" in none.attrs["caption"]
    assert none.attrs["basis"].startswith("a: 3 documents, 120 words; b: 3 documents, 120 words")


def test_a_group_without_findings_has_a_limit_and_one_without_words_a_reason() -> None:
    zero = compare(two([4, 3, 5], [0, 0, 0]), A, B, **QUICK)
    assert "at least" in zero["sentence"][0]
    assert "none found in one group" in zero["note"][0]
    empty = compare(two([4, 3], []), A, B, **QUICK)
    assert "B: no counted words" in empty["note"][0]
    assert np.isnan(empty["p"][0])
    assert "cannot be compared" in empty["sentence"][0]


def test_another_corpus_can_be_the_other_group() -> None:
    one, other = corpus([3, 4], [20, 20]), corpus([1, 0], [20, 20])
    found = row(compare(one, {"outlet": "A"}, {"outlet": ["A"]}, other=other, **QUICK))
    assert (found["count_a"], found["count_b"], found["docs_b"]) == (7, 1, 2)


def test_groups_must_differ() -> None:
    with pytest.raises(MeasureError, match="two different conditions"):
        compare(two([1], [1]), A, A)


DOCUMENTS = st.lists(st.tuples(st.integers(0, 9), st.sampled_from("AB")), min_size=3, max_size=10)


@settings(max_examples=10, deadline=None)
@given(DOCUMENTS, st.randoms(use_true_random=False))
def test_order_and_names_of_documents_change_nothing(documents: list[tuple[int, str]], random: Any) -> None:
    counts, outlets = ([*column] for column in zip(*documents, strict=True))
    names = [f"n{number}" for number in range(len(documents))]
    random.shuffle(names)
    one = corpus(counts, [12] * len(counts), outlets)
    other = corpus(counts, [12] * len(counts), outlets, names)
    mixed = SimpleNamespace(**{name: table.sample(frac=1, random_state=3) for name, table in vars(other).items()})
    pd.testing.assert_frame_equal(compare(one, A, B, **QUICK), compare(mixed, A, B, **QUICK), check_exact=True)


@settings(max_examples=10, deadline=None)
@given(DOCUMENTS)
def test_exchanging_the_groups_turns_the_log_ratio_round(documents: list[tuple[int, str]]) -> None:
    counts, outlets = ([*column] for column in zip(*documents, strict=True))
    made = corpus(counts, [12] * len(counts), outlets)
    one, other = row(compare(made, A, B, **QUICK)), row(compare(made, B, A, **QUICK))
    assert one["log_ratio"] == pytest.approx(-other["log_ratio"], nan_ok=True)
    assert one["g2"] == pytest.approx(other["g2"])


# keyness

COUNTS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 200), min_size=1)


def test_g2_is_scipys_likelihood_ratio_of_the_two_cells() -> None:
    for a, b, c, d in [(10, 3, 1_000, 900), (1, 40, 500, 20_000), (7, 7, 70, 70), (0, 5, 300, 400)]:
        pooled = (a + b) / (c + d)
        expected = [c * pooled, d * pooled]
        ours = float(log_likelihood(a, b, c, d))
        assert ours == pytest.approx(stats.power_divergence([a, b], expected, lambda_="log-likelihood").statistic)


def test_g2_is_nearly_the_four_cells_of_a_contingency_table_for_rare_items() -> None:
    table = [[20, 1_000_000 - 20], [60, 1_000_000 - 60]]
    four = stats.chi2_contingency(table, correction=False, lambda_="log-likelihood").statistic
    assert float(log_likelihood(20, 60, 1e6, 1e6)) == pytest.approx(four, rel=1e-4)


def test_keyness_by_hand() -> None:
    """An item at 20 and 5 in two bodies of 1,000: twice as often twice over is a log ratio of 2."""
    found = row(keyness({"pier": 20, "rest": 980}, {"pier": 5, "rest": 995}), item="pier")
    assert (found["sign"], found["log_ratio"], found["percent_diff"]) == ("+", 2.0, 300.0)
    assert found["g2"] == pytest.approx(2 * (20 * math.log(20 / 12.5) + 5 * math.log(5 / 12.5)))
    assert found["bic"] == pytest.approx(found["g2"] - math.log(2_000))
    assert (found["rate"], found["rate_reference"]) == (20.0, 5.0)


def test_an_item_that_one_body_lacks() -> None:
    found = keyness(["quay quay rope"], ["rope sail"])
    quay, sail = row(found, item="quay"), row(found, item="sail")
    assert (quay["percent_diff"], quay["range"], quay["range_reference"]) == (math.inf, 1, 0)
    assert quay["log_ratio"] == pytest.approx(math.log2((2 / 3) / (0.5 / 2)))
    assert (sail["sign"], sail["percent_diff"]) == ("-", -100.0)


def test_words_are_counted_in_texts_frames_annotations_and_by_condition() -> None:
    made = corpus([2, 1], [4, 3], ["A", "B"])
    for given_ in (made, made.documents, made.documents["text"].tolist()):
        assert row(frequencies(given_), item="may")["count"] == 3
    assert row(frequencies(made, where=A), item="may")["count"] == 2
    assert row(frequencies(["Don't. DON'T, U.S."]), item="don't").items() >= {"count": 2, "range": 1}.items()


def test_keyness_of_cues_from_counts() -> None:
    counted = pd.DataFrame({"cue": ["said", "claimed", "said"], "count": [3, 1, 2]})
    found = keyness(counted, {"said": 5, "claimed": 5})
    assert row(found, item="said")["count"] == 5
    assert pd.isna(row(found, item="said")["range"])


def test_empty_bodies_are_not_a_division_by_zero() -> None:
    found = keyness([], ["a b"])
    assert found["g2"].tolist() == [0, 0]
    assert found["log_ratio"].isna().all()
    assert len(keyness([], [])) == 0
    assert log_odds([], ["a b"])["log_odds"].notna().all()
    with pytest.raises(MeasureError, match="a string is one text"):
        keyness("one text", ["a"])


@settings(max_examples=25, deadline=None)
@given(COUNTS, COUNTS)
def test_keyness_turned_round(one: dict[str, int], other: dict[str, int]) -> None:
    here = keyness(one, other).set_index("item").sort_index()
    there = keyness(other, one).set_index("item").sort_index()
    assert here["g2"].to_numpy() == pytest.approx(there["g2"].to_numpy())
    assert here["log_ratio"].to_numpy() == pytest.approx(-there["log_ratio"].to_numpy())
    turned = there["sign"].map({"+": "-", "-": "+", "=": "="})
    assert here["sign"].tolist() == turned.tolist()


@settings(max_examples=25, deadline=None)
@given(COUNTS, COUNTS, st.floats(1, 2_000))
def test_log_odds_is_monroes(one: dict[str, int], other: dict[str, int], size: float) -> None:
    """Eqs. 16, 19, 20 and 22 of Monroe, Colaresi & Quinn 2008, one word at a time."""
    found = log_odds(one, other, prior_size=size).set_index("item")
    n1, n2 = sum(one.values()), sum(other.values())
    for word in {*one, *other}:
        y1, y2 = one.get(word, 0), other.get(word, 0)
        alpha = size * (y1 + y2) / (n1 + n2)
        if alpha >= size:
            continue
        delta = math.log((y1 + alpha) / (n1 + size - y1 - alpha)) - math.log((y2 + alpha) / (n2 + size - y2 - alpha))
        assert found.loc[word, "log_odds"] == pytest.approx(delta, abs=1e-9)
        assert found.loc[word, "z"] == pytest.approx(delta / math.sqrt(1 / (y1 + alpha) + 1 / (y2 + alpha)), abs=1e-9)


def test_a_given_prior_weighs_common_items_down() -> None:
    one, other = {"the": 60, "reef": 6, "rest": 900}, {"the": 50, "reef": 1, "rest": 900}
    anywhere = {"the": 900, "reef": 3, "rest": 9_000}
    z = log_odds(one, other, anywhere, prior_size=1_000).set_index("item")["z"]
    assert abs(z["the"]) < abs(z["reef"])
    flat = log_odds(one, other, {"the": 1, "reef": 1, "rest": 1}, prior_size=0.03).set_index("item")["z"]
    assert abs(z["the"]) < abs(flat["the"])
    with pytest.raises(MeasureError, match="pseudo-counts"):
        log_odds(one, other, prior_size=0)
