"""Replace an unknown request by the nearest known request.

It abstains if the request is known to work, if nothing is near enough, if the difference is a number, a negation or an
opposite, or sounds different, if two known requests are about equally near, or if the text is too short. It also
abstains if the assistant reports its confidence: then `uptake.rewriting.retrieval.fallback` has more information.

Limit: it repairs misheard requests that were made before. A new request that is meant as it stands may be replaced by a
known one that is almost the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from uptake.protocols import Preflight
from uptake.rewriting.identity import meaning_id
from uptake.rewriting.retrieval.artifact import IndexedRequest, RequestIndex
from uptake.text.diff import changed_similarity
from uptake.text.lexicon import disagree
from uptake.text.normalize import normalize
from uptake.types import Decision, Request, Situation

__all__ = ["NearRewrite", "Nearest"]

_LOOKED_AT = 8
_MEASURED = 48  # requests that share most trigrams, which bounds the time


class Nearest(NamedTuple):
    """Known request nearest to a text."""

    known: IndexedRequest
    similarity: float
    """Edit similarity, in [0, 1]."""
    changed: float
    """Likeness, in [0, 1], of letters and sounds of the least alike stretch of words that differs."""


@dataclass(frozen=True, slots=True)
class NearRewrite:
    """Step that proposes the nearest known request.

    Args:
        index: Requests that work.
        version: Version of that artifact, for the log.
        sure_similarity: Edit similarity, in [0, 1], that is sufficient alone.
        min_similarity: Smallest edit similarity, in [0, 1], if the differing words sound alike.
        min_changed: Smallest similarity, in [0, 1], of letters and sounds for every differing stretch of words
            (`uptake.text.diff`): a name exchanged for one that sounds different was not misheard.
        min_margin: Smallest lead over the next known request, in [0, 1].
        min_words: Shorter requests are left alone, since they hold too little information.
    """

    index: RequestIndex
    version: str | None = None
    sure_similarity: float = 0.85
    min_similarity: float = 0.78
    min_changed: float = 0.35
    min_margin: float = 0.02
    min_words: int = 2

    name: ClassVar[str] = "near"

    def __call__(self, request: Request, situation: Situation, preflight: Preflight | None = None) -> Decision | None:  # noqa: ARG002
        """Propose a decision, or abstain."""
        if request.confidence is not None:
            return None
        text = normalize(request.text)
        found = self.nearest(text)
        if found is None or (found.similarity < self.sure_similarity and found.changed < self.min_changed):
            return None
        if disagree(text, found.known.text) or self.index.forbids(text, found.known.text):
            return None
        return Decision(
            step=self.name,
            acted_on=found.known.text,
            rewrite_id=meaning_id(text, found.known.text),
            artifact_version=self.version,
            layer="global",
            reason=f"{found.similarity:.0%} like a request that works for {found.known.users} users",
        )

    def nearest(self, text: str) -> Nearest | None:
        """Return the one known request near a normalised text; None for a known text, and if two are near."""
        if len(text.split()) < self.min_words:
            return None
        near = self.index.near(text, most=_LOOKED_AT, least=self.min_similarity - self.min_margin, measured=_MEASURED)
        working = [one for one in near if one.known.leads_to is None]
        if not working or working[0].similarity < self.min_similarity or working[0].known.text == text:
            return None
        if len(working) > 1 and working[0].similarity - working[1].similarity < self.min_margin:
            return None
        known, similarity = working[0]
        return Nearest(known, similarity, changed_similarity(text, known.text))
