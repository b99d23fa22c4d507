"""Where a displayed quotation begins and ends, from the text alone: the scored boundaries of codebook E3.

A quotation has a hand-over: a sentence that ends in a colon and names somebody or something written, a text that is
announced ("What follows is the text of …"), a byline in mid-page. Register alone never opens one: too many authors
write agency prose. After the hand-over every sentence is weighed for signs that the author is back (first person,
the reader addressed, the quotation spoken of) and that the quotation goes on (agency verbs, datelines, cuts); it ends
where the evidence summed from its first word is highest. A quotation whose first mark is closed some sentences later
ends there. In doubt the words are the author's.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice, pairwise
from typing import NamedTuple

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


# --- a document in paragraphs ---


@dataclass
class Doc:
    """A document cut into paragraphs, with what the readers' markup says of each."""

    text: str
    pars: list[tuple[int, int]]
    markup: list[str] = field(default_factory=list)
    block: list[int] = field(default_factory=list)
    title: str = ""
    by_line: bool = False
    listed: frozenset[int] = frozenset()
    _starts: dict[int, list[int]] = field(default_factory=dict)

    def par(self, i: int) -> str:
        """Text of paragraph i."""
        return self.text[self.pars[i][0] : self.pars[i][1]]

    def at(self, offset: int) -> int:
        """The paragraph an offset lies in, or the last one before it."""
        return bisect_right(self.pars, (offset, len(self.text) + 1)) - 1

    def sentences(self, i: int) -> list[int]:
        """Offsets at which the sentences of paragraph i begin; found once."""
        known = self._starts.get(i)
        if known is None:
            start = self.pars[i][0]
            known = self._starts[i] = [start + one for one in sentence_starts(self.par(i))]
        return known

    def prose(self, i: int) -> bool:
        """Whether paragraph i is open to reading: without markup, or marked as nothing but a paragraph."""
        return not self.markup or self.markup[i] in ("", "paragraph")


# --- what gives the floor back to the author whatever was open: labels of additions, points of a list ---

_ORDINAL = (
    r"(?:(?:ANOTHER|LAST|FINAL|YET ANOTHER|ONE (?:LAST|MORE|FINAL)|STILL (?:ANOTHER|MORE)|QUICK|LATE|FURTHER|SECOND"
    r"|THIRD|FOURTH|FIFTH|MORE|EVENING|Another|Last|Final|Second|Third|Quick|Further|One more"
    r"|\d{1,2}(?:ST|ND|RD|TH))\s+)*"
)
UPDATE = re.compile(
    r"(?:^|(?<=[.!?…)\]”\"’'] )|(?<=\n))[\[*_]{0,3}"
    + _ORDINAL
    + r"(?:UPDATE[DS]?|Update[ds]?|P\.?P?\.?S\.?|POSTSCRIPT|Postscript|CORRECTION|Correction|ADDENDUM|Addendum"
    r"|CLARIFICATION|Clarification)(?:\s+(?:#?\d{1,2}|[IVX]{1,4}|\([^)]{1,40}\)|(?:(?:on|at|from)\s)?[^:.!?\n]{1,30}))?"
    r"[*_]{0,2}\s*(?::|--|—|–|\.\s)"
)
"""A label that opens a later addition: at the start of a line or of a sentence, with punctuation after it."""
UPDATE_HINT = re.compile(
    r"U(?:PDATE|pdate)|P(?:\.?S|ostscript|OSTSCRIPT)|A(?:ddendum|DDENDUM)"
    r"|C(?:orrection|ORRECTION|larification|LARIFICATION)"
)
_NUMBERED = re.compile(r"\(?\d{1,2}[.)]\s+\S|\(?[a-h]\)\s+\S")
_BULLET = re.compile(r"[•·*\-–—+]\s+\S|o\s+[A-Z]")

ITEM_STARTS = frozenset("0123456789(•·*-–—+o")
"""Characters a point can begin with, apart from "a)"."""


def is_item(doc: Doc, i: int) -> bool:
    """A numbered point, or a bullet with a neighbour that is one too (a lone dash opens speech in some papers)."""
    start, end = doc.pars[i]
    if _NUMBERED.match(doc.text, start, end):
        return True
    if not _BULLET.match(doc.text, start, end):
        return False
    return any(0 <= j < len(doc.pars) and _BULLET.match(doc.text, *doc.pars[j]) for j in (i - 1, i + 1))


# --- into and out of a quotation (codebook E3) ---

