"""Speed of every step, on one core, as a ratio to a peer measured in the same run. Run by `make bench`.

The peer is an untrained spaCy pipeline of the shape of its small English model (tok2vec, tagger, parser, ner): what
other quotation tools run first; its speed does not depend on the weights. Text is the bundled corpora, repeated.
Trust the ratios, not the megabytes: they hold on a noisy machine too.

    python tests/bench.py [--megabytes 2] [--full]

--full adds a corpus of 200 MB, which takes minutes.
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import pandas as pd

from discourse import gazetteer, lexicon
from discourse.annotate import annotate_batch, split
from discourse.attributions import attributions
from discourse.concordance import kwic
from discourse.hedges import hedges
from discourse.keyness import keyness
from discourse.layout import layout
from discourse.outlets import outlets
from discourse.passages import passages
from discourse.readers import Corpus, read
from discourse.sentences import sentences
from discourse.sources import sources
from discourse.store import join
from discourse.voices import voices

ROOT = Path(__file__).resolve().parent.parent
REPEATS = 3


def seconds(run: Callable[[], Any], repeats: int = REPEATS, *, warm: bool = True) -> float:
    """Median CPU seconds of `run`, after one call that warms caches."""
    if warm:
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
    took = {
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
    whose = took["passages"] + took["sources"] + took["voices"]
    return took | {"passages, sources and voices": whose}


def step(given: Corpus) -> Callable[[], Any]:
    """The attribution step alone, on all batches of a corpus."""
    ready = []
    for batch in split(given):
        page = layout(batch.documents)
        passed = passages(batch.documents, page, batch.blocks)
        ready.append((*sentences(page, passed), passed))
    return lambda: [len(attributions(*batch)[0]) for batch in ready]


def chain(given: Corpus) -> Callable[[], Any]:
    """The whole chain; each batch is let go before the next one."""
    return lambda: [len(annotate_batch(batch).attributions) for batch in split(given)]


def growth(make: Callable[[int], list[str]], size: int, work: Callable[[Corpus], Callable[[], Any]]) -> float:
    """t(2n) / t(n) of a piece of work."""
    short, long = (seconds(work(corpus(make(n))), 1, warm=n < 1_000_000) for n in (size, 2 * size))
    return long / short


def growths(full: bool) -> None:
    """Growth on ordinary, long and adversarial texts."""
    line = " ".join(texts(1)).replace("\n", " ")
    cases: dict[str, tuple[Callable[[int], list[str]], int]] = {
        "corpus, 2 -> 4 MB": (lambda n: texts(n / 1e6), 2_000_000),
        "one line, 10 -> 20 MB": (lambda n: [(line * (n // len(line) + 1))[:n]], 10_000_000),
        '")" * n': (lambda n: [")" * n], 200_000),
        "quotes": (lambda n: ["“ " * n + "' " * n], 100_000),
        '"Ab " * n': (lambda n: ["Ab " * n], 200_000),
        '"said, " * n': (lambda n: ["he said, " * n], 100_000),
    }
    if full:
        cases["corpus, 100 -> 200 MB"] = (lambda n: texts(n / 1e6), 100_000_000)
    rows = [(name, growth(make, n, step), growth(make, n, chain)) for name, (make, n) in cases.items()]
    print("\ngrowth t(2n)/t(n); 2 is linear")
    print(pd.DataFrame(rows, columns=["text", "attributions", "whole chain"]).round(2).to_string(index=False))


def resident(which: str) -> float:
    """Megabytes this process holds (VmRSS) or held at most (VmHWM), from Linux's /proc."""
    found = re.search(rf"^{which}:\s+(\d+) kB", Path("/proc/self/status").read_text(), re.M)
    assert found
    return int(found[1]) / 1_000


def peak(batches: int) -> float:
    """Megabytes at the peak of a process that annotates so many batches of 2 MB, one after another, above its texts."""
    given = corpus(texts(2 * batches))
    annotate_batch(next(split(given, 100_000)))
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")  # the peak counts from here
    began = resident("VmRSS")
    chain(given)()
    return resident("VmHWM") - began


def memory(batches: int = 3) -> None:
    """Peak memory at n and 2n batches, each in a process of its own."""
    if not Path("/proc/self/clear_refs").exists():
        print("\nmemory: not measured, for there is no /proc/self/clear_refs here")
        return
    command = [sys.executable, __file__, "--peak"]
    few, many = (
        float(subprocess.run([*command, str(n)], check=True, capture_output=True, text=True).stdout)
        for n in (batches, 2 * batches)
    )
    print(f"\nmemory: {few:.0f} MB above the texts at {batches} batches, {many:.0f} MB at {2 * batches}: "
          f"{many / few:.2f} times as much (1 is independent of the corpus's size)")  # fmt: skip


