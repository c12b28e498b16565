"""Rephrase: the user says it again, in the same or in other words.

Letters, sounds, content words, reading and gap of a turn and of the next turn that is not a control
request, weighed by the light scorer. Source: the friction that drives Ponnusamy et al. (arXiv:1911.02557).
Limit: synonyms without a common word are not seen; two honest requests that look alike ("weather today",
"weather tomorrow") may be taken for one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from uptake.signals.frame import TurnFrame
from uptake.signals.light import judge
from uptake.types import Feedback, Session

__all__ = ["Rephrase"]


@dataclass(frozen=True, slots=True)
class Rephrase:
    """Speaks of a turn that a later turn says again; `score` is the probability that it does."""

    name: ClassVar[str] = "rephrase"

    def __call__(self, session: Session) -> Iterator[Feedback]:
        """Yield the turns that were said again, and by which turn."""
        found = judge(TurnFrame.of([session]))
        for row, turn in enumerate(session.turns):
            if found.retried[row]:
                yield Feedback(
                    turn_id=turn.turn_id,
                    signal=self.name,
                    defect=True,
                    score=float(found.rephrased[row]),
                    about=session.turns[found.partner[row]].turn_id,
                )
