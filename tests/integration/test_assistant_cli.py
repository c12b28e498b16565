"""The assistant from the command line: a conversation, its log, its traces, and what goes wrong on the way."""

import json

import pytest

from uptake.apps.cli import main
from uptake.assistant.record.trace import Candidate, StageTrace
from uptake.assistant.record.traces import TraceStore

pytestmark = pytest.mark.slow

EVENING = """
# an evening at home
turn on the light
turn it off
set a timer for ten minutes
unlock the front door
yes
/undo
play the hunger games
[800ms] stop
/why
flibber the wobbly gronk
/nonsense
/quit
turn on the light
"""


@pytest.fixture
def run(tmp_path, capsys, monkeypatch):
    def call(*arguments, typed=None):
        if typed is not None:
            script = tmp_path / "script.txt"
            script.write_text(typed)
            arguments = (*arguments, "--script", str(script))
        end = arguments.index("--") if "--" in arguments else len(arguments)
        with pytest.raises(SystemExit) as ended:
            main([*arguments[:end], "--state", str(tmp_path / "state"), *arguments[end:]])
        said = capsys.readouterr()
        return ended.value.code, said.out, said.err

    return call


def lines(out):
    return [json.loads(line) for line in out.splitlines()]


def test_a_conversation_is_done_logged_and_traced(run):
    code, out, err = run("chat", "--user", "ann", "--room", "Kitchen", typed=EVENING)
    assert (code, err) == (0, "")
    said = dict(zip(out.splitlines(), out.splitlines()[1:], strict=False))
    assert "on" in said["> turn on the light"]
    assert "off" in said["> turn it off"]
    assert "10 minutes" in said["> set a timer for ten minutes"]
    assert said["> unlock the front door"].endswith("?")
    assert "unlocked" in said["> yes"].lower()
    assert "took it back" in said["> /undo"]
    assert "Unknown command /nonsense" in said["> /nonsense"]
    assert "> turn on the light" not in out.split("> /quit")[1]

    turns = {turn["request"]: turn for turn in lines(run("log", "export")[1])}
    assert len(turns) == 8
    assert {"name", "area"} & set(turns["turn it off"]["interpretation"]["slots"])
    assert turns["yes"]["undone"] is True
    assert turns["play the hunger games"]["barge_in_ms"] == 800
    assert turns["flibber the wobbly gronk"]["status"] in ("failed", "unsupported")
    assert len({turn["session_id"] for turn in turns.values()}) == 1
    assert turns["turn on the light"]["context"]["room"] == "Kitchen"

    code, out, _ = run("log", "trace", turns["turn on the light"]["turn_id"], "--json")
    stages = [stage["stage"] for stage in lines(out)[0]["stages"]]
    assert (code, stages) == (0, ["hear", "read", "context", "rewrite", "resolve", "act", "reply"])


@pytest.mark.long
def test_a_conversation_goes_on_from_command_to_command(run):
    assert "desk lamp is on" in run("ask", "turn on the desk lamp", "--user", "ann")[1].lower()
    assert "desk lamp is off" in run("ask", "turn it off", "--user", "ann")[1].lower()
    code, out, _ = run("ask", "is the desk lamp on", "--user", "ann", "--trace")
    assert code == 0
    for part in ("hear", "read", "resolve", "light.desk", "ms"):
        assert part in out


def test_a_trace_of_an_earlier_version_is_shown_as_it_was_written(run, tmp_path):
    (tmp_path / "state").mkdir()
    written = StageTrace(stage="understand", verdict="OutOfScope", candidates=(Candidate(label="Hello", score=0.1),))
    store = TraceStore(tmp_path / "state" / "traces.sqlite")
    store.add("t1", "ann", [StageTrace(stage="hear", verdict="heard"), written])
    store.close()
    code, out, _ = run("log", "trace", "t1")
    assert (code, out.splitlines()[1:3]) == (0, ["hear        heard", "understand  OutOfScope"])


def test_a_dry_run_says_what_it_would_do_and_leaves_nothing(run, tmp_path):
    (answer,) = lines(run("ask", "turn on the desk lamp", "--user", "ann", "--dry-run", "--json")[1])
    assert answer["action"] == "would do HassTurnOn"
    assert answer["interpretation"]["slots"] == [["name", "Desk Lamp"]]
    assert not (tmp_path / "state" / "log").exists()
    assert "off" in run("ask", "is the desk lamp on", "--user", "ann")[1]


def test_a_person_who_is_forgotten_leaves_no_trace(run, tmp_path):
    run("ask", "turn on the desk lamp", "--user", "ann")
    run("ask", "turn on the hall light", "--user", "bo")
    assert run("forget", "ann")[0] == 0
    assert run("log", "trace", "--user", "ann")[0] == 1
    assert run("log", "trace", "--user", "bo")[0] == 0
    for file in (tmp_path / "state").rglob("*.sqlite"):
        assert b"desk lamp" not in file.read_bytes().lower()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["--room", "Kichen"], "did you mean Kitchen?"), (["--device", "toaster"], "speaker")],
)
def test_a_wrong_place_is_a_clear_error(run, arguments, said):
    code, _, err = run("ask", "turn on the light", "--user", "ann", *arguments)
    assert code == 2
    assert said in err


def test_a_home_file_with_an_error_names_the_line_and_the_key(run, tmp_path):
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "uptake.toml").write_text('[home]\nfile = "home.toml"\n')
    (tmp_path / "state" / "home.toml").write_text(
        '[home]\nid = "x"\n\n[[device]]\nid = "light.a"\nname = "A"\nrom = "k"\n'
    )
    code, _, err = run("ask", "turn on the light", "--user", "ann")
    assert code == 2
    assert "line 7" in err
    assert "rom" in err


@pytest.mark.long
@pytest.mark.parametrize(
    "text", ["", "🏠🏠", "включи свет", "a" * 10_000, "turn on the light in the dungeon", "-1", "\x07"]
)
def test_anything_can_be_said(run, text):
    code, out, err = run("ask", "--user", "ann", "--json", "--", text)
    assert (code, err) == (0, "")
    assert lines(out)[0]["response"]
