"""TrigramIndex: the nearest texts, by compiled loops and by plain numpy alike, and as measuring all of them finds."""

import random
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import extractOne

from uptake.ml.neighbours import trigrams
from uptake.ml.neighbours.trigrams import MAX_CHARS, TrigramIndex

words = st.text(alphabet="abcü語😀 ", min_size=1, max_size=12)
VERBS, THINGS, PLACES = (
    ("play", "stop", "find", "dim", "show"),
    ("queen", "jazz", "the lamp", "news"),
    ("hall", "attic"),
)
REQUESTS = [
    f"{verb} {thing} in the {place} {n}" for verb in VERBS for thing in THINGS for place in PLACES for n in "ab"
]


@pytest.fixture
def compiled():
    TrigramIndex.warm()
    assert trigrams._compiled is not None
    yield trigrams._compiled
    trigrams._compiled = None


def noisy(text, rng):
    letters = list(text)
    for _ in range(2):
        at = rng.randrange(len(letters))
        letters[at] = rng.choice(("", "x", letters[at] * 2))
    return "".join(letters)


@pytest.mark.long
@pytest.mark.slow
@settings(max_examples=150)
@given(texts=st.lists(words, max_size=30), asked=words, most=st.integers(1, 5), least=st.sampled_from((0.2, 0.5, 0.8)))
def test_compiled_loops_find_what_plain_numpy_finds(texts, asked, most, least):
    TrigramIndex.warm()
    index = TrigramIndex.of(texts)
    try:
        assert index.nearest(asked, most=most, least=least) == index.nearest_plain(asked, most=most, least=least)
    finally:
        trigrams._compiled = None


@pytest.mark.slow
def test_texts_of_several_machine_words_are_measured_right(compiled):
    texts = [f"{'long ' * 25}{n}" for n in range(30)]
    index = TrigramIndex.of(texts)
    for asked in (f"{'long ' * 24}7", f"{'lung ' * 25}12"):
        assert index.nearest(asked, most=4) == index.nearest_plain(asked, most=4)


@pytest.mark.slow
def test_among_more_rows_than_are_measured_both_choose_the_same(compiled):
    rng = random.Random(1)
    texts = [f"{rng.choice(REQUESTS)} {rng.choice(REQUESTS)} {n}" for n in range(1_203)] + ["odd", "od"]
    index = TrigramIndex.of(texts)
    for asked in [*(noisy(rng.choice(texts), rng) for _ in range(30)), "play", "odf", f"{'play jazz ' * 15}in the"]:
        assert index.nearest(asked, most=16) == index.nearest_plain(asked, most=16)


def test_the_nearest_is_the_one_that_measuring_all_finds():
    rng, index = random.Random(0), TrigramIndex.of(REQUESTS)
    for text in REQUESTS:
        asked = noisy(text, rng)
        best = extractOne(asked, REQUESTS, scorer=Levenshtein.normalized_similarity)
        assert index.nearest(asked, most=1) == [(best[2], best[1])]


def test_a_short_text_is_found_though_it_shares_no_trigram():
    assert TrigramIndex.of(["turn it off", "off"]).nearest("odf") == [(1, pytest.approx(2 / 3))]


def test_equally_near_texts_come_in_their_order():
    assert [row for row, _ in TrigramIndex.of(["play jazz b", "play jazz c"]).nearest("play jazz a")] == [0, 1]


@pytest.mark.parametrize("asked", ["", "zzzz", "a" * (MAX_CHARS + 1), "😀", "\x02\x03"])
def test_nothing_near_is_nothing(asked):
    assert TrigramIndex.of(REQUESTS).nearest(asked) == []
    assert TrigramIndex.of([]).nearest(asked) == []


def test_repeated_trigrams_count_once():
    index = TrigramIndex.of(["a" * 180, "play jazz"])
    assert index.nearest("a" * 200)[0] == (0, 0.9)
    assert index.nearest("a" * 40) == []


def test_a_text_that_is_too_long_is_kept_but_not_found():
    index = TrigramIndex.of(["b" * 300, "play jazz"])
    assert index[0] == "b" * 300
    assert index.nearest("b" * 200) == []


def test_without_numba_it_stays_plain(monkeypatch):
    monkeypatch.setattr(trigrams, "_compiled", None)
    monkeypatch.setitem(sys.modules, "uptake.ml.neighbours.trigram_kernels", None)
    TrigramIndex.warm()
    assert trigrams._compiled is None
