"""The connection itself: one route is answered without the application, and nobody can tell but by the time."""

import json
import socket
import time

import pytest

from tests.serving import running
from uptake.release.state import State
from uptake.rewriting.overrides import Override

BODY = json.dumps({"text": "play jas", "user_id": "ann"}).encode()
HEAD = b"POST /v1/rewrite HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


@pytest.fixture
def there(tmp_path):
    State(tmp_path).overrides.put(Override("play jas", "play jazz"))
    with running(tmp_path, max_body_bytes=1_000) as there:
        yield there


def connected(there):
    return socket.create_connection(("127.0.0.1", int(there.url.rpartition(":")[2])), timeout=300)


def sized(body=BODY, head=HEAD):
    return head + b"Content-Length: %d\r\n\r\n" % len(body) + body


def answers(raw, count):
    """Read so many answers: (status, headers, body)."""
    data, found = b"", []
    while len(found) < count:
        while b"\r\n\r\n" not in data:
            data += raw.recv(65_536) or pytest.fail("the connection was closed")
        head, _, data = data.partition(b"\r\n\r\n")
        status, *lines = head.split(b"\r\n")
        headers = dict(line.lower().split(b": ", 1) for line in lines)
        length = int(headers[b"content-length"])
        while len(data) < length:
            data += raw.recv(65_536) or pytest.fail("the connection was closed")
        body, data = data[:length], data[length:]
        found.append((int(status.split()[1]), headers, json.loads(body)))
    assert not data
    return found


def same(one, other):
    """Whether two answers are, but for the moment."""
    alike = [{name: value for name, value in headers.items() if name != b"date"} for headers in (one[1], other[1])]
    return (one[0], alike[0], one[2]) == (other[0], alike[1], other[2])


@pytest.mark.parametrize("body", [BODY, b"{", b"x" * 900, b'{"text": "x"}'])
def test_it_answers_as_the_application_does(there, body):
    with connected(there) as raw:
        raw.sendall(sized(body))
        [direct] = answers(raw, 1)
        chunked = HEAD + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
        raw.sendall(chunked)  # the application answers this
        [other] = answers(raw, 1)
    assert same(direct, other)


def test_a_body_that_comes_in_pieces_is_put_together(there):
    with connected(there) as raw:
        for piece in (sized()[:40], sized()[40:-5], sized()[-5:]):
            raw.sendall(piece)
            time.sleep(0.05)
        [(status, _, answer)] = answers(raw, 1)
    assert (status, answer["text"]) == (200, "play jazz")


def test_requests_sent_ahead_are_answered_in_their_order(there):
    other = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with connected(there) as raw:
        raw.sendall(sized() + other + sized() + other + sized())
        found = [answer for _, _, answer in answers(raw, 5)]
    assert [answer.get("text", answer.get("status")) for answer in found] == [
        "play jazz", "ok", "play jazz", "ok", "play jazz"
    ]  # fmt: skip


@pytest.mark.parametrize("asked", [b"close", b"keep-alive"])
def test_a_connection_is_kept_or_closed_as_the_caller_asks(there, asked):
    with connected(there) as raw:
        raw.sendall(sized(head=HEAD + b"Connection: %b\r\n" % asked))
        [(_, headers, _)] = answers(raw, 1)
        if asked == b"close":
            assert headers[b"connection"] == b"close"
            assert raw.recv(10) == b""
        else:
            raw.sendall(sized())
            assert answers(raw, 1)[0][0] == 200


@pytest.mark.parametrize(
    ("head", "body", "status"),
    [
        (HEAD, b"x" * 1_001, 413),
        (HEAD.replace(b"application/json", b"text/plain"), BODY, 415),
        (HEAD.replace(b"localhost", b"evil.example"), BODY, 421),
        (HEAD + b"Sec-Fetch-Site: cross-site\r\n", BODY, 403),
    ],
)
def test_it_refuses_what_the_application_refuses(there, head, body, status):
    with connected(there) as raw:
        raw.sendall(sized(body, head))
        [(told, headers, problem)] = answers(raw, 1)
    assert (told, problem["status"]) == (status, status)
    assert headers[b"content-type"] == b"application/problem+json"
    assert b"default-src 'none'" in headers[b"content-security-policy"]


def test_who_waits_for_100_continue_is_told_to_go_on(there):
    with connected(there) as raw:
        raw.sendall(HEAD + b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(BODY))
        assert raw.recv(4_096).startswith(b"HTTP/1.1 100")
        raw.sendall(BODY)
        assert answers(raw, 1)[0][0] == 200


def test_a_connection_that_rests_is_closed_after_a_while(tmp_path, monkeypatch):
    monkeypatch.setattr("uptake.apps.http.server._KEEP_ALIVE_S", 0.6)

    def stays(raw):
        """Whether it stays while something comes; None where this machine let it rest too long meanwhile."""
        last = time.monotonic()
        for _ in range(4):
            try:
                raw.sendall(sized())
                stayed = bool(raw.recv(65_536))
            except OSError:
                stayed = False
            rested_s, last = time.monotonic() - last, time.monotonic()
            if not stayed:
                return None if rested_s > 0.5 else False
            time.sleep(0.2)
        return True

    with running(tmp_path) as there:
        for _ in range(20):
            with connected(there) as raw:
                stayed = stays(raw)
                if stayed:
                    assert raw.recv(10) == b""
            if stayed is not None:
                break
    assert stayed is not False
