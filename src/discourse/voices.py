"""Binds every finding to the chain of voices it stands in: the author, the outlets quoted, the sources within them.

Layout gives the first steps of a chain (a displayed quotation is somebody else's), attributions the further ones
(each opens the voice of its source inside the voice that does the attributing). A word belongs to the innermost
voice whose content holds it, so the words of a document's voices add up to its counted words, and a rate "per 1,000
words of the quoted officials" has a true denominator.

The origin of a displayed quotation is read from the lead-in (sure), or from the sentence before it (weak: the name
may belong to something else). Where neither names anyone the block is an unnamed report; nobody is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from discourse import tables
from discourse.authors import authors
from discourse.layout import Page
from discourse.nominals import PRONOUNS
from discourse.passages import origins
from discourse.phrases import read_phrase
from discourse.sentences import Tokens

UNNAMED = "unnamed report"
"""How a chain shows a quoted block whose origin the text does not name."""
UNATTRIBUTED = "unattributed"
"""How a chain shows a source the text leaves out ("it is said")."""
EDITOR = "ed."
"""The persona that signs mock editor's remarks; never a real editor."""

Ints = npt.NDArray[np.int64]
Small = npt.NDArray[np.int32]
Bound = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]

_WEAK = 0.4
_CREDITS = ("origin", "claim_source", "corroboration", "place", "employer", "actor")
"""Roles of a mention that can name the origin of a block, the likeliest first; never furniture or hypothetical."""


class _Tree:
    """The voices of a batch, column by column; a voice is known by its parent and who speaks.

    The authors are made first: an author's number is the ordinal of the document.
    """

    def __init__(self, authors: list[str]) -> None:
        self.doc = list(range(len(authors)))
        self.parent = [-1] * len(authors)
        self.depth = [1] * len(authors)
        self.kind = ["author"] * len(authors)
        self.name: list[str | None] = [*authors]
        self.source_id: list[str | None] = [None] * len(authors)
        self.known: dict[tuple[int, str], int] = {}

    def __len__(self) -> int:
        return len(self.doc)

    def voice(self, parent: int, key: str, kind: str, name: str | None, source_id: str | None = None) -> int:
        """The voice of `key` inside `parent`, made when it is first heard."""
        number = self.known.setdefault((parent, key), len(self.doc))
        if number == len(self.doc):
            self.doc.append(self.doc[parent])
            self.parent.append(parent)
            self.depth.append(self.depth[parent] + 1)
            self.kind.append(kind)
            self.name.append(name)
            self.source_id.append(source_id)
        return number

    def outlet(self, parent: int, name: str) -> int:
        """The voice of an outlet inside `parent`."""
        return self.voice(parent, f"outlet:{name.casefold()}", "outlet", name)


def voices(
    documents: pd.DataFrame,
    tokens: Tokens,
    passages: pd.DataFrame,
    sentences: pd.DataFrame,
    attributions: pd.DataFrame,
    spans: pd.DataFrame,
    sources: pd.DataFrame,
    outlets: pd.DataFrame,
    hedges: pd.DataFrame,
) -> Bound:
    """Build the tree of voices of each document and bind passages, sentences and findings to it.

    Returns
    -------
    voices : one row per speaker in a document: doc_id, voice_id, parent_id, depth (1 is the author), kind, name,
        source_id, n_words (counted words whose innermost voice this is), chain.
    passages : with voice_id (null for bio and promo: nobody in the item speaks there); for a quoted block whose
        origin was inferred, confidence and alternative are those of the inference.
    sentences, attributions, hedges, outlets : with voice_id, and where the contract has them content_voice_id,
        attribution_id and dual. No argument is changed.
    """
    tree, page = _Tree(authors(documents, passages)), tokens.page
    credits = _Credits(page, attributions, sources, outlets)
    blocks = _blocks(page, documents, passages, credits, tree)
    outer, inner = _attribution_voices(tree, page, blocks, attributions, credits)
    words = _Words(tokens, passages, blocks, attributions, spans, credits, inner)
    table, named = _table(tree, documents["doc_id"], words.counts(len(tree)))
    passages = passages.assign(
        voice_id=named(blocks.voice),
        confidence=np.where(blocks.weak, np.minimum(passages["confidence"], _WEAK), passages["confidence"]),
        alternative=passages["alternative"].fillna(_text(blocks.alternative)),
    )
    holding = _rows(passages["passage_id"], sentences["passage_id"])
    sentences = sentences.assign(voice_id=named(np.append(blocks.voice, np.int32(-1))[holding]))
    attributions = attributions.assign(voice_id=named(outer), content_voice_id=named(inner))
    hedges, outlets = words.bind_hedges(hedges, named), words.bind_outlets(outlets, named)
    return table, passages, sentences, attributions, hedges, outlets


