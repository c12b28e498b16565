"""Outcome: what the assistant itself says of its action.

"failed" speaks for a defect, "ok" softly against one: an assistant that misunderstood is sure of itself.
"unsupported" is friction without a verdict (the request was understood and honestly declined), and so is
"cancelled" (the user may have changed their mind): on both the signal is silent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from uptake.types import Feedback, Session

__all__ = ["Outcome"]

_VERDICTS = {"failed": (True, 1.0), "ok": (False, 0.3)}


@dataclass(frozen=True, slots=True)
class Outcome:
    """Speaks of a turn that failed or succeeded in the assistant's own eyes."""

    name: ClassVar[str] = "outcome"

    def __call__(self, session: Session) -> Iterator[Feedback]:
        """Yield the turns whose outcome tells something."""
        for turn in session.turns:
            if turn.status in _VERDICTS:
                defect, score = _VERDICTS[turn.status]
                yield Feedback(turn_id=turn.turn_id, signal=self.name, defect=defect, score=score)
