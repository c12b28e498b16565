"""How the cost from a log to a rewrite table grows with the log: CPU, memory and bytes at 1, 3, 10, 30 and 100 % of it.

Every run is a fresh process that keeps nothing from before: three of each size, one where a size is above 5 million
turns. Intervals are 95 %, by least squares over all runs with equal weight to equal relative errors: they say how well
a line fits these sizes on this machine, not what holds beyond them.

    growth.*_exponent            b of y = a T^b, fitted to logarithms; start-up costs weigh in it at small sizes
    growth.*_exponent_large      the same from a tenth of the turns up
    growth.cpu_s_per_million     c of y = s + c T: CPU seconds for each 10^6 turns more
    growth.start_cpu_s           s: CPU seconds before the first turn
    growth.scan_cpu_s_per_million   the same for a scan of the log's columns that are read; .scan_ratio divides the two
    growth.peak_mb_per_million   the same line through the largest resident memory
    growth.read_mb_per_million, .written_mb_per_million   the same through what the process read and wrote as files
    growth.log_mb_per_million, .counts_mb_per_million   on the disk: the log, and the counts kept of it
    growth.*_low, .*_high        ends of the interval
    growth.cpu_s_at_N, .peak_mb_at_N   what was measured at N turns: medians
"""

from __future__ import annotations

import tempfile
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

_PERCENT = (1, 3, 10, 30, 100)
_ROUNDS, _ONCE_ABOVE = 3, 5_000_000
_COSTS = ("cpu_s", "scan_cpu_s", "peak_mb", "read_mb", "written_mb", "log_mb", "counts_mb")


def run(*, turns: int = 10_000_000) -> dict[str, float]:
    """Measure logs of `turns` turns, of three tenths of them, and so on."""
    sizes = [turns * percent // 100 for percent in _PERCENT]
    local, spark = _neighbour("learn"), _neighbour("learn_spark")
    runs: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory(prefix="uptake-bench-") as place:
        homes = [Path(place) / str(size) for size in sizes]
        for home, size in zip(homes, sizes, strict=True):
            spark._step("prepare", home, size)
        for done in range(_ROUNDS):
            for home, size in zip(homes, sizes, strict=True):
                if done and size > _ONCE_ABOVE:
                    continue
                one = local._step("learn", home)
                one["scan_cpu_s"] = local._step("scan_log", home)["cpu_s"]
                runs.append({"turns": size, **one, "log_mb": _mb(home / "log"), "counts_mb": _mb(home / "learning")})
    large = [one for one in runs if one["turns"] * 10 >= turns]
    figures = {"growth.turns": float(turns), **_exponents(runs), **_exponents(large, "_large")}
    for name in _COSTS:
        line = _line([one["turns"] / 1e6 for one in runs], [one[name] for one in runs])
        figures |= {f"growth.{name}_per_million{end}": value for end, value in line.items() if end != "_start"}
        if name == "cpu_s":
            figures["growth.start_cpu_s"] = line["_start"]
    figures["growth.scan_ratio"] = figures["growth.cpu_s_per_million"] / figures["growth.scan_cpu_s_per_million"]
    for size in sizes:
        for name in ("cpu_s", "peak_mb"):
            figures[f"growth.{name}_at_{size}"] = median(one[name] for one in runs if one["turns"] == size)
    return {key: round(value, 4) for key, value in figures.items()}


def _exponents(runs: list[dict[str, float]], which: str = "") -> dict[str, float]:
    found = {}
    for name in _COSTS:
        x, y = (np.log([one[column] for one in runs]) for column in ("turns", name))
        line = _fitted(np.stack([np.ones(len(x)), x], axis=1), y)
        found |= {f"growth.{name}_exponent{which}{end}": value for end, value in line.items() if end != "_start"}
    return found


def _line(x: Any, y: Any) -> dict[str, float]:
    """Fit y = start + slope x so that errors relative to y are small."""
    columns = np.stack([np.ones(len(x)), x], axis=1)
    return _fitted(columns / np.asarray(y)[:, None], np.ones(len(x)))


def _fitted(columns: Any, y: Any) -> dict[str, float]:
    """Slope by least squares, the ends of its interval, and the start: the second coefficient, and the first."""
    from scipy import stats

    found, *_ = np.linalg.lstsq(columns, y, rcond=None)
    freedom = len(y) - 2
    spread = ((y - columns @ found) ** 2).sum() / freedom * np.linalg.inv(columns.T @ columns)[1, 1]
    half = float(stats.t.ppf(0.975, freedom) * np.sqrt(spread))
    return {"": float(found[1]), "_low": found[1] - half, "_high": found[1] + half, "_start": float(found[0])}


def _mb(directory: Path) -> float:
    return sum(path.stat().st_size for path in directory.rglob("*") if path.is_file()) / 1e6


def _neighbour(name: str) -> Any:
    spec = spec_from_file_location(f"uptake_benchmark_{name}", Path(__file__).with_name(f"{name}.py"))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    print(run())
