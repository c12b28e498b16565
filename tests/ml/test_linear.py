"""Vocabulary: what is kept by word gives the same features, however much was read before."""

import numpy as np

from uptake.ml import linear
from uptake.ml.linear import Vocabulary
from uptake.text.ngrams import letter_grams, word_grams

TEXTS = ("turn on the light", "turn off the light", "on on on", "the 17 lights at 23", "light", "nothing known hier")


def known() -> Vocabulary:
    grams = [gram for text in TEXTS[:-1] for gram in (*word_grams(text.split()), *letter_grams(text.split()))]
    hashes = np.unique(np.array(grams, dtype=np.uint32))
    return Vocabulary(hashes, np.linspace(1.0, 2.0, len(hashes), dtype=np.float32))


def test_a_vocabulary_that_has_read_more_than_it_keeps_gives_the_features_of_one_that_read_nothing(monkeypatch):
    monkeypatch.setattr(linear, "_MOST_WORDS", 3)
    monkeypatch.setattr(linear, "_MOST_PAIRS", 7)
    used = known()
    for text in (*TEXTS, *reversed(TEXTS)):
        for mine, fresh in zip(used.features(text.split()), known().features(text.split()), strict=True):
            np.testing.assert_array_equal(mine, fresh)


def test_each_channel_has_unit_length_and_every_gram_that_is_known_has_its_row():
    vocabulary = known()
    rows, values = vocabulary.features(TEXTS[2].split())
    grams = {*word_grams(TEXTS[2].split()), *letter_grams(TEXTS[2].split())}
    assert set(vocabulary.hashes[rows].tolist()) == grams
    assert np.isclose(values @ values, 2.0)
