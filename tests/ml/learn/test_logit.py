"""Conditional logit: weights from choices."""

from __future__ import annotations

import numpy as np
import pytest

from uptake.ml.learn.logit import Choice, fit_choices


def test_weights_that_made_the_choices_are_found_again():
    generator, truth, choices = np.random.default_rng(0), np.array([2.0, -1.0, 0.0]), []
    for _ in range(1_500):
        features = generator.normal(size=(4, 3))
        chances = np.exp(features @ truth)
        choices.append(Choice(features=features, right=int(generator.choice(4, p=chances / chances.sum()))))
    assert fit_choices(choices, np.zeros(3)) == pytest.approx(truth, abs=0.2)


def test_what_no_choice_teaches_stays_as_believed():
    choices = [Choice(features=np.array([[1.0, 1.0], [0.0, 1.0]]), right=0)] * 20
    taught, untaught = fit_choices(choices, np.array([0.0, 0.7]))
    assert taught > 1.0
    assert untaught == pytest.approx(0.7)


def test_a_choice_that_always_goes_one_way_gives_a_finite_weight():
    choices = [Choice(features=np.array([[1.0], [0.0]]), right=0)] * 200
    assert np.isfinite(fit_choices(choices, np.zeros(1))).all()
