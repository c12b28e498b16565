"""Perturb words with differential privacy: add noise to word vectors and take the nearest word, or draw at random.

Each word w is replaced by the word nearest to phi(w) + z, where z has the density exp(-epsilon |z|_S) in the
regularised Mahalanobis norm |z|_S = sqrt(z' S^-1 z), S = mix C + (1 - mix) I, and C is the covariance of the vectors
scaled to unit average variance. So P[M(w) = o] <= exp(epsilon d_S(w, w')) P[M(w') = o]: words close in meaning cannot
be distinguished, distant words can, to some degree. `RandomWords` is k-ary randomised response: a word is kept with
some probability, else replaced by any other; its bound holds for any two words, at any distance. For a sentence the
bounds of its words add.

Source: Kairouz, Bonawitz, Ramage, "Discrete Distribution Estimation under Local Privacy" (ICML 2016), for randomised
response; Xu, Aggarwal, Feyisetan, Teissier, "A Differentially Private Text Perturbation Method Using (a) Regularized
Mahalanobis Metric" (PrivateNLP 2020). Same: the sampler, which is exact: a direction drawn uniformly, a radius drawn
from Gamma(dims, 1 / epsilon). Differs: epsilon is per median distance of nearest words, so that 1 means the same for
every set of vectors; the root of S is computed once. Limit: it protects words, not their number, their order, or the
author; it is computed in floating point.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from uptake.errors import BadConfig

__all__ = ["RandomWords", "WordNoise"]

Floats = NDArray[np.float64]


class WordNoise:
    """Replacement of words by nearby ones, at random.

    Args:
        words: A public vocabulary.
        vectors: (n, dims) a vector for each word, from public data.
        epsilon: Bound per word and median distance of nearest words; above 0.
        mix: Share of the covariance in the metric, in [0, 1]; 0: the noise is the same in all directions.
        rng: Source of randomness; None: the system's entropy, as for any export.
    """

    def __init__(
        self,
        words: list[str],
        vectors: NDArray[np.floating],
        *,
        epsilon: float,
        mix: float = 0.2,
        rng: np.random.Generator | None = None,
    ) -> None:
        if not words or len(words) != len(vectors):
            raise BadConfig(f"a vocabulary needs a vector for each of its words, got {len(words)} and {len(vectors)}")
        _checked(epsilon)
        if not 0.0 <= mix <= 1.0:
            raise BadConfig(f"mix must be in [0, 1], got {mix}; with epsilon it says how much noise there is")
        self._words, self._at = words, {word: at for at, word in enumerate(words)}
        self._vectors = np.asarray(vectors, dtype=np.float64)
        dims = self._vectors.shape[1]
        spread = np.cov(self._vectors, rowvar=False).reshape(dims, dims) if len(words) > 1 else np.eye(dims)
        spread = spread / max(float(np.trace(spread)) / dims, 1e-12)
        metric = mix * spread + (1.0 - mix) * np.eye(dims)
        values, axes = np.linalg.eigh(metric)
        values = np.maximum(values, 1e-9)
        self._root, self._inverse = (axes * np.sqrt(values)) @ axes.T, (axes / values) @ axes.T
        self._half = (self._vectors**2).sum(axis=1) / 2.0
        self.unit = self._median_distance()
        """Median distance of a word to its nearest other word, in the metric: what epsilon is measured in."""
        self._rate = epsilon / self.unit
        self.epsilon = epsilon
        self._rng = rng if rng is not None else np.random.default_rng()

    def distance(self, left: str, right: str) -> float:
        """Distance of two words in units of the median distance: epsilon times it bounds what tells them apart."""
        gap = self._vectors[self._at[left]] - self._vectors[self._at[right]]
        return float(np.sqrt(gap @ self._inverse @ gap)) / self.unit

    def draw(self, word: str, times: int = 1) -> list[str]:
        """Replace a word of the vocabulary, independently each time."""
        dims = self._vectors.shape[1]
        direction = self._rng.standard_normal((times, dims))
        direction /= np.linalg.norm(direction, axis=1, keepdims=True)
        radius = self._rng.gamma(dims, 1.0 / self._rate, size=(times, 1))
        moved = self._vectors[self._at[word]] + (radius * direction) @ self._root
        return [self._words[at] for at in np.argmax(moved @ self._vectors.T - self._half, axis=1)]

    def __call__(self, text: str) -> str:
        """Replace each word of a text that the vocabulary has; others, such as tags, stay."""
        return self.all([text])[0]

    def all(self, texts: Sequence[str]) -> list[str]:
        """Replace the words of many texts, each by a draw of its own."""
        said = [text.split() for text in texts]
        often = Counter(word for text in said for word in text if word in self._at)
        drawn = {word: self.draw(word, times) for word, times in often.items()}
        return [" ".join(drawn[word].pop() if word in drawn else word for word in text) for text in said]

    def _median_distance(self) -> float:
        if len(self._words) == 1:
            return 1.0
        scaled = self._vectors @ np.linalg.cholesky(self._inverse)
        squares = (scaled**2).sum(axis=1)
        gaps = squares[:, None] + squares[None, :] - 2.0 * scaled @ scaled.T
        np.fill_diagonal(gaps, np.inf)
        return float(np.sqrt(max(float(np.median(gaps.min(axis=1))), 1e-12)))


class RandomWords:
    """Replacement of words by any other, with a fixed probability.

    Args:
        words: A public vocabulary, of at least two words.
        epsilon: Bound per word, for any two words; above 0.
        rng: Source of randomness; None: the system's entropy, as for any export.
    """

    def __init__(self, words: list[str], *, epsilon: float, rng: np.random.Generator | None = None) -> None:
        if len(words) < 2:
            raise BadConfig("a vocabulary needs two words at least, so that one can stand for the other")
        _checked(epsilon)
        self._words, self._at = words, {word: at for at, word in enumerate(words)}
        self.kept = 1.0 / (1.0 + (len(words) - 1) * float(np.exp(-epsilon)))
        """Chance that a word stays."""
        self._rng = rng if rng is not None else np.random.default_rng()

    def __call__(self, text: str) -> str:
        """Replace words of a text that the vocabulary has; others, such as tags, stay."""
        return " ".join(self._drawn(word) if word in self._at else word for word in text.split())

    def all(self, texts: Sequence[str]) -> list[str]:
        """Replace the words of many texts, each by a draw of its own."""
        return [self(text) for text in texts]

    def _drawn(self, word: str) -> str:
        if self._rng.random() < self.kept:
            return word
        other = int(self._rng.integers(len(self._words) - 1))
        return self._words[other + (other >= self._at[word])]


def _checked(epsilon: float) -> None:
    if not 0.0 < epsilon < np.inf:
        raise BadConfig(f"epsilon must be above 0 and finite, got {epsilon}; leave it out for no noise at all")
