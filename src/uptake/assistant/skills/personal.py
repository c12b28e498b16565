"""Store a skill's records of a person in the memory: timers, alarms, reminders, each a small JSON record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from uptake.assistant.memory import Memory, of_user

__all__ = ["Record", "add", "from_text", "load", "load_all", "save", "seconds_until", "to_text"]

Record = dict[str, Any]
"""Record of a person; "id" is unique for its owner and key."""


def load(memory: Memory, user_id: str, key: str) -> list[Record]:
    """Return the records of one person."""
    return list(memory.get(of_user(user_id), key, []))


def load_all(memory: Memory, key: str) -> Iterator[tuple[str, list[Record]]]:
    """Return (pseudonym, records) of every person at home who has any."""
    for scope, records in memory.every(key).items():
        if records and scope.startswith(of_user("")):
            yield scope.removeprefix(of_user("")), list(records)


def save(memory: Memory, user_id: str, key: str, records: list[Record]) -> None:
    """Keep these records of a person, and no others."""
    memory.set(of_user(user_id), key, records or None)


def add(memory: Memory, user_id: str, key: str, record: Record) -> Record:
    """Keep one more record; it gets an "id"."""
    records = load(memory, user_id, key)
    added = {"id": max((each["id"] for each in records), default=0) + 1, **record}
    save(memory, user_id, key, [*records, added])
    return added


def to_text(moment: datetime) -> str:
    """Format a moment for the record: UTC, to the microsecond."""
    return moment.astimezone(UTC).isoformat()


def from_text(text: str, now: datetime) -> datetime:
    """Parse a moment of a record, in the zone of `now`."""
    return datetime.fromisoformat(text).astimezone(now.tzinfo)


def seconds_until(moment: datetime | str, now: datetime) -> float:
    """Return seconds from `now` to a moment, or to one of a record; below zero where it has passed."""
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return (at.astimezone(UTC) - now.astimezone(UTC)).total_seconds()
