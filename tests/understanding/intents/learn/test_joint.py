"""The strong model: what a recogniser makes of words, a network fine-tuned on few sentences, both in one artifact."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.understanding.intents.readings import sentences
from uptake.errors import MissingExtra
from uptake.understanding.intents.features import bio, decode, spans
from uptake.understanding.intents.learn.asr_noise import Channel, align, surviving_slots
from uptake.understanding.intents.learn.fine_tune import Options, available
from uptake.understanding.intents.learn.joint import Strong
from uptake.understanding.intents.learn.train import train

texts = st.lists(st.sampled_from(["turn", "it", "off", "of", "the", "lamp"]), max_size=6)


@given(texts, texts)
def test_an_alignment_covers_both_sides_once_and_in_order(said, heard):
    pairs = align(said, heard)
    assert [at for at, _ in pairs if at is not None] == list(range(len(said)))
    assert [at for _, at in pairs if at is not None] == list(range(len(heard)))


def test_a_channel_mishears_as_it_was_taught():
    channel = Channel.learn(
        [(["set", "alarm"], ["set", "arm"])] * 20 + [(["set", "alarm"], ["set", "alarm"])] * 20,
        vocabulary=Counter({"set": 40, "alarm": 40}),
    )
    generator = np.random.default_rng(0)
    heard = Counter(" ".join(channel.mishear(["set", "alarm"], generator)[0]) for _ in range(400))
    assert 0.25 < heard["set arm"] / 400 < 0.65
    assert heard["set alarm"] > 100


@given(texts, st.integers(0, 99))
def test_what_is_misheard_points_at_what_was_said(said, seed):
    channel = Channel.learn([(["turn", "it", "off"], ["turn", "of"])] * 3, vocabulary={"turn": 3, "off": 3, "lamp": 5})
    heard, sources = channel.mishear(said, np.random.default_rng(seed), strength=2.0)
    assert len(heard) == len(sources)
    known = [at for at in sources if at is not None]
    assert all(left <= right for left, right in pairwise(known))


def test_a_slot_is_carried_only_if_its_value_arrives_unharmed():
    said, slots = ["call", "ann", "smith", "now"], [("person", 1, 3), ("time", 3, 4)]
    assert surviving_slots(said, slots, ["call", "an", "smith", "now"], [0, 1, 2, 3]) == (("time", 3, 4),)
    assert surviving_slots(said, slots, ["ann", "smith"], [1, 2]) == (("person", 0, 2),)


@given(st.lists(st.sampled_from(["O", "B-a", "I-a", "B-b", "I-b"]), min_size=1, max_size=8))
def test_tags_become_slots_and_slots_tags_again(tags):
    found = spans(tags)
    assert spans(bio([(at, at + 1) for at in range(len(tags))], found)) == found


def test_the_best_tags_are_a_sequence_that_may_be():
    tags = ("O", "B-a", "I-a")
    scores = np.log(np.array([[0.1, 0.2, 0.7], [0.3, 0.1, 0.6]], dtype=np.float32))
    assert decode(scores, tags) == ["B-a", "I-a"]


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.skipif(not available(), reason="needs uptake[neural]")
def test_a_network_learns_few_sentences_and_is_served_without_torch(tmp_path):
    channel = Channel.learn([(["turn", "on"], ["turn", "on"])], vocabulary={})
    options = Options(passes=4, batch=8, threads=1)
    model = train(sentences() * 2, strong=Strong(channel=channel, options=options))
    best = model.read("please turn on the fan in the garage")[0]
    assert best.intent == "TurnOn"
    assert ("name", "fan") in best.slots
    model.save(tmp_path)
    loaded = type(model).load(tmp_path)
    assert loaded == model
    assert loaded.read("is it raining")[0] == model.read("is it raining")[0]
    assert model.read("") == ()


def test_without_torch_the_strong_model_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "torch", None)
    assert not available()
    with pytest.raises(MissingExtra, match=r"uptake\[neural\]"):
        train(sentences(), strong=Strong())
