"""Parse deictic requests: a verb without a thing ("turn it off", "pause", "a bit less", "I'm cold").

A request is reduced to a verb, whose effect depends on the kind of thing. So each thing with a known state gives an
interpretation, and the situation chooses among them.

Limit: English; one verb per request.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib import resources
from typing import NamedTuple

from uptake.assistant.phrases.durations import duration
from uptake.text.lexicon import strip_fillers
from uptake.text.normalize import normalize
from uptake.text.patterns import regex
from uptake.types import Interpretation
from uptake.understanding.situation.semantic_fields import fields, stems

__all__ = ["Deixis", "apply_to", "kind_of", "kinds_named", "parse_deixis", "set_to", "verb_of"]

_IT = r"(?:it|that|this|them|those|these|everything)"
_DEGREE = r"(?:a (?:little|bit|tad|touch) |much |slightly |even )?"
_VALUE = r"(?P<value>\d{1,3}(?:[:.]\d+)?)(?: ?(?P<unit>percent|%|degrees?|°|o'clock|am|pm))?"

_LEVEL = r"(?P<level>half ?way|half|all the way|full(?:y)?|max(?:imum)?|min(?:imum)?)"
_LENGTH = r"(?P<length>(?:\d+|an?|half an?|a few|a couple of) (?:seconds?|minutes?|hours?))"
_MORE_LENGTH = r"(?P<more>(?:\d+|a few|a couple) more (?:seconds?|minutes?|hours?))"
_ASKED = r"(?P<asked>on|off|open|closed|shut|locked|unlocked)"

_STEP = {"up": "up", "louder": "up", "brighter": "up", "warmer": "up", "hotter": "up", "faster": "up"}
_STEP |= {"down": "down", "quieter": "down", "dimmer": "down", "cooler": "down", "colder": "down", "slower": "down"}
_LEVELS = {  # kind of thing -> intent, slot that says which way
    "media": ("HassSetVolumeRelative", "volume_step"),
    "light": ("HassLightSet", "direction"),
    "climate": ("HassClimateSetTemperature", "direction"),
    "oven": ("SetOvenTemperature", "direction"),
    "fan": ("HassFanSetSpeed", "direction"),
    "cover": ("HassSetPosition", "direction"),
    "screen": ("SetScreenBrightness", "direction"),
}
_STEPS_OF = {  # verbs that say what is to change
    "louder": ("media",),
    "quieter": ("media", "fan"),
    **dict.fromkeys(("brighter", "dimmer"), ("light", "screen")),
    **dict.fromkeys(("faster", "slower"), ("fan",)),
    **dict.fromkeys(("warmer", "cooler"), ("climate",)),
    **dict.fromkeys(("hotter", "colder"), ("climate", "oven")),
    **dict.fromkeys(("up", "down"), tuple(kind for kind in _LEVELS if kind != "cover")),
}
_SHARES = {"half": "50", "all": "100", "full": "100", "max": "100", "min": "0"}  # words that say a level
_SHADES = frozenset({"awning", "blind", "curtain", "shade", "shutter"})
_SHUT, _UNLIT = ("closed", "shut", "down"), ("off",)
_WINDOW = regex(r"\b(?:window|skylight)s?\b", re.IGNORECASE)
_FEW = 16  # texts that are looked at pattern by pattern before all patterns are compiled as one
_NAMED = re.compile(r"\(\?P<\w+>")
_RINGS = ("ringing", "going off", "buzzing", "beeping", "sounding")
_LENGTHS = frozenset({"HassIncreaseTimer", "HassDecreaseTimer", "SnoozeAlarm"})
_AMOUNTS = {  # intent -> slot, least and most, units it may be said in
    "HassClimateSetTemperature": ("temperature", 5, 35, ("degree", "degrees", "°")),
    "SetOvenTemperature": ("temperature", 50, 300, ("degree", "degrees", "°")),
    "HassSetVolume": ("volume_level", 0, 100, ("percent", "%")),
    "HassLightSet": ("brightness", 0, 100, ("percent", "%")),
    "HassFanSetSpeed": ("percentage", 0, 100, ("percent", "%")),
    "HassSetPosition": ("position", 0, 100, ("percent", "%")),
    "SetAlarm": ("at", 0, 24, ("o'clock", "am", "pm")),
}
_UNITS = frozenset({"hours", "minutes", "seconds"})
_BY_STATE = frozenset({"security", "app"})
_UNNAMED = frozenset({"SetAlarm", "IdentifyCaller", "DeleteAlarm", "DismissAlarm"})
_CLOCK = regex(r"\d{1,2}:\d{2}")
_DOMAINS = {
    "light": "light", "climate": "climate", "cover": "cover", "valve": "cover", "lock": "lock", "vacuum": "vacuum",
    "media_player": "media", "lawn_mower": "mower", "fan": "fan", "sensor": "sensor", "binary_sensor": "sensor",
    "person": "sensor", "camera": "camera",
}  # fmt: skip


_STRONG = (  # states that only things of one kind have
    ("security", frozenset({"armed", "disarmed"})),
    ("lock", frozenset({"locked", "unlocked", "jammed"})),
)


_COMPLAINTS = frozenset({"too_dark", "too_bright"})
_STATELESS = frozenset({"timer", "alarm", "recipe", "workout"})
_ASKED_AS = {"shut": "closed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Deixis:
    """Verb of a request that names no thing."""

    verb: str
    """The verb: "off", "louder", "value"."""
    points: bool
    """Whether it says it, that, them: what was just spoken of."""
    value: str | None = None
    """The number it says, where the verb is "value"."""
    unit: str | None = None
    """The unit of that number, where it was said."""
    amount: tuple[tuple[str, str], ...] = ()
    """The length of time it says, as slots, where the verb is "more_time"."""
    asked: str | None = None
    """The state it asks about, where the verb is "is_state"."""
    opens: bool = False
    """Whether it is said only of what opens and closes: "open them fully"."""


class _Tables(NamedTuple):
    verbs: tuple[tuple[str, re.Pattern[str]], ...]
    does: Mapping[str, Mapping[str, str]]
    """Verb -> kind of thing -> intent; "*" for all other kinds."""
    kinds: tuple[tuple[str, frozenset[str]], ...]
    acts: Mapping[str, str]
    """Intent -> verb."""


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    content = tomllib.loads(resources.files("uptake.assistant").joinpath("deixis.toml").read_text(encoding="utf-8"))
    verbs = tuple(
        (
            verb,
            regex(_written_out(pattern)),
        )
        for verb, row in content["verbs"].items()
        for pattern in row
    )
    kinds = tuple((kind, frozenset(words.split())) for kind, words in content["kinds"].items())
    return _Tables(verbs, content["does"], kinds, content["acts"])


def _written_out(pattern: str) -> str:
    """Return a pattern with its placeholders replaced."""
    placeholders = (
        ("MORELENGTH", _MORE_LENGTH),
        ("LENGTH", _LENGTH),
        ("LEVEL", _LEVEL),
        ("ASKED", _ASKED),
        ("DEGREE", _DEGREE),
        ("VALUE", _VALUE),
        ("IT", _IT),
    )
    for placeholder, written in placeholders:
        pattern = pattern.replace(placeholder, written)
    return pattern


def verb_of(reading: Interpretation) -> Deixis | None:
    """Return a reading as the verb of a request that names no thing; None where it is none that a thing is told.

    >>> verb_of(Interpretation(intent="HassIncreaseTimer", slots=(("minutes", "5"),))).amount
    (('minutes', '5'),)
    """
    verb, slots = _tables().acts.get(reading.intent), dict(reading.slots)
    if reading.intent in ("HassTurnOn", "HassTurnOff") and slots.get("domain") in ("lock", "cover"):
        on = reading.intent == "HassTurnOn"
        ways = ("lock", "unlock") if slots["domain"] == "lock" else ("open", "close")
        return Deixis(verb=ways[not on], points=False)
    if verb != "value":
        amount = tuple(pair for pair in reading.slots if pair[0] in _UNITS)
        return Deixis(verb=verb, points=False, amount=amount) if verb is not None else None
    value = slots.get(_AMOUNTS[reading.intent][0], "")
    unit = "degrees" if "Temperature" in reading.intent else "percent"
    return Deixis(verb=verb, points=False, value=value, unit=unit) if value.isdecimal() else None


def set_to(reading: Interpretation, value: str, unit: str | None) -> Interpretation | None:
    """Return a reading that sets a number with another number; None where it sets none, or cannot be that.

    >>> lamp = Interpretation(intent="HassLightSet", slots=(("name", "Lamp"), ("brightness", "30")))
    >>> set_to(lamp, "10", None).slots
    (('name', 'Lamp'), ('brightness', '10'))
    """
    slot = _AMOUNTS.get(reading.intent, ("",))[0]
    if slot == "at" or not dict(reading.slots).get(slot, "").isdecimal():
        return None
    if _amount(reading.intent, "", value, unit) is None:
        return None
    slots = tuple((name, value if name == slot else old) for name, old in reading.slots)
    return Interpretation(intent=reading.intent, slots=slots)


def kinds_named(text: str) -> frozenset[str]:
    """Return the kinds of things that a text has a word for.

    >>> sorted(kinds_named("pause the timer"))
    ['timer']
    """
    words = set(normalize(text).split())
    return frozenset(kind for kind, row in _tables().kinds if words & row and kind not in _BY_STATE)


class _AnyVerb:
    """Every pattern of a verb as one, which rules out most texts at once; compiled when enough texts were asked."""

    def __init__(self) -> None:
        self._asked = 0

    def fullmatch(self, words: str) -> object | None:
        """Return something where some verb may match a text."""
        self._asked += 1
        return self if self._asked < _FEW else self._pattern.fullmatch(words)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        patterns = (pattern.pattern for _, pattern in _tables().verbs)
        return re.compile("|".join(f"(?:{_NAMED.sub('(?:', pattern)})" for pattern in patterns))


_any_verb = _AnyVerb()


@lru_cache(maxsize=1_024)
def parse_deixis(text: str) -> Deixis | None:
    """Parse the verb of a request that names no thing; None where it is no such request.

    >>> parse_deixis("could you turn it off please")
    Deixis(verb='off', points=True, value=None, unit=None, amount=(), asked=None, opens=False)
    """
    words = strip_fillers(normalize(text))
    words = re.sub(r"^(?:(?:can|could|would|will) you|please|ok|okay|hey|now|just|and) +", "", words)
    words = re.sub(r" +(?:please|now|again|for me|thanks)$", "", words)
    if _any_verb.fullmatch(words) is None:
        return None
    for verb, pattern in _tables().verbs:
        match = pattern.fullmatch(words)
        if match:
            points = bool(re.search(rf"\b{_IT}\b(?!')", words)) and verb not in ("warmer", "cooler")
            said = match.groupdict()
            level = said.get("level")
            return Deixis(
                verb=verb,
                points=points,
                value=said.get("value") or _share(level),
                unit=said.get("unit") or ("percent" if level else None),
                amount=_length(said.get("length") or said.get("more")),
                asked=said.get("asked"),
                opens=verb == "value" and words.startswith(("open", "close")),
            )
    return None


def _share(level: str | None) -> str | None:
    """Return the percentage that a word for a level says: "halfway" is 50."""
    return next((share for word, share in _SHARES.items() if level is not None and level.startswith(word)), None)


def _length(said: str | None) -> tuple[tuple[str, str], ...]:
    """Return a length of time as slots: minutes, or else seconds or hours."""
    length = duration(said.replace(" more", "")) if said is not None else None
    if length is None:
        return ()
    seconds = int(length.total_seconds())
    for unit, size in (("hours", 3_600), ("minutes", 60), ("seconds", 1)):
        if seconds % size == 0:
            return ((unit, str(seconds // size)),)
    return ()


@lru_cache(maxsize=2_048)
def kind_of(name: str, state: str, domain: str | None = None, device_class: str | None = None) -> str:
    """Return the kind of a thing, from its domain where known, else from its name and its state.

    >>> kind_of("Pasta Timer", "running"), kind_of("Rover", "docked"), kind_of("Hall Lamp", "on, 40 %")
    ('timer', 'vacuum', 'light')
    >>> kind_of("Garage Light", "on"), kind_of("Garage Door", "open")
    ('light', 'cover')
    """
    if domain in _DOMAINS:
        return _finer(_DOMAINS[domain], name, device_class)
    named, said = normalize(name).split(), set(normalize(state).split())
    for kind, row in _STRONG:
        if said & row:
            return kind
    heads = [word for word in named if not word.isdecimal()][-1:]  # a garage light is a light
    for words in (heads, named):
        for kind, row in _tables().kinds:
            if row.intersection(words):
                return kind
    for kind, row in _tables().kinds:
        if said & row:
            return kind
    about = fields().of(stems(name))
    return next((kind for kind in ("light", "climate", "fan") if kind in about), "device")


def _finer(kind: str, name: str, device_class: str | None) -> str:
    """Return the kind within a domain: a doorbell is a camera, a blind a cover."""
    if device_class == "doorbell":
        return "doorbell"
    if kind == "cover" and (device_class in _SHADES or set(normalize(name).split()) & dict(_tables().kinds)["shade"]):
        return "shade"
    return kind


def apply_to(deixis: Deixis, name: str, state: str, kind: str) -> Interpretation | None:
    """Read a deictic request as said of one thing; None where the verb makes no sense for its kind."""
    verb = deixis.verb
    if verb in _STEP:
        return _step(verb, name, state, kind)
    if verb in _COMPLAINTS:
        return _complaint(verb, name, state, kind)
    intent = _intent_for(deixis, state, kind)
    if intent is None:
        return None
    if deixis.value is not None:
        return _amount(intent, name, deixis.value, deixis.unit)
    more = deixis.amount if intent in _LENGTHS else ()
    if deixis.asked is not None:
        more = (("state", _ASKED_AS.get(deixis.asked, deixis.asked)),)
    return Interpretation(intent=intent, slots=(*_slots(intent, name, state, verb), *more))


def _intent_for(deixis: Deixis, state: str, kind: str) -> str | None:
    """Return the intent of a verb for a kind of thing in a state; None where it makes no sense."""
    row = _tables().does[deixis.verb]
    intent = row.get(kind) or (row.get("cover") if kind == "shade" else None)
    intent = intent or (row.get("*") if kind not in ("sensor", "phone", "message") else None)
    rings = any(word in state for word in _RINGS)
    if intent == "DismissAlarm" and not rings:
        return "DeleteAlarm"
    unknown = deixis.asked is not None and kind in _STATELESS
    endless = intent in _LENGTHS and deixis.verb != "snooze" and not deixis.amount
    silent = intent == "SnoozeAlarm" and deixis.verb != "snooze" and not rings
    return None if unknown or endless or silent else intent


def _step(verb: str, name: str, state: str, kind: str) -> Interpretation | None:
    """Read a request for more or less of something."""
    level = "cover" if kind == "shade" else kind
    if level not in _STEPS_OF[verb]:
        return _aired(verb, name, state, kind)
    intent, slot = _LEVELS[level]
    return Interpretation(intent=intent, slots=(("name", name), (slot, _STEP[verb])))


def _aired(verb: str, name: str, state: str, kind: str) -> Interpretation | None:
    """Read a complaint about the warmth as said of a window, or of a fan, that can mend it."""
    if verb not in ("warmer", "cooler") or not (kind == "fan" or (kind == "cover" and _WINDOW.search(name))):
        return None
    is_at_rest = state.startswith((*_SHUT, *_UNLIT))
    if is_at_rest == (verb == "warmer"):
        return None
    intent = "HassTurnOff" if verb == "warmer" else "HassTurnOn"
    return Interpretation(intent=intent, slots=(("name", name),))


def _complaint(verb: str, name: str, state: str, kind: str) -> Interpretation | None:
    """Read a complaint about the light, as said of a lamp, a screen or a shade that can mend it."""
    dark = verb == "too_dark"
    if kind == "shade":
        mends = state.startswith(_SHUT) if dark else not state.startswith(_SHUT)
        return Interpretation(intent=_tables().does[verb][kind], slots=(("name", name),)) if mends else None
    if kind == "light" and state.startswith(_UNLIT):
        return Interpretation(intent=_tables().does[verb][kind], slots=(("name", name),)) if dark else None
    return _step("brighter" if dark else "dimmer", name, state, kind)


def _amount(intent: str, name: str, value: str, unit: str | None) -> Interpretation | None:
    """Read a request that sets a number, where the number can be meant so."""
    slot, least, most, units = _AMOUNTS[intent]
    number = float(value.replace(":", "."))
    if not least <= number <= most or (unit is not None and unit not in units):
        return None
    if slot == "at":
        hour, _, minute = value.partition(":")
        late = 12 if unit == "pm" and int(hour) < 12 else 0
        return Interpretation(
            intent=intent, slots=(("at", f"{int(hour.partition('.')[0]) + late:02d}:{minute or '00'}"),)
        )
    return Interpretation(intent=intent, slots=(("name", name), (slot, value)))


def _slots(intent: str, name: str, state: str, verb: str) -> tuple[tuple[str, str], ...]:
    if intent == "SnoozeAlarm":
        return ()
    if intent in _UNNAMED:
        clock = _CLOCK.search(state)
        return (("at", clock[0]),) if clock else ()
    if intent.endswith("Timer") or intent == "HassTimerStatus":
        called = re.sub(r"(?i)\s*timer$", "", name)
        return (("name", called),) if called else ()
    if intent == "IdentifyMedia" and verb == "who":
        return (("name", name), ("field", "artist"))
    return (("name", name),)
