"""hear: whatever comes in, the readers get plain words, or the person is told why not."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uptake.assistant.hear import MOST_CHARS, hear


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", "did not hear"),
        (" \t\n\x00\x07", "did not hear"),
        ("a" * 10_000, "too long"),
        ("\N{PILE OF POO}\N{PILE OF POO}", "no words"),
        ("включи свет", "language"),
        ("打开灯", "language"),
    ],
)
def test_what_cannot_be_read_is_told_politely(text, refusal):
    assert refusal in hear(text).refusal


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("turn\x00 on\tthe light\x1b", "turn on the light"),
        ("play Beyoncé \N{MUSICAL NOTE}", "play Beyoncé \N{MUSICAL NOTE}"),
        ("12 + 7", "12 + 7"),
        ("\u202eturn it off\u202c", "turn it off"),
    ],
)
def test_controls_go_and_words_stay(text, clean):
    assert hear(text) == (clean, None, "")


def test_a_request_of_a_minute_is_heard_and_a_longer_one_is_too_long():
    told = "add bread to the shopping list " * 40
    assert hear(told[:MOST_CHARS]).refusal is None
    assert "too long" in hear(told[: MOST_CHARS + 1]).refusal


def test_another_script_is_welcome_where_it_is_the_language():
    assert hear("включи свет", language="ru").refusal is None


@given(st.text())
def test_what_is_read_has_no_control_characters_and_hearing_it_again_changes_nothing(text):
    heard = hear(text)
    assert not any(unicodedata.category(char)[0] == "C" for char in heard.text)
    if heard.refusal is None:
        assert hear(heard.text) == heard
