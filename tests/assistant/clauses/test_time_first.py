"""Times in front, times without their preposition, reasons with a time of their own, the second of two times."""

from datetime import UTC, datetime

import pytest

from uptake.assistant.clauses.wording.times.time_first import (
    one_after_the_other,
    time_last,
    with_at,
    without_timed_reason,
)
from uptake.assistant.entities.household import Household
from uptake.assistant.home import VirtualHome

HOUSEHOLD = Household(VirtualHome.load())
NOW = datetime(2025, 11, 18, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("at nine, close the curtains", "close the curtains at nine"),
        ("tomorrow at six, turn on the oven", "turn on the oven tomorrow at six"),
        ("half ten, heating off", "heating off at half ten"),
        ("in ten minutes, oven off", "oven off in ten minutes"),
        ("an hour from now, garage light off", "garage light off an hour from now"),
        ("at nine tv on", "tv on at nine"),
        ("tonight at ten bedside lamp to 20 percent", "bedside lamp to 20 percent tonight at ten"),
        ("in the kitchen, lights off", "in the kitchen, lights off"),
        ("by the way, turn it off", "by the way, turn it off"),
        ("half of them, turn them off", "half of them, turn them off"),
    ],
)
def test_a_time_in_front_goes_behind_what_is_to_be_done_then(said, plain):
    assert time_last(said, NOW, HOUSEHOLD) == plain


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("lights a quarter to seven", "lights at a quarter to seven"),
        ("turn the hall light off twenty past nine", "turn the hall light off at twenty past nine"),
        ("hall light off at twenty past nine", "hall light off at twenty past nine"),
        ("cheese quarter to seven", "cheese quarter to seven"),
    ],
)
def test_a_time_behind_a_thing_of_the_home_gets_its_preposition(said, plain):
    assert with_at(said, HOUSEHOLD) == plain


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        (
            "tea wants another twenty minutes, so turn the oven off at twenty past six",
            "turn the oven off at twenty past six",
        ),
        ("chicken needs another half hour so oven off at ten to seven", "oven off at ten to seven"),
        ("we're eating at seven so put the oven on at quarter past six", "put the oven on at quarter past six"),
        ("turn the oven on at six, so turn the light off at seven", None),
        ("the rice needs ten minutes so turn the oven off", None),
        ("if it rains at six, so turn the fan off at seven", None),
    ],
)
def test_the_time_in_a_reason_is_no_time_of_the_deed(said, plain):
    assert without_timed_reason(said, HOUSEHOLD, NOW) == (plain or said)


@pytest.mark.parametrize(
    ("texts", "second"),
    [
        (("turn on the oven tomorrow at 5:45 pm", "turn off the oven at seven"), "turn off the oven tomorrow at 7 pm"),
        (
            ("turn on the heating at six every morning", "turn off the heating at eight"),
            "turn off the heating every day at 8 am",
        ),
        (("turn on the oven at seven", "turn off the oven at eight"), "turn off the oven at eight"),
        (("turn on the oven tomorrow at 5 pm", "turn off the tv at seven"), "turn off the tv at seven"),
    ],
)
def test_the_second_deed_of_a_thing_is_after_the_first(texts, second):
    assert one_after_the_other(texts, HOUSEHOLD, NOW)[1] == second
