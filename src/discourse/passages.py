"""documents -> passages: stretches of text in one voice, what each is, and where to look for the origin of a quotation.

A weblog post is several voices laid out as one page: the author's own prose, displayed quotations, later additions,
mock dialogue with an editor, a note on the author, and site furniture. Where the reader saw markup its block
boundaries decide. Where markup is lost, the text has to: a line that ends in a colon hands over to a quotation,
agency prose between first-person prose is somebody else's, "UPDATE:" gives the floor back to the author.

The errors are not equal. A quotation taken for the author's words puts claims in the author's mouth; an author's
paragraph taken for a quotation silences the author and takes later paragraphs along. A hand-over (colon, excerpt
word, block markup, a byline in mid-page) is therefore needed to enter a quotation (`quotations`), register alone never
is, and after one quoted paragraph every further one has to show that it still belongs: in doubt the words are the
author's. Readers' comments that run on after a post without any mark are taken for the author's too: nothing in the
text tells where they begin, unless a visitor advertises. So is a whole article reposted with no more than a heading
above its byline: a newspaper's own page looks the same.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise, takewhile
from typing import NamedTuple

import numpy as np
import pandas as pd

from discourse import tables
from discourse.layout import Page
from discourse.quotations import (
    ITEM_STARTS,
    UPDATE,
    UPDATE_HINT,
    Block,
    Doc,
    blocks,
    credits_below,
    is_item,
    names_text,
    recurs,
    sentence_starts,
)

UNCOUNTED = ("promo", "bio")
"""Kinds that are nobody's contribution to the item: coded, never counted."""

SURE, LIKELY, WEAK = 0.95, 0.75, 0.4
"""Confidence of a passage from markup or a strong cue, from a scored decision, and from a decision that was close."""

OPENING_LINES = 10
"""Repeated ledes are looked for in the first lines only: a refrain further down is the author's doing (codebook E4)."""

INSERTED = 0.25
"""Part of a text in which a labelled addition is a note set into its opening: what follows it is the item again."""

EXCERPT_MIN = 80
"""Characters a cut excerpt must share with the text that follows before it counts as a copy (codebook E4)."""


class Piece(NamedTuple):
    """A passage in the making: offsets into the document, kind, and why."""

    start: int
    end: int
    kind: str
    confidence: float = SURE
    alternative: str | None = None
    block: int = -1
    copy_of: int = -1


def passages(documents: pd.DataFrame, page: Page, blocks: pd.DataFrame | None = None) -> pd.DataFrame:
    """Passages of the documents: exhaustive over characters that are not space, without overlap.

    One row per stretch of text in one voice: doc_id, passage_id, start, end (code points into `documents.text`),
    kind (codebook E1), confidence (0-1), alternative (the second-best kind where the decision was close),
    duplicate_of (passage_id of the later complete copy), counted. `voice_id` is null until `voices`.

    Parameters
    ----------
    documents : the contract's documents; `title`, `doc_id` and `text` are read.
    page : the layout of the same documents, in the same order.
    blocks : markup blocks of the readers (doc_id, start, end, kind, level), or None.
    """
    rows: list[tuple[str, Piece]] = []
    copies: list[int] = []
    marked = _blocks_by_document(blocks)
    titles = documents["title"].tolist() if "title" in documents else [None] * len(documents)
    for doc_id, pars, text, title in zip(page.doc_id, _paragraphs(page), _texts(page), titles, strict=True):
        doc = _doc(text, pars, marked.get(doc_id, []), title if isinstance(title, str) else "")
        pieces = _pieces(doc)
        copies.extend(len(rows) + piece.copy_of if piece.copy_of >= 0 else -1 for piece in pieces)
        rows.extend((doc_id, piece) for piece in pieces)
    return _table(rows, copies)


def origins(documents: pd.DataFrame, passages: pd.DataFrame) -> pd.DataFrame:
    """Where the origin of each quoted block would be named: in the lead-in sentence, or in the sentence before it.

    One row per quoted passage, in text order: doc_id, passage_id, lead_start, lead_end (the lead-in sentence; -1
    where there is none), before_start, before_end (the sentence before it in the same paragraph; -1 likewise),
    deictic (the sentence before points to a report that is not named: "this report"). Whether a name stands there
    is for `voices` to say, which knows the outlets.
    """
    texts = dict(zip(documents["doc_id"], documents["text"], strict=True))
    rows: list[tuple[str, str, int, int, int, int, bool]] = []
    last = lead = ("", -1, -1, "")
    aside = False
    columns = [passages[name].tolist() for name in ("doc_id", "passage_id", "start", "end", "kind")]
    for doc_id, passage_id, start, end, kind in zip(*columns, strict=True):
        if kind == "quoted_article":
            goes_on = aside and last[0] == doc_id and last[3] == "quoted_article"
            lead = lead if goes_on else last
            known = lead[0] == doc_id and lead[3] == "lead_in"
            rows.append((doc_id, passage_id, *_where(texts[doc_id], lead if known else None)))
        aside = kind == "interjection"
        if not aside:
            last = (doc_id, start, end, kind)
    names = ["doc_id", "passage_id", "lead_start", "lead_end", "before_start", "before_end", "deictic"]
    return pd.DataFrame(rows, columns=names)


