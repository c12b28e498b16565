"""The detector of rephrases beside the chain: what both find is better founded than what either does.

The chain (`uptake.learn.markov`) and the detector (`uptake.learn.rephrase`) are solved at the same gates, and once more
at lower ones, where only what both say counts. The fewest users stay the same everywhere: agreement of two learners
makes nobody's words shareable.

Limit: both read the same log; what fools the signals that taught the detector may fool the chain as well.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from uptake.artifacts.rewrites import RewriteTable
from uptake.errors import BadConfig
from uptake.learn.markov import MarkovRewriter
from uptake.learn.rephrase import Counted, RephraseRewriter, agreed, merged

__all__ = ["Beside", "finders"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Whether the detector is asked beside the chain, and what agreement of both is worth.

    Args:
        beside_markov: Whether `uptake learn rewrites` asks the published reader as well.
        agreed_confidence: One-sided confidence, in [0.5, 1), of the bounds where both agree.
        agreed_gain: Least rise, in [-1, 1), of the chance of success where both agree.
        max_moves: Most dialogues of one user that count for a pair.
        turns: Latest turns that the reader reads.
    """

    beside_markov: bool = False
    agreed_confidence: float = 0.75
    agreed_gain: float = 0.0
    max_moves: int = 2
    turns: int = 20_000

    def __post_init__(self) -> None:
        if not (0.5 <= self.agreed_confidence < 1.0 and -1.0 <= self.agreed_gain < 1.0):
            raise BadConfig("agreed_confidence must be in [0.5, 1) and agreed_gain in [-1, 1)")
        if self.max_moves < 1 or self.turns < 1:
            raise BadConfig("max_moves and turns must be at least 1")

    def detector(self, chain: MarkovRewriter) -> RephraseRewriter:
        """The detector at the gates of the chain."""
        return RephraseRewriter(
            min_users=chain.min_users,
            min_gain=chain.min_gain,
            min_share=chain.min_share,
            max_success=chain.max_success,
            confidence=chain.confidence,
            max_moves=self.max_moves,
        )

    def lenient(self, chain: MarkovRewriter) -> MarkovRewriter:
        """The chain at the gates for what both say."""
        gain, confidence = min(self.agreed_gain, chain.min_gain), min(self.agreed_confidence, chain.confidence)
        return replace(chain, confidence=confidence, min_gain=gain, personal_sessions=0)

    def table(
        self, chain: MarkovRewriter, counted: Counted, *, strict: RewriteTable, lenient: RewriteTable
    ) -> RewriteTable:
        """What chain and detector say together.

        Args:
            chain: The chain's gates.
            counted: What the reader pointed at.
            strict: The chain's table at its gates.
            lenient: The chain's table at those of `lenient`.
        """
        return merged(strict, self.detector(chain).solve(counted), self.agreeing(chain, counted, lenient))

    def agreeing(self, chain: MarkovRewriter, counted: Counted, lenient: RewriteTable) -> RewriteTable:
        """What both say, at the gates for what both say."""
        return agreed(lenient, self.detector(self.lenient(chain)).solve(counted))


def finders(table: RewriteTable) -> dict[str, int]:
    """How many rows each learner found: "markov", "rephrase", "both"."""
    return dict(sorted(Counter(row.found_by for row in table.rows()).items()))
