"""Where names stand in a document, and what the words around them say of their bearers.

The words of a batch are put in order of document and word once; after that every question about a name ("is it used
as a place?", "what stands before it at its first mentions?") costs the number of its mentions, never the length of the
text, so that a book on one line takes twice the time of half a book.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from discourse.features import changes
from discourse.layout import Page
from discourse.nominals import ARTICLES, FIELDS, INDEFINITE, STOP, Gazetteer, name_words, singular
from discourse.sentences import CAPITALISED, INITIAL, OTHER, TITLE, Tokens

GOVERNMENT = frozenset(("administration", "government", "presidency", "regime", "cabinet"))
CAMPAIGN = frozenset(("campaign", "campaigned", "campaigning"))
_COURTESY = frozenset(("mr", "mrs", "ms"))
MOST = 8
"""Mentions of a name that are looked at: news says who somebody is when it first names them."""
_LEFT, _RIGHT = 90, 130
_CAPITALS = (*CAPITALISED, OTHER)


class Around(NamedTuple):
    """What stands before and after a mention, line breaks made spaces, and the words right before it."""

    left: str
    right: str
    words: list[str]


class Offsets:
    """Offsets of the chosen tokens of a batch, by document.

    An array is asked as a sequence: a list of it would cost more than all that is asked.
    """

    def __init__(self, tokens: Tokens, chosen: npt.NDArray[np.bool_]) -> None:
        at = np.flatnonzero(chosen)
        doc = tokens.doc[at]
        self._offsets = (tokens.start[at] - tokens.page.doc_start[doc]).data
        self._cuts: list[int] = np.searchsorted(doc, np.arange(len(tokens.page.doc_id) + 1)).tolist()

    def of(self, doc: int) -> list[int]:
        return self._offsets[self._cuts[doc] : self._cuts[doc + 1]].tolist()


def _ranked(keys: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The places of keys in their order, equal ones as they stand: keys with their places sort faster than by key."""
    n = max(1, len(keys))
    return np.sort(keys * n + np.arange(len(keys))) % n


class Index:
    """Where the words of a batch stand that linking asks for: every capitalised one and those of `also`, by document;
    words of campaigns and governments; where a sentence opens or a person is named after "Mr"."""

    def __init__(self, tokens: Tokens, also: Iterable[str] = ()) -> None:
        page = tokens.page
        courtesy = tokens.isin(_COURTESY) & (tokens.shape == TITLE)
        self.openings = Offsets(tokens, courtesy | changes(tokens.sent))
        self.campaigns = Offsets(tokens, tokens.isin(CAMPAIGN))
        self.governments = Offsets(tokens, tokens.isin(GOVERNMENT))
        capital = np.zeros(max(INITIAL, OTHER) + 1, dtype=bool)
        capital[list(_CAPITALS)] = True
        kept = np.flatnonzero(capital[tokens.shape] | tokens.isin(frozenset(also)))
        doc, word = tokens.doc[kept], tokens.word[kept]
        start = tokens.start[kept] - page.doc_start[doc]
        order = _ranked(doc.astype(np.int64) * len(tokens.vocabulary) + word)
        self._vocabulary, self._cuts = tokens.vocabulary, np.searchsorted(doc, np.arange(len(page.doc_id) + 1)).tolist()
        self._word_at, self._at = word.data, start.data
        self._words, self._starts = word[order].data, start[order].data
        self._lines: list[int] = np.flatnonzero(page.codes == ord("\n")).tolist()

    def spots(self, doc: int, word: str) -> list[int]:
        """Offsets of a word (lower case, ' for ’) in a document."""
        code = self._vocabulary.codes.get(word)
        if code is None:
            return []
        first = bisect_left(self._words, code, self._cuts[doc], self._cuts[doc + 1])
        last = bisect_right(self._words, code, first, self._cuts[doc + 1])
        return self._starts[first:last].tolist()

    def words(self, doc: int, low: int, high: int) -> Iterator[tuple[int, str]]:
        """The words between two offsets of a document, the last first."""
        first = bisect_left(self._at, low, self._cuts[doc], self._cuts[doc + 1])
        last = bisect_left(self._at, high, first, self._cuts[doc + 1])
        words = [self._vocabulary[word] for word in self._word_at[first:last].tolist()]
        return zip(reversed(self._at[first:last].tolist()), reversed(words), strict=True)

    def line(self, at: int) -> int:
        """Page offset of the last line break before a page offset; -1 where there is none."""
        found = bisect_left(self._lines, at)
        return self._lines[found - 1] if found else -1


