"""Describe the state of a device in plain words: "on, 180 °C", "heating, 18 °C", "playing: So What"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from uptake.assistant.home.model import Device, State

__all__ = ["heading", "number", "plain", "word"]

_WORDS = {
    **dict.fromkeys(("door", "window", "garage_door", "opening"), ("closed", "open")),
    "lock": ("locked", "unlocked"),
    "motion": ("clear", "motion detected"),
    "occupancy": ("empty", "occupied"),
    "presence": ("away", "present"),
    "smoke": ("clear", "smoke detected"),
    "gas": ("clear", "gas detected"),
    "carbon_monoxide": ("clear", "carbon monoxide detected"),
    "moisture": ("dry", "wet"),
    "battery": ("normal", "low"),
    "battery_charging": ("not charging", "charging"),
    "connectivity": ("disconnected", "connected"),
    "problem": ("fine", "a problem"),
    "safety": ("safe", "unsafe"),
    "vibration": ("still", "vibrating"),
    "sound": ("quiet", "sound detected"),
    "light": ("dark", "light"),
    "cold": ("not cold", "cold"),
    "heat": ("not hot", "hot"),
    "plug": ("unplugged", "plugged in"),
    "running": ("not running", "running"),
    "update": ("up to date", "an update available"),
    "tamper": ("clear", "tampering detected"),
}
_CALLED = {"not_home": "away", "heat_cool": "auto", "fan_only": "fan only", "unavailable": "not reachable"}


def plain(device: Device, state: State) -> str:
    """Return the state in plain words; "" for what has none (scenes, scripts, buttons).

    >>> plain(Device(entity_id="switch.oven", name="Oven"), State(value="on", attributes={"temperature": 180}))
    'on, 180 °C'
    """
    if device.domain in {"scene", "script", "button"}:
        return ""
    if state.value in {"unavailable", "unknown"}:
        return word(device, state.value)
    if device.domain == "sensor":
        return _measured(state)
    first = heading(state) if device.domain == "climate" else word(device, state.value)
    return ", ".join([first + _title(state), *_facts(device, state)])


def word(device: Device, value: str) -> str:
    """Return a state value as people say it: an open window is "on" to a binary sensor, and "open" to people."""
    if device.domain == "binary_sensor" and value in {"on", "off"}:
        return _WORDS.get(device.device_class or "", ("off", "on"))[value == "on"]
    return _CALLED.get(value, value.replace("_", " "))


def heading(state: State) -> str:
    """Return what a thermostat does: "heating", "cooling", "idle", "off"."""
    warmth, target = state.attributes.get("current_temperature"), state.attributes.get("temperature")
    if state.value in {"heat", "cool", "auto", "heat_cool"} and warmth is not None and target is not None:
        if warmth < target and state.value != "cool":
            return "heating"
        if warmth > target and state.value != "heat":
            return "cooling"
        return "idle"
    return _CALLED.get(state.value, state.value)


def number(value: float, digits: int = 1) -> str:
    """Format a number without needless zeros.

    >>> number(21.0), number(21.54)
    ('21', '21.5')
    """
    return f"{round(float(value), digits) + 0:.{digits}f}".rstrip("0").rstrip(".") if digits else f"{round(value)}"


def _measured(state: State) -> str:
    unit = state.attributes.get("unit")
    try:
        value = number(float(state.value), 1 if abs(float(state.value)) >= 1 else 2)
    except ValueError:
        value = state.value
    return value if unit is None else f"{value} {unit}"


def _title(state: State) -> str:
    title = state.attributes.get("title")
    if title is None or state.value not in {"playing", "paused"}:
        return ""
    artist = state.attributes.get("artist")
    return f": {title} by {artist}" if artist and artist != title else f": {title}"


def _facts(device: Device, state: State) -> list[str]:
    attributes = state.attributes
    facts = []
    if device.domain == "climate":
        if "current_temperature" in attributes:
            facts.append(f"{number(attributes['current_temperature'])} °C")
        if state.value != "off" and "temperature" in attributes:
            facts.append(f"set to {number(attributes['temperature'])} °C")
    if device.domain == "switch" and state.value == "on":
        if "temperature" in attributes:
            facts.append(f"{number(attributes['temperature'])} °C")
        if "remaining_min" in attributes:
            facts.append(f"{number(attributes['remaining_min'], 0)} minutes left")
    if device.domain == "light" and state.value == "on":
        facts.extend(_light(attributes))
    if device.domain == "fan" and state.value == "on" and "percentage" in attributes:
        facts.append(f"{number(attributes['percentage'])} %")
    if device.domain in {"cover", "valve"} and 0 < attributes.get("position", 0) < 100:
        facts.append(f"{number(attributes['position'])} %")
    if device.domain == "media_player" and state.value in {"playing", "paused"} and "volume" in attributes:
        facts.append("muted" if attributes.get("muted") else f"volume {number(attributes['volume'], 0)}")
    if device.domain in {"vacuum", "lawn_mower"} and "battery" in attributes:
        full = state.value == "docked" and attributes["battery"] >= 95
        facts.append("charged" if full else f"battery {number(attributes['battery'], 0)} %")
    return facts


def _light(told: Mapping[str, Any]) -> list[str]:
    facts = [f"{number(told['brightness'], 0)} %"] if "brightness" in told else []
    if "color" in told:
        facts.append(str(told["color"]))
    elif "color_temperature" in told:
        facts.append(f"{number(told['color_temperature'], 0)} K")
    return facts
