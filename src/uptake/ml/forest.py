"""A boosted forest as plain arrays: what LightGBM grew, asked with numpy alone.

Every tree is walked for all rows at once, one level at a time; where numba is installed, the same walk is compiled for
many rows. Few rows never load it: it takes 120 MB, and seconds where nothing was compiled before, amid a request.
"Unknown" is a value of its own, below all others, so that a field nobody logged is never mistaken for 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

import numpy as np
import numpy.typing as npt

from uptake.errors import ArtifactRefused
from uptake.ml.linear import sigmoid

__all__ = ["UNKNOWN", "Forest", "Trees", "table_of"]

UNKNOWN = -1e9
"""Stands for NaN, when a forest is grown and when it is asked."""
_CHUNK = 4_096
_FEW = 20_000  # rows times trees

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]


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
            return self._together(known)
        parts = [self._subset(known[at : at + _CHUNK]) for at in range(0, len(known), _CHUNK)]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.float64)

    def _together(self, table: Floats) -> Floats:
        """Evaluate all trees at once: for few rows, where going tree by tree costs more than the comparisons."""
        at = np.tile(self.roots, (len(table), 1))
        rows, trees = np.nonzero(at >= 0)
        while len(rows):
            node = at[rows, trees]
            goes_left = table[rows, self.column[node]] <= self.threshold[node]
            at[rows, trees] = on = np.where(goes_left, self.left[node], self.right[node])
            rows, trees = rows[on >= 0], trees[on >= 0]
        found: Floats = self.leaves[-1 - at].sum(axis=1)
        return found

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


@lru_cache(maxsize=1)
def _kernel() -> Callable[..., Floats] | None:
    """Return the compiled walk, where numba is installed."""
    try:
        from uptake.ml.forest_kernel import walked
    except ImportError:
        return None
    found: Callable[..., Floats] = walked
    return found
