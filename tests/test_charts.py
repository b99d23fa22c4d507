"""Charts draw the table they are given: every number, its interval, its basis; nothing overlaps, nothing is
markup.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from discourse import canvas, charts, drawing, render
from discourse.errors import ChartError
from discourse.tables import AFFILIATION, HEDGE_CATEGORIES, IDENTIFICATION, OUTLET_ROLES
from press import POISON, press

BASIS = "8 documents, 208 words; bootstrap 2,000, seed 1"


def rates(groups: list[Any], by: str = "outlet") -> pd.DataFrame:
    """Rates that fall with the row; the interval reaches one below and two above."""
    number = len(groups)
    rate = np.linspace(20, 5, number)
    columns = {
        by: groups,
        "count": range(number, 0, -1),
        "n_words": 1000,
        "rate": rate,
        "low": rate - 1,
        "high": rate + 2,
    }
    table = pd.DataFrame({**columns, "range": 1, "n_docs": 2, "dispersion": 0.1, "note": ""})
    table.attrs.update(basis=BASIS, by=[by], per=1000, level=0.95)
    return table


def crossed(first: dict[str, list[Any]], second: dict[str, list[Any]], value: str = "rate") -> pd.DataFrame:
    """Every pair of two columns' values, with the same made-up numbers each."""
    (a, left), (b, right) = *first.items(), *second.items()
    pairs = pd.DataFrame([(x, y) for x in left for y in right], columns=[a, b])
    table = pairs.assign(count=4, n_words=1000, total=40, rate=4.0, share=0.1, low=0.05, high=0.2, note="")
    drop = ["n_words", "rate"] if value == "share" else ["total", "share"]
    if value == "count":
        drop = ["n_words", "rate", "total", "share", "low", "high"]
    table = table.drop(columns=drop)
    table.attrs.update(basis=BASIS, by=[a, b], per=1000, level=0.95)
    return table


def edges(outlets: list[str]) -> pd.DataFrame:
    pairs = [(a, b, 1 + len(a) % 3) for a in outlets for b in outlets if a != b]
    table = pd.DataFrame(pairs, columns=["crediting", "credited", "count"])
    table = table.assign(count_once=table["count"], low=0.5, high=9.0)
    table.attrs["basis"] = BASIS
    return table


def voices(name: str) -> pd.DataFrame:
    table = pd.DataFrame(
        {"voice_id": ["v1", "v2"], "parent_id": [None, "v1"], "name": [name, None], "n_words": [30, 20]}
    )
    return table.assign(kind=["author", "outlet"], chain=[name, f"{name} > unnamed report"])


def ribbon(name: str) -> pd.DataFrame:
    table = pd.DataFrame({"start": [0, 10, 12], "end": [10, 40, 20], "name": [name, None, "b"], "depth": [1, 2, 3]})
    return table.assign(kind="commentary", counted=[True, False, True], chain=name)


def compared(name: str) -> pd.DataFrame:
    table = pd.DataFrame({"category": [name, "modal"], "count_a": [9, 3], "count_b": [3, 3], "log_ratio": [1.6, 0.0]})
    table = table.assign(low=[0.4, -1.0], high=[2.5, 1.0], p_holm=[0.01, 1.0], sentence=name, note="")
    table.attrs.update(basis=BASIS, by=["category"], label_a=name, label_b="Tideline", level=0.95)
    return table


def keys(name: str) -> pd.DataFrame:
    table = pd.DataFrame({"item": [name, "said", "port"], "sign": ["+", "-", "-"], "count": [9, 2, 1]})
    table = table.assign(count_reference=[1, 8, 4], rate=9.0, rate_reference=1.0, range=[5, 2, 1], range_reference=1)
    table = table.assign(g2=[12.0, 4.0, 3.0], log_ratio=[3.0, -2.0, -2.1])
    table.attrs["basis"] = BASIS
    return table


def months() -> list[pd.Timestamp]:
    return list(pd.date_range("2031-01-01", periods=6, freq="MS"))


