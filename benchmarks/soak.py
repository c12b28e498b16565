"""A service under load for a long time, whose server and worker are killed (SIGKILL) at random times.

    uptake bench soak --seconds 600 --rate 200 --json

Callers send a request to `rewrite`, then its turn to `observe`, over kept connections; a call that fails is made again
until it is answered. Server and worker are killed in the first half, only the worker in the second, so that the memory
of one server can be watched. Afterwards the log is read. What people say is simulated.

    soak.lost, .doubled       turns that were acknowledged and are not in the log, or more than once; both must be 0
    soak.turns, .requests     turns acknowledged, requests answered; .again: calls made again
    soak.server_kills, .worker_kills, .releases
    soak.refused              answers that were no 200 while the server ran; must be 0
    soak.p50_ms, .p99_ms      time to a decision, with the client's, while the server ran
    soak.memory_mb            of the last server, median over the last fifth of the second half
    soak.memory_growth        that, by its median over the first fifth of the second half
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from uptake.release.state import State

_CALLERS = 8
_PEOPLE = 50  # a caller's
_SERVE = "[serve]\nrate_per_s = 1e9\nburst = 1000000000\n"
_JSON = {"content-type": "application/json"}
_WAIT_S = 120.0
_SAID = (("play maj and dragons", "play imagine dragons"), ("turn on the whole light", "turn on the hall light"))


def run(
    *, seconds: float = 600.0, rate: float = 200.0, kill_every_s: float | None = None, seed: int = 1
) -> dict[str, float]:
    """Send and kill for so many seconds, then count.

    Args:
        seconds: How long to send.
        rate: Requests a second, over all callers.
        kill_every_s: Mean time from one kill to the next; None for a twentieth of the whole, at most 15 s.
        seed: Seed of what is killed when.
    """
    with tempfile.TemporaryDirectory(prefix="uptake-soak-", ignore_cleanup_errors=True) as place:
        (Path(place) / "uptake.toml").write_text(_SERVE)
        serving, end = _Serving(Path(place)), time.monotonic() + seconds
        callers = [_Caller(at, serving.port, rate / _CALLERS, end) for at in range(_CALLERS)]
        try:
            every_s = kill_every_s if kill_every_s is not None else min(15.0, seconds / 20)
            kills, memory = _kill(serving, end, seconds, random.Random(seed), every_s)
            for one in callers:
                one.thread.join(_WAIT_S)
        finally:
            serving.close()
        kept = Counter(turn.turn_id for turn in State(Path(place)).log.read())
    acknowledged = [name for one in callers for name in one.acknowledged]
    took = np.array([ms for one in callers for ms in one.took_ms]) if callers else np.zeros(1)
    fifth = max(1, len(memory) // 5)
    return {
        "soak.seconds": seconds,
        "soak.turns": len(acknowledged),
        "soak.requests": len(acknowledged) + len(took),
        "soak.lost": sum(name not in kept for name in acknowledged),
        "soak.doubled": sum(count - 1 for count in kept.values()),
        "soak.refused": sum(one.refused for one in callers),
        "soak.again": sum(one.again for one in callers),
        "soak.server_kills": kills["server"],
        "soak.worker_kills": kills["worker"],
        "soak.releases": serving.said["release"],
        "soak.p50_ms": float(np.percentile(took, 50)),
        "soak.p99_ms": float(np.percentile(took, 99)),
        "soak.memory_mb": median(memory[-fifth:]),
        "soak.memory_growth": median(memory[-fifth:]) / median(memory[:fifth]),
        "soak.load": os.getloadavg()[0],
    }


def _kill(
    serving: _Serving, end: float, seconds: float, chance: random.Random, every_s: float
) -> tuple[Counter[str], list[float]]:
    """Kill until the end; returns what was killed how often, and the memory of the server in the second half, in MB."""
    kills: Counter[str] = Counter()
    memory: list[float] = []
    begin, due = end - seconds, time.monotonic() + chance.expovariate(1 / every_s)
    while (now := time.monotonic()) < end:
        time.sleep(min(0.5, max(0.0, end - now)))
        in_first_half = now < begin + seconds / 2
        if not in_first_half:
            memory.append(serving.memory_mb())
        if now < due:
            continue
        due = now + chance.expovariate(1 / every_s)
        if in_first_half and (not kills["server"] or chance.random() < 0.5):
            serving.kill()
            kills["server"] += 1
        elif serving.worker is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(serving.worker, signal.SIGKILL)
                kills["worker"] += 1
    return kills, memory


class _Serving:
    """`uptake serve`, started again on the same port after each kill."""

    def __init__(self, place: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.said: Counter[str] = Counter()
        self.worker: int | None = None
        self._workers: set[int] = set()
        self._listeners: list[threading.Thread] = []
        self._place, self._ready = place, threading.Event()
        self._start()

    def kill(self) -> None:
        """Kill the server, and start another."""
        self._process.kill()
        self._process.wait()
        self._start()

    def close(self) -> None:
        """End it in good order; workers of servers that were killed may still be at their last release."""
        self._process.terminate()
        self._process.wait(_WAIT_S)
        for one in self._workers:
            with contextlib.suppress(OSError):
                if str(self._place) in Path(f"/proc/{one}/cmdline").read_text():
                    os.kill(one, signal.SIGKILL)
        for listener in self._listeners:
            listener.join(_WAIT_S)

    def memory_mb(self) -> float:
        """Resident memory of the server."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024

    def _start(self) -> None:
        command = [sys.executable, "-m", "uptake", "serve", "--port", str(self.port), "--state", str(self._place)]
        self._process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        self._ready.clear()
        self._listeners.append(threading.Thread(target=self._listen, args=(self._process,), daemon=True))
        self._listeners[-1].start()
        if not self._ready.wait(_WAIT_S):
            raise TimeoutError("the server did not start")

    def _listen(self, process: subprocess.Popen[str]) -> None:
        if process.stderr is None:
            return
        with process.stderr as lines:  # ends when the workers that hold it too have ended
            self._heed(lines)

    def _heed(self, lines: Iterable[str]) -> None:
        for line in lines:
            said: dict[str, Any] = json.loads(line)
            if said["event"] == "serving":
                self._ready.set()
            elif said["event"] == "worker":
                self.said[said["said"]] += 1
                if said["said"] == "started":
                    self.worker = said["pid"]
                    self._workers.add(said["pid"])


