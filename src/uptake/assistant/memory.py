"""Keep values between requests: lists, timers, alarms, the state of the virtual home, the conversation.

A small key-value store of JSON, by scope ("home", or "user:" and a pseudonym). It writes down what every key held
before a request changed it, so that any request can be undone, and a user can be forgotten by dropping their scope.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

from uptake.errors import StorageFailed

__all__ = ["HOME", "Change", "Memory", "of_user"]

HOME = "home"
"""Scope of what belongs to everybody at home."""

Change = tuple[str, str, Any]
"""(scope, key, value before; None where there was none)."""

_TABLE = "CREATE TABLE IF NOT EXISTS memory (scope TEXT, key TEXT, value TEXT, PRIMARY KEY (scope, key)) WITHOUT ROWID"


def of_user(user_id: str) -> str:
    """Return the scope of what belongs to one person."""
    return f"user:{user_id}"


class Memory:
    """JSON values by scope and key, kept in a file or only in memory.

    >>> memory = Memory()
    >>> memory.set(HOME, "lists", {"shopping": ["milk"]})
    >>> memory.get(HOME, "lists")
    {'shopping': ['milk']}

    Args:
        path: The file; None to keep nothing beyond the process.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._lock = RLock()
        self._changes: list[Change] | None = None
        try:
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(
                path or ":memory:", check_same_thread=False, isolation_level=None, timeout=5
            )
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = NORMAL")
            self._database.execute(_TABLE)
        except (sqlite3.Error, OSError) as error:
            raise StorageFailed(f"{path}: the memory of the assistant cannot be opened ({error})") from error

    def get(self, scope: str, key: str, default: Any = None) -> Any:
        """Return the value of a key, as a fresh copy; `default` where there is none."""
        with self._lock:
            row = self._run("SELECT value FROM memory WHERE scope = ? AND key = ?", scope, key).fetchone()
        return default if row is None else json.loads(row[0])

    def set(self, scope: str, key: str, value: Any) -> None:
        """Keep a JSON value under a key; None drops the key."""
        with self._lock:
            if self._changes is not None:
                self._changes.append((scope, key, self.get(scope, key)))
            if value is None:
                self._run("DELETE FROM memory WHERE scope = ? AND key = ?", scope, key)
            else:
                written = json.dumps(value, ensure_ascii=False)
                self._run("INSERT OR REPLACE INTO memory VALUES (?, ?, ?)", scope, key, written)

    def every(self, key: str) -> dict[str, Any]:
        """Return the values that a key has in every scope, as fresh copies."""
        with self._lock:
            rows = self._run("SELECT scope, value FROM memory WHERE key = ? ORDER BY scope", key).fetchall()
        return {scope: json.loads(value) for scope, value in rows}

    def scopes(self) -> list[str]:
        """Return every scope that holds something."""
        with self._lock:
            return [scope for (scope,) in self._run("SELECT DISTINCT scope FROM memory ORDER BY scope")]

    def forget(self, user_id: str) -> int:
        """Drop all that belongs to one person, from the disk too. Returns how many keys that were."""
        with self._lock:
            gone = self._run("DELETE FROM memory WHERE scope = ?", of_user(user_id)).rowcount
            self._run("VACUUM")  # what was deleted would stay readable in free pages
            self._run("PRAGMA wal_checkpoint(TRUNCATE)")
            return gone

    @contextmanager
    def recording(self) -> Iterator[list[Change]]:
        """Collect what is changed inside: what each key held before, in order; see `restore`."""
        with self._lock:
            before, self._changes = self._changes, []
            changes = self._changes
        try:
            yield changes
        finally:
            self._changes = before

    def restore(self, changes: list[Change]) -> None:
        """Undo changes that `recording` collected, the last one first."""
        with self._lock:
            for scope, key, value in reversed(changes):
                self.set(scope, key, value)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def _run(self, sql: str, *values: str) -> sqlite3.Cursor:
        try:
            return self._database.execute(sql, values)
        except sqlite3.Error as error:
            raise StorageFailed(f"the memory of the assistant refused: {error}") from error
