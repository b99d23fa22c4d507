"""How far coders agree: on the value of units they were given, and on spans they found themselves.

Agreement is corrected for chance, because two coders who guess agree often where one value is common. Reading of alpha
(Krippendorff 2004): .80 and above firm; .667 to .80 tentative; below, revise the codebook.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from discourse.cells import number_of
from discourse.errors import MeasureError
from discourse.intervals import resampled

Floats = npt.NDArray[np.float64]
LEVELS = ("nominal", "ordinal", "interval")
_FEW_UNITS = 30


def agreement(
    codings: pd.DataFrame,
    *,
    unit: str = "unit",
    coder: str = "coder",
    value: str = "value",
    level: str = "nominal",
    order: Sequence[Any] | None = None,
    coverage: float = 0.95,
    draws: int = 1_000,
    seed: int = 1,
) -> pd.DataFrame:
    """Agreement of any number of coders on units. One row per category and coefficient, "all" first.

    Parameters
    ----------
    codings : one row per unit and coder who coded it; null values are missing, and so are rows that are not there.
    unit, coder, value : its columns.
    level : "nominal", "ordinal" or "interval": which differences between values weigh more (alpha alone uses it).
    order : the values from low to high, for ordinal values that are not numbers.
    coverage, draws, seed : of the percentile bootstrap over units (Zapf et al. 2016).

    Returns
    -------
    DataFrame
        category, coefficient, value, low, high, n_units (coded by two or more), n_coders, note. Coefficients of "all":
        percent (mean share of agreeing pairs of codings in a unit), cohen (Cohen 1960; mean of the pairs of coders,
        Light 1971), alpha (Krippendorff 2011). Of a nominal category: specific (specific agreement, Spitzer & Fleiss
        1974) and alpha (this value against the rest).

    Raises
    ------
    MeasureError
        Missing columns, a unit coded twice by one coder, an unknown level, values without an order.
    """
    table, left_out = _table(codings, unit, coder, value)
    values = _values(table, level, order)
    codes = table.apply(lambda column: column.map({v: i for i, v in enumerate(values)})).to_numpy(dtype=float)
    numbers = np.array([float(v) for v in values]) if level == "interval" else np.arange(len(values), dtype=float)
    tails = [(1 - coverage) / 2, (1 + coverage) / 2]
    rows = []
    for category, name, columns, statistic in _coefficients(codes, values, numbers, level):
        point, low, high = _bootstrapped(columns, statistic, tails, draws, seed)
        rows.append((category, name, point, low, high, len(table), table.shape[1], _note(point, len(table), left_out)))
    out = pd.DataFrame(rows, columns=["category", "coefficient", "value", "low", "high", "n_units", "n_coders", "note"])
    size = f"{number_of(len(table), 'unit')}, {number_of(table.shape[1], 'coder')}"
    basis = f"{size}; {100 * coverage:g} % intervals: bootstrap over units"
    out.attrs.update({"basis": f"{basis} ({draws:,} draws, seed {seed})", "level": level})
    return out


def disagreements(
    codings: pd.DataFrame,
    *,
    unit: str = "unit",
    coder: str = "coder",
    value: str = "value",
    text: str | Mapping[Any, str] | None = None,
) -> pd.DataFrame:
    """The units coders do not agree on. One row per unit, most values first.

    Parameters
    ----------
    codings, unit, coder, value : as in `agreement`.
    text : what was coded: a column of codings, or unit -> text.

    Returns
    -------
    DataFrame
        unit, text (where given), one column a coder, n_values (different values given).
    """
    table, _ = _table(codings, unit, coder, value)
    spread = table.nunique(axis=1)
    split = table[spread > 1].astype(object).where(lambda t: t.notna(), None)
    out = split.reset_index().rename(columns={table.index.name or "index": unit})
    if text is not None:
        texts = codings.drop_duplicates(unit).set_index(unit)[text] if isinstance(text, str) else pd.Series(dict(text))
        out.insert(1, "text", out[unit].map(texts))
    out["n_values"] = spread[spread > 1].to_numpy()
    order = sorted(range(len(out)), key=lambda row: (-int(out["n_values"].iloc[row]), str(out[unit].iloc[row])))
    out = out.iloc[order].reset_index(drop=True)
    out.attrs.update({"basis": f"{len(out):,} of {len(table):,} units coded by two or more", "total": len(out)})
    return out


def span_agreement(
    spans: pd.DataFrame,
    lengths: Mapping[str, int] | pd.DataFrame,
    *,
    coder: str = "coder",
    category: str | None = "category",
    coders: Sequence[Any] | None = None,
    coverage: float = 0.95,
    draws: int = 500,
    seed: int = 1,
) -> pd.DataFrame:
    """Agreement on where spans are and what they are. One row per category, "all" first.

    Parameters
    ----------
    spans : one row per span: doc_id, start, end (characters), coder, category.
    lengths : doc_id -> number of characters that were coded, or a documents table. Documents without spans count.
    coder, category : columns of spans; category None for spans of one kind.
    coders : all who coded; needed only where somebody found no span at all.
    coverage, draws, seed : of the percentile bootstrap over documents (none with one document).

    Returns
    -------
    DataFrame
        category, alpha_u, low, high, observed, expected (disagreement), exact, overlap (mean F1 of the pairs of coders:
        same offsets; sharing a character), n_spans, n_docs, n_coders, note.

    Notes
    -----
    Krippendorff's unitising alpha (1995; 2004, ch. 11.6): partial overlap counts in part, by the squared distance of
    boundaries, and so does a span that another coder left out. Documents follow one another on one continuum; no span
    crosses them. Spans of one coder and category that overlap are taken as one.

    Raises
    ------
    MeasureError
        Missing columns, one coder, spans outside their document.
    """
    data, size = _spans(spans, lengths, coder, category)
    people = sorted(set(data["coder"]) | set(coders or ()), key=str)
    if len(people) < 2:
        raise MeasureError(f"agreement needs two coders, found {len(people)}; name all who coded with coders=")
    documents = sorted(size)
    merged = {key: _merged(part) for key, part in data.groupby(["category", "doc_id", "coder"])}
    kinds = sorted(set(data["category"]), key=str)
    tallies = {kind: [_Document(merged, kind, doc, people, size[doc]) for doc in documents] for kind in kinds}
    picks = np.random.default_rng(seed).integers(0, len(documents), (draws, len(documents)))
    rows = [_unitised("all", [tallies[kind] for kind in kinds], size, people, picks, coverage)] if kinds else []
    if category is not None:
        rows += [_unitised(kind, [tallies[kind]], size, people, picks, coverage) for kind in kinds]
    out = pd.DataFrame(rows, columns=["category", "alpha_u", "low", "high", "observed", "expected"])
    out = pd.concat([out, _f1(data, out["category"], people)], axis=1)
    out = out.assign(n_docs=len(documents), n_coders=len(people))
    lost = len(data) - sum(len(found) for found in merged.values())
    out["note"] = f"{number_of(lost, 'span')} merged with others of the same coder and category" if lost else ""
    out.attrs.update(
        {"basis": f"{number_of(len(size), 'document')}, {sum(size.values()):,} characters, {len(people)} coders"}
    )
    return out


def span_disagreements(
    spans: pd.DataFrame,
    texts: Mapping[str, str] | pd.DataFrame,
    *,
    coder: str = "coder",
    category: str | None = "category",
    coders: Sequence[Any] | None = None,
) -> pd.DataFrame:
    """The spans coders do not agree on. One row per span that another coder did not mark alike, in text order.

    Parameters
    ----------
    spans, coder, category, coders : as in `span_agreement`.
    texts : doc_id -> text, or a documents table.

    Returns
    -------
    DataFrame
        doc_id, start, end, text, category (where given), coder, missed_by (coders without an equal span, joined by
        "; "), difference: "category" where one of them has the same stretch under another name, "boundaries" where one
        has a stretch that overlaps it, else "absent".

    Raises
    ------
    MeasureError
        Missing columns, one coder, spans outside their document.
    """
    if isinstance(texts, pd.DataFrame):
        texts = dict(zip(texts["doc_id"], texts["text"], strict=True))
    data, _ = _spans(spans, {doc: len(text) for doc, text in texts.items()}, coder, category)
    people = sorted(set(data["coder"]) | set(coders or ()), key=str)
    if len(people) < 2:
        raise MeasureError(f"agreement needs two coders, found {len(people)}; name all who coded with coders=")
    data = data.drop_duplicates().sort_values(["doc_id", "start", "end"], kind="stable")
    found = [list(part.itertuples(index=False, name=None)) for _, part in data.groupby("doc_id")]
    rows = [_disputed(span, document, people, texts[span[0]]) for document in found for span in document]
    names = ["doc_id", "start", "end", "text", "category", "coder", "missed_by", "difference"]
    out = pd.DataFrame([row for row in rows if row[6]], columns=names)
    basis = f"{len(out):,} of {number_of(len(data), 'span')}, {len(people)} coders"
    out.attrs.update({"basis": basis, "total": len(out)})
    return out.drop(columns="category") if category is None else out


# Units ---------------------------------------------------------------------------------------------------------------


def _table(codings: pd.DataFrame, unit: str, coder: str, value: str) -> tuple[pd.DataFrame, int]:
    """Units x coders, units with two codings or more, and how many units had fewer."""
    for name in (unit, coder, value):
        if name not in codings:
            raise MeasureError(f"codings has no column {name!r}; it has {', '.join(map(str, codings.columns))}")
    given = codings[codings[value].notna()]
    twice = given.duplicated([unit, coder])
    if twice.any():
        row = given[twice].iloc[0]
        raise MeasureError(f"'{row[coder]}' coded unit '{row[unit]}' twice; keep one row per unit and coder")
    table: pd.DataFrame = given.astype({value: object}).set_index([unit, coder])[value].unstack()  # noqa: PD010
    table = table.sort_index(axis=0, key=_text).sort_index(axis=1, key=_text)
    enough = table.notna().sum(axis=1) >= 2
    left_out = codings[unit].nunique() - int(enough.sum())
    return table.loc[enough], left_out


def _text(index: pd.Index) -> pd.Index:
    return index.map(str)


def _values(table: pd.DataFrame, level: str, order: Sequence[Any] | None) -> list[Any]:
    if level not in LEVELS:
        raise MeasureError(f"level is {level!r}; allowed are {', '.join(LEVELS)}")
    seen = list(pd.unique(table.to_numpy(dtype=object).ravel()))
    seen = [value for value in seen if value is not None and value == value]
    if order is not None:
        unknown = [value for value in seen if value not in list(order)]
        if unknown:
            raise MeasureError(f"order lacks the value {unknown[0]!r}; give every value from low to high")
        return list(order)
    if level != "nominal" and any(isinstance(value, str) for value in seen):
        raise MeasureError(f"{level} values must be numbers, or give order= from low to high; found {seen[0]!r}")
    return sorted(seen, key=lambda value: (isinstance(value, str), value))


def _coefficients(
    codes: Floats, values: list[Any], numbers: Floats, level: str
) -> list[tuple[Any, str, Floats, Callable[[Floats], Floats]]]:
    """Category, name, one row of sums a unit, and the coefficient as a function of sums of such rows."""
    counts = (codes[:, :, None] == np.arange(len(values))).sum(axis=1).astype(float)
    pairs = _coincidences(counts)
    width = len(values)
    out: list[tuple[Any, str, Floats, Callable[[Floats], Floats]]] = [
        ("all", "percent", pairs, lambda sums: _percent(sums, width)),
        ("all", "cohen", _crossed(codes, width), lambda sums: _cohen(sums, width)),
        ("all", "alpha", pairs, lambda sums: _alpha(sums, numbers, level)),
    ]
    if level == "nominal":
        for number, value in enumerate(values):
            own = np.column_stack((counts[:, number], counts.sum(axis=1) - counts[:, number]))
            binary = _coincidences(own)
            out.append((value, "specific", binary, _specific))
            out.append((value, "alpha", binary, lambda sums: _alpha(sums, np.arange(2.0), "nominal")))
    return out


def _bootstrapped(
    columns: Floats, statistic: Callable[[Floats], Floats], tails: list[float], draws: int, seed: int
) -> tuple[float, float, float]:
    if not len(columns):
        return float("nan"), float("nan"), float("nan")
    point = float(statistic(columns.sum(axis=0, keepdims=True))[0])
    drawn = statistic(resampled(columns, draws, seed))
    drawn = drawn[~np.isnan(drawn)]
    if np.isnan(point) or len(columns) < 2 or len(drawn) < draws / 2:
        return point, float("nan"), float("nan")
    low, high = np.quantile(drawn, tails)
    return point, float(low), float(high)


def _coincidences(counts: Floats) -> Floats:
    """Krippendorff's coincidences of a unit, flattened: n_c (n_k - [c = k]) / (m - 1)."""
    size = counts.sum(axis=1)
    products = counts[:, :, None] * counts[:, None, :] - np.eye(counts.shape[1]) * counts[:, :, None]
    return np.asarray((products / np.maximum(size - 1, 1)[:, None, None]).reshape(len(counts), counts.shape[1] ** 2))


