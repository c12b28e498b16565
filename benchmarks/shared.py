"""Several servers that store turns in one Postgres at once, beside one that stores them in a file of SQLite.

Every server is `uptake ingest --format turns - --ack`, a process with a state directory of its own, and sends what it
has at once; Postgres is started for this, on this machine, with its defaults of durability. Wall time: from the first
turn sent to the last one acknowledged, the start of the processes left out.

    shared.turns_per_s_N         turns acknowledged a second, all servers together, N of them
    shared.sqlite_turns_per_s    the same of one server with SQLite
    shared.vs_sqlite             one server on Postgres / that
    shared.scaling               the most servers / one server
    shared.lost                  turns acknowledged and not in the log afterwards, of all that were sent
    shared.ack_p50_ms, .ack_p99_ms   from sending one turn to its acknowledgement, one server, one turn at a time
    shared.sqlite_ack_p50_ms, .sqlite_ack_p99_ms   the same with SQLite
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import numpy as np

from uptake.errors import NotReady

SERVERS = (1, 2, 4)


def run(*, turns: int = 20_000, acks: int = 300) -> dict[str, float]:
    """Measure `turns` turns for each number of servers, and `acks` single ones."""
    lines = _neighbour("ingest")
    given = [lines._line(number) for number in range(turns)]
    postgres = _postgres()
    figures = {"shared.turns": float(turns)}
    try:
        with tempfile.TemporaryDirectory(prefix="uptake-bench-") as place:
            home, lost = Path(place), 0
            (home / "alone").mkdir()
            figures["shared.sqlite_turns_per_s"] = turns / _stored_s([home / "alone"], given)
            for count in SERVERS:
                states = _states(home / f"with-{count}", count, postgres.fresh())
                figures[f"shared.turns_per_s_{count}"] = turns / _stored_s(states, given)
                lost += turns - _turns(states[0])
            (state,) = _states(home / "single", 1, postgres.fresh())
            for name, where in (("", state), ("sqlite_", home / "one")):
                waited = lines._acknowledged(given[:acks], where)
                figures |= {f"shared.{name}ack_p{at}_ms": float(np.percentile(waited, at)) for at in (50, 99)}
    finally:
        postgres.close()
    figures["shared.lost"] = float(lost)
    figures["shared.vs_sqlite"] = figures["shared.turns_per_s_1"] / figures["shared.sqlite_turns_per_s"]
    figures["shared.scaling"] = figures[f"shared.turns_per_s_{SERVERS[-1]}"] / figures["shared.turns_per_s_1"]
    return {key: round(value, 3) for key, value in figures.items()}


def _states(home: Path, count: int, url: str) -> list[Path]:
    """State directories of servers that share a log."""
    made = [home / str(number) for number in range(count)]
    for state in made:
        state.mkdir(parents=True)
        (state / "uptake.toml").write_text(f'[log]\nstore = "{url}"\nparts = "{home / "parts"}"\n')
    return made


def _stored_s(states: list[Path], given: list[bytes]) -> float:
    """Seconds until every turn is acknowledged, each server taking its share."""
    servers = [_Server(state, given[at :: len(states)]) for at, state in enumerate(states)]
    for server in servers:
        server.started()
    begun = time.perf_counter()
    for server in servers:
        server.start()
    for server in servers:
        server.join()
    return time.perf_counter() - begun


class _Server(threading.Thread):
    """One `uptake ingest`, its turns, and the thread that waits for them."""

    def __init__(self, state: Path, lines: list[bytes]) -> None:
        super().__init__()
        command = [sys.executable, "-m", "uptake", "ingest", "--format", "turns", "-", "--ack", "--state", str(state)]
        self._lines = lines
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
        )

    def started(self) -> None:
        """Wait until it takes turns: it has stored the first."""
        self._process.stdin.write(self._lines[0])
        assert self._process.stdout.readline()

    def run(self) -> None:
        acknowledged = threading.Thread(target=self._process.stdout.read)
        acknowledged.start()
        self._process.stdin.write(b"".join(self._lines[1:]))
        self._process.stdin.close()
        acknowledged.join()
        assert self._process.wait() == 0


def _turns(state: Path) -> int:
    from uptake.release.state import State

    with State(state).log as log:
        return log.stats().turns


def _postgres() -> Any:
    import pytest

    sys.path.insert(0, str(Path(__file__).parents[1]))
    from tests.log.postgres_server import PostgresServer

    try:
        return PostgresServer()
    except pytest.skip.Exception as skipped:
        raise NotReady(str(skipped)) from None


def _neighbour(name: str) -> Any:
    spec = spec_from_file_location(f"uptake_benchmark_{name}", Path(__file__).with_name(f"{name}.py"))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    print(run())
