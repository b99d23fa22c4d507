"""Saved annotations against gold -> how good they are, with intervals.

The figures are those of PolNeAR's literature (Newell, Margolin & Ruths 2018): spans of a role are right when both ends
are (exact) or when they share a character with one of the other side (overlap); an attribution is linked when its
content and source agree at Jaccard .5 or more and its cues overlap. Intervals: percentile bootstrap over documents
(Efron & Tibshirani 1993), because attributions of one document are not independent.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from discourse.errors import MeasureError
from discourse.intervals import resampled
from discourse.lexicon import data_path
from discourse.store import load

Span = tuple[int, int]
Floats = npt.NDArray[np.float64]
ROLES = ("source", "cue", "content")
MEASURES = (*(f"{role} {how}" for role in ROLES for how in ("exact", "overlap")), "linked")
KINDS = ("direct", "mixed", "indirect")
"""By the quotation marks in the content: around all of it, somewhere in it, none."""
COLUMNS = ("group", "measure", "precision", "recall", "f1", "low", "high", "n_gold", "n_found", "n_documents")
_MARKS = re.compile(r"[\"“”„«»]|''|``")
_LINKED, _SOURCE_JACCARD = 0.5, 0.3


@dataclass(frozen=True)
class Relation:
    """One attribution: its spans by role, whether it is nested, its kind."""

    spans: dict[str, tuple[Span, ...]]
    nested: bool
    kind: str
    speech: bool = True
    confidence: float = 1.0


@dataclass(frozen=True)
class Pair:
    """Gold and found attributions of one document, and the groups it is counted in."""

    doc_id: str
    text: str
    outlet: str
    gold: list[Relation]
    found: list[Relation]


def evaluate(
    out: str | Path,
    gold: str | Path,
    *,
    nested: bool = False,
    draws: int = 1_000,
    seed: int = 1,
    coverage: float = 0.95,
) -> pd.DataFrame:
    """Score saved annotations. One row per group of documents or attributions, and measure.

    Parameters
    ----------
    out : folder of saved annotations (`discourse annotate … --out`).
    gold : a JSONL file (.gz too) with one document a line (doc_id, text, attributions with source, cue and content as
        lists of [start, end]; or the coding layers of a corpus folder, `gold/first.jsonl`), or a folder of brat
        standoff files (.ann, with the .txt beside them). Without a text, offsets are into the annotated one.
    nested : count attributions inside another's content too; by default they are left out on both sides. Rows without
        a cue are left out where the gold marks cues, unless it is a coding in layers, which codes them too.
    draws, seed, coverage : of the bootstrap over documents.

    Returns
    -------
    DataFrame
        group ("all", "kind: direct", "outlet: …"), measure ("source exact", …, "linked"; with chains of sources in the
        gold also "nesting: …"), precision, recall, f1, low, high (of f1), n_gold, n_found, n_documents.

    Raises
    ------
    MeasureError
        The gold cannot be read, holds no attribution, shares no document with the annotations, or was coded on another
        text than the annotated one.
    """
    whole = pair(out, gold, nested=True)
    pairs = whole if nested else [_flat(one) for one in whole]
    groups = {"all": pairs}
    if any(relation.kind for one in pairs for relation in one.gold):
        groups |= {f"kind: {kind}": pairs for kind in KINDS}
    outlets = sorted({one.outlet for one in pairs if one.outlet})
    if len(outlets) > 1:
        groups |= {f"outlet: {outlet}": [one for one in pairs if one.outlet == outlet] for outlet in outlets}
    tails = (1 - coverage) / 2, (1 + coverage) / 2
    rows = [row for name, members in groups.items() for row in _scores(name, members, draws, seed, tails)]
    table = pd.DataFrame(rows, columns=[*COLUMNS])
    if any(relation.nested for one in whole for relation in one.gold):
        table = pd.concat([table, _nesting(whole, draws, seed, tails)], ignore_index=True)
    table.attrs["basis"] = f"{len(pairs):,} documents; {100 * coverage:g} % intervals: bootstrap over documents"
    return table[table["n_gold"] > 0].reset_index(drop=True)


def mean_f1(pairs: list[Pair]) -> float:
    """Mean of the F1 of MEASURES, all documents taken together."""
    total = np.sum([_counts(one, "") for one in pairs], axis=0, dtype=float).reshape(len(MEASURES), 4)
    return float(np.mean(_prf(total)[2]))


def pair(out: str | Path, gold: str | Path, *, nested: bool = False) -> list[Pair]:
    """Gold and found attributions side by side, one item per gold document."""
    documents = list(read_gold(Path(gold)))
    if not any(document["attributions"] for document in documents):
        raise MeasureError(
            f"{gold}: no attribution in it; JSONL lines list them under 'attributions', brat files tie Source, Cue and "
            "Content entities (T) by Attribution events (E) or Attribution relations (R)"
        )
    marks = load(out)
    texts = dict(zip(marks.documents["doc_id"], marks.documents["text"], strict=True))
    if not any(document["doc_id"] in texts for document in documents):
        raise MeasureError(
            f"{gold} and {out} share no document: the gold's first is {documents[0]['doc_id']!r}, the annotations' "
            f"first is {next(iter(texts), None)!r}; annotate the gold's own texts with its doc_id"
        )
    cued = any(item["cue"] for document in documents for item in document["attributions"])
    in_layers = any("spans" in document for document in documents)
    found = _found(marks.attributions, marks.spans, cueless=in_layers or not cued)
    pairs = [_pair(document, texts, found.get(document["doc_id"], [])) for document in documents]
    return pairs if nested else [_flat(one) for one in pairs]


def _pair(document: dict[str, Any], texts: Mapping[str, str], found: list[Relation]) -> Pair:
    where, doc_id = document["where"], document["doc_id"]
    text = _same_text(document, texts)
    for item in document["attributions"]:
        for role in ROLES:
            for start, end in item.get(role) or ():
                if not 0 <= start < end <= len(text):
                    raise MeasureError(
                        f"{where}: the {role} [{start}, {end}] does not lie in the text of {doc_id!r} "
                        f"({len(text):,} characters); offsets count characters from 0, the end is not included"
                    )
    return Pair(
        doc_id,
        text,
        str(document.get("outlet") or ""),
        [_gold_relation(item, text) for item in document["attributions"]],
        [_with_kind(relation, text) for relation in found],
    )


def _same_text(document: dict[str, Any], texts: Mapping[str, str]) -> str:
    """The text both sides are coded on; offsets into another one would be scored as errors of the annotation."""
    doc_id, coded = document["doc_id"], document.get("text")
    text = texts.get(doc_id, coded)
    if text is None:
        raise MeasureError(
            f"{document['where']}: {doc_id!r} has no text, and the annotations do not hold that document; annotate the "
            "whole corpus, or give the gold a text"
        )
    if coded is None or coded == text:
        return text
    shorter = min(len(coded), len(text))
    place = next((at for at in range(shorter) if coded[at] != text[at]), shorter)
    raise MeasureError(
        f"{document['where']}: the text of {doc_id!r} is not the annotated one: they differ first at character {place} "
        f"(gold {coded[place : place + 20]!r}, annotated {text[place : place + 20]!r}); annotate the gold's own text"
    )


def _flat(one: Pair) -> Pair:
    """Without attributions inside another's content."""
    gold, found = ([relation for relation in side if not relation.nested] for side in (one.gold, one.found))
    return replace(one, gold=gold, found=found)


