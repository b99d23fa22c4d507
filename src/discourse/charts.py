"""Charts: a tidy table of `discourse.measures` in, a plotly figure out. Nothing is counted here.

Every chart shows the raw counts and the interval beside the rate, prints the table's basis line as its note, and,
where readers are known to over-read, one line of caution. `customdata` of every mark is the position of the row of
the given table it draws, so that a click leads back to the texts. Too many groups for one sheet are cut to the
largest, and the note says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from discourse import canvas, contrasts, drawing, quality, relations
from discourse.canvas import Heading
from discourse.errors import ChartError

CAUTIONS = {
    "hedging": "Hedging is not weakness or dishonesty: it says how firmly a voice stands behind a claim.",
    "sources": "Labels are the reporter's own; opacity is not unreliability.",
    "anonymity": "Anonymity is not falsehood: it is how little the reader is told.",
    "outlets": "The unit is the mention, not the fact; quoting is not endorsing.",
    "voices": "Quoting is not endorsing.",
    "keyness": "A word of one writer is not a word of the paper: see in how many documents it occurs (hover).",
    "compare": "A ratio whose interval holds 1 is no finding either way.",
}
"""What a reader of the chart should not conclude (codebook G3)."""


def hedging(
    table: pd.DataFrame, *, title: str | None = None, limit: int = 40, width: int = 700, height: int | None = None
) -> go.Figure:
    """Hedges per 1,000 words with intervals: bars for groups, lines for dates.

    Parameters
    ----------
    table : of `measures.rates(marks, "hedges", by=…)`: one row per group, with `count`, `n_words`, `rate`, `low`,
        `high`; split by nothing, one or two columns. Tables of `"boosters"` and of `measures.sensitivity` are drawn
        alike.
    title : instead of the one made from the columns.
    limit : groups drawn at most, those with most words first; the note says how many there are.
    width, height : pixels; without a height it follows the number of rows.

    Raises
    ------
    ChartError : a column is missing, or the table is split by more than two.
    """
    _needs("hedging", table, ("rate", "count", "n_words", "low", "high"), 'measures.rates(marks, "hedges", by=…)')
    heading = _heading(table, "rate", title or f"Hedging{_by(table)}", "hedging", width, height)
    return drawing.measured(table, "rate", heading, limit)


def source_types(
    table: pd.DataFrame, *, title: str | None = None, limit: int = 40, width: int = 700, height: int | None = None
) -> go.Figure:
    """Who is cited: source types with intervals, or the heat map of identification by affiliation.

    Parameters
    ----------
    table : of `measures.shares(marks, of="identification")` (or `"affiliation"`), with `by=` or without: one row
        per group and value, drawn as bars with intervals; of `measures.shares(marks, of=["identification",
        "affiliation"])`: one row per pair, drawn as a heat map with its margins; or of `measures.rates(marks,
        "sources", by=…)`.

    Raises
    ------
    ChartError : a column is missing, or the table is split by more than two.
    """
    _needs("source_types", table, (), 'measures.shares(marks, of=["identification", "affiliation"])')
    value = "share" if "share" in table else "rate"
    if set(drawing.split_by(table)) == {"identification", "affiliation"}:
        _needs("source_types", table, ("count",), 'measures.shares(marks, of=["identification", "affiliation"])')
        title = title or "Sources: how they are named, and on whose behalf they speak"
        heading = _heading(table, "count", title, "sources", width, height)
        return _two_axes(drawing.numbered(table), heading.noting(_unspecified(table)))
    _needs("source_types", table, (value, "count", "low", "high"), 'measures.shares(marks, of="identification")')
    heading = _heading(table, value, title or f"Sources{_by(table)}", "sources", width, height)
    return drawing.measured(table, value, heading.noting(_unspecified(table)), limit)


def anonymity(
    table: pd.DataFrame, *, title: str | None = None, limit: int = 40, width: int = 700, height: int | None = None
) -> go.Figure:
    """The share of attributions whose source is not named, with intervals, by group or over time.

    Parameters
    ----------
    table : of `measures.shares(marks, of="anonymous", by=…)`: one row per group and value; the rows that are true
        are drawn.

    Raises
    ------
    ChartError : a column is missing, or the table is split by more than two.
    """
    make = 'measures.shares(marks, of="anonymous", by=…)'
    _needs("anonymity", table, ("anonymous", "share", "count", "total", "low", "high"), make)
    unnamed = drawing.numbered(table)[table["anonymous"].astype(str) == "True"].drop(columns="anonymous")
    unnamed.attrs = {**table.attrs, "by": [name for name in drawing.split_by(table) if name != "anonymous"]}
    heading = _heading(unnamed, "share", title or f"Unnamed sources{_by(unnamed)}", "anonymity", width, height)
    return drawing.measured(unnamed, "share", heading, limit)


def outlets(
    table: pd.DataFrame, *, title: str | None = None, limit: int = 25, width: int = 700, height: int | None = None
) -> go.Figure:
    """Outlets by how often they are named: rates with intervals, or counts stacked by a second column.

    Parameters
    ----------
    table : of `measures.rates(marks, "outlets", by="outlet")` (bars with intervals; with a date as second column,
        lines), or of `measures.counts(marks, "outlets", by=["outlet", "role"])` (stacked counts).

    Raises
    ------
    ChartError : a column is missing, or the table is split by more than two.
    """
    _needs("outlets", table, ("count",), 'measures.rates(marks, "outlets", by="outlet")')
    value = "rate" if "rate" in table else "count"
    heading = _heading(table, value, title or f"Outlets named{_by(table, 'outlet')}", "outlets", width, height)
    if value == "rate":
        return drawing.measured(table, value, heading, limit)
    return drawing.stacked(table, value, heading, limit)


def over_time(
    table: pd.DataFrame, *, title: str | None = None, limit: int = 7, width: int = 700, height: int | None = None
) -> go.Figure:
    """A rate or share over time with its interval as a band; periods without words break the line.

    Parameters
    ----------
    table : of `measures.rates(…, by="month")` or `measures.shares(…, by="year")`, alone or with one more column.
    limit : lines drawn at most, those with most words.

    Raises
    ------
    ChartError : a column is missing, or none of the columns it is split by is a date.
    """
    value = "share" if "share" in getattr(table, "columns", ()) else "rate"
    _needs("over_time", table, (value, "count", "low", "high"), 'measures.rates(marks, "hedges", by="month")')
    if drawing.time_column(table) is None:
        raise ChartError(
            f"charts.over_time was given a table split by {', '.join(drawing.split_by(table)) or 'nothing'}; "
            'none of it is a date. Measure by one of "year", "quarter", "month", "week", "day".'
        )
    heading = _heading(table, value, title or f"{_noun(table)}{_by(table)}", "", width, height)
    return drawing.measured(table, value, heading, limit)


def class_profile(
    table: pd.DataFrame, *, title: str | None = None, limit: int = 40, width: int = 700, height: int | None = None
) -> go.Figure:
    """Stacked bars of 100 %: of what kinds a group's hedges (or sources) are. Below 20 the counts are printed, not
    shares.

    Parameters
    ----------
    table : of `measures.shares(marks, "hedges", of="category", by=…)`: one row per group and class, with `share`,
        `count`, `total`.

    Raises
    ------
    ChartError : a column is missing, or the table is split by more than two.
    """
    _needs("class_profile", table, ("share", "count", "total"), 'measures.shares(marks, "hedges", of="category", by=…)')
    kind = drawing.split_by(table)[-1]
    noun = {"category": "hedges", "identification": "sources", "affiliation": "sources"}.get(kind, canvas.words(kind))
    heading = _heading(table, "count", title or f"Kinds of {noun}{_by(table, kind)}", "", width, height)
    heading = replace(heading, subtitle="share of the group").noting("Intervals are in the hover and in the table.")
    return drawing.stacked(table, "share", heading, limit)


def compare(table: pd.DataFrame, *, title: str | None = None, width: int = 700, height: int | None = None) -> go.Figure:
    """Two groups compared: the ratio of their rates with its interval, on a scale where twice and half stand alike.

    Parameters
    ----------
    table : of `measures.compare(marks, a, b, family=…)`: one row per member of the family, with `log_ratio` (base
        2), `low`, `high`, `count_a`, `count_b`. `attrs["label_a"]` and `attrs["label_b"]` name the groups.

    Raises
    ------
    ChartError : a column is missing.
    """
    _needs("compare", table, ("log_ratio", "low", "high", "count_a", "count_b"), "measures.compare(marks, a, b)")
    first, second = (str(table.attrs.get(f"label_{side}", side.upper())) for side in "ab")
    notes = (str(table.attrs.get("basis", "")), f"A: {first}. B: {second}.", CAUTIONS["compare"])
    subtitle = f"how many times as often in A as in B, with {table.attrs.get('level', 0.95):.0%} intervals"
    heading = Heading(title or f"{first} against {second}", subtitle, notes, width, height)
    return contrasts.ratios(table, heading)


def keyness(
    table: pd.DataFrame, *, title: str | None = None, limit: int = 15, width: int = 700, height: int | None = None
) -> go.Figure:
    """The words (or cues, or names) that set a target apart from a reference, by how many times as often they occur.

    Parameters
    ----------
    table : of `measures.keyness(target, reference)`: one row per item, with `item`, `sign`, `count`,
        `count_reference`, `rate`, `rate_reference`, `g2`, `log_ratio` (base 2). Items are chosen by evidence (G2),
        drawn by size.
    limit : items of each sign drawn at most.

    Raises
    ------
    ChartError : a column is missing.
    """
    columns = ("item", "sign", "count", "count_reference", "rate", "rate_reference", "g2", "log_ratio")
    _needs("keyness", table, columns, "measures.keyness(target, reference)")
    drawn = f"The {limit} items of most evidence (G2) on each side; blue: used more, orange: used less."
    notes = (str(table.attrs.get("basis", "")), drawn, CAUTIONS["keyness"])
    subtitle = "how many times as often in the target as in the reference"
    return contrasts.keywords(table, Heading(title or "What sets it apart", subtitle, notes, width, height), limit)


def balance(table: pd.DataFrame, *, title: str | None = None, width: int = 700, height: int | None = None) -> go.Figure:
    """Hedges against boosters: a point a group, as large as its words, with both intervals.

    Parameters
    ----------
    table : of `measures.rates(marks, "hedges", by=[…, "polarity"])`: one row per group and polarity.

    Raises
    ------
    ChartError : a column is missing, or the table is not split by polarity and one more column.
    """
    columns = ("polarity", "rate", "count", "n_words", "low", "high")
    _needs("balance", table, columns, 'measures.rates(marks, "hedges", by=["outlet", "polarity"])')
    names = [name for name in drawing.split_by(table) if name != "polarity"]
    if len(names) != 1:
        raise ChartError(
            f"charts.balance needs a table split by polarity and one more column; it is split by "
            f'{", ".join(drawing.split_by(table))}. Measure with by=["outlet", "polarity"].'
        )
    title = title or f"Hedges and boosters, by {canvas.words(names[0])}"
    heading = _heading(table, "rate", title, "hedging", width, height)
    notes = tuple(note for note in heading.notes if not note.startswith("Pale"))
    return contrasts.balance(table, names[0], replace(heading, notes=notes))


def voice_ribbon(
    table: pd.DataFrame, *, title: str | None = None, width: int = 700, height: int | None = None
) -> go.Figure:
    """Who holds the floor, from the first character of a text to its last: a band for each depth of voice.

    Parameters
    ----------
    table : one row per stretch of text in one voice, of one document: `start`, `end` (characters), `name` (of the
        voice), `depth` (1 is the author), and `counted` where known (false is drawn grey). The passages joined with
        the voices.

    Raises
    ------
    ChartError : a column is missing, or the rows are of several documents.
    """
    _needs("voice_ribbon", table, ("start", "end", "name", "depth"), "marks.passages.merge(marks.voices)")
    documents = table["doc_id"].unique() if "doc_id" in table else [""]
    if len(documents) > 1:
        raise ChartError(
            f"charts.voice_ribbon draws one document, and the table has {len(documents):,}. "
            "Select the rows of one doc_id first."
        )
    notes = (str(table.attrs.get("basis", "")), "Grey: not counted (furniture, repeated text).", CAUTIONS["voices"])
    heading = Heading(title or "Who holds the floor", "position in the text, in characters", notes, width, height)
    return relations.ribbon(table, heading)


def voice_tree(
    table: pd.DataFrame, *, title: str | None = None, width: int = 700, height: int | None = None
) -> go.Figure:
    """Who is heard inside whom: an icicle of the voices, each as long as its words and the words inside it.

    Parameters
    ----------
    table : `marks.voices` or a part of it: one row per voice, with `voice_id`, `parent_id`, `name`, `kind`,
        `n_words`.

    Raises
    ------
    ChartError : a column is missing.
    """
    _needs("voice_tree", table, ("voice_id", "parent_id", "name", "kind", "n_words"), "marks.voices")
    notes = (
        str(table.attrs.get("basis", "")),
        "Area: words of a voice, and of those it lets speak. Green: the author; blue: outlets; orange: sources.",
        CAUTIONS["voices"],
    )
    heading = Heading(title or "Who is heard inside whom", "outermost voice at the left", notes, width, height)
    return relations.tree(table, heading)


def matrix(
    table: pd.DataFrame, *, title: str | None = None, limit: int = 30, width: int = 700, height: int | None = None
) -> go.Figure:
    """Who credits whom, as a grid: rows credit, columns are credited.

    Parameters
    ----------
    table : of `credits.edges(marks)`: one row per pair, with `crediting`, `credited`, `count`; and `count_once`,
        `count_all` (with near-duplicate copy), `low`, `high` where known.
    limit : pairs of outlets drawn at most on each side, those with most credits.

    Raises
    ------
    ChartError : a column is missing.
    """
    _needs("matrix", table, ("crediting", "credited", "count"), "credits.edges(marks)")
    heading = _heading(table, "count", title or "Who credits whom", "outlets", width, height)
    return relations.grid(drawing.numbered(table), heading, limit)


def network(
    table: pd.DataFrame, *, title: str | None = None, limit: int = 60, width: int = 700, height: int | None = None
) -> go.Figure:
    """Who credits whom, as lines from the outlet that credits (left) to the one credited (right), thicker for more.

    Parameters
    ----------
    table : as for `matrix`.
    limit : pairs drawn at most, those with most credits; the note says how many there are.

    Raises
    ------
    ChartError : a column is missing.
    """
    _needs("network", table, ("crediting", "credited", "count"), "credits.edges(marks)")
    heading = _heading(table, "count", title or "Who credits whom", "outlets", width, height)
    return relations.links(drawing.numbered(table), heading, limit)


def scores(table: pd.DataFrame, *, title: str | None = None, width: int = 700, height: int | None = None) -> go.Figure:
    """How good a reading is: F1 with its interval, beside human coders where a column `human` holds their agreement.

    Parameters
    ----------
    table : of `evaluate`: one row per measure (or per group, where all rows are of one measure), with `measure`,
        `group`, `precision`, `recall`, `f1`, `low`, `high`, `n_gold`; rows are drawn in their order.

    Raises
    ------
    ChartError : a column is missing.
    """
    _needs("scores", table, ("measure", "precision", "recall", "f1", "low", "high", "n_gold"), "evaluate(out, gold)")
    by_group = "group" in table and len(table["group"].unique()) > 1
    heading = Heading(title or "How good is it?", "F1, with 95% intervals", _basis(table), width, height)
    return quality.scores(table, "group" if by_group else "measure", heading)


def confusion(
    table: pd.DataFrame, *, title: str | None = None, width: int = 700, height: int | None = None
) -> go.Figure:
    """What is taken for what: rows are the gold, columns what was found.

    Parameters
    ----------
    table : of `evaluate.confusion`: one row per pair of kinds, with `gold`, `found`, `n`.

    Raises
    ------
    ChartError : a column is missing.
    """
    _needs("confusion", table, ("gold", "found", "n"), "evaluate.confusion(pairs)")
    heading = Heading(
        title or "What is taken for what", "counts; the shade is the share of the row", _basis(table), width, height
    )
    return quality.confusion(table, heading)


def reliability(
    table: pd.DataFrame, *, title: str | None = None, width: int = 700, height: int | None = None
) -> go.Figure:
    """Whether the confidence of a row can be taken at its word: the share that is right, by the confidence stated.

    Parameters
    ----------
    table : of `evaluate.reliability`: one row per bin of confidence, with `confidence` (its mean), `right`, `n`.

    Raises
    ------
    ChartError : a column is missing.
    """
    _needs("reliability", table, ("confidence", "right", "n"), "evaluate.reliability(pairs)")
    heading = Heading(title or "May its confidence be trusted?", "size: number of rows", _basis(table), width, height)
    return quality.reliability(table, heading)


def _basis(table: pd.DataFrame) -> tuple[str, ...]:
    """What a table of scores is based on: its own line, else its texts and their number."""
    if "basis" in table.attrs:
        return (str(table.attrs["basis"]),)
    texts = ", ".join(map(str, table["texts"].unique())) if "texts" in table else ""
    numbers = set(table["n_documents"]) if "n_documents" in table else set()
    return (f"{texts}, {int(max(numbers)):,} documents" if len(numbers) == 1 else texts,)


def _unspecified(table: pd.DataFrame) -> str:
    """A warning where the text does not tell on whose behalf many of the sources speak."""
    if "affiliation" not in table:
        return ""
    share = table.loc[table["affiliation"] == "unspecified", "count"].sum() / max(table["count"].sum(), 1)
    if share <= UNSPECIFIED:
        return ""
    return f"Unspecified: {share:.0%} of these sources; the shares of the others may be larger than shown."


UNSPECIFIED = 1 / 3
"""Above this share of sources of unspecified affiliation the others' shares mislead."""