_EXCERPT = (
    r"(?:excerpts?|grafs?|money quote|key (?:passage|section|paragraph|part|bit|quote)s?|snippet|sample|highlights?"
    r"|passages?|paragraphs?|lead|lede|conclusion|opening|closing|abstract)"
)
_WRITES = (
    r"(?:reports?|reported|reporting|writes?|wrote|written|breaks?|broke|runs|carries|explains?|observes?|notes?|noted"
    r"|argues?|argued|concludes?|posts?|posted|quotes?|quoting|points out|sums up|summari[sz]es|e-?mails?|responds?"
    r"|replie[sd]|opines?|continues?|continued|says?|said|states?|stated|describes?|contain(?:s|ed|ing)|announce[sd]?"
    r"|comments|commented|editoriali[sz]es|elaborates|weighs in|adds|muses|answers|answered|according to)"
)
_WORK = (
    r"(?:column|op-ed|editorial|dispatch|article|story|interview|transcript|statement|speech|testimony|press release"
    r"|blog|paper|essay|memo|report|review|letter|announcement)"
)
_LEAD_STRONG = re.compile(
    rf"\b(?:here(?:’s|'s| is| are)|{_EXCERPT}|{_WRITES}|{_WORK})\b"
    r"|^(?:from|via|in|over (?:at|on|in))\s+(?:the |an? |this |today)?[a-z“\"‘*]"
)
"""In lower case, as the other words of a lead-in: a pattern that ignores case takes five times as long."""


def names_text(lead: str) -> bool:
    """Whether a sentence speaks of something written or said, or of where it stands."""
    return _LEAD_STRONG.search(lead.lower()) is not None


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
    + r"\s*:?$|\b[Hh]ere(?:’s|'s| is| are) (?:my|(?:what|why|how) (?:I|we|you)|the (?:thing|deal|problem|question|rub"
    r"|catch))\b"
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
    r"(?=[A-Zacorst])\b(?:(?:said|told|according to|added|reported|announced|officials?|spokes(?:man|woman|person)"
    r"|sources|acknowledged|confirmed)\b"
    r"|(?:Gen|Sen|Rep|Gov|President|Minister|Secretary|Ambassador|Col|Maj|Lt)\.? [A-Z])"
)
_FIRST_PERSON = re.compile(
    r"(?=[ILMWYlmwy])\b(?:I|I[’'](?:m|d|ve|ll)|[Mm]y|me|myself|[Ww]e[’'](?:re|ve|ll)|[Ll]et[’']s|[Yy]our?)\b"
)
_CONTRACTION = re.compile(
    r"[’'](?:(?<=\w.)(?:re|ve|ll|d|m)|(?<=\wn.)t|(?:(?<=\b[Ii]t.)|(?<=\b[Hh]e.)|(?<=\b[Ss]he.)"
    r"|(?<=\b(?:[Tt]hat|[Ww]hat|[Hh]ere).)|(?<=\b[Tt]here.))s)\b"
)
_DEIXIS = re.compile(
    r"(?=[CGHRTcghrt])\b(?:[Tt]h(?:is|at|ese|ose) (?:\w+ )?(?:story|stories|statement|article|report|piece|column"
    r"|essay|post|op-ed|editorial|quote|passage|paragraph|excerpt|graf|news|argument|account|link)s?\b"
    r"|[Tt]he (?:earlier|above|preceding|foregoing) (?:\w+ )?(?:reports?|quotes?|quotations?|passages?|statements?)\b"
    r"|[Tt]he (?:whole thing|rest of (?:the|it)|closing graf|full (?:story|article|text)|article also)\b"
    r"|[Rr]ead (?:the|it all)\b|[Gg]o (?:read|check|see)\b|[Cc]lick here\b|Hat tip\b|[Hh]/t\b)"
)
_OWN_OPENING = re.compile(
    r"(?:Meanwhile, (?:this|the)|Finally, |Other reports|Indeed[,.]|So[,.]|So \w+|Well[,.]|Hmm+|Now,|OK[,.]|Okay|Ok[,.]"
    r"|Yes[,.]|No[,.]|Fine\.|Heh|Ouch|Wow|Um+,|Er,|Uh|Again,|Of course|Actually|Frankly|Needless|Developing|Stay tuned"
    r"|Thoughts\?|Discuss|Which \w+ |In other words|To (?:sum|be fair|repeat)|Question|Read |See |Also see|Link via"
    r"|Thanks to|Hat tip|Note |For more|By the way|I |My |I[’']|If I )"
)
_CUTS = re.compile(r"\.(?:\.{3}|(?: \.){3}|(?<=\A\.)\.\.)|…\.|\[(?:\.\.\.|…)\]|\* \* \*")
_MARKS = re.compile(r"[“”\"«»\n‘’'`](?:(?<=[“”\"«»\n])|[‘’'`])")


