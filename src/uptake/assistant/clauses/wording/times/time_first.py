"""Put the time of a request where the readers expect it, and leave out a reason that has a time of its own.

A time in front goes behind what is to be done: "half ten, heating off". Where two deeds of one thing each have a time,
the second is after the first, and as often: "on at six every morning and off at eight".

Limit: English.
"""

from __future__ import annotations

import re
from datetime import datetime

from uptake.assistant.clauses.mentions import find_mentions
from uptake.assistant.clauses.timing import Timing, take_timing
from uptake.assistant.clauses.words import is_command, without_courtesy
from uptake.assistant.entities.household import Household
from uptake.assistant.phrases.durations import DURATION
from uptake.assistant.phrases.moments import read_moment
from uptake.assistant.phrases.numbers import in_digits
from uptake.text.patterns import regex

__all__ = ["one_after_the_other", "time_last", "with_at", "without_timed_reason"]

_CLOCK_FIRST = regex(
    r"^(?P<time>(?:at|by|around|in|after|from|tomorrow|tonight|every|this"
    r"|on)\s(?:[\w:.']+\s){0,6}?[\w:.']+)\s+(?P<deed>(?:please |can you |could you )?(?:turn|switch"
    r"|set|put|play|open|close|shut|lock|unlock|start|stop|dim|make|run|pause|mute|activate|brighten|raise"
    r"|lower|wake|remind)\b.+)$",
    re.IGNORECASE,
)
_TIME_FIRST = regex(
    r"(?P<time>(?:at|by|around|in|after|from|tomorrow|tonight|every|this|on|half|quarter|a quarter|[\w-]+ (?:past|to)"
    r"|[\w-]+ o'?clock|[\w-]+ (?:hours?|minutes?) from now)\b[\w:.' -]{0,40}?),\s+(?P<deed>\S.*)$",
    re.IGNORECASE,
)
"""A time, a comma, and what is to be done then, which need not begin with a verb: "half ten, heating off"."""
_STATED = regex(
    r"[\w' ]+ (?:on|off|open|closed|shut|locked|(?:up |down )?(?:to|at) [\w ]+?(?: ?(?:percent|%|degrees))?)"
    r"(?: please| again| too)*[.!]?",
    re.IGNORECASE,
)
_FRONT = regex(
    r"(?:at|by|in|after|tomorrow|tonight|this|on|half|quarter|an?|[\w-]+ (?:past|to)|[\w-]+ o'?clock"
    r"|[\w-]+ (?:hours?|minutes?) from now)\b",
    re.IGNORECASE,
)
_AND = regex(r",? (?:and then|and|then) ", re.IGNORECASE)
_DOES = r"(?: (?:please )?(?:turn|switch|put|set|open|close|shut|lock|start|stop|dim|make)\b)"
_TIME_TOLD = regex(rf"(?:at|in|by|after) (?!the\b|my\b|our\b|here\b)(?:[\w:.']+ ?){{1,4}}?{_DOES}", re.IGNORECASE)
"""A time in front of a second deed, even one that cannot be read."""
_PAST_IT = regex(rf"^(?P<past>(?:at )?(?:half|(?:a )?quarter|five|ten|twenty|\d+) past)(?={_DOES})", re.IGNORECASE)
_IN_BARE = regex(rf"^(?P<within>in [\w-]+)(?={_DOES})", re.IGNORECASE)
_UNIT = regex(r"\b(?:seconds|minutes|hours)\b", re.IGNORECASE)
_MOST_WORDS = 6  # of a time in front
_BETWEEN_FIRST = regex(
    r"^(?P<time>(?:between|from) [\w:.]+(?: [ap]m)? (?:and|to|until"
    r"|till) [\w:.]+(?: [ap]m)?),? (?P<deed>(?:please |can you )?(?:turn|switch"
    r"|leave|keep|have|put|run|set)\b.+)$",
    re.IGNORECASE,
)
_TILL = regex(r"\b(from (?:[\w:.]+ ){0,3}?[\w:.]+) (?:until|till|til) (?=\S)", re.IGNORECASE)
"""A span of time, whose end is no condition."""
_NUMBERS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_BARE = regex(r"(?:half|(?:a )?quarter|[\w-]+ (?:past|to)|\d|[\w-]+ o'?clock)\b", re.IGNORECASE)
_BEHIND = regex(
    r"(?P<front>.*\w)(?<!\ba)(?<!\bat)(?<!\bby)(?<!\bfrom)(?<!\bto)(?<!\btill)(?<!\buntil)(?<!\bfor)(?<!\baround)(?<!\babout)"
    r"(?<!\bbefore)(?<!\bafter)(?<!\bbetween)(?<!\band) (?P<time>(?:half(?: past)?|(?:a )?quarter (?:past|to)"
    rf"|(?:five|ten|twenty|twenty[- ]five|5|10|20|25) (?:past|to)) (?:\d{{1,2}}|{_NUMBERS})\b)"
    r"(?P<rest>(?: tomorrow| tonight| this \w+| in the \w+| please| every \w+| on \w+days?)*[.!]?)",
    re.IGNORECASE,
)
_HAS_LENGTH = regex(DURATION)
_TELLS = regex(
    r"(?:\b(?:needs?|wants?|takes?|has|have|got|is|are|was|starts?|ends?|finish(?:es)?|leaves?|comes?|goes|eat|eats|arrives?"
    r"|opens?|closes?|shuts?|gets?)|'(?:s|re|ve|ll))\b",
    re.IGNORECASE,
)
_SO = regex(r"(?P<why>\S.*?)(?:,? (?:and )?so,? |[;.,] +(?=(?:\S+ ){1,}\S+))(?P<deed>\S.*)", re.IGNORECASE)
_OF_CLOCKS = regex(
    r"\b(?:timers?|alarms?|remind\w*|wake|nudge)\b|\b(?:if|when|unless|until|till|except|not|don't)\b", re.IGNORECASE
)


