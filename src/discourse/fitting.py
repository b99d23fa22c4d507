"""Fit the attribution tagger: gold texts -> data/attribution.npz (development only).

    python -m discourse.fitting [--gold FOLDER] [--out FILE] [--report]

Seeded: two fits on one machine give the same bytes. What the weights cannot say of themselves, how much to take off
"outside" and how sure an attribution is, is chosen on a fifth of the training texts, with weights fitted to the rest.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from discourse import features as ft
from discourse import lexicon, tagger, training
from discourse.annotate import annotate
from discourse.attributions import chains, labelled
from discourse.errors import DiscourseError, MeasureError
from discourse.evaluate import (
    ROLES,
    Pair,
    Relation,
    Span,
    confusion,
    evaluate,
    mean_f1,
    pair,
    reliability,
    same,
)
from discourse.layout import layout
from discourse.links import Links
from discourse.passages import passages
from discourse.sentences import Tokens, sentences
from discourse.store import save

Ints = npt.NDArray[np.int64]
Document = dict[str, Any]

LABELS = ("O", "BC", "IC", "BS<", "IS<", "BS>", "IS>", "BK<", "IK<", "BK>", "IK>")
"""Begin and inside of cue (C), source (S), content (K); < and > say whether it stands before or after its cue."""
_ROLES = (("content", "K"), ("source", "S"), ("cue", "C"))
RATE_EDGES = (0.03, 0.1, 0.3, 0.55, 0.8)


MEMBERS = (
    training.Settings(dropout=0.5, l2=1.0, rate=0.01, epochs=6, batch=8_000, seed=1),
    training.Settings(dropout=0.3, l2=3.0, rate=0.005, epochs=6, batch=3_000, seed=2),
    training.Settings(dropout=0.5, l2=1.0, rate=0.01, epochs=6, batch=8_000, seed=3),
    training.Settings(dropout=0.6, l2=1.0, rate=0.01, epochs=10, batch=3_000, seed=4),
)
"""The shipped weights are the mean of these members' (a logarithmic opinion pool: Smith, Cohn & Osborne 2005), which
costs nothing in reading. On a fifth of the training texts the mean F1 of single members is .722-.726, of two .728."""
LEAST = 2
"""A feature code seen in fewer tokens has no weight."""
SMALLEST = 0.05
"""Rows without a weight this large are left out of the shipped file."""
FOLDS = 5
BIASES = (0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4)


def gold(name: str, folder: Path | None = None) -> list[Document]:
    """Documents of a gold file, e.g. `gold("polnear.train")`.

    Raises
    ------
    MeasureError
        The file is not there.
    """
    folder = folder or Path(os.environ.get("DISCOURSE_SHARED", "../shared")) / "gold"
    path = folder / f"{name}.jsonl.gz"
    if not path.is_file():
        raise MeasureError(
            f"{path}: no such gold file; set DISCOURSE_SHARED to the folder that holds gold/, or give --gold FOLDER"
        )
    with gzip.open(path, "rt", encoding="utf8") as lines:
        return [json.loads(line) for line in lines]


def tokenise(rows: Sequence[Document]) -> Tokens:
    """The tokens of gold documents, cut as the package cuts them."""
    documents = pd.DataFrame(
        {
            "doc_id": [str(i) for i in range(len(rows))],
            "text": [row["text"] for row in rows],
        }
    )
    page = layout(documents)
    return sentences(page, passages(documents, page, None))[0]


def labels(tokens: Tokens, rows: Sequence[Document]) -> npt.NDArray[np.int8]:
    """Gold label of each token, as index into LABELS."""
    out = np.zeros(len(tokens), dtype=np.int8)
    for row, base in zip(rows, tokens.page.doc_start.tolist(), strict=True):
        for attribution in row["attributions"]:
            at = min((start for start, _ in attribution["cue"]), default=None)
            for role, letter in _ROLES:
                for start, end in attribution[role]:
                    i = int(np.searchsorted(tokens.end, start + base, side="right"))
                    j = int(np.searchsorted(tokens.start, end + base, side="left"))
                    if at is None or j <= i:
                        continue
                    side = "" if role == "cue" else "<" if start < at else ">"
                    out[i] = LABELS.index(f"B{letter}{side}")
                    out[i + 1 : j] = LABELS.index(f"I{letter}{side}")
    return out


def vocabulary(tokens: Tokens, gold_labels: npt.NDArray[np.int8]) -> ft.Vocabulary:
    """The closed vocabulary: word classes and reporting cues, with the rate at which each listed word is a cue."""
    verb, noun, kind = _listed()
    words = sorted(set(verb) | set(noun) | set(kind))
    verbs, nouns = _codes(verb), _codes(noun)
    suffixes = list(range(ft.N_SUFFIXES))
    zero = [0] * ft.N_SUFFIXES
    rate = _rates(tokens, gold_labels, words, kind)
    return ft.Vocabulary(
        words,
        np.array(
            [kind.get(w, ft.KIND["other"]) for w in words] + ft.unlisted_kinds(),
            dtype=np.int64,
        ),
        np.array([verbs.get(verb.get(w, ""), 0) for w in words] + zero, dtype=np.int64),
        np.array([nouns.get(noun.get(w, ""), 0) for w in words] + zero, dtype=np.int64),
        np.array([ft.suffix(w) for w in words] + suffixes, dtype=np.int64),
        np.array(rate + zero, dtype=np.int64),
        _fine(words, kind),
    )


def _fine(words: list[str], kind: dict[str, int]) -> Ints:
    """Class of each row: function words and marks one each, from len(KINDS) on; the coarse kind for the rest."""
    codes = np.array([kind.get(word, ft.KIND["other"]) for word in words], dtype=np.int64)
    shared = [ft.KIND[name] for name in ft.KINDS if name in _OPEN_KINDS or name in _LISTS]
    own = ~np.isin(codes, shared)
    codes[own] = len(ft.KINDS) + np.arange(int(own.sum()))
    return np.concatenate((codes, np.array(ft.unlisted_kinds(), dtype=np.int64)))


_LISTS = {"person", "org", "title", "day", "month", "time", "num"}


def _codes(classes: dict[str, str]) -> dict[str, int]:
    return {name: code + 1 for code, name in enumerate(sorted(set(classes.values())))}


def _listed() -> tuple[dict[str, str], dict[str, str], dict[str, int]]:
    """Listed word -> verb class and form, noun class, coarse kind; the first mention of a word counts."""
    lists = json.loads(lexicon.data_path("word_classes.json").read_text(encoding="utf8"))
    verb: dict[str, str] = {}
    noun: dict[str, str] = {}
    kind: dict[str, int] = {}
    for group in ("mark", "closed"):
        for name, words in lists[group].items():
            kind.update((word, ft.KIND[name]) for word in words.split() if word not in kind)
    for row in lexicon.load("reporting_cues").itertuples():
        if row.pos == "VERB":
            _add_verb(verb, kind, str(row.entry), str(row.category))
        elif row.pos == "NOUN":
            _add_noun(noun, kind, str(row.entry), "cuenoun")
    for name, words in lists["verb"].items():
        for lemma in words.split():
            _add_verb(verb, kind, lemma, f"v.{name}")
    for name, words in {**lists["noun"], **lists["word"]}.items():
        for word in words.split():
            if name in ("cuenoun", "docnoun", "evnoun"):
                _add_noun(noun, kind, word, name)
            else:
                noun.setdefault(word, name)
                kind.setdefault(word, ft.KIND[name])
    return verb, noun, kind


def _add_verb(verb: dict[str, str], kind: dict[str, int], lemma: str, name: str) -> None:
    for form in inflections(lemma):
        ending = "ing" if form.endswith("ing") else "" if form == lemma else "s" if form.endswith("s") else "ed"
        verb.setdefault(form, f"{name}.{ending}")
        kind.setdefault(form, ft.KIND[f"verb{ending}"])


def _add_noun(noun: dict[str, str], kind: dict[str, int], word: str, name: str) -> None:
    for form in (word, f"{word}s"):
        noun.setdefault(form, name)
        kind.setdefault(form, ft.KIND[name])


def inflections(lemma: str) -> set[str]:
    """Forms of a verb; with a last consonant doubled too, where the spelling might ("admitted")."""
    forms = set(lexicon.inflect(lemma))
    short = len(lemma) > 2 and lemma[-1] in "bdgklmnprtz" and lemma[-2] in "aeiou" and lemma[-3] not in "aeiou"
    return forms | ({f"{lemma}{lemma[-1]}ed", f"{lemma}{lemma[-1]}ing"} if short else set())


def _rates(
    tokens: Tokens,
    gold_labels: npt.NDArray[np.int8],
    words: list[str],
    kind: dict[str, int],
) -> list[int]:
    size = len(tokens.vocabulary)
    cue = np.isin(gold_labels, (LABELS.index("BC"), LABELS.index("IC")))
    total = np.bincount(tokens.word, minlength=size)
    cues = np.bincount(tokens.word, weights=cue, minlength=size)
    place = tokens.vocabulary.codes
    closed = {code for name, code in ft.KIND.items() if name not in _OPEN_KINDS}
    out = []
    for word in words:
        i = place.get(word)
        share = (0.3 + (cues[i] if i is not None else 0)) / (3 + (total[i] if i is not None else 0))
        out.append(0 if kind.get(word) in closed else int(np.searchsorted(RATE_EDGES, share)))
    return out


_OPEN_KINDS = {
    "according",
    "verb",
    "verbs",
    "verbed",
    "verbing",
    "cuenoun",
    "docnoun",
    "evnoun",
    "hearsay",
    "attadj",
    "other",
}


def columns(frame: ft.Frame, words: ft.Vocabulary) -> dict[str, Ints]:
    """Feature codes of every token, the word windows among them as "family@offset"."""
    windows = {f"{family}@{offset}": codes for family, offset, codes in ft.window_columns(frame, words)}
    return {**ft.features(frame), **windows}


def fit(rows: Sequence[Document]) -> tagger.Model:
    """Fit every member to some documents; the mean of their weights."""
    tokens = tokenise(rows)
    gold_labels = labels(tokens, rows)
    words = vocabulary(tokens, gold_labels)
    frame = ft.Frame(tokens, words)
    matrix = training.Matrix.of(columns(frame, words), LEAST)
    runs = chains(frame)
    members = []
    for number, settings in enumerate(MEMBERS, 1):
        print(
            f"fitting member {number} of {len(MEMBERS)} to {len(rows)} documents …",
            flush=True,
        )
        members.append(
            training.fit(
                matrix,
                gold_labels.astype(np.int64),
                (runs.first, runs.length),
                _forbidden(),
                settings,
            )
        )
    weights = np.mean([member[0] for member in members], axis=0)
    steps = np.mean([member[1] for member in members], axis=0)
    return export(
        matrix,
        weights,
        np.where(_forbidden(), tagger.FORBIDDEN, steps).astype(np.float32),
        words,
    )


def _forbidden() -> npt.NDArray[np.bool_]:
    """The inside of a span follows its beginning or its inside alone."""
    return np.array([[two[0] == "I" and one[1:] != two[1:] for two in LABELS] for one in LABELS])


def export(
    matrix: training.Matrix,
    weights: npt.NDArray[np.float32],
    steps: npt.NDArray[np.float32],
    words: ft.Vocabulary,
) -> tagger.Model:
    """Weights -> tables of rows; those of the word windows are added up word by word."""
    window = np.zeros((len(ft.OFFSETS), len(words) + 1, len(LABELS)), dtype=np.float32)
    families = ft.families(words)
    tables = {}
    for name, (codes, rows) in matrix.codes.items():
        family, _, offset = name.partition("@")
        if offset:
            place = np.full(int(families[family].max()) + 2, 0, dtype=np.int64)
            place[codes] = rows
            window[ft.OFFSETS.index(int(offset))] += weights[place[np.append(families[family], -1)]]
        else:
            large = np.abs(weights[rows]).max(axis=1) >= SMALLEST
            tables[name] = codes[large], weights[rows[large]]
    scale = tagger.scale_of([*window, *(rows for _, rows in tables.values())])
    fixed = {name: (codes, tagger.fixed(rows, scale)) for name, (codes, rows) in sorted(tables.items())}
    return tagger.Model(LABELS, steps, tagger.fixed(window, scale), fixed, scale, words)


def tune(rows: Sequence[Document]) -> tuple[float, npt.NDArray[np.float32]]:
    """What to take off "outside", and the weights of the confidence, chosen on every fifth document, not fitted to.

    The bias is that of the highest mean F1; the weights are a logistic regression of "linked right" on the evidence.
    """
    held = rows[::FOLDS]
    model = fit([row for number, row in enumerate(rows) if number % FOLDS])
    tokens = tokenise(held)
    frame = ft.Frame(tokens, model.vocabulary)
    found = {bias: labelled(frame, model, bias) for bias in BIASES}
    score = {bias: mean_f1(_pairs(tokens, links, held, len(facts))) for bias, (links, facts) in found.items()}
    bias = max(BIASES, key=lambda value: score[value])
    links, evidence = found[bias]
    pairs = _pairs(tokens, links, held, len(evidence))
    right = [any(same(mine, other) for other in one.gold) for one in pairs for mine in one.found]
    return bias, _regression(evidence, np.array(right, dtype=float))


def _regression(evidence: npt.NDArray[np.float64], right: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    weights = np.zeros(evidence.shape[1])
    ridge = np.diag([0.0, 1.0, 1.0, 1.0, 1.0])
    for _ in range(30):  # Newton's method: the loss is convex
        chance = 1 / (1 + np.exp(-(evidence @ weights)))
        slope = evidence.T @ (right - chance) - ridge @ weights
        curve = evidence.T @ (evidence * (chance * (1 - chance))[:, None]) + ridge
        weights += np.linalg.solve(curve, slope)
    return weights.astype(np.float32)


def _pairs(tokens: Tokens, links: Links, rows: Sequence[Document], n: int) -> list[Pair]:
    """Gold and found attributions of each document; the found ones in the order of their numbers."""
    spans: list[dict[str, list[Span]]] = [{role: [] for role in ROLES} for _ in range(n)]
    document = [0] * n
    base = tokens.page.doc_start
    parts = (getattr(links, name).tolist() for name in ("owner", "role", "first", "last"))
    for owner, role, first, last in zip(*parts, strict=True):
        document[owner] = int(tokens.doc[first])
        begin = int(base[document[owner]])
        spans[owner][ROLES[role]].append((int(tokens.start[first]) - begin, int(tokens.end[last - 1]) - begin))
    found: list[list[Relation]] = [[] for _ in rows]
    for number, mine in zip(document, spans, strict=True):
        found[number].append(Relation({role: tuple(mine[role]) for role in ROLES}, False, ""))
    return [
        Pair(
            str(row["doc_id"]),
            row["text"],
            "",
            [
                Relation({role: tuple(map(tuple, item[role])) for role in ROLES}, False, "")
                for item in row["attributions"]
            ],
            mine,
        )
        for row, mine in zip(rows, found, strict=True)
    ]


def report(folder: Path) -> dict[str, Any]:
    """Figures of the model card and of notebook 60, numbers only. Nothing was fitted to these texts."""
    tables: dict[str, list[pd.DataFrame]] = {
        "scores": [],
        "confusion": [],
        "reliability": [],
    }
    for name, genres in (
        ("polnear.dev", ()),
        ("mpqa.dev", ()),
        ("gum.dev", ("news", "interview")),
    ):
        rows = [row for row in gold(name, folder) if not genres or row["genre"] in genres]
        with tempfile.TemporaryDirectory() as place:
            out, path = Path(place) / "out", Path(place) / "gold.jsonl"
            path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf8")
            texts = pd.DataFrame(
                {
                    "doc_id": [row["doc_id"] for row in rows],
                    "text": [row["text"] for row in rows],
                }
            )
            save(annotate(texts, progress=False), out)
            scores = evaluate(out, path)
            wanted = scores["measure"].str.startswith("nesting") if name == "mpqa.dev" else scores["measure"] != ""
            tables["scores"].append(scores[wanted].assign(texts=name))
            if name == "polnear.dev":
                pairs = pair(out, path)
                tables["confusion"].append(confusion(pairs).assign(texts=name))
                tables["reliability"].append(reliability(pairs).assign(texts=name))
    return {name: pd.concat(parts).round(4).to_dict(orient="records") for name, parts in tables.items()}


def main() -> None:
    """Fit every member (or read those kept in --members), write the parameters and their figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    shared = Path(os.environ.get("DISCOURSE_SHARED") or "../shared")
    parser.add_argument("--gold", type=Path, default=shared / "gold", help="folder of the gold texts")
    parser.add_argument("--out", type=Path, default=lexicon.data_path("attribution.npz"))
    parser.add_argument(
        "--report",
        action="store_true",
        help="fit nothing; write the figures of the shipped parameters",
    )
    given = parser.parse_args()
    try:
        if not given.report:
            rows = gold("polnear.train", given.gold)
            bias, calibration = tune(rows)
            tagger.save(replace(fit(rows), bias=bias, calibration=calibration), given.out)
        figures = json.dumps(report(given.gold), indent=0)
        lexicon.data_path("attribution_scores.json").write_text(figures + "\n", encoding="utf8")
    except DiscourseError as error:
        print(f"discourse.fitting: {error}", file=sys.stderr)
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
