"""Opening corpus files: regular files inside the corpus folder only, nothing that blocks, nothing that is not there.

A FIFO would hang the reader, a device never ends, and a link may lead to any file of the machine: each is told from a
file before it is opened, and again on the open handle.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import stat
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from discourse.readers.records import Reason, SkipError

MAX_DOCUMENT = 512 * 2**20
"""Bytes of a file that is one document. A bound on memory: twice this is needed to decode it."""
MAX_UNPACKED = 2**30
MAX_RATIO = 100
RATIO_FROM = 2**20
"""Unpacked bytes: more than a thousand million in all, or a hundred times the packed size beyond the first million, is
refused. Apache Tika draws the line at the same ratio; news text packs at 3 to 5, and repeated markup at 20."""

_PIECE = 1 << 20
_OURS = ("__MACOSX", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Source:
    """One file to read: where it is, how it is called in tables, and the id its documents are named after."""

    name: str
    base: str
    path: Path | None = None
    data: bytes = b""

    @property
    def suffix(self) -> str:
        """The format: the last suffix in small letters, without a closing .gz."""
        return Path(self.name.lower().removesuffix(".gz")).suffix

    def read(self) -> bytes:
        """The whole content, unpacked.

        Raises
        ------
        SkipError
            It is too large for one document, changed under the reader, or the system refuses.
        """
        with self.open() as handle:
            before = self._state()
            data = handle.read(MAX_DOCUMENT + 1)
            if self._state() != before:
                raise SkipError(Reason.CHANGED, "its size or time changed between the first byte and the last")
        if len(data) > MAX_DOCUMENT:
            raise SkipError(Reason.TOO_LARGE, f"more than {MAX_DOCUMENT // 2**20} MB in one document")
        return data

    def _state(self) -> tuple[int, int] | None:
        if self.path is None:
            return None
        found = self.path.stat()
        return found.st_size, found.st_mtime_ns

    def open(self) -> io.BufferedReader:
        """A handle on the unpacked content."""
        if self.path is not None:
            raw = _open_regular(self.path)
            size = os.fstat(raw.fileno()).st_size
        else:
            raw, size = io.BufferedReader(io.BytesIO(self.data)), len(self.data)
        return io.BufferedReader(_Unpacked(raw, size)) if self.name.lower().endswith(".gz") else raw


class _Unpacked(io.RawIOBase):
    """A gzip stream that stops at the limits above, and whose faults name what is wrong."""

    def __init__(self, raw: io.BufferedReader, size: int) -> None:
        self._raw, self._size, self._done = raw, size, 0
        self._gzip = gzip.GzipFile(fileobj=raw)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            data = self._gzip.read1(len(buffer))
        except (OSError, EOFError, zlib.error) as error:
            raise SkipError(Reason.DAMAGED, f"the gzip stream is broken: {error}") from None
        self._done += len(data)
        check_growth(self._done, self._size)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._raw.close()
        super().close()


def check_growth(unpacked: int, packed: int) -> None:
    """Raise `SkipError` where content unpacks beyond the limits."""
    if unpacked > MAX_UNPACKED or (unpacked > RATIO_FROM and unpacked > MAX_RATIO * packed):
        raise SkipError(Reason.ARCHIVE_BOMB, f"{packed} bytes unpack to more than {unpacked - 1}")


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def sha256_text(text: str) -> str:
    """The hash of `text` in UTF-8, taken in pieces: a copy of a long text would cost its memory again.

    Raises
    ------
    SkipError
        It holds half of a character pair, which UTF-8 cannot express.
    """
    digest = hashlib.sha256()
    for at in range(0, len(text), _PIECE):
        try:
            digest.update(text[at : at + _PIECE].encode("utf-8"))
        except UnicodeEncodeError as error:
            lone = at + error.start
            found = f"U+{ord(text[lone]):04X} stands alone"
            raise SkipError(Reason.LONE_SURROGATE, found, f"character {lone}") from None
    return digest.hexdigest()


def walk(root: Path) -> Iterator[tuple[str, Path]]:
    """(name, path) of every file under `root`, sorted by name; links to folders are named, not followed.

    Names that begin with a dot and what file managers leave behind are no part of a corpus.
    """
    found: list[Path] = []
    unlisted: list[OSError] = []
    for folder, folders, files in os.walk(root, onerror=unlisted.append):
        linked = [name for name in folders if Path(folder, name).is_symlink()]
        folders[:] = sorted(name for name in folders if not hidden(name) and name not in linked)
        found += [Path(folder, name) for name in files + linked if not hidden(name)]
    found += [Path(error.filename) for error in unlisted]
    yield from sorted((relative(path, root), path) for path in found)


def relative(path: Path, root: Path) -> str:
    """The name of `path` under `root`, with / on every system; bytes that are no UTF-8 are escaped."""
    return os.fsencode(path.relative_to(root).as_posix()).decode("utf-8", "backslashreplace")


def check_inside(path: Path, root: Path) -> None:
    """Raise `SkipError` where `path`, links resolved, is not under `root`, or is no regular file."""
    try:
        target = path.resolve(strict=True)
        mode = target.stat().st_mode
    except (OSError, RuntimeError) as error:
        raise SkipError(Reason.UNREADABLE, f"it cannot be followed: {_said(error)}") from None
    if not target.is_relative_to(root.resolve()):
        raise SkipError(Reason.OUTSIDE, "it links to a place outside the corpus folder")
    if stat.S_ISDIR(mode) and not path.is_symlink():
        raise SkipError(Reason.UNREADABLE, "the folder cannot be listed")
    if stat.S_ISDIR(mode):
        raise SkipError(Reason.NOT_A_FILE, "it links to a folder; folders are read where they stand")
    if not stat.S_ISREG(mode):
        raise SkipError(Reason.NOT_A_FILE, f"it is {_kind(mode)}, not a file")


def _open_regular(path: Path) -> io.BufferedReader:
    try:
        # O_NONBLOCK: opening a FIFO without a writer would otherwise wait for ever.
        number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except OSError as error:
        raise SkipError(Reason.UNREADABLE, _said(error)) from None
    mode = os.fstat(number).st_mode
    if not stat.S_ISREG(mode):
        os.close(number)
        raise SkipError(Reason.NOT_A_FILE, f"it is {_kind(mode)}, not a file")
    return os.fdopen(number, "rb")


def _kind(mode: int) -> str:
    kinds = {stat.S_ISFIFO: "a named pipe", stat.S_ISSOCK: "a socket", stat.S_ISDIR: "a folder"}
    return next((name for test, name in kinds.items() if test(mode)), "a device")


def _said(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()


def hidden(name: str) -> bool:
    """Whether a file, or a folder on the way to it, begins with a dot or was left behind by a file manager."""
    return any((part.startswith(".") and part.strip(".")) or part in _OURS for part in name.split("/"))
