"""`read`: one call for every kind of corpus."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from discourse.errors import ReadError
from discourse.readers import delimited, disk, docx, frame, html, jsonl, manifest, markdown, parquet, plain, wxr
from discourse.readers.archive import Archive, check_name
from discourse.readers.columns import Columns, is_null
from discourse.readers.corpus import Corpus, assemble
from discourse.readers.decode import known_encoding
from discourse.readers.disk import Source
from discourse.readers.manifest import Manifest
from discourse.readers.records import Document, Reason, Skip, SkipError, shown, skip

_ABOUT = ("readme", "license", "licence", "citation", "changelog")
_LONGEST_PATH = 255


@dataclass(frozen=True)
class _Asked:
    """What the caller of `read` asked for."""

    columns: Columns
    encoding: str | None

    def loose(self) -> _Asked:
        """The same for the files of a folder: one that lacks a column is skipped, not an error."""
        return replace(self, columns=replace(self.columns, strict=False))


Reader = Callable[[Source, _Asked], Iterator[Document | Skip]]

READERS: Mapping[str, Reader] = {
    ".txt": lambda source, asked: plain.read(source, asked.encoding),
    ".text": lambda source, asked: plain.read(source, asked.encoding),
    ".md": lambda source, asked: markdown.read(source, asked.encoding),
    ".markdown": lambda source, asked: markdown.read(source, asked.encoding),
    ".html": lambda source, asked: html.read(source, asked.encoding),
    ".htm": lambda source, asked: html.read(source, asked.encoding),
    ".xhtml": lambda source, asked: html.read(source, asked.encoding),
    ".csv": lambda source, asked: delimited.read(source, asked.columns, asked.encoding),
    ".tsv": lambda source, asked: delimited.read(source, asked.columns, asked.encoding),
    ".jsonl": lambda source, asked: jsonl.read(source, asked.columns, asked.encoding),
    ".ndjson": lambda source, asked: jsonl.read(source, asked.columns, asked.encoding),
    ".parquet": lambda source, asked: parquet.read(source, asked.columns),
    ".docx": lambda source, asked: docx.read(source),
    ".xml": lambda source, asked: wxr.read(source, asked.encoding),
    ".zip": lambda source, asked: _zip(source, asked),
}
"""The formats: file suffix (also before .gz) to reader."""

_ADVICE = {
    ".pdf": "A PDF holds places of letters on pages, not paragraphs: copy or export its text.",
    ".xlsx": "Save the sheet as CSV UTF-8.",
    ".json": "Write one object a line (.jsonl).",
}


_SAVED = "annotations.json"
"""What a folder of annotations is known by (`store`): its tables are no texts."""


def read(
    source: Corpus | pd.DataFrame | str | Path,
    *,
    text_column: str | None = None,
    doc_id_column: str | None = None,
    metadata_columns: Sequence[str] | None = None,
    encoding: str | None = None,
    dayfirst: bool | None = None,
) -> Corpus:
    """Read a corpus: a folder, a file, a DataFrame, or one text.

    Parameters
    ----------
    source : a folder (read with all below it, in order of name), a file, a DataFrame, or one text. A str with a line
        end or of more than 255 characters is a text; a short one is, where it reads like a sentence and not a path.
    text_column : column of a table that holds the text; "text" where not given.
    doc_id_column : column that holds the ids; "doc_id" where there is one.
    metadata_columns : columns to keep; all where not given.
    encoding : encoding of every file; where not given, each file's is found and recorded, or the file is skipped.
    dayfirst : whether 01/02/2020 is 1 February (True) or 2 January (False); where not given, such dates stay unread.

    Returns
    -------
    Corpus
        `documents` (one row per document) and `skipped` (one row per file, row or post that could not be read).

    Raises
    ------
    ReadError
        There is nothing at the path, or saved annotations; a named column or encoding does not exist; or corpus.toml
        is faulty.
    """
    if isinstance(source, Corpus):
        return source
    if isinstance(metadata_columns, str):
        metadata_columns = [metadata_columns]
    columns = Columns(text_column, doc_id_column, metadata_columns)
    asked = _Asked(columns, known_encoding(encoding))
    if isinstance(source, pd.DataFrame):
        units, dtypes = frame.read(source, columns)
        return assemble(units, dayfirst=dayfirst, dtypes=dtypes, name="DataFrame")
    if isinstance(source, str) and not _is_path(source):
        return assemble([Document(source, base="text")], dayfirst=dayfirst, name="text")
    if not isinstance(source, str | Path):
        raise ReadError(
            f"read takes a folder, a file, a DataFrame or one text, not {type(source).__name__}; "
            "for a list of texts: read(pandas.DataFrame({'text': texts}))"
        )
    return _read_path(Path(source).expanduser(), asked, dayfirst)


def _is_path(source: str) -> bool:
    """Whether a str names a file rather than being a text.

    Raises
    ------
    ReadError
        It looks like a path and there is nothing there.
    """
    if "\n" in source or "\r" in source or "\0" in source or len(source) > _LONGEST_PATH or not source.strip():
        return False
    try:
        if Path(source).expanduser().exists():
            return True
    except (OSError, RuntimeError):
        return False
    suffix = Path(source.lower().removesuffix(".gz")).suffix
    if suffix in READERS or not any(c.isspace() for c in source.strip()) or source.startswith(("/", "./", "../", "~")):
        raise ReadError(
            f"there is no file or folder {shown(source)!r} (looked in {Path.cwd()}); "
            "to read a short text, put it in a table: read(pandas.DataFrame({'text': [\"…\"]}))"
        )
    return False


def _read_path(path: Path, asked: _Asked, dayfirst: bool | None) -> Corpus:
    if path.is_dir():
        if (path / _SAVED).is_file():
            raise ReadError(f"{shown(str(path))!r} holds saved annotations: open it with load, not read")
        given = manifest.load(path)
        return _described(_folder(path, given, asked.loose()), given, path.resolve().name, path, dayfirst)
    if not path.exists() and not path.is_symlink():
        raise ReadError(f"there is no file or folder {shown(str(path))!r} (looked in {Path.cwd()})")
    name = disk.relative(path, path.parent)
    source = Source(name, _bases([name])[name], path)
    if source.suffix not in READERS and path.is_file():
        raise ReadError(f"no reader for {shown(path.name)!r}; the formats are {', '.join(READERS)}")
    if source.suffix != ".zip":
        return assemble(_file(source, asked), dayfirst=dayfirst, name=source.base, path=str(path))
    try:
        archive = Archive(source.read())
        given = _packed_manifest(archive, path)
    except SkipError as error:
        return assemble([skip(name, error)], dayfirst=dayfirst, name=source.base, path=str(path))
    return _described(_members(archive, source, asked.loose(), given), given, source.base, path, dayfirst)


def _described(
    units: Iterator[Document | Skip], given: Manifest, name: str, path: Path, dayfirst: bool | None
) -> Corpus:
    """The corpus of `units` with what its corpus.toml says of it."""
    return assemble(
        units,
        dayfirst=dayfirst,
        name=given.text("name") or name,
        path=str(path),
        licence=given.text("licence") or given.text("license"),
        outlets=given.outlets,
        source_heads=given.source_heads,
    )


def _packed_manifest(archive: Archive, path: Path) -> Manifest:
    found = archive.find(_top(archive) + manifest.FILE)
    return manifest.parse(archive.read(found), path / manifest.FILE) if found else Manifest()


def _top(archive: Archive) -> str:
    """The one folder that everything in the archive lies in, with its slash; "" where there is none."""
    tops = {
        m.filename.split("/")[0] if "/" in m.filename else "" for m in archive.members if not disk.hidden(m.filename)
    }
    return f"{tops.pop()}/" if len(tops) == 1 and "" not in tops else ""


def _folder(root: Path, given: Manifest, asked: _Asked) -> Iterator[Document | Skip]:
    files = [(name, path) for name, path in disk.walk(root) if not given.values or not _about_corpus(name)]
    bases = _bases([name for name, _ in files])
    there = {manifest.key(name) for name, _ in files}
    for name, path in files:
        for unit in _within(root, Source(name, bases[name], path), asked):
            yield _with_manifest(unit, given, name)
    yield from _absent(given, there)


def _absent(given: Manifest, there: set[str]) -> Iterator[Skip]:
    for name in dict.fromkeys([*given.documents, *given.unreadable]):
        if name not in there:
            yield skip(name, SkipError(Reason.MISSING, f"{manifest.FILE} names it and it is not there"))


def _about_corpus(name: str) -> bool:
    """In a folder with a corpus.toml: the file itself, its readme and licence, and the hand coding in gold/."""
    top = name.split("/")[0].lower()
    return name == manifest.FILE or ("/" not in name and top.split(".")[0] in _ABOUT) or top == "gold"


def _bases(names: Sequence[str]) -> dict[str, str]:
    """File name -> id of its document: the name without suffix, or with it where two files differ in nothing else."""
    stems = {name: re.sub(r"(?<=[^/])\.[^./]*$", "", name.removesuffix(".gz")) for name in names}
    counts: dict[str, int] = {}
    for stem in stems.values():
        counts[stem.casefold()] = counts.get(stem.casefold(), 0) + 1
    return {name: stem if counts[stem.casefold()] == 1 else name for name, stem in stems.items()}


def _within(root: Path, source: Source, asked: _Asked) -> Iterator[Document | Skip]:
    try:
        if source.path is not None:
            disk.check_inside(source.path, root)
    except SkipError as error:
        yield skip(source.name, error)
        return
    yield from _file(source, asked)


def _file(source: Source, asked: _Asked) -> Iterator[Document | Skip]:
    """Every unit of one file. What its reader cannot read is one skip, whatever was read before it stands."""
    reader = READERS.get(source.suffix)
    try:
        if reader is None:
            source.open().close()  # a pipe or a device is told so, whatever its name
            advice = _ADVICE.get(source.suffix, "")
            raise SkipError(Reason.UNSUPPORTED_FORMAT, f"its suffix is {source.suffix or 'missing'!r}", None, advice)
        for unit in reader(source, asked):
            if isinstance(unit, Document) and unit.path is None:
                yield replace(unit, path=source.name, format=source.suffix[1:], base=source.base)
            else:
                yield unit
    except SkipError as error:
        yield skip(source.name, error)
    except OSError as error:
        yield skip(source.name, SkipError(Reason.UNREADABLE, (error.strerror or str(error)).lower()))


def _zip(source: Source, asked: _Asked) -> Iterator[Document | Skip]:
    """Every unit of a zip that lies in a folder of a corpus; a corpus.toml in it does not speak for the folder."""
    yield from _members(Archive(source.read()), source, asked.loose(), Manifest())


def _members(archive: Archive, source: Source, asked: _Asked, given: Manifest) -> Iterator[Document | Skip]:
    """Every unit of every member, as if the archive were a folder."""
    top = _top(archive)
    members = [(m.filename.removeprefix(top), m) for m in archive.members if not disk.hidden(m.filename)]
    members = sorted(
        ((inside, m) for inside, m in members if not (given.values and _about_corpus(inside))), key=lambda pair: pair[0]
    )
    bases = _bases([inside for inside, _ in members])
    for inside, member in members:
        name = f"{source.name}/{member.filename}"
        try:
            check_name(member.filename)
            if inside.lower().endswith(".zip"):
                raise SkipError(Reason.NESTED_ARCHIVE, "it is an archive within an archive")
            data = archive.read(member)
        except SkipError as error:
            yield _with_manifest(skip(name, error), given, inside)
            continue
        for unit in _file(Source(name, bases[inside], data=data), asked):
            yield _with_manifest(unit, given, inside)
    yield from _absent(given, {manifest.key(inside) for inside, _ in members})


def _with_manifest(unit: Document | Skip, given: Manifest, name: str) -> Document | Skip:
    """The unit with what corpus.toml says of its file; for one of several documents of a file, only what they lack."""
    if isinstance(unit, Skip):
        declared = given.unreadable.get(manifest.key(name))
        return unit if declared is None else unit._replace(detail=f"{unit.detail} (declared unreadable: {declared})")
    entry = given.entry(name)
    added = {key: value for key, value in entry.items() if key != "doc_id"}
    own = dict(unit.metadata)
    if unit.number is not None:
        added = {name: value for name, value in added.items() if is_null(own.get(name)) or own.get(name) == ""}
    own |= added
    if given.text("language"):
        own.setdefault("language", given.text("language"))
    doc_id = entry.get("doc_id") if unit.number is None else None
    return replace(unit, metadata=own, doc_id=str(doc_id) if doc_id else unit.doc_id)
