"""Common harness of evaluations: split by person, and give every figure its interval."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.ml.bootstrap import interval
from uptake.ml.folds import grouped_folds

__all__ = ["apart", "bounded", "mean"]

Statistic = Callable[..., float]


def apart(taught: Set[str], judged: Set[str], *, folds: int = 3, seed: int = 0) -> list[set[str]]:
    """Split the test people into parts; each part is evaluated by a model of everybody outside it.

    Args:
        taught: People of the training data.
        judged: People of the test data.
        folds: Number of parts if some people are in both; otherwise there is one.
        seed: Seed of the split.
    """
    if not taught & judged:
        return [set(judged)]
    people = sorted(judged)
    return [{people[at] for at in outside} for _, outside in grouped_folds(people, folds=folds, seed=seed)]


def bounded(name: str, statistic: Statistic, people: Sequence[str], *, seed: int) -> dict[str, Any]:
    """Give a figure and, as `_low` and `_high`, its 95 % interval over people drawn again.

    Args:
        name: Key of the figure.
        statistic: The figure of some rows.
        people: (n,) the person, or whatever stays together, behind each row.
        seed: Of the draws.
    """
    low, high = interval(statistic, people, seed=seed)
    return {name: statistic(np.arange(len(people))), f"{name}_low": low, f"{name}_high": high}


def mean(values: NDArray[Any]) -> Statistic:
    """Make the statistic of a mean."""
    return lambda rows: float(values[rows].mean())
