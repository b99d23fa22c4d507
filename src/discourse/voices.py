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
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import itemgetter

import numpy as np
import numpy.typing as npt
import pandas as pd

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


@dataclass
class _Voice:
    """A voice in the making."""

    doc_id: str
    parent: int
    depth: int
    kind: str
    name: str | None
    shown: str
    source_id: str | None = None


@dataclass
class _Tree:
    """The voices of a batch; a voice is known by its document, its parent and who speaks."""

    made: list[_Voice] = field(default_factory=list)
    known: dict[tuple[str, int, str], int] = field(default_factory=dict)

    def voice(
        self, doc_id: str, parent: int, key: str, kind: str, name: str | None, source_id: str | None = None
    ) -> int:
        """The voice of `key` inside `parent`, made when it is first heard."""
        found = self.known.get((doc_id, parent, key))
        if found is not None:
            return found
        depth = self.made[parent].depth + 1 if parent >= 0 else 1
        shown = name or (UNNAMED if kind == "outlet" else UNATTRIBUTED)
        self.made.append(_Voice(doc_id, parent, depth, kind, name, shown, source_id))
        self.known[doc_id, parent, key] = number = len(self.made) - 1
        return number

    def author(self, doc_id: str) -> int:
        """The voice a document begins with."""
        return self.known[doc_id, -1, "author"]

    def __getitem__(self, number: int) -> _Voice:
        return self.made[number]


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
    tree = _Tree()
    for doc_id, name in zip(documents["doc_id"].tolist(), authors(documents, passages), strict=True):
        tree.voice(doc_id, -1, "author", "author", name)
    credits = _Credits(documents, attributions, sources, outlets)
    block_voice, doubt = _passage_voices(documents, passages, credits, tree)
    outer, inner = _attribution_voices(tree, tokens.page, passages, block_voice, attributions, credits)
    words = _Words(tokens, passages, block_voice, attributions, spans, inner)
    order, ids = _numbered(tree)
    named = _Names(ids)
    passages = passages.assign(
        voice_id=named(block_voice),
        confidence=np.where(doubt.weak, np.minimum(passages["confidence"], _WEAK), passages["confidence"]),
        alternative=_second(passages["alternative"], doubt.alternative),
    )
    holding = _rows(passages["passage_id"], sentences["passage_id"])
    sentences = sentences.assign(voice_id=named(np.append(block_voice, np.int32(-1))[holding]))
    attributions = attributions.assign(voice_id=named(outer), content_voice_id=named(inner))
    hedges = words.bind_hedges(hedges, named)
    outlets = words.bind_outlets(outlets, named)
    return _table(tree, order, ids, words.counts(len(tree.made))), passages, sentences, attributions, hedges, outlets


def _text(values: object) -> pd.Series:
    return pd.Series(values, dtype="str")


def _second(own: pd.Series, other: list[str | None]) -> pd.Series:
    return _text([ours if isinstance(ours, str) else theirs for ours, theirs in zip(own.tolist(), other, strict=True)])


# --- whose block it is ---


@dataclass
class _Doubt:
    weak: npt.NDArray[np.bool_]
    alternative: list[str | None]


