"""Count how offers were answered, from the turns that made them and the turns that followed.

An offer is accepted or declined by a turn whose reading says so; it came anyway where the next thing that the person
asks for is what was offered; all else ignored it. Where chance withheld an offer, the log shows what people do by
themselves: only against that is an accepted offer a win.

Limit: an answer counts in the session of its offer; who comes back hours later ignored it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from uptake.privacy.release import Release, by_home
from uptake.proactive.offers.artifact import EVERYBODY, Answered, OfferAnswers
from uptake.proactive.offers.events import answer_of
from uptake.proactive.offers.offer import fulfils
from uptake.proactive.offers.standing import ANSWERS, Tally
from uptake.protocols import Statistics

__all__ = ["OfferLearner"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferLearner:
    """Learn `OfferAnswers`.

    Args:
        min_users: Fewest homes (or users, where homes are unknown) that must have got an offer before its answers
            count for everybody.
        max_answers: Most answers of one home to one offer that count for everybody.
    """

    min_users: int = 3
    max_answers: int = 10

    name: ClassVar[str] = "offers"
    keys: ClassVar[tuple[str, ...]] = ("user_id", "home_id", "offer", "offer_said", "following")
    measures: ClassVar[tuple[str, ...]] = ("times",)
    statistics: ClassVar[str] = """
        SELECT user_id, home_id, offer, offer_said, following, CAST(count(*) AS BIGINT) AS times
        FROM (
            SELECT user_id, home_id, offer, offer_said,
                   coalesce(max(CASE WHEN undone THEN 'undone' ELSE state END) OVER (
                       PARTITION BY user_id, session_id
                       ORDER BY said_at ASC NULLS LAST, turn_id ASC NULLS LAST
                       ROWS BETWEEN 1 FOLLOWING AND 1 FOLLOWING
                   ), '') AS following
            FROM turns
        ) AS ordered
        WHERE offer IS NOT NULL
        GROUP BY user_id, home_id, offer, offer_said, following
    """

    def __post_init__(self) -> None:
        Release(min_users=self.min_users, max_moves=self.max_answers)

    def solve(self, statistics: Statistics) -> OfferAnswers:
        """Pool the answers. Equal statistics give equal artifacts, whatever their order."""
        own = _counted(statistics.query(_QUERY.format(relation="statistics")))
        homes = _counted(statistics.query(_QUERY.format(relation=by_home("offer", "offer_said", "following", "times"))))
        return OfferAnswers.of([*_rows(own), *_rows(self._pooled(homes))])

    def _pooled(self, homes: _Counts) -> _Counts:
        """Add what homes said of each offer that enough of them got, each home up to a bound."""
        pooled: _Counts = defaultdict(lambda: defaultdict(int))
        got: dict[str, int] = defaultdict(int)
        for (_, offer_id), counts in homes.items():
            got[offer_id] += 1
            total = sum(counts[name] for name in (*ANSWERS, "withheld"))
            share = min(1.0, self.max_answers / total)
            for name, times in counts.items():
                pooled[EVERYBODY, offer_id][name] += round(times * share)
        return {key: counts for key, counts in pooled.items() if got[key[1]] >= self.min_users}


_Counts = dict[tuple[str, str], dict[str, int]]
_QUERY = """
    SELECT user_id, offer, offer_said, following, CAST(sum(times) AS BIGINT) AS times
    FROM {relation} GROUP BY user_id, offer, offer_said, following
    ORDER BY user_id, offer, offer_said, following
"""


def _counted(table: object) -> _Counts:
    """Count the answers of each person or home to each offer."""
    counts: _Counts = defaultdict(lambda: defaultdict(int))
    for user, offer_id, said, following, times in _values(table):
        found = counts[user, offer_id]
        if said:
            found[answer_of(offer_id, following)] += times
        else:
            found["withheld"] += times
            found["came_anyway"] += times * fulfils(following, offer_id)
    return counts


def _values(table: object) -> Iterator[tuple[str, str, bool, str, int]]:
    columns = (column.to_pylist() for column in table.columns)  # type: ignore[attr-defined]
    return zip(*columns, strict=True)


def _rows(counts: _Counts) -> Iterator[Answered]:
    for (user, offer_id), found in counts.items():
        yield Answered(
            user_id=user,
            offer_id=offer_id,
            tally=Tally(**{name: found.get(name, 0) for name in ANSWERS}),
            withheld=found.get("withheld", 0),
            came_anyway=found.get("came_anyway", 0),
        )
