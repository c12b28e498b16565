"""Learn to fill the slots of a pair's second goal: from a slot of the first goal, or with the usual value."""

from __future__ import annotations

from collections import Counter

from uptake.proactive.latent_goals.artifact import Filled
from uptake.proactive.latent_goals.features import goal_of
from uptake.proactive.latent_goals.learn.counts import FollowUpCount

__all__ = ["Filling"]

_USUAL, _CARRIED = 0.6, 0.5  # least share of the value that a slot usually has; of values that are carried over


class Filling:
    """The values of one pair's goals, counted row by row, home after home."""

    def __init__(self) -> None:
        self._total = 0
        self._slots: Counter[str] = Counter()
        self._carried: Counter[tuple[str, str]] = Counter()
        self._usual: Counter[tuple[str, str]] = Counter()
        self._homes: dict[tuple[str, str], tuple[int, str]] = {}  # slot and value -> homes so far, and the last

    def add(self, one: FollowUpCount) -> None:
        """Add one count; the counts of one home must be consecutive."""
        before, after = goal_of(one.source).slots, goal_of(one.target).slots
        self._total += one.times
        for slot in after:
            name, value = slot
            self._slots[name] += one.times
            self._usual[slot] += one.times
            homes, last = self._homes.get(slot, (0, ""))
            self._homes[slot] = homes + (not homes or last != one.home), one.home
            for other, same in before:
                if same == value:
                    self._carried[name, other] += one.times

    def found(self, min_homes: int) -> tuple[Filled, ...]:
        """Return how each slot is filled; a usual value is named only where enough homes have it."""
        found: list[Filled] = []
        for name in sorted(self._slots):
            if self._slots[name] < self._total / 2:
                continue
            over = [(times, other) for (slot, other), times in sorted(self._carried.items()) if slot == name]
            as_usual = [
                (times, value)
                for (slot, value), times in sorted(self._usual.items())
                if slot == name and self._homes[slot, value][0] >= min_homes
            ]
            if over and max(over)[0] >= _CARRIED * self._slots[name]:
                found.append(Filled(slot=name, carried=max(over)[1]))
            elif as_usual and max(as_usual)[0] >= _USUAL * self._slots[name]:
                found.append(Filled(slot=name, value=max(as_usual)[1]))
        return tuple(found)
