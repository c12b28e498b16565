"""`uptake learn` and `uptake bench`: what they print, publish and refuse."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest

from tests.builders import log, session
from tests.feedback.marked import PEOPLE
from uptake.apps.cli import main
from uptake.catalogue import daily
from uptake.log.store import TurnLog
from uptake.store.store import ArtifactStore

WITHIN_S = 600.0  # a minute is promised, of a machine that has nothing else to do


def run(capsys, *arguments):
    """Exit code, stdout and stderr of one command."""
    with pytest.raises(SystemExit) as ended:
        main(list(map(str, arguments)))
    said = capsys.readouterr()
    return ended.value.code, said.out, said.err


def heard(user):
    return session("play harry porter", "play harry potter", user=user, failed=(0,), gap_s=4)


def append(state, *users):
    with TurnLog(state / "log") as turns:
        turns.append(log([heard(user) for user in users]))


def test_what_is_learned_is_published_once(tmp_path, capsys):
    append(tmp_path, *PEOPLE)
    code, out, err = run(capsys, "learn", "rewrites", "--state", tmp_path)
    version = ArtifactStore(tmp_path / "artifacts").current_version("rewrites")
    assert (code, out) == (0, f"rewrites {version}\n")
    assert "1 rows from 8 turns" in err
    assert run(capsys, "learn", "rewrites", "--state", tmp_path)[1] == "rewrites unchanged\n"


def test_json_is_one_object_an_artifact_and_nothing_else(tmp_path, capsys):
    append(tmp_path, *PEOPLE)
    code, out, err = run(capsys, "learn", "--state", tmp_path, "--json", "--dry-run")
    rows = [json.loads(line) for line in out.splitlines()]
    assert (code, err, [row["kind"] for row in rows]) == (0, "", [one.kind for one in daily()])
    assert [row["published"] for row in rows] == [None] * len(daily())
    assert rows[0]["rows"] == 1
    assert not (tmp_path / "artifacts").exists()


def test_an_empty_log_is_refused_with_what_to_do(tmp_path, capsys):
    code, out, err = run(capsys, "learn", "--state", tmp_path)
    assert (code, out) == (3, "")
    assert "uptake ingest" in err


def test_hunches_are_learned_from_devices_alone_and_again(tmp_path, capsys):
    days = [datetime(2026, 11, 2, tzinfo=UTC) + timedelta(days=day) for day in range(14)]
    told = [
        {"entity_id": "fan.attic", "state": state, "at": (day + timedelta(hours=hour)).isoformat()}
        for day in days
        for hour, state in ((16, "on"), (20, "off"))
    ]
    (tmp_path / "states").write_text("\n".join(map(json.dumps, told)))
    state = ("--state", tmp_path / "state")
    assert run(capsys, "ingest", "--format", "states", "--timezone", "UTC", tmp_path / "states", *state)[0] == 0
    code, out, _ = run(capsys, "learn", "hunches", *state)
    assert (code, out[:14]) == (0, "hunches 000001")
    assert run(capsys, "learn", "hunches", *state)[:2] == (0, "hunches unchanged\n")
    (tmp_path / "state" / "uptake.toml").write_text("[hunches]\nmin_share = 0.99\n")
    assert run(capsys, "learn", "hunches", *state)[0] == 0
    code, out, err = run(capsys, "artifacts", "diff", "1", "2", "--kind", "hunches", *state)
    assert (code, out) == (0, "")
    assert "1 removed" in err


def test_a_named_capability_that_learns_nothing_is_an_error_told_once_and_keeps_nothing_else_back(tmp_path, capsys):
    append(tmp_path, *PEOPLE)
    code, out, err = run(capsys, "learn", "ranker", "rewrites", "--state", tmp_path)
    version = ArtifactStore(tmp_path / "artifacts").current_version("rewrites")
    assert (code, out) == (3, f"rankers unchanged\nrewrites {version}\n")
    assert err.count("The shipped ranker goes on serving") + err.count("nothing was said again") == 1


def test_options_come_from_the_configuration_file(tmp_path, capsys):
    append(tmp_path, *PEOPLE)
    (tmp_path / "uptake.toml").write_text("[markov]\nmin_users = 5\n")
    assert json.loads(run(capsys, "learn", "rewrites", "--json", "--state", tmp_path)[1])["rows"] == 0
    (tmp_path / "uptake.toml").write_text("[markov]\nmin_user = 5\n")
    code, _, err = run(capsys, "learn", "rewrites", "--state", tmp_path)
    assert (code, "did you mean min_users" in err) == (2, True)


@pytest.mark.long
@pytest.mark.slow
def test_following_publishes_as_soon_as_a_rephrase_has_its_evidence(tmp_path):
    append(tmp_path, "ann", "bo")
    started = "from uptake.apps.cli import main; main()"
    options = ["rewrites", "--follow", "--json", "--state", str(tmp_path)]
    command = [sys.executable, "-c", started, "learn", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert json.loads(process.stdout.readline())["rows"] == 0
            append(tmp_path, "cy")
            begun = time.monotonic()
            row = json.loads(process.stdout.readline())
            assert (row["rows"], row["published"] is not None) == (1, True)
            assert time.monotonic() - begun < WITHIN_S
            process.send_signal(signal.SIGINT)
            assert process.wait(WITHIN_S) in (0, 130)  # 130 where it did not end by itself within a second
        finally:
            process.kill()  # it ends by itself only where all went well


def test_a_benchmark_that_does_not_exist_is_a_usage_error(capsys):
    assert run(capsys, "bench", "nothing")[0] == 2


@pytest.mark.long
@pytest.mark.slow
def test_the_learning_benchmark_runs():
    from uptake.apps.cli.measure.bench import _load

    figures = _load("learn").run(turns=20_000, rounds=1)
    assert {"learn.scan_ratio", "learn.vs_sql", "learn.total_scan_ratio", "learn.peak_mb", "learn.growth"} <= set(
        figures
    )
    assert all(value >= 0 for value in figures.values())


@pytest.mark.long
@pytest.mark.slow
def test_the_benchmark_of_a_day_more_counts_that_day_alone():
    from uptake.apps.cli.measure.bench import _load

    figures = _load("day").run(turns=1_000, days=4, rounds=1, tell=lambda stage: None)
    assert (figures["day.equal"], figures["day.days"]) == (1.0, 4.0)
    assert figures["day.count_cpu_s"] < figures["day.year_cpu_s"] + figures["day.alone_cpu_s"]


@pytest.mark.long
@pytest.mark.slow
def test_the_benchmark_of_growth_finds_that_counts_grow_as_turns_do():
    from uptake.apps.cli.measure.bench import _load

    figures = _load("growth").run(turns=20_000)
    assert figures["growth.counts_mb_exponent_low"] < 1.0 < figures["growth.counts_mb_exponent_high"] + 0.2
    assert figures["growth.cpu_s_exponent_low"] <= figures["growth.cpu_s_exponent"] <= 1.2


@pytest.mark.long
@pytest.mark.slow
def test_the_solving_benchmark_runs_and_the_methods_agree():
    from uptake.apps.cli.measure.bench import _load

    figures = _load("solve").run(states=5_000, giant_edges=20_000, sampled=0, rounds=1)
    assert figures["solve.max_difference"] < 1e-9
    assert figures["solve.vs_lu"] > 0
