"""Encoders: by name, and never one for another."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from uptake.errors import ArtifactRefused, BadConfig
from uptake.ml.encoder.encoders import HashedEncoder, encoder_called, encoder_of


@given(st.text(max_size=40))
def test_hashed_vectors_have_unit_length_or_none(text):
    length = np.linalg.norm(HashedEncoder().encode([text])[0])
    assert length == pytest.approx(1.0, abs=1e-3) or length == 0.0


def test_an_encoder_comes_back_by_its_name():
    assert encoder_of(HashedEncoder().name).name == "hashed-256"


@pytest.mark.parametrize("name", ["hashed-512", "word2vec-1", "", "minilm-000000000000"])
def test_an_encoder_that_is_not_here_is_refused(name):
    with pytest.raises(ArtifactRefused):
        encoder_of(name)


def test_an_unknown_kind_is_a_mistake_in_the_configuration():
    with pytest.raises(BadConfig):
        encoder_called("bert")
