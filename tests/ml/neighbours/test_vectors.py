"""VectorIndex: the nearest vectors, compiled or not, grouped or not."""

import numpy as np
import pytest

from uptake.ml.arrays import arrays_of, same_arrays
from uptake.ml.neighbours import vectors
from uptake.ml.neighbours.vectors import MIN_GROUPED, VectorIndex


def points(n, dims=16, seed=0):
    """Unit vectors around a few hundred topics, as requests are."""
    random = np.random.default_rng(seed)
    topics = np.random.default_rng(9).normal(size=(300, dims))
    found = topics[random.integers(0, 300, n)] + 0.5 * random.normal(size=(n, dims))
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


def true_nearest(known, vector, most):
    return set(np.argsort(-(known @ vector), kind="stable")[:most].tolist())


def test_few_vectors_are_all_compared():
    known = points(500)
    index = VectorIndex.of(known)
    hits = [len({row for row, _ in index.nearest(one)} & true_nearest(known, one, 10)) for one in points(50, seed=1)]
    assert sum(hits) >= 490


def test_a_vector_is_its_own_nearest():
    known = points(50)
    assert VectorIndex.of(known).nearest(known[7], most=1) == [(7, pytest.approx(1.0, abs=0.01))]


def test_of_the_vectors_that_are_kept_the_nearest_is_found():
    known, kept = points(200), np.arange(0, 200, 3)
    index = VectorIndex.of(known).keeping(kept)
    assert len(index) == len(kept)
    assert [index.nearest(known[row], most=1)[0][0] for row in kept] == list(range(len(kept)))


@pytest.mark.parametrize("asked", [np.zeros(3, dtype=np.float32), np.zeros(0, dtype=np.float32)])
def test_a_vector_of_another_length_finds_nothing(asked):
    assert VectorIndex.of(points(5)).nearest(asked) == []
    assert VectorIndex.of(np.zeros((0, 16), dtype=np.float32)).nearest(points(1)[0]) == []


@pytest.mark.slow
def test_many_vectors_are_grouped_and_nearly_all_of_the_nearest_are_found_either_way():
    known, asked = points(MIN_GROUPED + 100), points(60, seed=1)
    index = VectorIndex.of(known)
    assert len(index.centres) > 100
    plain = [index.nearest(one) for one in asked]
    hits = [
        len({row for row, _ in found} & true_nearest(known, one, 10)) for found, one in zip(plain, asked, strict=True)
    ]
    assert sum(hits) >= 0.95 * 600
    VectorIndex.warm()
    try:
        for one, found in zip(asked, plain, strict=True):
            assert [score for _, score in index.nearest(one)] == pytest.approx([score for _, score in found], abs=1e-5)
    finally:
        vectors._compiled = None


def test_equal_vectors_give_equal_indexes():
    one, other = VectorIndex.of(points(300)), VectorIndex.of(points(300))
    assert same_arrays(arrays_of(one), arrays_of(other))
