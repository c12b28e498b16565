"""Name the heater that plain words mean: "the heating upstairs", "the bedroom heating", "bedroom down to sixteen".

Limit: English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from uptake.assistant.clauses.mentions import find_mentions
from uptake.assistant.clauses.words import EXCEPTION
from uptake.assistant.entities.household import Household
from uptake.assistant.home.model import Device
from uptake.assistant.phrases.saying import say_list
from uptake.assistant.skills.naming import the
from uptake.text.patterns import regex

__all__ = ["heating_by_name", "room_warmed", "run_at"]

_ALL_HEATING = regex(
    r"\b(?:(?:all|every)(?: (?:of )?the)? (?:heating|heaters?|radiators?|thermostats?)"
    r"|(?:the )?(?:heating|heaters|radiators|thermostats)(?=.*\beverywhere\b))",
    re.IGNORECASE,
)
_ONE_HEATER = regex(
    r"\b(?:the |my |our )?(?:(?P<cooler>air ?con|ac|a/c|air conditioning|cooling)|(?P<radiator>radiator|heater)"
    r"|heating|heat)\b",
    re.IGNORECASE,
)
_WHERE = regex(
    r"\b(?:in|on|for) (?:the )?(?=(?:up|down|to|at|off|on|by|\d+|one|two|three|half|an?|warmer|higher|cooler)\b|$)"
    r"|\b(?:in|for)$",
    re.IGNORECASE,
)
_DEGREES = r"(?:1[5-9]|2[0-5]|fifteen|sixteen|seventeen|eighteen|nineteen|twenty(?:[ -](?:one|two|three|four|five))?)"
"""Degrees that people have rooms at."""
_ON_AT = regex(
    r"^(?P<lead>(?:(?:can|could|would|will) you |please |just )*)"
    r"(?:(?:turn|switch|put|stick|pop|get|have|whack|bung) )?"
    rf"(?P<thing>.+?) on (?:at|to) (?P<degrees>{_DEGREES})(?! ?(?:[ap]\.?m\b|o'?clock|hundred|to\b|past\b|percent|%"
    r"|:|\d|thirty|forty|fifty|fifteen|oh\b|minutes?|hours?))\b",
    re.IGNORECASE,
)
"""A heater or a cooler that is to run at so many degrees: "the air conditioner on at nineteen" is no hour."""
_TO = (
    rf"(?:(?:up |down )?(?:to|at|on) |(?<=\w ))(?P<degrees>{_DEGREES})(?: degrees)?(?! ?(?:percent|%|[ap]\.?m\b"
    rf"|o'?clock|past\b"
    r"|minutes?|hours?|:|\d))(?=\W|$)"
)
_SETS = regex(r"(?:(?:please|can you|could you|just|and),? )*(?:set|put|make|turn|have|get|bring)\b", re.IGNORECASE)
_BRIGHT = regex(r"\b(?:lights?|lamps?|dim|bright\w*|blinds?|curtains?|volume|fan|percent|speaker)\b|%", re.IGNORECASE)
_EVERYWHERE = regex(r"\s*\beverywhere\b", re.IGNORECASE)
_COOLERS = regex(r"\b(?:air|ac|cooler|cooling)\b", re.IGNORECASE)


def heating_by_name(text: str, household: Household) -> str:
    """Name every heater where the heating of the whole home is meant: "turn the heating off everywhere"."""
    text = _heating_in(text, household)
    match = _ALL_HEATING.search(text)
    if match is None:
        return _by_its_name(text, household)
    heaters = _heaters(household)
    if len(heaters) < 2:
        return text
    rest = _EVERYWHERE.sub(
        "", f"{text[: match.start()]}{say_list([the(one.name) for one in heaters])}{text[match.end() :]}"
    )
    return " ".join(rest.split())


def room_warmed(text: str, household: Household) -> str:
    """Name the heater of a room that is to be so many degrees: "bedroom down to sixteen" is no brightness there."""
    for heater, names in _rooms_heated(household):
        match = re.match(rf"(?:the )?(?:{names}) (?:up|down) to (?P<degrees>{_DEGREES})(?=\W*$|,)", text, re.IGNORECASE)
        if match is not None:
            return f"set {the(heater.name)} to {match['degrees']} degrees{text[match.end() :]}"
    return _rooms_set(text, household)


def _rooms_set(text: str, household: Household) -> str:
    """Name what heats or cools each room of "set the bedroom to 19 and the study to 20": no brightness is meant."""
    if not _SETS.match(text) or _BRIGHT.search(text):
        return text
    for area in household.areas:
        own = [one for one in household.devices if one.domain == "climate" and one.area_id == area.area_id]
        names = "|".join(re.escape(name) for name in (area.name, *area.aliases))
        if len(own) == 1:
            shape = rf"(?P<front>^|\b(?:set|put|make|turn|have|get|bring|and)|,) ?(?:the |my |our )?(?:{names}) {_TO}"
            name = the(own[0].name)
            text = re.sub(shape, partial(_set_to, name), text, flags=re.IGNORECASE).strip()
    return text


def _set_to(name: str, match: re.Match[str]) -> str:
    front = "set" if match["front"].lower() == "make" else match["front"]  # "make X Y" may teach what X is
    return f"{front} {name} to {match['degrees']} degrees"


def run_at(text: str, household: Household) -> str:
    """Say that a heater or a cooler is to be so many degrees where it is put on at them.

    Args:
        text: The request, with its heaters called by name.
        household: Names of the home.
    """
    match = _ON_AT.match(text)
    if match is None:
        return text
    thing = re.sub(r"^(?:the|my|our) ", "", match["thing"], flags=re.IGNORECASE).lower()
    climate = [one for one in household.devices if one.domain == "climate"]
    if not any(thing == name.lower() for one in climate for name in (one.name, *one.aliases)):
        return text
    return f"{match['lead']}set {match['thing']} to {match['degrees']} degrees{text[match.end() :]}"


def _heating_in(text: str, household: Household) -> str:
    """Name the heater of a room that has one of its own: "the bedroom heating", "the heating in the bedroom"."""
    for heater, names in _rooms_heated(household):
        where = rf"in (?:the |my |our )?(?:{names})"
        said = rf"\b(?:the |my |our )?(?:(?:{names}) heating|heating(?P<way> off| on| up| down)? {where})\b"
        match = re.search(said, text, re.IGNORECASE)
        if match is not None:
            text = f"{text[: match.start()]}{the(heater.name)}{match['way'] or ''}{text[match.end() :]}"
    return text


def _rooms_heated(household: Household) -> Iterator[tuple[Device, str]]:
    """Yield the heaters that are the only one of their room, and what the room is called, as a pattern."""
    for area in household.areas:
        own = [one for one in _heaters(household) if one.area_id == area.area_id]
        if len(own) == 1:
            yield own[0], "|".join(re.escape(name) for name in (area.name, *area.aliases))


def _heaters(household: Household) -> list[Device]:
    return [one for one in household.devices if one.domain == "climate" and not _COOLERS.search(one.name)]


def _by_its_name(text: str, household: Household) -> str:
    """Name the one heater that plain words mean: "the radiator", "the aircon", "the heating upstairs"."""
    match = _ONE_HEATER.search(text)
    if match is None or EXCEPTION.search(text):
        return text
    climate = [one for one in household.devices if one.domain == "climate"]
    if match["cooler"]:
        found = [one for one in climate if _COOLERS.search(one.name)]
    elif match["radiator"]:
        found = [one for one in climate if match["radiator"].lower() in one.name.lower()]
    else:
        places = [each for each in find_mentions(text, household) if each.place and not each.named]
        where = household.match_places(places[0].place or "")[:1] if len(places) == 1 else ()
        areas = household.place(where[0]).areas if where else ()
        found = [one for one in _heaters(household) if one.area_id in areas]
        if len(found) == 1:
            text = " ".join(_WHERE.sub("", text.replace(places[0].text, "")).split())
            match = _ONE_HEATER.search(text) or match
    if len(found) != 1 or found[0].name.lower() in text.lower():
        return text
    return f"{text[: match.start()]}{the(found[0].name)}{text[match.end() :]}"
