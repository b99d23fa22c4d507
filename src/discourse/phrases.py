"""Reads one source phrase: its head, its proper name, whom it speaks for, and how much it tells the reader.

"Two senior Pentagon officials familiar with the plan" is a plural, unnamed, military; "Adam Oll, a spokesman for the
port" is a named person who speaks for the port. A phrase is read on its own here; what the rest of a document adds
(that "Oll" is the same man, that "the general" has been named before) is for `sources`.

Order of tests (codebook C2): proper name, role with its body, body, document, countable person, plural or mass, none.
Affiliation (codebook C3) is what the label says: a modifier beats the head, the body spoken for beats a profession,
a document takes the sector of its issuer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from discourse import tables
from discourse.nominals import (
    AFTER_NOUN,
    ARTICLES,
    BLANK,
    CANDIDATE,
    COUNTERS,
    COURTESY,
    EXPERT_ENDINGS,
    FIELDS,
    FORMER,
    GENDER,
    GRADES,
    INDEFINITE,
    INFORMED,
    NUMBERS,
    OF_A_PLACE,
    OFFSPRING,
    OPENERS,
    OWN_JUDGEMENT,
    PARTICLES,
    PARTS,
    PERSONAL,
    PLACES_OF,
    POSSESSIVES,
    PRONOUNS,
    SIGNS,
    STATES,
    STOP,
    TIED,
    TRADES,
    VAGUE,
    WHO_DOES,
    Entry,
    Gazetteer,
    Reading,
    gazetteer,
    head_key,
    singular,
    words_of,
)

OPACITY = {name: level for level, name in enumerate(tables.IDENTIFICATION)}
"""Ordinal scale of opacity (codebook C2): named_person 0 … unattributed 6. Opacity is not unreliability."""

MOST = 400
"""Characters of a source phrase that are read: the longest source in PolNeAR's training articles has about 300."""
KEPT = 100_000
"""Readings kept from batch to batch: some 50 MB, the source phrases of 30 MB of news."""


# --- one phrase ---


def read_phrase(phrase: str, known: Gazetteer | None = None) -> Reading:
    """Read one source phrase on its own: form, head, name, affiliation, identification, and the rule that decided."""
    known = known or gazetteer()
    if reading := _plain_name(phrase, known):
        return reading
    spaced = " ".join(phrase.replace("’", "'").replace("\u00a0", " ").replace("%", " percent").split())
    if "[" in spaced or "(" in spaced:
        spaced = _GLOSS.sub(" ", spaced).replace("[", "(").replace("]", ")")
    if "," in spaced:
        spaced = _THOUSANDS.sub("", spaced)
    if "-" in spaced:
        spaced = _THEN.sub(r"\1 ", spaced)
    return _read(_PREFACE.sub("", spaced), known)


_DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
_PLAIN_NAME = re.compile(r"[A-Z][a-z]+(?: [A-Z]\.)?(?: [A-Z][a-z]+){0,2}")


def _plain_name(phrase: str, known: Gazetteer) -> Reading | None:
    """A name of words that no list knows, alone or after one title, needs no further test: half of all sources."""
    title, _, name = phrase.partition(" ")
    if title.rstrip(".").casefold() in known.titles:
        if not _unlisted(name, known):
            return None
        like = known.titled.get(title)
        if like is None:
            like = known.titled[title] = _read(f"{title} {_ANYBODY}", known)
        return like._replace(name=name, gender=like.gender or _given(name, known)) if like.name == _ANYBODY else None
    if not _unlisted(phrase, known):
        return None
    gender = _given(phrase, known)
    return Reading("name", "", phrase, identification="named_person", definite=True, gender=gender, rule="name")


_ANYBODY = "Zyx"
"""A name no list knows, to read a title with."""


def _unlisted(name: str, known: Gazetteer) -> bool:
    if not _PLAIN_NAME.fullmatch(name):
        return False
    low = name.casefold()
    return (
        low not in known.outlets
        and low not in STATES
        and not low.endswith(_PEOPLE_BY_TRADE)
        and not any(word in known.listed or singular(word) in known.listed for word in low.split())
    )


def _given(name: str, known: Gazetteer) -> str:
    """Gender of the given name of a full name, where it has one."""
    first, _, surname = name.partition(" ")
    return known.given.get(first.casefold(), "").replace("any", "") if surname else ""


_PREFACE = re.compile(
    r"^(?:\(?\d{1,2}[.)] |[A-Z]{4,}(?:,? [A-Z]{2,})*(?:,? \w+\.? \d+|,? \d+ \w+)? (?:--|—|–|-) (?=[A-Z]))"
)
"""What opens a list item or a report and is no part of its first source: "2. ", "LOWICK, 8 May -- "."""
_GLOSS = re.compile(r"(?<=\w) (?:\([A-Z][A-Za-z.\-]{1,9}\)|\[[^\]]{1,80}\]) (?=\w)")
"""A short form or gloss in the middle of a source: "the Tides Council (TC) | chairman"."""
_THEN = re.compile(r"\b([Tt]hen|[Ee]x)-(?!wi|hus|boy|girl|part)")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")


class Reader:
    """Readings, one per distinct wording; those of the shipped lists are kept from batch to batch."""

    def __init__(self, known: Gazetteer) -> None:
        self.known = known
        self._kept = known.readings
        if len(self._kept) > KEPT:
            self._kept.clear()

    def __call__(self, phrase: str) -> Reading:
        found = self._kept.get(phrase)
        if found is None:
            found = self._kept[phrase] = read_phrase(phrase, self.known)
        return found


def _read(text: str, known: Gazetteer) -> Reading:
    words = words_of(text[:MOST])[:60]
    return _read_words(words, [word.casefold() for word in words], known)


def _read_words(words: list[str], low: list[str], known: Gazetteer) -> Reading:
    skip = 0
    while skip < len(words) and (not low[skip][0].isalnum() or (low[skip] in OPENERS and len(words) - skip > 1)):
        skip += 1
    words, low = (words[skip:], low[skip:]) if skip else (words, low)
    if not words:
        return Reading()
    if low[0] == "which" and len(words) > 1:
        words, low = words[1:], low[1:]
    while len(words) > 1 and low[-1] in _DAYS and words[-1][0].isupper():
        words, low = words[:-1], low[:-1]
    stem = low[0].split("'")[0]
    if stem in PRONOUNS and words[0] != "US":
        if stem in PERSONAL or (len(words) == 1 and stem != low[0]):
            return _pronoun(stem)
        if stem == low[0] and (len(words) == 1 or not words[1][0].isalnum()):
            return _pronoun(stem)
    at = _share(low) if len(low) > 2 and ("in" in low or "out" in low) else 0
    if at == len(low):
        return _noun_phrase(["percent"], ["percent"], known)
    at = at - 1 if at else _partitive(words, low)
    if at:
        return _part_of(words, low, at, known)
    first = _conjunct(words, low, known)
    reading = _noun_phrase(words[:first], low[:first], known)
    if first < len(words):
        reading = _composite(reading, words, low, first, known)
    return reading


