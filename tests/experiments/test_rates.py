"""rates: users are the unit, and what they did before narrows the interval without moving it."""

import numpy as np
import pytest

from tests.builders import turn
from uptake.errors import BadConfig, NotReady
from uptake.experiments.coded import Coded
from uptake.experiments.outcomes import outcomes_of_turns
from uptake.experiments.rates import UserTotals, compare, rate
from uptake.types import Truth


def totals(defects, turns, before=(0.0, 0.0)):
    defects, turns = np.asarray(defects, dtype=float), np.asarray(turns, dtype=float)
    return UserTotals(
        defects=defects,
        turns=turns,
        before_defects=np.broadcast_to(np.asarray(before[0], dtype=float), defects.shape),
        before_turns=np.broadcast_to(np.asarray(before[1], dtype=float), defects.shape),
    )


def drawn(generator, users, *, effect=0.0, past=True):
    """Users who differ much from each other, with a past under no treatment."""
    nature = generator.beta(0.8, 3.2, users)
    turns, earlier = 1 + generator.poisson(15, users), 1 + generator.poisson(15, users)
    defects = generator.binomial(turns, nature * (1 - effect))
    return totals(defects, turns, (generator.binomial(earlier, nature), earlier) if past else (0.0, 0.0))


def turns_of(user, *failed):
    return [turn(user=user, truth=Truth(defect=each)) for each in failed]


def test_a_rate_counts_turns_whose_fate_is_known():
    outcomes = outcomes_of_turns([*turns_of("ann", True, False), *turns_of("bo", False, False), turn(user="cy")])
    found = rate(outcomes)
    assert (found.turns, found.users, found.defects, found.rate) == (4, 2, 1.0, 0.25)
    assert 0.0 < found.low < 0.25 < found.high < 1.0


def test_fifty_turns_of_one_user_are_one_user():
    alone = rate(outcomes_of_turns(turns_of("ann", *[True, False] * 25)))
    many = rate(outcomes_of_turns([each for at in range(50) for each in turns_of(f"u{at}", bool(at % 2))]))
    assert alone.high - alone.low > 0.8
    assert many.high - many.low < 0.3


def test_a_rate_of_nothing_or_without_a_defect_keeps_an_honest_interval():
    assert np.isnan(rate(outcomes_of_turns([])).rate)
    spotless = rate(outcomes_of_turns([each for at in range(20) for each in turns_of(f"u{at}", False)]))
    assert (spotless.rate, spotless.low) == (0.0, 0.0)
    assert 0.05 < spotless.high < 0.3


@pytest.mark.slow
@pytest.mark.parametrize("past", [False, True])
def test_intervals_cover_the_truth_nineteen_times_in_twenty(past):
    generator = np.random.default_rng(5)
    covered = relative = 0
    for _ in range(1_000):
        found = compare(drawn(generator, 150, past=past), drawn(generator, 150, effect=0.2, past=past))
        covered += found.difference_low <= -0.04 <= found.difference_high
        relative += found.reduction_low <= 0.2 <= found.reduction_high
    assert 930 <= covered <= 970
    assert 925 <= relative <= 975


def test_what_users_did_before_narrows_the_interval():
    generator = np.random.default_rng(0)
    with_past = drawn(generator, 400), drawn(generator, 400, effect=0.2)
    without = [totals(each.defects, each.turns) for each in with_past]
    plain, adjusted = compare(*without), compare(*with_past)
    assert adjusted.adjusted
    assert not plain.adjusted
    assert adjusted.error < 0.75 * plain.error


def test_too_few_users_and_a_wrong_level_are_refused():
    with pytest.raises(NotReady, match="at least 2 users"):
        compare(totals([1], [2]), totals([1, 0], [2, 2]))
    with pytest.raises(BadConfig, match="level"):
        compare(totals([1, 0], [2, 2]), totals([1, 0], [2, 2]), level=1.0)


def test_equal_arms_without_a_defect_differ_in_nothing():
    found = compare(totals([0, 0], [2, 2]), totals([0, 0], [2, 2]))
    assert (found.difference, found.p) == (0.0, 1.0)
    assert np.isnan(found.reduction)


def test_names_are_coded_once_and_joined():
    one, other = Coded.of(["a", None, "b"]), Coded.of(["b", "c"])
    both = Coded.joined([one, other])
    assert [None if code < 0 else both.names[code] for code in both.codes] == ["a", None, "b", "b", "c"]
    assert both.is_("b").tolist() == [False, False, True, True, False]
