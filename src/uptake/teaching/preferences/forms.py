"""Rewrite a sentence about its speaker in one plain form: subject, verb, object.

"Sea shanties are what I love most", "there's nothing I love more than sea shanties" and "if there's one thing I love
it's sea shanties" all become "i love sea shanties": verbs have two classes, liking and disliking, and each construction
is one pattern over subject, verb class and object. A name, a city or a diet that is said in two halves ("my name's not
X, it's Y") is joined likewise, and an afterthought ("have done since school") is left out.

Limit: English; one sentence at a time.
"""

from __future__ import annotations

import re

from uptake.teaching.marks import plain
from uptake.teaching.preferences.lexicon import UNITS
from uptake.text.patterns import regex

__all__ = ["recast"]

_S = r"(?P<s>i|we|i've|we've|i'm|we're)"
_HOW = (
    r"(?:(?:really|absolutely|totally|truly|always|just|so|still|honestly|simply|especially|particularly|have|do|"
    r"genuinely|actually|myself|ourselves|all|personally|usually) )*"
)
_STATE = (
    r"(?:into|(?:fond|proud|enamoured|a fan) of|keen on|(?:mad|crazy|nuts|wild|dotty|potty|bonkers|bananas|daft|"
    r"passionate|enthusiastic|excited|barmy|batty|soppy) (?:about|for|over)|(?:happy|happiest|content|obsessed|"
    r"besotted|smitten|in love|at home) with|partial to|addicted to|devoted to|hooked on|at my happiest with|"
    r"happiest in)"
)
_LIKE = (
    r"(?:love|loved|like|liked|enjoy|enjoyed|adore|adored|prefer|fancy|appreciate|relish|treasure|cherish|dig|"
    rf"worship|live for|(?:can't|can never|couldn't) (?:get enough of|live without|resist|say no to)|{_STATE})"
)
_LOATHE = (
    r"(?:hate|hated|dislike|disliked|loathe|detest|despise|resent|dread|can't (?:stand|bear|abide|stomach|face)|"
    r"(?:cannot|couldn't|could never) (?:stand|bear|abide|stomach)|don't (?:like|enjoy|care for)|never (?:liked|"
    r"cared for|enjoyed))"
)
_VERB = rf"(?:(?P<like>{_LIKE})|(?P<loathe>{_LOATHE}))"
_MOST = r"(?: (?:most|best|the most|the best|more than anything(?: else)?|above all(?: else)?|dearly|a lot|so much))*"
_V = r"(?P<v>[a-z0-9'&+ -]+?)"
_THING = (
    r"(?:what|the (?:1|one |only )?(?:things?|stuff|kind of thing|sort of thing|1|ones?)|1 thing|one thing|something|"
    r"things|all)"
)
_NO_OBJECT = regex(
    r"(?:and |but |so |well |oh )*(?:what|who|how|why|where|when|which|if|because|that|this|it|he|she|they|you|there|"
    r"i|we|my (?:mum|mom|dad|boss|wife|husband|son|daughter)|everything|anything|nothing|something|all|people|is|are|"
    r"do|does|did|not|play|put|turn|set|show|tell|find|read|add|the (?:1|one|only|first|last|thing|way|reason|song|"
    r"film|movie|book|person|people|man|woman|place))\b|.*\b(?:he|she|they|you|said|says|asked|told|going|doing|was|"
    r"were|would|could|did)\b"
)
_LONGEST = 5  # most words of an object

Form = tuple[re.Pattern[str], str]
"""A turn of phrase, and the plain form that it comes to."""


def _form(pattern: str, plain_form: str = "{s} {verb} {v}") -> Form:
    return regex(pattern), plain_form


def _written(match: re.Match[str], plain_form: str) -> str:
    """Return the plain form of a match: {s} is who speaks, {be} who they are, {verb} the class of the verb."""
    groups = {name: (value or "").strip() for name, value in match.groupdict().items()}
    several = groups.get("s", "").startswith(("we", "us", "our")) or groups.get("s2") == "we"
    return plain_form.format(
        s="we" if several else "i",
        be="we're" if several else "i'm",
        verb="hate" if groups.get("loathe") else "love",
        v=groups.get("v", ""),
        said=groups.get("said", ""),
        is_so=groups.get("is_so", ""),
        do=_PRESENT.get(groups.get("do", ""), groups.get("do", "")),
    )


