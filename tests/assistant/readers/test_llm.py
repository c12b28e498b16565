"""LlmReader, against a real server on this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from uptake.assistant.hypotheses import OUT_OF_SCOPE
from uptake.assistant.readers.llm import LlmReader
from uptake.assistant.readers.vocabulary import Vocabulary
from uptake.assistant.skills.skill import Intent, Slot
from uptake.errors import BadConfig
from uptake.types import Situation


class Endpoint(HTTPServer):
    answer: Any = None
    status = 200
    seen: dict[str, Any]


class Handler(BaseHTTPRequestHandler):
    server: Endpoint

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.seen = {"path": self.path, "key": self.headers.get("Authorization"), "body": body}
        self.send_response(self.server.status)
        self.end_headers()
        content = self.server.answer
        text = content if isinstance(content, str) else json.dumps(content)
        self.wfile.write(json.dumps({"choices": [{"message": {"content": text}}]}).encode())

    def log_message(self, *said: Any) -> None:
        pass


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    server = Endpoint(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def reader(endpoint: Endpoint, vocabulary: Vocabulary, *, timeout_s: float = 300.0) -> LlmReader:
    intents = {"HassTurnOn": Intent(name="HassTurnOn", slots=(Slot(name="name"),))}
    return LlmReader(
        f"http://127.0.0.1:{endpoint.server_port}/v1",
        model="tiny",
        intents=intents,
        vocabulary=vocabulary,
        api_key="secret",
        timeout_s=timeout_s,
    )


def test_what_the_endpoint_reads_is_a_hypothesis(endpoint: Endpoint, vocabulary: Vocabulary) -> None:
    endpoint.answer = {"readings": [{"intent": "HassTurnOn", "slots": {"name": "Hall Light"}, "confidence": 1.0}]}
    (found,) = reader(endpoint, vocabulary).read("it is dark in the hall", Situation())
    assert (found.interpretation.intent, found.interpretation.slots) == ("HassTurnOn", (("name", "Hall Light"),))
    assert found.confidence == 0.8
    assert (endpoint.seen["path"], endpoint.seen["key"]) == ("/v1/chat/completions", "Bearer secret")
    schema = endpoint.seen["body"]["response_format"]["json_schema"]["schema"]
    allowed = schema["properties"]["readings"]["items"]["properties"]["intent"]["enum"]
    assert allowed == ["HassTurnOn", OUT_OF_SCOPE]


@pytest.mark.parametrize(
    "answer",
    ["no json", {"readings": "none"}, {"readings": [{"intent": "LaunchRocket"}]}, {"readings": [3]}, {}, [], "null"],
)
def test_nonsense_is_no_reading(endpoint: Endpoint, vocabulary: Vocabulary, answer: Any) -> None:
    endpoint.answer = answer
    assert reader(endpoint, vocabulary).read("hello", Situation()) == ()


def test_a_refusing_or_missing_endpoint_is_no_reading(endpoint: Endpoint, vocabulary: Vocabulary) -> None:
    endpoint.status = 500
    assert reader(endpoint, vocabulary).read("hello", Situation()) == ()
    nobody = LlmReader("http://127.0.0.1:9", model="tiny", intents={}, vocabulary=vocabulary, timeout_s=0.2)
    assert nobody.read("hello", Situation()) == ()


def test_an_address_that_is_none_is_refused(vocabulary: Vocabulary) -> None:
    with pytest.raises(BadConfig, match="http"):
        LlmReader("file:///etc/passwd", model="tiny", intents={}, vocabulary=vocabulary)
