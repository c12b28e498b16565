"""Reminders: by time and by place, each said once to the one who asked."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.assistant.skills.asking import NOON, ask, due
from uptake.assistant.memory import Memory
from uptake.assistant.skills.time.reminders import Reminders

reminders = Reminders()


@pytest.mark.parametrize(
    ("slots", "said"),
    [
        ({"text": "call my mum", "date": "tomorrow", "at": "five"},
         "I will remind you tomorrow at 5 pm: call your mum."),
        ({"text": "call my mum tomorrow at five"}, "I will remind you tomorrow at 5 pm: call your mum."),
        ({"text": "check the oven", "minutes": "20.0"}, "I will remind you at 12:20 pm: check the oven."),
        ({"text": "check the oven", "at": "an hour"}, "I will remind you today at 1 pm: check the oven."),
        ({"text": "call the bank", "date": "tomorrow"}, "I will remind you tomorrow at 9 am: call the bank."),
        ({"text": "call mum at 5 pm", "date": "tomorrow"}, "I will remind you tomorrow at 5 pm: call mum."),
        ({"text": "look at the bank", "date": "tomorrow"}, "I will remind you tomorrow at 9 am: look at the bank."),
        ({"text": "take the bins out", "date": "every thursday", "at": "7 pm"},
         "I will remind you every Thursday at 7 pm: take the bins out."),
        ({"text": "buy aspirin", "place": "pharmacy"}, "I will remind you when you get to the pharmacy: buy aspirin."),
        ({"text": "buy aspirin when i get to the pharmacy"},
         "I will remind you when you get to the pharmacy: buy aspirin."),
    ],
)  # fmt: skip
def test_a_reminder_is_kept_however_it_was_said(slots, said):
    assert ask(reminders, "SetReminder", **slots).speech == said


@pytest.mark.parametrize(
    ("slots", "missing"),
    [({}, "text"), ({"at": "5 pm"}, "text"), ({"text": "call mum"}, "at"), ({"text": "look", "at": "the oven"}, "at")],
)
def test_what_is_missing_is_asked_for(slots, missing):
    assert ask(reminders, "SetReminder", **slots).missing == missing


def test_a_day_that_is_none_is_refused():
    assert ask(reminders, "SetReminder", text="dance", at="31 february").status == "failed"


def test_a_reminder_of_a_place_waits_for_the_person_to_arrive():
    memory = Memory()
    ask(reminders, "SetReminder", memory, text="buy aspirin", place="the pharmacy")
    assert due(reminders, memory, NOON, place="home") == []
    assert due(reminders, memory, NOON, place="road to the pharmacy") == []
    assert due(reminders, memory, NOON, user="bo", place="pharmacy") == []
    assert due(reminders, memory, NOON, place="Pharmacy") == ["Reminder: buy aspirin."]
    assert due(reminders, memory, NOON, place="Pharmacy") == []


def test_a_reminder_of_home_set_at_home_waits_for_the_next_homecoming():
    memory = Memory()
    ask(reminders, "SetReminder", memory, text="feed the cat", place="home")
    assert due(reminders, memory, NOON, place="home") == []
    assert due(reminders, memory, NOON, place="office") == []
    assert due(reminders, memory, NOON, place="home") == ["Reminder: feed the cat."]


def test_a_reminder_of_leaving_waits_for_the_person_to_have_been_there():
    memory = Memory()
    ask(reminders, "SetReminder", memory, text="take the umbrella", place="the office", event="leave")
    assert [due(reminders, memory, NOON, place=place) for place in ("home", "office", "home")] == [
        [], [], ["Reminder: take the umbrella."],
    ]  # fmt: skip


def test_an_unknown_place_changes_nothing():
    memory = Memory()
    ask(reminders, "SetReminder", memory, text="feed the cat", place="home")
    assert due(reminders, memory, NOON, place=None) == []


def test_a_reminder_survives_a_restart_and_says_when_it_was_due(tmp_path):
    memory = Memory(tmp_path / "memory")
    ask(reminders, "SetReminder", memory, text="call mum", at="5 pm")
    memory.close()
    assert due(reminders, Memory(tmp_path / "memory"), NOON + timedelta(hours=8)) == [
        "Reminder: call mum. It was due at 5 pm."
    ]


def test_reminders_are_listed_and_deleted():
    memory = Memory()
    ask(reminders, "SetReminder", memory, text="call mum", at="5 pm")
    ask(reminders, "SetReminder", memory, text="buy aspirin", place="pharmacy")
    assert ask(reminders, "GetReminders", memory).speech == (
        "2 reminders: call mum, today at 5 pm; buy aspirin, when you get to the pharmacy."
    )
    assert ask(reminders, "DeleteReminder", memory).missing == "text"
    assert ask(reminders, "DeleteReminder", memory, text="aspirin").speech == "Reminder deleted: buy aspirin."
    assert ask(reminders, "DeleteReminder", memory, text="dancing").status == "failed"


@settings(max_examples=40)
@given(st.lists(st.sampled_from(["home", "office", "pharmacy", None]), max_size=12))
def test_a_reminder_of_a_place_is_said_exactly_when_it_is_first_reached(places):
    memory = Memory()
    ask(reminders, "SetReminder", memory, text="buy aspirin", place="pharmacy")
    said = [len(due(reminders, memory, NOON, place=place)) for place in places]
    first = places.index("pharmacy") if "pharmacy" in places else None
    assert said == [int(at == first) for at in range(len(places))]
