"""The route `rewrite` of the service beside a raw ASGI echo, in the same run, behind the same server.

Both run as processes of their own under uvicorn with the same protocol, except that ours answers the route on the
connection, without ASGI; the client keeps 16 connections, with a request on each at once. CPU is the server's, from
/proc; medians over many short rounds, in which all take turns. A hit is an exact request among the rewrites, looked up
and passed by every guard that applies; an abstention a request that nobody knows. Nothing but the table is published:
nearest requests, retrieval and ranking are not in it (`uptake bench decide-online`). Nothing is learned meanwhile.

    http.vs_raw            server CPU a hit or an abstention, the dearer one / server CPU an echo of the same body; 500
                           requests come again and again, as frequent ones do
    http.vs_raw_new        the same of hits that were never asked for before
    http.hit_us, .new_hit_us, .miss_us, .raw_us   server CPU a request
    http.p50_ms_at_300, .p99_ms_at_300   time to an answer at 300 requests a second (--rate), half of them hits, with
                           the client's time in it; http.raw_p99_ms_at_300 of the echo: what the machine itself takes
    http.observe_us        server CPU a turn that is stored and acknowledged, alone; http.observe_p50_ms its time
    http.load              load average of the machine at the end
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np

from uptake.rewriting.table.artifact import RewriteTable
from uptake.store.store import ArtifactStore

_CONNECTIONS = 16
_SERVE = "[serve]\nrate_per_s = 1e9\nburst = 1000000000\n[guard]\nbudget_share = 1.0\n"


def run(
    *, rows: int = 1_000_000, count: int = 640, rounds: int = 25, rate: float = 300.0, seconds: float = 10.0
) -> dict[str, float]:
    """Measure with a table of `rows` rewrites, `count` requests a round, and `seconds` at a steady rate."""
    with tempfile.TemporaryDirectory(prefix="uptake-bench-") as place:
        (Path(place) / "uptake.toml").write_text(_SERVE)
        ArtifactStore(Path(place) / "artifacts").publish(_table(rows))
        ours = _Server([sys.executable, "-m", "uptake", "serve", "--no-learn", "--port", "0", "--state", place])
        raw = _Server([sys.executable, "-P", __file__])  # -P: this file is not the library of its name
        try:
            known = [_body(f"play song number {at} by band {at % 997}") for at in range(0, rows, max(1, rows // 500))]
            new = [_body(f"tell me about subject {at}") for at in range(500)]
            once = [_body(f"play song number {at} by band {at % 997}") for at in range(1, rows, 2)]
            seen: dict[str, list[float]] = {"hit": [], "miss": [], "raw": [], "new_hit": []}
            for at in range(rounds + 1):  # the first round warms
                first = once[at * count % len(once) :][:count]
                rounds_of = (("hit", ours, known), ("raw", raw, known), ("miss", ours, new), ("new_hit", ours, first))
                for name, server, bodies in rounds_of:
                    used = server.cpu_us(bodies, count)
                    if at:
                        seen[name].append(used)
            assert b'"action":"rewrite"' in ours.ask(known[0])
            p50, p99 = ours.paced(known + new, rate, seconds)
            _, raw_p99 = raw.paced(known + new, rate, seconds)
            observed, stored_ms = ours.observed(max(10, count // 2))
        finally:
            ours.close()
            raw.close()
    cost = {name: median(values) for name, values in seen.items()}
    return {
        "http.rows": float(rows),
        "http.vs_raw": max(cost["hit"], cost["miss"]) / cost["raw"],
        **{f"http.{name}_us": value for name, value in cost.items()},
        "http.vs_raw_new": cost["new_hit"] / cost["raw"],
        f"http.p50_ms_at_{rate:g}": p50,
        f"http.p99_ms_at_{rate:g}": p99,
        f"http.raw_p99_ms_at_{rate:g}": raw_p99,
        "http.observe_us": observed,
        "http.observe_p50_ms": stored_ms,
        "http.load": os.getloadavg()[0],
    }


class _Server:
    """A server process, and some connections to it."""

    def __init__(self, command: list[str]) -> None:
        self._process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        port = next(said["port"] for said in map(json.loads, self._process.stderr or ()) if said["event"] == "serving")
        self._sockets = [socket.create_connection(("127.0.0.1", port)) for _ in range(_CONNECTIONS)]
        for one in self._sockets:
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, body: bytes, path: str = "/v1/rewrite") -> bytes:
        """Send one request; returns the body of the answer."""
        self._sockets[0].sendall(_request(body, path))
        return _answer(self._sockets[0])

    def cpu_us(self, bodies: list[bytes], count: int) -> float:
        """CPU of the server a request, in microseconds, with a request on every connection at once."""
        asked = [_request(body, "/v1/rewrite") for body in bodies]
        before = self._cpu_s()
        for at in range(0, count, _CONNECTIONS):
            for number, one in enumerate(self._sockets):
                one.sendall(asked[(at + number) % len(asked)])
            for one in self._sockets:
                _answer(one)
        return (self._cpu_s() - before) / (-(-count // _CONNECTIONS) * _CONNECTIONS) * 1e6

    def paced(self, bodies: list[bytes], rate: float, seconds: float) -> tuple[float, float]:
        """(p50, p99) in milliseconds of requests at a steady rate; one that is late counts from when it was due."""
        begin, took = time.perf_counter(), []
        for at in range(int(rate * seconds)):
            due = begin + at / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            self.ask(bodies[at * 7 % len(bodies)])
            took.append(time.perf_counter() - due)
        p50, p99 = np.percentile(took, [50, 99]) * 1e3
        return float(p50), float(p99)

    def observed(self, count: int) -> tuple[float, float]:
        """(CPU in microseconds, median time in milliseconds) of a turn that is stored alone."""
        before, took = self._cpu_s(), []
        for at in range(count):
            turn = {"turn_id": f"t{at}", "user_id": f"u{at % 50}", "said_at": "2026-01-01T08:00:00Z", "request": "x"}
            began = time.perf_counter()
            self.ask(json.dumps(turn).encode(), "/v1/observe")
            took.append(time.perf_counter() - began)
        return (self._cpu_s() - before) / count * 1e6, median(took) * 1e3

    def close(self) -> None:
        """End it."""
        for one in self._sockets:
            one.close()
        self._process.terminate()
        self._process.communicate()

    def _cpu_s(self) -> float:
        """CPU the process has used, from its start; schedstat counts nanoseconds, over all threads."""
        tasks = Path(f"/proc/{self._process.pid}/task").iterdir()
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


def _request(body: bytes, path: str) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
    return f"{head}content-length: {len(body)}\r\n\r\n".encode() + body


def _answer(connection: socket.socket) -> bytes:
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += connection.recv(65_536)
    head, _, rest = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), answer
    length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
    while len(rest) < length:
        rest += connection.recv(65_536)
    return rest


def _table(rows: int) -> RewriteTable:
    requests = [f"play song number {at} by band {at % 997}" for at in range(rows)]
    return RewriteTable.from_columns(
        {
            "request": requests,
            "acted_on": [f"{request} now" for request in requests],
            "user_id": [None] * rows,
            "domain": ["music"] * rows,
            "users": [5] * rows,
            "sessions": [9] * rows,
            "success_before": [0.2] * rows,
            "success_after": [0.8] * rows,
        }
    )


def _body(text: str) -> bytes:
    return json.dumps({"text": text, "user_id": "ann"}).encode()


def _echo() -> None:
    """Be the echo."""
    from uptake.apps.http.logs import log_event
    from uptake.apps.http.options import Options
    from uptake.apps.http.server import bound, serve

    async def app(scope, receive, send):
        if scope["type"] == "lifespan":
            while (await receive())["type"] != "lifespan.shutdown":
                await send({"type": "lifespan.startup.complete"})
            await send({"type": "lifespan.shutdown.complete"})
            return
        body = (await receive())["body"]
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    serve(app, bound("127.0.0.1", 0), Options(), lambda port: log_event("serving", port=port))


if __name__ == "__main__":
    _echo()
