"""Documents -> one batch of text as arrays: where documents, lines and paragraphs begin and end.

Everything after this module works on a `Page`: the texts of a batch in one string, their code points in one array.
Offsets into the page minus `doc_start` are offsets into `documents.text`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

Ints = npt.NDArray[np.int64]

SEPARATOR = "\n\n"
_WRAP_WIDTH = 140
"""A document with a longer line than this is not taken for hard-wrapped (terminals and e-mail wrap at 60 to 132)."""


@dataclass(frozen=True)
class Page:
    """A batch of documents as one text.

    `doc_start/doc_end` bound each document in `text`; `par_start/par_end/par_doc` bound each paragraph (outer white
    space left out) and name its document's ordinal; paragraphs are in text order.
    """

    text: str
    codes: npt.NDArray[np.uint32]
    doc_id: list[str]
    doc_start: Ints
    doc_end: Ints
    par_start: Ints
    par_end: Ints
    par_doc: npt.NDArray[np.int32]

    @cached_property
    def ordinal(self) -> dict[str, int]:
        """doc_id -> position of the document in the batch."""
        return {doc_id: number for number, doc_id in enumerate(self.doc_id)}

    def document(self, offsets: Ints) -> npt.NDArray[np.int32]:
        """Ordinal of the document each page offset lies in."""
        return (np.searchsorted(self.doc_start, offsets, side="right") - 1).astype(np.int32)

    def to_page(self, doc_ids: pd.Series, offsets: pd.Series) -> Ints:
        """Page offsets of document offsets."""
        number, distinct = doc_ids.factorize()
        ordinals = np.array([self.ordinal[doc_id] for doc_id in distinct], dtype=np.int64)[number]
        return np.asarray(self.doc_start[ordinals] + offsets.to_numpy(dtype=np.int64))


def layout(documents: pd.DataFrame) -> Page:
    """Lay the texts of `documents` (columns doc_id, text) end to end and find their paragraphs.

    A blank line ends a paragraph; so does a single line break, unless the document is hard-wrapped (most lines go
    on in lower case on the next), where an indented line or one after a short full line begins a paragraph.
    """
    texts = [str(text) for text in documents["text"]]
    lengths = np.fromiter((len(text) for text in texts), dtype=np.int64, count=len(texts))
    starts = np.zeros(len(texts), dtype=np.int64)
    if len(texts) > 1:
        starts[1:] = np.cumsum(lengths + len(SEPARATOR))[:-1]
    text = "".join(piece for whole in texts for piece in (whole, SEPARATOR))
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    doc_ids = [str(doc_id) for doc_id in documents["doc_id"]]
    par_start, par_end, par_doc = _paragraphs(codes, starts)
    return Page(text, codes, doc_ids, starts, starts + lengths, par_start, par_end, par_doc)


def spaces(codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
    """True where a code point is white space (Unicode White_Space and the ASCII separators str.isspace knows)."""
    space = (codes == 0x20) | ((codes >= 0x09) & (codes <= 0x0D)) | ((codes >= 0x1C) & (codes <= 0x1F))
    wide = codes > 0x7F
    if wide.any():
        space |= wide & (
            (codes == 0x85)
            | (codes == 0xA0)
            | (codes == 0x1680)
            | ((codes >= 0x2000) & (codes <= 0x200A))
            | np.isin(codes, np.array([0x2028, 0x2029, 0x202F, 0x205F, 0x3000], dtype=np.uint32))
        )
    return np.asarray(space, dtype=bool)


def _paragraphs(codes: npt.NDArray[np.uint32], doc_start: Ints) -> tuple[Ints, Ints, npt.NDArray[np.int32]]:
    inked = np.flatnonzero(~spaces(codes))
    ends = np.flatnonzero(((codes < 0x0E) & (codes > 0x09)) | (codes == 0x85) | (codes == 0x2028) | (codes == 0x2029))
    begin = np.concatenate(([0], ends + 1))
    stop = np.concatenate((ends, [len(codes)]))
    first, last = np.searchsorted(inked, begin), np.searchsorted(inked, stop)
    full = np.flatnonzero(first < last)
    start, end = inked[first[full]], inked[last[full] - 1] + 1
    if not len(start):
        return start, end, np.zeros(0, dtype=np.int32)
    doc = (np.searchsorted(doc_start, start, side="right") - 1).astype(np.int32)
    blank_before = np.diff(full, prepend=-2) > 1
    # \r\n leaves an empty line between the two characters: not a blank line
    crlf = (codes[np.maximum(begin[full] - 1, 0)] == 0x0A) & (codes[np.maximum(begin[full] - 2, 0)] == 0x0D)
    blank_before &= ~(crlf & (np.diff(full, prepend=-2) == 2))
    indent = start - begin[full]
    new = _paragraph_starts(codes, start, end, doc, blank_before, indent)
    heads = np.flatnonzero(new)
    tails = np.concatenate((heads[1:], [len(start)])) - 1
    return start[heads], end[tails], doc[heads]


def _paragraph_starts(
    codes: npt.NDArray[np.uint32],
    start: Ints,
    end: Ints,
    doc: npt.NDArray[np.int32],
    blank_before: npt.NDArray[np.bool_],
    indent: Ints,
) -> npt.NDArray[np.bool_]:
    """For each inked line: does a paragraph begin here?"""
    other_doc = np.diff(doc, prepend=-1) != 0
    tight = ~blank_before & ~other_doc
    lower = (codes[start] >= ord("a")) & (codes[start] <= ord("z"))
    n_docs = int(doc[-1]) + 1
    width = np.zeros(n_docs, dtype=np.int64)
    np.maximum.at(width, doc, end - start)
    n_tight = np.bincount(doc, weights=tight, minlength=n_docs)
    n_lower = np.bincount(doc, weights=tight & lower, minlength=n_docs)
    wrapped = (n_lower > 0.35 * n_tight) & (n_tight > 0) & (width <= _WRAP_WIDTH)
    final = np.isin(codes[end - 1], np.array([ord(c) for c in ".!?:\"'”’)"], dtype=np.uint32))
    short = np.concatenate(([False], (final & (end - start < 0.7 * width[doc]))[:-1]))
    deeper = indent >= np.concatenate(([0], indent[:-1])) + 2
    return np.asarray(~tight | ~wrapped[doc] | (deeper & ~lower) | (short & ~lower), dtype=bool)
