"""Stores for fresh turns, until they are compacted: a SQLite file, or a Postgres that several servers share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol

import msgspec
import xxhash

from uptake.errors import StorageFailed
from uptake.log.parts import Manifest

__all__ = ["MARKER", "HotStore", "open_hot", "owner", "said_at", "unsound"]

MARKER = "hot.postgres"
"""File beside the parts whose fresh turns are in a Postgres: names of the log and of the parts."""


class HotStore(Protocol):
    """Store of a log's fresh turns, in rows with ascending numbers; many processes and threads may use it at once.

    Every store obeys these laws. A record that is stored already, byte for byte, makes no second row. Rows for which
    `append` returned survive a killed process, client or server. A number is never used again. Once a compaction has
    read all rows up to a number, no row up to it is added later.
    """

    @property
    def place(self) -> str:
        """Return its name for messages, without a password."""

    @property
    def elsewhere(self) -> str:
        """Return the place outside the log's directory that may hold deleted turns; "" if there is none."""

    @property
    def exists(self) -> bool:
        """Tell whether anything was ever appended."""

    def append(self, records: Sequence[tuple[str, bytes]]) -> int:
        """Store pairs of user id and canonical JSON, all or none; returns how many rows were written."""

    def reading(self, *, settled: bool = False) -> AbstractContextManager[HotStore]:
        """Hold one consistent view; all reads inside use it.

        Args:
            settled: Whether the view waits for running appends, so that no lower number can appear later.
        """

    def alone(self) -> AbstractContextManager[None]:
        """Hold the exclusive right to change the parts, over all processes that share the store."""

    def claim(self, manifest: Manifest) -> None:
        """Claim the parts for this store; called by the process that is `alone`, before they change."""

    def taken(self, manifest: Manifest) -> int:
        """Return the number up to which rows are in the parts."""

    def begin(self, through: int) -> None:
        """Note, before the manifest is written, that the parts hold all rows up to a number."""

    def drop(self, through: int) -> None:
        """Remove the rows up to and including a number, which are now in the parts."""

    def rejoin(self) -> None:
        """Treat every row as fresh again, because the parts were rebuilt."""

    def identity(self) -> str:
        """Return an identifier of this numbering that no other store has."""

    def records(self, after: int) -> list[tuple[int, bytes]]:
        """Return number and record of the rows after a number, ascending.

        Raises:
            StorageFailed: A record is not what was written, or a row is missing.
        """

    def count(self, after: int) -> int:
        """Count the rows after a number."""

    def last_row(self) -> int:
        """Return the greatest number ever used; 0 before the first. Makes the store if there is none."""

    def mark(self) -> str:
        """Return a text that changes whenever rows do."""

    def forgetting(self) -> list[str]:
        """Return users whose turns are being removed."""

    def forget(self, user_id: str) -> None:
        """Remove the turns of a user, and remember to remove them from everywhere else."""

    def forgotten(self, user_id: str, *, wait_s: float) -> None:
        """Wipe deleted data, then take the user off the list of pending users.

        Args:
            user_id: User who was forgotten.
            wait_s: Longest time to wait for readers, in seconds.

        Raises:
            NotForgotten: A reader keeps the deleted data alive.
        """

    def older(self, than: datetime, *, after: int = 0) -> list[int]:
        """Return the rows after a number, by number, whose turns were said before a moment."""

    def expire(self, before: datetime) -> int:
        """Remove the rows whose turns were said before a time; returns their number. `wipe` clears the disk of them."""

    def wipe(self, *, wait_s: float) -> None:
        """Overwrite deleted data on disk.

        Args:
            wait_s: Longest time to wait for readers, in seconds.

        Raises:
            NotForgotten: A reader keeps the deleted data alive.
        """

    def lost(self) -> bool:
        """Tell whether the log was here, and is empty or gone."""

    def give_up(self) -> None:
        """Let the next use start a new log in place of a lost one."""

    def problems(self) -> list[str]:
        """Return the problems found, one line each."""

    def salvage(self) -> list[str]:
        """Copy data that the next opening would skip; returns a report, one line per item."""

    def set_aside(self) -> list[bytes]:
        """Remove the damaged rows; returns their content."""

    def close(self) -> None:
        """Release files and connections."""


def open_hot(directory: Path, store: str | None) -> HotStore:
    """Return the hot store of a log.

    Args:
        directory: Directory of the log.
        store: Address of a Postgres database; None for a SQLite file in that directory.

    Raises:
        StorageFailed: It is no address of a Postgres, or is missing although the fresh turns are in one.
        MissingExtra: psycopg is not installed.
    """
    if store is None:
        if (directory / MARKER).exists():
            raise StorageFailed(
                f"{directory}: the fresh turns of this log are in a Postgres; give --store URL or [log] store"
            )
        from uptake.log.hot.sqlite import Journal

        return Journal(directory / "hot.sqlite")
    from uptake.log.hot.postgres import SharedJournal

    return SharedJournal(directory, store)


class _Owner(msgspec.Struct):
    user_id: str


_decode = msgspec.json.Decoder(_Owner).decode


def owner(record: bytes) -> str:
    """Return the user of a record."""
    return _decode(record).user_id


class _Moment(msgspec.Struct):
    said_at: datetime


_decode_moment = msgspec.json.Decoder(_Moment).decode


def said_at(record: bytes) -> datetime:
    """Return when the turn of a record was said."""
    return _decode_moment(record).said_at


def unsound(rows: Iterable[tuple[int, object, object]]) -> Iterator[tuple[int, object]]:
    """Yield number and content of damaged rows, given as (number, digest, record)."""
    for row, digest, record in rows:
        if not isinstance(record, bytes) or xxhash.xxh3_128_digest(record) != digest:
            yield row, record
