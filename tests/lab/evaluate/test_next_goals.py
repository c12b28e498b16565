"""Which goal comes next is told from the whole session, not from the last goal alone."""

from datetime import timedelta

import pytest

from uptake.lab.evaluate.next_goals.fit import fit_next_goals
from uptake.lab.evaluate.next_goals.next_goal import NO_GOAL, NextGoals, clues
from uptake.lab.evaluate.next_goals.offpolicy import offpolicy
from uptake.lab.simulate.follow_ups import BEGIN, CURIOUS, FollowUpTown, Need
from uptake.proactive.offers.events import event
from uptake.proactive.offers.offer import Offer
from uptake.types import Offered, Turn


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


def test_the_truth_of_a_moment_is_set_beside_its_own_chance():
    """Two people at once: whose offer comes first is answered last."""
    turns, needs = [], []
    for at in range(60):
        for user, offered_s, answered_s in (("needs", 0, 30), ("none", 5, 10)):
            offer_id = f"latent_goals:|A => |{user}"
            said = at % 10 > 0
            made = Offered(offer_id=offer_id, said=said, propensity=0.9 if said else 0.1)
            known = {"user_id": user, "session_id": f"{user} {at}", "status": "ok"}
            began = BEGIN + timedelta(hours=at)
            first, after = (began + timedelta(seconds=one) for one in (offered_s, answered_s))
            yes = event("yes", offer_id)
            turns.append(Turn(turn_id=f"{user} {at}", said_at=first, request="a", offer=made, **known))
            turns.append(Turn(turn_id=f"{user} {at} yes", said_at=after, request="yes", interpretation=yes, **known))
            target = "|needs" if user == "needs" else ""
            needs.append(Need(f"{user} {at}", began, user, "home", target, False, offer_id, said))

    def proposed(moment):
        welcome = 0.02 if moment.user_id == "needs" else 0.95  # the policy would say it to the wrong one alone
        return Offer(kind="latent_goals", meaning=moment.offer_id, because="", welcome=welcome, weight=1e6)

    figures = offpolicy(turns, needs, proposed, seed=0)
    assert figures["offpolicy.0.4.offers"] == pytest.approx(0.9 * 60)
    assert figures["offpolicy.0.4.accepted_true"] == pytest.approx(CURIOUS)
