"""Simulate homes and their people: rooms, devices, taste, vocabulary, rhythm, voices, from one seed.

All homes have one of a few layouts, the one that ships with the assistant and smaller ones, so that the assistant's
results can be cached by layout. All properties of a person come from the seed and the numbers of the home and the
member: nothing depends on who else is simulated.

Limit: people do not change from day to day; they learn nothing from the assistant. Assumptions that are not measured
are listed in docs/capabilities/simulation.md.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import xxhash

from uptake.assistant.context.situation import Origin
from uptake.assistant.home import Area, Device, VirtualHome
from uptake.lab.simulate.channel import Voice

__all__ = [
    "LAYOUTS",
    "ZONE",
    "Household",
    "Listener",
    "Person",
    "areas_of",
    "devices_of",
    "household",
    "layout",
    "maker_of",
    "speech",
    "titles",
    "unit",
]

LAYOUTS: Mapping[str, tuple[str, ...]] = {
    "house": (),
    "flat": ("kids_room", "garage", "garden", "study"),
    "family": ("study",),
    "studio": ("bedroom", "kids_room", "garage", "garden", "study"),
}
"""Layouts by name, and the areas of the shipped home that each lacks."""

ZONE = "Europe/London"
"""Time zone of all homes."""

_SHARES = (0.35, 0.3, 0.2, 0.15)  # of homes; assumed
_MEMBERS = (0.3, 0.38, 0.18, 0.14)  # share of homes with 1, 2, 3, 4 people who talk to it; assumed
_ACCENTS = ("a", "b", "c", "d")
_ACCENT_SHARES = (0.5, 0.25, 0.15, 0.1)  # assumed
_FAR = 0.6  # share of devices heard from across the room; assumed
_OWN_NAME = 0.15  # share of people with an own name for a thing that has some; assumed
_REQUESTS = 3.0  # wishes a person a day, median; assumed
_SPREAD = 0.5  # of its logarithm between people; assumed
_LISTENERS = {
    "house": ("kitchen", "living_room"),
    "flat": ("living_room",),
    "family": ("kitchen",),
    "studio": ("living_room",),
}
_TASTE = 4  # favourites of each kind


def unit(key: str) -> float:
    """Return a number in [0, 1) that is always the same for one key."""
    return (xxhash.xxh3_64_intdigest(key.encode()) >> 11) / 2.0**53


@cache
def speech() -> Mapping[str, Any]:
    """Read what people want and how they say it: the tables of speech.toml."""
    with (Path(__file__).parent / "speech.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def _shipped() -> VirtualHome:
    return VirtualHome.load()


def layout(name: str) -> VirtualHome:
    """Return a new home of a layout, in its usual state."""
    whole, without = _shipped(), LAYOUTS[name]
    areas = [area for area in whole.areas if area.area_id not in without]
    floors = [floor for floor in whole.floors if any(area.floor_id == floor.floor_id for area in areas)]
    kept = [device for device in whole.devices if device.area_id is None or device.area_id not in without]
    names = {device.entity_id for device in kept}
    states = {entity_id: state for entity_id, state in whole.states().items() if entity_id in names}
    for entity_id, state in states.items():
        if entity_id.startswith(("scene.", "script.")) and not _whole(state.attributes, names):
            kept = [device for device in kept if device.entity_id != entity_id]
    return VirtualHome(
        floors, areas, kept, states={d.entity_id: states[d.entity_id] for d in kept}, home_id=name, timezone=ZONE
    )


def _whole(attributes: Mapping[str, Any], names: set[str]) -> bool:
    """Tell whether a scene or a script finds all its devices."""
    touched = {*attributes.get("sets", {}), *(name for _, name in attributes.get("does", ()))}
    return touched <= names


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Person:
    """Person who talks to the assistant."""

    user_id: str
    """Pseudonym."""
    accent: str
    """Accent, as the recogniser hears it."""
    wishes_a_day: float
    """Number of wishes on a usual day."""
    shift_h: float
    """Delay of their day against others', in hours."""
    own_names: Mapping[str, str]
    """Names that they give to things, by the home's name."""
    taste: Mapping[str, tuple[str, ...]]
    """Favourite artists, songs, genres, books, podcasts, the dearest first."""
    number: tuple[int, int, int]
    """Seed, number of the home and of the member: all their chance comes from it."""

    def chance(self, about: str) -> float:
        """Return a number in [0, 1) that is always the same for this person and this matter."""
        return unit(f"{self.number}{about}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """Device that hears people."""

    origin: Origin
    """Origin of its requests."""
    far: bool
    """Whether people talk to it from across the room."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Household:
    """Home with its people."""

    home_id: str
    """Pseudonym."""
    layout: str
    """A key of `LAYOUTS`."""
    listeners: tuple[Listener, ...]
    """Devices that hear people."""
    members: tuple[Person, ...]
    """People who live there."""

    def voice(self, person: Person, listener: Listener) -> Voice:
        """Return the voice of a person at a device."""
        return Voice(speaker=person.user_id, accent=person.accent, far=listener.far)


@lru_cache(maxsize=200_000)
def household(seed: int, number: int) -> Household:
    """Return one home, always the same for one seed and number."""
    rng = np.random.default_rng([seed, 1, number])
    name = str(rng.choice(list(LAYOUTS), p=_SHARES))
    listeners = tuple(
        Listener(
            origin=Origin(
                device_id=f"device-{number:05d}-{at}", device_type="speaker", has_screen=False, room=_name(name, area)
            ),
            far=bool(rng.random() < _FAR),
        )
        for at, area in enumerate(_LISTENERS[name])
    )
    accent = str(rng.choice(_ACCENTS, p=_ACCENT_SHARES))  # people of one home mostly sound alike
    members = 1 + int(rng.choice(len(_MEMBERS), p=_MEMBERS))
    return Household(
        home_id=f"home-{number:05d}",
        layout=name,
        listeners=listeners,
        members=tuple(_person(seed, number, at, name, accent) for at in range(members)),
    )


def _person(seed: int, home: int, member: int, name: str, accent: str) -> Person:
    rng = np.random.default_rng([seed, 2, home, member])
    things = {device.name for device in devices_of(name)} | {area.name for area in areas_of(name)}
    own = {
        thing: str(names[min(int(rng.geometric(0.6)) - 1, len(names) - 1)])
        for thing, names in speech()["own_names"].items()
        if rng.random() < _OWN_NAME and thing in things
    }
    return Person(
        user_id=f"person-{home:05d}-{member}",
        accent=accent if rng.random() < 0.9 else str(rng.choice(_ACCENTS)),
        wishes_a_day=float(_REQUESTS * np.exp(_SPREAD * rng.standard_normal())),
        shift_h=float(rng.normal(0.0, 1.0)),
        own_names=own,
        taste=_tastes(rng),
        number=(seed, home, member),
    )


def _tastes(rng: np.random.Generator) -> dict[str, tuple[str, ...]]:
    """Return favourites of each kind of title: well-known ones are liked by more people."""
    return {kind: tuple(_favourites(names, rng)) for kind, names in titles().items()}


def _favourites(names: Sequence[str], rng: np.random.Generator) -> list[str]:
    shares = 1.0 / (np.arange(len(names)) + 3.0)
    chosen = rng.choice(len(names), size=min(_TASTE, len(names)), replace=False, p=shares / shares.sum())
    return [names[at] for at in chosen]


@cache
def titles() -> Mapping[str, tuple[str, ...]]:
    """Return titles of the shipped catalogue by kind; people know the first of each best."""
    from uptake.assistant.entities.catalogue import Catalogue

    kinds = {"artist": "artist", "song": "song", "genre": "genre", "book": "audiobook", "podcast": "podcast"}
    items = Catalogue.shipped().items
    return {name: tuple(item.name for item in items if item.kind == kind) for name, kind in kinds.items()}


@cache
def maker_of(song: str) -> str:
    """Return the artist of a song."""
    from uptake.assistant.entities.catalogue import Catalogue

    return next((item.by or "" for item in Catalogue.shipped().items if item.kind == "song" and item.name == song), "")


@cache
def devices_of(name: str) -> tuple[Device, ...]:
    """Return the devices of a layout."""
    return tuple(layout(name).devices)


@cache
def areas_of(name: str) -> tuple[Area, ...]:
    """Return the areas of a layout."""
    return tuple(layout(name).areas)


def _name(name: str, area_id: str) -> str:
    return next(area.name for area in areas_of(name) if area.area_id == area_id)
