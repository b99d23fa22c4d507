"""Named context tests: the readings of ambiguous words that one neighbour does not tell apart.

Each test is a small function of `contexts.Sites`, True for a hit where it holds, and is called by its name in the
column `tests` of a lexicon. They are rules of thumb read off concordances of news and weblogs, one question each; where
a test has to err, it refuses: an unknown use of "must" is a duty, an unknown "could not" an inability.
"""

from __future__ import annotations

import numpy as np

from discourse.contexts import REACH, Ints, Mask, Sites, Test

NAMED: dict[str, Test] = {}
"""Every test of this module by name."""

_MONEY = ("$", "£", "€", "¥", "us", "usd", "eur", "gbp", "rs")


def _named(test: Test) -> Test:
    NAMED[test.__name__] = test
    return test


# place and shape


@_named
def clause_start(sites: Sites) -> Mask:
    """The cue opens its sentence, or follows punctuation or a conjunction."""
    return sites.has("prev", "@edge", "@punct", "@conj")


@_named
def capital_inside(sites: Sites) -> Mask:
    """A capital that neither a sentence nor a quotation nor a headline explains: a name."""
    opening = sites.has("prev", "@quote", ":", "@edge")
    shouted = sites.has("prev", "@title", "@edge") & sites.has("next", "@title", "@edge") & _headline(sites)
    return sites.has("itself", "@title") & ~opening & ~shouted


def _headline(sites: Sites) -> Mask:
    """At most one word in three around the cue begins small: a headline, or a sentence in capitals."""
    at = np.concatenate((sites.at("left"), sites.at("right")), axis=1)
    word = sites.around.is_in(at, "@word")
    small = word & ~sites.around.is_in(at, "@title", "@digit")
    return np.asarray(3 * small.sum(axis=1) <= word.sum(axis=1), dtype=bool)


@_named
def month(sites: Sites) -> Mask:
    """May the month (or a name): a capital inside the sentence, a date, or a preposition before it."""
    dated = sites.has("next", "@digit", "'s", "of") | sites.has("prev", "@digit")
    led = sites.has("prev", "@prep", "@article", "each", "every", "last", "next", "early", "late", "mid", "this")
    ends = sites.has("next", "@punct", "@edge", "@prep", "@conj")
    title = sites.has("itself", "@title")
    small = ~title & sites.has("prev", "in", "last", "since", "until", "every") & (ends | dated)
    return capital_inside(sites) | first_name(sites) | (title & (dated | led | ends)) | small


@_named
def first_name(sites: Sites) -> Mask:
    """A capitalised word at the start of a clause before another capital: "Hope Delaney", "May Carrow"."""
    opens = sites.has("prev", "@edge", "@punct")
    return opens & sites.has("itself", "@title") & sites.has("next", "@capital")


@_named
def mentioned(sites: Sites) -> Mask:
    """The word itself is spoken of: alone in quotation marks or italics after a determiner, "of" or a verb of saying.

    Quotation marks elsewhere ("it was 'probably' an accident") quote in part, and the cue stands.
    """
    around = sites.around
    marks, led = ("@quote", "*", "_"), sites.at("prev2")
    spoken_of = (
        "@article",
        "@poss",
        "this",
        "that",
        "@quantity",
        "of",
        "by",
        "with",
        "from",
        "and",
        "or",
        "as",
        "word",
        "@naming",
    )
    said = around.is_in(led, "say", "says", "said", "saying", "write", "wrote", "read", "reads")
    alone = sites.has("next", *marks) & (said | around.is_in(led, *spoken_of))
    alone |= sites.has("next", *marks) & sites.has("next2", "@punct", "@edge") & around.is_in(led, "@be")
    phrase = sites.has("next2", *marks) & around.is_in(led, "@article", "word", "words")
    short = sites.hits.last - sites.hits.first <= 2
    return np.asarray(short & sites.has("prev", *marks) & (alone | phrase), dtype=bool)


@_named
def permitted(sites: Sites) -> Mask:
    """May of permission: refused "without" something, or in a paragraph of rules ("shall")."""
    tokens, around = sites.around.tokens, sites.around
    rules = np.zeros(int(tokens.par.max(initial=0)) + 1, dtype=bool)
    rules[tokens.par[around.is_in(np.arange(len(tokens)), "shall")]] = True
    polite = sites.has("subject", "you") & sites.has("after", "want", "wish", "prefer", "ask", "differ")
    refused = sites.has("next", "not", "n't") & sites.has("sentence", "without", "unless", "until", "permission")
    return np.asarray(polite | refused | rules[tokens.par[sites.hits.first]], dtype=bool)


@_named
def offhand(sites: Sites) -> Mask:
    """ "As you may be aware", "what you might call", "if I may": a turn to the reader, nothing is claimed."""
    led = sites.near("left", 3, "as", "what", "than", "like") & sites.has("subject", "you", "one")
    said = sites.has(
        "after", "know", "think", "call", "expect", "imagine", "guess", "recall", "remember", "aware", "say"
    )
    said |= sites.has("after", "be") & sites.around.is_in(sites.around.step(sites.at("after"), 1), "aware")
    return (led & said) | (sites.has("prev", "i", "we") & sites.has("prev2", "if"))


# parts of speech and clauses


@_named
def noun(sites: Sites) -> Mask:
    """The cue is a noun: after a determiner, possessive, preposition, number or adjective, or before "of"."""
    around, prev = sites.around, sites.at("prev")
    described = around.is_in(prev, "@adj") & ~sites.has("prev2", "@be", "@copula", "@subject")
    after_prep = around.is_in(prev, "@prep") & ~around.is_in(prev, "to", "as", "like", "than")
    # "that sounds", "one wonders": a singular pronoun before a form in -s or -ed
    pronoun = around.is_in(prev, "this", "that", "one", "each", "all", "which") & sites.has("itself", "@plural", "@ed")
    clitic = around.is_in(prev, "'s") & sites.has("itself", "@ing", "@ed")
    led = around.is_in(prev, "@det", "@poss", "@number", "more", "much", "little", "own", "only") & ~pronoun & ~clitic
    return led | after_prep | described | sites.has("next", "of")


