"""Look up towns, countries and regions by name: their time zone and coordinates.

The table (`places.tsv`) was written for this project. Limit: a few hundred large places; a country of several zones is
represented by its largest city.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from uptake.assistant.knowledge.names import with_article
from uptake.text.distance import edit_similarity
from uptake.text.normalize import normalize

__all__ = ["Place", "find_place", "place_of_zone", "places"]

_CLOSE = 0.84
_MAX_CHARS = 80
_EXTRA = re.compile(r"^(?:the city of|the|in|at)\s+|\s+(?:right now|now|today|city|please|time)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Town, country or region."""

    name: str
    """Name of the place."""
    aliases: tuple[str, ...]
    """Other names."""
    country: str
    """The country it lies in; its own name where it is one."""
    zone: str
    """IANA name of its time zone."""
    latitude: float
    """Degrees north."""
    longitude: float
    """Degrees east."""

    @property
    def in_sentence(self) -> str:
        """Name for use in a sentence: "the Netherlands"."""
        return with_article(self.name)


def find_place(said: str) -> Place | None:
    """Find the place of a name, tolerating a slip of the pen; None where it is unknown.

    >>> find_place("new york").zone, find_place("Tokio").name, find_place("Atlantis")
    ('America/New_York', 'Tokyo', None)
    """
    wanted = normalize(said[:_MAX_CHARS])
    by_name = _by_name()
    previous = None
    while wanted != previous:
        if wanted in by_name:
            return by_name[wanted]
        previous, wanted = wanted, _EXTRA.sub("", wanted)
    first = re.split(r"\s*,\s*", said.casefold())[0]
    if first != said.casefold() and normalize(first) in by_name:
        return by_name[normalize(first)]
    if len(wanted) < 4:
        return None
    near = max(by_name, key=lambda name: edit_similarity(name, wanted))
    return by_name[near] if edit_similarity(near, wanted) >= _CLOSE or _slip(near, wanted) else None


def place_of_zone(zone: str) -> Place | None:
    """Return the town a time zone is named after, or else the first place in it."""
    town = normalize(zone.rpartition("/")[2].replace("_", " "))
    named = _by_name().get(town)
    if named is not None and named.zone == zone:
        return named
    return next((place for place in places() if place.zone == zone), None)


@cache
def places() -> tuple[Place, ...]:
    """Return every known place, in the order of the table."""
    text = (files("uptake.assistant.knowledge") / "places.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return tuple(
        Place(
            name=name,
            aliases=tuple(alias for alias in aliases.split("|") if alias),
            country=country,
            zone=zone,
            latitude=float(latitude),
            longitude=float(longitude),
        )
        for name, aliases, country, zone, latitude, longitude in rows
    )


@cache
def _by_name() -> dict[str, Place]:
    named: dict[str, Place] = {}
    for place in places():
        for name in (place.name, *place.aliases):
            named.setdefault(normalize(name), replace(place, name=name))
    return named


def _slip(known: str, said: str) -> bool:
    """Tell whether one letter of a short name is wrong: "tokio"."""
    return (
        len(known) == len(said) >= 5
        and sum(a != b for a, b in zip(known, said, strict=True)) == 1
        and (known[0] == said[0] and known[:2] == said[:2])
    )
