"""Conditions on columns, and values made fit to group by.

A condition is a value, a list of values, None (missing), slice(low, high) with both ends inside, or a function from a
Series to booleans. Dates are compared by whole periods: "2020" is a year, "2020-02" a month, and
slice("2020-01", "2020-02") ends with the last of February.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from discourse.errors import MeasureError

NOT_GIVEN = "(not given)"
"""Label of a group whose value is missing: a null would vanish from most charts."""

Where = Mapping[str, Any]
"""Conditions by name of column; all must hold."""


def is_missing(value: Any) -> bool:
    """Whether a value is null or stands for one."""
    return value is None or value is pd.NaT or value is pd.NA or value == NOT_GIVEN or value != value


def labelled(values: pd.Series) -> pd.Series:
    """The values with a missing string written out; dates, numbers and truth values keep their type."""
    kind = values.dtype
    if pd.api.types.is_bool_dtype(kind) or pd.api.types.is_numeric_dtype(kind):
        return values
    if pd.api.types.is_datetime64_any_dtype(kind):
        return values
    if isinstance(kind, pd.StringDtype):
        return values.astype(object).where(values.notna(), NOT_GIVEN)
    plain = values.map(lambda v: v if isinstance(v, (bool, str)) else str(v), na_action="ignore")
    return plain.astype(object).where(values.notna(), NOT_GIVEN)


def satisfies(values: pd.Series, test: Any) -> pd.Series:
    """Which values satisfy a condition: a value, a list of values, None (missing), a closed slice, or a function."""
    missing = values.isna() | (values.astype(object) == NOT_GIVEN)
    if test is None:
        return missing
    if callable(test):
        return pd.Series(np.asarray(test(values), dtype=bool), index=values.index)
    if isinstance(test, slice):
        return _between(values, test.start, test.stop) & ~missing
    if pd.api.types.is_scalar(test) and pd.isna(test):
        return missing
    wanted = [test] if isinstance(test, str) or not isinstance(test, (list, tuple, set, frozenset)) else list(test)
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        inside = missing & (None in wanted)
        for period in [_period(value) for value in wanted if not pd.isna(value)]:
            inside |= (values >= period[0]) & (values <= period[1])
        return inside
    return values.isin([value for value in wanted if value is not None]) | (missing & (None in wanted))


def _period(given: Any) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First and last moment of what a text (or number) names: a year, a quarter, a month, a day; a moment is itself."""
    if isinstance(given, (datetime.datetime, np.datetime64)):
        return pd.Timestamp(given), pd.Timestamp(given)
    try:
        period = given if isinstance(given, pd.Period) else pd.Period(str(given))
    except ValueError as error:
        raise MeasureError(
            f"{given!r} is no date; give a year, month or day ('2014', '2014-03', '2014-03-07') or "
            "slice('2014-03', '2014-05')"
        ) from error
    return period.start_time, period.end_time


def _between(values: pd.Series, low: Any, high: Any) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        low = None if low is None else _period(low)[0]
        high = None if high is None else _period(high)[1]
    inside = pd.Series(True, index=values.index)
    if low is not None:
        inside &= values >= low
    if high is not None:
        inside &= values <= high
    return inside
