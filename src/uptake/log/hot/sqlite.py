"""Store fresh turns in an append-only SQLite journal (WAL, synchronous); they are durable once the call returns.

A turn that is sent again makes another row, unless it is identical byte for byte; readers join them. A row number is
never used again, so "everything up to row n is in the parts" stays true for ever. Each record has a digest, compared
whenever it is read. The lock file beside the journal holds its name, so that an emptied journal is not taken for a new
one.
"""

from __future__ import annotations

import errno
import sqlite3
import threading
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import xxhash

from uptake.errors import StorageFailed
from uptake.log.disk import PRIVATE_DIRECTORY, PRIVATE_FILE, locked, replace, storage_errors, sync, wipe
from uptake.log.hot import HotStore, owner, said_at, unsound
from uptake.log.hot.wal import is_damaged
from uptake.log.parts import Manifest, read_manifest

__all__ = ["Journal"]

_VERSION = 1
_BUSY_S = 120.0
_EMPTIED = "it was emptied or removed, and what it held is gone"
_INDEX = "sqlite_autoindex_journal_1"
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
    """Fresh turns of one log; many processes and threads may use it at once.

    Args:
        path: The SQLite file; its directory and itself are made by the first append.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._turn = threading.RLock()
        self._lenient = False  # whether to go on with what SQLite finds in a damaged write-ahead log

    @property
    def place(self) -> str:
        """Path of the file."""
        return str(self._path)

    elsewhere = ""

    @property
    def exists(self) -> bool:
        """Tell whether anything was ever appended."""
        return self._path.exists()

    def append(self, records: Sequence[tuple[str, bytes]]) -> int:
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
    def reading(self, *, settled: bool = False) -> Iterator[HotStore]:  # noqa: ARG002 - SQLite has one writer at a time
        """Hold one consistent view of the journal; all reads inside use it."""
        with self._turn, storage_errors(self._path.parent):
            connection = self._connect()
            connection.execute("BEGIN")
            try:
                connection.execute("SELECT 1 FROM journal LIMIT 1").fetchone()  # the view begins with the first read
                yield self
            finally:
                connection.execute("ROLLBACK")

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the exclusive right to change the parts, over all processes."""
        self._path.parent.mkdir(mode=PRIVATE_DIRECTORY, parents=True, exist_ok=True)
        with locked(self._path.with_name("parts.lock")):
            yield

    def claim(self, manifest: Manifest) -> None:
        """Do nothing: the parts lie beside the file."""

    def taken(self, manifest: Manifest) -> int:
        """Return the row up to which rows are in the parts already."""
        return manifest.taken(self.identity())

    def begin(self, through: int) -> None:
        """Do nothing: an older copy of the file is detected by its row numbers."""

    def rejoin(self) -> None:
        """Do nothing: a rebuilt manifest names no journal."""

    def identity(self) -> str:
        """Return an identifier no other journal has, so that row numbers are never confused."""
        return str(self._one("SELECT identity FROM about"))

    def records(self, after: int) -> list[tuple[int, bytes]]:
        """Return row number and record of the rows after a row, in order of arrival.

        Raises:
            StorageFailed: A record is not what was written, or a row is missing.
        """
        with self._turn, storage_errors(self._path.parent):
            connection = self._connect()
            query = "SELECT row, digest, record FROM journal WHERE row > ? ORDER BY row"
            rows = connection.execute(query, (after,)).fetchall()
            indexed = f"SELECT count(*), coalesce(sum(row), 0) FROM journal INDEXED BY {_INDEX} WHERE row > ?"
            expected = connection.execute(indexed, (after,)).fetchone()
        try:
            sound = [record for _, _, record in rows]
            damaged = list(map(xxhash.xxh3_128_digest, sound)) != [digest for _, digest, _ in rows]
        except TypeError:  # it is no blob any more
            damaged = True
        if damaged:
            raise self._damaged(f"row {next(row for row, _ in unsound(rows))} is not what was written")
        if (len(rows), sum(row for row, _, _ in rows)) != expected:
            raise self._damaged("its rows and their index differ")
        return [(row, record) for row, _, record in rows]

    def set_aside(self) -> list[bytes]:
        """Remove the damaged rows, and rebuild the index.

        Returns:
            What they hold now.
        """
        with self._turn, storage_errors(self._path.parent), self._leniently():
            connection = self._connect()
            rows = connection.execute("SELECT row, digest, record FROM journal ORDER BY row").fetchall()
            bad = list(unsound(rows))
            connection.executemany("DELETE FROM journal WHERE row = ?", [(row,) for row, _ in bad])
            connection.execute("REINDEX journal")
            return [record if isinstance(record, bytes) else repr(record).encode() for _, record in bad]

    @contextmanager
    def _leniently(self) -> Iterator[None]:
        self._lenient = True
        try:
            yield
        finally:
            self._lenient = False

    def problems(self) -> list[str]:
        """Return the problems that SQLite itself finds in the file."""
        with self._turn, storage_errors(self._path.parent):
            found = [text for (text,) in self._connect().execute("PRAGMA integrity_check(5)")]
        return [] if found == ["ok"] else [f"{self._path}: {problem}" for problem in found]

    def count(self, after: int) -> int:
        """Count the rows after a row."""
        return int(str(self._one("SELECT count(*) FROM journal WHERE row > ?", after)))

    def last_row(self) -> int:
        """Return the greatest row number ever used; 0 before the first."""
        return int(str(self._one("SELECT coalesce(max(seq), 0) FROM sqlite_sequence")))

    def mark(self) -> str:
        """Return a text that changes whenever a row is added."""
        return f"{self.identity()}:{self.last_row()}"

    def forgetting(self) -> list[str]:
        """Return users whose turns are being removed."""
        with self._turn, storage_errors(self._path.parent):
            return [user for (user,) in self._connect().execute("SELECT user_id FROM forgetting ORDER BY user_id")]

    def forget(self, user_id: str) -> None:
        """Remove the turns of a user, and remember to remove them from everywhere else."""
        with self._writing() as connection:
            theirs = [(row,) for row, record in self.records(0) if owner(record) == user_id]
            connection.executemany("DELETE FROM journal WHERE row = ?", theirs)
            connection.execute("DELETE FROM journal WHERE user_id = ?", (user_id,))
            connection.execute("INSERT OR IGNORE INTO forgetting VALUES (?)", (user_id,))

    def forgotten(self, user_id: str, *, wait_s: float) -> None:
        """Wipe deleted data from the disk, then take the user off the list of pending users.

        Args:
            user_id: User who was forgotten.
            wait_s: Longest time to wait for readers, in seconds.

        Raises:
            NotForgotten: A reader of the journal keeps the deleted data alive.
        """
        self.wipe(wait_s=wait_s)
        with self._writing() as connection:
            connection.execute("DELETE FROM forgetting WHERE user_id = ?", (user_id,))
        self.wipe(wait_s=wait_s)

    def older(self, than: datetime, *, after: int = 0) -> list[int]:
        """Return the rows after a row, by number, whose turns were said before a moment."""
        return [row for row, record in self.records(after) if said_at(record) < than]

    def expire(self, before: datetime) -> int:
        """Remove the rows whose turns were said before a moment; returns how many. `wipe` clears the disk of them."""
        with self._writing() as connection:
            rows = self.older(before)
            connection.executemany("DELETE FROM journal WHERE row = ?", [(row,) for row in rows])
            return len(rows)

    def wipe(self, *, wait_s: float) -> None:
        """Overwrite deleted data on disk.

        Args:
            wait_s: Longest time to wait for readers, in seconds.

        Raises:
            NotForgotten: A reader of the journal keeps the deleted data alive.
        """
        with self._turn, storage_errors(self._path.parent):
            connection = self._connect()
            connection.execute(f"PRAGMA busy_timeout = {round(1000 * wait_s)}")
            try:
                wipe(connection, self._path)
            finally:
                connection.execute(f"PRAGMA busy_timeout = {round(1000 * _BUSY_S)}")

    def drop(self, through: int) -> None:
        """Remove the rows up to and including a row, which are now in the parts."""
        with self._writing() as connection:
            connection.execute("DELETE FROM journal WHERE row <= ?", (through,))

    def close(self) -> None:
        """Close the file."""
        with self._turn:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _one(self, query: str, *values: int) -> object:
        with self._turn, storage_errors(self._path.parent):
            return self._connect().execute(query, values).fetchone()[0]

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._turn, storage_errors(self._path.parent):
            connection = self._connect()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def _connect(self) -> sqlite3.Connection:
        if self._connection is None:
            try:
                self._path.parent.mkdir(mode=PRIVATE_DIRECTORY, parents=True, exist_ok=True)
                with locked(self._lock):  # two processes must not make it at once
                    self._connection = self._open()
            except OSError as error:
                if error.errno not in (errno.EROFS, errno.EACCES, errno.EPERM) or not self._is_at_rest():
                    raise
                self._connection = self._open_at_rest()
        return self._connection

    def _is_at_rest(self) -> bool:
        """Tell whether the database file alone holds everything, so that it can be read without write access."""
        return self._path.exists() and not (self._wal.exists() and self._wal.stat().st_size)

    def _open_at_rest(self) -> sqlite3.Connection:
        place = f"{self._path.absolute().as_uri()}?mode=ro&immutable=1"
        return sqlite3.connect(place, uri=True, isolation_level=None, check_same_thread=False)

    @property
    def _lock(self) -> Path:
        return self._path.with_suffix(".lock")

    def _open(self) -> sqlite3.Connection:
        fresh = not self._path.exists()
        if self.lost():
            raise self._damaged(_EMPTIED)
        if not self._lenient and is_damaged(self._wal):
            raise self._damaged("its write-ahead log is damaged, and turns in it would be passed over")
        self._path.touch(PRIVATE_FILE)
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
            if version == 0 and self._named():
                raise self._damaged(_EMPTIED)
            if version == 0:
                connection.executescript(_TABLES.format(identity=uuid.uuid4().hex))
            self._keep_name(connection)
            if fresh:
                sync(self._path.parent)
        except BaseException:
            connection.close()
            raise
        return connection

    @property
    def _wal(self) -> Path:
        """Path of the write-ahead log, which holds the latest appends."""
        return self._path.with_name(f"{self._path.name}-wal")

    def salvage(self) -> list[str]:
        """Copy a damaged write-ahead log, because SQLite skips everything after the damage."""
        if not is_damaged(self._wal):
            return []
        copy = self._path.with_name(f"damaged-{uuid.uuid4().hex[:8]}.wal")
        replace(copy, self._wal.read_bytes())
        return [f"{self._wal}: damaged, copied to {copy.name}; what stands before the damage stays"]

    def lost(self) -> bool:
        """Tell whether there was a journal here that is empty or gone."""
        if self._path.exists() and self._path.stat().st_size:
            return False
        return self._named() or bool(read_manifest(self._path.parent).journal)

    def give_up(self) -> None:
        """Let the next use start a new journal in place of a lost one."""
        self._lock.unlink(missing_ok=True)

    def _keep_name(self, connection: sqlite3.Connection) -> None:
        """Write the journal's name beside it; continue its numbering if an older copy was restored."""
        (identity,) = connection.execute("SELECT identity FROM about").fetchone()
        if not self._named():
            self._lock.write_text(f"{identity}\n", encoding="utf-8")
        try:
            through = read_manifest(self._path.parent).taken(identity)
        except StorageFailed:  # whoever reads is told; appending is safe all the same
            return
        (last,) = connection.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence").fetchone()
        if last < through:
            connection.execute(
                "INSERT INTO journal (row, user_id, digest, record) VALUES (?, '', x'', x'')", (through,)
            )
            connection.execute("DELETE FROM journal WHERE row = ?", (through,))

    def _named(self) -> bool:
        return self._lock.exists() and self._lock.stat().st_size > 0

    def _damaged(self, how: str) -> StorageFailed:
        return StorageFailed(
            f"{self._path}: {how}; restore it from a copy, or `uptake doctor --repair` continues with the rest"
        )
