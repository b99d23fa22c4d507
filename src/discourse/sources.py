"""attributions -> sources: who each source is, on whose behalf it speaks, and how much the reader is told.

Every attribution gets one row. A source phrase is read once per distinct wording (`reading`): its head noun, its
proper name, the body it speaks for, its apposition. The phrases of a document are then linked to referents in text
order: names before titles before pronouns, each to the nearest compatible antecedent. A wrong link is worse than a
missed one, since it lends one person's standing to another; where two antecedents fit, none is taken.

Two axes (codebook C2, C3): `identification` says how much the reader is told (opacity is not unreliability),
`affiliation` on whose behalf the source speaks as the *text labels it*, not as the reader may know. The fullest
mention of a person anywhere in the document counts, because that is where news prose puts the label.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

import pandas as pd

from discourse import lexicon, tables
from discourse.sentences import Tokens

OPACITY = {name: level for level, name in enumerate(tables.IDENTIFICATION)}
"""Ordinal scale of opacity (codebook C2): named_person 0 … unattributed 6."""

_FORMS = ("person", "role", "organisation", "document", "mass", "none")
"""How an entry of the lexicon decides identification; see data/SOURCES.md."""
_FORM_OF = {
    "named_role": "role",
    "named_organisation": "organisation",
    "unnamed_document": "document",
    "anonymous_group": "mass",
    "unattributed": "none",
}


@dataclass(frozen=True)
class Reading:
    """What one source phrase says by itself."""

    form: str = "none"
    head: str = ""
    name: str = ""
    affiliation: str = "unspecified"
    identification: str = "unattributed"
    plural: bool = False
    definite: bool = False
    number: str = "one"
    title: str = ""
    gender: str = ""
    former: bool = False
    rule: str = "none"


@dataclass(frozen=True)
class Gazetteer:
    """Closed lists the readings consult: heads, places, given names, outlets."""

    heads: Mapping[str, tuple[str, str, str]]
    places: Mapping[str, str]
    demonyms: frozenset[str]
    given: Mapping[str, str]
    outlets: frozenset[str]


def gazetteer(heads: pd.DataFrame | None = None) -> Gazetteer:
    """The shipped lists, with further source heads (columns entry, identification, category) laid over them."""
    base = _shipped()
    if heads is None or not len(heads):
        return base
    return replace(base, heads={**base.heads, **_head_rows(heads)})


def _head_rows(rows: pd.DataFrame) -> dict[str, tuple[str, str, str]]:
    """Entries by their singular key. A corpus' own list names its columns head and affiliation; form may be empty."""
    rows = rows.rename(columns={"head": "entry", "affiliation": "category"})
    forms = rows["identification"].tolist() if "identification" in rows else [""] * len(rows)
    found = {}
    for entry, form, category in zip(rows["entry"].tolist(), forms, rows["category"].tolist(), strict=True):
        name = str(entry)
        known = form if form in _FORMS else _FORM_OF.get(str(form), "organisation" if name[0].isupper() else "person")
        found[_key(name)] = (name, known, str(category) if category in tables.AFFILIATION else "unspecified")
    return found


def _key(entry: str) -> str:
    return " ".join(singular(word) for word in entry.replace("{", "").replace("}", "").casefold().split())


@lru_cache(maxsize=1)
def _shipped() -> Gazetteer:
    heads = lexicon.load("source_heads", required=("entry", "identification", "category"))
    places = lexicon.load("places")
    named: dict[str, str] = {}
    demonyms: set[str] = set()
    for country, peoples, capitals in zip(places["entry"], places["demonyms"], places["capitals"], strict=True):
        named[country.casefold()] = country
        named.update({capital.casefold(): country for capital in capitals.split(";") if capital})
        demonyms.update(people.casefold() for people in peoples.split(";"))
    given = lexicon.load("given_names")
    names = {entry.casefold(): gender for entry, gender in zip(given["entry"], given["gender"], strict=True)}
    return Gazetteer(_head_rows(heads), named, frozenset(demonyms), names, _outlet_names())


def _outlet_names() -> frozenset[str]:
    path = lexicon.data_path("outlets.csv")
    if not path.exists():
        return frozenset()
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    names = set(rows["outlet"])
    if "aliases" in rows:
        names.update(name for cell in rows["aliases"] for name in re.split(r"[;|]", cell))
    return frozenset(_bare(name) for name in names if len(name) > 2 and name[0].isupper())


def _bare(name: str) -> str:
    name = name.strip().casefold()
    return name.removeprefix("the ")


# --- words ---

_WORD = re.compile(r"[^\W_]+(?:['’.\-‐‑&/][^\W_]+)*['’]?\.?|[^\w\s]|_")
_IRREGULAR = {"people": "people", "men": "man", "women": "woman", "police": "police", "media": "media", "news": "news"}
_KEEP_S = ("ss", "us", "is", "’s", "'s")


