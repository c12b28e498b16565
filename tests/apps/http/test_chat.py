"""A chat endpoint in front of another: rewritten, streamed through, and sent nowhere else."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.serving import running
from uptake.apps.http.access import TokenFile
from uptake.errors import BadConfig
from uptake.release.state import State
from uptake.rewriting.overrides import Override

EVENTS = [b'data: {"delta": "Play"}\n\n', b'data: {"delta": "ing"}\n\n', b"data: [DONE]\n\n"]


@contextmanager
def endpoint():
    """An endpoint that streams an answer piece by piece, and waits after the first until it is let go on."""
    seen, go_on = [], threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            seen.append((self.path, self.headers.get("authorization"), json.loads(body)))
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.send_header("transfer-encoding", "chunked")
            self.end_headers()
            for at, piece in enumerate(EVENTS):
                if at == 1:
                    go_on.wait(300)
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
                self.wfile.flush()
            self.wfile.write(b"0\r\n\r\n")

        def log_message(self, *_):
            """Be silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", seen, go_on
    finally:
        go_on.set()
        server.shutdown()
        thread.join()
        server.server_close()


def chat(text, **more):
    return {"model": "m", "stream": True, "messages": [{"role": "user", "content": text}], **more}


@pytest.fixture
def pinned(tmp_path):
    State(tmp_path).overrides.put(Override("play jas", "play jazz"))
    return tmp_path


def test_the_last_user_message_is_rewritten_and_the_answer_arrives_as_it_is_written(pinned):
    with endpoint() as (upstream, seen, go_on), running(pinned, chat_upstream=upstream) as there:
        messages = [
            {"role": "user", "content": "play jas"}, {"role": "assistant", "content": "?"},
            {"role": "user", "content": [{"type": "text", "text": "Play jas!"}]},
        ]  # fmt: skip
        body = json.dumps({**chat(""), "messages": messages, "user": "ann"}).encode()
        sent = {"content-type": "application/json", "authorization": "Bearer key"}
        with there.http.stream("POST", "/v1/chat/completions", content=body, headers=sent) as answer:
            pieces = answer.iter_raw()
            first = next(pieces)
            assert not go_on.is_set()
            go_on.set()
            assert first + b"".join(pieces) == b"".join(EVENTS)
        assert (answer.headers["x-uptake-action"], answer.headers["content-type"]) == ("rewrite", "text/event-stream")
    [(path, authorization, passed)] = seen
    assert (path, authorization) == ("/v1/chat/completions", "Bearer key")
    said = [one["content"] for one in passed["messages"]]
    assert said == ["play jas", "?", [{"type": "text", "text": "play jazz"}]]


def test_without_a_person_and_without_a_rewrite_every_byte_passes(pinned):
    with endpoint() as (upstream, seen, go_on), running(pinned, chat_upstream=upstream) as there:
        go_on.set()
        there.post("/v1/chat/completions", chat("play jas"))
        there.post("/v1/chat/completions", chat("dim the lights", user="ann"))
        there.post("/v1/chat/completions", chat("play jas"), **{"x-uptake-user": "ann"})
    assert [one[2]["messages"][0]["content"] for one in seen] == ["play jas", "dim the lights", "play jazz"]


def test_our_token_never_reaches_the_endpoint_behind(pinned, monkeypatch):
    secret = TokenFile(pinned / "tokens.json").add("one", ["rewrite"])
    monkeypatch.setenv("UPTAKE_CHAT_KEY", "theirs")
    with endpoint() as (upstream, seen, go_on), running(pinned, chat_upstream=upstream) as there:
        go_on.set()
        assert there.post("/v1/chat/completions", chat("x")).status_code == 401
        there.post("/v1/chat/completions", chat("x"), authorization=f"Bearer {secret}")
    assert [one[1] for one in seen] == ["Bearer theirs"]


def test_no_caller_chooses_where_a_chat_goes(pinned):
    with endpoint() as (upstream, seen, go_on), endpoint() as (other, seen_by_other, _):
        with running(pinned, chat_upstream=upstream) as there:
            go_on.set()
            body = chat("play jas", base_url=other, api_base=other, upstream=other)
            there.post(f"/v1/chat/completions?upstream={other}", body, **{"x-forwarded-host": other, "location": other})
    assert (len(seen), len(seen_by_other)) == (1, 0)


def test_a_chat_does_not_follow_the_endpoint_behind_to_another_address(pinned):
    class Elsewhere(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["content-length"]))  # else the connection is reset
            self.send_response(307)
            self.send_header("location", f"{elsewhere}/chat/completions")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_):
            """Be silent."""

    with endpoint() as (elsewhere, seen, _), ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        with running(pinned, chat_upstream=f"http://127.0.0.1:{server.server_port}/v1") as there:
            answer = there.post("/v1/chat/completions", chat("play jas", user="ann"))
        server.shutdown()
        thread.join()
    assert (answer.status_code, seen) == (307, [])
    assert "location" not in answer.headers


def test_an_endpoint_that_is_away_and_a_body_that_is_no_chat_are_problems(pinned):
    with running(pinned, chat_upstream="http://127.0.0.1:9/v1") as there:
        assert there.post("/v1/chat/completions", chat("x")).status_code == 502
        for body in ({"messages": 1}, [], {"messages": [1]}, b"{"):
            assert there.post("/v1/chat/completions", body).json()["type"] == "urn:uptake:problem:bad_record"


def test_without_an_endpoint_there_is_no_such_route_and_a_bad_one_is_refused(tmp_path):
    with running(tmp_path) as there:
        assert there.post("/v1/chat/completions", chat("x")).status_code == 404
    with pytest.raises(BadConfig, match="http"), running(tmp_path, chat_upstream="file:///etc/passwd"):
        pass
