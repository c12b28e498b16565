"""AskPolicy: it asks where the answer is worth most, and leaves people alone otherwise."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import START
from uptake.assistant.asking.feedback import AskPolicy
from uptake.assistant.dialogue import Conversation, Pending
from uptake.assistant.memory import Memory, of_user
from uptake.errors import BadConfig
from uptake.types import Interpretation

POLICY = AskPolicy(per_day=3, pause_min=20.0)
TALK = Conversation(session_id="s")
UNSURE = (Interpretation(intent="HassTurnOn", confidence=0.6), Interpretation(intent="HassLightSet", confidence=0.4))
SURE = (Interpretation(intent="HassTurnOn", confidence=0.98),)


def asks(readings=UNSURE, memory=None, *, minutes=0, talk=TALK, plain=True):
    return POLICY(readings, talk, memory or Memory(), "ann", START + timedelta(minutes=minutes), plain=plain)


def test_it_asks_when_unsure_and_not_when_sure():
    assert asks()
    assert not asks(SURE)
    assert not asks(())
    assert not asks((Interpretation(intent="HassTurnOn"),))


def test_it_never_asks_after_what_failed_or_was_critical_or_twice_in_a_conversation():
    assert not asks(plain=False)
    assert not asks(talk=replace(TALK, asked_for_feedback=True))
    assert not asks(talk=replace(TALK, pending=Pending(kind="slot", interpretation=SURE[0])))


def test_it_waits_between_questions_and_keeps_to_its_budget():
    memory = Memory()
    asked = []
    for minutes in range(0, 600, 10):
        if asks(memory=memory, minutes=minutes):
            POLICY.asked(memory, "ann", START + timedelta(minutes=minutes))
            POLICY.answered(memory, "ann", True)
            asked.append(minutes)
    assert asked == [0, 20, 40]
    assert asks(memory=memory, minutes=24 * 60)


@pytest.mark.parametrize("heard", [None, "nothing at all"])
def test_silence_doubles_the_pause(heard):
    memory = Memory()
    POLICY.asked(memory, "ann", START)
    if heard is None:
        POLICY.answered(memory, "ann", None)
    assert not asks(memory=memory, minutes=30)
    assert asks(memory=memory, minutes=45)


def test_an_answer_ends_the_silence():
    memory = Memory()
    POLICY.asked(memory, "ann", START)
    POLICY.answered(memory, "ann", None)
    POLICY.answered(memory, "ann", False)
    assert asks(memory=memory, minutes=25)


def test_what_is_asked_often_is_worth_more():
    memory = Memory()
    first = POLICY.value(UNSURE, memory, "ann", START)
    for _ in range(20):
        POLICY.count_request(memory, "ann", UNSURE[0])
    assert POLICY.value(UNSURE, memory, "ann", START) > first
    assert POLICY.value(UNSURE, memory, "bo", START) == first


def test_an_uncertain_reading_is_worth_more_than_a_certain_one():
    values = [
        POLICY.value((Interpretation(intent="x", confidence=share),), Memory(), "ann", START)
        for share in (0.5, 0.7, 0.9, 1.0)
    ]
    assert values == sorted(values, reverse=True)


def test_counts_stay_few_and_go_with_the_person():
    memory = Memory()
    for number in range(130):
        POLICY.count_request(memory, "ann", Interpretation(intent=f"intent {number}"))
    assert len(memory.get(of_user("ann"), "feedback")["seen"]) == 100
    memory.forget("ann")
    assert memory.scopes() == []


@pytest.mark.parametrize("wrong", [{"per_day": -1}, {"pause_min": -1.0}, {"least_value": 1.5}])
def test_options_out_of_range_are_refused(wrong):
    with pytest.raises(BadConfig):
        AskPolicy(**wrong)