_BEFORE = 1_000
"""Characters before a lead-in in which the sentence before it begins."""


def _where(text: str, lead: tuple[str, int, int, str] | None) -> tuple[int, int, int, int, bool]:
    if lead is None:
        return -1, -1, -1, -1, False
    _, start, end, _ = lead
    starts = sentence_starts(text[start:end])
    lead_start = start + starts[-1]
    near = max(0, start - _BEFORE)
    par_start = max(near, text.rfind("\n", near, start) + 1)
    before = text[par_start:lead_start].rstrip()
    if not before.strip():
        return lead_start, end, -1, -1, False
    before_start = par_start + sentence_starts(before)[-1]
    deictic = bool(_DEICTIC_REPORT.search(text[before_start:lead_start]))
    return lead_start, end, before_start, par_start + len(before), deictic


_DEICTIC_REPORT = re.compile(
    r"\b[Tt]h(?:is|ese) (?:\w+ )?(?:report|story|article|account|piece|item|dispatch|post)s?\b"
)


# --- documents and paragraphs ---


def _texts(page: Page) -> Iterator[str]:
    for start, end in zip(page.doc_start.tolist(), page.doc_end.tolist(), strict=True):
        yield page.text[start:end]


def _paragraphs(page: Page) -> Iterator[list[tuple[int, int]]]:
    last = np.searchsorted(page.par_doc, np.arange(len(page.doc_id)), side="right").tolist()
    shift = page.doc_start[page.par_doc]
    starts, ends = (page.par_start - shift).tolist(), (page.par_end - shift).tolist()
    for low, high in pairwise([0, *last]):
        yield list(zip(starts[low:high], ends[low:high], strict=True))


def _blocks_by_document(blocks: pd.DataFrame | None) -> dict[str, list[tuple[int, int, str]]]:
    found: dict[str, list[tuple[int, int, str]]] = {}
    if blocks is None or not len(blocks):
        return found
    ordered = blocks.sort_values(["doc_id", "start", "end"])
    for doc_id, start, end, kind in zip(
        *(ordered[c].tolist() for c in ("doc_id", "start", "end", "kind")), strict=True
    ):
        found.setdefault(doc_id, []).append((start, end, kind))
    return found


def _doc(text: str, pars: list[tuple[int, int]], blocks: list[tuple[int, int, str]], title: str) -> Doc:
    if not blocks:
        return Doc(text, pars, title=title)
    cuts = sorted({edge for start, end, _ in blocks for edge in (start, end)})
    split = [span for par in pars for span in _cut(text, par, cuts)]
    rank = {"blockquote": 0, "furniture": 1, "title": 2, "heading": 3, "list_item": 4, "caption": 5, "paragraph": 6}
    markup, block = [], []
    for _, end in split:
        holding = [(rank.get(kind, 9), number) for number, (low, high, kind) in enumerate(blocks) if low < end <= high]
        best = min(holding, default=(9, -1))[1]
        markup.append(blocks[best][2] if best >= 0 else "")
        block.append(best)
    return Doc(text, split, markup, block, title)


def _by_line(doc: Doc, first: int, last: int) -> bool:
    """Whether the lines of a body are whole blocks: no blank lines, and half of it in lines of five sentences or more.

    Such pages come from extraction that joins the paragraphs of a block; a line break is then a change of block.
    """
    body = doc.pars[first:last]
    if len(body) < 2 or doc.text.find("\n\n", body[0][1], body[-1][0]) >= 0:
        return False
    long = sum(end - start for i, (start, end) in enumerate(body, first) if len(doc.sentences(i)) >= 5)
    return long > 0.5 * (body[-1][1] - body[0][0])


def _cut(text: str, par: tuple[int, int], cuts: list[int]) -> Iterator[tuple[int, int]]:
    """A paragraph cut at the edges of blocks; a marker before a block (">", "#", "1.") stays with the block."""
    edges = [par[0], *(cut for cut in cuts if par[0] < cut < par[1]), par[1]]
    begun = -1
    for low, high in pairwise(edges):
        start, end = _strip(text, low, high)
        start = start if begun < 0 or start == end else begun
        if start < end and end < par[1] and _MARKER.fullmatch(text, start, end):
            begun = start
        elif start < end:
            yield start, end
            begun = -1
    if begun >= 0:
        yield begun, _strip(text, begun, par[1])[1]


