"""The lexicon's own promise first: every entry matches its example, none its counterexample. Then hedges() itself."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discourse import contexts, readings, tables
from discourse.errors import LexiconError
from discourse.hedges import FAMILIES, hedges, lookalikes, shipped
from discourse.layout import layout
from discourse.lexicon import load
from discourse.sentences import Tokens, sentences

LEXICON = shipped()


def tokenised(*texts: str) -> tuple[Tokens, pd.DataFrame]:
    documents = pd.DataFrame({"doc_id": [f"d{n}" for n in range(len(texts))], "text": list(texts)})
    page = layout(documents)
    lengths = documents["text"].str.len()
    whole = documents.assign(passage_id=documents["doc_id"] + "#p0001", start=0, end=lengths)[lengths > 0]
    return sentences(page, whole)


def found(*texts: str, **options: Any) -> pd.DataFrame:
    return hedges(*tokenised(*texts), **options)


def pairs(text: str) -> list[tuple[str, str]]:
    rows = found(text)
    return list(zip(rows["surface"], rows["category"], strict=True))


@pytest.fixture(scope="module")
def all_on() -> pd.DataFrame:
    return LEXICON.assign(default="on")


def entries_by_document(column: str, lexicon: pd.DataFrame) -> list[set[tuple[str, str]]]:
    """Entry and category of the cues found in each row's sentence of this column."""
    rows = hedges(*tokenised(*LEXICON[column]), lexicon=lexicon)
    out: list[set[tuple[str, str]]] = [set() for _ in range(len(LEXICON))]
    for doc_id, entry, category in zip(rows["doc_id"], rows["entry"], rows["category"], strict=True):
        out[int(doc_id[1:])].add((entry, category))
    return out


def test_every_entry_matches_its_example(all_on: pd.DataFrame) -> None:
    hits = entries_by_document("example", all_on)
    rows = zip(LEXICON["entry"], LEXICON["category"], LEXICON["example"], hits, strict=True)
    assert [(entry, example) for entry, category, example, got in rows if (entry, category) not in got] == []


def test_no_entry_matches_its_counterexample(all_on: pd.DataFrame) -> None:
    hits = entries_by_document("counterexample", all_on)
    rows = zip(LEXICON["entry"], LEXICON["category"], LEXICON["counterexample"], hits, strict=True)
    assert [(entry, text) for entry, category, text, got in rows if (entry, category) in got] == []


def test_an_entry_does_not_match_inside_a_longer_word_or_split_by_one(all_on: pd.DataFrame) -> None:
    words = LEXICON[LEXICON["entry"].str.fullmatch(r"[a-z ]+") & (LEXICON["pattern"] == "")]["entry"]
    assert hedges(*tokenised(*(f"zq{entry.split()[0]}qz" for entry in words)), lexicon=all_on).empty
    several = {entry for entry in words if " " in entry}
    split = hedges(*tokenised(*(entry.replace(" ", " qzq ") for entry in several)), lexicon=all_on)
    assert not several & set(split["entry"])


def test_the_lexicon_holds_the_codebook_whole() -> None:
    assert (LEXICON["source"] == "project codebook A5").sum() == 592
    assert not LEXICON.duplicated(["entry", "pos", "category"]).any()
    assert set(LEXICON["category"]) == set(tables.HEDGE_CATEGORIES) == set(FAMILIES)
    assert LEXICON["strength"].between(0.1, 0.95).all()
    assert set(LEXICON["holder"]) == set(tables.HOLDER)
    assert set(LEXICON["default"]) == {"on", "off"}
    assert (LEXICON.groupby("category").size() >= 30).all()


@pytest.mark.parametrize("name", ["hedges", "boosters"])
def test_the_files_are_sorted(name: str) -> None:
    entries = load(name)["entry"].str.lower().tolist()
    assert entries == sorted(entries)


