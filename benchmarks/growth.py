"""How the cost from a log to a rewrite table grows with the log: CPU, memory and bytes at five sizes, each doubled.

Every run is a fresh process that keeps nothing from before. Intervals are 95 %, by least squares over all runs: they
say how well a line fits these sizes on this machine, not what holds beyond them.

    growth.*_exponent            b of y = a T^b, fitted to logarithms; start-up costs weigh in it at small sizes
    growth.cpu_s_per_million     c of y = s + c T: CPU seconds for each 10^6 turns more
    growth.start_cpu_s           s: CPU seconds before the first turn
    growth.scan_cpu_s_per_million   the same for a scan of the log's columns that are read; .scan_ratio divides the two
    growth.peak_mb_per_million   the same line through the largest resident memory
    growth.log_mb_per_million, .counts_mb_per_million   on the disk: the log, and the counts kept of it
    growth.*_low, .*_high        ends of the interval
"""

from __future__ import annotations

import tempfile
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import numpy as np

_SIZES, _ROUNDS = 5, 3


def run(*, turns: int = 2_000_000) -> dict[str, float]:
    """Measure logs of `turns` turns, of half of them, and so on."""
    sizes = [turns >> step for step in reversed(range(_SIZES))]
    local, spark = _neighbour("learn"), _neighbour("learn_spark")
    runs: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory(prefix="uptake-bench-") as place:
        homes = [Path(place) / str(size) for size in sizes]
        for home, size in zip(homes, sizes, strict=True):
            spark._step("prepare", home, size)
        for _ in range(_ROUNDS):
            for home, size in zip(homes, sizes, strict=True):
                one = local._step("learn", home)
                one["scan_cpu_s"] = local._step("scan_log", home)["cpu_s"]
                runs.append({"turns": size, **one, "log_mb": _mb(home / "log"), "counts_mb": _mb(home / "learning")})
    figures = {"growth.turns": float(turns), **_exponents(runs)}
    for name in ("cpu_s", "scan_cpu_s", "peak_mb", "log_mb", "counts_mb"):
        line = _fitted([one["turns"] / 1e6 for one in runs], [one[name] for one in runs])
        figures |= {f"growth.{name}_per_million{end}": value for end, value in line.items() if end != "_start"}
        if name == "cpu_s":
            figures["growth.start_cpu_s"] = line["_start"]
    figures["growth.scan_ratio"] = figures["growth.cpu_s_per_million"] / figures["growth.scan_cpu_s_per_million"]
    return {key: round(value, 4) for key, value in figures.items()}


def _exponents(runs: list[dict[str, float]]) -> dict[str, float]:
    found = {}
    for name in ("cpu_s", "peak_mb", "counts_mb"):
        line = _fitted(np.log([one["turns"] for one in runs]), np.log([one[name] for one in runs]))
        found |= {f"growth.{name}_exponent{end}": value for end, value in line.items() if end != "_start"}
    return found


def _fitted(x: Any, y: Any) -> dict[str, float]:
    """Slope of a line by least squares, the ends of its interval, and where the line starts."""
    from scipy import stats

    line = stats.linregress(x, y)
    half = float(stats.t.ppf(0.975, len(x) - 2)) * line.stderr
    return {"": line.slope, "_low": line.slope - half, "_high": line.slope + half, "_start": line.intercept}


def _mb(directory: Path) -> float:
    return sum(path.stat().st_size for path in directory.rglob("*") if path.is_file()) / 1e6


def _neighbour(name: str) -> Any:
    spec = spec_from_file_location(f"uptake_benchmark_{name}", Path(__file__).with_name(f"{name}.py"))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    print(run())
