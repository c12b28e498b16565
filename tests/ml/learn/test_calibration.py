"""Calibration: scores are scaled back to what they were worth."""

import numpy as np
import pytest

from uptake.ml.learn.calibration import platt, temperature


def test_platt_finds_the_slope_and_offset_that_labels_were_drawn_with():
    random = np.random.default_rng(0)
    scores = random.normal(size=20_000)
    labels = (random.random(20_000) < 1 / (1 + np.exp(-(2.0 * scores - 0.5)))).astype(float)
    slope, offset = platt(scores, labels, np.ones(20_000))
    assert (slope, offset) == (pytest.approx(2.0, abs=0.1), pytest.approx(-0.5, abs=0.1))


def test_scores_that_tell_the_opposite_are_left_alone():
    scores = np.linspace(-3, 3, 200)
    assert platt(scores, (scores < 0).astype(float), np.ones(200)) == (1.0, 0.0)


def test_a_temperature_divides_scores_that_are_too_sure():
    random = np.random.default_rng(1)
    scores = random.normal(size=(5_000, 3))
    chances = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    labels = np.array([random.choice(3, p=row) for row in chances])
    assert temperature((scores * 4).astype(np.float32), labels) == pytest.approx(4.0, rel=0.1)
