"""Sectors: which one the words of a label name, which one a body is of by its name, what a modifier changes.

A sector is a value of affiliation (codebook C3). It is told here from words alone; whose words they are in a source
phrase is for `grammar`.
"""

from __future__ import annotations

from discourse.nominals import OWN_JUDGEMENT, Gazetteer, singular


def sector_of(low: list[str], known: Gazetteer) -> str:
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


def sector_of_body(low: list[str], known: Gazetteer) -> str:
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
        specific = sector_of([word for word in low if word != head], known)
        if head in _OF_STATE and specific in _PRIVATE:
            return own
        if head == "council" and specific in ("business", "expert", "activist_ngo", "military", "judiciary"):
            return specific
        if specific and (own in ("government_executive", "unspecified") or specific in ("party", "media")):
            return specific
    return own


_COMMITTEES = frozenset(
    "house senate congress congressional parliament parliamentary select joint judiciary intelligence appropriations "
    "affairs relations services finance budget commerce rules oversight ethics armed banking means".split()
)
"""Words of the names of committees of a legislature; other committees are associations."""
_OF_STATE = frozenset("ministry department administration authority government treasury".split())
_PRIVATE = frozenset("expert business media activist_ngo citizen other".split())
"""Sectors that the field of a ministry is not: the Ministry of Economic Affairs is no economist."""


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


def has_left(affiliation: str, low: list[str]) -> bool:
    """Does "former" end what an office said of its holder? A retired general is still of the military."""
    return affiliation in _LEFT or (affiliation == "military" and "retired" not in low)


_LEFT = ("government_executive", "legislature", "diplomat", "law_enforcement", "intelligence")
"""Offices whose former holders speak as experts (codebook C3 rule 5)."""
