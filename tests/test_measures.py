"""Counts, rates and shares: every number here can be done on paper, or by an implementation that is not ours."""

from __future__ import annotations

import datetime
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from byhand import annotation
from discourse import measures
from discourse.concordance import kwic
from discourse.credits import edges
from discourse.errors import MeasureError

QUICK: dict[str, Any] = {"draws": 200}


@pytest.fixture(scope="module")
def marks() -> SimpleNamespace:
    first = {
        "doc_id": "d1", "outlet": "Harbour Post", "date": "2020-01-03", "weight": 1.0, "passages": [
            {"text": "The pier may close. It will rain, clearly.", "hedges": [("may", "modal", 0.5)],
             "boosters": [("clearly", "booster", 0.6)]},
            {"text": "Dredging could perhaps resume, officials said.", "voice": "The Tide",
             "hedges": [("could", "modal", 0.4), ("perhaps", "likelihood", 0.6)],
             "attributions": [{"cue": "said", "identification": "anonymous_group", "affiliation": "military"}],
             "outlets": [("Dredging", "origin")]},
            {"text": "Maybe subscribe.", "kind": "promo", "counted": False, "hedges": [("Maybe", "likelihood", 0.5)]},
        ],
    }  # fmt: skip
    second = {
        "doc_id": "d2", "outlet": "Valley Star", "date": "2020-04-03", "weight": 3.0,
        "passages": [{"text": "Nothing happened here at all."}],
    }  # fmt: skip
    third = {
        "doc_id": "d3", "date": None, "weight": 1.0, "passages": [
            {"text": "It seems quiet. Ms Low said so.", "hedges": [("seems", "appearance", 0.3)],
             "attributions": [{"cue": "said", "identification": "named_person"}]},
        ],
    }  # fmt: skip
    return annotation(first, second, third)


def row(frame: pd.DataFrame, **values: Any) -> dict[str, Any]:
    """The one row that has these values."""
    for name, value in values.items():
        frame = frame[frame[name] == value]
    assert len(frame) == 1, frame
    return frame.iloc[0].to_dict()


def corpus(
    counts: list[int], words: list[int], outlets: list[str] | None = None, names: list[str] | None = None
) -> Any:
    """One document a number: its words, and how many of them are hedges."""
    made = []
    for number, (count, size) in enumerate(zip(counts, words, strict=True)):
        text = " ".join(["may"] * count + ["word"] * (size - count)) + "."
        passage = {"text": text, "hedges": [("may", "modal", 0.5)] * count}
        outlet = outlets[number] if outlets else "A"
        made.append({"doc_id": names[number] if names else f"d{number:03d}", "outlet": outlet, "passages": [passage]})
    return annotation(*made)


# Counts and denominators


def test_rates_count_hedges_of_counted_passages_over_counted_words(marks: Any) -> None:
    found = row(measures.rates(marks, **QUICK))
    assert (found["count"], found["n_words"], found["range"], found["n_docs"]) == (4, 26, 2, 3)
    assert found["rate"] == pytest.approx(1_000 * 4 / 26)


def test_what_stands_in_uncounted_passages_is_left_out_and_said(marks: Any) -> None:
    assert "1 finding in promo, bio or repeated passages left out" in measures.rates(marks, **QUICK).attrs["basis"]


def test_hedges_and_boosters_are_apart_unless_polarity_is_named(marks: Any) -> None:
    assert row(measures.counts(marks, "boosters"))["count"] == 1
    both = measures.counts(marks, "hedges", by="polarity")
    assert dict(zip(both["polarity"], both["count"], strict=True)) == {"hedge": 4, "booster": 1}
    assert row(measures.counts(marks, "hedges", where={"category": "booster"}))["count"] == 1


def test_each_voice_has_its_own_words(marks: Any) -> None:
    found = measures.rates(marks, by="voice_kind", **QUICK)
    author, outlet = row(found, voice_kind="author"), row(found, voice_kind="outlet")
    assert (author["count"], author["n_words"], author["n_docs"]) == (2, 20, 3)
    assert (outlet["count"], outlet["n_words"], outlet["n_docs"]) == (2, 6, 1)


