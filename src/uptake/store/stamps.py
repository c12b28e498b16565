"""Stamps of files: values that change whenever a file does, so that cached content is read again.

`Stamps` reads file metadata every time, which takes microseconds per file. A server that needs a dozen stamps per
request uses `WatchedStamps`: Linux reports changes of a directory (inotify), and until then the known stamps are valid.
Changes by other processes are known from the next `refresh` on, as with `Stamps`. Changes that the kernel cannot
report, such as those by another machine on a shared disk, are known after `AT_LEAST_EVERY_S` seconds.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import sys
import termios
import threading
import time
from array import array
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

__all__ = ["AT_LEAST_EVERY_S", "Stamp", "Stamps", "WatchedStamps"]

T = TypeVar("T")
Stamp = tuple[int, int, int]

AT_LEAST_EVERY_S = 0.5
"""Watched or not, the disk is looked at again after so many seconds."""

_CHANGES = 0x0002 | 0x0004 | 0x0008 | 0x0040 | 0x0080 | 0x0100 | 0x0200 | 0x0400 | 0x0800  # of <sys/inotify.h>
_READ_BYTES = 1 << 16
_MOST = 10_000  # stamps that are kept


class Stamps:
    """Stamps read from the disk at every call.

    >>> Stamps().of("/no/such/file") is None, Stamps().within("/no/such/directory", ".json")
    (True, ())
    """

    def refresh(self) -> None:
        """Note changes since the last call; does nothing here, since every call reads the disk."""

    @property
    def generation(self) -> object:
        """Return an object that stays the same while no change is known; here, a new one every time."""
        return object()

    def of(self, path: str) -> Stamp | None:
        """Return the stamp of a file; None if it does not exist."""
        try:
            seen = os.stat(path)  # noqa: PTH116 - requests wait for this
        except OSError:
            return None
        return seen.st_ino, seen.st_mtime_ns, seen.st_size

    def within(self, directory: str, ending: str) -> tuple[tuple[str, int, int], ...]:
        """Return one stamp for all files of a directory with this name ending; () if the directory does not exist."""
        try:
            with os.scandir(directory) as entries:
                stats = [(entry.name, entry.stat()) for entry in entries if entry.name.endswith(ending)]
        except OSError:
            return ()
        return tuple(sorted((name, stat.st_ino, stat.st_mtime_ns) for name, stat in stats))


class WatchedStamps(Stamps):
    """Stamps that are read again only after a change in their directory. Safe to use from many threads.

    If the system cannot watch, every call reads the disk.
    """

    def __init__(self) -> None:
        self._libc, self._watch = _opened()
        self._known: dict[str, Any] = {}
        self._until = 0.0
        self._lock = threading.Lock()
        self._waiting = array("i", [0])

    @property
    def is_watching(self) -> bool:
        """Tell whether the system reports changes."""
        return self._watch is not None

    def refresh(self) -> None:
        """Note changes since the last call; costs one system call, about 1 µs."""
        with self._lock:
            if self._watch is None:
                return
            now = time.monotonic()
            fcntl.ioctl(self._watch, termios.FIONREAD, self._waiting)  # bytes that wait to be read
            if not self._waiting[0] and now < self._until:
                return
            with suppress(BlockingIOError):
                while self._waiting[0] and os.read(self._watch, _READ_BYTES):
                    pass
            self._known, self._until = {}, now + AT_LEAST_EVERY_S

    @property
    def generation(self) -> object:
        """Return an object that stays the same while no change is known."""
        return self._known if self._watch is not None else object()

    def of(self, path: str) -> Stamp | None:
        """Return the stamp of a file, as of the last `refresh` or later; None if it does not exist."""
        known = self._known
        found: Stamp | None
        found = known[path] if path in known else self._looked(path, os.path.dirname(path), super().of)  # noqa: PTH120
        return found

    def within(self, directory: str, ending: str) -> tuple[tuple[str, int, int], ...]:
        """Return one stamp for all files of a directory, as of the last `refresh` or later."""
        key, known = f"{directory}/*{ending}", self._known
        if key in known:
            return tuple(known[key])
        return self._looked(key, directory, lambda _: Stamps.within(self, directory, ending))

    def close(self) -> None:
        """Stop watching; from now on every call reads the disk."""
        with self._lock:
            self._end()

    def _looked(self, key: str, directory: str, look: Callable[[str], T]) -> T:
        known = self._known  # what changes from here on empties another one
        watched = self._watched(directory)
        found = look(key)
        if watched and len(known) < _MOST:
            known[key] = found
        return found

    def _watched(self, directory: str) -> bool:
        """Watch a directory, or its nearest existing parent, in which it would appear."""
        with self._lock:
            wanted = above = Path(directory)
            while self._watch is not None and self._added(above) < 0:
                if ctypes.get_errno() != errno.ENOENT or above == above.parent:
                    self._end()  # too many are watched, or not ours to watch
                above = above.parent
            return self._watch is not None and (above == wanted or not wanted.exists())

    def _added(self, directory: Path) -> int:
        return int(self._libc.inotify_add_watch(self._watch, os.fsencode(directory), _CHANGES))

    def _end(self) -> None:
        if self._watch is not None:
            os.close(self._watch)
        self._watch, self._known = None, {}


def _opened() -> tuple[Any, int | None]:
    """Return the C library and a descriptor of inotify; None if unavailable."""
    if sys.platform != "linux":
        return None, None
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "inotify_init1"):
        return None, None
    opened = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
    return libc, opened if opened >= 0 else None
