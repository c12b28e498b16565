"""Fit `NextGoals`: multinomial logistic regression with a ridge, on counted sessions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from uptake.lab.evaluate.next_goals.next_goal import NextGoals

__all__ = ["fit_next_goals"]

_MOST_STEPS = 150
Floats = NDArray[np.float64]


def fit_next_goals(
    rows: Iterable[tuple[Sequence[str], str, float]], *, ridge: float = 3.0, least: int = 3
) -> NextGoals:
    """Fit the model; equal rows give equal models, whatever their order.

    Args:
        rows: (clues, the goal that came next or `NO_GOAL`, how often).
        ridge: Weight of the squared weights.
        least: Fewest rows that must hold a clue for it to be looked at.
    """
    counted: Counter[tuple[tuple[str, ...], str]] = Counter()
    for seen, target, times in rows:
        counted[tuple(seen), target] += times  # type: ignore[assignment]
    given = sorted(counted.items())
    held: Counter[str] = Counter()
    for (seen, _), times in given:
        held.update(dict.fromkeys(seen, times))
    names = tuple(sorted(name for name, times in held.items() if times >= least))
    targets = tuple(sorted({target for (_, target), _ in given}))
    if len(targets) < 2:
        return NextGoals()
    weights = _fitted(given, names, targets, ridge)
    return NextGoals(names=names, targets=targets, weights=np.ascontiguousarray(weights, dtype=np.float32))


def _fitted(
    given: Sequence[tuple[tuple[tuple[str, ...], str], float]],
    names: tuple[str, ...],
    targets: tuple[str, ...],
    ridge: float,
) -> Floats:
    """(clues + 1, goals) float64: weights that make the rows likeliest, less the ridge."""
    from scipy.optimize import minimize
    from scipy.sparse import csr_array

    at = {name: place for place, name in enumerate(names)}
    of = {target: place for place, target in enumerate(targets)}
    spots = [[*(at[name] for name in seen if name in at), len(names)] for (seen, _), _ in given]
    lengths = np.cumsum([0, *map(len, spots)])
    columns = np.array([one for row in spots for one in row], dtype=np.int64)
    shape = (len(given), len(names) + 1)
    rows = csr_array((np.ones(len(columns)), columns, lengths), shape=shape)
    gold = np.array([of[target] for (_, target), _ in given])
    times = np.array([count for _, count in given], dtype=np.float64)
    free = np.ones((len(names) + 1, 1))
    free[-1] = 1e-6  # the intercept is all but free

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(len(names) + 1, len(targets))
        scores = rows @ weights
        scores -= scores.max(axis=1, keepdims=True)
        mass = np.exp(scores)
        whole = mass.sum(axis=1, keepdims=True)
        picked = scores[np.arange(len(gold)), gold] - np.log(whole[:, 0])
        slope = mass / whole
        slope[np.arange(len(gold)), gold] -= 1.0
        gradient = rows.T @ (slope * times[:, None]) + ridge * free * weights
        return float(-(picked * times).sum() + ridge / 2.0 * (free * weights**2).sum()), gradient.ravel()

    start = np.zeros(shape[1] * len(targets))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _MOST_STEPS})
    return np.asarray(found.x, dtype=np.float64).reshape(len(names) + 1, len(targets))