EVERY: dict[str, Callable[[str], go.Figure]] = {
    "hedging": lambda name: charts.hedging(rates([name, "Tideline"])),
    "hedging two": lambda name: charts.hedging(crossed({"outlet": [name, "b"]}, {"voice_kind": ["author", "source"]})),
    "hedging many": lambda name: charts.hedging(
        crossed({"outlet": [name, *"bcdef"]}, {"category": list(HEDGE_CATEGORIES)})
    ),
    "over time": lambda name: charts.over_time(crossed({"month": months()}, {"outlet": [name, "b"]})),
    "sources": lambda name: charts.source_types(
        crossed({"outlet": [name]}, {"identification": list(IDENTIFICATION)}, "share")
    ),
    "two axes": lambda name: charts.source_types(
        crossed({"identification": list(IDENTIFICATION)}, {"affiliation": [*AFFILIATION[:4], name]}, "share")
    ),
    "anonymity": lambda name: charts.anonymity(crossed({"outlet": [name, "b"]}, {"anonymous": [True, False]}, "share")),
    "profile": lambda name: charts.class_profile(
        crossed({"outlet": [name]}, {"category": list(HEDGE_CATEGORIES)}, "share")
    ),
    "outlets": lambda name: charts.outlets(rates([name, "b"])),
    "roles": lambda name: charts.outlets(crossed({"outlet": [name, "b"]}, {"role": list(OUTLET_ROLES)}, "count")),
    "compare": lambda name: charts.compare(compared(name)),
    "keyness": lambda name: charts.keyness(keys(name)),
    "balance": lambda name: charts.balance(crossed({"outlet": [name, "b"]}, {"polarity": ["hedge", "booster"]})),
    "scores": lambda name: charts.scores(quality(name)),
    "confusion": lambda name: charts.confusion(
        pd.DataFrame({"gold": [name], "found": ["b"], "n": [1], "texts": BASIS})
    ),
    "ribbon": lambda name: charts.voice_ribbon(ribbon(name)),
    "tree": lambda name: charts.voice_tree(voices(name)),
    "network": lambda name: charts.network(edges([name, "b", "c"])),
    "matrix": lambda name: charts.matrix(edges([name, "b", "c"])),
}


def texts(value: Any) -> list[str]:
    """Every string of a figure, colours and settings among them."""
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    return [text for part in parts for text in texts(part)]


OWN_TAGS = re.compile(r'</?(?:b|i|br)>|<span style="font-size:12px;color:#666666">|</span>')


@pytest.mark.parametrize("chart", EVERY)
def test_text_of_a_corpus_is_literal_in_every_chart(chart: str) -> None:
    shown = texts(EVERY[chart](POISON).to_plotly_json())
    assert any("&lt;script&gt;" in text for text in shown)
    for text in shown:
        bare = OWN_TAGS.sub("", text)
        assert "<" not in bare
        assert "$" not in bare
        assert bare == "%{text}" or "%{" not in bare


@pytest.mark.parametrize("chart", EVERY)
def test_every_chart_has_title_size_basis_and_a_small_template(chart: str) -> None:
    figure = EVERY[chart]("Harbour Gazette")
    assert figure.layout.title.text.startswith("<b>")
    assert figure.layout.width == 700
    assert 200 <= figure.layout.height <= 1000
    assert len(figure.layout.template.to_plotly_json()["layout"]) < 12
    if chart not in ("ribbon", "tree"):
        assert any(text.text.startswith(BASIS) for text in figure.layout.annotations)
    assert "sendChartToCloud" in figure.layout.template.layout.modebar.remove


def test_a_bar_is_its_row() -> None:
    table = rates(["b", "c", "a"])
    bar = charts.hedging(table).data[0]
    for place, row in enumerate(bar.customdata):
        assert bar.x[place] == table["rate"].iloc[row]
        assert bar.error_x.array[place] == pytest.approx(2)
        assert bar.error_x.arrayminus[place] == pytest.approx(1)
        assert f"{table['count'].iloc[row]} in 1,000 words" in bar.hovertext[place]
    assert "95% interval 19.0 to 22.0" in bar.hovertext[0]
    assert "in 1 of 2 documents" in bar.hovertext[0]


def test_counts_stand_at_the_right_of_every_bar() -> None:
    figure = charts.hedging(rates(["b", "c", "a"]))
    assert {"3 in 1,000", "2 in 1,000", "1 in 1,000"} <= {note.text for note in figure.layout.annotations}


