"""Writing that is either done or not done: lock, write beside, flush to the disk, rename."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from uptake.errors import StorageFailed
from uptake.log.disk import PRIVATE_DIRECTORY, PRIVATE_FILE, sync

__all__ = ["locked", "replace_text", "storage", "sync"]


@contextmanager
def storage(path: Path) -> Iterator[None]:
    """Turn what the operating system refuses into StorageFailed, with the place and what to do."""
    try:
        yield
    except StorageFailed:
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise StorageFailed(
            f"{path}: {reason}; nothing was changed. Make room or make the directory writable, then try again"
        ) from error


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock file: one writer at a time, among threads and processes.

    The lock goes with the process that held it, however that process ends.
    """
    with storage(path):
        path.parent.mkdir(mode=PRIVATE_DIRECTORY, parents=True, exist_ok=True)
        path.touch(PRIVATE_FILE)
        handle = path.open("a")
    with handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def replace_text(path: Path, text: str) -> None:
    """Replace a file by new content in one step: a reader sees the old or the new, never half of one.

    Raises:
        StorageFailed: The disk refused; the old content stands.
    """
    beside = path.with_name(f".{path.name}.new")
    with storage(path):
        beside.touch(PRIVATE_FILE)
        beside.write_text(text, encoding="utf-8")
        sync(beside)
        beside.replace(path)
        sync(path.parent)
