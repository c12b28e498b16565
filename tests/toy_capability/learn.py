"""Count what follows a single word that failed."""

from dataclasses import dataclass
from typing import ClassVar

from tests.toy_capability.artifact import Word, Words


@dataclass(frozen=True, slots=True, kw_only=True)
class WordLearner:
    min_users: int = 2

    name: ClassVar[str] = "words"
    keys: ClassVar[tuple[str, ...]] = ("user_id", "word", "stands_for")
    measures: ClassVar[tuple[str, ...]] = ("times",)
    statistics: ClassVar[str] = """
        SELECT user_id, word, stands_for, CAST(count(*) AS BIGINT) AS times
        FROM (SELECT user_id, request AS word, defect,
                     lead(request) OVER (PARTITION BY user_id, session_id ORDER BY said_at ASC NULLS LAST) AS stands_for
              FROM turns)
        WHERE stands_for IS NOT NULL AND stands_for <> word GROUP BY user_id, word, stands_for
    """

    def solve(self, statistics) -> Words:
        found = statistics.query(
            "SELECT word, stands_for, count(DISTINCT user_id) AS users FROM statistics "
            f"GROUP BY word, stands_for HAVING count(DISTINCT user_id) >= {self.min_users} ORDER BY word ASC NULLS LAST"
        )
        return Words(tuple(Word(row["word"], row["stands_for"]) for row in found.to_pylist() if " " not in row["word"]))
