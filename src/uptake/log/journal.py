"""Fresh turns: an append-only journal in SQLite (WAL, synchronous), safe once the call returns.

A turn that comes again is a further row, unless it is the same to the byte; readers join them. Rows are numbered
and a number is never used again, so "everything up to row n is in the parts" has one meaning for ever.
"""

from __future__ import annotations

import errno
import sqlite3
import threading
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import xxhash

from uptake.errors import StorageFailed
from uptake.log.disk import guarded, locked, sync

__all__ = ["Journal"]

_VERSION = 1
_BUSY_S = 120.0
_TABLES = f"""
BEGIN IMMEDIATE;
CREATE TABLE journal (
    row INTEGER PRIMARY KEY AUTOINCREMENT, user_id TEXT NOT NULL, digest BLOB NOT NULL UNIQUE, record BLOB NOT NULL
);
CREATE TABLE forgetting (user_id TEXT PRIMARY KEY);
CREATE TABLE about (identity TEXT NOT NULL);
INSERT INTO about VALUES ('{{identity}}');
PRAGMA user_version = {_VERSION};
COMMIT;
"""


class Journal:
    """The fresh turns of one log; many processes and threads may use it at once.

    Args:
        path: The SQLite file; its directory and itself are made by the first append.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._turn = threading.RLock()

    @property
    def exists(self) -> bool:
        """Whether anything was ever appended."""
        return self._path.exists()

    def append(self, records: Iterable[tuple[str, bytes]]) -> int:
        """Store records in one transaction; they are durable when this returns.

        Args:
            records: Pairs of user id and canonical JSON.

        Returns:
            How many were written; a record that is here already, to the byte, is not written again.
        """
        rows = ((user_id, xxhash.xxh3_128_digest(record), record) for user_id, record in records)
        with self._writing() as connection:
            cursor = connection.executemany(
                "INSERT OR IGNORE INTO journal (user_id, digest, record) VALUES (?, ?, ?)", rows
            )
            return max(cursor.rowcount, 0)

    @contextmanager
    def reading(self) -> Iterator[Journal]:
        """Hold one unchanging view of the journal; what is asked inside is answered from it."""
        with self._turn, guarded(self._path.parent):
            connection = self._connect()
            connection.execute("BEGIN")
            try:
                connection.execute("SELECT 1 FROM journal LIMIT 1").fetchone()  # the view begins with the first read
                yield self
            finally:
                connection.execute("ROLLBACK")

    def identity(self) -> str:
        """Return a name no other journal has, so that row numbers are never taken for another's."""
        return str(self._one("SELECT identity FROM about"))

    def records(self, after: int) -> list[tuple[int, bytes]]:
        """Return row number and record of the rows after a row, in order of arrival."""
        with self._turn, guarded(self._path.parent):
            return (
                self._connect()
                .execute("SELECT row, record FROM journal WHERE row > ? ORDER BY row", (after,))
                .fetchall()
            )

    def count(self, after: int) -> int:
        """Count the rows after a row."""
        return int(str(self._one("SELECT count(*) FROM journal WHERE row > ?", after)))

    def last_row(self) -> int:
        """Return the greatest row number ever given; 0 before the first."""
        return int(str(self._one("SELECT coalesce(max(seq), 0) FROM sqlite_sequence")))

    def forgetting(self) -> list[str]:
        """Return users whose turns are being removed."""
        with self._turn, guarded(self._path.parent):
            return [user for (user,) in self._connect().execute("SELECT user_id FROM forgetting ORDER BY user_id")]

    def forget(self, user_id: str) -> None:
        """Remove the turns of a user, and remember to remove them from everywhere else."""
        with self._writing() as connection:
            connection.execute("DELETE FROM journal WHERE user_id = ?", (user_id,))
            connection.execute("INSERT OR IGNORE INTO forgetting VALUES (?)", (user_id,))

    def forgotten(self, user_id: str) -> None:
        """Wipe what was deleted from the disk, then strike the user off the list."""
        with self._turn, guarded(self._path.parent):
            connection = self._connect()
            connection.execute("VACUUM")
            self._empty_wal(connection)
            connection.execute("DELETE FROM forgetting WHERE user_id = ?", (user_id,))
            self._empty_wal(connection)

    def drop(self, through: int) -> None:
        """Remove the rows up to and including a row: the parts hold them now."""
        with self._writing() as connection:
            connection.execute("DELETE FROM journal WHERE row <= ?", (through,))

    def close(self) -> None:
        """Let go of the file."""
        with self._turn:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _one(self, query: str, *values: int) -> object:
        with self._turn, guarded(self._path.parent):
            return self._connect().execute(query, values).fetchone()[0]

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._turn, guarded(self._path.parent):
            connection = self._connect()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def _empty_wal(self, connection: sqlite3.Connection) -> None:
        busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise sqlite3.OperationalError("database is locked")

    def _connect(self) -> sqlite3.Connection:
        if self._connection is None:
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                with locked(self._path.with_suffix(".lock")):  # two processes must not make it at once
                    self._connection = self._open()
            except OSError as error:
                if error.errno not in (errno.EROFS, errno.EACCES, errno.EPERM) or not self._is_at_rest():
                    raise
                self._connection = self._open_at_rest()
        return self._connection

    def _is_at_rest(self) -> bool:
        """Whether the file alone holds everything, so that it can be read where nothing may be written."""
        log = self._path.with_name(self._path.name + "-wal")
        return self._path.exists() and not (log.exists() and log.stat().st_size)

    def _open_at_rest(self) -> sqlite3.Connection:
        place = f"{self._path.absolute().as_uri()}?mode=ro&immutable=1"
        return sqlite3.connect(place, uri=True, isolation_level=None, check_same_thread=False)

    def _open(self) -> sqlite3.Connection:
        fresh = not self._path.exists()
        connection = sqlite3.connect(self._path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA secure_delete = ON")
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version > _VERSION:
                raise StorageFailed(
                    f"{self._path}: written by a later version of uptake (log version {version}; "
                    f"this one knows {_VERSION}); upgrade uptake"
                )
            if version == 0:
                connection.executescript(_TABLES.format(identity=uuid.uuid4().hex))
            if fresh:
                sync(self._path.parent)
        except BaseException:
            connection.close()
            raise
        return connection
