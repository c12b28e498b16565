"""Take a request that the assistant does not understand for one that works: this user's own, or many users'.

Asked only where the assistant said how sure it is of its own reading (`Request.confidence`) and is not sure. Then
what was heard, and what else the recogniser had on its list, is held against the requests that work for this very
user and those that work for many. Words count by how telling they are: "police" says more than "the". The less the
assistant makes of the request itself, the less likeness is needed: where it has no reading, there is little to lose.

Source: a user's own history as the index to rewrite from, Cho et al., "Personalized Search-based Query Rewrite System
for Conversational AI" (NLP4ConvAI 2021). Differs: likeness of letters, sounds and telling words instead of a trained
encoder; the recogniser's list as further evidence.
Limit: it knows only what has been said before, and how sure the assistant is must be calibrated.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from typing import ClassVar, NamedTuple

import xxhash

from uptake.artifacts.sounds import KnownRequest, SoundIndex
from uptake.protocols import Preflight
from uptake.text.changes import changed_similarity, similarity
from uptake.text.lexicon import negations, numbers, opposites
from uptake.text.normalize import normalize
from uptake.types import Decision, Request, Situation

__all__ = ["Recall"]

_LISTED = 5
_ALIKE = 0.6  # words less alike than this are other words


class _Found(NamedTuple):
    score: float
    request: KnownRequest
    listed: bool


@dataclass(frozen=True, slots=True)
class Recall:
    """Propose the request that works and is likest to what was heard.

    Args:
        index: Requests that work.
        version: Version of that artifact, for the log.
        trusted: Confidence, in [0, 1], from which the assistant's own reading stands.
        lost: Confidence below which there is little to lose.
        min_likeness: Least likeness, in [0, 1], where there is little to lose.
        min_likeness_unsure: The same where the assistant has a reading.
        min_changed: Least likeness, in [0, 1], of each stretch of words that differs, where it has a reading.
        min_margin: Least lead over the next request.
        telling: Weight, in [0, 1], of telling words beside letters and sounds.
        per_rank: What each place further down the recogniser's list takes off.
        own_bonus: What a user's own request has ahead of everybody's.
    """

    index: SoundIndex
    version: str | None = None
    trusted: float = 0.7
    lost: float = 0.3
    min_likeness: float = 0.45
    min_likeness_unsure: float = 0.85
    min_changed: float = 0.4
    min_margin: float = 0.005
    telling: float = 0.5
    per_rank: float = 0.05
    own_bonus: float = 0.02

    _weights: dict[str, float] = field(init=False, repr=False, compare=False)

    name: ClassVar[str] = "recall"

    def __post_init__(self) -> None:
        seen = Counter(word for known in self.index.rows() for word in set(known.text.split()))
        total = len(self.index) + 1.0
        weights = {word: math.log(total / count) + 0.1 for word, count in seen.items()}
        object.__setattr__(self, "_weights", weights)

    def __call__(self, request: Request, situation: Situation, preflight: Preflight | None = None) -> Decision | None:  # noqa: ARG002
        """Propose a decision, or abstain."""
        sure = request.confidence
        text = normalize(request.text)
        if sure is None or sure >= self.trusted or not text:
            return None
        lost = sure < self.lost
        ranked = self._ranked(text, request)
        if not ranked or ranked[0].score < (self.min_likeness if lost else self.min_likeness_unsure):
            return None
        first = ranked[0]
        if len(ranked) > 1 and first.score - ranked[1].score < self.min_margin:
            return None
        if not (lost or first.listed) and changed_similarity(text, first.request.text) < self.min_changed:
            return None
        return self._decision(text, first)

    def _ranked(self, text: str, request: Request) -> list[_Found]:
        """Requests that may have been meant, each once, the likeliest first."""
        best: dict[str, _Found] = {}
        for found in self._candidates(text, request):
            known = found.request.text
            if known == text or " " not in known or (known in best and best[known].score >= found.score):
                continue
            best[known] = found
        ranked = sorted(best.values(), key=lambda found: (-found.score, found.request.text))
        return [found for at, found in enumerate(ranked[:8]) if not _contrary(text, found.request.text)]

    def _candidates(self, text: str, request: Request) -> list[_Found]:
        own = self.index.own(request.user_id)
        mine = {known.text: known for known in own}
        found = []
        heard = [text, *(normalize(one.text) for one in request.alternatives[1:_LISTED])]
        for rank, one in enumerate(heard):
            less = self.per_rank * rank
            known = (mine.get(one) or self.index.find(one)) if rank else None
            if known is not None:
                found.append(_Found(1.0 - less + (self.own_bonus if one in mine else 0.0), known, True))
            if rank <= 1:
                pool = [*own, *(known for _, known in self.index.near(one, most=32))]
                for known in pool:
                    bonus = self.own_bonus if known.user_id else 0.0
                    found.append(_Found(self._likeness(one, known.text) - less + bonus, known, False))
        return found

    def _likeness(self, heard: str, known: str) -> float:
        """How alike two requests are: letters and sounds, and the words that tell."""
        letters = similarity(heard, known)
        if letters < 0.3:
            return letters
        return (1.0 - self.telling) * letters + self.telling * self._shared(heard.split(), known.split())

    def _shared(self, left: list[str], right: list[str]) -> float:
        """Share of the telling words of both that the other has, or has something like."""
        alike = [[_word_similarity(one, other) for other in right] for one in left]
        mine = [self._weight(word) for word in left]
        theirs = [self._weight(word) for word in right]
        here = sum(weight * max(row) for weight, row in zip(mine, alike, strict=True)) / sum(mine)
        there = sum(weight * max(column) for weight, column in zip(theirs, zip(*alike, strict=True), strict=True))
        return float(here + there / sum(theirs)) / 2.0

    def _weight(self, word: str) -> float:
        return self._weights.get(word, _UNKNOWN)

    def _decision(self, text: str, found: _Found) -> Decision:
        known = found.request
        whose = "this user" if known.user_id else f"{known.users} users"
        how = "on the recogniser's list, and" if found.listed else f"{min(found.score, 1.0):.0%} like one that"
        key = f"{self.name}\0{known.user_id or ''}\0{text}\0{known.text}"
        return Decision(
            step=self.name,
            acted_on=known.text,
            rewrite_id=xxhash.xxh64_hexdigest(key.encode("utf-8", "surrogatepass")),
            artifact_version=self.version,
            layer="personal" if known.user_id else "global",
            reason=f"the assistant is not sure; {how} works for {whose}",
        )


_UNKNOWN = 3.0
"""Weight of a word that no request that works has: it may be a mishearing as well as a name."""


@lru_cache(maxsize=100_000)
def _word_similarity(left: str, right: str) -> float:
    found = 1.0 if left == right else similarity(left, right)
    return found if found >= _ALIKE else 0.0


def _contrary(text: str, known: str) -> bool:
    """Whether one says another number, a negation or the opposite: nothing that likeness may decide."""
    return numbers(text) != numbers(known) or negations(text) != negations(known) or bool(opposites(text, known))
