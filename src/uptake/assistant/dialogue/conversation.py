"""State of a conversation between two requests, and its lifetime.

The loop stores it as JSON in the person's memory, so that `uptake ask` can continue where `uptake chat` stopped.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec

from uptake.errors import BadRecord
from uptake.types import Exchange, Interpretation

__all__ = ["IDLE", "QUESTION", "REMEMBERED", "Conversation", "LastAction", "Pending"]

IDLE = timedelta(minutes=5)
"""A conversation is over after a pause this long."""
QUESTION = timedelta(minutes=2)
"""A question lapses after this time."""
REMEMBERED = 6
"""Exchanges that are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """Open question."""

    kind: Literal["slot", "confirm", "choice", "feedback", "teach", "offer"]
    """A value is missing; "shall I?"; "which one?"; "did I get that right?"; what is taught (`assistant.teaching`);
    what was offered unasked (`assistant.suggesting`)."""
    interpretation: Interpretation
    """The reading that waits (for feedback: the one that was acted on)."""
    also: tuple[Interpretation, ...] = ()
    """Further readings that a yes agrees to (confirm)."""
    parts: tuple[str, ...] = ()
    """Requests that a yes agrees to instead of the reading (confirm)."""
    slot: str | None = None
    """The slot that was asked for (slot, choice)."""
    options: tuple[str, ...] = ()
    """Choices, in the order they were named (choice)."""
    readings: tuple[Interpretation, ...] = ()
    """Readings of the choices, where they are whole requests that may have been meant (choice)."""
    rewrite_ids: tuple[str, ...] = ()
    """Identifiers of these, to be logged; "" for the request as heard (choice)."""
    heard: str | None = None
    """The request as it was heard, where the question is about a rewrite of it: "no" means this (confirm, choice)."""
    question: str | None = None
    """Text of the question, to repeat it."""
    turn_id: str | None = None
    """The turn that asked."""
    asked_at: datetime | None = None
    """When, aware; None never lapses."""

    @property
    def asked(self) -> tuple[Interpretation, ...]:
        """Everything that it asks about."""
        return self.readings or (self.interpretation,)


@dataclass(frozen=True, slots=True, kw_only=True)
class LastAction:
    """Last action of a conversation."""

    turn_id: str
    """The turn that did it."""
    interpretation: Interpretation
    """The reading that was acted on, with canonical slot values."""
    alternatives: tuple[Interpretation, ...] = ()
    """Other readings and other targets, best first: what "no, the other one" may mean."""
    targets: tuple[str, ...] = ()
    """`entity_id` of the devices that were acted on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """Conversation with one person, so far.

    >>> conversation = Conversation(session_id="s1")
    >>> Conversation.from_json(conversation.to_json()) == conversation
    True
    """

    session_id: str
    """Session that its turns are logged under."""
    exchanges: tuple[Exchange, ...] = ()
    """The last few exchanges, oldest first."""
    pending: Pending | None = None
    """The question that is open."""
    last: LastAction | None = None
    """Last action in this conversation."""
    done: LastAction | None = None
    """Last action in this conversation that changed something."""
    asked_for_feedback: bool = False
    """Whether "did I get that right?" was asked in it."""
    updated_at: datetime | None = None
    """When the last turn ended, aware; None before the first."""

    def at(self, now: datetime) -> Conversation | None:
        """Return the conversation as of a moment: None once it is over, without its question once that has lapsed.

        Args:
            now: The moment, aware.
        """
        if self.updated_at is not None and now - self.updated_at > IDLE:
            return None
        pending = self.pending
        if pending is not None and pending.asked_at is not None and now - pending.asked_at > QUESTION:
            return replace(self, pending=None)
        return self

    def after(
        self,
        exchange: Exchange,
        now: datetime,
        *,
        pending: Pending | None,
        last: LastAction | None,
        changed: bool = True,
    ) -> Conversation:
        """Return the conversation after one more exchange.

        Args:
            exchange: What was said and answered.
            now: When, aware.
            pending: The question that is open now.
            last: What was done; None leaves what was done before it.
            changed: Whether it changed anything.
        """
        return replace(
            self,
            exchanges=(*self.exchanges, exchange)[-REMEMBERED:],
            pending=pending,
            last=last or self.last,
            done=last if last is not None and changed else self.done,
            asked_for_feedback=self.asked_for_feedback or (pending is not None and pending.kind == "feedback"),
            updated_at=now,
        )

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values."""
        fields: dict[str, Any] = msgspec.to_builtins(self)
        return fields

    @classmethod
    def from_json(cls, fields: Any) -> Conversation:
        """Read what `to_json` wrote.

        Raises:
            BadRecord: It is something else.
        """
        try:
            return msgspec.convert(fields, cls)
        except msgspec.ValidationError as error:
            raise BadRecord(f"not a conversation ({error})", field="conversation") from error
