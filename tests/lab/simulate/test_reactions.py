"""Reactions: as often as callers reacted, and never more."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from uptake.errors import BadConfig
from uptake.lab.simulate.reactions import Habits, Reactions, load

reactions = Reactions()
MANY = 4_000


def drawn(ending, *, attempt=1):
    rng = np.random.default_rng(2)
    return [reactions.react(ending, rng, attempt=attempt) for _ in range(MANY)]


def share_again(ending, **how):
    return float(np.mean([one.then in ("repeat", "rephrase") for one in drawn(ending, **how)]))


def test_who_is_always_understood_says_it_again_no_more_often_than_callers_did():
    base = load()["say_again"]["understood"]
    assert share_again("understood") <= base + 4 * (base * (1 - base) / MANY) ** 0.5


def test_who_is_misunderstood_says_it_again_about_as_often_as_callers_did():
    wrong, unheard = share_again("wrong"), share_again("unheard")
    assert min(wrong, unheard) - 0.03 <= load()["say_again"]["misunderstood"] <= max(wrong, unheard) + 0.03


def test_people_cut_in_more_often_where_they_were_misunderstood():
    wrong, right = (
        np.mean([one.barge_in_ms is not None for one in drawn(ending)]) for ending in ("wrong", "understood")
    )
    assert wrong > right


def test_nobody_takes_back_what_was_right_and_everybody_gives_up_at_last():
    assert {one.then for one in drawn("understood")} <= {"repeat", "rephrase", "leave"}
    assert share_again("unheard", attempt=Habits().most) == 0.0


def test_a_yes_is_true_most_of_the_time():
    rng = np.random.default_rng(0)
    said = Counter(reactions.says_yes(True, rng) for _ in range(1_000))
    assert 900 < said[True] < 1_000


@pytest.mark.parametrize("wrong", [{"honest": 1.2}, {"stop": 0.7, "undo": 0.6}, {"most": 0}])
def test_impossible_habits_are_refused(wrong):
    with pytest.raises(BadConfig):
        Habits(**wrong)
