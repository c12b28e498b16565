"""How far a reading can be trusted: from ranks and scores to probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from uptake.agent.hypotheses import Hypothesis

if TYPE_CHECKING:
    from uptake.agent.understand.grammar import Match

__all__ = ["PLAIN", "Calibration"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What matches of the grammar are worth."""

    exact: float = 0.98
    """Best match, where no slot takes any words."""
    wild: float = 0.85
    """Best match, where one does."""
    runner_up: float = 0.15
    """Each further match, of what the one before it is worth."""

    def of_grammar(self, matches: Sequence[Match]) -> tuple[Hypothesis, ...]:
        """Hypotheses of ranked matches."""
        found = []
        worth = 1.0
        for match in matches:
            worth *= self.wild if match.wildcards else self.exact
            found.append(
                Hypothesis(
                    interpretation=replace(match.interpretation, confidence=round(worth, 4)),
                    reader="grammar",
                    reason="a sentence template with free words" if match.wildcards else "a sentence template",
                )
            )
            worth *= self.runner_up
        return tuple(found)


PLAIN = Calibration()
