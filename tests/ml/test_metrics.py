"""Metrics, bootstrap and report: equal to the reference, and about users."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from uptake.errors import NotReady
from uptake.feedback.learn import best_f1_threshold
from uptake.ml.bootstrap import interval
from uptake.ml.metrics import calibration_error, counts, pr_auc, roc_auc
from uptake.report import figures as report

scored = st.lists(st.tuples(st.booleans(), st.sampled_from([0.0, 0.1, 0.5, 0.5000001, 0.9])), min_size=2, max_size=40)


@given(scored)
def test_areas_equal_the_reference(rows):
    metrics = pytest.importorskip("sklearn.metrics")
    truth, score = (np.array(column) for column in zip(*rows, strict=True))
    if truth.all() or not truth.any():
        with pytest.raises(NotReady):
            roc_auc(truth, score)
        return
    assert roc_auc(truth, score) == pytest.approx(metrics.roc_auc_score(truth, score))
    assert pr_auc(truth, score) == pytest.approx(metrics.average_precision_score(truth, score))


@given(scored)
def test_no_other_threshold_has_a_better_f1(rows):
    truth, score = (np.array(column) for column in zip(*rows, strict=True))
    best = counts(truth, score >= best_f1_threshold(truth, score)).f1
    assert all(counts(truth, score >= other).f1 <= best + 1e-12 for other in set(score.tolist()))


def test_the_calibration_error_is_the_gap_of_each_bin_weighted_by_its_size():
    truth, chances = np.array([0, 0, 1, 1, 1]), np.array([0.1, 0.1, 0.1, 0.9, 0.9])
    assert calibration_error(truth, chances, equal_width=True) == pytest.approx((3 * (1 / 3 - 0.1) + 2 * 0.1) / 5)
    assert calibration_error(truth, chances, bins=5) == pytest.approx((0.1 + 0.1 + 0.9 + 0.1 + 0.1) / 5)
    assert calibration_error(truth, truth) == 0.0


def test_counts_of_nothing_are_zero():
    none = counts([False, False], [False, False])
    assert (none.precision, none.recall, none.f1) == (0.0, 0.0, 0.0)


def test_the_interval_draws_people_and_not_turns():
    values = np.array([0.0] * 100 + [1.0] * 100)
    two_people = ["ann"] * 100 + ["bo"] * 100
    low, high = interval(lambda at: values[at].mean(), two_people)
    assert (low, high) == (0.0, 1.0)
    many = [f"user{at}" for at in range(200)]
    low, high = interval(lambda at: values[at].mean(), many)
    assert 0.4 < low < 0.5 < high < 0.6


def test_the_same_seed_gives_the_same_interval():
    users = [f"user{at % 9}" for at in range(90)]
    values = np.arange(90.0)
    first, second = (interval(lambda at: values[at].mean(), users, seed=4) for _ in range(2))
    assert first == second


def test_draws_without_a_figure_are_left_out():
    def never(_rows):
        raise NotReady("no")

    assert all(np.isnan(interval(never, ["ann", "bo"])))


def test_intervals_stand_beside_their_figure():
    assert "f1                       0.800   [0.700, 0.900]" in report.text(
        {"turns": 3, "rephrase.f1": 0.8, "rephrase.f1_low": 0.7, "rephrase.f1_high": 0.9}
    )
    assert report.rounded({"a": 0.123456, "b": 3, "c": float("nan")}) == {"a": 0.1235, "b": 3, "c": None}
