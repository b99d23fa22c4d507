"""From the tables of an annotation to cells: how often, in how many words, in which document, for which group.

Every measure starts here, so that numerator and denominator always follow the same rule. A *unit* is what owns words:
the document; its voices, when a grouping or a condition names one; or its passages. A *group* is a combination of
values of units (an outlet, a month, a kind of voice); an *item* is a combination of values of findings (a category).
Words and findings of promo, biography and repeated passages (`passages.counted` false) are in neither.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from discourse import tables
from discourse.conditions import NOT_GIVEN, Where, is_missing, labelled, satisfies
from discourse.duplicates import remembered
from discourse.errors import MeasureError

TIME_BINS = {"year": "Y", "quarter": "Q", "month": "M", "week": "W", "day": "D"}
ANONYMOUS = ("unnamed_document", "anonymous_individual", "anonymous_group", "unattributed")
"""Values of `identification` that leave the reader without a name, an office or a body."""
TERMS = ("given", "not given")
"""Values of `terms`: whether terms of anonymity are stated (codebook C4)."""
RESULTS = frozenset(
    "count n_words rate low high range n_docs dispersion note total share mean n_sentences scenario".split()
)
_PLURAL = {"voice_id": "voices", "passage_id": "passages", "doc_id": "documents"}
_MOST_BINS = 1_000
_MOST_ROWS = 200_000
_MOST_ITEMS = 1_000

By = str | Sequence[str] | None


class Marks(Protocol):
    """Anything with the tables of the contract as attributes, e.g. `annotate.Annotations`."""

    @property
    def documents(self) -> pd.DataFrame: ...
    @property
    def passages(self) -> pd.DataFrame: ...
    @property
    def voices(self) -> pd.DataFrame: ...
    @property
    def sentences(self) -> pd.DataFrame: ...
    @property
    def attributions(self) -> pd.DataFrame: ...
    @property
    def sources(self) -> pd.DataFrame: ...
    @property
    def hedges(self) -> pd.DataFrame: ...
    @property
    def outlets(self) -> pd.DataFrame: ...


@dataclass(frozen=True)
class Cells:
    """Counts and words of a selection, by document.

    groups : one row per group, its columns named as asked. items : one row per item, likewise.
    words : one row per group and document: group, doc, n_words, weight.
    hits : one row per group, item and document in which the item was found: group, item, doc, count.
    documents : doc_id of every doc. n_docs, n_words : documents that have words, and their words.
    remarks : for the basis.
    """

    groups: pd.DataFrame
    items: pd.DataFrame
    words: pd.DataFrame
    hits: pd.DataFrame
    documents: list[str]
    n_docs: int
    n_words: int
    remarks: tuple[str, ...]

    @property
    def by(self) -> list[str]:
        return [*self.groups.columns, *self.items.columns]

    def pairs(self) -> list[tuple[int, int]]:
        """Group and item of every row of a result: all of them, or those with findings where that would be too many."""
        if len(self.groups) * len(self.items) <= _MOST_ROWS:
            return [(group, item) for group in range(len(self.groups)) for item in range(len(self.items))]
        seen = self.hits[["group", "item"]].drop_duplicates().sort_values(["group", "item"])
        return list(zip(seen["group"].tolist(), seen["item"].tolist(), strict=True))

    def by_document(self, group: int) -> tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any]]:
        """Words, weights (one a document) and counts (documents x items) of a group."""
        words = self.words.iloc[self._span("words", group)]
        hits = self.hits.iloc[self._span("hits", group)]
        counts = np.zeros((len(words), len(self.items)))
        rows = np.searchsorted(words["doc"].to_numpy(), hits["doc"].to_numpy())
        np.add.at(counts, (rows, hits["item"].to_numpy()), hits["count"].to_numpy())
        return words["n_words"].to_numpy(), words["weight"].to_numpy(), counts

    def _span(self, table: str, group: int) -> slice:
        column = getattr(self, table)["group"].to_numpy()
        return slice(int(np.searchsorted(column, group)), int(np.searchsorted(column, group, side="right")))


def number_of(count: int, noun: str) -> str:
    """ "1 document", "2 documents"; "1 copy", "0 copies"."""
    many = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{count:,} {noun if count == 1 else many}"


def annotated(marks: Any) -> None:
    """MeasureError where a measure was given what is not annotated yet: a path, a Corpus, a frame."""
    missing = [name for name in ("documents", "passages", "sentences") if not hasattr(marks, name)]
    if missing:
        given = repr(marks)[:60] if isinstance(marks, str) else f"a {type(marks).__name__}"
        raise MeasureError(f"measures need an annotation and got {given}; annotate first: marks = dc.annotate(...)")


def names(by: By) -> list[str]:
    """The grouping as a list; MeasureError where a name is given twice or is one that results have themselves."""
    listed = [] if by is None else [by] if isinstance(by, str) else list(by)
    taken = [name for name in listed if name in RESULTS]
    if taken:
        raise MeasureError(f"{taken[0]!r} is a column of the result; ask for 'documents.{taken[0]}'")
    twice = {name for name in listed if listed.count(name) > 1}
    if twice:
        raise MeasureError(f"by names {sorted(twice)[0]!r} twice; name each column once")
    return listed


def cells(
    marks: Marks,
    table: str,
    by: By = None,
    where: Where | None = None,
    duplicates: str = "all",
    weights: str | None = None,
) -> Cells:
    """Count the rows of a finding table by group, item and document, with the words they were found in.

    Parameters
    ----------
    marks : the annotation. table : "hedges", "boosters", "attributions" (or "sources"), "outlets".
    by : names of groups and items. where : conditions by name. duplicates : "all" or "once".
    weights : a numeric column of documents.

    Raises
    ------
    MeasureError
        An unknown table, name or setting, or names that have no common denominator.
    """
    asked, conditions = names(by), dict(where or {})
    found, units, remarks = matching(marks, table, asked, conditions, duplicates, weights)
    own = [name for name in asked if _own(name, found)]
    split = [name for name in asked if not _own(name, found)]
    found = found[[*dict.fromkeys(["doc_id", "voice_id", "passage_id", *own])]]
    groups, units = number_groups(units, split, conditions)
    items, found, combinations = _items(found, own, table, conditions)
    documents, words, hits = _count(units, found, marks)
    if len(items) < combinations or len(groups) * len(items) > _MOST_ROWS:
        remarks.append("combinations that do not occur left out")
    n_docs = int(words.loc[words["n_words"] > 0, "doc"].nunique())
    return Cells(groups, items, words, hits, documents, n_docs, int(words["n_words"].sum()), tuple(remarks))


def matching(
    marks: Marks,
    table: str,
    by: Sequence[str] = (),
    where: Where | None = None,
    duplicates: str = "all",
    weights: str | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """The findings a measure counts (all columns of the table), the units it counts them in, and remarks.

    One row per finding of a counted passage that satisfies the conditions. Parameters and errors as for `cells`.
    """
    annotated(marks)
    conditions = dict(where or {})
    found, left_out = _counted(marks, findings(marks, table, frozenset(by) | frozenset(conditions), conditions))
    split = [name for name in (*by, *conditions) if not _own(name, found)]
    outer = {name: test for name, test in conditions.items() if not _own(name, found)}
    units, remarks = select_units(marks, split, outer, duplicates, weights, found)
    for name, test in conditions.items():
        if name not in outer:
            found = found[satisfies(found[name], test)]
    owner = f"{units['level'].iloc[0]}_id" if len(units) else "doc_id"
    kept = found[owner].isin(units[owner])
    if units[owner].isna().any():
        kept |= ~found[owner].isin(getattr(marks, _PLURAL[owner])[owner]) & found["doc_id"].isin(
            units.loc[units[owner].isna(), "doc_id"]
        )
    found = found[kept]
    if left_out:
        remarks.append(f"{number_of(left_out, 'finding')} in promo, bio or repeated passages left out")
    return found, units, remarks


def _own(name: str, found: pd.DataFrame) -> bool:
    """Whether a name is a column of the findings themselves rather than of what they stand in."""
    return name in found and name not in _PLURAL


def findings(marks: Marks, table: str, named: frozenset[str], where: Where | None = None) -> pd.DataFrame:
    """One row per finding, all columns of its table, missing strings written out in the named ones.

    `hedges` holds rows of polarity hedge, unless polarity or the category booster is asked for by name.
    """
    if table in ("attributions", "sources"):
        found = _attributions(marks)
    elif table in ("hedges", "boosters"):
        found = marks.hedges
        asked = (where or {}).get("category")
        wants_both = "polarity" in named or asked == "booster" or (isinstance(asked, list) and "booster" in asked)
        if table == "boosters" or not wants_both:
            found = found[found["polarity"] == ("hedge" if table == "hedges" else "booster")]
    elif table == "outlets":
        found = marks.outlets
    else:
        raise MeasureError(
            f"no finding table {table!r}; the tables are hedges, boosters, attributions, sources, outlets"
        )
    found = found.reset_index(drop=True)
    return found.assign(**{name: labelled(found[name]) for name in named & set(found.columns)})


def _attributions(marks: Marks) -> pd.DataFrame:
    typed = marks.sources.drop(columns=["doc_id", "rule"]).drop_duplicates("attribution_id")
    joined = marks.attributions.merge(typed, on="attribution_id", how="left")
    anonymous = joined["identification"].isin(ANONYMOUS).astype(object)
    terms = joined["anonymity_terms"].notna().map({True: TERMS[0], False: TERMS[1]})
    return joined.assign(anonymous=anonymous.where(joined["identification"].notna(), NOT_GIVEN), terms=terms)


def _counted(marks: Marks, found: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Findings outside uncounted passages, their passage_id, and how many were left out."""
    passage = marks.sentences.drop_duplicates("sentence_id").set_index("sentence_id")["passage_id"]
    found = found.assign(passage_id=found["sentence_id"].map(passage))
    uncounted = set(marks.passages.loc[~marks.passages["counted"], "passage_id"])
    out = found["passage_id"].isin(uncounted)
    return found[~out], int(out.sum())


