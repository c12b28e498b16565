"""Slot tagger: a linear chain that is given the intent; weights per word are cached for all intents and requests.

The features of a word and its direct neighbours are the same wherever it occurs, so the sum of their weights is cached
by word. Pairs of words, known phrases and intents remain to be computed per request. The features are those of training
(`uptake.understanding.intents.features`).

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
_MOST_WORDS, _MOST_TOLD, _MOST_GIVEN = 1_024, 1_024, 512
_NEW = -1

Floats = NDArray[np.float64]


class Tagger:
    """Slot tagger that tags words for several intents at once.

    Args:
        model: A file of CRFsuite.
        fillers: Slots that each phrase has filled in the training set; empty if the tagger has no such feature.

    Raises:
        ArtifactRefused: The file is not a model of CRFsuite.
    """

    def __init__(self, model: bytes, fillers: Mapping[str, tuple[str, ...]]) -> None:
        self.chain, self._fillers = Chain.from_bytes(model), fillers
        self._said: dict[str, Floats] = {}
        self._told: dict[str, Floats] = {}
        self._with_word: dict[str, dict[str, int | None]] = {}

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
        said, told = self._of_words(padded), self._of_intents(intents)
        reached = np.zeros((size + 4 * REACH, len(self.chain.tags)))
        for at, word in enumerate(padded):
            around = reached[at : at + _WIDTH]
            np.add(around, said[word], out=around)
        sums = self._of_request(words, intents).reshape(-1, size, len(self.chain.tags))
        base = reached[2 * REACH : size + 2 * REACH] + sums[0]
        return np.asarray(base + (np.array([told[intent] for intent in intents])[:, None] + sums[1:]))

    def _of_words(self, words: Sequence[str]) -> dict[str, Floats]:
        """Return what each word says of those around it, from the last to the first."""
        said, new = _missing(self._said, words, _MOST_WORDS)
        if new:
            around = [word_features(word, step) for word in new for step in range(REACH, -REACH - 1, -1)]
            sums = self._sums(around).reshape(len(new), _WIDTH, -1)
            said.update(zip(new, _apart(sums), strict=True))
            self._said = said
        return said

    def _of_intents(self, intents: Sequence[str]) -> dict[str, Floats]:
        """Return what each intent says of every word."""
        told, new = _missing(self._told, intents, _MOST_TOLD)
        if new:
            sums = self._sums([[intent_feature(intent)] for intent in new])
            told.update(zip(new, _apart(sums), strict=True))
            self._told = told
        return told

    def _of_request(self, words: Sequence[str], intents: Sequence[str]) -> Floats:
        """Return what words together say of each, then what each says given each intent: (n, tags)."""
        numbered, total = self.chain.rows.get, (1 + len(intents)) * len(words)
        cells = [
            row * total + place
            for place, features in enumerate(self._own(words))
            for name in features
            if (row := numbered(name)) is not None
        ]
        place = len(words)
        for intent in intents:
            told = self._given(intent)
            for word in words:
                row = told.get(word, _NEW)
                if row == _NEW:
                    row = told[word] = numbered(intent_feature(intent, word))
                if row is not None:
                    cells.append(row * total + place)
                place += 1
        return self.chain.summed(cells, total)

    def _given(self, intent: str) -> dict[str, int | None]:
        """Return the number of the feature of an intent with each word read lately; None without."""
        told = self._with_word.setdefault(intent, {})
        if len(told) > _MOST_GIVEN:
            told.clear()
        return told

    def _own(self, words: Sequence[str]) -> list[list[str]]:
        """Return the features of each word that depend on more than a word: pairs, places and known phrases."""
        own = pair_features(words)
        if self._fillers:
            known = known_fillers(words, lambda phrase: self._fillers.get(phrase, ()))
            own = [[*some, *more] for some, more in zip(own, known, strict=True)]
        return own

    def _sums(self, features: Sequence[Sequence[str]]) -> Floats:
        """Return (n, tags) summed weights of n lists of features."""
        names = [name for some in features for name in some]
        places = [at for at, some in enumerate(features) for _ in some]
        return self.chain.scores(names, places, len(features))


def _apart(sums: Floats) -> list[Floats]:
    """Return the rows of an array, each on its own: a view would keep all of it."""
    return [row.copy() for row in sums]


def _missing(known: dict[str, Floats], wanted: Sequence[str], most: int) -> tuple[dict[str, Floats], list[str]]:
    """Return what is known, or nothing where it would be too much, and what of the wanted is not known."""
    new = list(dict.fromkeys(one for one in wanted if one not in known))
    return (known, new) if len(known) + len(new) <= most else ({}, list(dict.fromkeys(wanted)))
