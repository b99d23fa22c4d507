"""Agreement against Krippendorff's worked examples and NLTK's AnnotationTask."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.metrics.agreement import AnnotationTask

from discourse.agreement import agreement, disagreements, span_agreement, span_disagreements
from discourse.errors import MeasureError

QUICK: dict[str, Any] = {"draws": 200}


def codings(*coders: str) -> pd.DataFrame:
    """One string a coder, one character a unit, a point where missing; digits are numbers."""
    rows = [
        {"unit": unit, "coder": f"c{coder}", "value": None if v == "." else int(v) if v.isdigit() else v}
        for coder, values in enumerate(coders)
        for unit, v in enumerate(values)
    ]
    return pd.DataFrame(rows).astype({"value": object})


def value(found: pd.DataFrame, coefficient: str, category: Any = "all") -> float:
    part = found[(found["coefficient"] == coefficient) & (found["category"] == category)]
    return float(part["value"].iloc[0])


KRIPPENDORFF_2011_C = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")


@pytest.mark.parametrize(("level", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_krippendorff_2011_four_observers_with_missing_values(level: str, alpha: float) -> None:
    found = agreement(codings(*KRIPPENDORFF_2011_C), level=level, **QUICK)
    assert value(found, "alpha") == pytest.approx(alpha, abs=5e-4)
    assert found["n_units"].iloc[0] == 11
    assert "1 unit coded by fewer than two left out" in found["note"].iloc[0]


def test_krippendorff_2011_two_observers_binary_and_nominal() -> None:
    assert value(agreement(codings("0100000010", "1110010000"), **QUICK), "alpha") == pytest.approx(0.095, abs=5e-4)
    assert value(agreement(codings("aabbdcccedda", "babbbccceddd"), **QUICK), "alpha") == pytest.approx(0.692, abs=5e-4)


def test_cohen_by_hand() -> None:
    """40 of 50 agree (25 yes, 15 no), margins 30/20 and 30/20: (.8 - .52) / .48."""
    one = "y" * 25 + "n" * 15 + "y" * 5 + "n" * 5
    other = "y" * 25 + "n" * 15 + "n" * 5 + "y" * 5
    found = agreement(codings(one, other), **QUICK)
    assert value(found, "percent") == pytest.approx(0.8)
    assert value(found, "cohen") == pytest.approx((0.8 - 0.52) / 0.48)
    assert value(found, "specific", "y") == pytest.approx(2 * 25 / 60)


COMPLETE = st.integers(2, 4).flatmap(
    lambda coders: st.lists(st.lists(st.sampled_from("abc"), min_size=coders, max_size=coders), min_size=2, max_size=12)
)


@settings(max_examples=25, deadline=None)
@given(COMPLETE)
def test_complete_codings_agree_with_nltk(units: list[list[str]]) -> None:
    coders = ["".join(values) for values in zip(*units, strict=True)]
    data = codings(*coders)
    found = agreement(data, **QUICK)
    task = AnnotationTask(list(data[["coder", "unit", "value"]].itertuples(index=False, name=None)))
    assert value(found, "percent") == pytest.approx(task.avg_Ao())
    if len(set("".join(coders))) > 1:
        assert value(found, "alpha") == pytest.approx(task.alpha())
    varied = all(len({*one, *other}) > 1 for one, other in itertools.combinations(coders, 2))
    if varied:
        assert value(found, "cohen") == pytest.approx(task.kappa())


@settings(max_examples=15, deadline=None)
@given(COMPLETE, st.permutations("abc"), st.randoms(use_true_random=False))
def test_names_and_order_of_coders_units_and_values_change_nothing(units: Any, other: Any, random: Any) -> None:
    data = codings(*("".join(values) for values in zip(*units, strict=True)))
    renamed = dict(zip("abc", other, strict=True))
    turned = data.assign(coder=data["coder"].str[::-1], value=data["value"].map(renamed), unit=-data["unit"])
    turned = turned.sample(frac=1, random_state=random.randrange(100))
    one, two = agreement(data, **QUICK), agreement(turned, **QUICK)
    for name in ("percent", "cohen", "alpha"):
        assert value(one, name) == pytest.approx(value(two, name), nan_ok=True)
    assert agreement(data.sample(frac=1, random_state=1), **QUICK).equals(one)


def test_full_agreement_is_one_and_no_variation_undefined() -> None:
    assert value(agreement(codings("abab", "abab", "abab"), **QUICK), "alpha") == 1
    same = agreement(codings("aaaa", "aaaa"), **QUICK)
    assert np.isnan(value(same, "alpha"))
    assert same["note"].str.contains("do not vary").any()


def test_intervals_come_from_units() -> None:
    found = agreement(codings("ab" * 30, "ab" * 25 + "ba" * 5), **QUICK)
    alpha = found[(found["coefficient"] == "alpha") & (found["category"] == "all")].iloc[0]
    assert alpha["low"] < alpha["value"] < alpha["high"]
    assert "bootstrap over units (200 draws, seed 1)" in found.attrs["basis"]


def test_ordered_names_need_an_order() -> None:
    data = codings("wms", "wss")
    with pytest.raises(MeasureError, match="order="):
        agreement(data, level="ordinal")
    weak = value(agreement(data, level="ordinal", order=["w", "m", "s"], **QUICK), "alpha")
    numbers = value(agreement(codings("123", "133"), level="ordinal", **QUICK), "alpha")
    assert weak == pytest.approx(numbers)
    with pytest.raises(MeasureError, match="lacks the value 'm'"):
        agreement(data, level="ordinal", order=["w", "s"])


def test_bad_codings_are_refused_in_words() -> None:
    data = codings("ab", "ab")
    with pytest.raises(MeasureError, match="no column 'label'"):
        agreement(data, value="label")
    with pytest.raises(MeasureError, match="'c0' coded unit '0' twice"):
        agreement(pd.concat([data, data.head(1)]))
    with pytest.raises(MeasureError, match="nominal, ordinal, interval"):
        agreement(data, level="ratio")


def test_one_coder_or_no_coding_is_a_row_with_a_reason() -> None:
    for data in (codings("abc"), codings("abc").head(0), codings("..", "..")):
        found = agreement(data, **QUICK)
        assert np.isnan(value(found, "alpha"))
        assert found["note"].iloc[0].startswith("no unit was coded by two coders")


def test_the_units_in_dispute_with_their_texts() -> None:
    data = codings("abca", "abba", "acda").assign(words="the pier")
    found = disagreements(data, text="words")
    assert found["unit"].tolist() == [2, 1]
    assert found.iloc[0][["c0", "c1", "c2", "n_values"]].tolist() == ["c", "b", "d", 3]
    assert found["text"].tolist() == ["the pier", "the pier"]
    assert disagreements(data, text={2: "a quay"})["text"].iloc[0] == "a quay"
    assert len(disagreements(codings("ab", "ab"))) == 0


# Spans


def spans(*rows: tuple[str, int, int, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["doc_id", "start", "end", "coder", "category"])


KRIPPENDORFF_2004 = spans(
    ("t", 75, 145, "i", "c"), ("t", 220, 250, "i", "c"), ("t", 70, 150, "j", "c"), ("t", 205, 225, "j", "c"),
    ("t", 250, 270, "j", "c"), ("t", 30, 90, "i", "k"), ("t", 150, 200, "i", "k"), ("t", 30, 90, "j", "k"),
    ("t", 150, 200, "j", "k"),
)  # fmt: skip


def test_krippendorff_2004_page_254() -> None:
    """A continuum of 300 with two observers; the figures are those DKPro Statistics is tested by, too."""
    found = span_agreement(KRIPPENDORFF_2004, {"t": 300}).set_index("category")
    assert found.loc["all", "alpha_u"] == pytest.approx(0.8591, abs=5e-4)
    assert found.loc["c", ["alpha_u", "observed", "expected"]].tolist() == pytest.approx(
        [0.7286, 0.0144, 0.0532], abs=1e-4
    )
    assert found.loc["k", ["alpha_u", "observed", "expected"]].tolist() == pytest.approx([1, 0, 0.0490], abs=1e-4)


def test_squared_distances_of_krippendorff_2004() -> None:
    """Units of 2 at 5-7 and one of the other coder: the distances that the same tests give for seven cases."""
    for start, length, distance in [(4, 2, 2), (5, 2, 0), (6, 2, 2), (6, 4, 10), (5, 6, 16), (7, 2, 8)]:
        found = span_agreement(spans(("t", 5, 7, "i", "x"), ("t", start, start + length, "j", "x")), {"t": 20})
        met = start < 7 and start + length > 5
        expected = distance if met else 2**2 + length**2
        assert found["observed"].iloc[0] == pytest.approx(expected / 20**2)


def test_partial_overlap_counts_in_part() -> None:
    def alpha(start: int, end: int) -> float:
        return float(
            span_agreement(spans(("t", 10, 20, "i", "x"), ("t", start, end, "j", "x")), {"t": 200})["alpha_u"].iloc[0]
        )

    assert alpha(10, 20) == 1
    assert 1 > alpha(10, 21) > alpha(10, 24) > alpha(15, 25) > alpha(60, 70)
    assert alpha(60, 70) < 0


def test_f1_of_pairs() -> None:
    found = span_agreement(KRIPPENDORFF_2004, {"t": 300}).set_index("category")
    assert found.loc["all", "exact"] == pytest.approx(2 * 2 / 9)
    assert found.loc["c", "overlap"] == pytest.approx(4 / 5)


def test_documents_without_spans_and_coders_who_found_none() -> None:
    one = span_agreement(spans(("a", 0, 5, "i", "x"), ("a", 0, 5, "j", "x")), {"a": 50, "b": 50})
    assert (one["alpha_u"].iloc[0], one["n_docs"].iloc[0]) == (1.0, 2)
    lone = span_agreement(spans(("a", 0, 5, "i", "x")), {"a": 50}, coders=["i", "j"])
    assert lone["alpha_u"].iloc[0] < 0.1
    assert len(span_agreement(spans(), {"a": 50}, coders=["i", "j"])) == 0
    with pytest.raises(MeasureError, match="two coders"):
        span_agreement(spans(("a", 0, 5, "i", "x")), {"a": 50})


def test_overlapping_spans_of_a_coder_are_one_and_it_is_said() -> None:
    found = span_agreement(spans(("a", 0, 5, "i", "x"), ("a", 3, 9, "i", "x"), ("a", 0, 9, "j", "x")), {"a": 50})
    assert found["alpha_u"].iloc[0] == 1
    assert "1 span merged" in found["note"].iloc[0]


def test_the_spans_in_dispute_with_their_texts() -> None:
    text = "The pier may perhaps close, officials said."
    found = spans(
        ("a", 9, 12, "i", "modal"), ("a", 9, 12, "j", "modal"),
        ("a", 13, 20, "i", "likelihood"), ("a", 13, 20, "j", "modal"),
        ("a", 28, 37, "i", "hearsay"), ("a", 28, 42, "j", "hearsay"), ("a", 4, 8, "j", "open"),
    )  # fmt: skip
    disputed = span_disagreements(found, {"a": text})
    assert disputed[["coder", "text", "difference"]].to_numpy().tolist() == [
        ["j", "pier", "absent"],
        ["i", "perhaps", "category"],
        ["j", "perhaps", "category"],
        ["i", "officials", "boundaries"],
        ["j", "officials said", "boundaries"],
    ]
    assert disputed["missed_by"].tolist() == ["i", "j", "i", "j", "i"]
    assert disputed.attrs["basis"] == "5 of 7 spans, 2 coders"
    frame = pd.DataFrame({"doc_id": ["a"], "text": [text]})
    kinds_aside = span_disagreements(found, frame, category=None)
    assert kinds_aside["text"].tolist() == ["pier", "officials", "officials said"]
    third = span_disagreements(found, frame, coders=["i", "j", "k"])
    assert third.loc[third["text"] == "may", "missed_by"].tolist() == ["k", "k"]
    with pytest.raises(MeasureError, match="two coders"):
        span_disagreements(found[found["coder"] == "i"], frame)


def test_spans_outside_their_document_are_refused() -> None:
    with pytest.raises(MeasureError, match="lies outside document 'a'"):
        span_agreement(spans(("a", 40, 60, "i", "x"), ("a", 0, 1, "j", "x")), {"a": 50})
    with pytest.raises(MeasureError, match="no column 'category'"):
        span_agreement(KRIPPENDORFF_2004.drop(columns="category"), {"t": 300})
    assert len(span_agreement(KRIPPENDORFF_2004.drop(columns="category"), {"t": 300}, category=None)) == 1


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.integers(0, 40), st.integers(1, 9), st.sampled_from("ij")), max_size=12
    )
)
def test_span_agreement_does_not_hang_on_order_or_who_is_who(rows: list[tuple[str, int, int, str]]) -> None:
    data = spans(*((doc, start, start + length, coder, "x") for doc, start, length, coder in rows))
    one = span_agreement(data, {"a": 50, "b": 50}, coders=["i", "j"], draws=50)
    turned = data.iloc[::-1].assign(coder=data["coder"].map({"i": "j", "j": "i"}))
    other = span_agreement(turned, {"b": 50, "a": 50}, coders=["i", "j"], draws=50)
    pd.testing.assert_frame_equal(one, other)