def test_words_of_groups_add_up_to_the_whole(marks: Any) -> None:
    whole = row(measures.rates(marks, **QUICK))
    for by in ("outlet", "voice", "voice_chain", "month", "passage_kind", ["outlet", "voice_kind"]):
        parts = measures.rates(marks, by=by, **QUICK)
        assert (parts["count"].sum(), parts["n_words"].sum()) == (whole["count"], whole["n_words"]), by


def test_items_share_the_words_of_their_group(marks: Any) -> None:
    found = measures.rates(marks, by=["outlet", "category"], **QUICK)
    assert set(found[found["outlet"] == "Harbour Post"]["n_words"]) == {14}
    assert list(found["category"].unique()) == [
        "modal", "likelihood", "appearance", "belief", "hearsay", "precision", "condition", "open",
    ]  # fmt: skip


def test_a_count_of_zero_is_a_row_with_an_upper_limit(marks: Any) -> None:
    found = row(measures.rates(marks, by="category", **QUICK), category="belief")
    assert found["count"] == found["rate"] == found["low"] == 0
    assert found["high"] > 0
    assert "none found" in found["note"]


def test_a_missing_value_is_a_group_with_a_reason(marks: Any) -> None:
    found = row(measures.rates(marks, by="outlet", **QUICK), outlet="(not given)")
    assert (found["count"], found["n_words"]) == (1, 7)
    assert "outlet not given" in found["note"]


def test_months_without_documents_are_rows_without_a_rate(marks: Any) -> None:
    found = measures.rates(marks, by="month", **QUICK)
    assert [str(month)[:7] for month in found["month"]] == ["2020-01", "2020-02", "2020-03", "2020-04", "NaT"]
    assert found["note"][1] == "no documents"
    assert np.isnan(found["rate"][1])
    assert "month not given" in found["note"][4]


def test_findings_without_a_voice_are_a_group_of_their_own() -> None:
    made = annotation({"doc_id": "d", "passages": [
        {"text": "It may rain.", "voice": None, "hedges": [("may", "modal", 0.5)]},
        {"text": "It rains."}]})  # fmt: skip
    found = measures.rates(made, by="voice_kind", **QUICK)
    assert row(found, voice_kind="(not given)")["count"] == 1
    assert "no counted words" in row(found, voice_kind="(not given)")["note"]
    assert row(found, voice_kind="author")["n_words"] == 2


def test_columns_of_findings_go_before_columns_of_documents(marks: Any) -> None:
    mentioned = measures.counts(marks, "outlets", by="outlet")
    assert list(mentioned["outlet"]) == ["Dredging"]
    publisher = measures.counts(marks, "outlets", by="documents.outlet")
    assert row(publisher, **{"documents.outlet": "Harbour Post"})["count"] == 1


@pytest.mark.parametrize(
    ("where", "count", "words"),
    [
        ({"outlet": "Harbour Post"}, 3, 14),
        ({"outlet": ["Harbour Post", "Valley Star"]}, 3, 19),
        ({"outlet": None}, 1, 7),
        ({"date": slice("2020-01", "2020-01")}, 3, 14),
        ({"date": slice("2020-02", None)}, 0, 5),
        ({"date": "2020-01"}, 3, 14),
        ({"date": "2020"}, 3, 19),
        ({"date": ["2020-01", None]}, 4, 21),
        ({"date": "2020-01-03"}, 3, 14),
        ({"date": "2020-01-04"}, 0, 0),
        ({"date": slice(datetime.date(2020, 1, 3), pd.Timestamp("2020-02-01"))}, 3, 14),
        ({"month": "2020-01"}, 3, 14),
        ({"year": 2020}, 3, 19),
        ({"outlet": lambda values: values.str.startswith("H")}, 3, 14),
        ({"voice_kind": "outlet"}, 2, 6),
        ({"passage_kind": "promo"}, 0, 0),
        ({"category": "modal"}, 2, 26),
        ({"strength": slice(0.4, None)}, 3, 26),
        ({"month": pd.Timestamp("2020-01-01")}, 3, 14),
        ({"outlet": "Nowhere"}, 0, 0),
    ],
)
def test_conditions(marks: Any, where: dict[str, Any], count: int, words: int) -> None:
    found = row(measures.rates(marks, where=where, **QUICK))
    assert (found["count"], found["n_words"]) == (count, words)


