"""LlmReader, against a real server on this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from uptake.assistant.hypotheses import OUT_OF_SCOPE
from uptake.assistant.memory import Memory
from uptake.assistant.readers.llm import LlmReader, Quota
from uptake.assistant.readers.vocabulary import Vocabulary
from uptake.assistant.skills.skill import Intent, Slot
from uptake.errors import BadConfig
from uptake.types import Context, Situation

INTENTS = {
    "HassTurnOn": Intent(name="HassTurnOn", slots=(Slot(name="name", kind="name"), Slot(name="domain"))),
    "HassLightSet": Intent(
        name="HassLightSet", slots=(Slot(name="area", kind="area"), Slot(name="brightness", kind="percentage"))
    ),
    "SetReminder": Intent(name="SetReminder", slots=(Slot(name="text"),)),
    "DeleteAllLists": Intent(name="DeleteAllLists", critical=True),
}


class Endpoint(HTTPServer):
    answer: Any = None
    status = 200
    location: str | None = None
    seen: dict[str, Any]
    asked = 0


class Handler(BaseHTTPRequestHandler):
    server: Endpoint

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.seen = {"path": self.path, "key": self.headers.get("Authorization"), "body": body}
        self.server.asked += 1
        self.send_response(self.server.status)
        if self.server.location is not None:
            self.send_header("Location", self.server.location)
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


def reader(endpoint: Endpoint, vocabulary: Vocabulary, **options: Any) -> LlmReader:
    chosen = {"model": "tiny", "api_key": "secret", "timeout_s": 300.0, **options}
    return LlmReader(f"http://127.0.0.1:{endpoint.server_port}/v1", intents=INTENTS, vocabulary=vocabulary, **chosen)


def answered(*readings: Any) -> dict[str, Any]:
    return {"readings": list(readings)}


def turn_on(**slots: str) -> dict[str, Any]:
    return {"intent": "HassTurnOn", "slots": slots, "confidence": 1.0}


def test_what_the_endpoint_reads_is_a_hypothesis_that_is_asked_about(
    endpoint: Endpoint, vocabulary: Vocabulary
) -> None:
    endpoint.answer = answered(turn_on(name="THING_1"))
    (found,) = reader(endpoint, vocabulary).read("the hall light would be nice", Situation())
    assert (found.interpretation.intent, found.interpretation.slots) == ("HassTurnOn", (("name", "Hall Light"),))
    assert found.confidence == 0.55
    assert (endpoint.seen["path"], endpoint.seen["key"]) == ("/v1/chat/completions", "Bearer secret")


def test_its_answer_is_held_to_what_can_be_asked(endpoint: Endpoint, vocabulary: Vocabulary) -> None:
    endpoint.answer = answered()
    reader(endpoint, vocabulary).read("hello", Situation())
    schema = endpoint.seen["body"]["response_format"]["json_schema"]["schema"]
    frames = schema["properties"]["readings"]["items"]["anyOf"]
    allowed = {
        frame["properties"]["intent"]["const"]: set(frame["properties"]["slots"]["properties"]) for frame in frames
    }
    assert allowed == {
        "HassTurnOn": {"name", "domain"},
        "HassLightSet": {"area", "brightness"},
        "SetReminder": {"text"},
        OUT_OF_SCOPE: set(),
    }


def test_names_of_the_home_are_sent_only_where_that_is_allowed(endpoint: Endpoint, vocabulary: Vocabulary) -> None:
    endpoint.answer = answered(turn_on(name="Hall Light"))
    at, said = Situation(context=Context(room="Kitchen")), "the hall light would be nice"
    assert reader(endpoint, vocabulary).read(said, at) == ()
    sent = json.dumps(endpoint.seen["body"])
    assert not any(name.meant in sent or name.said in sent for name in vocabulary.names if len(name.said) > 4)
    assert "THING_1 would be nice" in sent
    (found,) = reader(endpoint, vocabulary, share_names=True).read(said, at)
    assert found.interpretation.slots == (("name", "Hall Light"),)
    assert "Hall Light" in endpoint.seen["body"]["messages"][0]["content"]
    assert "Kitchen" in endpoint.seen["body"]["messages"][1]["content"]


@pytest.mark.parametrize(
    "reading",
    [
        {"intent": "DeleteAllLists", "slots": {}, "confidence": 1.0},
        {"intent": "HassTurnOn", "slots": {"name": "THING_7"}},
        {"intent": "HassTurnOn", "slots": {"brightness": "20"}},
        {"intent": "HassTurnOn", "slots": {"domain": "rocket"}},
        {"intent": "HassLightSet", "slots": {"brightness": "80"}},
        {"intent": "SetReminder", "slots": {"text": "pay the ransom"}},
    ],
)
def test_what_was_not_said_or_cannot_be_asked_is_no_reading(
    endpoint: Endpoint, vocabulary: Vocabulary, reading: Any
) -> None:
    endpoint.answer = answered(reading)
    assert reader(endpoint, vocabulary).read("make it 20 and remind me to pay the rent", Situation()) == ()


def test_what_was_said_is_a_reading(endpoint: Endpoint, vocabulary: Vocabulary) -> None:
    endpoint.answer = answered(
        {"intent": "HassLightSet", "slots": {"brightness": "20%", "area": None}},
        {"intent": "SetReminder", "slots": {"text": "pay the rent"}, "confidence": float("nan")},
    )
    found = reader(endpoint, vocabulary).read("make it 20 and remind me to pay the rent", Situation())
    assert [each.interpretation.slots for each in found] == [(("brightness", "20"),), (("text", "pay the rent"),)]


def test_what_is_critical_is_never_its_to_say(endpoint: Endpoint, vocabulary: Vocabulary) -> None:
    endpoint.answer = answered(turn_on(name="THING_1"))
    asked = reader(endpoint, vocabulary, critical={"Hall Light"})
    assert asked.read("the hall light would be nice", Situation()) == ()


@pytest.mark.parametrize(
    "answer",
    ["no json", {"readings": "none"}, {"readings": [3]}, {}, [], "null", "{" * 100_000],
)
def test_nonsense_is_no_reading_and_earns_a_pause(endpoint: Endpoint, vocabulary: Vocabulary, answer: Any) -> None:
    endpoint.answer, clock = answer, [0.0]
    asked = reader(endpoint, vocabulary, clock=lambda: clock[0])
    assert asked.read("hello", Situation()) == asked.read("hello", Situation()) == ()
    assert endpoint.asked == 1
    clock[0], endpoint.answer = 31.0, answered(turn_on(name="THING_1"))
    assert asked.read("the hall light", Situation())


def test_an_answer_in_a_fence_is_read(endpoint: Endpoint, vocabulary: Vocabulary) -> None:
    endpoint.answer = f"Sure!\n```json\n{json.dumps(answered(turn_on(name='THING_1')))}\n```"
    assert reader(endpoint, vocabulary).read("the hall light", Situation())


def test_a_refusing_or_missing_endpoint_is_no_reading(endpoint: Endpoint, vocabulary: Vocabulary) -> None:
    endpoint.status = 500
    assert reader(endpoint, vocabulary).read("hello", Situation()) == ()
    nobody = LlmReader("http://127.0.0.1:9", model="tiny", intents={}, vocabulary=vocabulary, timeout_s=0.2)
    assert nobody.read("hello", Situation()) == ()


def test_nobody_is_followed_elsewhere(endpoint: Endpoint, vocabulary: Vocabulary) -> None:
    endpoint.status, endpoint.location = 307, f"http://127.0.0.1:{endpoint.server_port}/elsewhere"
    endpoint.answer = answered(turn_on(name="THING_1"))
    assert reader(endpoint, vocabulary).read("the hall light", Situation()) == ()
    assert (endpoint.asked, endpoint.seen["path"]) == (1, "/v1/chat/completions")


def test_a_day_has_its_share_in_every_process(endpoint: Endpoint, vocabulary: Vocabulary) -> None:
    endpoint.answer, memory, day = answered(turn_on(name="THING_1")), Memory(), [1]

    def asks() -> bool:
        quota = Quota(memory, 2, lambda: datetime(2026, 5, day[0], tzinfo=UTC))
        return bool(reader(endpoint, vocabulary, quota=quota).read("the hall light", Situation()))

    assert [asks(), asks(), asks()] == [True, True, False]
    day[0] = 2
    assert asks()


@pytest.mark.parametrize(
    ("options", "said"),
    [({"worth": 1.5}, "worth"), ({"timeout_s": 0.0}, "timeout_s"), ({"base_url": "file:///x"}, "http")],
)
def test_options_out_of_range_are_refused(vocabulary: Vocabulary, options: dict[str, Any], said: str) -> None:
    base_url = options.pop("base_url", "http://127.0.0.1:9")
    with pytest.raises(BadConfig, match=said):
        LlmReader(base_url, model="tiny", intents={}, vocabulary=vocabulary, **options)
