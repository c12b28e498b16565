"""Heating and cooling."""

from __future__ import annotations

import pytest

from tests.assistant.skills.calls import a_home, ask


@pytest.mark.parametrize(
    ("slots", "room", "speech"),
    [
        ({}, "Bedroom", "It is 18 °C in the bedroom."),
        ({}, None, "It is 20.5 °C in the living room, 18 °C in the bedroom and 21 °C in the study."),
        ({"area": "Garden"}, None, "The outdoor temperature is 12.5 °C."),
        ({"area": "Kitchen"}, None, "There is no thermometer in the kitchen."),
        ({"name": "Thermostat"}, None, "The thermostat reads 20.5 °C, heating, set to 21."),
        ({"name": "Fridge"}, None, "The fridge is 4.5 °C."),
    ],
)
def test_the_temperature_is_that_of_the_place_that_is_meant(slots, room, speech):
    assert ask(a_home(), "HassClimateGetTemperature", room=room, **slots).speech == speech


@pytest.mark.parametrize(
    ("intent", "slots", "speech", "status"),
    [
        (
            "HassClimateSetTemperature",
            {"name": "Thermostat", "temperature": "22.5"},
            "The thermostat is set to 22.5 °C.",
            "ok",
        ),
        (
            "HassClimateSetTemperature",
            {"name": "Thermostat", "direction": "down"},
            "The thermostat is set to 20 °C.",
            "ok",
        ),
        ("HassClimateSetTemperature", {"name": "Thermostat"}, "To how many degrees?", "ok"),
        (
            "HassClimateSetTemperature",
            {"name": "Thermostat", "temperature": "80"},
            "The thermostat goes from 5 to 32 only.",
            "unsupported",
        ),
        ("SetClimateMode", {"name": "Air Conditioner", "mode": "cool"}, "The air conditioner is set to cool.", "ok"),
        (
            "SetClimateMode",
            {"name": "Thermostat", "mode": "cool"},
            "The thermostat does not have that mode.",
            "unsupported",
        ),
        (
            "HassClimateSetFanMode",
            {"name": "Air Conditioner", "fan_mode": "low"},
            "The air conditioner is on fan mode low.",
            "ok",
        ),
        (
            "HassClimateSetFanMode",
            {"name": "Thermostat", "fan_mode": "low"},
            "The thermostat has no fan mode.",
            "unsupported",
        ),
        ("HassTurnOff", {"name": "Thermostat"}, "The thermostat is off.", "ok"),
        ("HassTurnOn", {"name": "Air Conditioner"}, "The air conditioner is on.", "ok"),
    ],
)
def test_a_thermostat_does_what_it_can(intent, slots, speech, status):
    effect = ask(a_home(), intent, **slots)
    assert (effect.speech, effect.status) == (speech, status)


def test_warmer_without_a_place_means_this_room():
    home = a_home()
    assert ask(home, "HassClimateSetTemperature", room="Bedroom", direction="up").speech == (
        "The bedroom radiator is set to 19 °C."
    )
