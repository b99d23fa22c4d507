"""Corpus text made safe for the place where it is shown: HTML, plotly text, Markdown, LaTeX, a terminal.

Text of a corpus is data and never markup, whoever wrote it. What each place would interpret:

- HTML: tags and entities; and, in a notebook, MathJax typesets whatever stands between two dollar signs in text
  that lies side by side, so every dollar sign and backslash is put in an element of its own, which ends the run
  MathJax searches.
- plotly: a subset of HTML in every title, label and hover; MathJax between dollar signs (with `\\href`, whose
  address it does not check); and `%{...}` in hover templates.
- Markdown and LaTeX: their own marks.
- Anywhere: control characters, and the bidirectional controls that make text read in another order than it is
  stored in. They are shown by their code point.

This module holds the only calls to `html.escape`; charts, explorer, reader and reports go through it.
"""

from __future__ import annotations

import html as _html
import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence

_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "`": r"\textasciigrave{}",
    "'": r"\textquotesingle{}",
    "-": r"{-}",
}
_MARKDOWN = re.compile(r"""([!"#%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~])""")


def visible(text: object) -> str:
    """`text` with every control character that could hide or reorder what stands beside it shown as its code
    point.
    """
    return _CONTROLS.sub(lambda m: "\n" if m[0] == "\r" else f"[U+{ord(m[0]):04X}]", str(text).replace("\r\n", "\n"))


def one_line(text: object) -> str:
    """`text` with runs of white space as one space, control characters visible."""
    return " ".join(visible(text).split())


def shorten(text: object, width: int) -> str:
    """`text` on one line of at most `width` characters; a cut is marked with an ellipsis."""
    line = one_line(text)
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"


def html(text: object) -> str:
    """`text` as HTML that shows it literally, in an element or in a quoted attribute's place outside a tag."""
    safe = _html.escape(visible(text), quote=True)
    return re.sub(r"[$\\]", lambda m: f"<span>{m[0]}</span>", safe)


def attribute(text: object) -> str:
    """`text` as the value of a double-quoted HTML attribute (`title`, never `href`, `id`, `name` or an event)."""
    return _html.escape(visible(text), quote=True).replace("$", "&#36;")


def plotly_text(text: object, width: int | None = None) -> str:
    """`text` for any text a plotly figure shows: title, label, category, hover, annotation, customdata.

    Shown literally, on one line, cut to `width` characters where given. Dollar signs and percent signs become
    entities, which plotly decodes only after it has looked for mathematics and for template fields.
    """
    line = one_line(text) if width is None else shorten(text, width)
    return _html.escape(line, quote=False).replace("$", "&#36;").replace("%{", "&#37;{").replace("\\", "&#92;")


def plotly_lines(texts: Iterable[object], width: int) -> str:
    """Each of `texts` escaped and wrapped to lines of `width` characters, joined by plotly's line break."""
    lines = [line for text in texts for line in textwrap.wrap(one_line(text), width, break_long_words=width > 40)]
    return "<br>".join(plotly_text(line) for line in lines)


def markdown(text: object) -> str:
    """`text` as Markdown that shows it literally, on one line: every mark escaped, dollar signs in elements of
    their own.
    """
    return _MARKDOWN.sub(r"\\\1", one_line(text)).replace("$", "<span>&#36;</span>")


def latex(text: object) -> str:
    """`text` as LaTeX that prints it literally, on one line."""
    return "".join(_LATEX.get(character, character) for character in one_line(text))


def terminal(text: object) -> str:
    """`text` for one line of a terminal: no escape sequences, nothing that reorders the line."""
    return one_line(text)


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], classes: Mapping[str, str] | None = None) -> str:
    """An HTML table of escaped cells.

    Parameters
    ----------
    columns : the header.
    rows : one sequence a row, as long as `columns`. A cell that is `Html` stands as it is.
    classes : column name -> CSS class of its cells.
    """
    marks = [f' class="{attribute((classes or {}).get(name, ""))}"' if classes else "" for name in columns]
    head = "".join(f"<th{mark}>{_cell(name)}</th>" for name, mark in zip(columns, marks, strict=True))
    body = "".join(
        "<tr>"
        + "".join(f'<td dir="auto"{mark}>{_cell(value)}</td>' for value, mark in zip(row, marks, strict=True))
        + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


class Html(str):
    """Text that is HTML already: made by this module or by code that escaped its parts with it."""

    __slots__ = ()


def _cell(value: object) -> str:
    return str(value) if isinstance(value, Html) else html(value)