_MARKER = re.compile(r"[>#*+\-\s]*(?:\d{1,2}[.)])?\s*")


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


# --- the document as a whole ---


def _pieces(doc: Doc) -> list[Piece]:
    if not doc.pars:
        return []
    head = _head(doc)
    tail, tail_kinds = _tail(doc, len(head))
    doc.by_line = not doc.markup and _by_line(doc, len(head), tail)
    doc.listed = _listed(doc, len(head), tail)
    body = _excerpted(doc, len(head), _body(doc, len(head), tail))
    pieces = _merged(doc, [*head, *body, *tail_kinds])
    return _copies_resolved(doc, pieces)


_ENTRY_MAX, _ENTRIES = 80, 4
"""Characters of a line that is an entry of a list, and entries in a row that make one."""


def _listed(doc: Doc, first: int, last: int) -> frozenset[int]:
    """Lines of a few words in a row, none with a stop: entries of a list that has lost its marks.

    Such lines before any prose are the menu of a site.
    """
    short = [i for i in range(first, last) if doc.pars[i][1] - doc.pars[i][0] < _ENTRY_MAX]
    menu = next((n for n, i in enumerate(short) if i != first + n), len(short))
    found: list[int] = []
    run: list[int] = []
    for i in short[menu:] if len(short) - menu >= _ENTRIES else []:
        run = run if run and run[-1] == i - 1 else []
        if _is_entry(doc, i):
            run.append(i)
            found.extend(run if len(run) == _ENTRIES else run[-1:] if len(run) > _ENTRIES else [])
        else:
            run = []
    return frozenset(found)


def _is_entry(doc: Doc, i: int) -> bool:
    start, end = doc.pars[i]
    return not doc.text[start].islower() and doc.text[end - 1] not in _NO_ENTRY and doc.prose(i)


_NO_ENTRY = frozenset('.!?:;,”"’)…—-/')


def _excerpted(doc: Doc, first: int, body: list[Piece]) -> list[Piece]:
    """An opening paragraph that the text then repeats is an automatic excerpt of it (codebook E4)."""
    if not body or body[0].kind != "commentary" or body[0].end - body[0].start < EXCERPT_MIN:
        return body
    again = recurs(doc, first)
    return body if again < 0 else [body[0]._replace(kind="deck", copy_of=doc.at(again)), *body[1:]]


def _merged(doc: Doc, pieces: list[Piece]) -> list[Piece]:
    """Neighbours of one kind and one block are one passage; list items, asides and copies stay apart."""
    done: list[Piece] = []
    for piece in pieces:
        last = done[-1] if done else None
        same = last and last.kind == piece.kind and last.block == piece.block and _joins(last) and _joins(piece)
        if last and same and not (piece.kind == "update" and UPDATE.match(doc.text, piece.start)):
            weaker = min(last, piece, key=lambda one: one.confidence)
            done[-1] = last._replace(end=piece.end, confidence=weaker.confidence, alternative=weaker.alternative)
        else:
            done.append(piece)
    return done


def _joins(piece: Piece) -> bool:
    return piece.kind in ("commentary", "quoted_article", "update", "promo", "bio") and piece.copy_of < 0


# --- head: title, deck, byline, repeated ledes ---

_BYLINE = re.compile(
    r"(?:By|BY|by)[:\s]\s*(?:[A-Z][\w.’'\-]+,?\s*(?:and|AND|&|,)?\s*){1,8}$|"
    r"(?:Posted|Published|Written|Updated|Last updated|Last modified|First published|Filed)\b[^.!?]{0,60}$|"
    r"(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?,? )?"
    r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.? \d{1,2},? (?:19|20)\d\d[^.!?]{0,25}$|"
    r"\d{1,2} (?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?,? (?:19|20)\d\d[^.!?]{0,25}$|"
    r"(?:19|20)\d\d-\d\d-\d\d\b.{0,20}$"
)
_STOPPED = re.compile(r"[.;,][”\"’')\]]*$")
_CONTENT_WORD = re.compile(r"[^\W\d_][\w’']{3,}")


def _head(doc: Doc) -> list[Piece]:
    """Title, deck and byline lines; copies of later lines among the first ten are decks."""
    pieces: list[Piece] = []
    first = next((i for i, mark in enumerate(doc.markup) if mark != "furniture"), 0)
    title = _title_at(doc, first)
    if title >= 0:
        pieces = [Piece(*doc.pars[i], "promo" if i < title else "title") for i in range(title + 1)]
    for i in range(len(pieces), min(OPENING_LINES, len(doc.pars) - 1)):
        kind, later = _head_kind(doc, i, any(piece.kind == "title" for piece in pieces))
        if not kind:
            break
        pieces.append(Piece(*doc.pars[i], kind, copy_of=later))
    return pieces


