"""Fit the attribution tagger: gold texts -> data/attribution.npz (development only, needs python-crfsuite).

    python -m discourse.fitting [--gold FOLDER] [--out FILE] [--report]

Nothing is drawn at random: documents in the file's order, L-BFGS from zero. That two fits give the same bytes has not
been tried. The shipped weights were fitted before small changes of the features, so a fit gives near but not the
same parameters; compare its figures with the shipped ones before it replaces them.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from discourse import features as ft
from discourse import lexicon, tagger
from discourse.annotate import annotate
from discourse.attributions import labelled
from discourse.errors import DiscourseError, MeasureError
from discourse.evaluate import ROLES, Relation, Span, confusion, evaluate, pair, reliability, same
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


@dataclass(frozen=True)
class Settings:
    """How one member is fitted: L1 and L2 penalty, iterations, least count of a feature, features left out."""

    c1: float = 0.05
    c2: float = 0.05
    iterations: int = 150
    least: int = 2
    drop: tuple[str, ...] = ()


_FAR = tuple(f"{family}@{offset}" for family in ("verb", "noun", "suffix", "rate") for offset in (-4, 4))
MEMBERS = (
    Settings(c1=0.05, c2=0.05, iterations=80, drop=_FAR),
    Settings(c1=0.0, c2=1.0, iterations=90, drop=_FAR),
)
"""The shipped parameters are the mean of these: one keeps rare features and stops early, one shrinks them all. On dev
texts the mean's exact F1 is .01 to .02 above the better one's in every role, at no cost in reading, for weights can be
averaged before they are used. Three members were compared with two once, on dev, and gave no more."""


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
    documents = pd.DataFrame({"doc_id": [str(i) for i in range(len(rows))], "text": [row["text"] for row in rows]})
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
        np.array([kind.get(w, ft.KIND["other"]) for w in words] + ft.unlisted_kinds(), dtype=np.int64),
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


def _rates(tokens: Tokens, gold_labels: npt.NDArray[np.int8], words: list[str], kind: dict[str, int]) -> list[int]:
    size = len(tokens.vocabulary)
    cue = np.isin(gold_labels, (LABELS.index("BC"), LABELS.index("IC")))
    total = np.bincount(tokens.word, minlength=size)
    cues = np.bincount(tokens.word, weights=cue, minlength=size)
    place = {word: i for i, word in enumerate(tokens.vocabulary)}
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


@dataclass(frozen=True)
class Sample:
    """Tokens with their feature columns: names, and one code a token and column."""

    tokens: Tokens
    frame: ft.Frame
    columns: dict[str, Ints]

    def sequences(self) -> Iterator[tuple[int, int]]:
        """First and last token (exclusive) of each paragraph."""
        heads = np.flatnonzero(ft.changes(self.tokens.par))
        yield from zip(heads.tolist(), [*heads[1:].tolist(), len(self.tokens)], strict=True)


def sample(tokens: Tokens, words: ft.Vocabulary, drop: Iterable[str] = ()) -> Sample:
    """Feature columns of the tokens, the word windows among them as "family@offset"."""
    frame = ft.Frame(tokens, words)
    columns = dict(ft.features(frame))
    for family, offset, codes in ft.window_columns(frame, words):
        columns[f"{family}@{offset}"] = codes
    return Sample(tokens, frame, {k: v for k, v in columns.items() if not any(k.startswith(d) for d in drop)})


def _strings(data: Sample) -> npt.NDArray[np.object_]:
    columns = []
    for name, codes in data.columns.items():
        distinct, place = np.unique(codes, return_inverse=True)
        columns.append(np.array([f"{name}={code}" for code in distinct.tolist()], dtype=object)[place])
    return np.stack(columns, axis=1)


def fit(data: Sample, gold_labels: npt.NDArray[np.int8], words: ft.Vocabulary, settings: Settings) -> tagger.Model:
    """Fit the CRF by L-BFGS and export its weights as tables."""
    import pycrfsuite

    trainer = pycrfsuite.Trainer(verbose=False)
    strings = _strings(data)
    names = np.array(LABELS, dtype=object)
    for first, last in data.sequences():
        trainer.append(pycrfsuite.ItemSequence(strings[first:last].tolist()), names[gold_labels[first:last]].tolist())
    del strings
    trainer.set_params(
        {
            "c1": settings.c1,
            "c2": settings.c2,
            "max_iterations": settings.iterations,
            "feature.minfreq": settings.least,
        }
    )
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "model.crfsuite")
        trainer.train(path)
        fitted = pycrfsuite.Tagger()
        fitted.open(path)
        info = fitted.info()
    return export(info.state_features, info.transitions, words)


def export(
    state: dict[tuple[str, str], float], moves: dict[tuple[str, str], float], words: ft.Vocabulary
) -> tagger.Model:
    """Weights of python-crfsuite -> tables of rows."""
    n = len(LABELS)
    place = {label: i for i, label in enumerate(LABELS)}
    transitions = np.zeros((n, n), dtype=np.float32)
    for (one, two), weight in moves.items():
        transitions[place[one], place[two]] = weight
    for one in LABELS:
        for two in LABELS:
            if two[0] == "I" and one[1:] != two[1:]:
                transitions[place[one], place[two]] = tagger.FORBIDDEN
    rows: dict[str, dict[int, npt.NDArray[np.float32]]] = {}
    for (attribute, label), weight in sorted(state.items()):
        name, _, code = attribute.rpartition("=")
        row = rows.setdefault(name, {}).setdefault(int(code), np.zeros(n, dtype=np.float32))
        row[place[label]] = weight
    families = {
        "word": np.arange(len(words)),
        "verb": words.verb,
        "noun": words.noun,
        "suffix": words.suffix,
        "rate": words.rate,
    }
    window = np.zeros((len(ft.OFFSETS), len(words) + 1, n), dtype=np.float32)
    for i, offset in enumerate(ft.OFFSETS):
        for family, codes in families.items():
            table = rows.pop(f"{family}@{offset}", {})
            for place_in, code in enumerate([*codes.tolist(), -1]):
                if code in table:
                    window[i, place_in] += table[code]
    tables = {name: _table(codes) for name, codes in sorted(rows.items())}
    return tagger.Model(LABELS, transitions, window, tables, words)


def _table(codes: dict[int, npt.NDArray[np.float32]]) -> tuple[Ints, npt.NDArray[np.float32]]:
    keys = sorted(codes)
    return np.array(keys, dtype=np.int64), np.stack([codes[key] for key in keys])


def average(models: Sequence[tagger.Model]) -> tagger.Model:
    """The mean of the members' weights."""
    share = np.float32(1 / len(models))
    tables: dict[str, tuple[Ints, npt.NDArray[np.float32]]] = {}
    for name in sorted({name for model in models for name in model.tables}):
        parts = [model.tables[name] for model in models if name in model.tables]
        codes = np.unique(np.concatenate([part[0] for part in parts]))
        rows = np.zeros((len(codes), len(LABELS)), dtype=np.float32)
        for mine, weights in parts:
            rows[np.searchsorted(codes, mine)] += weights * share
        tables[name] = codes, rows
    window = np.sum([model.window for model in models], axis=0) * share
    transitions = np.sum([model.transitions for model in models], axis=0) * share
    return tagger.Model(LABELS, transitions, window, tables, models[0].vocabulary)


