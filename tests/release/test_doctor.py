"""doctor: what is wrong with a state directory is found, and what can be repaired is."""

import json

import pytest

from tests.builders import log as turns_of
from tests.builders import session
from uptake.apps.cli import main
from uptake.capability import EXTRAS
from uptake.release.doctor import examine
from uptake.release.night import release
from uptake.release.state import State


@pytest.fixture
def state(tmp_path):
    (tmp_path / "state").mkdir(mode=0o700)
    state = State(tmp_path / "state")
    said = [
        session("play harry porter", "play harry potter", user=name, failed=(0,)) for name in ["ann", "bo", "cy"] * 5
    ]
    state.log.append(turns_of(said))
    state.log.compact()
    release(state)
    yield State(tmp_path / "state")
    state.log.close()


def run(capsys, state, *arguments):
    with pytest.raises(SystemExit) as ended:
        main(["doctor", *arguments, "--state", str(state.directory)])
    return ended.value.code, capsys.readouterr().out


def problems(state):
    return [one.problem for one in examine(State(state.directory)) if one.place != "permissions"]


def test_a_whole_directory_has_nothing_wrong_with_it(state):
    assert problems(state) == []


def test_a_directory_that_is_not_there_is_not_made(tmp_path):
    assert examine(State(tmp_path / "none")) == []
    assert not (tmp_path / "none").exists()


def test_a_missing_manifest_is_made_again(state, capsys):
    turns = list(State(state.directory).log.read())
    (state.directory / "log" / "manifest.json").unlink()
    code, out = run(capsys, state, "--json")
    assert code == 1
    assert "manifest.json" in json.loads(out)["findings"][0]["problem"]
    code, out = run(capsys, state, "--repair")
    assert (code, "[repaired]" in out) == (0, True)
    assert list(State(state.directory).log.read()) == turns


@pytest.mark.parametrize("how", ["missing", "empty", "broken"])
def test_a_lost_pointer_is_noticed_and_points_to_the_latest_whole_version_again(state, capsys, how):
    pointer = state.directory / "artifacts" / "rewrites" / "CURRENT"
    served = state.artifacts.current_version("rewrites")
    pointer.unlink() if how == "missing" else pointer.write_text("" if how == "empty" else "2026 publish")
    assert any("CURRENT" in problem for problem in problems(state))
    assert run(capsys, state, "--repair")[0] == 0
    assert state.artifacts.current_version("rewrites") == served


def test_what_killed_processes_left_is_swept(state, capsys):
    (state.directory / "artifacts" / "rewrites" / ".incoming").mkdir()
    (state.directory / ".overrides.json.new").write_text("half")
    assert len(problems(state)) == 2
    assert run(capsys, state, "--repair")[0] == 0
    assert problems(state) == []


def test_a_damaged_cache_of_learning_is_named_and_made_again(state, caplog):
    before = release(state)
    paths = [path for path in (state.directory / "learning").rglob("*") if path.suffix in (".parquet", ".arrow")]
    assert paths
    for path in paths:
        path.write_bytes(path.read_bytes()[:-9] + b"\0" * 8)
    after = release(State(state.directory))
    assert [one.served for one in after.learned] == [one.served for one in before.learned]
    assert all(str(path) in caplog.text for path in paths)


def test_others_may_read_nothing_after_a_repair(state, capsys):
    (state.directory / "log" / "manifest.json").chmod(0o644)
    assert run(capsys, state)[0] == 1
    assert run(capsys, state, "--repair")[0] == 0
    assert (state.directory / "log" / "manifest.json").stat().st_mode & 0o077 == 0


def test_extras_that_are_not_installed_are_named_and_no_fault(tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(EXTRAS, "surely_not_installed", "neural")
    with pytest.raises(SystemExit) as ended:
        main(["doctor", "--json", "--state", str(tmp_path / "nothing")])
    assert ended.value.code == 0
    lacking = json.loads(capsys.readouterr().out)["lacking"]
    assert "neural" in lacking
    assert "learn" not in lacking
