"""The cluster engine: learners' SQL on Spark, over the log's Parquet parts where they lie.

Parts are read by Spark's own connectors as whole files and marked by the same Python functions, as Arrow batches.
Statistics are Spark SQL, written beside those of the local engine: one Parquet file a part and learner, so either
engine goes on from what the other counted. Pooling is Spark SQL too: only its answers come to this process.

Limit: a part must fit three times into an executor's memory (parts hold at most `part_rows` turns, by default 500,000).
"""

from __future__ import annotations

import re
import shutil
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from uptake.engine.local import columns_read
from uptake.engine.spark.components import connected
from uptake.engine.spark.failures import explained
from uptake.engine.spark.session import SparkSettings, close_session, open_session
from uptake.engine.spark.worker import TAG_CHARS, Applying, Viewing, packed, unpacked
from uptake.errors import BadConfig, EngineFailed, StorageFailed
from uptake.protocols import Due, View

__all__ = ["MASTER", "SparkEngine"]

MASTER = "local[*]"
"""Where Spark runs, unless the caller says otherwise: on every core of this machine."""

_PARTS_AT_ONCE = 64
_SCRATCH = ".spark"
_TAG = "uptake_tag"
"""Column of the part's tag, taken off `user_id` again; no learner has a key of that name."""
_DDL = {"string": "string", "int64": "bigint", "double": "double", "bool": "boolean"}


