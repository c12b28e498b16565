"""One more day after a year: what it costs to count it, beside counting that day alone, and to learn from all of it.

Each day is a part of the log. The year is counted first, which is not measured; every run is a fresh process that finds
the year counted and the day new. Medians of five runs.

    day.count_ratio       CPU seconds of counting the day after a year / of counting the day alone
    day.count_cpu_s, day.alone_cpu_s    these two; the engine's start is in both, that of libraries in none
    day.count_read_mb, day.alone_read_mb   read from files meanwhile
    day.log_mb, day.year_mb             the day's part, and the year's
    day.learn_cpu_s       pooling, solving and publishing all days; it grows with the log
    day.year_cpu_s        counting the whole year, for comparison
    day.equal             1 where the day's counts are those of the day alone, byte for byte
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from statistics import median
from typing import Any

ROUNDS = 5
Tell = Callable[[str], None]


def run(*, turns: int = 2_000, days: int = 365, rounds: int = ROUNDS, tell: Tell = print) -> dict[str, float]:
    """Measure a log of `days` days with `turns` turns each, and one day more."""
    seen: dict[str, list[dict[str, float]]] = {}
    with tempfile.TemporaryDirectory(prefix="uptake-bench-") as place:
        year, alone, kept = (Path(place) / name for name in ("year", "alone", "kept"))
        tell("writing the log")
        _step("prepare", year, turns, days + 1)
        *before, last = _parts(year)
        (alone / last.relative_to(year)).parent.mkdir(parents=True)
        shutil.copy(last, alone / last.relative_to(year))
        log_mb, year_mb = last.stat().st_size / 1e6, sum(path.stat().st_size for path in before) / 1e6
        tell("counting the year")
        _step("listed", year, days)
        counted = _step("count", year)
        shutil.copytree(year / "learning", kept)
        _step("listed", year, days + 1)
        _step("listed", alone, 1)
        tell("counting a day more")
        for _ in range(rounds):
            for name, home in (("alone", alone), ("count", year)):
                shutil.rmtree(home / "learning", ignore_errors=True)
                if home == year:
                    shutil.copytree(kept, year / "learning")
                seen.setdefault(name, []).append(_step("count", home))
            seen.setdefault("learn", []).append(_step("learn", year))
        equal = all((year / path.relative_to(alone)).read_bytes() == path.read_bytes() for path in _counts(alone))
    middle = {name: {key: median(one[key] for one in runs) for key in runs[0]} for name, runs in seen.items()}
    figures = {
        "day.turns": float(turns),
        "day.days": float(days),
        "day.count_ratio": middle["count"]["cpu_s"] / middle["alone"]["cpu_s"],
        "day.count_cpu_s": middle["count"]["cpu_s"],
        "day.alone_cpu_s": middle["alone"]["cpu_s"],
        "day.count_read_mb": middle["count"]["read_mb"],
        "day.alone_read_mb": middle["alone"]["read_mb"],
        "day.log_mb": log_mb,
        "day.year_mb": year_mb,
        "day.learn_cpu_s": middle["learn"]["cpu_s"],
        "day.year_cpu_s": counted["cpu_s"],
        "day.equal": float(equal and middle["count"]["parts"] == 1.0),
    }
    return {key: round(value, 4) for key, value in figures.items()}


def _step(name: str, home: Path, *more: Any) -> dict[str, float]:
    """Run one step in a process of its own."""
    command = [sys.executable, str(Path(__file__)), name, str(home), *map(str, more)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def prepare(home: Path, turns: str, days: str) -> dict[str, float]:
    import synthetic

    (home / "log").mkdir(parents=True)
    parts = synthetic.parts(home / "log", turns=int(turns) * int(days), part_rows=int(turns))
    for at, part in enumerate(parts):  # names in the order of their days
        part.path.rename(part.path.with_name(f"{part.date}-{at:05d}.parquet"))
    return {}


def listed(home: Path, days: str) -> dict[str, float]:
    """Make the first of the parts that are there the log."""
    from uptake.log.parts import Manifest, scan_parts, write_manifest

    parts = sorted(scan_parts(home / "log"), key=lambda part: part.name)[: int(days)]
    write_manifest(home / "log", Manifest(generation=1, gap_s=45.0, parts=tuple(parts)))
    return {}


def count(home: Path) -> dict[str, float]:
    """Count what was not counted yet, for the learner of rewrites and for the watch."""
    from uptake.engine.local import LocalEngine
    from uptake.log.store import TurnLog
    from uptake.release.solve import count_outcomes
    from uptake.rewriting.table.learn.markov import MarkovRewriter

    with TurnLog(home / "log") as log:
        counted = count_outcomes(log, LocalEngine(), [MarkovRewriter()], home / "learning")
    return {"parts": float(counted.parts["markov"])}


def learn(home: Path) -> dict[str, float]:
    """Pool and solve everything that was counted, and publish it."""
    from uptake.engine.local import LocalEngine
    from uptake.log.store import TurnLog
    from uptake.release.solve import learn as learn_from
    from uptake.rewriting.table.learn.markov import MarkovRewriter
    from uptake.store.store import ArtifactStore

    with TurnLog(home / "log") as log:
        (report,) = learn_from(log, LocalEngine(), [MarkovRewriter()], home / "learning")
    ArtifactStore(home / "artifacts").publish(report.artifact, made_by=report.made_by)
    return {"parts": float(report.parts_new)}


def _counts(home: Path) -> list[Path]:
    return sorted((home / "learning").rglob("*.parquet"))


def _parts(home: Path) -> list[Path]:
    return sorted((home / "log").rglob("*.parquet"))


def _neighbour(name: str) -> Any:
    spec = spec_from_file_location(f"uptake_benchmark_{name}", Path(__file__).with_name(f"{name}.py"))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    import pandas  # noqa: F401 - what the libraries' own start takes is not measured

    import uptake.rewriting.table.learn.markov  # noqa: F401

    steps = {step.__name__: step for step in (prepare, listed, count, learn)}
    print(json.dumps(_neighbour("learn").measured(steps[sys.argv[1]], sys.argv[2:])))
