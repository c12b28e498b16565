"""Record turns: the log, the traces, the conversation, and undo records of the last ones.

The log is append-only: later feedback on a turn (a yes or no, an undo, an interruption) is a fuller record of the same
turn, which replaces the first when the log is read.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import lru_cache, reduce
from typing import TYPE_CHECKING, Any

from uptake.assistant.dialogue import Conversation
from uptake.assistant.execute import Undo
from uptake.assistant.memory import Memory, of_user
from uptake.assistant.record.trace import StageTrace
from uptake.assistant.record.traces import TraceStore
from uptake.errors import BadRecord, StorageFailed
from uptake.rewriting.opinions import Event, Opinions, event_of
from uptake.text.lexicon import is_control
from uptake.text.normalize import normalize
from uptake.types import Turn

if TYPE_CHECKING:
    from uptake.log.store import TurnLog
    from uptake.rewriting.retrieval.history import FreshHistory

__all__ = ["Recorder"]

_LOOK_EVERY = 500
"""Turns between two looks at whether the log is to be compacted."""
_TURNS = 8
_UNDOS = 8


class Recorder:
    """Recorder of turns, permanently in the log and temporarily in the memory.

    Args:
        memory: Memory for the conversation and undo records.
        log: Log of turns; None to log none.
        traces: Store of their traces; None to store none.
        opinions: Store of complaints about rewrites and of confirmations; None for none.
        shelves: User histories, in which each request is found at once, before anything is learned; None for none.
    """

    def __init__(
        self,
        memory: Memory,
        *,
        log: TurnLog | None = None,
        traces: TraceStore | None = None,
        shelves: FreshHistory | None = None,
        opinions: Opinions | None = None,
    ) -> None:
        self.memory, self.log, self.traces, self.shelves, self.opinions = memory, log, traces, shelves, opinions
        self._appended = 0

    def conversation(self, user_id: str, now: datetime) -> Conversation:
        """Return the conversation a person is in; a new one where the last is over or cannot be read."""
        stored = self.memory.get(of_user(user_id), "conversation")
        if stored is not None:
            try:
                going_on = Conversation.from_json(stored).at(now)
            except BadRecord:
                going_on = None
            if going_on is not None:
                return going_on
        return Conversation(session_id=uuid.uuid4().hex)

    def remember(self, user_id: str, conversation: Conversation) -> None:
        """Keep a conversation until the next request."""
        self.memory.set(of_user(user_id), "conversation", conversation.to_json())

    def record(self, turn: Turn, stages: Sequence[StageTrace]) -> None:
        """Write a turn to the log. Once this returns, it is there for good."""
        if self.log is not None:
            self.log.append([turn])
            self._appended += 1
            if self._appended % _LOOK_EVERY == 0:  # beside the talk; it may be killed at any point
                threading.Thread(target=self.compact, daemon=True).start()
        if self.traces is not None:
            self.traces.add(turn.turn_id, turn.user_id, stages)
        held = self._hold(turn)
        self._shelve(turn, held)
        self._heed(event_of(turn, _before(turn, held)), turn)

    def compact(self) -> None:
        """Move fresh turns into parts where enough of them wait; what the disk refuses is tried again later."""
        if self.log is not None:
            from uptake.log.apart import compact_apart

            with suppress(StorageFailed):
                compact_apart(self.log)

    def amend(self, user_id: str, turn_id: str | None, **known: Any) -> Turn | None:
        """Add what became known later to the record of a recent turn.

        Args:
            user_id: Who said it.
            turn_id: The turn; None for the last one.
            known: Fields of `Turn`; those that are known already stay as they are.

        Returns:
            The fuller turn; None where it is too long ago, or nothing new is known.
        """
        turns = self._recent(user_id)
        amended = next((turn for turn in reversed(turns) if turn_id in (None, turn.turn_id)), None)
        if amended is None:
            return None
        new = {name: value for name, value in known.items() if getattr(amended, name) is None}
        if not new:
            return None
        fuller = replace(amended, **new)
        if self.log is not None:
            self.log.append([fuller])
        held = self._hold(fuller)
        self._shelve(fuller, held)
        before = _before(fuller, held)
        event = event_of(fuller, before)
        if event is not None and event != event_of(amended, before):
            self._heed(event, fuller)
        return fuller

    def object(self, user_id: str) -> Turn | None:
        """Count a rejection without a question as a no to the last turn, where that was not acted on as heard.

        Returns:
            The fuller turn; None where the last turn was acted on as heard.
        """
        turns = self._recent(user_id)
        if not turns or event_of(replace(turns[-1], answer=False), _before(turns[-1], turns)) is None:
            return None
        return self.amend(user_id, turns[-1].turn_id, answer=False)

    def last(self, user_id: str) -> Turn | None:
        """Return the last turn of a person, as far as it is still held."""
        turns = self._recent(user_id)
        return turns[-1] if turns else None

    def can_undo(self, user_id: str, turn_id: str, undo: Undo) -> None:
        """Keep how to undo a turn; what a turn does in several steps is undone together."""
        undos = self.memory.get(of_user(user_id), "undo", [])
        if undos and undos[-1]["turn_id"] == turn_id:
            undo = Undo.from_json(undos.pop()).then(undo)
        undos.append({"turn_id": turn_id, **undo.as_json()})
        self.memory.set(of_user(user_id), "undo", undos[-_UNDOS:])

    def join_undos(self, user_id: str, turn_ids: Collection[str]) -> None:
        """Undo some turns together from now on, as the last of them: they were one request."""
        undos = self.memory.get(of_user(user_id), "undo", [])
        joined = [Undo.from_json(each) for each in undos if each["turn_id"] in turn_ids]
        if len(joined) > 1:
            last = next(each["turn_id"] for each in reversed(undos) if each["turn_id"] in turn_ids)
            whole = reduce(Undo.then, joined)
            rest = [each for each in undos if each["turn_id"] not in turn_ids]
            self.memory.set(of_user(user_id), "undo", [*rest, {"turn_id": last, **whole.as_json()}])

    def join_last_undos(self, user_id: str, count: int) -> None:
        """Undo the last `count` changes of a person together from now on."""
        undos = self.memory.get(of_user(user_id), "undo", [])[-count:]
        for each in undos[:-1]:
            self.amend(user_id, each["turn_id"], undone=True)
        self.join_undos(user_id, [each["turn_id"] for each in undos])

    def take_undo(self, user_id: str) -> tuple[str, Undo] | None:
        """Return (turn, how to undo it) of the last turn that changed something; it is not given again."""
        undos = self.memory.get(of_user(user_id), "undo", [])
        if not undos:
            return None
        last = undos.pop()
        self.memory.set(of_user(user_id), "undo", undos)
        return last["turn_id"], Undo.from_json(last)

    def peek_undo(self, user_id: str) -> Undo | None:
        """Return how to undo the last turn that changed something, and keep it."""
        undos = self.memory.get(of_user(user_id), "undo", [])
        return Undo.from_json(undos[-1]) if undos else None

    def _recent(self, user_id: str) -> list[Turn]:
        return [_turn_of(line) for line in self.memory.get(of_user(user_id), "turns", [])]

    def _shelve(self, turn: Turn, held: Sequence[Turn]) -> None:
        """Store the session so far where the next request of this person finds it."""
        if self.shelves is not None and turn.session_id is not None:
            from uptake.rewriting.retrieval.fresh import add_to_history

            add_to_history(
                self.shelves, [one for one in held if one.session_id == turn.session_id], session_id=turn.session_id
            )

    def _heed(self, event: Event | None, turn: Turn) -> None:
        if event is not None and self.opinions is not None:
            self.opinions.note(turn.user_id, event)

    def _hold(self, turn: Turn) -> list[Turn]:
        """Hold a turn for a while; returns all that are held of this person, oldest first."""
        from uptake.log.records import to_json

        lines: list[str] = self.memory.get(of_user(turn.user_id), "turns", [])
        others = [(other, line) for line in lines if (other := _turn_of(line)).turn_id != turn.turn_id]
        held = sorted([*others, (turn, to_json(turn).decode())], key=lambda one: one[0].said_at)[-_TURNS:]
        self.memory.set(of_user(turn.user_id), "turns", [line for _, line in held])
        return [one for one, _ in held]


@lru_cache(maxsize=256)
def _turn_of(line: str) -> Turn:
    """Read a turn that is held: the same few are asked for again and again."""
    from uptake.log.records import from_json

    return from_json(line)


def _before(turn: Turn, held: Sequence[Turn]) -> Turn | None:
    """Return the turn before that was not about the conversation itself."""
    earlier = (one for one in reversed(held) if (one.said_at, one.turn_id) < (turn.said_at, turn.turn_id))
    return next((one for one in earlier if not is_control(normalize(one.request))), None)
