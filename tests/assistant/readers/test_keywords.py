"""ComposedReader: what it puts together, what it leaves alone, and when it is in doubt."""

from __future__ import annotations

from itertools import permutations

import pytest

from uptake.assistant.readers import Name, Vocabulary
from uptake.assistant.readers.complete import completed
from uptake.assistant.readers.keywords import ComposedReader
from uptake.assistant.readers.understanding import Understanding
from uptake.types import Context, Situation

HERE = Situation(context=Context(room="Kitchen"))


def read(vocabulary: Vocabulary, text: str) -> tuple[str, dict[str, str]] | None:
    found = ComposedReader(vocabulary).read(text, HERE)
    if not found or found[0].confidence < 0.5:
        return None
    slots = dict(found[0].interpretation.slots)
    slots.pop("response", None)
    return found[0].interpretation.intent, slots


@pytest.mark.parametrize("order", list(permutations(["turn", "off", "all the fans", "in the kitchen"])))
def test_the_order_of_the_words_does_not_matter(vocabulary: Vocabulary, order: tuple[str, ...]) -> None:
    assert read(vocabulary, " ".join(order)) == ("HassTurnOff", {"area": "Kitchen", "domain": "fan", "name": "all"})


@pytest.mark.parametrize(
    ("text", "intent", "slots"),
    [
        ("are any of the lights in the house still on", "HassGetState", {"domain": "light", "state": "on"}),
        ("could you check whether there is smoke in the kitchen", "HassGetState", {"device_class": "smoke"}),
        ("do you know if the pet door is not closed", "HassGetState", {"name": "Pet Door", "state": "on"}),
        ("tell me what speed gusty is measured at", "HassGetState", {"name": "Gusty", "device_class": "wind_speed"}),
        ("keep the curtains on the first floor closed", "HassTurnOff", {"floor": "First Floor", "domain": "cover"}),
        ("make sure the lights are off everywhere", "HassTurnOff", {"domain": "light", "name": "all"}),
    ],
)
def test_what_no_template_has_is_put_together(
    vocabulary: Vocabulary, text: str, intent: str, slots: dict[str, str]
) -> None:
    found = read(vocabulary, text)
    assert found is not None
    assert found[0] == intent
    assert slots.items() <= found[1].items()


@pytest.mark.parametrize(
    "text",
    [
        "turn on the lights except in the kitchen",
        "turn on the purple lights",
        "turn on the lights and the fans",
        "why are the lights on",
        "the lights are on",
        "i have turned off the lights",
        "is the battery life of electric cars low",
    ],
)
def test_a_word_too_many_or_no_wish_is_left_alone(vocabulary: Vocabulary, text: str) -> None:
    assert read(vocabulary, text) is None


def test_the_home_decides_between_kinds_and_where_it_does_not_the_person_is_asked() -> None:
    door = Name(said="Shed Door", meant="Shed Door", kind="name", domain="binary_sensor", device_class="door")
    text = "which doors right now are open"
    assert ComposedReader(Vocabulary([])).read(text, HERE)[0].confidence < 0.5
    found = ComposedReader(Vocabulary([door])).read(text, HERE)[0]
    assert found.confidence >= 0.5
    assert found.interpretation.domain == "binary_sensor"


def test_the_home_completes_the_class_of_a_sensor(vocabulary: Vocabulary) -> None:
    said = {"name": "Pet Door", "state": "on"}
    assert completed("HassGetState", said, vocabulary)["device_class"] == "door"
    assert completed("HassTurnOn", said, vocabulary) == said
    played = {"search_query": "the blue one", "media_class": "album"}
    assert completed("HassMediaSearchAndPlay", played, vocabulary)["search_query"] == "blue one"


@pytest.mark.parametrize(
    "text", ["don't turn off the lights", "when did the lights turn on", "turn off all but the hall light"]
)
def test_a_question_or_an_exception_never_switches_unasked(understanding: Understanding, text: str) -> None:
    acted = [found.interpretation.intent for found in understanding.read(text, HERE) if found.confidence >= 0.5]
    assert not {"HassTurnOn", "HassTurnOff"}.intersection(acted)
