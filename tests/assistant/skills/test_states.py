"""Questions about the home."""

from __future__ import annotations

import pytest

from tests.assistant.skills.calls import a_home, ask

LIGHTS = {"domain": "light", "state": "on"}
WINDOWS = {"domain": "cover", "device_class": "window"}


@pytest.mark.parametrize(
    ("slots", "speech"),
    [
        ({"name": "Front Door"}, "The front door is locked."),
        ({"name": "Front Door", "state": "locked"}, "Yes, the front door is locked."),
        ({"name": "Front Door", "state": "open"}, "No, the front door is locked."),
        ({"name": "Bedroom Window", "state": "on"}, "Yes, the bedroom window is open."),
        ({"name": "Oven", "state": "on"}, "No, the oven is off."),
        ({"name": "Fridge"}, "The fridge is at 4.5 °C."),
        ({"name": "Rover", "device_class": "battery"}, "Rover has 100 % of its battery left."),
        ({"area": "Bathroom", "device_class": "humidity"}, "The bathroom humidity is at 61 %."),
        ({"name": "Living Room Blinds"}, "The living room blinds are open."),
        ({"name": "Movie Night"}, "I know no device of that name."),
    ],
)
def test_one_device_is_told_with_its_value(slots, speech):
    assert ask(a_home(), "HassGetState", **slots).speech == speech


@pytest.mark.parametrize(
    ("slots", "speech"),
    [
        ({**LIGHTS, "response": "which"}, "The study light and the desk lamp are on."),
        ({**LIGHTS, "response": "any"}, "Yes, the study light and the desk lamp are on."),
        ({**LIGHTS, "response": "how_many"}, "2 lights are on: the study light and the desk lamp."),
        ({**LIGHTS, "response": "all", "area": "Study"}, "Yes, all lights in the study are on."),
        ({**LIGHTS, "response": "any", "area": "Kitchen"}, "No, no light in the kitchen is on."),
        ({**LIGHTS, "area": "Kitchen"}, "No light in the kitchen is on."),
        ({**WINDOWS, "state": "open", "response": "which"}, "The bedroom window is open."),
        ({**WINDOWS, "state": "open", "response": "how_many"}, "1 window is open: the bedroom window."),
        ({**WINDOWS, "state": "closed", "response": "all"}, "No, the bedroom window is not closed."),
        ({"domain": "lock", "state": "locked", "response": "all"}, "Yes, all locks are locked."),
        ({"device_class": "smoke", "domain": "binary_sensor", "state": "on", "response": "any"}, "No smoke detected."),
    ],
)
def test_many_devices_are_counted_and_named(slots, speech):
    home = a_home()
    for name in ("light.study", "light.desk"):
        home.call("light.turn_on", name)
    assert ask(home, "HassGetState", **slots).speech == speech


def test_what_cannot_be_reached_is_told():
    home = a_home()
    home.fail("light.desk", "away")
    assert ask(home, "HassGetState", name="Desk Lamp").status == "failed"
    told = ask(home, "HassGetState", domain="light", state="on", area="Study", response="any").speech
    assert told == "No, no light in the study is on. The desk lamp is not reachable."
