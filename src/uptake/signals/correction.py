"""Correction: "no, I said the kitchen" speaks against the turn before it.

Limit: English phrases only (`uptake.text.lexicon.is_correction`); "I said ..." in a song title is taken at its word.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from uptake.text.lexicon import is_correction
from uptake.text.normalize import normalize
from uptake.types import Feedback, Session

__all__ = ["Correction"]


@dataclass(frozen=True, slots=True)
class Correction:
    """Speaks of a turn that the next turn corrects."""

    name: ClassVar[str] = "correction"

    def __call__(self, session: Session) -> Iterator[Feedback]:
        """Yield the turns that were corrected, and by which turn."""
        for turn, following in pairwise(session.turns):
            if is_correction(normalize(following.request)):
                yield Feedback(turn_id=turn.turn_id, signal=self.name, defect=True, about=following.turn_id)
