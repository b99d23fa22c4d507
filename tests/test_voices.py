"""Voices: the tree of speakers, words that add up, and findings bound to whom they stand with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import documents
from discourse import tables
from discourse.layout import layout
from discourse.passages import passages
from discourse.sentences import sentences
from discourse.sources import sources
from discourse.voices import voices

POST = (Path(__file__).parent / "data" / "harbour_post.txt").read_text(encoding="utf-8")
ROLES = ("source", "cue", "content")


def attributed(text: str, *found: dict[str, Any]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Attributions and spans from surfaces; a content may be several surfaces, `parent` is a row number."""
    rows, spans = [], []
    for number, one in enumerate(found, 1):
        key = f"d0#a{number:04d}"
        row: dict[str, Any] = {"doc_id": "d0", "attribution_id": key, "sentence_id": None, "confidence": 1.0}
        row |= {"speech": "indirect", "stance": "neutral", "mode": "speech", "response": "none", "rule": "given"}
        row["parent_id"] = f"d0#a{one['parent']:04d}" if "parent" in one else None
        for role in ROLES:
            surfaces = one.get(role, [])
            ends = []
            for surface in [surfaces] if isinstance(surfaces, str) else surfaces:
                at = text.index(surface, one.get("after", 0))
                ends.append((at, at + len(surface)))
                spans.append((key, "d0", role, at, at + len(surface)))
            low, high = (min(ends)[0], max(ends)[1]) if ends else (-1, -1)
            row |= {role: text[low:high] if ends else None, f"{role}_start": low, f"{role}_end": high}
        rows.append(row)
    columns = ["attribution_id", "doc_id", "role", "start", "end"]
    return tables.frame("attributions", pd.DataFrame(rows)), tables.frame("spans", pd.DataFrame(spans, columns=columns))


def mentions(text: str, *found: tuple[str, str]) -> pd.DataFrame:
    """Outlet mentions from (surface, role)."""
    rows = []
    for number, (surface, role) in enumerate(found, 1):
        at = text.index(surface)
        row = {"doc_id": "d0", "sentence_id": None, "mention_id": f"d0#m{number:04d}", "start": at, "role": role}
        row |= {"end": at + len(surface), "surface": surface, "outlet": surface, "generic": False, "platform": False}
        rows.append(row | {"rule": "given"})
    return tables.frame("outlets", pd.DataFrame(rows) if rows else None)


def hedged(text: str, *surfaces: str) -> pd.DataFrame:
    rows = []
    for number, surface in enumerate(surfaces, 1):
        at = text.index(surface)
        row = {
            "doc_id": "d0",
            "sentence_id": None,
            "hedge_id": f"d0#h{number:04d}",
            "start": at,
            "end": at + len(surface),
        }
        row |= {"surface": surface, "entry": surface, "category": "modal", "polarity": "hedge", "strength": 0.5}
        rows.append(row | {"holder": "voice", "scope_start": -1, "scope_end": -1, "rule": "given"})
    return tables.frame("hedges", pd.DataFrame(rows) if rows else None)


def bind(
    text: str,
    *found: dict[str, Any],
    outlets: tuple[tuple[str, str], ...] = (),
    hedges: tuple[str, ...] = (),
    **columns: Any,
) -> dict[str, pd.DataFrame]:
    """Every table of one document, from hand-made attributions, mentions and hedges."""
    frame = documents(text).assign(**columns)
    page = layout(frame)
    cut = passages(frame, page, None)
    tokens, split = sentences(page, cut)
    made, spans = attributed(text, *found)
    typed = sources(frame, tokens, split, made, spans)
    names = ("voices", "passages", "sentences", "attributions", "hedges", "outlets")
    bound = voices(frame, tokens, cut, split, made, spans, typed, mentions(text, *outlets), hedged(text, *hedges))
    result = dict(zip(names, bound, strict=True))
    for name, table in result.items():
        tables.check(name, table, {"d0": text})
    counted = cut[cut["counted"]]
    words = sum(tables.count_words(text[a:b]) for a, b in zip(counted["start"], counted["end"], strict=True))
    assert result["voices"]["n_words"].sum() == words
    return result


