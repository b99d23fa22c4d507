"""Source phrases word by word: pronouns, groups, two sources, names with their labels, common nouns with their bodies.

Parts are read as phrases in their turn: "a spokesman for the port, Adam Oll" holds a body and an apposed name.
Order of tests (codebook C2): proper name, role with its body, body, document, countable person, plural or mass, none.
Affiliation (codebook C3): a modifier beats the head, the body spoken for beats a profession, a document takes the
sector of its issuer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from discourse.boundaries import after_share, conjunct, core_end, determiner, partitive
from discourse.heads import (
    Head,
    Nominal,
    entry_of,
    head_noun,
    identify,
    is_title,
    modified,
    owner_of,
    principal_of,
    words_before,
)
from discourse.names import generic, kind_of_name, name_start
from discourse.nominals import (
    ARTICLES,
    BLANK,
    CANDIDATE,
    COURTESY,
    DAYS,
    EXPERT_ENDINGS,
    FORMER,
    GENDER,
    INFORMED,
    NUMBERS,
    OF_A_PLACE,
    OFFSPRING,
    OPACITY,
    OPENERS,
    OWN_JUDGEMENT,
    PARTICLES,
    PERSONAL,
    PLACES_OF,
    POSSESSIVES,
    PRONOUNS,
    STATES,
    STOP,
    TIED,
    TRADES,
    VAGUE,
    WHO_DOES,
    Gazetteer,
    Reading,
    capitalised,
    singular,
    words_of,
)
from discourse.sectors import has_left, modifier_beats, sector_of, sector_of_body

MOST = 400
"""Characters of a source phrase that are read: the longest source in PolNeAR's training articles has about 300."""


def read_text(text: str, known: Gazetteer) -> Reading:
    """Read a phrase by its words, as far as `MOST` goes."""
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
    while len(words) > 1 and low[-1] in DAYS and words[-1][0].isupper():
        words, low = words[:-1], low[:-1]
    stem = low[0].split("'")[0]
    if stem in PRONOUNS and words[0] != "US":
        if stem in PERSONAL or (len(words) == 1 and stem != low[0]):
            return _pronoun(stem)
        if stem == low[0] and (len(words) == 1 or not words[1][0].isalnum()):
            return _pronoun(stem)
    at = after_share(low) if len(low) > 2 and ("in" in low or "out" in low) else 0
    if at == len(low):
        return _noun_phrase(["percent"], ["percent"], known)
    at = at - 1 if at else partitive(words, low)
    if at:
        return _part_of(words, low, at, known)
    first = conjunct(words, low, known)
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
    start, definite, number = determiner(words, low, known)
    stop = core_end(words, low, start, known)
    core, lows = words[start:stop], low[start:stop]
    rest, rest_low = words[stop:], low[stop:]
    if not core or (len(core) == 1 and lows[0] in ARTICLES):
        reading = _bare_determiner(low[stop - 1] if stop else "", number)
        return reading._replace(affiliation="citizen") if _of_the_public(low[:stop], rest_low) else reading
    if len(core) == 1 and core[0].isdigit() and (start or len(core[0]) < 4):
        return _bare_determiner(core[0], core[0])
    if len(core) == 1 and start == 0 and _no_noun(core[0], lows[0], known):
        return Reading(head=lows[0], rule="no_noun")
    name_at = name_start(core, lows, definite, known)
    if name_at < len(core):
        return _named(core, lows, name_at, rest, rest_low, definite, known)
    lead = low[start - 1] if start else ""
    return _common(Nominal(core, lows, rest, rest_low, definite, number), known, lead)


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


# --- names and their labels ---


def _named(
    core: list[str], lows: list[str], at: int, rest: list[str], rest_low: list[str], definite: str, known: Gazetteer
) -> Reading:
    """A phrase whose core ends in a proper name: person, body or place, with titles before it and apposition after."""
    name = " ".join(core[at:]).rstrip("'").removesuffix("'s")
    before, before_low = core[:at], lows[:at]
    kind, sector, rule = kind_of_name(core[at:], lows[at:], before_low, definite, known)
    if kind == "place":
        return Reading(
            "organisation", name, name, "government_executive", "named_organisation", definite=True, rule=rule
        )
    if kind == "sign":
        return Reading(head=lows[-1], rule=rule)
    if kind == "partisan":
        return Reading("person", name, "", "party", "anonymous_individual", definite=definite == "definite", rule=rule)
    if kind == "people" and rule == "trade":
        return _common(Nominal(lows, lows, rest, rest_low, "bare", ""), known)
    if kind == "people":
        return _people(name, lows[-1].removesuffix("'s").rstrip("'"), definite)
    if kind == "organisation":
        told = "anonymous_group" if definite == "indefinite" and generic(lows[at:], known) else "named_organisation"
        affiliation = sector if sector not in ("", "unspecified") else sector_of(before_low, known)
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


