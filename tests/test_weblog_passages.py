"""Passages against 26 weblog posts coded twice (offsets and labels only; skipped without the texts).

Coded by a language model from the codebook; see `about` in the data file for how. The agreement of the two codings
measures how stable that coder is, not how two people would agree.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from conftest import documents
from discourse.agreement import agreement
from discourse.layout import layout
from discourse.passages import passages

SAMPLE = json.loads((Path(__file__).parent / "data" / "weblog_passages.json").read_text(encoding="utf-8"))

pytestmark = pytest.mark.shared


def voice(kind: str) -> str:
    """Whose words a kind of passage holds, as the coders name it."""
    return {"quoted_article": "quoted", "bio": "site", "promo": "site"}.get(kind, "own")


def spread(rows: list[list[Any]], text: str, name: str) -> pd.DataFrame:
    """One row per character that is not space: its kind, voice and whether a reader wrote it."""
    ends = [row[0] for row in rows[1:]] + [len(text)]
    lengths = [end - row[0] for row, end in zip(rows, ends, strict=True)]
    labels = pd.DataFrame(
        [row[1:] for row in rows], columns=[f"{name}_{label}" for label in ("kind", "voice", "reader")]
    )
    inked = [not char.isspace() for char in text[rows[0][0] :]]
    return labels.loc[np.repeat(labels.index, lengths)].set_axis(range(rows[0][0], len(text)))[inked]


def found(made: pd.DataFrame) -> list[list[Any]]:
    """Our passages as the coders write theirs; a repeated excerpt has the voice of what it repeats."""
    kinds = dict(zip(made["passage_id"], made["kind"], strict=True))
    columns = (made[name].tolist() for name in ("start", "kind", "duplicate_of"))
    return [[start, kind, voice(kinds.get(copy, kind)), False] for start, kind, copy in zip(*columns, strict=True)]


@pytest.fixture(scope="module")
def characters(shared: Path) -> pd.DataFrame:
    """One row per character of the sample: both codings and ours."""
    folder = shared / "real" / "weblogs"
    texts = [(folder / f"{document['doc_id']}.txt").read_text(encoding="utf-8") for document in SAMPLE["documents"]]
    frame = documents(*texts)
    made = passages(frame, layout(frame), None)
    parts = []
    for number, (document, text) in enumerate(zip(SAMPLE["documents"], texts, strict=True)):
        codings = {name: document[name] for name in ("first", "second")}
        codings["ours"] = found(made[made["doc_id"] == f"d{number}"])
        labels = pd.concat([spread(rows, text, name) for name, rows in codings.items()], axis=1)
        parts.append(labels.assign(half=document["half"]))
    return pd.concat(parts, ignore_index=True)


def shares(characters: pd.DataFrame) -> dict[str, float]:
    """Share of characters on which we are right, mean of the two codings."""
    right = {
        label: [characters[f"ours_{label}"].eq(characters[f"{name}_{label}"]).mean() for name in ("first", "second")]
        for label in ("voice", "kind")
    }
    return {label: float(sum(values) / len(values)) for label, values in right.items()}


def test_voice_and_kind_of_weblog_passages(characters: pd.DataFrame) -> None:
    posts = characters[~characters["first_reader"]]
    measured = {
        "all": shares(characters),
        "all but readers' comments": shares(posts),
        "check half": shares(characters[characters["half"] == "check"]),
        "check half but readers' comments": shares(posts[posts["half"] == "check"]),
    }
    for name, share in measured.items():
        print(f"{name}: voice {share['voice']:.3f}, kind {share['kind']:.3f}")
    assert characters.filter(like="ours_").notna().all().all()
    assert measured["all"]["voice"] >= 0.91
    assert measured["all"]["kind"] >= 0.94
    assert measured["check half"]["voice"] >= 0.94
    assert measured["check half"]["kind"] >= 0.95


@pytest.mark.parametrize("label", ["voice", "kind"])
def test_the_two_codings_agree(characters: pd.DataFrame, label: str) -> None:
    codings = characters[[f"first_{label}", f"second_{label}"]].rename_axis("unit").reset_index()
    table = agreement(codings.melt("unit", var_name="coder"), draws=20)
    alpha = table.query("category == 'all' and coefficient == 'alpha'")["value"].item()
    print(f"alpha of the two codings, {label}, over characters: {alpha:.3f}")
    assert alpha > 0.9
