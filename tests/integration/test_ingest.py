"""`uptake ingest`, `log` and `forget`: what goes in comes out, and bad input leaves the log as it was."""

import gzip
import io
import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.builders import log, session, turn
from uptake.apps.cli import main
from uptake.log.records import from_json, to_json
from uptake.log.rows import to_table
from uptake.log.store import TurnLog

GOOD = to_json(turn("play jazz", turn_id="good"))
TURNS = log(session("play jass", "play jazz", failed=(0,), start_s=0), session("stop", user="bo", start_s=60))


@pytest.fixture
def run(tmp_path, monkeypatch, capfdbinary):
    """Run a command in a fresh state; gives exit code, stdout and stderr."""
    monkeypatch.setenv("UPTAKE_STATE", str(tmp_path / "state"))

    def command(*arguments, stdin=b""):
        (tmp_path / "stdin").write_bytes(stdin)
        kept, file = os.dup(0), os.open(tmp_path / "stdin", os.O_RDONLY)
        os.dup2(file, 0)
        try:
            with pytest.raises(SystemExit) as done:
                main([str(argument) for argument in arguments])
        finally:
            os.dup2(kept, 0)
            os.close(kept)
            os.close(file)
        out, err = capfdbinary.readouterr()
        return done.value.code, out, err.decode()

    return command


@pytest.fixture
def stored(tmp_path):
    """The turns in the log of the state."""

    def read():
        with TurnLog(tmp_path / "state" / "log") as opened:
            return list(opened.read())

    return read


def ndjson(turns):
    return b"".join(to_json(one) + b"\n" for one in turns)


@pytest.mark.parametrize("name", ["turns.jsonl", "turns.jsonl.gz", "turns.csv", "turns.csv.gz", "turns.parquet"])
def test_what_goes_out_comes_in_again(run, stored, tmp_path, name):
    assert run("ingest", "--format", "turns", "-", stdin=ndjson(TURNS))[0] == 0
    assert run("log", "export", "--out", tmp_path / name)[0] == 0
    assert run("forget", "ann")[0] == run("forget", "bo")[0] == 0
    assert stored() == []
    assert run("ingest", tmp_path / name)[0] == 0
    assert stored() == TURNS


def test_export_prints_what_was_recorded_ordered_by_time(run):
    run("ingest", "--format", "turns", "-", stdin=ndjson(reversed(TURNS)))
    code, out, _ = run("log", "export")
    assert (code, out) == (0, ndjson(TURNS))
    _, out, _ = run("log", "export", "--sessions")
    assert [from_json(line).session_id for line in out.splitlines()] == [
        TURNS[0].turn_id, TURNS[0].turn_id, TURNS[2].turn_id
    ]  # fmt: skip


def test_ack_prints_each_turn_id_and_the_log_holds_it(run, stored):
    code, out, err = run("ingest", "--format", "turns", "-", "--ack", stdin=ndjson(TURNS))
    assert (code, out.decode().split()) == (0, [one.turn_id for one in TURNS])
    assert "3 turns stored" in err
    assert stored() == TURNS


def test_an_id_with_a_line_break_forges_no_acknowledgement(run):
    code, out, _ = run("ingest", "--format", "turns", "-", "--ack", stdin=line(turn_id="mine\nt-of-ann"))
    assert (code, out.decode().splitlines()) == (0, ['"mine\\nt-of-ann"'])


def test_with_ack_what_came_before_a_bad_line_stays(run, stored):
    code, out, err = run("ingest", "--format", "turns", "-", "--ack", stdin=GOOD + b"\nnonsense\n" + ndjson(TURNS))
    assert (code, out) == (3, b"good\n")
    assert "file -, line 2" in err
    assert [one.turn_id for one in stored()] == ["good"]


def test_a_dry_run_reads_everything_and_stores_nothing(run, stored, tmp_path):
    code, _, err = run("ingest", "--dry-run", "--format", "turns", "-", stdin=ndjson(TURNS))
    assert (code, "nothing stored" in err) == (0, True)
    assert stored() == []
    assert not (tmp_path / "state").exists()


