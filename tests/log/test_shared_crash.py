"""Servers, clients and compactors that are killed: no acknowledged turn is lost, and none is doubled."""

import random
import signal
import subprocess
import sys
import threading
from contextlib import suppress

import pytest

from tests.log.postgres_server import PostgresServer
from tests.log.test_crash import said
from uptake.errors import StorageFailed
from uptake.log.records import to_json
from uptake.log.store import TurnLog

pytestmark = pytest.mark.slow

UPTAKE = [sys.executable, "-c", "from uptake.apps.cli import main; main()"]
TURNS = said(900)
COMPACT = """
import sys
from pathlib import Path
from uptake.errors import StorageFailed
from uptake.log.store import TurnLog
log = TurnLog(Path(sys.argv[1]), store=sys.argv[2], part_rows=100)
while True:
    try:
        log.compact()
    except StorageFailed:
        pass
"""


class Sender(threading.Thread):
    """Sends turns to `uptake ingest --ack`, some at a time, through a process that may be killed and is begun again."""

    def __init__(self, command, turns, chance, heard):
        super().__init__()
        self.command, self.left, self.chance, self.heard = command, list(turns), chance, heard
        self.acknowledged, self.process = [], None

    def run(self):
        while self.left:
            pipe, quiet = subprocess.PIPE, subprocess.DEVNULL
            with (
                suppress(BrokenPipeError),  # killed before it read all: also closing its input says so
                subprocess.Popen(self.command, stdin=pipe, stdout=pipe, stderr=quiet) as self.process,
            ):
                while self.left and self._send(self.left[: self.chance.randrange(1, 30)]):
                    pass
                self.process.stdin.close()

    def _send(self, some):
        again = self.chance.sample(self.acknowledged, min(3, len(self.acknowledged)))  # nobody minds
        lines = [to_json(one) + b"\n" for one in [*some, *again]]
        self.process.stdin.write(b"".join(lines))
        self.process.stdin.flush()
        back = [self.process.stdout.readline() for _ in lines]
        done = {line.decode().strip() for line in back if line.endswith(b"\n")}
        self.acknowledged += [one for one in some if one.turn_id in done]
        self.left = [one for one in self.left if one.turn_id not in done]
        for _ in done:
            self.heard.release()
        return b"" not in back


@pytest.mark.parametrize("seed", [0])
def test_whatever_is_killed_no_acknowledged_turn_is_lost_or_doubled(tmp_path, seed):
    server, chance, heard = PostgresServer(), random.Random(seed), threading.Semaphore(0)
    try:
        url = server.fresh()
        command = [*UPTAKE, "ingest", "--format", "turns", "-", "--ack", "--store", url, "--state", str(tmp_path)]
        senders = [Sender(command, TURNS[start::2], random.Random(f"{seed}{start}"), heard) for start in range(2)]
        for sender in senders:
            sender.start()
        compact = [sys.executable, "-c", COMPACT, str(tmp_path / "log"), url]
        compactor = subprocess.Popen(compact)
        for _ in range(5):
            for _ in range(chance.randrange(20, 150)):
                assert heard.acquire(timeout=600)
            server.kill()
            server.start()
            compactor.kill()
            compactor.wait()
            compactor = subprocess.Popen(compact)
            victim = chance.choice(senders).process
            if victim is not None and victim.poll() is None:
                victim.send_signal(signal.SIGKILL)
        for sender in senders:
            sender.join()
        compactor.kill()
        compactor.wait()
        acknowledged = {one.turn_id for sender in senders for one in sender.acknowledged}
        with TurnLog(tmp_path / "log", store=url, part_rows=100) as log:
            kept = list(log.read())
            lost, doubled = acknowledged - {one.turn_id for one in kept}, len(kept) - len(set(map(to_json, kept)))
            assert (len(acknowledged), lost, doubled) == (len(TURNS), set(), 0)
            log.append(TURNS)
            log.compact()
            assert (list(log.read()), log.fresh_rows()) == (TURNS, 0)
    finally:
        server.close()


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("name", ["build", "write_manifest"])
def test_a_compaction_that_loses_its_server_loses_no_turn(tmp_path, postgres, name, moment, monkeypatch):
    from uptake.log import store

    step, url = getattr(store, name), postgres.fresh()

    def cut():
        others = "pid <> pg_backend_pid() AND backend_type = 'client backend'"
        postgres.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")

    def cutting(*arguments, **options):
        if moment == "before":
            cut()
        done = step(*arguments, **options)
        if moment == "after":
            cut()
        return done

    with TurnLog(tmp_path / "log", store=url) as log:
        log.append(TURNS[:20])
        with monkeypatch.context() as patched:
            patched.setattr(store, name, cutting)
            with pytest.raises(StorageFailed, match="connection broke"):
                log.compact()
        switched = (tmp_path / "log" / "manifest.json").exists()
        assert switched == (name == "write_manifest")  # who lost the lock makes no parts the log
        assert list(log.read()) == TURNS[:20]
        log.compact()
        assert (list(log.read()), log.fresh_rows()) == (TURNS[:20], 0)


def test_two_processes_share_one_log(tmp_path, postgres):
    """The page "several servers", on one machine: two states, one directory of parts, one Postgres."""
    url = postgres.fresh()
    for name in ("kitchen", "office"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "uptake.toml").write_text(f'[log]\nstore = "{url}"\nparts = "{tmp_path / "parts"}"\n')

    def uptake(name, *arguments):
        done = subprocess.run([*UPTAKE, *arguments, "--state", tmp_path / name], capture_output=True)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    ingest = [*UPTAKE, "ingest", "--format", "turns", "-", "--ack", "--state"]
    running = {
        name: subprocess.Popen([*ingest, tmp_path / name], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for name in ("kitchen", "office")
    }
    for at, one in enumerate(TURNS[:40]):  # both are alive and write by turns
        process = running[("kitchen", "office")[at % 2]]
        process.stdin.write(to_json(one) + b"\n")
        process.stdin.flush()
        assert process.stdout.readline().decode().strip() == one.turn_id
    uptake("kitchen", "log", "compact")
    for process in running.values():
        process.communicate()
    assert uptake("office", "log", "export") == b"".join(to_json(one) + b"\n" for one in TURNS[:40])
