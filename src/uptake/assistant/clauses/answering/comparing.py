"""Answer which of two places is warmer: "is it colder outside than in the bedroom", "is the study warmer than here".

Limit: English; two places that have a thermometer or a thermostat, or one of them and outside.
"""

from __future__ import annotations

import contextlib
import re

from uptake.assistant.clauses.compose import DirectAnswer
from uptake.assistant.clauses.words import without_courtesy
from uptake.assistant.components import Components
from uptake.assistant.home.model import Device
from uptake.assistant.home.plain import number
from uptake.assistant.phrases.numbers import in_digits
from uptake.assistant.skills.naming import place, the
from uptake.text.patterns import regex

__all__ = ["compared"]

_HOW = r"(?P<how>warmer|hotter|colder|cooler|chillier)"
_SHAPES = tuple(
    regex(shape, re.IGNORECASE)
    for shape in (
        rf"(?:is it|which(?: one| room| of them)?(?: is|'s)|where(?: is|'s) it|what(?: is|'s)) {_HOW}[,:]?"
        r" (?P<one>[\w' ]+?),? (?P<joint>or|than) (?P<other>[\w' ]+)",
        rf"is (?P<one>[\w' ]+?) (?:any |a bit |much )?{_HOW} (?P<joint>than) (?P<other>[\w' ]+)",
    )
)
_MOST = regex(
    r"(?:which|what) (?:room|place)(?: in the (?:house|home))?(?: is|'s) (?:the )?(?P<a>warmest|hottest|coldest"
    r"|coolest|chilliest)"
    r"|(?:what|which)(?:'s| is) the (?P<b>warmest|hottest|coldest|coolest|chilliest) (?:room|place)"
    r"|where(?:'s| is) it (?:the )?(?P<c>warmest|hottest|coldest|coolest|chilliest)",
    re.IGNORECASE,
)
_LIMIT = regex(
    r"(?:and |so )*is (?P<what>(?:the |my |our )?[\w' ]+?) (?:still |already )*(?P<side>below|under|above|over"
    r"|(?:colder|cooler"
    r"|warmer|hotter|less|more) than) (?P<n>-?\d+(?:\.\d+)?)(?: ?(?:degrees?|°c?))?(?: celsius)?(?: now| yet"
    r"| at the moment)*",
    re.IGNORECASE,
)
_AT_END = regex(
    r" (?:in|of) (?:the|my|our) (?:house|home|flat|place)$| at the moment$| right now$| now$", re.IGNORECASE
)
_LONGEST = 120  # characters
_NAMED = 0.9
_OUT = frozenset({"outside", "outdoors", "out", "out there", "the garden", "garden"})
_STAIRS = frozenset({"upstairs", "downstairs"})
_HERE = frozenset({"here", "in here", "this room"})


def compared(text: str, room: str | None, components: Components) -> DirectAnswer | None:
    """Return which of two places is warmer; None where nobody asks, or a place is not known.

    Args:
        text: The request.
        room: Where it is said.
        components: What the assistant is made of.
    """
    bare = without_courtesy(text).strip(" .!?").lower()
    most = _MOST.fullmatch(_AT_END.sub("", bare)) if "est" in bare else None
    if most is not None:
        return _extreme(most["a"] or most["b"] or most["c"], components)
    limit = _LIMIT.fullmatch(in_digits(bare.split("?")[0])) if "is " in bare and len(text) < _LONGEST else None
    if limit is not None or "er " not in text or len(text) > _LONGEST:
        return _against(limit, components) if limit is not None else None
    match = next((found for shape in _SHAPES if (found := shape.fullmatch(bare)) is not None), None)
    if match is None:
        return None
    places = [_place(match[side], room, components) for side in ("one", "other")]
    if None in places:
        return None
    (one, first), (other, second) = ((each[0], each[1]) for each in places if each is not None)
    if first is None or second is None:
        unknown = one if first is None else other
        return DirectAnswer(speech=f"I know no temperature {unknown}.", reason="no thermometer", status="failed")
    told = f"it is {number(first)} °C {one} and {number(second)} °C {other}"
    more = first > second if match["how"] in ("warmer", "hotter") else first < second
    if match["joint"] == "than":
        speech = f"{'Yes' if more else 'No'}, {told}."
    elif first == second:
        speech = f"Both are the same: {told}."
    else:
        speech = f"It is {match['how']} {one if more else other}: {told}."
    return DirectAnswer(speech=speech, reason="two places compared", status="ok")


