"""What skills keep in the memory for a person: timers, alarms, reminders, each a small JSON record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from uptake.agent.memory import Memory, of_user

__all__ = ["Record", "add", "everyone", "later", "own", "parse", "put", "stamp"]

Record = dict[str, Any]
"""One thing that is kept; "id" is unique for its owner and key."""


def own(memory: Memory, user_id: str, key: str) -> list[Record]:
    """The records of one person."""
    return list(memory.get(of_user(user_id), key, []))


def everyone(memory: Memory, key: str) -> Iterator[tuple[str, list[Record]]]:
    """(pseudonym, records) of every person at home who has any."""
    for scope in memory.scopes():
        if scope.startswith(of_user("")):
            user_id = scope.removeprefix(of_user(""))
            records = own(memory, user_id, key)
            if records:
                yield user_id, records


def put(memory: Memory, user_id: str, key: str, records: list[Record]) -> None:
    """Keep these records of a person, and no others."""
    memory.set(of_user(user_id), key, records or None)


def add(memory: Memory, user_id: str, key: str, record: Record) -> Record:
    """Keep one more record; it gets an "id"."""
    records = own(memory, user_id, key)
    added = {"id": max((each["id"] for each in records), default=0) + 1, **record}
    put(memory, user_id, key, [*records, added])
    return added


def stamp(moment: datetime) -> str:
    """A moment as it is kept: UTC, to the microsecond."""
    return moment.astimezone(UTC).isoformat()


def parse(kept: str, now: datetime) -> datetime:
    """A moment that was kept, in the zone of `now`."""
    return datetime.fromisoformat(kept).astimezone(now.tzinfo)


def later(moment: datetime, now: datetime) -> float:
    """Seconds from `now` to a moment; below zero where it has passed."""
    return (moment.astimezone(UTC) - now.astimezone(UTC)).total_seconds()
