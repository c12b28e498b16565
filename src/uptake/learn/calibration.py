"""One number that makes probabilities honest: the divisor of the scores under which the truth is likeliest.

Source: Guo et al., "On Calibration of Modern Neural Networks" (arXiv:1706.04599).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["temperature"]


def temperature(
    scores: NDArray[np.float32], labels: NDArray[np.int64], weights: NDArray[np.float32] | None = None
) -> float:
    """The divisor of (n, classes) scores under which the (n,) true labels are likeliest.

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
