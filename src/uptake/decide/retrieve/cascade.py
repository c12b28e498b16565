"""The retrieval cascade: every generator's candidates, fused, the nearest evidence first.

    exact (`corrected`) -> personal (`renamed`, `own`) -> letters -> sounds -> the list (`votes`) -> meaning (`dense`)

Bounded whatever is said: a text beyond 200 characters finds nothing, a person's shelf is at most 500 requests, and of
everybody's requests at most a thousand are measured. Over a few ten thousand requests plain numpy is fast enough; a
server over more calls `warm` once, in the background if it likes: until it is done, everything works, only slower.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from uptake.artifacts.index import RequestIndex
from uptake.artifacts.shelves import FreshShelves
from uptake.artifacts.store import ArtifactStore
from uptake.artifacts.trigrams import TrigramIndex
from uptake.artifacts.vectors import VectorIndex
from uptake.decide.candidates import Candidate, Generator, fuse
from uptake.decide.features import Own as OwnReadings
from uptake.decide.retrieve.dense import Dense
from uptake.decide.retrieve.generators import Corrected, Letters, Own, Sounds, Votes
from uptake.decide.retrieve.heard import heard
from uptake.decide.retrieve.renamed import Renamed
from uptake.decide.retrieve.requests import Requests
from uptake.errors import UptakeError
from uptake.text.encoders import encoder_of
from uptake.types import Request, Situation

__all__ = ["Retrieval", "ServedRetrieval"]

_LARGE = 20_000
"""Requests from which compiled loops are worth loading."""


class Retrieval:
    """Candidates from an index.

    >>> from uptake.artifacts.index import Known, RequestIndex
    >>> retrieval = Retrieval.over(RequestIndex.of([Known("play imagine dragons", 9, 40)]))
    >>> found = retrieval(Request(text="play maj and dragons", user_id="ann"), Situation(), 5)
    >>> found[0].text, [name for name, _ in found[0].origins]
    ('play imagine dragons', ['letters', 'sounds'])

    Args:
        requests: What is known.
        generators: Who looks, in order.
    """

    name: ClassVar[str] = "retrieve"

    def __init__(self, requests: Requests, generators: Sequence[Generator]) -> None:
        self.requests, self.generators = requests, tuple(generators)

    @classmethod
    def over(cls, index: RequestIndex, fresh: FreshShelves | None = None) -> Retrieval:
        """All generators that the index serves; `dense` where it holds vectors.

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
        """At most `limit` candidates, the best score first; none where nothing is like it."""
        return fuse(one for generator in self.generators for one in generator(request, situation, limit))[:limit]

    def taken(self, user_id: str) -> OwnReadings | None:
        """What this person's own requests that worked were taken for; None for somebody unknown."""
        return self.requests.mine(user_id).taken

    def as_heard(self, request: Request) -> Candidate | None:
        """What is known of the request itself, where it works for this person or for many; None where unknown."""
        for text, _ in heard(request)[:1]:
            mine = self.requests.mine(request.user_id)
            known = self.requests.index.find(text)
            shared = known is not None and known.leads_to is None
            found = [self.requests.own(mine, text, "heard", 1.0)] if text in mine.working else []
            if known is not None and shared:
                found.append(self.requests.shared(known, "heard", 1.0))
            return next(iter(fuse(found)), None)
        return None

    def warm(self) -> None:
        """Load compiled loops if the index is large; see `uptake.artifacts.trigrams.TrigramIndex.warm`."""
        if len(self.requests.index) >= _LARGE:
            TrigramIndex.warm()
            VectorIndex.warm()


class ServedRetrieval:
    """A `Retrieval` over whatever index is served at the moment, with what was said since.

    Args:
        store: Where indexes are published.
        learning: Directory of learning, beside which fresh shelves are kept; None where nobody keeps them.
    """

    name: ClassVar[str] = "retrieve"

    def __init__(self, store: ArtifactStore, learning: Path | None = None) -> None:
        self._store = store
        self._fresh = FreshShelves.beside(learning) if learning is not None else None
        self._lock = threading.Lock()
        self._stamp: Any = ()
        self.retrieval = Retrieval.over(RequestIndex.of([]), self._fresh)
        """Over an empty index where nothing was published: fresh shelves still answer."""
        self.version: str | None = None
        self.note = ""
        """What a person should know about the version that is served; "" where all is well."""
        self.broken = False
        """Whether the version that should be served was refused."""

    def __call__(self, request: Request, situation: Situation, limit: int) -> Sequence[Candidate]:
        """At most `limit` candidates, the best score first."""
        return self.current()(request, situation, limit)

    def current(self) -> Retrieval:
        """The retrieval over what is served now."""
        if self._store.pointer_stamp(RequestIndex.kind) != self._stamp:
            self._reload()
        return self.retrieval

    def _reload(self) -> None:
        with self._lock:
            stamp = self._store.pointer_stamp(RequestIndex.kind)
            if stamp == self._stamp:
                return
            try:
                version = self._store.current_version(RequestIndex.kind)
                index = RequestIndex.of([]) if version is None else self._store.load(RequestIndex, version)
                self.note = "nothing was learned yet: run `uptake learn`" if version is None else ""
                self.retrieval = self._over(index)
                self.version, self.broken = version, False
            except UptakeError as error:
                kept = f"version {self.version} goes on serving" if self.version else "nothing is served"
                self.note, self.broken = f"{kept}; the new one was refused: {error}", True
            self._stamp = stamp

    def _over(self, index: RequestIndex) -> Retrieval:
        """The retrieval over an index; without its vectors where their encoder is not here, or another one is."""
        try:
            return Retrieval.over(index, self._fresh)
        except UptakeError as error:
            self.note = f"goes on without vectors: {error}"
            return Retrieval.over(replace(index, vectors=None, encoder=None), self._fresh)
