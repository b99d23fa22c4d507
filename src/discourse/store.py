"""Annotations <-> Parquet: the tables of one run, saved atomically, read back checked.

A small corpus is one file a table; a large one is one folder a table with parts named by the hash of what went into
them. A part counts when its marker in `parts/` is there; the marker is written last, so a run that was stopped loses
nothing and repeats nothing. Pages carry checksums, and they are verified on reading.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from discourse import render, tables
from discourse.errors import StoreError

MANIFEST = "annotations.json"
PARTS = "parts"


@dataclass(frozen=True, repr=False)
class Annotations:
    """All tables of one annotated corpus; each attribute is a table of the contract (see `discourse.tables`)."""

    documents: pd.DataFrame
    skipped: pd.DataFrame
    passages: pd.DataFrame
    voices: pd.DataFrame
    sentences: pd.DataFrame
    attributions: pd.DataFrame
    spans: pd.DataFrame
    sources: pd.DataFrame
    hedges: pd.DataFrame
    outlets: pd.DataFrame
    name: str = ""
    seconds: float = 0.0

    @classmethod
    def empty(cls, name: str = "") -> Annotations:
        """Annotations of no documents."""
        frames: dict[str, Any] = {table: tables.frame(table) for table in tables.TABLES}
        return cls(**frames, name=name)

    @property
    def frames(self) -> dict[str, pd.DataFrame]:
        """Table name -> table, in the contract's order."""
        return {name: getattr(self, name) for name in tables.TABLES}

    def check(self) -> None:
        """Raise `TableError` where a table breaks the contract or an offset does not fit its text."""
        texts = dict(zip(self.documents["doc_id"], self.documents["text"], strict=True))
        for name, frame in self.frames.items():
            tables.check(name, frame, texts if name not in ("documents", "skipped", "sources", "voices") else None)

    def save(self, folder: str | Path) -> Path:
        """Write every table to `folder` (see `store.save`)."""
        return save(self, folder)

    @staticmethod
    def load(folder: str | Path) -> Annotations:
        """Read what `save` or `discourse annotate` wrote (see `store.load`)."""
        return load(folder)

    def summary(self) -> pd.DataFrame:
        """One row per table: its grain and its number of rows."""
        rows = [(name, tables.TABLES[name].grain, len(frame)) for name, frame in self.frames.items()]
        return pd.DataFrame(rows, columns=["table", "one row per", "rows"])

    @property
    def basis(self) -> str:
        """On what results are based: documents, words, what was skipped."""
        words = int(self.documents["n_words"].sum())
        noun = "document" if len(self.documents) == 1 else "documents"
        skipped = f", {len(self.skipped):,} skipped" if len(self.skipped) else ""
        return f"{len(self.documents):,} {noun}, {words:,} words{skipped}"

    def __repr__(self) -> str:
        took = f", {self.seconds:.1f} s" if self.seconds else ""
        return f"<Annotations {self.name!r}: {self.basis}{took}>"

    def _repr_html_(self) -> str:
        rows = self.summary()
        caption = render.table(["corpus", "basis"], [[self.name, self.basis]])
        return caption + render.table(list(rows.columns), rows.itertuples(index=False, name=None))


def join(parts: list[Annotations], name: str = "", seconds: float = 0.0) -> Annotations:
    """One `Annotations` of several with different documents, in the order given."""
    if not parts:
        return Annotations.empty(name)
    joined: dict[str, Any] = {
        table: pd.concat([getattr(part, table) for part in parts], ignore_index=True) if len(parts) > 1 else first
        for table, first in parts[0].frames.items()
    }
    return Annotations(**joined, name=name, seconds=seconds)


def save(marks: Annotations, folder: str | Path) -> Path:
    """Write one Parquet file a table and a manifest; each file appears whole or not at all.

    Raises
    ------
    StoreError
        The folder cannot be written, or holds the parts of a large run.
    """
    out = make(folder)
    if (out / PARTS).exists():
        raise StoreError(f"{out} holds the parts of a large run; give another folder, or remove that one first")
    for name, frame in marks.frames.items():
        write_table(frame, out / f"{name}.parquet")
    _write_text(out / MANIFEST, json.dumps({"name": marks.name, "rows": _rows(marks)}, indent=1, sort_keys=True))
    return out


