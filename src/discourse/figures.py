"""figures/figures.toml -> files: every figure of a paper from one command, and a check that no number behind one
has changed.

    corpus = "../corpora/starter"           # relative to figures.toml; a figure may name its own
    lexicon = "my-hedges.csv"               # optional: hedges to look for (`annotate`); likewise

    [hedging-by-outlet]                     # the name of the files
    chart = "hedging"                       # a function of discourse.charts
    measure = "rates"                       # a function that makes its table
    arguments = { table = "hedges", by = "outlet" }
    title = "…"                             # optional, as are width, height and limit

For each figure: `.csv`, the table behind it; `.svg`, drawn where a Chrome is found; `.html`, interactive, with
plotly's script beside it as one file. CSV and SVG are committed. The SVG names the hash of the figure it was drawn
from, and is drawn again only when that changes: another machine's fonts do not touch a committed file.
"""

from __future__ import annotations

import hashlib
import importlib
import inspect
import math
import re
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from discourse import charts, export, images
from discourse.annotate import annotate
from discourse.errors import FigureError
from discourse.hedges import EVERY_MODAL
from discourse.store import Annotations

MEASURES = {
    "rates": "measures",
    "counts": "measures",
    "shares": "measures",
    "mean_commitment": "measures",
    "sensitivity": "measures",
    "compare": "comparison",
    "edges": "credits",
    "stretches": "layers",
    "voices": "layers",
}
"""Functions a figure may take its table from, and their modules. Each is called with the annotation and the
arguments.
"""
CHARTS = tuple(
    name
    for name, value in inspect.getmembers(charts, inspect.isfunction)
    if value.__module__ == charts.__name__ and not name.startswith("_")
)
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_KEYS = {"corpus", "lexicon", "chart", "measure", "arguments", "title", "width", "height", "limit"}
_CONFIG = {"displaylogo": False, "responsive": False, "showSendToCloud": False}
SAME = 1e-6
"""Relative difference up to which two numbers are one: far above the noise of another machine's arithmetic."""


@dataclass(frozen=True)
class Recipe:
    """One figure of figures.toml."""

    name: str
    corpus: Path
    chart: str
    measure: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    lexicon: str | None = None


def recipes(folder: str | Path = "figures") -> list[Recipe]:
    """The figures that `figures.toml` in `folder` names, in its order.

    Raises
    ------
    FigureError
        No such file, or an entry that names no chart, an unknown one, or an unknown key.
    """
    path = Path(folder) / "figures.toml"
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise FigureError(f"{path} is not there. Give the folder that holds figures.toml (--folder).") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FigureError(f"{path} is not valid TOML: {error}. Mend that line.") from None
    shared: dict[str, Any] = {key: entries.pop(key) for key in ("corpus", "lexicon") if key in entries}
    return [_recipe(path, name, entry, shared) for name, entry in entries.items()]


def table(marks: Annotations, recipe: Recipe) -> pd.DataFrame:
    """The table behind a figure."""
    function: Callable[..., pd.DataFrame] = getattr(
        importlib.import_module(f"discourse.{MEASURES[recipe.measure]}"), recipe.measure
    )
    try:
        inspect.signature(function).bind(marks, **recipe.arguments)
    except TypeError as error:
        raise FigureError(
            f"{recipe.name}: {recipe.measure} cannot be called so: {error}. Mend its arguments."
        ) from None
    return function(marks, **recipe.arguments)


def figure(data: pd.DataFrame, recipe: Recipe) -> go.Figure:
    """The figure of a table, with the same ids in every run."""
    drawn: go.Figure = getattr(charts, recipe.chart)(data, **recipe.options)
    return drawn


def build(folder: str | Path = "figures", check: bool = False) -> Iterator[str]:
    """Write every figure, or compare its numbers with the committed ones; one line of report a figure.

    Parameters
    ----------
    folder : holds figures.toml, and receives the files.
    check : compare with the CSV files that are there, write nothing.

    Raises
    ------
    FigureError
        A figure cannot be made; or, with `check`, a number behind one has changed (all are named, with old and new
        value).
    """
    out = Path(folder)
    wanted = recipes(out)
    annotated = lru_cache(maxsize=None)(lambda path, words: annotate(path, lexicon=words, progress=False))
    if check:
        yield from _check(out, wanted, annotated)
        return
    with ExitStack() as stack:
        why = images.missing()
        draw = None if why else stack.enter_context(images.drawing())
        for recipe in wanted:
            data = table(annotated(recipe.corpus, recipe.lexicon), recipe)
            yield f"{recipe.name}: {', '.join(_write(out, recipe, data, draw))} ({len(data):,} rows)"
    if why:
        yield f"no .svg was drawn: {why}"


