"""Termination: "stop", "never mind", said soon after a turn, speaks against that turn.

Limit: "stop" is also how music ends well. Only a termination that comes soon counts, and how soon is a guess.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from uptake.text.lexicon import is_termination
from uptake.text.normalize import normalize
from uptake.types import Feedback, Session

__all__ = ["Termination"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Termination:
    """Speaks of a turn that the next turn breaks off.

    Args:
        within_s: Longest time, in seconds, between the beginnings of the two turns.
    """

    within_s: float = 30.0
    name: ClassVar[str] = "termination"

    def __call__(self, session: Session) -> Iterator[Feedback]:
        """Yield the turns that were broken off, and by which turn."""
        for turn, following in pairwise(session.turns):
            gap_s = (following.said_at - turn.said_at).total_seconds()
            if gap_s <= self.within_s and is_termination(normalize(following.request)):
                yield Feedback(turn_id=turn.turn_id, signal=self.name, defect=True, about=following.turn_id)
