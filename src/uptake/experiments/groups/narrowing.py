"""Narrow a gap by asking: spend a budget of confirmation questions on the groups that are served worst.

With one threshold for all, the assistant asks before acting if its confidence is below it. With the same number of
questions and one threshold per group, the groups that are served worst are asked first. Thresholds are chosen on half
of the homes and evaluated on the other half.

A question is assumed to prevent the defect of its turn (the person says no, or says it again), at the cost of one
question. So the defect rate "after asking" counts turns that failed and were not asked about.

Source: post-processing by group as in Hardt, Price and Srebro, "Equality of opportunity in supervised learning"
(NeurIPS 2016), with a budget of questions instead of a loss. Limit: an estimate from a log, not an experiment. People
who are asked more may tire of it, and a yes to a wrong interpretation is not counted.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.experiments.groups.membership import Grouping
from uptake.experiments.outcomes import Outcomes

__all__ = ["Narrowing", "narrowing"]

Floats = NDArray[np.float64]

_STEPS = 100
_ROUNDS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """Comparison of one threshold for all with one per group, at the same number of questions, on held-out homes."""

    grouping: str
    groups: tuple[str, ...]
    gap_before: float
    """Largest minus smallest defect rate of the groups, with nobody asked."""
    gap_same: float
    """The same after asking with one threshold for all."""
    gap_own: float
    """The same after asking with a threshold for each group."""
    rate_same: float
    """Defect rate of all turns after asking with one threshold."""
    rate_own: float
    """The same with a threshold for each group: the difference is the price."""
    asked_same: float
    """Share of turns that are asked about."""
    asked_own: float
    asked_most: float
    """Share of turns asked about in the group that is asked most, with a threshold for each group."""
    worst_same: float
    """Defect rate of the group served worst, after asking with one threshold."""
    worst_own: float

    def to_json(self) -> dict[str, Any]:
        """Return JSON values."""
        return asdict(self)


def narrowing(
    outcomes: Outcomes, grouping: Grouping, *, budget: float = 0.05, min_users: int = 20, seed: int = 0
) -> Narrowing | None:
    """Choose thresholds on half of the homes and evaluate them on the other half.

    Args:
        outcomes: The turns; those without a confidence or a known defect are left out.
        grouping: Groups whose rates are to be narrowed.
        budget: Share of turns that may be asked about, in (0, 1).
        min_users: Fewest people in a group.
        seed: Seed of the split of the homes.

    Returns:
        What it does; None where fewer than two groups are large enough or no reading has a confidence.
    """
    group = _large(outcomes, grouping, min_users)
    rows = outcomes.known & np.isfinite(outcomes.confidence) & (group >= 0)
    names = sorted(set(group[rows].tolist()))
    if len(names) < 2:
        return None
    half = np.random.default_rng(seed).random(len(outcomes.home.names))[outcomes.home.codes] < 0.5
    parts = [_Part.of(outcomes, group, rows & side, names) for side in (half, ~half)]
    if any((part.turns == 0).any() for part in parts):
        return None
    chosen, judged = parts
    same = np.full(len(names), chosen.threshold(budget))
    own = chosen.own_thresholds(budget)
    after_same, after_own = judged.after(same), judged.after(own)
    weight = judged.turns / judged.turns.sum()
    return Narrowing(
        grouping=grouping.name,
        groups=tuple(grouping.of_turn.names[at] for at in names),
        gap_before=float(np.ptp(judged.after(np.full(len(names), -np.inf)))),
        gap_same=float(np.ptp(after_same)),
        gap_own=float(np.ptp(after_own)),
        rate_same=float(after_same @ weight),
        rate_own=float(after_own @ weight),
        asked_same=float(judged.asked(same) @ weight),
        asked_own=float(judged.asked(own) @ weight),
        asked_most=float(judged.asked(own).max()),
        worst_same=float(after_same.max()),
        worst_own=float(after_own.max()),
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """Confidences and defects by group."""

    confidence: list[Floats]
    defect: list[Floats]
    turns: Floats

    @classmethod
    def of(cls, outcomes: Outcomes, group: NDArray[np.int64], rows: NDArray[np.bool_], names: list[int]) -> _Part:
        masks = [rows & (group == at) for at in names]
        return cls(
            [outcomes.confidence[mask] for mask in masks],
            [outcomes.defect[mask] for mask in masks],
            np.array([mask.sum() for mask in masks], dtype=np.float64),
        )

    def after(self, thresholds: Floats) -> Floats:
        """(g,) defect rate of each group: turns that failed and were not asked about."""
        pairs = zip(self.confidence, self.defect, thresholds, strict=True)
        return np.array([float((defect * (sure >= limit)).mean()) for sure, defect, limit in pairs])

    def asked(self, thresholds: Floats) -> Floats:
        """(g,) share of the turns of each group that are asked about."""
        pairs = zip(self.confidence, thresholds, strict=True)
        return np.array([float((sure < limit).mean()) for sure, limit in pairs])

    def threshold(self, budget: float) -> float:
        """Return the common threshold that asks about a share of turns."""
        return float(np.quantile(np.concatenate(self.confidence), budget))

    def own_thresholds(self, budget: float) -> Floats:
        """Return (g,) thresholds: each hundredth of the budget goes to the group with the highest rate so far."""
        left = np.array([0.0] * len(self.turns))
        step = budget * self.turns.sum() / _STEPS
        limits = np.full(len(self.turns), -np.inf)
        spent = 0.0
        for _ in range(_ROUNDS):
            if spent >= budget * self.turns.sum():
                break
            rates = np.where(left < self.turns, self.after(limits), -np.inf)
            worst = int(np.argmax(rates))
            if not np.isfinite(rates[worst]):
                break
            left[worst] = min(left[worst] + step, self.turns[worst])
            limits[worst] = np.quantile(self.confidence[worst], left[worst] / self.turns[worst])
            spent += step
        return limits


def _large(outcomes: Outcomes, grouping: Grouping, min_users: int) -> NDArray[np.int64]:
    """Return (n,) the group of each turn; -1 if its group has too few people."""
    codes = grouping.of_turn.codes.copy()
    for at in range(len(grouping.of_turn.names)):
        if len(np.unique(outcomes.user.codes[codes == at])) < min_users:
            codes[codes == at] = -1
    return codes
