"""Timers: several at once, the right one found, each announced exactly once."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.assistant.skills.asking import NOON, Clock, ask, due, situation
from uptake.assistant.memory import Memory
from uptake.assistant.skills.time.timers import Timers

timers = Timers()


def _start(memory, minutes, name=None, room=None, user="ann"):
    named = {} if name is None else {"name": name}
    return ask(timers, "HassStartTimer", memory, minutes=minutes, room=room, user=user, **named)


def test_a_timer_without_a_length_asks_for_it_and_takes_the_answer():
    memory = Memory()
    assert ask(timers, "HassStartTimer", memory).missing == "duration"
    assert ask(timers, "HassStartTimer", memory, duration="an hour and a half").speech == (
        "Timer set for 1 hour and 30 minutes."
    )


def test_a_length_that_was_taken_for_a_name_is_a_length():
    assert ask(timers, "HassStartTimer", name="five minute egg").speech == "Egg timer, 5 minutes, starting now."


@pytest.mark.parametrize("slots", [{"seconds": 0}, {"hours": 10_000}, {"minutes": -5}, {"minutes": "banana"}])
def test_an_absurd_length_is_refused_in_words(slots):
    memory = Memory()
    effect = ask(timers, "HassStartTimer", memory, **slots)
    assert effect.status == "failed"
    assert effect.speech
    assert not memory.scopes()


def test_a_timer_is_found_by_name_by_start_length_and_by_room():
    memory = Memory()
    _start(memory, 8, "pasta")
    _start(memory, 5)
    _start(memory, 20, room="Kitchen")
    assert ask(timers, "HassTimerStatus", memory, name="the pasta timer").speech == "8 minutes left on the pasta timer."
    assert ask(timers, "HassCancelTimer", memory, start_minutes="5.0").speech == "5 minute timer cancelled."
    assert ask(timers, "HassPauseTimer", memory, area="kitchen").speech == "Paused, with 20 minutes left."


def test_where_two_timers_fit_it_asks_which_and_takes_the_answer():
    memory = Memory()
    _start(memory, 8, "pasta")
    _start(memory, 5)
    effect = ask(timers, "HassCancelTimer", memory)
    assert (effect.missing, effect.speech) == ("name", "Which timer: pasta or 5 minute?")
    assert ask(timers, "HassCancelTimer", memory, name="the 5 minute one").speech == "5 minute timer cancelled."


@pytest.mark.parametrize(("said", "name"), [("the second", "Soup"), ("the first one", "Pasta"), ("3rd", "Rice")])
def test_which_timer_is_answered_by_its_place_in_the_question(said, name):
    memory = Memory()
    for minutes, called in ((8, "pasta"), (5, "soup"), (9, "rice")):
        _start(memory, minutes, called)
    assert ask(timers, "HassCancelTimer", memory).speech == "Which timer: pasta, soup or rice?"
    assert ask(timers, "HassCancelTimer", memory, name=said).speech == f"{name} timer cancelled."
    assert ask(timers, "HassCancelTimer", memory, name="the fourth").status == "failed"


def test_the_timer_of_this_room_comes_first():
    memory = Memory()
    _start(memory, 8, "pasta", room="Kitchen")
    _start(memory, 5, "nap", room="Bedroom")
    assert ask(timers, "HassCancelTimer", memory, room="Bedroom").speech == "Nap timer cancelled."


def test_a_paused_timer_does_not_run_on():
    memory = Memory()
    _start(memory, 8, "pasta")
    ask(timers, "HassPauseTimer", memory, now=NOON + timedelta(minutes=3))
    assert due(timers, memory, NOON + timedelta(hours=1)) == []
    ask(timers, "HassUnpauseTimer", memory, now=NOON + timedelta(hours=1))
    assert due(timers, memory, NOON + timedelta(hours=1, minutes=5)) == ["Your pasta timer is done."]


def test_more_time_and_less_time():
    memory = Memory()
    _start(memory, 8)
    assert ask(timers, "HassIncreaseTimer", memory, minutes=2).speech == "10 minutes left."
    assert ask(timers, "HassDecreaseTimer", memory, hours=1).status == "failed"
    assert ask(timers, "HassDecreaseTimer", memory, minutes=4).speech == "6 minutes left."


def test_everybody_at_home_can_see_and_end_a_timer_and_its_owner_takes_it_along():
    memory = Memory()
    _start(memory, 8, "pasta", user="ann")
    assert ask(timers, "HassTimerStatus", memory, user="bo").speech == "8 minutes left on the pasta timer."
    memory.forget("ann")
    assert ask(timers, "HassTimerStatus", memory, user="bo").speech == "No timer is running."


def test_a_delayed_request_is_handed_over_when_its_time_comes():
    memory = Memory()
    ask(timers, "HassStartTimer", memory, minutes=5, conversation_command="open the garage door")
    (announced,) = timers.due(Clock(NOON + timedelta(minutes=5)), memory, situation())
    assert (announced.request, announced.user_id) == ("open the garage door", "ann")


def test_a_delayed_reminder_is_said_not_asked():
    memory = Memory()
    ask(timers, "HassStartTimer", memory, minutes=5, conversation_command="remind me to water the plants")
    (announced,) = timers.due(Clock(NOON + timedelta(minutes=5)), memory, situation())
    assert (announced.speech, announced.request) == ("Reminder: water the plants.", None)


def test_a_timer_that_ended_while_nobody_ran_says_how_long_ago(tmp_path):
    memory = Memory(tmp_path / "memory")
    _start(memory, 8, "pasta")
    memory.close()
    assert due(timers, Memory(tmp_path / "memory"), NOON + timedelta(minutes=11)) == [
        "Your pasta timer is done. It ended 3 minutes ago."
    ]


@settings(max_examples=40)
@given(
    st.lists(st.integers(1, 600), min_size=1, max_size=5),
    st.lists(st.integers(0, 700), min_size=1, max_size=12).map(sorted),
)
def test_a_timer_fires_exactly_once_whatever_the_ticks(minutes, ticks):
    memory = Memory()
    for number, length in enumerate(minutes):
        ask(timers, "HassStartTimer", memory, hours=length // 60, minutes=length % 60, name=f"t{number}")
    said = [line for tick in (*ticks, 601, 602) for line in due(timers, memory, NOON + timedelta(minutes=tick))]
    assert sorted(line[:14] for line in said) == [f"Your t{number} timer " for number in range(len(minutes))]


def test_a_running_timer_is_a_thing_of_the_home():
    memory = Memory()
    _start(memory, 8, "pasta")
    assert timers.states(memory, "bo", NOON) == (("Pasta Timer", "running, 8 minutes left"),)
