"""Finding the request in what was said: courtesy, hesitation, corrections, preambles, and what is no request."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cost import least_cpu_s
from uptake.assistant.readers import Understanding, Vocabulary
from uptake.assistant.readers.cleaning.disfluency import is_no_request, plainly
from uptake.assistant.readers.courtesy import is_courtesy_alone, stripped
from uptake.types import Context, Situation

KITCHEN = Situation(context=Context(room="Kitchen"))


@pytest.mark.parametrize(
    ("said", "request_"),
    [
        ("would you be so kind as to turn the hall light off for me, please", "turn the hall light off"),
        ("i was wondering if you could dim the lamp", "dim the lamp"),
        ("would you mind closing the left curtain", "close the left curtain"),
        ("i'd be grateful if you opened the window", "open the window"),
        ("sorry to bother you but what time is it", "what time is it"),
        ("play all you need is love", "play all you need is love"),
        ("thank you", "thank you"),
    ],
)
def test_courtesy_goes_from_both_ends_and_never_all_of_a_text(said: str, request_: str) -> None:
    assert stripped(said) == request_


def test_courtesy_alone_is_told_from_a_request() -> None:
    assert is_courtesy_alone("oh well thank you very much")
    assert not is_courtesy_alone("thank you now stop")


@pytest.mark.parametrize(
    ("said", "request_"),
    [
        ("turn on the kitchen, i mean the living room lights", "turn on the living room lights"),
        ("the kitchen, no sorry, the first floor lights off", "the first floor lights off"),
        ("set it to forty, no wait, sixty percent", "set it to sixty percent"),
        ("lights off in the kitchen please, no, sorry, on", "lights on in the kitchen"),
        ("turn on the light and make it blue", "turn on the light and make it blue"),
    ],
)
def test_the_last_version_of_a_correction_counts(vocabulary: Vocabulary, said: str, request_: str) -> None:
    assert plainly(said, vocabulary).text == request_


@pytest.mark.parametrize(
    ("said", "request_"),
    [
        ("it's stuffy in here, get the fan going", "get the fan going"),
        ("i'm off to bed so could you turn off the hall light", "turn off the hall light"),
        ("set the volume to 20 because the baby sleeps", "set the volume to 20"),
        ("if it rains close the window", "if it rains close the window"),
        ("we're out of milk, put it on the list", "we're out of milk, put it on the list"),
    ],
)
def test_a_reason_goes_and_a_condition_stays(vocabulary: Vocabulary, said: str, request_: str) -> None:
    assert plainly(said, vocabulary).text == request_


@pytest.mark.parametrize("said", ["Tom, can you close the door", "darling could you turn off the tv"])
def test_what_is_said_to_somebody_else_is_noticed(vocabulary: Vocabulary, said: str) -> None:
    assert plainly(said, vocabulary).elsewhere
    assert not plainly("alexa, close the door", vocabulary).elsewhere


@pytest.mark.parametrize(
    "said",
    [
        "she told me to turn off the hall light",
        "never unlock the front door",
        "i turned the hall light on this morning",
        "what would happen if i opened the left curtain",
        "mum, turn off the tv",
    ],
)
def test_what_is_told_forbidden_or_wished_for_is_not_acted_on(understanding: Understanding, said: str) -> None:
    assert is_no_request(said) or said.startswith("mum")
    found = understanding.read(said, KITCHEN)
    assert not found or found[0].interpretation.intent == "OutOfScope" or found[0].confidence < 0.5


@given(st.text(max_size=120))
def test_nothing_a_person_says_raises_or_becomes_nothing(vocabulary: Vocabulary, text: str) -> None:
    assert bool(plainly(text, vocabulary).text) == bool(text)


@pytest.mark.parametrize("mark", [".", "- ", ",", ";"])
def test_marks_without_end_are_looked_through_once(mark: str) -> None:
    text = "play " + mark * 400
    assert least_cpu_s(lambda at: plainly(text[: 400 - at], Vocabulary([]))) < 0.015
