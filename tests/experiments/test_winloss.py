"""winloss: wins, losses, their ratio and its interval."""

import numpy as np
import pytest

from tests.builders import turn
from tests.experiments.toy_experiment import BAD, toy
from uptake.errors import BadRecord, NotReady
from uptake.experiments.outcomes import outcomes_of_turns
from uptake.experiments.winloss import of_counts, of_pairs, of_triggered
from uptake.types import Truth


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
    assert found.expected.wins - found.expected.losses == pytest.approx(found.net_wins, rel=0.05)
    assert found.own_evidence == 1.0


def test_without_the_bad_rewrite_wins_outnumber_losses_by_far():
    turns = [turn for turn in toy(users=300).turns if turn.request not in BAD]
    assert of_triggered(outcomes_of_turns(turns)).expected.ratio > 12


def said(user, request, *, failed, acted, **fields):
    return turn(
        request,
        user=user,
        arm="treatment" if acted else "control",
        rewrite_id=f"to do {request}",
        acted_on=f"do {request}" if acted else None,
        truth=Truth(defect=failed),
        **fields,
    )


def test_what_a_request_did_before_counts_little_and_what_others_did_withheld_fills_in():
    treated = [said(f"t{at}", "a", failed=False, acted=True) for at in range(4)]
    control = [said("c0", "b", failed=True, acted=False), said("c1", "b", failed=False, acted=False)]
    outcomes = outcomes_of_turns([*treated, *control])
    unseen = of_triggered(outcomes)
    assert (unseen.own_evidence, unseen.expected.wins, unseen.expected.losses) == (0.0, 2.0, 0.0)
    past = outcomes_of_turns([turn("a", user=f"p{at}", truth=Truth(defect=True)) for at in range(100)])
    seen = of_triggered(outcomes, before=past)
    assert (seen.own_evidence, seen.expected.wins) == (1.0, 4 * 0.75)  # five failures, and five turns at one half


def test_people_s_own_word_is_counted_with_and_without_the_rewrite():
    treated = [said(f"t{at}", "a", failed=False, acted=True, answer=True) for at in range(3)]
    undone = said("t3", "a", failed=False, acted=True, undone=True)
    control = [said(f"c{at}", "a", failed=True, acted=False, answer=False) for at in range(2)]
    reported = of_triggered(outcomes_of_turns([*treated, undone, *control])).reported
    assert reported.rewritten == {"turns": 4, "yes": 3, "no": 0, "undone": 1, "complained": 1}
    assert reported.without == {"turns": 2, "yes": 0, "no": 2, "undone": 0, "complained": 2}
    assert (reported.effect.control.rate, reported.effect.treatment.rate) == (1.0, 0.25)


def test_a_control_that_logs_no_rewrites_cannot_be_compared():
    turns = [turn for turn in toy(users=40).turns if turn.acted_on is not None or turn.rewrite_id is None]
    with pytest.raises(NotReady, match="log rewrite_id in the control"):
        of_triggered(outcomes_of_turns(turns))
    with pytest.raises(BadRecord):
        of_counts(-1, 2)
