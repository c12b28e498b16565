"""Alarms of each person: once or on days of the week, set, listed, snoozed, dismissed, deleted.

Said with neither am nor pm, the next such time is meant. An alarm rings once; one that was missed while the assistant
was not running says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar

from uptake.assistant.home.model import Home
from uptake.assistant.memory import Memory
from uptake.assistant.phrases.durations import duration
from uptake.assistant.phrases.moments import Moment, Spoken, read_moment
from uptake.assistant.phrases.numbers import number
from uptake.assistant.phrases.saying import WEEKDAYS, say_day, say_days, say_duration, say_list, say_moment, say_time
from uptake.assistant.skills import personal
from uptake.assistant.skills.personal import Record
from uptake.assistant.skills.skill import Announcement, Call, Effect, Intent, Slot
from uptake.assistant.skills.time.alarm_templates import DELETE, DISMISS, GET, LISTS, SET, SNOOZE, WILDCARDS
from uptake.assistant.skills.time.recurrence import describe, following, rings_on, without
from uptake.types import Situation

__all__ = ["Alarm", "Alarms", "alarms_of", "is_alarm_ringing", "say_alarm"]

_KEY = "alarms"
_RINGS = timedelta(minutes=15)
_SNOOZE = timedelta(minutes=9)
_LONGEST_SNOOZE = timedelta(hours=12)
_MAX_ALARMS = 50
_EMPTY = frozenset("a an the my up it that this".split())
_WHICH = (Slot(name="at", kind="time", prompt="Which alarm?"), Slot(name="date", kind="date"), Slot(name="label"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Alarm that is set."""

    at: datetime
    """When it rings next, aware."""
    days: tuple[int, ...] = ()
    """Days of the week that it recurs on, Monday 0."""


def alarms_of(memory: Memory, user_id: str, now: datetime) -> list[Alarm]:
    """Return a person's alarms that will ring, the next one first."""
    found = [
        Alarm(at=personal.from_text(each["next_at"], now), days=tuple(each["days"]))
        for each in personal.load(memory, user_id, _KEY)
        if each["next_at"]
    ]
    return sorted(found, key=lambda one: one.at)


def say_alarm(alarm: Alarm, now: datetime) -> str:
    """Say when an alarm rings: "every weekday at 7 am", "tomorrow at 7 am"."""
    return f"{say_days(alarm.days)} at {say_time(alarm.at)}" if alarm.days else say_moment(alarm.at, now)


def is_alarm_ringing(memory: Memory, user_id: str, now: datetime) -> bool:
    """Tell whether an alarm of a person rings."""
    return any(_is_ringing(each, now) for each in personal.load(memory, user_id, _KEY))


class Alarms:
    """Skill that sets alarms and lets them ring."""

    name: ClassVar[str] = "alarms"
    domains: ClassVar[frozenset[str]] = frozenset()
    intents: ClassVar[tuple[Intent, ...]] = (
        Intent(
            name="SetAlarm",
            slots=(
                Slot(name="at", kind="time", prompt="For what time?"),
                Slot(name="date", kind="date"),
                Slot(name="label"),
            ),
            sentences=SET,
            lists=LISTS,
            wildcards=WILDCARDS,
            examples=("wake me at seven", "set an alarm for 6:30 every weekday", "set an alarm for tomorrow at eight"),
        ),
        Intent(name="GetAlarms", slots=(Slot(name="date", kind="date"),), sentences=GET, lists=LISTS,
               wildcards=WILDCARDS, examples=("what alarms do I have", "when is my next alarm"), changes=False),
        Intent(name="SnoozeAlarm", slots=(Slot(name="duration", kind="duration"), Slot(name="minutes", kind="number")),
               sentences=SNOOZE, examples=("snooze", "snooze for 10 minutes"), follows=False),
        Intent(name="DismissAlarm", slots=_WHICH[:1], sentences=DISMISS, examples=("stop the alarm",), follows=False),
        Intent(name="DeleteAlarm", slots=(*_WHICH, Slot(name="all"), Slot(name="order")), sentences=DELETE, lists=LISTS,
               wildcards=WILDCARDS, examples=("delete my seven o'clock alarm", "cancel all alarms")),
    )  # fmt: skip

    def handle(self, call: Call) -> Effect:
        """Do what is asked of alarms."""
        done = {
            "SetAlarm": _set,
            "GetAlarms": _get,
            "SnoozeAlarm": _snooze,
            "DismissAlarm": _dismiss,
            "DeleteAlarm": _delete,
        }
        return done[call.interpretation.intent](call)

    def due(self, home: Home, memory: Memory, _situation: Situation) -> Iterable[Announcement]:
        """Return alarms that ring now, or should have rung meanwhile; each once."""
        now = home.now()
        said: list[Announcement] = []
        for user_id, records in list(personal.load_all(memory, _KEY)):
            after = [_ring(each, now) for each in records]
            if after != records:
                said += [
                    _announce(each, user_id, now)
                    for each, new in zip(records, after, strict=True)
                    if each["next_at"] and new["next_at"] != each["next_at"]
                ]
                personal.save(memory, user_id, _KEY, [each for each in after if each["next_at"] or each["rang_at"]])
        return said

    def states(self, memory: Memory, user_id: str, now: datetime) -> tuple[tuple[str, str], ...]:
        """Return a person's alarms as a thing of the home: ("Alarm Clock", "set for 07:00"); ringing comes first."""
        records = personal.load(memory, user_id, _KEY)
        if any(_is_ringing(each, now) for each in records):
            return (("Alarm Clock", "ringing"),)
        coming = sorted(personal.from_text(each["next_at"], now) for each in records if each["next_at"])
        return (("Alarm Clock", f"set for {coming[0]:%H:%M}"),) if coming else ()


