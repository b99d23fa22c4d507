"""Mentions: what is read as an outlet, as which one, and what the outlet is doing there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import discourse as dc
from discourse import gazetteer as gz
from discourse import tables
from discourse.layout import layout
from discourse.outlets import outlets
from discourse.passages import passages
from discourse.sentences import sentences
from test_outlets_gazetteer import mentions

OWN = pd.DataFrame(
    {
        "outlet": ["The Kelp Courier", "Grebe Radio", "The Skerry Post"],
        "aliases": ["the Courier", "", "the Post"],
        "country": ["Halvane", "Halvane", "Ardessa"],
        "medium": ["newspaper", "broadcast", "newspaper"],
        "ambiguity": ["high", "low", "high"],
    }
)


def named(text: str, gazetteer: pd.DataFrame | None = None, **columns: list[str]) -> list[tuple[str, str | None]]:
    found = mentions([text], gazetteer, **columns)
    found = found[~found["generic"]]
    return [(s, o if isinstance(o, str) else None) for s, o in zip(found["surface"], found["outlet"], strict=True)]


def role(text: str, surface: str) -> str:
    found = mentions([text])
    return str(found.loc[found["surface"] == surface, "role"].iloc[0])


@pytest.mark.parametrize(
    "text",
    [
        "Time heals, and people say the news is bad.",
        "The independent senator met the guardian of the orphan at the border post.",
        "It rose like the Sun over the Atlantic, and the nation slept.",
        "He left the Post Office and drove to Times Square.",
        "Mr. Fox said the den was empty. Vicente Fox nodded.",
        "The International Harbour Authority (IHA) met the Pilots Association (PA) again.",
        "An Australian minister and a New Yorker met a Hindu priest.",
        "She was a Republican nominee in the State of the Union address.",
        "They marched to the Hill at dawn.",
        "Write to me at tips@nytimes.com today.",
        "The KSM group, said WMDs were hidden by the KMM.",
        "I read it to Malcolm X and then we slept.",
        "Today the ferry is late; This Week it was early.",
    ],
)
def test_everyday_words_are_no_outlets(text: str) -> None:
    assert named(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Washington Post's editor told the BBC.", [("Washington Post", "The Washington Post"), ("BBC", "BBC")]),
        ("THE NEW YORK TIMES reported it.", [("NEW YORK TIMES", "The New York Times")]),
        (
            "A Washington Post-ABC News poll is out.",
            [("Washington Post", "The Washington Post"), ("ABC News", "ABC News")],
        ),
        ("See http://www.nytimes.com/2004/ for more.", [("www.nytimes.com", "The New York Times")]),
        ("The mayor told WQXZ-TV that he was sorry.", [("WQXZ-TV", "WQXZ-TV")]),
        ("The Kettle Falls Gazette reported a flood.", [("Kettle Falls Gazette", "Kettle Falls Gazette")]),
        ("BERGEN (AP) - The boat sank.", [("AP", "Associated Press")]),
        ("A letter to The Sun was never answered.", [("Sun", "The Sun")]),
        ("In Lagos the Guardian reported the fire.", [("Guardian", "The Guardian (Nigeria)")]),
        ("The Guardian reported the fire.", [("Guardian", "The Guardian")]),
        ("Taipei, Sept. 26 (CNA) -- The bridge opened.", [("CNA", "Central News Agency (Taiwan)")]),
        ("The Times reported the fire.", [("Times", None)]),
    ],
)
def test_names_are_read_as_the_outlet_they_are(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert named(text) == expected


def test_a_short_form_goes_to_the_one_outlet_named_in_full_before() -> None:
    text = "The Denver Post mapped the wells. The Post says forty are dry. It asked The Seattle Times."
    assert named(text) == [
        ("Denver Post", "The Denver Post"),
        ("Post", "The Denver Post"),
        ("Seattle Times", "The Seattle Times"),
    ]


def test_between_two_full_names_the_short_form_stays_open_with_both_as_candidates() -> None:
    found = mentions(["The Denver Post and The Jerusalem Post differ. The Post reported nine wells."])
    last = found.iloc[-1]
    assert last["surface"] == "Post"
    assert pd.isna(last["outlet"])
    assert set(last["candidates"].split("; ")) == {"The Denver Post", "The Jerusalem Post"}
    assert last["rule"].startswith("short form: open")


def test_the_documents_own_outlet_and_its_country_decide_before_places_do() -> None:
    text = "A fisherman told the Times that the nets were empty."
    assert named(text, outlet=["Los Angeles Times"]) == [("Times", "Los Angeles Times")]
    assert named(text, url=["https://www.seattletimes.com/fish"]) == [("Times", "The Seattle Times")]
    assert named("The Nation reported it.", outlet=["Dawn"]) == [("Nation", "The Nation (Pakistan)")]


def test_a_corpus_overrides_the_shipped_list() -> None:
    text = "The Kelp Courier broke the story. A cook told the Post and Grebe Radio."
    assert [outlet for _, outlet in named(text, OWN)] == ["The Kelp Courier", "The Skerry Post", "Grebe Radio"]
    mine = pd.DataFrame({"outlet": ["Reuters"], "country": ["Halvane"], "medium": ["blog"]})
    found = mentions(["A pilot told Reuters."], mine)
    assert found[["country", "medium"]].to_numpy().tolist() == [["Halvane", "blog"]]


def test_spans_leave_out_article_possessive_and_what_follows() -> None:
    found = named("The Guardian newspaper reported it, and the BBC’s keeper told the Economist's reader.")
    assert found == [("Guardian", "The Guardian"), ("BBC", "BBC"), ("Economist", "The Economist")]


@pytest.mark.parametrize(
    ("text", "surface", "expected"),
    [
        ("The Toronto Star reports:\n\n“The dam is dry,” said its keeper at dawn.", "Toronto Star", "origin"),
        ("The dam is dry, the Toronto Star reported on Friday.", "Toronto Star", "claim_source"),
        ("According to Reuters, the dam is dry.", "Reuters", "claim_source"),
        ("A memo obtained by Reuters says the dam is dry.", "Reuters", "claim_source"),
        ("A CNN poll found the mayor ahead.", "CNN", "claim_source"),
        ("The dam is dry. Reuters also reported a leak.", "Reuters", "corroboration"),
        ("Here is the follow-up from Reuters on the dam.", "Reuters", "corroboration"),
        ("The keeper told Reuters that the dam was dry.", "Reuters", "place"),
        ("The keeper wept on CNN over the dam.", "CNN", "place"),
        ("Her op-ed in the Toronto Star blamed the keeper.", "Toronto Star", "place"),
        ("She is a reporter for the Toronto Star and likes dams.", "Toronto Star", "employer"),
        ("CNN’s Abel Marsh met the keeper.", "CNN", "employer"),
        ("Abel Marsh of the Toronto Star met the keeper.", "Toronto Star", "employer"),
        ("If I were CNN I would hire the keeper.", "CNN", "hypothetical"),
        ("It would have been wiser to leak it to the Toronto Star.", "Toronto Star", "hypothetical"),
        ("OSLO (Reuters) - The dam is dry, its keeper said.", "Reuters", "furniture"),
        ("The dam is dry.\n\nReuters contributed to this report.", "Reuters", "furniture"),
        ("The council sued the Toronto Star over the dam.", "Toronto Star", "actor"),
        ("The council sued Reuters, the BBC and CNN.", "BBC", "actor"),
        ("The keeper told Reuters, the BBC and CNN.", "CNN", "place"),
    ],
)
def test_roles(text: str, surface: str, expected: str) -> None:
    assert role(text, surface) == expected


def test_descriptors_and_platforms_are_kinds_of_their_own() -> None:
    found = mentions(["State television denied it, and a keeper said so on Twitter."])
    assert found["generic"].tolist() == [True, False]
    assert found["platform"].tolist() == [False, True]
    assert found["outlet"].isna().tolist() == [True, False]


def test_every_row_says_how_it_was_matched_and_how_its_role_was_set(starter_marks: Any) -> None:
    rules = starter_marks.outlets["rule"].str.split(" | ", regex=False)
    assert (rules.str.len() == 2).all()
    assert (rules.str[0].str.len() > 0).all()
    assert (rules.str[1].str.len() > 0).all()


_PIECES = st.sampled_from(
    "The Times|Reuters|(AP) -|told|CNN|the Post|reported|:|\n\n|“|”|WHDH-TV|I|http://www.bbc.co.uk/x|"
    "Washington Post-ABC|said|this report|@|’s|.|-|\u200b|Sun|Mr.|by|(|)".split("|")
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(st.text(max_size=30), st.lists(_PIECES, max_size=12).map(" ".join)), min_size=1, max_size=4))
def test_any_text_gives_a_table_whose_offsets_hold(texts: list[str]) -> None:
    documents = pd.DataFrame({"doc_id": [f"d{n}" for n in range(len(texts))], "text": texts})
    page = layout(documents)
    passed = passages(documents, page)
    tokens, sentenced = sentences(page, passed)
    found = outlets(documents, tokens, sentenced, passed, tables.frame("attributions"))
    tables.check("outlets", found, dict(zip(documents["doc_id"], texts, strict=True)))
    ends = found.groupby("doc_id")["end"].shift(fill_value=0)
    assert (found["start"] >= ends).all()


@settings(max_examples=10, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.text(min_size=1, max_size=12).filter(str.strip), st.text(max_size=12), st.sampled_from(gz.AMBIGUITY)
        ),
        min_size=1,
        max_size=5,
    )
)
def test_any_name_can_be_a_corpus_outlet(rows: list[tuple[str, str, str]]) -> None:
    own = pd.DataFrame(rows, columns=["outlet", "aliases", "ambiguity"])
    text = " ".join(f"He told the newspaper {name} of it." for name, _, _ in rows)
    found = mentions([text], own)
    tables.check("outlets", found, {"d0000": text})


def test_results_do_not_depend_on_the_batch() -> None:
    texts = ["The Denver Post reported it.", "The Post reported it.", "He told the Sun in Baltimore."]
    together = mentions(texts)[["doc_id", "start", "surface", "outlet", "role", "candidates", "rule"]]
    for number, text in enumerate(texts):
        alone = mentions([text]).assign(doc_id=f"d{number:04d}")[together.columns]
        pd.testing.assert_frame_equal(together[together["doc_id"] == f"d{number:04d}"].reset_index(drop=True), alone)


SAMPLE = json.loads((Path(__file__).parent / "data" / "outlet_sample.json").read_text(encoding="utf-8"))["mentions"]


@pytest.fixture(scope="module")
def found_in_gold(gold: Any) -> dict[tuple[str, str, int, int], str | None]:
    """(set, document, start, end) -> outlet, for the documents of the sample."""
    found = {}
    for name in {entry["set"] for entry in SAMPLE}:
        wanted = {entry["doc_id"] for entry in SAMPLE if entry["set"] == name}
        rows = [row for row in gold(name) if row["doc_id"] in wanted]
        documents = pd.DataFrame({"doc_id": [row["doc_id"] for row in rows], "text": [row["text"] for row in rows]})
        marks = dc.annotate(documents, progress=False).outlets
        for row in marks[~marks["generic"]].itertuples():
            found[(name, row.doc_id, row.start, row.end)] = row.outlet if isinstance(row.outlet, str) else None
    return found


@pytest.mark.parametrize("right", [True, False])
def test_mentions_judged_right_are_found_and_those_judged_wrong_are_not(
    right: bool, found_in_gold: dict[tuple[str, str, int, int], str | None]
) -> None:
    """Judged by a language model from the codebook; see the file."""
    judged = [entry for entry in SAMPLE if entry["right"] is right]
    keys = [(entry["set"], entry["doc_id"], entry["start"], entry["end"]) for entry in judged]
    if right:
        lost = [key for key, entry in zip(keys, judged, strict=True) if found_in_gold.get(key, "-") != entry["outlet"]]
        assert lost == [key for key, entry in zip(keys, judged, strict=True) if "lost" in entry]
    else:
        assert not [key for key in keys if key in found_in_gold]


def test_precision_in_the_sample_holds_in_every_class_of_ambiguity() -> None:
    assert len(SAMPLE) == 200
    table = pd.DataFrame(SAMPLE).groupby("ambiguity")["right"].agg(["mean", "size"])
    assert (table.loc[table["size"] >= 20, "mean"] >= 0.95).all()
    assert pd.DataFrame(SAMPLE)["right"].mean() >= 0.95
