"""The benchmarks of lookup, decision and ingest run, small, and print every figure they promise."""

import importlib.util
import math
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("lookup", {"rows": 2_000, "count": 500, "rounds": 1}),
        ("decide", {"rewrites": 500, "sounds": 100, "count": 50, "rounds": 1}),
        ("ingest", {"turns": 500, "acks": 5}),
    ],
)
def test_a_small_run_prints_what_the_program_promises(name, options):
    spec = importlib.util.spec_from_file_location(name, BENCHMARKS / f"{name}.py")
    benchmark = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(benchmark)
    figures = benchmark.run(**options)
    promised = {
        "lookup": {"p50_us", "p99_us", "open_ms", "build_s", "vs_dict", "vs_sqlite"},
        "decide": {"p50_ms", "p99_ms"},
        "ingest": {"file_turns_per_s", "stream_turns_per_s", "ack_p50_ms", "ack_p99_ms"},
    }
    assert {f"{name}.{figure}" for figure in promised[name]} <= set(figures)
    assert all(math.isfinite(value) and value > 0 for value in figures.values())


def test_an_option_that_means_nothing_is_refused():
    from uptake.apps.cli.bench import command
    from uptake.errors import BadConfig

    with pytest.raises(BadConfig, match="lookup"):
        command.main(["lookup", "--turns", "5000"], standalone_mode=False)
