"""Concordance lines and collocates, against NLTK and by hand."""

from __future__ import annotations

import math
import re
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.metrics.association import BigramAssocMeasures
from nltk.text import ConcordanceIndex

from byhand import annotation
from discourse import measures
from discourse.concordance import collocates, kwic
from discourse.errors import MeasureError
from discourse.tables import WORD


@pytest.fixture(scope="module")
def marks() -> Any:
    one = {
        "doc_id": "d1", "outlet": "Harbour Post", "place": "pier", "passages": [
            {"text": "The ferry may sail. Can the ferry wait? The crew can't say, and the\nferry's captain may not.",
             "hedges": [("may", "modal", 0.5), ("may", "modal", 0.5)]},
            {"text": "“May,” she said, “is the month the FERRY sails.”", "voice": "The Tide",
             "attributions": [{"cue": "said", "identification": "named_person"}]},
            {"text": "Ferry offers may end.", "kind": "promo", "counted": False, "hedges": [("may", "modal", 0.5)]},
        ],
    }  # fmt: skip
    two = {"doc_id": "d2", "outlet": None, "place": "quay", "passages": [{"text": "A red ferry and a blue ferry met."}]}
    return annotation(one, two)


def lines(found: pd.DataFrame) -> list[tuple[str, str, str]]:
    return list(zip(found["left"], found["node"], found["right"], strict=True))


def test_left_node_and_right_are_the_text(marks: Any) -> None:
    found = kwic(marks, "ferry", window=2)
    assert lines(found)[:2] == [("The ", "ferry", " may sail."), ("Can the ", "ferry", " wait? The")]
    texts = dict(zip(marks.documents["doc_id"], marks.documents["text"], strict=True))
    for doc, start, end, node in zip(found["doc_id"], found["start"], found["end"], found["node"], strict=True):
        assert texts[doc][start:end] == node


def test_every_hit_is_there_and_told(marks: Any) -> None:
    found = kwic(marks, "ferry")
    assert len(found) == found.attrs["total"] == 6
    assert found.attrs["basis"] == "6 hits in 2 documents"
    words = [word for text in marks.documents["text"] for word in WORD.findall(text)]
    assert len(found) == len(ConcordanceIndex(words, key=str.lower).offsets("ferry"))


def test_a_word_is_a_whole_word(marks: Any) -> None:
    assert len(kwic(marks, "can")) == 1
    assert len(kwic(marks, "can't")) == len(kwic(marks, "can’t")) == 1
    assert len(kwic(marks, "ferry's")) == 1
    assert len(kwic(marks, "ferr*")) == 7
    assert len(kwic(marks, "the ferry's")) == 1, "white space of any kind stands between the words of a phrase"


def test_capitals_and_regular_expressions(marks: Any) -> None:
    assert len(kwic(marks, "may", case=True)) == 3
    assert len(kwic(marks, "may")) == 4
    assert len(kwic(marks, r"ferry\b", regex=True)) == 7
    assert len(kwic(marks, re.compile("FERRY"))) == 1


def test_a_text_whose_lower_case_is_longer_keeps_its_offsets() -> None:
    made = annotation({"doc_id": "d", "passages": [{"text": "İİİ The ferry sails."}]})
    assert lines(kwic(made, "ferry", window=1)) == [("The ", "ferry", " sails.")]


def test_a_list_of_phrases_takes_the_longest(marks: Any) -> None:
    found = kwic(marks, ["ferry", "red ferry", "blue ferr*"])
    assert [node for node in found["node"] if " " in node] == ["red ferry", "blue ferry"]
    assert len(found) == 6


def test_a_whole_sentence_as_context(marks: Any) -> None:
    assert lines(kwic(marks, "wait", by="sentence")) == [("Can the ferry ", "wait", "?")]


def test_glued_punctuation_is_not_a_word_of_the_window(marks: Any) -> None:
    assert lines(kwic(marks, "said", window=1)) == [("she ", "said", ", “is")]


def test_findings_as_the_node_are_those_the_rates_count(marks: Any) -> None:
    found = kwic(marks, table="hedges", where={"category": "modal"})
    assert found["node"].tolist() == ["may", "may"]
    assert len(found) == int(measures.counts(marks, "hedges", where={"category": "modal"})["count"].iloc[0])
    assert {"category", "strength", "entry"} <= set(found)
    assert kwic(marks, table="attributions")["node"].tolist() == ["said"]


def test_a_frame_of_spans_as_the_node(marks: Any) -> None:
    spans = pd.DataFrame({"doc_id": ["d2"], "start": [2], "end": [5], "why": ["test"]})
    found = kwic(marks, spans, window=1)
    assert lines(found) == [("A ", "red", " ferry")]
    assert found["why"].tolist() == ["test"]


def test_metadata_come_first_and_never_hide_a_column_of_the_finding(marks: Any) -> None:
    assert list(kwic(marks, "ferry"))[:3] == ["doc_id", "outlet", "left"]
    assert list(kwic(marks, "ferry", metadata=["place"]))[:3] == ["doc_id", "place", "left"]
    outlets = marks.outlets.head(0)
    assert len(kwic(SimpleNamespace(**{**vars(marks), "outlets": outlets}), table="outlets")) == 0
    made = annotation(
        {"doc_id": "d", "outlet": "A", "passages": [{"text": "The Tide said so.", "outlets": [("The Tide", "origin")]}]}
    )
    assert kwic(made, table="outlets")["outlet_mentioned"].tolist() == ["The Tide"]
    assert kwic(made, table="outlets")["outlet"].tolist() == ["A"]


