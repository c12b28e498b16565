"""Word the questions of the assistant."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from uptake.assistant.entities.kinds import kind_of
from uptake.assistant.entities.matching import core
from uptake.assistant.entities.resolution import Problem, Resolution
from uptake.assistant.entities.rules import domains_of
from uptake.assistant.entities.titles import words_for
from uptake.assistant.home.model import Device
from uptake.assistant.phrases.saying import say_list
from uptake.assistant.skills.naming import place, the, upper
from uptake.assistant.skills.skill import Intent
from uptake.types import Interpretation

__all__ = ["FEEDBACK", "confirmation", "did_you_mean", "question"]

FEEDBACK = "Did I get that right?"
"""The question of `AskPolicy`."""

_MOST = 3  # devices that are named one by one
_LONGEST = 40  # characters of a name that are said back
_PROMPTS: Mapping[str, str] = MappingProxyType(
    {
        "name": "Which one?",
        "area": "In which room?",
        "floor": "On which floor?",
        "duration": "For how long?",
        "minutes": "For how long?",
        "temperature": "To how many degrees?",
        "brightness": "How bright, in percent?",
        "position": "How far, in percent?",
        "percentage": "To how many percent?",
        "volume_level": "How loud, in percent?",
        "color": "Which colour?",
        "item": "Which item?",
        "search_query": "What would you like to hear or see?",
        "place": "Which place?",
        "person": "Whom?",
        "at": "For when?",
        "date": "Which day?",
        "text": "What shall it say?",
    }
)
_CANNOT: Mapping[str, str] = MappingProxyType(
    {
        "brightness": "cannot be dimmed",
        "direction": "cannot be set higher or lower",
        "color": "cannot change its colour",
        "temperature": "has no temperature to set",
        "position": "can only be opened or closed",
        "percentage": "has no speed to set",
        "volume_level": "has no volume",
        "volume_step": "has no volume",
    }
)
_VERBS: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("HassTurnOn", "lock"): "lock",
        ("HassTurnOff", "lock"): "unlock",
        ("HassTurnOn", "cover"): "open",
        ("HassTurnOff", "cover"): "close",
        ("HassTurnOn", "valve"): "open",
        ("HassTurnOff", "valve"): "close",
        ("HassTurnOn", "scene"): "set the scene",
        ("HassTurnOn", "script"): "run",
        ("HassTurnOn", ""): "turn on",
        ("HassTurnOff", ""): "turn off",
        ("HassToggle", ""): "switch",
        ("HassVacuumStart", ""): "start",
        ("HassVacuumReturnToBase", ""): "send home",
        ("HassLawnMowerStartMowing", ""): "start",
        ("HassLawnMowerDock", ""): "send home",
        ("HassMediaPause", ""): "pause",
        ("HassMediaUnpause", ""): "go on with",
        ("HassMediaPlayerMute", ""): "mute",
        ("HassMediaPlayerUnmute", ""): "unmute",
        ("HassMediaNext", ""): "skip on with",
        ("HassMediaPrevious", ""): "go back with",
        ("HassGetState", ""): "look at",
        ("HassClimateGetTemperature", ""): "look at",
        ("ShowCamera", ""): "show",
        ("StopCover", ""): "stop",
        ("PauseVacuum", ""): "pause",
    }
)
_SETS: Mapping[str, str] = MappingProxyType(
    {
        "brightness": "set {what} to {value} percent",
        "color": "make {what} {value}",
        "position": "set {what} to {value} percent",
        "percentage": "set {what} to {value} percent",
        "volume_level": "set the volume of {what} to {value} percent",
        "temperature": "set {what} to {value} degrees",
    }
)
_NOUNS: Mapping[str, str] = MappingProxyType(
    {
        "light": "light",
        "climate": "thermostat",
        "cover": "blind or door",
        "fan": "fan",
        "media_player": "player",
        "vacuum": "vacuum",
        "lawn_mower": "mower",
        "camera": "camera",
    }
)
_STEPS = ("direction", "volume_step", "temperature_direction")
_DEEDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "HassListAddItem": ("item", "put {} on the list"),
        "HassListRemoveItem": ("item", "take {} off the list"),
        "ClearList": ("name", "clear the {} list"),
        "DeleteList": ("name", "delete the {} list"),
        "SetAlarm": ("at", "set an alarm for {}"),
        "DeleteAlarm": ("at", "delete the alarm for {}"),
        "SetReminder": ("text", "remind you: {}"),
        "HassStartTimer": ("minutes", "set a timer for {} minutes"),
        "HassCancelTimer": ("name", "cancel the {} timer"),
        "HassMediaSearchAndPlay": ("search_query", "play {}"),
        "CallContact": ("person", "call {}"),
    }
)


def confirmation(resolution: Resolution) -> str:
    """Word the question before something critical, or something unsure, is done.

    >>> reading = Interpretation(intent="HassMediaSearchAndPlay", slots=(("search_query", "Dune"),))
    >>> confirmation(Resolution(interpretation=reading))
    'Shall I play Dune?'
    """
    reading = resolution.interpretation
    if resolution.targets and reading.intent not in _DEEDS:
        return f"Shall I {_to_devices(reading, resolution.targets)}?"
    slot, deed = _DEEDS.get(reading.intent, ("", ""))
    value = _value(reading, slot)
    return f"Shall I {deed.format(_short(value))}?" if value else "Shall I go ahead?"


def did_you_mean(text: str) -> str:
    """Word the question before another request is taken for the one that was heard.

    >>> did_you_mean("play imagine dragons")
    'Did you mean: play imagine dragons?'
    """
    return f"Did you mean: {text}?"


def question(problem: Problem, interpretation: Interpretation, intent: Intent | None = None) -> str:
    """Word what to ask, or to say, where a reading could not be resolved.

    Args:
        problem: What stands in the way.
        interpretation: The reading.
        intent: The intent, for its own prompts.
    """
    if problem.kind == "missing":
        return _missing(problem.slot, interpretation, intent)
    if problem.kind == "ambiguous":
        return _which(problem)
    return " ".join(filter(None, (_unknown(problem, interpretation), _offer(problem))))


def _to_devices(reading: Interpretation, targets: tuple[Device, ...]) -> str:
    what = _called(targets, reading)
    for slot, wording in _SETS.items():
        value = _value(reading, slot)
        if value:
            return wording.format(what=what, value=_short(value))
    way = next((value for slot in _STEPS if (value := _value(reading, slot))), None)
    if way in ("up", "down"):
        verb = {"up": "brighten", "down": "dim"}[way] if reading.intent == "HassLightSet" else None
        return f"{verb} {what}" if verb else f"turn {what} {way}"
    verb = _VERBS.get((reading.intent, targets[0].domain)) or _VERBS.get((reading.intent, ""))
    return f"{verb} {what}" if verb else f"do that with {what}"


def _called(targets: tuple[Device, ...], reading: Interpretation) -> str:
    if len(targets) > _MOST:
        return f"all {len(targets)} of them"
    area = _value(reading, "area") if len(targets) == 1 else None
    named = say_list([the(device.name) for device in targets])
    is_told = area is None or area.casefold() in targets[0].name.casefold()
    return named if is_told else f"{named} {place(area)}"


def _missing(slot: str, interpretation: Interpretation, intent: Intent | None) -> str:
    prompt = next((each.prompt for each in intent.slots if each.name == slot), None) if intent is not None else None
    if prompt:
        return prompt
    if slot == "name" and (verb := _VERBS.get((interpretation.intent, ""))):
        return f"What shall I {verb}?"
    return _PROMPTS.get(slot, "Can you tell me more?")


def _which(problem: Problem) -> str:
    if problem.slot == "media_class":
        classes = [(words_for(name) or (name.replace("_", " "),))[0] for name in problem.options]
        return f"{upper(say_list([f'the {name}' for name in classes], 'or'))}?"
    names = [the(name) for name in problem.options]
    if problem.slot in ("area", "floor"):
        return f"{_PROMPTS[problem.slot].removesuffix('?')}: {say_list(names, 'or')}?"
    if len(names) == 2:
        return f"{upper(say_list(names, 'or'))}?"
    return f"Which one: {say_list(names, 'or')}?" if names else "Which one?"


def _unknown(problem: Problem, interpretation: Interpretation) -> str:
    said, area = _value(interpretation, problem.slot), _value(interpretation, "area") or _value(interpretation, "floor")
    if problem.slot in _CANNOT:
        name = _value(interpretation, "name")
        return f"{upper(the(_short(name))) if name else 'That'} {_CANNOT[problem.slot]}."
    if problem.slot in ("area", "floor"):
        return f"I know no place called {_short(said)}." if said else "I do not know where you mean."
    if problem.slot == "domain" or (said is not None and area is not None):
        what = _value(interpretation, "name") or (said or "").replace("_", " ") or _noun(interpretation)
        kind = kind_of(what)
        noun = _short(core(what)) if kind is None or not kind.is_plural else core(what)
        return f"I found no {noun}{f' {place(area)}' if area else ''}."
    return f"I know nothing called {_short(core(said))}." if said else "I do not know what you mean."


def _noun(interpretation: Interpretation) -> str:
    """Name the subject of an intent in one word."""
    domains = domains_of(interpretation.intent, frozenset())
    return next((_NOUNS[domain] for domain in sorted(domains) if domain in _NOUNS and len(domains) < 3), "such thing")


def _offer(problem: Problem) -> str:
    names = [the(name) for name in problem.options]
    if not names:
        return ""
    if problem.slot == "domain":
        return f"There {'is one' if len(names) == 1 else 'are some'} in {say_list(names, 'and')}. {_or(names)}"
    return f"Did you mean {say_list(names, 'or')}?"


def _or(names: list[str]) -> str:
    return "Shall I take that?" if len(names) == 1 else "Which room?"


def _value(reading: Interpretation, slot: str) -> str | None:
    return next((value for name, value in reading.slots if name == slot and value.strip()), None)


def _short(value: str | None) -> str:
    value = value or ""
    return value if len(value) <= _LONGEST else f"{value[:_LONGEST].rstrip()} …"
