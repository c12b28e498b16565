"""Rows of patterns that are tried in order; those that a text cannot match are passed over unasked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

from uptake.text.patterns import needs

__all__ = ["Meant", "Rewordings", "Rows"]

Meant = str | Callable[[re.Match[str]], str]
"""What is said instead: a template of `re`, or a function of the match."""
_MOST_PIECES = 8  # looking for more pieces takes as long as the pattern itself
_T = TypeVar("_T")


class Rows(Generic[_T]):
    """Patterns in order, with what belongs to each.

    A pattern that does not match takes a microsecond; to see that a text lacks a word that it requires, a tenth.

    >>> rows = Rows([("on", re.compile("(switch|turn) on")), ("out", re.compile("put (it|that) out"))])
    >>> [kind for kind, pattern in rows.possible("open the door")]
    []

    Args:
        rows: (what belongs to the pattern, the pattern).
    """

    def __init__(self, rows: Iterable[tuple[_T, re.Pattern[str]]]) -> None:
        self._given = tuple(rows)
        self._needing: tuple[tuple[tuple[str, ...], _T, re.Pattern[str]], ...] | None = None

    def possible(self, text: str) -> Iterator[tuple[_T, re.Pattern[str]]]:
        """Yield the rows that a text is not known not to match, in order."""
        if not text.isascii():
            yield from self._given
            return
        said = text.lower()
        for needed, kind, pattern in self._needed():
            for piece in needed:
                if piece in said:
                    break
            else:
                continue
            yield kind, pattern

    def _needed(self) -> tuple[tuple[tuple[str, ...], _T, re.Pattern[str]], ...]:
        """Return the rows, each with pieces of which a text that it matches has one."""
        if self._needing is None:
            self._needing = tuple((_pieces(pattern), kind, pattern) for kind, pattern in self._given)
        return self._needing


class Rewordings(Rows[Meant]):
    r"""Patterns in order, with what is said instead of each.

    >>> Rewordings([(r"turn \1 off", re.compile("put (it|that) out"))]).applied("put it out, please")
    'turn it off, please'
    """

    def applied(self, text: str) -> str:
        """Return a text with all that the patterns find in it replaced, one pattern after the other."""
        if not text.isascii():
            for meant, pattern in self._given:
                text = pattern.sub(meant, text)
            return text
        said = text.lower()
        for needed, meant, pattern in self._needed():
            for piece in needed:
                if piece in said:
                    break
            else:
                continue
            now = pattern.sub(meant, text)
            if now is not text:
                text, said = now, now.lower()
        return text


def _pieces(pattern: re.Pattern[str]) -> tuple[str, ...]:
    """Return pieces of which a text that a pattern matches has one; the empty one, which all have, where none is."""
    clauses = needs(pattern)
    return clauses[0] if clauses and len(clauses[0]) <= _MOST_PIECES else ("",)