@_named
def verb(sites: Sites) -> Mask:
    """The cue is no noun by its neighbours."""
    return ~noun(sites)


@_named
def verb_next(sites: Sites) -> Mask:
    """Past adverbs, what follows can be a verb: no punctuation, article, preposition, number or name of a month."""
    at = sites.around.skip(sites.at("next"), 1, "@adverb", "@quote", "of", "course", "one", "day")
    inserted = sites.around.is_in(at, ",", "—", "–", "-", "--", "(", "like", "in", "over")
    other = sites.around.is_in(at, "@punct", "@edge", "@article", "@poss", "@prep", "@number", "@month", "@conj")
    return inserted | ~other


@_named
def inverted(sites: Sites) -> Mask:
    """An auxiliary before its subject, as in a question or a wish."""
    opens = sites.has("prev", "@edge", "@punct", "@wh", "@conj")
    return opens & sites.has("next", "@subject", "@article", "@poss", "this", "these")


@_named
def attributive(sites: Sites) -> Mask:
    """A noun or an adjective can follow, quotation marks passed over: no function word, punctuation or end."""
    at = sites.around.skip(sites.at("next"), 1, "@quote")
    closed = ("@prep", "@conj", "@punct", "@edge", "@aux", "@det", "@pronoun", "@wh", "@adverb", "@poss")
    return ~sites.around.is_in(at, *closed)


@_named
def predicative(sites: Sites) -> Mask:
    """A copula stands before the cue, past adverbs, degree words and negation."""
    at = sites.around.skip(sites.at("prev"), -1, "@adverb", "@degree", "@not")
    return sites.around.is_in(at, "@copula") | sites.has("before", "@copula")


@_named
def negated(sites: Sites) -> Mask:
    """A negation stands among the three tokens before."""
    return sites.near("left", 3, "@not", "nobody", "none", "few", "less", "neither", "far", "cannot")


@_named
def agentless(sites: Sites) -> Mask:
    """No "by" phrase follows: the passive hides who says so."""
    return ~sites.near("right", 4, "by")


@_named
def adverb_inside(sites: Sites) -> Mask:
    """The second word of the cue is an adverb or belongs to the cue itself ("is widely believed to")."""
    second = np.minimum(sites.hits.first + 1, sites.hits.last - 1)
    own = sites.around.is_in(second, "@ed", "@adverb", "said", "thought", "understood", "being")
    return own & ~sites.around.is_in(second, "as", "been")


@_named
def before_clause(sites: Sites) -> Mask:
    """A clause or a noun phrase can follow: "that", a pronoun, a determiner or a plain noun, no punctuation."""
    opens = sites.has(
        "next", "that", "@subject", "@det", "@poss", "@capital", "@number", "what", "how", "if", "when", "in"
    )
    plain = sites.has("next", "@word")
    return opens | (plain & ~sites.has("next", "@prep", "@conj", "@object", "@wh", "@adverb", "@ing", "@modal"))


@_named
def indicative_clause(sites: Sites) -> Mask:
    """The that-clause tells how things are; with a bare verb first ("that he go") it proposes."""
    right, around = sites.at("right"), sites.around
    bare = around.is_in(right, "@base")
    told = around.is_in(right, "@finite", "@modal", "@ed", "@be", "@have") & ~bare
    first_bare = np.where(bare.any(axis=1), bare.argmax(axis=1), REACH)
    first_told = np.where(told.any(axis=1), told.argmax(axis=1), REACH)
    return np.asarray(first_told <= first_bare, dtype=bool)


@_named
def felt_clause(sites: Sites) -> Mask:
    """Feel with "that", or with a pronoun and its verb at once: "they feel it is over"; not "felt the cold"."""
    that = sites.around.is_in(sites.hits.last - 1, "that")
    subject = sites.has("next", "@subject", "this") & sites.has("next2", "@be", "@modal", "@have", "@do", "@not")
    return that | subject


# subjects


@_named
def first_person(sites: Sites) -> Mask:
    """The subject is I or we."""
    return sites.has("subject", "i", "we")


@_named
def addressed(sites: Sites) -> Mask:
    """The subject is you, or the cue is an order."""
    return sites.has("subject", "you", "@edge", ",", "and", "or", "@quote")


@_named
def asked_of_you(sites: Sites) -> Mask:
    """A question put to somebody: "do you think", "did you really believe", "you think so?"."""
    you = sites.at("before")
    asks = sites.around.is_in(sites.around.step(you, -1), "do", "did", "would", "does", "what", "who", "can", "d'")
    return sites.around.is_in(you, "you", "ya", "u") & (asks | sites.has("sentence", "?"))


@_named
def intended(sites: Sites) -> Mask:
    """What the voice means to do: "I think I'll go", "I thought I'd ask"; no claim, as "I think I'd win" is."""
    around, then = sites.around, sites.around.skip(sites.at("next"), 1, "that")
    further = around.step(then, 1)
    will = around.is_in(further, "'ll", "will", "shall")
    will |= around.is_in(further, "'d", "would") & around.is_in(sites.hits.last - 1, "thought", "figured")
    return (sites.has("subject", "i") | sites.has("itself", "i")) & around.is_in(then, "i") & will


