"""When to ask "did I get that right?"."""

from __future__ import annotations

from datetime import datetime

from uptake.agent.dialogue.conversation import Conversation
from uptake.agent.memory import Memory
from uptake.types import Interpretation

__all__ = ["AskPolicy"]


class AskPolicy:
    """Ask when the answer is worth more than it annoys."""

    def __init__(self, *, per_day: int = 3, pause_min: float = 20.0, least_value: float = 0.25) -> None:
        self.per_day, self.pause_min, self.least_value = per_day, pause_min, least_value

    def __call__(
        self,
        readings: tuple[Interpretation, ...],
        conversation: Conversation,
        memory: Memory,
        user_id: str,
        now: datetime,
        *,
        plain: bool = True,
    ) -> bool:
        """Whether to ask after this turn.

        Args:
            readings: The reading that was acted on, then its runners-up, with calibrated confidences.
            conversation: The conversation so far.
            memory: Where the counts are kept, under the person.
            user_id: The person.
            now: The moment, aware.
            plain: Whether the turn ended well and was about nothing critical.
        """
        return False

    def asked(self, memory: Memory, user_id: str, now: datetime) -> None:
        """Write down that the question was asked."""

    def answered(self, memory: Memory, user_id: str, answer: bool | None) -> None:
        """Write down what came of it; None for silence or another request."""

    def seen(self, memory: Memory, user_id: str, interpretation: Interpretation) -> None:
        """Count a request of this kind."""
