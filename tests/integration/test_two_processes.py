"""Two processes on one home: neither overwrites what the other did, and both tell what is so."""

import os
import stat
import subprocess
import sys

import pytest

from uptake.errors import StorageFailed
from uptake.release.state import State
from uptake.types import Request

MAIN = [sys.executable, "-c", "from uptake.apps.cli import main; main()"]


def say(agent, text):
    return agent.answer(Request(text=text, user_id="ann")).speech


def value(agent, entity_id):
    return agent.components.home.states()[entity_id].value


def test_what_one_process_does_the_other_knows(tmp_path):
    one, other = State(tmp_path).assistant(), State(tmp_path).assistant()
    say(one, "turn on the kitchen light")
    say(other, "turn on the bedroom light")
    say(one, "turn off the bedroom light")
    third = State(tmp_path).assistant()
    for agent in (other, third):
        say(agent, "which lights are on")
        lights = {name: state.value for name, state in agent.components.home.states().items() if "light." in name}
        assert [name for name, is_on in lights.items() if is_on == "on" and "kitchen" in name]
        assert not [name for name, is_on in lights.items() if is_on == "on" and "bedroom" in name]


def test_who_waits_too_long_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr("uptake.assistant.memory._WAIT_S", 0.05)
    one, other = State(tmp_path).assistant(), State(tmp_path).assistant()
    with one.components.memory.alone(), pytest.raises(StorageFailed, match="another process"):
        say(other, "turn on the kitchen light")
    assert say(other, "turn on the kitchen light")


@pytest.mark.long
@pytest.mark.slow
def test_many_processes_lose_no_item_of_a_list(tmp_path):
    State(tmp_path).assistant()
    asked = [
        subprocess.Popen([*MAIN, "ask", f"add {item} to the shopping list", "--user", "ann", "--state", str(tmp_path)])
        for item in ("milk", "eggs", "bread", "butter")
    ]
    assert [process.wait() for process in asked] == [0, 0, 0, 0]
    said = say(State(tmp_path).assistant(), "what is on the shopping list")
    assert [item for item in ("milk", "eggs", "bread", "butter") if item not in said] == []


@pytest.mark.long
def test_nobody_else_may_read_the_state(tmp_path):
    state = tmp_path / "state"
    ask = [*MAIN, "ask", "add milk to the shopping list", "--user", "ann", "--state", str(state)]
    subprocess.run(ask, check=True, capture_output=True, umask=0o022)
    subprocess.run([*MAIN, "log", "compact", "--state", str(state)], check=True, capture_output=True, umask=0o022)
    subprocess.run([*MAIN, "learn", "--state", str(state)], check=True, capture_output=True, umask=0o022)
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in [state, *state.rglob("*")]}
    assert {path for path, mode in modes.items() if mode & 0o077} == set()
    assert os.access(state, os.R_OK)


@pytest.mark.long
def test_the_assistant_compacts_its_log_itself(tmp_path):
    (tmp_path / "uptake.toml").write_text("[log]\ncompact_at = 3\n")
    for _ in range(3):
        subprocess.run(
            [*MAIN, "ask", "turn on the kitchen light", "--user", "ann", "--state", str(tmp_path)], check=True
        )
    assert State(tmp_path).log.stats().parts >= 1
    assert State(tmp_path).log.fresh_rows() == 0
