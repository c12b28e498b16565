"""Pool counts over users: contributions are bounded, and at least k users (homes, if known) must share a value.

Everything global that is computed from a learner's statistics passes here, as SQL that DuckDB and Spark SQL run alike.
`user_id` is a key before and gone after. A user adds at most `max_moves` to one key, and counts in at most
`max_targets` keys of one source; values that fewer than `min_users` users share are not named.

Source: bounded user contribution as in Wilson et al., "Differentially Private SQL with Bounded User Contribution"
(PoPETs 2020), without its noise. Limit: a threshold on users alone is not differential privacy; it keeps single
persons' words out of tables.
"""

from __future__ import annotations

from dataclasses import dataclass

from uptake.errors import BadConfig

__all__ = ["Release", "by_home"]


def by_home(*columns: str) -> str:
    """Write SQL for the relation `statistics` with the home in the place of the user; it goes by the name `counted`.

    A user belongs to one home, the last by name of those the log saw them in, and is one by itself where it knows
    none. So who lives together counts once, and who claims many homes still lives in one.

    Args:
        columns: Names of the other columns that are wanted.
    """
    return f"""(
            SELECT coalesce(homes.home_id, said.user_id) AS user_id, {", ".join(columns)}
            FROM statistics AS said LEFT JOIN (
                SELECT user_id, max(home_id) AS home_id FROM statistics WHERE home_id IS NOT NULL GROUP BY user_id
            ) AS homes ON said.user_id = homes.user_id
        ) AS counted"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Bound on one user's contribution, and fewest users who must share a named value.

    Args:
        min_users: Fewest distinct users (k) who must share a value before it is named; at least 1.
        max_moves: Most that one user adds to one key; at least 1.
        max_targets: Most targets of one source in which one user counts: the user's most frequent ones; at least 1.
    """

    min_users: int = 3
    max_moves: int = 10
    max_targets: int = 20

    def __post_init__(self) -> None:
        for name in ("min_users", "max_moves", "max_targets"):
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                raise BadConfig(f"{name} must be a whole number of at least 1, got {value!r}")

    def bounded(self, measure: str) -> str:
        """Write SQL for a user's own total of a measure, cut at `max_moves`."""
        return f"CASE WHEN {measure} > {self.max_moves} THEN {self.max_moves} ELSE {measure} END"

    def named(self, column: str) -> str:
        """Write SQL for a value where at least `min_users` users (a column of that name) share it, else NULL."""
        return f"CASE WHEN users >= {self.min_users} THEN {column} END"

    def pool(self, rows: str, *, source: str = "source", target: str = "target", measure: str = "moves") -> str:
        """Write SQL that pools rows of (user_id, source, target, measure) into (source, target, users, measure).

        Args:
            rows: Name of a table, or a query in brackets, with those columns.
            source: Name of the column within which a user's targets are bounded.
            target: Name of the column that makes a key together with `source`.
            measure: Name of the column that adds.
        """
        return f"""
            SELECT {source}, {target},
                   CAST(count(*) AS BIGINT) AS users,
                   CAST(sum({self.bounded(measure)}) AS BIGINT) AS {measure}
            FROM (
                SELECT user_id, {source}, {target}, {measure},
                       row_number() OVER (
                           PARTITION BY user_id, {source}
                           ORDER BY {measure} DESC NULLS LAST, {target} ASC NULLS LAST
                       ) AS place
                FROM (
                    SELECT user_id, {source}, {target}, CAST(sum({measure}) AS BIGINT) AS {measure}
                    FROM {rows} GROUP BY user_id, {source}, {target}
                ) AS totals
            ) AS ranked
            WHERE place <= {self.max_targets}
            GROUP BY {source}, {target}
        """