def _text(values: object) -> pd.Series:
    return pd.Series(values, dtype="str")


def _rows(ids: pd.Series, wanted: pd.Series) -> Ints:
    """Row number in `ids` of each of `wanted`; -1 for null."""
    keys, found = (pa.array(column, pa.large_string()) for column in (ids, wanted))
    return np.asarray(pc.fill_null(pc.index_in(found, keys, skip_nulls=True), -1), dtype=np.int64)


def _docs(page: Page, table: pd.DataFrame) -> Ints:
    """Ordinal of each row's document."""
    return _rows(_text(page.doc_id), table["doc_id"])


class _Names:
    """Texts of row numbers; null for -1."""

    def __init__(self, texts: pd.Series) -> None:
        self.texts = _text(texts).array

    def __call__(self, numbers: Small | Ints) -> pd.Series:
        return pd.Series(self.texts.take(numbers, allow_fill=True))

    def plain(self, numbers: Ints) -> list[str | None]:
        """The same as a list of strings and None."""
        texts: list[str | None] = pa.array(self(numbers)).to_pylist()
        return texts


# --- whose block it is ---


class _Credits:
    """Who is named where: outlet mentions in text order, and attributions with their sources, row by row."""

    def __init__(self, page: Page, attributions: pd.DataFrame, sources: pd.DataFrame, outlets: pd.DataFrame) -> None:
        naming = outlets[~outlets["platform"] & ~outlets["generic"] & outlets["role"].isin(_CREDITS)]
        begin = page.doc_start[_docs(page, naming)]
        ranks, names = map(_CREDITS.index, naming["role"]), naming["outlet"].fillna(naming["surface"])
        low, high = ((begin + naming[edge].to_numpy()).tolist() for edge in ("start", "end"))
        self.mentions = sorted(zip(ranks, low, names, high, strict=True), key=itemgetter(1))
        self.low = np.array([mention[1] for mention in self.mentions], dtype=np.int64)

        row = _rows(sources["attribution_id"], attributions["attribution_id"])
        self.source_id, self.name = (_Names(sources[column]).plain(row) for column in ("source_id", "name"))
        # somebody is known to say it; it is the voice itself ("I think")
        known, own = sources["identification"] != "unattributed", sources["rule"].str.endswith(">author")
        self.known, self.own = (np.append(flags.to_numpy(dtype=bool), False)[row].tolist() for flags in (known, own))
        self.doc = _docs(page, attributions)
        self.parent = _rows(attributions["attribution_id"], attributions["parent_id"])

        begin = page.doc_start[self.doc]
        cue, content, end = (attributions[c].to_numpy() for c in ("cue_start", "content_start", "content_end"))
        self.by_cue = np.argsort(begin + cue, kind="stable")
        self.cue_start = (begin + cue)[self.by_cue]
        self.cue = attributions["cue"].array
        self.content_end = np.where(content >= 0, begin + end, len(page.text))

    def outlets(self, start: Ints, end: Ints) -> list[str | None]:
        """The outlet each stretch of the page credits, if it names one; none where there is no stretch (-1)."""
        first, last = np.searchsorted(self.low, start), np.searchsorted(self.low, end, side="right")
        names: list[str | None] = [None] * len(start)
        for row in np.flatnonzero((first < last) & (start >= 0)).tolist():
            inside = [mention for mention in self.mentions[first[row] : last[row]] if mention[3] <= end[row]]
            names[row] = min(inside)[2] if inside else None
        return names

    def speaker(self, page: Page, start: int, end: int) -> tuple[str | None, str, str] | None:
        """(source_id, name, kind of voice) of whoever a lead-in announces: the content is the block, or absent."""
        first, last = np.searchsorted(self.cue_start, (start, end))
        for row in self.by_cue[first:last][::-1].tolist():
            if self.content_end[row] > end and _PUTS_IN_WORDS.search(self.cue[row]):
                name = self.name[row]
                if name is not None and self.known[row] and name.casefold() not in PRONOUNS:
                    return self.source_id[row], name, _kind(name)
        match = _NAMED_LEAD.search(page.text, start, end)
        if match is None:
            return None
        name = (match[1] or match[2]).removeprefix("The ")
        return None, name, _kind(name)