def named(result: dict[str, pd.DataFrame]) -> dict[str, int]:
    table = result["voices"]
    return dict(zip(table["chain"], table["n_words"], strict=True))


def test_the_cue_is_the_reporters_and_the_content_the_sources() -> None:
    text = "The mayor said the city was ready."
    result = bind(text, {"source": "The mayor", "cue": "said", "content": "the city was ready"})
    assert named(result) == {"author": 3, "author > The mayor": 4}


def test_a_content_in_pieces_is_one_voice() -> None:
    text = "The city, the mayor said, was quite ready."
    result = bind(text, {"source": "the mayor", "cue": "said", "content": ["The city", "was quite ready"]})
    assert named(result) == {"author": 3, "author > the mayor": 5}


def test_voices_nest_and_hedges_take_the_innermost() -> None:
    text = "Oll may resign. Feld said that Oll might go, since Kerr had said that she could stay."
    result = bind(
        text,
        {"source": "Feld", "cue": "said", "content": "that Oll might go, since Kerr had said that she could stay"},
        {"source": "Kerr", "cue": "had said", "content": "that she could stay", "parent": 1},
        hedges=("may", "might", "could"),
        author="Ruth Calder",
    )
    chains = dict(zip(result["voices"]["voice_id"], result["voices"]["chain"], strict=True))
    assert [chains[voice] for voice in result["hedges"]["voice_id"]] == [
        "Ruth Calder",
        "Ruth Calder > Feld",
        "Ruth Calder > Feld > Kerr",
    ]
    assert result["hedges"]["attribution_id"].fillna("").tolist() == ["", "d0#a0001", "d0#a0002"]
    assert result["voices"]["depth"].tolist() == [1, 2, 3]


def test_a_hedge_that_is_a_cue_is_dual_and_stays_with_the_reporter() -> None:
    text = "Analysts believe the dyke will hold."
    result = bind(text, {"source": "Analysts", "cue": "believe", "content": "the dyke will hold"}, hedges=("believe",))
    assert result["hedges"]["dual"].tolist() == ["d0#a0001"]
    assert result["hedges"]["voice_id"].tolist() == ["d0#v01"]


def test_a_hedge_of_several_words_is_dual_when_any_of_them_is_the_cue() -> None:
    text = "Analysts would like to believe the dyke will perhaps hold."
    found = {"source": "Analysts", "cue": "believe", "content": "the dyke will perhaps hold"}
    dual = bind(text, found, hedges=("would like to believe", "will perhaps"))["hedges"]["dual"]
    assert dual.fillna("").tolist() == ["d0#a0001", ""]


def test_one_speaker_is_one_voice_however_often_quoted() -> None:
    text = "Ruth Calder said no. Then Calder said yes. She said it twice."
    result = bind(
        text,
        {"source": "Ruth Calder", "cue": "said", "content": "no"},
        {"source": "Calder", "cue": "said", "content": "yes", "after": 20},
        {"source": "She", "cue": "said", "content": "it twice", "after": 40},
    )
    assert len(result["voices"]) == 2


def test_the_author_speaking_of_himself_opens_no_voice() -> None:
    text = "I think that the dyke will hold."
    result = bind(text, {"source": "I", "cue": "think", "content": "that the dyke will hold"})
    assert named(result) == {"author": 7}
    assert result["attributions"]["content_voice_id"].tolist() == ["d0#v01"]


def test_the_excerpt_of_a_signed_article_has_its_voice_and_the_signature_is_not_the_authors() -> None:
    excerpt = (
        "The heirs of the brewers have never been paid the shilling that the town owes them for the pier, and the "
        "town has never denied it, not even in the year of the great storm."
    )
    body = (
        f"{excerpt} That explains the delay, say lawyers on both sides, and it may explain the silence of the mayor "
        "too. A hearing is set for the spring, when the tide tables allow it, and nobody expects the heirs to come."
    )
    text = (
        f"{excerpt} The pier that nobody owns\n\nBy Adela Quist\n\n{body}\n\n"
        "Adela Quist is a reporter of the Ferrow Journal."
    )
    result = bind(text)
    table = result["passages"]
    deck, block = (table[table["kind"] == kind].iloc[0] for kind in ("deck", "quoted_article"))
    assert deck["voice_id"] == block["voice_id"]
    assert not deck["counted"]
    assert result["voices"]["chain"].tolist() == ["author", "author > Adela Quist"]