# Units ---------------------------------------------------------------------------------------------------------------


def select_units(
    marks: Marks,
    named: Sequence[str],
    where: Where,
    duplicates: str = "all",
    weights: str | None = None,
    found: pd.DataFrame | None = None,
) -> tuple[pd.DataFrame, list[str]]:
    """Units that satisfy the conditions, and remarks on duplicates and weights.

    Columns: level, doc_id, voice_id or passage_id where that is the level, n_words, weight, the named.

    One row per document, voice or passage, the coarsest that can answer to every name. Findings that have no such
    owner get a unit without words in their document, so that they show as a group of their own.
    """
    annotated(marks)
    level = _level(named)
    documents = marks.documents
    remarks: list[str] = [] if weights is None else [f"documents weighted by {weights}, counts as found"]
    units = _words(marks, level, remarks)
    if level != "doc" and found is not None:
        stray = found.loc[~found[f"{level}_id"].isin(units[f"{level}_id"]), "doc_id"].unique()
        loose = pd.DataFrame({f"{level}_id": None, "doc_id": stray, "n_words": 0, "level": level})
        units = pd.concat([units, loose[loose["doc_id"].isin(documents["doc_id"])]], ignore_index=True)
    values = {}
    for name in dict.fromkeys(named):
        per_document = _document_column(documents, name) if _owner(name) == "doc" else None
        if per_document is None:
            values[name] = labelled(_unit_column(marks, units, name))
        else:
            values[name] = labelled(units["doc_id"].map(per_document))
    units = units.assign(**values, weight=_weights(documents, units, weights))
    keep = pd.Series(True, index=units.index)
    for name, test in where.items():
        keep &= satisfies(units[name], test)
    units = units[keep]
    return _once(documents, units, duplicates, remarks), remarks


