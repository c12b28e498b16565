"""The words of a request, each with its place in the text, so that what is found in them can be shown as it was said.

A clitic that may end a name stands alone ("john's" is "john" and "'s"), numbers keep their inner marks ("7:30",
"22.5"), and signs that carry a meaning ("%", "°") are words of their own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from uptake.text.normalize import MAX_CHARS

__all__ = ["MAX_WORDS", "Word", "may_say", "reaches", "repeats", "words"]

MAX_WORDS = 128
"""Words beyond this are not read: time stays bounded."""

_WORD = re.compile(
    r"\d+(?:[.:,/]\d+)*|(?:[^\W\d_]|[\u0300-\u036f])+(?:['\u2019](?!s\b)[^\W\d_]+)*|['\u2019]s\b|[%°$€£+]",
    re.IGNORECASE,
)
_ASCII_WORD = re.compile(r"\d+(?:[.:,/]\d+)*|[a-z]+(?:'(?!s\b)[a-z]+)*|'s\b|[%$+]", re.ASCII)
"""The same for ASCII, lower-cased."""
_RUN = re.compile(r"\w+")


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


def may_say(text: str, wanted: frozenset[str]) -> bool:
    """Tell whether a text may say one of some words, so that a pattern which needs one is worth a search.

    Always true of text that is not ASCII, whose letters may be equal to others.

    >>> may_say("Um, turn it off", frozenset({"um"})), may_say("the drum", frozenset({"um"}))
    (True, False)

    Args:
        text: The text.
        wanted: Words of ASCII letters, lower-cased.
    """
    return not text.isascii() or not wanted.isdisjoint(_runs(text))


def repeats(text: str) -> bool:
    """Tell whether a text may say a word twice; always true of text that is not ASCII."""
    return not text.isascii() or len(set(_runs(text))) < len(_runs(text))


def reaches(phrases: Iterable[Sequence[str]]) -> Mapping[str, int]:
    """Return the number of words of the longest phrase that begins with each word.

    >>> reaches([("turn", "off"), ("turn", "it", "off"), ("stop",)])
    {'turn': 3, 'stop': 1}
    """
    found: dict[str, int] = {}
    for phrase in phrases:
        if phrase:
            found[phrase[0]] = max(len(phrase), found.get(phrase[0], 0))
    return found


@lru_cache(maxsize=256)
def _runs(text: str) -> tuple[str, ...]:
    return tuple(_RUN.findall(text.lower()))


def _plain(word: str) -> str:
    if word.isascii():
        return word.lower()
    return unicodedata.normalize("NFKC", word).casefold().replace("\u2019", "'")
