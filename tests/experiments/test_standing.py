"""standing: what is said of an experiment, what is not, and when it is to end."""

import json
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from tests.experiments.toy_experiment import BAD, START, toy
from uptake.experiments.assignment import Experiment
from uptake.experiments.outcomes import outcomes_of_turns
from uptake.experiments.pooled import pool_outcomes
from uptake.experiments.registry import Registry, Started, StopRules
from uptake.experiments.standing import check_stop_rules, experiment_status, stop_where_due, window
from uptake.report.experiment import day_by_day, sentences

BEGAN = START + timedelta(days=4)
NOW = START + timedelta(days=9)
ENDLESS = StopRules(max_days=None, least_reduction=None)


@pytest.fixture(scope="module")
def made():
    return toy(users=200)


@pytest.fixture(scope="module")
def outcomes(made):
    return outcomes_of_turns(made.turns)


@pytest.fixture(scope="module")
def started(made):
    return Started(experiment=made.experiment, started_at=BEGAN)


def test_a_window_holds_the_turns_of_the_experiment_alone(outcomes, started):
    before, during = window(outcomes, replace(started, stopped_at=NOW - timedelta(days=1)))
    assert len(before) + len(during) < len(outcomes)
    assert not before.triggered.any()
    assert int(before.said_at.max()) < BEGAN.timestamp() * 1e6 <= int(during.said_at.min())
    assert int(during.said_at.max()) < (NOW - timedelta(days=1)).timestamp() * 1e6


def test_figures_are_json_and_the_sentences_say_them(outcomes, started):
    found = experiment_status(outcomes, started, at=NOW)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    look = found["any_time"]["all"]
    once = found["scopes"]["all"]["effect"]
    assert look["low"] <= once["difference_low"] <= once["difference_high"] <= look["high"] < 0.0
    assert look["reduction"] == pytest.approx(once["reduction"], abs=0.01)
    assert look["reduction_low"] <= once["reduction_low"] <= once["reduction_high"] <= look["reduction_high"]
    assert found["is_balanced"]
    said = sentences(found)
    assert any("fewer defects are established" in line for line in said["At any time"])
    assert any("people's own word" in line for line in said["Wins and losses"])
    assert "Sizes of the arms" in said


def test_day_by_day_the_interval_narrows_and_ends_where_it_is_now(outcomes, started):
    found = experiment_status(outcomes, started, at=NOW)
    days = found["by_day"]["all"]
    assert [look["day"] for look in days] == sorted({look["day"] for look in days})
    assert len(days) > 2
    assert [look["turns"] for look in days] == sorted(look["turns"] for look in days)
    assert days[-1]["high"] - days[-1]["low"] < days[0]["high"] - days[0]["low"]
    assert {name: days[-1][name] for name in found["any_time"]["all"]} == found["any_time"]["all"]
    assert "holds on all days together" in day_by_day(found)


def test_few_users_are_said_to_be_few(made, started):
    few = outcomes_of_turns([turn for turn in made.turns if int(turn.user_id[5:]) < 20])
    found = experiment_status(few, started, at=NOW)
    assert any("before each arm has the weight of 30 equal users" in line for line in found["unknown"])
    assert not found["any_time"]["all"]["ready"]


def test_an_interval_that_covers_zero_says_how_many_more_users_it_would_take(started):
    found = experiment_status(outcomes_of_turns(toy(users=150, effect=False).turns), started, at=NOW)
    assert found["any_time"]["all"]["low"] < 0.0 < found["any_time"]["all"]["high"]
    assert any("covers 0" in line and "users" in line for line in found["unknown"])


def test_without_rewrites_nothing_can_be_said_of_them(made, started):
    plain = [replace(turn, acted_on=None, rewrite_id=None) for turn in made.turns]
    found = experiment_status(outcomes_of_turns(plain), started, at=NOW)
    assert any(line.startswith("what rewrites do at all") for line in found["unknown"])
    assert found["win_loss"] is None


def test_a_log_of_another_experiment_is_refused_in_words(outcomes):
    other = Started(experiment=Experiment(name="toy", salt="another"), started_at=BEGAN)
    found = experiment_status(outcomes, other, at=NOW)
    assert "in another arm" in found["refused"]
    assert sentences(found) == {}


def test_an_arm_that_lost_users_is_warned_of(outcomes, started):
    gone = outcomes.arm.is_("treatment") & (outcomes.user.codes % 3 > 0)
    found = experiment_status(outcomes.where(~gone), started, at=NOW)
    assert not found["is_balanced"]
    assert "do not trust" in sentences(found)["Sizes of the arms"][0]


@pytest.mark.parametrize(
    ("rules", "why"),
    [
        (StopRules(max_days=5), "5 days"),
        (StopRules(max_users=100), "users, the limit is 100"),
        (StopRules(max_turns=1_000), "turns, the limit is 1,000"),
        (StopRules(least_reduction=0.9), "futility"),
        (ENDLESS, None),
    ],
)
def test_each_rule_stops_and_says_why(outcomes, started, rules, why):
    reason = check_stop_rules(replace(started, rules=rules), pool_outcomes(outcomes), NOW)
    assert (reason is None) if why is None else why in reason


def harmful():
    """Only the harmful rewrite fires: what the others would have repaired is not said."""
    return [turn for turn in toy(users=300).turns if turn.rewrite_id is None or turn.request in BAD]


def test_harm_stops_an_experiment_at_once_and_the_registry_knows_why(tmp_path, made):
    registry = Registry(tmp_path)
    registry.start(made.experiment, at=BEGAN, rules=ENDLESS)
    outcomes = pool_outcomes(outcomes_of_turns(harmful()))
    stopped = stop_where_due(registry, outcomes, NOW)
    assert "harm is established" in stopped.reason
    assert registry.get("toy").reason == stopped.reason
    assert stop_where_due(registry, outcomes, NOW) is None


def test_harm_that_is_tolerated_stops_nothing(made):
    tolerant = Started(experiment=made.experiment, started_at=BEGAN, rules=replace(ENDLESS, for_harm=False))
    assert check_stop_rules(tolerant, pool_outcomes(outcomes_of_turns(harmful())), NOW) is None


@pytest.mark.long
@pytest.mark.slow
def test_where_nothing_differs_hardly_any_experiment_is_stopped_for_harm():
    alarms, runs = 0, 60
    for seed in range(runs):
        same = outcomes_of_turns(toy(users=120, before=2, after=4, seed=seed, effect=False).turns)
        begun = Started(experiment=Experiment(name="toy"), rules=ENDLESS, started_at=START + timedelta(days=2))
        days = (same.where(same.said_at < (START + timedelta(days=day)).timestamp() * 1e6) for day in range(3, 7))
        alarms += any(check_stop_rules(begun, pool_outcomes(seen), NOW) is not None for seen in days)
    assert alarms / runs <= 0.05 + 2.0 * np.sqrt(0.05 * 0.95 / runs)
