"""Learn an index of requests that work, for everybody and for each user.

Turns are counted by user, request, interpretation, hour and place, with their number of good outcomes. These counts add
and give both parts of a `RequestIndex`: the shared part (requests that worked for at least k users, and wordings that
at least k users corrected to one of them) and a history for each user, with the outcomes of all their requests.

A request that was said again although it had worked teaches no personal names, and an unanswered "did you mean …?" is
no evidence. Neither counts in a history.

`uptake.rewriting.retrieval.fresh` adds the latest turn to its speaker's history by the same counts.

Source: personal and global index as in Cho et al., "Personalized Search-based Query Rewrite System for Conversational
AI" (NLP4ConvAI 2021); where that paper relies on its log, bounded, additive counts are used. Limit: beyond `own_turns`
distinct turns of one user, the oldest no longer count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from uptake.errors import BadConfig
from uptake.ml.bounds import lower
from uptake.ml.encoder.encoders import ENCODERS, encoder_called
from uptake.privacy.cells import Cells
from uptake.privacy.release import by_home
from uptake.protocols import Statistics
from uptake.rewriting.retrieval.artifact import IndexedRequest, RequestIndex
from uptake.rewriting.retrieval.fresh import HOUR
from uptake.rewriting.retrieval.history import Count, UserHistory

if TYPE_CHECKING:
    pass

__all__ = ["RetrieveLearner"]

_WON, _LOST = "won", "lost"
_TOLD = f"""
    SELECT user_id, home_id, request, reading, '{_WON}' AS outcome, wins AS weight FROM statistics
    WHERE acted_on IS NULL AND wins > 0
    UNION ALL
    SELECT user_id, home_id, request, reading, '{_LOST}' AS outcome, uses - wins AS weight FROM statistics
    WHERE acted_on IS NULL AND uses > wins AND (target IS NULL OR target = request)
    UNION ALL
    SELECT user_id, home_id, request, reading, concat('>', target) AS outcome, uses AS weight FROM statistics
    WHERE acted_on IS NULL AND target <> request
"""
_ROWS = f"""
    SELECT user_id, CAST(NULL AS VARCHAR) AS home_id, request, reading, CAST(0 AS BIGINT) AS hour_at,
           CAST(NULL AS VARCHAR) AS hour, CAST(NULL AS VARCHAR) AS room,
           CASE WHEN outcome LIKE '>%' THEN substr(outcome, 2) END AS target, CAST(NULL AS VARCHAR) AS acted_on,
           CAST(1 AS BIGINT) AS uses, CAST(CASE WHEN outcome = '{_WON}' THEN 1 ELSE 0 END AS BIGINT) AS wins,
           CAST(0 AS BIGINT) AS fine
    FROM released
