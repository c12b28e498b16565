"""Second stage: what to act on instead of what was heard, where something learned says so."""

from __future__ import annotations

from uptake.agent.trace import Candidate, Trace
from uptake.decide.pipeline import Outcome, Pipeline
from uptake.protocols import Preflight
from uptake.types import Request, Situation

__all__ = ["rewrite"]


def rewrite(
    pipeline: Pipeline | None, request: Request, situation: Situation, preflight: Preflight, trace: Trace
) -> Outcome | None:
    """What was decided, and by whom; None where nothing was learned. See `uptake.decide.pipeline`.

    Args:
        pipeline: Who decides; None where nothing was learned.
        request: What was heard, with how sure the assistant is of its own reading.
        situation: Where and when, and what was said before.
        preflight: What the assistant would make of a text.
        trace: Where to note it.
    """
    if pipeline is None:
        trace.add("rewrite", "left as it is", "nothing was learned yet")
        return None
    outcome = pipeline.decide(request, situation, preflight)
    decision = outcome.decision
    steps = tuple(
        Candidate(label=f"{entry.step}: {entry.verdict}", by=entry.step, reason=entry.reason) for entry in outcome.trace
    )
    verdict = decision.acted_on if decision else "left as it is"
    trace.add("rewrite", verdict, _reason(outcome), steps)
    return outcome


def _reason(outcome: Outcome) -> str:
    if outcome.decision is not None:
        return outcome.decision.reason
    spoke = [entry for entry in outcome.trace if entry.verdict in ("refused", "blocked", "broken")]
    return (spoke or outcome.trace)[-1].reason
