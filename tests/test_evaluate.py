"""Scores against gold: by hand on small documents, and equal to the reference scorer on the shared gold."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import discourse as dc
from discourse.errors import MeasureError
from discourse.evaluate import evaluate, jaccard, read_gold

TEXT = "The mayor said the bridge was safe. The cook denied it."
GOLD = [
    {"source": [[0, 9]], "cue": [[10, 14]], "content": [[15, 34]]},
    {"source": [[36, 44]], "cue": [[45, 51]], "content": [[52, 54]]},
]


def saved(folder: Path, relations: list[dict[str, Any]], texts: list[str]) -> Path:
    """Annotations of these texts in which the first has exactly these attributions."""
    documents = pd.DataFrame({"doc_id": [f"d{i}" for i in range(len(texts))], "text": texts})
    marks = dc.annotate(documents, progress=False)
    names = [f"d0#a{i + 1:04d}" for i in range(len(relations))]
    attributions = dc.tables.frame(
        "attributions",
        {
            "doc_id": ["d0"] * len(relations),
            "attribution_id": names,
            "parent_id": [relation.get("parent") for relation in relations],
            **{f"{role}_{end}": [-1] * len(relations) for role in dc.tables.ROLES for end in ("start", "end")},
            **{"speech": "indirect", "stance": "neutral", "mode": "speech", "response": "none", "rule": "hand"},
            "confidence": [1.0] * len(relations),
        },
    )
    rows = [
        (name, "d0", role, *span)
        for name, relation in zip(names, relations, strict=True)
        for role in dc.tables.ROLES
        for span in relation[role]
    ]
    spans = dc.tables.frame("spans", pd.DataFrame(rows, columns=["attribution_id", "doc_id", "role", "start", "end"]))
    from dataclasses import replace

    dc.save(replace(marks, attributions=attributions, spans=spans), folder)
    return folder


def gold_file(folder: Path, *documents: dict[str, Any]) -> Path:
    path = folder / "gold.jsonl"
    path.write_text("".join(json.dumps(document) + "\n" for document in documents))
    return path


def value(table: pd.DataFrame, measure: str, column: str = "f1", group: str = "all") -> float:
    return float(table.set_index(["group", "measure"]).loc[(group, measure), column])


def test_all_right_is_one(tmp_path: Path) -> None:
    out = saved(tmp_path / "out", GOLD, [TEXT])
    table = evaluate(out, gold_file(tmp_path, {"doc_id": "d0", "text": TEXT, "attributions": GOLD}), draws=20)
    assert (table["f1"] == 1).all()


def test_exact_overlap_and_linked_by_hand(tmp_path: Path) -> None:
    found = [{"source": [[0, 9]], "cue": [[10, 14]], "content": [[19, 34]]}]
    out = saved(tmp_path / "out", found, [TEXT])
    table = evaluate(out, gold_file(tmp_path, {"doc_id": "d0", "text": TEXT, "attributions": GOLD}), draws=20)
    assert value(table, "source exact", "precision") == 1
    assert value(table, "source exact", "recall") == 0.5
    assert value(table, "content exact") == 0
    assert value(table, "content overlap", "recall") == 0.5
    assert value(table, "linked") == pytest.approx(2 / 3)


def test_nested_and_cueless_rows_are_left_out_unless_asked_for(tmp_path: Path) -> None:
    extra = [*GOLD, {"source": [], "cue": [[45, 51]], "content": [[36, 40]], "parent": "d0#a0001"},
             {"source": [], "cue": [], "content": [[0, 5]]}]  # fmt: skip
    out = saved(tmp_path / "out", extra, [TEXT])
    gold = gold_file(tmp_path, {"doc_id": "d0", "text": TEXT, "attributions": GOLD})
    assert value(evaluate(out, gold, draws=20), "linked", "n_found") == 2
    assert value(evaluate(out, gold, nested=True, draws=20), "linked", "n_found") == 3


def test_kinds_and_outlets_are_groups(tmp_path: Path) -> None:
    quoted = "“We wait,” she said."
    items = [{"source": [[11, 14]], "cue": [[15, 19]], "content": [[0, 10]]}]
    out = saved(tmp_path / "out", GOLD, [TEXT, quoted])
    gold = gold_file(
        tmp_path,
        {"doc_id": "d0", "text": TEXT, "attributions": GOLD, "outlet": "Courier"},
        {"doc_id": "d1", "text": quoted, "attributions": items, "outlet": "Gazette"},
    )
    table = evaluate(out, gold, draws=20)
    assert value(table, "linked", group="kind: indirect") == 1
    assert value(table, "linked", "recall", group="kind: direct") == 0
    assert value(table, "linked", group="outlet: Courier") == 1
    assert value(table, "linked", "n_gold", group="outlet: Gazette") == 1


def test_brat_files_as_polnear_ships_them(tmp_path: Path) -> None:
    folder = tmp_path / "attributions"
    folder.mkdir()
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "d0.txt").write_text(TEXT)
    (folder / "d0_ab12.ann").write_text(
        "T1\tSource 0 9\tThe mayor\nT2\tCue 10 14\tsaid\nT3\tContent 15 25;26 34\tthe bridge was safe\n"
        "T4\tAttribution 10 14\tsaid\nE1\tAttribution:T4 Content:T3 Cue:T2 Source:T1\n"
    )
    (document,) = read_gold(tmp_path)
    assert document["doc_id"] == "d0"
    assert document["attributions"] == [{"source": [[0, 9]], "cue": [[10, 14]], "content": [[15, 25], [26, 34]]}]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [("gold.jsonl", "{}\n", "line 1: not a gold document"), ("gold.jsonl", None, "no such file"),
     ("folder", "", "no .ann file")],
)  # fmt: skip
def test_gold_that_cannot_be_read_says_what_to_do(tmp_path: Path, name: str, content: str | None, message: str) -> None:
    path = tmp_path / name
    if name == "folder":
        path.mkdir()
    elif content is not None:
        path.write_text(content)
    with pytest.raises(MeasureError, match=message):
        list(read_gold(path))


def test_gold_of_other_documents_is_refused(tmp_path: Path) -> None:
    out = saved(tmp_path / "out", GOLD, [TEXT])
    with pytest.raises(MeasureError, match="share no document"):
        evaluate(out, gold_file(tmp_path, {"doc_id": "elsewhere", "text": TEXT, "attributions": GOLD}))


def test_jaccard() -> None:
    assert jaccard(((0, 4),), ((2, 6),)) == pytest.approx(1 / 3)
    assert jaccard((), ()) == 1


def test_the_reference_scorer_agrees(tmp_path: Path, shared: Path, gold: Any) -> None:
    rows = gold("polnear.dev")[:12]
    documents = pd.DataFrame({"doc_id": [r["doc_id"] for r in rows], "text": [r["text"] for r in rows]})
    dc.save(dc.annotate(documents, progress=False), tmp_path / "out")
    path = gold_file(tmp_path, *rows)
    command = [
        sys.executable,
        str(shared / "tools" / "score.py"),
        "attributions",
        str(tmp_path / "out"),
        str(path),
        "--json",
    ]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    reference = json.loads(said.splitlines()[-1])
    table = evaluate(tmp_path / "out", path, draws=20)
    for name, figure in reference.items():
        assert value(table, name.replace("_", " ")) == pytest.approx(figure)
