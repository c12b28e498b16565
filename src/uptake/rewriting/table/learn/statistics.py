"""Pool the Markov learner's statistics into three tables, under the rules of `uptake.privacy.release`.

The statistics have the keys (user_id, home_id, request, source, via, target) and the measure `moves`. `source` is the
interpretation of the request, or NULL if the request itself is the state; `via` the text a rewrite acted on, or NULL;
`target` the state of the next attempt, else SUCCESS or FAILURE. Every query below is in the subset that DuckDB and
Spark SQL run alike.

Users are counted by homes (`uptake.privacy.release.by_home`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from uptake.privacy.cells import Cells
from uptake.privacy.release import Release, by_home
from uptake.protocols import Statistics
from uptake.rewriting.table.artifact import FAILURE, SUCCESS

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["CELLS", "STATISTICS", "Pooled", "pool", "queries"]

STATISTICS = f"""
    SELECT user_id, home_id, request, source, via, target, CAST(count(*) AS BIGINT) AS moves
    FROM (
        SELECT user_id, home_id, request, CASE WHEN state <> request THEN state END AS source, acted_on AS via,
               CASE WHEN retried THEN next_state WHEN defect THEN '{FAILURE}' ELSE '{SUCCESS}' END AS target
        FROM turns
        WHERE NOT control AND request <> ''
    ) AS outcomes
    GROUP BY user_id, home_id, request, source, via, target
