"""Open the engine that the configuration names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from uptake.engine.local import MEMORY_LIMIT, LocalEngine
from uptake.engine.spark.engine import MASTER, POOL_LIMIT, SparkEngine
from uptake.errors import BadConfig
from uptake.protocols import Engine

__all__ = ["ENGINES", "open_engine"]

ENGINES = ("local", "spark")
"""Names of engines."""


def open_engine(  # noqa: PLR0913 - one an option of the table [engine]
    directory: Path,
    *,
    name: str = "local",
    memory_limit: str = MEMORY_LIMIT,
    threads: int | None = None,
    spill_directory: str | None = None,
    master: str = MASTER,
    state_url: str | None = None,
    pool_limit: str = POOL_LIMIT,
    settings: Mapping[str, Any] | None = None,
) -> Engine:
    """Open the engine of a state directory, by the table [engine] of `uptake.toml`.

    Args:
        directory: The state directory.
        name: The engine, local or spark.
        memory_limit: Most memory for the buffers of a query, here or in the Spark task that pools, for example "1GB".
        threads: Worker threads of a query; None uses every core, in a Spark task those that it was given.
        spill_directory: Local engine: directory for spilled data; None for the system's temporary directory.
        master: Spark: address of the master, for example local[2], spark://HOST:PORT or sc://HOST:PORT.
        state_url: Spark: the state directory as the cluster sees it; None for its own path.
        pool_limit: Spark: size of the counts on disk from which Spark SQL pools them; below it one task does.
        settings: Spark: its own properties, for example {"spark.executor.memory": "4g"}.

    Raises:
        BadConfig: An option is wrong.
        MissingExtra: The library of the engine is not installed.
        EngineFailed: The cluster does not answer, or is not suitable.
    """
    if name == "local":
        return LocalEngine(memory_limit=memory_limit, threads=threads, spill_directory=spill_directory)
    if name == "spark":
        return SparkEngine(
            directory,
            master=master,
            state_url=state_url,
            pool_limit=pool_limit,
            memory_limit=memory_limit,
            threads=threads,
            settings=settings,
        )
    raise BadConfig(f"engine: there is no engine of that name; there is {', '.join(ENGINES)}")
