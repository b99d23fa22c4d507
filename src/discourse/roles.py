"""The role of an outlet mention (codebook D1): what the outlet is doing where it is named.

Each test looks at the words around the mention within its sentence; the first test that holds, in the codebook's
order, gives the role and names itself in `rule`. All tests run on arrays over all mentions at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from discourse import sentences as st
from discourse.gazetteer import HEADS, place_words
from discourse.lexicon import inflect, load
from discourse.sentences import Tokens

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Bits = npt.NDArray[np.int64]

(
    REPORT, TELL, THE, IN, ON, TO, FROM, BY, FOR, OF, AT, WITH, VIA, PAPER, STAFF, PIECE, UNREAL, ALSO, SKIP, POSS,
    COLON, OPEN, CLOSE, DASH, STOP, APPEAR, OBTAIN, ACCORDING, CITE, POLL, SEE, CONTRIBUTE, WORK, HOST, TEXT_OF,
    FOLLOW, HAS, MORE, SPEAK, PER, PRESS, BASE, VENUE, CONJ, QUALIFY, CREDIT, ASK, DATE, ACCOUNT, SAYS, MAY, BODY,
    WEIGH, COMMA, NOT, OPENER, SIGNED, HEADED, BOUND,
) = (1 << n for n in range(59))  # fmt: skip
"""Classes of the words around a mention."""

_WORDS: dict[int, str] = {
    TELL: "tell tells told telling",
    THE: "the a an today's yesterday's",
    IN: "in inside within",
    ON: "on",
    TO: "to",
    FROM: "from",
    BY: "by",
    FOR: "for",
    OF: "of",
    AT: "at",
    WITH: "with",
    VIA: "via courtesy through",
    PAPER: "newspaper newspapers magazine magazines daily dailies weekly tabloid paper broadsheet network networks "
    "channel station broadcaster blog weblog website site agency newsletter podcast programme program service "
    "outlet outlets news television tv radio online journal web",
    STAFF: "reporter reporters correspondent correspondents columnist columnists editor editors host hosts anchor "
    "anchors analyst contributor journalist journalists commentator photographer photographers pundit moderator "
    "moderators writer writers publisher blogger critic co-host producer bureau cameraman crew staff contributors "
    "panelist newsroom chairman president executive owner ceo boss chief reviewer freelancer stringer personality "
    "anchorman anchorwoman interviewer ombudsman pollster director cartoonist essayist employee employees",
    PIECE: "report reports story stories article articles piece investigations survey editorial editorials op-ed "
    "op-eds column "
    "columns investigation analysis account item dispatch post review essay profile headline scoop exclusive "
    "headlines documentary segment transcript series coverage feature reporting lede tally estimate projection "
    "interview interviews debate debates",
    VENUE: "interview interviews debate debates forum appearance appearances town show program programme event",
    ACCOUNT: "account accounts page pages post posts feed profile handle video channel message live messages",
    CONJ: "and or , / but nor",
    QUALIFY: "official independent state private pan-arab english conservative liberal influential respected leading "
    "local popular urdu arabic satirical online evening morning sunday national regional opposition left-leaning "
    "right-wing left-wing pro-government mainstream venerable entire same own news public business "
    "latest new recent alternative pro-reform anti-government semi-official",
    CREDIT: "author by provider publisher agency from source sources photo photos credit credits image images via h/t "
    "tip hat copyright ©",
    SAYS: "said says reported reports wrote writes quoted quotes notes noted adds added claims claimed alleges "
    "alleged argues argued confirms confirmed suggests suggest describes described told cites cited say report "
    "confirm claim note revealed reveals states stated showed admitted blamed denied announced mentioned",
    MAY: "would could might should 'd",
    BODY: "academy department ministry institute school university college faculty bureau office council board "
    "committee museum secretary minister doctor bachelor master society foundation union bank court commission "
    "commonwealth league federation association centre center church temple party hall",
    WEIGH: "weighs weighed",
    COMMA: ",",
    NOT: "not n't",
    BOUND: "magazine newspaper",
    SIGNED: "op-ed op-eds letter letters column columns essay essays interview interviews commentary",
    ASK: "asked interviewed received contacted approached reached quizzed",
    DATE: "january february march april june july august september october november december jan feb mar apr jun jul "
    "aug sep sept oct nov dec pg page",
    POLL: "poll polls polling survey surveys",
    UNREAL: "if would unless imagine wish rather instead",
    ALSO: "also too likewise adds added followup follow-up confirm confirms confirmed confirming echoed corroborated",
    SKIP: "has had have first later then recently yesterday today monday tuesday wednesday thursday friday saturday "
    "sunday earlier last this that week month year night morning on itself which who previously reportedly "
    "as already even now just once since",
    ALSO | SKIP: "also",
    COLON: ":",
    OPEN: "( [",
    CLOSE: ") ]",
    DASH: "- -- – — ― ---",
    STOP: ". ; ? ! … ...",
    APPEAR: "air airs published appeared appears appear printed aired broadcast ran posted shown wrote writing written "
    "writes interview interviews interviewed speaking spoke talking op-ed appearing appearance appearances carried "
    "quoted read saw watching watched seen commenting argued explained column essay article letter editorial",
    OBTAIN: "obtained conducted commissioned reviewed seen reported published released sponsored first-reported broken "
    "uncovered revealed unearthed compiled aired quoted cited noted",
    ACCORDING: "according",
    CITE: "citing cites cite cited quoting quotes quote quoted credits crediting credited",
    SEE: "see read more follow watch hear visit subscribe join copyright ©",
    CONTRIBUTE: "contributed contributing",
    WORK: "work works worked working wrote writes write writing hired joined joining fired",
    HOST: "host hosts co-host co-hosts hosted show program anchor anchors",
    TEXT_OF: "text excerpt excerpts full translation reprinted republished reproduced",
    FOLLOW: "follow-up followup update more",
    HAS: "has have",
    MORE: "more further context background details video transcript",
    SPEAK: "speaking spoke talking talked said says interview interviews remarks statement comments email leaked leak "
    "gave given letter quoted",
    PER: "per",
    PRESS: "reported reports wrote writes published publishes quoted quotes printed prints cited cites",
}
_NO_CLAIM = frozenset("want need like love hate fear hope believe think know feel mean".split())
_POSSESSIVES = ("'s", "'")
_NAMED = (st.TITLE, st.UPPER, st.MIXED)
_KINDS = ("-owned", "-run", "-based", "-leaning", "-language", "-circulation", "-controlled", "-backed", "-funded")


@lru_cache(maxsize=1)
def _classes() -> Mapping[str, int]:
    """Classes of every word that has one; reporting verbs come from the list of reporting cues."""
    bits: dict[str, int] = {}
    for code, words in _WORDS.items():
        for word in words.split():
            bits[word] = bits.get(word, 0) | code
    cues = load("reporting_cues")
    verbs = cues.loc[(cues["pos"] == "VERB") & ~cues["category"].isin(["belief", "commissive"]), "entry"]
    for verb in (verb for verb in verbs if " " not in verb and verb not in _NO_CLAIM):
        for form in inflect(verb):
            if not form.endswith("ing"):
                bits[form] = bits.get(form, 0) | (BASE if form == verb else REPORT)
    for form in "reports writes ran runs posts breaks broke called calls finds found shows showed".split():
        bits[form] = bits.get(form, 0) | REPORT
    for word in HEADS:
        bits[word] = bits.get(word, 0) | HEADED
    for word in st.STARTERS:
        bits[word] = bits.get(word, 0) | OPENER
    for form in _POSSESSIVES:
        bits[form] = bits.get(form, 0) | POSS
    for people in place_words():
        if " " not in people:
            bits[people] = bits.get(people, 0) | QUALIFY
    return bits


def word_classes(vocabulary: Sequence[str]) -> Bits:
    """Classes of each word of a vocabulary."""
    classes = _classes()
    return np.fromiter(
        (classes.get(word, 0) or QUALIFY * word.endswith(_KINDS) for word in vocabulary),
        dtype=np.int64,
        count=len(vocabulary),
    )


@dataclass(frozen=True)
class Around:
    """The words around mentions (tokens first, …, last - 1), as classes; 0 beyond the sentence.

    `left(1)` is the word before the mention, an article stepped over; `right(1)` the word after it.
    """

    tokens: Tokens
    first: Ints
    last: Ints
    words: Bits

    @cached_property
    def bits(self) -> Bits:
        return np.asarray(self.words[self.tokens.word], dtype=np.int64)

    @cached_property
    def _seen(self) -> dict[tuple[str, int], npt.NDArray[Any]]:
        return {}

    @cached_property
    def _before(self) -> Ints:
        """Index of the word before the mention, its article and what says which paper it is stepped over.

        "told the Swiss daily newspaper Blick", "in Saturday's Globe", "on the state-run Radio Kabul".
        """
        at = self._past_article(self.first - 1)
        described = self._past_article(self._past(self.first - 1, PAPER | QUALIFY, 5))
        return np.where(self.article, self._past_article(self._past(at, PAPER | QUALIFY, 4)), described)

    def _past_article(self, at: Ints) -> Ints:
        at = at - self._is(at, THE)
        return at - 2 * (self._is(at, POSS) & self._is(at - 1, SKIP))

    def _past(self, at: Ints, code: int, n: int) -> Ints:
        for _ in range(n):
            at = at - self._is(at, code)
        return at

    def near(self, k: int) -> Bits:
        """The k-th word before the mention, nothing but its article stepped over."""
        if ("near", k) not in self._seen:
            self._seen["near", k] = self._at(self.first - 1 - self._is(self.first - 1, THE) - (k - 1))
        return self._seen["near", k]

    def near_is(self, k: int, code: int) -> Mask:
        return np.asarray((self.near(k) & code) != 0, dtype=bool)

    @cached_property
    def article(self) -> Mask:
        return np.asarray(self._is(self.first - 1, THE), dtype=bool)

    def _at(self, index: Ints) -> Bits:
        n = len(self.tokens)
        if not n:
            return np.zeros(len(index), dtype=np.int64)
        inside = (index >= 0) & (index < n)
        safe = np.clip(index, 0, n - 1)
        same = inside & (self.tokens.sent[safe] == self.tokens.sent[self.first])
        return np.where(same, self.bits[safe], 0).astype(np.int64)

    def _is(self, index: Ints, code: int) -> Mask:
        return np.asarray((self._at(index) & code) != 0, dtype=bool)

    def left(self, k: int) -> Bits:
        if ("left", k) not in self._seen:
            self._seen["left", k] = self._at(self._before - (k - 1))
        return self._seen["left", k]

    def right(self, k: int) -> Bits:
        if ("right", k) not in self._seen:
            self._seen["right", k] = self._at(self.last + (k - 1))
        return self._seen["right", k]

    def left_is(self, k: int, code: int) -> Mask:
        return np.asarray((self.left(k) & code) != 0, dtype=bool)

    def right_is(self, k: int, code: int) -> Mask:
        return np.asarray((self.right(k) & code) != 0, dtype=bool)

    def near_shape(self, k: int) -> npt.NDArray[np.uint8]:
        if ("near_shape", k) not in self._seen:
            self._seen["near_shape", k] = self._shape(self.first - 1 - self._is(self.first - 1, THE) - (k - 1))
        return self._seen["near_shape", k]

    def left_shape(self, k: int) -> npt.NDArray[np.uint8]:
        if ("left_shape", k) not in self._seen:
            self._seen["left_shape", k] = self._shape(self._before - (k - 1))
        return self._seen["left_shape", k]

    def right_shape(self, k: int) -> npt.NDArray[np.uint8]:
        if ("right_shape", k) not in self._seen:
            self._seen["right_shape", k] = self._shape(self.last + (k - 1))
        return self._seen["right_shape", k]

    def _shape(self, index: Ints) -> npt.NDArray[np.uint8]:
        n = len(self.tokens)
        safe = np.clip(index, 0, max(n - 1, 0))
        same = (index >= 0) & (index < n)
        same &= self.tokens.sent[safe] == self.tokens.sent[self.first] if n else False
        return np.where(same, self.tokens.shape[safe], st.PUNCT).astype(np.uint8)

    def left_within(self, n: int, code: int, stop: int = 0) -> Mask:
        """Some word of class `code` among the n before, none of class `stop` or punctuation between."""
        found = np.zeros(len(self.first), dtype=bool)
        alive = ~found
        for k in range(1, n + 1):
            word = self.left(k)
            found |= alive & ((word & code) != 0)
            alive &= ((word & stop) == 0) & (st.is_word(self.left_shape(k)) | (word != 0))
        return found

    @cached_property
    def verb_after(self) -> Mask:
        """A reporting verb follows: "the Globe reported", "the daily Globe newspaper on Friday first reported"."""
        return np.asarray(self._reaches(REPORT), dtype=bool)

    @cached_property
    def also_after(self) -> Mask:
        return np.asarray(self._reaches(ALSO), dtype=bool)

    def _reaches(self, code: int) -> Mask:
        found = np.zeros(len(self.first), dtype=bool)
        alive = ~found
        for k in range(1, 7):
            word = self.right(k)
            found |= alive & ((word & code) != 0)
            quote = np.isin(self.right_shape(k), (st.QUOTE_OPEN, st.QUOTE_CLOSE, st.QUOTE_STRAIGHT))
            alive &= ((word & (SKIP | PAPER)) != 0) | quote
        return found

    @cached_property
    def reaches_press(self) -> Mask:
        """What follows is what only a publication does: "Time reported", and never "time will tell"."""
        held = self._reaches(PRESS) | self.right_is(1, PAPER | STAFF) | self.near_is(1, PAPER)
        return np.asarray(held | self.link | self.apposed, dtype=bool)

    @cached_property
    def left_first(self) -> Mask:
        """The word before the mention is a common one that opens the sentence: its capital says nothing."""
        return np.asarray(self.first_word & (self.near(1) != 0), dtype=bool)

    @cached_property
    def first_word(self) -> Mask:
        """The word before the mention and its article begins the sentence."""
        before = self.first - 1 - self._is(self.first - 1, THE)
        safe = np.maximum(before - 1, 0)
        if not len(self.tokens):
            return np.zeros(len(self.first), dtype=bool)
        return np.asarray((before <= 0) | (self.tokens.sent[safe] != self.tokens.sent[self.first]), dtype=bool)

    @cached_property
    def verb_before(self) -> Mask:
        """A reporting verb stands before it, after a comma or a quotation mark: ", reported the Globe"."""
        shape = self.left_shape(2)
        comma = np.isin(shape, (st.PUNCT, st.QUOTE_CLOSE, st.QUOTE_STRAIGHT))
        plain = ~self.left_is(2, STOP | COLON) & ((self.left(2) & ~(CONJ | COMMA | OPENER | HEADED)) == 0)
        return np.asarray(self.left_is(1, REPORT) & comma & plain, dtype=bool)

    @cached_property
    def paired_brackets(self) -> Mask:
        closed = self.right_is(1, CLOSE) | (self.right_is(1, STOP) & self.right_is(2, CLOSE))
        return np.asarray(self._is(self.first - 1, OPEN) & closed, dtype=bool)

    @cached_property
    def dated_left(self) -> Mask:
        """A date stands before it: "Tokyo, Oct. 8 HNA"."""
        return np.asarray((self._shape(self.first - 1) == st.NUMBER) | self._is(self.first - 1, DATE), dtype=bool)

    @cached_property
    def dated_right(self) -> Mask:
        """A date follows: "Aldmoor Post 28/10/2004", "Aldmoor Post, February 6, 2002"."""
        comma = self.right_is(1, CONJ)
        first = np.where(comma, self.right_shape(2), self.right_shape(1))
        return np.asarray((first == st.NUMBER) | self.right_is(1, DATE) | (comma & self.right_is(2, DATE)), dtype=bool)

    @cached_property
    def says(self) -> Mask:
        """The very next word is a verb of telling; what a descriptor needs."""
        after = self.right_is(1, SAYS) | (self.right_is(1, SKIP) & self.right_is(2, SAYS))
        return np.asarray(after | self.verb_before, dtype=bool)

    @cached_property
    def piece(self) -> Mask:
        """A piece or poll of it follows: "Globe report", "the Globe's story", "Globe-HBN News poll"."""
        held = self.right_is(1, PIECE | POLL)
        for k in (2, 3, 4):
            held |= self.right_is(1, POSS | (PAPER if k < 4 else 0)) & self.right_is(k, PIECE | POLL)
        held |= (
            self.right_is(2, PIECE | POLL)
            & st.is_word(self.right_shape(1))
            & ((self.right(1) & ~(OPENER | HEADED)) == 0)
        )
        joint = self.right_is(1, CONJ | DASH)
        for k in (2, 3, 4, 5):
            held |= joint & self.right_is(k, POLL)
            joint = joint & (np.isin(self.right_shape(k), _NAMED) | self.right_is(k, CONJ | DASH | PAPER))
        return held

    @cached_property
    def accorded(self) -> Mask:
        """According to it."""
        return np.asarray(self.left_is(1, TO) & self.left_is(2, ACCORDING), dtype=bool)

    @cached_property
    def cue(self) -> Mask:
        """Something beside the mention says that it is an outlet: the test a short form has to pass."""
        held = self.verb_after | self.verb_before | self.accorded | self.paired_brackets
        held |= (
            self.left_is(1, TELL | CITE | VIA) | self.near_is(1, PAPER) | self.right_is(1, PAPER | STAFF | PIECE | POLL)
        )
        held |= self.left_is(1, OF | FOR | AT | WITH | FROM | BY) & self.left_is(2, STAFF | PIECE | OBTAIN)
        held |= self.left_is(1, OF | FOR | AT | WITH | FROM) & (self.left_is(2, PAPER) | self.left_is(3, STAFF))
        held |= self.left_is(1, IN | ON | TO | WITH | BY) & self.left_within(5, APPEAR | OBTAIN)
        held |= self.left_is(1, IN) & self.left_is(2, PIECE | PAPER)
        held |= self.left_is(1, TO) & self.left_within(6, SPEAK) & self.article
        held |= self.article & self.right_is(1, OF) & self.right_is(2, QUALIFY)
        held |= self.article & self.owner
        held |= self.near_is(1, POSS) & self.near_is(2, SKIP)
        held |= self.right_is(1, POSS) & (self.right_is(2, STAFF | PIECE | PAPER) | self.right_is(3, STAFF | PIECE))
        return np.asarray(held | self.piece | self.link | self.apposed | self.titled, dtype=bool)

    @cached_property
    def owner(self) -> Mask:
        """A person of it follows: "the Globe's Abel Marsh"."""
        named = np.isin(self.right_shape(2), _NAMED) & np.isin(self.right_shape(3), (*_NAMED, st.INITIAL))
        return np.asarray(self.right_is(1, POSS) & named & ~self.right_is(2, PIECE | PAPER | POLL), dtype=bool)

    @cached_property
    def titled(self) -> Mask:
        """A capital The inside the sentence, after a word in lower case: "a letter to The Sun"."""
        low = self.near_shape(1) == st.LOWER
        return np.asarray(self.article & (self._shape(self.first - 1) == st.TITLE) & low & ~self.left_first, dtype=bool)

    @cached_property
    def printed(self) -> Mask:
        """A verb of publishing follows."""
        return self._reaches(PRESS)

    @cached_property
    def of_body(self) -> Mask:
        """It ends the name of a body: "Institute for Science and International Security"."""
        joins = self.near_is(1, OF | FOR | CONJ) & ~self.near_is(1, COMMA) & ~self.article
        held = np.zeros(len(self.first), dtype=bool)
        for k in (2, 3, 4, 5):
            held |= joins & self.near_is(k, BODY)
            joins &= np.isin(self.near_shape(k), _NAMED) | self.near_is(k, OF | FOR | CONJ)
        return held

    @cached_property
    def longer(self) -> Mask:
        """It goes on with "of" and a name, and is no newspaper's word: "Voice of Aldmoor"."""
        paper = np.zeros(len(self.first), dtype=bool)
        if len(self.tokens):
            paper = (self.bits[self.last - 1] & HEADED) != 0
        return np.asarray(self.right_is(1, OF) & np.isin(self.right_shape(2), _NAMED) & ~paper, dtype=bool)

    @cached_property
    def link(self) -> Mask:
        """A weblog points at it: "has more", "weighs in"."""
        more = self.right_is(1, HAS) & (self.right_is(2, MORE) | self.right_is(3, MORE) | self.right_is(4, MORE))
        return np.asarray(more | self.right_is(1, WEIGH), dtype=bool)

    @cached_property
    def apposed(self) -> Mask:
        """It is said to be an outlet right after: "the Age, a Melbourne newspaper,"."""
        held = np.zeros(len(self.first), dtype=bool)
        opened = self.right_is(1, CONJ) & self.right_is(2, THE)
        for k in range(3, 8):
            held |= opened & self.right_is(k, PAPER)
            opened &= st.is_word(self.right_shape(k))
        return held


