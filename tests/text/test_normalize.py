"""normalize: one spelling for one request, and nothing but spelling."""

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from uptake.text.normalize import MAX_CHARS, PLAIN, TOUCHED, normalize


@pytest.mark.parametrize(
    ("heard", "spelling"),
    [
        ("What 's today 's date?", "what's today's date"),
        ("I do n't know", "i don't know"),
        ("you ca n 't", "you can't"),
        ("don\u2019t", "don't"),
        ("Wake me at Five p.m.", "wake me at 5 pm"),
        ("it's 7:30", "it's 7:30"),
        ("twenty-five degrees", "25 degrees"),
        ("twenty five degrees", "25 degrees"),
        ("two hundred", "200"),
        ("1,000 euros", "1000 euros"),
        ("3.5 degrees", "3.5 degrees"),
        ("o clock", "o'clock"),
        ("PLAY   U2", "play u2"),
        ("rock 'n' roll", "rock n roll"),
        ("wi-fi", "wi fi"),
        ("", ""),
        ("?!", ""),
        ("हिन्दी गाना", "हिन्दी गाना"),
        ("\x00stop\x07", "stop"),
        ("🎵 play 🎵", "play"),
    ],
)
def test_conventions_are_joined(heard, spelling):
    assert normalize(heard) == spelling


def test_words_are_never_exchanged():
    assert normalize("play the hunger games") != normalize("play hunger games")


@given(st.text(max_size=60))
def test_normalizing_twice_changes_nothing(text):
    once = normalize(text)
    assert normalize(once) == once


def test_very_long_text_is_cut():
    assert len(normalize("a" * 10 * MAX_CHARS)) <= MAX_CHARS


@given(st.lists(st.sampled_from("play the a m p clock o five twenty hundred pm am jazz oclock".split()), max_size=6))
def test_the_shortcut_for_plain_text_changes_nothing(words):
    text = " ".join(words)
    assert normalize(text) == normalize(f"{text}!")


@given(st.lists(st.sampled_from("play 5 a5 the m p clock five pm jazz oclock é o'clock".split()), max_size=5))
def test_a_text_that_is_plain_to_the_quick_look_is_its_own_spelling(words):
    text = " ".join(words)
    plain, touched = (pc.match_substring_regex(pa.array([text]), each)[0].as_py() for each in (PLAIN, TOUCHED))
    assert not plain or touched or normalize(text) == text
    assert plain == all(word.isascii() and (word.isalpha() or word.isdigit()) for word in words) or not words
