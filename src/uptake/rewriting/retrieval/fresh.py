"""Put a turn that was just said into its speaker's history at once, as learning everything again would.

`counted` reads the marked turns of one session without an engine; `shelve` keeps them in `FreshHistory`. A test holds
that the counts are those of `RetrieveLearner.statistics`. It takes milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from uptake.feedback.turns_view import mark
from uptake.log.rows import to_table
from uptake.rewriting.retrieval.history import Count, FreshHistory
from uptake.types import Turn

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["HOUR", "counted", "shelve"]

HOUR = 3_600_000_000
"""Microseconds; counts are kept by the hour."""


def counted(marked: pa.Table) -> dict[str, list[Count]]:
    """Count a few marked turns by user, as `RetrieveLearner.statistics` does.

    Args:
        marked: Rows of `uptake.feedback.turns_view.TURNS`.
    """
    names = (
        "user_id", "request", "state", "said_at", "hour", "room", "retried", "next_request", "acted_on", "defect",
        "control", "worked", "unanswered",
    )  # fmt: skip
    total: dict[str, dict[tuple[Any, ...], list[int]]] = {}
    rows: Iterator[Mapping[str, Any]] = iter(marked.select(names).to_pylist())
    for row in rows:
        if row["control"] or not row["request"]:
            continue
        if row["acted_on"] is not None and row["unanswered"] and not row["retried"]:
            continue
        key = (
            row["request"],
            row["state"] if "|" in row["state"] else None,
            row["said_at"] // HOUR,
            row["hour"],
            row["room"],
            row["next_request"] if row["retried"] else None,
            row["acted_on"],
        )
        sums = total.setdefault(row["user_id"], {}).setdefault(key, [0, 0, 0])
        sums[0] += 1
        sums[1] += not (row["defect"] or row["retried"])
        sums[2] += row["retried"] and row["worked"]
    return {user: [Count(*key, *sums) for key, sums in keys.items()] for user, keys in total.items()}


def shelve(fresh: FreshHistory, turns: Sequence[Turn], *, session_id: str) -> None:
    """Put a session, as far as it has gone, into the histories of those who spoke in it.

    Args:
        fresh: Where histories that are not yet published are kept.
        turns: All turns of the session so far, in order.
        session_id: The session, as the log calls it; saying more of it replaces what was put there before.
    """
    import pyarrow as pa

    if turns:
        table = to_table(turns).append_column("session", pa.array([session_id] * len(turns), type=pa.string()))
        for user_id, counts in counted(mark(table)).items():
            fresh.put(user_id, session_id, counts)
