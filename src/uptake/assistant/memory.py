"""Store values between requests: lists, timers, alarms, the state of the virtual home, the conversation.

It is a small key-value store of JSON, by scope ("home", or "user:" and a pseudonym). It records the old value of every
key that a request changes, so that any request can be undone. A user is forgotten by removing their scope.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

from uptake.errors import StorageFailed
from uptake.log.disk import locked, open_database, wipe

__all__ = ["HOME", "Change", "Memory", "of_user"]

HOME = "home"
"""Scope of what belongs to everybody at home."""

Change = tuple[str, str, Any]
"""(scope, key, value before; None where there was none)."""

_WAIT_S, _LOOK_S = 30.0, 0.005
_TABLES = (
    "CREATE TABLE IF NOT EXISTS memory (scope TEXT, key TEXT, value TEXT, PRIMARY KEY (scope, key)) WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS memory_by_key ON memory (key, scope)",
)


def of_user(user_id: str) -> str:
    """Return the scope of what belongs to one person."""
    return f"user:{user_id}"


class Memory:
    """JSON values by scope and key, stored in a file or in memory only.

    >>> memory = Memory()
    >>> memory.set(HOME, "lists", {"shopping": ["milk"]})
    >>> memory.get(HOME, "lists")
    {'shopping': ['milk']}

    Args:
        path: The file; None to store nothing beyond the process.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._lock, self._alone = RLock(), RLock()
        self._path, self._held = path, 0
        self._changes: list[Change] | None = None
        try:
            self._database = open_database(path, _TABLES)
            self._seen = self._version()
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
        """Return the values that a key has in every scope, as fresh copies: one look-up, whoever else was ever here."""
        with self._lock:
            rows = self._run("SELECT scope, value FROM memory WHERE key = ? ORDER BY scope", key).fetchall()
        return {scope: json.loads(value) for scope, value in rows}

    def scopes(self) -> list[str]:
        """Return every scope that holds something."""
        with self._lock:
            return [scope for (scope,) in self._run("SELECT DISTINCT scope FROM memory ORDER BY scope")]

    def forget(self, user_id: str) -> int:
        """Drop all that belongs to one person, from the disk too. Returns how many keys that were.

        Raises:
            NotForgotten: Another process reads the file, so that it still holds what was dropped.
        """
        with self._lock:
            gone = self._run("DELETE FROM memory WHERE scope = ?", of_user(user_id)).rowcount
            wipe(self._database, self._path)
            return gone

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Keep other processes from changing anything until this is left; may be nested.

        Yields:
            Whether another process has changed something since this was entered before.

        Raises:
            StorageFailed: Another process keeps it for too long.
        """
        with ExitStack() as stack:
            stack.enter_context(self._alone)  # not the lock of single steps: a skill acts in a thread of its own
            if self._path is not None and not self._held:
                self._wait(stack, self._path.with_suffix(".lock"))
            self._held += 1
            try:
                before, self._seen = self._seen, self._version()
                yield self._seen != before
            finally:
                self._held -= 1

    def _wait(self, stack: ExitStack, path: Path) -> None:
        until = time.monotonic() + _WAIT_S
        while True:
            with ExitStack() as attempt:
                if attempt.enter_context(locked(path, wait=False)):
                    stack.push(attempt.pop_all())
                    return
            if time.monotonic() > until:
                raise StorageFailed(f"{path}: another process is using this home; end it, or try again")
            time.sleep(_LOOK_S)

    def _version(self) -> int:
        """Return a number that changes when another connection writes."""
        return int(self._database.execute("PRAGMA data_version").fetchone()[0])

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
