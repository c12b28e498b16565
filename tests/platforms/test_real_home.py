"""A real Home Assistant, repaired end to end: misheard, said again, learned, works, undone; imported, exported."""

import time
from contextlib import contextmanager

import pytest

from tests.platforms.real_home import MISSING, PYTHON, real_home
from tests.serving import running
from uptake.apps.cli import main
from uptake.apps.http.wyoming import Wyoming
from uptake.assistant.home.file import read
from uptake.platforms.home_assistant import HomeAssistant, Socket
from uptake.release.night import release
from uptake.release.state import State
from uptake.rewriting.overrides import Override

pytestmark = [pytest.mark.slow, pytest.mark.skipif(PYTHON is None, reason=MISSING)]

WITHIN_S = 60.0
LAMP = "light.hall_lamp"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    with real_home(tmp_path_factory.mktemp("home_assistant")) as running_home:
        yield running_home


@contextmanager
def door(directory, home, mode="handle"):
    doors = []

    def prepare(service):
        agent = HomeAssistant(Socket(home.url, home.token))
        doors.append(Wyoming(service, "tcp://127.0.0.1:0", agent, mode=mode))

    with running(directory, prepare=prepare) as there:
        home.add(doors[0].server.port)
        there.door = doors[0]
        yield there


def turns(there):
    until(lambda: there.door.waiting == 0)
    return sorted(there.service.state.log.read(), key=lambda turn: turn.said_at)


def until(holds):
    end = time.monotonic() + WITHIN_S
    while time.monotonic() < end:
        if found := holds():
            return found
        time.sleep(0.1)
    raise AssertionError("it never came to hold")


def test_a_misheard_request_fails_is_said_again_is_learned_works_and_is_undone(tmp_path, home):
    with door(tmp_path, home) as there:
        assert home.say("turn on the whole lamp")[0] == "error"
        assert (home.say("turn on the hall lamp")[0], home.state(LAMP)) == ("action_done", "on")
        turns(there)
        release(State(tmp_path))
        until(lambda: there.service.versions().get("index"))
        time.sleep(1)  # the look-out loads it
        home.turn("turn_off", LAMP)
        until(lambda: home.state(LAMP) == "off")
        assert (home.say("turn on the whole lamp")[0], home.state(LAMP)) == ("action_done", "on")
        home.turn("turn_off", LAMP)
        until(lambda: turns(there)[-1].undone)
        assert (home.say("turn on the whole lamp")[0], home.state(LAMP)) == ("error", "off")
        kept = turns(there)
    assert [turn.acted_on for turn in kept] == [None, None, "turn on the hall lamp", None]


def test_what_its_own_agent_was_asked_becomes_a_turn(tmp_path, home):
    with door(tmp_path, home) as there:
        time.sleep(4)  # runs from before the first look are not counted
        home.say("turn on the desk lamp", pipeline=home.own_pipeline())
        [turn] = until(lambda: turns(there) if there.service.state.log.exists() else [])
    assert (turn.request, turn.status, turn.turn_id[:3]) == ("turn on the desk lamp", "ok", "ha-")


def test_in_intent_mode_it_does_what_we_read_and_we_learn_how_it_ended(tmp_path, home, monkeypatch):
    monkeypatch.setenv("UPTAKE_HA_TOKEN", home.token)
    _run("import", "--home-assistant", home.url, "--state", str(tmp_path))
    (tmp_path / "uptake.toml").write_text('[home]\nfile = "home.toml"\n')
    State(tmp_path).overrides.put(Override("turn on the death lamp", "turn on the desk lamp"))
    with door(tmp_path, home, mode="intent") as there:
        home.turn("turn_off", "light.desk_lamp")
        assert home.say("turn on the death lamp")[0] == "action_done"
        assert home.state("light.desk_lamp") == "on"
        until(lambda: turns(there)[0].status == "ok")


def test_its_areas_entities_and_aliases_are_imported_and_rewrites_given_back_in_its_form(
    tmp_path, home, monkeypatch, capfd
):
    monkeypatch.setenv("UPTAKE_HA_TOKEN", home.token)
    area = home.ask("config/area_registry/create", name="Cellar", aliases=["basement"])["area_id"]
    home.ask("config/entity_registry/update", entity_id="light.disco_ball", area_id=area, aliases=["mirror ball"])
    where = ("--home-assistant", home.url, "--state", str(tmp_path))
    _run("import", *where)
    plan = read(tmp_path / "home.toml")
    ball = next(one for one in plan.devices if one.entity_id == "light.disco_ball")
    assert (ball.name, ball.aliases, ball.area_id) == ("Disco ball", ("mirror ball",), area)
    for heard in ("turn on the discord ball", "party time", "turn on the disco ball"):
        State(tmp_path).overrides.put(Override(heard, "turn on the mirror ball"))
    capfd.readouterr()
    _run("export", *where, "--aliases")
    told = capfd.readouterr()
    assert "alias of light.disco_ball: discord ball (written)" in told.err
    assert "left out: turn on the disco ball: Home Assistant understands it as it is" in told.err
    sentences = home.directory / "custom_sentences" / "en"
    sentences.mkdir(parents=True)
    (sentences / "uptake.yaml").write_text(told.out)
    home.ask("call_service", domain="conversation", service="reload", service_data={})
    for heard in ("turn on the discord ball", "party time"):  # without us
        home.turn("turn_off", "light.disco_ball")
        until(lambda: home.state("light.disco_ball") == "off")
        assert home.say(heard, pipeline=home.own_pipeline())[0] == "action_done"
        assert home.state("light.disco_ball") == "on"


def _run(*arguments):
    with pytest.raises(SystemExit) as ended:
        main(["home", *arguments])
    assert ended.value.code == 0
