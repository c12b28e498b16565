"""Write files atomically and durably: lock, write a new file beside, flush it to disk, rename."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from uptake.errors import BadRecord, StorageFailed
from uptake.log.disk import PRIVATE_DIRECTORY, PRIVATE_FILE, sync

__all__ = ["editing", "locked", "read_json", "replace_text", "replacing", "storage_errors", "sync"]


@contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Turn an error of the operating system into StorageFailed, with the place and advice."""
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

    The lock is released when its process ends, in whatever way.
    """
    with storage_errors(path):
        path.parent.mkdir(mode=PRIVATE_DIRECTORY, parents=True, exist_ok=True)
        path.touch(PRIVATE_FILE)
        handle = path.open("a")
    with handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def editing(path: Path) -> AbstractContextManager[None]:
    """Hold the lock of a file while it is read, changed and written again: `.NAME.lock` beside it."""
    return locked(path.with_name(f".{path.name}.lock"))


def read_json(path: Path, *, missing: Any, damaged: str = "cannot be read as JSON") -> Any:
    """Read a JSON file; return `missing` if it does not exist.

    Raises:
        BadRecord: It cannot be read, or is not JSON; the message is `damaged`.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return missing
    except (OSError, ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        raise BadRecord(f"{damaged} ({type(error).__name__})", file=str(path), line=line) from error


def replace_text(path: Path, text: str) -> None:
    """Replace the content of a file atomically: a reader sees the old or the new content, never a mixture.

    Raises:
        StorageFailed: The disk refused; the old content is unchanged.
    """
    with replacing(path) as beside:
        beside.write_text(text, encoding="utf-8")


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a new private file beside `path`, to be written; afterwards it replaces `path`, as in `replace_text`.

    Raises:
        StorageFailed: The disk refused; the old content is unchanged.
    """
    beside = path.with_name(f".{path.name}.new")
    with storage_errors(path):
        beside.touch(PRIVATE_FILE)
        yield beside
        sync(beside)
        beside.replace(path)
        sync(path.parent)
