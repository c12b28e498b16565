"""A new capability is a folder and one line: all else follows. Tried with a toy, through the commands."""

import json

import pytest

from tests.builders import log, session
from uptake import capability as capability_module
from uptake import catalogue
from uptake.apps.cli import main
from uptake.catalogue import open_pipeline
from uptake.release.state import State
from uptake.types import Request

PEOPLE = ("ann", "bo", "cy")


@pytest.fixture
def state(tmp_path, monkeypatch):
    monkeypatch.setattr(catalogue, "CATALOGUE", [*catalogue.CATALOGUE, "tests.toy_capability"])
    return State(tmp_path)


def run(capsys, state, *arguments):
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--state", str(state.directory)])
    said = capsys.readouterr()
    return ended.value.code, said.out, said.err


def say(state, word, meant, *users):
    state.log.append(log([session(word, meant, user=user, failed=(0,), gap_s=4) for user in users]))


def acted_on(pipeline, word):
    decision = pipeline.decide(Request(text=word, user_id="dee")).decision
    return decision and (decision.step, decision.acted_on)


def test_it_is_learned_gated_published_served_reloaded_rolled_back_forgotten_and_listed(state, capsys):
    say(state, "brighter", "turn up the light", *PEOPLE)
    say(state, "lift", "open the garage door", *PEOPLE)
    pipeline = open_pipeline(state.artifacts, overrides=state.overrides.path)
    assert acted_on(pipeline, "brighter") is None

    code, out, _ = run(capsys, state, "learn", "words", "--json")  # learned, gated, published
    row = json.loads(out)
    assert (code, row["kind"], row["rows"], row["added"]) == (0, "words", 1, 1)
    assert [(one["what"], one["gate"]) for one in row["refused"]] == [("lift", "words")]
    assert acted_on(pipeline, "brighter") == ("words", "turn up the light")  # served without a restart

    say(state, "cosy", "turn on the fireplace", *PEOPLE)
    assert run(capsys, state, "learn", "words")[0] == 0
    assert acted_on(pipeline, "cosy") == ("words", "turn on the fireplace")  # reloaded
    assert run(capsys, state, "artifacts", "rollback", "--kind", "words")[0] == 0
    assert acted_on(pipeline, "cosy") is None  # rolled back
    assert "held" in run(capsys, state, "learn", "words")[2]
    assert acted_on(pipeline, "cosy") is None
    assert run(capsys, state, "artifacts", "lift", "--kind", "words")[0] == 0
    assert run(capsys, state, "learn", "words")[0] == 0
    assert acted_on(pipeline, "cosy") == ("words", "turn on the fireplace")

    listed = [json.loads(line) for line in run(capsys, state, "artifacts", "list", "--json")[1].splitlines()]
    assert {row["kind"] for row in listed} == {"words"}

    for user in ("ann", "bo"):  # forgotten: two of three are gone, and one is not enough
        assert run(capsys, state, "forget", user)[0] == 0
    assert acted_on(pipeline, "brighter") is None
    assert len(state.artifacts.versions("words")) == 1


def test_its_options_and_its_help_are_there(state, capsys):
    assert "What a single word stands for" in run(capsys, state, "learn", "--help")[1]
    rows = json.loads(run(capsys, state, "config", "show", "--json")[1])["options"]
    assert {row["option"]: row["value"] for row in rows if row["table"] == "words"} == {"min_users": 2}
    say(state, "brighter", "turn up the light", *PEOPLE)
    (state.directory / "uptake.toml").write_text("[words]\nmin_users = 4\n")
    assert json.loads(run(capsys, state, "learn", "words", "--json")[1])["rows"] == 0


def test_a_line_that_describes_nothing_is_said(state, capsys, monkeypatch):
    monkeypatch.setattr(catalogue, "CATALOGUE", [*catalogue.CATALOGUE, "tests.builders"])
    code, _, err = run(capsys, state, "learn")
    assert (code, "tests.builders" in err) == (2, True)


def test_a_capability_whose_library_is_missing_is_named_with_its_extra_and_hinders_no_other(state, capsys, monkeypatch):
    say(state, "brighter", "turn up the light", *PEOPLE)
    real = capability_module.import_module

    def without_numba(name):
        if name == "tests.toy_capability.learn":
            raise ModuleNotFoundError("No module named 'lightgbm'", name="lightgbm")
        return real(name)

    monkeypatch.setattr(capability_module, "import_module", without_numba)
    code, _, err = run(capsys, state, "learn", "words")
    assert (code, "uptake[train]" in err) == (2, True)
    code, out, _ = run(capsys, state, "learn", "--json")
    rows = {row["name"]: row for row in map(json.loads, out.splitlines())}
    assert code == 0
    assert "uptake[train]" in rows["words"]["note"]
    assert rows["rewrites"]["rows"] is not None
