"""Sources against a labelled sample of real articles (offsets and labels only; skipped without the texts).

Coded by a language model from the codebook, twice; see `about` in the data file for how. The agreement of the two
passes measures how stable that coder is, not how two people would agree.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from nltk.metrics.agreement import AnnotationTask

from discourse import tables
from discourse.layout import layout
from discourse.passages import passages
from discourse.sentences import sentences
from discourse.sources import sources

SAMPLE = json.loads((Path(__file__).parent / "data" / "source_sample.json").read_text(encoding="utf-8"))
CODED = pd.DataFrame(SAMPLE["sources"], columns=SAMPLE["columns"])

pytestmark = pytest.mark.shared


def frames(documents: list[dict[str, Any]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Gold attributions of documents as the contract's table, with the documents."""
    rows = []
    for document in documents:
        parts = ("source", "cue", "content")
        marked = [a for a in document["attributions"] if any(a[part] for part in parts)]
        for number, gold in enumerate(sorted(marked, key=lambda a: min(s[0] for p in parts for s in a[p])), 1):
            row = {"doc_id": document["doc_id"], "attribution_id": f"{document['doc_id']}#a{number:04d}"}
            row |= {"speech": "indirect", "stance": "neutral", "mode": "speech", "response": "none"}
            for part in parts:
                low = min((span[0] for span in gold[part]), default=-1)
                high = max((span[1] for span in gold[part]), default=-1)
                row |= {f"{part}_start": low, f"{part}_end": high, part: document["text"][low:high] or None}
            rows.append(row | {"confidence": 1.0, "rule": "gold"})
    read = pd.DataFrame([{key: d.get(key) for key in ("doc_id", "text", "title", "author")} for d in documents])
    return read, tables.frame("attributions", pd.DataFrame(rows))


@pytest.fixture(scope="module")
def typed(gold: Any) -> pd.DataFrame:
    """The sample, with what the package says of each source beside it."""
    wanted = set(CODED["doc_id"])
    read, attributed = frames([document for document in gold("polnear.dev") if document["doc_id"] in wanted])
    page = layout(read)
    tokens, split = sentences(page, passages(read, page, None))
    found = sources(read, tokens, split, attributed, tables.frame("spans"))
    spans = attributed[["doc_id", "source_start", "source_end"]]
    both = pd.concat([spans, found.drop(columns="doc_id").add_prefix("got_")], axis=1)
    both = both.rename(columns={"source_start": "start", "source_end": "end"})
    merged = CODED.merge(both.drop_duplicates(["doc_id", "start", "end"]), on=["doc_id", "start", "end"], how="left")
    assert merged["got_identification"].notna().all()
    return merged


def accuracy(typed: pd.DataFrame, axis: str) -> pd.Series:
    return pd.Series(
        [got in good for got, good in zip(typed[f"got_{axis}"], typed[axis], strict=True)], index=typed.index
    )


def b_cubed(gold: pd.Series, got: pd.Series) -> tuple[float, float]:
    """Precision and recall of a clustering, averaged over mentions (Bagga & Baldwin 1998)."""
    same_gold, same_got = defaultdict(set), defaultdict(set)
    for row, (one, other) in enumerate(zip(gold, got, strict=True)):
        same_gold[one].add(row)
        same_got[other].add(row)
    pairs = [(same_gold[one], same_got[other]) for one, other in zip(gold, got, strict=True)]
    precision = sum(len(one & other) / len(other) for one, other in pairs) / len(pairs)
    recall = sum(len(one & other) / len(one) for one, other in pairs) / len(pairs)
    return precision, recall


def test_the_sample_is_large_enough_and_says_who_coded_it() -> None:
    assert len(CODED) >= 300
    assert CODED["second"].notna().sum() >= 100
    assert "language model" in SAMPLE["about"]


@pytest.mark.parametrize(("axis", "floor"), [("identification", 0.92), ("affiliation", 0.83)])
def test_accuracy_over_distinct_sources(typed: pd.DataFrame, axis: str, floor: float) -> None:
    right = accuracy(typed, axis)
    distinct = right.groupby([typed["doc_id"], typed["source_id"]]).mean()
    first = typed[axis].str[0]
    print(f"\n{axis}: {right.mean():.3f} of {len(typed)} mentions, {distinct.mean():.3f} of {len(distinct)} sources")
    print(right.groupby(first).agg(["mean", "size"]).round(2).to_string())
    assert distinct.mean() >= floor


def test_referents(typed: pd.DataFrame) -> None:
    got = typed["got_source_id"].where(typed["got_source_id"].notna(), typed.index.astype(str))
    precision, recall = b_cubed(typed["doc_id"] + typed["source_id"], got)
    print(f"\nB-cubed: precision {precision:.3f}, recall {recall:.3f}")
    assert precision >= 0.95, "wrong merges are worse than missed ones"
    assert recall >= 0.85


@pytest.mark.parametrize(("axis", "place"), [("identification", 0), ("affiliation", 1)])
def test_the_two_passes_agree(axis: str, place: int) -> None:
    both = CODED[CODED["second"].notna()]
    triples = [("first", row, codes[0]) for row, codes in zip(both.index, both[axis], strict=True)]
    triples += [("second", row, codes[place]) for row, codes in zip(both.index, both["second"], strict=True)]
    alpha = AnnotationTask(data=triples).alpha()
    print(f"\n{axis}: Krippendorff's alpha {alpha:.3f} over {len(both)} sources, two passes of one language model")
    assert alpha >= 0.8
