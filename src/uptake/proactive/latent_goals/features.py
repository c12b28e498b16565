"""Goals as learner and step must see them alike: the key of a reading, its intent alone, and the parts of the day."""

from __future__ import annotations

from typing import NamedTuple

from uptake.text.distance import edit_similarity
from uptake.types import Interpretation

__all__ = ["Goal", "general", "goal_of", "is_rephrase", "part_of_day"]

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
