"""The inner loop of `uptake.ml.forest`, compiled: rows walk down trees one after the other.

Compiled code is kept on the disk, so that only the first process ever compiles.
"""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["walked"]


@njit(cache=True, nogil=True)
def walked(table, roots, nodes, leaves):  # type: ignore[no-untyped-def] # numba infers them # pragma: no cover - compiled
    """Return (n,) float64: what the leaves of all trees add up to.

    Args:
        table: (n, features) float64; no NaN.
        roots: (trees,) int32.
        nodes: column, threshold, left and right of the nodes.
        leaves: (leaves,) float64.
    """
    column, threshold, left, right = nodes
    found = np.zeros(len(table))
    for row in range(len(table)):
        total = 0.0
        for root in roots:
            at = root
            while at >= 0:
                at = left[at] if table[row, column[at]] <= threshold[at] else right[at]
            total += leaves[-1 - at]
        found[row] = total
    return found