def _pronoun(word: str) -> Reading:
    kind = PRONOUNS[word]
    plural = kind in ("plural", "first_plural")
    told = {"m": "named_person", "f": "named_person", "plural": "anonymous_group", "first_plural": "anonymous_group"}
    return Reading(
        form="pronoun",
        head=word,
        identification=told.get(kind, "unattributed"),
        plural=plural,
        definite=True,
        number="plural" if plural else "one",
        title=kind,
        gender=kind if kind in ("m", "f") else "",
        rule=f"pronoun:{word}",
    )


def _partitive(words: list[str], low: list[str]) -> int:
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


def _share(low: list[str]) -> int:
    """Index of what follows a share of people ("six in 10 | voters", "three out of four | parents"); else 0."""
    for at in range(1, min(5, len(low) - 1)):
        out_of = low[at] == "of" and low[at - 1] == "out" and at > 1
        if (out_of or low[at] == "in") and _numeral(low[at + 1]) and _numeral(low[at - 1 - out_of]):
            return at + 2
    return 0


def _numeral(word: str) -> bool:
    return word in NUMBERS or word.isdigit()


def _part_of(words: list[str], low: list[str], at: int, known: Gazetteer) -> Reading:
    """An individual out of a group, or a group out of a larger one; both keep the affiliation of the whole."""
    whole = _read_words(words[at + 1 :], low[at + 1 :], known)
    if low[0] == "one" and at == 1:
        number = f"1 of {whole.number}" if whole.number.isdigit() else "1 of N"
        return whole._replace(
            form="person", name="", identification="anonymous_individual", plural=False, definite=False,
            number=number, principal="", rule=f"one_of>{whole.rule}",
        )  # fmt: skip
    count = str(NUMBERS[low[0]]) if low[0] in NUMBERS and at == 1 else "plural"
    return whole._replace(
        form="mass", name="", identification="anonymous_group", plural=True, number=count, definite=False,
        rule=f"some_of>{whole.rule}",
    )  # fmt: skip


def _conjunct(words: list[str], low: list[str], known: Gazetteer) -> int:
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


def _composite(first: Reading, words: list[str], low: list[str], at: int, known: Gazetteer) -> Reading:
    second = _noun_phrase(words[at + 1 :], low[at + 1 :], known)
    if second.form == "none" or (second.form == "name" and first.form == "organisation"):
        return _noun_phrase(words, low, known)
    best = min(first, second, key=lambda one: OPACITY[one.identification])
    affiliation = best.affiliation
    if affiliation == "unspecified":
        affiliation = (second if best is first else first).affiliation
    number = "plural" if first.plural or second.plural or "," in low[:at] else "2"
    return best._replace(affiliation=affiliation, plural=True, number=number, rule=f"composite>{best.rule}")


def _noun_phrase(words: list[str], low: list[str], known: Gazetteer) -> Reading:
    start, definite, number = _determiner(words, low, known)
    stop = _core_end(words, low, start, known)
    core, lows = words[start:stop], low[start:stop]
    rest, rest_low = words[stop:], low[stop:]
    if not core or (len(core) == 1 and lows[0] in ARTICLES):
        reading = _bare_determiner(low[stop - 1] if stop else "", number)
        return reading._replace(affiliation="citizen") if _of_the_public(low[:stop], rest_low) else reading
    if len(core) == 1 and core[0].isdigit() and (start or len(core[0]) < 4):
        return _bare_determiner(core[0], core[0])
    if len(core) == 1 and start == 0 and _no_noun(core[0], lows[0], known):
        return Reading(head=lows[0], rule="no_noun")
    name_at = _name_start(core, lows, definite, known)
    if name_at < len(core):
        return _named(core, lows, name_at, rest, rest_low, definite, known)
    lead = low[start - 1] if start else ""
    return _common(_Nominal(core, lows, rest, rest_low, definite, number), known, lead)


def _no_noun(word: str, low: str, known: Gazetteer) -> bool:
    """A lone lower-case word in the singular that no list knows: a verb or adverb cut loose, not a source."""
    return word[0].islower() and singular(low) == low and low not in known.heads and low not in VAGUE


def _of_the_public(low: list[str], rest: list[str]) -> bool:
    """ "Those over 60", "those who voted": people told by what anybody may be or do, not by what they know."""
    if low[-1:] != ["those"] or len(rest) < 2:
        return False
    return rest[0] in ("over", "under", "aged") or (rest[0] == "who" and _KNOWING.isdisjoint(rest[1:4]))


_KNOWING = frozenset(
    "know knows knew known work worked attended attend briefed saw seen heard met been was were spoke familiar close "
    "advised served helped wrote".split()
)


def _bare_determiner(word: str, number: str) -> Reading:
    form = VAGUE.get(word, "mass" if number.isdigit() and number != "1" else "none")
    told = {"mass": "anonymous_group", "person": "anonymous_individual"}.get(form, "unattributed")
    plural = form == "mass"
    return Reading(
        form=form, head=word, identification=told, plural=plural, number="plural" if plural else "one",
        rule=f"vague:{word}",
    )  # fmt: skip


def _initial(words: list[str], low: list[str], at: int) -> bool:
    """Is "A" an initial here: "A S Oll"?"""
    return (
        words[at] == "A" and at + 1 < len(words) and len(words[at + 1].rstrip(".")) == 1 and words[at + 1][0].isupper()
    )


def _determiner(words: list[str], low: list[str], known: Gazetteer) -> tuple[int, str, str]:
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


def _core_end(words: list[str], low: list[str], start: int, known: Gazetteer) -> int:
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
            at = max(at + 2, _field_end(low, at + 1, known) if word in ("of", "for", "to") else 0)
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
        clause = word.split("'")[0] in _IRREGULAR or (word in _DAYS and words[at][0].isupper())
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


_BREAKS = AFTER_NOUN | _IRREGULAR | _DAYS
_LAST = frozenset(word[-1] for word in _BREAKS) | frozenset("ygd")
"""Last letters of what may open a clause."""
_ADJECTIVES = frozenset("outside inside present close loyal near".split())
"""Words that are adjectives right after an article: "an outside adviser"."""


def _inner(words: list[str], low: list[str], start: int, at: int) -> bool:
    """Is a word that mostly ends a noun phrase inside one here: "Doctors Without Borders", "an outside adviser"?"""
    capital = low[at] in ("today", "without") and words[at] != low[at]
    if low[at] not in _ADJECTIVES or not at:
        return capital
    return low[at - 1] in _RANKS or (at == start and low[at - 1] not in ("those", "these"))


_RANKS = frozenset("top senior longtime key leading chief former".split())
_JOINS = frozenset("of for to and & on".split())
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
        return at + 2 < len(words) and _capital(words[at + 2])
    office = low[at] in ("of", "for", "to") and low[at - 1] == singular(low[at - 1]) and _title(low[at - 1], known)
    if office and low[at - 1] in _OFFICES and (end := _field_end(low, at + 1, known)) > at + 1:
        return end < len(words) and _capital(words[end]) and low[end] not in STOP
    if office and _courtesy_later(low, at + 2):
        return True
    if not (before[0].isupper() and after[0].isupper()):
        return False
    if office:
        return at + 2 < len(words) and _capital(words[at + 2]) and low[at + 2] not in STOP
    if low[at] == "of":
        return low[at - 1] in _OF_HEADS
    if low[at] in ("and", "&", "on"):
        return any(word in known.bodies or word in _OF_HEADS for word in low[start:at])
    return low[at] == "for" and low[at - 1] in _FOR_HEADS


