"""What answers a question, moves a plan, asks for more time or says only what is wrong with the light."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from uptake.assistant.context.context_reader import ContextReader, rerank
from uptake.assistant.hypotheses import OUT_OF_SCOPE, Hypothesis
from uptake.types import Exchange, Habit, Interpretation, Situation
from uptake.understanding.situation.step import ContextRanker

READER = ContextReader(
    "HassTurnOn HassTurnOff HassLightSet HassIncreaseTimer HassCancelTimer SnoozeAlarm HassLawnMowerDock SetReminder "
    "SetAlarm HassVacuumReturnToBase HassMediaSearchAndPlay".split()
)
NOON, EVENING = datetime(2026, 6, 9, 12, 0), datetime(2026, 12, 9, 19, 0)


def reads(intent, **slots):
    return Interpretation(intent=intent, slots=tuple(slots.items()))


def said(request, response="All right.", meaning=None):
    return Exchange(request=request, response=response, interpretation=meaning)


def meant(text, *recent, states=(), at=None, **known):
    situation = Situation(states=tuple(dict(states).items()), recent=recent, local=at, **known)
    found = READER.read(text, situation)
    return replace(found[0].interpretation, confidence=None) if found else None


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("another ten minutes", "10"),
        ("give it twelve minutes more", "12"),
        ("add 3 minutes to it", "3"),
        ("let it go half an hour longer", "30"),
        ("4 more minutes", "4"),
    ],
)
def test_more_time_is_for_the_timer_that_runs_and_for_the_alarm_that_rings(text, minutes):
    assert meant(text, states={"Rice Timer": "running, 2 minutes left"}) == reads(
        "HassIncreaseTimer", name="Rice", minutes=minutes
    )
    assert meant(text, states={"Alarm Clock": "ringing, 07:00"}) == reads("SnoozeAlarm", minutes=minutes)
    assert meant(text, states={"Alarm Clock": "set for 07:00"}) is None


@pytest.mark.parametrize("text", ["go home", "dock", "back to your base", "come back home"])
def test_what_drives_goes_home_the_one_that_is_out(text):
    assert meant(text, states={"Mower": "mowing", "Rover": "docked"}) == reads("HassLawnMowerDock", name="Mower")
    assert meant(text, states={"Mower": "docked", "Rover": "cleaning"}) == reads("HassVacuumReturnToBase", name="Rover")


def test_too_bright_is_for_the_blinds_by_day_and_for_the_lamp_that_is_on():
    assert meant("it's so bright in here", states={"Lamp": "off", "Blind": "open"}, at=NOON) == reads(
        "HassTurnOff", name="Blind"
    )
    assert meant("it's so bright in here", states={"Lamp": "on", "Blind": "closed"}, at=EVENING) == reads(
        "HassLightSet", name="Lamp", direction="down"
    )


def test_dark_is_for_the_curtains_by_day_and_for_a_lamp_in_the_evening():
    assert meant("it's dark in here", states={"Curtains": "closed"}, at=NOON) == reads("HassTurnOn", name="Curtains")
    assert meant("it's getting dark", states={"Lamp": "off", "Curtains": "closed"}, at=EVENING) == reads(
        "HassTurnOn", name="Lamp"
    )
    assert meant("it's dark in here", states={"Garage Door": "closed"}, at=NOON) is None


TWO = said("cancel the timer", "There are two timers, soup and rice. Which one do you mean?", reads("HassCancelTimer"))
TIMERS = {"Soup Timer": "running, 9 minutes left", "Rice Timer": "running, 4 minutes left"}


@pytest.mark.parametrize(
    ("text", "name"),
    [("the second one", "Rice"), ("the first", "Soup"), ("rice", "Rice"), ("the soup one please", "Soup")],
)
def test_a_choice_is_of_what_the_assistant_named(text, name):
    assert meant(text, TWO, states=TIMERS) == reads("HassCancelTimer", name=name)


def test_a_choice_needs_a_question_and_one_of_its_things():
    assert meant("the third one", TWO, states=TIMERS) is None
    answered = said("is the timer on", "There are two timers, soup and rice.", reads("HassTimerStatus"))
    assert meant("the second one", answered, states=TIMERS) is None


def test_a_plan_is_moved_to_another_day_or_time():
    plan = said("remind me on Monday to call Jo", meaning=reads("SetReminder", at="monday", text="call Jo"))
    assert meant("push it to Wednesday", plan, at=NOON) == reads("SetReminder", text="call Jo", date="wednesday")
    alarm = said("wake me at seven tomorrow", meaning=reads("SetAlarm", at="7", date="tomorrow"))
    assert meant("make it half past six instead", alarm, at=NOON) == reads(
        "SetAlarm", date="tomorrow", at="half past 6"
    )
    assert meant("move it to the kitchen", plan, at=NOON) is None


def test_who_made_a_title_is_not_what_it_is():
    asked = said("who composed La Mer", "Claude Debussy composed La Mer.")
    assert meant("play it", asked) == reads("HassMediaSearchAndPlay", search_query="La Mer")


def test_asking_for_the_usual_is_understood_whatever_the_words_alone_mean():
    habit = Habit(request="play whale song", interpretation=reads("HassMediaSearchAndPlay", search_query="whale song"),
                  at=datetime(2026, 12, 8, 19, 5))  # fmt: skip
    situation = Situation(local=EVENING, habits=(habit, habit))
    nothing = Hypothesis(interpretation=Interpretation(intent=OUT_OF_SCOPE, confidence=0.94), reader="statistical")
    for text, first in (("the usual please", "HassMediaSearchAndPlay"), ("whatever you like", OUT_OF_SCOPE)):
        found = rerank([nothing, *READER.read(text, situation)], text, situation, ContextRanker())
        assert found[0].interpretation.intent == first


def test_it_is_one_thing_and_not_all_of_a_kind():
    asked = said("is the shed unlocked", "Yes, the shed is unlocked.", reads("HassGetState", name="Shed"))
    situation = Situation(states=(("Shed", "unlocked"), ("Front Door", "locked")), recent=(asked,))
    one = Interpretation(intent="HassTurnOn", slots=(("name", "Shed"),))
    every = Interpretation(intent="HassTurnOn", slots=(("domain", "lock"), ("name", "all")), domain="lock")
    first = {
        text: ContextRanker().rank(text, [one, every], situation)[0].interpretation
        for text in ("lock it", "lock all of them")
    }
    assert first == {"lock it": one, "lock all of them": every}
