"""A situation as the context model looks at it: states, turns and habits as words, fields and flags."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from uptake.same import Same
from uptake.text.normalize import normalize
from uptake.types import Exchange, Habit, Interpretation, Situation
from uptake.understanding.situation.reading_view import ALL, ReadingFeatures, view
from uptake.understanding.situation.semantic_fields import fields, stems

__all__ = ["EarlierRequest", "Message", "Scene", "Thing", "scene"]

_FLAGS = {
    "attention": "ringing rings buzzing beeping sounding knocking finished done incoming expired waiting alert "
    "triggered detected going snoozed pressed",
    "paused": "paused suspended",
    "active": "on playing running open opening ringing cleaning heating cooling brewing printing recording unlocked "
    "armed streaming charging casting washing drying baking preheating started active call connected showing live "
    "buzzing beeping sounding boiling mowing watering counting closing vacuuming blowing fan_only rinsing spinning "
    "cooking displaying navigating",
    "running": "playing running opening closing cleaning brewing printing recording streaming washing drying baking "
    "mowing watering vacuuming counting casting live rinsing spinning cooking",
    "off": "off closed docked locked empty unavailable disarmed stopped disconnected asleep parked",
    "idle": "idle standby ready stopped waiting charged dry auto",
    "armed": "armed",
    "disarmed": "disarmed",
    "locked": "locked",
    "unlocked": "unlocked",
}
_FLAG_OF: dict[str, frozenset[str]] = {}
for _flag, _words in _FLAGS.items():
    for _word in _words.split():
        _FLAG_OF[_word] = _FLAG_OF.get(_word, frozenset()) | {_flag}
_LIVELY = frozenset({"active", "attention", "paused", "other"})
_QUIET = frozenset(
    "unknown none not reachable clear fine normal away home present occupied dark light still quiet wet cold hot safe "
    "unsafe low plugged charging unplugged date".split()
)  # what sensors say all the time
_QUESTION = re.compile(r"[^.!?]*\?")
_OFFS = frozenset("off close stop cancel unlock delete pause end dismiss disarm mute silence hang skip".split())
_ONS = frozenset("on open start lock play resume continue arm show order place begin run send call".split())
_HABITS = 60  # the latest ones
_HOURS = 1.5  # how far a habit's hour may lie from now, in hours, before it counts 1/e
_DAYS = 30.0  # the same for its age, in days
_FRESH_DAYS = 1 / 12
_FOLLOWS_S = 1_800  # a habit this many seconds after another one follows it


@dataclass(frozen=True, slots=True)
class Thing:
    """A device or another thing that has a state."""

    label: str
    """Its name."""
    state: str
    """Its state in plain words."""
    name: frozenset[str]
    value: frozenset[str]
    fields: frozenset[str]
    """Fields of its name and its state."""
    kind: frozenset[str]
    """Fields of its name alone."""
    flags: frozenset[str]
    """attention, active, running, paused, idle, off, armed, disarmed, locked, unlocked, other."""

    lively: bool
    """Whether something goes on there."""


@dataclass(frozen=True, slots=True)
class Message:
    """One side of a turn."""

    text: str
    """Normalised."""
    words: frozenset[str]
    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class EarlierRequest:
    """An earlier request of the person."""

    said: Message
    near: float
    """Closeness in time, in (0, 1]: same hour and kind of day, lately."""
    after: Message | None
    """The request that came shortly before it on that day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Features of a situation that do not depend on the reading."""

    request: frozenset[str]
    request_fields: frozenset[str]
    deictic: bool
    """Whether the request points at something (it, that, there) or names nothing."""
    says_all: bool
    """Whether it says all, everything, everywhere."""
    says_one: bool
    """Whether it points at one thing: it, that, this."""
    things: tuple[Thing, ...]
    thing_of: dict[ReadingFeatures, tuple[Thing, float]] = field(compare=False, repr=False)
    """The thing that readings were found to be about: many texts are read in one situation."""
    lively: tuple[Thing, ...]
    """Those where something goes on."""
    turns: tuple[tuple[Message, Message], ...]
    """(user, agent), the last one first."""
    question: Message | None
    """Question that the assistant has just asked, if any."""
    offers: frozenset[str]
    """"on" and "off", where the question offers to start or to end something."""
    screen: bool | None
    device: frozenset[str]
    """Fields of the kind of device."""
    room: frozenset[str]
    room_fields: frozenset[str]
    away: bool
    """Whether the person is known not to be at home."""
    place: frozenset[str]
    place_fields: frozenset[str]
    hour_fields: frozenset[str]
    usual: tuple[EarlierRequest, ...]
    following: tuple[EarlierRequest, ...]
    """Those that followed another request."""
    nearness: float
    """Sum of how near they are."""
    known: frozenset[str]
    """Every word of the situation."""
    known_fields: frozenset[str]
    """Every field of states, turns and habits."""


def scene(text: str, situation: Situation) -> Scene:
    """Compute the scene of a text in a situation."""
    request = stems(text)
    return Scene(
        request=request,
        request_fields=fields().of(request),
        deictic=_points(text, request),
        says_all=not ALL.isdisjoint(request),
        says_one=not _ONE.isdisjoint(normalize(text).split()),
        **_around(Same(situation)),
    )


@lru_cache(maxsize=8)
def _around(same: Same[Situation]) -> Mapping[str, Any]:
    """Compute what holds whatever the text: many texts are read in one situation."""
    situation = same.it
    known, context = fields(), situation.context
    things = tuple(_thing(name, value) for name, value in situation.states)
    turns = tuple(map(_turn, reversed(situation.recent[-6:])))
    question = _question(situation.recent[-1].response) if situation.recent else None
    usual = _usual(situation.habits, situation.local)
    room, place = stems(context.room or ""), stems(context.place or "")
    room = room - {"room"} or room
    away = bool(place) and "hom" not in place and not place & room
    sides = [side for turn in turns for side in turn] + [one.said for one in usual]
    whole = frozenset().union(
        room,
        place,
        *(thing.name for thing in things),
        *(thing.value for thing in things),
        *(side.words for side in sides),
    )
    return {
        "things": things,
        "thing_of": {},
        "lively": tuple(thing for thing in things if thing.lively),
        "turns": turns,
        "question": question,
        "offers": _offers(question),
        "screen": situation.has_screen,
        "device": known.of(stems(context.device_type or ""), "devices"),
        "room": room,
        "room_fields": known.of(room, "rooms"),
        "away": away,
        "place": place,
        "place_fields": known.of(place, "places") if away else frozenset(),
        "hour_fields": known.hours[situation.local.hour] if situation.local else frozenset(),
        "usual": usual,
        "following": tuple(one for one in usual if one.after is not None),
        "nearness": sum(one.near for one in usual) + 0.1,
        "known": whole,
        "known_fields": frozenset().union(*(side.fields for side in sides), *(thing.fields for thing in things)),
    }


_ONE = frozenset("it that this".split())
_POINTS = frozenset("it that this there them those these him her one he she they again then".split())


def _points(text: str, request: frozenset[str]) -> bool:
    words = normalize(text).replace("'s", " ").split()
    return not _POINTS.isdisjoint(words) or (len(words) <= 3 and not fields().of(request))


@lru_cache(maxsize=1_024)
def _thing(name: str, value: str) -> Thing:
    words = frozenset(normalize(value).replace("_", " ").split())
    flags = frozenset().union(*(_FLAG_OF.get(word, frozenset()) for word in words))
    if not flags and any(len(word) > 2 and word.isalpha() for word in words - _QUIET):
        flags = frozenset({"other"})  # a state in words of its own: "recipe, step 5 of 9"
    named, said = stems(name), stems(value)
    kind = fields().of(named)
    lively = not flags.isdisjoint(_LIVELY) and "off" not in flags
    return Thing(name, value, named, said, kind | fields().of(said), kind, flags, lively)


@lru_cache(maxsize=4_096)
def _said(text: str) -> Message:
    words = stems(text)
    return Message(normalize(text), words, fields().of(words))


@lru_cache(maxsize=2_048)
def _read(text: str, reading: Interpretation | None) -> Message:
    """Parse a text and its reading into fields."""
    said = _said(text)
    if reading is None:
        return said
    seen = view(reading)
    return Message(said.text, said.words | seen.values | seen.acts, said.fields | seen.fields)


def _turn(exchange: Exchange) -> tuple[Message, Message]:
    return _read(exchange.request, exchange.interpretation), _said(exchange.response or "")


def _question(response: str | None) -> Message | None:
    found = _QUESTION.findall(response or "")
    return _said(found[-1]) if found else None


def _offers(question: Message | None) -> frozenset[str]:
    if question is None:
        return frozenset()
    words = set(question.text.split())
    return frozenset(way for way, row in (("off", _OFFS), ("on", _ONS)) if words & row)


def _usual(habits: tuple[Habit, ...], now: datetime | None) -> tuple[EarlierRequest, ...]:
    latest, found = habits[-_HABITS:], []
    before: Habit | None = None
    for habit in latest:
        follows = before is not None and _gap_s(before, habit) <= _FOLLOWS_S
        after = _read(before.request, before.interpretation) if before is not None and follows else None
        found.append(EarlierRequest(_read(habit.request, habit.interpretation), _near(habit.at, now), after))
        before = habit
    return tuple(found)


def _gap_s(before: Habit, habit: Habit) -> float:
    if before.at is None or habit.at is None:
        return math.inf
    gap = (habit.at - before.at).total_seconds()
    return gap if gap >= 0 else math.inf


def _near(at: datetime | None, now: datetime | None) -> float:
    if at is None or now is None:
        return 0.3
    gap = abs((at.hour + at.minute / 60) - (now.hour + now.minute / 60))
    hours = min(gap, 24 - gap)
    days = max((now - at).total_seconds() / 86_400, 0.0)
    if 0 <= days < _FRESH_DAYS:
        return 0.05  # what was asked for just now is no habit
    same_kind_of_day = (at.weekday() >= 5) == (now.weekday() >= 5)
    return max(math.exp(-((hours / _HOURS) ** 2)), 0.1) * math.exp(-days / _DAYS) * (1.0 if same_kind_of_day else 0.6)
