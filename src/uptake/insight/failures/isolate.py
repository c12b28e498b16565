"""Predict the failure point of each turn of some sessions, with a trained model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from uptake.insight.dialogues.log_counts import Row
from uptake.insight.failures.artifact import FailureModel
from uptake.insight.failures.features import failure_rows
from uptake.types import Session

__all__ = ["Isolated", "predict_failure_points"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Isolated:
    """Failure point of one turn, with its probability."""

    turn_id: str
    """The turn."""
    point: str
    """One of `FAILURES`."""
    probability: float
    """Calibrated probability, in [0, 1], of that point."""
    p_failed: float
    """Calibrated probability, in [0, 1], that it failed at all."""
    chances: Mapping[str, float]
    """Every point's probability."""


def predict_failure_points(
    sessions: Sequence[Session], model: FailureModel, *, rows: Sequence[Row] | None = None
) -> list[Isolated]:
    """Say where every turn failed, in the order of the sessions.

    Args:
        sessions: Whole sessions, of one or of a thousand turns.
        model: What was learned, for example `uptake.insight.failures.artifact.shipped_failures()`.
        rows: What `failure_rows` gives for the sessions, if it is at hand.
    """
    chances = model.probabilities(failure_rows(sessions) if rows is None else rows)
    said = model.decide(chances)
    turns = (turn for session in sessions for turn in session.turns)
    right = model.points.index("correct") if "correct" in model.points else None
    return [
        Isolated(
            turn_id=turn.turn_id,
            point=model.points[number],
            probability=float(own[number]),
            p_failed=1.0 if right is None else float(1.0 - own[right]),
            chances=dict(zip(model.points, own.tolist(), strict=True)),
        )
        for turn, own, number in zip(turns, chances, said.tolist(), strict=True)
    ]
