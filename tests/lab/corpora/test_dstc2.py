"""DSTC2: a call becomes turns, and "misunderstood" means one thing."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.lab.corpora.calls import ANY, ASK_AREA, NORTH, THAI, call, prompt, said
from uptake.errors import BadRecord
from uptake.lab.corpora.dstc2 import Dstc2, action, acts, asked, interpretation, parse_action

words = st.text("abcz .'-+=();%", min_size=1, max_size=8)
anything = st.lists(st.tuples(words, words, words) | words.map(lambda act: (act, "", "")), max_size=4)
names = st.from_regex(r"[a-z]{1,8}", fullmatch=True)
user_acts = st.frozensets(
    st.tuples(names, names, st.text(max_size=8)) | names.map(lambda act: (act, "", "")), max_size=4
)


def turns(*exchanges):
    return list(Dstc2().turns(call(*exchanges)))


def test_a_turn_is_a_request_and_the_reaction_that_follows():
    first, last = turns(
        (prompt("welcome", ["welcomemsg", []]), said("thai food", read=[THAI], start=10.0)),
        (prompt("which area?", ASK_AREA, start=13.0, cut=True), said("north", read=[NORTH], start=14.5)),
    )
    assert (first.turn_id, first.session_id, first.user_id) == ("call-1/0", "call-1", "ann")
    assert first.said_at == datetime(2013, 3, 22, 22, 13, 6, tzinfo=UTC)
    assert (first.response, first.action) == ("which area?", "request(slot=area)")
    assert (first.spoken_ms, first.response_ms, first.barge_in_ms) == (2000.0, 4000.0, 1500.0)
    assert (last.response, last.action, last.status, last.barge_in_ms) == (None, None, None, None)


def test_the_recogniser_list_and_the_readings_are_kept_in_order():
    (turn,) = turns((prompt("welcome"), said("thai", read=[THAI])))
    assert [(other.text, other.score) for other in turn.alternatives] == [("thai", -0.2), ("thai please", -2.0)]
    assert turn.interpretation.slots == (("inform.food", "thai"),)
    assert turn.interpretation.confidence == 0.9
    assert [one.intent for one in turn.runners_up] == [""]


def test_an_empty_reading_is_unknown_and_failed():
    first, _ = turns((prompt("welcome"), said("mumble")), (prompt("sorry?", start=13.0), said("thai", start=17.0)))
    assert (first.interpretation, first.status) == (None, "failed")


def test_a_refusal_is_unsupported():
    refusal = prompt("sorry there is none", ["canthelp", [["food", "thai"]]], start=13.0)
    first, _ = turns((prompt("welcome"), said("thai", read=[THAI])), (refusal, said("bye", start=17.0)))
    assert first.status == "unsupported"


def test_truth_stands_apart_with_its_noise():
    (turn,) = turns((prompt("welcome"), said("tie", read=[NORTH], meant=[THAI], text="thai noise")))
    assert turn.truth.request == "thai noise"
    assert acts(turn.truth.interpretation) == {("inform", "food", "thai")}
    assert (turn.truth.defect, turn.truth.goal_success) == (True, True)


@pytest.mark.parametrize(
    ("read", "meant", "question", "expected"),
    [
        ([THAI], [THAI], None, False),
        ([THAI, ["bye", []]], [["thankyou", []], THAI], None, False),
        ([ANY], [["inform", [["area", "dontcare"]]]], ASK_AREA, False),
        ([ANY], [["inform", [["area", "dontcare"]]]], ["request", [["slot", "food"]]], True),
        ([ANY], [["inform", [["area", "dontcare"]]]], ["expl-conf", [["area", "north"]]], False),
        ([], [["thankyou", []]], None, False),
        ([], [THAI], None, True),
        ([THAI], [], None, True),
    ],
)
def test_misunderstood_ignores_courtesy_and_resolves_what_was_asked(read, meant, question, expected):
    asking = prompt("?", *([question] if question else []))
    (turn,) = turns((asking, said("x", read=read, meant=meant)))
    assert turn.truth.defect is expected


@given(user_acts)
def test_acts_survive_being_an_interpretation(meant):
    assert acts(interpretation(meant)) == meant


@given(anything)
def test_system_acts_survive_being_an_action(done):
    assert parse_action(action(done)) == tuple(done)


def test_nothing_is_asked_by_an_offer():
    assert asked([("offer", "name", "x"), ("inform", "area", "north")]) == ()


@pytest.mark.parametrize(
    ("break_it", "field"),
    [
        (lambda record: record.pop("caller"), "caller"),
        (lambda record: record.update(date="yesterday"), "date, time"),
        (lambda record: record["turns"][0]["user"].pop("start"), "turns[0].user.start"),
        (lambda record: record["turns"][0]["user"].update(asr_live=[]), "turns[0].user.asr_live"),
        (lambda record: record["turns"][0]["user"].update(slu_live=[["x"]]), "turns[0].user.slu_live"),
        (lambda record: record["turns"][0]["user"].update(acts=[7]), "turns[0].user.acts"),
        (lambda record: record["turns"][0].update(system=None), "turns[0].system"),
    ],
)
def test_a_broken_call_says_which_field(break_it, field):
    record = call((prompt("welcome"), said("thai", read=[THAI])))
    break_it(record)
    with pytest.raises(BadRecord) as caught:
        list(Dstc2().turns(record))
    assert caught.value.field == field
    assert "thai" not in str(caught.value)