def load(folder: str | Path) -> Annotations:
    """Read saved annotations, one file or one folder of parts a table.

    Raises
    ------
    StoreError
        Naming the file that is missing, damaged, or not of the contract.
    """
    out = Path(folder)
    if not out.is_dir():
        raise StoreError(f"no folder {str(out)!r}: give the one that `discourse annotate … --out` wrote")
    parts = finished(out) if (out / PARTS).is_dir() else None
    frames: dict[str, Any] = {name: _read(out, name, parts) for name in tables.TABLES}
    manifest = out / MANIFEST
    name = json.loads(manifest.read_text(encoding="utf-8")).get("name", "") if manifest.exists() else out.name
    return Annotations(**frames, name=name)


def write_part(marks: Annotations, folder: str | Path, key: str) -> None:
    """Write one part of a large run: its tables first, its marker last."""
    out = make(folder)
    for name, frame in marks.frames.items():
        (out / name).mkdir(exist_ok=True)
        write_table(frame, out / name / f"part-{key}.parquet")
    (out / PARTS).mkdir(exist_ok=True)
    _write_text(out / PARTS / f"{key}.json", json.dumps(_rows(marks), sort_keys=True))


def finished(folder: str | Path) -> list[str]:
    """Keys of the parts that were written whole, sorted."""
    return sorted(path.stem for path in (Path(folder) / PARTS).glob("*.json"))


def finish(folder: str | Path, keys: list[str], name: str) -> None:
    """Write the manifest of a large run: its parts in the order of the corpus."""
    _write_text(Path(folder) / MANIFEST, json.dumps({"name": name, "parts": keys}, indent=1, sort_keys=True))


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write one Parquet file atomically, with page checksums and no pandas index."""
    table = pa.Table.from_pandas(_storable(frame).reset_index(drop=True), preserve_index=False)
    with _replacing(path) as temporary:
        pq.write_table(table, temporary, compression="zstd", write_page_checksum=True)


def _storable(frame: pd.DataFrame) -> pd.DataFrame:
    """The table with columns of mixed types (metadata such as 1 and "2") as text: Parquet columns have one type."""
    mixed = {
        name: frame[name].map(str, na_action="ignore").astype("str")
        for name in frame.columns[[pd.api.types.is_object_dtype(kind) for kind in frame.dtypes]]
        if pd.api.types.infer_dtype(frame[name], skipna=True).startswith("mixed")
    }
    return frame.assign(**mixed)


def read_table(path: Path) -> pd.DataFrame:
    """Read one Parquet file, verifying its checksums; `StoreError` names the file when it is damaged."""
    try:
        frame: pd.DataFrame = pq.ParquetFile(path, page_checksum_verification=True).read().to_pandas()
        return frame
    except (OSError, pa.ArrowException) as error:
        raise StoreError(f"{path} is damaged ({error}); annotate again to make it anew") from error


@contextmanager
def _replacing(path: Path) -> Iterator[str]:
    """Name of a temporary file beside `path` that takes its place when the block ends without an error."""
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        os.close(handle)
        yield temporary
        with open(temporary, "rb") as written:
            os.fsync(written.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except OSError as error:
        raise StoreError(f"cannot write {path}: {error.strerror}; free some space or give another --out") from error
    finally:
        if temporary:
            Path(temporary).unlink(missing_ok=True)


def _write_text(path: Path, text: str) -> None:
    with _replacing(path) as temporary:
        Path(temporary).write_text(text + "\n", encoding="utf-8")


def make(path: str | Path) -> Path:
    """Make the folder where it is not there; `StoreError` where it cannot be made."""
    out = Path(path)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"cannot make the folder {out}: {error.strerror}; give another") from error
    return out


def _rows(marks: Annotations) -> dict[str, int]:
    return {name: len(frame) for name, frame in marks.frames.items()}


def _read(folder: Path, name: str, parts: list[str] | None) -> pd.DataFrame:
    if parts is None:
        path = folder / f"{name}.parquet"
        if not path.exists():
            raise StoreError(f"{path} is missing; annotate again, or give the folder that holds the tables")
        frame = read_table(path)
    else:
        manifest = folder / MANIFEST
        keys = json.loads(manifest.read_text(encoding="utf-8"))["parts"] if manifest.exists() else parts
        frames = [read_table(folder / name / f"part-{key}.parquet") for key in keys]
        frame = pd.concat(frames, ignore_index=True) if frames else tables.frame(name)
    return tables.frame(name, frame)


assert {field.name for field in fields(Annotations)} >= set(tables.TABLES)
