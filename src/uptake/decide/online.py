"""Rewrite at request time what no table knows: look up what was meant, weigh it, and act only where it is worth it.

    retrieval (cascade.py) + the recogniser's list + names of things in this home + what was said before
        -> one list of candidates, each with its origins -> ranker -> a decision, a question, or nothing

The assistant's own reading is asked first: where it is sure, nothing is looked up, which is the normal case and
costs nothing. What is proposed still goes before the guard and the preflight of `uptake.decide.pipeline`.

Source: retrieval and ranking with a personal and a global layer as in Cho et al., "Personalized Search-based Query
Rewrite System for Conversational AI" (NLP4ConvAI 2021). Differs: the recogniser's list as a source of its own,
and thresholds by expected wins per loss.
Limit: without an assistant to ask (no preflight), only what the index knows of readings is weighed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, ClassVar

from uptake.artifacts.ranker import Ranker
from uptake.artifacts.store import ArtifactStore
from uptake.decide.candidates import Candidate, Generator, fuse
from uptake.decide.features import Own
from uptake.decide.listed import Listed
from uptake.decide.names import Names
from uptake.decide.rank import Rank
from uptake.decide.retrieve.cascade import ServedRetrieval
from uptake.errors import UptakeError
from uptake.protocols import Preflight
from uptake.text.normalize import MAX_CHARS
from uptake.types import Decision, Interpretation, Request, Situation

__all__ = ["PROPOSE", "TRUSTED", "OnlineRewrite", "ServedOnline", "candidates", "shipped"]

TRUSTED = 0.9
"""Confidence from which the assistant's own reading stands."""
PROPOSE: tuple[Generator, ...] = (Listed(), Names())
"""What is asked beside the retrieval: the recogniser's list, and what this home has that sounds like it."""
_LIMIT = 8  # candidates of each generator


def candidates(generators: Sequence[Generator], request: Request, situation: Situation) -> tuple[Candidate, ...]:
    """What all generators propose, each text once, the best score first."""
    return fuse(one for generator in generators for one in generator(request, situation, _LIMIT))


class OnlineRewrite:
    """Proposes the candidate that is worth acting on, or worth asking about.

    Args:
        retrieval: Looks up what was asked before.
        ranker: Weighs candidates.
        version: Version of the ranker, for the log.
        more: Further generators, beside the recogniser's list.
        taken: What worked for a person before, by pseudonym; None where nobody knows.
        trusted: Confidence, in [0, 1], from which the assistant's own reading stands.
    """

    name: ClassVar[str] = "online"

    def __init__(
        self,
        retrieval: Generator,
        ranker: Ranker,
        version: str | None = None,
        *,
        more: Sequence[Generator] = (),
        taken: Callable[[str], Own | None] | None = None,
        trusted: float = TRUSTED,
    ) -> None:
        self.generators: tuple[Generator, ...] = (retrieval, *PROPOSE, *more)
        self.ranker, self.version, self.trusted, self._taken = ranker, version, trusted, taken

    def __call__(self, request: Request, situation: Situation, preflight: Preflight | None = None) -> Decision | None:
        """Propose a decision, propose to ask (`must_confirm`), or abstain."""
        sure = request.confidence
        if (sure is not None and sure >= self.trusted) or len(request.text) > MAX_CHARS:
            return None
        found = candidates(self.generators, request, situation)
        if not found:
            return None
        read = _Reader(preflight)
        rank = Rank(self.ranker, read, self.version)
        decision = rank(
            request,
            found,
            situation=situation,
            readings=read(request.text),
            now=situation.local.astimezone() if situation.local is not None else None,
            own=self._taken(request.user_id) if self._taken is not None else None,
        )
        return replace(decision, step=self.name) if decision is not None else None


class ServedOnline:
    """The online step over whatever is published at the moment; the shipped ranker where none was learned yet.

    Args:
        store: Where indexes and rankers are published.
        learning: Directory of learning, beside which fresh shelves are kept; None where nobody keeps them.
        more: Further generators.
    """

    name: ClassVar[str] = OnlineRewrite.name

    def __init__(self, store: ArtifactStore, learning: Path | None = None, *, more: Sequence[Generator] = ()) -> None:
        self._retrieval, self._store, self._more = ServedRetrieval(store, learning), store, tuple(more)
        self._lock = threading.Lock()
        self._stamp: Any = ()
        self._step: OnlineRewrite | None = None
        self._note = ""
        self._refused = False

    @property
    def note(self) -> str:
        """What a person should know about what is served; "" where all is well."""
        return self._note or (self._retrieval.note if self._retrieval.broken else "")

    @property
    def broken(self) -> bool:
        """Whether something that should be served was refused."""
        return self._refused or self._retrieval.broken

    def __call__(self, request: Request, situation: Situation, preflight: Preflight | None = None) -> Decision | None:
        """Ask the step over the served versions."""
        if self._store.pointer_stamp(Ranker.kind) != self._stamp:
            self._reload()
        step = self._step
        if step is None or (preflight is None and step.version is None):
            return None  # the shipped ranker leans on how the assistant reads each candidate
        return step(request, situation, preflight)

    def warm(self) -> None:
        """Load what a large index is faster with."""
        self._retrieval.current().warm()

    def _own(self, user_id: str) -> Own | None:
        return self._retrieval.current().taken(user_id)

    def _reload(self) -> None:
        with self._lock:
            stamp = self._store.pointer_stamp(Ranker.kind)
            if stamp == self._stamp:
                return
            try:
                version = self._store.current_version(Ranker.kind)
                ranker = shipped() if version is None else self._store.load(Ranker, version)
                self._step = OnlineRewrite(self._retrieval, ranker, version, more=self._more, taken=self._own)
                self._note, self._refused = "", False
            except UptakeError as error:
                kept = "the one before goes on serving" if self._step else "nothing is served"
                self._note, self._refused = f"{kept}; the new ranker was refused: {error}", True
            self._stamp = stamp


@lru_cache(maxsize=1)
def shipped() -> Ranker:
    """The ranker that comes with the package, learned from simulated people; see its `provenance.json`."""
    with resources.as_file(resources.files("uptake.decide") / "ranker") as directory:
        return Ranker.load(directory)


class _Reader:
    """The assistant's own understanding, as far as there is one to ask."""

    def __init__(self, preflight: Preflight | None) -> None:
        self._preflight = preflight

    def __call__(self, text: str) -> tuple[Interpretation, ...]:
        found = self._preflight(text) if self._preflight is not None else None
        return () if found is None else (found,)