def _owner(name: str) -> str:
    if name in ("passage_kind", "passage_id"):
        return "passage"
    return "voice" if name == "voice" or name.startswith(("voice_", "voices.")) else "doc"


def _level(named: Sequence[str]) -> str:
    owners = {_owner(name) for name in named}
    if {"voice", "passage"} <= owners:
        raise MeasureError("voices and passage_kind have no common word count; group or filter by one of them")
    return "voice" if "voice" in owners else "passage" if "passage" in owners else "doc"


def _words(marks: Marks, level: str, remarks: list[str]) -> pd.DataFrame:
    """Level, owner, doc_id and counted words."""
    documents, voices = marks.documents["doc_id"], marks.voices
    if level == "passage":
        passages = marks.passages[marks.passages["counted"]]
        size = marks.sentences.groupby("passage_id")["n_words"].sum()
        words = passages["passage_id"].map(size).fillna(0)
        units = passages[["passage_id", "doc_id"]].assign(n_words=words)
    elif level == "voice":
        units = voices[["voice_id", "doc_id", "n_words"]]
    elif len(voices):
        size = documents.map(voices.groupby("doc_id")["n_words"].sum()).fillna(0)
        units = pd.DataFrame({"doc_id": documents, "n_words": size})
    else:
        remarks.append("no voices: all words of a document counted")
        units = marks.documents[["doc_id", "n_words"]]
    known = units["doc_id"].isin(documents)
    return units[known].assign(level=level, n_words=lambda u: u["n_words"].astype("int64")).reset_index(drop=True)


