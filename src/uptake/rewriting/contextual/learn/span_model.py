"""Model the choice of the span to copy: a conditional logit over all spans of the conversation, fitted by L-BFGS.

The score of a span is a sum of weights of its first word's features, of its last word's, and of features of the whole.
The two word tables are shared by all spans, so that a conversation of a hundred words costs a hundred rows and not a
thousand. Equal texts are one outcome: the probability of a text is the sum over the spans that hold it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from uptake.rewriting.contextual.features import CLASSES, SPAN_FEATURES, TABLE

__all__ = ["Task", "Weights", "fit_stretches"]

_PRECISION = 0.4  # of the normal prior around 0, of the words' weights
_DENSE_PRECISION = 0.2  # the same, of the weights of whole spans

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Task:
    """Training example: one span that was copied, among all candidates."""

    firsts: NDArray[np.int32]
    """(words, m) places in the table, of each word as a first word."""
    lasts: NDArray[np.int32]
    """(words, m) the same as a last word."""
    spans: NDArray[np.int64]
    """(s, 2) first word and word after the last."""
    rows: NDArray[np.float32]
    """(s, `SPAN_FEATURES`)."""
    right: NDArray[np.bool_]
    """(s,) whether a span holds the text that was copied; at least one does."""
    what: str
    """Class of what it stands in for, one of `CLASSES`."""


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """Fitted weights, as `uptake.rewriting.contextual.artifact.ContextualRewriter` holds them."""

    firsts: NDArray[np.float32]
    lasts: NDArray[np.float32]
    spans: NDArray[np.float32]


def fit_stretches(tasks: Sequence[Task]) -> Weights:
    """Fit the weights on what was copied among what."""
    blank = np.zeros(TABLE, dtype=np.float32), np.zeros((1 + len(CLASSES), SPAN_FEATURES), dtype=np.float32)
    if not tasks:
        return Weights(blank[0], blank[0].copy(), blank[1])
    from scipy.optimize import minimize

    data, opening, closing = _stacked(tasks)
    words, width = len(opening) + len(closing), (1 + len(CLASSES)) * SPAN_FEATURES
    firm = np.concatenate([np.full(words, _PRECISION), np.full(width, _DENSE_PRECISION)])
    found = minimize(
        lambda weights: _loss(weights, data, firm),
        np.zeros(words + width),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": 45, "maxcor": 8},
    ).x.astype(np.float32)
    firsts, lasts = blank[0].copy(), blank[0].copy()
    firsts[opening], lasts[closing] = found[: len(opening)], found[len(opening) : words]
    return Weights(firsts, lasts, found[words:].reshape(blank[1].shape))


@dataclass(frozen=True, slots=True, eq=False)
class _Stack:
    firsts: NDArray[np.int32]
    lasts: NDArray[np.int32]
    opening: NDArray[np.int64]
    """(s,) row of `firsts`."""
    closing: NDArray[np.int64]
    rows: NDArray[np.float32]
    right: NDArray[np.bool_]
    starts: NDArray[np.int64]
    """(t,) first span of each task."""
    sizes: NDArray[np.int64]
    what: NDArray[np.int64]
    """(t,) class of each task."""
    widths: tuple[int, int]
    """Number of weights of first and of last words."""


def _stacked(tasks: Sequence[Task]) -> tuple[_Stack, NDArray[np.int32], NDArray[np.int32]]:
    """Return the tasks side by side, and the places of the tables that they touch, in the order of the weights."""
    words = np.cumsum([0, *(len(one.firsts) for one in tasks)])[:-1]
    sizes = np.array([len(one.spans) for one in tasks])
    spans = np.concatenate([one.spans + at for one, at in zip(tasks, words, strict=True)])
    firsts, lasts = (np.concatenate([getattr(one, name) for one in tasks]) for name in ("firsts", "lasts"))
    opening, at_first = _compact(firsts)
    closing, at_last = _compact(lasts)
    stack = _Stack(
        at_first,
        at_last,
        spans[:, 0],
        spans[:, 1] - 1,
        np.concatenate([one.rows for one in tasks]),
        np.concatenate([one.right for one in tasks]),
        np.cumsum([0, *sizes])[:-1],
        sizes,
        np.array([CLASSES.index(one.what) for one in tasks]),
        (len(opening), len(closing)),
    )
    return stack, opening, closing


def _compact(places: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the places of the table that are touched, ascending, and for each of `places` its position among them."""
    touched = np.bincount(places.ravel(), minlength=TABLE) > 0
    position = np.cumsum(touched, dtype=np.int32) - np.int32(1)
    return np.flatnonzero(touched).astype(np.int32), position[places]


def _loss(weights: Floats, data: _Stack, firm: Floats) -> tuple[float, Floats]:
    first, last, rest = np.split(weights, np.cumsum(data.widths))
    dense = rest.reshape(-1, SPAN_FEATURES)
    together = (dense[0] + dense[1:])[data.what].astype(np.float32)
    ends = [*data.starts[1:].tolist(), len(data.rows)]
    parts = [data.rows[at:end] @ one for at, end, one in zip(data.starts.tolist(), ends, together, strict=True)]
    scores = first[data.firsts].sum(axis=1)[data.opening] + last[data.lasts].sum(axis=1)[data.closing]
    scores += np.concatenate(parts)
    peaks = np.repeat(np.maximum.reduceat(scores, data.starts), data.sizes)
    grown = np.exp(scores - peaks)
    wins = grown * data.right
    whole, won = np.add.reduceat(grown, data.starts), np.maximum(np.add.reduceat(wins, data.starts), 1e-30)
    slope = grown / np.repeat(whole, data.sizes) - wins / np.repeat(won, data.sizes)
    gradient = np.concatenate(
        [
            _spread(slope, data.opening, data.firsts, data.widths[0]),
            _spread(slope, data.closing, data.lasts, data.widths[1]),
            _dense(slope, data, ends).ravel(),
        ]
    )
    loss = float((np.log(whole) - np.log(won)).sum() + 0.5 * (firm * weights**2).sum())
    return loss, gradient + firm * weights


def _spread(slope: Floats, at: NDArray[np.int64], places: NDArray[np.int32], width: int) -> Floats:
    by_word = np.bincount(at, weights=slope, minlength=len(places))
    every = np.repeat(by_word, places.shape[1]).astype(np.float64)
    return np.asarray(np.bincount(places.ravel(), weights=every, minlength=width), dtype=np.float64)


def _dense(slope: Floats, data: _Stack, ends: Sequence[int]) -> Floats:
    found = np.zeros((1 + len(CLASSES), SPAN_FEATURES))
    short = slope.astype(np.float32)
    for at, end, what in zip(data.starts.tolist(), ends, data.what.tolist(), strict=True):
        found[1 + what] += short[at:end] @ data.rows[at:end]
    found[0] = found[1:].sum(axis=0)
    return found
