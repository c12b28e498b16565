"""Retrieval cascade: the candidates of every generator, fused, the nearest evidence first.

    exact (`corrected`) -> personal (`renamed`, `own`) -> letters -> sounds -> the list (`votes`) -> meaning (`dense`)

The cost is bounded for any text: beyond 200 characters nothing is found, a person's history is at most 500 requests,
and at most a thousand shared requests are measured. Up to a few ten thousand requests plain numpy is fast enough; a
server with more calls `warm` once, in the background if needed: until it is done, lookups work, only slower.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from uptake.errors import UptakeError
from uptake.ml.encoder.encoders import encoder_of
from uptake.ml.neighbours.trigrams import TrigramIndex
from uptake.ml.neighbours.vectors import VectorIndex
from uptake.rewriting.identity import Meaning
from uptake.rewriting.proposal import Candidate, Generator, fuse, heard
from uptake.rewriting.retrieval.artifact import RequestIndex
from uptake.rewriting.retrieval.generators import Corrected, Dense, Letters, Own, Sounds, Votes
from uptake.rewriting.retrieval.history import FreshHistory
from uptake.rewriting.retrieval.history import Own as OwnReadings
from uptake.rewriting.retrieval.lookup import Requests
from uptake.rewriting.retrieval.nicknames import Renamed
from uptake.store.served import Served
from uptake.store.store import ArtifactStore
from uptake.types import Request, Situation

__all__ = ["Retrieval", "ServedRetrieval"]

_LARGE = 20_000
"""Requests from which compiled loops are worth loading."""
_HABIT = 3
"""Times that a request must have worked for a person before it counts as theirs, where it fails in many homes."""


class Retrieval:
    """Generator of candidates from an index.

    >>> from uptake.rewriting.retrieval.artifact import IndexedRequest, RequestIndex
    >>> retrieval = Retrieval.over(RequestIndex.of([IndexedRequest("play imagine dragons", 9, 40)]))
    >>> found = retrieval(Request(text="play maj and dragons", user_id="ann"), Situation(), 5)
    >>> found[0].text, [name for name, _ in found[0].origins]
    ('play imagine dragons', ['letters', 'sounds'])

    Args:
        requests: The index to search.
        generators: The generators, in order.
    """

    name: ClassVar[str] = "retrieve"

    def __init__(self, requests: Requests, generators: Sequence[Generator]) -> None:
        self.requests, self.generators = requests, tuple(generators)

    @classmethod
    def over(cls, index: RequestIndex, fresh: FreshHistory | None = None) -> Retrieval:
        """Return all generators that the index serves; `dense` where it holds vectors.

        Args:
            index: What was learned.
            fresh: What each user said since; None where nobody keeps it.

        Raises:
            ArtifactRefused: The vectors were made by an encoder that is not here.
            MissingExtra: What the encoder needs is not installed.
        """
        requests = Requests(index, fresh)
        generators: list[Generator] = [kind(requests) for kind in (Corrected, Renamed, Own, Letters, Sounds, Votes)]
        if index.vectors is not None and index.encoder is not None:
            generators.append(Dense(requests, index.vectors, encoder_of(index.encoder)))
        return cls(requests, generators)

    def __call__(self, request: Request, situation: Situation, limit: int) -> Sequence[Candidate]:
        """Return at most `limit` candidates, the best score first; none where nothing is like it."""
        return fuse(one for generator in self.generators for one in generator(request, situation, limit))[:limit]

    def taken(self, user_id: str) -> OwnReadings | None:
        """Return the readings of this person's own requests that worked; None for an unknown person."""
        return self.requests.mine(user_id).taken

    def days(self, user_id: str, meaning: Meaning) -> int:
        """Return days on which this person taught a meaning by a repair."""
        return self.requests.days(user_id, meaning)

    def as_heard(self, request: Request) -> Candidate | None:
        """Return the request itself as a candidate, where it works for this person or for many; None where unknown.

        Of a request that is known to fail in many homes, a person's own must have worked `_HABIT` times: who lets a
        failure pass says nothing either.
        """
        for text, _ in heard(request)[:1]:
            mine = self.requests.mine(request.user_id)
            known = self.requests.index.find(text)
            shared = known is not None and known.leads_to is None
            own = mine.working.get(text)
            works = own is not None and (own.wins >= _HABIT or not self.requests.index.fails(text))
            found = [self.requests.own(mine, text, "heard", 1.0)] if works else []
            if known is not None and shared:
                found.append(self.requests.shared(known, "heard", 1.0))
            return next(iter(fuse(found)), None)
        return None

    def fails(self, request: Request) -> bool:
        """Tell whether a request is known to fail in many homes."""
        return any(self.requests.index.fails(text) for text, _ in heard(request)[:1])

    def warm(self) -> None:
        """Load compiled loops if the index is large; see `uptake.ml.neighbours.trigrams.TrigramIndex.warm`."""
        if len(self.requests.index) >= _LARGE:
            TrigramIndex.warm()
            VectorIndex.warm()


class ServedRetrieval(Served[Retrieval]):
    """`Retrieval` over the served index, with hot reload, and with what was said since.

    Args:
        store: Store of the published indexes.
        learning: Directory of learning, beside which fresh histories are stored; None if they are not stored.
    """

    name: ClassVar[str] = "retrieve"

    def __init__(self, store: ArtifactStore, learning: Path | None = None) -> None:
        self._fresh = FreshHistory.beside(learning) if learning is not None else None
        nothing = Retrieval.over(RequestIndex.of([]), self._fresh)  # fresh histories still answer
        super().__init__(store, RequestIndex.kind, self._over, missing=nothing)

    def __call__(self, request: Request, situation: Situation, limit: int) -> Sequence[Candidate]:
        """Return at most `limit` candidates, the best score first."""
        return self.current()(request, situation, limit)

    def _over(self, store: ArtifactStore, version: str) -> Retrieval:
        """Return the retrieval over an index, without its vectors where their encoder is missing or another one."""
        index = store.load(RequestIndex, version)
        try:
            return Retrieval.over(index, self._fresh)
        except UptakeError as error:
            self.note = f"goes on without vectors: {error}"
            return Retrieval.over(replace(index, vectors=None, encoder=None), self._fresh)
