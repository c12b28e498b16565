"""A real service on a free port of this machine, for tests: `with running(directory) as there: there.client`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import msgspec

from uptake.apps.http.app import App
from uptake.apps.http.chat import routes_of
from uptake.apps.http.options import Options
from uptake.apps.http.server import bound, server_of
from uptake.apps.http.service import Service
from uptake.release.state import State
from uptake.store.served import Served

WAIT_S = 300.0  # a machine that is busy with other things must not fail a test


@dataclass
class Running:
    """A service that runs in a thread of the test."""

    url: str
    service: Service
    http: httpx2.Client

    def post(self, path: str, body: Any, **headers: str) -> httpx2.Response:
        data = body if isinstance(body, bytes) else msgspec.json.encode(body)
        return self.http.post(path, content=data, headers={"content-type": "application/json", **headers})


@contextmanager
def running(
    directory: Path, *, token: str | None = None, prepare: Callable[[Service], None] = lambda _: None, **chosen: Any
) -> Iterator[Running]:
    """Serve a state directory; it does not learn unless told to."""
    from uptake.apps.console.site import console_of

    options = Options(**{"port": 0, "learn": False, **chosen})
    service = Service(State(directory), options)
    prepare(service)
    listener = bound("127.0.0.1", 0)
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    ready = threading.Event()
    server = server_of(App(service, more=(*console_of(service), *routes_of(service))), options, ready.set)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    assert ready.wait(WAIT_S)
    headers = {"authorization": f"Bearer {token}"} if token else {}
    try:
        with httpx2.Client(base_url=url, headers=headers, timeout=WAIT_S) as http:
            yield Running(url, service, http)
    finally:
        server.should_exit = True
        thread.join(WAIT_S)
        assert not thread.is_alive()


def loaded(service: Service, kind: str) -> bool:
    """Whether a step decides by the artifact of a kind that is published."""
    known = {step.version for step in service.decide.pipeline.steps if isinstance(step, Served)}
    return service.versions().get(kind, "none") in known


class Process:
    """`uptake serve` as a process of its own, to be killed."""

    def __init__(self, directory: Path, *arguments: str) -> None:
        command = [sys.executable, "-m", "uptake", "serve", "--state", str(directory), "--port", "0", *arguments]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        self.lines: list[dict[str, Any]] = []
        self._serving = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        assert self._serving.wait(WAIT_S), self.lines
        self.url = f"http://127.0.0.1:{self.said('serving')[0]['port']}"

    def _read(self) -> None:
        for line in self.process.stderr or ():
            if not line.endswith("\n"):  # it was killed amid a line
                break
            self.lines.append(msgspec.json.decode(line))
            if self.lines[-1]["event"] == "serving":
                self._serving.set()
        self._serving.set()

    def said(self, event: str) -> list[dict[str, Any]]:
        return [line for line in list(self.lines) if line["event"] == event]

    def end(self, sort: int = signal.SIGTERM) -> int:
        os.kill(self.process.pid, sort)
        return self.ended()

    def ended(self) -> int:
        code = self.process.wait(WAIT_S)
        self._reader.join(WAIT_S)
        if self.process.stderr is not None:
            self.process.stderr.close()
        return code
