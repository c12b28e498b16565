"""A turn while it is worked on: what the stages have found so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from uptake.agent.dialogue import Conversation, Move, Pending
from uptake.agent.entities.resolution import Resolution
from uptake.agent.hypotheses import Hypothesis
from uptake.agent.parts import Assigned
from uptake.agent.situation import Origin
from uptake.agent.skills.skill import Effect
from uptake.agent.trace import StageTrace, Trace
from uptake.decide.explore import Explored
from uptake.decide.pipeline import Outcome
from uptake.types import Decision, Interpretation, Request, Situation, Turn

__all__ = ["Progress", "Reply"]


@dataclass(slots=True, kw_only=True)
class Progress:
    """What the stages share. Each stage fills in its part; `record` reads it all."""

    turn_id: str
    """Identifier of the turn."""
    request: Request
    """What was heard, by whom."""
    origin: Origin
    """The device that heard it."""
    now: datetime
    """When, aware, in the zone of the home."""
    conversation: Conversation
    """The conversation before this turn."""
    situation: Situation
    """Where and when, and what was said before."""
    dry_run: bool = False
    """Whether nothing may be changed or written."""
    text: str = ""
    """The request as it is read."""
    outcome: Outcome | None = None
    """What was decided about rewriting the request; None where it was not asked."""
    assigned: Assigned | None = None
    """The arm of the experiment that the person is in; None where there is no experiment."""
    sure: float | None = None
    """How sure the assistant is, in [0, 1], of the request as it was heard; None where it was not read so."""
    move: Move | None = None
    """What the request does to the conversation, if it lives on it."""
    hypotheses: tuple[Hypothesis, ...] = ()
    """Readings, best first, after the context had its say."""
    believed: dict[str, float] = field(default_factory=dict)
    """Highest confidence that a reader had in each intent, before the context had its say."""
    resolution: Resolution | None = None
    """The reading that is acted on, tied to what exists."""
    alternatives: tuple[Interpretation, ...] = ()
    """Other readings and targets, best first."""
    effect: Effect | None = None
    """What came of it."""
    pending: Pending | None = None
    """The question that is open after this turn."""
    did: bool = False
    """Whether a skill was asked to act."""
    explored: Explored | None = None
    """What was left to chance in this turn, and how probable the choice was; None where nothing was."""
    trace: Trace = field(default_factory=Trace)
    """What the stages did."""

    @property
    def decision(self) -> Decision | None:
        """The rewrite that is acted on; None to act on the request as it is, as an arm without rewrites always does."""
        in_arm = self.assigned is None or self.assigned.rewrites
        return self.outcome.decision if self.outcome and in_arm else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the person gets, and what goes on record."""

    speech: str
    """The answer."""
    turn: Turn
    """The turn as it was logged (for a dry run: as it would be)."""
    stages: tuple[StageTrace, ...]
    """What every stage did."""
    outcome: Outcome | None = None
    """What was decided about rewriting the request; None where that was not asked."""
    sure: float | None = None
    """How sure the assistant is, in [0, 1], of the request as it was heard; None where it was not read so."""
    question: str | None = None
    """Kind of question that is open: slot, confirm, choice, feedback; None where none is."""
