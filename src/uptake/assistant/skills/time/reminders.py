"""Skill for reminders of each person: at a time, on days of the week, at a place, or on an event in the home.

A reminder of a place waits until the person is known to arrive there (or to leave it), one of an event until the state
of a device shows it. Each is said once; one that was due while the assistant was not running is said at the next start.
Actions to run are stored and done in the same way.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, ClassVar

from uptake.assistant.home.model import Home, State
from uptake.assistant.memory import Memory
from uptake.assistant.phrases.moments import Spoken, read_moment
from uptake.assistant.phrases.saying import say_days, say_list, say_moment, say_time
from uptake.assistant.skills import personal
from uptake.assistant.skills.personal import Record
from uptake.assistant.skills.skill import Announcement, Call, Effect, Intent, Slot
from uptake.assistant.skills.time.reminder_templates import DELETE, GET, LISTS, SET, WILDCARDS
from uptake.text.distance import edit_similarity
from uptake.text.normalize import normalize
from uptake.types import Situation

__all__ = ["Reminder", "Reminders", "reminders_of"]

_KEY = "reminders"
_MORNING = time(9)
_LATE_S = 120
_MAX_REMINDERS = 200
_CLOSE = 0.7
_PLACE = re.compile(
    r"^(?P<before>.*?)\b(?:when|once|as soon as|next time|the next time|after) (?:i|i'm|i am|we|we're) "
    r"(?P<verb>get|arrive|am|come|go|reach|leave|at|back|visit)(?: (?:back|out of))?(?: (?:to|at|in|into|by))? "
    r"(?P<place>(?:the |my )?[\w' ]+?)(?P<after>(?: to| that|,).*)?$"
)
_FILLER = re.compile(r"^(?:that i (?:have|need) to|that i|to|about|of|that)\b|^[ ,]+|[ ,.]+$")
_SAME_PLACES = {"house": "home", "my house": "home", "my place": "home", "work": "office", "store": "shop",
                "grocery store": "supermarket"}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """Reminder that is set."""

    text: str
    """What it is about."""
    at: datetime | None
    """When it is said next, aware; None where it waits for something else."""
    days: tuple[int, ...] = ()
    """Days of the week that it recurs on, Monday 0."""


def reminders_of(memory: Memory, user_id: str, now: datetime) -> tuple[Reminder, ...]:
    """Return a person's reminders in the order in which they were set."""
    return tuple(
        Reminder(
            text=each["text"],
            at=personal.from_text(each["at"], now) if each["at"] else None,
            days=tuple(each["days"]),
        )
        for each in personal.load(memory, user_id, _KEY)
    )


class Reminders:
    """Skill that keeps reminders and says them when they are due."""

    name: ClassVar[str] = "reminders"
    domains: ClassVar[frozenset[str]] = frozenset()
    intents: ClassVar[tuple[Intent, ...]] = (
        Intent(
            name="SetReminder",
            slots=(
                Slot(name="text", prompt="What shall I remind you of?"),
                Slot(name="at", kind="time", prompt="When?"),
                Slot(name="date", kind="date"),
                Slot(name="place", kind="text"),
                Slot(name="event"),
                Slot(name="on"),
                Slot(name="run"),
                Slot(name="unknown"),
            ),
            sentences=SET,
            lists=LISTS,
            wildcards=WILDCARDS,
            examples=(
                "remind me to call mum tomorrow at five",
                "remind me to buy aspirin when I get to the pharmacy",
                "remind me every Thursday at 7 pm to take the bins out",
            ),
            follows=False,
        ),
        Intent(name="GetReminders", slots=(Slot(name="date", kind="date"),), sentences=GET, lists=LISTS,
               wildcards=WILDCARDS, examples=("what are my reminders",), changes=False),
        Intent(name="DeleteReminder", slots=(Slot(name="text", prompt="Which reminder?"), Slot(name="all")),
               sentences=DELETE, lists=LISTS, wildcards=WILDCARDS,
               examples=("delete the reminder to call mum", "delete all reminders")),
    )  # fmt: skip

    def handle(self, call: Call) -> Effect:
        """Do what is asked of reminders."""
        return {"SetReminder": _set, "GetReminders": _get, "DeleteReminder": _delete}[call.interpretation.intent](call)

    def due(self, home: Home, memory: Memory, situation: Situation) -> Iterable[Announcement]:
        """Return reminders whose time has come, or whose place the person has just reached or left; each once."""
        now, states, said = home.now(), home.states(), []
        for user_id, records in list(personal.load_all(memory, _KEY)):
            left: list[Record] = []
            for record in records:
                place = situation.context.place if situation.user_id == user_id else None
                on = record.get("on")
                after, fires = _waits(record, on, states) if on else _advance(record, now, place)
                if fires:
                    said.append(_announcement(record, user_id, now, gone=_is_gone(on, states)))
                if after is not None:
                    left.append(after)
            if left != records:
                personal.save(memory, user_id, _KEY, left)
        return said


