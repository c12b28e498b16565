"""Repairs from a log alone: which sessions teach, and how many are needed.

Sessions in which something else than the request as heard was acted on are left out: what was read there is not what
the assistant would have read.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from uptake.artifacts.repair.heard import Conventions
from uptake.artifacts.repairs import RepairModel
from uptake.errors import NotReady
from uptake.learn.repair.fit import fit_unlabelled
from uptake.learn.repair.material import Material, look
from uptake.types import Session

__all__ = ["LEAST_SESSIONS", "LEAST_TURNS", "LEAST_USERS", "learn_repairs"]

LEAST_SESSIONS = 200
"""Fewest sessions with a recogniser's list."""
LEAST_TURNS = 400
"""Fewest turns whose list holds more than one text."""
LEAST_USERS = 3
"""Fewest people who said them: every turn is judged by what others taught."""


def learn_repairs(sessions: Sequence[Session], *, conventions: Conventions | None = None, seed: int = 0) -> RepairModel:
    """What the log teaches of repairs, without a label.

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
    model = fit_unlabelled(look(Material.of(told, conventions or Conventions())), seed=seed).model
    if not np.isfinite(model.rule.least):
        raise NotReady(
            f"no repair that {turns} turns with recognisers' lists teach is worth its risk; nothing is published"
        )
    return model
