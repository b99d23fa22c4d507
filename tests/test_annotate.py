"""The whole chain: the contract holds on real texts, and no result depends on how documents fall into batches."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import discourse as dc
from conftest import documents
from discourse import store, tables
from discourse.annotate import annotate_batch, split
from discourse.errors import AnnotationError, ReadError
from discourse.readers import read


def test_the_starter_keeps_the_contract(starter_marks: Any) -> None:
    starter_marks.check()
    for name in ("hedges", "attributions", "sources", "outlets", "voices"):
        assert len(starter_marks.frames[name]), name


def test_no_result_depends_on_the_batch(starter: Path) -> None:
    corpus = read(starter)
    together = store.join([annotate_batch(batch) for batch in split(corpus)])
    apart = store.join([annotate_batch(batch) for batch in split(corpus, 1)])
    for name in tables.TABLES:
        pd.testing.assert_frame_equal(together.frames[name], apart.frames[name], obj=name)


def test_a_voice_owns_every_counted_word(starter_marks: Any) -> None:
    counted = starter_marks.passages[starter_marks.passages["counted"]]
    texts = starter_marks.documents.set_index("doc_id")["text"]
    words = [tables.count_words(texts[row.doc_id][row.start : row.end]) for row in counted.itertuples()]
    assert starter_marks.voices["n_words"].sum() == sum(words)


def test_one_string_is_a_corpus() -> None:
    marks = dc.annotate("The mayor said the city might wait.", progress=False)
    assert marks.hedges["surface"].tolist() == ["might"]
    assert marks.attributions["source"].tolist() == ["The mayor"]


def test_nothing_to_read_is_a_clear_error() -> None:
    with pytest.raises((AnnotationError, ReadError)):
        dc.annotate(documents(), progress=False)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.text(max_size=300), min_size=1, max_size=3))
def test_any_text_is_annotated(texts: list[str]) -> None:
    store.join([annotate_batch(batch) for batch in split(read(documents(*texts)))]).check()


FRAGMENTS = st.sampled_from(
    [
        "“We may wait,” ",
        "said Ms. Orr",
        ", according to ",
        "UPDATE: ",
        "officials ",
        "> quoted\n",
        "\n\n",
        "the Harbour Post reports:",
        '"',
        "(",
        "he thinks that ",
        "1) ",
        "if ",
        ". ",
        "’",
        "\u202e",
        "More from ",
        "[x –ed.]",
    ]
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(FRAGMENTS, min_size=1, max_size=40).map("".join))
def test_any_order_of_what_rules_look_for_is_annotated(text: str) -> None:
    store.join([annotate_batch(batch) for batch in split(read(documents(text)))]).check()


@pytest.mark.parametrize("folder", ["seed", "real/weblogs"])
def test_real_weblogs_keep_the_contract(shared: Path, folder: str) -> None:
    marks = dc.annotate(shared / folder, progress=False)
    marks.check()
    files = [path for path in (shared / folder).iterdir() if path.suffix == ".txt"]
    assert len(marks.documents) + len(marks.skipped) == len(files)
    assert len(marks.skipped) == 0


@pytest.mark.parametrize("name", ["polnear.dev", "mpqa.dev"])
def test_gold_texts_keep_the_contract(gold: Any, name: str, tmp_path: Path) -> None:
    rows = gold(name)
    path = tmp_path / "texts.jsonl"
    path.write_text("".join(json.dumps({"doc_id": d["doc_id"], "text": d["text"]}) + "\n" for d in rows))
    marks = dc.annotate(path, progress=False)
    marks.check()
    assert marks.documents["text"].tolist() == [d["text"] for d in rows]


def test_local_outlets_are_known_on_request() -> None:
    text = "The Abilene Reporter-News said the bridge may close."
    assert len(dc.annotate(text, local_outlets=True, progress=False).outlets) == 1
