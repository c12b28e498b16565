"""Open a Spark session, and say what is missing where it cannot be opened.

Everything that can be told without waiting is told first: the library, Java, the form of the URL, whether anything
listens there. A cluster that lets us in and gives no executor is told apart from one that works slowly.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from uptake.engine.spark.failures import explained
from uptake.errors import BadConfig, EngineFailed, MissingExtra

__all__ = ["SparkSettings", "check_version", "close_session", "cores", "open_session"]

SparkSettings = Mapping[str, Any]
"""Name of a Spark property -> its value."""

_MASTER = re.compile(r"local(?:-cluster)?(?:\[[0-9*, ]+\])?|(?:spark|sc|k8s)://\S+|yarn")
_LOCAL = re.compile(r"local\[(\d+)[\d, ]*\]")
_ADDRESS = re.compile(r"(?:spark|sc)://([^/;]+)")
_CONNECT_PORT = 15002
_LEAST_JAVA = 17
_ANSWER_S = 5.0
_EXECUTOR_S = 60.0
_held: dict[str, Any] = {}
"""The session of this process, by its master: Spark allows one."""
_lock = threading.RLock()
_QUIET = Path(__file__).with_name("log4j2.properties")
# In one process on this machine nearly all of a short run is Spark's own start: code is compiled quickly, not well.
_HERE = {
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "2g",
    "spark.sql.shuffle.partitions": "4",
}
_OURS = {
    "spark.app.name": "uptake",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
}


def open_session(master: str, settings: SparkSettings) -> tuple[Any, bool]:
    """Open a session on a master, or take the one that this process already has there.

    Args:
        master: `local[2]`, `spark://HOST:PORT`, `sc://HOST:PORT` (Spark Connect), `yarn`, `k8s://…`.
        settings: Properties of Spark that win over ours.

    Returns:
        The session, and whether it was opened now.

    Raises:
        BadConfig: The master is nothing that Spark knows.
        MissingExtra: pyspark is not installed.
        EngineFailed: Java is missing, nothing answers, versions differ, or no executor comes.
    """
    if not _MASTER.fullmatch(master):
        raise BadConfig(
            "engine: master must be local[N], spark://HOST:PORT, sc://HOST:PORT, yarn or k8s://URL "
            "(with --master, or under [engine])"
        )
    try:
        import pandas  # noqa: F401 - pyspark asks for it when it is too late for a clear message
        import pyspark
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise MissingExtra(f"the engine spark needs {error.name}: pip install 'uptake[spark]'") from error
    with _lock:
        if master in _held:
            return _held[master], False
        _check_address(master)
        if not master.startswith("sc://"):
            _check_java()
        if _held:
            raise EngineFailed("this process already uses Spark elsewhere: close that engine first")
        if not master.startswith("sc://"):
            _quiet()
        try:
            session = _opened(SparkSession.builder, master, settings)
        except Exception as error:  # noqa: BLE001 - py4j, gRPC and Spark raise kinds of their own
            raise EngineFailed(_not_opened(master, error)) from None
        try:
            check_version(session.version, pyspark.__version__)
            # Spark's Parquet library cannot filter by the dictionaries of files that the local engine compressed (LZ4).
            session.conf.set("spark.sql.parquet.filterPushdown", "false")
            if not master.startswith("local["):
                _await_executor(session)
        except BaseException:
            session.stop()
            raise
        _held[master] = session
        return session, True


def close_session(session: Any) -> None:
    """Leave the cluster."""
    with _lock:
        session.stop()
        _held.clear()


def cores(session: Any, master: str) -> int | None:
    """Return how many cores Spark gave one executor; None where that is every core that its processes may use."""
    if found := _LOCAL.fullmatch(master):
        return int(found[1])
    if master == "local":
        return 1
    given: str | None = session.conf.get("spark.executor.cores", None)
    if given is None and master.startswith(("yarn", "k8s")):
        return 1  # their default
    return None if given is None else int(given)


def _opened(builder: Any, master: str, settings: SparkSettings) -> Any:
    if master.startswith("sc://"):
        session = builder.remote(master).getOrCreate()
        for name, value in settings.items():
            session.conf.set(name, str(value))
        return session
    chosen = dict(_OURS)
    python = settings.get("spark.pyspark.python") or os.environ.get("PYSPARK_PYTHON") or sys.executable
    os.environ["PYSPARK_PYTHON"] = str(python)  # all that pyspark looks at
    if master.startswith("local"):
        chosen |= _HERE
    builder = builder.master(master)
    for name, value in {**chosen, **settings}.items():
        builder = builder.config(name, str(value))
    return builder.getOrCreate()


def _not_opened(master: str, error: Exception) -> str:
    text = str(error)
    if "JAVA_GATEWAY_EXITED" in text:
        return "Spark's own process ended at once: run `spark-submit --version` to see what Java says"
    if "unresponsive" in text or "stopped SparkContext" in text:
        return f"the master at {_shown(master)} did not let us in: does it run the same version of Spark?"
    return f"Spark could not be started at {_shown(master)}: {explained(error)}"


def _shown(master: str) -> str:
    """The master without what may be a secret: the parameters of a Spark Connect URL hold tokens."""
    return master.partition("/;")[0]


def _check_address(master: str) -> None:
    """Look whether anything listens at the URL of a cluster."""
    found = _ADDRESS.match(master)
    if found is None:
        return
    tried = []
    for place in found[1].split(","):
        host, _, port = place.rpartition(":") if ":" in place else (place, "", str(_CONNECT_PORT))
        if not port.isdigit() or not 0 < int(port) < 65536:
            raise BadConfig(f"engine: {place} in the master's URL has no port; write HOST:PORT")
        try:
            with socket.create_connection((host.strip("[]"), int(port)), timeout=_ANSWER_S):
                return
        except OSError as error:
            tried.append(f"{place} ({error.strerror or 'no answer'})")
    raise EngineFailed(f"nothing answers at {', '.join(tried)}: check --master, and that the cluster runs")


def _check_java() -> None:
    """Look for a Java that Spark runs on."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=f"{home}/bin" if home else None)
    where = "where JAVA_HOME says" if home else "on the PATH"
    advice = f"install Java {_LEAST_JAVA} or later (Debian: apt install openjdk-17-jre-headless), or set JAVA_HOME"
    if java is None:
        raise EngineFailed(f"Spark needs Java, and there is none {where}: {advice}")
    try:
        said = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=60, check=True).stderr  # noqa: S603 - the program that Spark itself will run
    except (OSError, subprocess.SubprocessError) as error:
        raise EngineFailed(f"the Java {where} does not run: {advice}") from error
    found = re.search(r'version "(?:1\.)?(\d+)', said)
    if found is not None and int(found[1]) < _LEAST_JAVA:
        raise EngineFailed(f"the Java {where} is version {found[1]}: {advice}")


