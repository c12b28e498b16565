"""Predict the next goal, or that none follows, from the session so far.

A multinomial logistic regression over the names in the session: domains and intents, the last one and those before, the
filled slots, the part of the day. Names are split into words, so that "Flights|SearchRoundtripFlights" and
"Trains|SearchTrain" share features. Offers do not use it: they use `uptake.proactive.latent_goals`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from uptake.proactive.latent_goals.features import Goal, goal_of

__all__ = ["NO_GOAL", "NextGoals", "clues"]

NO_GOAL = ""
"""Target of a goal after which the session ends."""
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def clues(history: Sequence[str]) -> list[str]:
    """Return what is looked at, as names.

    Args:
        history: Keys of the goals of the session so far, oldest first, the last one just reached.

    >>> clues(["timers|HassStartTimer|minutes=5"])[:3]
    ['domain=timers', 'last=timers|HassStartTimer', 'goal=timers|HassStartTimer']
    """
    if not history:
        return []
    goals = [goal_of(key) for key in history]
    last = goals[-1]
    start = len(goals) - 1
    while start and goals[start - 1].domain == last.domain:
        start -= 1
    now, before = goals[start:], goals[:start]
    found = [f"domain={last.domain}", f"last={last.domain}|{last.intent}"]
    found += [f"goal={one.domain}|{one.intent}" for one in now]
    found += [f"word={word}" for one in now for word in _words(one)]
    found += [f"slot={name}" for one in now for name, _ in one.slots]
    found += [f"before={one.domain}" for one in before]
    found += [f"pair={one.domain}>{last.domain}" for one in before]
    found += [f"previous={before[-1].domain}"] if before else ["first"]
    return list(dict.fromkeys(found))


def _words(goal: Goal) -> list[str]:
    return [word.lower().rstrip("s") for word in _WORD.findall(f"{goal.domain} {goal.intent}")]


@dataclass(frozen=True, eq=False)
class NextGoals:
    """P(next goal) given the session so far.

    >>> NextGoals().chances(["tea"])
    {}
    """

    names: tuple[str, ...] = ()
    """Clues, in the order of the rows of `weights`."""
    targets: tuple[str, ...] = ()
    """Goals, in the order of its columns; `NO_GOAL` among them."""
    weights: npt.NDArray[np.float32] = field(default_factory=lambda: np.zeros((1, 0), dtype=np.float32))
    """(clues + 1, goals) float32; the last row is the intercept."""

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, NextGoals)
            and (self.names, self.targets) == (other.names, other.targets)
            and np.array_equal(self.weights, other.weights)
        )

    __hash__ = None  # type: ignore[assignment]

    def chances(self, seen: Sequence[str]) -> dict[str, float]:
        """Return the probability of each goal, and of none, from `clues`; clues nobody has met say nothing."""
        if not self.targets:
            return {}
        rows = [at for name in seen if (at := self._at.get(name)) is not None]
        scores = self.weights[-1] + self.weights[rows].sum(axis=0)
        mass = np.exp(scores - scores.max())
        return dict(zip(self.targets, (mass / mass.sum()).tolist(), strict=True))

    @cached_property
    def _at(self) -> dict[str, int]:
        return {name: at for at, name in enumerate(self.names)}
