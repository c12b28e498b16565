"""Wyoming: found as a conversation agent, repairs what was misheard, lets Home Assistant do it, keeps the turn."""

import asyncio
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from wyoming.asr import Transcript
from wyoming.client import AsyncTcpClient
from wyoming.info import Describe, Info

from tests.serving import running
from uptake.apps.http.wyoming import Wyoming
from uptake.errors import BadConfig
from uptake.release.state import State
from uptake.rewriting.overrides import Override


@contextmanager
def home_assistant():
    """What Home Assistant's conversation interface answers: it knows one sentence."""
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            seen.append((self.path, self.headers["authorization"], body))
            known = body["text"] == "turn on the hall light"
            said = "Turned on the light" if known else "Sorry, I couldn't understand that"
            data = {} if known else {"code": "no_intent_match"}
            kind = "action_done" if known else "error"
            response = {"response_type": kind, "data": data, "speech": {"plain": {"speech": said}}}
            answer = json.dumps({"response": response, "conversation_id": "c1"}).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            """Be silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", seen
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def door(directory, url):
    """A service with a Wyoming door; gives it and the port."""
    doors = []

    def prepare(service):
        doors.append(Wyoming(service, "tcp://127.0.0.1:0", url))

    with running(directory, prepare=prepare) as there:
        yield there, doors[0].server.port


def exchanged(port, *events):
    """Send events on one connection; returns an answer to each."""

    async def talk():
        async with AsyncTcpClient("127.0.0.1", port, read_timeout=30) as client:
            answers = []
            for event in events:
                await client.write_event(event)
                answers.append(await client.read_event())
            return answers

    return asyncio.run(talk())


@pytest.fixture
def token(monkeypatch):
    monkeypatch.setenv("UPTAKE_HA_TOKEN", "secret")


def test_a_misheard_request_is_repaired_done_by_home_assistant_and_kept_with_its_treatment(tmp_path, token):
    State(tmp_path).overrides.put(Override("turn on the whole light", "turn on the hall light"))
    context = {"conversation_id": "c0", "device_id": "d1", "satellite_id": "assist_satellite.hall"}
    with home_assistant() as (url, seen), door(tmp_path, url) as (there, port):
        said = [
            Transcript(text="Turn on the whole light.", language="en", context=context).event(),
            Transcript(text="open the pod bay doors").event(),  # an older client sends the text alone
        ]
        done, not_done = exchanged(port, *said)
        first, second = there.service.state.log.read()
    assert (done.type, done.data["text"]) == ("handled", "Turned on the light")
    assert done.data["context"] == {"conversation_id": "c1"}
    assert not_done.type == "not-handled"
    path, authorization, body = seen[0]
    assert (path, authorization) == ("/api/conversation/process", "Bearer secret")
    assert body["agent_id"] == "conversation.home_assistant"
    assert (body["text"], body["conversation_id"]) == ("turn on the hall light", "c0")
    assert (first.request, first.acted_on, first.status) == ("Turn on the whole light.", "turn on the hall light", "ok")
    assert (first.user_id, first.session_id, second.status) == ("assist_satellite.hall", "c0", "failed")


def test_it_is_found_as_an_agent_that_controls_the_home(tmp_path, token):
    with home_assistant() as (url, _), door(tmp_path, url) as (_, port):
        [answer] = exchanged(port, Describe().event())
    [program] = Info.from_event(answer).handle
    assert (program.name, program.supports_home_control) == ("uptake", True)
    assert program.models[0].languages == ["en"]


def test_a_home_assistant_that_is_away_is_told_as_an_error(tmp_path, token):
    with door(tmp_path, "http://127.0.0.1:9") as (_, port):
        [answer] = exchanged(port, Transcript(text="turn on the hall light").event())
    assert (answer.type, answer.data["code"]) == ("error", "request_refused")


def test_what_is_no_event_ends_the_connection_and_not_the_service(tmp_path, token):
    async def noise(port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"\xff not json\n" + b"x" * 100_000)
        ended = await reader.read()
        writer.close()
        return ended

    with home_assistant() as (url, _), door(tmp_path, url) as (_, port):
        assert asyncio.run(noise(port)) == b""
        [answer] = exchanged(port, Transcript(text="turn on the hall light").event())
        assert answer.type == "handled"


def test_without_a_token_or_with_a_bad_address_it_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.delenv("UPTAKE_HA_TOKEN", raising=False)
    with running(tmp_path) as there:
        with pytest.raises(BadConfig, match="UPTAKE_HA_TOKEN"):
            Wyoming(there.service, "tcp://127.0.0.1:0", "http://127.0.0.1:9")
        with pytest.raises(BadConfig, match="tcp://"):
            Wyoming(there.service, "127.0.0.1:10500")


@pytest.mark.slow
def test_our_own_assistant_answers_where_there_is_no_home_assistant(tmp_path):
    with door(tmp_path, None) as (there, port):
        [answer] = exchanged(port, Transcript(text="turn on the kitchen light").event())
        assert (answer.type, answer.data["text"]) == ("handled", "The kitchen light is on.")
        assert there.service.state.log.turns_of("home") == 1