def _quiet() -> None:
    """Keep Spark's own log from the terminal: it is told what to write before it starts."""
    if "log4j2.configurationFile" not in (options := os.environ.get("SPARK_SUBMIT_OPTS", "")):
        os.environ["SPARK_SUBMIT_OPTS"] = f"{options} -Dlog4j2.configurationFile={_QUIET.as_uri()}".strip()


def check_version(theirs: str, ours: str) -> None:
    """Compare the cluster's version with that of the library.

    Raises:
        EngineFailed: They do not speak to each other.
    """
    if theirs.split(".")[:2] != ours.split(".")[:2]:
        raise EngineFailed(
            f"the cluster runs Spark {theirs} and this installation has {ours}: "
            f"pip install 'pyspark=={theirs}', or unset SPARK_HOME"
        )


def _await_executor(session: Any) -> None:
    """Wait until one executor does something."""
    failed: list[Exception] = []

    def ask() -> None:
        try:
            session.range(1).count()
        except Exception as error:  # noqa: BLE001 - told by the thread that waits
            failed.append(error)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(_EXECUTOR_S)
    if asking.is_alive():
        raise EngineFailed(
            f"the cluster gave no executor within {_EXECUTOR_S:.0f} s: it is busy or has no worker, or "
            "spark.executor.memory and spark.executor.cores ask for more than a worker has"
        )
    if failed:
        raise EngineFailed(f"the cluster could not do the smallest job: {explained(failed[0])}")
