"""corpus.toml: what a folder says of itself, and metadata, outlets and source words for its files.

Keys: name, title, description, licence, language, provenance; `[[documents]]` with path and any metadata;
`[[outlets]]` and `[[source_heads]]`, added to the shipped lists for this corpus; `[[unreadable]]` with path and reason.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from discourse.errors import ReadError
from discourse.readers.records import shown

FILE = "corpus.toml"
OUTLET_COLUMNS = ("outlet", "aliases", "country", "medium", "domain", "ambiguity", "note")
HEAD_COLUMNS = ("head", "affiliation", "identification", "note")


@dataclass(frozen=True)
class Manifest:
    """The content of a corpus.toml. `documents` and `unreadable` are keyed by path, in NFC."""

    values: Mapping[str, Any] = field(default_factory=dict)
    documents: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    unreadable: Mapping[str, str] = field(default_factory=dict)

    def text(self, key: str) -> str | None:
        value = self.values.get(key)
        return None if value is None else str(value)

    def entry(self, name: str) -> Mapping[str, Any]:
        """Metadata given for the file `name`; file systems differ in how they compose accents, so both are NFC."""
        return self.documents.get(key(name), {})

    @property
    def outlets(self) -> pd.DataFrame:
        return rows(self.values.get("outlets", []), OUTLET_COLUMNS)

    @property
    def source_heads(self) -> pd.DataFrame:
        return rows(self.values.get("source_heads", []), HEAD_COLUMNS)


def load(folder: Path) -> Manifest:
    """The manifest of `folder`, empty where it has none.

    Raises
    ------
    ReadError
        The file is no TOML, or a table in it lacks what it must have.
    """
    path = folder / FILE
    if not path.is_file():
        return Manifest()
    try:
        return parse(path.read_bytes(), path)
    except OSError as error:
        raise ReadError(f"{shown(str(path))} cannot be read: {error.strerror}") from None


def parse(data: bytes, path: Path) -> Manifest:
    """The manifest in `data`, which was read from `path`; errors as for `load`."""
    try:
        values = tomllib.loads(data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ReadError(f"{shown(str(path))} is not valid TOML: {error}. Correct it, then read again") from None
    for name, needed in (
        ("documents", "path"),
        ("outlets", "outlet"),
        ("source_heads", "head"),
        ("unreadable", "path"),
    ):
        _check(values, name, needed, path)
    documents = {key(str(entry["path"])): _metadata(entry) for entry in values.get("documents", [])}
    unreadable = {key(str(entry["path"])): str(entry.get("reason", "")) for entry in values.get("unreadable", [])}
    return Manifest(values, documents, unreadable)


def _check(values: Mapping[str, Any], name: str, needed: str, path: Path) -> None:
    entries = values.get(name, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ReadError(f"{shown(str(path))}: {name!r} is a list of tables; write [[{name}]] above each")
    for number, entry in enumerate(entries, start=1):
        if not entry.get(needed):
            raise ReadError(f'{shown(str(path))}: [[{name}]] number {number} has no {needed!r}; add {needed} = "…"')


def _metadata(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name != "path"}


def key(name: str) -> str:
    return unicodedata.normalize("NFC", name.replace("\\", "/").removeprefix("./"))


def rows(entries: list[Mapping[str, Any]], columns: tuple[str, ...]) -> pd.DataFrame:
    """One row an entry: the named columns first, lists joined by ';' as in the shipped lists, all text."""
    names = [*columns, *dict.fromkeys(name for entry in entries for name in entry if name not in columns)]
    data = {name: [_joined(entry.get(name)) for entry in entries] for name in names}
    return pd.DataFrame({name: pd.Series(values, dtype="str") for name, values in data.items()})


def _joined(value: Any) -> str | None:
    if isinstance(value, list):
        return ";".join(str(part) for part in value)
    return None if value is None else str(value)
