"""Lights: what they do and what is said."""

from __future__ import annotations

import pytest

from tests.assistant.skills.calls import a_home, ask


def test_a_light_is_turned_on_and_is_then_already_on():
    home = a_home()
    effect = ask(home, "HassTurnOn", name="Desk Lamp")
    assert (effect.speech, effect.status, effect.action) == ("The desk lamp is on.", "ok", "light.turn_on light.desk")
    assert ask(home, "HassTurnOn", name="Desk Lamp").speech == "The desk lamp is already on."


@pytest.mark.parametrize(
    ("slots", "speech"),
    [
        ({"area": "Kitchen", "domain": "light"}, "The kitchen lights are on."),
        ({"floor": "Upstairs", "domain": "light"}, "The lights upstairs are on."),
        ({"floor": "Ground Floor", "domain": "light"}, "The lights on the ground floor are on."),
        ({"domain": "light"}, "All 13 lights are on."),
        ({"name": "Counter Lights"}, "The counter lights are on."),
        ({"name": "Garden Sprite", "domain": "light"}, "I know no light of that name."),
        ({}, "What shall I turn on?"),
    ],
)
def test_the_answer_names_the_lights_as_they_were_asked_for(slots, speech):
    assert ask(a_home(), "HassTurnOn", **slots).speech == speech


def test_a_light_that_fails_is_told_beside_those_that_obeyed():
    home = a_home()
    home.fail("light.desk", "hang")
    effect = ask(home, "HassTurnOn", area="Study", domain="light")
    assert effect.speech == "The study light is on, but the desk lamp did not answer."
    assert (effect.status, home.states()["light.study"].value) == ("failed", "on")
    assert ask(home, "HassTurnOn", name="Desk Lamp").speech == "Sorry, the desk lamp did not answer."


@pytest.mark.parametrize(
    ("slots", "speech", "status"),
    [
        ({"name": "Floor Lamp", "color": "red", "brightness": "30"}, "The floor lamp is red at 30 %.", "ok"),
        ({"name": "Floor Lamp", "brightness": "0"}, "The floor lamp is already off.", "ok"),
        ({"name": "Desk Lamp", "temperature": "2700"}, "The desk lamp is warm white.", "ok"),
        ({"area": "Study", "brightness": "40"}, "The study lights are at 40 %.", "ok"),
        ({"name": "Bathroom Light", "brightness": "30"}, "The bathroom light cannot be dimmed.", "unsupported"),
        ({"name": "Counter Lights", "color": "blue"}, "The counter lights cannot change their colour.", "unsupported"),
        ({"name": "Floor Lamp", "color": "beige"}, "The floor lamp does not know that colour.", "unsupported"),
        ({"name": "Desk Lamp", "brightness": "900"}, "Brightness goes from 0 to 100 percent.", "unsupported"),
        (
            {"name": "Desk Lamp", "temperature": "9999"},
            "Colour temperature goes from 1500 to 9000 kelvin.",
            "unsupported",
        ),
        ({"name": "Desk Lamp"}, "How bright, in percent?", "ok"),
    ],
)
def test_brightness_and_colour_are_set_where_the_light_can(slots, speech, status):
    effect = ask(a_home(), "HassLightSet", **slots)
    assert (effect.speech, effect.status) == (speech, status)


def test_brighter_and_dimmer_mean_those_that_are_on_and_dimming_never_switches_off():
    home = a_home()
    home.call("light.turn_on", "light.desk", {"brightness_pct": 20})
    assert ask(home, "HassLightSet", area="Study", direction="up").speech == "The desk lamp is at 40 %."
    for _ in range(4):
        effect = ask(home, "HassLightSet", room="Study", direction="down", domain="light", area="Study")
    assert effect.speech == "The desk lamp is at 5 %."
    assert ask(home, "HassLightSet", name="Kids Room Light", direction="up").speech == "The kids room light is at 20 %."