def test_a_false_friend_in_the_note_has_a_counterexample() -> None:
    marked = LEXICON[LEXICON["note"].str.contains(r"\bFF\b")]
    assert len(marked) >= 154
    assert (marked["counterexample"] != "").all()


def test_examples_are_sentences_of_their_own() -> None:
    texts = LEXICON["example"].tolist() + [text for text in LEXICON["counterexample"] if text]
    assert len(set(texts)) == len(texts)
    openings = pd.Series([" ".join(text.split()[:3]).lower() for text in LEXICON["example"]]).value_counts()
    assert openings.max() <= 8


GOLDEN = [
    ("The strike may have missed its target.", [("may have", "modal")]),
    ("Talks resume on May 4.", []),
    ("A veto is likely.", [("likely", "likelihood")]),
    ("They left as soon as possible.", []),
    ("He suggested meeting in June.", []),
    ("She appeared in court on Monday.", []),
    ("The minister was deeply concerned about the budget.", []),
    ("This kind of attack is rare.", []),
    ("It's about time.", []),
    ("She runs a think tank.", []),
    ("Certain undisclosed events alarmed them.", [("Certain", "precision")]),
    ("The harbour is certain to win.", [("certain to", "booster")]),
    ("Every May he would visit his aunt.", []),
    ("It is unclear whether he knew.", [("unclear whether", "open")]),
    ("This may possibly help.", [("may possibly", "modal")]),
    ("Almost certainly it would rain.", [("Almost certainly", "likelihood"), ("would", "condition")]),
    ("That is not a possibility at all.", [("not a possibility", "booster")]),
    ("We cannot rule out a delay.", [("cannot rule out", "modal")]),
    ("The bill may or may not pass.", [("may or may not", "modal")]),
    ("I'd say the boat could sink.", [("'d", "condition"), ("could", "modal")]),
    ("Should the talks collapse, pilots will strike.", [("Should", "condition")]),
    ("The levy, if enacted, would fall on barges.", [("if enacted", "condition"), ("would", "condition")]),
    ("A bill which if enacted would end the strike.", [("if enacted", "condition"), ("would", "condition")]),
    ("The mayor could not be reached for comment.", []),
    ("A spokesman would not comment.", []),
    ("She asked him if he was well.", []),
    ("It looks as if it rained.", [("looks as if", "appearance")]),
    ("Why wait? Because the tide is out.", []),
    ("Who gains from this? The pier has been shut since May.", [("?", "open")]),
    ("The rebels are believed to be hiding upriver.", [("are believed to", "hearsay")]),
    ("Two crates believed to be stolen were found.", [("believed to be", "hearsay")]),
    ("The polls in Arden suggest a dead heat.", [("suggest", "appearance")]),
    ("The mayor suggested a walk.", []),
    ("It was over two years before the boat came back.", []),
    ("The bridge cost over $2 million.", [("over", "precision")]),
    ("Police said about 300 people marched.", [("about", "precision")]),
    ("They talked about 300 angry letters.", []),
    ("The miller said the bakery would open at six.", []),
    ("The bakery would open at six, the miller said.", []),
    ("The miller said the bakery would shut if flour ran out.", [("would", "condition"), ("if", "condition")]),
    ("Under the plan, the miller said, bread would cost less.", [("would", "condition")]),
    ("Two looms would be moved to the annexe.", [("would", "condition")]),
    ('He said: "The mill would burn in an hour."', [("would", "condition")]),
    ("The drake was 'probably' an eider.", [("probably", "likelihood")]),
    ('The headline kept the "may" of the report.', []),
    ("She asked the ferryman whether the lock was open.", []),
    ("The ferryman declined to say whether the lock was open.", []),
    ("It is not known whether the lock was open.", [("not known whether", "open")]),
    ("He could not say whether the lock was open.", [("could not say whether", "open")]),
    ("Hope Larkin opened the fair.", []),
    ("May Larkin opened the fair.", []),
    ("No fewer than 40 goats were sold.", []),
    ("Fewer than 40 goats were sold.", [("Fewer than", "precision")]),
    ("The sluice did more than it could bear.", []),
    ("The mayor could win a third term.", [("could", "modal")]),
    ("The new cannon could burst.", [("could", "modal")]),
    ("The new cannon could sink a barge.", []),
    ("You may want to bring a coat.", []),
    ("It might.", [("might", "modal")]),
    ("The parish has not decided.", [("has not decided", "open")]),
    ("Arson cannot be excluded.", [("cannot be excluded", "likelihood")]),
    ("What is not in doubt is the weight of the bell.", [("not in doubt", "booster")]),
    ("An empty purse does not prove that he paid.", []),
    ("Readers are entitled to know that the vicar owns the field.", []),
    ("The barn could use a coat of paint.", [("could", "modal")]),
    ("One could say that the choir is tired.", [("could", "modal")]),
    ("The keel must weigh nine tonnes.", [("must", "modal")]),
    ("Divers feel they are rushed.", [("feel", "belief")]),
    ("Divers feel it in their ears.", []),
    ("The court must weigh the claim.", []),
    ("It must hurt.", [("must", "modal")]),
    ("I think I'd win.", [("I think", "belief"), ("'d", "condition")]),
    ("The plan looks reckless.", [("looks", "appearance")]),
    ("The pier looks lovely.", []),
    ("She has the potential to win.", [("potential to", "likelihood")]),
    ("The map may (or may not) be right.", [("may (or may not)", "modal")]),
    ("If nothing were done, the roof would fall.", [("If", "condition"), ("would", "condition")]),
    ("Is it a school? Is it a jail? Do you pay at the door?", [("?", "open")] * 3),
    ("The mill burned on Monday. We shall see.", [("We shall see", "open")]),
]


