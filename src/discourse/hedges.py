"""Tokens and lexicon -> hedges and boosters: where a voice lowers or raises its commitment.

Matching a list is not enough: a plain match of the shipped entries finds nearly every hedge and as many words that
merely look like one (May the month, a think tank, a story about three men). So every hit must pass the tests its
lexicon row names (`contexts`, `readings`), what remains is thinned to the leftmost longest cues, and strings such as
"may possibly" become one cue. `rule` says which tests let a cue through; `lookalikes` shows what was refused and why.

Scope is told by punctuation, conjunctions and the cue's part of speech, without a parser: read it as a clause or phrase
that holds what the cue touches, seldom more.
"""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from discourse import contexts, readings, tables
from discourse.contexts import Around, Condition, Sites
from discourse.errors import LexiconError
from discourse.lexicon import Hits, Matcher, load
from discourse.sentences import PUNCT, QUOTE_STRAIGHT, Tokens

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

FAMILIES = {
    "modal": "commitment",
    "likelihood": "commitment",
    "appearance": "commitment",
    "belief": "commitment",
    "hearsay": "commitment",
    "precision": "precision",
    "condition": "suspension",
    "open": "suspension",
    "booster": "certainty",
}
"""Codebook A2: the family each class belongs to."""
_PRIORITY = ("booster", "open", "condition", "hearsay", "belief", "appearance", "likelihood", "modal", "precision")
"""Of equally long cues the earlier class wins (codebook A2)."""
_PHRASE_SLOTS = ("{np}", "{subject}", "{source}")
_PLAIN_CATEGORY, _PLAIN_STRENGTH = "likelihood", 0.5
"""What an entry without category or strength gets when the shipped lexicon does not know it either."""


_ALWAYS = contexts.parse("not mentioned | not asked_aloud", readings.NAMED, "every entry")
"""What every cue must pass: a word spoken of hedges nothing, nor does what a question puts to somebody."""


def hedges(
    tokens: Tokens, sentences: pd.DataFrame, lexicon: pd.DataFrame | str | Path | None = None, rejected: bool = False
) -> pd.DataFrame:
    """Find hedges and boosters. One row per cue, in text order.

    Parameters
    ----------
    tokens, sentences : of `sentences.sentences`.
    lexicon : table (or the name or path of one, see `chosen`) in place of the shipped hedges and boosters. Its
        columns `pattern` (how the entry is written, alternatives joined by ;) and `tests` (see `contexts`) may be
        left out; rows whose column `default` is "off" are passed over. An entry without category or strength takes
        those of the shipped entry, else likelihood and 0.5.
    rejected : give the look-alikes (`lookalikes`) instead.

    Returns
    -------
    DataFrame
        The contract's columns; `start`, `end`, `scope_start`, `scope_end` are code points of `documents.text`;
        voice_id, attribution_id and dual are null until `voices`. `rule` names the tests that were passed ("verb next
        or elided; not month"; "words around" where words were looked for), "listed" where the entry has none, and
        begins with "harmonic" where several cues were joined.

    Raises
    ------
    LexiconError
        A row of `lexicon` cannot be used; names the entry, the column and the mend.
    """
    cues = _cues(lexicon)
    around = Around(tokens)
    hits, refused = _tested(around, cues)
    kept = _resolved(hits.take(refused < 0), cues)
    if rejected:
        return _refused(around, sentences, cues, hits, refused, kept)
    return _frame(around, sentences, cues, _joined(tokens, kept, cues))


def lookalikes(
    tokens: Tokens, sentences: pd.DataFrame, lexicon: pd.DataFrame | str | Path | None = None
) -> pd.DataFrame:
    """What matches an entry and was not counted. One row per refused stretch (its longest entry), in text order.

    Columns: doc_id, sentence_id, start, end (code points of `documents.text`), surface, entry, category, and
    `refused_by`, the first test that did not hold and, where one word decided, that word ("not month", "not next:
    tank"). A stretch inside a counted cue is left out.
    """
    return hedges(tokens, sentences, lexicon, rejected=True)


