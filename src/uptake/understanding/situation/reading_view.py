"""A reading as the context model looks at it: its words, its fields of life, and the state it needs to make sense."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from uptake.types import Interpretation
from uptake.understanding.situation.semantic_fields import camel_words, fields, stem, stems

__all__ = ["ALL", "ReadingFeatures", "view"]

ALL = frozenset({"all", "everyth", "everywher", "every"})
"""Stems of what says: all of them."""

_KIND_SLOTS = frozenset({"domain", "device_class", "media_class", "media_type", "type", "kind"})
_SENSE_SLOTS = frozenset({"direction", "volume_step", "temperature_direction", "response", "state"})
_GENERIC = frozenset(
    "hass get set turn on off and search play current relative state start end open close the text".split()
)
_ON_OFF = frozenset({"HassTurnOn", "HassTurnOff", "HassToggle", "HassSetPosition", "HassGetState"})

_NEEDS = (  # the first row that shares a word with the intent says what state it needs
    ("paused", "unpause resume continue"),
    ("running", "pause"),
    ("attention", "answer snooze dismiss decline reject caller"),
    ("attention", "identify"),
    ("armed", "disarm"),
    ("disarmed", "arm"),
    ("active", "off close stop end cancel mute hang next previous skip queue remaining status decrease increase"),
    ("present", "delete modify clear remove complete"),
    ("idle", "on start"),
    ("level", "temperature volume brightness light position speed color relative"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingFeatures:
    """Features of a reading that do not depend on the situation."""

    intent: str
    """Name of the intent."""
    name: frozenset[str]
    """Stems of the slot `name`; of `area` where there is no name."""
    values: frozenset[str]
    """Stems of all slot values that name something."""
    acts: frozenset[str]
    """Stems of the words of the intent that say something."""
    fields: frozenset[str]
    """Fields of life of all of these."""
    own: frozenset[str]
    """Fields that the intent and the kind of thing say, without the names."""
    need: str | None
    """State that the intent needs: idle, active, running, paused, attention, present, level, armed, disarmed."""
    turns: str | None
    """"on" or "off" where the reading starts or ends something."""
    by_name: bool
    """Whether the thing it is about can only be found by its name."""
    in_area: bool
    """Whether it names a place and a kind of things, and none of them."""
    all_of_kind: bool
    """Whether it is about all things of a kind."""
    media: bool
    """Whether it asks for something to be played."""
    sense: str | None
    """"up" or "down", where it says which way."""


@lru_cache(maxsize=2_048)
def _view(intent: str, slots: tuple[tuple[str, str], ...], domain: str | None) -> ReadingFeatures:
    known, words = fields(), camel_words(intent)
    names = [value for slot, value in slots if slot == "name"] or [value for slot, value in slots if slot == "area"]
    values = frozenset().union(*(stems(value) for slot, value in slots if slot not in _KIND_SLOTS | _SENSE_SLOTS))
    kinds = {stem(word) for slot, value in slots if slot in _KIND_SLOTS for word in value.lower().split()}
    acts = frozenset(stem(word) for word in words if word not in _GENERIC)
    media = "media" in words and ("play" in words or "search" in words)
    own = known.of(acts) | (frozenset() if media else known.of(acts, "intents")) | known.of(kinds, "classes")
    if domain is not None and not media:
        own |= known.of({stem(domain)}, "classes")
    return ReadingFeatures(
        intent=intent,
        name=frozenset().union(*map(stems, names)),
        values=values,
        acts=acts,
        fields=own | known.of(values),
        own=own,
        need=None if media else _need(words),
        turns=_turns(words),
        by_name=intent in _ON_OFF and bool(names),
        in_area=bool(own) and not any(slot == "name" for slot, _ in slots) and any(slot == "area" for slot, _ in slots),
        all_of_kind=not ALL.isdisjoint(values),
        media=media,
        sense=next((value for slot, value in slots if slot in _SENSE_SLOTS and value in ("up", "down")), None),
    )


def view(reading: Interpretation) -> ReadingFeatures:
    """Compute the view of a reading."""
    return _view(reading.intent, reading.slots, reading.domain)


def _need(words: tuple[str, ...]) -> str | None:
    return next((need for need, row in _NEEDS if not set(row.split()).isdisjoint(words)), None)


def _turns(words: tuple[str, ...]) -> str | None:
    if not {"off", "close", "stop", "end", "cancel", "dismiss", "delete", "pause", "disarm", "mute"}.isdisjoint(words):
        return "off"
    if not {"on", "open", "start", "play", "resume", "unpause", "arm", "show", "place", "order"}.isdisjoint(words):
        return "on"
    return None
