"""Store closed sessions on disk: Parquet parts by date, and the manifest that lists the parts of the log.

A part never changes. A change of the log writes new parts and then, atomically, a new manifest. The names of parts that
may be removed are written down first (`pending`), and nothing else is ever removed: a file that no manifest names may
belong to somebody, or to a log whose manifest was lost.
"""

from __future__ import annotations

import logging
import os
import tokenize
import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from dataclasses import replace as replace_fields
from functools import lru_cache
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import xxhash

from uptake.errors import StorageFailed
from uptake.log.disk import PRIVATE_DIRECTORY, checksum, open_private, remove, replace, stamp, sync
from uptake.log.keys import U64, Keys, Spans, micros
from uptake.log.schema import PART_SCHEMA, SCHEMA, complete

__all__ = [
    "Manifest",
    "Part",
    "drop_set_aside",
    "mark_pending",
    "read_manifest",
    "scan_parts",
    "sweep",
    "unlisted_files",
    "write_manifest",
    "write_part",
]

_VERSION = 2
"""From 2 on the manifest ends in a checksum, and names one for each part."""
_ROW_GROUP_ROWS = 250_000
_FILE, _PENDING = "manifest.json", "pending"
_KEYS_FORM = -2
_LOST = "run `uptake doctor --repair` to make it again from the parts"
_IDENTITY = ["turn_id", "user_id", "home_id", "device_id", "session_id", "said_at"]

_UNREADABLE = (OSError, ValueError, TypeError, IndexError, EOFError, SyntaxError, MemoryError, tokenize.TokenError)
"""What numpy raises for files that are no arrays."""

