"""Read the last sessions of a log, for those who look at what happens now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uptake.log.rows import from_table
from uptake.log.sessions import sessions
from uptake.types import Session, Turn

if TYPE_CHECKING:
    from uptake.log.store import TurnLog

__all__ = ["last_sessions"]


def last_sessions(log: TurnLog, most: int) -> list[Session]:
    """Read the last sessions of a log, about so many turns in all."""
    found: list[Turn] = list(from_table(log.fresh()))
    for part in reversed(log.parts()):
        if len(found) >= most:
            break
        table = part.table()
        found += from_table(table.slice(max(0, len(table) - (most - len(found)))))
    return sessions(found, gap_s=log.session_gap_s)
