"""Report the status of an experiment: figures as JSON values, sentences about them, and whether it should stop.

Every figure is by user. Every decision rests on intervals that are valid at all times together, so that a status may be
requested at any time and an experiment be stopped by its result. Missing conclusions are stated as such.

Limit: harm and futility are judged over all traffic and on triggered turns, each with half of alpha. A harm in few
turns that shows in neither is found by watching single rewrites (`uptake.experiments.withdrawal`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import numpy as np

from uptake.errors import NotReady, UptakeError
from uptake.experiments.assignment import refuse_changed
from uptake.experiments.compare import IMBALANCE, analyse, balance_p_value, date_of, in_scope, rates_by_arm
from uptake.experiments.offers_by_arm import offers_by_arm
from uptake.experiments.outcomes import Outcomes
from uptake.experiments.pooled import Pooled, Totals, pool_outcomes
from uptake.experiments.registry import Registry, Started, StopRules
from uptake.experiments.sequential import Look, Monitor, Rule
from uptake.experiments.winloss import of_triggered
from uptake.log.schema import to_micros

__all__ = [
    "check_stop_rules",
    "experiment_status",
    "finite_json",
    "look_at",
    "looks_by_day",
    "stop_where_due",
    "window",
]

_DAY_S = 86_400.0
_SCOPES = ("all", "triggered")
_LEAST = 20  # rewritten turns of a domain before it is a scope
_FARTHEST = 100  # times the users so far: beyond, nothing is planned


def window(outcomes: Outcomes, started: Started | None = None) -> tuple[Outcomes, Outcomes]:
    """Split turns into those before an experiment, and those with an arm during it.

    If the start is unknown, it is the first triggered turn (without any, the first turn with an arm): until then all
    users had the same treatment, in any arm.
    """
    if started is not None and started.started_at is not None:
        first = to_micros(started.started_at)
        last = np.iinfo(np.int64).max if started.stopped_at is None else to_micros(started.stopped_at)
    else:
        concerned = outcomes.triggered if outcomes.triggered.any() else outcomes.arm.codes >= 0
        first = int(outcomes.said_at[concerned].min()) if concerned.any() else np.iinfo(np.int64).max
        last = np.iinfo(np.int64).max
    early = outcomes.said_at < first
    return outcomes.where(early), outcomes.where(~early & (outcomes.said_at < last) & (outcomes.arm.codes >= 0))


def look_at(
    during: Outcomes, arms: tuple[str, str], before: Outcomes | None = None, *, rule: Rule | None = None
) -> Look:
    """Compare two arms by a rule that is valid at any time.

    Args:
        during: Turns with arms.
        arms: (control, treatment).
        before: Turns from before the experiment; None for none.
        rule: Decision rule; None for the default one.

    Raises:
        BadRecord: A user is in both arms.
    """
    looks = looks_by_day(during, arms, before, rule=rule)
    return looks.popitem()[1] if looks else Monitor(arms, rule).look()


def looks_by_day(
    during: Outcomes, arms: tuple[str, str], before: Outcomes | None = None, *, rule: Rule | None = None
) -> dict[str, Look]:
    """Compare two arms at the end of every day (by date); the intervals are valid at all of these times together.

    It has the arguments and the errors of `look_at`.
    """
    past: dict[str, tuple[float, float]] = {}
    if before is not None:
        codes, size = before.user.codes[before.known], len(before.user.names)
        defects = np.bincount(codes, weights=before.defect[before.known], minlength=size)
        turns = np.bincount(codes, minlength=size)
        past = {before.user.names[at]: (float(defects[at]), float(turns[at])) for at in np.flatnonzero(turns).tolist()}
    monitor = Monitor(arms, rule, before=past)
    rows = np.flatnonzero(during.known & (during.arm.codes >= 0))
    rows = rows[np.argsort(during.said_at[rows], kind="stable")]
    names, users, found = during.arm.names, during.user.names, {}
    days, firsts = np.unique(during.day[rows], return_index=True)
    for day, these in zip(days.tolist(), np.split(rows, firsts[1:]), strict=True) if len(rows) else ():
        columns = (during.user.codes[these].tolist(), during.arm.codes[these].tolist(), during.defect[these].tolist())
        monitor.extend((users[user], names[arm], failed) for user, arm, failed in zip(*columns, strict=True))
        found[date_of(day)] = monitor.look()
    return found


def check_stop_rules(started: Started, log: Pooled, at: datetime) -> str | None:
    """Return why an experiment should stop now, by its stop rules; None if it should continue.

    Args:
        started: The experiment.
        log: Turns of the log; those outside the experiment are ignored.
        at: The time, with its zone.

    Raises:
        BadRecord: Users changed arms, or arms do not fit the experiment, so that nothing can be judged.
    """
    if not started.is_running or started.started_at is None:
        return None
    rules, totals = started.rules, log.totals(to_micros(started.started_at))
    days = (at - started.started_at).total_seconds() / _DAY_S
    reached: tuple[tuple[str, float, float | None], ...] = (
        ("days", days, rules.max_days),
        ("users", len(totals.arms_of_users()), rules.max_users),
        ("turns", totals.turns, rules.max_turns),
    )
    for unit, value, limit in reached:
        if limit is not None and value >= limit:
            return f"it has {value:,.0f} {unit}, the limit is {limit:,g}"
    refuse_changed(totals, started.experiment)
    return _settled(totals, started)


def stop_where_due(registry: Registry, log: Pooled, at: datetime) -> Started | None:
    """Stop the running experiment if one of its stop rules is met.

    Args:
        registry: The experiments of the state directory.
        log: Turns of its log.
        at: The time, with its zone.

    Returns:
        The experiment, where it was stopped; its `reason` says why.

    Raises:
        BadConfig: A file of the registry is damaged.
        BadRecord: Users changed arms, or arms do not fit the experiment.
    """
    running = registry.running()
    reason = check_stop_rules(running, log, at) if running is not None else None
    if running is None or reason is None:
        return None
    return registry.stop(running.name, at=at, reason=reason)


def experiment_status(
    outcomes: Outcomes,
    started: Started | None = None,
    *,
    arms: tuple[str, str] | None = None,
    at: datetime | None = None,
) -> dict[str, Any]:
    """Return the current status of an experiment, as JSON values.

    Args:
        outcomes: Turns of the log.
        started: The experiment; None for a log whose arms were assigned elsewhere.
        arms: (control, treatment); None for those of the experiment.
        at: The time, with its zone; None to judge no stop rule.

    Returns:
        `arms` that are compared; `by_arm` rates; `scopes`: the effect by scope, for ONE look at a time fixed
        beforehand; `any_time`: the same over all traffic and where a rewrite fires, at all times; `by_day`: as that
        was at the end of each day; `win_loss`; `offers` by arm; `balance_p`; `unknown`: sentences; `stop`: why it is to
        end, or None; `refused`: why nothing is analysed.
    """
    compared = arms or (started.experiment.compared if started is not None else ("control", "treatment"))
    before, during = window(outcomes, started)
    found: dict[str, Any] = {
        "name": started.name if started is not None else None,
        "arms": list(compared),
        "started_at": started.started_at.isoformat() if started is not None and started.started_at else None,
        "stopped_at": started.stopped_at.isoformat() if started is not None and started.stopped_at else None,
        "reason": started.reason if started is not None else None,
        "turns": len(during),
        "users": len(during.arms_of_users()),
        "refused": None,
    }
    try:
        found |= _figures(before, during, started, compared)
        found["unknown"] = _unknown(during, compared, found, started, at)
        found["stop"] = (
            check_stop_rules(started, pool_outcomes(outcomes), at) if started is not None and at is not None else None
        )
    except UptakeError as error:
        found["refused"] = str(error)
    cleaned: dict[str, Any] = finite_json(found)
    return cleaned


def finite_json(value: Any) -> Any:
    """Replace numbers that JSON cannot hold (NaN, infinity) by None."""
    if isinstance(value, Mapping):
        return {name: finite_json(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [finite_json(each) for each in value]
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    return value


_NAMES = {"all": "over all traffic", "triggered": "where a rewrite fires"}


def _settled(totals: Totals, started: Started) -> str | None:
    """Tell whether intervals that are valid at all times show harm, or futility."""
    rules, arms = started.rules, started.experiment.compared
    rule = Rule(alpha=rules.alpha / len(_SCOPES))
    looks = {}
    for at, scope in enumerate(_SCOPES):
        monitor = Monitor(arms, rule, before=totals.before)
        for (user, arm), sums in totals.during.items():
            if sums[at][1]:
                monitor.add(user, arm, *sums[at])
        looks[scope] = monitor.look()
    for scope, look in looks.items():
        if rules.for_harm and look.ready and look.low > 0.0:
            return f"harm is established: {arms[1]} fails {look.low * 100:.1f} points more at least, {_NAMES[scope]}"
    whole = looks["all"]
    if rules.least_reduction is not None and whole.ready and whole.reduction_high < rules.least_reduction:
        return f"a reduction of {rules.least_reduction:.0%} of all defects is excluded (futility)"
    return None


def _figures(before: Outcomes, during: Outcomes, started: Started | None, arms: tuple[str, str]) -> dict[str, Any]:
    earlier = before if len(before) else None
    experiment = started.experiment if started is not None else None
    refuse_changed(during, experiment)
    scopes: dict[str, Any] = {}
    for scope in (*_SCOPES, *_domains(during)):
        try:
            scopes[scope] = analyse(during, experiment=experiment, arms=arms, scope=scope, before=earlier).to_json()
        except UptakeError as error:
            scopes[scope] = {"refused": str(error)}
    rule = Rule(alpha=started.rules.alpha if started is not None else StopRules().alpha)
    daily = {scope: looks_by_day(in_scope(during, scope), arms, earlier, rule=rule) for scope in _SCOPES}
    looks = {scope: next(reversed(found.values()), Monitor(arms, rule).look()) for scope, found in daily.items()}
    p = balance_p_value(during, experiment) if experiment is not None else None
    return {
        "scopes": scopes,
        "by_arm": {arm: asdict(one) for arm, one in rates_by_arm(during).items()},
        "any_time": {scope: look._asdict() for scope, look in looks.items()},
        "by_day": {
            scope: [{"day": day, **look._asdict()} for day, look in found.items()] for scope, found in daily.items()
        },
        "alpha": rule.alpha,
        "balance_p": p,
        "is_balanced": p is None or p >= IMBALANCE,
        "win_loss": _win_loss(during, earlier, arms),
        "offers": offers_by_arm(during, experiment) if experiment is not None else None,
    }


def _domains(outcomes: Outcomes) -> list[str]:
    """Return the scopes of the domains with most rewrites."""
    counts = np.bincount(outcomes.domain.codes[outcomes.triggered & (outcomes.domain.codes >= 0)])
    order = np.argsort(-counts, kind="stable")[:5]
    return [f"domain:{outcomes.domain.names[at]}" for at in order.tolist() if counts[at] >= _LEAST]


def _win_loss(during: Outcomes, before: Outcomes | None, arms: tuple[str, str]) -> dict[str, Any] | None:
    try:
        found = of_triggered(during, arms=arms, before=before)
    except NotReady:
        return None
    return asdict(found) | {"expected": found.expected.to_json()}


def _unknown(
    during: Outcomes,
    arms: tuple[str, str],
    found: Mapping[str, Any],
    started: Started | None,
    at: datetime | None,
) -> list[str]:
    """List the conclusions that are missing, and what each would need."""
    rule, lines = Rule(alpha=found["alpha"]), []
    for scope in _SCOPES:
        look, name = Look(**found["any_time"][scope]), _NAMES[scope]
        if scope == "triggered" and not in_scope(during, scope):
            lines.append("what rewrites do at all: none fired yet, nor would have in the control")
        elif not look.ready:
            worth = " and ".join(f"{one:.0f} ({arm})" for one, arm in zip(look.worth, arms, strict=True))
            lines.append(
                f"the difference {name}: no result before each arm has the weight of {rule.min_users:.0f} equal users; "
                f"the arms have {worth}"
            )
        elif look.low <= 0.0 <= look.high:
            lines.append(
                f"whether there is a difference {name}: the interval covers 0; {_more(look, rule, started, at)}"
            )
    if found["win_loss"] is None:
        lines.append("wins and losses: too few turns in which a rewrite fired or was withheld")
    elif found["win_loss"]["own_evidence"] < 0.5:
        share = 1.0 - found["win_loss"]["own_evidence"]
        lines.append(f"how {share:.0%} of the rewritten turns would have ended: their requests were never left alone")
    return lines


def _more(look: Look, rule: Rule, started: Started | None, at: datetime | None) -> str:
    """Estimate how many more users would give a conclusion if the difference is as observed.

    The variance falls in proportion to the number of users.
    """
    times = np.geomspace(1.0, _FARTHEST, 400)
    enough = np.flatnonzero(np.abs(look.difference) > rule.reach(look.error**2 / times))
    if not enough.size:
        return f"the observed difference is too small to be confirmed with {_FARTHEST} times the users"
    users = sum(look.users)
    more = int(np.ceil(users * (times[enough[0]] - 1.0)))
    text = f"if the difference is as observed, about {max(more, 1):,} more users would confirm it"
    if started is not None and started.started_at is not None and at is not None and started.is_running:
        days = (at - started.started_at).total_seconds() / _DAY_S
        text += f" ({more * days / users:,.0f} days at the rate so far)" if days > 0 else ""
    return text
