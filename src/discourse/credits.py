"""Who credits whom: outlet mentions -> a table of edges from the outlet that credits to the outlet credited.

A credit is a mention in a role that says where words or claims come from (codebook G1, figure 11: origin,
claim_source, corroboration). Who credits is whoever has the floor: a newspaper quoted in a weblog that cites an agency
credits that agency, not the weblog's author. Wire copy printed by many would make the agency look cited by all of
them for one story, so near-duplicate documents are grouped first, and both counts are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
from scipy import stats

from discourse.cells import annotated, number_of
from discourse.duplicates import remembered
from discourse.errors import MeasureError
from discourse.intervals import ratio_interval
from discourse.tables import OUTLET_ROLES

CREDITS = ("origin", "claim_source", "corroboration")
"""Roles that credit."""
COLUMNS = ("crediting", "credited", "count", "count_once", "count_all", "documents", "low", "high", "mentions")


def edges(
    marks: Any,
    by: str = "outlet",
    *,
    duplicates: str = "once",
    roles: Sequence[str] = CREDITS,
    platforms: bool = False,
    level: float = 0.95,
) -> pd.DataFrame:
    """Count who credits whom. One row per pair of a crediting and a credited outlet, most credits first.

    Parameters
    ----------
    marks : `Annotations` (documents, passages, voices, sentences and outlets are read).
    by : column of documents that names the crediting side where no quoted outlet has the floor.
    duplicates : "once": near-duplicate documents (`duplicates.duplicates`) count as one, the first; "all": every copy.
    roles : roles of mentions that credit.
    platforms : count platforms (Twitter) as outlets.
    level : coverage of the interval.

    Returns
    -------
    DataFrame
        crediting, credited; count (mentions, by `duplicates`); count_once, count_all (both ways of counting);
        documents (that hold the credits counted); low, high (the credits expected in as many documents of the crediting
        side: studentised bootstrap over documents, at least as wide as Garwood's (1936) interval for a Poisson count);
        mentions (mention_ids counted, joined by "; "). Mentions without a name, of the outlet itself, and in passages
        that do not count are left out; attrs["open"] is the number of credits whose outlet is open (see candidates).

    Raises
    ------
    MeasureError
        `by` is no column of documents, or `duplicates` or a role is none of those allowed.
    """
    _check(marks, by, duplicates, roles)
    credits = _credits(marks, by, roles, platforms)
    copies = _copies(marks.documents)
    credits["copy"] = credits["doc_id"].isin(copies)
    kept = credits if duplicates == "all" else credits[~credits["copy"]]
    sizes = _sizes(marks.documents, by, copies if duplicates == "once" else frozenset())
    rows = []
    for (crediting, credited), group in credits.groupby(["crediting", "credited"], sort=True):
        own = kept[(kept["crediting"] == crediting) & (kept["credited"] == credited)]
        low, high = _interval(own, sizes.get(str(crediting), 0), level)
        once = int((~group["copy"]).sum())
        ids = "; ".join(own["mention_id"])
        rows.append((crediting, credited, len(own), once, len(group), own["doc_id"].nunique(), low, high, ids))
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    table = table[table["count"] > 0].sort_values(
        ["count", "crediting", "credited"], ascending=[False, True, True], kind="stable", ignore_index=True
    )
    table.attrs.update(
        what="credits", open=int(credits.attrs["open"]), duplicates=duplicates, basis=_basis(credits, duplicates)
    )
    return table


def sentences_behind(marks: Any, edge: pd.Series | dict[str, Any]) -> pd.DataFrame:
    """The sentences behind an edge. One row per mention, in text order: doc_id, sentence_id, mention_id, start, end,
    surface, role, rule, sentence (its text).

    Parameters
    ----------
    marks : the `Annotations` the edges were counted in.
    edge : a row of `edges`.
    """
    wanted = set(str(edge["mentions"]).split("; "))
    found: pd.DataFrame = marks.outlets[marks.outlets["mention_id"].isin(wanted)]
    places = marks.sentences[["sentence_id", "start", "end"]].rename(columns={"start": "_from", "end": "_to"})
    found = found.merge(places, on="sentence_id", how="left", validate="many_to_one")
    texts = dict(zip(marks.documents["doc_id"], marks.documents["text"], strict=True))
    spans = zip(found["doc_id"], found["_from"], found["_to"], strict=True)
    found["sentence"] = pd.Series([texts[doc][int(a) : int(b)] for doc, a, b in spans], dtype="str")
    columns = ["doc_id", "sentence_id", "mention_id", "start", "end", "surface", "role", "rule", "sentence"]
    return found[columns].reset_index(drop=True)


def graph(table: pd.DataFrame) -> nx.DiGraph:
    """The edges as a directed graph: nodes are outlets, `weight` is the count."""
    out = nx.DiGraph()
    for row in table.to_dict("records"):
        values = {name: row[name] for name in ("count_once", "count_all", "documents", "low", "high") if name in row}
        known = {name: value for name, value in values.items() if not pd.isna(value)}
        out.add_edge(_plain(row["crediting"]), _plain(row["credited"]), weight=row["count"], **known)
    return out


def to_graphml(table: pd.DataFrame, path: str | Path) -> Path:
    """Write the edges as GraphML (for Gephi, igraph, …) and return the path.

    Parameters
    ----------
    table : of `edges`. path : file to write; its folder must be there.

    Raises
    ------
    MeasureError
        The table lacks a column of `edges`, or the folder is not there.
    """
    missing = [name for name in ("crediting", "credited", "count") if name not in table]
    if missing:
        raise MeasureError(f"to_graphml needs the column {missing[0]!r}; make the table with credits.edges(marks)")
    target = Path(path)
    if not target.parent.is_dir():
        raise MeasureError(f"to_graphml: there is no folder {target.parent}; make it first")
    nx.write_graphml(graph(table), target)
    return target


def _check(marks: Any, by: str, duplicates: str, roles: Sequence[str]) -> None:
    annotated(marks)
    if by not in marks.documents:
        raise MeasureError(f"edges: documents have no column {by!r}; they have {', '.join(map(str, marks.documents))}")
    if duplicates not in ("once", "all"):
        raise MeasureError(f"edges: duplicates is {duplicates!r}; allowed are 'once' and 'all' (count every copy)")
    unknown = [role for role in roles if role not in OUTLET_ROLES]
    if unknown:
        raise MeasureError(f"edges: no role {unknown[0]!r}; the roles are {', '.join(OUTLET_ROLES)}")


def _credits(marks: Any, by: str, roles: Sequence[str], platforms: bool) -> pd.DataFrame:
    """One row per crediting mention: doc_id, mention_id, crediting, credited; attrs["open"]."""
    found = marks.outlets
    passage = marks.sentences.set_index("sentence_id")["passage_id"]
    counted = marks.passages.set_index("passage_id")["counted"]
    keep = found["role"].isin(list(roles)) & ~found["generic"] & found["sentence_id"].map(passage).map(counted).eq(True)
    if not platforms:
        keep &= ~found["platform"]
    found = found[keep.astype(bool)]
    named = found[found["outlet"].notna()]
    floor = _Floors(marks, by)
    crediting = [floor(doc, voice) for doc, voice in zip(named["doc_id"], named["voice_id"], strict=True)]
    out = pd.DataFrame(
        {
            "doc_id": named["doc_id"].to_numpy(),
            "mention_id": named["mention_id"].to_numpy(),
            "crediting": pd.Series(crediting, dtype="str"),
            "credited": named["outlet"].astype("str").to_numpy(),
        }
    )
    out = out[out["crediting"].str.casefold() != out["credited"].str.casefold()].copy()
    out.attrs["open"] = len(found) - len(named)
    return out


class _Floors:
    """Who has the floor at a mention: the innermost outlet of its chain of voices, else the document's own."""

    def __init__(self, marks: Any, by: str) -> None:
        voices = marks.voices
        self.parent = dict(zip(voices["voice_id"], voices["parent_id"], strict=True))
        outlet = (voices["kind"] == "outlet") & voices["name"].notna()
        self.name = dict(zip(voices.loc[outlet, "voice_id"], voices.loc[outlet, "name"], strict=True))
        self.own = dict(zip(marks.documents["doc_id"], marks.documents[by], strict=True))

    def __call__(self, doc_id: str, voice: Any) -> str:
        while isinstance(voice, str):
            if voice in self.name:
                return str(self.name[voice])
            voice = self.parent.get(voice)
        own = self.own[doc_id]
        return "unnamed" if pd.isna(own) else str(own)


def _copies(documents: pd.DataFrame) -> frozenset[str]:
    """Documents that copy another one: as the reader found them, and near-duplicates."""
    found = remembered(documents)
    return frozenset(found.loc[found["duplicate_of"].notna(), "doc_id"])


def _sizes(documents: pd.DataFrame, by: str, without: frozenset[str]) -> dict[str, int]:
    counted = documents[~documents["doc_id"].isin(without)]
    return {str(name): int(size) for name, size in counted[by].fillna("unnamed").value_counts().items()}


def _interval(own: pd.DataFrame, documents: int, level: float) -> tuple[float, float]:
    """Interval of the number of credits in as many documents of the crediting side."""
    count = len(own)
    tail = (1 - level) / 2
    low = float(stats.chi2.ppf(tail, 2 * count) / 2) if count else 0.0
    high = float(stats.chi2.ppf(1 - tail, 2 * (count + 1)) / 2)
    each = own["doc_id"].value_counts().to_numpy()
    size = max(documents, len(each))
    if size >= 2:
        top = np.concatenate((each, np.zeros(size - len(each), dtype=np.int64)))
        drawn = np.array(ratio_interval(top, np.ones(size), level=level)) * size
        if np.isfinite(drawn).all():
            low, high = min(low, max(float(drawn[0]), 0.0)), max(high, float(drawn[1]))
    return low, high


def _basis(credits: pd.DataFrame, duplicates: str) -> str:
    copies = int(credits["copy"].sum())
    how = "a story and its near-duplicates counted once" if duplicates == "once" else "every copy counted"
    found = f"{number_of(len(credits), 'credit')} in {number_of(credits['doc_id'].nunique(), 'document')}"
    return f"{found} ({copies:,} in copies), {how}."


def _plain(name: Any) -> str:
    """A name without characters XML does not allow."""
    return "".join(char for char in str(name) if char >= " " and not "\ud800" <= char <= "\udfff" and char < "\ufffe")
