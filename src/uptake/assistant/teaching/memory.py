"""Store concepts and preferences in the memory of each person, one row per concept, for the next request.

The log has the events; `rebuild` makes the memory from them again. A person's rows are removed when they are forgotten,
including those they shared with the household.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from uptake.assistant.memory import Memory, of_user
from uptake.errors import BadRecord
from uptake.teaching.concepts import events as teaching
from uptake.teaching.concepts.artifact import Concept, Concepts
from uptake.teaching.preferences import events as stating
from uptake.teaching.preferences.artifact import Preference, Preferences
from uptake.types import Turn

__all__ = ["Offers", "concepts_of", "keep", "keep_preferences", "preferences_of", "rebuild"]

_KEY = "concepts"
_PREFERENCES = "preferences"
_OFFERS = "teaching.offers"


def concepts_of(memory: Memory) -> Concepts:
    """Return every concept that is kept; rows that cannot be read are left out."""
    rows: list[Concept] = []
    for kept in memory.every(_KEY).values():
        for fields in kept if isinstance(kept, list) else ():
            try:
                rows.append(Concept.from_json(fields))
            except BadRecord:
                continue
    return Concepts.of(rows)


def keep(memory: Memory, user_id: str, rows: Iterable[Concept]) -> None:
    """Keep rows of a person in the place of those of the same concepts; what was forgotten is dropped."""
    own = {row.key: row for row in concepts_of(memory).rows() if row.user_id == user_id}
    for row in rows:
        own[row.key] = row
    left = [row.as_json() for _, row in sorted(own.items()) if not row.gone]
    memory.set(of_user(user_id), _KEY, left or None)


def preferences_of(memory: Memory) -> Preferences:
    """Return every preference that is kept; rows that cannot be read are left out."""
    rows: list[Preference] = []
    for kept in memory.every(_PREFERENCES).values():
        for fields in kept if isinstance(kept, list) else ():
            try:
                rows.append(Preference.from_json(fields))
            except BadRecord:
                continue
    return Preferences(tuple(rows))


def keep_preferences(memory: Memory, user_id: str, stated: Iterable[Preference]) -> None:
    """Keep what a person stated with what they stated before, and drop what that ends."""
    own = [row for row in preferences_of(memory).rows() if row.user_id == user_id]
    held = [row.as_json() for row in Preferences.fold([*own, *stated]).rows()]
    memory.set(of_user(user_id), _PREFERENCES, held or None)


def rebuild(memory: Memory, turns: Iterable[Turn]) -> tuple[Concepts, Preferences]:
    """Make what is kept from a log again, and return it."""
    told = list(turns)
    concepts, preferences = teaching.fold(told), stating.fold(told)
    for key in (_KEY, _PREFERENCES):
        for scope in memory.every(key):
            memory.set(scope, key, None)
    users = {row.user_id for row in concepts.rows()} | {row.user_id for row in preferences.rows()}
    for user_id in sorted(users):
        keep(memory, user_id, (row for row in concepts.rows() if row.user_id == user_id))
        keep_preferences(memory, user_id, (row for row in preferences.rows() if row.user_id == user_id))
    return concepts, preferences


class Offers:
    """Record of teaching offers to a person: when they were made, and which were refused.

    Args:
        memory: Memory for the record.
        a_day: Most offers per day.
        again_after_days: Days after a refusal without another offer for the same concept.
    """

    def __init__(self, memory: Memory, *, a_day: int = 6, again_after_days: int = 7) -> None:
        self.memory, self.a_day, self.again_after = memory, a_day, timedelta(days=again_after_days)

    def may(self, user_id: str, key: str, now: datetime) -> bool:
        """Return whether teaching may be offered for a concept now."""
        kept = self._kept(user_id)
        declined = kept["declined"].get(key)
        if declined is not None and now - datetime.fromisoformat(declined) < self.again_after:
            return False
        return sum(1 for one in kept["made"] if datetime.fromisoformat(one).date() == now.date()) < self.a_day

    def made(self, user_id: str, now: datetime) -> None:
        """Count an offer."""
        kept = self._kept(user_id)
        kept["made"] = [*kept["made"], now.isoformat()][-self.a_day :]
        self.memory.set(of_user(user_id), _OFFERS, kept)

    def declined(self, user_id: str, key: str, now: datetime) -> None:
        """Remember that somebody did not want to teach a concept."""
        kept = self._kept(user_id)
        kept["declined"][key] = now.isoformat()
        self.memory.set(of_user(user_id), _OFFERS, kept)

    def _kept(self, user_id: str) -> dict[str, Any]:
        kept = self.memory.get(of_user(user_id), _OFFERS)
        return kept if isinstance(kept, dict) and {"made", "declined"} <= set(kept) else {"made": [], "declined": {}}
