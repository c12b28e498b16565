"""Index the names of a home: its devices, areas and floors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from uptake.assistant.entities.matching import Match, Names, core
from uptake.assistant.home.model import Area, Device, Floor, Home

__all__ = ["Household", "Place"]

_WATCHERS = ("sensor", "binary_sensor")  # a door and its sensor may share a name: the context tells which is meant
_JOINTS = ("in the", "on the", "of the", "at the", "in", "on", "of", "at", "the")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Area or floor, as areas."""

    slot: str
    """ "area" or "floor"."""
    key: str
    """Its identifier."""
    name: str
    """Its name."""
    areas: frozenset[str]
    """The areas it covers, by `area_id`."""


class Household:
    """Index of a home's names; built again when the home changes (`describes`)."""

    def __init__(self, home: Home) -> None:
        self.devices: tuple[Device, ...] = tuple(home.devices)
        self.areas: tuple[Area, ...] = tuple(home.areas)
        self.floors: tuple[Floor, ...] = tuple(home.floors)
        self.by_id = {device.entity_id: device for device in self.devices}
        self._area_names = {area.area_id: area.name for area in self.areas}
        self._shared = Counter(core(device.name) for device in self.devices if device.domain not in _WATCHERS)
        self._devices = Names((device.entity_id, tuple(self._forms(device))) for device in self.devices)
        self._places = {
            **{f"area:{area.area_id}": _of_area(area) for area in self.areas},
            **{f"floor:{floor.floor_id}": self._of_floor(floor) for floor in self.floors},
        }
        self._place_names = Names(
            [(f"area:{area.area_id}", (area.name, *area.aliases)) for area in self.areas]
            + [(f"floor:{floor.floor_id}", (floor.name, *floor.aliases)) for floor in self.floors]
        )
        self._place_forms = sorted(
            (
                (core(form), key)
                for key, thing in [(f"area:{area.area_id}", area) for area in self.areas]
                + [(f"floor:{floor.floor_id}", floor) for floor in self.floors]
                for form in (thing.name, *thing.aliases)
            ),
            key=lambda pair: (-len(pair[0]), pair),
        )

    def describes(self, home: Home) -> bool:
        """Tell whether the home still has these devices, areas and floors."""
        return (
            self.devices == tuple(home.devices)
            and self.areas == tuple(home.areas)
            and self.floors == tuple(home.floors)
        )

    def _forms(self, device: Device) -> Iterator[str]:
        yield device.name
        yield from device.aliases
        area = self._area_names.get(device.area_id or "")
        if area is not None:
            for name in (device.name, *device.aliases):
                yield f"{area} {name}"

    def _of_floor(self, floor: Floor) -> Place:
        areas = frozenset(area.area_id for area in self.areas if area.floor_id == floor.floor_id)
        return Place(slot="floor", key=floor.floor_id, name=floor.name, areas=areas)

    def label(self, device: Device) -> str:
        """Return a name that means this device alone: with its area where others have the same name."""
        if self._shared[core(device.name)] < 2 or device.area_id not in self._area_names:
            return device.name
        return f"{self._area_names[device.area_id]} {device.name}"

    def area_name(self, device: Device) -> str | None:
        """Return the name of the area a device stands in."""
        return self._area_names.get(device.area_id or "")

    def place(self, match: Match) -> Place:
        """Return the place of a match from `match_places`."""
        return self._places[match.key]

    def match_places(self, said: str, slot: str | None = None) -> tuple[Match, ...]:
        """Match areas and floors that may be meant; only one sort where `slot` says so."""
        return self._place_names.match(said, among=None if slot is None else lambda key: key.startswith(slot))

    def mentions(self, text: str, place: Place) -> bool:
        """Tell whether a text speaks of a place by one of its names."""
        padded = f" {core(text)} ".replace("'s ", " ")
        key = f"{place.slot}:{place.key}"
        return any(f" {form} " in padded for form, of in self._place_forms if of == key)

    def room(self, said: str | None) -> Place | None:
        """Return the area of this name, where there is one."""
        matches = self._place_names.match(said or "", limit=1, exact_only=True)
        return self.place(matches[0]) if matches else None

    def match_devices(self, said: str, among: Sequence[Device], *, exact_only: bool = False) -> tuple[Match, ...]:
        """Match devices that may be meant, out of some."""
        keys = {device.entity_id for device in among}
        return self._devices.match(said, among=keys.__contains__, exact_only=exact_only)

    def split(self, said: str) -> Iterator[tuple[Place, str]]:
        """Split a name into a place and the rest: "kitchen light", "the light in the kitchen"; longest first."""
        text = core(said)
        for form, key in self._place_forms:
            if text == form:
                yield self._places[key], ""
            elif text.startswith((f"{form} ", f"{form}'s ")):
                yield self._places[key], core(text[len(form) :].removeprefix("'s"))
            elif text.endswith(f" {form}"):
                yield self._places[key], _without_joint(text[: -len(form) - 1])


def _of_area(area: Area) -> Place:
    return Place(slot="area", key=area.area_id, name=area.name, areas=frozenset({area.area_id}))


def _without_joint(text: str) -> str:
    for joint in _JOINTS:
        if text.endswith(f" {joint}"):
            return text[: -len(joint) - 1]
    return text
