"""Analyse a running experiment sequentially: confidence intervals that are valid at all times together.

A test that is valid at one time gives false alarms sooner or later if it is repeated often. Here the interval of the
difference of two defect rates covers the truth at ALL times together with the stated probability. So anybody may look
at any time, stop when the interval leaves zero, or continue.

Method. Let D be the difference of the arms' rates so far (ratios of sums) and s its standard error clustered by user,
both from running sums; I = 1/s^2 is the information so far. For a normal prior of scale r on the effect, the mixture

    E = (1 + r^2 I)^(-1/2) exp( r^2 (I D)^2 / (2 (1 + r^2 I)) )

is an e-process under no difference when I D behaves like a Brownian motion at time I: it ever exceeds 1/alpha with
probability at most alpha (Ville). The interval is the set of differences that E does not reject. The same bound around
the logarithm of the ratio of the two rates (delta method) gives an interval of the relative reduction.

Turns of one user are correlated, so I D is not quite a Brownian motion: as users return, D changes less than fresh
users would change it. Values at two times are then correlated at least as much as the Brownian motion's, and of two
Gaussian processes with equal variances the more correlated one crosses a boundary less often (Slepian). So the
guarantee holds, and is slightly conservative.

Source: Robbins (1970); Johari et al., "Always Valid Inference" (Operations Research 2022); Waudby-Smith et al.,
"Time-uniform central limit theory and asymptotic confidence sequences" (Annals of Statistics 2024). Differs: clustered
by user, with returning users. Limit: asymptotic. No result is given before each arm has `min_users` users of equal
weight; a single user with a fifth of all turns delays the result, rather than distorting it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from uptake.errors import BadConfig, BadRecord

__all__ = ["Judgement", "Look", "Monitor", "Rule"]

_RELATIVE = 0.15  # relative reductions of about this size are found soonest


class Judgement(NamedTuple):
    """Result of a rule at one look; numbers, or arrays with one entry per run."""

    ready: Any
    """Whether there are enough users to say anything."""
    difference: Any
    """Rate of the second arm minus rate of the first."""
    error: Any
    """Its standard error, clustered by user."""
    low: Any
    """Lower end of the interval that holds at all times."""
    high: Any
    """Upper end."""
    log_e: Any
    """Logarithm of the evidence against no difference."""
    alarm: Any
    """Whether the interval excludes zero."""
    reduction: Any
    """Relative reduction, 1 - second / first; NaN where a rate is 0."""
    reduction_low: Any
    """Lower end of its interval that holds at all times; may be minus infinity."""
    reduction_high: Any
    """Upper end; at most 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Default decision rule of experiments.

    Args:
        alpha: Probability, in (0, 1), of any false alarm.
        scale: Size of differences, in (0, 1), that are detected soonest; validity does not depend on it.
        min_users: Users of equal weight that each arm needs before a result is given.
    """

    alpha: float = 0.05
    scale: float = 0.03
    min_users: float = 30.0

    def __post_init__(self) -> None:
        if not (0.0 < self.alpha < 1.0 and 0.0 < self.scale < 1.0):
            raise BadConfig("alpha and scale must be in (0, 1)")
        if self.min_users < 10:
            raise BadConfig("min_users must be at least 10: with fewer users no standard error can be trusted")

    def judge(self, first: Sequence[Any], second: Sequence[Any]) -> Judgement:
        """Judge two arms, each given as ten sums over its users.

        With y defects, m turns and x what the user did before (0 where unknown), they are the sums of
        1, y, m, y^2, ym, m^2, x, x^2, xy, xm; each may be an array with one entry a run.
        """
        one, other = _moments(first), _moments(second)
        past = one.past + other.past
        slope = np.where(past > 0.0, (one.shared + other.shared) / np.where(past > 0.0, past, 1.0), 0.0)
        difference = other.rate - one.rate - slope * (other.before - one.before)
        parts = [each.spread - 2.0 * slope * each.shared + slope**2 * each.past for each in (one, other)]
        variance = parts[0] + parts[1]
        worth_a, worth_b = one.worth, other.worth
        ready = (np.minimum(worth_a, worth_b) >= self.min_users) & (variance > 0.0)
        variance = np.where(ready, variance, 1.0)
        grown = 1.0 + self.scale**2 / variance  # 1 + r^2 I
        log_e = (1.0 - 1.0 / grown) * difference**2 / (2.0 * variance) - 0.5 * np.log(grown)
        reach = self.reach(variance)
        middle = 0.5 * (one.before + other.before)
        rates = [each.rate - slope * (each.before - middle) for each in (one, other)]
        reduction, low, high = self._reduction(rates, parts, ready)
        return Judgement(
            ready=ready,
            difference=difference,
            error=np.sqrt(variance),
            low=np.where(ready, np.maximum(difference - reach, -1.0), -1.0),
            high=np.where(ready, np.minimum(difference + reach, 1.0), 1.0),
            log_e=np.where(ready, log_e, 0.0),
            alarm=ready & (np.abs(difference) > reach),
            reduction=reduction,
            reduction_low=low,
            reduction_high=high,
        )

    def reach(self, variance: Any, scale: float | None = None) -> Any:
        """Return the half-width of the interval of an estimate, given the estimate's variance."""
        grown = 1.0 + (self.scale if scale is None else scale) ** 2 / variance
        return np.sqrt(variance * grown / (grown - 1.0) * (np.log(grown) - 2.0 * np.log(self.alpha)))

    def _reduction(self, rates: Sequence[Any], parts: Sequence[Any], ready: Any) -> tuple[Any, Any, Any]:
        """Return the relative reduction and its interval, from the rates of the arms and their variances."""
        some = (rates[0] > 0.0) & (rates[1] > 0.0)
        first, second = (np.where(some, rate, 1.0) for rate in rates)
        variance = parts[0] / first**2 + parts[1] / second**2
        known = ready & some & (variance > 0.0)
        reach = self.reach(np.where(known, variance, 1.0), _RELATIVE)
        ratio = second / first
        return (
            np.where(some, 1.0 - ratio, np.nan),
            np.where(known, 1.0 - ratio * np.exp(reach), -np.inf),
            np.where(known, 1.0 - ratio * np.exp(-reach), 1.0),
        )