@dataclass(frozen=True)
class Setting:
    """What the layout and the layers before say of each mention, in step with `Around`.

    `kind`: kind of the passage; `leads`: it stands in the sentence that hands over to a quoted passage; `precedes`: in
    the sentence before that; `before`, `after`: words
    of its paragraph before and after it; `head`, `tail`: paragraphs before and after it in its document; `quoted_next`:
    the next paragraph opens with a quotation mark; `in_source`: inside the source of an attribution; `shows`,
    `platform`, `agency`: by its medium (`shows`: broadcast, podcast or platform); `address`: a web address; `generic`:
    a descriptor, not a name.
    """

    kind: npt.NDArray[np.object_]
    leads: Mask
    precedes: Mask
    before: Ints
    after: Ints
    head: Ints
    tail: Ints
    quoted_next: Mask
    in_source: Mask
    shows: Mask
    platform: Mask
    agency: Mask
    address: Mask
    generic: Mask


_Test = tuple[str, str, Mask]


def roles(around: Around, setting: Setting) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]]:
    """Role of each mention, and the name of the rule that gave it."""
    tests = [
        *_furniture(around, setting),
        *_employer(around, setting),
        *_hypothetical(around),
        *_origin(around, setting),
        *_corroboration(around),
        *_place(around, setting),
        *_claim(around, setting),
    ]
    masks = [mask for _, _, mask in tests]
    role = np.select(masks, [np.array(role, dtype=object) for role, _, _ in tests], default="actor")
    rule = np.select(masks, [np.array(rule, dtype=object) for _, rule, _ in tests], default="no telling")
    return role.astype(object), rule.astype(object)