def _people(name: str, word: str, definite: str) -> Reading:
    """ "Germans" or "the British" are people; a bare adjective ("Israeli claims") stands for the state."""
    if word == singular(word) and definite != "definite":
        return Reading("organisation", name, "", "government_executive", "named_organisation", rule="nationality")
    return Reading(
        "mass", name, "", "citizen", "anonymous_group", True, definite == "definite", "plural", rule="nationality"
    )


def _head_of(low: list[str], known: Gazetteer) -> str:
    return next((singular(word.rstrip(".")) for word in reversed(low) if is_title(word, known)), "")


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
    if former and has_left(found, low):
        return "expert", principal, f"former>{why}", True
    return found, principal, why, former


def _age(rest: list[str]) -> bool:
    return rest[0].isdigit() and len(rest[0]) == 2 and (len(rest) == 1 or not rest[1][0].isalnum() or rest[1] == "who")


def _of_a_town(rest: list[str], low: list[str], known: Gazetteer) -> bool:
    """ "Adam Oll of Lowick", and no more: news gives a home town for people who speak for nobody but themselves."""
    if len(rest) < 2 or low[0] != "of" or not capitalised(rest[1]):
        return False
    end = next((at for at, word in enumerate(low) if at and word in (",", "who")), len(low))
    town = " ".join(low[1:end])
    plain = end < 5 and all(capitalised(word) for word in rest[1:end]) and town not in STATES
    return plain and town not in known.places and _noun_phrase(rest[1:end], low[1:end], known).form == "name"


def _role_phrase(before: list[str], low: list[str], known: Gazetteer) -> tuple[str, str]:
    """Affiliation told by the words before a name ("Pentagon press secretary", "Rep."), and whom they speak for."""
    owner = owner_of([*before, ""], [*low, ""])
    if owner:
        body = read_text(owner, known)
        if body.form == "organisation" and body.affiliation != "unspecified" and body.rule != "place_for_government":
            return body.affiliation, owner
    while len(low) > 1 and low[-1].rstrip(".") in COURTESY and " ".join(low[-2:]) not in known.heads:
        before, low = before[:-1], low[:-1]
    entry = entry_of(low, known)
    cut = next((at for at, word in enumerate(low) if word in ("of", "for")), 0)
    field = ""
    if entry is None and cut:
        field = sector_of(low[cut + 1 :], known)
        before, low = before[:cut], low[:cut]
        entry = entry_of(low, known)
    bare = [word.rstrip(".") for word in low]
    size = len(entry[0].split()) if entry else 1
    modifiers, marked = low[:-size], before[:-size]
    principal = principal_of(marked, known)
    if bare[-1] in CANDIDATE:
        return "party", principal
    sector = sector_of(modifiers, known)
    titled = next((known.titles[word] for word in reversed(bare) if known.titles.get(word)), "")
    if entry is not None and entry[1] in ("person", "role"):
        if sector and modifier_beats(entry[0], entry[2], sector):
            return sector, principal
        own = bare[-1] in ("minister", "secretary") or bare[-1] in OWN_JUDGEMENT
        body = read_text(principal, known) if principal and not own else Reading()
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
    return ("expert" if ending else sector_of(low, known) or "unspecified"), principal


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
    capital = low[0] in (",", "(") and len(rest) > 2 and capitalised(rest[1])
    if capital and (office := _office(rest[1:], low[1:], known)):
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
        reading = read_text(clause[1], known) if clause else none
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


_KIN = frozenset("son sons daughter daughters husband wife brother sister father mother child children".split())
_WHO = re.compile(
    r"(?:helmed|led|leads|heads|headed|runs|ran|chairs|chaired|directs|directed|served as|serves as|serves on|served on"
    r"|has served on|works for|works at|worked for|worked at|teaches at|teaches|taught|represents|represented|covers"
    r"|founded|founded the|oversees|advises|advised|studies|specializes in|wrote for|writes for) (.+)"
)


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
    entry = entry_of(low[:end], known)
    if entry is None or entry[1] != "role":
        return None
    reading = _common(Nominal(low[:end], low[:end], words[end:], low[end:], "bare", ""), known)
    return reading._replace(principal=owner_of(words[:end], low[:end])) if reading.form == "role" else None


