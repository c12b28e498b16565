"""What was done is on record, and can be undone, whatever the recogniser sent."""

import pytest

from uptake.assistant.context.situation import Origin
from uptake.release.state import State
from uptake.types import Request, Transcript

LONE = "\ud800"


@pytest.mark.parametrize(
    "request_",
    [
        Request(text="turn on the kitchen light", user_id="ann", alternatives=(Transcript(text=f"turn on {LONE}"),)),
        Request(text=f"turn on the kitchen light {LONE}", user_id="ann"),
        Request(text="turn on the kitchen light", user_id=f"ann{LONE}"),
        Request(text="x" * 5_000_000, user_id="ann"),
    ],
    ids=["alternatives", "text", "user", "long"],
)
def test_a_text_that_is_no_unicode_is_on_record_and_undoable(tmp_path, request_):
    state = State(tmp_path)
    agent = state.assistant(logged=True)
    before = dict(agent.components.home.states())
    reply = agent.answer(request_, Origin(device_id=f"speaker{LONE}", room="Kitchen"))
    assert [one.turn_id for one in state.log.read()] == [reply.turn.turn_id]
    agent.undo(reply.turn.user_id)
    assert {name: one.value for name, one in agent.components.home.states().items()} == {
        name: one.value for name, one in before.items()
    }


def test_of_a_request_that_is_too_long_nothing_is_done_and_all_of_it_is_on_record(tmp_path):
    state = State(tmp_path)
    agent = state.assistant(logged=True)
    before = {name: one.value for name, one in agent.components.home.states().items()}
    request = Request(text="turn on the kitchen light and tell nobody about it " * 25, user_id="ann")
    reply = agent.answer(request, Origin(room="Kitchen"))
    assert ("too long" in reply.speech, reply.turn.status, reply.turn.action) == (True, "unsupported", None)
    assert [one.request for one in state.log.read()] == [request.text]
    assert {name: one.value for name, one in agent.components.home.states().items()} == before
    assert agent.read(request) == ()
    assert agent.preflight(request)[0] == 0.0
