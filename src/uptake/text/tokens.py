"""The words of a request, each with its place in the text, so that what is found in them can be shown as it was said.

A clitic that may end a name stands alone ("john's" is "john" and "'s"), numbers keep their inner marks ("7:30",
"22.5"), and signs that carry a meaning ("%", "°") are words of their own.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from uptake.text.normalize import MAX_CHARS

__all__ = ["MAX_WORDS", "Word", "words"]

MAX_WORDS = 128
"""Words beyond this are not read: time stays bounded."""

_WORD = re.compile(
    r"\d+(?:[.:,/]\d+)*|(?:[^\W\d_]|[\u0300-\u036f])+(?:['\u2019](?!s\b)[^\W\d_]+)*|['\u2019]s\b|[%°$€£+]",
    re.IGNORECASE,
)


class Word(NamedTuple):
    """One word and where it stands."""

    text: str
    """The word, lower-cased and composed (NFKC)."""
    start: int
    """Offset of its first character in the text."""
    end: int
    """Offset after its last character."""


@lru_cache(maxsize=4_096)
def words(text: str) -> tuple[Word, ...]:
    """Return the words of a text, in order; at most `MAX_WORDS`.

    >>> [word.text for word in words("Set John's lamp to 22.5%")]
    ['set', 'john', "'s", 'lamp', 'to', '22.5', '%']
    """
    found = []
    for match in _WORD.finditer(text, 0, min(len(text), MAX_CHARS)):
        found.append(Word(_plain(match.group()), match.start(), match.end()))
        if len(found) == MAX_WORDS:
            break
    return tuple(found)


def _plain(word: str) -> str:
    if word.isascii():
        return word.lower()
    return unicodedata.normalize("NFKC", word).casefold().replace("\u2019", "'")