class Look(NamedTuple):
    """Result of one look at a running experiment, valid at any time."""

    turns: int
    """Turns so far, in both arms."""
    users: tuple[int, int]
    """Users so far, in each arm."""
    difference: float
    """Rate of the second arm minus rate of the first; NaN before both have turns."""
    low: float
    """Lower end of the interval that holds at all times."""
    high: float
    """Upper end."""
    e_value: float
    """Evidence against no difference; 1/alpha and more is an alarm."""
    alarm: bool
    """Whether the interval excludes zero, now or at an earlier look."""
    ready: bool = False
    """Whether there are enough users to say anything."""
    error: float = float("nan")
    """Standard error of the difference, clustered by user."""
    worth: tuple[float, float] = (0.0, 0.0)
    """Effective number of users of each arm."""
    reduction: float = float("nan")
    """Relative reduction of the rate, 1 - second / first; NaN where a rate is 0."""
    reduction_low: float = float("-inf")
    """Lower end of its interval that holds at all times."""
    reduction_high: float = 1.0
    """Upper end."""


class Monitor:
    """Follow an experiment turn by turn; each update takes the same time however long it has run.

    >>> monitor = Monitor(("control", "treatment"))
    >>> for at in range(400):
    ...     monitor.add(f"u{at % 200}", "control" if at % 2 else "treatment", float(at % 2 and at % 3 > 0))
    >>> monitor.look().alarm
    True

    Args:
        arms: (control, treatment); turns of other arms are ignored.
        rule: Decision rule.
        before: User -> (defects, turns) from before the experiment; the part of the outcome that they predict is
            subtracted in both arms, which detects differences sooner and raises no more alarms.
    """

    def __init__(
        self,
        arms: tuple[str, str] = ("control", "treatment"),
        rule: Rule | None = None,
        *,
        before: Mapping[str, tuple[float, float]] | None = None,
    ) -> None:
        self.arms, self.rule = arms, rule or Rule()
        self._users: dict[str, list[float]] = {}  # user -> [arm, defects, turns, before]
        self._sums = [[0.0] * 10, [0.0] * 10]
        self._before = _past(before or {})
        self._alarmed = False

    def add(self, user_id: str, arm: str | None, defect: float, turns: int = 1) -> None:
        """Add a turn, or several of one user.

        Args:
            user_id: The user.
            arm: The user's arm.
            defect: The defect, in [0, 1]; of several turns their sum.
            turns: Number of turns.

        Raises:
            BadRecord: The user was in the other arm before, or the defect is no number in [0, 1].
        """
        if arm not in self.arms:
            return
        if not 0.0 <= defect <= turns:
            raise BadRecord("must be in [0, 1]", field="defect")
        side = self.arms.index(arm)
        user = self._users.get(user_id)
        sums = self._sums[side]
        if user is None:
            past = self._before.get(user_id, 0.0)
            user = self._users[user_id] = [side, 0.0, 0.0, past]
            sums[0] += 1.0
            sums[6] += past
            sums[7] += past**2
        elif user[0] != side:
            raise BadRecord("a user appears in two arms: the assignment changed mid-way", field="arm")
        _, defects, before, past = user
        sums[1] += defect
        sums[2] += turns
        sums[3] += (2.0 * defects + defect) * defect
        sums[4] += defects * turns + defect * (before + turns)
        sums[5] += (2.0 * before + turns) * turns
        sums[8] += past * defect
        sums[9] += past * turns
        user[1], user[2] = defects + defect, before + turns

    def extend(self, turns: Iterable[tuple[str, str | None, float]]) -> None:
        """Add turns given as (user, arm, defect)."""
        for user_id, arm, defect in turns:
            self.add(user_id, arm, defect)

    def look(self) -> Look:
        """Return the current result. The guarantee holds however often it is called."""
        first, second = self._sums
        seen = bool(first[2] and second[2])
        found = self.rule.judge(first, second) if seen else None
        self._alarmed = self._alarmed or (found is not None and bool(found.alarm))
        if found is None:
            return Look(
                int(first[2] + second[2]), (int(first[0]), int(second[0])), float("nan"), -1.0, 1.0, 1.0, self._alarmed
            )
        return Look(
            turns=int(first[2] + second[2]),
            users=(int(first[0]), int(second[0])),
            difference=float(found.difference),
            low=float(found.low),
            high=float(found.high),
            e_value=float(np.exp(min(float(found.log_e), 700.0))),
            alarm=self._alarmed,
            ready=bool(found.ready),
            error=float(found.error),
            worth=(float(_moments(first).worth), float(_moments(second).worth)),
            reduction=float(found.reduction),
            reduction_low=float(found.reduction_low),
            reduction_high=float(found.reduction_high),
        )


