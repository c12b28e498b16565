"""Vocabulary of the simulated recogniser: common English words, ordered by frequency, and the words of its task."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import uptake.ml.encoder
from uptake.text.lexicon import STOP_WORDS

__all__ = ["COMMON", "common_words", "lexicon", "rank", "word_class"]

COMMON = 4_000
"""Words up to this rank are common; others are rare."""
_KEPT = 6_000
_SHORT = frozenset("am pm tv go up do he hi me no oh ok off out ten two one mr dr dj cd uk us".split())


@cache
def common_words() -> tuple[str, ...]:
    """Return whole words of the shipped WordPiece vocabulary, whose order is about that of frequency; at most 6,000.

    >>> common_words()[:3]
    ('a', 'i', 'the')
    """
    lines = (Path(uptake.ml.encoder.__file__).parent / "wordpiece.txt").read_text(encoding="utf-8").splitlines()
    words = (line for line in lines if line.isascii() and line.isalpha() and _sayable(line))
    return tuple(list(words)[:_KEPT])


@cache
def _ranks() -> dict[str, int]:
    return {word: at for at, word in enumerate(common_words())}


def rank(word: str) -> int:
    """Place of a word, from 0; that of the last one for a word that is not listed."""
    return _ranks().get(word, _KEPT)


def word_class(word: str) -> str:
    """Return the class of words that err alike: "function", "number", "common" or "rare".

    >>> [word_class(word) for word in ("the", "7:30", "kitchen", "barenaked")]
    ['function', 'number', 'common', 'rare']
    """
    if any(char.isdigit() for char in word):
        return "number"
    if word in STOP_WORDS:
        return "function"
    return "common" if rank(word) < COMMON else "rare"


def lexicon(task: Iterable[str]) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return (every word that may be heard, those of the task among them)."""
    own = frozenset(word for word in task if _sayable(word))
    return (*common_words(), *sorted(own - _ranks().keys())), own


def _sayable(word: str) -> bool:
    """Tell whether a recogniser would write it: a number, or a word of English letters, no single one or scrap."""
    if any(char.isdigit() for char in word):
        return True
    return word.isascii() and (len(word) > 2 or word in STOP_WORDS or word in _SHORT)
