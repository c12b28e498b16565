"""Choose the sentences of a book of hearings: goals by frequency, each with all its wordings.

They are in the order in which a town that is used for nothing else first asks for them. Neither a learner nor the
assistant influences the choice.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np

from uptake.lab.simulate.households import household
from uptake.lab.simulate.people import Phrase, goals_of_day, wordings

__all__ = ["SEED", "phrases"]

SEED = 7_340_021
"""Seed of the town whose wishes are spoken."""

_DAYS = 3
_START = datetime(2026, 1, 5)


def phrases(count: int) -> list[Phrase]:
    """Return wishes in the order in which they are first had, until they make so many sentences."""
    found: dict[Phrase, None] = {}
    texts: set[str] = set()
    for phrase in _stream():
        if len(texts) >= count:
            break
        found[phrase] = None
        texts |= set(phrase.texts)
    return list(found)


def _stream() -> Iterator[Phrase]:
    home = 0
    while True:
        lived = household(SEED, home)
        for member, person in enumerate(lived.members):
            rng = np.random.default_rng([SEED, home, member])
            for day in range(_DAYS):
                for moment in goals_of_day(lived, person, _START + timedelta(days=day), rng):
                    goal = moment.goal
                    official, spoken = tuple(sorted(goal.official.items())), tuple(sorted(goal.values.items()))
                    yield Phrase(goal.wish, official, spoken, wordings(goal.wish, goal.values))
        home += 1
