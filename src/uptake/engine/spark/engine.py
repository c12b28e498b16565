"""The cluster engine: learners' SQL on Spark, over the log's Parquet parts where they lie.

Parts are read by Spark's own connectors as whole files. A part is counted alone, so an executor does it as the local
engine does, and one Parquet file a part and learner is kept: either engine goes on from what the other counted.
Pooling reads the counts of all parts, and only its answers come to this process. Below a size of the counts, one task
runs the query as the local engine does, since Spark SQL writes out, divides and reads again what one process can join
in place; above it, pooling is Spark SQL.

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

from uptake.engine.local import MEMORY_LIMIT, check_limits
from uptake.engine.sizes import size_in_bytes
from uptake.engine.spark.components import connected
from uptake.engine.spark.failures import explained
from uptake.engine.spark.session import SparkSettings, close_session, cores, open_session
from uptake.engine.spark.worker import Applying, Counting, Pooling, packed, pieces, unpacked
from uptake.errors import BadConfig, EngineFailed, StorageFailed
from uptake.protocols import Due, View

__all__ = ["MASTER", "POOL_LIMIT", "SparkEngine"]

MASTER = "local[*]"
"""Where Spark runs, unless the caller says otherwise: on every core of this machine."""

POOL_LIMIT = "2GB"
"""Size of the counts, on disk, from which Spark SQL pools them, unless the caller says otherwise."""

_LOCAL = "file://"
_PARTS_AT_ONCE = 256
_BATCH_ROWS = 131_072
_SCRATCH, _WRITTEN, _ANSWER = ".spark", "written", "answer"


class SparkEngine:
    """Runs SQL over Arrow tables and Parquet files on Spark: implements `protocols.Engine`.

    Safe to share between threads, which wait for each other: Spark spreads each query over the cluster.

    Args:
        directory: The state directory: parts and counts lie under it.
        master: Where Spark runs: local[N], spark://HOST:PORT, sc://HOST:PORT, yarn, k8s://URL.
        state_url: The state directory as the cluster finds it, for example "s3a://bucket/home"; None for its own path.
        pool_limit: Size of what a query reads, for example "2GB", from which Spark SQL runs it; below, one task does.
        memory_limit: Most memory for buffers of that task; what exceeds it is spilled.
        threads: Worker threads of that task; None takes those that Spark gave its executor.
        settings: Properties of Spark, for example {"spark.executor.memory": "4g"}.
    """

    def __init__(  # noqa: PLR0913 - one an option of the table [engine]
        self,
        directory: Path,
        *,
        master: str = MASTER,
        state_url: str | None = None,
        pool_limit: str = POOL_LIMIT,
        memory_limit: str = MEMORY_LIMIT,
        threads: int | None = None,
        settings: SparkSettings | None = None,
    ) -> None:
        self._pool_limit, self._memory_limit = size_in_bytes(pool_limit, "pool_limit"), memory_limit
        check_limits(memory_limit, threads)
        if state_url is not None and "://" not in state_url:
            raise BadConfig("engine: state_url must be a URL, for example s3a://bucket/path or file:///mnt/state")
        self._directory = Path(directory).absolute()
        self._root = (state_url or f"file://{self._directory}").rstrip("/")
        self._lock = threading.RLock()
        self._session, own = open_session(master, settings or {})
        self._threads = threads or cores(self._session, master)
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
            StorageFailed: A file is gone.
        """
        given = {name: relation if isinstance(relation, list) else [relation] for name, relation in relations.items()}
        files = [Path(one) for several in given.values() for one in several if isinstance(one, (str, Path))]
        with self._working(), _there(files, "pooled"):
            if _size(given) < self._pool_limit:
                return self._in_one_task(sql, given)
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
        for start in range(0, len(due), _PARTS_AT_ONCE):
            progress(start)
            some = due[start : start + _PARTS_AT_ONCE]
            with self._working(), _scratch(some) as scratch, _there([one.path for one in some], "counted"):
                self._count(queries, view, some, scratch)

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

    def _count(self, queries: Mapping[str, str], view: View, due: Sequence[Due], scratch: Path) -> None:
        """Count some parts, a task each, and put the files in place when all are done."""
        import pyarrow.parquet as pq

        parts = {one.path.name: (at, one.part, tuple(one.into)) for at, one in enumerate(due)}
        files = self._session.read.format("binaryFile").option("recursiveFileLookup", "true")
        content = files.load([_plain(self._url(one.path)) for one in due]).select("path", "content")
        counting = Counting(view=view, queries=queries, parts=parts)
        answers = content.mapInArrow(counting, "part bigint, name string, content binary")
        with self._set("spark.sql.files.maxPartitionBytes", "1"):
            # A row group for each answer: Spark would hold a hundred of them before it looks how large they are.
            writing = answers.write.option("parquet.block.row.count.limit", "1")
            writing.parquet(self._url(scratch / _WRITTEN), compression="none")
        if not (scratch / _WRITTEN).is_dir():
            raise EngineFailed(
                "what the cluster wrote is not to be found here: the state directory must be on a file system that "
                "every executor shares with this machine"
            )
        for path in sorted((scratch / _WRITTEN).glob("*.parquet")):
            with pq.ParquetFile(path) as file:
                for batch in file.iter_batches(1):
                    part, name, counted = (column[0] for column in batch.columns)
                    whole = scratch / _ANSWER
                    whole.write_bytes(counted.as_buffer())
                    whole.replace(due[part.as_py()].into[name.as_py()])

    def _in_one_task(self, sql: str, relations: Mapping[str, Sequence[Any]]) -> Any:
        """Run a query in one task: files are read where they lie, or brought by Spark's connectors; tables are sent."""
        import pyarrow as pa
        from pyspark.sql import functions as f

        lying: dict[str, list[str]] = {}
        rows = self._pieces(relations)
        for name, several in relations.items():
            urls = [self._url(Path(one)) for one in several if isinstance(one, (str, Path))]
            lying[name] = [url.removeprefix(_LOCAL) for url in urls if url.startswith(_LOCAL)]
            if far := [_plain(url) for url in urls if not url.startswith(_LOCAL)]:
                files = self._session.read.format("binaryFile").option("recursiveFileLookup", "true").load(far)
                rows = rows.unionByName(files.select(f.lit(name).alias("name"), "path", "content"))
        pooling = Pooling(sql=sql, files=lying, memory_limit=self._memory_limit, threads=self._threads)
        with self._set("spark.sql.execution.arrow.maxRecordsPerBatch", "1"):
            answer = rows.coalesce(1).mapInArrow(pooling, "content binary").toArrow()
        return pa.concat_tables([unpacked(content.as_buffer()) for content in answer["content"]])

    def _pieces(self, relations: Mapping[str, Sequence[Any]]) -> Any:
        """Make a data frame of the tables among some relations, in pieces; and of a row without any."""
        import pyarrow as pa

        found = [("", b"")]  # else without tables there would be no task
        tables = [
            (name, one) for name, several in relations.items() for one in several if not isinstance(one, (str, Path))
        ]
        for name, table in tables:
            batches = table.to_batches(_BATCH_ROWS) or [pa.RecordBatch.from_pylist([], schema=table.schema)]
            found += [(name, piece) for piece in pieces(batches)]
        names, contents = zip(*found, strict=True)
        schema = pa.schema([("name", pa.string()), ("path", pa.string()), ("content", pa.binary())])
        columns = [pa.array(names), pa.nulls(len(names), pa.string()), pa.array(contents)]
        return self._session.createDataFrame(pa.table(columns, schema=schema))

    def _bind(self, name: str, relation: Any) -> None:
        """Let a relation answer to a name; one that is asked again and again is looked up once."""
        held, frame = self._last.get(name, (None, None))
        if held is not relation:
            frame = self._frame(relation if isinstance(relation, list) else [relation])
            self._last[name] = (relation, frame)
        frame.createOrReplaceTempView(name)

    def _frame(self, several: Sequence[Any]) -> Any:
        """Make a data frame of files and tables of one shape."""
        from pyspark.sql.pandas.types import from_arrow_schema

        if not several:
            raise EngineFailed("a relation is an empty list; give at least one table or Parquet file")
        tables = [one for one in several if not isinstance(one, (str, Path))]
        urls = [_plain(self._url(Path(one))) for one in several if isinstance(one, (str, Path))]
        frames = [self._sent(one) for one in tables if one.num_rows or not urls]
        if urls:
            files = self._session.read.option("recursiveFileLookup", "true")
            if tables:  # else Spark opens a file to see
                files = files.schema(from_arrow_schema(tables[0].schema))
            frames.append(files.parquet(*urls))
        whole = frames[0]
        for frame in frames[1:]:
            whole = whole.unionByName(frame)
        return whole

    def _sent(self, table: Any) -> Any:
        """Make a data frame of an Arrow table; Spark Connect takes an empty one only as a list."""
        from pyspark.sql.pandas.types import from_arrow_schema

        if table.num_rows:
            return self._session.createDataFrame(table)
        return self._session.createDataFrame([], from_arrow_schema(table.schema))

    def _url(self, path: Path) -> str:
        """Return the address by which the cluster finds a path."""
        path = path.absolute()
        if path.is_relative_to(self._directory):
            return f"{self._root}/{path.relative_to(self._directory).as_posix()}"
        return f"file://{path.as_posix()}"

    @contextmanager
    def _set(self, name: str, value: str) -> Iterator[None]:
        """Give a property of Spark another value meanwhile."""
        before = self._session.conf.get(name)
        self._session.conf.set(name, value)
        try:
            yield
        finally:
            self._session.conf.set(name, before)

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


def _size(relations: Mapping[str, Sequence[Any]]) -> int:
    """Bytes of files on disk and of tables in memory."""
    every = [one for several in relations.values() for one in several]
    return sum(Path(one).stat().st_size if isinstance(one, (str, Path)) else one.nbytes for one in every)


@contextmanager
def _there(files: Sequence[Path], doing: str) -> Iterator[None]:
    """Tell a file that is gone from one that only the cluster cannot see.

    Args:
        files: What is read meanwhile.
        doing: What is done with them.

    Raises:
        StorageFailed: One is gone.
    """
    try:
        yield
    except Exception:
        for path in files:
            if not path.exists():
                raise StorageFailed(
                    f"{path}: gone while it was {doing}; the log was rewritten meanwhile: run it again"
                ) from None
        raise
