"""Simulate devices over time: rooms warm up, the oven heats, a programme ends, a robot comes home.

All changes are linear, so that two short steps give the same as one long step.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from uptake.assistant.home.model import Device, State

__all__ = ["DRIFTING", "drift", "is_same"]

DRIFTING = frozenset({"climate", "switch", "vacuum", "lawn_mower"})
"""Domains of devices that time changes."""

_AMBIENT = 20.0
_OVEN = (10.0, -3.0)
"""°C a minute: heating, cooling down."""
_ROOM = 0.05
"""°C a minute towards the set point."""
_WASTE = {"cleaning": -0.8, "mowing": -0.6, "docked": 0.5}
"""Battery, in percent a minute."""
_CHANGING = frozenset({"current_temperature", "remaining_min", "battery"})
"""Attributes that change with time."""
_TRIP_MIN = 2.0
"""Minutes that a robot needs to come home."""


def drift(device: Device, state: State, since: datetime, now: datetime) -> State:
    """Return the present state of a device that nobody changed since."""
    if now <= since:
        return state
    if device.domain == "climate":
        return _room(state, _minutes(since, now))
    if device.domain == "switch":
        return _appliance(device, state, since, now)
    if device.domain in {"vacuum", "lawn_mower"}:
        return _robot(state, since, now)
    return state


def is_same(state: State, later: State) -> bool:
    """Tell whether nobody changed a device between two states: they are equal, or time alone made the difference."""
    told, now = (
        {name: value for name, value in each.attributes.items() if name not in _CHANGING} for each in (state, later)
    )
    return state.value == later.value and state.changed_at == later.changed_at and told == now


def _minutes(since: datetime, now: datetime) -> float:
    return (now - since).total_seconds() / 60


def _approach(value: float, target: float, step: float) -> float:
    return min(target, value + step) if value < target else max(target, value - step)


def _with(state: State, **changes: Any) -> State:
    """Return a state with other attributes; the state itself where they are what they were."""
    if all(state.attributes.get(name) == value for name, value in changes.items()):
        return state
    merged = {**state.attributes, **changes}
    return replace(state, attributes={name: value for name, value in merged.items() if value is not None})


def _room(state: State, minutes: float) -> State:
    warmth, target = state.attributes.get("current_temperature"), state.attributes.get("temperature")
    if warmth is None or target is None or warmth == target:
        return state
    wanted = {"heat": warmth < target, "cool": warmth > target}.get(state.value, state.value in {"auto", "heat_cool"})
    return _with(state, current_temperature=_approach(warmth, target, _ROOM * minutes)) if wanted else state


def _appliance(device: Device, state: State, since: datetime, now: datetime) -> State:
    minutes = _minutes(since, now)
    if "temperature" in device.features and (warmth := state.attributes.get("current_temperature")) is not None:
        target = float(state.attributes.get("temperature", _AMBIENT)) if state.value == "on" else _AMBIENT
        rate = _OVEN[0] if warmth < target else -_OVEN[1]
        state = _with(state, current_temperature=_approach(float(warmth), target, rate * minutes))
    left = state.attributes.get("remaining_min")
    if state.value != "on" or left is None:
        return state
    if left > minutes:
        return _with(state, remaining_min=left - minutes)
    ended = _with(state, remaining_min=None)
    return replace(ended, value="off", changed_at=since + timedelta(minutes=left))


def _robot(state: State, since: datetime, now: datetime) -> State:
    while since < now:
        left = state.attributes.get("remaining_min")
        busy = state.value in {"cleaning", "mowing", "returning"} and left is not None
        minutes = _minutes(since, now)
        spent = min(minutes, left) if busy and left is not None else minutes
        if (battery := state.attributes.get("battery")) is not None:
            state = _with(state, battery=min(100.0, max(0.0, battery + _WASTE.get(state.value, 0.0) * spent)))
        since += timedelta(minutes=spent)
        if not busy or left is None:
            return state
        if left > spent:
            return _with(state, remaining_min=left - spent)
        home = state.value == "returning"
        state = _with(state, remaining_min=None if home else _TRIP_MIN, area=None)
        state = replace(state, value="docked" if home else "returning", changed_at=since)
    return state
