"""The bundled corpora: as large as promised, clean, coded, and their agreement as printed in the corpus page."""

from __future__ import annotations

from pathlib import Path

import pytest

import corpus_agreement
from conftest import ROOT
from discourse import validate
from discourse.readers import read

CORPORA = ROOT / "corpora"


@pytest.mark.parametrize("name", ["starter", "one-post", "harbour-crisis"])
def test_a_corpus_is_valid(name: str) -> None:
    problems = validate(CORPORA / name)
    assert problems[problems["severity"] == "error"].empty, problems.to_string()
    assert not problems["code"].eq("W129").any(), "a document has no gold"


def test_the_large_corpus_is_as_large_as_promised() -> None:
    corpus = read(CORPORA / "harbour-crisis")
    assert len(corpus.documents) >= 60
    assert corpus.documents["n_words"].sum() >= 25_000
    assert {"txt", "md", "html", "docx", "csv"} <= set(corpus.documents["format"])
    assert len(corpus.skipped) == 1


def test_the_agreement_is_as_printed() -> None:
    folder = CORPORA / "harbour-crisis"
    assert len(corpus_agreement.coded(folder, "second")) == 12
    page = (folder / "README.md").read_text(encoding="utf-8")
    assert corpus_agreement.markdown(folder) in page, "run python tests/corpus_agreement.py corpora/harbour-crisis"


def test_words_take_the_label_of_their_span() -> None:
    assert corpus_agreement.by_word("one two three", [(4, 7, "x")]) == ["none", "x", "none"]


def test_spans_match_the_one_they_share_most_with() -> None:
    ours = [{"start": 0, "end": 5}, {"start": 20, "end": 22}]
    theirs = [{"start": 4, "end": 9}, {"start": 1, "end": 4}]
    assert list(corpus_agreement._matched(ours, theirs)) == [(ours[0], theirs[1])]


@pytest.fixture(autouse=True)
def _paths(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parent)
