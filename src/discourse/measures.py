"""Counts, rates and shares of findings with intervals: what the charts draw.

Tables in, tables out. Every result is a plain DataFrame with raw counts beside rates, a `note` on rows that deserve
caution, and `attrs["basis"]`, the line a chart prints under itself. A group without words, a single document or a
missing value is a row with a reason, never an error and never left out.

Names that `by` and `where` understand:

- columns of `documents` (outlet, author, genre, …, any metadata), and of its date: year, quarter, month, week, day;
- voices: voice (its name), voice_kind, voice_depth, voice_chain, voice_identification, voice_affiliation;
- passage_kind;
- columns of the finding table (category, entry, identification, affiliation, role, …), which go before columns of
  `documents` that have the same name: with "outlets", outlet is the outlet mentioned, documents.outlet the publisher.

Columns of documents, voices and passages split the words too; columns of findings split only the findings. A condition
in `where` is a value, a list of values, None (missing), slice(low, high), or a function from a Series to booleans.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from discourse.cells import By, Cells, Marks, annotated, cells, names, number_groups, number_of, select_units
from discourse.comparison import compare
from discourse.conditions import Where, is_missing, satisfies
from discourse.errors import MeasureError
from discourse.intervals import ENOUGH, FEW_DRAWN, dispersion, floored, ratio_interval, wilson
from discourse.keyness import frequencies, keyness, log_odds

__all__ = [
    "commitment",
    "compare",
    "counts",
    "dispersion",
    "frequencies",
    "keyness",
    "log_odds",
    "mean_commitment",
    "rates",
    "sensitivity",
    "shares",
    "wilson",
]

UNEVEN = 0.8
"""Dispersion above which a rate is one writer's habit rather than the group's (codebook G2)."""
FEW_FOUND = 10
"""Findings below which dispersion is high whatever they are: three findings cannot be spread over thirty documents."""
FEW_TRIALS = 20
"""Findings below which a share is shown as counts (codebook G2)."""
WEAK = 0.4
"""Strength below which the codebook (A2) calls a cue weak: a reader hardly lowers belief."""


def rates(
    marks: Marks,
    table: str = "hedges",
    by: By = None,
    *,
    per: float = 1_000,
    level: float = 0.95,
    draws: int = 2_000,
    seed: int = 1,
    where: Where | None = None,
    duplicates: str = "all",
    weights: str | None = None,
) -> pd.DataFrame:
    """Findings per thousand words. One row per group and item, zero counts included.

    Parameters
    ----------
    marks : an annotation (or anything with its tables as attributes).
    table : "hedges" (polarity hedge, unless polarity is named in by or where), "boosters", "attributions" or "sources"
        (both tables, joined), or "outlets".
    by : names to group by (see the module); None for one row.
    per : words a rate refers to.
    level, draws, seed : coverage of the interval, bootstrap samples, seed.
    where : conditions by name.
    duplicates : "all" counts every copy of a text; "once" leaves out documents of which another copy is in
        the selection (`duplicates.duplicates`); the basis says how many.
    weights : numeric column of documents (sampling weights); counts stay raw, rates and intervals are weighted.

    Returns
    -------
    DataFrame
        The columns of by, then count (findings), n_words (counted words), rate, low, high (per `per` words), range
        (documents containing), n_docs (documents with words), dispersion (Gries' DP, 0 even to 1), note.

    Notes
    -----
    Rate r = per * k / n of the same voices under the same rule. Interval: see `discourse.intervals` (studentised
    bootstrap over documents, Efron & Tibshirani 1993; Wilson 1927 for one document or none found). Dispersion: Gries
    2008, normalised as in Lijffijt & Gries 2012. A hedge that is also an attribution cue (`dual`) is counted here as a
    hedge and among attributions as an attribution; where both stand in one chart, leave it out by where={"dual": None}.

    Raises
    ------
    MeasureError
        Unknown table, column or setting.
    """
    _settings(per, level, draws)
    counted = cells(marks, table, by, where, duplicates, weights)
    rows = []
    for group, items in _rows(counted):
        words, weight, counts = counted.by_document(group)
        rows += [_rate(counts[:, item], words, weight, level, draws, seed) for item in items]
    measured = pd.DataFrame(rows, columns=["count", "n_words", "rate", "low", "high", "range", "n_docs", "dispersion"])
    _floor(measured, "n_words", level, weights)
    measured[["rate", "low", "high"]] *= per
    out = pd.concat([_labels(counted), measured], axis=1)
    out["note"] = [_rate_note(row, names(by)) for row in out.to_dict("records")]
    out.attrs.update(_about(counted, by, level, draws, seed, per=per, table=table))
    return out


def counts(
    marks: Marks,
    table: str = "hedges",
    by: By = None,
    *,
    where: Where | None = None,
    duplicates: str = "all",
) -> pd.DataFrame:
    """Findings without intervals. One row per group and item, zero counts included.

    Parameters as in `rates`; any column of the table may be an item, e.g. by="cue" or by="entry".

    Returns
    -------
    DataFrame
        The columns of by, then count, n_words, range (documents containing), n_docs, note.
    """
    counted = cells(marks, table, by, where, duplicates)
    rows = []
    for group, items in _rows(counted):
        words, _, found = counted.by_document(group)
        has_words = int((words > 0).sum())
        rows += [(int(found[:, i].sum()), int(words.sum()), int((found[:, i] > 0).sum()), has_words) for i in items]
    measured = pd.DataFrame(rows, columns=["count", "n_words", "range", "n_docs"])
    out = pd.concat([_labels(counted), measured], axis=1)
    out["note"] = [_missing(row, names(by)) for row in out.to_dict("records")]
    out.attrs.update({"basis": _basis(counted), "by": names(by), "table": table})
    return out


def shares(
    marks: Marks,
    table: str = "attributions",
    of: str | Sequence[str] = "identification",
    by: By = None,
    *,
    level: float = 0.95,
    draws: int = 2_000,
    seed: int = 1,
    where: Where | None = None,
    duplicates: str = "all",
    weights: str | None = None,
) -> pd.DataFrame:
    """What part of a group's findings has each value of a column. One row per group and value; a group sums to 1.

    Parameters
    ----------
    of : a column of the table, or several for a crossed table (identification x affiliation); "anonymous" is True for
        sources without a name, an office or a body (codebook C2), so that its True row is the anonymity index; "terms"
        is given where terms of anonymity are stated (codebook C4), else not given.
    by : names of documents, voices or passages, or further columns of the table, whose findings are the whole.
    Others as in `rates`.

    Returns
    -------
    DataFrame
        The columns of by and of, then count, total (findings of the group), share, low, high (0-1), range (documents
        containing), n_docs (documents with findings of the group), note.

    Notes
    -----
    Several documents: studentised bootstrap over documents, never narrower than Wilson; one document: Wilson (1927),
    with findings taken as independent. A condition on a column of the table restricts the whole, too.
    """
    _settings(1, level, draws)
    values, outer = names(of), names(by)
    if not values:
        raise MeasureError("shares needs of=, the column whose values are counted; e.g. of='identification'")
    counted = cells(marks, table, [*outer, *values], where, duplicates, weights)
    if set(values) & set(counted.groups.columns):
        raise MeasureError(f"of={of!r} is no column of {table}; put columns of documents and voices into by=")
    inner = [name for name in counted.items.columns if name not in values]
    wholes = (
        counted.items.groupby(inner, dropna=False, sort=False).ngroup() if inner else pd.Series(0, counted.items.index)
    )
    rows = []
    for group, items in _rows(counted):
        _, weight, found = counted.by_document(group)
        for item in items:
            total = found[:, wholes.to_numpy() == wholes.iloc[item]].sum(axis=1)
            rows.append(_rate(found[:, item], total, weight, level, draws, seed)[:-1])
    measured = pd.DataFrame(rows, columns=["count", "total", "share", "low", "high", "range", "n_docs"])
    _floor(measured, "total", level, weights)
    out = pd.concat([_labels(counted)[[*outer, *values]], measured], axis=1)
    out["note"] = [_share_note(row, outer) for row in out.to_dict("records")]
    out.attrs.update(_about(counted, by, level, draws, seed, table=table, of=values))
    return out


def commitment(marks: Marks, *, where: Where | None = None, duplicates: str = "all") -> pd.DataFrame:
    """How far each sentence commits itself. One row per sentence of a counted passage.

    Returns
    -------
    DataFrame
        doc_id, sentence_id, voice_id, start, end, n_words, hedges, boosters (counts), hedge, booster (greatest strength
        of either, 0 where there is none), net = booster - hedge, from -1 (all caution) to 1 (all certainty).

    Notes
    -----
    The greatest, not the sum: three weak hedges do not make a strong one. Strength is an ordinal scale of cues
    (codebook A2), so net commitment orders sentences; it is not a probability that a claim holds.
    """
    units, remarks = select_units(marks, list(where or {}), where or {}, duplicates)
    sentences = _counted_sentences(marks, units)
    sentences = sentences[["doc_id", "sentence_id", "voice_id", "start", "end", "n_words"]]
    found = marks.hedges[marks.hedges["sentence_id"].isin(sentences["sentence_id"])]
    if _owner(units) == "voice_id":
        found = found[found["voice_id"].isin(units["voice_id"])]
    for polarity in ("hedge", "booster"):
        strength = found.loc[found["polarity"] == polarity].groupby("sentence_id")["strength"].agg(["size", "max"])
        here = strength.reindex(sentences["sentence_id"])
        sentences[f"{polarity}s"] = here["size"].fillna(0).astype("int64").to_numpy()
        sentences[polarity] = here["max"].fillna(0.0).to_numpy()
    columns = ["doc_id", "sentence_id", "voice_id", "start", "end", "n_words", "hedges", "boosters", "hedge", "booster"]
    out = sentences[columns].assign(net=sentences["booster"] - sentences["hedge"])
    out.attrs.update({"basis": "; ".join([_size(out), *remarks])})
    return out


def mean_commitment(
    marks: Marks,
    by: By = None,
    *,
    level: float = 0.95,
    draws: int = 2_000,
    seed: int = 1,
    where: Where | None = None,
    duplicates: str = "all",
) -> pd.DataFrame:
    """Mean net commitment of sentences. One row per group of documents or passages' voices.

    Parameters as in `rates`; by may name columns of documents, time bins, passage_kind, or voices (of passages: a
    sentence that quotes belongs to the voice of its passage).

    Returns
    -------
    DataFrame
        The columns of by, then n_sentences, mean (net, -1 to 1), low, high, n_docs, note. Bootstrap over documents.
    """
    _settings(1, level, draws)
    asked, conditions = names(by), dict(where or {})
    units, remarks = select_units(marks, [*asked, *conditions], conditions, duplicates)
    scored = commitment(marks, where=where, duplicates=duplicates)
    groups, units = number_groups(units, asked, conditions)
    owner = _owner(units)
    grouped = scored.assign(passage_id=_passage(marks, scored)).merge(units[[owner, "group"]], on=owner)
    rows = []
    for group in range(len(groups)):
        part = grouped[grouped["group"] == group]
        sums = part.groupby("doc_id")["net"].agg(["sum", "size"])
        low, high = ratio_interval(sums["sum"], sums["size"], level=level, draws=draws, seed=seed)
        mean = part["net"].mean() if len(part) else np.nan
        rows.append((len(part), mean, max(low, -1.0), min(high, 1.0), len(sums)))
    out = pd.concat([groups, pd.DataFrame(rows, columns=["n_sentences", "mean", "low", "high", "n_docs"])], axis=1)
    out["note"] = [_mean_note(row, asked) for row in out.to_dict("records")]
    out.attrs.update(
        {"basis": "; ".join([_size(scored), _method(level, draws, seed), *remarks]), "by": asked, "level": level}
    )
    return out


def sensitivity(
    marks: Marks,
    by: By = None,
    *,
    scenarios: Mapping[str, Where] | None = None,
    where: Where | None = None,
    **settings: Any,
) -> pd.DataFrame:
    """Hedging rates drawn again without the cues one may doubt. One row per scenario and row of `rates`.

    Parameters
    ----------
    scenarios : label -> conditions on hedges. By default: all cues; without weak cues (strength below .4); without each
        of the eight classes in turn.
    where, **settings : as in `rates`.

    Returns
    -------
    DataFrame
        scenario, then the columns of `rates`. A finding that holds in every scenario does not hang on one class.
    """
    annotated(marks)
    chosen = dict(scenarios or _scenarios(marks, (where or {}).get("category", ...)))
    parts = []
    for label, conditions in chosen.items():
        part = rates(marks, "hedges", by, where={**(where or {}), **conditions}, **settings)
        parts.append(part)
        part.insert(0, "scenario", label)
    out = pd.concat([part.set_axis(part.columns, axis=1) for part in parts], ignore_index=True)
    out.attrs.update({**parts[0].attrs, "scenarios": list(chosen)})
    return out


def _scenarios(marks: Marks, asked: Any) -> dict[str, Where]:
    seen = marks.hedges["category"].drop_duplicates().sort_values()
    kept = seen if asked is ... else seen[satisfies(seen, asked)]
    classes = [name for name in kept if name != "booster"]
    without = {f"without {c}": {"category": [d for d in classes if d != c]} for c in classes}
    return {"all cues": {}, "without weak cues": {"strength": slice(WEAK, None)}, **without}


# Rows ----------------------------------------------------------------------------------------------------------------


def _rows(counted: Cells) -> Iterable[tuple[int, list[int]]]:
    listed: dict[int, list[int]] = {}
    for group, item in counted.pairs():
        listed.setdefault(group, []).append(item)
    return listed.items()


def _labels(counted: Cells) -> pd.DataFrame:
    pairs = counted.pairs()
    groups = counted.groups.iloc[[group for group, _ in pairs]].reset_index(drop=True)
    items = counted.items.iloc[[item for _, item in pairs]].reset_index(drop=True)
    return pd.concat([groups, items], axis=1)


def _rate(found: Any, words: Any, weight: Any, level: float, draws: int, seed: int) -> tuple[Any, ...]:
    """count, words, rate per word, low, high, range, documents with words, dispersion of one item in one group."""
    size = float((words * weight).sum())
    rate = float((found * weight).sum()) / size if size > 0 else np.nan
    low = high = np.nan
    if found.any():
        low, high = ratio_interval(found * weight, words * weight, level=level, draws=draws, seed=seed)
    documents, spread = int((words > 0).sum()), dispersion(found, words)
    return int(found.sum()), int(words.sum()), rate, low, high, int((found > 0).sum()), documents, spread


def _floor(measured: pd.DataFrame, total: str, level: float, weights: str | None) -> None:
    """Widen the intervals of a new table, in place, to those of its counts."""
    low, high, count, size = (measured[name].to_numpy(dtype=float) for name in ("low", "high", "count", total))
    measured["low"], measured["high"] = floored(low, high, count, size, level, weighted=weights is not None)


def _rate_note(row: Mapping[Any, Any], by: Sequence[str]) -> str:
    said = [_missing(row, by)]
    if row["n_words"] > 0:
        if row["count"] == 0:
            said.append("none found: upper limit only")
        said.append(_few(row["n_docs"]))
        if row["dispersion"] > UNEVEN and row["count"] >= FEW_FOUND:
            said.append(f"uneven over documents (DP {row['dispersion']:.2f})")
    return "; ".join(part for part in said if part)


def _share_note(row: Mapping[Any, Any], by: Sequence[str]) -> str:
    said = [_missing({**row, "n_words": 1}, by)]
    if row["total"] == 0:
        said.append("no findings in this group")
    else:
        if row["total"] < FEW_TRIALS:
            said.append(f"{number_of(row['total'], 'finding')}: read the counts")
        said.append(_few(row["n_docs"]))
    return "; ".join(part for part in said if part)


def _mean_note(row: Mapping[Any, Any], by: Sequence[str]) -> str:
    said = [_missing({**row, "n_words": row["n_sentences"]}, by), _few(row["n_docs"]) if row["n_sentences"] else ""]
    if row["n_docs"] == 1:
        said[1] = "one document: no interval"
    return "; ".join(part for part in said if part)


def _missing(row: Mapping[Any, Any], by: Sequence[str]) -> str:
    """Why a row is what it is: values that are not given, no words."""
    said = [f"{name} not given" for name in by if is_missing(row[name])]
    if row["n_words"] == 0:
        said.append("no documents" if row["n_docs"] == 0 and not row.get("count") else "no counted words")
    return "; ".join(said)


def _few(documents: int) -> str:
    if documents == 1:
        return "one document: Wilson interval"
    if documents < FEW_DRAWN:
        return f"{documents} documents: t interval, may be too narrow"
    return f"{documents} documents: interval may be too narrow" if documents < ENOUGH else ""


# Basis ---------------------------------------------------------------------------------------------------------------


def _about(counted: Cells, by: By, level: float, draws: int, seed: int, **rest: Any) -> dict[str, Any]:
    method = _method(level, draws, seed, counted.n_docs)
    return {"basis": _basis(counted, method), "by": names(by), "level": level, **rest}


def _basis(counted: Cells, method: str = "") -> str:
    size = f"{number_of(counted.n_docs, 'document')}, {number_of(counted.n_words, 'word')}"
    return "; ".join(part for part in (size, method, *counted.remarks) if part)


def _size(sentences: pd.DataFrame) -> str:
    return f"{number_of(sentences['doc_id'].nunique(), 'document')}, {number_of(len(sentences), 'sentence')}"


def _method(level: float, draws: int, seed: int, documents: int = 2) -> str:
    if documents < 2:
        return f"{100 * level:g} % Wilson intervals, findings taken as independent"
    return f"{100 * level:g} % intervals: bootstrap over documents ({draws:,} draws, seed {seed})"


def _settings(per: float, level: float, draws: int) -> None:
    if not per > 0:
        raise MeasureError(f"per is {per!r}; give the number of words a rate refers to, e.g. per=1_000")
    if not 0 < level < 1:
        raise MeasureError(f"level is {level!r}; give a coverage between 0 and 1, e.g. level=.95")
    if draws < 100:
        raise MeasureError(f"draws is {draws!r}; give at least 100, 2_000 for print")


# Sentences -----------------------------------------------------------------------------------------------------------


def _counted_sentences(marks: Marks, units: pd.DataFrame) -> pd.DataFrame:
    counted = marks.passages.loc[marks.passages["counted"], "passage_id"]
    sentences = marks.sentences[marks.sentences["passage_id"].isin(counted)]
    owner = _owner(units)
    order = ["doc_id", "start", "sentence_id"]
    return sentences[sentences[owner].isin(units[owner])].sort_values(order).reset_index(drop=True)


def _owner(units: pd.DataFrame) -> str:
    """The column of sentences that says which unit a sentence belongs to."""
    return f"{units['level'].iloc[0]}_id" if len(units) else "doc_id"


def _passage(marks: Marks, scored: pd.DataFrame) -> pd.Series:
    return scored["sentence_id"].map(marks.sentences.set_index("sentence_id")["passage_id"])