def test_a_group_that_is_asked_for_and_empty_is_a_row(marks: Any) -> None:
    found = row(measures.rates(marks, by="outlet", where={"outlet": "Nowhere"}, **QUICK))
    assert (found["outlet"], found["count"], found["note"]) == ("Nowhere", 0, "no documents")


def test_a_dual_cue_can_be_left_to_the_attributions(marks: Any) -> None:
    hedges = marks.hedges.assign(dual=[None, None, "d1#a0001", None, None, None])
    changed = SimpleNamespace(**{**vars(marks), "hedges": hedges})
    assert row(measures.counts(changed, where={"dual": None}))["count"] == 3


def test_near_duplicates_are_counted_once_where_asked_and_said_in_any_case() -> None:
    made = corpus([2, 2, 1], [10, 10, 10])
    made.documents["text"] = ["A crane fell.", "A crane fell.", "Fog lay on the strait."]
    made.documents["duplicate_of"] = pd.Series([None, "d000", None], dtype="str")
    every, once = measures.rates(made, **QUICK), measures.rates(made, duplicates="once", **QUICK)
    assert (row(every)["count"], row(once)["count"], row(once)["n_words"]) == (5, 3, 20)
    assert "1 copy of the same text counted like any other" in every.attrs["basis"]
    assert "near-duplicates counted once (1 copy left out)" in once.attrs["basis"]
    only_copies = measures.rates(made, duplicates="once", where={"doc_id": ["d001", "d002"]}, **QUICK)
    assert row(only_copies)["count"] == 3, "a copy whose original is not in the selection stands for it"


def test_copies_with_small_edits_are_counted_once_though_nobody_has_named_them() -> None:
    made = corpus([2, 2, 1], [10, 10, 10])
    story = "The ferry struck the breakwater before dawn and lost its bow door, the harbour master said on Monday."
    made.documents["text"] = [story, story.replace("said", "claimed"), "Fog lay on the strait until noon."]
    once = measures.rates(made, duplicates="once", **QUICK)
    assert (row(once)["count"], row(once)["n_words"]) == (3, 20)
    assert "near-duplicates counted once (1 copy left out)" in once.attrs["basis"]
    for measured in (kwic(made, table="hedges", duplicates="once"), measures.commitment(made, duplicates="once")):
        assert "(1 copy left out)" in measured.attrs["basis"]
    made.documents["text"] = ["Geese came back.", "Divers looked at the hull.", "Fog lay on the strait."]
    assert "(0 copies left out)" in measures.rates(made, duplicates="once", **QUICK).attrs["basis"]


def test_weights_weigh_documents_and_leave_counts_raw(marks: Any) -> None:
    found = row(measures.rates(marks, weights="weight", **QUICK))
    assert found["count"] == 4
    assert found["rate"] == pytest.approx(1_000 * 4 / (14 + 3 * 5 + 7))
    for basis in (f(marks, weights="weight", **QUICK).attrs["basis"] for f in (measures.rates, measures.shares)):
        assert "documents weighted by weight, counts as found" in basis


def test_attributions_know_their_sources(marks: Any) -> None:
    found = measures.counts(marks, "attributions", by="affiliation")
    assert row(found, affiliation="military")["count"] == 1
    assert row(measures.counts(marks, "sources", by="cue"))["count"] == 2


# Shares


def test_shares_of_a_group_sum_to_one(marks: Any) -> None:
    found = measures.shares(marks, **QUICK)
    assert len(found) == 7
    assert found["share"].sum() == pytest.approx(1)
    assert row(found, identification="named_person")["share"] == 0.5


def test_the_anonymity_index_by_outlet(marks: Any) -> None:
    found = measures.shares(marks, of="anonymous", by="outlet", **QUICK)
    harbour = row(found[found["outlet"] == "Harbour Post"], anonymous=True)
    assert (harbour["count"], harbour["total"], harbour["share"]) == (1, 1, 1.0)
    assert 0 < harbour["low"] < 1 == harbour["high"]
    empty = found[found["outlet"] == "Valley Star"]
    assert set(empty["note"]) == {"no findings in this group"}


