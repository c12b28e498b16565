"""Explore within the loop: choose when to try a rewrite, when to ask, and count the budget spent.

At most one choice per turn is random, and its probability becomes part of the turn's propensity: if a rewrite was
proposed, whether it is acted on or asked about; otherwise, whether the person is asked "did I get that right?". So the
propensity is always the probability of the treatment that the turn got.

The memory stores, for each domain of this home, the number of turns and of explored ones; for each person, the number
of rewrites tried today.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from uptake.assistant.asking.feedback import AskPolicy
from uptake.assistant.asking.policy import Explored, Explorer, Spent, draw, is_small_change
from uptake.assistant.entities.resolution import Resolution
from uptake.assistant.memory import HOME, Memory, of_user
from uptake.assistant.record.trace import Trace
from uptake.assistant.skills import Skills
from uptake.text.normalize import normalize
from uptake.types import Decision, Interpretation, Request

__all__ = ["Exploration", "note"]

_KEY = "explored"


class Exploration:
    """Explorer with a memory of the budget spent.

    Args:
        explorer: The policy.
        memory: Memory for the counts.
    """

    def __init__(self, explorer: Explorer, memory: Memory) -> None:
        self.explorer, self._memory = explorer, memory

    def tries(
        self,
        decision: Decision,
        resolution: Resolution,
        skills: Skills,
        *,
        request: Request,
        turn_id: str,
        now: datetime,
    ) -> Explored:
        """Decide whether to act at once ("try") on a rewrite that would be asked about.

        Args:
            decision: The rewrite.
            resolution: What it would do.
            skills: What is critical.
            request: The request as heard, and the person.
            turn_id: The turn; equal turns choose equally.
            now: The moment, aware.
        """
        domain = _domain(resolution, skills)
        return self.explorer.tries(
            domain=domain,
            spent=self._spent(domain, request.user_id, now, asked=0),
            chance=draw("try", turn_id),
            harmless=self._is_harmless(decision, resolution, skills, request.text),
        )

    def asks(
        self, readings: Sequence[Interpretation], policy: AskPolicy, *, user_id: str, turn_id: str, now: datetime
    ) -> Explored:
        """Decide whether to ask "did I get that right?" of a person who may be asked now.

        Args:
            readings: The reading that was acted on, then its runners-up, with calibrated confidences.
            policy: The counts of questions.
            user_id: The person.
            turn_id: The turn; equal turns choose equally.
            now: The moment, aware.
        """
        seen, asked = policy.counts(readings[0], self._memory, user_id, now)
        spent = self._spent(readings[0].domain, user_id, now, asked=asked)
        return self.explorer(readings, seen=seen, spent=spent, chance=draw("ask", turn_id))

    def count(self, domain: str | None, user_id: str, now: datetime, *, explored: Explored | None, asked: bool) -> None:
        """Count a turn of a domain and its cost; a question that was due anyway costs nothing more."""
        tried = explored is not None and explored.action == "try"
        counts = self._memory.get(HOME, _KEY) or {}
        turns, spent = counts.get(domain or "", (0, 0))
        counts[domain or ""] = (turns + 1, spent + (tried or asked))
        self._memory.set(HOME, _KEY, counts)
        if tried:
            today = now.date().isoformat()
            self._memory.set(of_user(user_id), _KEY, {"day": today, "tried": self._tried(user_id, now) + 1})

    def _is_harmless(self, decision: Decision, resolution: Resolution, skills: Skills, request: str) -> bool:
        if decision.interpretation is not None:  # words would not show what such a one changes
            return False
        if resolution.problem is not None:
            return False
        domains = {device.domain for device in resolution.targets}
        return (
            bool(domains)
            and domains <= set(self.explorer.try_domains)
            and not skills.must_ask(resolution.interpretation.intent, resolution.targets)
            and is_small_change(normalize(request), decision.acted_on)
        )

    def _spent(self, domain: str | None, user_id: str, now: datetime, *, asked: int) -> Spent:
        turns, explored = (self._memory.get(HOME, _KEY) or {}).get(domain or "", (0, 0))
        tried = self._tried(user_id, now)
        return Spent(user_today=asked, tried_today=tried, domain_explored=explored, domain_turns=turns)

    def _tried(self, user_id: str, now: datetime) -> int:
        counts: dict[str, Any] = self._memory.get(of_user(user_id), _KEY) or {}
        return int(counts["tried"]) if counts.get("day") == now.date().isoformat() else 0


def note(explored: Explored, trace: Trace) -> None:
    """Put a choice that was left to chance into the trace of the turn."""
    if explored.propensity < 1.0:
        trace.add("explore", explored.action, f"probability {explored.propensity:.2f}")


def _domain(resolution: Resolution, skills: Skills) -> str | None:
    """Return the domain that the turn will be logged with."""
    reading, targets = resolution.interpretation, resolution.targets
    skill = skills.find(reading.intent, targets[0].domain if targets else None)
    return skill.name if skill else reading.domain
