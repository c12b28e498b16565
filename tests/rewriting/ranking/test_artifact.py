"""Ranker: trees as arrays, what is known of a person, and what is refused."""

import math

import numpy as np
import pytest

from tests.rewriting.ranking.rankings import head, no_trees, ranker, stump
from uptake.errors import ArtifactRefused
from uptake.ml.forest import Forest
from uptake.rewriting.ranking.artifact import Person, Ranker, leads, probability
from uptake.rewriting.ranking.fluency import Fluency, facts, signature
from uptake.types import Interpretation


def test_all_trees_at_once_say_what_they_say_one_by_one():
    forest = Forest(
        roots=np.array([0, 2, -4], dtype=np.int32),
        column=np.array([0, 1, 1], dtype=np.int32),
        threshold=np.array([0.5, -1.0, 3.0]),
        left=np.array([-1, -2, -5], dtype=np.int32),
        right=np.array([1, -3, -6], dtype=np.int32),
        leaves=np.array([0.1, 0.2, 0.4, 0.8, 1.6, 3.2]),
    )
    rows = np.array([[0.0, 0.0], [1.0, -2.0], [1.0, 9.0], [np.nan, np.nan]])
    expected = 1.0 / (1.0 + np.exp(-forest.scores(rows)))
    assert probability(forest, rows) == pytest.approx(expected)


def test_without_trees_nobody_knows():
    assert probability(no_trees(), np.zeros((2, 3))).tolist() == [0.5, 0.5]


def test_the_likeliest_that_changes_something_is_held_against_the_request_as_heard():
    right, changes = np.array([0.2, 0.9, 0.4]), np.array([False, False, True])
    best, odds, row = leads(right, None, changes)
    assert best == 2
    assert odds == pytest.approx(math.log(0.401 / 0.201))
    assert np.isnan(row[-6:]).all()  # nobody knows what was said


def test_where_nothing_would_change_there_is_no_choice():
    assert head().judge(np.zeros((2, len(head().features))), np.zeros(2, dtype=bool)) is None


def test_a_newcomer_has_the_habits_of_all_and_a_person_their_own():
    known = ranker({"ann": Person(requests=200.0, repeats=200.0), "new": Person(requests=1.0, repeats=1.0)})
    assert known.habit("nobody") == pytest.approx(0.4, abs=0.01)
    assert 0.4 < known.habit("new") < 0.5
    assert known.habit("ann") > 0.9


def test_rewrites_that_ended_badly_for_one_person_count_for_this_person_alone():
    known = ranker({"ann": Person(wins=5.0, losses=30.0)})
    assert known.trust("ann") < -1.0
    assert known.trust("bob") == 0.0
    assert known.without("ann").trust("ann") == 0.0


def test_a_ranker_is_saved_without_pickle_and_read_back_the_same(tmp_path):
    known = ranker({"ann": Person(wins=5.0)}, personal=head(ask=-1.0), hearing=head(threshold=math.inf))
    known.save(tmp_path)
    again = Ranker.load(tmp_path)
    assert again == known
    assert math.isinf(again.heads["hearing"].threshold)


@pytest.mark.parametrize(("column", "child"), [(10_000, -1), (0, 7), (0, 0)])
def test_trees_that_point_nowhere_or_in_circles_are_refused(tmp_path, column, child):
    broken = stump(column)
    broken.left[0] = child
    whole = head()
    ranker(
        personal=type(whole)(features=whole.features, right=broken, said=no_trees(), win=whole.win, loss=whole.loss)
    ).save(tmp_path)
    with pytest.raises(ArtifactRefused, match="personal"):
        Ranker.load(tmp_path)


def test_a_usual_request_surprises_less_than_an_odd_one():
    known = Fluency.of(["turn on the light"] * 5 + ["turn off the radio"])
    assert known.usual("turn on the light").mean < known.usual("light the on turn").mean
    assert known.usual("turn on the lite").unknown == 1
    assert known.usual("").mean == 0.0


def test_what_readings_are_made_of_is_counted():
    reading = Interpretation(intent="play", slots=(("artist", "queen"),))
    known = Fluency.of(["play queen"], [reading, reading])
    assert known.counted([signature(reading), *facts(reading)[-2:], "play:", "artist=abba"]) == [2, 2, 2, 2, 0]


def test_nothing_counted_is_no_error():
    assert Fluency.of([]).counted(["a"]) == [0]
    assert Fluency.of([]).usual("a b").unknown == 2