@pytest.mark.parametrize(("text", "expected"), GOLDEN, ids=[text for text, _ in GOLDEN])
def test_golden_cases(text: str, expected: list[tuple[str, str]]) -> None:
    assert pairs(text) == expected


LOOKALIKES = """
May they rest in peace.
We may as well go home.
Theresa May lost the vote.
He ran so fast that he could catch the tram.
It is the best possible result.
The deal made it possible.
They tried every conceivable key.
She never got a chance to speak.
He found it by chance.
The two are at odds with each other.
He appeared on television.
Her poem appeared in print.
They tend the wounded.
A suggestion that Pakistan invite a force was rejected.
He will assume office in May.
They expect guests.
The court opinion runs to 40 pages.
He was supposed to land at noon.
The peace talks resumed.
He waited at baggage claim.
They wrote a story about two brothers.
The train was about to leave.
This is the kind of idea that sells.
Some of the men had no boots.
It is up to them.
It was more than he had bargained for.
The class met virtually on Monday.
If anything, prices fell.
If this weren't enough, the roof leaks.
He would rather stay.
I would like a seat.
They spoke on condition of anonymity.
Ministers say the plan is dead.
Military sources said so.
It became apparent that he lied.
He is the heir apparent.
A robbery suspect fled.
This will prove difficult.
I think about it.
She believes in free trade.
The bill must pass.
As far as possible, avoid it.
The shooter was asked if he was sorry.
They are looking into it.
He signalled to the waiter.
Two suspects were held.
He stood there for fear of the dog.
I thought I'd ask the vicar.
I think that I'll go to bed.
The tide came in later than she thought.
He was not who they think he is.
Those making more than 9,000 crowns pay a tithe.
The boat came in before the pilot could warn them.
No child could lift that bell.
The brewer asked the clerk during a dinner held by the guild if the cellar was dry.
It was a brave, if foolish, plan.
It's raining, isn't it?
Who are they? They are the bell ringers.
At times the ferryman would sing.
You wouldn't believe the noise.
My brother, who knew the way, led us.
A thug who is feared by all came in.
He was to judge the cakes.
The machine that looks like a plough is a seed drill.
She considered the offer, regardless of whether it was kind.
They spoke so long as their names were left out.
As you may be aware, the mill is shut.
It was what you might call a feast.
If I may, I will sit here.
You must be willing to learn.
They interpret dreams for a fee.
All songs are sung, whether they be old ones or new ones.
"""


