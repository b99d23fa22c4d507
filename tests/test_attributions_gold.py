"""The figures on real texts do not fall: floors a little under what the shipped parameters reach."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import discourse as dc
from discourse.evaluate import evaluate, pair, reliability, shipped

pytestmark = pytest.mark.shared

FLOORS = {"source exact": 0.75, "cue exact": 0.69, "content exact": 0.61, "source overlap": 0.80, "cue overlap": 0.78,
          "content overlap": 0.86, "linked": 0.63}  # fmt: skip


@pytest.fixture(scope="module")
def annotated(shared: Path, gold: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Annotate a gold file, once for all tests: name -> (folder of annotations, gold file)."""

    @cache
    def run(name: str) -> tuple[Path, Path]:
        rows = gold(name)
        documents = pd.DataFrame({"doc_id": [r["doc_id"] for r in rows], "text": [r["text"] for r in rows]})
        out = tmp_path_factory.mktemp(name) / "out"
        dc.save(dc.annotate(documents, progress=False), out)
        return out, shared / "gold" / f"{name}.jsonl.gz"

    return run


@pytest.fixture(scope="module")
def polnear(annotated: Any) -> pd.DataFrame:
    """F1 and the rest on PolNeAR's dev articles, by group and measure."""
    return evaluate(*annotated("polnear.dev"), draws=2).set_index(["group", "measure"])


def test_polnear(polnear: pd.DataFrame) -> None:
    table = polnear.loc["all"]
    assert {
        name: round(table.loc[name, "f1"], 3) for name, floor in FLOORS.items() if table.loc[name, "f1"] < floor
    } == {}
    assert abs(table.loc["cue overlap", "precision"] - table.loc["cue overlap", "recall"]) < 0.15


def test_confidence_is_the_share_right(annotated: Any) -> None:
    bins = reliability(pair(*annotated("polnear.dev")))
    assert ((bins["confidence"] - bins["right"]).abs() * bins["n"]).sum() / bins["n"].sum() < 0.06


def test_nesting(annotated: Any) -> None:
    table = evaluate(*annotated("mpqa.dev"), draws=2).set_index("measure")
    assert table.loc["nesting: cue", "recall"] > 0.75
    assert table.loc["nesting: cue", "precision"] > 0.84
    assert table.loc["nesting: source", "recall"] > 0.82
    assert table.loc["nesting: nested", "recall"] > 0.5
    assert table.loc["nesting: nested", "precision"] > 0.5


def test_the_shipped_figures_are_those_of_the_shipped_parameters(polnear: pd.DataFrame) -> None:
    then = shipped()["scores"].query("texts == 'polnear.dev'").set_index(["group", "measure"])["f1"]
    assert set(then.index) == set(polnear.index)
    assert (polnear["f1"] - then).abs().max() < 0.02
