"""Hand coding reads as annotations: the contract holds, and every span stands in its sentence."""

from __future__ import annotations

import pytest

from conftest import ROOT
from discourse import measures
from discourse.errors import ReadError
from discourse.gold import hand_coded


@pytest.mark.parametrize("name", ["one-post", "starter"])
def test_hand_coding_keeps_the_contract(name: str) -> None:
    marks = hand_coded(ROOT / "corpora" / name)
    marks.check()
    where = marks.hedges.merge(marks.sentences, on="sentence_id", suffixes=("", "_s"))
    assert len(where) == len(marks.hedges)
    assert ((where["start"] >= where["start_s"]) & (where["end"] <= where["end_s"])).all()


def test_measures_take_hand_coding() -> None:
    marks = hand_coded(ROOT / "corpora" / "one-post")
    rates = measures.rates(marks, "hedges", by="doc_id")
    counted = marks.passages[marks.passages["counted"]]
    spans = list(zip(counted["start"], counted["end"], strict=True))
    body = marks.hedges[(marks.hedges["polarity"] == "hedge")]
    inside = [any(a <= start < b for a, b in spans) for start in body["start"]]
    assert rates["count"].tolist() == [sum(inside)]


def test_a_coding_that_is_not_there_is_named() -> None:
    with pytest.raises(ReadError, match="no coding 'third'"):
        hand_coded(ROOT / "corpora" / "one-post", "third")
