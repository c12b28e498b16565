"""Explicit: the user says yes or no to "did I get that right?", or undoes what was done.

The answer is the turn's own field where the source recorded it, else a bare yes or no right after an answer
that asks. An undo speaks as loudly as a no.
A confirmation before acting ("you want thai food, is that right?") is not such a question: its yes says nothing of
the turn before (in DSTC2, 59 % of the turns before such a yes were misunderstood).
Limit: questions are recognised by a few English phrases.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from uptake.text.lexicon import is_no, is_yes
from uptake.text.normalize import normalize
from uptake.types import Feedback, Session, Turn

__all__ = ["Explicit"]

_QUESTION = re.compile(
    r"\b(?:did i (?:get|do) (?:that|this|it)|(?:is|was) (?:that|this|it) what you|does that answer|did that help"
    r"|was (?:that|this|it) (?:right|correct|useful|helpful)|were [^?]* (?:useful|helpful))\b[^?]*\?\s*$",
    re.IGNORECASE,
)

_TAIL = 300  # characters at the end of an answer in which a question is looked for


@dataclass(frozen=True, slots=True)
class Explicit:
    """Speaks of a turn that the user judged in so many words."""

    name: ClassVar[str] = "explicit"

    def __call__(self, session: Session) -> Iterator[Feedback]:
        """Yield the turns that were judged, and by which turn where it was said in one."""
        for turn, following in zip(session.turns, (*session.turns[1:], None), strict=True):
            said, about = (turn.answer, None) if turn.answer is not None else _said_next(turn, following)
            if said is not None:
                yield Feedback(turn_id=turn.turn_id, signal=self.name, defect=not said, about=about)
            elif turn.undone:
                yield Feedback(turn_id=turn.turn_id, signal=self.name, defect=True)


def _said_next(turn: Turn, following: Turn | None) -> tuple[bool | None, str | None]:
    """(yes or no, turn in which it was said), where the answer asked and the next turn says nothing else."""
    if following is None or not _QUESTION.search((turn.response or "")[-_TAIL:]):
        return None, None
    text = normalize(following.request)
    if is_yes(text):
        return True, following.turn_id
    return (False, following.turn_id) if is_no(text) else (None, None)
