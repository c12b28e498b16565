"""Add a turn to its speaker's history at once, with the same result as learning everything again.

`count_session` reads the turns of one session without an engine; `add_to_history` stores them in `FreshHistory`. A test
checks that the counts are those of `RetrieveLearner.statistics` over the marked log. It takes a millisecond.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from uptake.feedback.columns import TurnFrame
from uptake.feedback.scorer import by_speaker, ended_well, judge
from uptake.rewriting.retrieval.history import Count, FreshHistory
from uptake.text.normalize import normalize
from uptake.types import Session, Turn

__all__ = ["HOUR", "add_to_history", "count_session"]

HOUR = 3_600_000_000
"""Microseconds; counts are kept by the hour."""


def count_session(session: Session) -> dict[str, list[Count]]:
    """Count the turns of a session by user, as `RetrieveLearner.statistics` does."""
    apart = by_speaker(session)
    frame, turns = TurnFrame.of(apart).as_logged, [turn for one in apart for turn in one.turns]
    verdict = judge(frame)
    fine, control = ended_well(frame, verdict).tolist(), frame.control.tolist()
    unanswered, retried, partner = frame.unanswered.tolist(), verdict.retried.tolist(), verdict.partner.tolist()
    good = (~verdict.defect).tolist()
    hours = (frame.said_at // HOUR).tolist()
    requests = [normalize(turn.request) for turn in turns]
    total: dict[str, dict[tuple[Any, ...], list[int]]] = {}
    for at, turn in enumerate(turns):
        acted_on = normalize(turn.acted_on) if turn.acted_on is not None else None
        if control[at] or not requests[at] or (acted_on is not None and unanswered[at] and not retried[at]):
            continue
        context, again = turn.context, retried[at] and partner[at] >= 0
        reading = turn.interpretation.key if turn.interpretation is not None and acted_on is None else ""
        key = (
            requests[at],
            reading if "|" in reading else None,
            hours[at],
            context.local_time[:2] if context.local_time is not None else None,
            context.room,
            requests[partner[at]] if again else None,
            acted_on,
        )
        sums = total.setdefault(turn.user_id, {}).setdefault(key, [0, 0, 0])
        sums[0] += 1
        sums[1] += good[at] and not retried[at]
        sums[2] += retried[at] and fine[at]
    return {user: [Count(*key, *sums) for key, sums in keys.items()] for user, keys in total.items()}


def add_to_history(fresh: FreshHistory, turns: Sequence[Turn], *, session_id: str) -> None:
    """Put a session, as far as it has gone, into the histories of those who spoke in it.

    Args:
        fresh: Where histories that are not yet published are kept.
        turns: All turns of the session so far, in order.
        session_id: The session, as the log calls it; saying more of it replaces what was put there before.
    """
    if turns:
        for user_id, counts in count_session(Session(session_id=session_id, turns=tuple(turns))).items():
            fresh.put(user_id, session_id, counts)