class _Credits:
    """Who is named where: outlet mentions and reporting clauses of each document, by offset."""

    def __init__(
        self, documents: pd.DataFrame, attributions: pd.DataFrame, sources: pd.DataFrame, outlets: pd.DataFrame
    ) -> None:
        self.texts = dict(zip(documents["doc_id"].tolist(), documents["text"].tolist(), strict=True))
        self.mentions: dict[str, list[tuple[int, int, str, str, bool]]] = {}
        columns = ("doc_id", "start", "end", "outlet", "surface", "role", "generic", "platform")
        for doc_id, start, end, outlet, surface, role, generic, platform in zip(
            *(outlets[name].tolist() for name in columns), strict=True
        ):
            if not platform:
                name = outlet if isinstance(outlet, str) else surface
                self.mentions.setdefault(doc_id, []).append((start, end, name, role, bool(generic)))
        self.credited = {
            doc_id: sorted(
                (low, high, _CREDITS.index(role), name)
                for low, high, name, role, generic in mentions
                if not generic and role in _CREDITS
            )
            for doc_id, mentions in self.mentions.items()
        }
        self.source = dict(
            zip(
                sources["attribution_id"].tolist(),
                zip(*(sources[c].tolist() for c in ("source_id", "name", "identification", "rule")), strict=True),
                strict=True,
            )
        )
        cues = attributions["cue"]
        told = cues.isin([cue for cue in cues.unique().tolist() if isinstance(cue, str) and _PUTS_IN_WORDS.search(cue)])
        clauses = ("cue_start", "content_start", "content_end", "attribution_id")
        telling = attributions.loc[told & (attributions["cue_start"] >= 0), ["doc_id", *clauses]]
        self.clauses: dict[str, list[tuple[int, int, int, str]]] = {}
        for doc_id, *clause in zip(*(telling[name].tolist() for name in ("doc_id", *clauses)), strict=True):
            self.clauses.setdefault(doc_id, []).append(tuple(clause))
        for told_in in self.clauses.values():
            told_in.sort(key=itemgetter(0))

    def outlet(self, doc_id: str, start: int, end: int) -> str | None:
        """The outlet a stretch of text credits, if it names one."""
        mentions = self.credited.get(doc_id, [])
        first = bisect_left(mentions, start, key=itemgetter(0))
        near = mentions[first : bisect_right(mentions, end, key=itemgetter(0))]
        found = [(role, low, name) for low, high, role, name in near if high <= end]
        return min(found)[2] if found else None

    def speaker(self, doc_id: str, start: int, end: int) -> tuple[str | None, str, str] | None:
        """(source_id, name, kind of voice) of whoever a lead-in announces: the content is the block, or absent."""
        clauses = self.clauses.get(doc_id, [])
        first = bisect_left(clauses, start, key=itemgetter(0))
        for _, low, high, key in reversed(clauses[first : bisect_left(clauses, end, key=itemgetter(0))]):
            if low < 0 or high > end:
                source_id, name, identification, _ = self.source.get(key, (None, None, "", ""))
                if isinstance(name, str) and identification != "unattributed" and name.casefold() not in PRONOUNS:
                    return (source_id if isinstance(source_id, str) else None), name, _kind(name)
        match = _NAMED_LEAD.search(self.texts[doc_id], start, end)
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


def _passage_voices(
    documents: pd.DataFrame, passages: pd.DataFrame, credits: _Credits, tree: _Tree
) -> tuple[Small, _Doubt]:
    """Voice of each passage (-1 for bio and promo), with what is doubtful about the origin of quoted blocks."""
    where = {row[1]: row[2:] for row in origins(documents, passages).itertuples(index=False, name=None)}
    voice = np.full(len(passages), -1, dtype=np.int32)
    weak = np.zeros(len(passages), dtype=bool)
    alternative: list[str | None] = [None] * len(passages)
    last: dict[str, int] = {}
    columns = ("doc_id", "passage_id", "kind", "start", "end")
    for row, (doc_id, passage_id, kind, start, end) in enumerate(
        zip(*(passages[name].tolist() for name in columns), strict=True)
    ):
        me = tree.author(doc_id)
        if kind == "quoted_article":
            voice[row], weak[row], alternative[row] = _block_voice(
                tree, credits, doc_id, passage_id, me, start, where[passage_id], last.get(doc_id, -1)
            )
            last[doc_id] = int(voice[row])
        elif kind == "interjection" and _SIGNED.search(credits.texts[doc_id], start, end):
            voice[row] = tree.voice(doc_id, me, EDITOR, "source", EDITOR)
        elif kind not in ("bio", "promo"):
            voice[row] = me
    copies = _rows(passages["passage_id"], passages["duplicate_of"])
    for row in np.flatnonzero(copies >= 0).tolist():
        voice[row] = voice[copies[row]]
    return voice, _Doubt(weak, alternative)


_SIGNED = re.compile(r"[–—\-]{1,2}\s?[Ee]ds?\b\.?\W*$|^[(\[]\s?[Ee]d")