def _outside_quotes(text: str, inside: bool = False) -> tuple[str, bool]:
    """The words outside quotation marks, and whether the text ends inside; a line break ends what was left open."""
    kept, at = [], 0
    for match in _MARKS.finditer(text):
        if not inside:
            kept.append(text[at : match.start()])
        at = match.end()
        inside = match[0] in "“«" or (
            match[0] not in "”»\n" and not text[match.start() - 1 : match.start()].strip(" ([—")
        )
    if not inside:
        kept.append(text[at:])
    return " ".join(kept), inside


_ASKS = re.compile(r"[?!](?:\s|$)")


def _contracted(text: str) -> bool:
    return ("’" in text or "'" in text) and _CONTRACTION.search(text) is not None


def _register(text: str, outside: str) -> int:
    """Reporter's prose above 0, own prose below: agency words and datelines against first person and contractions."""
    score = min(2, len(_AGENCY.findall(outside)))
    score += 3 if _DATELINE.match(text) else 0
    score += 1 if _CUTS.search(text) else 0
    first = len(_FIRST_PERSON.findall(outside))
    score -= 2 if first >= 2 or (first and len(text) < 400) else first
    score -= 1 if _contracted(outside) else 0
    score -= 1 if _ASKS.search(outside) else 0
    return score


# --- hand-overs ---

_OPENING = 10
"""Sentences of an opening that may be an excerpt of what follows."""
_KEY = 60
"""Characters of a sentence by which it is known again: more than any common turn of phrase has."""


def recurs(doc: Doc, i: int) -> int:
    """Where the text goes on to repeat paragraph i (its first sentence that comes again), or -1; an excerpt repeats."""
    starts, end = doc.sentences(i)[:_OPENING], doc.pars[i][1]
    keys = [doc.text[low : low + _KEY].lstrip("[+* ") for low in starts]
    keys = [key for key, low in zip(keys, starts, strict=True) if low + _KEY <= end]
    places = [doc.text.find(key, end) for key in keys]
    again = [place for place in places if place >= 0]
    return again[0] if again and 2 * len(again) >= len(places) else -1


_COLON = re.compile(r":[”\"’')\]]{0,2}(?=\s)\s*")
_TEXT = re.compile(rf"\b(?:{_EXCERPT}|{_WORK})\b")
_PUT_IN_WORDS = re.compile(rf"\b(?:{_EXCERPT}|{_WORK}|{_WRITES})\b")
_SENT = r"response|reply|answer|note|message|e-?mail|post|comment|exchange|quote|quotation|warning|advice|news|bit|gem"
_CATAPHOR = re.compile(
    rf"\b(?:this|the following|as follows)(?: (?:\w+ )?(?:{_WORK}|{_EXCERPT}|{_SENT}))?"
    r"(?: (?:in|on|from|by|to|of|for|at|about|last|yesterday|today|earlier)\b[^.!?:]{0,40})?\s*:$"
    r"|\b(?:this|the following) (?:\w+ ){1,3}(?:from|by) "
)
"""The sentence points at what follows it: "he announced this in January:", "this little bit from …"."""
_PRESENTS = re.compile(
    rf"\b(?:{_EXCERPT}|has this)\b|^(?:from|via) (?:the |today)?[a-z]"
    r"|\b(?:reports|writes)(?: (?:in|from|to|for|on|me|us)\b[^.!?:]{0,60})?\s*:$"
    r"|\bhas (?:an?|this|some|more) (?:\w+ )?(?:essay|post|piece|article|column|item|story|report)\b"
)
_PAPER = (
    r"(?:[A-Z][\w.’'\-]* ){0,4}(?:Times|Post|News|Herald|Tribune|Journal|Star|Guardian|Telegraph|Gazette|Chronicle|Mail"
    r"|Observer|Independent|Courier|Globe|Reuters|AP|AFP|UPI|DPA|BBC|CNN|NPR|Xinhua|Press)"
)
_LABEL = re.compile(rf"(?:[Tt]he |From )?{_PAPER}\s*:$|(?:[A-Z][\w.’'\-]* ){{1,4}}:$")
"""A sentence that is nothing but the name of an outlet, or a name that was a link (its mark-up left a space)."""
_CREDIT = re.compile(
    r"(?:From|FROM|Via|VIA) (?:(?:[Tt]he|[Tt]oday[’']s|[Yy]esterday[’']s|(?:[Tt]his|[Ll]ast) \w+[’']s|\w+day[’']s) )?"
    rf"(?:{_PAPER})(?:,? \w+ \d{{1,2}},? (?:19|20)\d\d)?:?$"
)
"""A line that is nothing but "From Friday's Lowick Times": it credits what stands below it."""
_LETTER = re.compile(
    r"\b(?:[Ll]etter|[Ee]-?mail(?:s|ed)?|[Rr]eader|[Cc]orrespondent|(?:[Mm]y|[Oo]ur) (?:\w+ )?(?:colleague|friend))\b"
    r"[^:]*:$|\b(?:[Ff]ollowing|[Tt]his) (?:\w+ ){0,2}(?:message|note)\b|\bwrites (?:in|me|us|from [A-Z]\w+)\s*:$"
)
"""The sentence hands over to somebody who writes to the author: the first person is then the writer's."""
_WHOLE_HINT = re.compile(r"(?:[Tt]ext|ranscript) (?:of|from)\b")
_LEAD_MAX = 400
"""Characters of a lead-in that are read: enough for a long sentence, and no more where a text has no full stops."""
_SHORT = 6
"""Words up to which a lead-in that names nobody is read with the sentence before it ("… an essay. The gist:")."""
_AHEAD = 600
"""Characters after a hand-over that are looked at to tell whose register they are in."""