@lru_cache(maxsize=50_000)
def singular(word: str) -> str:
    """Singular of a lower-case noun by spelling; "people", "police" and "media" stay."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("men") and len(word) > 5:
        return word[:-3] + "man"
    if word.endswith("people") and len(word) > 8:
        return word[:-6] + "person"
    if len(word) < 4 or not word.endswith("s") or word.endswith(_KEEP_S):
        return word
    if word.endswith("ies") and len(word) > 5:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes", "zes")):
        return word[:-2]
    if word in ("wives", "witnesses"):
        return {"wives": "wife", "witnesses": "witness"}[word]
    return word[:-1]


_ARTICLES = frozenset("the this that these those such said".split())
_INDEFINITE = frozenset("a an another some several many most few any other others one each every all both".split())
_POSSESSIVES = frozenset("his her its their our my your whose".split())
_NUMBERS = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()
    )
}
_STOP = frozenset(
    "who whom which that where when whose of in at from for with on to by about as under over near inside outside "
    "against among between into during after before since speaking citing asking requesting including familiar close "
    'briefed involved privy knowledgeable present here there yesterday today tomorrow , ; : ( ) [ ] — – -- / " “ ” '
    "and or but said says is was are were has have had also himself herself themselves".split()
)
_PARTICLES = frozenset("de da del della di van von der den bin ben al el ibn abu ul du le la dos san st".split())
_HONORIFICS = {
    "mr": "m",
    "mrs": "f",
    "ms": "f",
    "miss": "f",
    "sir": "m",
    "lord": "m",
    "lady": "f",
    "dame": "f",
    "madam": "f",
    "king": "m",
    "queen": "f",
    "prince": "m",
    "princess": "f",
    "congressman": "m",
    "congresswoman": "f",
    "councilman": "m",
    "spokesman": "m",
    "spokeswoman": "f",
    "father": "m",
    "mother": "f",
    "husband": "m",
    "wife": "f",
    "son": "m",
    "daughter": "f",
    "brother": "m",
    "sister": "f",
    "chairman": "m",
    "chairwoman": "f",
    "businessman": "m",
}
_TITLES = {
    "mr": "",
    "mrs": "",
    "ms": "",
    "miss": "",
    "sir": "",
    "lord": "legislature",
    "lady": "",
    "king": "government_executive",
    "queen": "government_executive",
    "prince": "government_executive",
    "sheikh": "other",
    "sheik": "other",
    "ayatollah": "other",
    "mullah": "other",
    "pope": "other",
    "cardinal": "other",
    "archbishop": "other",
    "rev": "other",
    "reverend": "other",
    "father": "other",
    "sister": "other",
    "pastor": "other",
    "gen": "military",
    "lt": "military",
    "col": "military",
    "maj": "military",
    "capt": "military",
    "adm": "military",
    "cmdr": "military",
    "sgt": "military",
    "cpl": "military",
    "pvt": "military",
    "brig": "military",
    "rear": "military",
    "sen": "legislature",
    "rep": "legislature",
    "reps": "legislature",
    "sens": "legislature",
    "delegate": "legislature",
    "assemblyman": "legislature",
    "assemblywoman": "legislature",
    "gov": "government_executive",
    "pres": "government_executive",
    "premier": "government_executive",
    "secretary": "government_executive",
    "dr": "expert",
    "prof": "expert",
    "judge": "judiciary",
    "justice": "judiciary",
    "det": "law_enforcement",
    "supt": "law_enforcement",
    "chief": "law_enforcement",
    "ambassador": "diplomat",
    "amb": "diplomat",
}
_PRONOUNS = {
    "he": "m",
    "him": "m",
    "himself": "m",
    "his": "m",
    "she": "f",
    "her": "f",
    "herself": "f",
    "they": "plural",
    "them": "plural",
    "themselves": "plural",
    "their": "plural",
    "it": "thing",
    "itself": "thing",
    "its": "thing",
    "i": "first",
    "me": "first",
    "myself": "first",
    "my": "first",
    "we": "first_plural",
    "us": "first_plural",
    "our": "first_plural",
    "ourselves": "first_plural",
    "you": "second",
    "who": "relative",
    "which": "relative",
    "that": "thing",
    "this": "thing",
    "these": "plural",
    "those": "plural",
}
_VAGUE = {
    "one": ("none", "unattributed"),
    "some": ("mass", "anonymous_group"),
    "others": ("mass", "anonymous_group"),
    "other": ("mass", "anonymous_group"),
    "many": ("mass", "anonymous_group"),
    "several": ("mass", "anonymous_group"),
    "most": ("mass", "anonymous_group"),
    "few": ("mass", "anonymous_group"),
    "both": ("mass", "anonymous_group"),
    "all": ("mass", "anonymous_group"),
    "everyone": ("mass", "anonymous_group"),
    "everybody": ("mass", "anonymous_group"),
    "nobody": ("mass", "anonymous_group"),
    "none": ("mass", "anonymous_group"),
    "someone": ("person", "anonymous_individual"),
    "somebody": ("person", "anonymous_individual"),
    "anyone": ("mass", "anonymous_group"),
    "another": ("person", "anonymous_individual"),
    "person": ("person", "anonymous_individual"),
    "man": ("person", "anonymous_individual"),
    "woman": ("person", "anonymous_individual"),
}

# --- sectors: words that say on whose behalf, as modifiers of a head and inside names of bodies ---

_SECTORS = {
    "intelligence": "intelligence cia mi5 mi6 mossad isi nsa spy counterterrorism kgb fsb espionage counterintelligence",
    "military": "military army navy naval defense defence pentagon marine marines troops air-force coalition nato-led "
    "armed garrison militia-led peacekeeping corps",
    "diplomat": "diplomatic embassy consular",
    "law_enforcement": "police law-enforcement fbi sheriff prosecutors justice security customs border patrol prison "
    "fire homicide interpol",
    "legislature": "congressional senate house parliamentary legislative congress parliament senatorial assembly knesset "
    "duma bundestag committee subcommittee lawmakers",
    "judiciary": "court judicial supreme-court tribunal",
    "international_organisation": "u.n un united-nations eu european-union nato imf iaea unesco unicef unhcr opec "
    "african-union arab-league world-bank who wto osce icrc red-cross interpol commonwealth",
    "party": "campaign party republican democratic democrat gop dnc rnc pac super-pac labour labor tory conservative "
    "libertarian election-campaign convention",
    "business": "company corporate business industry bank banking wall-street airline oil firm inc corp co llc ltd plc "
    "group holdings industries capital partners motors stores energy brokerage hedge-fund restaurant hotel stock",
    "expert": "university college institute school center centre institution academy laboratory hospital medical "
    "scientific academic think-tank research",
    "media": "media news newspaper magazine television tv radio press times post journal tribune herald gazette "
    "network broadcasting editorial",
    "activist_ngo": "union foundation association coalition society alliance rights advocacy aid charity federation "
    "league watchdog nonprofit non-profit amnesty relief environmental",
    "militant": "taliban qaeda al-qaeda al-qaida hamas hezbollah rebel militant insurgent guerrilla jihadist isis "
    "islamic-state",
    "other": "church diocese team club",
    "government_executive": "government administration white-house federal state city county municipal ministry "
    "department cabinet treasury presidential ministerial bureau agency office commission authority kremlin election "
    "elections health immigration",
}
_SECTOR = {word: sector for sector, words in _SECTORS.items() for word in words.split()}
_PHRASES = {
    "white house": "government_executive",
    "state department": "diplomat",
    "department of state": "diplomat",
    "foreign ministry": "diplomat",
    "foreign office": "diplomat",
    "foreign affairs": "diplomat",
    "justice department": "law_enforcement",
    "department of justice": "law_enforcement",
    "defense department": "military",
    "department of defense": "military",
    "ministry of defence": "military",
    "defence ministry": "military",
    "defense ministry": "military",
    "homeland security": "government_executive",
    "national security": "government_executive",
    "secret service": "law_enforcement",
    "law enforcement": "law_enforcement",
    "air force": "military",
    "supreme court": "judiciary",
    "united nations": "international_organisation",
    "european union": "international_organisation",
    "european commission": "international_organisation",
    "security council": "international_organisation",
    "red cross": "international_organisation",
    "world bank": "international_organisation",
    "human rights": "activist_ngo",
    "national committee": "party",
    "house of representatives": "legislature",
    "house of commons": "legislature",
    "wall street": "business",
    "think tank": "expert",
    "central bank": "government_executive",
    "federal reserve": "government_executive",
    "city hall": "government_executive",
    "city council": "legislature",
    "state media": "media",
    "voting rights": "activist_ngo",
    "civil rights": "activist_ngo",
    "super pac": "party",
    "trade union": "activist_ngo",
    "attorney general": "law_enforcement",
    "inspector general": "government_executive",
    "secretary of state": "government_executive",
    "islamic state": "militant",
    "law school": "expert",
    "business school": "expert",
    "medical school": "expert",
    "high school": "citizen",
    "board of elections": "government_executive",
    "election commission": "government_executive",
    "electoral commission": "government_executive",
}
_ORDER = (
    "intelligence military diplomat militant international_organisation legislature judiciary law_enforcement party "
    "media expert activist_ngo business government_executive other citizen"
).split()
"""Which sector wins where several are named: the specific before the general ("Senate Intelligence Committee" is
settled by its head, see `_body`)."""
_BODY_HEADS = {
    "committee": "legislature",
    "subcommittee": "legislature",
    "caucus": "legislature",
    "university": "expert",
    "college": "expert",
    "institute": "expert",
    "institution": "expert",
    "center": "expert",
    "centre": "expert",
    "school": "expert",
    "department": "government_executive",
    "ministry": "government_executive",
    "administration": "government_executive",
    "government": "government_executive",
    "agency": "government_executive",
    "bureau": "government_executive",
    "commission": "government_executive",
    "council": "government_executive",
    "campaign": "party",
    "party": "party",
    "pac": "party",
    "court": "judiciary",
    "police": "law_enforcement",
    "association": "activist_ngo",
    "foundation": "activist_ngo",
    "union": "activist_ngo",
    "coalition": "activist_ngo",
    "alliance": "activist_ngo",
    "society": "activist_ngo",
    "project": "activist_ngo",
    "fund": "activist_ngo",
    "network": "media",
    "times": "media",
    "post": "media",
    "journal": "media",
    "news": "media",
    "magazine": "media",
    "tribune": "media",
    "inc": "business",
    "corp": "business",
    "llc": "business",
    "ltd": "business",
    "bank": "business",
    "company": "business",
    "group": "business",
    "army": "military",
    "navy": "military",
    "command": "military",
    "embassy": "diplomat",
    "church": "other",
    "hospital": "expert",
    "senate": "legislature",
    "house": "legislature",
    "congress": "legislature",
    "parliament": "legislature",
    "assembly": "legislature",
}
_SPEAKS_FOR = frozenset(
    "spokesman spokeswoman spokesperson aide adviser advisor lawyer attorney representative official director chairman "
    "chairwoman chair chief head leader member secretary president executive manager editor officer commander staffer "
    "deputy coordinator strategist operative surrogate ally counsel vice-president co-chair co-founder founder "
    "consultant organizer analyst employee source insider person people someone delegate minister negotiator".split()
)
_WORKS_AT = frozenset(
    "professor fellow scholar researcher lecturer economist historian reporter editor columnist correspondent".split()
)


# --- reading one phrase ---


def read_phrase(phrase: str, known: Gazetteer | None = None) -> Reading:
    """Read one source phrase on its own: form, head, name, affiliation and identification, with the rule used."""
    return _read(" ".join(phrase.replace("’", "'").split()), known or _shipped())


class _Reader:
    """Readings of one run, one per distinct wording."""

    def __init__(self, known: Gazetteer) -> None:
        self.known = known
        self.cache: dict[str, Reading] = {}

    def __call__(self, phrase: str) -> Reading:
        found = self.cache.get(phrase)
        if found is None:
            found = self.cache[phrase] = read_phrase(phrase, self.known)
        return found


def _read(text: str, known: Gazetteer) -> Reading:
    words = _WORD.findall(text)
    while words and not words[0][0].isalnum():
        words.pop(0)
    if not words:
        return Reading()
    low = [word.casefold() for word in words]
    if len([word for word in low if word[0].isalnum()]) == 1 and low[0] in _PRONOUNS:
        return _pronoun(low[0])
    if "of" in low[:5] and low[0] in ("one", "some", "many", "several", "most", "two", "three", "all", "both", "none"):
        return _part_of(words, low, known)
    first = _conjunct(words, low)
    reading = _noun_phrase(words[:first], low[:first], known)
    if first < len(words):
        reading = _composite(reading, words, low, first, known)
    return reading


def _pronoun(word: str) -> Reading:
    kind = _PRONOUNS[word]
    plural = kind in ("plural", "first_plural")
    number = "plural" if plural else "one"
    gender = kind if kind in ("m", "f") else ""
    identification = {"m": "named_person", "f": "named_person", "plural": "anonymous_group"}.get(kind, "unattributed")
    return Reading(
        "pronoun", word, "", "unspecified", identification, plural, True, number, kind, gender, rule=f"pronoun:{word}"
    )


def _part_of(words: list[str], low: list[str], known: Gazetteer) -> Reading:
    """ "one of the officials": an individual out of a group; "some of the men": still a group."""
    at = low.index("of")
    whole = _read(" ".join(words[at + 1 :]), known)
    if low[0] == "one":
        number = f"1 of {whole.number}" if whole.number.isdigit() else "1 of N"
        return replace(
            whole,
            form="person",
            name="",
            identification="anonymous_individual",
            plural=False,
            number=number,
            rule=f"one_of>{whole.rule}",
        )
    count = str(_NUMBERS[low[0]]) if low[0] in _NUMBERS else "plural"
    return replace(
        whole, name="", identification="anonymous_group", plural=True, number=count, rule=f"some_of>{whole.rule}"
    )


def _conjunct(words: list[str], low: list[str]) -> int:
    """Where a second source begins ("Khan and other officials"), else the end of the phrase."""
    depth = 0
    for at, word in enumerate(low):
        depth += (word in "([") - (word in ")]")
        if word in ("and", "or") and depth == 0 and 0 < at < len(low) - 1:
            after, before = words[at + 1], words[at - 1]
            both_lower = after[0].islower() and before[0].islower()
            title_pair = low[at - 1] in _SECTOR or low[at + 1] in _SECTOR
            if not both_lower and not (title_pair and after[0].isupper() == before[0].isupper()):
                if _comma_before(low, at):
                    continue
                return at
    return len(words)


def _comma_before(low: list[str], at: int) -> bool:
    """A conjunction inside an apposition ("X, author and critic") opens no second source."""
    return (
        "," in low[:at]
        and low[at + 1 :].count(",") == 0
        and low.index(",") < at - 1
        and low[low.index(",") + 1] in (_ARTICLES | _INDEFINITE | {"who"})
    )


def _composite(first: Reading, words: list[str], low: list[str], at: int, known: Gazetteer) -> Reading:
    second = _noun_phrase(words[at + 1 :], low[at + 1 :], known)
    if second.form == "none" or (second.form == "name" and first.form == "organisation"):
        return _noun_phrase(words, low, known)
    best = min(first, second, key=lambda one: OPACITY[one.identification])
    affiliation = best.affiliation
    if affiliation == "unspecified":
        affiliation = (second if best is first else first).affiliation
    number = "2" if not (first.plural or second.plural) else "plural"
    return replace(best, affiliation=affiliation, plural=True, number=number, rule=f"composite>{best.rule}")


def _noun_phrase(words: list[str], low: list[str], known: Gazetteer) -> Reading:
    start, definite, number = _determiner(words, low)
    stop = _core_end(words, low, start, known)
    core, lows = words[start:stop], low[start:stop]
    rest, rest_low = words[stop:], low[stop:]
    if not core:
        return _bare_determiner(low[0] if low else "", number)
    owner = _owner(core, lows, known)
    name_at = _name_start(core, lows, known, definite == "definite")
    if name_at < len(core):
        return _named(core, lows, name_at, rest, rest_low, definite, known)
    found = _lexical(lows, core, known)
    return _common(core, lows, found, owner, rest, rest_low, definite, number, known)


def _bare_determiner(word: str, number: str) -> Reading:
    form, identification = _VAGUE.get(word, ("none", "unattributed"))
    if number.isdigit() and identification == "unattributed" and word != "one":
        form, identification = "mass", "anonymous_group"
    plural = identification == "anonymous_group"
    return Reading(
        form,
        word,
        "",
        "unspecified",
        identification,
        plural,
        False,
        "plural" if plural else "one",
        rule=f"vague:{word}",
    )


def _determiner(words: list[str], low: list[str]) -> tuple[int, str, str]:
    """Skip determiners and numbers: index of the first word after them, definiteness, number."""
    at, definite, number = 0, "bare", ""
    while at < len(words) - 1:
        word = low[at]
        if word in _ARTICLES or word in _POSSESSIVES:
            definite = "definite"
        elif word in _INDEFINITE:
            definite = "indefinite" if definite == "bare" else definite
        elif (
            word not in _NUMBERS
            and not word.isdigit()
            and word not in ("at", "least", "more", "than", "about", "dozen", "dozens")
        ):
            break
        if word in _NUMBERS or word.isdigit():
            number = str(_NUMBERS.get(word, word))
        at += 1
    if at and low[at - 1] in ("more", "at", "about", "than", "least") and not number:
        return 0, "bare", ""
    return at, definite, number


def _core_end(words: list[str], low: list[str], start: int, known: Gazetteer) -> int:
    """Where the head noun phrase ends: at a comma, a preposition, a relative; "of" stays inside entries and names."""
    at = start
    while at < len(words):
        word = low[at]
        if word in _STOP and at > start:
            if (
                word in ("of", "for", "and", "to")
                and at + 1 < len(words)
                and _inside_name(words, low, start, at, known)
            ):
                at += 2
                continue
            break
        at += 1
    return at


_OF_HEADS = frozenset(
    "department ministry university bank house board bureau office institute college city state chamber league union "
    "council court secretary committee school association center centre society church republic daughters sons "
    "voice church organization organisation federation director-general member".split()
)


def _inside_name(words: list[str], low: list[str], start: int, at: int, known: Gazetteer) -> bool:
    before, after = words[at - 1], words[at + 1]
    window = " ".join(singular(word) for word in low[max(start, at - 1) : at + 2])
    if any(window == key or key.startswith(window + " ") for key in (window,) if key in known.heads):
        return True
    if low[at] == "of":
        capital_of = before[0].isupper() and after[0].isupper() and low[at - 1].rstrip(".") in _OF_HEADS
        return capital_of and low[at - 1] != "member" and not _TITLES.get(low[at - 1], "") == "x"
    if low[at] == "and":
        return before[0].isupper() and after[0].isupper() and low[at - 1] in _SECTOR and low[at + 1] in _SECTOR
    return (
        before[0].isupper()
        and after[0].isupper()
        and low[at - 1] in ("center", "institute", "americans", "citizens", "council", "committee")
    )


def _owner(core: list[str], lows: list[str], known: Gazetteer) -> str:
    """The body a possessive names: "Pakistan's president" -> government; "" where there is none."""
    for at, word in enumerate(lows[:-1]):
        if word.endswith(("'s", "s'")):
            return " ".join([*core[:at], core[at][: -2 if word.endswith("'s") else -1]])
    return ""


def _name_start(core: list[str], lows: list[str], known: Gazetteer, definite: bool) -> int:
    """Index at which a proper name begins that runs to the end of the core; len(core) where there is none."""
    last = len(core) - 1
    if not _is_capital(core[last]) or (len(core) == 1 and _is_lexical_capital(lows[last], core[last], known, definite)):
        return len(core)
    if _lexical_tail(lows, core, known):
        return len(core)
    at = last
    while at > 0 and (_is_capital(core[at - 1]) or lows[at - 1] in _PARTICLES) and not _ends_possessive(lows[at - 1]):
        at -= 1
    while at < last and (lows[at].rstrip(".") in _TITLES or _role_word(lows[at], known) or lows[at] in known.demonyms):
        at += 1
    while at < last and lows[at] in (
        "the",
        "former",
        "acting",
        "deputy",
        "vice",
        "general",
        "state",
        "democratic",
        "republican",
    ):
        at += 1
    return at


def _ends_possessive(word: str) -> bool:
    return word.endswith(("'s", "s'"))


def _is_capital(word: str) -> bool:
    return word[0].isupper() or (len(word) > 3 and word[:3] in ("al-", "el-", "bin", "ul-") and "-" in word)


def _role_word(word: str, known: Gazetteer) -> bool:
    entry = known.heads.get(singular(word.rstrip(".")))
    return entry is not None and entry[1] in ("role", "person") and word not in known.given


def _is_lexical_capital(low: str, word: str, known: Gazetteer, definite: bool) -> bool:
    """A lone capitalised word that is an entry: "Officials" at the start of a sentence, "Pentagon", "Republicans"."""
    entry = known.heads.get(singular(low)) or known.heads.get(low)
    return entry is not None and (low not in known.given or definite)


def _lexical_tail(lows: list[str], core: list[str], known: Gazetteer) -> bool:
    """The core ends in an entry spelt with capitals ("State Department", "Democratic Party officials")."""
    found = _lexical(lows, core, known)
    if not found:
        return False
    words = found[0].split()
    if found[1] in ("organisation", "mass", "document"):
        return True
    return (
        len(core) == 1
        or core[-1][0].islower()
        or (len(words) > 1 and lows[-1] not in known.given)
        or lows[-1].endswith("s")
    )


def _lexical(lows: list[str], core: list[str], known: Gazetteer) -> tuple[str, str, str] | None:
    """The longest entry that ends the core, by singular forms."""
    single = [singular(word.rstrip(".") if word not in ("u.s.", "u.n.") else word) for word in lows]
    for start in range(max(0, len(single) - 4), len(single)):
        entry = known.heads.get(" ".join(single[start:]))
        if entry is not None:
            return entry
    return known.heads.get(lows[-1])


def _named(
    core: list[str], lows: list[str], at: int, rest: list[str], rest_low: list[str], definite: str, known: Gazetteer
) -> Reading:
    """A phrase whose core ends in a proper name: person, body or place, with its titles and apposition."""
    name = " ".join(core[at:]).rstrip("'")
    before, before_low = core[:at], lows[:at]
    kind, sector, rule = _kind_of_name(core[at:], lows[at:], before_low, rest_low, definite, known)
    if kind == "place":
        return Reading(
            "organisation", name, name, "government_executive", "named_organisation", rule=rule, definite=True
        )
    if kind == "organisation":
        affiliation = sector or _sector(before_low, known) or _apposition(rest, rest_low, known).affiliation
        return Reading(
            "organisation", name, name, affiliation or "unspecified", "named_organisation", rule=rule, definite=True
        )
    title = _title_of(before, before_low, known)
    former = any(word in ("former", "ex", "retired") for word in before_low)
    gender = _gender(before_low, lows[at:], known)
    label, why = _label(before, before_low, rest, rest_low, known)
    if former and label not in ("party", "unspecified", "media", "business"):
        label, why = "expert", f"former>{why}"
    return Reading(
        "name",
        title,
        name,
        label,
        "named_person",
        definite=True,
        title=title,
        gender=gender,
        former=former,
        rule=f"name>{why}" if why else "name",
    )


def _label(
    before: list[str], before_low: list[str], rest: list[str], rest_low: list[str], known: Gazetteer
) -> tuple[str, str]:
    """Affiliation of a named person from the words before the name, then from what follows it."""
    if before:
        found = _role_phrase(before, before_low, known)
        if found != "unspecified":
            return found, f"title:{' '.join(before_low)}"
    after = _apposition(rest, rest_low, known)
    if after.affiliation != "unspecified":
        return after.affiliation, f"apposition:{after.head}"
    return "unspecified", ""


def _role_phrase(before: list[str], low: list[str], known: Gazetteer) -> str:
    """Affiliation of the words before a name: "Pentagon press secretary", "Rep.", "campaign manager", "Democratic nominee"."""
    bare = [word.rstrip(".") for word in low]
    entry = _lexical(low, before, known)
    head = bare[-1]
    modifiers = low[: len(low) - (len(entry[0].split()) if entry else 1)]
    if (
        head in ("nominee", "candidate", "hopeful", "contender", "rival", "challenger", "frontrunner")
        or "campaign" in bare
    ):
        return "party"
    if bare and bare[-1] in _TITLES and _TITLES[bare[-1]] and entry is None:
        return _TITLES[bare[-1]]
    titled = next((_TITLES[word] for word in bare if _TITLES.get(word)), "")
    sector = _sector(modifiers, known)
    if entry is not None:
        if sector and (entry[1] in ("person", "role")) and _modifier_beats(entry[0], entry[2], sector):
            return sector
        return titled or entry[2]
    if titled:
        return titled
    if sector and head in _SPEAKS_FOR:
        return sector
    return sector or "unspecified"


def _modifier_beats(entry: str, own: str, sector: str) -> bool:
    """Codebook C3 rule 2; a nationality or "state" before an office says no more than the office does."""
    if own in ("expert", "media", "family") and sector in ("government_executive", "military", "law_enforcement"):
        return sector != "government_executive" and entry.split()[-1] not in (
            "analyst",
            "expert",
            "correspondent",
            "reporter",
        )
    if own in ("legislature", "judiciary") and sector in ("government_executive", "party"):
        return False
    if own == "government_executive" and entry in (
        "president",
        "governor",
        "mayor",
        "minister",
        "prime minister",
        "vice president",
    ):
        return sector in ("business", "expert", "activist_ngo", "party")
    return True


def _apposition(rest: list[str], low: list[str], known: Gazetteer) -> Reading:
    """What a phrase after the name says of it: ", a professor at …", ", who runs …", " of the Justice Department"."""
    none = Reading()
    if not rest:
        return none
    if low[0] in ("of", "with", "from", "for", "at") and len(rest) > 1:
        body = _noun_phrase(rest[1:], low[1:], known)
        return body if body.form == "organisation" else none
    if low[0] not in (",", "(", "—", "–", "--") or len(rest) < 2:
        return none
    inner, inner_low = rest[1:], low[1:]
    if re.fullmatch(r"[rdi]-[a-z.]+|[rdi]", inner_low[0]):
        return Reading("role", inner_low[0], affiliation="legislature", identification="named_role", rule="party_state")
    if inner_low[0].isdigit() and len(inner) > 2 and inner_low[1] == ",":
        inner, inner_low = inner[2:], inner_low[2:]
    if inner_low[0] == "who" or not inner:
        return none
    reading = _noun_phrase(inner, inner_low, known)
    if reading.form in ("role", "person") or (reading.form == "organisation" and reading.name):
        return reading
    return none


def _title_of(before: list[str], low: list[str], known: Gazetteer) -> str:
    for word, lower in zip(reversed(before), reversed(low), strict=True):
        bare = lower.rstrip(".")
        if bare in _TITLES or _role_word(lower, known):
            return singular(bare)
        if not word:
            break
    return ""


def _gender(before: list[str], name: list[str], known: Gazetteer) -> str:
    for word in before:
        if word.rstrip(".") in _HONORIFICS:
            return _HONORIFICS[word.rstrip(".")]
    if len(name) > 1:
        return known.given.get(name[0], "").replace("any", "")
    return ""


def _kind_of_name(
    name: list[str], low: list[str], before: list[str], rest: list[str], definite: str, known: Gazetteer
) -> tuple[str, str, str]:
    """person, organisation or place, with the sector of a body and the rule that decided."""
    joined = " ".join(low).rstrip(".")
    bare = [word.rstrip(".") for word in low]
    possessed = joined[:-2] if joined.endswith("'s") else joined
    if any(word.rstrip(".") in _TITLES or _role_word(word, known) for word in before[-2:]):
        return "person", "", "name:title"
    if possessed in known.places or _place_tail(bare, known):
        return "place", "", "place_for_government"
    if joined in known.outlets or possessed in known.outlets:
        return "organisation", "media", "name:outlet"
    if len(name) > 1 and low[0] in known.given and bare[-1] not in _BODY_HEADS:
        return "person", "", "name:given"
    sector = _body(bare, known)
    if sector:
        return "organisation", sector, "name:body"
    if _acronym(name[-1]) and len(name) == 1:
        return "organisation", _SECTOR.get(bare[0], ""), "name:acronym"
    if definite == "definite" and not before:
        return "organisation", "", "name:article"
    if any(word in _SECTOR for word in bare) and len(name) > 2:
        return "organisation", _sector(low, known), "name:sector"
    if "&" in "".join(name) or (
        name[-1][1:] != name[-1][1:].lower() and not re.match(r"(?:Mc|Mac|De|Di|La|Le|O')", name[-1])
    ):
        return "organisation", "", "name:case"
    return "person", "", "name:plain"


def _place_tail(bare: list[str], known: Gazetteer) -> bool:
    return len(bare) > 1 and " ".join(bare[-2:]) in known.places and len(bare) == 2


def _acronym(word: str) -> bool:
    letters = word.replace(".", "").replace("'s", "")
    return 2 <= len(letters) <= 6 and letters.isupper() and letters.isalpha()


def _body(low: list[str], known: Gazetteer) -> str:
    """Sector of a body by its name; "" where no word of the name says that it is one."""
    joined = " ".join(low)
    for phrase, sector in _PHRASES.items():
        if phrase in joined:
            return sector
    head = next((word for word in low if word in _BODY_HEADS and "of" in low[low.index(word) :]), low[-1])
    head = head if head in _BODY_HEADS else low[-1]
    if head in _BODY_HEADS:
        others = [word for word in low if word != head]
        found = _BODY_HEADS[head]
        if found in ("government_executive", "legislature", "activist_ngo", "business"):
            specific = _sector(others, known)
            if found == "government_executive" and specific:
                return specific
            if found == "legislature" and specific == "party":
                return "party"
        return found
    entry = _lexical(low, low, known)
    if entry is not None and entry[1] == "organisation":
        return entry[2]
    return ""


def _sector(low: Iterable[str], known: Gazetteer) -> str:
    words = [word.removesuffix("'s").rstrip(".") for word in low]
    joined = " ".join(words)
    for phrase, sector in _PHRASES.items():
        if phrase in joined:
            return sector
    found = {_SECTOR[word] for word in words if word in _SECTOR}
    for sector in _ORDER:
        if sector in found:
            return sector
    if any(word in known.demonyms or word in known.places for word in words):
        return ""
    return ""


def _common(
    core: list[str],
    lows: list[str],
    found: tuple[str, str, str] | None,
    owner: str,
    rest: list[str],
    rest_low: list[str],
    definite: str,
    number: str,
    known: Gazetteer,
) -> Reading:
    """A phrase headed by a common noun: typed by its entry, its modifiers and the body it speaks for."""
    head, form, own = found or (singular(lows[-1]), "", "unspecified")
    plural = (
        lows[-1] != singular(lows[-1]) or lows[-1] in ("people", "men", "women", "police") or (number not in ("", "1"))
    )
    size = len(head.split()) if found else 1
    modifiers = lows[: max(0, len(lows) - size)]
    if not found and lows[-1] in _VAGUE:
        form = _VAGUE[lows[-1]][0]
    sector = _sector(modifiers, known)
    affiliation, why = own, f"head:{head}"
    if sector and form in ("person", "role", "", "mass") and _modifier_beats(head, own, sector):
        affiliation, why = sector, f"modifier:{sector}"
    body = _body_named(owner, rest, rest_low, head, form, known)
    if body is not None and body[0] != "unspecified":
        affiliation, why = body[0], f"body:{body[1]}"
    named = _apposed_name(rest, rest_low, known)
    former = any(word in ("former", "ex", "retired") for word in modifiers)
    if former and form in ("person", "role") and affiliation not in ("party", "business", "media"):
        affiliation, why = "expert", f"former>{why}"
    with_body = body is not None or bool(sector) or any(word in known.demonyms for word in modifiers) or bool(owner)
    identification = _identify(form, head, plural, definite, with_body, core, known, bool(modifiers))
    reading = Reading(
        form or "person",
        head,
        "",
        affiliation if not (form == "organisation" and head == "campaign") else "party",
        identification,
        plural,
        definite == "definite",
        (number if number not in ("", "1") else "plural") if plural else "one",
        head if form == "role" else "",
        _HONORIFICS.get(singular(lows[-1]), ""),
        former,
        why,
    )
    if named:
        gender = reading.gender or known.given.get(named.split()[0].casefold(), "").replace("any", "")
        return replace(
            reading,
            form="name",
            name=named,
            identification="named_person",
            definite=True,
            title=head,
            gender=gender,
            number="one",
            plural=False,
            rule=f"apposed_name>{why}",
        )
    return reading


def _body_named(
    owner: str, rest: list[str], low: list[str], head: str, form: str, known: Gazetteer
) -> tuple[str, str] | None:
    """Affiliation of the body a person speaks for or a document comes from (codebook C3 rules 2, 3, 6)."""
    phrases = [owner] if owner else []
    if low and low[0] in ("for", "of", "at", "with", "from", "to", "in", "on", "by") and len(rest) > 1:
        if low[0] not in ("in", "on", "to") or head in (
            "aide",
            "adviser",
            "advisor",
            "ambassador",
            "envoy",
            "officer",
            "person",
            "someone",
        ):
            phrases.append(" ".join(rest[1:]))
    for phrase in phrases:
        words = _WORD.findall(phrase)
        if not words:
            continue
        body = _noun_phrase(words, [word.casefold() for word in words], known)
        if body.form == "none":
            continue
        if body.affiliation != "unspecified" and body.form in ("organisation", "name", "role", "mass"):
            if body.form == "organisation" and body.rule == "place_for_government" and form not in ("role",):
                return (
                    None
                    if head not in ("official", "spokesman", "spokeswoman", "spokesperson")
                    else (body.affiliation, phrase)
                )
            if head.split()[-1] in ("analyst", "expert", "critic", "supporter", "voter", "resident"):
                continue
            if form == "role" and body.rule == "place_for_government":
                return (
                    None
                    if head not in ("spokesman", "spokeswoman", "spokesperson")
                    else ("government_executive", phrase)
                )
            return body.affiliation, phrase
        if body.form == "organisation" and body.name:
            return "unspecified", phrase
    return None


def _apposed_name(rest: list[str], low: list[str], known: Gazetteer) -> str:
    """A person's name set beside a role: "a spokesman for the port, Adam Oll" -> "Adam Oll"."""
    if "," not in rest:
        return ""
    at = rest.index(",") + 1
    run: list[str] = []
    for word in rest[at:]:
        if _is_capital(word) or (run and word.casefold() in _PARTICLES):
            run.append(word)
        else:
            break
    names = [word for word in run if word.casefold().rstrip(".") not in _TITLES]
    if len(names) < 2 or _body([word.casefold() for word in names], known):
        return ""
    return " ".join(names)