def _block_voice(
    tree: _Tree,
    credits: _Credits,
    doc_id: str,
    passage_id: str,
    me: int,
    start: int,
    where: tuple[int, int, int, int, bool],
    last: int,
) -> tuple[int, bool, str | None]:
    """Voice of a quoted block, whether its origin is a weak inference, and then what else it may be."""
    lead_start, lead_end, before_start, before_end, deictic = where
    if lead_start >= 0:
        outlet = credits.outlet(doc_id, lead_start, lead_end)
        if outlet:
            return tree.voice(doc_id, me, f"outlet:{outlet.casefold()}", "outlet", outlet), False, None
        speaker = credits.speaker(doc_id, lead_start, lead_end)
        if speaker:
            source_id, name, kind = speaker
            key = f"source:{source_id}" if source_id else f"name:{name.casefold()}"
            key = f"outlet:{name.casefold()}" if kind == "outlet" else key
            return tree.voice(doc_id, me, key, kind, name, source_id if kind == "source" else None), False, None
        if last >= 0 and _GOES_ON.search(credits.texts[doc_id], lead_start, lead_end):
            return last, True, UNNAMED
    if before_start >= 0 and not deictic:
        outlet = credits.outlet(doc_id, before_start, before_end)
        if outlet:
            return tree.voice(doc_id, me, f"outlet:{outlet.casefold()}", "outlet", outlet), True, UNNAMED
    signed = _SIGNATURE.match(credits.texts[doc_id], start)
    if signed:
        return tree.voice(doc_id, me, f"name:{signed[1].casefold()}", "source", signed[1]), False, None
    return tree.voice(doc_id, me, f"unnamed:{passage_id}", "outlet", None), False, None


_SIGNATURE = re.compile(r"(?:By|BY) ([A-Z][\w.’'\-]*(?: [A-Z][\w.’'\-]*){1,4}) ?(?=\n)")


# --- whose words an attribution opens ---


def _attribution_voices(
    tree: _Tree,
    page: Page,
    passages: pd.DataFrame,
    block_voice: Small,
    attributions: pd.DataFrame,
    credits: _Credits,
) -> tuple[Small, Small]:
    """Voice that does the attributing, and voice the content opens, for each attribution."""
    cue, source, content = (attributions[f"{role}_start"].to_numpy() for role in ("cue", "source", "content"))
    anchor = np.where(cue >= 0, cue, np.where(source >= 0, source, np.maximum(content, 0)))
    stands, holds = (_voice_at(page, passages, block_voice, attributions["doc_id"], at) for at in (anchor, content))
    holds[content < 0] = stands[content < 0]
    parents = _rows(attributions["attribution_id"], attributions["parent_id"]).tolist()
    columns = ("doc_id", "attribution_id", "source_start", "source_end")
    rows = list(zip(stands.tolist(), holds.tolist(), *(attributions[name].tolist() for name in columns), strict=True))
    outer, inner = [-1] * len(rows), [-1] * len(rows)
    for number in _parents_first(parents):
        here, block, doc_id, key, source_start, source_end = rows[number]
        parent = parents[number]
        voice = inner[parent] if parent >= 0 else here
        me = tree.author(doc_id)
        outer[number] = voice = voice if voice >= 0 else me
        if block not in (here, -1, me) and tree[block].parent == here:
            inner[number] = block
        else:
            inner[number] = _opened(tree, credits, doc_id, key, voice, source_start, source_end)
    return np.array(outer, dtype=np.int32), np.array(inner, dtype=np.int32)


def _voice_at(page: Page, passages: pd.DataFrame, voice: Small, doc_ids: pd.Series, offsets: Ints) -> Small:
    """Voice of the passage each offset lies in, or of the document's first where it lies before it."""
    if not len(passages):
        return np.full(len(offsets), -1, dtype=np.int32)
    starts = page.to_page(passages["doc_id"], passages["start"])
    at = page.to_page(doc_ids, pd.Series(np.maximum(offsets, 0)))
    first = np.searchsorted(starts, page.doc_start[page.document(at)])
    return voice[np.maximum(first, np.searchsorted(starts, at, side="right") - 1)]


def _parents_first(parents: list[int]) -> Iterator[int]:
    """Row numbers with every parent before its children; a ring of parents is cut where it is met again."""
    done: set[int] = set()
    for start, above in enumerate(parents):
        if above < 0:
            if start not in done:
                done.add(start)
                yield start
            continue
        path, number = [], start
        while number >= 0 and number not in done:
            done.add(number)
            path.append(number)
            number = parents[number]
        yield from reversed(path)


