"""The sheet every chart is drawn on: palette, template, labels, title, note and size.

The palette is Okabe and Ito's (2008), told apart with every common colour blindness. The template is a small one of
our own: plotly's is 7 kB, and a stored notebook carries it once a figure. Sizes follow the number of rows, so one
bar does not fill a page and forty bars keep a readable label each. All text passes `render.plotly_text`.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import plotly.graph_objects as go

from discourse import render

ORANGE, SKY, GREEN, YELLOW = "#E69F00", "#56B4E9", "#009E73", "#F0E442"
BLUE, VERMILLION, PURPLE, GREY, BLACK = "#0072B2", "#D55E00", "#CC79A7", "#999999", "#000000"
INK, PALE, LINES = "#333333", "#B8C4CE", "#E3E3E3"
CYCLE = (BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILLION, YELLOW, GREY, BLACK)
BLUES = [[0, "#FFFFFF"], [0.02, "#EDF5FA"], [1, SKY]]
"""Zero is white, so that an empty cell cannot be taken for a small one; the darkest is light enough for black digits
(contrast 9:1, W3C's rule asks for 4.5:1)."""

COLOURS = {
    "modal": BLUE,
    "likelihood": SKY,
    "appearance": GREEN,
    "belief": ORANGE,
    "hearsay": VERMILLION,
    "precision": YELLOW,
    "condition": PURPLE,
    "open": GREY,
    "booster": BLACK,
    # Named sources are blues, unnamed ones reds: the order is the codebook's scale of opacity.
    "named_person": "#00456B",
    "named_role": BLUE,
    "named_organisation": SKY,
    "unnamed_document": "#C9C9C9",
    "anonymous_individual": "#F3B562",
    "anonymous_group": VERMILLION,
    "unattributed": "#7A2E00",
    "author": GREEN,
    "outlet": BLUE,
    "source": ORANGE,
    "hedge": BLUE,
    "booster only": BLACK,
    "origin": BLUE,
    "claim_source": SKY,
    "corroboration": GREEN,
    "actor": ORANGE,
    "place": PURPLE,
    "employer": YELLOW,
    "furniture": "#C9C9C9",
    "hypothetical": GREY,
}
"""A colour for each codebook value that charts split by, the same in every chart."""

TEMPLATE = go.layout.Template(
    layout={
        "font": {"family": "Liberation Sans, Arial, sans-serif", "size": 13, "color": INK},
        "colorway": list(CYCLE),
        "paper_bgcolor": "white",
        "plot_bgcolor": "white",
        "hoverlabel": {"align": "left", "bgcolor": "white", "bordercolor": GREY, "font": {"color": INK, "size": 12}},
        "xaxis": {"gridcolor": LINES, "zerolinecolor": GREY, "ticks": ""},
        "yaxis": {"ticklabelstandoff": 6, "gridcolor": LINES, "zerolinecolor": GREY, "ticks": ""},
        "legend": {
            "orientation": "h",
            "x": 0,
            "y": 1.0,
            "yanchor": "bottom",
            "yref": "paper",
            "traceorder": "normal",
            "font": {"size": 12},
        },
        # Nothing in a figure may offer to send a corpus to somebody's server.
        "modebar": {"remove": ["sendChartToCloud", "lasso2d", "select2d", "autoScale2d"]},
    }
)

TITLE_HEIGHT, SUBTITLE_HEIGHT, LEGEND_HEIGHT, AXIS_HEIGHT, NOTE_HEIGHT = 40, 18, 22, 46, 15
"""Pixels, each of one line."""


def words(name: object) -> str:
    """A column's name, or a codebook identifier, as words: `named_person` -> `named person`."""
    return str(name).removeprefix("documents.").replace("_", " ")


def colour(value: object, position: int) -> str:
    """The stable colour of a codebook value, else the palette's at `position`."""
    return COLOURS.get(str(value), CYCLE[position % len(CYCLE)])


def labels(values: Iterable[object], width: int = 34) -> list[str]:
    """One distinct label a value, each at most `width` characters: two long names that would be cut alike are
    numbered.
    """
    texts = [render.shorten(value, width) for value in values]
    seen: dict[str, int] = {}
    out = []
    for text in texts:
        seen[text] = seen.get(text, 0) + 1
        out.append(render.plotly_text(text if seen[text] == 1 else f"{text} ({seen[text]})"))
    return out


def text_width(text: object, size: float = 13) -> float:
    """Pixels `text` takes in a sans-serif face of `size` pixels, to within about a twentieth."""
    units = 0.0
    for character in str(text):
        if character in "iljtfrI.,;:!|'()[] ":
            units += 0.30
        elif character in "mwMW%@—":
            units += 0.88
        else:
            units += 0.70 if character.isupper() or ord(character) > 0x2E80 else 0.56
    return units * size


def row_height(rows: float) -> float:
    """Pixels a row of a chart gets: roomy for a few, 16 for forty (a 12-pixel label still stands free)."""
    return max(16.0, min(34.0, 700.0 / max(rows, 1)))


@dataclass(frozen=True)
class Heading:
    """What stands above and below the plot, and the sheet's size in pixels; a height of None follows the rows."""

    title: str
    subtitle: str = ""
    notes: tuple[str, ...] = ()
    width: int = 700
    height: int | None = None

    def noting(self, *lines: str) -> Heading:
        """The heading with more lines in its note, before the last one (the caution)."""
        return replace(self, notes=(*self.notes[:-1], *[line for line in lines if line], *self.notes[-1:]))


def sheet(
    heading: Heading,
    *,
    rows: float | None = None,
    left: float = 12,
    right: float = 16,
    above: float = 0,
    legend: Sequence[str] = (),
) -> go.Figure:
    """An empty figure with title, subtitle and, under the axis, the note.

    Parameters
    ----------
    rows : rows of a horizontal chart, which set its height; None takes 450 pixels.
    left, right : pixels beside the plot, for the labels of its rows.
    above : pixels above the plot, for the labels of its columns.
    legend : the names the legend will show, for the lines it needs above the plot.
    """
    room = heading.width - 24
    lines = [line for note in heading.notes if note for line in textwrap.wrap(render.one_line(note), int(room / 5.2))]
    heads = textwrap.wrap(render.one_line(heading.title), int(room / 8.6)) or [""]
    legend_rows = _legend_rows(legend, heading.width - left - right)
    top = TITLE_HEIGHT + 20 * (len(heads) - 1) + SUBTITLE_HEIGHT * bool(heading.subtitle) + LEGEND_HEIGHT * legend_rows
    top += round(above)
    bottom = AXIS_HEIGHT + NOTE_HEIGHT * len(lines)
    natural = 450 if rows is None else round(top + bottom + max(70.0, rows * row_height(rows)))
    figure = go.Figure(layout={"template": TEMPLATE, "width": heading.width, "height": heading.height or natural})
    margin = {"l": left, "r": right, "t": top + 6, "b": bottom}
    title = _title(heads, heading.subtitle, heading.height or natural)
    figure.update_layout(margin=margin, title=title, showlegend=legend_rows > 0)
    if lines:
        text = "<br>".join(render.plotly_text(line) for line in lines)
        place = {"x": 0, "y": 0, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "top", "align": "left"}
        shift = {"xshift": 12 - left, "yshift": 6 - AXIS_HEIGHT, "showarrow": False}
        figure.add_annotation(text=text, font={"size": 11, "color": "#666666"}, **place, **shift)
    return figure


def _legend_rows(names: Sequence[str], room: float) -> int:
    if not names:
        return 0
    # plotly gives every entry of a horizontal legend the width of the widest.
    widest = max(text_width(name, 12) for name in names) + 46
    return math.ceil(len(names) / max(1, int(room // widest)))


def _title(heads: Sequence[str], subtitle: str, height: int) -> dict[str, Any]:
    text = "<b>" + "<br>".join(render.plotly_text(line) for line in heads) + "</b>"
    if subtitle:
        text += f'<br><span style="font-size:12px;color:#666666">{render.plotly_text(subtitle)}</span>'
    place = {"xref": "container", "xanchor": "left", "x": 0, "yref": "container", "yanchor": "top"}
    return {"text": text, "pad": {"l": 12}, "font": {"size": 16}, "y": 1 - 22 / height, **place}