def test_json_is_one_object_and_nothing_else(run):
    _, out, _ = run("ingest", "--json", "--on-error", "skip", "--format", "turns", "-", stdin=GOOD + b"\n{}\n[]\n{}\n")
    assert json.loads(out) == {
        "turns": 1,
        "skipped": 3,
        "reasons": {"turn_id: is required but missing": 2, "has the wrong type: expected object, got array": 1},
        "dry_run": False,
    }
    assert json.loads(run("log", "stats", "--json")[1])["turns"] == 1
    assert json.loads(run("log", "compact", "--json")[1]) == {"rows": 1, "parts": 1, "dry_run": False}
    assert json.loads(run("forget", "ann", "--json")[1]) == {"turns": 1, "dry_run": False}


def test_forget_with_dry_run_forgets_nobody(run, stored):
    run("ingest", "--format", "turns", "-", stdin=ndjson(TURNS))
    code, _, err = run("forget", "ann", "--dry-run")
    assert (code, "2 turns would be removed" in err) == (0, True)
    assert stored() == TURNS


def csv_of(*rows, header="turn_id,user_id,said_at,request"):
    return "\n".join([header, *rows]).encode()


def line(**changed):
    fields = {"turn_id": "t", "user_id": "u", "said_at": "2026-01-01T00:00:00Z", "request": "secret", **changed}
    return json.dumps({name: value for name, value in fields.items() if value is not None}).encode()


def parquet(**columns):
    stream = io.BytesIO()
    needed = {
        "turn_id": ["a", "b"],
        "user_id": ["u", "u"],
        "said_at": [10**15, 10**15 + 2],
        "request": ["secret", "secret"],
    }
    pq.write_table(pa.table({name: made for name, made in {**needed, **columns}.items() if made is not None}), stream)
    return stream.getvalue()


NAIVE = pa.array([1, 2], pa.timestamp("ms"))
BAD = {
    "a malformed line": ("x.jsonl", GOOD + b'\n{"turn_id": \n', 3, ["line 2", "not valid JSON"]),
    "a wrong type": ("x.jsonl", GOOD + b"\n" + line(user_id=5), 3, ["line 2", "field user_id", "expected str"]),
    "an unknown field": ("x.jsonl", line(sesion_id="s"), 3, ["line 1", "sesion_id", "did you mean session_id?"]),
    "a missing field": ("x.jsonl", line(request=None), 3, ["line 1", "field request", "required"]),
    "a naive moment": ("x.jsonl", line() + b"\n" + line(said_at="2026-01-01T00:00:00"), 3, ["line 2", "--timezone"]),
    "a later schema": ("x.jsonl", line(schema=9, hue="red"), 3, ["field schema", "upgrade uptake"]),
    "invalid UTF-8": ("x.jsonl", GOOD + b"\n" + line().replace(b"secret", b"\xff"), 3, ["line 2", "UTF-8"]),
    "a long line": ("x.jsonl", GOOD + b"\n" + b"secret" * 9_000_000 + b"\n", 3, ["line 2", "longer than 16777216"]),
    "a cut gzip": ("x.jsonl.gz", gzip.compress(os.urandom(999) + GOOD * 99)[:-600], 3, ["x.jsonl.gz", "cut short"]),
    "no CSV at all": ("x.csv", b"\x00\x01\x02\n", 3, ["line 1"]),
    "an unknown column": ("x.csv", csv_of(header="turn_id,user,said_at,request"), 3, ["line 1", "mean user_id?"]),
    "a missing column": ("x.csv", csv_of(header="turn_id,user_id,request"), 3, ["line 1", "field said_at"]),
    "a short row": ("x.csv", csv_of("a,u,2026-01-01T00:00:00Z,hi", "b,u"), 3, ["line 3", "2 cells"]),
    "mixed zones": ("x.csv", csv_of("a,u,2026-01-01T00:00Z,hi", "b,u,2026-01-01T00:00,hi"), 3, ["line 3", "time zone"]),
    "no Parquet at all": ("x.parquet", b"PAR1 secret", 3, ["x.parquet", "no Parquet file"]),
    "a cut Parquet file": ("x.parquet", parquet()[:-9], 3, ["incomplete"]),
    "a naive column": ("x.parquet", parquet(said_at=NAIVE), 3, ["field said_at", "--timezone"]),
    "a lacking column": ("x.parquet", parquet(request=None), 3, ["field request", "required"]),
    "a null in Parquet": ("x.parquet", parquet(user_id=["u", None]), 3, ["line 2", "field user_id"]),
    "an extra column": ("x.parquet", parquet(rom=["a", "b"]), 3, ["field rom"]),
    "an unknown ending": ("x.txt", GOOD, 2, ["--format"]),
}


