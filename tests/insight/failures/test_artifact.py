"""FailureModel: what it says, why, and how it takes to another log."""

import numpy as np
import pytest

from tests.insight.failures.failing import small_failures
from uptake.errors import ArtifactRefused, BadConfig
from uptake.insight.failures.artifact import FailureModel

SURE, UNSURE = {"reading:confidence": 0.9}, {"reading:confidence": 0.1}


def test_probabilities_add_up_to_one_and_follow_the_trees():
    chances = small_failures().probabilities([SURE, UNSURE, {}])
    assert np.allclose(chances.sum(axis=1), 1.0)
    assert small_failures().decide(chances).tolist() == [0, 1, 1]


def test_no_rows_have_no_answers():
    assert small_failures().probabilities([]).shape == (0, 2)


def test_the_signal_that_differs_from_what_is_usual_is_named():
    model = small_failures()
    assert [signal for signal, _ in model.why(UNSURE, 1)] == ["reading"]
    assert model.why(SURE, 0) == []


def test_a_log_in_which_a_stage_fails_more_often_raises_its_share():
    model = small_failures()
    mostly_wrong = model.adapted([UNSURE] * 8 + [SURE] * 2)
    assert mostly_wrong.probabilities([UNSURE])[0, 1] > model.probabilities([UNSURE])[0, 1]
    assert model.adapted([]) == model


def test_an_adapted_share_moves_no_further_than_allowed():
    bias = small_failures().adapted([UNSURE] * 50, most=2.0).bias
    assert np.all(np.exp(bias) <= 2.0 + 1e-9)


def test_a_model_that_does_not_fit_together_is_refused():
    small = small_failures()
    with pytest.raises(BadConfig, match="usual value"):
        FailureModel(points=small.points, names=small.names, forest=small.forest, usual=np.zeros(1))


def test_files_that_are_no_model_are_refused(tmp_path):
    (tmp_path / "failures.json").write_text("[]")
    with pytest.raises(ArtifactRefused, match="no model of failures"):
        FailureModel.load(tmp_path)