def _set(call: Call) -> Effect:
    spoken = _spoken_time(call)
    if spoken is None:
        again = "I did not get the time. " if (call.slot("at") or "an").casefold() not in _EMPTY else ""
        return Effect(speech=f"{again}For what time?", missing="at")
    moment = spoken.moment(call.now, waking=True)
    if moment.problem is not None:
        return Effect(speech=moment.problem, status="failed")
    if moment.at is None or (spoken.clock is None and spoken.delay is None):
        return Effect(speech="For what time?", missing="at")
    if len(personal.load(call.memory, call.user_id, _KEY)) >= _MAX_ALARMS:
        return Effect(speech="You have too many alarms already. Delete some first.", status="failed")
    same = [each for each in personal.load(call.memory, call.user_id, _KEY) if _same(each, moment, call.now)]
    if same:
        return Effect(speech=f"That alarm is set already: {describe(same[0], call.now)}.")
    record = {
        "time": f"{moment.at:%H:%M}",
        "days": list(moment.weekdays),
        "next_at": personal.to_text(moment.at),
        "label": call.slot("label"),
        "rang_at": None,
    }
    added = personal.add(call.memory, call.user_id, _KEY, record)
    return Effect(
        speech=f"Alarm set for {describe(added, call.now).removeprefix('on ')}.", action=f"alarm.set {added['id']}"
    )


def _spoken_time(call: Call) -> Spoken | None:
    """Read the time from the slots `at` and `date`; None where nothing of time was said."""
    parts = [part for part in (call.slot("date"), call.slot("at")) if part and part.casefold() not in _EMPTY]
    parts = [f"{part} now" if part.endswith(" from") else part for part in parts]  # "now" is no courtesy here
    return read_moment(" at ".join(parts) if len(parts) > 1 else parts[0], call.now) if parts else None


def _get(call: Call) -> Effect:
    records = sorted(_set_ones(call), key=lambda each: each["next_at"])
    spoken = read_moment(call.slot("date") or "", call.now)
    if spoken is not None and spoken.day is not None:
        records = [each for each in records if rings_on(each, spoken.day, call.now)]
        if not records:
            return Effect(speech="You have no alarm then.")
    if not records:
        return Effect(speech="You have no alarms.")
    texts = [describe(each, call.now) for each in records]
    many = "One alarm" if len(texts) == 1 else f"{len(texts)} alarms"
    return Effect(speech=f"{many}: {say_list(texts)}.")


def _snooze(call: Call) -> Effect:
    minutes = number(call.slot("minutes") or "")
    length = timedelta(minutes=float(minutes)) if minutes is not None and minutes < 10_000 else None
    length = length or duration(call.slot("duration") or "") or _SNOOZE
    if not timedelta(minutes=1) <= length <= _LONGEST_SNOOZE:
        return Effect(speech="I can snooze for a minute up to twelve hours.", status="failed")
    records = personal.load(call.memory, call.user_id, _KEY)
    ringing = [each for each in records if _is_ringing(each, call.now)]
    if not ringing:
        return Effect(speech="No alarm is ringing.")
    again = personal.to_text(call.now + length)
    _keep(call, [{**each, "snoozed_to": again, "rang_at": None, "next_at": again} if each in ringing else each
                 for each in records])  # fmt: skip
    return Effect(speech=f"Snoozed for {say_duration(length)}.", action="alarm.snooze")


def _dismiss(call: Call) -> Effect:
    records = personal.load(call.memory, call.user_id, _KEY)
    ringing = [each for each in records if _is_ringing(each, call.now) or each.get("snoozed_to")]
    if not ringing:
        later = sorted(_set_ones(call), key=lambda each: str(each["next_at"]))
        coming = f" The next one is {describe(later[0], call.now)}." if later else ""
        return Effect(speech=f"No alarm is ringing.{coming}")
    _keep(call, [_after_ringing(each, call.now) if each in ringing else each for each in records])
    return Effect(speech="Alarm off.", action="alarm.dismiss")


