"""The kinds of drawing charts are made of: bars with intervals, stacked bars, lines with bands, heat maps.

Each takes a tidy table, the name of the column to draw (`rate`, `share` or `count`) and the heading. Which columns
split the table is read from `attrs["by"]`, else from what stands before the first measured column. `customdata` of
every mark is the position of its row in the table.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from discourse import canvas, render
from discourse.canvas import Heading
from discourse.errors import ChartError
from discourse.tables import AFFILIATION, HEDGE_CATEGORIES, IDENTIFICATION, OUTLET_ROLES, TABLES

MEASURES = (
    "count",
    "n_words",
    "rate",
    "total",
    "share",
    "low",
    "high",
    "range",
    "n_docs",
    "dispersion",
    "note",
    "_row",
)
ORDERS: dict[str, Sequence[str]] = {
    "category": HEDGE_CATEGORIES,
    "identification": IDENTIFICATION,
    "affiliation": AFFILIATION,
    "role": OUTLET_ROLES,
    "voice_kind": ("author", "outlet", "source"),
}
"""Columns whose values are drawn in the codebook's order; the others by size."""
MOST_BARS = 40
"""More bars with intervals than this are hard to tell apart: the sheet becomes a heat map."""
FEW_DOCUMENTS = 5
"""Below this number an interval over documents says little: the bar is pale."""
FEW = 20
"""Below this total, percentages mislead: counts are printed (codebook G2)."""


IDENTIFIERS = {value for table in TABLES.values() for column in table.columns for value in column.values}
"""The codebook's: a name from a corpus that holds an underscore keeps it."""


def split_by(table: pd.DataFrame) -> list[str]:
    """The columns the table is split by, in order."""
    stated = [str(name) for name in table.attrs.get("by") or [] if name in table]
    measured = [position for position, name in enumerate(table.columns) if name in MEASURES]
    found = [str(name) for name in table.columns[: measured[0] if measured else 0]]
    return stated + [name for name in found if name not in stated]


def time_column(table: pd.DataFrame) -> str | None:
    """The column of dates the table is split by, if any."""
    return next((name for name in split_by(table) if pd.api.types.is_datetime64_any_dtype(table[name])), None)


def numbered(table: pd.DataFrame) -> pd.DataFrame:
    """The table with `_row`, the position of each row, which selections and sorts carry along."""
    return table if "_row" in table else table.assign(_row=np.arange(len(table)))


def group_name(value: Any) -> str:
    """A group's name in full: the codebook's identifiers as words, dates by their day, all else as it stands."""
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return "(not given)"
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"  # a column of whole numbers with a gap in it is stored as decimals
    return canvas.words(value) if value in IDENTIFIERS else str(value)


def measured(table: pd.DataFrame, value: str, heading: Heading, limit: int) -> go.Figure:
    """A rate or share with its intervals, drawn as the columns it is split by ask for.

    Raises
    ------
    ChartError : the table is split by more than two columns.
    """
    table, by = numbered(table), split_by(table)
    if len(by) > 2:
        raise ChartError(
            f"The table is split by {len(by)} columns ({', '.join(by)}), and a sheet has room for two. "
            "Measure by one or two of them, or select the others' values first (where=)."
        )
    if time_column(table):
        return lines(table, value, heading, min(limit, 7))
    table, left_out = _largest(table, by[0], limit) if by else (table, "")
    heading = heading.noting(left_out)
    if table["high"].max() > _reach(table, value):
        heading = heading.noting("An interval that runs past the edge is in the hover.")
    if len(by) < 2:
        return bars(table, value, heading)
    if len(table) > MOST_BARS or table[by[1]].nunique(dropna=False) > len(canvas.CYCLE):
        return heat(
            table, value, heading.noting("Too many bars for a sheet: the intervals are in the hover and the table.")
        )
    return grouped(table, value, heading)


