"""What the situation proposes where the words leave something open: lengths, levels, complaints, lists, titles."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from uptake.assistant.context.context_reader import ContextReader
from uptake.assistant.context.deixis import kinds_named, parse_deixis, verb_of
from uptake.assistant.context.things import same_act
from uptake.assistant.home import VirtualHome
from uptake.assistant.home.model import Device
from uptake.assistant.hypotheses import Hypothesis
from uptake.assistant.skills import Skills
from uptake.types import Context, Exchange, Habit, Interpretation, Situation
from uptake.understanding.situation.step import ContextRanker

SKILLS = Skills()
READER = ContextReader(SKILLS.intents)
EVENING = datetime(2026, 4, 8, 20, 15)


def reads(intent: str, **slots: str) -> Interpretation:
    return Interpretation(intent=intent, slots=tuple(slots.items()))


def meant(text: str, *recent: Exchange, states=(), **known) -> Interpretation | None:
    """The first thing that is proposed."""
    found = READER.read(text, Situation(states=tuple(dict(states).items()), recent=recent, **known))
    return found[0].interpretation if found else None


def same(found: Interpretation | None, expected: Interpretation | None) -> bool:
    if found is None or expected is None:
        return found is expected
    return (found.intent, dict(found.slots)) == (expected.intent, dict(expected.slots))


@pytest.mark.parametrize(
    ("text", "states", "expected"),
    [
        ("seven more minutes", {"Alarm Clock": "ringing"}, reads("SnoozeAlarm", minutes="7")),
        ("seven more minutes", {"Pie Timer": "ringing"}, reads("HassIncreaseTimer", name="Pie", minutes="7")),
        ("another half an hour", {"Pie Timer": "running"}, reads("HassIncreaseTimer", name="Pie", minutes="30")),
        ("seven more minutes", {"Alarm Clock": "set for 07:00"}, None),
        ("come home", {"Mower": "mowing", "Rover": "docked"}, reads("HassLawnMowerDock", name="Mower")),
        ("come home", {"Mower": "docked", "Rover": "cleaning"}, reads("HassVacuumReturnToBase", name="Rover")),
        ("halfway", {"Loft Blind": "open"}, reads("HassSetPosition", name="Loft Blind", position="50")),
        ("it's so dark in here", {"Loft Lamp": "off"}, reads("HassTurnOn", name="Loft Lamp")),
        ("it's so dark in here", {"Loft Lamp": "on, 20 %"}, reads("HassLightSet", name="Loft Lamp", direction="up")),
        ("it's so dark in here", {"Loft Blind": "closed"}, reads("HassTurnOn", name="Loft Blind")),
        ("it's very bright", {"Loft Lamp": "off", "Loft Blind": "open"}, reads("HassTurnOff", name="Loft Blind")),
        ("it's very bright", {"Loft Lamp": "off", "Loft Blind": "closed"}, None),
        ("it's very bright", {"Garage Door": "open"}, None),
        ("let some sun in", {"Loft Blind": "closed", "Loft Lamp": "off"}, reads("HassTurnOn", name="Loft Blind")),
        ("so cold in here", {"Loft Window": "open"}, reads("HassTurnOff", name="Loft Window")),
        ("so cold in here", {"Loft Window": "closed"}, None),
    ],
)
def test_a_thing_is_told_what_makes_sense_in_its_state(text, states, expected):
    assert same(meant(text, states=states), expected)


def test_a_state_is_asked_of_what_was_just_spoken_of():
    states, before = {"Shed": "unlocked", "Gate": "open"}, Exchange(request="my bike is in the shed", response="OK.")
    expected = reads("HassGetState", name="Shed", state="locked")
    assert same(meant("is it locked", before, states=states), expected)
    assert same(
        meant("did I leave it unlocked", before, states=states), reads("HassGetState", name="Shed", state="unlocked")
    )
    assert meant("is it locked", states=states) is None


def test_a_length_and_a_level_are_read_from_the_words():
    assert parse_deixis("give it two more hours").amount == (("hours", "2"),)
    assert parse_deixis("90 seconds longer").amount == (("seconds", "90"),)
    assert (parse_deixis("turn it to maximum").value, parse_deixis("turn it to maximum").unit) == ("100", "percent")
    assert parse_deixis("full") is None
    assert parse_deixis("max") is None


ASKED = Exchange(
    request="pause the timer",
    response="Which one, the tea timer or the ham timer?",
    interpretation=reads("HassPauseTimer"),
)
TIMERS = {"Ham Timer": "running, 9 minutes left", "Tea Timer": "running, 1 minute left"}


@pytest.mark.parametrize(
    ("text", "name"), [("the first one", "Tea"), ("the second", "Ham"), ("the ham one", "Ham"), ("the last one", "Ham")]
)
def test_a_choice_is_among_what_the_question_named_in_its_order(text, name):
    assert same(meant(text, ASKED, states=TIMERS), reads("HassPauseTimer", name=name))


def test_no_choice_is_read_where_nothing_was_asked_or_one_thing_was_named():
    told = Exchange(request="which timers", response="Tea and ham.", interpretation=reads("HassTimerStatus"))
    one = Exchange(request="pause it", response="The tea timer?", interpretation=reads("HassPauseTimer"))
    assert meant("the second one", told, states=TIMERS) is None
    assert meant("the second one", one, states=TIMERS) is None


def test_what_is_left_of_a_list_is_the_list():
    said = reads("HassListAddItem", item="leeks", name="party list")
    before = Exchange(request="put leeks on the party list", response="Done.", interpretation=said)
    assert same(meant("what's left", before), reads("GetList", name="party list"))
    assert same(meant("read it to me", before), reads("GetList", name="party list"))


def test_what_is_taken_off_is_off_the_list_just_spoken_of():
    said = reads("GetList", name="party list")
    before = Exchange(request="what is on the party list", response="Crisps and leeks.", interpretation=said)
    assert same(meant("take off the leeks", before), reads("HassListRemoveItem", item="leeks", name="party list"))
    assert meant("take off the leeks") is None


@pytest.mark.parametrize(
    ("request_before", "response", "title"),
    [
        ("who painted Mona Lisa Overdrive", "Jane Roe painted Mona Lisa Overdrive.", "Mona Lisa Overdrive"),
        ("what should I hear by Nina Simone", "Try Pastel Blues.", "Pastel Blues"),
        ("is there anything by Debussy", "There is Prélude à L'après-midi.", "Prélude"),
        ("do you know La Vie en Rose", "Yes, I do.", "La Vie"),
    ],
)
def test_it_is_the_work_and_not_its_maker(request_before, response, title):
    found = meant("play it", Exchange(request=request_before, response=response), has_screen=True)
    assert found is not None
    assert dict(found.slots)["search_query"].startswith(title)


def habit(request: str, meaning: Interpretation, days: int) -> Habit:
    return Habit(request=request, at=EVENING - timedelta(days=days), interpretation=meaning)


PLAYED = tuple(habit("play polka", reads("HassMediaSearchAndPlay", search_query="polka"), days) for days in (1, 2))


@pytest.mark.parametrize("text", ["put something on", "play me something", "the usual please", "my usual"])
def test_something_is_what_this_person_plays_at_this_hour(text):
    assert same(meant(text, habits=PLAYED, local=EVENING), reads("HassMediaSearchAndPlay", search_query="polka"))
    assert meant(text, local=EVENING) is None


HOME = VirtualHome(
    devices=[
        Device(entity_id="vacuum.dusty", name="Dusty"),
        Device(entity_id="lawn_mower.clip", name="Clip"),
        Device(entity_id="light.desk", name="Desk Lamp"),
    ]
)
OUT = Situation(states=(("Dusty", "docked"), ("Clip", "mowing"), ("Desk Lamp", "on")), context=Context(room="Hall"))


def also(text: str, reading: Interpretation, confidence: float = 0.8) -> list[Interpretation]:
    """What else the same act may be said of."""
    from dataclasses import replace

    first = Hypothesis(interpretation=replace(reading, confidence=confidence), reader="statistical")
    found = same_act([first], text, OUT, intents=SKILLS.intents, home=HOME, ranker=ContextRanker())
    return [one.interpretation for one in found if one is not first]


def test_what_a_reader_knows_of_one_kind_of_thing_is_said_of_another():
    other, *_ = also("you can park yourself", reads("HassVacuumReturnToBase"))
    assert (other.intent, other.slots) == ("HassLawnMowerDock", (("name", "Clip"),))
    assert 0 < (other.confidence or 0) < 0.8


def test_nothing_is_added_where_the_words_name_a_thing_or_nobody_is_sure():
    assert also("dusty can park itself", reads("HassVacuumReturnToBase", name="Dusty")) == []
    assert also("the hoover can park itself", reads("HassVacuumReturnToBase")) == []
    assert also("you can park yourself", reads("HassVacuumReturnToBase"), 0.2) == []
    assert also("the mowers can park themselves", reads("HassLawnMowerDock")) == []
    assert also("what a nice day it is", reads("HassGetWeather")) == []


def test_the_act_of_a_reading_keeps_its_level_and_its_length():
    assert verb_of(reads("HassLightSet", brightness="30")).value == "30"
    assert verb_of(reads("HassLightSet", direction="up")) is None
    assert verb_of(reads("HassIncreaseTimer", minutes="4")).amount == (("minutes", "4"),)
    assert kinds_named("stop the mower") == {"mower"}