_OFFICES = frozenset(
    "minister secretary undersecretary ambassador representative director commissioner governor president king queen "
    "envoy head consul chief chancellor premier emir sultan".split()
)


def _courtesy_later(low: list[str], at: int) -> bool:
    """Does a courtesy title open a name further on: "chairman of the tides forum | Mr Adam Oll"?"""
    end = next((spot for spot in range(at, len(low)) if low[spot] in STOP), len(low))
    return not COURTESY.isdisjoint(word.rstrip(".") for word in low[at:end])


def _field_end(low: list[str], at: int, known: Gazetteer) -> int:
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


# --- proper names ---


def _capital(word: str) -> bool:
    return word[0].isupper() or (word[:3] in ("al-", "el-", "ul-") and len(word) > 4)


def _title(word: str, known: Gazetteer) -> bool:
    """A rank or office that can stand before a name."""
    bare = word.rstrip(".")
    if bare in known.titles:
        return True
    entry = known.heads.get(singular(bare))
    if entry is None or entry[1] not in ("role", "person") or bare in known.given:
        return False
    return entry[0].islower() or entry[2] != "citizen"


def _name_start(core: list[str], lows: list[str], definite: str, known: Gazetteer) -> int:
    """Index at which a proper name begins that runs to the end of the core; len(core) where there is none."""
    last = len(core) - 1
    if len(core) == 1 and lows[0] in VAGUE:
        return 1
    if not _capital(core[last]) or _title_case_noun(core, lows, definite, known):
        return len(core)
    at = last
    while at > 0 and not lows[at - 1].endswith(("'s", "s'")):
        inner = at > 1 and lows[at - 1] in ("of", "for", "to", "and", "the", "&", "on") and _capital(core[at - 2])
        inner = inner or (at > 2 and lows[at - 2 : at] == ["of", "the"] and _capital(core[at - 3]))
        if not (_capital(core[at - 1]) or lows[at - 1] in PARTICLES or inner):
            break
        at -= 1
    if _is_body([word.rstrip(".") for word in lows[at:]], known):
        return at
    if at == last > 0 and lows[at] in known.bodies and _capital(core[at - 1]) and lows[at - 1].endswith("s'"):
        return at - 1
    titles = [spot for spot in range(at, last) if _title(lows[spot], known) and not _given_pair(lows, spot, known)]
    if titles:
        return _after_portfolio(lows, titles[-1] + 1, known)
    if at > 1 and lows[at - 1] in ("of", "for", "to") and _title(lows[at - 2], known):
        return _field_end(lows, at, known)
    while (
        at < last
        and " ".join(lows[at:]) not in known.places
        and (
            lows[at] in FORMER
            or lows[at] in known.demonyms
            or lows[at] in ("democratic", "republican", "democrat")
            or lows[at].endswith(_FROM)
            or (lows[last] in known.places and lows[at] not in known.given and _describes(lows[at], known))
        )
    ):
        at += 1
    return at


def _describes(word: str, known: Gazetteer) -> bool:
    """A word that may stand before a country: "mostly Muslim Malaysia", "Communist China"."""
    return word.endswith(("ly", "ist")) or word in known.sectors or word in known.heads or _adjective(word)


_FROM = ("-based", "-born", "-area", "-year-old", "-raised")
"""Where somebody is from, or how old: no part of the name."""


def _after_portfolio(lows: list[str], at: int, known: Gazetteer) -> int:
    """Where the name begins in "Minister of Foreign Affairs Eugene Oll": at a given name, else the last two words."""
    if lows[at] not in ("of", "for", "to"):
        return at
    if (end := _field_end(lows, at + 1, known)) > at + 1:
        return end
    for spot in range(at + 2, len(lows) - 1):
        if lows[spot] in known.given:
            return spot
    return max(at + 2, len(lows) - 2)


def _given_pair(lows: list[str], spot: int, known: Gazetteer) -> bool:
    """A word that is a title elsewhere but follows a given name here ("Michael Pope Jr.")."""
    return spot > 0 and lows[spot - 1] in known.given and lows[spot][-1] != "."


def _title_case_noun(core: list[str], lows: list[str], definite: str, known: Gazetteer) -> bool:
    """A capitalised common noun: at the start of a sentence, in a headline, or an entry that is spelt so."""
    found = _lexical([*lows[:-1], lows[-1].removesuffix("'s")], known)
    if found is None:
        return False
    of = next((at for at, word in enumerate(lows[:-1]) if at and word in ("of", "for", "on")), 0)
    if of and lows[of - 1] in known.bodies and _capital(core[of - 1]) and _capital(core[-1]):
        return False
    size = len(found[0].split())
    if lows[-1] in _PARTY_MEMBERS and len(core) == 2 and known.heads.get(lows[0], ("", "", ""))[2] == "citizen":
        return True
    if definite == "definite" and found[1] == "role" and lows[0] not in known.given:
        return True
    if len(core) > 1 and lows[-1] not in _TRADE_NAMES and all(_title(word, known) for word in lows):
        return True
    if definite == "indefinite" and found[1] == "role":
        return True
    if definite == "definite" and " ".join(lows) in known.outlets and found[1] != "organisation":
        return False
    if len(core) == size:
        trade = definite == "bare" and lows[0] in _TRADE_NAMES
        return size > 1 or (lows[0] not in known.given and not trade) or definite == "definite"
    if (
        len(core) > size
        and lows[-1] in known.bodies
        and all(_capital(word) or word in ("of", "for") for word in core[-2:])
    ):
        return False
    if found[1] in ("organisation", "mass", "document") or core[-1][0].islower():
        return True
    if lows[-1] != singular(lows[-1]):
        return True
    if found[1] in ("role", "person") and lows[-1] not in _TRADE_NAMES and _of_a_body(lows[:-size], known):
        return True
    plain = len(core) == 2 and lows[0] not in known.given and lows[0] not in known.places
    return plain and not _title(lows[0], known) and _adjective(lows[0])


_PARTY_MEMBERS = ("republicans", "democrats")


def _of_a_body(lows: list[str], known: Gazetteer) -> bool:
    """Do the words before a head name an outlet, a sector or a people: "CNN President", "Iranian Deputy Speaker"?"""
    if lows[-1].endswith(("'s", "s'")) or " ".join(lows) in known.outlets:
        return True
    if len(lows) == 1 and _title(lows[0], known):
        return False
    return all(word in known.sectors or word in known.demonyms or word in GRADES for word in lows)


_TRADE_NAMES = frozenset(
    "backer baker barber bishop builder carpenter child church constable dean gardener guard king marshal mason "
    "merchant miner painter plumber pope star warden".split()
)
"""Trades that are common surnames: without an article they name somebody ("Baker said")."""


def _adjective(word: str) -> bool:
    return word.endswith(("ed", "ar", "al", "ic", "ior", "ful", "ous", "ive", "ing", "ish", "ian", "ese", "able"))