def test_a_group_without_words_is_shown_as_such() -> None:
    table = rates(["a", "b"])
    table.loc[1, ["rate", "low", "high"]] = np.nan
    table.loc[1, ["count", "n_words"]] = 0
    table["n_docs"] = [9, 2]
    table.loc[1, "note"] = "2 documents: no words"
    figure = charts.hedging(table)
    assert figure.data[0].x == (20.0, None)
    assert "no words" in [note.text for note in figure.layout.annotations]
    note = next(note.text for note in figure.layout.annotations if note.text.startswith(BASIS))
    assert "Pale: fewer than 5 documents." in note
    assert "Some groups: no words (see the hover)." in note
    assert figure.data[0].marker.opacity == (1.0, 0.4)


def test_where_nothing_was_found_there_is_no_interval_to_draw() -> None:
    table = rates(["a", "b"])
    table.loc[1, ["count", "rate", "low"]] = 0
    bar = charts.hedging(table).data[0]
    assert bar.error_x.array == (2.0, None)


@pytest.mark.parametrize("number", [1, 2, 7, 40])
def test_labels_of_one_to_forty_groups_do_not_overlap(number: int) -> None:
    figure = charts.hedging(rates([f"Group {place:02d}" for place in range(number)]))
    assert len(figure.layout.yaxis.ticktext) == number
    plot = figure.layout.height - figure.layout.margin.t - figure.layout.margin.b
    assert plot / number >= 1.2 * (figure.layout.yaxis.tickfont.size or 13)


def test_more_groups_than_the_limit_are_cut_to_the_largest_and_it_is_said() -> None:
    table = rates([f"Group {place:03d}" for place in range(400)])
    table["n_words"] = range(400, 0, -1)
    figure = charts.hedging(table)
    assert len(figure.data[0].x) == 40
    assert set(figure.data[0].customdata) == set(range(40))
    assert any("40 of 400 are drawn, those with most words" in note.text for note in figure.layout.annotations)


def test_long_labels_are_cut_told_apart_and_whole_in_the_hover() -> None:
    long = "The Independent Courier of the Northern Provinces"
    figure = charts.hedging(rates([f"{long} and Islands", f"{long} and Valleys"]))
    ticks = figure.layout.yaxis.ticktext
    assert len(set(ticks)) == 2
    assert all(len(text) <= 38 for text in ticks)
    assert figure.data[0].hovertext[1].startswith(f"<b>{long} and Valleys</b>")
    assert figure.layout.margin.l >= canvas.text_width(ticks[1])


def test_codebook_values_keep_their_order_and_their_colour() -> None:
    table = crossed({"outlet": ["a"]}, {"category": list(HEDGE_CATEGORIES[::-1])}, "share")
    figure = charts.class_profile(table)
    assert [trace.name for trace in figure.data] == list(HEDGE_CATEGORIES)
    assert [trace.marker.color for trace in figure.data] == [canvas.COLOURS[name] for name in HEDGE_CATEGORIES]


def test_small_totals_print_counts_not_percentages() -> None:
    table = crossed({"outlet": ["a"]}, {"category": ["modal", "belief"]}, "share")
    figure = charts.class_profile(table)
    assert [trace.text for trace in figure.data] == [("4",), ("4",)]
    assert any("counts are printed" in note.text for note in figure.layout.annotations)


def test_periods_without_words_break_the_line_and_the_undated_are_told() -> None:
    table = rates([*months(), pd.NaT], "month")
    table["month"] = pd.to_datetime(table["month"])
    table.loc[2, ["rate", "low", "high"]] = np.nan
    figure = charts.over_time(table)
    band, line = figure.data
    assert line.y[2] is None
    assert band.x.count(None) == 2
    assert any("Not drawn: 1 in documents without a date." in note.text for note in figure.layout.annotations)


def test_only_the_true_rows_of_anonymity_are_drawn_and_lead_to_their_own_row() -> None:
    table = crossed({"outlet": ["a", "b"]}, {"anonymous": [False, True]}, "share")
    bar = charts.anonymity(table).data[0]
    assert table["anonymous"].iloc[list(bar.customdata)].all()
    assert len(bar.x) == 2


def test_margins_of_the_two_axes_are_the_sums_of_their_cells() -> None:
    table = crossed({"identification": list(IDENTIFICATION)}, {"affiliation": list(AFFILIATION[:3])}, "share")
    table.loc[table["affiliation"] == "military", "count"] = 0
    figure = charts.source_types(table)
    heat, right, top = figure.data
    assert (len(heat.y), len(heat.x)) == (2, 7)
    assert right.x == (28, 28)
    assert set(top.y) == {8}
    assert any("Not cited: military." in note.text for note in figure.layout.annotations)


