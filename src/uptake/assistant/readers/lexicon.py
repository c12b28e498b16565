"""Lexicon of kinds of things, states and quantities: each word with everything that it may stand for.

A phrase stands for several things at once ("low" is a battery's state, "battery" a kind of sensor and a quantity);
`composed` keeps the readings in which all phrases of a request agree.

Limit: English.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from uptake.assistant.readers.senses import QUANTITIES, ROOM_QUANTITIES, SENSES, Sense
from uptake.text.tokens import reaches, words

__all__ = ["Key", "Lexicon", "Part", "Role"]

Part = Literal["noun", "state", "stuff", "extra", "thing", "quantity"]
"""Function of a phrase: names a kind of thing, says its state, says what is there when a sensor is on, may stand beside
a name, stands for any thing ("anything"), or is something measured."""
Key = tuple[str, str | None]
"""Domain and device class; None for every class of the domain."""

_ON_OFF = {"on": "on", "off": "off"}
_SWITCHED = {
    "light": "(light|lights|lighting|lamp|lamps|bulb|bulbs)",
    "fan": "(fan|fans|ventilator|ventilators)",
    "switch": "(switch|switches|outlet|outlets|plug|plugs|socket|sockets)",
}
_COVERS = {
    "awning": "(awning|canopy|canopies)[s]",
    "blind": "blind[s]",
    "curtain": "(curtain|drape)[s]",
    "garage": "garage door[s]",
    "gate": "gate[s]",
    "shade": "shade[s]",
    "shutter": "[roller] shutter[s]",
    "door": "door[s]",
    "window": "window[s]",
}
_COVER_STATES = {"open": "open", "opened": "open", "closed": "closed", "shut": "closed"}
_MOVING = {"opening": "opening", "closing": "closing"}
_LOCKABLE = "(lock|door|window|gate|garage door|shutter)[s]"
_LOCK_STATES = "(locked|secured|securely locked|fully locked)"
_UNLOCKED = "(unlocked|not locked)"
_ANYTHING = ("anything", "something", "everything", "things", "what")
_UNNAMED_DOMAINS = ("media_player", "input_boolean")


@dataclass(frozen=True, slots=True)
class Role:
    """Role that a phrase may have."""

    part: Part
    """Function of the phrase."""
    key: Key
    """The kind of thing it speaks of."""
    value: str | None = None
    """The state it says."""


class Lexicon:
    """Phrases and their roles.

    Args:
        senses: Binary sensors by device class.
        quantities: (device class, template of what its quantity is called).
    """

    def __init__(
        self,
        senses: Mapping[str, Sense] = SENSES,
        quantities: Sequence[tuple[str, str]] = QUANTITIES,
    ) -> None:
        self.phrases: dict[tuple[str, ...], tuple[Role, ...]] = {}
        self.of_rooms = frozenset(kind for kind, _ in ROOM_QUANTITIES)
        found: dict[tuple[str, ...], dict[Role, None]] = {}
        for template, role in (*_devices(), *_sensors(senses)):
            for phrase in _phrases(template):
                found.setdefault(phrase, {})[role] = None
        for kind, template in quantities:
            for phrase in _phrases(template):
                found.setdefault(phrase, {})[Role("quantity", ("sensor", kind))] = None
        self.phrases = {phrase: tuple(roles) for phrase, roles in found.items()}
        self._reaches = reaches(self.phrases)

    def at(self, said: Sequence[str], at: int) -> tuple[int, tuple[Role, ...]]:
        """Return (words, roles) of the longest phrase that begins at a word; (0, ()) where none does."""
        for size in range(min(self._reaches.get(said[at], 0), len(said) - at) if at < len(said) else 0, 0, -1):
            roles = self.phrases.get(tuple(said[at : at + size]))
            if roles is not None:
                return size, roles
        return 0, ()

    def kinds_in(self, said: Sequence[str]) -> frozenset[Key]:
        """Return the kinds that some words name: those of a device's name tell what it is."""
        return frozenset(
            role.key
            for at in range(len(said))
            for size in range(1, min(self._reaches.get(said[at], 0), len(said) - at) + 1)
            for role in self.phrases.get(tuple(said[at : at + size]), ())
            if role.part in ("noun", "stuff", "extra", "quantity")
        )


def _devices() -> Iterator[tuple[str, Role]]:
    for domain, noun in _SWITCHED.items():
        yield noun, Role("noun", (domain, None))
    for domain in (*_SWITCHED, *_UNNAMED_DOMAINS):
        for said, state in _ON_OFF.items():
            yield said, Role("state", (domain, None), state)
    for kind, noun in _COVERS.items():
        yield noun, Role("noun", ("cover", kind))
    covers: tuple[Key, ...] = (*(("cover", kind) for kind in _COVERS), ("cover", None))
    for key in covers:
        for said, state in {**_COVER_STATES, **_MOVING}.items():
            yield said, Role("state", key, state)
    for said, state in _COVER_STATES.items():
        yield said, Role("state", ("valve", None), state)
    yield _LOCKABLE, Role("noun", ("lock", None))
    yield _LOCK_STATES, Role("state", ("lock", None), "locked")
    yield _UNLOCKED, Role("state", ("lock", None), "unlocked")


def _sensors(senses: Mapping[str, Sense]) -> Iterator[tuple[str, Role]]:
    for kind, sense in senses.items():
        key = ("binary_sensor", kind)
        yield f"({sense.nouns})", Role("noun", key)
        yield sense.on, Role("state", key, "on")
        if sense.off:
            yield sense.off, Role("state", key, "off")
        if sense.stuff:
            yield f"({sense.stuff})", Role("stuff", key, "on")
        if sense.word:
            yield sense.word, Role("extra", key)
        if sense.thing:
            for said in _ANYTHING:
                yield said, Role("thing", key)


def _phrases(template: str) -> Iterator[tuple[str, ...]]:
    """Yield every phrase of a template, as words."""
    from hassil.parse_expression import parse_sentence
    from hassil.sample import sample_expression

    for text in sample_expression(parse_sentence(template).expression):
        phrase = tuple(word.text for word in words(text))
        if phrase:
            yield phrase
