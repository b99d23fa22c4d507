"""Tables as files for other programs, without loss and without harm.

A spreadsheet runs a cell that begins with =, +, - or @, whoever wrote the text in it. In XLSX such text is stored as
text. CSV has no types: there an apostrophe is put before it, and a file beside it says where, so that the exact text
can be restored (or take `to_parquet`, which changes nothing). Files appear whole or not at all.
"""

from __future__ import annotations

import datetime
import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from discourse import render
from discourse.errors import ExportError

EXCEL_CHARACTERS = 32_767
EXCEL_ROWS, EXCEL_COLUMNS = 1_048_576, 16_384
_WIDEST = 60
_LATEX_ROWS, _LATEX_LONG = 40, 40
_LATEX_FIT = r"\resizebox{\ifdim\width>\linewidth\linewidth\else\width\fi}{!}{%"
_FORMULA = re.compile(r"^(?:[\t\r\n]|[\s\"'“”]*[=+\-@＝＋－＠])")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def to_csv(frame: pd.DataFrame, path: str | Path, *, guard: bool = True) -> pd.DataFrame:
    """Write a table as CSV: UTF-8 with a byte-order mark (for Excel), no index.

    Parameters
    ----------
    frame : any table. path : the file.
    guard : put an apostrophe before text that a spreadsheet would run as a formula, headers included.

    Returns
    -------
    DataFrame
        One row per guarded cell: row (from 0; -1 is the header), column. Also written to `<path>.guarded.csv` where
        there are any.

    Raises
    ------
    ExportError
        Text that UTF-8 cannot hold (half of a surrogate pair), naming row and column; a folder that is not there.
    """
    out, guarded = _guarded(frame) if guard else (frame, pd.DataFrame({"row": [], "column": []}))
    for name in out.columns:
        _each(out[name], name, _encodable)
    _write(path, lambda file: out.to_csv(file, index=False, encoding="utf-8-sig", lineterminator="\n"))
    beside = Path(f"{path}.guarded.csv")
    if len(guarded):
        _write(beside, lambda file: guarded.to_csv(file, index=False, encoding="utf-8-sig", lineterminator="\n"))
    else:
        beside.unlink(missing_ok=True)
    return guarded


def to_excel(frame: pd.DataFrame, path: str | Path) -> None:
    """Write a table as XLSX: text stays text, sane widths, header frozen, what it is based on in a second sheet.

    Raises
    ------
    ExportError
        More than 32,767 characters in a cell, characters that XLSX cannot hold, too many rows or columns: naming row
        (as in the file, the header is row 1) and column. Excel would cut or refuse; `to_parquet` holds everything.
    """
    if len(frame) + 1 > EXCEL_ROWS or len(frame.columns) > EXCEL_COLUMNS:
        raise ExportError(f"{len(frame):,} rows and {len(frame.columns):,} columns do not fit a sheet; use to_parquet")
    for name in frame.columns:
        _each(frame[name], name, _fits_excel)
    _target(path)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("table")
    sheet.freeze_panes = "A2"
    columns = [[_plain(value) for value in frame[name].tolist()] for name in frame.columns]
    for number, (name, values) in enumerate(zip(frame.columns, columns, strict=True), 1):
        longest = max([len(str(name)), *(len(str(value)) for value in values[:1_000] if value is not None)])
        sheet.column_dimensions[get_column_letter(number)].width = min(longest + 2, _WIDEST)
    sheet.append([_cell(sheet, str(name), bold=True) for name in frame.columns])
    for row in zip(*columns, strict=True):
        sheet.append([_cell(sheet, value) for value in row])
    about = book.create_sheet("about")
    for key, value in frame.attrs.items():
        about.append([_cell(about, str(key)), _cell(about, _NOT_XML.sub("\ufffd", str(value))[:EXCEL_CHARACTERS])])
    _write(path, lambda file: book.save(file))


def to_parquet(frame: pd.DataFrame, path: str | Path) -> None:
    """Write a table as Parquet, exactly; columns that mix types become text. `attrs` are kept in the file."""
    mixed = [name for name in frame.columns if pd.api.types.infer_dtype(frame[name], skipna=True).startswith("mixed")]
    texts = {name: frame[name].map(str, na_action="ignore") for name in mixed}
    out = frame.assign(**{str(name): text for name, text in texts.items()})
    _write(path, lambda file: out.to_parquet(file, index=False))


