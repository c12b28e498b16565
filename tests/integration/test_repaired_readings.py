"""Repairs from a log to what is done at home: learned, acted on, recorded, undone, rolled back, forgotten."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from click.testing import CliRunner

from uptake.apps.cli.inspect.forget import command as forget
from uptake.apps.cli.learn.learn import command as learn
from uptake.assistant.build import open_agent
from uptake.assistant.context.situation import Origin
from uptake.assistant.loop import Agent
from uptake.errors import NotReady
from uptake.log.store import TurnLog
from uptake.rewriting.repair.artifact import RepairModel
from uptake.rewriting.repair.learn.from_log import learn_repairs
from uptake.store.store import ArtifactStore
from uptake.types import Interpretation, Request, Transcript, Turn

pytest.importorskip("lightgbm")
pytest.importorskip("scipy")

START = datetime(2026, 1, 1, 8, tzinfo=UTC)
WISH = "hall light is what my heart desires"
NAMES = ("Kitchen Light", "Hall Light", "Floor Lamp", "Bedroom Light", "Bedside Lamp")
KITCHEN = Origin(device_type="speaker", has_screen=False, room="Kitchen")


def heard(text):
    return (Transcript(text=text, score=-0.2), Transcript(text=f"{text} there", score=-1.5))


def switching(name, confidence):
    return Interpretation(intent="HassTurnOn", domain="lights", slots=(("name", name),), confidence=confidence)


def weeks_of_talk(sessions):
    """People say what they fancy; one time in three nothing is understood, although the words are there."""
    chance = np.random.default_rng(0)
    for number in range(sessions):
        name, lost = str(chance.choice(NAMES)), chance.random() < 0.35
        text, user = f"{name.lower()} is what my heart desires", f"user{number % 9}"
        for part in range(2):
            said_at = START + timedelta(hours=number, seconds=9 * part)
            said = text if part == 0 else "thank you so much"
            thanks = Interpretation(intent="SmallTalk", confidence=0.9)
            reading = thanks if part else None if lost else switching(name, 0.9)
            yield Turn(
                turn_id=f"{number}-{part}",
                user_id=user,
                said_at=said_at,
                request=said,
                alternatives=heard(said),
                interpretation=reading,
                status="failed" if reading is None else "ok",
            )


@pytest.fixture(scope="module")
def learned(tmp_path_factory):
    place = tmp_path_factory.mktemp("state")
    with TurnLog(place / "log") as log:
        log.append(list(weeks_of_talk(260)))
    run = CliRunner().invoke(learn, ["repairs", "--state", str(place), "--json"])
    assert run.exit_code == 0, run.output
    return place


def opened(place, log):
    agent = open_agent(place, log=log, store=ArtifactStore(place / "artifacts"))
    return Agent(replace(agent.components, asks=None))


def say(agent, text, user="ann"):
    return agent.answer(Request(text=text, user_id=user, alternatives=heard(text)), KITCHEN)


def hall(agent):
    return agent.components.home.states()["light.hall"].value


@pytest.mark.slow
def test_what_the_log_taught_is_done_recorded_undone_rolled_back_and_forgotten(learned):
    store = ArtifactStore(learned / "artifacts")
    version = store.current_version("repairs")
    with TurnLog(learned / "log") as log:
        agent = opened(learned, log)
        assert hall(agent) == "off"
        reply = say(agent, WISH)
        assert (hall(agent), reply.outcome.decision.step) == ("on", "repair")
        kept = {turn.turn_id: turn for turn in log.read()}[reply.turn.turn_id]
        assert (kept.request, kept.artifact_version, kept.status) == (WISH, version, "ok")
        assert kept.acted_on == "turn on hall light"
        assert dict(kept.interpretation.slots)["name"] == "Hall Light"
        assert (
            agent.components.recorder.conversation("ann", kept.said_at).exchanges[-1].alternatives
            == reply.turn.alternatives
        )
        say(agent, "undo that")
        assert hall(agent) == "off"
        assert {turn.turn_id: turn for turn in log.read()}[reply.turn.turn_id].undone is True

        silent = store.load(RepairModel)
        store.publish(replace(silent, rule=replace(silent.rule, least=float("inf"))))
        assert say(agent, WISH, user="bo").turn.acted_on is None
        store.rollback(RepairModel, version)
        assert say(agent, WISH, user="cy").turn.acted_on == "turn on hall light"
    gone = CliRunner().invoke(forget, ["user1", "--state", str(learned)])
    assert gone.exit_code == 0, gone.output
    assert ArtifactStore(learned / "artifacts").current_version("repairs") is None
    with TurnLog(learned / "log") as log:
        assert say(opened(learned, log), WISH, user="di").turn.acted_on is None


def test_too_little_is_refused_with_how_much_is_needed(tmp_path):
    with TurnLog(tmp_path / "log") as log:
        log.append(list(weeks_of_talk(20)))
    run = CliRunner().invoke(learn, ["repairs", "--state", str(tmp_path)])
    assert run.exit_code == NotReady.exit_code
    assert "400 turns in 200 sessions of 3 people" in run.stderr
    assert ArtifactStore(tmp_path / "artifacts").current_version("repairs") is None
    with pytest.raises(NotReady, match="n-best"):
        learn_repairs([])
