"""Small annotations made by hand for the tests of measures: every count in them can be done on paper."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pandas as pd

from discourse import tables


def annotation(*documents: dict[str, Any]) -> SimpleNamespace:
    """Tables for documents given as dicts: doc_id, passages, metadata.

    A passage is a dict: text; voice ("author" by default, else a name) or None; kind; counted; hedges and boosters as
    (surface, category, strength); attributions as dicts (cue, identification, affiliation); outlets as (surface, role).
    """
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in tables.TABLES}
    for document in documents:
        _document(document, rows)
    made = {name: tables.frame(name, pd.DataFrame(listed)) for name, listed in rows.items()}
    for name, table in made.items():
        if name not in ("documents", "skipped"):
            tables.check(name, table)
    return SimpleNamespace(**made)


def _document(document: dict[str, Any], rows: dict[str, list[dict[str, Any]]]) -> None:
    doc_id = document["doc_id"]
    words: dict[str, int] = {}
    names: dict[str, str] = {}
    text = ""
    for number, passage in enumerate(document["passages"], 1):
        start = len(text)
        text += passage["text"] + "\n\n"
        voice = passage.get("voice", "author")
        voice_id = None if voice is None else names.setdefault(voice, f"{doc_id}#v{len(names) + 1:02d}")
        place = {"doc_id": doc_id, "passage_id": f"{doc_id}#p{number:04d}", "voice_id": voice_id}
        counted = passage.get("counted", True)
        kind = passage.get("kind", "commentary")
        end = start + len(passage["text"])
        rows["passages"].append(
            {**place, "start": start, "end": end, "kind": kind, "confidence": 1.0, "counted": counted}
        )
        if voice_id is not None:
            words[voice_id] = words.get(voice_id, 0) + counted * tables.count_words(passage["text"])
        _passage(passage, start, place, rows)
    for name, voice_id in names.items():
        rows["voices"].append(_voice(doc_id, name, voice_id, words[voice_id]))
    given = {key: value for key, value in document.items() if key != "passages"}
    rows["documents"].append({**given, "text": text, "n_words": tables.count_words(text)})


def _voice(doc_id: str, name: str, voice_id: str, n_words: int) -> dict[str, Any]:
    kind = "author" if name == "author" else "outlet" if name.startswith("The ") else "source"
    depth = 1 if kind == "author" else 2
    chain = name if kind == "author" else f"author > {name}"
    row = {"doc_id": doc_id, "voice_id": voice_id, "depth": depth, "kind": kind, "name": name}
    return {**row, "n_words": n_words, "chain": chain}


def _passage(
    passage: dict[str, Any], offset: int, place: dict[str, Any], rows: dict[str, list[dict[str, Any]]]
) -> None:
    sentences = []
    for found in re.finditer(r"\S[^.?!]*[.?!]*", passage["text"]):
        number = sum(row["doc_id"] == place["doc_id"] for row in rows["sentences"]) + 1
        sentence = {**place, "sentence_id": f"{place['doc_id']}#s{number:04d}", "start": offset + found.start()}
        sentence |= {"end": offset + found.end(), "n_words": tables.count_words(found.group())}
        rows["sentences"].append(sentence)
        sentences.append(sentence)
    finder = _Finder(passage["text"], offset, sentences, place, rows)
    for polarity in ("hedge", "booster"):
        for surface, category, strength in passage.get(f"{polarity}s", ()):
            finder.hedge(surface, category, strength, polarity)
    for given in passage.get("attributions", ()):
        finder.attribution(**given)
    for surface, role in passage.get("outlets", ()):
        finder.outlet(surface, role)


class _Finder:
    def __init__(
        self, text: str, offset: int, sentences: list[dict[str, Any]], place: dict[str, Any], rows: Any
    ) -> None:
        self.text, self.offset, self.sentences, self.place, self.rows = text, offset, sentences, place, rows
        self.after: dict[str, int] = {}

    def _at(self, table: str, key: str, letter: str, surface: str) -> dict[str, Any]:
        begin = self.text.index(surface, self.after.get(table, 0))
        self.after[table] = begin + len(surface)
        start = self.offset + begin
        sentence = next(s for s in self.sentences if s["start"] <= start < s["end"])
        number = sum(row["doc_id"] == self.place["doc_id"] for row in self.rows[table]) + 1
        return {
            "doc_id": self.place["doc_id"], "sentence_id": sentence["sentence_id"], "voice_id": self.place["voice_id"],
            key: f"{self.place['doc_id']}#{letter}{number:04d}", "start": start, "end": start + len(surface),
            "surface": surface, "rule": "by hand",
        }  # fmt: skip

    def hedge(self, surface: str, category: str, strength: float, polarity: str) -> None:
        row = self._at("hedges", "hedge_id", "h", surface)
        scope = {"scope_start": row["start"], "scope_end": row["end"]}
        row |= {"entry": surface.lower(), "category": category, "strength": strength, "polarity": polarity}
        self.rows["hedges"].append({**row, "holder": "voice", **scope})

    def attribution(self, cue: str, identification: str, affiliation: str = "unspecified") -> None:
        row = self._at("attributions", "attribution_id", "a", cue)
        empty = {f"{role}_{edge}": -1 for role in ("source", "content") for edge in ("start", "end")}
        row |= {"cue": cue, "cue_start": row.pop("start"), "cue_end": row.pop("end"), **empty}
        row |= {"speech": "indirect", "stance": "neutral", "mode": "speech", "response": "none", "confidence": 1.0}
        self.rows["attributions"].append({key: value for key, value in row.items() if key != "surface"})
        typed = {"identification": identification, "affiliation": affiliation, "rule": "by hand"}
        self.rows["sources"].append({"attribution_id": row["attribution_id"], "doc_id": row["doc_id"], **typed})

    def outlet(self, surface: str, role: str) -> None:
        row = self._at("outlets", "mention_id", "m", surface)
        self.rows["outlets"].append({**row, "outlet": surface, "generic": False, "platform": False, "role": role})
