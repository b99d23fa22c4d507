"""Layout, tokens and sentences: golden cases, and what must hold for any text."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import documents
from discourse import tables
from discourse.layout import Page, layout
from discourse.sentences import Tokens, sentences


def whole(page: Page) -> pd.DataFrame:
    """One passage a document."""
    ends = (page.doc_end - page.doc_start).tolist()
    return pd.DataFrame(
        {"doc_id": page.doc_id, "passage_id": [f"{d}#p0001" for d in page.doc_id], "start": 0, "end": ends}
    )


def cut(*texts: str) -> tuple[Tokens, pd.DataFrame]:
    page = layout(documents(*texts))
    return sentences(page, whole(page))


def words(text: str) -> list[str]:
    tokens, _ = cut(text)
    return [tokens.surface(i, i + 1) for i in range(len(tokens))]


def split(text: str) -> list[str]:
    _, frame = cut(text)
    return [text[a:b] for a, b in zip(frame["start"], frame["end"], strict=True)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It's what they don't say.", ["It", "'s", "what", "they", "do", "n't", "say", "."]),
        ("The U.S. envoy’s house", ["The", "U.S.", "envoy", "’s", "house"]),
        ("3,000 men, 4.5 per cent", ["3,000", "men", ",", "4.5", "per", "cent"]),
        ("well-known -- but...", ["well-known", "--", "but", "..."]),
        ("''So be it,'' he said", ["''", "So", "be", "it", ",", "''", "he", "said"]),
        ("at harbourpost.example now", ["at", "harbourpost.example", "now"]),
        ("$40m (about €36m)", ["$", "40m", "(", "about", "€", "36m", ")"]),
        ("no\u00adbody", ["no\u00adbody"]),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    "expected",
    [
        ["Mr. Dane met Gen. Orlo at 9 p.m. on Friday.", "She left."],
        ["He came from the U.S. embassy.", "The talks failed."],
        ["They met at 5 p.m.", "She was late."],
        ["J. R. Vale wrote it.", "Nobody read it!", "Why?"],
        ["“We are ready.”", "The mayor smiled."],
        ["“Are you ready?” he asked.", "“No.”"],
        ["He waited … and waited.", "Nothing came."],
        ["The fee (3.5 per cent.) was high.", "“Too high,” said Ms. Orr, of Orr Inc. in Dunmere."],
    ],
)
def test_sentences(expected: list[str]) -> None:
    assert split(" ".join(expected)) == expected


def test_a_sentence_never_crosses_a_paragraph() -> None:
    assert split("A headline without a stop\n\nThe story begins.") == ["A headline without a stop", "The story begins."]


def paragraphs(text: str) -> list[str]:
    page = layout(documents(text))
    return [page.text[a:b] for a, b in zip(page.par_start, page.par_end, strict=True)]


def test_single_line_breaks_end_paragraphs_unless_the_text_is_wrapped() -> None:
    assert len(paragraphs("One paragraph.\nAnother one.\nA third.")) == 3
    wrapped = "  The envoy said that the\ntalks had gone on until\nlate and would resume.\n  The port was\nquiet."
    assert len(paragraphs(wrapped)) == 2


def test_windows_line_ends_are_no_blank_lines() -> None:
    wrapped = "The envoy said that\r\nthe talks had gone\r\non until late."
    assert paragraphs(wrapped) == [wrapped]


def quoted(text: str) -> list[str]:
    tokens, _ = cut(text)
    inside: dict[int, list[int]] = {}
    for i, number in enumerate(tokens.quote.tolist()):
        if number:
            inside.setdefault(number, []).append(i)
    return [tokens.surface(span[0], span[-1] + 1) for span in inside.values()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('He said "no" and "never".', ['"no"', '"never"']),
        ("‘We wait,’ she said. ‘It’s late.’", ["‘We wait,’", "‘It’s late.’"]),
        ("“He told me ‘go’ twice,” she said.", ["“He told me ‘go’ twice,”"]),
        ("«Non», dit-il.", ["«Non»"]),
        ("The officials’ homes and the '90s.", []),
        ("“One.\n\n“Two.\n\n“Three.” End.", ["“One.\n\n“Two.\n\n“Three.”"]),
        ("“Never closed. It runs on.\n\nA new paragraph.", ["“Never closed. It runs on."]),
        ("A stray ” mark.", []),
    ],
)
def test_quotations_pair(text: str, expected: list[str]) -> None:
    assert quoted(text) == expected


HOSTILE = st.text(
    alphabet=st.one_of(
        st.sampled_from("\"“”‘’'«».,!? \n\r\t-()[]aAbZ09éİ\u00ad\u200b\u202e\u0301漢😀"), st.characters(codec="utf-8")
    ),
    max_size=200,
)


@given(st.lists(HOSTILE, max_size=4))
def test_any_text_is_covered_by_tokens_and_sentences(texts: list[str]) -> None:
    frame = documents(*texts)
    page = layout(frame)
    tokens, found = sentences(page, whole(page))
    covered = set()
    for start, end in zip(tokens.start.tolist(), tokens.end.tolist(), strict=True):
        assert start < end
        covered.update(range(start, end))
    hidden = {chr(code) for code in tables.INVISIBLE}
    assert all(i in covered or page.text[i].isspace() or page.text[i] in hidden for i in range(len(page.text)))
    tables.check("sentences", found, dict(zip(frame["doc_id"], frame["text"], strict=True)))
    assert int(tokens.n_words.sum()) == int(found["n_words"].sum()) == sum(map(tables.count_words, texts))


@given(st.lists(HOSTILE, min_size=2, max_size=4))
def test_a_document_reads_the_same_in_any_batch(texts: list[str]) -> None:
    _, together = cut(*texts)
    apart = [cut(text)[1] for text in texts]
    assert together[["start", "end", "n_words"]].to_numpy().tolist() == [
        row for frame in apart for row in frame[["start", "end", "n_words"]].to_numpy().tolist()
    ]
