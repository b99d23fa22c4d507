"""The chain: documents -> all tables, one batch at a time.

Every step is a public function of its own module, table in, table out. A batch is a few megabytes of text, so
memory does not grow with the corpus; results do not depend on how documents fall into batches.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
from tqdm.auto import tqdm

from discourse import tables
from discourse.attributions import attributions
from discourse.errors import AnnotationError
from discourse.hedges import chosen, hedges
from discourse.layout import layout
from discourse.outlets import outlets
from discourse.passages import passages
from discourse.readers import Corpus, read
from discourse.sentences import sentences
from discourse.sources import sources
from discourse.store import Annotations, join
from discourse.voices import voices

BATCH = 2_000_000
"""Characters of text a batch holds (one longer document is a batch of its own)."""


def annotate(
    corpus: Any,
    *,
    lexicon: pd.DataFrame | str | Path | None = None,
    local_outlets: bool = False,
    progress: bool = True,
) -> Annotations:
    """Annotate a corpus with every layer: passages, voices, sentences, hedges, attributions, sources, outlets.

    Parameters
    ----------
    corpus : a `Corpus`, or anything `read` takes (a path, a DataFrame, one string).
    lexicon : hedges and boosters to use in place of the shipped ones: a table, a file (`lexicon.load`), or
        "every-modal" (`hedges.shipped`).
    local_outlets : know the long list of US local newspapers and stations too (data/outlets_local.csv).
    progress : show a progress bar when it takes more than two seconds.

    Returns
    -------
    Annotations
        The tables of the contract; `documents` and `skipped` are the corpus's own.

    Raises
    ------
    AnnotationError
        The corpus has no document with a word in it.
    ReadError
        The corpus cannot be read.
    """
    began = time.monotonic()
    given = corpus if isinstance(corpus, Corpus) else read(corpus)
    check_usable(given)
    batches, words = list(split(given)), chosen(lexicon)
    bar = tqdm(batches, desc="annotate", unit="batch", delay=2, disable=not progress)
    parts = [annotate_batch(batch, lexicon=words, local_outlets=local_outlets) for batch in bar]
    marks = join(parts, name=given.name)
    return replace(marks, skipped=given.skipped, seconds=time.monotonic() - began)


def check_usable(corpus: Corpus) -> None:
    """Raise `AnnotationError` where a corpus holds no word to annotate."""
    if not len(corpus.documents):
        raise AnnotationError(f"nothing to annotate: no document could be read, {len(corpus.skipped)} in skipped")
    if not corpus.documents["n_words"].sum():
        raise AnnotationError(f"nothing to annotate: there is no word in the {len(corpus.documents)} that were read")


def split(corpus: Corpus, size: int = BATCH) -> Iterator[Corpus]:
    """Batches of a corpus: consecutive documents of together at most `size` characters, with their blocks."""
    lengths = corpus.documents["text"].str.len().to_numpy()
    first = 0
    while first < len(lengths):
        last, total = first + 1, int(lengths[first])
        while last < len(lengths) and total + int(lengths[last]) <= size:
            total += int(lengths[last])
            last += 1
        yield _part(corpus, first, last)
        first = last


def _part(corpus: Corpus, first: int, last: int) -> Corpus:
    documents = corpus.documents.iloc[first:last].reset_index(drop=True)
    blocks = corpus.blocks
    if len(blocks):
        blocks = blocks[blocks["doc_id"].isin(documents["doc_id"])].reset_index(drop=True)
    return replace(corpus, documents=documents, skipped=tables.frame("skipped"), blocks=blocks)


def annotate_batch(batch: Corpus, lexicon: pd.DataFrame | None = None, local_outlets: bool = False) -> Annotations:
    """Annotate one batch: the steps in the order the data goes."""
    documents = batch.documents
    page = layout(documents)
    passed = passages(documents, page, batch.blocks)
    tokens, sentenced = sentences(page, passed)
    hedged = hedges(tokens, sentenced, lexicon=lexicon)
    attributed, spans = attributions(tokens, sentenced, passed)
    sourced = sources(documents, tokens, sentenced, attributed, spans, batch.source_heads, batch.outlets, passed)
    mentioned = outlets(documents, tokens, sentenced, passed, attributed, batch.outlets, local_outlets)
    spoken, passed, sentenced, attributed, hedged, mentioned = voices(
        documents, tokens, passed, sentenced, attributed, spans, sourced, mentioned, hedged
    )
    return Annotations(
        documents=documents,
        skipped=batch.skipped,
        passages=passed,
        voices=spoken,
        sentences=sentenced,
        attributions=attributed,
        spans=spans,
        sources=sourced,
        hedges=hedged,
        outlets=mentioned,
        name=batch.name,
    )
