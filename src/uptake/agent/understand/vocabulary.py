"""What things in the home are called: names and aliases of devices, areas and floors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from uptake.agent.home.model import Home

__all__ = ["Name", "Vocabulary"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """One way to call one thing."""

    said: str
    """What people say."""
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
        """The names that a home has now."""
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
                    for said in (device.name, *device.aliases)
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

    def of_kind(self, kind: str) -> tuple[Name, ...]:
        """Names of devices, areas or floors."""
        return tuple(name for name in self.names if name.kind == kind)

    @cached_property
    def devices(self) -> Mapping[str, tuple[Name, ...]]:
        """Names of devices by what is said, lower-cased."""
        found: dict[str, list[Name]] = {}
        for name in self.of_kind("name"):
            found.setdefault(name.meant.casefold(), []).append(name)
        return {said: tuple(names) for said, names in found.items()}
