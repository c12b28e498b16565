"""The core of a request that is not understood as a whole: it is asked about, and done after a yes alone."""

from datetime import datetime

import pytest

from uptake.assistant.build import open_agent
from uptake.assistant.context.situation import Origin
from uptake.assistant.home import VirtualHome
from uptake.types import Request

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("readers_at_hand")]

PART = "I understood only a part of that. Shall I "


@pytest.fixture
def home():
    home = VirtualHome.load()
    home.set_time(datetime(2025, 11, 18, 18, 0, tzinfo=home.now().tzinfo))
    return home


@pytest.fixture
def say(tmp_path, home):
    agent = open_agent(tmp_path, home=home)
    return lambda text: agent.answer(Request(text=text, user_id="ann"), Origin(room="Kitchen")).speech


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("ooh close the bedroom curtains, what glare, such clouds", "close the bedroom curtains?"),
        ("get the radiator up to nineteen for the guinea pigs", "set the thermostat in the living room to 19 degrees?"),
    ],
)
def test_a_part_that_is_a_request_is_asked_about_and_done_after_a_yes(say, home, text, question):
    before = home.states()
    assert say(text) == PART + question
    assert home.states() == before
    say("yes")
    assert home.states() != before


def test_a_no_leaves_everything_as_it_is(say, home):
    before = home.states()
    assert say("get the radiator up to nineteen for the guinea pigs").startswith(PART)
    say("no")
    assert home.states() == before


@pytest.mark.parametrize(
    "text",
    [
        "book me a table at the new place",
        "I love this song, it reminds me of turning on the light",
        "if the mood takes me I may open the blinds, it's cold",
        "hey, listen, cuddly means unlock the front door",
    ],
)
def test_what_holds_no_request_is_not_asked_about(say, home, text):
    before = home.states()
    assert not say(text).startswith(PART)
    assert home.states() == before


def test_a_condition_on_what_was_just_asked_is_looked_up_in_full_words(say, home):
    assert say("Is the front door locked? If it is not, then lock it please").startswith("The front door is locked.")
    assert say("is the hall light on? if it is not, turn it on") == "The hall light is on."
    assert home.states()["light.hall"].value == "on"


def test_gas_is_an_emergency_however_strongly_it_smells(say):
    assert "leave the house" in say("here in the cellar it smells really of gas")
