"""Store columns of names: each name once, and one number per row, in as few bytes as the number of names needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Coded", "Codes", "Joining", "distinct_pairs"]

Codes = NDArray[np.signedinteger[Any]]
"""Positions in a list of names, -1 where unknown."""
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Coded:
    """Column of names, each stored once."""

    names: tuple[str, ...]
    """The distinct names."""
    codes: Codes
    """(n,) position in `names`, -1 where unknown; of few bytes where there are few names."""

    def at(self, rows: Any) -> Coded:
        """Return some of its rows."""
        return Coded(self.names, self.codes[rows])

    def decoded(self) -> pa.Array:
        """Return the names row by row, null if unknown; Arrow stores each name once, too."""
        import pyarrow as pa

        if not self.names:
            return pa.nulls(len(self.codes), pa.string())
        codes = pa.array(self.codes, mask=self.codes < 0)
        return pa.DictionaryArray.from_arrays(codes, pa.array(self.names, type=pa.string()))

    def is_(self, name: str) -> Bools:
        """(n,) bool: whether a row has this name."""
        return np.asarray(self.codes == (self.names.index(name) if name in self.names else -2))

    @classmethod
    def of(cls, values: Sequence[str | None]) -> Coded:
        """Code a sequence of names."""
        known: dict[str, int] = {}
        codes = [-1 if value is None else known.setdefault(value, len(known)) for value in values]
        return cls(tuple(known), np.array(codes, dtype=np.int64))

    @classmethod
    def joined(cls, parts: Sequence[Coded]) -> Coded:
        """Concatenate columns."""
        whole = Joining()
        for part in parts:
            whole.add(part)
        return whole.column()


class Joining:
    """Builder of one column of names from parts; each name is stored once."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}
        self._codes: list[Codes] = []

    def add(self, part: Coded) -> None:
        """Append a part."""
        places = [self._known.setdefault(name, len(self._known)) for name in part.names]
        self._codes.append(_narrow([*places, -1], len(self._known))[part.codes])

    def column(self) -> Coded:
        """Return the whole column, and release the parts."""
        codes: Codes = np.concatenate(self._codes) if self._codes else _narrow([], 0)
        self._codes = []
        return Coded(tuple(self._known), codes)


def _narrow(codes: Sequence[int], names: int) -> Codes:
    """Return the codes in the smallest integer type that the number of names allows."""
    kind = next(one for one in (np.int8, np.int16, np.int32, np.int64) if names <= np.iinfo(one).max)
    return np.array(codes, dtype=kind)


def distinct_pairs(one: Codes, other: Codes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the distinct pairs of two columns of codes, in order: (m,) int64 of each.

    >>> first, second = distinct_pairs(np.array([1, 0, 1], np.int8), np.array([2, -1, 2], np.int8))
    >>> first.tolist(), second.tolist()
    ([0, 1], [-1, 2])
    """
    width = int(other.max(initial=-1)) + 2
    keys = one.astype(np.int64)
    keys *= width
    keys += other
    keys += 1
    keys.sort()
    keys = keys[np.concatenate([[True], keys[1:] != keys[:-1]])] if len(keys) else keys
    return keys // width, keys % width - 1
