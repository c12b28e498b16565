"""Move what was just planned to another time: "make it twenty" after "the light on for ten minutes".

A number alone has the unit that the plan was said with. It takes the place of what was planned.

Limit: English; the last request of the conversation, one action.
"""

from __future__ import annotations

from datetime import datetime, time

from uptake.assistant.clauses.timing import take_timing
from uptake.assistant.clauses.wording.earlier.again import moved_by, planned_at
from uptake.assistant.dialogue.conversation import Conversation
from uptake.assistant.entities.household import Household
from uptake.assistant.entities.search import HOME_SLOTS
from uptake.assistant.phrases.durations import duration
from uptake.assistant.phrases.moments import read_moment
from uptake.assistant.phrases.numbers import in_digits
from uptake.assistant.phrases.saying import say_list, say_moment
from uptake.assistant.skills.naming import the
from uptake.text.patterns import regex
from uptake.types import Interpretation

__all__ = ["rescheduled"]

_NEW = regex(
    r"(?:(?:no|actually|sorry|oh|oops|wait|ok|rather|better|but|just|only|and)\b,? *)*(?:(?:make|change|set|move) (?:it"
    r"|that)(?: to| for)? |for "
    r"|at |in |until |till )?(?:(?:at|for|in|until|till|say) )?(?P<value>[\w:. -]{1,30}?)(?: instead"
    r"| actually| then| please)*[.!]?",
)
_LASTS = regex(r"\W*(?:(?:no|actually|ok|but|just|only|and)\b,? *)*(?:for|until|till) ")
_UNIT = regex(r"\b(hour|minute|min|second|sec)s?\b")
_PLAN = "ScheduleAction"
_NOON = 12  # o'clock
_BACK = {"HassTurnOn": ("HassTurnOff", "off"), "HassTurnOff": ("HassTurnOn", "on")}


def rescheduled(
    text: str, conversation: Conversation, household: Household, now: datetime
) -> tuple[Interpretation, ...] | None:
    """Return the readings that plan the last action for another time; None where a request does no such thing.

    Args:
        text: The request.
        conversation: The conversation so far.
        household: Names of the home.
        now: This moment, aware.
    """
    last, exchange = conversation.last, conversation.exchanges[-1] if conversation.exchanges else None
    if last is None or exchange is None or exchange.interpretation is None or last != conversation.done:
        return None
    reminded = _reminded(text, last.interpretation, now)
    if reminded is not None:
        return reminded
    timing, _ = take_timing(exchange.request, now, household)
    was_timed = timing is not None or last.interpretation.intent == _PLAN
    is_timed = was_timed or _LASTS.match(text.lower()) is not None
    match = _NEW.fullmatch(text.lower())
    before = timing.at if timing is not None else _planned_at(last.interpretation)
    at = _moment(match["value"], exchange.request, now, before) if is_timed and match is not None else None
    at = (moved_by(text, before) if before is not None else None) or at
    if match is not None and in_digits(match["value"]).isdigit() and _is_warm(last.targets, household):
        return None  # "make it 21" is how warm
    plan = None if at is None else _planned(last.interpretation, last.targets, household)
    if at is None or plan is None:
        return None
    rest = tuple(pair for pair in plan.slots if pair[0] not in ("at", "instead"))
    instead = (("instead", "yes"),) if was_timed else ()
    return (Interpretation(intent=_PLAN, slots=(*rest, ("at", at.isoformat()), *instead)),)


def _reminded(text: str, reading: Interpretation, now: datetime) -> tuple[Interpretation, ...] | None:
    """Return the readings that put off, or bring forward, the reminder that was just set: "ten minutes before that"."""
    planned = planned_at(reading, now) if reading.intent == "SetReminder" else None
    new = moved_by(text, planned[0]) if planned is not None else None
    if planned is None or new is None or new <= now or not planned[1]:
        return None
    about = planned[1]
    return (
        Interpretation(intent="DeleteReminder", slots=(("text", about),)),
        Interpretation(intent="SetReminder", slots=(("text", about), ("at", say_moment(new, now)))),
    )


def _planned_at(reading: Interpretation) -> datetime | None:
    at = dict(reading.slots).get("at") if reading.intent == _PLAN else None
    return None if at is None else datetime.fromisoformat(at)


def _on_its_day(clock: time, *, exact: bool, before: datetime) -> datetime:
    """Return a time of the day, and of its half, for which something was planned before."""
    late = before.hour >= _NOON and clock.hour < _NOON and not exact
    return before.replace(hour=clock.hour + (_NOON if late else 0), minute=clock.minute, second=0, microsecond=0)


def _moment(value: str, request: str, now: datetime, before: datetime | None) -> datetime | None:
    """Return the moment that a value means, in the unit, or on the day, of the time that was said before."""
    said, unit = in_digits(value), _UNIT.search(in_digits(request))
    length = duration(f"{said} {unit[1]}s" if unit is not None and said.isdigit() else said)
    if length is not None and length.total_seconds():
        return now + length
    spoken = read_moment(f"at {said}", now) if unit is None or not said.isdigit() else None
    if spoken is None or spoken.clock is None or spoken.rest:
        return None
    if before is not None and spoken.day is None and not spoken.weekdays and before.date() > now.date():
        return _on_its_day(spoken.clock, exact=spoken.half_day is not None, before=before.astimezone(now.tzinfo))
    return spoken.moment(now).at


def _is_warm(targets: tuple[str, ...], household: Household) -> bool:
    return any(key in household.by_id and household.by_id[key].domain == "climate" for key in targets)


def _planned(reading: Interpretation, targets: tuple[str, ...], household: Household) -> Interpretation | None:
    """Return the reading of what was planned: itself, or what puts back what was done for a while."""
    if reading.intent == _PLAN:
        return reading if dict(reading.slots).get("days") is None else None
    devices = [household.by_id[key] for key in targets if key in household.by_id]
    back = _BACK.get(reading.intent)
    if back is None or not devices or any(device.domain in ("lock", "cover", "valve") for device in devices):
        return None
    names = [household.label(device) for device in devices]
    slots = (("action", back[0]), ("text", f"turn {back[1]} {say_list([the(name) for name in names])}"))
    rest = tuple(pair for pair in reading.slots if pair[0] not in HOME_SLOTS)
    return Interpretation(intent=_PLAN, slots=(*slots, *rest, *(("name", name) for name in names)))
