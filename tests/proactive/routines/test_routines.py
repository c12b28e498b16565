"""RoutineLearner: what it finds in a home's actions, and what it leaves alone."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from tests.feedback.marked import ENGINE, said, statistics
from uptake.engine.local import EngineStatistics
from uptake.errors import BadConfig
from uptake.feedback.state_keys import reading_of
from uptake.proactive.offers.offer import Occasion
from uptake.proactive.routines.artifact import Routines
from uptake.proactive.routines.learn import RoutineLearner
from uptake.proactive.routines.step import RoutineOffers
from uptake.types import Situation

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
KETTLE, BLINDS, LIGHT = (
    "switches|HassTurnOn|name=Kettle", "covers|HassTurnOn|name=Blinds", "lights|HassTurnOn|name=Hall Light",
)  # fmt: skip


def action(day, clock, reading, *, user="ann", home="h", **fields):
    at = MONDAY + timedelta(days=day, minutes=clock)
    known = {"home_id": home, "said_at": int(at.timestamp() * 1e6), "hour": f"{at.hour:02d}", "state": reading}
    return said(user, reading, **{**known, **fields})


def mornings(days, *readings, user="ann", clock=420, **fields):
    """The same actions, two minutes apart, on some mornings."""
    return [
        row
        for day in days
        for at, reading in enumerate(readings)
        for row in action(day, clock + 2 * at + day % 3, reading, user=user, **fields)
    ]


def noise(days, user="ann", seed=0):
    """Other actions at any time."""
    rng = Random(seed)
    return [
        row
        for day in days
        for _ in range(4)
        for row in action(day, rng.randrange(360, 1380), f"lights|HassTurnOn|name=Lamp {rng.randrange(6)}", user=user)
    ]


def learn(rows, **options):
    learner = RoutineLearner(**options)
    return learner.solve(EngineStatistics(ENGINE, statistics(learner, rows)))


def test_actions_that_follow_one_another_every_morning_are_a_routine_in_their_order():
    (found,) = learn(mornings(range(9), KETTLE, BLINDS, LIGHT) + noise(range(9))).rows()
    assert found.readings == tuple("|" + one.partition("|")[2] for one in (KETTLE, BLINDS, LIGHT))
    assert (found.user_id, found.home_id, found.days, found.weekdays) == ("ann", "h", 9, "every day")
    assert 415 <= found.minute <= 425


def test_nothing_is_found_in_fewer_than_the_stated_days():
    rows = mornings(range(4), KETTLE, BLINDS)
    assert len(learn(rows)) == 0
    assert len(learn(mornings(range(5), KETTLE, BLINDS))) == 1
    assert len(learn(mornings(range(5), KETTLE, BLINDS), min_days=6)) == 0


def test_a_log_of_two_days_holds_no_routine_however_often_it_says_so():
    assert (
        len(learn([row for clock in range(400, 700, 20) for row in mornings(range(2), KETTLE, BLINDS, clock=clock)]))
        == 0
    )


def test_nothing_is_found_where_everything_happens_at_random():
    assert sum(len(learn(noise(range(14), seed=seed))) for seed in range(20)) == 0


def test_a_home_without_a_clock_has_no_routine():
    assert len(learn(mornings(range(9), KETTLE, BLINDS, hour=None))) == 0


def test_what_failed_or_was_undone_counts_for_nothing():
    assert len(learn(mornings(range(9), KETTLE, BLINDS, undone=True))) == 0
    assert len(learn(mornings(range(9), KETTLE, BLINDS, defect=True))) == 0


def test_what_a_yes_let_happen_and_what_was_cut_short_was_done():
    yes = mornings(range(9), KETTLE, control=True) + mornings(range(9), BLINDS, clock=423)
    cut = mornings(range(9), KETTLE, worked=False, barged_in=True) + mornings(range(9), BLINDS, clock=423)
    asked = mornings(range(9), KETTLE, worked=False, barged_in=True, unanswered=True) + mornings(range(9), BLINDS)
    assert [len(learn(rows)) for rows in (yes, cut, asked)] == [1, 1, 0]


def test_an_action_that_was_misheard_on_some_days_belongs_to_the_routine_all_the_same():
    early, late = mornings((0, 2, 4, 6), KETTLE, BLINDS), mornings((1, 3, 5, 7), BLINDS, LIGHT, clock=422)
    (found,) = learn(early + late + noise(range(9))).rows()
    assert found.readings == tuple("|" + one.partition("|")[2] for one in (KETTLE, BLINDS, LIGHT))
    assert found.days == 8


def test_actions_of_one_minute_keep_the_order_in_which_they_were_said():
    rows = [
        row
        for day in range(9)
        for reading, seconds in ((LIGHT, 0), (KETTLE, 25))  # by name the kettle would come first
        for row in action(day, 420 + seconds / 60, reading)
    ]
    (found,) = learn(rows).rows()
    assert found.readings == tuple("|" + one.partition("|")[2] for one in (LIGHT, KETTLE))


def test_a_thing_that_is_named_is_the_same_whatever_else_the_reading_says_of_it():
    named = BLINDS.replace("HassTurnOn|", "HassTurnOn|device_class=blind|")
    rows = mornings(range(0, 8, 2), KETTLE, BLINDS) + mornings(range(1, 8, 2), KETTLE, named)
    (found,) = learn(rows).rows()
    assert (found.days, len(found.readings)) == (8, 2)


def test_a_pair_that_shares_nothing_but_the_time_of_day_is_no_routine():
    apart = [
        row
        for seed in range(20)
        for day in range(14)
        for reading in (KETTLE, BLINDS)
        for row in action(day, 390 + Random(f"{seed} {day} {reading}").randrange(120), reading, user=f"user{seed}",
                          home=f"home{seed}")
    ]  # fmt: skip
    assert len(learn(apart)) <= 1


def test_on_and_off_of_one_thing_are_no_sequence():
    off = LIGHT.replace("HassTurnOn", "HassTurnOff")
    assert len(learn(mornings(range(9), LIGHT, off))) == 0


def test_two_people_with_opposite_habits_have_each_their_own():
    off = LIGHT.replace("HassTurnOn", "HassTurnOff")
    rows = mornings(range(9), KETTLE, LIGHT) + mornings(range(9), BLINDS, off, user="bo")
    found = learn(rows)
    assert {row.user_id for row in found.of("ann", "h")} == {"ann"}
    assert [row.readings[1] for row in found.of("bo", "h")] == ["|HassTurnOff|name=Hall Light"]


def test_what_two_people_do_together_is_the_households():
    rows = [
        row
        for day in range(10)
        for reading, after, user in ((KETTLE, 0, "ann" if day % 2 else "bo"), (BLINDS, 2, "bo" if day % 2 else "ann"))
        for row in action(day, 420 + after, reading, user=user)
    ]
    (found,) = learn(rows).rows()
    assert found.user_id is None
    assert learn(rows).of("cy", "h") == (found,)
    assert learn(rows).of("cy", "another home") == ()


def test_a_routine_of_workdays_is_told_as_such():
    workdays = [day for day in range(14) if day % 7 < 5]
    (found,) = learn(mornings(workdays, KETTLE, BLINDS)).rows()
    assert (found.weekdays, found.of_days) == ("workdays", 10)


def test_forgetting_a_person_leaves_the_routines_of_other_homes():
    rows = mornings(range(9), KETTLE, BLINDS) + mornings(range(9), KETTLE, BLINDS, user="di", home="other")
    assert learn(rows).without("di") == learn(mornings(range(9), KETTLE, BLINDS))
    together = mornings(range(9), KETTLE, BLINDS) + noise(range(9), user="bo")
    assert learn(together).without("bo") is None


@pytest.mark.parametrize("wrong", [{"min_days": 2}, {"min_share": 0.0}, {"within_min": 0}, {"min_users": 1}])
def test_options_that_make_no_sense_are_refused(wrong):
    with pytest.raises(BadConfig):
        RoutineLearner(**wrong)


def occasion(reading, clock, day=9):
    now = MONDAY + timedelta(days=day, minutes=clock)
    done = reading_of(reading)
    return Occasion(turn_id="t", user_id="ann", now=now, done=done, situation=Situation(home_id="h"))


def test_a_routine_is_proposed_after_one_of_its_actions_at_its_time():
    offers = RoutineOffers(learn(mornings(range(9), KETTLE, BLINDS)), "1")
    (offer,) = offers(occasion(KETTLE, 425))
    assert offer.keep_as[0] == "good morning"
    assert [one.key for one in offer.deeds] == ["|HassTurnOn|name=Kettle", "|HassTurnOn|name=Blinds"]
    assert "On 9 of 9 days" in offer.because
    assert list(offers(occasion(KETTLE, 900))) == []
    assert list(offers(occasion(LIGHT, 425))) == []
    assert list(RoutineOffers(Routines(), "1")(occasion(KETTLE, 425))) == []