def _title_at(doc: Doc, first: int) -> int:
    """The paragraph that is the title, with nothing but short lines (a site's name, its menu) before it; or -1."""
    last = len(doc.pars) - 1
    if doc.title:
        wanted = _plain(doc.title).rstrip(".")
        for i in range(first, min(first + OPENING_LINES, last)):
            if _plain(doc.par(i)).rstrip(".") == wanted:
                return i
            if len(doc.par(i)) >= 60:
                break
    near = takewhile(lambda i: not credits_below(doc, i), range(first, min(first + 3, last)))
    title = next((i for i in near if _is_title(doc, i)), -1)
    return title if all(len(doc.par(i)) < 60 and doc.par(i)[-1] != ":" for i in range(first, title)) else -1


def _head_kind(doc: Doc, i: int, titled: bool) -> tuple[str, int]:
    line = doc.par(i)
    if (doc.markup and doc.markup[i] == "blockquote") or credits_below(doc, i):
        return "", -1
    later = _copied_at(doc, i)
    if later >= 0:
        return "deck", later
    if len(line) < 120 and _BYLINE.match(line):
        return "promo", -1
    if len(line) < 250 and line.startswith("By ") and _BIO.match(line):
        return "bio", -1
    return ("deck" if titled and _is_deck(doc, i) else ""), -1


def _is_title(doc: Doc, i: int) -> bool:
    line = doc.par(i)
    if doc.markup:
        return doc.markup[i] in ("title", "heading") or (not any(doc.markup[i:]) and _looks_like_title(doc, i, line))
    return _looks_like_title(doc, i, line)


def _looks_like_title(doc: Doc, i: int, line: str) -> bool:
    if len(doc.pars) < 2 or len(line) > 200 or line.endswith(":") or _BYLINE.match(line) or line[:1] in "“\"'‘[(":
        return False
    words = line.split()
    if len(words) > 25 or len(line) * 1.5 > len(doc.text):
        return False
    longer = _CONTENT_WORD.findall(line)
    capitals = sum(word[0].isupper() for word in longer)
    if _STOPPED.search(line):
        return len(longer) >= 3 and capitals >= 0.75 * len(longer)
    return len(words) <= 20 or capitals >= 0.75 * len(longer)


def _is_deck(doc: Doc, i: int) -> bool:
    """A line of at most 30 words that hands on to a byline, or stops in dots without being a sentence."""
    line = doc.par(i)
    if len(line) > 250 or i + 1 >= len(doc.pars):
        return False
    return bool(_BYLINE.match(doc.par(i + 1))) or line.endswith(("...", "…", "[...]"))


_QUOTES = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...", "\u00a0": " "}
)


def _plain(text: str) -> str:
    return " ".join(text.translate(_QUOTES).casefold().split())


_LINE_MAX = 5_000
"""Characters up to which an opening line is looked for again: an excerpt is shorter."""


def _begins(doc: Doc, i: int) -> str:
    """The first letters or digits of a paragraph."""
    start = doc.pars[i][0]
    word = _OPENING.search(doc.text, start, start + 20)
    return word[0].casefold() if word else ""


_OPENING = re.compile(r"[^\W_]{1,3}")


def _copied_at(doc: Doc, i: int) -> int:
    """The later paragraph at which a complete copy of paragraph i begins, or -1."""
    start, end = doc.pars[i]
    if end - start > _LINE_MAX or end - start < 25:
        return -1
    begins = _begins(doc, i)
    alike = [j for j in range(min(i + 4, len(doc.pars) - 1), i, -1) if _begins(doc, j) == begins]
    if not alike:
        return -1
    line = _plain(doc.par(i))
    cut = line.rstrip("] ").endswith(("...", "…"))
    line = line.rstrip(". …[]") if cut else line
    if len(line) < (EXCERPT_MIN if cut else 25) or len(line.split()) < 6:
        return -1
    for j in alike:
        following = _plain(doc.text[doc.pars[j][0] : doc.pars[j][0] + 2 * len(line) + 80])
        if following.startswith(line) and not (cut and _plain(doc.par(j)).rstrip(". …[]") == line):
            return j
    return -1


def _copies_resolved(doc: Doc, pieces: list[Piece]) -> list[Piece]:
    """`copy_of` from paragraph numbers to piece numbers: the piece that begins where the last complete copy does."""
    if all(piece.copy_of < 0 for piece in pieces):
        return pieces
    starts = [piece.start for piece in pieces]

    def at(paragraph: int) -> int:
        return bisect_right(starts, doc.pars[paragraph][0]) - 1

    done = []
    for number, piece in enumerate(pieces):
        target = at(piece.copy_of) if piece.copy_of >= 0 else -1
        while target > number and pieces[target].copy_of >= 0 and at(pieces[target].copy_of) > target:
            target = at(pieces[target].copy_of)
        done.append(piece._replace(copy_of=target if target > number else -1))
    return done


