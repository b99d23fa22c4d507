"""Terms of anonymity, the reason given for them, and how close a source is said to be to the matter (codebook C4).

News organisations promise to tell readers on what terms an unnamed source spoke and why; the stock phrases of that
promise are few. Finding one is a search for a handful of anchor words and a look at the sentence around each.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from discourse.mentions import Text
from discourse.nominals import singular
from discourse.referents import AT, FAR, NEAR, Said

ANCHORS = frozenset(
    "anonymity anonymous anonymously condition identified named quoted background attribution record authorized "
    "authorised unauthorized unauthorised allowed permitted".split()
)
"""Words of which each pattern below has one: sentences without any are never looked at."""

_LEADING = (
    r"(?:\b(?:all )?(?:spoke|speaking|talked|talking|agreed to (?:speak|talk)|insisted|interviewed"
    r"|(?:was |were )?granted|given) )?"
)
_NAMED = r"(?:further )?(?:identified|named|quoted)(?: by name)?"
_TERMS = re.compile(
    _LEADING
    + r"(?:(?:only )?on (?:the |a )?(?:strict )?condition (?:of (?:strict )?anonymity"
    + rf"|(?:that )?[^.;,”\"]{{1,60}}?(?:not|neither|n[’']t) (?:to )?(?:be )?{_NAMED})"
    + r"|\b(?:request(?:ed|ing|s)?|ask(?:ed|ing)? for|insist(?:ed|ing)? on|demand(?:ed|ing)?|s(?:ought|eeking)|granted"
    + r"|given) anonymity"
    + r"|\b(?:ask(?:ed|ing|s)?|request(?:ed|ing|s)?|want(?:ed|ing|s)?|wish(?:ed|ing|es)?|prefer(?:red|ring|s)?)"
    + rf" (?:that (?:he|she|they|their names?|his name|her name) )?not (?:to )?(?:be )?{_NAMED}"
    + rf"|\b(?:declin|refus)(?:ed|ing|es) to be {_NAMED}"
    + rf"|\b(?:not|n[’']t) (?:want|wish)(?:ing|ed)? to be {_NAMED}"
    + r"|\banonymously\b|\bon background\b|\bnot for attribution\b|\boff the record\b"
    + r"|\b(?:not|n[’']t|un)(?: been)? ?(?:authori[sz]ed|allowed|permitted) to (?:speak|talk|discuss|comment"
    + rf"|be {_NAMED})[^.;,”\"]{{0,40}})"
)
_NEEDED = (
    "anonym", "not ", "n't ", "n’t ", "neither", "declin", "refus", "on background", "the record", "unauthor",
    "unallow", "unpermit",
)  # fmt: skip
"""Parts of words of which each alternative of `_TERMS` has one: asked for first, as most sentences have none."""
_REASON = re.compile(
    r"\b(?:because|since|for fear of|fearing|out of (?:concern|fear|respect)|due to|owing to|citing|in order to"
    r"|so (?:that|as to)|given|to (?:discuss|describe|avoid|protect|speak|talk|share|detail|preserve)"
    r"|as (?:he|she|they|the)|lest)\b[^.;”\"]{3,200}"
)
_SUBSTANTIVE = re.compile(
    r"fear|reprisal|retaliat|safety|threat|legal|\blaw\b|lawsuit|court|fired|los(?:e|ing) (?:his|her|their) job"
    r"|\bjobs?\b|negotiat|forbid|prohibit|grand jury|career|visa|arrest|classified"
)
_SELF_INTEREST = re.compile(r"\b(?:clients?|business|relationship|reputation|embarrass|compet)")
_FORMULA = re.compile(
    r"authori[sz]ed|sensitiv|internal|private|deliberation|ongoing|publicly|discuss|allowed|permitted"
    r"|to (?:speak|describe|share|talk)"
)
_CLOSENESS = re.compile(
    r"\b(?:familiar with|with (?:\w+ ){0,2}knowledge (?:of|about)|knowledgeable about|briefed (?:on|about)|close to"
    r"|involved (?:in|with)|privy to|in a position to know|with (?:\w+ )?access to|present at|aware of"
    r"|who (?:attended|saw|took part|(?:has|have) (?:seen|reviewed)|(?:was|were) (?:present|briefed)))\b[^,;.]{0,60}"
)
_ANCHOR = re.compile(rf"\b(?:{'|'.join(sorted(ANCHORS))})\b", re.I)
_UNNAMED = ("anonymous_individual", "anonymous_group", "named_role")
_POINTS_BACK = re.compile(r"\W*(?:The|These|Those|Both|All|They|He|She|Each|Neither|None|Like)\b[^,]{0,60}$")
_STOPS = (". ", ".” ", '." ', "? ", "! ", "\n")


@dataclass(frozen=True)
class Terms:
    """Stated terms: the sentence they stand in, their span, their wording, and the kind of reason given."""

    sentence_start: int
    sentence_end: int
    start: int
    end: int
    wording: str
    reason: str


def stated(text: str, anchors: Iterable[int] | None = None) -> Iterator[Terms]:
    """Terms of anonymity stated in a text, the first of each sentence; a reason is none where none is given.

    `anchors` are the offsets of the words of `ANCHORS`, in order, where they are known.
    """
    done = -1
    for at in anchors if anchors is not None else (match.start() for match in _ANCHOR.finditer(text)):
        if at < done:
            continue
        low, high = _sentence(text, at)
        done = high
        sentence = text[low:high]
        match = _TERMS.search(text, low, high) if any(part in sentence for part in _NEEDED) else None
        if match:
            reason = _reason(text[match.end() : high], match[0])
            yield Terms(low, high, match.start(), match.end(), match[0].strip(), reason)


def settle_terms(order: list[Said], page: Text, anchors: Iterable[int]) -> None:
    """Give the attributions of a document, in the order of the text, their terms and reason: stated in the sentence,
    or pointed back to by a later one."""
    unnamed = [one for one in order if one.source_start >= 0 and _is_unnamed(one)]
    if not unnamed:
        return
    shared: dict[int, tuple[str, str]] = {}
    found: dict[Said, tuple[str, str]] = {}
    for terms in stated(page.text, anchors):
        for one in _whose(terms, unnamed, page):
            found.setdefault(one, (terms.wording, terms.reason))
    for one, told in found.items():
        if one.referent is not None:
            shared[one.referent.number] = told
    for one in order if found else ():
        same = shared.get(one.referent.number) if one.referent is not None else None
        one.terms = found.get(one, same) or one.terms


def closeness(source: str) -> str | None:
    """How a source is said to know ("familiar with the plan"), as in the text, or None."""
    match = _CLOSENESS.search(source)
    return match[0].strip() if match else None


def _sentence(text: str, at: int) -> tuple[int, int]:
    low = max(text.rfind(stop, max(0, at - 600), at) + len(stop) for stop in _STOPS)
    low = low if low > len(_STOPS[1]) else max(0, at - 600)
    ends = [found for found in (text.find(stop, at, at + 600) for stop in (*_STOPS, ".\n")) if found >= 0]
    return min(low, at), min(ends, default=min(len(text), at + 600))


def _reason(after: str, wording: str) -> str:
    match = _REASON.search(after)
    if match is None:
        return "formula" if _FORMULA.search(wording) else "none"
    if _SUBSTANTIVE.search(match[0]):
        return "substantive"
    return (
        "self_interest"
        if _SELF_INTEREST.search(match[0])
        else "formula"
        if _FORMULA.search(match[0])
        else "substantive"
    )


def _whose(terms: Terms, unnamed: list[Said], page: Text) -> list[Said]:
    """Attributions stated terms belong to: those of the nearest unnamed source of the sentence, else those before
    that its subject points back to ("The sources spoke on the condition …")."""
    start, at, end = terms.sentence_start, terms.start, terms.sentence_end
    low, high = (bisect_left(unnamed, spot, key=AT) for spot in (start, end))
    subject, here = page.text[start:at], unnamed[low:high]
    pointing = _POINTS_BACK.match(subject)
    if here and not (pointing and not any(one.cue_start < at for one in here)):
        before = [one for one in here if one.source_start <= at] or here
        return [max(before, key=lambda one: one.source_start)]
    return _pointed_back(subject, start, unnamed, page) if pointing else []


def _pointed_back(subject: str, start: int, unnamed: list[Said], page: Text) -> list[Said]:
    low, high = (bisect_left(unnamed, spot, key=AT) for spot in (start - FAR, start))
    earlier = unnamed[low:high]
    heads = {singular(word.strip(",.")) for word in subject.casefold().split()}
    same = [one for one in earlier if (one.reading.head.split() or [""])[-1] in heads]
    line = page.line_start(start)
    if same:
        return [one for one in same if one.at > line] or [same[-1]]
    return [one for one in earlier[-1:] if start - one.at < 2 * NEAR]


def _is_unnamed(one: Said) -> bool:
    reading = one.reading if one.referent is None else one.referent.reading
    return reading.identification in _UNNAMED
