"""Build parts from turns in any order: each turn once, in its session, sessions whole, with bounded memory.

The turns are read twice. The first pass keeps a few numbers per turn, enough to find duplicates and session borders.
The second pass distributes whole sessions to buckets by date; a bucket fits in memory, where it is sorted and written.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from uptake.log.compaction.join import survivors
from uptake.log.compaction.spill import Source, Spill, distribute, drop_unknown_columns
from uptake.log.keys import I64, U64, Keys, Spans, micros
from uptake.log.parts import Part, write_part
from uptake.log.schema import from_micros
from uptake.log.sessions import with_sessions

__all__ = ["Scan", "build", "scan"]

_DAY_US = 86_400_000_000
_BUCKET_BYTES = 400_000_000


@dataclass(frozen=True, slots=True)
class Scan:
    """Result of one scan of some turns."""

    keys: Keys
    """A row for each turn, in the order of reading."""
    bytes: int
    """Size of the turns in memory."""


def scan(sources: list[Source]) -> Scan:
    """Read turns once, and keep the numbers that find duplicates and sessions."""
    keys, size = [], 0
    for source in sources:
        for table in source():
            keys.append(Keys.of(table))
            size += drop_unknown_columns(table).nbytes
    empty = np.empty(0, np.int64)
    none = Keys(empty.view(np.uint64), empty.view(np.uint64), empty.astype(np.bool_), empty)
    return Scan(Keys.together([none, *keys]), size)


def build(
    sources: list[Source], scanned: Scan, directory: Path, *, gap_s: float, part_rows: int, scratch: Path
) -> list[Part]:
    """Write turns as parts.

    Args:
        sources: The turns, in any order, with duplicates.
        scanned: Result of `scan` for them.
        directory: The log's directory.
        gap_s: Longest pause within a session, in seconds.
        part_rows: Approximate largest number of turns in a part; a session is never split.
        scratch: An empty directory for intermediate files.
    """
    keys = scanned.keys
    alive = _alive(sources, keys, part_rows, scratch)
    if not alive.any():
        return []
    row_bytes = max(scanned.bytes // len(keys), 1)
    place, buckets = _buckets(keys, alive, gap_s, min(part_rows, max(_BUCKET_BYTES // row_bytes, 1)))
    if buckets == 1:
        whole = pa.concat_tables(
            [drop_unknown_columns(table) for source in sources for table in source()], promote_options="default"
        )
        return _write(whole.filter(pa.array(alive)), directory, gap_s)
    written: list[Part] = []
    for spill in distribute(sources, place, buckets, scratch):
        written += _write(_load(spill).drop_columns("row"), directory, gap_s)
        spill.close()
    return written


def _alive(sources: list[Source], keys: Keys, part_rows: int, scratch: Path) -> npt.NDArray[np.bool_]:
    """Return (n,) bool: which rows stay if each turn is kept once."""
    alive = np.ones(len(keys), np.bool_)
    suspects = _repeated(keys.turn)
    if not len(suspects):
        return alive
    at = np.minimum(np.searchsorted(suspects, keys.turn), len(suspects) - 1)
    suspect = suspects[at] == keys.turn
    places = int(suspect.sum()) // part_rows + 1
    place = np.where(suspect, (keys.turn % np.uint64(places)).astype(np.int64), -1)
    for spill in distribute(sources, place, places, scratch):
        if not spill.rows:
            continue
        table = _load(spill)
        rows = table.column("row").to_numpy()
        alive[rows] = False
        alive[rows[survivors(table.drop_columns("row"))]] = True
        spill.close()
    return alive


def _repeated(numbers: U64) -> U64:
    ascending = np.sort(numbers)
    return np.unique(ascending[1:][ascending[1:] == ascending[:-1]])


def _load(spill: Spill) -> pa.Table:
    return pa.concat_tables(spill.tables(), promote_options="default")


def _buckets(keys: Keys, alive: npt.NDArray[np.bool_], gap_s: float, rows: int) -> tuple[I64, int]:
    """Assign a bucket to each row (-1 where it is dropped) and count them; sessions stay whole, dates ascend."""
    living = Keys(keys.turn[alive], keys.key[alive], keys.given[alive], keys.said_at[alive])
    spans, member = living.sessions(micros(gap_s))
    order = np.argsort(_day(spans), kind="stable")
    sizes = np.bincount(member, minlength=len(order))[order]
    bucket = np.empty(len(order), np.int64)
    bucket[order] = (np.cumsum(sizes) - sizes) // rows
    _, bucket = np.unique(bucket, return_inverse=True)  # a session larger than a bucket leaves numbers unused
    place = np.full(len(keys), -1)
    place[alive] = bucket[member]
    return place, int(bucket.max()) + 1


def _day(spans: Spans) -> I64:
    return spans.first // _DAY_US


def _write(table: pa.Table, directory: Path, gap_s: float) -> list[Part]:
    """Write a table of whole sessions, one part per date."""
    table = with_sessions(table, gap_s=gap_s)
    said_at = table.column("said_at").to_numpy()
    codes = table.column("session").combine_chunks().dictionary_encode().indices.to_numpy(zero_copy_only=False)
    starts = np.flatnonzero(np.append(True, np.diff(codes) != 0))
    day = np.repeat(said_at[starts] // _DAY_US, np.diff(np.append(starts, len(codes))))
    order = np.argsort(day, kind="stable")
    bounds = np.append(np.flatnonzero(np.append(True, np.diff(day[order]) != 0)), len(day))
    ordered = table.take(pa.array(order)) if len(bounds) > 2 else table
    return [
        write_part(directory, ordered.slice(begin, end - begin), _date(int(day[order[begin]])), gap_s=gap_s)
        for begin, end in itertools.pairwise(bounds)
    ]


def _date(day: int) -> str:
    return from_micros(day * _DAY_US).date().isoformat()
