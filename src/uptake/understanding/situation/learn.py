"""Count the readings of requests by facet of the context: where, when and after what.

P(reading | request, context) is not counted as a whole, which no log could fill. Each facet is counted
alone, and `uptake.understanding.situation.step` adds what the facets say to what the situation itself says, with
weights learnt from choices. Only turns that ended well count, under what was finally acted on.

Source: the idea of adding contextual evidence to an interpretation is that of Sarikaya, "The Technology Behind
Personal Digital Assistants" (IEEE Signal Processing Magazine 2017); back-off by Dirichlet smoothing as in Zhai and
Lafferty, "A Study of Smoothing Methods for Language Models" (SIGIR 2001).
Limit: facets are taken one by one, so what only two of them together tell (this hour in that room) is not learnt.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from uptake.privacy.cells import Cells
from uptake.privacy.release import Release
from uptake.protocols import Statistics
from uptake.understanding.situation.artifact import EVERYBODY, ContextCounts, Count, scope_of_home, scope_of_user

__all__ = ["ContextLearner"]

_COLUMNS = {
    "always": "''",
    "device": "device_type",
    "state": "device_state",
    "room": "room",
    "hour": "hour",
    "place": "place",
    "activity": "activity",
    "after": "previous_state",
    "request": "request",
}
_MEANT = "meant"
_READ = "coalesce(acted_state, state)"


def _facet(name: str, column: str) -> str:
    """Write the SQL that counts how often each user meant each reading with each value of one facet."""
    return f"""
        SELECT user_id, home_id, '{name}' AS facet, {column} AS value, {_READ} AS reading,
               CAST(count(*) AS BIGINT) AS uses
        FROM turns
        WHERE NOT control AND NOT defect AND NOT retried AND {column} IS NOT NULL AND {_READ} LIKE '%|%'
        GROUP BY user_id, home_id, {column}, {_READ}
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextLearner:
    """Learn `ContextCounts` from turns that ended well.

    Args:
        min_users: Fewest users who must share a reading in a context before it counts for everybody.
        min_household: Fewest members of a household who must share it before it counts for the whole household.
        min_uses: Fewest times one person must have meant it before it is kept as theirs.
        max_uses: Most that one user adds to one count of a shared layer.
        max_readings: Most readings of one context that one user counts in.
    """

    min_users: int = 3
    min_household: int = 2
    min_uses: int = 2
    max_uses: int = 20
    max_readings: int = 20

    name: ClassVar[str] = "context"
    keys: ClassVar[tuple[str, ...]] = ("user_id", "home_id", "facet", "value", "reading")
    measures: ClassVar[tuple[str, ...]] = ("uses",)
    statistics: ClassVar[str] = " UNION ALL ".join(_facet(name, column) for name, column in _COLUMNS.items())

    cells: ClassVar[Cells] = Cells(
        told=f"""
            SELECT user_id, home_id, facet, value, reading, '{_MEANT}' AS outcome, uses AS weight FROM statistics
        """,
        subject=("facet", "value", "reading"),
        outcomes=(_MEANT,),
        rows="""
            SELECT user_id, CAST(NULL AS VARCHAR) AS home_id, facet, value, reading, CAST(1 AS BIGINT) AS uses
            FROM released
        """,
    )

    def __post_init__(self) -> None:
        for name in ("min_household", "min_uses"):
            Release(min_users=getattr(self, name))
        Release(min_users=self.min_users, max_moves=self.max_uses, max_targets=self.max_readings)

    def solve(self, statistics: Statistics) -> ContextCounts:
        """Pool the layers. Equal statistics give equal artifacts, whatever their order."""
        return ContextCounts.from_counts(
            [*self._own(statistics), *self._household(statistics), *self._everybody(statistics.shared)]
        )

    def _own(self, statistics: Statistics) -> Iterator[Count]:
        rows = statistics.query(f"""
            SELECT user_id, facet, value, reading, CAST(sum(uses) AS BIGINT) AS uses
            FROM statistics GROUP BY user_id, facet, value, reading HAVING sum(uses) >= {self.min_uses}
        """)
        for user, *rest in zip(*(column.to_pylist() for column in rows.columns), strict=True):
            yield from _counts(scope_of_user(user), *rest)

    def _household(self, statistics: Statistics) -> Iterator[Count]:
        rows = statistics.query(f"""
            SELECT home_id, facet, value, reading, CAST(sum(uses) AS BIGINT) AS uses
            FROM (
                SELECT home_id, user_id, facet, value, reading,
                       CASE WHEN sum(uses) > {self.max_uses} THEN {self.max_uses} ELSE sum(uses) END AS uses
                FROM statistics WHERE home_id IS NOT NULL GROUP BY home_id, user_id, facet, value, reading
            ) AS bounded
            GROUP BY home_id, facet, value, reading HAVING count(*) >= {self.min_household}
        """)
        for home, *rest in zip(*(column.to_pylist() for column in rows.columns), strict=True):
            yield from _counts(scope_of_home(home), *rest)

    def _everybody(self, statistics: Statistics) -> Iterator[Count]:
        release = Release(min_users=self.min_users, max_moves=self.max_uses, max_targets=self.max_readings)
        for facet in _COLUMNS:
            own = f"(SELECT user_id, value, reading, uses FROM statistics WHERE facet = '{facet}')"
            pooled = release.pool(f"{own} AS own", source="value", target="reading", measure="uses")
            rows = statistics.query(
                f"SELECT value, reading, uses FROM ({pooled}) AS pooled WHERE users >= {self.min_users}"
            )
            for value, reading, uses in zip(*(column.to_pylist() for column in rows.columns), strict=True):
                yield from _counts(EVERYBODY, facet, value, reading, uses)


def _counts(scope: str, facet: str, value: str, reading: str, uses: int) -> Iterator[Count]:
    """Yield the count of a reading, without its domain, and its share of the count of its intent."""
    bare = "|" + reading.partition("|")[2]
    if facet == "after":
        value = "|" + value.partition("|")[2]
    yield Count(scope, facet, value, bare, uses)
    yield Count(scope, facet, value, bare.split("|")[1], uses)