def _opened(
    tree: _Tree, credits: _Credits, doc_id: str, key: str, voice: int, source_start: int, source_end: int
) -> int:
    """The voice an attribution's source speaks in; a source that is the voice itself ("I think") opens none."""
    source_id, name, _, rule = credits.source.get(key, (None, None, "", ""))
    inside = tree[voice]
    if isinstance(rule, str) and rule.endswith(">author"):
        return voice
    if isinstance(source_id, str) and inside.source_id == source_id:
        return voice
    if source_start >= 0 and doc_id in credits.credited:
        outlet = credits.outlet(doc_id, source_start, source_end)
        if outlet:
            same = inside.kind == "outlet" and inside.name == outlet
            return voice if same else tree.voice(doc_id, voice, f"outlet:{outlet.casefold()}", "outlet", outlet)
    if isinstance(source_id, str):
        if isinstance(name, str) and inside.kind != "author" and inside.name == name:
            return voice
        return tree.voice(doc_id, voice, f"source:{source_id}", "source", name, source_id)
    shown = name if isinstance(name, str) else None
    return tree.voice(doc_id, voice, f"loose:{key}" if shown else UNATTRIBUTED, "source", shown)


# --- words and findings ---


class _Names:
    """Ids of row numbers; null for -1."""

    def __init__(self, ids: list[str]) -> None:
        self.ids = _text([*ids, None]).array

    def __call__(self, numbers: Small | Ints) -> pd.Series:
        return pd.Series(self.ids.take(numbers))


class _Words:
    """The innermost voice and attribution of every token."""

    def __init__(
        self,
        tokens: Tokens,
        passages: pd.DataFrame,
        block_voice: Small,
        attributions: pd.DataFrame,
        spans: pd.DataFrame,
        inner: Small,
    ) -> None:
        self.tokens = tokens
        start = tokens.page.to_page(passages["doc_id"], passages["start"])
        passage = np.searchsorted(start, tokens.start, side="right") - 1
        none = np.full(len(tokens), -1, dtype=np.int32)
        self.base = block_voice[passage] if len(passages) else none
        self.counted = passages["counted"].to_numpy(dtype=bool)[passage] if len(passages) else none.astype(bool)
        self.voice, self.content, self.naming, self.cue = self.base.copy(), none.copy(), none.copy(), none.copy()
        self.id = _Names(attributions["attribution_id"].tolist())
        self._fill(attributions, spans, inner)

    def _fill(self, attributions: pd.DataFrame, spans: pd.DataFrame, inner: Small) -> None:
        """Spans from the outside in, so that of two that share a token the inner one is written last."""
        if not len(spans):
            return
        row = _rows(attributions["attribution_id"], spans["attribution_id"])
        start = self.tokens.page.to_page(spans["doc_id"], spans["start"])
        size = spans["end"].to_numpy() - spans["start"].to_numpy()
        first, last = self.tokens.index(start), self.tokens.index(start + size - 1) + 1
        inward = np.lexsort((-size, _nesting(attributions)[row]))
        role = spans["role"].to_numpy(dtype=object)
        anchor = np.zeros(len(attributions), dtype=np.int64)
        for name in ("content", "source", "cue"):
            which = np.flatnonzero(role == name)
            anchor[row[which]] = np.minimum(first[which], len(self.tokens) - 1)
        role = role[inward]
        ground = self.base[anchor] if len(self.tokens) else anchor
        token, one = _spread(first, last, row, inward[role == "content"])
        mine = self.base[token] == ground[one]
        self.voice[token[mine]] = inner[one[mine]]
        self.content[token] = one
        token, one = _spread(first, last, row, inward[role != "content"])
        self.naming[token] = one
        token, one = _spread(first, last, row, inward[role == "cue"])
        self.cue[token] = one

    def counts(self, n_voices: int) -> Ints:
        """Counted words of each voice."""
        keep = self.counted & (self.voice >= 0)
        words = np.bincount(self.voice[keep], weights=self.tokens.n_words[keep], minlength=n_voices)
        return words.astype(np.int64)

    def _at(self, found: pd.DataFrame) -> Ints:
        at = self.tokens.index(self.tokens.page.to_page(found["doc_id"], found["start"]))
        return np.minimum(at, max(0, len(self.tokens) - 1))

    def bind_hedges(self, hedges: pd.DataFrame, named: _Names) -> pd.DataFrame:
        """Voice, holding attribution, and the attribution a hedge is also the cue of."""
        if not len(hedges):
            return hedges.copy()
        at = self._at(hedges)
        return hedges.assign(
            voice_id=named(self.voice[at]),
            attribution_id=self.id(self.content[at]),
            dual=self.id(self._cue_in(hedges)),
        )

    def _cue_in(self, hedges: pd.DataFrame) -> Small:
        """The attribution whose cue shares a token with the hedge, or -1."""
        first = self._at(hedges)
        ends = self.tokens.page.to_page(hedges["doc_id"], hedges["end"])
        last = np.minimum(self.tokens.index(ends - 1) + 1, len(self.tokens))
        found = self.cue[first].copy()
        for row in np.flatnonzero((found < 0) & (last - first > 1)).tolist():
            found[row] = self.cue[first[row] : last[row]].max(initial=-1)
        return found

    def bind_outlets(self, outlets: pd.DataFrame, named: _Names) -> pd.DataFrame:
        """Voice and innermost attribution, as source, cue or content, of each mention."""
        if not len(outlets):
            return outlets.copy()
        at = self._at(outlets)
        inside = np.where(self.naming[at] >= 0, self.naming[at], self.content[at])
        return outlets.assign(voice_id=named(self.voice[at]), attribution_id=self.id(inside))