def _set(call: Call) -> Effect:
    if call.slot("unknown"):
        said = f"I cannot tell when {_yours(call.slot('unknown') or '')}: nothing in this home senses it."
        return Effect(speech=f"{said} I can remind you at a time instead.", status="unsupported")
    about, place, event = _about(call)
    on = json.loads(call.slot("on") or "null")
    if on or (call.slot("run") and place is not None):
        return _keep(call, about, place, event, on)
    return _at_time(call, about or call.slot("run") or "", place, event)


def _at_time(call: Call, about: str, place: str | None, event: str) -> Effect:
    """Keep what waits for a time or a place."""
    spoken, about = _when(call, about)
    if not about:
        return Effect(speech="What shall I remind you of?", missing="text")
    if spoken is None and place is None:
        said = call.slot("at") or call.slot("date")
        return Effect(speech="I did not get the time. When?" if said else "When?", missing="at")
    record: Record = {"text": about, "place": place, "event": event, "inside": None, "at": None, "days": []}
    if place is not None:
        record["inside"] = _same_place(call.situation.context.place, place)
        when = _on_arrival(place, event)
    elif spoken is not None:
        moment = spoken.moment(call.now, default=_MORNING)
        if moment.problem is not None or moment.at is None:
            if (moment.problem is not None and spoken.clock is not None) or spoken.problem is not None:
                return Effect(speech=moment.problem or "When?", status="failed")
            return Effect(speech="At what time?", missing="at")
        record |= {"at": personal.to_text(moment.at), "days": list(moment.weekdays), "time": f"{moment.at:%H:%M}"}
        when = _time_text(record, call.now)
    run = call.slot("run")
    return _add(
        call,
        {**record, "run": run},
        f"I will run {run} {when}." if run else f"I will remind you {when}: {_yours(about)}.",
    )


def _keep(call: Call, about: str, place: str | None, event: str, on: list[Any] | None) -> Effect:
    """Keep what waits for an event of the home, or what is to be run at a place."""
    run = call.slot("run")
    record: Record = {
        "text": about or run,
        "place": None if on else place,
        "event": event,
        "inside": None if on or place is None else _same_place(call.situation.context.place, place),
        "at": None,
        "days": [],
        "on": on,
        "since": personal.to_text(call.now),
        "run": run,
    }
    when = on[2] if on else _on_arrival(place or "", event)
    return _add(call, record, f"I will run {run} {when}." if run else f"I will remind you {when}: {_yours(about)}.")


def _add(call: Call, record: Record, speech: str) -> Effect:
    if len(personal.load(call.memory, call.user_id, _KEY)) >= _MAX_REMINDERS:
        return Effect(speech="You have too many reminders already. Delete some first.", status="failed")
    added = personal.add(call.memory, call.user_id, _KEY, record)
    return Effect(speech=speech, action=f"reminder.set {added['id']}")


