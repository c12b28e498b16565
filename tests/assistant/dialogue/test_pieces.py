"""Words put into readings: where they belong, and that a change can be changed back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.assistant.small_home import at, reading, resolver
from uptake.assistant.dialogue.agreeing import split_yes
from uptake.assistant.dialogue.correcting import corrected
from uptake.assistant.dialogue.cues import followed, ordinal, split_no
from uptake.assistant.dialogue.pieces import Fitter
from uptake.assistant.entities import Resolver
from uptake.assistant.home import VirtualHome
from uptake.assistant.skills import Skills
from uptake.types import Interpretation

FITTER = Fitter(resolver=resolver(), situation=at("Hall"))
AREAS = ["Kitchen", "Living Room", "Bedroom", "Study", "Hall"]


@given(st.sampled_from(AREAS), st.sampled_from(AREAS))
def test_a_room_that_is_changed_and_changed_back_is_the_same(first, second):
    lights = reading("HassTurnOn", domain="light", area=first)
    changed = FITTER.fit(second.lower(), lights) or lights
    assert (FITTER.fit(first.lower(), changed) or changed) == lights


@given(st.integers(1, 99), st.integers(1, 99))
def test_a_number_that_is_changed_and_changed_back_is_the_same(first, second):
    lamp = reading("HassLightSet", name="Desk Lamp", brightness=str(first))
    changed = FITTER.fit(f"{second} percent", lamp) or lamp
    assert (FITTER.fit(f"{first} percent", changed) or changed) == lamp


@given(st.sampled_from(["HassTurnOn", "HassTurnOff"]))
def test_on_and_off_undo_each_other(intent):
    lamp = reading(intent, name="Desk Lamp")
    there = "off" if intent == "HassTurnOn" else "on"
    back = "on" if intent == "HassTurnOn" else "off"
    assert FITTER.fit(back, FITTER.fit(there, lamp)) == lamp


@pytest.mark.parametrize(
    ("words", "before", "after"),
    [
        ("ten minutes", reading("HassStartTimer", minutes="5"), {"minutes": "10"}),
        ("an hour and a half", reading("HassStartTimer", minutes="5"), {"hours": "1", "minutes": "30"}),
        ("blue", reading("HassLightSet", name="Desk Lamp", color="red"), {"name": "Desk Lamp", "color": "blue"}),
        ("19 degrees", reading("HassClimateSetTemperature", temperature="21"), {"temperature": "19"}),
        ("down", reading("HassSetVolumeRelative", volume_step="up"), {"volume_step": "down"}),
        ("tomorrow", reading("HassGetWeather", place="Lima"), {"place": "Lima", "when": "tomorrow"}),
        ("the to do list", reading("HassListAddItem", item="x", name="shopping"), {"item": "x", "name": "to do list"}),
    ],
)  # fmt: skip
def test_words_go_where_they_belong(words, before, after):
    assert dict(FITTER.fit(words, before).slots) == after


@pytest.mark.parametrize(
    ("words", "before", "after"),
    [
        ("at 6 pm", {"text": "call mum at 5 pm"}, {"text": "call mum", "at": "6 pm"}),
        ("6 pm", {"at": "5 pm to call mum"}, {"at": "6 pm call mum"}),
        ("6", {"text": "call mum tomorrow at 5 pm"}, {"text": "call mum", "at": "6 pm tomorrow"}),
        ("friday", {"text": "call mum tomorrow at 5 pm"}, {"text": "call mum", "at": "at 5 pm friday"}),
        ("friday", {"text": "x", "at": "5 pm", "date": "monday"}, {"text": "x", "at": "5 pm", "date": "friday"}),
    ],
)
def test_another_time_leaves_the_task_as_it_was_and_no_second_time_in_it(words, before, after):
    fitter = Fitter(resolver=Resolver(VirtualHome.load(), Skills()), situation=at("Hall"))
    assert dict(fitter.fit(words, reading("SetReminder", **before)).slots) == after


@given(st.text(max_size=60), st.sampled_from(["HassTurnOn", "HassStartTimer", "HassMediaSearchAndPlay", "Other"]))
def test_no_words_raise(words, intent):
    found = FITTER.fit(words, reading(intent, name="Desk Lamp"), loosely=True)
    assert found is None or isinstance(found, Interpretation)


@given(st.text(max_size=40))
def test_no_text_raises_among_the_cues(text):
    split_yes(text), split_no(text), corrected(text), followed(text), ordinal(text, 3)
