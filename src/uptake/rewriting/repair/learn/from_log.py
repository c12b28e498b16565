"""Learn repairs from a log alone: select the sessions to learn from, and require a minimum.

Sessions with rewritten turns are left out, because their interpretations are not those of the recognised requests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from uptake import protocols
from uptake.errors import NotReady
from uptake.rewriting.repair.artifact import RepairModel
from uptake.rewriting.repair.learn.examples import Material, cross_fit
from uptake.rewriting.repair.learn.fit import fit_unlabelled
from uptake.rewriting.repair.turn import Conventions
from uptake.types import Session

__all__ = ["LEAST_SESSIONS", "LEAST_TURNS", "LEAST_USERS", "RepairLearner", "learn_repairs"]

LEAST_SESSIONS = 200
"""Fewest sessions with a recogniser's list."""
LEAST_TURNS = 400
"""Fewest turns whose list holds more than one text."""
LEAST_USERS = 3
"""Fewest people who said them: every turn is judged by what others taught."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairLearner:
    """Learner of repairs from n-best lists, without labels.

    Args:
        most_turns: Most turns to learn from, the latest first.
        courtesy: Intents without a goal, which are left out of every meaning.
        seed: Seed of folds and trees.
    """

    most_turns: int = 20_000
    courtesy: tuple[str, ...] = ("OutOfScope",)
    seed: int = 0

    name: ClassVar[str] = "repairs"

    def learn(self, material: protocols.Material) -> RepairModel:
        """Learn the repairs of the log; see `learn_repairs`."""
        conventions = Conventions(courtesy=tuple(self.courtesy))
        return learn_repairs(material.sessions(self.most_turns), conventions=conventions, seed=self.seed)


def learn_repairs(sessions: Sequence[Session], *, conventions: Conventions | None = None, seed: int = 0) -> RepairModel:
    """Learn repairs from a log without labels.

    Args:
        sessions: Of a log with the recogniser's alternatives.
        conventions: How the assistant writes meanings down.
        seed: Of folds and trees.

    Raises:
        MissingExtra: LightGBM or SciPy is not installed.
        NotReady: The log is too small, holds no lists, or teaches no repair that is worth its risk.
    """
    told = [one for one in sessions if all(turn.acted_on is None for turn in one.turns)]
    listed = [[turn for turn in one.turns if len({text.text for text in turn.alternatives}) > 1] for one in told]
    kept = [one for one, turns in zip(told, listed, strict=True) if turns]
    turns, users = sum(map(len, listed)), len({turn.user_id for some in listed for turn in some})
    if len(kept) < LEAST_SESSIONS or turns < LEAST_TURNS or users < LEAST_USERS:
        raise NotReady(
            f"repairs are learned from recognisers' lists of more than one text: there are {turns} turns with one, in "
            f"{len(kept)} sessions of {users} people; needed are {LEAST_TURNS} turns in {LEAST_SESSIONS} sessions of "
            f"{LEAST_USERS} people. Log the n-best list as `alternatives`"
        )
    model = fit_unlabelled(cross_fit(Material.of(told, conventions or Conventions())), seed=seed).model
    if not np.isfinite(model.rule.least):
        raise NotReady(
            f"no repair that {turns} turns with recognisers' lists teach is worth its risk; nothing is published"
        )
    return model
