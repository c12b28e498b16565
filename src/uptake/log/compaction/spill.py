"""Hold turns on disk, so that a log larger than memory can be checked whole before it is stored."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa

from uptake.log.disk import locked, remove
from uptake.log.keys import I64

__all__ = ["Source", "Spill", "distribute", "drop_unknown_columns", "scratch", "sweep_scratch"]

Source = Callable[[], Iterator[pa.Table]]
"""Gives tables with columns of `SCHEMA`, the same ones each time it is called."""

_ROWS = 131_072
_OPTIONS = pa.ipc.IpcWriteOptions(compression="lz4")


def drop_unknown_columns(table: pa.Table) -> pa.Table:
    """Drop the columns that are entirely null, so that a wide schema costs a narrow log nothing."""
    names = [name for name in table.column_names if table.column(name).null_count < table.num_rows]
    return table if len(names) == table.num_columns else table.select(names)


class Spill:
    """Tables on disk, written once, then read as often as needed, in the order they were added."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._writer: pa.RecordBatchFileWriter | None = None
        self._schema = pa.schema([])
        self._paths: list[Path] = []
        self.rows = 0
        self.bytes = 0

    def add(self, table: pa.Table) -> None:
        """Append a table with columns of `SCHEMA`, and others if they are always there."""
        if not table.num_rows:
            return
        table = drop_unknown_columns(table)
        new = [field for field in table.schema if field.name not in self._schema.names]
        if self._writer is None or new:
            self.finish()
            self._schema = pa.schema([*self._schema, *new])
            self._paths.append(self._directory / f"{uuid.uuid4().hex}.arrow")
            self._writer = pa.ipc.new_file(self._paths[-1], self._schema, options=_OPTIONS)
        whole = [
            table.column(field.name) if field.name in table.column_names else pa.nulls(table.num_rows, field.type)
            for field in self._schema
        ]
        self._writer.write_table(pa.Table.from_arrays(whole, schema=self._schema), max_chunksize=_ROWS)
        self.rows += table.num_rows
        self.bytes += table.nbytes

    def finish(self) -> None:
        """Close the file that is being written; needed before reading."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def tables(self) -> Iterator[pa.Table]:
        """Yield everything that was added."""
        for path in self._paths:
            with pa.memory_map(str(path)) as file:
                reader = pa.ipc.open_file(file)
                for index in range(reader.num_record_batches):
                    yield pa.Table.from_batches([reader.get_batch(index)])

    def close(self) -> None:
        """Remove the files."""
        self.finish()
        for path in self._paths:
            path.unlink(missing_ok=True)
        self._paths.clear()


def distribute(sources: list[Source], place: I64, places: int, directory: Path) -> list[Spill]:
    """Distribute the rows of sources to spills.

    Args:
        sources: Read one after the other.
        place: Number of each row's spill, shape (n,); rows with a negative number are dropped.
        places: Number of spills.
        directory: Directory of the spills.

    Returns:
        The spills; their tables have one more column, `row`: the number of the row in the sources, from 0.
    """
    spills = [Spill(directory) for _ in range(places)]
    start = 0
    for source in sources:
        for table in source():
            here = place[start : start + table.num_rows]
            numbered = table.append_column("row", pa.array(np.arange(start, start + table.num_rows)))
            start += table.num_rows
            order = np.argsort(here, kind="stable")
            bounds = np.searchsorted(here[order], np.arange(places + 1))
            for number in np.flatnonzero(np.diff(bounds)):
                spills[number].add(numbered.take(pa.array(order[bounds[number] : bounds[number + 1]])))
    for spill in spills:
        spill.finish()
    return spills


@contextmanager
def scratch(directory: Path) -> Iterator[Path]:
    """Yield a temporary directory for spills; if the process is killed, the next sweep removes it."""
    directory.mkdir(parents=True, exist_ok=True)
    mine = directory / uuid.uuid4().hex
    lock = mine.with_suffix(".lock")
    try:
        with locked(lock):  # before there is anything to sweep
            mine.mkdir()
            yield mine
    finally:
        shutil.rmtree(mine, ignore_errors=True)
        remove(lock)


def sweep_scratch(directory: Path) -> None:
    """Remove the scratch directories of processes that are gone."""
    for lock in directory.glob("*.lock"):
        with locked(lock, wait=False) as gone:
            if gone:
                shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
                remove(lock)
