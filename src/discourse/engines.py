"""The same batches on one core, on several processes, or on Dask.

Workers write parts to disk and return only their keys, so memory stays flat; a part's key is the hash of its
documents, its settings and this package's code and data, so a run that was stopped goes on where it was, and a
changed lexicon or model never meets an old part. Measured: on one machine processes are faster and simpler than
Dask; Dask is for when a corpus outgrows one machine.
"""

from __future__ import annotations

import hashlib
import os
import socket
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from tqdm.auto import tqdm

from discourse import store, tables
from discourse.annotate import annotate_batch, check_usable, split
from discourse.errors import AnnotationError, StoreError
from discourse.hedges import chosen
from discourse.readers import Corpus
from discourse.store import Annotations

PART = 16_000_000
"""Characters of text a part holds: half a second of work or more, against 2 ms that a task costs Dask."""
_LOCK = ".running"
Task = tuple[Corpus, str, str, pd.DataFrame | None]
"""A part, the folder and the key it is written with, and the lexicon, where it is not the shipped one."""


def run(
    corpus: Corpus,
    out: str | Path,
    *,
    engine: str = "one",
    workers: int | None = None,
    lexicon: pd.DataFrame | str | Path | None = None,
) -> None:
    """Annotate a corpus to `out`, part by part; parts already there are kept.

    Parameters
    ----------
    corpus : what `read` gave.
    out : folder for the parts (see `store`).
    engine : "one" core, "processes" on this machine, or "dask" (the current Dask client, else a local cluster).
    workers : processes to use; default all cores.
    lexicon : hedges and boosters in place of the shipped ones, as `annotate` takes them.

    Returns
    -------
    None
        Read the result with `store.load(out)`, or its parts one at a time.

    Raises
    ------
    AnnotationError
        No words to annotate, or an unknown engine, or Dask is not installed.
    StoreError
        Another run is writing to `out`.
    """
    check_usable(corpus)
    store.make(out)
    with _alone(Path(out)):
        parts = list(split(corpus, PART))
        words = chosen(lexicon)
        keys = [part_key(part, words) for part in parts]
        done = set(store.finished(out))
        todo = [(part, str(out), key, words) for part, key in zip(parts, keys, strict=True) if key not in done]
        for _ in tqdm(_each(engine, todo, workers), total=len(todo), desc="annotate", unit="part", delay=2):
            pass
        skipped = replace(Annotations.empty(corpus.name), skipped=tables.frame("skipped", corpus.skipped))
        last = hashlib.sha256(corpus.skipped.to_csv(index=False).encode()).hexdigest()[:32]
        store.write_part(skipped, out, last)
        store.finish(out, [*keys, last], corpus.name)


def part_key(part: Corpus, lexicon: pd.DataFrame | None = None) -> str:
    """Hash of everything a part's tables depend on."""
    digest = hashlib.sha256(code_version().encode())
    own = [] if lexicon is None else [lexicon]
    for frame in (part.documents, part.blocks, part.outlets, part.source_heads, *own):
        digest.update(",".join(map(str, frame.columns)).encode())
        digest.update(pd.util.hash_pandas_object(frame.astype("str"), index=False).to_numpy().tobytes())
    return digest.hexdigest()[:32]


@cache
def code_version() -> str:
    """Hash of this package's modules, lexicons and models."""
    digest = hashlib.sha256()
    here = Path(__file__).parent
    for path in sorted([*here.rglob("*.py"), *(here / "data").iterdir()]):
        digest.update(path.relative_to(here).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def write_one(task: Task) -> str:
    """Annotate one part in small batches and write it; returns its key."""
    part, out, key, lexicon = task
    batches = [annotate_batch(batch, lexicon=lexicon) for batch in split(part)]
    store.write_part(store.join(batches, name=part.name), out, key)
    return key


def _each(engine: str, todo: list[Task], workers: int | None) -> Iterable[str]:
    if engine == "one":
        return map(write_one, todo)
    if engine == "processes":
        return _processes(todo, workers)
    if engine == "dask":
        return _dask(todo, workers)
    raise AnnotationError(f"no engine {engine!r}; the engines are one, processes and dask")


def _processes(todo: list[Task], workers: int | None) -> Iterator[str]:
    with ProcessPoolExecutor(workers or os.cpu_count()) as pool:
        yield from pool.map(write_one, todo)


def _dask(todo: list[Task], workers: int | None) -> Iterator[str]:
    try:
        import distributed
    except ImportError as error:
        raise AnnotationError("Dask is not installed: pip install 'discourse[dask]'") from error
    client = distributed.Client(n_workers=workers, threads_per_worker=1) if not _current(distributed) else None
    with client or distributed.get_client() as used:
        futures = used.map(write_one, todo, pure=False, retries=1)
        for future in distributed.as_completed(futures):
            yield future.result()


def _current(distributed: Any) -> bool:
    try:
        distributed.get_client()
    except ValueError:
        return False
    return True


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    """Hold `out` for this run; a lock whose process on this host is gone is taken over."""
    lock = out / _LOCK
    me = f"{socket.gethostname()} {os.getpid()}"
    try:
        handle = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
    except FileExistsError:
        host, _, pid = lock.read_text(encoding="utf-8").partition(" ")
        if host != socket.gethostname() or _alive(int(pid or 0)):
            raise StoreError(
                f"{out} is being written by process {pid} on {host}; wait for it, or remove {lock} if it is gone"
            ) from None
        lock.unlink()
        handle = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
    try:
        os.write(handle, me.encode())
        os.close(handle)
        yield
    finally:
        lock.unlink(missing_ok=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, PermissionError, OverflowError):
        return False
    return pid > 0
