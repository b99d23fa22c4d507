"""Lexicon files are read or refused by name; patterns match what they say."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discourse import lexicon
from discourse.errors import LexiconError
from discourse.lexicon import Matcher, longest, tokenise


def found(patterns: list[str], text: str) -> list[tuple[str, str]]:
    tokens = tokenise(text)
    hits = Matcher(patterns).find(tokens)
    rows = zip(hits.first.tolist(), hits.last.tolist(), hits.pattern.tolist(), strict=True)
    return [(tokens.surface(first, last), patterns[pattern]) for first, last, pattern in rows]


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("may", "It May rain in maybe May.", ["May", "May"]),
        ("I'd say", "I’d say so; I’d not say so.", ["I’d say"]),
        ("about {num}", "about 3,000 men, about twelve, about it", ["about 3,000", "about twelve"]),
        ("{lemma:say}", "He says she said it, unsaid.", ["says", "said"]),
        ("{lemma:deny|reject}", "They denied it and reject it.", ["denied", "reject"]),
        ("a big|small (red) door", "a big door, a small red door, a red door", ["a big door", "a small red door"]),
        (
            "{lemma:be} {participle} to",
            "was said to be; were expected to; is fun to",
            ["was said to", "were expected to"],
        ),
        ("as soon as", "as soon\n\nas", []),
        ("U.S. official", "a U.S. official", ["U.S. official"]),
        ("well-known", "a well-known, well known man", ["well-known"]),
        ("some {any} say", "some here say; some say", ["some here say"]),
    ],
)
def test_patterns(pattern: str, text: str, expected: list[str]) -> None:
    assert [surface for surface, _ in found([pattern], text)] == expected


def test_overlapping_hits_are_all_found_and_the_longest_kept() -> None:
    patterns = ["york", "new york", "new york times", "times square"]
    tokens = tokenise("the New York Times Square story")
    hits = Matcher(patterns).find(tokens)
    assert len(hits) == 4
    assert [tokens.surface(a, b) for a, b in zip(longest(hits).first, longest(hits).last, strict=True)] == [
        "New York Times"
    ]


@pytest.mark.parametrize("pattern", ["", "{verb}", "(maybe)", " ".join(["a|b|c|d"] * 7)])
def test_a_pattern_that_cannot_be_matched_is_refused(pattern: str) -> None:
    with pytest.raises(LexiconError):
        Matcher([pattern])


@given(st.lists(st.text(alphabet="ab ’'.-", min_size=1, max_size=6).filter(str.strip), min_size=1, max_size=5))
def test_every_plain_pattern_matches_itself(patterns: list[str]) -> None:
    for pattern in patterns:
        assert any(found_in == pattern for _, found_in in found(patterns, " ".join(pattern.split())))


def write(folder: Path, text: str) -> Path:
    path = folder / "mine.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_plain_list_is_a_lexicon(tmp_path: Path) -> None:
    assert lexicon.load(write(tmp_path, "# my words\nperhaps\n\nin my view\n"))["entry"].tolist() == [
        "perhaps",
        "in my view",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("entry,strength\nmaybe,high\n", "row 2: strength 'high' is no number from 0 to 1"),
        ("entry,strength\nmaybe,0.5,x\n", "row 2: 3 cells, the header has 2"),
        ("entry,strength\n,0.5\n", "row 2: 'entry' is empty"),
    ],
)
def test_a_bad_row_is_refused_by_name(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(LexiconError, match=words):
        lexicon.load(write(tmp_path, text))


def test_a_missing_lexicon_names_the_shipped_ones() -> None:
    with pytest.raises(LexiconError, match="reporting_cues"):
        lexicon.load("nowhere")


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_bytes("entry\ncaf\xe9\n".encode("latin-1"))
    with pytest.raises(LexiconError, match="not UTF-8"):
        lexicon.load(path)
