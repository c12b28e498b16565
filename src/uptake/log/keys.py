"""Hash turns and timelines to numbers, so that ten million rows can be compared without Python objects.

Equal texts have equal numbers. Unequal texts may share a number, very rarely; so equal numbers only select candidates,
whose texts are then compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

__all__ = ["Keys", "Spans", "digest", "micros", "share", "touches"]

U64 = npt.NDArray[np.uint64]
I64 = npt.NDArray[np.int64]

_MIX = np.uint64(0x9E3779B97F4A7C15)
_LAST_MIX = np.uint64(0xBF58476D1CE4E5B9)
_NULL = np.uint64(0x94D049BB133111EB)
_GIVEN = np.uint64(0xD6E8FEB86659FD93)
_UNKNOWN = np.uint64(int(_NULL) * int(_MIX) % 2**64)
"""What a column that is missing adds to a number: as much as a null."""
_MAX_CHARS = 4096


def micros(seconds: float) -> int:
    """Convert seconds to whole microseconds."""
    return round(seconds * 1_000_000)


def digest(column: pa.ChunkedArray | pa.Array) -> U64:
    """Return a 64-bit number for each text of a column, shape (n,); a null has a number of its own."""
    chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    found = [_digest(chunk) for chunk in chunks]
    return np.concatenate(found) if found else np.empty(0, np.uint64)


def _digest(column: pa.Array) -> U64:
    import pyarrow.compute as pc

    if not len(column) or column.null_count == len(column):
        return np.full(len(column), _NULL)
    _, offsets_buffer, data_buffer = column.buffers()
    offsets = np.frombuffer(offsets_buffer, np.int32, len(column) + 1, column.offset * 4)
    first, last = int(offsets[0]), int(offsets[-1])
    data = np.zeros(last - first + 8, np.uint8)  # eight bytes more, so that the last word can be read whole
    if last > first:
        data[:-8] = np.frombuffer(data_buffer, np.uint8, last - first, first)
    words: U64 = np.ndarray((len(data) - 7,), np.uint64, data.data, strides=(1,))
    starts, lengths = offsets[:-1] - first, np.diff(offsets)
    numbers = lengths.astype(np.uint64) * _MIX
    for at in range(0, min(int(lengths.max(initial=0)), _MAX_CHARS), 8):
        rows = np.flatnonzero(lengths > at)
        left = np.minimum(lengths[rows] - at, 8).astype(np.uint64)
        word = words[starts[rows] + at] & (np.uint64(0xFFFFFFFFFFFFFFFF) >> (np.uint64(64) - np.uint64(8) * left))
        mixed = (numbers[rows] ^ word) * _MIX
        numbers[rows] = mixed ^ (mixed >> np.uint64(31))
    numbers = numbers * _LAST_MIX
    numbers ^= numbers >> np.uint64(29)
    if column.null_count:
        numbers[pc.is_null(column).to_numpy(zero_copy_only=False)] = _NULL
    return numbers


@dataclass(frozen=True, slots=True)
class Spans:
    """Sessions of some turns: one row each, ordered by (`key`, `first`)."""

    key: U64
    """Number of the timeline (home, user and device), or of the given session."""
    first: I64
    """Microseconds of the first turn, UTC."""
    last: I64
    """Microseconds of the last turn, UTC."""
    given: npt.NDArray[np.bool_]
    """Whether the source gave the session, so that no pause ends it."""

    def array(self) -> npt.NDArray[Any]:
        """Return the spans as one array, shape (4, n) int64, for a file."""
        return np.stack([self.key.view(np.int64), self.first, self.last, self.given.astype(np.int64)])

    @classmethod
    def of(cls, array: npt.NDArray[Any]) -> Spans:
        """Read an array that `array` returned."""
        return cls(array[0].view(np.uint64), array[1], array[2], array[3] != 0)


@dataclass(frozen=True, slots=True)
class Keys:
    """Columns that find duplicates and sessions, shape (n,) each."""

    turn: U64
    """Number of the turn: of its home, its user and its id."""
    key: U64
    """Number of the timeline (home, user and device), or of the given session."""
    given: npt.NDArray[np.bool_]
    """Whether the source gave the session."""
    said_at: I64
    """Microseconds, UTC."""

    @classmethod
    def of(cls, table: pa.Table) -> Keys:
        """Return the keys of a table with columns of `SCHEMA`; nullable columns may be missing."""
        import pyarrow.compute as pc

        user = digest(table.column("user_id"))
        home = _other(table, "home_id")
        turn = (digest(table.column("turn_id")) ^ (user * _MIX)) * _LAST_MIX
        turn = (turn ^ home) * _LAST_MIX
        key = (user ^ _other(table, "device_id")) * _LAST_MIX
        key = (key ^ home) * _LAST_MIX
        given = np.zeros(table.num_rows, np.bool_)
        if "session_id" in table.column_names:
            column = table.column("session_id")
            given = pc.fill_null(pc.not_equal(column, ""), False).to_numpy()
            key = np.where(given, digest(column) ^ _GIVEN, key)
        return cls(turn, key, given, table.column("said_at").to_numpy())

    @classmethod
    def together(cls, every: Sequence[Keys]) -> Keys:
        """Return the keys of several tables, one after the other."""
        return cls(
            np.concatenate([one.turn for one in every]),
            np.concatenate([one.key for one in every]),
            np.concatenate([one.given for one in every]),
            np.concatenate([one.said_at for one in every]),
        )

    def __len__(self) -> int:
        return len(self.turn)

    def sessions(self, gap_us: int) -> tuple[Spans, npt.NDArray[np.int32]]:
        """Find the sessions; timelines that share a number share sessions, so that sessions are never too small.

        Returns:
            The sessions, and for each turn the position of its session there, shape (n,).
        """
        order = np.lexsort((self.said_at, self.key))
        key, said_at, given = self.key[order], self.said_at[order], self.given[order]
        starts = np.ones(len(order), np.bool_)
        starts[1:] = (key[1:] != key[:-1]) | (~given[1:] & (np.diff(said_at) > gap_us))
        begin = np.flatnonzero(starts)
        end = np.append(begin[1:], len(order)) - 1 if len(begin) else begin
        member = np.empty(len(order), np.int32)
        member[order] = np.cumsum(starts) - 1
        return Spans(key[begin], said_at[begin], said_at[end], given[begin]), member


def _other(table: pa.Table, name: str) -> U64 | np.uint64:
    """Return the contribution to a number of a column that may be missing."""
    return digest(table.column(name)) * _MIX if name in table.column_names else _UNKNOWN


def share(left: U64, right: U64) -> bool:
    """Tell whether two ascending arrays have a number in common."""
    few, many = (left, right) if len(left) < len(right) else (right, left)
    if not len(few):
        return False
    at = np.minimum(np.searchsorted(many, few), len(many) - 1)
    return bool(np.any(many[at] == few))


def touches(part: Spans, new: Spans, gap_us: int) -> bool:
    """Tell whether a turn of one side could belong to a session of the other."""
    if not len(part.key) or not len(new.key):
        return False
    near = new.given | ((new.first <= part.last.max() + gap_us) & (new.last >= part.first.min() - gap_us))
    key, first, last, given = new.key[near], new.first[near], new.last[near], new.given[near]
    low, high = np.searchsorted(part.key, key, "left"), np.searchsorted(part.key, key, "right")
    for row in np.flatnonzero(high > low):
        if given[row]:
            return True
        there = slice(low[row], high[row])
        if np.any((part.first[there] <= last[row] + gap_us) & (part.last[there] >= first[row] - gap_us)):
            return True
    return False