def to_latex(frame: pd.DataFrame, path: str | Path | None = None, *, digits: int = 2, note: bool = False) -> str:
    """A table as LaTeX (booktabs), every cell printed literally, no wider than the line.

    Up to 40 rows it is a tabular, shrunk where it is wider than the line (graphicx); longer ones are a longtable, which
    goes on over pages. Columns of text longer than 40 characters are set in lines (array).

    Parameters
    ----------
    frame : any table. path : a file to write, or None.
    digits : decimals of numbers that are not whole. note : print the column note, too.

    Returns
    -------
    str
        The table, with its basis and the packages it needs as comments in front.
    """
    shown = frame if note else frame.drop(columns="note", errors="ignore")
    basis = frame.attrs.get("basis")
    form = "".join(_latex_columns(shown))
    head = [r"\toprule", _latex_row([str(name) for name in shown.columns], digits), r"\midrule"]
    rows = [_latex_row(row, digits) for row in zip(*(shown[name].tolist() for name in shown.columns), strict=True)]
    lines = [f"% {render.one_line(basis)}"] if basis else []
    if len(rows) > _LATEX_ROWS:
        lines += ["% needs booktabs, array, longtable", rf"\begin{{longtable}}{{{form}}}", *head, r"\endhead"]
        lines += [*rows, r"\bottomrule", r"\end{longtable}", ""]
    else:
        lines += ["% needs booktabs, array, graphicx", _LATEX_FIT, rf"\begin{{tabular}}{{{form}}}", *head]
        lines += [*rows, r"\bottomrule", r"\end{tabular}}", ""]
    text = "\n".join(lines)
    if path is not None:
        _write(path, lambda file: Path(file).write_text(text, encoding="utf-8"))
    return text


def _latex_columns(frame: pd.DataFrame) -> list[str]:
    """Right for numbers, left for text; long texts share four fifths of the line."""
    numeric = [pd.api.types.is_numeric_dtype(frame[name].dtype) for name in frame.columns]
    longest = [max((len(str(value)) for value in frame[name].tolist()), default=0) for name in frame.columns]
    long = [not number and size > _LATEX_LONG for number, size in zip(numeric, longest, strict=True)]
    share = min(0.5, 0.8 / max(sum(long), 1))
    wide = rf">{{\raggedright\arraybackslash}}p{{{share:.2f}\linewidth}}"
    return [wide if texts else "r" if number else "l" for number, texts in zip(numeric, long, strict=True)]


def _latex_row(values: Any, digits: int) -> str:
    cells = []
    for value in values:
        if _absent(value):
            cells.append("")
        elif isinstance(value, pd.Timestamp):
            cells.append(render.latex(value.date() if value == value.normalize() else value))
        elif isinstance(value, float):
            cells.append(f"{value:,.{digits}f}")
        else:
            cells.append(
                render.latex(f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else value)
            )
    guarded = ["{}" + cells[0] if cells and cells[0].startswith(("[", "*")) else cells[0], *cells[1:]] if cells else []
    return " & ".join(guarded) + r" \\"


def _guarded(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The table with formulas made text, and where."""
    found = []
    out = frame.copy()
    for name in frame.columns:
        if not pd.api.types.is_numeric_dtype(frame[name].dtype):
            hits = frame[name].map(lambda value: isinstance(value, str) and bool(_FORMULA.match(value))).to_numpy(bool)
            found += [(int(row), str(name)) for row in hits.nonzero()[0]]
            if hits.any():
                out[name] = frame[name].astype(object).where(~hits, "'" + frame[name].astype(object).map(str))
    found += [(-1, str(name)) for name in frame.columns if _FORMULA.match(str(name))]
    out.columns = pd.Index([f"'{name}" if _FORMULA.match(str(name)) else name for name in frame.columns])
    return out, pd.DataFrame(found, columns=["row", "column"])


def _each(values: pd.Series, name: Any, check: Callable[[str], str | None]) -> None:
    """Raise where a text of the column fails a check, which says why."""
    if pd.api.types.is_numeric_dtype(values.dtype):
        return
    for row, value in enumerate([str(name), *values.tolist()]):
        problem = check(value) if isinstance(value, str) else None
        if problem:
            place = "the header" if row == 0 else f"row {row + 1}"
            raise ExportError(f"{place}, column {str(name)!r}: {problem}")


def _encodable(text: str) -> str | None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        return f"character {error.start} is half of a surrogate pair, which no file of text can hold; mend the text"
    return None


def _fits_excel(text: str) -> str | None:
    if len(text) > EXCEL_CHARACTERS:
        return f"{len(text):,} characters; a cell holds {EXCEL_CHARACTERS:,}. Use to_parquet or to_csv"
    found = _NOT_XML.search(text)
    if found:
        return f"character {found.start()} is U+{ord(found.group()):04X}, which XLSX cannot hold. Use to_parquet"
    return None


def _plain(value: Any) -> Any:
    """A value as a cell holds it: times without zone where Excel knows them, other things as text."""
    if _absent(value):
        return None
    if isinstance(value, pd.Timestamp):
        value = value.to_pydatetime()
    if isinstance(value, datetime.datetime):
        return value if value.year >= 1900 and value.tzinfo is None else value.isoformat()
    return (
        value.item() if hasattr(value, "item") else value if isinstance(value, (bool, int, float, str)) else str(value)
    )


def _absent(value: Any) -> bool:
    return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))


def _cell(sheet: Any, value: Any, bold: bool = False) -> Any:
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _target(path: str | Path) -> Path:
    target = Path(path)
    if not target.parent.is_dir():
        raise ExportError(f"{target} cannot be written: there is no folder {str(target.parent)!r}; make it first")
    return target


def _write(path: str | Path, write: Callable[[str], Any]) -> None:
    """Write beside the file and move into place."""
    target = _target(path)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    os.close(handle)
    try:
        write(name)
        Path(name).chmod(0o644)
        Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)