def _needs(chart: str, table: pd.DataFrame, columns: Sequence[str], make: str) -> None:
    if not isinstance(table, pd.DataFrame):
        given = "an annotation" if type(table).__name__ == "Annotations" else f"a {type(table).__name__}"
        raise ChartError(f"charts.{chart} draws a table and was given {given}. Measure first: table = {make}.")
    missing = [name for name in columns if name not in table]
    if missing:
        held = ", ".join(map(str, table.columns)) or "none"
        raise ChartError(f"charts.{chart} needs the column {missing[0]!r}; the table has {held}. Make it with {make}.")
    if table.empty:
        raise ChartError(
            f"charts.{chart} was given a table without rows: the selection before it found nothing to draw."
        )


def _noun(table: pd.DataFrame) -> str:
    named = {"hedges": "Hedging", "boosters": "Boosting", "attributions": "Attributions", "outlets": "Outlets named"}
    return named.get(str(table.attrs.get("table")), "Rate")


def _by(table: pd.DataFrame, without: str = "") -> str:
    names = [canvas.words(name) for name in drawing.split_by(table) if name != without]
    return f", by {' and '.join(names)}" if names else ""


def _heading(table: pd.DataFrame, value: str, title: str, caution: str, width: int, height: int | None) -> Heading:
    """Title, unit and note: the basis, what the pale marks are, the caution. A `value` of count has no interval."""
    counted = f"number of {table.attrs.get('what', 'findings')}"
    units = {"share": "share of the group", "rate": f"per {table.attrs.get('per', 1000):,} words", "count": counted}
    told = CAUTIONS.get(caution, "")
    if value == "count" or "low" not in table:
        return Heading(title, units[value], (str(table.attrs.get("basis", "")), told), width, height)
    few = "n_docs" in table and bool((table["n_docs"] < drawing.FEW_DOCUMENTS).any())
    pale = f"Pale: fewer than {drawing.FEW_DOCUMENTS} documents." if few else ""
    notes = (str(table.attrs.get("basis", "")), pale, _warnings(table), told)
    return Heading(title, f"{units[value]}, with {table.attrs.get('level', 0.95):.0%} intervals", notes, width, height)


