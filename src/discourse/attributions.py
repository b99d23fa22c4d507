"""Tokens -> attributions: who is said to have said, written, thought or wanted what, with which words.

A linear-chain CRF (`tagger`, parameters in data/attribution.npz) labels cues, sources and contents of the outermost
attributions of each paragraph; the same parameters then read the inside of each content, which gives the nested ones.
Rules add what the training texts do not mark: reports that somebody did not answer, quotations that go on without a
reporting clause, speakers of transcripts and signatures. Precision and recall are weighed alike: charts count rows,
and a missed one biases them as much as a false one; `confidence` lets a reader choose otherwise.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from discourse import features as ft
from discourse import lexicon, rules, tables, tagger
from discourse.clauses import clauses, headlines, spoken, wishes
from discourse.cues import Description, describe
from discourse.links import (
    CONTENT,
    CUE,
    DEEPEST,
    SOURCE,
    Found,
    Links,
    cut,
    has,
    join,
    link,
    part,
    ranges,
    segments,
    shifted,
    stack,
)
from discourse.sentences import QUOTE_OPEN, QUOTE_STRAIGHT, Tokens
from discourse.subjects import agents, subjects

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

PIECE = 1 << 17
"""Tokens labelled at once, about 0.7 MB of text: the features of a piece take 60 MB."""
WINDOW = 400
"""Tokens a chain may have at most: longer paragraphs are cut, at a sentence's end where one is near."""
_SHORTEST_NESTED = 4
"""Contents of fewer tokens hold no attribution of their own."""
NESTED_CONFIDENCE = 0.25
NESTED_RATE = 2
NESTED_BIAS = 0.8
_ROLE_NAMES = ("source", "cue", "content")


@cache
def model() -> tagger.Model:
    """The shipped parameters."""
    return tagger.load(lexicon.data_path("attribution.npz"))


