"""Write the service's logs: one JSON object per line on stderr, about events, never about what anybody said.

The route's name is logged instead of the path, since paths hold names of people. Of an unexpected error, its type and
the lines of code it passed are logged, and not its message, which may quote a request.
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
    """Log handler that writes library logs in the same format."""

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
