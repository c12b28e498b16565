"""Splits that keep everything of one person on one side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from uptake.errors import NotReady

__all__ = ["grouped_folds"]


def grouped_folds(
    groups: Sequence[str], *, folds: int = 5, seed: int = 0
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Yield (train rows, held-out rows) so that no group is on both sides and the folds are of like size.

    Args:
        groups: (n,) the person behind each row.
        folds: How many folds; fewer where there are fewer groups.
        seed: Decides between groups of one size.

    Raises:
        NotReady: There are fewer than two groups.
    """
    names, codes, sizes = np.unique(np.asarray(groups, dtype=str), return_inverse=True, return_counts=True)
    if len(names) < 2:
        raise NotReady("cross-validation needs the turns of at least two users; add more data")
    count = min(folds, len(names))
    shuffled = np.random.default_rng(seed).permutation(len(names))
    load, home = np.zeros(count, dtype=np.int64), np.empty(len(names), dtype=np.int64)
    for group in shuffled[np.argsort(-sizes[shuffled], kind="stable")]:
        home[group] = int(np.argmin(load))
        load[home[group]] += sizes[group]
    fold = home[codes]
    for number in range(count):
        yield np.flatnonzero(fold != number), np.flatnonzero(fold == number)
