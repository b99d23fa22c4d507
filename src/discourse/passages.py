"""documents -> passages: stretches of text in one voice, what each is, and where to look for the origin of a quotation.

A weblog post is several voices laid out as one page: the author's own prose, displayed quotations, later additions,
mock dialogue with an editor, a note on the author, and site furniture. Where the reader saw markup its block
boundaries decide. Where markup is lost, the text has to: a line that ends in a colon hands over to a quotation,
agency prose between first-person prose is somebody else's, "UPDATE:" gives the floor back to the author.

The errors are not equal. A quotation taken for the author's words puts claims in the author's mouth; an author's
paragraph taken for a quotation silences the author and takes later paragraphs along. A hand-over (colon, excerpt
word, block markup) is therefore needed to enter a quotation, register alone never is, and after one quoted
paragraph every further one has to show that it still belongs: in doubt the words are the author's.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
import pandas as pd

from discourse import tables
from discourse.layout import Page

UNCOUNTED = ("promo", "bio")
"""Kinds that are nobody's contribution to the item: coded, never counted."""

SURE, LIKELY, WEAK = 0.95, 0.75, 0.4
"""Confidence of a passage from markup or a strong cue, from a scored decision, and from a decision that was close."""

OPENING_LINES = 10
"""Repeated ledes are looked for in the first lines only: a refrain further down is the author's doing (codebook E4)."""

EXCERPT_MIN = 80
"""Characters a cut excerpt must share with the text that follows before it counts as a copy (codebook E4)."""


@dataclass(frozen=True)
class Piece:
    """A passage in the making: offsets into the document, kind, and why."""

    start: int
    end: int
    kind: str
    confidence: float = SURE
    alternative: str | None = None
    block: int = -1
    copy_of: int = -1


@dataclass
class Doc:
    """A document cut into paragraphs, with what the readers' markup says of each."""

    text: str
    pars: list[tuple[int, int]]
    markup: list[str] = field(default_factory=list)
    block: list[int] = field(default_factory=list)
    title: str = ""
    by_line: bool = False

    def par(self, i: int) -> str:
        return self.text[self.pars[i][0] : self.pars[i][1]]


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
    last: tuple[str, int, int, str] | None = None
    columns = [passages[name].tolist() for name in ("doc_id", "passage_id", "start", "end", "kind")]
    for doc_id, passage_id, start, end, kind in zip(*columns, strict=True):
        if kind == "quoted_article":
            lead = last if last is not None and last[0] == doc_id and last[3] == "lead_in" else None
            rows.append((doc_id, passage_id, *_where(texts[doc_id], lead)))
        if kind != "interjection":
            last = (doc_id, start, end, kind)
    names = ["doc_id", "passage_id", "lead_start", "lead_end", "before_start", "before_end", "deictic"]
    return pd.DataFrame(rows, columns=names)


def _where(text: str, lead: tuple[str, int, int, str] | None) -> tuple[int, int, int, int, bool]:
    if lead is None:
        return -1, -1, -1, -1, False
    _, start, end, _ = lead
    starts = sentence_starts(text[start:end])
    lead_start = start + starts[-1]
    par_start = text.rfind("\n", 0, start) + 1
    before = text[par_start:lead_start].rstrip()
    if not before.strip():
        return lead_start, end, -1, -1, False
    before_start = par_start + sentence_starts(before)[-1]
    deictic = bool(_DEICTIC_REPORT.search(text[before_start:lead_start]))
    return lead_start, end, before_start, par_start + len(before), deictic


_DEICTIC_REPORT = re.compile(
    r"\b[Tt]h(?:is|ese) (?:\w+ )?(?:report|story|article|account|piece|item|dispatch|post)s?\b"
)


# --- sentences, roughly: sentences.py comes later in the chain and needs passages first ---

_SENTENCE_END = re.compile(r"[.!?…]+[”\"’')\]]*\s+(?=[“\"‘'(\[]*[A-Z0-9])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Gen|Sen|Rep|Gov|Lt|Col|Capt|Sgt|Maj|Adm|Prof|Rev|St|Jr|Sr|vs|No|Inc|Corp|Ltd|Co)|\b[A-Z])\.\s+$"
)


def sentence_starts(text: str) -> list[int]:
    """Offsets at which sentences of `text` begin; abbreviations and initials do not end one."""
    starts = [0]
    for match in _SENTENCE_END.finditer(text):
        if not _ABBREVIATION.search(text, max(0, match.start() - 12), match.end()):
            starts.append(match.end())
    return starts


# --- documents and paragraphs ---


