"""Collect the situation of a request: the device that heard it, the home, the conversation, the habits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from uptake.assistant.home import plain
from uptake.assistant.home.model import Device, Home, State
from uptake.assistant.memory import Memory, of_user
from uptake.assistant.skills import Skills
from uptake.config import nearest
from uptake.errors import BadConfig
from uptake.types import Context, DeviceState, Exchange, Habit, Interpretation, Situation

__all__ = ["MAX_HABITS", "Origin", "forget_habit", "observe", "placed", "remember_habit"]

MAX_HABITS = 100
"""Requests of a person that are kept as habits; older ones are dropped."""

_HABITS = "habits"
_AT_REST = frozenset(
    "off closed locked idle docked standby unavailable unknown clear dry paused 0 not_home home empty".split()
)
_JUST = timedelta(minutes=2)
"""How long a change of the home bears on what another person says."""
_TELLING = frozenset("light switch fan climate media_player vacuum lawn_mower cover lock".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Device that heard a request."""

    device_id: str | None = None
    """Its pseudonym."""
    device_type: str | None = None
    """speaker, display, tv, phone, watch, car."""
    has_screen: bool | None = None
    """Whether it has a screen; unknown where None."""
    room: str | None = None
    """Name of the room it stands in."""
    place: str | None = "home"
    """Place of the person."""
    activity: str | None = None
    """The activity of the person, where known."""
    more_follows: bool = False
    """Whether the request is a part of a longer one that goes on: nothing is offered beside it."""


def placed(origin: Origin, home: Home) -> Origin:
    """Place a device in a room of the home: the first room for one that stands in a home and names none.

    Raises:
        BadConfig: The home has no such room.
    """
    names = [area.name for area in home.areas]
    if origin.room is None:
        stands = origin.place == "home" and origin.device_type in ("speaker", "display", "tv")
        return replace(origin, room=names[0]) if stands and names else origin
    spoken = {name.casefold(): area.name for area in home.areas for name in (area.name, area.area_id, *area.aliases)}
    room = spoken.get(origin.room.casefold())
    if room is None:
        raise BadConfig(f"the home has no room {origin.room}{nearest(origin.room, names)}")
    return replace(origin, room=room)


def observe(
    origin: Origin, home: Home, memory: Memory, user_id: str, *, recent: tuple[Exchange, ...], skills: Skills
) -> Situation:
    """Put together all that may bear on what a request means.

    Args:
        origin: The device that heard it.
        home: The home.
        memory: Where the person's habits are.
        user_id: The person.
        recent: The conversation so far.
        skills: What is going on in them bears on it too: timers that run, alarms that are set.
    """
    now, states = home.now(), home.states()
    seen = _devices(home, states, now)
    going_on = [(one.device.name, one.words) for one in seen]
    for skill in skills.with_states:
        going_on += skill.states(memory, user_id, now)
    local = now.replace(tzinfo=None)
    return Situation(
        context=Context(
            device_type=origin.device_type,
            device_state=_active(home, states),
            room=origin.room,
            local_time=f"{local:%H:%M}",
            activity=origin.activity,
            place=origin.place,
        ),
        user_id=user_id,
        home_id=home.home_id,
        has_screen=origin.has_screen,
        states=tuple((name, state) for name, state in going_on if state),
        devices=tuple(one.told for one in seen),
        names=_names(home),
        recent=recent or _just_changed(home, states, now, origin.room),
        habits=_habits(memory.get(of_user(user_id), _HABITS, [])),
        local=local,
    )


def _just_changed(home: Home, states: Mapping[str, State], now: datetime, room: str | None) -> tuple[Exchange, ...]:
    """Return what was just done in a room by anybody: "turn that off", said there by another person, is of it.

    It is known by the states alone, where one thing changed in the last minutes: nobody's words are in it.
    """
    here = {area.area_id for area in home.areas if area.name == room}
    changed = [
        device
        for device in home.devices
        if device.domain in _TELLING
        and device.area_id in here
        and (state := states.get(device.entity_id)) is not None
        and state.changed_at is not None
        and timedelta() <= now - state.changed_at <= _JUST
    ]
    if len(changed) != 1:
        return ()
    name, now_is = changed[0].name, plain(changed[0], states[changed[0].entity_id])
    return (Exchange(request=name, response=f"{name}: {now_is}"),)


