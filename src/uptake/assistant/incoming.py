"""Request before the first stage: user, device, time, and the conversation."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from uptake.assistant.components import Assigned
from uptake.assistant.context.situation import Origin
from uptake.assistant.dialogue import Conversation
from uptake.assistant.record.trace import Trace
from uptake.types import Request, Situation

__all__ = ["Incoming"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """Request as it arrives."""

    turn_id: str
    """Identifier of the turn."""
    request: Request
    """The text heard, and the person."""
    origin: Origin
    """The device that heard it."""
    now: datetime
    """When, aware, in the zone of the home."""
    conversation: Conversation
    """The conversation before this turn."""
    situation: Situation
    """Situation: where and when, and what was said before."""
    dry_run: bool = False
    """Whether nothing may be changed or written."""
    assigned: Assigned | None = None
    """The arm of the experiment that the person is in; None where there is no experiment."""
    trace: Trace = field(default_factory=Trace)
    """Collects what the stages did, in order; nothing is ever taken out."""
