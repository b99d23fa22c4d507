"""Attributions on sentences of our own: spans, links, nesting, and what the rules add."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from discourse import features, rules, tables
from discourse.attributions import attributions, model
from discourse.clauses import spoken
from discourse.features import Frame
from discourse.layout import layout
from discourse.lexicon import tokenise
from discourse.links import CONTENT, CUE, SOURCE, Found, Links, link, segments
from discourse.passages import passages
from discourse.sentences import sentences
from discourse.subjects import agents, subjects


def annotate(*texts: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    documents = pd.DataFrame({"doc_id": [f"d{i}" for i in range(len(texts))], "text": list(texts)})
    page = layout(documents)
    passed = passages(documents, page, None)
    tokens, sentenced = sentences(page, passed)
    return attributions(tokens, sentenced, passed)


def only(text: str) -> pd.Series:
    """The one attribution of a text that stands in no other."""
    found, _ = annotate(text)
    top = found[found["parent_id"].isna()]
    assert len(top) == 1, top[["source", "cue", "content", "rule"]]
    return top.iloc[0]


def row(text: str, cue: str) -> pd.Series:
    found, _ = annotate(text)
    mine = found[found["cue"] == cue]
    assert len(mine) == 1, found[["source", "cue", "content", "rule"]]
    return mine.iloc[0]


@pytest.mark.parametrize(
    ("text", "source", "cue", "content"),
    [
        ("The mayor said that the bridge was safe.", "The mayor", "said", "that the bridge was safe"),
        (
            "According to the harbour log, the barge left at six.",
            "the harbour log",
            "According to",
            "the barge left at six",
        ),
        ("“We are ready,” the mayor said.", "the mayor", "said", "“We are ready,”"),
        ('"We are ready," said the mayor.', "the mayor", "said", '"We are ready,"'),
        ("The baker denied that he had changed the locks.", "The baker", "denied", "that he had changed the locks"),
        (
            "The two sisters hope to open a bakery on the quay.",
            "The two sisters",
            "hope",
            "to open a bakery on the quay",
        ),
    ],
)
def test_plain_attributions(text: str, source: str, cue: str, content: str) -> None:
    got = only(text)
    assert (got["source"], got["cue"], got["content"]) == (source, cue, content)


@pytest.mark.parametrize(
    ("text", "column", "value"),
    [
        ("“We are ready,” the mayor said.", "speech", "direct"),
        ("The mayor said that the bridge was safe.", "speech", "indirect"),
        ("The mayor said that the bridge was “safer than ever.”", "speech", "mixed"),
        ("The harbour master declined to comment.", "speech", "non_response"),
        ("The harbour master declined to comment.", "response", "declined"),
        ("The skipper could not be reached for comment.", "response", "unreachable"),
        ("The skipper did not immediately respond to a request for comment.", "response", "no_reply"),
        ("“No comment,” the treasurer said.", "response", "no_comment"),
        ("The baker denied that he had changed the locks.", "response", "denied"),
        ("The baker denied that he had changed the locks.", "stance", "oppose"),
        ("The widow claimed that the letter was genuine.", "stance", "distance"),
        ("The archivist believes that the seal is genuine.", "mode", "thought"),
        ("She wrote that the garden had survived the flood.", "mode", "writing"),
        ("The two sisters hope to open a bakery on the quay.", "mode", "volition"),
    ],
)
def test_description(text: str, column: str, value: str) -> None:
    assert only(text)[column] == value


def test_a_content_in_two_pieces_is_one_attribution() -> None:
    found, spans = annotate("“The roof leaks,” the warden said. “It has leaked for ten years.”")
    assert len(found) == 1
    contents = spans[spans["role"] == "content"]
    assert contents["start"].tolist() == [0, 35]
    assert found["content"].iloc[0].endswith("ten years.”")


def test_an_attribution_inside_a_content_is_nested_in_it() -> None:
    text = "Officials said the mayor had told police that the bridge was unsafe."
    found, _ = annotate(text)
    outer, inner = found.iloc[0], found.iloc[1]
    assert outer["source"] == "Officials"
    assert inner["parent_id"] == outer["attribution_id"]
    assert (inner["source"], inner["content"]) == ("the mayor", "that the bridge was unsafe")


@pytest.mark.parametrize(
    ("text", "source", "cue", "inner"),
    [
        (
            "The minister told the crews that the bridge was shut, the official harbour agency reported on Sunday.",
            "the official harbour agency", "reported", "told",
        ),
        ("The minister said he had told the crews to leave, the agency reported.", "the agency", "reported", "said"),
        ("The crew, the log reported on Monday, had asked the pilot to turn back.", "the log", "reported", "had asked"),
        ("The board rejected the plan and called it a joke, the clerk added.", "the clerk", "added", "rejected"),
        (
            "According to the harbour office, officials had told the crews that the bridge was shut.",
            "the harbour office", "According to", "had told",
        ),
        (
            "The baker claimed that the warden had lied, according to a letter in the archive.",
            "a letter in the archive", "according to", "claimed",
        ),
    ],
)  # fmt: skip
def test_a_reporting_clause_holds_what_the_rest_of_the_sentence_reports(
    text: str, source: str, cue: str, inner: str
) -> None:
    outer = row(text, cue)
    assert (outer["source"], outer["parent_id"] is None or pd.isna(outer["parent_id"])) == (source, True)
    assert row(text, inner)["parent_id"] == outer["attribution_id"]


@pytest.mark.parametrize(
    "text",
    [
        "On Monday, the board of the mill told nobody.",
        "The clerk, who added salt, left early.",
        "The barge left, and the board reported a profit.",
    ],
)
def test_a_clause_that_reports_nothing_of_the_sentence_is_left_alone(text: str) -> None:
    assert not annotate(text)[0]["rule"].str.startswith("clause").any()


def test_a_silent_source_is_the_one_that_was_asked_not_the_telephone() -> None:
    got = row("Calls to the brewery went unanswered.", "went unanswered")
    assert got["source"] == "the brewery"
    assert pd.isna(got["content"])
    assert got["response"] == "unanswered"


def test_calls_that_go_unanswered_are_one_silence() -> None:
    found, _ = annotate("Telephone calls to the brewery seeking comment went unanswered on Friday.")
    assert found["response"].tolist() == ["unanswered"]
    assert found["source"].tolist() == ["the brewery"]


def test_a_term_of_anonymity_is_no_attribution() -> None:
    found, _ = annotate('"The dam will not hold," an engineer said, requesting anonymity.')
    assert found["cue"].tolist() == ["said"]


def test_what_somebody_declined_to_say_is_no_content() -> None:
    found, spans = annotate("The owner declined to comment on the sale of the mill.")
    assert found["response"].tolist() == ["declined"]
    assert set(spans["role"]) == {"source", "cue"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"It leaks. "The roof leaks and nobody came," the warden said.',
         ["the warden", "said", '"The roof leaks and nobody came,"']),
        ('"The roof leaks," said the old warden.', ["the old warden", "said", '"The roof leaks,"']),
        ('He sang "The Old Bridge," then left.', None),
    ],
)  # fmt: skip
def test_a_quotation_before_a_plain_clause_is_its_content(text: str, expected: list[str] | None) -> None:
    tokens = tokenise(text)
    nothing = np.zeros(0, dtype=np.int64)
    links = spoken(tokens, Found(Links(*[nothing] * 4), nothing, np.zeros(0), [])).links
    said = [tokens.surface(first, last) for first, last in zip(links.first, links.last, strict=True)]
    assert said == (expected or [])


def test_turns_of_a_transcript() -> None:
    text = "MILLER: The weir will hold.\n\nTARN: Is that sure?\n\nMILLER: It held in the last flood."
    found, _ = annotate(text)
    turns = found[found["cue"] == ":"]
    assert turns["source"].tolist() == ["MILLER", "TARN", "MILLER"]
    assert turns["content"].iloc[2] == "It held in the last flood"


@pytest.mark.parametrize(
    ("headline", "source", "content"),
    [
        ("Mayor: port is safe", "Mayor", "port is safe"),
        ("Port is safe: mayor", "mayor", "Port is safe"),
        ("Report: ferry line to close", "Report", "ferry line to close"),
        ("Ferry strike: what we know", None, None),
        ("Analysis: the bridge must go", None, None),
    ],
)
def test_headline_colons(headline: str, source: str | None, content: str | None) -> None:
    found, _ = annotate(f"{headline}\n\nThe ferry left the harbour at six in the morning and came back at noon.")
    assert found[["source", "content"]].values.tolist() == ([[source, content]] if source else [])


@pytest.mark.parametrize(
    ("text", "source", "content"),
    [
        ("The council plans to close the mill in May.", "The council", "to close the mill in May"),
        ("The two clubs hope to merge, but not yet.", "The two clubs", "to merge"),
        ("The board still wants to sell the quay.", "The board", "to sell the quay"),
    ],
)
def test_wishes_and_plans(text: str, source: str, content: str) -> None:
    got = only(text)
    assert (got["source"], got["content"], got["mode"]) == (source, content, "volition")


def test_a_plan_that_is_a_noun_is_no_wish() -> None:
    assert not len(annotate("The plans to close the mill were dropped.")[0])


def test_questions_of_readers_are_theirs() -> None:
    letters = ("Nell, Weir: Will the mill open?", "Orla, Quay: Who pays for it?", "Piet, Bridge: Is the lift mended?")
    found, _ = annotate("\n\n".join(f"{letter}\n\nIt is hard to tell." for letter in letters))
    asked = found[found["cue"] == ":"]
    assert asked["source"].tolist() == ["Nell, Weir", "Orla, Quay", "Piet, Bridge"]
    assert asked["content"].iloc[0] == "Will the mill open?"


def test_a_label_is_nobody() -> None:
    found, _ = annotate("UPDATE: Several of you ask who gains from this story.")
    assert found["source"].tolist() == ["Several of you"]
    assert found["parent_id"].isna().all()
    assert row("A poll said the mayor would lose.", "said")["source"] == "A poll"


def test_labels_before_a_colon_are_no_speakers() -> None:
    text = "UPDATE: The weir held overnight.\n\nUPDATE: The road is open again.\n\nUPDATE: The school stays shut."
    assert "UPDATE" not in annotate(text)[0]["source"].tolist()


def test_a_signature_closes_its_quotation() -> None:
    got = only("“The river never forgets a bridge, and nor do we.” — Ada Tarn")
    assert (got["source"], got["cue"]) == ("Ada Tarn", "—")


def test_a_quotation_without_a_cue_goes_on_for_the_last_speaker() -> None:
    text = "“The roof leaks,” the warden said.\n\n“It has leaked for ten years, and nobody came to mend it.”"
    found, _ = annotate(text)
    last = found.iloc[-1]
    assert last["speech"] == "free_direct"
    assert last["source"] == "the warden"
    assert pd.isna(last["cue"])


def test_scare_quotes_are_no_attribution() -> None:
    found, _ = annotate("The “bridge” is a plank.")
    assert not len(found)


def labelled(text: str, **roles: str) -> Links:
    """Links of hand-labelled words: `labelled("He said it", S="He", C="said", K="it")`."""
    tokens = tokenise(text)
    names = model().labels
    marks = np.zeros(len(tokens), dtype=np.int8)
    words = [tokens.surface(i, i + 1) for i in range(len(tokens))]
    for name, phrases in roles.items():
        label = {"S": "S<", "C": "C", "K": "K>", "B": "K<", "R": "S>"}[name]
        for phrase in phrases.split("|"):
            part = phrase.split()
            at = next(i for i in range(len(words)) if words[i : i + len(part)] == part)
            marks[at], marks[at + 1 : at + len(part)] = names.index(f"B{label}"), names.index(f"I{label}")
    return link(segments(marks, names, tokens.par), Frame(tokens, model().vocabulary))


def test_a_source_ends_at_a_colon_and_without_a_comma() -> None:
    text = "It reopens: the mayor, said that it was safe."
    links = labelled(text, S="reopens : the mayor ,", C="said", K="that it was safe")
    source = links.take(links.role == 0)
    assert tokenise(text).surface(int(source.first[0]), int(source.last[0])) == "the mayor"


def test_coordinated_verbs_share_their_source() -> None:
    links = labelled(
        "The warden praised the choir and mocked the council .", S="The warden", C="praised|mocked",
        K="the choir|the council",
    )  # fmt: skip
    assert links.role.tolist() == [0, 1, 2, 0, 1, 2]
    assert links.first.tolist() == [0, 2, 3, 0, 6, 7]


def test_a_verb_in_a_clause_of_its_own_shares_no_source() -> None:
    links = labelled("He said it when asked a question", S="He", C="said|asked", K="it|a question")
    assert links.owner[links.role == 0].tolist() == [0]


@pytest.mark.parametrize(
    ("text", "cue", "source"),
    [
        ("The warden stepped back from the plan, saying that the roof would hold .", "saying", "The warden"),
        ("Tarn walked out of the hall on Monday and said that the roof leaked .", "said", "Tarn"),
        ("After saying that the roof leaked, the old warden left for the coast .", "saying", "the old warden"),
        ("The road stayed shut on Monday, with two wardens saying that it was icy .", "saying", "two wardens"),
        ("Ada Tarn, a warden of the old harbour, said that the roof leaked .", "said", "Ada Tarn"),
        ("When the roof fell in, he ran for the gate, saying that it was over .", "saying", "he"),
        ("The roof was said to leak .", "said", None),
    ],
)
def test_the_subject_of_a_cue_without_a_source(text: str, cue: str, source: str | None) -> None:
    tokens = tokenise(text)
    words = [tokens.surface(i, i + 1) for i in range(len(tokens))]
    at, end = words.index(cue), len(words) - 1
    if cue == "saying" and not at - 1:
        end = words.index(",")
    owner, role = np.zeros(2, dtype=np.int64), np.array([1, 2])
    links = Links(owner, role, np.array([at, at + 1]), np.array([at + 1, end]))
    found = subjects(tokens, Found(links, np.array([-1]), np.array([0.5]), ["model"]))
    given = found.links.take(found.links.role == 0)
    assert [tokens.surface(a, b) for a, b in zip(given.first, given.last, strict=True)] == ([source] if source else [])


@pytest.mark.parametrize(
    ("words", "cue", "source"),
    [
        ("The warden was asked whether the roof leaked .", "was asked", None),
        ("The warden was also asked by two dockers whether the roof leaked .", "was also asked", "two dockers"),
        ("The plan is widely expected to fail .", "is widely expected", None),
        ("The warden seems to have left .", "seems", None),
        ("The warden was worried that the roof leaked .", "was worried", "The warden"),
        ("The warden said that the roof leaked .", "said", "The warden"),
    ],
)
def test_the_subject_of_a_passive_is_no_source(words: str, cue: str, source: str | None) -> None:
    tokens = tokenise(words)
    at, end = 2, 2 + len(cue.split())
    links = Links(
        np.zeros(3, dtype=np.int64), np.arange(3), np.array([0, at, end]), np.array([2, end, len(tokens) - 1])
    )
    given = agents(tokens, Found(links, np.array([-1]), np.array([0.9]), ["model"])).links
    given = given.take(given.role == 0)
    assert [tokens.surface(a, b) for a, b in zip(given.first, given.last, strict=True)] == ([source] if source else [])


def test_contents_on_both_sides_belong_to_their_own_cue() -> None:
    links = labelled("Rain came , she said , and he said snow came", B="Rain came", S="she|he", C="said", K="snow came")
    assert links.owner[links.role == 2].tolist() == [0, 0]


def test_every_row_names_its_rule_and_entry() -> None:
    found, _ = annotate("The mayor said that the bridge was safe. The harbour master declined to comment.")
    assert found["rule"].tolist() == ["model: say", "model: decline to comment"]


def test_nothing_to_find() -> None:
    for text in ("", " \n\n ", "A plank.", "12 34 56"):
        found, spans = annotate(text)
        assert not len(found)
        assert not len(spans)
        tables.check("attributions", found)


def test_results_do_not_depend_on_the_batch() -> None:
    texts = ["The mayor said that the bridge was safe.", "“We are ready,” said the cook. She hopes to win.", "A plank."]
    together, _ = annotate(*texts)
    columns = ["source_start", "cue_start", "content_start", "content_end", "speech", "mode", "rule"]
    alone = [annotate(text)[0][columns] for text in texts]
    pd.testing.assert_frame_equal(together[columns], pd.concat(alone, ignore_index=True))


@pytest.mark.parametrize(
    ("text", "response"),
    [
        ("The brewery did not say how the recipe was lost.", "declined"),
        ("The warden refused to say who held the keys.", "refused"),
        ("The surveyor would not discuss the state of the piers.", "declined"),
        ("The council has not yet replied to the choir.", "no_reply"),
        ("The harbour police had no immediate comment on the fire.", "no_comment"),
        ("The museum neither confirmed nor denied that the seal was a copy.", "declined"),
    ],
)
def test_silences(text: str, response: str) -> None:
    got = only(text)
    assert (got["speech"], got["response"], pd.isna(got["content"])) == ("non_response", response, True)


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("“The pier is shut and I think people are tired,” the warden said.", "think"),
        ("The warden said that a thief would think twice.", "think"),
    ],
)
def test_what_nobody_said_is_not_nested(text: str, cue: str) -> None:
    found, _ = annotate(text)
    assert cue not in found["cue"].tolist()


PIECES = some.sampled_from(
    ["“", "”", '"', "'", "’", "«", "»", "said", "the mayor", "told", ",", ".", ":", "—", "\n\n", "\n", " ", "(", ")",
     "that", "according to", "declined to comment", "no comment", "TARN:", "We", "bridge", "\u200b", "é", "🎈",
     "\x00", "-ed.", "calls to", "went unanswered", "his remarks", "and said", "but told", "the board reported", "I",
     "think that", "was asked by", "saying", "could say", "After saying"]
)  # fmt: skip


def housed(found: pd.DataFrame, spans: pd.DataFrame) -> set[str]:
    """Rows whose cue (without one: whose content) stands in the contents of their parent."""
    parts = spans.groupby(["attribution_id", "role"])[["start", "end"]].agg(list)
    spans_of = {key: list(zip(row["start"], row["end"], strict=True)) for key, row in parts.iterrows()}
    out = set()
    for name, parent in found[["attribution_id", "parent_id"]].dropna().itertuples(index=False):
        mine = spans_of.get((name, "cue")) or spans_of[name, "content"]
        contents = spans_of.get((parent, "content"), [])
        if all(any(a <= start and end <= b for a, b in contents) for start, end in mine):
            out.add(name)
    return out


@given(
    some.one_of(
        some.text(some.characters(exclude_categories=["Cs"]), max_size=200),
        some.lists(PIECES, max_size=60).map(" ".join),
    )
)
@example("“" * 50)
@example(")" * 200)
@example("Ab " * 300)
@example("said " * 500)
@settings(max_examples=120, deadline=None)
def test_any_string_keeps_the_contract(text: str) -> None:
    found, spans = annotate(text)
    tables.check("attributions", found, {"d0": text})
    tables.check("spans", spans)
    assert set(spans["attribution_id"]) == set(found["attribution_id"])
    assert found["parent_id"].dropna().isin(found["attribution_id"]).all()
    assert found["confidence"].between(0, 1).all()
    assert housed(found, spans) == set(found["attribution_id"][found["parent_id"].notna()])
    for role in ("source", "cue", "content"):
        hulls = spans[spans["role"] == role].groupby("attribution_id").agg(start=("start", "min"), end=("end", "max"))
        mine = found.set_index("attribution_id").loc[hulls.index]
        assert (mine[f"{role}_start"] == hulls["start"]).all()
        assert (mine[f"{role}_end"] == hulls["end"]).all()


def rows(spans: list[tuple[int, int, int, int]], parent: list[int], confidence: list[float]) -> Found:
    """Attributions from (number, role, first, last); nested ones are the model's."""
    columns = np.array(spans, dtype=np.int64).T
    rule = ["model" if up < 0 else "model, nested" for up in parent]
    return Found(Links(*columns), np.array(parent), np.array(confidence), rule)


