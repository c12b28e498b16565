"""Evaluate definitions in real users' trigger-action commands.

"Open the shades when it is above 13 degrees" has a trigger and a definition. The trigger is cut off by its wording; the
definition is interpreted in a home that has the device, and compared with the program that people checked. Commands
outside a home (post, tweet, read news) are counted as not understood, since there is no skill for them.

Limit: a home of one device each; the noun of a device is taken from the command, since the programs name kinds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from uptake.lab.corpora.files import lines
from uptake.teaching.concepts.deeds import Place
from uptake.teaching.concepts.definition import define
from uptake.teaching.concepts.house import House, Thing

__all__ = ["definition_of", "trigger_actions"]

_FILE = Path("almond_logs") / "dialogues.jsonl.gz"
_TRIGGERED = re.compile(r"\b(?:monitor|timer|attimer|ontimer)\(.*=> *@(?P<action>.+)$")
_ACTION = re.compile(
    r"org\.thingpedia\.(?:iot\.)?(?P<kind>[\w-]+)(?:\(name=\"(?P<name>[^\"]*)\"\))?\.(?P<what>set_\w+)\((?P<to>[^)]*)\)"
)
_KINDS = {
    "cover": ("cover", ("garage door", "gate", "window", "shades", "blinds", "curtains", "door")),
    "light-bulb": ("light", ("lights", "light", "lamp", "bulb")),
    "switch": ("switch", ("pump", "heater", "plug", "switch")),
    "fan": ("fan", ("fan",)),
    "vacuum": ("vacuum", ("vacuum",)),
    "climate": ("climate", ("thermostat", "air con", "heater", "heat", "ac")),
    "tv": ("media_player", ("tv",)),
    "volume-control": ("media_player", ("speaker", "speakers")),
    "lock": ("lock", ("lock", "door")),
}  # fmt: skip
_STATES = {"on": "HassTurnOn", "off": "HassTurnOff", "open": "HassTurnOn", "close": "HassTurnOff"}
_VACUUM = {"HassTurnOn": "HassVacuumStart", "HassTurnOff": "HassVacuumReturnToBase"}
_NUMBERS = {
    "set_volume": ("HassSetVolume", "volume_level"),
    "set_target_temperature": ("HassClimateSetTemperature", "temperature"),
    "set_brightness": ("HassLightSet", "brightness"),
}
_DO = r"(?:please )?(?:turn|switch|open|close|shut|set|lock|unlock|start|stop|dim|play|raise|lower|mute)\b"
_BEFORE = re.compile(
    rf"^(?:if|when|whenever|once|every time|as soon as|in|at|on|today|tomorrow)\b.*?(?:,| then|:| )\s*(?={_DO})",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r",? (?:if|when|whenever|once|every time|as soon as|unless|after|while|every (?:day|morning|evening|night)|"
    r"everyday|"
    r"(?:in|at) \d|(?:in|at) (?:an?|one|two|five|ten|half an) (?:hours?|minutes?|seconds?|o'clock)\b|"
    r"at (?:noon|night|midnight)).*$",
    re.IGNORECASE,
)


def trigger_actions(root: Path) -> dict[str, Any]:
    """Compute the figures of a root that has `almond_logs`; none where it has not."""
    if not (root / _FILE).exists():
        return {}
    commands = at_home = understood = 0
    for text, action in _commands(root / _FILE):
        commands += 1
        wanted = _wanted(action, text)
        if wanted is not None:
            at_home += 1
            understood += _is_understood(text, *wanted)
    return {
        "teach.trigger_actions": commands,
        "teach.trigger_actions_at_home": at_home,
        "teach.trigger_actions_understood": understood,
        "teach.trigger_definition_accuracy": understood / at_home if at_home else None,
    }


def definition_of(text: str) -> str:
    """Return what shall be done, without when.

    >>> definition_of("if smoke is detected open the kitchen window")
    'open the kitchen window'
    >>> definition_of("turn off the lights when I leave home")
    'turn off the lights'
    """
    return _AFTER.sub("", _BEFORE.sub("", text)).strip()


def _commands(path: Path) -> Iterator[tuple[str, str]]:
    for place in lines(path):
        for turn in place.record["turns"]:
            match = _TRIGGERED.search(turn.get("program") or "")
            if match is not None:
                yield turn["user"], match["action"]


def _wanted(action: str, text: str) -> tuple[Thing, str, tuple[tuple[str, str], ...]] | None:
    """Return (device, intent, value) of a program; None where it is about no device of a home."""
    match = _ACTION.match(action)
    known = _KINDS.get(match["kind"]) if match is not None else None
    if match is None or known is None:
        return None
    domain, nouns = known
    noun = next((one for one in nouns if re.search(rf"\b{one}s?\b", text, re.IGNORECASE)), nouns[0])
    name = f"{match['name']} {noun}" if match["name"] else noun
    thing = Thing(key=f"{domain}.x", name=name.title(), domain=domain)
    if match["what"] in _NUMBERS:
        intent, slot = _NUMBERS[match["what"]]
        number = re.search(r"\d+(?:\.\d+)?", match["to"])
        return (thing, intent, ((slot, number[0]),)) if number is not None else None
    state = re.search(r"enum (\w+)", match["to"])
    stated = _STATES.get(state[1]) if state is not None else None
    if stated is None:
        return None
    return thing, _VACUUM[stated] if domain == "vacuum" else stated, ()


def _is_understood(text: str, thing: Thing, intent: str, values: tuple[tuple[str, str], ...]) -> bool:
    """Tell whether the definition means this action on this device and nothing else."""
    deeds = define(definition_of(text), House(things=(thing,)), Place(), {}).deeds
    if len(deeds) != 1 or deeds[0].intent != intent:
        return False
    slots = dict(deeds[0].slots)
    reached = slots.pop("name", "all") in (thing.name, "all") and slots.pop("domain", thing.domain) == thing.domain
    return reached and slots == dict(values)
