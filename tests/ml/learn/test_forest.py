"""A forest written down as arrays answers as LightGBM does, and knows "unknown" from 0."""

import numpy as np
import pytest

from uptake.ml.forest import UNKNOWN, Forest

lightgbm = pytest.importorskip("lightgbm")

from uptake.ml.learn import forest as forests  # noqa: E402


def table(rows=600, seed=0):
    values = np.random.default_rng(seed).normal(size=(rows, 4))
    values[::5, 1] = np.nan
    return values


def test_the_arrays_answer_as_the_booster_does():
    values = table()
    targets = (values[:, 0] > 0).astype(float)
    forest = forests.grow(values, targets, rounds=20, seed=3)
    known = np.where(np.isnan(values), UNKNOWN, values)
    data = lightgbm.Dataset(known, targets, params={"max_bin": 63, "verbose": -1})
    booster = lightgbm.train({**forests._OPTIONS, "seed": 3}, data, num_boost_round=20)
    np.testing.assert_allclose(forest.scores(values), booster.predict(known, raw_score=True), atol=1e-12)


def test_unknown_is_not_zero():
    values = table()
    targets = np.isnan(values[:, 1]).astype(float)
    forest = forests.grow(values, targets, rounds=60)
    unknown, zero = forest.scores(np.array([[0.0, np.nan, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]]))
    assert unknown > 0 > zero


def test_a_forest_that_found_nothing_to_split_still_answers():
    stump = forests.grow(np.zeros((30, 2)), np.full(30, 0.5), rounds=2)
    np.testing.assert_allclose(stump.scores(np.ones((2, 2))), [0.0, 0.0], atol=1e-9)
    assert Forest.scores(stump, np.zeros((0, 2))).shape == (0,)
