"""Passages: whose block of text is it, from markup and from the text; own texts about an invented harbour."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import documents
from discourse import tables
from discourse.layout import layout
from discourse.passages import origins, passages, sentence_starts

CASES = json.loads((Path(__file__).parent / "data" / "passage_cases.json").read_text(encoding="utf-8"))

POST = (Path(__file__).parent / "data" / "harbour_post.txt").read_text(encoding="utf-8")


def cut(*texts: str, blocks: pd.DataFrame | None = None, **columns: Any) -> pd.DataFrame:
    frame = documents(*texts).assign(**columns)
    return passages(frame, layout(frame), blocks)


def kinds(text: str, **columns: Any) -> list[tuple[str, str]]:
    made = cut(text, **columns)
    return [(row.kind, text[row.start : row.end]) for row in made.itertuples()]


def test_a_post_comes_apart_into_its_voices() -> None:
    found = kinds(POST)
    assert [kind for kind, _ in found] == [
        "title", "deck", "deck", "lead_in", "quoted_article", "commentary", "list_item", "list_item", "commentary",
        "lead_in", "quoted_article", "commentary", "update", "interjection", "interjection", "update", "bio", "promo",
    ]  # fmt: skip
    assert found[9][1] == "From the Ferrow Journal:"
    assert found[13][1].endswith("–ed.")


def test_repeated_ledes_point_to_the_last_complete_copy_and_are_not_counted() -> None:
    made = cut(POST)
    lead = made.loc[made["kind"] == "lead_in", "passage_id"].iloc[0]
    decks = made[made["kind"] == "deck"]
    assert decks["duplicate_of"].tolist() == [lead, lead]
    assert not decks["counted"].any()
    assert made.loc[made["kind"].isin(["bio", "promo"]), "counted"].eq(False).all()


def test_a_refrain_in_the_body_is_no_copy() -> None:
    line = "And still the tide came in, and still nobody moved the chairs."
    text = "\n".join(
        ["The chairs", *(f"Paragraph {n} of a long complaint about the chairs.\n{line}" for n in range(12))]
    )
    assert cut(text)["duplicate_of"].notna().sum() <= 4


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_golden_cases(case: dict[str, Any]) -> None:
    found = [list(pair) for pair in kinds(case["text"])]
    if case.get("known_failure"):
        pytest.xfail(case["known_failure"])
    for wanted in case["found"]:
        assert wanted in found, found


def test_origins_point_at_the_lead_in_and_at_the_sentence_before() -> None:
    made = cut(POST)
    where = origins(documents(POST), made)
    first = where.iloc[0]
    assert POST[first["lead_start"] : first["lead_end"]] == "The Lowick Times has a scoop on the lost ferry:"
    assert first["before_start"] == -1
    second = where.iloc[1]
    assert POST[second["before_start"] : second["before_end"]] == "And it isn't only the Times."


def test_markup_decides_where_there_is_some() -> None:
    text = "I read this today.\nThe pier is closed.\nSo that is that."
    at = text.index("The pier")
    blocks = pd.DataFrame(
        [
            ("d0", 0, 18, "paragraph", 0),
            ("d0", at, at + 19, "blockquote", 1),
            ("d0", at + 20, len(text), "paragraph", 0),
        ],
        columns=["doc_id", "start", "end", "kind", "level"],
    )
    made = cut(text, blocks=blocks)
    assert made["kind"].tolist() == ["commentary", "quoted_article", "commentary"]
    assert made.loc[1, "confidence"] > 0.9


def test_the_markers_of_markdown_stay_with_their_blocks() -> None:
    text = (
        "# The pier\n\nThe Times has this:\n\n> It fell in, officials said.\n\nSo it did.\n\n"
        "1. It was old.\n2. It was wet.\n"
    )
    made = cut(text, blocks=blocks(text))
    found = [(row.kind, text[row.start : row.end]) for row in made.itertuples()]
    assert found == [
        ("title", "# The pier"),
        ("lead_in", "The Times has this:"),
        ("quoted_article", "> It fell in, officials said."),
        ("commentary", "So it did."),
        ("list_item", "1. It was old."),
        ("list_item", "2. It was wet."),
    ]


def blocks(text: str) -> pd.DataFrame:
    """Blocks as a reader gives them: the offsets leave the markers out."""
    wanted = [("The pier", "heading"), ("It fell in, officials said.", "blockquote"), ("It was old.", "list_item")]
    rows = [
        (text.index(part), text.index(part) + len(part), kind) for part, kind in [*wanted, ("It was wet.", "list_item")]
    ]
    return pd.DataFrame([{"doc_id": "d0", "start": a, "end": b, "kind": kind, "level": 1} for a, b, kind in rows])


def test_a_news_article_is_title_and_own_prose() -> None:
    text = (
        "Ferry line told of leak\n\nBy Naomi Feld\n\nLOWICK (TNA) — Engineers warned the Maren Line of a leak.\n\n"
        '"We said so three times," said Adam Oll, an engineer.\n\nThe line said the ship was sound.\n\n'
        "Copyright 2013 Transmarine News Agency"
    )
    assert [kind for kind, _ in kinds(text, title="Ferry line told of leak")] == [
        "title",
        "promo",
        "commentary",
        "promo",
    ]


def test_sentences_do_not_end_after_titles_and_initials() -> None:
    text = "Gen. R. Calder left. The U.S. stayed."
    assert [text[start:][:3] for start in sentence_starts(text)] == ["Gen", "The"]


def test_what_follows_a_weak_hand_over_is_doubted() -> None:
    made = cut(
        "Some of it I doubt, and Pelham does too, in part:\nThe pier leans. It has leant since the war.\nI am done."
    )
    quoted = made[made["kind"] == "quoted_article"]
    assert (quoted["confidence"] < 0.8).all()


def check_cover(text: str, made: pd.DataFrame) -> None:
    mask = bytearray(len(text))
    for start, end in zip(made["start"], made["end"], strict=True):
        assert not any(mask[start:end])
        mask[start:end] = b"\1" * (end - start)
    assert all(covered or char.isspace() for covered, char in zip(mask, text, strict=True))
    assert made["start"].is_monotonic_increasing


PIECES = st.sampled_from(
    'UPDATE: |[so?–ed. no]|“|”|"|\n|\n\n|Here’s the key graf:|1) | 2) |By A. Oll|…|...|More from the Post|'
    "The Post reports:|he said. |I don't. |> |* |(emphasis added)|LOWICK (AP) — |\u2028|\r\n|"
    "The same line of seven words or more.|Ana Bo is a professor at X.|\nBy Ana Bo\n|"
    "He wrote this in May: |Lowick Times: |ANA BO (Clerk): ".split("|")
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=25).map("".join))
def test_any_text_is_covered_once(text: str) -> None:
    frame = documents(text, "A second document.")
    made = passages(frame, layout(frame), None)
    tables.check("passages", made, dict(zip(frame["doc_id"], frame["text"], strict=True)))
    check_cover(text, made[made["doc_id"] == "d0"])
    origins(frame, made)


def test_a_text_that_repeats_one_line_is_cut_in_time() -> None:
    made = cut("The same line of many words for ever.\n" * 60)
    known = set(made["passage_id"])
    assert set(made["duplicate_of"].dropna()) <= known
    assert (made["passage_id"] != made["duplicate_of"]).all()


def test_the_same_text_gives_the_same_passages_in_any_batch() -> None:
    alone = cut(POST)
    together = cut("Another text.", POST)
    other = together[together["doc_id"] == "d1"]
    assert alone[["start", "end", "kind"]].values.tolist() == other[["start", "end", "kind"]].values.tolist()


def test_the_weblogs_are_covered(shared: Path) -> None:
    files = sorted((shared / "real" / "weblogs").glob("*.txt"))
    frame = documents(*(path.read_text(encoding="utf-8") for path in files))
    made = passages(frame, layout(frame), None)
    for doc_id, text in zip(frame["doc_id"], frame["text"], strict=True):
        check_cover(text, made[made["doc_id"] == doc_id])
