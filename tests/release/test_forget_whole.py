"""forget: killed anywhere it is finished by the next one, and whatever a reader keeps on the disk is said."""

import importlib.util
import shutil
import sqlite3
from pathlib import Path

import pytest

from uptake.apps.cli import main
from uptake.errors import NotForgotten
from uptake.release.forget import forget, forgetting
from uptake.release.state import State
from uptake.types import Request

spec = importlib.util.spec_from_file_location(
    "reliability", Path(__file__).parents[2] / "benchmarks" / "reliability.py"
)
reliability = importlib.util.module_from_spec(spec)
spec.loader.exec_module(reliability)
WORD, ANN = reliability.WORD, reliability.ANN


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A state directory in which everything knows `ANN`."""
    place = tmp_path_factory.mktemp("kept")
    reliability._in_child(lambda: reliability._make_state(place / "state", 60))
    return place / "state"


@pytest.fixture
def state(kept, tmp_path):
    shutil.copytree(kept, tmp_path / "state")
    return State(tmp_path / "state")


def test_a_forgotten_user_is_gone_from_every_byte(state):
    assert len(reliability.traces_of(state.directory, WORD)) > 5
    forget(ANN, state)
    assert reliability.traces_of(state.directory, WORD) == []
    assert "milk" in state.assistant().answer(Request(text="what is on the shopping list", user_id="bo")).speech


def test_what_a_killed_publisher_left_goes_too(state):
    incoming = state.artifacts.directory / "rewrites" / ".incoming"
    incoming.mkdir(parents=True)
    (incoming / "rows.json").write_text(WORD)
    (state.directory / ".incidents.json.new").write_text(WORD)
    forget(ANN, state)
    assert reliability.traces_of(state.directory, WORD) == []


@pytest.mark.long
@pytest.mark.parametrize("name", ["memory.sqlite", "traces.sqlite", "log/hot.sqlite"])
def test_an_open_reader_is_named_and_asking_again_finishes(state, name, capsys, monkeypatch):
    monkeypatch.setattr("uptake.log.store._WIPE_S", 0.1)
    reader = sqlite3.connect(state.directory / name, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM sqlite_master").fetchone()
    with pytest.raises(SystemExit) as ended:
        main(["forget", ANN, "--state", str(state.directory)])
    assert (ended.value.code, name in capsys.readouterr().err) == (1, True)
    assert [one.user_id for one in State(state.directory).log.read() if one.user_id == ANN] == []
    reader.execute("ROLLBACK")
    reader.close()
    assert forgetting(state) == [ANN]
    forget("somebody else", State(state.directory))
    assert forgetting(state) == []
    assert reliability.traces_of(state.directory, WORD) == []


def test_parts_that_no_manifest_names_are_not_passed_over(state):
    (part, *_) = state.log.parts()
    shutil.copy(part.path, part.path.with_name("2026-01-01-0123456789abcdef.parquet"))
    with pytest.raises(NotForgotten, match="doctor"):
        forget(ANN, state)


@pytest.mark.long
@pytest.mark.slow
def test_neither_flips_nor_kills_lose_double_or_leave_anything():
    found = reliability.run(60, flips=40, kills=3, tell=lambda _: None)
    assert found["flips_refused"] > 0
    bad = ("_silent", "_lost", "_words")
    assert {name: count for name, count in found.items() if name.endswith(bad) and count} == {}
