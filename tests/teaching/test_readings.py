"""Definitions, uses, other names and declarations, each by the part of the sentence that was read wrong before."""

import pytest

from tests.teaching.homes import BARN, BOAT, ROW, house
from uptake.teaching.concepts.artifact import Concept
from uptake.teaching.concepts.deeds import Place
from uptake.teaching.concepts.definition import define
from uptake.teaching.concepts.gaps import find_gap
from uptake.teaching.concepts.phrases.naming import names_in
from uptake.teaching.concepts.phrases.words import label
from uptake.teaching.concepts.saying import described
from uptake.teaching.concepts.statements import statements
from uptake.teaching.concepts.uses import use_wanted
from uptake.teaching.preferences.reading import read_preferences
from uptake.types import Interpretation

BARN_HOUSE, BOAT_HOUSE, ROW_HOUSE = house(BARN), house(BOAT), house(ROW)
GREAT_ROOM = Place(groups=(("Great Room", None),), near="Great Room")


@pytest.mark.parametrize(
    ("text", "means"),
    [
        (
            "nook lamp at a third and nice and warm, wagon wheel off",
            "Nook Lamp: 33 percent, warm white; Wagon Wheel off",
        ),
        ("wagon wheel orange, everything else dark", "Wagon Wheel: orange; Great Room Light and Nook Lamp off"),
        (
            "the overhead light off and the nook lamp half as bright as it goes",
            "Great Room Light off; Nook Lamp: 50 percent",
        ),
        ("orange light from the wagon wheel", "Wagon Wheel: orange"),
        ("a bit of bluegrass on the record player", "Record Player: play bluegrass"),
        ("put carols on the kitchen speaker", "Kitchen Speaker: play carols"),
        ("the ceiling fan, hmm, forty, no wait fifty", "Ceiling Fan: 50 percent"),
        ("wagon wheel thirty percent, no, thirty's too much, twenty", "Wagon Wheel: 20 percent"),
        ("open the shutters just enough to peek out, fifteen percent", "blinds in Great Room: 15 percent open"),
        ("wood stove at twenty one to take the edge off", "Wood Stove: 21 degrees"),
        ("the traffic lights annoy us, courtyard lights off", "Courtyard Lights off"),
        ("Hector has a go round", "start Hector"),
    ],
)
def test_definitions_are_read_by_what_each_value_belongs_to(text, means):
    assert described(define(text, BARN_HOUSE, GREAT_ROOM, {}).deeds) == means


@pytest.mark.parametrize(
    ("text", "seconds"), [("three quarters of an hour", "45"), ("a quarter of an hour", "15"), ("half an hour", "30")]
)
def test_parts_of_an_hour_are_lengths_of_time(text, seconds):
    found = define(text, BARN_HOUSE, Place(), {}).deeds
    assert [deed.slots for deed in found] == [(("minutes", seconds),)]


def concept(phrase, thing="Front Room Light"):
    deed = Interpretation(intent="HassLightSet", slots=(("name", thing), ("brightness", "60")))
    return Concept(phrase=phrase, user_id="ann", deeds=(deed,))


def test_what_is_the_same_as_a_word_of_the_room_stays_on_its_own_device():
    known = {"sofa day": concept("sofa day", "Tripod Lamp")}
    room = Place(groups=(("Front Room", None),), near="Front Room")
    found = define("it's sofa day but with the blind shut as well", ROW_HOUSE, room, known)
    assert described(found.deeds) == "Tripod Lamp: 60 percent; Front Room Blind off"


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("would you mind putting study mode on in the box room", "lights in Box Room: 60 percent"),
        ("study mode, but in the back bedroom", "lights in Back Bedroom: 60 percent"),
        ("I said study mode, not study music", "Front Room Light: 60 percent"),
        ("study mode in the cellar, not the dining room", "lights in Cellar: 60 percent"),
        ("study mode on every light in the dining room", "lights in Dining Room: 60 percent"),
        ("pendant and dining room light to study mode", "Pendant and Dining Room Light: 60 percent"),
        ("study mode I'm afraid", "Front Room Light: 60 percent"),
        (
            "turn study mode on for the cellar and the box room",
            "Cellar Light and Box Room Light and Monitor Light: 60 percent",
        ),
    ],
)
def test_a_word_is_used_where_the_sentence_wants_it(text, means):
    found = use_wanted(text, ROW_HOUSE, {"study mode": (concept("study mode"),)})
    assert described(found.deeds) == means


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("spreadsheet", "open my spreadsheet"),
        ("whisper", "can you whisper"),
        ("frosty morning", "it was a frosty morning"),
        ("rainy sunday", "will it be a rainy sunday"),
    ],
)
def test_a_word_that_is_a_deed_a_document_or_past_is_not_used(word, text):
    assert use_wanted(text, ROW_HOUSE, {word: (concept(word),)}) is None


