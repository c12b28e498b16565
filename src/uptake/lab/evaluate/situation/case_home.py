"""Build a home of the things whose names and states a case gives."""

from __future__ import annotations

import re
from collections.abc import Sequence

from uptake.assistant.context.deixis import kind_of
from uptake.assistant.entities.kinds import kind_in
from uptake.assistant.home import VirtualHome
from uptake.assistant.home.model import Area, Device, State
from uptake.text.normalize import normalize

__all__ = ["home_of"]

_DOMAINS = {  # kind of thing -> domain, device class, features
    "light": ("light", None, {"brightness", "color"}),
    "media": ("media_player", "speaker", set()),
    "screen": ("media_player", "display", {"screen"}),
    "vacuum": ("vacuum", None, set()),
    "mower": ("lawn_mower", None, set()),
    "shade": ("cover", "shade", {"position"}),
    "cover": ("cover", "door", {"position"}),
    "lock": ("lock", None, set()),
    "climate": ("climate", None, {"heat"}),
    "fan": ("fan", None, {"speed"}),
    "oven": ("switch", "oven", {"temperature"}),
    "appliance": ("switch", "dishwasher", {"program"}),
    "doorbell": ("camera", "doorbell", set()),
    "camera": ("camera", "camera", set()),
}
_NO_DEVICES = frozenset({"timer", "alarm", "security", "phone", "workout", "message"})
_STATES = {  # plain word of a state -> state, where they differ
    "heating": "heat",
    "cooling": "cool",
    "armed": "on",
    "disarmed": "off",
}
_REST = frozenset("off idle empty standby ready closed locked docked paused".split())
_ROOM = re.compile(
    r"^(.*(?:room|kitchen|hall|study|bathroom|bedroom|garage|garden|office|attic|nursery))\b", re.IGNORECASE
)


def home_of(things: Sequence[tuple[str, str]], room: str | None) -> VirtualHome:
    """Return a home of things that have a name and a state, of the kinds that those make likely."""
    devices: dict[str, Device] = {}
    states: dict[str, State] = {}
    rooms = {_room_in(name, room) for name, _ in things} | {room}
    areas = [Area(area_id=_slug(name), name=name) for name in sorted(name for name in rooms if name)]
    for name, state in things:
        kind = kind_of(name, state)
        if kind in _NO_DEVICES:
            continue
        domain, device_class, features = _DOMAINS.get(kind, ("switch", None, set()))
        if domain == "media_player" and re.search(r"\btv\b|display", name.lower()):
            device_class, features = ("tv" if "tv" in name.lower() else "display"), {"screen"}
        place = _room_in(name, room)
        device = Device(
            entity_id=f"{domain}.{_slug(name)}",
            name=name,
            area_id=_slug(place) if place else None,
            device_class=_class_named(name, domain) or device_class,
            features=frozenset(features),
        )
        devices[device.entity_id] = device
        states[device.entity_id] = _state(domain, state)
    return VirtualHome((), areas, list(devices.values()), states=states)


def _class_named(name: str, domain: str) -> str | None:
    """Return the device class that a name says: a blind is no door, a kettle no dishwasher."""
    kind = kind_in(name)
    if kind is None or domain not in kind.domains or domain not in ("cover", "switch") or not kind.classes:
        return None
    return next((one for one in sorted(kind.classes) if one in normalize(name)), sorted(kind.classes)[0])


def _state(domain: str, plain: str) -> State:
    """Return a state from its plain words: "playing: Blue Moon", "heating, 18 °C", "loaded, off"."""
    words = normalize(plain).replace("_", " ").split()
    first = words[0].strip(":,") if words else "unknown"
    if domain in ("light", "switch", "fan"):
        return State(value="off" if _REST & {word.strip(":,") for word in words} else "on")
    return State(value=_STATES.get(first, first))


def _room_in(name: str, room: str | None) -> str | None:
    """Return the room that a name begins with: this room, or one that is called like a room."""
    if room is not None and name.casefold().startswith(f"{room.casefold()} "):
        return room
    found = _ROOM.match(name)
    return found[1] if found else None


def _slug(name: str) -> str:
    return re.sub(r"\W+", "_", name.casefold()).strip("_")
