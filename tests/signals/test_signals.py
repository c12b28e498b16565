"""What each signal hears, and what leaves it silent."""

from dataclasses import replace

import pytest

from tests.builders import session
from uptake.signals.barge_in import BargeIn
from uptake.signals.correction import Correction
from uptake.signals.explicit import Explicit
from uptake.signals.hang_up import HangUp
from uptake.signals.outcome import Outcome
from uptake.signals.rephrase import Rephrase
from uptake.signals.termination import Termination
from uptake.types import Context, Session

PHONE = Context(device_type="phone")


def heard(signal, said: Session) -> list[tuple[int, bool, int | None]]:
    """(position of the turn spoken of, defect, position of the turn it is about)."""
    at = {turn.turn_id: position for position, turn in enumerate(said.turns)}
    return [(at[one.turn_id], one.defect, at.get(one.about)) for one in signal(said)]


def first(said: Session, **fields) -> Session:
    """The session with fields of its first turn changed."""
    return replace(said, turns=(replace(said.turns[0], **fields), *said.turns[1:]))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("play harry porter", "play harry potter"),
        ("turn on the light", "turn on the light"),
        ("play bare naked ladies", "play the barenaked ladies"),
        ("what's the weather in paris", "weather paris please"),
    ],
)
def test_saying_it_again_is_a_rephrase(one, other):
    assert heard(Rephrase(), session(one, other, status=None)) == [(0, True, 1)]


@pytest.mark.parametrize(
    ("one", "other"), [("play jazz", "what time is it"), ("play jazz", "stop"), ("volume up", "volume up")]
)
def test_another_wish_or_a_control_request_is_no_rephrase(one, other):
    assert heard(Rephrase(), session(one, other)) == []


def test_a_stop_in_between_does_not_hide_a_rephrase():
    assert heard(Rephrase(), session("play harry porter", "stop", "play harry potter")) == [(0, True, 2)]


def test_cutting_in_early_is_louder_than_cutting_in_late():
    early, late = (next(BargeIn()(session("play jazz", barge_in_ms=ms))).score for ms in (200.0, 20_000.0))
    assert 1 > early > 0.9 > late > 0


def test_not_knowing_of_a_barge_in_is_silence():
    assert heard(BargeIn(), session("play jazz", "stop")) == []


def test_stop_speaks_of_the_turn_before_if_it_comes_soon():
    assert heard(Termination(), session("play jazz", "stop", gap_s=5)) == [(0, True, 1)]
    assert heard(Termination(), session("play jazz", "stop", gap_s=600)) == []
    assert heard(Termination(), session("stop", "play jazz")) == []


def test_leaving_an_open_question_is_a_hang_up():
    assert heard(HangUp(), session("call mom", response="Which number?")) == [(0, True, None)]
    assert heard(HangUp(), session("call mom", response="Calling mom.")) == []
    assert heard(HangUp(), session("call mom", context=PHONE)) == []


def test_taking_leave_is_no_hang_up():
    assert heard(HangUp(), session("call mom", "never mind", response="Which number?")) == []
    assert heard(HangUp(), session("thai food", "thank you goodbye", response="Anything else?")) == []


@pytest.mark.parametrize(
    ("status", "verdict"),
    [("failed", [(0, True, None)]), ("ok", [(0, False, None)]), ("unsupported", []), ("cancelled", []), (None, [])],
)
def test_an_honest_refusal_is_friction_without_a_verdict(status, verdict):
    assert heard(Outcome(), session("play jazz", status=status)) == verdict


def test_a_correction_speaks_of_the_turn_before():
    assert heard(Correction(), session("light on", "No, I said the kitchen light")) == [(0, True, 1)]
    assert heard(Correction(), session("light on", "no thank you")) == []


def test_an_explicit_answer_is_taken_from_the_turn_or_from_what_is_said_next():
    assert heard(Explicit(), session("play jazz", answer=False)) == [(0, True, None)]
    asked = first(session("play jazz", "yes please"), response="This is jazz. Did I get that right?")
    assert heard(Explicit(), asked) == [(0, False, 1)]
    for other in ("Shall I also dim the light?", "You want jazz, is that right?"):
        assert heard(Explicit(), first(session("play jazz", "yes"), response=other)) == []


def test_an_undo_is_a_no():
    assert heard(Explicit(), session("lights off", undone=True)) == [(0, True, None)]