# --- common nouns and the bodies they speak for ---


def _common(phrase: Nominal, known: Gazetteer, lead: str = "") -> Reading:
    """A phrase headed by a common noun: typed by its entry, its modifiers and the body it speaks for."""
    head = head_noun(phrase, known, lead)
    owner = owner_of(phrase.core, phrase.low)
    if owner and head.noun in PLACES_OF:
        return read_text(owner, known)
    modifiers, marked = phrase.low[: -head.size], words_before(phrase, head, known)
    principal = owner or principal_of(marked, known)
    affiliation, why, body = _speaks_for(phrase, head, owner, principal, known)
    if head.noun in OFFSPRING and (owner or lead in POSSESSIVES):
        affiliation, why = "family", "offspring"
    former = any(word in FORMER for word in modifiers)
    if former and head.form in ("person", "role") and has_left(affiliation, modifiers):
        affiliation, why = "expert", f"former>{why}"
    if head.loose and affiliation == "unspecified" and (body is None or (body.form == "name" and not phrase.rest)):
        return Reading(head=head.noun, plural=head.plural, rule="no_noun")
    reading = Reading(
        form=head.form or ("mass" if head.plural else "person"),
        head=head.noun,
        affiliation=affiliation,
        identification=identify(head, phrase.definite, body, modifiers, marked, known),
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


def _speaks_for(
    phrase: Nominal, head: Head, owner: str, principal: str, known: Gazetteer
) -> tuple[str, str, Reading | None]:
    """Affiliation, the rule that told it, and the body: modifiers first, then the body, then the name beside."""
    modifiers = phrase.low[: -head.size]
    sector = sector_of(modifiers, known) if modifiers else ""
    affiliation, why = modified(head, modifiers, sector, known)
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


def _informed(low: list[str]) -> bool:
    """Is a person known only by what they know ("people briefed on the talks")?"""
    return bool(low) and (low[0] in INFORMED or low[:3] == ["with", "knowledge", "of"])


def _body_beside(principal: str, head: Head, known: Gazetteer) -> Reading | None:
    """The body that a proper name beside the head is ("Harbour Bank economists"), where it has a sector."""
    if head.own == "citizen" or head.form in ("mass", "none"):
        return None
    named = read_text(principal, known)
    body = named.rule.startswith(("name:outlet", "name:body", "name:sector"))
    return named if body and named.affiliation != "unspecified" else None


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


def _with_apposed_name(reading: Reading, rest: list[str], known: Gazetteer) -> Reading:
    """A person's name set beside a role: "a spokesman for the port, Adam Oll"."""
    if "," not in rest or reading.form not in ("role", "person"):
        return reading
    run: list[str] = []
    for word in rest[rest.index(",") + 1 :]:
        if not (capitalised(word) or (run and word.casefold() in PARTICLES)):
            break
        run.append(word)
    names = [word for word in run if word.casefold().rstrip(".") not in known.titles]
    low = [word.casefold() for word in names]
    alone = len(rest) - rest.index(",") - 1 - len(run)
    surname = len(names) == 1 and reading.definite and not reading.plural and low[0] not in known.listed
    if (
        not (len(names) > 1 or (surname and (not alone or rest[-alone] == ",")))
        or sector_of_body(low, known)
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
    bodies = [read_text(owner, known)] if owner else []
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


_GOT = frozenset("seen obtained reviewed uncovered acquired viewed intercepted discovered verified stolen".split())
"""What those do with a document who did not write it: "a letter seen by the BBC"."""


def _bodies_further_on(rest: list[str], low: list[str], known: Gazetteer) -> Iterator[Reading]:
    """Bodies named after the field of an office: "director for research | at Saltmarsh College"."""
    for at in range(1, min(len(low) - 1, 10)):
        if low[at] in (",", "who", "which", "that"):
            return
        if low[at] in ("at", "for", "of", "with") and (capitalised(rest[at + 1]) or low[at + 1] == "the"):
            body = _noun_phrase(rest[at + 1 :], low[at + 1 :], known)
            if body.form == "organisation" and body.rule != "place_for_government":
                yield body
