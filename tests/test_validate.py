"""One bad example a code: each change to a sound corpus gives that code, and the sound corpus gives none."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from discourse.errors import ValidationError
from discourse.validate import CODES, LAYERS, validate

TOML = """
name = "tides"
title = "Tides"
licence = "CC0-1.0"
[[documents]]
path = "a.txt"
doc_id = "a"
outlet = "The Quay Times"
date = 2013-02-12
[[documents]]
path = "b.txt"
doc_id = "b"
outlet = "Wire"
date = 2013-02-13
[[outlets]]
outlet = "The Quay Times"
medium = "newspaper"
ambiguity = "low"
[[source_heads]]
head = "harbour hand"
affiliation = "citizen"
[[unreadable]]
path = "cut.docx"
reason = "cut short on purpose"
"""
TEXT = "Late tide\n\nThe tide may be late, a pilot told the Quay Times."


def gold(doc_id: str = "a") -> dict[str, Any]:
    """Sound gold for TEXT, every layer coded."""

    def at(surface: str) -> dict[str, Any]:
        start = TEXT.index(surface)
        return {"start": start, "end": start + len(surface), "surface": surface}

    source, cue, content = at("a pilot"), at("told"), at("The tide may be late")
    attribution = {
        "attribution_id": f"{doc_id}#a0001",
        "doc_id": doc_id,
        "parent_id": None,
        "voice_id": f"{doc_id}#v01",
        "content_voice_id": f"{doc_id}#v02",
        **{role: span["surface"] for role, span in (("source", source), ("cue", cue), ("content", content))},
        **{f"source_{end}": source[end] for end in ("start", "end")},
        **{f"cue_{end}": cue[end] for end in ("start", "end")},
        **{f"content_{end}": content[end] for end in ("start", "end")},
        "speech": "indirect",
        "stance": "neutral",
    }
    return {
        "doc_id": doc_id,
        "passages": [
            {"passage_id": f"{doc_id}#p0001", "start": 0, "end": 9, "kind": "title", "voice_id": f"{doc_id}#v01"},
            {"passage_id": f"{doc_id}#p0002", "start": 11, "end": len(TEXT), "kind": "commentary"},
        ],
        "voices": [
            {"voice_id": f"{doc_id}#v01", "parent_id": None, "depth": 1, "kind": "author"},
            {"voice_id": f"{doc_id}#v02", "parent_id": f"{doc_id}#v01", "depth": 2, "kind": "source"},
        ],
        "attributions": [attribution],
        "spans": [{"attribution_id": f"{doc_id}#a0001", "role": "cue", "start": cue["start"], "end": cue["end"]}],
        "sources": [{"attribution_id": f"{doc_id}#a0001", "identification": "anonymous_individual"}],
        "hedges": [{"hedge_id": f"{doc_id}#h0001", **at("may"), "category": "modal", "polarity": "hedge"}],
        "lookalikes": [at("late")],
        "outlets": [{"mention_id": f"{doc_id}#m0001", **at("Quay Times"), "role": "place"}],
    }


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / "corpus.toml").write_text(TOML)
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "b.txt").write_text("Another text.")
    (tmp_path / "cut.docx").write_bytes(b"PK\x03\x04 cut")
    (tmp_path / "gold").mkdir()
    (tmp_path / "gold" / "all.jsonl").write_text(json.dumps(gold()) + "\n" + json.dumps({"doc_id": "b"}) + "\n")
    return tmp_path


def codes(folder: Path) -> list[str]:
    found = validate(folder, today=datetime.date(2020, 1, 1))
    assert (found["mend"] == found["code"].map(lambda code: CODES[code][1])).all()
    assert (found["severity"].str[0].str.upper() == found["code"].str[0]).all()
    return [code for code in found["code"] if code != "I141"]


def test_a_sound_corpus_has_nothing_but_what_it_declares(corpus: Path) -> None:
    found = validate(corpus)
    assert found[["code", "severity", "path"]].values.tolist() == [["I141", "info", "cut.docx"]]
    assert "cut short on purpose" in found["message"][0]


def toml(old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        assert old in TOML
        (folder / "corpus.toml").write_text(TOML.replace(old, new, 1))

    return change


def file(name: str, text: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_text(text) and None


def coded(layer: str, number: int = 0, **values: Any) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        line = gold()
        line[layer][number] |= values
        lines(line)(folder)

    return change


def lines(*objects: Any) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        rows = [*objects, {"doc_id": "b"}]
        text = "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows)
        (folder / "gold" / "all.jsonl").write_text(text)

    return change


def more(layer: str, row: dict[str, Any]) -> Callable[[Path], None]:
    line = gold()
    line[layer].append(row)
    return lines(line)


BAD: list[tuple[str, Callable[[Path], None]]] = [
    ("E101", lambda folder: (folder / "corpus.toml").write_text("name = ") and None),
    ("E102", toml('licence = "CC0-1.0"', "")),
    ("E103", lambda folder: (folder / "b.txt").rename(folder / "b.md") and None),
    ("E104", lambda folder: (folder / "b.txt").write_bytes(b"\xff\xfe\x00") and None),
    ("E105", toml('path = "b.txt"', 'path = "a.txt"')),
    ("E106", toml('doc_id = "b"', 'doc_id = "a"')),
    ("E107", toml("date = 2013-02-13", 'date = "01/02/2013"')),
    ("E108", toml('medium = "newspaper"', 'medium = "gazette"')),
    ("E108", toml('affiliation = "citizen"', 'affiliation = "sailor"')),
    ("E109", toml("[[source_heads]]", '[[outlets]]\noutlet = "The Quay Times"\n[[source_heads]]')),
    ("W121", file("c.txt", "Third.")),
    ("W122", toml("date = 2013-02-13", "")),
    ("W123", toml("date = 2013-02-13", "date = 2031-02-13")),
    ("W124", toml('outlet = "Wire"', "")),
    ("W125", file("b.txt", TEXT)),
    ("W126", file("b.txt", "Bell\x07 in the text.")),
    ("W127", toml('path = "cut.docx"', 'path = "b.txt"')),
    ("W128", toml("CC0-1.0", "free for all")),
    ("W129", lambda folder: (folder / "gold" / "all.jsonl").write_text(json.dumps(gold())) and None),
    ("E201", lines("{bad", gold())),
    ("E201", lines([1], gold())),
    ("E202", lines(gold(), {"doc_id": "nobody"})),
    ("E203", lines(gold(), {"doc_id": "a"})),
    ("E204", lines({**gold(), "moods": []})),
    ("E204", lines({**gold(), "hedges": ["may"]})),
    ("E205", coded("hedges", start=None)),
    ("E205", coded("passages", kind=None)),
    ("E205", coded("spans", end="9")),
    ("E206", coded("hedges", end=10_000)),
    ("E206", coded("attributions", cue_start=5, cue_end=5)),
    ("E207", coded("hedges", surface="might")),
    ("E207", coded("attributions", content="The tide")),
    ("E208", coded("hedges", category="maybe")),
    ("E208", coded("outlets", role="cited")),
    ("E209", more("hedges", gold()["hedges"][0])),
    ("E210", coded("attributions", parent_id="a#a0009")),
    ("E210", coded("hedges", voice_id="a#v09")),
    ("E211", coded("passages", 1, start=5)),
    ("E212", coded("passages", 1, start=20)),
    ("E212", coded("passages", 1, end=30)),
    ("E213", coded("hedges", hedge_id="b#h0001")),
    ("E213", coded("hedges", doc_id="b")),
    ("E214", coded("voices", 1, depth=3)),
    ("E215", coded("hedges", polarity="booster")),
]


@pytest.mark.parametrize(("code", "change"), BAD, ids=[f"{code}-{n}" for n, (code, _) in enumerate(BAD)])
def test_one_bad_example_a_code(corpus: Path, code: str, change: Callable[[Path], None]) -> None:
    assert codes(corpus) == []
    change(corpus)
    found = codes(corpus)
    assert code in found
    # A missing, added or renamed document has company; every other fault is told once and alone.
    if code not in ("E103", "E104", "E105", "E106", "W121", "W127"):
        assert set(found) == {code}


def test_every_code_has_a_bad_example() -> None:
    assert {code for code, _ in BAD} | {"I141"} == set(CODES)


def test_every_layer_is_in_the_sound_gold() -> None:
    assert set(LAYERS) | {"doc_id"} == set(gold())


def test_messages_name_file_line_and_row(corpus: Path) -> None:
    coded("hedges", surface="might")(corpus)
    row = validate(corpus).query("code == 'E207'").iloc[0]
    assert (row["path"], row["place"]) == ("gold/all.jsonl", "line 1, hedges[0]")
    assert row["message"] == "the surface is not what stands at the offsets: 'may' stands there, not 'might'."


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match=r"gone' is no folder; give the folder that holds corpus.toml"):
        validate(tmp_path / "gone")


def test_a_folder_without_corpus_toml(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Text.")
    assert "E101" in codes(tmp_path)


@pytest.mark.parametrize("name", ["starter", "one-post", "harbour-crisis"])
def test_the_bundled_corpora_are_sound(starter: Path, name: str) -> None:
    found = validate(starter.parent / name)
    assert found[found["severity"] == "error"].empty, found.to_string()
