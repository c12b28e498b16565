"""compare: an experiment's effect in its scopes, the sizes of its arms, and the A/A check."""

from dataclasses import replace

import numpy as np
import pytest

from tests.experiments.toy_experiment import toy
from uptake.errors import BadConfig, BadRecord, NotReady
from uptake.experiments.assignment import Experiment
from uptake.experiments.compare import (
    analyse,
    balance_p_value,
    false_alarms,
    fits_shares,
    rates_by_arm,
    rates_by_day,
    users_needed,
)
from uptake.experiments.outcomes import outcomes_of_log, outcomes_of_turns
from uptake.experiments.standing import window


@pytest.fixture(scope="module")
def made():
    return toy(users=300)


@pytest.fixture(scope="module")
def outcomes(made):
    return outcomes_of_turns(made.turns)


def test_the_effect_is_found_in_every_scope(made, outcomes):
    before, during = window(outcomes)
    found = {
        scope: analyse(during, experiment=made.experiment, before=before, scope=scope).effect
        for scope in ("all", "triggered", "domain:music", "domain:lights")
    }
    assert found["all"].reduction_low > 0.1
    assert found["triggered"].difference < found["all"].difference
    assert found["domain:music"].reduction == pytest.approx(0.65 / 0.75, abs=0.06)
    assert found["domain:lights"].reduction_high < 0.0  # the harmful rewrite
    assert found["all"].adjusted


def test_nothing_differed_before_the_first_rewrite(made, outcomes):
    before, during = window(outcomes)
    assert len(before) + len(during) == len(outcomes)
    assert analyse(before, experiment=made.experiment).effect.p > 0.01


def test_a_log_made_with_another_salt_is_refused(made, outcomes):
    with pytest.raises(BadRecord, match="another arm"):
        analyse(outcomes, experiment=replace(made.experiment, salt="other"))
    with pytest.raises(BadConfig, match="no scope"):
        analyse(outcomes, scope="somewhere")


def test_arms_that_lost_users_are_noticed(made, outcomes):
    assert balance_p_value(outcomes, made.experiment) > 0.001
    gone = outcomes.arm.is_("treatment") & (outcomes.user.codes % 2 == 0)
    lost = analyse(outcomes.where(~gone), experiment=made.experiment)
    assert not lost.is_balanced


@pytest.mark.slow
def test_looking_at_the_sizes_after_every_user_alarms_as_seldom_as_it_says():
    shares, generator = np.array([0.05, 0.475, 0.475]), np.random.default_rng(5)
    counts = np.cumsum(generator.multinomial(1, shares, size=(500, 500)), axis=1)
    assert (fits_shares(counts, shares) < 0.05).any(axis=1).mean() <= 0.05
    lost = np.cumsum(generator.multinomial(1, [0.05, 0.525, 0.425], size=(50, 4_000)), axis=1)
    assert (fits_shares(lost, shares) < 0.001).any(axis=1).mean() > 0.9


def test_rates_by_arm_and_day_add_up(outcomes):
    arms, days = rates_by_arm(outcomes), rates_by_day(outcomes)
    assert sum(each.turns for each in arms.values()) == sum(each.turns for each in days.values()) == len(outcomes)
    assert len(days) == 9


@pytest.mark.slow
def test_dealing_users_anew_a_thousand_times_hardly_ever_alarms():
    same = outcomes_of_turns(toy(users=250, effect=False).turns)
    honest = false_alarms(same, runs=1_000, looks=100)
    before, during = window(same)
    assert false_alarms(during, before=before, runs=1_000, looks=100)["rate"] <= 0.05
    peeking = false_alarms(same, runs=1_000, looks=100, decides="fixed")
    assert honest["rate"] <= 0.05
    assert peeking["rate"] > 0.1  # the same looks at a test made for one look


def test_an_a_a_check_needs_people():
    with pytest.raises(NotReady, match="20 users"):
        false_alarms(outcomes_of_turns(toy(users=5, before=1, after=1).turns))


def test_smaller_effects_need_more_users():
    need = [users_needed(rate=0.2, reduction=each, turns_per_user=50) for each in (0.3, 0.2, 0.1)]
    assert need == sorted(need)
    assert users_needed(rate=0.2, reduction=0.15, turns_per_user=1, correlation=0.0) == pytest.approx(2_600, rel=0.1)
    with pytest.raises(BadConfig):
        users_needed(rate=0.0, reduction=0.1, turns_per_user=1)


@pytest.mark.slow
def test_a_log_and_its_turns_give_the_same_outcomes(made, tmp_path):
    from uptake.log.store import TurnLog

    with TurnLog(tmp_path / "log") as log:
        log.append(made.turns[:3_000])
        log.compact()
        log.append(made.turns[3_000:])
        for defect in ("truth", "signals", "verdict"):
            kept, direct = outcomes_of_log(log, defect=defect), outcomes_of_turns(made.turns, defect=defect)
            assert {arm: each.turns for arm, each in rates_by_arm(kept).items()} == {
                arm: each.turns for arm, each in rates_by_arm(direct).items()
            }
            assert rates_by_arm(kept)["control"].rate == pytest.approx(rates_by_arm(direct)["control"].rate)
            assert sorted(kept.rewrite.names) == sorted(direct.rewrite.names)
        assert np.nansum(outcomes_of_log(log, defect="signals").defect) > 0
    with pytest.raises(BadConfig, match="known by signals, verdict, truth"):
        outcomes_of_turns(made.turns, defect="guess")


def test_an_a_a_experiment_rewrites_nowhere():
    both = Experiment(name="aa", arms={"a": 0.5, "b": 0.5}, unchanged=("a", "b"))
    assert both.assign("ann").propensity == 1.0
