"""Compare arms with and without offers: answers, turns, words and complaints.

Turns and words are counted per goal that was reached, as far as a log tells: each action that nobody undid, denied or
asked for again. A routine that is run by its name does several actions in one turn; a yes to an offer does the offered
action. A complaint is a turn that was undone, answered no, or said again.

Limit: no log knows which goals people had. An offer that was accepted and not needed counts as a goal here; the
simulated town, which knows the goals, counts none (`uptake.lab.evaluate.next_goals.town`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.experiments.assignment import Experiment
from uptake.experiments.outcomes import Outcomes
from uptake.ml.bootstrap import interval
from uptake.proactive.offers.events import ACCEPTS, DOMAIN, REFUSALS

__all__ = ["offers_by_arm"]

Floats = NDArray[np.float64]
_COMPLAINTS = ("undone", "answered no", "said again")
_PER_GOAL = ("turns", "words", "complaints")


def offers_by_arm(during: Outcomes, experiment: Experiment, *, seed: int = 0) -> dict[str, Any] | None:
    """Return the offers of each arm and the cost of a goal there; None if nothing was ever offered.

    Args:
        during: Turns of the experiment.
        experiment: The experiment.
        seed: Seed of the bootstrap for the intervals.

    Returns:
        `by_arm`: users, offers said, withheld, accepted, declined, goals; turns, words and complaints for each goal;
        `change`: each of these last three, arms with offers less arms without, with an interval over users for ONE look
        at a time fixed beforehand; None where all arms are alike in offers.
    """
    if not (during.offered >= 0).any():
        return None
    users, counts, arms = _by_user(during)
    by_arm = {}
    for arm in sorted(set(arms.tolist()) - {""}):
        total = {name: float(column[arms == arm].sum()) for name, column in counts.items()}
        told = {name: int(total[name]) for name in ("said", "withheld", "accepted", "declined", "goals")}
        costs = {f"{name}_per_goal": _ratio(total[name], total["goals"]) for name in _PER_GOAL}
        by_arm[arm] = {"users": int((arms == arm).sum()), **told, **costs}
    with_offers = np.array([bool(arm) and experiment.offers(arm) for arm in arms.tolist()])
    silent = np.array([bool(arm) and not experiment.offers(arm) for arm in arms.tolist()])
    change = None
    if with_offers.any() and silent.any():
        change = {
            f"{name}_per_goal": _change(counts[name], counts["goals"], (with_offers, silent), users, seed=seed)
            for name in _PER_GOAL
        }
    return {"by_arm": by_arm, "change": change}


def _by_user(during: Outcomes) -> tuple[list[str], Mapping[str, Floats], NDArray[np.str_]]:
    """Return the users, the counts of each user by name, and each user's arm."""
    complained = np.zeros(len(during), dtype=bool)
    for name in _COMPLAINTS:
        complained |= during.friction.get(name, np.zeros(len(during), dtype=bool))
    words = np.array([len(name.split()) for name in during.request.names] + [0], dtype=np.float64)
    about = during.domain.is_(DOMAIN)
    rows = {
        "turns": np.ones(len(during)),
        "words": words[during.request.codes],
        "goals": during.deeds * ~complained,
        "complaints": complained,
        "said": during.offered == 1,
        "withheld": during.offered == 0,
        "accepted": about & during.intent.is_(ACCEPTS),
        "declined": about & np.logical_or.reduce([during.intent.is_(one) for one in REFUSALS]),
    }
    present, place = np.unique(during.user.codes, return_inverse=True)
    counts = {
        name: np.asarray(np.bincount(place, weights=column, minlength=len(present)), dtype=np.float64)
        for name, column in rows.items()
    }
    arms = np.full(len(present), "", dtype=object)
    arms[place] = np.array([*during.arm.names, ""], dtype=object)[during.arm.codes]
    return [during.user.names[at] for at in present.tolist()], counts, arms.astype(str)


def _change(
    above: Floats,
    below: Floats,
    arms: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    users: list[str],
    *,
    seed: int,
) -> dict[str, float]:
    """Return the difference of a ratio between two groups of users, with an interval over users."""

    def difference(rows: NDArray[np.int64]) -> float:
        one, other = (rows[arm[rows]] for arm in arms)
        return _ratio(above[one].sum(), below[one].sum()) - _ratio(above[other].sum(), below[other].sum())

    low, high = interval(difference, users, seed=seed)
    return {"value": difference(np.arange(len(users))), "low": low, "high": high}


def _ratio(above: float, below: float) -> float:
    return float(above) / float(below) if below > 0.0 else float("nan")
