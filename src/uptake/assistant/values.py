"""Correct the values of a request from its words: below zero, in Fahrenheit, whole lengths of time.

Slots from a reader are corrected before they are resolved, so that the confirmation question, the action and the record
agree.

Limit: English words for units and signs.
"""

from __future__ import annotations

import re
from dataclasses import replace

from uptake.assistant.entities.household import Household
from uptake.assistant.hypotheses import Hypothesis
from uptake.assistant.phrases.durations import DURATION, duration
from uptake.assistant.phrases.numbers import in_digits
from uptake.text.patterns import regex
from uptake.types import Interpretation

__all__ = ["as_said"]

_NUMBERS = frozenset(
    {"temperature", "brightness", "percentage", "position", "volume_level", "minutes", "hours", "seconds"}
)
_BELOW = r"(?:-|\u2212|minus |negative ){value}(?![\d.])"
_FAHRENHEIT = regex(r"\bfahrenheit\b|° ?f\b|\d ?f\b|\bdegrees? f\b", re.IGNORECASE)
_LENGTH = regex(rf"\b{DURATION}")
_MORE = regex(r"\b(\d+) (?:more |extra |other )?(minutes?|hours?|seconds?)\b")
_TIMED = frozenset({"SnoozeAlarm", "HassIncreaseTimer", "HassDecreaseTimer"})
_OPENS = regex(r"\b(?:open|unlock)\b", re.IGNORECASE)
_SHUTS = regex(r"\b(?:close|shut|lock)\b", re.IGNORECASE)
_EVERY = regex(r"\b(?:everything|all|every|everywhere)\b", re.IGNORECASE)
_SOME = regex(r"\b(?:anything|something)\b", re.IGNORECASE)


def as_said(found: Hypothesis, text: str, household: Household) -> Hypothesis:
    """Return a reading with its values as the request says them; the reading itself where nothing was lost."""
    reading = found.interpretation
    for put_right in (_signed, _whole_length, _in_celsius, _quantified, _listed):
        reading = put_right(reading, text)
    reading = _opened(reading, text, household)
    return found if reading is found.interpretation else replace(found, interpretation=reading)


def _signed(reading: Interpretation, text: str) -> Interpretation:
    """Put the sign back: "-300 degrees" is not 300."""
    if not any(mark in text for mark in ("-", "\u2212", "minus", "negative")):
        return reading
    said = in_digits(text)
    slots = tuple(
        (name, f"-{value}")
        if name in _NUMBERS and value[:1].isdigit() and re.search(_BELOW.format(value=re.escape(value)), said)
        else (name, value)
        for name, value in reading.slots
    )
    return reading if slots == reading.slots else replace(reading, slots=slots)


def _whole_length(reading: Interpretation, text: str) -> Interpretation:
    """Take the whole length of time: "a quarter of an hour" is not an hour."""
    if reading.intent in _TIMED and not {"duration", "minutes", "hours", "seconds"} & dict(reading.slots).keys():
        more = _MORE.search(in_digits(text))
        return (
            reading if more is None else replace(reading, slots=(*reading.slots, ("duration", " ".join(more.groups()))))
        )
    said = dict(reading.slots).get("duration")
    whole = _LENGTH.search(in_digits(text)) if said is not None else None
    if said is None or whole is None or duration(whole[0]) in (None, duration(said)) or said not in text:
        return reading
    return replace(reading, slots=tuple((name, whole[0] if name == "duration" else old) for name, old in reading.slots))


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
    return replace(
        reading, slots=tuple((name, rounded if name == "temperature" else old) for name, old in reading.slots)
    )


def _quantified(reading: Interpretation, text: str) -> Interpretation:
    """Tell "is everything off" from "is anything off"."""
    said = dict(reading.slots)
    form = "all" if _EVERY.search(text) else "any" if _SOME.search(text) else None
    if reading.intent != "HassGetState" or form is None or "state" not in said:
        return reading
    slots = reading.slots
    if said.get("device_class", "opening") == "opening" and said.get("domain") == "binary_sensor":
        state = {"on": "open", "off": "closed"}.get(said["state"], said["state"])  # windows, doors and blinds alike
        slots = (*(pair for pair in slots if pair[0] not in ("domain", "device_class", "state")), ("state", state))
    elif said.get("response") not in (None, "default"):
        return reading
    rest = tuple(pair for pair in slots if pair[0] != "response")
    named = () if {"name", "domain", "device_class"} & dict(rest).keys() else (("name", "all"),)
    return replace(reading, slots=(*rest, *named, ("response", form)))


def _listed(reading: Interpretation, text: str) -> Interpretation:
    """Put the commas back between things that were listed: "milk, bread and eggs" are three."""
    if "," not in text:
        return reading
    slots = tuple((name, _with_marks(value, text) if name == "item" else value) for name, value in reading.slots)
    return reading if slots == reading.slots else replace(reading, slots=slots)


def _with_marks(value: str, text: str) -> str:
    found = re.search(r"[,;]?\s+".join(map(re.escape, value.split())), text, re.IGNORECASE)
    return value if found is None else found[0]


def _opened(reading: Interpretation, text: str, household: Household) -> Interpretation:
    """Read "open" and "close" by what is meant: a lock is unlocked and locked, "lock the garage" shuts its door."""
    opens, shuts = _OPENS.search(text) is not None, _SHUTS.search(text) is not None
    if reading.intent not in ("HassTurnOn", "HassTurnOff") or opens == shuts:
        return reading
    domains = _domains(reading, household)
    if domains == {"lock"}:
        wanted = "HassTurnOff" if opens else "HassTurnOn"
    elif domains == {"cover"}:
        wanted = "HassTurnOn" if opens else "HassTurnOff"
    else:
        return reading
    return reading if reading.intent == wanted else replace(reading, intent=wanted)


def _domains(reading: Interpretation, household: Household) -> set[str]:
    said = dict(reading.slots)
    if "domain" in said:
        return {said["domain"]}
    matches = household.match_devices(said.get("name", ""), household.devices, exact_only=True)
    return {household.by_id[match.key].domain for match in matches}
