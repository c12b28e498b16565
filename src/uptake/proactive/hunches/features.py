"""Features of a device's day, which the learner counts and the step asks alike.

A day begins at four in the morning, so that an evening that ends after midnight is one day.
"""

from __future__ import annotations

from uptake.proactive.days import DAY_MIN

__all__ = ["AT_REST", "WATCHED", "day_of", "since_four"]

WATCHED = frozenset("light switch cover lock media_player fan climate valve humidifier input_boolean".split())
"""Domains of devices that something may be said about."""

AT_REST = frozenset("off closed locked docked idle standby".split())
"""States that something may be missed in: what is left on, open or unlocked is worth a word, the other way is not."""

_FOUR = 4 * 60


def day_of(local: int) -> int:
    """Return the number of the day of a moment, in minutes since 1970 on the clock of the home."""
    return (local - _FOUR) // DAY_MIN


def since_four(local: int) -> int:
    """Return minutes since four in the morning."""
    return (local - _FOUR) % DAY_MIN