def _delete(call: Call) -> Effect:
    records = _set_ones(call)
    if not records:
        return Effect(speech="You have no alarms.")
    chosen, spoken = records, _spoken_time(call)
    if spoken is not None and not call.slot("all"):
        chosen = [each for each in records if _is_meant(each, spoken, call.now)]
        if not chosen:
            texts = [describe(each, call.now) for each in records]
            return Effect(speech=f"There is no such alarm. You have {say_list(texts)}.", status="failed")
    if order := call.slot("order"):
        chosen = sorted(chosen, key=lambda each: str(each["next_at"]))
        chosen = chosen[:1] if order == "first" else chosen[-1:]
    if len(chosen) > 1 and not call.slot("all") and (spoken is None or spoken.clock is not None):
        texts = [describe(each, call.now) for each in chosen]
        return Effect(speech=f"Which one: {say_list(texts, 'or')}?", missing="at")
    if spoken is not None and spoken.day is not None and not call.slot("all"):
        recurring = [each for each in chosen if _is_for_one_day(each, spoken, call)]
        if recurring:
            return _leave_out(call, chosen, spoken.day, recurring)
    _keep(call, [each for each in personal.load(call.memory, call.user_id, _KEY) if each not in chosen])
    if len(chosen) > 1:
        return Effect(speech=f"{len(chosen)} alarms deleted.", action=f"alarm.delete {len(chosen)}")
    return Effect(speech=f"Alarm {describe(chosen[0], call.now)} deleted.", action=f"alarm.delete {chosen[0]['id']}")


def _is_for_one_day(alarm: Record, spoken: Spoken, call: Call) -> bool:
    """Tell whether a recurring alarm is unwanted on one day alone: "cancel tomorrow's alarm" of one for every day.

    An alarm of one day of the week goes for good where that day is named: "cancel the Monday alarm".
    """
    if spoken.day is None or not alarm["days"]:
        return False
    named = WEEKDAYS[spoken.day.weekday()].casefold() in f"{call.slot('date')} {call.slot('at')}".casefold()
    return len(alarm["days"]) > 1 or not named


def _leave_out(call: Call, chosen: Sequence[Record], day: date, recurring: Sequence[Record]) -> Effect:
    """Let recurring alarms not ring on one day; of those that were chosen, the others go."""
    left = [without(each, day, call.now) for each in recurring]
    others = [each for each in personal.load(call.memory, call.user_id, _KEY) if each not in chosen]
    _keep(call, sorted([*others, *left], key=lambda each: int(each["id"])))
    says = say_list([describe(each, call.now) for each in recurring])
    speech = f"The alarm {says} will not ring {say_day(day, call.now.date())}."
    return Effect(speech=speech, action=f"alarm.skip {left[0]['id']}")


def _is_meant(alarm: Record, spoken: Spoken, now: datetime) -> bool:
    """Tell whether an alarm is the one that was spoken of: by time of day, by day, by days of the week."""
    at = personal.from_text(alarm["next_at"], now)
    if spoken.weekdays and set(spoken.weekdays) != set(alarm["days"]):
        return False
    if spoken.day is not None and not rings_on(alarm, spoken.day, now):
        return False
    if spoken.clock is None:
        return spoken.part is None or (spoken.part == "morning") == (at.hour < 12)
    hour, minute = (int(part) for part in alarm["time"].split(":"))
    if (spoken.clock.minute, spoken.clock.hour % 12) != (minute, hour % 12):
        return False
    return spoken.half_day is None or (
        spoken.clock.hour == hour if spoken.half_day == "exact" else (hour < 12) == (spoken.half_day == "am")
    )


def _ring(alarm: Record, now: datetime) -> Record:
    """Return an alarm after what happened by now: rung, or silent again; a single one has then no next time."""
    at = alarm["next_at"]
    if at and personal.seconds_until(at, now) <= 0:
        return _after_ringing({**alarm, "rang_at": personal.to_text(now)}, now) | {"rang_at": personal.to_text(now)}
    if alarm["rang_at"] and not _is_ringing(alarm, now):
        return {**alarm, "rang_at": None}
    return alarm


def _after_ringing(alarm: Record, now: datetime) -> Record:
    """Return an alarm that has rung: set for its next day, or done."""
    return {**alarm, "rang_at": None, "snoozed_to": None, "next_at": following(alarm, now)}


def _is_ringing(alarm: Record, now: datetime) -> bool:
    return bool(alarm["rang_at"]) and -personal.seconds_until(alarm["rang_at"], now) < _RINGS.total_seconds()


def _announce(alarm: Record, user_id: str, now: datetime) -> Announcement:
    at = personal.from_text(alarm["next_at"], now)
    label = f" {alarm['label'].capitalize()}." if alarm["label"] else ""
    if -personal.seconds_until(at, now) > _RINGS.total_seconds():
        return Announcement(speech=f"I missed your alarm {say_moment(at, now)}.{label}", user_id=user_id)
    return Announcement(speech=f"It is {say_time(now)}. Here is your alarm.{label}", user_id=user_id)


def _same(alarm: Record, moment: Moment, now: datetime) -> bool:
    return (
        bool(alarm["next_at"])
        and personal.from_text(alarm["next_at"], now) == moment.at
        and (list(moment.weekdays) == alarm["days"])
    )


def _set_ones(call: Call) -> list[Record]:
    return [each for each in personal.load(call.memory, call.user_id, _KEY) if each["next_at"]]


def _keep(call: Call, records: list[Record]) -> None:
    personal.save(call.memory, call.user_id, _KEY, [each for each in records if each["next_at"] or each["rang_at"]])
