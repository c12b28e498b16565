"""Latent goals: what follows beyond chance is found, what the hour or a taste explains is not, values are carried."""

import random
from datetime import UTC, datetime

import numpy as np
import pytest

from tests.feedback.marked import ENGINE, turns
from tests.proactive.offers.test_offers import row
from uptake.engine.local import EngineStatistics
from uptake.errors import BadConfig
from uptake.proactive.latent_goals.artifact import SHARED, GoalPairs
from uptake.proactive.latent_goals.features import goal_of, is_rephrase
from uptake.proactive.latent_goals.learn import LatentGoalLearner
from uptake.proactive.latent_goals.learn.chance import discoveries
from uptake.proactive.latent_goals.step import LatentGoals
from uptake.proactive.offers.offer import Occasion
from uptake.types import Interpretation, Situation

TEA, TIMER = "drinks|AskTea", "timers|HassStartTimer"
OTHERS = [f"other|Goal{at}" for at in range(8)]
LEARNER = LatentGoalLearner(min_users=3)


def said(home, session, *states, hour="16", **fields):
    return [
        row(home, state, at, session_id=f"{home}/{session}", home_id=home, hour=hour, **fields)
        for at, state in enumerate(states)
    ]


def town(homes=6, days=12, *, pair=True, seed=0, minutes=lambda draw: draw.choice("35")):
    """People who ask for anything in any order, and, where there is a pair, for a timer after the tea."""
    draw, rows = random.Random(seed), []
    for home in range(homes):
        for day in range(days):
            length = minutes(draw)
            tea = [f"{TEA}|minutes={length}", f"{TIMER}|minutes={length}"]
            if not pair:
                draw.shuffle(tea)
            plain = [draw.choice(OTHERS) for _ in range(6)]
            asked = [*plain[:3], *tea, *plain[3:]] if pair else draw.sample([*plain, *tea], 8)
            rows += said(f"home{home}", day, *asked)
    return rows


def learned(rows, learner=LEARNER):
    return learner.solve(EngineStatistics(ENGINE, ENGINE.table(learner.statistics, turns=turns(rows))))


def offers(pairs, done, *, home="home0", hour=16, earlier=()):
    occasion = Occasion(
        turn_id="t", user_id=home, now=datetime(2026, 1, 5, hour, tzinfo=UTC), done=goal_of(done).reading,
        earlier=tuple(goal_of(key).reading for key in earlier), situation=Situation(home_id=home),
    )  # fmt: skip
    return list(LatentGoals(pairs)(occasion))


def test_a_goal_that_follows_another_is_found_in_all_homes_and_nothing_else_is():
    pairs = learned(town())
    shared = {(pair.source.split("|")[1], pair.target.split("|")[1]) for pair in pairs.rows() if pair.scope == SHARED}
    assert shared == {("AskTea", "HassStartTimer")}


@pytest.mark.parametrize("seed", range(4))
def test_nothing_is_found_where_goals_come_in_any_order(seed):
    assert len(learned(town(pair=False, seed=seed))) == 0


def test_the_value_of_the_first_goal_is_carried_over():
    pairs = learned(town(minutes=lambda draw: str(draw.randint(2, 60))))
    (offer,) = offers(pairs, f"{TEA}|minutes=61", home="stranger")
    assert offer.deeds == (Interpretation(domain="timers", intent="HassStartTimer", slots=(("minutes", "61"),)),)
    assert offer.meaning == f"{TEA} => {TIMER}"


def test_what_was_done_a_moment_ago_is_not_proposed_again():
    pairs = learned(town())
    assert offers(pairs, f"{TEA}|minutes=3")
    assert not offers(pairs, f"{TEA}|minutes=3", earlier=[f"{TIMER}|minutes=1"])


def test_a_pair_of_the_afternoon_is_not_proposed_at_night():
    assert not offers(learned(town()), f"{TEA}|minutes=3", hour=3)


def test_what_one_home_does_stays_its_own():
    rows = [*town(homes=1), *town(homes=5, pair=False, seed=3)]
    alone = [
        {**one, "user_id": "solo", "home_id": "solo", "session_id": f"solo/{one['session_id']}"}
        for one in town(homes=1)
    ]
    pairs = learned([*alone, *rows[len(alone) :]])
    assert {pair.scope for pair in pairs.rows()} <= {"solo"}
    assert offers(pairs, f"{TEA}|minutes=3", home="solo")
    assert not offers(pairs, f"{TEA}|minutes=3", home="home2")


@pytest.mark.parametrize(
    "fields", [{"defect": True}, {"retried": True}, {"control": True}, {"offer_said": True, "offer": "x:y"}]
)
def test_goals_that_failed_or_were_offered_are_no_evidence(fields):
    marked = [{**one, **fields} if one["state"].startswith(TEA) else one for one in town()]
    assert len(learned(marked)) == 0


def test_a_rephrase_is_no_second_goal():
    assert is_rephrase("music|Play|title=harry porter", "music|Play|title=harry potter")
    assert not is_rephrase("lights|On|name=hall", "lights|On|name=garage door")
    assert not is_rephrase(TEA, TIMER)


def test_a_log_of_two_days_and_one_without_homes_or_clock_find_nothing_rash():
    assert len(learned(town(homes=2, days=2))) == 0
    bare = [{**one, "home_id": None, "hour": None} for one in town()]
    assert {pair.target for pair in learned(bare).rows()} >= {f"{TIMER}|minutes=3"}
    assert len(learned([])) == 0


def test_who_does_it_anyway_is_known_by_person():
    pairs = learned(town())
    (tea,) = [pair for pair in pairs.rows() if pair.scope == SHARED and pair.source == f"{TEA}|minutes=3"]
    times, both = pairs.did("home0", tea)
    assert times == both > 0
    assert pairs.did("stranger", tea) == (0, 0)
    assert offers(pairs, tea.source)[0].anyway > 0.9


def test_pairs_survive_the_disk(tmp_path):
    pairs = learned(town())
    pairs.save(tmp_path)
    assert GoalPairs.load(tmp_path) == pairs


def test_false_discoveries_are_controlled_over_all_that_was_tried():
    rng = np.random.default_rng(0)
    found = [any(discoveries(rng.random(200).tolist(), 0.05)) for _ in range(200)]
    assert sum(found) <= 22
    assert discoveries([1e-9, 0.5, 1e-8], 0.05) == [True, False, True]


@pytest.mark.parametrize(
    "options", [{"min_users": 0}, {"least_lift": 0.5}, {"false_discoveries": 1.0}, {"false_shared": 0.0}]
)
def test_a_wrong_option_is_refused(options):
    with pytest.raises(BadConfig):
        LatentGoalLearner(**options)