def _names(home: Home) -> tuple[str, ...]:
    """Return the names of rooms, and the other names of rooms and devices."""
    rooms = (name for area in home.areas for name in (area.name, *area.aliases))
    return tuple(dict.fromkeys((*rooms, *(name for device in home.devices for name in device.aliases))))


class _Seen(NamedTuple):
    """Device in a state, as a situation tells it."""

    device: Device
    state: State
    words: str
    told: DeviceState


_SEEN: WeakKeyDictionary[Home, dict[str, _Seen]] = WeakKeyDictionary()
"""Home -> device -> what was last seen of it: most devices are in the same state at the next request."""


def _devices(home: Home, states: Mapping[str, State], now: datetime) -> list[_Seen]:
    before = _SEEN.get(home, {})
    seen = {}
    for device in home.devices:
        name = device.entity_id
        if (state := states.get(name)) is None:
            continue
        one = before.get(name)
        same = one is not None and one.state is state and one.device is device
        seen[name] = one if one is not None and same else _seen(device, state, now)
    _SEEN[home] = seen
    return list(seen.values())


def _seen(device: Device, state: State, now: datetime) -> _Seen:
    since = state.changed_at.astimezone(now.tzinfo).replace(tzinfo=None) if state.changed_at is not None else None
    told = DeviceState(device.entity_id, device.name, state.value, since)
    return _Seen(device, state, plain(device, state), told)


def remember_habit(memory: Memory, user_id: str, turn_id: str, habit: Habit) -> None:
    """Record a request that was done as one of the person's habits."""
    habits = memory.get(of_user(user_id), _HABITS, [])
    reading = habit.interpretation
    habits.append(
        {
            "turn_id": turn_id,
            "request": habit.request,
            "at": habit.at.isoformat(timespec="minutes") if habit.at else None,
            "intent": reading.intent if reading else None,
            "domain": reading.domain if reading else None,
            "slots": list(reading.slots) if reading else [],
        }
    )
    memory.set(of_user(user_id), _HABITS, habits[-MAX_HABITS:])


def forget_habit(memory: Memory, user_id: str, turn_id: str) -> None:
    """Drop the habit that a turn gave: the person took it back."""
    habits = memory.get(of_user(user_id), _HABITS, [])
    left = [habit for habit in habits if habit["turn_id"] != turn_id]
    if len(left) < len(habits):
        memory.set(of_user(user_id), _HABITS, left)


def _habits(kept: list[Mapping[str, Any]]) -> tuple[Habit, ...]:
    return tuple(
        _habit(one["request"], one["at"], one["intent"], one["domain"], tuple(map(tuple, one["slots"]))) for one in kept
    )


@lru_cache(maxsize=2_048)
def _habit(
    request: str, at: str | None, intent: str | None, domain: str | None, slots: tuple[tuple[str, str], ...]
) -> Habit:
    """Return a habit as it is kept: every request of a person looks at the same ones."""
    return Habit(
        request=request,
        at=datetime.fromisoformat(at) if at else None,
        interpretation=Interpretation(intent=intent, domain=domain, slots=slots) if intent else None,
    )


def _active(home: Home, states: Mapping[str, State]) -> str | None:
    """Name the last thing that began and goes on, for the log: its kind and state, "oven on"; None where nothing does.

    One thing, not a list: what is counted by it must come again. Lights come last: they say least about a request.
    """
    going_on = [
        (device.domain != "light", state.changed_at.timestamp() if state.changed_at else 0.0, device, state)
        for device in home.devices
        if device.domain in _TELLING and (state := states.get(device.entity_id)) and state.value not in _AT_REST
    ]
    if not going_on:
        return None
    _, _, device, state = max(going_on, key=lambda each: each[:2])
    return f"{device.device_class or device.domain} {state.value}"