# --- tail: the note on the author and the site's furniture ---


def _any(words: str) -> str:
    """A regular expression alternative per line of `words`; in lower case, which is faster than ignoring case."""
    return "(?:" + "|".join(line.strip() for line in words.strip().splitlines()) + ")"


_PROMO_HEAD = re.compile(
    _any(
        r"""
        more (?:from|on|in|about|stories|news|coverage)\b
        read (?:more|next|also)\b
        related\b
        most (?:popular|read|viewed|recent|shared)
        trending\b
        recommended\b
        you (?:may|might) also\b
        also (?:on|in|from|see)\b
        see also\b
        latest (?:from|news|stories)
        top stories
        popular (?:on|in|now|posts)
        editors?[’']?s? picks
        what to read
        up next
        recent (?:posts|entries|comments)
        (?:previous|next) (?:post|entry)
        around the web
        sponsored\b
        from the archives?"""
    )
)
_PROMO_LINE = re.compile(
    _any(
        r"""
        sign up\b
        subscribe\b
        newsletter\b
        share (?:this|on|via)\b
        tags?:
        filed (?:under|in)\b
        categor(?:y|ies):
        labels?:
        copyright\b
        ©
        \(c\) ?(?:19|20)\d\d
        advertisement\b
        comments? ?(?:\(\d+\)|are closed|off|:)
        \d+ comments?\b
        trackbacks?\b
        permalink
        permanent link
        print (?:this|version)
        e-?mail this
        read (?:the )?(?:more|full (?:story|article))\b
        load(?:ing)? (?:more )?comments
        view comments
        join the conversation
        (?:follow|like) us\b
        download (?:the|our)\b
        (?:related|read more|more|watch|see also|photo|image):
        posted (?:by|in|at|on)\b
        this entry was posted"""
    )
)
_PROMO_INSIDE = re.compile(
    r".{0,80}\ball rights reserved|.{0,120}\bcontributed (?:to this (?:report|story|article)|research|reporting)"
)


def _is_promo(text: str, start: int, end: int) -> bool:
    """Whether a line is site furniture by how it begins or by what it certifies."""
    line = text[start : min(end, start + 200)].lower()
    if _PROMO_LINE.match(line):
        return True
    return ("all rights" in line or "contributed" in line) and _PROMO_INSIDE.match(line) is not None


_PLUG = re.compile(
    r"\b(?:check (?:it |them )?out|visit|look at|come to|take a look|have|here(?:’s|'s| is)) (?:at )?my (?:\w+ ){0,6}?"
    r"(?:blog|web ?site|site|home ?page|web ?page)\b|\b(?:check (?:it|them) out|come and check)\b",
    re.I,
)
_PRAISE = re.compile(
    r"\b(?:your|this|great|nice|cool|excellent|interesting|informative) (?:\w+ )?(?:blog|site)\b", re.I
)
_NAME = r"(?:[A-Z]\.|[A-Z][\w’'\-]+)(?: (?:[A-Z]\.|[A-Z][\w’'\-]+|de|van|von|bin|al|el)){1,4}"
_BIO = re.compile(
    _NAME
    + r",? (?:is|was|are|writes|teaches|covers|blogs|works|reports|serves|practi[sc]es|edits|lives|runs|hosts)\b"
    + r"|By "
    + _NAME
    + r", (?:an?|the)\b"
)
_BIO_ROLE = re.compile(
    r"\b(?:professor|fellow|editor|columnist|correspondent|reporter|author of|director of|writers?|contribut\w+"
    r"|lecturer|blogg?er|journalist|scholar|co-?host|analyst|historian|teaches|writes|covers|practi[sc]es|blogs"
    r"|podcast|student|consultant|lawyer|attorney|economist|strategist|chair|president of|founder|producer|critic"
    r"|in residence)\b"
)
_BIO_HANDLE = re.compile(
    r"\b(?:Twitter|X|Mastodon|Bluesky): ?@|\bFollow [^.]{2,60} (?:on|at) [^.]{0,30}@|\bcan be reached at\b", re.I
)


def _reached(line: str) -> bool:
    """Whether a line says where its author can be reached."""
    return ("@" in line or "eached" in line or "EACHED" in line) and _BIO_HANDLE.search(line) is not None


def _tail(doc: Doc, first: int) -> tuple[int, list[Piece]]:
    """Where the body ends, and the bio and promo pieces after it."""
    end = _furniture_from(doc, first)
    pieces = [Piece(*doc.pars[i], "promo") for i in range(end, len(doc.pars))]
    while end > max(first, 1):
        kind = _tail_kind(doc, end - 1)
        if not kind:
            break
        end -= 1
        pieces.insert(0, Piece(*doc.pars[end], kind, SURE if kind == "promo" else LIKELY, None))
    return end, pieces


