"""Drawings that set two things against each other: two groups' rates, two texts' words, hedges and boosters."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from discourse import canvas, drawing, render
from discourse.canvas import Heading


def ratios(table: pd.DataFrame, heading: Heading) -> go.Figure:
    by = [name for name in drawing.split_by(table) if name not in ("count_a", "words_a")]
    names = [drawing.group_name(item) for item in table[by[0]]] if by else ["all"]
    texts = canvas.labels(names)
    figure = canvas.sheet(heading, rows=len(table), left=drawing.room(texts), right=84)
    clear = (table["low"] > 0) | (table["high"] < 0)
    places = np.arange(len(table))
    figure.add_scatter(
        x=table["log_ratio"].tolist(),
        y=places.tolist(),
        mode="markers",
        marker={"size": 10, "color": np.where(clear, canvas.BLUE, canvas.GREY).tolist()},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": (table["high"] - table["log_ratio"]).fillna(0).tolist(),
            "arrayminus": (table["log_ratio"] - table["low"]).fillna(0).tolist(),
            "color": canvas.GREY,
            "thickness": 1.5,
        },
        customdata=list(range(len(table))),
        hovertext=[_ratio_hover(name, row) for name, row in zip(names, table.to_dict("records"), strict=True)],
        hoverinfo="text",
    )
    for place, row in zip(places, table.to_dict("records"), strict=True):
        figure.add_annotation(
            text=f"{row['count_a']:,} : {row['count_b']:,}", y=float(place), yref="y", **drawing.RIGHT
        )
    figure.add_annotation(text="<i>counts A : B</i>", y=1, yref="paper", yanchor="bottom", **drawing.RIGHT)
    drawing.rows_axis(figure, places, texts)
    figure.add_vline(x=0, line={"color": canvas.INK, "width": 1})
    figure.update_xaxes(**_ratio_axis(table))
    return figure


def _ratio_axis(table: pd.DataFrame) -> dict[str, Any]:
    """Ticks at powers of two, named as people say them."""
    reach = np.nanmax(np.abs(table[["low", "high", "log_ratio"]].to_numpy(dtype=float)), initial=1.0)
    edge = int(min(np.ceil(reach), 8))
    step = 1 if edge <= 4 else 2
    ticks = sorted({0, *range(step, edge + 1, step), *range(-step, -edge - 1, -step)})
    texts = ["same" if tick == 0 else f"{2**tick}×" if tick > 0 else f"1/{2**-tick}" for tick in ticks]
    return {"range": [-edge - 0.2, edge + 0.2], "tickvals": ticks, "ticktext": texts, "zeroline": False}


def _ratio_hover(name: str, row: dict[Any, Any]) -> str:
    out = [f"<b>{render.plotly_text(name, 90)}</b>", f"{row['count_a']:,} against {row['count_b']:,}"]
    if not pd.isna(row["log_ratio"]):
        low, middle, high = (2.0 ** float(row[side]) for side in ("low", "log_ratio", "high"))
        out.append(f"{middle:.2f} times as often (interval {low:.2f} to {high:.2f})")
    if "p_holm" in row and not pd.isna(row["p_holm"]):
        out.append(f"p = {row['p_holm']:.3f} (permutation over documents, Holm)")
    if isinstance(row.get("sentence"), str):
        out.append(render.plotly_lines([row["sentence"]], 60))
    return "<br>".join(out)


def keywords(table: pd.DataFrame, heading: Heading, limit: int) -> go.Figure:
    """Bars of the log ratio to both sides, the strongest evidence of each sign, counts at the right."""
    table = drawing.numbered(table)
    kept = pd.concat([table[table["sign"] == sign].head(limit) for sign in "+-"]).sort_values(
        ["log_ratio", "item"], ascending=[False, True], kind="stable"
    )
    texts = canvas.labels(kept["item"], 26)
    figure = canvas.sheet(heading, rows=len(kept), left=drawing.room(texts), right=104)
    places = np.arange(len(kept))
    figure.add_bar(
        orientation="h",
        x=kept["log_ratio"].tolist(),
        y=places.tolist(),
        width=0.62,
        marker={"color": np.where(kept["sign"] == "+", canvas.SKY, canvas.ORANGE).tolist()},
        customdata=kept["_row"].tolist(),
        hovertext=[_keyword(row) for row in kept.to_dict("records")],
        hoverinfo="text",
    )
    for place, row in zip(places, kept.to_dict("records"), strict=True):
        text = f"{row['count']:,} : {row['count_reference']:,}"
        figure.add_annotation(text=text, y=float(place), yref="y", **drawing.RIGHT)
    figure.add_annotation(text="<i>counts</i>", y=1, yref="paper", yanchor="bottom", **drawing.RIGHT)
    figure.update_layout(hovermode="y")
    drawing.rows_axis(figure, places, texts)
    figure.update_xaxes(**_ratio_axis(kept.assign(low=np.nan, high=np.nan)))
    return figure


def _keyword(row: dict[Any, Any]) -> str:
    rates = f"{row['rate']:,.2f} against {row['rate_reference']:,.2f} per 1,000 words"
    counts = f"{row['count']:,} against {row['count_reference']:,}"
    spread = ""
    if not pd.isna(row.get("range", np.nan)) and not pd.isna(row.get("range_reference", np.nan)):
        spread = f"<br>in {row['range']:,} and {row['range_reference']:,} documents"
    return f"<b>{render.plotly_text(row['item'], 60)}</b><br>{counts}<br>{rates}{spread}<br>G2 {row['g2']:,.1f}"


NAMED = 14
"""Points up to this number carry their name and their intervals; more would hide each other."""


def balance(table: pd.DataFrame, name: str, heading: Heading) -> go.Figure:
    """A point a group: boosters across, hedges up, each with its interval; the area is the words."""
    table = drawing.numbered(table)
    sides = {side: table[table["polarity"] == side].set_index(name) for side in ("booster", "hedge")}
    groups = [group for group in sides["hedge"].index if group in sides["booster"].index]
    across, up = (sides[side].loc[groups] for side in ("booster", "hedge"))
    reach = [1.15 * float(np.nanmax(side["rate"].to_numpy(dtype=float), initial=1)) for side in (across, up)]
    words = up["n_words"].to_numpy(dtype=float)
    sizes = 8 + 20 * np.sqrt(words / max(words.max(), 1))
    told = drawing.hovers(table, "rate")
    figure = canvas.sheet(heading, left=62)
    figure.update_layout(hovermode="closest")
    figure.add_scatter(
        x=drawing.plain(across["rate"]),
        y=drawing.plain(up["rate"]),
        mode="markers",
        cliponaxis=False,
        marker={"size": sizes.round(1).tolist(), "color": canvas.BLUE, "opacity": 0.75},
        customdata=up["_row"].tolist(),
        hovertext=[f"{told[one]}<br>{told[two]}" for one, two in zip(up["_row"], across["_row"], strict=True)],
        hoverinfo="text",
    )
    if len(groups) <= NAMED:
        points = np.column_stack([across["rate"] / reach[0], up["rate"] / reach[1]])
        texts = [render.plotly_text(drawing.group_name(group), 24) for group in groups]
        places = _label_places(texts, points, sizes, (heading.width - 78.0, 300.0))
        figure.update_traces(mode="markers+text", text=texts, textposition=places, textfont={"size": 11})
        figure.update_traces(error_x=_whisker(across), error_y=_whisker(up))
    figure.update_xaxes(
        range=[-0.03 * reach[0], reach[0]], title={"text": "boosters", "font": {"size": 12}, "standoff": 4}
    )
    figure.update_yaxes(range=[0, reach[1]], title={"text": "hedges", "font": {"size": 12}})
    return figure


def _whisker(side: pd.DataFrame) -> dict[str, Any]:
    return {
        "type": "data",
        "symmetric": False,
        "array": drawing.plain((side["high"] - side["rate"]).clip(lower=0)),
        "arrayminus": drawing.plain((side["rate"] - side["low"]).clip(lower=0)),
        "color": canvas.PALE,
        "thickness": 1,
        "width": 0,
    }


_PLACES = {
    "middle right": (0.5, 0.0),
    "middle left": (-0.5, 0.0),
    "top center": (0.0, 1.0),
    "bottom center": (0.0, -1.0),
    "top right": (0.5, 1.0),
    "bottom right": (0.5, -1.0),
    "top left": (-0.5, 1.0),
    "bottom left": (-0.5, -1.0),
}
"""Where a label may stand: the middle of its box from its point, in widths across and heights up."""


def _label_places(
    texts: list[str], points: np.ndarray[Any, Any], sizes: np.ndarray[Any, Any], plot: tuple[float, float]
) -> list[str]:
    """For each point the place where its label covers least of the labels set before it, of other points and the
    edge.
    """
    middles = np.nan_to_num(points) * np.array(plot)
    taken = [(x, y, size, size) for (x, y), size in zip(middles, sizes, strict=True)]
    chosen = []
    for text, middle, size in zip(texts, middles, sizes, strict=True):
        width = canvas.text_width(text, 11)
        boxes = {
            place: (middle[0] + across * (width + size + 4), middle[1] + up * (size / 2 + 9), width, 13.0)
            for place, (across, up) in _PLACES.items()
        }
        best = min(
            boxes, key=lambda place: sum(_covered(boxes[place], other) for other in taken) + _out(boxes[place], plot)
        )
        chosen.append(best)
        taken.append(boxes[best])
    return chosen


def _covered(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    across = (one[2] + other[2]) / 2 - abs(one[0] - other[0])
    up = (one[3] + other[3]) / 2 - abs(one[1] - other[1])
    return max(across, 0.0) * max(up, 0.0)


def _out(box: tuple[float, ...], plot: tuple[float, float]) -> float:
    left, right = box[0] - box[2] / 2, box[0] + box[2] / 2
    return 13 * (max(-left, 0.0) + max(right - plot[0], 0.0))
