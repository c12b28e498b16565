"""Pooling on Spark: in one task where it fits, by Spark SQL where it does not; and what is said where it breaks."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.builders import log, session
from tests.engine.processes import descendants
from tests.engine.sparkling import every_way, skip_without_java, spark
from uptake.engine.choice import open_engine
from uptake.engine.spark.failures import explained
from uptake.engine.spark.session import cores
from uptake.errors import BadConfig, EngineFailed, StorageFailed
from uptake.log.store import TurnLog

pytestmark = pytest.mark.slow

COUNTS = pa.table({"user_id": [f"user {at % 7}" for at in range(5_000)], "times": list(range(5_000))})
SQL = "SELECT user_id, CAST(sum(times) AS BIGINT) AS times FROM statistics GROUP BY user_id ORDER BY user_id"
WRONG = "SELECT nope FROM statistics"
OF_DUCKDB, OF_SPARK = "BinderException", "AnalysisException"


@pytest.fixture
def counts(tmp_path):
    """A file of counts under a name that a URL and a pattern of names write otherwise."""
    path = tmp_path / "it's 100% [of] {it}" / "counts.parquet"
    path.parent.mkdir()
    pq.write_table(COUNTS, path)
    return path


@pytest.mark.parametrize(("limit", "kind"), [("2GB", OF_DUCKDB), ("9KB", OF_SPARK), ("0MB", OF_SPARK)])
def test_the_size_of_what_is_read_decides_what_pools_it(tmp_path, counts, limit, kind):
    engine = spark(tmp_path, pool_limit=limit)
    for relation in (counts, [counts, COUNTS.slice(0, 3)], COUNTS):
        with pytest.raises(EngineFailed, match=kind):
            engine.table(WRONG, statistics=relation)
    with pytest.raises(EngineFailed, match=OF_DUCKDB if limit == "9KB" else kind):
        engine.table(WRONG, statistics=COUNTS.slice(0, 1))


def test_wrong_limits_are_refused_before_anything_is_opened(tmp_path):
    for wrong in ({"pool_limit": "much"}, {"memory_limit": "1MB"}, {"threads": 0}):
        with pytest.raises(BadConfig, match=next(iter(wrong))):
            open_engine(tmp_path, name="spark", **wrong)


def test_files_and_tables_are_pooled_together_in_order_however_many_pieces_they_take(tmp_path, counts):
    many = pa.table({"user_id": [f"{'x' * 200} {at}" for at in range(300_000)], "times": [1] * 300_000})
    for way, engine in every_way(tmp_path).items():
        answer = engine.table(SQL, statistics=[counts, COUNTS, many.slice(0, 0), many])
        users = [f"user {at}" for at in range(7)]
        assert answer["user_id"].to_pylist() == sorted(many["user_id"].to_pylist() + users), way
        assert sum(answer["times"].to_pylist()) == 2 * sum(range(5_000)) + 300_000


def test_a_file_that_is_gone_or_damaged_is_named_in_one_line(tmp_path, counts):
    whole = counts.read_bytes()
    counts.write_bytes(whole[:-40] + b"x" * 40)
    said = {}
    for way, engine in every_way(tmp_path).items():
        with pytest.raises(EngineFailed, match="damaged") as error:
            engine.table(SQL, statistics=counts)
        said[way] = str(error.value)
        assert "\n" not in said[way]
    assert [str(counts) in line for line in said.values()] == [True, True, False]
    counts.unlink()
    for engine in every_way(tmp_path).values():
        with pytest.raises(StorageFailed, match="gone while it was pooled"):
            engine.table(SQL, statistics=counts)
    counts.write_bytes(whole)
    for url, line in (
        ("viewfs://here/nowhere", "cannot see a file of the state"),
        ("file:///nowhere", "cannot see /now"),
    ):
        with pytest.raises(EngineFailed, match=line):
            spark(tmp_path, state_url=url).table(SQL, statistics=counts)


def test_a_task_out_of_memory_says_which_option_to_change(tmp_path):
    with pytest.raises(EngineFailed, match="memory_limit 32MB: raise it"):
        spark(tmp_path, memory_limit="32MB", threads=1).table(
            "SELECT string_agg(CAST(range AS VARCHAR) || repeat('x', 100), ',') AS all FROM range(2000000)"
        )
    assert "an executor's disk is full" in explained(OSError("[Errno 28] No space left on device"))


@pytest.mark.parametrize(
    ("master", "properties", "expected"),
    [
        ("local", {}, 1),
        ("local[3]", {}, 3),
        ("local[3,2]", {}, 3),
        ("local[*]", {}, None),
        ("spark://head:7077", {}, None),
        ("spark://head:7077", {"spark.executor.cores": "4"}, 4),
        ("yarn", {}, 1),
    ],
)
def test_a_task_that_pools_takes_the_cores_of_its_executor(master, properties, expected):
    class Session:
        conf = properties

    assert cores(Session, master) == expected


@pytest.mark.long
def test_a_release_that_cannot_pool_says_one_line_and_leaves_what_was_served(tmp_path):
    skip_without_java()
    said = [session("play harry porter", "play harry potter", user=name, failed=(0,), gap_s=4) for name in "abcd"]
    with TurnLog(tmp_path / "log") as turns:
        turns.append(log(*said))
        turns.compact()
    learn = [sys.executable, "-m", "uptake", "learn", "rewrites", "--state", str(tmp_path)]
    subprocess.run(learn, check=True, capture_output=True)
    before = everything(tmp_path)
    (tmp_path / "uptake.toml").write_text('[engine]\nstate_url = "file:///nowhere"\n')
    done = subprocess.run([*learn, "--engine", "spark", "--master", "local[1]"], capture_output=True, text=True)
    assert done.returncode == 3
    (line,) = [line for line in done.stderr.splitlines() if "nowhere" in line]
    assert line.startswith("uptake: an executor cannot see /nowhere/learning")
    assert everything(tmp_path) == before


def everything(state: Path) -> dict[str, bytes]:
    """Files that are served, or kept to go on from."""
    places = [path for name in ("artifacts", "learning") for path in (state / name).rglob("*") if path.is_file()]
    return {str(path): path.read_bytes() for path in places if path.suffix != ".sqlite"}


EXECUTOR = "CoarseGrainedExecutorBackend"
SLOW = """
import json, sys, pyarrow as pa
from pathlib import Path
import uptake
from uptake.engine.spark.engine import SparkEngine