def confusion(pairs: list[Pair]) -> pd.DataFrame:
    """What became of each kind of gold attribution. One row per gold kind and found kind: gold, found, n.

    A gold attribution is found as the kind of the one whose cue overlaps its own; "missed" without one. Found
    attributions whose cue overlaps none in the gold stand under gold "none".
    """
    counts: dict[tuple[str, str], int] = {}
    for one in pairs:
        for relation in one.gold:
            other = _by_cue(relation, one.found)
            key = relation.kind or "no content", (other.kind or "no content") if other else "missed"
            counts[key] = counts.get(key, 0) + 1
        for relation in one.found:
            if _by_cue(relation, one.gold) is None:
                key = "none", relation.kind or "no content"
                counts[key] = counts.get(key, 0) + 1
    rows = [(gold, found, n) for (gold, found), n in sorted(counts.items())]
    return pd.DataFrame(rows, columns=["gold", "found", "n"])


def _by_cue(relation: Relation, others: list[Relation]) -> Relation | None:
    return next((other for other in others if touches(relation.spans["cue"], other.spans["cue"])), None)


def reliability(pairs: list[Pair], bins: int = 10) -> pd.DataFrame:
    """How often attributions of a confidence are right. One row per bin: low, high, confidence (mean), right, n."""
    values = [
        (found.confidence, any(same(found, gold) for gold in one.gold))
        for one in pairs
        for found in one.found
        if found.spans["cue"]
    ]
    table = pd.DataFrame(values, columns=["confidence", "right"])
    place = np.minimum((table["confidence"] * bins).astype(int), bins - 1)
    rows = table.groupby(place).agg(confidence=("confidence", "mean"), right=("right", "mean"), n=("right", "size"))
    rows.insert(0, "low", rows.index / bins)
    rows.insert(1, "high", (rows.index + 1) / bins)
    return rows.reset_index(drop=True)