def _against(limit: re.Match[str], components: Components) -> DirectAnswer | None:
    """Tell whether a thing is warmer or colder than so many degrees: "is the fridge below five degrees"."""
    household = components.resolver.household
    found = household.match_devices(limit["what"], household.devices, exact_only=True)
    device = household.by_id[found[0].key] if len(found) == 1 else None
    if device is None or (device.domain != "climate" and device.device_class != "temperature"):
        return None
    value = _measured([device], components)
    if value is None:
        return None
    below = limit["side"].lower() in ("below", "under", "colder than", "cooler than", "less than")
    holds = value < float(limit["n"]) if below else value > float(limit["n"])
    speech = f"{'Yes' if holds else 'No'}, {the(device.name)} is at {number(value)} °C."
    return DirectAnswer(speech=speech, reason="compared with a limit", status="ok")


def _extreme(how: str, components: Components) -> DirectAnswer:
    """Tell which room is the warmest, or the coldest, of those whose temperature is known."""
    rooms = [
        (value, area.name)
        for area in components.home.areas
        if (value := _measured(_thermometers(frozenset({area.area_id}), components), components)) is not None
    ]
    if not rooms:
        return DirectAnswer(speech="I know the temperature of no room.", reason="no thermometer", status="failed")
    value, name = (max if how in ("warmest", "hottest") else min)(rooms)
    return DirectAnswer(speech=f"It is {how} {place(name)}: {number(value)} °C.", reason="rooms compared", status="ok")


def _place(said: str, room: str | None, components: Components) -> tuple[str, float | None] | None:
    """Return (where it is, in words; its temperature in °C, if it is known); None where it is no place."""
    bare = said.removeprefix("it ").strip()
    home = components.home
    if bare in _OUT:
        outside = [device for device in home.devices if device.device_class == "temperature" and _is_outside(device)]
        return "outside", _measured(outside, components)
    name = room if bare in _HERE else None
    if name is None:
        for lead in ("in the ", "in ", "at the ", "on the ", "the ", "my ", "our "):
            bare = bare.removeprefix(lead)
        match = next(iter(components.resolver.household.match_places(bare)), None)
        whole = components.resolver.household.place(match) if match is not None and match.score >= _NAMED else None
        areas, where = (
            (whole.areas, bare if bare in _STAIRS else place(whole.name)) if whole is not None else (frozenset(), "")
        )
    else:
        areas, where = frozenset(area.area_id for area in home.areas if area.name == name), place(name)
    if not areas:
        return None
    return where, _measured(_thermometers(areas, components), components)


def _thermometers(areas: frozenset[str], components: Components) -> list[Device]:
    """Return what tells the temperature of some rooms, and not that of a fridge."""
    return [
        device
        for device in components.home.devices
        if device.area_id in areas
        and (
            device.domain == "climate"
            or (device.device_class == "temperature" and "temperature" in device.name.lower())
        )
        and not _is_outside(device)
    ]


def _is_outside(device: Device) -> bool:
    return any(word in device.name.lower() for word in ("outdoor", "outside", "garden"))


def _measured(devices: list[Device], components: Components) -> float | None:
    """Return the mean of the temperatures that some devices tell, in °C; None where none tells any."""
    states, found = components.home.states(), list[float]()
    for device in devices:
        state = states[device.entity_id]
        said = state.attributes.get("current_temperature") if device.domain == "climate" else state.value
        with contextlib.suppress(ValueError):
            found.append(float(str(said)))
    return sum(found) / len(found) if found else None
