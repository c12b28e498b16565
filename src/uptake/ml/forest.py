"""A boosted forest as plain arrays: what LightGBM grew, asked with numpy alone.

Few rows, as a request has, are compared with every node of every tree at once: each comparison that fails rules out the
leaves to the left of its node, and the first leaf that is left is the one. Many rows walk down one tree after another,
compiled where numba is installed: a server needs neither numba nor the memory that it takes.
"Unknown" is a value of its own, below all others, so that a field nobody logged is never mistaken for 0.

Source: Lucchese et al., "QuickScorer: A Fast Algorithm to Rank Documents with Additive Ensembles of Regression Trees"
(SIGIR 2015); here without its order of features, which numpy has no use for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from uptake.errors import ArtifactRefused
from uptake.ml.linear import sigmoid

__all__ = ["UNKNOWN", "Forest", "Trees", "table_of"]

UNKNOWN = -1e9
"""Stands for NaN, when a forest is grown and when it is asked."""
_CHUNK = 4_096
_FEW = 20_000  # rows times trees
_MOST_LEAVES = 64  # of a tree that is compared at once: a bit each

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]

_ALL, _ONE = np.uint64(2**64 - 1), np.uint64(1)


class _Masks(NamedTuple):
    """Nodes tree by tree, with the leaves, as bits from left to right, that a row may still reach."""

    column: npt.NDArray[np.int64]
    """(nodes,) feature that is compared."""
    threshold: Floats
    """(nodes,) up to and including this value a row goes left."""
    kept: npt.NDArray[np.uint64]
    """(nodes,) leaves of the tree that a row may reach that does not go left."""
    begins: npt.NDArray[np.int64]
    """(trees of more than a leaf,) where the nodes of a tree begin."""
    places: npt.NDArray[np.int64]
    """(trees of more than a leaf,) where the leaves of a tree begin."""
    leaves: Floats
    """(leaves,) from left to right, tree by tree."""
    constant: float
    """What the trees of a single leaf add."""


@dataclass(frozen=True, slots=True, eq=False)
class Forest:
    """Trees side by side. A child below 0 is the leaf `-1 - child`."""

    roots: Ints
    """(trees,) node where each tree begins; below 0 for a tree that is a single leaf."""
    column: Ints
    """(nodes,) feature that is compared."""
    threshold: Floats
    """(nodes,) up to and including this value a row goes left."""
    left: Ints
    """(nodes,)."""
    right: Ints
    """(nodes,)."""
    leaves: Floats
    """(leaves,) what a row that ends there adds to the score."""
    _masks: list[_Masks | None] = field(default_factory=list, init=False, repr=False)
    """What few rows are compared with, once it was needed; None where a tree has too many leaves."""

    def checked(self, columns: int) -> Self:
        """Return the same forest if every tree stays inside it and asks for columns that there are.

        Raises:
            ArtifactRefused: The arrays do not fit one another.
        """
        nodes, leaves = len(self.column), len(self.leaves)
        if any(len(one) != nodes for one in (self.threshold, self.left, self.right)):
            raise ArtifactRefused("the trees are not whole; learn them again")
        for links in (self.roots, self.left, self.right):
            if len(links) and (links.min() < -leaves or links.max() >= nodes):
                raise ArtifactRefused("the trees lead nowhere; learn them again")
        own = np.arange(nodes)
        if any(((links >= 0) & (links <= own)).any() for links in (self.left, self.right)):
            raise ArtifactRefused("the trees run in a circle; learn them again")
        if nodes and not 0 <= self.column.min() <= self.column.max() < columns:
            raise ArtifactRefused("the trees ask for features that are not listed; learn them again")
        return self

    def scores(self, table: Floats) -> Floats:
        """Return (n,) float64 sums over all trees; `table` is (n, features) float64, NaN for unknown."""
        known = np.where(np.isnan(table), UNKNOWN, table)
        kernel = _kernel() if len(known) * len(self.roots) > _FEW else None
        if kernel is not None:
            nodes = (self.column, self.threshold, self.left, self.right)
            return np.asarray(kernel(np.ascontiguousarray(known), self.roots, nodes, self.leaves), dtype=np.float64)
        return self.plain_scores(known)

    def plain_scores(self, known: Floats) -> Floats:
        """Sum over all trees with numpy alone; `known` holds `UNKNOWN` instead of NaN."""
        if len(known) * len(self.roots) <= _FEW:
            if not self._masks:
                self._masks.append(_masks(self))
            if self._masks[0] is not None:
                return _compared(known, self._masks[0])
        parts = [self._subset(known[at : at + _CHUNK]) for at in range(0, len(known), _CHUNK)]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.float64)

    def _subset(self, table: Floats) -> Floats:
        total = np.zeros(len(table), dtype=np.float64)
        for root in self.roots.tolist():
            at = np.full(len(table), root, dtype=np.int32)
            going = np.flatnonzero(at >= 0)
            while len(going):
                node = at[going]
                goes_left = table[going, self.column[node]] <= self.threshold[node]
                at[going] = np.where(goes_left, self.left[node], self.right[node])
                going = going[at[going] >= 0]
            total += self.leaves[-1 - at]
        return total


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trees:
    """Forests that are asked by the names of features; the mean of their probabilities."""

    names: tuple[str, ...]
    """Features, in the order of the columns."""
    forests: tuple[Forest, ...]
    """Grown on the same rows; they differ in what they sampled."""

    def __len__(self) -> int:
        return sum(len(forest.roots) for forest in self.forests)

    def probability(self, rows: Sequence[Mapping[str, float]]) -> Floats:
        """Ask of rows of features: (n,) float64 in (0, 1)."""
        return self.of_table(table_of(rows, self.names))

    def of_table(self, table: Floats) -> Floats:
        """Ask of a table whose columns are in the order of `names`."""
        total: Floats = sum((sigmoid(forest.scores(table)) for forest in self.forests), np.zeros(len(table)))
        return total / len(self.forests)


def table_of(rows: Sequence[Mapping[str, float]], names: Sequence[str]) -> Floats:
    """Lay out features by name as (n, features) float64; one that a row lacks is NaN."""
    nan = float("nan")
    table = np.array([[get(name, nan) for name in names] for get in (row.get for row in rows)], dtype=np.float64)
    return table.reshape(len(rows), len(names))


def _compared(table: Floats, masks: _Masks) -> Floats:
    """Compare few rows with all nodes at once."""
    if not len(masks.begins):
        return np.full(len(table), masks.constant)
    fails = table[:, masks.column] > masks.threshold
    able = np.bitwise_and.reduceat(np.where(fails, masks.kept, _ALL), masks.begins, axis=1)
    first = np.bitwise_count(~able & (able - _ONE))  # zeros below the lowest bit
    found: Floats = masks.leaves[first + masks.places].sum(axis=1) + masks.constant
    return found


def _masks(forest: Forest) -> _Masks | None:
    """Order the leaves of every tree from left to right; None where a tree has more than a bit each."""
    left, right = forest.left.tolist(), forest.right.tolist()
    under = [0] * len(left)  # leaves below a node
    for at in range(len(left) - 1, -1, -1):  # children come after their parents
        under[at] = sum(1 if child < 0 else under[child] for child in (left[at], right[at]))
    roots = [root for root in forest.roots.tolist() if root >= 0]
    sizes = [under[root] for root in roots]
    if max(sizes, default=0) > _MOST_LEAVES:
        return None
    tree, place = [-1] * len(left), [0] * len(left)
    for number, root in enumerate(roots):
        tree[root] = number
    begins = np.cumsum([0, *sizes[:-1]]) if sizes else np.zeros(0, dtype=np.int64)
    kept, leaves = [0] * len(left), np.zeros(sum(sizes))
    for at, (goes_left, goes_right) in enumerate(zip(left, right, strict=True)):
        lefts = 1 if goes_left < 0 else under[goes_left]
        kept[at] = ~(((1 << lefts) - 1) << place[at]) & int(_ALL)
        for child, where in ((goes_left, place[at]), (goes_right, place[at] + lefts)):
            if child >= 0:
                tree[child], place[child] = tree[at], where
            elif tree[at] >= 0:
                leaves[begins[tree[at]] + where] = forest.leaves[-1 - child]
    own = np.array(tree, dtype=np.int64)
    nodes = np.argsort(own, kind="stable")[int((own < 0).sum()) :]
    return _Masks(
        column=forest.column[nodes].astype(np.int64),
        threshold=np.asarray(forest.threshold[nodes], dtype=np.float64),
        kept=np.array(kept, dtype=np.uint64)[nodes],
        begins=np.searchsorted(own[nodes], np.arange(len(roots))),
        places=begins,
        leaves=leaves,
        constant=float(forest.leaves[-1 - forest.roots[forest.roots < 0]].sum()),
    )


@lru_cache(maxsize=1)
def _kernel() -> Callable[..., Floats] | None:
    """Return the compiled walk, where numba is installed."""
    try:
        from uptake.ml.forest_kernel import walked
    except ImportError:
        return None
    found: Callable[..., Floats] = walked
    return found
