"""Word, WordPress, zip, Nexis and NLTK: containers and exports, made here by other hands than the readers'."""

from __future__ import annotations

import io
import itertools
import zipfile
from pathlib import Path

import docx as python_docx
import nltk
import pandas as pd
import pytest
from docx.shared import Pt

from discourse.errors import ReadError
from discourse.readers import read, read_nltk
from test_readers import MANIFEST, check, surfaces


def word_file(path: Path) -> None:
    document = python_docx.Document()
    document.core_properties.title = "Tide tables"
    document.core_properties.author = "Mara Lind"
    document.add_heading("Tide tables", level=0)
    document.add_heading("The north", level=2)
    document.add_paragraph("The tide was late.\tVery late.\nIt came at nine.")
    document.add_paragraph("Nobody told us.", style="Quote")
    document.add_paragraph("Nobody at all.", style="Intense Quote")
    displayed = document.add_paragraph("A displayed paragraph.")
    displayed.paragraph_format.left_indent = displayed.paragraph_format.right_indent = Pt(36)
    document.add_paragraph("One boat", style="List Bullet")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Port", "Maren"
    document.add_paragraph("The end.")
    document.sections[0].header.paragraphs[0].text = "The Quay Times, page 1"
    document.save(str(path))


def test_word(tmp_path: Path) -> None:
    word_file(tmp_path / "a.docx")
    corpus = read(tmp_path)
    check(corpus)
    row = corpus.documents.iloc[0]
    assert (row["title"], row["author"], row["format"]) == ("Tide tables", "Mara Lind", "docx")
    assert pd.isna(row["date"]), "the day a file was made is no date of publication"
    assert row["text"].split("\n\n") == [
        "Tide tables",
        "The north",
        "The tide was late.\tVery late.\nIt came at nine.",
        "Nobody told us.",
        "Nobody at all.",
        "A displayed paragraph.",
        "One boat",
        "Port",
        "Maren",
        "The end.",
        "The Quay Times, page 1",
    ]
    assert surfaces(corpus, "title") == ["Tide tables"]
    assert surfaces(corpus, "heading") == ["The north"]
    assert surfaces(corpus, "blockquote") == ["Nobody told us.\n\nNobody at all.\n\nA displayed paragraph."]
    assert surfaces(corpus, "list_item") == ["One boat"]
    assert surfaces(corpus, "furniture") == ["The Quay Times, page 1"]


def test_word_leaves_deleted_text_and_second_copies_out(tmp_path: Path) -> None:
    body = (
        "<w:p><w:r><w:t>kept </w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:ins><w:r>"
        "<w:t>added</w:t></w:r></w:ins><w:r><w:instrText>PAGE</w:instrText></w:r></w:p><w:p><mc:AlternateContent>"
        "<mc:Choice><w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r></w:p></w:txbxContent></mc:Choice><mc:Fallback>"
        "<w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r></w:p></w:txbxContent></mc:Fallback></mc:AlternateContent></w:p>"
    )
    part = (
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        f'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><w:body>{body}</w:body></w:document>'
    )
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("word/document.xml", part)
    assert read(tmp_path).documents["text"][0] == "kept added\n\nboxed"


WXR = """<?xml version="1.0" encoding="UTF-8"?>
<!-- generator -->
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>The Tidal Post</title><language>en-GB</language>
<wp:author><wp:author_login><![CDATA[mlind]]></wp:author_login>
<wp:author_display_name><![CDATA[Mara Lind]]></wp:author_display_name></wp:author>
<item><title>Calm &amp; late</title><link>https://tidal.example/1</link><dc:creator>mlind</dc:creator>
<content:encoded><![CDATA[The tide was late.
Very late.

<blockquote>Nobody told us.

Nobody at all.</blockquote>

<!DOCTYPE html> is only text here.]]></content:encoded>
<wp:post_id>1</wp:post_id><wp:post_date>2011-05-04 08:30:00</wp:post_date><wp:status>publish</wp:status>
<wp:post_type>post</wp:post_type><category domain="category" nicename="sea"><![CDATA[Sea]]></category>
<category domain="post_tag"><![CDATA[tides]]></category><category domain="post_tag">tea</category>
<wp:comment><wp:comment_content>I disagree</wp:comment_content></wp:comment></item>
<item><title>A draft</title><wp:status>draft</wp:status><wp:post_type>post</wp:post_type>
<content:encoded>x</content:encoded></item>
<item><title>photo.jpg</title><wp:status>inherit</wp:status><wp:post_type>attachment</wp:post_type></item>
</channel></rss>
"""