def _kind(name: str) -> str:
    """Whether a name in a lead-in that no gazetteer knows is that of an outlet, by its form."""
    reading = read_phrase(name)
    return "outlet" if reading.form == "organisation" and reading.affiliation == "media" else "source"


_PUTS_IN_WORDS = re.compile(
    r"\b(?:say|says|said|saying|writ\w+|wrote|report\w*|explain\w*|note[sd]?|noting|argu\w+|observ\w+|add(?:s|ed|ing)?"
    r"|respon\w+|repl(?:y|ies|ied)|conclud\w+|ask(?:s|ed)?|post(?:s|ed)?|e-?mail(?:s|ed)?|continu\w+|put(?:s|ting)?"
    r"|stat(?:e[sd]?|ing)|tell|tells|told|comment(?:s|ed)?|opine[sd]?|remark(?:s|ed)?|according to|quot\w+|declar\w+)\b"
)
"""Cues that hand over words: who "rejects" something before a colon is not thereby the writer of what follows."""
_NOBODY = r"(?!(?:It|He|She|They|This|That|These|Those|Here|There|We|You|I|The|And|But|Who|What|One|Some|Then|Now)\b)"
_NAMED_LEAD = re.compile(
    r"\b(?:[Ff]rom|[Bb]y|[Hh]ere(?:’s|'s| is)) ((?:[A-Z][\w.’\-]+ ?){1,4}?)(?:[’']s? [\w\- ]{3,40})?\s*:$"
    rf"|\b{_NOBODY}((?:[A-Z][\w.’\-]+ ){{1,3}}[A-Z][\w’\-]+|[A-Z][\w’\-]+)"
    r"(?:[’']s? (?:post|column|take|piece|essay|op-ed|report))?"
    r" (?:writes|reports|explains|notes|argues|observes|says|adds|responds|replies|concludes|asks|posts|e-?mails|has"
    r"|puts|concedes|admits|insists|claims|thinks|finds|warns|suggests|wonders|sums)\b[^:]{0,100}:$"
)
_GOES_ON = re.compile(
    r"\b(?:continues?|goes on|went on|elsewhere in|more from|later in|further (?:on|down)"
    r"|the (?:same )?(?:story|article|piece|op-ed|post|report|essay|column))\b",
    re.I,
)


@dataclass
class _Blocks:
    """Whose each passage is: where it begins on the page, its voice (-1 for bio and promo), what is doubtful."""

    start: Ints
    voice: Small
    weak: npt.NDArray[np.bool_]
    alternative: list[str | None]

    def voice_at(self, page: Page, doc: Ints, offsets: Ints) -> Small:
        """Voice of the passage each offset lies in, or of the document's first where it lies before it."""
        if not len(self.start):
            return np.full(len(offsets), -1, dtype=np.int32)
        first = np.searchsorted(self.start, page.doc_start)[doc]
        at = page.doc_start[doc] + np.maximum(offsets, 0)
        return self.voice[np.maximum(first, np.searchsorted(self.start, at, side="right") - 1)]