class Text:
    """One document: its text, and where its words stand."""

    def __init__(self, page: Page, index: Index, number: int) -> None:
        self._index, self._number, self._base = index, number, int(page.doc_start[number])
        self.text = page.text[self._base : int(page.doc_end[number])]
        self.title_end = max(0, self.text.find("\n", 0, 250))
        self._mentions: dict[str, list[int]] = {}
        self._titled: dict[str, list[Around]] = {}

    def spots(self, surface: str) -> list[int]:
        """Offsets at which a word stands, in just this spelling."""
        found = self._index.spots(self._number, surface.lower().replace("’", "'"))
        return [at for at in found if self.text.startswith(surface, at)]

    def mentions(self, word: str) -> list[int]:
        """Offsets of a word where it is capitalised, however it is spelt."""
        key = word.lower().replace("’", "'")
        if key not in self._mentions:
            self._mentions[key] = [at for at in self._index.spots(self._number, key) if self.text[at].isupper()]
        return self._mentions[key]

    def words(self, low: int, high: int) -> Iterator[tuple[int, str]]:
        """Words of the index between two offsets, the last first."""
        return self._index.words(self._number, low, high)

    def line_start(self, at: int) -> int:
        """Offset of the line break before an offset, or -1."""
        return max(-1, self._index.line(self._base + at) - self._base)

    def openings(self, low: int, high: int) -> list[int]:
        """Where a person may be named as who is spoken of, between two offsets."""
        return self._openings[bisect_left(self._openings, low) : bisect_left(self._openings, high)]

    @cached_property
    def _openings(self) -> list[int]:
        return self._index.openings.of(self._number)

    def opens_sentence(self, at: int) -> bool:
        """Does nothing, a full stop or a quotation mark stand before the offset?"""
        before = self.text[max(0, at - 3) : at].rstrip(" ")
        return not before or before[-1] in '.?!\n”"'

    def is_place(self, name: str) -> bool:
        """A word the text uses as a place: it has a government or a people, or things happen in it and nobody else
        bears it as a surname."""
        if not name.isalpha():
            return False
        text = self.text
        for ending in ("n", "ns", "nese"):
            if any(_NOUN_AFTER.match(text, spot + len(name + ending)) for spot in self.spots(name + ending)):
                return True
        spots = self.spots(name)
        if self.is_borne(name):
            return False
        return any(
            _OF_STATE.match(text, spot + len(name))
            or (_happens_in(text, spot) and text[spot + len(name) : spot + len(name) + 1] not in _APOSTROPHES)
            for spot in spots
        )

    def is_borne(self, name: str) -> bool:
        """Does a capitalised word, such as a given name, stand before the name anywhere?"""
        return any(_bears(self.text, spot) for spot in self.spots(name))

    def around(self, mentions: list[int], size: int) -> Iterator[Around]:
        """What stands around mentions of a name of that size; a headline says nothing of its people."""
        return (self._around(at, size) for at in mentions if at >= self.title_end)

    def titled(self, name: str) -> list[Around]:
        """What stands around the first mention with an office before it, after the MOST first ones."""
        if name not in self._titled:
            later = islice(self.mentions(name), MOST, None)
            held = (at for at in later if _OFFICE_BEFORE.search(self.text, max(0, at - 40), at))
            self._titled[name] = [self._around(at, len(name)) for at in islice(held, 1)]
        return self._titled[name]

    def _around(self, at: int, size: int) -> Around:
        left, right = self.text[max(0, at - _LEFT) : at], self.text[at + size : at + size + _RIGHT]
        if "\n" in left:
            left = _unwrapped(left + self.text[at])[:-1]
        if "\n" in right:
            right = _unwrapped(self.text[at + size - 1] + right)[1:]
        words = left[:-1].split(" ") if left.endswith(" ") else []
        return Around(left, right, words)

    def expansion(self, acronym: str) -> str:
        """The name an acronym stands for, near its first mention or where the document begins: "" where none is."""
        spots, acronym = self.spots(acronym), acronym.replace(".", "")
        if not (acronym.isalpha() and 1 < len(acronym) < 8 and spots):
            return ""
        words = [rf"{letter}[\w’'\-]+" for letter in acronym[1:]]
        spelt = re.compile(_SMALL.join([rf"{acronym[0]}(?<!\w.)[\w’'\-]+", *words]))
        for low, high in ((max(0, spots[0] - _FULL), spots[0] + _FULL), (0, _FULL)):
            if match := spelt.search(self.text, low, high):
                return match[0]
        return ""

    def body_before(self, head: str, at: int, reach: int) -> str:
        """The last body of that kind named before an offset, as it is named: "ministry" -> "Ministry of Fisheries"."""
        spots = self.spots(head.title())
        found = bisect_left(spots, at)
        for spot in reversed(spots[max(0, found - 8) : found]):
            if spot < at - reach:
                return ""
            end = spot + len(head)
            before = _CAPITALS_BEFORE.search(self.text, max(0, spot - 60), spot)
            after = _OF_NAME.match(self.text, end)
            if before or after:
                return (before[0] if before else "") + self.text[spot:end] + (after[0] if after else "")
        return ""

    @cached_property
    def campaigners(self) -> frozenset[str]:
        """The words campaigns are called by: "Feld" in "the Feld campaign", "Feld's presidential campaign"."""
        return self._before(self._index.campaigns.of(self._number))

    @cached_property
    def governors(self) -> frozenset[str]:
        """The words governments are called by: "Oll" in "the Oll administration"."""
        return self._before(self._index.governments.of(self._number))

    def _before(self, spots: list[int]) -> frozenset[str]:
        found = (_OWN.search(self.text, _words_back(self.text, at), at) for at in spots)
        return frozenset(match[1] for match in found if match)


