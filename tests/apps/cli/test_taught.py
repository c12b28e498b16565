"""`uptake concepts` and `uptake preferences`: what a person taught is changed from outside their conversation."""

import json

import pytest

from uptake.apps.cli import main
from uptake.release.state import State
from uptake.types import Request

pytestmark = pytest.mark.slow


@pytest.fixture
def run(tmp_path, capsys):
    def call(*arguments):
        with pytest.raises(SystemExit) as ended:
            main([*arguments, "--state", str(tmp_path)])
        told = capsys.readouterr()
        return ended.value.code, told.out, told.err

    return call


def meanings(run):
    _, out, _ = run("concepts", "list", "--user", "ann", "--json")
    return {row["concept"]: row.get("alias_of") or row["actions"] for row in map(json.loads, out.splitlines())}


def test_a_further_name_and_a_setting_are_taught_and_changed_at_once(run):
    assert run("concepts", "edit", "glowworm", "the hall light", "--user", "ann")[0] == 0
    for level in ("30", "70"):
        code, _, err = run("concepts", "edit", "tea time", f"the kitchen light at {level} percent", "--user", "ann")
        assert (code, err) == (0, f"tea time: Kitchen Light: {level} percent\n")
    assert set(meanings(run)) == {"glowworm", "tea time"}
    assert run("concepts", "forget", "glowworm", "--user", "ann")[0] == 0
    assert set(meanings(run)) == {"tea time"}


def test_what_is_not_understood_leaves_no_question_that_swallows_the_next_request(run, tmp_path):
    assert run("concepts", "edit", "glimmer", "you know how", "--user", "ann")[0] == 1
    said = State(tmp_path).assistant(logged=True).answer(Request(text="turn on the kitchen light", user_id="ann"))
    assert (said.speech, meanings(run)) == ("The kitchen light is on.", {})


def test_an_open_question_of_the_person_is_neither_answered_nor_lost(run, tmp_path):
    agent = State(tmp_path).assistant(logged=True)
    asked = agent.answer(Request(text="when I say reading hour, set the hall light to 80 percent", user_id="ann"))
    assert asked.question == "teach"
    assert run("concepts", "edit", "tea time", "the kitchen light at 30 percent", "--user", "ann")[0] == 0
    assert run("preferences", "edit", "I'm vegan", "--user", "ann")[0] == 0
    assert set(meanings(run)) == {"tea time"}
    agent.answer(Request(text="yes", user_id="ann"))
    assert set(meanings(run)) == {"tea time", "reading hour"}


def test_a_command_where_a_preference_is_expected_does_nothing(run, tmp_path):
    code, out, _ = run("preferences", "edit", "turn on the hall light", "--user", "ann", "--json")
    assert (code, json.loads(out)["rows"]) == (1, [])
    assert not State(tmp_path).log.exists()


def test_a_dry_run_says_what_would_be_kept_and_keeps_nothing(run):
    code, out, _ = run("preferences", "edit", "I don't like jazz", "--user", "ann", "--json", "--dry-run")
    assert (code, [row["type"] for row in json.loads(out)["rows"]]) == (0, ["dislikes"])
    assert run("preferences", "list", "--user", "ann")[1] == ""


def test_what_is_imported_belongs_to_the_home_of_the_assistant(run, tmp_path):
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"concept": "glowworm", "alias_of": "Hall Light"}\n')
    assert run("concepts", "import", str(rows), "--user", "ann")[0] == 0
    state = State(tmp_path)
    assert {turn.home_id for turn in state.log.read()} == {state.home_id} != {None}