_MINE = (
    r"(?P<s>my|our) (?:absolute |all time |number 1 )?(?:favou?rite|idea of heaven|idea of fun|happy place|thing)"
    r"s?(?: [a-z]+){0,2}"
)
_WHEN = r"(?: (?:on|in|at|before|after|during|for) [a-z' ]+?)?"
_THAT = r"(?:that's|that is|those are|they're|they are|it's|these are)"
_A_FEW = r"(?P<v>[a-z0-9'&+-]+(?: [a-z0-9'&+-]+){0,2})"
_NO = r"(?:no|zero|little|very little|not much)"
_TASTES: tuple[Form, ...] = (
    _form(
        r"(?:there(?:'s| is)(?: really| simply| just)? )?(?:nothing|not a lot|not much|few things)(?: (?:else|in the "
        rf"world|on earth))?(?: that)? {_S} {_HOW}(?:{_LIKE})(?: (?:more|better|as much|so much|quite as much|half as "
        rf"much))+(?: than| as| like)? {_V}"
    ),
    _form(
        r"nothing (?:makes|gets|cheers|pleases|relaxes|calms|excites|delights) (?P<s>me|us)(?: up)?(?: [a-z]+er| "
        rf"more| so much| [a-z]+){{0,3}} (?:than|like|as) {_V}"
    ),
    _form(rf"(?:there(?:'s| is) )?nothing (?:beats|tops|compares to|comes close to|is better than|like) {_V}"),
    _form(
        r"(?:there(?:'s| is) )?(?:no ?1|no one|nobody)(?: (?:here|alive|on earth))? (?:loves|likes|enjoys|adores) "
        rf"{_V} (?:more|as much|better) (?:than|as) (?P<s>me|i do|i|us|we do|we)"
    ),
    _form(
        r"(?:no 1|no one|nobody)(?: (?:here|alive|on earth))? (?:supports|follows|backs|cheers for|roots for|cheers "
        r"on) "
        rf"{_V} (?:more|as much|better|harder|louder|longer) (?:than|as) (?P<s>me|i do|i|us|we do|we)",
        "{s} support {v}",
    ),
    _form(
        rf"(?:if )?(?:there(?:'s| is) )?(?:1|one|a) (?:single )?thing (?:that )?{_S} {_HOW}{_VERB}{_MOST},? (?:it's|"
        rf"it is|it has to be|is) {_V}"
    ),
    _form(rf"{_THING} (?:that )?{_S} {_HOW}{_VERB}{_MOST}(?:'s| is| are| has to be| would be|,) {_V}"),
    _form(rf"(?:it's|it is|it was always|it's always been) {_V} (?:that )?{_S} {_HOW}{_VERB}{_MOST}"),
    _form(
        rf"{_V}(?:'s| is| are|,? (?:now )?{_THAT}) (?:just |simply |always )*{_THING} (?:that )?{_S} {_HOW}{_VERB}"
        rf"{_MOST}"
    ),
    _form(rf"{_V}{_WHEN},? (?:now )?{_THAT} {_MINE}"),
    _form(
        rf"{_V} (?:is|are) {_THING} (?:that )?(?P<s>i|we)(?P<is_so>'m|'re| am| are|'ve)? (?P<said>[a-z' ]*(?:to|with|"
        r"about|of|on|for|in))",
        "{s}{is_so} {said} {v}",
    ),
    _form(rf"{_V},? now (?:that|those|these|them) {_S} {_HOW}{_VERB}{_MOST}"),
    _form(rf"(?!the |this |that |these |those |any |every ){_A_FEW},? {_S} {_HOW}{_VERB}(?: with a passion|{_MOST})"),
    _form(rf"(?:just |always )*give (?P<s>me|us) {_V} (?:any day(?: of the week)?|every time|all day long)"),
    _form(
        rf"{_S} (?:have|'ve|have got|'ve got|got)? ?(?:got )?(?:absolutely )?{_NO} (?:patience|time|love|appetite|"
        rf"stomach|taste|interest|liking|tolerance|use) (?:for|in|of) {_V}",
        "{s} hate {v}",
    ),
    _form(
        rf"{_S} (?:have |had )?(?:fallen out of love with|lost (?:all )?(?:interest in|my taste for|our taste for)|"
        r"had it with|turned my back on|moved on from|cooled on|tired of|grown tired of|gone right off|gone off|went "
        rf"off) {_V}(?: entirely| completely| altogether| totally| lately)?",
        "{s} don't like {v} any more",
    ),
    _form(
        rf"{_S} (?:have |had )?(?:just |really |recently |finally )*(?:come (?:a)?round to|warmed (?:up )?to|taken to|"
        r"taken a shine to|developed a (?:taste|love|liking) for|discovered|got into|gotten into|fallen for|fallen "
        rf"in love with|acquired a taste for) {_V}"
    ),
    _form(
        rf"(?:(?:(?:my|the) [a-z]+ and i|we all|both of us|all of us)(?: are|'m)|we're all|we're both) {_HOW}{_STATE} "
        rf"{_V}",
        "we love {v}",
    ),
    _form(rf"the (?:fewer|less) {_V} the better.*", "i hate {v}"),
    _form(rf"the more {_V} the better.*"),
    _form(
        r"(?:you can keep (?:your )?|spare me (?:the |your )?(?!jokes|details|humou?r))(?P<v>[a-z' -]+?)", "i hate {v}"
    ),
    _form(rf"{_V} (?:do|does|did) (?:nothing|zilch|little|not a lot) (?:at all )?for (?P<s>me|us)", "{s} hate {v}"),
    _form(rf"{_V} (?:do|does) (?:something|wonders|a lot|it) for (?P<s>me|us)"),
    _form(
        r"(?:been|i've (?:always )?been|i'm|i was born) (?:always )?an? (?P<v>[a-z0-9' ]+?) (?:fan|supporter|man|"
        r"woman|lad|lass|boy|girl|nut|follower|fanatic) (?:all my life|my whole life|since .+|for .+|through and "
        r"through|till i die|to the core|from birth|from day 1)",
        "i'm a {v} fan",
    ),
    _form(rf"(?:the )?{_V} (?:is|are) (?P<s>my|our) (?:boys|girls|lads|lot|team|club|side)", "{be} {v} fans"),
    _form(
        rf"(?P<s>i'm|we're|i am|we are) (?:an? )?{_V} (?:people|folk|folks|fans|supporters|through and through)(?: "
        r"(?:in this house|here|at home|in this family))",
        "{be} {v} fans in this house",
    ),
)
_AND_YET = r"(?:,? (?:it's|i'm|i am|call me|just|make it|my name's|my name is|i go by|i prefer|use|try)|,)"
_NAMING: tuple[Form, ...] = (
    _form(
        rf"(?:please )?(?:don't|do not|stop|never|no need to) call(?:ing)? me [a-z' -]+?{_AND_YET} (?P<v>[a-z'-]+)(?: "
        r"(?:is fine|will do|is better|please|instead|is enough|does it|'ll do))*",
        "call me {v}",
    ),
    _form(
        r"(?:actually )?(?:my name's|my name is|the name's|i'm|i am|it's) not(?: actually)? (?:called )?[a-z'-]+,? "
        r"(?:it's|i'm|but|my name's|call me|just) (?P<v>[a-z'-]+)",
        "call me {v}",
    ),
    _form(
        r"(?P<v>[a-z'-]+(?: [a-z'-]+)?) is what (?:everyone|everybody|people|my (?:friends|mates|family)|they all) "
        r"(?:calls?|knows?) me(?: as)?",
        "call me {v}",
    ),
)
_NOW = r"(?: now| these days| for (?:me|us))*"
_TOWN = (
    r"(?P<v>(?!the |a |an |my |our |here|there|where|this|that|it|he|she|what|luck|work|sweet |no )[a-z'-]+(?: "
    r"[a-z'-]+)?)"
)
_MOVED = r"\b(?:moved?|moving|relocated|new (?:house|home|flat|place|apartment)|upped sticks)\b"
_LIVING: tuple[Form, ...] = (
    _form(
        rf"(?:.*{_MOVED}[^,.]*?),? (?:and |so )?(?P<s>we're|i'm|we are|i am|we live|i live) (?:based )?(?:in|near) "
        rf"{_TOWN}{_NOW}",
        "{s} live in {v}",
    ),
    _form(rf"{_TOWN} is (?:(?P<s>my|our) )?home{_NOW}", "{s} live in {v}"),
    _form(rf"(?P<s>i|we) (?:now )?(?:call|made) {_TOWN} (?:my |our )?home{_NOW}", "{s} live in {v}"),
    _form(rf"{_TOWN} is where (?P<s>i|we) (?:now )?(?:live|live now|hang my hat|call home)", "{s} live in {v}"),
    _form(
        r"(?:the|my|our) [a-z]+(?: [a-z]+)?(?: has|'s| have)?(?: just| now)? (?:has|put|got|placed|kept|started|have)"
        r" (?P<s>me|us) on (?:an? |the |this )?(?P<v>[a-z -]+?)(?: diet| plan| food)*(?: now)?",
        "{be} on a {v} diet",
    ),
    _form(
        r"(?P<s>i|we) (?:don't|do not|never|no longer) (?:eat|have|touch) (?:any )?meat,? (?:but|though|only|except)"
        r"(?: (?:i|we))?(?: still| do| will| can)* (?:eat |have )?(?:some )?fish(?: .*)?|(?P<s2>i|we) (?:still |do |"
        r"only )*eat fish,? (?:but|and|though)(?: (?:i|we))? ?(?:not|no|don't eat|never eat|never)(?: any)? (?:other "
        r")?meat(?: .*)?",
        "{be} pescatarian",
    ),
)
_UNIT = "|".join(UNITS.values())
_PRESENT = {
    "kept": "keep", "made": "make", "gave": "give", "were": "be", "spoke": "speak", "talked": "talk", "used": "use",
    "called": "call", "answered": "answer", "stopped": "stop", "explained": "explain",
}  # fmt: skip
_ORDERS: tuple[Form, ...] = (
    _form(
        r"(?:no |sorry |wait )*(?:make (?:that|it|everything|them)|(?:switch|change|go) (?:it |that |back |over |"
        rf"everything )*to|i meant|it's) (?P<v>{_UNIT})(?:,? (?:not|instead of|rather than|please|from now on|no "
        r"longer) ?.*)?",
        "use {v}",
    ),
    _form(
        rf"(?:not|no|no more) (?:{_UNIT})(?: any ?more| any longer)?,? (?:use |but )?(?P<v>{_UNIT})(?: .*)?", "use {v}"
    ),
    _form(
        r"(?:i'd|i would|we'd|we would) (?:much )?(?:rather|sooner|prefer it if|prefer|like it if|love it if|"
        rf"appreciate it if)(?: that)? you (?P<do>{'|'.join(_PRESENT)}) (?P<said>.+)",
        "{do} {said}",
    ),
    _form(
        r"(?:i'd|i would|we'd|we would) (?:like|prefer|love|want) you to (?P<said>(?:keep|be|use|call|speak|talk|"
        r"answer|explain) .+)",
        "{said}",
    ),
)
_AFTERTHOUGHT = regex(
    r",? (?:(?:have|has|had|i have|we have|always have)(?: done| been| loved them| supported them)? (?:since|for|"
    r"ever since)\b[^,]*|(?:and )?always (?:have|has|will|did|been)(?: (?:and|been|done|loved)[^,]*)?|(?:since|ever "
    r"since) (?:i|we|my|the|i'm)\b[^,]*|(?:i'm|we're|been)? ?(?:done|finished|through) with (?:it|them|him|her|that)|"
    r"(?:please )?(?:scratch|forget|drop|cross out|strike|delete) (?:it|that|that one|them|that 1)(?: off)?|(?:i'm|"
    r"we're) (?:a )?(?:massive|huge|big|total|lifelong|proud) fans?|completely|entirely|altogether|as far as i'm "
    r"concerned)$",
    re.IGNORECASE,
)
_OF_ONESELF = regex(
    r"\b(?:i|i'[a-z]+|we|we'[a-z]+|me|us|my|our|ours|mine|home|better|beats|tops|nothing|nobody|keep|celsius|"
    r"fahrenheit|"
    r"metric|imperial|favou?rite|fan|fans|name's)\b",
    re.IGNORECASE,
)
"""Words of which each plain form needs one."""
_SENTENCE = regex(r"(?<=[.!?;])\s+")
_COURTESY = regex(r"^(?:(?:well|oh|ah|so|and|but|actually|honestly|to be honest|for me|personally|you know|look),? )+")
_ENDS = regex(
    r"(?:,? (?:to be honest|you know|actually|myself|as it happens|if you ask me|for (?:me|us)|by the way|i must say)"
    r")+$"
)


