"""Store fresh turns of several servers in one Postgres.

Row numbers are drawn before a transaction commits, so a smaller one may appear after a greater one. Appends therefore
hold a shared advisory lock from before the number is drawn until the row is visible. A compaction takes that lock
exclusively while its view begins, so that "everything up to row n" is well defined.

Parts and rows may be restored from backups of different age. `begun` (no compaction has taken more rows than these) and
`dropped` (all rows up to here are deleted) detect this: unless `begun` >= the manifest's `through` >= `dropped`, a
backup was restored. An older database is joined with the parts again, which changes nothing twice; older parts are
refused.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import psycopg
import xxhash

from uptake.errors import NotForgotten, StorageFailed
from uptake.log.disk import PRIVATE_DIRECTORY, locked, storage_errors
from uptake.log.hot import HotStore, owner, said_at, unsound
from uptake.log.hot.belonging import APPENDS, PARTS, About, Belonging, read_about
from uptake.log.hot.server import Server, is_lost
from uptake.log.parts import Manifest

__all__ = ["SharedJournal"]

T = TypeVar("T")

_SETTLE_MS = 20_000
_DEADLOCK = "40P01"
_APPEND = f"""
    WITH held AS MATERIALIZED (SELECT pg_advisory_xact_lock_shared({APPENDS}))
    INSERT INTO uptake_journal (user_id, digest, record)
    SELECT given.* FROM held CROSS JOIN unnest(%b::bytea[], %b::bytea[], %b::bytea[]) AS given
    ON CONFLICT (digest) DO NOTHING
"""
_WIPE = """
    CREATE TEMP TABLE kept ON COMMIT DROP AS SELECT * FROM uptake_journal;
    TRUNCATE uptake_journal;
    INSERT INTO uptake_journal SELECT * FROM kept;
    CREATE TEMP TABLE due ON COMMIT DROP AS SELECT * FROM uptake_forgetting;
    TRUNCATE uptake_forgetting;
    INSERT INTO uptake_forgetting SELECT * FROM due;
