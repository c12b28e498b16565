"""Store the traces of turns in SQLite, beside the log.

The log has the data for learners; the trace has every stage's candidates, scores and times, for `/why` and for finding
the stage that failed. Both name the turn by the same `turn_id`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from uptake.assistant.record.trace import StageTrace
from uptake.errors import BadConfig, StorageFailed
from uptake.log.disk import open_database, wipe

__all__ = ["TraceStore"]

_TABLE = (
    "CREATE TABLE IF NOT EXISTS traces (number INTEGER PRIMARY KEY, turn_id TEXT UNIQUE, user_id TEXT, stages TEXT)",
    "CREATE INDEX IF NOT EXISTS traces_by_user ON traces (user_id)",
)


class TraceStore:
    """Store of the traces of the newest turns.

    >>> store = TraceStore()
    >>> store.add("t1", "ann", [StageTrace(stage="hear", verdict="heard")])
    >>> store.find("t1")[0]["stage"]
    'hear'

    Args:
        path: The file; None to store nothing beyond the process.
        keep: Number of traces to keep; older ones are removed.
    """

    def __init__(self, path: Path | None = None, *, keep: int = 20_000) -> None:
        if keep < 1:
            raise BadConfig("keep must be 1 or more")
        self.keep = keep
        self._path, self._where = path, path or "traces"
        try:
            self._database = open_database(path, _TABLE)
        except (sqlite3.Error, OSError) as error:
            raise StorageFailed(f"{self._where}: the traces cannot be opened ({error})") from error

    def add(self, turn_id: str, user_id: str, stages: Sequence[StageTrace]) -> None:
        """Keep the trace of a turn."""
        written = json.dumps([stage.as_json() for stage in stages], ensure_ascii=False)
        cursor = self._run(
            "INSERT OR REPLACE INTO traces (turn_id, user_id, stages) VALUES (?, ?, ?)", turn_id, user_id, written
        )
        number = cursor.lastrowid or 0
        if number % 256 == 0:
            self._run("DELETE FROM traces WHERE number <= ?", number - self.keep)

    def find(self, turn_id: str) -> list[dict[str, Any]] | None:
        """Return the stages of a turn, as JSON; None where no trace of it is kept."""
        row = self._run("SELECT stages FROM traces WHERE turn_id = ?", turn_id).fetchone()
        return None if row is None else json.loads(row[0])

    def newest(self, user_id: str | None = None, *, limit: int = 10) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """Return (turn_id, stages) of the newest turns, newest first, of one user or of all."""
        query = "SELECT turn_id, stages FROM traces WHERE ? IS NULL OR user_id = ? ORDER BY number DESC LIMIT ?"
        for turn_id, stages in self._run(query, user_id, user_id, limit):
            yield turn_id, json.loads(stages)

    def forget(self, user_id: str) -> int:
        """Drop every trace of a user, from the disk too. Returns how many there were.

        Raises:
            NotForgotten: Another process reads the file, so that it still holds what was dropped.
        """
        gone = self._run("DELETE FROM traces WHERE user_id = ?", user_id).rowcount
        wipe(self._database, self._path)
        return gone

    def expire(self, turn_ids: Iterable[str]) -> int:
        """Drop the traces of some turns, from the disk too. Returns how many there were.

        Raises:
            NotForgotten: Another process reads the file, so that it still holds what was dropped.
        """
        gone = sum(self._run("DELETE FROM traces WHERE turn_id = ?", one).rowcount for one in turn_ids)
        wipe(self._database, self._path)
        return gone

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def _run(self, sql: str, *values: object) -> sqlite3.Cursor:
        try:
            return self._database.execute(sql, values)
        except sqlite3.Error as error:
            raise StorageFailed(f"{self._where}: the traces refused: {error}") from error
