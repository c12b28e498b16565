"""When an alarm rings next: once, or on days of the week, of which single days may be left out."""

from __future__ import annotations

from datetime import date, datetime

from uptake.assistant.phrases.moments import Spoken, read_moment
from uptake.assistant.phrases.saying import say_day, say_days, say_list, say_moment, say_time
from uptake.assistant.skills import personal
from uptake.assistant.skills.personal import Record

__all__ = ["describe", "following", "is_left_out", "rings_on", "without"]

_LEFT_OUT = "left_out"
_MOST = 60  # days that are left out, of one alarm


def following(alarm: Record, after: datetime) -> str | None:
    """Return when a recurring alarm rings next after a moment; None for one that rings once.

    Args:
        alarm: Record of the alarm; "left_out" lists dates on which it does not ring.
        after: The moment, aware.
    """
    spoken = read_moment(alarm["time"], after) if alarm["days"] else None
    if spoken is None:
        return None
    again = Spoken(clock=spoken.clock, half_day="exact", weekdays=tuple(alarm["days"]))
    at = again.moment(after).at
    for _ in range(_MOST):
        if at is None or not is_left_out(alarm, at.date()):
            break
        at = again.moment(at).at
    return personal.to_text(at) if at is not None else None


def is_left_out(alarm: Record, day: date) -> bool:
    """Tell whether a recurring alarm does not ring on a day although it is one of its days."""
    return day.isoformat() in alarm.get(_LEFT_OUT, ())


def rings_on(alarm: Record, day: date, now: datetime) -> bool:
    """Tell whether an alarm rings on a day."""
    if personal.from_text(alarm["next_at"], now).date() == day:
        return True
    return day.weekday() in alarm["days"] and day > now.date() and not is_left_out(alarm, day)


def without(alarm: Record, day: date, now: datetime) -> Record:
    """Return a recurring alarm that does not ring on one day more."""
    days = [each for each in alarm.get(_LEFT_OUT, ()) if each >= now.date().isoformat()]
    left = {**alarm, _LEFT_OUT: sorted({*days, day.isoformat()})[-_MOST:]}
    is_next = personal.from_text(alarm["next_at"], now).date() == day
    return {**left, "snoozed_to": None, "next_at": following(left, now)} if is_next else left


def describe(alarm: Record, now: datetime) -> str:
    """Say when an alarm rings, and what it is for: "every weekday at 7 am, but not tomorrow"."""
    at = personal.from_text(alarm["next_at"], now)
    said = f"{say_days(alarm['days'])} at {say_time(at)}" if alarm["days"] else say_moment(at, now)
    today = now.date()
    left_out = [date.fromisoformat(each) for each in alarm.get(_LEFT_OUT, ())]
    coming = [say_day(each, today) for each in left_out if each >= today]
    but = f", but not {say_list(coming, 'or')}" if coming else ""
    return f"{said}{but} ({alarm['label']})" if alarm["label"] else f"{said}{but}"
