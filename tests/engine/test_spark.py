"""SparkEngine where something is missing or breaks: what it says, and what it leaves behind."""

from __future__ import annotations

import json
import os
import pickle
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.builders import log, session
from tests.engine.processes import descendants
from tests.engine.sparkling import skip_without_java, spark
from uptake.engine.choice import open_engine
from uptake.engine.local import LocalEngine
from uptake.engine.spark.session import check_version
from uptake.errors import BadConfig, EngineFailed, StorageFailed
from uptake.log.store import TurnLog
from uptake.protocols import Due, View
from uptake.release.marking import learner_view

SQL = "SELECT user_id, request, CAST(count(*) AS BIGINT) AS n FROM turns GROUP BY user_id, request"


@pytest.mark.parametrize("master", ["spark:/here:7077", "mesos://here", "local[two]", "", "spark://127.0.0.1:port"])
def test_a_master_that_is_none_is_a_wrong_option(tmp_path, master):
    with pytest.raises(BadConfig, match="master"):
        open_engine(tmp_path, name="spark", master=master)


def test_options_are_looked_at_before_anything_is_opened(tmp_path):
    with pytest.raises(BadConfig, match="there is local, spark"):
        open_engine(tmp_path, name="flink")
    with pytest.raises(BadConfig, match="state_url must be a URL"):
        open_engine(tmp_path, name="spark", state_url="/mnt/state")


@pytest.mark.parametrize("scheme", ["spark", "sc"])
def test_a_cluster_that_does_not_answer_is_named_at_once(tmp_path, scheme):
    with socket.socket() as taken:  # bound, and nobody listens
        taken.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(EngineFailed, match="nothing answers at") as error:
            open_engine(tmp_path, name="spark", master=f"{scheme}://{place}" + "/;token=secret" * (scheme == "sc"))
    assert "secret" not in str(error.value)


def test_without_java_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineFailed, match="apt install openjdk-17-jre-headless"):
        open_engine(tmp_path, name="spark", master="local[1]")
    old = tmp_path / "java"
    old.write_text("#!/bin/sh\necho 'openjdk version \"1.8.0_392\"' >&2\n")
    old.chmod(0o755)
    with pytest.raises(EngineFailed, match="version 8: install Java 17"):
        open_engine(tmp_path, name="spark", master="local[1]")


def test_another_version_of_spark_is_told_with_the_one_to_install():
    check_version("4.3.1", "4.3.0")
    with pytest.raises(EngineFailed, match=r"pip install .pyspark==3\.5\.8."):
        check_version("3.5.8", "4.3.0")


@pytest.fixture
def parts(tmp_path):
    """Closed parts of a log, each due to be counted."""
    with TurnLog(tmp_path / "log") as turns:
        for day in range(2):
            turns.append(log(session("play jazz", "play jass", user="ann", start_s=86_400.0 * day)))
        turns.compact()
        (tmp_path / "learning" / "some").mkdir(parents=True)
        yield [
            Due(part, part.path, {"some": tmp_path / "learning" / "some" / f"{at}.parquet"})
            for at, part in enumerate(turns.parts())
        ]


def left(directory: Path) -> list[str]:
    return sorted(path.name for path in (directory / "learning").rglob("*"))


def fail(engine, parts, kind, match, shown=None):
    with pytest.raises(kind, match=match):
        engine.count({"some": SQL}, shown or learner_view(), parts, lambda done: None)


def die(part, source, columns):
    os._exit(3)


def quote(part, source, columns):
    raise ValueError("play jazz")


