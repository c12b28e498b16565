"""Switches, appliances and fans."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.assistant.skills.calls import a_home, ask


def test_the_oven_is_set_heats_up_and_tells_how_hot_it_is():
    home = a_home()
    assert ask(home, "SetOvenTemperature", name="Oven", temperature="200").speech == "The oven is set to 200 °C."
    home.advance(timedelta(minutes=5))
    question = ("HassClimateGetTemperature", {"name": "Oven"})
    assert ask(home, question[0], **question[1]).speech == "The oven is at 70 °C and heating to 200."
    home.advance(timedelta(minutes=30))
    assert ask(home, question[0], **question[1]).speech == "The oven is at 200 °C."
    assert ask(home, "SetOvenTemperature", direction="up").speech == "The oven is set to 210 °C."
    ask(home, "HassTurnOff", name="Oven")
    assert ask(home, question[0], **question[1]).speech == "The oven is off, but still at 200 °C."


@pytest.mark.parametrize(
    ("slots", "speech", "missing"),
    [
        ({}, "How hot, in degrees?", "temperature"),
        ({"name": "Oven", "temperature": "900"}, "The oven goes from 30 to 300 only.", None),
        ({"name": "Kettle", "temperature": "90"}, "The kettle cannot be set to a temperature.", None),
    ],
)
def test_the_oven_asks_for_what_is_missing_and_refuses_what_cannot_be(slots, speech, missing):
    effect = ask(a_home(), "SetOvenTemperature", **slots)
    assert (effect.speech, effect.missing) == (speech, missing)


def test_coffee_is_made_by_what_makes_coffee_and_is_done_after_a_while():
    home = a_home()
    assert ask(home, "HassTurnOn", device_class="coffee_maker").speech == "The coffee maker is on."
    assert ask(home, "GetApplianceRemaining").speech == "The coffee maker is running, with 6 minutes to go."
    home.advance(timedelta(minutes=7))
    assert ask(home, "GetApplianceRemaining", name="Coffee Maker").speech == "The coffee maker is not running."


@pytest.mark.parametrize(
    ("slots", "speech"),
    [
        ({"name": "Ceiling Fan", "percentage": "30"}, "The ceiling fan is at 30 %."),
        ({"name": "Ceiling Fan", "percentage": "0"}, "The ceiling fan is off."),
        ({"name": "Bathroom Fan", "percentage": "30"}, "The bathroom fan has one speed only."),
        ({"name": "Ceiling Fan"}, "How fast, in percent?"),
    ],
)
def test_a_fan_turns_as_fast_as_is_said(slots, speech):
    assert ask(a_home(), "HassFanSetSpeed", **slots).speech == speech
