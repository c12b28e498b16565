"""Learn a person's own names for things: "turn on the propeller", then "turn on the ceiling fan", means the fan.

    heard now     "propeller off please"
    said before   "turn on the propeller", which did not work, and then "turn on the ceiling fan", which did
    proposed      "ceiling fan off please"

The words that the request shares with the failed wording, and that the working wording lacks, are replaced by the words
that only the working wording has. So one repair suggests the name for every later request about the thing; it is asked
about first (`uptake.rewriting.guard`).

Source: carrying slots over between paraphrases as in Falke et al., "Leveraging User Paraphrasing Behavior In Dialog
Systems To Automatically Collect Annotations" (COLING Industry 2020). Differs: at request time, for one person, and the
ranker judges the outcome. Limit: one stretch per request; a name that is part of the official one is not distinguished
from it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from uptake.feedback.state_keys import reading_of
from uptake.rewriting.proposal import Candidate, heard
from uptake.rewriting.retrieval.lookup import Mine, Requests
from uptake.text.lexicon import STOP_WORDS, numbers
from uptake.text.normalize import normalize
from uptake.types import Request, Situation

__all__ = ["Renamed", "understood"]

_MOST_WORDS = 30
_LONGEST = 3  # words of a name


@dataclass(frozen=True, slots=True)
class Renamed:
    """Generator of the request with this person's own name for a thing replaced by the official one."""

    requests: Requests
    name: ClassVar[str] = "renamed"

    def __call__(self, request: Request, situation: Situation, limit: int) -> Sequence[Candidate]:  # noqa: ARG002
        """Return at most `limit` candidates, those with most evidence first."""
        found: dict[str, int] = {}
        for text, _ in heard(request)[:1]:
            words = text.split()
            mine = self.requests.mine(request.user_id)
            for written, times in self._written(words, mine) if len(words) <= _MOST_WORDS else ():
                if written != text:
                    found[written] = found.get(written, 0) + times
        best = sorted(found.items(), key=lambda one: (-one[1], one[0]))[:limit]
        return tuple(
            Candidate(text=text, layer="personal", origins=((self.name, (times + 1.0) / (times + 2.0)),))
            for text, times in best
        )

    def _written(self, words: Sequence[str], mine: Mine) -> Iterator[tuple[str, int]]:
        """Return (the request with a name replaced, how often that was taught)."""
        for first, pairs in mine.led.items():
            failed = first.split()
            if not set(failed) & set(words):
                continue
            for pair in pairs:
                said = set(pair.acted_on.split())
                for value in understood(mine, pair.acted_on, first):
                    span = _shared(words, failed, said)
                    if span is not None and not numbers(" ".join(words[slice(*span)])) and not numbers(value):
                        yield _replaced(words, *span, value), pair.uses + pair.wins


def understood(mine: Mine, worked: str, failed: str) -> Iterator[str]:
    """Return values that were understood where it worked, and had not been said where it failed."""
    for reading in itertools.islice(mine.working[worked].readings, 1):
        for _, value in reading_of(reading).slots:
            plain = normalize(value)
            if f" {plain} " in f" {worked} " and f" {plain} " not in f" {failed} ":
                yield plain


def _shared(words: Sequence[str], failed: Sequence[str], said: set[str]) -> tuple[int, int] | None:
    """Return the longest stretch of a request that the failed wording holds too, and no word of the one that worked."""
    best: tuple[int, int] | None = None
    for start in range(len(words)):
        for end in range(start + 1, min(start + _LONGEST, len(words)) + 1):
            span = list(words[start:end])
            if said & set(span) or span[0] in STOP_WORDS or span[-1] in STOP_WORDS:
                continue
            within = any(failed[at : at + len(span)] == span for at in range(len(failed)))
            if within and (best is None or end - start > best[1] - best[0]):
                best = (start, end)
    return best


def _replaced(words: Sequence[str], start: int, end: int, name: str) -> str:
    """Return the request with a stretch replaced; words of the new name that stand beside it are part of it."""
    own = set(name.split())
    while start > 0 and words[start - 1] in own:
        start -= 1
    while end < len(words) and words[end] in own:
        end += 1
    return " ".join([*words[:start], name, *words[end:]])
