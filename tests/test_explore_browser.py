"""The explorer in JupyterLab in a real browser: a click on a bar changes the lines; hostile text runs nothing."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
import pytest

from discourse import images

pytestmark = pytest.mark.browser
HERE = Path(__file__).resolve().parent
CELLS = (
    f"import sys; sys.path.insert(0, {str(HERE)!r})\n"
    "import discourse as dc\nfrom press import POISON, press\nmarks, poisoned = press(), press(POISON)",
    "dc.explore(marks)",
    "dc.explore(poisoned)",
    "dc.reader(poisoned, poisoned.documents.doc_id[0])",
    'dc.charts.hedging(dc.measures.rates(poisoned, "hedges", by=["outlet", "author"]))',
)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def jupyterlab(root: Path) -> Iterator[str]:
    """A JupyterLab server over `root`, of this machine only and without a token."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}"]
    command += ["--ServerApp.ip=127.0.0.1", "--IdentityProvider.token=", "--LabApp.expose_app_in_browser=True"]
    # A fresh JupyterLab asks whether it may fetch news: the answer is no.
    command += ["--LabApp.news_url=", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    home = {"JUPYTER_CONFIG_DIR": str(root / "config"), "JUPYTER_DATA_DIR": str(root / "data")}
    with (root / "lab.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=root, env={**os.environ, **home}, stdout=log, stderr=log)
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(20)


def asked(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=2) as answer:
        return json.load(answer)


def wait_for(condition: Any, seconds: float, what: str) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if condition():
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise AssertionError(f"{what} did not come within {seconds:.0f} s")


class Settled:
    """True once one kernel has been idle and connected five times running: JupyterLab says idle too early."""

    def __init__(self, url: str) -> None:
        self.url, self.times = url, 0

    def __call__(self) -> bool:
        kernels = asked(f"{self.url}/api/kernels")
        ready = len(kernels) == 1 and kernels[0]["execution_state"] == "idle" and kernels[0]["connections"] >= 1
        self.times = self.times + 1 if ready else 0
        return self.times >= 5


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The page of a notebook whose cells have run, with the addresses it asked for in `asked_for`."""
    if images.chrome() is None:
        pytest.skip(images.NO_BROWSER)
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    root = tmp_path_factory.mktemp("lab")
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    cells = [nbformat.v4.new_code_cell(text) for text in CELLS]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), root / "explore.ipynb")
    with jupyterlab(root) as url, sync_api.sync_playwright() as player:
        wait_for(lambda: asked(f"{url}/api/status"), 40, "the server")
        browser = player.chromium.launch(executable_path=images.chrome(), args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1500, "height": 1300})
        page.asked_for = []
        page.on("request", lambda request: page.asked_for.append(request.url))
        page.goto(f"{url}/lab/tree/explore.ipynb")
        wait_for(Settled(url), 40, "the kernel")
        page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
        page.wait_for_function("document.querySelectorAll('.js-plotly-plot .main-svg').length >= 3", timeout=40_000)
        page.own = url
        yield page
        browser.close()


def output(page: Any, cell: int) -> Any:
    return page.locator(".jp-CodeCell").nth(cell).locator(".jp-OutputArea").first


def test_a_click_on_a_bar_changes_the_lines(lab: Any) -> None:
    area = output(lab, 1)
    assert "16 lines" in area.inner_text()
    area.scroll_into_view_if_needed()
    bar = area.locator(".barlayer .point path").first.bounding_box()
    lab.mouse.click(bar["x"] + bar["width"] / 2, bar["y"] + bar["height"] / 2)
    area.get_by_text("Hedges, outlet: Coast Echo").wait_for(timeout=10_000)
    lines = area.inner_text().split("Hedges, outlet: Coast Echo: 4 lines")[1]
    assert lines.count("Coast Echo") == 4
    assert "Tideline" not in lines
    lab.screenshot(path=os.environ.get("DISCOURSE_SCREENSHOT") or HERE.parent / ".pytest_cache" / "explorer.png")


def test_hostile_text_runs_nothing_and_asks_for_nothing(lab: Any) -> None:
    area = output(lab, 2)
    area.scroll_into_view_if_needed()
    bar = area.locator(".barlayer .point path").first.bounding_box()
    lab.mouse.move(bar["x"] + bar["width"] / 2, bar["y"] + bar["height"] / 2)
    lab.wait_for_timeout(500)
    lab.mouse.click(bar["x"] + bar["width"] / 2, bar["y"] + bar["height"] / 2)
    area.get_by_text("Hedges, outlet: Coast Echo").wait_for(timeout=10_000)
    assert ": 4 lines" in area.inner_text()
    for cell in (2, 3, 4):
        shown = output(lab, cell)
        assert "<script>document.title" in shown.inner_text() or cell == 4
        for foreign in (
            "script",
            "img[onerror], img[src^=http]",
            "form",
            "mjx-container",
            "[data-commandlinker-command]",
            "a:not(.modebar-btn)",
        ):
            assert shown.locator(foreign).count() == 0, (cell, foreign)
    assert "executed" not in lab.title()
    foreign = [url for url in lab.asked_for if not url.startswith((lab.own, "data:", "blob:"))]
    assert foreign == []
