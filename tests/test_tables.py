"""The contract: what `frame` makes passes `check`, and each way to break it is named."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from discourse import tables
from discourse.errors import TableError


def spans(**changes: object) -> pd.DataFrame:
    columns = {"attribution_id": ["d#a0001"], "doc_id": ["d"], "role": ["cue"], "start": [0], "end": [2], **changes}
    return tables.frame("spans", columns)


@pytest.mark.parametrize("name", tables.TABLES)
def test_an_empty_table_keeps_the_contract(name: str) -> None:
    frame = tables.frame(name)
    tables.check(name, frame)
    assert list(frame.columns) == tables.TABLES[name].names


def test_extra_columns_ride_along_after_the_contract() -> None:
    assert list(spans(coder=["x"]).columns) == ["attribution_id", "doc_id", "role", "start", "end", "coder"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"role": ["speaker"]}, "row 0: 'speaker' is not one of source, cue, content"),
        ({"doc_id": [None]}, "column 'doc_id', row 0 is null"),
    ],
)
def test_a_bad_value_is_named(change: dict[str, object], words: str) -> None:
    with pytest.raises(TableError, match=words):
        tables.check("spans", spans(**change))


def test_offsets_are_held_against_the_text() -> None:
    tables.check("spans", spans(), {"d": "ab"})
    with pytest.raises(TableError, match="lie outside 'd'"):
        tables.check("spans", spans(end=[3]), {"d": "ab"})


def test_a_surface_that_is_not_the_text_is_named() -> None:
    row = {
        "doc_id": ["d"],
        "hedge_id": ["d#h0001"],
        "start": [0],
        "end": [3],
        "surface": ["May"],
        "entry": ["may"],
        "category": ["modal"],
        "polarity": ["hedge"],
        "strength": [0.5],
        "holder": ["voice"],
        "scope_start": [-1],
        "scope_end": [-1],
        "rule": ["x"],
    }
    frame = tables.frame("hedges", row)
    with pytest.raises(TableError, match="is 'may', not 'May'"):
        tables.check("hedges", frame, {"d": "may be"})


def test_a_missing_column_says_how_to_make_it() -> None:
    with pytest.raises(TableError, match=r"'role' is missing; make the table with tables.frame\('spans'"):
        tables.check("spans", spans().drop(columns="role"))


def test_an_identifier_given_twice_is_named() -> None:
    frame = tables.frame("documents", {"doc_id": ["a", "a"], "text": ["x", "y"], "n_words": [1, 1]})
    with pytest.raises(TableError, match="doc_id 'a' is there twice"):
        tables.check("documents", frame)


def test_identifiers_count_within_a_document() -> None:
    assert tables.ids(["a", "b", "a"], "h") == ["a#h0001", "b#h0001", "a#h0002"]


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("The U.S.-led force", 4),
        ("it’s a well-known 3,000-word text", 6),
        ("no\u00adbody", 1),
        ("cafe\u0301 life", 2),
        (" — … ", 0),
        ("a_b", 2),
    ],
)
def test_words_are_runs_joined_by_apostrophe_hyphen_or_point(text: str, n: int) -> None:
    assert tables.count_words(text) == n


@given(st.text())
def test_counting_words_takes_any_text(text: str) -> None:
    assert 0 <= tables.count_words(text) <= len(text)


def test_the_data_dictionary_has_every_column() -> None:
    dictionary = tables.data_dictionary()
    assert len(dictionary) == sum(len(table.columns) for table in tables.TABLES.values())
    assert (dictionary["about"].str.len() > 0).all()
