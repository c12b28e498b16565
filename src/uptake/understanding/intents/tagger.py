"""Slot tagger: a linear chain told the intent, with what each word says computed once for all intents and requests.

A word says the same of itself and of its neighbours wherever it stands, so the sum of those weights is kept by word.
What is left of a request are its pairs of words, its known phrases and its intents. The features are those that the
learner sees (`uptake.understanding.intents.features`).

Source: Okazaki, CRFsuite, 2007; see `uptake.ml.chain`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from uptake.ml.chain import Chain
from uptake.understanding.intents.features import (
    EDGE,
    REACH,
    intent_feature,
    known_fillers,
    pair_features,
    word_features,
)

__all__ = ["Tagger"]

_WIDTH = 2 * REACH + 1
_MOST_WORDS, _MOST_TOLD = 2_048, 16_384

Floats = NDArray[np.float64]


class Tagger:
    """Tagger of words, for several intents at once.

    Args:
        model: A file of CRFsuite.
        fillers: Slots that each phrase has filled in the examples; empty where the tagger does not look.

    Raises:
        ArtifactRefused: The file is no model of CRFsuite.
    """

    def __init__(self, model: bytes, fillers: Mapping[str, tuple[str, ...]]) -> None:
        self.chain, self._fillers = Chain.from_bytes(model), fillers
        self._said: dict[str, Floats] = {}
        self._told: dict[tuple[str, str], Floats] = {}

    def tags(self, words: Sequence[str], intents: Sequence[str]) -> list[list[str]]:
        """Return the best tags of at least one word, for each intent."""
        return self.chain.best(self._scores(words, intents))

    def marginals(self, words: Sequence[str], intents: Sequence[str]) -> list[dict[str, Floats]]:
        """Return for each intent the tags, each with the probability, (words,), that a word has it."""
        found = (self.chain.marginals(one) for one in self._scores(words, intents))
        return [dict(zip(self.chain.tags, one.T, strict=True)) for one in found]

    def _scores(self, words: Sequence[str], intents: Sequence[str]) -> Floats:
        """Return (intents, words, tags)."""
        size, padded = len(words), [EDGE] * REACH + [*words] + [EDGE] * REACH
        said = self._of_words(padded)
        reached = np.zeros((size + 4 * REACH, len(self.chain.tags)))
        for at, word in enumerate(padded):
            reached[at : at + _WIDTH] += said[word]
        base = reached[2 * REACH : size + 2 * REACH] + self._of_pairs(words)
        told = self._of_intents([(intent, word) for intent in intents for word in words])
        return base + np.array(told).reshape(len(intents), size, -1)

    def _of_pairs(self, words: Sequence[str]) -> Floats:
        """Return (words, tags): what pairs of words, the places of words and known phrases say."""
        own = pair_features(words)
        if self._fillers:
            known = known_fillers(words, lambda phrase: self._fillers.get(phrase, ()))
            own = [[*some, *more] for some, more in zip(own, known, strict=True)]
        return self._sums(own)

    def _of_words(self, words: Sequence[str]) -> dict[str, Floats]:
        """Return for each word (2 * REACH + 1, tags): what it says of the words before it, itself, and those after."""
        known = self._said
        new = [word for word in dict.fromkeys(words) if word not in known]
        if new:
            if len(known) + len(new) > _MOST_WORDS:
                known, new = {}, list(dict.fromkeys(words))
                self._said = known
            steps = range(REACH, -REACH - 1, -1)
            sums = self._sums([word_features(word, step) for word in new for step in steps])
            known.update(zip(new, sums.reshape(len(new), _WIDTH, -1), strict=True))
        return known

    def _of_intents(self, pairs: Sequence[tuple[str, str]]) -> list[Floats]:
        """Return (tags,) what an intent says of a word, for each pair of them."""
        known = self._told
        new = [pair for pair in dict.fromkeys(pairs) if pair not in known]
        if new:
            if len(known) + len(new) > _MOST_TOLD:
                known, new = {}, list(dict.fromkeys(pairs))
                self._told = known
            sums = self._sums([[intent_feature(intent), intent_feature(intent, word)] for intent, word in new])
            known.update(zip(new, sums, strict=True))
        return [known[pair] for pair in pairs]

    def _sums(self, features: Sequence[Sequence[str]]) -> Floats:
        """Return (n, tags) summed weights of n lists of features."""
        names = [name for some in features for name in some]
        places = [at for at, some in enumerate(features) for _ in some]
        return self.chain.scores(names, places, len(features))
