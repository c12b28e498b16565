"""The words that tests are written in: `turn("play jazz")`, `session("a", "b", failed=(0,))`, `log(...)`."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from uptake.types import Session, Turn

START = datetime(2026, 1, 1, 8, tzinfo=UTC)
"""When the first turn of a test is said."""

_turns = itertools.count()
_sessions = itertools.count()


def turn(request: str = "play jazz", *, user: str = "ann", at_s: float = 0.0, **fields: Any) -> Turn:
    """One turn, said `at_s` seconds after START; any field of `Turn` may be given.

    Its `turn_id` is a new one each time, unless given.
    """
    fields.setdefault("turn_id", f"turn-{next(_turns)}")
    return Turn(request=request, user_id=user, said_at=START + timedelta(seconds=at_s), **fields)


def session(
    *requests: str,
    user: str = "ann",
    failed: Collection[int] = (),
    gap_s: float = 10.0,
    start_s: float | None = None,
    **fields: Any,
) -> Session:
    """One session: the requests, said `gap_s` apart.

    Args:
        requests: What the user says, in order.
        user: Who says it.
        failed: Positions of the turns that end with status "failed"; the others end "ok".
        gap_s: Seconds between turns; more than 45 makes the log find several sessions.
        start_s: Seconds after START; by default sessions lie an hour apart, in the order they are built.
        fields: Fields that every turn of the session gets.
    """
    first_s = 3600.0 * next(_sessions) if start_s is None else start_s
    turns = tuple(
        turn(
            request,
            user=user,
            at_s=first_s + index * gap_s,
            **{"status": "failed" if index in failed else "ok", **fields},
        )
        for index, request in enumerate(requests)
    )
    return Session(session_id=fields.get("session_id") or turns[0].turn_id, turns=turns)


def log(*said: Session | Turn | Iterable[Session | Turn]) -> list[Turn]:
    """All turns of sessions, turns and lists of them, in the order given."""
    turns: list[Turn] = []
    for one in said:
        if isinstance(one, Turn):
            turns.append(one)
        elif isinstance(one, Session):
            turns.extend(one.turns)
        else:
            turns.extend(log(*one))
    return turns
