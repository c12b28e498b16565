"""Which goal comes next is told from the whole session, not from the last goal alone."""

import pytest

from uptake.lab.evaluate.next_goals.fit import fit_next_goals
from uptake.lab.evaluate.next_goals.next_goal import NO_GOAL, NextGoals, clues
from uptake.lab.simulate.follow_ups import FollowUpTown


def test_the_next_goal_depends_on_what_came_before_the_last():
    rows = [(clues(["a|A", "b|B"]), "c", 20.0), (clues(["d|D", "b|B"]), "e", 20.0), (clues(["b|B"]), NO_GOAL, 20.0)]
    model = fit_next_goals(rows, ridge=0.1)
    for before, after in (("a|A", "c"), ("d|D", "e")):
        chances = model.chances(clues([before, "b|B"]))
        assert max(chances, key=chances.__getitem__) == after
    assert sum(model.chances(clues(["never|Seen"])).values()) == pytest.approx(1.0)
    assert fit_next_goals([]) == NextGoals()


def test_a_routine_that_is_run_by_its_name_reaches_all_its_goals_in_one_turn():
    town = FollowUpTown(4, 2, routines=1.0, seed=3)
    step_by_step = list(town.days(0, 2))
    for person in town.people:
        person.kept = True
    by_name = list(town.days(2, 2))
    runs = [one for one in by_name if one.request == "my routine" and one.status == "ok"]
    assert runs
    assert {town.reached[one.turn_id] for one in runs} == {3}
    assert not any(one.request == "my routine" for one in step_by_step)
    assert all(town.reached.get(one.turn_id, 0) == 0 for one in (*step_by_step, *by_name) if one.status == "failed")