@pytest.mark.long
@pytest.mark.slow
def test_what_breaks_while_counting_is_told_in_one_line_and_leaves_nothing_half_written(tmp_path, parts):
    engine = spark(tmp_path)
    plain = learner_view()
    fail(spark(tmp_path, state_url="file:///nowhere"), parts, EngineFailed, "cannot see a file of the state directory")
    fail(engine, parts, EngineFailed, "executor's Python", View(name="turns", schema=plain.schema, make=die))
    fail(engine, parts, EngineFailed, "left out", View(name="turns", schema=plain.schema, make=quote))
    whole = parts[0].path.read_bytes()
    parts[0].path.write_bytes(whole[:-40] + b"x" * 40)
    fail(engine, parts, EngineFailed, f"{parts[0].path}: damaged")
    parts[0].path.unlink()
    fail(engine, parts, StorageFailed, "gone while it was counted")
    assert left(tmp_path) == ["some"]
    parts[0].path.write_bytes(whole)
    engine.count({"some": SQL}, plain, parts, lambda done: None)
    assert left(tmp_path) == ["0.parquet", "1.parquet", "some"]
    with pytest.raises(EngineFailed, match="AnalysisException"):
        spark(tmp_path, pool_limit="0MB").table("SELECT nope FROM turns", turns=plain.schema.empty_table())
    with pytest.raises(EngineFailed, match="already uses Spark elsewhere"):
        open_engine(tmp_path, name="spark", master="local[7]")


@pytest.mark.slow
def test_executors_count_to_the_byte_what_this_machine_counts(tmp_path, parts):
    queries = {"some": SQL, "none": f"SELECT * FROM ({SQL}) AS counted WHERE n > 9"}
    due = [Due(*one[:2], {name: tmp_path / "learning" / name / one.path.name for name in queries}) for one in parts]
    (tmp_path / "learning" / "none").mkdir()
    made = []
    for engine in (spark(tmp_path), LocalEngine()):
        engine.count(queries, learner_view(), due, lambda done: None)
        made.append([path.read_bytes() for one in due for path in one.into.values()])
    assert made[0] == made[1]
    assert len(set(made[0])) == len(queries)  # both days sound alike


def test_a_process_that_marks_part_after_part_remembers_their_texts():
    sent = pickle.dumps(learner_view())
    assert pickle.loads(sent).make is pickle.loads(sent).make


SAID = [session("play harry porter", "play harry potter", user=name, failed=(0,), gap_s=4) for name in "abcd"]


def state_with_log(state: Path) -> Path:
    with TurnLog(state / "log") as turns:
        turns.append([one for part in SAID for one in part.turns])
        turns.compact()
    (state / "uptake.toml").write_text('[engine]\nsettings = { "spark.executor.memory" = "512m" }\n')
    return state


def learning(state: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "uptake", "learn", "rewrites", "--json", "--state", str(state), *options]


def figures(output: str) -> dict:
    return {key: value for key, value in json.loads(output).items() if not key.endswith("_s")}


@pytest.mark.long
@pytest.mark.slow
def test_two_executor_processes_learn_what_one_process_learns_although_one_is_killed(tmp_path):
    skip_without_java()
    here = subprocess.run(
        learning(state_with_log(tmp_path / "here")), check=True, capture_output=True, text=True
    ).stdout
    options = ("--engine", "spark", "--master", "local-cluster[2,1,512]")
    with subprocess.Popen(
        learning(state_with_log(tmp_path / "there"), *options),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as learns:
        executors: list[int] = []
        while learns.poll() is None and not executors:
            executors = [at for at, what in descendants(learns.pid).items() if "CoarseGrainedExecutorBackend" in what]
            time.sleep(0.05)
        os.kill(executors[0], signal.SIGKILL)
        there, _ = learns.communicate()
    assert learns.returncode == 0
    assert figures(here) == figures(there)
    assert figures(there)["added"] == 1


@pytest.mark.long
@pytest.mark.slow
def test_a_driver_that_is_killed_while_it_counts_leaves_nothing_that_is_served_and_the_next_one_finishes(tmp_path):
    skip_without_java()
    here = subprocess.run(
        learning(state_with_log(tmp_path / "here")), check=True, capture_output=True, text=True
    ).stdout
    state = state_with_log(tmp_path / "there")
    options = ("--engine", "spark", "--master", "local[1]")
    with subprocess.Popen(learning(state, *options), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as learns:
        while learns.poll() is None and not (state / "learning" / ".spark").exists():
            time.sleep(0.01)
        learns.kill()
    assert learns.returncode == -signal.SIGKILL
    assert not list((state / "artifacts").rglob("CURRENT"))
    assert not list((state / "learning").rglob("*.parquet"))
    done = subprocess.run(learning(state, *options), check=True, capture_output=True, text=True)
    assert figures(done.stdout) == figures(here)
    assert not (state / "learning" / ".spark").exists()