def names(pieces: list[str], wanted: int = 20_000) -> None:
    """The outlets step with the shipped names, and with the long local list and invented ones, 20,000 together."""
    given = corpus(pieces)
    documents = given.documents
    page = layout(documents)
    passed = passages(documents, page, given.blocks)
    tokens, sentenced = sentences(page, passed)
    attributed, _ = attributions(tokens, sentenced, passed)
    few, local = (len(gazetteer.compiled(None, local).outlets) for local in (False, True))
    rng = random.Random(1)
    made = [
        "".join(rng.choices("aeiou", k=1)[0] + rng.choices("bdgklmnrst", k=1)[0] for _ in range(5))
        for _ in range(wanted)
    ]
    rows = [(f"{name.title()} Courier", "low") for name in sorted(set(made))[: wanted - local]]
    own = pd.DataFrame(rows, columns=["outlet", "ambiguity"]).reindex(columns=gazetteer.COLUMNS, fill_value="")
    small = seconds(lambda: outlets(documents, tokens, sentenced, passed, attributed))
    large = seconds(lambda: outlets(documents, tokens, sentenced, passed, attributed, own, True))
    total = len(gazetteer.compiled(own, True).outlets)
    print(f"\noutlets with {total:,} names: {large / small:.2f} times the time with {few:,}")


def words(n: int, seed: int) -> list[str]:
    """Texts of n words together, with frequencies like those of a language (Zipf)."""
    rng = np.random.default_rng(seed)
    drawn = rng.zipf(1.2, 2 * n)
    made = [f"w{number}" for number in drawn[drawn < 50_000][:n].tolist()]
    return [" ".join(made[at : at + 500]) for at in range(0, len(made), 500)]


def keywords(n: int = 1_000_000) -> None:
    """Keyness of two bodies of text against counting their words in plain Python, and against half of it."""
    one, two = words(n, 1), words(n, 2)
    whole = seconds(lambda: keyness(one, two), 1)
    half = seconds(lambda: keyness(one[: len(one) // 2], two[: len(two) // 2]), 1)
    plain = seconds(lambda: [Counter(re.findall(r"\w+", text.lower())) for text in (*one, *two)], 1)
    print(f"\nkeyness on 2 x {n:,} words: {whole:.1f} s, {whole / plain:.1f} times counting words in plain Python, "
          f"{whole / half:.2f} times half the words")  # fmt: skip


def lines(documents: int = 10_000) -> None:
    """Keyword in context over many documents against a plain search for the word, and against half the documents."""
    pieces = [text[:400] for text in texts(4)]
    pieces = (pieces * (documents // len(pieces) + 1))[:documents]
    parts = [annotate_batch(batch) for batch in split(corpus(pieces), 500_000)]
    marks, half = join(parts), join(parts[: (len(parts) + 1) // 2])
    pattern = re.compile(r"\bharbour\b", re.IGNORECASE)

    def search() -> list[tuple[str, str]]:
        hits = ((text, hit) for text in pieces for hit in pattern.finditer(text))
        return [(text[max(hit.start() - 50, 0) : hit.start()], text[hit.end() :][:50]) for text, hit in hits]

    found, less, plain = (
        seconds(lambda: kwic(marks, "harbour")),
        seconds(lambda: kwic(half, "harbour")),
        seconds(search),
    )
    total, share = kwic(marks, "harbour").attrs["total"], len(half.documents) / len(marks.documents)
    print(f"\nkwic over {len(marks.documents):,} documents, {total:,} hits: {found:.2f} s, {found / plain:.0f} times "
          f"a bare search without a table; {found / less:.2f} times the time for {share:.2f} of them")  # fmt: skip


def speeds(megabytes: float) -> None:
    """Every step beside the peer."""
    pieces = texts(megabytes)
    size = sum(map(len, pieces)) / 1e6
    theirs = peer(pieces[: max(1, int(len(pieces) * 0.1 / size))])
    rows = [(name, size / took, size / took / theirs) for name, took in steps(corpus(pieces)).items()]
    print(f"{size:.1f} MB of text, CPU time of one core, median of {REPEATS}; spaCy, small shape: {theirs:.3f} MB/s")
    print(pd.DataFrame(rows, columns=["step", "MB/s", "times spaCy"]).round(1).to_string(index=False))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, default=2.0, help="text for the speed of the steps")
    parser.add_argument("--full", action="store_true", help="a corpus of 200 MB too")
    parser.add_argument("--peak", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.peak:
        print(peak(given.peak))
        return 0
    speeds(given.megabytes)
    names(texts(given.megabytes))
    memory()
    keywords()
    lines()
    growths(given.full)
    return 0


if __name__ == "__main__":
    sys.exit(main())
