"""Logs of the service: one JSON object a line on stderr, of what happened and never of what anybody said.

A path is never logged, since names of people stand in it: the route's name is. Of an error nobody raised on purpose,
its kind and the lines of code it passed are logged, and not its message, which may quote a request.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Any

__all__ = ["log_error", "log_event", "quiet_uvicorn"]

_FRAMES = 8


def log_event(event: str, *, level: str = "info", **known: Any) -> None:
    """Write one line."""
    line = {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), "level": level, "event": event, **known}
    sys.stderr.write(json.dumps(line, default=str) + "\n")
    sys.stderr.flush()


def log_error(error: BaseException, **known: Any) -> None:
    """Write one line about an error that nobody raised on purpose: where, not what."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    places = [f"{frame.filename.rpartition('site-packages/')[2]}:{frame.lineno}" for frame in frames]
    log_event("error", level="error", error=type(error).__name__, frames=places, **known)


class _Lines(logging.Handler):
    """Writes what libraries log as lines of ours."""

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.exc_info[1] is not None:
            log_error(record.exc_info[1], logger=record.name)
        elif record.levelno >= logging.WARNING:
            log_event("library", level=record.levelname.lower(), logger=record.name, message=str(record.msg))


def quiet_uvicorn() -> None:
    """Let uvicorn and asyncio log as the service does; requests are logged by the service itself."""
    for name in ("uvicorn", "uvicorn.error", "asyncio"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], False
        logger.setLevel(logging.WARNING)
        logger.addHandler(_Lines())
    logging.getLogger("uvicorn.access").handlers = []
    logging.getLogger("uvicorn.access").propagate = False