def _document_column(documents: pd.DataFrame, name: str) -> pd.Series:
    """The named value of each document, indexed by doc_id: a column, or a bin of its date."""
    column = name.removeprefix("documents.")
    ids = documents["doc_id"]
    if column in documents:
        return pd.Series(documents[column].to_numpy(), index=ids, dtype=documents[column].dtype)
    if column in TIME_BINS:
        dates = pd.to_datetime(documents["date"]).dt.to_period(TIME_BINS[column]).dt.start_time
        return pd.Series(dates.to_numpy(), index=ids)
    known = [c for c in documents.columns if c != "text"]
    raise MeasureError(
        f"no column {name!r}; ask for one of the table's own columns, of documents ({', '.join(known)}), a time bin "
        f"({', '.join(TIME_BINS)}), voice, voice_kind, voice_depth, voice_chain, voice_identification, "
        "voice_affiliation or passage_kind"
    )


def _unit_column(marks: Marks, units: pd.DataFrame, name: str) -> pd.Series:
    owner = f"{_owner(name)}_id"
    if name == owner:
        return units[owner]
    if name == "passage_kind":
        return units[owner].map(marks.passages.set_index("passage_id")["kind"])
    voices = marks.voices.set_index("voice_id")
    column = "name" if name == "voice" else name.removeprefix("voice_").removeprefix("voices.")
    if column in ("identification", "affiliation"):
        typed = marks.sources.dropna(subset=["source_id"]).sort_values("attribution_id").drop_duplicates("source_id")
        return units[owner].map(voices["source_id"]).map(typed.set_index("source_id")[column])
    if column not in voices:
        raise MeasureError(f"no column {name!r}; of voices there are {', '.join(f'voice_{c}' for c in voices.columns)}")
    return units[owner].map(voices[column])


def _weights(documents: pd.DataFrame, units: pd.DataFrame, column: str | None) -> pd.Series:
    if column is None:
        return pd.Series(1.0, index=units.index)
    if column not in documents:
        raise MeasureError(f"no column {column!r} in documents to weight by")
    weight = pd.to_numeric(documents.set_index("doc_id")[column], errors="coerce")
    if weight.isna().any() or (weight < 0).any():
        worst = weight.index[weight.isna() | (weight < 0)][0]
        raise MeasureError(f"weights: {column!r} of document {worst!r} is missing or negative; give every document one")
    return units["doc_id"].map(weight)


