"""Names: which of many is meant, by spelling, words and sound."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uptake.assistant.entities.matching import Names, core, is_clear, singular

HOME = Names(
    [
        ("desk", ("Desk Lamp",)),
        ("floor", ("Floor Lamp", "standing lamp")),
        ("ceiling", ("Ceiling Light", "big light")),
        ("kettle", ("Kettle",)),
        ("speaker", ("Bedroom Speaker",)),
    ]
)


@pytest.mark.parametrize(
    ("said", "key", "how"),
    [
        ("desk lamp", "desk", "exact"),
        ("my Desk-Lamp please", "desk", "exact"),
        ("the big light", "ceiling", "alias"),
        ("lamp of the desk", "desk", "words"),
        ("the desk lamps", "desk", "words"),
        ("desk", "desk", "words"),
        ("desc lamb", "desk", "fuzzy"),
        ("ketle", "kettle", "fuzzy"),
        ("bed room speaker", "speaker", "fuzzy"),
    ],
)
def test_a_name_is_found_by_its_letters_words_and_sound(said, key, how):
    found = HOME.match(said)
    assert (found[0].key, found[0].how) == (key, how)
    assert is_clear(found)


def test_a_word_that_two_names_share_is_not_clear():
    found = HOME.match("lamp")
    assert {found[0].key, found[1].key} == {"desk", "floor"}
    assert not is_clear(found)


@pytest.mark.parametrize("said", ["garden sprinkler", "", "   ", "🎉", "x" * 10_000])
def test_what_nothing_is_called_is_not_clear(said):
    assert not is_clear(HOME.match(said))


def test_an_exact_name_hides_what_is_only_similar():
    names = Names([("a", ("Lamp",)), ("b", ("Lamps Plus",))])
    assert [match.key for match in names.match("lamp")] == ["a"]


def test_only_what_counts_is_found():
    assert [match.key for match in HOME.match("lamp", among=lambda key: key == "floor")] == ["floor"]


@given(st.text(max_size=40))
def test_any_text_has_a_core_that_stays_what_it_is(text):
    assert core(core(text)) == core(text) or core(text).split()[0] in ("the", "a", "an", "my", "our", "your")


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz'", min_size=1, max_size=12))
def test_no_word_vanishes_when_it_becomes_singular(word):
    assert singular(word)


@given(st.lists(st.text(min_size=1, max_size=12), max_size=6), st.text(max_size=20))
def test_scores_lie_between_0_and_1_best_first(names, said):
    scores = [match.score for match in Names((name, (name,)) for name in names).match(said)]
    assert scores == sorted(scores, reverse=True)
    assert all(0.0 <= score <= 1.0 for score in scores)
