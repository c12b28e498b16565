"""Read the last sessions of a log, for views of current activity."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import pyarrow as pa

from uptake.log.rows import from_table
from uptake.log.sessions import sessions
from uptake.types import Session, Turn

if TYPE_CHECKING:
    from uptake.log.parts import Part
    from uptake.log.store import TurnLog

__all__ = ["last_sessions"]

_ROWS = 20_000


def last_sessions(log: TurnLog, most: int) -> list[Session]:
    """Read the last sessions of a log, with about so many turns in total."""
    snapshot = log.snapshot()
    found: list[Turn] = list(from_table(snapshot.fresh))
    for part in reversed(snapshot.parts):
        if len(found) >= most:
            break
        found += from_table(_last_rows(part, most - len(found)))
    return sessions(found, gap_s=log.session_gap_s)


def _last_rows(part: Part, most: int) -> pa.Table:
    """Read the last rows of a part, with few other rows in memory."""
    held: deque[pa.Table] = deque()
    rows = 0
    for table in part.batches(_ROWS):
        held.append(table)
        rows += len(table)
        while rows - len(held[0]) >= most:
            rows -= len(held.popleft())
    return pa.concat_tables(held).slice(max(0, rows - most))
