"""learn.people: habits and luck of single people, counted."""

import pyarrow as pa

from uptake.engine.local import LocalEngine
from uptake.rewriting.ranking.learn.user_priors import STATISTICS, people


def turns(*rows):
    names = ("user_id", "request", "acted_on", "defect", "control")
    return pa.table({name: [row[at] for row in rows] for at, name in enumerate(names)})


def counted(*rows):
    return people(LocalEngine(memory_limit="64MB").table(STATISTICS, turns=turns(*rows)))


def test_what_is_said_again_is_a_habit_and_rewrites_are_counted_by_how_they_ended():
    everybody, each = counted(
        ("ann", "play jazz", None, False, False),
        ("ann", "play jazz", None, False, False),
        ("ann", "play jas", "play jazz", False, False),
        ("bob", "stop", None, False, True),
        ("bob", "lights", "light", True, False),
    )
    assert (each["ann"].requests, each["ann"].repeats, each["ann"].wins) == (3.0, 1.0, 1.0)
    assert (each["bob"].requests, each["bob"].losses) == (1.0, 1.0)
    assert (everybody.requests, everybody.repeats, everybody.wins, everybody.losses) == (4.0, 1.0, 1.0, 1.0)


def test_nobody_is_nobody():
    everybody, each = people(pa.table({"user_id": [], "request": [], "uses": [], "wins": [], "losses": []}))
    assert (everybody.requests, each) == (0.0, {})
