"""Evaluations of habits: what counts as found, as right and as missed."""

from uptake.lab.evaluate.habits import hunches, routines
from uptake.lab.simulate.habits.devices import DeviceHome, Lapse

TRUTH = {"a": [frozenset("xyz")], "b": [frozenset("pq")], "c": []}
BEGIN = (hunches._BEGINS + hunches._LEARNED) * 1440


def test_two_thirds_of_a_routine_and_nothing_else_is_right():
    found = {"a": [frozenset("xy")], "b": [frozenset("p"), frozenset("pqr")], "c": [frozenset("uv")]}
    verdicts = routines.judged(found, TRUTH)
    assert [(one.found, one.right, one.planted, one.hit) for one in verdicts.values()] == [
        (1, 1, 1, 1), (2, 0, 1, 0), (1, 0, 0, 0),
    ]  # fmt: skip


def test_a_hunch_is_right_while_something_is_forgotten_and_counts_once_a_day():
    home = DeviceHome("h", {})
    home.changes = [(BEGIN, "cover.g", "open")]
    home.lapses = [Lapse("cover.g", "closed", BEGIN + 600, BEGIN + 700, True)]

    def says(_home, devices, now):
        return [name for name in devices if BEGIN + 600 <= now < BEGIN + 900]

    assert hunches.judged(home, says) == (1, 1, 1)
    home.lapses = [Lapse("cover.g", "closed", BEGIN + 600, BEGIN + 700, False)]
    assert hunches.judged(home, says) == (1, 0, 0)
