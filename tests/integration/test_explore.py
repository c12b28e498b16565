"""Exploration through the whole assistant: what is left to chance, how often, and what the log says of it."""

from dataclasses import replace

import pytest

from tests.integration.test_rewritten_requests import EVIDENCE, KITCHEN, Unsure
from uptake.assistant.asking.explore import Exploration
from uptake.assistant.asking.policy import Explorer
from uptake.assistant.build import open_agent
from uptake.assistant.loop import Agent
from uptake.assistant.memory import HOME
from uptake.log.store import TurnLog
from uptake.rewriting.pipeline import Pipeline
from uptake.rewriting.table.artifact import Rewrite, RewriteTable
from uptake.rewriting.table.step import ExactRewrite
from uptake.types import Request

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("readers_at_hand")]

WRONG, RIGHT = "turn on the kitchen fight", "turn on the kitchen light"
LEARNED = {WRONG: RIGHT, "open sesame": "unlock the front door", "start the cattle": "turn on the kettle"}
BOLD = {"on": True, "try_share": 0.5, "tries_per_day": 10_000, "budget": 1.0, "least_worth": 0.0}


@pytest.fixture
def opened(tmp_path):
    """A function from options of [explore] to an assistant that would ask about each learned rewrite."""
    with TurnLog(tmp_path / "log") as log:

        def agent(**options):
            components = open_agent(tmp_path, {"explore": options, "feedback": {"pause_min": 0.0}}, log=log).components
            table = RewriteTable.from_rows([Rewrite(one, other, EVIDENCE) for one, other in LEARNED.items()])
            return Agent(replace(components, pipeline=Pipeline(Unsure(ExactRewrite(table, "000001-0")))))

        yield agent


def say(agent, text, user="ann"):
    return agent.answer(Request(text=text, user_id=user), KITCHEN)


def stopped(agent, text, user="ann"):
    """Say something while the light is off, and no more about it."""
    say(agent, "turn off the kitchen light", "somebody")
    reply = say(agent, text, user)
    if reply.question is not None:
        say(agent, "never mind", user)
    return reply


def test_nothing_is_left_to_chance_unless_it_is_asked_for(opened):
    agent = opened()
    assert agent.components.explores is None
    assert {stopped(agent, WRONG).question for _ in range(5)} == {"confirm"}
    assert {turn.propensity for turn in agent.components.recorder.log.read()} == {1.0}


@pytest.mark.long
def test_a_try_acts_at_once_and_both_choices_say_how_probable_they_were(opened):
    agent = opened(**BOLD, per_day=0)
    replies = [stopped(agent, WRONG, f"user-{at}") for at in range(60)]
    tried = [reply.turn for reply in replies if reply.question is None]
    asked = [reply.turn for reply in replies if reply.question == "confirm"]
    assert 15 <= len(tried) <= 45
    assert {turn.status for turn in tried} == {"ok"}
    assert {turn.acted_on for turn in tried} == {RIGHT}
    kept = {turn.turn_id: turn.propensity for turn in agent.components.recorder.log.read()}
    assert {kept[turn.turn_id] for turn in tried + asked} == {0.5}
    assert sum(1 / kept[turn.turn_id] for turn in tried) == pytest.approx(60, abs=30)


def test_what_was_tried_is_undone_by_a_word(opened):
    agent = opened(**{**BOLD, "try_share": 0.999}, per_day=0)
    assert say(agent, WRONG).question is None
    assert "took it back" in say(agent, "undo").speech


@pytest.mark.parametrize("request_", ["open sesame", "start the cattle"])
def test_what_is_critical_or_no_device_of_the_kind_is_never_tried(opened, request_):
    agent = opened(**{**BOLD, "try_share": 0.999}, per_day=0)
    for at in range(10):
        reply = stopped(agent, request_, f"user-{at}")
        assert (reply.question, reply.turn.propensity) == ("confirm", 1.0)


def test_tries_end_with_the_budget_of_the_person_and_of_the_domain(opened):
    agent = opened(**{**BOLD, "try_share": 0.999, "tries_per_day": 2}, per_day=0)
    assert [stopped(agent, WRONG).question for _ in range(4)] == [None, None, "confirm", "confirm"]
    poor = replace(Explorer(**{**BOLD, "try_share": 0.999}), budget=0.1, min_turns=0)
    agent.components = replace(agent.components, explores=Exploration(poor, agent.components.memory))
    agent.components.memory.set(HOME, "explored", {"lights": (100, 10)})
    assert stopped(agent, WRONG, "bo").question == "confirm"


def test_a_question_after_a_turn_is_a_draw_whose_chance_is_on_record(opened):
    agent = opened(**BOLD, per_day=100)
    replies = [say(agent, RIGHT, f"user-{at}") for at in range(120)]
    asked = [reply.turn.propensity for reply in replies if reply.question == "feedback"]
    spared = [reply.turn.propensity for reply in replies if reply.question is None]
    assert asked
    assert spared
    assert asked[0] + spared[0] == pytest.approx(1.0)
    assert {round(one, 6) for one in asked} == {round(asked[0], 6)}