@dataclass(frozen=True)
class _Cues:
    """A lexicon made ready: rows in order of priority, one matcher, and which condition is used by which row."""

    rows: pd.DataFrame
    matcher: Matcher
    row_of: Ints
    cue_words: Ints
    conditions: list[Condition]
    uses: Mask
    rules: npt.NDArray[np.object_]


@cache
def _shipped() -> _Cues:
    return _compiled(shipped())


EVERY_MODAL = "every-modal"
_OF_ABILITY_OR_DUTY = ("could", "could be", "could have", "must", "must have")


def shipped(every_modal: bool = False) -> pd.DataFrame:
    """The shipped lexicon: hedges.csv and boosters.csv in one table. One row per entry, part of speech and category.

    `every_modal`: *could* counts of ability and *must* of duty too, as in the schemes of SFU and BioScope, which mark
    the word; the codebook counts them of possibility and inference only.
    """
    rows = pd.concat([load("hedges"), load("boosters")], ignore_index=True)
    return rows.assign(tests=rows["tests"].mask(rows["entry"].isin(_OF_ABILITY_OR_DUTY), "")) if every_modal else rows


def chosen(lexicon: pd.DataFrame | str | Path | None) -> pd.DataFrame | None:
    """The table a user names: a table, a file, "every-modal" (see `shipped`), None for the shipped lexicon."""
    if lexicon is None or isinstance(lexicon, pd.DataFrame):
        return lexicon
    return shipped(every_modal=True) if lexicon == EVERY_MODAL else load(lexicon)


_LAST_USED: list[tuple[weakref.ref[pd.DataFrame], _Cues]] = []
"""The lexicon of a user, compiled: a run calls `hedges` once a batch with the same table."""


def _cues(lexicon: pd.DataFrame | str | Path | None) -> _Cues:
    table = chosen(lexicon)
    if table is None:
        return _shipped()
    for reference, cues in _LAST_USED:
        if reference() is table:
            return cues
    cues = _compiled(table)
    _LAST_USED[:] = [(weakref.ref(table), cues)]
    return cues


def _compiled(lexicon: pd.DataFrame) -> _Cues:
    rows = _completed(lexicon)
    patterns: list[str] = []
    row_of: list[int] = []
    for row, (entry, pattern) in enumerate(zip(rows["entry"], rows["pattern"], strict=True)):
        for part in pattern.split(";") if pattern else [entry]:
            patterns.append(part.strip().lower())
            row_of.append(row)
    parsed = [
        (*_ALWAYS, *contexts.parse(tests, readings.NAMED, f"entry {entry!r}, column 'tests'"))
        for entry, tests in zip(rows["entry"], rows["tests"], strict=True)
    ]
    rules = [_rule(row[len(_ALWAYS) :]) for row in parsed]
    numbers = {condition: number for number, condition in enumerate(dict.fromkeys(c for cs in parsed for c in cs))}
    uses = np.zeros((len(numbers), len(rows)), dtype=bool)
    for row, conditions in enumerate(parsed):
        uses[[numbers[condition] for condition in conditions], row] = True
    return _Cues(
        rows,
        Matcher(patterns),
        np.array(row_of, dtype=np.int64),
        np.array([_cue_words(pattern) for pattern in patterns], dtype=np.int64),
        list(numbers),
        uses,
        np.array(rules, dtype=object),
    )


def _rule(conditions: tuple[Condition, ...]) -> str:
    """Short names of the tests of a row, words looked for last."""
    names = dict.fromkeys(condition.name for condition in conditions)
    return "; ".join(sorted(names, key=contexts.WORDS_AROUND.__eq__)) or "listed"


