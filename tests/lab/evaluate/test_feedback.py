"""`uptake evaluate signals`: held out where it can be, honest where it cannot, clear where there is nothing."""

import json
import math

import pytest
from click.testing import CliRunner

from tests.lab.corpora.calls import pair, write
from tests.lab.evaluate import toy_calls
from uptake.apps.cli.measure.evaluate import command
from uptake.errors import BadConfig, BadRecord, NotReady, UnknownFormat
from uptake.lab.corpora.judged_calls import load
from uptake.lab.evaluate import EVALUATIONS, evaluate

PROMISED = {f"rephrase.{name}" for name in ("precision", "recall", "f1", "pr_auc", "baseline_f1", "f1_low", "f1_high")}
PROMISED |= {"defect.online_auc", "defect.offline_auc", "defect.online_pr_auc"}
PROMISED |= {"rephrase.light_f1", "defect.light_offline_auc"}


@pytest.fixture(scope="module")
def roots(tmp_path_factory):
    pytest.importorskip("lightgbm")
    folder = tmp_path_factory.mktemp("roots")
    return toy_calls.root(folder / "train", range(24)), toy_calls.root(folder / "data", range(24, 32), seed=1)


@pytest.mark.slow
def test_figures_come_as_one_flat_object(roots):
    train, data = roots
    done = CliRunner().invoke(command, ["signals", "--train", str(train), "--data", str(data), "--json"])
    assert done.exit_code == 0, done.output
    figures = json.loads(done.stdout)
    assert figures.keys() >= PROMISED
    assert not [name for name, value in figures.items() if isinstance(value, dict | list)]
    assert figures["held_out"] is True
    assert (figures["train.callers"], figures["data.callers"], figures["data.calls"]) == (24, 8, 40)
    assert figures["rephrase.f1"] > 0.8
    assert figures["rephrase.f1_low"] <= figures["rephrase.f1"] <= figures["rephrase.f1_high"]
    assert figures["defect.offline_auc"] > 0.9
    assert "--seed 0" in figures["command"]


@pytest.mark.long
@pytest.mark.slow
def test_judging_the_training_callers_is_cross_validated_and_said_aloud(roots):
    train, _ = roots
    done = CliRunner().invoke(command, ["signals", "--train", str(train), "--data", str(train)])
    assert done.exit_code == 0, done.output
    assert "WARNING: 24 callers are in both" in done.stderr
    assert "rephrase" in done.stdout
    assert "[" in done.stdout


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"name": "songs"}, UnknownFormat),
        ({"name": "signals", "corpus": "switchboard"}, UnknownFormat),
        ({"name": "signals"}, BadConfig),
    ],
)
def test_wrong_usage_is_told(options, error):
    with pytest.raises(error):
        evaluate(**options)


def test_a_missing_or_empty_root_is_told(tmp_path):
    with pytest.raises(NotReady, match="no such directory"):
        evaluate("signals", train=tmp_path / "gone", data=tmp_path)
    with pytest.raises(NotReady, match="has no folder dstc2"):
        evaluate("signals", train=tmp_path, data=tmp_path)


def test_a_pair_must_name_consecutive_turns(tmp_path):
    root = toy_calls.root(tmp_path, range(1))
    write(root / "dstc2" / "more_pairs.jsonl.gz", [pair("call-0-0", 7, "none")])
    with pytest.raises(BadRecord, match="consecutive"):
        load(root)


def test_every_evaluation_can_be_found():
    import importlib

    for evaluation in EVALUATIONS.values():
        for written in evaluation.corpora.values():
            module, _, function = written.partition(":")
            assert callable(getattr(importlib.import_module(module), function))


@pytest.mark.long
@pytest.mark.data
@pytest.mark.slow
def test_light_scorers_hold_their_figures_on_real_calls(data_root):
    from uptake.feedback.learn import fit_light
    from uptake.ml.metrics import pr_auc, roc_auc

    calls = load(data_root)
    fitted = fit_light(calls.frame, calls.labels)
    assert pr_auc(calls.labels.says_again, fitted.rephrase) > 0.68
    assert roc_auc(calls.labels.defect, fitted.defect_online) > 0.86
    assert roc_auc(calls.labels.defect, fitted.defect_offline) > 0.87
    assert not math.isnan(fitted.weights.rephrase.threshold)
