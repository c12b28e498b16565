"""A forest: the compiled walk, the walk of all trees at once and the walk of one tree after another agree."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from uptake.errors import ArtifactRefused
from uptake.ml.forest import UNKNOWN, Forest, Trees


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
        np.testing.assert_allclose(grown.scores(np.tile(table, (20_001 // (rows * trees) + 1, 1)))[:rows], expected)


def test_few_rows_load_no_compiler(monkeypatch):
    asked = []
    monkeypatch.setattr("uptake.ml.forest._kernel", lambda: asked.append("asked"))
    grown = forest(0, 9)
    grown.scores(np.zeros((100, 3)))
    assert not asked
    grown.scores(np.zeros((10_000, 3)))
    assert asked


def test_unknown_is_below_everything():
    root, column, left, right = (np.array([one], dtype=np.int32) for one in (0, 0, -1, -2))
    one = Forest(root, column, np.array([-1e6]), left, right, np.array([5.0, 7.0]))
    assert one.scores(np.array([[np.nan], [-1e5]])).tolist() == [5.0, 7.0]
    assert one.scores(np.zeros((0, 1))).tolist() == []
    with pytest.raises(IndexError):
        one.plain_scores(np.zeros((1, 0)))


def test_trees_are_asked_by_name_and_give_the_mean_of_their_forests():
    one, other = forest(1, 3), forest(2, 3)
    rows = [{"b": 0.3, "a": 1.0, "c": -1.0}, {"a": -2.0}]
    table = np.array([[1.0, 0.3, -1.0], [-2.0, np.nan, np.nan]])
    alone = [Trees(names=("a", "b", "c"), forests=(each,)).of_table(table) for each in (one, other)]
    both = Trees(names=("a", "b", "c"), forests=(one, other))
    np.testing.assert_allclose(both.probability(rows), (alone[0] + alone[1]) / 2)
    assert len(both.probability([])) == 0


def test_trees_that_lead_out_of_the_forest_are_refused():
    grown = forest(1, 3)
    assert grown.checked(3) is grown
    with pytest.raises(ArtifactRefused, match="not listed"):
        grown.checked(1)
    with pytest.raises(ArtifactRefused, match="nowhere"):
        replace(grown, roots=grown.roots + 1_000).checked(3)
    with pytest.raises(ArtifactRefused, match="circle"):
        replace(grown, left=np.zeros_like(grown.left)).checked(3)
    with pytest.raises(ArtifactRefused, match="not whole"):
        replace(grown, left=grown.left[:-1]).checked(3)
