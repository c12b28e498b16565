"""Where calls failed: the definitions, and an evaluation on unseen callers that beats "always correct"."""

import json

import pytest

from tests.lab.corpora.calls import call, pair, prompt, said, write
from tests.lab.evaluate.toy_calls import root
from uptake.insight.dialogues.views import views
from uptake.lab.corpora.judged_calls import load
from uptake.lab.evaluate.failures.dstc2 import dstc2, point_as_meant

FOOD = [["inform", [["food", "thai"]]]]


def point(tmp_path, heard, transcription, *, read=FOOD, meant=FOOD, harmful=True):
    """The failure point of one turn of a call."""
    one = said(heard, read=read, meant=meant, start=10.0) | {"transcription": transcription}
    bye = said("bye", read=[["bye", []]], start=20.0)
    calls = [call((prompt("welcome"), one), (prompt("here it is", start=13.0), bye), name="c", caller="ann")]
    write(tmp_path / "dstc2" / "calls.jsonl.gz", calls)
    write(tmp_path / "dstc2" / "pairs.jsonl.gz", [pair("c", 0, "none")])
    view, _ = views(load(tmp_path).sessions)
    return point_as_meant(view, harmful=harmful)


def test_other_content_words_are_the_recognisers_failure(tmp_path):
    assert point(tmp_path, "tie food", "thai food", read=[["inform", [["food", "tie"]]]]) == "asr"


def test_the_same_content_words_read_otherwise_are_a_failure_of_understanding(tmp_path):
    assert point(tmp_path, "um thai", "thai food please", meant=FOOD, read=[["request", [["slot", "food"]]]]) == "nlu"


@pytest.mark.parametrize(("read", "harmful", "expected"), [
    (FOOD, True, "false_wake"), ([], True, "correct"), ([], False, "false_wake"),
])  # fmt: skip
def test_noise_is_a_false_wake_where_it_led_to_something(tmp_path, read, harmful, expected):
    assert point(tmp_path, "thai food", "noise", read=read, meant=[], harmful=harmful) == expected


def test_a_turn_that_was_understood_is_correct_however_it_was_heard(tmp_path):
    assert point(tmp_path, "tie food", "thai food") == "correct"


@pytest.mark.slow
def test_unseen_callers_are_judged_better_than_by_always_saying_correct(tmp_path):
    found = dstc2(train=root(tmp_path / "a", range(16)), data=root(tmp_path / "b", range(16, 30), seed=1))
    assert found["held_out"] is True
    assert found["failure.accuracy"] > found["failure.majority.accuracy"]
    assert found["failure.nlu.f1"] > 0.5
    assert found.keys() >= {"failure.shipped.accuracy", "failure.adapted.macro_f1", "failure.any.accuracy"}
    assert found["failure.accuracy_low"] <= found["failure.accuracy"] <= found["failure.accuracy_high"]
    json.dumps(found)
