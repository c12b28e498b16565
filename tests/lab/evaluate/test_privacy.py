"""Attacks on releases: what breaks the bound is caught, what keeps it is not accused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from uptake.errors import BadConfig
from uptake.lab.evaluate.privacy.attacks import Attack, Target, attack_auc, epsilon_seen, membership, shown
from uptake.lab.evaluate.privacy.run import privacy
from uptake.privacy.budget import Budget
from uptake.privacy.cells import noise
from uptake.rewriting.table.learn.markov import MarkovRewriter

pytest.importorskip("opendp")
CELLS = MarkovRewriter.cells
BUDGET = Budget(epsilon=2.0, releases=1)
OWN = frozenset((f"request {at}", None, None, "(success)") for at in range(10))


def target(scale: float = 1.0, others: int = 1):
    noisy = noise(BUDGET.share(1), keys=10, outcomes=2)
    return Target(
        cells=CELLS,
        noise=replace(noisy, scale=noisy.scale * scale, threshold=2 if scale < 1 else noisy.threshold),
        own=OWN,
        homes={cell: np.full(1, others) for cell in OWN},
    )


def test_too_little_noise_is_caught():
    attack = membership([target(scale=0.05)], 150, people=400)
    assert attack_auc(attack) > 0.95
    assert epsilon_seen(attack, BUDGET.delta) > 2.0


@pytest.mark.slow
def test_the_noise_that_epsilon_asks_for_is_not_accused():
    attack = membership([target()], 200, people=400)
    assert attack_auc(attack) < 0.75
    assert epsilon_seen(attack, BUDGET.delta) <= 2.0


def test_a_rare_phrase_shows_without_a_threshold_and_not_with_one():
    rare = replace(target(), own=frozenset({("my rare phrase", None, None, "(success)")}), homes={})
    assert attack_auc(shown(rare, "rare phrase", 40)) == 0.5
    bare = replace(rare, noise=replace(rare.noise, scale=0.01, threshold=1))
    assert attack_auc(shown(bare, "rare phrase", 40)) == 1.0


def test_epsilon_from_below_is_exact_on_what_is_known():
    rng = np.random.default_rng(0)
    there, absent = rng.random(4_000) < 0.5, rng.random(4_000) < 0.5 / np.e
    seen = epsilon_seen(Attack(there=there.astype(float), absent=absent.astype(float)), 0.0)
    assert 0.7 < seen < 1.0


def test_too_few_runs_prove_nothing(tmp_path):
    with pytest.raises(BadConfig, match="--runs"):
        privacy(data=tmp_path, runs=3)
