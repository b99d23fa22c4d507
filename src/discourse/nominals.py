"""The words of source phrases: source heads, sectors, titles, places, given names, outlets, and the closed classes.

The lists, what spelling alone tells of a word, and the record that a reading fills; how a phrase is read with them
is for `grammar`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import NamedTuple

import pandas as pd

from discourse import lexicon, tables

FORMS = ("person", "role", "organisation", "document", "mass", "none")
"""How an entry of the lexicon decides identification: see data/SOURCES.md."""
_FORM_OF = {
    "named_role": "role",
    "named_organisation": "organisation",
    "unnamed_document": "document",
    "anonymous_group": "mass",
    "unattributed": "none",
}
Entry = tuple[str, str, str]
"""A source head: entry, form, affiliation."""


class Reading(NamedTuple):
    """What one source phrase says by itself; `principal` is the capitalised name a spokesman or aide is set beside."""

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
    principal: str = ""
    rule: str = "none"


OPACITY = {name: level for level, name in enumerate(tables.IDENTIFICATION)}
"""Ordinal scale of opacity (codebook C2): named_person 0 … unattributed 6. Opacity is not unreliability."""


@dataclass(frozen=True)
class Gazetteer:
    """The closed lists a reading consults: source heads, sector words, titles, places, given names, outlets."""

    heads: Mapping[str, Entry]
    sectors: Mapping[str, str]
    sector_phrases: tuple[tuple[str, str], ...]
    bodies: Mapping[str, str]
    titles: Mapping[str, str]
    places: Mapping[str, str]
    demonyms: frozenset[str]
    given: Mapping[str, str]
    outlets: frozenset[str]

    @cached_property
    def readings(self) -> dict[str, Reading]:
        """What has been read with these lists so far."""
        return {}

    @cached_property
    def titled(self) -> dict[str, Reading]:
        """How anybody of a title reads."""
        return {}

    @cached_property
    def longest(self) -> dict[str, int]:
        """Last word of a head -> words of the longest head that ends in it."""
        found: dict[str, int] = {}
        for key in self.heads:
            words = key.split()
            found[words[-1]] = max(len(words), found.get(words[-1], 0))
        return found

    @cached_property
    def phrase_starts(self) -> frozenset[str]:
        """The first words of the sector phrases."""
        return frozenset(phrase.split()[0] for phrase, _ in self.sector_phrases)

    @cached_property
    def padded_phrases(self) -> tuple[tuple[str, str], ...]:
        """The sector phrases between spaces, so that "national committee" is not found in "international committee"."""
        return tuple((f" {phrase} ", sector) for phrase, sector in self.sector_phrases)

    @cached_property
    def listed(self) -> frozenset[str]:
        """Every word any list or closed class knows, given names aside: a name made of no such word is a person's."""
        lists = (self.heads, self.sectors, self.bodies, self.titles, self.places, self.demonyms)
        own = (word for entries in lists for entry in entries for word in entry.split())
        return frozenset(own) | _CLOSED


def gazetteer(heads: pd.DataFrame | None = None, outlets: pd.DataFrame | None = None) -> Gazetteer:
    """The shipped lists, with a user's source heads (entry or head, identification, category or affiliation) and
    outlets (outlet, aliases) on top."""
    given = [table for table in (heads, outlets) if table is not None and len(table)]
    if not given:
        return _shipped()
    columns = ("entry", "head", "identification", "category", "affiliation")
    return _extended(_cells(heads, columns), _cells(outlets, ("outlet", "aliases")))


Cells = tuple[tuple[str, tuple[object, ...]], ...]


def _cells(rows: pd.DataFrame | None, columns: Iterable[str]) -> Cells:
    return () if rows is None else tuple((name, tuple(rows[name].tolist())) for name in columns if name in rows)


@lru_cache(maxsize=4)
def _extended(heads: Cells, outlets: Cells) -> Gazetteer:
    base, own = _shipped(), pd.DataFrame(dict(heads))
    named = base.outlets | _names_of(pd.DataFrame(dict(outlets)))
    return replace(base, heads={**base.heads, **_head_rows(own)} if len(own) else base.heads, outlets=named)


