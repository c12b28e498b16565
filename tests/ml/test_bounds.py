"""Bounds of chances, and which of two is larger."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from uptake.ml.bounds import chance_better, lower, upper

counts = st.integers(0, 200)


@given(counts, counts)
def test_the_bounds_hold_the_rate_and_more_evidence_narrows_them(wins, losses):
    trials = wins + losses
    low, high = float(lower(wins, trials, 0.9)), float(upper(wins, trials, 0.9))
    assert 0.0 <= low <= high <= 1.0
    assert trials == 0 or low <= wins / trials <= high
    assert float(lower(10 * wins, 10 * trials, 0.9)) >= low - 1e-12


@given(counts, counts, counts, counts)
def test_one_of_two_is_better_with_chances_that_add_up_to_one(a, b, c, d):
    assert abs(float(chance_better(a, b, c, d)) + float(chance_better(c, d, a, b)) - 1.0) < 1e-9


def test_the_chance_to_be_better_agrees_with_sampling():
    rng = np.random.default_rng(0)
    for a, b, c, d in ((0, 50, 0, 10), (40, 3, 5, 5), (500, 500, 1, 1), (3, 0, 1, 10)):
        drawn = (rng.beta(1 + a, 1 + b, 200_000) > rng.beta(1 + c, 1 + d, 200_000)).mean()
        assert abs(float(chance_better(a, b, c, d)) - drawn) < 0.005