def _once(documents: pd.DataFrame, units: pd.DataFrame, duplicates: str, remarks: list[str]) -> pd.DataFrame:
    """Leave out documents that copy another of the selection, where asked, and remark on them in any case."""
    if duplicates not in ("all", "once"):
        raise MeasureError(f"duplicates is {duplicates!r}; allowed are 'all' (count every copy) and 'once'")
    near = remembered(documents) if duplicates == "once" else documents
    original = dict(zip(near["doc_id"].tolist(), near["duplicate_of"].tolist(), strict=True))
    present = sorted(set(units["doc_id"]), key=lambda doc: (isinstance(original[doc], str), doc))
    seen: set[str] = set()
    copies = set()
    for doc in present:
        root = _root(doc, original)
        if root in seen:
            copies.add(doc)
        seen.add(root)
    if duplicates == "all":
        if copies:
            remarks.append(f"{number_of(len(copies), 'copy')} of the same text counted like any other")
        return units
    remarks.append(f"near-duplicates counted once ({number_of(len(copies), 'copy')} left out)")
    return units[~units["doc_id"].isin(copies)]


def _root(doc: str, original: Mapping[str, Any]) -> str:
    path = [doc]
    while isinstance(original.get(path[-1]), str) and original[path[-1]] not in path:
        path.append(original[path[-1]])
    return path[-1]


# Groups, items, counts -----------------------------------------------------------------------------------------------