"""


class SharedJournal:
    """Fresh turns of a log that several servers share. `uptake.log.hot.HotStore` documents the methods.

    Args:
        directory: Directory of the log's parts.
        url: Address of the database, postgresql://…; a schema is chosen by `?options=-csearch_path%3DNAME`.
    """

    def __init__(self, directory: Path, url: str) -> None:
        self._directory, self._server = directory, Server(url)
        self.place = self._server.place
        self.elsewhere = f"the write-ahead log, replicas and backups of {self.place}"
        self._ours = Belonging(directory, self.place)
        self._turn = threading.RLock()
        self._open: psycopg.Connection[Any] | None = None
        self._lock: psycopg.Connection[Any] | None = None
        self._viewing = self._made = False

    @property
    def exists(self) -> bool:
        """Tell whether the database holds a log."""
        found = self._do(lambda connection: connection.execute("SELECT to_regclass('uptake_about')").fetchone())
        if found == (None,) and self._ours.names() is None:
            self._ours.leave_sqlite()
        return found != (None,)

    def append(self, records: Sequence[tuple[str, bytes]]) -> int:
        """Store records in one transaction; they are durable when this returns."""
        rows = sorted((xxhash.xxh3_128_digest(record), _bytes(user), record) for user, record in records)
        columns = ([user for _, user, _ in rows], [digest for digest, _, _ in rows], [record for *_, record in rows])
        return self._within(lambda connection: connection.execute(_APPEND, columns).rowcount)

    @contextmanager
    def reading(self, *, settled: bool = False) -> Iterator[HotStore]:
        """Hold one consistent view."""
        with self._turn:
            self._within(lambda connection: connection.execute("SELECT 1"))  # opens again a connection that broke
            connection = self._connection()
            try:
                with self._told():
                    if settled:
                        _settle(connection)
                    connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                    connection.execute("LOCK TABLE uptake_journal IN ACCESS SHARE MODE")  # or a rewriting may empty it
                    connection.execute("SELECT 1 FROM uptake_journal LIMIT 1")  # the view begins
                    if settled:
                        connection.execute(f"SELECT pg_advisory_unlock({APPENDS})")
                self._viewing = True
                yield self
                self._viewing = False
                with self._told():
                    connection.execute("ROLLBACK")
            except BaseException:
                self._viewing = False
                connection.close()  # its view and its locks go with it
                raise

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the exclusive right to change the parts, by a file lock on this machine and an advisory lock for all."""
        self._directory.mkdir(mode=PRIVATE_DIRECTORY, parents=True, exist_ok=True)
        with locked(self._directory / "parts.lock"):
            lock = self._server.connect()
            try:
                with self._told():
                    lock.execute("SET lock_timeout = 0")
                    lock.execute(f"SELECT pg_advisory_lock({PARTS})")
                self._lock = lock
                yield
            finally:
                self._lock = None
                lock.close()

    def claim(self, manifest: Manifest) -> None:
        """Claim the parts for this log; start a new numbering if the database was restored from an older backup."""
        about, own = self._about(), self._ours.parts
        if about.parts is None:
            self._alone("UPDATE uptake_about SET parts = %s WHERE parts IS NULL", own)
        if manifest.taken(about.identity) > about.begun:
            self.rejoin()

    def taken(self, manifest: Manifest) -> int:
        """Return the row up to which rows are in the parts.

        Raises:
            StorageFailed: The parts are not those of this log, or older than its rows.
        """
        about = self._about()
        if about.parts not in (None, self._ours.parts):
            raise StorageFailed(
                f"{self._directory}: the closed turns of the log in {self.place} lie in another directory; name it "
                "with [log] parts or --state. Nothing was changed"
            )
        through = manifest.taken(about.identity)
        if through < about.dropped:
            raise StorageFailed(
                f"{self._directory}: older than the log in {self.place}, which dropped rows that are not in these "
                "parts; restore the newer parts, or try again where a shared disk is slow. Nothing was changed"
            )
        return through if through <= about.begun else 0

    def begin(self, through: int) -> None:
        """Note that a manifest will hold all rows up to a number; fails if the lock was lost in the meantime."""
        self._alone("UPDATE uptake_about SET begun = greatest(begun, %s)", through)

    def drop(self, through: int) -> None:
        """Remove the rows up to and including a row, which are now in the parts."""
        with self._told(), self._guard.transaction():
            self._guard.execute("DELETE FROM uptake_journal WHERE number <= %s", (through,))
            self._guard.execute("UPDATE uptake_about SET dropped = greatest(dropped, %s)", (through,))

    def rejoin(self) -> None:
        """Give the rows a new numbering, so that all are joined with the parts again."""
        self._alone("UPDATE uptake_about SET epoch = epoch + 1, begun = 0, dropped = 0")

    def identity(self) -> str:
        """Return an identifier of this numbering that no other store has."""
        return self._about().identity

    def records(self, after: int) -> list[tuple[int, bytes]]:
        """Return number and record of the rows after a row, ascending."""
        rows = self._rows(after)
        if damaged := next(unsound(rows), None):
            raise StorageFailed(
                f"{self.place}: row {damaged[0]} is damaged; restore it from a copy, or "
                "`uptake doctor --repair` continues with the rest"
            )
        return [(row, record) for row, _, record in rows]

    def count(self, after: int) -> int:
        """Count the rows after a row."""
        return int(self._one("SELECT count(*) FROM uptake_journal WHERE number > %s", after)[0])

    def last_row(self) -> int:
        """Return the greatest row number that is visible, or that was ever taken."""
        query = "SELECT greatest((SELECT max(number) FROM uptake_journal), max(begun)) FROM uptake_about"
        return int(self._one(query)[0])

    def mark(self) -> str:
        """Return a text that changes whenever rows do, also when a smaller number is seen after a greater one."""
        found = self._one("SELECT count(*), coalesce(max(number), 0), coalesce(sum(number), 0) FROM uptake_journal")
        return ":".join(map(str, (self.identity(), *found)))

    def forgetting(self) -> list[str]:
        """Return users whose turns are being removed."""
        query = "SELECT user_id FROM uptake_forgetting ORDER BY user_id"
        return [_text(user) for (user,) in self._within(lambda connection: connection.execute(query).fetchall())]

    def forget(self, user_id: str) -> None:
        """Remove the turns of a user, and remember to remove them from everywhere else."""
        theirs = [row for row, record in self.records(0) if owner(record) == user_id]

        def remove(connection: psycopg.Connection[Any]) -> None:
            with connection.transaction():
                delete = "DELETE FROM uptake_journal WHERE number = ANY(%s) OR user_id = %s"
                connection.execute(delete, (theirs, _bytes(user_id)))
                connection.execute(
                    "INSERT INTO uptake_forgetting VALUES (%s) ON CONFLICT DO NOTHING", [_bytes(user_id)]
                )

        self._within(remove)

    def forgotten(self, user_id: str, *, wait_s: float) -> None:
        """Rewrite both tables, so that no deleted row is left in their files, and drop the user from the list."""
        self._wipe(wait_s, struck=user_id)

    def older(self, than: datetime, *, after: int = 0) -> list[int]:
        """Return the rows after a row, by number, whose turns were said before a moment."""
        return [row for row, record in self.records(after) if said_at(record) < than]

    def expire(self, before: datetime) -> int:
        """Remove the rows whose turns were said before a moment; returns how many."""
        rows = self.older(before)
        self._within(lambda connection: connection.execute("DELETE FROM uptake_journal WHERE number = ANY(%s)", [rows]))
        return len(rows)

    def wipe(self, *, wait_s: float) -> None:
        """Rewrite both tables, so that no deleted row is left in their files."""
        self._wipe(wait_s)

    def _wipe(self, wait_s: float, *, struck: str | None = None) -> None:
        """Rewrite both tables, without a user who was forgotten."""

        def wipe(connection: psycopg.Connection[Any]) -> None:
            with connection.transaction():
                connection.execute(f"SET LOCAL lock_timeout = {max(1, round(1000 * wait_s))}")
                connection.execute("LOCK TABLE uptake_journal, uptake_forgetting IN ACCESS EXCLUSIVE MODE")
                if struck is not None:
                    connection.execute("DELETE FROM uptake_forgetting WHERE user_id = %s", (_bytes(struck),))
                connection.execute(_WIPE)

        try:
            self._within(wipe)
        except StorageFailed as error:
            if isinstance(error.__context__, psycopg.errors.LockNotAvailable):
                raise NotForgotten(
                    f"{self.place}: still holds deleted data, because another process reads it; try again"
                ) from None
            raise

    def lost(self) -> bool:
        """Tell whether this directory belongs to a log that is not in the database."""
        named = self._ours.names()
        if named is None:
            return False
        if not self.exists:
            return True
        return named["log"] != self._do(read_about).log

    def give_up(self) -> None:
        """Let the next use start a new log in place of a lost one."""
        self._ours.forget()
        self._made = False

    def problems(self) -> list[str]:
        """Return nothing: the server checks pages and indexes (data checksums, amcheck)."""
        return []

    def salvage(self) -> list[str]:
        """Do nothing: the write-ahead log belongs to the server."""
        return []

    def set_aside(self) -> list[bytes]:
        """Remove the damaged rows; returns their content."""
        bad = list(unsound(self._rows(0)))
        numbers = [row for row, _ in bad]
        self._within(
            lambda connection: connection.execute("DELETE FROM uptake_journal WHERE number = ANY(%s)", [numbers])
        )
        return [record if isinstance(record, bytes) else repr(record).encode() for _, record in bad]

    def close(self) -> None:
        """Close the connection."""
        with self._turn:
            if self._open is not None:
                self._open.close()
                self._open = None

    def __del__(self) -> None:
        if getattr(self, "_open", None) is not None:
            self.close()

    def _rows(self, after: int) -> list[tuple[int, bytes, bytes]]:
        query = "SELECT number, digest, record FROM uptake_journal WHERE number > %s ORDER BY number"
        return self._within(lambda connection: connection.execute(query, (after,), binary=True).fetchall())

    def _one(self, query: str, *values: object) -> tuple[Any, ...]:
        found: tuple[Any, ...] = self._within(lambda connection: connection.execute(query, values).fetchone() or ())
        return found

    def _about(self) -> About:
        return self._within(read_about)

    @property
    def _guard(self) -> psycopg.Connection[Any]:
        if self._lock is None:
            raise RuntimeError("the parts may be changed only while holding `alone`")
        return self._lock

    def _alone(self, query: str, *values: object) -> None:
        with self._told():
            self._guard.execute(query, values)

    def _within(self, work: Callable[[psycopg.Connection[Any]], T]) -> T:
        """Run a function on the tables, which are made if missing."""
        with self._turn:
            if not self._made:
                with storage_errors(self._directory):
                    self._do(self._ours.prepare)
                self._made = True
            return self._do(work)

    def _do(self, work: Callable[[psycopg.Connection[Any]], T]) -> T:
        """Run a function that may safely run twice; repeat it on a new connection if this one broke."""
        with self._turn:
            for again in (True, True, False):
                connection = self._connection()
                try:
                    return work(connection)
                except psycopg.Error as error:
                    if not ((is_lost(error) or error.sqlstate == _DEADLOCK) and again) or self._viewing:
                        raise self._server.refused(error) from None
                    connection.close()
            raise AssertionError

    def _connection(self) -> psycopg.Connection[Any]:
        if self._open is None or self._open.closed:
            if self._viewing:
                raise self._server.refused(psycopg.OperationalError("the connection is closed"))
            self._open = self._server.connect()
        return self._open

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except psycopg.Error as error:
            raise self._server.refused(error) from None


def _settle(connection: psycopg.Connection[Any]) -> None:
    """Wait until no append is running, and let none begin until the lock is released."""
    connection.execute(f"SET lock_timeout = {_SETTLE_MS}")
    try:
        connection.execute(f"SELECT pg_advisory_lock({APPENDS})")
    finally:
        connection.execute("SET lock_timeout = '120s'")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")  # a text of Postgres holds no NUL


def _text(content: bytes) -> str:
    return content.decode("utf-8", "surrogatepass")
