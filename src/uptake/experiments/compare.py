"""Compare the arms of an experiment: defect rates per arm and day, their difference with its interval, and checks.

The scope is always named: "all" turns, "triggered" turns (a rewrite fired in the treatment, or would have fired in the
control), or "domain:music". The effect on triggered turns is large and easy to detect; the effect over all traffic is
what users notice. The domain is that of the interpretation, which a rewrite may change; so domain figures describe,
while the other two are evidence.

The log is refused if the assignment changed midway. The sizes of the arms are compared with their shares: an arm that
lost users shows that something else went wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from uptake.errors import BadConfig, NotReady
from uptake.experiments.assignment import Experiment, refuse_changed
from uptake.experiments.outcomes import Outcomes
from uptake.experiments.rates import Difference, Rate, UserTotals, compare, rate

__all__ = [
    "Analysis",
    "analyse",
    "balance_p_value",
    "date_of",
    "false_alarms",
    "fits_shares",
    "in_scope",
    "rates_by_arm",
    "rates_by_day",
    "users_needed",
]

SCOPES = ("all", "triggered")
IMBALANCE = 0.001
"""Below this p-value the sizes of the arms do not fit their shares."""

_MIXED = 100.0  # users' worth of belief in the shares: arms that are off by a tenth are found soonest


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """Comparison of treatment and control, in one scope."""

    scope: str
    """Turns that are compared: "all", "triggered" or "domain:NAME"."""
    effect: Difference
    """Rates, difference, relative reduction."""
    arms: Mapping[str, Rate]
    """Rate of every arm, the holdout included."""
    balance_p: float | None
    """p-value of the users per arm against the shares; None without an experiment to compare with."""

    @property
    def is_balanced(self) -> bool:
        """Tell whether the sizes of the arms match their shares; if not, no figure here can be trusted."""
        return self.balance_p is None or self.balance_p >= IMBALANCE

    def to_json(self) -> dict[str, Any]:
        """Return JSON values."""
        return asdict(self) | {"is_balanced": self.is_balanced}


def analyse(
    outcomes: Outcomes,
    *,
    experiment: Experiment | None = None,
    arms: tuple[str, str] = ("control", "treatment"),
    scope: str = "all",
    before: Outcomes | None = None,
) -> Analysis:
    """Compare two arms of a log.

    Args:
        outcomes: Turns with arms.
        experiment: Experiment that made the arms; None to trust the log.
        arms: (control, treatment).
        scope: "all", "triggered" or "domain:NAME".
        before: Turns from before the experiment, which narrow the interval.

    Raises:
        BadRecord: Users changed arms, or arms do not fit the experiment.
        NotReady: An arm has too few users.
    """
    refuse_changed(outcomes, experiment)
    kept = in_scope(outcomes, scope)
    totals = [UserTotals.of(kept, kept.arm.is_(arm), before) for arm in arms]
    return Analysis(
        scope=scope,
        effect=compare(*totals),
        arms=rates_by_arm(kept),
        balance_p=balance_p_value(outcomes, experiment) if experiment else None,
    )


def in_scope(outcomes: Outcomes, scope: str) -> Outcomes:
    """Return the turns of a scope: "all", "triggered" or "domain:NAME"."""
    if scope == "all":
        return outcomes
    if scope == "triggered":
        return outcomes.where(outcomes.triggered)
    if scope.startswith("domain:"):
        return outcomes.where(outcomes.domain.is_(scope.removeprefix("domain:")))
    raise BadConfig(f"there is no scope {scope}; there is {', '.join(SCOPES)}, domain:NAME")


def rates_by_arm(outcomes: Outcomes) -> dict[str, Rate]:
    """Return the defect rate of each arm."""
    return {arm: rate(outcomes, outcomes.arm.is_(arm)) for arm in sorted(outcomes.arm.names)}


def rates_by_day(outcomes: Outcomes, arm: str | None = None) -> dict[str, Rate]:
    """Return the defect rate per date, for days with turns; of one arm, or of all turns."""
    chosen = None if arm is None else outcomes.arm.is_(arm)
    days = ((day, at if chosen is None else at[chosen[at]]) for day, at in outcomes.by_day())
    return {date_of(day): rate(outcomes.where(at)) for day, at in days if len(at)}


def date_of(day: int) -> str:
    """Convert days since 1970 to a date, YYYY-MM-DD."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=day)).date().isoformat()


def balance_p_value(outcomes: Outcomes, experiment: Experiment) -> float:
    """Return the p-value of the number of users per arm against the experiment's shares; see `fits_shares`."""
    counts = dict.fromkeys(experiment.probabilities, 0)
    for arms in outcomes.arms_of_users().values():
        for arm in arms & counts.keys():
            counts[arm] += 1
    return float(fits_shares(list(counts.values()), list(experiment.probabilities.values())))


