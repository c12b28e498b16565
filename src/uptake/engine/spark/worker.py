"""Work of the executors: parts of the log come as bytes and leave as their counts; tables come and go as bytes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
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

__all__ = ["Applying", "Counting", "packed", "unpacked"]


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

        disk = os.environ.get("SPARK_LOCAL_DIRS", "").partition(",")[0] or None
        with TemporaryDirectory(prefix="uptake-", dir=disk) as place:
            into = {name: Path(place) / f"{at}.parquet" for at, name in enumerate(names)}
            engine = LocalEngine(threads=1, spill_directory=place)
            try:
                engine.count(self.queries, self.view, [Due(part, content, into)], lambda _: None)
            finally:
                engine.close()
            for name, file in into.items():
                yield pa.RecordBatch.from_pydict({"part": [number], "name": [name], "content": [file.read_bytes()]})


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
