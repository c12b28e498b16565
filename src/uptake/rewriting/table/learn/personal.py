"""Learn personal rewrites: repairs that one user keeps making.

A repair that one user made at least twice, with good outcomes, becomes a personal rewrite: it is served to nobody else
and needs no other user's evidence. With so few turns the bounds are weaker than for global rewrites.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from uptake.ml.bounds import lower, upper
from uptake.rewriting.table.artifact import FAILURE, SUCCESS

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Habits", "personal", "query"]

_ENDS = f"('{SUCCESS}', '{FAILURE}')"
_WON = f"CASE WHEN target = '{SUCCESS}' THEN moves ELSE 0 END"

_OWN = f"""wanted AS (
            SELECT user_id, request AS word FROM repeated UNION SELECT user_id, target AS word FROM repeated
        ),
        used AS (
            SELECT s.user_id, s.request AS word, s.source, s.request, target, moves
            FROM statistics AS s JOIN wanted ON s.user_id = wanted.user_id AND s.request = wanted.word
            WHERE via IS NULL
        ),
        meant AS (
            SELECT s.user_id, s.source AS word, s.request, target, moves
            FROM statistics AS s JOIN wanted ON s.user_id = wanted.user_id AND s.source = wanted.word
            WHERE via IS NULL AND s.source IS NOT NULL
            UNION ALL
            SELECT user_id, word, request, target, moves FROM used WHERE source IS NULL
        ),
        own AS (
            SELECT user_id, request, sum({_WON}) AS wins, sum(moves) AS turns,
                   sum(CASE WHEN target IN {_ENDS} THEN 0 ELSE moves END) AS retries
            FROM used GROUP BY user_id, request
        ),
        ranked AS (
            SELECT user_id, word AS source, request AS acted_on, wins, turns,
                   row_number() OVER (
                       PARTITION BY user_id, word ORDER BY wins DESC NULLS LAST, request ASC NULLS LAST
                   ) AS place
            FROM (
                SELECT user_id, word, request, sum({_WON}) AS wins, sum(moves) AS turns
                FROM meant GROUP BY user_id, word, request
            ) AS worded
        )"""
"""Query parts: outcomes of the user's requests that were repeated, and the user's wordings of what they lead to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """Thresholds for a personal rewrite."""

    min_sessions: int
    min_gain: float
    min_share: float
    max_success: float
    confidence: float


def query(min_sessions: int) -> str:
    """Write the SQL that finds repairs that one user made at least `min_sessions` times, with their own counts."""
    return f"""
        WITH repeated AS (
            SELECT user_id, request, target, CAST(sum(moves) AS BIGINT) AS sessions
            FROM statistics WHERE via IS NULL AND coalesce(source, request) <> target AND target NOT IN {_ENDS}
            GROUP BY user_id, request, target HAVING sum(moves) >= {min_sessions}
        ),
        {_OWN},
        treated AS (
            SELECT user_id, request, via, sum({_WON}) AS wins, sum(moves) AS turns
            FROM statistics WHERE via IS NOT NULL GROUP BY user_id, request, via
        )
        SELECT repeated.user_id, repeated.request, repeated.target, ranked.acted_on, repeated.sessions,
               CAST(own.wins AS BIGINT) AS wins, CAST(own.turns AS BIGINT) AS turns,
               CAST(own.retries AS BIGINT) AS retries,
               CAST(ranked.wins AS BIGINT) AS goal_wins, CAST(ranked.turns AS BIGINT) AS goal_turns,
               CAST(coalesce(treated.wins, 0) AS BIGINT) AS treated_wins,
               CAST(coalesce(treated.turns, 0) AS BIGINT) AS treated_turns
        FROM repeated
        JOIN own ON repeated.user_id = own.user_id AND repeated.request = own.request
        JOIN ranked ON repeated.user_id = ranked.user_id AND repeated.target = ranked.source AND ranked.place = 1
        LEFT JOIN treated ON repeated.user_id = treated.user_id AND repeated.request = treated.request
                         AND ranked.acted_on = treated.via
    """


def personal(rows: pa.Table, habits: Habits) -> dict[str, list[Any]]:
    """Return rewrites of single users, as columns of a rewrite table; at most one for a user and request."""
    rows = rows.sort_by(
        [("user_id", "ascending"), ("request", "ascending"), ("sessions", "descending"), ("target", "ascending")]
    )
    count = {name: np.asarray(rows[name].to_numpy(), dtype=np.int64) for name in rows.column_names[4:]}
    before = upper(count["wins"], count["turns"], habits.confidence)
    after = np.minimum(
        lower(count["goal_wins"], count["goal_turns"], habits.confidence),
        upper(count["treated_wins"], count["treated_turns"], habits.confidence),
    )
    requests, acted_on = rows["request"].to_pylist(), rows["acted_on"].to_pylist()
    good = (after - before > habits.min_gain) & (before <= habits.max_success)
    good &= count["sessions"] >= habits.min_share * count["retries"]
    good &= np.array([left != right for left, right in zip(requests, acted_on, strict=True)], dtype=bool)
    users, seen, kept = rows["user_id"].to_pylist(), set(), []
    for at in np.flatnonzero(good).tolist():
        if (users[at], requests[at]) not in seen:
            seen.add((users[at], requests[at]))
            kept.append(at)
    return {
        "request": [requests[at] for at in kept],
        "acted_on": [acted_on[at] for at in kept],
        "user_id": [users[at] for at in kept],
        "domain": [None] * len(kept),
        "users": [1] * len(kept),
        "sessions": count["sessions"][kept].tolist(),
        "success_before": before[kept].tolist(),
        "success_after": after[kept].tolist(),
    }
