"""Describe the home for the teaching step: names, rooms, kinds, critical devices, and those that keep people out."""

from __future__ import annotations

from uptake.assistant.entities.household import Household
from uptake.assistant.entities.rules import is_critical
from uptake.assistant.home.model import Device
from uptake.teaching.concepts.house import House, Thing

__all__ = ["house_of"]

_WATCHERS = ("sensor", "binary_sensor", "camera", "person", "weather", "button")
_WAYS_IN = frozenset({"garage", "gate", "door"})


def house_of(household: Household) -> House:
    """Return a home as the teaching step sees it; what cannot be acted on is left out."""
    return House(
        areas=tuple(area.name for area in household.areas),
        things=tuple(_thing(each, household) for each in household.devices if each.domain not in _WATCHERS),
        area_forms=tuple((alias, area.name) for area in household.areas for alias in area.aliases),
    )


def _thing(device: Device, household: Household) -> Thing:
    area = household.area_name(device)
    forms = (device.name, *device.aliases)
    way_in = device.domain == "cover" and bool(_WAYS_IN & set(device.name.lower().split()))
    return Thing(
        key=device.entity_id,
        name=household.label(device),
        domain=device.domain,
        area=area,
        forms=(*forms, *(f"{area} {form}" for form in forms if area)),
        is_critical=device.critical,
        is_guard=is_critical(device) or way_in,
    )
