"""From a log to a rewrite table on Spark, beside the local engine on the same log: time, memory, bytes, growth.

Each run is a fresh process, with Spark's start in it. CPU seconds are of the process and all that it started: Spark's
JVM and its Python workers. Bytes come from Spark's own event log.

    learn.spark_equal            1 where both engines counted the same, row by row, and solved the same table
    learn.spark_wall_ratio       Spark / the local engine, wall time
    learn.spark_cpu_ratio        Spark / the local engine, CPU seconds
    learn.*_cpu_s_per_million    CPU seconds per 10^6 turns
    learn.*_growth               exponent of CPU seconds between a tenth of the turns and all of them
    learn.spark_read_mb, …_shuffled_mb   MB read and shuffled per 10^6 turns
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

MASTER = "local[2]"


def run(*, turns: int = 1_000_000, master: str = MASTER) -> dict[str, float]:
    """Measure a log of `turns` turns, and one of a tenth for growth."""
    seen: dict[tuple[str, int], dict[str, float]] = {}
    with tempfile.TemporaryDirectory(prefix="uptake-bench-") as place:
        for size in (max(turns // 10, 1000), turns):
            home = Path(place) / str(size)
            _step("prepare", home, size)
            for engine in ("local", "spark"):
                seen[engine, size] = _step("learn", home, engine, master)
        equal = float(_step("compare", Path(place) / str(turns))["equal"])
    return {"learn.turns": turns, "learn.spark_equal": equal, **_figures(seen)}


def _figures(seen: dict[tuple[str, int], dict[str, float]]) -> dict[str, float]:
    (small, large), figures = sorted({size for _, size in seen}), {}
    local, spark = seen["local", large], seen["spark", large]
    for kind in ("wall", "cpu"):
        figures[f"learn.spark_{kind}_ratio"] = spark[f"{kind}_s"] / local[f"{kind}_s"]
    for engine in ("local", "spark"):
        whole, tenth = seen[engine, large], seen[engine, small]
        figures[f"learn.{engine}_wall_s"] = whole["wall_s"]
        figures[f"learn.{engine}_cpu_s"] = whole["cpu_s"]
        figures[f"learn.{engine}_cpu_s_tenth"] = tenth["cpu_s"]
        figures[f"learn.{engine}_cpu_s_per_million"] = whole["cpu_s"] / large * 1e6
        figures[f"learn.{engine}_growth"] = math.log(whole["cpu_s"] / tenth["cpu_s"]) / math.log(large / small)
        figures[f"learn.{engine}_peak_mb"] = whole["peak_mb"]
    for name in ("read", "shuffled"):
        figures[f"learn.spark_{name}_mb"] = spark[f"{name}_mb"] / large * 1e6
        figures[f"learn.spark_{name}_mb_tenth"] = seen["spark", small][f"{name}_mb"] / small * 1e6
    return {key: round(value, 3) for key, value in figures.items()}


def _step(name: str, home: Path, *more: Any) -> dict[str, float]:
    """Run one step in a process of its own."""
    command = [sys.executable, str(Path(__file__)), name, str(home), *map(str, more)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def prepare(home: Path, turns: str) -> dict[str, float]:
    import synthetic

    (home / "log").mkdir(parents=True)
    return {"parts": sum(1 for _ in synthetic.parts(home / "log", turns=int(turns)))}


def learn(home: Path, engine: str, master: str) -> dict[str, float]:
    """Everything from the parts of the log to a published table, nothing kept from before."""
    from learn import _Prepared

    from uptake.engine.choice import open_engine
    from uptake.release.solve import learn as learn_from
    from uptake.rewriting.table.learn.markov import MarkovRewriter
    from uptake.store.store import ArtifactStore

    events = home / "events"
    events.mkdir(exist_ok=True)
    settings = {
        "spark.eventLog.enabled": "true",
        "spark.eventLog.dir": events.as_uri(),
        "spark.eventLog.compress": "false",
        "spark.eventLog.rolling.enabled": "false",
    }
    begun = time.perf_counter()
    opened = open_engine(home, name=engine, master=master, settings=settings)
    (report,) = learn_from(_Prepared(home), opened, [MarkovRewriter()], home / f"learning-{engine}")  # type: ignore[arg-type]
    ArtifactStore(home / f"artifacts-{engine}").publish(report.artifact, made_by={})
    wall = time.perf_counter() - begun
    figures = {"wall_s": wall, **_used(os.getpid())}
    opened.close()
    return {**figures, **_bytes(events)}


def compare(home: Path) -> dict[str, float]:
    from learn import _Prepared

    from uptake.engine.local import LocalEngine
    from uptake.rewriting.table.artifact import RewriteTable
    from uptake.store.store import ArtifactStore

    engine = LocalEngine()
    both = [sorted((home / f"learning-{name}" / "markov").glob("*.*.parquet")) for name in ("local", "spark")]
    same = [path.name for path in both[0]] == [path.name for path in both[1]] and bool(both[0])
    for here, there in zip(*both, strict=True):
        sql = "SELECT count(*) AS n FROM (SELECT * FROM one EXCEPT ALL SELECT * FROM other)"
        for left, right in ((here, there), (there, here)):
            same = same and engine.table(sql, one=left, other=right)["n"][0].as_py() == 0
    tables = [ArtifactStore(home / f"artifacts-{name}").load(RewriteTable) for name in ("local", "spark")]
    return {"equal": float(same and tables[0] == tables[1] and len(_Prepared(home).snapshot().parts) == len(both[0]))}


def _used(root: int) -> dict[str, float]:
    """CPU seconds of a process and all it started, and the sum of their largest resident memories."""
    parents, ticks, peak = {}, {}, {}
    for one in Path("/proc").iterdir():
        if one.name.isdigit():
            try:
                fields = (one / "stat").read_text().rpartition(")")[2].split()
                status = (one / "status").read_text()
            except OSError:  # it ended meanwhile
                continue
            pid = int(one.name)
            parents[pid], ticks[pid] = int(fields[1]), sum(map(int, fields[11:15]))
            peak[pid] = sum(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    family = {root}
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    return {
        "cpu_s": sum(ticks[pid] for pid in family) / os.sysconf("SC_CLK_TCK"),
        "peak_mb": sum(peak[pid] for pid in family) / 1024,
    }


def _bytes(events: Path) -> dict[str, float]:
    """What the tasks of an event log read and shuffled."""
    read = shuffled = 0
    for path in events.iterdir():
        for line in path.read_text().splitlines():
            metrics = json.loads(line).get("Task Metrics") or {}
            read += metrics.get("Input Metrics", {}).get("Bytes Read", 0)
            shuffled += metrics.get("Shuffle Write Metrics", {}).get("Shuffle Bytes Written", 0)
    return {"read_mb": read / 1e6, "shuffled_mb": shuffled / 1e6}


if __name__ == "__main__":
    steps = {step.__name__: step for step in (prepare, learn, compare)}
    print(json.dumps(steps[sys.argv[1]](Path(sys.argv[2]), *sys.argv[3:])))
