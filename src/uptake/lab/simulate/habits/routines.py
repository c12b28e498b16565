"""Plant routines: a few goals that people pursue one after the other, on most days, at their time of the day.

Everything is drawn from the seed and the numbers of the home and of the routine. All figures here are assumed; none is
taken from, or given to, the learner of routines (`uptake.proactive.routines`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

import numpy as np

from uptake.errors import BadConfig
from uptake.lab.simulate.households import Household, household
from uptake.lab.simulate.people import Goal, Moment, can_have, goal

__all__ = ["PlantedRoutine", "moments_of_day", "planted"]

_OCCASIONS: Mapping[str, tuple[float, tuple[str, ...]]] = {
    "getting up": (6.8, ("cover_open", "light_on", "warmth_set", "room_on", "coffee", "fan_on")),
    "leaving": (8.3, ("light_off", "warmth_set", "room_off", "lock", "vacuum")),
    "coming home": (17.8, ("light_on", "room_on", "warmth_set", "fan_on", "brightness")),
    "dinner": (19.2, ("brightness", "light_on", "scene", "room_on", "cover_close")),
    "going to bed": (22.4, ("light_off", "room_off", "cover_close", "lock", "warmth_set")),
}
"""Occasion -> (hour of the day, wishes that it may be made of)."""
_COUNTS = (0.35, 0.45, 0.2)  # share of homes with 1, 2, 3 routines, of those with any
_LENGTHS = (0.35, 0.4, 0.25)  # share of routines of 2, 3, 4 actions
_WORKDAYS = 0.3  # share of routines on workdays alone
_SHARED = 0.15  # share of routines of which each member may ask for each part
_DONE = (0.65, 0.95)  # share of its days on which a routine is done
_LEFT_OUT = 0.07  # share of its actions that are left out
_SWAPPED = 0.12  # share of days on which two neighbours change places
_OWN_H = 0.6  # spread of the hour between homes
_DAILY_H = 0.3  # spread of the hour between days
_PAUSE_S = 70.0  # mean time between two actions, beside the least
_LEAST_S = 20.0
_SATURDAY = 5
_TRIES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedRoutine:
    """Routine of a person."""

    occasion: str
    """What it is for."""
    members: tuple[int, ...]
    """Who of the home asks for its parts: one person, or any."""
    goals: tuple[Goal, ...]
    """Its actions."""
    hour: float
    """Usual hour of the day."""
    workdays: bool
    """Whether it is left out at weekends."""
    done: float
    """Share of its days on which it is done."""


@lru_cache(maxsize=20_000)
def planted(seed: int, number: int, share: float) -> tuple[PlantedRoutine, ...]:
    """Return the routines of one home; none in most of those beyond `share`.

    Raises:
        BadConfig: `share` is no share.
    """
    if not 0.0 <= share <= 1.0:
        raise BadConfig(f"the share of homes with routines must be in [0, 1], got {share}")
    rng = np.random.default_rng([seed, 11, number])
    if rng.random() >= share:
        return ()
    home = household(seed, number)
    count = 1 + int(rng.choice(len(_COUNTS), p=_COUNTS))
    occasions = rng.choice(list(_OCCASIONS), size=count, replace=False)
    return tuple(_routine(home, str(occasion), rng) for occasion in occasions)


def _routine(home: Household, occasion: str, rng: np.random.Generator) -> PlantedRoutine:
    hour, wishes = _OCCASIONS[occasion]
    member = int(rng.integers(len(home.members)))
    length = 2 + int(rng.choice(len(_LENGTHS), p=_LENGTHS))
    goals: dict[tuple[tuple[str, str], ...], Goal] = {}
    possible = [one for one in wishes if can_have(one, home.layout)]
    for _ in range(_TRIES):
        drawn = goal(str(rng.choice(possible)), home.layout, home.members[member], rng)
        things = tuple(pair for pair in drawn.truth.slots if pair[0] in ("name", "area"))
        goals.setdefault(things, drawn)
        if len(goals) == length:
            break
    shared = len(home.members) > 1 and rng.random() < _SHARED
    return PlantedRoutine(
        occasion=occasion,
        members=tuple(range(len(home.members))) if shared else (member,),
        goals=tuple(goals.values()),
        hour=hour + float(rng.normal(0.0, _OWN_H)),
        workdays=bool(rng.random() < _WORKDAYS),
        done=float(rng.uniform(*_DONE)),
    )


def moments_of_day(home: Household, number: int, member: int, midnight: datetime, *, share: float) -> list[Moment]:
    """Draw the moments of a day at which a person asks for parts of the routines of their home.

    Args:
        home: Where they live.
        number: Its number.
        member: Number of the person in it.
        midnight: Beginning of the day, on the clock of the home.
        share: Share of homes with routines.
    """
    seed = home.members[0].number[0]
    found: list[Moment] = []
    for at, routine in enumerate(planted(seed, number, share)):
        rng = np.random.default_rng([seed, 12, number, at, midnight.toordinal()])
        is_off = routine.workdays and midnight.weekday() >= _SATURDAY
        if rng.random() >= routine.done or is_off:
            continue
        goals = list(routine.goals)
        if rng.random() < _SWAPPED:
            first = int(rng.integers(len(goals) - 1))
            goals[first], goals[first + 1] = goals[first + 1], goals[first]
        hour = float(np.clip(rng.normal(routine.hour, _DAILY_H), 0.2, 23.6))
        now = midnight + timedelta(hours=hour)
        listener = home.listeners[at % len(home.listeners)]
        for one in goals:
            speaker = int(rng.choice(routine.members))
            if rng.random() >= _LEFT_OUT and speaker == member:
                found.append(Moment(at=now, goal=one, listener=listener))
            now += timedelta(seconds=_LEAST_S + float(rng.exponential(_PAUSE_S)))
    return found
