"""Learn while serving: a process beside the service runs a release whenever the log has changed.

    service ──starts──► uptake.apps.http.incoming.learner DIR ──release──► artifacts ──► hot reload in the service
       ▲                      │ one line of JSON per release
       └──────────────────────┘

All state of the worker is on disk: killed at any point, it is restarted and continues. When the service ends or is
killed, its end of the pipe closes, and the worker ends after the current release.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from uptake.errors import NotReady, UptakeError

if TYPE_CHECKING:
    from uptake.release.state import State

__all__ = ["Learner", "main"]

_PATIENCE_S = 20.0
_BACK_OFF_S = (0.2, 1.0, 5.0, 30.0)


class Learner:
    """Supervisor that keeps a worker running.

    Args:
        directory: The state directory.
        tell: Called with the worker's reports: `event` "started", "release", "failed" or "ended", and figures.
    """

    def __init__(self, directory: Path, *, tell: Callable[[Mapping[str, Any]], None]) -> None:
        self._directory, self._tell = directory, tell
        self._stop = threading.Event()
        self._process: subprocess.Popen[str] | None = None
        self._thread = threading.Thread(target=self._keep, name="learner", daemon=True)

    @property
    def pid(self) -> int | None:
        """Process id of the worker; None if none runs."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def start(self) -> None:
        """Start the worker, and start it again whenever it ends."""
        self._thread.start()

    def close(self) -> None:
        """End it: after the release that runs, or by force where that takes too long."""
        self._stop.set()
        process = self._process
        if process is not None:
            self._hang_up(process)
            try:
                process.wait(_PATIENCE_S)
            except subprocess.TimeoutExpired:
                process.kill()
            self._thread.join(_PATIENCE_S)

    def _keep(self) -> None:
        failures = 0
        while not self._stop.is_set():
            released = self._run()
            failures = 0 if released else failures + 1
            self._stop.wait(_BACK_OFF_S[min(failures, len(_BACK_OFF_S) - 1)])

    def _run(self) -> bool:
        """Run the worker until it ends; returns whether it ever released."""
        process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", __name__, str(self._directory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,  # Ctrl-C is for the service, which then ends the worker
        )
        self._process = process
        self._tell({"event": "started", "pid": process.pid})
        released = False
        for line in process.stdout or ():
            try:
                said = json.loads(line)
            except ValueError:  # it was killed amid a line
                continue
            released = released or said["event"] == "release"
            self._tell(said)
        code = process.wait()
        self._hang_up(process)
        if process.stdout is not None:
            process.stdout.close()
        self._tell({"event": "ended", "code": code})
        return released

    @staticmethod
    def _hang_up(process: subprocess.Popen[str]) -> None:
        if process.stdin is not None and not process.stdin.closed:
            process.stdin.close()


def main(arguments: list[str]) -> None:
    """Be the worker: follow a log until standard input closes."""
    from uptake.release.follow import follow
    from uptake.release.state import State

    state, stop = State(Path(arguments[0])), threading.Event()
    os.nice(5)  # people wait for the service, nobody for the worker

    def wait_for_the_end() -> None:
        sys.stdin.read()
        stop.set()

    threading.Thread(target=wait_for_the_end, daemon=True).start()
    follow(state, lambda first: _once(state, first=first), stop=stop)


def _once(state: State, *, first: bool) -> None:
    """Compact and release; an error ends the release and not the worker."""
    from uptake.release.night import release

    try:
        state.log.compact_if_due()
        done = release(state, evidence_too=first)
    except NotReady:
        return
    except UptakeError as error:
        _say(event="failed", code=error.code)
    except Exception as error:  # noqa: BLE001 - what happened is told, without a message that may quote somebody
        _say(event="failed", code=type(error).__name__)
    else:
        _say(
            event="release",
            turns=done.turns,
            published={one.kind: one.published for one in done.learned if one.published},
            withdrawn=len(done.withdrawn),
            refused=len(done.refused),
            stopped=done.stopped,
            live_s=round(done.live_s, 3),
        )


def _say(**what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