def _words_back(text: str, at: int) -> int:
    """Where the two words before an offset begin, at most 60 characters back."""
    low = max(0, at - 60)
    return max(low, text.rfind(" ", low, max(low, text.rfind(" ", low, at - 1))) + 1)


def label_before(words: list[str], known: Gazetteer) -> str:
    """Title words and given names directly before a surname, cut at anything that is neither."""
    kept: list[str] = []
    field = 0  # words kept when "of" or "for" opened the field of an office
    for whole in reversed(words):
        word = whole[whole.rfind("\n") + 1 :]
        bare = word.rstrip(".").casefold()
        if kept and word[:1] == "(" and word[-1] == ")" and len(word) == len(whole):
            continue
        if (
            bare in ("of", "for", "to")
            and len(word) == len(whole)
            and kept
            and (kept[-1][0].isupper() or kept[-1] in FIELDS)
        ):
            field = len(kept)
            kept.append(word)
            continue
        if not word or word[-1] in ',;:!?”")—' or bare in _ENDS_LABEL:
            break
        if word.endswith(".") and len(bare) > 1 and "." not in bare and not (bare in known.titles and len(bare) < 5):
            break
        if len(kept) == 7 or not (word[0].isupper() or _labels(bare, known)):
            break
        kept.append(word)
        if len(word) < len(whole):
            break
    if field and not (len(kept) > field + 1 and _office(kept[field + 1], known)):
        kept = kept[:field]
    return " ".join([*reversed(kept), ""])


def _office(word: str, known: Gazetteer) -> bool:
    entry = known.heads.get(word.casefold())
    return entry is not None and entry[1] == "role"


def _labels(bare: str, known: Gazetteer) -> bool:
    listed = bare in known.sectors or bare in known.titles or bare in _LABELS or singular(bare) in known.heads
    return listed or bare.endswith("-year-old")


def label_after(right: str) -> str:
    """The apposition after a name, with its comma."""
    match = _APPOSITION.match(right)
    return match[0].rstrip(" ,") if match else ""


def runs_for_office(around: Around) -> bool:
    """A campaign, a ticket, voters or endorsements of one's own."""
    return _CAMPAIGN_AFTER.match(around.right) is not None or _backed(around.words)


def _backed(before: list[str]) -> bool:
    """Do the words before a name, given names and titles aside, vote for or nominate its bearer?"""
    words = [word for word in before[-10:] if word]
    while words and (words[-1][0].isupper() or words[-1] in _LISTING):
        words.pop()
    if not words:
        return False
    return words[-1] in _BACKERS or " ".join(words[-2:]).casefold() in _BACKING


def predicates(around: Around) -> Iterator[str]:
    """What its bearer is said to be or do after a name: ", who …" for a verb of office or work, "a …" after "is"."""
    if match := _IS.match(around.right):
        yield f", {match[1]}"
    elif match := _WORKS.match(around.right):
        yield f", who {match[1]}"


def governs(around: Around) -> bool:
    """A government of one's own: "Oll's administration"."""
    return _GOVERNS.match(around.right) is not None


def judges(around: Around) -> bool:
    """An opinion of a court of one's own: "Oll filed a dissenting opinion", "Oll, J."."""
    return _JUDGES.match(around.right) is not None


