"""The explorer and the reader without a browser: what they show is what the measures say, escaped."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from byhand import annotation
from discourse import concordance, layers, measures, render, tables
from discourse.annotate import annotate
from discourse.errors import ChartError, ExportError, MeasureError
from discourse.explore import explore, lines, reader
from press import POISON, press


@pytest.fixture(scope="module")
def marks() -> Any:
    return press()


def test_first_view_holds_the_rates_and_every_line(marks: Any) -> None:
    explorer = explore(marks)
    rates = measures.rates(marks, "hedges", by="outlet")
    assert explorer.rates["count"].tolist() == rates["count"].tolist()
    assert "16 lines" in explorer.concordance.value
    assert explorer.message.value == ""


def test_a_click_shows_the_lines_that_were_counted(marks: Any) -> None:
    explorer = explore(marks)
    trace = explorer.figure.data[0]
    explorer._clicked(trace, SimpleNamespace(point_inds=[1]), None)
    row = explorer.rates.iloc[int(trace.customdata[1])]
    assert explorer.where == {"outlet": row["outlet"]}
    assert f"{row['count']} lines" in explorer.concordance.value
    assert set(explorer.lines["outlet"]) == {row["outlet"]}


def every_split(marks: Any) -> list[tuple[str, str]]:
    explorer = explore(marks)
    pairs = []
    for table in ("hedges", "attributions", "outlets"):
        explorer.table.value = table
        pairs += [(table, name) for _, name in explorer.split.options]
    return pairs


def test_every_table_and_split_draws_and_its_groups_lead_to_their_lines(marks: Any) -> None:
    explorer = explore(marks)
    pairs = every_split(marks)
    assert len(pairs) > 15
    for table, by in pairs:
        explorer.table.value = table
        explorer.split.value = by
        assert explorer.message.value == "", (table, by)
        for row in range(len(explorer.rates)):
            explorer.pick(row)
            assert len(explorer.lines) == explorer.rates["count"].iloc[row], (table, by, row, explorer.message.value)


def test_a_click_on_a_line_of_the_network_reads_the_sentences_behind_it(marks: Any) -> None:
    explorer = explore(marks)
    explorer.table.value = "credits"
    assert explorer.message.value == ""
    total = int(explorer.rates["count"].sum())
    assert f"{total} line" in explorer.concordance.value
    line = next(trace for trace in explorer.figure.data if trace.mode == "lines")
    explorer._clicked(line, SimpleNamespace(point_inds=[3]), None)
    edge = explorer.rates.iloc[line.customdata[0]]
    assert explorer.where == {"crediting": edge["crediting"], "credited": "Gazette"}
    assert len(explorer.lines) == edge["count"]
    assert set(explorer.lines["outlet"]) == {edge["crediting"]}
    explorer.split.value = "matrix"
    explorer._clicked(explorer.figure.data[0], SimpleNamespace(point_inds=[[0, 0]]), None)
    assert explorer.where["credited"] == "Gazette"


def test_lines_are_paged_and_all_of_them_can_be_reached(marks: Any) -> None:
    explorer = explore(marks)
    assert explorer.forward.disabled
    explorer.lines = concordance.kwic(marks, ["the", "it"])
    explorer.page = 0
    explorer._turn(0)
    total = len(explorer.lines)
    assert total > 25
    assert f"{total} lines, 1 to 25 shown" in explorer.concordance.value
    explorer.forward.click()
    assert f"26 to {min(total, 50)} shown" in explorer.concordance.value


def test_where_nothing_was_found_the_view_says_so_and_shows_nothing_old(marks: Any) -> None:
    explorer = explore(
        annotation({"doc_id": "d0", "passages": [{"text": "It may rain.", "hedges": [("may", "modal", 0.5)]}]})
    )
    assert "1 line" in explorer.concordance.value
    for table in ("outlets", "credits"):
        explorer.table.value = table
        assert "None found" in explorer.message.value
        assert "0 lines" in explorer.concordance.value
        assert explorer.figure.data == ()


def test_what_a_callback_raises_is_shown_in_the_widget(marks: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    explorer = explore(marks)

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("the <b>disk</b> is full")

    monkeypatch.setattr(measures, "rates", broken)
    explorer.split.value = "category"
    assert "RuntimeError: the &lt;b&gt;disk&lt;/b&gt; is full" in explorer.message.value
    monkeypatch.undo()
    explorer.split.value = "voice_kind"
    assert explorer.message.value == ""


def test_without_a_kernel_a_table_and_the_lines_are_shown(marks: Any) -> None:
    bundle = explore(marks)._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert "Harbour Gazette" in bundle["text/html"]
    assert "16 lines" in bundle["text/html"]
    assert bundle["text/html"] == explore(marks)._repr_mimebundle_()["text/html"]


def test_lines_say_how_many_there_are_and_align_the_hit(marks: Any) -> None:
    shown = lines(concordance.kwic(marks, table="hedges"), 2, also=["category"])
    assert shown.told == "16 lines, 1 to 2 shown"
    assert len({line.index("[") for line in repr(shown).splitlines()[1:]}) == 1
    assert "The pier [may] open in May" in repr(shown)
    html = shown._repr_html_()
    assert html.count("<tr>") == 3
    assert "modal" in html


def test_lines_of_another_table_are_refused(marks: Any) -> None:
    with pytest.raises(MeasureError, match="lines needs the column 'left'; the table has doc_id"):
        lines(marks.documents)


def test_on_the_record_has_one_row_a_source_and_every_attribution(marks: Any) -> None:
    table = layers.on_the_record(marks, "d1")
    assert table["attributions"].sum() == 2
    assert set(table["identification"]) == {"named_role", "anonymous_group"}


def test_hostile_text_stays_text() -> None:
    marks = press(POISON)
    explorer = explore(marks)
    shown = [
        explorer.static(),
        explorer.concordance.value,
        reader(marks, marks.documents["doc_id"].iloc[0])._repr_html_(),
    ]
    for html in shown:
        for tag in ("<script", "<img", "<a ", "<form", "$\\href"):
            assert tag not in html, tag
        assert "&lt;script&gt;" in html


def test_reader_keeps_every_character_and_names_its_marks(marks: Any) -> None:
    page = reader(marks, "d0")
    html = page._repr_html_()
    assert "modal, strength 0.5" in html
    assert "author · commentary" in html
    for word in ("The pier ", "perhaps", " agree. The "):
        assert word in html


def test_reader_of_an_unknown_document_says_which_there_are(marks: Any) -> None:
    with pytest.raises(MeasureError, match=r"no document has the id 'nope'; the ids are 'd0', 'd1'.* and 3 more"):
        reader(marks, "nope")


def test_reader_writes_a_page_without_script(marks: Any, tmp_path: Any) -> None:
    page = reader(marks, "d1").save(tmp_path / "d1.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "<script" not in page


def test_ids_like_the_one_asked_for_are_named(marks: Any) -> None:
    with pytest.raises(MeasureError, match=r"no document has the id 'd0x'; ids like it are 'd0'"):
        layers.document(marks, "d0x")


def test_reader_names_the_folder_that_is_not_there(marks: Any, tmp_path: Any) -> None:
    with pytest.raises(ExportError, match=r"there is no folder '.*nodir'; make it first"):
        reader(marks, "d1").save(tmp_path / "nodir" / "d1.html")


def test_what_is_not_annotated_is_told_what_to_do() -> None:
    with pytest.raises(ChartError, match="got 'folder'; annotate first"):
        explore("folder")  # type: ignore[arg-type]
    with pytest.raises(MeasureError, match="got a str; annotate first"):
        reader("folder", "d1")  # type: ignore[arg-type]


def test_nothing_found_is_told_plainly() -> None:
    explorer = explore(annotate("The ship sailed. It came back.", progress=False))
    for table in ("hedges", "attributions", "outlets", "credits"):
        explorer.table.value = table
        assert "None found" in explorer.message.value
        assert "color" not in explorer.message.value
        assert "0 lines" in explorer.concordance.value


def test_a_column_of_numbers_with_a_gap_can_be_split_by() -> None:
    frame = pd.DataFrame({"text": ["It may rain. Perhaps."] * 3, "n_comments": [12, None, 3]})
    explorer = explore(annotate(frame, progress=False))
    explorer.split.value = "n_comments"
    assert explorer.message.value == ""
    assert list(explorer.figure.layout.yaxis.ticktext) == ["3", "12", "(not given)"]


def test_a_long_rule_is_cut_in_tooltips_and_lines_and_whole_in_the_table(marks: Any) -> None:
    rule = "passed " * 60
    told = replace_rules(marks, rule)
    assert max(map(len, layers.highlights(told, "d0")["about"])) < 300
    shown = lines(concordance.kwic(told, table="hedges"), 2, also=["rule"])._repr_html_()
    assert f">{render.shorten(rule, layers.RULE)}</span>" in shown
    assert told.hedges["rule"].str.len().max() == len(rule)


def replace_rules(marks: Any, rule: str) -> Any:
    frames = {name: getattr(marks, name).copy() for name in tables.TABLES}
    for name in ("hedges", "attributions", "outlets"):
        frames[name]["rule"] = rule
    return SimpleNamespace(**frames)


def test_lookalikes_are_what_the_finder_refused_each_at_its_place() -> None:
    texts = ["It sailed in May. It may rain.", "In May they sat about the table."]
    frame = pd.DataFrame({"id": ["a", "b"], "text": texts})
    found = annotate(frame, progress=False)
    refused = layers.lookalikes(found)
    assert list(refused) == ["doc_id", "start", "end", "surface", "entry", "category", "refused_by"]
    assert set(refused["surface"]) >= {"May", "about"}
    assert refused["refused_by"].str.len().min() > 0
    stored = found.documents.set_index("doc_id")["text"]
    for row in refused.to_dict("records"):
        assert stored[row["doc_id"]][row["start"] : row["end"]] == row["surface"]
    counted = set(zip(found.hedges["doc_id"], found.hedges["start"], strict=True))
    assert not counted & set(zip(refused["doc_id"], refused["start"], strict=True))
    second = found.documents["doc_id"].iloc[1]
    one = layers.lookalikes(found, second)
    pd.testing.assert_frame_equal(one, refused[refused["doc_id"] == second].reset_index(drop=True))
    with pytest.raises(MeasureError, match="no document has the id"):
        layers.lookalikes(found, "nope")


def test_an_annotation_shows_its_name_without_giving_mathjax_a_run() -> None:
    shown = replace(annotate("It may rain.", progress=False), name="from $5 to $6 <b>")._repr_html_()
    assert "<span>$</span>5" in shown
    assert shown.count("$") == shown.count("<span>$</span>")
    assert "&lt;b&gt;" in shown
