"""Keyword in context, and the words that keep company with a node.

The result is always the full one: a concordance that stops at 25 or 100 lines without saying so has misled readers
before. Words here are the contract's (`tables.WORD`): a node "can" does not match inside "can't" or "pecan".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from discourse.cells import Marks, matching, number_of, select_units
from discourse.conditions import Where
from discourse.errors import MeasureError
from discourse.tables import WORD

METADATA = ("outlet", "author", "date", "title")
"""Columns of documents shown by default, where they hold anything."""
_JOINER = "['’.\\-‐‑]"
_BEFORE = re.compile(rf"[^\W_]{_JOINER}?\Z")
_AFTER = rf"(?![^\W_]|{_JOINER}[^\W_])"
_SORT = re.compile(r"(\d+)([LR])")
_Finder = Callable[[str], Iterator[tuple[int, int]]]
Node = str | re.Pattern[str] | Sequence[str] | pd.DataFrame | None


def kwic(
    marks: Marks,
    node: Node = None,
    *,
    table: str | None = None,
    where: Where | None = None,
    window: int = 8,
    by: str = "tokens",
    sort: str | None = None,
    regex: bool = False,
    case: bool = False,
    metadata: Sequence[str] | None = None,
    duplicates: str = "all",
) -> pd.DataFrame:
    """Keyword in context. One row per hit, all of them; their number is also in `attrs["total"]`.

    Parameters
    ----------
    marks : an annotation.
    node : a word or phrase (* stands for any rest of a word), a list of them (a lexicon's entries; the longest wins), a
        regular expression (compiled, or with regex=True), or a frame with doc_id, start and end.
    table : instead of node, a finding table ("hedges", "boosters", "attributions", "outlets"); its own columns follow.
        With the same table, where and duplicates the lines are exactly the findings that `measures.rates` counts.
    where : conditions by name, as in `discourse.measures`; for words, a voice is that of the passage.
    window : running words on each side. by : "tokens", or "sentence" for the whole sentence.
    sort : "1L2L3L", "1R2R3R" or any such mix, or "node"; text order without it.
    case : tell capitals apart.
    metadata : columns of documents to show after doc_id; by default outlet, author, date and title where given.
    duplicates : "all", or "once" to leave out copies of documents.

    Returns
    -------
    DataFrame
        doc_id, metadata, left, node, right, start, end (offsets into documents.text), columns of the finding table.
        left + node + right is the text with white space evened out.

    Raises
    ------
    MeasureError
        No node, an empty or broken one, or an unknown setting.
    """
    if by not in ("tokens", "sentence"):
        raise MeasureError(f"by is {by!r}; allowed are 'tokens' (window words each side) and 'sentence'")
    if window < 1:
        raise MeasureError(f"window is {window!r}; give at least 1 word each side")
    keys = _sort_keys(sort)
    hits, remarks = _hits(marks, node, table, where or {}, regex, case, duplicates)
    hits = hits.sort_values(["doc_id", "start", "end"], kind="stable").reset_index(drop=True)
    lines = _lines(marks, hits, None if by == "sentence" else window)
    shown = _metadata(marks.documents, metadata, hits)
    rest = hits.drop(columns=["doc_id", "start", "end"])
    own = {name: f"{name}_mentioned" if name == "outlet" else f"{name}_found" for name in rest if name in shown}
    lines = pd.concat([shown, lines, hits[["start", "end"]], rest.rename(columns=own)], axis=1)
    lines = _sorted(lines, keys)
    size = f"{number_of(len(lines), 'hit')} in {number_of(hits['doc_id'].nunique(), 'document')}"
    lines.attrs.update({"total": len(lines), "basis": "; ".join([size, *remarks])})
    return lines


def collocates(
    marks: Marks,
    node: Node = None,
    *,
    span: int = 5,
    sort: str = "log_dice",
    minimum: int = 2,
    table: str | None = None,
    where: Where | None = None,
    regex: bool = False,
    case: bool = False,
    duplicates: str = "all",
) -> pd.DataFrame:
    """Words near a node and how strongly they go with it. One row per word.

    Parameters
    ----------
    node, table, where, regex, case, duplicates : as in `kwic`; the corpus is the documents that satisfy where.
    span : words to each side, 1-10, within the document.
    sort : the measure to sort by, falling. minimum : least number of times a word is near the node.

    Returns
    -------
    DataFrame
        word (lower-cased); count (its tokens within span of a node; each once); left, right (of them before, after a
        node); total (its tokens in the corpus, nodes aside); expected (count if it fell anywhere); log_dice (at most
        14); npmi (-1 to 1); g2; t; range (documents in which it is near a node).

    Notes
    -----
    Contingency of surface co-occurrence (Evert 2008): tokens within span against all others, node tokens aside. logDice
    (Rychlý 2008) with the number of nodes; NPMI (Bouma 2009); G2 (Dunning 1993), four cells; t (Church et al. 1991).
    """
    if not 1 <= span <= 10:
        raise MeasureError(f"span is {span!r}; give 1 to 10 words")
    if sort not in _MEASURES:
        raise MeasureError(f"sort is {sort!r}; allowed are {', '.join(_MEASURES)}")
    hits, _ = _hits(marks, node, table, where or {}, regex, case, duplicates)
    spans = {doc: part[["start", "end"]].to_numpy() for doc, part in hits.groupby("doc_id")}
    tally = _Tally(span)
    texts, remarks = _texts(marks, where or {}, duplicates)
    for doc_id, text in texts:
        tally.add(text, spans.get(doc_id))
    out = _associations(tally, minimum).sort_values([sort, "word"], ascending=[False, True]).reset_index(drop=True)
    size = f"{number_of(tally.nodes, 'node')}, {number_of(tally.near, 'word')} within {span}, {tally.size:,} in all"
    out.attrs.update({"basis": "; ".join([size, *remarks])})
    out.attrs.update({"total": len(out), "nodes": tally.nodes})
    return out


# Hits ----------------------------------------------------------------------------------------------------------------


def _hits(
    marks: Marks, node: Node, table: str | None, where: Where, regex: bool, case: bool, duplicates: str
) -> tuple[pd.DataFrame, list[str]]:
    """One row per hit: doc_id, start, end, and the columns of a finding table; and remarks on what was searched."""
    if (node is None) == (table is None):
        raise MeasureError(
            "give either node (a word, a phrase, a regular expression, a frame) or table (e.g. 'hedges')"
        )
    if table is not None:
        found, _, remarks = matching(marks, table, (), where, duplicates)
        return _located(found.drop(columns="passage_id")), remarks
    if isinstance(node, pd.DataFrame):
        missing = {"doc_id", "start", "end"} - set(node)
        if missing:
            raise MeasureError(f"node has no column {sorted(missing)[0]!r}; a frame of hits has doc_id, start and end")
        texts, remarks = _texts(marks, where, duplicates)
        return _inside(marks, node[node["doc_id"].isin({doc_id for doc_id, _ in texts})], where), remarks
    find = _finder(node, regex, case)
    texts, remarks = _texts(marks, where, duplicates)
    rows = [(doc_id, start, end) for doc_id, text in texts for start, end in find(text)]
    hits = pd.DataFrame(rows, columns=["doc_id", "start", "end"]).astype({"doc_id": "str", "start": int, "end": int})
    return _inside(marks, hits, where), remarks


def _located(found: pd.DataFrame) -> pd.DataFrame:
    """Attributions are shown at their cue, or where they have none at their source, or their content."""
    if "start" in found:
        return found
    roles = ("cue", "source", "content")
    there = [found[f"{role}_start"] >= 0 for role in roles]
    start = np.select(there, [found[f"{role}_start"] for role in roles], -1)
    end = np.select(there, [found[f"{role}_end"] for role in roles], -1)
    return found.assign(start=start, end=end)


def _texts(marks: Marks, where: Where, duplicates: str) -> tuple[list[tuple[str, str]], list[str]]:
    """doc_id and text of the documents that satisfy the conditions, in order of doc_id; and remarks on copies."""
    units, remarks = select_units(marks, list(where), where, duplicates)
    wanted = set(units["doc_id"])
    texts = zip(marks.documents["doc_id"].tolist(), marks.documents["text"].tolist(), strict=True)
    return sorted((doc_id, text) for doc_id, text in texts if doc_id in wanted and isinstance(text, str)), remarks


def _inside(marks: Marks, hits: pd.DataFrame, where: Where) -> pd.DataFrame:
    """Hits whose sentence satisfies conditions on voices or passages."""
    units, _ = select_units(marks, list(where), where)
    owner = f"{units['level'].iloc[0]}_id" if len(units) else "doc_id"
    if owner == "doc_id" or hits.empty or marks.sentences.empty:
        return hits
    sentences, rows = _sentences(marks, hits)
    owners = sentences[owner].to_numpy(dtype=object)
    kept = (rows >= 0) & pd.Series(owners[rows]).isin(units[owner]).to_numpy()
    inside: pd.DataFrame = hits.loc[kept]
    return inside


def _finder(node: Any, regex: bool, case: bool) -> _Finder:
    """A function that gives start and end of every hit in a text."""
    if isinstance(node, re.Pattern):
        return _regex_finder(node)
    if isinstance(node, str) and regex:
        try:
            return _regex_finder(re.compile(node, 0 if case else re.IGNORECASE))
        except re.error as error:
            raise MeasureError(
                f"{node!r} is no regular expression: {error}; leave out regex=True to search words"
            ) from error
    phrases = [node] if isinstance(node, str) else list(node)
    if not phrases or not all(isinstance(phrase, str) and phrase.strip() for phrase in phrases):
        raise MeasureError(f"node is {node!r}; give a word, a phrase or a list of them, none empty")
    if len(phrases) == 1:
        return _phrase_finder(phrases[0], case)
    return _list_finder(phrases, case)


def _regex_finder(pattern: re.Pattern[str]) -> _Finder:
    def find(text: str) -> Iterator[tuple[int, int]]:
        return (found.span() for found in pattern.finditer(text) if found.end() > found.start())

    return find


def _phrase_pattern(phrase: str) -> str:
    words = [re.escape(word).replace("'", "['’]") for word in phrase.replace("’", "'").split()]
    words = [word.replace(r"\*", rf"(?:[^\W_]|{_JOINER}(?=[^\W_]))*") for word in words]
    return r"\s+".join(words) + (_AFTER if phrase.strip()[-1].isalnum() or phrase.strip()[-1] == "*" else "")


def _phrase_finder(phrase: str, case: bool) -> _Finder:
    """The pattern begins with the literal, for which `re` has a fast search; IGNORECASE or a look-behind forfeit it."""
    plain = re.compile(_phrase_pattern(phrase if case else phrase.lower()))
    folded = re.compile(_phrase_pattern(phrase), re.IGNORECASE)
    starts_word = phrase.strip()[0].isalnum() or phrase.strip()[0] == "*"

    def find(text: str) -> Iterator[tuple[int, int]]:
        lower = text if case else text.lower()
        pattern, searched = (plain, lower) if len(lower) == len(text) else (folded, text)
        for found in pattern.finditer(searched):
            start, end = found.span()
            if not (starts_word and start and _BEFORE.search(text, max(0, start - 2), start)):
                yield start, end

    return find


def _list_finder(phrases: Sequence[str], case: bool) -> _Finder:
    """Looks only where a phrase's first word stands: one alternation of 2,000 phrases is 600 times slower."""
    starting: dict[str, list[re.Pattern[str]]] = {}
    odd: list[_Finder] = []
    for phrase in sorted(set(phrases), key=lambda p: (-len(p), p)):
        wanted = phrase if case else phrase.lower()
        first = WORD.match(wanted)
        if first is None or "*" in wanted:
            odd.append(_phrase_finder(phrase, case))
        else:
            starting.setdefault(first.group(), []).append(
                re.compile(_phrase_pattern(wanted), 0 if case else re.IGNORECASE)
            )

    def find(text: str) -> Iterator[tuple[int, int]]:
        spans = [span for other in odd for span in other(text)]
        for word in WORD.finditer(text):
            for pattern in starting.get(word.group() if case else word.group().lower(), ()):
                found = pattern.match(text, word.start())
                if found:
                    spans.append(found.span())
                    break
        return iter(_longest(spans))

    return find


def _longest(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Leftmost-longest spans without overlaps."""
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


# Lines ---------------------------------------------------------------------------------------------------------------


def _lines(marks: Marks, hits: pd.DataFrame, window: int | None) -> pd.DataFrame:
    """left, node and right of every hit: `window` running words, or the sentence where window is None."""
    texts = dict(zip(marks.documents["doc_id"].tolist(), marks.documents["text"].tolist(), strict=True))
    starts, ends = hits["start"].to_numpy(), hits["end"].to_numpy()
    lows, highs = np.full(len(hits), -1), np.full(len(hits), -1)
    if window is None:
        sentences, rows = _sentences(marks, hits)
        known = rows >= 0
        lows[known], highs[known] = sentences["start"].to_numpy()[rows[known]], sentences["end"].to_numpy()[rows[known]]
    left, node, right = [], [], []
    for doc_id, start, end, low, high in zip(
        hits["doc_id"].tolist(), starts.tolist(), ends.tolist(), lows.tolist(), highs.tolist(), strict=True
    ):
        text = texts[doc_id]
        node.append(text[start:end])
        left.append(_before(text, start, window or 8) if low < 0 else _even(text[low:start]))
        right.append(_after(text, end, window or 8) if high < 0 else _even(text[end : max(high, end)]))
    return pd.DataFrame({"left": left, "node": node, "right": right}, dtype="str")


def _before(text: str, start: int, window: int) -> str:
    reach = 10 * window + 20
    piece = text[max(0, start - reach) : start]
    words = piece.split()
    while len(words) <= window and reach < start:
        reach *= 4
        piece = text[max(0, start - reach) : start]
        words = piece.split()
    return " ".join(words[-window:]) + " " * (piece[-1:].isspace() and bool(words))


def _after(text: str, end: int, window: int) -> str:
    """As `_before`; what is glued to the node (its comma, its closing quotation mark) is not counted as a word."""
    reach = 10 * window + 20
    piece = text[end : end + reach]
    glued = bool(piece) and not piece[0].isspace() and not piece[0].isalnum()
    words = piece.split(None, window + glued)
    while len(words) <= window + glued and end + reach < len(text):
        reach *= 4
        piece = text[end : end + reach]
        words = piece.split(None, window + glued)
    return " " * (bool(words) and piece[0].isspace()) + " ".join(words[: window + glued])


def _even(text: str) -> str:
    return " " * text[:1].isspace() + " ".join(text.split()) + " " * (text[-1:].isspace() and bool(text.strip()))


def _sentences(marks: Marks, hits: pd.DataFrame) -> tuple[pd.DataFrame, Any]:
    """Sentences in order, and for every hit the row of the one it begins in, or -1."""
    sentences = marks.sentences.sort_values(["doc_id", "start"], kind="stable").reset_index(drop=True)
    codes = {doc: number for number, doc in enumerate(sorted(set(sentences["doc_id"]) | set(hits["doc_id"])))}
    width = 1 + max(int(sentences["end"].max()) if len(sentences) else 0, int(hits["end"].max()) if len(hits) else 0)
    places = sentences["doc_id"].map(codes).to_numpy(dtype="int64") * width + sentences["start"].to_numpy()
    asked = hits["doc_id"].map(codes).to_numpy(dtype="int64") * width + hits["start"].to_numpy()
    rows = np.searchsorted(places, asked, side="right") - 1
    same = (rows >= 0) & (sentences["doc_id"].to_numpy(dtype=object)[rows] == hits["doc_id"].to_numpy(dtype=object))
    inside = same & (hits["start"].to_numpy() < sentences["end"].to_numpy()[rows])
    return sentences, np.where(inside, rows, -1)


def _metadata(documents: pd.DataFrame, wanted: Sequence[str] | None, hits: pd.DataFrame) -> pd.DataFrame:
    if wanted is None:
        wanted = [name for name in METADATA if name in documents and documents[name].notna().any()]
    unknown = [name for name in wanted if name not in documents]
    if unknown:
        raise MeasureError(f"no column {unknown[0]!r} in documents; it has {', '.join(documents.columns)}")
    names = [name for name in wanted if name != "doc_id"]
    return documents.set_index("doc_id", drop=False)[["doc_id", *names]].loc[hits["doc_id"]].reset_index(drop=True)


def _sort_keys(sort: str | None) -> list[tuple[int, str]]:
    if sort is None or sort == "node":
        return [] if sort is None else [(0, "node")]
    keys = [(int(number), side) for number, side in _SORT.findall(sort)]
    if "".join(f"{number}{side}" for number, side in keys) != sort or not all(number for number, _ in keys):
        raise MeasureError(f"sort is {sort!r}; give e.g. '1L2L3L', '1R2R3R', 'node', or None for text order")
    return keys


def _sorted(lines: pd.DataFrame, keys: list[tuple[int, str]]) -> pd.DataFrame:
    if not keys:
        return lines
    sides = {"L": "left", "R": "right", "node": "node"}
    words = {side: [WORD.findall(text.lower()) for text in lines[sides[side]]] for side in {side for _, side in keys}}
    columns = []
    for number, side in keys:
        if side == "node":
            columns.append([text.lower() for text in lines["node"]])
        else:
            at = -number if side == "L" else number - 1
            columns.append([found[at] if len(found) >= number else "" for found in words[side]])
    order = sorted(range(len(lines)), key=list(zip(*columns, strict=True)).__getitem__)
    return lines.iloc[order].reset_index(drop=True)


# Collocates ----------------------------------------------------------------------------------------------------------

_MEASURES = ("log_dice", "npmi", "g2", "t", "count")


class _Tally:
    """Counts of words over a corpus and within span of nodes."""

    def __init__(self, span: int) -> None:
        self.span = span
        self.size = self.near = self.nodes = 0
        self.total: Counter[str] = Counter()
        self.count: Counter[str] = Counter()
        self.left: Counter[str] = Counter()
        self.right: Counter[str] = Counter()
        self.range: Counter[str] = Counter()

    def add(self, text: str, spans: Any | None) -> None:
        words, nodes = self._words(text, [] if spans is None else sorted(map(tuple, spans.tolist())))
        self.total.update(words)
        self.size += len(words)
        if not nodes:
            return
        before, after, node = (np.zeros(len(words), dtype=bool) for _ in range(3))
        for first, last in nodes:
            before[max(0, first - self.span) : first] = True
            after[last : last + self.span] = True
            node[first:last] = True
        near = (before | after) & ~node
        picked = self._pick(words, near)
        self.count.update(picked)
        self.range.update(set(picked))
        self.left.update(self._pick(words, before & ~node))
        self.right.update(self._pick(words, after & ~node))
        self.total.subtract(self._pick(words, node))
        self.size -= int(node.sum())
        self.near += len(picked)
        self.nodes += len(spans) if spans is not None else 0

    def _words(self, text: str, spans: list[tuple[int, int]]) -> tuple[list[str], list[tuple[int, int]]]:
        """The words of a text, read piece by piece between nodes, and from which to which word each node reaches."""
        words: list[str] = []
        nodes, read = [], 0
        for start, end in spans:
            words += WORD.findall(text[read : max(start, read)].lower())
            first = len(words)
            words += WORD.findall(text[max(start, read) : max(end, read)].lower())
            nodes.append((first, len(words)))
            read = max(end, read)
        words += WORD.findall(text[read:].lower())
        return words, nodes

    def _pick(self, words: list[str], chosen: Any) -> list[str]:
        return [words[place] for place in np.flatnonzero(chosen).tolist()]


def _associations(tally: _Tally, minimum: int) -> pd.DataFrame:
    words = sorted(word for word, count in tally.count.items() if count >= minimum)
    both = np.array([tally.count[word] for word in words], dtype=float)
    total = np.array([tally.total[word] for word in words], dtype=float)
    near, size = float(tally.near), float(tally.size)
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = total * near / size if size else total
        npmi = np.where(both < size, np.log2(both / expected) / -np.log2(both / size), 1.0)
        log_dice = 14 + np.log2(2 * both / (tally.nodes + total))
        t_score = (both - expected) / np.sqrt(both)
    cells = np.array([both, near - both, total - both, size - near - total + both])
    means = np.array([expected, near - expected, total - expected, size - near - total + expected])
    with np.errstate(divide="ignore", invalid="ignore"):
        g2 = 2 * np.where(cells > 0, cells * np.log(cells / means), 0.0).sum(axis=0)
    columns: dict[str, Any] = {"word": words, "count": both.astype("int64")}
    columns |= {
        side: [counter[word] for word in words] for side, counter in (("left", tally.left), ("right", tally.right))
    }
    columns |= {"total": total.astype("int64"), "expected": expected, "log_dice": log_dice, "npmi": npmi, "g2": g2}
    columns |= {"t": t_score, "range": [tally.range[word] for word in words]}
    return pd.DataFrame(columns)
