"""Similarities of two requests, by their letters and words; all lie in [0, 1]."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

__all__ = ["edit_similarities", "edit_similarity", "jaccard", "word_similarity"]


def edit_similarity(left: str, right: str) -> float:
    """Return 1 minus the Levenshtein distance in characters, divided by the longer length; 0 for two empty texts.

    >>> round(edit_similarity("play harry porter", "play harry potter"), 3)
    0.941
    """
    return Levenshtein.normalized_similarity(left, right) if left or right else 0.0


def edit_similarities(left: Sequence[str], right: Sequence[str]) -> NDArray[np.float32]:
    """Return (len(left), len(right)) float32: the edit similarity of every text with every other."""
    from rapidfuzz.process import cdist

    return np.asarray(cdist(left, right, scorer=Levenshtein.normalized_similarity, dtype=np.float32, workers=1))


def word_similarity(left: str, right: str) -> float:
    """Return 1 minus the Levenshtein distance in words, divided by the larger number of words."""
    return Levenshtein.normalized_similarity(left.split(), right.split()) if left or right else 0.0


def jaccard(left: Collection[str], right: Collection[str]) -> float:
    """Return shared members over all members of two collections; 0 for two empty ones."""
    first, second = set(left), set(right)
    return len(first & second) / len(first | second) if first or second else 0.0
