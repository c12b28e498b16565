"""The inner loop of `uptake.ml.neighbours.vectors`, compiled: dot products with rows of 8-bit codes.

Compiled code is kept on the disk, so that only the first process ever compiles; `VectorIndex.warm` imports it.
"""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["dots"]


@njit(cache=True, nogil=True, fastmath=True)
def dots(vector, codes, scales, spans, found):  # type: ignore[no-untyped-def]
    """Return the dot products of a vector with the rows in some spans.

    Args:
        vector: (d,) float32.
        codes: (n, d) int8.
        scales: (n,) float32, what one unit of a row's codes is worth.
        spans: (s, 2) int64 first and last rows.
        found: (rows in all spans,) float32, filled in the order of the spans.
    """
    place = 0
    size = len(vector)
    for at in range(len(spans)):
        for row in range(spans[at, 0], spans[at, 1]):
            total = np.float32(0.0)
            for dim in range(size):
                total += vector[dim] * np.float32(codes[row, dim])
            found[place] = total * scales[row]
            place += 1
