"""Alarms: the next such time, days of the week, ringing once, snoozing, and what cannot be."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.assistant.skills.asking import NOON, ask, due
from uptake.assistant.memory import Memory
from uptake.assistant.skills.time.alarms import Alarms

alarms = Alarms()
SEVEN_PM = NOON + timedelta(hours=7)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("seven", "Alarm set for today at 7 pm."),
        ("07:00", "Alarm set for tomorrow at 7 am."),
        ("6:30 every weekday", "Alarm set for every weekday at 6:30 am."),
        ("tomorrow at eight", "Alarm set for tomorrow at 8 am."),
        ("in two hours", "Alarm set for today at 2 pm."),
    ],
)
def test_an_alarm_is_the_next_such_time(at, said):
    assert ask(alarms, "SetAlarm", at=at).speech == said


@pytest.mark.parametrize(("at", "missing", "status"), [
    (None, "at", "ok"), ("the kitchen", "at", "ok"), ("tomorrow", "at", "ok"),
    ("31 february at 7", None, "failed"), ("25:00", None, "failed"), ("today at 3 am", None, "failed"),
])  # fmt: skip
def test_without_a_time_it_asks_and_for_no_such_time_it_says_so(at, missing, status):
    effect = ask(alarms, "SetAlarm", **({} if at is None else {"at": at}))
    assert (effect.missing, effect.status) == (missing, status)


def test_an_alarm_rings_once_snoozes_rings_again_and_is_dismissed():
    memory = Memory()
    ask(alarms, "SetAlarm", memory, at="seven")
    assert due(alarms, memory, SEVEN_PM) == ["It is 7 pm. Here is your alarm."]
    assert due(alarms, memory, SEVEN_PM + timedelta(seconds=30)) == []
    later = SEVEN_PM + timedelta(minutes=1)
    assert alarms.states(memory, "ann", later) == (("Alarm Clock", "ringing"),)
    assert ask(alarms, "SnoozeAlarm", memory, now=later, minutes=5).speech == "Snoozed for 5 minutes."
    assert len(due(alarms, memory, SEVEN_PM + timedelta(minutes=6))) == 1
    assert ask(alarms, "DismissAlarm", memory, now=SEVEN_PM + timedelta(minutes=7)).speech == "Alarm off."
    assert ask(alarms, "GetAlarms", memory, now=SEVEN_PM + timedelta(minutes=7)).speech == "You have no alarms."


def test_an_alarm_of_every_weekday_rings_on_weekdays():
    memory = Memory()
    ask(alarms, "SetAlarm", memory, at="6:30 every weekday")
    rung = [hour for hour in range(7 * 24) if due(alarms, memory, NOON + timedelta(hours=hour))]
    assert [(NOON + timedelta(hours=hour)).weekday() for hour in rung] == [3, 4, 0, 1, 2]


def test_an_alarm_that_was_missed_says_so_once():
    memory = Memory()
    ask(alarms, "SetAlarm", memory, at="seven")
    assert due(alarms, memory, NOON + timedelta(days=2)) == ["I missed your alarm on Wednesday, 4 March at 7 pm."]
    assert due(alarms, memory, NOON + timedelta(days=3)) == []


def test_one_of_several_is_deleted_by_its_time_and_all_by_saying_all():
    memory = Memory()
    for at in ("6:30 every weekday", "9 pm", "tomorrow at 10"):
        ask(alarms, "SetAlarm", memory, at=at)
    assert ask(alarms, "DeleteAlarm", memory).missing == "at"
    assert ask(alarms, "DeleteAlarm", memory, at="nine").speech == "Alarm today at 9 pm deleted."
    assert ask(alarms, "DeleteAlarm", memory, at="5 am").status == "failed"
    assert ask(alarms, "DeleteAlarm", memory, all="all").speech == "2 alarms deleted."


def test_alarms_are_ones_own():
    memory = Memory()
    ask(alarms, "SetAlarm", memory, at="seven", user="ann")
    assert ask(alarms, "GetAlarms", memory, user="bo").speech == "You have no alarms."
    assert ask(alarms, "SnoozeAlarm", memory, user="bo", now=SEVEN_PM).speech == "No alarm is ringing."


@settings(max_examples=40)
@given(st.lists(st.integers(0, 48 * 60), min_size=1, max_size=10).map(sorted))
def test_an_alarm_rings_exactly_once_whatever_the_ticks(ticks):
    memory = Memory()
    ask(alarms, "SetAlarm", memory, at="seven")
    said = [line for tick in (*ticks, 49 * 60) for line in due(alarms, memory, NOON + timedelta(minutes=tick))]
    assert len(said) == 1
