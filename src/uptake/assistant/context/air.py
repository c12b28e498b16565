"""Say which thermostat is meant where nobody named one: that of the room, if the room has one.

"It's roasting in here" is about the air where it is said. The situation alone would choose a thermostat that is on,
in another room, before an air conditioner that is off in this one.

Limit: English.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from uptake.assistant.home.model import Device, Home
from uptake.assistant.hypotheses import Hypothesis
from uptake.text.normalize import normalize
from uptake.text.patterns import regex
from uptake.types import Situation

__all__ = ["of_the_room"]

_INTENT, _DOMAIN = "HassClimateSetTemperature", "climate"
_NAMES_ONE = regex(
    r"\b(?:heating|heat|heaters?|thermostats?|radiators?|boiler|temperature|temp|house|home|flat|everywhere|upstairs"
    r"|downstairs|rooms?)\b(?<!this room)(?<!the room)",
    re.IGNORECASE,
)
_HERE = regex(r"\b(?:here|this room)\b", re.IGNORECASE)


def of_the_room(found: Sequence[Hypothesis], text: str, situation: Situation, home: Home) -> tuple[Hypothesis, ...]:
    """Return readings, with the room's own thermostat in the place of another room's that nobody named.

    Args:
        found: Readings, best first, with what the situation made of them.
        text: The request.
        situation: Where it was said, and what was said before.
        home: The home.
    """
    best = found[0].interpretation if found else None
    room = situation.context.room
    if best is None or best.intent != _INTENT or room is None or _NAMES_ONE.search(text):
        return tuple(found)
    meant = dict(best.slots).get("name")
    own = _in_room(home, room)
    if meant is None or not own or any(device.name == meant for device in own) or _names(text, home):
        return tuple(found)
    if not _HERE.search(text) and any(_spoken(meant, one.request, one.response) for one in situation.recent):
        return tuple(found)
    slots = tuple((slot, own[0].name if slot == "name" else value) for slot, value in best.slots if slot != "area")
    first = replace(found[0], interpretation=replace(best, slots=slots))
    return first, *(each for each in found[1:] if each.interpretation.key != first.interpretation.key)


def _in_room(home: Home, room: str) -> list[Device]:
    areas = {area.area_id for area in home.areas if area.name.casefold() == room.casefold()}
    return [device for device in home.devices if device.domain == _DOMAIN and device.area_id in areas]


def _names(text: str, home: Home) -> bool:
    """Tell whether a text names a thermostat, or a place of the home."""
    said = f" {normalize(text)} "
    devices = [device for device in home.devices if device.domain == _DOMAIN]
    things = [name for device in devices for name in (device.name, *device.aliases)]
    rooms = [name for area in home.areas for name in (area.name, *area.aliases)]
    floors = [name for floor in home.floors for name in (floor.name, *floor.aliases)]
    return any(f" {normalize(name)} " in said for name in (*things, *rooms, *floors))


def _spoken(name: str, *texts: str | None) -> bool:
    return any(name.casefold() in text.casefold() for text in texts if text)
