"""The home that readers are tried in."""

from __future__ import annotations

import pytest

from uptake.assistant.readers import Name, Understanding, Vocabulary
from uptake.assistant.readers.grammar import Grammar
from uptake.assistant.skills import Skills

_DEVICES = {
    "light": "Bedside Lamp|Hall Light",
    "lock": "Front Door",
    "cover": "Left Curtain",
    "climate": "Thermostat",
    "media_player": "TV",
    "binary_sensor": "Pet Door",
}


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    """A small home."""
    devices = [
        Name(said=said, meant=said, kind="name", domain=domain, device_class="door" if said == "Pet Door" else None)
        for domain, names in _DEVICES.items()
        for said in names.split("|")
    ]
    speed = Name(said="Gusty", meant="Gusty", kind="name", domain="sensor", device_class="wind_speed")
    lamp = Name(said="Night Light", meant="Bedside Lamp", kind="name", domain="light")
    areas = [Name(said=said, meant=said, kind="area") for said in ("Kitchen", "Living Room")]
    return Vocabulary([*devices, speed, lamp, *areas, Name(said="First Floor", meant="First Floor", kind="floor")])


@pytest.fixture(scope="session")
def grammar(vocabulary: Vocabulary) -> Grammar:
    """Every template, compiled for the small home."""
    return Grammar(vocabulary, skills=Skills())


@pytest.fixture(scope="session")
def understanding(vocabulary: Vocabulary) -> Understanding:
    """All readers that ship."""
    return Understanding.for_vocabulary(vocabulary, skills=Skills())
