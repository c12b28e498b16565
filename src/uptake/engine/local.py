"""Embedded engine: DuckDB, within a memory limit, spilling to disk above it.

A learner's SQL uses the subset that DuckDB and Spark SQL have in common, so that a log that outgrows one machine needs
another engine and no other query.

The statistics of a part are grouped by one thread while the next part is marked: two threads on so small a grouping
cost a third more CPU than one.

Limit: DuckDB's memory limit covers its own buffers. Arrow batches held by the caller come on top, and a few operators
keep a share that cannot be spilled: allow about 300 MB above the limit.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import threading
import uuid
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from uptake.engine.sizes import size_in_bytes
from uptake.errors import BadConfig, EngineFailed, StorageFailed
from uptake.protocols import Due, Engine, View

__all__ = ["MEMORY_LIMIT", "EngineStatistics", "LocalEngine", "check_limits", "columns_read"]

MEMORY_LIMIT = "1GB"
"""Most memory for buffers, unless the caller says otherwise."""

_NAME = re.compile(r"[a-z_][a-z0-9_]*")
_LEAST_BYTES = 32_000_000
_BATCH_ROWS = 131_072
# Without dictionaries, a third faster to write: keys of statistics hardly repeat within a row group.
_FORMAT = "FORMAT parquet, COMPRESSION lz4_raw, DICTIONARY_SIZE_LIMIT 1"
# What these say is about the SQL text, never about a value of the log.
_ABOUT_SQL = ("BinderException", "CatalogException", "ParserException", "SyntaxException")
_ABOUT_DISK = ("max_temp_directory_size", "No space left on device")


class LocalEngine:
    """Engine that runs SQL over Arrow tables and Parquet files on this machine.

    Safe to share between threads: each query has its own cursor on the one database.

    >>> import pyarrow as pa
    >>> engine = LocalEngine(memory_limit="256MB")
    >>> said = pa.table({"request": ["stop", "stop", "play jazz"]})
    >>> engine.table("SELECT count(*) AS n FROM said GROUP BY request ORDER BY n", said=said)["n"].to_pylist()
    [1, 2]

    Args:
        memory_limit: Most memory for buffers, for example "1GB"; at least 32MB. Anything above is spilled to disk.
        threads: Worker threads; None uses every core.
        spill_directory: Directory for spilled data; None makes one in the system's temporary directory and removes it.
    """

    def __init__(
        self, *, memory_limit: str = MEMORY_LIMIT, threads: int | None = None, spill_directory: Path | str | None = None
    ) -> None:
        import duckdb

        check_limits(memory_limit, threads)
        own = Path(tempfile.gettempdir()) / f"uptake-spill-{uuid.uuid4().hex}"
        spill = own if spill_directory is None else _writable(Path(spill_directory))
        settings: dict[str, Any] = {
            "memory_limit": memory_limit,
            "temp_directory": str(spill),
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
            **({} if threads is None else {"threads": threads}),
        }
        self._duckdb = duckdb
        self._lock = threading.Lock()
        self._connection = duckdb.connect(":memory:", config=settings)
        counts = spill / f"counts-{uuid.uuid4().hex}"
        self._counting = duckdb.connect(":memory:", config={**settings, "threads": 1, "temp_directory": str(counts)})
        self.memory_limit = memory_limit
        self._finalizer = weakref.finalize(self, _close, (self._connection, self._counting), (own, counts))

    def close(self) -> None:
        """Release memory and spilled files. Closing twice is harmless."""
        self._finalizer()

    def run(self, sql: str, **relations: Any) -> Iterator[Any]:
        """Run one query and yield its answer as `pa.RecordBatch`es of at most 131 072 rows; of no rows one without any.

        Sums of integers come as decimals: cast them in the SQL, as every learner does.

        Args:
            sql: One SELECT.
            relations: Name -> relation: a `pa.Table`, a `pa.RecordBatchReader`, a Parquet path, or a list of tables and
                paths of one schema, which are read as one.

        Raises:
            EngineFailed: The query is wrong, or memory and disk together were not enough.
        """
        import pyarrow as pa

        with self._cursor(relations) as cursor:
            reader, empty = cursor.sql(sql).to_arrow_reader(_BATCH_ROWS), True
            for batch in reader:
                empty = False
                yield batch
            if empty:
                yield pa.RecordBatch.from_pylist([], schema=reader.schema)

    def table(self, sql: str, **relations: Any) -> Any:
        """Run one query and return its whole answer as a `pa.Table`. Raises as `run` does."""
        with self._cursor(relations) as cursor:
            return cursor.sql(sql).to_arrow_table(_BATCH_ROWS)

    def write(self, sql: str, path: Path, **relations: Any) -> int:
        """Run one query in this thread only, and write its result to a Parquet file, atomically.

        Returns:
            Number of rows written.

        Raises:
            EngineFailed: As in `run`.
            StorageFailed: The file could not be put in place.
        """
        partial = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
        try:
            with self._cursor(relations, self._counting) as cursor:
                copied = cursor.execute(f"COPY ({sql}) TO {_quoted(partial)} ({_FORMAT})").fetchone()
            partial.replace(path)
        except OSError as error:
            raise StorageFailed(f"{path}: could not be written ({error.strerror or error})") from error
        finally:
            partial.unlink(missing_ok=True)
        return int(copied[0]) if copied else 0

    def count(
        self, queries: Mapping[str, str], view: View, due: Sequence[Due], progress: Callable[[int], None]
    ) -> None:
        """Run queries over each part alone, and write each result to its file.

        Args:
            queries: Name -> one SELECT over the view.
            view: Name of the relation that the queries read.
            due: The parts, with the queries to run on each.
            progress: Called with the number of parts done.

        Raises:
            EngineFailed: As in `run`.
            StorageFailed: A part is damaged or gone, or a file could not be put in place.
        """
        import pyarrow as pa

        columns = columns_read(queries.values(), view.schema)
        empty = view.schema.empty_table().select(columns)
        counting: Future[None] | None = None
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="uptake-count") as beside:
            for done, (part, path, into) in enumerate(due):
                progress(done)
                rows = pa.concat_tables([empty, *view.make(part, path, columns)])
                if counting is not None:
                    counting.result()
                counting = beside.submit(
                    self._count, [(queries[name], file) for name, file in into.items()], view, rows
                )
            if counting is not None:
                counting.result()

    def _count(self, queries: Iterable[tuple[str, Path]], view: View, rows: Any) -> None:
        for sql, file in queries:
            self.write(sql, file, **{view.name: rows})

    def each(self, function: Callable[[Any], Any], tables: Sequence[Any]) -> list[Any]:
        """Apply a function to tables, one after the other."""
        return list(map(function, tables))

    def connected(self, edges: Any) -> Any:
        """Find the connected components of a graph. See `protocols.Engine.connected`."""
        import numpy as np
        import pyarrow as pa
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        ends = np.stack([edges[name].to_numpy() for name in ("source", "target")])
        nodes, places = np.unique(ends, return_inverse=True)
        size, (source, target) = len(nodes), places.reshape(2, -1)
        graph = coo_array((np.ones(len(source), dtype=bool), (source, target)), shape=(size, size))
        which = connected_components(graph, directed=False)[1]
        _, first = np.unique(which, return_index=True)  # nodes ascend: the first of each is its smallest
        labels = nodes[first][which]
        return pa.table({"node": nodes[labels < nodes], "label": labels[labels < nodes]})

    @contextmanager
    def _cursor(self, relations: dict[str, Any], connection: Any = None) -> Iterator[Any]:
        with self._lock:
            try:
                cursor = (connection or self._connection).cursor()
            except self._duckdb.Error as error:
                raise EngineFailed("the engine is closed; make another one") from error
        try:
            for name, relation in relations.items():
                _bind(cursor, name, relation)
            yield cursor
        except self._duckdb.Error as error:
            raise EngineFailed(self._explain(error, relations)) from _without_words(error)
        finally:
            cursor.close()

    def _explain(self, error: Exception, relations: Mapping[str, Any]) -> str:
        kind = type(error).__name__
        if kind in _ABOUT_SQL:
            return f"{kind}: {str(error).splitlines()[0]}"
        if any(word in str(error) for word in _ABOUT_DISK):
            return (
                "the disk that the query spills to is full: make room, or name another place with spill_directory "
                "under [engine] (of an executor: spark.local.dir)"
            )
        if kind == "OutOfMemoryException":
            return (
                f"the query needs more than memory_limit {self.memory_limit}: raise it or lower threads, under [engine]"
            )
        if (path := _unreadable(relations)) is not None:
            return f"{path}: gone or damaged, or it may not be read; run it again"
        if kind == "IOException":
            return "the query could not read its files or spill to disk: check free space and the files' permissions"
        return f"{kind} while running a query (its text may quote the log and is left out)"


class EngineStatistics:
    """Statistics in Arrow tables and Parquet files: implements `protocols.Statistics`.

    Args:
        engine: Engine that runs the queries.
        relation: Any relation that the engine accepts.
        shared: Global counts, if they are something else: a differentially private release.
    """

    def __init__(self, engine: Engine, relation: Any, shared: Any = None) -> None:
        self._engine, self._relation, self._shared = engine, relation, shared

    @property
    def shared(self) -> EngineStatistics:
        """Return the global counts."""
        return self if self._shared is None else EngineStatistics(self._engine, self._shared)

    def query(self, sql: str, **relations: Any) -> Any:
        """Run SQL over the statistics (relation `statistics`) and over other relations; returns a `pa.Table`."""
        return self._engine.table(sql, statistics=self._relation, **relations)

    def run(self, sql: str) -> Iterator[Any]:
        """Run SQL as `query` does; yields the result as `pa.RecordBatch`es, so that it may be large."""
        return self._engine.run(sql, statistics=self._relation)

    def each(self, function: Callable[[Any], Any], tables: Sequence[Any]) -> list[Any]:
        """Apply a function to each table, where the engine works; results in their order."""
        return self._engine.each(function, tables)

    def connected(self, edges: Any) -> Any:
        """Find the connected components of a graph, where the engine works. See `protocols.Engine.connected`."""
        return self._engine.connected(edges)


def columns_read(queries: Iterable[str], schema: Any) -> list[str]:
    """Return the columns of a view that some queries may read: those whose name occurs in one of them."""
    words = set(re.findall(r"\w+", " ".join(queries)))
    return [name for name in schema.names if name in words]


def check_limits(memory_limit: str, threads: int | None) -> None:
    """Look at the options of an engine before it is made, maybe on another machine.

    Raises:
        BadConfig: One is wrong.
    """
    if size_in_bytes(memory_limit, "memory_limit") < _LEAST_BYTES:
        raise BadConfig("engine: memory_limit must be at least 32MB")
    if threads is not None and threads < 1:
        raise BadConfig(f"engine: threads must be at least 1, got {threads}")


def _close(connections: Sequence[Any], spills: Sequence[Path]) -> None:
    for connection in connections:
        connection.close()
    for spill in spills:
        shutil.rmtree(spill, ignore_errors=True)


def _writable(directory: Path) -> Path:
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadConfig(f"engine: spill_directory {directory} cannot be made ({error.strerror})") from error
    if not os.access(directory, os.W_OK):
        raise BadConfig(f"engine: spill_directory {directory} cannot be written to")
    return directory


def _quoted(path: Path | str) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _bind(cursor: Any, name: str, relation: Any) -> None:
    """Register a relation under a name in this cursor's SQL."""
    if not _NAME.fullmatch(name):
        raise EngineFailed(f"a relation's name must be a plain lower-case word, got {len(name)} characters")
    if isinstance(relation, (str, Path)):
        relation = [relation]
    if not isinstance(relation, Sequence):
        cursor.register(name, relation)
        return
    if not relation:
        raise EngineFailed(f"the relation {name} is an empty list; give at least one table or Parquet file")
    files = [_quoted(item) for item in relation if isinstance(item, (str, Path))]
    tables = [item for item in relation if not isinstance(item, (str, Path))]
    selects = [f"SELECT * FROM read_parquet([{', '.join(files)}])"] if files else []
    for at, table in enumerate(tables):
        cursor.register(f"{name}__{at}", table)
        selects.append(f"SELECT * FROM {name}__{at}")
    cursor.execute(f"CREATE TEMP VIEW {name} AS {' UNION ALL BY NAME '.join(selects)}")


def _unreadable(relations: Mapping[str, Any]) -> Path | None:
    """Return the first file of some relations that cannot be read to its end."""
    import pyarrow as pa
    from pyarrow import parquet

    for relation in relations.values():
        for path in relation if isinstance(relation, Sequence) and not isinstance(relation, str) else [relation]:
            if isinstance(path, (str, Path)):
                try:
                    with parquet.ParquetFile(path) as file:
                        for _ in file.iter_batches():
                            pass
                except (pa.ArrowException, OSError):
                    return Path(path)
    return None


def _without_words(error: Exception) -> Exception | None:
    """Return the cause to chain, only if its message cannot quote a value of the log."""
    return error if type(error).__name__ in _ABOUT_SQL else None
