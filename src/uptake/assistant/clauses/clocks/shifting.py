"""Put what was just set at another time: "make it quarter past" of an alarm, "scrap that, half eight" of a reminder.

The new time is of the same day and the same half of it, unless it says otherwise; "half past" is of the same hour.

Limit: English; what was set last.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from uptake.assistant.clauses.clocks.state import Clocks
from uptake.assistant.clauses.wording.earlier.again import planned_at
from uptake.assistant.phrases.durations import duration
from uptake.assistant.phrases.moments import read_moment
from uptake.assistant.phrases.numbers import in_digits
from uptake.assistant.phrases.saying import say_days, say_moment, say_time
from uptake.text.patterns import regex
from uptake.types import Interpretation

__all__ = ["moved_to", "read_shift"]

_LEAD = (
    r"(?:(?:no|nah|oh|um|er|actually|sorry|wait|hang on|hold on|ok|okay|scrap that|scratch that|forget that"
    r"|on second thoughts?"
    r"|i mean|i meant|i said|rather|better|let's say|let's|say|and|but|change of plan|you know what|can you|could you"
    r"|would you|please|can we|could we|let us|perhaps|maybe"
    r"|just|do|better make it|bit early|bit late|too early|too late|that's too (?:early|late)|hm+)\b[,.!]? *)*"
)
_MAKE = (
    r"(?:say |do |i(?:'d)? (?:want|need|like|prefer) (?:it|that)(?: to be)? |(?:make|change|move|set|switch|push"
    r"|put|bring|have|shift|do) (?:it|that|this|the (?:alarm"
    r"|reminder))(?: back| forward)?(?: to| for| at)? |for |at |to |by )?"
)
_BEHIND = r"(?: instead| actually| then| please| rather| thanks| would be better| is better| will do| if you can)*"
_NEW = regex(rf"(?P<lead>{_LEAD})(?P<make>{_MAKE})(?:at |for )?(?P<when>[\w:.' -]{{1,40}}?){_BEHIND}[.!?]*")
_PAST = regex(r"(?P<part>half|(?:a )?quarter|\d{1,2}) (?P<side>past|to)(?: (?:it|that))?")
_STEP = regex(r"(?P<long>.+?) (?P<way>earlier|sooner|later)")
_WAITS = regex(r"\bin (?:\d|an?\b|half\b)|\bfrom now\b")
_NOON, _HOUR = 12, 60
_FAR = timedelta(days=1)
"""What is set for longer from now keeps its day, where only the time is another one."""


def read_shift(text: str, clocks: Clocks) -> tuple[Interpretation, ...] | None:
    """Return the readings that put what was set last at another time; None where a request says no such thing."""
    last = clocks.last
    if last is None or last.intent not in ("SetAlarm", "SetReminder", "ScheduleAction"):
        return None
    match = _NEW.fullmatch(in_digits(text))
    planned = planned_at(last, clocks.now) if match is not None else None
    if match is None or planned is None or not (match["lead"] or match["make"]):
        return None
    at, about = planned
    days = _other_days(match["when"], at, clocks.now) if last.intent != "ScheduleAction" else None
    new = _delayed(match["when"], last, clocks.now) or _stepped(match["when"], at)
    new = new or moved_to(match["when"], at, clocks.now)
    if days is None and (new is None or new <= clocks.now or new == at):
        return None
    if last.intent == "ScheduleAction":
        said = match["when"].strip()
        return _planned_anew(last, new or at) if _PAST.fullmatch(said) or _STEP.fullmatch(said) else None
    return _set_anew(last, about, days or say_moment(new or at, clocks.now), say_moment(at, clocks.now))


def _set_anew(last: Interpretation, about: str, when: str, before: str) -> tuple[Interpretation, ...] | None:
    """Return the readings that set an alarm or a reminder for another time, and delete the one before."""
    if last.intent == "SetAlarm":
        readings = (
            Interpretation(intent="SetAlarm", slots=(("at", when),)),
            Interpretation(intent="DeleteAlarm", slots=(("at", before),)),
        )
        return readings[::-1] if when.startswith("every") else readings  # two of one time could not be told apart
    if not about:
        return None
    return (
        Interpretation(intent="DeleteReminder", slots=(("text", about),)),
        Interpretation(intent="SetReminder", slots=(("text", about), ("at", when))),
    )


def _delayed(said: str, last: Interpretation, now: datetime) -> datetime | None:
    """Return the moment of "make it an hour", where what was set last was set for some time from then."""
    length = duration(said)
    if length is None or not length.total_seconds():
        return None
    return now + length if _WAITS.search(" ".join(value for _, value in last.slots)) else None


def _stepped(said: str, at: datetime) -> datetime | None:
    """Return the moment that is some time before or after another: "ten minutes earlier"."""
    step = _STEP.fullmatch(said.strip())
    length = duration(step["long"]) if step is not None else None
    if step is None or length is None:
        return None
    return at + length if step["way"] == "later" else at - length


def _planned_anew(last: Interpretation, at: datetime) -> tuple[Interpretation, ...]:
    """Return the reading that plans the last action for another time, instead."""
    rest = tuple(pair for pair in last.slots if pair[0] not in ("at", "instead"))
    return (Interpretation(intent=last.intent, slots=(*rest, ("at", at.isoformat()), ("instead", "yes"))),)


def _other_days(said: str, at: datetime, now: datetime) -> str | None:
    """Return the same time on the days that some words name: "make that weekdays", "6:30 on weekdays"."""
    spoken = read_moment(said, now)
    if spoken is None or spoken.rest or spoken.delay is not None or spoken.part is not None:
        return None
    if spoken.weekdays:
        return (
            f"{say_days(spoken.weekdays)} at {say_time(at if spoken.clock is None else _same_half(spoken.clock, at))}"
        )
    if spoken.clock is not None:
        return None
    is_other = spoken.day is not None and spoken.day > now.date()
    return say_moment(datetime.combine(spoken.day, at.timetz()), now) if is_other and spoken.day is not None else None


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
    if spoken.half_day is not None and spoken.day is None and spoken.part is None and at - now > _FAR:
        meant = spoken.clock.hour % _NOON + (_NOON if spoken.half_day == "pm" else 0)
        return at.replace(hour=meant, minute=spoken.clock.minute, second=0, microsecond=0)  # "1 pm", of Friday noon
    if spoken.day is not None or spoken.part is not None or spoken.half_day is not None:
        return spoken.moment(now, waking=at.hour < _NOON).at
    return _same_half(spoken.clock, at)


def _same_half(clock: time, at: datetime) -> datetime:
    """Return a time of the clock in the same half of the day as a moment."""
    late = at.hour >= _NOON and clock.hour < _NOON
    return at.replace(hour=clock.hour % _NOON + (_NOON if late else 0), minute=clock.minute, second=0, microsecond=0)
