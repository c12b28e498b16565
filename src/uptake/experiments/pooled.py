"""Pool the outcomes of a whole log with an engine, for a release, in memory that does not grow with turns.

`OUTCOMES` is a query over the view `turns` whose results add. They are computed part by part and kept like learners'
statistics, so the query runs on every engine. Defects are integers, in millionths, so that sums are exact in any order.

Limit: users with their arms are in memory while an experiment runs, and up to a million turns of the last day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from uptake.engine.local import EngineStatistics, LocalEngine
from uptake.experiments.outcomes import DAY_US, Outcomes

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["MILLION", "OUTCOMES", "First", "Pooled", "Totals", "failed", "pool_outcomes"]

MILLION = 1_000_000
"""Parts of a whole defect: defects, and confidences, are counted in these."""
_COMPLAINTS = ("said again", "undone", "answered no", "failed")
_CUT_SHORT = 0.45  # P(defect | the answer is cut short) of the DSTC2 calls
_SAID_MOST = 1_000_000
_PRIME, _SPREAD = 1_000_003, 618_034  # moments times these are spread evenly: a sample that follows no clock

OUTCOMES = f"""
    SELECT user_id, home_id, said_at, request, rewrite_id, artifact_version, acted_on, asked, answer, propensity, arm,
           domain, CAST(floor(confidence * {MILLION} + 0.5) AS BIGINT) AS confidence,
           CAST(floor(p_defect * {MILLION} + 0.5) AS BIGINT) AS defect,
           CASE WHEN retried OR undone OR failed OR (answer IS NOT NULL AND NOT answer) THEN {MILLION}
                WHEN barged_in AND p_defect < {_CUT_SHORT} THEN {round(_CUT_SHORT * MILLION)}
                ELSE CAST(floor(p_defect * {MILLION} + 0.5) AS BIGINT) END AS failing
    FROM turns
"""
"""One row a turn: who, when, which rewrite in which arm, whether it failed them (`failing`: a complaint counts as a
failure, an answer cut short as half of one; see `failed`)."""


class First(NamedTuple):
    """First turn in which a rewrite fired."""

    rewrite_id: str
    request: str
    """Normalised."""
    at_us: int
    """Microseconds since 1970."""
    version: str | None
    """Version of the artifact that it came from."""
    only_user: str | None
    """The one person for whom it ever fired; None where there are several."""


class Totals(NamedTuple):
    """Totals of an experiment's turns, by user."""

    turns: int
    """Turns with an arm while it ran."""
    during: dict[tuple[str, str], tuple[tuple[float, int], tuple[float, int]]]
    """(user, arm) -> (defects, turns whose defect is known): of all turns, and of those in which a rewrite fired."""
    before: dict[str, tuple[float, float]]
    """User -> the same of all turns before it began."""

    def arms_of_users(self) -> dict[str, set[str]]:
        """Return the arms that each user appears in."""
        found: dict[str, set[str]] = defaultdict(set)
        for user, arm in self.during:
            found[user].add(arm)
        return dict(found)


