"""Bets: what grows where a claim is false, and hardly ever where it holds."""

import numpy as np
import pytest

from uptake.experiments.bets import Bets, ControlBets


@pytest.mark.parametrize("rate", [0.1, 0.3, 0.6])
def test_a_true_claim_is_hardly_ever_refuted(rate):
    generator, refuted = np.random.default_rng(5), 0
    for _ in range(200):
        bets, most = Bets(), 0.0
        for failed in generator.random(150) < rate:
            bets.against_rate(float(failed), rate)
            most = max(most, bets.value)
        refuted += most >= 20.0
    assert refuted <= 0.05 * 200 + 3.0 * (200 * 0.05 * 0.95) ** 0.5


def test_a_false_claim_is_refuted_and_sooner_where_its_like_was():
    def needed(like=None):
        bets = Bets(like)
        while bets.value < 20.0:
            bets.against_rate(0.6, 0.3)
        return bets.made

    taught = Bets()
    for _ in range(20):
        taught.against_rate(0.6, 0.3)
    assert needed(taught) < needed() <= 15


def test_control_and_treatment_that_fail_alike_are_hardly_ever_told_apart():
    generator, values = np.random.default_rng(1), []
    for _ in range(300):
        bets = ControlBets()
        for acted, failed in zip(generator.random(60) < 0.8, generator.random(60) < 0.4, strict=True):
            bets.against_control(float(failed), acted=bool(acted), propensity=0.8 if acted else 0.2)
        values.append(bets.value)
    assert np.mean(np.array(values) >= 20.0) <= 0.05