def _texts(page: Page) -> Iterator[str]:
    for start, end in zip(page.doc_start.tolist(), page.doc_end.tolist(), strict=True):
        yield page.text[start:end]


def _paragraphs(page: Page) -> Iterator[list[tuple[int, int]]]:
    first = np.searchsorted(page.par_doc, np.arange(len(page.doc_id)), side="left")
    last = np.searchsorted(page.par_doc, np.arange(len(page.doc_id)), side="right")
    for number, (low, high) in enumerate(zip(first.tolist(), last.tolist(), strict=True)):
        shift = int(page.doc_start[number])
        starts, ends = page.par_start[low:high] - shift, page.par_end[low:high] - shift
        yield list(zip(starts.tolist(), ends.tolist(), strict=True))


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


def _by_line(text: str, body: list[tuple[int, int]]) -> bool:
    """Whether the lines of a body are whole blocks: no blank lines, and half of it in lines of five sentences or more.

    Such pages come from extraction that joins the paragraphs of a block; a line break is then a change of block.
    """
    if len(body) < 2 or any("\n\n" in text[one[1] : other[0]] for one, other in pairwise(body)):
        return False
    long = sum(end - start for start, end in body if len(sentence_starts(text[start:end])) >= 5)
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
    doc.by_line = not doc.markup and _by_line(doc.text, doc.pars[len(head) : tail])
    body = _body(doc, len(head), tail)
    pieces = _merged(doc, [*head, *body, *tail_kinds])
    return _copies_resolved(doc, pieces)


def _merged(doc: Doc, pieces: list[Piece]) -> list[Piece]:
    """Neighbours of one kind and one block are one passage; list items, asides and copies stay apart."""
    done: list[Piece] = []
    for piece in pieces:
        last = done[-1] if done else None
        same = last and last.kind == piece.kind and last.block == piece.block and _joins(last) and _joins(piece)
        if last and same and not (piece.kind == "update" and _UPDATE.match(doc.text, piece.start)):
            weaker = min(last, piece, key=lambda one: one.confidence)
            done[-1] = replace(last, end=piece.end, confidence=weaker.confidence, alternative=weaker.alternative)
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
    title = next((i for i in range(first, min(first + 3, len(doc.pars) - 1)) if _is_title(doc, i)), -1)
    if title >= 0 and all(len(doc.par(i)) < 60 for i in range(first, title)):
        pieces = [Piece(*doc.pars[i], "promo" if i < title else "title") for i in range(title + 1)]
    for i in range(len(pieces), min(OPENING_LINES, len(doc.pars) - 1)):
        kind, later = _head_kind(doc, i, any(piece.kind == "title" for piece in pieces))
        if not kind:
            break
        pieces.append(Piece(*doc.pars[i], kind, copy_of=later))
    return pieces


def _head_kind(doc: Doc, i: int, titled: bool) -> tuple[str, int]:
    line = doc.par(i)
    if doc.markup and doc.markup[i] == "blockquote":
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
    if doc.title and _plain(line).rstrip(".") == _plain(doc.title).rstrip("."):
        return True
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


def _copied_at(doc: Doc, i: int) -> int:
    """The later paragraph at which a complete copy of paragraph i begins, or -1."""
    line = _plain(doc.par(i))
    cut = line.rstrip("] ").endswith(("...", "…"))
    line = line.rstrip(". …[]") if cut else line
    if len(line) < (EXCERPT_MIN if cut else 25) or len(line.split()) < 6:
        return -1
    for j in range(min(i + 4, len(doc.pars) - 1), i, -1):
        following = _plain(doc.text[doc.pars[j][0] : doc.pars[j][0] + 2 * len(line) + 80])
        if following.startswith(line) and not (cut and _plain(doc.par(j)).rstrip(". …[]") == line):
            return j
    return -1


def _copies_resolved(doc: Doc, pieces: list[Piece]) -> list[Piece]:
    """`copy_of` from paragraph numbers to piece numbers: the piece that begins where the last complete copy does."""
    starts = [piece.start for piece in pieces]

    def at(paragraph: int) -> int:
        return bisect_right(starts, doc.pars[paragraph][0]) - 1

    done = []
    for number, piece in enumerate(pieces):
        target = at(piece.copy_of) if piece.copy_of >= 0 else -1
        while target > number and pieces[target].copy_of >= 0 and at(pieces[target].copy_of) > target:
            target = at(pieces[target].copy_of)
        done.append(replace(piece, copy_of=target if target > number else -1))
    return done


# --- tail: the note on the author and the site's furniture ---


def _any(words: str) -> str:
    """A regular expression alternative per line of `words`."""
    return "(?:" + "|".join(line.strip() for line in words.strip().splitlines()) + ")"


