"""Attacks on releases: what breaks the bound is caught, what keeps it is not accused."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from uptake.engine.local import LocalEngine
from uptake.errors import BadConfig
from uptake.lab.evaluate.privacy.artifacts import published
from uptake.lab.evaluate.privacy.attacks import Attack, Target, attack_auc, epsilon_seen, membership, shown
from uptake.lab.evaluate.privacy.population import statistics_of
from uptake.lab.evaluate.privacy.run import CANARY, LEARNERS, _canary, _targets, privacy
from uptake.privacy.budget import Budget
from uptake.privacy.cells import noise
from uptake.rewriting.table.learn.markov import MarkovRewriter
from uptake.text.normalize import normalize
from uptake.types import Interpretation, Turn

pytest.importorskip("opendp")
CELLS = MarkovRewriter.cells
BUDGET = Budget(epsilon=2.0, releases=1)
TURN = Turn(
    turn_id="t", user_id="u", said_at=datetime(2026, 1, 5, tzinfo=UTC), request="x", session_id="s",
    interpretation=Interpretation(domain="home", intent="do"),
)  # fmt: skip
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


def test_what_is_published_tells_of_the_third_user_without_noise_and_nothing_of_a_rare_phrase_with_it():
    turns = list(_canary(TURN))
    with closing(LocalEngine()) as engine:
        alone = [statistics_of(engine, one, turns) for one in LEARNERS]
        rare = _targets(engine, alone, [()] * len(LEARNERS), BUDGET)
        found = published(engine, LEARNERS, rare, turns, 2)
        assert {attack_auc(one) for one in found.values()} == {0.5}
        bare = [replace(one, noise=replace(one.noise, scale=0.01, threshold=1)) for one in rare]
        found = published(engine, LEARNERS, bare, turns, 2, others=2)  # the k-users rule alone: the third is seen
    assert {attack_auc(one) for one in found.values()} == {1.0}


def test_the_rare_phrase_is_looked_for_as_it_is_counted():
    assert normalize(CANARY) == CANARY