def differences(recipe: Recipe, old: pd.DataFrame, new: pd.DataFrame) -> list[str]:
    """What differs between two tables of text cells: one line a cell, naming figure, row, column, old and new
    value.
    """
    if list(old.columns) != list(new.columns):
        return [f"{recipe.name}: the columns were {', '.join(old.columns)} and are {', '.join(new.columns)}"]
    lines = [] if len(old) == len(new) else [f"{recipe.name}: there were {len(old):,} rows and are {len(new):,}"]
    labels = [" / ".join(row) for row in new.iloc[:, : _label_columns(new)].to_numpy()]
    for column in new.columns:
        for row, (before, after) in enumerate(zip(old[column], new[column], strict=False)):
            if not _same(before, after):
                where = f"row {row + 1} ({labels[row]}), column {column}"
                lines.append(f"{recipe.name}: {where}: was {before or 'empty'}, is {after or 'empty'}")
    return lines


def _recipe(path: Path, name: str, entry: Any, shared: Mapping[str, Any]) -> Recipe:
    if not isinstance(entry, dict) or not _NAME.fullmatch(name):
        raise FigureError(f"{path}: [{name}] is not a figure. A figure is a table named in lower case with hyphens.")
    unknown = sorted(set(entry) - _KEYS)
    if unknown:
        raise FigureError(f"{path}: [{name}] has the key {unknown[0]!r}; allowed are {', '.join(sorted(_KEYS))}.")
    for key, allowed in (("chart", CHARTS), ("measure", tuple(MEASURES))):
        if entry.get(key) not in allowed:
            raise FigureError(f"{path}: [{name}] {key} is {entry.get(key)!r}; allowed are {', '.join(allowed)}.")
    corpus, words = (entry.get(key, shared.get(key)) for key in ("corpus", "lexicon"))
    if not isinstance(corpus, str):
        raise FigureError(f'{path}: [{name}] names no corpus. Put  corpus = "…"  there or at the top of the file.')
    options = {key: entry[key] for key in ("title", "width", "height", "limit") if key in entry}
    corpus_path = (path.parent / corpus).resolve()
    if words not in (None, EVERY_MODAL):
        words = str(path.parent / str(words))
    return Recipe(name, corpus_path, entry["chart"], entry["measure"], entry.get("arguments", {}), options, words)


def _write(out: Path, recipe: Recipe, data: pd.DataFrame, draw: images.Draw | None) -> list[str]:
    """The files of one figure; returns their endings."""
    drawn = figure(data, recipe)
    _csv(data, out / f"{recipe.name}.csv")
    place = out / f"{recipe.name}.html"
    drawn.write_html(place, include_plotlyjs="directory", include_mathjax=False, div_id=recipe.name, config=_CONFIG)
    if draw is None:
        return ["csv", "html"]
    svg = out / f"{recipe.name}.svg"
    stamp = f"<!-- figure sha256 {hashlib.sha256(drawn.to_json().encode()).hexdigest()} -->"
    if not (svg.exists() and svg.read_text(encoding="utf-8").endswith(f"{stamp}\n")):
        svg.write_text(f"{draw(drawn, 'svg').decode('utf-8')}{stamp}\n", encoding="utf-8", newline="\n")
    return ["csv", "html", "svg"]


def _check(out: Path, wanted: list[Recipe], annotated: Callable[[Path, str | None], Annotations]) -> Iterator[str]:
    changed: list[str] = []
    for recipe in wanted:
        path = out / f"{recipe.name}.csv"
        if not path.exists():
            changed.append(f"{recipe.name}: {path} is not there")
            continue
        found = differences(recipe, _cells(path), _cells_of(table(annotated(recipe.corpus, recipe.lexicon), recipe)))
        changed += found
        yield f"{recipe.name}: {'changed' if found else 'as committed'}"
    if changed:
        shown = "\n  ".join(changed[:30]) + (f"\n  and {len(changed) - 30:,} more" if len(changed) > 30 else "")
        raise FigureError(
            f"{len(changed):,} numbers behind committed figures have changed:\n  {shown}\n"
            "If the change is meant, run  discourse figures  and commit the files."
        )


def _cells(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8-sig")


def _cells_of(data: pd.DataFrame) -> pd.DataFrame:
    """The cells a table would have as a file."""
    with tempfile.TemporaryDirectory() as folder:
        return _cells(_csv(data, Path(folder) / "table.csv"))


def _csv(data: pd.DataFrame, path: Path) -> Path:
    """Rounded to eight decimals: what another machine's arithmetic adds after them is no difference worth a
    commit.
    """
    numbers = data.select_dtypes("float")
    export.to_csv(data.assign(**numbers.round(8)), path)
    return path


def _label_columns(data: pd.DataFrame) -> int:
    """How many columns name the row: those before the first whose cells are all numbers."""
    numeric = (
        place for place, column in enumerate(data.columns) if all(_number(cell) is not None for cell in data[column])
    )
    return max(1, next(numeric, 1))


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None


def _same(before: str, after: str) -> bool:
    numbers = _number(before), _number(after)
    if numbers[0] is None or numbers[1] is None:
        return before == after
    return math.isclose(numbers[0], numbers[1], rel_tol=SAME, abs_tol=1e-9)
