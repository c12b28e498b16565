"""Tagger: sums kept by word give what the learner's features give, for every intent at once."""

from functools import cache

import pycrfsuite
from hypothesis import given, settings
from hypothesis import strategies as st

from uptake.assistant.readers.bundled import bundled_model
from uptake.understanding.intents import tagger
from uptake.understanding.intents.features import sequence_features, with_intent
from uptake.understanding.intents.tagger import Tagger

WORDS = (
    "turn on off the a someroom devicelight set timer for 5 minutes add milk to my list play some jazz éclair".split()
)
FILLERS = {"milk": ("item",), "some jazz": ("search_query+", "name")}


@cache
def shipped():
    model, library = bundled_model(), pycrfsuite.Tagger()
    library.open_inmemory(model.tagger)
    return model, library, Tagger(model.tagger, {}), Tagger(model.tagger, FILLERS)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=9), st.data())
def test_the_shipped_tagger_tags_as_the_library_does_with_the_features_that_it_learnt_from(words, data):
    model, library, plain, looking = shipped()
    intents = data.draw(st.lists(st.sampled_from(model.labels), min_size=1, max_size=4, unique=True))
    own = sequence_features(words)
    assert plain.tags(words, intents) == [library.tag(with_intent(own, words, intent)) for intent in intents]
    known = sequence_features(words, lambda phrase: FILLERS.get(phrase, ()))
    assert looking.tags(words, intents) == [library.tag(with_intent(known, words, intent)) for intent in intents]


def test_a_tagger_that_has_read_more_words_than_it_keeps_tags_as_before(monkeypatch):
    model, library, _, _ = shipped()
    monkeypatch.setattr(tagger, "_MOST_WORDS", 6)
    monkeypatch.setattr(tagger, "_MOST_TOLD", 6)
    forgetful, intents = Tagger(model.tagger, {}), model.labels[:2]
    for words in (WORDS[:4], WORDS[3:9], WORDS[:4], WORDS[8:]):
        own = sequence_features(words)
        assert forgetful.tags(words, intents) == [library.tag(with_intent(own, words, intent)) for intent in intents]


def test_what_a_tagger_keeps_of_words_holds_nothing_else_of_the_request():
    model, *_ = shipped()
    reads = Tagger(model.tagger, {})
    reads.tags(WORDS, model.labels[:2])
    for kept in (reads._said, reads._told):
        held = {id(whole): whole.nbytes for row in kept.values() for whole in (row if row.base is None else row.base,)}
        assert sum(held.values()) == sum(row.nbytes for row in kept.values())