def test_terms_of_anonymity_are_given_or_not(marks: Any) -> None:
    sources = marks.sources.assign(anonymity_terms=["asked not to be named", None])
    found = measures.shares(SimpleNamespace(**{**vars(marks), "sources": sources}), of=["anonymous", "terms"], **QUICK)
    assert row(found, anonymous=True, terms="given")["count"] == 1
    assert row(found, anonymous=True, terms="not given")["count"] == 0
    assert found["count"].sum() == 2
    some = measures.rates(marks, "attributions", where={"terms": "given"}, **QUICK)
    assert row(some)["count"] == 0


def test_shares_of_two_columns_are_a_crossed_table(marks: Any) -> None:
    found = measures.shares(marks, of=["identification", "affiliation"], **QUICK)
    assert found["share"].sum() == pytest.approx(1)
    assert len(found) == 7 * 19


def test_the_whole_of_a_share_can_be_a_column_of_the_table(marks: Any) -> None:
    found = measures.shares(marks, of="identification", by="affiliation", **QUICK)
    assert found.groupby("affiliation")["total"].first()["military"] == 1


# Commitment and sensitivity


def test_commitment_is_the_greatest_of_either_not_the_sum(marks: Any) -> None:
    found = measures.commitment(marks)
    assert list(found["net"]) == pytest.approx([-0.5, 0.6, -0.6, 0.0, -0.3, 0.0])
    assert list(found["hedges"]) == [1, 0, 2, 0, 1, 0]


def test_mean_commitment_by_outlet(marks: Any) -> None:
    found = measures.mean_commitment(marks, "outlet", **QUICK)
    assert row(found, outlet="Harbour Post")["mean"] == pytest.approx(-0.5 / 3)
    assert row(found, outlet="Harbour Post")["n_sentences"] == 3


def test_sensitivity_draws_the_rates_again(marks: Any) -> None:
    found = measures.sensitivity(marks, **QUICK)
    counts = dict(zip(found["scenario"], found["count"], strict=True))
    assert counts["all cues"] == 4
    assert counts["without weak cues"] == 3
    assert counts["without modal"] == 2


# A whole annotation


@pytest.mark.parametrize("table", ["hedges", "boosters", "attributions", "outlets"])
def test_a_corpus_adds_up_however_it_is_divided(starter_marks: Any, table: str) -> None:
    whole = row(measures.counts(starter_marks, table))
    assert whole["count"] == kwic(starter_marks, table=table).attrs["total"]
    for by in ("documents.outlet", "doc_id", "month", "voice_kind", ["voice_chain", "voice_depth"]):
        parts = measures.counts(starter_marks, table, by)
        assert parts["count"].sum() == whole["count"], by
        assert parts["n_words"].sum() == whole["n_words"], by


def test_scenarios_keep_to_the_classes_asked_for(marks: Any) -> None:
    found = measures.sensitivity(marks, where={"category": ["modal", "likelihood"]}, **QUICK)
    assert list(found["scenario"]) == ["all cues", "without weak cues", "without likelihood", "without modal"]
    assert list(found["count"]) == [3, 3, 2, 1]


def test_combinations_left_out_are_said(marks: Any) -> None:
    every = measures.counts(marks, "hedges", by=["category", "entry"])
    assert len(every) == 8 * 4
    assert "left out" not in every.attrs["basis"].replace("passages left out", "")
    hedges = pd.concat([marks.hedges.assign(entry=f"e{n}") for n in range(130)], ignore_index=True)
    many = SimpleNamespace(**{**vars(marks), "hedges": hedges})
    assert "combinations that do not occur left out" in measures.counts(many, by=["category", "entry"]).attrs["basis"]


# Bad input


