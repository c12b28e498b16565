"""Conversation: what is remembered, for how long, and as JSON."""

import json
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import START
from tests.strategies import entities, interpretations, maybe, moments, names, words
from uptake.assistant.dialogue import Conversation, LastAction, Pending
from uptake.errors import BadRecord
from uptake.types import Exchange, Interpretation

READING = Interpretation(intent="HassTurnOn", slots=(("name", "Desk Lamp"),))
QUESTION = Pending(kind="confirm", interpretation=READING, asked_at=START)

exchanges = st.builds(
    Exchange,
    request=words,
    response=maybe(words),
    interpretation=maybe(interpretations),
    entities=st.lists(entities, max_size=2).map(tuple),
)
conversations = st.builds(
    Conversation,
    session_id=names,
    exchanges=st.lists(exchanges, max_size=3).map(tuple),
    pending=maybe(
        st.builds(
            Pending,
            kind=st.sampled_from(["slot", "confirm", "choice", "feedback"]),
            interpretation=interpretations,
            slot=maybe(words),
            options=st.lists(words, max_size=3).map(tuple),
            heard=maybe(words),
            question=maybe(words),
            turn_id=maybe(words),
            asked_at=maybe(moments),
        )
    ),
    last=maybe(
        st.builds(
            LastAction,
            turn_id=words,
            interpretation=interpretations,
            alternatives=st.lists(interpretations, max_size=2).map(tuple),
            targets=st.lists(words, max_size=2).map(tuple),
        )
    ),
    asked_for_feedback=st.booleans(),
    updated_at=maybe(moments),
)


@settings(max_examples=20)
@given(conversations)
def test_json_keeps_everything(conversation):
    assert Conversation.from_json(json.loads(json.dumps(conversation.to_json()))) == conversation


@pytest.mark.parametrize("kept", [None, [], {}, {"session_id": 1}, {"session_id": "s", "pending": {"kind": "shout"}}])
def test_anything_else_is_refused(kept):
    with pytest.raises(BadRecord, match="not a conversation"):
        Conversation.from_json(kept)


def test_a_pause_ends_a_conversation_and_a_shorter_one_its_question():
    conversation = Conversation(session_id="s", pending=QUESTION, updated_at=START)
    assert conversation.at(START + timedelta(seconds=30)) == conversation
    assert conversation.at(START + timedelta(minutes=3)).pending is None
    assert conversation.at(START + timedelta(minutes=6)) is None


def test_it_remembers_the_last_exchanges_and_what_was_done_last():
    conversation = Conversation(session_id="s")
    done = LastAction(turn_id="t", interpretation=READING)
    for count in range(9):
        exchange = Exchange(request=str(count))
        conversation = conversation.after(exchange, START, pending=None, last=done if count == 2 else None)
    assert [exchange.request for exchange in conversation.exchanges] == ["3", "4", "5", "6", "7", "8"]
    assert conversation.last == done


def test_it_remembers_that_it_was_asked_for_feedback():
    asked = Conversation(session_id="s").after(
        Exchange(request="x"), START, pending=Pending(kind="feedback", interpretation=READING), last=None
    )
    assert asked.after(Exchange(request="yes"), START, pending=None, last=None).asked_for_feedback
