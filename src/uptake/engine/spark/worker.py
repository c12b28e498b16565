"""Work of the executors: a part of the log comes as bytes and leaves as rows of the view that learners count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from uptake import __version__
from uptake.engine.spark.failures import told
from uptake.errors import EngineFailed, UptakeError

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["TAG_CHARS", "Viewing"]

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
        try:
            if self.version != __version__:
                raise EngineFailed(
                    f"the executors have uptake {__version__} and this process {self.version}: install the same on both"
                )
            for batch in batches:
                for path, content in zip(batch.column("path").to_pylist(), batch.column("content"), strict=True):
                    yield from self._rows(path.rpartition("/")[2], content.as_buffer())
        except UptakeError as error:
            raise told(error) from None

    def _rows(self, name: str, content: pa.Buffer) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa
        import pyarrow.compute as pc

        tag, part = self.parts[name]
        for table in self.make(part, content, self.columns):
            kept = table.select(self.columns)
            tagged = pc.binary_join_element_wise(pa.scalar(tag), kept.column("user_id"), "")
            at = kept.schema.get_field_index("user_id")
            yield from kept.set_column(at, "user_id", tagged).to_batches(max_chunksize=_ROWS)
