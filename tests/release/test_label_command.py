"""`uptake learn labels` and `uptake learn intent`: what they publish and refuse, what is served, who is forgotten."""

from __future__ import annotations

import json

import pytest

from tests.builders import turn
from uptake.apps.cli import main
from uptake.assistant.build import open_agent
from uptake.log.store import TurnLog
from uptake.store.store import ArtifactStore
from uptake.types import Interpretation, Request
from uptake.understanding.intents.artifact import IntentModel
from uptake.understanding.labels.artifact import Labels

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("readers_at_hand")]


def run(capsys, *arguments):
    with pytest.raises(SystemExit) as ended:
        main(list(map(str, arguments)))
    said = capsys.readouterr()
    return ended.value.code, said.out, said.err


@pytest.fixture
def state(tmp_path):
    alarm = Interpretation(intent="SetAlarm", slots=(("at", "6"),), confidence=0.95)
    with TurnLog(tmp_path / "log") as log:
        log.append([turn("wake me at 6", user=user, at_s=900.0 * at, interpretation=alarm, status="ok")
                    for at, user in enumerate(("ann", "bo", "cy"))])  # fmt: skip
    return tmp_path


def test_labels_of_the_log_are_published(state, capsys):
    code, out, _ = run(capsys, "learn", "labels", "--state", state)
    store = ArtifactStore(state / "artifacts")
    assert (code, out) == (0, f"labels {store.current_version('labels')}\n")
    assert {row.intent for row in store.load(Labels).rows} == {"SetAlarm"}


def test_too_few_labels_train_nothing_and_say_how_many_are_needed(state, capsys):
    code, _, err = run(capsys, "learn", "intent", "--state", state)
    assert code == 3
    assert "at least 20" in err
    assert ArtifactStore(state / "artifacts").current_version("intents") is None


def test_options_of_labels_stand_in_the_configuration(state, capsys):
    (state / "uptake.toml").write_text("[label]\nthreshold = 1.0\n", encoding="utf-8")
    assert run(capsys, "learn", "labels", "--state", state)[0] == 0
    assert ArtifactStore(state / "artifacts").load(Labels).threshold == 1.0
    (state / "uptake.toml").write_text("[label]\nmost_weight = 2\n", encoding="utf-8")
    code, _, err = run(capsys, "learn", "labels", "--state", state)
    assert (code, "most_weight" in err) == (2, True)


LATE = ["", "now", "for me", "right now", "tonight", "again", "then", "at once", "quickly", "as well", "too", "today"]
GLORP = [f"{verb} the kitchen light {late}".strip() for verb in ("glorp", "please glorp") for late in LATE]


def glorped():
    """People who say "glorp": misread at first, then said in words that work; later it was understood."""
    on = Interpretation(
        intent="HassTurnOn", slots=(("domain", "light"), ("name", "Kitchen Light")), domain="lights", confidence=0.95
    )
    wrong = Interpretation(intent="HassGetState", slots=(("name", "Kitchen Light"),), confidence=0.3)
    turns = []
    for at, text in enumerate(GLORP):
        user, at_s = f"user-{at % 6}", 900.0 * at
        if at % 3 == 0:
            turns.append(turn(text, user=user, at_s=at_s, interpretation=wrong, status="failed", response="Sorry."))
        understood = "turn on the kitchen light" if at % 3 == 0 else text
        turns.append(turn(understood, user=user, at_s=at_s + 5, interpretation=on, status="ok", answer=True))
    return turns


def read(state, text):
    """What an assistant on this state understands."""
    agent = open_agent(state, {}, store=ArtifactStore(state / "artifacts"))
    found = agent.read(Request(text=text, user_id="zoe"))
    return (found[0].intent, found[0].confidence) if found else None


@pytest.mark.long
def test_a_model_trained_with_labels_is_gated_served_rolled_back_and_forgotten(tmp_path, capsys):
    with TurnLog(tmp_path / "log") as log:
        log.append(glorped())
    before = read(tmp_path, "glorp the kitchen light please")
    code, out, err = run(capsys, "learn", "intent", "--json", "--state", tmp_path)
    assert code == 0, err
    row = json.loads(out)
    store = ArtifactStore(tmp_path / "artifacts")
    assert row["served"] == row["published"] == store.current_version("intents")
    gate = row["gate"]
    assert gate["labels_after"] > gate["labels_before"]
    assert abs(gate["old_after"] - gate["old_before"]) < 0.01
    assert gate["failing_test"] >= 1
    assert "→" in row["says"]
    assert store.manifest(IntentModel.kind, row["published"]).made_by["gate"] == gate
    assert "glorp" in {word for said in store.load(IntentModel).taught.values() for word in said}

    after = read(tmp_path, "glorp the kitchen light please")
    assert after[0] == "HassTurnOn"
    assert after != before
    assert run(capsys, "artifacts", "rollback", "--kind", "intents", "--state", tmp_path)[0] == 0
    assert read(tmp_path, "glorp the kitchen light please") == before
    assert run(capsys, "artifacts", "publish", row["published"], "--kind", "intents", "--state", tmp_path)[0] == 0
    assert read(tmp_path, "glorp the kitchen light please") == after

    assert run(capsys, "forget", "user-1", "--state", tmp_path)[0] == 0
    assert store.current_version("intents") is None
    assert read(tmp_path, "glorp the kitchen light please") == before
