"""Proper names in source phrases: where one begins, and whether it is a person's, a body's, a place's or a people's."""

from __future__ import annotations

import re

from discourse.boundaries import field_end
from discourse.heads import entry_of, is_title
from discourse.nominals import FORMER, GRADES, PARTICLES, SIGNS, STATES, VAGUE, Gazetteer, capitalised, singular
from discourse.sectors import sector_of, sector_of_body


def unlisted(name: str, known: Gazetteer) -> bool:
    """Is it spelt as a person's name, of words that no list knows?"""
    if not _PLAIN_NAME.fullmatch(name):
        return False
    low = name.casefold()
    return (
        low not in known.outlets
        and low not in STATES
        and not low.endswith(_PEOPLE_BY_TRADE)
        and not any(word in known.listed or singular(word) in known.listed for word in low.split())
    )


_PLAIN_NAME = re.compile(r"[A-Z][a-z]+(?: [A-Z]\.)?(?: [A-Z][a-z]+){0,2}")
_PEOPLE_BY_TRADE = ("ologists", "omists", "icians", "ivists", "ernists", "ticists", "ographers", "itarians")
"""Ends of words that are people in the plural and no surname: "Biologists", "Politicians"."""


def name_start(core: list[str], lows: list[str], definite: str, known: Gazetteer) -> int:
    """Index at which a proper name begins that runs to the end of the core; len(core) where there is none."""
    last = len(core) - 1
    if len(core) == 1 and lows[0] in VAGUE:
        return 1
    if not capitalised(core[last]) or _title_case_noun(core, lows, definite, known):
        return len(core)
    at = last
    while at > 0 and not lows[at - 1].endswith(("'s", "s'")):
        inner = at > 1 and lows[at - 1] in ("of", "for", "to", "and", "the", "&", "on") and capitalised(core[at - 2])
        inner = inner or (at > 2 and lows[at - 2 : at] == ["of", "the"] and capitalised(core[at - 3]))
        if not (capitalised(core[at - 1]) or lows[at - 1] in PARTICLES or inner):
            break
        at -= 1
    if sector_of_body([word.rstrip(".") for word in lows[at:]], known):
        return at
    if at == last > 0 and lows[at] in known.bodies and capitalised(core[at - 1]) and lows[at - 1].endswith("s'"):
        return at - 1
    titles = [spot for spot in range(at, last) if is_title(lows[spot], known) and not _given_pair(lows, spot, known)]
    if titles:
        return _after_portfolio(lows, titles[-1] + 1, known)
    if at > 1 and lows[at - 1] in ("of", "for", "to") and is_title(lows[at - 2], known):
        return field_end(lows, at, known)
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
    if (end := field_end(lows, at + 1, known)) > at + 1:
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
    found = entry_of([*lows[:-1], lows[-1].removesuffix("'s")], known)
    if found is None:
        return False
    of = next((at for at, word in enumerate(lows[:-1]) if at and word in ("of", "for", "on")), 0)
    if of and lows[of - 1] in known.bodies and capitalised(core[of - 1]) and capitalised(core[-1]):
        return False
    size = len(found[0].split())
    if lows[-1] in _PARTY_MEMBERS and len(core) == 2 and known.heads.get(lows[0], ("", "", ""))[2] == "citizen":
        return True
    if definite == "definite" and found[1] == "role" and lows[0] not in known.given:
        return True
    if len(core) > 1 and lows[-1] not in _TRADE_NAMES and all(is_title(word, known) for word in lows):
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
        and all(capitalised(word) or word in ("of", "for") for word in core[-2:])
    ):
        return False
    if found[1] in ("organisation", "mass", "document") or core[-1][0].islower():
        return True
    if lows[-1] != singular(lows[-1]):
        return True
    if found[1] in ("role", "person") and lows[-1] not in _TRADE_NAMES and _of_a_body(lows[:-size], known):
        return True
    plain = len(core) == 2 and lows[0] not in known.given and lows[0] not in known.places
    return plain and not is_title(lows[0], known) and _adjective(lows[0])


_PARTY_MEMBERS = ("republicans", "democrats")


def _of_a_body(lows: list[str], known: Gazetteer) -> bool:
    """Do the words before a head name an outlet, a sector or a people: "CNN President", "Iranian Deputy Speaker"?"""
    if lows[-1].endswith(("'s", "s'")) or " ".join(lows) in known.outlets:
        return True
    if len(lows) == 1 and is_title(lows[0], known):
        return False
    return all(word in known.sectors or word in known.demonyms or word in GRADES for word in lows)


_TRADE_NAMES = frozenset(
    "backer baker barber bishop builder carpenter child church constable dean gardener guard king marshal mason "
    "merchant miner painter plumber pope star warden".split()
)
"""Trades that are common surnames: without an article they name somebody ("Baker said")."""


def _adjective(word: str) -> bool:
    return word.endswith(("ed", "ar", "al", "ic", "ior", "ful", "ous", "ive", "ing", "ish", "ian", "ese", "able"))


def kind_of_name(
    name: list[str], low: list[str], before: list[str], definite: str, known: Gazetteer
) -> tuple[str, str, str]:
    """person, organisation or place, the sector of a body, and the rule that decided."""
    bare = [word.rstrip(".").removesuffix("'s").rstrip("'") for word in low]
    joined = " ".join(bare)
    titled = bool(before) and is_title(before[-1], known)
    if titled and not _only_described(name, bare, before[-1], known):
        return "person", "", "name:title"
    if joined in known.places or joined in STATES or joined in ("u.s", "us", "usa", "u.k", "uk", "eu"):
        return "place", "", "place_for_government"
    if len(name) == 1 and not before and len(joined) > 6 and joined.endswith(_PEOPLE_BY_TRADE):
        return "people", "", "trade"
    if len(name) == 1 and definite == "indefinite" and bare[0] != singular(bare[0]):
        return "people", "", "nationality"
    body = sector_of_body(bare, known)
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
        return "organisation", "media" if paper else sector_of(bare, known), "name:article"
    if name[-1][1:] != name[-1][1:].lower() and not re.match(
        r"(?:Mc|Mac|De|Di|La|Le|Van|O'|[A-Z'.-]+$|(?:[A-Z][a-z]+-)+[A-Z][a-z]+$)", name[-1]
    ):
        return "organisation", "", "name:case"
    return "person", "", "name:plain"


_DOMAINS = (".com", ".org", ".net")
_PARTISANS = frozenset("republican democrat tory socialist communist islamist nationalist".split())


def _only_described(name: list[str], low: list[str], word: str, known: Gazetteer) -> bool:
    """Is the word before a name no title but an adjective: "the progressive Tides Institute", "Muslim Malaysia"?"""
    entry = known.heads.get(word)
    if entry is None or entry[1] != "person" or low[0] in known.given:
        return False
    return " ".join(low) in known.places or (len(name) > 1 and word in _CAMPS and bool(sector_of_body(low, known)))


_CAMPS = frozenset("progressive conservative liberal libertarian socialist communist independent".split())


def generic(low: list[str], known: Gazetteer) -> bool:
    """Is a body called by nothing but what it is: "an Iranian Opposition Group"?"""
    words = (known.sectors, known.bodies, known.demonyms, known.heads)
    return len(low) > 1 and all(any(word in kind for kind in words) for word in low)