def bars(table: pd.DataFrame, value: str, heading: Heading) -> go.Figure:
    """One horizontal bar a row, its interval, and at the right the raw counts."""
    by = split_by(table)
    name = by[0] if by else None
    table = _ordered(numbered(table), name, value)
    texts = canvas.labels([group_name(item) for item in table[name]]) if name else ["all"]
    counts = _count_column(table, value)
    right = 24 + max(canvas.text_width(text, 12) for text in [*counts, "count in words"])
    figure = canvas.sheet(heading, rows=len(table), left=room(texts), right=right)
    places = np.arange(len(table))
    figure.add_bar(**_bar(table, value, places), **_bar_style(table, canvas.SKY, len(table)))
    # A short bar is hard to point at: its whole row answers.
    figure.update_layout(hovermode="y")
    rows_axis(figure, places, texts)
    _value_axis(figure, table, value)
    for place, text in zip(places, counts, strict=True):
        figure.add_annotation(text=text, y=float(place), yref="y", **RIGHT)
    figure.add_annotation(text=_count_head(value), y=1, yref="paper", yanchor="bottom", **RIGHT)
    return figure


RIGHT: dict[str, Any] = {
    "x": 1,
    "xref": "paper",
    "xanchor": "left",
    "xshift": 10,
    "showarrow": False,
    "font": {"size": 12, "color": "#666666"},
}


def grouped(table: pd.DataFrame, value: str, heading: Heading) -> go.Figure:
    """A cluster of bars a group, one colour a value of the second column, each with its interval."""
    first, second = split_by(table)
    groups = order(table, first, value)
    parts = [part for part in order(table, second, value) if table.loc[_is(table[second], part), value].notna().any()]
    texts, names = canvas.labels(map(group_name, groups)), canvas.labels(map(group_name, parts))
    rows = len(groups) * (len(parts) + 1) * 0.62
    figure = canvas.sheet(heading, rows=rows, left=room(texts), legend=names)
    pitch = len(parts) + 1.0
    for position, part in enumerate(parts):
        rows_of_part = table[_is(table[second], part)]
        places = np.array([groups.index(group) * pitch + position for group in _values(rows_of_part[first])])
        style = _bar_style(rows_of_part, canvas.colour(part, position), 0)
        figure.add_bar(name=names[position], **_bar(rows_of_part, value, places), **style)
    rows_axis(figure, np.arange(len(groups)) * pitch + (len(parts) - 1) / 2, texts)
    for boundary in range(1, len(groups)):
        figure.add_hline(y=boundary * pitch - 1, line={"color": canvas.LINES, "width": 1})
    _value_axis(figure, table, value)
    return figure


def stacked(table: pd.DataFrame, value: str, heading: Heading, limit: int) -> go.Figure:
    """A bar a group, cut into the values of the last column: by count, or by share to 100 %."""
    table, by = numbered(table), split_by(table)
    second = by[-1]
    if len(by) == 1:
        table, by = table.assign(_all="all"), ["_all", second]
    table, left_out = _largest(table, by[0], limit)
    groups = order(table, by[0], "count", total=True)
    parts = [part for part in order(table, second, "count") if table.loc[_is(table[second], part), "count"].sum() > 0]
    texts, names = canvas.labels(map(group_name, groups)), canvas.labels(map(group_name, parts))
    totals = [int(table.loc[_is(table[by[0]], group), "count"].sum()) for group in groups]
    right = 30 + max(canvas.text_width(f"n = {total:,}", 12) for total in totals)
    small = f"Fewer than {FEW}: counts are printed, not shares." if value == "share" and min(totals) < FEW else ""
    heading = heading.noting(left_out, small)
    figure = canvas.sheet(heading, rows=len(groups), left=room(texts), right=right, legend=names)
    for position, part in enumerate(parts):
        rows = table[_is(table[second], part)]
        places = np.array([groups.index(group) for group in _values(rows[by[0]])])
        _segment(figure, rows, value, places, names[position], canvas.colour(part, position), totals)
    figure.update_layout(barmode="stack", bargap=0.3)
    rows_axis(figure, np.arange(len(groups)), texts)
    figure.update_xaxes(range=[0, 1] if value == "share" else None, tickformat=".0%" if value == "share" else ",d")
    for place, total in enumerate(totals):
        figure.add_annotation(text=f"n = {total:,}", y=place, yref="y", **RIGHT)
    return figure