def _lexical(lows: list[str], known: Gazetteer) -> Entry | None:
    """The longest entry that ends the words, by singular forms."""
    if not lows:
        return None
    key = _single(lows[-1])
    most, entry = known.longest.get(key, 0), known.heads.get(key)
    for size in range(2, min(most, len(lows)) + 1):
        key = f"{_single(lows[-size])} {key}"
        entry = known.heads.get(key, entry)
    return entry


def _single(word: str) -> str:
    return singular(word if word in ("u.s.", "u.n.") else word.rstrip("."))


_COMMITTEES = frozenset(
    "house senate congress congressional parliament parliamentary select joint judiciary intelligence appropriations "
    "affairs relations services finance budget commerce rules oversight ethics armed banking means".split()
)
"""Words of the names of committees of a legislature; other committees are associations."""


def _is_body(low: list[str], known: Gazetteer) -> str:
    """Sector of a body by its name ("unspecified" if it has none); "" where no word says that it is a body."""
    joined = " ".join(low)
    if joined in known.outlets:
        return "media"
    if len(low) < 2:
        return ""
    if singular(low[-1]) in known.longest:
        entry = known.heads.get(" ".join(singular(word) for word in low))
        if entry is not None and entry[1] == "organisation":
            return entry[2]
    of = next((at for at, word in enumerate(low) if word in ("of", "for", "on")), len(low))
    head = low[of - 1] if low[of - 1] in known.bodies else low[-1]
    if head not in known.bodies:
        return ""
    own = known.bodies[head] or "unspecified"
    if phrase := _sector_phrase(low, known):
        return phrase
    if head == "committee" and not _COMMITTEES & set(low):
        own = "activist_ngo"
    if own in ("government_executive", "legislature", "activist_ngo", "business", "unspecified", "expert"):
        if low[0] == "international" and own == "government_executive":
            return "international_organisation"
        specific = _sector([word for word in low if word != head], known)
        if head in _OF_STATE and specific in _PRIVATE:
            return own
        if head == "council" and specific in ("business", "expert", "activist_ngo", "military", "judiciary"):
            return specific
        if specific and (own in ("government_executive", "unspecified") or specific in ("party", "media")):
            return specific
    return own


_OF_STATE = frozenset("ministry department administration authority government treasury".split())
_PRIVATE = frozenset("expert business media activist_ngo citizen other".split())
"""Sectors that the field of a ministry is not: the Ministry of Economic Affairs is no economist."""
_PARTISANS = frozenset("republican democrat tory socialist communist islamist nationalist".split())


_PEOPLE_BY_TRADE = ("ologists", "omists", "icians", "ivists", "ernists", "ticists", "ographers", "itarians")
"""Ends of words that are people in the plural and no surname: "Biologists", "Politicians"."""
_DOMAINS = (".com", ".org", ".net")


def _kind_of_name(
    name: list[str], low: list[str], before: list[str], definite: str, known: Gazetteer
) -> tuple[str, str, str]:
    """person, organisation or place, the sector of a body, and the rule that decided."""
    bare = [word.rstrip(".").removesuffix("'s").rstrip("'") for word in low]
    joined = " ".join(bare)
    titled = bool(before) and _title(before[-1], known)
    if titled and not _only_described(name, bare, before[-1], known):
        return "person", "", "name:title"
    if joined in known.places or joined in STATES or joined in ("u.s", "us", "usa", "u.k", "uk", "eu"):
        return "place", "", "place_for_government"
    if len(name) == 1 and not before and len(joined) > 6 and joined.endswith(_PEOPLE_BY_TRADE):
        return "people", "", "trade"
    if len(name) == 1 and definite == "indefinite" and bare[0] != singular(bare[0]):
        return "people", "", "nationality"
    body = _is_body(bare, known)
    if body:
        return "organisation", body, "name:outlet" if joined in known.outlets else "name:body"
    if len(name) > 1 and bare[0] in known.given:
        return "person", "", "name:given"
    if definite != "bare" and bare[-1] in _PARTISANS:
        return "partisan", known.sectors.get(bare[-1], "party"), "name:partisan"
    if len(name) == 1 and joined.endswith(_DOMAINS):
        return "organisation", "media", "name:domain"
    if len(name) == 1 and joined.replace(".", "") in known.sectors and name[0].isupper():
        return "organisation", known.sectors[joined.replace(".", "")], "name:sector"
    if len(name) == 1 and joined in known.sectors and not name[0].islower():
        return "organisation", known.sectors[joined], "name:sector"
    if joined in SIGNS:
        return "sign", "", "no_noun"
    letters = name[-1].replace(".", "").replace("'s", "")
    if len(name) == 1 and 2 <= len(letters) <= 6 and letters.isupper() and letters.isalpha():
        return "organisation", "", "name:acronym"
    if bare[-1] in known.demonyms or singular(bare[-1]) in known.demonyms or bare[-1].endswith("-americans"):
        return "people", "", "nationality"
    if definite == "definite" and not before:
        paper = len(name) == 1 and known.bodies.get(bare[0]) == "media"
        return "organisation", "media" if paper else _sector(bare, known), "name:article"
    if name[-1][1:] != name[-1][1:].lower() and not re.match(
        r"(?:Mc|Mac|De|Di|La|Le|Van|O'|[A-Z'.-]+$|(?:[A-Z][a-z]+-)+[A-Z][a-z]+$)", name[-1]
    ):
        return "organisation", "", "name:case"
    return "person", "", "name:plain"


def _only_described(name: list[str], low: list[str], word: str, known: Gazetteer) -> bool:
    """Is the word before a name no title but an adjective: "the progressive Tides Institute", "Muslim Malaysia"?"""
    entry = known.heads.get(word)
    if entry is None or entry[1] != "person" or low[0] in known.given:
        return False
    return " ".join(low) in known.places or (len(name) > 1 and word in _CAMPS and bool(_is_body(low, known)))


_CAMPS = frozenset("progressive conservative liberal libertarian socialist communist independent".split())


def _named(
    core: list[str], lows: list[str], at: int, rest: list[str], rest_low: list[str], definite: str, known: Gazetteer
) -> Reading:
    """A phrase whose core ends in a proper name: person, body or place, with titles before it and apposition after."""
    name = " ".join(core[at:]).rstrip("'").removesuffix("'s")
    before, before_low = core[:at], lows[:at]
    kind, sector, rule = _kind_of_name(core[at:], lows[at:], before_low, definite, known)
    if kind == "place":
        return Reading(
            "organisation", name, name, "government_executive", "named_organisation", definite=True, rule=rule
        )
    if kind == "sign":
        return Reading(head=lows[-1], rule=rule)
    if kind == "partisan":
        return Reading("person", name, "", "party", "anonymous_individual", definite=definite == "definite", rule=rule)
    if kind == "people" and rule == "trade":
        return _common(_Nominal(lows, lows, rest, rest_low, "bare", ""), known)
    if kind == "people":
        return _people(name, lows[-1].removesuffix("'s").rstrip("'"), definite)
    if kind == "organisation":
        told = "anonymous_group" if definite == "indefinite" and _generic(lows[at:], known) else "named_organisation"
        affiliation = sector if sector not in ("", "unspecified") else _sector(before_low, known)
        affiliation = affiliation or _apposition(rest, rest_low, known).affiliation
        return Reading("organisation", name, name, affiliation, told, definite=True, rule=rule)
    after = _apposition(rest, rest_low, known)
    if rule == "name:plain" and not before and rest_low[1:2] in (["a"], ["an"]) and after.form == "organisation":
        return Reading(
            "organisation", name, name, after.affiliation, "named_organisation", definite=True,
            rule=f"apposed_body:{after.head}",
        )  # fmt: skip
    label, principal, why, former = _label(before, before_low, rest, rest_low, after, known)
    return Reading(
        form="name",
        head=_head_of(before_low, known) or (after.head if after.principal else ""),
        name=name,
        affiliation=label,
        identification="named_person",
        definite=True,
        title=_head_of(before_low, known),
        gender=_gender(before_low, lows[at:], known),
        former=former,
        principal=principal,
        rule=f"name>{why}" if why else "name",
    )