if __name__ == "__main__":
    place = Path(sys.argv[1])
    settings = {
        "spark.executor.memory": "512m",
        "spark.local.dir": str(place / "spill"),
        "spark.executorEnv.PYTHONPATH": str(Path(uptake.__file__).parents[1]),
    }
    engine = SparkEngine(place, master="local-cluster[2,1,512]", settings=settings)
    rows = pa.table({"n": list(range(20_000))})
    sql = "SELECT CAST(count(*) AS BIGINT) AS n FROM one JOIN other ON one.n * 7 % 10 < other.n * 3 % 10"
    print(engine.table(sql, one=rows, other=rows)["n"][0].as_py())
    engine.close()
"""


@pytest.mark.long
def test_a_task_whose_executor_is_killed_is_done_again(tmp_path):
    skip_without_java()
    (tmp_path / "slow.py").write_text(SLOW)
    (tmp_path / "spill").mkdir()
    command = [sys.executable, str(tmp_path / "slow.py"), str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as pooling:
        busy: list[int] = []
        while pooling.poll() is None and not busy:
            time.sleep(0.02)
            if any((tmp_path / "spill").rglob("uptake-pool-*")):
                executors = [at for at, what in descendants(pooling.pid).items() if EXECUTOR in what]
                busy = [at for at in executors if any("pyspark" in what for what in descendants(at).values())]
        for executor in busy:
            os.kill(executor, signal.SIGKILL)
        counted, said = pooling.communicate()
    assert len(busy) == 1, said
    assert int(counted) == 20_000 * 20_000 * 45 // 100
    assert not list((tmp_path / "spill").rglob("uptake-pool-*"))  # of the killed one, neither
