"""Vocabulary of a home: names and aliases of devices, areas and floors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from uptake.assistant.home.model import Device, Home
from uptake.text.tokens import words

__all__ = ["KINDS", "Name", "Vocabulary"]

_LAMP = " lamp"
KINDS = frozenset(
    "light lights lamp lamps fan fans switch switches door doors window windows lock locks gas motion device devices "
    "sensor sensors blind blinds curtain curtains speaker speakers temperature humidity battery".split()
)
"""Words that name a kind of thing: a thing called so is told from the kind by the grammar, not here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """Name of one thing."""

    said: str
    """Words that people say."""
    meant: str
    """The name of the thing, as the home has it."""
    kind: Literal["name", "area", "floor"]
    """The slot it fills: "name" is a device's."""
    domain: str | None = None
    """Domain of the device."""
    device_class: str | None = None
    """Finer kind of the device, where known."""


class Vocabulary:
    """Every name of a home.

    Args:
        names: What things are called; the order is kept, what is said twice of one thing counts once.
    """

    def __init__(self, names: Iterable[Name]) -> None:
        self.names = tuple(dict.fromkeys(name for name in names if name.said.strip()))

    @classmethod
    def of(cls, home: Home) -> Vocabulary:
        """Collect the names that a home has now."""
        return cls(
            [
                *(
                    Name(
                        said=said,
                        meant=device.name,
                        kind="name",
                        domain=device.domain,
                        device_class=device.device_class,
                    )
                    for device in home.devices
                    for said in (device.name, *device.aliases, *_lamp_as_light(device, home))
                ),
                *(
                    Name(said=said, meant=area.name, kind="area")
                    for area in home.areas
                    for said in (area.name, *area.aliases)
                ),
                *(
                    Name(said=said, meant=floor.name, kind="floor")
                    for floor in home.floors
                    for said in (floor.name, *floor.aliases)
                ),
            ]
        )

    @cached_property
    def by_words(self) -> Mapping[tuple[str, ...], tuple[Name, ...]]:
        """Return names by their words."""
        by_words: dict[tuple[str, ...], list[Name]] = {}
        for name in self.names:
            by_words.setdefault(tuple(word.text for word in words(name.said)), []).append(name)
        return {said: tuple(names) for said, names in by_words.items() if said}

    def of_kind(self, kind: str) -> tuple[Name, ...]:
        """Return names of devices, areas or floors."""
        return self._by_kind.get(kind, ())

    @cached_property
    def _by_kind(self) -> Mapping[str, tuple[Name, ...]]:
        by_kind: dict[str, list[Name]] = {}
        for name in self.names:
            by_kind.setdefault(name.kind, []).append(name)
        return {kind: tuple(names) for kind, names in by_kind.items()}

    @cached_property
    def unspaced(self) -> Mapping[str, str]:
        """Return names of several words by how they are written as one: "bedroomlamp"."""
        names = (name.said for name in self.names)
        return {"".join(said.casefold().split()): said for said in names if len(said.split()) > 1}

    @cached_property
    def devices(self) -> Mapping[str, tuple[Name, ...]]:
        """Return names of devices by what is said, lower-cased."""
        by_name: dict[str, list[Name]] = {}
        for name in self.of_kind("name"):
            by_name.setdefault(name.meant.casefold(), []).append(name)
        return {said: tuple(names) for said, names in by_name.items()}


def _lamp_as_light(device: Device, home: Home) -> Iterator[str]:
    """Yield what a lamp is called as a light, "bedside light", where nothing else in the home is called so."""
    stem = device.name[: -len(_LAMP)]
    called = f"{stem} light"
    others = (name for each in home.devices for name in (each.name, *each.aliases))
    if device.domain == "light" and device.name.casefold().endswith(_LAMP):
        places = {place.casefold() for area in home.areas for place in (area.name, *area.aliases)}
        if stem.casefold() not in places and called.casefold() not in {name.casefold() for name in others}:
            yield called
