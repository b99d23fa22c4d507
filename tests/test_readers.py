"""Reading: every format, every unit in exactly one of documents and skipped, and what rides along."""

from __future__ import annotations

import datetime
import gzip
import json
from pathlib import Path

import pandas as pd
import pytest

from discourse import tables
from discourse.errors import ReadError
from discourse.readers import REASONS, Corpus, Reason, read
from discourse.readers.records import BLOCK_KINDS

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Harbour to close | The Quay Times</title>
<meta name="author" content="Mara Lind"><meta property="article:published_time" content="2011-05-04T08:30:00+02:00">
<meta property="og:site_name" content="The Quay Times"><link rel="canonical" href="https://quay.example/a">
<style>p { color: red }</style></head>
<body class="has-sidebar related"><nav><a href="/">Home</a> <a href="/sea">Sea</a></nav>
<article><h1>Harbour to close</h1>
<p>The harbour  will
close, <b>the</b> mayor said.<br>It may open in June.</p>
<blockquote><p>We were told nothing.</p><p>Nothing at all.</p></blockquote>
<p>Dockers <q>will march</q>, the union said.</p>
<ul><li>One ferry</li><li>Two tugs</li></ul>
<figure><img alt="x"><figcaption>The north quay.</figcaption></figure>
<table><tr><td>Boats</td><td>12</td></tr></table>
<div class="share-buttons">Share this</div></article>
<p><a href="1">A tale of tides</a> <a href="2">Nine gulls</a></p>
<footer>All rights reserved</footer><script>var a = "<p>not text</p>";</script></body></html>
"""


def surfaces(corpus: Corpus, kind: str) -> list[str]:
    texts = corpus.documents.set_index("doc_id")["text"]
    rows = corpus.blocks[corpus.blocks["kind"] == kind]
    return [texts[row.doc_id][row.start : row.end] for row in rows.itertuples()]


def check(corpus: Corpus) -> None:
    """What holds for every corpus: the contract, and blocks that are disjoint and inside their text."""
    tables.check("documents", corpus.documents)
    tables.check("skipped", corpus.skipped)
    texts = dict(zip(corpus.documents["doc_id"], corpus.documents["text"], strict=True))
    last = ("", 0)
    for row in corpus.blocks.itertuples():
        assert row.kind in BLOCK_KINDS
        assert 0 <= row.start < row.end <= len(texts[row.doc_id])
        assert texts[row.doc_id][row.start : row.end] == texts[row.doc_id][row.start : row.end].strip()
        assert row.doc_id != last[0] or row.start >= last[1], "blocks overlap or are out of order"
        last = (row.doc_id, row.end)
    assert corpus.skipped["reason"].isin([str(reason) for reason in Reason]).all()


def test_one_text() -> None:
    corpus = read("Officials said little.\nThe rest was guessed.")
    check(corpus)
    row = corpus.documents.iloc[0]
    assert (row["doc_id"], row["n_words"], len(corpus)) == ("text", 7, 1)
    assert read("The ferry may leave at nine, she said.").documents["text"][0].startswith("The ferry")


@pytest.mark.parametrize("name", ["no/such/folder", "missing.txt", "corpora", "my notes.csv", "./x y"])
def test_a_path_that_is_not_there_says_so(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ReadError, match="there is no file or folder .*" + name.split("/")[-1]):
        read(name)


def test_other_types_are_refused_with_what_is_allowed() -> None:
    with pytest.raises(ReadError, match=r"folder, a file, a DataFrame or one text, not list.*DataFrame"):
        read(["a", "b"])  # type: ignore[arg-type]


def test_a_corpus_is_returned_as_it_is() -> None:
    corpus = read("One.\nTwo.")
    assert read(corpus) is corpus


def test_plain_text_is_kept_to_the_character(tmp_path: Path) -> None:
    text = "Tab\there \r\n\r\n  indented, trailing  \n\u200bzero\x07bell\u2028sep"
    (tmp_path / "a.txt").write_bytes(text.encode())
    corpus = read(tmp_path / "a.txt")
    check(corpus)
    assert corpus.documents["text"][0] == text
    assert "control characters" in corpus.documents["note"][0]
    assert corpus.documents["format"][0] == "txt"
    assert corpus.blocks.empty


def test_html_keeps_what_is_visible_and_says_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE, encoding="utf-8")
    corpus = read(tmp_path)
    check(corpus)
    row = corpus.documents.iloc[0]
    assert (row["title"], row["author"], row["outlet"]) == ("Harbour to close", "Mara Lind", "The Quay Times")
    assert (row["language"], row["url"], row["date"]) == (
        "en",
        "https://quay.example/a",
        pd.Timestamp("2011-05-04 08:30"),
    )
    assert row["date_raw"] == "2011-05-04T08:30:00+02:00"
    assert surfaces(corpus, "title") == ["Harbour to close"]
    assert surfaces(corpus, "blockquote") == ["We were told nothing.\n\nNothing at all."]
    assert surfaces(corpus, "list_item") == ["One ferry", "Two tugs"]
    assert surfaces(corpus, "caption") == ["The north quay."]
    assert surfaces(corpus, "furniture") == [
        "Home Sea",
        "Share this",
        "A tale of tides Nine gulls",
        "All rights reserved",
    ]
    assert surfaces(corpus, "paragraph") == [
        "The harbour will close, the mayor said.\nIt may open in June.",
        "Dockers “will march”, the union said.",
        "Boats\t12",
    ]
    assert "not text" not in row["text"]
    assert "color" not in row["text"]
    assert "\n\n".join(text for text in row["text"].split("\n\n")) == row["text"]


def test_a_container_named_like_furniture_is_no_furniture(tmp_path: Path) -> None:
    body = "".join(f"<p>Paragraph {n} of the story was long enough.</p>" for n in range(5))
    (tmp_path / "a.html").write_text(f"<div class='content sidebar'>{body}</div><div class='share'>Mail</div>")
    corpus = read(tmp_path)
    assert len(surfaces(corpus, "paragraph")) == 5
    assert surfaces(corpus, "furniture") == ["Mail"]


def test_a_list_of_short_links_is_a_menu_and_one_of_stories_is_not(tmp_path: Path) -> None:
    stories = "<ul><li><a href=1>A long tale of the tides</a></li><li><a href=2>Nine gulls and a pilot</a></li></ul>"
    (tmp_path / "a.html").write_text(
        "<ul><li><a href=1>About</a></li><li><a href=2>Old posts</a></li></ul><p>Text.</p>"
        "<ul><li><a href=3>One</a></ul>" + stories
    )
    corpus = read(tmp_path)
    check(corpus)
    assert surfaces(corpus, "furniture") == ["About", "Old posts"]
    assert surfaces(corpus, "list_item") == ["One", "A long tale of the tides", "Nine gulls and a pilot"]


def test_nested_block_quotes_have_levels(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        "<p>A</p><blockquote>B1<blockquote>C</blockquote>B2</blockquote><blockquote>D</blockquote>"
    )
    corpus = read(tmp_path)
    check(corpus)
    assert corpus.documents["text"][0] == "A\n\nB1\n\nC\n\nB2\n\nD"
    assert [(r.kind, r.level) for r in corpus.blocks.itertuples()] == [
        ("paragraph", 0),
        ("blockquote", 1),
        ("blockquote", 2),
        ("blockquote", 1),
        ("blockquote", 1),
    ]


def test_linked_data_gives_metadata(tmp_path: Path) -> None:
    data = {"@graph": [{"@type": "NewsArticle", "headline": "H", "author": [{"name": "A"}, {"name": "B"}]}]}
    (tmp_path / "a.html").write_text(f"<script type='application/ld+json'>{json.dumps(data)}</script><p>Text.</p>")
    row = read(tmp_path).documents.iloc[0]
    assert (row["title"], row["author"]) == ("H", "A, B")


def test_markdown_is_raw_and_its_front_matter_metadata(tmp_path: Path) -> None:
    text = "# Quiet seas\n\nAs the *Post* has it:\n\n> It was calm.\n> Very calm.\n>\n> > Too calm.\n\n"
    text += "1. one\n2. two\n\nAside\n-----\n\nEnd.\n"
    head = "---\ntitle: Quiet seas\nid: 007\nlive: no\ndate: 2004-03-02\ntags: [sea, 'calm']\nnote: mine\n---\n"
    (tmp_path / "a.md").write_text(head + text, encoding="utf-8", newline="")
    corpus = read(tmp_path)
    check(corpus)
    row = corpus.documents.iloc[0]
    assert row["text"] == text
    assert (row["id"], row["live"], row["tags"], row["date"]) == ("007", "no", "sea; calm", pd.Timestamp("2004-03-02"))
    assert row["note_given"] == "mine"
    assert surfaces(corpus, "title") == ["Quiet seas"]
    assert surfaces(corpus, "heading") == ["Aside"]
    assert surfaces(corpus, "blockquote") == ["It was calm.\n> Very calm.", "Too calm."]
    assert surfaces(corpus, "list_item") == ["one", "two"]
    assert surfaces(corpus, "paragraph") == ["As the *Post* has it:", "End."]


@pytest.mark.parametrize(
    ("head", "note"),
    [
        ("+++\ntitle = 'T'\n+++\n", None),
        ("---\ntitle: [open\n---\n", "front matter could not be read and is part of the text"),
        ("---\na: &x [1]\nb: *x\n---\n", "front matter could not be read and is part of the text"),
        ("---\n\nA rule, then text.\n\n---\n", None),
    ],
)
def test_front_matter_that_is_none_stays_in_the_text(tmp_path: Path, head: str, note: str | None) -> None:
    (tmp_path / "a.md").write_text(head + "Body.\n")
    row = read(tmp_path).documents.iloc[0]
    if "title = " in head:
        assert (row["title"], row["text"]) == ("T", "Body.\n")
    else:
        assert row["text"] == head + "Body.\n"
        assert pd.isna(row["note"]) if note is None else row["note"] == note


def test_yaml_tags_run_nothing(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    (tmp_path / "a.md").write_text(f"---\nx: !!python/object/apply:os.mkdir ['{canary}']\n---\nBody.\n")
    assert len(read(tmp_path)) == 1
    assert not canary.exists()


CSV = (
    'doc_id,text,Title,section,section,date,path\r\n007,"One, ""two""\r\nthree",T,a,b,2004-01-28,p\r\n'
    "1e5,None,NA,null,,01/02/2020,\r\n007,be\0fore,x,y,z,,\r\n,late,,,,,\r\n"
)


@pytest.mark.parametrize(("name", "separator"), [("a.csv", ","), ("a.tsv", "\t")])
def test_tables_of_text_keep_every_cell(tmp_path: Path, name: str, separator: str) -> None:
    data = CSV if separator == "," else CSV.replace("One, ", "One; ").replace(",", "\t")
    (tmp_path / name).write_bytes(data.encode())
    corpus = read(tmp_path / name)
    check(corpus)
    rows = corpus.documents
    assert rows["doc_id"].tolist() == ["007", "1e5", "007~2", "a-0004"]
    assert rows["text"].tolist()[1:] == ["None", "be\0fore", "late"]
    assert rows["text"][0] == 'One, "two"\r\nthree' if separator == "," else 'One; "two"\r\nthree'
    assert rows["title"].tolist()[:3] == ["T", "NA", "x"]
    assert rows["section"].tolist()[:2] == ["a", "null"]
    assert rows["section_2"].tolist()[:2] == ["b", ""]
    assert rows["path_given"][0] == "p"
    assert rows["date"][0] == pd.Timestamp("2004-01-28")
    assert rows["date_raw"][1] == "01/02/2020"
    assert "ambiguous" in rows["note"][1]
    assert "'007' was taken" in rows["note"][2]
    assert "no doc_id given" in rows["note"][3]
    assert corpus.skipped.empty


def test_ragged_and_unclosed_rows_are_skipped_with_their_line(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('text,x\nfine,1\nshort\nlong,1,2\n"open,1\nafter,2\n\n"bad"tail,3\nlast,4\n')
    corpus = read(tmp_path / "a.csv")
    check(corpus)
    assert corpus.documents["text"].tolist() == ["fine", "after", "last"]
    assert corpus.skipped[["locator", "reason"]].values.tolist() == [
        ["line 3", "ragged_row"],
        ["line 4", "ragged_row"],
        ["line 5", "bad_csv"],
        ["line 8", "bad_csv"],
    ]
    assert corpus.skipped["mend"].str.contains("a.csv").all()


def test_an_open_quotation_mark_costs_one_row(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('text,x\n"open,1\nafter,2\nlast,3\n')
    corpus = read(tmp_path / "a.csv")
    assert corpus.documents["text"].tolist() == ["after", "last"]
    assert "opens and none closes" in corpus.skipped["detail"][0]


def test_cells_longer_than_the_csv_module_allows(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text\n" + "word " * 40_000 + "\n")
    assert read(tmp_path / "a.csv").documents["n_words"].tolist() == [40_000]


def test_a_missing_column_names_those_there_are(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,body\n1,x\n")
    with pytest.raises(ReadError, match=r"a.csv .*no column 'text'; its columns are id, body.*text_column="):
        read(tmp_path / "a.csv")
    with pytest.raises(ReadError, match=r"no column 'bodi'.*text_column='body'"):
        read(tmp_path / "a.csv", text_column="bodi")
    with pytest.raises(ReadError, match=r"no column 'd'.*doc_id_column="):
        read(tmp_path / "a.csv", text_column="body", doc_id_column="d")
    with pytest.raises(ReadError, match=r"no column 'm'.*metadata_columns="):
        read(tmp_path / "a.csv", text_column="body", metadata_columns=["m"])
    corpus = read(tmp_path)
    assert corpus.skipped["reason"].tolist() == ["no_text_column"]
    assert read(tmp_path / "a.csv", text_column="body", doc_id_column="id").documents["doc_id"].tolist() == ["1"]


def test_only_the_metadata_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text,a,b\nx,1,2\n")
    columns = read(tmp_path / "a.csv", metadata_columns="b").documents.columns
    assert "b" in columns
    assert "a" not in columns


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.ndjson"])
def test_json_lines(tmp_path: Path, name: str) -> None:
    rows = [
        '{"doc_id": 7, "text": "One \\u2013 two", "n": 3, "tags": ["a", "b"], "ok": true}',
        "",
        "{bad",
        '{"doc_id": "x", "text": null}',
        '{"doc_id": "y", "nope": 1}',
        '{"text": "a \\ud800 b"}',
        "[1]",
        '{"text": "a", "text": "b"}',
        '{"text": 5}',
        '{"text": ' + "[" * 100_000,
        '{"text": "last", "other": "o"}',
    ]
    data = "\n".join(rows).encode()
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith("gz") else data)
    corpus = read(tmp_path / name)
    check(corpus)
    assert corpus.documents["doc_id"].tolist() == ["7", "a-0010"]
    assert corpus.documents["text"].tolist() == ["One – two", "last"]
    assert corpus.documents["tags"][0] == '["a", "b"]'
    assert corpus.skipped[["locator", "reason"]].values.tolist() == [
        ["line 3", "bad_json"],
        ["line 4", "text_missing"],
        ["line 5", "no_text_column"],
        ["line 6, character 2", "lone_surrogate"],
        ["line 7", "bad_json"],
        ["line 8", "bad_json"],
        ["line 9", "not_text"],
        ["line 10", "bad_json"],
    ]


def test_json_lines_without_the_column(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"body": "x"}\n')
    with pytest.raises(ReadError, match="no column 'text'; its columns are body"):
        read(tmp_path / "a.jsonl")
    with pytest.raises(ReadError, match="metadata_columns="):
        read(tmp_path / "a.jsonl", text_column="body", metadata_columns=["m"])


def test_parquet_and_dataframe_keep_types(tmp_path: Path) -> None:
    data = pd.DataFrame(
        {
            "doc_id": ["a", "b", "c"],
            "text": ["One.", None, "Three."],
            "year": [2001, 2002, 2003],
            "share": [0.5, 0.25, None],
            "kind": pd.Categorical(["x", "y", "x"]),
            "date": pd.to_datetime(["2001-02-03", None, "2003-04-05"]),
        }
    )
    data.to_parquet(tmp_path / "a.parquet")
    for source in (data, tmp_path / "a.parquet"):
        corpus = read(source)
        check(corpus)
        assert corpus.documents["doc_id"].tolist() == ["a", "c"]
        assert corpus.documents["year"].tolist() == [2001, 2003]
        assert corpus.documents["date"].tolist() == [pd.Timestamp("2001-02-03"), pd.Timestamp("2003-04-05")]
        assert corpus.skipped[["locator", "reason"]].values.tolist() == [["row 2", "text_missing"]]
    assert isinstance(read(data).documents["kind"].dtype, pd.CategoricalDtype)
    assert data["text"].isna().sum() == 1, "the caller's frame is not changed"


def test_dataframe_columns_and_index() -> None:
    data = pd.DataFrame({"body": ["x"], "text": ["other"], 3: [1]}, index=pd.Index(["i"], name="doc_id"))
    corpus = read(data, text_column="body")
    assert corpus.documents["doc_id"].tolist() == ["i"]
    assert corpus.documents["text_given"].tolist() == ["other"]
    assert corpus.documents["3"].tolist() == [1]
    with pytest.raises(ReadError, match="column 'a' twice"):
        read(pd.DataFrame([["x", 1, 2]], columns=["text", "a", "a"]))


def test_dates_in_words_objects_and_numbers() -> None:
    given = [datetime.date(2001, 2, 3), "3 February 2001", 20010203, "2001", None, "Feb. 3, 2001", "3/2/2001"]
    documents = read(pd.DataFrame({"text": ["x"] * 7, "date": given}), dayfirst=True).documents
    assert documents["date"].isna().tolist() == [False, False, False, True, True, False, False]
    assert set(documents["date"].dropna()) == {pd.Timestamp("2001-02-03")}
    assert documents["date_raw"].tolist()[3] == "2001"


def test_ids_taken_by_the_rule_itself() -> None:
    ids = ["a", "a~2", "a", "a", "a~2"]
    documents = read(pd.DataFrame({"doc_id": ids, "text": ["x"] * 5})).documents
    assert documents["doc_id"].tolist() == ["a", "a~2", "a~3", "a~4", "a~2~2"]


def test_identical_texts_are_named_not_dropped() -> None:
    documents = read(pd.DataFrame({"doc_id": ["a", "b", "c", "d"], "text": ["Same.", "Same.", "", ""]})).documents
    assert documents["duplicate_of"].isna().tolist() == [True, False, True, True]
    assert documents["duplicate_of"][1] == "a"


def test_empty_documents_are_rows(tmp_path: Path) -> None:
    for name in ("a.txt", "b.md", "c.html", "d.htm"):
        (tmp_path / name).write_text({"c": "<p></p>", "b": " \n"}.get(name[0], ""))
    corpus = read(tmp_path)
    check(corpus)
    assert corpus.documents["n_words"].tolist() == [0, 0, 0, 0]
    assert corpus.documents["note"].tolist() == ["no text", "white space only", "no text", "no text"]


def test_a_folder_in_order_of_name_with_unique_ids(tmp_path: Path) -> None:
    for name in ("b/z.txt", "b.txt", "a.html", "a.txt", "A.txt", ".hidden/x.txt", ".DS_Store", "b/y.tar"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("Text of " + name)
    corpus = read(tmp_path)
    check(corpus)
    assert corpus.documents["path"].tolist() == ["A.txt", "a.html", "a.txt", "b.txt", "b/z.txt"]
    assert corpus.documents["doc_id"].tolist() == ["A.txt", "a.html", "a.txt", "b", "b/z"]
    assert corpus.skipped["path"].tolist() == ["b/y.tar"]
    assert corpus.skipped["reason"].tolist() == ["unsupported_format"]
    assert read(str(tmp_path)).documents.equals(corpus.documents)


MANIFEST = """
name = "tides"
licence = "CC0-1.0"
language = "en"
[[documents]]
path = "one.txt"
doc_id = "first"
title = "One"
date = 2013-02-12
outlet = "The Quay Times"
mood = "calm"
[[documents]]
path = "rows.csv"
outlet = "Wire"
genre = "wire"
[[documents]]
path = "gone.txt"
[[outlets]]
outlet = "The Quay Times"
aliases = ["Quay Times", "the Times"]
country = "XX"
[[source_heads]]
head = "harbour hand"
affiliation = "citizen"
[[unreadable]]
path = "broken.docx"
reason = "cut short on purpose"
"""


def test_corpus_toml(tmp_path: Path) -> None:
    (tmp_path / "corpus.toml").write_text(MANIFEST)
    (tmp_path / "one.txt").write_text("One.")
    (tmp_path / "rows.csv").write_text("doc_id,text,outlet\nr1,Row one.,\nr2,Row two.,Own\n")
    (tmp_path / "extra.md").write_text("Extra.")
    (tmp_path / "README.md").write_text("About.")
    (tmp_path / "broken.docx").write_bytes(b"PK\x03\x04 cut")
    (tmp_path / "gold").mkdir()
    (tmp_path / "gold" / "first.jsonl").write_text("{}")
    corpus = read(tmp_path)
    check(corpus)
    assert (corpus.name, corpus.licence, corpus.path) == ("tides", "CC0-1.0", str(tmp_path))
    rows = corpus.documents.set_index("doc_id")
    assert rows.index.tolist() == ["extra", "first", "r1", "r2"]
    assert rows["language"].tolist() == ["en"] * 4
    assert (rows["title"]["first"], rows["mood"]["first"], rows["date"]["first"]) == (
        "One",
        "calm",
        pd.Timestamp("2013-02-12"),
    )
    assert (rows["outlet"]["r1"], rows["outlet"]["r2"], rows["genre"]["r2"]) == ("Wire", "Own", "wire")
    assert corpus.outlets[["outlet", "aliases", "country"]].values.tolist() == [
        ["The Quay Times", "Quay Times;the Times", "XX"]
    ]
    assert corpus.source_heads["head"].tolist() == ["harbour hand"]
    assert corpus.skipped[["path", "reason"]].values.tolist() == [["broken.docx", "damaged"], ["gone.txt", "missing"]]
    assert "declared unreadable: cut short on purpose" in corpus.skipped["detail"][0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name = ", "not valid TOML"),
        ("[[documents]]\ntitle = 'x'", r"\[\[documents\]\] number 1 has no 'path'"),
        ("documents = 'x'", "'documents' is a list of tables"),
        ("[[outlets]]\ncountry = 'x'", r"\[\[outlets\]\] number 1 has no 'outlet'"),
    ],
)
def test_a_faulty_corpus_toml_is_an_error(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "corpus.toml").write_text(text)
    with pytest.raises(ReadError, match=message):
        read(tmp_path)


def test_a_file_without_a_reader(tmp_path: Path) -> None:
    (tmp_path / "a.tar").write_text("x")
    with pytest.raises(ReadError, match=r"no reader for 'a.tar'; the formats are \.txt"):
        read(tmp_path / "a.tar")


def test_reading_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE)
    (tmp_path / "b.csv").write_text(CSV, newline="")
    one, two = read(tmp_path), read(tmp_path)
    for name in ("documents", "skipped", "blocks"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(two, name))


def test_html_view_shows_corpus_text_literally() -> None:
    evil = "<img src=x onerror=alert(1)>"
    corpus = read(pd.DataFrame({"doc_id": [evil, "b"], "text": ["x", None], "title": [evil, evil]}))
    shown = corpus._repr_html_()
    assert "<img" not in shown
    assert "&lt;img" in shown
    assert "text_missing 1" in shown
    assert "1 documents" in repr(corpus)


def test_every_reason_has_meaning_and_mend() -> None:
    assert set(REASONS) == set(Reason)
    for about, mend in REASONS.values():
        assert about
        assert "{file}" in mend
        assert mend.endswith(".")


def test_real_weblogs(shared: Path) -> None:
    corpus = read(shared / "real" / "weblogs")
    check(corpus)
    files = sorted((shared / "real" / "weblogs").iterdir())
    assert len(corpus) == len(files) == 42
    assert corpus.documents["text"].tolist() == [path.read_text(encoding="utf-8") for path in files]


def test_the_starter_corpus(starter: Path) -> None:
    corpus = read(starter)
    check(corpus)
    assert len(corpus) == 8
    assert corpus.skipped.empty
    assert corpus.documents["date"].notna().all()
    assert corpus.outlets["outlet"].is_unique
    assert "blockquote" in set(corpus.blocks["kind"])
