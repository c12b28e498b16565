"""Write what a sentence says of its speaker in one plain form: subject, verb, object, however it is turned round.

"Sea shanties are what I love most", "there's nothing I love more than sea shanties" and "if there's one thing I love
it's sea shanties" all become "i love sea shanties": verbs fall into two classes, liking and disliking, and each turn of
phrase is one pattern over subject, verb class and object. What is said about a name, a city or a diet in two halves
("my name's not X, it's Y") is put together likewise, and an afterthought ("have done since school") is left out.

Limit: English; one sentence at a time.
"""

from __future__ import annotations

import re
from collections.abc import Callable

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
    r"passionate|enthusiastic|excited|barmy|batty|soppy) (?:about|for|over)|(?:happy|happiest|content|obsessed|besotted|"
    r"smitten|in love|at home) with|partial to|addicted to|devoted to|hooked on|at my happiest with|happiest in)"
)
_LIKE = (
    rf"(?:love|loved|like|liked|enjoy|enjoyed|adore|adored|prefer|fancy|appreciate|relish|treasure|cherish|dig|worship|"
    rf"live for|(?:can't|can never|couldn't) (?:get enough of|live without|resist|say no to)|{_STATE})"
)
_LOATHE = (
    r"(?:hate|hated|dislike|disliked|loathe|detest|despise|resent|dread|can't (?:stand|bear|abide|stomach|face)|"
    r"(?:cannot|couldn't|could never) (?:stand|bear|abide|stomach)|don't (?:like|enjoy|care for)|never (?:liked|cared "
    r"for|enjoyed))"
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

Form = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]


def _liked(match: re.Match[str]) -> str:
    """Return the plain form of a match, by the class of its verb."""
    groups = match.groupdict()
    who = "we" if (groups.get("s") or "").startswith("we") else "i"
    verb = "hate" if groups.get("loathe") else "love"
    return f"{who} {verb} {match['v'].strip()}"


def _says(words: str) -> Callable[[re.Match[str]], str]:
    def said(match: re.Match[str]) -> str:
        who = "we" if (match.groupdict().get("s") or "").startswith(("we", "us", "our")) else "i"
        return words.replace("{s}", who).replace("{v}", (match.groupdict().get("v") or "").strip())

    return said


def _form(pattern: str, makes: Callable[[re.Match[str]], str]) -> Form:
    return regex(pattern), makes