def test_conditions_choose_documents_and_voices(marks: Any) -> None:
    assert len(kwic(marks, "ferry", where={"outlet": "Harbour Post"})) == 4
    assert kwic(marks, "ferry", where={"voice_kind": "outlet"})["node"].tolist() == ["FERRY"]


def test_sorts(marks: Any) -> None:
    right = kwic(marks, "ferry", where={"doc_id": ["d1", "d2"]}, sort="1R2R")
    assert [WORD.findall(text.lower())[:1] for text in right["right"]] == sorted(
        WORD.findall(text.lower())[:1] for text in right["right"]
    )
    left = kwic(marks, "ferry", sort="1L2L3L")
    assert [WORD.findall(text.lower())[-1:] for text in left["left"]] == sorted(
        WORD.findall(text.lower())[-1:] for text in left["left"]
    )
    assert kwic(marks, "ferry*", sort="node")["node"].str.lower().is_monotonic_increasing


def test_nothing_found_is_a_table_with_the_same_columns(marks: Any) -> None:
    found = kwic(marks, "submarine")
    assert len(found) == 0
    assert list(found) == list(kwic(marks, "ferry"))
    assert len(collocates(marks, "submarine")) == 0


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({}, "either node"),
        ({"node": "a", "table": "hedges"}, "either node"),
        ({"node": "  "}, "none empty"),
        ({"node": []}, "none empty"),
        ({"node": "(", "regex": True}, "no regular expression"),
        ({"node": "a", "by": "page"}, "'sentence'"),
        ({"node": "a", "window": 0}, "at least 1"),
        ({"node": "a", "sort": "2X"}, "1L2L3L"),
        ({"node": "a", "sort": "0L"}, "1L2L3L"),
        ({"node": "a", "metadata": ["colour"]}, "no column 'colour'"),
        ({"node": pd.DataFrame({"doc_id": ["d1"]})}, "no column 'end'"),
    ],
)
def test_what_cannot_be_looked_up_is_refused_in_words(marks: Any, asked: dict[str, Any], says: str) -> None:
    with pytest.raises(MeasureError, match=says):
        kwic(marks, **asked)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text("aB .-'’İ\n", max_size=30), min_size=1, max_size=4), st.integers(1, 4))
def test_hits_are_the_words_of_the_text_wherever_they_stand(texts: list[str], window: int) -> None:
    documents = pd.DataFrame({"doc_id": [f"d{n}" for n in range(len(texts))], "text": texts})
    made = annotation()
    frame = made.documents.reindex(documents.index).assign(doc_id=documents["doc_id"], text=texts, n_words=0)
    made.documents = frame.astype({"duplicate_of": "str"})
    found = kwic(made, "aB", window=window, case=True)
    by_words = [(doc, m.start()) for doc, text in enumerate(texts) for m in WORD.finditer(text) if m.group() == "aB"]
    assert [(int(doc[1:]), start) for doc, start in zip(found["doc_id"], found["start"], strict=True)] == by_words
    for doc, left, node, right in zip(found["doc_id"], found["left"], found["node"], found["right"], strict=True):
        assert " ".join((left + node + right).split()) in " ".join(texts[int(doc[1:])].split())


def test_the_order_of_rows_changes_nothing(marks: Any) -> None:
    mixed = SimpleNamespace(**{name: table.sample(frac=1, random_state=4) for name, table in vars(marks).items()})
    for asked in ({"node": "ferry", "sort": "1L"}, {"node": "may", "by": "sentence"}, {"table": "hedges"}):
        pd.testing.assert_frame_equal(kwic(marks, **asked), kwic(mixed, **asked))
    pd.testing.assert_frame_equal(collocates(marks, "ferry"), collocates(mixed, "ferry"))


# Collocates


def test_collocates_by_hand() -> None:
    made = annotation({"doc_id": "d", "passages": [{"text": "a b x c d. e x b f b."}]})
    found = collocates(made, "x", span=1, minimum=1).set_index("word")
    assert found.loc["b", ["count", "left", "right", "total"]].tolist() == [2, 1, 1, 3]
    assert found.loc["e", ["count", "left", "right", "total"]].tolist() == [1, 1, 0, 1]
    assert found.loc["b", "expected"] == pytest.approx(3 * 4 / 8)


def test_measures_are_nltks(marks: Any) -> None:
    found = collocates(marks, "ferry", span=3, minimum=1)
    _, near, size = (int(part) for part in re.findall(r"\d+(?= nodes| words| in all)", found.attrs["basis"]))
    nodes = found.attrs["nodes"]
    for line in found.to_dict("records"):
        table = (line["count"], (near, line["total"]), size)
        assert line["g2"] == pytest.approx(BigramAssocMeasures.likelihood_ratio(*table), abs=1e-6)
        assert line["t"] == pytest.approx(BigramAssocMeasures.student_t(*table))
        pmi = BigramAssocMeasures.pmi(*table)
        assert line["npmi"] == pytest.approx(pmi / -math.log2(line["count"] / size))
        dice = BigramAssocMeasures.dice(line["count"], (nodes, line["total"]), size)
        assert line["log_dice"] == pytest.approx(14 + math.log2(dice))


def test_a_token_between_two_nodes_counts_once() -> None:
    made = annotation({"doc_id": "d", "passages": [{"text": "x and x"}]})
    found = collocates(made, "x", minimum=1)
    assert found.loc[0, ["count", "left", "right"]].tolist() == [1, 1, 1]


@pytest.mark.parametrize(("asked", "says"), [({"span": 11}, "1 to 10"), ({"sort": "mi"}, "log_dice")])
def test_settings_of_collocates(marks: Any, asked: dict[str, Any], says: str) -> None:
    with pytest.raises(MeasureError, match=says):
        collocates(marks, "ferry", **asked)
