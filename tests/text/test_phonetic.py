"""sound_key: what cannot be heard does not count."""

from uptake.text.distance import edit_similarity, jaccard, word_similarity
from uptake.text.phonetic import sound_key, sound_keys, sound_similarity


def test_word_boundaries_cannot_be_heard():
    assert sound_key("bare naked ladies") == sound_key("barenaked ladies")


def test_spellings_of_one_sound_agree():
    assert sound_key("night light") == sound_key("knight lite")


def test_a_misheard_name_sounds_nearer_than_it_reads():
    heard, said = "turn on the haul light", "turn on the hall light"
    assert sound_similarity(heard, said) > edit_similarity(heard, said)


def test_other_scripts_stand_for_themselves():
    assert sound_key("müsik 5") == "müsik5"


def test_many_texts_have_the_keys_that_each_has_alone():
    said = ["play bare naked ladies", "straße 5", "", "play o'hara", "play bare"]
    assert sound_keys(said) == [sound_key(text) for text in said]


def test_nothing_is_like_nothing():
    assert edit_similarity("", "") == word_similarity("", "") == jaccard([], []) == sound_similarity("", "") == 0.0
