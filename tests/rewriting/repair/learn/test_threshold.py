"""When to repair: what the chosen rule reaches where it was chosen, and what it does not dare."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from uptake.rewriting.repair.artifact import best_other
from uptake.rewriting.repair.learn.threshold import Goal, JudgedMeanings, choose

SERVED, OTHER = frozenset({("a", "", "")}), frozenset({("a", "", ""), ("b", "", "")})


def case(chance: float, outcome: str) -> JudgedMeanings:
    """A turn whose other meaning has a chance; the outcome of taking it: "win", "loss" or "neutral"."""
    truth = {"win": [0.0, 1.0], "loss": [1.0, 0.0], "neutral": [0.0, 0.0]}[outcome]
    return JudgedMeanings(
        meanings=(SERVED, OTHER), probabilities=np.array([1.0 - chance, chance]) * 0.9, right=np.array(truth)
    )


cases = st.builds(case, st.integers(1, 99).map(lambda one: one / 100), st.sampled_from(["win", "loss", "neutral"]))


def counted(judged, rule):
    """(wins, losses, neutrals) of a rule."""
    found = np.zeros(3)
    for one in judged:
        best = best_other(one.meanings, one.probabilities.tolist(), rule)
        if best is not None and best[1] >= rule.least:
            won, lost = one.right[best[0]], one.right[0]
            found += [won, lost, 1.0 - won - lost]
    return found


@given(st.lists(cases, max_size=60), st.sampled_from([1.0, 3.0, 8.5]), st.sampled_from([0.1, 0.3]))
def test_the_chosen_rule_reaches_its_goal_or_never_repairs(judged, ratio, neutral):
    goal = Goal(win_loss=ratio, neutral=neutral)
    wins, losses, useless = counted(judged, choose(judged, goal))
    assert wins >= ratio * losses
    assert useless <= neutral * (wins + losses + useless) + 1e-9


def test_losses_are_counted_with_their_spread():
    judged = [*[case(0.9, "win")] * 40, *[case(0.9, "loss")] * 4]
    assert choose(judged, Goal(win_loss=10.0, spread=0.0)).least < 1.0
    assert choose(judged, Goal(win_loss=10.0, spread=1.0)).least == float("inf")


def test_the_threshold_lies_where_losses_begin():
    judged = [*[case(0.9, "win")] * 60, *[case(0.3, "loss")] * 30]
    rule = choose(judged, Goal())
    assert counted(judged, rule).tolist() == [60.0, 0.0, 0.0]


def test_an_additive_rule_looks_at_additions_alone():
    other = JudgedMeanings(
        meanings=(SERVED, frozenset()), probabilities=np.array([0.1, 0.8]), right=np.array([0.0, 1.0])
    )
    assert choose([other] * 50, Goal(), additive=True).least == float("inf")
    assert choose([other] * 50, Goal()).least < 1.0
