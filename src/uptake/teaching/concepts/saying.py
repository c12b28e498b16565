"""Word the assistant's answers in teaching dialogues."""

from __future__ import annotations

from collections.abc import Sequence

from uptake.teaching.concepts.artifact import Concept
from uptake.teaching.concepts.deeds import PLACES
from uptake.types import Interpretation

__all__ = ["described", "listed", "meaning", "offer", "shown"]

_VERBS = {
    "HassTurnOn": "{} on", "HassTurnOff": "{} off", "HassVacuumStart": "start {}",
    "HassVacuumReturnToBase": "send {} home",
    "HassMediaPlayerMute": "mute {}", "HassMediaPlayerUnmute": "unmute {}", "HassMediaPause": "pause {}",
}  # fmt: skip
_VALUES = {
    "brightness": "{} percent", "position": "{} percent open", "volume_level": "volume {}", "percentage": "{} percent",
    "humidity": "{} percent", "color": "{}", "search_query": "play {}", "minutes": "{} minutes",
    "seconds": "{} seconds",
    "hours": "{} hours", "media_class": "",
}  # fmt: skip
_MOST = 12


def offer(phrase: str, slot_type: str) -> str:
    """Word the question for the meaning of some words.

    >>> offer("study mode", "scene")
    'I do not know study mode yet. What is study mode? You can teach me.'
    """
    ask = f"What does {phrase} stand for?" if slot_type in ("entity", "area") else f"What is {phrase}?"
    return f"I do not know {phrase} yet. {ask} You can teach me."


def described(deeds: Sequence[Interpretation]) -> str:
    """Word what is to be done.

    >>> described([Interpretation(intent="HassLightSet", slots=(("name", "Lamp"), ("brightness", "40")))])
    'Lamp: 40 percent'
    """
    return "; ".join(_deed(deed) for deed in deeds[:_MOST])


def _deed(deed: Interpretation) -> str:
    what = _where(deed)
    if deed.intent in _VERBS:
        return _VERBS[deed.intent].format(what or "everything")
    said = [_value(deed, slot, value) for slot, value in deed.slots if slot not in PLACES]
    values = ", ".join(one for one in said if one)
    if deed.intent == "HassStartTimer":
        return f"a timer of {values}"
    return f"{what}: {values}" if what else values


def _value(deed: Interpretation, slot: str, value: str) -> str:
    if slot == "temperature":
        return f"{value} degrees" if deed.intent == "HassClimateSetTemperature" else _white(value)
    return _VALUES.get(slot, f"{slot} {{}}").format(value)


def _white(kelvin: str) -> str:
    return {"2700": "warm white", "6500": "daylight white"}.get(kelvin, f"{kelvin} kelvin")


def _where(deed: Interpretation) -> str:
    names = [value for slot, value in deed.slots if slot == "name"]
    area = next((value for slot, value in deed.slots if slot == "area"), None)
    domain = next((value for slot, value in deed.slots if slot == "domain"), None)
    kind = {"media_player": "players", "cover": "blinds", "climate": "heating", "switch": "switches"}.get(
        domain or "", f"{domain}s"
    )
    if names and names != ["all"]:
        return " and ".join(names)
    if domain is not None:
        return f"{kind} in {area}" if area else f"all {kind}"
    return f"everything in {area}" if area else ("everything" if names else "")


def meaning(concept: Concept) -> str:
    """Word the meaning of a concept."""
    return concept.alias_of if concept.alias_of is not None else described(concept.deeds)


def shown(concept: Concept) -> str:
    """Word a concept and its meaning."""
    return f"{concept.phrase} is {meaning(concept)}."


def listed(concepts: Sequence[Concept]) -> str:
    """Word a list of concepts.

    >>> listed([])
    'You have not taught me anything yet.'
    """
    if not concepts:
        return "You have not taught me anything yet."
    more = f" And {len(concepts) - _MOST} more." if len(concepts) > _MOST else ""
    return "You taught me: " + " ".join(shown(one) for one in concepts[:_MOST]) + more
