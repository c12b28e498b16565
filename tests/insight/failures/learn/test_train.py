"""Failure points: learned from known ones, said of unknown people, refused where too little is known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import session, turn
from tests.insight.failures.failing import small_failures
from tests.strategies import turns
from uptake.errors import NotReady
from uptake.insight.failures.isolate import predict_failure_points
from uptake.insight.failures.learn.train import adapt_failures, decision_weights, fit_failures
from uptake.insight.failures.summary import point_of
from uptake.log.sessions import sessions
from uptake.types import Truth


def rows_of(count, seed=0):
    """Rows in which one feature tells hearing from understanding."""
    generator = np.random.default_rng(seed)
    points = generator.choice(["correct", "asr", "nlu"], size=count, p=[0.6, 0.25, 0.15])
    means = {"correct": 0.0, "asr": 2.0, "nlu": -2.0}
    rows = [
        {"list:x": float(generator.normal(means[point], 0.7)), "words:noise": float(generator.random())}
        for point in points
    ]
    return rows, points.tolist(), [f"user{number % 30}" for number in range(count)]


@pytest.mark.slow
def test_the_forest_beats_always_correct_on_people_it_did_not_see():
    fit = fit_failures(*rows_of(600), rounds=30)
    rows, points, _ = rows_of(300, seed=1)
    said = fit.model.decide(fit.model.probabilities(rows))
    right = np.mean([fit.model.points[number] == point for number, point in zip(said, points, strict=True)])
    assert right > 0.85 > points.count("correct") / len(points)
    assert np.allclose(fit.held_out.sum(axis=1), 1.0)


def test_too_few_failures_are_refused_with_how_many_are_needed():
    with pytest.raises(NotReady, match="at least 20 turns"):
        fit_failures([{"a:b": 0.0}] * 30, ["correct"] * 30, ["ann", "bo", "cy"] * 10)


def test_a_wrong_rewrite_counts_as_a_wrong_reading_and_no_truth_as_unknown():
    assert point_of(turn("a", truth=Truth(defect=True, failure_point="rewrite"))) == "nlu"
    assert point_of(turn("a", truth=Truth(defect=False))) == "correct"
    assert point_of(turn("a")) is None


@settings(max_examples=15, deadline=None)
@given(st.lists(turns, max_size=4, unique_by=lambda one: one.turn_id))
def test_every_turn_of_any_log_gets_a_point_and_probabilities(said):
    found = predict_failure_points(sessions(said), small_failures())
    assert len(found) == len(said)
    assert all(one.point in one.chances and 0.0 <= one.p_failed <= 1.0 for one in found)


def test_a_rare_point_is_decided_for_earlier_where_that_raises_the_mean_f1():
    chances = np.array([[0.6, 0.4]] * 10 + [[0.95, 0.05]] * 90)
    truth = np.array([1] * 6 + [0] * 94)
    assert decision_weights(chances, truth)[1] > 1.0


def test_a_log_is_adapted_to_once_it_has_turns_enough():
    log = [session("play jazz", user=f"user{number}") for number in range(300)]
    with pytest.raises(NotReady, match="at least 200 turns"):
        adapt_failures(log[:100], small_failures())
    model = adapt_failures(log, small_failures())
    assert model.made_from["adapted_to_turns"] == 300
    assert model.bias[1] > 0.0  # readings of unknown confidence look wrong to this model
