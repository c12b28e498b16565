"""Sound keys of requests, so that "bear naked" finds "barenaked".

Source: L. Philips, "Hanging on the Metaphone", Computer Language 7(12), 1990, as implemented by jellyfish.
Limit: Metaphone knows English spelling only; other scripts have no key and compare as themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import jellyfish
from rapidfuzz.distance import OSA

from uptake.text.distance import edit_similarity

__all__ = ["heard_similarity", "sound_key", "sound_keys", "sound_similarity"]


@lru_cache(maxsize=4_096)
def sound_key(text: str) -> str:
    """Return the Metaphone of the words, joined: word boundaries cannot be heard.

    Expects text from `uptake.text.normalize`. Words with other letters than a-z stand for themselves.

    >>> sound_key("play bare naked ladies") == sound_key("play barenaked ladies")
    True
    """
    return "".join(_word_key(word) for word in text.split())


class _Keys(dict[str, str]):
    """Keys of words, each worked out when it is first asked for."""

    def __missing__(self, word: str) -> str:
        self[word] = key = _word_key(word)
        return key


def sound_keys(texts: Iterable[str]) -> list[str]:
    """`sound_key` of many texts, each word worked out once."""
    key_of = _Keys().__getitem__
    return ["".join(map(key_of, text.split())) for text in texts]


@lru_cache(maxsize=4_096)
def _word_key(word: str) -> str:
    letters = word.replace("'", "")
    if not letters.isascii() or not letters.isalpha():
        return word
    return jellyfish.metaphone(letters).replace(" ", "") or letters


@lru_cache(maxsize=8_192)
def heard_similarity(left: str, right: str) -> float:
    """Return how easily one is heard for the other, in [0, 1]: half by sounds, half by letters, swaps count once.

    >>> heard_similarity("bedroom lamb", "bedroom lamp") > 0.8 > heard_similarity("bedroom lamb", "garage door")
    True
    """
    sounds = OSA.normalized_similarity(sound_key(left), sound_key(right))
    return 0.5 * (sounds + OSA.normalized_similarity(left.replace(" ", ""), right.replace(" ", "")))


def sound_similarity(left: str, right: str) -> float:
    """Edit similarity, in [0, 1], of the two sound keys."""
    return edit_similarity(sound_key(left), sound_key(right))
