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

import msgspec

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
        self._rows: dict[tuple[str, ...], list[tuple[str, str]]] = {}
        self._written = 0
        try:
            self._database = open_database(path, _TABLES)
            self._seen = self._version()
        except (sqlite3.Error, OSError) as error:
            raise StorageFailed(f"{path}: the memory of the assistant cannot be opened ({error})") from error

    def get(self, scope: str, key: str, default: Any = None) -> Any:
        """Return the value of a key, as a fresh copy; `default` where there is none."""
        found = self._found("SELECT scope, value FROM memory WHERE scope = ? AND key = ?", scope, key)
        return _parsed(found[0][1]) if found else default

    def set(self, scope: str, key: str, value: Any) -> None:
        """Keep a JSON value under a key; None drops the key."""
        with self._lock:
            if self._changes is not None:
                self._changes.append((scope, key, self.get(scope, key)))
            self._written += 1
            for asked in ((key,), (scope, key)):
                self._rows.pop(asked, None)
            if value is None:
                self._run("DELETE FROM memory WHERE scope = ? AND key = ?", scope, key)
            else:
                written = _written(value)
                self._run("INSERT OR REPLACE INTO memory VALUES (?, ?, ?)", scope, key, written)
                if self._held:
                    self._rows[scope, key] = [(scope, written)]

    def every(self, key: str) -> dict[str, Any]:
        """Return the values that a key has in every scope, as fresh copies: one look-up, whoever else was ever here."""
        found = self._found("SELECT scope, value FROM memory WHERE key = ? ORDER BY scope", key)
        return {scope: _parsed(value) for scope, value in found}

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
            self._forget_rows()
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
            if not self._held:
                self._forget_rows()
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

    @property
    def written(self) -> int | None:
        """Return a number that stays the same while nothing is written; None where another process may write."""
        return self._written if self._held else None

    def _found(self, sql: str, *values: str) -> list[tuple[str, str]]:
        """Return (scope, value as it is written) of what a query finds; kept while nobody else can write."""
        with self._lock:
            rows = self._rows.get(values) if self._held else None
            if rows is None:
                rows = self._run(sql, *values).fetchall()
                if self._held:
                    self._rows[values] = rows
            return rows

    def _forget_rows(self) -> None:
        self._written += 1
        self._rows.clear()

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


def _written(value: Any) -> str:
    """Write JSON; what is not of the standard, such as NaN, which is null to the faster library, as the other does."""
    written = _encode(value)
    return json.dumps(value, ensure_ascii=False) if b"null" in written else written.decode()


def _parsed(written: str) -> Any:
    """Parse JSON; what is not of the standard, such as NaN, as the library that wrote it does."""
    try:
        return _decode(written)
    except msgspec.DecodeError:
        return json.loads(written)


_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode
