"""Counts of goals and the goals that follow them, by home; each name is stored once, rows are numbers.

So a row takes 20 bytes until its home is looked at, and looking at homes one after the other takes no more than one of
them as Python objects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

__all__ = ["Counts", "FollowUpCount", "Homes"]


class FollowUpCount(NamedTuple):
    """One count: how often a goal was followed by another in a home's part of the day."""

    home: str
    """The home, or the person where no home is known."""
    part: str
    """Part of the day; "" where unknown."""
    source: str
    """The first goal."""
    target: str
    """The next goal; "" where there was none."""
    times: int
    """How often."""


Homes = Callable[[], Iterable[list[FollowUpCount]]]
"""The counts of each home, home after home in order, as often as it is called."""


class Counts:
    """Counts in order of their homes.

    Args:
        batches: Columns (home, part, source, target, times), rows in order of the homes.
    """

    def __init__(self, batches: Iterable[pa.RecordBatch]) -> None:
        known: dict[str, int] = {}
        columns: list[list[Any]] = [[], [], [], [], []]
        for batch in batches:
            for at in range(4):
                columns[at].append(_numbers(batch.column(at), known))
            columns[4].append(batch.column(4).to_numpy().astype(np.int32))
        whole = [np.concatenate(parts) if parts else np.zeros(0, dtype=np.int32) for parts in columns]
        self._names, self._columns = list(known), whole
        home = whole[0]
        self._starts = np.flatnonzero(np.diff(home, prepend=-1, append=-1)) if len(home) else home

    def homes(self) -> Iterator[list[FollowUpCount]]:
        """Yield the counts of each home."""
        names = self._names
        for start, stop in zip(self._starts[:-1].tolist(), self._starts[1:].tolist(), strict=True):
            rows = zip(*(column[start:stop].tolist() for column in self._columns), strict=True)
            yield [FollowUpCount(names[a], names[b], names[c], names[d], times) for a, b, c, d, times in rows]


def _numbers(column: Any, known: dict[str, int]) -> Any:
    """Number the names of a column, those that are new after those that are known."""
    encoded = column.dictionary_encode()
    places = [known.setdefault(name, len(known)) for name in encoded.dictionary.to_pylist()]
    return np.array(places, dtype=np.int32)[encoded.indices.to_numpy()]
