"""Train a head in two stages: a linear scorer over words, then a forest over its scores and the numeric features.

The forest is trained on out-of-fold scores of the linear scorer; thresholds and calibration use out-of-fold forests.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.feedback.learn import best_f1_threshold
from uptake.insight.goals.artifact import GoalLabels, Line
from uptake.ml.folds import grouped_folds
from uptake.ml.forest import Forest
from uptake.ml.learn import forest as forests
from uptake.ml.learn import linear as logistic
from uptake.ml.learn.calibration import platt
from uptake.ml.linear import Rows, sigmoid

__all__ = ["Head", "HeadLabels", "fit_head", "fit_line", "packed"]

_FOLDS = 4
_LINE = logistic.Options(passes=6, ridge=3e-4)

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadLabels:
    """Labels of a head: one entry per row."""

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
    """Trained forest, with its threshold and calibration, and its out-of-fold predictions."""

    forest: Forest
    calibration: tuple[float, float]
    """Slope and offset of the log-odds."""
    threshold: float
    """Probability of the best F1 out of fold."""
    held_out: Floats
    """(n,) calibrated probabilities out of fold."""


def fit_line(rows: Rows, targets: HeadLabels) -> tuple[Line, Floats]:
    """Return a linear scorer, and (n,) scores out of fold."""
    held = np.zeros(len(rows))
    for inside, outside in grouped_folds(targets.people, folds=_FOLDS, seed=targets.seed):
        line = _line(rows, inside[targets.known[inside]], targets)
        held[outside] = line.scores(_subset(rows, outside))
    return _line(rows, np.flatnonzero(targets.known), targets), held


def _line(rows: Rows, places: NDArray[np.int64], targets: HeadLabels) -> Line:
    fitted = logistic.fit(
        _subset(rows, places),
        (targets.labels[places] > 0.5).astype(np.int64),
        classes=2,
        weights=targets.weights[places].astype(np.float32),
        options=_LINE,
        seed=targets.seed,
    )
    return Line.pack(fitted.weights[:, 1] - fitted.weights[:, 0], float(fitted.bias[1] - fitted.bias[0]))


def _subset(rows: Rows, places: NDArray[np.int64]) -> Rows:
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


def fit_head(
    table: Floats, targets: HeadLabels, *, rounds: int = 200, options: Mapping[str, Any] | None = None
) -> Head:
    """Return a forest over a table of numbers.

    Raises:
        MissingExtra: LightGBM is not installed.
        NotReady: There are fewer than two people.
    """

    def grow(places: NDArray[np.int64]) -> Forest:
        return forests.grow(
            table[places],
            targets.labels[places],
            weights=targets.weights[places],
            rounds=rounds,
            options=options,
            seed=targets.seed,
        )

    held = np.zeros(len(table))
    for inside, outside in grouped_folds(targets.people, folds=_FOLDS, seed=targets.seed + 1):
        held[outside] = grow(inside[targets.known[inside]]).scores(table[outside])
    known = targets.known
    slope, offset = platt(held[known], targets.labels[known], targets.weights[known])
    chances = sigmoid(slope * held + offset)
    return Head(
        forest=grow(np.flatnonzero(known)),
        calibration=(slope, offset),
        threshold=best_f1_threshold(targets.labels[known] > 0.5, chances[known]),
        held_out=chances,
    )


def packed(lines: Mapping[str, Line], heads: Mapping[str, Head], settings: Mapping[str, Any]) -> GoalLabels:
    """Return the artifact of what was fitted."""
    return GoalLabels(
        lines=dict(lines),
        forests={name: head.forest for name, head in heads.items()},
        settings={
            **settings,
            "calibration": {name: list(head.calibration) for name, head in heads.items()},
            "thresholds": {name: head.threshold for name, head in heads.items()},
        },
    )
