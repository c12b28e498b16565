"""Remarks beside a request: left out where they surely ask for nothing; what may be asked for stays."""

import pytest

from uptake.assistant.clauses.beside import is_remark, without_remarks
from uptake.assistant.entities.household import Household
from uptake.assistant.home import VirtualHome


@pytest.fixture(scope="module")
def household():
    return Household(VirtualHome.load())


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("film's about to start, turn the lights off", "turn the lights off"),
        ("turn the kettle on, my sister will be here any minute", "turn the kettle on"),
        ("can you open the garage door, I need to get the bikes out", "can you open the garage door"),
        ("the kids are in bed. what a day. lock the front door", "lock the front door"),
        ("wake me at half six tomorrow, swimming club, heaven help me", "wake me at half six tomorrow"),
    ],
)
def test_what_asks_for_nothing_is_left_out(household, said, asked):
    assert without_remarks(said, household) == asked


@pytest.mark.parametrize(
    "said",
    [
        "turn on the lamp, the other one",
        "turn on the lamp, at half past six",
        "turn off all the lights, not the kitchen",
        "turn on the lamp and call mum",
        "add eggs, milk and bread to the shopping list",
        "play hello, goodbye",
        "we're out of milk, put it on the shopping list",
        "there's smoke in the kitchen, turn on the fan",
        "when the film starts, turn the lights off",
        "movie night means the lights are low, remember that",
        "the kids are in bed. what a day",
        "when I say postman, unlock the front door",
        "stop, the phone's ringing",
        "that was wrong, I think",
        "remind me at seven, no wait, eight tonight to take the cake out",
    ],
)
def test_what_may_matter_stays(household, said):
    assert without_remarks(said, household) == said


def test_a_request_or_an_answer_is_no_remark():
    assert not any(map(is_remark, ("no", "yes please", "stop", "turn it off", "and the hall", "if it rains", "")))
