"""Follow a log: a release whenever it has changed, with a rest between that leaves most of a core to others."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from uptake.release.state import State

__all__ = ["follow"]

_INTERVAL_S = 0.5
_REST = 2.0  # rest after a release, in durations of that release: at most a third of one core is used


def follow(state: State, once: Callable[[bool], None], *, stop: threading.Event | None = None) -> None:
    """Call a function whenever the log has changed since it was called last; never while it runs.

    Args:
        state: The state directory.
        once: Does a release; it is told whether it is called for the first time.
        stop: Ends it within half a second, or after the release that runs; None to go on until interrupted.
    """
    learned: str | None = None
    stopped = stop or threading.Event()
    rest_s = 0.0
    while not stopped.wait(rest_s):
        mark, rest_s = state.log.watermark(), _INTERVAL_S
        if mark and mark != learned:
            began = time.monotonic()
            once(learned is None)
            rest_s = max(rest_s, _REST * (time.monotonic() - began))
            learned = mark