def _head_rows(rows: pd.DataFrame) -> dict[str, Entry]:
    """Entries by their singular key. A corpus' own list calls its columns head and affiliation; form may be empty."""
    rows = rows.rename(columns={"head": "entry", "affiliation": "category"})
    forms = rows["identification"].tolist() if "identification" in rows else [""] * len(rows)
    found: dict[str, Entry] = {}
    for entry, form, category in zip(rows["entry"].tolist(), forms, rows["category"].tolist(), strict=True):
        name = str(entry)
        known = form if form in FORMS else _FORM_OF.get(str(form), "organisation" if name[:1].isupper() else "person")
        found[head_key(name)] = (name, known, str(category) if category in tables.AFFILIATION else "unspecified")
    return found


def head_key(entry: str) -> str:
    return " ".join(singular(word) for word in entry.casefold().split())


@lru_cache(maxsize=1)
def _shipped() -> Gazetteer:
    heads = _head_rows(lexicon.load("source_heads", required=("entry", "identification", "category")))
    words = lexicon.load("sectors", required=("entry", "pos", "category"))
    by_kind: dict[str, dict[str, str]] = {"modifier": {}, "body": {}, "title": {}}
    for entry, kind, category in zip(words["entry"], words["pos"], words["category"], strict=True):
        by_kind[kind][entry] = "" if category == "unspecified" else category
    phrases = tuple((entry, sector) for entry, sector in by_kind["modifier"].items() if " " in entry)
    places = lexicon.load("places")
    named: dict[str, str] = {}
    demonyms: set[str] = set()
    for country, peoples, capitals in zip(places["entry"], places["demonyms"], places["capitals"], strict=True):
        named[country.casefold()] = country
        named.update({capital.casefold(): country for capital in capitals.split(";") if capital})
        demonyms.update(people.casefold() for people in peoples.split(";") if people)
    given = lexicon.load("given_names")
    names = {entry.casefold(): gender for entry, gender in zip(given["entry"], given["gender"], strict=True)}
    return Gazetteer(
        heads, by_kind["modifier"], phrases, by_kind["body"], by_kind["title"], named, frozenset(demonyms), names,
        _outlet_names(),
    )  # fmt: skip


def _outlet_names() -> frozenset[str]:
    path = lexicon.data_path("outlets.csv")
    if not path.exists():
        return frozenset()
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    rows = rows[rows["medium"] != "platform"]
    return _names_of(rows)


def _names_of(rows: pd.DataFrame) -> frozenset[str]:
    """Names and aliases of outlets, in lower case and without article."""
    cells = [str(cell) for name in ("outlet", "aliases") if name in rows for cell in rows[name].dropna().tolist()]
    bare = (name.strip().casefold().removeprefix("the ") for cell in cells for name in re.split(r"[;|]", cell))
    return frozenset(name for name in bare if len(name) > 1)


# --- words ---

_WORD = re.compile(r"[^\W_]+(?:['’.\-‐‑&/][^\W_]+)*['’]?\.?|[^\w\s]|_")
_PEOPLES_IN_I = (
    "afghani azeri bangladeshi emirati iraqi israeli kuwaiti nazi omani pakistani qatari saudi somali yemeni".split()
)
_SINGULARS = {
    "people": "people", "men": "man", "women": "woman", "police": "police", "media": "media", "news": "news",
    **{f"{people}s": people for people in _PEOPLES_IN_I},
    "wives": "wife", "witnesses": "witness", "eyewitnesses": "eyewitness", "analyses": "analysis", "pbs": "pbs",
    "abs": "abs", "congress": "congress", "children": "child", "data": "data", "series": "series",
    "politics": "politics", "mps": "mp",
}  # fmt: skip


@lru_cache(maxsize=100_000)
def singular(word: str) -> str:
    """Singular of a lower-case noun by its spelling; "people", "police" and "media" stay as they are."""
    if word in _SINGULARS:
        return _SINGULARS[word]
    if word.endswith("men") and len(word) > 5:
        return word[:-3] + "man"
    if word.endswith("people") and len(word) > 8:
        return word[:-6] + "person"
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is", "’s", "'s")):
        return word
    if word.endswith("ies") and len(word) > 5:
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("ches", "shes", "sses", "xes", "zes")) else word[:-1]


def words_of(phrase: str) -> list[str]:
    """Words and punctuation marks of a phrase."""
    return _WORD.findall(phrase)