def _generic(low: list[str], known: Gazetteer) -> bool:
    """Is a body called by nothing but what it is: "an Iranian Opposition Group"?"""
    words = (known.sectors, known.bodies, known.demonyms, known.heads)
    return len(low) > 1 and all(any(word in kind for kind in words) for word in low)


def _people(name: str, word: str, definite: str) -> Reading:
    """ "Germans" or "the British" are people; a bare adjective ("Israeli claims") stands for the state."""
    if word == singular(word) and definite != "definite":
        return Reading("organisation", name, "", "government_executive", "named_organisation", rule="nationality")
    return Reading(
        "mass", name, "", "citizen", "anonymous_group", True, definite == "definite", "plural", rule="nationality"
    )


def _head_of(low: list[str], known: Gazetteer) -> str:
    return next((singular(word.rstrip(".")) for word in reversed(low) if _title(word, known)), "")


def _gender(before: list[str], name: list[str], known: Gazetteer) -> str:
    for word in before:
        if word.rstrip(".") in GENDER:
            return GENDER[word.rstrip(".")]
    return known.given.get(name[0], "").replace("any", "") if len(name) > 1 else ""


def _label(
    before: list[str], low: list[str], rest: list[str], rest_low: list[str], after: Reading, known: Gazetteer
) -> tuple[str, str, str, bool]:
    """Affiliation of a named person from the words before the name, then from what follows; principal, rule, former."""
    former = any(word in FORMER for word in low)
    found, principal = _role_phrase(before, low, known) if before else ("unspecified", "")
    why = f"title:{' '.join(low)}" if found != "unspecified" else ""
    if after.affiliation != "unspecified" and found in ("unspecified", "expert") and not (found == "expert" and why):
        found, why = after.affiliation, f"apposition:{after.head}"
        former = former or after.former
    if found == "military" and after.affiliation == "government_executive":
        found, why = after.affiliation, f"apposition:{after.head}"
    principal = principal or after.principal
    partisan = principal or "party" in rest_low[:6]
    if low[-1:] == ["deputy"] and found == "law_enforcement" and partisan and "sheriff's" not in low:
        found, why = "legislature", "deputy_of_a_party"
    aged = len(rest) > 1 and rest[0] == "," and _age(rest[1:])
    if aged and (found == "unspecified" or (after.head in TRADES and not before)):
        found, why = "citizen", "age_only"
    if found == "unspecified" and any(word.endswith("-year-old") for word in low):
        found, why = "citizen", "age_only"
    if found == "unspecified" and not principal and _of_a_town(rest, rest_low, known):
        found, why = "citizen", "home_town"
    if former and _has_left(found, low):
        return "expert", principal, f"former>{why}", True
    return found, principal, why, former


def _age(rest: list[str]) -> bool:
    return rest[0].isdigit() and len(rest[0]) == 2 and (len(rest) == 1 or not rest[1][0].isalnum() or rest[1] == "who")


def _of_a_town(rest: list[str], low: list[str], known: Gazetteer) -> bool:
    """ "Adam Oll of Lowick", and no more: news gives a home town for people who speak for nobody but themselves."""
    if len(rest) < 2 or low[0] != "of" or not _capital(rest[1]):
        return False
    end = next((at for at, word in enumerate(low) if at and word in (",", "who")), len(low))
    town = " ".join(low[1:end])
    plain = end < 5 and all(_capital(word) for word in rest[1:end]) and town not in STATES
    return plain and town not in known.places and _noun_phrase(rest[1:end], low[1:end], known).form == "name"


def _has_left(affiliation: str, low: list[str]) -> bool:
    """Does "former" end what an office said of its holder? A retired general is still of the military."""
    return affiliation in _LEFT or (affiliation == "military" and "retired" not in low)


_LEFT = ("government_executive", "legislature", "diplomat", "law_enforcement", "intelligence")
"""Offices whose former holders speak as experts (codebook C3 rule 5)."""


def _role_phrase(before: list[str], low: list[str], known: Gazetteer) -> tuple[str, str]:
    """Affiliation told by the words before a name ("Pentagon press secretary", "Rep."), and whom they speak for."""
    owner = _owner([*before, ""], [*low, ""])
    if owner:
        body = _read(owner, known)
        if body.form == "organisation" and body.affiliation != "unspecified" and body.rule != "place_for_government":
            return body.affiliation, owner
    while len(low) > 1 and low[-1].rstrip(".") in COURTESY and " ".join(low[-2:]) not in known.heads:
        before, low = before[:-1], low[:-1]
    entry = _lexical(low, known)
    cut = next((at for at, word in enumerate(low) if word in ("of", "for")), 0)
    field = ""
    if entry is None and cut:
        field = _sector(low[cut + 1 :], known)
        before, low = before[:cut], low[:cut]
        entry = _lexical(low, known)
    bare = [word.rstrip(".") for word in low]
    size = len(entry[0].split()) if entry else 1
    modifiers, marked = low[:-size], before[:-size]
    principal = _principal(marked, known)
    if bare[-1] in CANDIDATE:
        return "party", principal
    sector = _sector(modifiers, known)
    titled = next((known.titles[word] for word in reversed(bare) if known.titles.get(word)), "")
    if entry is not None and entry[1] in ("person", "role"):
        if sector and modifier_beats(entry[0], entry[2], sector):
            return sector, principal
        own = bare[-1] in ("minister", "secretary") or bare[-1] in OWN_JUDGEMENT
        body = _read(principal, known) if principal and not own else Reading()
        if body.rule.startswith(("name:outlet", "name:body", "name:domain")) and body.affiliation != "unspecified":
            return body.affiliation, principal
        if (entry[0] in _MOUTHS and _unknown(principal, known)) or (
            entry[1:] == ("role", "government_executive") and _foreign(body)
        ):
            return "unspecified", principal
        told = titled if bare[-1] in known.titles and titled else entry[2]
        return (field if told in ("unspecified", "business") and field else told), principal
    if titled:
        return titled, principal
    ending = bare[-1].endswith(EXPERT_ENDINGS)
    return ("expert" if ending else _sector(low, known) or "unspecified"), principal


def _principal(marked: list[str], known: Gazetteer) -> str:
    """The proper name set beside an office: capitalised words that are no title, grade or people."""
    found = [word for word in marked if _capital(word) and word.casefold().rstrip(".") not in known.titles]
    named = any(word not in GRADES and word not in known.demonyms for word in map(str.casefold, found))
    return " ".join(found) if named else ""