def test_an_interval_that_holds_no_difference_is_grey() -> None:
    figure = charts.compare(compared("belief"))
    assert figure.data[0].marker.color == (canvas.BLUE, canvas.GREY)
    assert "3.03 times as often (interval 1.32 to 5.66)" in figure.data[0].hovertext[0]
    assert {"same", "2×", "1/2"} <= set(figure.layout.xaxis.ticktext)


def test_the_ribbon_colours_the_longest_voices_and_tells_the_others_by_the_hover() -> None:
    names = ["Ann Doe", *(f"speaker {place:02d}" for place in range(20))]
    table = pd.DataFrame({"start": range(21), "end": [40, *range(2, 22)], "name": names, "depth": [1] + [2] * 20})
    figure = charts.voice_ribbon(table.assign(kind="content", chain=names))
    names = [trace.name for trace in figure.data]
    assert (names[0], names[-1]) == ("Ann Doe", "other voices")
    assert len(figure.data) == 8
    assert len({trace.marker.color[0] for trace in figure.data}) == 8
    assert sum(len(trace.x) for trace in figure.data) == 21


def test_keywords_are_drawn_by_size_with_both_counts() -> None:
    figure = charts.keyness(keys("i"), limit=1)
    assert figure.data[0].x == (3.0, -2.0)
    assert {"9 : 1", "2 : 8"} <= {note.text for note in figure.layout.annotations}
    assert "in 5 and 1 documents" in figure.data[0].hovertext[0]


def test_a_point_of_the_balance_is_its_two_rates_and_names_do_not_meet() -> None:
    table = crossed({"outlet": ["a", "b", "c"]}, {"polarity": ["hedge", "booster"]})
    table["rate"] = [30.0, 2.0, 30.2, 2.02, 10.0, 1.0]
    figure = charts.balance(table)
    points = figure.data[0]
    assert (points.x, points.y) == ((2.0, 2.02, 1.0), (30.0, 30.2, 10.0))
    assert points.customdata == (0, 2, 4)
    assert points.textposition[0] != points.textposition[1]


def test_a_balance_needs_polarity_and_one_more_column() -> None:
    table = crossed({"genre": ["news"]}, {"polarity": ["hedge", "booster"]})
    with pytest.raises(ChartError, match="split by polarity and one more column"):
        charts.balance(table.assign(outlet="a")[["outlet", *table.columns]])


def quality(name: str) -> pd.DataFrame:
    table = pd.DataFrame({"measure": ["cue exact", name], "f1": [0.7, 0.6], "low": [0.6, 0.5], "high": [0.8, 0.7]})
    return table.assign(group="all", precision=0.8, recall=0.6, n_gold=[100, 2_000], human=[0.72, None], texts=BASIS)


def test_scores_stand_beside_those_of_people() -> None:
    machine, people = charts.scores(quality("linked")).data
    assert (machine.x, people.x) == ((0.7, 0.6), (0.72, None))
    assert machine.error_x.array == pytest.approx((0.1, 0.1))
    assert "precision 0.80, recall 0.60" in machine.hovertext[1]


def test_a_cell_of_the_confusion_is_its_count_and_its_shade_the_share_of_the_row() -> None:
    table = pd.DataFrame(
        {"gold": ["direct", "direct", "mixed"], "found": ["direct", "mixed", "direct"], "n": [3, 1, 2]}
    )
    heat = charts.confusion(table).data[0]
    assert [list(line) for line in heat.z] == [[0.75, 0.25], [1.0, 0.0]]
    assert [list(line) for line in heat.text] == [["3", "1"], ["2", ""]]


def test_reliability_draws_what_is_right_against_what_is_stated() -> None:
    table = pd.DataFrame({"confidence": [0.1, 0.9], "right": [0.2, 0.8], "n": [10, 40]})
    line = charts.reliability(table).data[1]
    assert (line.x, line.y) == ((0.1, 0.9), (0.2, 0.8))


def test_lines_of_the_network_are_as_wide_as_their_counts_and_say_both() -> None:
    table = edges(["a", "bb"]).assign(count=[8, 4], count_once=[5, 4])
    figure = charts.network(table)
    widths = {trace.customdata[0]: trace.line.width for trace in figure.data if trace.mode == "lines"}
    assert widths == {0: 10.0, 1: 5.5}
    hover = next(trace.hovertext for trace in figure.data if trace.mode == "lines" and trace.customdata[0] == 0)
    assert "8 times, 5 counting near-duplicate copy once" in hover


