"""Definitions: what an answer is understood to mean, and what is asked about."""

import pytest

# ruff: noqa: E501 - a line is an example
from tests.teaching.homes import FLAT_HOUSE
from uptake.teaching.concepts.artifact import Concept
from uptake.teaching.concepts.deeds import Place
from uptake.teaching.concepts.definition import LONGEST, define
from uptake.teaching.concepts.statements import statements
from uptake.types import Interpretation

LAMP = Place(names=("Lounge Lamp",), near="Lounge")
LOUNGE = Place(groups=(("Lounge", None),), near="Lounge")
BLINDS = Place(names=("Lounge Blinds",), near="Lounge")
NOWHERE = Place()
CAVE = Concept(
    phrase="cave",
    user_id="ann",
    deeds=(
        Interpretation(
            intent="HassLightSet", slots=(("name", "Reading Lamp"), ("brightness", "10"), ("color", "blue"))
        ),
    ),
)


def meant(text, place=LAMP, known=None, concept="x"):
    defined = define(text, FLAT_HOUSE, place, known or {}, concept=concept)
    return defined.trouble or "; ".join(
        f"{deed.intent.removeprefix('Hass')} {' '.join(f'{slot}={value}' for slot, value in deed.slots)}"
        for deed in defined.deeds
    )


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        ("set it to 40 percent and make it warm white", LAMP, "LightSet name=Lounge Lamp brightness=40 temperature=2700"),
        ("half", LAMP, "LightSet name=Lounge Lamp brightness=50"),
        ("blue, ten percent. Sorry, not blue, purple", LAMP, "LightSet name=Lounge Lamp brightness=10 color=purple"),
        ("forty percent, no wait, fifty", LAMP, "LightSet name=Lounge Lamp brightness=50"),
        ("lamp off, blinds a third open", LOUNGE, "TurnOff name=Lounge Lamp; SetPosition area=Lounge domain=cover position=33"),
        ("thirty percent closed", BLINDS, "SetPosition name=Lounge Blinds position=70"),
        ("all the way down", BLINDS, "TurnOff name=Lounge Blinds"),
        ("turn off the lounge lamp and the kettle", NOWHERE, "TurnOff name=Lounge Lamp; TurnOff name=Kettle"),
        ("the kettle and the lounge lamp off", NOWHERE, "TurnOff name=Kettle; TurnOff name=Lounge Lamp"),
        ("lights off except the spotlights", LOUNGE, "TurnOff name=Lounge Lamp"),
        ("lock up", NOWHERE, "TurnOn name=all domain=lock"),
        ("six and a half minutes", NOWHERE, "StartTimer minutes=6 seconds=30"),
        ("play the playlist calm waters on the kitchen radio at 20 percent", NOWHERE,
         "SetVolume name=Kitchen Radio volume_level=20; MediaSearchAndPlay name=Kitchen Radio search_query=calm waters media_class=playlist"),
        ("the kitchen and hall lights off", NOWHERE, "TurnOff name=Hall Light; TurnOff area=Kitchen domain=light"),
    ],
)  # fmt: skip
def test_an_answer_becomes_actions(text, place, expected):
    assert sorted(meant(text, place).split("; ")) == sorted(expected.split("; "))


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("bright", "vague"),
        ("well, I like it somehow nice", "vague"),
        ("my aunt calls it that", "nothing"),
        ("forty percent and fifty percent", "contradiction"),
        ("turn it on and off", "contradiction"),
        ("off and at 40 percent", "contradiction"),
        ("x is x", "circular"),
        ("the kitchen fan on", "unknown"),
        ("turn it on at 8 pm", "condition"),
        ("well " * (LONGEST + 1), "long"),
    ],
)
def test_what_says_too_little_or_too_much_is_told(text, trouble):
    assert meant(text) == trouble


def test_another_concept_is_used_and_changed():
    assert meant("same as cave", known={"cave": CAVE}) == "LightSet name=Lounge Lamp brightness=10 color=blue"
    assert (
        meant("cave but at thirty percent", known={"cave": CAVE})
        == "LightSet name=Lounge Lamp brightness=30 color=blue"
    )


def test_a_circle_through_another_concept_is_told():
    grotto = Concept(phrase="grotto", user_id="ann", deeds=CAVE.deeds, uses=("cave",))
    assert meant("like grotto", known={"grotto": grotto, "cave": CAVE}, concept="cave") == "circular"


@pytest.mark.parametrize(
    "text", ["the grass is getting long, start the vacuum", "the lounge is too dark, turn on the reading lamp"]
)
def test_how_things_are_and_a_request_define_nothing(text):
    assert not [one for one in statements(text, FLAT_HOUSE, ()) if one.kind in ("declare", "maybe", "name")]
