"""Confidence bounds of proportions, and the probability that one is larger than another.

Counts may be fractions (sessions that count in part).

Source: Jeffreys intervals, Brown, Cai and DasGupta, "Interval Estimation for a Binomial Proportion" (2001).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

__all__ = ["beta_below", "chance_better", "lower", "upper"]

Floats = NDArray[np.float64]

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(48)
_POINTS = (_NODES + 1.0) / 2.0


def lower(wins: ArrayLike, trials: ArrayLike, confidence: float) -> Floats:
    """Return lower bound of the chance behind `wins` of `trials` (Jeffreys, one-sided); 0 where nothing was won.

    >>> [round(float(x), 2) for x in lower([3, 30, 0], [3, 30, 5], 0.9)]
    [0.66, 0.96, 0.0]
    """
    won, lost = _split(wins, trials)
    bound = special.betaincinv(won + 0.5, lost + 0.5, 1.0 - confidence)
    return np.where(won > 0.0, bound, 0.0)


def upper(wins: ArrayLike, trials: ArrayLike, confidence: float) -> Floats:
    """Return upper bound of the chance behind `wins` of `trials` (Jeffreys, one-sided); 1 where nothing was lost."""
    won, lost = _split(wins, trials)
    bound = special.betaincinv(won + 0.5, lost + 0.5, confidence)
    return np.where(lost > 0.0, bound, 1.0)


def beta_below(for_it: float, against: float, bound: float) -> float:
    """Return P(theta < bound) of Beta(for_it, against), both more than 0."""
    return float(special.betainc(for_it, against, bound))


def chance_better(wins: ArrayLike, losses: ArrayLike, other_wins: ArrayLike, other_losses: ArrayLike) -> Floats:
    """Compute P(theta > theta') of Beta(1 + wins, 1 + losses) and Beta(1 + other_wins, 1 + other_losses).

    Computed, not drawn: 48-point Gauss-Legendre over the quantiles of the narrower of the two, within 1e-3.

    >>> [round(float(x), 3) for x in chance_better([5, 9], [5, 1], [5, 1], [5, 9])]
    [0.5, 1.0]
    """
    first = np.broadcast_arrays(*(np.asarray(x, dtype=np.float64) + 1.0 for x in (wins, losses)))
    second = np.broadcast_arrays(*(np.asarray(x, dtype=np.float64) + 1.0 for x in (other_wins, other_losses)))
    swap = _variance(*first) < _variance(*second)
    narrow = [np.where(swap, a, b)[..., None] for a, b in zip(first, second, strict=True)]
    wide = [np.where(swap, b, a)[..., None] for a, b in zip(first, second, strict=True)]
    below: Any = special.betainc(wide[0], wide[1], special.betaincinv(narrow[0], narrow[1], _POINTS))
    wide_is_less = (below * _WEIGHTS).sum(axis=-1) / 2.0  # P(wide < narrow)
    return np.asarray(np.where(swap, wide_is_less, 1.0 - wide_is_less))


def _variance(a: Floats, b: Floats) -> Floats:
    total: Floats = a + b
    return np.asarray(a * b / (total * total * (total + 1.0)))


def _split(wins: ArrayLike, trials: ArrayLike) -> tuple[Floats, Floats]:
    won, tried = np.asarray(wins, dtype=np.float64), np.asarray(trials, dtype=np.float64)
    return won, np.maximum(tried - won, 0.0)
