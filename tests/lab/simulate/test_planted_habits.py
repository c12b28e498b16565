"""Planted habits: always the same for one seed, on most of their days, and none where none are wanted."""

from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest

from uptake.errors import BadConfig
from uptake.lab.simulate.habits.devices import device_home
from uptake.lab.simulate.habits.pairs import follow_ups, planted_pairs
from uptake.lab.simulate.habits.routines import moments_of_day, planted
from uptake.lab.simulate.households import household
from uptake.lab.simulate.people import Moment, can_have, goal
from uptake.lab.simulate.run import Town

MONDAY = datetime(2026, 1, 5)
FIRST = 20_458


def test_as_many_homes_have_routines_as_are_wanted():
    assert not any(planted(3, number, 0.0) for number in range(30))
    having = [number for number in range(60) if planted(3, number, 0.6)]
    assert 25 <= len(having) <= 47
    assert planted(3, having[0], 0.6) == planted.__wrapped__(3, having[0], 0.6)


def test_a_routine_is_had_by_its_people_in_its_order_on_most_of_its_days():
    number = next(number for number in range(60) if planted(3, number, 1.0)[0].members == (0,))
    home, routine = household(3, number), planted(3, number, 1.0)[0]
    days = [
        moments_of_day(home, number, member, MONDAY + timedelta(days=day), share=1.0)
        for day in range(40)
        for member in range(len(home.members))
    ]
    own = [[one for one in day if one.goal in routine.goals] for day in days]
    seen = [day for day in own if day]
    assert 0.4 <= len(seen) / 40 <= 1.0
    assert all(one.at <= other.at for day in seen for one, other in pairwise(day))


def test_whom_a_pair_concerns_goes_on_to_its_second_wish_soon_and_others_do_not():
    pairs = planted_pairs(3)
    assert set(pairs).isdisjoint(pairs.values())
    first = next(iter(pairs))
    asked = counted = 0
    for number in range(40):
        home = household(3, number)
        if not (can_have(first, home.layout) and can_have(pairs[first], home.layout)):
            continue
        wish = goal(first, home.layout, home.members[0], np.random.default_rng(0))
        moments = [Moment(at=MONDAY + timedelta(days=day), goal=wish, listener=home.listeners[0]) for day in range(20)]
        assert follow_ups(moments, home, number, 0, share=0.0) == []
        later = follow_ups(moments, home, number, 0, share=1.0)
        assert later == follow_ups(moments, home, number, 0, share=1.0)
        assert {one.goal.wish for one in later} <= {pairs[first]}
        assert all(0 < (one.at - one.at.replace(hour=0, minute=0, second=0)).total_seconds() < 240 for one in later)
        asked, counted = asked + len(later), counted + len(moments)
    assert 0.2 < asked / counted < 0.55


@pytest.mark.parametrize("wrong", [{"routines": 1.5}, {"pairs": -0.1}])
def test_a_town_refuses_a_share_that_is_none(wrong):
    with pytest.raises(BadConfig):
        Town(homes=2, **wrong)


@pytest.mark.parametrize("has_habits", [True, False])
def test_devices_change_in_time_order_and_only_homes_with_habits_forget_them(has_habits):
    homes = [device_home(5, number, days=14, first_day=FIRST, has_habits=has_habits) for number in range(12)]
    assert all(home.changes == sorted(home.changes) for home in homes)
    assert (sum(home.habits for home in homes) > 0) == has_habits
    assert any(lapse.forgotten for home in homes for lapse in home.lapses) == has_habits
