"""Habits, end to end: what is noted and learned in a state directory is offered, kept, done and forgotten there."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from uptake.assistant.context.situation import Origin
from uptake.assistant.home import VirtualHome
from uptake.assistant.suggesting.memory import keep_standing, standing_of
from uptake.errors import BadRecord
from uptake.experiments.assignment import Experiment
from uptake.log.timeline import Change
from uptake.release.forget import forget
from uptake.release.night import release
from uptake.release.state import State
from uptake.types import Context, Interpretation, Request, Turn

pytestmark = pytest.mark.slow
MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
NAMES = ("Coffee Maker", "Living Room Blinds", "Kitchen Light")
KITCHEN = Origin(room="Kitchen", device_type="speaker")


def morning(day):
    for at, name in enumerate(NAMES):
        said_at = MONDAY + timedelta(days=day, hours=7, minutes=2 * at + day % 4)
        yield Turn(
            turn_id=f"{day}-{at}",
            user_id="ann",
            home_id="linden",
            said_at=said_at,
            request=f"{name} on",
            status="ok",
            interpretation=Interpretation(intent="HassTurnOn", domain="x", slots=(("name", name),)),
            context=Context(local_time=f"{said_at:%H:%M}"),
        )


def evening(day, entity="light.study", on=1100, off=1260):
    for clock, state in ((on, "on"), (off + day % 5, "off")):
        local = 20_458 * 1440 + day * 1440 + clock
        yield Change("linden", entity, local * 60_000_000, local, state)


@pytest.fixture
def state(tmp_path):
    opened = State(tmp_path)
    opened.log.append([turn for day in range(9) for turn in morning(day)])
    opened.timeline.append([change for day in range(12) for change in evening(day)])
    release(opened, ["routines", "hunches"])
    return opened


def agent_at(state, clock, *kinds):
    """The assistant at a time of Monday the nineteenth, with ann having asked for offers."""
    agent = state.assistant(logged=True)
    home = agent.components.home
    assert isinstance(home, VirtualHome)
    home.set_time(MONDAY.replace(tzinfo=None) + timedelta(days=14, minutes=clock))
    standing = standing_of(agent.components.memory, "ann")
    for kind in kinds:
        standing = standing.switched(kind, on=True)
    keep_standing(agent.components.memory, "ann", standing)
    return agent


def say(agent, text, user="ann"):
    return agent.answer(Request(text=text, user_id=user), KITCHEN)


def offered(agent, text, wanted):
    """Say something until chance does not withhold the offer; each try is another turn."""
    for _ in range(6):
        reply = say(agent, text)
        if wanted in reply.speech:
            return reply
        memory = agent.components.memory
        standing = standing_of(memory, "ann")
        keep_standing(memory, "ann", type(standing)(on=standing.on))
    raise AssertionError(f"not offered: {wanted}")


@pytest.mark.long
def test_a_routine_is_offered_kept_run_by_name_and_forgotten(state):
    assert "routine" not in say(agent_at(state, 425), "turn on the coffee maker").speech  # nobody asked for offers
    agent = agent_at(state, 425, "routines")
    reply = offered(agent, "turn on the coffee maker", "called good morning?")
    assert "open the living room blinds" in reply.speech
    assert "On 9 of 9 days" in say(agent, "why did you say that").speech
    assert "Kept" in say(agent, "yes").speech
    assert "Kitchen Light on" in say(agent, "what is good morning").speech
    home = agent.components.home
    home.set_state("light.kitchen", "off")
    say(agent, "good morning")
    assert home.states()["light.kitchen"].value == "on"
    assert "routine" not in say(agent_at(state, 435), "turn on the coffee maker").speech  # it is kept already
    forget("ann", state)
    assert "light" not in say(state.assistant(), "what is good morning").speech.lower()


def test_who_is_in_an_arm_without_offers_hears_none(state):
    def quiet(arm):
        rows = (Experiment(name=f"{arm}{at}", unchanged=(), silent=("control",), holdout=0.0) for at in range(99))
        return next(one for one in rows if one.assign("ann").arm == arm)

    control, treatment = quiet("control"), quiet("treatment")
    state.experiments.start(control, at=MONDAY)
    agent = agent_at(state, 425, "routines")
    for _ in range(4):
        assert "routine" not in say(agent, "turn on the coffee maker").speech
    assert {one.arm for one in state.log.read() if one.user_id == "ann" and one.request.startswith("turn")} == {
        "control"
    }
    state.experiments.stop(control.name, at=MONDAY + timedelta(days=1), reason="seen")
    state.experiments.start(treatment, at=MONDAY + timedelta(days=1))
    offered(agent_at(state, 425, "routines"), "turn on the coffee maker", "called good morning?")


def test_a_routine_that_names_something_that_was_removed_is_not_offered(state, tmp_path):
    agent = agent_at(state, 425, "routines")
    kept = [device for device in agent.components.home.devices if device.name != "Living Room Blinds"]
    smaller = VirtualHome(devices=kept, areas=agent.components.home.areas, home_id="linden", timezone="Europe/London")
    smaller.set_time(agent.components.home.now())
    from uptake.assistant.build import open_agent

    other = open_agent(tmp_path, state.config, store=state.artifacts, home=smaller)
    assert not any("good morning" in say(other, "turn on the coffee maker").speech for _ in range(4))


def test_a_hunch_is_said_unasked_once_a_day_and_put_right_on_a_yes(state):
    agent = agent_at(state, 1100, "hunches")
    home = agent.components.home
    home.call("light.turn_on", "light.study")
    assert agent.due(KITCHEN, "ann") == ()
    said = ()
    for day in range(5):  # chance withholds one in ten
        home.set_time(MONDAY.replace(tzinfo=None) + timedelta(days=14 + day, hours=21, minutes=50))
        said = agent.due(KITCHEN, "ann")
        if said:
            break
    assert "The study light is still on" in said[0].speech
    assert agent.due(KITCHEN, "ann") == ()
    say(agent, "yes")
    assert home.states()["light.study"].value == "off"
    assert agent.due(KITCHEN, "bo") == ()


def test_what_the_home_does_is_noted_with_who_asked_for_it(state):
    agent = agent_at(state, 600)
    agent.components.home.set_state("light.hall", "on")
    say(agent, "turn on the desk lamp", user="bo")
    rows = {row["entity_id"]: row for row in state.timeline.table().to_pylist()}
    assert (rows["light.hall"]["state"], rows["light.hall"]["user_id"]) == ("on", None)
    assert (rows["light.desk"]["state"], rows["light.desk"]["user_id"]) == ("on", "bo")
    before = state.timeline.table().num_rows
    agent.answer(Request(text="turn off the desk lamp", user_id="bo"), KITCHEN, dry_run=True)
    assert state.timeline.table().num_rows == before
    forget("bo", state)
    assert "light.desk" not in {
        row["entity_id"] for row in state.timeline.table().to_pylist() if row["user_id"] == "bo"
    }


def test_changes_of_devices_are_ingested_all_or_none(tmp_path):
    lines = [{"entity_id": "light.hall", "state": "on", "at": "2026-01-01T10:00:00+01:00"}]
    good, bad = tmp_path / "good.ndjson", tmp_path / "bad.ndjson"
    good.write_text("\n".join(map(json.dumps, lines)))
    bad.write_text("\n".join(map(json.dumps, [*lines, {"entity_id": "hall"}])))
    from uptake.apps.cli.learn.ingest import command

    arguments = ["--format", "states", "--state", str(tmp_path / "state")]
    done = CliRunner().invoke(command, [str(bad), *arguments])
    assert isinstance(done.exception, BadRecord)
    assert "line 2" in str(done.exception)
    assert State(tmp_path / "state").timeline.table().num_rows == 0
    assert CliRunner().invoke(command, [str(good), *arguments, "--json"]).exit_code == 0
    assert State(tmp_path / "state").timeline.table().num_rows == 1


def test_a_reminder_waits_for_an_event_and_says_what_cannot_be_told(state):
    agent = agent_at(state, 600)
    assert "nothing in this home senses it" in say(agent, "remind me to close the window when it rains").speech
    assert "when the dishwasher is done" in say(agent, "remind me to empty it when the dishwasher is done").speech
    home = agent.components.home
    assert agent.due(KITCHEN, "ann") == ()
    home.call("switch.turn_on", "switch.dishwasher")
    home.advance(timedelta(hours=5))
    assert [one.speech for one in agent.due(KITCHEN, "ann")] == ["Reminder: empty it."]
    assert agent.due(KITCHEN, "ann") == ()


def test_what_was_taught_runs_at_a_time_and_on_an_event(state):
    agent = agent_at(state, 600)
    home = agent.components.home
    say(agent, "when I say moonrise, turn on the hall light")
    say(agent, "yes")
    home.set_state("light.hall", "off")
    assert "I will run moonrise" in say(agent, "run moonrise tomorrow at seven am").speech
    assert "when the garage door opens" in say(agent, "run moonrise when the garage door opens").speech
    home.advance(timedelta(minutes=1))
    home.set_state("cover.garage", "open")
    assert len(agent.due(KITCHEN, "ann")) == 1
    assert home.states()["light.hall"].value == "on"
    home.set_state("light.hall", "off")
    home.advance(timedelta(hours=22))
    assert len(agent.due(KITCHEN, "ann")) == 1
    assert home.states()["light.hall"].value == "on"


def test_a_name_that_was_forgotten_runs_nothing_when_its_time_comes(state):
    agent = agent_at(state, 600)
    home = agent.components.home
    say(agent, "when I say moonrise, turn on the hall light")
    say(agent, "yes")
    home.set_state("light.hall", "off")
    say(agent, "run moonrise tomorrow at seven am")
    assert "moonrise is" in say(agent, "what are my routines").speech
    say(agent, "forget moonrise")
    home.advance(timedelta(hours=22))
    (told,) = agent.due(KITCHEN, "ann")
    assert "nothing is called that any more" in told.speech
    assert home.states()["light.hall"].value == "off"
