"""What a report of a whole log takes: time, and memory for each turn. The console holds the same columns.

The log has all its columns, two arms and no started experiment. Each run is a fresh process.

    report.outcomes_cpu_s, .outcomes_peak_mb   reading and marking every turn into columns
    report.bytes_per_turn                      what these columns hold
    report.cpu_s, .wall_s, .peak_mb            every figure of the report, with that
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import fields
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any


def run(*, turns: int = 2_000_000) -> dict[str, float]:
    """Measure a log of `turns` turns."""
    with tempfile.TemporaryDirectory(prefix="uptake-bench-") as place:
        home = Path(place)
        _step("prepare", home, turns)
        columns, whole = _step("outcomes", home), _step("report", home)
    figures = {
        "report.turns": float(turns),
        "report.outcomes_cpu_s": columns["cpu_s"],
        "report.outcomes_peak_mb": columns["peak_mb"],
        "report.bytes_per_turn": columns["bytes"] / turns,
        **{f"report.{name}": whole[name] for name in ("cpu_s", "wall_s", "peak_mb")},
    }
    return {key: round(value, 3) for key, value in figures.items()}


def _step(name: str, home: Path, *more: Any) -> dict[str, float]:
    """Run one step in a process of its own."""
    command = [sys.executable, str(Path(__file__)), name, str(home), *map(str, more)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def prepare(home: Path, turns: str) -> dict[str, float]:
    import synthetic

    from uptake.log.parts import Manifest, write_manifest

    (home / "log").mkdir(parents=True)
    parts = tuple(synthetic.parts(home / "log", turns=int(turns), full=True))
    write_manifest(home / "log", Manifest(generation=1, gap_s=45.0, parts=parts))
    return {}


def outcomes(home: Path) -> dict[str, float]:
    from uptake.experiments.coded import Coded
    from uptake.experiments.outcomes import outcomes_of_log
    from uptake.release.state import State

    found = outcomes_of_log(State(home).log)
    columns = [getattr(found, each.name) for each in fields(found) if each.name != "friction"]
    arrays = [column.codes if isinstance(column, Coded) else column for column in [*columns, *found.friction.values()]]
    return {"bytes": float(sum(array.nbytes for array in arrays))}


def report(home: Path) -> dict[str, float]:
    from uptake.release.state import State
    from uptake.report.overview import overview

    state = State(home)
    return {"turns": float(overview(state.log, state.artifacts, state.directory)["sizes"]["turns"])}


def _neighbour(name: str) -> Any:
    spec = spec_from_file_location(f"uptake_benchmark_{name}", Path(__file__).with_name(f"{name}.py"))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    import uptake.report.overview  # noqa: F401 - its own start is not measured

    steps = {step.__name__: step for step in (prepare, outcomes, report)}
    print(json.dumps(_neighbour("learn").measured(steps[sys.argv[1]], sys.argv[2:])))
