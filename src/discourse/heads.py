"""Head nouns of source phrases: which words are the head, what form and affiliation it has, what stands before it.

A head is found by the lists, else by its ending; how much it tells the reader is codebook C2 (`identify`).
"""

from __future__ import annotations

from typing import NamedTuple

from discourse.nominals import EXPERT_ENDINGS, GRADES, NUMBERS, VAGUE, Entry, Gazetteer, Reading, capitalised, singular
from discourse.sectors import modifier_beats, sector_of


class Nominal(NamedTuple):
    """A phrase cut at its head noun: the words up to it as spelt and in lower case, what follows, article, number."""

    core: list[str]
    low: list[str]
    rest: list[str]
    rest_low: list[str]
    definite: str
    number: str


class Head(NamedTuple):
    """A head noun: its form, the affiliation it has alone, its length in words; `loose` where nothing makes it one."""

    noun: str
    form: str
    own: str
    size: int
    plural: bool
    loose: bool


def head_noun(phrase: Nominal, known: Gazetteer, lead: str) -> Head:
    """The head of a phrase, by the lists, else by its ending; `lead` is the determiner, which an entry may hold."""
    last = phrase.low[-1]
    bare = last.removesuffix("'s").rstrip("'")
    found = known.heads.get(f"{lead} {singular(bare)}") if lead else None
    found = found or entry_of([*phrase.low[:-1], bare], known)
    vague = VAGUE.get(last, "") if found is None else ""
    noun, form, own = found or (singular(bare) or last, vague, "unspecified")
    if found is None and not vague:
        form, own = _by_ending(noun)
    loose = found is None and form == "none"
    size = min(len(noun.split()), len(phrase.low)) if found else 1
    last = last.rstrip("'")
    many = phrase.number not in ("", "1") or vague == "mass"
    plural = many or last != singular(last) or last in ("people", "men", "women", "police")
    return Head(noun, "" if loose else form, own, size, plural, loose)


def entry_of(lows: list[str], known: Gazetteer) -> Entry | None:
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


def is_title(word: str, known: Gazetteer) -> bool:
    """A rank or office that can stand before a name."""
    bare = word.rstrip(".")
    if bare in known.titles:
        return True
    entry = known.heads.get(singular(bare))
    if entry is None or entry[1] not in ("role", "person") or bare in known.given:
        return False
    return entry[0].islower() or entry[2] != "citizen"


def words_before(phrase: Nominal, head: Head, known: Gazetteer) -> list[str]:
    """The words before the head, without the capital that only the start of a sentence gave the first of them."""
    words = phrase.core[: -head.size]
    if phrase.definite == "bare" and words and phrase.low[0] in known.listed and not words[0].isupper():
        return [words[0].lower(), *words[1:]]
    return words


def owner_of(core: list[str], lows: list[str]) -> str:
    """What a possessive names: "Pakistan" in "Pakistan's president"; "" where there is none."""
    for at, word in enumerate(lows[:-1]):
        if word.endswith(("'s", "s'")):
            return " ".join([*core[:at], core[at].removesuffix("'s").removesuffix("'")])
    if len(lows) == 1 and lows[0].endswith("'s"):
        return core[0][:-2]
    return ""


def principal_of(marked: list[str], known: Gazetteer) -> str:
    """The proper name set beside an office: capitalised words that are no title, grade or people."""
    found = [word for word in marked if capitalised(word) and word.casefold().rstrip(".") not in known.titles]
    named = any(word not in GRADES and word not in known.demonyms for word in map(str.casefold, found))
    return " ".join(found) if named else ""


def modified(head: Head, modifiers: list[str], sector: str, known: Gazetteer) -> tuple[str, str]:
    """Affiliation of a head with the words before it, and the rule that told it."""
    if head.noun in ("side", "authority") and not sector and any(word in known.demonyms for word in modifiers):
        return "government_executive", f"{head.noun}_of_a_state"
    if sector and head.form != "none" and _sectored(head.form, head.noun, head.own, sector):
        return sector, f"modifier:{sector}"
    return head.own, f"head:{head.noun}"


def _sectored(form: str, head: str, own: str, sector: str) -> bool:
    if form in ("document", "organisation"):
        return sector == "party" or (
            own in ("document", "unspecified", "government_executive", "expert") and sector != "government_executive"
        )
    return modifier_beats(head, own, sector)


def identify(
    head: Head, definite: str, body: Reading | None, modifiers: list[str], marked: list[str], known: Gazetteer
) -> str:
    """Codebook C2, tests in order: role with its body, body, document, countable person, plural or mass."""
    form = head.form
    place = any(word.removesuffix("'s").rstrip(".") in known.demonyms or word in ("u.s.", "us") for word in modifiers)
    proper = any(capitalised(word) for word in marked)
    if form == "role" and not head.plural:
        with_body = (
            (body is not None and body.form in ("organisation", "name", "role"))
            or place
            or proper
            or bool(sector_of(modifiers, known))
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


_UNIQUE = frozenset(
    "president chancellor governor mayor pope king queen secretary chairman chairwoman executive ceo nominee candidate "
    "commander speaker general ambassador sheriff coroner director judge minister leader commissioner "
    "superintendent boss".split()
)
