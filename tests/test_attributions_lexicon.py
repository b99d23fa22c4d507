"""Every reporting cue finds its own example and leaves its false friend alone."""

from __future__ import annotations

import pytest

from discourse import tables
from discourse.cues import cue_hits, reporting_cues
from discourse.lexicon import Matcher, tokenise

ROWS = reporting_cues()
IDS = [f"{row.entry} ({row.pos})" for row in ROWS.itertuples()]


def entries(text: str) -> set[int]:
    return set(cue_hits(tokenise(text)).pattern.tolist())


@pytest.mark.parametrize("place", range(len(ROWS)), ids=IDS)
def test_an_entry_matches_its_example_and_not_its_counterexample(place: int) -> None:
    row = ROWS.iloc[place]
    assert place in entries(row["example"])
    if row["counterexample"]:
        assert place not in entries(row["counterexample"])
        assert len(Matcher([row["pattern"]]).find(tokenise(row["counterexample"]))), (
            "the false friend is no match at all"
        )


def test_a_false_friend_in_the_note_has_a_counterexample() -> None:
    lacking = ROWS[ROWS["note"].str.contains("FF") & (ROWS["counterexample"] == "")]
    assert lacking["entry"].tolist() == []


def test_false_friends_and_counterexamples_come_together() -> None:
    assert ((ROWS["but_not"] != "") == (ROWS["counterexample"] != "")).all()


def test_examples_are_sentences_of_their_own() -> None:
    assert not ROWS["example"].duplicated().any()
    assert not ROWS.duplicated(["entry", "pos"]).any()


def test_values_are_those_of_the_contract() -> None:
    assert set(ROWS["stance"]) <= set(tables.STANCE)
    assert set(ROWS["mode"]) <= set(tables.MODE)
    assert set(ROWS["response"]) <= set(tables.RESPONSE)


def test_an_entry_inside_a_longer_word_or_split_by_another_is_not_found() -> None:
    assert not entries("The essayist gainsays nobody.")
    assert not [place for place in entries("According, she thought, to nobody.") if "according" in ROWS["entry"][place]]
