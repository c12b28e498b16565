"""LlmReader, on a language model behind llama.cpp's own server. It comes with `make peers`."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator

import pytest

from tests.assistant.readers.test_llm import INTENTS
from tests.platforms.peers import MADE
from uptake.assistant.hypotheses import OUT_OF_SCOPE
from uptake.assistant.readers.llm import LlmReader
from uptake.assistant.readers.vocabulary import Vocabulary
from uptake.types import Situation

WEIGHTS = next(iter(sorted((MADE / "llm").glob("*/*.gguf"))), None)
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(WEIGHTS is None, reason="there is no language model: run `make peers`"),
]
SAID = ("could the hall light come on", "dim the hall to 20", "remind me to pay the rent", "who wrote hamlet")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    xllamacpp = pytest.importorskip("xllamacpp")
    options = xllamacpp.CommonParams()
    options.model.path, options.port, options.n_ctx, options.n_parallel = str(WEIGHTS), 0, 4096, 1
    options.cpuparams.n_threads = options.cpuparams_batch.n_threads = 1
    options.warmup, options.verbosity = False, -1
    server = xllamacpp.Server(options)
    yield f"{server.listening_address}/v1"
    del server


def test_a_small_model_answers_in_the_form_that_was_asked_for(address: str, vocabulary: Vocabulary) -> None:
    asked = LlmReader(address, model="small", intents=INTENTS, vocabulary=vocabulary, timeout_s=600.0)
    for said in SAID:
        for one in asked.read(said, Situation()):
            assert one.interpretation.intent in {*INTENTS, OUT_OF_SCOPE} - {"DeleteAllLists"}
            assert one.confidence <= 0.55
        assert not asked.rests


def test_an_endpoint_that_is_too_slow_is_left_alone(address: str, vocabulary: Vocabulary) -> None:
    asked = LlmReader(address, model="small", intents=INTENTS, vocabulary=vocabulary, timeout_s=0.001)
    assert asked.read(SAID[0], Situation()) == ()
    assert asked.rests


def test_the_server_is_the_real_one(address: str) -> None:
    with urllib.request.urlopen(f"{address}/models", timeout=600) as response:
        assert json.load(response)["data"][0]["owned_by"] == "llamacpp"
