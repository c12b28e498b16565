"""Import a home from Home Assistant as a home file: floors, areas, exposed entities, aliases, states.

Entities that are not exposed to Assist are not imported, since nobody may ask for them. The file is the one that
`uptake.assistant.home.file` reads; it can be edited.

Limit: entities of domains that the virtual home does not know are left out, and so are unknown states and attributes.
The effects of scenes and scripts are not available on this interface.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from uptake.assistant.home.kinds import KINDS, Kind, fault
from uptake.platforms.home_assistant.socket import Socket, refused

__all__ = ["Imported", "Registries", "home_file", "read_registries"]

_COLOURS = frozenset({"hs", "rgb", "rgbw", "rgbww", "xy"})
_SCALED = {"brightness": 100 / 255, "volume_level": 100.0}  # to percent
_RENAMED = {"current_position": "position", "volume_level": "volume", "unit_of_measurement": "unit"}
_FEATURES = {"cover": ((4, "position"),), "fan": ((1, "speed"),), "valve": ((4, "position"),)}

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Registries:
    """Registries of a home, as Home Assistant returns them."""

    config: Mapping[str, Any]
    floors: Rows
    areas: Rows
    devices: Rows
    entities: Mapping[str, Mapping[str, Any]]
    """Entries of the exposed entities, with their aliases, by entity_id; empty for one that is in no registry."""
    states: Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """Home file, with the number of entities left out."""

    text: str
    """The file, in TOML."""
    areas: int
    """Areas that it describes."""
    devices: int
    """Devices that it describes."""
    left_out: Mapping[str, int]
    """Domain -> exposed entities that a home file has no kind for."""


async def read_registries(socket: Socket) -> Registries:
    """Ask Home Assistant for its registries; needs the token of an administrator.

    Raises:
        RequestRefused: Home Assistant does not answer, or refuses.
    """
    try:
        exposed = (await socket.ask("homeassistant/expose_entity/list"))["exposed_entities"]
        names = sorted(name for name, whom in exposed.items() if whom.get("conversation"))
        entries = await socket.ask("config/entity_registry/get_entries", entity_ids=names)
        return Registries(
            config=await socket.ask("get_config"),
            floors=await socket.ask("config/floor_registry/list"),
            areas=await socket.ask("config/area_registry/list"),
            devices=await socket.ask("config/device_registry/list"),
            entities={name: entries.get(name) or {} for name in names},
            states=await socket.ask("get_states"),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise refused("its registries have an unknown format") from error


def home_file(known: Registries) -> Imported:
    """Write the home file.

    Raises:
        RequestRefused: What Home Assistant told is not understood.
    """
    try:
        return _written(known)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise refused("its registries have an unknown format") from error


def _written(known: Registries) -> Imported:
    places = {one["id"]: one.get("area_id") for one in known.devices}
    floors, areas = {one["floor_id"] for one in known.floors}, {one["area_id"] for one in known.areas}
    lines = ["# Imported from Home Assistant; it may be edited, and is written anew by the next import."]
    lines += _table("[home]", {"timezone": known.config.get("time_zone", "UTC")})
    for one in known.floors:
        lines += _table("[[floor]]", {"id": one["floor_id"], **_named(one)})
    for one in known.areas:
        floor = one.get("floor_id") if one.get("floor_id") in floors else None
        lines += _table("[[area]]", {"id": one["area_id"], **_named(one), "floor": floor})
    left_out: Counter[str] = Counter()
    devices = 0
    for state in known.states:
        name = state["entity_id"]
        entry, domain = known.entities.get(name), name.partition(".")[0]
        if entry is None:
            continue
        if domain not in KINDS:
            left_out[domain] += 1
            continue
        area = entry.get("area_id") or places.get(entry.get("device_id"))
        lines += _table("[[device]]", _device(state, entry, area if area in areas else None))
        devices += 1
    return Imported(text="\n".join(lines) + "\n", areas=len(areas), devices=devices, left_out=dict(left_out))


def _named(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": entry["name"], "aliases": sorted(entry.get("aliases") or ())}


def _device(state: Mapping[str, Any], entry: Mapping[str, Any], area: str | None) -> dict[str, Any]:
    name, told = state["entity_id"], state.get("attributes") or {}
    domain = name.partition(".")[0]
    kind = KINDS[domain]
    spoken = told.get("friendly_name") or entry.get("name") or entry.get("original_name")
    finer = told.get("device_class")
    return {
        "id": name,
        "name": spoken or name.partition(".")[2].replace("_", " "),
        "aliases": sorted(entry.get("aliases") or ()),
        "area": area,
        "class": finer if kind.classes is None or finer in kind.classes else None,
        "can": sorted(set(_abilities(domain, told)) & set(kind.features)),
        "state": state["state"] if _is_state(kind, state["state"]) else None,
        "attributes": dict(_attributes(kind, told)),
    }


def _is_state(kind: Kind, value: str) -> bool:
    return value not in ("unknown", "unavailable") and (kind.states is None or value in kind.states)


def _abilities(domain: str, told: Mapping[str, Any]) -> Iterator[str]:
    modes = set(told.get("supported_color_modes") or ())
    if modes - {"onoff", "unknown"}:
        yield "brightness"
    if modes & _COLOURS:
        yield "color"
    if "color_temp" in modes:
        yield "color_temperature"
    supported = told.get("supported_features")
    for bit, feature in _FEATURES.get(domain, ()):
        if isinstance(supported, int) and supported & bit:
            yield feature


def _attributes(kind: Kind, told: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in told.items():
        ours = _RENAMED.get(name, name)
        if isinstance(value, int | float) and name in _SCALED:
            value = round(value * _SCALED[name])  # noqa: PLW2901 - the same fact in our unit
        form = kind.attributes.get(ours)
        if form is not None and fault(form, value) is None:
            yield ours, value


def _table(heading: str, known: Mapping[str, Any]) -> list[str]:
    rows = [f"{name} = {_value(value)}" for name, value in known.items() if value not in (None, [], {}, "")]
    return ["", heading, *rows]


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{name} = {_value(one)}" for name, one in value.items()) + " }"
    if isinstance(value, str):
        return json.dumps("".join(filter(str.isprintable, value)), ensure_ascii=False)
    if isinstance(value, Iterable):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(value)
