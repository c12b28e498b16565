"""Take the time out of a command: "at 8 pm", "in ten minutes", "every weekday at seven", "for an hour", "until nine".

Only what is plainly a time counts: "set the fan at 50" and "turn on the night light" hold none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from uptake.assistant.clauses.mentions import find_mentions
from uptake.assistant.clauses.words import SPAN, is_command
from uptake.assistant.entities.household import Household
from uptake.assistant.phrases.durations import duration
from uptake.assistant.phrases.moments import Spoken, read_moment
from uptake.assistant.phrases.numbers import in_digits
from uptake.assistant.phrases.saying import say_days, say_duration, say_moment, say_time
from uptake.text.patterns import regex

__all__ = ["WHEN_IT_IS", "Timing", "is_timed", "take_timing"]

_CUE = regex(
    r"\b(?:at|by|around|in|after|until|till|from|between|on|every|each|this|next|tomorrow|tonight|today|daily|later"
    r"|o'?clock|noon|midnight|[ap]\.?m)\b",
    re.IGNORECASE,
)
_CLOCK = regex(r"\d ?[ap]\.?m\b|\b\d?\d:[0-5]\d\b", re.IGNORECASE)
"""A time of day that needs no word before it, where it is said of a thing of the home."""
_AMOUNT = regex(
    r"\b(?:at|to|by)\s+\d+\s*(?:%|percent|per cent|degrees?|°|celsius|fahrenheit|kelvin|k\b)", re.IGNORECASE
)
_BARE_AMOUNT = regex(
    r"\b(?:set|put|run|adjust|dim|heat|preheat|bake|keep|have|hold|leave)\b(?!.*\b(?:tonight|tomorrow|today)\b)"
    r"(?!.*\b(?:to|by|on) (?:about )?\d+(?:\.\d+)?(?: ?(?:%|percent|degrees?))? at (?:1?\d"
    r"|2[0-4])$).*\b(?:thermostat|heating|heater"
    r"|radiator|temperature|oven|fan"
    r"|light|lights|lamp|volume"
    r"|brightness|blinds?|speaker|ac|air con\w*|tv)\b.*(?<!\bon )(?<!\boff )\bat (?:about )?\d+(?:\.\d+)?$",
    re.IGNORECASE,
)
"""How much a thing is to be, "the oven at 180", where nothing else of the request says it: "to 19 at 9" has a time."""
_STEP = regex(
    r"\b(?:raise|lower|increase|decrease|reduce|drop|dim|brighten)\b.* by (?=[\w.]+(?:\W*$|, ))"
    r"|\b(?:up|down|higher|lower|brighter|dimmer) by (?=[\w.]+(?: degrees?| notch(?:es)?)?(?:\W*$|, ))",
    re.IGNORECASE,
)
_UNTIL = regex(r"\b(?:until|till|til)\s+(?P<end>.+)$", re.IGNORECASE)
_BETWEEN = regex(r"\b(?:from|between)\s+(?P<start>\S.*?)\s+(?:to|until|till|and)\s+(?P<end>\S.*)$", re.IGNORECASE)
WHEN_IT_IS = regex(
    r"\b(?:when|once|as soon as|after|before) (?:it's|it is|it gets to|the clock (?:says|strikes|hits)) (?=(?:\d"
    r"|one|two|three"
    r"|four|five|six|seven|eight|nine|ten|eleven|twelve)\b(?! ?(?:degrees?|percent|%))|noon|midnight|half"
    r"|quarter|\w+ o'?clock)",
    re.IGNORECASE,
)
_FOR_THEN = regex(
    r"\bfor (?=(?:half |(?:a )?quarter (?:past|to) |[\w-]+ (?:past|to) )?[\w:.]+(?: ?[ap]m"
    r"| o'?clock)? (?:tomorrow|tonight|this"
    r" (?:morning|afternoon|evening)|on \w+day|in the (?:morning|afternoon|evening))\b)",
    re.IGNORECASE,
)
"""A time for which something is to be ready: "have the oven on for six tomorrow evening"."""
_HOURS, _FACE = 24, 12
_EARLY = frozenset({5, 6})
"""Hours of either half of the day at which people have things done."""
_PARTICLE = regex(
    r"\b(xq[a-z]q|it|them|turn|switch|put|keep|leave)\s+on\b(?! (?:mon|tues|wednes|thurs|fri|satur|sun)day| the \d)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """When an action is to happen."""

    at: datetime | None = None
    """The moment, aware; None for now."""
    weekdays: tuple[int, ...] = ()
    """Days of the week that it recurs on, Monday 0."""
    until: datetime | None = None
    """When it is to end, aware; None where it stays."""
    problem: str | None = None
    """Why it cannot be then, as told to the person."""
    vague: bool = False
    """Whether only a part of the day was said, and the hour is a guess."""

    def words(self, now: datetime) -> str:
        """Say the moment, as `take_timing` reads it; "" where there is none."""
        if self.at is None:
            return ""
        if self.weekdays:
            return f"{say_days(self.weekdays)} at {say_time(self.at)}"
        if self.at.second or self.at.microsecond:
            return f"in {say_duration(timedelta(seconds=round((self.at - now).total_seconds())))}"
        return say_moment(self.at, now)


def take_timing(text: str, now: datetime, household: Household, *, whole: bool = False) -> tuple[Timing | None, str]:
    """Take the time out of a command; returns it with the rest of the words. None, and all words, where there is none.

    Args:
        text: The command.
        now: This moment, aware.
        household: Names of the home; what they hold is no time.
        whole: Whether the text holds a time and nothing else, "when it's 8 pm": the rest is then what is no time.
    """
    worded = _CUE.search(_CLOCK.sub("", text)) or SPAN.search(text)
    if not worded and not _CLOCK.search(text):
        return None, text
    if _BARE_AMOUNT.search(in_digits(text.strip(" .,!?"))):
        return None, text
    hidden, names = _hide(text, household)
    if not worded and not names:
        return None, text
    hidden = _PARTICLE.sub(r"\1 xqonq", hidden)
    found, rest = _span(hidden, now)
    if found is None:
        found, rest = _moment(hidden, now, whole=whole)
    return found, text if found is None else _show(rest, names)


def is_timed(text: str, now: datetime, household: Household) -> bool:
    """Tell whether a request is to do something with a thing of the home at a time, however that is said."""
    if not is_command(text):
        return False
    timing, rest = take_timing(text, now, household)
    return (
        timing is not None
        and (timing.at is not None or timing.until is not None)
        and any(each.named or each.kind for each in find_mentions(rest, household))
    )


def _hide(text: str, household: Household) -> tuple[str, list[str]]:
    """Replace the names of the home by placeholders, so that "Movie Night" is no time."""
    names: list[str] = []
    hidden, end = [], 0
    for at, each in enumerate(find_mentions(text, household)):
        hidden += [text[end : each.start], f"xq{'abcdefghijklmnopqrstuvwxyz'[at % 26]}q"]
        names.append(each.text)
        end = each.end
    return "".join([*hidden, text[end:]]), names


def _show(text: str, names: list[str]) -> str:
    for at, name in enumerate(names):
        text = text.replace(f"xq{'abcdefghijklmnopqrstuvwxyz'[at % 26]}q", name, 1)
    return " ".join(text.replace("xqonq", "on").split()).strip(" ,.")


def _span(text: str, now: datetime) -> tuple[Timing | None, str]:
    """Read how long an action is to last: "for five minutes", "until nine", "from 8 to 10"."""
    between = _BETWEEN.search(text)
    if between is not None:
        start, end = _clock(between["start"], now), _clock(between["end"], now)
        if start is not None and end is not None and start.clock and end.clock and not start.rest and not end.rest:
            start = _with_half(start, end)
            first, last = start.moment(now), end.moment(now)
            if first.at is not None and last.at is not None:
                until = _end_after(first.at, last.at, end)
                return Timing(at=first.at, weekdays=first.weekdays, until=until), text[: between.start()]
    ends = _UNTIL.search(text)
    if ends is not None:
        spoken = read_moment(ends["end"], now)
        if spoken is not None and not spoken.rest:
            moment = spoken.moment(now)
            front, rest = _moment(text[: ends.start()], now)
            return Timing(at=front.at if front else None, until=moment.at, problem=moment.problem), rest
        return None, text
    lasts = SPAN.search(text)
    length = None if lasts is None else _length(lasts["length"])
    if lasts is None or length is None or not length.total_seconds():
        return None, text
    front, rest = _moment(text[: lasts.start()] + text[lasts.end() :], now)
    start_at = front.at if front is not None and front.at is not None else None
    return Timing(at=start_at, until=(start_at or now) + length, problem=front.problem if front else None), rest


def _end_after(start: datetime, end: datetime, said: Spoken) -> datetime:
    """Return when "from 6 till 8" ends: the next eight o'clock after six, unless a half of the day was said."""
    if said.half_day is None and said.clock is not None and said.clock.hour <= _FACE:
        return start + ((end - start) % timedelta(hours=_FACE) or timedelta(hours=_FACE))
    return end if end > start else end + timedelta(days=1)


