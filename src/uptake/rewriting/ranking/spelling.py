"""The spelling that requests that work have: "today 's" is "today's", "pod cast" is "podcast".

Recognisers, typists and the texts that an assistant was taught differ in spaces and apostrophes. A stretch of words
with the same letters as one that is used far more often is written as that one. Nothing is guessed here: the letters
are the same, so nothing else can have been said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from uptake.rewriting.proposal import Candidate
from uptake.text.normalize import MAX_CHARS
from uptake.types import Request, Situation

__all__ = ["Spelling"]

_LONGEST = 3
_LEAST_USES = 3
_TIMES = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class Spelling:
    """Usual spelling of runs of words.

    >>> spelling = Spelling.of(["what's the time"] * 5 + ["is it two o'clock"] * 5)
    >>> spelling.respell("what s the time"), spelling.respell("whats the time"), spelling.respell("two o clock")
    ("what's the time", "what's the time", "two o'clock")
    """

    usual: dict[str, tuple[str, float]]
    """Letters -> the usual way to write them, and how often it is used."""
    counts: dict[str, float]
    """Times each spelling is used."""

    name: ClassVar[str] = "spelling"

    @classmethod
    def of(cls, texts: Iterable[str]) -> Spelling:
        """Count how requests that work are written."""
        counts: Counter[str] = Counter()
        for text in texts:
            words = text.split()
            for size in range(1, _LONGEST + 1):
                counts.update(" ".join(words[at : at + size]) for at in range(len(words) - size + 1))
        ways: dict[str, list[str]] = {}
        for written in counts:
            ways.setdefault(_letters(written), []).append(written)
        usual = {}
        for letters, several in ways.items():
            best = max(several, key=lambda way: (counts[way], -len(way), way))
            if counts[best] >= _LEAST_USES and letters:
                usual[letters] = (best, float(counts[best]))
        kept = {way: float(counts[way]) for letters in usual for way in ways[letters]}
        return cls(usual, kept)

    def respell(self, text: str) -> str:
        """Return the text in the usual spelling."""
        words, at = text.split(), 0
        out: list[str] = []
        while at < len(words):
            size, written = self._longest(words, at)
            out.append(written)
            at += size
        return " ".join(out)

    def _longest(self, words: Sequence[str], at: int) -> tuple[int, str]:
        for size in range(min(_LONGEST, len(words) - at), 0, -1):
            here = " ".join(words[at : at + size])
            best = self.usual.get(_letters(here))
            if best is not None and best[0] != here and best[1] > _TIMES * self.counts.get(here, 0.0):
                return size, best[0]
        return 1, words[at]

    def __call__(self, request: Request, situation: Situation, limit: int) -> Sequence[Candidate]:  # noqa: ARG002
        """Return the request in the usual spelling, where it has another."""
        if limit < 1 or len(request.text) > MAX_CHARS:
            return ()
        written = self.respell(request.text)
        if written == " ".join(request.text.split()):
            return ()
        return (Candidate(text=written, layer="global", origins=((self.name, 1.0),)),)


def _letters(text: str) -> str:
    return text.replace(" ", "").replace("'", "")
