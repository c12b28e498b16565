"""Hunches while nobody speaks: said, done by leave, explained, taken back, and ended on a word."""

from datetime import datetime, timedelta

import pytest

from tests.teaching.homes import told
from tests.teaching.talks import FLAT
from uptake.assistant.build import open_agent
from uptake.lab.evaluate.teaching.rows import home_of
from uptake.log.store import TurnLog
from uptake.proactive.hunches.artifact import Expectation, Expectations
from uptake.store.store import ArtifactStore
from uptake.types import Request

pytest.importorskip("hassil")

DAY = datetime(2026, 11, 23)
AT_FIVE, AT_NINE = timedelta(hours=17), timedelta(hours=21)
FAN = Expectation(
    home_id="home", entity_id="fan.lounge_fan", state="off", days=14, of_days=14, share=0.9, usual=1200, by=1230
)
LOCK = Expectation(
    home_id="home", entity_id="lock.front_door", state="locked", days=14, of_days=14, share=0.9, usual=1200, by=1230
)


class Evenings:
    """Evenings of a home in which something is often forgotten."""

    def __init__(self, tmp_path, usual):
        self.home = home_of(told(FLAT))
        store = ArtifactStore(tmp_path / "artifacts")
        store.publish(Expectations.from_rows([usual]))
        policy = {"withhold": 0.0, "pause_min": 0}
        self.agent = open_agent(tmp_path, {"proactive": policy, "feedback": {"per_day": 0}}, home=self.home,
                                log=TurnLog(tmp_path / "log"), store=store)  # fmt: skip
        self.day = DAY

    def say(self, *texts):
        return [self.agent.answer(Request(text=text, user_id="ann")).speech for text in texts][-1]

    def forgotten(self, deed):
        """Live through a day on which something is left as it is not usual; returns what is said in the evening."""
        self.day += timedelta(days=1)
        self.home.set_time(self.day + AT_FIVE)
        self.say(deed)
        self.home.set_time(self.day + AT_NINE)
        return " ".join(one.speech for one in self.agent.due(user_id="ann"))

    def state(self, entity_id):
        return self.home.states()[entity_id].value


def by_leave(tmp_path):
    evenings = Evenings(tmp_path, FAN)
    evenings.say("suggestions on")
    for times in range(3):
        assert evenings.forgotten("turn on the lounge fan").endswith("Shall I turn off the lounge fan?")
        answer = evenings.say("yes")
        assert answer.endswith("Shall I do that by myself from now on?") == (times == 2)
    evenings.say("yes")
    assert "You let me see to that" in evenings.forgotten("turn on the lounge fan")
    assert evenings.state("fan.lounge_fan") == "off"
    return evenings


def test_what_was_accepted_often_is_done_by_leave_explained_and_undone_on_a_word(tmp_path):
    evenings = by_leave(tmp_path)
    assert evenings.say("why did you do that") == "On 14 of 14 days the lounge fan was off by 20:30."
    evenings.say("undo that")
    assert evenings.state("fan.lounge_fan") == "on"


@pytest.mark.parametrize("word", ["stop doing that", "don't do that by yourself", "stop suggesting that"])
def test_leave_ends_on_a_word(tmp_path, word):
    evenings = by_leave(tmp_path)
    evenings.say("what time is it")
    assert evenings.say(word) == "All right, I will not suggest that again."
    assert evenings.forgotten("turn on the lounge fan") == ""
    assert evenings.state("fan.lounge_fan") == "on"


def test_a_question_about_another_deed_is_not_answered_with_the_hunch(tmp_path):
    evenings = by_leave(tmp_path)
    evenings.say("turn on the hall light")
    assert "hall light" in evenings.say("why did you do that")


def test_leave_is_never_asked_for_what_keeps_people_out(tmp_path):
    evenings = Evenings(tmp_path, LOCK)
    evenings.say("make suggestions")
    for _ in range(5):
        evenings.home.set_time(evenings.day + timedelta(hours=16))
        evenings.say("unlock the front door", "yes")
        assert "Shall I lock the front door?" in evenings.forgotten("what time is it")
        assert "by myself" not in evenings.say("yes")