def _completed(lexicon: pd.DataFrame) -> pd.DataFrame:
    """Rows that are on, with every column filled in, in order of priority."""
    if "entry" not in lexicon:
        raise LexiconError("the lexicon has no column 'entry'; give a table of lexicon.load")
    blank = {name: lexicon.get(name, "") for name in ("category", "pattern", "tests", "pos", "holder", "default")}
    rows = lexicon.assign(**blank).fillna(dict.fromkeys(blank, ""))
    rows = rows[rows["default"] != "off"]
    if "strength" not in rows:
        rows = rows.assign(strength=np.nan)
    bare = (rows["category"] == "") | rows["strength"].isna()
    if bare.any():
        known = shipped().drop_duplicates("entry").set_index("entry")
        rows = rows.assign(
            category=rows["category"]
            .where(rows["category"] != "", rows["entry"].map(known["category"]))
            .fillna(_PLAIN_CATEGORY),
            strength=rows["strength"].fillna(rows["entry"].map(known["strength"])).fillna(_PLAIN_STRENGTH),
        )
    wrong = ~rows["category"].isin(tables.HEDGE_CATEGORIES)
    if wrong.any():
        row = rows[wrong].iloc[0]
        raise LexiconError(
            f"entry {row['entry']!r}: no category {row['category']!r}; "
            f"the column 'category' may hold {', '.join(tables.HEDGE_CATEGORIES)}"
        )
    order = rows["category"].map({name: rank for rank, name in enumerate(_PRIORITY)}).to_numpy()
    return rows.iloc[np.argsort(order, kind="stable")].reset_index(drop=True)


def _cue_words(pattern: str) -> int:
    """Tokens of a pattern that are the cue: those before its first phrase slot; 0 stands for all."""
    slots = pattern.split()
    return next((place for place, slot in enumerate(slots) if slot in _PHRASE_SLOTS), 0)


def _tested(around: Around, cues: _Cues) -> tuple[Hits, Ints]:
    """All hits, and for each the number of the first condition of its row that does not hold, or -1."""
    hits = cues.matcher.find(around.tokens)
    refused = np.full(len(hits), -1, dtype=np.int64)
    if not len(hits):
        return hits, refused
    row = cues.row_of[hits.pattern]
    used = cues.uses[:, np.unique(row)].any(axis=1)
    for condition in np.flatnonzero(used)[::-1].tolist():
        mine = np.flatnonzero(cues.uses[condition][row])
        failed = mine[~cues.conditions[condition].holds(Sites(around, hits.take(mine)))]
        refused[failed] = condition
    return hits, refused


def _resolved(hits: Hits, cues: _Cues) -> Hits:
    """Cut cues at their phrase slots, then keep the leftmost longest without overlaps."""
    words = cues.cue_words[hits.pattern]
    last = np.where(words > 0, hits.first + words, hits.last)
    order = np.lexsort((cues.row_of[hits.pattern], -hits.last, -last, hits.first))
    keep, end = [], -1
    for place, first, stop in zip(order.tolist(), hits.first[order].tolist(), last[order].tolist(), strict=True):
        if first >= end:
            keep.append(place)
            end = stop
    kept = np.array(keep, dtype=np.int64)
    return Hits(hits.first[kept], last[kept], hits.pattern[kept])


@dataclass(frozen=True)
class _Found:
    """Cues after joining: tokens first, …, last - 1, the row of the lexicon, and whether several were joined."""

    first: Ints
    last: Ints
    row: Ints
    strength: npt.NDArray[np.float64]
    harmonic: Mask

    def sites(self, around: Around) -> Sites:
        return Sites(around, Hits(self.first, self.last, self.row))


def _joined(tokens: Tokens, hits: Hits, cues: _Cues) -> _Found:
    """Touching hedges of one family become one cue (codebook A4.3): "may possibly", "unclear whether".

    A condition stays by itself: "if enacted would" is two cues of one scope (A4.2).
    """
    row = cues.row_of[hits.pattern]
    strength = cues.rows["strength"].to_numpy(dtype=np.float64)[row]
    if not len(row):
        return _Found(hits.first, hits.last, row, strength, np.zeros(0, dtype=bool))
    category = cues.rows["category"].to_numpy(dtype=object)[row]
    family = cues.rows["category"].map(FAMILIES).to_numpy()[row]
    joins = ~np.isin(category, ("booster", "condition")) & (tokens.shape[hits.first] < PUNCT)
    same = (hits.first[1:] == hits.last[:-1]) & (family[1:] == family[:-1]) & joins[1:] & joins[:-1]
    same &= tokens.sent[hits.first[1:]] == tokens.sent[hits.first[:-1]]
    head = np.concatenate(([True], ~same))
    heads = np.flatnonzero(head)
    tails = np.concatenate((heads[1:], [len(row)])) - 1
    return _Found(hits.first[heads], hits.last[tails], row[heads], np.maximum.reduceat(strength, heads), tails > heads)