def recast(text: str) -> str:
    """Return a text with each of its sentences in the plain form, where it says something of its speaker in another.

    >>> recast("Sea shanties are what we love most"), recast("my name's not Alexander, it's Sasha")
    ('we love sea shanties', 'call me sasha')
    >>> recast("What a great answer")
    'What a great answer'
    """
    return " ".join(map(_recast, _SENTENCE.split(plain(text))))


def _recast(sentence: str) -> str:
    if sentence.rstrip().endswith("?") or not _OF_ONESELF.search(sentence):
        return sentence
    said = _spoken(sentence)
    for pattern, plain_form in (*_NAMING, *_ORDERS, *_LIVING, *_TASTES):
        match = pattern.fullmatch(said)
        if match is not None and _fits(match):
            return _written(match, plain_form)
    shorter = _AFTERTHOUGHT.sub("", sentence.strip(" .!"))
    return shorter if shorter.count(" ") > 1 and shorter != sentence.strip(" .!") else sentence


def _spoken(sentence: str) -> str:
    """Return a sentence in lower case, without what leads to it and what trails behind it."""
    said = sentence.strip(" .!;").lower().replace(" one thing", " 1 thing").replace("no one ", "no 1 ")
    said = re.sub(r"\b(i|we) (am|are) ", lambda match: "i'm " if match[1] == "i" else "we're ", said)
    before = ""
    while said != before:
        before, said = said, _ENDS.sub("", _AFTERTHOUGHT.sub("", _COURTESY.sub("", said)))
    return said


def _fits(match: re.Match[str]) -> bool:
    """Tell whether what stands for the object may be one."""
    value = (match.groupdict().get("v") or "").strip()
    return not value or (not _NO_OBJECT.match(value) and len(value.split()) <= _LONGEST)