@pytest.mark.parametrize("text", [text for text in LOOKALIKES.splitlines() if text])
def test_lookalikes_of_the_codebook_are_not_counted(text: str) -> None:
    rows = found(text)
    assert rows.loc[rows["polarity"] == "hedge", "surface"].tolist() == []


def test_rows_keep_the_contract_and_their_offsets() -> None:
    texts = ["Perhaps it will rain. “We may leave,” she said.", "", "Nothing here.", "If so, he’d go — or might he?"]
    rows = found(*texts)
    tables.check("hedges", rows, {f"d{n}": text for n, text in enumerate(texts)})
    assert (rows["scope_start"] <= rows["start"]).all()
    assert (rows["scope_end"] >= rows["end"]).all()
    assert ((rows["polarity"] == "booster") == (rows["category"] == "booster")).all()


def test_a_conditional_is_counted_once_and_its_scope_is_the_sentence() -> None:
    text = "If the dam were sold, nine farms would flood."
    rows = found(text)
    first = rows.iloc[0]
    assert first["surface"] == "If"
    assert text[first["scope_start"] : first["scope_end"]] == text.rstrip(".")


def test_scope_of_a_noun_is_its_complement_and_of_a_rounder_its_phrase() -> None:
    text = "The theory that he fled drew about 200 angry letters from readers."
    rows = found(text).set_index("entry")
    spans = {entry: text[row["scope_start"] : row["scope_end"]] for entry, row in rows.iterrows()}
    assert spans["theory"].startswith("theory that he fled")
    assert spans["about"] == "about 200 angry letters"


def test_holder_is_the_voice_in_the_first_person_and_the_source_otherwise() -> None:
    rows = found("I believe the dam will hold.", "Engineers believe the dam will hold.")
    assert rows["holder"].tolist() == ["voice", "source"]


def test_rule_names_the_tests_and_lookalikes_name_the_one_that_refused() -> None:
    texts = tokenised("Talks resume on May 4.", "The pier may close.", "Perhaps.")
    assert hedges(*texts)["rule"].tolist()[1] == "listed"
    assert hedges(*texts)["rule"].tolist()[0].startswith("not month; verb next or elided; ")
    refused = lookalikes(*texts)
    assert refused["surface"].tolist() == ["May"]
    assert refused["refused_by"].tolist() == ["not month"]
    pd.testing.assert_frame_equal(refused, hedges(*texts, rejected=True))


def test_a_refusal_names_the_word_that_decided_or_the_words_looked_for() -> None:
    refused = lookalikes(*tokenised("He runs a think tank.", "A beam up to them.", "They worry."))
    assert refused["refused_by"].tolist() == ["not next: tank", "number next", "next: that"]


def test_rules_are_short_names_of_tests() -> None:
    rules = hedges(*tokenised(*LEXICON["example"]))["rule"]
    assert rules.str.len().max() < 120
    assert not rules.str.contains("[:@|_]").drop(rules.index[rules.str.startswith("harmonic: ")]).any()


def test_every_named_test_and_word_class_is_used() -> None:
    always = sys.modules[hedges.__module__].__dict__["_ALWAYS"]
    told = " ".join([*LEXICON["tests"], *(condition.text for condition in always)])
    files = [Path(str(module.__file__)) for module in (contexts, readings, sys.modules[hedges.__module__])]
    source = "".join(path.read_text(encoding="utf-8") for path in files)
    unused = [name for name in readings.NAMED if not re.search(rf"\b{name}\b", told)]
    assert [name for name in unused if len(re.findall(rf"\b{name}\(", source)) < 2] == []
    classes = {*re.findall(r"@([a-z_]+)", told + source), *re.findall(r'CLASSES\["([a-z_]+)"\]', source)}
    members = {name for names in contexts._UNIONS.values() for name in names} | set(contexts._FUNCTION)
    assert set(contexts.CLASSES) - classes - members == set()