def _frame(around: Around, sentences: pd.DataFrame, cues: _Cues, found: _Found) -> pd.DataFrame:
    tokens = around.tokens
    rows = cues.rows.iloc[found.row]
    start, end, doc_id = _offsets(tokens, found.first, found.last)
    scope_first, scope_last = _scope(around, found, rows)
    scope_start, scope_end, _ = _offsets(tokens, scope_first, scope_last)
    category = rows["category"].to_numpy()
    return tables.frame(
        "hedges",
        {
            "doc_id": doc_id,
            "sentence_id": sentences["sentence_id"].to_numpy(dtype=object)[tokens.sent[found.first]],
            "hedge_id": tables.ids(doc_id, "h"),
            "start": start,
            "end": end,
            "surface": _surfaces(tokens, found.first, found.last),
            "entry": rows["entry"].to_numpy(),
            "category": category,
            "polarity": np.where(category == "booster", "booster", "hedge"),
            "strength": found.strength,
            "holder": _holders(around, found, rows),
            "scope_start": scope_start,
            "scope_end": scope_end,
            "rule": np.where(found.harmonic, "harmonic: ", "").astype(object) + cues.rules[found.row],
        },
    )


def _refused(
    around: Around, sentences: pd.DataFrame, cues: _Cues, hits: Hits, refused: Ints, kept: Hits
) -> pd.DataFrame:
    tokens = around.tokens
    covered = np.zeros(len(tokens) + 1, dtype=np.int64)
    np.add.at(covered, kept.first, 1)
    np.add.at(covered, kept.last, -1)
    total = np.concatenate(([0], np.cumsum(np.cumsum(covered[:-1]))))
    free = (refused >= 0) & (total[hits.last] == total[hits.first])
    out = hits.take(free)
    keep, end = [], -1
    for place, (first, last) in enumerate(zip(out.first.tolist(), out.last.tolist(), strict=True)):
        if first >= end:
            keep.append(place)
            end = last
    out, why = out.take(np.array(keep, dtype=np.int64)), refused[free][np.array(keep, dtype=np.int64)]
    rows = cues.rows.iloc[cues.row_of[out.pattern]]
    start, end_, doc_id = _offsets(tokens, out.first, out.last)
    return pd.DataFrame(
        {
            "doc_id": pd.Series(doc_id, dtype="str"),
            "sentence_id": pd.Series(
                sentences["sentence_id"].to_numpy(dtype=object)[tokens.sent[out.first]], dtype="str"
            ),
            "start": start,
            "end": end_,
            "surface": pd.Series(_surfaces(tokens, out.first, out.last), dtype="str"),
            "entry": pd.Series(rows["entry"].to_numpy(), dtype="str"),
            "category": pd.Series(rows["category"].to_numpy(), dtype="str"),
            "refused_by": pd.Series(_reasons(around, cues, out, why), dtype="str"),
        }
    )


def _reasons(around: Around, cues: _Cues, hits: Hits, why: Ints) -> npt.NDArray[np.object_]:
    out = np.full(len(hits), "", dtype=object)
    for number in np.unique(why).tolist():
        mine = np.flatnonzero(why == number)
        out[mine] = cues.conditions[number].reasons(Sites(around, hits.take(mine)))
    return out


def _offsets(tokens: Tokens, first: Ints, last: Ints) -> tuple[Ints, Ints, npt.NDArray[np.object_]]:
    """Document offsets of token spans, and their doc_ids."""
    doc = tokens.doc[first]
    base = tokens.page.doc_start[doc]
    return tokens.start[first] - base, tokens.end[last - 1] - base, np.asarray(tokens.page.doc_id, dtype=object)[doc]


def _surfaces(tokens: Tokens, first: Ints, last: Ints) -> list[str]:
    text = tokens.page.text
    return [text[a:b] for a, b in zip(tokens.start[first].tolist(), tokens.end[last - 1].tolist(), strict=True)]


