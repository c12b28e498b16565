"""Take a request nobody knows for the known request that it sounds like.

Abstains when the request is known to work, when nothing sounds near enough, when the words that differ sound
nothing alike, when two known requests are about equally near, or when the text is too short to tell; and where the
assistant said how sure it is of its own reading: then `uptake.decide.recall` knows more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import xxhash

from uptake.artifacts.sounds import SoundIndex
from uptake.protocols import Preflight
from uptake.text.changes import changed_similarity
from uptake.text.normalize import normalize
from uptake.types import Decision, Request, Situation

__all__ = ["SoundRewrite"]


@dataclass(frozen=True, slots=True)
class SoundRewrite:
    """Propose the known request that a text sounds most like.

    Args:
        index: Requests that work.
        version: Version of that artifact, for the log.
        sure_similarity: Edit similarity, in [0, 1], from which nothing else is asked.
        min_similarity: Least edit similarity, in [0, 1], where what differs sounds alike.
        min_changed: Least likeness, in [0, 1], of letters and sounds for every stretch of words that differs
            (`uptake.text.changes`): a name exchanged for one that sounds different was not misheard.
        min_margin: Least lead over the next known request, in [0, 1].
        min_words: Shorter requests are left alone: too little sound to go by.
    """

    index: SoundIndex
    version: str | None = None
    sure_similarity: float = 0.82
    min_similarity: float = 0.75
    min_changed: float = 0.35
    min_margin: float = 0.02
    min_words: int = 3

    name: ClassVar[str] = "sound"

    def __call__(self, request: Request, situation: Situation, preflight: Preflight | None = None) -> Decision | None:  # noqa: ARG002
        """Propose a decision, or abstain."""
        if request.confidence is not None:
            return None
        text = normalize(request.text)
        if len(text.split()) < self.min_words:
            return None
        match = self.index.nearest(text)
        if match is None or match.request.text == text:
            return None
        if match.similarity < self.min_similarity or match.margin < self.min_margin:
            return None
        sure = match.similarity >= self.sure_similarity
        if not sure and changed_similarity(text, match.request.text) < self.min_changed:
            return None
        return Decision(
            step=self.name,
            acted_on=match.request.text,
            rewrite_id=xxhash.xxh64_hexdigest(f"{self.name}\0{text}\0{match.request.text}".encode()),
            artifact_version=self.version,
            layer="global",
            reason=f"{match.similarity:.0%} like a request that works for {match.request.users} users",
        )