ENTER, STAY, STRONG = 2, 2, 4
"""Scores from which a text after a lead-in is quoted, from which a further paragraph still is, and from which a
hand-over inside an open quotation is the author's."""


class Block(NamedTuple):
    """A quotation: where its lead-in begins (`start` if it has none), its own ends, and by how much it was decided."""

    lead: int
    start: int
    end: int
    margin: float
    heading: int = -1


class _HandOver(NamedTuple):
    """A place at which the author may hand over: where the lead-in begins, the quotation begins, and the score."""

    lead: int
    start: int
    score: float
    whole: bool = False
    heading: int = -1
    letter: bool = False


def blocks(doc: Doc, first: int, last: int) -> list[Block]:
    """The quotations in paragraphs first to last (exclusive), in text order, without overlap."""
    found: list[Block] = []
    places = _hand_overs(doc, first, last)
    settled = -1
    for place, stop in zip(places, _stops(places), strict=True):
        if place.lead < settled:
            continue
        end = _end(doc, place, stop if stop > place.start else -1, last)
        if end > place.start:
            found.append(Block(place.lead, place.start, end, place.score - ENTER, place.heading))
            settled = end
    return found


def _stops(places: list[_HandOver]) -> list[int]:
    """For each place, where the author hands over anew, which ends whatever is open; -1 if nowhere.

    A whole text may quote others itself: only the next whole text ends it.
    """
    stops, plain, whole = [], -1, -1
    for place in reversed(places):
        stops.append(whole if place.whole else plain)
        whole = place.lead if place.whole else whole
        plain = place.lead if place.score >= STRONG else plain
    return stops[::-1]


def _hand_overs(doc: Doc, first: int, last: int) -> list[_HandOver]:
    if first >= last:
        return []
    low, high = doc.pars[first][0], doc.pars[last - 1][1]
    found = [made for match in _COLON.finditer(doc.text, low, high) if (made := _after_colon(doc, match, last))]
    found.extend(_announced(doc, low, high, last))
    found.extend(_displayed(doc, low, high))
    found.extend(made for i in range(first, last - 1) if (made := _credited(doc, i, last)))
    if doc.by_line:
        found.extend(made for i in range(first, last - 1) if (made := _contrast(doc, i)))
    text = doc.text
    for i, (above, par) in enumerate(pairwise(doc.pars[first:last]), first + 1):
        headed = text[above[1] - 1] not in _STOPS
        if (headed or text.startswith(_BY, par[0])) and (made := _signed(doc, first, i, last)):
            found.append(made)
    return sorted(found, key=lambda place: (place.lead, -place.score))


