"""Worlds side by side: the same people, nothing rewritten in one, and figures that add up."""

import pytest

from uptake.lab.evaluate.layers import ARMS, simulated
from uptake.lab.evaluate.layers_own import STAGES


@pytest.fixture(scope="module")
def found():
    return simulated(seed=2, homes=16, before=2, after=1)


@pytest.mark.long
def test_every_world_has_its_figures_and_reductions_follow_from_the_rates(found):
    rates = [found[f"layers.defect_rate_{name}"] for name in ARMS]
    assert all(0.0 < rate < 1.0 for rate in rates)
    assert found["layers.global_reduction"] == pytest.approx(1.0 - rates[1] / rates[0])
    assert found["layers.personal_further_reduction"] == pytest.approx(1.0 - rates[2] / rates[1])
    assert found["layers.both_reduction"] == pytest.approx(1.0 - rates[2] / rates[0])
    assert found["layers.both_reduction_low"] <= found["layers.both_reduction"] <= found["layers.both_reduction_high"]


def test_wins_and_losses_are_counted_in_worlds_that_rewrite_alone(found):
    assert {
        f"layers.{world}_{what}" for world in ("global", "personal") for what in ("wins", "losses", "neutral")
    } <= set(found)
    assert "layers.control_wins" not in found


def test_every_failure_that_is_left_ends_in_one_stage_and_what_is_won_is_within_the_bound(found):
    shares = {name: found[f"layers.own_{name}"] for name in STAGES}
    assert found["layers.own_sample"] > 0
    assert sum(shares.values()) == pytest.approx(1.0, abs=0.001)
    later = ("read_surely", "not_proposed", "not_chosen", "another", "refused")
    assert sum(shares[name] for name in later) <= found["layers.own_bound_reduction"] + 0.001 < 1.0
