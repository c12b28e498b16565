"""`uptake evaluate rephrase` and `defect`: held out where it can be, by caller where it cannot, labels kept away."""

import math

import pytest

from tests.lab.evaluate import toy_calls
from uptake.errors import NotReady
from uptake.lab.evaluate import evaluate
from uptake.lab.evaluate.dialogues import calls

pytestmark = pytest.mark.slow
REPHRASE = ("f1", "pr_auc", "precision", "recall", "pair_f1", "edit_f1", "one_recogniser_f1", "context_gain")
DEFECT = ("online_auc", "offline_auc", "selfsup_auc", "selfsup_online_auc", "baseline_auc", "online_pr_auc")


@pytest.fixture(scope="module")
def roots(tmp_path_factory):
    pytest.importorskip("lightgbm")
    folder = tmp_path_factory.mktemp("roots")
    return toy_calls.root(folder / "train", range(24)), toy_calls.root(folder / "data", range(24, 32), seed=1)


def test_rephrases_of_other_callers_are_judged(roots):
    train, data = roots
    figures = evaluate("rephrase", train=train, data=data)
    assert figures.keys() >= {f"rephrase.{name}" for name in REPHRASE}
    assert (figures["held_out"], figures["train.callers"], figures["data.callers"]) == (True, 24, 8)
    assert figures["rephrase.f1_low"] <= figures["rephrase.f1"] <= figures["rephrase.f1_high"]
    assert figures["rephrase.f1"] > 0.8
    assert not [name for name, value in figures.items() if isinstance(value, dict | list)]


def test_defects_are_judged_with_labels_and_without(roots):
    train, data = roots
    figures = evaluate("defect", train=train, data=data)
    assert figures.keys() >= {f"defect.{name}" for name in DEFECT}
    assert figures["held_out"] is True
    assert all(0.0 <= figures[f"defect.{name}"] <= 1.0 for name in DEFECT)
    assert not math.isnan(figures["defect.online_auc_low"])


def test_the_same_root_is_judged_out_of_fold_by_caller(roots):
    found = calls.prepared(roots[0], roots[0])
    assert found.crossed
    assert evaluate("rephrase", train=roots[0], data=roots[0])["held_out"] is False


def test_other_calls_of_a_judged_caller_are_not_learned_from(tmp_path, roots):
    mixed = toy_calls.root(tmp_path / "mixed", range(20, 30), seed=2)
    found = calls.prepared(roots[0], mixed)
    assert not found.crossed
    assert found.learn.callers
    assert not found.learn.callers & found.judge.callers


def test_nobody_left_to_learn_from_is_told(tmp_path):
    one = toy_calls.root(tmp_path / "one", range(4))
    other = toy_calls.root(tmp_path / "other", range(6), seed=3)
    with pytest.raises(NotReady, match="every caller"):
        calls.prepared(one, other)


@pytest.mark.long
def test_an_evaluation_says_what_it_does(roots):
    said = []
    evaluate("defect", train=roots[0], data=roots[1], tell=said.append)
    assert "light: features" in said
    assert "untaught: student" in said
