"""Model of misheard words: by sound, word frequency, task and neighbouring words."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.lab.simulate.misheard.alignment import Costs, distances, pack
from uptake.lab.simulate.misheard.sounds import sounds
from uptake.lab.simulate.vocabulary import lexicon, rank

__all__ = ["WEIGHTS", "Choice", "bigrams", "softmax"]

WEIGHTS = ("sound", "each_sound", "alike", "stem", "frequency", "task", "beside")
"""Names of what decides, in the order of the columns of `Choice.features`."""

_KEPT = 5_000  # words whose likeness to every other is remembered: 25 kB each
_SOUNDS = 200  # words whose likeness in sound is remembered by its parts: 180 kB each
_NEAR = 2.0  # costs much below this are near

Floats = NDArray[np.float32]


def bigrams(texts: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return the words that follow each word; "" stands for the beginning and the end."""
    found: dict[str, set[str]] = {}
    for text in texts:
        words = ["", *text.split(), ""]
        for word, following in pairwise(words):
            found.setdefault(word, set()).add(following)
    return {word: frozenset(following) for word, following in found.items()}


class Choice:
    """Candidate replacements of a misheard word, with their weights.

    Args:
        task: Words of the task.
        follows: Words that follow each word in the task, as `bigrams` gives them.
        costs: Cost of one sound unit for another.
    """

    def __init__(self, task: Iterable[str], follows: Mapping[str, frozenset[str]], costs: Costs) -> None:
        self.words, own = lexicon(task)
        self.at = {word: at for at, word in enumerate(self.words)}
        self._table, self._lengths = pack(self.words)
        self._costs = costs
        self._fixed = np.array(
            [[-np.log(rank(word) + 50.0), float(word in own)] for word in self.words], dtype=np.float32
        )
        self._after = {word: self._places(following) for word, following in follows.items()}
        before: dict[str, set[str]] = {}
        for word, following in follows.items():
            for other in following:
                before.setdefault(other, set()).add(word)
        self._before = {word: self._places(others) for word, others in before.items()}
        self._sorted = sorted((word, at) for at, word in enumerate(self.words))
        self._sound: dict[str, Floats] = {}
        self._following: dict[str, tuple[str, ...]] = {}
        self._scores: dict[str, Floats] = {}

    def features(self, said: str, previous: str, following: str) -> Floats:
        """Compute features of each word (n_words, 7) where one word was said between two others."""
        beside = np.zeros((len(self.words), 1), dtype=np.float32)
        for places in self._neighbours(previous, following):
            beside[places] += 1.0
        return np.hstack([self._heard(said), self._fixed, beside])

    def likeliest(
        self, said: str, previous: str, following: str, weights: Mapping[str, Any], *, most: int
    ) -> tuple[list[str], list[float]]:
        """Return (words, shares added up) of what one word is heard as, the likeliest first."""
        scores = self._scores.get(said)
        if scores is None:
            if len(self._scores) >= _KEPT:
                self._scores.clear()
            each = np.array([weights[name] for name in WEIGHTS], dtype=np.float32)
            scores = self._scores[said] = self._heard(said) @ each[:4] + self._fixed @ each[4:6]
        scores = scores.astype(np.float64)
        for places in self._neighbours(previous, following):
            scores[places] += weights["beside"]
        if said in self.at:
            scores[self.at[said]] = -np.inf
        best = np.argpartition(-scores, most)[:most]
        best = best[np.lexsort((best, -scores[best]))]
        shares = np.cumsum(np.exp(scores[best] - scores[best[0]]))
        return [self.words[at] for at in best], list(shares / shares[-1])

    def following(self, word: str) -> tuple[str, ...]:
        """List the words that the task has after a word, in alphabetical order; "" stands for the beginning."""
        found = self._following.get(word)
        if found is None:
            found = self._following[word] = tuple(sorted(self.words[at] for at in self._after.get(word, _NONE)))
        return found

    def _heard(self, said: str) -> Floats:
        sound = self._sound.get(said)
        if sound is None:
            if len(self._sound) >= _SOUNDS:
                self._sound.clear()
            units = sounds(said)
            least = sum(float(self._costs[unit, unit]) for unit in units)  # of hearing it right
            cost = np.maximum(distances(units, self._table, self._lengths, self._costs) - least, 0.0)
            columns = [-cost, -cost / max(len(units), 1), np.exp(-cost / _NEAR), self._stems(said)]
            sound = self._sound[said] = np.column_stack(columns).astype(np.float32)
        return sound

    def _stems(self, said: str) -> NDArray[np.float64]:
        """Return 1 for words that begin with the whole of what was said, or are its beginning: "alarm" and "alarms"."""
        found = np.zeros(len(self.words))
        for length in range(max(3, len(said) - 3), len(said)):
            found[self.at.get(said[:length], 0)] = 1.0
        low, high = bisect_left(self._sorted, (said,)), bisect_left(self._sorted, (said + "\uffff",))
        for word, at in self._sorted[low:high]:
            if len(word) <= len(said) + 3 and len(said) >= 3:
                found[at] = 1.0
        found[0] = 0.0
        return found

    def _neighbours(self, previous: str, following: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        return self._after.get(previous, _NONE), self._before.get(following, _NONE)

    def _places(self, words: Iterable[str]) -> NDArray[np.int64]:
        return np.array(sorted(self.at[word] for word in words if word in self.at), dtype=np.int64)


_NONE = np.zeros(0, dtype=np.int64)


def softmax(scores: NDArray[np.float64], *, hide: int | None) -> NDArray[np.float64]:
    """Return chances that add up to 1; none for the hidden place."""
    if hide is not None:
        scores = scores.copy()
        scores[hide] = -np.inf
    chance = np.exp(scores - scores.max())
    found: NDArray[np.float64] = chance / chance.sum()
    return found
