"""A state directory written before the house was ordered by capability opens, serves, learns on and forgets.

`fixtures/state_of_0_1.tar.xz` was made at commit 615f944 by its own commands: 24 simulated homes for three days
(`uptake simulate --homes 24 --days 3 --seed 5`), 48 turns of "play harry porter" said again, `log compact`, `learn`
with and without each name, four turns of `chat` as ann, a block and a pin.
"""

import json
import tarfile
from pathlib import Path

import pytest

from tests.builders import log, session
from uptake.apps.cli import main
from uptake.catalogue import capabilities
from uptake.release.state import State

KEPT = Path(__file__).parents[1] / "fixtures" / "state_of_0_1.tar.xz"
KINDS = {"rewrites", "sounds", "contexts", "index", "repairs", "failures", "readers", "labels"}


@pytest.fixture
def state(tmp_path):
    with tarfile.open(KEPT) as kept:
        kept.extractall(tmp_path, filter="data")
    return State(tmp_path / "state")


def run(capsys, state, *arguments):
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--state", str(state.directory)])
    said = capsys.readouterr()
    assert ended.value.code == 0, said.err
    return said.out


def decided(capsys, state, text, user):
    return json.loads(run(capsys, state, "ask", text, "--user", user, "--decide-only", "--json"))["acted_on"]


def test_every_artifact_opens_whole_or_says_why_not(state, capsys):
    rows = [json.loads(line) for line in run(capsys, state, "artifacts", "list", "--json").splitlines()]
    assert {row["kind"] for row in rows} == KINDS
    assert {row["kind"]: row["refused"] for row in rows if row["refused"]} == {
        "sounds": "kind unknown to this version of uptake; left alone"
    }
    known = {one.kind: one for one in capabilities()}
    for kind in KINDS & set(known):
        state.artifacts.verify(known[kind].artifact_class())


def test_it_serves_what_it_served_with_its_block_and_its_pin(state, capsys):
    assert decided(capsys, state, "play harry porter", "somebody") == "play harry potter"
    assert decided(capsys, state, "play harry porter", "reader-3") is None
    assert decided(capsys, state, "my tune", "ann") == "play here comes the sun"


@pytest.mark.long
def test_it_learns_on_from_what_was_counted_before(state, capsys):
    rows = [json.loads(line) for line in run(capsys, state, "learn", "--json").splitlines()]
    assert rows[0]["turns"] == 815
    state.log.append(log([session("dim lamp", "dim the lamp", user=user, failed=(0,), gap_s=4) for user in "abcde"]))
    rows = {row["kind"]: row for row in map(json.loads, run(capsys, state, "learn", "--json").splitlines())}
    assert (rows["rewrites"]["parts_new"], rows["rewrites"]["added"]) == (0, 1)
    assert decided(capsys, state, "dim lamp", "somebody") == "dim the lamp"


def test_a_user_of_then_is_forgotten_everywhere(state, capsys):
    assert json.loads(run(capsys, state, "forget", "reader-3", "--json"))["turns"] == 6
    assert decided(capsys, state, "play harry porter", "somebody") == "play harry potter"
    assert not (state.artifacts.directory / "sounds").exists()
    left = b"".join(path.read_bytes() for path in state.directory.rglob("*") if path.is_file())
    assert b"reader-3" not in left


def test_the_trace_of_a_turn_of_then_is_shown(state, capsys):
    assert "heard" in run(capsys, state, "log", "trace", "--user", "ann")