def _segment(
    figure: go.Figure,
    rows: pd.DataFrame,
    value: str,
    places: np.ndarray[Any, Any],
    name: str,
    colour: str,
    totals: Sequence[int],
) -> None:
    """One colour of a stack, with the share (or, in small groups, the count) inside where it fits."""
    widest = 1.0 if value == "share" else max(max(totals), 1)
    texts = []
    for place, row in zip(places, rows.to_dict("records"), strict=True):
        text = f"{row['share']:.0%}" if value == "share" and totals[place] >= FEW else f"{row['count']:,}"
        texts.append(text if row[value] / widest > 0.055 else "")
    figure.add_bar(
        orientation="h",
        name=name,
        x=rows[value].fillna(0).tolist(),
        y=places.tolist(),
        text=texts,
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        textfont={"size": 11, "color": _ink_on(colour)},
        marker={"color": colour, "line": {"color": "white", "width": 1}},
        customdata=rows["_row"].tolist(),
        hovertext=hovers(rows, value),
        hoverinfo="text",
    )


def lines(table: pd.DataFrame, value: str, heading: Heading, limit: int) -> go.Figure:
    """A line over time with its interval as a band; a period without words breaks the line."""
    table, time = numbered(table), time_column(table)
    others = [name for name in split_by(table) if name != time]
    undated = table[table[time].isna()]
    table, left_out = (
        _largest(table[table[time].notna()], others[0], limit) if others else (table.dropna(subset=time), "")
    )
    if table.empty:
        raise ChartError("No row of the table has a date: nothing can be drawn over time. Give documents a date first.")
    groups = order(table, others[0], "count", total=True) if others else ["all"]
    names = canvas.labels(map(group_name, groups))
    said = f"Not drawn: {int(undated['count'].sum()):,} in documents without a date." if undated["count"].sum() else ""
    figure = canvas.sheet(heading.noting(left_out, said), left=62, legend=names if len(groups) > 1 else ())
    for position, group in enumerate(groups):
        rows = (table[_is(table[others[0]], group)] if others else table).sort_values(str(time))
        colour = canvas.CYCLE[position % len(canvas.CYCLE)]
        opacity = 0.18 if others else 0.25
        figure.add_scatter(
            **_band(rows, str(time)), line={"width": 1, "color": colour}, fillcolor=colour, opacity=opacity
        )
        figure.add_scatter(
            x=rows[time].tolist(),
            y=plain(rows[value]),
            name=names[position],
            mode="lines+markers",
            line={"color": colour, "width": 2},
            marker={"size": 8, "opacity": _opacity(rows)},
            customdata=rows["_row"].tolist(),
            hovertext=hovers(rows, value),
            hoverinfo="text",
        )
    figure.update_yaxes(rangemode="tozero", tickformat=".0%" if value == "share" else None)
    figure.update_xaxes(**_dates(table[str(time)], str(time)))
    return figure


def _dates(dates: pd.Series[Any], name: str) -> dict[str, Any]:
    """A tick a period where there is room for all of them, named as the period is."""
    form = {"year": "%Y", "quarter": "%b %Y", "month": "%b %Y"}.get(name, "%-d %b\n%Y")
    axis = {"tickangle": 0, "nticks": 8, "showgrid": False, "tickformat": form}
    places = sorted(dates.unique())
    return {**axis, "tickvals": places} if len(places) <= 9 else axis


