"""Who does a second goal by themselves, who forgets it, and whom it does not concern: from counts and answers."""

from dataclasses import replace

import numpy as np
import pytest

from uptake.proactive.latent_goals.artifact import SHARED, GoalPair, GoalPairs
from uptake.proactive.latent_goals.features import shares_of
from uptake.proactive.latent_goals.learn.habits import with_habits
from uptake.proactive.latent_goals.step import LatentGoals
from uptake.proactive.offers.artifact import EVERYBODY, Answered, OfferAnswers
from uptake.proactive.offers.belief import believed
from uptake.proactive.offers.policy import OfferPolicy
from uptake.proactive.offers.standing import Standing, Tally

PAIR = GoalPair(scope=SHARED, source="|A", target="|B", times=99, homes=9, share=0.3, lift=10.0, npmi=0.6, p_value=1e-9)
SHARES = np.array(shares_of(PAIR.share, PAIR.lift))
TRUE = {0: 0.3, 5: 0.5, 10: 0.2}
"""Kind of people -> how many there are: no concern of theirs, once in four times, nearly always."""


def people(count=400, times=10, seed=0):
    rng = np.random.default_rng(seed)
    kinds = rng.choice(list(TRUE), size=count, p=list(TRUE.values()))
    return {
        (f"u{at}", SHARED, "|A", "|B"): (times, int(rng.binomial(times, SHARES[kind]))) for at, kind in enumerate(kinds)
    }


def offer_to(who):
    known = people() | {("never", SHARED, "|A", "|B"): (6, 0), ("always", SHARED, "|A", "|B"): (6, 6)}
    pairs = GoalPairs.of(with_habits([PAIR], known), known)
    (offer,) = LatentGoals(pairs).offers(who)
    return offer


def test_kinds_of_people_are_found_as_often_as_they_are():
    (pair,) = with_habits([PAIR], people())
    found = np.array(pair.habits)
    assert found.sum() == pytest.approx(1.0, abs=1e-3)
    assert found[SHARES < 0.1].sum() == pytest.approx(0.3, abs=0.08)
    assert found[(SHARES > 0.1) & (SHARES < 0.5)].sum() == pytest.approx(0.5, abs=0.08)
    assert found[SHARES > 0.6].sum() == pytest.approx(0.2, abs=0.05)
    assert with_habits([], {}) == []


def test_a_stranger_is_anybody_and_who_did_it_is_known():
    stranger, never, always = (offer_to(who) for who in ("stranger", "never", "always"))
    assert always.anyway > 0.7
    assert never.anyway < 0.15 < stranger.anyway < 0.35
    assert sum(one.share for one in stranger.people) == pytest.approx(1.0)
    assert stranger.people[0].share == pytest.approx(stranger.people[0].of_all, abs=1e-3)
    assert never.people[0].share > stranger.people[0].share > always.people[0].share


@pytest.mark.parametrize(("times", "both"), [(65_535, 0), (65_535, 65_535), (65_535, 30_000), (0, 0), (1, 1)])
@pytest.mark.parametrize("habits", [(), (1.0, *[0.0] * 13), (0.0, *[0.0] * 12, 1.0), (0.5, 0.5)])
def test_whatever_was_counted_is_a_chance(times, both, habits):
    pair = replace(PAIR, habits=habits)
    (offer,) = LatentGoals(GoalPairs.of([pair], {("ann", SHARED, "|A", "|B"): (times, both)})).offers("ann")
    assert sum(one.share for one in offer.people) == pytest.approx(1.0)
    assert 0.0 < offer.anyway < 1.0
    assert 0.0 < OfferPolicy().belief(offer, "ann", Standing(), OfferAnswers()).mean < 1.0


def test_an_answer_tells_whom_it_concerns_and_so_what_they_would_do_anyway():
    offer = offer_to("never")
    before, liked, declined = (believed(offer, tally, ()) for tally in (Tally(), Tally(accepted=3), Tally(declined=3)))
    assert declined.mean < before.mean < liked.mean
    assert declined.anyway < before.anyway < liked.anyway
    assert liked.parts[1].share > 0.95
    assert declined.below(0.5) > 0.9
    assert liked.gain > 0.4


def test_what_nobody_welcomes_is_not_made_to_whom_it_concerns_either():
    offer, policy, standing = offer_to("never"), OfferPolicy(), Standing(on=("all",))

    def mean(**counts):
        others = Answered(user_id=EVERYBODY, offer_id=offer.offer_id, tally=Tally(**counts))
        return policy.belief(offer, "never", standing, OfferAnswers.of([others])).mean

    assert mean(declined=40) < mean() < mean(accepted=40)