def _blocks(page: Page, documents: pd.DataFrame, passages: pd.DataFrame, credits: _Credits, tree: _Tree) -> _Blocks:
    """Voice of each passage; a copy has that of what it copies."""
    doc, aside = _docs(page, passages), passages["kind"] == "interjection"
    begin, start, end = page.doc_start[doc], passages["start"].to_numpy(), passages["end"].to_numpy()
    voice = np.where(passages["kind"].isin(["bio", "promo"]), -1, doc).astype(np.int32)
    blocks = _Blocks(begin + start, voice, np.zeros(len(doc), dtype=bool), [None] * len(doc))
    leads = _leads(page, documents, passages, credits)
    last: dict[int, int] = {}
    for row in np.flatnonzero(aside | (passages["kind"] == "quoted_article")).tolist():
        me = int(doc[row])
        if not aside[row]:
            found = _block_voice(tree, credits, page, me, row, int(blocks.start[row]), next(leads), last.get(me, -1))
            voice[row], blocks.weak[row], blocks.alternative[row] = found
            last[me] = found[0]
        elif _SIGNED.search(page.text[begin[row] + start[row] : begin[row] + end[row]]):
            voice[row] = tree.voice(me, EDITOR, "source", EDITOR)
    copies = _rows(passages["passage_id"], passages["duplicate_of"])
    for row in np.flatnonzero(copies >= 0).tolist():
        voice[row] = voice[copies[row]]
    return blocks


_SIGNED = re.compile(r"[–—\-]{1,2}\s?[Ee]ds?\b\.?\W*$|^[(\[]\s?[Ee]d")

_Lead = tuple[int, int, str | None, str | None]
"""Where a lead-in begins and ends on the page (-1 where there is none), the outlet it names, and the one before it."""


def _leads(page: Page, documents: pd.DataFrame, passages: pd.DataFrame, credits: _Credits) -> Iterator[_Lead]:
    """The lead-in of each quoted block."""
    found = origins(documents, passages)
    begin = page.doc_start[_docs(page, found)]
    columns = ("lead_start", "lead_end", "before_start", "before_end")
    start, end, before, before_end = (found[name].to_numpy(dtype=np.int64) for name in columns)
    before = np.where(found["deictic"].to_numpy(dtype=bool), -1, before)
    start, end, before, before_end = (np.where(at >= 0, begin + at, -1) for at in (start, end, before, before_end))
    outlets = credits.outlets(start, end), credits.outlets(before, before_end)
    return zip(start.tolist(), end.tolist(), *outlets, strict=True)


def _block_voice(
    tree: _Tree, credits: _Credits, page: Page, me: int, row: int, start: int, lead: _Lead, last: int
) -> tuple[int, bool, str | None]:
    """Voice of a quoted block, whether its origin is a weak inference, and then what else it may be."""
    lead_start, lead_end, outlet, before = lead
    if outlet:
        return tree.outlet(me, outlet), False, None
    if lead_start >= 0:
        speaker = credits.speaker(page, lead_start, lead_end)
        if speaker:
            source_id, name, kind = speaker
            if kind == "outlet":
                return tree.outlet(me, name), False, None
            key = f"source:{source_id}" if source_id else f"name:{name.casefold()}"
            return tree.voice(me, key, kind, name, source_id), False, None
        if last >= 0 and _GOES_ON.search(page.text, lead_start, lead_end):
            return last, True, UNNAMED
    if before:
        return tree.outlet(me, before), True, UNNAMED
    signed = _SIGNATURE.match(page.text, start, int(page.doc_end[me]))
    if signed:
        return tree.voice(me, f"name:{signed[1].casefold()}", "source", signed[1]), False, None
    return tree.voice(me, f"unnamed:{row}", "outlet", None), False, None


_SIGNATURE = re.compile(r"(?:By|BY) ([A-Z][\w.’'\-]*(?: [A-Z][\w.’'\-]*){1,4}) ?(?=\n)")


# --- whose words an attribution opens ---


def _attribution_voices(
    tree: _Tree, page: Page, blocks: _Blocks, attributions: pd.DataFrame, credits: _Credits
) -> tuple[Small, Small]:
    """Voice that does the attributing, and voice the content opens, for each attribution."""
    cue, source, content = (attributions[f"{role}_start"].to_numpy() for role in ("cue", "source", "content"))
    anchor = np.where(cue >= 0, cue, np.where(source >= 0, source, np.maximum(content, 0)))
    stands, holds = (blocks.voice_at(page, credits.doc, at) for at in (anchor, content))
    within = np.array(tree.parent, dtype=np.int32)[holds] == stands
    opens = within & (content >= 0) & (holds >= 0) & (holds != stands) & (holds != credits.doc)
    begin = page.doc_start[credits.doc]
    named = credits.outlets(begin + source, begin + attributions["source_end"].to_numpy())
    outer, block = np.where(stands >= 0, stands, credits.doc).tolist(), np.where(opens, holds, -1).tolist()
    inner, parents, me = [-1] * len(outer), credits.parent.tolist(), credits.doc.tolist()
    for row in _parents_first(parents):
        if parents[row] >= 0:
            above = inner[parents[row]]
            outer[row] = above if above >= 0 else me[row]
        inner[row] = block[row] if block[row] >= 0 else _opened(tree, credits, row, outer[row], named[row])
    return np.array(outer, dtype=np.int32), np.array(inner, dtype=np.int32)


