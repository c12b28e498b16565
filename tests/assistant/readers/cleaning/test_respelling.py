"""Respeller: slips of the keys, words run together and torn apart, texting, and words heard for others."""

from __future__ import annotations

import pytest

from uptake.assistant.home import VirtualHome
from uptake.assistant.readers.cleaning.respelling import Respeller
from uptake.assistant.readers.understanding import Understanding
from uptake.assistant.skills import Skills
from uptake.assistant.stakes import acts_unasked
from uptake.types import Situation

ASKED = frozenset(
    "turn on off the lights light set to percent timer for minutes dim bedroom kitchen garage door close open "
    "thermostat please red blue play add milk shopping list is anyone home lock unlock".split()
)
RESPELLER = Respeller(ASKED, frozenset({"kitchen", "garage"}))


@pytest.fixture(scope="module")
def understanding() -> Understanding:
    return Understanding.for_home(VirtualHome.load(), Skills())


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("trun off teh lihgts", "turn off the lights"),
        ("turnoff thelights", "turn off the lights"),
        ("closethe garagedoor pls", "close the garage door please"),
        ("timer for 5min", "timer for 5 minutes"),
        ("dim the bed room light", "dim the bedroom light"),
        ("is any1 home", "is anyone home"),
    ],
)
def test_what_was_typed_wrong_is_put_right(said: str, meant: str) -> None:
    found = RESPELLER.respelt(said)[0]
    assert (found.text, found.is_slip) == (meant, True)


@pytest.mark.parametrize(
    ("said", "meant"),
    [("turn the lights read", "turn the lights red"), ("set to forty per scent", "set to forty percent")],
)
def test_what_was_heard_for_another_word_is_worth_less_than_it_takes_to_act(said: str, meant: str) -> None:
    found = RESPELLER.respelt(said)[-1]
    assert found.text == meant
    assert not found.is_slip
    assert found.worth < 0.61


@pytest.mark.parametrize("said", ["turn off the lights", "what a lovely evening", "buy tickets to Leeds", "", "!?"])
def test_what_is_well_written_stays_as_it_is(said: str) -> None:
    assert not [one for one in RESPELLER.respelt(said) if one.is_slip]


def test_a_slip_as_near_to_the_opposite_is_asked_about() -> None:
    assert RESPELLER.respelt("nlock the door")[0].most < 0.6
    assert RESPELLER.respelt("turn the light offf")[0].most == 1.0


@pytest.mark.parametrize("said", ["turnoff the bedroom lites", "plz swich teh bedroom lights off"])
def test_a_home_understands_what_was_typed_in_a_hurry(understanding: Understanding, said: str) -> None:
    best = understanding.read(said, Situation())[0]
    assert (best.interpretation.intent, dict(best.interpretation.slots)["area"]) == ("HassTurnOff", "Bedroom")
    assert acts_unasked(best)


def test_what_goes_on_a_list_is_written_as_it_was_said(understanding: Understanding) -> None:
    best = understanding.read("add tmoatoes to teh shoping list", Situation())[0]
    assert dict(best.interpretation.slots)["item"] == "tmoatoes"


def test_a_misheard_word_is_asked_about(understanding: Understanding) -> None:
    best = understanding.read("turn the bedroom lights blew", Situation())[0]
    assert dict(best.interpretation.slots)["color"] == "blue"
    assert not acts_unasked(best)
