"""Which goal comes next is told from the whole session, not from the last goal alone."""

import pytest

from uptake.lab.evaluate.next_goals.fit import fit_next_goals
from uptake.lab.evaluate.next_goals.next_goal import NO_GOAL, NextGoals, clues


def test_the_next_goal_depends_on_what_came_before_the_last():
    rows = [(clues(["a|A", "b|B"]), "c", 20.0), (clues(["d|D", "b|B"]), "e", 20.0), (clues(["b|B"]), NO_GOAL, 20.0)]
    model = fit_next_goals(rows, ridge=0.1)
    for before, after in (("a|A", "c"), ("d|D", "e")):
        chances = model.chances(clues([before, "b|B"]))
        assert max(chances, key=chances.__getitem__) == after
    assert sum(model.chances(clues(["never|Seen"])).values()) == pytest.approx(1.0)
    assert fit_next_goals([]) == NextGoals()
