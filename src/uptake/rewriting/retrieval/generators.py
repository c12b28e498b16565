"""Generate candidates from earlier requests, in six ways. The generators propose and do not judge.

    corrected   corrections of this very wording, by this person or by many
    own         this person's own requests; all are compared, for there are few
    letters     shared requests with nearly the same letters
    sounds      shared requests with nearly the same sound: "maj and dragons" is "imagine dragons"
    dense       shared requests with nearly the same meaning, by vectors
    votes       requests similar to any text of the n-best list, weighted by rank

The text as it was heard is never proposed. Scores lie in [0, 1] and are not comparable between generators.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from uptake.ml.encoder.encoders import Encoder
from uptake.ml.neighbours.vectors import VectorIndex
from uptake.rewriting.proposal import Candidate, heard
from uptake.rewriting.retrieval.artifact import Similar
from uptake.rewriting.retrieval.lookup import Requests, alikeness, distinct
from uptake.text.phonetic import sound_key
from uptake.types import Request, Situation

__all__ = ["Corrected", "Dense", "Letters", "Own", "Sounds", "Votes"]

_MAX_WORDS = 24
"""Longer texts are not encoded: time stays bounded."""
_VOTERS = 2
"""Texts of the list for which everybody's requests are searched; all of them vote."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """Generator of corrections of this very wording. The score grows with their number: n / (n + 1)."""

    requests: Requests
    name: ClassVar[str] = "corrected"

    def __call__(self, request: Request, situation: Situation, limit: int) -> Sequence[Candidate]:  # noqa: ARG002
        """Return at most `limit` candidates, the person's own first."""
        found: list[Candidate] = []
        for text, _ in heard(request)[:1]:
            mine = self.requests.mine(request.user_id)
            for pair in mine.led.get(text, ()):
                times = pair.uses + pair.wins
                found.append(self.requests.own(mine, pair.acted_on, self.name, times / (times + 1.0)))
            known = self.requests.index.find(text)
            if known is not None and known.leads_to is not None:
                found.append(self.requests.shared(known, self.name, known.users / (known.users + 1.0)))
        return found[:limit]


@dataclass(frozen=True, slots=True)
class Own:
    """Generator of this person's own requests, by the mean similarity of letters and sounds."""

    requests: Requests
    least: float = 0.2
    name: ClassVar[str] = "own"

    def __call__(self, request: Request, situation: Situation, limit: int) -> Sequence[Candidate]:  # noqa: ARG002
        """Return at most `limit` candidates, the likest first."""
        texts = heard(request)
        if not texts:
            return ()
        mine = self.requests.mine(request.user_id)
        alike = self.requests.likeness(mine, texts[0].text)
        best: dict[str, float] = {}
        for at in np.argsort(-alike, kind="stable").tolist():
            if alike[at] < self.least or len(best) > limit:
                break
            best.setdefault(mine.targets[at], float(alike[at]))
        best.pop(texts[0].text, None)
        return [self.requests.own(mine, text, self.name, score) for text, score in best.items()][:limit]


@dataclass(frozen=True, slots=True)
class Letters:
    """Generator of shared requests, by edit similarity of letters."""

    requests: Requests
    least: float = 0.5
    name: ClassVar[str] = "letters"

    def __call__(self, request: Request, situation: Situation, limit: int) -> Sequence[Candidate]:  # noqa: ARG002
        """Return at most `limit` candidates, the likest first."""
        return _everybodys(self, self.requests.near, request, limit)


@dataclass(frozen=True, slots=True)
class Sounds:
    """Generator of shared requests, by edit similarity of sound keys."""

    requests: Requests
    least: float = 0.5
    name: ClassVar[str] = "sounds"

    def __call__(self, request: Request, situation: Situation, limit: int) -> Sequence[Candidate]:  # noqa: ARG002
        """Return at most `limit` candidates, the likest first."""
        return _everybodys(self, self.requests.sounding, request, limit)


@dataclass(frozen=True, slots=True)
class Votes:
    """Generator by the mean similarity to all texts of the n-best list, each weighted by 1 / (1 + rank).

    It proposes nothing if the list has one text.
    """

    requests: Requests
    least: float = 0.4
    name: ClassVar[str] = "votes"

    def __call__(self, request: Request, situation: Situation, limit: int) -> Sequence[Candidate]:  # noqa: ARG002
        """Return at most `limit` candidates, those with most votes first."""
        texts = heard(request)
        if len(texts) < 2:
            return ()
        mine = self.requests.mine(request.user_id)
        found = {one.known.text: one.known for text, _ in texts[:_VOTERS] for one in self.requests.near(text)}
        shared = [known for text, known in found.items() if text not in mine.working]
        others, keys = [known.text for known in shared], [sound_key(known.text) for known in shared]
        first = np.concatenate(
            [self.requests.likeness(mine, texts[0].text), alikeness([texts[0].text], others, keys)[0]]
        )
        rest = alikeness([one.text for one in texts[1:]], [*mine.sources, *others], [*mine.keys, *keys])
        weights = np.array([one.weight for one in texts])
        alike = weights @ np.vstack([first, rest]) / weights.sum()
        likest = np.argsort(-alike, kind="stable")[: 2 * limit + 2].tolist()
        chosen = (
            self.requests.own(mine, mine.targets[at], self.name, float(alike[at]))
            if at < len(mine.sources)
            else self.requests.shared(shared[at - len(mine.sources)], self.name, float(alike[at]))
            for at in likest
            if alike[at] >= self.least
        )
        return distinct(chosen, texts[0].text, limit)


def _everybodys(
    generator: Letters | Sounds, ask: Callable[[str], list[Similar]], request: Request, limit: int
) -> Sequence[Candidate]:
    texts = heard(request)
    if not texts:
        return ()
    text, requests = texts[0].text, generator.requests

    def propose() -> list[Candidate]:
        near = (one for one in ask(text) if one.similarity >= generator.least)
        return distinct((requests.shared(known, generator.name, alike) for known, alike in near), text, limit)

    return requests.once(f"{generator.name} {generator.least}", text, limit, propose)


@dataclass(frozen=True, slots=True)
class Dense:
    """Generator of shared requests by cosine similarity: paraphrases, which neither letters nor sounds find.

    Under recogniser errors it is the weakest of the generators, so it comes last. Opposites have similar vectors, so
    its score must never decide alone.

    Source: retrieval by dense vectors as in Karpukhin et al., "Dense Passage Retrieval" (EMNLP 2020), here for whole
    requests, without its training.

    Args:
        requests: The index to which the rows of the vectors belong.
        vectors: One vector per request of the index.
        encoder: The encoder that made them.
        least: Smallest cosine, in [0, 1].
    """

    requests: Requests
    vectors: VectorIndex
    encoder: Encoder
    least: float = 0.5
    name: ClassVar[str] = "dense"

    def __call__(self, request: Request, situation: Situation, limit: int) -> Sequence[Candidate]:  # noqa: ARG002
        """Return at most `limit` candidates, the nearest first."""
        texts = heard(request)
        if not texts or texts[0].text.count(" ") >= _MAX_WORDS:
            return ()
        return self.requests.once(
            f"{self.name} {self.least}", texts[0].text, limit, partial(self._near, texts[0].text, limit)
        )

    def _near(self, text: str, limit: int) -> list[Candidate]:
        vector = self.encoder.encode([text])[0]
        near = self.vectors.nearest(vector, most=limit + 1)
        shared = (
            self.requests.shared(self.requests.index[row], self.name, cosine)
            for row, cosine in near
            if cosine >= self.least
        )
        return distinct(shared, text, limit)