def modifier_beats(entry: str, own: str, sector: str) -> bool:
    """Codebook C3 rule 2, with its limits: an office stays an office, an expert on the army stays an expert."""
    last = entry.split()[-1]
    if own == "expert" and last in (
        "analyst",
        "expert",
        "historian",
        "scholar",
        "professor",
        "economist",
        "doctor",
        "lawyer",
        "consultant",
        "pollster",
    ):
        return False
    if own == "citizen" and (sector in ("business", "media") or last in OWN_JUDGEMENT):
        return False
    if own in ("media", "family") or (" " in entry and own not in ("government_executive", "unspecified", "business")):
        return False
    if (
        own in ("legislature", "judiciary")
        and last != "counsel"
        and sector in ("government_executive", "party", "law_enforcement")
    ):
        return False
    if last == "minister" or (last == "secretary" and sector == "military"):
        return False
    if own == "government_executive" and last in ("president", "governor", "mayor", "chancellor"):
        return sector in ("business", "expert", "activist_ngo", "party", "media", "international_organisation")
    return not (own == "party" and sector == "government_executive")


_ABOVE = {
    "activist_ngo": ("international_organisation", "government_executive", "legislature"),
    "diplomat": ("international_organisation", "party"),
}
"""Whose human rights officers are no activists', and whose foreign affairs no foreign ministry's."""


def _sector_phrase(words: list[str], known: Gazetteer) -> str:
    """The sector of the first listed phrase among the words; "" where none is there."""
    if known.phrase_starts.isdisjoint(words):
        return ""
    joined = f" {' '.join(words)} "
    return next((sector for phrase, sector in known.padded_phrases if phrase in joined), "")


def _sector(low: list[str], known: Gazetteer) -> str:
    """The sector the words name, the specific before the general; "" where they name none."""
    if not low:
        return ""
    words = [word.removesuffix("'s").removesuffix("'").rstrip(".") for word in low]
    phrase = _sector_phrase(words, known)
    above = _ABOVE.get(phrase)
    if phrase and not (above and any(known.sectors.get(word) in above for word in words)):
        return phrase
    if known.sectors.keys().isdisjoint(words):
        return ""
    found = {known.sectors[word] for word in words if word in known.sectors}
    return next((sector for sector in _ORDER if sector in found), "")


_ORDER = (
    "intelligence militant diplomat international_organisation party military legislature judiciary law_enforcement "
    "media expert activist_ngo business citizen government_executive other"
).split()
"""Which sector wins where the words of one label name several."""

_KIN = frozenset("son sons daughter daughters husband wife brother sister father mother child children".split())
_WHO = re.compile(
    r"(?:helmed|led|leads|heads|headed|runs|ran|chairs|chaired|directs|directed|served as|serves as|serves on|served on"
    r"|has served on|works for|works at|worked for|worked at|teaches at|teaches|taught|represents|represented|covers"
    r"|founded|founded the|oversees|advises|advised|studies|specializes in|wrote for|writes for) (.+)"
)


def _apposition(rest: list[str], low: list[str], known: Gazetteer) -> Reading:
    """What follows a name and says who it is: ", a professor at …", " of the Justice Department", ", who runs …"."""
    none = Reading()
    if len(rest) < 2:
        return none
    if low[0] == "," and low[1] in ("of", "with", "from", "for", "at"):
        rest, low = rest[1:], low[1:]
    if low[0] in ("of", "with", "from", "for", "at") and len(rest) > 1:
        body = _noun_phrase(rest[1:], low[1:], known)
        sided = body.form == "mass" and body.affiliation == "party"
        return body if sided or (body.form == "organisation" and body.rule != "place_for_government") else none
    if low[0] not in (",", "(", "—", "–", "--", "who", "whose", "the", "a", "an"):
        return none
    if low[0] in (",", "(") and len(rest) > 2 and _capital(rest[1]) and (office := _office(rest[1:], low[1:], known)):
        return office
    inner, inner_low = (rest, low) if low[0] in ("who", "whose", "the", "a", "an") else (rest[1:], low[1:])
    if re.fullmatch(r"[rdi]-[a-z.\-]+|[rdi]", inner_low[0]):
        return Reading("role", inner_low[0], affiliation="legislature", identification="named_role", rule="party_state")
    if _age(inner) and len(inner) > 2:
        inner, inner_low = inner[2:], inner_low[2:]
    if not inner:
        return none
    if inner_low[0] == "whose" and not _KIN.isdisjoint(inner_low[1:4]):
        return Reading("person", "whose", affiliation="family", identification="anonymous_individual", rule="kin")
    if inner_low[0] == "who":
        if inner_low[1:2] in (["is"], ["was"], ["became"]) and len(inner) > 2:
            return _apposition([",", *inner[2:]], [",", *inner_low[2:]], known)
        clause = _WHO.match(" ".join(inner[1:]).removeprefix("currently ").removeprefix("also ").removeprefix("now "))
        reading = _read(clause[1], known) if clause else none
        if reading.affiliation in ("unspecified", "document", "citizen", "family"):
            side = WHO_DOES.get(next((word for word in inner_low[1:4] if word in WHO_DOES), ""), "")
            side = side or _worked_for(inner, inner_low, known)
            return Reading("person", "who", affiliation=side, rule=f"who:{side}") if side else none
        return reading._replace(head="who")
    reading = _noun_phrase(inner, inner_low, known)
    if reading.plural and reading.form != "organisation":
        return none
    if reading.form == "organisation":
        named = reading.name and reading.rule != "place_for_government"
        return reading if named or inner_low[0] in ("a", "an") else none
    return reading if reading.form in ("role", "person", "none") else none


def _worked_for(words: list[str], low: list[str], known: Gazetteer) -> str:
    """Sector of the body that a clause says somebody does something at or for: "who values boats for the bank"."""
    for at in range(2, min(len(low) - 2, 10)):
        if low[at] in ("at", "for") and low[at + 1] in ("the", "a", "an") and not _CAMPAIGNING & set(low[1:3]):
            body = _noun_phrase(words[at + 1 :], low[at + 1 :], known)
            if body.form == "organisation" and body.rule != "place_for_government":
                return body.affiliation.replace("unspecified", "")
    return ""


_CAMPAIGNING = frozenset(
    "voted vote votes campaigned campaigning ran runs running waiting waited stood was were".split()
)


def _office(words: list[str], low: list[str], known: Gazetteer) -> Reading | None:
    """An office spelt in capitals, which would pass for a name: ", Lowick Harbour Police Chief", ", Director of …"."""
    end = next((at for at, word in enumerate(low) if word in STOP), len(low))
    entry = _lexical(low[:end], known)
    if entry is None or entry[1] != "role":
        return None
    reading = _common(_Nominal(low[:end], low[:end], words[end:], low[end:], "bare", ""), known)
    return reading._replace(principal=_owner(words[:end], low[:end])) if reading.form == "role" else None


# --- common nouns ---


def _owner(core: list[str], lows: list[str]) -> str:
    """What a possessive names: "Pakistan" in "Pakistan's president"; "" where there is none."""
    for at, word in enumerate(lows[:-1]):
        if word.endswith(("'s", "s'")):
            return " ".join([*core[:at], core[at].removesuffix("'s").removesuffix("'")])
    if len(lows) == 1 and lows[0].endswith("'s"):
        return core[0][:-2]
    return ""