_checked: dict[Path, tuple[int, int, int]] = {}
"""Files whose checksum was compared in this process -> size, time of change and inode at that time."""
_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Whole sessions of one day, in one Parquet file that never changes.

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

    checksum: str = ""
    """XXH3 digest of the Parquet file; "" where an earlier version wrote it."""

    def table(self, columns: list[str] | None = None) -> pa.Table:
        """Return the part, or some columns of it, in memory."""
        with self._opened() as file:
            return _current(file.read(columns=columns), columns or PART_SCHEMA.names)

    def batches(self, rows: int = _ROW_GROUP_ROWS) -> Iterator[pa.Table]:
        """Yield the part in `SCHEMA`, in batches of so many rows."""
        with self._opened() as file:
            for batch in file.iter_batches(batch_size=rows, columns=SCHEMA.names):
                yield _current(pa.Table.from_batches([batch]), SCHEMA.names)

    def keys(self, *, gap_s: float) -> tuple[U64, Spans]:
        """Return the keys of its turns, ascending, and its sessions; memory-mapped, and rebuilt if damaged."""
        path = _keys_path(self.path)
        stored = _read_keys(path)
        if stored is None:
            stored = _keys_array(Keys.of(self.table(_IDENTITY)), gap_s)
            with suppress(OSError):  # where nothing may be written they are made each time
                fresh = path.with_name(f"{path.name}.{os.getpid()}")
                _write_keys(fresh, stored)
                fresh.replace(path)
        turns = int(stored[0])
        return stored[1 : turns + 1].view(np.uint64), Spans.of(stored[turns + 1 :].reshape(4, -1))

    def check(self, *, anew: bool = False) -> None:
        """Compare the file with its checksum, once per process as long as the file is not written to.

        Args:
            anew: Whether to read it again even if it was not written to.

        Raises:
            StorageFailed: It is damaged.
        """
        seen = stamp(self.path)
        if not self.checksum or (_checked.get(self.path) == seen and not anew):
            return
        if seen[0] != self.size or checksum(self.path) != self.checksum:
            raise self._damaged("it is not what was written")
        _checked[self.path] = seen

    def check_bytes(self, content: pa.Buffer) -> None:
        """Compare the bytes read from the file, possibly on another machine, with its checksum.

        Raises:
            StorageFailed: It is damaged.
        """
        if self.checksum and (len(content) != self.size or xxhash.xxh3_128_hexdigest(content) != self.checksum):
            raise self._damaged("it is not what was written")

    @contextmanager
    def _opened(self) -> Iterator[pa.parquet.ParquetFile]:
        self.check()
        import pyarrow.parquet as pq

        try:
            with pq.ParquetFile(self.path, page_checksum_verification=True) as file:
                yield file
        except FileNotFoundError:
            raise
        except (pa.ArrowException, OSError, UnicodeError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise
            raise self._damaged(type(error).__name__) from error

    def _damaged(self, how: str) -> StorageFailed:
        return StorageFailed(
            f"{self.path}: damaged ({how}); restore it from a copy, or `uptake doctor --repair` sets it aside"
        )


def _current(table: pa.Table, wished: Sequence[str]) -> pa.Table:
    """Add the columns and fields of later schema versions to a table, as nulls."""
    for index, field in enumerate(table.schema):
        wanted = PART_SCHEMA.field(field.name)
        if field.type != wanted.type:
            table = table.set_column(index, wanted, table.column(index).cast(wanted.type))
    later = [name for name in wished if name not in table.column_names]
    for name in later:
        table = table.append_column(PART_SCHEMA.field(name), pa.nulls(table.num_rows, PART_SCHEMA.field(name).type))
    return table.select(wished) if later else table


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """List of the log's parts, with the last journal row that they hold."""

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
        """Return the number of journal rows that are in the parts."""
        return self.through if self.journal == identity else 0


def read_manifest(directory: Path) -> Manifest:
    """Return the manifest of a log; an empty one if there is no log.

    Raises:
        StorageFailed: It is damaged or missing, or a later version wrote it.
    """
    path = directory / _FILE
    try:
        return _decoded(path, path.read_bytes())
    except FileNotFoundError:
        if unlisted_files(directory, ()) and not path.exists():
            raise StorageFailed(f"{path}: missing, but there are parts of a log beside it; {_LOST}") from None
        return Manifest()
    except (msgspec.MsgspecError, KeyError, TypeError, UnicodeError, AttributeError) as error:
        raise StorageFailed(f"{path}: damaged; {_LOST}") from error


@lru_cache(maxsize=2)
def _decoded(path: Path, content: bytes) -> Manifest:
    """Decode a manifest; repeated content is decoded once."""
    stored = msgspec.json.decode(content)
    if (version := stored["version"]) > _VERSION:
        raise StorageFailed(
            f"{path}: written by a later version of uptake (log version {version}; "
            f"this one knows {_VERSION}); upgrade uptake"
        )
    if version == _VERSION and stored.pop("checksum") != _checksum(stored):
        raise StorageFailed(f"{path}: damaged; {_LOST}")
    for part in stored["parts"]:
        part["path"] = str(_path(path.parent, part["name"], part["date"]))
    return msgspec.convert(stored, Manifest, dec_hook=lambda wanted, value: wanted(value))


def write_manifest(directory: Path, manifest: Manifest) -> None:
    """Make the parts of a manifest the log, atomically."""
    content = msgspec.to_builtins(msgspec.structs.replace(manifest, version=_VERSION), enc_hook=str)
    for part in content["parts"]:
        del part["path"]
    content = msgspec.json.decode(msgspec.json.encode(content))  # numbers as they will be read
    replace(directory / _FILE, msgspec.json.encode({**content, "checksum": _checksum(content)}))


def _checksum(content: dict[str, object]) -> str:
    return str(xxhash.xxh3_128_hexdigest(msgspec.json.encode(content, order="sorted")))


def unlisted_files(directory: Path, known: Collection[str]) -> list[Path]:
    """Return the Parquet files of a log that are neither known parts nor pending removal."""
    there = sorted((directory / "turns").glob("date=*/*.parquet"))  # before `pending`, which is written first
    if not there:
        return []
    explained = set(known).union(_pending(directory))
    return [path for path in there if path.stem not in explained]


def scan_parts(directory: Path, *, only: str = "*") -> list[Part]:
    """Return the parts described by the Parquet files of a log, whether or not a manifest names them.

    Args:
        directory: The log's directory.
        only: Name of one part; "*" for all.

    Raises:
        StorageFailed: One is damaged.
    """
    import pyarrow.compute as pc

    parts = []
    for path in sorted((directory / "turns").glob(f"date=*/{only}.parquet")):
        blank = Part(
            name=path.stem,
            path=path,
            date=path.parent.name.removeprefix("date="),
            rows=0, sessions=0, first=0, last=0, size=path.stat().st_size,
        )  # fmt: skip
        table = blank.table(["said_at", "session"])
        if table.num_rows and path.stem.startswith(f"{blank.date}-"):
            reach = pc.min_max(table.column("said_at")).as_py()
            parts.append(
                replace_fields(
                    blank,
                    rows=table.num_rows,
                    sessions=len(table.column("session").unique()),
                    first=reach["min"],
                    last=reach["max"],
                    checksum=checksum(path),
                )
            )
    return parts


def write_part(directory: Path, table: pa.Table, on: str, *, gap_s: float) -> Part:
    """Write a part, and wait until it is on disk.

    Args:
        directory: The log's directory.
        table: Whole sessions that begin on one day, ordered, with a column `session`.
        on: That day, YYYY-MM-DD.
        gap_s: Longest pause within a session, in seconds.
    """
    import pyarrow.parquet as pq

    name = f"{on}-{uuid.uuid4().hex[:16]}"
    path = _path(directory, name, on)
    path.parent.mkdir(mode=PRIVATE_DIRECTORY, parents=True, exist_ok=True)
    mark_pending(directory, [name])
    with open(path, "wb", opener=open_private) as file:
        pq.write_table(
            complete(table, PART_SCHEMA),
            file,
            compression="zstd",
            row_group_size=_ROW_GROUP_ROWS,
            write_page_checksum=True,
        )
    keys = Keys.of(table)
    _write_keys(_keys_path(path), _keys_array(keys, gap_s))
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
        checksum=checksum(path),
    )


