"""Agreement of the two codings of a bundled corpus, by layer: python tests/corpus_agreement.py corpora/harbour-crisis

Words are the units where a layer marks stretches (codebook G2, token-level alpha: the word's label, or none); for
sources and outlet roles the units are the attributions and mentions that both codings mark.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from discourse import tables
from discourse.agreement import agreement
from discourse.readers import read

Doc = dict[str, Any]
Span = tuple[int, int, str]


def coded(corpus: Path, name: str) -> dict[str, Doc]:
    """doc_id -> gold of one coding."""
    lines = (corpus / "gold" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return {doc["doc_id"]: doc for doc in map(json.loads, lines)}


def _rows(doc: Doc, layer: str, label: str) -> list[Span]:
    return [(row["start"], row["end"], str(row[label])) for row in doc[layer]]


def _spans(role: str) -> Callable[[Doc], list[Span]]:
    return lambda doc: [(s["start"], s["end"], role) for s in doc["spans"] if s["role"] == role]


def _voices(doc: Doc) -> list[Span]:
    """The innermost voice of every stretch, as its depth and kind; later rows win over earlier ones."""
    kinds = {voice["voice_id"]: f"{voice['depth']} {voice['kind']}" for voice in doc["voices"]}
    depths = {voice["voice_id"]: voice["depth"] for voice in doc["voices"]}
    out = [(row["start"], row["end"], row["voice_id"]) for row in doc["passages"]]
    opened = {row["attribution_id"]: row["content_voice_id"] for row in doc["attributions"] if row["content_voice_id"]}
    out += [
        (s["start"], s["end"], opened[s["attribution_id"]])
        for s in doc["spans"]
        if s["role"] == "content" and s["attribution_id"] in opened
    ]
    out.sort(key=lambda row: depths[row[2]])
    return [(start, end, kinds[voice]) for start, end, voice in out]


WORD_LAYERS: dict[str, Callable[[Doc], list[Span]]] = {
    "passages: kind": lambda doc: _rows(doc, "passages", "kind"),
    "voices: depth and kind": _voices,
    "attributions: source": _spans("source"),
    "attributions: cue": _spans("cue"),
    "attributions: content": _spans("content"),
    "hedges: category": lambda doc: _rows(doc, "hedges", "category"),
    "outlets: mention": lambda doc: [(row["start"], row["end"], "outlet") for row in doc["outlets"]],
}


def by_word(text: str, spans: list[Span]) -> list[str]:
    """The label of every word of a text, "none" outside all spans."""
    labels = ["none"] * len(text)
    for start, end, label in spans:
        labels[start:end] = [label] * (end - start)
    return [labels[match.start()] for match in tables.WORD.finditer(text)]


def pairs(one: Doc, two: Doc) -> Iterator[tuple[str, str, str]]:
    """(layer, first value, second value) of the attributions, hedge decisions and mentions that both codings mark."""
    sources = [{row["attribution_id"]: row for row in doc["sources"]} for doc in (one, two)]
    for a, b in _matched(_cued(one), _cued(two)):
        for column in ("identification", "affiliation"):
            yield f"sources: {column}", sources[0][a["attribution_id"]][column], sources[1][b["attribution_id"]][column]
        yield "attributions: speech", a["speech"], b["speech"]
    for a, b in _matched(one["outlets"], two["outlets"]):
        yield "outlets: role", a["role"], b["role"]
    decisions = [
        [{**row, "counted": layer} for layer in ("hedges", "lookalikes") for row in doc[layer]] for doc in (one, two)
    ]
    for a, b in _matched(*decisions):
        yield "hedges: counted or look-alike", a["counted"], b["counted"]


def _cued(doc: Doc) -> list[Doc]:
    return [
        {**row, "start": row["cue_start"], "end": row["cue_end"]}
        for row in doc["attributions"]
        if row["cue_start"] >= 0
    ]


def _matched(ours: list[Doc], theirs: list[Doc]) -> Iterator[tuple[Doc, Doc]]:
    free = list(theirs)
    for a in ours:
        best = max(free, key=lambda b: min(a["end"], b["end"]) - max(a["start"], b["start"]), default=None)
        if best is not None and min(a["end"], best["end"]) > max(a["start"], best["start"]):
            free.remove(best)
            yield a, best


def codings(corpus: Path) -> dict[str, pd.DataFrame]:
    """Layer -> one row per unit and coder."""
    first, second = coded(corpus, "first"), coded(corpus, "second")
    texts = read(corpus).documents.set_index("doc_id")["text"]
    values: dict[str, list[tuple[str, str]]] = {}
    for doc_id, two in second.items():
        one = first[doc_id]
        for layer, spans in WORD_LAYERS.items():
            values.setdefault(layer, []).extend(
                zip(by_word(texts[doc_id], spans(one)), by_word(texts[doc_id], spans(two)), strict=True)
            )
        for layer, a, b in pairs(one, two):
            values.setdefault(layer, []).append((a, b))
    return {
        layer: pd.DataFrame(
            [(unit, coder, value) for unit, both in enumerate(rows) for coder, value in enumerate(both)],
            columns=["unit", "coder", "value"],
        )
        for layer, rows in values.items()
    }


def table(corpus: Path) -> pd.DataFrame:
    """One row per layer: Krippendorff's nominal alpha with its interval over units, and the number of units."""
    rows = []
    for layer, frame in codings(corpus).items():
        found = agreement(frame, draws=200).query("category == 'all' and coefficient == 'alpha'").iloc[0]
        rows.append((layer, f"{found.value:.2f}", f"{found.low:.2f}-{found.high:.2f}", f"{int(found.n_units):,}"))
    return pd.DataFrame(rows, columns=["layer", "alpha", "95 % interval", "units"])


def markdown(corpus: Path) -> str:
    """The table as it stands in the corpus page."""
    frame = table(corpus)
    lines = ["| " + " | ".join(frame.columns) + " |", "|---|---|---|---|"]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in frame.itertuples(index=False, name=None))])


if __name__ == "__main__":
    print(markdown(Path(sys.argv[1])))