def _furniture(a: Around, s: Setting) -> list[_Test]:
    short = (s.before <= 4) & (s.after <= 3) & ~a.verb_after
    edge = ((s.head <= 3) | (s.tail <= 2)) & (s.head + s.tail > 0)
    tiny = (s.before + s.after <= 3) & (s.head + s.tail > 0) & ~a.verb_after & ~s.leads & ~a.left_is(1, FROM)
    trailing = a.left_is(1, DASH) & (s.after <= 3) & (s.tail <= 5) & ~a.verb_after
    byline = short & edge & ~s.leads & ~a.left_is(1, FROM)
    pointer = a.left_is(1, FROM | ON | AT | TO | OF) & a.left_within(5, SEE) & (s.before <= 6)
    closing = (s.tail == 0) & (s.before + s.after <= 8) & (a.left_is(1, BY | FROM | VIA) | (s.before == 0))
    wire = a.right_is(1, CONTRIBUTE) | a.right_is(2, CONTRIBUTE) | a.left_within(4, CONTRIBUTE)
    handle = s.platform & a.right_is(1, COLON) & (s.kind == "bio")
    dash = a.right_is(2, DASH | COLON) | a.right_is(3, DASH | COLON)
    bracketed = a.paired_brackets & (a.right_is(2, STOP | CLOSE) | (s.after <= 3) | (s.before <= 3))
    place_line = (s.head <= 3) & (s.before <= 7) & a.right_is(1, DASH)
    place_line |= (s.head <= 6) & s.agency & a.dated_left & ~a.verb_after
    headline = (s.head <= 1) & a.left_is(1, DASH) & (s.after <= 1)
    return [
        ("furniture", "promo", s.kind == "promo"),
        ("furniture", "handle", handle),
        ("furniture", "date line", a.paired_brackets & dash),
        ("furniture", "credit in brackets", bracketed),
        ("furniture", "date line", place_line),
        ("furniture", "credit after the headline", headline),
        ("furniture", "wire credit", wire & ~a.verb_before),
        ("furniture", "credit", a.left_is(1, COLON) & (a.left_is(2, CREDIT) | ((s.before <= 6) & (s.after <= 2)))),
        ("furniture", "credit", a.left_is(1, VIA) & (s.before <= 6) & (s.after <= 2)),
        ("furniture", "credit", a.right_is(1, VIA) & (s.before <= 3) & (s.after <= 5)),
        ("furniture", "source line", (s.before == 0) & a.dated_right & (s.after <= 12)),
        ("furniture", "source line", (s.tail == 0) & a.dated_right & (s.after <= 5)),
        ("furniture", "address", s.address & ~s.leads),
        ("furniture", "pointer to a site", pointer),
        ("furniture", "line of its own", byline | tiny),
        ("furniture", "closing credit", trailing),
        ("furniture", "closing credit", closing & (s.head > 0) & ~a.verb_after & ~s.leads),
    ]


