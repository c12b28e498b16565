"""Timers: several at once, found by name, by the length they were started with, or by room.

They belong to the person who started them and are heard by everybody. A timer may carry a request ("in 5 minutes,
open the garage door"), which the assistant does when it ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from uptake.assistant.home.model import Home
from uptake.assistant.memory import Memory
from uptake.assistant.phrases.durations import DURATION, duration
from uptake.assistant.phrases.numbers import in_digits, number
from uptake.assistant.phrases.saying import capital, say_duration
from uptake.assistant.skills import personal
from uptake.assistant.skills.personal import Record
from uptake.assistant.skills.skill import Announcement, Call, Effect, Intent, Slot
from uptake.assistant.skills.time.timer_choice import (
    TIMERS,
    called,
    describe_end,
    describe_left,
    every_timer,
    left,
    matching,
    note_rung,
    plain_name,
    the,
    with_one,
)
from uptake.types import Situation

__all__ = ["MAX_HOURS", "Timers"]

MAX_HOURS = 100
"""Longest timer, in hours."""

_LATE_S = 60
_REMINDER = re.compile(
    r"(?:please )?(?:remind|tell|wake|call|alert) (?:me|us)(?: up)?(?: (?:to|about|of|that) (?P<text>.+))?$",
    re.IGNORECASE,
)
_LEADING = re.compile(rf"(?P<length>{DURATION})(?: (?P<name>.+))?$")
_UNITS = (("hours", 3_600), ("minutes", 60), ("seconds", 1))
_FOUND_BY = (
    Slot(name="name", prompt="Which timer?"),
    Slot(name="area", kind="area"),
    Slot(name="start_hours", kind="number"),
    Slot(name="start_minutes", kind="number"),
    Slot(name="start_seconds", kind="number"),
)
_LENGTH = (
    Slot(name="hours", kind="number"),
    Slot(name="minutes", kind="number"),
    Slot(name="seconds", kind="number"),
    Slot(name="duration", kind="duration", prompt="For how long?"),
)
_NAME_LIST = {"timer_name": ("pizza", "pasta", "egg", "tea", "laundry", "rice", "nap", "homework", "bread")}
_PHRASES = {
    "timer_phrase": (
        "[an|one] hour and a half:an hour and a half",
        "(one|1) and a half hours:an hour and a half",
        "two and a half hours",
        "half [an] hour:half an hour",
        "[a] quarter of an hour:a quarter of an hour",
        "three quarters of an hour",
        "an hour",
        "a minute",
        "half a minute",
        "[a|one] minute and a half:a minute and a half",
        "(one|1) and a half minutes:a minute and a half",
        "(two|2) and a half minutes:two and a half minutes",
        "[a] couple of minutes:a couple of minutes",
    )
}
_AMOUNT = (
    "({timer_hours:hours} hour[s]|{timer_minutes:minutes} minute[s]|{timer_seconds:seconds} second[s]|"
    "{timer_hours:hours} hour[s] [and] {timer_minutes:minutes} minute[s]|{timer_phrase:duration})"
)
_SET = "(start|set|create|make|begin|give me|i need|put on|run|add)"
_WHICH = "[the|my|that] [{timer_name:name}] timer"


class Timers:
    """Skill that starts, changes, shows and ends timers."""

    name: ClassVar[str] = "timers"
    domains: ClassVar[frozenset[str]] = frozenset()
    intents: ClassVar[tuple[Intent, ...]] = (
        Intent(
            name="HassStartTimer",
            slots=(*_LENGTH, Slot(name="name"), Slot(name="conversation_command")),
            sentences=(
                f"{_SET} [a|an|the|my|another] [new] timer",
                f"{_SET} [a|an|the|my|another] {{timer_name:name}} timer",
                f"{_SET} [a|an] timer (called|named) [the] {{timer_name:name}}",
                f"{_SET} [a|an|the|my] {{timer_name:name}} timer (for|of) {_AMOUNT}",
                f"{_SET} [a|an|the|my] timer (for|of) {{timer_phrase:duration}}",
                f"{_SET} [a|an] timer (for|of) {{timer_phrase:duration}} (called|named|for) [the] {{timer_name:name}}",
                f"{_SET} [a|an|the|my] {{timer_phrase:duration}} [{{timer_name:name}}] timer",
                "[put|set|start] {timer_phrase:duration} on (the|a) timer",
                "time me for {timer_minutes:minutes} minute[s]",
                "time {timer_minutes:minutes} minute[s] [for the {timer_name:name}]",
                "(count down|countdown) [from] {timer_minutes:minutes} minute[s]",
                "(count down|countdown) [from] {timer_seconds:seconds} second[s]",
            ),
            lists={**_NAME_LIST, **_PHRASES},
            wildcards=("timer_name",),
            examples=(
                "set a timer for 10 minutes",
                "start a pasta timer for 8 minutes",
                "in 5 minutes, turn off the lights",
            ),
            follows=False,
        ),
        Intent(
            name="HassTimerStatus",
            slots=(*_FOUND_BY, Slot(name="when")),
            sentences=(
                f"how (much|long) [time] (is|do i have|have i got|remains|do we have) [left|remaining] on {_WHICH}",
                f"how long until {_WHICH} (ends|is done|goes off|is up)",
                "how (long|much longer) (for|on|until) (the|my) {timer_name:name} [timer] [(is|are) (done|ready)]",
                f"when (does|will) {_WHICH} (end|go off|finish)",
                f"(check|show|read) {_WHICH}",
                "(what|which) timers (are [there|running|set|active]|do i have [running])",
                "(list|show|check|read) [me] [all] [the|my] timers",
                "(is there a|are there any|do i have a|do i have any) timer[s] [running|set]",
                "how many timers (are there|are running|do i have)",
            ),
            lists=_NAME_LIST,
            wildcards=("timer_name",),
            examples=("how much time is left on my pasta timer", "which timers are running"),
            changes=False,
        ),
        Intent(
            name="HassCancelTimer",
            slots=_FOUND_BY,
            sentences=(
                f"(delete|remove|end|clear|dismiss|silence|forget|turn off|kill|get rid of) {_WHICH}",
                f"i (don't|do not) need {_WHICH} [anymore|any more]",
            ),
            lists=_NAME_LIST,
            wildcards=("timer_name",),
            examples=("cancel the pasta timer",),
        ),
        Intent(
            name="HassCancelAllTimers",
            slots=(Slot(name="area", kind="area"),),
            sentences=(
                "(cancel|stop|delete|remove|clear|end|dismiss) (every|each) timer",
                "(delete|remove|clear|end|dismiss|get rid of|turn off) (all|all of|all the|all my|the|my) timers",
            ),
            examples=("cancel all timers",),
        ),
        Intent(name="HassPauseTimer", slots=_FOUND_BY, sentences=(f"(hold|freeze|halt) {_WHICH}",),
               lists=_NAME_LIST, wildcards=("timer_name",), examples=("pause my timer",)),
        Intent(
            name="HassUnpauseTimer",
            slots=_FOUND_BY,
            sentences=(f"(unpause|restart|carry on with|keep going with|start) {_WHICH} [again]",),
            lists=_NAME_LIST,
            wildcards=("timer_name",),
            examples=("resume the timer",),
        ),
        Intent(
            name="HassIncreaseTimer",
            slots=(*_LENGTH, *_FOUND_BY),
            sentences=(
                "(extend|lengthen|prolong) [the|my] [{timer_name:name}] timer by {timer_minutes:minutes} minute[s]",
                "{timer_minutes:minutes} more minute[s] (on|for|to) [the|my] [{timer_name:name}] timer",
                "(give me|i need|put) {timer_minutes:minutes} more minute[s]",
                "(give me|put) {timer_minutes:minutes} more minute[s] (on|for) [the|my] [{timer_name:name}] timer",
            ),
            lists=_NAME_LIST,
            wildcards=("timer_name",),
            examples=("add 5 minutes to my timer",),
        ),
        Intent(
            name="HassDecreaseTimer",
            slots=(*_LENGTH, *_FOUND_BY),
            sentences=("(shorten|reduce|cut) [the|my] [{timer_name:name}] timer by {timer_minutes:minutes} minute[s]",),
            lists=_NAME_LIST,
            wildcards=("timer_name",),
            examples=("take 2 minutes off the timer",),
        ),
    )  # fmt: skip

    def handle(self, call: Call) -> Effect:
        """Do what is asked of timers."""
        done = {
            "HassStartTimer": _start,
            "HassCancelAllTimers": _cancel_all,
            "HassTimerStatus": _status,
            "HassCancelTimer": _cancel,
            "HassPauseTimer": _pause,
            "HassUnpauseTimer": _resume,
            "HassIncreaseTimer": _change,
            "HassDecreaseTimer": _change,
        }
        return done[call.interpretation.intent](call)

    def due(self, home: Home, memory: Memory, _situation: Situation) -> Iterable[Announcement]:
        """Return timers that have ended, each once."""
        now = home.now()
        said: list[tuple[datetime, Announcement]] = []
        for user_id, records in list(personal.load_all(memory, TIMERS)):
            ended = [each for each in records if each["ends_at"] and personal.seconds_until(each["ends_at"], now) <= 0]
            if ended:
                personal.save(memory, user_id, TIMERS, [each for each in records if each not in ended])
                note_rung(memory, user_id, ended)
                said += [(personal.from_text(each["ends_at"], now), _announce(each, user_id, now)) for each in ended]
        return [announcement for _, announcement in sorted(said, key=lambda pair: pair[0])]

    def states(self, memory: Memory, user_id: str, now: datetime) -> tuple[tuple[str, str], ...]:  # noqa: ARG002
        """Return running timers as things of the home: ("Pasta Timer", "running, 3 minutes left")."""
        return tuple(
            (
                called(each).title(),
                f"{'running' if each['ends_at'] else 'paused'}, {say_duration(left(each, now))} left",
            )
            for _, each in every_timer(memory)
        )


def _start(call: Call) -> Effect:
    length, problem = _length(call)
    name = plain_name(call.slot("name"))
    if length is None and problem is None and name is not None:
        length, name = _named_length(name)
    if problem is not None:
        return Effect(speech=problem, status="failed")
    if name is not None and name.casefold() in ("minus", "negative"):
        return Effect(speech="A timer cannot run backwards.", status="failed")
    if length is None:
        return Effect(speech="For how long?", missing="duration")
    command = call.slot("conversation_command")
    record: Record = {
        "name": name,
        "length_s": length.total_seconds(),
        "ends_at": _ends(call.now, length),
        "left_s": None,
        "area": call.slot("area") or call.situation.context.room,
        "command": command,
    }
    added = personal.add(call.memory, call.user_id, TIMERS, record)
    action = f"timer.start {added['id']}"
    if command:
        does = "remind you" if _REMINDER.match(command) else "do that"
        return Effect(speech=f"I will {does} in {say_duration(length)}.", action=action)
    name = f"{capital(called(added))}, " if added["name"] else "Timer set for "
    return Effect(speech=f"{name}{say_duration(length)}{', starting now' if added['name'] else ''}.", action=action)


def _named_length(name: str) -> tuple[timedelta | None, str | None]:
    """Return the length that was taken for a part of the name: "5 minute egg"."""
    said = _LEADING.match(in_digits(name))
    if said is None:
        return None, name
    return duration(said["length"]), said["name"] or None


def _length(call: Call) -> tuple[timedelta | None, str | None]:
    """Return the length that was said, or what is wrong with it; (None, None) where none was said."""
    said = [(call.slot(unit), size) for unit, size in _UNITS]
    seconds = 0.0
    for value, size in said:
        if value is not None:
            amount = number(value)
            if amount is None:
                return None, "I did not get how long."
            seconds += float(amount) * size
    if all(value is None for value, _ in said):
        spoken = call.slot("duration")
        if spoken is None:
            return None, None
        length = duration(spoken)
        if length is None:
            minutes = number(spoken)
            if minutes is None:
                return None, "I did not get how long."
            length = timedelta(minutes=min(float(minutes), 1e6))
        seconds = length.total_seconds()
    if seconds < 1:
        return None, "A timer needs at least a second."
    if seconds > MAX_HOURS * 3_600:
        return None, f"That is too long for a timer: {MAX_HOURS} hours is the most. I can set a reminder instead."
    return timedelta(seconds=seconds), None


def _status(call: Call) -> Effect:
    timers = every_timer(call.memory)
    if not timers:
        return Effect(speech="No timer is running.")
    timers = matching(call, timers)
    if not timers:
        return Effect(speech="There is no such timer.", status="failed")
    describe = describe_end if call.slot("when") else describe_left
    texts = [describe(each, call.now, single=len(timers) == 1) for _, each in timers]
    return Effect(speech=texts[0] if len(texts) == 1 else f"{len(texts)} timers: {'; '.join(texts)}.")


def _cancel(call: Call) -> Effect:
    return with_one(call, lambda user_id, timer: _drop(call, user_id, timer))


def _drop(call: Call, user_id: str, timer: Record) -> Effect:
    records = personal.load(call.memory, user_id, TIMERS)
    personal.save(call.memory, user_id, TIMERS, [each for each in records if each["id"] != timer["id"]])
    return Effect(speech=f"{capital(called(timer))} cancelled.", action=f"timer.cancel {timer['id']}")


def _cancel_all(call: Call) -> Effect:
    area = call.slot("area")
    timers = matching(call, every_timer(call.memory))
    if not timers:
        return Effect(speech=f"No timer is running{f' in the {area}' if area else ''}.")
    for user_id, timer in timers:
        _drop(call, user_id, timer)
    many = f"{len(timers)} timers" if len(timers) > 1 else capital(called(timers[0][1]))
    return Effect(speech=f"{many} cancelled.", action=f"timer.cancel_all {len(timers)}")


def _pause(call: Call) -> Effect:
    def pause(user_id: str, timer: Record) -> Effect:
        if timer["ends_at"] is None:
            return Effect(speech=f"{capital(the(timer))} is paused already.")
        rest = left(timer, call.now)
        _replace(call, user_id, {**timer, "ends_at": None, "left_s": rest.total_seconds()})
        return Effect(speech=f"Paused, with {say_duration(rest)} left.", action=f"timer.pause {timer['id']}")

    return with_one(call, pause, lambda timer: timer["ends_at"] is not None)


def _resume(call: Call) -> Effect:
    def resume(user_id: str, timer: Record) -> Effect:
        if timer["ends_at"] is not None:
            return Effect(speech=f"{capital(the(timer))} is running already.")
        rest = left(timer, call.now)
        _replace(call, user_id, {**timer, "ends_at": _ends(call.now, rest), "left_s": None})
        return Effect(speech=f"Running again, {say_duration(rest)} left.", action=f"timer.resume {timer['id']}")

    return with_one(call, resume, lambda timer: timer["ends_at"] is None)


def _change(call: Call) -> Effect:
    more, problem = _length(call)
    if problem is not None:
        return Effect(speech=problem, status="failed")
    longer = call.interpretation.intent == "HassIncreaseTimer"
    if more is None:
        return Effect(speech=f"How much {'longer' if longer else 'shorter'}?", missing="duration")

    def change(user_id: str, timer: Record) -> Effect:
        rest = left(timer, call.now) + (more if longer else -more)
        if rest.total_seconds() <= 0:
            return Effect(speech="It does not have that much time left. Say cancel to end it.", status="failed")
        if rest > timedelta(hours=MAX_HOURS):
            return Effect(speech=f"A timer runs {MAX_HOURS} hours at most.", status="failed")
        running = timer["ends_at"] is not None
        changed = {"ends_at": _ends(call.now, rest)} if running else {"left_s": rest.total_seconds()}
        _replace(call, user_id, timer | changed)
        return Effect(speech=f"{capital(say_duration(rest))} left.", action=f"timer.change {timer['id']}")

    return with_one(call, change)


def _replace(call: Call, user_id: str, timer: Record) -> None:
    records = personal.load(call.memory, user_id, TIMERS)
    personal.save(call.memory, user_id, TIMERS, [timer if each["id"] == timer["id"] else each for each in records])


def _ends(now: datetime, length: timedelta) -> str:
    return personal.to_text(now.astimezone(UTC) + length)


def _announce(timer: Record, user_id: str, now: datetime) -> Announcement:
    if timer["command"]:
        reminder = _REMINDER.match(timer["command"])
        if reminder is not None:
            text = reminder["text"] or "you wanted to be called"
            return Announcement(speech=f"Reminder: {text}.", user_id=user_id)
        return Announcement(speech="As you asked.", user_id=user_id, request=timer["command"])
    late = -personal.seconds_until(timer["ends_at"], now)
    ago = f" It ended {say_duration(timedelta(seconds=late // 60 * 60))} ago." if late >= _LATE_S else ""
    return Announcement(speech=f"Your {called(timer)} is done.{ago}")
