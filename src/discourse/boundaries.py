"""Where the parts of a source phrase begin and end: determiner, noun phrase, field of an office, group, second source.

Every test answers with an index into the words of the phrase: "two of the | senior officials | familiar with it".
"""

from __future__ import annotations

from discourse.heads import is_title
from discourse.nominals import (
    AFTER_NOUN,
    ARTICLES,
    COUNTERS,
    COURTESY,
    DAYS,
    FIELDS,
    INDEFINITE,
    NUMBERS,
    PARTS,
    POSSESSIVES,
    STOP,
    Gazetteer,
    capitalised,
    head_key,
    singular,
)


def partitive(words: list[str], low: list[str]) -> int:
    """Index of the "of" in "one of the officials", "a small group of donors", "nearly eight of 10 voters"; else 0."""
    if "of" in low[1:6]:
        at = low.index("of", 1)
        before = low[at - 1]
        if (
            (before in PARTS or singular(before) in PARTS)
            and "," not in low[:at]
            and not (words[at - 1][0].isupper() and at > 1)
            and at + 1 < len(words)
        ):
            return at
    return 0


def after_share(low: list[str]) -> int:
    """Index of what follows a share of people ("six in 10 | voters", "three out of four | parents"); else 0."""
    for at in range(1, min(5, len(low) - 1)):
        out_of = low[at] == "of" and low[at - 1] == "out" and at > 1
        if (out_of or low[at] == "in") and _numeral(low[at + 1]) and _numeral(low[at - 1 - out_of]):
            return at + 2
    return 0


def _numeral(word: str) -> bool:
    return word in NUMBERS or word.isdigit()


def conjunct(words: list[str], low: list[str], known: Gazetteer) -> int:
    """Where a second source begins ("Khan and other officials"), else the end of the phrase."""
    if _AND.isdisjoint(low):
        return len(words)
    for at, word in enumerate(low):
        if word not in _AND or not 0 < at < len(low) - 1:
            continue
        before, after = words[at - 1], words[at + 1]
        if any(
            one in ("of", "on", "for", "in", "at", "from", "to", "with", "about", "who", "by", "(") for one in low[:at]
        ):
            continue
        if before[0].islower() and after[0].islower() and low[at + 1] not in INDEFINITE:
            continue
        if (
            at == 1
            and _modifies(words[0], low[0], known)
            and _modifies(after, low[at + 1], known)
            and low[-1] != low[at + 1]
        ):
            continue
        if low[at - 1] in known.sectors and low[at + 1] in known.sectors and before[0].isupper() == after[0].isupper():
            continue
        if "," in low[:at] and low[low.index(",") + 1] in ARTICLES | INDEFINITE | {"who"}:
            continue
        return at
    return len(words)


_AND = frozenset(("and", "or", "&"))


def _modifies(word: str, low: str, known: Gazetteer) -> bool:
    """A word that can stand before "officials": "US and NATO officials", "FBI and state officials"."""
    return low in known.demonyms or low in known.sectors or low in known.places or (word.isupper() and len(word) < 7)


def determiner(words: list[str], low: list[str], known: Gazetteer) -> tuple[int, str, str]:
    """Skip determiners and numbers: index of the first word after them, definiteness, number."""
    at, definite, number = 0, "bare", ""
    while at < len(words) - 1:
        word = low[at]
        if _initial(words, low, at):
            break
        numeral = _numeral(word)
        if numeral and words[at][0].isupper() and words[at + 1][0].isupper() and head_key(low[-1]) not in known.heads:
            break
        if word in ARTICLES or word in POSSESSIVES:
            definite = "definite"
        elif word in INDEFINITE:
            definite = "indefinite" if definite == "bare" else definite
        elif not numeral and word not in COUNTERS:
            break
        if numeral:
            number = str(NUMBERS.get(word, word))
        at += 1
    if at and low[at] in STOP and low[at] not in ("-", "/"):
        return at, definite, number
    return at, definite, number


def _initial(words: list[str], low: list[str], at: int) -> bool:
    """Is "A" an initial here: "A S Oll"?"""
    return (
        words[at] == "A" and at + 1 < len(words) and len(words[at + 1].rstrip(".")) == 1 and words[at + 1][0].isupper()
    )


def core_end(words: list[str], low: list[str], start: int, known: Gazetteer) -> int:
    """Where the head noun phrase ends: at a comma, preposition, relative or participle; "of" stays inside names."""
    at = start
    while at < len(words):
        word = low[at]
        stops = word in STOP and (at > 0 or not word[0].isalnum()) and not _inner(words, low, start, at)
        if (
            stops
            and word in _JOINS
            and at > start
            and at + 1 < len(words)
            and _inside_name(words, low, start, at, known)
        ):
            at = max(at + 2, field_end(low, at + 1, known) if word in ("of", "for", "to") else 0)
            continue
        if stops or (at > start and word[-1] in _LAST and _opens_clause(words, low, at, known)):
            break
        at += 1
    return at


def _opens_clause(words: list[str], low: list[str], at: int, known: Gazetteer) -> bool:
    """Does a word after the first of a noun phrase open something else: a clause, a date, another phrase?"""
    word = low[at]
    if word in _BREAKS or "'" in word:
        if word in AFTER_NOUN:
            return not _initial(words, low, at)
        clause = word.split("'")[0] in _IRREGULAR or (word in DAYS and words[at][0].isupper())
        return clause and singular(low[at - 1]) in known.heads
    if word.endswith("ly"):
        return _adverb(words, low, at, known)
    return word.endswith(("ing", "ed")) and _participle(words, low, at, known)