def calibrate(model: tagger.Model, rows: Sequence[Document]) -> tagger.Model:
    """Weights of the confidence: logistic regression of "linked right" on the evidence, on texts not fitted to."""
    tokens = tokenise(rows)
    links, evidence = labelled(ft.Frame(tokens, model.vocabulary), model)
    right = np.array(_right(tokens, links, rows, len(evidence)), dtype=float)
    weights = np.zeros(evidence.shape[1])
    ridge = np.diag([0.0, 1.0, 1.0, 1.0, 1.0])
    for _ in range(30):  # Newton's method: the loss is convex
        chance = 1 / (1 + np.exp(-(evidence @ weights)))
        slope = evidence.T @ (right - chance) - ridge @ weights
        curve = evidence.T @ (evidence * (chance * (1 - chance))[:, None]) + ridge
        weights += np.linalg.solve(curve, slope)
    return replace(model, calibration=weights.astype(np.float32))


def _right(tokens: Tokens, links: Links, rows: Sequence[Document], n: int) -> list[bool]:
    """Is each attribution linked to one of the gold's?"""
    spans: list[dict[str, list[Span]]] = [{role: [] for role in ROLES} for _ in range(n)]
    document = [0] * n
    base = tokens.page.doc_start
    columns = (getattr(links, name).tolist() for name in ("owner", "role", "first", "last"))
    for owner, role, first, last in zip(*columns, strict=True):
        document[owner] = int(tokens.doc[first])
        begin = int(base[document[owner]])
        spans[owner][ROLES[role]].append((int(tokens.start[first]) - begin, int(tokens.end[last - 1]) - begin))
    gold_sides = [
        [Relation({role: tuple(map(tuple, item[role])) for role in ROLES}, False, "") for item in row["attributions"]]
        for row in rows
    ]
    return [
        any(
            same(Relation({role: tuple(mine[role]) for role in ROLES}, False, ""), other)
            for other in gold_sides[number]
        )
        for mine, number in zip(spans, document, strict=True)
    ]


