"""figures.toml -> files, and the check that names every number that changed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from discourse import figures, images
from discourse.errors import FigureError
from press import POISON, press

ROOT = Path(__file__).resolve().parent.parent
RECIPES = """
corpus = "corpus"

[hedging-by-outlet]
chart = "hedging"
measure = "rates"
arguments = { table = "hedges", by = "outlet" }
title = "Who hedges"

[source-types]
chart = "source_types"
measure = "shares"
arguments = { of = "identification" }
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "figures.toml").write_text(RECIPES, encoding="utf-8")
    monkeypatch.setattr(figures, "annotate", lambda path, lexicon, progress: press())
    monkeypatch.setattr(images, "missing", lambda: images.NO_BROWSER)
    return tmp_path


def test_every_figure_is_written_and_what_is_missing_is_said(folder: Path) -> None:
    lines = list(figures.build(folder))
    assert lines[0] == "hedging-by-outlet: csv, html (3 rows)"
    assert lines[-1].startswith("no .svg was drawn: no Chrome or Chromium was found; install one")
    names = {path.name for path in folder.iterdir()} - {"figures.toml"}
    assert names == {f"{name}.{end}" for name in ("hedging-by-outlet", "source-types") for end in ("csv", "html")} | {
        "plotly.min.js"
    }


def test_a_figure_may_look_for_hedges_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text("Perhaps it rains. Touch wood it stops.", encoding="utf-8")
    (tmp_path / "mine.txt").write_text("touch wood\n", encoding="utf-8")
    (tmp_path / "figures.toml").write_text(
        '''corpus = "corpus"
        lexicon = "mine.txt"
        [own]
        chart = "class_profile"
        measure = "counts"
        arguments = { table = "hedges", by = "entry" }''', encoding="utf-8",
    )  # fmt: skip
    recipe = figures.recipes(tmp_path)[0]
    assert recipe.lexicon == str(tmp_path / "mine.txt")
    found = figures.table(figures.annotate(recipe.corpus, lexicon=recipe.lexicon, progress=False), recipe)
    assert found["entry"].tolist() == ["touch wood"]


def test_a_page_asks_for_nothing_but_the_script_beside_it(folder: Path) -> None:
    list(figures.build(folder))
    page = (folder / "hedging-by-outlet.html").read_text(encoding="utf-8")
    assert re.findall(r'(?:src|href)="([^"]*)"', page) == ["plotly.min.js"]
    assert "Who hedges" in page


def test_the_same_data_is_the_same_file(folder: Path) -> None:
    list(figures.build(folder))
    before = {path: path.read_bytes() for path in folder.iterdir()}
    list(figures.build(folder))
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_check_passes_on_what_was_just_written(folder: Path) -> None:
    list(figures.build(folder))
    assert list(figures.build(folder, check=True)) == ["hedging-by-outlet: as committed", "source-types: as committed"]


def test_check_names_figure_row_column_old_and_new(folder: Path) -> None:
    list(figures.build(folder))
    path = folder / "hedging-by-outlet.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    place = next(number for number, line in enumerate(lines) if line.startswith("Tideline,"))
    lines[place] = lines[place].replace("Tideline,6,", "Tideline,7,")
    path.write_text("\n".join(lines), encoding="utf-8")
    told = re.escape(f"hedging-by-outlet: row {place} (Tideline), column count: was 7, is 6")
    with pytest.raises(FigureError, match=rf"1 numbers? behind committed figures .*changed:\n  {told}\n"):
        list(figures.build(folder, check=True))


def test_check_tells_a_missing_file_and_other_columns(folder: Path) -> None:
    list(figures.build(folder))
    (folder / "hedging-by-outlet.csv").unlink()
    (folder / "source-types.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(FigureError) as error:
        list(figures.build(folder, check=True))
    assert "hedging-by-outlet.csv is not there" in str(error.value)
    assert "source-types: the columns were a, b and are identification" in str(error.value)


def test_noise_of_another_machine_is_no_change(folder: Path) -> None:
    list(figures.build(folder))
    path = folder / "hedging-by-outlet.csv"
    text = path.read_text(encoding="utf-8-sig")
    number = re.search(r"\d\.\d{8}", text)
    assert number
    path.write_text(text.replace(number[0], number[0] + "1", 1), encoding="utf-8-sig")
    assert list(figures.build(folder, check=True))


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ('[a]\nchart = "pie"', "chart is 'pie'; allowed are anonymity, balance, class_profile"),
        ('[a]\nchart = "hedging"\nmeasure = "os.system"', "measure is 'os.system'; allowed are rates"),
        ('[a]\nchart = "hedging"\nmeasure = "rates"', "names no corpus"),
        ('["../a"]\nchart = "hedging"', r"\[../a\] is not a figure"),
        ("[a]\nkind = 1", "has the key 'kind'; allowed are arguments"),
        ("[a", "is not valid TOML"),
    ],
)
def test_a_wrong_entry_is_refused_by_name(tmp_path: Path, entry: str, says: str) -> None:
    (tmp_path / "figures.toml").write_text(entry, encoding="utf-8")
    with pytest.raises(FigureError, match=says):
        figures.recipes(tmp_path)


def test_wrong_arguments_are_refused_by_name(folder: Path) -> None:
    (folder / "figures.toml").write_text(RECIPES.replace("by =", "buy ="), encoding="utf-8")
    with pytest.raises(FigureError, match=r"hedging-by-outlet: rates cannot be called so: .*buy"):
        list(figures.build(folder))


def test_a_folder_without_figures_says_so(tmp_path: Path) -> None:
    with pytest.raises(FigureError, match=r"figures\.toml is not there"):
        figures.recipes(tmp_path)


def test_hostile_text_is_text_in_the_page(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / "hedging-by-outlet.html"
    list(figures.build(folder))
    own = path.read_text(encoding="utf-8").count("<script")
    monkeypatch.setattr(figures, "annotate", lambda path, lexicon, progress: press(POISON))
    list(figures.build(folder))
    page = path.read_text(encoding="utf-8")
    assert "Tideline&lt;script" in page
    assert "<img" not in page
    assert page.count("<script") == own


@pytest.mark.browser
def test_svg_is_drawn_once_and_its_text_is_text(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    why = images.missing()
    if why:
        pytest.skip(why)
    monkeypatch.setattr(figures, "annotate", lambda path, lexicon, progress: press(POISON))
    report = list(figures.build(folder))
    assert report[0].startswith("hedging-by-outlet: csv, html, svg")
    path = folder / "hedging-by-outlet.svg"
    first = path.read_text(encoding="utf-8")
    assert "Tideline&#60;script" in first
    for foreign in ("<script", "<image", "<a ", "href="):
        assert foreign not in first
    path.write_text(first.replace("Who hedges", "As another machine drew it"), encoding="utf-8")
    list(figures.build(folder))
    assert "As another machine drew it" in path.read_text(encoding="utf-8")
    path.unlink()
    list(figures.build(folder))
    assert path.read_text(encoding="utf-8") == first


def test_the_figures_of_this_project_are_recipes_that_hold() -> None:
    found: list[Any] = figures.recipes(ROOT / "figures")
    assert len(found) >= 4
    for recipe in found:
        assert recipe.corpus.is_dir(), recipe
        assert (ROOT / "figures" / f"{recipe.name}.csv").exists(), recipe.name