class _Nominal(NamedTuple):
    """A phrase cut at its head noun: the words up to it as spelt and in lower case, what follows, article, number."""

    core: list[str]
    low: list[str]
    rest: list[str]
    rest_low: list[str]
    definite: str
    number: str


class _Head(NamedTuple):
    """A head noun: its form, the affiliation it has alone, its length in words; `loose` where nothing makes it one."""

    noun: str
    form: str
    own: str
    size: int
    plural: bool
    loose: bool


def _common(phrase: _Nominal, known: Gazetteer, lead: str = "") -> Reading:
    """A phrase headed by a common noun: typed by its entry, its modifiers and the body it speaks for."""
    head = _head_noun(phrase, known, lead)
    owner = _owner(phrase.core, phrase.low)
    if owner and head.noun in PLACES_OF:
        return _read(owner, known)
    modifiers, marked = phrase.low[: -head.size], _marked(phrase, head, known)
    principal = owner or _principal(marked, known)
    affiliation, why, body = _speaks_for(phrase, head, owner, principal, known)
    if head.noun in OFFSPRING and (owner or lead in POSSESSIVES):
        affiliation, why = "family", "offspring"
    former = any(word in FORMER for word in modifiers)
    if former and head.form in ("person", "role") and _has_left(affiliation, modifiers):
        affiliation, why = "expert", f"former>{why}"
    if head.loose and affiliation == "unspecified" and (body is None or (body.form == "name" and not phrase.rest)):
        return Reading(head=head.noun, plural=head.plural, rule="no_noun")
    reading = Reading(
        form=head.form or ("mass" if head.plural else "person"),
        head=head.noun,
        affiliation=affiliation,
        identification=_identify(head, phrase.definite, body, modifiers, marked, known),
        plural=head.plural,
        definite=phrase.definite == "definite" or bool(owner),
        number=(phrase.number if phrase.number not in ("", "1") else "plural") if head.plural else "one",
        title=head.noun if head.form == "role" else "",
        gender=GENDER.get(singular(phrase.low[-1].rstrip("'")), ""),
        former=former,
        principal=principal,
        rule=why,
    )
    return _with_apposed_name(reading, phrase.rest, known)


def _head_noun(phrase: _Nominal, known: Gazetteer, lead: str) -> _Head:
    """The head of a phrase, by the lists, else by its ending; `lead` is the determiner, which an entry may hold."""
    last = phrase.low[-1]
    bare = last.removesuffix("'s").rstrip("'")
    found = known.heads.get(f"{lead} {singular(bare)}") if lead else None
    found = found or _lexical([*phrase.low[:-1], bare], known)
    vague = VAGUE.get(last, "") if found is None else ""
    noun, form, own = found or (singular(bare) or last, vague, "unspecified")
    if found is None and not vague:
        form, own = _by_ending(noun)
    loose = found is None and form == "none"
    size = min(len(noun.split()), len(phrase.low)) if found else 1
    last = last.rstrip("'")
    many = phrase.number not in ("", "1") or vague == "mass"
    plural = many or last != singular(last) or last in ("people", "men", "women", "police")
    return _Head(noun, "" if loose else form, own, size, plural, loose)


def _marked(phrase: _Nominal, head: _Head, known: Gazetteer) -> list[str]:
    """The words before the head, without the capital that only the start of a sentence gave the first of them."""
    words = phrase.core[: -head.size]
    if phrase.definite == "bare" and words and phrase.low[0] in known.listed and not words[0].isupper():
        return [words[0].lower(), *words[1:]]
    return words


def _speaks_for(
    phrase: _Nominal, head: _Head, owner: str, principal: str, known: Gazetteer
) -> tuple[str, str, Reading | None]:
    """Affiliation, the rule that told it, and the body: modifiers first, then the body, then the name beside."""
    modifiers = phrase.low[: -head.size]
    sector = _sector(modifiers, known) if modifiers else ""
    affiliation, why = _modified(head, modifiers, sector, known)
    body = _body_named(owner, phrase.rest, phrase.rest_low, head.noun, head.form, known)
    partisan = head.noun.split()[-1] in _HIRED and "party" in (sector, head.own)
    if body is not None and body.affiliation != "unspecified" and head.own != "family" and not partisan:
        affiliation, why = body.affiliation, f"body:{body.name or body.head}"
    if not sector and head.noun in BLANK and _informed(phrase.rest_low):
        affiliation, why = "unspecified", "closeness"
    if body is None and principal and not why.startswith("modifier") and affiliation in (head.own, "unspecified"):
        body = _body_beside(principal, head, known)
        if body is not None:
            affiliation, why = body.affiliation, f"body:{principal}"
    if why.startswith("head:") and head.noun in _MOUTHS and _unknown(principal, known):
        affiliation, why = "unspecified", f"unknown_body:{principal}"
    office = head.form == "role" and head.own == affiliation == "government_executive"
    if office and body is not None and _foreign(body):
        affiliation, why = "unspecified", f"unknown_body:{body.name}"
    return affiliation, why, body


_HIRED = frozenset("consultant strategist operative".split())
"""Who works for a party through a firm: a Republican consultant is the party's wherever he sits."""


def _modified(head: _Head, modifiers: list[str], sector: str, known: Gazetteer) -> tuple[str, str]:
    """Affiliation of a head with the words before it, and the rule that told it."""
    if head.noun in ("side", "authority") and not sector and any(word in known.demonyms for word in modifiers):
        return "government_executive", f"{head.noun}_of_a_state"
    if sector and head.form != "none" and _sectored(head.form, head.noun, head.own, sector):
        return sector, f"modifier:{sector}"
    return head.own, f"head:{head.noun}"


def _informed(low: list[str]) -> bool:
    """Is a person known only by what they know ("people briefed on the talks")?"""
    return bool(low) and (low[0] in INFORMED or low[:3] == ["with", "knowledge", "of"])


def _body_beside(principal: str, head: _Head, known: Gazetteer) -> Reading | None:
    """The body that a proper name beside the head is ("Harbour Bank economists"), where it has a sector."""
    if head.own == "citizen" or head.form in ("mass", "none"):
        return None
    named = _read(principal, known)
    body = named.rule.startswith(("name:outlet", "name:body", "name:sector"))
    return named if body and named.affiliation != "unspecified" else None


def _by_ending(head: str) -> tuple[str, str]:
    """Form and affiliation of a noun no list knows, by what it ends in: sciences, trades, doers, texts.

    Any other lone noun is no person, body or document, so it can be no source: "a private", "the move".
    """
    if head.endswith(EXPERT_ENDINGS):
        return "person", "expert"
    if head.endswith(_TRADES):
        return "person", "citizen"
    if head.endswith(_TEXTS):
        return "document", "document"
    if head in NUMBERS:
        return "mass", "unspecified"
    if head in _ORDINALS:
        return "person", "unspecified"
    if len(head) > 4 and head.endswith(_DOERS):
        return "", "unspecified"
    return "none", "unspecified"


