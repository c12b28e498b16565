"""Store the state changes of a home's devices on disk, from which hunches are learned.

A row is one change: device, time, new state, and the user if a request caused it. SQLite in WAL mode; appending the
same change again is harmless.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

import pyarrow as pa

from uptake.errors import BadRecord, NotForgotten, StorageFailed
from uptake.log.schema import to_micros

__all__ = ["SCHEMA", "Change", "Timeline", "change_of", "minutes_of"]

_MIDNIGHT = datetime(1970, 1, 1)

SCHEMA = pa.schema(
    [
        ("home_id", pa.string()),
        ("entity_id", pa.string()),
        ("changed_at", pa.int64()),
        ("local", pa.int64()),
        ("state", pa.string()),
        ("user_id", pa.string()),
    ]
)
"""The relation `timeline`: the fields of `Change`."""

_MADE = """
    CREATE TABLE IF NOT EXISTS changes (
        home_id TEXT NOT NULL, entity_id TEXT NOT NULL, changed_at INTEGER NOT NULL, local INTEGER, state TEXT NOT NULL,
        user_id TEXT, UNIQUE (home_id, entity_id, changed_at, state)
    )
"""


class Change(NamedTuple):
    """State change of a device."""

    home_id: str
    """Pseudonym of the home."""
    entity_id: str
    """The device."""
    changed_at: int
    """When, in microseconds since 1970, UTC."""
    local: int | None
    """The same on the clock of the home, in minutes since 1970-01-01 00:00 there; None where it has none."""
    state: str
    """The state it went into."""
    user_id: str | None = None
    """Who asked for it; None where nobody asked the assistant."""


def change_of(record: Any, *, home_id: str | None = None, zone: tzinfo | None = None) -> Change:
    """Read a change from the fields of a JSON record: entity_id, state, at; home_id and user_id may be missing.

    Args:
        record: The fields. "at" is ISO 8601 with its offset, which gives the local time of the home; for a time in UTC,
            the local time is unknown without `zone`.
        home_id: Home of records that name none.
        zone: Time zone of the home.

    Raises:
        BadRecord: A field is missing or wrong.
    """
    if not isinstance(record, Mapping):
        raise BadRecord("expected an object with the fields entity_id, state and at")
    told = {"home_id": home_id, "user_id": None, **record}
    for name in ("home_id", "entity_id", "state", "at"):
        if not isinstance(told.get(name), str) or not told[name]:
            raise BadRecord("expected a text that is not empty", field=name)
    if "." not in told["entity_id"]:
        raise BadRecord('expected an identifier like "cover.garage_door"', field="entity_id")
    if told["user_id"] is not None and not isinstance(told["user_id"], str):
        raise BadRecord("expected a text", field="user_id")
    try:
        at = datetime.fromisoformat(told["at"])
    except ValueError:
        raise BadRecord('expected a moment like "2026-01-31T18:00:00+01:00"', field="at") from None
    at = at.replace(tzinfo=zone) if at.tzinfo is None and zone is not None else at
    if at.tzinfo is None:
        raise BadRecord('needs an offset, as in "2026-01-31T18:00:00+01:00", or --timezone', field="at")
    local = at.astimezone(zone) if zone is not None else None if at.tzinfo is UTC else at
    return Change(
        home_id=told["home_id"],
        entity_id=told["entity_id"],
        changed_at=to_micros(at),
        local=None if local is None else minutes_of(local),
        state=told["state"],
        user_id=told["user_id"],
    )


def minutes_of(moment: datetime) -> int:
    """Return local minutes since 1970-01-01 00:00, in the offset of the time."""
    return int((moment.replace(tzinfo=None) - _MIDNIGHT).total_seconds()) // 60


class Timeline:
    """State changes of a state directory.

    Args:
        path: The file; made with the first change.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = Lock()
        self._open: sqlite3.Connection | None = None

    def append(self, changes: Iterable[Change]) -> None:
        """Store changes; those stored already are skipped.

        Raises:
            StorageFailed: The disk refused, or the file is damaged.
        """
        rows = list(changes)
        if rows:
            with self._connection() as connection:
                connection.executemany("INSERT OR IGNORE INTO changes VALUES (?, ?, ?, ?, ?, ?)", rows)

    def table(self) -> pa.Table:
        """Return every change as the relation `timeline`, those of a device in time order.

        Raises:
            StorageFailed: The file is damaged.
        """
        found: list[tuple[object, ...]] = []
        if self.path.exists():
            with self._connection() as connection:
                query = f"SELECT {', '.join(SCHEMA.names)} FROM changes ORDER BY home_id, entity_id, changed_at, rowid"
                found = connection.execute(query).fetchall()
        return pa.Table.from_pylist([dict(zip(SCHEMA.names, row, strict=True)) for row in found], schema=SCHEMA)

    def last(self, home_id: str) -> dict[str, str]:
        """Return the last state of each device of a home.

        Raises:
            StorageFailed: The file is damaged.
        """
        if not self.path.exists():
            return {}
        with self._connection() as connection:
            rows = connection.execute(
                "SELECT entity_id, state, max(changed_at) FROM changes WHERE home_id = ? GROUP BY entity_id", (home_id,)
            )
            return {entity_id: state for entity_id, state, _ in rows}

    def forget(self, user_id: str) -> None:
        """Remove the changes that a user's requests caused, and those of the device that tracks the user's location.

        Raises:
            NotForgotten: The disk refused.
        """
        self._delete("user_id = ? OR entity_id = ?", user_id, f"person.{user_id}")

    def older(self, than: datetime) -> int:
        """Count the changes before a moment."""
        if not self.path.exists():
            return 0
        with self._connection() as connection:
            (found,) = connection.execute(
                "SELECT count(*) FROM changes WHERE changed_at < ?", (to_micros(than),)
            ).fetchone()
        return int(found)

    def expire(self, before: datetime) -> int:
        """Remove the changes before a moment; returns how many.

        Raises:
            NotForgotten: The disk refused.
        """
        return self._delete("changed_at < ?", to_micros(before))

    def _delete(self, which: str, *values: object) -> int:
        """Remove some changes, from the disk too."""
        if not self.path.exists():
            return 0
        try:
            with self._connection() as connection:
                gone = connection.execute(f"DELETE FROM changes WHERE {which}", values).rowcount
            with self._lock:
                if self._open is not None:
                    self._open.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except (StorageFailed, sqlite3.Error) as error:
            raise NotForgotten(f"{self.path}: could not be written") from error
        return gone

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._open is not None:
                self._open.close()
                self._open = None

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                if self._open is None:
                    self.path.parent.mkdir(parents=True, exist_ok=True)
                    self._open = sqlite3.connect(self.path, check_same_thread=False, timeout=10.0)
                    self._open.execute("PRAGMA journal_mode = WAL")
                    self._open.execute("PRAGMA secure_delete = ON")
                    self._open.execute(_MADE)
                with self._open:
                    yield self._open
            except (sqlite3.Error, OSError) as error:
                raise StorageFailed(
                    f"{self.path}: {error}; move the file away to start without a history of devices"
                ) from error