def _band(rows: pd.DataFrame, time: str) -> dict[str, Any]:
    """The interval as closed outlines, one an unbroken run of periods; a run of one becomes a vertical stroke."""
    x: list[Any] = []
    y: list[float | None] = []
    known = rows["low"].notna() & rows["high"].notna()
    for _, run in rows[known].groupby((~known).cumsum()[known]):
        x += [*run[time], *run[time][::-1], run[time].iloc[0], None]
        y += [*run["high"], *run["low"][::-1], run["high"].iloc[0], None]
    return {"x": x, "y": y, "mode": "lines", "fill": "toself", "hoverinfo": "skip", "showlegend": False}


def heat(table: pd.DataFrame, value: str, heading: Heading) -> go.Figure:
    """A grid of two columns; the shade is the value, which is printed in the cell."""
    down, across = split_by(table)
    rows, columns = order(table, down, value), order(table, across, value)
    if len(columns) > max(len(rows), len(canvas.CYCLE)):
        down, across, rows, columns = across, down, columns, rows
    texts = canvas.labels(map(group_name, rows))
    cell = (heading.width - room(texts) - 16) / len(columns)
    upright = max(map(_widest_word, columns)) > cell - 4
    tops = canvas.labels(map(group_name, columns), 22) if upright else [wrapped(item, cell) for item in columns]
    above = max(canvas.text_width(text, 11) for text in tops) + 8 if upright else 34
    figure = canvas.sheet(heading, rows=len(rows), left=room(texts), above=above)
    figure.add_heatmap(**grid(table, value, (down, rows), (across, columns)))
    figure.update_xaxes(side="top", tickvals=list(range(len(columns))), ticktext=tops, showgrid=False, zeroline=False)
    figure.update_xaxes(tickfont={"size": 11}, tickangle=-90 if upright else 0)
    rows_axis(figure, np.arange(len(rows)), texts)
    return figure


def grid(
    table: pd.DataFrame, value: str, down: tuple[str, Sequence[Any]], across: tuple[str, Sequence[Any]]
) -> dict[str, Any]:
    """The arguments of a heat map trace: shade, cell texts, hovers and rows of the table, a cell without a row
    empty.
    """
    shape = (len(down[1]), len(across[1]))
    shade = np.full(shape, np.nan)
    texts, hover, row_of = (np.full(shape, blank, dtype=object) for blank in ("", "not in the table", None))
    for row, text in zip(table.to_dict("records"), hovers(table, value), strict=True):
        cell = (_index(down[1], row[down[0]]), _index(across[1], row[across[0]]))
        if None not in cell:
            shade[cell], hover[cell], row_of[cell] = row[value], text, row["_row"]
            texts[cell] = "" if pd.isna(row[value]) or not row["count"] else number(row[value], value)
    return {
        "z": [plain(pd.Series(line)) for line in shade],
        "x": list(range(shape[1])),
        "y": list(range(shape[0])),
        "text": texts.tolist(),
        "texttemplate": "%{text}",
        "textfont": {"size": 11, "color": canvas.BLACK},
        "hovertext": hover.tolist(),
        "hoverinfo": "text",
        "customdata": row_of.tolist(),
        "colorscale": canvas.BLUES,
        "zmin": 0,
        "zmax": float(np.nanmax(shade, initial=1e-9)),
        "xgap": 1,
        "ygap": 1,
        "showscale": False,
    }


def hovers(table: pd.DataFrame, value: str) -> list[str]:
    """One hover text a row: the group in full, raw counts, value, interval, documents, the reason of a warning."""
    return [_hover(row, split_by(table), value, table.attrs) for row in table.to_dict("records")]


