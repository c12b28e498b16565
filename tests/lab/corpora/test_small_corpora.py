"""Almond, GetGoing and SLURP: what their records become."""

from datetime import UTC, datetime

import pytest

from uptake.errors import BadRecord
from uptake.lab.corpora.almond import Almond
from uptake.lab.corpora.getgoing import GetGoing
from uptake.lab.corpora.slurp import Slurp


def almond(**reply):
    program = "$dialogue @org.thingpedia.dialogue.transaction.execute; @com.xkcd.comic() => @com.phone.show();"
    return {
        "id": "log/1",
        "source": "log",
        "device": "com.xkcd",
        "turns": [{"user": "show a comic", "program": program, "agent": None, "agent_program": "", **reply}],
    }


def test_the_checked_program_is_truth_and_not_the_log():
    (turn,) = Almond().turns(almond())
    assert turn.interpretation is None
    assert (turn.truth.interpretation.domain, turn.truth.interpretation.intent) == (
        "com.xkcd",
        "com.xkcd.comic+com.phone.show",
    )


@pytest.mark.parametrize(
    ("reply", "status"),
    [
        ({"agent_program": "$dialogue @x.sys_action_success;"}, "ok"),
        ({"agent_program": "$dialogue @x.sys_empty_search;", "results": 0}, "unsupported"),
        ({"agent_program": "$dialogue @x.sys_action_error;", "error": True}, "failed"),
        ({}, None),
    ],
)
def test_the_reply_says_how_it_ended(reply, status):
    (turn,) = Almond().turns(almond(**reply))
    assert turn.status == status


def getgoing(*turns, answer=None):
    return {
        "call_id": "gg1",
        "caller": "ann",
        "start_time": "2019-04-03 19:56:00",
        "end_time": "2019-04-03 19:57:00",
        "turns": list(turns),
        "useful_answer": answer,
        "shared_number": False,
    }


def test_all_that_the_system_says_before_the_next_request_is_the_response():
    first, second = GetGoing().turns(
        getgoing(
            ["system", "hello"], ["user", "airport"], ["system", "!b Okay."], ["system", "From?"], ["user", "here"]
        )
    )
    assert (first.request, first.response) == ("airport", "Okay. From?")
    assert second.response is None
    assert (second.said_at - first.said_at).total_seconds() == 30.0


def test_the_answer_stands_on_the_turn_it_is_about():
    asked = ["system", "Were the provided directions useful?"]
    found = list(GetGoing().turns(getgoing(["user", "now"], asked, ["user", "yes"], answer="yes")))
    assert [turn.answer for turn in found] == [True, None]


@pytest.mark.parametrize("answer", [None, "other:somewhat"])
def test_no_plain_answer_is_no_answer(answer):
    found = list(GetGoing().turns(getgoing(["user", "now"], answer=answer)))
    assert [turn.answer for turn in found] == [None]


@pytest.mark.parametrize("turns", [[["user"]], [["robot", "hi"]], [["user", 3]], ["user"]])
def test_a_malformed_exchange_says_where(turns):
    with pytest.raises(BadRecord, match=r"turns\[0\]"):
        list(GetGoing().turns(getgoing(*turns)))


def test_each_recording_is_a_turn_with_its_own_reading():
    meant = {"scenario": "music", "action": "play", "entities": [{"type": "artist", "filler": "Queen"}]}
    record = {
        **meant,
        "slurp_id": 1,
        "sentence": "play queen",
        "recordings": [
            {"file": "audio-1501757065.flac", "asr_text": "play green", "nlu_on_asr_slurp": {**meant, "entities": []}},
            {"file": "audio-x.flac", "asr_text": None, "nlu_on_asr_slurp": None},
        ],
    }
    heard, silent = Slurp().turns(record)
    assert (heard.request, heard.truth.request, heard.truth.defect) == ("play green", "play queen", True)
    assert heard.said_at == datetime(2017, 8, 3, 10, 44, 25, tzinfo=UTC)
    assert heard.truth.interpretation.slots == (("artist", "queen"),)
    assert (silent.request, silent.interpretation, silent.truth.defect) == ("", None, None)
