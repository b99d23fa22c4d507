"""A document with everything that was found in it: who speaks, by what words, how firmly, naming which outlet."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd

from discourse import canvas, layers, render
from discourse.errors import ExportError
from discourse.store import Annotations

STYLES = {
    "content": "background:#DCEBF7",
    "source": "background:#FFDFA3;font-weight:600",
    "cue": "background:#BFE6D5",
    "hedge": "border-bottom:3px solid #D55E00",
    "booster": "border-bottom:3px double #000000",
    "outlet": "outline:1px solid #0072B2",
}
"""Overlapping findings stay apart: voices are shades, cautions are lines under the words, outlets are frames."""
DEEPER = "background:#B3D3EE"
"""Content inside content."""


def reader(marks: Annotations, doc_id: str) -> Reader:
    """A document as a page to read, with sources, cues, contents, hedges, boosters and outlets marked.

    Parameters
    ----------
    marks : what `dc.annotate` returned.
    doc_id : the document.

    Raises
    ------
    MeasureError
        No document has the id.
    """
    return Reader(marks, doc_id)


class Reader:
    """The page `reader` returns: shows itself in a notebook, with or without a kernel; `save(path)` writes it as
    HTML.
    """

    def __init__(self, marks: Annotations, doc_id: str) -> None:
        self.doc_id = doc_id
        self._row = layers.document(marks, doc_id)
        self._text = str(self._row["text"])
        self._highlights = layers.highlights(marks, doc_id)
        self._passages = layers.stretches(marks, doc_id).query("kind != 'content'")

    def __repr__(self) -> str:
        return f"<Reader {self.doc_id!r}: {len(self._highlights):,} highlights>"

    def _repr_html_(self) -> str:
        names = list(dict.fromkeys(_voice(row) for row in self._passages.to_dict("records")))
        colours = {name: canvas.CYCLE[place % len(canvas.CYCLE)] for place, name in enumerate(filter(None, names))}
        colours[""] = canvas.LINES
        blocks = "".join(self._block(row, colours) for row in self._passages.to_dict("records"))
        head = [
            item for item in (self._row["title"], self._row["outlet"], self._row["author"]) if isinstance(item, str)
        ]
        title = render.html(" · ".join(head) or self.doc_id)
        return f'<div style="max-width:48em;line-height:1.7"><p><b>{title}</b></p>{_legend()}{blocks}</div>'

    def save(self, path: str | Path) -> Path:
        """Write the page as an HTML file that holds no script and asks for nothing.

        Raises
        ------
        ExportError
            The folder is not there.
        """
        page = (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{render.attribute(self.doc_id)}</title>'
        )
        page += f'</head><body style="font-family:sans-serif;margin:2em">{self._repr_html_()}</body></html>\n'
        if not Path(path).parent.is_dir():
            folder = str(Path(path).parent)
            raise ExportError(f"{path} cannot be written: there is no folder {folder!r}; make it first")
        Path(path).write_text(page, encoding="utf-8", newline="\n")
        return Path(path)

    def _block(self, passage: dict[Any, Any], colours: dict[str, str]) -> str:
        """One passage: a bar in the colour of its voice, the voice's name, and the marked text."""
        name = _voice(passage)
        tint = "" if passage["counted"] else "color:#777777;"
        style = f"border-left:5px solid {colours[name]};padding-left:.7em;margin:.6em 0;{tint}white-space:pre-wrap"
        parts = [name, canvas.words(passage["kind"]), "" if passage["counted"] else "not counted"]
        label = " · ".join(part for part in parts if part)
        head = f'<div style="font-size:80%;color:#666666">{render.html(label)}</div>'
        return f'<div style="{style}" dir="auto">{head}{self._marked(passage["start"], passage["end"])}</div>'

    def _marked(self, start: int, end: int) -> str:
        inside = self._highlights[(self._highlights["start"] < end) & (self._highlights["end"] > start)]
        return "".join(_span(self._text[low:high], found) for low, high, found in _segments(inside, start, end))


def _segments(found: pd.DataFrame, start: int, end: int) -> Iterator[tuple[int, int, list[dict[Any, Any]]]]:
    """The text between two offsets cut at every boundary of a highlight, each piece with the highlights that cover
    it.
    """
    rows = found.to_dict("records")
    edges = {start, end, *(row["start"] for row in rows), *(row["end"] for row in rows)}
    cuts = sorted(edge for edge in edges if start <= edge <= end)
    for low, high in pairwise(cuts):
        yield low, high, [row for row in rows if row["start"] < high and row["end"] > low]


def _span(text: str, found: list[dict[Any, Any]]) -> str:
    if not found:
        return render.html(text)
    kinds = [row["layer"] for row in found]
    styles = [STYLES[layer] for layer in layers.LAYERS if layer in kinds]
    if kinds.count("content") > 1 and not {"source", "cue"} & set(kinds):
        styles.append(DEEPER)
    about = " | ".join(dict.fromkeys(f"{row['layer']}: {row['about']}" for row in found))
    return f'<span style="{";".join(styles)}" title="{render.attribute(about)}">{render.html(text)}</span>'


def _legend() -> str:
    items = [f'<span style="{style};padding:0 .3em">{layer}</span>' for layer, style in STYLES.items()]
    items.insert(1, f'<span style="{DEEPER};padding:0 .3em">content in content</span>')
    return f'<p style="font-size:85%">{" &nbsp; ".join(items)} &nbsp; point at a mark to see why it is there</p>'


def _voice(passage: dict[Any, Any]) -> str:
    for name in ("chain", "name"):
        if isinstance(passage[name], str):
            return str(passage[name])
    return ""