"""
"""One row for each thing a user said and what came of it. Marked turns need no sorting."""

CELLS = Cells(
    told="SELECT user_id, home_id, request, source, via, target AS outcome, moves AS weight FROM statistics",
    subject=("request", "source", "via"),
    outcomes=(SUCCESS, FAILURE),
    rows="""
        SELECT user_id, CAST(NULL AS VARCHAR) AS home_id, request, source, via, outcome AS target,
               CAST(1 AS BIGINT) AS moves
        FROM released
    """,
)
"""What came of a request, for a differentially private release: one outcome a user and request."""

_ENDS = f"('{SUCCESS}', '{FAILURE}')"
_BY_HOME = by_home("request", "source", "via", "target", "moves")
_TREATED = f"SELECT user_id, request, via, target, moves FROM {_BY_HOME} WHERE via IS NOT NULL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    """Counts over all users, by homes. A name that too few users share is NULL; its counts are kept."""

    moves: pa.Table
    """source, target, users, moves: untreated turns that were tried again, by the state tried next.

    `source` is a request, with its own moves; or an interpretation, with the moves of all its requests."""
    requests: pa.Table
    """source, request, users, wins, winners, losses, losers, retries, retriers, works: untreated turns, by state.

    `works` are those of the users for whom the request ended well more often than not."""
    treated: pa.Table
    """request, via, users, target, target_users, moves: turns that a rewrite acted on, by what came next."""


def pool(statistics: Statistics, release: Release) -> Pooled:
    """Pool the statistics. Rows come in no particular order."""
    import pyarrow as pa

    sql = queries(release)
    treated, moves = statistics.query(sql["treated"]), statistics.query(sql["moves"])
    columns = (moves["source"], moves["target"], treated["request"], treated["via"], treated["target"])
    states = pa.chunked_array([chunk for column in columns for chunk in column.chunks], pa.string()).unique()
    requests = statistics.query(sql["requests"], known=pa.table({"source": states.drop_null()}))
    return Pooled(moves=moves, requests=requests, treated=treated)


def queries(release: Release) -> dict[str, str]:
    """Write the SQL behind each table of `Pooled`; that of `requests` reads the names of all states from `known`."""
    return {"moves": _moves(release), "requests": _requests(release), "treated": _treated(release)}


def _pairs(release: Release) -> str:
    """Write the SQL that pairs requests with the rewrites that acted on them, for enough users, out of `treated`."""
    return f"""
        SELECT request, via, CAST(count(*) AS BIGINT) AS users
        FROM (SELECT DISTINCT user_id, request, via FROM treated) AS once
        GROUP BY request, via HAVING count(*) >= {release.min_users}
    """


def _moves(release: Release) -> str:
    target = release.named("target")
    rows = """(
        SELECT user_id, request AS source, target, moves FROM tried
        UNION ALL
        SELECT user_id, source, target, moves FROM tried WHERE source IS NOT NULL
    ) AS moved"""
    return f"""
        WITH tried AS (
            SELECT user_id, request, source, target, moves FROM {_BY_HOME} WHERE via IS NULL AND target NOT IN {_ENDS}
        ),
        treated AS ({_TREATED}),
        pooled AS ({release.pool(rows)}),
        kept AS (SELECT source, target FROM pooled WHERE users >= {release.min_users} AND source <> target),
        pairs AS ({_pairs(release)}),
        known AS (
            SELECT source FROM kept UNION SELECT target AS source FROM kept
            UNION SELECT request AS source FROM pairs UNION SELECT via AS source FROM pairs
            UNION SELECT target AS source FROM (
                SELECT DISTINCT user_id, target FROM treated WHERE target NOT IN {_ENDS}
            ) AS repaired
            GROUP BY target HAVING count(*) >= {release.min_users}
        )
        SELECT source, {target} AS target, CAST(max(users) AS BIGINT) AS users, CAST(sum(moves) AS BIGINT) AS moves
        FROM pooled WHERE source IN (SELECT source FROM known)
        GROUP BY source, {target}
    """


def _requests(release: Release) -> str:
    request, bounded = release.named("request"), release.bounded
    return f"""
        WITH spoken AS (
            SELECT request, row_number() OVER (ORDER BY request ASC NULLS LAST) AS number
            FROM (
                SELECT source AS request FROM known
                UNION
                SELECT request FROM statistics
                WHERE via IS NULL AND source IS NOT NULL AND source IN (SELECT source FROM known)
            ) AS texts
        ),
        per_user AS (
            SELECT counted.user_id, counted.source, spoken.number,
                   CAST(sum(CASE WHEN target = '{SUCCESS}' THEN moves ELSE 0 END) AS BIGINT) AS wins,
                   CAST(sum(CASE WHEN target = '{FAILURE}' THEN moves ELSE 0 END) AS BIGINT) AS losses,
                   CAST(sum(CASE WHEN target IN {_ENDS} THEN 0 ELSE moves END) AS BIGINT) AS retries
            FROM {_BY_HOME} JOIN spoken ON counted.request = spoken.request
            WHERE via IS NULL
            GROUP BY counted.user_id, counted.source, spoken.number
        ),
        per_request AS (
            SELECT source, number, count(*) AS users,
                   sum({bounded("wins")}) AS wins, sum(CASE WHEN wins > 0 THEN 1 ELSE 0 END) AS winners,
                   sum({bounded("losses")}) AS losses, sum(CASE WHEN losses > 0 THEN 1 ELSE 0 END) AS losers,
                   sum({bounded("retries")}) AS retries, sum(CASE WHEN retries > 0 THEN 1 ELSE 0 END) AS retriers,
                   sum(CASE WHEN wins > losses + retries THEN 1 ELSE 0 END) AS works
            FROM per_user GROUP BY source, number
        ),
        worded AS (
            SELECT coalesce(source, request) AS source, {request} AS request,
                   users, wins, winners, losses, losers, retries, retriers, works
            FROM per_request JOIN spoken ON per_request.number = spoken.number
        )
        SELECT source, request, CAST(sum(users) AS BIGINT) AS users,
               CAST(sum(wins) AS BIGINT) AS wins, CAST(sum(winners) AS BIGINT) AS winners,
               CAST(sum(losses) AS BIGINT) AS losses, CAST(sum(losers) AS BIGINT) AS losers,
               CAST(sum(retries) AS BIGINT) AS retries, CAST(sum(retriers) AS BIGINT) AS retriers,
               CAST(sum(works) AS BIGINT) AS works
        FROM worded GROUP BY source, request
    """


def _treated(release: Release) -> str:
    target = f"CASE WHEN users >= {release.min_users} OR target IN {_ENDS} THEN target END"
    return f"""
        WITH treated AS ({_TREATED}),
        pairs AS ({_pairs(release)}),
        per_user AS (
            SELECT user_id, request, via, target, CAST(sum(moves) AS BIGINT) AS moves
            FROM treated GROUP BY user_id, request, via, target
        ),
        outcomes AS (
            SELECT request, via, target, CAST(count(*) AS BIGINT) AS users, sum({release.bounded("moves")}) AS moves
            FROM per_user GROUP BY request, via, target
        ),
        named AS (
            SELECT request, via, {target} AS target, CAST(max(users) AS BIGINT) AS target_users,
                   CAST(sum(moves) AS BIGINT) AS moves
            FROM outcomes GROUP BY request, via, {target}
        )
        SELECT named.request, named.via, pairs.users, named.target, named.target_users, named.moves
        FROM named JOIN pairs ON named.request = pairs.request AND named.via = pairs.via
    """