def attributions(tokens: Tokens, sentences: pd.DataFrame, passages: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Find the attributions of a batch.

    Parameters
    ----------
    tokens : the batch's tokens (`sentences.sentences`).
    sentences : its sentences (contract table, text order); `sentence_id` is read.
    passages : its passages; not read yet, paragraphs already end at their edges.

    Returns
    -------
    attributions : one row per attribution (contract columns; voice_id and content_voice_id null until `voices`).
    spans : one row per span of an attribution.
    """
    del passages
    if not len(tokens):
        return tables.frame("attributions"), tables.frame("spans")
    row = model().vocabulary.rows(tokens)
    found, about = [], []
    for first, last in _pieces(tokens):
        piece = cut(tokens, first, last)
        mine = complete(piece, tag(piece, model(), row[first:last]))
        about.append(describe(piece, mine))
        found.append(replace(mine, links=shifted(mine.links, first)))
    return _tables(tokens, sentences, join(found), Description.join(about))


def _pieces(tokens: Tokens) -> list[tuple[int, int]]:
    """First and last token (exclusive) of pieces of about PIECE tokens: memory does not grow with the batch.

    A piece ends where a document does; a document longer than PIECE is cut at paragraphs, or else at sentences, counted
    from its own beginning, so that no result depends on what else is in the batch.
    """
    heads = np.flatnonzero(ft.changes(tokens.doc))
    ends = np.append(heads[1:], len(tokens))
    cuts = [0]
    for head, end in zip(heads.tolist(), ends.tolist(), strict=True):
        if end - cuts[-1] > PIECE and head > cuts[-1]:
            cuts.append(head)
        while end - cuts[-1] > PIECE:
            cuts.append(_cut(tokens, cuts[-1] + PIECE // 2, cuts[-1] + PIECE))
    return list(zip(cuts, [*cuts[1:], len(tokens)], strict=True))


def _cut(tokens: Tokens, low: int, high: int) -> int:
    """The last paragraph's or sentence's beginning in low, …, high; `high` without one."""
    for values in (tokens.par, tokens.sent):
        starts = np.flatnonzero(values[low + 1 : high + 1] != values[low:high])
        if len(starts):
            return low + 1 + int(starts[-1])
    return high


def tag(tokens: Tokens, parameters: tagger.Model, row: Ints | None = None) -> Found:
    """The attributions the tagger finds, nested ones after their parents; `row`: vocabulary rows, if known."""
    whole = ft.Frame(tokens, parameters.vocabulary, row)
    layers = [_read(whole, parameters, parameters.bias)]
    for depth in range(1, DEEPEST):
        offset = sum(len(layer) for layer in layers[: depth - 1])
        layers.append(_nested(whole, parameters, layers[-1], offset))
    return stack(layers)


def chains(frame: ft.Frame) -> tagger.Chains:
    """One chain a paragraph; a longer one than WINDOW is cut where a sentence begins, else anywhere."""
    first, length = frame.par.first[frame.par.first == frame.at], None
    length = np.diff(np.append(first, frame.n))
    if len(length) and length.max() > WINDOW:
        starts = [_cuts(f, f + n, frame) for f, n in zip(first.tolist(), length.tolist(), strict=True)]
        first = np.array([at for cuts in starts for at in cuts], dtype=np.int64)
        length = np.diff(np.append(first, frame.n))
    return tagger.Chains.of(first, length)


def _cuts(first: int, last: int, frame: ft.Frame) -> list[int]:
    cuts = [first]
    while last - cuts[-1] > WINDOW:
        at = int(frame.sent.first[cuts[-1] + WINDOW])
        cuts.append(at if at > cuts[-1] else cuts[-1] + WINDOW)
    return cuts


def _read(frame: ft.Frame, parameters: tagger.Model, bias: float) -> Found:
    """The attributions of one layer that have a content."""
    links, facts = labelled(frame, parameters, bias)
    n = len(facts)
    sure = _confidence(facts, parameters.calibration)
    return Found(links, np.full(n, -1, dtype=np.int64), sure, ["model"] * n).keep(has(links, CONTENT, n))


def labelled(frame: ft.Frame, parameters: tagger.Model, bias: float) -> tuple[Links, Floats]:
    """Label and link one layer; the spans, and one row of evidence an attribution.

    `bias` is taken off the score of tokens outside any attribution: more of it finds more, and more that is wrong.
    """
    scores, runs, outside = _scores(frame, parameters), chains(frame), parameters.labels.index("O")
    lattice = tagger.Lattice.of(scores, runs, len(parameters.labels), parameters.scale)
    lattice.scores[outside] -= bias
    labels = tagger.viterbi(lattice, parameters.transitions)
    some = lattice.some(_with_any(runs, labels != outside))  # the other chains need no probabilities
    place, found = some.chains.order, tagger.marginals(some, parameters.transitions)
    chance = np.ones(frame.n)
    chance[place] = found[labels[place], np.arange(len(place))]
    links = link(segments(labels, parameters.labels, frame.par.number.astype(np.int32)), frame)
    return links, evidence(links, chance, int(links.owner.max()) + 1 if len(links) else 0)


def _scores(frame: ft.Frame, parameters: tagger.Model) -> npt.NDArray[np.int16]:
    return parameters.emissions(frame.row, frame.par.number, ft.features(frame))


def _with_any(runs: tagger.Chains, marked: Mask) -> Mask:
    """The chains with a marked token in them."""
    total = np.concatenate(([0], np.cumsum(marked)))
    return np.asarray(total[runs.first + runs.length] > total[runs.first])


def evidence(links: Links, chance: Floats, n: int) -> Floats:
    """What speaks for each attribution: a constant, and for each role the log odds of its least probable span end.

    `chance`: probability of each token's label. One row per attribution; a role it lacks counts 0, and the last column
    is 1 where it has no source.
    """
    least = np.minimum(chance[links.first], chance[links.last - 1]) if n else np.zeros(0)
    least = np.clip(least, 1e-4, 1 - 1e-4)
    edge = np.log(least / (1 - least))
    out = np.full((n, 5), np.inf)
    for role in (SOURCE, CUE, CONTENT):
        mine = links.role == role
        np.minimum.at(out[:, role + 1], links.owner[mine], edge[mine])
    out[~np.isfinite(out)] = 0
    out[:, 0] = 1
    out[:, 4] = ~has(links, SOURCE, n)
    return out


def _confidence(found: Floats, calibration: npt.NDArray[np.float32]) -> Floats:
    """Chance that cue, source and content are those a coder would mark (logistic regression on the evidence)."""
    if not len(calibration):
        return np.asarray(1 / (1 + np.exp(-found[:, 1:4].min(axis=1, initial=0.0))), dtype=np.float64)
    return np.asarray(1 / (1 + np.exp(-(found @ calibration.astype(np.float64)))), dtype=np.float64)


def _nested(whole: ft.Frame, parameters: tagger.Model, found: Found, offset: int) -> Found:
    """Attributions inside the contents of `found`, whose first attribution has the number `offset` in the whole."""
    cued = np.concatenate(([0], np.cumsum(whole.rate >= NESTED_RATE)))
    inner = (found.links.role == CONTENT) & (found.links.last - found.links.first >= _SHORTEST_NESTED)
    inner &= cued[found.links.last] > cued[found.links.first]
    contents = found.links.take(inner)
    inside, place, number = _inside(whole.tokens, contents)
    if not len(place):
        return Found(contents.take(np.zeros(0, dtype=np.int64)), np.zeros(0, dtype=np.int64), np.zeros(0), [])
    frame = ft.Frame(inside, parameters.vocabulary, whole.row[place])
    deeper = _read(frame, parameters, NESTED_BIAS)
    deeper = deeper.keep((deeper.confidence >= NESTED_CONFIDENCE) & _reporting(frame, deeper))
    cue = deeper.links.take(deeper.links.role == CUE)
    parent = contents.owner[number[cue.first]] + offset
    links = replace(deeper.links, first=place[deeper.links.first], last=place[deeper.links.last - 1] + 1)
    return Found(links, parent, deeper.confidence, ["model, nested"] * len(deeper))


def _reporting(frame: ft.Frame, found: Found) -> Mask:
    """Does the cue hold a listed word that is a cue in more than one of ten uses?"""
    cue = found.links.take(found.links.role == CUE)
    best = np.maximum.reduceat(np.append(frame.rate, 0), np.stack((cue.first, cue.last), axis=1).ravel())[::2]
    return np.asarray(best >= NESTED_RATE, dtype=bool)


def _inside(tokens: Tokens, contents: Links) -> tuple[Tokens, Ints, Ints]:
    """The tokens of the contents, each content a paragraph; their places in the whole, and their contents' numbers.

    The quotation marks around a quoted content are left out, and with them the quotation: its words are read as text.
    """
    order = np.argsort(contents.first, kind="stable")
    place = ranges(contents.first[order], contents.last[order])
    number = np.repeat(order, (contents.last - contents.first)[order])
    first, last = contents.first, contents.last - 1
    whole = (tokens.quote[first] == tokens.quote[last]) & (tokens.quote[first] > 0)
    mark = (tokens.shape[place] >= QUOTE_OPEN) & (tokens.shape[place] <= QUOTE_STRAIGHT)
    edge = whole[number] & mark & ((place == first[number]) | (place == last[number]))
    place, number = place[~edge], number[~edge]
    quote = np.where(whole[number], 0, tokens.quote[place]).astype(np.int32)
    return part(tokens, place, number, quote), place, number


def complete(tokens: Tokens, found: Found) -> Found:
    """Add what rules find: clauses, subjects, non-responses, transcripts, signatures, quotations without a cue."""
    for rule in RULES:
        found = rule(tokens, found)
    return found


RULES = (
    rules.labels,
    clauses,
    spoken,
    wishes,
    headlines,
    agents,
    subjects,
    rules.non_responses,
    rules.transcripts,
    rules.signatures,
    rules.continued,
    rules.mentioned,
    rules.reported,
    rules.housed,
)
"""In this order: each reads what those before it left."""


def _tables(
    tokens: Tokens, sentences: pd.DataFrame, found: Found, about: Description
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The two tables of the contract, attributions in text order, a nested one after the one that holds it."""
    links, n = found.links, len(found)
    if not n:
        return tables.frame("attributions"), tables.frame("spans")
    anchor = np.full(n, len(tokens), dtype=np.int64)
    for role in (CONTENT, CUE):
        some = links.take(links.role == role)
        anchor[some.owner[::-1]] = some.first[::-1]
    begin = np.full(n, len(tokens), dtype=np.int64)
    mine = links.take(~((links.role == SOURCE) & ~has(links, CUE, n)[links.owner]))
    np.minimum.at(begin, mine.owner, mine.first)
    order = np.lexsort((np.arange(n), found.depth(), begin))
    doc_ids = np.asarray(tokens.page.doc_id, dtype=object)[tokens.doc[anchor]][order]
    ids = np.asarray(tables.ids(doc_ids, "a"), dtype=object)
    name = np.empty(n, dtype=object)
    name[order] = ids
    columns: dict[str, object] = {
        "doc_id": doc_ids,
        "sentence_id": sentences["sentence_id"].to_numpy(dtype=object)[tokens.sent[anchor]][order],
        "attribution_id": ids,
        "parent_id": np.asarray([name[up] if up >= 0 else None for up in found.parent[order].tolist()], dtype=object),
        "confidence": found.confidence[order],
    }
    for role, label in enumerate(_ROLE_NAMES):
        columns |= _hulls(tokens, links.take(links.role == role), label, order)
    for label in ("speech", "stance", "mode", "response", "rule"):
        columns[label] = np.asarray(getattr(about, label), dtype=object)[order]
    return tables.frame("attributions", columns), _spans(tokens, links, order, name)


def _hulls(tokens: Tokens, links: Links, label: str, order: Ints) -> dict[str, object]:
    n = len(order)
    first, last = np.full(n, len(tokens), dtype=np.int64), np.full(n, -1, dtype=np.int64)
    np.minimum.at(first, links.owner, links.first)
    np.maximum.at(last, links.owner, links.last)
    first, last = first[order], last[order]
    some = last >= 0
    start, end = np.full(n, -1, dtype=np.int64), np.full(n, -1, dtype=np.int64)
    start[some], end[some] = tokens.start[first[some]], tokens.end[last[some] - 1]
    text = tokens.page.text
    surface = [text[a:b] if a >= 0 else None for a, b in zip(start.tolist(), end.tolist(), strict=True)]
    base = np.zeros(n, dtype=np.int64)
    base[some] = tokens.page.doc_start[tokens.doc[first[some]]]
    return {label: surface, f"{label}_start": start - base, f"{label}_end": end - base}


def _spans(tokens: Tokens, links: Links, order: Ints, name: npt.NDArray[np.object_]) -> pd.DataFrame:
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    rows = np.lexsort((links.first, links.role, rank[links.owner]))
    first, last, owner = links.first[rows], links.last[rows], links.owner[rows]
    base = tokens.page.doc_start[tokens.doc[first]]
    return tables.frame(
        "spans",
        {
            "attribution_id": name[owner],
            "doc_id": np.asarray(tokens.page.doc_id, dtype=object)[tokens.doc[first]],
            "role": np.asarray(_ROLE_NAMES, dtype=object)[links.role[rows]],
            "start": tokens.start[first] - base,
            "end": tokens.end[last - 1] - base,
        },
    )
