"""Sources: every lexicon entry in its example, phrases read one by one, referents, terms of anonymity."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import documents
from discourse import lexicon, tables
from discourse.anonymity import closeness, stated
from discourse.authors import authors
from discourse.layout import layout
from discourse.nominals import gazetteer, singular
from discourse.passages import passages
from discourse.phrases import read_phrase
from discourse.sentences import sentences
from discourse.sources import sources

HEADS = lexicon.load("source_heads")
SECTORS = lexicon.load("sectors")
PHRASES = json.loads((Path(__file__).parent / "data" / "source_phrases.json").read_text(encoding="utf-8"))
SLOTTED = {"analyst at {bank}", "economist at {bank}", "one of the {group}", "commander of {group}", "it (expletive)"}
CLOSE = {
    "sources familiar with",
    "person familiar with",
    "people briefed on",
    "person with knowledge of",
    "someone close to",
}


def said(text: str, *found: tuple[str, str, str], **columns: Any) -> pd.DataFrame:
    """Sources of a text whose attributions are given as (source, cue, content) in text order."""
    frame = documents(text).assign(**columns)
    page = layout(frame)
    tokens, split = sentences(page, passages(frame, page, None))
    rows, at = [], 0
    for number, (source, cue, content) in enumerate(found, 1):
        row: dict[str, Any] = {
            "doc_id": "d0",
            "attribution_id": f"d0#a{number:04d}",
            "confidence": 1.0,
            "rule": "given",
        }
        row |= {
            "speech": "indirect",
            "stance": "neutral",
            "mode": "speech",
            "response": "none",
            "sentence_id": "d0#s0001",
        }
        for role, surface in (("source", source), ("cue", cue), ("content", content)):
            spot = text.index(surface, at) if surface else -1
            row |= {role: surface or None, f"{role}_start": spot, f"{role}_end": spot + len(surface) if surface else -1}
        at = max(at, row["source_start"], row["cue_start"])
        rows.append(row)
    made = tables.frame("attributions", pd.DataFrame(rows))
    typed = sources(frame, tokens, split, made, tables.frame("spans"))
    tables.check("sources", typed)
    return typed


@pytest.mark.parametrize("entry", list(HEADS.itertuples()), ids=lambda row: row.entry)
def test_every_head_is_found_and_typed_in_its_example(entry: Any) -> None:
    assert entry.phrase in entry.example
    if not entry.phrase:
        assert entry.identification == "none"
        return
    reading = read_phrase(entry.phrase)
    assert reading.affiliation == entry.category
    if entry.entry not in SLOTTED | CLOSE:
        key = " ".join(singular(word) for word in entry.entry.casefold().split())
        assert " ".join(singular(word) for word in reading.head.casefold().split()) == key


def test_a_false_friend_has_a_counterexample_it_is_not_found_in() -> None:
    friends = HEADS[HEADS["note"].str.contains("FF")]
    assert (friends["counter_phrase"] != "").all(), friends.loc[friends["counter_phrase"] == "", "entry"].tolist()
    for row in HEADS[HEADS["counter_phrase"] != ""].itertuples():
        reading = read_phrase(row.counter_phrase)
        assert row.counter_phrase in row.counterexample
        assert (reading.head, reading.affiliation) != (row.entry, row.category), row.entry


@pytest.mark.parametrize("entry", list(SECTORS.itertuples()), ids=lambda row: f"{row.pos}:{row.entry}")
def test_every_sector_word_is_typed_in_its_example(entry: Any) -> None:
    assert entry.entry in entry.example.casefold().replace(".", "") or entry.entry in entry.example.casefold()
    assert read_phrase(entry.example).affiliation == entry.category


def test_categories_are_the_codebooks() -> None:
    assert set(HEADS["category"]) <= set(tables.AFFILIATION)
    assert set(HEADS["identification"]) <= {"person", "role", "organisation", "document", "mass", "none"}
    assert HEADS["entry"].is_unique


@pytest.mark.parametrize("case", PHRASES, ids=lambda case: case["phrase"])
def test_phrases(case: dict[str, Any]) -> None:
    if "known_failure" in case:
        pytest.xfail(case["known_failure"])
    reading = read_phrase(case["phrase"])
    for name, value in case["read"].items():
        assert getattr(reading, name) == value, reading


def test_names_titles_descriptions_and_pronouns_are_one_referent() -> None:
    text = (
        "Gen. Ruth Calder, Halvane's army chief, said the ridge was lost. Calder said the road was cut. "
        "The general said help would come. She said it would be late."
    )
    typed = said(
        text,
        ("Gen. Ruth Calder, Halvane's army chief,", "said", "the ridge was lost"),
        ("Calder", "said", "the road was cut"),
        ("The general", "said", "help would come"),
        ("She", "said", "it would be late"),
    )
    assert len(set(typed["source_id"])) == 1
    assert set(typed["identification"]) == {"named_person"}
    assert set(typed["affiliation"]) == {"military"}
    assert set(typed["name"]) == {"Ruth Calder"}


def test_two_people_of_one_surname_are_two() -> None:
    text = "Adam Oll said no. Naomi Oll said yes. She said it twice. Mr. Oll said nothing more."
    typed = said(
        text,
        ("Adam Oll", "said", "no"),
        ("Naomi Oll", "said", "yes"),
        ("She", "said", "it twice"),
        ("Mr. Oll", "said", "nothing more"),
    )
    assert typed["source_id"].tolist() == ["d0#r01", "d0#r02", "d0#r02", "d0#r01"]


def test_the_label_of_a_person_is_read_where_the_text_gives_it() -> None:
    text = "Calder said the dyke would hold. The dyke was built by Ruth Calder, a professor of hydrology, in 1990."
    typed = said(text, ("Calder", "said", "the dyke would hold"))
    assert typed.loc[0, ["affiliation", "name"]].tolist() == ["expert", "Ruth Calder"]
    assert typed.loc[0, "rule"].startswith("fullest_mention")


def test_a_country_that_is_in_no_list_is_told_by_how_the_text_uses_it() -> None:
    text = "Keldria said the quays were open. The Keldrian spokesman smiled."
    typed = said(text, ("Keldria", "said", "the quays were open"))
    assert typed.loc[0, ["identification", "affiliation"]].tolist() == ["named_organisation", "government_executive"]


def test_a_surname_after_a_preposition_is_no_place() -> None:
    text = "Naomi Feld lost faith in Feld, and Feld said so."
    typed = said(text, ("Feld", "said", "so"))
    assert typed.loc[0, "identification"] == "named_person"


def test_an_indefinite_source_is_somebody_new_each_time() -> None:
    text = "A diplomat said the draft was thin. Another diplomat said it was thick. A diplomat said it was lost."
    typed = said(
        text,
        ("A diplomat", "said", "the draft was thin"),
        ("Another diplomat", "said", "it was thick"),
        ("A diplomat", "said", "it was lost"),
    )
    assert typed["source_id"].nunique() == 3
    assert set(typed["identification"]) == {"anonymous_individual"}


def test_one_of_the_officials_inherits_their_side() -> None:
    text = "Three intelligence officials said the code was old. One of the officials said it was broken."
    typed = said(
        text,
        ("Three intelligence officials", "said", "the code was old"),
        ("One of the officials", "said", "it was broken"),
    )
    assert typed["affiliation"].tolist() == ["intelligence", "intelligence"]
    assert typed["number"].tolist() == ["3", "1 of N"]
    assert typed["identification"].tolist() == ["anonymous_group", "anonymous_individual"]


def test_a_spokesman_set_beside_a_candidate_speaks_for_the_campaign() -> None:
    text = (
        "Naomi Feld's campaign was late. Naomi Feld said she was sorry. Feld spokesman Danny Kerr said it was traffic."
    )
    typed = said(text, ("Naomi Feld", "said", "she was sorry"), ("Feld spokesman Danny Kerr", "said", "it was traffic"))
    assert typed["affiliation"].tolist() == ["party", "party"]


def test_terms_of_anonymity_point_back_to_the_sources_they_are_about() -> None:
    text = (
        "Naomi Feld said nothing. Two engineers said the bow leaked. The engineers spoke on condition of anonymity "
        "because they feared for their jobs. A diplomat said it was sad, asking not to be named."
    )
    typed = said(
        text,
        ("Naomi Feld", "said", "nothing"),
        ("Two engineers", "said", "the bow leaked"),
        ("A diplomat", "said", "it was sad"),
    )
    assert typed["anonymity_terms"].isna().tolist() == [True, False, False]
    assert typed.loc[1, "anonymity_terms"] == "spoke on condition of anonymity"
    assert typed["anonymity_reason"].tolist()[1:] == ["substantive", "none"]


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("He spoke on condition of anonymity because he was not authorized to speak publicly.", "formula"),
        ("She asked not to be identified for fear of reprisals.", "substantive"),
        ("They requested anonymity to protect their clients.", "self_interest"),
        ("The aide, speaking on the condition that he not be named, shrugged.", "none"),
        ("The clerk declined to be identified.", "none"),
    ],
)
def test_reasons_for_anonymity(sentence: str, reason: str) -> None:
    assert [terms.reason for terms in stated(sentence)] == [reason]


@pytest.mark.parametrize(
    "sentence",
    ["The bridge was in poor condition.", "She was identified by her ring.", "The council authorised the sale.",
     "He declined to comment.", "The condition of the patient was stable."],
)  # fmt: skip
def test_no_terms_where_none_are_stated(sentence: str) -> None:
    assert not list(stated(sentence))


def test_closeness_is_kept_as_in_the_text() -> None:
    assert closeness("two people familiar with the sale") == "familiar with the sale"
    assert closeness("two people from Lowick") is None


def test_heads_of_a_corpus_come_on_top() -> None:
    mine = pd.DataFrame({"head": ["harbour insider"], "affiliation": ["business"], "identification": [""]})
    assert read_phrase("a harbour insider", gazetteer(mine)).affiliation == "business"
    assert read_phrase("a harbour insider").affiliation != "business"


def test_a_group_takes_the_side_of_those_it_is_drawn_from() -> None:
    text = "Three naval officers, each of whom denied it, sailed on Monday. Two of them said the chart was wrong."
    typed = said(text, ("each of whom", "denied", "it"), ("Two of them", "said", "the chart was wrong"))
    assert typed["affiliation"].tolist() == ["military", "military"]
    assert set(typed["identification"]) == {"anonymous_group"}


def test_a_word_cut_loose_is_no_source_and_no_name() -> None:
    text = "The reported gap is wide. The minister said the quay was shut."
    typed = said(text, ("The", "reported", "gap"), ("The minister", "said", "the quay was shut"))
    assert typed.loc[0, "identification"] == "unattributed"
    assert typed.loc[0, ["source_id", "name"]].isna().all()


def test_initials_take_the_side_of_the_name_they_stand_for() -> None:
    text = "The Association of Marsh Wardens met in May. In a note the AMW said the reeds were dying."
    typed = said(text, ("the AMW", "said", "the reeds were dying"))
    assert typed.loc[0, ["identification", "affiliation"]].tolist() == ["named_organisation", "activist_ngo"]


def test_the_ministry_is_the_one_named_before_and_the_statement_its() -> None:
    text = (
        "The Ministry of Defence shut the strait. On Monday the ministry said mines were found. "
        "The statement said nothing of their origin."
    )
    typed = said(
        text, ("the ministry", "said", "mines were found"), ("The statement", "said", "nothing of their origin")
    )
    assert typed["affiliation"].tolist() == ["military", "military"]
    assert typed["identification"].tolist() == ["named_organisation", "named_organisation"]


def test_what_a_name_is_said_to_be_labels_its_bearer() -> None:
    text = "Rokeby said the tide was early. Ines Rokeby is a professor of hydrology at Lowick."
    assert said(text, ("Rokeby", "said", "the tide was early")).loc[0, "affiliation"] == "expert"


def test_the_outlets_of_a_corpus_are_media() -> None:
    mine = pd.DataFrame({"outlet": ["Tidewater"], "aliases": ["TW"]})
    assert read_phrase("Tidewater", gazetteer(outlets=mine)).affiliation == "media"
    assert read_phrase("TW", gazetteer(outlets=mine)).affiliation == "media"
    assert read_phrase("Tidewater").affiliation == "unspecified"


def test_i_is_the_author_the_byline_names() -> None:
    text = "By Ines Rokeby\n\nI think the lock should stay open. It has served the town for a hundred years."
    frame = documents(text)
    page = layout(frame)
    passed = passages(frame, page, None)
    assert authors(frame, passed) == ["Ines Rokeby"]


def test_no_attributions_give_an_empty_table() -> None:
    frame = documents("Nothing is said here.")
    page = layout(frame)
    tokens, split = sentences(page, passages(frame, page, None))
    none = tables.frame("attributions")
    assert not len(sources(frame, tokens, split, none, tables.frame("spans")))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_phrase_can_be_read(phrase: str) -> None:
    reading = read_phrase(phrase)
    assert reading.affiliation in tables.AFFILIATION
    assert reading.identification in tables.IDENTIFICATION


WORDS = st.sampled_from(
    "the a one of officials Gen. Oll 's , and who said to for Ministry spokesman U.S. He they ( ) — 44 percent".split()
)


@settings(max_examples=200, deadline=None)
@given(st.lists(WORDS, max_size=14).map(" ".join))
def test_any_run_of_source_words_can_be_read(phrase: str) -> None:
    assert read_phrase(phrase).affiliation in tables.AFFILIATION
