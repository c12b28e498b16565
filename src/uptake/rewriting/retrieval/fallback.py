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

from uptake.protocols import Preflight
from uptake.rewriting.identity import meaning_id
from uptake.rewriting.retrieval.artifact import RequestIndex
from uptake.text.diff import changed_similarity, similarity
from uptake.text.lexicon import negations, numbers, opposites
from uptake.text.normalize import normalize
from uptake.types import Decision, Request, Situation

__all__ = ["Recall"]

_LISTED = 5
_OWN = 200  # of a user's own requests, most won first
_SHARED = 32  # of everybody's
_LEAST = 0.3  # letters less alike than this are other requests
_ALIKE = 0.6  # words less alike than this are other words


class _Found(NamedTuple):
    score: float
    text: str
    users: int | None
    """For how many it works; None for one of this user's own."""
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

    index: RequestIndex
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
        works = [known.text for known in self.index.rows() if known.leads_to is None]
        seen = Counter(word for text in works for word in set(text.split()))
        total = len(works) + 1.0
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
        if not (lost or first.listed) and changed_similarity(text, first.text) < self.min_changed:
            return None
        return self._decision(text, request.user_id, first)

    def _ranked(self, text: str, request: Request) -> list[_Found]:
        """Requests that may have been meant, each once, the likeliest first."""
        best: dict[str, _Found] = {}
        for found in self._candidates(text, request):
            known = found.text
            if known == text or " " not in known or (known in best and best[known].score >= found.score):
                continue
            best[known] = found
        ranked = sorted(best.values(), key=lambda found: (-found.score, found.text))
        return [found for at, found in enumerate(ranked[:8]) if not _contrary(text, found.text)]

    def _candidates(self, text: str, request: Request) -> list[_Found]:
        mine = dict.fromkeys(one.text for one in self.index.own(request.user_id).working()[:_OWN])
        found = []
        heard = [text, *(normalize(one.text) for one in request.alternatives[1:_LISTED])]
        for rank, one in enumerate(heard):
            less = self.per_rank * rank
            known = self.index.find(one) if rank else None
            if rank and one in mine:
                found.append(_Found(1.0 - less + self.own_bonus, one, None, True))
            elif known is not None and known.leads_to is None:
                found.append(_Found(1.0 - less, one, known.users, True))
            if rank <= 1:
                own = (_Found(self._likeness(one, text) - less + self.own_bonus, text, None, False) for text in mine)
                near = (known for known, _ in self.index.near(one, most=_SHARED, least=_LEAST) if not known.leads_to)
                shared = (_Found(self._likeness(one, k.text) - less, k.text, k.users, False) for k in near)
                found += [*own, *shared]
        return found

    def _likeness(self, heard: str, known: str) -> float:
        """How alike two requests are: letters and sounds, and the words that tell."""
        letters = similarity(heard, known)
        if letters < _LEAST:
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

    def _decision(self, text: str, user_id: str, found: _Found) -> Decision:
        whose = "this user" if found.users is None else f"{found.users} users"
        how = "on the recogniser's list, and" if found.listed else f"{min(found.score, 1.0):.0%} like one that"
        own = found.users is None
        return Decision(
            step=self.name,
            acted_on=found.text,
            rewrite_id=meaning_id(text, found.text, user_id if own else None),
            artifact_version=self.version,
            layer="personal" if own else "global",
            occasions=0 if own else None,
            reason=f"the assistant is not sure; {how} works for {whose}",
        )


_UNKNOWN = 3.0
"""Weight of a word that no request that works has: it may be a mishearing as well as a name."""


@lru_cache(maxsize=8_192)
def _word_similarity(left: str, right: str) -> float:
    found = 1.0 if left == right else similarity(left, right)
    return found if found >= _ALIKE else 0.0


def _contrary(text: str, known: str) -> bool:
    """Whether one says another number, a negation or the opposite: nothing that likeness may decide."""
    return numbers(text) != numbers(known) or negations(text) != negations(known) or bool(opposites(text, known))
