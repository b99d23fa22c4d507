"""Sources of news and weblogs found end to end, against labels coded twice (offsets and labels only; skipped without
the texts).

What is scored is the whole chain: the attributions are those the package finds, and a coded source counts where a found
one overlaps it. Half of the documents were never read while rules were mended; they are printed apart.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from nltk.metrics.agreement import AnnotationTask

import discourse as dc

SAMPLE = json.loads((Path(__file__).parent / "data" / "source_sample_news.json").read_text(encoding="utf-8"))
CODED = pd.DataFrame(SAMPLE["sources"], columns=SAMPLE["columns"])
UNREAD = frozenset(SAMPLE["unread"])
NEWS = ("polnear.train", "mpqa.train")
FLOORS = {"polnear.train": (0.91, 0.77), "mpqa.train": (0.88, 0.75), "weblogs": (0.86, 0.72)}

pytestmark = pytest.mark.shared


def texts(name: str, wanted: set[str], gold: Any, shared: Path) -> dict[str, str]:
    if name in NEWS:
        return {d["doc_id"]: d["text"] for d in gold(name) if d["doc_id"] in wanted}
    paths = (shared / "real" / name / f"{doc_id}.txt" for doc_id in wanted)
    return {path.stem: path.read_text(encoding="utf-8") for path in paths if path.exists()}


def best(start: int, end: int, found: pd.DataFrame) -> Any:
    """The found source that shares most with a coded one; None where none shares a quarter."""
    inner = found["source_end"].clip(upper=end) - found["source_start"].clip(lower=start)
    outer = found["source_end"].clip(lower=end) - found["source_start"].clip(upper=start)
    share = inner / outer
    return found.loc[share.idxmax()] if len(share) and share.max() >= 0.25 else None


def accepted(first: list[Any], second: list[Any], axis: int) -> set[str]:
    """What both coders hold possible; where they share nothing, what either does."""
    return set(first[axis]) & set(second[axis]) or set(first[axis]) | set(second[axis])


def scored(coded: pd.DataFrame, marks: Any) -> pd.DataFrame:
    """One row per coded source mention that was found: right or wrong on both axes."""
    typed = marks.sources[["attribution_id", "identification", "affiliation"]]
    found = marks.attributions.merge(typed, on="attribution_id")
    by_doc = dict(list(found[found["source_start"] >= 0].groupby("doc_id")))
    rows = []
    for one in coded.itertuples():
        hit = best(one.start, one.end, by_doc[one.doc_id]) if one.doc_id in by_doc else None
        if hit is not None:
            right = [hit[name] in accepted(one.first, one.second, axis) for axis, name in enumerate(AXES)]
            rows.append((one.doc_id, one.first[2], *right))
    return pd.DataFrame(rows, columns=["doc_id", "referent", *AXES])


AXES = ("identification", "affiliation")


@pytest.fixture(scope="module", params=list(FLOORS))
def measured(request: Any, gold: Any, shared: Path) -> tuple[str, int, pd.DataFrame]:
    both = CODED["first"].notna() & CODED["second"].notna()
    coded = CODED[both & (CODED["set"] == request.param)]
    coded = coded[[first[2] != "none" for first in coded["first"]]]
    known = texts(request.param, set(coded["doc_id"]), gold, shared)
    missing = sorted(set(coded["doc_id"]) - known.keys())
    if missing:
        pytest.skip(f"{request.param} has no {missing[0]} (and {len(missing) - 1} more)")
    frame = pd.DataFrame({"doc_id": list(known), "text": list(known.values())})
    marks = dc.annotate(dc.read(frame, text_column="text", doc_id_column="doc_id"), progress=False)
    return request.param, len(coded), scored(coded, marks)


def test_the_sample_says_who_coded_it() -> None:
    assert "no person coded" in SAMPLE["about"]
    assert set(CODED["set"]) == set(FLOORS)


def test_accuracy_over_distinct_sources_found_end_to_end(measured: tuple[str, int, pd.DataFrame]) -> None:
    name, coded, rows = measured
    distinct = rows.groupby(["doc_id", "referent"])[list(AXES)].mean()
    unread = distinct[distinct.index.get_level_values("doc_id").isin(UNREAD)]
    print(f"\n{name}: {len(rows)} of {coded} coded mentions found")
    for axis, floor in zip(AXES, FLOORS[name], strict=True):
        print(f"{axis}: {distinct[axis].mean():.3f} of {len(distinct)} sources, {unread[axis].mean():.3f} of the "
              f"{len(unread)} in unread documents (floor {floor})")  # fmt: skip
    for axis, floor in zip(AXES, FLOORS[name], strict=True):
        assert distinct[axis].mean() >= floor, axis


@pytest.mark.parametrize("name", list(FLOORS))
def test_the_two_codings_agree(name: str) -> None:
    both = CODED[(CODED["set"] == name) & CODED["first"].notna() & CODED["second"].notna()]
    for axis, label in enumerate(AXES):
        pairs = zip(both.index, both["first"], both["second"], strict=True)
        triples = [(coder, row, code[axis][0]) for row, *codes in pairs for coder, code in enumerate(codes)]
        alpha = AnnotationTask(data=triples).alpha()
        print(f"\n{name} {label}: Krippendorff's alpha {alpha:.3f} over {len(both)} mentions, two runs of one model")
        assert alpha >= 0.6
