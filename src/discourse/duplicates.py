"""Near-duplicate documents: wire copy printed by several outlets, updates, reposts.

Two documents are copies when their sets of word shingles are alike: resemblance is the share of shingles they have in
common among those of either (Broder 1997). MinHash signatures in a locality-sensitive index name the pairs worth
comparing; each pair is then compared in full, so the answer does not depend on the signatures' chance.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from zlib import crc32

import pandas as pd
from datasketch import MinHash, MinHashLSH

from discourse.errors import MeasureError

SHINGLE = 5
"""Words a shingle: long enough that unrelated news shares hardly any, short enough to survive a subeditor."""
PERMUTATIONS = 128
_SEED = 1
_WORD = re.compile(r"\w+")
_MARGIN = 0.1
"""The index looks for pairs this much less alike than asked: MinHash errs by .04 (one s.d.) with 128 permutations."""
_KEPT = 4
"""Tables that `remembered` keeps: the corpora a comparison asks about in turn."""


ALIKE = 0.25
"""Resemblance from which texts are copies. Two reworded prints of a wire story keep .37 and .41 of its shingles, and
share .27 (the Tolm crossing in corpora/harbour-crisis). The most alike of other texts are a weblog and the article it
quotes at length (.13 in the bundled corpora) and two items on one broadcast (.12 in the 352,380 pairs of 840 news texts
of PolNeAR; its seven pairs above the line, .52 to 1, are versions of one story). The share of the smaller text's
shingles tells them apart less well: such an item has .51 of them in the other, the wire prints .44-.64.
"""


def duplicates(documents: pd.DataFrame, threshold: float = ALIKE) -> pd.DataFrame:
    """Find near-duplicates. One row per document, in the order given: doc_id, duplicate_of, resemblance.

    Parameters
    ----------
    documents : doc_id and text; date where there is one; where there is a duplicate_of, its pairs count as copies too.
    threshold : resemblance (0-1) from which two documents are copies; copies of copies belong together.

    Returns
    -------
    DataFrame
        duplicate_of : the group's first document by date (documents without one last), then by order; null for it and
        for documents without copies. resemblance : with that document (copies of copies may lie below the threshold).

    Raises
    ------
    MeasureError
        A column is missing, or the threshold is not between 0 and 1.
    """
    for name in ("doc_id", "text"):
        if name not in documents:
            raise MeasureError(f"duplicates: the documents have no column {name!r}; give doc_id and text")
    if not 0 < threshold <= 1:
        raise MeasureError(f"duplicates: threshold is {threshold!r}; give a share above 0, up to 1")
    shingles = [_shingles(text) for text in documents["text"]]
    group = list(range(len(shingles)))
    for first, second in _pairs(shingles, max(threshold - _MARGIN, 0.05)):
        if resemblance(shingles[first], shingles[second]) >= threshold:
            _join(group, first, second)
    for first, second in _given(documents):
        _join(group, first, second)
    return _table(documents, shingles, [_root(group, number) for number in range(len(group))])


def remembered(documents: pd.DataFrame) -> pd.DataFrame:
    """`duplicates(documents)`, looked for once: every measure of the same documents asks for it again."""
    columns = [name for name in ("doc_id", "text", "date", "duplicate_of") if name in documents]
    key = pd.util.hash_pandas_object(documents[columns], index=False).to_numpy().tobytes()
    if key not in _remembered:
        while len(_remembered) >= _KEPT:
            del _remembered[next(iter(_remembered))]
        _remembered[key] = duplicates(documents)
    return _remembered[key]


_remembered: dict[bytes, pd.DataFrame] = {}


def resemblance(first: frozenset[int], second: frozenset[int]) -> float:
    """Shared shingles among those of either set (Jaccard); 0 for two empty ones."""
    either = len(first | second)
    return len(first & second) / either if either else 0.0


def _shingles(text: str) -> frozenset[int]:
    """Hashes of the text's runs of `SHINGLE` words, lower-cased; a shorter text is one shingle."""
    words = _WORD.findall(text.casefold())
    if not words:
        return frozenset()
    count = max(1, len(words) - SHINGLE + 1)
    return frozenset(crc32(" ".join(words[at : at + SHINGLE]).encode("utf-8", "surrogatepass")) for at in range(count))


def _pairs(shingles: list[frozenset[int]], threshold: float) -> Iterator[tuple[int, int]]:
    """Pairs of documents the index takes for alike."""
    index = MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS)
    for number, own in enumerate(shingles):
        if own:
            signature = MinHash(num_perm=PERMUTATIONS, seed=_SEED, hashfunc=int)
            signature.update_batch(sorted(own))
            for other in sorted(index.query(signature)):
                yield other, number
            index.insert(number, signature)


def _given(documents: pd.DataFrame) -> Iterator[tuple[int, int]]:
    """Pairs that the documents' own duplicate_of names."""
    if "duplicate_of" in documents:
        place = {doc_id: number for number, doc_id in enumerate(documents["doc_id"].tolist())}
        for number, other in enumerate(documents["duplicate_of"].tolist()):
            if isinstance(other, str) and other in place:
                yield place[other], number


def _root(group: list[int], number: int) -> int:
    while group[number] != number:
        number = group[number]
    return number


def _join(group: list[int], first: int, second: int) -> None:
    low, high = sorted((_root(group, first), _root(group, second)))
    group[high] = low


def _table(documents: pd.DataFrame, shingles: list[frozenset[int]], group: list[int]) -> pd.DataFrame:
    dates = (
        pd.to_datetime(documents["date"], errors="coerce") if "date" in documents else pd.Series([pd.NaT] * len(group))
    )
    order = sorted(
        range(len(group)),
        key=lambda n: (bool(pd.isna(dates.iloc[n])), dates.iloc[n].toordinal() if pd.notna(dates.iloc[n]) else 0, n),
    )
    original: dict[int, int] = {}
    for number in order:
        original.setdefault(group[number], number)
    doc_ids = [str(doc_id) for doc_id in documents["doc_id"]]
    heads = [original[group[number]] for number in range(len(group))]
    copies = [head != number for number, head in enumerate(heads)]
    alike = [resemblance(shingles[number], shingles[head]) for number, head in enumerate(heads)]
    return pd.DataFrame(
        {
            "doc_id": pd.Series(doc_ids, dtype="str"),
            "duplicate_of": pd.Series(
                [doc_ids[head] if copy else None for head, copy in zip(heads, copies, strict=True)], dtype="str"
            ),
            "resemblance": [share if copy else float("nan") for share, copy in zip(alike, copies, strict=True)],
        }
    )