_TASTES: tuple[Form, ...] = (
    _form(
        rf"(?:there(?:'s| is)(?: really| simply| just)? )?(?:nothing|not a lot|not much|few things|no 1|nobody)"
        rf"(?: (?:else|in the world|on earth))?(?: that)? {_S} {_HOW}(?:{_LIKE})(?: (?:more|better|as much|so much|quite "
        rf"as much|half as much))+(?: than| as| like)? {_V}",
        _liked,
    ),
    _form(
        rf"nothing (?:makes|gets|cheers|pleases|relaxes|calms|excites|delights) (?P<s>me|us)(?: up)?(?: [a-z]+er| more| so "
        rf"much| [a-z]+){{0,3}} (?:than|like|as) {_V}",
        lambda match: f"{'we' if match['s'] == 'us' else 'i'} love {match['v']}",
    ),
    _form(rf"(?:there(?:'s| is) )?nothing (?:beats|tops|compares to|comes close to|is better than|like) {_V}", _says("i love {v}")),
    _form(
        rf"(?:there(?:'s| is) )?(?:no ?1|no one|nobody)(?: (?:here|alive|on earth))? (?:loves|likes|enjoys|adores) {_V} (?:more|as much|better) "
        rf"(?:than|as) (?P<s>me|i do|i|us|we do|we)",
        _says("{s} love {v}"),
    ),
    _form(
        rf"(?:if )?(?:there(?:'s| is) )?(?:1|one|a) (?:single )?thing (?:that )?{_S} {_HOW}{_VERB}{_MOST},? (?:it's|it is|it has to be|"
        rf"is) {_V}",
        _liked,
    ),
    _form(rf"{_THING} (?:that )?{_S} {_HOW}{_VERB}{_MOST}(?:'s| is| are| has to be| would be|,) {_V}", _liked),
    _form(rf"(?:it's|it is|it was always|it's always been) {_V} (?:that )?{_S} {_HOW}{_VERB}{_MOST}", _liked),
    _form(
        rf"{_V}(?:'s| is| are|,? (?:now )?(?:that's|that is|those are|they're|they are|it's|these are)) (?:just |simply |always )*"
        rf"{_THING} (?:that )?{_S} {_HOW}{_VERB}{_MOST}",
        _liked,
    ),
    _form(rf"{_V}(?: (?:on|in|at|before|after|during|for) [a-z' ]+?)?,? (?:now )?(?:that's|it's|those are|they're|that is) (?P<s>my|our) (?:absolute |all time |number 1 )?(?:favou?rite|idea of heaven|idea of fun|happy place|thing)s?(?: [a-z]+){{0,2}}", lambda match: f"{'we' if match['s'] == 'our' else 'i'} love {match['v']}"),
    _form(
        rf"{_V} (?:is|are) {_THING} (?:that )?(?P<s>i|we)(?P<p>(?:'m|'re| am| are|'ve)? [a-z' ]*(?:to|with|about|of|on|for|in))",
        lambda match: f"{match['s']}{match['p']} {match['v']}",
    ),
    _form(rf"{_V},? now (?:that|those|these|them) {_S} {_HOW}{_VERB}{_MOST}", _liked),
    _form(rf"(?!the |this |that |these |those |any |every )(?P<v>[a-z0-9'&+-]+(?: [a-z0-9'&+-]+){{0,2}}),? {_S} {_HOW}{_VERB}(?: with a passion|{_MOST})", _liked),
    _form(rf"(?:just |always )*give (?P<s>me|us) {_V} (?:any day(?: of the week)?|every time|all day long)", lambda match: f"{'we' if match['s'] == 'us' else 'i'} love {match['v']}"),
    _form(
        rf"{_S} (?:have|'ve|have got|'ve got|got)? ?(?:got )?(?:absolutely )?(?:no|zero|little|very little|not much) (?:patience|time|love|appetite|stomach|taste|interest|"
        rf"liking|tolerance|use) (?:for|in|of) {_V}",
        _says("{s} hate {v}"),
    ),
    _form(
        rf"{_S} (?:have |had )?(?:fallen out of love with|lost (?:all )?(?:interest in|my taste for|our taste for)|had it with|"
        rf"turned my back on|moved on from|cooled on|tired of|grown tired of|gone right off|gone off|went off) {_V}(?: entirely| completely| altogether| totally| lately)?",
        _says("{s} don't like {v} any more"),
    ),
    _form(
        rf"{_S} (?:have |had )?(?:just |really |recently |finally )*(?:come (?:a)?round to|warmed (?:up )?to|taken to|taken a shine to|developed a (?:taste|"
        rf"love|liking) for|discovered|got into|gotten into|fallen for|fallen in love with|acquired a taste for) {_V}",
        _says("{s} love {v}"),
    ),
    _form(rf"(?:(?:(?:my|the) [a-z]+ and i|we all|both of us|all of us)(?: are|'m)|we're all|we're both) {_HOW}{_STATE} {_V}", _says("we love {v}")),
    _form(rf"the (?:fewer|less) {_V} the better.*", _says("i hate {v}")),
    _form(rf"the more {_V} the better.*", _says("i love {v}")),
    _form(rf"(?:you can keep (?:your )?|spare me (?:the |your )?(?!jokes|details|humou?r))(?P<v>[a-z' -]+?)", _says("i hate {v}")),
    _form(rf"{_V} (?:do|does|did) (?:nothing|zilch|little|not a lot) (?:at all )?for (?P<s>me|us)", _says("{s} hate {v}")),
    _form(rf"{_V} (?:do|does) (?:something|wonders|a lot|it) for (?P<s>me|us)", _says("{s} love {v}")),
    _form(
        rf"(?:been|i've (?:always )?been|i'm|i was born) (?:always )?an? (?P<v>[a-z0-9' ]+?) (?:fan|supporter|man|woman|lad|lass|boy|girl|nut|follower|fanatic) "
        rf"(?:all my life|my whole life|since .+|for .+|through and through|till i die|to the core|from birth|from day 1)",
        _says("i'm a {v} fan"),
    ),
    _form(
        rf"(?:the )?{_V} (?:is|are) (?P<s>my|our) (?:boys|girls|lads|lot|team|club|side)",
        lambda match: f"{'we are' if match['s'] == 'our' else 'i am'} {match['v']} fans",
    ),
    _form(rf"(?P<s>i'm|we're|i am|we are) (?:an? )?{_V} (?:people|folk|folks|fans|supporters|through and through)(?: (?:in this house|here|at home|in this family))", lambda match: f"{match['s']} {match['v']} fans in this house"),
)  # fmt: skip
_NAMING: tuple[Form, ...] = (
    _form(
        r"(?:please )?(?:don't|do not|stop|never|no need to) call(?:ing)? me [a-z' -]+?(?:,? (?:it's|i'm|i am|call me|just|make it|my name's|"
        r"my name is|i go by|i prefer|use|try)|,) (?P<v>[a-z'-]+)(?: (?:is fine|will do|is better|please|instead|is enough|does it|'ll do))*",
        lambda match: f"call me {match['v']}",
    ),
    _form(
        r"(?:actually )?(?:my name's|my name is|the name's|i'm|i am|it's) not(?: actually)? (?:called )?[a-z'-]+,? (?:it's|i'm|but|my name's|"
        r"call me|just) (?P<v>[a-z'-]+)",
        lambda match: f"call me {match['v']}",
    ),
    _form(
        r"(?P<v>[a-z'-]+(?: [a-z'-]+)?) is what (?:everyone|everybody|people|my (?:friends|mates|family)|they all) (?:calls?|knows?) me(?: as)?",
        lambda match: f"call me {match['v']}",
    ),
)  # fmt: skip
_AT_HOME = r"(?P<v>(?!the |a |an |my |our |here|there|where|this|that|it|he|she|what|luck|work|sweet |no )[a-z'-]+(?: [a-z'-]+)?)"
_LIVING: tuple[Form, ...] = (
    _form(
        rf"(?:.*\b(?:moved?|moving|relocated|new (?:house|home|flat|place|apartment)|upped sticks)\b[^,.]*?),? (?:and |so )?(?P<s>we're|i'm|we are|i am|we live|i live) (?:based )?(?:in|near) "
        rf"{_AT_HOME}(?: now| these days)?",
        lambda match: f"{'we' if match['s'].startswith('we') else 'i'} live in {match['v']}",
    ),
    _form(rf"{_AT_HOME} is (?:my |our )?home(?: now| these days| for (?P<s>me|us))*", _says("{s} live in {v}")),
    _form(rf"(?P<s>i|we) (?:now )?(?:call|made) {_AT_HOME} (?:my |our )?home(?: now| these days)?", _says("{s} live in {v}")),
    _form(rf"{_AT_HOME} is where (?P<s>i|we) (?:now )?(?:live|live now|hang my hat|call home)", _says("{s} live in {v}")),
    _form(
        r"(?:the|my|our) [a-z]+(?: [a-z]+)?(?: has|'s| have)?(?: just| now)? (?:has|put|got|placed|kept|started|have) (?P<s>me|us) on (?:an? |the |this )?(?P<v>[a-z -]+?)(?: diet| plan| food)*(?: now)?",
        lambda match: f"{'we are' if match['s'] == 'us' else 'i am'} on a {match['v']} diet",
    ),
    _form(
        r"(?P<s>i|we) (?:don't|do not|never|no longer) (?:eat|have|touch) (?:any )?meat,? (?:but|though|only|except)(?: (?:i|we))?(?: still| do| will| can)* (?:eat |have )?(?:some )?fish(?: .*)?"
        r"|(?P<s2>i|we) (?:still |do |only )*eat fish,? (?:but|and|though)(?: (?:i|we))? ?(?:not|no|don't eat|never eat|never)(?: any)? (?:other )?meat(?: .*)?",
        lambda match: f"{'we are' if (match['s'] or match['s2']) == 'we' else 'i am'} pescatarian",
    ),
)  # fmt: skip
_UNIT = "|".join(UNITS.values())
_ORDERS: tuple[Form, ...] = (
    _form(
        rf"(?:no |sorry |wait )*(?:make (?:that|it|everything|them)|(?:switch|change|go) (?:it |that |back |over |everything )*to|i meant|it's) "
        rf"(?P<v>{_UNIT})(?:,? (?:not|instead of|rather than|please|from now on|no longer) ?.*)?",
        _says("use {v}"),
    ),
    _form(rf"(?:not|no|no more) (?:{_UNIT})(?: any ?more| any longer)?,? (?:use |but )?(?P<v>{_UNIT})(?: .*)?", _says("use {v}")),
    _form(
        r"(?:i'd|i would|we'd|we would) (?:much )?(?:rather|sooner|prefer it if|prefer|like it if|love it if|appreciate it if)(?: that)? you (?P<v>(?:kept|made|gave|were|"
        r"spoke|talked|used|called|answered|stopped|explained) .+)",
        lambda match: " ".join((_PRESENT[match["v"].split()[0]], *match["v"].split()[1:])),
    ),
    _form(r"(?:i'd|i would|we'd|we would) (?:like|prefer|love|want) you to (?P<v>(?:keep|be|use|call|speak|talk|answer|explain) .+)", _says("{v}")),
)  # fmt: skip
_PRESENT = {
    "kept": "keep", "made": "make", "gave": "give", "were": "be", "spoke": "speak", "talked": "talk", "used": "use",
    "called": "call", "answered": "answer", "stopped": "stop", "explained": "explain",
}  # fmt: skip
_AFTERTHOUGHT = regex(
    r",? (?:(?:have|has|had|i have|we have|always have)(?: done| been| loved them| supported them)? (?:since|for|ever since)\b[^,]*|(?:and )?always (?:have|has|will|did|been)"
    r"(?: (?:and|been|done|loved)[^,]*)?|(?:since|ever since) (?:i|we|my|the|i'm)\b[^,]*|(?:i'm|we're|been)? ?(?:done|finished|through) with (?:it|them|him|her|that)|"
    r"(?:please )?(?:scratch|forget|drop|cross out|strike|delete) (?:it|that|that one|them|that 1)(?: off)?|(?:i'm|we're) (?:a )?(?:massive|huge|big|total|lifelong|proud) fans?|completely|entirely|altogether|as far as i'm concerned)$",
    re.IGNORECASE,
)
_SENTENCE = regex(r"(?<=[.!?;])\s+")
_COURTESY = regex(r"^(?:(?:well|oh|ah|so|and|but|actually|honestly|to be honest|for me|personally|you know|look),? )+")
_ENDS = regex(
    r"(?:,? (?:to be honest|you know|actually|myself|as it happens|if you ask me|for (?:me|us)|by the way|i must say))+$"
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
    if sentence.rstrip().endswith("?"):
        return sentence
    said = _spoken(sentence)
    for forms in (_NAMING, _ORDERS, _LIVING, _TASTES):
        for pattern, makes in forms:
            match = pattern.fullmatch(said)
            if match is None or not _fits(match):
                continue
            return makes(match)
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
    if match.re.groupindex.get("v") is None or match.groupdict().get("s2"):
        return True
    return bool(value or match.groupdict().get("s")) and not _NO_OBJECT.match(value) and len(value.split()) <= _LONGEST
