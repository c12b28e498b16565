"""Skill for planned actions on devices: at a time, once or on days of the week.

An action is stored as the resolved interpretation of its request, so that exactly this is done; it survives a restart,
as timers do. An action that was due while the assistant was not running is done late if it turns off, closes or locks,
else only reported.

Limit: only devices; no action that needs a confirmation, except closing and locking.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import ClassVar

from uptake.assistant.home.model import Home
from uptake.assistant.memory import Memory
from uptake.assistant.phrases.moments import Spoken, read_moment
from uptake.assistant.phrases.saying import capital, say_days, say_duration, say_list, say_moment, say_time
from uptake.assistant.skills import personal
from uptake.assistant.skills.personal import Record
from uptake.assistant.skills.skill import Announcement, Call, Effect, Intent, Slot
from uptake.text.normalize import normalize
from uptake.types import Interpretation, Situation

__all__ = ["Scheduled", "is_planned", "planned_texts"]

_OWN = frozenset({"action", "at", "days", "text", "instead"})
"""Slots of a planned action that are not slots of what is to be done."""

_KEY = "scheduled"
_MOST = 50
_LATE = timedelta(hours=1)
_EMPTY = frozenset("the my a an that this please thing action plan planned schedule scheduled at in for it".split())
_SAFE = frozenset({"HassTurnOff"})
_PLANNED = "(planned|scheduled|(going|about) to happen|coming up)"
_IT = "[the|my] (planned|scheduled) (action|actions|command|commands|task|tasks|event|events)"
_LISTS = {"scheduled_text": ("turn off the heater", "the hall light", "turn on the fan at eight")}


class Scheduled:
    """Skill that stores actions and runs them when they are due."""

    name: ClassVar[str] = "scheduled"
    domains: ClassVar[frozenset[str]] = frozenset()
    intents: ClassVar[tuple[Intent, ...]] = (
        Intent(
            name="ScheduleAction",
            slots=(
                Slot(name="action"),
                Slot(name="text"),
                Slot(name="at", kind="time"),
                Slot(name="days"),
                Slot(name="instead"),
            ),
            examples=("turn off the heater at 8 pm",),
        ),
        Intent(
            name="GetSchedule",
            slots=(Slot(name="text"),),
            sentences=(
                f"what (is|have you|did you|do you have) [got] {_PLANNED} [for me|for (today|tonight|tomorrow|later)]",
                "what's {scheduled_planned} [for me|for (today|tonight|tomorrow|later)]",
                "what (will|are) you (do|doing) later",
                f"(list|show|tell me|what are|which are) {_IT}",
                f"(is|are) [there] (anything|any actions) {_PLANNED}",
            ),
            lists={"scheduled_planned": ("planned", "scheduled")},
            examples=("what is planned", "what have you scheduled"),
            changes=False,
            follows=False,
        ),
        Intent(
            name="CancelSchedule",
            slots=(Slot(name="text"), Slot(name="all")),
            sentences=(
                f"(cancel|delete|remove|clear|forget|drop) {{scheduled_all:all}} {_IT}",
                f"(cancel|delete|remove|clear|forget|drop) {_IT}",
                "(cancel|forget) everything [that is|that's|you have] (planned|scheduled)",
            ),
            lists={"scheduled_all": ("all", "every", "all of")},
            examples=("cancel what is planned",),
            follows=False,
        ),
    )

    def handle(self, call: Call) -> Effect:
        """Plan an action, or tell or cancel what is planned."""
        done = {"ScheduleAction": _plan, "GetSchedule": _tell, "CancelSchedule": _cancel}
        return done[call.interpretation.intent](call)

    def due(self, home: Home, memory: Memory, _situation: Situation) -> Iterable[Announcement]:
        """Return what is to be done by now, each once; what recurs is planned again."""
        now = home.now()
        ready: list[tuple[str, Announcement]] = []
        for user_id, records in list(personal.load_all(memory, _KEY)):
            fallen = [each for each in records if personal.seconds_until(each["at"], now) <= 0]
            if fallen:
                following = [_following(each, now) if each in fallen else each for each in records]
                personal.save(memory, user_id, _KEY, [each for each in following if each is not None])
                ready += [(each["at"], _announce(each, user_id, now)) for each in fallen]
        return [announcement for _, announcement in sorted(ready, key=lambda pair: pair[0])]


def is_planned(memory: Memory, user_id: str, words: str, now: datetime) -> bool:
    """Tell whether something is planned for a person that these words name."""
    return any(_is_called(each, words, now) for each in personal.load(memory, user_id, _KEY))


def planned_texts(memory: Memory, user_id: str) -> tuple[str, ...]:
    """Return what is planned for a person, without its times."""
    return tuple(str(each["text"]) for each in personal.load(memory, user_id, _KEY))


def _is_called(record: Record, words: str, now: datetime) -> bool:
    wanted = set(normalize(words).split()) - _EMPTY
    return wanted <= set(normalize(_planned(record, now)).split())


def _plan(call: Call) -> Effect:
    at = _moment(call)
    if isinstance(at, str):
        return Effect(speech=at, status="failed")
    if at is None:
        return Effect(speech="At what time?", missing="at")
    planned = personal.load(call.memory, call.user_id, _KEY)
    if call.slot("instead") is not None:  # the same, at another time
        planned = [each for each in planned if each["text"] != call.slot("text")]
        personal.save(call.memory, call.user_id, _KEY, planned)
    if len(planned) >= _MOST:
        return Effect(speech="Too much is planned already. Cancel some of it first.", status="failed")
    days = [int(day) for day in (call.slot("days") or "").split(",") if day]
    record: Record = {
        "at": personal.to_text(at),
        "days": days,
        "action": call.slot("action"),
        "slots": [list(pair) for pair in call.interpretation.slots if pair[0] not in _OWN],
        "text": call.slot("text") or "do that",
        "area": call.situation.context.room,
    }
    added = personal.add(call.memory, call.user_id, _KEY, record)
    return Effect(speech=f"I will {added['text']} {_when(added, call.now)}.", action=f"schedule.add {added['id']}")


def _moment(call: Call) -> datetime | str | None:
    """Return the moment of the slot "at", what is wrong with it, or None where it says none."""
    said = call.slot("at") or ""
    try:
        at = datetime.fromisoformat(said).astimezone(call.now.tzinfo)
    except ValueError:
        spoken = read_moment(said, call.now)
        moment = spoken.moment(call.now) if spoken is not None else None
        if moment is None or (moment.at is None and moment.problem is None):
            return None
        return moment.problem or moment.at
    return "That time has already passed." if at <= call.now and not call.slot("days") else at


def _tell(call: Call) -> Effect:
    records = [each for each in _mine(call) if _is_called(each, call.slot("text") or "", call.now)]
    if not records:
        return Effect(speech="Nothing is planned.")
    return Effect(speech=f"I will {say_list([_planned(each, call.now) for each in records])}.")


def _cancel(call: Call) -> Effect:
    records = _mine(call)
    if not records:
        return Effect(speech="Nothing is planned.")
    wanted = call.slot("text") or ""
    chosen = [each for each in records if _is_called(each, wanted, call.now)]
    if not chosen:
        return Effect(speech="No such thing is planned.", status="failed")
    if len(chosen) > 1 and not call.slot("all"):
        return Effect(speech=f"Which one: {say_list([each['text'] for each in chosen], 'or')}?", missing="text")
    kept = [each for each in personal.load(call.memory, call.user_id, _KEY) if each not in chosen]
    personal.save(call.memory, call.user_id, _KEY, kept)
    said = say_list([each["text"] for each in chosen])
    return Effect(speech=f"All right, I will not {said}.", action=f"schedule.cancel {len(chosen)}")


def _mine(call: Call) -> list[Record]:
    return sorted(personal.load(call.memory, call.user_id, _KEY), key=lambda each: str(each["at"]))


def _when(record: Record, now: datetime) -> str:
    at = personal.from_text(record["at"], now)
    if record["days"]:
        return f"{say_days(record['days'])} at {say_time(at)}"
    left = at - now
    if left < timedelta(hours=1) and (at.second or at.microsecond):  # it was said as a length of time
        return f"in {say_duration(timedelta(seconds=round(left.total_seconds())))}"
    return say_moment(at, now)


def _planned(record: Record, now: datetime) -> str:
    return f"{record['text']} {_when(record, now)}"


def _following(record: Record, now: datetime) -> Record | None:
    """Return a recurring action for its next day; None for one that was planned once."""
    if not record["days"]:
        return None
    clock = personal.from_text(record["at"], now).time()
    again = Spoken(clock=clock, half_day="exact", weekdays=tuple(record["days"])).moment(now).at
    return None if again is None else {**record, "at": personal.to_text(again)}


def _announce(record: Record, user_id: str, now: datetime) -> Announcement:
    late = timedelta(seconds=-personal.seconds_until(record["at"], now))
    if late > _LATE and record["action"] not in _SAFE:
        said = say_moment(personal.from_text(record["at"], now), now)
        return Announcement(
            speech=f"I was to {record['text']} {said}, but I was not running. I left it.", user_id=user_id
        )
    reading = Interpretation(intent=record["action"], slots=tuple((name, value) for name, value in record["slots"]))
    return Announcement(
        speech="As planned.", user_id=user_id, request=capital(record["text"]), reading=reading, room=record["area"]
    )
