"""Shard of a rewrite table: the rows whose hashes share their first bits, with open addressing, mapped from one file.

A file is a `.npy` of bytes: four 8-byte numbers (bits of the shard, slots, rows, bytes of text), rows, slots and text.
Rows ascend by hash; `start` and row numbers count within the shard, so a change elsewhere leaves its bytes unchanged.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from uptake.errors import ArtifactRefused
from uptake.rewriting.table.layout import filled, spliced
from uptake.rewriting.table.moves import AGAIN, BROKEN

__all__ = ["ROW", "Fields", "Shard", "joined", "map_array", "replaced", "same", "split"]

# One row: hash of the key, where its text starts (user, request, acted_on, domain, back to back), the lengths
# of the four in bytes (a domain's plus one, 0 where there is none), and the evidence.
ROW = np.dtype(
    [("hash", "<u8"), ("start", "<u8")]
    + [(name, "<u4") for name in ("user", "request", "acted_on", "domain", "users", "sessions")]
    + [("before", "<f8"), ("after", "<f8")]
)
"""Format of a row."""
Fields = tuple[int, int, int, int, int, int, int, int, float, float]
"""A row, unpacked."""
_Rows = npt.NDArray[np.void]
_Text = npt.NDArray[np.uint8]

_UNPACK = struct.Struct("<QQIIIIIIdd").unpack_from
_SIZE = ROW.itemsize
_HEADER = np.dtype("<u8")
_SHARD_ROWS, _MOST_BITS = 1 << 14, 7  # rows from which a table is divided; an open map holds a file open
_MAP_FROM = 1 << 16  # bytes; an empty array cannot be mapped, and a small one need not be
_LOOK_FIRST = 4096


@dataclass(frozen=True, eq=False)
class Shard:
    """Rows whose hashes share their first bits."""

    bits: int
    """How many bits those are."""
    slots: npt.NDArray[np.uint32]
    """(s,) 1 + a row number, or 0 where free; s is a power of two plus a short tail."""
    rows: npt.NDArray[np.void]
    """(n,) rows, ascending by hash."""
    text: npt.NDArray[np.uint8]
    """UTF-8 of all rows, back to back."""
    file: Path | None = None
    """Where it was mapped from, if that file holds nothing else."""
    stamp: tuple[int, ...] = ()
    """Which file that was."""

    @classmethod
    def of(cls, bits: int, rows: npt.NDArray[np.void], text: npt.NDArray[np.uint8]) -> Shard:
        """Place rows that ascend by hash."""
        return cls(bits, filled(rows["hash"] << np.uint64(bits)), rows, text)

    @classmethod
    def load(cls, bits: int, path: Path) -> Shard:
        """Map what `save` wrote.

        Raises:
            ArtifactRefused: The file is missing or is not what `save` writes.
        """
        whole, stamp = map_array(path, np.dtype("u1")), _stamp(path)
        header = 4 * _HEADER.itemsize
        sizes = whole[:header].view(_HEADER).tolist() if len(whole) >= header else [0] * 4
        ends = np.cumsum([header, sizes[2] * _SIZE, sizes[1] * 4, sizes[3]]).tolist()
        if [sizes[0], ends[-1]] != [bits, len(whole)]:
            raise ArtifactRefused(f"{path}: {BROKEN}")
        rows, slots, text = (whole[start:end] for start, end in pairwise(ends))
        return cls(bits, slots.view("<u4"), rows.view(ROW), text, path, stamp)

    def save(self, path: Path) -> None:
        """Write it, or link the file it was mapped from: that costs no bytes."""
        if self.file is not None and _stamp(self.file) == self.stamp:
            try:
                os.link(self.file, path)
            except OSError:  # another disk, or one without links
                pass
            else:
                return
        sizes = np.array([self.bits, len(self.slots), len(self.rows), len(self.text)], dtype=_HEADER)
        blocks = [np.ascontiguousarray(part).view(np.uint8) for part in (sizes, self.rows, self.slots, self.text)]
        np.save(path, np.concatenate(blocks), allow_pickle=False)

    def find(self, digest: int, user: bytes, request: bytes) -> tuple[Fields, bytes] | None:
        """Return the fields of the row with this key, and its four texts back to back."""
        slots, hashes, rows, text, mask, shift = self.view
        slot = (digest & mask) >> shift
        while row := slots[slot]:
            found = hashes[row - 1]
            if found > digest:
                break
            if found == digest:
                fields: Fields = _UNPACK(rows, (row - 1) * _SIZE)
                _, start, users, requests, acted_on, domain, *_ = fields
                if users == len(user) and requests == len(request):
                    end = start + users + requests + acted_on + (domain and domain - 1)
                    texts = text[start:end].tobytes()
                    if texts.startswith(user + request):
                        return fields, texts
            slot += 1
        return None

    def number(self, digest: int, user: bytes, request: bytes) -> int | None:
        """Return the number of the row with this key."""
        found = self.find(digest, user, request)
        if found is None:
            return None
        first = int(np.searchsorted(self.rows["hash"], np.uint64(digest)))
        return next(row for row in range(first, len(self.rows)) if self.rows["start"][row] == found[0][1])

    def fields(self, row: int) -> Fields:
        """Return a row, unpacked."""
        fields: Fields = _UNPACK(self.view.rows, row * _SIZE)
        return fields

    @cached_property
    def view(self) -> _View:
        """Return the arrays as plain buffers: indexing one costs a tenth of indexing an array."""
        slots = np.ascontiguousarray(self.slots, dtype=np.uint32)
        return _View(
            memoryview(slots.data),
            memoryview(np.asarray(self.rows["hash"], dtype=np.uint64).data),
            _buffer(self.rows),
            _buffer(self.text),
            (1 << (64 - self.bits)) - 1,
            65 - len(slots).bit_length() - self.bits,
        )

    @cached_property
    def is_personal(self) -> bool:
        """Tell whether any row is one user's own."""
        users = self.rows["user"]
        return bool((users[:_LOOK_FIRST] > 0).any() or (users[_LOOK_FIRST:] > 0).any())


