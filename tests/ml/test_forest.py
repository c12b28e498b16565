"""A forest: the compiled walk, all nodes compared at once and the walk of one tree after another agree."""

import subprocess
import sys
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


@pytest.mark.parametrize("leaves", [2, 64, 65])
def test_a_tree_of_any_size_is_read_leaf_by_leaf(leaves):
    nodes = np.arange(leaves - 1)
    root, column = np.zeros(1, dtype=np.int32), np.zeros(leaves - 1, dtype=np.int32)
    right = np.append(nodes[1:], -leaves).astype(np.int32)
    values = np.random.default_rng(leaves).normal(size=leaves)
    chain = Forest(root, column, nodes.astype(float), (-1 - nodes).astype(np.int32), right, values)
    assert chain.scores(np.arange(leaves, dtype=float)[:, None]).tolist() == values.tolist()


def test_another_forest_from_one_that_was_asked_has_its_own_leaves():
    grown, table = forest(1, 3), np.zeros((2, 3))
    before = grown.scores(table)
    np.testing.assert_allclose(replace(grown, leaves=2 * grown.leaves).scores(table), 2 * before)


def test_few_rows_are_scored_without_numba():
    program = (
        "import sys, numpy as np; from uptake.ml.forest import Forest;"
        "root, column, left, right = (np.array([one], dtype=np.int32) for one in (0, 0, -1, -2));"
        "found = Forest(root, column, np.zeros(1), left, right, np.array([5.0, 7.0])).scores(np.ones((1, 1)));"
        "sys.exit('numba' in sys.modules or found.tolist() != [7.0])"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


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
