"""What is said in passing beside a statement, a request or an answer takes nothing from it, and adds nothing to it."""

import time

import pytest

from tests.teaching.homes import CONDO, LODGE, house
from uptake.teaching.concepts.answers import sounds_agreed
from uptake.teaching.concepts.artifact import Concept
from uptake.teaching.concepts.deeds import Place
from uptake.teaching.concepts.definition import define
from uptake.teaching.concepts.gaps import find_gap
from uptake.teaching.concepts.house import House
from uptake.teaching.concepts.phrases.framing import request_alone, without_frame
from uptake.teaching.concepts.phrases.words import label
from uptake.teaching.concepts.saying import described
from uptake.teaching.concepts.statements import statements
from uptake.teaching.concepts.uses import find_use, use_wanted
from uptake.teaching.preferences.reading import read_preferences
from uptake.types import Interpretation

CONDO_HOUSE = house(CONDO)
LODGE_HOUSE = house(LODGE)
DEED = Interpretation(intent="HassLightSet", slots=(("name", "Globe Lamp"), ("brightness", "30")))


def known(phrase):
    one = Concept(phrase=phrase, user_id="ann", deeds=(DEED,))
    return {one.key: (one,)}


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("the moon is the globe lamp, that's what the twins say", "moon"),
        ("my cold again, sorry: clobe lamb is the globe lamp", "clobe lamb"),
        ("I'm out late these days, so, when I shout ducks ahoy turn the globe lamp to ten", "ducks ahoy"),
        ("if anyone in this house says moonrise, turn on the globe lamp", "moonrise"),
        ("I'm going to say moonrise and then you turn the globe lamp blue", "moonrise"),
        ("save what I just did, all of it, as moonrise", "moonrise"),
    ],
)
def test_a_statement_is_found_beside_what_is_said_in_passing(text, concept):
    stated = [one for one in statements(text, CONDO_HOUSE, ()) if one.kind in ("name", "declare", "keep")]
    assert concept in [one.concept.lower().removeprefix("the ") for one in stated]


@pytest.mark.parametrize(
    "text", ["the weather is lovely, isn't it", "sorry, what is the globe lamp", "well, turn it on, please"]
)
def test_small_talk_with_commas_states_nothing(text):
    assert not [one for one in statements(text, CONDO_HOUSE, ()) if one.kind in ("name", "declare", "keep")]


@pytest.mark.parametrize(
    ("text", "used"),
    [
        ("moth hour, my hands are full", True),
        ("we're all here now, moth hour please", True),
        ("moth hour, he called it", False),
        ("the light was nice, is it moth hour?", False),
        ("my hands are full, I hate moth hour", False),
        ("moth hour is over, turn off the globe lamp", False),
    ],
)
def test_a_concept_is_used_beside_what_tells_how_things_are(text, used):
    assert (use_wanted(text, CONDO_HOUSE, known("moth hour")) is not None) is used


def test_a_concept_is_found_without_the_attribute_it_ends_in():
    assert find_use("globe lamp at storm watch", CONDO_HOUSE, known("storm watch brightness")) is not None


@pytest.mark.parametrize(
    ("text", "gap"),
    [
        ("globe lamp to pigeon watch", "pigeon watch"),
        ("put the globe lamp where the dog likes it", "where the dog likes it"),
        ("den light on reading hour", "reading hour"),
        ("run the Tuesday procedure", "the Tuesday procedure"),
        ("globe lamp where the dog is sleeping", None),
        ("put the globe lamp in the shed", None),
        ("globe amp to moth hours", None),
        ("turn off the globe in lamp", None),
    ],
)
def test_words_that_are_known_elsewhere_do_not_hide_a_gap(text, gap):
    found = find_gap(label(text, CONDO_HOUSE), CONDO_HOUSE)
    assert (found.words if found else None) == gap


@pytest.mark.parametrize(
    ("text", "means"),
    [
        (
            "you know when it's nine and nothing is done, anyway, blue, like twelve percent",
            "Snug Light: 12 percent, blue",
        ),
        ("no, one four", "Snug Light: 14 percent"),
    ],
)
def test_a_ramble_and_a_spelled_number_are_read(text, means):
    assert described(define(text, LODGE_HOUSE, Place(names=("Snug Light",)), {}).deeds) == means


@pytest.mark.parametrize(
    ("text", "yes"), [("grim but yes", True), ("not that but ok", False), ("twenty but blue", False)]
)
def test_a_yes_in_the_end_is_a_yes(text, yes):
    assert sounds_agreed(text) is yes


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I'm vegan and I'm allergic to sesame", {("diet", "vegan"), ("allergy", "sesame")}),
        ("I love rowing and I hate rain", {("likes", "rowing"), ("dislikes", "rain")}),
        ("hello, I'm Bettina", {("name", "bettina")}),
        ("hi, I'm home", set()),
        ("I live in Bergen, if you must know", {("home_city", "bergen")}),
        ("quarter past midnight is my bedtime", {("bedtime", "00:15")}),
        ("he goes, and I quote, I hate dogs", set()),
        ("my sister told me I'm allergic to work", set()),
        ("nice song, I love it", set()),
        ("I hate to interrupt, but who won", set()),
        ("put me down as vegan", {("diet", "vegan")}),
        ("use Deezer for this one album", set()),
    ],
)
def test_statements_of_oneself_are_taken_apart_and_those_of_others_left(text, found):
    assert {(one.type, one.value) for one in read_preferences(text).preferences} == found


@pytest.mark.parametrize("mark", [";", ", ", ".", ": "])
def test_a_run_of_marks_costs_no_more_than_it_is_long(mark):
    began = time.thread_time()
    request_alone(f"pack it in{mark * 8_000}now and then what", House())
    without_frame(f"pack it in{mark * 8_000}now and then what")
    list(statements(f"remind me to {mark * 290}", House(), ()))
    assert time.thread_time() - began < 1.0
