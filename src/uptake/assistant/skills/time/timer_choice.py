"""Choose the timer that is meant: by name, initial length, room, or the person who started it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from uptake.assistant.memory import Memory
from uptake.assistant.phrases.durations import duration
from uptake.assistant.phrases.numbers import number
from uptake.assistant.phrases.saying import capital, say_duration, say_list, say_time
from uptake.assistant.skills import personal
from uptake.assistant.skills.personal import Record
from uptake.assistant.skills.skill import Call, Effect
from uptake.text.distance import edit_similarity
from uptake.text.normalize import normalize

__all__ = [
    "TIMERS",
    "called",
    "describe_end",
    "describe_left",
    "every_timer",
    "left",
    "matching",
    "note_rung",
    "plain_name",
    "rung_timers",
    "the",
    "with_one",
]

TIMERS = "timers"
"""Key under which the timers of a person are kept."""

_RUNG = "timers_rung"
_MOST_RUNG = 4
_CLOSE = 0.75
_FILLERS = re.compile(r"\b(?:timers?|the|my|that|this|an?|called|named|for)\b|\bone$")

_EXTREMES: dict[str, Callable[..., Timer]] = {
    **dict.fromkeys(("longer", "longest", "later", "last", "bigger"), max),
    **dict.fromkeys(("shorter", "shortest", "earlier", "next", "smaller"), min),
}
_ORDINALS = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2}
"""Answers to "which timer?": places in the order that the question names them."""
Timer = tuple[str, Record]
"""(pseudonym of the owner, record)."""


def every_timer(memory: Memory) -> list[Timer]:
    """Return every timer of the home, the oldest first."""
    return [(user_id, record) for user_id, records in personal.load_all(memory, TIMERS) for record in records]


def note_rung(memory: Memory, user_id: str, ended: list[Record]) -> None:
    """Keep the timers of a person that have ended just now, so that what is said next may be of them."""
    kept = [*personal.load(memory, user_id, _RUNG), *(each for each in ended if not each["command"])]
    personal.save(memory, user_id, _RUNG, kept[-_MOST_RUNG:])


def rung_timers(memory: Memory) -> list[Record]:
    """Return the timers of the home that have ended lately, the one that ended last at the end."""
    records = [record for _, records in personal.load_all(memory, _RUNG) for record in records]
    return sorted(records, key=lambda each: str(each["ends_at"]))


def with_one(
    call: Call, do: Callable[[str, Record], Effect], preferred: Callable[[Record], bool] = lambda _timer: True
) -> Effect:
    """Do something to the one timer that is meant, or ask which."""
    every = every_timer(call.memory)
    if not every:
        return Effect(speech="No timer is running.")
    timers = matching(call, every)
    if not timers:
        name = plain_name(call.slot("name"))
        return Effect(speech=f"There is no {f'{name} ' if name else 'such '}timer.", status="failed")
    for better in (
        lambda timer: preferred(timer[1]),
        lambda timer: _same(timer[1]["area"], call.situation.context.room),
        lambda timer: timer[0] == call.user_id,
    ):
        timers = [timer for timer in timers if better(timer)] or timers
    place = _ORDINALS.get(plain_name(call.slot("name")) or "")
    if place is not None and place < len(timers) > 1:
        timers = timers[place : place + 1]
    if len({called(timer[1]) for timer in timers}) > 1:
        names = [called(timer[1]).removesuffix(" timer") for timer in timers]
        return Effect(speech=f"Which timer: {say_list(list(dict.fromkeys(names)), 'or')}?", missing="name")
    return do(*timers[0])


def matching(call: Call, timers: list[Timer]) -> list[Timer]:
    """Return the timers that fit what was said; all of them where nothing was said."""
    area, length, name = call.slot("area"), _start_length(call), plain_name(call.slot("name"))
    if area is not None:
        timers = [timer for timer in timers if _same(timer[1]["area"], area)]
    if length is not None:
        timers = [timer for timer in timers if timer[1]["length_s"] == length]
    if name in _EXTREMES and len(timers) > 1:
        return [_EXTREMES[name](timers, key=lambda timer: left(timer[1], call.now))]
    exact = [timer for timer in timers if timer[1]["name"] == name]
    if name in _ORDINALS and not exact and len(timers) > 1:
        return timers
    if name:
        spoken = duration(name)
        timers = exact or [
            timer
            for timer in timers
            if edit_similarity(timer[1]["name"] or "", name) >= _CLOSE
            or (spoken is not None and timer[1]["length_s"] == spoken.total_seconds())
        ]
    return timers


def left(timer: Record, now: datetime) -> timedelta:
    """Return the time that a timer has left."""
    seconds = timer["left_s"] if timer["ends_at"] is None else personal.seconds_until(timer["ends_at"], now)
    return timedelta(seconds=max(0.0, seconds))


def describe_left(timer: Record, now: datetime, *, single: bool) -> str:
    """Say how long a timer has left: a sentence, or a part of one where there are several."""
    rest = say_duration(left(timer, now))
    paused = "" if timer["ends_at"] else ", paused"
    if single:
        return f"{capital(rest)} left on {the(timer)}{paused}."
    return f"{called(timer)}, {rest} left{paused}"


def describe_end(timer: Record, now: datetime, *, single: bool) -> str:
    """Say when a timer ends."""
    if not timer["ends_at"]:
        return describe_left(timer, now, single=single)
    ends = say_time(personal.from_text(timer["ends_at"], now))
    rest = say_duration(left(timer, now))
    return f"{capital(the(timer))} ends at {ends}, in {rest}." if single else f"{called(timer)}, at {ends}, in {rest}"


def plain_name(said: str | None) -> str | None:
    """Return the name of a timer without "the", "timer" …; None where nothing is left."""
    return " ".join(normalize(_FILLERS.sub(" ", (said or "").casefold().strip())).split()) or None


def called(timer: Record) -> str:
    """Name a timer: "pasta timer", "5 minute timer"."""
    if timer["name"]:
        return f"{timer['name']} timer"
    return f"{say_duration(timedelta(seconds=timer['length_s'])).replace('s and', ' and').rstrip('s')} timer"


def the(timer: Record) -> str:
    """Name a timer within a sentence."""
    return f"the {called(timer)}"


def _start_length(call: Call) -> float | None:
    said = [(call.slot(f"start_{unit}"), size) for unit, size in (("hours", 3_600), ("minutes", 60), ("seconds", 1))]
    amounts = [(number(value), size) for value, size in said if value is not None]
    return sum(float(amount or 0) * size for amount, size in amounts) if amounts else None


def _same(left_area: str | None, right_area: str | None) -> bool:
    return normalize(left_area or "") == normalize(right_area or "") != ""
