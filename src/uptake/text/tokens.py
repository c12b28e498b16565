"""The words of a request, each with its place in the text, so that what is found in them can be shown as it was said.

A clitic that may end a name stands alone ("john's" is "john" and "'s"), numbers keep their inner marks ("7:30",
"22.5"), and signs that carry a meaning ("%", "°") are words of their own.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from uptake.text.normalize import MAX_CHARS

__all__ = ["MAX_WORDS", "Word", "words"]

MAX_WORDS = 128
"""Words beyond this are not read: time stays bounded."""

_WORD = re.compile(
    r"\d+(?:[.:,/]\d+)*|(?:[^\W\d_]|[\u0300-\u036f])+(?:['\u2019](?!s\b)[^\W\d_]+)*|['\u2019]s\b|[%°$€£+]",
    re.IGNORECASE,
)
_ASCII_WORD = re.compile(r"\d+(?:[.:,/]\d+)*|[a-z]+(?:'(?!s\b)[a-z]+)*|'s\b|[%$+]", re.ASCII)
"""The same for ASCII, lower-cased."""


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
    text = text[:MAX_CHARS]
    if text.isascii():
        found = (Word(match[0], *match.span()) for match in _ASCII_WORD.finditer(text.lower()))
    else:
        found = (Word(_plain(match[0]), *match.span()) for match in _WORD.finditer(text))
    return tuple(islice(found, MAX_WORDS))


def _plain(word: str) -> str:
    if word.isascii():
        return word.lower()
    return unicodedata.normalize("NFKC", word).casefold().replace("\u2019", "'")