def _employer(a: Around, s: Setting) -> list[_Test]:
    owner = a.owner & ~a.right_is(3, PIECE | POLL)
    staff = a.right_is(1, STAFF) | (a.right_is(1, PAPER | POSS) & a.right_is(2, STAFF))
    staff |= a.right_is(3, STAFF) & a.right_is(1, POSS | PAPER) & ~a.right_is(2, STOP | REPORT | TO | CONJ)
    staff |= a.right_is(2, STAFF) & st.is_word(a.right_shape(1)) & ((a.right(1) & ~(OPENER | HEADED)) == 0)
    of_staff = a.left_is(1, OF | FOR | AT | WITH | FROM | TO) & a.left_within(4, STAFF)
    middle = (a.left_shape(3) == st.PUNCT) & (a.left_shape(4) == st.INITIAL)
    named = np.isin(a.left_shape(2), _NAMED) & (np.isin(a.left_shape(3), _NAMED) | middle)
    of_name = a.left_is(1, OF | FROM | AT) & named
    bracket = a.left_is(1, COMMA) & named & a.right_is(1, CLOSE) & (a.left_is(4, OPEN) | a.left_is(5, OPEN))
    works = a.left_is(1, FOR | AT | BY | WITH) & a.left_within(3, WORK)
    host = a.left_is(1, ON | OF) & a.left_within(5, HOST)
    return [
        ("employer", "bio", s.kind == "bio"),
        ("employer", "staff of it", staff & ~s.generic),
        ("employer", "staff of it", of_staff),
        ("employer", "person of it", of_name | bracket),
        ("employer", "its person", owner),
        ("employer", "works for it", (works | host) & ~s.platform),
    ]