def member(number: int, rows: Sequence[Document]) -> tagger.Model:
    """Fit one of MEMBERS."""
    tokens = tokenise(rows)
    gold_labels = labels(tokens, rows)
    words = vocabulary(tokens, gold_labels)
    settings = MEMBERS[number]
    return fit(sample(tokens, words, settings.drop), gold_labels, words, settings)


def report(folder: Path) -> dict[str, Any]:
    """Figures of the model card and of notebook 60, numbers only. No tagger weight was fitted to these texts; the
    confidence and the decoding bias were chosen on polnear.dev.
    """
    tables: dict[str, list[pd.DataFrame]] = {"scores": [], "confusion": [], "reliability": []}
    for name, genres in (("polnear.dev", ()), ("mpqa.dev", ()), ("gum.dev", ("news", "interview"))):
        rows = [row for row in gold(name, folder) if not genres or row["genre"] in genres]
        with tempfile.TemporaryDirectory() as place:
            out, path = Path(place) / "out", Path(place) / "gold.jsonl"
            path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf8")
            texts = pd.DataFrame({"doc_id": [row["doc_id"] for row in rows], "text": [row["text"] for row in rows]})
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
    parser.add_argument("--members", type=Path, help="folder that keeps fitted members, so that a run can be taken up")
    parser.add_argument("--only", type=int, help="fit this member only, into --members")
    parser.add_argument(
        "--report", action="store_true", help="fit nothing; write the figures of the shipped parameters"
    )
    given = parser.parse_args()
    try:
        if not given.report:
            _fit_members(given)
        if given.only is None:
            figures = json.dumps(report(given.gold), indent=0)
            lexicon.data_path("attribution_scores.json").write_text(figures + "\n", encoding="utf8")
    except DiscourseError as error:
        print(f"discourse.fitting: {error}", file=sys.stderr)
        raise SystemExit(2) from None


def _fit_members(given: argparse.Namespace) -> None:
    rows = gold("polnear.train", given.gold)
    models = []
    for number in range(len(MEMBERS)) if given.only is None else (given.only,):
        kept = given.members / f"member{number}.npz" if given.members else None
        if kept is not None and kept.exists():
            models.append(tagger.load(kept))
            continue
        print(f"fitting member {number + 1} of {len(MEMBERS)} …", flush=True)
        models.append(member(number, rows))
        if kept is not None:
            tagger.save(models[-1], kept, np.float32)
    if given.only is None:
        tagger.save(calibrate(average(models), gold("polnear.dev", given.gold)), given.out)


if __name__ == "__main__":
    main()
