"""Notebooks run again and stored with their outputs, so that they can be read where nothing runs and compared by
nbval.

    python -m discourse.notebooks [FOLDER or NOTEBOOK …]

Stored: tables as they are shown, figures as plotly data and, where a Chrome is found, as a PNG beside it (shown
where no script runs; nbval does not compare it). Not stored: times, the state of widgets (5 MB a figure),
references to widgets that no longer exist; an explorer keeps its plain HTML. A PNG is kept as long as its figure is
the same, so that another machine's fonts do not touch the file.
"""

from __future__ import annotations

import base64
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import nbformat
import plotly.graph_objects as go
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from discourse import images
from discourse.errors import FigureError

FIGURE = "application/vnd.plotly.v1+json"
WIDGET = "application/vnd.jupyter.widget-view+json"
QUIET = ["--log-level=ERROR"]
"""A kernel otherwise warns at each start that it speaks over TCP, which is how every local kernel speaks."""


def store(paths: list[str] | None = None) -> Iterator[str]:
    """Run notebooks and store their outputs in place; one line of report each.

    Parameters
    ----------
    paths : notebooks, or folders that hold some; by default `notebooks`.

    Raises
    ------
    FigureError
        No notebook is there, or a cell raised; the notebook is then left as it was.
    """
    found = [path for given in paths or ["notebooks"] for path in _notebooks(Path(given))]
    if not found:
        raise FigureError(f"no notebook is at {', '.join(paths or ['notebooks'])}; give a folder or an .ipynb file")
    why = images.missing()
    with ExitStack() as stack:
        draw = None if why else stack.enter_context(images.drawing())
        for path in found:
            started = time.perf_counter()
            pictures = _run(path, draw)
            yield f"{path}: {time.perf_counter() - started:.1f} s, {pictures} pictures"
    if why:
        yield f"figures were stored without a picture: {why}"


def _notebooks(path: Path) -> list[Path]:
    return sorted(path.glob("*.ipynb")) if path.is_dir() else [path] if path.suffix == ".ipynb" else []


def _run(path: Path, draw: images.Draw | None) -> int:
    notebook = nbformat.read(path, as_version=4)
    before = _pictures(notebook)
    client = NotebookClient(notebook, timeout=600, record_timing=False, store_widget_state=False, extra_arguments=QUIET)
    client.resources = {"metadata": {"path": str(path.parent)}}
    try:
        # A progress bar would tell how fast the machine was.
        client.execute(env={**os.environ, "TQDM_DISABLE": "1"})
    except CellExecutionError as error:
        raise FigureError(f"{path}: a cell raised {error.ename}: {error.evalue}. It is left as it was.") from None
    pictures = 0
    for cell in _code(notebook):
        cell["metadata"].pop("execution", None)
        for output in cell["outputs"]:
            pictures += _tidy(output, before, draw)
    notebook["metadata"].pop("widgets", None)
    notebook["metadata"]["language_info"] = {"name": "python"}
    nbformat.write(notebook, path)
    return pictures


def _tidy(output: dict[str, Any], before: dict[str, str], draw: images.Draw | None) -> int:
    """An output as it is stored; 1 where it holds a picture."""
    data = output.get("data", {})
    data.pop(WIDGET, None)
    if FIGURE not in data:
        return 0
    picture = before.get(_key(data[FIGURE])) or (_picture(data[FIGURE], draw) if draw else None)
    if picture:
        data["image/png"] = picture
    return int(bool(picture))


def _picture(figure: dict[str, Any], draw: Callable[[go.Figure, str], bytes]) -> str:
    drawn = go.Figure({"data": figure["data"], "layout": figure["layout"]}, skip_invalid=True)
    return base64.b64encode(draw(drawn, "png")).decode("ascii")


def _pictures(notebook: Any) -> dict[str, str]:
    """The pictures stored beside figures, by figure."""
    held = [output.get("data", {}) for cell in _code(notebook) for output in cell["outputs"]]
    return {_key(data[FIGURE]): data["image/png"] for data in held if FIGURE in data and "image/png" in data}


def _code(notebook: Any) -> list[Any]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def _key(figure: dict[str, Any]) -> str:
    return json.dumps({"data": figure["data"], "layout": figure["layout"]}, sort_keys=True)


if __name__ == "__main__":
    try:
        for line in store(sys.argv[1:]):
            print(line, flush=True)
    except FigureError as problem:
        sys.exit(str(problem))
