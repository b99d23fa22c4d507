"""Scores against gold: by hand on small documents, and equal to the reference scorer on the shared gold."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import discourse as dc
from discourse import fitting, golddiff
from discourse.errors import MeasureError
from discourse.evaluate import evaluate, jaccard, pair, read_gold

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


def brat_folder(folder: Path, lines: str) -> Path:
    (folder / "d0.txt").write_text(TEXT)
    (folder / "d0.ann").write_text(lines)
    return folder


ENTITIES = (
    "T1\tSource 0 9\tThe mayor\nT2\tCue 10 14\tsaid\nT3\tContent 15 34\tthe bridge was safe\n"
    "T4\tSource 36 44\tThe cook\nT5\tCue 45 51\tdenied\nT6\tContent 52 54\tit\n"
)


@pytest.mark.parametrize(
    "relations",
    [
        [("T1", "T2"), ("T2", "T3"), ("T5", "T4"), ("T6", "T5")],
        [("T1", "T3"), ("T3", "T2"), ("T5", "T4"), ("T4", "T6")],
    ],
    ids=["star", "chain"],
)
def test_brat_relations_tie_attributions(tmp_path: Path, relations: list[tuple[str, str]]) -> None:
    lines = [f"R{i}\tAttribution Arg1:{a} Arg2:{b}\n" for i, (a, b) in enumerate(relations, 1)]
    (document,) = read_gold(brat_folder(tmp_path, ENTITIES + "".join(lines) + "R9\tCoref Arg1:T1 Arg2:T4\n"))
    assert sorted(document["attributions"], key=lambda row: row["cue"]) == GOLD


def test_brat_relations_without_a_cue(tmp_path: Path) -> None:
    (document,) = read_gold(brat_folder(tmp_path, ENTITIES + "R1\tAttribution Arg1:T1 Arg2:T3\n"))
    assert document["attributions"] == [{**GOLD[0], "cue": []}]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("T1\tCue 10 14\tsaid\nT2\tSource abc\n", r"d0.ann, line 2: not brat standoff: 'T2\\tSource abc'"),
        ("T1\n", "d0.ann, line 1: not brat standoff"),
        (ENTITIES + "R1\tAttribution Arg1:T1\n", "d0.ann, line 7: not brat standoff"),
        ("E1\tAttribution:T4 Source:T1\n", "d0.ann: an Attribution names 'T1', and no line"),
    ],
)
def test_brat_that_cannot_be_read_names_file_and_line(tmp_path: Path, lines: str, message: str) -> None:
    with pytest.raises(MeasureError, match=message):
        list(read_gold(brat_folder(tmp_path, lines)))


def test_entities_that_nothing_ties_are_refused(tmp_path: Path) -> None:
    out = saved(tmp_path / "out", GOLD, [TEXT])
    with pytest.raises(MeasureError, match="no attribution in it"):
        evaluate(out, brat_folder(tmp_path, ENTITIES))


def test_gold_on_another_text_is_refused(tmp_path: Path) -> None:
    out = saved(tmp_path / "out", GOLD, [TEXT])
    other = TEXT.replace("cook", "clerk")
    gold = gold_file(tmp_path, {"doc_id": "d0", "text": other, "attributions": GOLD})
    with pytest.raises(MeasureError, match="'d0' is not the annotated one: they differ first at character 41"):
        evaluate(out, gold)
    longer = gold_file(tmp_path, {"doc_id": "d0", "text": TEXT + " ", "attributions": GOLD})
    with pytest.raises(MeasureError, match=f"character {len(TEXT)} "):
        evaluate(out, longer)


def layered(relations: list[dict[str, Any]]) -> dict[str, Any]:
    """A document as the gold of a corpus folder has it: rows of attributions and rows of spans, no text."""
    names = [f"d0#a{i:04d}" for i in range(len(relations))]
    rows = [
        {"attribution_id": name, "parent_id": row.get("parent")} for name, row in zip(names, relations, strict=True)
    ]
    spans = [
        {"attribution_id": name, "role": role, "start": start, "end": end}
        for name, row in zip(names, relations, strict=True)
        for role in dc.tables.ROLES
        for start, end in row[role]
    ]
    return {"doc_id": "d0", "attributions": rows, "spans": spans}


def test_a_coding_in_layers(tmp_path: Path) -> None:
    deep = {"source": [], "cue": [[45, 51]], "content": [[36, 40]], "parent": "d0#a0000"}
    free = {"source": [], "cue": [], "content": [[0, 5]]}
    out = saved(tmp_path / "out", [*GOLD, free], [TEXT])
    gold = gold_file(tmp_path, layered([*GOLD, free, deep]))
    table = evaluate(out, gold, draws=20)
    assert value(table, "linked") == 1, "rows without a cue are coded there, and count"
    assert value(table, "linked", "n_gold") == 3, "a nested one is left out on both sides"
    assert value(evaluate(out, gold, nested=True, draws=20), "linked", "recall") == 0.75
    assert pair(out, gold)[0].text == TEXT


def test_the_gold_of_a_bundled_corpus(tmp_path: Path, starter: Path, starter_marks: Any) -> None:
    dc.save(starter_marks, tmp_path / "out")
    table = evaluate(tmp_path / "out", starter / "gold" / "first.jsonl", draws=20)
    coded = [json.loads(line) for line in (starter / "gold" / "first.jsonl").read_text().splitlines()]
    top = [row for document in coded for row in document["attributions"] if row["parent_id"] is None]
    assert value(table, "linked", "n_gold") == len(top)
    assert value(table, "source overlap") > 0.5


def test_a_document_without_text_must_be_annotated(tmp_path: Path) -> None:
    out = saved(tmp_path / "out", GOLD, [TEXT])
    gold = gold_file(tmp_path, layered(GOLD), {**layered(GOLD), "doc_id": "d7"})
    with pytest.raises(MeasureError, match="line 2: 'd7' has no text"):
        evaluate(out, gold)


@pytest.mark.parametrize(
    ("spans", "message"),
    [
        ([["x", 9]], r'line 1: not a gold document .the source \["x", 9\] is not'),
        ([[1]], "line 1: not a gold document"),
        (7, "line 1: not a gold document"),
        ([[5, 5]], r"line 1: the source \[5, 5\] does not lie in the text of 'd0'"),
        ([[0, 900]], r"line 1: the source \[0, 900\] does not lie"),
    ],
)
def test_spans_that_are_none(tmp_path: Path, spans: Any, message: str) -> None:
    out = saved(tmp_path / "out", GOLD, [TEXT])
    items = [{**GOLD[0], "source": spans}]
    with pytest.raises(MeasureError, match=message):
        evaluate(out, gold_file(tmp_path, {"doc_id": "d0", "text": TEXT, "attributions": items}))


def test_files_that_are_not_text(tmp_path: Path) -> None:
    latin, cut = tmp_path / "latin.jsonl", tmp_path / "cut.jsonl.gz"
    latin.write_bytes(b'{"doc_id": "caf\xe9"}\n')
    cut.write_bytes(gzip.compress(b"{}" * 99)[:-9])
    for path in (latin, cut):
        with pytest.raises(MeasureError, match=f"{path.name}, after line 0: cannot be read"):
            list(read_gold(path))


@pytest.mark.parametrize("main", [fitting.main, golddiff.main])
def test_without_the_gold_the_makers_say_what_to_set(
    main: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DISCOURSE_SHARED", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["make"])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 2
    said = capsys.readouterr().err
    assert "set DISCOURSE_SHARED" in said
    assert said.count("\n") == 1


def test_a_commit_git_does_not_know_is_told(tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text('{"doc_id": "a", "text": "Rain.", "attributions": []}\n', encoding="utf-8")
    with pytest.raises(MeasureError, match=r"no package at commit 'no-such-commit'.*give --base a commit"):
        golddiff.compare(gold, base="no-such-commit")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [("gold.jsonl", "{}\n", "line 1: not a gold document"), ("gold.jsonl", None, "no such file"),
     ("gold.jsonl", "[1]\n", "line 1: not a gold document"), ("gold.jsonl", "\n", "the file is empty"),
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
