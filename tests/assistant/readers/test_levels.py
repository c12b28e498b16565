"""LevelReader: the values it puts together, in whatever order they are said, and what it leaves alone."""

from __future__ import annotations

import pytest

from uptake.assistant.home import VirtualHome
from uptake.assistant.readers.levels import LevelReader
from uptake.assistant.readers.vocabulary import Vocabulary
from uptake.types import Context, Situation

HERE = Situation(context=Context(room="Living Room"))


@pytest.fixture(scope="module")
def reader() -> LevelReader:
    return LevelReader(Vocabulary.of(VirtualHome.load()))


def read(reader: LevelReader, text: str) -> tuple[str, dict[str, str]] | None:
    found = reader.read(text, HERE)
    return (found[0].interpretation.intent, dict(found[0].interpretation.slots)) if found else None


@pytest.mark.parametrize(
    "text",
    [
        "twenty percent on the bedside lamp",
        "the bedside lamp wants to be at about twenty percent please",
        "bedside lamp down to twenty percent",
        "i'd like twenty percent for the bedside lamp",
        "bedside lamp, nice and low, twenty percent or so",
    ],
)
def test_the_order_of_the_words_does_not_matter(reader: LevelReader, text: str) -> None:
    assert read(reader, text) == ("HassLightSet", {"name": "Bedside Lamp", "brightness": "20"})


@pytest.mark.parametrize(
    ("text", "intent", "slots"),
    [
        ("blinds three quarters of the way down", "HassSetPosition", {"position": "25"}),
        ("blinds down to a quarter", "HassSetPosition", {"position": "25"}),
        ("bedroom curtains seventy percent closed", "HassSetPosition", {"name": "Bedroom Curtains", "position": "30"}),
        ("ceiling fan flat out", "HassFanSetSpeed", {"name": "Ceiling Fan", "percentage": "100"}),
        ("fan a touch faster", "HassFanSetSpeed", {"domain": "fan", "direction": "up"}),
        ("sixteen will do for the bedroom radiator", "HassClimateSetTemperature", {"temperature": "16"}),
        ("nineteen and a half degrees in here", "HassClimateSetTemperature", {"temperature": "19.5"}),
        ("two degrees warmer in the bedroom", "HassClimateSetTemperature", {"degrees": "2", "direction": "up"}),
        ("tv volume at twelve", "HassSetVolume", {"name": "TV", "volume_level": "12"}),
        ("sound down to ten", "HassSetVolume", {"area": "Living Room", "volume_level": "10"}),
        ("pink in the kids room", "HassLightSet", {"area": "Kids Room", "color": "pink"}),
        ("could the floor lamp be warmer", "HassLightSet", {"name": "Floor Lamp", "temperature": "2700"}),
        ("living room blue and thirty percent", "HassLightSet", {"color": "blue", "brightness": "30"}),
    ],
)
def test_a_value_is_put_together(reader: LevelReader, text: str, intent: str, slots: dict[str, str]) -> None:
    found = read(reader, text)
    assert found is not None
    assert found[0] == intent
    assert slots.items() <= found[1].items()


@pytest.mark.parametrize(
    "text",
    [
        "is the kitchen light at forty percent",
        "the living room is 22 degrees",
        "the kitchen light at seven",
        "heating on at eighteen",
        "kitchen light at half past six",
        "twenty percent on the bedside lamp in ten minutes",
        "twenty percent on the bedside lamp if it's dark",
        "not twenty percent on the bedside lamp",
        "bedside lamp and desk lamp at twenty percent",
        "floor lamp down twenty percent",
        "ten percent more on the floor lamp",
        "three of the lights",
        "turn on two lights",
        "heating at ninety",
        "heating at twenty percent",
        "kitchen light at twenty degrees",
        "the big one blue",
        "thirty percent",
        "i put the floor lamp at twenty percent",
        "all the lights at twenty percent but the kitchen",
    ],
)
def test_one_word_too_many_is_no_reading(reader: LevelReader, text: str) -> None:
    assert read(reader, text) is None