def test_no_documents_at_all_is_a_row() -> None:
    empty = annotation()
    assert row(measures.rates(empty, **QUICK))["note"] == "no documents"
    assert row(measures.rates(empty, by="outlet", **QUICK))["count"] == 0
    assert len(measures.shares(empty, **QUICK)) == 7
    assert len(measures.commitment(empty)) == 0
    assert row(measures.mean_commitment(empty, **QUICK))["n_sentences"] == 0


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"table": "verbs"}, "the tables are hedges"),
        ({"by": "colour"}, "no column 'colour'"),
        ({"where": {"colour": 1}}, "no column 'colour'"),
        ({"by": ["outlet", "outlet"]}, "twice"),
        ({"by": "n_words"}, "ask for 'documents.n_words'"),
        ({"by": ["voice", "passage_kind"]}, "no common word count"),
        ({"duplicates": "never"}, "'all'"),
        ({"where": {"date": "soon"}}, "'soon' is no date; give a year, month or day"),
        ({"where": {"date": ["2020", "2020-13"]}}, "'2020-13' is no date"),
        ({"where": {"date": slice("then", None)}}, "'then' is no date"),
        ({"weights": "outlet"}, "missing or negative"),
        ({"weights": "nothing"}, "to weight by"),
        ({"per": 0}, "per is 0"),
        ({"level": 95}, "between 0 and 1"),
        ({"draws": 2}, "at least 100"),
    ],
)
def test_what_cannot_be_measured_is_refused_in_words(marks: Any, asked: dict[str, Any], says: str) -> None:
    with pytest.raises(MeasureError, match=says):
        measures.rates(marks, **asked)


def test_what_is_not_annotated_yet_is_refused_with_the_way_to_do_it(marks: Any) -> None:
    plain = SimpleNamespace(documents=marks.documents)
    for given_marks in ("corpora/x", plain, marks.documents):
        for measure in (measures.rates, measures.shares, measures.mean_commitment, measures.sensitivity, edges):
            with pytest.raises(MeasureError, match=r"annotate first: marks = dc\.annotate\("):
                measure(given_marks)
        with pytest.raises(MeasureError, match="annotate first"):
            kwic(given_marks, "may")
    with pytest.raises(MeasureError, match="no column 'text'"):
        measures.frequencies(marks.hedges)
    with pytest.raises(MeasureError, match=r"one text, not a body of texts: 'corpora/x'.*dc\.annotate"):
        measures.frequencies("corpora/x")


# Invariances

SMALL = st.lists(st.tuples(st.integers(0, 6), st.integers(7, 30), st.sampled_from(["A", "B"])), min_size=2, max_size=9)
NUMBERS = ["count", "n_words", "rate", "low", "high", "range", "n_docs", "dispersion"]


@settings(max_examples=8, deadline=None)
@given(SMALL, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(documents: list[tuple[int, int, str]], random: Any) -> None:
    made = corpus(*(list(column) for column in zip(*documents, strict=True)))
    mixed = {name: table.sample(frac=1, random_state=random.randrange(1_000)) for name, table in vars(made).items()}
    one = measures.rates(made, by=["outlet", "category"], **QUICK)
    other = measures.rates(SimpleNamespace(**mixed), by=["outlet", "category"], **QUICK)
    pd.testing.assert_frame_equal(one, other, check_exact=True)
    assert one.attrs == other.attrs


@settings(max_examples=8, deadline=None)
@given(SMALL, st.randoms(use_true_random=False))
def test_the_names_of_documents_change_nothing(documents: list[tuple[int, int, str]], random: Any) -> None:
    columns = [list(column) for column in zip(*documents, strict=True)]
    names = [f"x{number}" for number in range(len(documents))]
    random.shuffle(names)
    one = measures.rates(corpus(*columns), by="outlet", **QUICK)
    other = measures.rates(corpus(*columns, names=names), by="outlet", **QUICK)
    pd.testing.assert_frame_equal(one[NUMBERS], other[NUMBERS], check_exact=True)


@settings(max_examples=8, deadline=None)
@given(SMALL)
def test_per_scales_rates_and_intervals_alike(documents: list[tuple[int, int, str]]) -> None:
    made = corpus(*(list(column) for column in zip(*documents, strict=True)))
    thousand, million = measures.rates(made, **QUICK), measures.rates(made, per=1_000_000, **QUICK)
    for name in ("rate", "low", "high"):
        assert million[name].to_numpy() == pytest.approx(1_000 * thousand[name].to_numpy())


@settings(max_examples=8, deadline=None)
@given(SMALL)
def test_an_interval_holds_its_rate(documents: list[tuple[int, int, str]]) -> None:
    found = measures.rates(corpus(*(list(column) for column in zip(*documents, strict=True))), by="outlet", **QUICK)
    assert ((found["low"] <= found["rate"] + 1e-9) & (found["rate"] <= found["high"] + 1e-9)).all()
