"""Concordance lines as people read them: the hit in the middle, one line each, and how many there are in all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from discourse import drawing, layers, render
from discourse.errors import MeasureError

_SIDES = ("right", "center", "left")


def lines(table: pd.DataFrame, show: int = 10, *, first: int = 0, also: Sequence[str] = ()) -> Lines:
    """Lines of a concordance, aligned at the hit.

    Parameters
    ----------
    table : of `concordance.kwic`: one row per hit.
    show : lines shown; their number in all stands above them.
    first : the line to begin with, counted from 0.
    also : further columns of the table to show, for instance "category" or "rule".

    Raises
    ------
    MeasureError
        A column is missing.
    """
    missing = [name for name in ("doc_id", "left", "node", "right", *also) if name not in table]
    if missing:
        raise MeasureError(
            f"lines needs the column {missing[0]!r}; the table has {', '.join(map(str, table.columns))}. "
            "Make it with concordance.kwic(marks, …)."
        )
    return Lines(table, show, first, tuple(also))


class Lines:
    """What `lines` returns: shows itself in a notebook, with or without a kernel, and in a terminal."""

    def __init__(self, table: pd.DataFrame, show: int, first: int, also: tuple[str, ...]) -> None:
        self.table, self.first, self.also = table, first, also
        self.shown = table.iloc[first : first + show]

    @property
    def told(self) -> str:
        """How many lines there are, and which are shown."""
        total = f"{len(self.table):,} line{'' if len(self.table) == 1 else 's'}"
        if len(self.shown) == len(self.table):
            return total
        return f"{total}, {self.first + 1:,} to {self.first + len(self.shown):,} shown"

    def __repr__(self) -> str:
        left = max((len(text) for text in self.shown["left"].map(render.terminal)), default=0)
        rows = zip(self.shown["left"], self.shown["node"], self.shown["right"], strict=True)
        body = [
            f"{render.terminal(a):>{left}} [{render.terminal(b)}] {render.terminal(c)}".rstrip() for a, b, c in rows
        ]
        return "\n".join([self.told, *body])

    def _repr_html_(self) -> str:
        return f"<p>{render.html(self.told)}</p>{self.rows_html()}"

    def rows_html(self) -> str:
        """The lines as an HTML table, without the count."""
        if self.shown.empty:
            return ""
        columns = ["", "text", "left", "node", "right", *self.also]
        records = self.shown.to_dict("records")
        return render.table(columns, [self._cells(place, row) for place, row in enumerate(records, self.first + 1)])

    def _cells(self, place: int, row: dict[Any, Any]) -> list[object]:
        middle = (row["left"], render.Html(f"<b>{render.html(row['node'])}</b>"), row["right"])
        where = [row.get("outlet"), row.get("date"), row["doc_id"]]
        given = [drawing.group_name(value) for value in where if value is not None and not pd.isna(value)]
        aligned = [_aligned(text, side) for text, side in zip(middle, _SIDES, strict=True)]
        return [f"{place:,}", _short(given), *aligned, *(_cut(drawing.group_name(row[name])) for name in self.also)]


def _aligned(text: object, side: str) -> render.Html:
    inside = text if isinstance(text, render.Html) else render.html(text)
    return render.Html(f'<div style="text-align:{side};padding:0 .3em">{inside}</div>')


def _cut(text: str) -> render.Html:
    """A cell that may hold an expression of 400 characters (a rule): its beginning, and all where it is pointed at."""
    short = render.shorten(text, layers.RULE)
    full = f' title="{render.attribute(text)}"' if short != render.one_line(text) else ""
    return render.Html(f"<span{full}>{render.html(short)}</span>")


def _short(given: list[str]) -> render.Html:
    """Where a line stands, on one line; in full where it is pointed at."""
    full = ", ".join(given)
    style = "white-space:nowrap;text-align:left;color:#666666"
    return render.Html(
        f'<div style="{style}" title="{render.attribute(full)}">{render.html(render.shorten(full, 30))}</div>'
    )