class SparkEngine:
    """Runs SQL over Arrow tables and Parquet files on Spark: implements `protocols.Engine`.

    Safe to share between threads, which wait for each other: Spark spreads each query over the cluster.

    Args:
        directory: The state directory: parts and counts lie under it.
        master: Where Spark runs: local[N], spark://HOST:PORT, sc://HOST:PORT, yarn, k8s://URL.
        state_url: The state directory as the cluster finds it, for example "s3a://bucket/home"; None for its own path.
        settings: Properties of Spark, for example {"spark.executor.memory": "4g"}.
    """

    def __init__(
        self,
        directory: Path,
        *,
        master: str = MASTER,
        state_url: str | None = None,
        settings: SparkSettings | None = None,
    ) -> None:
        if state_url is not None and "://" not in state_url:
            raise BadConfig("engine: state_url must be a URL, for example s3a://bucket/path or file:///mnt/state")
        self._directory = Path(directory).absolute()
        self._root = (state_url or f"file://{self._directory}").rstrip("/")
        self._lock = threading.RLock()
        self._session, own = open_session(master, settings or {})
        self._last: dict[str, tuple[Any, Any]] = {}  # name -> relation that was asked last, and its data frame
        self._finalizer = weakref.finalize(self, _close, self._session if own else None)

    def close(self) -> None:
        """Leave the cluster. Closing twice is harmless."""
        self._finalizer()

    def run(self, sql: str, **relations: Any) -> Iterator[Any]:
        """Run one query and yield its answer as `pa.RecordBatch`es. Raises as `table` does."""
        yield from self.table(sql, **relations).to_batches()

    def table(self, sql: str, **relations: Any) -> Any:
        """Run one query and return its whole answer as a `pa.Table`.

        Args:
            sql: One SELECT.
            relations: What its tables are: a `pa.Table`, a Parquet path, or a list of both of one shape.

        Raises:
            EngineFailed: The query is wrong, the cluster failed, or it cannot see the files.
        """
        with self._working():
            for name, relation in relations.items():
                self._bind(name, relation)
            return self._session.sql(sql).toArrow()

    def count(
        self, queries: Mapping[str, str], view: View, due: Sequence[Due], progress: Callable[[int], None]
    ) -> None:
        """Run queries over each part alone, on the executors, and have them write each answer.

        Args:
            queries: Name -> one SELECT over the view, whose answers add (the law of `protocols.Learner`).
            view: What the queries read.
            due: The parts, and which answers are wanted of each.
            progress: Is told how many parts are done.

        Raises:
            EngineFailed: The cluster failed, or it cannot see the files.
            StorageFailed: A part is damaged or gone, or a file could not be put in place.
        """
        columns = columns_read(queries.values(), view.schema)
        for start in range(0, len(due), _PARTS_AT_ONCE):
            progress(start)
            some = due[start : start + _PARTS_AT_ONCE]
            with self._working(), _scratch(some) as scratch:
                try:
                    self._count(queries, view, columns, some, scratch)
                except Exception:
                    _look_for(some)
                    raise

    def each(self, function: Callable[[Any], Any], tables: Sequence[Any]) -> list[Any]:
        """Apply a function to tables on the executors, a task a table; answers in their order.

        Args:
            function: Takes and returns a `pa.Table`; the executors import it by its name.
            tables: What it is applied to, each of less than 2 GB.

        Raises:
            EngineFailed: The cluster failed.
        """
        import pyarrow as pa

        if not tables:
            return []
        sent = pa.table({"at": pa.array(range(len(tables)), pa.int64()), "content": [*map(packed, tables)]})
        with self._working():
            rows = self._session.createDataFrame(sent).repartition(len(tables), "at")
            answers = rows.mapInArrow(Applying(function=function), "at bigint, content binary").toArrow()
        found = zip(answers["at"].to_pylist(), answers["content"], strict=True)
        return [unpacked(content.as_buffer()) for _, content in sorted(found, key=lambda one: one[0])]

    def connected(self, edges: Any) -> Any:
        """Find the connected components of a graph on the executors. See `protocols.Engine.connected`."""
        with self._working():
            return connected(self._sent(edges)).toArrow()

    def _count(
        self, queries: Mapping[str, str], view: View, columns: Sequence[str], due: Sequence[Due], scratch: Path
    ) -> None:
        """Count some parts: one pass of marking, which stays with the executors until every query has read it."""
        tags = [f"{at:0{TAG_CHARS}x}" for at in range(len(due))]
        parts = {one.path.name: (tag, one.part) for tag, one in zip(tags, due, strict=True)}
        files = self._session.read.format("binaryFile").option("recursiveFileLookup", "true")
        content = files.load([_plain(self._url(one.path)) for one in due]).select("path", "content")
        marking = Viewing(make=view.make, parts=parts, columns=tuple(columns))
        rows = content.mapInArrow(marking, _shape(view.schema, columns)).persist()
        try:
            for name, sql in queries.items():
                into = {tag: one.into[name] for tag, one in zip(tags, due, strict=True) if name in one.into}
                if into:
                    rows.createOrReplaceTempView(view.name)
                    self._write(self._session.sql(sql), scratch / name, into)
        finally:
            rows.unpersist()

    def _write(self, counts: Any, scratch: Path, into: Mapping[str, Path]) -> None:
        """Write the counts of each part to a file of its own, and put the files in place."""
        import pyarrow.parquet as pq
        from pyspark.sql import functions as f

        empty = counts.limit(0).toArrow()
        user = f.col("user_id")
        apart = counts.withColumn(_TAG, f.substring(user, 1, TAG_CHARS))
        apart = apart.withColumn("user_id", f.expr(f"substring(user_id, {TAG_CHARS + 1})"))
        apart = apart.filter(f.col(_TAG).isin(list(into))).repartition(_TAG)
        apart.write.partitionBy(_TAG).parquet(self._url(scratch), compression="snappy")
        if not scratch.is_dir():
            raise EngineFailed(
                "what the cluster wrote is not to be found here: the state directory must be on a file system that "
                "every executor shares with this machine"
            )
        for tag, path in into.items():
            written = sorted((scratch / f"{_TAG}={tag}").glob("*.parquet"))
            if len(written) > 1:
                raise EngineFailed("the cluster wrote a part's counts into several files; this must not happen")
            if not written:
                written = [scratch / f"{tag}.parquet"]
                pq.write_table(empty, written[0])
            written[0].replace(path)

    def _bind(self, name: str, relation: Any) -> None:
        """Let a relation answer to a name; one that is asked again and again is looked up once."""
        held, frame = self._last.get(name, (None, None))
        if held is not relation:
            frame = self._frame(relation if isinstance(relation, list) else [relation])
            self._last[name] = (relation, frame)
        frame.createOrReplaceTempView(name)

    def _frame(self, several: Sequence[Any]) -> Any:
        """Make a data frame of files and tables of one shape."""
        if not several:
            raise EngineFailed("a relation is an empty list; give at least one table or Parquet file")
        urls = [_plain(self._url(Path(one))) for one in several if isinstance(one, (str, Path))]
        frames = [self._sent(one) for one in several if not isinstance(one, (str, Path))]
        if urls:
            files = self._session.read.option("recursiveFileLookup", "true")
            if frames:  # else Spark opens a file to see
                files = files.schema(frames[0].schema)
            frames.append(files.parquet(*urls))
        whole = frames[0]
        for frame in frames[1:]:
            whole = whole.unionByName(frame)
        return whole

    def _sent(self, table: Any) -> Any:
        """Make a data frame of an Arrow table; Spark Connect takes an empty one only as a list."""
        if table.num_rows:
            return self._session.createDataFrame(table)
        return self._session.createDataFrame([], _shape(table.schema, table.schema.names))

    def _url(self, path: Path) -> str:
        """Return the address by which the cluster finds a path."""
        path = path.absolute()
        if path.is_relative_to(self._directory):
            return f"{self._root}/{path.relative_to(self._directory).as_posix()}"
        return f"file://{path.as_posix()}"

    @contextmanager
    def _working(self) -> Iterator[None]:
        """Keep other threads waiting, and turn whatever Spark raises into one clear error."""
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException

        with self._lock:
            if not self._finalizer.alive:
                raise EngineFailed("the engine is closed; make another one")
            try:
                yield
            except (PySparkException, Py4JError, ConnectionError) as error:
                raise EngineFailed(explained(error)) from None


def _close(session: Any) -> None:
    if session is not None:
        close_session(session)


def _shape(schema: Any, columns: Sequence[str]) -> str:
    """Write columns and their types as Spark does."""
    return ", ".join(f"`{name}` {_DDL[str(schema.field(name).type)]}" for name in columns)


def _plain(url: str) -> str:
    """Write a URL so that Spark takes it for one file, and not for a pattern of names."""
    return re.sub(r"([\\{}\[\]*?])", r"\\\1", url)


@contextmanager
def _scratch(due: Sequence[Due]) -> Iterator[Path]:
    """A directory beside the counts, on the same file system, that is empty before and gone afterwards."""
    path = next(iter(due[0].into.values())).parent.parent / _SCRATCH
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(mode=0o700)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _look_for(due: Sequence[Due]) -> None:
    """Tell a part that is gone from one that only the cluster cannot see.

    Raises:
        StorageFailed: One is gone.
    """
    for one in due:
        if not one.path.exists():
            raise StorageFailed(f"{one.path}: gone while it was counted; the log was rewritten meanwhile: run it again")
