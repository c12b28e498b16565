"""Parse deictic requests: a verb without a thing ("turn it off", "pause", "a bit less", "I'm cold").

A request is reduced to a verb, whose effect depends on the kind of thing. So each thing with a known state gives an
interpretation, and the situation chooses among them.

Limit: English; one verb per request.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

from uptake.text.lexicon import strip_fillers
from uptake.text.normalize import normalize
from uptake.text.patterns import regex
from uptake.types import Interpretation
from uptake.understanding.situation.semantic_fields import fields, stems

__all__ = ["Deixis", "apply_to", "kind_of", "parse_deixis"]

_IT = r"(?:it|that|this|them|those|these|everything)"
_DEGREE = r"(?:a (?:little|bit|tad|touch) |much |slightly |even )?"
_VALUE = r"(?P<value>\d{1,3}(?:[:.]\d+)?)(?: ?(?P<unit>percent|%|degrees?|°|o'clock|am|pm))?"

_STEP = {"up": "up", "louder": "up", "brighter": "up", "warmer": "up", "hotter": "up", "faster": "up"}
_STEP |= {"down": "down", "quieter": "down", "dimmer": "down", "cooler": "down", "colder": "down", "slower": "down"}
_LEVELS = {  # kind of thing -> intent, slot that says which way
    "media": ("HassSetVolumeRelative", "volume_step"),
    "light": ("HassLightSet", "direction"),
    "climate": ("HassClimateSetTemperature", "direction"),
    "oven": ("SetOvenTemperature", "direction"),
    "fan": ("HassFanSetSpeed", "direction"),
    "cover": ("HassSetPosition", "direction"),
    "screen": ("SetScreenBrightness", "direction"),
}
_STEPS_OF = {  # verbs that say what is to change
    **dict.fromkeys(("louder", "quieter"), ("media",)),
    **dict.fromkeys(("brighter", "dimmer"), ("light", "screen")),
    **dict.fromkeys(("faster", "slower"), ("fan",)),
    **dict.fromkeys(("warmer", "cooler"), ("climate",)),
    **dict.fromkeys(("hotter", "colder"), ("climate", "oven")),
    **dict.fromkeys(("up", "down"), tuple(kind for kind in _LEVELS if kind != "cover")),
}
_AMOUNTS = {  # intent -> slot, least and most, units it may be said in
    "HassClimateSetTemperature": ("temperature", 5, 35, ("degree", "degrees", "°")),
    "SetOvenTemperature": ("temperature", 50, 300, ("degree", "degrees", "°")),
    "HassSetVolume": ("volume_level", 0, 100, ("percent", "%")),
    "HassLightSet": ("brightness", 0, 100, ("percent", "%")),
    "HassFanSetSpeed": ("percentage", 0, 100, ("percent", "%")),
    "HassSetPosition": ("position", 0, 100, ("percent", "%")),
    "SetAlarm": ("at", 0, 24, ("o'clock", "am", "pm")),
}
_UNNAMED = frozenset({"SetAlarm", "IdentifyCaller", "DeleteAlarm", "DismissAlarm", "SnoozeAlarm"})
_CLOCK = regex(r"\d{1,2}:\d{2}")
_DOMAINS = {
    "light": "light", "climate": "climate", "cover": "cover", "valve": "cover", "lock": "lock", "vacuum": "vacuum",
    "media_player": "media", "lawn_mower": "mower", "fan": "fan", "sensor": "sensor", "binary_sensor": "sensor",
    "person": "sensor", "camera": "camera",
}  # fmt: skip


_STRONG = (  # states that only things of one kind have
    ("security", frozenset({"armed", "disarmed"})),
    ("lock", frozenset({"locked", "unlocked", "jammed"})),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deixis:
    """Verb of a request that names no thing."""

    verb: str
    """The verb: "off", "louder", "value"."""
    points: bool
    """Whether it says it, that, them: what was just spoken of."""
    value: str | None = None
    """The number it says, where the verb is "value"."""
    unit: str | None = None
    """The unit of that number, where it was said."""


class _Tables(NamedTuple):
    verbs: tuple[tuple[str, re.Pattern[str]], ...]
    does: Mapping[str, Mapping[str, str]]
    """Verb -> kind of thing -> intent; "*" for all other kinds."""
    kinds: tuple[tuple[str, frozenset[str]], ...]


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    content = tomllib.loads(resources.files("uptake.assistant").joinpath("deixis.toml").read_text(encoding="utf-8"))
    verbs = tuple(
        (
            verb,
            regex(pattern.replace("IT", _IT).replace("DEGREE", _DEGREE).replace("VALUE", _VALUE)),
        )
        for verb, row in content["verbs"].items()
        for pattern in row
    )
    kinds = tuple((kind, frozenset(words.split())) for kind, words in content["kinds"].items())
    return _Tables(verbs, content["does"], kinds)


@lru_cache(maxsize=1_024)
def parse_deixis(text: str) -> Deixis | None:
    """Parse the verb of a request that names no thing; None where it is no such request.

    >>> parse_deixis("could you turn it off please")
    Deixis(verb='off', points=True, value=None, unit=None)
    """
    words = strip_fillers(normalize(text))
    words = re.sub(r"^(?:(?:can|could|would|will) you|please|ok|okay|hey|now|just|and) +", "", words)
    words = re.sub(r" +(?:please|now|again|for me|thanks)$", "", words)
    for verb, pattern in _tables().verbs:
        match = pattern.fullmatch(words)
        if match:
            points = bool(re.search(rf"\b{_IT}\b(?!')", words)) and verb not in ("warmer", "cooler")
            said = match.groupdict()
            return Deixis(verb=verb, points=points, value=said.get("value"), unit=said.get("unit"))
    return None


@lru_cache(maxsize=2_048)
def kind_of(name: str, state: str, domain: str | None = None, device_class: str | None = None) -> str:
    """Return the kind of a thing, from its domain where known, else from its name and its state.

    >>> kind_of("Pasta Timer", "running"), kind_of("Rover", "docked"), kind_of("Hall Lamp", "on, 40 %")
    ('timer', 'vacuum', 'light')
    """
    if domain in _DOMAINS:
        return "doorbell" if device_class == "doorbell" else _DOMAINS[domain]
    named, said = set(normalize(name).split()), set(normalize(state).split())
    for kind, row in _STRONG:
        if said & row:
            return kind
    for kind, row in _tables().kinds:
        if named & row:
            return kind
    for kind, row in _tables().kinds:
        if said & row:
            return kind
    about = fields().of(stems(name))
    return next((kind for kind in ("light", "climate", "fan") if kind in about), "device")


def apply_to(deixis: Deixis, name: str, state: str, kind: str) -> Interpretation | None:
    """Read a deictic request as said of one thing; None where the verb makes no sense for its kind."""
    verb = deixis.verb
    if verb in _STEP:
        if kind not in _STEPS_OF[verb]:
            return None
        intent, slot = _LEVELS[kind]
        return Interpretation(intent=intent, slots=(("name", name), (slot, _STEP[verb])))
    row = _tables().does[verb]
    wanted_intent = row.get(kind) or (row.get("*") if kind not in ("sensor", "phone", "message") else None)
    if wanted_intent is None:
        return None
    if deixis.value is not None:
        return _amount(wanted_intent, name, deixis.value, deixis.unit)
    if wanted_intent == "DismissAlarm" and "ringing" not in state:
        wanted_intent = "DeleteAlarm"
    return Interpretation(intent=wanted_intent, slots=_slots(wanted_intent, name, state, verb))


def _amount(intent: str, name: str, value: str, unit: str | None) -> Interpretation | None:
    """Read a request that sets a number, where the number can be meant so."""
    slot, least, most, units = _AMOUNTS[intent]
    number = float(value.replace(":", "."))
    if not least <= number <= most or (unit is not None and unit not in units):
        return None
    if slot == "at":
        hour, _, minute = value.partition(":")
        late = 12 if unit == "pm" and int(hour) < 12 else 0
        return Interpretation(
            intent=intent, slots=(("at", f"{int(hour.partition('.')[0]) + late:02d}:{minute or '00'}"),)
        )
    return Interpretation(intent=intent, slots=(("name", name), (slot, value)))


def _slots(intent: str, name: str, state: str, verb: str) -> tuple[tuple[str, str], ...]:
    if intent in _UNNAMED:
        clock = _CLOCK.search(state)
        return (("at", clock[0]),) if clock else ()
    if intent.endswith("Timer") or intent == "HassTimerStatus":
        called = re.sub(r"(?i)\s*timer$", "", name)
        return (("name", called),) if called else ()
    if intent == "IdentifyMedia" and verb == "who":
        return (("name", name), ("field", "artist"))
    return (("name", name),)
