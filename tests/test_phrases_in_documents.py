"""What the rest of a document adds to a source phrase: labels before and after a name, those it is named with."""

from __future__ import annotations

import pytest

from test_sources import said

LABELLED = [
    ("Tide Quarrel Grows\n\nCNN President Adam Oll smiled. Oll said the tide was early.", "media"),
    ("Secretary of Tides Naomi Oll smiled. Oll said the tide was early.", "government_executive"),
    ("Rowers Association Director of Harbour Affairs Naomi Oll smiled. Oll said the tide was early.", "activist_ngo"),
    ("Naomi Oll’s stalled campaign moved on. Oll said the tide was early.", "party"),
    ("Three candidates, including Ruth Calder and Naomi Oll, rowed. Oll said the tide was early.", "party"),
    ("A Lowick rival like Naomi Oll rows. Oll said the tide was early.", "party"),
    ("62-year-old Naomi Oll rows. Oll said the tide was early.", "citizen"),
    ("Naomi Oll (D) rows. Oll said the tide was early.", "legislature"),
    ("Naomi Oll (the harbour board's lawyer) rows. Oll said the tide was early.", "judiciary"),
    ("Naomi Oll is listed as an attorney in Lowick. Oll said the tide was early.", "judiciary"),
    ("Naomi Oll, who was chief strategist for the Rokeby campaign, rows. Oll said the tide was early.", "party"),
    ("Naomi Oll, research and policy director of the Harbour Institute, rows. Oll said the tide was early.", "expert"),
    ("Naomi Oll now hosts the Lowick Radio show. Oll said the tide was early.", "media"),
    ("Marsh Rowers Commission (MRC) head Oll Fu-mei rows. Oll said the tide was early.", "government_executive"),
    (
        "The visit of Keldria's defense minister, Oll Fu-mei, ended. Oll said the tide was early.",
        "government_executive",
    ),
    ("Naomi Oll III, 36, was fined. Oll said the tide was early.", "citizen"),
    ("Oll filed a dissenting opinion. Oll said the tide was early.", "judiciary"),
    ("Reporters asked Press Secretary Naomi Oll about it. Oll said the tide was early.", "government_executive"),
    ("Former secretary of state Naomi Oll has a campaign. Oll said the tide was early.", "expert"),
    ("Naomi Oll of Lowick rows. Oll said the tide was early.", "unspecified"),
    ("Two rivals feared Naomi Oll. Oll said the tide was early.", "unspecified"),
]


@pytest.mark.parametrize(("text", "affiliation"), LABELLED, ids=[text[:40] for text, _ in LABELLED])
def test_a_surname_takes_the_label_that_stands_elsewhere(text: str, affiliation: str) -> None:
    assert said(text, ("Oll", "said", "the tide was early")).loc[0, "affiliation"] == affiliation


def test_a_spokesman_takes_the_side_of_somebody_who_is_no_source() -> None:
    text = "Gov. Naomi Feld was late. Danny Kerr, Feld's spokesman, said it was traffic."
    typed = said(text, ("Danny Kerr, Feld's spokesman,", "said", "it was traffic"))
    assert typed.loc[0, ["name", "affiliation"]].tolist() == ["Danny Kerr", "government_executive"]


def test_a_spokesman_of_nobody_known_stays_open() -> None:
    text = "Danny Kerr, Feld's spokesman, said it was traffic."
    assert (
        said(text, ("Danny Kerr, Feld's spokesman,", "said", "it was traffic")).loc[0, "affiliation"] == "unspecified"
    )


def test_a_surname_in_capitals_that_gives_an_opinion_is_a_judge() -> None:
    text = "CALDER filed a dissenting opinion, in which OLL joined."
    typed = said(text, ("CALDER", "filed", "a dissenting opinion"))
    assert typed.loc[0, ["identification", "affiliation"]].tolist() == ["named_person", "judiciary"]


def test_members_and_the_group_are_of_the_body_last_spoken_of() -> None:
    text = "The Marsh Wardens Association said no. Many members said yes. The group said it was split."
    typed = said(
        text,
        ("The Marsh Wardens Association", "said", "no"),
        ("Many members", "said", "yes"),
        ("The group", "said", "it was split"),
    )
    assert set(typed["affiliation"]) == {"activist_ngo"}


def test_members_of_nothing_spoken_of_stay_open() -> None:
    assert said("Many members said yes.", ("Many members", "said", "yes")).loc[0, "affiliation"] == "unspecified"


def test_he_is_the_one_person_a_clause_tells_of_whatever_the_name() -> None:
    text = "It failed. Keldria's special envoy, Yasuko Tedimo, who called for calm, came back. He complained about it."
    typed = said(text, ("He", "complained", "about it"))
    assert typed.loc[0, ["name", "affiliation"]].tolist() == ["Yasuko Tedimo", "diplomat"]


def test_they_are_the_people_who_open_the_sentence_before() -> None:
    text = "Three naval officers went ashore on Monday. On Tuesday they claimed the chart was wrong."
    typed = said(text, ("they", "claimed", "the chart was wrong"))
    assert typed.loc[0, ["identification", "affiliation"]].tolist() == ["anonymous_group", "military"]


def test_they_are_nobody_whom_a_sentence_only_ends_with() -> None:
    text = "Feld saw his officers on Monday. On Tuesday they claimed the chart was wrong."
    assert said(text, ("they", "claimed", "the chart was wrong")).loc[0, "affiliation"] == "unspecified"