def _parents_first(parents: list[int]) -> Iterator[int]:
    """Row numbers with every parent before its children; a ring of parents is cut where it is met again."""
    done = [False] * len(parents)
    for start in range(len(parents)):
        path, number = [], start
        while number >= 0 and not done[number]:
            done[number] = True
            path.append(number)
            number = parents[number]
        yield from reversed(path)


def _opened(tree: _Tree, credits: _Credits, row: int, voice: int, outlet: str | None) -> int:
    """The voice an attribution's source speaks in; a source that is the voice itself ("I think") opens none."""
    source_id, name = credits.source_id[row], credits.name[row]
    if credits.own[row] or (source_id is not None and tree.source_id[voice] == source_id):
        return voice
    if outlet:
        same = tree.kind[voice] == "outlet" and tree.name[voice] == outlet
        return voice if same else tree.outlet(voice, outlet)
    if source_id is None:
        return tree.voice(voice, f"loose:{row}" if name else UNATTRIBUTED, "source", name)
    if name is not None and tree.kind[voice] != "author" and tree.name[voice] == name:
        return voice
    return tree.voice(voice, f"source:{source_id}", "source", name, source_id)


# --- words and findings ---


class _Words:
    """The innermost voice and attribution of every token."""

    def __init__(
        self,
        tokens: Tokens,
        passages: pd.DataFrame,
        blocks: _Blocks,
        attributions: pd.DataFrame,
        spans: pd.DataFrame,
        credits: _Credits,
        inner: Small,
    ) -> None:
        self.tokens = tokens
        none = np.full(len(tokens), -1, dtype=np.int32)
        if len(passages):
            bounds = np.searchsorted(tokens.start, blocks.start[1:])
            length = np.diff(bounds, prepend=0, append=len(tokens))
            self.base = np.repeat(blocks.voice, length)
            self.counted = np.repeat(passages["counted"].to_numpy(dtype=bool), length)
        else:
            self.base, self.counted = none, none.astype(bool)
        self.voice, self.content, self.naming, self.cue = self.base.copy(), none.copy(), none.copy(), none.copy()
        self.id = _Names(attributions["attribution_id"])
        self._fill(_rows(attributions["attribution_id"], spans["attribution_id"]), spans, credits, inner)

    def _fill(self, row: Ints, spans: pd.DataFrame, credits: _Credits, inner: Small) -> None:
        """Spans from the outside in, so that of two that share a token the inner one is written last."""
        if not len(spans):
            return
        size = spans["end"].to_numpy() - spans["start"].to_numpy()
        start = self.tokens.page.doc_start[credits.doc[row]] + spans["start"].to_numpy()
        first, last = self.tokens.index(start), self.tokens.index(start + size - 1) + 1
        inward = np.lexsort((-size, _nesting(credits.parent)[row]))
        content, source, cue = ((spans["role"] == role).to_numpy() for role in ("content", "source", "cue"))
        anchor = np.zeros(len(inner), dtype=np.int64)
        for which in (content, source, cue):
            anchor[row[which]] = np.minimum(first[which], len(self.tokens) - 1)
        ground = self.base[anchor] if len(self.tokens) else anchor
        token, one = _spread(first, last, row, inward[content[inward]])
        mine = self.base[token] == ground[one]
        self.voice[token[mine]] = inner[one[mine]]
        self.content[token] = one
        token, one = _spread(first, last, row, inward[~content[inward]])
        self.naming[token] = one
        token, one = _spread(first, last, row, inward[cue[inward]])
        self.cue[token] = one

    def counts(self, n_voices: int) -> Ints:
        """Counted words of each voice."""
        runs = np.flatnonzero(np.diff(self.voice, prepend=-2))
        words = np.add.reduceat(self.tokens.n_words * self.counted, runs, dtype=np.int64)
        return np.bincount(self.voice[runs] + 1, words, n_voices + 1)[1:].astype(np.int64)

    def _at(self, found: pd.DataFrame) -> tuple[Ints, Ints]:
        """First and last token (exclusive) of each finding."""
        begin = self.tokens.page.doc_start[_docs(self.tokens.page, found)]
        first, last = (begin + found[edge].to_numpy() for edge in ("start", "end"))
        first = np.minimum(self.tokens.index(first), max(0, len(self.tokens) - 1))
        return first, np.minimum(self.tokens.index(last - 1) + 1, len(self.tokens))

    def bind_hedges(self, hedges: pd.DataFrame, named: _Names) -> pd.DataFrame:
        """Voice, holding attribution, and the attribution a hedge is also the cue of."""
        if not len(hedges):
            return hedges.copy()
        first, last = self._at(hedges)
        # reduceat takes pairs: the even ones are the hedges, the odd ones what lies between them
        most = np.maximum.reduceat(np.append(self.cue, -1), np.column_stack((first, last)).ravel())[::2]
        return hedges.assign(
            voice_id=named(self.voice[first]),
            attribution_id=self.id(self.content[first]),
            dual=self.id(np.where(self.cue[first] >= 0, self.cue[first], most)),
        )

    def bind_outlets(self, outlets: pd.DataFrame, named: _Names) -> pd.DataFrame:
        """Voice and innermost attribution, as source, cue or content, of each mention."""
        if not len(outlets):
            return outlets.copy()
        at, _ = self._at(outlets)
        inside = np.where(self.naming[at] >= 0, self.naming[at], self.content[at])
        return outlets.assign(voice_id=named(self.voice[at]), attribution_id=self.id(inside))