class _View(NamedTuple):
    """Buffers of a shard, with the hash bits that distinguish its rows, and the shift from hash to slot."""

    slots: memoryview
    hashes: memoryview
    rows: memoryview
    text: memoryview
    mask: int
    shift: int


def split(rows: _Rows, text: _Text) -> tuple[Shard, ...]:
    """Divide a table's rows, ascending by hash, and their text into shards."""
    bits = _bits(len(rows))
    return tuple(Shard.of(bits, own, own_text) for own, own_text in _divided(rows, text, bits))


def _bits(rows: int) -> int:
    """Number of leading bits of a hash that name the shard, for a table of so many rows; 0 where it is not divided."""
    return min(_MOST_BITS, max(0, (rows - 1) // _SHARD_ROWS).bit_length())


def _divided(rows: _Rows, text: _Text, bits: int) -> Iterator[tuple[_Rows, _Text]]:
    """Cut rows, ascending by hash, and their text where another shard begins."""
    edges = np.arange(1, 1 << bits, dtype=np.uint64) << np.uint64(64 - bits if bits else 0)
    ends = [0, *np.searchsorted(rows["hash"], edges).tolist(), len(rows)]
    for first, last in pairwise(ends):
        start, end = (int(rows["start"][at]) if at < len(rows) else len(text) for at in (first, last))
        own = rows[first:last].copy()
        own["start"] -= np.uint64(start)
        yield own, text[start:end]


def joined(shards: Sequence[Shard]) -> tuple[_Rows, _Text]:
    """Return the rows of a whole table and their text."""
    if len(shards) == 1:
        return shards[0].rows, shards[0].text
    rows = np.concatenate([shard.rows for shard in shards])
    sizes = [len(shard.rows) for shard in shards]
    texts = np.cumsum([0, *(len(shard.text) for shard in shards[:-1])])
    rows["start"] += np.repeat(texts.astype(np.uint64), sizes)
    return rows, np.concatenate([shard.text for shard in shards])


def replaced(shards: Sequence[Shard], out: Mapping[int, list[int]], rows: _Rows, text: _Text) -> tuple[Shard, ...]:
    """Return the shards of a table without some rows and with others; what nothing touches stays what it is.

    Args:
        shards: All of them.
        out: Which rows of which shard to leave out.
        rows: (m,) rows to put in, ascending by hash; no hash of theirs may be among those that stay.
        text: Texts of those.
    """
    bits, sizes = shards[0].bits, [len(shard.rows) for shard in shards]
    if _bits(sum(sizes) + len(rows) - sum(map(len, out.values()))) != bits:
        first = np.cumsum([0, *sizes]).tolist()
        numbers = [first[at] + row for at, some in out.items() for row in some]
        return split(*spliced(*joined(shards), sorted(numbers), rows, text))
    made = list(shards)
    for at, ((own, own_text), shard) in enumerate(zip(_divided(rows, text, bits), shards, strict=True)):
        if len(own) or at in out:
            made[at] = Shard.of(bits, *spliced(shard.rows, shard.text, sorted(out.get(at, [])), own, own_text))
    return tuple(made)


def same(left: Sequence[Shard], right: Sequence[Shard]) -> bool:
    """Tell whether two tables have the same rows; one of an older version may be divided in another way."""
    if len(left) != len(right):
        left, right = ((Shard.of(0, *joined(shards)),) for shards in (left, right))
    return all(
        np.array_equal(one.rows, other.rows) and np.array_equal(one.text, other.text)
        for one, other in zip(left, right, strict=True)
    )


def map_array(path: Path, dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    """Map an array of one dimension from its file; a small one is read.

    Raises:
        ArtifactRefused: The file is missing, broken or holds something else.
    """
    try:
        array: npt.NDArray[Any] = np.load(
            path, mmap_mode="r" if path.stat().st_size > _MAP_FROM else None, allow_pickle=False
        )
    except FileNotFoundError as error:
        raise ArtifactRefused(f"{path}: missing; {AGAIN}") from error
    except (OSError, ValueError, EOFError) as error:
        raise ArtifactRefused(f"{path}: {BROKEN}") from error
    if array.dtype != dtype or array.ndim != 1:
        raise ArtifactRefused(f"{path}: holds {array.dtype}, expected {dtype}; {AGAIN}")
    return array


def _stamp(path: Path) -> tuple[int, ...]:
    """Return what tells a file from another one, and from itself once it was written to."""
    try:
        seen = path.stat()
    except OSError:
        return ()
    return seen.st_dev, seen.st_ino, seen.st_size, seen.st_mtime_ns


def _buffer(array: npt.NDArray[Any]) -> memoryview:
    return memoryview(array.view(np.uint8).data) if array.size else memoryview(b"")