@pytest.mark.parametrize("case", BAD.values(), ids=BAD)
def test_bad_input_is_refused_clearly_and_the_log_is_as_it_was(run, stored, tmp_path, case):
    name, content, exit_code, words = case
    run("ingest", "--format", "turns", "-", stdin=ndjson(TURNS))
    (tmp_path / name).write_bytes(content)
    code, out, err = run("ingest", tmp_path / name)
    assert (code, out) == (exit_code, b"")
    assert [word for word in words if word not in err] == []
    assert "Traceback" not in err
    assert "secret" not in err
    assert stored() == TURNS


@pytest.mark.parametrize(
    ("arguments", "exit_code", "words"),
    [
        (["--format", "trns", "-"], 2, "did you mean turns?"),
        (["-"], 2, "give --format"),
        (["--format", "parquet", "-"], 2, "give a file"),
        (["--format", "turns", "-", "--timezone", "Mars/Olympus"], 2, "Europe/Berlin"),
        (["--format", "turns", "-", "--ack", "--dry-run"], 2, "choose one"),
        (["nowhere.jsonl"], 3, "No such file"),
        (["--format", "csv", "."], 3, "give a file"),
        (["--format", "parquet", "."], 3, "."),
        (["--format", "dstc2", "nowhere"], 3, "nowhere"),
    ],
)
def test_a_wrong_call_is_refused_clearly(run, arguments, exit_code, words):
    code, out, err = run("ingest", *arguments)
    assert (code, out) == (exit_code, b"")
    assert words in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("name", "content"), [("x.jsonl", b""), ("x.jsonl", b"\n\n"), ("x.csv", b""), ("x.parquet", None)]
)
def test_an_empty_file_stores_nothing_and_says_so(run, tmp_path, name, content):
    (tmp_path / name).write_bytes(
        parquet(turn_id=[], user_id=[], said_at=[], request=[]) if content is None else content
    )
    if name == "x.parquet":
        pq.write_table(to_table([]), tmp_path / name)
    code, _, err = run("ingest", tmp_path / name)
    assert (code, "no turns to store" in err) == (0, True)
    assert run("log", "export")[:2] == (0, b"")


def test_skip_stores_the_good_ones_and_says_what_was_wrong(run, stored, tmp_path):
    (tmp_path / "x.jsonl").write_bytes(GOOD + b"\nnonsense\n{}\n" + ndjson(TURNS) + line(wake_score="secret"))
    code, _, err = run("ingest", "--on-error", "skip", tmp_path / "x.jsonl")
    assert (code, len(stored())) == (0, 4)
    assert "3 bad records skipped" in err
    assert "wake_score: has the wrong type" in err
    assert "secret" not in err


def test_times_without_a_zone_take_the_one_that_is_named(run, stored, tmp_path):
    (tmp_path / "x.csv").write_bytes(csv_of("a,u,2026-07-01T12:00:00,hi"))
    assert run("ingest", "--timezone", "Europe/Berlin", tmp_path / "x.csv")[0] == 0
    assert stored()[0].said_at.hour == 10


