"""What was acknowledged survives kill -9, and a change of the log that is killed has happened or has not."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.builders import turn
from uptake.log.parts import read_manifest
from uptake.log.records import to_json
from uptake.log.rows import to_table
from uptake.log.sessions import sessions
from uptake.log.store import TurnLog

pytestmark = pytest.mark.slow

INGEST = [sys.executable, "-c", "from uptake.apps.cli import main; main()", "ingest", "--format", "turns", "-", "--ack"]

KILLED = """
import importlib, os, signal, sys
from pathlib import Path
from uptake.log.sessions import sessions
from uptake.log.store import TurnLog

directory, action, module, name, moment, times = sys.argv[1:]
owner = importlib.import_module(module)
*path, name = name.split(".")
for step in path:
    owner = getattr(owner, step)
original, left = getattr(owner, name), int(times)

def dying(*args, **kwargs):
    global left
    left -= 1
    if left == 0 and moment == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    result = original(*args, **kwargs)
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return result

setattr(owner, name, dying)
log = TurnLog(Path(directory), part_rows=20)
if action == "load":
    import pyarrow.parquet as pq
    log.load([pq.read_table(Path(directory).parent / "more.parquet")])
else:
    log.compact() if action == "compact" else log.forget("ann")
"""

POINTS = [
    ("uptake.log.compaction.build", "write_part", "after", 1),
    ("uptake.log.compaction.build", "write_part", "before", 2),
    ("uptake.log.store", "write_manifest", "before", 1),
    ("uptake.log.store", "write_manifest", "after", 1),
    ("uptake.log.parts", "remove", "after", 1),
    ("uptake.log.hot.sqlite", "Journal.drop", "before", 2),
    ("uptake.log.hot.sqlite", "Journal.drop", "after", 2),
    ("pathlib", "Path.replace", "before", 1),
]


def said(count):
    """Turns of two users, in sessions of about five."""
    return [
        turn(f"wish {row}", turn_id=f"t{row:05}", user="ann" if row % 2 else "bo", at_s=row * 20.0 + row // 10 * 60.0)
        for row in range(count)
    ]


def die(directory, action, module, name, moment, times):
    arguments = [str(directory), action, module, name, moment, str(times)]
    done = subprocess.run([sys.executable, "-c", KILLED, *arguments], capture_output=True, text=True)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode != 0


@pytest.mark.long
@pytest.mark.parametrize("point", POINTS, ids=lambda point: "-".join(map(str, point[1:])))
def test_a_compaction_killed_at_any_point_leaves_the_log_the_same(tmp_path, point):
    turns = said(60)
    with TurnLog(tmp_path / "log", part_rows=20) as log:
        for start in (0, 10):  # the second compaction replaces a part; the third one clears it away
            log.append(turns[start : start + 20])
            log.compact()
        log.append(turns[20:])
    assert die(tmp_path / "log", "compact", *point)
    with TurnLog(tmp_path / "log", part_rows=20) as log:
        assert list(log.read()) == turns
        log.append(turns[:1])
        log.compact()
        assert (list(log.read()), log.fresh_rows()) == (turns, 0)
        manifest = read_manifest(tmp_path / "log")
        stored = {path.name.partition(".")[0] for path in (tmp_path / "log").glob("turns/*/*")}
        assert stored == {part.name for part in manifest.parts} | set(manifest.retired)


@pytest.mark.parametrize("point", POINTS[:4], ids=lambda point: "-".join(map(str, point[1:])))
def test_a_bulk_load_that_is_killed_has_happened_whole_or_not_at_all(tmp_path, point):
    import pyarrow.parquet as pq

    turns = said(60)
    with TurnLog(tmp_path / "log", part_rows=20) as log:
        log.append(turns[:10])
        log.compact()
    pq.write_table(to_table(turns), tmp_path / "more.parquet")
    assert die(tmp_path / "log", "load", *point)
    with TurnLog(tmp_path / "log", part_rows=20) as log:
        assert list(log.read()) == (turns if point[1:3] == ("write_manifest", "after") else turns[:10])
        log.append(turns[:1])
        log.compact()
    assert list((tmp_path / "log" / "scratch").iterdir()) == []


@pytest.mark.parametrize(
    "point",
    [
        ("uptake.log.hot.sqlite", "Journal.forget", "after", 1),
        ("uptake.log.store", "write_part", "after", 1),
        ("uptake.log.store", "write_manifest", "after", 1),
        ("uptake.log.hot.sqlite", "Journal.forgotten", "before", 1),
    ],
    ids=lambda point: "-".join(map(str, point[1:])),
)
def test_forgetting_that_is_killed_is_finished_by_the_next_reader(tmp_path, point):
    turns = said(40)
    with TurnLog(tmp_path / "log", part_rows=20) as log:
        log.append(turns[:30])
        log.compact()
        log.append(turns[30:])
    assert die(tmp_path / "log", "forget", *point)
    with TurnLog(tmp_path / "log", part_rows=20) as log:
        assert list(log.read()) == [one for one in turns if one.user_id == "bo"]
    assert b"ann" not in b"".join(path.read_bytes() for path in (tmp_path / "log").rglob("*") if path.is_file())


@pytest.mark.parametrize("seed", range(3))
def test_what_was_acknowledged_survives_kill_9(tmp_path, seed):
    turns = said(4000)
    source = tmp_path / "turns.jsonl"
    source.write_bytes(b"".join(to_json(one) + b"\n" for one in turns))
    wanted = random.Random(seed).randrange(1, 3500)
    state = {**os.environ, "UPTAKE_STATE": str(tmp_path / "state")}
    with source.open("rb") as stdin:
        process = subprocess.Popen(INGEST, stdin=stdin, stdout=subprocess.PIPE, text=True, env=state)
        acknowledged = [process.stdout.readline().strip() for _ in range(wanted)]
        process.send_signal(signal.SIGKILL)
        acknowledged += process.stdout.read().split()
        process.wait()
        process.stdout.close()
    with TurnLog(tmp_path / "state" / "log") as log:
        kept = [one.turn_id for one in log.read()]
    assert set(filter(None, acknowledged)) <= set(kept)
    assert kept == [one.turn_id for one in turns[: len(kept)]]


def test_a_slow_sender_gets_each_acknowledgement_at_once(tmp_path):
    state = {**os.environ, "UPTAKE_STATE": str(tmp_path / "state")}
    with subprocess.Popen(INGEST, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=state) as process:
        for one in said(5):
            process.stdin.write(to_json(one) + b"\n\n{")  # the beginning of another line must not delay this one
            process.stdin.flush()
            assert process.stdout.readline().decode().strip() == one.turn_id
            process.stdin.write(to_json(one)[1:] + b"\n")
            process.stdin.flush()
            assert process.stdout.readline().decode().strip() == one.turn_id
        process.stdin.write(b"{}\n")
        process.stdin.close()
        assert process.wait() == 3


def test_several_writers_and_a_compactor_lose_nothing_while_a_reader_reads(tmp_path):
    turns = said(600)
    write = """
