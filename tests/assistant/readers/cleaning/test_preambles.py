"""What people tell before they ask: the request is found, and what its "it" stands for."""

from __future__ import annotations

import pytest

from uptake.assistant.readers.cleaning.disfluency import plainly
from uptake.assistant.readers.cleaning.preambles import with_antecedent
from uptake.assistant.readers.vocabulary import Name, Vocabulary

VOCABULARY = Vocabulary(
    [
        Name(said="Kitchen", meant="Kitchen", kind="area"),
        Name(said="Corner Lamp", meant="Corner Lamp", kind="name", domain="light"),
        Name(said="Television", meant="Television", kind="name", domain="media_player"),
    ]
)


@pytest.mark.parametrize(
    ("said", "request_"),
    [
        ("we were up half the night so you can turn the corner lamp off", "turn the corner lamp off"),
        ("i always forget this but, just so i know, what's the time", "what's the time"),
        ("my aunt moved there so may i ask how the weather is in leeds", "how the weather is in leeds"),
        ("sorry, remind me, how long is left on the timer", "how long is left on the timer"),
        ("the kitchen lights have been on since noon, knock them off", "knock the kitchen lights off"),
    ],
)
def test_the_request_is_found_behind_what_was_told(said: str, request_: str) -> None:
    assert plainly(said, VOCABULARY).text == request_


@pytest.mark.parametrize(
    "said",
    [
        "if it rains, could you close the kitchen window",
        "she said could you turn the corner lamp off",
        "i'll get the door so you can play the piano",
        "remind me when i get home to lock up",
        "the television is too loud, quieter",
        "lovely weather we have",
    ],
)
def test_conditions_reports_and_what_others_may_do_stay(said: str) -> None:
    assert plainly(said, VOCABULARY).text == said


def test_a_pronoun_of_two_things_stands_for_neither() -> None:
    assert with_antecedent("turn it off", "the corner lamp and the television are on", VOCABULARY) is None
    assert with_antecedent("turn it off", "the corner lamp is on", VOCABULARY) == "turn the corner lamp off"
