"""Fit how often people go on to the second goal of a pair by themselves: which kinds of people there are, and how many.

Source: Laird, "Nonparametric maximum likelihood estimation of a mixing distribution" (JASA 1978), here with masses on
fixed shares, by expectation and maximisation. Differs: what all pairs have in common is the prior of each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from uptake.proactive.latent_goals.artifact import GoalPair, Who
from uptake.proactive.latent_goals.features import HABITS, log_likelihood, shares_of

__all__ = ["with_habits"]

_STEPS = 60
_FLAT, _COMMON = 2.0, 10.0
"""People that the prior is worth: of all pairs together, and of each pair."""


def with_habits(pairs: Sequence[GoalPair], people: Mapping[Who, tuple[int, int]]) -> list[GoalPair]:
    """Return pairs with the share of people of each kind.

    Args:
        pairs: The pairs.
        people: What each person did of each pair: times of the first goal, and of both.
    """
    counts: dict[tuple[str, str, str], list[tuple[int, int]]] = defaultdict(list)
    for (_, *which), did in people.items():
        counts[which[0], which[1], which[2]].append(did)
    likely = [_likely(pair, sorted(counts[pair.scope, pair.source, pair.target])) for pair in pairs]
    if not likely:
        return []
    flat = np.full(len(HABITS) + 1, 1.0 / (len(HABITS) + 1))
    common = _masses(np.concatenate(likely), flat, _FLAT)
    return [
        replace(pair, habits=tuple(np.round(_masses(each, common, _COMMON), 5).tolist()))
        for pair, each in zip(pairs, likely, strict=True)
    ]


def _likely(pair: GoalPair, counts: Sequence[tuple[int, int]]) -> NDArray[np.float64]:
    """Return (people, kinds) the likelihood of what each did, up to a factor a person."""
    shares = shares_of(pair.share, pair.lift)
    logs = np.array([[log_likelihood(both, times, share) for share in shares] for times, both in counts])
    logs = logs.reshape(len(counts), len(shares))
    return np.asarray(np.exp(logs - logs.max(axis=1, keepdims=True)))


def _masses(likely: NDArray[np.float64], prior: NDArray[np.float64], weight: float) -> NDArray[np.float64]:
    masses = prior
    for _ in range(_STEPS):
        each = likely * masses
        each /= each.sum(axis=1, keepdims=True)
        masses = (each.sum(axis=0) + weight * prior) / (len(likely) + weight)
    return masses
