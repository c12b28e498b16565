"""A forest: the compiled walk, the walk of all trees at once and the walk of one tree after another agree."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from uptake.artifacts.forest import UNKNOWN, Forest


def forest(seed, trees):
    """Trees of two levels over three features; some are a single leaf."""
    random = np.random.default_rng(seed)
    roots, nodes, leaves = [], [], []
    for _ in range(trees):
        leaves += random.normal(size=3).tolist()
        last = len(leaves)
        if random.random() < 0.2:
            roots.append(-last)
            continue
        at = len(nodes)
        roots.append(at)
        nodes.append((random.integers(3), random.normal(), at + 1, -last))
        nodes.append((random.integers(3), random.normal(), -last + 1, -last + 2))
    column, threshold, left, right = zip(*nodes, strict=True) if nodes else ((), (), (), ())
    ints = [np.array(one, dtype=np.int32) for one in (roots, column, left, right)]
    return Forest(ints[0], ints[1], np.array(threshold, dtype=float), ints[2], ints[3], np.array(leaves))


@given(st.integers(0, 99), st.integers(1, 12), st.integers(0, 9))
def test_every_way_to_walk_gives_the_same_sum(seed, trees, rows):
    grown = forest(seed, trees)
    table = np.random.default_rng(seed).normal(size=(rows, 3))
    table[table > 1.5] = np.nan
    known = np.where(np.isnan(table), UNKNOWN, table)
    expected = grown.scores(table)
    np.testing.assert_allclose(grown.plain_scores(known), expected)
    if rows:
        np.testing.assert_allclose(grown.plain_scores(np.tile(known, (4_000, 1)))[:rows], expected)


def test_unknown_is_below_everything():
    root, column, left, right = (np.array([one], dtype=np.int32) for one in (0, 0, -1, -2))
    one = Forest(root, column, np.array([-1e6]), left, right, np.array([5.0, 7.0]))
    assert one.scores(np.array([[np.nan], [-1e5]])).tolist() == [5.0, 7.0]
    assert one.scores(np.zeros((0, 1))).tolist() == []
    with pytest.raises(IndexError):
        one.plain_scores(np.zeros((1, 0)))
