"""Read the whole log at one moment: parts that no fresh turn touches, and everything else joined in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa

from uptake.log.compaction.join import join
from uptake.log.compaction.spill import drop_unknown_columns
from uptake.log.hot import HotStore
from uptake.log.keys import Keys, micros, share, touches
from uptake.log.parts import Part, read_manifest
from uptake.log.records import from_json
from uptake.log.rows import to_table
from uptake.log.schema import PART_SCHEMA, SCHEMA, complete, from_micros
from uptake.log.sessions import in_order, of_turn, with_sessions

__all__ = ["Snapshot", "Stats", "by_time", "count", "decode", "read_snapshot", "touched_parts"]

_BATCH_ROWS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The whole log at one moment."""

    parts: tuple[Part, ...]
    """Closed sessions, on disk."""
    fresh: pa.Table
    """All other turns, in `PART_SCHEMA`, ordered by (session, said_at, turn_id); no session is on both sides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """Size of a log."""

    turns: int
    """Turns, each counted once."""
    users: int
    """Users who said them."""
    sessions: int
    """Sessions, given and found."""
    first: datetime | None
    """Time of the first turn; None where there is none."""
    last: datetime | None
    """Time of the last turn; None where there is none."""
    fresh_rows: int
    """Rows of the journal that wait to be compacted; a turn that came twice may be two."""
    parts: int
    """Parquet parts."""
    bytes: int
    """Size on disk."""


def read_snapshot(directory: Path, journal: HotStore, *, gap_s: float) -> Snapshot:
    """Take a snapshot of the log in a directory."""
    with journal.reading() as view:  # before the manifest: what compaction takes away later is still in this view
        manifest = read_manifest(directory)
        records = [record for _, record in view.records(view.taken(manifest))]
    if not records:
        return Snapshot(parts=manifest.parts, fresh=PART_SCHEMA.empty_table())
    fresh = pa.concat_tables(decode(records))
    late = touched_parts(manifest.parts, Keys.of(fresh), gap_s=gap_s)
    whole = pa.concat_tables([fresh, *(part.table(SCHEMA.names) for part in late)])
    joined = with_sessions(join(drop_unknown_columns(whole)), gap_s=gap_s)
    untouched = tuple(part for part in manifest.parts if part not in late)
    return Snapshot(parts=untouched, fresh=complete(joined, PART_SCHEMA))


def decode(records: Sequence[bytes]) -> Iterator[pa.Table]:
    """Yield canonical JSON as tables in `SCHEMA`, in batches."""
    for start in range(0, len(records), _BATCH_ROWS):
        yield to_table(from_json(record) for record in records[start : start + _BATCH_ROWS])


def touched_parts(parts: Iterable[Part], keys: Keys, *, gap_s: float) -> list[Part]:
    """Return the parts that hold some of the turns already, or a session that one of them could belong to."""
    closed = list(parts)
    if not closed:
        return []
    turns = np.sort(keys.turn)
    spans, _ = keys.sessions(micros(gap_s))
    found = []
    for part in closed:
        part_turns, part_spans = part.keys(gap_s=gap_s)
        if share(part_turns, turns) or touches(part_spans, spans, micros(gap_s)):
            found.append(part)
    return found


def by_time(snapshot: Snapshot) -> Iterator[pa.Table]:
    """Yield every turn once, ordered by (said_at, turn_id); parts that overlap in time are in memory together."""
    import pyarrow.compute as pc

    waiting = snapshot.fresh
    for part in sorted(snapshot.parts, key=lambda part: part.first):
        before = pc.less(waiting.column("said_at"), part.first)
        yield _sorted(waiting.filter(before))
        waiting = pa.concat_tables([waiting.filter(pc.invert(before)), part.table()])
    yield _sorted(waiting)


def _sorted(table: pa.Table) -> pa.Table:
    said_at = table.column("said_at").to_numpy()
    order = in_order(np.zeros(len(said_at), np.int64), said_at, *of_turn(table))
    return table.take(pa.array(order))


def count(snapshot: Snapshot, directory: Path, *, fresh_rows: int) -> Stats:
    """Count the turns, users and sessions of a snapshot."""
    import pyarrow.compute as pc

    fresh, users = snapshot.fresh, set(snapshot.fresh.column("user_id").unique().to_pylist())
    for part in snapshot.parts:
        users.update(part.table(["user_id"]).column("user_id").unique().to_pylist())
    spans = [(part.first, part.last) for part in snapshot.parts]
    if fresh.num_rows:
        reach = pc.min_max(fresh.column("said_at")).as_py()
        spans.append((reach["min"], reach["max"]))
    return Stats(
        turns=fresh.num_rows + sum(part.rows for part in snapshot.parts),
        users=len(users),
        sessions=len(fresh.column("session").unique()) + sum(part.sessions for part in snapshot.parts),
        first=from_micros(min(first for first, _ in spans)) if spans else None,
        last=from_micros(max(last for _, last in spans)) if spans else None,
        fresh_rows=fresh_rows,
        parts=len(read_manifest(directory).parts),
        bytes=sum(path.stat().st_size for path in directory.rglob("*") if path.is_file()),
    )