def _furniture_from(doc: Doc, first: int) -> int:
    """The paragraph from which everything is furniture: a short promo heading in the second half, or a visitor's plug.

    Who praises the blog and sends its readers to a site of his own advertises; more of the kind follows.
    """
    plugged = _plugged(doc, first)
    from_here, third = max(first, 1), len(doc.text) / 3
    for i, (start, end) in enumerate(doc.pars[from_here:plugged], from_here):
        if end - start > 60 or start < third:
            continue
        line = doc.par(i).strip("*_# ")
        if _PROMO_HEAD.match(line.lower()) and not _STOPPED.search(line) and not _is_prose(doc, i + 1):
            return i
    return plugged


def _plugged(doc: Doc, first: int) -> int:
    """The first paragraph of the second half in which a visitor advertises a site of his own; else past the last."""
    text, found = doc.text, len(doc.pars)
    for word in ("blog", "site"):
        at = text.find(word, len(text) // 2)
        while at >= 0:
            i = doc.at(at)
            start, end = doc.pars[i]
            late = first <= i < found and i > 0 and start * 2 > len(text)
            if late and _PRAISE.search(text, start, end) and _PLUG.search(text, start, end):
                found = i
            at = text.find(word, max(end, at + 1))
    return found


def _is_prose(doc: Doc, first: int) -> bool:
    """Whether what follows reads on like an article: most of it in paragraphs of three sentences or more."""
    lengths = [(doc.pars[i][1] - doc.pars[i][0], len(doc.sentences(i))) for i in range(first, len(doc.pars))]
    total = sum(length for length, _ in lengths)
    return total > 0 and sum(length for length, n in lengths if n >= 3) > 0.5 * total


def _tail_kind(doc: Doc, i: int) -> str:
    line = doc.par(i).lstrip("*_ ")
    if len(line) > 700:
        return ""
    if _is_promo(line, 0, len(line)) or (
        len(line) < 60 and _PROMO_HEAD.match(line.lower()) and not _STOPPED.search(line)
    ):
        return "promo"
    if re.search(r"\bsaid\b", line):
        return ""
    named = _BIO.match(line)
    if (named and _BIO_ROLE.search(line, 0, named.end() + 90)) or (len(line) < 500 and _reached(line)):
        return "bio"
    return ""


# --- body ---

_ASIDE = re.compile(
    r"\[[^\[\]]{0,600}?[–—\-]{1,2}\s?(?:ed|eds|Ed)\b\.?[^\[\]]{0,600}\]"
    r"|[(\[]\s?(?:[Ee]d(?:itor)?(?:’s|'s)?\.?(?: note)?\s?:)[^()\[\]]{0,400}[)\]]"
    r"|[\[(](?:[Ee]mphas[ie]s|[Ii]talics|[Bb]old(?:ing|face)?|[Hh]ighlights?)(?: (?:is|are|was))?\s"
    r"(?:added|mine|ours|theirs|in (?:the )?original)[^\[\]()]{0,60}[\])]"
)
_INSERTED = re.compile(_ASIDE.pattern + r"|(?<=[.!?”\"’)…] )\[[A-Z][^\[\]]{40,600}[^\[\].]\.?\]")
"""In a quotation a whole sentence in square brackets is the quoter's as well (codebook B4)."""
_SIGNATURE = re.compile(r"[–—\-]{1,2}\s?(?:[Ee]ds?)\b\.?")
_NUMBER = re.compile(r"(?:^|(?<=\s))\(?(\d{1,2})\)\s+(?=\S)|(?:^|(?<=[.!?:;] ))(\d{1,2})\.\s+(?=[A-Z“\"])")


def _body(doc: Doc, first: int, last: int) -> list[Piece]:
    """The paragraphs between head and tail, cut where a quotation begins or ends, an update, an item or an aside."""
    pieces: list[Piece] = []
    found = blocks(doc, first, last)
    updating, at, done = False, 0, first
    for i in _eventful(doc, first, last, found):
        pieces.extend(_plain_run(doc, done, i, updating))
        done = i + 1
        mark = doc.markup[i] if doc.markup else ""
        if mark == "blockquote":
            block = len(doc.pars) + doc.block[i]
            if pieces and pieces[-1].block != block:
                pieces[-1:] = _handed_over(doc, pieces[-1])
            pieces.extend(_quoted(doc, Piece(*doc.pars[i], "quoted_article", block=block)))
            continue
        while at < len(found) and found[at].end <= doc.pars[i][0]:
            at += 1
        made = _marked(doc, i, mark) or _paragraph(doc, i, found, at, updating)
        if doc.pars[i][0] > len(doc.text) * INSERTED:
            updating = updating or any(piece.kind == "update" for piece in made)
        pieces.extend(made)
    return pieces + _plain_run(doc, done, last, updating)


_LINKS = re.compile(r"https?://\S+(?:\s+https?://\S+){2,}")
"""Three addresses in a row: a list of links, whatever marks it had."""
_SIGNS = (UPDATE_HINT, _LINKS, re.compile(r"\["), re.compile(r"\(\s?[EeIiBbHh]"), re.compile(r"2[.)]"))


def _eventful(doc: Doc, first: int, last: int, found: list[Block]) -> list[int]:
    """The paragraphs that may be more than a stretch of their author's prose, by signs that are cheap to look for."""
    if first >= last:
        return []
    text, low, high = doc.text, doc.pars[first][0], doc.pars[last - 1][1]
    eventful = {doc.at(match.start()) for sign in _SIGNS for match in sign.finditer(text, low, high)}
    for block in found:
        eventful.update(range(doc.at(block.lead), doc.at(block.end - 1) + 1))
    eventful.update(doc.listed)
    for i, (start, end) in enumerate(doc.pars[first:last], first):
        short = end - start < 120 and _is_promo(text, start, end)
        if short or text[start] in ITEM_STARTS or text.startswith(")", start + 1) or (doc.markup and not doc.prose(i)):
            eventful.add(i)
    return sorted(eventful)


def _plain_run(doc: Doc, first: int, last: int, updating: bool) -> list[Piece]:
    """Paragraphs of plain prose are one piece."""
    if first >= last:
        return []
    return [Piece(doc.pars[first][0], doc.pars[last - 1][1], "update" if updating else "commentary")]


def _paragraph(doc: Doc, i: int, found: list[Block], at: int, updating: bool) -> list[Piece]:
    """A paragraph without markup: its author's words, and the parts of quotations that lie in it."""
    low, high = doc.pars[i]
    pieces: list[Piece] = []
    while at < len(found) and found[at].lead < high:
        block = found[at]
        if low < block.lead:
            pieces.extend(_own(doc, i, low, block.lead, updating))
            updating = updating or pieces[-1].kind == "update"
        lead = _strip(doc.text, max(low, block.lead), min(high, block.start))
        if lead[0] < lead[1]:
            pieces.extend(_led_in(doc, *lead, "title" if block.heading >= 0 else "lead_in"))
        quoted = _strip(doc.text, max(low, block.start), min(high, block.end))
        if quoted[0] < quoted[1]:
            pieces.extend(_asides(doc, _scored(*quoted, block.margin, at)))
        low = min(high, max(low, block.end))
        at += 1
    return pieces + _own(doc, i, low, high, updating)


def _led_in(doc: Doc, start: int, end: int, kind: str) -> list[Piece]:
    """A lead-in; a label before it ("UPDATE: Oll writes:") opens an addition that goes on after the quotation."""
    label = UPDATE.match(doc.text, start, end)
    if not label or not doc.text[label.end() : end].strip():
        return [Piece(start, end, kind)]
    update = Piece(*_strip(doc.text, start, label.end()), "update")
    return [update, Piece(*_strip(doc.text, label.end(), end), kind)]


def _own(doc: Doc, i: int, low: int, high: int, updating: bool) -> list[Piece]:
    """Words of the author: furniture between paragraphs, list items, updates, asides."""
    start, end = _strip(doc.text, low, high)
    if start >= end:
        return []
    if (start, end) == doc.pars[i] and end - start < 120 and _is_promo(doc.text, start, end):
        return [Piece(start, end, "promo", LIKELY)]
    if i in doc.listed and (start, end) == doc.pars[i]:
        return _asides(doc, Piece(start, end, "list_item"))
    if items := _items(doc, i, start, end):
        return [made for item in items for made in _asides(doc, item)]
    if links := _LINKS.search(doc.text, start, end):
        low, high = links.span()
        linked = Piece(low, high, "list_item")
        return [*_own(doc, i, start, low, updating), linked, *_own(doc, i, high, end, updating)]
    return _updates(doc, start, end, updating)


def _marked(doc: Doc, i: int, mark: str) -> list[Piece]:
    kinds = {"furniture": "promo", "list_item": "list_item", "title": "title", "heading": "title"}
    return _asides(doc, Piece(*doc.pars[i], kinds[mark])) if mark in kinds else []


def _handed_over(doc: Doc, own: Piece) -> list[Piece]:
    """Before a block quotation that is marked up, the last sentence is a lead-in if it has a colon or names a text."""
    if own.kind not in ("commentary", "update"):
        return [own]
    text = doc.text[own.start : own.end]
    line = text.rfind("\n") + 1
    at = line + sentence_starts(text[line:])[-1]
    if not (text.endswith(":") or names_text(text[at:])):
        return [own]
    return _lead_in(doc, own, own.start + at)


def _lead_in(doc: Doc, own: Piece, at: int) -> list[Piece]:
    lead = Piece(at, own.end, "lead_in", own.confidence)
    before = _strip(doc.text, own.start, at)
    return [own._replace(end=before[1]), lead] if before[0] < before[1] else [lead]


def _scored(start: int, end: int, margin: float, block: int) -> Piece:
    confidence = SURE if margin >= 3 else LIKELY if margin >= 1 else WEAK
    return Piece(start, end, "quoted_article", confidence, "commentary" if confidence < 0.5 else None, block)


def _quoted(doc: Doc, piece: Piece) -> list[Piece]:
    """A marked quotation; an update label inside it gives the floor back to the author, asides are set apart."""
    label = None
    if UPDATE_HINT.search(doc.text, piece.start, piece.end):
        text = doc.text[piece.start : piece.end]
        label = UPDATE.search(text, 1)
    if not label:
        return _asides(doc, piece)
    low = piece.start + label.start()
    stop = _strip(doc.text, piece.start, low)[1]
    return [*_asides(doc, piece._replace(end=stop)), *_updates(doc, low, piece.end, True)]


def _updates(doc: Doc, start: int, end: int, updating: bool) -> list[Piece]:
    kind = "update" if updating else "commentary"
    if not UPDATE_HINT.search(doc.text, start, end):
        return _asides(doc, Piece(start, end, kind))
    text = doc.text[start:end]
    labels = {match.start() for match in UPDATE.finditer(text)}
    pieces: list[Piece] = []
    for low, high in pairwise(sorted({0, *labels, len(text)})):
        span = _strip(doc.text, start + low, start + high)
        if span[0] < span[1]:
            kind = "update" if low in labels else kind
            pieces.extend(_asides(doc, Piece(*span, kind)))
    return pieces


def _asides(doc: Doc, piece: Piece) -> list[Piece]:
    """Bracketed mock dialogue and remarks on the quotation; a remark signed "–ed." and the reply to it are two."""
    if doc.text.find("[", piece.start, piece.end) < 0 and doc.text.find("(", piece.start, piece.end) < 0:
        return [piece]
    text = doc.text[piece.start : piece.end]
    done, at = [], piece.start
    for match in (_INSERTED if piece.kind == "quoted_article" else _ASIDE).finditer(text):
        low, high = piece.start + match.start(), piece.start + match.end()
        signed = _SIGNATURE.search(text, match.start(), match.end())
        cut = piece.start + signed.end() if signed else high
        reply = any(char.isalnum() for char in doc.text[cut:high])
        done.append(piece._replace(start=at, end=low))
        done.extend(
            [Piece(low, cut if reply else high, "interjection"), Piece(cut if reply else high, high, "interjection")]
        )
        at = high
    if not done:
        return [piece]
    done.append(piece._replace(start=at))
    spans = [(*_strip(doc.text, one.start, one.end), one) for one in done]
    return [one._replace(start=start, end=end) for start, end, one in spans if start < end]


def _items(doc: Doc, i: int, start: int, end: int) -> list[Piece]:
    """Numbered or bulleted points: one a line, or "1) … 2) …" run together in one line."""
    item = start == doc.pars[i][0] and is_item(doc, i)
    if not item and doc.text.find("2)", start, end) < 0 and doc.text.find("2.", start, end) < 0:
        return []
    text = doc.text[start:end]
    marks, wanted = [], 1
    for match in _NUMBER.finditer(text):
        if int(match[1] or match[2]) == wanted:
            marks.append(match.start())
            wanted += 1
    if len(marks) < 2:
        return [Piece(start, end, "list_item")] if item else []
    pieces = [Piece(*_strip(doc.text, start, start + marks[0]), "commentary")] if text[: marks[0]].strip() else []
    for low, high in pairwise([*marks, len(text)]):
        pieces.append(Piece(*_strip(doc.text, start + low, start + high), "list_item"))
    return pieces


# --- the table ---


def _table(rows: list[tuple[str, Piece]], copies: list[int]) -> pd.DataFrame:
    doc_ids = [doc_id for doc_id, _ in rows]
    pieces = [piece for _, piece in rows]
    numbers = tables.ids(doc_ids, "p")
    duplicate = [numbers[copy] if copy >= 0 else None for copy in copies]
    return tables.frame(
        "passages",
        {
            "doc_id": doc_ids,
            "passage_id": numbers,
            "start": [piece.start for piece in pieces],
            "end": [piece.end for piece in pieces],
            "kind": [piece.kind for piece in pieces],
            "voice_id": [None] * len(pieces),
            "confidence": [piece.confidence for piece in pieces],
            "alternative": [piece.alternative for piece in pieces],
            "duplicate_of": duplicate,
            "counted": [piece.kind not in UNCOUNTED and copy < 0 for piece, copy in zip(pieces, copies, strict=True)],
        },
    )
