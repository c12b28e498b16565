"""Plant latent goals: after one goal many people have another, and some ask for it at once.

The pairs are drawn from the seed for the whole town; the people concerned, and how often they remember the second goal,
for each person. All figures here are assumed; none is taken from, or given to, the learner of pairs
(`uptake.proactive.latent_goals`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache

import numpy as np

from uptake.lab.simulate.households import Household
from uptake.lab.simulate.people import Moment, can_have, goal

__all__ = ["follow_ups", "planted_pairs"]

_FIRST = ("weather_now", "tv_on", "coffee", "play_artist", "lock", "time")
_SECOND = ("timer", "list_get", "volume_set", "alarm_get", "vacuum", "units")
_PAIRS = 4
_NEEDED = 0.8  # P(second wish after the first) of whom a pair concerns
_MINDFUL = 0.3  # share of them who nearly always ask for it by themselves
_ASKED = ((2.0, 6.0), (9.0, 1.0))  # P(they ask at once), Beta, of those who forget it and of those who do not
_LEAST_S, _PAUSE_S = 8.0, 10.0


@lru_cache(maxsize=64)
def planted_pairs(seed: int) -> dict[str, str]:
    """Return the pairs of a town: first wish -> second.

    >>> planted_pairs(1) == planted_pairs(1), len(planted_pairs(1))
    (True, 4)
    """
    rng = np.random.default_rng([seed, 13])
    first, second = rng.permutation(_FIRST)[:_PAIRS], rng.permutation(_SECOND)[:_PAIRS]
    return {str(one): str(other) for one, other in zip(first, second, strict=True)}


def follow_ups(moments: Sequence[Moment], home: Household, number: int, member: int, *, share: float) -> list[Moment]:
    """Draw the second wishes that a person asks for right after the first ones of a day.

    Args:
        moments: What they ask for that day.
        home: Where they live.
        number: Its number.
        member: Number of the person in it.
        share: Share of people, in [0, 1], whom each pair concerns.
    """
    person = home.members[member]
    seed = person.number[0]
    pairs = planted_pairs(seed) if share > 0.0 else {}
    found = []
    for moment in moments:
        second = pairs.get(moment.goal.wish)
        if second is None or not can_have(second, home.layout):
            continue
        own = np.random.default_rng([seed, 14, number, member, list(pairs).index(moment.goal.wish)])
        concerns, mindful = own.random(2) < (share, _MINDFUL)
        asks = own.beta(*_ASKED[int(mindful)])
        rng = np.random.default_rng([seed, 15, number, member, int(moment.at.timestamp())])
        if concerns and rng.random() < _NEEDED * asks:
            at = moment.at + timedelta(seconds=_LEAST_S + float(rng.exponential(_PAUSE_S)))
            found.append(Moment(at=at, goal=goal(second, home.layout, person, rng), listener=moment.listener))
    return found
