"""Say parts of a request in full: a second half without its verb, two times, a share, a time in front, what "it" is.

Each function returns the plainer wording, or None where the request is no such thing.

Limit: English.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from uptake.assistant.clauses.mentions import Mention, find_mentions, whole_of
from uptake.assistant.clauses.segment import Clause
from uptake.assistant.clauses.timing import take_timing
from uptake.assistant.clauses.wording.subjects import PRONOUN, with_subject
from uptake.assistant.clauses.words import is_command, repaired, repairs
from uptake.assistant.entities.household import Household
from uptake.assistant.phrases.numbers import in_digits
from uptake.assistant.phrases.shares import FULL, SHARES
from uptake.text.patterns import regex

__all__ = [
    "below_zero",
    "halves",
    "in_halves",
    "in_hundreds",
    "in_order",
    "in_percent",
    "mended",
    "of_each_kind",
    "self_contained",
    "with_what_lacks",
    "without_relative",
]

_WAYS = {
    "state": regex(r"\b(?:on|off|up|down|open|closed|shut|locked|unlocked)\b", re.IGNORECASE),
    "time": regex(r"\b(?:at|for|in|until) (?:\d|an?\b|half\b|quarter\b|noon|midnight)", re.IGNORECASE),
    "value": regex(r"\b(?:to )?\d", re.IGNORECASE),
    "colour": regex(
        r"\b(?:red|green|blue|yellow|orange|purple|pink|white|violet|turquoise|warm|cold)\b", re.IGNORECASE
    ),
}
_HALVES = regex(r"(?P<front>.+?)(?:,?\s+and then\s+|,?\s+and\s+|,?\s+then\s+|,\s+)(?P<back>.+)$", re.IGNORECASE)
_ONLY_VALUE = regex(
    r"(?:back )?(?:on|off|up|down|open|closed|shut|to \d\S*(?: percent| degrees)?)\b(?: again)?(?P<rest>.*)$",
    re.IGNORECASE,
)
_PARTICLE = regex(r"\b(?:on|off|up|down)\b", re.IGNORECASE)
_OF_KINDS = regex(
    r"(?:please |can you |could you )*(?P<verb>delete|cancel|clear|remove|erase|empty|wipe|stop|drop|scrap|get rid of"
    r"|show me|list|read me|read out|tell me|what are) (?P<things>.+? and .+?)(?: please)?",
    re.IGNORECASE,
)
_OF_KIND = regex(r"\b(?:lists?|timers?|alarms?|reminders?)$", re.IGNORECASE)
_EVERY = regex(r"(?:all (?:of )?)?(?:my |the |our )?(?=\w)", re.IGNORECASE)
_DETERMINED = regex(r"(?:all|my|the|our|every|both)\b", re.IGNORECASE)
_SHARES = SHARES | FULL
_SHARE = regex(
    rf"(?:set|dim|run|put|turn|open|close|bring|have|get|lower|raise|drop|take|reduce|cut|push"
    rf"|knock)(?: on(?= \w))? (?P<what>.+?)(?: (?:up|down|on))? (?:to"
    rf"|at) (?P<share>{'|'.join(_SHARES)})"
    r"(?: of)?(?: (?:its|the))?(?: (?:brightness|speed|power|volume|level|open|full))?[ .!]*(?:please)?$",
    re.IGNORECASE,
)
_ON_AT = regex(
    r"(?:put|turn|switch|have|get) (?:on (?P<other>.+?)|(?P<what>.+?) on) (?:at|to) (?:about |around )?(?P<value>\d+) ?"
    r"(?:%|percent|per cent)[ .!]*(?:please)?$",
    re.IGNORECASE,
)
_WARMTH = regex(r"\b(?:degrees?|thermostat|temperature|heating|radiator|heater|ac|air con\w*|oven)\b", re.IGNORECASE)
_RELATIVE = regex(
    r"(?<=\w) (?:that|which)(?:'s| is| are) (?:still |currently )?(?:on|off|open|closed|running|playing)\b"
    r"(?=\W*$| (?:in|on|up|down)(?:stairs| \w))",
    re.IGNORECASE,
)
_WHOLE_HOME = regex(
    r"\b(?:in|across|throughout|around|of|all over) (?:the )?(?:whole|entire) (?:house|home|flat|place|apartment)\b"
    r"|\b(?:throughout|all over|all around) the (?:house|home|flat|place|apartment)\b",
    re.IGNORECASE,
)
_SUN_FIRST = regex(
    r"^(?P<sun>(?:at|by|around|after|before) (?:sunset|sunrise|dusk|dawn|nightfall|bedtime)),? (?P<deed>\S.*)$",
    re.IGNORECASE,
)
_EITHER = regex(
    r"(?<= )(on|off|open|closed|shut|locked|unlocked) or (?:on|off|open|closed|shut|locked|unlocked|not)\b",
    re.IGNORECASE,
)
_HUNDREDS = regex(r"\b(?:to|by) (?P<amount>(?:[a-z-]+ ){0,4}(?:hundred|thousand|[mb]illion)\b.*)", re.IGNORECASE)
_MINUS = regex(r"\b(to|at) (?:minus|negative) (\d)", re.IGNORECASE)
_FREE = regex(
    r"(?:please |can you |could you )*(?:(?:play|put on)(?: some| me)? (?P<what>[\w' ]+?)(?: (?:in|on) the [\w' ]+)?"
    r"|(?:add|put) (?P<item>[\w' ]+?) (?:to|on|onto) (?:the|my|our) (?:[\w-]+ ){0,2}list|remind me .*\bto .+)",
    re.IGNORECASE,
)
_LACKED = regex(
    r"\b(?:run|running|ran|we're|i'm|are|am) (?:completely |nearly |almost |all )?(?:out of"
    r"|low on) (?:the )?(?P<item>.+)|\b(?:need|finished|used up|got|bought|picked up|fetched|have got|ordered|found)"
    r" (?:some |more |any |the |all the )*(?P<other>.+)"
    r"|^(?:the|our|my) (?P<gone>[\w ]+?)(?:'s|'re| is| are| has| have) (?:off|gone(?: off)?|all gone|nearly gone|empty"
    r"|finished"
    r"|run out|running (?:low|out)|low|out of date|mouldy|stale|past its best)\b",
    re.IGNORECASE,
)
_MAKE = regex(r"^(?:(?:let's )?(?:make|say|call|set) (?:it|that)|let's say|try|at|for|to)\s+(?:to |at |for )?")
_BEHIND = regex(
    r"(?:(?:'s| is| will be| would be|'ll be)? (?:enough|fine|plenty|better|good|nicer|do)(?: for (?:me|us|now))?"
    r"| will do|'ll do| instead| please| rather| then)+$"
)
_TYPED = (
    regex(
        r"\b(?:(?:half|quarter|a quarter|\d+) (?:past|to) )?\d+(?:[.:]\d+)?(?P<unit> ?(?:[ap]\.?m\.?|%"
        r"|percent|per cent|degrees?|°|o'clock|minutes?|mins?|hours?|seconds?"
        r"|secs?))?(?![\w:])"
    ),
    regex(
        r"\b(?:(?:warm|cool|cold|soft) white|red|green|blue|yellow|orange|purple|pink|white|violet"
        r"|turquoise|daylight)\b"
    ),
    regex(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:tomorrow|today|tonight)\b"),
)
_WAKING = regex(r"(?:please )?wake (?:me|us)(?: up)?(?P<time> (?:at|in|tomorrow|every)\b.+)$", re.IGNORECASE)
_ANY_DAY = datetime(2000, 1, 1, 12, tzinfo=UTC)
_UNNAMED = regex(r"(?P<verb>\w+(?: (?:on|off|up|down))?) (?:the |my |our )?\w+(?: one)?", re.IGNORECASE)


def halves(body: str, household: Household) -> tuple[str, ...] | None:
    """Split "turn the kitchen light on and the hall light off" into two commands with the one verb."""
    match = _HALVES.match(body)
    if match is None:
        return None
    front, back = match["front"], match["back"].strip()
    named = find_mentions(front, household), find_mentions(back, household)
    if named[0] and not named[1] and _ONLY_VALUE.match(back):
        begins = _PARTICLE.sub("", front[: named[0][0].start])
        return front, " ".join(f"{begins}{named[0][0].text} {back}".split())
    if not all(named) or not _sets(front, named[0]) & _sets(back, named[1]):
        return None
    if re.match(r"\d", front):
        return tuple(_warmth(each) for each in (front, back))
    first, second = named[0][0], named[1][0]
    begins = front[: first.start]
    if _PARTICLE.search(back[second.end :]):  # "turn the one on and the other off"
        begins = _PARTICLE.sub("", begins)
    return front, f"{begins}{whole_of(second, first.kind)}{back[second.end :]}"


def _sets(words: str, named: list[Mention]) -> set[str]:
    """Return in which ways words say what is to become of the things that they name."""
    rest = words
    for each in reversed(named):
        rest = rest[: each.start] + rest[each.end :]
    return {way for way, said in _WAYS.items() if said.search(rest)}


def _warmth(words: str) -> str:
    """Return a value and its place as a command: "22 in the study" is a temperature."""
    match = re.match(
        r"(?P<value>\d+)(?P<unit> ?(?:degrees?|°))? (?:in|for) (?P<where>.+?)(?: please)?$", words, re.IGNORECASE
    )
    return words if match is None else f"set {match['where']} to {match['value']} degrees"


_OF_ALL = regex(r"\b(?:everything|it all|all of it|the lot)\b", re.IGNORECASE)


def mended(text: str, household: Household) -> str | None:
    """Say a request that takes back a part of itself in its last version; None where it is unclear which part."""
    parts = repaired(text)
    if parts is None or repairs(parts[1]):
        return None
    before, after = re.sub(r"\s+(?:and|or)$", "", parts[0]), re.sub(r"^(?:just|only) (?=the |my |in )", "", parts[1])
    if is_command(after):
        about = find_mentions(before, household)
        points = PRONOUN.search(after) if len(about) == 1 and not find_mentions(after, household) else None
        return after if points is None else f"{after[: points.start()]}{about[0].text}{after[points.end() :]}"
    old, new = find_mentions(before, household), find_mentions(after, household)
    if not new or new[0].start > 0:
        return None if new else _with_value(before, after) or _in_free_words(before, after)
    bare = None if old else _UNNAMED.fullmatch(before)
    if bare is not None and is_command(before):
        return f"{bare['verb']} {after}"  # "lock the back, I mean the front door"
    if not old:
        return None
    of_all = _OF_ALL.search(before) if (new[0].named or new[0].kind) and not (old[-1].named or old[-1].kind) else None
    start, end = of_all.span() if of_all is not None else (old[-1].start, old[-1].end)
    return f"{before[:start]}{after}{before[end:]}"  # "everything off in the kitchen, I mean the lights"


def _in_free_words(before: str, after: str) -> str | None:
    """Put other words in the place of what is to be played, added or reminded of: "play jazz, no, classical"."""
    free = _FREE.fullmatch(before)
    if free is None or after.count(" ") > 2:
        return None
    said = free["what"] or free["item"]
    if said is not None:
        at = free.start("what") if free["what"] else free.start("item")
        return f"{before[:at]}{after}{before[at + len(said) :]}"
    words, new = before.split(), after.split()
    return " ".join([*words[: -len(new)], *new]) if len(words) > len(new) + 2 else None


def _with_value(before: str, after: str) -> str | None:
    """Put a number, a colour or a day in the place of the last one of its kind; None where neither is one."""
    value, whole = _BEHIND.sub("", _MAKE.sub("", in_digits(after))), in_digits(before)
    for shape in _TYPED:
        said, old = shape.match(value), list(shape.finditer(whole))
        rest = value[said.end() :] if said is not None else ""
        if said is None or not old or (rest and old[-1].end() < len(whole)):
            continue
        unit = old[-1]["unit"] if "unit" in said.groupdict() and not said["unit"] else ""
        return f"{whole[: old[-1].start()]}{said[0].strip()}{unit or ''}{whole[old[-1].end() :]}{rest}"
    return None


def of_each_kind(text: str) -> tuple[str, ...] | None:
    """Return one request for each of "delete the shopping list and all timers"; None where no two kinds are listed.

    >>> of_each_kind("cancel all my alarms and timers")
    ('cancel all my alarms', 'cancel all my timers')
    """
    match = _OF_KINDS.fullmatch(text.strip(" .!?"))
    if match is None:
        return None
    things = [
        each.strip() for each in re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+(?:also\s+)?", match["things"]) if each.strip()
    ]
    if len(things) < 2 or not all(_OF_KIND.search(each) for each in things):
        return None
    every = _EVERY.match(things[0])
    whole = [
        each if at == 0 or _DETERMINED.match(each) else f"{every[0] if every else ''}{each}"
        for at, each in enumerate(things)
    ]
    return tuple(f"{match['verb']} {each}" for each in whole)


def in_percent(body: str) -> str | None:
    """Say a share in percent: "run the fan at two thirds"."""
    at = _ON_AT.match(body)
    if at is not None:
        return f"set {at['what'] or at['other']} to {at['value']} percent"
    match = _SHARE.match(body)
    if match is None:
        return None
    what = f"{match['what']} speed" if match["what"].lower() in ("fan", "the fan") else match["what"]
    return f"set {what} to {_SHARES[' '.join(match['share'].lower().split())]} percent"


def below_zero(body: str) -> str | None:
    """Write a value below zero as a number: "to minus 5"."""
    said = _MINUS.sub(r"\1 -\2", in_digits(body))
    return said if _MINUS.search(in_digits(body)) else None


def in_halves(body: str) -> str | None:
    """Write a temperature with a fraction as a number: "twenty two and a half degrees"."""
    said = in_digits(body)
    is_new = re.search(r"\d\.\d", said) is not None and re.search(r"\d\.\d", body) is None
    return said if is_new and _WARMTH.search(body) else None


def in_hundreds(body: str) -> str | None:
    """Write a large amount as a number: "by a thousand degrees"."""
    match = _HUNDREDS.search(body)
    said = "" if match is None else in_digits(match["amount"])
    return f"{body[: match.start('amount')]}{said}" if match is not None and said[:1].isdigit() else None


def without_relative(text: str) -> str:
    """Take away which things are meant where any are: "the lights that are on" are the lights.

    >>> without_relative("close everything that is open in the study")
    'close everything in the study'
    """
    return _RELATIVE.sub("", text)


def in_order(text: str) -> str:
    """Say a request in the usual order of words.

    >>> in_order("at sunset turn on the light"), in_order("lights off in the whole house")
    ('turn on the light at sunset', 'lights off everywhere')
    """
    plain = _SUN_FIRST.sub(r"\g<deed> \g<sun>", _WHOLE_HOME.sub("everywhere", text))
    return _EITHER.sub(r"\1", plain)


def with_what_lacks(text: str, clauses: list[Clause], household: Household) -> str:
    """Put into a command what a remark is about: "we are out of milk, put it on the list", "it" after "the lamp is"."""
    remarks = (_LACKED.search(each.text) for each in clauses if each.kind == "remark")
    lacked = next((match for match in remarks if match is not None), None)
    if lacked is None:
        before = next((at for at, each in enumerate(clauses) if text in each.text), 0)
        return with_subject(text, clauses[:before], household)
    item = (lacked["item"] or lacked["other"] or lacked["gone"]).strip(" .!").replace("\\", "")
    return PRONOUN.sub(item, text, count=1)


def self_contained(texts: list[str], household: Household) -> tuple[str, ...]:
    """Put into each part what "it" stands for, the thing that the part before named, and the time to wake up at."""
    whole: list[str] = []
    last = ""
    for text in texts:
        mentions = find_mentions(text, household)
        whole.append(text if mentions or not last else PRONOUN.sub(last.replace("\\", ""), text, count=1))
        last = mentions[-1].text if mentions else last
    wakes = _WAKING.match(whole[0])
    if wakes is None:
        return tuple(whole)
    timed = [take_timing(text, _ANY_DAY, household)[0] is not None for text in whole[1:]]
    rest = (text if has else f"{text}{wakes['time']}" for text, has in zip(whole[1:], timed, strict=True))
    return whole[0], *rest
