"""Compare the devices of a home with what is usual: a hunch is what is not so now, though it usually is.

A device that somebody changed after the time or the occasion is as they want it: nothing is said. What was said of an
earlier day is not said late: a hunch holds for three hours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from uptake.proactive.days import DAY_MIN, is_weekend
from uptake.proactive.hunches.artifact import EVERYBODY_LEFT, Expectation
from uptake.proactive.hunches.features import day_of

__all__ = ["Hunch", "Seen", "hunches"]

_HOLDS_MIN = 180
_NOTHING = frozenset({"unavailable", "unknown", ""})
_AWAY, _FOUR = "not_home", 4 * 60


class Seen(NamedTuple):
    """A device as it is."""

    state: str
    """Its state."""
    since: int
    """When that state began, in minutes since 1970 on the clock of the home."""


@dataclass(frozen=True, slots=True)
class Hunch:
    """Something that is not as usual."""

    usual: Expectation
    """What is usual."""
    state: str
    """What is so now."""
    since: int
    """Since when, in minutes since 1970 on the clock of the home."""


def hunches(usual: Sequence[Expectation], devices: Mapping[str, Seen], now: int) -> list[Hunch]:
    """Return what is not as usual, the surest first.

    Args:
        usual: What is usual in the home.
        devices: Its devices, by `entity_id`; what was removed is passed over.
        now: Minutes since 1970 on the clock of the home.
    """
    found = []
    for row in usual:
        seen = devices.get(row.entity_id)
        if seen is None or seen.state == row.state or seen.state in _NOTHING:
            continue
        due = _due_since(row, devices, now)
        if due is not None and due[1] <= now < due[1] + _HOLDS_MIN and seen.since <= due[0]:
            found.append(Hunch(row, seen.state, seen.since))
    return list({one.usual.entity_id: one for one in reversed(found)}.values())[::-1]


def _due_since(row: Expectation, devices: Mapping[str, Seen], now: int) -> tuple[int, int] | None:
    """Return when a device usually changes, and from when on it surely has; None on other days and occasions."""
    if row.by is not None and row.usual is not None:
        day = day_of(now)
        if (row.weekdays == "workdays" and is_weekend(day)) or (row.weekdays == "weekends" and not is_weekend(day)):
            return None
        begins = day * DAY_MIN + _FOUR
        return begins + (row.usual - _FOUR) % DAY_MIN, begins + (row.by - _FOUR) % DAY_MIN
    at = _happened(row.after or "", devices)
    return None if at is None else (at, at + row.within_min)


def _happened(occasion: str, devices: Mapping[str, Seen]) -> int | None:
    if occasion == EVERYBODY_LEFT:
        return _all_since((seen for entity, seen in devices.items() if entity.startswith("person.")), _AWAY)
    entity, _, state = occasion.partition("=")
    return _all_since((devices[entity],) if entity in devices else (), state)


def _all_since(seen: Iterable[Seen], state: str) -> int | None:
    """Return when the last of some devices came to a state; None where one is in another."""
    found = list(seen)
    return max(one.since for one in found) if found and all(one.state == state for one in found) else None
