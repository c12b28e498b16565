"""The language model in the loop: asked once, at the end, about what nobody else is sure of; never obeyed unasked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.assistant.readers.test_llm import Endpoint, answered, endpoint, turn_on
from uptake.assistant.build import open_agent
from uptake.assistant.loop import Agent
from uptake.types import Request, Transcript

__all__ = ["endpoint"]
pytestmark = pytest.mark.slow
ODD = "the floor lamp wants a bit of oomph"


def agent(directory: Path, endpoint: Endpoint, **chosen: object) -> Agent:
    options = {"base_url": f"http://127.0.0.1:{endpoint.server_port}/v1", "model": "tiny", "timeout_s": 300.0, **chosen}
    return open_agent(directory, {"understand.llm": options})


def say(one: Agent, text: str, *, heard: tuple[str, ...] = ()) -> tuple[str, str | None]:
    reply = one.answer(Request(text=text, user_id="ann", alternatives=tuple(Transcript(text=one) for one in heard)))
    return reply.speech, reply.question


def lamp(one: Agent) -> str:
    states = one.components.home.states()
    return states["light.floor_lamp"].value


def test_what_nobody_is_sure_of_is_asked_about_and_done_on_a_yes(tmp_path: Path, endpoint: Endpoint) -> None:
    endpoint.answer, one = answered(turn_on(name="THING_1")), agent(tmp_path, endpoint)
    speech, asked = say(one, ODD, heard=("the floor lamb wants a bit of oomph", "the four lamp wants a bit of oomph"))
    assert (asked, endpoint.asked, lamp(one)) == ("confirm", 1, "off"), speech
    assert "floor lamp" in speech.lower()
    say(one, "yes")
    assert (lamp(one), endpoint.asked) == ("on", 1)


def test_what_is_sure_is_not_sent(tmp_path: Path, endpoint: Endpoint) -> None:
    one = agent(tmp_path, endpoint)
    say(one, "turn on the floor lamp")
    say(one, "what time is it")
    assert (lamp(one), endpoint.asked) == ("on", 0)


def test_a_model_that_is_trusted_is_acted_on(tmp_path: Path, endpoint: Endpoint) -> None:
    endpoint.answer, one = answered(turn_on(name="THING_1")), agent(tmp_path, endpoint, worth=0.9)
    say(one, ODD)
    assert lamp(one) == "on"


@pytest.mark.parametrize("worth", [0.55, 1.0])
def test_a_door_is_never_opened_by_what_it_says(tmp_path: Path, endpoint: Endpoint, worth: float) -> None:
    endpoint.answer = answered({"intent": "HassTurnOff", "slots": {"name": "THING_1"}, "confidence": 1.0})
    one = agent(tmp_path, endpoint, worth=worth)
    say(one, "the front door could use some life")
    assert endpoint.asked == 1
    say(one, "yes")
    assert one.components.home.states()["lock.front_door"].value == "locked"


def test_a_question_stays_a_question(tmp_path: Path, endpoint: Endpoint) -> None:
    endpoint.answer, one = answered(turn_on(name="THING_1")), agent(tmp_path, endpoint, worth=1.0)
    say(one, "is the floor lamp able to glimmer?")
    assert lamp(one) == "off"


def test_a_day_without_a_share_asks_nobody(tmp_path: Path, endpoint: Endpoint) -> None:
    one = agent(tmp_path, endpoint, a_day=0)
    say(one, ODD)
    assert endpoint.asked == 0