def offices_before(around: Around) -> Iterator[str]:
    """Offices set off by a comma before a name, the nearest first: "the president of Ardessa, Ruth …"."""
    set_off = _SET_OFF.search(around.left) if "," in around.left else None
    if set_off and (_CLOSED_OFF.match(around.right) or len(set_off[0]) > 2):
        spots = [match.end() for match in _DETERMINER.finditer(around.left, 0, set_off.start())]
        yield from (around.left[spot : set_off.start()] for spot in reversed(spots[-3:]))


def in_an_election(found: list[Around]) -> bool:
    """Three mentions close to words of an election, and no other label, make a politician of their bearer."""
    near = (
        _ELECTION.search(left, max(0, len(left) - 60)) is not None or _ELECTION.search(right, 0, 60) is not None
        for left, right, _ in found
    )
    return len(found) > 1 and sum(near) > 1


def other_given(around: Around, name: str) -> bool:
    """Does another given name than the bearer's stand right before a surname?"""
    before = around.words[-1] if around.words else ""
    given = name_words(name)[:-1]
    if not given or not before[:1].isupper():
        return False
    low = before.split()[-1].casefold()
    return low not in given and low not in _ENDS_LABEL


_LABELS = frozenset("presidential vice-presidential former retired press national foreign prime vice deputy senior top "
                    "chief general law legal first lady young conservative liberal famous".split())  # fmt: skip
