"""Priors of single people: how often they repeat what they said before, and how rewrites end for them.

Counts of (person, request) that add; a person is forgotten by dropping their rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from uptake.rewriting.ranking.artifact import Person

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["KEYS", "MEASURES", "STATISTICS", "people"]

KEYS = ("user_id", "request")
MEASURES = ("uses", "wins", "losses")
STATISTICS = """
    SELECT user_id, request, CAST(count(*) AS BIGINT) AS uses,
           CAST(sum(CASE WHEN acted_on IS NOT NULL AND NOT defect THEN 1 ELSE 0 END) AS BIGINT) AS wins,
           CAST(sum(CASE WHEN acted_on IS NOT NULL AND defect THEN 1 ELSE 0 END) AS BIGINT) AS losses
    FROM turns
    WHERE NOT control
    GROUP BY user_id, request
"""
"""One query over the view `turns`, for DuckDB and Spark SQL alike."""


def people(statistics: pa.Table) -> tuple[Person, dict[str, Person]]:
    """Return everybody together and each person, for `Ranker(everybody=…, people=…)`."""
    found: dict[str, list[float]] = {}
    columns = (statistics[name].to_pylist() for name in ("user_id", *MEASURES))
    for user, uses, wins, losses in zip(*columns, strict=True):
        own = found.setdefault(user, [0.0, 0.0, 0.0, 0.0])
        for at, count in enumerate((uses, uses - 1, wins, losses)):
            own[at] += float(count)
    each = {user: _person(counts) for user, counts in sorted(found.items())}
    return _person([sum(counts) for counts in zip(*found.values(), strict=True)] or [0.0] * 4), each


def _person(counts: list[float]) -> Person:
    requests, repeats, wins, losses = counts
    return Person(requests=requests, repeats=repeats, wins=wins, losses=losses)
