"""Hashed n-grams of a request: words and pairs of words, and the letters inside each word.

Letters survive what a recogniser or a typist does to a word; words say more where they are right. Both channels
are kept apart, so that each can have unit length.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import xxhash

__all__ = ["LONGEST", "SHORTEST", "letter_grams", "word_grams"]

SHORTEST, LONGEST = 2, 4
"""Lengths of letter n-grams, word boundaries included."""
_MAX_WORD = 40


def word_grams(words: Sequence[str]) -> list[int]:
    """Return hashes (32 bits) of the words and of the pairs of neighbours, the ends of the request included."""
    shapes = [_shape(word) for word in words]
    bounded = ["^", *shapes, "$"]
    return [_hash(f"w {word}") for word in shapes] + [_hash(f"w {left} {right}") for left, right in pairwise(bounded)]


def letter_grams(words: Sequence[str]) -> list[int]:
    """Return hashes (32 bits) of the letter n-grams of each word."""
    return [gram for word in words for gram in _letters(_shape(word))]


@lru_cache(maxsize=4_096)
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
