"""Runs a query on Spark and on the local engine and compares the answers; needs pyspark and Java."""

from __future__ import annotations

import os
import sys
from functools import cache
from typing import Any

import pyarrow as pa

from tests.feedback.marked import ENGINE, PEOPLE, repair, said, turns
from uptake.rewriting.table.learn.markov import MarkovRewriter

LOG = [
    *(row for user in PEOPLE for row in repair(user, "play jaz", "play jazz") * 2),
    *(row for user in PEOPLE for row in said(user, "dim lights", then="dim the lights", state="home|dim")),
    *(row for user in PEOPLE for row in said(user, "dim lights", acted_on="dim the lights")),
    *said("ann", "", failed=True), *said("ann", "stop", control=True), *said("bo", "dim the lights", failed=True),
]  # fmt: skip


def same_on_spark(sql: str) -> bool:
    """Whether both engines give the same rows, in any order."""
    view = turns(LOG)
    name, table = (
        ("turns", view) if "FROM turns" in sql else ("statistics", ENGINE.table(MarkovRewriter.statistics, turns=view))
    )
    relations = {name: table, "known": pa.table({"source": ["play jaz", "play jazz", "home|dim", "dim the lights"]})}
    here = ENGINE.table(sql, **relations)
    session = _session()
    for relation, rows in relations.items():
        frame = session.createDataFrame([tuple(row.values()) for row in rows.to_pylist()], _ddl(rows.schema))
        frame.createOrReplaceTempView(relation)
    answer = session.sql(sql)
    there = [tuple(row) for row in answer.collect()]
    return answer.columns == here.column_names and sorted(map(repr, there)) == sorted(
        repr(tuple(row.values())) for row in here.to_pylist()
    )


def _ddl(schema: pa.Schema) -> str:
    types = {pa.string(): "string", pa.int64(): "bigint", pa.bool_(): "boolean", pa.float64(): "double"}
    return ", ".join(f"{field.name} {types[field.type]}" for field in schema)


@cache
def _session() -> Any:
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
    return builder.config("spark.sql.shuffle.partitions", "1").config("spark.driver.host", "127.0.0.1").getOrCreate()
