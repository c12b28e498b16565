"""A device that is switched off again soon after was used: the log must not learn that "on" means "off"."""

from dataclasses import replace

import pyarrow as pa
import pytest

from tests.builders import session
from uptake.feedback.columns import TurnFrame
from uptake.feedback.scorer import judge
from uptake.feedback.turns_view import mark
from uptake.log.rows import to_table
from uptake.types import Interpretation, Session

ON, OFF = "turn on the bathroom light", "turn off the bathroom light"


def retried(said: Session) -> bool:
    return bool(judge(TurnFrame.of([said])).retried[0])


def test_the_opposite_of_what_worked_is_a_new_wish():
    assert not retried(session(ON, OFF))


@pytest.mark.parametrize("objection", [{"status": "failed"}, {"answer": False}, {"undone": True}])
def test_the_opposite_of_what_failed_or_was_complained_about_may_be_its_repair(objection):
    assert retried(session(ON, OFF, **objection))


@pytest.mark.parametrize(("intent", "repaired"), [("HassLightSet", False), ("HassTurnOn", True)])
def test_another_deed_on_the_same_thing_is_a_new_wish_where_readings_are_known(intent, repaired):
    first, second = session("bathroom light on please", "bathroom light on pleas").turns
    read = [
        Session(session_id="s", turns=(with_reading(first, "HassTurnOn"), with_reading(second, intent))),
        session("bathroom light on please", "bathroom light on pleas"),
    ]
    assert [retried(one) for one in read] == [repaired, True]


@pytest.mark.parametrize(
    ("name", "repaired"), [("Desk Lamp", False), ("Kettles", True)], ids=["sounds unlike", "may have been misheard"]
)
def test_the_same_deed_on_a_thing_that_sounds_unlike_is_a_new_wish(name, repaired):
    first, second = session("turn on the kettle", f"turn on the {name.lower()}").turns
    turns = (with_reading(first, "HassTurnOn", "Kettle"), with_reading(second, "HassTurnOn", name))
    assert retried(Session(session_id="s", turns=turns)) is repaired


def with_reading(turn, intent, name="Bathroom Light"):
    return replace(turn, interpretation=Interpretation(intent=intent, slots=(("name", name),)))


def marks(said: Session, column: str) -> list[bool]:
    rows = [replace(one, session_id="s") for one in said.turns]
    table = to_table(rows).append_column("session", pa.array(["s"] * len(rows)))
    return mark(table).column(column).to_pylist()


def test_the_view_says_no_retry_of_a_light_that_worked_and_was_switched_off_again():
    assert marks(session(ON, OFF), "retried") == [False, False]
    assert marks(session(ON, OFF, failed=(0,)), "retried") == [True, False]


@pytest.mark.parametrize(
    ("fields", "worked"),
    [
        ({}, True),
        ({"status": None}, False),
        ({"status": "failed"}, False),
        ({"answer": False}, False),
        ({"undone": True}, False),
        ({"barge_in_ms": 300.0}, False),
    ],
)
def test_a_turn_worked_where_the_assistant_says_so_and_nobody_objected(fields, worked):
    assert marks(session("play jazz", **fields), "worked") == [worked]


@pytest.mark.parametrize("objection", ["no i said the blues", "stop"])
def test_a_turn_that_was_corrected_or_stopped_did_not_work(objection):
    assert marks(session("play jazz", objection), "worked")[0] is False


@pytest.mark.parametrize(
    ("next_", "fields", "unanswered"),
    [
        ("play the blues", {}, True),
        ("yes", {}, False),
        ("no", {}, False),
        ("play the blues", {"answer": False}, False),
        ("play the blues", {"response": "Here is jazz. Did I get that right?", "status": "ok"}, False),
        ("play the blues", {"response": "Here is jazz."}, False),
    ],
)
def test_a_question_is_unanswered_where_nobody_said_yes_or_no(next_, fields, unanswered):
    said = session("play jas", next_, **{"response": "Did you mean: play jazz?", "status": None, **fields})
    assert marks(said, "unanswered")[0] is unanswered
