"""Whatever is wrong with a file, a disk or a person's patience, a command ends in one line and the right exit code."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from uptake.apps.cli import main
from uptake.lab.simulate.small_log import small_log
from uptake.log.store import TurnLog

MAIN = [sys.executable, "-c", "from uptake.apps.cli import main; main()"]
HANGS = """
import hashlib, sys, threading, time
from uptake.apps import cli
import click

@click.command()
def hang():
    threading.Thread(target=time.sleep, args=(3600,)).start()
    print("begun", flush=True)
    while True:
        try:
            %s
        except KeyboardInterrupt:
            pass

cli._Commands.get_command = lambda *_: hang
cli.main(["config"])
"""

WRONG = {
    "an unknown table": ("[gaurd]\nx = 1\n", "did you mean guard?"),
    "an unknown option": ("[log]\ncompact = 1\n", "did you mean compact_at?"),
    "a text for a number": ('[log]\nsession_gap_s = "45"\n', "must be a number, got a text"),
    "a fraction for a whole number": ("[log]\ncompact_at = 1.5\n", "must be a whole number"),
    "no number": ("[log]\nsession_gap_s = nan\n", "must be a number"),
    "an endless gap": ("[log]\nsession_gap_s = inf\n", "must be from 0"),
    "a huge number": (f"[log]\ncompact_at = {10**30}\n", "at most"),
    "a date": ("[log]\ncompact_at = 2026-01-01\n", "whole number"),
    "a number for a text": ("[agent]\nlanguage = 5\n", "must be a text"),
    "a clock": ('[home]\nclock = "noon"\n', "left out"),
    "a zero byte": ('[home]\nfile = "a\\u0000b"\n', "printable"),
    "no table": ("x = 1\n", "outside a table"),
    "a table of tables": ("[[log]]\ncompact_at = 1\n", "outside a table"),
    "no TOML": ("[log\n", "not valid TOML"),
    "deep": ("x = " + "[" * 20_000 + "\n", "not valid TOML"),
    "not UTF-8": (b"[log]\n# \xff\n", "not valid UTF-8"),
}


def test_a_process_that_learned_ends_without_a_word_of_what_it_still_held(tmp_path):
    with TurnLog(tmp_path / "log") as log:
        log.append(small_log(seed=0))
    ended = subprocess.run(
        [*MAIN, "learn", "rewrites", "--state", str(tmp_path)], capture_output=True, text=True, timeout=300
    )
    assert ended.returncode == 0
    assert "leaked" not in ended.stderr


@pytest.fixture
def run(tmp_path, capsys):
    def command(*arguments):
        with pytest.raises(SystemExit) as ended:
            main([*map(str, arguments), "--state", str(tmp_path)])
        return ended.value.code, capsys.readouterr().err

    return command


@pytest.mark.parametrize("case", WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("command", [("ask", "turn on the light", "--user", "ann"), ("learn",), ("log", "stats")])
def test_a_wrong_configuration_is_one_line(run, tmp_path, case, command):
    content, words = case
    (tmp_path / "uptake.toml").write_bytes(content if isinstance(content, bytes) else content.encode())
    if content[:6] in ("[agent", "[home]") and command[0] != "ask":
        pytest.skip("only the assistant takes it")
    code, err = run(*command)
    assert (code, len(err.splitlines())) == (2, 1)
    assert words in err


def test_a_configuration_that_is_a_directory_is_one_line(run, tmp_path):
    (tmp_path / "uptake.toml").mkdir()
    code, err = run("log", "stats")
    assert (code, len(err.splitlines()), "cannot be read" in err) == (2, 1, True)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("command", [["log", "stats"], ["config", "--json"], ["corpora", "list"], ["--help"]], ids=str)
def test_a_full_standard_output_is_one_line(tmp_path, command):
    environment = {**os.environ, "UPTAKE_STATE": str(tmp_path)}
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*MAIN, *command], stdout=full, stderr=subprocess.PIPE, text=True, env=environment)
    assert (done.returncode, len(done.stderr.splitlines())) == (3, 1)
    assert "No space left" in done.stderr


@pytest.mark.parametrize("form", ["parquet", "csv", "jsonl"])
def test_an_endless_field_is_refused_by_its_row(run, tmp_path, form):
    path, text = tmp_path / f"turns.{form}", "x" * 50_000_000
    fields = {"turn_id": ["t"], "user_id": ["u"], "said_at": ["2026-01-01T00:00:00Z"], "request": [text]}
    if form == "parquet":
        pq.write_table(pa.table(fields), path)
    elif form == "csv":
        path.write_text(f"{','.join(fields)}\nt,u,2026-01-01T00:00:00Z,{text}\n")
    else:
        path.write_text(f'{{"turn_id":"t","user_id":"u","said_at":"2026-01-01T00:00:00Z","request":"{text}"}}\n')
    code, err = run("ingest", path)
    assert (code, len(err.splitlines())) == (3, 1)
    assert "longer than" in err


@pytest.mark.parametrize("busy", ["time.sleep(3600)", "hashlib.pbkdf2_hmac('md5', b'', b'', (1 << 31) - 1)"])
def test_ctrl_c_ends_what_does_not_listen_and_a_library_that_computes(busy):
    """It would go on for an hour; that it ends within two seconds is for a machine that has nothing else to do."""
    with subprocess.Popen(
        [sys.executable, "-c", HANGS % busy], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout.readline() == b"begun\n"
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=600) == 130
        assert b"interrupted" in process.stderr.read()


def test_the_processes_of_a_town_end_with_the_one_that_started_them_however_it_ends(tmp_path):
    code = """
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
import os, time
from uptake.lab.simulate.processes import bound

if __name__ == "__main__":
    pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=bound)
    print(pool.submit(os.getpid).result(), flush=True)
    time.sleep(3600)
"""
    script = tmp_path / "town.py"
    script.write_text(code)
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True) as town:
        worker = int(town.stdout.readline())
        assert Path(f"/proc/{worker}").exists()
        town.kill()
    deadline = time.monotonic() + 30.0
    while is_running(worker) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_running(worker)


def is_running(process):
    """Whether a process is there and not only waits to be noticed as ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False
