"""Closed sessions on disk: Parquet parts by date, and the manifest that says which of them are the log.

A part never changes: whatever changes the log writes new parts and then, in one atomic step, a new manifest.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from uptake.errors import StorageFailed
from uptake.log.disk import remove, replace, sync
from uptake.log.keys import U64, Keys, Spans, micros
from uptake.log.schema import PART_SCHEMA, SCHEMA, complete

__all__ = ["Manifest", "Part", "read_manifest", "sweep", "write_manifest", "write_part"]

_VERSION = 1
_ROW_GROUP_ROWS = 250_000
_FILE = "manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some sessions of one day, whole, in one Parquet file that never changes.

    The file has the columns of `PART_SCHEMA` and its rows are ordered by (session, said_at, turn_id). Read it with
    `table` or `pyarrow.parquet.ParquetFile`; readers that see a column in "date=" must be told not to.
    """

    name: str
    """Unique for ever: another content has another name."""
    path: Path
    """The Parquet file."""
    date: str
    """UTC date of the first turn of each of its sessions, YYYY-MM-DD."""
    rows: int
    """Number of turns."""
    sessions: int
    """Number of sessions."""
    first: int
    """Microseconds of its first turn, UTC."""
    last: int
    """Microseconds of its last turn, UTC."""
    size: int
    """Bytes of the Parquet file."""

    def table(self, columns: list[str] | None = None) -> pa.Table:
        """Return the part, or some columns of it, in memory."""
        return _current(pq.ParquetFile(self.path).read(columns=columns))

    def batches(self) -> Iterator[pa.Table]:
        """Yield the part in `SCHEMA`, some rows at a time."""
        for batch in pq.ParquetFile(self.path).iter_batches(batch_size=_ROW_GROUP_ROWS, columns=SCHEMA.names):
            yield _current(pa.Table.from_batches([batch]))

    def keys(self) -> tuple[U64, Spans]:
        """Return numbers of its turn ids, ascending, and its sessions; mapped, not read."""
        stored = np.load(_keys_path(self.path), mmap_mode="r")
        turns = int(stored[0])
        return stored[1 : turns + 1].view(np.uint64), Spans.of(stored[turns + 1 :].reshape(4, -1))


def _current(table: pa.Table) -> pa.Table:
    """Add to columns of an earlier version the fields that came later, unknown."""
    for index, field in enumerate(table.schema):
        wanted = PART_SCHEMA.field(field.name)
        if field.type != wanted.type:
            table = table.set_column(index, wanted, table.column(index).cast(wanted.type))
    return table


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """List of the parts of the log, with the last journal row that they hold."""

    version: int = _VERSION
    generation: int = 0
    """Grows with every change."""
    gap_s: float = 0.0
    """Pause, in seconds, with which the sessions of the parts were found."""
    journal: str = ""
    """Identity of the journal that `through` counts in."""
    through: int = 0
    """Rows of the journal up to this one are in the parts."""
    parts: tuple[Part, ...] = ()
    retired: tuple[str, ...] = ()
    """Names of parts that the last change replaced; kept until the next, for those who still read them."""

    def taken(self, identity: str) -> int:
        """Return rows of a journal that are in the parts already."""
        return self.through if self.journal == identity else 0


def read_manifest(directory: Path) -> Manifest:
    """Return the manifest of a log; an empty one where there is none.

    Raises:
        StorageFailed: It is damaged, or a later version wrote it.
    """
    path = directory / _FILE
    try:
        stored = msgspec.json.decode(path.read_bytes())
        version = stored["version"]
        if version > _VERSION:
            raise StorageFailed(
                f"{path}: written by a later version of uptake (log version {version}; "
                f"this one knows {_VERSION}); upgrade uptake"
            )
        for part in stored["parts"]:
            part["path"] = str(_path(directory, part["name"], part["date"]))
        return msgspec.convert(stored, Manifest, dec_hook=lambda wanted, value: wanted(value))
    except FileNotFoundError:
        return Manifest()
    except (msgspec.MsgspecError, KeyError, TypeError, UnicodeError) as error:
        raise StorageFailed(f"{path}: damaged; restore it from a copy") from error


def write_manifest(directory: Path, manifest: Manifest) -> None:
    """Make the parts of a manifest the log, in one step."""
    content = msgspec.to_builtins(manifest, enc_hook=str)
    for part in content["parts"]:
        del part["path"]
    replace(directory / _FILE, msgspec.json.encode(content))


def write_part(directory: Path, table: pa.Table, on: str, *, gap_s: float) -> Part:
    """Write a part, and wait until it is on the disk.

    Args:
        directory: The log's directory.
        table: Whole sessions that begin on one day, ordered, with a column `session`.
        on: That day, YYYY-MM-DD.
        gap_s: Longest pause within a session, in seconds.
    """
    name = f"{on}-{uuid.uuid4().hex[:16]}"
    path = _path(directory, name, on)
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(complete(table, PART_SCHEMA), path, compression="zstd", row_group_size=_ROW_GROUP_ROWS)
    keys = Keys.of(table)
    spans, _ = keys.sessions(micros(gap_s))
    turns = np.sort(keys.turn).view(np.int64)
    np.save(_keys_path(path), np.concatenate([[len(turns)], turns, spans.array().ravel()]))
    for written in (path, _keys_path(path), path.parent, path.parent.parent):
        sync(written)
    said_at = keys.said_at
    return Part(
        name=name,
        path=path,
        date=on,
        rows=table.num_rows,
        sessions=len(table.column("session").unique()),
        first=int(said_at.min()),
        last=int(said_at.max()),
        size=path.stat().st_size,
    )


def sweep(directory: Path, keep: Collection[str]) -> None:
    """Remove the files of parts whose names are not among those to keep."""
    for path in (directory / "turns").glob("date=*/*"):
        if path.name.partition(".")[0] not in keep:
            remove(path)
            remove(path.parent)


def _path(directory: Path, name: str, on: str) -> Path:
    return directory / "turns" / f"date={on}" / f"{name}.parquet"


def _keys_path(path: Path) -> Path:
    return path.with_suffix(".keys.npy")
