"""Count wins and losses of rewrites, with their ratio and an interval that accounts for clustering by user.

A *win* is a turn that would have failed and, rewritten, did not; a *loss* would not have failed and, rewritten, did.
Both need the outcome without the rewrite. A simulator can compute it (`of_pairs`). A live log cannot: a turn is either
rewritten or not. There, `of_triggered` compares turns in which a rewrite fired with turns in which it would have fired,
and everything below is an estimate:

- *Net wins* follow from the two rates and need no assumption.
- *Expected wins and losses*: each rewritten turn's P(defect) is compared with the expected defect rate of the same
  request left alone. That comes from its turns in the control and a few earlier turns (few, because a request is
  learned from having failed, so that its past flatters the rewrite), shrunk to the rate of all withheld turns. A turn
  that was expected to fail with p and failed with q counts p (1 - q) of a win and (1 - p) q of a loss, as if the two
  were independent, request by request. They are not: who fails anyway fails both times. So both counts are too high and
  their ratio errs towards 1, while their difference is right.
- *Self-reported*: turns with a yes or no of the user, that were undone, or said again; a complaint is any of the last
  three. People who say nothing report nothing.

Source: Jeffreys interval of the share of wins, Brown, Cai and DasGupta (2001), with the counts reduced by the design
effect of users as in Korn and Graubard (1998).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from uptake.errors import BadRecord, NotReady
from uptake.experiments.outcomes import Outcomes
from uptake.experiments.rates import Difference, UserTotals, compare

__all__ = ["Reported", "Triggered", "WinLoss", "of_counts", "of_pairs", "of_triggered"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_DRAWN = 5.0  # turns at the rate of all withheld turns that join each request's own
_PAST = 5  # most turns from before that count for a request
_COMPLAINTS = {"no": "answered no", "undone": "undone", "said again": "said again"}


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
        """Return JSON values."""
        return {name: None if isinstance(v, float) and not np.isfinite(v) else v for name, v in asdict(self).items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """Users' own reports on turns in which a rewrite was withheld, and on those in which one fired."""

    effect: Difference
    """Rates of complaints (no, undone, said again) without (control) and with the rewrite."""
    without: Mapping[str, int]
    """Kind of report -> turns in which the rewrite was withheld."""
    rewritten: Mapping[str, int]
    """Kind of report -> turns in which it was acted on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Triggered:
    """Rewritten turns compared with withheld ones, of different users."""

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
    expected: WinLoss
    """Wins and losses as P(defect) with and without lets expect."""
    own_evidence: float
    """Share, in [0, 1], of the rewritten turns whose request was also seen left alone."""
    reported: Reported
    """Users' own reports."""


def of_counts(wins: float, losses: float, neutral: float = 0.0, *, design: float = 1.0) -> WinLoss:
    """Compute the ratio and its interval from counts.

    >>> found = of_counts(24, 2)
    >>> round(found.ratio), round(found.low, 1), round(found.high)
    (12, 3.5, 60)

    Args:
        wins: Number of wins.
        losses: Number of losses.
        neutral: Number of turns that are neither.
        design: Design effect, at least 1: variance inflation by turns of the same users.
    """
    if min(wins, losses, neutral) < 0 or design < 1.0:
        raise BadRecord("wins, losses and neutral must not be negative, and a design effect is at least 1")
    if wins + losses == 0:
        return WinLoss(wins=wins, losses=losses, neutral=neutral, ratio=float("nan"), low=0.0, high=float("inf"))
    won, lost = wins / design + 0.5, losses / design + 0.5
    shares = special.betaincinv(won, lost, [0.025, 0.975])
    low = 0.0 if wins == 0 else float(shares[0] / (1.0 - shares[0]))
    high = float("inf") if losses == 0 else float(shares[1] / max(1.0 - shares[1], 1e-300))
    return WinLoss(wins=wins, losses=losses, neutral=neutral, ratio=wins / max(losses, 0.5), low=low, high=high)


def of_pairs(failed_without: ArrayLike, failed_with: ArrayLike, users: Sequence[str] | None = None) -> WinLoss:
    """Count wins and losses of rewritten turns whose outcome without the rewrite is known.

    Args:
        failed_without: (n,) bool: whether the turn would have failed without the rewrite.
        failed_with: (n,) bool: whether the rewritten turn failed.
        users: (n,) user of each turn, for clustering.
    """
    before, after = np.asarray(failed_without, dtype=bool), np.asarray(failed_with, dtype=bool)
    won, lost = before & ~after, ~before & after
    counts = int(won.sum()), int(lost.sum()), int((before == after).sum())
    if users is None or not (won | lost).any():
        return of_counts(*counts)
    names, codes = np.unique(np.asarray(users, dtype=str)[won | lost], return_inverse=True)
    design = _design_effect(won[won | lost].astype(np.float64), codes, len(names))
    found = of_counts(*counts, design=design)
    return WinLoss(**(asdict(found) | {"users": len(names)}))