def _adverb(words: list[str], low: list[str], at: int, known: Gazetteer) -> bool:
    """An adverb cut loose after a noun: "voters | consistently", "an email | previously kept"."""
    own = low[at] in known.heads or low[at] in known.bodies
    if at + 1 < len(words) and not (low[at + 1].endswith("ed") or low[at + 1] in _IRREGULAR):
        return False
    return words[at][0].islower() and not own and singular(low[at - 1]) in known.heads


def _participle(words: list[str], low: list[str], at: int, known: Gazetteer) -> bool:
    """A participle after a noun opens a clause: "union | representing …", "research | conducted by …"."""
    word = low[at]
    if not words[at][0].islower() or len(word) < 5:
        return False
    noun, after = singular(low[at - 1]), low[at + 1] if at + 1 < len(words) else ""
    opening = at == 1 and noun != low[0] and noun in known.heads
    if not after:
        return (noun != low[at - 1] or noun == "people") and noun in known.heads
    if (words[at - 1][0].isupper() and not opening) or low[at - 1] in known.demonyms:
        return after in STOP or after in ARTICLES or after in INDEFINITE
    return noun != low[at - 1] or noun in known.heads


_IRREGULAR = frozenset(
    "taken given kept held made done seen sent written known led run won drawn shown told left born broadcast out "
    "i we he she they you there".split()
)
"""What opens a clause after a noun, though no ending shows it: "polls | taken in May", "people | I've met"."""
_BREAKS = AFTER_NOUN | _IRREGULAR | DAYS
_LAST = frozenset(word[-1] for word in _BREAKS) | frozenset("ygd")
"""Last letters of what may open a clause."""


def _inner(words: list[str], low: list[str], start: int, at: int) -> bool:
    """Is a word that mostly ends a noun phrase inside one here: "Doctors Without Borders", "an outside adviser"?"""
    capital = low[at] in ("today", "without") and words[at] != low[at]
    if low[at] not in _ADJECTIVES or not at:
        return capital
    return low[at - 1] in _RANKS or (at == start and low[at - 1] not in ("those", "these"))


_ADJECTIVES = frozenset("outside inside present close loyal near".split())
"""Words that are adjectives right after an article: "an outside adviser"."""
_RANKS = frozenset("top senior longtime key leading chief former".split())
_JOINS = frozenset("of for to and & on".split())


def _inside_name(words: list[str], low: list[str], start: int, at: int, known: Gazetteer) -> bool:
    before, after = words[at - 1], words[at + 1]
    window = " ".join(singular(word) for word in low[max(start, at - 1) : at + 2])
    if window in known.heads:
        return True
    if low[at] == "and" and before[0].islower() and after[0].islower() and low[at - 1] not in known.titles:
        return _joint_modifier(low, at, known)
    paired = low[at] == "and" and at == start + 1 and at + 2 < len(words) and low[at + 2] not in STOP
    if paired and _modifies(before, low[at - 1], known) and _modifies(after, low[at + 1], known):
        return True
    if low[at : at + 2] == ["of", "the"] and before[0].isupper() and low[at - 1] in _OF_HEADS:
        return at + 2 < len(words) and capitalised(words[at + 2])
    office = low[at] in ("of", "for", "to") and low[at - 1] == singular(low[at - 1]) and is_title(low[at - 1], known)
    if office and low[at - 1] in _OFFICES and (end := field_end(low, at + 1, known)) > at + 1:
        return end < len(words) and capitalised(words[end]) and low[end] not in STOP
    if office and _courtesy_later(low, at + 2):
        return True
    if not (before[0].isupper() and after[0].isupper()):
        return False
    if office:
        return at + 2 < len(words) and capitalised(words[at + 2]) and low[at + 2] not in STOP
    if low[at] == "of":
        return low[at - 1] in _OF_HEADS
    if low[at] in ("and", "&", "on"):
        return any(word in known.bodies or word in _OF_HEADS for word in low[start:at])
    return low[at] == "for" and low[at - 1] in _FOR_HEADS


_OF_HEADS = frozenset(
    "department ministry university bank house board bureau office institute college city state chamber league union "
    "council court school association center centre society church republic daughters sons voice organization "
    "organisation federation committee commission academy museum archdiocese diocese brotherhood fraternal order "
    "workers teachers nurses farmers mayors governors"
    .split()
)  # fmt: skip
_FOR_HEADS = frozenset(
    "center centre institute organisation organization americans citizens council committee campaign foundation "
    "coalition women mothers people students veterans parents doctors".split()
)
_OFFICES = frozenset(
    "minister secretary undersecretary ambassador representative director commissioner governor president king queen "
    "envoy head consul chief chancellor premier emir sultan".split()
)


def _courtesy_later(low: list[str], at: int) -> bool:
    """Does a courtesy title open a name further on: "chairman of the tides forum | Mr Adam Oll"?"""
    end = next((spot for spot in range(at, len(low)) if low[spot] in STOP), len(low))
    return not COURTESY.isdisjoint(word.rstrip(".") for word in low[at:end])


def field_end(low: list[str], at: int, known: Gazetteer) -> int:
    """Where the field or country of an office ends: "Minister of | Foreign Affairs and Trade | Adam Oll"."""
    while at < len(low) and (low[at] in FIELDS or low[at] in known.places):
        at += 1
        if at + 1 < len(low) and low[at] in ("and", "&") and low[at + 1] in FIELDS:
            at += 1
    return at


def _joint_modifier(low: list[str], at: int, known: Gazetteer) -> bool:
    """Does "and" join what stands before one head, as in "research and policy director"?"""
    left, right = (
        known.heads.get(singular(low[at - 1])),
        known.heads.get(singular(low[at + 2] if at + 2 < len(low) else "")),
    )
    stands_alone = left is not None and left[1] in ("person", "role", "organisation", "mass")
    return not stands_alone and right is not None and right[1] in ("person", "role") and low[at + 2] not in STOP
