"""Boosted trees with the names of the features they ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from uptake.artifacts.forest import Forest
from uptake.errors import ArtifactRefused

__all__ = ["ARRAYS", "Trees", "table_of"]

ARRAYS = ("roots", "column", "threshold", "left", "right", "leaves")
"""The arrays of a forest."""

Floats = NDArray[np.float64]


def table_of(rows: Sequence[Mapping[str, float]], names: Sequence[str]) -> Floats:
    """(n, features) float64 of features by name; one that a row lacks is NaN."""
    nan = float("nan")
    table = np.array([[row.get(name, nan) for name in names] for row in rows], dtype=np.float64)
    return table.reshape(len(rows), len(names))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trees:
    """A forest that is asked by the names of features."""

    names: tuple[str, ...]
    """Features, in the order of the columns."""
    forest: Forest

    def probability(self, rows: Sequence[Mapping[str, float]]) -> Floats:
        """(n,) float64 in (0, 1)."""
        return self.of_table(table_of(rows, self.names))

    def of_table(self, table: Floats) -> Floats:
        """The same for a table whose columns are in the order of `names`."""
        return np.asarray(1.0 / (1.0 + np.exp(-self.forest.scores(table))), dtype=np.float64)

    def save(self, directory: Path, name: str) -> None:
        """Write `name`-*.npy."""
        for array in ARRAYS:
            np.save(directory / f"{name}-{array}.npy", getattr(self.forest, array), allow_pickle=False)

    @classmethod
    def load(cls, directory: Path, name: str, names: Sequence[str]) -> Self:
        """Map what `save` wrote.

        Raises:
            ArtifactRefused: The arrays do not fit one another.
        """
        held = {array: _mapped(directory / f"{name}-{array}.npy") for array in ARRAYS}
        nodes, leaves = len(held["column"]), len(held["leaves"])
        if any(len(held[array]) != nodes for array in ("threshold", "left", "right")):
            raise ArtifactRefused(f"{directory}: the trees of {name} are not whole; learn the repairs again")
        for links in (held["roots"], held["left"], held["right"]):
            if len(links) and (links.min() < -leaves or links.max() >= nodes):
                raise ArtifactRefused(f"{directory}: the trees of {name} lead nowhere; learn the repairs again")
        if nodes and not 0 <= held["column"].min() <= held["column"].max() < len(names):
            raise ArtifactRefused(f"{directory}: the trees of {name} ask for features that are not listed")
        return cls(names=tuple(names), forest=Forest(**held))


def _mapped(path: Path) -> NDArray[Any]:
    found: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False).view(np.ndarray)
    return found