def _about(call: Call) -> tuple[str, str | None, str]:
    """Read the task and the place, from the slots and from "when I get to …" inside the text."""
    about, place = call.slot("text") or "", call.slot("place")
    event = "leave" if (call.slot("event") or "").startswith("leav") else "arrive"
    if place is None:
        match = _PLACE.match(about)
        if match is not None:
            place, about = match["place"], f"{match['before']} {match['after'] or ''}"
            event = "leave" if match["verb"] == "leave" else "arrive"
    return _tidy(about), _plain_place(place) or None, event


def _when(call: Call, about: str) -> tuple[Spoken | None, str]:
    """Read the time, from the slots or else from the text. Returns it, and the text without it."""
    parts = [part for part in (call.slot("date"), call.slot("at")) if part]
    units = ("hours", "minutes", "seconds")
    length = " ".join(f"{call.slot(unit)} {unit}" for unit in units if call.slot(unit) is not None)
    if length:
        parts = [f"in {length}"]
    date = call.slot("date")
    if date and parts == [date] and (timed := _clock_in(about, date, call.now)) is not None:
        return timed
    if parts:
        said = " at ".join(parts) if len(parts) > 1 else parts[0]
        spoken = read_moment(said, call.now) or (None if about else read_moment(f"at {said}", call.now))
        if spoken is not None:
            rest = _tidy(spoken.rest)
            return spoken, about or rest
        about = _tidy(f"{about} {parts[-1]}") if about else about
    spoken = read_moment(about, call.now)
    if spoken is None or (not spoken.rest and not parts):
        return spoken, _tidy(spoken.rest) if spoken else about
    return spoken, _tidy(spoken.rest)


def _clock_in(about: str, date: str, now: datetime) -> tuple[Spoken, str] | None:
    """Read the clock that ends a task whose day was read apart from it: "call mum at 5 pm", tomorrow."""
    before, _, tail = about.rpartition(" at ")
    day = read_moment(date, now)
    if not before or day is None or day.clock is not None:
        return None
    spoken = read_moment(f"{date} at {tail}", now)
    return (spoken, _tidy(before)) if spoken is not None and spoken.clock is not None and not spoken.rest else None


def _get(call: Call) -> Effect:
    records = personal.load(call.memory, call.user_id, _KEY)
    day = read_moment(call.slot("date") or "", call.now)
    if day is not None and day.day is not None:
        records = [
            each for each in records if each["at"] and personal.from_text(each["at"], call.now).date() == day.day
        ]
    if not records:
        return Effect(speech="You have no reminders" + (" then." if day is not None else "."))
    ordered = sorted(records, key=lambda each: (each["at"] is None, each["at"] or ""))
    texts = [f"{_yours(each['text'])}, {_due_text(each, call.now)}" for each in ordered]
    return Effect(speech=f"{len(texts)} reminder{'s' if len(texts) > 1 else ''}: {'; '.join(texts)}.")


def _delete(call: Call) -> Effect:
    records = personal.load(call.memory, call.user_id, _KEY)
    if not records:
        return Effect(speech="You have no reminders.")
    about = _tidy(call.slot("text") or "")
    chosen = records
    if about and not call.slot("all"):
        chosen = [each for each in records if _is_about(each, about)]
        if not chosen:
            return Effect(speech="There is no such reminder.", status="failed")
    if len(chosen) > 1 and not call.slot("all"):
        texts = [_yours(each["text"]) for each in chosen]
        return Effect(speech=f"Which one: {say_list(texts, 'or')}?", missing="text")
    personal.save(call.memory, call.user_id, _KEY, [each for each in records if each not in chosen])
    said = (
        f"Reminder deleted: {_yours(chosen[0]['text'])}." if len(chosen) == 1 else f"{len(chosen)} reminders deleted."
    )
    return Effect(speech=said, action=f"reminder.delete {len(chosen)}")


