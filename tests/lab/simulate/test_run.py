"""A town: the same log for the same seed, the truth apart, failures blamed on the stage that was broken."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from uptake.errors import BadConfig
from uptake.experiments.assignment import Experiment
from uptake.lab.simulate.faults import Faults
from uptake.lab.simulate.history import days_done, write_days
from uptake.lab.simulate.reactions import Habits
from uptake.lab.simulate.run import Assistant, Town
from uptake.log.records import from_json, to_json
from uptake.log.store import TurnLog
from uptake.rewriting.pipeline import Pipeline
from uptake.rewriting.table.artifact import Rewrite, RewriteTable
from uptake.rewriting.table.step import ExactRewrite
from uptake.types import Evidence

SEED = 3
pytestmark = pytest.mark.slow  # the first use of the assistant loads its readers


def one_day(seed=SEED, homes=2, workers=1, **how):
    with Town(homes=homes, seed=seed, workers=workers, **how) as town:
        return list(town.live(0))


def test_the_same_seed_gives_the_same_turns_and_another_seed_others():
    assert one_day() == one_day()
    assert [turn.request for turn in one_day()] != [turn.request for turn in one_day(seed=4)]


@pytest.mark.long
def test_the_number_of_processes_changes_nothing():
    assert one_day(workers=2) == one_day()


def test_what_people_meant_stands_in_the_truth_and_nowhere_else():
    turns = one_day()
    assert all(turn.truth is not None and turn.truth.defect is not None for turn in turns)
    assert all(from_json(to_json(turn)) == turn for turn in turns)
    failed = [turn for turn in turns if turn.truth and turn.truth.defect]
    assert failed
    assert all(turn.truth.failure_point for turn in failed if turn.truth)


def test_marks_that_learners_read_are_the_same_without_the_truth(tmp_path):
    from uptake.feedback.turns_view import mark

    def marked(turns, name):
        with TurnLog(tmp_path / name) as log:
            log.append(turns)
            log.compact()
            return [mark(part.table()) for part in log.parts()]

    turns = one_day()
    assert marked(turns, "with") == marked([replace(turn, truth=None) for turn in turns], "without")


@pytest.mark.long
@pytest.mark.parametrize(
    ("faults", "point"),
    [
        (Faults(asr=1.0, false_wake=0.0), "asr"),
        (Faults(nlu=1.0, false_wake=0.0), "nlu"),
        (Faults(entity=1.0, false_wake=0.0), "entity"),
        (Faults(result=1.0, false_wake=0.0), "result"),
        (Faults(false_wake=30.0), "false_wake"),
    ],
)
def test_a_stage_that_is_broken_on_purpose_is_the_one_that_is_blamed_most(faults, point):
    plain = Counter(turn.truth.failure_point for turn in one_day(homes=6) if turn.truth)
    broken = Counter(turn.truth.failure_point for turn in one_day(homes=6, faults=faults) if turn.truth)
    rises = {stage: broken[stage] - plain[stage] for stage in broken if stage}
    assert max(rises, key=rises.__getitem__) == point


def test_the_treatment_acts_on_what_was_learned_and_control_only_notes_it():
    heard = Counter(turn.request for turn in one_day() if turn.request)
    evidence = Evidence(users=9, sessions=20, success_before=0.1, success_after=0.9)
    table = RewriteTable.from_rows(
        [Rewrite(text, "what time is it", evidence) for text in heard if text != "what time is it"]
    )
    arms = Experiment(name="test", holdout=0.0)
    assistant = Assistant(pipeline=lambda: Pipeline(ExactRewrite(table)))
    turns = list(Town(homes=2, seed=SEED).live(0, assistant, arms))
    assert {turn.arm for turn in turns} == {"control", "treatment"}
    noted = [turn for turn in turns if turn.rewrite_id]
    assert any(turn.acted_on == "what time is it" for turn in noted)
    assert all((turn.acted_on is None) or turn.arm == "treatment" for turn in noted)
    assert any(turn.arm == "control" for turn in noted)
    assert any(turn.truth and turn.truth.failure_point == "rewrite" for turn in noted)


def test_an_interrupted_run_goes_on_and_ends_with_the_same_log(tmp_path):
    class Stopped(Exception):
        pass

    def stop(progress):
        if progress.day == 1:
            raise Stopped

    town = Town(homes=2, seed=SEED)
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    write_days(whole, town, 2)
    with pytest.raises(Stopped):
        write_days(cut, town, 2, progress=stop)
    assert days_done(cut, town) == 1
    written = write_days(cut, town, 2)
    assert (written.first_day, written.days) == (1, 2)
    with TurnLog(whole / "log") as one, TurnLog(cut / "log") as other:
        assert list(one.read()) == list(other.read())


def test_a_directory_with_another_simulation_is_refused(tmp_path):
    write_days(tmp_path, Town(homes=1, seed=SEED), 1)
    with pytest.raises(BadConfig, match="another simulation"):
        write_days(tmp_path, Town(homes=1, seed=4), 1)
    with pytest.raises(BadConfig, match="days must be"):
        write_days(tmp_path, Town(homes=1, seed=SEED), 0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"homes": 0},
        {"homes": 1, "seed": -1},
        {"homes": 1, "workers": 0},
        {"homes": 1, "harder": 9},
        {"homes": 1, "listed": 0},
    ],
)
def test_impossible_towns_are_refused(wrong):
    with pytest.raises(BadConfig):
        Town(**wrong)


def test_an_assistant_can_be_kept_from_the_recognisers_list():
    alone = [turn for turn in one_day(listed=1) if turn.truth.interpretation is not None]
    assert {len(turn.alternatives) for turn in alone} == {1}
    assert [turn.request for turn in one_day(listed=1)] == [turn.request for turn in one_day()]


def test_people_who_never_say_it_again_leave_shorter_logs():
    patient, others = one_day(homes=6), one_day(homes=6, habits=Habits.parse(["gives_up=1"]))
    assert len(others) < len(patient)


def test_a_stage_that_is_none_cannot_be_broken():
    with pytest.raises(BadConfig, match="nlu"):
        Faults.parse(["nlp=0.1"])


def test_nothing_of_the_right_reading_is_left_in_the_log_of_a_wrong_one():
    turns = one_day(homes=6, faults=Faults(nlu=1.0, false_wake=0.0))
    wrong = [turn for turn in turns if turn.truth.failure_point == "nlu" and turn.status == "ok"]
    assert wrong
    for turn in wrong:
        meant = {value.lower() for name, value in turn.truth.interpretation.slots if name == "name"}
        taken = {value.lower() for _, value in turn.interpretation.slots}
        tied = {entity.value.rpartition(".")[2].replace("_", " ") for entity in turn.entities}
        assert not (meant & tied) - taken
