"""Where goals begin and whether they were reached: linear weights over hashed grams and forests, asked with numpy.

The artifact scores rows of features; `uptake.learn.goal_labels` makes the rows of a log.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from uptake.artifacts.forest import Forest

__all__ = ["GoalLabels", "Line"]

Floats = npt.NDArray[np.float64]
_PARTS = tuple(field.name for field in fields(Forest))


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A linear scorer over hashed features; those it has no weight for count nothing."""

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

    def scores(
        self, indptr: npt.NDArray[np.int64], indices: npt.NDArray[np.int64], values: npt.NDArray[np.float32]
    ) -> Floats:
        """(n,) float64 of n sparse rows (CSR)."""
        count = len(indptr) - 1
        if not len(self.index) or not len(indices):
            return np.full(count, self.bias)
        at = np.minimum(np.searchsorted(self.index, indices), len(self.index) - 1)
        told = np.where(self.index[at] == indices, self.weights[at], np.float32(0.0)) * values
        row = np.repeat(np.arange(count), np.diff(indptr))
        return np.asarray(np.bincount(row, weights=told, minlength=count) + self.bias, dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class GoalLabels:
    """Scorers of boundaries, success and, where ratings were known, satisfaction."""

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
            and {name: array.tobytes() for name, array in self._arrays().items()}
            == {name: array.tobytes() for name, array in other._arrays().items()}
        )

    __hash__ = None  # type: ignore[assignment]

    def probability(self, head: str, table: Floats) -> Floats:
        """(n,) calibrated probabilities in (0, 1) of (n, features) rows."""
        slope, offset = self.settings["calibration"][head]
        scores = self.forests[head].scores(table)
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(slope * scores + offset, -40.0, 40.0))), dtype=np.float64)

    def threshold(self, head: str) -> float:
        """The probability of the best F1 on people the model had not seen."""
        return float(self.settings["thresholds"][head])

    def _arrays(self) -> dict[str, npt.NDArray[Any]]:
        found: dict[str, npt.NDArray[Any]] = {}
        for name, line in sorted(self.lines.items()):
            found |= {f"line-{name}-index": line.index, f"line-{name}-weights": line.weights}
            found[f"line-{name}-bias"] = np.array([line.bias])
        for name, forest in sorted(self.forests.items()):
            found |= {f"forest-{name}-{part}": getattr(forest, part) for part in _PARTS}
        return found

    def save(self, directory: Path) -> None:
        """Write one `.npy` file an array, and `settings.json`."""
        for name, array in self._arrays().items():
            np.save(directory / f"{name}.npy", array, allow_pickle=False)
        held = {"lines": sorted(self.lines), "forests": sorted(self.forests), "settings": dict(self.settings)}
        (directory / "settings.json").write_text(json.dumps(held, indent=1, sort_keys=True, ensure_ascii=False))

    @classmethod
    def load(cls, directory: Path) -> GoalLabels:
        """Map what `save` wrote."""
        told = json.loads((directory / "settings.json").read_text())

        def array(name: str) -> npt.NDArray[Any]:
            held: npt.NDArray[Any] = np.load(directory / f"{name}.npy", mmap_mode="r", allow_pickle=False)
            return held.view(np.ndarray)

        lines = {
            name: Line(array(f"line-{name}-index"), array(f"line-{name}-weights"), float(array(f"line-{name}-bias")[0]))
            for name in told["lines"]
        }
        forests = {
            name: Forest(**{part: array(f"forest-{name}-{part}") for part in _PARTS}) for name in told["forests"]
        }
        return cls(lines=lines, forests=forests, settings=told["settings"])