def _spread(first: Ints, last: Ints, row: Ints, spans: Ints) -> tuple[Ints, Ints]:
    """Every token of the spans, span after span, and the attribution each token is written for."""
    length = np.maximum(0, last[spans] - first[spans])
    ends = np.cumsum(length)
    token = np.arange(ends[-1] if len(ends) else 0) + np.repeat(first[spans] - ends + length, length)
    return token, np.repeat(row[spans], length)


def _nesting(parent: Ints) -> Ints:
    """How deep each attribution lies in others' contents; a ring of parents is given up after 50 steps."""
    depth = np.zeros(len(parent), dtype=np.int64)
    up = parent
    for _ in range(50):
        inside = up >= 0
        if not inside.any():
            break
        depth += inside
        up = np.where(inside, parent[up], -1)
    return depth


# --- the table ---


def _chains(tree: _Tree) -> list[str]:
    """Each voice's path from the author; a parent is always made before its children."""
    chains: list[str] = []
    for parent, kind, name in zip(tree.parent, tree.kind, tree.name, strict=True):
        shown = name or (UNNAMED if kind == "outlet" else UNATTRIBUTED)
        chains.append(f"{chains[parent]} > {shown}" if parent >= 0 else shown)
    return chains


def _table(tree: _Tree, doc_ids: pd.Series, words: Ints) -> tuple[pd.DataFrame, _Names]:
    """The voices in the order documents have them, and the id of each voice by its number."""
    order = np.argsort(tree.doc, kind="stable")
    doc_id = _Names(doc_ids)(np.array(tree.doc, dtype=np.int64)[order])
    voice_id = _text(tables.ids(doc_id.tolist(), "v", 2))
    named = _Names(_Names(voice_id)(np.argsort(order)))
    table = tables.frame(
        "voices",
        {
            "doc_id": doc_id,
            "voice_id": voice_id,
            "parent_id": named(np.array(tree.parent, dtype=np.int64)[order]),
            "depth": np.array(tree.depth, dtype=np.int64)[order],
            "kind": _Names(_text(tree.kind))(order),
            "name": _Names(_text(tree.name))(order),
            "source_id": _Names(_text(tree.source_id))(order),
            "n_words": words[order],
            "chain": _Names(_text(_chains(tree)))(order),
        },
    )
    return table, named