def test_an_aside_does_not_change_whose_quotation_it_is_in() -> None:
    text = (
        "Naomi Feld writes:\n\nOfficials said that the pier would be rebuilt [emphasis added], and a clerk confirmed "
        "the plan.\n\nI remember the first."
    )
    result = bind(text)
    assert result["voices"]["chain"].tolist() == ["author", "author > Naomi Feld"]


def test_an_outlet_that_is_a_source_is_an_outlet_voice() -> None:
    text = "The Lowick Times said on Friday that the pier was safe."
    result = bind(
        text,
        {"source": "The Lowick Times", "cue": "said", "content": "that the pier was safe"},
        outlets=(("Lowick Times", "claim_source"),),
    )
    assert result["voices"]["kind"].tolist() == ["author", "outlet"]
    assert result["outlets"]["attribution_id"].tolist() == ["d0#a0001"]


def test_displayed_quotations_open_the_voice_of_their_origin() -> None:
    result = bind(POST, outlets=(("Ferrow Journal", "origin"),))
    table = result["voices"].set_index("voice_id")
    blocks = result["passages"][result["passages"]["kind"] == "quoted_article"]
    assert table.loc[blocks["voice_id"], "kind"].tolist() == ["outlet", "outlet"]
    assert table.loc[blocks["voice_id"], "name"].iloc[1] == "Ferrow Journal"
    assert table.iloc[0]["name"] == "Simon Pelham"


def test_an_origin_that_is_not_named_is_an_unnamed_report() -> None:
    text = (
        "Meanwhile, this report suggests otherwise. Here's the closing graf:\n"
        "The pier was safe, officials said. It had been inspected twice."
    )
    result = bind(text)
    outlet = result["voices"].iloc[1]
    assert outlet["kind"] == "outlet"
    assert pd.isna(outlet["name"])
    assert outlet["chain"] == "author > unnamed report"


def test_an_outlet_named_further_up_does_not_own_what_this_report_introduces() -> None:
    text = (
        "The Lowick Times had the figures on Monday.\n\n"
        "Meanwhile, this report suggests otherwise. Here's the closing graf:\n"
        "The pier was safe, officials said. It had been inspected twice."
    )
    result = bind(text, outlets=(("Lowick Times", "claim_source"),))
    assert result["voices"]["chain"].tolist()[1] == "author > unnamed report"


def test_an_origin_named_in_the_sentence_before_is_weak_and_has_an_alternative() -> None:
    text = (
        "Here's the follow-up from the Lowick Times. On Friday the mayor seemed to deny it:\n"
        "The pier was safe, he said. Officials said it had been inspected twice. The mayor said he would walk on it."
    )
    result = bind(text, outlets=(("Lowick Times", "corroboration"),))
    block = result["passages"].set_index("kind").loc["quoted_article"]
    assert block["confidence"] < 0.5
    assert block["alternative"] == "unnamed report"
    assert result["voices"]["name"].tolist()[1] == "Lowick Times"


def test_a_person_who_writes_a_block_is_its_source() -> None:
    text = "Ines Rokeby writes:\nThe berths cannot be sold, officials said. They lapse. I wrote the clause myself."
    result = bind(text)
    assert result["voices"]["chain"].tolist()[1] == "author > Ines Rokeby"


def test_the_mock_editor_is_a_persona_and_the_reply_the_authors() -> None:
    result = bind(POST)
    asides = result["passages"][result["passages"]["kind"] == "interjection"]
    table = result["voices"].set_index("voice_id")
    assert table.loc[asides["voice_id"], "chain"].tolist() == ["Simon Pelham > ed.", "Simon Pelham"]