def test_wordpress(tmp_path: Path) -> None:
    (tmp_path / "blog.xml").write_text(WXR, encoding="utf-8")
    corpus = read(tmp_path / "blog.xml")
    check(corpus)
    row = corpus.documents.iloc[0]
    assert len(corpus) == 1
    assert (row["title"], row["outlet"], row["author"]) == ("Calm & late", "The Tidal Post", "Mara Lind")
    assert (row["date"], row["url"]) == (pd.Timestamp("2011-05-04 08:30"), "https://tidal.example/1")
    assert (row["categories"], row["tags"], row["n_comments"]) == ("Sea", "tides; tea", 1)
    assert "disagree" not in row["text"]
    assert row["text"].startswith("The tide was late.\nVery late.\n\nNobody told us.")
    assert surfaces(corpus, "blockquote") == ["Nobody told us.\n\nNobody at all."]
    assert corpus.skipped[["locator", "reason"]].values.tolist() == [["item 2", "not_a_post"], ["item 3", "not_a_post"]]
    assert corpus.skipped["detail"][0] == "draft post: A draft"


def test_wordpress_with_a_control_character_and_cut_short(tmp_path: Path) -> None:
    cut = WXR.replace("Very late", "Very\x0b late")
    cut = cut[: cut.index("<item><title>photo")]
    (tmp_path / "blog.xml").write_text(cut, encoding="utf-8")
    corpus = read(tmp_path)
    assert "Very\ufffd late" in corpus.documents["text"][0]
    assert "U+FFFD" in corpus.documents["note"][0]
    assert corpus.skipped["reason"].tolist() == ["not_a_post", "bad_xml"]


