"""Defect: one calibrated probability per turn that the turn failed its user.

Definition. A turn is a *defect* if what the assistant acted on is not what the user meant, whoever is to blame:
recogniser, understanding, or a rewrite. It is a property of the turn, not of the user's mood: an honest "I cannot" to
a request that was understood is friction, not a defect, and so is a change of mind. Where a corpus has human
truth, the definition is made precise there (`uptake.corpora.dstc2.misunderstood`); in a log a defect is never observed,
only estimated from what people did next. `defect` as a yes or no is the estimate at the threshold of the best F1 on the
fitting corpus.

The *offline* form may look at later turns and is what learners read. The *online* form may not; it sees the turn, what
the assistant did with it, and the turns before.

Two scorers stand behind one interface, `Judge`: `LightScorer` needs nothing but the package, and
`uptake.signals.trained.TrainedScorers` is fitted on annotated turns.
Limit: calibrated on phone calls to one restaurant line; elsewhere trust the order of turns more than the
numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from uptake.signals.frame import TurnFrame
from uptake.signals.light import Judgement, judge
from uptake.types import Session

__all__ = ["Judge", "LightScorer", "defects"]


class Judge(Protocol):
    """Scores whole sessions. Law: a session's scores do not depend on the sessions beside it."""

    def judge(self, sessions: Sequence[Session], *, offline: bool = True) -> Judgement:
        """Score every turn, in the order of the sessions."""
        ...


@dataclass(frozen=True, slots=True)
class LightScorer:
    """The scorer that comes with the package."""

    def judge(self, sessions: Sequence[Session], *, offline: bool = True) -> Judgement:
        """Score every turn with the shipped weights."""
        return judge(TurnFrame.of(sessions), offline=offline)


def defects(session: Session, *, offline: bool = True, scorer: Judge | None = None) -> dict[str, float]:
    """The probability, in [0, 1], that each turn of a session failed its user, by `turn_id`.

    Args:
        session: The turns.
        offline: Whether later turns may be looked at.
        scorer: Who judges [default: the light scorer].
    """
    found = (scorer or LightScorer()).judge([session], offline=offline)
    return {turn.turn_id: float(chance) for turn, chance in zip(session.turns, found.p_defect, strict=True)}
