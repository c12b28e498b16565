"""Tell actions of a routine from other requests, and which of them belong together.

Limit: only what is done to devices of the home, and the weather, can be part of a routine; a timer or a list cannot.
"""

from __future__ import annotations

from functools import lru_cache

from uptake.feedback.state_keys import reading_of
from uptake.proactive.days import DAY_MIN
from uptake.types import Interpretation

__all__ = ["bare", "is_action", "part_of", "same_target"]

_ACTIONS = frozenset(
    """
    HassTurnOn HassTurnOff HassLightSet HassSetPosition HassFanSetSpeed HassClimateSetTemperature SetClimateMode
    HassClimateSetFanMode SetOvenTemperature HassMediaSearchAndPlay HassMediaPause HassMediaUnpause HassSetVolume
    HassVacuumStart HassVacuumReturnToBase HassVacuumCleanArea HassLawnMowerStartMowing HassLawnMowerDock HassGetWeather
    """.split()
)
_PLACES = ("name", "area", "floor", "domain", "device_class")
_PARTS = ((4 * 60, "night"), (11 * 60, "morning"), (17 * 60, "afternoon"), (21 * 60, "evening"), (DAY_MIN, "night"))


@lru_cache(maxsize=16_384)
def bare(key: str) -> str:
    """Return the key of a reading without its domain, and without the place and the kind of a thing that is named.

    >>> bare("lights|HassTurnOn|area=Hall|domain=light|name=Hall Light")
    '|HassTurnOn|name=Hall Light'
    """
    reading = reading_of(key)
    named = any(name == "name" for name, _ in reading.slots)
    slots = tuple(pair for pair in reading.slots if not named or pair[0] not in _PLACES[1:])
    return Interpretation(intent=reading.intent, slots=slots).key


@lru_cache(maxsize=16_384)
def is_action(key: str) -> bool:
    """Return whether a reading, by its key, can be part of a routine.

    >>> is_action("lights|HassTurnOn|name=Lamp"), is_action("time|HassStartTimer|minutes=5")
    (True, False)
    """
    return key.partition("|")[2].partition("|")[0] in _ACTIONS


@lru_cache(maxsize=16_384)
def _target(key: str) -> tuple[tuple[str, str], ...]:
    return tuple(pair for pair in reading_of(key).slots if pair[0] in _PLACES)


def same_target(left: str, right: str) -> bool:
    """Return whether two readings are about the same things: then they correct each other, and are no sequence."""
    return bool(_target(left)) and _target(left) == _target(right)


def part_of(minute: float) -> str:
    """Return the part of the day that a time lies in.

    >>> part_of(7 * 60), part_of(23 * 60)
    ('morning', 'night')
    """
    return next(name for end, name in _PARTS if minute % DAY_MIN < end)
