"""Request as templates are compared with it: without punctuation at the ends of words, with and without skipped words.

Most requests need nothing of it: they are words with single spaces between them, and say none of the words to skip.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from hassil.util import CJK_WHITESPACE, TrackedText, normalize_for_matching, remove_skip_words_tracked

from uptake.assistant.readers.matching.shapes import tokens

__all__ = ["Compared", "Hearing", "Kept", "PreparedText"]

Kept = Literal["none", "all", "start", "end"]
"""Side on which words that the grammar skips stay in the text, because free words may stand there."""
_PLAIN = re.compile(r'["-+\-/-9<->@-~]+(?: ["-+\-/-9<->@-~]+)*')
"""ASCII without punctuation, single spaces: nothing to normalise."""
_UNEVEN = re.compile(r"\s{2,}|[^\S ]")
"""Space that is not a single one."""


class Compared(NamedTuple):
    """Text that templates are compared with."""

    text: str
    """The text."""
    offsets: Sequence[int]
    """Position of each of its characters in the request."""


class PreparedText(NamedTuple):
    """Request as templates are compared with it."""

    text: str
    """As it was said."""
    whole: Compared
    """Normalised."""
    bare: Compared
    """Without the words that the grammar skips."""

    @property
    def haystack(self) -> str:
        """Every text that a template may be compared with."""
        return f"{self.whole.text}\n{self.bare.text}" if self.whole.text != self.bare.text else self.whole.text


class Hearing:
    """Maker of the texts that templates are compared with.

    Args:
        skipped: Words that the grammar skips.
        unspaced: Whether the language is written without spaces between words.
    """

    def __init__(self, skipped: Sequence[str], *, unspaced: bool) -> None:
        self._skipped, self._unspaced = list(skipped), unspaced
        self._firsts = frozenset(run for words in skipped for run in tokens(words)[:1])
        self._odd = any(not tokens(words) for words in skipped)
        longest_first = sorted({words.strip() for words in skipped if words.strip()}, key=len, reverse=True)
        any_of = "|".join(map(re.escape, longest_first))
        self._anywhere = re.compile(rf"(?<!\w)(?:{any_of})(?!\w)", re.IGNORECASE) if any_of else None
        self._at_start = re.compile(rf"^\s*(?:{any_of})(?=\s|$|[^\w])\s*", re.IGNORECASE) if any_of else None
        self._at_end = re.compile(rf"\s*(?<!\w)(?:{any_of})\s*$", re.IGNORECASE) if any_of else None

    def heard(self, text: str) -> PreparedText:
        """Prepare a request for comparison."""
        if _PLAIN.fullmatch(text):
            whole = Compared(text, range(len(text)))
        else:
            tracked = normalize_for_matching(text)
            whole = Compared(tracked.text, tracked.offsets)
        return PreparedText(text, whole, self._without_skipped(whole))

    def texts(self, heard: PreparedText, kept: Kept) -> Iterator[Compared]:
        """Yield the texts that a template is compared with; first with words that the grammar skips."""
        text = self._matchable(heard, kept)
        if heard.bare.text != heard.whole.text and text.text == self._matchable(heard, "none").text:
            yield self._apart(heard.whole)
        yield text

    def _matchable(self, heard: PreparedText, kept: Kept) -> Compared:
        if kept == "all":
            return heard.whole
        if kept == "none":
            return self._apart(heard.bare)
        return self._apart(self._without_skipped(heard.whole, start=kept == "end", end=kept == "start"))

    def _without_skipped(self, whole: Compared, *, start: bool = True, end: bool = True) -> Compared:
        if not self._unspaced and not self._odd and self._firsts.isdisjoint(tokens(whole.text)):
            return whole
        skipped = self._anywhere if start and end else self._at_start if start else self._at_end
        if self._unspaced or skipped is None:
            rest = TrackedText(whole.text, list(whole.offsets))
            remove_skip_words_tracked(rest, self._skipped, self._unspaced, start=start, end=end)
            return Compared(rest.text, rest.offsets)
        if not skipped.search(whole.text) and whole.text == " ".join(whole.text.split()):
            return whole
        rest, before = TrackedText(whole.text, list(whole.offsets)), None
        while rest.text != before:  # one is skipped after another at an end, and all at once anywhere
            before = None if start and end else rest.text
            rest.sub(skipped, " " if start and end else "")
            rest.sub(_UNEVEN, " ")
            rest.strip()
            if before is None:
                break
        return Compared(rest.text, rest.offsets)

    def _apart(self, text: Compared) -> Compared:
        """End a text where a word may end; without spaces in scripts that have none."""
        if self._unspaced:
            tracked = TrackedText(text.text, list(text.offsets))
            tracked.sub(CJK_WHITESPACE)
            return Compared(tracked.text, tracked.offsets)
        last = text.offsets[-1] + 1 if text.offsets else 0
        return Compared(f"{text.text} ", [*text.offsets, last])
