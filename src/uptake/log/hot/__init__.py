"""Stores of fresh turns, until they are compacted: a file of SQLite, or a Postgres that several servers share."""

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
    """The fresh turns of one log, in rows with ascending numbers; many processes and threads may use it at once.

    The laws, for every store: a record that is here already, to the byte, makes no second row; what `append` returned
    for survives a killed process, client or server; a number is never used again; once a compaction has read all rows
    up to a number, no row up to it comes later.
    """

    @property
    def place(self) -> str:
        """Name it for messages; holds no password."""

    @property
    def elsewhere(self) -> str:
        """Name what may hold deleted turns outside of the log's directory; "" where nothing does."""

    @property
    def exists(self) -> bool:
        """Tell whether anything was ever appended."""

    def append(self, records: Sequence[tuple[str, bytes]]) -> int:
        """Store pairs of user id and canonical JSON, all or none; returns how many rows were written."""

    def reading(self, *, settled: bool = False) -> AbstractContextManager[HotStore]:
        """Hold one unchanging view; what is asked inside is answered from it.

        Args:
            settled: Whether the view waits for appends under way, so that none of its numbers is still to come.
        """

    def alone(self) -> AbstractContextManager[None]:
        """Hold the right to change the parts: one process of all that share the store."""

    def claim(self, manifest: Manifest) -> None:
        """Take the parts for those of this store; asked by who is `alone`, before they change."""

    def taken(self, manifest: Manifest) -> int:
        """Return the number up to which rows are in the parts already."""

    def begin(self, through: int) -> None:
        """Note, before a manifest says so, that the parts hold all rows up to a number."""

    def drop(self, through: int) -> None:
        """Remove the rows up to and including a number: the parts hold them now."""

    def rejoin(self) -> None:
        """Let every row count as fresh again: the parts were made again."""

    def identity(self) -> str:
        """Return a name of this numbering that no other has."""

    def records(self, after: int) -> list[tuple[int, bytes]]:
        """Return number and record of the rows after a number, ascending.

        Raises:
            StorageFailed: A record is not what was written, or a row is missing.
        """

    def count(self, after: int) -> int:
        """Count the rows after a number."""

    def last_row(self) -> int:
        """Return the greatest number ever given; 0 before the first. Makes the store where there is none."""

    def mark(self) -> str:
        """Return a text that changes whenever rows do."""

    def forgetting(self) -> list[str]:
        """Return users whose turns are being removed."""

    def forget(self, user_id: str) -> None:
        """Remove the turns of a user, and remember to remove them from everywhere else."""

    def forgotten(self, user_id: str, *, wait_s: float) -> None:
        """Wipe what was deleted, then strike the user off the list.

        Args:
            user_id: Who was forgotten.
            wait_s: Longest time to wait for readers, in seconds.

        Raises:
            NotForgotten: Somebody reads it and keeps what was deleted alive.
        """

    def older(self, than: datetime, *, after: int = 0) -> list[int]:
        """Return the rows after a number, by number, whose turns were said before a moment."""

    def expire(self, before: datetime) -> int:
        """Remove the rows whose turns were said before a moment; returns how many. `wipe` clears the disk of them."""

    def wipe(self, *, wait_s: float) -> None:
        """Overwrite what was deleted on the disk.

        Args:
            wait_s: Longest time to wait for readers, in seconds.

        Raises:
            NotForgotten: Somebody reads it and keeps what was deleted alive.
        """

    def lost(self) -> bool:
        """Tell whether the log was here, and is empty or gone."""

    def give_up(self) -> None:
        """Let the next use begin anew in the place of one that is lost."""

    def problems(self) -> list[str]:
        """Return what is wrong with it, a line each."""

    def salvage(self) -> list[str]:
        """Copy away what would be passed over when it is opened again; returns what was done, a line each."""

    def set_aside(self) -> list[bytes]:
        """Take out the rows that are not what was written; returns what they hold now."""

    def close(self) -> None:
        """Let go of files and connections."""


def open_hot(directory: Path, store: str | None) -> HotStore:
    """Return the hot store of a log.

    Args:
        directory: Where the log lives.
        store: Address of a Postgres database; None for a file of SQLite in that directory.

    Raises:
        StorageFailed: It is no address of a Postgres, or is missing where the fresh turns are in one.
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
    """Yield number and content of the rows (number, digest, record) that are not what was written."""
    for row, digest, record in rows:
        if not isinstance(record, bytes) or xxhash.xxh3_128_digest(record) != digest:
            yield row, record
