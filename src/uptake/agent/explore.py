"""Exploration in the loop: when to try what would be asked about, when to ask, and what has been spent.

One thing at most is left to chance in a turn, and its probability becomes part of the turn's propensity: where a
rewrite was proposed, whether it is acted on or asked about; elsewhere, whether the person is asked "did I get that
right?". So the propensity always says how probable it was that the turn was treated as it was.

Kept in memory: for each domain of this home how many turns it had and how many were explored; for each person how many
rewrites were tried today.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from uptake.agent.dialogue import AskPolicy
from uptake.agent.entities.resolution import Resolution
from uptake.agent.memory import HOME, Memory, of_user
from uptake.agent.progress import Progress
from uptake.agent.skills import Skills
from uptake.decide.explore import Explored, Explorer, Spent, draw, is_small_change
from uptake.text.normalize import normalize
from uptake.types import Interpretation

__all__ = ["Exploration"]

_KEY = "explored"


class Exploration:
    """An explorer with the memory of what it has spent.

    Args:
        explorer: Who decides.
        memory: Where the counts are kept.
    """

    def __init__(self, explorer: Explorer, memory: Memory) -> None:
        self.explorer, self._memory = explorer, memory

    def tries(self, work: Progress, skills: Skills) -> bool:
        """Whether to act at once on a rewrite that would be asked about; notes the decision in the turn.

        Args:
            work: The turn, with its decision and the resolution of what it would do.
            skills: What is critical.
        """
        if work.dry_run:
            return False
        domain = _domain(work.resolution, skills)
        found = self.explorer.tries(
            domain=domain,
            spent=self._spent(work, domain, asked=0),
            chance=_chance("try", work),
            harmless=self._is_harmless(work, skills),
        )
        self._note(work, found)
        return found.action == "try"

    def asks(self, work: Progress, readings: Sequence[Interpretation], asks: AskPolicy) -> bool:
        """Whether to ask "did I get that right?"; notes the decision in the turn.

        Args:
            work: The turn.
            readings: The reading that was acted on, then its runners-up, with calibrated confidences.
            asks: The pauses and the counts of questions.
        """
        user_id = work.request.user_id
        if not asks.may(work.conversation, self._memory, user_id, work.now):
            return False
        seen, asked = asks.counts(readings[0], self._memory, user_id, work.now)
        spent = self._spent(work, readings[0].domain, asked=asked)
        found = self.explorer(readings, seen=seen, spent=spent, chance=_chance("ask", work))
        self._note(work, found)
        return found.action == "ask"

    def count(self, work: Progress, reading: Interpretation | None) -> None:
        """Write down a turn of a domain, and what it cost; a question that was due anyway costs nothing more."""
        tried = work.explored is not None and work.explored.action == "try"
        asked = work.pending is not None and work.pending.kind == "feedback"
        domain = (reading.domain if reading else None) or ""
        kept = self._memory.get(HOME, _KEY) or {}
        turns, spent = kept.get(domain, (0, 0))
        kept[domain] = (turns + 1, spent + (tried or asked))
        self._memory.set(HOME, _KEY, kept)
        if tried:
            scope, today = of_user(work.request.user_id), work.now.date().isoformat()
            self._memory.set(scope, _KEY, {"day": today, "tried": self._tried(work.request.user_id, work.now) + 1})

    def _is_harmless(self, work: Progress, skills: Skills) -> bool:
        decision, resolution = work.decision, work.resolution
        if decision is None or decision.interpretation is not None:  # words would not show what such a one changes
            return False
        if resolution is None or resolution.problem is not None:
            return False
        domains = {device.domain for device in resolution.targets}
        return (
            bool(domains)
            and domains <= set(self.explorer.try_domains)
            and not skills.must_ask(resolution.interpretation.intent, resolution.targets)
            and is_small_change(normalize(work.request.text), decision.acted_on)
        )

    def _spent(self, work: Progress, domain: str | None, *, asked: int) -> Spent:
        turns, explored = (self._memory.get(HOME, _KEY) or {}).get(domain or "", (0, 0))
        tried = self._tried(work.request.user_id, work.now)
        return Spent(user_today=asked, tried_today=tried, domain_explored=explored, domain_turns=turns)

    def _tried(self, user_id: str, now: datetime) -> int:
        kept: dict[str, Any] = self._memory.get(of_user(user_id), _KEY) or {}
        return int(kept["tried"]) if kept.get("day") == now.date().isoformat() else 0

    @staticmethod
    def _note(work: Progress, found: Explored) -> None:
        work.explored = found
        if found.propensity < 1.0:
            work.trace.add("explore", found.action, f"probability {found.propensity:.2f}")


def _domain(resolution: Resolution | None, skills: Skills) -> str | None:
    """The domain that the turn will be logged with."""
    if resolution is None:
        return None
    reading, targets = resolution.interpretation, resolution.targets
    skill = skills.find(reading.intent, targets[0].domain if targets else None)
    return skill.name if skill else reading.domain


def _chance(what: str, work: Progress) -> float:
    return draw(what, work.turn_id)
