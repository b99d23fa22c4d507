"""Corpora installed with NLTK. Nothing is downloaded: what is absent is named with the command that fetches it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from discourse.errors import ReadError
from discourse.readers.corpus import Corpus, assemble
from discourse.readers.records import Document, Reason, Skip, SkipError, listing, skip


def read_nltk(
    name: str, *, categories: str | Sequence[str] | None = None, fileids: str | Sequence[str] | None = None
) -> Corpus:
    """Read a corpus that is installed with NLTK, one document a file.

    Parameters
    ----------
    name : NLTK's name of the corpus, e.g. "brown", "inaugural", "reuters".
    categories : keep the files of these categories; all where not given.
    fileids : keep these files.

    Returns
    -------
    Corpus
        The categories of a file are its `genre`. Where the corpus stores words with tags (Brown), the text is put
        together from the words, and the note says so.

    Raises
    ------
    ReadError
        The corpus is unknown or not installed (the message names the command), or a category does not exist.
    """
    reader = _reader(name)
    try:
        known = list(reader.categories()) if hasattr(reader, "categories") else []
        wanted = _listed(categories)
        missing = [category for category in wanted or () if category not in known]
        if missing:
            raise ReadError(f"{name!r} has no category {missing[0]!r}; it has {listing(known) if known else 'none'}")
        chosen = reader.fileids(categories=wanted) if wanted else reader.fileids()
        absent = [fileid for fileid in _listed(fileids) or () if fileid not in chosen]
        if absent:
            raise ReadError(f"{name!r} has no file {absent[0]!r} to give; the files are {listing(chosen)}")
    except LookupError as error:
        raise _not_installed(name, error) from None
    units = _units(name, reader, _listed(fileids) or list(chosen), bool(known))
    return assemble(units, name=f"nltk:{name}", path=f"nltk:{name}")


def _listed(value: str | Sequence[str] | None) -> list[str] | None:
    return [value] if isinstance(value, str) else (None if value is None else list(value))


def _reader(name: str) -> Any:
    import nltk.corpus

    found: Any = getattr(nltk.corpus, name, None) if not name.startswith("_") else None
    try:
        if not hasattr(found, "fileids"):  # asking loads the corpus
            raise ReadError(f"NLTK has no corpus {name!r}; their names are listed at https://www.nltk.org/nltk_data")
    except LookupError as error:
        raise _not_installed(name, error) from None
    if not hasattr(found, "raw") and not hasattr(found, "words"):
        raise ReadError(f"{name!r} is no corpus of texts; choose one with words, such as 'brown' or 'inaugural'")
    return found


def _not_installed(name: str, error: LookupError) -> ReadError:
    said = str(error)
    if "chmod" in said:  # NLTK 3.10 refuses data that other accounts may write
        return ReadError(f"NLTK refuses the corpus {name!r}: {' '.join(said[said.index('Refused') :].split())}")
    return ReadError(
        f"the NLTK corpus {name!r} is not installed. With a connection, run once: python -m nltk.downloader {name} "
        "(without one, copy the corpus to a folder named in NLTK_DATA)"
    )


def _units(name: str, reader: Any, fileids: list[str], has_categories: bool) -> Iterator[Document | Skip]:
    for fileid in fileids:
        path = f"nltk:{name}/{fileid}"
        try:
            genre = "; ".join(reader.categories(fileids=[fileid])) if has_categories else None
            metadata = {"genre": genre} if genre else {}
            text, notes = _text(reader, fileid)
            yield Document(text, metadata, doc_id=fileid, notes=notes, path=path, format="nltk")
        except (OSError, UnicodeError, ValueError) as error:
            yield skip(path, SkipError(Reason.UNREADABLE, " ".join(str(error).split())[:200]))


def _text(reader: Any, fileid: str) -> tuple[str, tuple[str, ...]]:
    if not hasattr(reader, "tagged_words") and hasattr(reader, "raw"):
        return str(reader.raw(fileid)), ()
    from nltk.tokenize.treebank import TreebankWordDetokenizer

    join = TreebankWordDetokenizer().detokenize
    paragraphs = reader.paras(fileid) if hasattr(reader, "paras") else [reader.sents(fileid)]
    text = "\n\n".join(" ".join(join(list(sentence)) for sentence in paragraph) for paragraph in paragraphs)
    return text, ("put together from words; spacing is a guess",)
