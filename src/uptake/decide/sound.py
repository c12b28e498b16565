"""Take a request nobody knows for the known request that it sounds like.

Abstains when the request is known to work, when nothing sounds near enough, when two known requests are
about equally near, or when the text is too short to tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import xxhash

from uptake.artifacts.sounds import SoundIndex
from uptake.text.normalize import normalize
from uptake.types import Context, Decision, Request

__all__ = ["SoundRewrite"]


@dataclass(frozen=True, slots=True)
class SoundRewrite:
    """Propose the known request that a text sounds most like.

    Args:
        index: Requests that work.
        version: Version of that artifact, for the log.
        min_similarity: Least mean of sound and edit similarity, in [0, 1].
        min_margin: Least lead over the next known request, in [0, 1].
        min_words: Shorter requests are left alone: too little sound to go by.
    """

    index: SoundIndex
    version: str | None = None
    min_similarity: float = 0.8
    min_margin: float = 0.05
    min_words: int = 3

    name: ClassVar[str] = "sound"

    def __call__(self, request: Request, context: Context) -> Decision | None:  # noqa: ARG002
        """Propose a decision, or abstain."""
        text = normalize(request.text)
        if len(text.split()) < self.min_words:
            return None
        match = self.index.nearest(text)
        if match is None or match.request.text == text:
            return None
        if match.similarity < self.min_similarity or match.margin < self.min_margin:
            return None
        return Decision(
            step=self.name,
            acted_on=match.request.text,
            rewrite_id=xxhash.xxh64_hexdigest(f"{self.name}\0{text}\0{match.request.text}".encode()),
            artifact_version=self.version,
            layer="global",
            reason=f"sounds {match.similarity:.0%} like a request that works for {match.request.users} users",
        )
