"""Anonymiser: planted identifiers are found and replaced alike, common words stay."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from uptake.errors import BadConfig
from uptake.privacy.anonymise import Anonymiser, pseudonym
from uptake.privacy.words import WordNoise

KEY = b"0123456789abcdef"
WORDS = "call my name is the light in turn on off at to send mail play music and remind me number i live will".split()
CLEAN = Anonymiser(KEY, vocabulary=WORDS, names=["Oak Lodge", "will"])


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("call Fatima", "fatima"),
        ("send mail to ann.smith+x@example.co.uk", "ann.smith"),
        ("send mail to ann at example dot com", "example"),
        ("call +41 44 668 18 00", "668"),
        ("call five five five one two one two", "five"),
        ("remind me at 7:45 pm", "7:45"),
        ("my name is Light", "is light"),
        ("play music in oak lodge", "oak"),
        ("i live at 12 Elm Street", "elm"),
        ("www.example.org/ann", "example"),
        ("remind will", "will"),
    ],
)
def test_what_names_somebody_is_replaced(text, secret):
    assert secret not in CLEAN(text)


def test_common_words_stay_and_equal_names_are_equal():
    assert CLEAN("Turn on the light") == "turn on the light"
    one, other = CLEAN("call fatima"), CLEAN("call Fatima")
    assert one == other
    assert one != CLEAN("call fatimah")
    assert Anonymiser(KEY[::-1], vocabulary=WORDS)("call fatima") != one


@given(st.text(st.characters(categories=["L", "Nd", "Zs", "Po", "Pd"]), max_size=60))
def test_no_word_leaves_that_is_not_public(text):
    for word in CLEAN(text).split():
        letters = "".join(sign for sign in word if sign.isalpha() or sign in "_'\u2019")
        assert "_" in word or all(part in WORDS for part in letters.split() if part.strip("'\u2019"))


@pytest.mark.parametrize(
    "make",
    [
        lambda: Anonymiser(KEY, vocabulary=[]),
        lambda: Anonymiser(b"short", vocabulary=WORDS),
        lambda: pseudonym(b"", "user", "ann"),
    ],
)
def test_no_vocabulary_and_no_key_are_refused(make):
    with pytest.raises(BadConfig):
        make()


def test_words_are_denied_within_the_ratio_that_epsilon_allows():
    rng = np.random.default_rng(3)
    words, vectors = [f"w{at}" for at in range(6)], rng.normal(size=(6, 3)) * (1.0, 1.0, 0.2)
    noise = WordNoise(words, vectors, epsilon=1.0, mix=0.8, rng=rng)
    runs = 20_000
    drawn = {word: {other: noise.draw(word, runs).count(other) for other in words} for word in words[:3]}
    for left in words[:3]:
        for right in words[:3]:
            bound = np.exp(noise.epsilon * noise.distance(left, right))
            for out in words:
                p, q = drawn[left][out] / runs, drawn[right][out] / runs
                slack = 4.0 * np.sqrt(max(p, 1e-4) / runs) + 4.0 * bound * np.sqrt(max(q, 1e-4) / runs)
                assert p <= bound * q + slack


def test_the_radius_is_exact_in_the_metric():
    """With one word far from all others, how far noise goes shows in the density of its norm: Gamma(dims, 1 / rate)."""
    rng = np.random.default_rng(4)
    noise = WordNoise(["a", "b"], np.array([[0.0, 0.0], [1.0, 3.0]]), epsilon=2.0, mix=0.5, rng=rng)
    share = noise.draw("a", 40_000).count("b") / 40_000
    direction = rng.standard_normal((400_000, 2))
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    radius = rng.gamma(2, noise.unit / 2.0, size=(400_000, 1))
    moved = radius * direction @ noise._root
    expected = float((moved @ np.array([1.0, 3.0]) > 5.0).mean())
    assert share == pytest.approx(expected, abs=0.012)


def test_more_epsilon_changes_fewer_words():
    rng = np.random.default_rng(5)
    words, vectors = [f"w{at}" for at in range(50)], rng.normal(size=(50, 4))
    kept = [
        sum(WordNoise(words, vectors, epsilon=epsilon, rng=rng).draw(word)[0] == word for word in words)
        for epsilon in (0.5, 5.0, 50.0)
    ]
    assert kept[0] < kept[1] < kept[2]


@pytest.mark.parametrize("wrong", [{"epsilon": 0.0}, {"epsilon": -1.0}, {"epsilon": 1.0, "mix": 2.0}])
def test_noise_that_is_none_is_refused(wrong):
    with pytest.raises(BadConfig, match="epsilon"):
        WordNoise(["a", "b"], np.eye(2), **wrong)
    with pytest.raises(BadConfig, match="vector"):
        WordNoise([], np.empty((0, 2)), epsilon=1.0)
