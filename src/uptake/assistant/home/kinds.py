"""Kinds of devices of a virtual home: by domain, their states, features and attributes.

Attributes are in everyday units: brightness, position, speed, volume and battery in percent, temperatures in °C, colour
temperature in kelvin, programmes in minutes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite

__all__ = ["KINDS", "Kind", "fault"]

_ON_OFF = ("off", "on")

_EXPECTED = {
    "percentage": "a number from 0 to 100",
    "number": "a number",
    "text": "a text",
    "texts": "a list of texts",
    "truth": "true or false",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Kind of the devices of one domain."""

    states: tuple[str, ...] | None = _ON_OFF
    """Possible states, the usual one first; None where any text or number may stand."""
    features: tuple[str, ...] = ()
    """Possible features."""
    classes: tuple[str, ...] | None = ()
    """Finer kinds; None where any word may stand."""
    attributes: Mapping[str, str] = field(default_factory=dict)
    """Further facts by name, and what values they take."""


_COVERS = ("awning", "blind", "curtain", "damper", "door", "garage", "gate", "shade", "shutter", "window")
_PROGRAMME = {"program_min": "number", "remaining_min": "number"}

KINDS: Mapping[str, Kind] = {
    "light": Kind(
        features=("brightness", "color", "color_temperature"),
        attributes={"brightness": "percentage", "color": "text", "color_temperature": "number"},
    ),
    "switch": Kind(
        features=("temperature", "program"),
        classes=(
            "coffee_maker", "dishwasher", "dryer", "kettle", "outlet", "oven", "switch", "toaster", "washing_machine",
        ),
        attributes={"temperature": "number", "current_temperature": "number", **_PROGRAMME},
    ),
    "input_boolean": Kind(),
    "fan": Kind(features=("speed",), attributes={"percentage": "percentage"}),
    "climate": Kind(
        states=("off", "heat", "cool", "heat_cool", "auto", "dry", "fan_only"),
        features=("cool", "heat", "fan_mode"),
        attributes={
            "temperature": "number", "current_temperature": "number", "min_temp": "number", "max_temp": "number",
            "fan_mode": "text", "fan_modes": "texts",
        },
    ),
    "cover": Kind(
        states=("closed", "open", "opening", "closing"),
        features=("position",),
        classes=_COVERS,
        attributes={"position": "percentage"},
    ),
    "valve": Kind(
        states=("open", "closed"),
        features=("position",),
        classes=("gas", "water"),
        attributes={"position": "percentage"},
    ),
    "lock": Kind(states=("locked", "unlocked", "jammed")),
    "media_player": Kind(
        states=("off", "idle", "on", "playing", "paused", "standby"),
        features=("screen",),
        classes=("display", "receiver", "speaker", "tv"),
        attributes={
            "volume": "percentage", "muted": "truth", "title": "text", "artist": "text", "media_class": "text",
            "track": "number",
        },
    ),
    "vacuum": Kind(
        states=("docked", "cleaning", "paused", "returning", "idle", "error"),
        attributes={"battery": "percentage", "area": "text", "remaining_min": "number"},
    ),
    "lawn_mower": Kind(
        states=("docked", "mowing", "paused", "returning", "error"),
        attributes={"battery": "percentage", "remaining_min": "number"},
    ),
    "sensor": Kind(states=None, classes=None, attributes={"unit": "text"}),
    "binary_sensor": Kind(classes=None),
    "camera": Kind(states=("idle", "ringing", "streaming"), classes=("camera", "doorbell")),
    "person": Kind(states=None),
    "scene": Kind(states=None),
    "script": Kind(states=_ON_OFF),
    "button": Kind(states=None, classes=None),
}  # fmt: skip
"""Kinds, by domain."""


def fault(kind: str, value: object) -> str | None:
    """Return what was expected of an attribute: "a number from 0 to 100"; None where its value is right."""
    number = isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
    right = {
        "percentage": number and 0 <= value <= 100,  # type: ignore[operator]
        "number": number,
        "text": isinstance(value, str),
        "texts": isinstance(value, list | tuple) and all(isinstance(each, str) for each in value),
        "truth": isinstance(value, bool),
    }[kind]
    return None if right else _EXPECTED[kind]
