"""A Spark of two threads for tests, opened once a process and as small as it gets."""

from __future__ import annotations

import os
import shutil
from functools import cache
from pathlib import Path

import pytest

from uptake.engine.spark.engine import SparkEngine

MASTER = "local[2]"
SETTINGS = {
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",  # compiled quickly, not well
    "spark.driver.memory": "1g",
    "spark.hadoop.fs.viewfs.mounttable.here.link./root": "file:///",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",  # queries of a few rows: to compile them is most of the work
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.shuffle.partitions": "2",
}


def skip_without_java() -> None:
    """Skip the test on a machine without Java, but never where continuous integration says that there is one."""
    if not (shutil.which("java") or {"JAVA_HOME", "UPTAKE_TEST_JAVA"} & set(os.environ)):
        pytest.skip("there is no Java here; continuous integration has one (UPTAKE_TEST_JAVA)")


CONNECTOR = "viewfs://here/root"
"""Where Hadoop's client shows this machine's root: files that only Spark's connectors reach, as in an object store."""


@cache
def _opened() -> SparkEngine:
    return SparkEngine(Path("/"), master=MASTER, settings=SETTINGS)


def spark(directory: Path, **options: str) -> SparkEngine:
    """An engine over a state directory, in the one session of this process."""
    skip_without_java()
    _opened()
    return SparkEngine(directory, master=MASTER, **options)


def every_way(directory: Path) -> dict[str, SparkEngine]:
    """Engines over a state directory that pool in different ways."""
    return {
        "in one task": spark(directory),
        "in one task, which files are brought to": spark(directory, state_url=f"{CONNECTOR}{directory}"),
        "by Spark SQL": spark(directory, pool_limit="0MB"),
    }
