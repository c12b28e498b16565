"""Days of the week and times of the day, on the clock of a home."""

from __future__ import annotations

from collections.abc import Set
from datetime import datetime
from typing import Literal

__all__ = ["DAY_MIN", "Days", "apart", "days_of", "is_weekend", "minutes_of"]

Days = Literal["every day", "workdays", "weekends"]

DAY_MIN = 1440
"""Minutes of a day."""

_SATURDAY = 5
_FIRST_DAY = datetime(1970, 1, 1).toordinal()


def is_weekend(day: int) -> bool:
    """Return whether a day (numbered from 1970-01-01, a Thursday) is a Saturday or a Sunday."""
    return (day + 3) % 7 >= _SATURDAY


def days_of(days: Set[int]) -> Days:
    """Return the days of the week that some days belong to."""
    weekend = sum(map(is_weekend, days))
    if days and weekend == len(days):
        return "weekends"
    return "every day" if weekend else "workdays"


def apart(left: float, right: float) -> float:
    """Return minutes between two times of the day, the short way round the clock.

    >>> apart(23 * 60 + 50, 10)
    20
    """
    gap = abs(left - right) % DAY_MIN
    return min(gap, DAY_MIN - gap)


def minutes_of(moment: datetime) -> int:
    """Return minutes since 1970-01-01 00:00 on the clock that a moment is given on."""
    return (moment.toordinal() - _FIRST_DAY) * DAY_MIN + moment.hour * 60 + moment.minute
