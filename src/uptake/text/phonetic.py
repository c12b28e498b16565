"""What a request sounds like, so that "bear naked" finds "barenaked".

Source: L. Philips, "Hanging on the Metaphone", Computer Language 7(12), 1990, as implemented by jellyfish.
Limit: Metaphone knows English spelling only; other scripts have no key and compare as themselves.
"""

from __future__ import annotations

from functools import lru_cache

import jellyfish

from uptake.text.distance import edit_similarity

__all__ = ["sound_key", "sound_similarity"]


@lru_cache(maxsize=65_536)
def sound_key(text: str) -> str:
    """Metaphone of the words, joined: word boundaries cannot be heard.

    Expects text from `uptake.text.normalize`. Words with other letters than a-z stand for themselves.

    >>> sound_key("play bare naked ladies") == sound_key("play barenaked ladies")
    True
    """
    return "".join(_word_key(word) for word in text.split())


@lru_cache(maxsize=65_536)
def _word_key(word: str) -> str:
    letters = word.replace("'", "")
    if not letters.isascii() or not letters.isalpha():
        return word
    return jellyfish.metaphone(letters).replace(" ", "") or letters


def sound_similarity(left: str, right: str) -> float:
    """Edit similarity, in [0, 1], of the two sound keys."""
    return edit_similarity(sound_key(left), sound_key(right))