_OPENERS = frozenset(
    "so how why but and if when yet still then now like both even while because what once only".split()
)
_ENDS_LABEL = _OPENERS | STOP | ARTICLES | INDEFINITE
_APPOSITION = re.compile(
    r"(?: (?:Jr\.|Sr\.|II|III|IV|[A-Z][a-z]+-[a-z]+)(?=,))?"
    r"(?:, (?:\d\d, )?| [—–] |-- | \()(?:an?|the|who|whose|former|now|president|director|chair\w*|professor|executive"
    r"|chief|head|[Ss]pokes\w+|[A-Z][\w.]+['’]s \w+|[A-Za-z]+[- ]\w+ (?:surgeon|doctor|author|host)|(?:of|for|from) the"
    r"|(?:[A-Z][\w.’'\-]+ ){1,6}(?:[Cc]hief|[Pp]resident|[Mm]inister|[Dd]irector|[Cc]hairman|[Ss]ecretary|[Ss]pokes\w+)"
    r"|(?:[Dd]eputy |[Ss]enior |[Aa]ssistant |[Vv]ice[- ]|[a-z]+ and )?(?:[a-z]+ )?[A-Za-z]+ (?:at|of|for|with|to))\b"
    r"[^.;:()“”\"\n]{0,110}?(?=,|[.;:()“”\"\n]| said| told| [—–]|$)"
    r"|, (?:[A-Za-z][\w.’'\-]* ){1,5}[a-z]+(?=,|[.;:()“”\"\n]| said| told| [—–]|$)"
    r"|(?: (?:Jr\.|Sr\.|II|III|IV))?, \d\d(?=,)| \([RDI](?:-[A-Z][\w.]+)?\)|, [RDI]-[A-Z][\w.]+"
)
_OWN = re.compile(r"([^\W_]+)(?:(?:['’]s?)?(?: presidential)?|['’]s? \w+) $")
_CAMPAIGN_AFTER = re.compile(
    r"(?:['’]s? [a-z]+|['’]s?)? (?:presidential |re-?election )?(?:campaign|candidacy|supporters?|running mate|rally"
    r"|rallies|surrogates?|presidential bid|ticket|nomination|voters?|fans|delegates?|backers?|camp|rivals?|primary)\b"
    r"|(?: has| had| is| was| who)?(?: been)? (?:running|campaigning|campaigned) |, who is running "
    r"| (?:won|wins|lost|leads|clinched|swept) (?:the |in )?[^.,]{0,30}(?:primary|primaries|caucus"
    r"|caucuses|nomination)\b"
)
_LISTING = frozenset("and or including like such as".split())
_BACKERS = frozenset(
    "endorse endorsed endorses endorsing nominate nominated nominates nominating elect electing candidate candidates "
    "nominee nominees rival rival, rivals rivals, contender contenders contenders, hopeful hopefuls hopefuls, "
    "candidates, candidate, opponent opponent, opponents opponents, frontrunner frontrunner, frontrunners "
    "frontrunners, "
    "front-runner front-runner, front-runners front-runners,".split()
)
_BACKING = frozenset(
    f"{verb} {word}"
    for verb, words in (
        ("vote", "for"), ("voted", "for"), ("voting", "for"), ("running", "against"), 
        ("debate", "with between against"),
    )
    for word in words.split()
)  # fmt: skip
_GOVERNS = re.compile(
    r"(?:['’]s?)? (?:[a-z]+ )?(?:[Gg]overnment|[Aa]dministration|[Rr]egime|[Pp]residency|[Cc]abinet)\b"
)
_JUDGES = re.compile(
    r",? (?:filed|delivered|wrote|announced) (?:an?|the) (?:[a-z]+ ){0,2}(?:opinion|dissent|concurrence)\b"
    r"|,? (?:dissented|concurred)\b|, (?:C\. ?)?JJ?\.(?=,| |$)"
)
_OFFICE_BEFORE = re.compile(
    r"\b(?:[Pp]resident|Sen\.|[Ss]enator|Gov\.|[Gg]overnor|[Ss]ecretary|[Mm]inister|Gen\.|[Gg]eneral|[Jj]udge|Rep\."
    r"|[Mm]ayor|[Pp]rofessor|Dr\.|[Aa]mbassador) (?:[A-Z][\w.]+ ){0,2}$"
)
_IS = re.compile(
    r" (?:is|was|became|remains|has been)(?: listed as| known as)? ((?:(?:an?|the) |(?:[a-z\-]+ ){1,3}(?:of|at|for) )"
    r"[^,.;:()“”\"\n]{3,90})"
)
_WORKS = re.compile(
    r",? (?:(?:also|now|once|currently|has|had|who|is|was|been) ){0,3}((?:works?|worked|working|serves?|served|serving"
    r"|teaches|taught|heads|headed|leads|led|runs|ran|chairs|chaired|directs|directed|represents|represented|covers"
    r"|covered|advises|advised|founded|co-founded|owns|owned|tracks|studies|studied|edits|hosts|commands|commanded"
    r"|manages|managed|oversees|oversaw|specializes) "
    r"[^,.;:()“”\"\n]{3,80})"
)
_SMALL = r"(?:[ -](?:of|for|and|the|on|in|to|de))*[ -]"
_FULL = 2_000
_CAPITALS_BEFORE = re.compile(r"(?:[A-Z][\w’'\-]+ ){1,3}$")
_OF_NAME = re.compile(r" (?:of|for) (?:the )?[A-Z][\w’'\-]+(?: [A-Z][\w’'\-]+){0,3}")
_SET_OFF = re.compile(r", (?:[A-Z][\w.'’\-]* ){0,3}$")
_CLOSED_OFF = re.compile(r"(?: [A-Z][a-z]+-[a-z]+)?,")
_DETERMINER = re.compile(r"\b(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Tt]heir) |['’]s ")
_ELECTION = re.compile(
    r"\b(?:candidates?|primar(?:y|ies)|caucus(?:es)?|nominat\w+|nominee|delegates|front-?runner|White House bid"
    r"|debates?|running for|presidential (?:race|bid|campaign|election|hopeful)|polls?\b|\d+ percent)"
)
_STATE = "government|ministry|embassy|president|prime minister|army|navy|parliament|ambassador|ministers?|capital"
_EDGE = "In|The|And|But|For|From|To|At|If|When|While|As|Even|On|Both|Since|After|Before|With"
_NOUN_AFTER = re.compile(r" [A-Za-z]")
_OF_STATE = re.compile(rf"['’]s (?:\w+ )?(?:{_STATE})\b")
_BEARER = re.compile(rf"\b(?!(?:{_EDGE})\b)[A-Z][\w.]+\Z")
_APOSTROPHES = ("'", "’")


def _bears(text: str, spot: int) -> bool:
    """Does a capitalised word that opens no sentence stand right before the name: "Ruth Ardessa"?"""
    if spot < 3 or text[spot - 1] != " ":
        return False
    return bool(_BEARER.search(text, text.rfind(" ", max(0, spot - 60), spot - 1) + 1, spot - 1))


def _happens_in(text: str, spot: int) -> bool:
    return spot > 2 and text.startswith("in ", spot - 3) and not text[spot - 4 : spot - 3].isalnum()


def _unwrapped(text: str) -> str:
    """Text with the line breaks of hard wrapping made spaces."""
    out, *lines = text.split("\n")
    for line in lines:
        head, tail = out.rstrip(" \t\r"), line.lstrip(" \t")
        wrapped = head and tail and (head[-1].isalnum() or head[-1] in ",.") and tail[0].isalnum()
        out = f"{head} {tail}" if wrapped else f"{out}\n{line}"
    return out
