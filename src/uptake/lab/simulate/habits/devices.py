"""Simulate the timelines of devices in homes with and without habits.

A home has people with working hours and devices that are used at random. In a home with habits, some devices change
state at their time of the day, when everybody leaves, or with another device. Sometimes a habit is forgotten (a hunch
is then useful), and sometimes it is left out on purpose (a hunch is then unwelcome). All figures here are assumed; none
is taken from, or given to, the learner of hunches.

Limit: minutes; a device has two states.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

__all__ = ["NEW_DEVICES", "DeviceHome", "Lapse", "device_home", "home_with_new_devices"]

_DAY = 1440
_SATURDAY = 5
_DEVICES: Sequence[tuple[str, str, str, str]] = (
    ("cover.garage_door", "Garage Door", "open", "closed"),
    ("light.porch", "Porch Light", "on", "off"),
    ("light.hall", "Hall Light", "on", "off"),
    ("light.kitchen", "Kitchen Light", "on", "off"),
    ("light.living_room", "Living Room Light", "on", "off"),
    ("cover.living_room_blinds", "Living Room Blinds", "open", "closed"),
    ("cover.bedroom_curtains", "Bedroom Curtains", "open", "closed"),
    ("lock.front_door", "Front Door", "unlocked", "locked"),
    ("lock.back_door", "Back Door", "unlocked", "locked"),
    ("switch.coffee_maker", "Coffee Maker", "on", "off"),
    ("switch.heater", "Heater", "on", "off"),
    ("media_player.tv", "TV", "on", "off"),
    ("media_player.soundbar", "Soundbar", "on", "off"),
    ("fan.bathroom", "Bathroom Fan", "on", "off"),
)
_BY_CLOCK = (
    ("cover.garage_door", 18.0, 21.5),
    ("light.porch", 18.5, 23.0),
    ("cover.living_room_blinds", 8.0, 19.5),
    ("cover.bedroom_curtains", 9.0, 21.0),
    ("lock.back_door", 16.0, 22.3),
    ("switch.heater", 17.0, 22.8),
)
"""Device, hour at which it leaves its state of rest, hour at which it goes back."""
_BY_LEAVING = ("light.kitchen", "switch.coffee_maker", "light.hall", "lock.front_door")
_WITH_ANOTHER = (("media_player.soundbar", "media_player.tv"),)
_OLD_DEVICE = ("cover.living_room_blinds", "Living Room Blinds")
NEW_DEVICES = ("cover.dining_room_blinds", "cover.guest_room_blinds")
"""Devices of which one is used like an old one, and one at random."""
_LAPSES = 0.06  # share of times at which a habit is forgotten
_ON_PURPOSE = 0.004  # share of times at which it is left out on purpose, with nothing to see of it
_AGAIN = 0.05  # share of times at which the device is used once more after its time: that is on purpose, too
_CLOCK_MIN = 14.0  # spread of a time of the day, in minutes
_BUSY = 2.0  # uses a day of what is used at random
_USE_MIN = 45.0  # mean minutes of such a use


@dataclass(frozen=True, slots=True)
class Lapse:
    """Time during which a device is not in its usual state."""

    entity_id: str
    state: str
    """The state that it should be in."""
    begins: int
    """Minute from which it should."""
    ends: int
    """Minute at which somebody sets it right."""
    forgotten: bool
    """Whether it was forgotten; else it was left so on purpose."""


@dataclass(slots=True)
class DeviceHome:
    """Home with the timeline of its devices."""

    home_id: str
    names: dict[str, str]
    changes: list[tuple[int, str, str]] = field(default_factory=list)
    """(minute on the clock of the home, device, state it went into), in time order."""
    lapses: list[Lapse] = field(default_factory=list)
    habits: int = 0
    """Habits that were planted."""


def device_home(seed: int, number: int, *, days: int, first_day: int, has_habits: bool) -> DeviceHome:
    """Simulate the devices of one home.

    Args:
        seed: Of everything that is random.
        number: Number of the home.
        days: How many days.
        first_day: Number of the first day since 1970-01-01.
        has_habits: Whether anything has its time there.
    """
    rng = np.random.default_rng([seed, 21, number])
    home = DeviceHome(home_id=f"devices-{number:04d}", names={entity: name for entity, name, _, _ in _DEVICES})
    states = {entity: (active, rest) for entity, _, active, rest in _DEVICES}
    leaving = _presence(home, rng, days, first_day)
    busy: set[str] = set()
    if has_habits:
        by_clock = [_BY_CLOCK[at] for at in rng.permutation(len(_BY_CLOCK))[: int(rng.integers(2, 5))]]
        for entity, begins, ends in by_clock:
            _by_clock(home, rng, entity, states[entity], (begins, ends), range(first_day, first_day + days))
        chosen = [_BY_LEAVING[at] for at in rng.permutation(len(_BY_LEAVING))[: int(rng.integers(1, 3))]]
        for entity in chosen:
            _by_leaving(home, rng, entity, states[entity], leaving)
        for entity, other in _WITH_ANOTHER:
            _together(home, rng, (entity, other), range(first_day, first_day + days))
            busy |= {entity, other}
        busy |= {entity for entity, _, _ in by_clock} | set(chosen)
        home.habits = len(by_clock) + len(chosen) + len(_WITH_ANOTHER)
    for entity, (active, rest) in states.items():
        if entity not in busy:
            _at_random(home, rng, entity, (active, rest), range(first_day, first_day + days))
    home.changes.sort()
    return home


def home_with_new_devices(seed: int, number: int, *, days: int, first_day: int, new_after: int) -> DeviceHome:
    """Simulate blinds that have their times, and two that came later: one is used alike, one at random.

    Args:
        seed: Of everything that is random.
        number: Number of the home.
        days: How many days.
        first_day: Number of the first day since 1970-01-01.
        new_after: Days after which the new ones came.
    """
    rng = np.random.default_rng([seed, 22, number])
    (old, name), (alike, random) = _OLD_DEVICE, NEW_DEVICES
    names = {old: name, alike: "Dining Room Blinds", random: "Guest Room Blinds"}
    home = DeviceHome(home_id=f"new-{number:04d}", names=names)
    _, begins, ends = next(row for row in _BY_CLOCK if row[0] == old)
    shift = rng.normal(0.0, 0.5)
    hours, states, late = (begins + shift, ends + shift), ("open", "closed"), first_day + new_after
    _by_clock(home, rng, old, states, hours, range(first_day, first_day + days))
    _by_clock(home, rng, alike, states, hours, range(late, first_day + days))
    _at_random(home, rng, random, states, range(late, first_day + days))
    home.changes.sort()
    return home


def _presence(home: DeviceHome, rng: np.random.Generator, days: int, first_day: int) -> list[int]:
    """Let the people come and go; returns the minutes at which the last one leaves."""
    count = int(rng.integers(1, 4))
    away: list[tuple[int, int]] = []
    for person in range(count):
        out_h, back_h = rng.normal(8.2, 0.5), rng.normal(17.6, 0.8)
        for day in range(first_day, first_day + days):
            is_off = (day + 3) % 7 >= _SATURDAY
            if rng.random() < (0.45 if is_off else 0.93):
                begin = day * _DAY + int(60 * (out_h + (3.0 if is_off else 0.0)) + rng.normal(0, 12))
                end = day * _DAY + int(60 * back_h + rng.normal(0, 30))
                end = max(end, begin + 30)
                home.changes += [(begin, f"person.p{person}", "not_home"), (end, f"person.p{person}", "home")]
                away.append((begin, end))
        home.changes.append((first_day * _DAY, f"person.p{person}", "home"))
    empty = []
    for begin, end in sorted(away):
        if sum(other <= begin < until for other, until in away) == count:
            empty.append((begin, end))
    return [begin for begin, _ in empty]


def _lapse(rng: np.random.Generator) -> str:
    draw = rng.random()
    return "forgotten" if draw < _LAPSES else "on purpose" if draw < _LAPSES + _ON_PURPOSE else ""


def _put_right(home: DeviceHome, rng: np.random.Generator, entity: str, states: tuple[str, str], at: int) -> None:
    """Let a device go to its usual state at its time, or much later where that is forgotten or not wanted."""
    (active, rest), why = states, _lapse(rng)
    late = at + int(rng.uniform(150, 400))
    home.changes.append((late if why else at, entity, rest))
    if why:
        home.lapses.append(Lapse(entity, rest, at, late, why == "forgotten"))
    elif rng.random() < _AGAIN:
        begin = at + int(rng.uniform(15, 150))
        end = begin + int(rng.uniform(15, 90))
        home.changes += [(begin, entity, active), (end, entity, rest)]
        home.lapses.append(Lapse(entity, rest, begin, end, False))


def _by_clock(
    home: DeviceHome,
    rng: np.random.Generator,
    entity: str,
    states: tuple[str, str],
    hours: tuple[float, float],
    days: range,
) -> None:
    active, rest = states
    shift = rng.normal(0.0, 0.5)
    home.changes.append((days.start * _DAY, entity, rest))
    for day in days:
        begin, end = (day * _DAY + int(60 * (hour + shift) + rng.normal(0, _CLOCK_MIN)) for hour in hours)
        if rng.random() < 0.93:
            home.changes.append((begin, entity, active))
            _put_right(home, rng, entity, states, max(end, begin + 20))


def _by_leaving(
    home: DeviceHome, rng: np.random.Generator, entity: str, states: tuple[str, str], leaving: Sequence[int]
) -> None:
    active, rest = states
    if not leaving:
        return
    home.changes.append((leaving[0] - _DAY, entity, rest))
    for at in leaving:
        if rng.random() < 0.9:
            home.changes.append((at - int(rng.uniform(20, 70)), entity, active))
            _put_right(home, rng, entity, states, at + int(rng.integers(-6, 3)))


def _together(home: DeviceHome, rng: np.random.Generator, pair: tuple[str, str], days: range) -> None:
    follower, leader = pair
    home.changes += [(days.start * _DAY, entity, "off") for entity in pair]
    for day in days:
        for _ in range(int(rng.integers(1, 3))):
            begin = day * _DAY + int(rng.uniform(8 * 60, 21 * 60))
            end = begin + int(rng.uniform(30, 140))
            home.changes += [(begin, leader, "on"), (begin + int(rng.integers(0, 4)), follower, "on")]
            home.changes.append((end, leader, "off"))
            _put_right(home, rng, follower, ("on", "off"), end + int(rng.integers(0, 5)))


def _at_random(home: DeviceHome, rng: np.random.Generator, entity: str, states: tuple[str, str], days: range) -> None:
    """Use a device at any time of the day, for any length of time."""
    active, rest = states
    uses = float(rng.gamma(2.0, _BUSY / 2.0))
    at = days.start * _DAY
    home.changes.append((at, entity, rest))
    while uses > 0.0:
        at += 5 + int(rng.exponential(_DAY / uses))
        if at >= days.stop * _DAY:
            return
        home.changes.append((at, entity, active))
        at += 5 + int(rng.exponential(_USE_MIN))
        home.changes.append((at, entity, rest))
