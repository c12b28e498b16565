"""The benchmarks of lookup, decision and ingest run, small, and print every figure they promise."""

import importlib.util
import json
import math
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("lookup", {"rows": 2_000, "count": 500, "rounds": 1}),
        ("decide", {"rewrites": 500, "known": 100, "count": 50, "rounds": 1}),
        ("ingest", {"turns": 500, "acks": 5}),
        ("decide_online", {"rows": 2_000, "vectors": 50, "count": 12}),
        ("http", {"rows": 4_000, "count": 160, "rounds": 1, "seconds": 1.0}),
        ("retrieve", {"rows": 600, "large": 700, "vectors": 60, "count": 30, "peers": 5}),
    ],
)
def test_a_small_run_prints_what_the_program_promises(name, options, monkeypatch, tmp_path):
    monkeypatch.setenv("UPTAKE_TEST_DATA", str(tmp_path))  # no corpora: everything is made
    spec = importlib.util.spec_from_file_location(name, BENCHMARKS / f"{name}.py")
    benchmark = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(benchmark)
    figures = benchmark.run(**options)
    promised = {
        "lookup": {"p50_us", "p99_us", "open_ms", "build_s", "vs_dict", "vs_sqlite"},
        "decide": {"p50_ms", "p99_ms"},
        "ingest": {"file_turns_per_s", "stream_turns_per_s", "ack_p50_ms", "ack_p99_ms"},
        "http": {"vs_raw", "vs_raw_new", "hit_us", "miss_us", "raw_us", "p99_ms_at_300", "raw_p99_ms_at_300"},
        "retrieve": set(),
        "decide_online": set(),
    }
    whole = {"fuzzy.p99_ms", "fuzzy.p99_ms_1m", "fuzzy.vs_rapidfuzz", "index.bytes_per_request", "index.build_s"}
    also = whole | {"update.p99_ms", "cascade.p99_ms"} if name == "retrieve" else set()
    if name == "decide_online":
        also = {f"light.{part}p99_ms" for part in ("", "sure_", "unsure_", "retrieval_", "reading_", "ranking_")}
    assert {f"{name}.{figure}" for figure in promised[name]} | also <= set(figures)
    assert all(math.isfinite(value) and value > 0 for value in figures.values())


@pytest.mark.slow
def test_what_must_not_grow_is_measured_in_a_small_size_too(capsys):
    from uptake.apps.cli.measure.bench import command

    command.main(["bounds", "--quick", "--json"], standalone_mode=False)
    printed = capsys.readouterr()
    figures = json.loads(printed.out)
    promised = {"memory_mb_at_200", "memory_growth_mb", "turn_ms_at_0_users", "turn_ms_at_20_users", "long_worst_ms"}
    assert {f"bounds.{name}" for name in promised} <= set(figures)
    assert "200 of 200 turns" in printed.err


def test_an_option_that_means_nothing_is_refused():
    from uptake.apps.cli.measure.bench import command
    from uptake.errors import BadConfig

    for option in (["--turns", "5000"], ["--quick"]):
        with pytest.raises(BadConfig, match=f"lookup.*{option[0]}"):
            command.main(["lookup", *option], standalone_mode=False)


def test_a_name_with_a_dash_finds_its_program():
    from uptake.apps.cli.measure.bench import _load

    assert callable(_load("decide-online").run)


@pytest.mark.slow
def test_a_short_soak_loses_and_doubles_no_acknowledged_turn():
    from uptake.apps.cli.measure.bench import _load

    figures = _load("soak").run(seconds=20.0, rate=60.0)
    assert (figures["soak.lost"], figures["soak.doubled"], figures["soak.refused"]) == (0, 0, 0)
    assert min(figures["soak.server_kills"], figures["soak.turns"] / 100) >= 1
