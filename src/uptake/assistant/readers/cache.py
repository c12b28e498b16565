"""Cache of recent readings: a home hears the same requests day after day.

Thread-safe. What is remembered depends on the text and the room alone; whoever reads by more has no use for this.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

__all__ = ["ReadingCache"]

_MOST = 512

T = TypeVar("T")


class ReadingCache(Generic[T]):
    """Cache of the latest readings of a reader.

    >>> lengths = ReadingCache(lambda text, room: len(text))
    >>> lengths("turn it off", None)
    11

    Args:
        read: Reads a text that was heard in a room; it must not depend on anything else that changes.
        most: Readings that are kept; those asked for longest ago go.
    """

    def __init__(self, read: Callable[[str, str | None], T], *, most: int = _MOST) -> None:
        self._read, self._most = read, most
        self._known: OrderedDict[tuple[str, str | None], T] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, text: str, room: str | None) -> T:
        """Return the readings of a request, from the cache where they are there."""
        key = (text, room)
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        reading = self._read(text, room)
        with self._lock:
            self._known[key] = reading
            if len(self._known) > self._most:
                self._known.popitem(last=False)
        return reading
