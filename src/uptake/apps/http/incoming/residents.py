"""Map people to homes by the log, so that a token for one home cannot read about another home's people.

A person belongs to every home that their turns name. A pseudonym belongs to the home that used it first: a token for
another home is refused. Turns that another process stores are seen within seconds (`refresh`).
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

from uptake.apps.http.access import Token
from uptake.errors import RequestRefused
from uptake.types import Turn

if TYPE_CHECKING:
    import pyarrow as pa

    from uptake.log.store import TurnLog

__all__ = ["Residents"]

_NOBODY: frozenset[str | None] = frozenset()


class Residents:
    """People of each home. Safe to use from many threads.

    Args:
        log: The log of turns; read in full once, when the first token for single homes is used.
    """

    def __init__(self, log: TurnLog) -> None:
        self._log = log
        self._homes: dict[str, frozenset[str | None]] = {}
        self._parts: set[str] = set()
        self._mark: str | None = None
        self._lock = threading.RLock()

    def homes(self, user_id: str) -> frozenset[str | None]:
        """Return the homes of a person; empty for somebody unknown."""
        if self._mark is None:
            self.refresh()
        return self._homes.get(user_id, _NOBODY)

    def people(self, homes: frozenset[str] | None) -> list[str]:
        """List the people of some homes; None for everybody."""
        if self._mark is None:
            self.refresh()
        with self._lock:
            return sorted(user for user, theirs in self._homes.items() if homes is None or theirs & homes)

    def check(self, token: Token, user_id: str) -> None:
        """Check that a token may ask about a person; somebody unknown belongs to nobody yet.

        Raises:
            RequestRefused: The person lives in another home.
        """
        if token.homes is None:
            return
        theirs = self.homes(user_id)
        if not theirs <= token.homes:
            raise RequestRefused("this token is not for the home of that person", status=403, name="forbidden")

    def claim(self, turns: Iterable[Turn]) -> None:
        """Take notice of turns that are being stored."""
        with self._lock:
            for turn in turns:
                self._add(turn.user_id, turn.home_id)

    def move_in(self, user_id: str, home_id: str | None) -> None:
        """Take notice that a person belongs to a home."""
        with self._lock:
            self._add(user_id, home_id)

    def refresh(self) -> None:
        """Read what the log has got since the last time."""
        with self._lock:
            mark = self._log.watermark()
            if mark == self._mark:
                return
            snapshot = self._log.snapshot()
            for part in snapshot.parts:
                if part.name not in self._parts:
                    self._read(part.table(["user_id", "home_id"]))
                    self._parts.add(part.name)
            self._read(snapshot.fresh)
            self._mark = mark

    def keep_up(self) -> None:
        """Read what the log has got, if anybody ever asked."""
        if self._mark is not None:
            self.refresh()

    def forget(self, user_id: str) -> None:
        """Drop a person."""
        with self._lock:
            self._homes.pop(user_id, None)

    def _read(self, table: pa.Table) -> None:
        pairs = table.select(["user_id", "home_id"]).group_by(["user_id", "home_id"]).aggregate([])
        for row in pairs.to_pylist():
            self._add(row["user_id"], row["home_id"])

    def _add(self, user_id: str, home_id: str | None) -> None:
        known = self._homes.get(user_id, _NOBODY)
        if home_id not in known:
            self._homes[user_id] = known | {home_id}
