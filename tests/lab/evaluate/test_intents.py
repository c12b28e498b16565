"""Evaluation of reading: what is judged, what is kept out of training, what is counted."""

import json

import pytest

from uptake.errors import NotReady
from uptake.lab.evaluate import intents as understanding
from uptake.lab.evaluate.intents import examples, parts, slurp

ROOMS = ("kitchen", "bedroom", "hall", "office", "cellar", "attic")


def _spoken(room, number):
    return {
        "scenario": "iot",
        "action": "on",
        "sentence": f"turn on the light in the {room} {number}",
        "annotation": f"turn on the light in the [place : {room}] {number}",
        "recordings": [
            {"asr_text": f"turn on the light in the {room} {number}"},
            {"asr_text": f"turn on delight {room}"},
        ],
    }


def _written(room, number):
    text = f"what is the weather in the {room} {number}"
    marked = text.replace(room, f"[place : {room}]")
    return {"scenario": "weather", "intent": "query", "text": text, "annotation": marked}


def _root(root, numbers):
    for folder, make in (("slurp_asr", _spoken), ("hwu64", _written)):
        (root / folder).mkdir(parents=True)
        records = [json.dumps(make(room, number)) for room in ROOMS for number in numbers]
        (root / folder / "part.jsonl").write_text("\n".join(records))
    return root


@pytest.fixture
def roots(tmp_path):
    return _root(tmp_path / "train", ("one", "two", "three")), _root(tmp_path / "data", ("four", "one"))


def test_judged_sentences_are_not_learnt_from(roots):
    lessons, judged, held_out = parts(*roots)
    assert not {one.sentence for one in lessons} & {one.sentence for one in judged}
    assert not held_out  # half of the judged sentences are also in training
    assert parts(roots[0], _root(roots[0].parent / "other", ("five",)))[2]


def test_what_is_heard_teaches_only_slots_that_arrived(roots):
    lessons, _, _ = parts(roots[0], _root(roots[0].parent / "other", ("five",)))
    by_text = {one.text: one for one in examples(lessons)}
    garbled = by_text["turn on delight hall"]
    assert [garbled.text[start:end] for _, start, end in garbled.slots] == ["hall"]
    assert garbled.weight < 1.0


def test_figures_are_flat_and_right(roots, monkeypatch):
    monkeypatch.setattr(understanding, "available", lambda: False)
    monkeypatch.setattr(understanding.MiniLM, "available", lambda: None)
    found = slurp(train=roots[0], data=_root(roots[0].parent / "other", ("five",)))
    assert (found["model"], found["held_out"], found["slurp.recordings"]) == ("light", True, 12)
    assert found["slurp.intent_gold"] == found["hwu64.intent"] == 1.0
    assert found["slurp.intent_asr"] >= 0.5
    assert 0.8 <= found["slurp.slot_f1_asr"] <= 1.0
    assert found["slurp.majority_intent"] in (0.0, 1.0)
    assert found["slurp.intent_gold_low"] <= found["slurp.intent_gold"] <= found["slurp.intent_gold_high"]


def test_a_root_without_commands_is_refused(tmp_path):
    with pytest.raises(NotReady, match="hwu64"):
        slurp(train=tmp_path, data=tmp_path)
