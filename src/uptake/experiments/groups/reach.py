"""Measure the reach of the k-users rule: the share of a group's failures that can be repaired for everybody.

A global rewrite needs at least k people (one per home). People whose requests nobody shares get no global rewrites.
`reach` counts, for each group, the share of its failures whose request was made in at least k homes, for several k. It
also counts how many requests only the next smaller k would name: the privacy cost of lowering k.

Limit: a shared request can be repaired, which does not mean that it will be. Personal rewrites need nobody else and are
not counted here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from uptake.experiments.coded import distinct_pairs
from uptake.experiments.groups.membership import Grouping
from uptake.experiments.outcomes import Outcomes
from uptake.experiments.rates import Rate, rate

__all__ = ["Reach", "homes_of_requests", "newly_named", "reach"]

Ks = Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Failures of a group that the rule allows to repair for everybody."""

    grouping: str
    group: str
    k: int
    share: Rate
    """Share of its failures whose request at least k homes said."""


def homes_of_requests(outcomes: Outcomes) -> NDArray[np.int64]:
    """Count (r,) the homes in which each request was made."""
    rows = outcomes.request.codes >= 0
    requests, _ = distinct_pairs(outcomes.request.codes[rows], outcomes.home.codes[rows])
    return np.bincount(requests, minlength=len(outcomes.request.names)).astype(np.int64)


def reach(outcomes: Outcomes, groupings: Sequence[Grouping], *, ks: Ks, min_users: int) -> list[Reach]:
    """Count the failures within reach of the rule, for each group with failures and at least `min_users` people.

    Args:
        outcomes: The turns; a failure weighs as much as its probability.
        groupings: Groupings of the turns.
        ks: Values of k.
        min_users: Fewest people in a group.
    """
    homes = homes_of_requests(outcomes)
    failed = outcomes.known & (outcomes.defect > 0.5) & (outcomes.request.codes >= 0)
    found = []
    for k in ks:
        shared = replace(outcomes, defect=np.where(failed, homes[outcomes.request.codes] >= k, np.nan))
        for grouping in groupings:
            for at, group in enumerate(grouping.of_turn.names):
                one = rate(shared, grouping.of_turn.codes == at)
                if one.users >= min_users:
                    found.append(Reach(grouping=grouping.name, group=group, k=k, share=one))
    return found


def newly_named(outcomes: Outcomes, *, ks: Ks) -> dict[int, int]:
    """Count, for each k, the failing requests that k allows to name and k + 1 does not."""
    homes = homes_of_requests(outcomes)
    failed = np.unique(outcomes.request.codes[outcomes.known & (outcomes.defect > 0.5) & (outcomes.request.codes >= 0)])
    return {k: int((homes[failed] == k).sum()) for k in ks}