def _rows(ids: pd.Series, wanted: pd.Series) -> Ints:
    """Row number in `ids` of each of `wanted`; -1 for null."""
    number = {key: row for row, key in enumerate(ids.tolist())}
    return np.fromiter((number.get(key, -1) for key in wanted.tolist()), np.int64, len(wanted))


def _spread(first: Ints, last: Ints, row: Ints, spans: Ints) -> tuple[Ints, Ints]:
    """Every token of the spans, span after span, and the attribution each token is written for."""
    length = np.maximum(0, last[spans] - first[spans])
    ends = np.cumsum(length)
    token = np.arange(ends[-1] if len(ends) else 0) + np.repeat(first[spans] - ends + length, length)
    return token, np.repeat(row[spans], length)


def _nesting(attributions: pd.DataFrame) -> Ints:
    """How deep each attribution lies in others' contents; a ring of parents is given up after 50 steps."""
    parent = _rows(attributions["attribution_id"], attributions["parent_id"])
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


def _numbered(tree: _Tree) -> tuple[list[int], list[str]]:
    """Voices in the order documents have them, and the id of each voice."""
    place: dict[str, int] = {}
    for voice in tree.made:
        place.setdefault(voice.doc_id, len(place))
    places = [place[voice.doc_id] for voice in tree.made]
    order = sorted(range(len(places)), key=places.__getitem__)
    ids = [""] * len(order)
    for number, name in zip(order, tables.ids([tree[number].doc_id for number in order], "v", 2), strict=True):
        ids[number] = name
    return order, ids


def _chains(tree: _Tree) -> list[str]:
    """Each voice's path from the author; a parent is always made before its children."""
    chains: list[str] = []
    for voice in tree.made:
        chains.append(f"{chains[voice.parent]} > {voice.shown}" if voice.parent >= 0 else voice.shown)
    return chains


def _table(tree: _Tree, order: list[int], ids: list[str], words: Ints) -> pd.DataFrame:
    made, chains = [tree[number] for number in order], _chains(tree)
    return tables.frame(
        "voices",
        {
            "doc_id": [voice.doc_id for voice in made],
            "voice_id": [ids[number] for number in order],
            "parent_id": [ids[voice.parent] if voice.parent >= 0 else None for voice in made],
            "depth": [voice.depth for voice in made],
            "kind": [voice.kind for voice in made],
            "name": [voice.name for voice in made],
            "source_id": [voice.source_id for voice in made],
            "n_words": words[order] if len(order) else [],
            "chain": [chains[number] for number in order],
        },
    )