def capitalised(word: str) -> bool:
    """Is a word spelt as a part of a name: with a capital, or with the Arabic article ("al-Oll")?"""
    return word[0].isupper() or (word[:3] in ("al-", "el-", "ul-") and len(word) > 4)


SUFFIXES = frozenset("jr sr ii iii iv phd md".split())
"""What follows a surname."""


@lru_cache(maxsize=50_000)
def name_words(name: str) -> tuple[str, ...]:
    """Lower-case words of a name, without titles of generation ("Jr.") and possessive."""
    words = (word.casefold().strip(".,").replace("’", "'").removesuffix("'s") for word in name.split())
    return tuple(word for word in words if word and word not in SUFFIXES)


ARTICLES = frozenset("the this that these those such said".split())
INDEFINITE = frozenset("a an another some several many most few any other others one each every all both".split())
OPENERS = frozenset("however meanwhile even also then but so still yet while if when how why because although".split())
"""Words at the edge of a source span that belong to the sentence, not to the source."""
POSSESSIVES = frozenset("his her its their our my your whose".split())
NUMBERS = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()
    )
}
STOP = frozenset(
    "who whom which that where when whose of in at from for with on to by about as under over near inside outside "
    "without within across throughout amid beyond despite toward towards via "
    "against among between into during after before since than like speaking citing asking requesting seeking "
    "saying warning describing alleging detailing including "
    "familiar close loyal opposed briefed involved privy knowledgeable present here there yesterday today tomorrow "
    ", ; : ( ) [ ] — – "
    '-- - / " “ ” and or but said says is was are were has have had will would could can also himself herself '
    "themselves i we he she they it you not".split()
)
COUNTERS = frozenset(
    "at least more than about nearly almost some roughly around dozen dozens hundreds thousands".split()
)
PARTICLES = frozenset("de da del della di van von der den bin ben al el ibn abu ul du le la dos st".split())
PARTS = frozenset(
    "number majority minority group groups percent couple handful dozens hundreds thousands array range chorus series "
    "half third quarter thirds pair trio lot lots crowd crowds host score scores plurality percentage share variety "
    "slew bevy rest two-thirds three-quarters some many several most few one two three four five six seven eight nine "
    "ten all both none any each".split()
)
GRADES = frozenset(
    "vice deputy senior junior top chief assistant acting interim first second national general foreign prime "
    "new".split()
)
"""Words of rank before an office: part of no name."""
FIELDS = frozenset(
    "affairs agriculture aviation commerce communications culture defence defense development economic economics "
    "economy education emergency employment energy environment environmental external finance fisheries foreign "
    "forestry health home homeland housing immigration industry information infrastructure intelligence interior "
    "internal international investment justice labor labour lands mines national natural petroleum planning "
    "policy power public regional relations religious resources rural science security services social sport "
    "sports state technology telecommunications tourism trade transport transportation treasury urban veterans "
    "war water welfare women works youth".split()
)
"""What ministers, secretaries and directors are of or for."""
COURTESY = frozenset("mr mrs ms miss dr sir lord lady datuk seri hon cde comrade".split())
"""Titles that say less of their bearer than an office before them: "Secretary General Lord Oll"."""
FORMER = frozenset("former ex retired erstwhile onetime one-time".split())
_GENDERED = {
    "m": "mr sir lord king prince congressman councilman spokesman father husband son brother chairman businessman "
    "uncle nephew grandfather policeman fireman anchorman widower boyfriend salesman congressmen man",
    "f": "mrs ms miss lady dame madam queen princess congresswoman councilwoman spokeswoman mother wife daughter "
    "sister "
    "chairwoman businesswoman aunt niece grandmother widow girlfriend policewoman woman",
}
GENDER = {word: gender for gender, words in _GENDERED.items() for word in words.split()}
_PRONOUN_KINDS = {
    "m": "he him himself his",
    "f": "she her herself",
    "plural": "they them themselves their these those",
    "thing": "it itself its",
    "first": "i me myself my",
    "first_plural": "we us our ourselves",
    "second": "you your",
    "relative": "who which whom",
    "none": "that this what",
}
PRONOUNS = {word: kind for kind, words in _PRONOUN_KINDS.items() for word in words.split()}
PERSONAL = frozenset("i he she we they it you me him them himself herself themselves itself myself".split())
"""Pronouns nothing of a source phrase follows: what does is cut loose from the clause ("I just", "he's ready")."""
VAGUE = {
    **dict.fromkeys(
        "some others other many several most few both all everyone everybody nobody none anyone anybody those "
        "half".split(),
        "mass",
    ),
    **dict.fromkeys("someone somebody another person man woman".split(), "person"),
}
OF_A_PLACE = frozenset("official spokesman spokeswoman spokesperson government ministry army leader".split())
"""Heads that a place name identifies without changing whom they speak for ("Pakistani officials")."""
OWN_JUDGEMENT = frozenset(
    "analyst economist expert critic supporter voter resident opponent professor scholar student teacher pupil "
    "graduate".split()
)
"""Heads who speak for themselves wherever they sit, unless a firm pays them (codebook: sell-side analysts)."""
TIED = frozenset(
    "aide adviser advisor ambassador envoy officer person someone secretary counsel source insider".split()
)
"""Heads whose "to" or "in" names the body they speak for ("an aide to the senator")."""
TRADES = frozenset("nurse engineer architect accountant librarian pharmacist electrician chemist".split())
"""Trades that make nobody an expert whose age is told: "Oll, 34, a nurse" speaks as one of the public."""
OFFSPRING = frozenset("child kid baby twin heir".split())
"""Heads that are kin of whoever they belong to, and citizens otherwise."""
_DOES = {
    "expert": "tracks tracked studies studied analyzes analyses analyzed analysed researches researched teaches taught "
    "specializes specialises specialized",
    "citizen": "lives lived voted resides commutes retired immigrated emigrated",
    "business": "owns owned sells manufactures",
    "media": "blogs reports anchors hosts edits",
    "judiciary": "sued clerked",
}
WHO_DOES = {verb: side for side, verbs in _DOES.items() for verb in verbs.split()}
"""What a person is told to do, where nobody is named for whom ("Oll, who tracks herring")."""
STATES = frozenset(
    (
        "alabama,alaska,arizona,arkansas,california,colorado,connecticut,delaware,florida,hawaii,idaho,illinois,indiana,"
        "iowa,kansas,kentucky,louisiana,maine,maryland,massachusetts,michigan,minnesota,mississippi,missouri,montana,"
        "nebraska,nevada,new hampshire,new jersey,new mexico,new york,north carolina,north dakota,ohio,oklahoma,oregon,"
        "pennsylvania,rhode island,south carolina,south dakota,tennessee,texas,utah,vermont,west virginia,wisconsin,"
        "wyoming,quebec,ontario,new york city"
    ).split(",")
)
"""States that speak as such, and that those who represent them are of ("Oll of Ohio")."""
PLACES_OF = frozenset("home house residence phone cellphone".split())
"""Where somebody is called: "calls to Khan's home" were made to Khan."""
BLANK = frozenset("people person someone somebody man woman source official".split())
INFORMED = frozenset("familiar briefed close knowledgeable privy involved".split())
"""A person known only by closeness to the matter: no affiliation is told ("people briefed on the talks")."""
CANDIDATE = frozenset(
    "nominee candidate hopeful contender challenger frontrunner front-runner mate standard-bearer".split()
)
EXPERT_ENDINGS = ("ologist", "iatrist", "ologists", "iatrists", "physicist", "physicists", "surgeon", "surgeons")
DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
AFTER_NOUN = frozenset("the a an such last next earlier later recently".split())
"""Words that follow a noun phrase but may also open one."""
SIGNS = frozenset(
    "update updated breaking correction note editor's question answer there let let's subhead besides apart therefore "
    "moreover nonetheless nevertheless thus hence indeed instead perhaps maybe example inside outside whenever whether "
    "much neither nothing anything everything something having only once listen please thou last monday tuesday "
    "wednesday thursday friday saturday sunday january february march april june july august september october "
    "november december".split()
)
"""Signs that head a stretch of text and name nobody."""
_CLOSED = frozenset(
    word
    for words in (
        PRONOUNS, STOP, ARTICLES, INDEFINITE, NUMBERS, COUNTERS, PARTS, OPENERS, VAGUE, POSSESSIVES, FORMER,
        GENDER, AFTER_NOUN, SIGNS, SUFFIXES, ("democratic", "republican", "democrat", "us", "uk", "eu"),
    )
    for word in words
)  # fmt: skip
