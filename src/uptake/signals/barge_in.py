"""Barge-in: the user cuts the answer short.

Limit: people also cut in because they know the answer already. On DSTC2 a barged-in turn fails about twice
as often as another, no more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from uptake.types import Feedback, Session

__all__ = ["BargeIn"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BargeIn:
    """Speaks of a turn whose answer was cut short; the sooner, the louder.

    Args:
        half_ms: Milliseconds into the answer at which the score has fallen to one half.
    """

    half_ms: float = 5_000.0
    name: ClassVar[str] = "barge_in"

    def __call__(self, session: Session) -> Iterator[Feedback]:
        """Yield the turns whose answer was cut short."""
        for turn in session.turns:
            if turn.barge_in_ms is not None:
                score = self.half_ms / (self.half_ms + max(turn.barge_in_ms, 0.0))
                yield Feedback(turn_id=turn.turn_id, signal=self.name, defect=True, score=score)
