"""Read the values of a request as they were said: below zero, in Fahrenheit, a volume that is no step, a door that opens.

What a reader took from the words is put right before it is resolved, so that the question before an action, the action
and the record agree.

Limit: English words for units and signs.
"""

from __future__ import annotations

import re
from dataclasses import replace

from uptake.assistant.entities.household import Household
from uptake.assistant.hypotheses import Hypothesis
from uptake.assistant.phrases.numbers import in_digits
from uptake.types import Interpretation

__all__ = ["as_said"]

_NUMBERS = frozenset({"temperature", "brightness", "percentage", "position", "volume_level", "minutes", "hours", "seconds"})
_BELOW = r"(?:-|−|minus |negative ){value}(?![\d.])"
_FAHRENHEIT = re.compile(r"\bfahrenheit\b|° ?f\b|\d ?f\b|\bdegrees? f\b", re.IGNORECASE)
_VOLUME = re.compile(
    r"(?:(?:please|set|turn|put|make|the|change) )*(?:volume|sound|loudness)(?: (?:to|at|on))? (?P<value>\d+)(?: ?%| percent)?(?: please)?", re.IGNORECASE
)
_OPENS = re.compile(r"\b(?:open|unlock)\b", re.IGNORECASE)
_SHUTS = re.compile(r"\b(?:close|shut|lock)\b", re.IGNORECASE)
_EVERY = re.compile(r"\b(?:everything|all|every|everywhere)\b", re.IGNORECASE)
_SOME = re.compile(r"\b(?:anything|something)\b", re.IGNORECASE)


def as_said(found: Hypothesis, text: str, household: Household) -> Hypothesis:
    """Return a reading with its values as the request says them; the reading itself where nothing was lost."""
    reading = found.interpretation
    for put_right in (_signed, _in_celsius, _absolute, _quantified):
        reading = put_right(reading, text)
    reading = _locked(reading, text, household)
    return found if reading is found.interpretation else replace(found, interpretation=reading)


def _signed(reading: Interpretation, text: str) -> Interpretation:
    """Put the sign back: "-300 degrees" is not 300."""
    if not any(mark in text for mark in ("-", "−", "minus", "negative")):
        return reading
    said = in_digits(text)
    slots = tuple(
        (name, f"-{value}")
        if name in _NUMBERS and value[:1].isdigit() and re.search(_BELOW.format(value=re.escape(value)), said)
        else (name, value)
        for name, value in reading.slots
    )
    return reading if slots == reading.slots else replace(reading, slots=slots)


def _in_celsius(reading: Interpretation, text: str) -> Interpretation:
    """Convert a temperature that was said in Fahrenheit."""
    value = dict(reading.slots).get("temperature")
    if value is None or "Temperature" not in reading.intent or not _FAHRENHEIT.search(text):
        return reading
    try:
        celsius = (float(value) - 32) / 1.8
    except ValueError:
        return reading
    rounded = f"{round(celsius * 2) / 2:g}"
    return replace(reading, slots=tuple((name, rounded if name == "temperature" else old) for name, old in reading.slots))


def _absolute(reading: Interpretation, text: str) -> Interpretation:
    """Read "volume 30" as a level, not as a step."""
    if reading.intent != "HassSetVolumeRelative":
        return reading
    said = _VOLUME.fullmatch(in_digits(text).strip(" .!"))
    if said is None:
        return reading
    rest = tuple(pair for pair in reading.slots if pair[0] != "volume_step")
    return replace(reading, intent="HassSetVolume", slots=(*rest, ("volume_level", said["value"])))


def _quantified(reading: Interpretation, text: str) -> Interpretation:
    """Tell "is everything off" from "is anything off"."""
    if reading.intent != "HassGetState" or dict(reading.slots).get("response") not in (None, "default"):
        return reading
    form = "all" if _EVERY.search(text) else "any" if _SOME.search(text) else None
    if form is None or "state" not in dict(reading.slots):
        return reading
    vague = ("domain",) if ("domain", "binary_sensor") in reading.slots and "device_class" not in dict(reading.slots) else ()
    rest = tuple(pair for pair in reading.slots if pair[0] not in ("response", *vague))
    named = () if {"name", "domain", "device_class"} & dict(rest).keys() else (("name", "all"),)
    return replace(reading, slots=(*rest, *named, ("response", form)))


def _locked(reading: Interpretation, text: str, household: Household) -> Interpretation:
    """Read "open the front door", where that is a lock, as unlocking, and "close" as locking."""
    wanted = "HassTurnOff" if _OPENS.search(text) else "HassTurnOn" if _SHUTS.search(text) else None
    if wanted is None or reading.intent not in ("HassTurnOn", "HassTurnOff") or (_OPENS.search(text) and _SHUTS.search(text)):
        return reading
    if reading.intent == wanted or not _means_locks(reading, household):
        return reading
    return replace(reading, intent=wanted)


def _means_locks(reading: Interpretation, household: Household) -> bool:
    said = dict(reading.slots)
    if "domain" in said:
        return said["domain"] == "lock"
    matches = household.match_devices(said.get("name", ""), household.devices, exact_only=True)
    return bool(matches) and {household.by_id[match.key].domain for match in matches} == {"lock"}
