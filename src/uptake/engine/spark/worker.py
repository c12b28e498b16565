"""Work of the executors: parts of the log come as bytes and leave as rows of the view; tables come and go as bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from uptake import __version__
from uptake.engine.spark.failures import told
from uptake.errors import EngineFailed, UptakeError

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["TAG_CHARS", "Applying", "Viewing", "packed", "unpacked"]

TAG_CHARS = 6
"""Length of the tag that stands before each `user_id` and says which part the row came from."""
_ROWS = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewing:
    """Make the view of parts that Spark read as whole files.

    A part's tag is put before `user_id`. Users of two parts are then different users, so a query that adds counts
    each part alone: the law of `protocols.Learner`.
    """

    make: Any
    """`protocols.View.make`."""
    parts: Mapping[str, tuple[str, Any]]
    """Name of a part's file -> its tag, and the part."""
    columns: tuple[str, ...]
    """Columns that the queries read."""
    version: str = __version__
    """Version of the package that sent this."""

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield the rows of every part in some batches of (path, content)."""
        with _telling(self.version):
            for batch in batches:
                for path, content in zip(batch.column("path").to_pylist(), batch.column("content"), strict=True):
                    yield from self._rows(path.rpartition("/")[2], content.as_buffer())

    def _rows(self, name: str, content: pa.Buffer) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa
        import pyarrow.compute as pc

        tag, part = self.parts[name]
        for table in self.make(part, content, self.columns):
            kept = table.select(self.columns)
            tagged = pc.binary_join_element_wise(pa.scalar(tag), kept.column("user_id"), "")
            at = kept.schema.get_field_index("user_id")
            yield from kept.set_column(at, "user_id", tagged).to_batches(max_chunksize=_ROWS)


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
