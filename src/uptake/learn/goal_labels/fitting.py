"""Two stages, as everywhere here: words by a linear scorer, then a forest over its scores and the numbers.

The forest learns from scores of people the linear scorer had not seen; thresholds and calibration come from forests
that had not seen them either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.artifacts.forest import Forest
from uptake.artifacts.goal_labels import GoalLabels, Line
from uptake.learn import forests, logistic
from uptake.learn.logistic import Rows
from uptake.signals.fitting import best_f1_threshold
from uptake.signals.folds import grouped_folds

__all__ = ["Head", "Taught", "fit_head", "fit_line", "line_scores", "packed", "sigmoid"]

_FOLDS = 4
_LINE = logistic.Options(passes=6, ridge=3e-4)

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taught:
    """What a head is taught: one entry a row."""

    labels: Floats
    """(n,) in [0, 1]."""
    known: Bools
    """(n,) rows whose label may be learned from; every row is judged."""
    people: Sequence[str]
    """(n,) who must stay on one side of every split."""
    weights: Floats
    """(n,) how much each row counts."""
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A fitted forest, how to read its scores, and what it says of people it had not seen."""

    forest: Forest
    calibration: tuple[float, float]
    """Slope and offset of the log-odds."""
    threshold: float
    """Probability of the best F1 out of fold."""
    held_out: Floats
    """(n,) calibrated probabilities out of fold."""


def fit_line(rows: Rows, taught: Taught) -> tuple[Line, Floats]:
    """A linear scorer, and (n,) scores out of fold."""
    held = np.zeros(len(rows))
    for inside, outside in grouped_folds(taught.people, folds=_FOLDS, seed=taught.seed):
        line = _line(rows, inside[taught.known[inside]], taught)
        held[outside] = line_scores(line, _some(rows, outside))
    return _line(rows, np.flatnonzero(taught.known), taught), held


def line_scores(line: Line, rows: Rows) -> Floats:
    """(n,) float64."""
    return line.scores(rows.indptr, rows.indices, rows.values)


def _line(rows: Rows, places: NDArray[np.int64], taught: Taught) -> Line:
    fitted = logistic.fit(
        _some(rows, places),
        (taught.labels[places] > 0.5).astype(np.int64),
        classes=2,
        weights=taught.weights[places].astype(np.float32),
        options=_LINE,
        seed=taught.seed,
    )
    return Line.pack(fitted.weights[:, 1] - fitted.weights[:, 0], float(fitted.bias[1] - fitted.bias[0]))


def _some(rows: Rows, places: NDArray[np.int64]) -> Rows:
    sizes = np.diff(rows.indptr)[places]
    indptr = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    source = np.repeat(rows.indptr[places] - indptr[:-1], sizes) + np.arange(indptr[-1])
    return Rows(
        indptr=indptr,
        indices=rows.indices[source],
        values=rows.values[source],
        dense=rows.dense[places],
        width=rows.width,
    )


def fit_head(table: Floats, taught: Taught, *, rounds: int = 200, options: Mapping[str, Any] | None = None) -> Head:
    """A forest over a table of numbers.

    Raises:
        MissingExtra: LightGBM is not installed.
        NotReady: There are fewer than two people.
    """

    def grow(places: NDArray[np.int64]) -> Forest:
        return forests.grow(
            table[places],
            taught.labels[places],
            weights=taught.weights[places],
            rounds=rounds,
            options=options,
            seed=taught.seed,
        )

    held = np.zeros(len(table))
    for inside, outside in grouped_folds(taught.people, folds=_FOLDS, seed=taught.seed + 1):
        held[outside] = grow(inside[taught.known[inside]]).scores(table[outside])
    known = taught.known
    slope, offset = _calibrated(held[known], taught.labels[known], taught.weights[known])
    chances = sigmoid(slope * held + offset)
    return Head(
        forest=grow(np.flatnonzero(known)),
        calibration=(slope, offset),
        threshold=best_f1_threshold(taught.labels[known] > 0.5, chances[known]),
        held_out=chances,
    )


def sigmoid(scores: Floats) -> Floats:
    """Log-odds to probabilities, as `GoalLabels.probability` does it."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(scores, -40.0, 40.0))), dtype=np.float64)


def _calibrated(scores: Floats, labels: Floats, weights: Floats) -> tuple[float, float]:
    """Slope and offset under which the labels are likeliest (Platt); Newton's method, a touch of ridge."""
    at = np.array([1.0, 0.0])
    columns = np.column_stack([scores, np.ones_like(scores)])
    for _ in range(25):
        chance = sigmoid(columns @ at)
        gradient = columns.T @ (weights * (chance - labels)) + np.array([at[0] - 1.0, 0.0])
        curved = (columns * (weights * chance * (1.0 - chance))[:, None]).T @ columns + np.diag([1.0, 1e-6])
        step = np.linalg.solve(curved, gradient)
        at = at - step
        if float(np.abs(step).max()) < 1e-8:
            break
    return (float(at[0]), float(at[1])) if np.isfinite(at).all() and at[0] > 0 else (1.0, 0.0)


def packed(lines: Mapping[str, Line], heads: Mapping[str, Head], settings: Mapping[str, Any]) -> GoalLabels:
    """The artifact of what was fitted."""
    return GoalLabels(
        lines=dict(lines),
        forests={name: head.forest for name, head in heads.items()},
        settings={
            **settings,
            "calibration": {name: list(head.calibration) for name, head in heads.items()},
            "thresholds": {name: head.threshold for name, head in heads.items()},
        },
    )
