"""Simulate imperfect raters for corpora with one label, and compute their agreement."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["KAPPA", "kappa", "majority", "simulated"]

KAPPA = 0.574
"""Fleiss' kappa of the people who rated 6,800 task dialogues in Sun et al., "Simulating User Satisfaction for the
Evaluation of Task-oriented Dialogue Systems" (SIGIR 2021)."""

Bools = NDArray[np.bool_]


def simulated(truth: Bools, raters: int, *, seed: int = 0) -> Bools:
    """Return (raters, n) labels of raters who see the truth or else guess, each by themselves.

    Whoever does not see it says yes as often as it is true, so that the share of yes stays what it is and any two
    raters agree with `KAPPA`: both see the truth with probability sqrt(kappa).

    Args:
        truth: (n,) the labels of the corpus.
        raters: How many.
        seed: Of what they see and guess.
    """
    generator = np.random.default_rng(seed)
    sees = generator.random((raters, len(truth))) < np.sqrt(KAPPA)
    guesses = generator.random((raters, len(truth))) < truth.mean()
    return np.where(sees, truth, guesses)


def majority(labels: Bools) -> Bools:
    """Return (n,) what more than half of (raters, n) say."""
    return np.asarray(2 * labels.sum(axis=0) > len(labels), dtype=bool)


def kappa(labels: Bools) -> float:
    """Return Fleiss' kappa of (raters, n) labels; nan where all say the same."""
    raters, yes = len(labels), labels.sum(axis=0)
    agreed = (yes * (yes - 1) + (raters - yes) * (raters - yes - 1)) / (raters * (raters - 1))
    share = float(labels.mean())
    expected = share**2 + (1 - share) ** 2
    return float((agreed.mean() - expected) / (1 - expected)) if expected < 1 else float("nan")
