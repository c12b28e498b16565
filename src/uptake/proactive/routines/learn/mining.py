"""Find actions that follow one another on many days at one time of the day, oftener than by chance.

A pair counts once a day. It is a candidate where it recurs within `_BAND_MIN` of one time of the day; it is tested
against a Poisson rate of its parts in that band, Bonferroni over the pairs of a person. Pairs grow to sequences while
the next action still holds on most of the days.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import special

from uptake.proactive.days import DAY_MIN, Days, apart, days_of
from uptake.proactive.routines.features import same_target

__all__ = ["Event", "Found", "Rules", "alike", "mine"]

_BAND_MIN = 75
"""A routine begins within so many minutes of its usual time."""
_LEAST_LOG = 5
"""Fewest days from the first action to the last: before, nothing is a habit."""
_MOST = 6
"""Most actions of a routine."""
_GROWS = 0.5
"""Share of a sequence's days on which one more action must be there, too."""
_LEAST_MORE = 3
"""Fewest such days."""
_BY_CHANCE = 0.01
"""Chance with which it may be there for no reason."""
_LEADS, _FOLLOWS = 0.5, 0.3
"""Least share of the days of one part, and of the other, on which both come together."""
_ORDER = 0.5
"""Least share of pairs of actions that come in the usual order: what is misheard and said again comes out of turn."""


class Event(NamedTuple):
    """One action."""

    minute: float
    """Minutes since 1970, UTC; two actions of one minute keep their order."""
    reading: str
    """Key of its reading, without the domain."""
    user: str
    """Who asked for it."""
    room: str
    """Room in which it was asked for; "" where it is not known."""
    day: int
    """Number of the day at the home."""
    clock: int
    """Minutes since midnight at the home."""


class Rules(NamedTuple):
    """Thresholds from which a sequence counts as a routine."""

    min_days: int
    min_share: float
    min_lift: float
    within_min: int
    false_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A sequence that was found."""

    readings: tuple[str, ...]
    """Its actions in their usual order."""
    minute: int
    """Usual beginning, in minutes since midnight."""
    weekdays: Days
    days: int
    of_days: int
    lift: float
    events: tuple[Event, ...]
    """Every action of every time it was seen."""


class _Pair(NamedTuple):
    """Two actions that come together."""

    readings: tuple[str, str]
    seen: Mapping[int, tuple[Event, ...]]
    """Day -> its two actions."""
    minute: int
    of_days: int
    weekdays: Days
    lift: float
    chance: float
    """Chance of so many days without a habit."""


def mine(events: Sequence[Event], rules: Rules) -> list[Found]:
    """Find the routines in the actions of one person, or of one home, in time order."""
    if not events:
        return []
    days = range(min(event.day for event in events), max(event.day for event in events) + 1)
    if len(days) < max(rules.min_days, _LEAST_LOG):
        return []
    pairs = {pair: seen for pair, seen in _pairs(events, rules.within_min).items() if len(seen) >= _LEAST_MORE}
    tested = [one for pair, seen in pairs.items() if (one := _tested(pair, seen, events, days, rules)) is not None]
    tests = sum(len(seen) >= rules.min_days for seen in pairs.values())
    sound = [
        one for one in tested if len(one.seen) >= rules.min_days and one.chance * max(1, tests) <= rules.false_share
    ]
    found: list[Found] = []
    for pair in sorted(sound, key=lambda one: (-len(one.seen), one.chance, one.readings)):
        grown = _grown(_linked(pair, tested), events, rules)
        if grown is not None and not any(alike(grown, other) for other in found):
            found.append(grown)
    return found


def alike(one: Found, other: Found) -> bool:
    """Return whether two routines are about the same: half of one's actions, at one time of the day."""
    common = set(one.readings) & set(other.readings)
    near = apart(one.minute, other.minute) <= 2 * _BAND_MIN
    return near and 2 * len(common) >= min(len(one.readings), len(other.readings))


def _pairs(events: Sequence[Event], within: int) -> dict[tuple[str, str], dict[int, list[tuple[Event, Event]]]]:
    """Return, for each two readings and each day, where they follow one another closely."""
    found: dict[tuple[str, str], dict[int, list[tuple[Event, Event]]]] = defaultdict(lambda: defaultdict(list))
    for at, first in enumerate(events):
        for second in events[at + 1 :]:
            if second.minute - first.minute > within:
                break
            if second.reading != first.reading and not same_target(first.reading, second.reading):
                left, right = sorted((first.reading, second.reading))
                found[left, right][first.day].append((first, second))
    return found


def _tested(
    pair: tuple[str, str],
    seen: Mapping[int, list[tuple[Event, Event]]],
    events: Sequence[Event],
    days: range,
    rules: Rules,
) -> _Pair | None:
    """Return a pair that recurs at one time of the day, with its chance; None where it is too rare."""
    minute = _usual([both[0].clock for found in seen.values() for both in found])
    kept = {
        day: near[0]
        for day, found in seen.items()
        if (near := [both for both in found if apart(both[0].clock, minute) <= _BAND_MIN])
    }
    weekdays = days_of(set(kept)) if kept else "every day"
    kind = [day for day in days if weekdays == "every day" or days_of({day}) == weekdays]
    share = len(kept) / max(1, len(kind))
    if len(kept) < _LEAST_MORE or share < rules.min_share * min(1.0, len(kept) / rules.min_days):
        return None
    banded = [event for event in events if apart(event.clock, minute) <= _BAND_MIN]
    uses = [[event.day for event in banded if event.reading == one] for one in pair]
    shares = sorted(len(kept) / len(set(each)) for each in uses)
    if shares[0] < _FOLLOWS or shares[1] < _LEADS:
        return None
    # p: chance that an action comes within `within_min` of another, at its own rate in the band
    p = [-math.expm1(-2.0 * rules.within_min * len(each) / (len(kind) * 2.0 * _BAND_MIN)) for each in uses]
    trials = [len(set(each)) for each in uses]
    lift = min(len(kept) / trials[1 - at] / p[at] for at in (0, 1))
    chance = max(float(special.bdtrc(len(kept) - 1, trials[1 - at], p[at])) for at in (0, 1))
    return _Pair(pair, kept, minute, len(kind), weekdays, lift, chance) if lift >= rules.min_lift else None


