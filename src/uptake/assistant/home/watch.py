"""Detect state changes of the home since the last look, and append them to the timeline for hunches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from uptake.assistant.home.model import Home, State
from uptake.log.timeline import Change, Timeline, minutes_of
from uptake.proactive.hunches.features import WATCHED

__all__ = ["Watch", "noted"]

_NOTED = WATCHED | {"person"}
_GONE = frozenset({"unavailable", "unknown", ""})


class Watch:
    """Observer of the devices of one home.

    Args:
        home: The home.
        timeline: Timeline to append to.
    """

    def __init__(self, home: Home, timeline: Timeline) -> None:
        self.home, self.timeline = home, timeline
        self._last: dict[str, str] | None = None

    def look(self, user_id: str | None = None) -> None:
        """Keep what changed since the last look.

        Args:
            user_id: Who asked for what was done since; None where nobody asked the assistant.

        Raises:
            StorageFailed: The disk refused.
        """
        if self._last is None:
            self._last = self.timeline.last(self.home.home_id)
        found = list(self._changes(self._last, user_id))
        if found:
            self.timeline.append(found)
            self._last |= {change.entity_id: change.state for change in found}

    def _changes(self, last: dict[str, str], user_id: str | None) -> Iterator[Change]:
        now = self.home.now()
        for entity_id, state in self.home.states().items():
            if last.get(entity_id) == state.value:
                continue
            if entity_id.partition(".")[0] in _NOTED and state.value not in _GONE:
                yield _change(self.home.home_id, entity_id, state, now, user_id if entity_id in last else None)


def _change(home_id: str, entity_id: str, state: State, now: datetime, user_id: str | None) -> Change:
    at = min(state.changed_at, now) if state.changed_at is not None else now
    micros = int(at.astimezone(UTC).timestamp() * 1e6)
    return Change(home_id, entity_id, micros, minutes_of(at.astimezone(now.tzinfo)), state.value, user_id)


@contextmanager
def noted(watch: Watch | None, user_id: str | None) -> Iterator[None]:
    """Note what changed before as nobody's request, and what changes meanwhile as a user's; nothing without a user."""
    if watch is None or user_id is None:
        yield
        return
    watch.look()
    yield
    watch.look(user_id or None)
