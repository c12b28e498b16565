"""Home Assistant's WebSocket interface: where the token goes, what is imported, what is given back in its own form."""

import asyncio
import threading
from contextlib import contextmanager

import pytest
import yaml
from hassil import Intents, recognize
from websockets.asyncio.server import serve

from tests.home_stand_in import home_assistant
from uptake.apps.cli import main
from uptake.assistant.home.file import read
from uptake.errors import BadConfig, RequestRefused
from uptake.platforms.discovery import Announced
from uptake.platforms.home_assistant import HomeAssistant, Socket
from uptake.platforms.home_assistant.agent import Match
from uptake.platforms.home_assistant.native import Sentence, native_of, sentences_yaml
from uptake.platforms.home_assistant.registry import Registries, home_file
from uptake.platforms.home_assistant.watch import Changes
from uptake.release.state import State
from uptake.rewriting.overrides import Override
from uptake.types import Interpretation

HALL = "turn on the hall lamp"
_HALL = {"friendly_name": "Hall lamp", "brightness": 128, "supported_color_modes": ["hs", "color_temp"]}
_ENTRY = {"area_id": "hall", "name": 'The "hall"', "aliases": ["entry"], "floor_id": "ground"}
ENTRIES = {
    "light.hall_lamp": {"area_id": None, "device_id": "d1", "aliases": ["big lamp"]},
    "vacuum.robbie": {"area_id": "hall", "aliases": []},
    "todo.list": {},
}
ANSWERS = {
    "homeassistant/expose_entity/list": {"exposed_entities": {name: {"conversation": True} for name in ENTRIES}},
    "config/entity_registry/get_entries": ENTRIES,
    "config/entity_registry/update": {},
    "config/floor_registry/list": [{"floor_id": "ground", "name": "Ground floor", "aliases": []}],
    "config/area_registry/list": [_ENTRY],
    "config/device_registry/list": [{"id": "d1", "area_id": "hall"}],
    "get_config": {"time_zone": "Europe/London"},
    "get_states": [
        {"entity_id": "light.hall_lamp", "state": "on", "attributes": _HALL},
        {"entity_id": "vacuum.robbie", "state": "unavailable", "attributes": {"friendly_name": "Robbie"}},
        {"entity_id": "todo.list", "state": "3", "attributes": {}},
        {"entity_id": "light.hidden", "state": "on", "attributes": {}},
    ],
}  # fmt: skip


@pytest.fixture
def home(monkeypatch):
    with home_assistant() as running:
        running.answers.update(ANSWERS)
        monkeypatch.setenv("UPTAKE_HA_TOKEN", running.token)
        yield running


def done(home, work):
    """Do something with a connection of its own."""

    async def run():
        socket = Socket(home.url, home.token)
        try:
            return await work(socket)
        finally:
            await socket.close()

    return asyncio.run(run())


def cli(*arguments):
    with pytest.raises(SystemExit) as ended:
        main(["home", *arguments])
    return ended.value.code


@pytest.mark.parametrize("url", ["ftp://home", "homeassistant.local:8123", "http://ann:secret@home:8123", "http://"])
def test_an_address_that_is_none_is_refused_and_not_repeated(url):
    with pytest.raises(BadConfig, match="must be an http") as refused:
        Socket(url, "t")
    assert "secret" not in str(refused.value)


@contextmanager
def elsewhere(location):
    """A server that sends everybody elsewhere."""
    ready, ends = threading.Event(), []

    async def run():
        def redirect(connection, _request):
            answer = connection.respond(302, "")
            answer.headers["Location"] = location
            return answer

        over = asyncio.Event()
        async with serve(lambda _: None, "127.0.0.1", 0, process_request=redirect) as server:
            ends.extend([asyncio.get_running_loop(), over, server.sockets[0].getsockname()[1]])
            ready.set()
            await over.wait()

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    assert ready.wait(300)
    try:
        yield f"http://127.0.0.1:{ends[2]}"
    finally:
        ends[0].call_soon_threadsafe(ends[1].set)
        thread.join(300)


def test_the_token_is_sent_nowhere_but_to_the_address_that_was_given(home):
    there = home.url.replace("http", "ws") + "/api/websocket"
    with elsewhere(there) as url:
        home.url = url
        with pytest.raises(RequestRefused, match="UPTAKE_HA_TOKEN"):
            done(home, lambda socket: socket.ask("get_config"))
    assert home.seen == []


def test_an_error_names_its_code_and_not_what_was_said(home):
    with pytest.raises(RequestRefused, match="unknown_command") as refused:
        done(home, lambda socket: socket.ask("say", text="my secret"))
    assert "secret" not in str(refused.value)


def test_a_connection_that_broke_is_opened_again(home):
    async def twice(socket):
        first = await socket.ask("get_config")
        await socket._wire.close()
        return first == await socket.ask("get_config")

    assert done(home, twice)


@pytest.mark.parametrize("answer", [{}, {"results": 3}, [], None])
def test_an_answer_that_is_not_understood_is_an_error_of_ours(home, answer):
    home.answers["conversation/agent/homeassistant/debug"] = answer
    with pytest.raises(RequestRefused, match="its answer has an unknown format"):
        done(home, lambda socket: HomeAssistant(socket).understands([HALL]))