def fits_shares(counts: ArrayLike, shares: ArrayLike) -> Any:
    """Return the p-value of counts against shares, valid at all times together, however often it is computed.

    Users arrive one by one and each falls into an arm by the shares. So the likelihood of the counts under a Dirichlet
    mixture around the shares, divided by that under the shares, is an e-process; p is its inverse.

    Source: Lindon and Malek, "Anytime-valid inference for multinomial count data" (NeurIPS 2022).

    Args:
        counts: (…, k) users in each arm.
        shares: (k,) probability of each arm, above 0.
    """
    seen, expected = np.asarray(counts, dtype=np.float64), np.asarray(shares, dtype=np.float64)
    prior = _MIXED * expected
    each = special.gammaln(prior + seen) - special.gammaln(prior) - seen * np.log(expected)
    log_e = special.gammaln(_MIXED) - special.gammaln(_MIXED + seen.sum(axis=-1)) + each.sum(axis=-1)
    return np.exp(-np.maximum(log_e, 0.0))


def false_alarms(
    outcomes: Outcomes,
    *,
    before: Outcomes | None = None,
    runs: int = 1_000,
    looks: int = 100,
    decides: Literal["sequential", "fixed"] = "sequential",
) -> dict[str, float]:
    """Run A/A tests on turns of one treatment: assign users at random `runs` times and count the alarms.

    Args:
        outcomes: Turns of users who all had the same treatment.
        before: Earlier turns, for the same adjustment as in an analysis.
        runs: Number of random splits into two halves.
        looks: Number of looks per run, at equal steps through the turns.
        decides: "sequential" (the rule of `uptake.experiments.sequential`) or "fixed" (a z test at every look, to show
            why peeking is wrong).

    Returns:
        `runs`, `alarms`, `rate`, `rate_high` (upper 95 % bound of the rate).

    Raises:
        NotReady: There are too few users.
    """
    from uptake.experiments.sequential import Rule

    kept = outcomes.where(outcomes.known)
    kept = kept.where(np.argsort(kept.said_at, kind="stable"))
    users = len(kept.user.names)
    if len(np.unique(kept.user.codes)) < 20:
        raise NotReady("an A/A check needs at least 20 users")
    rule, past = Rule(), _past(kept, before)
    steps = np.unique(np.linspace(0, len(kept), looks + 1).astype(np.int64)[1:])
    sides = (np.random.default_rng(0).random((runs, users)) < 0.5).astype(np.float64)
    y, m, start = np.zeros(users), np.zeros(users), 0
    alarmed = np.zeros(runs, dtype=bool)
    for stop in steps.tolist():
        codes = kept.user.codes[start:stop]
        y += np.bincount(codes, weights=kept.defect[start:stop], minlength=users)
        m += np.bincount(codes, minlength=users)
        seen, x = m > 0, np.where(m > 0, past, 0.0)
        kinds = np.stack([seen, y, m, y * y, y * m, m * m, x, x * x, x * y, x * m], axis=1)
        second = (sides @ kinds).T
        found = rule.judge(kinds.sum(axis=0)[:, None] - second, second)
        crossed = np.abs(found.difference) > special.ndtri(0.975) * found.error
        alarmed |= found.ready & (crossed if decides == "fixed" else found.alarm)
        start = stop
    count = int(alarmed.sum())
    high = float(special.betaincinv(count + 1.0, max(runs - count, 1e-9), 0.95))
    return {"runs": runs, "alarms": count, "rate": count / runs, "rate_high": high}


def _past(outcomes: Outcomes, before: Outcomes | None) -> Any:
    """Compute each user's past excess of defects over expectation, shape (users,); 0 where unknown."""
    found = np.zeros(len(outcomes.user.names))
    if before is None or not before.known.any():
        return found
    codes, size = before.user.codes[before.known], len(before.user.names)
    defects = np.bincount(codes, weights=before.defect[before.known], minlength=size)
    turns = np.bincount(codes, minlength=size)
    left = (defects - defects.sum() / turns.sum() * turns) / turns[turns > 0].mean()
    place = {name: at for at, name in enumerate(before.user.names)}
    for at, name in enumerate(outcomes.user.names):
        found[at] = left[place[name]] if name in place else 0.0
    return found


def users_needed(
    *,
    rate: float,
    reduction: float,
    turns_per_user: float,
    correlation: float = 0.1,
    variation: float = 1.0,
    power: float = 0.8,
) -> int:
    """Estimate the users per arm for one look at the end, at 95 %, without adjustment for the past.

    Args:
        rate: Defect rate without rewrites, in (0, 1).
        reduction: Relative reduction to detect, in (0, 1).
        turns_per_user: Mean number of turns of one user over the experiment.
        correlation: Intraclass correlation of one user's turns, in [0, 1].
        variation: Standard deviation of the turns per user divided by their mean, at least 0.
        power: Probability, in (0, 1), of detecting the reduction.
    """
    if not (0 < rate < 1 and 0 < reduction < 1 and turns_per_user > 0 and 0 <= correlation <= 1 and variation >= 0):
        raise BadConfig("rate and reduction must be in (0, 1), correlation in [0, 1], turns and variation not negative")
    design = max(1.0, 1.0 + (turns_per_user * (1.0 + variation**2) - 1.0) * correlation)
    other = rate * (1.0 - reduction)
    variance = (rate * (1 - rate) + other * (1 - other)) * design / turns_per_user
    reach = float(special.ndtri(0.975) + special.ndtri(power))
    return int(np.ceil(variance * reach**2 / (rate - other) ** 2))
