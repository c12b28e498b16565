"""Check the statistical guarantees of experiments on simulated people with known truth.

It makes no claim about rewrites. It measures how often the decision rules raise false alarms, how soon they detect a
difference, and how soon a rewrite of known harm is withdrawn.

The people: defect rates differ between persons (Beta with mean 0.2 and a standard deviation of 0.18), and so does the
amount of use (log-normal); a third of them join late, and in three of ten hours everything fails or nothing. That is
harder than most logs; turns of one person are more correlated.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from uptake.experiments.drift import Detector
from uptake.experiments.exposures import Exposure
from uptake.experiments.sequential import Rule
from uptake.experiments.withdrawal import Watch
from uptake.lab.evaluate.withdrawal import guarantees

__all__ = ["Outcome", "experiments", "exposures_needed", "false_withdrawals", "simulated"]

_BATCH = 100
_TALKS = 30.0
_USERS = 300  # who meet a harmless rewrite
_HARMS = ((0.95, 0.1), (0.8, 0.2), (0.5, 0.2), (0.3, 0.2))


class Outcome(NamedTuple):
    """Outcomes of simulated experiments."""

    alarmed: float
    """Share in which the sequential rule alarmed at any look."""
    peeked: float
    """Share in which a z test alarmed at any look."""
    fixed: float
    """Share in which a z test alarmed at the last look, the only honest one."""
    stopped: float
    """Median share of the time after which the sequential rule alarmed, of those that did; NaN without any."""


def experiments(
    *, runs: int, users: int, looks: int = 150, effect: float = 0.0, past: bool = False, seed: int = 0
) -> Outcome:
    """Run experiments and look at each of them all the time.

    Args:
        runs: How many.
        users: Users in both arms together.
        looks: Looks at equal steps.
        effect: Relative reduction of every treated user's defect rate.
        past: Whether as many turns from before the experiment are known.
        seed: Of everything.
    """
    generator = np.random.default_rng(seed)
    parts = [_batch(generator, min(_BATCH, runs - at), users, looks, (effect, past)) for at in range(0, runs, _BATCH)]
    first, peeked, fixed = (np.concatenate([part[at] for part in parts]) for at in range(3))
    done = np.isfinite(first)
    stopped = float(np.median(first[done])) / looks if done.any() else float("nan")
    return Outcome(float(done.mean()), float(peeked.mean()), float(fixed.mean()), stopped)


def _batch(
    generator: np.random.Generator, runs: int, users: int, looks: int, what: tuple[float, bool]
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Simulate runs: (first look that alarmed or infinity, whether a z test ever did, whether it does at the end)."""
    (effect, past), rule, shape = what, Rule(), (runs, users)
    nature = generator.beta(0.8, 3.2, shape)
    side = generator.random(shape) < 0.5
    talks = generator.lognormal(0.0, 1.0, shape) * _TALKS / looks
    joins = np.where(generator.random(shape) < 0.33, generator.random(shape), 0.0)
    earlier = generator.poisson(talks * looks)
    x = (generator.binomial(earlier, nature) - nature.mean() * earlier) / _TALKS * past
    nature = np.where(side, nature * (1.0 - effect), nature)
    y, m = np.zeros(shape), np.zeros(shape)
    first, peeked, crossed = np.full(runs, np.inf), np.zeros(runs, dtype=bool), np.zeros(runs, dtype=bool)
    for look in range(looks):
        fresh = generator.poisson(talks * (look / looks >= joins))
        whole = fresh * (generator.random(shape) < nature)
        y += np.where(generator.random(shape) < 0.3, whole, generator.binomial(fresh, nature))
        m += fresh
        seen = m > 0
        kinds = (seen, y, m, y * y, y * m, m * m, x * seen, x * x * seen, x * y, x * m)
        sums = [[(kind * arm).sum(axis=1) for kind in kinds] for arm in (~side, side)]
        found = rule.judge(*sums)
        first = np.where(found.alarm & np.isinf(first), look + 1.0, first)
        crossed = found.ready & (np.abs(found.difference) > special.ndtri(0.975) * found.error)
        peeked |= crossed
    return first, peeked, crossed