def worst(pairs: list[Pair], n: int = 20) -> pd.DataFrame:
    """Errors worth reading: false ones the tagger was surest of, then missed ones. One row each: doc_id, error, words.

    An attribution is false or missed when no other is linked to it.
    """
    false = [
        (relation.confidence, one.doc_id, "not in the gold", words(relation, one.text))
        for one in pairs
        for relation in one.found
        if not any(same(relation, gold) for gold in one.gold)
    ]
    missed = [
        (one.doc_id, "missed", words(relation, one.text))
        for one in pairs
        for relation in one.gold
        if not any(same(relation, found) for found in one.found)
    ]
    sure = [row[1:] for row in sorted(false, key=lambda row: -row[0])[: n - n // 2]]
    return pd.DataFrame([*sure, *missed[: n // 2]], columns=["doc_id", "error", "words"])


def words(relation: Relation, text: str) -> str:
    """An attribution on one line: [source] [cue] [content]."""
    parts = [" … ".join(text[a:b] for a, b in relation.spans[role]) for role in ROLES]
    source, cue, content = (" ".join(part.split()) for part in parts)
    return f"[{source}] [{cue}] [{content[:160]}{'…' if len(content) > 160 else ''}]"


HUMANS = {
    "source exact": 0.777,
    "source overlap": 0.84,
    "cue exact": 0.70,
    "cue overlap": 0.81,
    "content exact": 0.70,
    "content overlap": 0.86,
    "linked": 0.726,
}
"""Mean F1 of pairs of trained coders on the 20 PolNeAR articles that six of them coded."""


def shipped() -> dict[str, pd.DataFrame]:
    """Figures of the shipped parameters, counted by `make model`: on texts the weights of the tagger were not fitted to
    (on `polnear.dev` the weights of the confidence were, and the balance of precision and recall was chosen there).

    `scores` (one row per text collection, group and measure), `confusion` (one row per gold kind and found kind),
    `reliability` (one row per bin of confidence).
    """
    tables = json.loads(data_path("attribution_scores.json").read_text(encoding="utf-8"))
    return {name: pd.DataFrame(rows) for name, rows in tables.items()}


def read_gold(path: Path) -> Iterator[dict[str, Any]]:
    """Documents of a gold file or folder: doc_id, text (may be absent), attributions, where, outlet if it is given.

    Raises
    ------
    MeasureError
        Nothing is there, or a line cannot be read; the message names file and line.
    """
    if path.is_dir():
        files = sorted(path.rglob("*.ann"))
        if not files:
            raise MeasureError(f"{path}: no .ann file in the folder; give a folder of brat files, or a .jsonl file")
        yield from (_brat(file) for file in files)
        return
    if not path.is_file():
        raise MeasureError(f"{path}: no such file; gold is a .jsonl or .jsonl.gz file, or a folder of brat .ann files")
    empty = True
    for number, line in _lines(path):
        if line.strip():
            empty = False
            yield _document(f"{path}, line {number}", line)
    if empty:
        raise MeasureError(f"{path}: the file is empty; {_JSONL}")


_JSONL = "each line is a JSON object with doc_id, text and attributions [{source, cue, content: [[start, end], …]}]"


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    opener = gzip.open if path.suffix == ".gz" else open
    number = 0
    try:
        with opener(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                yield number, line
    except (UnicodeDecodeError, OSError, EOFError, zlib.error) as error:
        raise MeasureError(f"{path}, after line {number}: cannot be read ({error}); gold is UTF-8 text") from error


def _document(where: str, line: str) -> dict[str, Any]:
    try:
        document = json.loads(line)
        if "spans" in document:
            document["attributions"] = _grouped(document)
        if not isinstance(document.get("text", ""), str):
            raise TypeError("text is not a string")
        for item in document["attributions"]:
            _ = item["cue"]
            for role in ROLES:
                _check_spans(role, item.get(role) or ())
        return {**document, "doc_id": str(document["doc_id"]), "where": where}
    except KeyError as error:
        raise MeasureError(f"{where}: not a gold document (no {error}); {_JSONL}") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise MeasureError(f"{where}: not a gold document ({error}); {_JSONL}") from error


def _check_spans(role: str, spans: Any) -> None:
    for span in spans:
        if not (isinstance(span, list) and len(span) == 2 and all(type(place) is int for place in span)):
            raise TypeError(f"the {role} {json.dumps(span)} is not [start, end], two whole numbers")


def _grouped(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Attributions of a coding in layers: its rows of spans by attribution and role."""
    rows: dict[str, dict[str, Any]] = {
        row["attribution_id"]: {**{role: [] for role in ROLES}, "nested": row["parent_id"] is not None}
        for row in document["attributions"]
    }
    for span in document["spans"]:
        if span["attribution_id"] not in rows:
            raise ValueError(f"spans name {span['attribution_id']!r}, which is no row of attributions")
        if span["role"] not in ROLES:
            raise ValueError(f"the role {span['role']!r} of a span is none of {', '.join(ROLES)}")
        rows[span["attribution_id"]][span["role"]].append([span["start"], span["end"]])
    return list(rows.values())


@dataclass(frozen=True)
class _Standoff:
    """What a brat file holds, by name: entities (role, spans); events (their arguments); relations (the two ends)."""

    entities: dict[str, tuple[str, list[list[int]]]]
    events: list[list[tuple[str, str]]]
    relations: list[tuple[str, str]]


def _brat(path: Path) -> dict[str, Any]:
    """One brat file: entities Source, Cue, Content, tied by Attribution events (as PolNeAR) or relations."""
    text_path = next((p for p in _texts(path) if p.is_file()), None)
    if text_path is None:
        raise MeasureError(f"{path}: no text; put {path.stem}.txt beside it (or in a folder 'text' beside its folder)")
    held = _Standoff({}, [], [])
    for number, line in _lines(path):
        try:
            _standoff(line.rstrip("\n"), held)
        except (ValueError, IndexError) as error:
            raise MeasureError(
                f"{path}, line {number}: not brat standoff: {line.rstrip()[:60]!r}; an entity is "
                "'T1<tab>Source 0 9<tab>words', an event 'E1<tab>Attribution:T4 Source:T1 Cue:T2', a relation "
                "'R1<tab>Attribution Arg1:T1 Arg2:T2'"
            ) from error
    try:
        attributions = [*(_of_event(event, held) for event in held.events), *_of_relations(held)]
    except KeyError as error:
        raise MeasureError(f"{path}: an Attribution names {error}, and no line of the file is that entity") from error
    text = _whole(text_path)
    return {"doc_id": text_path.stem, "text": text, "attributions": attributions, "where": str(path)}


def _whole(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return file.read()
    except (UnicodeDecodeError, OSError) as error:
        raise MeasureError(f"{path}: cannot be read ({error}); gold is UTF-8 text") from error


def _standoff(line: str, held: _Standoff) -> None:
    """Take up one line; other kinds (attributes, notes, events and relations of other names) tell nothing here."""
    name, _, rest = line.partition("\t")
    if name[:1] not in ("T", "E", "R"):
        return
    words = rest.split("\t")[0].split()
    if name[0] == "T":
        where = " ".join(words[1:]).split(";")
        spans = [[int(start), int(end)] for start, end in (part.split() for part in where)]
        held.entities[name] = words[0].lower(), spans
    elif name[0] == "E" and words[0].startswith("Attribution:"):
        arguments = (word.split(":") for word in words[1:])
        held.events.append([(role.rstrip("0123456789").lower(), target) for role, target in arguments])
    elif name[0] == "R" and words[0] == "Attribution":
        (_, one), (_, other) = (word.split(":") for word in words[1:])
        held.relations.append((one, other))


def _of_event(event: list[tuple[str, str]], held: _Standoff) -> dict[str, list[list[int]]]:
    row: dict[str, list[list[int]]] = {role: [] for role in ROLES}
    for role, target in event:
        row.setdefault(role, []).extend(held.entities[target][1])
    return row


def _of_relations(held: _Standoff) -> Iterator[dict[str, list[list[int]]]]:
    """One attribution a cue, with what is tied to it, or, for a role it lacks, to one of those; then one a content that
    no cue leads to.
    """
    near: dict[str, list[str]] = {}
    for one, other in held.relations:
        near.setdefault(one, []).append(other)
        near.setdefault(other, []).append(one)
    reached: set[str] = set()
    for centre in ("cue", "content"):
        for name in near:
            if held.entities[name][0] != centre or name in reached:
                continue
            members = [name, *near[name]]
            there = {held.entities[member][0] for member in members}
            members += [
                far for one in near[name] for far in near[one] if far != name and held.entities[far][0] not in there
            ]
            reached.update(members)
            yield _of_event([(held.entities[member][0], member) for member in dict.fromkeys(members)], held)


def _texts(path: Path) -> list[Path]:
    """Where the text of a brat file may lie; PolNeAR names its coder in the last part of the .ann file's name."""
    stems = [path.stem, path.stem.rpartition("_")[0]]
    return [folder / f"{stem}.txt" for folder in (path.parent, path.parent.parent / "text") for stem in stems if stem]


def _gold_relation(item: dict[str, Any], text: str) -> Relation:
    spans = {role: tuple((int(a), int(b)) for a, b in item.get(role) or ()) for role in ROLES}
    deep = bool(item.get("nested")) or len(item.get("nested_source") or ()) > 2
    speech = item.get("kind", "objective-speech-event") == "objective-speech-event"
    return _with_kind(Relation(spans, deep, "", speech), text)


def _with_kind(relation: Relation, text: str) -> Relation:
    said = [text[start:end] for start, end in relation.spans["content"]]
    if not said:
        return relation
    around = all(_MARKS.match(part) and _MARKS.search(part.rstrip(" .,")[-2:]) for part in said)
    kind = "direct" if around else "mixed" if any(_MARKS.search(part) for part in said) else "indirect"
    return replace(relation, kind=kind)


def _found(attributions: pd.DataFrame, spans: pd.DataFrame, *, cueless: bool) -> dict[str, list[Relation]]:
    deep = dict(zip(attributions["attribution_id"], attributions["parent_id"].notna(), strict=True))
    sure = dict(zip(attributions["attribution_id"], attributions["confidence"].tolist(), strict=True))
    parts: dict[str, dict[str, dict[str, list[Span]]]] = {}
    columns = (spans[name].tolist() for name in ("doc_id", "attribution_id", "role", "start", "end"))
    for doc_id, name, role, start, end in zip(*columns, strict=True):
        one = parts.setdefault(doc_id, {}).setdefault(name, {key: [] for key in ROLES})
        one[role].append((start, end))
    return {
        doc_id: [
            Relation({role: tuple(places) for role, places in one.items()}, bool(deep[name]), "", True, sure[name])
            for name, one in rows.items()
            if cueless or one["cue"]
        ]
        for doc_id, rows in parts.items()
    }


def _scores(
    name: str, pairs: list[Pair], draws: int, seed: int, tails: tuple[float, float]
) -> Iterator[tuple[Any, ...]]:
    kind = name.removeprefix("kind: ") if name.startswith("kind: ") else ""
    counts = np.array([_counts(one, kind) for one in pairs], dtype=float)
    samples = resampled(counts, draws, seed) if len(pairs) > 1 else counts.sum(axis=0, keepdims=True)
    total = counts.sum(axis=0)
    for place, measure in enumerate(MEASURES):
        part = slice(4 * place, 4 * place + 4)
        precision, recall, f1 = (float(value[0]) for value in _prf(total[part][None]))
        low, high = np.quantile(_prf(samples[:, part])[2], tails)
        hits = total[part]
        yield name, measure, precision, recall, f1, float(low), float(high), int(hits[3]), int(hits[1]), len(pairs)


_NESTING = ("nesting: cue", "nesting: source", "nesting: nested")


def _nesting(pairs: list[Pair], draws: int, seed: int, tails: tuple[float, float]) -> pd.DataFrame:
    """Speech cues found, their sources right (from Jaccard .3), nested ones found nested."""
    counts = np.array([_nesting_counts(one) for one in pairs], dtype=float)
    samples, total = resampled(counts, draws, seed), counts.sum(axis=0)
    rows = []
    for place, measure in enumerate(_NESTING):
        part = slice(4 * place, 4 * place + 4)
        precision, recall, f1 = (float(value[0]) for value in _prf(total[part][None]))
        low, high = np.quantile(_prf(samples[:, part])[2], tails)
        rows.append(
            ("all", measure, precision, recall, f1, low, high, int(total[part][3]), int(total[part][1]), len(pairs))
        )
    return pd.DataFrame(rows, columns=[*COLUMNS])


def _nesting_counts(one: Pair) -> list[int]:
    cues = [(relation.spans["cue"], relation.nested) for relation in one.gold]
    found = [relation for relation in one.found if relation.spans["cue"]]
    right = sum(any(touches(relation.spans["cue"], cue) for cue, _ in cues) for relation in found)
    deep = [relation for relation in found if relation.nested]
    deep_right = sum(any(nested and touches(relation.spans["cue"], cue) for cue, nested in cues) for relation in deep)
    speech = [relation for relation in one.gold if relation.speech and relation.spans["source"]]
    hit = sourced = nested_hit = 0
    for relation in speech:
        best = max(found, key=lambda other: jaccard(relation.spans["cue"], other.spans["cue"]), default=None)
        if best is None or not touches(relation.spans["cue"], best.spans["cue"]):
            continue
        hit += 1
        sourced += jaccard(relation.spans["source"], best.spans["source"]) >= _SOURCE_JACCARD
        nested_hit += relation.nested and best.nested
    n_nested = sum(relation.nested for relation in speech)
    return [
        right,
        len(found),
        hit,
        len(speech),
        sourced,
        hit,
        sourced,
        hit,
        deep_right,
        len(deep),
        nested_hit,
        n_nested,
    ]


def _prf(sums: Floats) -> tuple[Floats, Floats, Floats]:
    """Precision, recall, F1 from columns found right, found, gold hit, gold."""
    right, found, hit, gold = sums.T
    precision = np.divide(right, found, out=np.zeros_like(right), where=found > 0)
    recall = np.divide(hit, gold, out=np.zeros_like(hit), where=gold > 0)
    both = precision + recall
    return precision, recall, np.divide(2 * precision * recall, both, out=np.zeros_like(both), where=both > 0)


def _counts(one: Pair, kind: str) -> list[int]:
    """Found right, found, gold hit, gold: of each measure."""
    found = [r for r in one.found if not kind or r.kind == kind]
    gold = [r for r in one.gold if not kind or r.kind == kind]
    out = []
    for role in ROLES:
        mine, theirs = _spans(found, role), _spans(gold, role)
        every_found, every_gold = _spans(one.found, role), _spans(one.gold, role)
        out += [len(mine & every_gold), len(mine), len(theirs & every_found), len(theirs)]
        out += [_touching(mine, every_gold), len(mine), _touching(theirs, every_found), len(theirs)]
    out += [_linked(found, one.gold), len(found), _linked(gold, one.found), len(gold)]
    return out


def _spans(relations: Iterable[Relation], role: str) -> set[Span]:
    return {span for relation in relations for span in relation.spans[role]}


def _touching(ours: set[Span], theirs: set[Span]) -> int:
    return sum(any(a < d and c < b for c, d in theirs) for a, b in ours)


def _linked(ours: list[Relation], theirs: list[Relation]) -> int:
    """How many of ours are linked to one of theirs, each of theirs used once, in order."""
    used: set[int] = set()
    for one in ours:
        for place, other in enumerate(theirs):
            if place not in used and same(one, other):
                used.add(place)
                break
    return len(used)


def same(one: Relation, other: Relation) -> bool:
    """Do two attributions tell the same: contents and sources agree at Jaccard .5 or more, cues overlap?"""
    if not touches(one.spans["content"], other.spans["content"]) and (one.spans["content"] or other.spans["content"]):
        return False
    if jaccard(one.spans["content"], other.spans["content"]) < _LINKED:
        return False
    cues = one.spans["cue"], other.spans["cue"]
    return (not all(cues) or touches(*cues)) and jaccard(one.spans["source"], other.spans["source"]) >= _LINKED


def touches(ours: tuple[Span, ...], theirs: tuple[Span, ...]) -> bool:
    """Does any span of ours share a character with one of theirs?"""
    return any(a < d and c < b for a, b in ours for c, d in theirs)


def jaccard(ours: tuple[Span, ...], theirs: tuple[Span, ...]) -> float:
    """Share of characters in both of those in either; 1 where both are empty."""
    mine = {place for start, end in ours for place in range(start, end)}
    other = {place for start, end in theirs for place in range(start, end)}
    return len(mine & other) / len(mine | other) if mine or other else 1.0
