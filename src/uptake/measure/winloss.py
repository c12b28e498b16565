"""Wins and losses of rewrites: counts, ratio, and an interval that knows whose turns they are.

A *win* is a turn that would have failed and, rewritten, did not; a *loss* would not have failed and, rewritten, did.
Both need to know what would have happened: a simulator can put the truth back and see (`of_pairs`). A live log
cannot: a turn is either rewritten or not. There, `of_triggered` sets turns in which a rewrite fired beside turns in
which it would have fired; wins minus losses follow from the two rates, while the ratio needs an assumption (within one
rewrite, whether it fails does not depend on whether the request alone would have), which is said.

Source: Jeffreys interval of the share of wins, Brown, Cai and DasGupta (2001), with the counts cut by the design
effect of users as in Korn and Graubard (1998).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from uptake.errors import BadRecord, NotReady
from uptake.measure.outcomes import Outcomes
from uptake.measure.rates import Difference, UserTotals, compare

__all__ = ["Triggered", "WinLoss", "of_counts", "of_pairs", "of_triggered"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class WinLoss:
    """Wins, losses and their ratio."""

    wins: float
    """Turns that the rewrite saved."""
    losses: float
    """Turns that the rewrite spoiled."""
    neutral: float
    """Rewritten turns that went as they would have gone."""
    ratio: float
    """Wins over losses; without a loss, over half a loss, so that it stays a number. NaN without wins and losses."""
    low: float
    """Lower end of its interval."""
    high: float
    """Upper end; may be infinite."""
    users: int | None = None
    """Users with a win or a loss, where known; then the interval is clustered by user."""

    def to_json(self) -> dict[str, Any]:
        """JSON values."""
        return {name: None if isinstance(v, float) and not np.isfinite(v) else v for name, v in asdict(self).items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Triggered:
    """Rewritten turns beside those that would have been, in different people."""

    effect: Difference
    """Defect rates without (control) and with the rewrite."""
    correct: float
    """Rewritten turns that did not fail."""
    incorrect: float
    """Rewritten turns that failed."""
    net_wins: float
    """Wins minus losses among the rewritten turns; needs no assumption."""
    net_low: float
    net_high: float
    assumed: WinLoss
    """Wins and losses if, within one rewrite, its failing does not depend on the request's own."""


def of_counts(wins: float, losses: float, neutral: float = 0.0, *, level: float = 0.95, design: float = 1.0) -> WinLoss:
    """Ratio and interval of counts.

    >>> found = of_counts(24, 2)
    >>> round(found.ratio), round(found.low, 1), round(found.high)
    (12, 3.5, 60)

    Args:
        wins: How many.
        losses: How many.
        neutral: Neither.
        level: Coverage.
        design: Design effect, at least 1: by how much turns of the same users inflate the variance.
    """
    if min(wins, losses, neutral) < 0 or design < 1.0:
        raise BadRecord("wins, losses and neutral must not be negative, and a design effect is at least 1")
    if wins + losses == 0:
        return WinLoss(wins=wins, losses=losses, neutral=neutral, ratio=float("nan"), low=0.0, high=float("inf"))
    won, lost = wins / design + 0.5, losses / design + 0.5
    shares = special.betaincinv(won, lost, [(1 - level) / 2, (1 + level) / 2])
    low = 0.0 if wins == 0 else float(shares[0] / (1.0 - shares[0]))
    high = float("inf") if losses == 0 else float(shares[1] / max(1.0 - shares[1], 1e-300))
    return WinLoss(wins=wins, losses=losses, neutral=neutral, ratio=wins / max(losses, 0.5), low=low, high=high)


def of_pairs(
    failed_without: ArrayLike, failed_with: ArrayLike, users: Sequence[str] | None = None, *, level: float = 0.95
) -> WinLoss:
    """Wins and losses of rewritten turns whose fate without the rewrite is known.

    Args:
        failed_without: (n,) bool: whether the turn would have failed, left alone.
        failed_with: (n,) bool: whether it failed, rewritten.
        users: (n,) whose turn it was, to cluster by.
        level: Coverage.
    """
    before, after = np.asarray(failed_without, dtype=bool), np.asarray(failed_with, dtype=bool)
    won, lost = before & ~after, ~before & after
    counts = int(won.sum()), int(lost.sum()), int((before == after).sum())
    if users is None or not (won | lost).any():
        return of_counts(*counts, level=level)
    names, codes = np.unique(np.asarray(users, dtype=str)[won | lost], return_inverse=True)
    design = _design_effect(won[won | lost].astype(np.float64), codes, len(names))
    found = of_counts(*counts, level=level, design=design)
    return WinLoss(**(asdict(found) | {"users": len(names)}))


def of_triggered(
    outcomes: Outcomes, *, arms: tuple[str, str] = ("control", "treatment"), level: float = 0.95
) -> Triggered:
    """Win and loss from a log in which rewrites were acted on in one arm and only logged in the other.

    Args:
        outcomes: Turns with arms and rewrite ids.
        arms: (control, treatment).
        level: Coverage.

    Raises:
        NotReady: An arm has fewer than two users with triggered turns.
    """
    rows = outcomes.triggered & outcomes.known
    sides = [rows & outcomes.arm.is_(arms[0]) & ~outcomes.acted, rows & outcomes.arm.is_(arms[1]) & outcomes.acted]
    if not all(side.any() for side in sides):
        raise NotReady(
            f"{arms[0]} has {int(sides[0].sum())} turns in which a rewrite would have fired, {arms[1]} has "
            f"{int(sides[1].sum())} in which one fired; both need some: log rewrite_id in the control, too"
        )
    effect = compare(*(UserTotals.of(outcomes, side) for side in sides), level=level)
    acted = int(sides[1].sum())
    failed = float(outcomes.defect[sides[1]].sum())
    return Triggered(
        effect=effect,
        correct=acted - failed,
        incorrect=failed,
        net_wins=-effect.difference * acted,
        net_low=-effect.difference_high * acted,
        net_high=-effect.difference_low * acted,
        assumed=_assumed(outcomes, sides, level),
    )


def _assumed(outcomes: Outcomes, sides: list[Any], level: float) -> WinLoss:
    """Wins and losses summed over rewrites, each with its own two rates; rewrites seen on one side are left out."""
    size = len(outcomes.rewrite.names)
    codes = outcomes.rewrite.codes
    turns = [np.bincount(codes[side], minlength=size) for side in sides]
    failed = [np.bincount(codes[side], weights=outcomes.defect[side], minlength=size) for side in sides]
    both = (turns[0] > 0) & (turns[1] > 0)
    without, with_ = ((failed[at][both] + 0.5) / (turns[at][both] + 1.0) for at in (0, 1))
    weight = turns[1][both]
    wins, losses = float((weight * without * (1 - with_)).sum()), float((weight * (1 - without) * with_).sum())
    users = len(np.unique(outcomes.user.codes[sides[1]]))
    found = of_counts(wins, losses, max(float(weight.sum()) - wins - losses, 0.0), level=level)
    return WinLoss(**(asdict(found) | {"users": users}))


def _design_effect(won: Floats, codes: NDArray[Any], users: int) -> float:
    """Variance of the share of wins clustered by user, over the variance of independent turns; at least 1."""
    share = float(won.mean())
    if users < 2 or share in (0.0, 1.0):
        return 1.0
    totals = np.bincount(codes, weights=won - share)
    clustered = float(totals @ totals) / len(won) ** 2 * users / (users - 1)
    return max(1.0, clustered / (share * (1 - share) / len(won)))
