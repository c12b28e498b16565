"""Define a hypothesis (an interpretation with its confidence), and the protocol of the readers that propose it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol, runtime_checkable

from uptake.types import Interpretation, Situation

__all__ = ["ACCOUNTING", "OUT_OF_SCOPE", "READINGS_KEPT", "Hypothesis", "Reader", "trusted"]

OUT_OF_SCOPE = "OutOfScope"
"""Intent of a request that the assistant understands to be none of its skills: an honest answer, not a defect."""
ACCOUNTING = frozenset({"composed", "levels"})
"""Readers that account for every word: what they read names all that was named."""
READINGS_KEPT = 512
"""Readings that a reader keeps, by text and room: a home hears the same requests day after day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypothesis:
    """Interpretation of a request, with its confidence."""

    interpretation: Interpretation
    """The meaning of the request; its `confidence` is calibrated: the share of such readings that are right."""
    reader: str
    """Name of the reader that proposed it, for example "grammar"."""
    reason: str | None = None
    """Why, in a few words without anybody's words."""

    @property
    def confidence(self) -> float:
        """Calibrated confidence, in [0, 1]; 0 where unknown."""
        return self.interpretation.confidence or 0.0


def trusted(hypothesis: Hypothesis, confidence: float | None) -> Hypothesis:
    """Return a reading with a confidence: the same one where it has it already."""
    one = hypothesis.interpretation
    if one.confidence == confidence:
        return hypothesis
    known = Interpretation(intent=one.intent, domain=one.domain, slots=one.slots, confidence=confidence)
    return Hypothesis(interpretation=known, reader=hypothesis.reader, reason=hypothesis.reason)


@runtime_checkable
class Reader(Protocol):
    """Reader of requests. Laws: an empty result means "unknown"; it never raises for any text."""

    name: ClassVar[str]

    def read(self, text: str, situation: Situation) -> Sequence[Hypothesis]:
        """Return readings of a request, best first, at most ten.

        Args:
            text: The request, as `uptake.assistant.hear` leaves it.
            situation: Where and when it was made, and what was said before.
        """
