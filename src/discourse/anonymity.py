"""Terms of anonymity, the reason given for them, and how close a source is said to be to the matter (codebook C4).

News organisations promise to tell readers on what terms an unnamed source spoke and why; the stock phrases of that
promise are few. Finding one is a search for a handful of anchor words and a look at the sentence around each.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

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