@_named
def human(sites: Sites) -> Mask:
    """The subject is a person, a group or a name; a joined or participial verb looks for one further left.

    A noun of evidence to the left makes it none: "polls in Iowa indicate", "reports from Lagos suggest".
    """
    named = sites.has("subject", "@person", "@people", "@capital", "who", "one") & ~sites.has("subject", "@month")
    joined = sites.has("subject", "@and", ",", "of", "@edge") & sites.has(
        "left", "@person", "@people", "@capital", "who"
    )
    elsewhere = sites.has("left", "@evidence") & ~sites.has("subject", "@person", "who", "@people")
    return (named | joined) & ~elsewhere & ~sites.has("subject", "@evidence")


@_named
def compared(sites: Sites) -> Mask:
    """What is thought stands in a comparison: "later than we thought", "as firm as one would think"."""
    return sites.near("left", 3, "than") | (sites.near("left", 3, "as") & sites.has("subject", "one", "you"))


@_named
def within_question(sites: Sites) -> Mask:
    """The clause of "who" or "what" stands under the cue: "not who she thinks he is", "what they believe is wrong"."""
    around, subject = sites.around, sites.around.step(sites.hits.first, -1)
    led = around.is_in(around.step(subject, -1), "what", "who", "whom", "whatever", "where", "how")
    return led & ~around.is_in(subject, "@modal", "@wh", "@aux")


@_named
def generic_they(sites: Sites) -> Mask:
    """No plural of persons stands among the sixty tokens before in the paragraph: "they" is anybody."""
    tokens, around = sites.around.tokens, sites.around
    generic = np.ones(len(sites.hits), dtype=bool)
    for row, first in enumerate(sites.hits.first.tolist()):
        back = np.arange(max(0, first - 60), first)
        back = back[tokens.par[back] == tokens.par[first]]
        named = around.is_in(back, "@people") | (around.is_in(back, "@capital") & around.is_in(back, "@plural"))
        generic[row] = not named.any()
    return generic


# numbers


@_named
def number_next(sites: Sites) -> Mask:
    """A number, an amount of money, or a phrase of quantity follows ("about a week")."""
    money = sites.has("next", *_MONEY) & sites.has("next2", "@number", *_MONEY)
    measure = sites.has("next", "a", "an", "one") & sites.has("next2", "@measure")
    return sites.has("next", "@number") | money | measure


@_named
def number_before(sites: Sites) -> Mask:
    """A number stands among the three tokens before."""
    return sites.near("left", 3, "@number", "a", "an") | sites.has("prev", "@time")


@_named
def approximate(sites: Sites) -> Mask:
    """A number or a quantity follows: "about 200", "around half", "about the same", "around noon"."""
    same = sites.has("next", "the") & sites.has("next2", "same", "size", "level", "length")
    loose = sites.has("next", "as", "half", "once", "twice", "noon", "midnight", "equal", "dawn", "dusk", "midday")
    date = sites.has("next", "@month") & sites.has("next2", "@digit")
    right = sites.has("next", "right") & sites.has("next2", "@punct", "@edge")
    return number_next(sites) | same | loose | date | right


@_named
def just_about(sites: Sites) -> Mask:
    """ "Just about every": about as almost."""
    return sites.has("prev", "just") & sites.has("next", "@quantity", "@det", "@adj", "@ed")


@_named
def threshold(sites: Sites) -> Mask:
    """A limit that a rule or a definition sets: "those making more than 9,000 crowns", "if it lasts over a week"."""
    limit = sites.near("left", 4, "those", "anyone", "anybody", "everyone", "allowed", "permitted", "if")
    return limit & ~sites.near("left", 4, "@punct")


@_named
def beyond_amount(sites: Sites) -> Mask:
    """Over as "more than": no span of time ("over two years"), no rival ("victory over 12 teams"),
    no age ("voters over 65")."""
    further = sites.around.is_in(sites.at("right")[:, 2], "@time")
    span = sites.has("next2", "@time", "or", "to", "@month") | (sites.has("next2", "@number") & further)
    lasting = sites.has("prev", "for", "just", "well", "lasted", "of", "little", "now", "'s")
    return ~sites.has("itself", "over") | ((~span | lasting) & ~sites.has("prev", "@rival", "@aged"))


# modals


@_named
def past_ability(sites: Sites) -> Mask:
    """Could as "was able to": "we could see", "as fast as he could", "more than it could bear", "could be heard", and
    what a machine can do to something."""
    around, then = sites.around, sites.around.step(sites.at("after"), 1)
    passive = sites.has("after", "be") & around.is_in(then, "heard", "seen", "felt", "smelled", "found", "reached")
    excused = sites.has("after", "be") & around.is_in(then, "forgiven", "excused", "pardoned")
    does = around.is_in(then, "@det", "@poss", "@object", "@number") & ~sites.has("after", "be", "have", "cost")
    runs = sites.has("subject", "@machine") & does
    return passive | excused | runs | _measured(sites) | (_someone(sites) & (_managed(sites) | _purposed(sites)))


def _someone(sites: Sites) -> Mask:
    """The subject is a certain person or body, not anybody."""
    named = sites.has("subject", "@person", "@people", "@capital", "who", "nobody", "everyone")
    return named & ~sites.has("subject", "you", "anyone", "one", "@month")


def _managed(sites: Sites) -> Mask:
    """Before a verb of perception or achievement, in a sentence that tells what was, not what will or may be."""
    open_ = sites.has("sentence", "if", "unless", "will", "'ll", "maybe", "perhaps", "tomorrow")
    open_ |= sites.has("next", "still", "yet", "also", "soon", "eventually", "easily", "potentially")
    return sites.has("after", "@sense") & ~open_


def _purposed(sites: Sites) -> Mask:
    """ "So that she could sleep", "as fast as he could", "I wish we could", "all they could"."""
    so = sites.near("left", 4, "so", "wish", "wished", "all", "everything")
    return so | (sites.near("left", 4, "as") & sites.near("right", 2, "@punct", "@edge")) | sites.near("left", 2, "as")


