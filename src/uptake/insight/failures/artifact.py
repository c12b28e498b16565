"""Model of failure points: a calibrated boosted forest that also names the signals behind its prediction.

It scores rows of features named signal:feature (`uptake.insight.failures.features`) and needs only numpy. It holds no
words of anybody: thresholds, shares and the usual value of each feature.

Source: Khaziev et al., "FPI: Failure Point Isolation in Large-scale Conversational Assistants", NAACL 2022 Industry.
Differs: boosted trees on the fields of the log instead of a transformer over them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from uptake.errors import ArtifactRefused, BadConfig
from uptake.ml.arrays import arrays_of, open_record, same_arrays, save_arrays
from uptake.ml.forest import Forest, table_of

__all__ = ["FailureModel", "shipped_failures"]

Floats = NDArray[np.float64]
Row = Mapping[str, float]

_FILE = "failures.json"
_SHIPPED = Path(__file__).parent / "model"
_ROUNDS = 500
_CLOSE = 1e-7


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class FailureModel:
    """Classifier of the stage at which a turn failed.

    Args:
        points: The failure points, as in `uptake.insight.dialogues.targets.FAILURES`.
        names: Features, in the order of the columns.
        forest: Trees; tree number t scores point t modulo the number of points.
        usual: (features,) the usual value of each feature in correct turns; NaN if it is usually unknown.
        temperature: Divisor of the scores, for calibration.
        bias: (points,) added to the scores: log-ratio of a point's frequency in this log to that in the training set.
        weights: (points,) factors on the probabilities for the decision.
        made_from: Statistics of the training set.
    """

    kind: ClassVar[str] = "failures"
    schema_version: ClassVar[int] = 1

    points: tuple[str, ...]
    names: tuple[str, ...]
    forest: Forest
    usual: Floats
    temperature: float = 1.0
    bias: Floats = field(default_factory=lambda: np.zeros(0))
    weights: Floats = field(default_factory=lambda: np.zeros(0))
    made_from: Mapping[str, Any] = field(default_factory=dict)

    _parts: tuple[Forest, ...] = field(default=(), init=False, repr=False)  # the trees of each point

    def __post_init__(self) -> None:
        count = len(self.points)
        if len(self.usual) != len(self.names) or count < 2:
            raise BadConfig("a failure model needs two points or more and a usual value for every feature")
        object.__setattr__(self, "bias", np.zeros(count) if not len(self.bias) else np.asarray(self.bias))
        object.__setattr__(self, "weights", np.ones(count) if not len(self.weights) else np.asarray(self.weights))
        parts = tuple(replace(self.forest, roots=self.forest.roots[at::count]) for at in range(count))
        object.__setattr__(self, "_parts", parts)

    def __len__(self) -> int:
        return len(self.forest.roots)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, FailureModel):
            return NotImplemented
        return self._head() == other._head() and same_arrays(arrays_of(self.forest), arrays_of(other.forest))

    __hash__ = None  # type: ignore[assignment]  # arrays have none

    def table(self, rows: Sequence[Row]) -> Floats:
        """Return (n, features) float64; a feature that a row lacks is unknown (NaN)."""
        return table_of(rows, self.names)

    def probabilities(self, rows: Sequence[Row]) -> Floats:
        """Return (n, points) float64: the calibrated probability of every point; rows sum to 1."""
        return self._chances(self.table(rows))

    def _chances(self, table: Floats) -> Floats:
        scores = np.stack([part.scores(table) for part in self._parts], axis=1) / self.temperature + self.bias
        raised = np.exp(scores - scores.max(axis=1, keepdims=True)) if len(scores) else scores
        return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float64)

    def decide(self, chances: Floats) -> NDArray[np.int64]:
        """Return (n,) the number of the point that each row is given."""
        return np.asarray((chances * self.weights).argmax(axis=1), dtype=np.int64)

    def why(self, row: Row, point: int) -> list[tuple[str, float]]:
        """Rank the signals by how much surer they make the answer: (signal, gain), the three strongest first.

        Each signal in turn is set to what it usually says of turns that were right.
        """
        signals = sorted({name.partition(":")[0] for name in self.names})
        table = np.repeat(self.table([row]), len(signals) + 1, axis=0)
        for at, signal in enumerate(signals, start=1):
            columns = [number for number, name in enumerate(self.names) if name.partition(":")[0] == signal]
            table[at, columns] = self.usual[columns]
        chances = self._chances(table)[:, point]
        drops = [(signal, float(chances[0] - chances[at])) for at, signal in enumerate(signals, start=1)]
        return sorted((one for one in drops if one[1] > 0.02), key=lambda one: (-one[1], one[0]))[:3]

    def adapted(self, rows: Sequence[Row], *, most: float = 3.0) -> Self:
        """Adapt the model to the shares of failure points in a log without any truth.

        Source: Saerens, Latinne and Decaestecker, "Adjusting the outputs of a classifier to new a priori
        probabilities", Neural Computation 14(1), 2002 (expectation maximisation).

        Args:
            rows: Turns of the log.
            most: How many times more or less frequent than where it was learned a point may become.
        """
        if not rows:
            return self
        before = np.array([self.made_from.get("shares", {}).get(point, np.nan) for point in self.points])
        if np.isnan(before).any() or (before <= 0).any():
            return self
        chances = replace(self, bias=np.zeros(len(self.points))).probabilities(rows)
        shares = before.copy()
        for _ in range(_ROUNDS):
            now = chances * (shares / before)
            now /= now.sum(axis=1, keepdims=True)
            new = np.clip(now.mean(axis=0), before / most, before * most)
            new /= new.sum()
            moved, shares = float(np.abs(new - shares).max()), new
            if moved < _CLOSE:
                break
        return replace(self, bias=np.clip(np.log(shares / before), -np.log(most), np.log(most)))

    def without(self, user_id: str) -> None:
        """Tell nothing: the shares hold everybody's turns, so they are counted again."""

    def save(self, directory: Path) -> None:
        """Write one `.npy` file per array and a JSON file."""
        save_arrays(directory, arrays_of(self.forest))
        (directory / _FILE).write_text(json.dumps(self._head(), indent=1, sort_keys=True) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Map what `save` wrote.

        Raises:
            ArtifactRefused: The files are not such a model.
        """
        try:
            head = json.loads((directory / _FILE).read_text(encoding="utf-8"))
            known: dict[str, Any] = {
                name: np.array([np.nan if v is None else v for v in head.pop(name)]) for name in _NUMBERS
            }
            return cls(
                forest=open_record(Forest, directory).checked(len(head["names"])),
                points=tuple(head.pop("points")),
                names=tuple(head.pop("names")),
                **known,
                **head,
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ArtifactRefused(f"{directory}: no model of failures ({type(error).__name__})") from error

    def _head(self) -> dict[str, Any]:
        numbers = {
            name: [None if np.isnan(value) else float(value) for value in getattr(self, name)] for name in _NUMBERS
        }
        return {
            "points": list(self.points),
            "names": list(self.names),
            "temperature": self.temperature,
            "made_from": dict(self.made_from),
            **numbers,
        }


_NUMBERS = ("usual", "bias", "weights")


def shipped_failures() -> FailureModel:
    """Return the bundled model: learned from simulated homes, and only as good as they are like yours."""
    return FailureModel.load(_SHIPPED)