def _hypothetical(a: Around) -> list[_Test]:
    unreal = a.left_within(12, UNREAL, stop=STOP | COLON | COMMA)
    unreal |= a.right_is(1, MAY) & ~a.right_is(2, NOT) & ~a.left_is(1, TELL | REPORT)
    told = a.verb_after | a.verb_before | a.accorded | a.left_is(1, TELL)
    return [("hypothetical", "under if or would", unreal & ~told)]


def _origin(a: Around, s: Setting) -> list[_Test]:
    text_of = a.left_within(12, TEXT_OF) & a.left_within(4, BY | FROM | IN)
    colon = a.right_is(1, COLON) & (s.quoted_next | (s.after <= 1))
    from_line = a.left_is(1, FROM | VIA) & (s.before <= 4) & (s.after <= 6)
    return [
        ("origin", "lead-in of a quoted passage", s.leads & ~a.left_is(1, TELL)),
        ("origin", "subject of the sentence before a quoted passage", s.precedes & a.verb_after),
        ("origin", "text of a report", text_of & (s.head <= 6)),
        ("origin", "name before a quotation", colon),
        ("origin", "from line", from_line),
    ]


def _corroboration(a: Around) -> list[_Test]:
    also = a.also_after & (a.verb_after | a.right_is(1, ALSO) | a.right_is(2, ALSO))
    return [
        ("corroboration", "also reports", also),
        ("corroboration", "follow-up", a.left_within(3, FOLLOW)),
        ("corroboration", "has more", a.link),
    ]


