"""OVOS: what was heard is repaired before skills see it, and what passes over the bus becomes turns."""

import json
import os
import socket
import subprocess
import time
from pathlib import Path

import pytest

import uptake
from tests.platforms.peers import missing, python_of
from tests.serving import Process, running
from uptake.platforms.ovos import BusObserver, UptakeTransformer
from uptake.release.state import State
from uptake.rewriting.overrides import Override

PYTHON = python_of("ovos", "ovos_core", "ovos_messagebus", "uptake")
CONTEXT = {"session": {"session_id": "s1", "site_id": "kitchen"}}


class Message:
    """A message as the bus client gives it."""

    def __init__(self, msg_type, data=None, context=None):
        self.msg_type, self.data, self.context = msg_type, data or {}, context or CONTEXT


class Bus:
    """What a bus client offers: handlers by type."""

    def __init__(self):
        self.handlers = {}

    def on(self, kind, handler):
        self.handlers.setdefault(kind, []).append(handler)

    def emit(self, kind, data=None, context=None):
        for handler in self.handlers.get(kind, ()):
            handler(Message(kind, data, context))


@pytest.fixture
def plugged(tmp_path):
    State(tmp_path).overrides.put(Override("play jas", "play jazz"))
    with running(tmp_path) as there:
        bus = Bus()
        plugin = UptakeTransformer(config={"url": there.url, "timeout_s": 30.0}, bus=bus)
        yield plugin, bus, there
        plugin.shutdown()


def test_the_wording_that_works_comes_first_and_the_turn_keeps_what_was_heard(plugged):
    plugin, bus, there = plugged
    bus.emit("recognizer_loop:utterance", {"utterances": ["play jas", "play chess"], "lang": "en-us"})
    utterances, context = plugin.transform(["play jas", "play chess"], CONTEXT)
    bus.emit("speak", {"utterance": "Playing jazz."})
    bus.emit("ovos.utterance.handled")
    [turn] = there.service.state.log.read()
    assert utterances == ["play jazz", "play jas", "play chess"]
    assert context["uptake"]["rewrite_id"]
    assert (turn.request, turn.acted_on, turn.status) == ("play jas", "play jazz", "ok")
    assert (turn.user_id, turn.session_id, turn.response) == ("kitchen", "s1", "Playing jazz.")
    assert [one.text for one in turn.alternatives] == ["play jas", "play chess"]


@pytest.mark.parametrize(
    ("events", "status"),
    [
        (["complete_intent_failure", "ovos.utterance.handled"], "unsupported"),
        (["mycroft.skill.handler.error", "ovos.utterance.handled"], "failed"),
        (["mycroft.stop", "ovos.utterance.handled"], "cancelled"),
        (["ovos.utterance.cancelled"], "cancelled"),
        (["ovos.utterance.handled"], "ok"),
        (["speak"], None),  # it has not ended
    ],
)
def test_how_a_request_ended_is_told_by_the_bus(events, status):
    kept = []
    observer, bus = BusObserver(kept.extend), Bus()
    observer.listen(bus)
    bus.emit("recognizer_loop:utterance", {"utterances": ["open the pod bay doors"]})
    for event in events:
        bus.emit(event)
    assert [turn.status for turn in kept] == ([] if status is None else [status])


def test_two_sites_that_speak_at_once_are_kept_apart():
    kept = []
    observer, bus = BusObserver(kept.extend), Bus()
    observer.listen(bus)
    hall = {"session": {"session_id": "s2", "site_id": "hall"}}
    bus.emit("recognizer_loop:utterance", {"utterances": ["play jazz"]})
    bus.emit("recognizer_loop:utterance", {"utterances": ["stop"]}, hall)
    bus.emit("ovos.utterance.handled", context=hall)
    bus.emit("complete_intent_failure")
    bus.emit("ovos.utterance.handled")
    assert [(turn.user_id, turn.request, turn.status) for turn in kept] == [
        ("hall", "stop", "ok"), ("kitchen", "play jazz", "unsupported"),
    ]  # fmt: skip


def test_where_the_service_is_away_everything_stays_as_it_was_heard():
    plugin = UptakeTransformer(config={"url": "http://127.0.0.1:9"}, bus=Bus())
    assert plugin.transform(["play jas"], CONTEXT) == (["play jas"], {})
    plugin.observer.take(json.dumps({"type": "recognizer_loop:utterance", "data": {"utterances": ["play jas"]}}))
    plugin.observer.take('{"type": "ovos.utterance.handled"}')
    plugin.observer.take("no message")
    plugin.shutdown()


@pytest.mark.slow
@pytest.mark.skipif(PYTHON is None, reason=missing("ovos"))
def test_ovos_core_itself_loads_the_plugin_and_repairs(tmp_path):
    """ovos-core's own service of transformers, and its message bus; skills and intents are not started."""
    State(tmp_path).overrides.put(Override("play jas", "play jazz"))
    served = Process(tmp_path, "--no-learn")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = {"url": served.url, "timeout_s": 30.0}
    whole = {"websocket": {"host": "127.0.0.1", "port": port}, "utterance_transformers": {"uptake": options}}
    (tmp_path / "mycroft").mkdir()
    (tmp_path / "mycroft" / "mycroft.conf").write_text(json.dumps(whole))
    environment = {**os.environ, "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    environment["PYTHONPATH"] = str(Path(uptake.__file__).parents[1])
    command = [PYTHON, str(Path(__file__).with_name("in_ovos.py")), str(port)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2_000:]
    assert json.loads(done.stdout.splitlines()[-1]) == ["play jazz", "play jas"]
    end = time.monotonic() + 30
    while not (kept := list(State(tmp_path).log.read())) and time.monotonic() < end:
        time.sleep(0.2)
    served.end()
    assert [(turn.request, turn.acted_on, turn.status) for turn in kept] == [("play jas", "play jazz", "unsupported")]