def test_cells_of_the_matrix_lead_to_their_row() -> None:
    table = edges(["a", "bb", "ccc"])
    heat = charts.matrix(table).data[0]
    rows = [row for line in heat.customdata for row in line if row is not None]
    assert sorted(rows) == list(range(len(table)))


@pytest.mark.parametrize(
    ("chart", "table", "says"),
    [
        (
            "hedging",
            pd.DataFrame({"outlet": ["a"], "count": [1]}),
            r"needs the column 'rate'; .* outlet, count\. Make it with",
        ),
        ("hedging", rates([]), "without rows"),
        ("hedging", press(), r"draws a table and was given a .*Measure first: table = measures\.rates"),
        ("source_types", "folder", "was given a str. Measure first: table = measures.shares"),
        ("over_time", "folder", "was given a str. Measure first"),
        ("over_time", rates(["a"]), 'none of it is a date. Measure by one of "year"'),
        ("voice_ribbon", ribbon("a").assign(doc_id=["d1", "d2", "d2"]), "draws one document, and the table has 2"),
        ("compare", rates(["a"]), "needs the column 'log_ratio'"),
    ],
)
def test_a_table_that_cannot_be_drawn_is_refused_with_what_to_do(chart: str, table: pd.DataFrame, says: str) -> None:
    with pytest.raises(ChartError, match=says):
        getattr(charts, chart)(table)


def test_three_columns_are_refused() -> None:
    table = crossed({"outlet": ["a"]}, {"category": ["modal"]}).assign(genre="news")
    table.attrs["by"] = ["outlet", "category", "genre"]
    with pytest.raises(ChartError, match="split by 3 columns"):
        charts.hedging(table)


def test_the_given_table_is_not_changed() -> None:
    table = rates(["a", "b"])
    before = table.copy(deep=True)
    charts.hedging(table)
    pd.testing.assert_frame_equal(table, before)


def test_identifiers_are_read_as_words_and_names_are_not() -> None:
    assert drawing.group_name("named_person") == "named person"
    assert drawing.group_name("desk_two") == "desk_two"
    assert html.unescape(canvas.labels(["a<b"])[0]) == "a<b"
    assert drawing.group_name(None) == "(not given)"
    assert render.shorten("  two\n words ", 20) == "two words"


def test_a_numeric_column_with_a_gap_is_drawn_in_order_with_the_gap_last() -> None:
    figure = charts.hedging(rates([12.0, np.nan, 3.0], by="n_comments"))
    assert list(figure.layout.yaxis.ticktext) == ["3", "12", "(not given)"]
    assert list(figure.data[0].customdata) == [2, 0, 1]


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_digits_of_a_heat_map_can_be_read_on_every_shade() -> None:
    table = crossed({"identification": list(IDENTIFICATION)}, {"affiliation": list(AFFILIATION)}, "count")
    heat = charts.source_types(table).data[0]
    ink = luminance(heat.textfont.color)
    for _, shade in heat.colorscale:
        assert (luminance(shade) + 0.05) / (ink + 0.05) >= 7


@pytest.mark.parametrize(("unspecified", "told"), [(4, False), (6, True)])
def test_many_unspecified_sources_are_cautioned_against(unspecified: int, told: bool) -> None:
    table = rates(["military", "unspecified"], by="affiliation").rename(columns={"n_words": "total", "rate": "share"})
    figure = charts.source_types(table.assign(count=[10 - unspecified, unspecified], share=0.5, low=0.1, high=0.9))
    said = " ".join(str(note.text) for note in figure.layout.annotations)
    assert ("Unspecified: 60%" in said) == told


def test_a_comparison_says_which_group_is_which() -> None:
    figure = charts.compare(compared("Harbour Post"))
    assert "how many times as often in A as in B" in figure.layout.title.text
    said = " ".join(str(note.text) for note in figure.layout.annotations)
    assert "A: Harbour Post. B: Tideline." in said
    assert "counts A : B" in said


def test_stacked_bars_of_months_stand_in_the_order_of_time() -> None:
    table = crossed({"month": months()}, {"category": list(HEDGE_CATEGORIES)}, "share")
    figure = charts.class_profile(table.assign(count=range(len(table))))
    assert list(figure.layout.yaxis.ticktext) == [f"{month:%Y-%m-%d}" for month in sorted(months())]
