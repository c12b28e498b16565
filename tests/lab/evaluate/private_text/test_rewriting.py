"""The autoencoder's noise: our sensitivity holds for every two latents, the published one does not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from uptake.errors import BadConfig

pytest.importorskip("torch")
pytest.importorskip("opendp")

from uptake.lab.evaluate.private_text.rewriting import RADIUS, clipped, noised, sensitivity, train

latents = arrays(np.float64, (2, 16), elements=st.floats(-1e6, 1e6, allow_nan=False))


@given(latents)
def test_no_two_latents_lie_further_apart_than_the_sensitivity(pair):
    one, other = clipped(pair)
    assert np.abs(one - other).sum() <= sensitivity()
    assert np.abs(one).sum() <= RADIUS * (1 + 1e-12)


def test_the_sensitivity_is_reached_and_the_published_one_is_exceeded():
    ends = clipped(np.array([[1e3, *[0.0] * 15], [-1e3, *[0.0] * 15]]))
    assert np.abs(ends[0] - ends[1]).sum() == pytest.approx(sensitivity())
    in_l2 = np.full(16, 1.0 / 4.0)  # of length C = 1, as the published method clips
    assert np.linalg.norm(in_l2) == pytest.approx(1.0)
    assert np.abs(in_l2 - -in_l2).sum() == pytest.approx(2.0 * np.sqrt(16))


def test_the_noise_is_as_wide_as_the_bound_asks():
    drawn = noised(np.zeros((1_500, 4)), 2.0)
    assert np.abs(drawn).mean() == pytest.approx(sensitivity() / 2.0, rel=0.08)


@pytest.mark.parametrize("epsilon", [0.0, -1.0, float("nan"), float("inf")])
def test_an_epsilon_that_is_none_is_refused(epsilon):
    with pytest.raises(BadConfig, match="epsilon"):
        noised(np.zeros((1, 4)), epsilon)


@pytest.mark.slow
def test_what_is_written_without_noise_is_what_was_read_and_with_much_noise_is_not():
    said = [f"{verb} the {thing}" for verb in ("open", "close", "dim", "find") for thing in ("door", "light", "window")]
    model = train(said * 40, seed=1)
    latent = model.encode(said)
    same = [text == wrote for text, wrote in zip(said, model.decode(latent), strict=True)]
    noisy = [text == wrote for text, wrote in zip(said, model.decode(model.noised(latent, 1.0)), strict=True)]
    assert sum(same) >= 10
    assert sum(noisy) <= 6