def _after_colon(doc: Doc, match: re.Match[str], last: int) -> _HandOver | None:
    """The hand-over at a colon: to the next paragraph, or to the rest of its own."""
    i = doc.at(match.start())
    across = match.end() >= doc.pars[i][1]
    if across:
        if i + 1 >= last or not doc.prose(i + 1):
            return None
        start = doc.pars[i + 1][0]
    else:
        start = match.end()
        if _too_short(doc.text, start, doc.pars[i][1]) or not doc.prose(i):
            return None
    starts = doc.sentences(i)
    lead = starts[bisect_right(starts, match.start()) - 1]
    said = doc.text[max(lead, match.start() - _LEAD_MAX) : match.start() + 1]
    said = said[said.rfind(": ", 0, -1) + 1 :].lstrip()
    if across and len(said.split()) <= _SHORT and lead > starts[0] and _announces(said) <= 0:
        said = doc.text[max(starts[bisect_left(starts, lead) - 1], lead - _LEAD_MAX) : match.start() + 1]
    score = _enter_score(doc, i + 1, said) if across else _inline_score(doc, i, said, start)
    if score < ENTER:
        return None
    return _HandOver(lead, start, score, bool(_FULL_TEXT.search(said)), letter=bool(_LETTER.search(said)))


def _too_short(text: str, start: int, end: int) -> bool:
    """Whether what follows a colon in its own paragraph is a clause, a few words, or somebody's direct speech."""
    if text[start] in '“"«':
        return end - start < _RUN or _CLOSES.search(text, start, start + _RUN) is not None
    return end - start < 2 * _INLINE_WORDS - 1 or text[start].islower()


def _announces(lead: str) -> float:
    """How plainly a sentence says that somebody's text follows."""
    lead = lead.lstrip(' "“‘(')
    score = (1 if _LEAD_NAMED.search(lead) else 0) + (2 if names_text(lead) else 0)
    score -= 4 if _LEAD_OWN.search(lead) else 0
    return score - (1 if _FIRST_PERSON.search(_outside_quotes(lead)[0]) else 0)


def _enter_score(doc: Doc, i: int, lead: str) -> float:
    """Score of the boundary between a lead-in and paragraph i after it (codebook E3).

    Where lines are blocks, a line break after a colon is nearly always the edge of a quotation; elsewhere the
    lead-in has to name somebody or something written.
    """
    following = doc.par(i)[:_AHEAD]
    if is_item(doc, i) or UPDATE.match(following) or (following.endswith(":") and len(following) < 120):
        return 0
    told = _announces(lead) + (2 if _CATAPHOR.search(lead) else 0) + (1 if lead.endswith(" :") else 0)
    if not doc.by_line and told <= 0 and following[0] not in '“"«':
        return 0
    score = (3 if doc.by_line else 1) + told
    score -= 2 if _OWN_OPENING.match(following) and not _FIRST_PERSON.match(following) else 0
    score -= 3 if len(following.split()) < 6 and following[0] not in '“"«' else 0
    score += 1 if following[0] in '“"«[.' else 0
    floor = 0 if _LETTER.search(lead) else -1 if told >= 3 else -2
    return score + max(floor, min(2, _register(following, _outside_quotes(following)[0])))


def _inline_score(doc: Doc, i: int, lead: str, start: int) -> float:
    """Score of a boundary within a paragraph, where extraction lost the line break.

    More is asked of the lead-in: most colons inside a paragraph explain, list, or open somebody's direct speech.
    """
    dateline = _DATELINE.match(doc.text, start)
    label = len(lead) < 80 and _LABEL.match(lead)
    if not (dateline or label or _PUT_IN_WORDS.search(lead.lower())):
        return 0
    pointed = 2 if _CATAPHOR.search(lead) else 1 if _PRESENTS.search(lead.lower()) else 0
    if not (dateline or label or pointed):
        return 0
    plain = _announces(lead)
    if plain <= 0 and not (dateline or label):
        return 0
    rest = doc.text[start : min(start + _AHEAD, doc.pars[i][1])]
    if UPDATE.match(rest) or _NUMBERED.match(rest):
        return 0
    if doc.text[start] in '“"«':
        return plain + pointed if _marks_end(doc, start, i + 1) >= start + _RUN else 0
    if len(rest.split()) < _INLINE_WORDS:
        return 0
    floor = 0 if _LETTER.search(lead) else -1 if plain >= 3 and pointed else -2
    register = max(floor, min(2, _register(rest, _outside_quotes(rest)[0])))
    if label and not dateline and register < _VERBATIM:
        return 0
    return -1 + plain + pointed + (4 if dateline else 5 if label else 0) + register


