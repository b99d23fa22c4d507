"""Lexicons: CSV files of entries with examples, and matching of their patterns on token arrays.

A lexicon is a table, one row per entry; what each file holds is told in data/SOURCES.md. `Matcher` compiles patterns
to one trie over word classes and walks it from all tokens of a batch at once, so the cost hardly grows with the
number of patterns. It reports every overlapping hit; `longest` then keeps the leftmost longest ones. (Filtering
after a leftmost-longest search loses hits: a longer one that is refused later swallows a good one.)
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import product
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from discourse.errors import LexiconError
from discourse.layout import layout
from discourse.sentences import NUMBER, Tokens, is_word, sentences
from discourse.tables import INVISIBLE

Ints = npt.NDArray[np.int64]

COLUMNS = ("entry", "pos", "category", "strength", "example", "counterexample", "source", "note")

NUMBER_WORDS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion trillion "
    "hundreds thousands millions billions dozen dozens half quarter third".split()
)
IRREGULAR_PARTICIPLES = frozenset(
    "been known seen given taken made done said told found held kept left lost meant met paid put read sent set shown "
    "shot struck thought understood written begun broken brought built bought caught chosen come cut drawn driven "
    "fallen felt fought flown forgotten frozen gone grown heard hidden hit hurt laid led let risen run sold "
    "shut sought spent spoken stolen sworn taught torn thrown won worn withdrawn born borne bound linked tied".split()
)
_IRREGULAR = {
    "be": "be am is are was were been being 's 're 'm",
    "have": "have has had having 've",
    "do": "do does did done doing",
    "say": "say says said saying",
    "tell": "tell tells told telling",
    "think": "think thinks thought thinking",
    "know": "know knows knew known knowing",
    "go": "go goes went gone going",
    "make": "make makes made making",
    "take": "take takes took taken taking",
    "give": "give gives gave given giving",
    "get": "get gets got gotten getting",
    "see": "see sees saw seen seeing",
    "find": "find finds found finding",
    "hold": "hold holds held holding",
    "keep": "keep keeps kept keeping",
    "leave": "leave leaves left leaving",
    "mean": "mean means meant meaning",
    "feel": "feel feels felt feeling",
    "hear": "hear hears heard hearing",
    "write": "write writes wrote written writing",
    "read": "read reads reading",
    "speak": "speak speaks spoke spoken speaking",
    "understand": "understand understands understood understanding",
    "show": "show shows showed shown showing",
    "put": "put puts putting",
    "run": "run runs ran running",
    "come": "come comes came coming",
    "become": "become becomes became becoming",
    "bet": "bet bets betting",
    "swear": "swear swears swore sworn swearing",
    "foresee": "foresee foresees foresaw foreseen foreseeing",
    "draw": "draw draws drew drawn drawing",
    "fall": "fall falls fell fallen falling",
    "rise": "rise rises rose risen rising",
    "lead": "lead leads led leading",
    "bring": "bring brings brought bringing",
    "seek": "seek seeks sought seeking",
    "cast": "cast casts casting",
    "let": "let lets letting",
    "set": "set sets setting",
    "deny": "deny denies denied denying",
}
_MOST_ALTERNATIVES = 4_000
_CLITICS = frozenset("'s 'd 'm 'll 're 've".split())
_INVISIBLE = "".join(map(chr, INVISIBLE))
_Cut = dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Hits:
    """Matches as arrays in text order: tokens first, …, last - 1, and the index of the pattern."""

    first: Ints
    last: Ints
    pattern: Ints

    def __len__(self) -> int:
        return len(self.first)

    def take(self, keep: npt.NDArray[np.bool_] | Ints) -> Hits:
        return Hits(self.first[keep], self.last[keep], self.pattern[keep])


def data_path(name: str) -> Path:
    """Path of a file shipped in discourse/data."""
    return Path(str(resources.files("discourse") / "data" / name))


def load(source: str | Path, required: Sequence[str] = ("entry",)) -> pd.DataFrame:
    """Read and validate a lexicon. One row per entry; all columns are strings but `strength` (float, may be null).

    Parameters
    ----------
    source : the name of a shipped lexicon ("hedges", "outlets", …), or the path of a CSV file with a header row
        (`entry, pos, category, strength, example, counterexample, source, note` and any further columns), or of a plain
        list with one entry a line (lines that begin with # are left out).
    required : columns that must be there and filled in.

    Raises
    ------
    LexiconError
        Naming file, row and column, and what to do, where the file or a row cannot be used.
    """
    path = Path(source)
    shipped = data_path(f"{source}.csv")
    if not path.exists() and shipped.exists():
        path = shipped
    if not path.is_file():
        raise LexiconError(
            f"no lexicon {str(source)!r}: give a CSV or list file, or one of {', '.join(shipped_names())}"
        )
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise LexiconError(f"{path}: not UTF-8 ({error.reason} at byte {error.start}); save it as UTF-8") from error
    header = next(csv.reader(lines[:1]), [])
    if "entry" not in [name.strip() for name in header]:
        return _plain(path, lines)
    return _rows(path, lines, required)


def shipped_names() -> list[str]:
    """Names of the lexicons in the package."""
    return sorted(path.stem for path in data_path("").glob("*.csv"))


def _plain(path: Path, lines: list[str]) -> pd.DataFrame:
    entries = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    if any("," in entry and len(entry) > 200 for entry in entries):
        raise LexiconError(f"{path}: line 1 is no header with a column 'entry'; add one, or give one entry a line")
    frame = pd.DataFrame({name: [""] * len(entries) for name in COLUMNS}).assign(entry=entries)
    return _finish(path, frame, list(range(1, len(entries) + 1)))


def _rows(path: Path, lines: list[str], required: Sequence[str]) -> pd.DataFrame:
    reader = csv.reader(lines)
    header = [name.strip() for name in next(reader)]
    for name in required:
        if name not in header:
            raise LexiconError(f"{path}: column {name!r} is missing; the columns are {', '.join(COLUMNS)}")
    rows, numbers = [], []
    for row in reader:
        if not row:
            continue
        if len(row) != len(header):
            raise LexiconError(
                f"{path}, row {reader.line_num}: {len(row)} cells, the header has {len(header)}; "
                "put cells that hold a comma in double quotes"
            )
        rows.append(row)
        numbers.append(reader.line_num)
    frame = pd.DataFrame(rows, columns=header, dtype="str")
    for name in required:
        empty = frame[name].str.strip() == ""
        if empty.any():
            raise LexiconError(f"{path}, row {numbers[int(empty.argmax())]}: {name!r} is empty; fill it in")
    for name in COLUMNS:
        if name not in frame:
            frame[name] = ""
    return _finish(path, frame, numbers)


def _finish(path: Path, frame: pd.DataFrame, numbers: list[int]) -> pd.DataFrame:
    frame = frame.assign(entry=frame["entry"].str.strip())
    strength = pd.to_numeric(frame["strength"].replace("", None), errors="coerce")
    bad = (frame["strength"].str.strip() != "") & ~strength.between(0, 1)
    if bad.any():
        row = int(bad.argmax())
        raise LexiconError(
            f"{path}, row {numbers[row]}: strength {frame['strength'].iloc[row]!r} is no number from 0 to 1; mend it"
        )
    return frame.assign(strength=strength.astype("float64")).reset_index(drop=True)


class Matcher:
    """Multi-word patterns compiled to one trie, kept as arrays and matched on token ids.

    A pattern is a run of slots separated by spaces. A slot is a word (as our tokenizer cuts it: "I'd" is two tokens);
    `a|b` alternatives; `(word)` an optional word; `{lemma:say}` any form of a verb; `{num}` a number in digits or
    words; `{participle}` an -ed or -en word or a listed irregular one; `{adj}`, `{any}` one word token; `{np}`,
    `{subject}`, `{source}` one to four word tokens. Matching never crosses a paragraph.

    Raises
    ------
    LexiconError
        For an empty pattern, an unknown slot, or one that stands for more than 4,000 word strings.
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        steps: dict[tuple[int, str], int] = {}
        ends: list[tuple[int, int]] = []
        cut = _cut(patterns)
        for number, pattern in enumerate(patterns):
            for slots in _alternatives(pattern, cut):
                state = 0
                for slot in slots:
                    state = steps.setdefault((state, slot), len(steps) + 1)
                ends.append((state, number))
        self._symbols = {symbol: code for code, symbol in enumerate({symbol for _, symbol in steps})}
        self._slots = [symbol for symbol in self._symbols if symbol.startswith("{")]
        keys = np.array([state * len(self._symbols) + self._symbols[symbol] for state, symbol in steps], dtype=np.int64)
        order = np.argsort(keys)
        self._keys, self._targets = keys[order], order + 1
        self._begin = np.full(len(self._symbols) + 1, -1, dtype=np.int64)  # the last is for words that are no symbol
        begin = self._keys < len(self._symbols)
        self._begin[self._keys[begin]] = self._targets[begin]
        state_of, self._out = np.array(sorted(ends), dtype=np.int64).reshape(-1, 2).T
        self._n_out = np.bincount(state_of, minlength=len(steps) + 1)
        self._first_out = np.cumsum(self._n_out) - self._n_out

    def find(self, tokens: Tokens) -> Hits:
        """All hits, overlapping ones too, ordered by first token, then longest first, then pattern."""
        n = len(tokens)
        if not n or not self._symbols:
            none = np.zeros(0, dtype=np.int64)
            return Hits(none, none, none)
        channels = self._channels(tokens)
        begun = [self._begin[channel] for channel in channels]
        spots = [np.flatnonzero(state >= 0) for state in begun]
        first = np.concatenate(spots)
        at, state = first + 1, np.concatenate([states[spot] for states, spot in zip(begun, spots, strict=True)])
        found: list[tuple[Ints, Ints, Ints]] = []
        while True:
            done = np.flatnonzero(self._n_out[state])
            found.append((first[done], at[done], state[done]))
            inside = (at < n) & (tokens.par[np.minimum(at, n - 1)] == tokens.par[first])
            first, at, state = first[inside], at[inside], state[inside]
            if not len(at):
                return self._hits(found)
            first, at, state = self._advance(channels, first, at, state)

    def _channels(self, tokens: Tokens) -> list[npt.NDArray[np.int32]]:
        """Symbol code of each token, -1 where it is none: one array for words, one a slot class."""
        words = tokens.lookup(self._symbols, -1)
        slots = []
        for slot in self._slots:
            slots.append(np.where(_in_class(slot, tokens), self._symbols[slot], -1).astype(np.int32))
        return [words, *slots]

    def _advance(
        self, channels: list[npt.NDArray[np.int32]], first: Ints, at: Ints, state: Ints
    ) -> tuple[Ints, Ints, Ints]:
        parts = []
        for channel in channels:
            symbol = channel[at]
            spot = np.flatnonzero(symbol >= 0)
            key = state[spot] * len(self._symbols) + symbol[spot]
            place = np.minimum(np.searchsorted(self._keys, key), len(self._keys) - 1)
            good = self._keys[place] == key
            spot = spot[good]
            parts.append((first[spot], at[spot] + 1, self._targets[place[good]]))
        joined = tuple(np.concatenate(arrays) for arrays in zip(*parts, strict=True))
        return joined[0], joined[1], joined[2]

    def _hits(self, found: list[tuple[Ints, Ints, Ints]]) -> Hits:
        first, last, state = (np.concatenate(arrays) for arrays in zip(*found, strict=True))
        repeat = self._n_out[state]
        first, last = np.repeat(first, repeat), np.repeat(last, repeat)
        before = np.cumsum(repeat) - repeat
        pattern = self._out[np.repeat(self._first_out[state] - before, repeat) + np.arange(len(first))]
        order = np.lexsort((pattern, -last, first))
        rows = np.stack((first, last, pattern))[:, order]
        if rows.shape[1]:
            new = np.concatenate(([True], (rows[:, 1:] != rows[:, :-1]).any(axis=0)))
            rows = rows[:, new]
        return Hits(rows[0], rows[1], rows[2])


def longest(hits: Hits) -> Hits:
    """The leftmost longest hits without overlaps (of equal hits the lowest pattern)."""
    keep, end = [], -1
    for row, (first, last) in enumerate(zip(hits.first.tolist(), hits.last.tolist(), strict=True)):
        if first >= end:
            keep.append(row)
            end = last
    return hits.take(np.array(keep, dtype=np.int64))


def tokenise(text: str) -> Tokens:
    """The tokens of one string, for looking at a single entry or sentence."""
    page = layout(pd.DataFrame({"doc_id": ["text"], "text": [text]}))
    whole = pd.DataFrame({"doc_id": ["text"], "passage_id": ["text#p0001"], "start": [0], "end": [len(text)]})
    return sentences(page, whole)[0]


def inflect(lemma: str) -> tuple[str, ...]:
    """Forms of a verb: listed irregular ones, else by the spelling rules of regular verbs."""
    if lemma in _IRREGULAR:
        return tuple(_IRREGULAR[lemma].split())
    if lemma.endswith("e"):
        stem = lemma[:-1]
        return lemma, f"{lemma}s", f"{lemma}d", f"{stem}ing"
    if lemma.endswith("y") and lemma[-2:-1] not in "aeiou":
        stem = lemma[:-1]
        return lemma, f"{stem}ies", f"{stem}ied", f"{lemma}ing"
    third = f"{lemma}es" if lemma.endswith(("s", "x", "z", "ch", "sh")) else f"{lemma}s"
    return lemma, third, f"{lemma}ed", f"{lemma}ing"


def _alternatives(pattern: str, cut: _Cut) -> list[tuple[str, ...]]:
    """Every string of symbols a pattern stands for."""
    slots = pattern.split()
    if not slots:
        raise LexiconError("an entry is empty; give at least one word")
    options = [_slot(slot, pattern, cut) for slot in slots]
    count = int(np.prod([len(option) for option in options], dtype=float))
    if count > _MOST_ALTERNATIVES:
        raise LexiconError(f"entry {pattern!r} stands for {count} word strings; split it into several entries")
    strings = [tuple(word for part in choice for word in part) for choice in product(*options)]
    if not all(strings):
        raise LexiconError(f"entry {pattern!r} has optional words only; make one of them required")
    return strings


def _slot(slot: str, pattern: str, cut: _Cut) -> list[tuple[str, ...]]:
    if slot.startswith("(") and slot.endswith(")") and len(slot) > 2:
        return [(), *_slot(slot[1:-1], pattern, cut)]
    if slot.startswith("{") and slot.endswith("}"):
        name = slot[1:-1]
        if name.startswith("lemma:"):
            return [cut.get(form, (form,)) for lemma in name[6:].split("|") for form in inflect(lemma)]
        if name in ("np", "subject", "source"):
            return [("{any}",) * n for n in range(1, 5)]
        if name in _CLASSES:
            return [(f"{{{name}}}",)]
        raise LexiconError(
            f"entry {pattern!r}: unknown slot {slot}; slots are {{{'}, {'.join(_CLASSES)}}}, {{lemma:…}}"
        )
    return [cut[word] for word in _words_of(slot)]


def _cut(patterns: Sequence[str]) -> _Cut:
    """Every distinct word of the patterns as our tokenizer cuts it: all in one page, one paragraph a word.

    A clitic ('d, 's) is a slot of its own: a token within "I'd", though not when it stands alone.
    """
    words = sorted({word for pattern in patterns for slot in pattern.split() for word in _words_of(slot)})
    clitics = [word for word in words if word in _CLITICS]
    words = [word for word in words if word not in _CLITICS]
    tokens = tokenise("\n\n".join(words))
    parts: dict[int, list[str]] = {}
    for paragraph, code in zip(tokens.par.tolist(), tokens.word.tolist(), strict=True):
        parts.setdefault(paragraph, []).append(tokens.vocabulary[code])
    whole = {word: tuple(parts[paragraph]) for paragraph, word in enumerate(words)}
    return whole | {word: (word,) for word in clitics}


def _words_of(slot: str) -> list[str]:
    if slot.startswith("(") and slot.endswith(")") and len(slot) > 2:
        return _words_of(slot[1:-1])
    return [] if slot.startswith("{") else [word for word in slot.split("|") if word.strip(_INVISIBLE)]


_CLASSES = ("num", "participle", "adj", "any", "np", "subject", "source")


def _in_class(slot: str, tokens: Tokens) -> npt.NDArray[np.bool_]:
    word = is_word(tokens.shape)
    if slot == "{num}":
        return np.asarray((tokens.shape == NUMBER) | tokens.isin(NUMBER_WORDS), dtype=bool)
    if slot == "{participle}":
        return np.asarray(tokens.map(_is_participle), dtype=bool)
    return np.asarray(word, dtype=bool)


def _is_participle(word: str) -> bool:
    return word in IRREGULAR_PARTICIPLES or (len(word) > 4 and word.endswith("ed"))
