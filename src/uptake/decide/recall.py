"""Take a request that the assistant does not understand for one that works: this user's own, or many users'.

Asked only where the assistant said how sure it is of its own reading (`Request.confidence`) and is not sure. Then
what was heard, and what else the recogniser had on its list, is held against the requests that work for this very
user and those that work for many. The less the assistant makes of the request itself, the less likeness is needed:
where it has no reading at all, there is nothing to lose.

Source: a user's own history as the index to rewrite from, Cho et al., "Personalized Search-based Query Rewrite System
for Conversational AI" (NLP4ConvAI 2021). Differs: likeness of letters and sounds instead of a trained encoder; the
recogniser's list as further evidence.
Limit: it knows only what has been said before, and how sure the assistant is must be calibrated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import xxhash

from uptake.artifacts.sounds import KnownRequest, SoundIndex
from uptake.text.changes import changed_similarity, similarity
from uptake.text.normalize import normalize
from uptake.types import Context, Decision, Request

__all__ = ["Recall"]

_LISTED = 5


class _Found(NamedTuple):
    score: float
    request: KnownRequest
    likeness: float
    listed: bool


@dataclass(frozen=True, slots=True)
class Recall:
    """Propose the request that works and is likest to what was heard.

    Args:
        index: Requests that work.
        version: Version of that artifact, for the log.
        trusted: Confidence, in [0, 1], from which the assistant's own reading stands.
        lost: Confidence below which there is nothing to lose.
        min_likeness: Least likeness, in [0, 1], where there is nothing to lose.
        min_likeness_unsure: The same where the assistant has a reading.
        min_changed: Least likeness, in [0, 1], of each stretch of words that differs, where it has a reading.
        min_margin: Least lead over the next request.
        per_rank: What each place further down the recogniser's list takes off.
        own_bonus: What a user's own request has ahead of everybody's.
    """

    index: SoundIndex
    version: str | None = None
    trusted: float = 0.7
    lost: float = 0.3
    min_likeness: float = 0.5
    min_likeness_unsure: float = 0.85
    min_changed: float = 0.4
    min_margin: float = 0.005
    per_rank: float = 0.05
    own_bonus: float = 0.02

    name: ClassVar[str] = "recall"

    def __call__(self, request: Request, context: Context) -> Decision | None:  # noqa: ARG002
        """Propose a decision, or abstain."""
        sure = request.confidence
        text = normalize(request.text)
        if sure is None or sure >= self.trusted or not text:
            return None
        lost = sure < self.lost
        least = self.min_likeness if lost else self.min_likeness_unsure
        best: dict[str, _Found] = {}
        for found in self._candidates(text, request):
            if found.request.text != text and found.score > best.get(found.request.text, _NONE).score:
                best[found.request.text] = found
        ranked = sorted(best.values(), key=lambda found: (-found.score, found.request.text))
        if not ranked or ranked[0].score < least:
            return None
        first = ranked[0]
        if len(ranked) > 1 and first.score - ranked[1].score < self.min_margin:
            return None
        if not (lost or first.listed) and changed_similarity(text, first.request.text) < self.min_changed:
            return None
        return self._decision(text, first)

    def _candidates(self, text: str, request: Request) -> list[_Found]:
        own = self.index.own(request.user_id)
        mine = {known.text: known for known in own}
        found = []
        heard = [text, *(normalize(one.text) for one in request.alternatives[1:_LISTED])]
        for rank, one in enumerate(heard):
            less = self.per_rank * rank
            if rank and len(one.split()) > 1:
                known = mine.get(one) or self.index.find(one)
                if known is not None:
                    bonus = self.own_bonus if one in mine else 0.0
                    found.append(_Found(1.0 - less + bonus, known, similarity(text, one), True))
            if rank <= 1:
                found += [
                    _Found(likeness - less + self.own_bonus, known, likeness, False)
                    for known in own
                    if (likeness := similarity(one, known.text)) >= 0.5
                ]
                found += [
                    _Found(likeness - less, known, likeness, False)
                    for _, known in self.index.near(one)
                    if (likeness := similarity(one, known.text)) >= 0.5
                ]
        return found

    def _decision(self, text: str, found: _Found) -> Decision:
        known = found.request
        whose = "this user" if known.user_id else f"{known.users} users"
        how = "on the recogniser's list, and" if found.listed else f"{found.likeness:.0%} like it, and"
        key = f"{self.name}\0{known.user_id or ''}\0{text}\0{known.text}"
        return Decision(
            step=self.name,
            acted_on=known.text,
            rewrite_id=xxhash.xxh64_hexdigest(key.encode("utf-8", "surrogatepass")),
            artifact_version=self.version,
            layer="personal" if known.user_id else "global",
            reason=f"not understood; {how} works for {whose}",
        )


_NONE = _Found(float("-inf"), KnownRequest("", 0, 0), 0.0, False)
