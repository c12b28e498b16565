"""Put what was just set at another time: "make it quarter past" of an alarm, "scrap that, half eight" of a reminder.

The new time is of the same day and the same half of it, unless it says otherwise; "half past" is of the same hour.

Limit: English; what was set last.
"""

from __future__ import annotations

from datetime import datetime

from uptake.assistant.clauses.clocks.state import Clocks
from uptake.assistant.clauses.wording.again import planned_at
from uptake.assistant.phrases.durations import duration
from uptake.assistant.phrases.moments import read_moment
from uptake.assistant.phrases.numbers import in_digits
from uptake.assistant.phrases.saying import say_moment
from uptake.text.patterns import regex
from uptake.types import Interpretation

__all__ = ["moved_to", "read_shift"]

_LEAD = (
    r"(?:(?:no|nah|oh|um|er|actually|sorry|wait|hang on|hold on|ok|okay|scrap that|scratch that|forget that"
    r"|on second thoughts?"
    r"|i mean|i meant|rather|better|let's say|let's|say|and|but|change of plan|you know what|can you|could you"
    r"|would you|please|can we|could we|let us|perhaps|maybe"
    r"|just|do|better make it|bit early|bit late|too early|too late|that's too (?:early|late)|hm+)\b[,.!]? *)*"
)
_MAKE = (
    r"(?:say |do |(?:make|change|move|set|switch|push|put|bring|have|shift|do) (?:it|that|this|the (?:alarm"
    r"|reminder))(?: back| forward)?(?: to| for| at)? |for |at |to |by )?"
)
_BEHIND = r"(?: instead| actually| then| please| rather| thanks| would be better| is better| will do| if you can)*"
_NEW = regex(rf"(?P<lead>{_LEAD})(?P<make>{_MAKE})(?:at |for )?(?P<when>[\w:.' -]{{1,40}}?){_BEHIND}[.!?]*")
_PAST = regex(r"(?P<part>half|(?:a )?quarter|\d{1,2}) (?P<side>past|to)(?: (?:it|that))?")
_WAITS = regex(r"\bin (?:\d|an?\b|half\b)|\bfrom now\b")
_NOON, _HOUR = 12, 60


def read_shift(text: str, clocks: Clocks) -> tuple[Interpretation, ...] | None:
    """Return the readings that put what was set last at another time; None where a request says no such thing."""
    last = clocks.last
    if last is None or last.intent not in ("SetAlarm", "SetReminder"):
        return None
    match = _NEW.fullmatch(in_digits(text))
    planned = planned_at(last, clocks.now) if match is not None else None
    if match is None or planned is None or not (match["lead"] or match["make"]):
        return None
    at, about = planned
    length = duration(match["when"])
    waits = (
        length is not None and length.total_seconds() > 0 and _WAITS.search(" ".join(value for _, value in last.slots))
    )
    new = clocks.now + length if length is not None and waits else moved_to(match["when"], at, clocks.now)
    if new is None or new <= clocks.now or new == at:
        return None
    when = say_moment(new, clocks.now)
    if last.intent == "SetAlarm":
        return (
            Interpretation(intent="SetAlarm", slots=(("at", when),)),
            Interpretation(intent="DeleteAlarm", slots=(("at", say_moment(at, clocks.now)),)),
        )
    if not about:
        return None
    return (
        Interpretation(intent="DeleteReminder", slots=(("text", about),)),
        Interpretation(intent="SetReminder", slots=(("text", about), ("at", when))),
    )


def moved_to(said: str, at: datetime, now: datetime) -> datetime | None:
    """Return the moment that some words mean in the place of another."""
    past = _PAST.fullmatch(said.strip())
    if past is not None:
        part = past["part"]
        minutes = 30 if part == "half" else 15 if "quarter" in part else int(part)
        if past["side"] == "to":
            minutes = -minutes if at.minute == 0 else _HOUR - minutes
        if not -_HOUR < minutes < _HOUR:
            return None
        hour = at.replace(minute=0)
        return (
            hour.replace(minute=minutes) if minutes >= 0 else hour.replace(hour=hour.hour - 1, minute=_HOUR + minutes)
        )
    spoken = read_moment(said, now) or read_moment(f"at {said}", now)
    if spoken is None or spoken.clock is None or spoken.rest or spoken.weekdays or spoken.problem is not None:
        return None
    if spoken.day is not None or spoken.part is not None or spoken.half_day is not None:
        return spoken.moment(now, waking=at.hour < _NOON).at
    clock = spoken.clock
    late = at.hour >= _NOON and clock.hour < _NOON
    return at.replace(hour=clock.hour % _NOON + (_NOON if late else 0), minute=clock.minute, second=0, microsecond=0)
