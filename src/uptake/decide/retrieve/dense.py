"""Everybody's requests by what they mean: the nearest vectors.

Finds paraphrases ("put on some songs by queen" for "play queen"), which neither letters nor sounds do. Under recogniser
errors it is the weakest of the generators, so it stands last; and opposites lie close together, so its score must
never decide alone.

Source: retrieval by dense vectors as in Karpukhin et al., "Dense Passage Retrieval" (EMNLP 2020), here for whole
requests, without its training.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from uptake.artifacts.vectors import VectorIndex
from uptake.decide.candidates import Candidate
from uptake.decide.retrieve.heard import heard
from uptake.decide.retrieve.requests import Requests, distinct
from uptake.text.encoders import Encoder
from uptake.types import Request, Situation

__all__ = ["Dense"]

_MAX_WORDS = 24
"""Longer texts are not encoded: time stays bounded."""


@dataclass(frozen=True, slots=True)
class Dense:
    """Proposes everybody's requests by cosine.

    Args:
        requests: Where the rows of the vectors are.
        vectors: One a request of the index.
        encoder: The one that made them.
        least: Least cosine, in [0, 1].
    """

    requests: Requests
    vectors: VectorIndex
    encoder: Encoder
    least: float = 0.5
    name: ClassVar[str] = "dense"

    def __call__(self, request: Request, situation: Situation, limit: int) -> Sequence[Candidate]:  # noqa: ARG002
        """At most `limit` candidates, the nearest first."""
        texts = heard(request)
        if not texts or texts[0].text.count(" ") >= _MAX_WORDS:
            return ()
        vector = self.encoder.encode([texts[0].text])[0]
        near = self.vectors.nearest(vector, most=limit + 1)
        shared = (
            self.requests.shared(self.requests.index[row], self.name, cosine)
            for row, cosine in near
            if cosine >= self.least
        )
        return distinct(shared, texts[0].text, limit)
