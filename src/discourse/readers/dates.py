"""Dates of publication as newspapers, blogs and exports write them.

Only what can be read one way is read. 01/02/2020 is 1 February or 2 January, and guessing would move documents between
months without a word: it stays a null date with the text in `date_raw`, until `dayfirst` says which. A bare year or
month is no day. The time of day is kept as printed, without its offset: the date on the page is the one readers saw.
"""

from __future__ import annotations

import re
from datetime import date as _date
from datetime import datetime
from typing import Any, NamedTuple

EARLIEST, LATEST = 1400, 2199
"""Years read as dates of publication: from the first printed news sheets to what no clock error explains."""

_MONTHS = {
    name[:size]: number
    for number, name in enumerate(
        "january february march april may june july august september october november december".split(), start=1
    )
    for size in {3, 4, len(name)}
}
_MONTH = r"(?P<month>[A-Za-z]{3,9})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
_TIME = r"(?:[T,\s]+(?:at\s+)?(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?)?"
_ZONE = r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>Z|[+-]\d{2}:?\d{2}|\(?[A-Z]{2,5}\)?)?"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_END = _TIME + _ZONE + r"\s*$"
_SHAPES = [
    re.compile(shape + _END, re.IGNORECASE if "month>[A" in shape else 0)
    for shape in (
        _YEAR + r"[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})",
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
        _WEEKDAY + _MONTH + r"\s+" + _DAY + r",?\s+" + _YEAR + r"(?:,?\s*(?:mon|tues|wednes|thurs|fri|satur|sun)day)?",
        _WEEKDAY + _DAY + r"[\s-]+(?:of\s+)?" + _MONTH + r",?[\s-]+" + _YEAR,
    )
]
_NUMERIC = re.compile(r"(?P<one>\d{1,2})(?P<by>[-/.])(?P<two>\d{1,2})(?P=by)" + _YEAR + _END)
_PARTIAL = re.compile(r"(?:(?:[A-Za-z]{3,9}\.?|\d{1,2})[-/\s,]+)?\d{4}(?:-\d{1,2})?$")


class Parsed(NamedTuple):
    """A date, or None with the reason; `raw` is the text where the date does not say all that the text said."""

    value: datetime | None
    raw: str | None = None
    note: str | None = None


def parse(value: Any, dayfirst: bool | None = None) -> Parsed:
    """Read one date of publication.

    Parameters
    ----------
    value : text, `date`, `datetime`, pandas Timestamp, whole number (20200131), or a null.
    dayfirst : whether 01/02/2020 is 1 February (True) or 2 January (False); None leaves it unread.
    """
    if isinstance(value, datetime) and value == value:  # NaT differs from itself
        naive = datetime(*value.timetuple()[:6], value.microsecond)
        return _bounded(naive, str(value), kept=value.tzinfo is None)
    if isinstance(value, _date) and value == value:
        return _bounded(datetime(value.year, value.month, value.day), str(value))
    if value is None or value != value:
        return Parsed(None)
    raw = str(value)
    text = " ".join(raw.split())
    return _from_text(text, raw, dayfirst) if text else Parsed(None)


def _from_text(text: str, raw: str, dayfirst: bool | None) -> Parsed:
    if len(text) > 80:
        return Parsed(None, raw, "date not understood")
    for shape in _SHAPES:
        found = shape.match(text)
        month = _month(found["month"]) if found else None
        if found and month:
            return _made(found, int(found["year"]), month, int(found["day"]), raw)
    found = _NUMERIC.match(text)
    if found:
        return _numeric(found, raw, dayfirst)
    partial = _PARTIAL.match(text)
    return Parsed(None, raw, "date names no day" if partial else "date not understood")


def _numeric(found: re.Match[str], raw: str, dayfirst: bool | None) -> Parsed:
    one, two, year = int(found["one"]), int(found["two"]), int(found["year"])
    if one > 12 or two > 12 or one == two:
        first = one > 12
    elif dayfirst is None:
        return Parsed(None, raw, "date is ambiguous: pass dayfirst=True or False")
    else:
        first = dayfirst
    day, month = (one, two) if first else (two, one)
    return _made(found, year, month, day, raw)


def _made(found: re.Match[str], year: int, month: int, day: int, raw: str) -> Parsed:
    hour, half = int(found["hour"] or 0), (found["half"] or "").lower()[:1]
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        value = datetime(year, month, day, hour, int(found["minute"] or 0), int(found["second"] or 0))
    except ValueError:
        return Parsed(None, raw, "no such date")
    return _bounded(value, raw, kept=found["zone"] is None)


def _bounded(value: datetime, raw: str, kept: bool = True) -> Parsed:
    """`kept` says whether the date tells all that `raw` told."""
    if EARLIEST <= value.year <= LATEST:
        return Parsed(value, None if kept else raw)
    return Parsed(None, raw, f"year {value.year} is outside {EARLIEST}-{LATEST}")


def _month(name: str) -> int | None:
    if name.isdigit():
        return int(name)
    return _MONTHS.get(name.lower())
