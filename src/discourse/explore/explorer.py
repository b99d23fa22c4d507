"""Two dropdowns, a bar chart, and a concordance that answers to a click on a bar."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import ipywidgets as widgets
import pandas as pd
import plotly.graph_objects as go

from discourse import charts, concordance, credits, drawing, layers, measures, render
from discourse.errors import ChartError
from discourse.explore.lines import lines
from discourse.store import Annotations

TABLES = {"hedges": "Hedges", "attributions": "Sources", "outlets": "Outlets", "credits": "Who credits whom"}
CHARTS = {
    "hedges": charts.hedging,
    "attributions": charts.source_types,
    "outlets": charts.outlets,
    "network": charts.network,
    "matrix": charts.matrix,
}
OWN = {
    "hedges": ("category", "entry"),
    "attributions": ("identification", "affiliation", "speech", "stance"),
    "outlets": ("outlet", "role", "medium", "country"),
}
"""Columns of each table one can split by; those of the documents and the voice come after them."""
VOICES = ("voice_kind", "voice_depth")
SORTS = {"text order": None, "by the words before": "1L2L3L", "by the words after": "1R2R3R", "by the hit": "node"}
PAGE = 25
"""Lines shown at a time."""
STATIC = 8
"""Lines shown where no kernel runs."""
MOST_GROUPS = 200
"""A metadata column with more values than this (ids, addresses) is not offered to split by."""


def explore(marks: Annotations) -> Explorer:
    """An explorer of an annotated corpus: choose what is counted and what it is split by; click a bar to read its
    lines.

    Parameters
    ----------
    marks : what `dc.annotate` returned. Without a kernel the stored notebook shows the first table and its first
        lines.

    Raises
    ------
    ChartError
        What was given is not annotated yet.
    """
    if not hasattr(marks, "voices"):
        given = repr(marks)[:60] if isinstance(marks, str) else f"a {type(marks).__name__}"
        raise ChartError(f"explore needs an annotation and got {given}; {layers.ANNOTATE_FIRST}")
    return Explorer(marks)


class Explorer(widgets.VBox):  # type: ignore[misc]
    """The widget `explore` returns. Its parts can be set from code: `table.value`, `split.value`, `pick(row)`."""

    def __init__(self, marks: Annotations) -> None:
        self.marks = marks
        self.rates = pd.DataFrame()
        self.where: dict[str, Any] = {}
        self.page = 0
        self.lines = pd.DataFrame()
        self.table = widgets.Dropdown(options=[(text, name) for name, text in TABLES.items()], description="count")
        self.split = widgets.Dropdown(options=_splits(marks, "hedges"), description="split by")
        self.sort = widgets.Dropdown(options=list(SORTS.items()), description="sort lines")
        self.figure = go.FigureWidget()
        self.message = widgets.HTML()
        self.back = widgets.Button(description="◀ lines before", disabled=True)
        self.forward = widgets.Button(description="more lines ▶", disabled=True)
        self.everything = widgets.Button(description="all lines")
        self.concordance = widgets.HTML()
        self.table.observe(lambda _: self._answer(self._new_table), "value")
        self.split.observe(lambda _: self._answer(self._draw), "value")
        self.sort.observe(lambda _: self._answer(self._read), "value")
        self.back.on_click(lambda _: self._answer(lambda: self._turn(-1)))
        self.forward.on_click(lambda _: self._answer(lambda: self._turn(1)))
        self.everything.on_click(lambda _: self._answer(lambda: self._select({})))
        super().__init__(
            [
                widgets.HBox([self.table, self.split]),
                self.message,
                self.figure,
                widgets.HBox([self.sort, self.everything, self.back, self.forward]),
                self.concordance,
            ]
        )
        self._answer(self._draw)

    def pick(self, row: int) -> None:
        """Read the lines behind row `row` of `rates`: what a click on its bar does."""
        picked = self.rates.iloc[row]
        names = ["crediting", "credited"] if self.table.value == "credits" else drawing.split_by(self.rates)
        self._answer(lambda: self._select({name: picked[name] for name in names}))

    def static(self) -> str:
        """The explorer as plain HTML: the table behind the chart and the lines, for views without a kernel."""
        by = ["crediting", "credited"] if self.table.value == "credits" else drawing.split_by(self.rates)
        columns = [name for name in (*by, "count", "n_words", "rate", "low", "high") if name in self.rates]
        rows = [
            [f"{cell:,.1f}" if isinstance(cell, float) else drawing.group_name(cell) for cell in row]
            for row in self.rates[columns].itertuples(index=False, name=None)
        ]
        head = render.html(f"{TABLES[self.table.value]}. {self.rates.attrs.get('basis', '')}")
        hint = "Run the cell to choose, and to read the lines behind a bar."
        return f"<p>{head}. {hint}</p>{render.table(columns, rows)}{lines(self.lines, STATIC)._repr_html_()}"

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle = super()._repr_mimebundle_(**kwargs)
        if isinstance(bundle, dict):
            bundle["text/html"] = self.static()
            bundle["text/plain"] = f"<Explorer: {self._title()}, {len(self.lines):,} lines>"
        return bundle

    def _answer(self, act: Callable[[], None]) -> None:
        """Run a callback; what it raises is shown in the widget, where a kernel's log would hide it."""
        with _told(self.message):
            act()

    def _new_table(self) -> None:
        self.split.options = _splits(self.marks, self.table.value)
        self._draw()

    def _draw(self) -> None:
        table, by = self.table.value, self.split.value
        self.rates = self._edges if table == "credits" else measures.rates(self.marks, table, by=by)
        with self.figure.batch_update():
            self.figure.data = ()
            self.figure.layout = {}
        self._select({})
        if not self.rates["count"].sum():
            self.message.value = (
                f"<p>{render.html(f'None found: {TABLES[table]}. Choose something else to count.')}</p>"
            )
            return
        drawn = CHARTS[by if table == "credits" else table](self.rates)
        self.figure.add_traces(drawn.data)
        self.figure.layout = drawn.layout
        for trace in self.figure.data:
            trace.on_click(self._clicked)

    def _clicked(self, trace: Any, points: Any, _state: Any) -> None:
        row = _at(trace.customdata, points.point_inds[0]) if points.point_inds else None
        if row is not None:
            self.pick(int(row))

    def _select(self, where: Mapping[str, Any]) -> None:
        self.where = dict(where)
        self._read()

    def _read(self) -> None:
        if self.table.value == "credits":
            found: dict[str, Any] = {"node": self._credits()}
        else:
            found = {"table": self.table.value, "where": self.where}
        self.lines = concordance.kwic(self.marks, **found, sort=self.sort.value, window=10)
        self.page = 0
        self._turn(0)

    @cached_property
    def _edges(self) -> pd.DataFrame:
        """Found once: looking for near-duplicate copy takes seconds on thousands of texts."""
        return credits.edges(self.marks)

    def _credits(self) -> pd.DataFrame:
        """The mentions behind the chosen edge, or behind all of them."""
        chosen = self.rates
        for name, value in self.where.items():
            chosen = chosen[chosen[name] == value]
        if chosen.empty:
            return pd.DataFrame({"doc_id": pd.Series(dtype="str"), "start": [], "end": []})
        mentions = "; ".join(chosen["mentions"])
        return credits.sentences_behind(self.marks, {"mentions": mentions})[["doc_id", "start", "end"]]

    def _turn(self, step: int) -> None:
        pages = max(1, -(-len(self.lines) // PAGE))
        self.page = min(max(self.page + step, 0), pages - 1)
        self.back.disabled, self.forward.disabled = self.page == 0, self.page == pages - 1
        shown = lines(self.lines, PAGE, first=self.page * PAGE)
        self.concordance.value = f"<p><b>{render.html(self._title())}</b>: {shown.told}</p>{shown.rows_html()}"

    def _title(self) -> str:
        chosen = ", ".join(
            f"{name.replace('_', ' ')}: {drawing.group_name(value)}" for name, value in self.where.items()
        )
        return f"{TABLES[self.table.value]}, {chosen or 'all'}"


def _at(customdata: Any, index: Any) -> Any:
    """The row a mark stands for, or None (a node of the network, an empty cell); in a heat map the index is a pair."""
    if customdata is None:
        return None
    if isinstance(index, (tuple, list)):
        return customdata[index[0]][index[1]]
    return customdata[index]


def _splits(marks: Annotations, table: str) -> list[tuple[str, str | None]]:
    """What a table can be split by: its own columns, the voice, dates, and metadata with a manageable number of
    values.
    """
    if table == "credits":
        return [("as a network", "network"), ("as a grid", "matrix")]
    documents = marks.documents
    dates = ["year", "month"] if documents["date"].notna().any() else []
    skip = {"doc_id", "text", "title", "date", "url", "path", "sha256", "n_words", "duplicate_of", "format"}
    offered = []
    for name in documents.columns.difference(list(skip), sort=False):
        values = documents[name].dropna()
        if 1 < values.astype(str).nunique() <= MOST_GROUPS:
            taken = name in OWN[table] or name in drawing.MEASURES
            offered.append(f"documents.{name}" if taken else str(name))
    first = ["outlet"] if "outlet" in offered and table != "outlets" else []
    names = [*first, *OWN[table], *VOICES, *dates, *(name for name in offered if name not in first)]
    return [(name.replace("documents.", "publishing ").replace("_", " "), name) for name in names]


@contextmanager
def _told(message: widgets.HTML) -> Iterator[None]:
    message.value = ""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - whatever a callback raises must be seen; a kernel swallows it
        kind = "" if type(error).__module__ == "discourse.errors" else f"{type(error).__name__}: "
        message.value = f'<p style="color:#B00020"><b>{render.html(f"{kind}{error}")}</b></p>'
