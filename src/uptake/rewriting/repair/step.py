"""Repair the interpretation of a request from its n-best list and the dialogue so far.

The artifact `repairs` ranks the recogniser's alternatives, all interpretations of the assistant, and the dialogue. As a
generator it proposes meanings without judging; `propose` is the artifact's own decision, which is "no repair" for most
requests.

Limit: a candidate here is an interpretation; its text only names it. Act on `Candidate.interpretation`, as
`RepairReading`'s decisions do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from uptake.protocols import Preflight, Reads
from uptake.rewriting.proposal import Candidate
from uptake.rewriting.repair.artifact import Proposal, RepairModel
from uptake.rewriting.repair.turn import Meaning, TurnView, hear, written
from uptake.rewriting.verbalize import decision_for
from uptake.text.normalize import MAX_CHARS, normalize
from uptake.types import Decision, Exchange, Interpretation, Request, Situation, Turn

__all__ = ["Repair", "RepairReading"]

_SOME_DAY = datetime(2000, 1, 1, tzinfo=UTC)  # repairs do not look at the clock
_TURNS = 8
_LEAST = 0.02

Read = Callable[[str], Sequence[Interpretation]]


@dataclass(frozen=True, slots=True)
class Repair:
    """Generator of other meanings of a request.

    Args:
        model: The model.
        read: The assistant's own understanding: text -> interpretations, best first.
    """

    model: RepairModel
    read: Read

    name: ClassVar[str] = "repair"

    def __call__(self, request: Request, situation: Situation, limit: int) -> Sequence[Candidate]:
        """Return at most `limit` meanings beside the assistant's own, likeliest first."""
        heard = self._heard(request, situation)
        if heard is None or limit < 1:
            return ()
        chances = self.model.chances([heard])[0][1:]
        likely = sorted((-chance, sorted(meaning)) for meaning, chance in chances if meaning and chance >= _LEAST)
        return tuple(_candidate(frozenset(acts), -chance) for chance, acts in likely[:limit])

    def propose(self, request: Request, situation: Situation) -> tuple[Candidate, Proposal] | None:
        """Return the meaning to act on instead, where the artifact's own rule says so; None is the normal case."""
        heard = self._heard(request, situation)
        proposal = None if heard is None else self.model.propose(heard)
        if proposal is None:
            return None
        return _candidate(proposal.meaning, proposal.probability), proposal

    def _heard(self, request: Request, situation: Situation) -> TurnView | None:
        if len(request.text) > MAX_CHARS:
            return None
        readings = self.read(request.text)
        now = Turn(
            turn_id="now",
            user_id="somebody",
            said_at=_SOME_DAY,
            request=request.text,
            alternatives=request.alternatives,
            interpretation=readings[0] if readings else None,
            runners_up=tuple(readings[1:]),
        )
        before = [_turn(exchange) for exchange in situation.recent[-_TURNS:]]
        return hear([*before, now], self.model.conventions)[-1]


class RepairReading:
    """Step that proposes the repaired interpretation if the artifact's rule allows it; normally None."""

    name: ClassVar[str] = Repair.name

    def __init__(self, model: RepairModel, version: str | None = None) -> None:
        self.model, self.version = model, version

    def __call__(self, request: Request, situation: Situation, preflight: Preflight | None = None) -> Decision | None:
        """Propose a decision that carries a reading, or abstain; without an assistant to ask, always abstain."""
        if not isinstance(preflight, Reads) or not request.text.strip():
            return None
        found = Repair(self.model, preflight.readings).propose(request, situation)
        if found is None:
            return None
        candidate, proposal = found
        reason = (
            f"{proposal.probability:.0%} likely meant, the reading as heard {proposal.served:.0%} "
            "(the recogniser's list, all readings and the dialogue so far)"
        )
        return decision_for(
            candidate, request, step=self.name, version=self.version, reason=reason, read=preflight.readings
        )


def _turn(exchange: Exchange) -> Turn:
    return Turn(
        turn_id="before",
        user_id="somebody",
        said_at=_SOME_DAY,
        request=exchange.request,
        alternatives=exchange.alternatives,
        interpretation=exchange.interpretation,
        action=exchange.action,
        response=exchange.response,
    )


def _candidate(meaning: Meaning, probability: float) -> Candidate:
    reading = written(meaning, confidence=probability)
    words = " ".join(part for act in sorted(meaning) for part in act if part)
    return Candidate(
        text=normalize(words), layer="hearing", origins=((Repair.name, probability),), interpretation=reading
    )