def _advance(record: Record, now: datetime, place: str | None) -> tuple[Record | None, bool]:
    """Advance a reminder past this moment (None: it is over). Returns it, and whether it is to be said."""
    if record["at"] is not None:
        if personal.seconds_until(record["at"], now) > 0:
            return record, False
        if not record["days"]:
            return None, True
        hour, minute = (int(part) for part in record["time"].split(":"))
        spoken = Spoken(clock=time(hour, minute), half_day="exact", weekdays=tuple(record["days"]))
        following = spoken.moment(now).at
        return ({**record, "at": personal.to_text(following)} if following else None), True
    if place is None:
        return record, False
    inside = _same_place(place, record["place"])
    fires = not inside and bool(record["inside"]) if record["event"] == "leave" else inside and not record["inside"]
    return (None if fires else {**record, "inside": inside}), fires


def _waits(record: Record, on: list[Any], states: Mapping[str, State]) -> tuple[Record | None, bool]:
    """Look whether what a reminder waits for has happened, or can happen no more."""
    devices = [states.get(entity) for entity in on[0]]
    since = datetime.fromisoformat(record["since"])
    there = [one for one in devices if one is not None]
    if len(there) < len(devices):
        return None, True
    came = any(one.changed_at is not None and one.changed_at > since for one in there)
    happened = came and all(one.value in on[1] for one in there)
    return (None if happened else record), happened


def _is_gone(on: list[Any] | None, states: Mapping[str, State]) -> bool:
    """Tell whether what would tell of an event is in the home no more."""
    return on is not None and not set(on[0]) <= set(states)


def _announcement(record: Record, user_id: str, now: datetime, *, gone: bool) -> Announcement:
    if gone:
        said = f"I cannot keep your reminder any more, since what told me is gone: {_yours(record['text'])}."
        return Announcement(speech=said, user_id=user_id)
    if record.get("run"):
        return Announcement(speech="As you wished.", user_id=user_id, request=record["run"], is_taught=True)
    return Announcement(speech=_announce(record, now), user_id=user_id)


def _is_about(record: Record, about: str) -> bool:
    wanted, text = normalize(about), normalize(record["text"])
    return wanted in text or edit_similarity(wanted, text) >= _CLOSE or wanted == (record["place"] or "")


def _announce(record: Record, now: datetime) -> str:
    said = f"Reminder: {_yours(record['text'])}."
    if record["at"] is None:
        return said
    at = personal.from_text(record["at"], now)
    late = -personal.seconds_until(at, now) > _LATE_S
    when = f"at {say_time(at)}" if at.date() == now.date() else say_moment(at, now)
    return f"{said} It was due {when}." if late else said


def _due_text(record: Record, now: datetime) -> str:
    if record.get("on"):
        return str(record["on"][2])
    if record["place"] is not None:
        return _on_arrival(record["place"], record["event"])
    return _time_text(record, now)


def _time_text(record: Record, now: datetime) -> str:
    at = personal.from_text(record["at"], now)
    if record["days"]:
        return f"{say_days(record['days'])} at {say_time(at)}"
    if timedelta(0) < timedelta(seconds=personal.seconds_until(at, now)) < timedelta(hours=1):
        return f"at {say_time(at)}"
    return say_moment(at, now)


def _yours(about: str) -> str:
    """Address a text to the person: "call my mum" -> "call your mum"."""
    yours = {"my": "your", "me": "you", "i": "you", "i'm": "you're", "mine": "yours", "myself": "yourself"}
    return " ".join(yours.get(word.casefold(), word) for word in about.split())


def _tidy(about: str) -> str:
    about, previous = " ".join(about.split()), None
    while about != previous:
        previous, about = about, _FILLER.sub("", about).strip()
    return about


def _plain_place(place: str | None) -> str:
    said = re.sub(r"^(?:the|my|to the|to) ", "", normalize(place or ""))
    return _SAME_PLACES.get(said, said)


def _same_place(left: str | None, right: str) -> bool:
    return _plain_place(left) == _plain_place(right) != ""


def _on_arrival(place: str, event: str) -> str:
    verb = "leave" if event == "leave" else "get" if place == "home" else "get to"
    return f"when you {verb} {_named(place)}"


def _named(place: str) -> str:
    return place if place in {"home", "school"} else f"the {place}"
