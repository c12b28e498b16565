"""forget --verify: every byte is searched, what is served is learned anew, and a certificate says so."""

from __future__ import annotations

import json
import shutil
import sqlite3
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.builders import log, session
from uptake.apps.cli import main
from uptake.release.night import release
from uptake.release.state import State
from uptake.release.traces import Needles, search
from uptake.release.verify import forget_verified

NOW = datetime(2026, 3, 1, tzinfo=UTC)
RARE = "play the violet heron song"


@pytest.fixture
def state(tmp_path):
    state = State(tmp_path / "state")
    shared = [session("play harry porter", "play harry potter", user=user, failed=(0,), gap_s=4) for user in "abcd"]
    own = [session("play my violet one", RARE, user="annabel-7", failed=(0,), gap_s=4) for _ in range(3)]
    state.log.append(log(shared, own))
    state.log.compact()
    release(state)
    yield state
    state.log.close()


def test_a_forgotten_user_is_certified_in_no_word_of_theirs(state):
    done = forget_verified("annabel-7", state, now=NOW)
    assert done.clean
    assert done.turns == 6
    text = done.path.read_text()
    assert "annabel" not in text
    assert "violet" not in text
    said = json.loads(text)
    assert said["left"] == []
    assert said["searched_for"]["texts"] == 2
    assert all(what.startswith(("equal", "nothing")) for what in said["capabilities"].values())
    assert said["capabilities"]["rewrites"].startswith("equal: learned again")
    assert forget_verified("annabel-7", state, now=NOW).clean


@pytest.mark.long
def test_what_is_left_in_a_file_or_a_backup_is_found(state, tmp_path, capsys):
    shutil.copytree(state.directory, tmp_path / "backup")
    (state.directory / "notes.txt").write_text(f"remember: {RARE}")
    done = forget_verified("annabel-7", state, now=NOW, backups=[tmp_path / "backup"])
    assert str(state.directory / "notes.txt") in done.left
    assert any(str(tmp_path / "backup") in place for place in done.left)
    again = ["forget", "annabel-7", "--verify", "--state", str(state.directory)]
    with pytest.raises(SystemExit) as ended:  # what was the user's alone is still known, though the log has none of it
        main(again)
    assert ended.value.code == 1
    (state.directory / "notes.txt").unlink()
    with pytest.raises(SystemExit) as ended:
        main(again)
    assert ended.value.code == 0
    assert "violet" not in "".join(capsys.readouterr())


def test_a_verification_that_was_killed_is_finished_by_asking_again(state, monkeypatch):
    monkeypatch.setattr("uptake.release.verify.forget", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        forget_verified("annabel-7", state, now=NOW)
    monkeypatch.undo()
    done = forget_verified("annabel-7", state, now=NOW)
    assert done.clean
    assert done.turns == 6
    assert not (state.directory / "sought.json").exists()


def test_an_artifact_that_was_made_with_the_user_is_told(state, monkeypatch):
    kept = state.directory.parent / "kept"
    shutil.copytree(state.artifacts.directory, kept)
    from uptake.release.forget import forget

    def half(user, where):
        turns = forget(user, where)
        shutil.rmtree(where.artifacts.directory)
        shutil.copytree(kept, where.artifacts.directory)
        return turns

    monkeypatch.setattr("uptake.release.verify.forget", half)
    done = forget_verified("annabel-7", State(state.directory), now=NOW)
    assert "rewrites" in done.differing
    assert done.left


@pytest.mark.parametrize("kind", ["parquet", "arrow", "sqlite", "json", "bytes", "name"])
def test_every_format_is_searched(tmp_path, kind):
    text = "öffne das violette tor"
    if kind == "parquet":
        pq.write_table(pa.table({"a": [text]}), tmp_path / "x", compression="zstd")
    elif kind == "arrow":
        table = pa.table({"a": [text]})
        with pa.ipc.new_file(tmp_path / "x", table.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as out:
            out.write_table(table)
    elif kind == "sqlite":
        with sqlite3.connect(tmp_path / "x") as database:
            database.execute("CREATE TABLE t (a, b)")
            database.execute("INSERT INTO t VALUES (?, ?)", (text, "next"))
        database.close()
    elif kind == "json":
        (tmp_path / "x").write_text(json.dumps({"said": text}))
    elif kind == "bytes":
        (tmp_path / "x").write_bytes(b"\xff\x00" + text.encode() + b"\x00\xff")
    else:
        (tmp_path / f"{text}.bin").write_bytes(b"\xff")
    (tmp_path / "other").write_text("öffne das violette torhaus")
    found = search(tmp_path, Needles(keys=("ann",), texts=(text,)))
    assert len(found.places) == 1
    assert found.files == 2
