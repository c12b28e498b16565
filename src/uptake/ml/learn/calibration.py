"""Make probabilities honest: find how scores must be scaled so that the truth is likeliest.

Source: one divisor, Guo et al., "On Calibration of Modern Neural Networks" (arXiv:1706.04599); slope and offset, Platt,
"Probabilistic Outputs for Support Vector Machines", 1999.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from uptake.ml.linear import sigmoid

__all__ = ["platt", "temperature"]

Floats = NDArray[np.float64]


def temperature(
    scores: NDArray[np.float32], labels: NDArray[np.int64], weights: NDArray[np.float32] | None = None
) -> float:
    """Return the divisor of (n, classes) scores under which the (n,) true labels are likeliest.

    The scores must come from a model that had not seen the examples. Golden section over its logarithm.
    """

    def loss(log_divisor: float) -> float:
        scaled = scores / np.exp(log_divisor)
        peak = scaled.max(axis=1)
        total = np.log(np.exp(scaled - peak[:, None]).sum(axis=1)) + peak
        return float(np.average(total - scaled[np.arange(len(labels)), labels], weights=weights))

    low, high, ratio = -2.0, 2.0, (5**0.5 - 1) / 2
    for _ in range(25):
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        low, high = (low, right) if loss(left) < loss(right) else (left, high)
    return round(float(np.exp((low + high) / 2)), 4)


def platt(scores: Floats, labels: Floats, weights: Floats) -> tuple[float, float]:
    """Find slope and offset of scores under which labels are likeliest: Newton's method, a touch of ridge.

    Args:
        scores: (n,) of a model that had not seen the examples.
        labels: (n,) in [0, 1].
        weights: (n,) how much each example counts.

    Returns:
        Slope and offset of the log-odds; (1, 0) where nothing better is found.
    """
    at = np.array([1.0, 0.0])
    columns = np.column_stack([scores, np.ones_like(scores)])
    for _ in range(25):
        chance = sigmoid(columns @ at)
        gradient = columns.T @ (weights * (chance - labels)) + np.array([at[0] - 1.0, 0.0])
        curved = (columns * (weights * chance * (1.0 - chance))[:, None]).T @ columns + np.diag([1.0, 1e-6])
        step = np.linalg.solve(curved, gradient)
        at = at - step
        if float(np.abs(step).max()) < 1e-8:
            break
    return (float(at[0]), float(at[1])) if np.isfinite(at).all() and at[0] > 0 else (1.0, 0.0)
