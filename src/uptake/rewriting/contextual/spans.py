"""Represent the conversation before a request as positioned words, with the spans that a rewrite may copy.

A request is rewritten by edits (`uptake.rewriting.contextual.artifact`) that copy spans of the conversation. So the
conversation is one row of words, newest message first, each with its speaker and the mark before it; a span never
crosses the end of a sentence.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from uptake.text.tokens import words

__all__ = ["MAX_SPAN", "Line", "Message", "Passage", "Speaker", "line", "passage"]

Speaker = Literal["user", "assistant", "topic"]
"""Speaker of a line; "topic" is a title that both know."""

MAX_SPAN = 10
"""Most words that one edit copies."""
_MAX_WORDS = 140  # words of the conversation that are looked at
_MAX_LINE = 45  # words of one thing said that are looked at
_MARKS = re.compile(r"[.?!;,:()\"]")
_ENDS = ".?!;("


@dataclass(frozen=True, slots=True)
class Message:
    """Message before the request."""

    speaker: Speaker
    """Speaker of the line."""
    text: str
    """The words."""
    slots: tuple[tuple[str, str], ...] = ()
    """(name, value) pairs that it was taken to hold, where known."""


class Line(NamedTuple):
    """Words of one text."""

    text: str
    """The text as written."""
    words: tuple[str, ...]
    """Lower-cased words."""
    places: tuple[tuple[int, int], ...]
    """(start, end) of each word in the text."""
    marks: tuple[str, ...]
    """The mark before each word, and one for the end: "" for none, "^" at both ends of the text."""

    def cut(self, first: int, last: int) -> str:
        """Return the text from one word to before another, as written."""
        return self.text[self.places[first][0] : self.places[last - 1][1]] if last > first else ""


def line(text: str, *, limit: int | None = None) -> Line:
    """Return the words of a text with the marks between them.

    >>> line("Well, what's Ann's?").words, line("Well, what's Ann's?").marks
    (('well', 'what', "'s", 'ann', "'s"), ('^', ',', '', '', '', '^'))
    """
    found = words(text)[:limit]
    marks = ["^"]
    for before, after in itertools.pairwise(found):
        between = _MARKS.findall(text[before.end : after.start])
        marks.append(min(between, key=lambda mark: _ENDS.find(mark) % 9, default=""))
    return Line(
        text,
        tuple(word.text for word in found),
        tuple((word.start, word.end) for word in found),
        (*marks, "^") if found else ("^",),
    )


@dataclass(frozen=True, eq=False)
class Passage:
    """Conversation as one row of words: newest message first, words in spoken order."""

    lines: tuple[Line, ...]
    """Lines of the conversation, newest first."""
    roles: tuple[str, ...]
    """Of each line: speaker and how long ago, for example "assistant1"; "user0" is the request itself, where another
    text is being rewritten."""
    slots: tuple[tuple[tuple[str, str], ...], ...]
    """Of each line, the slots it was taken to hold."""

    @cached_property
    def words(self) -> tuple[str, ...]:
        """All words."""
        return tuple(word for one in self.lines for word in one.words)

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Position of the first word of each line, and one for the end."""
        return tuple(np.cumsum([0, *(len(one.words) for one in self.lines)]).tolist())

    @cached_property
    def homes(self) -> NDArray[np.int64]:
        """(words,) the line of each word."""
        return np.repeat(np.arange(len(self.lines)), [len(one.words) for one in self.lines])

    @cached_property
    def spans(self) -> NDArray[np.int64]:
        """(s, 2) first word and word after the last of every span that may be copied."""
        found: list[tuple[int, int]] = []
        for at, one in enumerate(self.lines):
            base, size = self.starts[at], len(one.words)
            ends = [last for last in range(1, size + 1) if last == size or one.marks[last] in _STOPS]
            for first in range(size):
                stop = next(end for end in ends if end > first)
                found.extend((base + first, base + last) for last in range(first + 1, min(stop, first + MAX_SPAN) + 1))
        return np.array(found, dtype=np.int64).reshape(-1, 2)

    @cached_property
    def texts(self) -> tuple[tuple[str, ...], ...]:
        """The words of every span."""
        words = self.words
        return tuple(words[first:last] for first, last in self.spans.tolist())

    @cached_property
    def groups(self) -> NDArray[np.int64]:
        """(s,) number of the words of each span: those of equal words share one."""
        known: dict[tuple[str, ...], int] = {}
        return np.array([known.setdefault(one, len(known)) for one in self.texts], dtype=np.int64)

    def copied(self, first: int, last: int) -> str:
        """Return a span as it was written."""
        at = int(self.homes[first])
        return self.lines[at].cut(first - self.starts[at], last - self.starts[at])


_STOPS = frozenset(_ENDS)


def passage(past: Sequence[Message], *, now: str | None = None) -> Passage:
    """Lay out a conversation.

    Args:
        past: What was said before the request, oldest first.
        now: The request itself, where it is not what is being rewritten.
    """
    kept: list[tuple[Line, str, tuple[tuple[str, str], ...]]] = []
    if now is not None:
        kept.append((line(now, limit=_MAX_LINE), "user0", ()))
    left = _MAX_WORDS
    for role, said in _ranked(past):
        one = line(said.text, limit=min(_MAX_LINE, left))
        left -= len(one.words)
        if one.words:
            kept.append((one, role, said.slots))
        if left <= 0:
            break
    return Passage(tuple(one for one, _, _ in kept), tuple(role for _, role, _ in kept), tuple(s for _, _, s in kept))


def _ranked(past: Sequence[Message]) -> Iterable[tuple[str, Message]]:
    """Yield topics first, then what was said, newest first; roles say how long ago, up to 3."""
    yield from ((f"topic{at}", said) for at, said in enumerate(one for one in past if one.speaker == "topic"))
    seen = {"user": 0, "assistant": 0}
    for said in reversed(past):
        if said.speaker != "topic":
            seen[said.speaker] += 1
            yield f"{said.speaker}{min(seen[said.speaker], 3)}", said