_VERBATIM = 2
"""Register from which the words after a bare label ("Lowick Times: …") are the outlet's: reporters name their sources.

Flat statements under the name of an outlet are a digest, told in the words of whoever made it.
"""
_INLINE_WORDS = 12
"""Words after a colon in their own paragraph from which they are more than an explanation of it."""
_RUN = 350
"""Characters of unbroken quotation, some sixty words, from which it is a displayed text and no remark."""


def _announced(doc: Doc, low: int, high: int, last: int) -> Iterator[_HandOver]:
    """Texts announced without a colon: "What follows is the text of a speech …", and the next paragraph is it."""
    if not any(word in doc.text for word in ("ext of", "ext from", "ranscript")):
        return
    for hint in _WHOLE_HINT.finditer(doc.text, low, high):
        i = doc.at(hint.start())
        start, end = doc.pars[i]
        if end - start >= 900 or i + 1 >= last or not doc.prose(i + 1) or doc.text[end - 1] == ":":
            continue
        match = _FULL_TEXT.search(doc.text, start, end)
        if match is None:
            continue
        starts = doc.sentences(i)
        lead = starts[bisect_right(starts, match.start()) - 1]
        if match.start() == start or _FOLLOWS.match(doc.text, lead):
            score = _enter_score(doc, i + 1, doc.text[lead:end]) + WHOLE
            yield _HandOver(lead, doc.pars[i + 1][0], score, True)


def credits_below(doc: Doc, i: int) -> bool:
    """Is paragraph i a line that credits what stands below it?"""
    start, end = doc.pars[i]
    return end - start < _CREDIT_MAX and doc.text[start] in "FV" and _CREDIT.match(doc.text, start, end) is not None


_CREDIT_MAX, _ARTICLE = 80, 200
"""Characters of a credit line, and of a paragraph that tells the article below from another list of names."""


def _credited(doc: Doc, i: int, last: int) -> _HandOver | None:
    """A whole article under a credit line: its heading and byline come first, then prose."""
    if not credits_below(doc, i):
        return None
    longest = max(doc.pars[k][1] - doc.pars[k][0] for k in range(i + 1, min(i + 5, last)))
    if longest < _ARTICLE or not doc.prose(i + 1):
        return None
    return _HandOver(doc.pars[i][0], doc.pars[i + 1][0], ENTER + WHOLE, True)


_OPENS = re.compile(r"[.!?)] [“\"](?=[A-Z])")
_CLOSES = re.compile(r"[.!?,][”\"](?!\w)")


def _displayed(doc: Doc, low: int, high: int) -> Iterator[_HandOver]:
    """A long quotation in marks that stands by itself after a sentence that names a text."""
    for match in _OPENS.finditer(doc.text, low, high):
        start = match.end() - 1
        if _CLOSES.search(doc.text, start, start + _RUN):
            continue
        i = doc.at(start)
        starts = doc.sentences(i)
        number = bisect_left(starts, start)
        if not number or number == len(starts) or starts[number] != start or not doc.prose(i):
            continue
        lead = starts[number - 1]
        named = _TEXT.search(doc.text[max(lead, start - _LEAD_MAX) : start].lower())
        if named and _marks_end(doc, start, len(doc.pars)) - start >= 2 * _RUN:
            yield _HandOver(lead, start, ENTER + 1)


def _contrast(doc: Doc, i: int) -> _HandOver | None:
    """Where lines are blocks, a hand-over without a colon: a text is named and the register changes sharply."""
    if doc.text[doc.pars[i][1] - 1] == ":":
        return None
    own, following = doc.par(i), doc.par(i + 1)
    lead = doc.sentences(i)[-1]
    if not names_text(doc.text[lead : doc.pars[i][1]]) or is_item(doc, i + 1) or UPDATE.match(following):
        return None
    outside = _outside_quotes(following)[0]
    if _OWN_OPENING.match(following) or _DEIXIS.search(outside):
        return None
    register = _register(following, outside)
    if register < 2 or register - _register(own, _outside_quotes(own)[0]) < 3:
        return None
    said = doc.text[lead : doc.pars[i][1]]
    return _HandOver(lead, doc.pars[i + 1][0], max(ENTER, _enter_score(doc, i + 1, said)))