def of_triggered(
    outcomes: Outcomes,
    *,
    arms: tuple[str, str] = ("control", "treatment"),
    before: Outcomes | None = None,
) -> Triggered:
    """Count wins and losses in a log in which rewrites were acted on in one arm and only logged in the other.

    Args:
        outcomes: Turns with arms and rewrite ids.
        arms: (control, treatment).
        before: Turns from before the experiment.

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
    effect = compare(*(UserTotals.of(outcomes, side) for side in sides))
    acted = int(sides[1].sum())
    failed = float(outcomes.defect[sides[1]].sum())
    expected, own_evidence = _expected(outcomes, sides, before)
    return Triggered(
        effect=effect,
        correct=acted - failed,
        incorrect=failed,
        net_wins=-effect.difference * acted,
        net_low=-effect.difference_high * acted,
        net_high=-effect.difference_low * acted,
        expected=expected,
        own_evidence=own_evidence,
        reported=_reported(outcomes, sides),
    )


def _expected(outcomes: Outcomes, sides: list[Bools], before: Outcomes | None) -> tuple[WinLoss, float]:
    """Estimate the wins and losses of the rewritten turns, and the share with a baseline for their request."""
    names, codes = outcomes.request.names, outcomes.request.codes
    turns = np.bincount(codes[sides[0]], minlength=len(names)).astype(np.float64)
    failed = np.bincount(codes[sides[0]], weights=outcomes.defect[sides[0]], minlength=len(names)).astype(np.float64)
    pooled = float(failed.sum() / turns.sum())
    if before is not None:
        past = before.where(before.known & ~before.acted & (before.request.codes >= 0))
        place = {name: at for at, name in enumerate(names)}
        where = np.array([place.get(name, len(names)) for name in past.request.names], dtype=np.int64)
        at = where[past.request.codes]
        seen = np.bincount(at, minlength=len(names) + 1)[:-1]
        rate = np.bincount(at, weights=past.defect, minlength=len(names) + 1)[:-1] / np.maximum(seen, 1)
        counted = np.minimum(seen, _PAST)
        turns, failed = turns + counted, failed + counted * rate
    without = ((failed + _DRAWN * pooled) / (turns + _DRAWN))[codes[sides[1]]]
    with_ = outcomes.defect[sides[1]]
    users = outcomes.user.codes[sides[1]]
    found = of_counts(
        float((without * (1 - with_)).sum()),
        float(((1 - without) * with_).sum()),
        float((without * with_ + (1 - without) * (1 - with_)).sum()),
        design=_design_effect(without - with_, np.unique(users, return_inverse=True)[1], len(np.unique(users))),
    )
    own = float((turns[codes[sides[1]]] > 0).mean())
    return WinLoss(**(asdict(found) | {"users": len(np.unique(users))})), own


def _reported(outcomes: Outcomes, sides: list[Bools]) -> Reported:
    kinds = {name: outcomes.friction[column] for name, column in _COMPLAINTS.items() if column in outcomes.friction}
    complained = np.logical_or.reduce([np.zeros(len(outcomes), dtype=bool), *kinds.values()])
    columns = {"yes": outcomes.confirmed, **kinds, "complained": complained}
    counts = [
        {"turns": int(side.sum()), **{name: int(column[side].sum()) for name, column in columns.items()}}
        for side in sides
    ]
    by_report = replace(outcomes, defect=complained.astype(np.float64))
    return Reported(
        effect=compare(*(UserTotals.of(by_report, side) for side in sides)),
        without=counts[0],
        rewritten=counts[1],
    )


def _design_effect(won: Floats, codes: NDArray[Any], users: int) -> float:
    """Return the variance of a mean clustered by user, over the variance of independent turns; at least 1."""
    share, variance = float(won.mean()), float(won.var())
    if users < 2 or variance == 0.0:
        return 1.0
    totals = np.bincount(codes, weights=won - share)
    clustered = float(totals @ totals) / len(won) ** 2 * users / (users - 1)
    return max(1.0, clustered / (variance / len(won)))
