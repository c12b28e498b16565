"""The states of one device over time: at most one change in a few minutes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from uptake.ml.bounds import lower
from uptake.proactive.hunches.features import day_of

__all__ = ["Rules", "Series", "series_of"]

_NOTHING = frozenset({"unavailable", "unknown", ""})


class Rules(NamedTuple):
    """Thresholds from which a state counts as usual."""

    home_id: str
    min_days: int
    min_share: float
    confidence: float
    within_min: int

    def share(self, wins: int, trials: int) -> float:
        """Return the lower bound of a chance, rounded; 0 where too little was seen."""
        return round(float(lower(wins, trials, self.confidence)), 3) if trials >= self.min_days else 0.0


@dataclass(frozen=True, slots=True)
class Series:
    """States of a device."""

    at: Sequence[int]
    """Minutes, on the clock of the home, at which it changed."""
    states: Sequence[str]
    """States that it changed to."""
    until: int
    """The last minute that is known."""

    def state(self, minute: int) -> str | None:
        """Return the state at a moment; None before the first change."""
        place = bisect_right(self.at, minute) - 1
        return self.states[place] if place >= 0 else None

    def changed(self, minute: int) -> int | None:
        """Return when the state of a moment began; None before the first change."""
        place = bisect_right(self.at, minute) - 1
        return self.at[place] if place >= 0 else None

    @property
    def days(self) -> range:
        """The whole days that are known."""
        return range(day_of(self.at[0]) + 1, day_of(self.until)) if self.at else range(0)

    def kinds(self) -> set[str]:
        """Return the states that it was in."""
        return set(self.states)


def series_of(changes: Iterable[tuple[int, str]], *, until: int, flaps_min: int) -> Series:
    """Read changes in time order; leave out repeated states, and states that lasted only a moment.

    >>> series_of([(0, "on"), (1, "off"), (2, "on"), (60, "off")], until=90, flaps_min=3).states
    ['on', 'off']
    """
    at: list[int] = []
    states: list[str] = []
    for minute, state in changes:
        if state in _NOTHING:
            continue
        if at and minute - at[-1] < flaps_min:
            at.pop()
            states.pop()
        if not states or states[-1] != state:
            at.append(minute)
            states.append(state)
    return Series(at, states, until)