def test_a_users_lexicon_replaces_the_shipped_one(tmp_path: Any) -> None:
    listed = tmp_path / "mine.txt"
    listed.write_text("perhaps\nas it happens\n", encoding="utf-8")
    rows = found("Perhaps it is, as it happens, blue.", lexicon=load(listed))
    assert rows["entry"].tolist() == ["perhaps", "as it happens"]
    assert rows["category"].tolist() == ["likelihood", "likelihood"]
    assert rows["strength"].tolist() == [0.6, 0.5]
    table = tmp_path / "mine.csv"
    table.write_text("entry,category,strength,tests\nblue,booster,0.9,prev: very\n", encoding="utf-8")
    rows = found("Very blue, blue.", lexicon=str(table))
    assert rows[["surface", "polarity", "rule"]].values.tolist() == [["blue", "booster", "words around"]]


@pytest.mark.parametrize("text", ["Guests must wear a tie.", "As a girl she could swim across the bay."])
def test_duty_and_ability_count_where_every_modal_is_asked_for(text: str) -> None:
    assert found(text).empty
    assert found(text, lexicon="every-modal")["category"].tolist() == ["modal"]


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("Who says the pier could close by May?", ["?"]),
        ("If the pier would fall, who pays?", ["if", "would", "?"]),
        ("The clerk said that closing the harbour would cost a fortune.", ["would"]),
        ("The clerk said the harbour would close in May.", []),
    ],
)
def test_a_question_is_one_cue_and_an_act_thought_of_is_no_announcement(text: str, entries: list[str]) -> None:
    assert found(text)["entry"].tolist() == entries


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"category": "wish"}, "may hold modal, likelihood"),
        ({"category": "modal", "tests": "next: @verbs"}, "no word class '@verbs'"),
        ({"category": "modal", "tests": "nearby: rain"}, "cannot read the test 'nearby: rain'"),
    ],
)
def test_a_bad_row_is_refused_naming_the_entry_and_the_mend(row: dict[str, str], message: str) -> None:
    with pytest.raises(LexiconError, match="entry 'drizzle'") as error:
        found("Drizzle.", lexicon=pd.DataFrame([{"entry": "drizzle", **row}]))
    assert message in str(error.value)


def test_rows_switched_off_are_passed_over_until_switched_on() -> None:
    text = "Several boats sank."
    assert found(text).empty
    assert found(text, lexicon=LEXICON.assign(default="on"))["entry"].tolist() == ["several"]


MARKS = [".", ",", "?", "“", "”", "\n\n", "the", "200", "$", "I", "that", "not", "May", "\u200b", "’s", "é"]
WORDS = st.sampled_from([*sorted({word for entry in LEXICON["entry"] for word in entry.split()}), *MARKS])


@given(st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=40).map(" ".join)))
@settings(max_examples=60, deadline=None)
def test_any_text_keeps_offsets_and_order_and_never_raises(text: str) -> None:
    tokens, frame = tokenised(text, "Perhaps.")
    rows = hedges(tokens, frame)
    tables.check("hedges", rows, {"d0": text, "d1": "Perhaps."})
    assert not (rows[rows["doc_id"] == "d0"]["start"].diff().dropna() <= 0).any()
    pd.testing.assert_frame_equal(rows, hedges(tokens, frame))
    refused = lookalikes(tokens, frame)
    assert all(text[a:b] == s for a, b, s in refused[["start", "end", "surface"]].itertuples(index=False))
