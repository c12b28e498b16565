"""Work of the executors: parts of the log come as bytes and leave as their counts; tables come and go as bytes.

Counts come to the one task that pools them as bytes, too, where only Spark's connectors reach them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from uptake import __version__
from uptake.engine.local import LocalEngine
from uptake.engine.spark.failures import told
from uptake.errors import EngineFailed, UptakeError
from uptake.protocols import Due, View

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Applying", "Counting", "Pooling", "packed", "pieces", "unpacked"]

_PIECE_BYTES = 32_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """Count parts that Spark read as whole files, each alone, as the local engine does.

    The answers about a part rest on that part alone, so nothing has to move between executors.
    """

    view: View
    """What the queries read."""
    queries: Mapping[str, str]
    """Name -> one SELECT over the view."""
    parts: Mapping[str, tuple[int, Any, tuple[str, ...]]]
    """Name of a part's file -> its number, the part, and the names of the queries that are wanted of it."""
    version: str = __version__
    """Version of the package that sent this."""

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield (part, name, content), a Parquet file an answer, for some batches of (path, content)."""
        with _telling(self.version):
            for batch in batches:
                for path, content in zip(batch.column("path").to_pylist(), batch.column("content"), strict=True):
                    yield from self._answers(*self.parts[path.rpartition("/")[2]], content.as_buffer())

    def _answers(self, number: int, part: Any, names: Sequence[str], content: pa.Buffer) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        with _place("uptake-") as place:
            into = {name: Path(place) / f"{at}.parquet" for at, name in enumerate(names)}
            engine = LocalEngine(threads=1, spill_directory=place)
            try:
                engine.count(self.queries, self.view, [Due(part, content, into)], lambda _: None)
            finally:
                engine.close()
            for name, file in into.items():
                yield pa.RecordBatch.from_pydict({"part": [number], "name": [name], "content": [file.read_bytes()]})


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooling:
    """Run one query over files and tables in one task, as the local engine does: out of core, within its memory."""

    sql: str
    """One SELECT."""
    files: Mapping[str, Sequence[str]]
    """Name of a relation -> paths of those of its files that lie where every executor finds them."""
    memory_limit: str
    """Most memory for buffers."""
    threads: int | None
    """Worker threads; None takes every core that this process may use."""
    version: str = __version__
    """Version of the package that sent this."""

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield the answer, in pieces, for batches of (name, path, content): tables, or files where a path is given."""
        import pyarrow as pa

        with _telling(self.version), _place("uptake-pool-") as place:
            relations, brought = self._relations(batches, Path(place))
            threads = self.threads or len(os.sched_getaffinity(0))
            engine = LocalEngine(memory_limit=self.memory_limit, threads=threads, spill_directory=place)
            try:
                for piece in pieces(engine.run(self.sql, **relations)):
                    yield pa.RecordBatch.from_pydict({"content": [piece]})
            except EngineFailed as error:
                raise EngineFailed(_named(str(error), brought)) from None
            finally:
                engine.close()

    def _relations(self, batches: Iterator[pa.RecordBatch], place: Path) -> tuple[dict[str, list[Any]], dict[str, str]]:
        """Name -> its files and tables; and copy -> where it came from, for files that were brought."""
        for path in (path for paths in self.files.values() for path in paths):
            if not Path(path).exists():
                raise EngineFailed(
                    f"an executor cannot see {path}: the state directory must be on a file system that every executor "
                    "has, or state_url under [engine] must say where the cluster finds it"
                )
        relations: dict[str, list[Any]] = {name: list(paths) for name, paths in self.files.items()}
        brought: dict[str, str] = {}
        for batch in batches:
            for name, path, content in zip(*batch.select(["name", "path", "content"]).columns, strict=True):
                if path.is_valid:
                    copy = place / f"{len(brought)}.parquet"
                    copy.write_bytes(content.as_buffer())
                    brought[str(copy)] = path.as_py()
                    relations[name.as_py()].append(copy)
                elif name.as_py():
                    relations[name.as_py()].append(unpacked(content.as_buffer()))
        return relations, brought


@dataclass(frozen=True, slots=True, kw_only=True)
class Applying:
    """Apply a function to tables that Spark carries as bytes."""

    function: Callable[[pa.Table], pa.Table]
    """Importable by its name."""
    version: str = __version__
    """Version of the package that sent this."""

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield the answer to each table in some batches of (at, content)."""
        import pyarrow as pa

        with _telling(self.version):
            for batch in batches:
                for at, content in zip(batch.column("at"), batch.column("content"), strict=True):
                    answer = packed(self.function(unpacked(content.as_buffer())))
                    yield pa.RecordBatch.from_pydict({"at": pa.array([at.as_py()], pa.int64()), "content": [answer]})


def pieces(batches: Iterable[pa.RecordBatch]) -> Iterator[bytes]:
    """Write batches, of which there is at least one, as several tables that Spark carries one by one."""
    import pyarrow as pa

    some: list[pa.RecordBatch] = []
    for batch in batches:
        some.append(batch)
        if sum(one.nbytes for one in some) >= _PIECE_BYTES:
            yield packed(pa.Table.from_batches(some))
            some = []
    if some:
        yield packed(pa.Table.from_batches(some))


def packed(table: pa.Table) -> bytes:
    """Write a table as bytes."""
    import pyarrow as pa

    with pa.BufferOutputStream() as out, pa.ipc.new_file(out, table.schema) as file:
        file.write_table(table)
    return bytes(out.getvalue())


def unpacked(content: Any) -> pa.Table:
    """Read what `packed` wrote."""
    import pyarrow as pa

    return pa.ipc.open_file(content).read_all()


def _place(prefix: str) -> TemporaryDirectory[str]:
    """Make a directory on the disk that Spark gave the executor, which goes with the task."""
    disk = os.environ.get("SPARK_LOCAL_DIRS", "").partition(",")[0] or None
    return TemporaryDirectory(prefix=prefix, dir=disk)


def _named(text: str, brought: Mapping[str, str]) -> str:
    """Name files by where they came from, in what is said of their copies."""
    for copy, path in brought.items():
        text = text.replace(copy, path)
    return text


@contextmanager
def _telling(version: str) -> Iterator[None]:
    """Compare versions, and have Spark carry home what errors of ours say."""
    try:
        if version != __version__:
            raise EngineFailed(
                f"the executors have uptake {__version__} and this process {version}: install the same on both"
            )
        yield
    except UptakeError as error:
        raise told(error) from None