def number_groups(units: pd.DataFrame, split: list[str], where: Where) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The groups in order of their values (missing last), and the units with the number of theirs."""
    if not split:
        return pd.DataFrame(index=range(1)), units.assign(group=0)
    filled = _with_asked(_without_gaps(units[split].drop_duplicates(), split), split, where)
    order = sorted(range(len(filled)), key=lambda row: tuple(_sort_key(filled.iloc[row, c]) for c in range(len(split))))
    filled = filled.iloc[order].reset_index(drop=True)
    numbered = units.merge(filled.assign(group=filled.index), on=split, how="left")
    return filled, numbered


def _with_asked(groups: pd.DataFrame, split: list[str], where: Where) -> pd.DataFrame:
    """Add groups that a condition names and no document has; a selection without documents is one row, not none."""
    test = where.get(split[0]) if len(split) == 1 else None
    wanted = (
        [test] if isinstance(test, str) else [v for v in test if isinstance(v, str)] if isinstance(test, list) else []
    )
    if wanted and not pd.api.types.is_datetime64_any_dtype(groups[split[0]].dtype):
        absent = pd.DataFrame(
            {split[0]: [value for value in wanted if value not in set(groups[split[0]])]}, dtype=object
        )
        groups = pd.concat([groups, absent], ignore_index=True) if len(absent) else groups
    return groups if len(groups) else pd.DataFrame({name: [NOT_GIVEN] for name in split}, dtype=object)


def _sort_key(value: Any) -> tuple[bool, bool, Any]:
    missing = is_missing(value)
    return missing, isinstance(value, str), 0 if missing else value


def _without_gaps(groups: pd.DataFrame, split: list[str]) -> pd.DataFrame:
    """Add time bins that hold no document, so that a line over time breaks instead of bridging them."""
    bins = [name for name in split if name.removeprefix("documents.") in TIME_BINS]
    if len(bins) != 1 or not pd.api.types.is_datetime64_any_dtype(groups[bins[0]].dtype):
        return groups
    name, when = bins[0], groups[bins[0]].dropna()
    if when.empty:
        return groups
    periods = pd.period_range(when.min(), when.max(), freq=TIME_BINS[name.removeprefix("documents.")])
    if len(periods) > _MOST_BINS:
        return groups
    starts = periods.start_time.astype(groups[name].dtype)
    rest = groups.drop(columns=name).drop_duplicates()
    every = rest.merge(pd.DataFrame({name: starts}), how="cross")[split]
    return pd.concat([groups, every]).drop_duplicates()


def _items(found: pd.DataFrame, own: list[str], table: str, where: Where) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """The items, findings numbered by them, and how many items there would be if all values were combined.

    Closed values of the codebook come in its order, others by frequency.
    """
    if not own:
        return pd.DataFrame(index=range(1)), found.assign(item=0), 1
    levels = [_levels(found[name], name, table, where.get(name, ...)) for name in own]
    combinations = math.prod(len(level) for level in levels)
    if combinations <= _MOST_ITEMS or len(own) == 1:
        items = pd.DataFrame(list(itertools.product(*levels)), columns=own, dtype=object)
    else:
        items = found[own].drop_duplicates().astype(object)
        ranks = [{value: rank for rank, value in enumerate(level)} for level in levels]
        order = sorted(range(len(items)), key=lambda r: tuple(ranks[c][items.iloc[r, c]] for c in range(len(own))))
        items = items.iloc[order].reset_index(drop=True)
    numbered = found.astype(dict.fromkeys(own, object)).merge(items.assign(item=items.index), on=own, how="left")
    return items.infer_objects(), numbered, combinations


def _levels(values: pd.Series, name: str, table: str, test: Any) -> list[Any]:
    counted = values.value_counts(dropna=False)
    seen = sorted(counted.index, key=lambda value: (-int(counted[value]), str(value)))
    closed = _closed(name, table)
    if not closed:
        return seen
    if name == "category" and "booster" not in seen and test is ...:
        closed = [value for value in closed if value != "booster"]
    if name in ("category", "polarity") and table == "boosters":
        closed = ["booster"]
    if test is not ...:
        closed = [value for value, kept in zip(closed, satisfies(pd.Series(closed), test), strict=True) if kept]
    return [*closed, *(value for value in seen if value not in closed)]


def _closed(name: str, table: str) -> list[Any]:
    if name == "anonymous":
        return [True, False]
    if name == "terms" and table in ("attributions", "sources"):
        return list(TERMS)
    held = {
        "boosters": ("hedges",),
        "attributions": ("attributions", "sources"),
        "sources": ("attributions", "sources"),
    }
    for owner in held.get(table, (table,)):
        contract = tables.TABLES[owner]
        if name in contract.names:
            return list(contract[name].values)
    return []


def _count(units: pd.DataFrame, found: pd.DataFrame, marks: Marks) -> tuple[list[str], pd.DataFrame, pd.DataFrame]:
    """Documents in order, words by group and document, findings by group, item and document."""
    level = units["level"].iloc[0] if len(units) else "doc"
    key = f"{level}_id"
    documents = sorted(set(units["doc_id"]))
    code = {doc: number for number, doc in enumerate(documents)}
    units = units.assign(doc=units["doc_id"].map(code))
    if level == "doc":
        hits = found.merge(units[["doc_id", "doc", "group"]], on="doc_id")
    else:
        known = found.merge(units.dropna(subset=[key])[[key, "doc", "group"]], on=key)
        stray = found[~found[key].isin(getattr(marks, _PLURAL[key])[key])]
        loose = stray.merge(units.loc[units[key].isna(), ["doc_id", "doc", "group"]], on="doc_id")
        hits = pd.concat([known, loose])
    hits = hits.dropna(subset=["group"])
    hits = hits.groupby(["group", "item", "doc"]).size().rename("count").reset_index().astype("int64")
    words = units.dropna(subset=["group"]).groupby(["group", "doc"]).agg({"n_words": "sum", "weight": "first"})
    words = words.reset_index().astype({"group": "int64", "doc": "int64", "n_words": "int64"})
    holds = pd.MultiIndex.from_frame(words[["group", "doc"]]).isin(pd.MultiIndex.from_frame(hits[["group", "doc"]]))
    return documents, words[(words["n_words"] > 0) | holds].reset_index(drop=True), hits
