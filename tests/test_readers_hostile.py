"""Hostile and broken input: bombs, entities, pipes, links, odd encodings, and texts no one would write."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import random
import socket
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discourse import tables
from discourse.errors import ReadError
from discourse.readers import disk, html, markdown, read
from test_readers import check
from test_readers_formats import WXR, word_file

PROSE = "He said it’s “fine” – the café in the square is open to the public, and that was all."

# -- encodings ---------------------------------------------------------------------------------------------------------

WRITERS = {
    "txt": lambda text: text,
    "md": lambda text: f"# Title\n\n{text}\n",
    "html": lambda text: f"<p>{text}</p>",
    "csv": lambda text: f'doc_id,text\n1,"{text}"\n',
    "jsonl": lambda text: json.dumps({"text": text}, ensure_ascii=False) + "\n",
    "xml": lambda text: WXR.replace("Very late.", text).replace(' encoding="UTF-8"', ""),
}
READ_AS = {
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8",
    "utf-16": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "utf-16-le": "utf-16-le",
    "utf-32": "utf-32-le",
    "utf-32-be": "utf-32-be",
    "cp1252": "cp1252",
}
SKIPPED = ("mac_roman", "cp1251", "cp437", "shift_jis")
STRANGE = {
    "mac_roman": "He didn’t say “café” to the press, and that was the end of it.",
    "cp1251": "Он сказал, что всё хорошо, и the press was in the hall.",
    "cp437": "The café was in the square and the bill was £5.",
    "shift_jis": "彼は大丈夫だと言った。The press was in the hall.",
}


@pytest.mark.parametrize("suffix", WRITERS)
@pytest.mark.parametrize("encoding", READ_AS)
def test_encodings_that_are_certain(tmp_path: Path, suffix: str, encoding: str) -> None:
    (tmp_path / f"a.{suffix}").write_bytes(WRITERS[suffix](PROSE).encode(encoding))
    corpus = read(tmp_path)
    check(corpus)
    assert PROSE in corpus.documents["text"][0]
    assert not corpus.documents["text"][0].startswith("\ufeff")
    if suffix != "xml":
        assert corpus.documents["encoding"][0] in (READ_AS[encoding], "utf-8" if suffix == "jsonl" else "")


@pytest.mark.parametrize("suffix", ["txt", "md", "html", "csv"])
@pytest.mark.parametrize("encoding", SKIPPED)
def test_encodings_that_are_not(tmp_path: Path, suffix: str, encoding: str) -> None:
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(WRITERS[suffix](STRANGE[encoding]).encode(encoding))
    corpus = read(tmp_path)
    check(corpus)
    assert corpus.documents.empty
    assert corpus.skipped["reason"][0] in ("encoding_unknown", "encoding_mixed")
    assert path.name in corpus.skipped["mend"][0]
    mended = read(path, encoding=encoding)
    assert STRANGE[encoding] in mended.documents["text"][0]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("naïve “one”".encode() + b" and \x93two\x94", "encoding_mixed"),
        ("It ended with “".encode()[:-1], "truncated"),
        (b"overlong \xc0\xaf slash", "encoding_unknown"),
        (b"surrogate \xed\xa0\x80 in utf-8", "encoding_unknown"),
        ("Zażółć gęślą jaźń".encode("cp1250"), "encoding_unknown"),
        ("Die Tür war auf, und Öl lief über".encode("cp1252"), "encoding_unknown"),
        ("\ufeffodd".encode("utf-16-le") + b"x", "encoding"),
    ],
)
def test_bytes_that_no_one_encoding_explains(tmp_path: Path, data: bytes, reason: str) -> None:
    (tmp_path / "a.txt").write_bytes(data)
    corpus = read(tmp_path)
    assert corpus.skipped["reason"].tolist() == [reason]
    assert corpus.skipped["locator"][0].startswith("byte ")


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<meta charset="iso-8859-1">', "cp1252"),
        ("<meta http-equiv='Content-Type' content='text/html; charset=windows-1251'>", "cp1251"),
        ('<?xml version="1.0" encoding="koi8-r"?>', "koi8-r"),
    ],
)
def test_declared_encodings_of_pages(tmp_path: Path, head: str, encoding: str) -> None:
    text = "“Fine”" if encoding == "cp1252" else "Привет"
    (tmp_path / "a.html").write_bytes(f"{head}<p>{text}</p>".encode(encoding))
    corpus = read(tmp_path)
    assert corpus.documents[["text", "encoding"]].values.tolist() == [[text, encoding]]


def test_an_unknown_encoding_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    for name in ("utf-9", "rot13", "zlib"):
        with pytest.raises(ReadError, match=f"encoding '{name}' is not known"):
            read(tmp_path, encoding=name)


def test_other_languages_are_remarked_on(tmp_path: Path) -> None:
    (tmp_path / "de.txt").write_text("Der Hafen wurde am Montag geschlossen, sagte der Minister. " * 10)
    (tmp_path / "en.txt").write_text("The harbour was closed on Monday, the minister said. " * 10)
    notes = read(tmp_path).documents.set_index("doc_id")["note"]
    assert "English" in notes["de"]
    assert pd.isna(notes["en"])


# -- containers and markup ---------------------------------------------------------------------------------------------


def docx_with(part: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", part)
    return buffer.getvalue()


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    + "".join(f'<!ENTITY {chr(n + 1)} "{f"&{chr(n)};" * 8}">' for n in range(ord("b"), ord("k")))
    + "]><rss><channel><item><title>&k;</title></item></channel></rss>"
).encode()
FEED = b"<rss><channel><item><title>&x;</title></item></channel></rss>"
EXTERNAL = b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + FEED
REMOTE = b'<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd"><rss><channel><item><title>x</title></item></channel></rss>'


@pytest.mark.parametrize("data", [BOMB, EXTERNAL, REMOTE], ids=["laughs", "file", "http"])
@pytest.mark.parametrize("suffix", ["xml", "docx"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_and_document_types_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes, suffix: str, encoding: str
) -> None:
    def trap(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked for")

    monkeypatch.setattr(socket.socket, "connect", trap)
    data = data.decode().replace('<?xml version="1.0"?>', "").encode(encoding)
    (tmp_path / f"a.{suffix}").write_bytes(docx_with(data) if suffix == "docx" else data)
    corpus = read(tmp_path)
    check(corpus)
    assert corpus.documents.empty, "never part of the text"
    assert corpus.skipped["reason"].tolist() == ["xml_entity"]


def zeros_zip(name: str, size: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(name, "w") as member:
        for _ in range(size // 2**20):
            member.write(b"a" * 2**20)
    return buffer.getvalue()


def many_members(count: int) -> bytes:
    entry = struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    directory = entry * count
    return directory + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, min(count, 9_999), 9_999, len(directory), 0, 0)


def encrypted_zip() -> bytes:
    data = bytearray(zeros_zip("a.txt", 2**20))
    for mark, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.find(mark) + at] |= 1
    return bytes(data)


def damaged_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "some text that is stored as it is")
    return buffer.getvalue().replace(b"some text", b"same text")


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.zip", zeros_zip("a.txt", 64 * 2**20), "archive_bomb"),
        ("a.docx", zeros_zip("word/document.xml", 64 * 2**20), "archive_bomb"),
        ("a.txt.gz", gzip.compress(b"a" * 32 * 2**20), "archive_bomb"),
        ("a.jsonl.gz", gzip.compress(b" " * 32 * 2**20), "archive_bomb"),
        ("a.zip", many_members(100_000), "archive_bomb"),
        ("a.zip", encrypted_zip(), "encrypted"),
        ("a.zip", damaged_zip(), "damaged"),
        ("a.zip", b"PK\3\4 and no directory", "damaged"),
        ("a.docx", zeros_zip("other.xml", 2**20), "damaged"),
        ("a.docx", b"\xd0\xcf\x11\xe0old", "encrypted"),
        ("a.txt.gz", gzip.compress(b"word " * 1000)[:-20], "damaged"),
        ("a.txt.gz", b"no gzip", "damaged"),
        ("a.parquet", b"PAR1 no", "damaged"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_bombs_and_broken_containers(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(data)
    corpus = read(tmp_path)
    check(corpus)
    assert corpus.documents.empty
    assert corpus.skipped["reason"].tolist() == [reason]


def test_bombs_are_refused_in_little_memory(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(zeros_zip("word/document.xml", 600 * 2**20))
    (tmp_path / "b.zip").write_bytes(many_members(1_000_000))
    code = (
        "from resource import RUSAGE_SELF as me, getrusage; from discourse.readers import read;"
        f"base = getrusage(me).ru_maxrss; found = read({str(tmp_path)!r}).skipped['reason'].tolist();"
        "print(found, (getrusage(me).ru_maxrss - base) // 1024)"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert out[:2] == ["['archive_bomb',", "'archive_bomb']"]
    assert int(out[2]) < 300, "megabytes"


def test_a_gzip_that_breaks_later_keeps_what_came_before(tmp_path: Path) -> None:
    lines = [json.dumps({"text": f"Line {n} {os.urandom(30).hex()}"}) for n in range(20_000)]
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress("\n".join(lines).encode())[:-200_000])
    corpus = read(tmp_path)
    assert 1_000 < len(corpus) < 20_000
    assert corpus.skipped["reason"].tolist() == ["damaged"]
    assert corpus.skipped["locator"][0] == f"after line {len(corpus)}"


def test_a_flipped_bit_in_parquet_is_no_wrong_cell(tmp_path: Path) -> None:
    data = pd.DataFrame({"text": [f"Sentence number {n} of many." for n in range(500)]})
    path = tmp_path / "a.parquet"
    data.to_parquet(path, write_page_checksum=True, compression="none", use_dictionary=False)
    raw = bytearray(path.read_bytes())
    raw[raw.find(b"number 250") + 8] ^= 1
    path.write_bytes(raw)
    corpus = read(tmp_path)
    assert corpus.documents.empty
    assert corpus.skipped[["reason", "locator"]].values.tolist() == [["damaged", "rows 1-500"]]


MARKUP = {
    "nested": "<div>" * 100_000 + "kept" + "</div>" * 100_000,
    "nested quotes": "<blockquote>" * 20_000 + "kept",
    "unclosed tables": "<table><tr><td>x" * 20_000 + "kept",
    "attributes": "<p " + " ".join(f"a{n}=1" for n in range(200_000)) + ">kept</p>",
    "one tag": "<p title='" + "x" * 10_000_000 + "'>kept</p>",
    "breaks": "<p>" + "<br>" * 200_000 + "kept",
    "brackets": "<" * 200_000 + " kept",
    "linked data": "<script type='application/ld+json'>" + "[" * 100_000 + "</script><p>kept</p>",
}


@pytest.mark.parametrize("name", MARKUP)
def test_markup_gone_wrong_keeps_its_text(name: str) -> None:
    assert html.extract(MARKUP[name]).text.endswith("kept")


def test_markup_without_text_is_never_an_empty_row(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<div>" * 500 + "<script>var x;</script>")
    (tmp_path / "b.html").write_text("<div></div>")
    corpus = read(tmp_path)
    assert corpus.skipped[["path", "reason"]].values.tolist() == [["a.html", "no_text"]]
    assert corpus.documents["n_words"].tolist() == [0]


@pytest.mark.parametrize("pump", [">", "- ", "> ", "*", "<", "|", "[a]: ", "#", "`", "\n> \n- "])
def test_markdown_gone_wrong(pump: str) -> None:
    text = pump * 20_000 + "\n\nkept"
    assert any(text[block.start : block.end].endswith("kept") for block in markdown.find_blocks(text))


# -- the file system ---------------------------------------------------------------------------------------------------


@pytest.fixture
def odd_folder(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("outside")
    (folder / "a.txt").write_text("inside")
    (folder / "sub").mkdir()
    (folder / "sub" / "b.txt").write_text("below")
    (folder / "out.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "out").symlink_to(tmp_path)
    (folder / "loop").symlink_to(folder)
    (folder / "in.txt").symlink_to("a.txt")
    (folder / "gone.txt").symlink_to("nowhere.txt")
    os.mkfifo(folder / "pipe.txt")
    (folder / "null.txt").symlink_to("/dev/zero")
    listening = socket.socket(socket.AF_UNIX)
    before = os.getcwd()
    os.chdir(folder)
    listening.bind("socket.txt")
    os.chdir(before)
    yield folder
    listening.close()


def test_links_pipes_and_devices(odd_folder: Path) -> None:
    corpus = read(odd_folder)
    check(corpus)
    assert corpus.documents[["path", "text"]].values.tolist() == [
        ["a.txt", "inside"],
        ["in.txt", "inside"],
        ["sub/b.txt", "below"],
    ]
    assert corpus.documents["duplicate_of"][1] == "a"
    assert corpus.skipped[["path", "reason"]].values.tolist() == [
        ["gone.txt", "unreadable"],
        ["loop", "not_a_file"],
        ["null.txt", "outside"],
        ["out", "outside"],
        ["out.txt", "outside"],
        ["pipe.txt", "not_a_file"],
        ["socket.txt", "not_a_file"],
    ]
    assert read(odd_folder / "pipe.txt").skipped["reason"].tolist() == ["not_a_file"]
    assert read(Path("/dev/zero")).skipped["reason"].tolist() == ["not_a_file"]


def test_a_name_in_corpus_toml_that_leads_out(tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("outside")
    (folder / "corpus.toml").write_text("[[documents]]\npath = '../secret.txt'\n")
    corpus = read(folder)
    assert corpus.documents.empty
    assert corpus.skipped[["path", "reason"]].values.tolist() == [["../secret.txt", "missing"]]


def test_names_of_every_kind(tmp_path: Path) -> None:
    names = ["new\nline.txt", "e\u0301.txt", "é.txt", "\u202etxt.exe.txt", "n" * 251 + ".txt", "con.txt", "a.b.c.txt"]
    for name in names:
        (tmp_path / name).write_text("Text.")
    with open(os.fsencode(tmp_path) + b"/\xff\xfe.txt", "wb") as handle:
        handle.write(b"Text.")
    (tmp_path / "evil\x1b[31m.bin").write_text("x")
    corpus = read(tmp_path)
    check(corpus)
    assert len(corpus) == len(names) + 1
    assert sorted(corpus.documents["path"]) == sorted([*names, "\\xff\\xfe.txt"])
    assert "\x1b" not in corpus.skipped["mend"][0]
    assert "[U+001B]" in corpus.skipped["mend"][0]


def test_a_file_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, flags: int) -> int:
        raise PermissionError(13, "Permission denied", str(path))

    (tmp_path / "a.txt").write_text("x")
    monkeypatch.setattr(disk.os, "open", refuse)
    skipped = read(tmp_path).skipped
    assert skipped[["reason", "detail"]].values.tolist() == [["unreadable", "permission denied"]]
    assert "permissions of a.txt" in skipped["mend"][0]


def test_a_file_that_is_written_to_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("x")
    states = iter([(1, 1), (1, 2)])
    monkeypatch.setattr(disk.Source, "_state", lambda self: next(states))
    assert read(tmp_path).skipped["reason"].tolist() == ["changed"]


def test_a_file_that_vanishes_or_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("x")
    monkeypatch.setattr(disk, "check_inside", lambda path, root: path.unlink())
    assert read(tmp_path).skipped["reason"].tolist() == ["unreadable"]


def test_a_file_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "MAX_DOCUMENT", 1_000)
    (tmp_path / "a.txt").write_text("x" * 1_001)
    (tmp_path / "b.txt").write_text("x" * 1_000)
    corpus = read(tmp_path)
    assert corpus.skipped[["path", "reason"]].values.tolist() == [["a.txt", "too_large"]]
    assert len(corpus) == 1


def test_reading_changes_nothing(tmp_path: Path) -> None:
    word_file(tmp_path / "a.docx")
    (tmp_path / "b.xml").write_text(WXR)
    before = {path: (path.stat().st_mtime_ns, zlib.crc32(path.read_bytes())) for path in tmp_path.iterdir()}
    read(tmp_path)
    assert before == {path: (path.stat().st_mtime_ns, zlib.crc32(path.read_bytes())) for path in tmp_path.iterdir()}


# -- properties --------------------------------------------------------------------------------------------------------

ANY = st.text(st.characters(codec="utf-8"), max_size=60)
QUICK = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@QUICK
@given(st.lists(st.tuples(ANY, st.one_of(st.none(), st.text(max_size=40)), ANY), max_size=8))
def test_every_row_of_a_frame_ends_in_one_place(rows: list[tuple[str, str | None, str]]) -> None:
    data = pd.DataFrame(rows, columns=["doc_id", "text", "mood"], dtype=object)
    corpus = read(data)
    check(corpus)
    assert len(corpus.documents) + len(corpus.skipped) == len(rows)
    kept = [row for row in rows if row[1] is not None and not any("\ud800" <= c <= "\udfff" for c in row[1])]
    assert corpus.documents["text"].tolist() == [text for _, text, _ in kept]
    assert corpus.documents["mood"].tolist() == [mood for _, _, mood in kept]
    assert corpus.documents["doc_id"].is_unique
    for given_id, doc_id in zip((row[0] for row in kept), corpus.documents["doc_id"], strict=True):
        assert not given_id.strip() or doc_id == given_id or doc_id.startswith(given_id + "~")


@QUICK
@given(st.lists(st.tuples(ANY, ANY, ANY), min_size=1, max_size=8))
def test_csv_cells_come_back_as_they_were(tmp_path: Path, rows: list[tuple[str, str, str]]) -> None:
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, quoting=csv.QUOTE_ALL)
        writer.writerows([("doc_id", "text", "mood"), *rows])
    corpus = read(path)
    check(corpus)
    assert corpus.skipped.empty
    assert corpus.documents["text"].tolist() == [row[1] for row in rows]
    assert corpus.documents["mood"].tolist() == [row[2] for row in rows]


@QUICK
@given(ANY.filter(lambda text: "\0" not in text))
def test_text_and_markdown_files_come_back_as_they_were(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.txt").write_bytes(text.encode())
    (tmp_path / "b.md").write_bytes(("\n" + text).encode())
    corpus = read(tmp_path)
    check(corpus)
    assert corpus.documents["text"].tolist() == [text.removeprefix("\ufeff"), "\n" + text]
    assert corpus.documents["n_words"].tolist() == [tables.count_words(text)] * 2


@QUICK
@given(st.text(st.sampled_from("ab1'’.-‐_ \u0301\u200b\u00ad\ufeff,é中\ud800"), max_size=30))
def test_words_are_counted_as_the_contract_defines_them(text: str) -> None:
    shown = "".join(c for c in text if ord(c) not in tables.INVISIBLE)
    assert tables.count_words(text) == len(tables.WORD.findall(shown))


@QUICK
@given(
    st.binary(max_size=200),
    st.sampled_from(["txt", "md", "html", "csv", "jsonl", "parquet", "docx", "xml", "zip", "txt.gz"]),
)
def test_any_bytes_end_in_a_row_or_a_skip(tmp_path: Path, data: bytes, suffix: str) -> None:
    for path in tmp_path.iterdir():
        path.unlink()
    (tmp_path / f"a.{suffix}").write_bytes(data)
    corpus = read(tmp_path)
    check(corpus)
    if suffix in ("txt", "md", "html", "parquet", "docx", "txt.gz"):
        assert len(corpus.documents) + len(corpus.skipped) == 1


FRAGMENT = st.sampled_from(
    "<p> </p> <blockquote> </blockquote> <li> <footer> <div/class=share> </div> <br> <td> <pre> </pre> <q> <a/href=x> "
    "</a> one two &amp; &nbsp; <script> </script> <h1> &#0; <!-- --> \n \n\n".split(" ")
).map(lambda piece: piece.replace("/class", " class"))


@QUICK
@given(st.lists(FRAGMENT, max_size=40).map("".join), st.booleans())
def test_blocks_of_any_markup_are_the_text_piece_by_piece(markup: str, breaks: bool) -> None:
    page = html.extract(markup, breaks=breaks)
    end = -2
    for block in page.blocks:
        assert block.start == end + 2
        assert page.text[block.start : block.end].strip() == page.text[block.start : block.end]
        end = block.end
    assert end == len(page.text) or not page.blocks
    assert "\0" not in page.text


def seeds(folder: Path) -> dict[str, bytes]:
    word_file(folder / "a.docx")
    table, archive = io.BytesIO(), io.BytesIO()
    pd.DataFrame({"text": [f"Row {n}." for n in range(20)]}).to_parquet(table)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as members:
        for name in ("a.txt", "b/c.md"):
            members.writestr(name, PROSE)
    return {
        "docx": (folder / "a.docx").read_bytes(),
        "parquet": table.getvalue(),
        "zip": archive.getvalue(),
        "xml": WXR.encode(),
        "jsonl.gz": gzip.compress(b'{"text": "One."}\n{"text": "Two."}\n'),
    }


@pytest.mark.parametrize("suffix", ["docx", "parquet", "zip", "xml", "jsonl.gz"])
def test_damaged_files_end_in_rows_and_skips(tmp_path: Path, suffix: str) -> None:
    """Changed bytes, cuts and repetitions of a sound file: some still read, none raises."""
    sound, chance = seeds(tmp_path)[suffix], random.Random(7)
    for path in tmp_path.iterdir():
        path.unlink()
    for _ in range(40):
        data = bytearray(sound)
        for _ in range(chance.choice((1, 2, 8))):
            at, other = (chance.randrange(max(len(data), 1)) for _ in range(2))
            chance.choice(
                [
                    lambda at=at, data=data: data.__setitem__(slice(at, at + 1), b"\x5a"),
                    lambda at=at, data=data: data.__delitem__(slice(at, at + 20)),
                    lambda at=at, data=data, other=other: data.__setitem__(slice(at, at), data[other : other + 40]),
                ]
            )()
        (tmp_path / f"a.{suffix}").write_bytes(bytes(data))
        check(read(tmp_path))