def _measured(sites: Sites) -> Mask:
    """ "More than it could bear", "nothing could stop them", "what they could", "one could say"."""
    bound = sites.near("left", 3, "nothing", "nobody", "no", "than") | sites.has("subject", "nobody")
    bound |= sites.near("left", 4, "before")
    that = sites.around.is_in(sites.around.step(sites.at("after"), 1), "that")
    phrase = sites.has("subject", "one", "you") & sites.has("after", "say", "argue") & ~that
    return bound | phrase | (sites.near("left", 2, "what") & _someone(sites))


@_named
def elided(sites: Sites) -> Mask:
    """A modal whose verb is left out: "It might." """
    return sites.has("subject", "@subject", "that") & sites.has("next", ".", ";")


@_named
def weighed(sites: Sites) -> Mask:
    """Must of a measure worked out: "must weigh eight kilos", "must have cost a lot"; not "must weigh the costs"."""
    then = sites.around.step(sites.at("after"), 1)
    amount = sites.around.is_in(then, "@number", "a", "an", "about", "around", "at", "over", "nearly", "close")
    measures = sites.has("after", "weigh", "cost", "number", "measure") & amount | sites.has("after", "date")
    return measures & ~sites.has("subject", "@person", "@people")


@_named
def expected_should(sites: Sites) -> Mask:
    """Should of expectation, not of duty: "should be here", "should be easy", "should arrive by noon"."""
    around, right = sites.around, sites.at("right")
    then = around.skip(around.step(sites.at("after"), 1), 1, "@adverb", "@degree")
    state = around.is_in(
        then, "here", "home", "ready", "enough", "easy", "easier", "interesting", "fun", "fine", "back"
    )
    date = around.is_in(right[:, 1:], "@time", "@month", "@digit", "now", "then", "next", "dusk")
    by = (around.is_in(right[:, :-1], "by") & date).any(axis=1)
    return (sites.has("after", "be") & state) | (sites.has("after", "be", "have", "arrive", "reach") & by)


@_named
def inferred_state(sites: Sites) -> Mask:
    """Must of inference: "must be exhausted", "there must be a reason"; a person who must do something has a duty."""
    around = sites.around
    then = around.skip(around.step(sites.at("after"), 1), 1, "@adverb")
    be, it = sites.has("after", "be"), sites.has("subject", "it", "this", "that", "there")
    thing = it & around.is_in(then, "a", "an", "more")
    doing = around.is_in(then, "@ing") & ~around.is_in(then, "willing")
    state = around.is_in(then, "@inferred", "why") | sites.has("prev", "what") | doing
    counted = around.is_in(then, "about", "around", "nearly", "almost", "among", "close", "least", "at")
    felt = sites.has("after", "@felt") & (it | sites.has("subject", "he", "she", "they", "you", "@capital"))
    works = sites.has("after", "hurt", "sound", "look", "help") & sites.has("subject", "it", "that", "which")
    gone = sites.has("subject", "it", "that") & around.is_in(then, ".", "@edge")
    return (be & (state | thing | gone | (counted & (it | sites.has("subject", "@person"))))) | felt | works


@_named
def announced(sites: Sites) -> Mask:
    """Would as will told in the past: "said he would resign", "talks would open on Monday, she said".

    The verb of saying stands in the same sentence and the same quotation; no condition, plan or draft does.
    """
    tokens, around = sites.around.tokens, sites.around
    every = np.arange(len(tokens))
    then = around.step(every, 1)
    passive = around.is_in(around.step(every, -1), "@be") & ~around.is_in(every, "told", "assured", "promised", "asked")
    told = around.is_in(every, "@told") & ~passive
    first = sites.hits.first
    before, here = np.maximum.accumulate(np.where(told, every, -1))[first], tokens.sent[first]
    led = (before >= 0) & (tokens.sent[before] == here) & (tokens.quote[before] == tokens.quote[first])
    ends = np.zeros(int(tokens.sent.max(initial=0)) + 1, dtype=bool)
    ends[tokens.sent[told & around.is_in(then, "@edge", ".", "on", "late", "earlier", "@month")]] = True
    trailed = ends[here] & (tokens.quote[first] == 0)
    unreal = _within(sites, 12, "if", "unless", "without", "otherwise")
    unreal |= sites.has("left", "@draft", "any") | _done(sites)
    unreal |= (sites.has("sentence", "under") | ~led) & sites.has("sentence", "@draft")
    return np.asarray((led | trailed) & ~unreal, dtype=bool)


def _done(sites: Sites) -> Mask:
    """The subject is an act, a case thought of: "said that closing the harbour would …"."""
    tokens, around = sites.around.tokens, sites.around
    every, first = np.arange(len(tokens)), sites.hits.first
    act = around.is_in(every, "@ing") & around.is_in(around.step(every, -1), "that", "@told", "@edge")
    act &= ~around.is_in(every, "nothing", "something", "anything", "everything")
    at = np.maximum.accumulate(np.where(act, every, -1))[first]
    return np.asarray((at >= 0) & (first - at < 16) & (tokens.sent[at] == tokens.sent[first]), dtype=bool)


@_named
def would_be_case(sites: Sites) -> Mask:
    """Would of an unreal or unrealised case: no wish, habit, refusal, set phrase, or later event told as settled."""
    return ~(_had(sites) | _wished(sites) | _settled(sites) | _refused(sites))


def _had(sites: Sites) -> Mask:
    """'d as had: before a participle, "better" or what is no verb."""
    participle = sites.has("next", "@ed", "@ing", "better", "been", "had", "gone", "come", "become")
    return sites.has("itself", "'d") & (participle | ~sites.has("after", "@word"))


