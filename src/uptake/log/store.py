"""Interaction log: fresh turns in SQLite or Postgres, closed sessions in Parquet by date, read as one.

    append ──► journal (SQLite or Postgres) ──compact──► turns/date=…/….parquet   manifest.json lists the valid parts

A turn is kept once, in its fullest record, in whatever order and however often it arrives (`log.compaction.join`). A
late turn may belong to a session of a closed part, or be a turn of it already. Until the next compaction such a part is
not among `parts`: its turns are in `fresh`, joined with the late ones. So parts and fresh turns never overlap, and
together they are always the whole log.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, tzinfo
from functools import partial
from pathlib import Path

import msgspec
import pyarrow as pa

from uptake.errors import BadConfig, BadRecord, NotForgotten, StorageFailed
from uptake.log.compaction.build import Scan, build, scan
from uptake.log.compaction.spill import Source, Spill, scratch, sweep_scratch
from uptake.log.disk import storage_errors
from uptake.log.files import read_parquet
from uptake.log.foreign import normalised
from uptake.log.hot import open_hot
from uptake.log.keys import Keys
from uptake.log.parts import (
    Manifest,
    Part,
    drop_set_aside,
    mark_pending,
    read_manifest,
    sweep,
    unlisted_files,
    write_manifest,
    write_part,
)
from uptake.log.records import checked_json
from uptake.log.rows import from_table
from uptake.log.schema import PART_SCHEMA, to_micros
from uptake.log.sessions import GAP_S
from uptake.log.view import Snapshot, Stats, by_time, count, decode, read_snapshot, touched_parts
from uptake.types import Turn

__all__ = ["Part", "Snapshot", "Stats", "TurnLog"]

_LONGEST_GAP_S = 1e9
_LONGEST_DAYS = 36_500
_SMALL_PARTS = 8
_TRIES = 5
_WIPE_S = 5.0


class TurnLog:
    """Log of turns, kept for ever by default. Several processes and threads may append and read at once.

    Args:
        directory: Directory of the log; made by the first append.
        session_gap_s: Longest pause within a session, in seconds.
        compact_at: Number of fresh rows from which `compact_if_due` compacts.
        part_rows: Approximate largest number of turns in a part.
        keep_days: Days for which turns are kept; None: for ever. `uptake.release.retention` removes older ones.
        store: Address of a Postgres that holds the fresh turns of all servers that use it, postgresql://…; None for a
            SQLite file in the directory.
        parts: Directory of the log that servers on several machines share, instead of the first one.

    >>> import tempfile
    >>> from datetime import UTC, datetime
    >>> log = TurnLog(Path(tempfile.mkdtemp()))
    >>> turn = Turn(turn_id="t1", user_id="ann", said_at=datetime(2026, 1, 1, tzinfo=UTC), request="play jazz")
    >>> log.append([turn, turn]), list(log.read()) == [turn]
    (1, True)
    >>> log.close()
    """

    def __init__(  # noqa: PLR0913 - each is an option of the table [log]
        self,
        directory: Path,
        *,
        session_gap_s: float = GAP_S,
        compact_at: int = 20_000,
        part_rows: int = 500_000,
        keep_days: int | None = None,
        store: str | None = None,
        parts: str | None = None,
    ) -> None:
        if not 0 <= session_gap_s <= _LONGEST_GAP_S:
            raise BadConfig(f"session_gap_s must be from 0 to {_LONGEST_GAP_S:.0f}")
        if compact_at < 1 or part_rows < 1:
            raise BadConfig("compact_at and part_rows must be 1 or more")
        if keep_days is not None and not 1 <= keep_days <= _LONGEST_DAYS:
            raise BadConfig(f"keep_days must be from 1 to {_LONGEST_DAYS}, or left out to keep turns for good")
        self.directory = Path(directory) if parts is None else Path(parts).expanduser()
        self.session_gap_s, self.compact_at, self.part_rows = float(session_gap_s), compact_at, part_rows
        self.keep_days, self.store = keep_days, store
        self.journal = open_hot(self.directory, store)
        """The fresh turns."""

    def append(self, turns: Iterable[Turn]) -> int:
        """Store turns, all or none; once this returns they survive a crash of the process or the machine.

        Returns:
            How many records were written; one that is among the fresh ones already is not written again.

        Raises:
            BadRecord: A turn holds something that is not of its type.
            StorageFailed: The disk refused.
        """
        records = [(turn.user_id, checked_json(turn)) for turn in turns]
        return self.journal.append(records) if records else 0

    def load(self, tables: Iterable[pa.Table]) -> int:
        """Store many turns at once, all or none, without the journal; for millions of them.

        Args:
            tables: Tables with columns of `SCHEMA`, valid as `uptake.log.foreign.normalised` leaves them; if the
                iterator raises, nothing is stored.

        Returns:
            How many rows were read.

        Raises:
            StorageFailed: The disk refused.
        """
        with storage_errors(self.directory), scratch(self.directory / "scratch") as place:
            spill = Spill(place)
            try:
                for table in tables:
                    spill.add(table)
            finally:
                spill.finish()
            if spill.rows:
                with self._exclusive() as manifest:
                    self._rewrite(manifest, spill.tables, place)
            return spill.rows

    def import_table(self, table: pa.Table) -> int:
        """Store the turns of one table with columns of `SCHEMA`, or of what `uptake.log.foreign` takes.

        Raises:
            BadRecord: A column or a row is wrong; nothing is stored.
            StorageFailed: The disk refused.
        """
        good, bad = normalised(table)
        if bad:
            raise bad[0]
        return self.load([good])

    def import_parquet(self, path: Path, *, timezone: tzinfo | None = None) -> int:
        """Store the turns of a Parquet file, read in batches.

        Args:
            path: The file.
            timezone: Time zone of time stamps without one; if None, they are refused.

        Raises:
            BadRecord: A column or a row is wrong; nothing is stored.
            NotReady: There is no such file.
            StorageFailed: The disk refused.
        """

        def stop(refused: BadRecord) -> None:
            raise refused

        try:
            return self.load(read_parquet(path, on_bad=stop, timezone=timezone))
        except BadRecord as refused:
            raise refused.at(file=str(path)) from None

    def compact_if_due(self) -> None:
        """Compact if enough fresh rows wait."""
        if self.fresh_rows() >= self.compact_at:
            self.compact()

    def compact(self) -> None:
        """Move all fresh turns into parts. It is safe to interrupt, and to run beside writers and readers."""
        if not self.exists():
            return
        with storage_errors(self.directory), self._exclusive() as manifest:
            with self.journal.reading(settled=True) as journal:
                identity, through = journal.identity(), journal.last_row()
                records = [record for _, record in journal.records(journal.taken(manifest))]
            if not records and not self._other_gap(manifest):
                return
            with scratch(self.directory / "scratch") as place:
                spill = Spill(place)
                for table in decode(records):
                    spill.add(table)
                spill.finish()
                taken = msgspec.structs.replace(manifest, journal=identity, through=through)
                self._rewrite(taken, spill.tables, place)
            self.journal.drop(through)

    def forget(self, user_id: str) -> int:
        """Remove every turn of a user, from the disk too. If it is killed, the next use of the log finishes it.

        Returns:
            How many turns of theirs the log held.

        Raises:
            StorageFailed: The disk refused; the rest is removed with the next use of the log.
            NotForgotten: Readers no longer find the turns, but the disk still holds some; the message says where, and
                why.
        """
        held = self.turns_of(user_id)
        if self.exists():
            with storage_errors(self.directory), self._exclusive() as manifest:
                self.journal.forget(user_id)
                self._leave_out(user_id)
                drop_set_aside(self.directory)
                self.journal.forgotten(user_id, wait_s=_WIPE_S)
                known = {part.name for part in (*manifest.parts, *read_manifest(self.directory).parts)}
                if loose := unlisted_files(self.directory, known):
                    raise NotForgotten(
                        f"{loose[0].parent}: {len(loose)} parts that no manifest names may hold the user; "
                        "`uptake doctor --repair` joins them with the log, then forget again"
                    )
        return held

    def expire(self, before: datetime) -> int:
        """Remove turns from before a time, from the disk too: whole parts, of a day each, and journal rows.

        It is safe to interrupt, and a second call finishes it. Returns the number of turns and rows removed.

        Raises:
            StorageFailed: The disk refused, or a reader keeps some data (NotForgotten); call again.
        """
        if not self.exists():
            return 0
        with storage_errors(self.directory), self._exclusive() as manifest:
            out = [part for part in manifest.parts if part.last < to_micros(before)]
            gone = self.journal.expire(before)
            if out or manifest.retired:
                self._switch(manifest, out=out, into=[], keep_old=False)
            self.journal.wipe(wait_s=_WIPE_S)
        return gone + sum(part.rows for part in out)

    def close(self) -> None:
        """Release the files."""
        self.journal.close()

    def __enter__(self) -> TurnLog:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def snapshot(self) -> Snapshot:
        """Return the whole log at this moment. Its parts' files stay until the log has changed twice after this."""
        if not self.exists():
            return Snapshot(parts=(), fresh=PART_SCHEMA.empty_table())
        with storage_errors(self.directory):
            if self.journal.forgetting():
                with self._exclusive():
                    pass
            if self._other_gap(read_manifest(self.directory)):
                self.compact()
            for _ in range(_TRIES - 1):
                try:
                    return read_snapshot(self.directory, self.journal, gap_s=self.session_gap_s)
                except FileNotFoundError:  # a part went away while we read it: the log has changed, look again
                    continue
            return read_snapshot(self.directory, self.journal, gap_s=self.session_gap_s)

    def parts(self) -> list[Part]:
        """Return the closed sessions on disk. To use them together with `fresh`, take both from one `snapshot`."""
        return list(self.snapshot().parts)

    def fresh(self) -> pa.Table:
        """Return the turns that are not in `parts`. To use them together, take both from one `snapshot`."""
        return self.snapshot().fresh

    def tables(self) -> Iterator[pa.Table]:
        """Yield every turn once, in `PART_SCHEMA`, ordered by (said_at, turn_id) within and between the tables."""
        with storage_errors(self.directory):
            yield from by_time(self.snapshot())

    def read(self) -> Iterator[Turn]:
        """Yield every turn once, ordered by (said_at, turn_id)."""
        for table in self.tables():
            yield from from_table(table)

    def stats(self) -> Stats:
        """Count what the log holds."""
        with storage_errors(self.directory):
            return count(self.snapshot(), self.directory, fresh_rows=self.fresh_rows())

    def turns_of(self, user_id: str) -> int:
        """Count the turns of a user."""
        import pyarrow.compute as pc

        snapshot = self.snapshot()
        with storage_errors(self.directory):
            columns = [part.table(["user_id"]).column("user_id") for part in snapshot.parts]
        columns.append(snapshot.fresh.column("user_id"))
        return sum(pc.sum(pc.equal(column, user_id), min_count=0).as_py() for column in columns)

    def fresh_rows(self) -> int:
        """Return rows of the journal that are not in parts yet."""
        if not self.exists():
            return 0
        with self.journal.reading() as journal:
            return journal.count(journal.taken(read_manifest(self.directory)))

    def watermark(self) -> str:
        """Return a value that changes whenever the log does."""
        if not self.exists():
            return ""
        with self.journal.reading() as journal:
            return f"{read_manifest(self.directory).generation}:{journal.mark()}"

    def exists(self) -> bool:
        """Tell whether anything was ever stored here.

        Raises:
            StorageFailed: Something was, but its manifest or journal is gone.
        """
        return self.journal.exists or read_manifest(self.directory).generation > 0 or self.journal.lost()

    @contextmanager
    def _exclusive(self) -> Iterator[Manifest]:
        """Hold the exclusive right to change the parts, after removing the remains of killed processes."""
        self.journal.last_row()  # makes the log where there is none
        with self.journal.alone():
            manifest = read_manifest(self.directory)
            self.journal.claim(manifest)
            if taken := self.journal.taken(manifest):
                self.journal.drop(taken)
            sweep(self.directory, {part.name for part in manifest.parts}.union(manifest.retired))
            sweep_scratch(self.directory / "scratch")
            for user_id in self.journal.forgetting():
                self._leave_out(user_id)
                with suppress(StorageFailed):  # while somebody reads, what nobody finds any more stays on the disk
                    self.journal.forgotten(user_id, wait_s=0.0)
            yield read_manifest(self.directory)

    def _rewrite(self, manifest: Manifest, new: Source, place: Path) -> None:
        """Join new turns with the parts they touch, and make the result the log."""
        scanned = scan([new])
        if self._other_gap(manifest):
            old = list(manifest.parts)
        else:
            old = touched_parts(manifest.parts, scanned.keys, gap_s=self.session_gap_s)
            crowded = _crowded(manifest.parts, self.part_rows)
            old += [part for part in crowded if part not in old]
        sources: list[Source] = [new, *(partial(part.batches) for part in old)]
        if old:
            more = scan(sources[1:])
            scanned = Scan(Keys.together([scanned.keys, more.keys]), scanned.bytes + more.bytes)
        written = build(
            sources, scanned, self.directory, gap_s=self.session_gap_s, part_rows=self.part_rows, scratch=place
        )
        self._switch(manifest, out=old, into=written)

    def _switch(self, manifest: Manifest, *, out: list[Part], into: list[Part], keep_old: bool = True) -> None:
        """Replace parts by others, atomically, and remove files that no manifest names."""
        parts = sorted([*(part for part in manifest.parts if part not in out), *into], key=lambda part: part.name)
        changed = msgspec.structs.replace(
            manifest,
            generation=manifest.generation + 1,
            gap_s=self.session_gap_s,
            parts=tuple(parts),
            retired=tuple(part.name for part in out) if keep_old else (),
        )
        self.journal.begin(changed.through)
        mark_pending(
            self.directory, manifest.retired if keep_old else [*manifest.retired, *(part.name for part in out)]
        )
        write_manifest(self.directory, changed)
        sweep(self.directory, {part.name for part in parts}.union(changed.retired))

    def _leave_out(self, user_id: str) -> None:
        """Rewrite the parts that hold a user, without the user."""
        import pyarrow.compute as pc

        manifest = read_manifest(self.directory)
        out, into = [], []
        for part in manifest.parts:
            theirs = pc.equal(part.table(["user_id"]).column("user_id"), user_id)
            if pc.any(theirs, min_count=0).as_py():
                out.append(part)
                left = part.table().filter(pc.invert(theirs))
                if left.num_rows:
                    into.append(write_part(self.directory, left, part.date, gap_s=manifest.gap_s))
        if out or manifest.retired:
            self._switch(manifest, out=out, into=into, keep_old=False)

    def _other_gap(self, manifest: Manifest) -> bool:
        return bool(manifest.parts) and manifest.gap_s != self.session_gap_s


def _crowded(parts: Iterable[Part], part_rows: int) -> list[Part]:
    """Return the small parts of dates that have many of them; the next change merges them."""
    small = [part for part in parts if part.rows < part_rows // 4]
    times = Counter(part.date for part in small)
    return [part for part in small if times[part.date] >= _SMALL_PARTS]
