"""Follow a log: release whenever it has changed, with pauses that leave most of a core to other processes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from uptake.release.state import State

__all__ = ["follow"]

_INTERVAL_S = 0.5
_REST = 2.0  # rest after a release, in durations of that release: at most a third of one core is used


def follow(state: State, once: Callable[[bool], None], *, stop: threading.Event | None = None) -> None:
    """Call a function each time the log has changed since its last call; calls do not overlap.

    Args:
        state: The state directory.
        once: Runs a release; its argument tells whether this is the first call.
        stop: Event that ends the loop within half a second, or after the running release; None: run until interrupted.
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
