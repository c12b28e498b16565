"""Replace a request that the assistant does not understand by a similar one that works, of this user or of many.

This step runs only if the assistant reports its confidence (`Request.confidence`) and it is low. The request and the
rest of the n-best list are compared with the requests that work for this user and those that work for many. Words are
weighted by rarity: "police" counts more than "the". The lower the confidence, the less similarity is required: without
an interpretation, there is little to lose.

Source: a user's own history as the index to rewrite from, Cho et al., "Personalized Search-based Query Rewrite System
for Conversational AI" (NLP4ConvAI 2021). Differs: similarity of letters, sounds and rare words instead of a trained
encoder; the n-best list as further evidence. Limit: it finds only earlier requests, and the assistant's confidence must
be calibrated.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from uptake.protocols import Preflight
from uptake.rewriting.identity import meaning_id
from uptake.rewriting.known_names import loses_value, names_another, names_of
from uptake.rewriting.retrieval.artifact import RequestIndex
from uptake.text.diff import changed_similarity, similarity
from uptake.text.lexicon import disagree
from uptake.text.normalize import normalize
from uptake.text.phonetic import sound_key
from uptake.types import Decision, Request, Situation

__all__ = ["Recall"]

_LISTED = 5
_OWN = 200  # of a user's own requests, most won first
_SHARED = 32  # of everybody's
_LEAST = 0.3  # letters less alike than this are other requests
_USERS = 256  # whose own requests are kept at hand
_ROUNDING = 1e-9
_ALIKE = 0.6  # words less alike than this are other words


class _Found(NamedTuple):
    score: float
    text: str
    users: int | None
    """For how many it works; None for one of this user's own."""
    listed: bool


class _Candidate(NamedTuple):
    """Request that may have been meant."""

    heard: str | None
    """What its words are still to be compared with; None where its score is known."""
    found: _Found