_UNIQUE = frozenset(
    "president vice-president prime minister chancellor governor mayor pope king queen secretary ambassador chairman "
    "chairwoman chief executive ceo nominee candidate commander speaker press secretary attorney general sheriff coroner "
    "editor director judge foreign minister finance minister interior minister defence minister".split()
)


def _identify(
    form: str,
    head: str,
    plural: bool,
    definite: str,
    with_body: bool,
    core: list[str],
    known: Gazetteer,
    modified: bool,
) -> str:
    """Codebook C2, tests in order: role with its body, body, document, countable person, plural or mass."""
    if form == "role" and not plural:
        if with_body or (definite == "definite" and head.split()[-1] in _UNIQUE):
            return "named_role"
        return "anonymous_individual"
    if form == "organisation":
        proper = any(_is_capital(word) for word in core) or with_body
        return "named_organisation" if proper else "anonymous_group"
    if form == "document":
        issued = (
            with_body
            or any(_is_capital(word) for word in core[:-1])
            or (len(core) == 1 and core[0][0].isupper() and False)
        )
        return "named_organisation" if issued else "unnamed_document"
    if form == "none":
        return "unattributed"
    if form == "mass" or plural:
        return "anonymous_group"
    return "anonymous_individual"


# --- referents ---


@dataclass
class Referent:
    """One source within a document, growing as it is mentioned again."""

    number: int
    reading: Reading
    text: str
    last: int
    surnames: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    heads: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    gender: str = ""
    said: int = 0


