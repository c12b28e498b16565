"""Model of a home: floors, areas, devices, their states, and the calls it accepts.

The terms are Home Assistant's: a device has an `entity_id` ("light.kitchen_ceiling"), a domain ("light"), perhaps a
device class ("window"); an action is called by its service name ("light.turn_on") with data. A virtual home
(`uptake.assistant.home.virtual`) and a real one implement the same protocol.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

__all__ = ["Area", "Device", "Floor", "Home", "State"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """Storey of the home."""

    floor_id: str
    """Identifier, for example "upstairs"."""
    name: str
    """Name that people use, for example "Upstairs"."""
    aliases: tuple[str, ...] = ()
    """Other names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """Room, or another place of the home."""

    area_id: str
    """Identifier, for example "living_room"."""
    name: str
    """Name that people use, for example "Living Room"."""
    aliases: tuple[str, ...] = ()
    """Other names."""
    floor_id: str | None = None
    """The storey it is on, where known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """Thing that has a state or can be acted on (an entity, in Home Assistant's terms)."""

    entity_id: str
    """Identifier: domain, a dot, a name: "light.kitchen_ceiling"."""
    name: str
    """Name that people use."""
    aliases: tuple[str, ...] = ()
    """Other names."""
    area_id: str | None = None
    """The area it stands in."""
    device_class: str | None = None
    """Finer kind within the domain, for example "window", "garage", "tv", "oven"."""
    features: frozenset[str] = frozenset()
    """Features beyond on and off, for example {"brightness", "color", "screen"}."""
    critical: bool = False
    """Whether people must be asked before it is acted on (a lock, the garage)."""
    domain: str = field(init=False, repr=False, compare=False)
    """The part of `entity_id` before the dot."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "domain", self.entity_id.partition(".")[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """State of a device."""

    value: str
    """The state in Home Assistant's words: "on", "off", "open", "locked", "heat", "playing", "21.5"."""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    """Further facts, for example {"brightness": 80, "unit": "°C"}; values are JSON."""
    changed_at: datetime | None = None
    """When `value` last changed, aware."""


@runtime_checkable
class Home(Protocol):
    """Home with states and calls.

    Laws: `call` changes nothing when it raises; `restore` of an earlier result of `states` undoes a call; it does not
    see what was said.
    """

    home_id: str
    """Pseudonym of the home."""
    timezone: str
    """IANA name of its time zone."""

    @property
    def floors(self) -> Sequence[Floor]:
        """Its storeys."""

    @property
    def areas(self) -> Sequence[Area]:
        """Its rooms and other places."""

    @property
    def devices(self) -> Sequence[Device]:
        """Its devices."""

    def now(self) -> datetime:
        """Return the present time of the home, aware, in its zone."""

    def states(self) -> Mapping[str, State]:
        """Return the state of every device, by `entity_id`. A device that is away is "unavailable"."""

    def call(self, service: str, entity_id: str, data: Mapping[str, Any] | None = None) -> State:
        """Act on one device and return its new state.

        Args:
            service: Domain and verb, for example "light.turn_on", "cover.set_cover_position".
            entity_id: The device.
            data: What the service needs, for example {"brightness_pct": 40}.

        Raises:
            DeviceFailed: The device refused, is away, or did not answer in time.
        """

    def restore(self, states: Mapping[str, State]) -> None:
        """Put devices back into earlier states.

        Raises:
            DeviceFailed: A device refused.
        """
