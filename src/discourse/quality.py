"""Drawings of how good a reading is: scores beside human coders, what is taken for what, and whether confidence
holds.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from discourse import canvas, drawing, render
from discourse.canvas import Heading


def scores(table: pd.DataFrame, name: str, heading: Heading) -> go.Figure:
    """A dot a row with its interval, a diamond for people where they are known, the number of gold items at the
    right.
    """
    people = "human" in table and bool(table["human"].notna().any())
    texts = canvas.labels(table[name], 34)
    legend = ["machine", "human coders, pairwise"] if people else []
    figure = canvas.sheet(heading, rows=len(table), left=drawing.room(texts), right=92, legend=legend)
    places = np.arange(len(table))
    figure.add_scatter(
        x=drawing.plain(table["f1"]),
        y=places.tolist(),
        name="machine",
        mode="markers",
        marker={"size": 10, "color": canvas.BLUE},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": drawing.plain(table["high"] - table["f1"]),
            "arrayminus": drawing.plain(table["f1"] - table["low"]),
            "color": canvas.INK,
            "thickness": 1.3,
        },
        customdata=places.tolist(),
        hovertext=[
            f"<b>{text}</b><br>F1 {row['f1']:.2f} ({row['low']:.2f} to {row['high']:.2f})"
            f"<br>precision {row['precision']:.2f}, recall {row['recall']:.2f}"
            for text, row in zip(texts, table.to_dict("records"), strict=True)
        ],
        hoverinfo="text",
    )
    if people:
        shape = {"symbol": "diamond-open", "size": 11, "color": canvas.VERMILLION, "line": {"width": 2}}
        human = drawing.plain(table["human"])
        figure.add_scatter(x=human, y=places.tolist(), name=legend[1], mode="markers", marker=shape, hoverinfo="x")
    for place, number in zip(places, table["n_gold"], strict=True):
        figure.add_annotation(text=f"{number:,}", y=float(place), yref="y", **drawing.RIGHT)
    figure.add_annotation(text="<i>in the gold</i>", y=1, yref="paper", yanchor="bottom", **drawing.RIGHT)
    drawing.rows_axis(figure, places, texts)
    figure.update_xaxes(range=[min(0.5, float(table["low"].min()) - 0.03), 1.0], nticks=8)
    return figure


def confusion(table: pd.DataFrame, heading: Heading) -> go.Figure:
    """Rows are the gold, columns what was found; a cell holds the count, its shade the share of its row."""
    table = table.assign(found=table["found"].fillna("").replace("", "other"))
    rows, columns = (list(dict.fromkeys(table[name])) for name in ("gold", "found"))
    columns = [name for name in rows if name in columns] + [name for name in columns if name not in rows]
    texts = canvas.labels(rows)
    cell = (heading.width - drawing.room(texts) - 34) / max(len(columns), 1)
    figure = canvas.sheet(heading, rows=len(rows) * 1.3, left=drawing.room(texts) + 18, above=34)
    counts = np.zeros((len(rows), len(columns)), dtype=int)
    for row in table.to_dict("records"):
        counts[rows.index(row["gold"]), columns.index(row["found"])] += row["n"]
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    hovers = [
        [
            f"gold {text}, found {render.plotly_text(name)}: {counts[i, j]:,}, {shares[i, j]:.0%} of the row"
            for j, name in enumerate(columns)
        ]
        for i, text in enumerate(texts)
    ]
    figure.add_heatmap(
        z=shares.tolist(),
        x=list(range(len(columns))),
        y=list(range(len(rows))),
        text=[[f"{count:,}" if count else "" for count in line] for line in counts],
        texttemplate="%{text}",
        textfont={"color": canvas.BLACK},
        hovertext=hovers,
        hoverinfo="text",
        colorscale=canvas.BLUES,
        zmin=0,
        zmax=1,
        xgap=1,
        ygap=1,
        showscale=False,
    )
    drawing.rows_axis(figure, np.arange(len(rows)), texts)
    tops = [drawing.wrapped(name, cell) for name in columns]
    figure.update_xaxes(side="top", tickvals=list(range(len(columns))), ticktext=tops, showgrid=False, zeroline=False)
    figure.update_yaxes(title={"text": "gold", "font": {"size": 11}, "standoff": 0})
    return figure


def reliability(table: pd.DataFrame, heading: Heading) -> go.Figure:
    """The share that is right against the confidence stated; on the diagonal, confidence can be taken at its word."""
    figure = canvas.sheet(heading, left=66)
    figure.add_scatter(x=[0, 1], y=[0, 1], mode="lines", line={"color": canvas.GREY, "dash": "dot"}, hoverinfo="skip")
    number = table["n"].to_numpy(dtype=float)
    figure.add_scatter(
        x=drawing.plain(table["confidence"]),
        y=drawing.plain(table["right"]),
        mode="lines+markers",
        line={"color": canvas.BLUE, "width": 2},
        marker={"size": (6 + 14 * np.sqrt(number / max(number.max(), 1))).round(1).tolist()},
        customdata=list(range(len(table))),
        hovertext=[
            f"<b>stated {row['confidence']:.2f}</b><br>right {row['right']:.2f} of {row['n']:,} rows"
            for row in table.to_dict("records")
        ],
        hoverinfo="text",
    )
    figure.update_xaxes(range=[0, 1.02], title={"text": "confidence stated", "standoff": 4, "font": {"size": 12}})
    figure.update_yaxes(range=[0, 1.02], title={"text": "share that is right", "font": {"size": 12}})
    return figure
