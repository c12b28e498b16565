"""Planned actions: kept as they were resolved, done once each in time, told when it is too late."""

from datetime import timedelta

import pytest

from tests.assistant.skills.asking import NOON, Clock, ask, situation
from uptake.assistant.memory import Memory
from uptake.assistant.skills.time.scheduled import Scheduled, is_planned

scheduled = Scheduled()


def _due(memory, now):
    return list(scheduled.due(Clock(now), memory, situation()))


def _plan(memory, after, action="HassTurnOn", days=None):
    at = (NOON + timedelta(minutes=after)).isoformat()
    more = {} if days is None else {"days": days}
    return ask(scheduled, "ScheduleAction", memory, action=action, text="do it", at=at, name="Kettle", **more)


def test_what_is_due_is_handed_over_as_it_was_resolved_and_once():
    memory = Memory()
    assert _plan(memory, 5).speech == "I will do it today at 12:05 pm."
    assert _due(memory, NOON + timedelta(minutes=4)) == []
    (said,) = _due(memory, NOON + timedelta(minutes=5))
    assert (said.reading.intent, said.reading.slots) == ("HassTurnOn", (("name", "Kettle"),))
    assert _due(memory, NOON + timedelta(minutes=6)) == []


def test_what_recurs_is_planned_again():
    memory = Memory()
    _plan(memory, 5, days="0,1,2,3,4,5,6")
    for day in range(3):
        (said,) = _due(memory, NOON + timedelta(days=day, minutes=5))
        assert said.reading is not None


@pytest.mark.parametrize(("action", "is_done"), [("HassTurnOn", False), ("HassTurnOff", True)])
def test_much_too_late_only_what_is_safe_is_done(action, is_done):
    memory = Memory()
    _plan(memory, 5, action=action)
    (said,) = _due(memory, NOON + timedelta(hours=3))
    assert (said.reading is not None) is is_done
    assert said.speech


def test_what_is_planned_is_told_and_cancelled():
    memory = Memory()
    assert ask(scheduled, "GetSchedule", memory).speech == "Nothing is planned."
    _plan(memory, 5)
    _plan(memory, 65)
    assert ask(scheduled, "GetSchedule", memory).speech == "I will do it today at 12:05 pm and do it today at 1:05 pm."
    assert ask(scheduled, "CancelSchedule", memory).missing == "text"
    assert is_planned(memory, "ann", "the do it schedule", NOON)
    assert ask(scheduled, "CancelSchedule", memory, all="all").action == "schedule.cancel 2"
    assert ask(scheduled, "GetSchedule", memory).speech == "Nothing is planned."


@pytest.mark.parametrize("at", ["banana", "2020-01-01T00:00:00+00:00"])
def test_no_moment_and_a_past_one_plan_nothing(at):
    memory = Memory()
    effect = ask(scheduled, "ScheduleAction", memory, action="HassTurnOn", text="do it", at=at)
    assert effect.missing == "at" or effect.status == "failed"
    assert not memory.scopes()
