"""Where did a turn fail first? Learn it from turns whose failure point is known, and say it of logs.

Boosted trees on what the log says of a turn and of its session (`uptake.signals.failure_rows`), calibrated on people
they did not see. A user's log knows no truth: there the shipped model is adapted to how often each stage fails.

Source: Khaziev et al., "FPI: Failure Point Isolation in Large-scale Conversational Assistants", NAACL 2022 Industry.
Limit: an error that leaves no trace in the log (a word taken for another that is just as likely, nobody complained)
is read as correct.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.artifacts.failures import FailureModel, shipped_failures
from uptake.errors import BadConfig, NotReady
from uptake.learn.forests import grow
from uptake.learn.reader.targets import FAILURES
from uptake.signals.failure_rows import failure_rows
from uptake.signals.folds import grouped_folds
from uptake.signals.tables import Row
from uptake.types import Session

__all__ = [
    "ENOUGH",
    "LEAST",
    "FailureFit",
    "Isolated",
    "adapt_failures",
    "decision_weights",
    "fit_failures",
    "isolate",
    "learn_failures",
]

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
    """A model and what it says of people it did not see."""

    model: FailureModel
    held_out: Floats
    """(n, points) calibrated probabilities out of fold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Isolated:
    """Where one turn failed."""

    turn_id: str
    """The turn."""
    point: str
    """One of `FAILURES`."""
    probability: float
    """Calibrated probability, in [0, 1], of that point."""
    p_failed: float
    """Calibrated probability, in [0, 1], that it failed at all."""
    chances: Mapping[str, float]
    """Every point's probability."""


def learn_failures(
    sessions: Sequence[Session],
    points: Sequence[str | None],
    *,
    seed: int = 0,
    rounds: int = 160,
    progress: Callable[[str], None] | None = None,
) -> FailureFit:
    """Learn from sessions whose turns' failure points are known.

    Args:
        sessions: Whole sessions.
        points: For every turn, in order, its failure point; None for unknown.
        seed: Of folds and trees.
        rounds: Trees a point.
        progress: Is told what is being done.

    Raises:
        BadConfig: There is not one point a turn, or a point is none of `FAILURES`.
        NotReady: Fewer than two points have `LEAST` turns, or there are fewer than two people.
        MissingExtra: LightGBM is not installed.
    """
    turns = [turn for session in sessions for turn in session.turns]
    if len(points) != len(turns):
        raise BadConfig(
            f"{len(points)} failure points for {len(turns)} turns; there must be one each, None for unknown"
        )
    unknown = sorted({point for point in points if point is not None} - set(FAILURES))
    if unknown:
        raise BadConfig(f"there is no failure point {unknown[0]}; there is {', '.join(FAILURES)}")
    if progress is not None:
        progress("features of failures")
    rows = failure_rows(sessions)
    known = [at for at, point in enumerate(points) if point is not None]
    people = [turns[at].user_id for at in known]
    return fit_failures(
        [rows[at] for at in known], [points[at] or "" for at in known], people, seed=seed, rounds=rounds, tell=progress
    )


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
    """What a log without any truth can teach: how often each stage fails in it. This is what is published for users.

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


@dataclass(frozen=True)
class _Grower:
    """Grows a model on some rows."""

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
    """The median of each column where it is mostly known, else NaN."""
    known = ~np.isnan(table)
    found = np.full(table.shape[1], np.nan)
    for column in np.flatnonzero(known.mean(axis=0) >= 0.5).tolist() if len(table) else []:
        found[column] = float(np.median(table[known[:, column], column]))
    return found


def _temperature(chances: Floats, truth: Ints) -> float:
    """What makes the likelihood of people that were not seen greatest."""
    options = np.round(np.arange(0.5, 3.01, 0.05), 2)
    rows = np.arange(len(truth))
    losses = [-np.log(np.maximum(_cooled(chances, float(one))[rows, truth], 1e-12)).mean() for one in options]
    return float(options[int(np.argmin(losses))])


def _cooled(chances: Floats, temperature: float) -> Floats:
    raised = np.maximum(chances, 1e-12) ** (1.0 / temperature)
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float64)


def decision_weights(chances: Floats, truth: Ints) -> Floats:
    """(points,) multipliers for which accuracy and mean F1 together are greatest; the first point keeps 1."""
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


def isolate(sessions: Sequence[Session], model: FailureModel, *, rows: Sequence[Row] | None = None) -> list[Isolated]:
    """Where every turn failed, in the order of the sessions.

    Args:
        sessions: Whole sessions, of one or of a thousand turns.
        model: What was learned, for example `uptake.artifacts.failures.shipped_failures()`.
        rows: What `failure_rows` gives for the sessions, if it is at hand.
    """
    chances = model.probabilities(failure_rows(sessions) if rows is None else rows)
    said = model.decide(chances)
    turns = (turn for session in sessions for turn in session.turns)
    right = model.points.index("correct") if "correct" in model.points else None
    return [
        Isolated(
            turn_id=turn.turn_id,
            point=model.points[number],
            probability=float(own[number]),
            p_failed=1.0 if right is None else float(1.0 - own[right]),
            chances=dict(zip(model.points, own.tolist(), strict=True)),
        )
        for turn, own, number in zip(turns, chances, said.tolist(), strict=True)
    ]