def test_other_xml_is_no_corpus(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text("<html><p>x</p></html>")
    assert read(tmp_path).skipped["reason"].tolist() == ["unsupported_format"]


def test_zip_is_read_like_a_folder(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("x.txt", "x")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name, data in {
            "b/two.txt": "Two.",
            "a.md": "---\ntitle: T\n---\nOne.",
            "__MACOSX/a.md": "no",
            "inner.zip": inner.getvalue(),
            "../up.txt": "no",
            "/abs.txt": "no",
            "c.bin": "no",
        }.items():
            archive.writestr(name, data)
    corpus = read(tmp_path / "a.zip")
    check(corpus)
    assert corpus.documents[["doc_id", "path"]].values.tolist() == [["a", "a.zip/a.md"], ["b/two", "a.zip/b/two.txt"]]
    assert sorted(corpus.skipped[["path", "reason"]].values.tolist()) == [
        ["a.zip/../up.txt", "outside"],
        ["a.zip//abs.txt", "outside"],
        ["a.zip/c.bin", "unsupported_format"],
        ["a.zip/inner.zip", "nested_archive"],
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.zip"], "nothing is unpacked to disk"


def test_a_packed_corpus_keeps_its_corpus_toml(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("tides/corpus.toml", MANIFEST)
        archive.writestr("tides/README.md", "About.")
        archive.writestr("tides/one.txt", "One.")
        archive.writestr("tides/sub/two.txt", "Two.")
        archive.writestr("tides/broken.docx", "cut")
    corpus = read(tmp_path / "a.zip")
    check(corpus)
    assert (corpus.name, corpus.licence, corpus.outlets["outlet"].tolist()) == ("tides", "CC0-1.0", ["The Quay Times"])
    assert corpus.documents["doc_id"].tolist() == ["first", "sub/two"]
    assert corpus.documents["title"][0] == "One"
    assert corpus.skipped[["path", "reason"]].values.tolist() == [
        ["a.zip/tides/broken.docx", "damaged"],
        ["rows.csv", "missing"],
        ["gone.txt", "missing"],
    ]
    assert "declared unreadable" in corpus.skipped["detail"][0]


NEXIS_OLD = """

                               1 of 2 DOCUMENTS


                              The Quay Times

                         January 28, 2004 Wednesday
                             Late Edition - Final

Ferries to run late, says
council

BYLINE: By MARA LIND

SECTION: Section A; Column 1; Pg. 1

LENGTH: 13 words

BODY:

   The ferries will run late, officials said.

   "We are ready," the mayor said.

LOAD-DATE: January 28, 2004

LANGUAGE: ENGLISH

                   Copyright 2004 The Quay Times Company


                               2 of 2 DOCUMENTS


                              Wire

                         February 1, 2004

LENGTH: 500 words

HEADLINE: Boats!

BODY:
Boats were seen.

LOAD-DATE: February 1, 2004
"""
NEXIS_NEW = [
    ["Ferries to run late", "The Quay Times", "January 28, 2004 Wednesday", "Copyright 2004 The Quay Times"],
    ["Section: NEWS; Pg. 3", "Length: 9 words", "Byline: Mara Lind", "Body"],
    ["The ferries will run late, officials said.", "It rained.", "Load-Date: January 29, 2004", "End of Document"],
    ["Second one", "Wire", "1 February 2004 Sunday 10:15 AM GMT", "Length: 4 words", "Body"],
    ["The boats were seen.", "Classification", "Language: ENGLISH", "End of Document"],
]


def test_nexis_text_export(tmp_path: Path) -> None:
    (tmp_path / "export.txt").write_text(NEXIS_OLD)
    corpus = read(tmp_path / "export.txt")
    check(corpus)
    rows = corpus.documents
    assert rows["doc_id"].tolist() == ["export-0001", "export-0002"]
    assert rows["text"].tolist() == [
        'The ferries will run late, officials said.\n\n   "We are ready," the mayor said.',
        "Boats were seen.",
    ]
    assert rows["title"].tolist() == ["Ferries to run late, says council", "Boats!"]
    assert rows["outlet"].tolist() == ["The Quay Times", "Wire"]
    assert rows["author"][0] == "MARA LIND"
    assert rows["date"].tolist() == [pd.Timestamp("2004-01-28"), pd.Timestamp("2004-02-01")]
    assert rows["section"][0] == "Section A; Column 1; Pg. 1"
    assert "Late Edition" in rows["nexis_header"][0]
    assert "500 words and 3 were found" in rows["note"][1]


def test_nexis_uni_word_export(tmp_path: Path) -> None:
    document = python_docx.Document()
    for line in itertools.chain(*NEXIS_NEW):
        document.add_paragraph(line)
    document.save(str(tmp_path / "export.docx"))
    corpus = read(tmp_path / "export.docx")
    check(corpus)
    rows = corpus.documents
    assert rows["text"].tolist() == ["The ferries will run late, officials said.\n\nIt rained.", "The boats were seen."]
    assert rows["title"].tolist() == ["Ferries to run late", "Second one"]
    assert rows["outlet"].tolist() == ["The Quay Times", "Wire"]
    assert rows["date"].tolist() == [pd.Timestamp("2004-01-28"), pd.Timestamp("2004-02-01")]
    assert rows["format"].tolist() == ["docx", "docx"]
    assert rows["note"].isna().all()


def test_a_text_that_only_mentions_the_words_is_no_export() -> None:
    text = "It was 1 of 2 documents.\nBody\nEnd of Document, he wrote."
    assert read(text).documents["text"].tolist() == [text]


@pytest.fixture
def nltk_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(nltk.data, "path", [str(tmp_path)])
    tmp_path.chmod(0o700)
    return tmp_path


@pytest.mark.parametrize("name", ["brown", "gutenberg", "reuters"])
def test_an_absent_nltk_corpus_names_the_command(nltk_data: Path, name: str) -> None:
    with pytest.raises(ReadError, match=f"'{name}' is not installed.*python -m nltk.downloader {name}"):
        read_nltk(name)
    assert list(nltk_data.iterdir()) == [], "nothing is downloaded"


@pytest.mark.parametrize("name", ["no_such_corpus", "__name__", "os", "../x"])
def test_an_unknown_nltk_corpus(nltk_data: Path, name: str) -> None:
    with pytest.raises(ReadError, match="NLTK has no corpus"):
        read_nltk(name)


def test_installed_nltk_corpora(nltk_data: Path) -> None:
    brown = nltk_data / "corpora" / "brown"
    brown.mkdir(parents=True)
    (brown / "ca01").write_text("The/at harbour/nn closed/vbd ./.\n\n``/`` Late/rb ''/'' ,/, he/pps said/vbd ./.\n")
    (brown / "cb01").write_text("A/at leader/nn ./.\n")
    (brown / "cats.txt").write_text("ca01 news\ncb01 editorial\n")
    inaugural = nltk_data / "corpora" / "inaugural"
    inaugural.mkdir()
    (inaugural / "1900-Nobody.txt").write_text("Fellow  citizens.\n")
    try:
        corpus = read_nltk("brown", categories="news")
        check(corpus)
        assert corpus.documents["doc_id"].tolist() == ["ca01"]
        assert corpus.documents["genre"].tolist() == ["news"]
        assert corpus.documents["text"][0] == 'The harbour closed.\n\n" Late ", he said.' or (
            corpus.documents["text"][0].startswith("The harbour closed.") and "Late" in corpus.documents["text"][0]
        )
        assert "put together from words" in corpus.documents["note"][0]
        with pytest.raises(ReadError, match="no category 'nws'; it has editorial, news"):
            read_nltk("brown", categories=["nws"])
        with pytest.raises(ReadError, match="no file 'zz'"):
            read_nltk("brown", fileids="zz")
        assert read_nltk("inaugural").documents["text"].tolist() == ["Fellow  citizens.\n"]
    finally:
        for loaded in (nltk.corpus.brown, nltk.corpus.inaugural):
            loaded._unload()
