"""Parse the keys of interpretations, which are the states in the view `turns`."""

from __future__ import annotations

from functools import lru_cache

from uptake.types import Interpretation

__all__ = ["reading_of"]


@lru_cache(maxsize=1_024)
def reading_of(key: str) -> Interpretation:
    """Return the interpretation of a key; a "|" inside a slot's value is kept.

    >>> reading_of("music|play|artist=queen").slots
    (('artist', 'queen'),)
    """
    domain, _, rest = key.partition("|")
    intent, *parts = rest.split("|")
    slots: list[tuple[str, str]] = []
    for part in parts:
        name, found, value = part.partition("=")
        if found or not slots:
            slots.append((name, value))
        else:
            slots[-1] = (slots[-1][0], f"{slots[-1][1]}|{part}")
    return Interpretation(domain=domain or None, intent=intent, slots=tuple(slots))
