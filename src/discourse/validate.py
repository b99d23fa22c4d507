"""A corpus folder held against what it promises: its corpus.toml, its files and metadata, and the hand coding in gold/.

Every problem has a code. E is an error, W a warning (nothing breaks, but someone should look), I information; `CODES`
lists them all. Gold is stand-off JSON Lines: one object a document with its doc_id and, for each layer that was coded,
a list of rows with the columns of the table contract, as far as the coder gave them.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from discourse import tables
from discourse.errors import ReadError, ValidationError
from discourse.readers import Corpus, manifest, read

CODES: Mapping[str, tuple[str, str]] = {
    "E101": ("corpus.toml is missing or faulty", "Write one: corpora/README.md explains every key."),
    "E102": ("corpus.toml lacks a key", "Add it at the top of corpus.toml."),
    "E103": ("a file that corpus.toml names is not there", "Add the file or take its entry out."),
    "E104": ("a file or row cannot be read", "Mend it, or declare the file under [[unreadable]] with the reason."),
    "E105": ("corpus.toml names a file twice", "Keep one entry a file."),
    "E106": ("a doc_id is there twice", "Give each document an id of its own."),
    "E107": ("a date cannot be read", "Write it as YYYY-MM-DD."),
    "E108": ("an [[outlets]] or [[source_heads]] entry has a value that is not allowed", "Use one of those listed."),
    "E109": ("an outlet or source word is listed twice", "Keep one entry."),
    "W121": ("a file is not named in corpus.toml", "Add a [[documents]] entry with its metadata."),
    "W122": ("a document has no date", "Add date = YYYY-MM-DD; without it the document is in no chart over time."),
    "W123": ("a date lies in the future", "Check the year."),
    "W124": ("a document has no outlet", 'Add outlet = "…", or the document is in no comparison of outlets.'),
    "W125": ("two documents have the same text", "Take one out, unless the copying is the point."),
    "W126": ("the text of a document is remarkable", "Open the file and look."),
    "W127": ("a file is declared unreadable and can be read", "Take its [[unreadable]] entry out."),
    "W128": ("the licence is no SPDX identifier", "Use one, such as CC0-1.0 or CC-BY-4.0: https://spdx.org/licenses"),
    "W129": (
        "a document has no gold although the folder has some",
        "Code it, or say in the corpus page that it is not.",
    ),
    "I141": ("a file is declared unreadable and is", "Nothing."),
    "E201": ("a line of gold is not one JSON object", "One document a line, as an object."),
    "E202": ("gold for a document that is not in the corpus", "Correct the doc_id."),
    "E203": ("a document is coded twice in one file", "Put the second coding into a file of its own."),
    "E204": ("gold has a layer that does not exist", "Use one of the layers listed."),
    "E205": ("a row of gold lacks a column or has one of the wrong type", "Give it."),
    "E206": ("offsets lie outside the text", "Offsets count characters of documents.text, from 0, end-exclusive."),
    "E207": ("the surface is not what stands at the offsets", "Correct the offsets or the surface."),
    "E208": ("a value is not in the contract", "Use one of the values listed."),
    "E209": ("an id is there twice", "Number the rows of a layer."),
    "E210": ("a reference leads nowhere", "Add the row it names, or correct it."),
    "E211": ("two passages overlap", "Passages are disjoint: end one where the next begins."),
    "E212": ("text that no passage covers", "Passages cover every character that is not white space."),
    "E213": ("a row belongs to another document than its line", "Correct the row's doc_id or id."),
    "E214": ("a voice's depth is not its parent's plus one", "The author is 1, whom the author quotes 2, and so on."),
    "E215": ("category and polarity disagree", "The polarity is booster exactly where the category is."),
}
_SEVERITY = {"E": "error", "W": "warning", "I": "info"}
_NEEDED = ("name", "title", "licence")
_ONE_EACH = ("txt", "text", "md", "markdown", "html", "htm", "xhtml", "docx")
"""Formats that carry little metadata of their own; rows and posts bring theirs."""
_AMBIGUITY = ("low", "medium", "high")
_SPDX = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*-[A-Za-z0-9.+-]+|MIT|ISC|Zlib|Unlicense|LicenseRef-[A-Za-z0-9.-]+")

LAYERS: Mapping[str, tuple[str, ...]] = {
    "passages": ("start", "end", "kind"),
    "voices": ("voice_id", "depth", "kind"),
    "attributions": ("attribution_id",),
    "spans": ("attribution_id", "role", "start", "end"),
    "sources": ("attribution_id",),
    "hedges": ("start", "end", "category"),
    "lookalikes": ("start", "end"),
    "outlets": ("start", "end", "role"),
}
"""Layers of gold, and the columns each row must have. Look-alikes are what a coder refused to count as a hedge."""

_REFERENCES = {
    ("passages", "voice_id"): ("voices", "voice_id"),
    ("passages", "duplicate_of"): ("passages", "passage_id"),
    ("voices", "parent_id"): ("voices", "voice_id"),
    ("voices", "source_id"): ("sources", "source_id"),
    ("attributions", "parent_id"): ("attributions", "attribution_id"),
    ("attributions", "voice_id"): ("voices", "voice_id"),
    ("attributions", "content_voice_id"): ("voices", "voice_id"),
    ("spans", "attribution_id"): ("attributions", "attribution_id"),
    ("sources", "attribution_id"): ("attributions", "attribution_id"),
    ("hedges", "voice_id"): ("voices", "voice_id"),
    ("hedges", "attribution_id"): ("attributions", "attribution_id"),
    ("hedges", "dual"): ("attributions", "attribution_id"),
    ("outlets", "voice_id"): ("voices", "voice_id"),
    ("outlets", "attribution_id"): ("attributions", "attribution_id"),
}
_PAIRS = (("", "surface"), ("source_", "source"), ("cue_", "cue"), ("content_", "content"), ("scope_", None))


class Problem(NamedTuple):
    """One problem: where it is and what was found; severity and mend follow from the code."""

    code: str
    path: str
    place: str
    found: str

    def row(self) -> dict[str, str]:
        about, mend = CODES[self.code]
        return {
            "code": self.code,
            "severity": _SEVERITY[self.code[0]],
            "path": self.path,
            "place": self.place,
            "message": f"{about}: {self.found.rstrip('.')}.",
            "mend": mend,
        }


def validate(folder: str | Path, *, today: datetime.date | None = None) -> pd.DataFrame:
    """Check a corpus folder: corpus.toml, every file, metadata, and gold/*.jsonl where there is any.

    Parameters
    ----------
    folder : the corpus.
    today : the day after which a date is in the future; the system's where not given.

    Returns
    -------
    DataFrame
        One row per problem: code, severity (error, warning, info), path, place, message, mend. A corpus is valid
        where no row is an error.

    Raises
    ------
    ValidationError
        There is no such folder.
    """
    root = Path(folder)
    if not root.is_dir():
        raise ValidationError(f"{str(folder)!r} is no folder; give the folder that holds corpus.toml")
    try:
        given, corpus = manifest.load(root), read(root)
    except ReadError as error:
        return _frame([Problem("E101", manifest.FILE, "", str(error).rstrip("."))])
    problems = [*_manifest(given), *_files(corpus, given), *_documents(corpus, today or datetime.date.today())]
    return _frame([*problems, *_gold(root, corpus)])


def _frame(problems: Iterable[Problem]) -> pd.DataFrame:
    columns = ["code", "severity", "path", "place", "message", "mend"]
    return pd.DataFrame([problem.row() for problem in problems], columns=columns, dtype="str")


def _manifest(given: manifest.Manifest) -> Iterator[Problem]:
    path = manifest.FILE
    if not given.values:
        yield Problem("E101", path, "", "the folder has none")
        return
    for key in _NEEDED:
        if not given.text(key) and not (key == "licence" and given.text("license")):
            yield Problem("E102", path, "", f"{key!r}")
    licence = given.text("licence") or given.text("license")
    if licence and not _SPDX.fullmatch(licence):
        yield Problem("W128", path, "", repr(licence))
    paths = [manifest.key(str(entry["path"])) for entry in given.values.get("documents", [])]
    yield from (Problem("E105", path, name, repr(name)) for name in _twice(paths))
    yield from _entries(given, "outlets", "outlet", {"medium": tables.MEDIA, "ambiguity": _AMBIGUITY})
    yield from _entries(given, "source_heads", "head", {"affiliation": tables.AFFILIATION})


def _entries(given: manifest.Manifest, table: str, key: str, allowed: Mapping[str, Sequence[str]]) -> Iterator[Problem]:
    entries = given.values.get(table, [])
    for number, entry in enumerate(entries, start=1):
        for column, values in allowed.items():
            if column in entry and entry[column] not in values:
                found = f"{column} {entry[column]!r} is not one of {', '.join(values)}"
                yield Problem("E108", manifest.FILE, f"[[{table}]] {number}", found)
    for name in _twice([str(entry[key]) for entry in entries]):
        yield Problem("E109", manifest.FILE, f"[[{table}]]", repr(name))


def _files(corpus: Corpus, given: manifest.Manifest) -> Iterator[Problem]:
    for row in _records(corpus.skipped):
        name, place, what = row["path"], _given(row["locator"]), f"{row['reason']}, {row['detail']}"
        if row["reason"] == "missing":
            yield Problem("E103", manifest.FILE, name, repr(name))
        elif manifest.key(name) in given.unreadable:
            yield Problem("I141", name, place, what)
        elif row["reason"] != "not_a_post":
            yield Problem("E104", name, place, what)
    for name, kind in dict(zip(corpus.documents["path"], corpus.documents["format"], strict=True)).items():
        if manifest.key(name) in given.unreadable:
            yield Problem("W127", name, "", repr(name))
        elif given.values and kind in _ONE_EACH and manifest.key(name) not in given.documents:
            yield Problem("W121", name, "", repr(name))


def _documents(corpus: Corpus, today: datetime.date) -> Iterator[Problem]:
    for row in _records(corpus.documents):
        path, doc_id = row["path"], row["doc_id"]
        for note in _given(row["note"]).split("; "):
            if note.startswith(("doc_id", "no doc_id")):
                yield Problem("E106", path, doc_id, note)
            elif note and not note.startswith(("date ", "no such date", "year ")):
                yield Problem("W126", path, doc_id, note)
        if pd.isna(row["date"]):
            raw = _given(row["date_raw"])
            yield Problem("E107" if raw else "W122", path, doc_id, repr(raw or doc_id))
        elif row["date"].date() > today:
            yield Problem("W123", path, doc_id, f"{row['date']:%Y-%m-%d}")
        if not _given(row["outlet"]):
            yield Problem("W124", path, doc_id, repr(doc_id))
        if _given(row["duplicate_of"]):
            yield Problem("W125", path, doc_id, f"{doc_id!r} and {row['duplicate_of']!r}")


def _records(data: pd.DataFrame) -> list[dict[Any, Any]]:
    return data.to_dict("records")


def _given(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _gold(root: Path, corpus: Corpus) -> Iterator[Problem]:
    texts = dict(zip(corpus.documents["doc_id"], corpus.documents["text"], strict=True))
    coded: set[str] = set()
    files = sorted((root / "gold").glob("*.jsonl"))
    for file in files:
        path, seen = f"gold/{file.name}", set[str]()
        ids: dict[tuple[str, str], set[str]] = {}
        for place, line in _lines(file):
            if not isinstance(line, dict) or not isinstance(line.get("doc_id"), str):
                found = line if isinstance(line, str) else "it has no doc_id"
                yield Problem("E201", path, place, found)
                continue
            doc_id = line["doc_id"]
            if doc_id in seen:
                yield Problem("E203", path, place, repr(doc_id))
            seen.add(doc_id)
            if doc_id not in texts:
                yield Problem("E202", path, place, repr(doc_id))
                continue
            for problem in _line(line, texts[doc_id], ids):
                yield problem._replace(path=path, place=f"{place}, {problem.place}" if problem.place else place)
        coded |= seen
    for doc_id in texts:
        if files and doc_id not in coded:
            yield Problem("W129", "gold", doc_id, repr(doc_id))


def _lines(file: Path) -> Iterator[tuple[str, Any]]:
    """(place, object, or what is wrong with the line) of each line that is not blank."""
    for number, data in enumerate(file.read_bytes().split(b"\n"), start=1):
        if data.strip():
            try:
                yield f"line {number}", json.loads(data)
            except (ValueError, RecursionError) as error:
                yield f"line {number}", str(error)


def _line(line: Mapping[str, Any], text: str, ids: dict[tuple[str, str], set[str]]) -> Iterator[Problem]:
    """The problems of one document's gold; `ids` are those seen in the file."""
    doc_id = line["doc_id"]
    layers: dict[str, list[dict[str, Any]]] = {}
    for name, rows in line.items():
        if name in LAYERS and isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
            layers[name] = rows
        elif isinstance(rows, list | dict):
            yield Problem("E204", "", "", f"{name!r}; the layers are lists of rows: {', '.join(LAYERS)}")
    for name, rows in layers.items():
        for number, row in enumerate(rows):
            for problem in _row(name, row, text, doc_id):
                yield problem._replace(place=f"{name}[{number}]")
        yield from _identity(name, rows, ids, doc_id)
    yield from _references(layers)
    yield from _passages(layers.get("passages", []), text)
    yield from _depths(layers.get("voices", []))


def _row(layer: str, row: Mapping[str, Any], text: str, doc_id: str) -> Iterator[Problem]:
    for column in LAYERS[layer]:
        if row.get(column) is None:
            yield Problem("E205", "", "", f"{column!r} is missing")
    if row.get("doc_id", doc_id) != doc_id:
        yield Problem("E213", "", "", f"doc_id {row['doc_id']!r} on the line of {doc_id!r}")
    for stem, surface in _PAIRS:
        yield from _offsets(row, stem, surface, text)
    if layer in tables.TABLES:
        yield from _values(layer, row)
    if "polarity" in row and (row["polarity"] == "booster") != (row.get("category") == "booster"):
        yield Problem("E215", "", "", f"{row.get('category')!r} and {row['polarity']!r}")


def _offsets(row: Mapping[str, Any], stem: str, surface: str | None, text: str) -> Iterator[Problem]:
    start, end = row.get(f"{stem}start"), row.get(f"{stem}end")
    if (start is None and end is None) or (stem and start == end == -1):
        return
    if type(start) is not int or type(end) is not int:
        yield Problem("E205", "", "", f"{stem}start {start!r} and {stem}end {end!r} are not two whole numbers")
    elif not 0 <= start < end <= len(text):
        yield Problem("E206", "", "", f"{stem}start {start}, {stem}end {end} in a text of {len(text)}")
    elif surface and isinstance(row.get(surface), str) and text[start:end] != row[surface]:
        yield Problem("E207", "", "", f"{text[start:end][:60]!r} stands there, not {row[surface][:60]!r}")


def _values(layer: str, row: Mapping[str, Any]) -> Iterator[Problem]:
    for column in tables.TABLES[layer].columns:
        value = row.get(column.name)
        if value is not None and column.values and value not in column.values:
            yield Problem("E208", "", "", f"{column.name} {value!r} is not one of {', '.join(column.values)}")
        elif value is None and column.name in row and not column.nullable and column.name not in LAYERS[layer]:
            yield Problem("E205", "", "", f"{column.name!r} is null, which it may not be")


def _identity(
    layer: str, rows: Sequence[Mapping[str, Any]], ids: dict[tuple[str, str], set[str]], doc_id: str
) -> Iterator[Problem]:
    key = tables.TABLES[layer].key if layer in tables.TABLES else None
    if key is None:
        return
    taken = ids.setdefault((layer, key), set())
    for number, row in enumerate(rows):
        value = row.get(key)
        if not isinstance(value, str):
            continue
        if value in taken:
            yield Problem("E209", "", f"{layer}[{number}]", f"{key} {value!r}")
        if not value.startswith(f"{doc_id}#"):
            yield Problem("E213", "", f"{layer}[{number}]", f"{key} {value!r} does not begin with {doc_id + '#'!r}")
        taken.add(value)


def _references(layers: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[Problem]:
    """Within a document; a layer that was not coded cannot be referred to, and is not asked for."""
    for (layer, column), (target, key) in _REFERENCES.items():
        known = {row.get(key) for row in layers.get(target, [])}
        for number, row in enumerate(layers.get(layer, [])):
            value = row.get(column)
            if value is not None and target in layers and value not in known:
                yield Problem("E210", "", f"{layer}[{number}]", f"{column} {value!r} is no {key} of {target}")


def _passages(rows: Sequence[Mapping[str, Any]], text: str) -> Iterator[Problem]:
    spans = [(row.get("start"), row.get("end"), number) for number, row in enumerate(rows)]
    whole = sorted((s, e, n) for s, e, n in spans if type(s) is int and type(e) is int)
    at = 0
    for start, end, number in whole:
        if start < at:
            yield Problem("E211", "", f"passages[{number}]", f"it begins at {start}, and one before it ends at {at}")
        elif text[at:start].strip():
            yield Problem(
                "E212", "", f"passages[{number}]", f"characters {at}-{start}, {text[at:start].strip()[:60]!r}"
            )
        at = max(at, end)
    if whole and text[at:].strip():
        yield Problem("E212", "", "passages", f"characters {at}-{len(text)}, {text[at:].strip()[:60]!r}")


def _depths(rows: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    depths = {row.get("voice_id"): row.get("depth") for row in rows}
    for number, row in enumerate(rows):
        parent = row.get("parent_id")
        above = 0 if parent is None else depths.get(parent)
        if isinstance(above, int) and row.get("depth") != above + 1:
            yield Problem("E214", "", f"voices[{number}]", f"depth {row.get('depth')!r}, parent {parent!r}")


def _twice(names: Sequence[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})
