"""Find the time of the day by which a device is in a state: the last change into it, or the first.

Only days on which it was in another state count: of a lamp that nobody uses, nothing is usual. The times must lie
close together; the time by which it is so is later than nearly all of them.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from uptake.proactive.days import DAY_MIN, Days, is_weekend
from uptake.proactive.hunches.artifact import Expectation
from uptake.proactive.hunches.features import AT_REST, WATCHED, since_four
from uptake.proactive.hunches.learn.series import Rules, Series

__all__ = ["by_clock", "timed"]

_FOUR = 4 * 60
_SPREAD_MIN = 120
"""Most minutes that eight of ten times may lie apart."""
_GRACE_MIN = 30
"""Minutes after the latest usual time before anything is said."""
_OUTLIER = 4.0
"""Times further from the median than so many median deviations are no usual time."""
_DEVIATION_MIN = 8.0
_USED = 0.4
"""Least share of the days on which the device must be in another state before."""
_MIDDLE = (0.1, 0.9)


def by_clock(series: Mapping[str, Series], rules: Rules) -> list[Expectation]:
    """Return what is usual by a time of the day."""
    found: list[Expectation] = []
    for entity, one in series.items():
        if entity.partition(".")[0] not in WATCHED:
            continue
        for state in sorted(one.kinds() & AT_REST):
            rows = [
                row
                for which in ("last", "first")
                for weekdays in ("every day", "workdays")
                if (row := timed(entity, state, one, weekdays, which, rules)) is not None
            ]
            found += sorted(rows, key=lambda row: (-row.share, row.weekdays))[:1]
    return found


def timed(entity: str, state: str, one: Series, weekdays: Days, which: str, rules: Rules) -> Expectation | None:
    """Return by when a device is in a state; None where no time is usual.

    Args:
        entity: The device.
        state: The state.
        one: Its history.
        weekdays: Days of the week to look at.
        which: "last" for the last change into the state on a day, "first" for the first.
        rules: What makes something usual.
    """
    days = [day for day in one.days if weekdays == "every day" or not is_weekend(day)]
    times = [_change(one, state, day, which) for day in days]
    used = [at for at in times if at is not None]
    done = np.array([at for at in used if at >= 0], dtype=np.float64)
    if len(used) < rules.min_days or len(used) < _USED * len(days) or not len(done):
        return None
    middle = float(np.median(done))
    deviation = max(_DEVIATION_MIN, float(np.median(np.abs(done - middle))))
    usual = done[np.abs(done - middle) <= _OUTLIER * deviation]
    low, high = np.quantile(done, _MIDDLE)
    by = int(usual.max()) + _GRACE_MIN
    share = rules.share(int((done <= by).sum()), len(used))
    if high - low > _SPREAD_MIN or share < rules.min_share or by >= DAY_MIN:
        return None
    return Expectation(
        home_id=rules.home_id,
        entity_id=entity,
        state=state,
        days=int((done <= by).sum()),
        of_days=len(used),
        share=share,
        weekdays=weekdays,
        usual=int(middle + _FOUR) % DAY_MIN,
        by=(by + _FOUR) % DAY_MIN,
    )


def _change(one: Series, state: str, day: int, which: str) -> int | None:
    """Return minutes since four at which a device came to a state on a day.

    None where it was in no other state that day; -1 where it did not come to it, or left it again.
    """
    begins = day * DAY_MIN + _FOUR
    at = [
        (minute, what) for minute, what in zip(one.at, one.states, strict=True) if begins <= minute < begins + DAY_MIN
    ]
    if which == "first":
        if one.state(begins) in (state, None):
            return None
        return next((since_four(minute) for minute, what in at if what == state), -1)
    if one.state(begins) == state and not at:
        return None
    if one.state(begins + DAY_MIN - 1) != state:
        return -1
    return max((since_four(minute) for minute, what in at if what == state), default=None)