def mark_pending(directory: Path, names: Iterable[str]) -> None:
    """Write down the names of parts that the next sweep removes, unless a manifest names them then."""
    with open(directory / _PENDING, "a", encoding="utf-8", opener=open_private) as file:
        file.writelines(f"{name}\n" for name in names)
        file.flush()
        os.fsync(file.fileno())


def sweep(directory: Path, keep: Collection[str]) -> None:
    """Remove the files of pending parts whose names are not among those to keep, and nothing else."""
    pending = _pending(directory)
    for name in pending.difference(keep):
        for path in (directory / "turns" / f"date={name[:10]}").glob(f"{name}.*"):
            remove(path)
            remove(path.parent)
    if pending:
        remove(directory / _PENDING)


def drop_set_aside(directory: Path) -> int:
    """Remove files that repairs set aside; returns their number."""
    there = [*directory.glob("damaged-*"), *directory.glob("turns/date=*/*.damaged")]
    for path in there:
        remove(path)
    return len(there)


def _pending(directory: Path) -> set[str]:
    try:
        return set((directory / _PENDING).read_text(encoding="utf-8", errors="replace").split())
    except FileNotFoundError:
        return set()


def _read_keys(path: Path) -> npt.NDArray[np.int64] | None:
    """Return the stored keys of a part, memory-mapped; None if they are damaged or of an earlier format."""
    try:
        seen, stored = stamp(path), np.load(path, mmap_mode="r")
        if stored.dtype != np.int64 or stored.ndim != 1:
            raise ValueError("another array")
        if int(stored[0]) >= 0:  # of an earlier version: turns were known by their ids alone
            return None
        body = stored[2:]
        if _checked.get(path) != seen:
            if int(stored[0]) != _KEYS_FORM or int(stored[1]) != _digest(body):
                raise ValueError("another checksum")
            _checked[path] = seen
    except FileNotFoundError:
        return None
    except _UNREADABLE as error:
        _logger.warning("%s: damaged (%s); it is made again from its part", path, type(error).__name__)
        return None
    else:
        return np.asarray(body)


def _keys_array(keys: Keys, gap_s: float) -> npt.NDArray[np.int64]:
    spans, _ = keys.sessions(micros(gap_s))
    turns = np.sort(keys.turn).view(np.int64)
    return np.concatenate([[len(turns)], turns, spans.array().ravel()]).astype(np.int64)


def _write_keys(path: Path, body: npt.NDArray[np.int64]) -> None:
    with open(path, "wb", opener=open_private) as file:
        np.save(file, np.concatenate([[_KEYS_FORM, _digest(body)], body]))


def _digest(body: npt.NDArray[np.int64]) -> int:
    return int(np.uint64(xxhash.xxh3_64_intdigest(np.ascontiguousarray(body).data)).astype(np.int64))


def _path(directory: Path, name: str, on: str) -> Path:
    return directory / "turns" / f"date={on}" / f"{name}.parquet"


def _keys_path(path: Path) -> Path:
    return path.with_suffix(".keys.npy")