class Pooled:
    """Queries over the outcomes of a log. Each is run when it is asked for.

    Args:
        statistics: Results of `OUTCOMES`, in memory or in files.
    """

    def __init__(self, statistics: EngineStatistics) -> None:
        self._statistics = statistics

    def query(self, sql: str, **relations: Any) -> pa.Table:
        """Run SQL over the rows, which are called `statistics`; the result must be small."""
        return self._statistics.query(sql, **relations)

    @cached_property
    def _sizes(self) -> tuple[int, int, int]:
        found = self.query("""
            SELECT CAST(count(*) AS BIGINT) AS turns, coalesce(max(said_at), 0) AS last_us,
                   CAST(count(DISTINCT user_id) AS BIGINT) AS people FROM statistics
        """).to_pylist()[0]
        return found["turns"], found["last_us"], found["people"]

    def __len__(self) -> int:
        return self._sizes[0]

    @property
    def last_us(self) -> int:
        """Time of the latest turn, in microseconds since 1970; 0 without turns."""
        return self._sizes[1]

    @property
    def people(self) -> int:
        """Number of users."""
        return self._sizes[2]

    @cached_property
    def firsts(self) -> tuple[First, ...]:
        """Return the first turn in which each rewrite fired, by name of the rewrite."""
        found = self.query("""
            SELECT rewrite_id, request, said_at, artifact_version, CASE WHEN least = most THEN least END AS only_user
            FROM (
                SELECT rewrite_id, request, said_at, artifact_version,
                       min(user_id) OVER (PARTITION BY rewrite_id) AS least,
                       max(user_id) OVER (PARTITION BY rewrite_id) AS most,
                       row_number() OVER (
                           PARTITION BY rewrite_id
                           ORDER BY said_at ASC, request ASC, artifact_version ASC NULLS LAST, user_id ASC
                       ) AS place
                FROM statistics WHERE rewrite_id IS NOT NULL
            ) AS fired
            WHERE place = 1 ORDER BY rewrite_id
        """)
        return tuple(First(*row) for row in zip(*(column.to_pylist() for column in found.columns), strict=True))

    def fired(self) -> Iterator[dict[str, Any]]:
        """Yield the turns in which a rewrite fired and whose defect is known, in time order, in batches."""
        rows = self._statistics.run("""
            SELECT rewrite_id, user_id, request, acted_on, asked, answer, propensity, failing, said_at
            FROM statistics WHERE rewrite_id IS NOT NULL AND failing IS NOT NULL
            ORDER BY said_at ASC, user_id ASC, request ASC, rewrite_id ASC, acted_on ASC NULLS LAST, failing ASC
        """)
        for batch in rows:
            yield from batch.to_pylist()

    def said_last(self) -> list[tuple[str, str, str | None]]:
        """Return (request, user, domain of the interpretation) of the log's last day; of over a million, a sample."""
        begins = self.last_us // DAY_US * DAY_US
        day = f"FROM statistics WHERE said_at >= {begins}"
        times = self.query(f"SELECT CAST(count(*) AS BIGINT) AS n {day}")["n"][0].as_py()
        if times > _SAID_MOST:
            day += f" AND said_at % {_PRIME} * {_SPREAD} % {_PRIME} < {_PRIME * _SAID_MOST // times}"
        rows = self.query(f"""
            SELECT request, user_id, CASE WHEN acted_on IS NULL THEN domain END AS domain {day}
            ORDER BY said_at ASC, user_id ASC, request ASC, domain ASC NULLS LAST
        """)
        return list(zip(*(column.to_pylist() for column in rows.columns), strict=True))

    def totals(self, since_us: int) -> Totals:
        """Sum the turns of an experiment since its start, and those before, by user."""
        rows = self.query(f"""
            SELECT user_id, side, CAST(count(*) AS BIGINT) AS turns,
                   CAST(coalesce(sum(defect), 0) AS BIGINT) AS defects, CAST(count(defect) AS BIGINT) AS known,
                   CAST(coalesce(sum(CASE WHEN rewrite_id IS NOT NULL THEN defect END), 0) AS BIGINT) AS fired_defects,
                   CAST(count(CASE WHEN rewrite_id IS NOT NULL THEN defect END) AS BIGINT) AS fired_known
            FROM (SELECT *, CASE WHEN said_at >= {since_us} THEN arm END AS side FROM statistics) AS sided
            WHERE said_at < {since_us} OR side IS NOT NULL
            GROUP BY user_id, side ORDER BY user_id, side
        """)
        turns, during, before = 0, {}, {}
        for user, arm, times, *sums in zip(*(column.to_pylist() for column in rows.columns), strict=True):
            whole, fired = (sums[0] / MILLION, sums[1]), (sums[2] / MILLION, sums[3])
            if arm is not None:
                turns += times
                during[user, arm] = whole, fired
            elif whole[1]:
                before[user] = whole[0], float(whole[1])
        return Totals(turns, during, before)


def pool_outcomes(outcomes: Outcomes) -> Pooled:
    """Return the same queries over turns in memory, with their defects."""
    return Pooled(EngineStatistics(_engine(), _rows(outcomes)))


def failed(outcomes: Outcomes) -> NDArray[np.float64]:
    """(n,) float64 in [0, 1]: degree to which each turn failed; NaN if unknown.

    If a person complained (said it again, undid it, answered no, or was told that it failed), the turn counts as
    failed; if the answer was interrupted, as half failed. Reason: after a wrong rewrite the assistant is sure of the
    wrong interpretation, which lowers P(defect). The measure is the same with a rewrite and without.
    """
    complained = np.zeros(len(outcomes), dtype=bool)
    for name in _COMPLAINTS:
        complained |= outcomes.friction.get(name, complained)
    cut_short = _CUT_SHORT * outcomes.friction.get("barge-in", np.zeros(len(outcomes), dtype=bool))
    worst = np.maximum(outcomes.defect, cut_short)
    return np.where(complained & outcomes.known, 1.0, worst)


@lru_cache(maxsize=1)
def _engine() -> LocalEngine:
    return LocalEngine(threads=1)


def _rows(outcomes: Outcomes) -> pa.Table:
    """Convert turns in memory to rows of `OUTCOMES`."""
    import pyarrow as pa

    known = {
        name: column.decoded()
        for name, column in {
            "user_id": outcomes.user,
            "home_id": outcomes.home,
            "request": outcomes.request,
            "rewrite_id": outcomes.rewrite,
            "artifact_version": outcomes.version,
            "acted_on": outcomes.target,
            "arm": outcomes.arm,
            "domain": outcomes.domain,
        }.items()
    }
    said_no = outcomes.friction.get("answered no", np.zeros(len(outcomes), dtype=bool))
    return pa.table(
        known
        | {
            "said_at": outcomes.said_at,
            "asked": outcomes.asked,
            "answer": pa.array(outcomes.confirmed, mask=~(outcomes.confirmed | said_no)),
            "propensity": outcomes.propensity,
            "confidence": _millionths(outcomes.confidence),
            "defect": _millionths(outcomes.defect),
            "failing": _millionths(failed(outcomes)),
        }
    )


def _millionths(values: Any) -> pa.Array:
    import pyarrow as pa

    unknown = np.isnan(values)
    return pa.array(np.floor(np.where(unknown, 0.0, values) * MILLION + 0.5).astype(np.int32), mask=unknown)
