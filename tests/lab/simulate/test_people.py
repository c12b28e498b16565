"""Households and people: drawn from one seed, with habits and a rhythm."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import numpy as np
import pytest

from uptake.errors import BadConfig
from uptake.lab.simulate.households import LAYOUTS, household, layout
from uptake.lab.simulate.people import WISHES, choices, goal, goals_of_day, say

MIDNIGHT = datetime(2026, 1, 5)


def rng() -> np.random.Generator:
    return np.random.default_rng(1)


def test_a_home_is_the_same_for_one_seed_and_another_for_another():
    assert household(1, 7).members[0].own_names == household(1, 7).members[0].own_names
    homes = [[(h.layout, len(h.members)) for h in (household(seed, n) for n in range(30))] for seed in (1, 2)]
    assert homes[0] != homes[1]


def test_there_are_more_than_25_wishes_and_a_house_can_have_them_all():
    assert len(WISHES) > 25
    for wish in WISHES:
        assert all(choices("house", name) for name in wish.chosen)


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_is_a_home_whose_scenes_find_their_devices(name):
    home = layout(name)
    for device in home.devices:
        if device.domain in ("scene", "script"):
            assert "missed" not in home.call(f"{device.domain}.turn_on", device.entity_id).attributes


def test_a_person_says_a_thing_in_their_own_way_mostly():
    person, chance = household(1, 3).members[0], rng()
    said = Counter(say(goal("weather_now", "house", person, chance), person, chance) for _ in range(200))
    assert said.most_common(1)[0][1] > 140


def test_what_was_tried_is_not_said_again_while_other_ways_are_left():
    person, chance = household(1, 3).members[0], rng()
    wish = goal("timer", "house", person, chance)
    tried = []
    for _ in range(8):
        text = say(wish, person, chance, tried=tried)
        assert text not in tried
        tried.append(text)


def test_own_names_are_said_and_the_truth_keeps_the_names_of_the_home():
    person = next(
        member for number in range(200) for member in household(1, number).members if "TV" in member.own_names
    )
    wish = goal("tv_on", "house", person, rng())
    assert dict(wish.truth.slots)["name"] == "TV"
    assert dict(wish.said.slots)["name"] == person.own_names["TV"]


def test_a_day_has_a_rhythm():
    hours: Counter[int] = Counter()
    for number in range(60):
        home = household(1, number)
        for person in home.members:
            hours.update(moment.at.hour for moment in goals_of_day(home, person, MIDNIGHT, rng()))
    assert sum(hours[hour] for hour in (18, 19, 20, 21)) > 4 * sum(hours[hour] for hour in (1, 2, 3, 4))


def test_a_wish_that_is_none_is_refused_with_the_nearest():
    with pytest.raises(BadConfig, match="timer"):
        goal("timr", "house", household(1, 0).members[0], rng())