def _usual(clocks: Sequence[int]) -> int:
    """Return the time of the day that most others are near to: the median of those."""
    at = np.asarray(clocks)
    away = (at[:, None] - at[None, :] + DAY_MIN // 2) % DAY_MIN - DAY_MIN // 2
    best = int(np.argmax((np.abs(away) <= _BAND_MIN).sum(axis=1)))
    near = away[:, best][np.abs(away[:, best]) <= _BAND_MIN]
    return int(at[best] + np.median(near)) % DAY_MIN


def _linked(pair: _Pair, tested: Sequence[_Pair]) -> tuple[_Pair, list[str], dict[int, tuple[Event, ...]]]:
    """Add to a pair the actions that come with one of its own: on no day need all of them have been heard."""
    readings, seen = list(pair.readings), dict(pair.seen)
    for other in sorted(tested, key=lambda one: (one.chance, one.readings)):
        more = [one for one in other.readings if one not in readings]
        near = apart(other.minute, pair.minute) <= _BAND_MIN
        if len(more) != 1 or len(readings) >= _MOST or other.chance > _BY_CHANCE or not near:
            continue
        if any(same_target(more[0], one) for one in readings):
            continue
        readings += more
        for day, both in other.seen.items():
            seen[day] = tuple(dict.fromkeys((*seen.get(day, ()), *both)))
    return pair, readings, seen


def _grown(
    linked: tuple[_Pair, list[str], dict[int, tuple[Event, ...]]], events: Sequence[Event], rules: Rules
) -> Found | None:
    """Add actions to a pair while they hold on most of its days; None where it has no order."""
    pair, readings, seen = linked
    by_day: dict[int, list[Event]] = defaultdict(list)
    for event in events:
        by_day[event.day].append(event)
    banded = [event for event in events if apart(event.clock, pair.minute) <= _BAND_MIN]
    while len(readings) < _MOST:
        more = _next(readings, seen, by_day, rules.within_min)
        best = max(more, key=lambda one: (len(more[one]), one), default=None)
        if best is None or not _belongs(best, more[best], seen, banded, pair.of_days, rules):
            break
        readings.append(best)
        seen |= more[best]
    ordered, order = _in_order(readings, seen)
    if order < _ORDER:
        return None
    return Found(
        readings=ordered,
        minute=_usual([min(both).clock for both in seen.values()]),
        weekdays=pair.weekdays,
        days=len(seen),
        of_days=pair.of_days,
        lift=pair.lift,
        events=tuple(event for both in seen.values() for event in both),
    )


def _belongs(
    reading: str,
    more: Mapping[int, tuple[Event, ...]],
    seen: Mapping[int, tuple[Event, ...]],
    banded: Sequence[Event],
    of_days: int,
    rules: Rules,
) -> bool:
    """Return whether an action comes with a sequence on enough of its days, and oftener than by chance."""
    if len(more) < max(_LEAST_MORE, _GROWS * len(seen)):
        return False
    length = float(np.mean([max(both).minute - min(both).minute for both in seen.values()])) + 2.0 * rules.within_min
    uses = sum(event.reading == reading for event in banded)
    p = -math.expm1(-length * uses / (of_days * 2.0 * _BAND_MIN))
    return float(special.bdtrc(len(more) - 1, len(seen), p)) <= _BY_CHANCE


def _next(
    readings: Sequence[str], seen: Mapping[int, tuple[Event, ...]], by_day: Mapping[int, list[Event]], within: int
) -> dict[str, dict[int, tuple[Event, ...]]]:
    """Return, for each further action, the days on which it comes close to the others, with all of them."""
    found: dict[str, dict[int, tuple[Event, ...]]] = defaultdict(dict)
    for day, both in seen.items():
        first, last = min(both).minute - within, max(both).minute + within
        for event in by_day[day]:
            fits = event.reading not in readings and not any(same_target(event.reading, one) for one in readings)
            if fits and first <= event.minute <= last and day not in found[event.reading]:
                found[event.reading][day] = (*both, event)
    return found


def _in_order(readings: Sequence[str], seen: Mapping[int, tuple[Event, ...]]) -> tuple[tuple[str, ...], float]:
    """Return the usual order of some actions, and the share of pairs that keep to it."""
    places: dict[str, list[float]] = {reading: [] for reading in readings}
    for both in seen.values():
        for place, event in enumerate(sorted(both)):
            places[event.reading].append(place / max(1, len(both) - 1))
    order = sorted(readings, key=lambda one: (float(np.mean(places[one])), one))
    kept = total = 0
    for both in seen.values():
        at = [order.index(event.reading) for event in sorted(both)]
        total += len(at) * (len(at) - 1) // 2
        kept += sum(left < right for place, left in enumerate(at) for right in at[place + 1 :])
    return tuple(order), kept / max(1, total)
