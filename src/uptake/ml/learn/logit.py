"""Weights of features from choices: which of some candidates was the right one.

Conditional logit: P(candidate) is proportional to exp(weights . features) over the candidates of one choice, so
that only differences between candidates count. The fit is ridge regression towards prior weights instead of
towards zero: a feature that the choices do not teach keeps its prior.

Source: McFadden, "Conditional Logit Analysis of Qualitative Choice Behavior", 1974; Newton's method.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Choice", "fit_choices"]

Floats = NDArray[np.float64]
_STEPS = 60


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Choice:
    """Candidates of which one is right."""

    features: Floats
    """(n_candidates, n_features) float64."""
    right: int
    """Row of the right one."""
    weight: float = 1.0
    """Weight of the choice."""


def fit_choices(choices: Sequence[Choice], prior: Floats, *, precision: float | Floats = 1.0) -> Floats:
    """Fit weights.

    Args:
        choices: What was chosen among what.
        prior: (n_features,) float64 weights believed before any choice.
        precision: How firmly; of the prior's normal density, one number or (n_features,) float64.

    Returns:
        (n_features,) float64.
    """
    weights = prior.astype(np.float64).copy()
    firm = np.broadcast_to(np.asarray(precision, dtype=np.float64), prior.shape)
    loss = _loss(choices, weights, prior, firm)
    for _ in range(_STEPS):
        gradient, curvature = firm * (weights - prior), np.diag(firm)
        for choice in choices:
            chances = _chances(choice.features @ weights)
            mean = chances @ choice.features
            centred = choice.features - mean
            gradient = gradient + choice.weight * (mean - choice.features[choice.right])
            curvature = curvature + choice.weight * (centred.T * chances) @ centred
        step, size = np.linalg.solve(curvature, gradient), 1.0
        while size > 1e-4 and _loss(choices, weights - size * step, prior, firm) > loss:
            size /= 2
        weights = weights - size * step
        before, loss = loss, _loss(choices, weights, prior, firm)
        if before - loss < 1e-9 * max(abs(loss), 1.0):
            break
    return weights


def _loss(choices: Sequence[Choice], weights: Floats, prior: Floats, firm: Floats) -> float:
    total = float(0.5 * (firm * (weights - prior) ** 2).sum())
    for choice in choices:
        scores = choice.features @ weights
        top = scores.max()
        total += choice.weight * float(top + np.log(np.exp(scores - top).sum()) - scores[choice.right])
    return total


def _chances(scores: Floats) -> Floats:
    grown = np.exp(scores - scores.max())
    return np.asarray(grown / grown.sum(), dtype=np.float64)
