"""offpolicy: the value of a policy that nobody has met, against the truth of a simulation."""

from dataclasses import replace

import numpy as np
import pytest

from tests.experiments.toy_experiment import BAD, GOOD, toy
from uptake.errors import BadConfig, NotReady
from uptake.experiments.offpolicy import value
from uptake.experiments.outcomes import outcomes_of_turns
from uptake.rewriting.table.artifact import Rewrite, RewriteTable, rewrite_id
from uptake.rewriting.table.step import ExactRewrite
from uptake.types import Evidence

EVIDENCE = Evidence(users=9, sessions=20, success_before=0.3, success_after=0.8)
REWRITES = GOOD | BAD
LEAVE, GOOD_ONLY, ALL = {}, GOOD, REWRITES
KINDS = {"good": 0.25, "bad": 0.07}


def policy(rewrites):
    table = RewriteTable.from_rows([Rewrite(a, b, EVIDENCE, domain="music") for a, b in rewrites.items()])
    return [ExactRewrite(table)]


def during(users=500, seed=0):
    return outcomes_of_turns(toy(users=users, before=0, after=6, seed=seed).turns)


@pytest.fixture(scope="module")
def log():
    return during()


def truth(outcomes, rewrites):
    """Success of a policy in the toy's world, on these users' turns."""
    background = ~outcomes.triggered
    failed = float(outcomes.defect[background].sum())
    for text, target in REWRITES.items():
        rows = outcomes.request.is_(text)
        rate = 0.75 if text in GOOD else 0.1
        if text in rewrites:
            rate = 0.95 if rewrites[text] == BAD.get(text) else 0.1
        failed += rate * rows.sum()
        assert target
    return 1.0 - failed / len(outcomes)


@pytest.mark.parametrize("rewrites", [LEAVE, GOOD_ONLY, ALL], ids=["none", "good", "all"])
def test_estimates_agree_with_the_simulated_truth(log, rewrites):
    found, real = value(log, policy(rewrites)), truth(log, rewrites)
    for estimate in (found.ips, found.snips, found.dr):
        assert estimate.value == pytest.approx(real, abs=0.04)
        assert estimate.low - 0.02 <= real <= estimate.high + 0.02
    assert found.unsupported == 0


def test_leaving_out_the_harmful_rewrite_is_seen_to_be_better(log):
    better, served = value(log, policy(GOOD_ONLY)), value(log, policy(ALL))
    assert better.dr.value > served.dr.value
    assert better.dr.gain_low > 0.0
    assert value(log, policy(LEAVE)).dr.gain_high < 0.0
    assert better.to_json()["dr"]["gain"] == better.dr.gain


@pytest.mark.long
@pytest.mark.slow
def test_intervals_cover_the_truth_about_nineteen_times_in_twenty():
    covered = {"ips": 0, "snips": 0, "dr": 0}
    runs = 60
    for seed in range(runs):
        log = during(users=100, seed=seed)
        found, real = value(log, policy(GOOD_ONLY)), truth(log, GOOD_ONLY)
        for name in covered:
            estimate = getattr(found, name)
            covered[name] += estimate.low <= real <= estimate.high
    assert all(count >= 0.87 * runs for count in covered.values()), covered


def test_a_log_without_propensities_says_what_is_missing(log):
    with pytest.raises(NotReady, match=r"propensities are missing.*Log Turn.propensity"):
        value(replace(log, propensity=np.ones(len(log))), policy(ALL))
    with pytest.raises(NotReady, match="no turn in which a rewrite fired"):
        value(log.where(~log.triggered), policy(ALL))


def test_a_rewrite_that_nobody_tried_is_not_judged(log):
    new = {text: f"{text} again" for text in GOOD}
    with pytest.raises(NotReady, match="the log never tried"):
        value(log, policy(new))
    few = dict([next(iter(new.items()))])
    found = value(log, policy(few), max_unsupported=0.5)
    assert found.unsupported == int(log.request.is_(next(iter(few))).sum())
    with pytest.raises(NotReady, match="are worth"):
        value(log, policy(ALL), min_effective=1e9)
    with pytest.raises(BadConfig):
        value(log, policy(ALL), max_unsupported=2.0)


def test_a_policy_may_be_a_plain_function(log):
    def choose(request, user_id):
        return (rewrite_id(request, GOOD[request]), GOOD[request]) if request in GOOD else None

    assert value(log, choose).dr == value(log, policy(GOOD_ONLY)).dr
