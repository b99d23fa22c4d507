"""Plotly figures as SVG and PNG, through a Chrome or Chromium of the machine. Without one nothing is drawn, and
that is said.

One browser serves a whole batch (0.2-0.5 s a figure; a browser each takes 2-6 s). The SVG holds an id that differs
from run to run; it is set to zeros, so that the same figure on the same machine is the same file.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

import plotly.graph_objects as go

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge")
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
    "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
)
NO_BROWSER = "no Chrome or Chromium was found; install one, or name it in BROWSER_PATH"
NO_KALEIDO = 'kaleido is not installed; python -m pip install "discourse[static]"'
_ID = re.compile(r'id="defs-([0-9a-f]{6})"')
Draw = Callable[[go.Figure, str], bytes]


def chrome() -> str | None:
    """Path of the browser that draws: BROWSER_PATH, else the first one found."""
    named = os.environ.get("BROWSER_PATH")
    found = (shutil.which(name) for name in _NAMES)
    return next((path for path in (named, *found, *_PLACES) if path and os.access(path, os.X_OK)), None)


def missing() -> str:
    """Why no image can be drawn here, and what mends it; empty where one can."""
    if find_spec("kaleido") is None:
        return NO_KALEIDO
    return "" if chrome() else NO_BROWSER


@contextmanager
def drawing() -> Iterator[Draw]:
    """A function (figure, "svg" or "png") -> bytes, served by one browser for as long as the block lasts."""
    import kaleido  # an extra: without it figures are written as HTML and CSV only

    kaleido.start_sync_server(path=chrome(), mathjax=False, silence_warnings=True)
    try:
        yield lambda figure, form: _draw(kaleido.calc_fig_sync, figure, form)
    finally:
        kaleido.stop_sync_server(silence_warnings=True)


def _draw(calculate: Callable[..., bytes], figure: go.Figure, form: str) -> bytes:
    spec = figure.to_dict()
    for position, trace in enumerate(spec["data"]):
        trace["uid"] = f"t{position}"
    size = {"width": spec["layout"].get("width", 700), "height": spec["layout"].get("height", 450)}
    options: dict[str, Any] = {"format": form, **size, "scale": 1}
    image = bytes(calculate(spec, opts=options))
    if form != "svg":
        return image
    text = image.decode("utf-8")
    found = _ID.search(text)
    return (text.replace(found[1], "000000") if found else text).encode("utf-8")
