"""experiment: the same user stays in one arm, shares are kept, and nothing may change mid-way unnoticed."""

from dataclasses import replace
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import turn
from uptake.errors import BadConfig, BadRecord
from uptake.experiments.assignment import HOLDOUT, Experiment, refuse_changed, uniform
from uptake.experiments.outcomes import outcomes_of_turns

USERS = [f"user-{at}" for at in range(4_000)]


@given(st.text(max_size=20), st.text(max_size=20))
def test_a_user_always_falls_on_the_same_place(salt, user):
    assert uniform(salt, user) == uniform(salt, user)
    assert 0.0 <= uniform(salt, user) < 1.0


@pytest.mark.parametrize("salt", ["", "first", "uptake permanent holdout"])
def test_places_are_uniform_over_users(salt):
    tenths = [0] * 10
    for user in USERS:
        tenths[int(uniform(salt, user) * 10)] += 1
    chi_squared = sum((count - 400) ** 2 / 400 for count in tenths)
    assert chi_squared < 27.9  # the 0.1 % point with 9 degrees of freedom


@pytest.mark.slow
@given(st.lists(st.floats(0.05, 1.0), min_size=1, max_size=4), st.floats(0.0, 0.5), st.text(max_size=5))
def test_arms_get_their_shares(weights, holdout, salt):
    arms = {f"arm-{at}": weight / sum(weights) for at, weight in enumerate(weights)}
    experiment = Experiment(name="x", arms=arms, unchanged=(), salt=salt, holdout=holdout)
    found = [experiment.assign(user).arm for user in USERS[:1_000]]
    for arm, share in experiment.probabilities.items():
        assert abs(found.count(arm) / 1_000 - share) < 5 * sqrt(share * (1 - share) / 1_000) + 1e-9
    assert sum(experiment.probabilities.values()) == pytest.approx(1.0)


def test_the_holdout_is_the_same_people_in_every_experiment():
    first, second = Experiment(name="first"), Experiment(name="second", arms={"a": 0.3, "b": 0.7}, unchanged=("a",))
    held = [{user for user in USERS if one.assign(user).arm == HOLDOUT} for one in (first, second)]
    assert held[0] == held[1]
    assert 0.01 < len(held[0]) / len(USERS) < 0.03


def test_experiments_deal_users_independently():
    first, second = Experiment(name="first", holdout=0.0), Experiment(name="second", holdout=0.0)
    both = sum(first.assign(user).arm == second.assign(user).arm == "treatment" for user in USERS)
    assert abs(both / len(USERS) - 0.25) < 0.035


def test_the_propensity_is_that_of_what_is_done_not_of_the_arm():
    experiment = Experiment(name="x", holdout=0.1)
    by_arm = {experiment.assign(user).arm: experiment.assign(user) for user in USERS}
    assert by_arm["treatment"].rewrites
    assert by_arm["treatment"].propensity == pytest.approx(0.45)
    assert not by_arm["control"].rewrites
    assert by_arm["control"].propensity == by_arm[HOLDOUT].propensity == pytest.approx(0.55)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"arms": {"a": 0.5, "b": 0.6}}, "add up to 1"),
        ({"arms": {"a": 1.5, "b": -0.5}}, "above 0"),
        ({"arms": {}}, "at least one arm"),
        ({"arms": {HOLDOUT: 1.0}}, "permanent holdout"),
        ({"arms": {"control": 1.0}, "unchanged": ("contrl",)}, "did you mean control"),
        ({"arms": {"control": 1.0}, "silent": ("contrl",)}, "silent names no arm: contrl; did you mean control"),
        ({"holdout": 0.7}, "holdout"),
    ],
)
def test_an_impossible_experiment_says_what_is_wrong(wrong, said):
    with pytest.raises(BadConfig, match=said):
        Experiment(**({"name": "x", "unchanged": ()} | wrong))


@pytest.mark.parametrize(
    ("arms", "unchanged", "compared"),
    [
        ({"control": 0.5, "treatment": 0.5}, ("control",), ("control", "treatment")),
        ({"new": 0.2, "old": 0.8}, ("old",), ("old", "new")),
        ({"a": 0.5, "b": 0.5}, (), ("a", "b")),
        ({"a": 0.5, "b": 0.5}, ("a", "b"), ("a", "b")),
    ],
)
def test_an_arm_without_rewrites_is_compared_with_one_that_has_them(arms, unchanged, compared):
    assert Experiment(name="x", arms=arms, unchanged=unchanged).compared == compared


def test_an_experiment_on_offers_leaves_rewrites_alone_and_survives_the_disk():
    quiet = Experiment(name="quiet", unchanged=(), silent=("control",), holdout=0.0)
    assert quiet.compared == ("control", "treatment")
    given = {quiet.assign(user) for user in USERS}
    assert {(one.arm, one.offers, one.rewrites) for one in given} == {
        ("control", False, True),
        ("treatment", True, True),
    }
    assert Experiment.from_json(quiet.to_json()).digest == quiet.digest
    assert quiet.digest != replace(quiet, silent=()).digest


def test_one_arm_alone_compares_nothing():
    with pytest.raises(BadConfig, match="nothing to compare"):
        _ = Experiment(name="x", arms={"control": 1.0}).compared


def armed(*pairs):
    return outcomes_of_turns([turn(user=user, arm=arm) for user, arm in pairs])


def test_a_user_in_two_arms_is_refused_without_naming_anybody():
    with pytest.raises(BadRecord, match="1 of 2 users appear in two arms") as refused:
        refuse_changed(armed(("ann", "control"), ("ann", "treatment"), ("bo", "control"), ("cy", None)))
    assert "ann" not in str(refused.value)


def test_arms_that_the_experiment_does_not_know_or_deal_are_refused():
    experiment = Experiment(name="x")
    dealt = [(user, experiment.assign(user).arm) for user in USERS[:50]]
    refuse_changed(armed(*dealt), experiment)
    with pytest.raises(BadRecord, match="1 arms in the log are unknown"):
        refuse_changed(armed(*dealt, ("zoe", "blue")), experiment)
    with pytest.raises(BadRecord, match="of 50 users are in another arm"):
        refuse_changed(armed(*dealt), replace(experiment, salt="another"))
