"""The place that is told beside a request."""

import pytest

from uptake.assistant.home import VirtualHome
from uptake.assistant.readers.cleaning.places import with_place_told
from uptake.assistant.readers.vocabulary import Vocabulary


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary.of(VirtualHome.load())


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("I'm in the kitchen, put the light on", "put the light on in the kitchen"),
        ("nobody's in the study, turn the light off", "turn the light off in the study"),
        ("the study is empty, turn the lights off in there", "turn the lights off in the study"),
        ("we're all off to the kitchen, turn the lights on", "turn the lights on in the kitchen"),
        ("I've come out of the bathroom, could you get the light off", "get the light off in the bathroom"),
        ("lights off please, I'm done in the kitchen", "lights off in the kitchen"),
    ],
)
def test_a_request_is_for_the_place_that_is_told_beside_it(vocabulary: Vocabulary, said: str, meant: str) -> None:
    assert with_place_told(said, vocabulary) == meant


@pytest.mark.parametrize(
    "said",
    [
        "the baby's asleep in the bedroom, turn the lights off",
        "we're all off to the kitchen, turn the lights off",
        "I'm in the kitchen, put the kettle on",
        "I'm in the kitchen, turn the hall light on",
        "if I'm in the kitchen, turn the light on",
        "I'm in the kitchen, turn all the lights on",
        "I heard a noise in the garden, put the lights on",
        "I'm in the kitchen and not in the study, put the light on",
        "turn the light on",
    ],
)
def test_nothing_is_added_where_the_place_may_be_of_something_else(vocabulary: Vocabulary, said: str) -> None:
    assert with_place_told(said, vocabulary) == said
