"""Fit the light scorers on turns with known truth (an evaluation corpus), never on a user's log.

All inputs of a later stage are out-of-fold predictions, with all turns of a person in one fold: the defect scorers see
rephrase probabilities from models that never saw that person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.feedback.columns import Bools, Floats, Ints, TurnFrame
from uptake.feedback.scorer import (
    DEFECT_OFFLINE,
    DEFECT_ONLINE,
    REPHRASE,
    defect_features,
    rephrase_features,
    rephrase_probability,
)
from uptake.feedback.weights import Scorer, Weights, fit_scorer
from uptake.ml.folds import grouped_folds

__all__ = ["Labels", "LightFit", "best_f1_threshold", "fit_light"]


@dataclass(frozen=True, kw_only=True)
class Labels:
    """Known truth of the turns of a frame, for fitting and evaluation."""

    left: Ints
    """(p,) int64: rows of the first turn of each judged pair."""
    right: Ints
    """(p,) int64: rows of the second."""
    says_again: Bools
    """(p,) bool: the second repeats or rephrases the first."""
    defect: Bools
    """(n,) bool: the turn failed its user."""
    users: Sequence[str]
    """(n,) the person behind each turn."""


@dataclass(frozen=True, kw_only=True)
class LightFit:
    """Fitted light scorers, with their out-of-fold scores."""

    weights: Weights
    rephrase: Floats
    """(p,) float64: out-of-fold probability of each pair."""
    defect_online: Floats
    """(n,) float64: out-of-fold probability of each turn."""
    defect_offline: Floats
    """(n,) float64: out-of-fold probability of each turn."""


def fit_light(frame: TurnFrame, labels: Labels, *, seed: int = 0) -> LightFit:
    """Fit the three light scorers; thresholds have the best F1 out of fold.

    Raises:
        NotReady: There are fewer than two users.
    """
    users = np.asarray(labels.users)
    pairs = rephrase_features(frame, labels.left, labels.right)
    rephrase, again = _fit_one(REPHRASE, pairs, labels.says_again, users[labels.left], seed=seed)
    partner, rephrased = frame.next_goal, np.zeros(len(frame), dtype=np.float64)
    for inside, outside in grouped_folds(labels.users, seed=seed):
        taught = np.isin(labels.left, inside)
        scorer = fit_scorer(REPHRASE, pairs[taught], labels.says_again[taught])
        rephrased[outside] = rephrase_probability(frame, partner, scorer)[outside]
    features = [defect_features(frame, partner, rephrased, offline=offline) for offline in (False, True)]
    online, before = _fit_one(DEFECT_ONLINE, features[0], labels.defect, users, seed=seed)
    offline, after = _fit_one(DEFECT_OFFLINE, features[1], labels.defect, users, seed=seed)
    weights = Weights(rephrase=rephrase, defect_online=online, defect_offline=offline, provenance={})
    return LightFit(weights=weights, rephrase=again, defect_online=before, defect_offline=after)


def _fit_one(
    names: Sequence[str], features: Floats, labels: Bools, users: NDArray[Any], *, seed: int
) -> tuple[Scorer, Floats]:
    held_out = np.zeros(len(labels), dtype=np.float64)
    for inside, outside in grouped_folds(users.tolist(), seed=seed):
        held_out[outside] = fit_scorer(names, features[inside], labels[inside]).probability(features[outside])
    return replace(fit_scorer(names, features, labels), threshold=best_f1_threshold(labels, held_out)), held_out


def best_f1_threshold(truth: Bools, score: Floats) -> float:
    """Return the threshold with the best F1; 0.5 if there is no positive label."""
    order = np.argsort(-score, kind="stable")
    found, said = np.cumsum(truth[order]), np.arange(1, len(truth) + 1)
    if not len(truth) or not found[-1]:
        return 0.5
    last_of_its_score = np.append(np.diff(score[order]) != 0, True)
    f1 = np.where(last_of_its_score, 2 * found / (said + found[-1]), -1.0)
    return float(score[order][int(np.argmax(f1))])
