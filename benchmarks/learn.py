"""From a log to a published rewrite table: time, memory and growth, beside a scan of what is read.

Every figure is the median over interleaved rounds, and every run of a step is a fresh process. Ratios are of
process CPU seconds, which a busy machine blurs less than wall time.

    learn.scan_ratio        counting / pyarrow scan of the columns that counting reads
    learn.vs_sql            counting / the best hand-written DuckDB SQL for the same counts
    learn.total_scan_ratio  sessions, signals, counting, pooling, solving, publishing / scan of the log's columns read
    learn.full_scan_ratio   the same over a log of a fifth of the turns that has all its columns, not only text
    learn.peak_mb           largest resident memory of the process that does all of that
    learn.watch_scan_ratio  what a release reads of the log beside (outcomes counted, the past of 10^4 requests, the
                            last day, an experiment's totals) / scan of the log's columns read
    learn.watch_peak_mb     largest resident memory of the process that does that
    learn.growth            CPU of all that, over CPU of it at a tenth of the turns
"""

from __future__ import annotations

import importlib
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

ROUNDS = 3
COUNTED = ["user_id", "home_id", "request", "state", "acted_on", "control", "defect", "retried", "next_state"]


def run(*, turns: int = 10_000_000, rounds: int = ROUNDS) -> dict[str, float]:
    """Measure a log of `turns` turns, one of a tenth for growth, and one of a fifth that has all its columns."""
    with tempfile.TemporaryDirectory(prefix="uptake-bench-") as place:
        large, small, full = (Path(place) / name for name in ("large", "small", "full"))
        _step("prepare", large, turns)
        _step("prepare", small, max(turns // 10, 1000))
        _step("prepare", full, max(turns // 5, 1000), "full")
        seen: dict[str, list[dict[str, float]]] = {}
        for _ in range(rounds):
            for name in ("scan_counted", "count", "sql_apart", "sql_whole", "scan_log", "learn", "watch"):
                seen.setdefault(name, []).append(_step(name, large))
            seen.setdefault("learn_small", []).append(_step("learn", small))
            for name in ("scan_log", "learn"):
                seen.setdefault(f"{name}_full", []).append(_step(name, full))
        return _figures(turns, seen)


def _figures(turns: int, seen: dict[str, list[dict[str, float]]]) -> dict[str, float]:
    middle = {name: {key: median(one[key] for one in runs) for key in runs[0]} for name, runs in seen.items()}
    figures: dict[str, float] = {"learn.turns": turns}
    for kind, suffix in (("cpu_s", ""), ("wall_s", "_wall")):
        best_sql = min(middle["sql_apart"][kind], middle["sql_whole"][kind])
        figures |= {
            f"learn.scan_ratio{suffix}": middle["count"][kind] / middle["scan_counted"][kind],
            f"learn.vs_sql{suffix}": middle["count"][kind] / best_sql,
            f"learn.total_scan_ratio{suffix}": middle["learn"][kind] / middle["scan_log"][kind],
            f"learn.watch_scan_ratio{suffix}": middle["watch"][kind] / middle["scan_log"][kind],
            f"learn.full_scan_ratio{suffix}": middle["learn_full"][kind] / middle["scan_log_full"][kind],
            f"learn.growth{suffix}": middle["learn"][kind] / middle["learn_small"][kind],
        }
    for name, step in (("peak_mb", "learn"), ("watch_peak_mb", "watch")):
        figures[f"learn.{name}"] = max(one["peak_mb"] for one in seen[step])
    figures["learn.rewrites"] = middle["learn"]["rewrites"]
    for name, one in middle.items():
        figures |= {f"learn.{name}_cpu_s": one["cpu_s"], f"learn.{name}_wall_s": one["wall_s"]}
    return {key: round(value, 3) for key, value in figures.items()}


def _step(name: str, home: Path, *more: Any) -> dict[str, float]:
    """Run one step in a process of its own."""
    command = [sys.executable, str(Path(__file__)), name, str(home), *map(str, more)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def prepare(home: Path, turns: str, full: str = "") -> dict[str, float]:
    import pyarrow as pa
    import pyarrow.parquet as pq
    import synthetic

    from uptake.feedback.turns_view import TURNS, Marker

    (home / "log").mkdir(parents=True)
    (home / "marked").mkdir()
    marker = Marker()
    for at, part in enumerate(synthetic.parts(home / "log", turns=int(turns), full=bool(full))):
        marked = pa.concat_tables([TURNS.empty_table(), *marker.mark_part(part.path)])
        pq.write_table(marked, home / "marked" / f"{at:05d}.parquet", compression="zstd", row_group_size=125_000)
    return {}


def scan_counted(home: Path) -> dict[str, float]:
    return {"rows": _scan(_marked(home), COUNTED)}


def scan_log(home: Path) -> dict[str, float]:
    from uptake.feedback.turns_view import COLUMNS

    return {"rows": _scan(_parts(home), list(COLUMNS))}


def count(home: Path) -> dict[str, float]:
    from uptake.engine.local import LocalEngine
    from uptake.rewriting.table.learn.markov import MarkovRewriter

    engine = LocalEngine()
    return {"rows": sum(engine.write(MarkovRewriter.statistics, home / "counts", turns=path) for path in _marked(home))}


FORMAT = "FORMAT parquet, COMPRESSION lz4_raw, DICTIONARY_SIZE_LIMIT 1"  # the fastest to write of those tried
SQL = """
    SELECT user_id, home_id, request, CASE WHEN state <> request THEN state END AS source, acted_on AS via,
           CASE WHEN retried THEN next_state WHEN defect THEN '<failure>' ELSE '<success>' END AS target,
           count(*) AS moves
    FROM read_parquet({files}) WHERE NOT control AND request <> '' GROUP BY ALL
"""


def sql_apart(home: Path) -> dict[str, float]:
    return _sql(home, [[path] for path in _marked(home)])


def sql_whole(home: Path) -> dict[str, float]:
    return _sql(home, [_marked(home)])


def _sql(home: Path, groups: list[list[Path]]) -> dict[str, float]:
    import duckdb

    connection = duckdb.connect()
    connection.execute(f"SET preserve_insertion_order = false; SET temp_directory = '{home / 'spill'}'")
    for group in groups:
        select = SQL.format(files=[str(path) for path in group])
        connection.execute(f"COPY ({select}) TO '{home / 'by_hand'}' ({FORMAT})")
    return {}


def learn(home: Path) -> dict[str, float]:
    """Everything from the parts of the log to a published table, nothing kept from before."""
    import shutil

    from uptake.engine.local import LocalEngine
    from uptake.release.solve import learn as learn_from
    from uptake.rewriting.table.learn.markov import MarkovRewriter
    from uptake.store.store import ArtifactStore

    for name in ("learning", "artifacts"):
        shutil.rmtree(home / name, ignore_errors=True)
    (report,) = learn_from(_Prepared(home), LocalEngine(), [MarkovRewriter()], home / "learning")  # type: ignore[arg-type]
    ArtifactStore(home / "artifacts").publish(report.artifact, made_by=report.made_by)
    return {"rewrites": len(report.artifact), "count_s": report.count_s, "solve_s": report.solve_s}  # type: ignore[arg-type]


def watch(home: Path) -> dict[str, float]:
    """Everything that a release asks of the outcomes of the log, nothing kept from before."""
    import shutil

    import synthetic

    from uptake.engine.local import LocalEngine
    from uptake.experiments.exposures import Past, baselines, exposures
    from uptake.release.solve import count_outcomes

    shutil.rmtree(home / "watching", ignore_errors=True)
    outcomes = count_outcomes(_Prepared(home), LocalEngine(), [], home / "watching").outcomes  # type: ignore[arg-type]
    past = Past(outcomes)
    past.look_up((text, None, None) for text in synthetic.texts()[:10_000].to_pylist())
    before = outcomes.totals(outcomes.last_us - 86_400_000_000).before
    seen = sum(1 for _ in exposures(outcomes)) + len(baselines(outcomes, past=past))
    return {"turns": len(outcomes), "people": len(before), "seen": seen, "said": len(outcomes.said_last())}


class _Prepared:
    """The parts that `prepare` wrote, as a log."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def snapshot(self) -> Any:
        import pyarrow.parquet as pq

        from uptake.log.parts import Part
        from uptake.log.schema import PART_SCHEMA
        from uptake.log.store import Snapshot

        parts = [
            Part(
                name=path.stem, path=path, date="2026-01-01", rows=pq.read_metadata(path).num_rows,
                sessions=0, first=0, last=0, size=path.stat().st_size,
            )
            for path in _parts(self._home)
        ]  # fmt: skip
        return Snapshot(parts=tuple(parts), fresh=PART_SCHEMA.empty_table())


def _marked(home: Path) -> list[Path]:
    return sorted((home / "marked").glob("*.parquet"))


def _parts(home: Path) -> list[Path]:
    return sorted((home / "log").rglob("*.parquet"))


def _scan(files: list[Path], columns: list[str]) -> int:
    import pyarrow.parquet as pq

    return sum(pq.read_table(path, columns=columns, partitioning=None).num_rows for path in files)


def measured(step: Callable[..., dict[str, float]], arguments: list[str]) -> dict[str, float]:
    """Run one step in this process, and say what it took."""
    solving = ["uptake.rewriting.table.learn.markov"] if step is count else []  # the learner comes with its solver
    for library in ("duckdb", "pyarrow.parquet", "uptake.release.solve", *solving):
        importlib.import_module(library)  # their own start is not measured
    before, moved, begun = resource.getrusage(resource.RUSAGE_SELF), _moved(), time.perf_counter()
    figures = step(Path(arguments[0]), *arguments[1:])
    wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    files = {name: (now - moved[name]) / 1e6 for name, now in _moved().items()}
    return {**figures, "cpu_s": cpu, "wall_s": wall, "peak_mb": after.ru_maxrss / 1024, **files}


def _moved() -> dict[str, int]:
    """Bytes that this process read and wrote so far, whether the disk was asked or not."""
    known = dict(line.split(": ") for line in Path("/proc/self/io").read_text().splitlines())
    return {"read_mb": int(known["rchar"]), "written_mb": int(known["wchar"])}


if __name__ == "__main__":
    known = (prepare, scan_counted, scan_log, count, sql_apart, sql_whole, learn, watch)
    steps = {step.__name__: step for step in known}
    print(json.dumps(measured(steps[sys.argv[1]], sys.argv[2:])))
