"""Hashed n-grams of a request: words and pairs of words, and the letters inside each word.

Letters survive what a recogniser or a typist does to a word; words say more where they are right. Both channels
are kept apart, so that each can have unit length.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import xxhash

__all__ = ["EDGES", "LONGEST", "SHORTEST", "letter_grams", "word_gram", "word_grams"]

SHORTEST, LONGEST = 2, 4
"""Lengths of letter n-grams, word boundaries included."""
EDGES = ("^", "$")
"""Stand for the words before and after a request."""
_MAX_WORD = 40


def word_grams(words: Sequence[str]) -> list[int]:
    """Return hashes (32 bits) of the words and of the pairs of neighbours, the ends of the request included."""
    pairs = pairwise((EDGES[0], *words, EDGES[1]))
    return [*(word_gram((word,)) for word in words), *map(word_gram, pairs)]


def word_gram(words: Sequence[str]) -> int:
    """Return the hash (32 bits) of a word, or of a pair of neighbours."""
    return _hash(f"w {' '.join(map(_shape, words))}")


def letter_grams(words: Sequence[str]) -> list[int]:
    """Return hashes (32 bits) of the letter n-grams of each word."""
    return [gram for word in words for gram in _letters(_shape(word))]


@lru_cache(maxsize=1_024)
def _letters(word: str) -> tuple[int, ...]:
    bounded = f" {word[:_MAX_WORD]} "
    return tuple(
        _hash(f"c{bounded[at : at + size]}")
        for size in range(SHORTEST, LONGEST + 1)
        for at in range(max(1, len(bounded) - size + 1))
    )


def _shape(word: str) -> str:
    """Replace each digit by one sign, so that all numbers look alike."""
    return "".join("0" if mark.isdigit() else mark for mark in word) if not word.isalpha() else word


def _hash(gram: str) -> int:
    return xxhash.xxh32_intdigest(gram.encode())
