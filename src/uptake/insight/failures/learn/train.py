"""Train the model of failure points on turns with known truth, and adapt it to a log.

Boosted trees on the features of a turn and its session (`uptake.insight.failures.features`), calibrated out of fold. A
user's log has no truth: there the shipped model is adapted to the frequency of each failure point.

Source: Khaziev et al., "FPI: Failure Point Isolation in Large-scale Conversational Assistants", NAACL 2022 Industry.
Limit: an error that leaves no trace in the log (a word taken for another that is just as likely, nobody complained) is
predicted as correct.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from uptake.errors import NotReady
from uptake.insight.dialogues.log_counts import Row
from uptake.insight.dialogues.targets import FAILURES
from uptake.insight.failures.artifact import FailureModel, shipped_failures
from uptake.insight.failures.features import failure_rows
from uptake.ml.folds import grouped_folds
from uptake.ml.learn.forest import grow
from uptake.protocols import Material
from uptake.types import Session

__all__ = ["ENOUGH", "LEAST", "FailureFit", "FailureLearner", "adapt_failures", "decision_weights", "fit_failures"]

LEAST = 20
"""Fewest turns of a failure point that it is learned from."""

ENOUGH = 200
"""Fewest turns of a log that a model is adapted to."""
_FOLDS = 5
_STEPS = (0.6, 0.8, 1.0, 1.25, 1.6, 2.0, 2.5, 3.0)
_OPTIONS: dict[str, Any] = {
    "objective": "multiclass",
    "learning_rate": 0.06,
    "num_leaves": 15,
    "min_data_in_leaf": 20,
    "feature_fraction": 0.3,
}

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class FailureFit:
    """Trained model, with its out-of-fold predictions."""

    model: FailureModel
    held_out: Floats
    """(n, points) calibrated probabilities out of fold."""


def fit_failures(  # noqa: PLR0913 - rows, their truth, and whose they are
    rows: Sequence[Row],
    points: Sequence[str],
    people: Sequence[str],
    *,
    seed: int = 0,
    rounds: int = 160,
    options: Mapping[str, Any] | None = None,
    tell: Callable[[str], None] | None = None,
) -> FailureFit:
    """Fit the forest, its temperature and its decision on rows of features.

    Args:
        rows: (n,) features.
        points: (n,) failure points.
        people: (n,) the person behind each row.
        seed: Of folds and trees.
        rounds: Trees a point.
        options: LightGBM's own.
        tell: Is told what is being done.

    Raises:
        NotReady: Fewer than two points have `LEAST` turns, or there are fewer than two people.
        MissingExtra: LightGBM is not installed.
    """
    counts = {point: list(points).count(point) for point in FAILURES}
    kept = tuple(point for point in FAILURES if counts[point] >= LEAST)
    if len(kept) < 2:
        raise NotReady(
            f"two failure points with at least {LEAST} turns each are needed, {len(kept)} of them has so many; "
            "add turns whose failure point is known"
        )
    names = tuple(sorted({name for row in rows for name in row}))
    usable = np.array([point in kept for point in points])
    truth = np.array([kept.index(point) if point in kept else -1 for point in points], dtype=np.int64)
    table = np.array([[row.get(name, np.nan) for name in names] for row in rows], dtype=np.float64)
    chosen = {**_OPTIONS, **(options or {}), "num_class": len(kept)}
    fit = _Grower(table, truth, kept, names, {"rounds": rounds, "options": chosen, "seed": seed})
    held = np.zeros((len(rows), len(kept)))
    for number, (inside, outside) in enumerate(grouped_folds(people, folds=_FOLDS, seed=seed), start=1):
        if tell is not None:
            tell(f"failures: fold {number} of {_FOLDS}")
        held[outside] = fit.model(inside[usable[inside]])._chances(table[outside])
    temperature = _temperature(held[usable], truth[usable])
    held = _cooled(held, temperature)
    model = replace(
        fit.model(np.flatnonzero(usable)),
        temperature=temperature,
        weights=decision_weights(held[usable], truth[usable]),
        made_from={
            "turns": int(usable.sum()),
            "people": len(set(people)),
            "shares": {point: counts[point] / int(usable.sum()) for point in kept},
        },
    )
    return FailureFit(model=model, held_out=held)


def adapt_failures(sessions: Sequence[Session], model: FailureModel | None = None) -> FailureModel:
    """Fit the failure rates of a log without truth; the adapted model is what is published for users.

    Args:
        sessions: Whole sessions of the log.
        model: What to begin with [default: the model that comes with the package].

    Raises:
        NotReady: There are fewer than `ENOUGH` turns.
    """
    count = sum(len(session.turns) for session in sessions)
    if count < ENOUGH:
        raise NotReady(f"the shares of failure points need at least {ENOUGH} turns, there are {count}; add more turns")
    begun = model or shipped_failures()
    found = begun.adapted(failure_rows(sessions))
    return replace(found, made_from={**begun.made_from, "adapted_to_turns": count})


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureLearner:
    """Learner of the frequency of each failure point, from a log without any truth."""

    most_turns: int = 20_000

    name: ClassVar[str] = "failures"

    def learn(self, material: Material) -> FailureModel:
        """Return the shipped model, adapted to the log; see `adapt_failures`."""
        return adapt_failures(material.sessions(self.most_turns))


@dataclass(frozen=True)
class _Grower:
    """Trainer of a model on some rows."""

    table: Floats
    answers: Ints
    points: tuple[str, ...]
    names: tuple[str, ...]
    how: Mapping[str, Any]

    def model(self, places: Ints) -> FailureModel:
        truth, table = self.answers[places], self.table[places]
        counts = np.bincount(truth, minlength=len(self.points))
        weights = (len(truth) / np.maximum(counts, 1)) ** 0.4
        forest = grow(table, truth.astype(np.float64), weights=weights[truth], **self.how)
        return FailureModel(points=self.points, names=self.names, forest=forest, usual=_usual(table[truth == 0]))


def _usual(table: Floats) -> Floats:
    """Return the median of each column where it is mostly known, else NaN."""
    known = ~np.isnan(table)
    found = np.full(table.shape[1], np.nan)
    for column in np.flatnonzero(known.mean(axis=0) >= 0.5).tolist() if len(table) else []:
        found[column] = float(np.median(table[known[:, column], column]))
    return found


def _temperature(chances: Floats, truth: Ints) -> float:
    """Return the temperature that maximises the likelihood of people who were not seen."""
    options = np.round(np.arange(0.5, 3.01, 0.05), 2)
    rows = np.arange(len(truth))
    losses = [-np.log(np.maximum(_cooled(chances, float(one))[rows, truth], 1e-12)).mean() for one in options]
    return float(options[int(np.argmin(losses))])


def _cooled(chances: Floats, temperature: float) -> Floats:
    raised = np.maximum(chances, 1e-12) ** (1.0 / temperature)
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float64)


def decision_weights(chances: Floats, truth: Ints) -> Floats:
    """Return (points,) multipliers for which accuracy and mean F1 together are greatest; the first point keeps 1."""
    found = np.ones(chances.shape[1])
    best = _gain(chances * found, truth)
    for _ in range(2):
        for point in range(1, len(found)):
            for step in _STEPS:
                tried = found.copy()
                tried[point] = step
                gain = _gain(chances * tried, truth)
                if gain > best + 1e-4:
                    best, found = gain, tried
    return found


def _gain(weighted: Floats, truth: Ints) -> float:
    said, count = weighted.argmax(axis=1), weighted.shape[1]
    both = np.bincount(truth[said == truth], minlength=count)
    all_of = np.bincount(truth, minlength=count) + np.bincount(said, minlength=count)
    return float(both.sum() / len(truth) + (2 * both / np.maximum(all_of, 1)).mean())