def _holders(around: Around, found: _Found, rows: pd.DataFrame) -> npt.NDArray[np.object_]:
    """Whose commitment: a believer in the first person is the voice itself."""
    listed = np.where(rows["holder"].to_numpy() == "source", "source", "voice")
    if not len(listed):
        return listed.astype(object)
    own = readings.first_person(found.sites(around))
    return np.where(own, "voice", listed).astype(object)


def _scope(around: Around, found: _Found, rows: pd.DataFrame) -> tuple[Ints, Ints]:
    """Token spans of the scopes (codebook A4.2): clause, complement, phrase, or both clauses of a conditional."""
    if not len(found.first):
        return found.first, found.last
    tokens = around.tokens
    begin, stop = _clauses(tokens, around)
    sent_begin, sent_stop = _bounds(np.diff(tokens.sent, prepend=-1) != 0)
    category, pos = rows["category"].to_numpy(), rows["pos"].to_numpy()
    tail = found.last - 1
    first, last = begin[found.first], stop[tail]
    after = around.step(tail, 1)
    that = around.is_in(after, "that", "whether", "if", "of", "to")
    complement = that & (np.isin(pos, ("NOUN", "ADJ", "VERB")) | np.isin(category, ("belief", "hearsay")))
    complement |= (category == "belief") & ~around.is_in(after, "@punct", "@edge")
    complement |= (found.last - found.first > 1) & around.is_in(tail, "that", "whether", "of", "to", "if")
    first = np.where(complement, found.first, first)
    last = np.where(complement, stop[np.minimum(tail + 1, len(tokens) - 1)], last)
    phrase = ((pos == "ADJ") & readings.attributive(found.sites(around))) | (category == "precision")
    first = np.where(phrase & ~complement, found.first, first)
    last = np.where(phrase & ~complement, _phrase_end(around, found), last)
    whole = np.isin(category, ("condition", "open")) & (pos != "AUX") & (pos != "ADJ")
    first, last = np.where(whole, sent_begin[found.first], first), np.where(whole, sent_stop[tail], last)
    first, last = _trimmed(tokens, np.minimum(first, found.first), np.maximum(last, found.last))
    return np.minimum(first, found.first), np.maximum(last, found.last)


def _clauses(tokens: Tokens, around: Around) -> tuple[Ints, Ints]:
    """First token and end of the clause each token stands in: cut at strong punctuation and before conjunctions."""
    every = np.arange(len(tokens))
    before, after = np.concatenate(([-1], every[:-1])), np.concatenate((every[1:], [-1]))
    opens = np.diff(tokens.sent, prepend=-1) != 0
    opens |= around.is_in(before, ";", ":", "—", "–", "--", "(", ")", "@quote")
    comma = around.is_in(before, ",")
    opens |= comma & around.is_in(every, "@conj", "@wh", "@subject", "said", "says")
    opens |= around.is_in(every, "because", "although", "though", "whereas", "unless", "if", "while", "that")
    opens |= around.is_in(every, "and", "but", "or") & around.is_in(after, "@subject")
    return _bounds(opens)


def _bounds(opens: Mask) -> tuple[Ints, Ints]:
    heads = np.flatnonzero(opens)
    stops = np.concatenate((heads[1:], [len(opens)]))
    unit = np.cumsum(opens) - 1
    return heads[unit], stops[unit]


def _phrase_end(around: Around, found: _Found) -> Ints:
    """End of the phrase a word opens: past numbers, adjectives and nouns, at most five tokens."""
    end = found.last.copy()
    going = np.ones(len(end), dtype=bool)
    for _ in range(5):
        at = around.step(end - 1, 1)
        stop = around.is_in(at, "@edge", "@conj", "@aux", "@pronoun", "@wh", "@prep") | (
            around.is_in(at, "@punct") & ~around.is_in(at, "$", "£", "€", "%", "-")
        )
        going &= ~stop
        end = end + going
    return end


def _trimmed(tokens: Tokens, first: Ints, last: Ints) -> tuple[Ints, Ints]:
    """Leave punctuation at either end outside."""
    mark = (tokens.shape >= PUNCT) & (tokens.shape <= QUOTE_STRAIGHT)
    for _ in range(3):
        last = last - ((last - first > 1) & mark[last - 1])
        first = first + ((last - first > 1) & mark[first])
    return first, last
