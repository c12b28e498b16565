"""Each reaction: when it speaks, of which turn, and what leaves it silent."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.builders import session
from uptake.feedback import REACTIONS, reactions_of
from uptake.types import Context, Session

PAGE = Path(__file__).parents[2] / "docs" / "capabilities" / "feedback.md"


def heard(name: str, said: Session) -> list[int]:
    """Positions of the turns of which a reaction speaks."""
    return [at for at, names in enumerate(reactions_of(said).values()) if name in names]


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
def test_saying_it_again_is_a_retry(one, other):
    assert heard("retried", session(one, other, status=None)) == [0]


@pytest.mark.parametrize(
    ("one", "other"), [("play jazz", "what time is it"), ("play jazz", "stop"), ("volume up", "volume up")]
)
def test_another_wish_or_a_control_request_is_no_retry(one, other):
    assert heard("retried", session(one, other)) == []


def test_a_stop_in_between_does_not_hide_a_retry():
    assert heard("retried", session("play harry porter", "stop", "play harry potter")) == [0]


def test_not_knowing_of_a_barge_in_is_silence():
    assert heard("barged_in", session("play jazz", barge_in_ms=900.0)) == [0]
    assert heard("barged_in", session("play jazz", "stop")) == []


def test_stop_speaks_of_the_turn_before_if_it_comes_soon():
    assert heard("terminated", session("play jazz", "stop", gap_s=30)) == [0]
    assert heard("terminated", session("play jazz", "stop", gap_s=31)) == []
    assert heard("terminated", session("stop", "play jazz")) == []


def test_leaving_an_open_question_is_a_hang_up():
    assert heard("hung_up", session("call mom", response="Which number?")) == [0]
    assert heard("hung_up", session("call mom", response="Calling mom.")) == []
    assert heard("hung_up", session("call mom", context=Context(device_type="phone"))) == []


def test_taking_leave_is_no_hang_up():
    assert heard("hung_up", session("call mom", "never mind", response="Which number?")) == []
    assert heard("hung_up", session("thai food", "thank you goodbye", response="Anything else?")) == []


@pytest.mark.parametrize("status", ["ok", "unsupported", "cancelled", None])
def test_an_honest_refusal_is_friction_without_a_verdict(status):
    assert reactions_of(session("play jazz", status=status)).popitem()[1] == ()


def test_a_failure_is_given_up_where_the_session_ends_on_it():
    assert heard("failed", session("play jazz", "what time is it", failed=(0, 1))) == [0, 1]
    assert heard("gave_up", session("play jazz", "what time is it", failed=(0, 1))) == [1]


def test_a_correction_speaks_of_the_turn_before():
    assert heard("corrected", session("light on", "No, I said the kitchen light")) == [0]
    assert heard("corrected", session("light on", "no thank you")) == []


def test_a_thank_you_speaks_for_the_turn_before():
    assert heard("thanked", session("light on", "thank you", "light off")) == [0]


def test_an_answer_is_taken_from_the_turn_or_from_what_is_said_next():
    assert heard("answered_no", session("play jazz", answer=False)) == [0]
    asked = first(session("play jazz", "yes please"), response="This is jazz. Did I get that right?")
    assert (heard("answered_yes", asked), heard("answered_no", asked)) == ([0], [])
    recorded = first(asked, answer=False)
    assert (heard("answered_yes", recorded), heard("answered_no", recorded)) == ([], [0])


@pytest.mark.parametrize("response", ["Shall I also dim the light?", "You want jazz, is that right?"])
def test_a_yes_to_another_question_is_no_answer(response):
    assert heard("answered_yes", first(session("play jazz", "yes"), response=response)) == []


def test_an_undo_speaks_against_its_turn():
    assert heard("undone", session("lights off", undone=True)) == [0]


def test_the_page_lists_the_reactions_as_they_are():
    rows = re.findall(r"^\| `(\w+)` \| (.+) \| (\w+) \|$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert rows == [(one.name, one.means, one.speaks_for) for one in REACTIONS.values()]
