"""Dialogues and statements in other wordings: how many go as they should.

`open` is what rules were made on. `closed` was written before, set aside by a hash of each first line, and opened once,
at the end: what that look showed was mended since, so that it guards and proves nothing of unseen words. `third` and
`fresh` are two halves of dialogues of another day, in other homes, parted likewise: rules were made on `third`, and
`fresh` was opened once. `fourth`, `fifth`, `sixth` and `seventh` were written in unlike shapes and developed on.
"""

import pytest

from tests.teaching.homes import CONDO, LODGE, PENTHOUSE, house
from tests.teaching.script import heard, stated
from uptake.lab.evaluate.teaching.play import Real
from uptake.lab.evaluate.teaching.preferring import f1, wanted
from uptake.lab.evaluate.teaching.run import played
from uptake.lab.evaluate.teaching.score import figures
from uptake.teaching.concepts.deeds import Place
from uptake.teaching.concepts.definition import define
from uptake.teaching.concepts.gaps import find_gap
from uptake.teaching.concepts.phrases.words import label
from uptake.teaching.concepts.saying import described
from uptake.teaching.preferences.reading import read_preferences
from uptake.types import Interpretation

CONDO_HOUSE = house(CONDO)
LODGE_HOUSE = house(LODGE)
PENTHOUSE_HOUSE = house(PENTHOUSE)
OFTEN = [
    "scene-5",
    "color-1",
    "alias-1",
    "nested-2",
    "two-1",
    "neg-known",
    "neg-unsupported",
    "neg-injection",
    "value-place",
    "next-request",
    "scene-f",
    "position-a",
    "correction-b",
    "declarative-b",
    "odd-c",
    "odd-k",
    "odd-neg-b",
    "scene-g1",
    "decl-g27",
    "corr-g44",
    "alias-g36",
    "same-24",
    "decl-27",
    "ramble-49",
    "s2-25",
    "t15",
    "use-56",
]


def read(text):
    preferences = read_preferences(text).preferences
    return wanted({"expect": [one.as_json() for one in preferences]})


@pytest.mark.parametrize(
    ("part", "least"),
    [
        ("open", 0.9),
        ("more", 0.9),
        ("closed", 0.8),
        ("third", 0.9),
        ("fresh", 0.8),
        ("fourth", 0.8),
        ("fifth", 0.9),
        ("sixth", 0.9),
        ("seventh", 0.8),
    ],
)
def test_statements_in_other_words_are_read(part, least):
    rows = stated(part)
    assert f1([read(row["text"]) for row in rows], [wanted(row) for row in rows]) >= least


@pytest.mark.parametrize("part", ["open", "closed", "seventh"])
def test_what_states_nothing_is_left_alone_in_other_words(part):
    quiet = [row["text"] for row in stated(part) if not row["expect"]]
    assert len(quiet) > 25
    assert sum(bool(read(text)) for text in quiet) <= 0.05 * len(quiet)


@pytest.mark.long
@pytest.mark.slow
def test_talks_in_other_words_go_as_they_should():
    parts = ("open", "closed", "third", "fresh", "fourth", "sixth", "seventh")
    rows = [one for part in parts for one in heard(part) if one.key in OFTEN]
    assert len(rows) == len(OFTEN)
    tally, _ = played(rows, Real())
    found = figures(tally, "")
    assert found["stored_wrong"] == 0
    assert found["gap_f1"] >= 0.9
    assert found["recall"] >= 0.8


