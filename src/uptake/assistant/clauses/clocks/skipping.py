"""Read that an alarm is not wanted on one day: "skip tomorrow's alarm", "no alarm on Friday", "but not tomorrow".

Limit: English.
"""

from __future__ import annotations

from uptake.assistant.clauses.clocks.state import Clocks
from uptake.assistant.phrases.moments import Spoken, read_moment
from uptake.assistant.phrases.saying import say_day, say_time
from uptake.assistant.skills.time.alarms import Alarm
from uptake.text.patterns import regex
from uptake.types import Interpretation

__all__ = ["read_skipping"]

_ALARMS = frozenset({"SetAlarm", "GetAlarms", "DeleteAlarm"})
_ABOUT = regex(r"\b(?:alarms?|wak(?:e|ing)(?: (?:me|us))?(?: up)?|get (?:me|us) up|ring(?:ing)?|go(?:es)? off)\b")
_UNWANTED = regex(
    r"\b(?:skip(?:ping)?|miss(?: out)?|leave out|drop|cancel|delete|remove|turn off|switch off|disable|silence|stop"
    r"|lose|bin|scrap|kill|no|not|without|except|but(?! not\b)|never mind|forget(?: about)?"
    r"|don't (?:want|need|bother(?: with)?)|do not (?:want|need)|won't (?:want|need)|will not (?:want|need)"
    r"|don't|do not)\b"
)
_FILL = regex(
    r"\b(?:please|can|could|would|you|i|we|me|us|the|my|that|this|an?|it|one|1|for|on|in|at|to|just|only|though|actually"
    r"|ok(?:ay)?|and|but|so|oh|yeah|need|want|set|off|out|alone|there|is|be|i'm|having|a lie|lie|day|thanks|cheers|ta"
    r"|all|any|time|once|after all)\b|[,.!?']"
)


def read_skipping(text: str, clocks: Clocks) -> tuple[Interpretation, ...] | None:
    """Return the readings that leave one day out of recurring alarms; None where a request asks for something else."""
    if not any(each.days for each in clocks.alarms) or _UNWANTED.search(text) is None:
        return None
    is_known = clocks.last is not None and clocks.last.intent in _ALARMS
    if not is_known and _ABOUT.search(text) is None:
        return None
    spoken = read_moment(text.replace("'s alarm", " alarm"), clocks.now)
    if spoken is None or spoken.day is None or spoken.weekdays or spoken.delay is not None:
        return None
    if _FILL.sub(" ", _UNWANTED.sub(" ", _ABOUT.sub(" ", spoken.rest))).split():
        return None
    found = [each for each in clocks.alarms if _rings(each, spoken)]
    return tuple(_left_out(each, spoken, clocks) for each in found) or None


def _rings(alarm: Alarm, spoken: Spoken) -> bool:
    day, clock = spoken.day, spoken.clock
    if day is None or (alarm.at.date() != day and day.weekday() not in alarm.days):
        return False
    if clock is None:
        return True
    same = (clock.hour % 12, clock.minute) == (alarm.at.hour % 12, alarm.at.minute)
    return same and (spoken.half_day not in ("am", "pm") or (spoken.half_day == "am") == (alarm.at.hour < 12))


def _left_out(alarm: Alarm, spoken: Spoken, clocks: Clocks) -> Interpretation:
    day = say_day(spoken.day or clocks.now.date(), clocks.now.date())
    return Interpretation(intent="DeleteAlarm", slots=(("at", f"{day} at {say_time(alarm.at)}"),))
