"""ContextReader and rerank: what a request means that names nothing, and who has the last word."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uptake.assistant.context.context_reader import ContextReader, rerank
from uptake.assistant.hypotheses import OUT_OF_SCOPE, Hypothesis
from uptake.types import Context, Exchange, Habit, Interpretation, Situation
from uptake.understanding.situation.step import ContextRanker

INTENTS = frozenset(
    "HassTurnOn HassTurnOff HassLightSet HassSetVolumeRelative HassSetVolume HassClimateSetTemperature HassMediaPause "
    "HassMediaNext HassPauseTimer HassCancelTimer PauseVacuum HassVacuumStart DismissAlarm DeleteAlarm ShowCamera "
    "HassListAddItem HassListRemoveItem HassGetCurrentTime SetReminder HassMediaSearchAndPlay HassTimerStatus".split()
)
READER = ContextReader(INTENTS)
NIGHT = datetime(2026, 2, 11, 22, 55)


def reads(intent: str, **slots: str) -> Interpretation:
    return Interpretation(intent=intent, slots=tuple(slots.items()))


def said(request: str, response: str = "All right.", meaning: Interpretation | None = None) -> Exchange:
    return Exchange(request=request, response=response, interpretation=meaning)


def meant(text: str, *recent: Exchange, reader: ContextReader = READER, **known) -> Interpretation | None:
    """The first thing that is proposed; `states` as a mapping."""
    situation = Situation(states=tuple(known.pop("states", {}).items()), recent=recent, **known)
    found = reader.read(text, situation)
    return found[0].interpretation if found else None


WARMER = reads("HassClimateSetTemperature", name="Thermostat", direction="up")


@pytest.mark.parametrize(
    ("text", "states", "recent", "expected"),
    [
        ("turn it off", {"TV": "on", "Lamp": "on"}, [said("dim the lamp")], reads("HassTurnOff", name="Lamp")),
        ("turn it off", {"TV": "off", "Lamp": "on"}, [], reads("HassTurnOff", name="Lamp")),
        ("pause", {"Rover": "cleaning", "Speaker": "idle"}, [], reads("PauseVacuum", name="Rover")),
        ("pause", {"Rover": "docked", "Speaker": "playing radio"}, [], reads("HassMediaPause", name="Speaker")),
        ("pause", {"Egg Timer": "running, 3 minutes left"}, [], reads("HassPauseTimer", name="Egg")),
        ("open it", {"Garage Door": "closed"}, [said("is the garage closed")], reads("HassTurnOn", name="Garage Door")),
        ("lock it", {"Door": "unlocked"}, [said("is the door locked")], reads("HassTurnOn", name="Door")),
        ("I'm cold", {"Thermostat": "idle, 18 °C"}, [], WARMER),
        ("who is it", {"Doorbell": "ringing"}, [], reads("ShowCamera", name="Doorbell")),
        ("stop", {"Alarm Clock": "ringing", "Speaker": "idle"}, [], reads("DismissAlarm")),
        ("delete it", {"Alarm Clock": "set for 05:00"}, [said("which alarms")], reads("DeleteAlarm", at="05:00")),
        ("set it to 40", {"Radio": "playing, volume 60"}, [], reads("HassSetVolume", name="Radio", volume_level="40")),
        ("is it done", {"Rice Timer": "running, 2 minutes left"}, [], reads("HassTimerStatus", name="Rice")),
    ],
)  # fmt: skip
def test_a_verb_without_a_thing_means_the_thing_it_makes_sense_for(text, states, recent, expected):
    found = meant(text, *recent, states=states)
    assert (found.intent, found.slots) == (expected.intent, expected.slots)


def test_a_bit_less_is_of_what_was_just_changed():
    states = {"Soundbar": "playing, volume 60", "Floor Lamp": "on, 60 %"}
    assert meant("a bit less", said("volume up"), states=states).intent == "HassSetVolumeRelative"
    assert meant("a bit less", said("brighten the floor lamp"), states=states).intent == "HassLightSet"


def test_another_number_is_set_on_what_was_just_set():
    lamp = said("lamp to 30 percent", meaning=reads("HassLightSet", name="Lamp", brightness="30"))
    found = meant("ten would be better", lamp)
    assert (found.intent, found.slots) == ("HassLightSet", (("name", "Lamp"), ("brightness", "10")))
    assert meant("I think 55 percent is nicer", lamp).slots[1] == ("brightness", "55")
    asked = said("is the lamp on", meaning=reads("HassTurnOn", name="Lamp"))
    for text, before in (
        ("ten", lamp),
        ("add ten eggs", lamp),
        ("it is 10 now", lamp),
        ("10 more", lamp),
        ("200 is better", lamp),
        ("10 is better", asked),
    ):
        assert meant(text, before) is None


def test_yes_is_what_the_assistant_offered():
    states = {"Oven": "on", "Hall Light": "on"}
    offer = said("I'm leaving", "The oven is still on. Shall I turn it off?")
    assert meant("yes", offer, states=states).slots == (("name", "Oven"),)
    assert meant("yes", states=states) is None


def test_there_is_where_we_just_spoke_of():
    lima = said("how far is it to Lima", "Far.")
    assert meant("what time is it there", lima).slots == (("place", "Lima"),)
    errand = said("is the pharmacy open", "Until six."), said("I have to ask them about the refill", "OK.")
    found = meant("remind me when I get there", *errand)
    assert dict(found.slots) == {"place": "pharmacy", "text": "ask about the refill"}


def test_what_was_added_can_be_taken_back():
    added = said("put eggs on the list", meaning=reads("HassListAddItem", item="eggs", name="shopping list"))
    found = meant("delete it", added)
    assert (found.intent, found.slots) == ("HassListRemoveItem", (("item", "eggs"), ("name", "shopping list")))
    needed = said("we are out of olive oil", "I see.")
    assert meant("put it on the shopping list", needed).slots[0] == ("item", "olive oil")


def test_good_night_is_what_this_person_does_at_night_and_nothing_for_others():
    lights = Interpretation(intent="HassTurnOff", slots=(("domain", "light"),))
    usual = tuple(
        Habit(request="turn all the lights off", at=NIGHT - timedelta(days=day), interpretation=lights)
        for day in (2, 1)
    )
    assert meant("good night", habits=usual, local=NIGHT).slots == (("name", "all"), ("domain", "light"))
    assert meant("good night", local=NIGHT) is None
    assert meant("what's playing", habits=usual, local=NIGHT) is None


def test_only_what_some_skill_can_do_is_proposed():
    reader = ContextReader({"HassMediaPause"})
    assert meant("pause", states={"Rover": "cleaning"}, reader=reader) is None


@given(st.text(max_size=60))
def test_a_reader_never_raises_and_says_what_it_believes(text):
    states = (("Lamp", "on"), ("Egg Timer", "running"), ("Speaker", "playing"))
    found = READER.read(text, Situation(states=states, recent=(said("turn on the lamp", "Shall I turn it off?"),)))
    assert len(found) <= 6
    assert sum(one.confidence for one in found) <= 0.86


def hypothesis(reading: Interpretation, confidence: float, reader: str = "grammar") -> Hypothesis:
    return Hypothesis(interpretation=replace(reading, confidence=confidence), reader=reader)


def test_ways_to_resolve_a_reading_are_told_apart_by_the_room():
    ways = [hypothesis(reads("HassTurnOn", name=f"{room} Light"), 0.9) for room in ("Hall", "Study")]
    found = rerank(ways, "turn on the light", Situation(context=Context(room="Study")), ContextRanker())
    assert found[0].interpretation.slots == (("name", "Study Light"),)
    assert sum(one.confidence for one in found) == pytest.approx(0.9)
    assert "this room" in found[0].reason


def test_a_reading_nobody_believes_is_not_lifted_over_a_sure_one():
    sure, doubtful = hypothesis(reads("GetJoke"), 0.95), hypothesis(reads("HassTurnOff", name="Lamp"), 0.03)
    situation = Situation(states=(("Lamp", "on"),), recent=(said("turn on the lamp"),))
    assert rerank([sure, doubtful], "tell me a joke", situation, ContextRanker())[0].interpretation.intent == "GetJoke"


def test_what_was_named_is_not_overheard():
    named = hypothesis(reads("HassTurnOff", name="Kitchen Light"), 0.98)
    proposed = hypothesis(reads("HassTurnOff", name="Oven"), 0.85, reader="context")
    situation = Situation(states=(("Oven", "on"), ("Kitchen Light", "off")), recent=(said("turn on the oven"),))
    found = rerank([named, proposed], "turn off the kitchen light", situation, ContextRanker())
    assert found[0].interpretation.slots == (("name", "Kitchen Light"),)


def test_being_out_of_scope_keeps_its_own_confidence():
    nothing = hypothesis(reads(OUT_OF_SCOPE), 0.8)
    found = rerank([hypothesis(reads("GetJoke"), 0.2), nothing], "what is love", Situation(), ContextRanker())
    assert (found[0].interpretation.intent, found[0].confidence) == (OUT_OF_SCOPE, 0.8)


def test_a_reading_that_was_believed_more_than_being_out_of_scope_stays_before_it():
    best, others = (
        hypothesis(reads("GetFact", subject="france"), 0.85),
        [hypothesis(reads("HassGetWeather", place=place), 0.1) for place in ("france", "paris")],
    )
    nothing = hypothesis(reads(OUT_OF_SCOPE), 0.84)
    found = rerank([best, nothing, *others], "what is the capital of france", Situation(), ContextRanker())
    assert [one.interpretation.intent for one in found[:2]] == ["GetFact", OUT_OF_SCOPE]


def test_where_music_plays_everywhere_a_title_that_is_said_is_no_going_back():
    titled = Interpretation(intent="HassMediaSearchAndPlay", slots=(("search_query", "metallica"),), confidence=0.9)
    back = [
        Interpretation(intent="HassMediaPrevious", slots=(("name", player),), confidence=0.22)
        for player in ("Soundbar", "Kitchen Speaker", "Den Radio")
    ]
    playing = tuple((reading.slots[0][1], "playing") for reading in back)
    readings = [
        Hypothesis(interpretation=titled, reader="grammar"),
        *(Hypothesis(interpretation=one, reader="statistical") for one in back),
    ]
    ordered = rerank(readings, "play metallica", Situation(states=playing), ContextRanker())
    assert ordered[0].interpretation.intent == "HassMediaSearchAndPlay"
    assert ordered[0].confidence == pytest.approx(0.9)
    assert {each.confidence for each in ordered[1:]} == {0.22}