"""
_PER_USER = f"""
            SELECT user_id, request, CAST(sum(uses) AS BIGINT) AS uses, CAST(sum(wins) AS BIGINT) AS wins
            FROM {by_home("request", "acted_on", "uses", "wins")} WHERE acted_on IS NULL GROUP BY user_id, request"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrieveLearner:
    """Learner of a `RequestIndex`.

    Args:
        min_users: Fewest homes (users, if homes are unknown) for which a request must have worked, or that must have
            corrected it alike, before it is proposed to others.
        min_success: Smallest lower bound, in [0, 1], of its success rate.
        confidence: One-sided confidence of that bound, in [0.5, 1).
        max_uses: Most uses of one request that one user contributes to the shared part.
        own_most: Most requests in one user's history, most successes first; 0: no histories.
        own_turns: Most distinct turns of one user that count, latest first.
        encoder: Encoder of the shared requests, "hashed" or "minilm"; "" for none.
    """

    min_users: int = 3
    min_success: float = 0.5
    confidence: float = 0.9
    max_uses: int = 3
    own_most: int = 500
    own_turns: int = 5_000
    encoder: str = ""

    name: ClassVar[str] = "retrieve"
    keys: ClassVar[tuple[str, ...]] = (
        "user_id", "home_id", "request", "reading", "hour_at", "hour", "room", "target", "acted_on",
    )  # fmt: skip
    measures: ClassVar[tuple[str, ...]] = ("uses", "wins", "fine")
    statistics: ClassVar[str] = f"""
        SELECT user_id, home_id, request, CASE WHEN state LIKE '%|%' THEN state END AS reading,
               CAST((said_at - said_at % {HOUR}) / {HOUR} AS BIGINT) AS hour_at, hour, room,
               CASE WHEN retried THEN next_request END AS target, acted_on,
               CAST(count(*) AS BIGINT) AS uses,
               CAST(sum(CASE WHEN defect OR retried THEN 0 ELSE 1 END) AS BIGINT) AS wins,
               CAST(sum(CASE WHEN retried AND worked THEN 1 ELSE 0 END) AS BIGINT) AS fine
        FROM turns
        WHERE NOT control AND request <> '' AND (acted_on IS NULL OR retried OR NOT unanswered)
        GROUP BY user_id, home_id, request, CASE WHEN state LIKE '%|%' THEN state END,
                 CAST((said_at - said_at % {HOUR}) / {HOUR} AS BIGINT), hour, room,
                 CASE WHEN retried THEN next_request END, acted_on
    """

    cells: ClassVar[Cells] = Cells(told=_TOLD, subject=("request", "reading"), outcomes=(_WON, _LOST), rows=_ROWS)

    def __post_init__(self) -> None:
        if self.min_users < 1 or self.max_uses < 1:
            raise BadConfig("min_users and max_uses must be at least 1")
        if not 0.0 <= self.min_success <= 1.0:
            raise BadConfig("min_success must be in [0, 1]")
        if self.own_most < 0 or self.own_turns < 1:
            raise BadConfig("own_most must not be negative and own_turns at least 1")
        if not 0.5 <= self.confidence < 1.0:
            raise BadConfig("confidence must be in [0.5, 1)")
        if self.encoder and self.encoder not in ENCODERS:
            raise BadConfig(f"encoder must be one of {', '.join(ENCODERS)}, or empty")

    def solve(self, statistics: Statistics) -> RequestIndex:
        """Pool the shared part and build the histories. Equal statistics give equal indexes, whatever their order."""
        working = self._working(statistics.shared)
        known = [*working, *self._corrected(statistics.shared, working)]
        index = RequestIndex.of(known, dict(self._histories(statistics)))
        return index.with_vectors(encoder_called(self.encoder)) if self.encoder else index

    def _working(self, statistics: Statistics) -> list[IndexedRequest]:
        """Return requests that work for enough people."""
        pooled = statistics.query(f"""
            WITH per_user AS ({_PER_USER}
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
        kept = pooled.filter(lower(wins, uses, self.confidence) >= self.min_success).to_pydict()
        read = self._readings(statistics)
        return [
            IndexedRequest(request, users, won, used - won, read.get(request))
            for request, users, used, won in zip(*(kept[name] for name in kept), strict=True)
        ]

    def _readings(self, statistics: Statistics) -> dict[str, str]:
        """Return the reading of each request that enough people share."""
        rows = statistics.query(f"""
            SELECT request, reading, CAST(count(*) AS BIGINT) AS users
            FROM (
                SELECT user_id, request, reading FROM {by_home("request", "reading", "acted_on", "wins")}
                WHERE acted_on IS NULL AND wins > 0 AND reading IS NOT NULL GROUP BY user_id, request, reading
            ) AS meant
            GROUP BY request, reading HAVING count(*) >= {self.min_users}
        """).to_pydict()
        meant = sorted(zip(rows["users"], rows["reading"], rows["request"], strict=True), key=lambda row: row[:2])
        return {request: reading for _, reading, request in meant}

    def _corrected(self, statistics: Statistics, working: Sequence[IndexedRequest]) -> list[IndexedRequest]:
        """Return wordings that enough people corrected to one request that works: to the one most of them chose."""
        rows = statistics.query(f"""
            SELECT request, target, CAST(count(*) AS BIGINT) AS users
            FROM (
                SELECT user_id, request, target FROM {by_home("request", "target")}
                WHERE target IS NOT NULL AND target <> request GROUP BY user_id, request, target
            ) AS said
            GROUP BY request, target HAVING count(*) >= {self.min_users}
        """).to_pydict()
        works = {one.text for one in working}
        found: dict[str, IndexedRequest] = {}
        chosen = sorted(zip(rows["users"], rows["target"], rows["request"], strict=True), key=lambda row: row[:2])
        for users, target, request in chosen:
            if target in works and request not in works:
                found[request] = IndexedRequest(request, users, leads_to=target)
        return list(found.values())

    def _histories(self, statistics: Statistics) -> Iterator[tuple[str, UserHistory]]:
        if not self.own_most:
            return
        names = ", ".join(self.keys[2:])
        ordered = ", ".join(f"{name} ASC NULLS LAST" for name in self.keys[2:] if name != "hour_at")
        rows = statistics.query(f"""
            SELECT user_id, {names}, uses, wins, fine FROM (
                SELECT user_id, {names}, CAST(sum(uses) AS BIGINT) AS uses, CAST(sum(wins) AS BIGINT) AS wins,
                       CAST(sum(fine) AS BIGINT) AS fine, row_number() OVER (
                           PARTITION BY user_id ORDER BY hour_at DESC NULLS LAST, {ordered}
                       ) AS place
                FROM statistics GROUP BY user_id, {names}
            ) AS latest
            WHERE place <= {self.own_turns}
            ORDER BY user_id ASC NULLS LAST
        """)
        listed = zip(*(rows.column(name).to_pylist() for name in ("user_id", *Count._fields)), strict=True)
        for user, group in groupby(listed, key=lambda row: row[0]):
            yield user, UserHistory().plus((Count(*row[1:]) for row in group), most=self.own_most)
