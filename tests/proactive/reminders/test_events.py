"""read_reminder: what a reminder waits for, and what the home cannot tell."""

import pytest

from uptake.proactive.reminders import Thing, read_reminder

HOME = [
    Thing("switch.washer", ("Washing Machine",), "washing_machine"),
    Thing("cover.garage", ("Garage Door",), "garage"),
    Thing("lock.front", ("Front Door",)),
    Thing("binary_sensor.window", ("Kitchen Window",), "window"),
    Thing("person.ada", ("Ada",)),
    Thing("person.bo", ("Bo",)),
]


@pytest.mark.parametrize(
    ("request_", "text", "entities", "state"),
    [
        ("remind me to hang up the washing when the washing is done", "hang up the washing", ["switch.washer"], "off"),
        ("when the washing machine stops, remind me to empty it", "empty it", ["switch.washer"], "off"),
        ("remind me to lock up once the garage door opens", "lock up", ["cover.garage"], "open"),
        ("please remind me to wave as soon as Ada gets home", "wave", ["person.ada"], "home"),
        ("remind me to sing when everybody has left", "sing", ["person.ada", "person.bo"], "not_home"),
        ("remind me to air when the kitchen window is opened", "air", ["binary_sensor.window"], "on"),
        ("Remind me to go to bed when the front door is locked", "go to bed", ["lock.front"], "locked"),
    ],
)
def test_an_event_is_tied_to_what_senses_it(request_, text, entities, state):
    asked = read_reminder(request_, HOME)
    assert (asked.text, list(asked.event.entities)) == (text, entities)
    assert state in asked.event.states


@pytest.mark.parametrize("when", ["it rains", "the mail comes", "the oven is hot", "Cy gets home", "the door opens"])
def test_what_nothing_in_the_home_senses_is_told(when):
    asked = read_reminder(f"remind me to call mum when {when}", HOME)
    assert asked.event is None
    assert asked.unknown == when.lower()


def test_places_are_kept_as_places_and_home_by_the_device_that_tells():
    assert read_reminder("remind me to buy milk when I get to the shop", HOME).place == "shop"
    assert read_reminder("remind me to buy milk when I leave the office", HOME).leaves
    at_home = read_reminder("remind me to water the plants when I get home", HOME)
    assert (at_home.place, at_home.event) == ("home", None)
    by_device = read_reminder("remind me to water the plants when I get home", HOME, me="person.ada")
    assert (by_device.place, by_device.event.states) == ("", ("home",))


@pytest.mark.parametrize(
    "request_",
    ["remind me to call mum at five", "remind me to call mum after lunch", "turn on the light when the door opens",
     "remind me to call when it rains and close the window", "when I get home", "", "run party when the door opens"],
)  # fmt: skip
def test_what_is_no_such_reminder_is_left_alone(request_):
    assert read_reminder(request_, HOME) is None


def test_what_was_taught_can_be_run_then():
    asked = read_reminder("run good morning when the garage door opens", HOME, ["Good Morning"])
    assert (asked.run, asked.text, asked.event.entities) == ("good morning", "", ("cover.garage",))
