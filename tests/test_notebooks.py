"""The notebooks keep the house rules: short cells, one question a heading, outputs that show where nothing runs."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from discourse import images, notebooks
from discourse.errors import FigureError
from discourse.notebooks import FIGURE, WIDGET

FOLDER = Path(__file__).resolve().parent.parent / "notebooks"
PATHS = sorted(FOLDER.glob("*.ipynb"))
NAMES = ("00-start-here", "10-hedging", "20-sources", "25-voices", "30-outlets", "40-compare")
LONGEST = 8
EACH = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)


def code(path: Path) -> list[Any]:
    return [cell for cell in read(path)["cells"] if cell["cell_type"] == "code"]


def outputs(path: Path) -> Iterator[dict[str, Any]]:
    for cell in code(path):
        yield from cell["outputs"]


def test_the_notebooks_are_all_here() -> None:
    assert set(NAMES) <= {path.stem for path in PATHS}


@EACH
def test_cells_are_short_and_define_nothing(path: Path) -> None:
    for cell in code(path):
        assert len(cell["source"].splitlines()) <= LONGEST, cell["source"]
        tree = ast.parse(cell["source"])
        defined = (ast.FunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.While, ast.Try)
        assert not [node for node in ast.walk(tree) if isinstance(node, defined)], cell["source"]


@EACH
def test_one_question_a_heading(path: Path) -> None:
    text = [cell["source"] for cell in read(path)["cells"] if cell["cell_type"] == "markdown"]
    heads = [line for source in text for line in source.splitlines() if line.startswith("#")]
    assert heads[0].startswith("# ")
    assert len([head for head in heads if head.startswith("# ")]) == 1
    assert len(heads) >= 4
    for head in heads[1:]:
        assert head.startswith("## ")
        assert head.endswith("?"), head


@EACH
def test_every_question_is_answered_by_a_cell_with_an_output(path: Path) -> None:
    asked = None
    answered = True
    for cell in read(path)["cells"]:
        if cell["cell_type"] == "markdown" and "## " in cell["source"]:
            assert answered, f"{asked} has no output"
            asked, answered = cell["source"].splitlines()[0], False
        elif cell["cell_type"] == "code":
            answered = answered or bool(cell["outputs"])
    assert answered, f"{asked} has no output"


@EACH
def test_it_was_run_from_top_to_bottom_without_an_error(path: Path) -> None:
    assert [cell["execution_count"] for cell in code(path)] == list(range(1, len(code(path)) + 1))
    for output in outputs(path):
        assert output["output_type"] != "error"
        assert output.get("name") != "stderr", output


@EACH
def test_what_is_stored_is_small_and_shows_where_nothing_runs(path: Path) -> None:
    assert path.stat().st_size < 1_500_000
    assert "widgets" not in read(path)["metadata"]
    for output in outputs(path):
        data = output.get("data", {})
        assert WIDGET not in data
        if FIGURE in data:
            assert "image/png" in data
            assert len(json.dumps(data[FIGURE]["layout"]["template"])) < 1_500


@EACH
def test_no_trace_of_the_machine(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"/(?:home|root|work|tmp|Users)/|site-packages|127\.0\.0\.1", text)
    assert read(path)["metadata"]["language_info"] == {"name": "python"}
    assert all("execution" not in cell["metadata"] for cell in code(path))


@EACH
def test_figures_come_from_charts_and_tables_from_the_package(path: Path) -> None:
    """A notebook shows how the package is used; plotting or counting of its own would hide what is missing there."""
    imported = set()
    for cell in code(path):
        for node in ast.walk(ast.parse(cell["source"])):
            if isinstance(node, ast.Import):
                imported |= {name.name.split(".")[0] for name in node.names}
            if isinstance(node, ast.ImportFrom):
                imported.add(str(node.module).split(".")[0])
    assert imported <= {"discourse", "pandas"}


def made(tmp_path: Path, *cells: str) -> Path:
    path = tmp_path / "made.ipynb"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in cells])
    notebook["metadata"]["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, path)
    return path


def test_storing_runs_a_notebook_and_drops_what_differs_from_run_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(images, "missing", lambda: images.NO_BROWSER)
    path = made(tmp_path, "1 + 1", "import ipywidgets; ipywidgets.IntSlider()")
    lines = list(notebooks.store([str(path)]))
    assert "figures were stored without a picture" in lines[-1]
    first = path.read_bytes()
    assert next(output["data"] for output in outputs(path)) == {"text/plain": "2"}
    assert b"widget-view" not in first
    list(notebooks.store([str(path)]))
    assert path.read_bytes() == first


def test_a_cell_that_raises_leaves_the_notebook_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "missing", lambda: images.NO_BROWSER)
    path = made(tmp_path, "1 / 0")
    before = path.read_bytes()
    with pytest.raises(FigureError, match="a cell raised"):
        list(notebooks.store([str(path)]))
    assert path.read_bytes() == before


def test_no_notebook_is_told(tmp_path: Path) -> None:
    with pytest.raises(FigureError, match="no notebook is at"):
        list(notebooks.store([str(tmp_path)]))
