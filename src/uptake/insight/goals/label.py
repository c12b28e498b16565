"""Predict where goals begin in some sessions and the probability that each was reached: segment first, then pool."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from uptake.errors import NotReady
from uptake.insight.goals.artifact import GoalLabels
from uptake.insight.goals.features import ALONE, Material, averaged, boundary_table, turns_of, unit_table
from uptake.insight.goals.turn_features import SIGNALS
from uptake.insight.goals.unit_features import Unit
from uptake.types import Session

__all__ = ["Goal", "begins", "label", "rated", "reached"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """Turns of a session that pursue one goal, and whether it was reached."""

    session_id: str
    turn_ids: tuple[str, ...]
    """The turns, in order."""
    begins: float | None
    """Probability that a goal begins with the first of them; 1 at the start of a session, None where the model has
    no head for it and the session counts as one goal."""
    success: float | None
    """Calibrated probability that it was reached; None where the model has no head for it."""


def label(model: GoalLabels, sessions: Sequence[Session]) -> list[Goal]:
    """Label the goals of sessions, in order; every turn belongs to exactly one."""
    if not sessions:
        return []
    material = Material.of(sessions)
    chances = begins(model, material) if "boundary" in model.forests else None
    starts = material.starts
    units = []
    for number, session in enumerate(sessions):
        size = len(session.turns)
        new = [0]
        if chances is not None:
            some = chances[starts[number] : starts[number + 1]]
            new += [at for at in range(1, size) if some[at] >= model.threshold("boundary")]
        units += [Unit(number, begin, end) for begin, end in zip(new, [*new[1:], size], strict=True)]
    success = reached(model, material, units) if "failed" in model.forests else None
    found = []
    for at, unit in enumerate(units):
        session = sessions[unit.session]
        begun = (
            None if chances is None else 1.0 if unit.begin == 0 else float(chances[starts[unit.session] + unit.begin])
        )
        found.append(
            Goal(
                session_id=session.session_id,
                turn_ids=tuple(turn.turn_id for turn in session.turns[unit.begin : unit.end]),
                begins=begun,
                success=None if success is None else float(success[at]),
            )
        )
    return found


def begins(model: GoalLabels, material: Material) -> Floats:
    """Return (turns,) probability that a goal begins with each.

    Raises:
        NotReady: The model has no head for it.
    """
    _need(model, "boundary")
    alone = model.lines["alone"].scores(material.words_alone())
    around = model.lines["around"].scores(material.words_around()) if "around" in model.lines else None
    return model.probability("boundary", boundary_table(material, alone, around))


def reached(model: GoalLabels, material: Material, units: Sequence[Unit]) -> Floats:
    """Return (units,) probability that each goal was reached.

    Raises:
        NotReady: The model has no head for it.
    """
    return 1.0 - _of_units(model, material, units, "failed")


def rated(model: GoalLabels, material: Material, units: Sequence[Unit]) -> Floats:
    """Return (units,) how content the user probably is, in (0, 1).

    Raises:
        NotReady: The model has no head for it.
    """
    return _of_units(model, material, units, "rating")


def _of_units(model: GoalLabels, material: Material, units: Sequence[Unit], head: str) -> Floats:
    _need(model, head)
    rows, _ = turns_of(material, units)
    alone = model.lines[f"{head}-alone"].scores(material.words_of_turns(rows))
    if f"{head}-whole" not in model.lines:
        table = np.column_stack([alone, material.numbers[rows][:, -len(SIGNALS) :][:, ALONE]])
        return averaged(units, model.probability(head, table))
    whole = model.lines[f"{head}-whole"].scores(material.words_of(units))
    return model.probability(head, unit_table(material, units, model.settings["names"], whole, alone))


def _need(model: GoalLabels, head: str) -> None:
    if head not in model.forests:
        raise NotReady(f"this model of goals has not learned {head}; it knows {', '.join(sorted(model.forests))}")
