"""Describe an action for the question before it: which things, which values, and when.

Limit: English.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from uptake.assistant.entities.resolution import Resolution
from uptake.assistant.home.model import Device
from uptake.assistant.phrases.numbers import number
from uptake.assistant.phrases.saying import say_days, say_list, say_moment
from uptake.assistant.skills.naming import kind_of, place, the
from uptake.assistant.stakes import changes
from uptake.text.patterns import regex
from uptake.types import Interpretation

__all__ = ["VERBS", "confirmation", "deed", "short", "value_of"]

_MOST = 5  # devices that are named one by one
_LONGEST = 40  # characters of a name that are said back
VERBS: Mapping[tuple[str, str], str] = MappingProxyType(
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
"""The verb of an intent, for a domain of devices."""

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
_STEPS = ("direction", "volume_step", "temperature_direction")
_FIELD = regex(r"\{(\w+)\}")
_WORDINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "HassListAddItem": ("put {item} on the {list}", "put {item} on the list"),
        "HassShoppingListAddItem": ("put {item} on the shopping list",),
        "HassListRemoveItem": ("take {item} off the {list}", "take {item} off the list"),
        "HassListCompleteItem": ("tick {item} off the {list}", "tick {item} off the list"),
        "HassShoppingListCompleteItem": ("tick {item} off the shopping list",),
        "ClearList": ("clear the {list}", "clear the list"),
        "CreateList": ("create the {list}", "create a list"),
        "DeleteAllLists": ("delete all your lists",),
        "DeleteList": ("delete the {list}", "delete a list"),
        "SetAlarm": (
            "set an alarm for {at} {date}",
            "set an alarm for {at}",
            "set an alarm for {date}",
            "set an alarm",
        ),
        "DeleteAlarm": (
            "delete {all} alarms",
            "delete the {order} alarm",
            "delete the alarm for {at}",
            "delete the alarm for {date}",
            "delete the alarm",
        ),
        "SnoozeAlarm": ("snooze the alarm for {length}", "snooze the alarm"),
        "DismissAlarm": ("stop the alarm",),
        "SetReminder": ("remind you {at}: {text}", "remind you {date}: {text}", "remind you: {text}", "set a reminder"),
        "DeleteReminder": ("delete {all} reminders", "delete the reminder: {text}", "delete the reminder"),
        "HassStartTimer": (
            "set a {name} timer for {length}",
            "set a timer for {length}",
            "set a {name} timer",
            "set a timer",
        ),
        "HassCancelTimer": ("cancel the {name} timer", "cancel the timer"),
        "HassCancelAllTimers": ("cancel all timers",),
        "HassPauseTimer": ("pause the {name} timer", "pause the timer"),
        "HassUnpauseTimer": ("resume the {name} timer", "resume the timer"),
        "HassIncreaseTimer": ("add {length} to the timer", "make the timer longer"),
        "HassDecreaseTimer": ("take {length} off the timer", "make the timer shorter"),
        "HassMediaSearchAndPlay": ("play {search_query} on {the_name}", "play {search_query}", "play something"),
        "HassVacuumCleanArea": ("clean {the_area}",),
        "HassBroadcast": ("announce: {message}", "announce something"),
        "CallContact": ("call {person}",),
        "CancelSchedule": ("cancel what is planned: {text}", "cancel what is planned"),
        "ConvertUnits": ("convert {amount} {from} to {to}", "convert that"),
        "Calculate": ("work out {expression}", "work that out"),
        "GetFact": ("look up the {relation} of {subject}", "look that up"),
        "GetList": ("read out the {list}", "read out the list"),
        "HassTimerStatus": ("tell you how long the {name} timer has left", "tell you how long the timer has left"),
        "HassGetWeather": ("tell you the weather in {place}", "tell you the weather"),
        "HassClimateGetTemperature": ("tell you the temperature",),
        "HassGetState": ("tell you how things are",),
        "GetApplianceRemaining": ("tell you how long it has left",),
        "HassGetCurrentTime": ("tell you the time in {place}", "tell you the time"),
        "HassGetCurrentDate": ("tell you the date",),
        "GetAlarms": ("tell you your alarms",),
        "GetReminders": ("tell you your reminders",),
        "GetSchedule": ("tell you what is planned",),
        "GetLists": ("tell you which lists you have",),
        "GetWeekday": ("tell you what day is {date}", "tell you what day it is"),
        "GetDaysUntil": ("tell you how many days there are until {date}", "count the days"),
        "GetTimeDifference": ("tell you the time difference to {place}", "tell you the time difference"),
        "GetHelp": ("help you with {topic}", "tell you what I can do"),
        "HassNevermind": ("leave it",),
        "HassRespond": ("just chat with you",),
        "SmallTalk": ("just chat with you",),
        "TellJoke": ("tell you a joke",),
    }
)
"""Wordings by intent; the first is taken whose slots were all said."""


def deed(resolution: Resolution, now: datetime | None = None) -> str:
    """Word what a resolved reading would do, as after "Shall I".

    >>> reading = Interpretation(intent="HassStartTimer", slots=(("minutes", "15"),))
    >>> deed(Resolution(interpretation=reading))
    'set a timer for 15 minutes'

    Args:
        resolution: The reading, with the devices that are meant.
        now: This moment, to say when something planned will be.
    """
    reading = resolution.interpretation
    if reading.intent == "ScheduleAction":
        return f"{value_of(reading, 'text') or 'do that'} {_when(reading, now)}".rstrip()
    if resolution.targets and reading.intent not in _WORDINGS:
        return _to_devices(reading, resolution.targets)
    values = _values(reading)
    for wording in _WORDINGS.get(reading.intent, ()):
        if all(name in values for name in _FIELD.findall(wording)):
            return wording.format(**values)
    if not changes(reading.intent):
        return "tell you that"
    plain = re.sub(r"(?<!^)(?=[A-Z])", " ", reading.intent.removeprefix("Hass")).lower()
    return " ".join([plain, *(short(value) for _, value in reading.slots if value.strip())])


def confirmation(resolutions: Sequence[Resolution], now: datetime | None = None) -> str:
    """Word the question before something critical, or something unsure, is done: all of it, by name.

    >>> reading = Interpretation(intent="HassMediaSearchAndPlay", slots=(("search_query", "Dune"),))
    >>> confirmation([Resolution(interpretation=reading)])
    'Shall I play Dune?'
    """
    deeds = list(dict.fromkeys(deed(each, now) for each in resolutions))
    return f"Shall I {say_list(deeds)}?"


def value_of(reading: Interpretation, slot: str) -> str | None:
    """Return the first value of a slot; None where it was not said."""
    return next((value for name, value in reading.slots if name == slot and value.strip()), None)


def short(value: str | None) -> str:
    """Cut a value that is too long to be said back."""
    value = value or ""
    return value if len(value) <= _LONGEST else f"{value[:_LONGEST].rstrip()} …"


def _values(reading: Interpretation) -> dict[str, str]:
    """Return the slots as they are said, with the length of time and the list that they name."""
    values = {name: short(value) for name, value in reversed(reading.slots) if value.strip()}
    length = values.get("duration") or say_list(
        [
            f"{values[unit]} {unit if number(values[unit]) != 1 else unit.removesuffix('s')}"
            for unit in ("hours", "minutes", "seconds")
            if unit in values
        ]
    )
    if length:
        values["length"] = length
    if "name" in values:
        values["list"] = values["name"] if values["name"].endswith("list") else f"{values['name']} list"
        values["the_name"] = the(values["name"])
    if "area" in values:
        values["the_area"] = the(values["area"])
    if "all" in values:
        values["all"] = "all"
    return values


def _when(reading: Interpretation, now: datetime | None) -> str:
    at, days = value_of(reading, "at"), value_of(reading, "days")
    if at is None or now is None:
        return ""
    moment = datetime.fromisoformat(at).astimezone(now.tzinfo)
    if not days:
        return say_moment(moment, now)
    return f"{say_days([int(day) for day in days.split(',')])} at {say_moment(moment, moment).rpartition(' at ')[2]}"


def _to_devices(reading: Interpretation, targets: tuple[Device, ...]) -> str:
    what = _called(targets, reading)
    for slot, wording in _SETS.items():
        value = value_of(reading, slot)
        if value:
            return wording.format(what=what, value=short(value))
    way = next((value for slot in _STEPS if (value := value_of(reading, slot))), None)
    if way in ("up", "down"):
        verb = {"up": "brighten", "down": "dim"}[way] if reading.intent == "HassLightSet" else None
        step = value_of(reading, "degrees")
        return f"{verb} {what}" if verb else f"turn {what} {way}{f' by {short(step)} degrees' if step else ''}"
    verb = VERBS.get((reading.intent, targets[0].domain)) or VERBS.get((reading.intent, ""))
    return f"{verb} {what}" if verb else f"do that with {what}"


def _called(targets: tuple[Device, ...], reading: Interpretation) -> str:
    if len(targets) > _MOST:
        shown = [the(device.name) for device in targets[: _MOST - 2]]
        return f"{len(targets)} {kind_of(targets)}: {', '.join(shown)} and {len(targets) - len(shown)} more"
    area = value_of(reading, "area") if len(targets) == 1 else None
    named = say_list([the(device.name) for device in targets])
    is_told = area is None or area.casefold() in targets[0].name.casefold()
    return named if is_told else f"{named} {place(area)}"
