"""Retention: what is older than it is to be kept goes, from every file, also where a process is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from tests.builders import START, session
from tests.builders import log as turns_of
from uptake.apps.cli import main
from uptake.errors import BadConfig
from uptake.log.store import TurnLog
from uptake.log.timeline import Change
from uptake.release.doctor import examine
from uptake.release.night import release
from uptake.release.retention import expire, expiry, overdue
from uptake.release.state import State

NOW = datetime.now(UTC)
OLD, NEW = "sing the heron song", "play harry potter"
KILLED = """
import importlib, os, signal, sys
from datetime import datetime
from pathlib import Path
from uptake.release.retention import expire
from uptake.release.state import State

owner = importlib.import_module(sys.argv[3])
*path, name = sys.argv[4].split(".")
for step in path:
    owner = getattr(owner, step)
original = getattr(owner, name)
setattr(owner, name, lambda *a, **k: (original(*a, **k), os.kill(os.getpid(), signal.SIGKILL)))
expire(State(Path(sys.argv[1])), datetime.fromisoformat(sys.argv[2]))
"""


def at(days):
    return (NOW - timedelta(days=days)).timestamp() - START.timestamp()


def said(*texts, days, user="ann"):
    return session(*texts, user=user, start_s=at(days))


@pytest.fixture
def state(tmp_path):
    (tmp_path / "state").mkdir(mode=0o700)
    state = State(tmp_path / "state")
    state.log.append(turns_of([said(OLD, OLD, days=200), said(NEW, days=3)]))
    state.log.compact()
    state.log.append(turns_of([said(OLD, days=150, user="bo"), said(NEW, days=2, user="bo")]))
    moments = [int((NOW - timedelta(days=days)).timestamp() * 1e6) for days in (200, 2)]
    state.timeline.append([Change("home", "light.hall", moment, None, "on") for moment in moments])
    yield state
    state.log.close()


def files_with(state, text):
    return [path for path in state.directory.rglob("*") if path.is_file() and text.encode() in path.read_bytes()]


def test_old_turns_changes_and_counts_go_and_the_rest_stays(state):
    release(state, ["rewrites"])
    counted = set((state.learning / "markov").glob("*.parquet"))
    assert overdue(state, NOW - timedelta(days=90)).turns == 3
    done = expire(state, NOW - timedelta(days=90))
    assert (done.turns, done.parts, done.changes) == (3, 1, 1)
    assert [turn.request for turn in state.log.read()] == [NEW, NEW]
    assert len(set((state.learning / "markov").glob("*.parquet"))) < len(counted)
    assert not files_with(state, OLD)
    again = expire(state, NOW - timedelta(days=90))
    assert (again.turns, again.changes) == (0, 0)


def test_learning_removes_what_the_configuration_says(state):
    (state.directory / "uptake.toml").write_text("[log]\nkeep_days = 90\n")
    assert [one.place for one in examine(State(state.directory)) if one.place == "retention"] == ["retention"]
    release(State(state.directory), ["rewrites"])
    assert [turn.request for turn in state.log.read()] == [NEW, NEW]
    assert not [one for one in examine(State(state.directory)) if one.place == "retention"]


def run(capsys, state, *arguments):
    with pytest.raises(SystemExit) as ended:
        main(["log", "expire", *arguments, "--state", str(state.directory)])
    return ended.value.code, capsys.readouterr()


def test_the_command_counts_first_and_removes_then(state, capsys):
    code, told = run(capsys, state, "--days", "90", "--dry-run", "--json")
    assert (code, json.loads(told.out)["turns"], state.log.stats().turns) == (0, 3, 5)
    assert run(capsys, state, "--days", "90")[0] == 0
    assert state.log.stats().turns == 2


@pytest.mark.parametrize("arguments", [(), ("--days", "0"), ("--days", "-3"), ("--days", "999999999")])
def test_days_that_are_none_are_refused_and_nothing_goes(state, capsys, arguments):
    code, told = run(capsys, state, *arguments)
    assert code == 2
    assert "days" in told.err
    assert state.log.stats().turns == 5


@pytest.mark.parametrize("days", [0, -1, 10**9])
def test_a_configuration_that_keeps_no_day_is_refused(tmp_path, days):
    with pytest.raises(BadConfig, match="keep_days"):
        TurnLog(tmp_path, keep_days=days)


def test_without_days_turns_are_kept_for_good(state):
    assert expiry(state, NOW) is None


@pytest.mark.slow
@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("uptake.log.journal", "Journal.expire"),
        ("uptake.log.store", "write_manifest"),
        ("uptake.log.store", "TurnLog.expire"),
    ],
)
def test_killed_anywhere_the_next_time_finishes_it(state, module, name):
    before = NOW - timedelta(days=90)
    release(state, ["rewrites"])
    state.log.close()
    arguments = [str(state.directory), before.isoformat(), module, name]
    done = subprocess.run([sys.executable, "-c", KILLED, *arguments], capture_output=True, env=os.environ)
    assert done.returncode == -signal.SIGKILL, done.stderr
    found = State(state.directory)
    assert [turn.request for turn in found.log.read() if turn.said_at >= before] == [NEW, NEW]
    expire(found, before)
    assert [turn.request for turn in found.log.read()] == [NEW, NEW]
    assert not files_with(found, OLD)