def _wished(sites: Sites) -> Mask:
    """ "Would like", "would you", "I thought I would", "as you would expect": wishes, requests and set phrases."""
    wish = sites.has("after", "like", "prefer", "love", "as")
    wish |= sites.has("next", "rather", "you", "-", ":", "?", ";")
    wish |= (
        sites.has("after", "be") & sites.has("right", "good", "nice", "interesting") & sites.has("right", "know", "see")
    )
    meant = sites.has("prev", "i") & sites.has("prev2", "figured", "thought", "decided")
    polite = sites.has("subject", "i", "we") & sites.has("after", "@act", "want", "note")
    phrase = sites.near("left", 3, "as", "than") & sites.has("after", "expect", "imagine", "think", "say", "care")
    phrase |= sites.has("subject", "you") & sites.has("after", "believe", "believed")
    advice = sites.has("next", "do") & sites.has("next2", "well", "better")
    advice |= sites.has("subject", "you") & sites.has("next", "have") & sites.has("next2", "to")
    said = sites.has("subject", "i") & sites.has("itself", "would")
    said &= sites.has("after", "add", "say") | sites.has("next2", "say", "add")
    return wish | meant | polite | phrase | advice | said


def _settled(sites: Sites) -> Mask:
    """Would of habit ("every May he would") and of later events ("would later", "would go on to", "would end up")."""
    told = sites.has("sentence", "if", "said", "says", "say", "argued", "warned", "promised")
    later = sites.has("next", "later", "for") | _within(sites, 6, "often", "sometimes", "usually", "occasionally")
    later |= sites.near("left", 6, "times") & sites.near("left", 6, "at")
    later |= sites.has("next", "go") & sites.has("next2", "on") & sites.around.is_in(sites.at("right")[:, 2], "to")
    later |= sites.has("next", "end") & sites.has("next2", "up") & ~told
    return later | (sites.has("left", "every") & sites.has("left", "@time", "@month", "may"))


def _refused(sites: Sites) -> Mask:
    """ "Would not comment"; a person or body that would not do something, outside reported speech and conditions."""
    told = sites.has("sentence", "if", "said", "says", "say", "think", "believe", "because", "'s", "i")
    told |= sites.has("left", "that", "which", "it", "this", "there")
    body = sites.has("subject", "@people", "@capital", "he", "she", "they")
    return sites.has("next", "not", "n't", "never") & (sites.has("next2", "@silent") | (body & ~told))


# verbs of belief


@_named
def expects_clause(sites: Sites) -> Mask:
    """Expect with a clause or an object and infinitive; not "as expected", "what to expect", "expect guests"."""
    closed = sites.has("after", "@punct", "@edge", "@prep", "@conj", "when", "guests", "better")
    future = sites.around.is_in(sites.at("right")[:, 1:], "to", "will", "would").any(axis=1)
    clause = sites.has("after", "to", "that") | (future & ~closed)
    held = sites.has("subject", "@people", "@plural", "they", "@capital") & ~closed
    odd = sites.has("prev", "as", "than", "to", "you", "n't", "not", "never", "what", "and", "be")
    odd |= sites.has("itself", "expecting") & ~sites.has("before", "@be")
    odd |= sites.has("subject", "anyone", "nobody", "anybody") | sites.near("right", 3, "@guest")
    return (clause | held) & ~odd


@_named
def considers_as(sites: Sites) -> Mask:
    """Consider with an object and what it is taken for ("consider him a fraud", "considers it unfair")."""
    around, right = sites.around, sites.at("right")
    then = around.is_in(right[:, 1], "a", "an", "the", "@poss", "@adj", "@ly", "to", "@ed")
    pronoun = sites.has("next", "@object", "it", "this", "that") & then
    article = around.is_in(right[:, 1:5], "a", "an").any(axis=1)
    named = (
        sites.has("next", "@det", "@poss", "@capital", "@plural") & article & ~sites.has("next", "a", "an", "another")
    )
    described = around.is_in(right[:, 1:4], "@adj").any(axis=1) & sites.has("next", "@capital", "@poss", "the", "this")
    described &= ~sites.near("right", 4, ",")
    named |= around.is_in(right[:, 1:4], "as").any(axis=1) & sites.has("next", "@det", "@poss", "@capital", "@plural")
    held = sites.has("subject", "@people", "@plural", "they", "many", "who", "he", "she")
    to_be = (around.is_in(right[:, :-1], "to") & around.is_in(right[:, 1:], "be")).any(axis=1)
    loose = sites.has("itself", "considering") & ~sites.has("before", "@be")
    told = named | (held & (described | sites.has("next", "@adj")))
    said = pronoun | to_be | (told & ~sites.has("prev", "to"))
    return said & ~loose & ~sites.has("prev", "@edge", "being")


@_named
def taken_as(sites: Sites) -> Mask:
    """See, view … X as Y: what follows "as" describes; not "as soon as", "such as", "as he left"."""
    before_as = sites.around.step(sites.hits.last - 1, -1)
    comparison = sites.around.is_in(before_as, "@likened") | sites.has("next", "long", "soon", "well", "far", "much")
    described = sites.has("next", "@det", "@poss", "@adj", "@ly", "@ing", "@ed", "@quote", "@plural", "@degree")
    described |= (sites.has("prev2", "what") | sites.has("itself", "seen")) & sites.has("next", "@word")
    return (described | sites.has("next", "one", "part", "key", "perhaps", "more")) & ~comparison


