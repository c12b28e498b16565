"""Read lines of a stream, in which lines may be too long, the end may be missing, and the sender may be slow."""

from __future__ import annotations

import gzip
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self, TypeVar

from uptake.errors import BadRecord, NotReady

__all__ = ["MAX_LINE_BYTES", "Lines", "open_reader", "parse_lines"]

MAX_LINE_BYTES = 16 * 1024 * 1024
"""A longer line is refused, and never in memory as a whole."""

T = TypeVar("T")

_CHUNK_BYTES = 256 * 1024
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Lines(Iterator[bytes]):
    """Lines of a stream, with their ends; iteration may raise `BadRecord` for one line and continue with the next.

    Args:
        read: Returns the next bytes, b"" at the end.
        max_bytes: Longest line.
    """

    def __init__(self, read: Callable[[], bytes], *, max_bytes: int = MAX_LINE_BYTES) -> None:
        self._read, self._max_bytes = read, max_bytes
        self._ready: deque[bytes | None] = deque()  # None stands for a line that was too long
        self._rest = bytearray()
        self._too_long = self._ended = False
        self.number = 0
        """Number of the line that was given last, from 1."""

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        while not self._ready:
            if self._ended:
                raise StopIteration
            self._fill()
        self.number += 1
        line = self._ready.popleft()
        if line is None:
            raise BadRecord(f"is longer than {self._max_bytes} bytes; a turn is one line")
        return line.removeprefix(_BYTE_ORDER_MARK) if self.number == 1 else line

    def _fill(self) -> None:
        try:
            data = self._read()
        except (EOFError, zlib.error, OSError) as error:
            self._ended = True
            self.number += 1
            broken = not isinstance(error, OSError) or isinstance(error, gzip.BadGzipFile)
            problem = "is not a whole gzip file; it may have been cut short" if broken else "cannot be read any further"
            raise BadRecord(problem) from None
        if not data:
            self._ended = True
            if self._rest or self._too_long:
                self._end_line(b"")
            return
        *whole, rest = data.split(b"\n")
        for piece in whole:
            self._end_line(piece + b"\n")
        if len(self._rest) + len(rest) > self._max_bytes:
            self._rest.clear()
            self._too_long = True
        elif not self._too_long:
            self._rest += rest

    def _end_line(self, piece: bytes) -> None:
        whole = not self._too_long and len(self._rest) + len(piece) <= self._max_bytes
        self._ready.append(bytes(self._rest) + piece if whole else None)
        self._rest.clear()
        self._too_long = False


def parse_lines(lines: Lines, read: Callable[[bytes], T], on_bad: Callable[[BadRecord], None]) -> Iterator[T]:
    """Yield the parsed content of each line; empty ones are skipped, bad ones go to `on_bad` with their number."""
    while True:
        try:
            line = next(lines, None)
            if line is None:
                return
            if line.isspace():
                continue
            found = read(line)
        except BadRecord as refused:
            on_bad(refused.at(line=lines.number))
        else:
            yield found


@contextmanager
def open_reader(path: Path) -> Iterator[Callable[[], bytes]]:
    """Return a function that reads the next bytes of a file, unpacked if it is gzipped.

    Raises:
        NotReady: The file is missing, or may not be read.
    """
    try:
        stream = path.open("rb")
    except OSError as error:
        raise NotReady(f"{path}: cannot be read ({error.strerror}); give a file") from None
    with stream:
        packed = stream.peek(2)[:2] == b"\x1f\x8b"
        source = gzip.GzipFile(fileobj=stream) if packed else stream
        yield lambda: source.read(_CHUNK_BYTES)
