"""Which items set one body of text apart from another: evidence, effect and spread side by side.

An item is a word, or any value that was counted (a reporting cue, a source head). G2 says how sure we may be that two
frequencies differ, the log ratio how much, and the ranges in how many documents: none of them alone makes a keyword.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from discourse.cells import annotated, select_units
from discourse.conditions import Where
from discourse.errors import MeasureError
from discourse.tables import WORD

Floats = npt.NDArray[np.float64]
PRIOR_SIZE = 500.0
"""Pseudo-counts of the log-odds prior (codebook G2: 500-1,000 for small corpora)."""


def frequencies(texts: Any, where: Where | None = None) -> pd.DataFrame:
    """Words and how often they occur. One row per word, lower-cased.

    Parameters
    ----------
    texts : an annotation, a Corpus, a frame with a text column, or any iterable of strings (one a document).
    where : for an annotation, conditions on documents (as in `discourse.measures`).

    Returns
    -------
    DataFrame
        item, count, range (documents containing); the sum of counts in `attrs["total"]`.
    """
    count: Counter[str] = Counter()
    documents: Counter[str] = Counter()
    for text in _texts(texts, where):
        words = Counter(WORD.findall(text.lower()))
        count.update(words)
        documents.update(words.keys())
    items = sorted(count, key=lambda word: (-count[word], word))
    columns = {"item": items, "count": [count[i] for i in items], "range": [documents[i] for i in items]}
    out = pd.DataFrame(columns).astype({"item": "str", "count": "int64", "range": "int64"})
    out.attrs.update({"total": int(out["count"].sum())})
    return out


def keyness(target: Any, reference: Any, *, minimum: int = 1) -> pd.DataFrame:
    """Items that the target uses more, or less, than the reference. One row per item, by falling G2.

    Parameters
    ----------
    target, reference : what `frequencies` takes; or a mapping of item -> count; or a frame whose first column is the
        item and that has a count column (e.g. `measures.counts(marks, "attributions", by="cue")`).
    minimum : least count in both together.

    Returns
    -------
    DataFrame
        item; sign ("+" used more in the target, "-" less, "=" as much); count, count_reference; rate, rate_reference
        (per 1,000 items); range, range_reference (documents containing; null where unknown); g2; log_ratio (log2 of
        the rates' ratio); percent_diff; bic. Sizes of both in attrs.

    Notes
    -----
    G2 = 2 (a ln a/E1 + b ln b/E2), E from the pooled rate (Rayson & Garside 2000; with one degree of freedom 3.84 is
    p < .05, 15.13 p < .0001). Log ratio (Hardie 2014), 0.5 in place of a zero count. %DIFF (Gabrielatos & Marchi 2011),
    infinite where the reference has none. BIC = G2 - ln N (Wilson 2013): above 2 some, above 10 very strong evidence.
    """
    one, other = _frequencies(target, "target"), _frequencies(reference, "reference")
    both = one.merge(other, on="item", how="outer", suffixes=("", "_reference"), sort=True)
    a, b = (both[name].fillna(0).to_numpy(dtype=float) for name in ("count", "count_reference"))
    c, d = float(one["count"].sum()), float(other["count"].sum())
    out = pd.DataFrame({"item": both["item"], "sign": _sign(a, b, c, d)})
    out = out.assign(count=a.astype("int64"), count_reference=b.astype("int64"))
    for name, counts, size in (("rate", a, c), ("rate_reference", b, d)):
        out[name] = 1_000 * counts / size if size else np.nan
    out["range"], out["range_reference"] = _range(both, "range", a), _range(both, "range_reference", b)
    out["g2"] = log_likelihood(a, b, c, d)
    out["log_ratio"] = log_ratio(a, b, c, d)
    with np.errstate(divide="ignore", invalid="ignore"):
        out["percent_diff"] = 100 * (out["rate"] - out["rate_reference"]) / out["rate_reference"]
    out["bic"] = out["g2"] - np.log(c + d) if c + d else np.nan
    kept: pd.DataFrame = out.loc[a + b >= minimum]
    out = kept.sort_values(["g2", "item"], ascending=[False, True]).reset_index(drop=True)
    out.attrs.update({"basis": f"target {c:,.0f}, reference {d:,.0f} items", "target": int(c), "reference": int(d)})
    return out


def log_odds(target: Any, reference: Any, prior: Any = None, *, prior_size: float | None = None) -> pd.DataFrame:
    """Weighted log-odds with an informative Dirichlet prior. One row per item, by falling z.

    Parameters
    ----------
    target, reference : as in `keyness`.
    prior : frequencies that say how common items are anywhere; by default target and reference together.
    prior_size : pseudo-counts the prior is scaled to (500 by default); 0 < prior_size.

    Returns
    -------
    DataFrame
        item, count, count_reference, log_odds (positive: the target's), z (log_odds over its standard deviation;
        |z| > 1.96 is the usual line), by Monroe, Colaresi & Quinn 2008, eqs. 16, 19, 20 and 22.
    """
    one, other = _frequencies(target, "target"), _frequencies(reference, "reference")
    both = one.merge(other, on="item", how="outer", suffixes=("", "_reference"), sort=True)
    y1, y2 = (both[name].fillna(0).to_numpy(dtype=float) for name in ("count", "count_reference"))
    size = PRIOR_SIZE if prior_size is None else float(prior_size)
    if not size > 0:
        raise MeasureError(f"prior_size is {prior_size!r}; give the pseudo-counts of the prior, e.g. 500")
    known = y1 + y2 if prior is None else _known(prior, both["item"])
    alpha = size * known / known.sum() if known.sum() > 0 else np.full(len(both), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        odds1 = (y1 + alpha) / (y1.sum() + size - y1 - alpha)
        odds2 = (y2 + alpha) / (y2.sum() + size - y2 - alpha)
        delta = np.log(odds1) - np.log(odds2)
        z = delta / np.sqrt(1 / (y1 + alpha) + 1 / (y2 + alpha))
    out = pd.DataFrame({"item": both["item"], "count": y1.astype("int64"), "count_reference": y2.astype("int64")})
    out = out.assign(log_odds=delta, z=z).sort_values(["z", "item"], ascending=[False, True]).reset_index(drop=True)
    basis = f"target {y1.sum():,.0f}, reference {y2.sum():,.0f} items; prior of {size:g} pseudo-counts"
    out.attrs.update({"basis": basis, "target": int(y1.sum()), "reference": int(y2.sum())})
    return out


def log_likelihood(count: Any, count_reference: Any, size: float, size_reference: float) -> Floats:
    """G2 of Rayson & Garside (2000): 2 (a ln a/E1 + b ln b/E2); 0 where a body of text is empty.

    Parameters
    ----------
    count, count_reference : occurrences in either. size, size_reference : words of either.
    """
    a, b = np.asarray(count, dtype=float), np.asarray(count_reference, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        pooled = (a + b) / (size + size_reference)
        parts = [np.where(o > 0, o * np.log(o / (n * pooled)), 0.0) for o, n in ((a, size), (b, size_reference))]
    total = 2 * np.sum(parts, axis=0)
    return np.where((size > 0) & (size_reference > 0), np.maximum(total, 0.0), 0.0)


def log_ratio(count: Any, count_reference: Any, size: float, size_reference: float) -> Floats:
    """log2 of the ratio of two rates (Hardie 2014), 0.5 in place of a zero count; NaN where a body is empty."""
    a, b = np.asarray(count, dtype=float), np.asarray(count_reference, dtype=float)
    if size <= 0 or size_reference <= 0:
        return np.full(a.shape, np.nan)
    return np.log2(np.where(a > 0, a, 0.5) / size) - np.log2(np.where(b > 0, b, 0.5) / size_reference)


def _sign(a: Floats, b: Floats, c: float, d: float) -> npt.NDArray[Any]:
    return np.select([a * d > b * c, a * d < b * c], ["+", "-"], "=")


def _range(both: pd.DataFrame, name: str, counts: Floats) -> pd.Series:
    """Documents containing; 0 where the item does not occur, null where the input did not say."""
    if name not in both:
        return pd.Series(pd.NA, index=both.index, dtype="Int64")
    return both[name].where(both[name].notna() | (counts > 0), 0).astype("Int64")


def _frequencies(given: Any, role: str) -> pd.DataFrame:
    """item, count and range of whatever was given, one row per item."""
    if isinstance(given, pd.DataFrame) and "text" not in given:
        if "count" not in given:
            raise MeasureError(
                f"{role} has no column 'count'; give item and count, e.g. measures.counts(marks, …, by='cue')"
            )
        columns = ["count", *(["range"] if "range" in given else [])]
        summed = given.groupby(given.iloc[:, 0].astype("str").rename("item"), sort=True)[columns].sum()
        out: pd.DataFrame = summed.reset_index()
        return out
    if isinstance(given, Mapping):
        return pd.DataFrame({"item": [str(item) for item in given], "count": list(given.values())}).astype(
            {"item": "str"}
        )
    return frequencies(given)


def _known(prior: Any, items: pd.Series) -> Floats:
    counts = _frequencies(prior, "prior").set_index("item")["count"]
    return items.map(counts).fillna(0).to_numpy(dtype=float) + 0.5


def _texts(given: Any, where: Where | None) -> Iterable[str]:
    if isinstance(given, (str, Path)):
        raise MeasureError(
            f"a string is one text, not a body of texts: {str(given)[:60]!r}; give a list of texts, a frame with a "
            "column text, dc.read(path), or an annotation: marks = dc.annotate(path)"
        )
    documents = given if isinstance(given, pd.DataFrame) else getattr(given, "documents", None)
    if documents is None:
        return (text for text in given if isinstance(text, str))
    if "text" not in documents:
        raise MeasureError(f"the frame has no column 'text'; it has {', '.join(map(str, documents.columns))}")
    if where:
        annotated(given)
        units, _ = select_units(given, list(where), where)
        documents = documents[documents["doc_id"].isin(units["doc_id"])]
    return (text for text in documents["text"].tolist() if isinstance(text, str))
