"""Tables as files: nothing lost, nothing cut, nothing run."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discourse.errors import ExportError
from discourse.export import EXCEL_CHARACTERS, to_csv, to_excel, to_latex, to_parquet

FORMULAS = ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", '"=1"', " =1", "'=1", "＝1"]
HARMLESS = ["said", "1-2", "a=b", "", "“may”", "50 % of them"]


@pytest.mark.parametrize("text", FORMULAS)
def test_csv_guards_what_a_spreadsheet_would_run(text: str, tmp_path: Path) -> None:
    frame = pd.DataFrame({"text": ["ok", text], "rate": [1.0, -2.0]})
    guarded = to_csv(frame, tmp_path / "t.csv")
    assert guarded.to_dict("records") == [{"row": 1, "column": "text"}]
    back = pd.read_csv(tmp_path / "t.csv", encoding="utf-8-sig", lineterminator="\n", keep_default_na=False)
    assert back["text"][1] == "'" + text
    assert back["rate"][1] == -2
    assert pd.read_csv(tmp_path / "t.csv.guarded.csv", encoding="utf-8-sig")["row"].tolist() == [1]


def test_csv_leaves_the_rest_alone_and_can_be_told_to_leave_all(tmp_path: Path) -> None:
    frame = pd.DataFrame({"text": HARMLESS})
    assert len(to_csv(frame, tmp_path / "t.csv")) == 0
    assert not (tmp_path / "t.csv.guarded.csv").exists()
    to_csv(pd.DataFrame({"text": FORMULAS}), tmp_path / "t.csv", guard=False)
    assert "'+1" not in (tmp_path / "t.csv").read_text(encoding="utf-8-sig")


def test_csv_guards_headers_and_begins_with_a_byte_order_mark(tmp_path: Path) -> None:
    guarded = to_csv(pd.DataFrame({"=evil": ["é"]}), tmp_path / "t.csv")
    assert guarded["row"].tolist() == [-1]
    assert (tmp_path / "t.csv").read_bytes() == b"\xef\xbb\xbf'=evil\n\xc3\xa9\n"


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), min_size=1), min_size=1, max_size=5))
def test_the_exact_text_can_be_had_back_from_a_guarded_csv(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    guarded = to_csv(pd.DataFrame({"text": texts}), path)
    back = pd.read_csv(path, encoding="utf-8-sig", keep_default_na=False, dtype=str, lineterminator="\n")[
        "text"
    ].tolist()
    for row in guarded["row"]:
        back[row] = back[row][1:]
    assert back == texts


def test_csv_names_the_cell_that_no_file_can_hold(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="row 3, column 'text': character 1 is half of a surrogate pair"):
        to_csv(pd.DataFrame({"text": pd.Series(["a", "b\ud800"], dtype=object)}), tmp_path / "t.csv")
    assert list(tmp_path.iterdir()) == []


def test_excel_keeps_text_as_text_and_numbers_as_numbers(tmp_path: Path) -> None:
    frame = pd.DataFrame({
        "=head": [*FORMULAS[:4], None], "n": [1, -2, 3, 4, 5], "x": [0.5, None, 1, 2, 3],
        "yes": [True, False, True, True, False],
        "date": pd.to_datetime(["2020-01-02", None, "1850-01-01", "2020-01-01", "2021-05-06"]),
    })  # fmt: skip
    frame.attrs["basis"] = "=84 documents"
    to_excel(frame, tmp_path / "t.xlsx")
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    sheet = book["table"]
    assert [cell.value for cell in sheet["A"]] == ["=head", *FORMULAS[:4], None]
    assert all(cell.data_type == "s" for cell in sheet["A"][:5])
    assert [cell.value for cell in sheet["B"]][1:] == [1, -2, 3, 4, 5]
    assert sheet["C3"].value is None
    assert sheet["D2"].value is True
    assert str(sheet["E2"].value) == "2020-01-02 00:00:00"
    assert sheet["E4"].value.startswith("1850-01-01"), "Excel has no day before 1900"
    assert book["about"]["B1"].value == "=84 documents"
    assert book["about"]["B1"].data_type == "s"
    assert sheet.column_dimensions["A"].width < 70


@pytest.mark.parametrize("length", [EXCEL_CHARACTERS - 1, EXCEL_CHARACTERS])
def test_excel_holds_a_cell_of_the_greatest_length(length: int, tmp_path: Path) -> None:
    to_excel(pd.DataFrame({"text": ["x" * length]}), tmp_path / "t.xlsx")
    assert len(openpyxl.load_workbook(tmp_path / "t.xlsx")["table"]["A2"].value) == length


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x" * (EXCEL_CHARACTERS + 1), "row 3, column 'text': 32,768 characters"),
        ("a\x01b", r"character 1 is U\+0001"),
        ("\ud800", r"U\+D800"),
    ],
)
def test_excel_refuses_rather_than_cuts(text: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=says):
        to_excel(pd.DataFrame({"text": pd.Series(["fine", text], dtype=object)}), tmp_path / "t.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_excel_refuses_more_rows_than_a_sheet_has(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="do not fit a sheet; use to_parquet"):
        to_excel(pd.DataFrame({"n": range(1_048_576)}), tmp_path / "t.xlsx")


def test_parquet_keeps_everything_and_what_it_is_based_on(tmp_path: Path) -> None:
    frame = pd.DataFrame({"text": ["=1", "a\x01", None], "mixed": [True, "(not given)", 3], "n": [1, 2, 3]})
    frame.attrs["basis"] = "3 documents"
    to_parquet(frame, tmp_path / "t.parquet")
    back = pd.read_parquet(tmp_path / "t.parquet")
    assert back["text"].tolist()[:2] == ["=1", "a\x01"]
    assert back["mixed"].tolist() == ["True", "(not given)", "3"]
    assert back.attrs["basis"] == "3 documents"


def test_latex_prints_every_character_literally(tmp_path: Path) -> None:
    frame = pd.DataFrame({"R&D_%": [r"\input{x} $5 #1", "[a]"], "rate": [1234.567, float("nan")], "n": [1_000, 2]})
    frame.attrs["basis"] = "2 documents\n\\end"
    text = to_latex(frame, tmp_path / "t.tex")
    assert (tmp_path / "t.tex").read_text(encoding="utf-8") == text
    assert text.splitlines() == [
        r"% 2 documents \end",
        "% needs booktabs, array, graphicx",
        r"\resizebox{\ifdim\width>\linewidth\linewidth\else\width\fi}{!}{%",
        r"\begin{tabular}{lrr}",
        r"\toprule",
        r"R\&D\_\% & rate & n \\",
        r"\midrule",
        r"\textbackslash{}input\{x\} \$5 \#1 & 1,234.57 & 1,000 \\",
        r"{}[a] &  & 2 \\",
        r"\bottomrule",
        r"\end{tabular}}",
    ]


def test_latex_keeps_within_the_page_and_leaves_notes_out_unless_asked() -> None:
    frame = pd.DataFrame({"left": ["word " * 20] * 41, "n": 1, "right": "may", "note": "one document"})
    text = to_latex(frame)
    assert "note" not in text
    assert "one document" not in text
    assert text.splitlines()[1] == (r"\begin{longtable}{>{\raggedright\arraybackslash}p{0.50\linewidth}rl}")
    assert text.index(r"\midrule") < text.index(r"\endhead") < text.index("word")
    assert r"\begin{tabular}" in to_latex(frame.head(40))
    assert to_latex(frame, note=True).count("one document") == 41


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    for write in (to_csv, to_excel, to_parquet, to_latex):
        with pytest.raises(ExportError, match=r"there is no folder '.*nodir'; make it first"):
            write(pd.DataFrame({"n": [1]}), tmp_path / "nodir" / "e.csv")
