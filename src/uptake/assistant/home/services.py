"""Services of virtual devices: they compute the new state from the old state, the service and the data.

The services and their data are Home Assistant's, except `switch.set_temperature` (an oven, a kettle) and the step of
`light.turn_on` in percent. A problem is a predicate ("cannot change its colour"), so that it can be spoken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from uptake.assistant.home.model import Device, State
from uptake.errors import DeviceFailed

__all__ = ["COLORS", "serve"]

COLORS = tuple("white black red orange yellow green blue purple brown pink turquoise violet cyan gold".split())
"""Colours a lamp knows."""

_Data = Mapping[str, Any]
_Change = tuple[str, dict[str, Any]]
"""(new state, attributes that change; None drops one)."""

_AMBIENT = 20.0
_DISHES = {"coffee_maker": 6, "kettle": 4, "dishwasher": 110, "washing_machine": 95, "dryer": 120, "toaster": 3}


_SIMPLE: Mapping[str, Mapping[str, str]] = {
    "input_boolean": {"turn_on": "on", "turn_off": "off"},
    "lock": {"lock": "locked", "unlock": "unlocked"},
    "camera": {"play_stream": "streaming", "stop_stream": "idle"},
}
"""The state after each service, of devices that have no more to them."""


def serve(device: Device, state: State, verb: str, data: _Data) -> State:
    """Return the state after a service.

    Raises:
        DeviceFailed: The device does not know the service, or cannot do what `data` asks.
    """
    if value := _SIMPLE.get(device.domain, {}).get(verb):
        change: _Change = (value, {})
    elif device.domain in _SERVICES:
        change = _SERVICES[device.domain](device, state, verb, data)
    else:
        raise _unknown(device)
    attributes = {**state.attributes, **change[1]}
    return State(
        value=change[0],
        attributes={name: value for name, value in attributes.items() if value is not None},
        changed_at=state.changed_at,
    )


def _unknown(device: Device) -> DeviceFailed:
    return DeviceFailed("cannot do that", entity_id=device.entity_id)


def _no(device: Device, problem: str) -> DeviceFailed:
    return DeviceFailed(problem, entity_id=device.entity_id)


_SAID = {
    "brightness_pct": "a brightness",
    "color_temp_kelvin": "a colour temperature",
    "percentage": "a speed",
    "position": "a position",
    "volume_level": "a volume",
}


def _number(device: Device, data: _Data, name: str, low: float, high: float) -> float:
    value = data.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _no(device, f"needs a number for {name}")
    if not low <= value <= high:
        does = f"takes {_SAID[name]}" if name in _SAID else "goes"
        raise _no(device, f"{does} from {low:g} to {high:g} only")
    return float(value)


def _able(device: Device, feature: str, problem: str) -> None:
    if feature not in device.features:
        raise _no(device, problem)


def _switched(state: State, verb: str) -> str | None:
    if verb == "toggle":
        return "off" if state.value == "on" else "on"
    return {"turn_on": "on", "turn_off": "off"}.get(verb)


def _light(device: Device, state: State, verb: str, data: _Data) -> _Change:
    value = _switched(state, verb)
    if value is None:
        raise _unknown(device)
    if value == "off":
        return "off", {}
    changes: dict[str, Any] = {}
    level = float(state.attributes.get("brightness", 100))
    if "brightness_pct" in data or "brightness_step_pct" in data:
        _able(device, "brightness", "cannot be dimmed")
        if "brightness_pct" in data:
            level = _number(device, data, "brightness_pct", 0, 100)
        else:
            now = level if state.value == "on" else 0.0
            level = min(100.0, max(0.0, now + _number(device, data, "brightness_step_pct", -100, 100)))
    if "brightness" in device.features:
        changes["brightness"] = _tidy(level)
    if "color_name" in data:
        _able(device, "color", "cannot change its colour")
        if data["color_name"] not in COLORS:
            raise _no(device, "does not know that colour")
        changes.update(color=data["color_name"], color_temperature=None)
    if "color_temp_kelvin" in data:
        _able(device, "color_temperature", "cannot change its colour temperature")
        changes.update(color_temperature=_tidy(_number(device, data, "color_temp_kelvin", 1000, 10000)), color=None)
    if level == 0:
        return "off", {name: value for name, value in changes.items() if name != "brightness"}
    return "on", changes


def _switch(device: Device, state: State, verb: str, data: _Data) -> _Change:
    if verb == "set_temperature":
        _able(device, "temperature", "cannot be set to a temperature")
        warmth: dict[str, Any] = {"temperature": _tidy(_number(device, data, "temperature", 30, 300))}
        warmth["current_temperature"] = state.attributes.get("current_temperature", _AMBIENT)
        return "on", warmth
    value = _switched(state, verb)
    if value is None:
        raise _unknown(device)
    changes: dict[str, Any] = {}
    if "program" in device.features:
        usual = state.attributes.get("program_min", _DISHES.get(device.device_class or "", 60))
        left = state.attributes.get("remaining_min", usual) if state.value == "on" else usual
        changes["remaining_min"] = left if value == "on" else None
    if "temperature" in device.features and value == "on":
        changes["temperature"] = state.attributes.get("temperature", 180)
        changes["current_temperature"] = state.attributes.get("current_temperature", _AMBIENT)
    return value, changes


def _fan(device: Device, state: State, verb: str, data: _Data) -> _Change:
    if verb == "set_percentage" or (verb == "turn_on" and "percentage" in data):
        _able(device, "speed", "has one speed only")
        speed = _number(device, data, "percentage", 0, 100)
        return ("on", {"percentage": _tidy(speed)}) if speed else ("off", {})
    value = _switched(state, verb)
    if value is None:
        raise _unknown(device)
    return value, {}


def _climate(device: Device, state: State, verb: str, data: _Data) -> _Change:
    usual = "cool" if "cool" in device.features else "heat"  # who switches an air conditioner on wants it cooler
    if verb == "turn_off":
        return "off", {}
    if verb == "turn_on":
        return (usual if state.value == "off" else state.value), {}
    if verb == "set_temperature":
        low, high = state.attributes.get("min_temp", 5), state.attributes.get("max_temp", 32)
        wanted = _tidy(_number(device, data, "temperature", low, high))
        warms = "heat" in device.features and wanted >= state.attributes.get("current_temperature", wanted)
        return ("heat" if warms else usual) if state.value == "off" else state.value, {"temperature": wanted}
    if verb == "set_hvac_mode":
        mode = data.get("hvac_mode")
        if mode not in {"off", "auto", "heat_cool", usual, *(device.features & {"heat", "cool"})}:
            raise _no(device, "does not have that mode")
        return str(mode), {}
    if verb == "set_fan_mode":
        _able(device, "fan_mode", "has no fan mode")
        modes = state.attributes.get("fan_modes", ("auto", "low", "medium", "high"))
        if data.get("fan_mode") not in modes:
            raise _no(device, f"has the fan modes {', '.join(modes)} only")
        return state.value, {"fan_mode": data["fan_mode"]}
    raise _unknown(device)


def _cover(device: Device, state: State, verb: str, data: _Data) -> _Change:
    act, _, noun = verb.partition("_")
    if noun == device.domain and act in {"open", "close"}:
        position = 100.0 if act == "open" else 0.0
    elif noun == device.domain and act == "stop":
        still = {"opening": "open", "closing": "open"}.get(state.value, state.value)
        return still, {}
    elif verb == f"set_{device.domain}_position":
        position = _number(device, data, "position", 0, 100)
        if position not in {0.0, 100.0}:
            _able(device, "position", "can only be open or closed")
    else:
        raise _unknown(device)
    where = {"position": _tidy(position)} if "position" in device.features else {}
    return ("open" if position else "closed"), where


def _player(device: Device, state: State, verb: str, data: _Data) -> _Change:
    forget = dict.fromkeys(("title", "artist", "media_class", "track"))
    if verb == "turn_on":
        return ("idle" if state.value in {"off", "standby"} else state.value), {}
    if verb in {"turn_off", "media_stop"}:
        return ("off" if verb == "turn_off" else "idle"), forget
    if verb == "play_media":
        fields = {name: data.get(name) for name in ("title", "artist", "media_class")}
        return "playing", {**forget, **fields, "track": 1}
    if verb == "volume_set":
        return state.value, {
            "volume": _tidy(round(100 * _number(device, data, "volume_level", 0, 1), 1)),
            "muted": None,
        }
    if verb == "volume_mute":
        return state.value, {"muted": True if data.get("is_volume_muted", True) else None}
    return _played(device, state, verb)


def _played(device: Device, state: State, verb: str) -> _Change:
    """Return what changes on a player that plays already."""
    steps = {"media_play": 0, "media_pause": 0, "media_next_track": 1, "media_previous_track": -1}
    if verb not in steps:
        raise _unknown(device)
    if state.value not in {"playing", "paused"}:
        raise _no(device, "is not playing anything")
    track = max(1, state.attributes.get("track", 1) + steps[verb])
    return ("paused" if verb == "media_pause" else "playing"), {"track": track}


def _robot(device: Device, state: State, verb: str, data: _Data) -> _Change:
    busy = "cleaning" if device.domain == "vacuum" else "mowing"
    if verb in {"start", "turn_on", "start_mowing", "clean_area"}:
        left = state.attributes.get("remaining_min") if state.value in {"paused", busy} else None
        area = data.get("area") if verb == "clean_area" else (state.attributes.get("area") if left else None)
        minutes = 20 if verb == "clean_area" else 60
        return busy, {"remaining_min": left or minutes, "area": area}
    if verb == "pause":
        return ("paused" if state.value == busy else state.value), {}
    if verb in {"return_to_base", "dock", "turn_off", "stop"}:
        return ("docked", {}) if state.value == "docked" else ("returning", {"remaining_min": 2, "area": None})
    raise _unknown(device)


def _tidy(number: float) -> int | float:
    return int(number) if float(number).is_integer() else number


_SERVICES: Mapping[str, Callable[[Device, State, str, _Data], _Change]] = {
    "light": _light,
    "switch": _switch,
    "fan": _fan,
    "climate": _climate,
    "cover": _cover,
    "valve": _cover,
    "media_player": _player,
    "vacuum": _robot,
    "lawn_mower": _robot,
}
