"""Scores against truth: areas, precision, recall, F1 and calibration error.

Definitions as in scikit-learn, in numpy: no evaluation needs a heavy library for its figures.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from uptake.errors import NotReady

__all__ = ["Counts", "calibration_error", "counts", "pr_auc", "roc_auc"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Decisions against truth."""

    true_positive: int
    false_positive: int
    false_negative: int

    @property
    def precision(self) -> float:
        """Share of the decisions "yes" that are right, in [0, 1]; 0 without any."""
        return self.true_positive / max(self.true_positive + self.false_positive, 1)

    @property
    def recall(self) -> float:
        """Share of the truths found, in [0, 1]; 0 without any."""
        return self.true_positive / max(self.true_positive + self.false_negative, 1)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, in [0, 1]."""
        return 2 * self.true_positive / max(2 * self.true_positive + self.false_positive + self.false_negative, 1)


def counts(truth: ArrayLike, decided: ArrayLike) -> Counts:
    """Compare (n,) bool decisions with (n,) bool truth."""
    true, said = np.asarray(truth, dtype=bool), np.asarray(decided, dtype=bool)
    return Counts(
        true_positive=int((true & said).sum()),
        false_positive=int((~true & said).sum()),
        false_negative=int((true & ~said).sum()),
    )


def roc_auc(truth: ArrayLike, score: ArrayLike) -> float:
    """Return the probability, in [0, 1], that a positive outscores a negative; ties count half.

    Raises:
        NotReady: Truth holds only one class.
    """
    true = np.asarray(truth, dtype=bool)
    _, codes, sizes = np.unique(np.asarray(score, dtype=np.float64), return_inverse=True, return_counts=True)
    ranks = np.cumsum(sizes) - (sizes - 1) / 2
    positives, negatives = int(true.sum()), int((~true).sum())
    if not positives or not negatives:
        raise NotReady("an area under a curve needs both right and wrong examples; add more data")
    return float((ranks[codes[true]].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def pr_auc(truth: ArrayLike, score: ArrayLike) -> float:
    """Return the average precision, in [0, 1]: mean over the positives of the precision at their score.

    Raises:
        NotReady: There is no positive.
    """
    _, found, said = _sweep(truth, score)
    if not found[-1]:
        raise NotReady("average precision needs at least one positive example; add more data")
    gained = np.diff(found, prepend=0)
    return float((gained * found / said).sum() / found[-1])


def calibration_error(truth: ArrayLike, probability: ArrayLike, *, bins: int = 10, equal_width: bool = False) -> float:
    """Return the mean absolute difference of probability and frequency over bins, in [0, 1], weighted by their size.

    Args:
        truth: (n,) in [0, 1].
        probability: (n,) in [0, 1].
        bins: Number of bins.
        equal_width: Whether bins are equally wide; else they are equally full.
    """
    chances = np.asarray(probability, dtype=np.float64)
    gaps = np.asarray(truth, dtype=np.float64) - chances
    order = np.argsort(chances, kind="stable")
    cuts = np.searchsorted(chances[order], np.arange(1, bins) / bins) if equal_width else bins
    return float(sum(abs(gaps[rows].sum()) for rows in np.array_split(order, cuts)) / len(gaps))


def _sweep(truth: ArrayLike, score: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Return distinct scores, falling; positives and examples at or above each."""
    true, values = np.asarray(truth, dtype=bool), np.asarray(score, dtype=np.float64)
    if not len(values):
        raise NotReady("there is nothing to score")
    order = np.argsort(-values, kind="stable")
    ends = np.flatnonzero(np.append(np.diff(values[order]) != 0, True))
    return values[order][ends], np.cumsum(true[order])[ends], ends + 1
