"""Model of goal boundaries and goal success: linear weights over hashed n-grams and forests, in numpy.

The artifact scores rows of features; `uptake.insight.goals` makes the rows of a log.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from uptake.ml.arrays import Arrays, arrays_of, open_array, open_record, same_arrays, save_arrays
from uptake.ml.forest import Forest
from uptake.ml.linear import Rows, sigmoid

__all__ = ["GoalLabels", "Line"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """Linear scorer over hashed features; features without a weight count nothing."""

    index: npt.NDArray[np.uint32]
    """(f,) features, ascending."""
    weights: npt.NDArray[np.float32]
    """(f,)."""
    bias: float

    @classmethod
    def pack(cls, weights: npt.NDArray[np.float32], bias: float) -> Line:
        """Keep the (width,) weights that are not 0."""
        index = np.flatnonzero(weights)
        return cls(index.astype(np.uint32), weights[index].astype(np.float32), float(bias))

    def scores(self, rows: Rows) -> Floats:
        """Score the sparse part of n rows: (n,) float64."""
        count = len(rows)
        if not len(self.index) or not len(rows.indices):
            return np.full(count, self.bias)
        at = np.minimum(np.searchsorted(self.index, rows.indices), len(self.index) - 1)
        told = np.where(self.index[at] == rows.indices, self.weights[at], np.float32(0.0)) * rows.values
        row = np.repeat(np.arange(count), np.diff(rows.indptr))
        return np.asarray(np.bincount(row, weights=told, minlength=count) + self.bias, dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class GoalLabels:
    """Scorers of boundaries, success and, if ratings were known, satisfaction."""

    kind: ClassVar[str] = "goal_labels"
    schema_version: ClassVar[int] = 1

    lines: Mapping[str, Line]
    """Linear scorers by name."""
    forests: Mapping[str, Forest]
    """Forests by name."""
    settings: Mapping[str, Any]
    """JSON: names that are counted, thresholds, calibration, what it was learned from."""

    def __len__(self) -> int:
        return len(self.forests)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, GoalLabels)
            and self.settings == other.settings
            and same_arrays(self._arrays(), other._arrays())
        )

    __hash__ = None  # type: ignore[assignment]

    def probability(self, head: str, table: Floats) -> Floats:
        """Return (n,) calibrated probabilities in (0, 1) of (n, features) rows."""
        slope, offset = self.settings["calibration"][head]
        scores = self.forests[head].scores(table)
        return sigmoid(slope * scores + offset)

    def threshold(self, head: str) -> float:
        """Return the probability of the best F1 on people the model had not seen."""
        return float(self.settings["thresholds"][head])

    def _arrays(self) -> Arrays:
        found: Arrays = {}
        for name, line in sorted(self.lines.items()):
            found |= {**arrays_of(line, f"line-{name}-"), f"line-{name}-bias": np.array([line.bias])}
        for name, forest in sorted(self.forests.items()):
            found |= arrays_of(forest, f"forest-{name}-")
        return found

    def without(self, user_id: str) -> None:
        """Tell nothing: the model cannot tell whose sessions it saw, so it is learned again."""

    def save(self, directory: Path) -> None:
        """Write one `.npy` file an array, and `settings.json`."""
        save_arrays(directory, self._arrays())
        held = {"lines": sorted(self.lines), "forests": sorted(self.forests), "settings": dict(self.settings)}
        (directory / "settings.json").write_text(json.dumps(held, indent=1, sort_keys=True, ensure_ascii=False))

    @classmethod
    def load(cls, directory: Path) -> GoalLabels:
        """Map what `save` wrote."""
        told = json.loads((directory / "settings.json").read_text())
        lines = {
            name: open_record(
                Line, directory, f"line-{name}-", bias=float(open_array(directory, f"line-{name}-bias")[0])
            )
            for name in told["lines"]
        }
        forests = {name: open_record(Forest, directory, f"forest-{name}-") for name in told["forests"]}
        return cls(lines=lines, forests=forests, settings=told["settings"])