def _alpha(sums: Floats, numbers: Floats, level: str) -> Floats:
    """1 - D_o / D_e from coincidences; NaN where values do not vary."""
    width = len(numbers)
    observed = sums.reshape(-1, width, width)
    margins = observed.sum(axis=2)
    total = margins.sum(axis=1)
    if level == "nominal":
        distance = np.broadcast_to(1 - np.eye(width), observed.shape)
    elif level == "interval":
        distance = np.broadcast_to((numbers[:, None] - numbers[None, :]) ** 2, observed.shape)
    else:
        below = np.cumsum(margins, axis=1) - margins / 2
        distance = (below[:, :, None] - below[:, None, :]) ** 2
    disagreement = (observed * distance).sum(axis=(1, 2))
    chance = (margins[:, :, None] * margins[:, None, :] * distance).sum(axis=(1, 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(chance > 0, 1 - (total - 1) * disagreement / chance, np.nan))


def _percent(sums: Floats, width: int) -> Floats:
    observed = sums.reshape(-1, width, width)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.trace(observed, axis1=1, axis2=2) / observed.sum(axis=(1, 2)))


def _specific(sums: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(sums[:, 0] / (sums[:, 0] + sums[:, 1]))


def _crossed(codes: Floats, width: int) -> Floats:
    """For each pair of coders and unit a one in the cell of their two values."""
    blocks = []
    for one, other in combinations(range(codes.shape[1]), 2):
        both = ~np.isnan(codes[:, one]) & ~np.isnan(codes[:, other])
        cell = np.where(both, np.nan_to_num(codes[:, one]) * width + np.nan_to_num(codes[:, other]), -1)
        blocks.append((cell[:, None] == np.arange(width * width)[None, :]).astype(float))
    return np.concatenate(blocks, axis=1) if blocks else np.zeros((len(codes), 0))


def _cohen(sums: Floats, width: int) -> Floats:
    """Mean kappa of the pairs of coders who share units and whose values vary."""
    tables = sums.reshape(len(sums), -1, width, width)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = tables / tables.sum(axis=(2, 3), keepdims=True)
        observed = np.trace(share, axis1=2, axis2=3)
        chance = (share.sum(axis=3) * share.sum(axis=2)).sum(axis=2)
        kappas = np.where(chance < 1, (observed - chance) / (1 - chance), np.nan)
        there = ~np.isnan(kappas)
        return np.asarray(np.where(there, kappas, 0.0).sum(axis=1) / there.sum(axis=1))


def _note(point: float, units: int, left_out: int) -> str:
    said = []
    if not units:
        said.append("no unit was coded by two coders")
    elif np.isnan(point):
        said.append("values do not vary: undefined")
    elif units < _FEW_UNITS:
        said.append(f"{number_of(units, 'unit')}: interval may be too narrow")
    if left_out:
        said.append(f"{number_of(left_out, 'unit')} coded by fewer than two left out")
    return "; ".join(said)


# Spans ---------------------------------------------------------------------------------------------------------------


def _spans(
    spans: pd.DataFrame, lengths: Mapping[str, int] | pd.DataFrame, coder: str, category: str | None
) -> tuple[pd.DataFrame, dict[str, int]]:
    wanted = ["doc_id", "start", "end", coder, *([] if category is None else [category])]
    missing = [name for name in wanted if name not in spans]
    if missing:
        raise MeasureError(f"spans has no column {missing[0]!r}; it needs {', '.join(wanted)}")
    if isinstance(lengths, pd.DataFrame):
        lengths = dict(zip(lengths["doc_id"], lengths["text"].str.len(), strict=True))
    size = {str(doc): int(length) for doc, length in lengths.items()}
    kind = "all" if category is None else spans[category].to_numpy()
    columns = {"doc_id": spans["doc_id"].to_numpy(), "coder": spans[coder].to_numpy(), "category": kind}
    data = pd.DataFrame({**columns, "start": spans["start"].to_numpy(), "end": spans["end"].to_numpy()})
    for doc, who, _, start, end in zip(*(data[name].tolist() for name in data), strict=True):
        if doc not in size or not 0 <= start < end <= size[doc]:
            raise MeasureError(f"span {start}-{end} of {who!r} lies outside document {doc!r}")
    return data, size


def _disputed(span: Any, document: list[Any], people: list[Any], text: str) -> tuple[Any, ...]:
    """The row of one span beside all of its document; who missed it is "" where everybody has it."""
    doc, who, kind, start, end = span
    alike = {one for _, one, other, s, e in document if (s, e, other) == (start, end, kind)}
    missed = [one for one in people if one not in alike]
    near = [(s, e) for _, one, _, s, e in document if one in missed and s < end and start < e]
    difference = "category" if (start, end) in near else "boundaries" if near else "absent"
    return doc, start, end, text[start:end], kind, who, "; ".join(map(str, missed)), difference


def _merged(part: pd.DataFrame) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    for start, end in sorted(zip(part["start"].tolist(), part["end"].tolist(), strict=True)):
        if out and start < out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out


class _Document:
    """What one document adds to alpha_u of a category: squared distances, lengths of units and of gaps."""

    def __init__(self, merged: Mapping[Any, Any], kind: Any, doc: str, people: list[Any], length: int) -> None:
        by_coder = [merged.get((kind, doc, person), []) for person in people]
        self.distance = float(2 * sum(_distance(one, other) for one, other in combinations(by_coder, 2)))
        self.units = np.array([end - start for units in by_coder for start, end in units], dtype=float)
        edges = [[0, *(edge for unit in units for edge in unit), length] for units in by_coder]
        gaps = [b - a for line in edges for a, b in zip(line[::2], line[1::2], strict=True) if b > a]
        self.gaps = np.array(gaps, dtype=float)
        self.length = length


def _distance(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> int:
    """Krippendorff's squared distances between the units of two coders; a unit in the other's gap counts its length."""
    total, met = 0, set()
    for start, end in one:
        near = [(s, e) for s, e in other if s < end and start < e]
        met.update(near)
        total += sum((start - s) ** 2 + (end - e) ** 2 for s, e in near) if near else (end - start) ** 2
    return total + sum((e - s) ** 2 for s, e in other if (s, e) not in met)


def _disagreement(documents: Sequence[_Document], coders: int) -> tuple[float, float]:
    """Observed and expected disagreement (Krippendorff 2004, p. 255) of one category."""
    length = float(sum(document.length for document in documents))
    if not length:
        return float("nan"), float("nan")
    observed = sum(document.distance for document in documents) / (coders * (coders - 1) * length**2)
    units = np.concatenate([document.units for document in documents])
    gaps = np.sort(np.concatenate([document.gaps for document in documents]))
    tail = np.append(np.cumsum(gaps[::-1])[::-1], 0.0)
    place = np.searchsorted(gaps, units)
    longer = len(gaps) - place
    room = units**2 * (tail[place] - longer * (units - 1))
    within = (len(units) - 1) / 3 * (2 * units**3 - 3 * units**2 + units)
    places = coders * length * (coders * length - 1) - (units * (units - 1)).sum()
    return observed, float(2 / length * (within + room).sum() / places) if places > 0 else float("nan")


def _unitised(
    name: Any, kinds: list[list[_Document]], size: Mapping[str, int], people: list[Any], picks: Any, coverage: float
) -> tuple[Any, ...]:
    def alpha(rows: Sequence[int]) -> tuple[float, float, float]:
        parts = [_disagreement([kind[row] for row in rows], len(people)) for kind in kinds]
        observed, expected = (float(np.sum([part[side] for part in parts])) for side in (0, 1))
        return 1 - observed / expected if expected > 0 else float("nan"), observed, expected

    point, observed, expected = alpha(range(len(size)))
    low = high = float("nan")
    if len(size) > 1:
        drawn = np.array([alpha(rows.tolist())[0] for rows in picks])
        drawn = drawn[~np.isnan(drawn)]
        if len(drawn):
            low, high = np.quantile(drawn, [(1 - coverage) / 2, (1 + coverage) / 2])
    return name, point, float(low), float(high), observed, expected


def _f1(data: pd.DataFrame, kinds: pd.Series, people: list[Any]) -> pd.DataFrame:
    """Mean F1 of pairs of coders, by exact offsets and by any shared character, and the number of spans."""
    rows = []
    for kind in kinds:
        part = data if kind == "all" else data[data["category"] == kind]
        by_coder = [
            part.loc[part["coder"] == person, ["doc_id", "category", "start", "end"]].drop_duplicates()
            for person in people
        ]
        scores = [_pair_f1(one, other) for one, other in combinations(by_coder, 2)]
        rows.append((*np.nanmean(scores, axis=0), len(part)) if scores else (np.nan, np.nan, len(part)))
    return pd.DataFrame(rows, columns=["exact", "overlap", "n_spans"])


def _pair_f1(one: pd.DataFrame, other: pd.DataFrame) -> tuple[float, float]:
    if not len(one) + len(other):
        return float("nan"), float("nan")
    same = len(one.merge(other))
    crossed = one.assign(mine=range(len(one))).merge(other.assign(theirs=range(len(other))), on=["doc_id", "category"])
    near = crossed[(crossed["start_x"] < crossed["end_y"]) & (crossed["start_y"] < crossed["end_x"])]
    met = near["mine"].nunique() + near["theirs"].nunique()
    return 2 * same / (len(one) + len(other)), met / (len(one) + len(other))
