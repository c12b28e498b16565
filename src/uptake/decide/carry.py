"""What a request means in full, given what was just said: "what about tomorrow?" as a request that stands alone.

A generator of candidates (`uptake.decide.candidates`): the artifact `carriers` writes the request out, and this step
proposes what it trusts. Requests that stand alone, the normal case, get no candidate. Nothing is acted on here: a
candidate still has to pass the ranker and the guard.

Source: as `uptake.artifacts.carriers`.
Limit: it looks at the last few exchanges and at nothing older; English.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from uptake.artifacts.carriers import Carrier
from uptake.artifacts.passages import Said
from uptake.decide.candidates import Candidate
from uptake.errors import ArtifactRefused, BadConfig, NotReady
from uptake.text.lexicon import is_control, is_courtesy, is_no, is_yes
from uptake.text.normalize import normalize
from uptake.types import Exchange, Request, Situation

if TYPE_CHECKING:
    from uptake.artifacts.store import ArtifactStore

__all__ = ["CarriedOver", "said_before"]

_EXCHANGES = 3
"""Exchanges that are looked at."""


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """Proposes the request written out by the conversation.

    Args:
        carrier: What was learned; None where nothing was, and then nothing is proposed.
        least: Least trust, in [0, 1], that a candidate needs.
    """

    carrier: Carrier | None = None
    least: float = 0.5

    name: ClassVar[str] = "carry"

    def __post_init__(self) -> None:
        if not 0.0 <= self.least <= 1.0:
            raise BadConfig("least must be in [0, 1]")

    @classmethod
    def serving(cls, store: ArtifactStore, *, least: float = 0.5) -> Self:
        """The generator with what a store serves now; without anything where it serves nothing that is whole."""
        try:
            return cls(store.load(Carrier), least)
        except (NotReady, ArtifactRefused):
            return cls(None, least)

    def __call__(self, request: Request, situation: Situation, limit: int) -> Sequence[Candidate]:
        """At most `limit` candidates, best first; none where the request stands alone or nothing is trusted."""
        text = normalize(request.text)
        if self.carrier is None or not situation.recent or limit < 1:
            return ()
        if is_control(text) or is_courtesy(text) or is_yes(text) or is_no(text):
            return ()
        found = self.carrier.carry(request.text, said_before(situation.recent), limit=limit + 1)
        if not found or found[0].is_copy:
            return ()
        return tuple(
            Candidate(text=whole, layer="context", origins=((self.name, one.trust),))
            for one in found[:limit]
            if not one.is_copy and one.trust >= self.least and (whole := normalize(one.text)) and whole != text
        )


def said_before(recent: Sequence[Exchange]) -> tuple[Said, ...]:
    """The last exchanges as things said, oldest first; slots are those of the reading that was acted on."""
    found = []
    for one in recent[-_EXCHANGES:]:
        slots = one.interpretation.slots if one.interpretation is not None else ()
        found.append(Said("user", one.request, slots))
        if one.response:
            found.append(Said("assistant", one.response))
    return tuple(found)
