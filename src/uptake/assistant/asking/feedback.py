"""Decide when to ask "did I get that right?": when the answer is most valuable, and rarely enough not to annoy.

The value of an answer is computed by `uptake.assistant.asking.policy` (uncertainty, frequency), minus the recent cost
of asking. Stored per person: counts of requests by kind, questions asked today, and how many in a row went unanswered.

Source: value of information weighed against a budget, after Horvitz, "Principles of Mixed-Initiative User Interfaces"
(CHI 1999). Differs: the costs are counts of questions and silences, and the weights are ours, not learned. Limit: the
weights are set by hand; it does not know whether a person is busy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from uptake.assistant.asking.policy import worth
from uptake.assistant.dialogue.conversation import Conversation
from uptake.assistant.memory import Memory, of_user
from uptake.errors import BadConfig
from uptake.types import Interpretation

__all__ = ["AskPolicy"]

_KEY = "feedback"
_KINDS = 100  # kinds that are counted per person; the rarest go first
_MOST_WAIT = 6  # doublings of the pause after silences


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPolicy:
    """Policy for questions after a turn; deterministic given the memory.

    Args:
        per_day: Most questions to one person per day.
        pause_min: Shortest time between two questions, in minutes; doubled by each one that went unanswered.
        least_value: Smallest value, in [0, 1], of an answer for which to ask.

    Raises:
        BadConfig: A number is out of range.
    """

    per_day: int = 3
    pause_min: float = 20.0
    least_value: float = 0.25

    def __post_init__(self) -> None:
        if self.per_day < 0 or self.pause_min < 0:
            raise BadConfig("per_day and pause_min must not be negative")
        if not 0.0 <= self.least_value <= 1.0:
            raise BadConfig("least_value must be in [0, 1]")

    def __call__(
        self,
        readings: Sequence[Interpretation],
        conversation: Conversation,
        memory: Memory,
        user_id: str,
        now: datetime,
        *,
        plain: bool = True,
    ) -> bool:
        """Tell whether to ask after this turn.

        Args:
            readings: The reading that was acted on, then its runners-up, with calibrated confidences.
            conversation: The conversation so far.
            memory: Where the counts are kept, under the person.
            user_id: The person.
            now: The moment, aware.
            plain: Whether the turn ended well and was about nothing critical.
        """
        if not plain or not readings or not self.may(conversation, memory, user_id, now):
            return False
        return self.value(readings, memory, user_id, now) >= self.least_value

    def may(self, conversation: Conversation, memory: Memory, user_id: str, now: datetime) -> bool:
        """Tell whether the person may be asked now, whatever the answer is worth."""
        if conversation.asked_for_feedback or conversation.pending is not None:
            return False
        history = _history(memory, user_id)
        return _asked_on(history, now) < self.per_day and now >= self._next(history)

    def counts(self, reading: Interpretation, memory: Memory, user_id: str, now: datetime) -> tuple[int, int]:
        """Count requests of this kind by the person so far, and questions to them today."""
        history = _history(memory, user_id)
        return int(history["seen"].get(_kind(reading), 0)), _asked_on(history, now)

    def value(self, readings: Sequence[Interpretation], memory: Memory, user_id: str, now: datetime) -> float:
        """Return the value of an answer less the cost of asking, in [-1, 1]; 0 where the confidence is unknown."""
        if not readings or readings[0].confidence is None:
            return 0.0
        history = _history(memory, user_id)
        seen = int(history["seen"].get(_kind(readings[0]), 0))
        return worth(readings, seen) - 0.05 * _asked_on(history, now) - 0.1 * min(_silences(history), 5)

    def asked(self, memory: Memory, user_id: str, now: datetime) -> None:
        """Record that the question was asked."""
        history = _history(memory, user_id)
        asked = {"day": _day(now), "asked": _asked_on(history, now) + 1, "at": now.isoformat()}
        _keep(memory, user_id, {**history, **asked, "silences": _silences(history), "open": True})

    def answered(self, memory: Memory, user_id: str, answer: bool | None) -> None:
        """Record the answer; None for silence or another request."""
        history = _history(memory, user_id)
        silences = 0 if answer is not None else int(history["silences"]) + 1
        _keep(memory, user_id, {**history, "open": False, "silences": silences})

    def count_request(self, memory: Memory, user_id: str, interpretation: Interpretation) -> None:
        """Count a request of this kind."""
        history = _history(memory, user_id)
        kind = _kind(interpretation)
        counts: dict[str, int] = {**history["seen"], kind: int(history["seen"].get(kind, 0)) + 1}
        if len(counts) > _KINDS:
            rarest = min((each for each in counts if each != kind), key=lambda each: (counts[each], each))
            del counts[rarest]
        _keep(memory, user_id, {**history, "seen": counts})

    def _next(self, history: dict[str, Any]) -> datetime:
        """Return the first moment at which the person may be asked again."""
        at = datetime.fromisoformat(history["at"])
        return at + timedelta(minutes=self.pause_min * 2 ** min(_silences(history), _MOST_WAIT))


def _kind(interpretation: Interpretation) -> str:
    domain = next((value for slot, value in interpretation.slots if slot == "domain"), interpretation.domain or "")
    return f"{domain}|{interpretation.intent}"


def _history(memory: Memory, user_id: str) -> dict[str, Any]:
    first = {"seen": {}, "day": "", "asked": 0, "at": "1970-01-01T00:00:00+00:00", "open": False, "silences": 0}
    return first | (memory.get(of_user(user_id), _KEY) or {})


def _keep(memory: Memory, user_id: str, history: dict[str, Any]) -> None:
    memory.set(of_user(user_id), _KEY, history)


def _day(now: datetime) -> str:
    return now.date().isoformat()


def _asked_on(history: dict[str, Any], now: datetime) -> int:
    return int(history["asked"]) if history["day"] == _day(now) else 0


def _silences(history: dict[str, Any]) -> int:
    """Count the latest questions in a row that went unanswered; an open one counts."""
    return int(history["silences"]) + bool(history["open"])
