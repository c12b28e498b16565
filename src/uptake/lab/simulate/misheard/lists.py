"""Simulate the n-best list below its top hypothesis: the cheapest paths through confusion sets around the top.

For each word of the top there are words of similar sound, or nothing, and between words one more word may be inserted.
Each has a cost, which is lower where the recogniser was less certain. The list holds the cheapest combinations, as a
decoder reads it off its lattice. The reference text is used only to mark its missing words as less certain. No entry is
made from it, so the reference is in the list only if the sounds lead there.

The costs are fitted on real calls: see `uptake.lab.train.simulator_lists`.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from copy import copy
from functools import lru_cache
from heapq import heappop, heappush
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.lab.simulate.misheard.confusions import Choice
from uptake.lab.simulate.vocabulary import word_class

__all__ = ["COSTS", "SIZE", "Lists"]

SIZE = 5
"""Length of the list."""

COSTS = ("unsure", "step", "lost_function", "lost", "added", "flat", "follows")
"""Names of what is fitted. Mean costs, where the first other word for one that was heard right costs 1: of the first
other word for one that was misheard, of each further one, of losing a function word, of losing another, of one word
more. The power of the choice of words: above 1 the likeliest are taken more often. And the share of added words that
the task has after the word before; the others are words that recognisers add anywhere."""

_MOST = 12
_KEPT = 30_000
_OTHERS = 3

_Slot = list[tuple[float, str]]


class Lists:
    """Sampler of n-best lists.

    Args:
        choice: Candidate replacements of words.
        weights: Fitted weights of the candidates.
        added: Words that recognisers insert, with their cumulative shares.
        costs: Fitted costs, by the names of `COSTS`.
    """

    def __init__(
        self,
        choice: Choice,
        weights: Mapping[str, Any],
        added: tuple[Sequence[str], Sequence[float]],
        costs: Mapping[str, float],
    ) -> None:
        self._choice, self._weights, self._added = choice, weights, added
        self._costs = {name: float(costs[name]) for name in COSTS}
        self._likeliest = lru_cache(maxsize=_KEPT)(self._likeliest_of)
        self._shares = lru_cache(maxsize=_KEPT)(self._shares_of)

    def with_costs(self, costs: Mapping[str, float]) -> Lists:
        """Return the same with other costs; what is known of words is shared."""
        found = copy(self)
        found._costs = {name: float(costs[name]) for name in COSTS}
        found._shares = lru_cache(maxsize=_KEPT)(found._shares_of)
        return found

    def below(self, top: str, said: str, rng: np.random.Generator) -> list[str]:
        """Return up to four texts below the top, the likeliest first; none below nothing.

        Args:
            top: The top hypothesis.
            said: What was said; only tells which words of the top are in doubt.
            rng: Chance of this one list.
        """
        words = top.split()
        if not words:
            return []
        slots = self._slots(words, frozenset(said.split()), rng)
        found: list[str] = []
        for text in _cheapest(slots):
            if text and text != top and text not in found:
                found.append(text)
                if len(found) == SIZE - 1:
                    break
        return found

    def _slots(self, words: Sequence[str], said: frozenset[str], rng: np.random.Generator) -> list[_Slot]:
        """Draw what may stand at each place: words of the top in turn with the gaps before them."""
        costs, chance = self._costs, rng.standard_exponential((len(words), _OTHERS + 3)).tolist()
        draws = rng.random((len(words), _OTHERS + 2)).tolist()
        slots: list[_Slot] = []
        before = ""
        for at, word in enumerate(words):
            first, added, *steps = chance[at]
            share, which, *others = draws[at]
            cost = first * (1.0 if word in said else costs["unsure"])
            more = self._one_more(before, share, which)
            slots.append([(0.0, ""), (added * costs["added"], more)] if more else [(0.0, "")])
            after = words[at + 1] if at + 1 < len(words) else ""
            lost = "lost_function" if word_class(word) == "function" else "lost"
            found = [(cost + steps.pop() * costs[lost], "")]
            for draw in others:
                found.append((cost, self._other(word, before, after, draw)))
                cost += (steps.pop() if steps else 1.0) * costs["step"]
            slots.append([(0.0, word), *sorted(found)])
            before = word
        return slots

    def _other(self, word: str, before: str, after: str, draw: float) -> str:
        words, shares = self._shares(word, before, after)
        return words[min(bisect_left(shares, draw), len(words) - 1)]

    def _likeliest_of(self, word: str, before: str, after: str) -> tuple[tuple[str, ...], NDArray[np.float32]]:
        words, shares = self._choice.likeliest(word, before, after, self._weights, most=_MOST)
        return tuple(words), np.diff(shares, prepend=0.0).astype(np.float32)

    def _shares_of(self, word: str, before: str, after: str) -> tuple[tuple[str, ...], array[float]]:
        words, shares = self._likeliest(word, before, after)
        power = shares ** self._costs["flat"]
        return words, array("d", np.cumsum(power / power.sum()))

    def _one_more(self, before: str, share: float, which: float) -> str:
        following = self._choice.following(before)
        if share < self._costs["follows"] and following:
            return following[int(which * len(following))]
        words, shares = self._added
        return words[min(bisect_left(shares, which), len(words) - 1)] if words else ""


def _cheapest(slots: Sequence[_Slot]) -> Any:
    """Yield texts by rising cost: best first over the number of the alternative taken at each place."""
    start = (0,) * len(slots)
    queue: list[tuple[float, tuple[int, ...], int]] = [(0.0, start, 0)]
    while queue:
        cost, taken, last = heappop(queue)
        yield " ".join(word for word in (slot[at][1] for slot, at in zip(slots, taken, strict=True)) if word)
        for place in range(last, len(slots)):
            following = taken[place] + 1
            if following < len(slots[place]):
                rise = slots[place][following][0] - slots[place][taken[place]][0]
                key = (*taken[:place], following, *taken[place + 1 :])
                heappush(queue, (cost + rise, key, place))