def test_a_second_order_beside_a_word_is_no_remark():
    known = {"study mode": (concept("study mode"),)}
    assert use_wanted("switch the cellar to study mode and lock the street door", ROW_HOUSE, known) is None


@pytest.mark.parametrize(
    ("text", "name", "thing"),
    [
        ("the pendant is the chandelier to us", "chandelier", "Pendant"),
        ("when I say the coal hole I'm on about the cellar", "coal hole", "Cellar"),
        ("sometimes you'll hear tripped lamp, that is the tripod lamp", "tripped lamp", "Tripod Lamp"),
        ("I keep saying beamer when I want the front room tv", "beamer", "Front Room TV"),
        ("nan says spyglass when she means the monitor light", "spyglass", "Monitor Light"),
    ],
)
def test_other_names_are_told_from_what_says_so(text, name, thing):
    assert (name, thing) in list(names_in(text, ROW_HOUSE))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("feeding time should always be the tack room light on", "feeding time"),
        ("I want you to dim the wagon wheel to ten any time I tell you it's cocoa time", "cocoa time"),
        ("my chill is different: kitchen light at ten", "my chill"),
        ("leg day's gonna be the projector on", "leg day"),
        ("anyone here can say curtain up for the shutters open", "curtain up"),
        ("from now on I'd like curfew to lock the barn door", "curfew"),
        ("what we mean when we say lamplighter is all the courtyard lights on", "lamplighter"),
        ("lights off in the kitchen, that's what clear the table means", "clear the table"),
    ],
)
def test_declarations_are_told_by_their_parts(text, word):
    first = next(statements(text, BARN_HOUSE, ()))
    assert (first.kind in ("declare", "say", "maybe"), first.concept) == (True, word)


@pytest.mark.parametrize(
    "text",
    [
        "the kids should have the projector off",
        "dinner will be ready, turn the bread machine on",
        "the party should be fun, put the wagon wheel on",
    ],
)
def test_what_should_or_will_be_declares_nothing(text):
    assert [one for one in statements(text, BARN_HOUSE, ()) if one.kind in ("declare", "say", "maybe")] == []


@pytest.mark.parametrize(
    ("text", "known", "body"),
    [
        ("supper's too bright, make it fifty", "supper", "fifty"),
        ("bath time also needs the lamp on", "bath time", "the lamp on"),
        ("it's too hot, siesta on the shutters please", "siesta", None),
    ],
)
def test_a_word_is_said_anew_only_in_its_own_clause(text, known, body):
    found = [one.body for one in statements(text, BARN_HOUSE, {known}) if one.kind == "correct"]
    assert found[:1] == ([body] if body else [])


@pytest.mark.parametrize(
    ("text", "gap"),
    [
        ("give the front room a bit of a derby day", "derby day"),
        ("play the hoovering songs in the dining room", "the hoovering songs"),
        ("play the usual in the dining room", "the usual"),
        ("start book club", "book club"),
        ("set the beast to nineteen degrees", "the beast"),
        ("do the river crossing", "the river crossing"),
        ("do the window cleaning", None),
        ("set the oven to ninety degrees", None),
    ],
)
def test_gaps_are_the_words_that_are_named(text, gap):
    found = find_gap(label(text, ROW_HOUSE), ROW_HOUSE)
    assert (found.words if found else None) == gap


@pytest.mark.parametrize(
    "text",
    [
        "I like my coffee maker on at seven",
        "we like the blinds half open in the morning",
        "I like the vacuum to run at noon",
        "I love it when the heating comes on early",
        "I like the pendant at forty percent",
    ],
)
def test_how_a_thing_is_to_be_and_when_is_no_taste(text):
    assert read_preferences(text).preferences == ()


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("I like strong coffee", "likes", "strong coffee"),
        ("it's opera I love, not ballet", "likes", "opera"),
        ("we hate olives, all of us", "dislikes", "olives"),
        ("I was born on Halloween", "birthday", "10-31"),
        ("I stopped following Arsenal years ago", "is_fan_of", "arsenal"),
    ],
)
def test_a_taste_is_the_thing_and_not_what_stands_beside_it(text, kind, value):
    assert [(one.type, one.value) for one in read_preferences(text).preferences] == [(kind, value)]
