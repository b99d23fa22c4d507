"""The command: what it writes, its messages and its exit codes."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from discourse import cli, store

RUN = CliRunner()


def test_annotate_writes_tables_that_info_reads(starter: Path, tmp_path: Path) -> None:
    done = RUN.invoke(cli.app, ["annotate", str(starter), "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert len(store.load(tmp_path / "out").documents) == 8
    told = RUN.invoke(cli.app, ["info", str(tmp_path / "out")])
    assert told.exit_code == 0
    assert "8 documents" in told.output


def test_columns_of_a_table_are_named(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    pd.DataFrame({"key": ["007"], "body": ["The mayor said it may rain."]}).to_csv(table, index=False)
    out = tmp_path / "out"
    options = ["--text-column", "body", "--doc-id-column", "key", "--out", str(out)]
    done = RUN.invoke(cli.app, ["annotate", str(table), *options])
    assert done.exit_code == 0, done.output
    assert store.load(out).documents["doc_id"].tolist() == ["007"]


@pytest.mark.parametrize("engine", [[], ["--engine", "one"]], ids=["whole", "parts"])
def test_a_lexicon_of_ones_own(tmp_path: Path, engine: list[str]) -> None:
    (tmp_path / "t.txt").write_text("Perhaps the ferry sails. Touch wood it does.", encoding="utf-8")
    (tmp_path / "mine.txt").write_text("touch wood\n", encoding="utf-8")
    out = tmp_path / "out"
    for words, expected in ((["--lexicon", str(tmp_path / "mine.txt")], "touch wood"), ([], "perhaps")):
        done = RUN.invoke(cli.app, ["annotate", str(tmp_path / "t.txt"), "--out", str(out), *engine, *words])
        assert done.exit_code == 0, done.output
        assert store.load(out).hedges["entry"].tolist() == [expected]
    refused = RUN.invoke(cli.app, ["annotate", str(tmp_path / "t.txt"), "--out", str(out), "--lexicon", "nobodys.csv"])
    assert refused.exit_code == 2
    assert "no lexicon 'nobodys.csv'" in refused.output


def test_nothing_usable_is_exit_code_1(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "broken.docx").write_bytes(b"PK\x03\x04 no")
    done = RUN.invoke(cli.app, ["annotate", str(tmp_path / "in"), "--out", str(tmp_path / "out")])
    assert done.exit_code == 1, done.output
    assert "broken.docx" in done.output
    assert "Traceback" not in done.output


@pytest.mark.parametrize(
    "arguments",
    [["annotate", "no-such-folder", "--out", "x"], ["info", "no-such-folder"], ["annotate"], ["lab", "no-such.ipynb"]],
)
def test_wrong_usage_is_exit_code_2(arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = RUN.invoke(cli.app, arguments)
    assert done.exit_code == 2, done.output
    assert "Traceback" not in done.output


def test_a_terminal_is_shown_no_control_characters() -> None:
    assert cli.plain("a\x1b[31m\u202eb\n") == "a\\x1b[31m\\u202eb\n"


def test_a_text_without_words_is_exit_code_1(tmp_path: Path) -> None:
    (tmp_path / "blank.txt").write_text(" \n … \n", encoding="utf-8")
    done = RUN.invoke(cli.app, ["annotate", str(tmp_path / "blank.txt"), "--out", str(tmp_path / "out")])
    assert done.exit_code == 1, done.output
    assert "no word" in done.output


def test_parts_are_not_written_over_a_file(starter: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    done = RUN.invoke(cli.app, ["annotate", str(starter), "--engine", "one", "--out", str(tmp_path / "out")])
    assert done.exit_code == 2, done.output
    assert "cannot make the folder" in done.output


def test_the_version_is_told() -> None:
    assert RUN.invoke(cli.app, ["--version"]).output.startswith("discourse ")
