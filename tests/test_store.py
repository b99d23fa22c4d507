"""What is saved is read back, a damaged file is named, and a run that was stopped goes on where it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from discourse import engines, store, tables
from discourse.errors import ReadError, StoreError
from discourse.readers import read


def same(a: store.Annotations, b: store.Annotations) -> None:
    for name in tables.TABLES:
        pd.testing.assert_frame_equal(a.frames[name], b.frames[name], obj=name)


def test_save_and_load(starter_marks: Any, tmp_path: Path) -> None:
    starter_marks.save(tmp_path / "out")
    same(store.Annotations.load(tmp_path / "out"), starter_marks)


def test_saved_annotations_are_not_read_as_texts(starter_marks: Any, tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="open it with load"):
        read(starter_marks.save(tmp_path / "out"))


def test_saving_twice_gives_the_same_bytes(starter_marks: Any, tmp_path: Path) -> None:
    one, two = starter_marks.save(tmp_path / "one"), starter_marks.save(tmp_path / "two")
    assert {p.name: p.read_bytes() for p in one.iterdir()} == {p.name: p.read_bytes() for p in two.iterdir()}


def test_no_folder_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no folder"):
        store.load(tmp_path / "none")


@pytest.mark.parametrize("damage", [lambda data: data[:-40], lambda data: data[:300] + b"\xff\xfe" + data[302:]])
def test_a_damaged_file_is_named(starter_marks: Any, tmp_path: Path, damage: Any) -> None:
    path = starter_marks.save(tmp_path / "out") / "sentences.parquet"
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(StoreError, match=r"sentences\.parquet is damaged"):
        store.load(tmp_path / "out")


def test_a_missing_table_is_named(starter_marks: Any, tmp_path: Path) -> None:
    (starter_marks.save(tmp_path / "out") / "hedges.parquet").unlink()
    with pytest.raises(StoreError, match=r"hedges\.parquet is missing"):
        store.load(tmp_path / "out")


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "t.parquet"
    store.write_table(pd.DataFrame({"a": [1]}), path)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store.pq, "write_table", full)
    with pytest.raises(StoreError, match="No space left"):
        store.write_table(pd.DataFrame({"a": [2]}), path)
    assert store.read_table(path)["a"].tolist() == [1]
    assert [p.name for p in tmp_path.iterdir()] == ["t.parquet"]


def test_the_summary_is_escaped() -> None:
    marks = store.Annotations.empty("<script>alert(1)</script>")
    assert "<script>" not in marks._repr_html_()


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "PART", 3_000)


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("engine", ["one", "processes"])
def test_every_engine_gives_the_tables_of_annotate(
    starter: Path, starter_marks: Any, tmp_path: Path, engine: str
) -> None:
    engines.run(read(starter), tmp_path / "out", engine=engine, workers=2)
    assert len(store.finished(tmp_path / "out")) > 2
    same(store.load(tmp_path / "out"), starter_marks)


@pytest.mark.usefixtures("small_parts")
def test_a_stopped_run_goes_on_where_it_was(
    starter: Path, starter_marks: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    written: list[str] = []
    write_one = engines.write_one

    def stops(task: Any) -> str:
        if len(written) == 2:
            raise KeyboardInterrupt
        written.append(write_one(task))
        return written[-1]

    monkeypatch.setattr(engines, "write_one", stops)
    with pytest.raises(KeyboardInterrupt):
        engines.run(read(starter), tmp_path / "out")
    again: list[str] = []
    monkeypatch.setattr(engines, "write_one", lambda task: again.append(task[2]) or write_one(task))
    engines.run(read(starter), tmp_path / "out")
    assert not set(again) & set(written)
    same(store.load(tmp_path / "out"), starter_marks)


def test_a_second_run_on_one_folder_is_refused(starter: Path, tmp_path: Path) -> None:
    with engines._alone(tmp_path), pytest.raises(StoreError, match="being written by process"):
        engines.run(read(starter), tmp_path)


def test_a_lock_of_a_process_that_is_gone_is_taken_over(tmp_path: Path) -> None:
    import socket

    (tmp_path / ".running").write_text(f"{socket.gethostname()} 999999999")
    with engines._alone(tmp_path):
        assert (tmp_path / ".running").exists()
    assert not (tmp_path / ".running").exists()


def test_an_unknown_engine_names_the_known_ones(starter: Path, tmp_path: Path) -> None:
    with pytest.raises(Exception, match="one, processes and dask"):
        engines.run(read(starter), tmp_path, engine="spark")


def test_metadata_of_mixed_types_is_stored_as_text(tmp_path: Path) -> None:
    store.write_table(pd.DataFrame({"wave": pd.Series([1, "2", None], dtype=object)}), tmp_path / "t.parquet")
    assert store.read_table(tmp_path / "t.parquet")["wave"].tolist()[:2] == ["1", "2"]
