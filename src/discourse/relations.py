"""Drawings of relations: which voice speaks where and inside whom, and which outlet credits which."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from discourse import canvas, drawing, render
from discourse.canvas import Heading

NOBODY = "nobody's voice"
"""Furniture of a site: no speaker."""
OTHERS = "other voices"
LONGEST = 7
"""Voices with a colour of their own: more are not told apart."""


def ribbon(table: pd.DataFrame, heading: Heading) -> go.Figure:
    """A band a depth, coloured by voice: a colour each for the voices that speak longest, one for all the others."""
    called, names = _callers(table)
    texts = canvas.labels(names, 26)
    depths = int(table["depth"].max())
    figure = canvas.sheet(heading, rows=max(3, 2 * depths), left=64, legend=texts)
    counted = table["counted"].astype(bool) if "counted" in table else pd.Series(True, index=table.index)
    for position, name in enumerate(names):
        rows = table[called == name]
        colour = {NOBODY: "#DDDDDD", OTHERS: "#6E6E6E"}.get(name, canvas.CYCLE[position % len(canvas.CYCLE)])
        figure.add_bar(
            orientation="h",
            name=texts[position],
            base=rows["start"].tolist(),
            x=(rows["end"] - rows["start"]).tolist(),
            y=rows["depth"].tolist(),
            width=0.84,
            marker={
                "color": np.where(counted[rows.index], colour, "#DDDDDD").tolist(),
                "line": {"color": "white", "width": 0.5},
            },
            hovertext=[_stretch(row) for row in rows.to_dict("records")],
            hoverinfo="text",
            customdata=rows["start"].tolist(),
        )
    depth_texts = ["author" if depth == 1 else f"depth {depth}" for depth in range(1, depths + 1)]
    figure.update_layout(barmode="overlay")
    figure.update_yaxes(range=[0.5, depths + 0.5], tickvals=list(range(1, depths + 1)), ticktext=depth_texts)
    figure.update_yaxes(showgrid=False, zeroline=False)
    figure.update_xaxes(range=[0, int(table["end"].max())], tickformat=",d")
    return figure


def _callers(table: pd.DataFrame) -> tuple[pd.Series[str], list[str]]:
    """What each row is called in the legend, and the legend: the author, then the longest voices, then all others."""
    called = table["name"].fillna(NOBODY).astype("str")
    voices = table.assign(_called=called, _length=table["end"] - table["start"])[called != NOBODY]
    sizes = voices.groupby("_called").agg(depth=("depth", "min"), length=("_length", "sum"), start=("start", "min"))
    sizes["first"] = sizes["depth"] > 1
    longest = sizes.sort_values(["first", "length", "start"], ascending=[True, False, True]).index[:LONGEST]
    called = called.where(called.isin([*longest, NOBODY]), OTHERS)
    return called, [*longest, *(name for name in (OTHERS, NOBODY) if (called == name).any())]


def _stretch(row: dict[Any, Any]) -> str:
    kind = f"{canvas.words(row['kind'])}, " if isinstance(row.get("kind"), str) else ""
    said = (row.get("chain"), row["name"], NOBODY)
    name = render.plotly_text(next(text for text in said if isinstance(text, str)), 90)
    return f"<b>{name}</b><br>{render.plotly_text(kind)}characters {row['start']:,} to {row['end']:,}"


def tree(table: pd.DataFrame, heading: Heading) -> go.Figure:
    figure = canvas.sheet(heading, rows=max(6, min(len(table), 30)))
    known = set(table["voice_id"])
    kinds = list(dict.fromkeys(table["kind"]))
    names = table["name"].fillna("no name")
    figure.add_icicle(
        ids=table["voice_id"].tolist(),
        labels=[render.plotly_text(name, 34) for name in names],
        parents=[parent if parent in known else "" for parent in table["parent_id"]],
        values=table["n_words"].tolist(),
        branchvalues="remainder",
        marker={"colors": [canvas.colour(kind, kinds.index(kind)) for kind in table["kind"]], "line": {"width": 1}},
        hovertext=[
            f"<b>{render.plotly_text(row['chain'] if isinstance(row.get('chain'), str) else name, 110)}</b><br>"
            f"{canvas.words(row['kind'])}, {row['n_words']:,} words of its own"
            for name, row in zip(names, table.to_dict("records"), strict=True)
        ],
        hoverinfo="text",
        textfont={"size": 12},
        tiling={"orientation": "h"},
        pathbar={"visible": False},
        root={"color": "white"},
    )
    figure.update_layout(uniformtext={"minsize": 10, "mode": "hide"})
    return figure


def grid(table: pd.DataFrame, heading: Heading, limit: int) -> go.Figure:
    """Rows credit, columns are credited; the number of credits stands in the cell."""
    sides = {name: _strongest(table, name, limit) for name in ("crediting", "credited")}
    kept = table[table["crediting"].isin(sides["crediting"]) & table["credited"].isin(sides["credited"])]
    left_out = f"{len(table) - len(kept):,} pairs with fewer credits are not drawn." if len(kept) < len(table) else ""
    texts, tops = canvas.labels(sides["crediting"]), canvas.labels(sides["credited"], 24)
    above = max(canvas.text_width(drawing.unescaped(text), 11) for text in tops) + 12
    figure = canvas.sheet(heading.noting(left_out), rows=max(4, len(texts)), left=drawing.room(texts) + 18, above=above)
    cells = drawing.grid(kept, "count", ("crediting", sides["crediting"]), ("credited", sides["credited"]))
    rows = {row["_row"]: credit_hover(row) for row in kept.to_dict("records")}
    cells["hovertext"] = [[rows.get(item, "no credit") for item in line] for line in cells["customdata"]]
    figure.add_heatmap(**cells)
    drawing.rows_axis(figure, np.arange(len(texts)), texts)
    figure.update_xaxes(
        side="top", tickvals=list(range(len(tops))), ticktext=tops, tickangle=-90, tickfont={"size": 11}
    )
    figure.update_xaxes(showgrid=False, zeroline=False)
    figure.update_yaxes(title={"text": "credits", "font": {"size": 11}, "standoff": 0})
    figure.add_annotation(text="<i>credited</i>", x=0, y=1, xref="paper", yref="paper", xanchor="right", **_TIP)
    return figure


_TIP: dict[str, Any] = {"xshift": -8, "yanchor": "bottom", "showarrow": False, "font": {"size": 11, "color": "#666666"}}


def links(table: pd.DataFrame, heading: Heading, limit: int) -> go.Figure:
    """Lines from the outlet that credits (left) to the one credited (right)."""
    kept = table.sort_values(["count", "crediting", "credited"], ascending=[False, True, True], kind="stable").head(
        limit
    )
    left_out = (
        f"{len(kept)} of {len(table):,} pairs are drawn, those with most credits." if len(kept) < len(table) else ""
    )
    left, right = (_strongest(kept, name, len(kept)) for name in ("crediting", "credited"))
    left, right = _untangled(kept, left, right)
    texts = [canvas.labels(left, 26), canvas.labels(right, 26)]
    rooms = [drawing.room(side) + 8 for side in texts]
    rows = max(len(left), len(right))
    figure = canvas.sheet(heading.noting(left_out), rows=max(4, rows * 1.15), left=rooms[0], right=rooms[1], above=16)
    heights = [_spread(len(left)), _spread(len(right))]
    names = list(dict.fromkeys([*left, *right]))
    colours = {name: canvas.CYCLE[position % 7] for position, name in enumerate(names)}
    strongest = float(kept["count"].max())
    for row in kept.to_dict("records"):
        ends = heights[0][left.index(row["crediting"])], heights[1][right.index(row["credited"])]
        figure.add_scatter(**_link(row, ends, strongest, colours[row["crediting"]]))
    for side, (members, labels, height) in enumerate(zip((left, right), texts, heights, strict=True)):
        _nodes(figure, kept, members, labels, height, side, colours)
    hidden = {"visible": False, "fixedrange": True}
    figure.update_layout(
        xaxis={"range": [-0.02, 1.02], **hidden}, yaxis={"range": [1.03, -0.03], **hidden}, hovermode="closest"
    )
    for x, anchor, text in ((0, "left", "<i>credits …</i>"), (1, "right", "<i>… the report of</i>")):
        tip = {**_TIP, "xshift": 0, "text": text, "x": x, "y": 1, "xref": "paper", "yref": "paper", "xanchor": anchor}
        figure.add_annotation(**tip)
    return figure


def credit_hover(row: dict[Any, Any]) -> str:
    """Hover of one pair: both names in full, the count, the count without copies, the interval."""
    out = f"<b>{render.plotly_text(row['crediting'], 60)}</b> credits <b>{render.plotly_text(row['credited'], 60)}</b>"
    out += f"<br>{row['count']:,} times"
    once, every = (row.get(name, row["count"]) for name in ("count_once", "count_all"))
    if once != row["count"]:
        out += f", {once:,} counting near-duplicate copy once"
    if every != row["count"]:
        out += f", {every:,} with near-duplicate copy"
    if not pd.isna(row.get("low", np.nan)):
        out += f"<br>interval {row['low']:,.1f} to {row['high']:,.1f}"
    return out


def _strongest(table: pd.DataFrame, name: str, limit: int) -> list[str]:
    sums = table.groupby(name, sort=True)["count"].sum().sort_values(ascending=False, kind="stable")
    return [str(item) for item in sums.index[:limit]]


def _untangled(table: pd.DataFrame, left: list[str], right: list[str]) -> tuple[list[str], list[str]]:
    """Both sides ordered by the mean place of their partners, a few rounds: fewer lines cross (Sugiyama's
    barycentre).
    """
    for _ in range(6):
        place = {name: position for position, name in enumerate(left)}
        right = _by_partners(table, "credited", "crediting", place)
        place = {name: position for position, name in enumerate(right)}
        left = _by_partners(table, "crediting", "credited", place)
    return left, right


def _by_partners(table: pd.DataFrame, side: str, other: str, place: dict[str, int]) -> list[str]:
    weighted = (
        table.assign(_pull=table[other].map(place) * table["count"]).groupby(side, sort=True)[["_pull", "count"]].sum()
    )
    pull = (weighted["_pull"] / weighted["count"]).sort_values(kind="stable")
    return [str(item) for item in pull.index]


def _spread(members: int) -> list[float]:
    return [0.5] if members == 1 else [position / (members - 1) for position in range(members)]


def _link(row: dict[Any, Any], ends: tuple[float, float], strongest: float, colour: str) -> dict[str, Any]:
    steps = np.linspace(0, 1, 21)
    ease = steps * steps * (3 - 2 * steps)
    return {
        "x": steps.round(3).tolist(),
        "y": (ends[0] + (ends[1] - ends[0]) * ease).round(4).tolist(),
        "mode": "lines",
        "line": {"width": round(1 + 9 * row["count"] / strongest, 1), "color": colour},
        "opacity": 0.6,
        "hovertext": credit_hover(row),
        "hoverinfo": "text",
        "customdata": [row["_row"]] * len(steps),
        "showlegend": False,
    }


def _nodes(
    figure: go.Figure,
    table: pd.DataFrame,
    members: list[str],
    labels: list[str],
    height: list[float],
    side: int,
    colours: dict[str, str],
) -> None:
    column, verb = (("crediting", "credits others"), ("credited", "is credited"))[side]
    sums = table.groupby(column)["count"].sum()
    figure.add_scatter(
        x=[side] * len(members),
        y=height,
        mode="markers",
        marker={"size": 11, "color": [colours[name] for name in members], "line": {"color": "white", "width": 1}},
        hovertext=[f"<b>{render.plotly_text(name, 60)}</b><br>{verb} {sums[name]:,} times" for name in members],
        hoverinfo="text",
        showlegend=False,
        cliponaxis=False,
    )
    anchor, shift = (("right", -10), ("left", 10))[side]
    for place, label in zip(height, labels, strict=True):
        figure.add_annotation(
            text=label, x=side, y=place, xanchor=anchor, xshift=shift, showarrow=False, font={"size": 12}
        )
