"""Chain: a CRFsuite model decoded in numpy gives the tags and the probabilities that the library gives."""

import numpy as np
import pycrfsuite
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uptake.errors import ArtifactRefused
from uptake.ml.chain import Chain

FEATURES = [f"f{number}" for number in range(12)]
TAGS = ("O", "B-x", "I-x", "B-y")
said = st.lists(st.lists(st.sampled_from([*FEATURES, "unknown"]), max_size=4), min_size=1, max_size=7)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    random, path = np.random.default_rng(0), tmp_path_factory.mktemp("crf") / "model"
    trainer = pycrfsuite.Trainer(algorithm="ap", verbose=False)
    for _ in range(60):
        size = int(random.integers(1, 6))
        words = [random.choice(FEATURES, 3).tolist() for _ in range(size)]
        trainer.append(words, random.choice(TAGS, size).tolist())
    trainer.train(str(path))
    return path.read_bytes()


def scores(chain, words):
    names = [name for some in words for name in some]
    return chain.scores(names, [at for at, some in enumerate(words) for _ in some], len(words))


@settings(max_examples=60, deadline=None)
@given(first=said, second=said)
def test_the_best_tags_and_their_probabilities_are_those_of_the_library(model, first, second):
    chain, library = Chain.from_bytes(model), pycrfsuite.Tagger()
    library.open_inmemory(model)
    size = min(len(first), len(second))
    both = [first[:size], second[:size]]
    tagged = chain.best(np.stack([scores(chain, words) for words in both]))
    for words, tags in zip(both, tagged, strict=True):
        assert tags == library.tag(words)
        found = chain.marginals(scores(chain, words))
        wanted = [[library.marginal(tag, at) for tag in chain.tags] for at in range(size)]
        assert np.allclose(found, wanted, atol=1e-6)


@pytest.mark.parametrize("cut", [0, 10, 60, 400])
def test_what_is_no_model_is_refused(model, cut):
    with pytest.raises(ArtifactRefused, match="slot tagger"):
        Chain.from_bytes(model[:cut] if cut else b"no model at all")