def _hover(row: dict[Hashable, Any], by: Sequence[str], value: str, attrs: Mapping[Hashable, Any]) -> str:
    out = [f"<b>{render.plotly_text(group_name(row[name]), 90)}</b>" for name in by if name != "_all"]
    if "total" in row:
        out.append(f"{row['count']:,} of {row['total']:,}")
    else:
        out.append(f"{row['count']:,} in {row['n_words']:,} words" if "n_words" in row else f"count {row['count']:,}")
    if value in ("rate", "share") and not pd.isna(row[value]):
        out.append(number(row[value], value) + ("" if value == "share" else f" per {attrs.get('per', 1000):,} words"))
        if not pd.isna(row.get("low", np.nan)):
            span = f"{number(row['low'], value)} to {number(row['high'], value)}"
            out[-1] += f" ({attrs.get('level', 0.95):.0%} interval {span})"
    if "range" in row and "n_docs" in row:
        out.append(f"in {row['range']:,} of {row['n_docs']:,} documents")
    if isinstance(row.get("note"), str) and row["note"]:
        out.append(render.plotly_lines([row["note"]], 60))
    return "<br>".join(out)


def number(figure: float, value: str) -> str:
    """A value as printed: shares in percent, counts whole, rates with one decimal (two below 1)."""
    if value == "share":
        return f"{figure:.0%}"
    return f"{figure:,.0f}" if value == "count" else f"{figure:,.{2 if 0 < figure < 1 else 1}f}"


def _bar(table: pd.DataFrame, value: str, places: np.ndarray[Any, Any]) -> dict[str, Any]:
    return {
        "orientation": "h",
        "x": plain(table[value]),
        "y": places.tolist(),
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": plain((table["high"] - table[value]).clip(lower=0).where(table["count"] > 0)),
            "arrayminus": plain((table[value] - table["low"]).clip(lower=0)),
            "color": canvas.INK,
            "thickness": 1.3,
            "width": 3,
        },
        "customdata": table["_row"].tolist(),
        "hovertext": hovers(table, value),
        "hoverinfo": "text",
    }


def _bar_style(table: pd.DataFrame, colour: str, rows: int) -> dict[str, Any]:
    """Groups of very few documents are pale; few bars are not drawn thicker than a thumb."""
    return {"marker": {"color": colour, "opacity": _opacity(table)}, "width": 0.62 if rows else 0.85}


def _opacity(table: pd.DataFrame) -> list[float]:
    small = table["n_docs"] < FEW_DOCUMENTS if "n_docs" in table else pd.Series(False, index=table.index)
    return [0.4 if few else 1.0 for few in small]


def _count_column(table: pd.DataFrame, value: str) -> list[str]:
    if value == "share" and "total" in table:
        return [
            f"{row.count:,} of {row.total:,}" for row in table[["count", "total"]].itertuples(index=False, name="Row")
        ]
    if "n_words" not in table:
        return [f"{count:,}" for count in table["count"]]
    pairs = zip(table["count"], table["n_words"], strict=True)
    return [f"{count:,} in {n_words:,}" if n_words else "no words" for count, n_words in pairs]


def _count_head(value: str) -> str:
    return "<i>count of all</i>" if value == "share" else "<i>count in words</i>"


def _ordered(table: pd.DataFrame, name: str | None, value: str) -> pd.DataFrame:
    if name is None:
        return table
    position = {item: place for place, item in enumerate(order(table, name, value))}
    places = [position[item] for item in _values(table[name])]
    return table.iloc[np.argsort(places, kind="stable")]


def order(table: pd.DataFrame, name: str, value: str, *, total: bool = False) -> list[Any]:
    """The values of a column in the order they are drawn: the codebook's, numbers and dates, else largest first."""
    present = list(dict.fromkeys(_values(table[name])))
    if name in ORDERS:
        fixed = [item for item in ORDERS[name] if item in present]
        return fixed + [item for item in present if item not in fixed]
    kind = pd.api.types
    numeric = kind.is_numeric_dtype(table[name]) and not kind.is_bool_dtype(table[name])
    if numeric or kind.is_datetime64_any_dtype(table[name]):
        return sorted(present, key=lambda item: (isinstance(item, str), item))
    sizes = (
        table[value]
        .groupby(pd.Series(_values(table[name]), index=table.index), sort=False)
        .agg("sum" if total else "max")
    )
    return sorted(present, key=lambda item: -float(np.nan_to_num(sizes.get(item, 0.0))))


