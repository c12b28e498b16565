"""Goals and habits as learner and step must see them alike.

The key of a reading, its intent alone, the parts of the day, and the kinds of people: whom a second goal does not
concern, who go on to it as often as chance has it, and whom it does, who do so with one of the shares of `HABITS`.
"""

from __future__ import annotations

from math import log
from typing import NamedTuple

from uptake.text.distance import edit_similarity
from uptake.types import Interpretation

__all__ = ["HABITS", "Goal", "general", "goal_of", "is_rephrase", "log_likelihood", "part_of_day", "shares_of"]

HABITS = (0.04, 0.08, 0.12, 0.17, 0.23, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.88, 0.96)
"""P(second goal next, by themselves) of the kinds of people whom it concerns."""

_ALIKE = 0.75


class Goal(NamedTuple):
    """Parts of the key of a reading."""

    domain: str
    """Name of the domain; "" where there is none."""
    intent: str
    """Name of the intent."""
    slots: tuple[tuple[str, str], ...]
    """(name, value) pairs."""

    @property
    def reading(self) -> Interpretation:
        """The reading."""
        return Interpretation(domain=self.domain or None, intent=self.intent, slots=self.slots)


def goal_of(key: str) -> Goal:
    """Read the key of a reading (`Interpretation.key`).

    >>> goal_of("timers|HassStartTimer|minutes=5").slots
    (('minutes', '5'),)
    """
    domain, _, rest = key.partition("|")
    intent, *written = rest.split("|")
    slots: list[tuple[str, str]] = []
    for one in written:
        name, is_slot, value = one.partition("=")
        if is_slot:
            slots.append((name, value))
        elif slots:  # a value that holds the separator
            slots[-1] = (slots[-1][0], f"{slots[-1][1]}|{one}")
    return Goal(domain, intent, tuple(slots))


def general(key: str) -> str:
    """Return the key of a reading without its values.

    >>> general("timers|HassStartTimer|minutes=5")
    'timers|HassStartTimer'
    """
    return "|".join(key.split("|")[:2])


def part_of_day(hour: int) -> str:
    """Return the part of the day that an hour lies in.

    >>> part_of_day(3), part_of_day(7), part_of_day(13), part_of_day(23)
    ('night', 'morning', 'afternoon', 'evening')
    """
    return ("night", "morning", "afternoon", "evening")[hour // 6]


def shares_of(share: float, lift: float) -> tuple[float, ...]:
    """Return P(second goal next, by themselves) of each kind of people: first of those whom it does not concern.

    >>> shares_of(0.3, 10.0)[:2]
    (0.03, 0.04)
    """
    return (min(max(share / lift, 0.01), 0.1), *HABITS)


def log_likelihood(both: int, times: int, share: float) -> float:
    """Return ln P(both of times) for one who goes on with a share, up to a constant."""
    return both * log(share) + (times - both) * log(1.0 - share)


def is_rephrase(first: str, second: str) -> bool:
    """Return whether a second goal may be the first one said again: the same intent with much the same values.

    >>> is_rephrase("|Play|title=harry porter", "|Play|title=harry potter"), is_rephrase("|A", "|B")
    (True, False)
    """
    one, other = goal_of(first), goal_of(second)
    if one[:2] != other[:2]:
        return False
    before, after = dict(one.slots), dict(other.slots)
    shared = before.keys() & after.keys()
    return not shared or any(edit_similarity(before[name], after[name]) >= _ALIKE for name in shared)