def sources(
    documents: pd.DataFrame,
    tokens: Tokens,
    sentences: pd.DataFrame,
    attributions: pd.DataFrame,
    spans: pd.DataFrame,
    heads: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Type the source of every attribution and link the sources of a document to referents.

    One row per attribution: attribution_id, doc_id, source_id (the referent within the document), name (its fullest
    name or description), head, identification (codebook C2), affiliation (codebook C3), number ("one", a number,
    "plural", "1 of N"), anonymity_terms, anonymity_reason, closeness, rule (what decided, readable).

    Parameters
    ----------
    documents, tokens, sentences, attributions, spans : the batch so far, as the steps above made it.
    heads : further source heads (entry, identification, category), e.g. `[[source_heads]]` of a corpus.toml.
    """
    read = _Reader(gazetteer(heads))
    page = tokens.page
    starts = sentences["start"].tolist()
    at_sentence = dict(zip(sentences["sentence_id"].tolist(), range(len(sentences)), strict=True))
    rows: list[tuple[object, ...]] = []
    columns = [
        "doc_id",
        "attribution_id",
        "parent_id",
        "sentence_id",
        "source",
        "cue",
        "content",
        "speech",
        "source_start",
        "source_end",
        "cue_start",
        "cue_end",
        "content_start",
        "content_end",
        "rule",
    ]
    records = list(zip(*(attributions[name].tolist() for name in columns), strict=True))
    by_doc: dict[str, list[_Said]] = {}
    for record in records:
        said = _Said(*record)
        by_doc.setdefault(said.doc_id, []).append(said)
    texts = {
        doc_id: page.text[low:high]
        for doc_id, low, high in zip(page.doc_id, page.doc_start.tolist(), page.doc_end.tolist(), strict=True)
    }
    made: dict[str, tuple[object, ...]] = {}
    authors = _authors(documents)
    for doc_id, every in by_doc.items():
        for row in _Linker(doc_id, texts[doc_id], read, authors.get(doc_id, ""), at_sentence, starts).link(every):
            made[str(row[0])] = row
    rows = [made[record[1]] for record in records]
    names = [
        "attribution_id",
        "doc_id",
        "source_id",
        "name",
        "head",
        "identification",
        "affiliation",
        "number",
        "anonymity_terms",
        "anonymity_reason",
        "closeness",
        "rule",
    ]
    return tables.frame(
        "sources", dict(zip(names, zip(*rows, strict=True) if rows else [[]] * len(names), strict=True))
    )


def _authors(documents: pd.DataFrame) -> dict[str, str]:
    if "author" not in documents:
        return {}
    return {
        doc_id: name
        for doc_id, name in zip(documents["doc_id"], documents["author"], strict=True)
        if isinstance(name, str) and name.strip() and name != "None"
    }


@dataclass(frozen=True)
class _Said:
    doc_id: str
    attribution_id: str
    parent_id: str | None
    sentence_id: str | None
    source: str | None
    cue: str | None
    content: str | None
    speech: str
    source_start: int
    source_end: int
    cue_start: int
    cue_end: int
    content_start: int
    content_end: int
    rule: str

    @property
    def at(self) -> int:
        offsets = [offset for offset in (self.source_start, self.cue_start, self.content_start) if offset >= 0]
        return offsets[0] if offsets else 0


_ABBREVIATED = {
    "gen": "general", "sen": "senator", "rep": "representative", "gov": "governor", "prof": "professor", "dr": "doctor",
    "col": "colonel", "lt": "lieutenant", "sgt": "sergeant", "maj": "major", "pres": "president", "capt": "captain",
    "adm": "admiral", "det": "detective", "amb": "ambassador", "rev": "reverend",
}  # fmt: skip
_SUFFIXES = frozenset("jr sr ii iii iv phd md".split())
_NEAR = 700
"""Characters within which a pronoun looks for its antecedent: about the sentence before and the one before that."""


class _Linker:
    """Links the sources of one document to referents: names first, then descriptions, pronouns last."""

    def __init__(
        self, doc_id: str, text: str, read: _Reader, author: str, at_sentence: Mapping[str, int], starts: list[int]
    ) -> None:
        self.doc_id, self.text, self.read, self.author = doc_id, text, read, author
        self.at_sentence, self.starts = at_sentence, starts
        self.referents: list[Referent] = []
        self.of: dict[str, Referent | None] = {}
        self.readings: dict[str, Reading] = {}
        self.mentions: list[tuple[int, Referent]] = []
        self.by_surname: dict[str, list[Referent]] = {}
        self.by_key: dict[str, Referent] = {}

    def link(self, said: list[_Said]) -> list[tuple[object, ...]]:
        said = sorted(said, key=lambda one: one.at)
        self.said = {one.attribution_id: one for one in said}
        later = []
        for one in said:
            reading = self.read(one.source) if isinstance(one.source, str) else Reading()
            self.readings[one.attribution_id] = reading
            if reading.form == "pronoun" or not isinstance(one.source, str):
                later.append(one)
                continue
            self._settle(one, self._noun(reading, one.source, one.source_start))
        for referent in self.referents:
            self._fullest(referent)
        self.mentions.sort(key=lambda mention: mention[0])
        self.order = [one for one in said]
        for one in later:
            self._resolve(one)
        terms = _anonymity(self, said)
        return self._rows(said, terms)

    def _settle(self, one: _Said, referent: Referent | None) -> None:
        self.of[one.attribution_id] = referent
        if referent is not None and one.source_start >= 0:
            self.mentions.append((one.source_start, referent))

    # names and descriptions

    def _noun(self, reading: Reading, text: str, at: int) -> Referent | None:
        if reading.form == "none":
            return None
        if reading.form == "name":
            return self._person(reading, text, at)
        if reading.form == "organisation":
            return self._organisation(reading, text, at)
        return self._description(reading, text, at)

    def _new(self, reading: Reading, text: str, at: int) -> Referent:
        referent = Referent(len(self.referents) + 1, reading, text, at, gender=reading.gender)
        self.referents.append(referent)
        return referent

    def _person(self, reading: Reading, text: str, at: int) -> Referent:
        names = _name_words(reading.name)
        surname = names[-1] if names else reading.name.casefold()
        fits = [one for one in self.by_surname.get(surname, ()) if _compatible(one, reading, names)]
        if not fits and len(names) == 1:
            fits = [
                one
                for one in self.referents
                if one.reading.form == "name" and names[0] in one.names and one.gender != "x"
            ]
        if fits:
            referent = max(fits, key=lambda one: one.last)
            self._grow(referent, reading, text, at)
        else:
            referent = self._new(reading, text, at)
        referent.names.update(names)
        referent.surnames.add(surname)
        referent.heads.update(_role_heads(reading, text))
        if referent not in self.by_surname.setdefault(surname, []):
            self.by_surname[surname].append(referent)
        return referent

    def _grow(self, referent: Referent, reading: Reading, text: str, at: int) -> None:
        old = referent.reading
        name = reading.name if len(reading.name) > len(old.name) else old.name
        affiliation, rule = old.affiliation, old.rule
        if affiliation == "unspecified" and reading.affiliation != "unspecified":
            affiliation, rule = reading.affiliation, reading.rule
        identification = min(old.identification, reading.identification, key=OPACITY.__getitem__)
        referent.reading = replace(old, name=name, affiliation=affiliation, identification=identification, rule=rule)
        referent.gender = referent.gender or reading.gender
        referent.last = at
        if len(text) > len(referent.text) and len(text) < 120:
            referent.text = text

    def _organisation(self, reading: Reading, text: str, at: int) -> Referent:
        key = self._body_key(reading, text)
        referent = self.by_key.get(key)
        if referent is None and reading.definite and not reading.name:
            referent = self._nearest(lambda one: one.reading.form == "organisation" and reading.head in one.heads)
        if referent is None and reading.name and len(reading.name) > 3:
            short = [one for one in self.referents if one.reading.form == "organisation" and _short_for(key, one)]
            referent = max(short, key=lambda one: one.last) if len(short) == 1 else None
        if referent is None:
            referent = self._new(reading, text, at)
        else:
            self._grow(referent, reading, text, at)
        self.by_key[key] = referent
        referent.keys.add(key)
        referent.heads.update({reading.head.casefold(), singular(key.split()[-1]) if key else ""})
        return referent

    def _body_key(self, reading: Reading, text: str) -> str:
        if reading.rule == "place_for_government":
            return self.read.known.places.get(reading.name.casefold().removesuffix("'s"), reading.name.casefold())
        words = [word.casefold().removesuffix("'s") for word in _WORD.findall((reading.name or text).replace("’", "'"))]
        return " ".join(word for word in words if word not in _ARTICLES and word[0].isalnum())

    def _description(self, reading: Reading, text: str, at: int) -> Referent:
        key = _description_key(text)
        head = reading.head.split()[-1] if reading.head else ""
        referent = None
        if reading.definite and not reading.plural:
            referent = self._nearest(lambda one: head in one.heads and not one.reading.plural and _agrees(one, reading))
        elif reading.definite:
            referent = self.by_key.get(key) or self._nearest(lambda one: head in one.heads and one.reading.plural)
        elif (reading.plural and not reading.number.isdigit()) or reading.form in ("mass", "document"):
            referent = self.by_key.get(key)
        if referent is not None and (reading.definite or referent.reading.plural == reading.plural):
            self._grow(referent, replace(reading, gender=reading.gender), text, at)
        else:
            reading = self._inherits(reading, head)
            referent = self._new(reading, text, at)
        referent.heads.update({head, *(word for word in reading.head.split())})
        if reading.plural or reading.definite or reading.form in ("mass", "document"):
            self.by_key[key] = referent
        return referent

    def _inherits(self, reading: Reading, head: str) -> Reading:
        """ "one of the officials" takes the affiliation of the officials spoken of before (codebook C3 rule 8)."""
        if not reading.rule.startswith(("one_of", "some_of")) and not reading.definite:
            return reading
        group = self._nearest(lambda one: head in one.heads and one.reading.affiliation != "unspecified")
        if group is None or (reading.affiliation not in ("unspecified", "government_executive")):
            return reading
        return replace(reading, affiliation=group.reading.affiliation, rule=f"inherited>{reading.rule}")

    def _nearest(self, fits: Callable[[Referent], bool]) -> Referent | None:
        found = [one for one in self.referents if fits(one)]
        return max(found, key=lambda one: one.last) if found else None

    # the fullest mention of a person in the document

    def _fullest(self, referent: Referent) -> None:
        reading = referent.reading
        if reading.form != "name" or (reading.affiliation != "unspecified" and referent.gender):
            return
        surname = reading.name.split()[-1] if reading.name else ""
        if len(surname) < 3:
            return
        best = ""
        for phrase, follows in _occurrences(self.text, surname):
            if re.match(r"(?:['’]s)? campaign\b", follows) and reading.affiliation == "unspecified":
                self._label(referent, "party", "campaign_of")
            found = self.read(phrase)
            if found.form != "name" or not _same_person(referent, found):
                continue
            referent.gender = referent.gender or found.gender
            if referent.reading.affiliation == "unspecified" and found.affiliation != "unspecified":
                self._label(referent, found.affiliation, f"fullest_mention>{found.rule}")
            if len(found.name) > len(best) and _name_words(found.name)[-1:] == _name_words(reading.name)[-1:]:
                best = found.name
            referent.heads.update(_role_heads(found, phrase))
        if len(best) > len(referent.reading.name):
            referent.reading = replace(referent.reading, name=best)
            referent.names.update(_name_words(best))

    def _label(self, referent: Referent, affiliation: str, rule: str) -> None:
        referent.reading = replace(referent.reading, affiliation=affiliation, rule=rule)

    # pronouns and sources left out

    def _resolve(self, one: _Said) -> None:
        reading = self.readings[one.attribution_id]
        if not isinstance(one.source, str):
            self._settle(one, self._continued(one))
            return
        kind = reading.title
        if kind in ("m", "f"):
            referent = self._he_or_she(one, kind)
        elif kind in ("plural", "thing"):
            referent = self._they_or_it(one, kind)
        elif kind in ("first", "first_plural"):
            referent = self._speaker(one)
        elif kind == "relative":
            referent = self._relative(one)
        else:
            referent = None
        if referent is not None:
            self.readings[one.attribution_id] = replace(reading, rule=f"{reading.rule}>{referent.reading.rule}")
        self.of[one.attribution_id] = referent
        if referent is not None:
            self.mentions.insert(
                bisect_left([at for at, _ in self.mentions], one.source_start), (one.source_start, referent)
            )

    def _before(self, at: int, span: int = _NEAR) -> list[tuple[int, Referent]]:
        """Mentions of sources in the stretch before an offset, nearest first."""
        offsets = [offset for offset, _ in self.mentions]
        return list(reversed(self.mentions[bisect_left(offsets, at - span) : bisect_left(offsets, at)]))

    def _he_or_she(self, one: _Said, gender: str) -> Referent | None:
        at = one.source_start
        fits = [
            (offset, referent)
            for offset, referent in self._before(at)
            if referent.reading.form in ("name", "role", "person")
            and not referent.reading.plural
            and referent.gender in ("", gender)
            and not one.content_start <= offset < one.content_end
        ]
        low = max(0, at - 300)
        named = self._named_between(low, at, one, gender)
        if fits and (not named or named[0] <= fits[0][0] or fits[0][1] is named[1] or at - fits[0][0] < 200):
            referent = fits[0][1]
        elif named:
            referent = named[1]
        else:
            referent = None
        if referent is not None and not referent.gender:
            referent.gender = gender
        return referent

    def _named_between(self, low: int, at: int, one: _Said, gender: str) -> tuple[int, Referent] | None:
        """The first person named in the sentence before a pronoun, whether a source elsewhere or not."""
        stretch = self.text[low:at]
        cut = max(stretch.rfind(". "), stretch.rfind("\n"), stretch.rfind(".” "), stretch.rfind('." '))
        previous = max(stretch.rfind(". ", 0, cut - 1), stretch.rfind("\n", 0, cut - 1)) + 1 if cut > 0 else 0
        for match in _FULL_NAME.finditer(stretch, max(0, previous)):
            offset = low + match.start()
            if one.content_start <= offset < one.content_end:
                continue
            reading = self.read(match[0])
            if reading.form != "name" or reading.gender not in ("", gender):
                continue
            known = self.by_surname.get((_name_words(reading.name) or [""])[-1])
            if known and known[0].gender in ("", gender):
                return offset, known[0]
            if len(_name_words(reading.name)) > 1 and reading.gender == gender:
                referent = self._person(reading, match[0], offset)
                self._fullest(referent)
                return offset, referent
        return None

    def _they_or_it(self, one: _Said, kind: str) -> Referent | None:
        if kind == "thing" and one.rule.startswith(("agentless", "expletive")):
            return None
        for offset, referent in self._before(one.source_start):
            if one.content_start <= offset < one.content_end:
                continue
            form = referent.reading.form
            if kind == "plural" and (referent.reading.plural or form in ("mass", "organisation")):
                return referent
            if kind == "thing" and form in ("organisation", "document"):
                return referent
        return None

    def _speaker(self, one: _Said) -> Referent | None:
        if isinstance(one.parent_id, str) and one.parent_id in self.said:
            parent = self.said[one.parent_id]
            if parent.attribution_id not in self.of:
                self._resolve(parent)
            return self.of[parent.attribution_id]
        return self._author()

    def _author(self) -> Referent:
        key = "\u0000author"
        if key not in self.by_key:
            name = self.author or "author"
            reading = Reading("name", "author", name, "media", "named_person", definite=True, rule="author")
            self.by_key[key] = self._new(reading, name, -1)
        return self.by_key[key]

    def _relative(self, one: _Said) -> Referent | None:
        before = self.text[max(0, one.source_start - 90) : one.source_start].rstrip(" ,—–-")
        words = before.split()
        for size in range(min(7, len(words)), 0, -1):
            first = words[-size].casefold()
            opens = first in _ARTICLES | _INDEFINITE or (
                words[-size][0].isupper() and (size == len(words) or not words[-size - 1][0].isupper())
            )
            if opens:
                phrase = " ".join(words[-size:])
                reading = self.read(phrase)
                if reading.form not in ("none", "pronoun"):
                    return self._noun(reading, phrase, one.source_start - len(phrase) - 1)
        return None

    def _continued(self, one: _Said) -> Referent | None:
        """A quotation without a source of its own goes on for the last speaker; an agentless report has none."""
        if one.speech not in ("free_direct", "free_indirect") and "continu" not in one.rule:
            return None
        before = [other for other in self.order if other.at < one.at and self.of.get(other.attribution_id) is not None]
        if not before or one.at - before[-1].at > 3 * _NEAR:
            return None
        return self.of[before[-1].attribution_id]

    # rows

    def _rows(self, said: list[_Said], terms: dict[str, tuple[str, str]]) -> list[tuple[object, ...]]:
        order: dict[int, str] = {}
        for one in said:
            referent = self.of[one.attribution_id]
            if referent is not None and referent.number not in order:
                order[referent.number] = f"{self.doc_id}#r{len(order) + 1:02d}"
        return [self._row(one, order, terms) for one in said]

    def _row(self, one: _Said, order: dict[int, str], terms: dict[str, tuple[str, str]]) -> tuple[object, ...]:
        own, referent = self.readings[one.attribution_id], self.of[one.attribution_id]
        term, reason = terms.get(one.attribution_id, (None, None))
        close = _CLOSENESS.search(one.source) if isinstance(one.source, str) else None
        near = close[0] if close else None
        if referent is None:
            fallback = own if isinstance(one.source, str) else Reading(rule="no_source")
            name = one.source if isinstance(one.source, str) and own.identification != "unattributed" else None
            return (one.attribution_id, self.doc_id, None, name, own.head or None, fallback.identification,
                    fallback.affiliation, None if fallback.identification == "unattributed" else own.number,
                    term, reason, near, fallback.rule)  # fmt: skip
        whole = referent.reading
        identification = whole.identification
        if (
            own.form != "pronoun"
            and own.identification != "unattributed"
            and own.form != "name"
            and whole.form != "name"
        ):
            identification = own.identification if own.form != "organisation" else identification
        number = own.number if own.form != "pronoun" and isinstance(one.source, str) else whole.number
        return (one.attribution_id, self.doc_id, order[referent.number], whole.name or referent.text, own.head or whole.head or None,
                identification, whole.affiliation, number, term, reason, near, own.rule if own.form == "pronoun" else whole.rule)  # fmt: skip


_FULL_NAME = re.compile(r"(?:(?:[A-Z][\w’'\-]+|[A-Z]\.) ){0,3}[A-Z][\w’\-]+")


def _name_words(name: str) -> list[str]:
    words = [word.casefold().strip(".").replace("’", "'").removesuffix("'s") for word in name.split()]
    return [word for word in words if word and word not in _SUFFIXES]


def _compatible(referent: Referent, reading: Reading, names: list[str]) -> bool:
    if referent.gender and reading.gender and referent.gender != reading.gender:
        return False
    given = [name for name in names[:-1] if len(name) > 1]
    have = [name for name in _name_words(referent.reading.name)[:-1] if len(name) > 1]
    if given and have and not (set(given) & set(have)):
        return given[0][0] == have[0][0] and (given[0].startswith(have[0][:3]) or have[0].startswith(given[0][:3]))
    return True


def _same_person(referent: Referent, found: Reading) -> bool:
    names = _name_words(found.name)
    return bool(names) and names[-1] in referent.surnames and _compatible(referent, found, names)


def _role_heads(reading: Reading, text: str) -> set[str]:
    """Nouns that later may stand for the person: "the general", "the senator", "the nominee"."""
    found = set()
    for word in text.casefold().replace("’", "'").split():
        bare = singular(word.strip(".,;()"))
        found.add(_ABBREVIATED.get(bare, bare))
    return found - set(_name_words(reading.name)) - _ARTICLES - _INDEFINITE - _STOP


def _agrees(referent: Referent, reading: Reading) -> bool:
    return not (referent.gender and reading.gender and referent.gender != reading.gender)


def _description_key(text: str) -> str:
    words = [singular(word) for word in text.casefold().replace("’", "'").split()]
    return " ".join(word.strip(".,") for word in words if word not in _ARTICLES)


def _short_for(key: str, body: Referent) -> bool:
    """ "Justice" for "Justice Department" is not enough; initials, or the name without its last words of two or more, are."""
    for known in body.keys:
        words = known.split()
        initials = "".join(word[0] for word in words if word not in ("of", "for", "and", "the"))
        if key.replace(".", "") == initials and len(initials) > 1:
            return True
        if known.replace(".", "") == "".join(
            word[0] for word in key.split() if word not in ("of", "for", "and", "the")
        ):
            return len(known) > 1
        if len(key.split()) > 1 and (known.endswith(" " + key) or (key.endswith(" " + known) and len(words) > 1)):
            return True
    return False


def _occurrences(text: str, surname: str, most: int = 12) -> Iterable[tuple[str, str]]:
    """Phrases around a surname in the text: title and given names before it, an apposition after it."""
    at = text.find(surname)
    count = 0
    while at >= 0 and count < most:
        end = at + len(surname)
        if (at == 0 or not text[at - 1].isalnum()) and (end >= len(text) or not text[end].isalnum()):
            count += 1
            left = _left_of_name(text[max(0, at - 90) : at])
            right = _APPOSITION.match(text, end)
            yield left + surname + (right[0].rstrip(" ,") if right else ""), text[end : end + 12]
        at = text.find(surname, end)


_APPOSITION = re.compile(
    r", (?:\d\d, )?(?:an?|the|who|former|now|president|director|chair\w*|professor|executive|chief|head|[a-z]+ (?:at|of|for))\b[^.;:()“”\"\n]{2,110}?(?=,|[.;:()“”\"\n]| said| told| who|$)"
)


def _left_of_name(left: str) -> str:
    """Title words and given names directly before a surname, cut at anything that is neither."""
    words = left.split(" ")
    kept: list[str] = []
    for word in reversed(words[:-1] if left.endswith(" ") else words):
        bare = word.rstrip(".").casefold()
        if not word or "\n" in word or word[-1] in ',;:!?”")—' or bare in _STOP | _ARTICLES | _INDEFINITE:
            break
        if word.endswith(".") and len(bare) > 4 and bare not in _TITLES:
            break
        fits = word[0].isupper() or bare in _SECTOR or bare in _TITLES or bare in _SPEAKS_FOR or bare in _LABELS
        if not fits:
            break
        kept.append(word)
        if len(kept) == 7:
            break
    return "".join(word + " " for word in reversed(kept))


_LABELS = frozenset(
    "nominee candidate hopeful contender presidential vice-presidential former press national foreign prime vice deputy "
    "senior top chief general law political legal defense analyst expert strategist pollster professor author columnist "
    "reporter host anchor lawyer attorney activist lawmaker senator governor mayor minister general ambassador running "
    "mate businessman billionaire mogul rival first lady veteran farmer student voter resident".split()
)
_CLOSENESS = re.compile(
    r"\b(?:familiar with|with (?:\w+ ){0,2}knowledge (?:of|about)|knowledgeable about|briefed (?:on|about)|close to|involved (?:in|with)"
    r"|who (?:attended|has seen|have seen|saw|was present|were present|took part|has reviewed|have reviewed)|privy to|in a position to know"
    r"|with (?:\w+ )?access to|present at|aware of|inside)\b[^,;.]{0,60}"
)

# --- terms of anonymity ---

_ANCHORS = (
    "anonym",
    "condition",
    "identified",
    "named",
    "background",
    "attribution",
    "authori",
    "off the record",
    "quoted by name",
)
_TERMS = re.compile(
    r"(?:\b(?:all )?(?:spoke|speaking|talked|talking|agreed to (?:speak|talk)|insisted|interviewed|was granted|were granted|granted|given) )?"
    r"(?:(?:only )?on (?:the |a )?(?:strict )?condition (?:of (?:strict )?anonymity"
    r"|(?:that )?[^.;,”\"]{1,50}?(?:not|neither|n[’']t) (?:to )?(?:be )?(?:further )?(?:identified|named|quoted)(?: by name)?)"
    r"|\b(?:request(?:ed|ing|s)?|ask(?:ed|ing)? for|insist(?:ed|ing)? on|demand(?:ed|ing)?|s(?:ought|eeking)|granted|given) anonymity"
    r"|\b(?:ask(?:ed|ing|s)?|request(?:ed|ing|s)?|want(?:ed|ing|s)?|wish(?:ed|ing|es)?|declin(?:ed|ing|es)|refus(?:ed|ing|es)|prefer(?:red|ring|s)?)"
    r" (?:that (?:he|she|they|their names?|his name|her name) )?(?:not |n[’']t )?(?:to )?(?:not )?(?:be )?(?:further )?(?:named|identified|quoted by name)"
    r"|\b(?:not|n[’']t) (?:want|wish|wanting|wishing)(?:ing)? to be (?:named|identified|quoted)(?: by name)?"
    r"|\banonymously\b|\bon background\b|\bnot for attribution\b|\boff the record\b"
    r"|\b(?:not|n[’']t) (?:been )?(?:authori[sz]ed|allowed|permitted) to (?:speak|talk|discuss|comment|be (?:named|identified|quoted))[^.;,”\"]{0,40})"
)
_REASON = re.compile(
    r"\b(?:because|since|for fear of|fearing|out of (?:concern|fear|respect)|due to|owing to|citing|in order to|so (?:that|as to)"
    r"|given|to (?:discuss|describe|avoid|protect|speak|talk|share|detail|preserve)|as (?:he|she|they|the)|lest)\b[^.;”\"]{3,200}"
)
_FORMULA = re.compile(
    r"authori[sz]ed|sensitiv|internal|private|deliberation|ongoing|publicly|discuss|not (?:allowed|permitted)|to (?:speak|describe|share|talk)"
)
_SUBSTANTIVE = re.compile(
    r"fear|reprisal|retaliat|safety|secur(?:e|ity) (?:threat|risk)|threat|legal|law\b|lawsuit|court|fired|los(?:e|ing) (?:his|her|their) job|\bjobs?\b|negotiat|forbid|prohibit|grand jury|career|visa|arrest|classified"
)
_SELF = re.compile(r"\b(?:client|clients|business|relationship|reputation|embarrass|compet)")


def _anonymity(linker: _Linker, said: list[_Said]) -> dict[str, tuple[str, str]]:
    """Terms of anonymity per attribution: in its own sentence, or pointed back to by a later one (codebook C4)."""
    text = linker.text
    if not any(anchor in text for anchor in _ANCHORS):
        return {}
    found: dict[str, tuple[str, str]] = {}
    for match in _TERMS.finditer(text):
        start, end = _sentence_around(text, match.start(), match.end())
        term = match[0].strip()
        reason = _reason(text[match.end() : end], term)
        for attribution_id in _owners(linker, said, start, match.start(), end):
            found.setdefault(attribution_id, (term, reason))
    shared = {linker.of[key].number: value for key, value in found.items() if linker.of.get(key) is not None}  # type: ignore[union-attr]
    for one in said:
        referent = linker.of[one.attribution_id]
        if referent is not None and referent.number in shared:
            found.setdefault(one.attribution_id, shared[referent.number])
    return found


def _sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    low = (
        max(text.rfind("\n", 0, start), *(text.rfind(stop, 0, start) for stop in (". ", ".” ", '." ', "? ", "! "))) + 1
    )
    stops = [at for at in (text.find(stop, end) for stop in (". ", ".\n", "\n", "? ", ".” ")) if at >= 0]
    return low, min(stops, default=len(text))


def _reason(after: str, term: str) -> str:
    match = _REASON.search(after)
    if match is None and "authori" not in term:
        return "none"
    reason = (match[0] if match else "") + " " + term
    if match and _SUBSTANTIVE.search(match[0]):
        return "substantive"
    if match and _SELF.search(match[0]):
        return "self_interest"
    return "formula" if _FORMULA.search(reason) else "substantive"


_POINTS_BACK = re.compile(r"\W*(?:(?:The|These|Those|Both|All|They|He|She|Each|Neither|None|Like)\b)[^,]{0,60}$")


def _owners(linker: _Linker, said: list[_Said], start: int, at: int, end: int) -> list[str]:
    """Attributions a term belongs to: the nearest unnamed source of its sentence, else those its subject points back to."""
    unnamed = [one for one in said if _is_unnamed(linker, one)]
    subject = linker.text[start:at]
    here = [one for one in unnamed if start <= one.source_start < end]
    before = [one for one in here if one.source_start <= at] or here
    if before and not (_POINTS_BACK.match(subject) and not any(one.source_start < at for one in here)):
        nearest = max(before, key=lambda one: one.source_start)
        return [nearest.attribution_id]
    return _pointed_back(linker, unnamed, subject, start)


def _pointed_back(linker: _Linker, unnamed: list[_Said], subject: str, start: int) -> list[str]:
    if not _POINTS_BACK.match(subject):
        return []
    line = linker.text.rfind("\n", 0, start)
    earlier = [one for one in unnamed if one.at < start and one.source_start >= 0]
    heads = {singular(word.strip(",.")) for word in subject.casefold().split()}
    same = [
        one
        for one in earlier
        if linker.readings[one.attribution_id].head.split()[-1:]
        and linker.readings[one.attribution_id].head.split()[-1] in heads
    ]
    here = [one for one in same if one.at > line] or same[-3:]
    if here:
        return [one.attribution_id for one in here]
    return [one.attribution_id for one in earlier[-1:] if start - one.at < 2 * _NEAR]


def _is_unnamed(linker: _Linker, one: _Said) -> bool:
    referent = linker.of[one.attribution_id]
    identification = referent.reading.identification if referent else linker.readings[one.attribution_id].identification
    return identification in ("anonymous_individual", "anonymous_group", "named_role")
