"""A linear classifier over hashed n-grams, small enough to ship: weights in int8 with one scale a feature.

Source: hashing and n-grams as in Joulin et al. (arXiv:1607.01759); calibration: Guo et al. (arXiv:1706.04599).
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from numpy.typing import NDArray

from uptake.text.ngrams import EDGES, letter_grams, word_gram

__all__ = ["Head", "Rows", "Vocabulary", "sigmoid"]

Floats = npt.NDArray[np.float32]
_FIRST = np.zeros(1, dtype=np.int64)
_MOST_WORDS, _MOST_PAIRS = 4_096, 4_096
_UNKNOWN, _NEW = -1, -2


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """The n-grams a classifier knows, and how rare each is."""

    hashes: npt.NDArray[np.uint32]
    """(f,) hashes, ascending."""
    idf: Floats
    """(f,) weight by rarity."""
    _letters: dict[str, NDArray[np.int64]] = field(default_factory=dict, init=False, repr=False)
    """Rows of the letter n-grams of words that were read lately, counted on from the last row."""
    _pairs: dict[tuple[str, ...], int] = field(default_factory=dict, init=False, repr=False)
    """Row of words and pairs of words that were read lately; `_UNKNOWN` for one that has none."""

    def __len__(self) -> int:
        return len(self.hashes)

    def features(self, plain: Sequence[str]) -> tuple[npt.NDArray[np.int64], Floats]:
        """Return rows and values of the n-grams of some words; each channel has unit length."""
        size = len(self)
        of_words = np.array(self._words_of(plain), dtype=np.int64)
        rows, counts = _counted(np.concatenate([of_words, *map(self._letters_of, plain)]))
        words = int(rows.searchsorted(size))
        rows[words:] -= size
        values = (1.0 + np.log(counts)) * self.idf[rows]
        for channel in (slice(words), slice(words, None)):
            length = math.sqrt(values[channel] @ values[channel])
            values[channel] /= max(length, 1e-9)
        return rows, values.astype(np.float32)

    def _words_of(self, plain: Sequence[str]) -> list[int]:
        """Return the rows of words and of pairs of neighbours: requests share most of them."""
        known = self._pairs
        grams: list[tuple[str, ...]] = [*zip(plain), *pairwise((EDGES[0], *plain, EDGES[1]))]
        rows = [known.get(gram, _NEW) for gram in grams]
        if _NEW in rows:
            if len(known) + len(grams) > _MOST_PAIRS:
                known.clear()
            hashes = self.hashes.data
            for at, row in enumerate(rows):
                if row == _NEW:
                    rows[at] = known[grams[at]] = _row(hashes, word_gram(grams[at]))
        return [row for row in rows if row >= 0]

    def _letters_of(self, word: str) -> NDArray[np.int64]:
        """Return the rows of the letter n-grams of a word, counted on from the last: requests share most words."""
        rows = self._letters.get(word)
        if rows is None:
            if len(self._letters) >= _MOST_WORDS:
                self._letters.clear()
            rows = self._letters[word] = self._known(letter_grams([word])) + len(self)
        return rows

    def _known(self, grams: Sequence[int]) -> NDArray[np.int64]:
        """Return the rows of the n-grams that are known."""
        found = np.array(grams, dtype=np.uint32)
        at = self.hashes.searchsorted(found)
        known: NDArray[np.int64] = at[self.hashes.take(at, mode="clip") == found]
        return known


def _row(hashes: Sequence[int] | memoryview, gram: int) -> int:
    """Return the place of a hash among those, ascending; `_UNKNOWN` where it is none of them."""
    at = bisect_left(hashes, gram)
    return at if at < len(hashes) and hashes[at] == gram else _UNKNOWN


def _counted(rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return rows, each once and ascending, and how often each occurs."""
    ordered = np.sort(rows)
    begins = np.ones(len(ordered) + 1, dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=begins[1:-1])
    edges = begins.nonzero()[0] if len(ordered) else _FIRST
    return ordered[edges[:-1]], edges[1:] - edges[:-1]


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """Weights of one linear classifier over the n-grams and, if it was trained with one, a sentence vector."""

    weights: npt.NDArray[np.int8]
    """(f, labels)."""
    scales: Floats
    """(f,) what one step of the weights of a feature is worth."""
    bias: Floats
    """(labels,)."""
    dense: Floats
    """(dim, labels); dim is 0 without an encoder."""
    temperature: float = 1.0
    """Divides the scores, so that probabilities are calibrated."""

    @classmethod
    def pack(cls, weights: Floats, bias: Floats, dense: Floats, *, temperature: float = 1.0) -> Head:
        """Round (f, labels) float32 weights to int8, one scale a feature."""
        scales = np.maximum(np.abs(weights).max(axis=1, initial=0.0), 1e-9).astype(np.float32) / np.float32(127.0)
        packed = np.rint(weights / scales[:, None]).astype(np.int8)
        return cls(packed, scales, bias.astype(np.float32), dense.astype(np.float32), float(temperature))

    def scores(self, rows: npt.NDArray[np.int64], values: Floats, vector: Floats | None = None) -> Floats:
        """Return (labels,) logits."""
        total = (values * self.scales[rows]) @ self.weights[rows].astype(np.float32) + self.bias
        if vector is not None and len(self.dense):
            total = total + vector @ self.dense
        return total / np.float32(self.temperature)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Examples as a sparse matrix (CSR) and a dense one side by side."""

    indptr: NDArray[np.int64]
    """(n + 1,)."""
    indices: NDArray[np.int64]
    """(m,) feature of each value."""
    values: Floats
    """(m,)."""
    dense: Floats
    """(n, dim); dim may be 0."""
    width: int
    """Number of sparse features."""

    def __len__(self) -> int:
        return len(self.indptr) - 1


def sigmoid(scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Turn log-odds into probabilities."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(scores, -40.0, 40.0))), dtype=np.float64)