@_named
def projects_forward(sites: Sites) -> Mask:
    """Project as a verb of forecasting."""
    complement = sites.has("next", "that", "@det", "@number", "growth", "losses")
    complement |= sites.has("next", "to") & (sites.has("prev", "@be", "@people") | ~sites.has("itself", "projects"))
    subject = sites.has("before", "@people", "@plural", "they", "we", "will", "@be")
    forecast = sites.has("itself", "projected", "projects") | (
        sites.has("itself", "projecting") & sites.has("next", "that", "@number")
    )
    named = sites.has("itself", "projected") & (attributive(sites) | subject)
    return (complement & (forecast | (subject & ~sites.has("itself", "projecting"))) & ~noun(sites)) | named


# single words


@_named
def attributive_certain(sites: Sites) -> Mask:
    """Certain before its noun: one or some that the voice does not name."""
    return attributive(sites) & (~predicative(sites) | sites.has("prev", "a", "'s"))


@_named
def adaptor(sites: Sites) -> Mask:
    """Kind of and sort of before what they loosen ("kind of new", "sort of a bribe"), naming no kind of something."""
    classes = ("@det", "@poss", "@adj", "what", "which", "same", "other", "different", "one", "two", "own")
    article = sites.has("next", "a", "an", "the", "like")
    linked = sites.has("prev", "'s", "it") & sites.has("next", "@ed", "@ing", "@ly", "@adj")
    linked |= sites.has("prev", "'s", "it", "that", "this", "all") & article & ~sites.has("next", "a", "an", "another")
    return ~sites.has("next", "@edge", "@punct") & (~sites.has("prev", *classes) | linked)


@_named
def of_degree(sites: Sites) -> Mask:
    """Really as "very": before an adjective, an adverb, a participle or a verb that has degrees."""
    participle = sites.has("prev", "@be", "@copula", "@not") & sites.has("next", "@ed")
    return participle | sites.has(
        "next", "@adj", "@ly", "@ing", "@punct", "@edge", "@graded", "a", "an", "good", "well"
    )


@_named
def general_present(sites: Sites) -> Mask:
    """Never in a generalisation: before a present or bare verb with a subject, or after will and can."""
    past = sites.has("next", "@ed", "@ing", "@aux", "@punct", "@prep", "@det", "@past") & ~sites.has("next", "do")
    subject = sites.has("prev", "@word") & ~sites.has("prev", "@have", "@be", "@do", "@prep", "@conj")
    state = sites.has("prev", "is", "are", "'re")
    return (~past & subject) | state | sites.has("prev", "will", "can", "'ll", "would", "'d")


@_named
def nobody_knows(sites: Sites) -> Mask:
    """Who knows as a sentence of its own, not a relative clause ("the man, who knew the way")."""
    closed = ~sites.has("prev", ",") | sites.has("next", "@punct", "@edge")
    return sites.has("prev", "@edge", "@punct", "and", "but", "because") & closed


# conditions


@_named
def conditional_if(sites: Sites) -> Mask:
    """If of a condition: no indirect question, no "as if", no formula that supposes the opposite."""
    around, then = sites.around, sites.around.step(sites.hits.first, 1)
    further = [around.step(sites.hits.first, by) for by in range(2, REACH + 1)]
    enough = np.logical_or.reduce([around.is_in(at, "enough") for at in further])
    formula = around.is_in(then, "this", "that", "it") & enough
    fixed = around.is_in(then, "anything", "not", "ever", "memory") | sites.has("prev", "as")
    fixed |= around.is_in(then, "i", "we") & around.is_in(further[0], "may", "might")
    fixed |= around.is_in(then, "nothing") & around.is_in(further[0], "else")
    polite = around.is_in(then, "you") & around.is_in(further[0], "will", "please", "like")
    polite |= around.is_in(then, "they", "he", "she") & around.is_in(further[0], "like", "likes", "wish", "must")
    polite |= around.is_in(then, "you") & around.is_in(further[0], "'re", "are") & around.is_in(further[1], "asking")
    told = np.logical_or.reduce([around.is_in(at, "tell", "mind", "guessed") for at in further[1:4]])
    polite |= around.is_in(then, "you") & around.is_in(further[1], "n't", "not") & told
    polite |= around.is_in(then, "you") & around.is_in(further[0], "ask") & around.is_in(further[1], "me", "us")
    return np.asarray(~(formula | fixed | polite | _conceded(sites) | _embedded(sites)), dtype=bool)


def _conceded(sites: Sites) -> Mask:
    """If as "though": "a brave, if foolish, plan"."""
    around, then = sites.around, sites.around.skip(sites.at("next"), 1, "@ly", "not")
    enclosed = sites.has("prev", ",", "@adj") & around.is_in(around.step(then, 1), ",")
    open_ = around.is_in(then, "necessary", "needed", "possible", "true", "required", "successful", "so", "any")
    return enclosed & around.is_in(then, "@adj", "@ed") & ~open_


def _embedded(sites: Sites) -> Mask:
    """Under a word of asking, knowing or deciding."""
    return _in_clause(sites, "ask", "asks", "asked", "asking", "inquired") | sites.has("prev", "@wonder")


def _within(sites: Sites, count: int, *names: str) -> Mask:
    """One of these stands among the tokens of the sentence to either side."""
    around, found = sites.around, np.zeros(len(sites.hits), dtype=bool)
    for by in range(1, count + 1):
        for at in (around.step(sites.hits.first, -by), around.step(sites.hits.last - 1, by)):
            found |= around.is_in(at, *names)
    return found


def _in_clause(sites: Sites, *names: str) -> Mask:
    """One of these stands before the cue, at most twenty tokens off, with no punctuation between."""
    around, at = sites.around, sites.hits.first
    found = np.zeros(len(at), dtype=bool)
    for _ in range(20):
        at = around.step(at, -1)
        at = np.where(around.is_in(at, "@punct") & ~around.is_in(at, "@quote"), -1, at)
        found |= around.is_in(at, *names)
    return found