@pytest.mark.parametrize(
    ("text", "gap"),
    [
        ("set the globe lamp to balcony mood", "balcony mood"),
        ("put the den light on kitchen disco", "kitchen disco"),
        ("turn the left lamp to sleep mode", "sleep mode"),
        ("den to book club", "book club"),
        ("turn the clock radio to snooze loud", "snooze loud"),
        ("balcony mode in the den", "balcony mode"),
        ("set den and balcony to carnival", "carnival"),
        ("start chaos", "chaos"),
        ("start dinner", None),
        ("start Dobbie", None),
        ("close the den shaves", None),
        ("turn on the globe lamp in the den", None),
    ],
)
def test_a_name_or_a_verb_inside_a_value_is_part_of_it(text, gap):
    found = find_gap(label(text, CONDO_HOUSE), CONDO_HOUSE)
    assert (found.words if found else None) == gap


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("nineteen and a half", "Aircon: 19.5 degrees"),
        ("eighteen point five", "Aircon: 18.5 degrees"),
        ("Dobby goes home and the fan on low", "send Dobby home; Bedroom Fan: 33 percent"),
        ("when I'm home I like it cool, so nineteen degrees", "Aircon: 19 degrees"),
        ("a light green in the balcony", "lights in Balcony: green"),
    ],
)
def test_definitions_in_other_words_mean_the_same(text, means):
    assert described(define(text, CONDO_HOUSE, Place(names=("Aircon",)), {}).deeds) == means


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("fifteen percent open so the cat can see out", "Snug Blind: 15 percent open"),
        ("nearly shut, ten percent", "Snug Blind: 10 percent open"),
        ("the stove at twenty because she gets cold and turn off the snug light", "Stove: 20 degrees; Snug Light off"),
        ("switch the porch light on and switch the tumble dryer off", "Porch Light on; Tumble Dryer off"),
        ("light the banker lamp", "Banker Lamp on"),
        ("snug light right up", "Snug Light: 100 percent"),
        ("banker lamp green and the other one at five", "Banker Lamp: green; Snug Light: 5 percent"),
        ("the album Blue Train on the turntable", "Turntable: play blue train"),
        ("put the playlist Iron Temple on the tablet", "Tablet: play iron temple"),
        ("utility light to a hundred percent", "Utility Light: 100 percent"),
    ],
)
def test_reasons_parts_and_verbs_of_everyday_are_read(text, means):
    assert described(define(text, LODGE_HOUSE, Place(names=("Snug Blind",)), {}).deeds) == means


@pytest.mark.parametrize(
    ("text", "place", "means"),
    [
        ("green at fifty. no hang on, forty, green at forty", ("Uplighter",), "Uplighter: 40 percent, green"),
        ("on low", ("Gym Fan",), "Gym Fan: 33 percent"),
        ("as slow as it goes", ("Gym Fan",), "Gym Fan: 1 percent"),
        ("nineteen, maybe nineteen and a half, yes that", ("Thermostat",), "Thermostat: 19.5 degrees"),
        ("every light in the lounge red at twenty percent", (), "lights in Lounge: 20 percent, red"),
        ("lower the home cinema to a quarter", (), "Home Cinema: volume 25"),
        ("the playlist Diesel and Dust", ("Gym Speaker",), "Gym Speaker: play diesel and dust"),
        ("everything in the bathroom on except the mirror light", (), "Bathroom Light and Towel Rail on"),
        ("both the bathroom lights off but the mirror light", (), "Bathroom Light off"),
    ],
)
def test_fragments_exceptions_and_second_thoughts_are_read(text, place, means):
    assert described(define(text, PENTHOUSE_HOUSE, Place(names=place), {}).deeds) == means


def test_which_way_without_how_much_is_asked_for_each_device():
    found = define("uplighter a bit down and the gym fan on gently", PENTHOUSE_HOUSE, Place(), {})
    assert (found.deeds, found.trouble, set(found.also.names)) == ((), "vague", {"Uplighter", "Gym Fan"})


def test_a_segment_with_other_words_beside_its_values_is_read_as_a_request():
    asked = []

    def reads(text):
        asked.append(text)
        return (Interpretation(intent="HassTurnOn", slots=(("name", "Hot Tub"),)),)

    found = define("put some bubbles in the hot tub and uplighter green", PENTHOUSE_HOUSE, Place(), {}, reads=reads)
    assert asked == ["put some bubbles in the hot tub"]
    assert described(found.deeds) == "Hot Tub on; Uplighter: green"


def test_lights_that_begin_like_media_are_lights():
    found = define("turn off the lounge light, the track lights and the uplighter", PENTHOUSE_HOUSE, Place(), {})
    assert described(found.deeds) == "Lounge Light off; Track Lights off; Uplighter off"


@pytest.mark.parametrize("text", ["when it rains close the shades", "globe lamp at ten and the jacuzzi on"])
def test_a_condition_and_a_device_that_is_not_there_are_no_definition(text):
    assert define(text, CONDO_HOUSE, Place(), {}).deeds == ()
