"""Multinomial logistic regression over sparse features and a dense vector, one pass after the other.

AdaGrad with one rate a weight: rare n-grams move far, common ones little, and no rate needs tuning. Classes whose
probability is already right to a hair are skipped, which is most of the work after the first pass.

Source: Duchi, Hazan and Singer, "Adaptive Subgradient Methods", JMLR 2011.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from uptake.ml.linear import Rows

__all__ = ["Fitted", "Options", "fit", "predict"]

Floats = NDArray[np.float32]
_SKIP = 1e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """Weights of a fitted classifier."""

    weights: Floats
    """(width, labels)."""
    dense: Floats
    """(dim, labels)."""
    bias: Floats
    """(labels,)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Options of the fit."""

    passes: int = 15
    rate: float = 0.1
    ridge: float = 3e-5
    """Weight of the squared weights in the loss, for every example that touches them."""


def fit(
    rows: Rows,
    labels: NDArray[np.int64],
    *,
    classes: int,
    weights: Floats,
    options: Options | None = None,
    seed: int = 0,
) -> Fitted:
    """Fit (n,) int labels in [0, classes), each example weighing (n,) float32 `weights`. Equal seeds, equal weights."""
    chosen = options or Options()
    generator = np.random.default_rng(seed)
    order = np.concatenate([generator.permutation(len(rows)) for _ in range(chosen.passes)]).astype(np.int64)
    fitted = Fitted(
        weights=np.zeros((rows.width, classes), dtype=np.float32),
        dense=np.zeros((rows.dense.shape[1], classes), dtype=np.float32),
        bias=np.zeros(classes, dtype=np.float32),
    )
    sums = tuple(np.full_like(part, 1e-6) for part in (fitted.weights, fitted.dense, fitted.bias))
    _descend(
        (rows.indptr, rows.indices, rows.values, rows.dense),
        labels,
        weights,
        order,
        (fitted.weights, fitted.dense, fitted.bias, *sums),
        (np.float32(chosen.rate), np.float32(chosen.ridge)),
    )
    return fitted


def predict(fitted: Fitted, rows: Rows) -> Floats:
    """Return (n, labels) logits."""
    data = (rows.indptr, rows.indices, rows.values, rows.dense)
    found: Floats = _scores(data, (fitted.weights, fitted.dense, fitted.bias))
    return found


# numba infers the types of both loops, and no coverage tool sees compiled lines: hence the marks
@njit(cache=True, fastmath=True)
def _descend(data, labels, importance, order, model, options):  # type: ignore[no-untyped-def] # pragma: no cover - numba
    indptr, indices, values, dense = data
    weights, thick, bias, weight_sums, thick_sums, bias_sums = model
    rate, ridge = options
    classes = len(bias)
    chance = np.empty(classes, dtype=np.float32)
    moved = np.empty(classes, dtype=np.int64)
    for at in order:
        chance[:] = bias
        for place in range(indptr[at], indptr[at + 1]):
            row, value = weights[indices[place]], values[place]
            for label in range(classes):
                chance[label] += value * row[label]
        for column in range(dense.shape[1]):
            value = dense[at, column]
            for label in range(classes):
                chance[label] += value * thick[column, label]
        chance[:] = np.exp(chance - chance.max())
        chance /= chance.sum()
        chance[labels[at]] -= np.float32(1.0)
        chance *= importance[at]
        count = 0
        for label in range(classes):
            if abs(chance[label]) > _SKIP:
                moved[count] = label
                count += 1
        for place in range(indptr[at], indptr[at + 1]):
            feature, value = indices[place], values[place]
            for some in range(count):
                label = moved[some]
                slope = chance[label] * value + ridge * weights[feature, label]
                weight_sums[feature, label] += slope * slope
                weights[feature, label] -= rate * slope / np.sqrt(weight_sums[feature, label])
        for column in range(dense.shape[1]):
            value = dense[at, column]
            for some in range(count):
                label = moved[some]
                slope = chance[label] * value + ridge * thick[column, label]
                thick_sums[column, label] += slope * slope
                thick[column, label] -= rate * slope / np.sqrt(thick_sums[column, label])
        for some in range(count):
            label = moved[some]
            bias_sums[label] += chance[label] * chance[label]
            bias[label] -= rate * chance[label] / np.sqrt(bias_sums[label])


@njit(cache=True, fastmath=True)
def _scores(data, model):  # type: ignore[no-untyped-def] # numba infers them # pragma: no cover - compiled
    indptr, indices, values, dense = data
    weights, thick, bias = model
    found = np.empty((len(indptr) - 1, len(bias)), dtype=np.float32)
    for at in range(len(indptr) - 1):
        found[at] = bias
        for place in range(indptr[at], indptr[at + 1]):
            found[at] += values[place] * weights[indices[place]]
        for column in range(dense.shape[1]):
            found[at] += dense[at, column] * thick[column]
    return found
