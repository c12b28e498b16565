"""What is put right by hand the same way again and again is offered to be learned."""

from datetime import timedelta

import pytest

from tests.teaching.homes import told
from tests.teaching.talks import FLAT
from uptake.assistant.build import open_agent
from uptake.lab.evaluate.teaching.rows import home_of
from uptake.log.store import TurnLog
from uptake.types import Request

WISH, RIGHT = "turn on the lounge lamp", "set it to 40 percent"


@pytest.fixture
def home():
    return home_of(told(FLAT))


@pytest.fixture
def say(home, tmp_path):
    quiet = {"feedback": {"per_day": 0}, "proactive": {"per_day": 0}}
    agent = open_agent(tmp_path, quiet, home=home, log=TurnLog(tmp_path / "log"))

    def said(*texts, user="ann"):
        return [agent.answer(Request(text=text, user_id=user)) for text in texts][-1]

    return said


def test_the_third_time_the_answer_offers_what_would_be_learned(say):
    assert say(WISH, RIGHT, WISH, RIGHT).question is None
    offered = say(WISH, RIGHT)
    assert offered.question == "teach"
    assert WISH in offered.speech
    assert "40 percent" in offered.speech
    assert offered.turn.status == "ok"
    assert "remember" in say("yes").speech
    say("turn off the lounge lamp")
    assert "40" in say(WISH).speech


def test_what_was_declined_is_not_offered_again_for_a_week(say, home):
    say(WISH, RIGHT, WISH, RIGHT, WISH, RIGHT)
    assert say("no").speech == "All right, I will leave it."
    assert all(say(WISH, RIGHT).question is None for _ in range(4))
    home.set_time(home.now() + timedelta(days=8))
    assert say(WISH, RIGHT).question == "teach"


def test_another_request_lets_the_offer_go(say):
    say(WISH, RIGHT, WISH, RIGHT, WISH, RIGHT)
    assert say("turn off the lounge lamp").question is None
    assert "40" not in say(WISH).speech


@pytest.mark.parametrize(
    "texts",
    [
        (WISH, "set it to 40 percent", WISH, "set it to 50 percent", WISH, "set it to 60 percent"),
        (WISH, "make it brighter", WISH, "make it brighter", WISH, "make it brighter"),
        (WISH, "turn it off", WISH, "turn it off", WISH, "turn it off"),
    ],
)
def test_what_is_put_right_in_several_ways_or_undone_is_not_offered(say, texts):
    assert say(*texts).question is None


def test_a_voice_that_nobody_knows_is_offered_nothing(say):
    assert say(*(WISH, RIGHT) * 3, user="unknown").question is None
