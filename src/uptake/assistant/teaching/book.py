"""List and change what was taught, outside a conversation; every change is an event in the log, too."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from uptake.assistant.memory import Memory
from uptake.assistant.teaching.memory import concepts_of, keep, keep_preferences, preferences_of, rebuild
from uptake.teaching.concepts.artifact import Concept, Concepts
from uptake.teaching.concepts.events import event as teach_event
from uptake.teaching.concepts.events import meaning_event
from uptake.teaching.concepts.lesson import Lesson
from uptake.teaching.preferences.artifact import Preference, Preferences
from uptake.teaching.preferences.events import event
from uptake.types import Interpretation, Turn

if TYPE_CHECKING:
    from uptake.log.store import TurnLog

__all__ = ["Book"]

_DEVICE = "command line"


class Book:
    """Concepts and preferences taught to an assistant.

    Args:
        path: File of the assistant's memory.
        log: Log that records changes.
        home_id: Home under which they are stored; None if unknown.
    """

    def __init__(self, path: Path, *, log: TurnLog, home_id: str | None = None) -> None:
        self._memory, self._log, self._home_id = Memory(path), log, home_id

    @property
    def concepts(self) -> Concepts:
        """Every concept."""
        return concepts_of(self._memory)

    @property
    def preferences(self) -> Preferences:
        """Every preference."""
        return preferences_of(self._memory)

    def add_concepts(self, rows: Sequence[Concept]) -> None:
        """Add concepts, or change them."""
        for row in rows:
            lesson = Lesson(
                stage="confirm",
                phrase=row.phrase,
                slot_type=row.slot_type,
                deeds=row.deeds,
                alias_of=row.alias_of,
                uses=row.uses,
                scope=row.scope,
            )
            turn = self._say(row.user_id, meaning_event("TeachStore", lesson))
            keep(self._memory, row.user_id, [replace(row, at=_at(turn), turn_id=turn.turn_id)])

    def forget_concepts(self, rows: Sequence[Concept]) -> None:
        """Forget concepts."""
        for row in rows:
            turn = self._say(row.user_id, teach_event("TeachForget", row.phrase))
            keep(self._memory, row.user_id, [replace(row, gone=True, at=_at(turn), turn_id=turn.turn_id)])

    def add_preferences(self, rows: Iterable[Preference]) -> None:
        """Add preferences; they end what they contradict."""
        for row in rows:
            turn = self._say(row.user_id, event([replace(row, user_id="", at="", turn_id="")]))
            keep_preferences(self._memory, row.user_id, [replace(row, at=_at(turn), turn_id=turn.turn_id)])

    def withdraw(self, rows: Iterable[Preference]) -> None:
        """Withdraw preferences."""
        self.add_preferences(replace(row, polarity=-1) for row in rows)

    def rebuild(self) -> tuple[Concepts, Preferences]:
        """Make the memory from the log again."""
        return rebuild(self._memory, self._log.read())

    def _say(self, user_id: str, reading: Interpretation) -> Turn:
        turn = Turn(
            turn_id=uuid.uuid4().hex,
            user_id=user_id,
            home_id=self._home_id,
            said_at=datetime.now(UTC),
            request=f"import {dict(reading.slots).get('concept', 'preference')}",
            device_id=_DEVICE,
            interpretation=reading,
            action=f"{reading.domain}.{reading.intent}",
            status="ok",
        )
        self._log.append([turn])
        return turn


def _at(turn: Turn) -> str:
    return turn.said_at.astimezone(UTC).isoformat()
