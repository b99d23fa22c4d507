"""Hand coding -> Annotations: the tables of a corpus as its coders filled them, for the same charts and measures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from discourse import tables
from discourse.errors import ReadError
from discourse.layout import layout
from discourse.readers import read
from discourse.sentences import sentences
from discourse.store import Annotations

_LAYERS = ("passages", "voices", "attributions", "spans", "sources", "hedges", "outlets")


def hand_coded(folder: str | Path, coding: str = "first") -> Annotations:
    """The hand coding of a corpus as `Annotations`; sentences are the toolkit's, cut at the coded passages.

    Parameters
    ----------
    folder : a corpus folder with `gold/{coding}.jsonl` (one document a line; `discourse validate` tells what is wrong).
    coding : "first", or "second" where documents were coded twice (only those are returned).

    Raises
    ------
    ReadError
        The folder has no such coding.
    """
    path = Path(folder) / "gold" / f"{coding}.jsonl"
    if not path.is_file():
        there = ", ".join(sorted(p.stem for p in path.parent.glob("*.jsonl"))) or "none"
        raise ReadError(f"{folder} has no coding {coding!r} (there: {there}); name one of them")
    coded = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    corpus = read(Path(folder))
    order = pd.Index([doc["doc_id"] for doc in coded])
    documents = corpus.documents.set_index("doc_id").loc[order].reset_index()[corpus.documents.columns]
    rows = {layer: [row for doc in coded for row in doc[layer]] for layer in _LAYERS}
    frames: dict[str, Any] = {layer: _frame(layer, rows[layer], documents) for layer in _LAYERS}
    _, found = sentences(layout(documents), frames["passages"])
    found["voice_id"] = found["passage_id"].map(frames["passages"].set_index("passage_id")["voice_id"])
    frames["sentences"] = tables.frame("sentences", found)
    for layer, start in (("attributions", "cue_start"), ("hedges", "start"), ("outlets", "start")):
        frames[layer] = _in_sentences(layer, frames[layer], frames["sentences"], start)
    frames |= {"documents": documents, "skipped": corpus.skipped}
    return Annotations(**frames, name=f"{corpus.name}, {coding} coding by hand")


def _frame(layer: str, rows: list[dict[str, Any]], documents: pd.DataFrame) -> pd.DataFrame:
    data = pd.DataFrame(rows)
    if layer == "hedges":
        # coders mark cues and classes; strength and scope are the lexicon's and the toolkit's
        data = data.assign(strength=np.nan, scope_start=-1, scope_end=-1)
    place = {doc_id: number for number, doc_id in enumerate(documents["doc_id"])}
    return tables.frame(layer, data.sort_values("doc_id", key=lambda ids: ids.map(place), kind="stable"))


def _in_sentences(layer: str, frame: pd.DataFrame, found: pd.DataFrame, start: str) -> pd.DataFrame:
    """`sentence_id` of the sentence each row begins in."""
    column = frame[start].where(frame[start] >= 0, frame.get("content_start", frame[start]))
    ids: list[str | None] = []
    by_doc = dict(iter(found.groupby("doc_id", sort=False)))
    for doc_id, offset in zip(frame["doc_id"], column, strict=True):
        part = by_doc[doc_id]
        at = int(np.searchsorted(part["start"].to_numpy(), offset, side="right")) - 1
        ids.append(part["sentence_id"].iloc[at] if at >= 0 else None)
    return tables.frame(layer, frame.assign(sentence_id=pd.array(ids, dtype="str")))