@pytest.mark.slow
@pytest.mark.parametrize("name", ["x.jsonl", "x.parquet"])
def test_a_large_file_with_one_bad_record_at_its_end_stores_nothing(run, stored, tmp_path, name):
    turns = [turn(at_s=row) for row in range(10_500)]
    if name == "x.jsonl":
        (tmp_path / name).write_bytes(ndjson(turns) + b"{}\n")
    else:
        table = to_table([*turns, turn()])
        pq.write_table(table.set_column(20, "status", pa.array([None] * 10_500 + ["great"])), tmp_path / name)
    assert run("ingest", tmp_path / name)[0] == 3
    assert stored() == []
    assert run("ingest", "--on-error", "skip", tmp_path / name)[0] == 0
    assert len(stored()) == 10_500


LIMITED = """
import resource, sys
from tests.permissions import permissions_hold
from uptake.apps.cli import main
if int(sys.argv[1]):
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
with permissions_hold():
    main(sys.argv[2:])
"""


def limited(*arguments, cwd, largest_file=0):
    """The command line where files may not grow beyond a size, and where permissions hold, for root too."""
    command = [sys.executable, "-c", LIMITED, str(largest_file), *map(str, arguments)]
    paths = os.pathsep.join(filter(None, [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH")]))
    environment = {**os.environ, "PYTHONPATH": paths}
    done = subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=environment)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(("turns", "size"), [(1000, 60_000), (10_500, 30_000)])
def test_a_full_disk_leaves_the_log_as_it_was(run, stored, tmp_path, turns, size):
    run("ingest", "--format", "turns", "-", stdin=ndjson(TURNS))
    (tmp_path / "x.jsonl").write_bytes(ndjson(turn(f"play {row * row}", at_s=row) for row in range(turns)))
    code, out, err = limited(
        "ingest", "--state", tmp_path / "state", tmp_path / "x.jsonl", cwd=tmp_path, largest_file=size
    )
    assert (code, out) == (3, "")
    assert "full" in err
    assert "Traceback" not in err
    assert stored() == TURNS


@pytest.mark.slow
def test_a_closed_log_can_be_read_where_nothing_may_be_written(run, tmp_path):
    run("ingest", "--format", "turns", "-", stdin=ndjson(TURNS))
    kept = sorted((tmp_path / "state").rglob("*"))
    for path in kept:
        path.chmod(0o555 if path.is_dir() else 0o444)
    command = ("log", "export", "--state", tmp_path / "state")
    assert limited(*command, cwd=tmp_path)[:2] == (0, ndjson(TURNS).decode())
    for path in kept:
        path.chmod(0o755)


@pytest.mark.slow
def test_a_read_only_directory_is_refused_clearly(tmp_path):
    (tmp_path / "state").mkdir(mode=0o555)
    (tmp_path / "x.jsonl").write_bytes(ndjson(TURNS))
    code, out, err = limited("ingest", "--state", tmp_path / "state", tmp_path / "x.jsonl", cwd=tmp_path)
    assert (code, out) == (3, "")
    assert "may not be written" in err
    assert "Traceback" not in err
    assert list((tmp_path / "state").iterdir()) == []


def test_an_export_that_cannot_be_written_is_refused_clearly(run, tmp_path):
    run("ingest", "--format", "turns", "-", stdin=ndjson(TURNS))
    code, _, err = run("log", "export", "--out", tmp_path / "nowhere" / "x.csv")
    assert (code, "cannot be written" in err) == (3, True)
    assert run("log", "export", "--format", "parquet")[0] == 2
    assert run("log", "export", "--format", "xml")[0] == 2


@pytest.mark.long
@pytest.mark.data
@pytest.mark.slow
def test_dstc2_goes_in_and_comes_out(run, stored, data_root):
    if not (data_root / "dstc2").is_dir():
        pytest.skip("no DSTC2")
    assert run("ingest", "--format", "dstc2", data_root / "dstc2")[0] == 0
    counted = json.loads(run("log", "stats", "--json")[1])
    assert counted["turns"] > 5_000
    turns = stored()
    assert len(turns) == counted["turns"]
    assert len({one.session_id for one in turns}) == counted["sessions"]
    assert all(a.said_at - b.said_at >= timedelta(0) for a, b in zip(turns[1:], turns, strict=False))