def _past(before: Mapping[str, tuple[float, float]]) -> dict[str, float]:
    """Compute each user's past excess of defects over expectation, in turns of an average user."""
    turns = sum(m for _, m in before.values())
    if not turns:
        return {}
    rate = sum(y for y, _ in before.values()) / turns
    return {user: (y - rate * m) * len(before) / turns for user, (y, m) in before.items()}


class _Moments(NamedTuple):
    """Moments of one arm, from its sums."""

    rate: Any
    """Defects over turns."""
    spread: Any
    """Variance of the rate, clustered by user."""
    before: Any
    """Mean of what its users did before."""
    past: Any
    """Variance of that mean."""
    shared: Any
    """Covariance of rate and mean."""
    worth: Any
    """Effective number of users of the arm."""


def _moments(sums: Sequence[Any]) -> _Moments:
    users, y, m, yy, ym, mm, x, xx, xy, xm = (np.asarray(one, dtype=np.float64) for one in sums)
    turns, people = np.maximum(m, 1.0), np.maximum(users, 1.0)
    rate, before = y / turns, x / people
    inflate = people / np.maximum(people - 1.0, 1.0)
    return _Moments(
        rate=rate,
        spread=inflate * np.maximum(yy - 2.0 * rate * ym + rate**2 * mm, 0.0) / turns**2,
        before=before,
        past=inflate * np.maximum(xx - people * before**2, 0.0) / people**2,
        shared=inflate * (xy - rate * xm) / (turns * people),
        worth=turns**2 / np.maximum(mm, 1.0),
    )
