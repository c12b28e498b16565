"""Numbers, units and first verbs that are misspelt; what exists is left as it is."""

import pytest

from uptake.assistant.readers.cleaning.counted import counted


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("set a timer for fiften minuts", "set a timer for fifteen minutes"),
        ("twnety five minutes please", "twenty five minutes please"),
        ("dim the lamp to forty percnet", "dim the lamp to forty percent"),
        ("wake me at half past sxi", "wake me at half past six"),
        ("oven to two hundred and ten", "oven to 210"),
        ("wake me at sevven tomorow", "wake me at seven tomorrow"),
        ("swich the lamp on", "switch the lamp on"),
        ("close the bilnds", "close the blinds"),
    ],
)
def test_a_slip_beside_its_unit_or_in_front_is_put_right(said, meant):
    assert counted(said) == meant


@pytest.mark.parametrize(
    "said",
    [
        "rename sundown to golden hour",
        "relock the door",
        "redo that",
        "set all thermostats to 20",
        "play the lihgts",
        "wait for the minutes of the meeting",
        "add a hundred napkins to the list",
        "light the fire",
        "feed the cat in the ten houses",
    ],
)
def test_what_exists_or_is_a_name_is_left_as_it_is(said):
    assert counted(said) == said
