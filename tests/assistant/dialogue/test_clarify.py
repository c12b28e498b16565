"""What is asked, in plain words."""

import pytest

from tests.assistant.small_home import SKILLS, at, reading, resolver
from uptake.assistant.dialogue.clarify import question
from uptake.assistant.dialogue.deeds import confirmation
from uptake.assistant.entities import Problem

RESOLVER = resolver()

QUESTIONS = [
    ("HassTurnOn", {"name": "ceiling light"}, "The living room ceiling light or the bedroom ceiling light?"),
    ("HassTurnOn", {"name": "lamp"}, "In which room: the living room or the study?"),
    ("HassTurnOn", {"name": "gizmo"}, "I know nothing called gizmo."),
    ("HassTurnOn", {"name": "frxnt dxor"}, "I know nothing called frxnt dxor. Did you mean the front door?"),
    (
        "HassTurnOn",
        {"name": "desk lamp", "area": "hall"},
        "I found no desk lamp in the hall. Did you mean the hall light?",
    ),
    ("HassTurnOn", {"area": "attic", "domain": "light"}, "I know no place called attic."),
    (
        "HassTurnOn",
        {"area": "kitchen", "domain": "fan"},
        "I found no fan in the kitchen. There is one in the bedroom. Shall I take that?",
    ),
    ("HassLightSet", {"name": "hall light", "brightness": "50"}, "The hall light cannot be dimmed."),
    ("HassTurnOn", {}, "What shall I turn on?"),
    ("HassStartTimer", {}, "For how long?"),
    ("HassSetVolume", {"name": "soundbar"}, "How loud, in percent?"),
]


@pytest.mark.parametrize(("intent", "slots", "expected"), QUESTIONS)
def test_what_stands_in_the_way_is_asked(intent, slots, expected):
    found = RESOLVER.resolve(reading(intent, **slots), at("Kitchen"))
    assert question(found.problem, found.interpretation, SKILLS.intents[intent]) == expected


CONFIRMATIONS = [
    ("HassTurnOff", {"name": "front door", "domain": "lock"}, "Shall I unlock the front door?"),
    ("HassTurnOn", {"name": "garage door"}, "Shall I open the garage door?"),
    (
        "HassTurnOff",
        {"name": "all", "domain": "light"},
        "Shall I turn off 7 lights: Ceiling, the ceiling light, the floor lamp and 4 more?",
    ),
    ("HassTurnOn", {"area": "living room", "domain": "light"}, "Shall I turn on the ceiling light and the floor lamp?"),
    ("HassLightSet", {"name": "desk lamp", "brightness": "40"}, "Shall I set the desk lamp to 40 percent?"),
    ("HassMediaSearchAndPlay", {"search_query": "dune", "media_class": "movie"}, "Shall I play Dune on the TV?"),
    ("SetReminder", {"text": "call mum"}, "Shall I remind you: call mum?"),
    ("HassGetWeather", {}, "Shall I tell you the weather?"),
    ("HassNevermind", {}, "Shall I leave it?"),
    ("GetHelp", {"topic": "timers"}, "Shall I help you with timers?"),
    ("GetWeekday", {}, "Shall I tell you what day it is?"),
]


@pytest.mark.parametrize(("intent", "slots", "expected"), CONFIRMATIONS)
def test_what_is_to_be_done_is_said_before_it_is_done(intent, slots, expected):
    assert confirmation([RESOLVER.resolve(reading(intent, **slots), at("Kitchen"))]) == expected


def test_three_things_are_listed():
    problem = Problem(kind="ambiguous", slot="name", options=("Desk Lamp", "Floor Lamp", "Rover"))
    assert question(problem, reading("HassTurnOn")) == "Which one: the desk lamp, the floor lamp or Rover?"


def test_a_long_name_is_cut():
    problem = Problem(kind="unknown", slot="name")
    assert len(question(problem, reading("HassTurnOn", name="x" * 5_000))) < 80