@_named
def indirect_question(sites: Sites) -> Mask:
    """Whether (or if) of an open question; not "whether rich or poor", "regardless of whether", "no matter whether"."""
    either = sites.has("prev", "@edge") & sites.has("sentence", "or")
    either |= sites.has("prev", "@punct", "@and") & sites.has("right", "or")
    either |= sites.has("prev", ",") & sites.has("sentence", "or") & ~sites.has("next", "to")
    either |= sites.has("prev", "of", "on") & sites.has("prev2", "regardless", "irrespective", "depending")
    either |= sites.has("next", "@subject", "it") & sites.has("next2", "be")
    either |= sites.has("prev", "care", "cares", "cared", "matter", "matters", "mattered")
    is_if = sites.has("itself", "if")
    return (is_if & sites.has("prev", "@wonder")) | (~is_if & ~either)


@_named
def asked_of_somebody(sites: Sites) -> Mask:
    """The topic of a question put to a person, or of an answer not given: "asked him whether", "would not say whether".

    A body that "asks whether" something is so, without one who is asked, raises a question (`ask whether`).
    """
    around, left = sites.around, sites.at("left")
    asked = around.is_in(left, "declined", "declines", "refused", "refuses")
    asked |= around.is_in(left, "demanded", "demands") & around.is_in(around.step(left, 2), "know")
    asked |= around.is_in(left, "question", "questions") & around.is_in(around.step(left, 1), "about", "on", "as")
    will = around.is_in(around.step(left, -1), "not", "n't") & around.is_in(
        around.step(left, -2), "@modal", "did", "does"
    )
    unable = around.is_in(around.step(left, -2), "could", "can", "ca")
    silent = around.is_in(left, "@silent") & will & ~unable
    return np.asarray((asked | silent).any(axis=1) | _in_clause(sites, "ask", "asks", "asked", "asking"), dtype=bool)


@_named
def raised(sites: Sites) -> Mask:
    """Ask as a question raised before all: the present, or a plural subject; nobody is asked in the passive."""
    passive = sites.has("before", "@be", "been", "@edge", "@punct", "@have", "when")
    asking = sites.has("subject", "@people", "@plural", "many", "some", "others") | sites.has("itself", "ask", "asks")
    return asking & ~passive & ~sites.has("subject", "i", "you") & ~sites.has("itself", "asking")


@_named
def conditional_otherwise(sites: Sites) -> Mask:
    """Otherwise as "if not": at the start of a clause, or beside "would"."""
    opens = sites.has("prev", "@edge", "@punct", "because", "or", "and", "since", "as")
    follows = sites.has("next", ",", "@subject", "@det", "@poss", "@capital", "@plural")
    return (opens & follows) | sites.has("prev", "would", "might", "could", "will", "'d")


@_named
def irrealis_were(sites: Sites) -> Mask:
    """Were to of an unreal case: "if" before it, or "would" in the sentence."""
    return sites.has("left", "if", "unless", "suppose", "supposing") | sites.has("sentence", "would", "'d")


@_named
def inverted_condition(sites: Sites) -> Mask:
    """Should, had or were before its subject at the start of a clause, in a sentence that asks nothing.

    Inside the sentence only "should" and pronouns tell an inversion ("… fined should they return") from a joined verb
    ("…, had moments").
    """
    second = np.minimum(sites.hits.first + 1, sites.hits.last - 1)
    subject = sites.around.is_in(second, "@subject", "@det", "@poss", "@capital", "@plural")
    pronoun = sites.around.is_in(second, "@subject")
    opens = sites.has("prev", "@edge", ";", "—", "–", "--", "@quote")
    joined = sites.has("prev", ",", "and", "but", "that") & (sites.has("itself", "should") | pronoun)
    late = sites.has("prev", "@word") & ~sites.has("prev", "@wh", "@aux", "@conj", "@prep", "@subject") & pronoun
    return (((opens | joined) & subject) | late) & ~sites.has("sentence", "?", "??", "???")


# questions


@_named
def undirected(sites: Sites) -> Mask:
    """A question in the voice's own words to nobody: outside quotation, no "you", not answered or ascribed at once.

    Where three questions stand in one paragraph "you" is anybody: who wants an answer waits for it.
    """
    spoken_to = sites.has("sentence", "you", "your", "yours", "yourself", "ya", "u", "q") & ~_in_a_row(sites)
    spoken_to |= sites.has("sentence", "may", "can") & sites.has("sentence", "i")
    quoted = sites.around.tokens.quote[sites.hits.first] > 0
    settled = _answered(sites) | _asked_in_turn(sites)
    return _asks(sites) & ~(spoken_to | quoted | settled | _no_mark(sites) | _signed(sites) | _tag(sites))


def _in_a_row(sites: Sites) -> Mask:
    """The paragraph asks three questions or more."""
    tokens = sites.around.tokens
    asks = np.bincount(tokens.par, sites.around.is_in(np.arange(len(tokens)), "?"))
    return np.asarray(asks[tokens.par[sites.hits.first]] >= 3, dtype=bool)


def _asks(sites: Sites) -> Mask:
    """The sentence has a question word or an auxiliary before its subject, is a paragraph of its own (a title), or
    stands among other questions ("That it rained?")."""
    tokens, around = sites.around.tokens, sites.around
    every = np.arange(len(tokens))
    subject = around.is_in(np.append(every[1:], -1), "@subject", "@det", "@poss", "@capital", "@pronoun", "n't")
    opens = around.is_in(every, "@wh") | (around.is_in(every, "@aux") & subject)
    asks = np.zeros(int(tokens.sent.max(initial=0)) + 1, dtype=bool)
    asks[tokens.sent[opens]] = True
    par_of_sent = np.zeros(len(asks), dtype=np.int64)
    par_of_sent[tokens.sent] = tokens.par
    alone = np.bincount(par_of_sent)[tokens.par[sites.hits.first]] == 1
    return np.asarray(asks[tokens.sent[sites.hits.first]] | alone | _in_a_row(sites), dtype=bool)