_PROMO_HEAD = re.compile(
    _any(
        r"""
        More (?:from|on|in|about|stories|news|coverage)\b
        Read (?:more|next|also)\b
        Related\b
        Most (?:popular|read|viewed|recent|shared)
        Trending\b
        Recommended\b
        You (?:may|might) also\b
        Also (?:on|in|from|see)\b
        See also\b
        Latest (?:from|news|stories)
        Top stories
        Popular (?:on|in|now|posts)
        Editors?[’']?s? picks
        What to read
        Up next
        Recent (?:posts|entries|comments)
        (?:Previous|Next) (?:post|entry)
        Around the web
        Sponsored\b
        From the archives?"""
    ),
    re.I,
)
_PROMO_LINE = re.compile(
    _any(
        r"""
        Sign up\b
        Subscribe\b
        Newsletter\b
        Share (?:this|on|via)\b
        Tags?:
        Filed (?:under|in)\b
        Categor(?:y|ies):
        Labels?:
        Copyright\b
        ©
        \(c\) ?(?:19|20)\d\d
        .{0,80}\ball rights reserved
        Advertisement\b
        Comments? ?(?:\(\d+\)|are closed|off|:)
        \d+ comments?\b
        Trackbacks?\b
        Permalink
        Permanent link
        Print (?:this|version)
        E-?mail this
        Read (?:the )?(?:more|full (?:story|article))\b
        Load(?:ing)? (?:more )?comments
        View comments
        Join the conversation
        (?:Follow|Like) us\b
        Download (?:the|our)\b
        (?:RELATED|READ MORE|MORE|WATCH|SEE ALSO|Photo|Image):
        Posted (?:by|in|at|on)\b
        This entry was posted
        .{0,120}\bcontributed (?:to this (?:report|story|article)|research|reporting)"""
    ),
    re.I,
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
    """The paragraph from which everything is furniture: a short promo heading in the second half."""
    for i in range(max(first, 1), len(doc.pars)):
        start, end = doc.pars[i]
        if end - start > 60 or start * 3 < len(doc.text):
            continue
        line = doc.par(i)
        if _PROMO_HEAD.match(line) and not _STOPPED.search(line) and not _is_prose(doc, i + 1):
            return i
    return len(doc.pars)


def _is_prose(doc: Doc, first: int) -> bool:
    """Whether what follows reads on like an article: most of it in paragraphs of three sentences or more."""
    lengths = [(end - start, len(sentence_starts(doc.text[start:end]))) for start, end in doc.pars[first:]]
    total = sum(length for length, _ in lengths)
    return total > 0 and sum(length for length, n in lengths if n >= 3) > 0.5 * total


def _tail_kind(doc: Doc, i: int) -> str:
    line = doc.par(i).lstrip("*_ ")
    if len(line) > 700:
        return ""
    if _PROMO_LINE.match(line) or (len(line) < 60 and _PROMO_HEAD.match(line)):
        return "promo"
    if re.search(r"\bsaid\b", line):
        return ""
    named = _BIO.match(line)
    if (named and _BIO_ROLE.search(line, 0, named.end() + 90)) or (_BIO_HANDLE.search(line) and len(line) < 500):
        return "bio"
    return ""


# --- body ---

_ORDINAL = (
    r"(?:(?:ANOTHER|LAST|FINAL|YET ANOTHER|ONE (?:LAST|MORE|FINAL)|STILL (?:ANOTHER|MORE)|QUICK|LATE|FURTHER|SECOND"
    r"|THIRD|FOURTH|FIFTH|MORE|EVENING|Another|Last|Final|Second|Third|Quick|Further|One more"
    r"|\d{1,2}(?:ST|ND|RD|TH))\s+)*"
)
_UPDATE = re.compile(
    r"(?:^|(?<=[.!?…)\]”\"’'] )|(?<=\n))[\[*_]{0,3}"
    + _ORDINAL
    + r"(?:UPDATE[DS]?|Update[ds]?|P\.?P?\.?S\.?|POSTSCRIPT|Postscript|CORRECTION|Correction|ADDENDUM|Addendum"
    r"|CLARIFICATION|Clarification)(?:\s+(?:#?\d{1,2}|[IVX]{1,4}|\([^)]{1,40}\)|(?:(?:on|at|from)\s)?[^:.!?\n]{1,30}))?"
    r"[*_]{0,2}\s*(?::|--|—|–|\.\s)"
)
"""A label that opens a later addition: at the start of a line or of a sentence, with punctuation after it."""
_UPDATE_HINT = re.compile(
    r"UPDATE|Update|P\.?S|ostscript|OSTSCRIPT|orrection|ORRECTION|ddendum|DDENDUM|larific|LARIFIC"
)
_ASIDE = re.compile(
    r"\[[^\[\]]{0,600}?[–—\-]{1,2}\s?(?:ed|eds|Ed)\b\.?[^\[\]]{0,600}\]"
    r"|[(\[]\s?(?:[Ee]d(?:itor)?(?:’s|'s)?\.?(?: note)?\s?:)[^()\[\]]{0,400}[)\]]"
    r"|[\[(](?:[Ee]mphas[ie]s|[Ii]talics|[Bb]old(?:ing|face)?|[Hh]ighlights?)(?: (?:is|are|was))?\s"
    r"(?:added|mine|ours|theirs|in (?:the )?original)[^\[\]()]{0,60}[\])]"
)
_SIGNATURE = re.compile(r"[–—\-]{1,2}\s?(?:[Ee]ds?)\b\.?")
_NUMBERED = re.compile(r"\(?\d{1,2}[.)]\s+\S|\(?[a-h]\)\s+\S")
_BULLET = re.compile(r"[•·*\-–—+]\s+\S|o\s+[A-Z]")
_NUMBER = re.compile(r"(?:^|(?<=\s))\(?(\d{1,2})\)\s+(?=\S)|(?:^|(?<=[.!?:;] ))(\d{1,2})\.\s+(?=[A-Z“\"])")


@dataclass(frozen=True)
class _State:
    """What the paragraphs so far have set up: a lead-in just given, an open quotation, an update begun."""

    lead: str | None = None
    quoting: bool = False
    whole: bool = False
    opened_by_quote: bool = False
    quoted_chars: int = 0
    updating: bool = False
    block: int = 0


def _body(doc: Doc, first: int, last: int) -> list[Piece]:
    """The paragraphs between head and tail, each cut into pieces; a small state machine over hand-overs."""
    pieces: list[Piece] = []
    state = _State()
    for i in range(first, last):
        mark = doc.markup[i] if doc.markup else ""
        if mark == "blockquote":
            block = len(doc.pars) + doc.block[i]
            if pieces and pieces[-1].block != block:
                pieces[-1:] = _handed_over(doc, pieces[-1])
            pieces.extend(_quoted(doc, i, Piece(*doc.pars[i], "quoted_article", block=block)))
            state = _State(updating=state.updating, block=state.block)
            continue
        made = _marked(doc, i, mark) or _paragraph(doc, i, last, state)
        state = _next_state(doc, made, state)
        pieces.extend(made)
    return pieces


def _next_state(doc: Doc, made: list[Piece], state: _State) -> _State:
    last = made[-1]
    updating = state.updating or any(piece.kind == "update" for piece in made)
    if last.kind == "lead_in":
        lead = doc.text[last.start : last.end]
        return _State(lead=lead, whole=bool(_FULL_TEXT.search(lead)), updating=updating, block=state.block + 1)
    if last.kind == "quoted_article":
        opened = state.opened_by_quote if state.quoting else doc.text[last.start] in '“"«'
        chars = last.end - last.start + (state.quoted_chars if state.quoting else 0)
        return _State(None, True, state.whole, opened, chars, updating, last.block)
    return _State(updating=updating, block=state.block)


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
    if not (text.endswith(":") or _LEAD_STRONG.search(text[at:])):
        return [own]
    return _lead_in(doc, own, own.start + at)


def _lead_in(doc: Doc, own: Piece, at: int) -> list[Piece]:
    lead = Piece(at, own.end, "lead_in", own.confidence)
    before = _strip(doc.text, own.start, at)
    return [replace(own, end=before[1]), lead] if before[0] < before[1] else [lead]


def _paragraph(doc: Doc, i: int, last: int, state: _State) -> list[Piece]:
    start, end = doc.pars[i]
    if end - start < 120 and not state.quoting and _PROMO_LINE.match(doc.text, start, end):
        return [Piece(start, end, "promo", LIKELY)]
    if state.lead is not None:
        score = _enter_score(doc, i, state.lead) + (WHOLE if state.whole else 0)
        if score >= ENTER:
            return _quoted(doc, i, _scored(start, end, score - ENTER, state.block))
    elif state.quoting:
        score = _stay_score(doc, i, state)
        if score >= STAY:
            return _quoted(doc, i, _scored(start, end, score - STAY, state.block))
    return _own(doc, i, last, state)


def _scored(start: int, end: int, margin: int, block: int) -> Piece:
    confidence = SURE if margin >= 3 else LIKELY if margin >= 1 else WEAK
    return Piece(start, end, "quoted_article", confidence, "commentary" if confidence < 0.5 else None, block)


def _quoted(doc: Doc, i: int, piece: Piece) -> list[Piece]:
    """A quoted paragraph; an update label inside it gives the floor back to the author, asides are set apart."""
    start, end = doc.pars[i]
    text = doc.text[start:end]
    label = _UPDATE.search(text, 1) if _UPDATE_HINT.search(text) else None
    stop = _strip(doc.text, start, start + label.start())[1] if label else end
    pieces = _asides(doc, replace(piece, end=stop))
    if label:
        pieces.extend(_updates(doc, start + label.start(), end, True))
    return pieces


def _own(doc: Doc, i: int, last: int, state: _State) -> list[Piece]:
    """A paragraph in the author's own voice: updates, list items, asides and a lead-in at its end."""
    start, end = doc.pars[i]
    if items := _items(doc, i):
        return [made for item in items for made in _asides(doc, item)]
    pieces = _updates(doc, start, end, state.updating)
    own = pieces[-1]
    if own.kind not in ("commentary", "update"):
        return pieces
    if (at := _lead_at(doc, i, last, own)) >= 0:
        pieces[-1:] = _lead_in(doc, own, at)
    else:
        pieces[-1:] = _inline_quote(doc, own, state.block + 1) or [own]
    return pieces


def _lead_at(doc: Doc, i: int, last: int, own: Piece) -> int:
    """Where the sentence begins that hands over to the next paragraph, or -1 if none does."""
    if i + 1 >= last or (doc.markup and doc.markup[i + 1] not in ("", "paragraph")):
        return -1
    colon = doc.text[own.end - 1] == ":"
    if not colon and "ext" not in doc.text[own.start : own.end] and not doc.by_line:
        return -1
    text = doc.text[own.start : own.end]
    starts = sentence_starts(text)
    lead = text[starts[-1] :]
    announced = _FULL_TEXT.search(text) if len(text) < 900 or colon else None
    if colon and _enter_score(doc, i + 1, lead) >= ENTER:
        return own.start + starts[-1]
    if announced and not colon:
        sentence = max(start for start in starts if start <= announced.start())
        if not announced.start() or _FOLLOWS.match(text, sentence):
            return own.start + sentence
    if doc.by_line and not colon and _contrast(doc, i + 1, lead, text):
        return own.start + starts[-1]
    return -1


def _updates(doc: Doc, start: int, end: int, updating: bool) -> list[Piece]:
    kind = "update" if updating else "commentary"
    if not _UPDATE_HINT.search(doc.text, start, end):
        return _asides(doc, Piece(start, end, kind))
    text = doc.text[start:end]
    marks = [match.start() for match in _UPDATE.finditer(text)]
    edges = sorted({0, *marks, len(text)})
    pieces: list[Piece] = []
    for low, high in pairwise(edges):
        span = _strip(doc.text, start + low, start + high)
        if span[0] < span[1]:
            kind = "update" if low in marks else kind
            pieces.extend(_asides(doc, Piece(*span, kind)))
    return pieces


def _asides(doc: Doc, piece: Piece) -> list[Piece]:
    """Bracketed mock dialogue and remarks on the quotation; a remark signed "–ed." and the reply to it are two."""
    if doc.text.find("[", piece.start, piece.end) < 0 and doc.text.find("(", piece.start, piece.end) < 0:
        return [piece]
    text = doc.text[piece.start : piece.end]
    done, at = [], piece.start
    for match in _ASIDE.finditer(text):
        low, high = piece.start + match.start(), piece.start + match.end()
        signed = _SIGNATURE.search(text, match.start(), match.end())
        cut = piece.start + signed.end() if signed else high
        reply = any(char.isalnum() for char in doc.text[cut:high])
        done.append(replace(piece, start=at, end=low))
        done.extend(
            [Piece(low, cut if reply else high, "interjection"), Piece(cut if reply else high, high, "interjection")]
        )
        at = high
    if not done:
        return [piece]
    done.append(replace(piece, start=at))
    spans = [(*_strip(doc.text, one.start, one.end), one) for one in done]
    return [replace(one, start=start, end=end) for start, end, one in spans if start < end]


def _is_item(doc: Doc, i: int) -> bool:
    """A numbered point, or a bullet with a neighbour that is one too (a lone dash opens speech in some papers)."""
    start, end = doc.pars[i]
    if _NUMBERED.match(doc.text, start, end):
        return True
    if not _BULLET.match(doc.text, start, end):
        return False
    return any(0 <= j < len(doc.pars) and _BULLET.match(doc.text, *doc.pars[j]) for j in (i - 1, i + 1))


def _items(doc: Doc, i: int) -> list[Piece]:
    """Numbered or bulleted points: one a line, or "1) … 2) …" run together in one line."""
    start, end = doc.pars[i]
    item = _is_item(doc, i)
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


# --- into and out of a quotation (codebook E3) ---

_EXCERPT = (
    r"(?:excerpts?|grafs?|money quote|key (?:passage|section|paragraph|part|bit|quote)s?|snippet|sample|highlights?"
    r"|passages?|paragraphs?|lead|lede|conclusion|opening|closing|abstract)"
)
_WRITES = (
    r"(?:reports?|reported|reporting|writes?|wrote|written|breaks?|broke|runs|carries|explains?|observes?|notes?|noted"
    r"|argues?|argued|concludes?|posts?|posted|quotes?|quoting|points out|sums up|summari[sz]es|e-?mails?|responds?"
    r"|replie[sd]|opines?|continues?|continued|says?|said|states?|stated|describes?|according to)"
)
_WORK = (
    r"(?:column|op-ed|editorial|dispatch|article|story|interview|transcript|statement|speech|testimony|press release"
    r"|blog|paper|essay|memo|report|review|letter)"
)
_LEAD_STRONG = re.compile(
    rf"\b(?:Here(?:’s|'s| is| are)|{_EXCERPT}|{_WRITES}|{_WORK})\b"
    r"|^(?:From|Via|In)\s+(?:the |an? |this |today)?[A-Z“\"‘*]",
    re.I,
)
_LEAD_NAMED = re.compile(r"(?<![.!?]\s)(?<!^)\b[A-Z][a-z]\w+|^[A-Z]\w+ (?:[A-Z]\w+ )+|\b[A-Z]{2,5}\b")
_COUNTED_THINGS = (
    r"(?:thoughts?|points?|questions?|observations?|reasons?|possibilit(?:y|ies)|options|things?|caveats?"
    r"|explanations?|comments|problems?|reactions?|answers?|viewpoints?|hypothes[ei]s|facts|lessons|suggestions?|notes"
    r"|cents)"
)
_LEAD_OWN = re.compile(
    r"\b(?:[Mm]y|[Oo]ur) (?:\w+ ){0,2}(?:take|view|guess|advice|response|theory|hunch|concerns?|prediction|"
    + _COUNTED_THINGS
    + r")\b|\b(?:[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Ss]everal|[Ss]ome|[Aa] (?:few|couple of|number of)|[Tt]hese"
    r"|[Ff]ollowing|[Oo]ther|[Oo]ne|[Mm]ore|opposed)\s(?:\w+ ){0,2}"
    + _COUNTED_THINGS
    + r"\s*:?$|\b[Hh]ere(?:’s|'s| is| are) (?:my|what I|why I|how I|the (?:thing|deal|problem|question|rub|catch))\b"
    r"|\b[Qq]uestions? (?:to|for)\b|\b[Tt]o (?:sum up|recap|repeat|be clear|clarify)\b"
    r"|\b(?:question|answer|point|upshot|bottom line|problem|reason|moral)(?: is)?:$"
    r"|\bI(?:’d|'d|’m|'m| would| am| have| ask| wonder| think)\b[^:]{0,80}:$"
)
_FULL_TEXT = re.compile(
    r"\b(?:full |complete )?(?:[Tt]ext|[Tt]ranscript) (?:of|from) (?:an? |the |a )?(?:\w+ ){0,4}"
    + _WORK.replace("(?:", "(?:e-?mail|commentary|broadcast|", 1)
)
_FOLLOWS = re.compile(r"\b(?:[Ww]hat follows|[Bb]elow|[Ff]ollowing|[Hh]ere|[Ii]t|[Tt]his)(?:’s|'s| is| are)\b")
_DATELINE = re.compile(
    r"[A-Z][A-Z.’'\-]{2,}(?:[ ,/][A-Z][\w.’'\-]*){0,4}(?:, [A-Z][\w. ]{1,20})?(?: ?\([\w .&/\-]{2,40}\))?"
    r"\s*(?:—|–|--|-)\s|[A-Z][\w. ,]{2,40} \((?:AP|Reuters|AFP|UPI|CNN|IPS|DPA|BBC)\)"
)
_AGENCY = re.compile(
    r"\b(?:said|told|according to|added|reported|announced|officials?|spokes(?:man|woman|person)|sources|acknowledged"
    r"|confirmed)\b|\b(?:Gen|Sen|Rep|Gov|President|Minister|Secretary|Ambassador|Col|Maj|Lt)\.? [A-Z]"
)
_FIRST_PERSON = re.compile(r"\b(?:I|I[’'](?:m|d|ve|ll)|[Mm]y|me|myself|[Ww]e[’'](?:re|ve|ll)|[Ll]et[’']s|[Yy]our?)\b")
_CONTRACTION = re.compile(
    r"\b\w+(?:n[’']t|[’'](?:re|ve|ll|d|m))\b|\b(?:[Ii]t|[Tt]hat|[Tt]here|[Ww]hat|[Hh]e|[Ss]he|[Hh]ere)[’']s\b"
)
_DEIXIS = re.compile(
    r"\b[Tt]h(?:is|at|ese|ose) (?:\w+ )?(?:story|stories|statement|article|report|piece|column|essay|post|op-ed"
    r"|editorial|quote|passage|paragraph|excerpt|graf|news|argument|account|link)s?\b"
    r"|\b[Tt]he (?:whole thing|rest of (?:the|it)|closing graf|full (?:story|article|text)|article also)\b"
    r"|\b[Rr]ead (?:the|it all)\b|\b[Gg]o (?:read|check|see)\b|\b[Cc]lick here\b|\bHat tip\b|\b[Hh]/t\b"
)
_OWN_OPENING = re.compile(
    r"(?:Meanwhile, (?:this|the)|Other reports|Indeed[,.]|So[,.]|So \w+|Well[,.]|Hmm+|Now,|OK[,.]|Okay|Ok[,.]|Yes[,.]"
    r"|No[,.]|Fine\.|Heh|Ouch|Wow|Um+,|Er,|Uh|Again,|Of course|Actually|Frankly|Needless|Developing|Stay tuned"
    r"|Thoughts\?|Discuss|Which \w+ |In other words|To (?:sum|be fair|repeat)|Question|Read |See |Also see|Link via"
    r"|Thanks to|Hat tip|Note |For more|By the way|I |My |I[’']|If I )"
)
_CUTS = re.compile(r"\.{4}|…\.|\[\.\.\.\]|\[…\]|\. \. \. \.|^\.\.\.|\* \* \*")
_QUOTED_SPAN = re.compile(r"“[^“”]{0,2000}”|\"[^\"]{0,2000}\"|(?:^|(?<=\n))[“\"].*$", re.S)


def _outside_quotes(text: str) -> str:
    return _QUOTED_SPAN.sub(" ", text)


def _register(text: str) -> int:
    """Reporter's prose above 0, own prose below: agency words and datelines against first person and contractions."""
    outside = _outside_quotes(text)
    score = min(2, len(_AGENCY.findall(outside)))
    score += 3 if _DATELINE.match(text) else 0
    score += 1 if _CUTS.search(text) else 0
    first = len(_FIRST_PERSON.findall(outside))
    score -= 2 if first >= 2 or (first and len(text) < 400) else first
    score -= 1 if _CONTRACTION.search(outside) else 0
    score -= 1 if re.search(r"[?!](?:\s|$)", outside) else 0
    return score


ENTER, STAY = 2, 2
"""Scores from which a paragraph after a lead-in is quoted, and from which a further one still is."""
WHOLE = 6
"""Added where the lead-in announces a whole text ("What follows is the text of …"): only plain signs end it."""


def _enter_score(doc: Doc, i: int, lead: str) -> int:
    """Score of the boundary between a lead-in and paragraph i after it (codebook E3).

    Where lines are blocks, a line break after a colon is nearly always the edge of a quotation; elsewhere the
    lead-in has to name somebody or something written.
    """
    following = doc.par(i)
    if _is_item(doc, i) or _UPDATE.match(following) or (following.endswith(":") and len(following) < 120):
        return 0
    score = 3 if doc.by_line else 1
    score += (1 if _LEAD_NAMED.search(lead) else 0) + (2 if _LEAD_STRONG.search(lead) else 0)
    score -= 4 if _LEAD_OWN.search(lead) else 0
    score -= 1 if _FIRST_PERSON.search(_outside_quotes(lead)) else 0
    score -= 3 if len(following.split()) < 6 and following[0] not in '“"«' else 0
    score += 1 if following[0] in '“"«[.' else 0
    return score + max(-2, min(2, _register(following)))


def _contrast(doc: Doc, i: int, lead: str, own: str) -> bool:
    """Where lines are blocks, a hand-over without a colon: a text is named and the register changes sharply."""
    following = doc.par(i)
    if not _LEAD_STRONG.search(lead) or _is_item(doc, i) or _UPDATE.match(following):
        return False
    if _OWN_OPENING.match(following) or _DEIXIS.search(_outside_quotes(following)):
        return False
    register = _register(following)
    return register >= 2 and register - _register(own) >= 3


def _stay_score(doc: Doc, i: int, state: _State) -> int:
    """Score of a further paragraph of an open quotation; a block is one line until the next shows that it belongs."""
    text = doc.par(i)
    if _is_item(doc, i):
        return STAY if state.whole else 0
    outside = _outside_quotes(text)
    if state.whole:
        return 0 if _DEIXIS.search(outside) and _FIRST_PERSON.search(outside) else STAY + 1
    score = _register(text) - (1 if doc.by_line else 0)
    score += 2 if state.opened_by_quote and text[0] in '“"«' else 0
    score += 1 if state.quoted_chars < 600 and len(text) < 600 else -1
    score -= 3 if _FIRST_PERSON.search(outside) else 0
    score -= 3 if _DEIXIS.search(outside) else 0
    score -= 3 if _OWN_OPENING.match(text) else 0
    score -= 2 if text.endswith(":") else 0
    score -= 2 if _UPDATE_HINT.search(text) and _UPDATE.search(text) else 0
    return score


_INLINE = re.compile(r":\s+(?=[\[(.…]{0,5}[“\"‘]?[A-Z])")


def _inline_quote(doc: Doc, own: Piece, block: int) -> list[Piece] | None:
    """Lead-in, quotation and return within one paragraph, where extraction lost the line breaks.

    Only a dateline or a presentational lead-in ("Here's the closing graf:") followed by at least forty words of
    reporter's prose is taken; a colon before a direct quotation is an attribution, not a passage.
    """
    text = doc.text[own.start : own.end]
    if own.kind not in ("commentary", "update") or ":" not in text:
        return None
    starts = sentence_starts(text)
    for match in _INLINE.finditer(text):
        lead_at = starts[bisect_right(starts, match.start()) - 1]
        lead = text[lead_at : match.start() + 1]
        if not (_DATELINE.match(text, match.end()) or _PRESENTS.search(lead)):
            continue
        rest = text[match.end() : match.end() + _AHEAD]
        if not _DATELINE.match(rest) and (len(rest.split()) < 40 or _register(rest) < 1):
            continue
        if _LEAD_OWN.search(lead) or rest[0] in '“"‘':
            continue
        stop = match.end() + _quotation_end(text[match.end() :])
        return _inline_pieces(doc, own, lead_at, match.end(), stop, block)
    return None


_AHEAD = 1_500
"""Characters after a colon that are looked at to tell whose register they are in."""
_PRESENTS = re.compile(
    r"\bHere(?:’s|'s| is| are)\b|\bexcerpts?\b|\bgrafs?\b|\bmoney quote\b|\bkey (?:passage|section|paragraph)s?\b"
    r"|^(?:From|Via) (?:the |today)?[A-Z]|\b(?:reports|writes|has this|the following)\s*:$"
    r"|\bhas (?:an?|this|some|more) (?:\w+ )?(?:essay|post|piece|article|column|item|story|report)\b",
    re.I,
)


def _quotation_end(rest: str) -> int:
    """Offset at which the author is back: a sentence in the first person, to the reader, or about the quotation."""
    depth, straight = 0, 0
    for low, high in pairwise([*sentence_starts(rest), len(rest)]):
        sentence = rest[low:high]
        within = depth > 0 or straight % 2
        depth += sentence.count("“") - sentence.count("”")
        straight += sentence.count('"')
        if within or not low:
            continue
        plain = _outside_quotes(sentence)
        own = _FIRST_PERSON.search(plain) or _DEIXIS.search(plain) or _OWN_OPENING.match(plain)
        if own or re.search(r"[?!]\s*$", plain) or (_CONTRACTION.search(plain) and not _AGENCY.search(plain)):
            return low
    return len(rest)


def _inline_pieces(doc: Doc, own: Piece, lead: int, quote: int, stop: int, block: int) -> list[Piece]:
    edges = [
        (0, lead, own.kind),
        (lead, quote, "lead_in"),
        (quote, stop, "quoted_article"),
        (stop, own.end - own.start, own.kind),
    ]
    made = []
    for low, high, kind in edges:
        span = _strip(doc.text, own.start + low, own.start + high)
        if span[0] < span[1]:
            quoted = kind == "quoted_article"
            made.append(
                Piece(
                    *span,
                    kind,
                    WEAK + 0.2 if quoted else LIKELY,
                    "commentary" if quoted else None,
                    block if quoted else -1,
                )
            )
    return made


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
