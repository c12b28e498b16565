"""Requests that work, to be found by their sound.

A chain over requests can only repair what was misheard in the same way before. This learner keeps the
requests that work for enough people, so that a text nobody has ever produced can be taken for the known
request it sounds like. It merges states by sound when a request is decided, not when the chain is solved:
merging inside the chain adds next to nothing, because the texts that need it have never been seen.

Limit: it knows nothing about the new text but its letters; `uptake.decide.guard` must keep polarity, numbers
and critical actions apart, which sound alike by nature.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from uptake.artifacts.sounds import KnownRequest, SoundIndex
from uptake.errors import BadConfig
from uptake.learn.bounds import lower
from uptake.protocols import Statistics

__all__ = ["SoundLearner"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundLearner:
    """Learn a `SoundIndex` of the requests that work.

    Args:
        min_users: Fewest users for whom a request must have worked before others may be led to it.
        min_success: Least lower bound, in [0, 1], of its chance to work.
        confidence: One-sided confidence of that bound, in [0.5, 1).
        max_uses: Most uses of one request that one user contributes.
        own_success: Least share, in [0, 1], of a user's own uses that must have worked for it to be kept for this user.
        own_most: Most requests kept for one user, most used first; 0: none.
    """

    min_users: int = 3
    min_success: float = 0.5
    confidence: float = 0.9
    max_uses: int = 3
    own_success: float = 0.6
    own_most: int = 200

    name: ClassVar[str] = "sound"
    keys: ClassVar[tuple[str, ...]] = ("user_id", "request")
    measures: ClassVar[tuple[str, ...]] = ("uses", "wins")
    statistics: ClassVar[str] = """
        SELECT user_id, request,
               CAST(count(*) AS BIGINT) AS uses,
               CAST(sum(CASE WHEN defect OR retried THEN 0 ELSE 1 END) AS BIGINT) AS wins
        FROM turns
        WHERE NOT control AND acted_on IS NULL AND request <> ''
        GROUP BY user_id, request
    """

    def __post_init__(self) -> None:
        if self.min_users < 1 or self.max_uses < 1:
            raise BadConfig("min_users and max_uses must be at least 1")
        if not (0.0 <= self.min_success <= 1.0 and 0.0 <= self.own_success <= 1.0):
            raise BadConfig("min_success and own_success must be in [0, 1]")
        if self.own_most < 0:
            raise BadConfig("own_most must not be negative")
        if not 0.5 <= self.confidence < 1.0:
            raise BadConfig("confidence must be in [0.5, 1)")

    def solve(self, statistics: Statistics) -> SoundIndex:
        """Keep what works for enough people. Equal statistics give equal indexes, whatever their order."""
        pooled = statistics.query(f"""
            WITH per_user AS (
                SELECT user_id, request, CAST(sum(uses) AS BIGINT) AS uses, CAST(sum(wins) AS BIGINT) AS wins
                FROM statistics GROUP BY user_id, request
            ), bounded AS (
                SELECT request, wins, CASE WHEN uses < {self.max_uses} THEN uses ELSE {self.max_uses} END AS used,
                       CAST(wins AS DOUBLE) / CAST(uses AS DOUBLE) AS rate
                FROM per_user
            )
            SELECT request, CAST(sum(CASE WHEN wins > 0 THEN 1 ELSE 0 END) AS BIGINT) AS users,
                   CAST(sum(used) AS BIGINT) AS uses,
                   CAST(floor(sum(rate * used) + 0.000001) AS BIGINT) AS wins
            FROM bounded GROUP BY request
            HAVING sum(CASE WHEN wins > 0 THEN 1 ELSE 0 END) >= {self.min_users}
        """)
        uses, wins = (pooled.column(name).to_numpy().astype(np.float64) for name in ("uses", "wins"))
        works = lower(wins, uses, self.confidence) >= self.min_success
        rows = pooled.filter(works).select(["request", "users", "wins"]).to_pydict()
        shared = map(KnownRequest, rows["request"], rows["users"], rows["wins"])
        return SoundIndex.from_requests([*shared, *self._own(statistics)])

    def _own(self, statistics: Statistics) -> list[KnownRequest]:
        """What works for single users, for themselves."""
        if not self.own_most:
            return []
        rows = statistics.query(f"""
            WITH per_user AS (
                SELECT user_id, request, CAST(sum(uses) AS BIGINT) AS uses, CAST(sum(wins) AS BIGINT) AS wins
                FROM statistics GROUP BY user_id, request
            ), placed AS (
                SELECT user_id, request, wins, row_number() OVER (
                    PARTITION BY user_id ORDER BY wins DESC NULLS LAST, request ASC NULLS LAST
                ) AS place
                FROM per_user WHERE wins >= 1 AND wins >= {self.own_success} * uses
            )
            SELECT user_id, request, wins FROM placed WHERE place <= {self.own_most}
        """).to_pydict()
        return [
            KnownRequest(request, 1, wins, user)
            for user, request, wins in zip(rows["user_id"], rows["request"], rows["wins"], strict=True)
        ]