class _Caller:
    """An assistant of some people: asks what to act on, then sends the turn."""

    def __init__(self, number: int, port: int, rate: float, end: float) -> None:
        self.acknowledged: list[str] = []
        self.took_ms: list[float] = []
        self.refused = self.again = 0
        self._number, self._rate, self._end = number, rate, end
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30.0)
        self.thread = threading.Thread(target=self._talk, daemon=True)
        self.thread.start()

    def _talk(self) -> None:
        with contextlib.closing(self._connection):
            self._keep_talking()

    def _keep_talking(self) -> None:
        begin = time.monotonic()
        for at in range(10**9):
            due = begin + at * 2 / self._rate
            time.sleep(max(0.0, due - time.monotonic()))
            if time.monotonic() > self._end:
                break
            heard, meant = _SAID[at // 2 % len(_SAID)]
            user, text = f"user {self._number}-{at // 2 % _PEOPLE}", (heard, meant)[at % 2]
            before, began = self.again, time.perf_counter()
            found = self._call("/v1/rewrite", {"text": text, "user_id": user})
            if found is not None and self.again == before:
                self.took_ms.append((time.perf_counter() - began) * 1e3)
            turn = {"turn_id": f"{self._number}-{at}", "user_id": user, "said_at": datetime.now(UTC).isoformat()}
            echo = found["echo"] if found is not None else {}
            told = self._call("/v1/observe", {**turn, "request": text, "status": ("failed", "ok")[at % 2], **echo})
            if told is not None:
                self.acknowledged += told["acknowledged"]

    def _call(self, path: str, body: dict[str, Any]) -> Any:
        """Make a call, again and again until it is answered; None where the answer is no 200, or never came."""
        data, patience = json.dumps(body), self._end + _WAIT_S / 2
        while time.monotonic() < patience:
            try:
                self._connection.request("POST", path, data, _JSON)
                answer = self._connection.getresponse()
                read = answer.read()
            except (OSError, http.client.HTTPException):
                self._connection.close()
                self.again += 1
                time.sleep(0.2)
                continue
            if answer.status == 200:
                return json.loads(read)
            self.refused += 1
            return None
        return None
