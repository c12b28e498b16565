"""Compare two readings by what the assistant would do in a case.

Two readings are the same where the intent is, and the devices, the time, the list, the timer and the title that the
skills would take. So "the blind in this room" is the nursery blind where it is the only one, and "half past six" at
22:50 is 06:30; all locks are not the one lock that was meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC
from typing import Any

from uptake.assistant.context.deixis import kind_of
from uptake.assistant.entities import Resolver
from uptake.assistant.entities.search import HOME_SLOTS
from uptake.assistant.phrases.moments import read_moment
from uptake.lab.simulate.situations.cases import Case
from uptake.text.normalize import normalize
from uptake.types import Interpretation

__all__ = ["Comparison", "same"]

_SENSES = frozenset({"direction", "volume_step", "temperature_direction"})
_FREE_SLOTS = frozenset(
    {"domain", "device_class", "area", "response", "floor"}
)  # said beside the name, they tell nothing
_PLAY = "HassMediaSearchAndPlay"
_OF_AN_ALARM = frozenset({"DeleteAlarm", "DismissAlarm"})
_CLOCK = re.compile(r"\d{1,2}:\d{2}")
_WARMTH = "HassClimateGetTemperature"
_OTHER_NAMES = {"day": "date"}  # slots that the cases call otherwise


def same(expected: Interpretation, found: Interpretation) -> bool:
    """Tell whether a reading is the one expected: its intent and its slots; of a step only the sense counts.

    What tells nothing beside the name, and the player that something is played on, may be added.
    """
    expected, found = _named_alike(expected), _named_alike(found)
    free = _FREE_SLOTS | ({"name"} if found.intent == _PLAY else set())
    wanted, said = _slots(expected), _slots(found)
    return expected.intent == found.intent and wanted == {
        name: value for name, value in said.items() if name not in free or name in wanted
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Comparison of readings in one case."""

    case: Case
    """The case."""
    resolver: Resolver
    """Knows the names of its home."""

    def same(self, expected: Interpretation, found: Interpretation) -> bool:
        """Tell whether a reading would do what the expected one does."""
        if expected.intent == _PLAY == found.intent:
            ways = self.resolver.readings(expected, self.case.situation)
            return any(same(way, found) for way in (expected, *map(_unplaced, ways)))
        return same(self._settled(_named_alike(expected), None), self._settled(_named_alike(found), self.case.text))

    def _settled(self, reading: Interpretation, text: str | None) -> Interpretation:
        """Return a reading with the devices, the time and the timer that the skills would take."""
        slots = tuple((slot, self._value(reading.intent, slot, value)) for slot, value in reading.slots)
        reading = replace(reading, slots=slots)
        if self.resolver.is_about_devices(reading.intent):
            return self._on_devices(reading, text)
        only = self._only_one(reading.intent)
        return reading if only is None or only[0] in dict(slots) else replace(reading, slots=(*slots, only))

    def _only_one(self, intent: str) -> tuple[str, str] | None:
        """Return the slot of the only timer, or of the only alarm, that there is: a skill takes it unnamed."""
        kind, slot = ("timer", "name") if "Timer" in intent else ("alarm", "at")
        if kind == "alarm" and intent not in _OF_AN_ALARM:
            return None
        there = [one for one in self.case.situation.states if kind_of(*one) == kind]
        if len(there) != 1:
            return None
        clock = _CLOCK.search(there[0][1])
        value = re.sub(r"(?i)\s*timer$", "", there[0][0]) if kind == "timer" else clock[0] if clock else ""
        return (slot, value) if value else None

    def _on_devices(self, reading: Interpretation, text: str | None) -> Interpretation:
        found = self.resolver.resolve(reading, self.case.situation, text=text)
        if found.problem is not None or not found.targets:
            return reading
        targets = " ".join(sorted(device.entity_id for device in found.targets))
        if reading.intent == _WARMTH and all(device.domain != "climate" for device in found.targets):
            reading = replace(reading, intent="HassGetState")  # the state of an oven tells how hot it is
        rest = tuple(pair for pair in reading.slots if pair[0] not in HOME_SLOTS)
        return replace(reading, slots=(*rest, ("targets", targets)))

    def _value(self, intent: str, slot: str, value: str) -> str:
        local = self.case.situation.local
        if slot != "at" or local is None:
            return value
        now = local.replace(tzinfo=UTC)
        spoken = read_moment(value, now)
        moment = spoken.moment(now, waking="Alarm" in intent) if spoken is not None else None
        return f"{moment.at:%H:%M}" if moment is not None and moment.at is not None else value


def _unplaced(reading: Interpretation) -> Interpretation:
    """Return a reading without the player that it is played on."""
    return replace(reading, slots=tuple(pair for pair in reading.slots if pair[0] not in HOME_SLOTS))


def _named_alike(reading: Interpretation) -> Interpretation:
    """Return a reading with the names of intents and slots that the cases have."""
    slots = tuple((_OTHER_NAMES.get(slot, slot), value) for slot, value in reading.slots)
    if reading.intent.startswith("HassShoppingList"):
        intent = reading.intent.replace("ShoppingList", "List")
        return replace(reading, intent=intent, slots=(*slots, ("name", "shopping list")))
    return replace(reading, slots=slots)


def _slots(reading: Interpretation) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in reading.slots:
        if name in _SENSES:
            found[name] = "down" if value.startswith(("-", "down")) else "up"
        elif name == "at":
            found[name] = _clock(value)
        else:
            found[name] = re.sub(r"^the | list$", "", value.casefold().strip())
    return found


def _clock(value: str) -> str:
    """Return a time of day as HH:MM, where it is one."""
    said = re.fullmatch(r"(\d{1,2})(?::(\d\d))?(?: o'clock)?", normalize(value))
    return f"{int(said[1]):02d}:{said[2] or '00'}" if said else value.casefold()
