"""What evaluations share: nobody is judged by what was learned of them, and a figure has its interval."""

import numpy as np

from uptake.lab.evaluate.harness import apart, bounded, mean


def test_people_on_one_side_alone_are_judged_together():
    assert apart({"ann"}, {"bo", "cy"}) == [{"bo", "cy"}]


def test_where_sides_share_people_every_judged_person_is_in_one_part():
    people = {f"p{number}" for number in range(10)}
    parts = apart(people, people, seed=1)
    assert len(parts) == 3
    assert sorted(person for part in parts for person in part) == sorted(people)


def test_the_interval_of_a_figure_is_that_of_whole_people_drawn_again():
    values = np.array([0.0] * 50 + [1.0] * 50)
    alone = bounded("share", mean(values), [str(at) for at in range(100)], seed=0)
    assert alone["share"] == 0.5
    assert 0.35 < alone["share_low"] < 0.5 < alone["share_high"] < 0.65
    two = bounded("share", mean(values), ["ann"] * 50 + ["bo"] * 50, seed=0)
    assert (two["share_low"], two["share_high"]) == (0.0, 1.0)
