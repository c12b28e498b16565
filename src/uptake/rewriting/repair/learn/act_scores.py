"""Train the gist scores from the words of a turn: one logistic regression per gist, on the whole n-best list.

Labels may be human, or the assistant's own confident interpretations. In the latter case an empty interpretation of a
turn with words is a missing label, never the label "nothing": the caller leaves such turns out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.rewriting.repair.act_scores import ActScores, grams
from uptake.rewriting.repair.turn import Meaning, TurnView
from uptake.rewriting.repair.values import Values, gist

__all__ = ["fit_act_scores"]

_COST = 3.0  # what errors cost beside the weights' size
_ROUNDS = 60
_LEAST = 8  # turns with a gist that is learned
_RARE = 2  # turns with a run of words that is kept

Floats = NDArray[np.float64]


def fit_act_scores(turns: Sequence[TurnView], meant: Sequence[Meaning], values: Values) -> ActScores:
    """Fit on turns whose meaning is known or believed; `values` names values."""
    gists = [{gist(act, turn.asked) for act in meaning} for turn, meaning in zip(turns, meant, strict=True)]
    counts = Counter(name for found in gists for name in found)
    names = sorted(name for name, count in counts.items() if count >= _LEAST)
    rows = [grams(turn.texts, turn.prompt, values) for turn in turns]
    seen = Counter(gram for row in rows for gram in row)
    hashes = np.array(sorted(gram for gram, count in seen.items() if count >= _RARE), dtype=np.uint64)
    if not names or not len(hashes):
        return ActScores((), hashes[:0], np.zeros((0, 0), np.float32), np.zeros(0, np.float32))
    place = {gram: at for at, gram in enumerate(hashes.tolist())}
    table = _matrix(rows, place)
    labels = np.array([[name in found for name in names] for found in gists], dtype=np.float64)
    fitted = _logistic(table, labels)
    return ActScores(tuple(names), hashes, fitted[:-1].astype(np.float32), fitted[-1].astype(np.float32))


def _matrix(rows: Sequence[dict[int, float]], place: dict[int, int]) -> Any:
    from scipy.sparse import csr_matrix

    columns, masses, ends = [], [], [0]
    for row in rows:
        for gram, mass in row.items():
            at = place.get(gram)
            if at is not None:
                columns.append(at)
                masses.append(mass)
        ends.append(len(columns))
    return csr_matrix(
        (np.array(masses), np.array(columns, np.int32), np.array(ends, np.int32)), shape=(len(rows), len(place))
    )


def _logistic(table: Any, labels: Floats) -> Floats:
    """Fit logistic regressions at once: (features + 1, gists) weights; the last row is the bias."""
    from scipy.optimize import minimize

    shape = (table.shape[1] + 1, labels.shape[1])
    transposed, each = table.T.tocsr(), np.ones(len(labels))

    def loss(flat: Floats) -> tuple[float, Floats]:
        held = flat.reshape(shape)
        scores = table @ held[:-1] + held[-1]
        costs = np.logaddexp(0.0, scores) - labels * scores
        slopes = 1.0 / (1.0 + np.exp(-scores)) - labels
        gradient = np.vstack([transposed @ slopes + held[:-1] / _COST, slopes.sum(axis=0)])
        return float(each @ costs.sum(axis=1) + (held[:-1] ** 2).sum() / (2 * _COST)), gradient.ravel()

    found = minimize(loss, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B", options={"maxiter": _ROUNDS})
    return np.asarray(found.x, dtype=np.float64).reshape(shape)
