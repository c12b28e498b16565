"""`uptake evaluate goals` and `annotators`: held out where it can be, and honest where it cannot."""

import numpy as np
import pytest

from tests.insight.goals.toy_goals import toy
from tests.lab.corpora.calls import call, prompt, said, write
from uptake.errors import NotReady
from uptake.insight.goals import Material
from uptake.insight.goals.learn import training_set
from uptake.lab.evaluate import evaluate
from uptake.lab.evaluate.goals.annotators import precise_threshold
from uptake.lab.evaluate.goals.cases import load
from uptake.lab.evaluate.goals.raters import KAPPA, kappa, majority, simulated
from uptake.lab.evaluate.goals.run import cut, ends_in

PROMISED = {f"goals.{name}" for name in ("segmentation_f1", "segmentation_f1_low", "segmentation_gain", "success_auc")}
PROMISED |= {f"goals.{name}" for name in ("alone_segmentation_f1", "alone_success_auc", "untaught_segmentation_f1")}
PROMISED |= {"goals.failure_f1", "goals.success_f1", "goals.success_majority_f1", "goals.segmentation_always_f1"}


def star_root(folder, count, *, seed, prefix=""):
    """Write toy conversations as STAR has them: the wizard selects a task where a goal begins."""
    records = []
    for number, (session, told) in enumerate(zip(*toy(count, seed=seed), strict=True)):
        events = []
        for at, turn in enumerate(session.turns):
            events.append({"t": 10 * at, "agent": "User", "action": "utter", "text": turn.request})
            if told.boundary[at]:
                events.append({"t": 10 * at + 1, "agent": "Wizard", "action": "select_task"})
            events.append({"t": 10 * at + 2, "agent": "Wizard", "action": "utter", "text": turn.response})
        records.append(
            {
                "dialogue_id": 1_000 * seed + number,
                "user": f"{prefix}{session.turns[0].user_id}",
                "tasks": [],
                "user_questionnaire": [["Did it go well?", all(told.success)]],
                "events": events,
            }
        )
    write(folder / "star" / "some.jsonl.gz", records)
    return folder


@pytest.fixture(scope="module")
def roots(tmp_path_factory):
    pytest.importorskip("lightgbm")
    folder = tmp_path_factory.mktemp("roots")
    return star_root(folder / "train", 120, seed=1), star_root(folder / "data", 60, seed=2, prefix="other-")


@pytest.mark.slow
def test_goals_are_judged_on_other_people_and_context_wins(roots):
    train, data = roots
    figures = evaluate("goals", corpus="star", train=train, data=data)
    assert figures.keys() >= PROMISED
    assert (figures["held_out"], figures["train.dialogues"], figures["data.dialogues"]) == (True, 120, 60)
    assert not [name for name, value in figures.items() if isinstance(value, dict | list)]
    assert figures["goals.segmentation_f1"] > 0.9
    assert figures["goals.segmentation_gain_low"] > 0.1
    assert figures["goals.success_auc"] > figures["goals.alone_success_auc"]
    assert figures["goals.segmentation_f1_low"] <= figures["goals.segmentation_f1"]


@pytest.mark.long
@pytest.mark.slow
def test_the_training_people_are_judged_out_of_fold_and_it_is_said(roots):
    figures = evaluate("goals", corpus="star", train=roots[0], data=roots[0])
    assert (figures["held_out"], figures["shared_callers"], figures["train.dialogues"]) == (False, 15, 80)


@pytest.mark.slow
def test_a_model_is_compared_with_one_simulated_annotator(roots):
    figures = evaluate("annotators", corpus="star", train=roots[0], data=roots[1])
    assert figures["simulated_raters"] is True
    assert figures["annotators.boundary_model_accuracy"] > figures["annotators.boundary_single_accuracy"]
    assert 0.0 < figures["annotators.boundary_coverage"] <= 1.0
    assert figures["annotators.boundary_precision_at_coverage"] > figures["annotators.boundary_single_precision"]


@pytest.mark.slow
def test_real_raters_are_each_compared_with_what_the_others_agree_on(tmp_path):
    pytest.importorskip("lightgbm")
    generator = np.random.default_rng(0)
    rated = []
    for number in range(120):
        good = int(generator.random() < 0.5)
        grades = [{"likeable": 2 + good}, {"likeable": 2 + good}, {"likeable": int(generator.integers(2, 4))}]
        answer = "Chatbot: what a lovely long answer" if good else "Chatbot: no"
        turns = [{"user": "User: hi", "chatbot": answer, "overall impression": 2 * good}] * 3
        rated.append({"dialog_id": number, "turns": turns, "dialog_ratings": grades})
    write(tmp_path / "conture" / "some.jsonl.gz", rated)
    figures = evaluate("annotators", corpus="conture", train=tmp_path, data=tmp_path)
    assert (figures["simulated_raters"], figures["held_out"]) == (False, False)
    assert figures["annotators.aspect_model_accuracy"] > figures["annotators.aspect_single_accuracy"]


def test_a_root_without_both_outcomes_or_without_dialogues_is_refused(tmp_path):
    with pytest.raises(NotReady):
        evaluate("goals", corpus="star", train=tmp_path, data=tmp_path)


def test_a_caller_who_wants_another_value_has_another_goal(tmp_path):
    food = [["inform", [["food", "thai"]]]]
    turns = [(prompt("hello", ["welcomemsg", []]), said("x", read=food, start=10.0 * at)) for at in range(4)]
    one = call(*turns, name="c", caller="ann")
    wanted = (
        {"food": "thai"},
        {"food": "thai", "area": "north"},
        {"food": "indian", "area": "north"},
        {"area": "north"},
    )
    for turn, goal in zip(one["turns"], wanted, strict=True):
        turn["user"]["goal_labels"] = goal
    one["feedback"]["questionnaire"] = {"The system understood me well.": "slightly agree"}
    write(tmp_path / "dstc2" / "some.jsonl.gz", [one])
    (case,) = load("dstc2", tmp_path)
    assert case.targets.boundary == (True, False, True, False)
    assert case.rating == 0.625


def test_simulated_raters_agree_as_much_as_people_do_and_three_know_more_than_one():
    truth = np.arange(20_000) % 8 == 0
    labels = simulated(truth, 3)
    assert kappa(labels) == pytest.approx(KAPPA, abs=0.03)
    assert labels.mean() == pytest.approx(truth.mean(), abs=0.01)
    assert (majority(labels) == truth).mean() > (labels[0] == truth).mean()
    assert kappa(np.array([[True, False]] * 3)) == 1.0


def test_the_precise_threshold_is_the_lowest_that_beats_one_annotator_for_sure():
    score = np.linspace(1.0, 0.0, 400)
    gold = np.arange(400) < 200
    at = precise_threshold(gold, score, 0.9)
    assert 0.4 < at < 0.5
    assert precise_threshold(~gold, score, 0.9) == float("inf")


def test_a_goal_is_judged_by_the_goal_that_the_model_cut_out_in_which_it_ends():
    sessions, told = toy(2, seed=1)
    judged = training_set(Material.of(sessions), told, whole=False)
    begun = np.zeros(len(judged.boundary), dtype=bool)
    whole = cut(judged.material, begun)
    assert [(unit.session, unit.begin, unit.end) for unit in whole] == [
        (number, 0, len(session.turns)) for number, session in enumerate(sessions)
    ]
    assert ends_in(judged, whole).tolist() == [unit.session for unit in judged.units]
    begun[1] = True
    assert [(unit.begin, unit.end) for unit in cut(judged.material, begun)][:2] == [(0, 1), (1, len(sessions[0].turns))]