def _warnings(table: pd.DataFrame) -> str:
    """The reasons in the table's notes, each once; which group they are of, and its numbers, stand in the hover."""
    notes = table["note"].dropna().astype(str) if "note" in table else pd.Series([], dtype="str")
    parts = [part.strip() for note in notes for part in note.split(";")]
    reasons = [
        "intervals may be too narrow" if "interval" in part else _NUMBERS.sub("", part) for part in parts if part
    ]
    return f"Some groups: {'; '.join(dict.fromkeys(reasons))} (see the hover)." if reasons else ""


_NUMBERS = re.compile(r"^(?:one|[\d,]+) documents?: | \([^)]*\d[^)]*\)")


def _two_axes(table: pd.DataFrame, heading: Heading) -> go.Figure:
    """The heat map of affiliation (rows) by identification (columns), its margins as bars."""
    cited = table[table["count"] > 0]
    rows, columns = (drawing.order(cited, name, "count") for name in ("affiliation", "identification"))
    absent = [canvas.words(item) for item in dict.fromkeys(table["affiliation"].dropna()) if item not in rows]
    heading = heading.noting(f"Not cited: {', '.join(absent)}." if absent else "")
    texts = canvas.labels(map(drawing.group_name, rows))
    figure = canvas.sheet(heading, rows=len(rows) + 2, left=drawing.room(texts))
    figure.add_heatmap(**drawing.grid(cited, "count", ("affiliation", rows), ("identification", columns)))
    down = [int(cited.loc[cited["affiliation"] == item, "count"].sum()) for item in rows]
    across = [int(cited.loc[cited["identification"] == item, "count"].sum()) for item in columns]
    style = {"marker": {"color": canvas.PALE}, "textposition": "outside", "cliponaxis": False, "hoverinfo": "skip"}
    figure.add_bar(x=down, y=list(range(len(rows))), text=down, orientation="h", xaxis="x2", yaxis="y", **style)
    figure.add_bar(x=list(range(len(columns))), y=across, text=across, xaxis="x", yaxis="y2", **style)
    drawing.rows_axis(figure, np.arange(len(rows)), texts)
    cell = (heading.width - drawing.room(texts) - 16) * 0.86 / len(columns)
    tops = [drawing.wrapped(item, cell) for item in columns]
    split = 1 - 2 / (len(rows) + 2)
    bare = {"showticklabels": False, "showgrid": False, "zeroline": False}
    figure.update_layout(
        xaxis={"domain": [0, 0.86], "tickvals": list(range(len(columns))), "ticktext": tops, **_UPRIGHT},
        xaxis2={"domain": [0.87, 1], "anchor": "y", "range": [0, max(down) * 1.5], **bare},
        yaxis={"domain": [0, split]},
        yaxis2={"domain": [split + 0.01, 1], "anchor": "x", "range": [0, max(across) * 1.6], **bare},
        showlegend=False,
    )
    return figure


_UPRIGHT: dict[str, Any] = {"tickfont": {"size": 11}, "tickangle": 0, "zeroline": False}