def _clock(said: str, now: datetime) -> Spoken | None:
    """Read an end of "from 6 till 8", whose number is a time."""
    bare = in_digits(said.strip())
    return read_moment(f"at {bare}" if bare.isdigit() and int(bare) <= _HOURS else said, now)


def _length(said: str) -> timedelta | None:
    """Read a length of time: "ten more minutes"."""
    plain = re.sub(r"\b(?:more|longer|extra)\b", " ", said.strip(" .,!?").removesuffix(" please"), flags=re.IGNORECASE)
    return duration(in_digits(" ".join(plain.split())))


def _with_half(start: Spoken, end: Spoken) -> Spoken:
    """Read "8" of "from 8 to 10 pm" as in the same half of the day."""
    clock, other = start.clock, end.clock
    if clock is None or other is None:
        return start
    if start.day is None and not start.weekdays:
        start = replace(start, day=end.day, weekdays=end.weekdays)
    if start.half_day is not None or end.half_day not in ("am", "pm"):
        return start
    return replace(start, half_day=end.half_day) if clock.hour % 12 < other.hour % 12 else start


def _moment(text: str, now: datetime, *, whole: bool = False) -> tuple[Timing | None, str]:
    if not _CUE.search(text) and not _CLOCK.search(text):
        return None, text
    if _STEP.search(text):
        return None, text
    masked = _AMOUNT.sub(lambda match: match[0].replace("at ", "to ").replace("by ", "to "), text)
    masked = _FOR_THEN.sub("at ", masked)
    spoken = read_moment(masked, now)
    if spoken is None or (_only_part(spoken) and not whole and not _says_part(masked)):
        return None, text
    moment = spoken.moment(now)
    vague = (spoken.clock is None and spoken.delay is None) or _may_be_early(spoken, now)
    problem = moment.problem
    if moment.at is None and problem is None:
        problem = "Please say it again with a time. I have done nothing."
    elif moment.at is not None and moment.at <= now:
        problem = "That time has already passed."
    return Timing(at=moment.at, weekdays=moment.weekdays, problem=problem, vague=vague), spoken.rest


def _may_be_early(spoken: Spoken, now: datetime) -> bool:
    """Tell whether five or six o'clock of another day may be in the morning as well as in the evening."""
    is_other_day = bool(spoken.weekdays) or (spoken.day is not None and spoken.day > now.date())
    return is_other_day and spoken.half_day is None and spoken.clock is not None and spoken.clock.hour in _EARLY


def _only_part(spoken: Spoken) -> bool:
    said = spoken.clock or spoken.delay or spoken.day or spoken.weekdays or spoken.problem
    return not said


def _says_part(text: str) -> bool:
    return (
        re.search(
            r"\b(?:in the|this|tomorrow|every|at) (?:morning|afternoon|evening|night)\b|\btonight\b",
            text,
            re.IGNORECASE,
        )
        is not None
    )
