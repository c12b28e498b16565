"""Evaluation of labels: who is in the log, who is judged, what the made-up people keep to themselves."""

import json

import pytest

from tests.understanding.intents.readings import small_model
from uptake.errors import NotReady
from uptake.lab.corpora.commands import Command
from uptake.lab.evaluate.labels.log import Manners, split, talk
from uptake.lab.evaluate.labels.run import hwu64, slurp

VERBS = ("dim", "brighten", "warm", "cool")


def spoken(number, *files):
    text = f"turn on lamp {number}"
    return Command(
        sentence=text,
        marked=text,
        intent="iot_on",
        slots=(),
        heard=tuple(text if at else f"torn on lamp {number}" for at, _ in enumerate(files)),
        recordings=files,
        corpus="slurp_asr",
    )


ALL = [spoken(at, f"audio-{at}00000000-headset.flac", f"audio-{at}00000000.flac", f"audio-{at}00000001.flac")
       for at in range(1, 30)]  # fmt: skip


def test_a_speaker_is_in_the_log_or_judged_and_two_microphones_are_one_speaker():
    parts = split(ALL)
    log, again = ({one.speaker for one in said} for said in (parts.log, parts.again))
    assert log
    assert again
    assert not log & again


def test_new_sentences_are_not_in_the_log():
    parts = split(ALL)
    said = {one.command.sentence for one in parts.log}
    assert parts.new
    assert not said & {one.command.sentence for one in parts.new}
    assert {one.command.sentence for one in parts.again} <= said


@pytest.mark.slow
def test_the_log_holds_no_truth_and_the_same_seed_says_the_same():
    parts = split(ALL)
    sessions, behind = talk(parts.log, small_model(), seed=3)
    assert all(turn.truth is None for one in sessions for turn in one.turns)
    assert sessions == talk(parts.log, small_model(), seed=3)[0]
    assert {turn.turn_id for one in sessions for turn in one.turns if turn.interpretation} <= behind.keys()


def test_who_is_content_says_nothing_more_and_who_is_not_says_it_again():
    stubborn = Manners(says_again=1.0, goes_on=0.0, again_for_no_reason=0.0, never_mind=0.0)
    sessions, _ = talk(split(ALL).log, small_model(), manners=stubborn)
    assert {len(one.turns) for one in sessions} <= {1, 2, 3}


def _roots(root):
    """A small assistant that knows most wordings of two intents, and recordings of others."""
    for name, numbers in (("train", range(40)), ("data", range(40, 70))):
        for folder in ("hwu64", "slurp_asr"):
            (root / name / folder).mkdir(parents=True)
        written = [
            {"scenario": topic, "intent": "set", "text": f"{verb} {topic} {at}", "annotation": f"{verb} {topic} {at}"}
            for at in numbers
            for verb in VERBS
            for topic in ("light", "heating")
        ]
        heard = [
            {
                "scenario": "light",
                "action": "set",
                "sentence": f"{verb} my light {at}",
                "annotation": f"{verb} my light {at}",
                "entities": [],
                "recordings": [
                    {"file": f"audio-1{at:03}{verb_at}{one:05}.flac", "asr_text": f"{verb} my {what} {at}"}
                    for one, what in enumerate(("heating", "light", "heating", "light"))
                ],
            }
            for at in numbers
            for verb_at, verb in enumerate(VERBS)
        ]
        for folder, records in (("hwu64", written), ("slurp_asr", heard)):
            (root / name / folder / "part.jsonl").write_text("\n".join(map(json.dumps, records)))
    return root / "train", root / "data"


@pytest.mark.slow
def test_figures_have_their_names_and_compare_with_no_labels_own_labels_and_peoples(tmp_path):
    train, data = _roots(tmp_path)
    figures = hwu64(train=train, data=data)
    for name in ("failing_error_before", "failing_error_after", "relative_gain", "old_test_before", "old_test_after"):
        assert f"labels.{name}" in figures
    assert 0.0 <= figures["labels.precision"] <= 1.0
    assert 0.0 < figures["labels.coverage"] <= 1.0
    assert figures["human.relative_gain"] >= figures["self_training.relative_gain"]


def test_roots_without_recordings_are_refused(tmp_path):
    with pytest.raises(NotReady, match="slurp_asr"):
        slurp(train=tmp_path, data=tmp_path)
