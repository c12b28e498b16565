"""Estimate rates with intervals clustered by user: users are the unit, for turns of one user are correlated.

A rate is a ratio of sums (defects over turns) and its variance is that of a ratio of means over users (delta method). A
user with fifty turns is one unit, and the interval says how the rate would vary if other users had been drawn.

Source: Deng, Knoblich and Lu, "Applying the Delta Method in Metric Analytics" (KDD 2018); adjustment by what users did
before: Deng, Xu, Kohavi and Walker, "Improving the Sensitivity of Online Controlled Experiments" (WSDM 2013). Limit:
asymptotic in users; with fewer than about 50 of them an interval is only rough, and `Rate.users` says so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from uptake.errors import BadConfig, NotReady
from uptake.experiments.outcomes import Outcomes

__all__ = ["Difference", "Rate", "UserTotals", "compare", "rate"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class UserTotals:
    """Defects and turns of each user, and those from before the experiment."""

    defects: Floats
    """(u,) float64: sum of defects."""
    turns: Floats
    """(u,) float64: turns, at least 1."""
    before_defects: Floats
    """(u,) float64: the same of an earlier time; 0 where the user had none."""
    before_turns: Floats
    """(u,) float64."""

    @classmethod
    def of(cls, outcomes: Outcomes, rows: Bools | None = None, before: Outcomes | None = None) -> UserTotals:
        """Sum the turns with a known defect by user.

        Args:
            outcomes: The turns.
            rows: (n,) bool: which turns; None for all.
            before: Turns of an earlier time, when all users had the same treatment; of any users.
        """
        defects, turns = _sums(outcomes, rows)
        kept = np.flatnonzero(turns)
        earlier = np.zeros((2, len(kept)))
        if before is not None:
            place = {before.user.names[at]: at for at in range(len(before.user.names))}
            rows = np.array([place.get(outcomes.user.names[at], -1) for at in kept.tolist()], dtype=np.int64)
            sums = np.stack([np.append(each, 0.0) for each in _sums(before)])
            earlier = sums[:, rows]
        return cls(defects=defects[kept], turns=turns[kept], before_defects=earlier[0], before_turns=earlier[1])

    def __len__(self) -> int:
        return len(self.turns)

    @property
    def effective(self) -> float:
        """Effective number of users: (sum of turns)^2 / sum of squared turns."""
        return float(self.turns.sum() ** 2 / max((self.turns**2).sum(), 1e-300))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Defect rate with its interval."""

    turns: int
    """Turns whose defect is known."""
    users: int
    """Users who said them."""
    defects: float
    """Sum of their defects (probabilities where the defect is estimated)."""
    rate: float
    """Defects over turns, in [0, 1]; NaN without turns."""
    low: float
    """Lower end of the interval."""
    high: float
    """Upper end."""
    error: float
    """Standard error, clustered by user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Difference of treatment and control."""

    control: Rate
    treatment: Rate
    difference: float
    """Rate of the treatment minus rate of the control: negative is better."""
    difference_low: float
    difference_high: float
    reduction: float
    """Relative reduction, 1 - treatment / control: positive is better."""
    reduction_low: float
    reduction_high: float
    error: float
    """Standard error of the difference."""
    p: float
    """Two-sided p-value of no difference, for ONE look at a time fixed beforehand; see `sequential` for peeking."""
    adjusted: bool
    """Whether what users did before was used to narrow the intervals."""


def rate(outcomes: Outcomes, rows: Bools | None = None, *, level: float = 0.95) -> Rate:
    """Return the defect rate of some turns, with an interval clustered by user (on the logit scale, Student's t)."""
    return _rate(UserTotals.of(outcomes, rows), level)


def compare(control: UserTotals, treatment: UserTotals, *, level: float = 0.95) -> Difference:
    """Return the difference of two arms, absolute and relative, with intervals clustered by user.

    If users have turns from before (`UserTotals.of(…, before=…)`), the part of the outcome that these predict is
    subtracted in both arms. Since assignment is random, this narrows the interval and leaves the expectation unchanged.

    Args:
        control: Users of one arm.
        treatment: Users of the other.
        level: Coverage, in (0, 1).

    Raises:
        NotReady: An arm has fewer than two users.
    """
    if not 0.0 < level < 1.0:
        raise BadConfig(f"level must be in (0, 1), got {level}")
    if min(len(control), len(treatment)) < 2:
        raise NotReady(f"an arm needs at least 2 users: there are {len(control)} and {len(treatment)}")
    arms = (control, treatment)
    influence = [_influence(each.defects, each.turns) for each in arms]
    rates = [float(each.defects.sum() / each.turns.sum()) for each in arms]
    shift, adjusted = _adjustment(arms, influence)
    if adjusted is not None:
        influence = adjusted
        rates = [one + move for one, move in zip(rates, shift, strict=True)]
    spread = [float(one @ one) / len(one) / (len(one) - 1) for one in influence]
    error = float(np.sqrt(sum(spread)))
    quantile = _quantile(spread, [len(one) for one in influence], level)
    difference = rates[1] - rates[0]
    reduction = _reduction(rates, spread, quantile)
    p = 1.0 if error == 0.0 else float(2.0 * special.ndtr(-abs(difference) / error))
    return Difference(
        control=_rate(control, level),
        treatment=_rate(treatment, level),
        difference=difference,
        difference_low=difference - quantile * error,
        difference_high=difference + quantile * error,
        reduction=reduction[0],
        reduction_low=reduction[1],
        reduction_high=reduction[2],
        error=error,
        p=p,
        adjusted=adjusted is not None,
    )


