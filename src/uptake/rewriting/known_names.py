"""Names of things that this home and person have, and whether a proposal exchanges one of them for another."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from uptake.text.diff import similarity
from uptake.text.lexicon import content_words
from uptake.text.normalize import normalize
from uptake.types import Situation

__all__ = ["names_another", "names_of"]

_MOST_NAMES = 2_000
_MOST_HABITS = 500
_UNLIKE = 0.5  # letters and sounds: two names that are less alike are hardly heard for each other


def names_of(situation: Situation, more: Iterable[str] = ()) -> list[str]:
    """List the names of this home and person, normalised: things, rooms, and subjects of their own requests."""
    found = dict.fromkeys(map(normalize, (*(name for name, _ in situation.states), *situation.names)))
    for habit in reversed(situation.habits[-_MOST_HABITS:]):
        if habit.interpretation is not None:
            found |= {normalize(value): None for _, value in habit.interpretation.slots}
    found |= {normalize(name): None for name in more}
    return [name for name in found if content_words(name) and len(name.split()) <= 5][:_MOST_NAMES]


def names_another(heard: str, other: str, names: Iterable[str]) -> bool:
    """Tell whether a text names something else of this home than was heard, which does not sound like it.

    "Make the bathroom dark" never meant "make the kitchen dark", however alike the two are otherwise.

    >>> names_another("make the bathroom dark", "make the kitchen dark", ["bathroom light", "kitchen light"])
    True
    >>> names_another("turn on the hole light", "turn on the hall light", ["hall light"])
    False

    Args:
        heard: Normalised text as heard.
        other: Normalised text that would be acted on.
        names: Names of the home, normalised, as `names_of` lists them.
    """
    here, there = heard.split(), other.split()
    telling = _telling(tuple(names)) - {*here}.intersection(there)
    lost, gained = ([word for word in words if word in telling] for words in (here, there))
    return bool(lost and gained) and similarity(" ".join(lost), " ".join(gained)) < _UNLIKE


@lru_cache(maxsize=64)
def _telling(names: tuple[str, ...]) -> frozenset[str]:
    """Return the words that tell the things of a home apart: all of a name but its last, which says what it is."""
    words = (word for name in names for word in name.split()[: max(len(name.split()) - 1, 1)])
    return frozenset(content_words(" ".join(words)))
