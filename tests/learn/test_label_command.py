"""`uptake learn labels` and `uptake learn intent`: what they publish and refuse."""

from __future__ import annotations

import pytest

from tests.builders import turn
from uptake.apps.cli import main
from uptake.artifacts.labels import Labels
from uptake.artifacts.store import ArtifactStore
from uptake.log.store import TurnLog
from uptake.types import Interpretation

pytestmark = pytest.mark.slow


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
