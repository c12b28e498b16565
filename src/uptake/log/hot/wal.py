"""Examine a write-ahead log of SQLite, which takes a damaged frame for the end and skips everything after it.

A frame that breaks the chain of checksums, with a frame of a later transaction behind it, is damage: transactions are
synchronised one by one, so nothing later reaches the disk first. Without a later frame, it may be the rest of a
transaction that a power cut interrupted before it was acknowledged.

Source: "The SQLite database file format", section 4, the write-ahead log (sqlite.org/fileformat2.html).
"""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import numpy.typing as npt

__all__ = ["is_damaged"]

_MAGIC = 0x377F0682
_HEAD, _FRAME = 32, 24
_LOOKS, _PAUSE_S = 3, 0.05
U64 = npt.NDArray[np.uint64]


def is_damaged(path: Path) -> bool:
    """Tell whether SQLite would skip transactions in a write-ahead log; repeat it while somebody writes."""
    for look in range(_LOOKS):
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return False
        if not _passes_over(content):
            return False
        if look + 1 < _LOOKS:
            time.sleep(_PAUSE_S)
    return True


def _passes_over(content: bytes) -> bool:
    if len(content) <= _HEAD + _FRAME:
        return False
    head = np.frombuffer(content, ">u4", 8)
    page = int(head[2])
    if int(head[0]) & ~1 != _MAGIC or not 512 <= page <= 65536 or page & (page - 1):
        return True
    words = ">u4" if int(head[0]) & 1 else "<u4"
    sums = _checksums(np.frombuffer(content, words, 6).reshape(1, -1))
    before = (int(sums[0, 0]), int(sums[0, 1]))
    if before != (int(head[6]), int(head[7])):
        return True
    count = (len(content) - _HEAD) // (_FRAME + page)
    frames = np.frombuffer(content, np.uint8, count * (_FRAME + page), _HEAD).reshape(count, -1)
    heads = frames[:, :_FRAME].copy().view(">u4")
    ours = (heads[:, 2] == head[4]) & (heads[:, 3] == head[5])
    broken = _first_broken(frames, heads, ours, before, words)
    commits = np.flatnonzero(ours & (heads[:, 1] > 0))
    ends = commits[commits >= broken]
    return bool(len(ends)) and bool(ours[ends[0] + 1 :].any())


def _first_broken(
    frames: npt.NDArray[np.uint8],
    heads: npt.NDArray[np.uint32],
    ours: npt.NDArray[np.bool_],
    before: tuple[int, int],
    words: str,
) -> int:
    """Return the first frame that breaks the chain; the number of frames if none does."""
    summed = np.concatenate([frames[:, :8], frames[:, _FRAME:]], axis=1).view(words)
    own, (a, b, c) = _checksums(summed), _powers(summed.shape[1] // 2)
    carry = int(a[-1]), int(b[-1]), int(c[-1])
    for at in range(len(frames)):
        left = (carry[0] * before[0] + carry[1] * before[1] + int(own[at, 0])) % 2**32
        right = (carry[1] * before[0] + carry[2] * before[1] + int(own[at, 1])) % 2**32
        before = left, right
        if not ours[at] or before != (int(heads[at, 4]), int(heads[at, 5])):
            return at
    return len(frames)


def _checksums(rows: npt.NDArray[np.uint32]) -> U64:
    """Return the two sums of each row of words, from (0, 0), shape (n, 2).

    The sums are s = M s + (x, x + y) for each pair of words, with M = [[1, 1], [1, 2]], modulo 2^32.
    """
    first, second = rows[:, 0::2].astype(np.uint64), rows[:, 1::2].astype(np.uint64)
    both = first + second
    a, b, c = (power[:-1][::-1] for power in _powers(first.shape[1]))
    found = np.stack([first @ a + both @ b, first @ b + both @ c], axis=1)
    return found & np.uint64(0xFFFFFFFF)


def _powers(count: int) -> tuple[U64, U64, U64]:
    """Return the entries [[a, b], [b, c]] of M^0 to M^count, modulo 2^32."""
    a, b, c = 1, 0, 1
    entries = np.empty((count + 1, 3), np.uint64)
    for row in range(count + 1):
        entries[row] = a, b, c
        a, b, c = (a + b) % 2**32, (b + c) % 2**32, (b + 2 * c) % 2**32
    return entries[:, 0], entries[:, 1], entries[:, 2]
