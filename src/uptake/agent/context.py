"""Context in the loop: readings reranked by the situation, and readings that only the situation can give.

`rerank` weighs what the readers believe against what the situation says (`uptake.decide.context`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from uptake.agent.hypotheses import OUT_OF_SCOPE, Hypothesis
from uptake.decide.context import ContextRanker
from uptake.types import Situation

__all__ = ["rerank"]

_WEIGHT = 0.7  # of the situation, beside the log of what the readers believe
_LEAST = 0.02  # a reading that readers believe less than this share of the best is not lifted by the situation
_FLOOR = 1e-3


def rerank(
    hypotheses: Sequence[Hypothesis], text: str, situation: Situation, ranker: ContextRanker
) -> tuple[Hypothesis, ...]:
    """Order readings by what the readers believe and what the situation says.

    The belief in all of them together stays what it was; it is shared out anew. Being out of scope is
    nothing the situation speaks of: it keeps its own confidence.

    Args:
        hypotheses: Readings of one request, with the readers' confidence.
        text: The request.
        situation: Where and when it was made.
        ranker: What the situation makes of readings.

    Returns:
        The same readings, likeliest first, with the shared-out confidence and the reason.
    """
    within = [found for found in hypotheses if found.interpretation.intent != OUT_OF_SCOPE]
    if not within:
        return tuple(hypotheses)
    best = max(found.confidence for found in within)
    scored = {
        id(one.interpretation): one for one in ranker.rank(text, [one.interpretation for one in within], situation)
    }
    grown = []
    for found in within:
        belief = max(found.confidence, _FLOOR)
        lift = _WEIGHT * scored[id(found.interpretation)].score
        grown.append((math.log(belief), lift if belief >= _LEAST * best else min(lift, 0.0)))
    top = max(belief + lift for belief, lift in grown)
    chances = [math.exp(belief + lift - top) for belief, lift in grown]
    whole, belief = sum(chances), _together(within)
    ordered = [
        _told(found, belief * chance / whole, scored[id(found.interpretation)].reasons)
        for found, chance in zip(within, chances, strict=True)
    ]
    ordered += [found for found in hypotheses if found.interpretation.intent == OUT_OF_SCOPE]
    return tuple(sorted(ordered, key=lambda found: -found.confidence))


def _together(hypotheses: Sequence[Hypothesis]) -> float:
    """Belief that one of them is right: ways to resolve one reading are no further readings."""
    by_intent: dict[str, float] = {}
    for found in hypotheses:
        intent = found.interpretation.intent
        by_intent[intent] = max(by_intent.get(intent, 0.0), found.confidence)
    return min(1.0, sum(by_intent.values()))


def _told(found: Hypothesis, confidence: float, reasons: tuple[str, ...]) -> Hypothesis:
    reason = "; ".join((*((found.reason,) if found.reason else ()), *reasons)) or None
    return replace(found, interpretation=replace(found.interpretation, confidence=confidence), reason=reason)