NESTED = "Oll said that Feld grumbled that rain came . Ines said so ."
OUTER = [(0, SOURCE, 0, 1), (0, CUE, 1, 2), (0, CONTENT, 2, 8)]


def test_a_nested_row_whose_cue_its_parent_does_not_hold_is_no_nested_row() -> None:
    spans = [*OUTER, (1, CUE, 4, 5), (1, CONTENT, 5, 8), (2, CUE, 10, 11)]
    assert rules.housed(tokenise(NESTED), rows(spans, [-1, 0, 0], [0.9] * 3)).parent.tolist() == [-1, 0, -1]


@pytest.mark.parametrize(("confidence", "kept"), [(0.2, 1), (0.9, 2)])
def test_an_unsure_nested_cue_that_no_entry_knows_goes(confidence: float, kept: int) -> None:
    spans = [*OUTER, (1, SOURCE, 3, 4), (1, CUE, 4, 5), (1, CONTENT, 5, 8)]
    assert len(rules.reported(tokenise(NESTED), rows(spans, [-1, 0], [0.9, confidence]))) == kept


def test_the_nearest_cue_is_one_of_the_same_sentence() -> None:
    mask = np.array([0, 1, 0, 0, 0, 1], dtype=bool)
    assert features.before(mask, np.array([0, 0, 0, 3, 3, 3])).tolist() == [-1, -1, 1, -1, -1, -1]
    assert features.after(mask, np.array([2, 2, 2, 5, 5, 5])).tolist() == [1, -1, -1, 5, 5, -1]
