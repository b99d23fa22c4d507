"""Speed of every step, on one core, as a ratio to a peer measured in the same run. Run by `make bench`.

The peer is an untrained spaCy pipeline of the shape of its small English model (tok2vec, tagger, parser, ner): what
other quotation tools run first; its speed does not depend on the weights. Text is the bundled corpora, repeated.
Trust the ratios, not the megabytes: they hold on a noisy machine too.
"""

from __future__ import annotations

import gc
import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pandas as pd

from discourse import lexicon
from discourse.annotate import annotate_batch, split
from discourse.attributions import attributions
from discourse.hedges import hedges
from discourse.layout import layout
from discourse.outlets import outlets
from discourse.passages import passages
from discourse.readers import Corpus, read
from discourse.sentences import sentences
from discourse.sources import sources
from discourse.voices import voices

ROOT = Path(__file__).resolve().parent.parent
REPEATS = 3


def seconds(run: Callable[[], Any], repeats: int = REPEATS) -> float:
    """Median CPU seconds of `run`, after one call that warms caches."""
    run()
    times = []
    for _ in range(repeats):
        gc.collect()
        began = time.process_time()
        run()
        times.append(time.process_time() - began)
    return median(times)


def texts(megabytes: float) -> list[str]:
    """The bundled corpora's texts, over and over, up to a size."""
    found = [text for name in ("starter", "harbour-crisis", "one-post") for text in _corpus(name)]
    out: list[str] = []
    while sum(map(len, out)) < megabytes * 1e6:
        out.extend(found)
    return out


def _corpus(name: str) -> list[str]:
    folder = ROOT / "corpora" / name
    return read(folder).documents["text"].tolist() if folder.is_dir() else []


def corpus(pieces: list[str]) -> Corpus:
    return read(pd.DataFrame({"doc_id": [str(i) for i in range(len(pieces))], "text": pieces}))


def peer(pieces: list[str]) -> float:
    """Megabytes a second of the spaCy pipeline."""
    import spacy

    nlp = spacy.blank("en")
    for name in ("tok2vec", "tagger", "parser", "ner"):
        nlp.add_pipe(name)
    nlp.get_pipe("tagger").add_label("NN")
    nlp.get_pipe("parser").add_label("dep")
    nlp.get_pipe("ner").add_label("PERSON")
    nlp.initialize()
    size = sum(map(len, pieces)) / 1e6
    return size / seconds(lambda: list(nlp.pipe(pieces)), 1)


def steps(given: Corpus) -> dict[str, float]:
    """CPU seconds of each step on one batch."""
    documents, blocks = given.documents, given.blocks
    page = layout(documents)
    passed = passages(documents, page, blocks)
    tokens, sentenced = sentences(page, passed)
    hedged = hedges(tokens, sentenced)
    attributed, spans = attributions(tokens, sentenced, passed)
    sourced = sources(documents, tokens, sentenced, attributed, spans)
    mentioned = outlets(documents, tokens, sentenced, passed, attributed)
    rows = lexicon.load("hedges")
    written = rows["pattern"].where(rows["pattern"] != "", rows["entry"])
    cues = lexicon.Matcher([part for pattern in written for part in pattern.split(";") if part.strip()])
    rng = random.Random(1)
    own = [" ".join(rng.choices(tokens.vocabulary, k=3)) for _ in range(100_000)]
    many = lexicon.Matcher([entry for entry in own if not set(entry) & set("{}()|")])
    return {
        "layout": seconds(lambda: layout(documents)),
        "passages": seconds(lambda: passages(documents, page, blocks)),
        "sentences and tokens": seconds(lambda: sentences(page, passed)),
        "lexicon scan, hedges": seconds(lambda: cues.find(tokens)),
        "lexicon scan, 100,000 phrases": seconds(lambda: many.find(tokens)),
        "hedges": seconds(lambda: hedges(tokens, sentenced)),
        "attributions": seconds(lambda: attributions(tokens, sentenced, passed)),
        "sources": seconds(lambda: sources(documents, tokens, sentenced, attributed, spans)),
        "outlets": seconds(lambda: outlets(documents, tokens, sentenced, passed, attributed)),
        "voices": seconds(
            lambda: voices(documents, tokens, passed, sentenced, attributed, spans, sourced, mentioned, hedged)
        ),
        "whole chain": seconds(lambda: annotate_batch(given)),
    }


def growth(make: Callable[[int], list[str]], size: int) -> float:
    """t(2n) / t(n) of the whole chain."""

    def run(n: int) -> float:
        given = corpus(make(n))
        return seconds(lambda: [annotate_batch(batch) for batch in split(given)], 1)

    return run(2 * size) / run(size)


def main(megabytes: float = 2.0) -> int:
    pieces = texts(megabytes)
    size = sum(map(len, pieces)) / 1e6
    theirs = peer(pieces[: max(1, int(len(pieces) * 0.1 / size))])
    rows = [(name, size / took, size / took / theirs) for name, took in steps(corpus(pieces)).items()]
    print(f"{size:.1f} MB of text, CPU time of one core, median of {REPEATS}; spaCy, small shape: {theirs:.3f} MB/s")
    print(pd.DataFrame(rows, columns=["step", "MB/s", "times spaCy"]).round(1).to_string(index=False))
    line = " ".join(pieces)
    cases: dict[str, tuple[Callable[[int], list[str]], int]] = {
        "corpus": (lambda n: texts(n / 1e6), 2_000_000),
        "one line": (lambda n: [(line * (n // len(line) + 1))[:n].replace("\n", " ")], 2_000_000),
        '")" * n': (lambda n: [")" * n], 200_000),
        "quotes": (lambda n: ["“ " * n + "' " * n], 100_000),
        '"Ab " * n': (lambda n: ["Ab " * n], 200_000),
        '"said, " * n': (lambda n: ["he said, " * n], 100_000),
    }
    print("\ngrowth t(2n)/t(n); 2 is linear")
    for name, (make, n) in cases.items():
        print(f"  {name:14s} {growth(make, n):.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(float, sys.argv[1:])))
