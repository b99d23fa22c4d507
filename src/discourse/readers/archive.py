"""ZIP containers (.zip, .docx), opened within limits that are checked before anything is unpacked.

A zip of a few kilobytes may claim a million members or unpack to terabytes; Python's zipfile reads the whole directory
before it says so. The directory's size is read from its end record first, then every member is counted as it unpacks.
"""

from __future__ import annotations

import io
import lzma
import stat
import struct
import zipfile
import zlib
from pathlib import PurePosixPath

from discourse.readers.disk import MAX_DOCUMENT, MAX_UNPACKED, check_growth
from discourse.readers.records import Reason, SkipError

MAX_MEMBERS = 10_000
_MAX_DIRECTORY = 4 * 2**20
_END = struct.Struct("<4s4H2LH")
_END_SEARCH = 2**16 + _END.size
_PIECE = 2**20
_FAULTS = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, ValueError, RuntimeError)
"""What zipfile raises on broken containers: all of these, with flipped bytes at the right places."""


class Archive:
    """A zip file in memory. `members` are its files in the archive's order; `read` unpacks one."""

    def __init__(self, data: bytes) -> None:
        _check_directory(data)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _FAULTS as error:
            raise SkipError(Reason.DAMAGED, f"the zip container cannot be opened: {error}") from None
        self.members = [info for info in self._zip.infolist() if not info.is_dir()]
        if len(self.members) > MAX_MEMBERS:
            raise SkipError(Reason.ARCHIVE_BOMB, f"more than {MAX_MEMBERS} members")
        self._unpacked = 0

    def find(self, name: str) -> zipfile.ZipInfo | None:
        return next((info for info in self.members if info.filename == name), None)

    def read(self, member: zipfile.ZipInfo, limit: int = MAX_DOCUMENT) -> bytes:
        """The content of one member.

        Raises
        ------
        SkipError
            It grows beyond the limits, is encrypted or damaged, or is a link.
        """
        if member.flag_bits & 1:
            raise SkipError(Reason.ENCRYPTED, "it is encrypted", member.filename)
        if stat.S_ISLNK(member.external_attr >> 16):
            raise SkipError(Reason.OUTSIDE, "it is a link", member.filename)
        check_growth(member.file_size, member.compress_size)  # what the directory claims; the content may yet be more
        parts, size = [], 0
        try:
            with self._zip.open(member) as handle:
                while piece := handle.read(_PIECE):
                    size += len(piece)
                    self._check(size, len(piece), member, limit)
                    parts.append(piece)
        except _FAULTS as error:
            raise SkipError(Reason.DAMAGED, f"it cannot be unpacked: {error}", member.filename) from None
        return b"".join(parts)

    def _check(self, size: int, piece: int, member: zipfile.ZipInfo, limit: int) -> None:
        self._unpacked += piece
        check_growth(size, member.compress_size)
        if self._unpacked > MAX_UNPACKED:
            raise SkipError(Reason.ARCHIVE_BOMB, f"the members unpack to more than {MAX_UNPACKED} bytes")
        if size > limit:
            raise SkipError(Reason.TOO_LARGE, f"{member.filename} is larger than {limit // 2**20} MB")


def _check_directory(data: bytes) -> None:
    at = data.rfind(b"PK\x05\x06", max(0, len(data) - _END_SEARCH))
    if at < 0 or at + _END.size > len(data):
        raise SkipError(Reason.DAMAGED, "it has no zip directory: it is cut short or no zip file")
    _, _, _, _, members, size, _, _ = _END.unpack_from(data, at)
    large = data[max(0, at - 20) : at].startswith(b"PK\x06\x07")
    if large or members > MAX_MEMBERS or size > _MAX_DIRECTORY:
        raise SkipError(Reason.ARCHIVE_BOMB, f"its directory is too large (more than {MAX_MEMBERS} members)")


def check_name(name: str) -> None:
    """Raise `SkipError` for a member whose name leads out of the archive's own folder."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if name.startswith(("/", "\\")) or ".." in parts or ":" in name.split("/")[0]:
        raise SkipError(Reason.OUTSIDE, "its name leads out of the archive")
