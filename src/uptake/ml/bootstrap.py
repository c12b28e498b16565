"""Intervals that respect whose turns they are: whole users are drawn again, never single turns.

Source: Efron and Tibshirani, "An Introduction to the Bootstrap", 1993 (percentile interval over clusters).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from uptake.errors import NotReady

__all__ = ["interval"]


def interval(
    statistic: Callable[[NDArray[np.int64]], float],
    users: Sequence[str],
    *,
    draws: int = 300,
    seed: int = 0,
) -> tuple[float, float]:
    """Return the 95 % percentile interval of a figure over users drawn with replacement.

    Args:
        statistic: The figure of some rows (positions, (m,) int64, with repetition); draws for which it raises
            `NotReady` (a draw without a positive, say) are left out.
        users: (n,) the person behind each row.
        draws: How often users are drawn.
        seed: Of the draws.

    Returns:
        (low, high); (nan, nan) where no draw gave a figure.
    """
    names, codes = np.unique(np.asarray(users, dtype=str), return_inverse=True)
    order = np.argsort(codes, kind="stable")
    rows = np.split(order, np.cumsum(np.bincount(codes))[:-1])
    generator = np.random.default_rng(seed)
    found = []
    for _ in range(draws):
        drawn = np.concatenate([rows[at] for at in generator.integers(0, len(names), len(names))])
        try:
            found.append(statistic(drawn))
        except NotReady:
            continue
    if not found:
        return float("nan"), float("nan")
    low, high = np.quantile(found, [0.025, 0.975])
    return float(low), float(high)
