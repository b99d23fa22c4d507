"""Every entry matches its example and not its counterexample; lists are read or refused by name."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from discourse import gazetteer as gz
from discourse import lexicon, tables
from discourse.errors import LexiconError
from discourse.layout import layout
from discourse.outlets import outlets
from discourse.passages import passages
from discourse.sentences import sentences


def mentions(texts: list[str], gazetteer: pd.DataFrame | str | None = None, **columns: list[str]) -> pd.DataFrame:
    """Outlet mentions of texts d0000, d0001, …"""
    documents = pd.DataFrame({"doc_id": [f"d{number:04d}" for number in range(len(texts))], "text": texts, **columns})
    page = layout(documents)
    passed = passages(documents, page)
    tokens, sentenced = sentences(page, passed)
    return outlets(documents, tokens, sentenced, passed, tables.frame("attributions"), gazetteer)


OUTLETS = gz.shipped()
DESCRIPTORS = lexicon.load("media_descriptors")


def by_text(found: pd.DataFrame) -> dict[int, pd.DataFrame]:
    return {int(doc_id[1:]): rows for doc_id, rows in found.groupby("doc_id")}


def test_there_are_a_thousand_outlets_world_wide() -> None:
    assert len(OUTLETS) >= 1_000
    assert OUTLETS["outlet"].is_unique
    assert OUTLETS["country"].nunique() >= 100
    assert OUTLETS["country"].str.fullmatch(r"[A-Z]{2}|").all()
    assert (OUTLETS["source"] != "").all()
    assert set(OUTLETS["medium"]) == set(tables.MEDIA)


def test_an_outlet_above_low_has_a_counterexample() -> None:
    above = OUTLETS["ambiguity"] != "low"
    assert (OUTLETS.loc[above, "counterexample"] != "").all()


def test_examples_are_sentences_of_their_own() -> None:
    assert OUTLETS["example"].is_unique
    assert (OUTLETS["example"].str.split().str.len() >= 4).all()
    written = pd.concat([OUTLETS["counterexample"], DESCRIPTORS["example"], DESCRIPTORS["counterexample"]])
    assert written[written != ""].is_unique


def test_every_outlet_matches_its_example() -> None:
    found = by_text(mentions(OUTLETS["example"].tolist()))
    named = {number: set(rows["outlet"].dropna()) for number, rows in found.items()}
    names = OUTLETS["outlet"].tolist()
    assert [name for row, name in enumerate(names) if name not in named.get(row, set())] == []


def test_no_outlet_matches_its_counterexample() -> None:
    found = by_text(mentions(OUTLETS["counterexample"].replace("", "Nothing.").tolist()))
    wrong = []
    for row, mentioned in found.items():
        name = OUTLETS["outlet"].iloc[row]
        candidates = {one for cell in mentioned["candidates"].dropna() for one in cell.split("; ")}
        if name in candidates | set(mentioned["outlet"].dropna()):
            wrong.append((name, mentioned["surface"].tolist(), mentioned["rule"].tolist()))
    assert not wrong


def test_every_form_of_a_name_is_found_beside_a_cue() -> None:
    known = gz.compiled()
    names = known.outlets["outlet"].tolist()
    forms = [
        ({names[sense.row] for sense in senses}, sense.written)
        for senses in known.senses
        for sense in senses
        if sense.strength != gz.ENDING
    ]
    found = by_text(mentions([f"Six divers told the newspaper {written} about the wreck." for _, written in forms]))
    lost = []
    for number, (bearers, written) in enumerate(forms):
        rows = found.get(number, pd.DataFrame(columns=["outlet", "candidates"]))
        named = set(rows["outlet"].dropna()) | {c for cell in rows["candidates"].dropna() for c in cell.split("; ")}
        if not named & bearers:
            lost.append((written, named))
    assert not lost


def test_every_descriptor_matches_its_example_and_not_its_counterexample() -> None:
    rules = {}
    for column in ("example", "counterexample"):
        found = by_text(mentions(DESCRIPTORS[column].replace("", "Nothing.").tolist()))
        rules[column] = {n: {rule.split(" | ")[0] for rule in rows["rule"]} for n, rows in found.items()}
    for row, entry in enumerate(DESCRIPTORS["entry"]):
        rule = f"descriptor: {entry}"
        assert rule in rules["example"].get(row, set())
        assert rule not in rules["counterexample"].get(row, set()), entry


def test_a_descriptor_has_no_outlet() -> None:
    found = mentions(DESCRIPTORS["example"].tolist())
    assert found.loc[found["generic"], "outlet"].isna().all()


def test_the_long_local_list_is_opt_in() -> None:
    text = ["Sources told the Winston County Journal that the dam leaks."]
    local = gz.shipped(local=True)
    assert len(local) > 5_000 + len(OUTLETS)
    row = local.index[local["outlet"].str.startswith("Winston County Journal")][0]
    assert mentions(text, "local")["outlet"].tolist() == [local["outlet"].iloc[row]]
    assert mentions(text)["rule"].str.startswith("shape of a name").all()


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ({"outlet": ["Kelp Courier"], "medium": ["pigeon"]}, "medium 'pigeon' is not one of agency"),
        ({"outlet": ["Kelp Courier"], "ambiguity": ["some"]}, "ambiguity 'some' is not one of low, medium, high"),
        ({"outlet": ["Kelp Courier", ""]}, "row 2: 'outlet' is empty"),
        ({"name": ["Kelp Courier"]}, "column 'outlet' is missing"),
    ],
)
def test_a_row_that_cannot_be_used_is_refused_by_name(rows: dict[str, list[str]], words: str) -> None:
    with pytest.raises(LexiconError, match=words):
        gz.compiled(pd.DataFrame(rows))


def test_an_unknown_gazetteer_and_unreadable_lists_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="'local' for the long local list"):
        gz.compiled("global")
    with pytest.raises(LexiconError, match="no outlet list at"):
        gz.read_outlets(tmp_path / "none.csv")
    path = tmp_path / "mine.csv"
    for content, words in ((b"name\nx\n", "column 'outlet'"), (b"outlet\nx,y\n", "row 2: 2 cells"), (b"\xff", "UTF-8")):
        path.write_bytes(content)
        with pytest.raises(LexiconError, match=words):
            gz.read_outlets(path)
