"""Write durably for the log: atomically, with one writer at a time, and with clear errors."""

from __future__ import annotations

import errno
import fcntl
import mmap
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import xxhash

from uptake.errors import NotForgotten, StorageFailed, UptakeError

__all__ = [
    "PRIVATE_DIRECTORY",
    "PRIVATE_FILE",
    "checksum",
    "locked",
    "open_database",
    "open_private",
    "remove",
    "replace",
    "stamp",
    "storage_errors",
    "sync",
    "wipe",
]

PRIVATE_FILE, PRIVATE_DIRECTORY = 0o600, 0o700
"""Modes of what holds people's words: nobody but the owner reads it."""

_SMALL = 1 << 20
"""Files of fewer bytes are sooner read than mapped."""

_FULL = "the disk is full, or a limit on the size of files was met; make room and try again"
_REFUSED = "it may not be written; choose another --state, or ask for the right to write there"
_BUSY = "another process keeps it busy; try again"
_DAMAGED = "a file in it is damaged or is no log of ours; restore it from a copy"
_GONE = (
    "a file of it is gone; another process may have rewritten the log meanwhile: try again; if it stays so, "
    "`uptake doctor` says which file"
)
_REASONS = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: _FULL,
    errno.EROFS: _REFUSED,
    errno.EACCES: _REFUSED,
    errno.EPERM: _REFUSED,
    errno.EEXIST: "a file stands where a directory should; choose another --state",
    errno.ENOTDIR: "a file stands where a directory should; choose another --state",
    errno.ENOENT: _GONE,
}
_PHRASES = {
    "no space left": _FULL,
    "file too large": _FULL,
    "disk is full": _FULL,
    "disk i/o": "the disk refused: it is full, or failing",
    "readonly": _REFUSED,
    "read-only": _REFUSED,
    "unable to open": _REFUSED,
    "locked": _BUSY,
    "not a database": _DAMAGED,
    "malformed": _DAMAGED,
    "parquet": _DAMAGED,
    "crc": _DAMAGED,
}


@contextmanager
def storage_errors(directory: Path) -> Iterator[None]:
    """Turn an error of the disk into one clear error.

    Raises:
        StorageFailed: The disk refused; earlier data is unchanged.
    """
    try:
        yield
    except UptakeError:
        raise
    except (sqlite3.Error, OSError, ValueError) as error:
        of_parquet = type(error).__name__ == "ArrowInvalid" and "parquet" in str(error).lower()
        if isinstance(error, ValueError) and not of_parquet:
            raise  # our own mistake, not the disk's
        raise StorageFailed(f"the log in {directory} is unchanged: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno in _REASONS:
        return _REASONS[error.errno]
    said = str(error).lower()
    return next((reason for phrase, reason in _PHRASES.items() if phrase in said), f"{type(error).__name__}: {error}")


def checksum(path: Path | str) -> str:
    """Return the XXH3 digest, 128 bits, of a file."""
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - called for every file kept
        if os.fstat(file.fileno()).st_size < _SMALL:
            return str(xxhash.xxh3_128_hexdigest(file.read()))
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
            view.madvise(mmap.MADV_SEQUENTIAL)
            return str(xxhash.xxh3_128_hexdigest(view))


def stamp(path: Path | str) -> tuple[int, int, int]:
    """Return size, time of change and inode of a file: if they are equal, nobody wrote to it."""
    seen = os.stat(path)  # noqa: PTH116
    return seen.st_size, seen.st_mtime_ns, seen.st_ino


def open_database(path: Path | None, statements: Iterable[str]) -> sqlite3.Connection:
    """Open an SQLite database that several threads may use and only the owner can read; create what is missing.

    Args:
        path: The file; None for a database in memory.
        statements: SQL that creates the tables that do not exist yet.

    Raises:
        OSError: The file could not be created.
        sqlite3.Error: The file is no database, or could not be opened.
    """
    if path is not None:
        path.parent.mkdir(mode=PRIVATE_DIRECTORY, parents=True, exist_ok=True)
        path.touch(PRIVATE_FILE)
    database = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None, timeout=5)
    for statement in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL", *statements):
        database.execute(statement)
    return database


def open_private(path: str, flags: int) -> int:
    """Open a file that only its owner can read, for `open(…, opener=private)`."""
    return os.open(path, flags, PRIVATE_FILE)


def wipe(database: sqlite3.Connection, path: Path | None) -> None:
    """Overwrite deleted data of a database: its free pages and its write-ahead log.

    Raises:
        NotForgotten: Another process reads it.
    """
    busy = 0
    try:
        database.execute("VACUUM")
        busy, *_ = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise
        busy = 1
    if busy:
        raise NotForgotten(
            f"{path}: still holds deleted data, because another process reads it; end that one and try again"
        )


def sync(path: Path) -> None:
    """Wait until a file or a directory is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace(path: Path, content: bytes) -> None:
    """Replace a file by another, atomically even in a crash."""
    fresh = path.with_name(path.name + ".new")
    with open(fresh, "wb", opener=open_private) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    sync(path.parent)


def remove(path: Path) -> None:
    """Remove a file, or an empty directory; a failure is ignored, since the next sweep tries again."""
    with suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            path.rmdir()
        else:
            path.unlink()


@contextmanager
def locked(path: Path, *, wait: bool = True) -> Iterator[bool]:
    """Hold a lock between processes; it is released when its process ends.

    Args:
        path: File to lock; it is made if it does not exist.
        wait: Whether to wait for another holder.

    Yields:
        Whether the lock is held; always True when waiting.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            held = True
        except BlockingIOError:
            held = False
        yield held
    finally:
        os.close(descriptor)
