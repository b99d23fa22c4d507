"""The gazetteer: outlets, the forms of their names, and which forms need help before they may be read as a name.

A form is strong when it can hardly be anything else ("Los Angeles Times"), weak when its capitals alone tell it from a
phrase ("Sunday Times"), short when it is also an everyday word or the name of several outlets ("the Post"), and an
ending when it is the last word of a longer name, which stands for
that outlet only after the full name ("the Register"). Names are matched on token ids, so twenty thousand of them cost
what a thousand do. A corpus's own rows come before the shipped ones.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from weakref import ref

import numpy as np
import numpy.typing as npt
import pandas as pd

from discourse.errors import LexiconError
from discourse.lexicon import Matcher, data_path, load
from discourse.tables import MEDIA

COLUMNS = ("outlet", "aliases", "short", "country", "medium", "domain", "ambiguity", "source", "note")
AMBIGUITY = ("low", "medium", "high")
STRONG, WEAK, SHORT, ENDING = range(4)

_PLACE = re.compile(r"\s*\(([^()]*)\)\s*$")
_NOTATION = re.compile(r"[|{}]|(?<!\S)\(|\)(?!\S)")
_PRINT = ("newspaper", "magazine")
HEADS = frozenset(
    "advertiser advocate argus banner beacon bee blade bulletin chronicle citizen constitution courant courier "
    "dispatch eagle enquirer examiner express gazette globe guardian herald independent inquirer intelligencer journal "
    "ledger mail mercury mirror monitor news observer picayune post recorder register republic review sentinel "
    "standard star statesman sun telegraph times tribune".split()
)
"""Words newspapers are called by; the last word of a longer name stands for it only when it is one of these."""


class Sense(NamedTuple):
    """One reading of a form: row of the outlets table, strength, and the form as it is written."""

    row: int
    strength: int
    written: str


@dataclass(frozen=True)
class Gazetteer:
    """Names compiled for matching.

    `outlets`: one row per outlet, four columns of it as lists (`own`: from the corpus's own list); `patterns` in step
    with `senses`; the patterns from `first_generic` on are media descriptors, in step with `descriptors`. By pattern:
    `needs_capital` (every way to write it begins with a capital), `strong` (one of its senses is). `begins`, `ends`,
    `hyphened`: first and last words of names, and words in names that hold a hyphen.
    """

    outlets: pd.DataFrame
    outlet: list[str]
    country: list[str]
    medium: list[str]
    own: list[bool]
    patterns: list[str]
    senses: list[tuple[Sense, ...]]
    first_generic: int
    descriptors: pd.DataFrame
    needs_capital: npt.NDArray[np.bool_]
    strong: npt.NDArray[np.bool_]
    begins: frozenset[str]
    ends: frozenset[str]
    hyphened: frozenset[str]
    domains: dict[str, int]
    names: dict[str, int]
    matcher: Matcher

    @property
    def size(self) -> int:
        return len(self.outlets)


def plain(name: str) -> str:
    """A name without its place in brackets and without an English article, in lower case."""
    return without_article(_PLACE.sub("", name)).casefold()


def without_article(name: str) -> str:
    return name[4:] if name[:4].lower() == "the " else name


def place(name: str) -> str | None:
    """The place in brackets of a same-named outlet: "Nigeria" of "The Guardian (Nigeria)"."""
    found = _PLACE.search(name)
    return found[1] if found else None


def shipped(local: bool = False) -> pd.DataFrame:
    """The outlets in the package. One row per outlet; columns as in data/outlets.csv, all strings.

    Parameters
    ----------
    local : add the long list of US local newspapers, magazines and stations (names and domains only). It is opt-in:
        its names are many and everyday ("The Reporter", "The Leader"), so each needs a cue beside it.
    """
    table = read_outlets(data_path("outlets.csv"))
    if not local:
        return table
    more = read_outlets(data_path("outlets_local.csv")).assign(ambiguity="medium")
    return pd.concat([table, more[~more["outlet"].isin(table["outlet"])]], ignore_index=True)


def read_outlets(path: str | Path) -> pd.DataFrame:
    """Read an outlet list (CSV with a column `outlet`). One row per outlet.

    Raises
    ------
    LexiconError
        Naming file, row and column, and what to do, where a row cannot be used.
    """
    path = Path(path)
    if not path.is_file():
        raise LexiconError(f"no outlet list at {path}: give a CSV file with a column 'outlet'")
    try:
        rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    except UnicodeDecodeError as error:
        raise LexiconError(f"{path}: not UTF-8 ({error.reason} at byte {error.start}); save it as UTF-8") from error
    header = rows[0] if rows else []
    if "outlet" not in header:
        raise LexiconError(f"{path}: column 'outlet' is missing; the columns are {', '.join(COLUMNS)}")
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(header):
            raise LexiconError(f"{path}, row {number}: {len(row)} cells, the header has {len(header)}")
    return checked(pd.DataFrame(rows[1:], columns=header, dtype="str"), str(path))


def checked(table: pd.DataFrame, origin: str = "the gazetteer") -> pd.DataFrame:
    """Outlet rows with all columns there, nulls as "", and every value one that can be used.

    Raises
    ------
    LexiconError
        Naming the row, the column, the value and what is allowed.
    """
    if "outlet" not in table:
        raise LexiconError(f"{origin}: column 'outlet' is missing; the columns are {', '.join(COLUMNS)}")
    out = table.reset_index(drop=True).copy()
    for name in COLUMNS:
        values = out[name] if name in out else pd.Series([""] * len(out))
        out[name] = values.astype(object).where(values.notna(), "").astype("str").str.strip()
    out["ambiguity"] = out["ambiguity"].where(out["ambiguity"] != "", "low")
    for name, allowed in (("ambiguity", AMBIGUITY), ("medium", (*MEDIA, ""))):
        bad = ~out[name].isin(allowed)
        if bad.any():
            row = int(bad.argmax())
            raise LexiconError(
                f"{origin}, outlet {out['outlet'].iloc[row]!r}: {name} {out[name].iloc[row]!r} is not one of "
                f"{', '.join(filter(None, allowed))}; mend it"
            )
    nameless = out["outlet"] == ""
    if nameless.any():
        raise LexiconError(f"{origin}, row {int(nameless.argmax()) + 1}: 'outlet' is empty; fill it in")
    return out


def forms(row: Mapping[Hashable, str]) -> Iterator[tuple[str, int]]:
    """The forms of an outlet's name, and the strength of each.

    Forms in column `short` are short (weak, if they are of several words and the row is "medium"); so are names that
    need their place in brackets, and those of two letters (one letter is none). Where a row above "low" has none
    listed, those with fewer words than its longest form are (the only form, if there is one).
    """
    name = without_article(_PLACE.sub("", row["outlet"]))
    given = [name, *filter(None, map(str.strip, row["aliases"].split(";")))]
    written = dict.fromkeys(without_article(form) for form in given)
    listed = {without_article(form.strip()) for form in row["short"].split(";")} - {""}
    if not listed and row["ambiguity"] != "low":
        longest = max(len(form.split()) for form in written)
        listed = {form for form in written if len(form.split()) < longest} or set(written)
    if _PLACE.search(row["outlet"]):
        listed.add(name)
    for form in dict.fromkeys([*written, *listed]):
        if len(form) > 1:
            several = len(form.split()) > 1 and row["ambiguity"] == "medium"
            yield form, (WEAK if several else SHORT) if form in listed or len(form) == 2 else STRONG
    words = name.split()
    last = words[-1] if len(words) > 1 and row["medium"] in _PRINT else ""
    if last.casefold() in HEADS and last[:1].isupper() and last not in listed and last not in written:
        yield last, ENDING


def compiled(extra: pd.DataFrame | str | None = None, local: bool = False) -> Gazetteer:
    """The shipped gazetteer, with a corpus's own rows before it.

    Parameters
    ----------
    extra : rows like those of data/outlets.csv (a row with the name of a shipped outlet takes its place; a form that
        the corpus gives to its own outlet is taken from the shipped ones), or "local" for the long local list.
    local : add the long local list to the shipped one.

    Raises
    ------
    LexiconError
        A row cannot be used.
    """
    if isinstance(extra, str):
        if extra != "local":
            raise LexiconError(f"no gazetteer {extra!r}: give a table of outlets, or 'local' for the long local list")
        return _compiled(True, ())
    if extra is None or not len(extra):
        return _compiled(local, ())
    recent = "corpus, local" if local else "corpus"
    before, made = _RECENT.get(recent, (None, None))
    if before is not None and before() is extra and made is not None:
        return made
    own = checked(extra, "the corpus's outlets")
    made = _compiled(local, tuple(own[list(COLUMNS)].itertuples(index=False, name=None)))
    _RECENT[recent] = (ref(extra), made)
    return made


_RECENT: dict[str, tuple[ref[pd.DataFrame] | None, Gazetteer | None]] = {}
"""The table compiled last: every batch of a corpus gives the same one, and reading it is dearer than matching."""


@lru_cache(maxsize=8)
def _compiled(local: bool, own: tuple[tuple[str, ...], ...]) -> Gazetteer:
    mine = pd.DataFrame(list(own), columns=list(COLUMNS), dtype="str")
    base = shipped(local)[list(COLUMNS)]
    base = base[~base["outlet"].isin(mine["outlet"])]
    table = pd.concat([mine.assign(own=True), base.assign(own=False)], ignore_index=True)
    senses = _senses(table)
    patterns = list(senses)
    described = load("media_descriptors")
    generic = [without_article(entry) for entry in described["entry"]]
    return Gazetteer(
        outlets=table,
        outlet=table["outlet"].tolist(),
        country=table["country"].tolist(),
        medium=table["medium"].tolist(),
        own=table["own"].tolist(),
        patterns=[*patterns, *generic],
        senses=[tuple(senses[pattern]) for pattern in patterns],
        first_generic=len(patterns),
        descriptors=described,
        needs_capital=_by_pattern(senses, len(generic), lambda sense: sense.written[0].isupper(), all),
        strong=_by_pattern(senses, len(generic), lambda sense: sense.strength == STRONG, any),
        begins=frozenset(pattern.split()[0] for pattern in patterns),
        ends=frozenset(pattern.split()[-1] for pattern in patterns),
        hyphened=frozenset(
            word for pattern in [*patterns, *generic] for word in re.split(r"[\s|]", pattern) if "-" in word
        ),
        domains=_domains(table),
        names=_names(table),
        matcher=Matcher([*patterns, *generic]),
    )


def _by_pattern(
    senses: dict[str, list[Sense]],
    n_generic: int,
    test: Callable[[Sense], bool],
    over: Callable[[Iterable[bool]], bool],
) -> npt.NDArray[np.bool_]:
    return np.array([over(map(test, listed)) for listed in senses.values()] + [False] * n_generic, dtype=bool)


def _senses(table: pd.DataFrame) -> dict[str, list[Sense]]:
    senses: dict[str, list[Sense]] = {}
    taken: set[str] = set()
    columns = ["outlet", "aliases", "short", "medium", "ambiguity", "own"]
    for row, entry in enumerate(table[columns].to_dict("records")):
        for form, strength in forms(entry):
            pattern = " ".join(_NOTATION.sub(" ", form).casefold().split())
            if not pattern or not any(char.isalnum() for char in pattern):
                continue
            if entry["own"] and strength != ENDING:
                taken.add(pattern)
            elif pattern in taken and not entry["own"]:
                continue
            senses.setdefault(pattern, []).append(Sense(row, strength, form))
    return senses


def _names(table: pd.DataFrame) -> dict[str, int]:
    """Row of each name, with and without its place, article left out; the corpus's own and unbracketed names win."""
    names: dict[str, int] = {}
    for row, name in enumerate(table["outlet"].tolist()):
        names.setdefault(without_article(name).casefold(), row)
    for row, (name, aliases, own) in enumerate(zip(table["outlet"], table["aliases"], table["own"], strict=True)):
        for form in [name, *aliases.split(";")]:
            if plain(form) and (own or len(plain(form)) > 2):
                names.setdefault(plain(form), row)
    return names


def _domains(table: pd.DataFrame) -> dict[str, int]:
    """Row of each host name; of several outlets on one site, the one the site is called after, else the first."""
    domains: dict[str, int] = {}
    columns = (table[name].tolist() for name in ("outlet", "aliases", "domain"))
    for row, (name, aliases, listed) in enumerate(zip(*columns, strict=True)):
        called = ["".join(char for char in plain(form) if char.isalnum()) for form in [name, *aliases.split(";")]]
        for domain in listed.lower().split(";"):
            host = domain.strip().removeprefix("www.").split("/")[0]
            label = host.split(".")[0]
            if "." in host and (host not in domains or any(len(form) > 2 and form in label for form in called)):
                domains[host] = row
    return domains


def domain_row(word: str, domains: dict[str, int]) -> int:
    """Row of the outlet whose site a host name belongs to (news.bbc.co.uk: bbc.co.uk), -1 for none."""
    if "." not in word:
        return -1
    parts = word.removeprefix("www.").split(".")
    for first in range(len(parts) - 1):
        row = domains.get(".".join(parts[first:]), -1)
        if row >= 0:
            return row
    return -1


@lru_cache(maxsize=1)
def place_words() -> dict[str, str]:
    """Country code of each name of a country, people or city in data/countries.csv, in lower case."""
    table = load("countries", required=("entry", "words"))
    rows: Sequence[tuple[str, str]] = list(zip(table["entry"], table["words"], strict=True))
    return {word.casefold(): code for code, words in rows for word in words.split(";")}
