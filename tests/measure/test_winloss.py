"""winloss: wins, losses, their ratio and its interval."""

import numpy as np
import pytest

from tests.measure.toy_experiment import BAD, toy
from uptake.errors import BadRecord, NotReady
from uptake.measure.outcomes import outcomes_of_turns
from uptake.measure.winloss import of_counts, of_pairs, of_triggered


def test_pairs_are_won_lost_or_neither():
    found = of_pairs([True, True, False, True, False], [False, True, True, False, False])
    assert (found.wins, found.losses, found.neutral, found.ratio) == (2, 1, 2, 2.0)
    assert found.low < 2.0 < found.high


def test_without_a_loss_the_ratio_stays_a_number_and_the_interval_is_open():
    found = of_counts(12, 0)
    assert (found.ratio, found.high) == (24.0, float("inf"))
    assert found.low > 4.0
    assert found.to_json()["high"] is None
    assert np.isnan(of_counts(0, 0).ratio)


def test_wins_of_few_people_are_worth_less():
    before, after = [True] * 80 + [False] * 20, [False] * 80 + [True] * 20
    spread = of_pairs(before, after, [f"u{at}" for at in range(100)])
    few = of_pairs(before, after, [f"u{at // 10}" for at in range(100)])
    assert spread.ratio == few.ratio == 4.0
    assert few.low < spread.low < 4.0 < spread.high < few.high


@pytest.mark.slow
def test_the_interval_covers_the_true_ratio():
    generator = np.random.default_rng(3)
    covered = 0
    for _ in range(2_000):
        wins = generator.binomial(60, 0.9)
        found = of_counts(wins, 60 - wins)
        covered += found.low <= 9.0 <= found.high
    assert covered / 2_000 >= 0.93


@pytest.mark.slow
def test_live_turns_give_net_wins_without_an_assumption():
    found = of_triggered(outcomes_of_turns(toy(users=400).turns))
    saved, spoiled = 0.65, 0.85  # per rewritten turn, of the good ones and of the bad one
    acted = found.correct + found.incorrect
    share_bad = 0.07 / 0.32
    assert found.net_low <= acted * (saved * (1 - share_bad) - spoiled * share_bad) <= found.net_high
    assert found.assumed.wins - found.assumed.losses == pytest.approx(found.net_wins, rel=0.05)


def test_without_the_bad_rewrite_wins_outnumber_losses_by_far():
    turns = [turn for turn in toy(users=300).turns if turn.request not in BAD]
    assert of_triggered(outcomes_of_turns(turns)).assumed.ratio > 12


def test_a_control_that_logs_no_rewrites_cannot_be_compared():
    turns = [turn for turn in toy(users=40).turns if turn.acted_on is not None or turn.rewrite_id is None]
    with pytest.raises(NotReady, match="log rewrite_id in the control"):
        of_triggered(outcomes_of_turns(turns))
    with pytest.raises(BadRecord):
        of_counts(-1, 2)
