"""Propose the request completed from the dialogue: "what about tomorrow?" as a request that stands alone.

It is a generator of candidates (`uptake.rewriting.proposal`): the artifact `carriers` completes the request, and this
step proposes results above a confidence. Requests that stand alone, the normal case, get no candidate. Nothing is acted
on here: a candidate still has to pass the ranker and the guard.

Source: as `uptake.rewriting.contextual.artifact`. Limit: only the last few exchanges are used; English.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from uptake.errors import BadConfig
from uptake.rewriting.contextual.artifact import ContextualRewriter
from uptake.rewriting.contextual.spans import Message
from uptake.rewriting.proposal import Candidate
from uptake.store.served import Served
from uptake.store.store import ArtifactStore
from uptake.text.lexicon import is_control, is_courtesy, is_no, is_yes
from uptake.text.normalize import normalize
from uptake.types import Exchange, Request, Situation

__all__ = ["ContextualRewrites", "said_before"]

_EXCHANGES = 3
"""Exchanges that are looked at."""


@dataclass(frozen=True, slots=True)
class ContextualRewrites:
    """Generator that proposes the completed request.

    Args:
        rewriter: The model; None if nothing was learned: then nothing is proposed.
        least: Smallest confidence, in [0, 1], of a candidate.
        served: A model with hot reload, instead of `rewriter`.
    """

    rewriter: ContextualRewriter | None = None
    least: float = 0.5
    served: Served[ContextualRewriter | None] | None = None

    name: ClassVar[str] = "carry"

    def __post_init__(self) -> None:
        if not 0.0 <= self.least <= 1.0:
            raise BadConfig("least must be in [0, 1]")

    @classmethod
    def serving(cls, store: ArtifactStore, *, least: float = 0.5) -> Self:
        """Return the generator with whatever model is served at the moment; proposes nothing where there is none."""
        return cls(None, least, Served(store, ContextualRewriter.kind, _opened, missing=None))

    def __call__(self, request: Request, situation: Situation, limit: int) -> Sequence[Candidate]:
        """Return at most `limit` candidates, best first; none where the request stands alone or nothing is trusted."""
        text = normalize(request.text)
        rewriter = self.rewriter if self.served is None else self.served.current()
        if rewriter is None or not situation.recent or limit < 1:
            return ()
        if is_control(text) or is_courtesy(text) or is_yes(text) or is_no(text):
            return ()
        found = rewriter.rewrite(request.text, said_before(situation.recent), limit=limit + 1)
        if not found or found[0].is_copy:
            return ()
        return tuple(
            Candidate(text=whole, layer="context", origins=((self.name, one.trust),))
            for one in found[:limit]
            if not one.is_copy and one.trust >= self.least and (whole := normalize(one.text)) and whole != text
        )


def _opened(store: ArtifactStore, version: str) -> ContextualRewriter:
    return store.load(ContextualRewriter, version)


def said_before(recent: Sequence[Exchange]) -> tuple[Message, ...]:
    """Return the last exchanges as things said, oldest first; slots are those of the reading that was acted on."""
    found = []
    for one in recent[-_EXCHANGES:]:
        slots = one.interpretation.slots if one.interpretation is not None else ()
        found.append(Message("user", one.request, slots))
        if one.response:
            found.append(Message("assistant", one.response))
    return tuple(found)