def _largest(table: pd.DataFrame, name: str, limit: int) -> tuple[pd.DataFrame, str]:
    """The rows of the `limit` largest groups, and what is said of the others."""
    size = next(column for column in ("n_words", "total", "count") if column in table)
    keys = pd.Series(_values(table[name]), index=table.index)
    sizes = table.groupby(keys, sort=False)[list({size: 0, "count": 0})].sum()
    sizes = sizes.sort_values([str(name) for name in sizes], ascending=False, kind="stable")
    if len(sizes) <= limit:
        return table, ""
    said = f"{limit} of {len(sizes):,} are drawn, those with most {canvas.words(size).removeprefix('n ')}."
    return table[keys.isin(sizes.index[:limit])], said


def _values(column: pd.Series[Any]) -> list[Any]:
    """The column's values with one value for missing, so that groups can be told apart by equality."""
    return ["(not given)" if pd.isna(item) else item for item in column]


def _is(column: pd.Series[Any], value: object) -> pd.Series[bool]:
    return column.isna() if value == "(not given)" and column.isna().any() else column == value


def _index(values: Sequence[Any], value: Any) -> int | None:
    value = "(not given)" if pd.isna(value) else value
    return values.index(value) if value in values else None


def plain(column: pd.Series[Any]) -> list[float | None]:
    """Numbers for plotly's JSON: missing and infinite ones as null."""
    return [float(item) if np.isfinite(item) else None for item in column.astype(float)]


def room(texts: Sequence[str]) -> float:
    """Pixels the labels left of the plot need; entities count as the characters they stand for."""
    return 24 + max(canvas.text_width(unescaped(text)) for text in texts)


def unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&#36;", "$").replace("&amp;", "&")


def wrapped(value: object, width: float) -> str:
    """A column's label on as many short lines as it takes to keep within `width` pixels."""
    return render.plotly_lines([render.shorten(group_name(value), 26)], max(8, int(width / 5.6)))


def _widest_word(value: object) -> float:
    return max((canvas.text_width(word, 11) for word in group_name(value).split()), default=0)


def rows_axis(figure: go.Figure, places: np.ndarray[Any, Any], texts: Sequence[str]) -> None:
    edge = 0.5 if len(places) < 2 else (places[1] - places[0]) / 2
    figure.update_yaxes(tickvals=places.tolist(), ticktext=list(texts), showgrid=False, zeroline=False)
    figure.update_yaxes(
        range=[float(places[-1] + edge), float(places[0] - edge)], tickfont={"size": 12 if len(texts) > 20 else 13}
    )


def _value_axis(figure: go.Figure, table: pd.DataFrame, value: str) -> None:
    figure.update_xaxes(
        range=[0, _reach(table, value) * 1.04], tickformat=".0%" if value == "share" else None, nticks=8
    )


def _reach(table: pd.DataFrame, value: str) -> float:
    """How far the axis goes: to the end of every bar and of the intervals of groups that hold findings in enough
    documents.

    A group of thirty words has an interval ten times as long as the others' bars; it may run past the edge.
    """
    firm = table["count"] > 0
    if "n_docs" in table and (firm & (table["n_docs"] >= FEW_DOCUMENTS)).any():
        firm &= table["n_docs"] >= FEW_DOCUMENTS
    ends = [*table.loc[firm, "high"].astype(float), *(1.15 * table[value].astype(float)), 1e-9]
    return float(np.nanmax(ends))


def _ink_on(colour: str) -> str:
    """Black or white, whichever is read on `colour` (relative luminance of W3C's contrast rule, about .5 grey)."""
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return canvas.BLACK if 0.299 * red + 0.587 * green + 0.114 * blue > 140 else "#FFFFFF"