@dataclass(frozen=True, slots=True)
class Recall:
    """Step that proposes the working request most similar to the heard one.

    Args:
        index: Requests that work.
        version: Version of that artifact, for the log.
        trusted: Confidence, in [0, 1], from which the assistant's own interpretation is kept.
        lost: Confidence below which there is little to lose.
        min_likeness: Smallest similarity, in [0, 1], if there is little to lose.
        min_likeness_unsure: Smallest similarity, in [0, 1], if the assistant has an interpretation.
        min_changed: Smallest similarity, in [0, 1], of each differing stretch of words, if it has an interpretation.
        min_margin: Smallest lead over the next request.
        telling: Weight, in [0, 1], of rare words, compared with letters and sounds.
        per_rank: Penalty per rank in the n-best list.
        own_bonus: Bonus of a user's own request over a shared one.
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
    _mine: dict[str, Mapping[str, str]] = field(default_factory=dict, init=False, repr=False, compare=False)

    name: ClassVar[str] = "recall"

    def __post_init__(self) -> None:
        works = [known.text for known in self.index.rows() if known.leads_to is None]
        seen = Counter(word for text in works for word in set(text.split()))
        total = len(works) + 1.0
        weights = {word: math.log(total / count) + 0.1 for word, count in seen.items()}
        object.__setattr__(self, "_weights", weights)

    def __call__(self, request: Request, situation: Situation, preflight: Preflight | None = None) -> Decision | None:
        """Propose a decision, or abstain."""
        sure = request.confidence
        text = normalize(request.text)
        if sure is None or sure >= self.trusted or not text:
            return None
        lost = sure < self.lost
        least = self.min_likeness if lost else self.min_likeness_unsure
        ranked = self._ranked(text, request, least)
        if not ranked or ranked[0].score < least:
            return None
        first = ranked[0]
        if len(ranked) > 1 and first.score - ranked[1].score < self.min_margin:
            return None
        if not (lost or first.listed) and changed_similarity(text, first.text) < self.min_changed:
            return None
        if not first.listed and _is_another(text, first.text, situation, preflight):
            return None
        return self._decision(text, request.user_id, first)

    def _ranked(self, text: str, request: Request, least: float) -> list[_Found]:
        """Requests that may have been meant, each once, the likeliest first, as far as they can decide anything."""
        best: dict[str, _Found] = {}
        for found in self._scored(text, request, least):
            known = found.text
            if known not in best or best[known].score < found.score:
                best[known] = found
        ranked = sorted(best.values(), key=lambda found: (-found.score, found.text))
        return [found for at, found in enumerate(ranked[:8]) if self._may_become(text, found.text)]

    def _scored(self, text: str, request: Request, least: float) -> Iterator[_Found]:
        """Yield candidates, but for those too far behind the best one to be proposed or to be its rival.

        The score that a candidate can reach at most is known from its letters and sounds, so the words of most
        are never compared.
        """
        candidates = [
            one for one in self._candidates(text, request, least) if one.found.text != text and " " in one.found.text
        ]
        order = sorted(range(len(candidates)), key=lambda at: -candidates[at].found.score)
        floor, kept = self._floor(least), []
        for at in order:
            heard, found = candidates[at]
            if found.score < floor:
                break
            if heard is not None:
                unlike = (1.0 - self._shared(heard.split(), found.text.split())) * self.telling
                found = found._replace(score=found.score - unlike)
            kept.append((at, found))
            if self._floor(found.score) > floor and self._may_become(text, found.text):
                floor = self._floor(found.score)
        yield from (found for _, found in sorted(kept))

    def _may_become(self, text: str, known: str) -> bool:
        """Tell whether likeness may decide that a request was meant."""
        return not disagree(text, known) and not self.index.forbids(text, known)

    def _floor(self, score: float) -> float:
        """Return the score below which nothing is a rival of something with a score."""
        return score - self.min_margin - _ROUNDING

    def _candidates(self, text: str, request: Request, least: float) -> list[_Candidate]:
        """Return the candidates, each with the score that it has or, where words were not compared, has at most.

        What is compared and cannot be a rival of something with the score `least` is left out.
        """
        mine = self._working(request.user_id)
        found = []
        heard = [text, *(normalize(one.text) for one in request.alternatives[1:_LISTED])]
        for rank, one in enumerate(heard):
            less = self.per_rank * rank
            known = self.index.find(one) if rank else None
            if rank and one in mine:
                found.append(_Candidate(None, _Found(1.0 - less + self.own_bonus, one, None, True)))
            elif known is not None and known.leads_to is None:
                found.append(_Candidate(None, _Found(1.0 - less, one, known.users, True)))
            if rank <= 1:
                near = [known for known, _ in self.index.near(one, most=_SHARED, least=_LEAST) if not known.leads_to]
                own = ((text, None, self.own_bonus, key) for text, key in mine.items())
                shared = ((known.text, known.users, 0.0, sound_key(known.text)) for known in near)
                found += self._compared(one, [*own, *shared], less, self._floor(least))
        return found

    def _working(self, user_id: str) -> Mapping[str, str]:
        """Return a user's own requests that work, most won first, and their sound keys."""
        mine = self._mine.get(user_id)
        if mine is None:
            texts = dict.fromkeys(one.text for one in self.index.own(user_id).working()[:_OWN])
            if len(self._mine) >= _USERS:
                self._mine.clear()
            mine = self._mine[user_id] = {text: sound_key(text) for text in texts}
        return mine

    def _compared(
        self, heard: str, known: Sequence[tuple[str, int | None, float, str]], less: float, floor: float
    ) -> Iterator[_Candidate]:
        """Hold what was heard against (text, users, bonus, sound key) of requests: letters and sounds."""
        key = sound_key(heard)
        letters = _edits(heard, [text for text, *_ in known])
        sounds = _edits(key, [other for *_, other in known])
        alike = (letters + sounds) / 2.0
        most = np.where(alike < _LEAST, alike, (1.0 - self.telling) * alike + self.telling)
        scores = most - less + np.array([bonus for _, _, bonus, _ in known])
        for at in np.flatnonzero(scores >= floor).tolist():
            text, users, *_ = known[at]
            yield _Candidate(heard if alike[at] >= _LEAST else None, _Found(float(scores[at]), text, users, False))

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


def _is_another(text: str, known: str, situation: Situation, preflight: Preflight | None) -> bool:
    """Tell whether a request names, or is read with, something that a known one drops."""
    if names_another(text, known, names_of(situation)):
        return True
    return preflight is not None and loses_value(text, preflight(text), known, preflight(known))


def _edits(one: str, others: Sequence[str]) -> NDArray[np.float64]:
    """Return (others,) edit similarity of a text with each; 0 where it is empty."""
    if not one or not others:
        return np.zeros(len(others))
    return np.asarray(cdist([one], others, scorer=Levenshtein.normalized_similarity, dtype=np.float64)[0])


_UNKNOWN = 3.0
"""Weight of a word that no request that works has: it may be a mishearing as well as a name."""


@lru_cache(maxsize=8_192)
def _word_similarity(left: str, right: str) -> float:
    found = 1.0 if left == right else similarity(left, right)
    return found if found >= _ALIKE else 0.0
