"""What was heard, ready to be looked up: the request and the rest of the recogniser's list, each text once.

A word that mixes letters of two scripts which look alike ("paypal" with one Cyrillic letter) is spelled in Latin before
anything is compared. Texts that are too long to have been one request are dropped, so that time stays bounded.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from uptake.artifacts.trigrams import MAX_CHARS
from uptake.text.normalize import normalize
from uptake.types import Request

__all__ = ["MAX_HEARD", "Heard", "heard", "spelled"]

MAX_HEARD = 5
"""Texts of the recogniser's list that are looked at."""

_LOOKS_LIKE = str.maketrans(
    "абвгеёзиійкмнопрстухѕԁһԛԝⅼⅰαβγεικνορτυχɡⲟօѵ",
    "abbreezuijkmhonpctyxsdhqwliabyeikvoptuxgoov",
)


class Heard(NamedTuple):
    """One text that may have been said."""

    text: str
    """Normalised, with confusable letters resolved."""
    rank: int
    """Its place in the recogniser's list; 0 for the request."""

    @property
    def weight(self) -> float:
        """What its vote is worth, in (0, 1]."""
        return 1.0 / (1.0 + self.rank)


def heard(request: Request) -> list[Heard]:
    """The request, then the other texts of the recogniser's list, at most `MAX_HEARD` in all."""
    found: dict[str, int] = {}
    for rank, text in enumerate([request.text, *(one.text for one in request.alternatives[:MAX_HEARD])]):
        if len(text) <= 2 * MAX_CHARS:
            plain = spelled(normalize(text))
            if plain and len(plain) <= MAX_CHARS:
                found.setdefault(plain, rank if not rank else len(found))
    return [Heard(text, rank) for text, rank in list(found.items())[:MAX_HEARD]]


@lru_cache(maxsize=4_096)
def spelled(text: str) -> str:
    """A normalised text with the words that mix look-alike letters spelled in Latin.

    >>> spelled("open p\u0430ypal"), spelled("\u043f\u0440\u0438\u0432\u0435\u0442")
    ('open paypal', 'привет')
    """
    if text.isascii():
        return text
    return " ".join(_latin(word) for word in text.split(" "))


def _latin(word: str) -> str:
    mixed = any("a" <= mark <= "z" for mark in word) and not word.isascii()
    return word.translate(_LOOKS_LIKE) if mixed else word