def test_a_remark_that_opens_with_ed_is_the_editors_wherever_it_stands() -> None:
    result = bind("The port reopened on Monday.\n\n[Ed. note: it did not.]\n\nBoats sailed.")
    remark = result["passages"].set_index("kind").loc["interjection", "voice_id"]
    assert result["voices"].set_index("voice_id").loc[remark, "chain"] == "author > ed."


def test_nobody_in_the_item_speaks_in_bio_and_promotion() -> None:
    result = bind(POST)
    furniture = result["passages"]["kind"].isin(["bio", "promo"])
    assert result["passages"].loc[furniture, "voice_id"].isna().all()
    assert result["passages"].loc[~furniture, "voice_id"].notna().all()


def test_a_ring_of_parents_is_cut() -> None:
    text = "Oll said that Feld said so."
    result = bind(
        text,
        {"source": "Oll", "cue": "said", "content": "that Feld said so", "parent": 2},
        {"source": "Feld", "cue": "said", "content": "so", "parent": 1, "after": 9},
    )
    assert len(result["voices"]) >= 2


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "Oll said it. ",
                "“No,” ",
                "UPDATE: ",
                "The Post reports:\n",
                "\n",
                "[x–ed. y] ",
                "may ",
                "\n\n",
                "a's b-c 3,000 ",
            ]
        ),
        max_size=14,
    ).map("".join)
)
def test_words_add_up_whatever_the_text(text: str) -> None:
    bind(text + "Oll said it.", {"source": "Oll", "cue": "said", "content": "it"})


def test_the_bundled_corpus_adds_up(starter_marks: Any) -> None:
    marks = starter_marks
    texts = dict(zip(marks.documents["doc_id"], marks.documents["text"], strict=True))
    counted = marks.passages[marks.passages["counted"]]
    words = pd.Series(
        [
            tables.count_words(texts[d][a:b])
            for d, a, b in zip(counted["doc_id"], counted["start"], counted["end"], strict=True)
        ],
        index=counted["doc_id"],
    )
    assert marks.voices.groupby("doc_id")["n_words"].sum().to_dict() == words.groupby(level=0).sum().to_dict()
    parents = marks.voices.merge(marks.voices, left_on="parent_id", right_on="voice_id", suffixes=("", "_up"))
    assert (parents["depth"] == parents["depth_up"] + 1).all()
    assert parents["chain"].str.startswith(tuple(parents["chain_up"])).all()


@pytest.mark.shared
def test_the_post_that_started_it(shared: Path) -> None:
    """Blocks, origins, copies, updates, aside, furniture, depth, terms of anonymity and non-responses."""
    import discourse as dc

    marks = dc.annotate(shared / "seed", progress=False)
    kinds = marks.passages["kind"].tolist()
    assert kinds[:3] == ["title", "deck", "deck"]
    assert kinds[-2:] == ["bio", "promo"]
    blocks = marks.passages[marks.passages["kind"] == "quoted_article"]
    assert (blocks["confidence"] < 0.5).tolist() == [False, True, False, False]
    origin = marks.voices.set_index("voice_id").loc[blocks["voice_id"]]
    assert origin["name"].notna().tolist() == [True, True, True, False]
    assert set(origin["kind"]) == {"outlet"}
    assert origin["depth"].tolist() == [2, 2, 2, 2]
    assert marks.passages["duplicate_of"].notna().tolist()[1:3] == [True, True]
    assert kinds.count("update") == 2
    assert kinds.count("interjection") == 2
    assert kinds.count("list_item") == 2
    assert marks.voices["depth"].max() >= 4
    terms = marks.sources.loc[marks.sources["anonymity_terms"].notna()]
    where = marks.attributions.set_index("attribution_id").loc[terms["attribution_id"], "source_start"]
    first, last = blocks.iloc[0], blocks.iloc[3]
    assert where.between(first["start"], first["end"]).any()
    assert where.between(last["start"], last["end"]).any()
    responses = marks.attributions["response"]
    assert {"declined", "unanswered"} <= set(responses)
