"""Vectors in 8 bits a number, and which of them are nearest to another vector by cosine.

Below some twenty thousand rows all of them are compared. Above, rows are grouped around centres and only the groups
nearest to the vector are: an inverted file. Plain numpy and compiled loops (`warm`) compute the same.

Source: the inverted file of Sivic and Zisserman, "Video Google" (ICCV 2003), here over scalar-quantised vectors.
Limit: approximate: about one in a hundred of the nearest ten is missed; made once, not added to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["VectorIndex"]

MIN_GROUPED = 20_000
"""Fewer rows are compared one by one."""
_PROBED = 0.15
"""Share of the groups that is looked at."""
_ROUNDS = 6
_SAMPLE = 40
"""Rows a centre is fitted on, on average."""
_BLOCK = 8_192
_compiled: Callable[..., Any] | None = None

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class VectorIndex:
    """Unit vectors, grouped.

    >>> index = VectorIndex.of(np.eye(3, dtype=np.float32))
    >>> index.nearest(np.array([0.0, 1.0, 0.0], dtype=np.float32), most=1)
    [(1, 1.0)]
    """

    codes: npt.NDArray[np.int8]
    """(n, d) each row divided by its scale, group by group."""
    scales: Floats
    """(n,) float32."""
    rows: npt.NDArray[np.int32]
    """(n,) number of each row as it was given."""
    centres: Floats
    """(c, d) float32; (0, d) where nothing is grouped."""
    offsets: npt.NDArray[np.int64]
    """(c + 1,) where each group starts."""

    @classmethod
    def of(cls, vectors: Floats, *, seed: int = 0) -> VectorIndex:
        """Index unit vectors.

        Args:
            vectors: (n, d) float32; row i is found as i.
            seed: Of the choice of first centres.
        """
        n, dims = vectors.shape
        centres = _centres(vectors, seed) if n >= MIN_GROUPED else np.zeros((0, dims), dtype=np.float32)
        group = _nearest_centre(vectors, centres) if len(centres) else np.zeros(n, dtype=np.int64)
        rows = np.argsort(group, kind="stable").astype(np.int32)
        counts = np.bincount(group, minlength=max(1, len(centres)))
        scales = np.maximum(np.abs(vectors).max(axis=1, initial=0.0), 1e-12).astype(np.float32)[rows] / np.float32(127)
        codes = np.empty((n, dims), dtype=np.int8)
        for at in range(0, n, _BLOCK):
            block = rows[at : at + _BLOCK]
            codes[at : at + _BLOCK] = np.rint(vectors[block] / scales[at : at + _BLOCK, None]).astype(np.int8)
        arrays = (codes, scales, rows, centres, np.concatenate([[0], np.cumsum(counts)]).astype(np.int64))
        for array in arrays:
            array.flags.writeable = False
        return cls(*arrays)

    def __len__(self) -> int:
        return len(self.rows)

    def keeping(self, rows: npt.NDArray[np.int64]) -> VectorIndex:
        """Return the index of some rows, ascending; row `rows[i]` is found as i."""
        place = np.full(len(self), -1, dtype=np.int32)
        place[rows] = np.arange(len(rows), dtype=np.int32)
        kept = place[self.rows] >= 0
        offsets = np.concatenate([[0], np.cumsum(kept)]).astype(np.int64)[self.offsets]
        arrays = (self.codes[kept], self.scales[kept], place[self.rows][kept], self.centres, offsets)
        for array in arrays:
            array.flags.writeable = False
        return VectorIndex(*arrays)

    @staticmethod
    def warm() -> None:
        """Load, or the first time on a machine compile, the fast loop. Needs numba; without it, nothing changes."""
        global _compiled  # noqa: PLW0603 - one switch for the process
        if _compiled is not None:
            return
        try:
            from uptake.ml.neighbours.vector_kernels import dots
        except ImportError:
            return
        VectorIndex.of(np.eye(2, dtype=np.float32))._fast(dots, np.ones(2, dtype=np.float32), np.array([[0, 2]]))
        _compiled = dots

    def nearest(self, vector: Floats, *, most: int = 10) -> list[tuple[int, float]]:
        """Return (row, cosine) of the rows nearest to a unit vector, the nearest first, equal ones by row.

        Args:
            vector: (d,) float32 of unit length.
            most: How many rows, at most.
        """
        if not len(self) or most < 1 or len(vector) != self.codes.shape[1]:
            return []
        spans = self._spans(vector)
        places = np.concatenate([np.arange(start, end) for start, end in spans.tolist()])
        cosines = self._fast(_compiled, vector, spans) if _compiled is not None else self._plain(vector, places)
        if len(cosines) > most:
            best = np.argpartition(-cosines, most - 1)[:most]
            places, cosines = places[best], cosines[best]
        rows = self.rows[places]
        order = np.lexsort((rows, -cosines))
        return list(zip(rows[order].tolist(), cosines[order].tolist(), strict=True))

    def _spans(self, vector: Floats) -> npt.NDArray[np.int64]:
        """Return first and last rows of the groups to look at."""
        if not len(self.centres):
            return np.array([[0, len(self)]], dtype=np.int64)
        count = min(len(self.centres), max(8, int(np.ceil(_PROBED * len(self.centres)))))
        groups = np.argpartition(-(self.centres @ vector), count - 1)[:count]
        return np.stack([self.offsets[groups], self.offsets[groups + 1]], axis=1)

    def _fast(self, compiled: Callable[..., Any], vector: Floats, spans: npt.NDArray[np.int64]) -> Floats:
        found = np.empty(int((spans[:, 1] - spans[:, 0]).sum()), dtype=np.float32)
        compiled(np.ascontiguousarray(vector, dtype=np.float32), self.codes, self.scales, spans, found)
        return found

    def _plain(self, vector: Floats, places: npt.NDArray[np.int64]) -> Floats:
        found = np.empty(len(places), dtype=np.float32)
        for at in range(0, len(places), _BLOCK):
            block = places[at : at + _BLOCK]
            found[at : at + _BLOCK] = (self.codes[block].astype(np.float32) @ vector) * self.scales[block]
        return found


def _centres(vectors: Floats, seed: int) -> Floats:
    """Return centres of groups: a few rounds of k-means on the sphere, over a sample."""
    random = np.random.default_rng(seed)
    count = int(2.0 * np.sqrt(len(vectors)))
    sample = vectors[np.sort(random.choice(len(vectors), min(len(vectors), _SAMPLE * count), replace=False))]
    centres = sample[np.sort(random.choice(len(sample), count, replace=False))].copy()
    for _ in range(_ROUNDS):
        group = _nearest_centre(sample, centres)
        sums = np.zeros_like(centres)
        np.add.at(sums, group, sample)
        length = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = np.where(length > 0.0, sums / np.maximum(length, 1e-9), centres).astype(np.float32)
    return centres


def _nearest_centre(vectors: Floats, centres: Floats) -> npt.NDArray[np.int64]:
    blocks = [(vectors[at : at + _BLOCK] @ centres.T).argmax(axis=1) for at in range(0, len(vectors), _BLOCK)]
    return np.concatenate(blocks).astype(np.int64)