_PROSE = 500
"""Characters above a byline from which they are more than the heading and standfirst of the same article."""
_BY = ("By ", "BY ")
_STOPS = frozenset('.!?:;,"”)]…')
_NAME = r"(?:[A-Z]\.|[A-Z][A-Za-z’'\-]+)+(?: (?:[A-Z]\.|[A-Z][A-Za-z’'\-]+|de|van|von|bin|al)){1,3}"
_SIGNATURE = re.compile(rf"(?:By|BY) {_NAME}(?:,? (?:and |AND |& )?{_NAME}){{0,3}}$")
_SIGNATURE_HEADED = re.compile(rf"{_SIGNATURE.pattern}|{_NAME}$")
_SIGNATURE_PLACE = re.compile(rf"{_DATELINE.pattern}|[A-Z]{{3,}}(?: [A-Z]+)?: [A-Z]|{_SIGNATURE.pattern[:-1]}\s")


def _heading(doc: Doc, i: int) -> int:
    """Where the words after the last full stop of paragraph i begin."""
    start, end = doc.pars[i]
    low = max(start, end - 200)
    stops = list(_STOPPED.finditer(doc.text, low, end))
    return stops[-1].end() if stops else start


_STOPPED = re.compile(r"[.!?…][”\"’')\]]*\s+[\])}+*]?\s*")


def _signed(doc: Doc, first: int, i: int, last: int) -> _HandOver | None:
    """A byline or a dateline in mid-page, under prose: nobody signs in the middle of his own post.

    What stands above it without a full stop is the heading of the article that begins here.
    """
    (start, end), above = doc.pars[i], doc.pars[i - 1][1]
    short, headed = end - start <= 60, doc.text[above - 1] not in _STOPS
    headed = headed and not _SIGNATURE.match(doc.text, doc.pars[i - 1][0], above)
    if not headed and not (short and doc.text.startswith(_BY, start)):
        return None
    if short and (i + 1 >= last or doc.pars[i + 1][1] - doc.pars[i + 1][0] < 200):
        return None
    sign = _SIGNATURE if short and not headed else _SIGNATURE_HEADED if short else _SIGNATURE_PLACE
    heading = _heading(doc, i - 1) if headed else -1
    if not sign.match(doc.text, start, end) or not doc.prose(i) or (headed and above - heading > 120):
        return None
    if start - doc.pars[first][0] < _PROSE and recurs(doc, first) < 0:
        return None
    return _HandOver(heading if headed else start, start, ENTER + WHOLE, short, heading)


# --- out again ---

WHOLE = 6
"""Added where the lead-in announces a whole text ("What follows is the text of …"): only plain signs end it."""
_DROP = 3.0
"""Evidence lost since the best end after which the author is taken to be back."""
_MARKS_MAX, _NESTED_MAX = 200, 4
"""Marks and line breaks that are read, and quotations in quotations, before the end is given up."""
_SAYS_WHO = re.compile(r"\s*(?:[a-z—–]|(?:[A-Z][\w.]+ ){1,3}(?:said|says|added|wrote|told|asked)\b)")


def _marks_end(doc: Doc, start: int, last: int) -> int:
    """Where the quotation that opens at `start` closes, marks inside it counted; -1 if that is not to be seen.

    A mark that opens a paragraph of an open quotation does not open another one. Straight marks open after space.
    """
    text, depth, high = doc.text, 0, doc.pars[last - 1][1]
    for match in islice(_MARKS.finditer(text, start, high), _MARKS_MAX):
        at = match.start()
        if match[0] == "\n":
            continue
        before = text[at - 1] if at > start else " "
        opens = match[0] in "“«" or (match[0] not in "”»" and (before.isspace() or before in "([—"))
        closes_line = opens and before.isspace() and (match.end() >= high or text[match.end()].isspace())
        if opens and not closes_line:
            depth += 0 if depth and text[max(0, at - 1)] == "\n" else 1
        else:
            depth -= 1
        if depth <= 0:
            return -1 if _SAYS_WHO.match(text, match.end()) else match.end()
        if depth > _NESTED_MAX:
            break
    return -1


def _end(doc: Doc, place: _HandOver, stop: int, last: int) -> int:
    """Where the quotation ends: its closing mark, the end of its line or paragraphs, or the author's return."""
    i = doc.at(place.start)
    opened = doc.text[place.start] in '“"«'
    if opened:
        closed = _marks_end(doc, place.start, last)
        if closed >= 0 and (closed - place.start >= _RUN or closed == doc.pars[i][1]):
            return closed
    end = _paragraph_end(doc, place, i, stop)
    while end == doc.pars[i][1] and i + 1 < last and not (0 <= stop <= doc.pars[i + 1][0]):
        opened = opened or _outside_quotes(doc.text[max(place.start, doc.pars[i][0]) : end])[1]
        i += 1
        if (
            not doc.prose(i)
            or UPDATE.match(doc.text, doc.pars[i][0])
            or _stay_score(doc, i, place, end - place.start, opened) < STAY
        ):
            break
        end = _paragraph_end(doc, place, i, stop)
    return end


