"""Words with their places, and the n-grams made of them."""

from hypothesis import given
from hypothesis import strategies as st

from uptake.text.ngrams import letter_grams, word_grams
from uptake.text.tokens import MAX_WORDS, may_say, repeats, words


@given(st.text(max_size=60))
def test_places_are_in_order_and_inside_the_text(text):
    last = 0
    for word in words(text):
        assert last <= word.start < word.end <= len(text)
        last = word.end


@given(st.text(alphabet="aAsSkK' 019.:,/%$+-_\n", max_size=40))
def test_the_words_of_an_ascii_text_are_those_that_it_has_among_other_letters(text):
    assert words(text) == words(f"{text} \u00e9")[:-1]


def test_a_possessive_does_not_hide_a_name():
    assert [word.text for word in words("Don't call Anna\u2019s mum at 7:30")] == [
        "don't", "call", "anna", "'s", "mum", "at", "7:30",
    ]  # fmt: skip


def test_a_flood_of_words_is_cut():
    assert len(words("a " * 900)) == MAX_WORDS


def test_digits_look_alike():
    assert word_grams(["at", "17"]) == word_grams(["at", "23"])
    assert letter_grams(["at", "17"]) == letter_grams(["at", "23"])
    assert letter_grams(["at"]) != letter_grams(["on"])


def test_a_word_is_looked_for_as_a_whole_and_whatever_its_case():
    assert may_say("Um, off", frozenset({"um"}))
    assert not may_say("the drum is umber", frozenset({"um"}))
    assert may_say("é", frozenset({"um"}))  # other scripts are never ruled out


def test_a_word_that_is_said_twice_is_noticed():
    assert repeats("the, The lamp")
    assert not repeats("the lamp")