def false_withdrawals(*, rate: float, runs: int = 1_000, seed: int = 0) -> float:
    """Compute the share of rewrites withdrawn that fail exactly as often as the request left alone."""
    generator, gone = np.random.default_rng(seed), 0
    for _ in range(runs):
        watch = Watch()
        acted, failed = generator.random(_USERS) < 0.5, generator.random(_USERS) < rate
        rows = (Exposure("r", str(at), bool(acted[at]), float(failed[at]), 0.5) for at in range(_USERS))
        gone += bool(watch.extend(rows))
    return gone / runs


def exposures_needed(*, with_: float, without: float, runs: int = 400, seed: int = 0) -> dict[str, float]:
    """Count the users who meet a rewrite of known harm before it is withdrawn, against the control alone.

    Args:
        with_: Defect rate with the rewrite.
        without: Defect rate without it.
        runs: How many rewrites are simulated.
        seed: Of the simulation.

    Returns:
        `median` and `p95` of the users exposed in any arm (infinite where 5,000 do not suffice), and `withdrawn`, the
        share of rewrites that were.
    """
    generator = np.random.default_rng(seed)
    found = np.full(runs, np.inf)
    for run in range(runs):
        watch = Watch()
        acted = generator.random(5_000) < 0.5
        failed = generator.random(5_000) < np.where(acted, with_, without)
        for at in range(5_000):
            if watch.add(Exposure("r", str(at), bool(acted[at]), float(failed[at]), 0.5)) is not None:
                found[run] = at + 1
                break
    done = np.sort(found)
    return {
        "median": float(done[runs // 2]),
        "p95": float(done[int(0.95 * runs)]),
        "withdrawn": float(np.isfinite(done).mean()),
    }


def simulated(*, seed: int = 0, runs: int = 1_000) -> dict[str, Any]:
    """Check the guarantees; takes about two minutes.

    Args:
        seed: Of everything that is drawn.
        runs: Simulated experiments where nothing differs; a fifth of it where something does.

    Returns:
        Flat figures.
    """
    found: dict[str, Any] = {"simulated": True, "runs": runs}
    for name, past in (("", False), ("_with_past", True)):
        nothing = experiments(runs=runs, users=400, past=past, seed=seed)
        found |= {
            f"nothing_differs{name}.sequential": nothing.alarmed,
            f"nothing_differs{name}.z_test_peeking": nothing.peeked,
            f"nothing_differs{name}.z_test_once": nothing.fixed,
        }
    for users in (1_000, 2_000):
        for past in (False, True):
            some = experiments(runs=runs // 5, users=users, looks=60, effect=0.2, past=past, seed=seed)
            key = f"fifth_less_of_{users}{'_with_past' if past else ''}"
            found |= {
                f"{key}.sequential": some.alarmed,
                f"{key}.z_test_once": some.fixed,
                f"{key}.stops_at": some.stopped,
            }
    for with_, without in _HARMS:
        need = exposures_needed(with_=with_, without=without, runs=200, seed=seed)
        key = f"withdrawn_{with_:.0%}_for_{without:.0%}".replace("%", "")
        found |= {f"{key}.people_median": need["median"], f"{key}.people_p95": need["p95"]}
        found[f"{key}.share"] = need["withdrawn"]
    for rate in (0.1, 0.5):
        found[f"withdrawn_harmless.at_{rate:.0%}".replace("%", "")] = false_withdrawals(rate=rate, runs=runs, seed=seed)
    found |= guarantees(seed=seed, runs=runs)
    found["drift.days_between_false_alarms"] = _calm_days(seed)
    return found


def _calm_days(seed: int) -> float:
    """Measure the days between two alarms on calm series, where at least 100 are promised."""
    generator, rung, days, series = np.random.default_rng(seed), 0, 400, 200
    for _ in range(series):
        detector = Detector(days=100.0)
        rung += sum(detector.add(float(value)) for value in generator.normal(0.2, 0.01, days))
    return days * series / max(rung, 1)
