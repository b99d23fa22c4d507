"""Who credits whom: the floor decides who credits, copies count once, and every edge leads back to its sentences."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import networkx as nx
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import discourse as dc
from discourse import credits
from discourse.duplicates import duplicates, remembered, resemblance
from discourse.errors import MeasureError

CORPORA = Path(__file__).resolve().parent.parent / "corpora"
STORY = (
    "The ferry struck the breakwater before dawn and lost its bow door, the harbour master said. Nine passengers were "
    "taken off by the pilot boat and given soup in the net loft. Divers will look at the hull on Thursday. "
)


@dataclass(frozen=True)
class Marks:
    """What edges reads of annotations."""

    documents: pd.DataFrame
    passages: pd.DataFrame
    sentences: pd.DataFrame
    voices: pd.DataFrame
    outlets: pd.DataFrame


def marks(rows: list[dict[str, Any]], documents: pd.DataFrame, voices: pd.DataFrame | None = None) -> Marks:
    """Annotations of one-sentence documents; a row names document, outlet, role and, where given, voice."""
    base = {"generic": False, "platform": False, "voice_id": None, "role": "claim_source", "surface": "x", "rule": "r"}
    outlets = pd.DataFrame([{**base, **row} for row in rows])
    outlets["sentence_id"] = outlets["doc_id"] + "#s0001"
    outlets["mention_id"] = [f"{doc}#m{number:04d}" for number, doc in enumerate(outlets["doc_id"])]
    outlets["start"], outlets["end"] = 0, 1
    doc_id = documents["doc_id"]
    sentences = pd.DataFrame({"sentence_id": doc_id + "#s0001", "passage_id": doc_id + "#p0001", "start": 0})
    sentences["end"] = documents["text"].str.len()
    passages = pd.DataFrame({"passage_id": doc_id + "#p0001", "counted": documents.get("counted", True)})
    none = pd.DataFrame(columns=["voice_id", "parent_id", "kind", "name"])
    return Marks(documents, passages, sentences, none if voices is None else voices, outlets)


def papers(*outlets: str | None, texts: list[str] | None = None) -> pd.DataFrame:
    ids = [f"d{number}" for number in range(len(outlets))]
    return pd.DataFrame({"doc_id": ids, "outlet": list(outlets), "text": texts or [f"Text {name}." for name in ids]})


def test_an_edge_runs_from_the_documents_outlet_to_the_outlet_credited() -> None:
    rows = [
        {"doc_id": "d0", "outlet": "Reuters"},
        {"doc_id": "d0", "outlet": "Reuters"},
        {"doc_id": "d1", "outlet": "BBC"},
    ]
    table = credits.edges(marks(rows, papers("Kelp Courier", "Grebe Radio")))
    assert table[["crediting", "credited", "count", "documents"]].to_numpy().tolist() == [
        ["Kelp Courier", "Reuters", 2, 1],
        ["Grebe Radio", "BBC", 1, 1],
    ]


def test_a_quoted_outlet_has_the_floor() -> None:
    voices = pd.DataFrame(
        {
            "voice_id": ["v1", "v2", "v3"],
            "parent_id": [None, "v1", "v2"],
            "kind": ["author", "outlet", "source"],
            "name": ["Ina", "The Skerry Post", "officials"],
        }
    )
    rows = [
        {"doc_id": "d0", "outlet": "Reuters", "voice_id": "v3"},
        {"doc_id": "d0", "outlet": "BBC", "voice_id": "v1"},
    ]
    table = credits.edges(marks(rows, papers("The Long Glass"), voices))
    assert set(zip(table["crediting"], table["credited"], strict=True)) == {
        ("The Skerry Post", "Reuters"),
        ("The Long Glass", "BBC"),
    }


def test_other_roles_descriptors_platforms_and_self_citations_are_left_out_and_open_ones_told() -> None:
    rows: list[dict[str, Any]] = [
        {"doc_id": "d0", "outlet": "Reuters", "role": "furniture"},
        {"doc_id": "d0", "outlet": "Reuters", "role": "actor"},
        {"doc_id": "d0", "outlet": None, "generic": True},
        {"doc_id": "d0", "outlet": "Twitter", "platform": True},
        {"doc_id": "d0", "outlet": "kelp courier"},
        {"doc_id": "d0", "outlet": None},
    ]
    table = credits.edges(marks(rows, papers("Kelp Courier")))
    assert len(table) == 0
    assert table.attrs["open"] == 1
    assert list(table.columns) == list(credits.COLUMNS)
    wide = credits.edges(marks(rows, papers("Kelp Courier")), roles=("actor",), platforms=True)
    assert list(wide["credited"]) == ["Reuters"]


def test_passages_that_do_not_count_give_no_credit() -> None:
    documents = papers("Kelp Courier").assign(counted=False)
    assert credits.edges(marks([{"doc_id": "d0", "outlet": "Reuters"}], documents)).empty


def test_one_wire_story_printed_thrice_counts_once() -> None:
    texts = [
        STORY + "It is the third such accident.",
        STORY,
        STORY + "Soup was served.",
        "Quite another matter altogether.",
    ]
    documents = papers("A", "B", "C", "B", texts=texts)
    rows = [{"doc_id": f"d{number}", "outlet": "Reuters"} for number in range(4)]
    once, every = (credits.edges(marks(rows, documents), duplicates=how) for how in ("once", "all"))
    assert dict(zip(once["crediting"], once["count"], strict=True)) == {"A": 1, "B": 1}
    assert dict(zip(every["crediting"], every["count"], strict=True)) == {"A": 1, "B": 2, "C": 1}
    assert dict(zip(every["crediting"], every["count_once"], strict=True)) == {"A": 1, "B": 1, "C": 0}
    assert dict(zip(once["crediting"], once["count_all"], strict=True)) == {"A": 1, "B": 2}


@given(st.lists(st.integers(0, 4), min_size=1, max_size=12))
def test_intervals_hold_the_count_and_edges_hold_every_credit(counts: list[int]) -> None:
    documents = papers(
        *["Kelp Courier"] * len(counts), texts=[f"word{n} " * 9 + f"tail{n}" for n in range(len(counts))]
    )
    rows = [{"doc_id": f"d{n}", "outlet": "Reuters"} for n, count in enumerate(counts) for _ in range(count)]
    if not rows:
        return
    table = credits.edges(marks(rows, documents))
    assert table["count"].sum() == sum(counts)
    assert ((table["low"] <= table["count"]) & (table["count"] <= table["high"])).all()


def test_an_edge_leads_to_its_sentences(starter_marks: Any) -> None:
    table = credits.edges(starter_marks)
    assert not table.empty
    texts = dict(zip(starter_marks.documents["doc_id"], starter_marks.documents["text"], strict=True))
    for edge in table.to_dict("records"):
        behind = credits.sentences_behind(starter_marks, edge)
        assert len(behind) == edge["count"]
        for row in behind.itertuples():
            assert row.surface in row.sentence
            assert texts[row.doc_id][row.start : row.end] == row.surface


def test_graphml_holds_nodes_weights_and_odd_names(tmp_path: Path) -> None:
    rows = [{"doc_id": "d0", "outlet": 'The "Kelp" & <Co>\x00'}, {"doc_id": "d0", "outlet": "Reuters"}]
    path = credits.to_graphml(credits.edges(marks(rows, papers("Grebe Radio"))), tmp_path / "who.graphml")
    graph = nx.read_graphml(path)
    assert set(graph.nodes) == {"Grebe Radio", 'The "Kelp" & <Co>', "Reuters"}
    assert graph.edges["Grebe Radio", "Reuters"]["weight"] == 1


def test_what_cannot_be_counted_is_refused(tmp_path: Path) -> None:
    given_marks = marks([{"doc_id": "d0", "outlet": "Reuters"}], papers("A"))
    with pytest.raises(MeasureError, match="no column 'paper'; they have doc_id"):
        credits.edges(given_marks, by="paper")
    with pytest.raises(MeasureError, match="allowed are 'once' and 'all'"):
        credits.edges(given_marks, duplicates="twice")
    with pytest.raises(MeasureError, match="no role 'hero'"):
        credits.edges(given_marks, roles=("hero",))
    with pytest.raises(MeasureError, match="there is no folder"):
        credits.to_graphml(credits.edges(given_marks), tmp_path / "none" / "who.graphml")


def test_copies_point_at_the_earliest_document() -> None:
    documents = pd.DataFrame(
        {
            "doc_id": ["late", "early", "other", "undated"],
            "text": [STORY, STORY + "Nobody was hurt.", "The geese came back to the salt marsh in March.", STORY],
            "date": ["2014-05-02", "2014-05-01", "2014-04-30", None],
        }
    )
    found = duplicates(documents)
    assert found["duplicate_of"].fillna("-").tolist() == ["early", "-", "-", "early"]
    assert found["resemblance"].dropna().between(0.5, 1).all()


def test_reworded_wire_copy_is_found_and_nothing_else_in_the_bundled_corpora() -> None:
    found = {}
    for folder in ("harbour-crisis", "starter", "one-post"):
        table = duplicates(dc.read(CORPORA / folder).documents).dropna()
        found[folder] = set(table["doc_id"]) | set(table["duplicate_of"])
    trio = {"0404-tna-tolm-crossing", "0405-courier-tolm-crossing", "0404-hbn-tolm-crossing"}
    assert found == {"harbour-crisis": trio, "starter": set(), "one-post": set()}


def test_copies_named_by_the_documents_join_those_that_are_found() -> None:
    documents = pd.DataFrame({"doc_id": ["a", "b", "c"], "text": [STORY, "Geese.", STORY + "Soup was served."]})
    found = duplicates(documents.assign(duplicate_of=[None, "c", "gone"]))
    assert found["duplicate_of"].fillna("-").tolist() == ["-", "a", "a"]


def test_duplicates_are_remembered_until_the_documents_change() -> None:
    documents = papers("A", "B", texts=[STORY, STORY])
    assert remembered(documents) is remembered(documents.copy())
    changed = remembered(documents.assign(text=[STORY, "Geese."]))
    assert changed["duplicate_of"].isna().all()
    for number in range(9):
        remembered(papers("A", texts=[f"Text {number}."]))
    pd.testing.assert_frame_equal(remembered(documents), duplicates(documents))


@given(st.lists(st.text(max_size=60), max_size=8))
def test_duplicates_are_groups_around_one_document_whatever_the_text(texts: list[str]) -> None:
    documents = pd.DataFrame({"doc_id": [f"d{n}" for n in range(len(texts))], "text": texts})
    found = duplicates(documents)
    pd.testing.assert_frame_equal(found, duplicates(documents))
    heads = set(found["duplicate_of"].dropna())
    assert found.loc[found["doc_id"].isin(heads), "duplicate_of"].isna().all()


def test_equal_texts_are_copies_and_unrelated_ones_are_not() -> None:
    assert resemblance(frozenset({1, 2}), frozenset({2, 3})) == pytest.approx(1 / 3)
    assert resemblance(frozenset(), frozenset()) == 0
    documents = pd.DataFrame({"doc_id": ["a", "b", "c", "d"], "text": ["Short.", "Short.", "", ""]})
    assert duplicates(documents)["duplicate_of"].fillna("-").tolist() == ["-", "a", "-", "-"]


@pytest.mark.parametrize("threshold", [0, 1.5, -1])
def test_a_threshold_outside_its_range_is_refused(threshold: float) -> None:
    with pytest.raises(MeasureError, match="share above 0, up to 1"):
        duplicates(pd.DataFrame({"doc_id": [], "text": []}), threshold)
    with pytest.raises(MeasureError, match="no column 'text'"):
        duplicates(pd.DataFrame({"doc_id": ["a"]}))