def _place(a: Around, s: Setting) -> list[_Test]:
    talk = a.left_within(7, APPEAR | SPEAK)
    venue = a.right_is(1, VENUE) | (a.right_is(1, POSS) & (a.right_is(2, VENUE) | a.right_is(3, VENUE)))
    posted = s.platform & (
        a.left_within(4, ON | VIA) | a.left_is(1, TO) | a.right_is(1, ACCOUNT) | a.right_is(2, ACCOUNT)
    )
    into = a.left_is(1, IN | ON | BY | FOR) & talk & ~a.verb_after & ~a.left_is(2, OBTAIN)
    into |= a.left_is(1, IN) & a.left_is(2, SIGNED)
    return [
        ("place", "told", a.left_is(1, TELL)),
        ("place", "posted on it", posted),
        ("place", "interview or debate", venue),
        ("place", "on air", a.left_is(1, ON) & s.shows & ~a.verb_after),
        ("place", "asked by it", a.left_is(1, BY) & a.left_is(2, ASK)),
        ("place", "words to it", a.left_is(1, TO | WITH) & talk & ~a.accorded),
        ("place", "published in it", into),
        ("place", "on it", a.left_is(1, ON) & a.right_is(1, STOP)),
    ]


def _claim(a: Around, s: Setting) -> list[_Test]:
    of_piece = a.left_is(1, IN | BY | FROM | OF | FOR)
    of_piece &= a.left_is(2, PIECE | POLL | OBTAIN | REPORT) | a.left_is(3, PIECE | POLL)
    told_in = a.left_is(1, IN | BY | FROM | PER) & a.left_within(6, REPORT | APPEAR | OBTAIN | PER)
    plural = s.generic & a.right_is(1, BASE)
    return [
        ("claim_source", "according to it", a.accorded),
        ("claim_source", "reporting verb after it", a.verb_after | plural),
        ("claim_source", "reporting verb before it", a.verb_before),
        ("claim_source", "its report or poll", a.piece),
        ("claim_source", "report by it", of_piece),
        ("claim_source", "cited", a.left_is(1, CITE | VIA)),
        ("claim_source", "source of an attribution", s.in_source & ~s.platform),
        ("claim_source", "told in it", told_in),
        ("claim_source", "colon", a.right_is(1, COLON)),
    ]