def _paragraph_end(doc: Doc, place: _HandOver, i: int, stop: int) -> int:
    """Where within paragraph i a quotation that is open at its start (or begins in it) ends."""
    start, end = max(place.start, doc.pars[i][0]), doc.pars[i][1]
    if start < stop < end:
        end = stop
    if not place.whole and not (start == doc.pars[i][0] and doc.by_line):
        end = _weighed(doc, i, start, end, place.letter)
    if UPDATE_HINT.search(doc.text, start, end):
        label = next((m for m in UPDATE.finditer(doc.text, start, end) if m.start() > start), None)
        end = label.start() if label else end
    while end > start and doc.text[end - 1].isspace():
        end -= 1
    return end


def _weighed(doc: Doc, i: int, start: int, end: int, own: bool) -> int:
    """The end of the sentence up to which the evidence for the quotation is highest."""
    starts = doc.sentences(i)
    first, last = bisect_right(starts, start), bisect_left(starts, end)
    second = starts[first] if first < last else end
    if second - start < _GREETING and first < last:
        second = starts[first + 1] if first + 1 < last else end
    own = own or _FIRST_PERSON.search(_outside_quotes(doc.text[start:second])[0]) is not None
    best, at, total, inside = -1.0, end, 0.0, False
    for low, high in pairwise(chain([start], (starts[k] for k in range(first, last)), [end])):
        within = inside
        outside, inside = _outside_quotes(doc.text[low:high], inside)
        total += _NEUTRAL if low == start or within else _evidence(outside, own)
        if total >= best:
            best, at = total, high
        elif total < best - _DROP:
            break
    return at


_GREETING = 60
"""Characters up to which a first sentence is a greeting or a heading, and the second shows who speaks."""
_NEUTRAL = 0.3
"""What a sentence without any sign says for the quotation going on: displayed quotations are longer than one."""


def _evidence(outside: str, own: bool) -> float:
    """What a sentence says for the quotation going on (above 0) and for the author being back (below).

    First person and contractions tell nothing where the quotation itself begins in the first person (`own`).
    """
    score = _NEUTRAL + 0.7 * min(2, len(_AGENCY.findall(outside))) + (1 if _CUTS.search(outside) else 0)
    score -= 2.5 if _DEIXIS.search(outside) else 0
    if own:
        return score
    score -= 2.5 if _FIRST_PERSON.search(outside) else 0
    score -= 1 if _contracted(outside) else 0
    score -= 2.5 if _OWN_OPENING.match(outside) else 0
    return score - (1 if outside.rstrip().endswith(("?", "!", ":")) else 0)


_SPEAKER = re.compile(
    r"(?:(?:Mr|Mrs|Ms|Dr|Gen|Sen|Rep)\. )?[A-Z][A-Z.’'\-]+(?: [A-Z][A-Z.’'\-]+){0,3}(?: \([^()]{2,80}\))?:\s"
)
"""A turn of a transcript: speech of others, whatever its person."""


def _stay_score(doc: Doc, i: int, place: _HandOver, quoted: int, opened: bool) -> float:
    """Score of a further paragraph of an open quotation; a block is one line until the next shows that it belongs."""
    text = doc.par(i)[:_AHEAD]
    if is_item(doc, i):
        return STAY if place.whole else 0
    if _SPEAKER.match(text):
        return STAY
    outside = _outside_quotes(text)[0]
    if place.whole:
        return 0 if _DEIXIS.search(outside) and _FIRST_PERSON.search(outside) else STAY + 1
    score = _register(text, outside) - (1 if doc.by_line else 0)
    score += 3 if opened and text[0] in '“"«' else 0
    score += 1 if quoted < _AHEAD else -1
    score -= 3 if _FIRST_PERSON.search(outside) else 0
    score -= 3 if _DEIXIS.search(outside) else 0
    score -= 3 if _OWN_OPENING.match(text) else 0
    score -= 2 if text.endswith(":") else 0
    return score - (2 if UPDATE_HINT.search(text) and UPDATE.search(text) else 0)