def _sums(outcomes: Outcomes, rows: Bools | None = None) -> tuple[Floats, Floats]:
    known, size = outcomes.known if rows is None else outcomes.known & rows, len(outcomes.user.names)
    codes = outcomes.user.codes[known]
    defects = np.bincount(codes, weights=outcomes.defect[known], minlength=size)
    return defects.astype(np.float64), np.bincount(codes, minlength=size).astype(np.float64)


def _influence(defects: Floats, turns: Floats) -> Floats:
    """Return (u,) each user's contribution to the error of the rate; its mean is 0."""
    mean = turns.mean()
    return np.asarray((defects - defects.sum() / turns.sum() * turns) / mean)


def _adjustment(
    arms: tuple[UserTotals, UserTotals], influence: list[Floats]
) -> tuple[list[float], list[Floats] | None]:
    """Return each arm's adjustment for its past, and the remaining influences; None without a past."""
    defects = np.concatenate([each.before_defects for each in arms])
    turns = np.concatenate([each.before_turns for each in arms])
    if turns.sum() == 0 or (turns > 0).sum() < 20:
        return [0.0, 0.0], None
    past = (defects - defects.sum() / turns.sum() * turns) / turns.mean()
    first = len(arms[0])
    pasts = [past[:first], past[first:]]
    centred = [one - one.mean() for one in pasts]
    spread = sum(float(one @ one) / len(one) ** 2 for one in centred)
    if spread <= 0.0:
        return [0.0, 0.0], None
    slope = sum(float(a @ b) / len(a) ** 2 for a, b in zip(centred, influence, strict=True)) / spread
    shift = [slope * (float(past.mean()) - float(one.mean())) for one in pasts]
    return shift, [a - slope * b for a, b in zip(influence, centred, strict=True)]


def _rate(totals: UserTotals, level: float) -> Rate:
    turns, users = int(totals.turns.sum()), len(totals)
    if not turns:
        nothing = float("nan")
        return Rate(turns=0, users=0, defects=0.0, rate=nothing, low=0.0, high=1.0, error=nothing)
    defects = float(totals.defects.sum())
    value = defects / turns
    influence = _influence(totals.defects, totals.turns)
    error = float(np.sqrt(influence @ influence / users / max(users - 1, 1))) if users > 1 else float("nan")
    inside = 0.0 < value < 1.0
    if inside and error > 0.0:
        half = float(special.stdtrit(users - 1, (1 + level) / 2)) * error / (value * (1 - value))
        middle = float(special.logit(value))
        low, high = float(special.expit(middle - half)), float(special.expit(middle + half))
    else:  # no variation to go by: Jeffreys, with users as trials
        tail, wins = (1 - level) / 2, value * users
        low = float(special.betaincinv(wins + 0.5, users - wins + 0.5, tail)) if value > 0 else 0.0
        high = float(special.betaincinv(wins + 0.5, users - wins + 0.5, 1 - tail)) if value < 1 else 1.0
    return Rate(turns=turns, users=users, defects=defects, rate=value, low=low, high=high, error=error)


def _quantile(spread: list[float], users: list[int], level: float) -> float:
    """Return Student's t with the degrees of freedom of Welch and Satterthwaite."""
    total = sum(spread)
    if total == 0.0:
        return float(special.ndtri((1 + level) / 2))
    freedom = total**2 / sum(one**2 / (n - 1) for one, n in zip(spread, users, strict=True))
    return float(special.stdtrit(freedom, (1 + level) / 2))


def _reduction(rates: list[float], spread: list[float], quantile: float) -> tuple[float, float, float]:
    """Return the relative reduction and its interval, by the delta method on the logarithm of the ratio."""
    if rates[0] <= 0.0:
        return float("nan"), float("nan"), float("nan")
    if rates[1] <= 0.0:
        return 1.0, float("nan"), 1.0
    half = quantile * float(np.sqrt(spread[0] / rates[0] ** 2 + spread[1] / rates[1] ** 2))
    ratio = rates[1] / rates[0]
    return 1.0 - ratio, 1.0 - ratio * float(np.exp(half)), 1.0 - ratio * float(np.exp(-half))
