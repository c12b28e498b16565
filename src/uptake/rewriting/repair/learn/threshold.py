"""Choose the threshold for a repair: most wins out of fold, at a required win/loss ratio and share of neutral ones.

A threshold that was chosen for its result is worse than it looks, and the more so the fewer losses it was chosen on. So
losses are counted with an upper bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from uptake.rewriting.repair.artifact import Rule
from uptake.rewriting.repair.turn import Meaning

__all__ = ["Goal", "JudgedMeanings", "choose"]

_COSTS = tuple(product((0.5, 1.0, 2.0, 4.0), (0.0, 0.25, 0.5, 1.0)))
_FEWEST_WINS = 4.0

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """Target that a rule must reach on the data on which it is chosen.

    Args:
        win_loss: Wins per loss, with the upper bound of the losses.
        neutral: Largest share of repairs, in [0, 1], that may replace one wrong meaning by another.
        spread: Standard deviations of the count of losses that are added to it.
    """

    win_loss: float = 9.0
    neutral: float = 0.16
    spread: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class JudgedMeanings:
    """Candidate meanings of one turn, with their scores and the truth (or a teacher's)."""

    meanings: Sequence[Meaning]
    """The served one first."""
    probabilities: Floats
    """(k,) what the model says."""
    right: Floats
    """(k,) chance, in [0, 1], that each is right; 0 or 1 where people know."""


def choose(
    judged: Sequence[JudgedMeanings],
    goal: Goal,
    *,
    additive: bool = False,
    costs: Sequence[tuple[float, float]] = _COSTS,
) -> Rule:
    """Return the rule with the most wins that reaches the goal; one that never repairs where none does.

    Args:
        judged: Turns out of fold.
        goal: What must be reached on them.
        additive: Whether a repair must hold everything that was served.
        costs: (loss, neutral) of the rules to choose from.
    """
    best, most = Rule(additive=additive), 0.0
    table = _table(judged, additive=additive)
    if table is None:
        return best
    for loss, neutral in costs:
        rule = Rule(loss=loss, neutral=neutral, additive=additive)
        wins, least = _cut(*_best(table, rule), goal)
        if wins > most:
            best, most = Rule(loss=loss, neutral=neutral, least=least, additive=additive), wins
    return best


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Table:
    """Every candidate beside the served one, turn by turn."""

    starts: NDArray[np.int64]
    right: Floats
    served: Floats
    true: Floats
    true_served: Floats


def _table(judged: Sequence[JudgedMeanings], *, additive: bool) -> _Table | None:
    rows: list[tuple[float, float, float, float]] = []
    starts = []
    for one in judged:
        before = len(rows)
        for at in range(1, len(one.meanings)):
            if additive and not one.meanings[0] < one.meanings[at]:
                continue
            rows.append((one.probabilities[at], one.probabilities[0], one.right[at], one.right[0]))
        if len(rows) > before:
            starts.append(before)
    if not rows:
        return None
    right, served, true, true_served = np.array(rows).T
    return _Table(starts=np.array(starts), right=right, served=served, true=true, true_served=true_served)


def _best(table: _Table, rule: Rule) -> tuple[Floats, Floats, Floats]:
    """Return the worth of each turn's best candidate, best turn first, with its wins and its losses."""
    rest = np.maximum(0.0, 1.0 - table.right - table.served)
    worth = table.right - rule.loss * table.served - rule.neutral * rest
    ends = np.append(table.starts[1:], len(worth))
    chosen = np.array([start + int(np.argmax(worth[start:end])) for start, end in zip(table.starts, ends, strict=True)])
    order = chosen[np.argsort(-worth[chosen], kind="stable")]
    return worth[order], table.true[order], table.true_served[order]


def _cut(worth: Floats, won: Floats, lost: Floats, goal: Goal) -> tuple[float, float]:
    """Return (wins, least worth) of the longest run from the best turn on that reaches the goal; else (0, infinity)."""
    wins, losses = np.cumsum(won), np.cumsum(lost)
    neutral = np.arange(1, len(worth) + 1) - wins - losses
    bound = losses + goal.spread * np.sqrt(losses + 1.0)
    good = (wins >= goal.win_loss * bound) & (neutral <= goal.neutral * (wins + losses + neutral))
    good &= wins >= _FEWEST_WINS
    good &= np.append(np.diff(worth) != 0, True)  # turns of equal worth are taken together
    if not good.any():
        return 0.0, float("inf")
    at = int(np.flatnonzero(good)[-1])
    return float(wins[at]), float(worth[at])