def _tag(sites: Sites) -> Mask:
    """ "…, isn't it?", "…, right?": it wants assent."""
    around, prev = sites.around, sites.at("prev")
    comma = sites.around.is_in(sites.at("left")[:, 1:4], ",").any(axis=1)
    asks = sites.has("prev", "@subject", "this", "that") & sites.near("left", 3, "@aux") & comma
    return asks | (around.is_in(prev, "right", "no", "eh", "huh", "correct") & sites.has("prev2", ","))


def _no_mark(sites: Sites) -> Mask:
    """A word follows without space (a URL), or marks stand beside it ("? ? ?", "?!"): an exclamation."""
    tokens, around = sites.around.tokens, sites.around
    after, before = _following(sites), np.maximum(sites.hits.first - 1, 0)
    tight = ~tokens.space[after] & around.is_in(after, "@word")
    same = tokens.par[before] == tokens.par[sites.hits.first]
    marks = around.is_in(after, "?", "!") | (same & around.is_in(before, "?", "??", "???", "!"))
    return np.asarray(tight | marks, dtype=bool)


def _following(sites: Sites, by: int = 0) -> Ints:
    """The token `by` tokens after the cue, in its paragraph, whatever the sentence; else -1."""
    tokens, at = sites.around.tokens, sites.hits.last + by
    inside = np.minimum(at, len(tokens) - 1)
    return np.where((at < len(tokens)) & (tokens.par[inside] == tokens.par[sites.hits.first]), inside, -1)


def _answered(sites: Sites) -> Mask:
    """An answer or an ascription follows ("Why? Because", "Who are we? We are", "…? she was asked"), or a one-word
    heading goes on."""
    around, after = sites.around, [_following(sites, by) for by in range(5)]
    told = np.logical_or.reduce([around.is_in(at, "asked", "asks", "wondered") for at in after])
    short_answer = np.logical_or.reduce([around.is_in(at, ".", "!") for at in after[1:4]])
    heading = (sites.at("prev2") < 0) & (after[0] >= 0) & ~sites.has("prev", "@wh", "@adverb")
    short_answer &= after[0] >= 0
    start = np.searchsorted(sites.around.tokens.sent, sites.around.tokens.sent[sites.hits.first])
    defines = around.is_in(start, "who", "what") & around.is_in(around.step(start, 1), "@be")
    words = np.append(sites.around.tokens.word, -1)
    told |= (words[sites.at("prev")] == words[after[0]]) & around.is_in(after[1], "@be")
    told |= defines & around.is_in(after[0], "it", "they", "we", "he", "she") & around.is_in(after[1], "@be")
    return np.asarray(told | short_answer | heading | around.is_in(after[0], "@reply"), dtype=bool)


def _asked_in_turn(sites: Sites) -> Mask:
    """The next paragraph begins with "A:" or a name and a colon: an interview."""
    tokens, around = sites.around.tokens, sites.around
    heads = np.append(np.flatnonzero(np.diff(tokens.par, prepend=-1) != 0), -1)
    start = heads[np.searchsorted(heads[:-1], sites.hits.first, side="right")]
    second = np.where((start >= 0) & (start + 1 < len(tokens)), start + 1, -1)
    same_doc = (start >= 0) & (tokens.doc[start] == tokens.doc[sites.hits.first])
    third = np.where((start >= 0) & (start + 2 < len(tokens)), start + 2, -1)
    named = around.is_in(start, "@title") & (
        around.is_in(second, ":") | (around.is_in(second, "@title") & around.is_in(third, ":"))
    )
    reply = ("yes", "no", "yeah", "nope", "yep")
    said = around.is_in(start, *reply) | (around.is_in(start, "@quote") & around.is_in(second, *reply))
    return np.asarray(same_doc & (named | said), dtype=bool)


@_named
def in_question(sites: Sites) -> Mask:
    """The sentence ends as a question, open as a whole or put to somebody; an if-clause in it still supposes."""
    tokens = sites.around.tokens
    asked = sites.around.is_in(np.arange(len(tokens)), "?", "??", "???")
    last = np.searchsorted(tokens.sent, tokens.sent[sites.hits.first], side="right") - 1
    ends = asked[last] | asked[np.maximum(last - 1, sites.hits.first)]
    return np.asarray(ends & ~sites.has("sentence", "if"), dtype=bool)


@_named
def asked_aloud(sites: Sites) -> Mask:
    """Inside a question that a transcript puts to somebody: what is asked is not claimed."""
    return _signed(sites) & sites.has("sentence", "?")


def _signed(sites: Sites) -> Mask:
    """The paragraph opens with "Q", or with who asks, set off by a comma and a colon: "Dilys, Garrow: …"."""
    tokens, around = sites.around.tokens, sites.around
    heads = np.flatnonzero(np.diff(tokens.par, prepend=-1) != 0)
    start = heads[np.searchsorted(heads, sites.hits.first, side="right") - 1]
    names, comma = around.is_in(start, "@title"), np.zeros(len(start), dtype=bool)
    signed = np.zeros(len(start), dtype=bool)
    for by in range(1, 8):
        at = np.minimum(start + by, len(tokens) - 1)
        signed |= names & comma & around.is_in(at, ":") & (at < sites.hits.first)
        names &= around.is_in(at, "@title", "@punct", "of", "the")
        comma |= around.is_in(at, ",")
    return np.asarray(signed | around.is_in(start, "q"), dtype=bool)