def time_last(text: str, now: datetime, household: Household) -> str:
    """Put a time that stands in front behind: "at 9 turn off the tv", "tonight at ten heating to 18"."""
    text = _BETWEEN_FIRST.sub(r"\g<deed> \g<time>", _TILL.sub(r"\1 to ", text))
    match = _CLOCK_FIRST.match(text) or _TIME_FIRST.match(text)
    if match is None:
        return _stated_last(text, now, household)
    if not (is_command(match["deed"]) or _STATED.fullmatch(match["deed"])):
        return text
    spoken = read_moment(match["time"], now)
    if spoken is None or spoken.rest:
        return text
    time = match["time"].strip(" ,")
    time = f"at {time}" if _BARE.match(time) else time
    return _of_the_first(match["deed"], time, now, household) or f"{match['deed']} {time}"


def _of_the_first(deed: str, time: str, now: datetime, household: Household) -> str | None:
    """Put a time behind the first of two deeds, where the second has its own: "at 9 tv on and at 10 turn it off"."""
    for joint in _AND.finditer(deed):
        told = _whole_time(deed[joint.end() :], time, now)
        second = time_last(told, now, household)
        if second == told and _TIME_TOLD.match(told):
            return f"{deed[: joint.start()]} {time}{joint[0]}{told}"
        timing = take_timing(second, now, household)[0] if is_command(second) or _STATED.fullmatch(second) else None
        if timing is not None and _is_moment(timing):
            return f"{deed[: joint.start()]} {time}{joint[0]}{second}"
    return None


def _whole_time(deed: str, before: str, now: datetime) -> str:
    """Return a deed whose time in front has the hour or the unit of the one before: "at half past", "in twenty"."""
    spoken, unit = read_moment(before, now), _UNIT.search(before)
    if spoken is not None and spoken.clock is not None:
        half = spoken.half_day if spoken.half_day in ("am", "pm") else ""
        deed = _PAST_IT.sub(rf"\g<past> {spoken.clock.hour % 12 or 12} {half}".rstrip(), deed, count=1)
    return deed if unit is None else _IN_BARE.sub(rf"\g<within> {unit[0]}", deed, count=1)


def _stated_last(text: str, now: datetime, household: Household) -> str:
    """Put a time behind that stands before how a thing is to be, without a verb or a comma: "at nine tv on"."""
    words = text.split()
    for count in range(min(_MOST_WORDS, len(words) - 2), 0, -1) if _FRONT.match(text) else ():
        time, deed = " ".join(words[:count]), " ".join(words[count:])
        spoken = read_moment(time, now)
        if spoken is None or spoken.rest or not _STATED.fullmatch(deed):
            continue
        named = find_mentions(deed, household)
        if named and named[0].start == 0 and (named[0].named or named[0].kind):
            return f"{deed} {'at ' if _BARE.match(time) else ''}{time}"
    return text


def with_at(text: str, household: Household) -> str:
    """Say the preposition of a time of day that stands behind a thing of the home: "lights off quarter to seven"."""
    match = _BEHIND.fullmatch(text)
    if match is None or not any(each.named or each.kind for each in find_mentions(match["front"], household)):
        return text
    return f"{match['front']} at {match['time']}{match['rest']}"


def without_timed_reason(text: str, household: Household, now: datetime) -> str:
    """Return a timed deed without the reason before it, whose time is no time of the deed.

    "Tea wants another twenty minutes, so turn the oven off at twenty past six" asks for one thing.
    """
    match = _SO.fullmatch(text.strip(" .!"))
    if match is None or text.rstrip().endswith("?"):
        return text
    why, deed = match["why"], match["deed"]
    bare = without_courtesy(why)
    tells = _TELLS.search(bare) is not None and not is_command(bare) and not _OF_CLOCKS.search(text)
    has_time = _HAS_LENGTH.search(in_digits(why)) is not None or read_moment(why, now) is not None
    if not tells or not has_time or not any(each.named or each.kind for each in find_mentions(deed, household)):
        return text
    timing = take_timing(deed, now, household)[0]
    return deed if timing is not None and timing.at is not None and timing.problem is None else text


def one_after_the_other(texts: tuple[str, ...], household: Household, now: datetime) -> tuple[str, ...]:
    """Give the second of two deeds of one thing its time after the first, on its day, and as often."""
    if len(texts) != 2 or _HAS_LENGTH.search(in_digits(texts[1])) or not _are_of_one_thing(texts, household):
        return texts
    (before, first), (after, second) = (take_timing(text, now, household) for text in texts)
    if before is None or after is None or not (_is_moment(before) and _is_moment(after)):
        return texts
    if after.weekdays and not before.weekdays:
        return f"{first} {Timing(at=before.at, weekdays=after.weekdays).words(now)}", texts[1]
    is_after = before.at is not None and after.at is not None and after.at > before.at
    later = take_timing(texts[1], before.at, household)[0] if before.at is not None else None
    if later is None or after.weekdays or (is_after and not before.weekdays):
        return texts
    return texts[0], f"{second} {Timing(at=later.at, weekdays=before.weekdays).words(now)}"


def _is_moment(timing: Timing) -> bool:
    return timing.at is not None and timing.problem is None and timing.until is None


def _are_of_one_thing(texts: tuple[str, ...], household: Household) -> bool:
    one, other = ({each.text for each in find_mentions(text, household)} for text in texts)
    return one == other
