"""A boosted forest as plain arrays: what LightGBM grew, asked with numpy alone.

Every tree is walked for all rows at once, one level at a time; where numba is installed, the same walk is compiled.
"Unknown" is a value of its own, below all others, so that a field nobody logged is never mistaken for 0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

__all__ = ["UNKNOWN", "Forest"]

UNKNOWN = -1e9
"""What stands for NaN, when a forest is grown and when it is asked."""
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

    def scores(self, table: Floats) -> Floats:
        """(n,) float64 sums over all trees; `table` is (n, features) float64, NaN for unknown."""
        known = np.where(np.isnan(table), UNKNOWN, table)
        kernel = _kernel()
        if kernel is not None:
            nodes = (self.column, self.threshold, self.left, self.right)
            return np.asarray(kernel(np.ascontiguousarray(known), self.roots, nodes, self.leaves), dtype=np.float64)
        return self.plain_scores(known)

    def plain_scores(self, known: Floats) -> Floats:
        """The same with numpy alone; `known` holds `UNKNOWN` instead of NaN."""
        if len(known) * len(self.roots) <= _FEW:
            return self._together(known)
        parts = [self._some(known[at : at + _CHUNK]) for at in range(0, len(known), _CHUNK)]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.float64)

    def _together(self, table: Floats) -> Floats:
        """All trees at once: for few rows, where going tree by tree costs more than the comparisons."""
        at = np.tile(self.roots, (len(table), 1))
        rows, trees = np.nonzero(at >= 0)
        while len(rows):
            node = at[rows, trees]
            goes_left = table[rows, self.column[node]] <= self.threshold[node]
            at[rows, trees] = on = np.where(goes_left, self.left[node], self.right[node])
            rows, trees = rows[on >= 0], trees[on >= 0]
        found: Floats = self.leaves[-1 - at].sum(axis=1)
        return found

    def _some(self, table: Floats) -> Floats:
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


@lru_cache(maxsize=1)
def _kernel() -> Callable[..., Floats] | None:
    """The compiled walk, where numba is installed."""
    try:
        from uptake.artifacts.forest_kernel import walked
    except ImportError:
        return None
    found: Callable[..., Floats] = walked
    return found