import random, sys
from pathlib import Path
sys.path.insert(0, sys.argv[4])
from tests.log.test_crash import said
from uptake.log.sessions import sessions
from uptake.log.store import TurnLog
log, chance, turns = TurnLog(Path(sys.argv[1]), part_rows=100), random.Random(sys.argv[2]), said(600)
if sys.argv[3] == "compact":
    for _ in range(12):
        log.compact()
else:
    order = [*range(0, 600, 10)]
    chance.shuffle(order)
    for start in order:
        log.append(turns[start : start + chance.randrange(10, 20)])
"""
    root = str(Path(__file__).parents[2])
    processes = [
        subprocess.Popen([sys.executable, "-c", write, str(tmp_path / "log"), str(who), what, root])
        for who, what in enumerate(["append", "append", "append", "compact"])
    ]
    seen = 0
    with TurnLog(tmp_path / "log", part_rows=100) as log:
        while any(process.poll() is None for process in processes):
            now = [one.turn_id for one in log.read()]
            assert len(now) == len(set(now)) >= seen
            seen = len(now)
            time.sleep(0.01)
        assert [process.returncode for process in processes] == [0, 0, 0, 0]
        assert list(log.read()) == turns
        log.compact()
        assert list(log.read()) == turns
        assert log.stats().sessions == len(sessions(turns))
