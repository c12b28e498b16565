"""What the loop keeps of its turns: the log, the traces, the conversation, and how to take the last ones back.

The log only grows: what becomes known of a turn later (a yes or no, that it was undone, that the answer was cut short)
is a fuller record of the same turn, which the log keeps instead of the first.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from uptake.agent.act import Undo
from uptake.agent.dialogue import Conversation
from uptake.agent.memory import Memory, of_user
from uptake.agent.record import TraceStore
from uptake.agent.trace import StageTrace
from uptake.errors import BadRecord
from uptake.types import Turn

if TYPE_CHECKING:
    from uptake.artifacts.shelves import FreshShelves
    from uptake.log.store import TurnLog

__all__ = ["Keeper"]

_TURNS = 8
_UNDOS = 5


class Keeper:
    """Keeps turns, for good in the log and shortly in the memory.

    Args:
        memory: Where the conversation and what can be undone are kept.
        log: Where turns are kept for good; None to keep none.
        traces: Where their traces are kept; None to keep none.
        shelves: Where what each person asked for is found again at once, before anything is learned; None for nowhere.
    """

    def __init__(
        self,
        memory: Memory,
        *,
        log: TurnLog | None = None,
        traces: TraceStore | None = None,
        shelves: FreshShelves | None = None,
    ) -> None:
        self.memory, self.log, self.traces, self.shelves = memory, log, traces, shelves

    def conversation(self, user_id: str, now: datetime) -> Conversation:
        """The conversation a person is in; a new one where the last is over or cannot be read."""
        kept = self.memory.get(of_user(user_id), "conversation")
        if kept is not None:
            try:
                going_on = Conversation.from_json(kept).at(now)
            except BadRecord:
                going_on = None
            if going_on is not None:
                return going_on
        return Conversation(session_id=uuid.uuid4().hex)

    def remember(self, user_id: str, conversation: Conversation) -> None:
        """Keep a conversation until the next request."""
        self.memory.set(of_user(user_id), "conversation", conversation.to_json())

    def record(self, turn: Turn, stages: Sequence[StageTrace]) -> None:
        """Put a turn on record. Once this returns, the log has it for good."""
        if self.log is not None:
            self.log.append([turn])
        if self.traces is not None:
            self.traces.add(turn.turn_id, turn.user_id, stages)
        self._shelve(turn, self._hold(turn))

    def amend(self, user_id: str, turn_id: str | None, **known: Any) -> Turn | None:
        """Add to the record of a recent turn what became known of it.

        Args:
            user_id: Who said it.
            turn_id: The turn; None for the last one.
            known: Fields of `Turn`; those that are known already stay as they are.

        Returns:
            The fuller turn; None where it is too long ago, or nothing new is known.
        """
        turns = self._recent(user_id)
        found = next((turn for turn in reversed(turns) if turn_id in (None, turn.turn_id)), None)
        if found is None:
            return None
        new = {name: value for name, value in known.items() if getattr(found, name) is None}
        if not new:
            return None
        fuller = replace(found, **new)
        if self.log is not None:
            self.log.append([fuller])
        self._shelve(fuller, self._hold(fuller))
        return fuller

    def last(self, user_id: str) -> Turn | None:
        """The last turn of a person, as far as it is still held."""
        turns = self._recent(user_id)
        return turns[-1] if turns else None

    def can_undo(self, user_id: str, turn_id: str, undo: Undo) -> None:
        """Keep how to take back what a turn did."""
        kept = self.memory.get(of_user(user_id), "undo", [])
        kept.append({"turn_id": turn_id, **undo.as_json()})
        self.memory.set(of_user(user_id), "undo", kept[-_UNDOS:])

    def take_undo(self, user_id: str) -> tuple[str, Undo] | None:
        """(turn, how to take it back) of the last turn that changed something; it is not given again."""
        kept = self.memory.get(of_user(user_id), "undo", [])
        if not kept:
            return None
        last = kept.pop()
        self.memory.set(of_user(user_id), "undo", kept)
        return last["turn_id"], Undo.from_json(last)

    def _recent(self, user_id: str) -> list[Turn]:
        from uptake.log.records import from_json

        return [from_json(line) for line in self.memory.get(of_user(user_id), "turns", [])]

    def _shelve(self, turn: Turn, held: Sequence[Turn]) -> None:
        """Put the session so far where the next request of this person finds it."""
        if self.shelves is not None and turn.session_id is not None:
            from uptake.learn.retrieve import shelve

            shelve(self.shelves, [one for one in held if one.session_id == turn.session_id], session_id=turn.session_id)

    def _hold(self, turn: Turn) -> list[Turn]:
        """Hold a turn for a while; returns all that are held of this person, oldest first."""
        from uptake.log.records import to_json

        held = [other for other in self._recent(turn.user_id) if other.turn_id != turn.turn_id]
        turns = sorted([*held, turn], key=lambda one: one.said_at)[-_TURNS:]
        self.memory.set(of_user(turn.user_id), "turns", [to_json(one).decode() for one in turns])
        return turns