def test_a_home_is_imported_as_a_file_that_the_assistant_reads(home, tmp_path, capfd):
    assert cli("import", "--home-assistant", home.url, "--state", str(tmp_path)) == 0
    plan = read(tmp_path / "home.toml")
    lamp, robot = plan.devices
    assert (plan.timezone, plan.areas[0].name, plan.areas[0].floor_id) == ("Europe/London", 'The "hall"', "ground")
    assert (lamp.name, lamp.aliases, lamp.area_id) == ("Hall lamp", ("big lamp",), "hall")
    assert lamp.features == {"brightness", "color", "color_temperature"}
    assert plan.states["light.hall_lamp"].attributes == {"brightness": 50}
    assert (robot.name, plan.states["vacuum.robbie"].value) == ("Robbie", "docked")
    assert "1 of todo left out" in capfd.readouterr().err


def test_a_dry_run_imports_and_gives_nothing(home, tmp_path):
    State(tmp_path).overrides.put(Override("turn on the whole lamp", HALL))
    where = ("--home-assistant", home.url, "--state", str(tmp_path), "--dry-run")
    assert (cli("import", *where), cli("export", *where, "--aliases")) == (0, 0)
    assert not (tmp_path / "home.toml").exists()
    assert not home.commands("config/entity_registry/update")


def test_a_name_that_would_break_the_file_does_not():
    lines = 'a"b\\c\n[[device]]\nid = "light.evil"\x7f'
    state = {"entity_id": "light.a", "state": "on", "attributes": {"friendly_name": lines}}
    entities = {"light.a": {"aliases": ["]"]}}
    known = Registries(config={}, floors=[], areas=[], devices=[], entities=entities, states=[state])
    made = home_file(known)
    assert made.devices == 1
    assert made.text.count("\n[[device]]\n") == 1


def test_rewrites_are_given_back_as_aliases_and_sentences_that_its_matcher_takes(home, tmp_path, capfd):
    for heard in ("turn on the whole lamp", "let there be light", "turn on the desk lamp"):
        State(tmp_path).overrides.put(Override(heard, HALL))
    State(tmp_path).overrides.put(Override("fly", "turn on the helicopter"))
    assert cli("export", "--home-assistant", home.url, "--state", str(tmp_path), "--aliases") == 0
    told = capfd.readouterr()
    [given] = home.commands("config/entity_registry/update")
    assert (given["entity_id"], given["aliases"]) == ("light.hall_lamp", ["big lamp", "whole lamp"])
    result = recognize("let there be light", Intents.from_dict(yaml.safe_load(told.out)))
    assert (result.intent.name, result.entities["name"].value) == ("HassTurnOn", "hall lamp")
    assert "left out: fly: Home Assistant would not understand what is meant" in told.err
    assert "left out: turn on the desk lamp: Home Assistant understands it as it is" in told.err


def test_wordings_that_would_be_templates_are_left_out(home):
    found = done(home, lambda socket: native_of(HomeAssistant(socket), [("light <name> {area}", HALL)]))
    assert (found.aliases, found.sentences) == ([], [])
    assert found.left_out == [("light <name> {area}", "it cannot be written as a sentence")]


def test_where_nothing_was_learned_that_acts_it_says_so(home, tmp_path, capfd):
    assert cli("export", "--home-assistant", home.url, "--state", str(tmp_path)) == 3
    assert "uptake rewrites list" in capfd.readouterr().err


def test_a_file_of_sentences_keeps_letters_of_all_languages():
    match = Match(Interpretation(intent="HassTurnOn", slots=(("name", "Flurlicht"),)), ())
    assert "Lichtern für später" in sentences_yaml([Sentence("Lichtern für später", match)], language="de")


@pytest.mark.parametrize(
    ("after", "before", "by_automation", "at", "undone"),
    [
        ("off", "on", False, 5.0, ["t1"]),
        ("off", "on", True, 5.0, []),  # an automation is nobody's opinion
        ("off", "on", False, 30.0, []),
        ("blue", "on", False, 5.0, []),  # changed further, not back
    ],
)
def test_what_goes_back_soon_was_undone(after, before, by_automation, at, undone):
    changes = Changes()
    changes.saw("light.hall", "off", "on", at=0.0)  # Home Assistant tells before it answers
    changes.did("t1", ["light.hall"], since=-0.1, at=0.1)
    assert changes.saw("light.desk", "on", "off", at=1.0) == []
    assert changes.saw("light.hall", before, after, by_automation=by_automation, at=at) == undone


def test_what_was_done_by_hand_before_the_request_is_not_what_it_changed():
    changes = Changes()
    changes.saw("light.hall", "on", "off", at=0.0)
    changes.did("t1", ["light.hall"], since=1.0, at=1.1)
    assert changes.saw("light.hall", "off", "on", at=1.2) == []  # the deed itself
    assert changes.saw("light.hall", "on", "off", at=4.0) == ["t1"]


def test_where_nothing_can_be_announced_it_says_why_and_goes_on(monkeypatch):
    def away(*_, **__):
        raise OSError("no such network")

    monkeypatch.setattr("uptake.platforms.discovery.AsyncZeroconf", away)
    assert asyncio.run(Announced("uptake", "127.0.0.1", 10500).start()) == "OSError"


@pytest.mark.slow
def test_it_is_found_by_zeroconf_on_this_machine():
    from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

    async def found():
        announced = Announced("uptake-test", "127.0.0.1", 10500)
        if await announced.start() is not None:
            pytest.skip("this machine has no network that carries multicast")
        looker = AsyncZeroconf()
        try:
            info = AsyncServiceInfo("_wyoming._tcp.local.", "uptake-test._wyoming._tcp.local.")
            there = await info.async_request(looker.zeroconf, 5_000)
            return there, info.port, info.parsed_addresses()
        finally:
            await announced.close()
            await looker.async_close()

    there, port, addresses = asyncio.run(found())
    if not there:
        pytest.skip("this machine's network does not carry multicast")
    assert (port, addresses) == (10500, ["127.0.0.1"])
