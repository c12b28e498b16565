"""Hang-up: the user leaves while the assistant waits for an answer.

The last turn of a session counts where its response was a question, unless the turn itself took leave ("thank you
goodbye", "stop", "no").
Limit: no corpus at hand has enough of them to measure. Ending a call without a word is no hang-up: of the last turns of
DSTC2 calls that take no leave, 3 % were misunderstood.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from uptake.signals.frame import awaited
from uptake.text.lexicon import is_control
from uptake.text.normalize import normalize
from uptake.types import Feedback, Session

__all__ = ["HangUp"]


@dataclass(frozen=True, slots=True)
class HangUp:
    """Speaks of the last turn of a session that the user left open."""

    name: ClassVar[str] = "hang_up"

    def __call__(self, session: Session) -> Iterator[Feedback]:
        """Yield the last turn, if the user left it open."""
        last = session.turns[-1]
        if awaited(last) and not is_control(normalize(last.request)):
            yield Feedback(turn_id=last.turn_id, signal=self.name, defect=True)