_ORDINALS = frozenset("other first second third fourth fifth sixth last latter former same".split())
_TRADES = ("worker", "keeper", "owner", "goer", "grower", "farmer", "dweller", "driver", "lady", "holder", "year-old")
_TEXTS = ("graph", "gram", "script", "sheet", "book")
_DOERS = (
    "er", "or", "ar", "ist", "ian", "ese", "ant", "ent", "ee", "eer", "eur", "man", "woman", "person", "people", "crat",
    "ic", "ite", "ive", "child", "mate", "hand", "folk", "kin", "chief", "head", "parent", "king", "prince", "princess",
    "fan", "buff", "guru", "czar", "tsar", "boss", "star", "surgeon", "host", "chair", "guy", "chef", "kid",
)  # fmt: skip
_MOUTHS = frozenset("spokesman spokeswoman spokesperson leader".split())
"""Heads whose default is the government's, which a named body that is not one overrides."""


def _foreign(body: Reading) -> bool:
    """A named body of no sector: its president is not the state's."""
    named = body.form == "organisation" and body.rule.startswith("name")
    return named and body.affiliation == "unspecified"


def _unknown(principal: str, known: Gazetteer) -> bool:
    """Whether a name set beside a spokesman is of no listed place or sector."""
    words = [word.casefold().rstrip(".") for word in principal.split()]
    return bool(words) and not any(
        word in known.places or word in known.demonyms or word in known.sectors or word in ("u.s", "us")
        for word in words
    )


def _sectored(form: str, head: str, own: str, sector: str) -> bool:
    if form in ("document", "organisation"):
        return sector == "party" or (
            own in ("document", "unspecified", "government_executive", "expert") and sector != "government_executive"
        )
    return modifier_beats(head, own, sector)


def _with_apposed_name(reading: Reading, rest: list[str], known: Gazetteer) -> Reading:
    """A person's name set beside a role: "a spokesman for the port, Adam Oll"."""
    if "," not in rest or reading.form not in ("role", "person"):
        return reading
    run: list[str] = []
    for word in rest[rest.index(",") + 1 :]:
        if not (_capital(word) or (run and word.casefold() in PARTICLES)):
            break
        run.append(word)
    names = [word for word in run if word.casefold().rstrip(".") not in known.titles]
    low = [word.casefold() for word in names]
    alone = len(rest) - rest.index(",") - 1 - len(run)
    surname = len(names) == 1 and reading.definite and not reading.plural and low[0] not in known.listed
    if (
        not (len(names) > 1 or (surname and (not alone or rest[-alone] == ",")))
        or _is_body(low, known)
        or " ".join(low) in known.places
    ):
        return reading
    gender = reading.gender or known.given.get(low[0], "").replace("any", "")
    return reading._replace(
        form="name", name=" ".join(names), identification="named_person", definite=True, title=reading.head,
        gender=gender, number="one", plural=False, rule=f"apposed_name>{reading.rule}",
    )  # fmt: skip


def _body_named(owner: str, rest: list[str], low: list[str], head: str, form: str, known: Gazetteer) -> Reading | None:
    """The body a person speaks for or a document comes from (codebook C3 rules 2, 3 and 6), if one is named."""
    if form in ("mass", "none"):
        return None
    last = (head.split() or [""])[-1]
    bodies = [_read(owner, known)] if owner else []
    if len(low) > 1 and (
        low[0] in ("for", "at", "with", "from", "by")
        or (low[0] == "of" and form != "document")
        or (low[0] in ("to", "in", "on", "within", "inside") and last in TIED)
    ):
        bodies.append(_read_words(rest[1:], low[1:], known))
    if form == "role" and len(low) > 3:
        bodies.extend(_bodies_further_on(rest, low, known))
    if form == "document" and "by" in low[:4] and _GOT.isdisjoint(low[:3]):
        by = low.index("by") + 1
        bodies.append(_read_words(rest[by:], low[by:], known))
    for body in bodies:
        if body.form in ("none", "pronoun") or (body.form == "document" and form == "role"):
            continue
        if body.rule.endswith("place_for_government") and (form == "role" or last in OF_A_PLACE):
            return body._replace(affiliation="unspecified")
        if body.rule.endswith("place_for_government"):
            if last == "representative" and body.name.casefold() in known.places:
                return body
            continue
        if last in ("minister", "secretary") and body.rule == "name:outlet":
            continue
        if last in OWN_JUDGEMENT and body.affiliation != "business":
            return body._replace(affiliation="unspecified") if body.form == "organisation" else None
        if body.form in ("organisation", "name", "role") or (form == "document" and body.form == "person"):
            return body
        if body.form in ("person", "mass") and body.affiliation not in ("unspecified", "citizen", "family"):
            return body._replace(form="")
    return None


def _bodies_further_on(rest: list[str], low: list[str], known: Gazetteer) -> Iterator[Reading]:
    """Bodies named after the field of an office: "director for research | at Saltmarsh College"."""
    for at in range(1, min(len(low) - 1, 10)):
        if low[at] in (",", "who", "which", "that"):
            return
        if low[at] in ("at", "for", "of", "with") and (_capital(rest[at + 1]) or low[at + 1] == "the"):
            body = _noun_phrase(rest[at + 1 :], low[at + 1 :], known)
            if body.form == "organisation" and body.rule != "place_for_government":
                yield body


_GOT = frozenset("seen obtained reviewed uncovered acquired viewed intercepted discovered verified stolen".split())
"""What those do with a document who did not write it: "a letter seen by the BBC"."""
_UNIQUE = frozenset(
    "president chancellor governor mayor pope king queen secretary chairman chairwoman executive ceo nominee candidate "
    "commander speaker general ambassador sheriff coroner director judge minister leader commissioner "
    "superintendent boss".split()
)


def _identify(
    head: _Head, definite: str, body: Reading | None, modifiers: list[str], marked: list[str], known: Gazetteer
) -> str:
    """Codebook C2, tests in order: role with its body, body, document, countable person, plural or mass."""
    form = head.form
    place = any(word.removesuffix("'s").rstrip(".") in known.demonyms or word in ("u.s.", "us") for word in modifiers)
    proper = any(_capital(word) for word in marked)
    if form == "role" and not head.plural:
        with_body = (
            (body is not None and body.form in ("organisation", "name", "role"))
            or place
            or proper
            or bool(_sector(modifiers, known))
        )
        if definite == "indefinite" and head.noun.split()[-1] not in (
            "spokesman",
            "spokeswoman",
            "spokesperson",
            "secretary",
        ):
            with_body = with_body and body is not None and body.form == "organisation"
        unique = definite == "definite" and head.noun.split()[-1] in _UNIQUE
        return "named_role" if with_body or unique else "anonymous_individual"
    if form == "organisation":
        named = (
            proper
            or place
            or head.noun[:1].isupper()
            or " of " in head.noun
            or (body is not None and body.form in ("organisation", "name", "role"))
        )
        return "named_organisation" if named else "anonymous_group"
    if form == "document":
        issued = proper or (body is not None and body.form in ("organisation", "name"))
        return "named_organisation" if issued else "unnamed_document"
    if form == "none":
        return "unattributed"
    return "anonymous_group" if form == "mass" or head.plural else "anonymous_individual"
