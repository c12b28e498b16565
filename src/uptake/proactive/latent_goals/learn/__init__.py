"""Find pairs of goals that follow each other in a session more often than chance explains.

Every goal of a session has a next one, or none. Within one home and part of the day the next goals are shuffled in
thought: how often would b follow a then? Sums over homes and parts of the day of what was seen and of what chance
expects are compared (`chance`), false discoveries controlled over all pairs that were tried. So a home that asks for
much, or for the same at the same hour, makes no pair by that.

    lift  = (seen + 1) / (expected + 1)        shrunk towards 1 for low counts
    NPMI  = ln(lift) / -ln P(a, b) * seen / (seen + 3)

Layers: what a home does by itself, and what at least `min_users` homes share, each home's contribution bounded. Levels:
goals with their values first, then goals of any values, less what the former explain.

Source: Kumar and Rath, "Alexa gets better at predicting customers' goals" (2020), for pointwise mutual information
against all traffic in the same context; Mantel and Haenszel (1959) for the strata; Benjamini and Hochberg (1995).
Differs: the deep sub-modules for rephrases and shared values are counts here.
Limit: the next goal is looked for in the same session only; part of the day is all the context that is held fixed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import log
from typing import Any, ClassVar

from uptake.errors import BadConfig
from uptake.privacy.release import Release, by_home
from uptake.proactive.latent_goals.artifact import SHARED, Filled, GoalPair, GoalPairs, Who, scope_of
from uptake.proactive.latent_goals.features import general, is_rephrase
from uptake.proactive.latent_goals.learn.chance import END, Sums, discoveries, home_sums, sums
from uptake.proactive.latent_goals.learn.counts import Counts, FollowUpCount, Homes
from uptake.proactive.latent_goals.learn.filling import Filling
from uptake.proactive.latent_goals.learn.habits import with_habits
from uptake.protocols import Statistics

__all__ = ["LatentGoalLearner"]

_DISCOUNT = 3.0
_ALSO_ELSEWHERE = 0.05  # most chance of what is seen in all but the strongest homes


@dataclass(frozen=True, slots=True, kw_only=True)
class LatentGoalLearner:
    """Learn `GoalPairs` from goals that were reached.

    Args:
        min_users: Fewest homes (or users, where homes are unknown) that must share a pair.
        max_times: Most that one home adds to a pair that is shared.
        min_times: Fewest times that a home must have done a pair before it counts as its own habit.
        least_lift: Least lift, shrunk, of a pair; 1 is chance.
        least_share: Least P(second goal next | first goal), in [0, 1].
        false_discoveries: Largest expected share, in (0, 1), of pairs that are none, among a home's own.
        false_shared: The same among those that homes share, which everybody is offered.
    """

    min_users: int = 3
    max_times: int = 10
    min_times: int = 4
    least_lift: float = 1.8
    least_share: float = 0.08
    false_discoveries: float = 0.01
    false_shared: float = 0.005

    name: ClassVar[str] = "latent_goals"
    keys: ClassVar[tuple[str, ...]] = ("user_id", "home_id", "part", "source", "target")
    measures: ClassVar[tuple[str, ...]] = ("times",)
    statistics: ClassVar[str] = f"""
        SELECT user_id, home_id, part, source, target, CAST(count(*) AS BIGINT) AS times
        FROM (
            SELECT user_id, home_id, offer_said, source,
                   CASE WHEN hour IS NULL THEN '' WHEN hour < '06' THEN 'night' WHEN hour < '12' THEN 'morning'
                        WHEN hour < '18' THEN 'afternoon' ELSE 'evening' END AS part,
                   coalesce(max(source) OVER (
                       PARTITION BY user_id, session_id
                       ORDER BY said_at ASC NULLS LAST, turn_id ASC NULLS LAST
                       ROWS BETWEEN 1 FOLLOWING AND 1 FOLLOWING
                   ), '{END}') AS target
            FROM (
                SELECT user_id, home_id, session_id, said_at, turn_id, hour, offer_said,
                       coalesce(acted_state, state) AS source
                FROM turns
                WHERE NOT control AND NOT defect AND NOT retried AND NOT undone
                  AND coalesce(acted_state, state) LIKE '%|%'
                  AND NOT coalesce(acted_state, state) LIKE 'proactive|%'
                  AND NOT coalesce(acted_state, state) LIKE 'teaching|%'
                  AND NOT coalesce(acted_state, state) LIKE 'preferences|%'
            ) AS goals
        ) AS ordered
        WHERE offer_said IS NULL OR NOT offer_said
        GROUP BY user_id, home_id, part, source, target
    """

    def __post_init__(self) -> None:
        Release(min_users=self.min_users, max_moves=self.max_times)
        if self.min_times < 1 or self.least_lift < 1.0:
            raise BadConfig("min_times and least_lift must be at least 1")
        rates = (self.false_discoveries, self.false_shared)
        if not (0.0 <= self.least_share <= 1.0 and all(0.0 < rate < 1.0 for rate in rates)):
            raise BadConfig("least_share must be in [0, 1], false_discoveries and false_shared in (0, 1)")

    def solve(self, statistics: Statistics) -> GoalPairs:
        """Find the pairs. Equal statistics give equal artifacts, whatever their order."""
        homes = _read(statistics).homes
        found = [*self._shared(_Level(homes)), *self._own(_Level(homes))]
        explained: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for pair in found:
            explained[pair.scope].add((pair.source, pair.target))
        found += [*self._shared(_Level(homes, explained, SHARED)), *self._own(_Level(homes, explained))]
        people = _people(statistics, found)
        return GoalPairs.of(with_habits(found, people), people)

    def _shared(self, level: _Level) -> list[GoalPair]:
        """Find the pairs that homes share."""
        summed = sums(level.seen, least_homes=self.min_users, bound=self.max_times)
        kept = discoveries([one.p_value for one in summed.values()], self.false_shared)
        chosen = {
            pair: one
            for (pair, one), is_kept in zip(summed.items(), kept, strict=True)
            if is_kept
            and one.homes >= self.min_users
            and one.p_without_strongest <= _ALSO_ELSEWHERE
            and self._is_strong(pair, one)
        }
        filled = {pair: Filling() for pair in chosen}
        total = 0
        for seen, exact in level.both():
            total += sum(one.times for one in seen)
            for one, written in zip(seen, exact, strict=True):
                if (filling := filled.get((one.source, one.target))) is not None:
                    filling.add(written)
        return [_pair(SHARED, pair, one, total, filled[pair].found(self.min_users)) for pair, one in chosen.items()]

    def _own(self, level: _Level) -> list[GoalPair]:
        """Find the pairs that are the habit of one home."""
        p_values: list[float] = []
        likely: list[tuple[int, str, tuple[str, str], Sums, tuple[Filled, ...]]] = []
        total = 0
        for seen, exact in level.both():
            total += sum(one.times for one in seen)
            for pair, one in home_sums(seen, least_times=self.min_times).items():
                if one.seen >= self.min_times and self._is_strong(pair, one):
                    filling = Filling()
                    for other, written in zip(seen, exact, strict=True):
                        if (other.source, other.target) == pair:
                            filling.add(written)
                    likely.append((len(p_values), seen[0].home, pair, one, filling.found(1)))
                p_values.append(one.p_value)
        kept = discoveries(p_values, self.false_discoveries)
        return [_pair(home, pair, one, total, filled) for at, home, pair, one, filled in likely if kept[at]]

    def _is_strong(self, pair: tuple[str, str], one: Sums) -> bool:
        return one.lift >= self.least_lift and one.share >= self.least_share and not is_rephrase(*pair)


class _Level:
    """Counts of goals with their values; or of goals without them, less what is explained already.

    Args:
        homes: All counts.
        explained: Scope -> pairs of goals; None for goals with their values.
        scope: Scope whose pairs count as explained; None for each home's own.
    """

    def __init__(
        self, homes: Homes, explained: Mapping[str, set[tuple[str, str]]] | None = None, scope: str | None = None
    ) -> None:
        self._homes, self._explained, self._scope = homes, explained, scope
        self._bare: dict[str, str] = {}

    def both(self) -> Iterator[tuple[list[FollowUpCount], list[FollowUpCount]]]:
        """Yield the counts of each home as they are seen on this level, and with their values, row by row."""
        for rows in self._homes():
            if self._explained is None:
                yield rows, rows
                continue
            gone = self._explained.get(self._scope if self._scope is not None else rows[0].home, ())
            rest = [one for one in rows if (one.source, one.target) not in gone]
            if rest:
                yield [one._replace(source=self._of(one.source), target=self._of(one.target)) for one in rest], rest

    def seen(self) -> Iterator[list[FollowUpCount]]:
        """Yield the counts of each home as they are seen on this level."""
        return (seen for seen, _ in self.both())

    def _of(self, goal: str) -> str:
        """Return a goal without its values."""
        if goal not in self._bare:
            self._bare[goal] = general(goal)
        return self._bare[goal]


def _read(statistics: Statistics) -> Counts:
    """Read the counts by home, in order."""
    return Counts(
        statistics.run(f"""
            SELECT user_id, part, source, target, CAST(sum(times) AS BIGINT) AS times
            FROM {by_home("part", "source", "target", "times")}
            GROUP BY user_id, part, source, target ORDER BY user_id, part, source, target
        """)
    )


def _pair(scope: str, pair: tuple[str, str], found: Sums, total: int, filled: tuple[Filled, ...]) -> GoalPair:
    """Describe a pair.

    Args:
        scope: Whose it is.
        pair: The two goals.
        found: What was seen of it.
        total: Goals that were seen on its level, in all homes.
        filled: How the slots of the second goal get their values.
    """
    both = found.seen / max(total, 2)
    npmi = log(found.lift) / -log(min(both, 0.5)) * found.seen / (found.seen + _DISCOUNT)
    return GoalPair(
        scope=scope,
        source=pair[0],
        target=pair[1],
        times=int(found.seen),
        homes=found.homes,
        share=round(found.share, 6),
        lift=round(found.lift, 6),
        npmi=round(npmi, 6),
        p_value=float(f"{found.p_value:.6g}"),
        filled=filled,
        parts=tuple(
            (part, round(times / found.of_parts[part], 6)) for part, times in sorted(found.parts.items()) if times
        ),
    )


def _people(statistics: Statistics, pairs: list[GoalPair]) -> Mapping[Who, tuple[int, int]]:
    """Count how often each person did the first goal of a pair that is theirs to know, and went on to the second."""
    wanted: dict[tuple[str, str], set[str]] = defaultdict(set)
    for pair in pairs:
        wanted[pair.scope, pair.source].add(pair.target)
    rows = statistics.run("""
        SELECT said.user_id, homes.home_id, source, target, CAST(sum(times) AS BIGINT) AS times
        FROM statistics AS said
        JOIN (SELECT user_id, max(home_id) AS home_id FROM statistics GROUP BY user_id) AS homes
          ON said.user_id = homes.user_id
        GROUP BY said.user_id, homes.home_id, source, target ORDER BY said.user_id, source, target
    """)
    did: dict[Who, tuple[int, int]] = {}
    for user, home, source, target, times in _rows(rows):
        for first, goes_on in ((source, target), (general(source), general(target))):
            for scope in (SHARED, scope_of(home, user)):
                for second in wanted.get((scope, first), ()):
                    all_times, both = did.get((user, scope, first, second), (0, 0))
                    did[user, scope, first, second] = (all_times + times, both + times * (goes_on == second))
    return did


def _rows(batches: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    """Yield rows of batches."""
    for batch in batches:
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
